"""Practice, not taste: where usage varies, the brief (or the issue) decides by what it does most of the time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pipeline.diagnostics import Words
from pipeline.lint.reading import Passage, Reading, once
from pipeline.lint.rules import Finding

Form = TypeVar("Form")
Spot = TypeVar("Spot")


@dataclass(frozen=True, slots=True)
class Practice(Generic[Form]):
    """What a text does: the form it uses most, how often, and the others with their occurrences."""

    form: Form
    count: int
    others: Mapping[Form, Sized]


CLEAR = 2
"""How many times as often as the other a form must be used to be the practice."""


def practice(uses: Mapping[Form, Sequence[object]], clear: float = CLEAR) -> Practice[Form] | None:
    """The practice in forms with their occurrences; None where nothing varies or no form clearly prevails.

    A form prevails that is used `clear` times as often as all the others together.
    """
    used = {form: places for form, places in uses.items() if places}
    if len(used) < 2:
        return None
    form = max(used, key=lambda form: len(used[form]))
    others = {other: places for other, places in used.items() if other is not form}
    count = len(used[form])
    return Practice(form, count, others) if count >= clear * sum(map(len, others.values())) else None


# The uses in a brief that go against its practice


@dataclass(frozen=True, slots=True)
class Use:
    """One place where an author had to choose between two forms: characters `start` to `end` of a passage."""

    passage: Passage
    start: int
    end: int
    may_change: bool = True


Uses = Mapping[str, Sequence[Use]]
"""The places by the form that was chosen there."""


@dataclass(frozen=True, slots=True)
class Against:
    """A use against the practice, and the words for it: how often each form is used, and where."""

    form: str
    use: Use
    instead: str
    count: int
    others: int
    where: Words

    @property
    def words(self) -> str:
        """What is written there."""
        return self.use.passage.text[self.use.start : self.use.end]

    def finding(self, replace: str | None = None, **values: object) -> Finding:
        """The finding on it; the gaps of its message are the fields of this, and `values`."""
        use = self.use
        fix = use.passage.replaced(use.start, use.end, replace) if replace is not None else ()
        own = {"form": self.form, "instead": self.instead, "count": self.count, "others": self.others}
        return Finding(use.passage.place(use.start, use.end), {**own, "where": self.where, **values}, fix)


_HERE = Words("本篇", "this brief")
_ISSUE = Words("本期", "this issue")


def against_practice(
    brief: Reading, uses: Callable[[Reading], Uses], least: int = 2, clear: float = CLEAR
) -> Iterator[Against]:
    """The uses in a brief that go against its practice, or, where it has none of its own, that of the issue.

    A form used `least` times, and `clear` times as often as all others, is a practice. A brief that always does
    the same, and more than once, is left alone.
    """
    own = {form: places for form, places in used(brief, uses).items() if places}
    if not own or (len(own) == 1 and len(next(iter(own.values()))) > 1):
        return
    settled, where = practice(own, clear), _HERE
    if settled is None or settled.count < least:
        settled, where = practice(in_issue(brief, uses), clear), _ISSUE
    if settled is None or settled.count < least:
        return
    yield from _against(own, settled, where)


def _against(own: Uses, settled: Practice[str], where: Words) -> Iterator[Against]:
    others = sum(map(len, settled.others.values()))
    for form, places in own.items():
        if form != settled.form:
            for use in places:
                yield Against(form, use, settled.form, settled.count, others, where)


def used(brief: Reading, uses: Callable[[Reading], Mapping[str, Sequence[Spot]]]) -> Mapping[str, Sequence[Spot]]:
    """The uses in one brief, collected once."""
    known = _found(brief)
    if uses not in known:
        known[uses] = uses(brief)
    kept: Mapping[str, Sequence[Spot]] = known[uses]
    return kept


def in_issue(brief: Reading, uses: Callable[[Reading], Mapping[str, Sequence[Spot]]]) -> dict[str, list[Spot]]:
    """The uses in all briefs of the issue."""
    return together(used(each, uses) for each in brief.issue.briefs or (brief,))


def together(collected: Iterable[Mapping[str, Sequence[Spot]]]) -> dict[str, list[Spot]]:
    """The uses of several briefs as those of one."""
    merged: dict[str, list[Spot]] = {}
    for uses in collected:
        for form, places in uses.items():
            merged.setdefault(form, []).extend(places)
    return merged


@once
def _found(_brief: Reading) -> dict[object, Any]:
    return {}

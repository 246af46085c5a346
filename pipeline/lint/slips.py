"""Rules about figures that look like slips of others: 8月5日聯合認購 … 8月6日聯合認購; 45公尺 … 54公尺.

Other than `events` and `contradictions` they ask for no verb and no subject: two figures that differ as slips do,
and rare words beside both.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.diagnostics import Code, Place, Severity, Words
from pipeline.lint.amounts import Amount, amounts
from pipeline.lint.contradictions import conflicting_values
from pipeline.lint.events import conflicting_dates
from pipeline.lint.reading import Reading
from pipeline.lint.rules import Finding, rule
from pipeline.lint.sentences import Rarity, Sentence, sentences

_DATE = re.compile(
    r"(?<![\d/])(?:(?P<year>(?:19|20)\d\d|[今去同當])年)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?(?!\d|份|至|到|[止間前後以之底初中上下]|[-–—~～])"
)
_AROUND = 42
"""Characters beside a date that say what happened then."""

_MOST = 120
"""Dates of a brief that are compared."""

_RARE, _TOGETHER, _TOLD_AGAIN = 2.6, 7.0, 3.1
"""The weight of the rarest words that both dates share, and of all of them; a day told again needs less."""

_AGAIN = re.compile(r"(?:的|舉行的|發生的|遭到|遭|簽署的|通過的|公布的|宣布的)")
"""What follows a day that the reader knows already: 8月16日舉行的會談, 2月15日的「宏泰」案."""

_OTHER = re.compile(
    "原定|原訂|預定|預計|延至|延期|改至|提前|再度|再次|第[二三四五]次|另|翌|隔|次日|隔天|首批|同一"
)


@dataclass(frozen=True, eq=False)
class _Day:
    """A date with what is said beside it."""

    sentence: Sentence
    start: int
    end: int
    year: str
    month: int
    day: int
    text: str
    told_again: bool

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.sentence.place(self.start, self.end)

    @property
    def printed(self) -> str:
        """The date with what follows it."""
        return self.sentence.text[self.start : self.end + 8].rstrip("，。；")


@rule(
    Code(
        "D045",
        title=Words("像是寫錯一個數字的日期", "a date that looks like a slip"),
        message=Words(
            "「{here}」與別處的「{there}」像是同一天，日期卻不同",
            "“{here}” and “{there}” look like one day with two dates",
        ),
        hint=Words(
            "查對兩處，改正其中一處；若是兩件事，把差別寫清楚",
            "look both up and correct one; if they are two events, say what tells them apart",
        ),
        why=Words(
            "差一天、差一個月的日期最難用眼睛看出來；兩處隔了幾頁，讀者卻會發現。",
            "A day or a month too many is hard to see; readers find it, pages apart.",
        ),
        bad="該黨的提名大會在2月5日登場。</p><p>各界反應不一。</p><p>從2月15日的提名大會可以看出，派系仍未整合。",
        good="該黨的提名大會在2月5日登場。</p><p>各界反應不一。</p><p>從2月5日的提名大會可以看出，派系仍未整合。",
        severity=Severity.NOTE,
    )
)
def slip_of_a_date(brief: Reading) -> Iterator[Finding]:
    """Two dates of the author's that differ in one figure, or by a few days, with rare words beside both."""
    read, rarity = sentences(brief)
    said = {place for found in conflicting_dates(brief) for place in (found.place, *found.also)}
    days = [day for day in _days(read) if day.place not in said][:_MOST]
    reported: set[_Day] = set()
    for index, one in enumerate(days):
        for other in days[index + 1 :]:
            if one in reported or other in reported or not _is_slip(one, other):
                continue
            if _is_one(one, other, rarity) and not _stand_together(days, one, other):
                reported.update((one, other))
                yield Finding(other.place, {"here": other.printed, "there": one.printed}, (), (one.place,))


def _days(read: Sequence[Sentence]) -> Iterator[_Day]:
    for sentence in read:
        for each in _DATE.finditer(sentence.text):
            start, end = each.span()
            before, after = (
                sentence.wording[max(0, start - _AROUND) : start],
                sentence.wording[end : end + _AROUND],
            )
            if _OTHER.search(before[-6:] + after[:10]):
                continue
            text = re.split("；", before)[-1] + "，" + re.split("；", after)[0]
            year = each["year"] if (each["year"] or "").isdigit() else ""
            again = _AGAIN.match(after) is not None
            yield _Day(sentence, start, end, year, int(each["month"]), int(each["day"] or 0), text, again)


def _is_slip(one: _Day, other: _Day) -> bool:
    """Whether two dates differ as a date and its slip do."""
    if one.sentence.index == other.sentence.index:
        return False
    if one.year and other.year and one.year != other.year:
        return one.month == other.month and abs(int(one.year) - int(other.year)) == 1 and 0 in (one.day, other.day)
    if bool(one.day) != bool(other.day):
        return False
    if not one.day:
        return abs(one.month - other.month) == 1 and bool(one.year and other.year)
    if one.month == other.month:
        return one.day != other.day and (abs(one.day - other.day) <= 3 or _one_figure(one.day, other.day))
    return one.day == other.day and abs(one.month - other.month) == 1


def _one_figure(one: int, other: int) -> bool:
    """Whether two days differ in one figure, or by one that was left out: 15 and 25, 9 and 19."""
    return one % 10 == other % 10


def _is_one(one: _Day, other: _Day, rarity: Rarity) -> bool:
    shared = rarity.shared(one.text, other.text)
    if not shared:
        return False
    weights = sorted(shared.values(), reverse=True)
    again = one.told_again or other.told_again
    return weights[0] >= _RARE and sum(weights[:3]) >= (_TOLD_AGAIN if again else _TOGETHER)


def _stand_together(days: Sequence[_Day], one: _Day, other: _Day) -> bool:
    """Whether both dates stand in one sentence somewhere: the author knows them apart."""

    def same(day: _Day, its: _Day) -> bool:
        return (day.month, day.day) == (its.month, its.day)

    ones = {day.sentence.index for day in days if same(day, one)}
    return any(day.sentence.index in ones for day in days if same(day, other))


_COUNTED_APART = frozenset({"年", "月", "日", "歲", "頁", "%", "席", "票", "個", "點", "項", "期", "屆"})
"""Units of which a brief has many, or that measure nothing."""

_MOST_AMOUNTS = 300
_BESIDE_BOTH, _BESIDE_SHORT = 3.0, 3.6
"""The weight of the rarest word beside both numbers, and beside numbers of two figures; less where they are turned
round."""


@dataclass(frozen=True, eq=False)
class _Figure:
    """An amount with what is said beside it."""

    sentence: Sentence
    amount: Amount
    text: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.sentence.place(self.amount.start, self.amount.end)

    @property
    def digits(self) -> str:
        """Its figures."""
        return re.sub(r"\D", "", self.amount.printed)


@rule(
    Code(
        "D046",
        title=Words("像是寫錯一個數字", "a figure that looks like a slip"),
        message=Words(
            "「{here}」與別處的「{there}」只差一個數字，像是同一個數",
            "{here} and {there} differ in one figure and look like the same number",
        ),
        hint=Words(
            "查對兩處，改正其中一處；若是兩個數，把差別寫清楚",
            "look both up and correct one; if they are two numbers, say what tells them apart",
        ),
        why=Words(
            "數字顛倒、打錯一碼，最難用眼睛看出來。",
            "Digits exchanged, or one of them wrong, are the slips that eyes miss.",
        ),
        bad="巡邏機遭到接近，最近距離僅45公尺。</p><p>各界反應不一。</p><p>與巡邏機被接近至54公尺的情況相比，這次更近。",
        good="巡邏機遭到接近，最近距離僅45公尺。</p><p>各界反應不一。</p><p>與巡邏機被接近至45公尺的情況相比，這次更近。",
        severity=Severity.NOTE,
    )
)
def slip_of_a_figure(brief: Reading) -> Iterator[Finding]:
    """Two amounts of one unit that differ in one figure, or by two exchanged, with a rare word beside both."""
    read, rarity = sentences(brief)
    said = {place for found in conflicting_values(brief) for place in (found.place, *found.also)}
    figures = [each for each in _figures(read) if each.place not in said][:_MOST_AMOUNTS]
    reported: set[_Figure] = set()
    for index, one in enumerate(figures):
        for other in figures[index + 1 :]:
            if one in reported or other in reported or one.amount.unit != other.amount.unit:
                continue
            if one.sentence.index != other.sentence.index and _is_figure_slip(one, other, rarity):
                reported.update((one, other))
                values = {"here": other.amount.printed, "there": one.amount.printed}
                yield Finding(other.place, values, (), (one.place,))


def _figures(read: Sequence[Sentence]) -> Iterator[_Figure]:
    for sentence in read:
        for amount in amounts(sentence.text):
            if amount.unit and amount.unit not in _COUNTED_APART and amount.value >= 10:
                before = sentence.wording[max(0, amount.start - _AROUND) : amount.start]
                yield _Figure(sentence, amount, f"{before}，{sentence.wording[amount.end : amount.end + _AROUND]}")


def _is_figure_slip(one: _Figure, other: _Figure, rarity: Rarity) -> bool:
    low, high = sorted((one.amount.value, other.amount.value))
    if low == high:
        return False
    first, second = one.digits, other.digits
    while first.endswith("0") and second.endswith("0"):  # these only tell the scale
        first, second = first[:-1], second[:-1]
    best = max(rarity.shared(one.text, other.text).values(), default=0.0)
    if sorted(first) == sorted(second) and len(first) > 1 and high < 2 * low:
        return best >= (0.0 if len(first) > 2 else 2.5)
    wrong = [index for index in range(min(len(first), len(second))) if first[index] != second[index]]
    enough = _BESIDE_BOTH if len(first) > 2 else _BESIDE_SHORT
    return len(first) == len(second) > 1 and len(wrong) == 1 and high <= 1.2 * low and best >= enough

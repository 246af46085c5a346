"""Forms that vary: where a brief uses each, and which uses are against its practice (else that of the issue)."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from weakref import WeakKeyDictionary

from pipeline.lint.days import masked
from pipeline.lint.practice import Practice, practice
from pipeline.lint.reading import Passage, Reading

Use = tuple[Passage, int, int]
"""A stretch of a passage where a form is used."""

Uses = Mapping[str, Sequence[Use]]
"""The uses of each form of something."""


def is_used(brief: Reading, pattern: re.Pattern[str]) -> bool:
    """Whether something like a rare form is in a brief at all; if not, there is no need to count the others."""
    return any(pattern.search(masked(passage)) for passage in brief.passages)


_KNOWN: WeakKeyDictionary[Reading, dict[Callable[[Reading], Uses], Uses]] = WeakKeyDictionary()


def against_practice(brief: Reading, uses: Callable[[Reading], Uses]) -> Iterator[tuple[Use, str, Practice[str]]]:
    """Each use of a form that is not the practice, with that form and the practice."""
    own = _uses(brief, uses)
    settled = practice(own) if any(own.values()) else None
    if settled is None and any(own.values()):
        settled = _of_the_issue(brief, uses)
    for form in settled.others if settled is not None else ():
        for use in own.get(form, ()):
            if settled is not None:
                yield use, form, settled


def _uses(brief: Reading, uses: Callable[[Reading], Uses]) -> Uses:
    known = _KNOWN.setdefault(brief, {})
    if uses not in known:
        known[uses] = uses(brief)
    return known[uses]


def _of_the_issue(brief: Reading, uses: Callable[[Reading], Uses]) -> Practice[str] | None:
    together: dict[str, list[Use]] = defaultdict(list)
    for each in brief.issue.briefs:
        for form, places in _uses(each, uses).items():
            together[form] += places
    return practice(together)

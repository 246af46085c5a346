"""Forms that vary: where a brief uses each, and which uses are against its practice (else that of the issue)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from pipeline.diagnostics import Words
from pipeline.lint.days import masked
from pipeline.lint.practice import Practice, in_issue, practice, used
from pipeline.lint.reading import Passage, Reading

ONE_WAY = Words(
    "同一件事全篇用一種寫法，讀者才不會以為兩種寫法有別。",
    "One thing is written one way, or the reader looks for a difference.",
)

Use = tuple[Passage, int, int]
"""A stretch of a passage where a form is used."""

Uses = Mapping[str, Sequence[Use]]
"""The uses of each form of something."""


def is_used(brief: Reading, pattern: re.Pattern[str]) -> bool:
    """Whether something like a rare form is in a brief at all; if not, there is no need to count the others."""
    return any(pattern.search(masked(passage)) for passage in brief.passages)


def against_practice(brief: Reading, uses: Callable[[Reading], Uses]) -> Iterator[tuple[Use, str, Practice[str]]]:
    """Each use of a form that is not the practice, with that form and the practice."""
    own = used(brief, uses)
    settled = practice(own) if any(own.values()) else None
    if settled is None and any(own.values()):
        settled = practice(in_issue(brief, uses))
    for form in settled.others if settled is not None else ():
        for use in own.get(form, ()):
            if settled is not None:
                yield use, form, settled

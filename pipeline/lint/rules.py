"""Rules of the copy editor: what a brief says well-formed and valid, and yet not as it should be printed.

A rule is a generator decorated with its `Code`; it reads a `Reading` and yields `Finding`s. Its code carries the
words in both languages, the reason with its source, and the extracts `bad` and `good` that test it; `within` says
where they stand. Nothing is registered twice and no code is ever given to another rule.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as changed
from itertools import islice
from typing import Literal

from pipeline.diagnostics import Code, Diagnostic, Edit, Place
from pipeline.lint.reading import Passage, Reading
from pipeline.validate.mistakes import MOST_FOUND
from pipeline.validate.rules import clipped


@dataclass(frozen=True)
class Finding:
    """What a rule yields: a place, the values for the gaps of its words, and, where it is safe, the edits."""

    place: Place
    values: Mapping[str, object] = field(default_factory=dict)
    fix: tuple[Edit, ...] = ()
    also: tuple[Place, ...] = ()


Check = Callable[[Reading], Iterator[Finding]]

Extract = Literal["text", "note", "section", "body", "article-meta", "article"]
"""Where the extracts of a rule stand: in a paragraph (`text`), a note called in it (`note`), after that paragraph
(`section`), after that section (`body`), in `article-meta`, or they are the whole `article`."""


@dataclass(frozen=True)
class Rule:
    """A rule with its code."""

    code: Code
    check: Check
    within: Extract

    def __call__(self, brief: Reading) -> Iterator[Diagnostic]:
        """Everything the rule finds in one brief."""
        for found in self.check(brief):
            values = {name: clipped(value) for name, value in found.values.items()}
            yield changed(self.code.at(found.place, **values), fix=found.fix, also=found.also)


RULES: list[Rule] = []


def rule(code: Code, within: Extract = "text") -> Callable[[Check], Check]:
    """Register a rule."""

    def register(check: Check) -> Check:
        RULES.append(Rule(code, check, within))
        return check

    return register


def found(
    passage: Passage,
    start: int,
    end: int,
    /,
    replace: str | None = None,
    also: tuple[Place, ...] = (),
    **values: object,
) -> Finding:
    """A finding on characters `start` to `end` of a passage; `replace` is what a safe fix puts there."""
    fix = passage.replaced(start, end, replace) if replace is not None else ()
    return Finding(passage.place(start, end), values, fix, also)


def findings(brief: Reading, rules: Sequence[Rule] | None = None) -> list[Diagnostic]:
    """What rules (all of them, if none are named) find in a brief, each `MOST_FOUND` times at most."""
    return [each for rule in (RULES if rules is None else rules) for each in islice(rule(brief), MOST_FOUND)]

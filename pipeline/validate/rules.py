"""Rules in Python: what a schema can't say about a brief or an issue.

A rule is a generator decorated with its `Code`; it yields the places it objects to, with the values for the
gaps of its message. The modules `references`, `structure`, `values`, `files` and `unfinished` hold
them. Rules run on trees the schema rejects, too: they skip what isn't there and leave the rest to the schema.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from lxml import etree

from pipeline.diagnostics import Code, Diagnostic, Place
from pipeline.parse import Source
from pipeline.validate.mistakes import MOST_FOUND

LONGEST = 100
"""Most characters of a manuscript that a message quotes at once."""

Findings = Iterator[tuple[Place, dict[str, object]]]
"""What a rule yields: a place, and the values for the gaps of its message and hint."""

Check = Callable[[Source, Path], Findings]
"""A rule reads one file; the path is the folder of the issue."""

Extract = Literal["lang", "text", "section", "body", "article-meta", "journal-meta", "issue-meta", "contents"]
"""Where the extracts `bad` and `good` of a rule stand; `lang`: they are the `xml:lang` of the whole."""


@dataclass(frozen=True)
class Rule:
    """A rule with its code. `within` says where its extracts stand, and so which kind of file it reads."""

    code: Code
    check: Check
    within: Extract

    def __call__(self, source: Source, folder: Path) -> Iterator[Diagnostic]:
        """Everything the rule finds in one file."""
        for place, values in self.check(source, folder):
            yield self.code.at(place, **{name: clipped(value) for name, value in values.items()})


def clipped(value: object) -> object:
    """A value that a message quotes: nobody reads more than a line of it."""
    return value[:LONGEST] + "…" if isinstance(value, str) and len(value) > LONGEST else value


RULES: list[Rule] = []


def rule(code: Code, within: Extract = "text") -> Callable[[Check], Check]:
    """Register a rule."""

    def register(check: Check) -> Check:
        RULES.append(Rule(code, check, within))
        return check

    return register


def findings(source: Source, folder: Path) -> list[Diagnostic]:
    """What all rules find in a file, each `MOST_FOUND` times at most.

    `folder` is the folder of the issue: nothing outside it is opened.
    """
    return [found for each in RULES for found in islice(each(source, folder), MOST_FOUND)]


def elements(source: Source, *names: str) -> Iterator[etree._Element]:
    """The elements of those names in document order, comments and instructions left out."""
    return source.root.iter(*names)


def has_content(node: etree._Element) -> bool:
    """Whether an element holds text, or something that is set as text or as a picture."""
    filled = ("xref", "graphic")
    return bool("".join(_strings(node)).strip()) or any(True for _ in node.iter(*filled))


def _strings(node: etree._Element) -> Iterator[str]:
    for child in node.iter("*"):
        yield child.text or ""
        for piece in child:
            yield piece.tail or ""

"""Align: which paragraph of the source each printed line is from, and where in the file it begins.

Blanks are ignored on both sides. A line is looked for right behind the line before it, then anywhere; where a
generated word (同前註, a number) interrupts it, its first and last few characters are looked for instead. Each
search is one `str.find`, so the time grows with the length of the text.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pipeline.diagnostics import Place
from pipeline.parse import Source

_BLOCKS = frozenset({"p", "title", "subtitle", "attrib", "td", "th", "subject", "label"})
_PRINTED = frozenset({"body", "abstract", "trans-abstract", "title-group", "author-notes"})
_CELLS = frozenset({"td", "th", "caption", "table-wrap-foot"})
_BLANK = re.compile(r"\s+")
_LABEL = re.compile(
    r"^(?:[圖表]\d+|[壹貳參肆伍陸柒捌玖拾]+、|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+\.|\(\d+\))"
)
_NEAR = 4000
"""How many characters behind the last line a line is looked for first."""

_FRAGMENT = 6
"""How many characters in a row are proof enough."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Where a line is from: the number of its paragraph, whether that is running text, and its first character.

    `begins`, `ends`: the line begins or ends where the paragraph does.
    """

    unit: int
    running: bool
    first: int
    begins: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text of a source, beginning at character `start` of all letters."""

    start: int
    source: Source
    node: Any
    which: str
    text: str


class Sources:
    """All text of some sources as one string without blanks, paragraph by paragraph, notes behind each brief.

    `spaces` are the letters that an ideographic space stands before.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self.letters = ""
        self.units: list[tuple[int, bool]] = []
        self.spaces: set[int] = set()
        self.stretches: list[Stretch] = []
        pieces: list[str] = []
        at = 0
        for source in sources:
            for owner, stretches in _paragraphs(source):
                self.units.append((at, _is_running(owner)))
                for node, which, text in stretches:
                    letters = _BLANK.sub("", text)
                    if "\u3000" in text:
                        parts = text.split("\u3000")[:-1]
                        self.spaces.update(
                            at + sum(len(_BLANK.sub("", p)) for p in parts[: n + 1]) for n in range(len(parts))
                        )
                    self.stretches.append(Stretch(at, source, node, which, text))
                    pieces.append(letters)
                    at += len(letters)
        self.letters = "".join(pieces)
        self._unit_starts = [start for start, _ in self.units]
        bounds = pairwise((*self._unit_starts, at))
        self._headings: dict[str, list[int]] = defaultdict(list)
        for (start, end), (_, running) in zip(bounds, self.units, strict=True):
            if not running:
                self._headings[self.letters[start:end]].append(start)
        self._stretch_starts = [stretch.start for stretch in self.stretches]

    def place(self, letter: int) -> Place:
        """Where a letter stands in its file."""
        stretch = self.stretches[bisect_right(self._stretch_starts, letter) - 1]
        wanted = letter - stretch.start
        for offset, character in enumerate(stretch.text):
            if not character.isspace():
                if wanted == 0:
                    return stretch.source.text_place(stretch.node, stretch.which, offset, offset + 1)
                wanted -= 1
        return stretch.source.place(stretch.node)

    def match(self, texts: Sequence[str]) -> list[Matched | None]:
        """The places of lines that follow each other; None for what is not in the sources."""
        found: list[Matched | None] = []
        pointer, follows = 0, False
        for text in texts:
            known = follows or len(text) >= _FRAGMENT
            span = self._find(text, pointer) if known else self._whole_of(text, pointer)
            follows = span is not None
            if span is None:
                found.append(None)
                continue
            first, last = span
            pointer = last
            unit = bisect_right(self._unit_starts, first) - 1
            end = self._unit_starts[unit + 1] if unit + 1 < len(self.units) else len(self.letters)
            begins = first == self._unit_starts[unit]
            found.append(Matched(unit, self.units[unit][1], first, begins, last >= end))
        return found

    def _whole_of(self, text: str, pointer: int) -> tuple[int, int] | None:
        """First and last letter of a heading or caption, which may have a generated label before it.

        Of several that say the same (前言) the next one behind `pointer`, else the last.
        """
        for wanted in (text, _LABEL.sub("", text)):
            if wanted in self._headings:
                places = self._headings[wanted]
                at = next((place for place in places if place >= pointer), places[-1])
                return at, at + len(wanted)
        return None

    def _find(self, text: str, pointer: int) -> tuple[int, int] | None:
        """First and last (exclusive) letter of a line."""
        whole = self._whole_of(text, pointer)
        if whole is not None:
            return whole
        for wanted in (text, text.removesuffix("-")):
            at = self._anywhere(wanted, pointer)
            if at >= 0:
                return at, at + len(wanted)
        if len(text) <= _FRAGMENT:
            return None
        for offset in range(0, len(text) - _FRAGMENT, 3):
            head = self._anywhere(text[offset : offset + _FRAGMENT], pointer)
            last = self._tail(text, head, offset) if head >= 0 else 0
            if last - head > len(text) // 2:
                return head, last
        return None

    def _anywhere(self, text: str, pointer: int) -> int:
        if len(text) < _FRAGMENT:
            return pointer if text and self.letters.startswith(text, pointer) else -1
        near = self.letters.find(text, pointer, pointer + _NEAR)
        return near if near >= 0 else self.letters.find(text)

    def _tail(self, text: str, head: int, offset: int) -> int:
        """The letter behind the last one of a line whose beginning stands at `head`."""
        for cut in range(0, len(text) - offset - _FRAGMENT, 3):
            fragment = text[len(text) - cut - _FRAGMENT : len(text) - cut]
            at = self.letters.find(fragment, head, head + 2 * len(text))
            if at >= 0:
                return at + _FRAGMENT
        return head + _FRAGMENT


def _paragraphs(source: Source) -> list[tuple[Any, list[tuple[Any, str, str]]]]:
    """The paragraphs of a brief in document order, those of notes last; each with its stretches of text."""
    owners: dict[Any, list[tuple[Any, str, str]]] = {}
    known: dict[Any, Any] = {}
    for node, which, text in source.stretches():
        around = node if which == "text" else node.getparent()
        if not text.strip() or around is None or not isinstance(around.tag, str):
            continue
        if around not in known:
            known[around] = _owner(around)
        if known[around] is not None:
            owners.setdefault(known[around], []).append((node, which, text))
    return sorted(owners.items(), key=lambda each: _in_note(each[0]))


def _owner(element: Any) -> Any:
    """The paragraph, heading or cell that holds an element; None where it is not printed in the text."""
    owner = element
    while owner is not None and owner.tag not in _BLOCKS:
        parent = owner.getparent()
        if owner.tag == "article-title" and parent is not None and parent.tag == "title-group":
            break
        owner = parent
    if owner is None or element.tag == "alt-text":
        return None
    return owner if any(each.tag in _PRINTED for each in owner.iterancestors()) else None


def _in_note(owner: Any) -> bool:
    return any(each.tag == "fn" for each in owner.iterancestors())


def _is_running(owner: Any) -> bool:
    return owner.tag == "p" and not any(each.tag in _CELLS for each in owner.iterancestors())

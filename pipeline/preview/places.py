"""Places: from a line on a page to the character of the source that it prints, and from a finding to its letters.

A letter is a character of a brief that is no blank, counted from the beginning of its text, notes behind the text
(`pipeline.audit.align.Sources`). What the program writes by itself (labels, 同註 5, folios) has no letters.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate, count
from typing import Any

from pipeline.audit.align import Matched, Sources
from pipeline.compose import Line
from pipeline.diagnostics import Place
from pipeline.parse import Source
from pipeline.preview.press import Leaf, Painted, PaintedLine, Press

_BLANK = re.compile(r"\s")
_SERIALS = count(1)
_SPANNED = 3
"""How many times its length a line may reach in the source, where generated words stand in it."""

Key = tuple[int, int, int]
"""A line: its page, its identity, and how many of the same were on the page before it."""


@dataclass(frozen=True)
class Letters:
    """What a line prints of the source: the letters, and where each begins on the page, in points."""

    numbers: tuple[int, ...]
    edges: tuple[float, ...]


class BriefPlaces:
    """The letters of one brief and the lines that print them; `leaves` are its pages.

    `serial` is another for every one that is made: letters and lines with the same serial belong together.
    """

    def __init__(self, source: Source, leaves: Iterable[Leaf], press: Press) -> None:
        self.serial = next(_SERIALS)
        self.source = source
        self.sources = Sources([source])
        text: list[tuple[Key, Line]] = []
        notes: list[tuple[Key, Line]] = []
        for leaf in leaves:
            for key, line, is_note in _lines(leaf, press):
                (notes if is_note else text).append((key, line))
        self._matched: dict[Key, Matched] = {}
        for lines in (text, notes):
            found = self.sources.match([_letters_of(line) for _, line in lines])
            self._matched |= {key: each for (key, _), each in zip(lines, found, strict=True) if each is not None}
        firsts = sorted((each.first, key[0]) for key, each in self._matched.items())
        self._firsts, self._pages = [first for first, _ in firsts], [page for _, page in firsts]

    def page(self, letter: int) -> int | None:
        """The number of the page that prints a letter."""
        at = bisect_right(self._firsts, letter) - 1
        return self._pages[at] if at >= 0 else (self._pages[0] if self._pages else None)

    def first(self, page: int, line: Line) -> int | None:
        """The letter with which a line of a page begins."""
        matched = self._matched.get((page, id(line), 0))
        return matched.first if matched is not None else None

    def place(self, letter: int) -> Place:
        """Where a letter stands in the file."""
        return self.sources.place(min(max(letter, 0), max(len(self.sources.letters) - 1, 0)))

    def letters_at(self, place: Place) -> tuple[int, int]:
        """The letters at a place of the file: at a blank those about it, at a tag the point behind it."""
        begin, beyond = (place.line, place.column), (place.end_line, place.end_column)
        start, end = self._letter(begin), self._letter(beyond)
        if start >= end and self._stretch_at(begin) is not None and begin < beyond:
            return max(start - 1, 0), start + 1
        return start, max(start, end)

    def on_page(self, number: int, painted: Painted) -> list[Letters]:
        """What each line of a painted page prints, in the order of its lines."""
        seen: Counter[int] = Counter()
        found = []
        for line in painted.lines:
            key = (number, id(line.line), seen[id(line.line)])
            seen[id(line.line)] += 1
            matched = self._matched.get(key)
            found.append(self._letters(line, matched.first) if matched is not None else Letters((), ()))
        return found

    def changed_since(self, before: "BriefPlaces | None") -> int | None:
        """The first letter that is another than before; None where there was nothing before, or none is."""
        if before is None or before.sources.letters == self.sources.letters:
            return None
        pairs = enumerate(zip(before.sources.letters, self.sources.letters, strict=False))
        shortest = min(len(before.sources.letters), len(self.sources.letters))
        return next((at for at, (one, other) in pairs if one != other), max(shortest - 1, 0))

    def _letters(self, line: PaintedLine, first: int) -> Letters:
        printed = list(_printed(line.line))
        text = "".join(character for _, character in printed)
        numbers = _numbered(text, first, self.sources.letters)
        starts = [glyph.start for glyph in line.line.glyphs]
        left = line.right - line.line.right
        pairs = [
            (numbers[at], left + line.line.glyphs[max(bisect_right(starts, offset) - 1, 0)].x)
            for at, (offset, _) in enumerate(printed)
            if at in numbers
        ]
        return Letters(tuple(number for number, _ in pairs), tuple(round(edge, 1) for _, edge in pairs))

    @cached_property
    def _stretches(self) -> list[tuple[tuple[int, int], tuple[int, int], Any]]:
        """The stretches of text in the order of the file: (line, column) of their beginning and end, and they."""
        found = []
        for stretch in self.sources.stretches:
            place = self.source.text_place(stretch.node, stretch.which, 0, len(stretch.text))
            found.append(((place.line, place.column), (place.end_line, place.end_column), stretch))
        return sorted(found, key=lambda each: each[0])

    @cached_property
    def _starts(self) -> list[tuple[int, int]]:
        return [start for start, _, _ in self._stretches]

    def _stretch_at(self, point: tuple[int, int]) -> Any | None:
        """The stretch of text in which a point of the file lies."""
        at = bisect_right(self._starts, point) - 1
        return self._stretches[at][2] if at >= 0 and point < self._stretches[at][1] else None

    def _letter(self, point: tuple[int, int]) -> int:
        """The letter at a point of the file, or the next one."""
        stretch = self._stretch_at(point)
        if stretch is None:
            at = bisect_right(self._starts, point)
            return int(self._stretches[at][2].start) if at < len(self._stretches) else len(self.sources.letters)

        def begins(offset: int) -> tuple[int, int]:
            place = self.source.text_place(stretch.node, stretch.which, offset, offset + 1)
            return place.line, place.column

        offset = bisect_right(range(len(stretch.text)), point, key=begins) - 1
        kept = list(accumulate((not _BLANK.match(character) for character in stretch.text), initial=0))
        return int(stretch.start + kept[max(offset, 0)])


def _lines(leaf: Leaf, press: Press) -> Iterator[tuple[Key, Line, bool]]:
    """The lines of a leaf in the order of its HTML, and whether each is a note's."""
    notes = {id(line) for note in (leaf.sheet.notes if leaf.sheet else ()) for line in note.composed.lines}
    seen: Counter[int] = Counter()
    for composed in press.composed(leaf):
        for line in composed.lines:
            yield (leaf.number, id(line), seen[id(line)]), line, id(line) in notes
            seen[id(line)] += 1


def _printed(line: Line) -> Iterator[tuple[int, str]]:
    """The characters of a line that a source may have, with their offsets: no blanks, no calls."""
    offset = 0
    for span in line.spans:
        if span.note is None:
            yield from ((offset + at, each) for at, each in enumerate(span.words) if not _BLANK.match(each))
        offset += len(span.words)


def _letters_of(line: Line) -> str:
    return "".join(character for _, character in _printed(line))


def _numbered(text: str, first: int, letters: str) -> dict[int, int]:
    """The letter of each character of a line; a generated word has none."""
    if letters.startswith(text, first):
        return {at: first + at for at in range(len(text))}
    start = max(first - len(text), 0)  # the match may have begun behind a generated word
    matcher = SequenceMatcher(None, letters[start : start + _SPANNED * len(text)], text, autojunk=False)
    found: dict[int, int] = {}
    for at, at_line, length in matcher.get_matching_blocks():
        if length > 1 or (length and at + start == first):
            found |= {at_line + n: start + at + n for n in range(length)}
    return found


def rows(painted: Painted, letters: Sequence[Letters]) -> list[dict[str, Any]]:
    """The lines of a page for the browser; lengths in points."""
    return [
        {
            "box": [round(edge, 2) for edge in (line.left, line.top, line.right, line.bottom)],
            "size": line.size,
            "text": line.line.text.strip(),
            "letters": own.numbers,
            "edges": own.edges,
        }
        for line, own in zip(painted.lines, letters, strict=True)
    ]

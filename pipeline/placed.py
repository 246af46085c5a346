"""Placed: where the text of the sources stands on printed pages, and from where in the sources a line is.

PDF ─audit.glyphs, lines▶ lines ─audit.align▶ letters of the sources ─▶ rectangles on pages

A letter is a character of the sources that is no blank, counted from the beginning of the first source
(`audit.align.Sources`). Generated words (labels, 同註 5, note numbers) are no letters; they stand between two.
Rectangles are in points from the top left corner of the page.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.audit import matched_lines
from pipeline.audit.align import Sources
from pipeline.audit.glyphs import Glyph, Page, kind, read_pages
from pipeline.audit.lines import Line, in_columns, page_lines
from pipeline.parse import Source

_ASCENT, _DESCENT = 0.88, 0.12
"""How far the square of a Han character reaches above and below the baseline, in em."""


class Rectangle(NamedTuple):
    """A stretch of one line on a page (from 1)."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


class PlacedGlyph(NamedTuple):
    """A printed character: its edges, and the letter it prints; None for a generated one, a blank or a call."""

    text: str
    left: float
    right: float
    letter: int | None


@dataclass(frozen=True, slots=True, eq=False)
class PlacedLine:
    """A line of a page. `first` is the letter with which it begins; None for a folio and the like."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str
    first: int | None
    glyphs: tuple[PlacedGlyph, ...]

    @property
    def rectangle(self) -> Rectangle:
        """The whole line."""
        return Rectangle(self.page, self.left, self.top, self.right, self.bottom)


@dataclass(frozen=True)
class Placed:
    """The lines of printed pages, in their order, beside the letters of the sources."""

    lines: tuple[PlacedLine, ...]
    sources: Sources

    def rectangles(self, start: int, end: int) -> list[Rectangle]:
        """Where the letters from `start` to `end` (exclusive) are printed: a rectangle for each stretch of a line.

        Text that is printed more than once (a title, in the contents too) gives the places of each.
        """
        found = []
        for line in self._around(start, end):
            inside = [glyph for glyph in line.glyphs if glyph.letter is not None and start <= glyph.letter < end]
            if inside:
                left, right = inside[0].left, inside[-1].right
                found.append(Rectangle(line.page, left, line.top, right, line.bottom))
        return found

    def generated(self, letter: int) -> list[Rectangle]:
        """Where generated words before `letter` are printed, behind the letter before it: a label, 同註 5."""
        found = []
        for line in self.lines:
            for start, end in _unmatched(line.glyphs):
                after = next((g.letter for g in line.glyphs[end:] if g.letter is not None), None)
                before = next((g.letter for g in line.glyphs[start - 1 :: -1] if g.letter is not None), None)
                if after == letter or (before is not None and before + 1 == letter and start):
                    found.append(
                        line.rectangle._replace(left=line.glyphs[start].left, right=line.glyphs[end - 1].right)
                    )
        return found

    def letter(self, node: Any, which: str, offset: int = 0) -> int | None:
        """The first letter at or behind character `offset` of the `which` ("text" or "tail") of an element."""
        index = self._stretches.get((node, which))
        if index is None:
            return None
        stretch = self.sources.stretches[index]
        return stretch.start + sum(1 for character in stretch.text[:offset] if not character.isspace())

    def line_at(self, letter: int) -> PlacedLine | None:
        """The last line, in the order of the pages, that prints a letter: not the entry in the contents."""
        return next((line for line in reversed(list(self._around(letter, letter + 1)))), None)

    @cached_property
    def _stretches(self) -> Mapping[tuple[Any, str], int]:
        return {(each.node, each.which): number for number, each in enumerate(self.sources.stretches)}

    @cached_property
    def _by_letter(self) -> tuple[list[int], list[PlacedLine], int]:
        """The first letters of the lines in order, the lines, and the most letters that a line spans."""
        known = sorted(((line.first, number) for number, line in enumerate(self.lines) if line.first is not None))
        spans = [_span(self.lines[number]) for _, number in known]
        return [first for first, _ in known], [self.lines[number] for _, number in known], max(spans, default=0)

    def _around(self, start: int, end: int) -> Iterator[PlacedLine]:
        """The lines that may print letters from `start` to `end`, in the order of the sources."""
        firsts, lines, longest = self._by_letter
        for line in lines[bisect_right(firsts, start - longest - 1) : bisect_right(firsts, end - 1)]:
            if any(glyph.letter is not None and start <= glyph.letter < end for glyph in line.glyphs):
                yield line


def placed(pdf: bytes | Path, sources: Sequence[Source]) -> Placed:
    """The lines of a PDF that was printed from `sources`. Raises `audit.UnreadablePdfError` for what is no PDF."""
    pages = read_pages(pdf)
    known = Sources(sources)
    lines, matched = matched_lines(in_columns([line for page in pages for line in page_lines(page)]), known)
    by_number = {page.number: page for page in pages}
    found = []
    for line in lines:
        match = matched.get(line)
        first = match.first if match is not None else None
        found.append(_placed_line(line, first, by_number[line.page], known.letters))
    return Placed(tuple(sorted(found, key=lambda line: line.page)), known)


def _placed_line(line: Line, first: int | None, page: Page, letters: str) -> PlacedLine:
    left, _, _, top = page.box
    numbers = _letters(line.glyphs, first, letters)
    glyphs = tuple(
        PlacedGlyph(glyph.text, glyph.x - left, glyph.end - left, numbers.get(index))
        for index, glyph in enumerate(line.glyphs)
    )
    upper, lower = top - line.baseline - _ASCENT * line.size, top - line.baseline + _DESCENT * line.size
    return PlacedLine(line.page, line.start - left, upper, line.end - left, lower, line.text, first, glyphs)


def _letters(glyphs: Sequence[Glyph], first: int | None, letters: str) -> dict[int, int]:
    """The letter that each glyph of a line prints, by the number of the glyph."""
    if first is None:
        return {}
    printed = [(n, g.text) for n, g in enumerate(glyphs) if not g.raised and kind(g.text) != "blank"]
    places = [n for n, text in printed for _ in text]
    text = "".join(text for _, text in printed)
    if letters.startswith(text, first):
        return {n: first + at for at, n in reversed(list(enumerate(places)))}
    start = max(first - len(text), 0)  # the match may have begun behind a generated word
    matcher = SequenceMatcher(None, letters[start : first + 2 * len(text)], text, autojunk=False)
    found: dict[int, int] = {}
    for at, at_line, length in matcher.get_matching_blocks():
        if length > 1 or at + start == first:
            found |= {places[at_line + n]: start + at + n for n in range(length)}
    return found


def _unmatched(glyphs: Sequence[PlacedGlyph]) -> Iterator[tuple[int, int]]:
    """The stretches of glyphs of a line that print no letter of the sources."""
    start = None
    for number, glyph in enumerate(glyphs):
        if glyph.letter is None and start is None:
            start = number
        elif glyph.letter is not None and start is not None:
            yield start, number
            start = None
    if start is not None:
        yield start, len(glyphs)


def _span(line: PlacedLine) -> int:
    """How many letters lie between the first that a line prints and the last."""
    known = [glyph.letter for glyph in line.glyphs if glyph.letter is not None]
    return max(known) - min(known) + 1 if known else 0

"""Places: from a line on a page to the character of the source that it prints, and from a finding to its letters.

A letter is a character of a brief that is no blank, counted from the beginning of its text, notes behind the text
(`pipeline.audit.align.Sources`); those of the rest of the front matter follow, then one for each note. What the
program writes by itself (labels, 同註 5, folios) has no letters: a line of nothing else leads to its note, or to
the line that it labels.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate, count
from typing import Any

from pipeline.audit.align import Matched, Sources
from pipeline.compose import Line
from pipeline.diagnostics import Place
from pipeline.parse import Source
from pipeline.preview.front import Front
from pipeline.preview.press import Leaf, Painted, PaintedLine, Press

_BLANK = re.compile(r"\s")
_SERIALS = count(1)
_SPANNED = 3
"""How many times its length a line may reach in the source, where generated words stand in it."""
_GIVEN = re.compile(r"b\d+[-_](.+)")
"""The anchor of a note, which has the id in it."""

Key = tuple[int, int, int]
"""A line: its page, its identity, and how many of the same were on the page before it."""


@dataclass(frozen=True)
class Letters:
    """What a line prints of the source: the letters, and where each begins on the page, in points.

    A line that prints none may still lead to one.
    """

    numbers: tuple[int, ...] = ()
    edges: tuple[float, ...] = ()
    leads: int | None = None


class BriefPlaces:
    """The letters of one brief and the lines that print them; `leaves` are its pages.

    `serial` is another for every one that is made: letters and lines with the same serial belong together.
    """

    def __init__(self, source: Source, leaves: Iterable[Leaf], press: Press) -> None:
        self.serial = next(_SERIALS)
        self.source = source
        self.sources = Sources([source])
        known = ((each.node, each.which) for each in self.sources.stretches)
        self._front = Front(source, source.root.find("front"), known)
        self._notes = [each for each in source.root.iter("fn") if each.get("id")]
        text: list[tuple[Key, Line]] = []
        notes: list[tuple[Key, Line]] = []
        self._note_of: dict[Key, int] = {}
        numbers = {each.get("id"): number for number, each in enumerate(self._notes, self._beyond)}
        for leaf in leaves:
            for key, line, note in _lines(leaf, press):
                (notes if note else text).append((key, line))
                given = _GIVEN.fullmatch(note)
                if given is not None and given[1] in numbers:
                    self._note_of[key] = numbers[given[1]]
        self._matched: dict[Key, Matched] = {}
        for lines in (text, notes):
            found = self.sources.match([_letters_of(line) for _, line in lines])
            self._matched |= {key: each for (key, _), each in zip(lines, found, strict=True) if each is not None}
        self._fronts = dict(self._of_the_front(text))
        firsts = sorted((each.first, key[0]) for key, each in self._matched.items() if key not in self._fronts)
        self._firsts, self._pages = [first for first, _ in firsts], [page for _, page in firsts]
        self._beside = {self._note_of[key]: key[0] for key in reversed(self._note_of)}
        self._beside |= {letter: key[0] for key, own in self._fronts.items() for letter in own.values()}

    @property
    def _beyond(self) -> int:
        """The number behind the last letter of the text and of the front."""
        return len(self.sources.letters) + len(self._front)

    def page(self, letter: int) -> int | None:
        """The number of the page that prints a letter."""
        if letter >= len(self.sources.letters):
            return self._beside.get(letter, self._pages[0] if self._pages else None)
        at = bisect_right(self._firsts, letter) - 1
        return self._pages[at] if at >= 0 else (self._pages[0] if self._pages else None)

    def first(self, page: int, line: Line) -> int | None:
        """The letter with which a line of a page begins."""
        matched = self._matched.get((page, id(line), 0))
        return matched.first if matched is not None else None

    def place(self, letter: int) -> Place:
        """Where a letter stands in the file."""
        front = letter - len(self.sources.letters)
        if 0 <= front < len(self._front):
            return self._front.place(front)
        if 0 <= letter - self._beyond < len(self._notes):
            return self.source.place(self._notes[letter - self._beyond])
        return self.sources.place(min(max(letter, 0), max(len(self.sources.letters) - 1, 0)))

    def letters_at(self, place: Place) -> tuple[int, int]:
        """The letters at a place of the file: at a blank those about it, at a tag the point behind it."""
        begin, beyond = (place.line, place.column), (place.end_line, place.end_column)
        front = self._front.letters_at(begin, beyond)
        if front is not None:
            return front[0] + len(self.sources.letters), front[1] + len(self.sources.letters)
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
            if key in self._fronts:
                found.append(_placed(line, self._fronts[key]))
            elif matched is not None:
                text = _letters_of(line.line)
                found.append(_placed(line, _numbered(text, matched.first, self.sources.letters)))
            elif key in self._note_of:
                found.append(Letters(leads=self._note_of[key]))
            else:
                found.append(Letters())
        return list(_labelled(painted.lines, found))

    def changed_since(self, before: "BriefPlaces | None") -> int | None:
        """The first letter that is another than before; None where there was nothing before, or none is."""
        if before is None or before.sources.letters == self.sources.letters:
            return None
        pairs = enumerate(zip(before.sources.letters, self.sources.letters, strict=False))
        shortest = min(len(before.sources.letters), len(self.sources.letters))
        return next((at for at, (one, other) in pairs if one != other), max(shortest - 1, 0))

    def _of_the_front(self, text: Iterable[tuple[Key, Line]]) -> Iterator[tuple[Key, dict[int, int]]]:
        """The lines of the front matter: those before the body that say so, and any that else has no letters."""
        body = self._body
        is_before = True
        for key, line in text:
            matched = self._matched.get(key)
            found = self._front.in_line(_letters_of(line)) if is_before or matched is None else {}
            if found:
                yield key, {at: letter + len(self.sources.letters) for at, letter in found.items()}
            elif matched is not None and matched.first >= body:
                is_before = False

    @property
    def _body(self) -> int:
        """The first letter of the body."""
        body = self.source.root.find("body")
        inside = (
            each.start
            for each in self.sources.stretches
            if body in (each.node if each.which == "text" else each.node.getparent()).iterancestors()
        )
        return next(inside, len(self.sources.letters))

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


class IssuePlaces:
    """The letters of `issue.xml`, which the colophon prints."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._words = Front(source, source.root)

    def place(self, letter: int) -> Place:
        """Where a letter stands in the file."""
        return self._words.place(letter) if 0 <= letter < len(self._words) else self.source.place(self.source.root)

    def on_page(self, painted: Painted) -> list[Letters]:
        """What each line of a painted page prints, in the order of its lines."""
        return [_placed(line, self._words.in_line(_letters_of(line.line))) for line in painted.lines]


def _lines(leaf: Leaf, press: Press) -> Iterator[tuple[Key, Line, str]]:
    """The lines of a leaf in the order of its HTML, each with the anchor of the note that it belongs to, or ""."""
    notes = {
        id(line): note.note.anchor
        for note in (leaf.sheet.notes if leaf.sheet else ())
        for line in note.composed.lines
    }
    seen: Counter[int] = Counter()
    for composed in press.composed(leaf):
        for line in composed.lines:
            yield (leaf.number, id(line), seen[id(line)]), line, notes.get(id(line), "")
            seen[id(line)] += 1


def _placed(line: PaintedLine, numbers: Mapping[int, int]) -> Letters:
    """The letters of a line by the place of their characters, with their edges."""
    starts = [glyph.start for glyph in line.line.glyphs]
    left = line.right - line.line.right
    pairs = [
        (numbers[at], left + line.line.glyphs[max(bisect_right(starts, offset) - 1, 0)].x)
        for at, (offset, _) in enumerate(_printed(line.line))
        if at in numbers
    ]
    return Letters(tuple(number for number, _ in pairs), tuple(round(edge, 1) for _, edge in pairs))


def _labelled(lines: Sequence[PaintedLine], letters: Sequence[Letters]) -> Iterator[Letters]:
    """Lets a label, which has no letters, lead to where the line beside it does."""
    for at, (line, own) in enumerate(zip(lines, letters, strict=True)):
        beside = (
            letters[other]
            for other in (at + 1, at - 1)
            if 0 <= other < len(lines) and abs(lines[other].bottom - line.bottom) < line.size / 2
        )
        if own != Letters():
            yield own
        else:
            yield next(
                (Letters(leads=(*each.numbers, each.leads)[0]) for each in beside if each != Letters()), own
            )


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
            "leads": own.leads,
        }
        for line, own in zip(painted.lines, letters, strict=True)
    ]

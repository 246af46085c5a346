"""Stretches: which passages and characters of two texts belong together."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from lxml import etree

from pipeline.diagnostics import Words
from pipeline.flat import REFERENCE
from pipeline.importing.fidelity.texts import Piece
from pipeline.importing.originals import CALL

Element = etree._Element

SHOWN = 16
"""How many characters around a difference are quoted."""
ALIKE = 0.3
"""How much of their pairs of characters two passages share, at least, to be one that was changed."""


_FOLDED = 600
"""How many passages of a stretch are compared each with each."""


def _pairs_of(text: str) -> Counter[str]:
    return Counter(text[index : index + 2] for index in range(len(text) - 1)) or Counter([text])


def alike(one: str, other: str) -> float:
    """How much of their pairs of neighbouring characters two texts share, from 0 to 1."""
    ours, theirs = _pairs_of(one), _pairs_of(other)
    total = sum(ours.values()) + sum(theirs.values())
    return 2 * sum((ours & theirs).values()) / total if total else 1.0


def grouped(ours: list[Piece], theirs: list[Piece]) -> Iterator[tuple[list[Piece], list[Piece]]]:
    """Passages that belong together: each pair that is alike, with what was divided from it or joined to it."""
    if not ours or not theirs or len(ours) * len(theirs) > _FOLDED * _FOLDED:
        if ours or theirs:
            yield ours, theirs
        return
    pairs = anchors([each.text for each in ours], [each.text for each in theirs])
    if not pairs:
        yield ours, theirs
        return
    groups = [([ours[i]], [theirs[j]]) for i, j in pairs]
    ends = [(-1, -1), *pairs, (len(ours), len(theirs))]
    alone: list[list[tuple[list[Piece], list[Piece]]]] = []
    for at, ((i, j), (i_end, j_end)) in enumerate(itertools.pairwise(ends)):
        before = groups[at - 1] if at else None
        behind = groups[at] if at < len(groups) else None
        left = _attached(ours[i + 1 : i_end], 0, before, behind)
        added = _attached(theirs[j + 1 : j_end], 1, before, behind)
        alone.append([*(([each], []) for each in left), *(([], [each]) for each in added)])
    yield from alone[0]
    for group, after in zip(groups, alone[1:], strict=True):
        yield group
        yield from after


def _attached(
    pieces: list[Piece],
    side: int,
    before: tuple[list[Piece], list[Piece]] | None,
    behind: tuple[list[Piece], list[Piece]] | None,
) -> list[Piece]:
    """Put passages to the pair before or behind them of which the other side holds them; those that are left."""
    first, last = 0, len(pieces)
    while before is not None and first < last and letters_of(pieces[first]) in _all_letters(before[1 - side]):
        before[side].append(pieces[first])
        first += 1
    while behind is not None and last > first and letters_of(pieces[last - 1]) in _all_letters(behind[1 - side]):
        behind[side].insert(0, pieces[last - 1])
        last -= 1
    return pieces[first:last]


def _all_letters(pieces: Sequence[Piece]) -> str:
    return "".join(map(letters_of, pieces))


def letters_of(piece: Piece) -> str:
    """The text of a passage without calls, references and blanks."""
    return re.sub(f"[{CALL}{REFERENCE} ]", "", piece.text)


def anchors(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs of passages, in order on both sides, that are most alike in all."""
    rows, columns = len(ours), len(theirs)
    mine, yours = [_pairs_of(each) for each in ours], [_pairs_of(each) for each in theirs]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    chosen: dict[tuple[int, int], float] = {}
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            total = mine[i].total() + yours[j].total()
            shared = 2 * (mine[i] & yours[j]).total() / total
            paired = best[i + 1][j + 1] + shared if shared >= ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
            if shared >= ALIKE and paired == best[i][j]:
                chosen[i, j] = shared
    found = []
    i = j = 0
    while i < rows and j < columns:
        if (i, j) in chosen:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def opcodes(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """How one text, or one row of texts, becomes another, as difflib has it; equal ends are not looked at."""
    first = 0
    shorter = min(len(one), len(other))
    while first < shorter and one[first] == other[first]:
        first += 1
    last = 0
    while last < shorter - first and one[-1 - last] == other[-1 - last]:
        last += 1
    if first:
        yield "equal", 0, first, 0, first
    middle, found = one[first : len(one) - last], other[first : len(other) - last]
    if middle and found:
        for kind, i, i_end, j, j_end in SequenceMatcher(None, middle, found, autojunk=False).get_opcodes():
            yield kind, i + first, i_end + first, j + first, j_end + first
    elif middle or found:
        yield "replace", first, len(one) - last, first, len(other) - last
    if last:
        yield "equal", len(one) - last, len(one), len(other) - last, len(other)


class Joined:
    """Passages as one text that knows the passage of each character."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.starts: list[int] = []
        length = 0
        for piece in pieces:
            self.starts.append(length)
            length += len(piece.text)
        self.text = "".join(piece.text for piece in pieces)

    def index(self, at: int) -> int:
        """The index of the passage of a character."""
        found = 0
        for index, start in enumerate(self.starts):
            if start <= at:
                found = index
        return found

    def piece(self, at: int) -> Piece:
        """The passage of a character."""
        return self.pieces[self.index(at)] if self.pieces else Piece("")

    def offset(self, at: int) -> int:
        """The place of a character in its passage."""
        return at - self.starts[self.index(at)] if self.pieces else 0

    def calls(self, start: int, end: int) -> tuple[str, ...]:
        """The keys of the notes called in a stretch."""
        keys = [key for piece in self.pieces for key in piece.calls]
        before = self.text[:start].count(CALL)
        return tuple(keys[before : before + self.text[start:end].count(CALL)])

    def xref(self, at: int) -> Element | None:
        """The reference at a character."""
        every = [xref for piece in self.pieces for xref in piece.xrefs]
        before = self.text[:at].count(REFERENCE)
        return every[before] if before < len(every) else None

    def whole(self, start: int, end: int) -> Iterator[tuple[Piece, int, int]]:
        """The passages that lie in a stretch completely."""
        for piece, begin in zip(self.pieces, self.starts, strict=True):
            if start <= begin and begin + len(piece.text) <= end and piece.text:
                yield piece, begin, begin + len(piece.text)

    def rest(self, start: int, end: int, whole: Sequence[tuple[Piece, int, int]]) -> Iterator[tuple[int, int]]:
        """What is left of a stretch beside the passages that lie in it completely."""
        done = start
        for _, begin, until in whole:
            if begin > done:
                yield done, begin
            done = until
        if done < end:
            yield done, end


@dataclass(frozen=True, slots=True)
class Window:
    """Where two texts differ."""

    one: Joined
    start: int
    end: int
    other: Joined
    found_start: int
    found_end: int

    @property
    def text(self) -> str:
        """The stretch of the one text."""
        return self.one.text[self.start : self.end]

    @property
    def found(self) -> str:
        """The stretch of the other."""
        return self.other.text[self.found_start : self.found_end]

    @property
    def at_an_end(self) -> bool:
        """Whether a passage begins or ends here in either text."""
        ours, theirs = {*self.one.starts, len(self.one.text)}, {*self.other.starts, len(self.other.text)}
        return bool({self.start, self.end} & ours or {self.found_start, self.found_end} & theirs)

    @property
    def around(self) -> Words:
        """The words before and behind, as a part of a message."""
        before = self.one.text[max(self.start - SHOWN, 0) : self.start].replace(CALL, "")
        behind = self.one.text[self.end : self.end + SHOWN].replace(CALL, "")
        if not before and not behind:
            return Words("", "")
        return Words(f"（在「{before}▲{behind}」）", f" (at “{before}▲{behind}”)")

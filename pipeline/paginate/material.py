"""Material: the rows, floats and notes of a brief, with the sums that tell the height of any stretch of them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import ceil
from typing import NamedTuple

from pipeline.paginate.page import Float, Frame, NoteLines, NotePart, Row

HEADING_LINES = 2
"""Fewest lines of text after a heading."""

TOLERANCE = 0.01
"""Points by which a sum of heights may be wrong."""


class State(NamedTuple):
    """Where a page begins: the next row and float, and the lines that the last note before it still has.

    `short` is how many lines the facing page on the left lacks, 0 where there is none.
    """

    row: int
    float_: int
    carried: int
    short: int


class Limits(NamedTuple):
    """What the text meets as it flows past a float: rows by number, `len(rows)` where there is none.

    `mention` is the row of the first mention where the float has to wait for it; the float is `due` from there, or
    else from its place. `section` is the next heading of depth 1. Before `call` it has to be set: the next row
    that calls a note, if the float calls one.
    """

    due: int
    mention: int | None
    section: int
    call: int


class Material:
    """What is to be set, with sums over what comes before row or float `n`.

    `fall[n]` is the height of the rows with the space above each, in points; `row_lines[n]` and `float_lines[n]`
    are the lines of the notes called in the rows and in the floats.
    """

    def __init__(self, rows: Sequence[Row], floats: Sequence[Float], frame: Frame) -> None:
        self.rows, self.floats, self.frame = rows, floats, frame
        self.full = frame.height + TOLERANCE
        self.fall = list(accumulate((row.space + row.height for row in rows), initial=0.0))
        self.notes = tuple(_notes(rows, floats))
        self.break_before = _breaks(rows, frame.pitch)
        self.row_lines = list(accumulate((_lines(row) for row in rows), initial=0))
        self.float_lines = list(accumulate((_lines(each) for each in floats), initial=0))
        self._row_notes = list(accumulate((len(row.notes) for row in rows), initial=0))
        self._float_notes = list(accumulate((len(each.notes) for each in floats), initial=0))
        self._places = [each.row for each in floats]
        self._sections = [number for number, row in enumerate(rows) if row.heading == 1]
        self.limits = [self._limits(each) for each in floats]

    def standing(self, end: int) -> int:
        """How many floats have their place before row `end` or a row before it."""
        return bisect_left(self._places, end)

    def called(self, row: int, float_: int) -> int:
        """How many notes are called in the rows before `row` and the floats before `float_`."""
        return self._row_notes[row] + self._float_notes[float_]

    def last_note(self, state: State, called: int) -> int:
        """The lines of the last note on a page, after which `called` notes are called."""
        if called > self.called(state.row, state.float_):
            return self.notes[called - 1].count
        return state.carried

    def notes_depth(self, lines: int) -> float:
        """The height of so many lines of notes with the space above them."""
        return notes_depth(lines, self.frame)

    def on_grid(self, depth: float) -> float:
        """The next line of the grid, in points from the top."""
        return on_grid(depth, self.frame)

    def text_between(self, start: int, end: int) -> float:
        """The height of the rows from `start` to `end` (exclusive), in pages."""
        return (self.fall[end] - self.fall[start]) / self.frame.height

    def parts(self, state: State, called: int, left: int) -> tuple[NotePart, ...]:
        """The notes of a page after which `called` notes are called; of the last, `left` lines are left over."""
        before = self.called(state.row, state.float_)
        whole = [NotePart(note, 0, self.notes[note].count) for note in range(before, called)]
        if state.carried:
            count = self.notes[before - 1].count
            whole.insert(0, NotePart(before - 1, count - state.carried, count))
        if left:
            note, start, end = whole[-1].note, whole[-1].start, whole[-1].end
            whole[-1] = NotePart(note, start, end - left)
        return tuple(whole)

    def _limits(self, piece: Float) -> Limits:
        """The limits of a float; a mention more than a page after its place is not waited for."""
        count = len(self.rows)
        mention = piece.reference
        if mention is not None and not (
            piece.row <= mention < count and self.text_between(piece.row, mention) <= 1.0
        ):
            mention = None
        section = bisect_left(self._sections, piece.row)
        call = bisect_right(self._row_notes, self._row_notes[piece.row]) - 1 if piece.notes else count
        return Limits(
            piece.row if mention is None else mention,
            mention,
            self._sections[section] if section < len(self._sections) else count,
            call,
        )


def on_grid(depth: float, frame: Frame) -> float:
    """The next line of the grid, in points from the top."""
    return ceil((depth - TOLERANCE) / frame.pitch) * frame.pitch


def notes_depth(lines: int, frame: Frame) -> float:
    """The height of so many lines of notes with the space above them, in points."""
    return frame.note_space + lines * frame.note_pitch if lines else 0.0


def _lines(piece: Row | Float) -> int:
    return sum(note if isinstance(note, int) else note.count for note in piece.notes)


def _notes(rows: Sequence[Row], floats: Sequence[Float]) -> Iterator[NoteLines]:
    """All notes in the order of the source: those of a float before those of the row at which it stands."""
    following = 0
    for number in range(len(rows) + 1):
        pieces: list[Row | Float] = []
        while following < len(floats) and floats[following].row <= number:
            pieces.append(floats[following])
            following += 1
        pieces += rows[number : number + 1]
        for piece in pieces:
            yield from (NoteLines(note) if isinstance(note, int) else note for note in piece.notes)


def _breaks(rows: Sequence[Row], pitch: float) -> list[int]:
    """For each number of rows the largest number up to it after which a page may end."""
    bound = [row.keep or row.heading > 0 for row in rows]
    for number, row in enumerate(rows):
        beyond = number + 1
        if row.heading and beyond + 1 < len(rows) and not rows[beyond].heading and not rows[beyond + 1].heading:
            bound[beyond] |= rows[beyond].height < HEADING_LINES * pitch - TOLERANCE
    breaks = [0]
    for end in range(1, len(rows) + 1):
        breaks.append(breaks[-1] if end < len(rows) and bound[end - 1] else end)
    return breaks

"""What goes into pagination, and the pages that come out. All heights and spaces are in points."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class NoteLines:
    """A note of `count` lines.

    A division after one of the lines in `dear` costs (it ends in a divided word, say), after one of those in
    `kept` it is made only where the note can't be set otherwise. 1 is the first line.
    """

    count: int
    dear: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One unbreakable row of a brief: a line, or a block such as a heading or the head of a brief.

    `height`, `space` (above it, below the row before it) and `top` (above it at the head of a page) are in
    points; `notes` holds each note called in it, or just its number of lines. `keep` forbids a page break after
    it, `cost` makes it dearer. `heading` is the depth of a heading, 0 for other rows: at least two lines stand
    after a heading, and floats rather stay before one of depth 1.
    """

    height: float
    space: float = 0.0
    top: float = 0.0
    notes: tuple[int | NoteLines, ...] = ()
    keep: bool = False
    cost: float = 0.0
    heading: int = 0


@dataclass(frozen=True, slots=True)
class Float:
    """A figure or table that need not stand in the run of the text.

    In the source it stands before row `row` (`len(rows)`: at the end); `reference` is the row that first mentions
    it, before or after that. `height` is whole lines of the grid. `space` is asked for above it and `after` below,
    not at the edge of a page; next to a row, the larger of the two wishes counts. `notes` are those called in
    it; it is not moved past a row that calls notes if it calls any, so that notes keep their order. When it is
    moved it goes to the top of a page, or, with `foot`, below the text of one.
    """

    height: float
    row: int
    space: float = 0.0
    after: float = 0.0
    notes: tuple[int | NoteLines, ...] = ()
    reference: int | None = None
    foot: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The type area: its height, and what notes take of it, in points."""

    height: float
    note_pitch: float
    note_space: float
    pitch: float

    def whole_lines(self, height: float) -> float:
        """A height rounded up to whole lines of the grid."""
        return -(-(height - 0.1) // self.pitch) * self.pitch


@dataclass(frozen=True, slots=True)
class NotePart:
    """Lines `start` to `end` (exclusive) of note number `note` (from 0, in the order of the source).

    With `start > 0` it continues a note of the page before: the continuation rule stands above it.
    """

    note: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A row or a float on its page: `index` is its number among the rows or among the floats.

    `space` stands above it; its top is `top` below the top of the type area. Both are in points.
    """

    kind: Literal["row", "float"]
    index: int
    space: float
    top: float


@dataclass(frozen=True, slots=True)
class Page:
    """Rows `start` to `end` (exclusive) and the parts of notes at the foot; `depth` is the height used.

    `items` are its rows and floats from top to bottom. A page of floats or notes alone has `start == end`.
    """

    start: int
    end: int
    notes: tuple[NotePart, ...]
    depth: float
    items: tuple[Placed, ...] = ()

"""Sheets: pieces that have their page, as the templates paint them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from pipeline.brief import Note
from pipeline.compose import Line
from pipeline.paginate import Frame, NotePart, Page, Row, paginate
from pipeline.printing.flow import NOTHING, Flow, Look, Piece
from pipeline.tokens import Tokens

HYPHEN_COST = 120.0
"""Cost of a page that ends in a divided word."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """What stands together on a page: lines of one paragraph, or a box with its height.

    `half_lines` of space are above it; `begins` tells whether the first line of its paragraph is among the
    lines; `height` is in points.
    """

    half_lines: int
    look: Look | None = None
    lines: tuple[Line, ...] = ()
    begins: bool = True
    html: Markup = NOTHING
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class NoteFragment:
    """Lines of a note at the foot of a page; its number stands where it begins."""

    note: Note
    lines: tuple[Line, ...]
    begins: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One finished page: what stands in the type area, and the notes at its foot."""

    fragments: tuple[Fragment, ...]
    notes: tuple[NoteFragment, ...]


def frame(tokens: Tokens) -> Frame:
    """The type area of a layout."""
    return Frame(
        height=tokens.height,
        pitch=tokens.length("pitch"),
        note_pitch=tokens.length("note-pitch"),
        note_space=tokens.length("note-space"),
    )


def sheets(pieces: Sequence[Piece], heights: Sequence[float], flow: Flow, area: Frame) -> tuple[Sheet, ...]:
    """The pages of a brief. `heights` are those of the boxes among its pieces, in order, in points."""
    measured = iter(heights)
    tall = [area.pitch if piece.line is not None else _whole_lines(next(measured), area.pitch) for piece in pieces]
    notes = [(note, flow.note(note)) for piece in pieces for note in piece.notes]
    lengths = {note.anchor: len(lines) for note, lines in notes}
    rows = [
        Row(
            height,
            space,
            piece.top,
            notes=tuple(lengths[note.anchor] for note in piece.notes),
            keep=piece.keep,
            cost=HYPHEN_COST if piece.line is not None and piece.line.hyphenated else 0.0,
        )
        for piece, height, space in zip(pieces, tall, _spaces(pieces), strict=True)
    ]
    return tuple(
        Sheet(
            tuple(_fragments(page, pieces, rows, area.pitch)),
            tuple(_note_fragment(part, notes) for part in page.notes),
        )
        for page in paginate(rows, area)
    )


def _whole_lines(height: float, pitch: float) -> float:
    """The height of a box, rounded up to whole lines of the grid."""
    return -(-(height - 0.1) // pitch) * pitch


def _spaces(pieces: Sequence[Piece]) -> list[float]:
    """The space above each piece: the larger of what the two ask for; between headings what the upper asks for."""
    spaces = [0.0]
    for above, below in pairwise(pieces):
        spaces.append(above.after if above.heading and below.heading else max(above.after, below.before))
    return spaces[: len(pieces)]


def _fragments(page: Page, pieces: Sequence[Piece], rows: Sequence[Row], pitch: float) -> Iterator[Fragment]:
    index = page.start
    while index < page.end:
        piece = pieces[index]
        row = rows[index]
        half_lines = round(2 * (row.top if index == page.start else row.space) / pitch)
        if piece.line is None:
            yield Fragment(half_lines, html=piece.html, height=row.height)
            index += 1
            continue
        beyond = index + 1
        while beyond < page.end and pieces[beyond].look is piece.look:
            beyond += 1
        lines = tuple(each.line for each in pieces[index:beyond] if each.line is not None)
        yield Fragment(half_lines, look=piece.look, lines=lines, begins=piece.first)
        index = beyond


def _note_fragment(part: NotePart, notes: Sequence[tuple[Note, tuple[Line, ...]]]) -> NoteFragment:
    note, lines = notes[part.note]
    return NoteFragment(note, lines[part.start : part.end], part.start == 0)

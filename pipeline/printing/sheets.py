"""Sheets: pieces that have their page, as the templates paint them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from pipeline.brief import Note
from pipeline.paginate import Float, Frame, NoteLines, NotePart, Page, Row, paginate
from pipeline.printing.boxes import NOTHING
from pipeline.printing.flow import Flow, Look, Piece
from pipeline.printing.painting import Composed
from pipeline.tokens import Tokens

HYPHEN_COST = 120.0
"""Cost of a page that ends in a divided word."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """What stands together on a page: composed lines of one paragraph, or a box with its height.

    `half_lines` of space are above it; `begins` tells whether the first line of its paragraph is among the
    lines; `height` is in points.
    """

    half_lines: int
    look: Look | None = None
    composed: Composed | None = None
    begins: bool = True
    html: Markup = NOTHING
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class NoteFragment:
    """Lines of a note at the foot of a page; its number stands where it begins."""

    note: Note
    composed: Composed
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


def sheets(
    pieces: Sequence[Piece], heights: Sequence[float], flow: Flow, area: Frame, lang: str | None, folio: int
) -> tuple[Sheet, ...]:
    """The pages of a brief whose first page has the number `folio`.

    `heights` are those of the boxes among its pieces, in order, in points.
    """
    notes = [(note, flow.note(note, lang)) for piece in pieces for note in piece.notes]
    material = _Material(pieces, heights, area, {note.anchor: composed for note, composed in notes})
    return tuple(
        Sheet(
            tuple(_fragments(page, material, area.pitch)),
            tuple(_note_fragment(part, notes) for part in page.notes),
        )
        for page in paginate(material.rows, area, material.floats, first_folio=folio)
    )


def room_for(piece: Piece, pages: Sequence[Sheet], area: Frame) -> float:
    """The room that a box, the last on its page, and its notes have or could have there, in points."""
    sheet = next(sheet for sheet in pages if any(part.html is piece.html for part in sheet.fragments))
    own = {note.anchor for note in piece.notes}
    notes = sum(len(part.composed.lines) for part in sheet.notes if part.note.anchor not in own)
    taken = area.note_space + notes * area.note_pitch if notes else 0.0
    for fragment in sheet.fragments:
        taken += fragment.half_lines * area.pitch / 2
        if fragment.html is piece.html:
            break
        lines = fragment.composed.lines if fragment.composed is not None else ()
        pitch = fragment.look.setting.pitch if fragment.look is not None else 0.0
        taken += fragment.height + len(lines) * pitch
    return area.height - taken


class _Material:
    """Pieces as the paginator takes them: the rows of the text, and the figures and tables beside it."""

    def __init__(
        self, pieces: Sequence[Piece], heights: Sequence[float], area: Frame, notes: Mapping[str, Composed]
    ) -> None:
        measured = iter(heights)
        tall = [
            piece.look.setting.pitch if piece.look is not None else area.whole_lines(next(measured))
            for piece in pieces
        ]
        self.row_pieces = [piece for piece in pieces if not piece.floating]
        self.float_pieces = [piece for piece in pieces if piece.floating]
        self.heights = {id(piece): height for piece, height in zip(pieces, tall, strict=True)}
        spaces = dict(zip(map(id, self.row_pieces), _spaces(self.row_pieces), strict=True))
        mentions = _mentions(self.row_pieces)
        self.rows: list[Row] = []
        self.floats: list[Float] = []
        for piece in pieces:
            lengths = tuple(_note_lines(notes[note.anchor]) for note in piece.notes)
            height = self.heights[id(piece)]
            if piece.floating:
                row, first = len(self.rows), mentions.get(piece.floating)
                self.floats.append(Float(height, row, piece.before, piece.after, lengths, first))
                continue
            divided = piece.line is not None and piece.line.divided
            self.rows.append(
                Row(
                    height,
                    spaces[id(piece)],
                    piece.top,
                    lengths,
                    piece.keep,
                    HYPHEN_COST if divided else 0.0,
                    piece.look.section.depth if piece.look is not None and piece.look.section is not None else 0,
                )
            )


def _note_lines(composed: Composed) -> NoteLines:
    """The lines of a note, dear to divide after a divided word."""
    dear = tuple(number for number, line in enumerate(composed.lines, start=1) if line.divided)
    return NoteLines(len(composed.lines), dear)


def _mentions(pieces: Sequence[Piece]) -> dict[str, int]:
    """The row that first mentions each figure or table, by its anchor."""
    found: dict[str, int] = {}
    for row, piece in enumerate(pieces):
        for span in piece.line.spans if piece.line is not None else ():
            if span.href is not None and span.href.startswith("#"):
                found.setdefault(span.href[1:], row)
    return found


def _spaces(pieces: Sequence[Piece]) -> list[float]:
    """The space above each piece: the larger of what the two ask for; between headings what the upper asks for."""
    spaces = [0.0]
    for above, below in pairwise(pieces):
        both = above.heading and below.heading and above.look is not below.look
        spaces.append(above.after if both else max(above.after, below.before))
    return spaces[: len(pieces)]


def _fragments(page: Page, material: _Material, pitch: float) -> Iterator[Fragment]:
    """What stands on a page, from top to bottom; lines of one paragraph together."""
    items = [
        (item, (material.row_pieces if item.kind == "row" else material.float_pieces)[item.index])
        for item in page.items
    ]
    index = 0
    while index < len(items):
        item, piece = items[index]
        half_lines = round(2 * item.space / pitch)
        if piece.look is None:
            yield Fragment(half_lines, html=piece.html, height=material.heights[id(piece)])
            index += 1
            continue
        beyond = index + 1
        while beyond < len(items) and items[beyond][1].look is piece.look and not items[beyond][0].space:
            beyond += 1
        lines = tuple(each.line for _, each in items[index:beyond] if each.line is not None)
        yield Fragment(
            half_lines, look=piece.look, composed=Composed(lines, piece.look.setting), begins=piece.first
        )
        index = beyond


def _note_fragment(part: NotePart, notes: Sequence[tuple[Note, Composed]]) -> NoteFragment:
    note, whole = notes[part.note]
    return NoteFragment(note, whole.part(part.start, part.end), part.start == 0)

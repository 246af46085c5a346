"""Flow: the blocks of a brief to pieces, the rows that pages are made of.

Paragraphs, quotations and the items of lists are composed into lines. Headings, figures, tables and the head of
a brief are boxes of HTML, set by the engine in the width of the type area.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, cast

from jinja2 import Environment
from markupsafe import Markup

from pipeline.brief import (
    Block,
    Brief,
    Call,
    Cell,
    Figure,
    Inline,
    Issue,
    List,
    Note,
    Paragraph,
    Quotation,
    Section,
    Table,
    Text,
    inline_parts,
    inlines_inside,
    plain,
    supplied,
)
from pipeline.compose import GAP, HANGUL, Composer, Line, Setting, meet, takes_a_dot, with_gaps, zhuyin_letters
from pipeline.layout import environment
from pipeline.tokens import Tokens

WORD_JOINER = "\u2060"

_GLUED = re.compile(f"(?<=[^\\s])(?=——|……|──)|(?<=[{HANGUL}])(?=[{HANGUL}])|(?<=—)(?=—)|(?<=…)(?=…)|(?<=─)(?=─)")
_ADDRESS_BREAK = re.compile(r"(?<=[/:])(?![/:]|$)|(?=[.?&=#_%~\-])|(?<=[0-9A-Fa-f]{16})(?=[0-9A-Fa-f])")

NOTHING = Markup()

NOTE_INSET = 2
"""How far a note stands in from its number, in characters of its size."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a composed paragraph looks: its class in the style sheet, its language and id.

    `inset` is how many characters it stands in from the left; `mark` stands before its first line, which is
    indented unless it is `flush`.
    """

    name: str
    lang: str | None = None
    anchor: str | None = None
    mark: str = ""
    inset: int = 0
    flush: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A row of a brief: a line of a paragraph (`line` and `look`), or a box of HTML.

    For a table or a part of one, `table` is its anchor and `rows` the number of rows in its body.

    `before` and `after` are the space it asks for, `top` that at the head of a page, in points. Lines of one
    paragraph share one `look`; `first` is its first line. `keep` forbids a page break after it.
    """

    html: Markup = NOTHING
    notes: tuple[Note, ...] = ()
    look: Look | None = None
    line: Line | None = None
    first: bool = False
    heading: bool = False
    keep: bool = False
    before: float = 0.0
    after: float = 0.0
    top: float = 0.0
    table: str = ""
    rows: int = 0


class Flow:
    """Makes pieces with one composer and one layout.

    `longest_tables` gives the most rows in one part of a table that is too high for a page, by its anchor.
    """

    def __init__(
        self, composer: Composer, tokens: Tokens, longest_tables: Mapping[str, int] | None = None
    ) -> None:
        self._composer = composer
        self._longest_tables: Mapping[str, int] = longest_tables or {}
        self._boxes = cast(Any, print_templates().get_template("print/boxes.j2")).module
        self._pitch = tokens.length("pitch")
        size, note_size = tokens.length("size"), tokens.length("note-size")
        self._body = Setting(size, tokens.measure, indent=2 * size)
        self._note = Setting(note_size, tokens.measure - NOTE_INSET * note_size)

    def brief(self, brief: Brief) -> list[Piece]:
        """The pieces of a brief, its head first."""
        text_follows = bool(brief.blocks) and not isinstance(brief.blocks[0], Figure | Table)
        notes = _notes_in((brief.title, brief.subtitle, *(author.calls for author in brief.authors)))
        notes = tuple(sorted(notes, key=lambda note: not note.by_author))
        head = Piece(html=self._box("head", brief), notes=notes, keep=text_follows)
        pieces = [head, *self._blocks(brief.blocks, self._body, Look("body", brief.lang))]
        if brief.dates or brief.doi:
            pieces[-1] = replace(pieces[-1], keep=True)
            pieces.append(Piece(html=self._box("history", brief), before=self._pitch))
        return pieces

    def contents(self, issue: Issue, folios: Sequence[int]) -> list[Piece]:
        """The pieces of the contents; `folios` are the numbers of the first pages of the briefs."""
        heading = Piece(html=self._box("contents_heading"), keep=True, after=self._pitch)
        entries = [
            Piece(html=self._box("entry", brief, folio), before=self._pitch)
            for brief, folio in zip(issue.briefs, folios, strict=True)
        ]
        return [heading, *entries]

    def note(self, note: Note) -> tuple[Line, ...]:
        """The lines of a note, those of all its paragraphs."""
        return tuple(
            line
            for paragraph in note.paragraphs
            for line in self._composer.paragraph(paragraph.children, self._note, paragraph.lang)
        )

    def _box(self, name: str, *values: object) -> Markup:
        return Markup(getattr(self._boxes, name)(*values))

    def _blocks(self, blocks: Iterable[Block], setting: Setting, look: Look) -> Iterator[Piece]:
        for block in blocks:
            match block:
                case Section():
                    yield self._heading(block)
                    yield from self._blocks(block.blocks, setting, look)
                case Paragraph():
                    yield from self._paragraph(block, setting, look)
                case Quotation():
                    yield from self._quotation(block, setting, look)
                case List():
                    yield from self._list(block, setting, look)
                case Figure():
                    yield self._block_box(block)
                case Table():
                    for part in table_parts(block, self._longest_tables.get(block.anchor)):
                        yield replace(self._block_box(part), table=block.anchor, rows=len(part.body))

    def _block_box(self, block: Figure | Table) -> Piece:
        """A figure or table with an empty line before and after it."""
        notes = _notes_in(inline_parts(block))
        return Piece(html=self._box(block.kind, block), notes=notes, before=self._pitch, after=self._pitch)

    def _heading(self, section: Section) -> Piece:
        """A heading with the space about it: whole lines in sum, whatever follows."""
        first = section.depth == 1
        return Piece(
            html=self._box("heading", section),
            notes=_notes_in([section.title]),
            heading=True,
            keep=True,
            before=self._pitch * (1.5 if first else 1.0),
            after=self._pitch * (0.5 if first else 0.0),
            top=self._pitch * (0.5 if first else 0.0),
        )

    def _paragraph(self, paragraph: Paragraph, setting: Setting, look: Look) -> Iterator[Piece]:
        """The lines of a paragraph, at least two of them together at each end (orphans and widows)."""
        look = replace(look, lang=paragraph.lang or look.lang, anchor=paragraph.anchor)
        lines = self._composer.paragraph(paragraph.children, setting, look.lang)
        for position, line in enumerate(lines):
            keep = position + 1 < len(lines) and position in (0, len(lines) - 2)
            yield Piece(look=look, line=line, notes=line.notes, first=position == 0, keep=keep)

    def _quotation(self, quotation: Quotation, setting: Setting, look: Look) -> Iterator[Piece]:
        """A quotation stands in two characters on both sides, an empty line before and after."""
        narrow = replace(setting, measure=setting.measure - 4 * setting.size, stack="kai")
        look = replace(look, name="quotation", lang=quotation.lang or look.lang, inset=look.inset + 2)
        pieces: list[Piece] = []
        for position, block in enumerate(quotation.blocks):
            first = replace(narrow, indent=0.0) if position == 0 else narrow
            pieces += self._blocks([block], first, replace(look, flush=position == 0))
        if quotation.attribution:
            source = Paragraph(quotation.attribution)
            unindented = replace(narrow, stack="ming", indent=0.0)
            pieces[-1] = replace(pieces[-1], keep=True)
            pieces += self._paragraph(source, unindented, replace(look, name="attribution", flush=True))
        yield from _set_off(pieces, self._pitch)

    def _list(self, listing: List, setting: Setting, look: Look) -> Iterator[Piece]:
        """The items of a list, two characters in, their marks before them."""
        narrow = replace(setting, measure=setting.measure - 2 * setting.size, indent=0.0)
        inner = replace(look, name="item", inset=look.inset + 2, flush=True)
        for number, item in enumerate(listing.items, start=1):
            mark = _list_mark(listing.numbering, number)
            for position, block in enumerate(item.blocks):
                yield from self._blocks([block], narrow, replace(inner, mark="" if position else mark))


def table_parts(table: Table, longest: int | None) -> Iterator[Table]:
    """A table, or the parts of at most `longest` rows of its body into which it is divided.

    The head stands in every part, the foot and the source in the last; no cell is cut that spans rows.
    """
    cuts = _row_cuts(table, longest or len(table.body))
    if len(cuts) <= 2:
        yield table
        return
    for part, (start, end) in enumerate(pairwise(cuts)):
        first, last = start == 0, end == len(table.body)
        yield replace(
            table,
            anchor=table.anchor if first else f"{table.anchor}-{part + 1}",
            label=table.label if first else f"{table.label}（續）",
            title=table.title if first else (),
            caption=table.caption if first else (),
            head=table.head if first else _without_calls(table.head),
            body=table.body[start:end],
            foot=table.foot if last else (),
            attribution=table.attribution if last else (),
        )


def _row_cuts(table: Table, longest: int) -> list[int]:
    """Where the body of a table is divided, its beginning and end among the places."""
    cuts, blocked_until = [0], 0
    for row, cells in enumerate(table.body):
        if row - cuts[-1] >= longest and row >= blocked_until:
            cuts.append(row)
        blocked_until = max(blocked_until, *(row + cell.rowspan for cell in cells), row + 1)
    return [*cuts, len(table.body)]


def _without_calls(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """Cells without the note calls that stand directly in them: a call has one place."""
    return tuple(
        tuple(replace(cell, children=tuple(n for n in cell.children if not isinstance(n, Call))) for cell in row)
        for row in rows
    )


def print_templates() -> Environment:
    """The templates of `layouts/print/`, with what print does to the text of a box."""
    return environment(
        {
            "set_text": set_text,
            "set_address": set_address,
            "set_nodes": set_nodes,
            "takes_a_dot": takes_a_dot,
            "plain": plain,
            "supplied": supplied,
            "zhuyin_letters": zhuyin_letters,
        }
    )


def set_text(content: str) -> str:
    """Text of a box, whose lines the engine breaks, glued where clreq forbids a break and Unicode does not.

    —— and …… stay whole and never begin a line (clreq 3.1.7); Korean breaks at blanks only.
    """
    return with_gaps(_GLUED.sub(WORD_JOINER, content))


def set_nodes(nodes: Sequence[Inline]) -> list[Inline]:
    """Inline nodes of a box with the gap where Han meets Latin between two of them."""
    spaced = list(nodes)
    for index, (one, other) in enumerate(pairwise(nodes)):
        before, after = plain((one,))[-1:], plain((other,))[:1]
        if before and after and meet(before, after):
            if isinstance(other, Text):
                spaced[index + 1] = replace(other, content=GAP + other.content)
            elif isinstance(ended := spaced[index], Text):
                spaced[index] = replace(ended, content=ended.content + GAP)
    return spaced


def set_address(content: str) -> str:
    """An address with the places where it may break: after / and before . ? & = # _ % ~ -."""
    return _ADDRESS_BREAK.sub(GAP, content) if "/" in content else content


def _set_off(pieces: list[Piece], space: float) -> Iterator[Piece]:
    """Pieces with space before the first and after the last."""
    for position, piece in enumerate(pieces):
        yield replace(
            piece,
            before=space if position == 0 else piece.before,
            after=space if position == len(pieces) - 1 else piece.after,
        )


def _notes_in(parts: Iterable[tuple[Inline, ...]]) -> tuple[Note, ...]:
    """The notes whose calls stand in inline content, in order; a repeated call brings no note."""
    return tuple(
        node.note for part in parts for node in inlines_inside(part) if isinstance(node, Call) and not node.again
    )


def _list_mark(numbering: str, number: int) -> str:
    """What stands before item `number` (from 1) of a list; `numbering` is a JATS list-type."""
    match numbering:
        case "order":
            return f"{number}."
        case "alpha-lower" | "alpha-upper":
            letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
            return f"{letter if numbering == 'alpha-lower' else letter.upper()}."
        case "roman-lower":
            return f"{_roman(number).lower()}."
        case "roman-upper":
            return f"{_roman(number)}."
        case "simple":
            return ""
        case _:
            return "•"


def _roman(value: int) -> str:
    """1 to 3999 in Roman figures."""
    figures = {"M": 1000, "CM": 900, "D": 500, "CD": 400, "C": 100, "XC": 90, "L": 50, "XL": 40, "X": 10}
    figures |= {"IX": 9, "V": 5, "IV": 4, "I": 1}
    text = ""
    for figure, amount in figures.items():
        count, value = divmod(value, amount)
        text += figure * count
    return text

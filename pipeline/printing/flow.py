"""Flow: the blocks of a brief to pieces, the rows that pages are made of.

Paragraphs, quotations, the items of lists and headings are composed into lines. Figures, tables and the head of a
brief are boxes of HTML with composed text in them, whose height the engine measures.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from pipeline.brief import (
    Block,
    Brief,
    Call,
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
)
from pipeline.compose import Line
from pipeline.printing.boxes import NOTHING, Boxes, labelled
from pipeline.printing.long_tables import table_parts
from pipeline.printing.painting import Composed
from pipeline.printing.tables import columns
from pipeline.profiles import profile
from pipeline.tokens import Setting

NOTE_INSET = 2
"""How far a note stands in from its number, in characters of its size."""

DEEPEST = 8
"""How far lists and quotations inside each other stand in at most, in characters."""

HEADINGS = 4
"""Depths of headings that have a style of their own."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a composed paragraph looks: its class in the style sheet, its setting, its language and id.

    `inset` is how many characters it stands in from the left; `mark` stands before its first line, `mark_inset`
    characters to the left of it. A heading has its `section`.
    """

    name: str
    setting: Setting
    lang: str | None = None
    anchor: str | None = None
    mark: Composed | None = None
    inset: int = 0
    mark_inset: int = 2
    section: Section | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A row of a brief: a line of a paragraph (`line` and `look`), or a box of HTML.

    What is `floating`, by its anchor, may stand on a later page than the text about it.
    A part of a table, or the whole, has the `table` and its language. A head that could be divided has the key of
    its brief in `head`.

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
    table: Table | None = None
    lang: str | None = None
    head: str = ""
    floating: str = ""


class Flow:
    """Makes pieces with one layout.

    `table_cuts` says behind which rows tables are divided that are too high for a page, by their anchors;
    `divided_heads` names the briefs whose head with its abstracts is too high for one.
    """

    def __init__(
        self,
        boxes: Boxes,
        table_cuts: Mapping[str, Sequence[int]] | None = None,
        divided_heads: Collection[str] = (),
    ) -> None:
        self._boxes, self._composer = boxes, boxes.composer
        self._table_cuts: Mapping[str, Sequence[int]] = table_cuts or {}
        self._divided_heads = divided_heads
        self._styles = boxes.tokens.styles
        self._pitch = boxes.tokens.length("pitch")
        self._em = boxes.tokens.length("size")
        note = self._styles["note"]
        self._note = replace(note, measure=note.measure - NOTE_INSET * note.size)

    def brief(self, brief: Brief) -> list[Piece]:
        """The pieces of a brief, its head first."""
        text_follows = bool(brief.blocks) and not isinstance(brief.blocks[0], Figure | Table)
        head = list(self._head(brief))
        head[-1] = replace(head[-1], keep=text_follows)
        body = replace(self._styles["body"], indent=profile(brief.lang).setting.indent * self._em)
        pieces = [*head, *self._blocks(brief.blocks, Look("body", body, brief.lang))]
        if brief.dates or brief.doi:
            pieces[-1] = replace(pieces[-1], keep=True)
            pieces.append(Piece(html=self._boxes.box("history", brief), before=self._pitch))
        return pieces

    def _head(self, brief: Brief) -> Iterator[Piece]:
        """The head of a brief; where it is higher than a page its abstracts and its keywords are pieces too."""
        notes = notes_in((brief.title, brief.subtitle, *(author.calls for author in brief.authors)))
        notes = tuple(sorted(notes, key=lambda note: not note.by_author))
        abstracts = [(brief.abstract, brief.lang), *((each.abstract, each.lang) for each in brief.translations)]
        abstracts = [(paragraphs, lang) for paragraphs, lang in abstracts if paragraphs]
        if brief.key not in self._divided_heads:
            yield Piece(html=self._boxes.box("head", brief), notes=notes, head=brief.key if abstracts else "")
            return
        yield Piece(html=self._boxes.box("head", brief, False), notes=notes, keep=True)
        for position, (paragraphs, lang) in enumerate(abstracts):
            after = 0.0 if brief.keywords or position + 1 < len(abstracts) else self._pitch
            yield Piece(html=self._boxes.box("head_abstract", paragraphs, lang), before=self._pitch, after=after)
        if brief.keywords:
            yield Piece(html=self._boxes.box("head_keywords", brief), before=self._pitch / 2, after=self._pitch)

    def contents(self, issue: Issue, folios: Sequence[int]) -> list[Piece]:
        """The pieces of the contents; `folios` are the numbers of the first pages of the briefs."""
        heading = Piece(html=self._boxes.box("contents_heading", issue), keep=True, after=self._pitch)
        entries = [
            Piece(html=self._boxes.box("entry", brief, folio), before=self._pitch)
            for brief, folio in zip(issue.briefs, folios, strict=True)
        ]
        return [heading, *entries]

    def note(self, note: Note, lang: str | None) -> Composed:
        """The lines of a note, those of all its paragraphs."""
        lines = [
            line
            for paragraph in note.paragraphs
            for line in self._composer.paragraph(paragraph.children, self._note, paragraph.lang or lang)
        ]
        return Composed(tuple(lines), self._note)

    def _blocks(self, blocks: Iterable[Block], look: Look) -> Iterator[Piece]:
        for block in blocks:
            match block:
                case Section():
                    yield from self._heading(block, look)
                    yield from self._blocks(block.blocks, look)
                case Paragraph():
                    yield from self._paragraph(block, look)
                case Quotation():
                    yield from self._quotation(block, look)
                case List():
                    yield from self._list(block, look)
                case Figure():
                    box = self._boxes.box("figure", block, look.lang)
                    yield self._set_off_box(box, block, floating=block.anchor)
                case Table():
                    cuts = self._table_cuts.get(block.anchor, ())
                    for part, box in self.table_boxes(block, table_parts(block, cuts, look.lang), look.lang):
                        piece = self._set_off_box(box, part, floating="" if cuts else block.anchor)
                        yield replace(piece, table=block, lang=look.lang)

    def table_boxes(
        self, table: Table, parts: Iterable[Table], lang: str | None
    ) -> Iterator[tuple[Table, Markup]]:
        """Parts of a table, each with its box; the columns of all are those of the whole."""
        widths = columns(table, self._boxes, lang)
        for part in parts:
            yield part, self._boxes.box("table", part, lang, widths)

    def _set_off_box(self, html: Markup, block: Figure | Table, floating: str) -> Piece:
        """A figure or table with an empty line before and after it."""
        notes = notes_in(inline_parts(block))
        return Piece(html=html, notes=notes, before=self._pitch, after=self._pitch, floating=floating)

    def _heading(self, section: Section, look: Look) -> Iterator[Piece]:
        """The lines of a heading with the space about it: whole lines in sum, whatever follows."""
        first = section.depth == 1
        name = f"heading-{min(section.depth, HEADINGS)}"
        look = Look(name, self._styles[name], look.lang, section=section)
        lines = self._composer.paragraph(labelled(section), look.setting, look.lang)
        for position, line in enumerate(lines):
            at_first, at_last = position == 0, position + 1 == len(lines)
            yield Piece(
                look=look,
                line=line,
                notes=line.notes,
                first=at_first,
                heading=True,
                keep=True,
                before=self._pitch * (1.5 if first else 1.0) if at_first else 0.0,
                after=self._pitch * (0.5 if first and at_last else 0.0),
                top=self._pitch * (0.5 if first and at_first else 0.0),
            )

    def _paragraph(self, paragraph: Paragraph, look: Look) -> Iterator[Piece]:
        """The lines of a paragraph, at least two of them together at each end (orphans and widows)."""
        look = replace(look, lang=paragraph.lang or look.lang, anchor=paragraph.anchor)
        lines = self._composer.paragraph(paragraph.children, look.setting, look.lang)
        for position, line in enumerate(lines):
            keep = position + 1 < len(lines) and position in (0, len(lines) - 2)
            yield Piece(look=look, line=line, notes=line.notes, first=position == 0, keep=keep)

    def _quotation(self, quotation: Quotation, look: Look) -> Iterator[Piece]:
        """A quotation stands in two characters on both sides, an empty line before and after."""
        step = 2 if look.inset < DEEPEST else 0
        measure = look.setting.measure - 2 * step * self._em
        style = replace(self._styles["quotation"], measure=measure)
        lang = quotation.lang or look.lang
        look = replace(look, name="quotation", lang=lang, inset=look.inset + step, setting=style)
        pieces: list[Piece] = []
        for position, block in enumerate(quotation.blocks):
            indent = profile(lang).setting.indent * self._em if position else 0.0
            mark = None if position else look.mark
            pieces += self._blocks([block], replace(look, setting=replace(style, indent=indent), mark=mark))
        if quotation.attribution:
            source = replace(self._styles["attribution"], measure=measure)
            pieces[-1] = replace(pieces[-1], keep=True)
            pieces += self._paragraph(
                Paragraph(quotation.attribution), replace(look, name="attribution", setting=source, mark=None)
            )
        yield from _set_off(pieces, self._pitch)

    def _list(self, listing: List, look: Look) -> Iterator[Piece]:
        """The items of a list, two characters in, their marks before them."""
        marks = [_list_mark(listing.numbering, number) for number in range(1, len(listing.items) + 1)]
        step = self._step(marks, look.setting) if look.inset < DEEPEST else 0
        narrow = replace(look.setting, measure=look.setting.measure - step * self._em, indent=0.0)
        inner = replace(look, name="item", inset=look.inset + step, mark_inset=step or 2, setting=narrow)
        for written, item in zip(marks, listing.items, strict=True):
            mark = self._mark(written, narrow, step)
            for position, block in enumerate(item.blocks):
                yield from self._blocks([block], replace(inner, mark=None if position else mark))

    def _step(self, marks: Sequence[str], setting: Setting) -> int:
        """How far a list stands in: two characters, or more where its marks are wider."""
        widths = (self._composer.widths((Text(mark),), setting, "en")[1] for mark in marks if mark)
        widest = max(widths, default=0.0)
        return next(step for step in (2, 4, 6, 8) if widest <= (step - 0.5) * self._em or step == 8)

    def _mark(self, mark: str, setting: Setting, step: int) -> Composed | None:
        """The mark of an item, in the `step` characters before it."""
        if not mark:
            return None
        width = max((step - 0.5) * self._em, self._composer.widths((Text(mark),), setting, "en")[1])
        setting = replace(setting, measure=width, align="right" if mark != "•" else "center")
        return Composed(self._composer.paragraph((Text(mark),), setting, "en"), setting)


def _set_off(pieces: list[Piece], space: float) -> Iterator[Piece]:
    """Pieces with space before the first and after the last."""
    for position, piece in enumerate(pieces):
        yield replace(
            piece,
            before=space if position == 0 else piece.before,
            after=space if position == len(pieces) - 1 else piece.after,
        )


def notes_in(parts: Iterable[tuple[Inline, ...]]) -> tuple[Note, ...]:
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

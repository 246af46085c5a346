"""The issue as plain values: what print, EPUB and every other edition are made from.

A node has a `kind` that the templates in `layouts/` dispatch on. All numbers and generated words are in
here already (from `pipeline.number`); no template counts anything.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import ClassVar

from pipeline.profiles import words

_NAMESPACE = uuid.UUID("6f2b8c1e-3c62-5f7e-9d0b-0d6b4b1a9f11")


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of text in one language; `lang` is None where it is the language around it."""

    kind: ClassVar[str] = "text"
    content: str
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """Inline text set apart.

    `name` is one of italic, bold, sup, sub, emphasis-mark, foreign, citation, or the style-type of a
    `styled-content`; `lang` is given where the markup gives it.
    """

    kind: ClassVar[str] = "style"
    name: str
    children: tuple[Inline, ...]
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link out of the issue."""

    kind: ClassVar[str] = "link"
    href: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Ruby:
    """Base text with its pronunciation: zhuyin (注音) or letters."""

    kind: ClassVar[str] = "ruby"
    base: str
    annotation: str


@dataclass(frozen=True, slots=True)
class Call:
    """The figure of a note in the text. `again` counts the repeated calls of one note (0: where it stands)."""

    kind: ClassVar[str] = "call"
    note: Note
    again: int = 0

    @property
    def anchor(self) -> str:
        """The id of this call."""
        return f"{self.note.anchor}-call" + (f"-{self.again + 1}" if self.again else "")


@dataclass(frozen=True, slots=True)
class Reference:
    """Generated words that point into the brief: 同前註, 見註5, 圖1, 壹、二.

    `to` is same-source, see, fig, table or sec; `anchor` is the id pointed at. `locator` follows the words
    and names the pages (，頁9). `source`: for a source cited in another note the full citation that the words
    stand for, which editions can show, marked as supplied.
    """

    kind: ClassVar[str] = "reference"
    to: str
    anchor: str
    words: str
    locator: str = ""
    source: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a line between the paragraphs of one table cell."""

    kind: ClassVar[str] = "break"


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Where a page of the printed issue begins; `page` is the number printed on it (EPUB 3.3, page-list)."""

    kind: ClassVar[str] = "page-break"
    page: int

    @property
    def anchor(self) -> str:
        """The id of the place."""
        return f"page-{self.page}"


Inline = Text | Style | Link | Ruby | Call | Reference | Break | PageBreak


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `lang` is given where it differs from the brief's."""

    kind: ClassVar[str] = "paragraph"
    children: tuple[Inline, ...]
    lang: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """A block quotation and, if given, whose words they are."""

    kind: ClassVar[str] = "quotation"
    blocks: tuple[Block, ...]
    attribution: tuple[Inline, ...] = ()
    lang: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its generated label (圖1), caption, alternative text and source (資料來源)."""

    kind: ClassVar[str] = "figure"
    anchor: str
    label: str
    title: tuple[Inline, ...]
    caption: tuple[Paragraph, ...]
    alternative: str
    picture: Path
    href: str
    attribution: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `align` is left, center, right or empty, `scope` what a heading is for, or empty."""

    heading: bool
    children: tuple[Inline, ...]
    colspan: int = 1
    rowspan: int = 1
    align: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its generated label (表1): rows of cells in the head, the bodies and the foot."""

    kind: ClassVar[str] = "table"
    anchor: str
    label: str
    title: tuple[Inline, ...]
    caption: tuple[Paragraph, ...]
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    foot: tuple[tuple[Cell, ...], ...]
    attribution: tuple[tuple[Inline, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class List:
    """A list; `numbering` is a JATS list-type: order, bullet, simple, alpha-lower, …"""

    kind: ClassVar[str] = "list"
    numbering: str
    items: tuple[Item, ...]
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section; `label` is empty where none is printed, `depth` counts from 1.

    `after_label` stands between the label and the title (1.1　題名).
    """

    kind: ClassVar[str] = "section"
    anchor: str
    label: str
    title: tuple[Inline, ...]
    depth: int
    blocks: tuple[Block, ...]
    after_label: str = ""


Block = Paragraph | Quotation | Figure | Table | List | Section


@dataclass(frozen=True, slots=True)
class Note:
    """A note with its printed number, or the mark of an author's note (*, **)."""

    kind: ClassVar[str] = "note"
    anchor: str
    label: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def by_author(self) -> bool:
        """Whether it is the author's note on title or author, which is not numbered."""
        return not self.label.isdecimal()


@dataclass(frozen=True, slots=True)
class Author:
    """An author: a person or a body, with the unit and, where given, the name in English and the ORCID.

    `calls`: the calls of the author's notes behind the name; `collective` tells that the author is a body.
    """

    name: str
    unit: tuple[str, ...] = ()
    english: str | None = None
    orcid: str | None = None
    calls: tuple[Call, ...] = ()
    collective: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """Title, subtitle or abstract in another language."""

    lang: str
    title: str = ""
    subtitle: str = ""
    abstract: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class Keywords:
    """Keywords in one language."""

    lang: str | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """One article of the issue. `key` (b01, b02 …) begins the ids of all its anchors."""

    key: str
    lang: str
    title: tuple[Inline, ...]
    subtitle: tuple[Inline, ...]
    authors: tuple[Author, ...]
    focus: tuple[str, ...]
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...]
    abstract: tuple[Paragraph, ...] = ()
    translations: tuple[Translation, ...] = ()
    keywords: tuple[Keywords, ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    doi: str | None = None

    @property
    def plain_title(self) -> str:
        """The title as plain text, without note calls."""
        return plain(self.title)

    @property
    def plain_subtitle(self) -> str:
        """The subtitle as plain text."""
        return plain(self.subtitle)

    def sections(self) -> Iterator[Section]:
        """All sections in the order of the text."""
        yield from _sections(self.blocks)

    def figures(self) -> Iterator[Figure]:
        """All figures in the order of the text."""
        for block in walk(self.blocks):
            if isinstance(block, Figure):
                yield block


@dataclass(frozen=True, slots=True)
class Colophon:
    """What the colophon (版權頁) prints; what is not given is not printed, nor who deposits the issue."""

    publisher: str = ""
    address: str = ""
    telephone: str = ""
    url: str = ""
    editor_in_chief: str = ""
    editorial_board: tuple[str, ...] = ()
    executive_editor: str = ""
    first_issue: date | None = None
    frequency: str = ""
    licence: str = ""
    licence_href: str = ""
    price: str = ""
    issn_print: str = ""
    issn_electronic: str = ""
    gpn: str = ""
    doi_prefix: str = ""
    depositor: str = ""
    depositor_email: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """The whole issue."""

    lang: str
    title: str
    english_title: str
    volume: str
    number: str
    published: date
    colophon: Colophon
    briefs: tuple[Brief, ...]
    cover: Path | None = None
    cover_alternative: str = ""
    folder: Path = field(default_factory=Path)

    @property
    def authors(self) -> tuple[str, ...]:
        """The names of all authors, each once, in the order of the briefs."""
        return tuple(dict.fromkeys(author.name for brief in self.briefs for author in brief.authors))

    @property
    def identifier(self) -> str:
        """A name for the issue that stays the same in every build: a UUID of its title, number and date."""
        return f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{self.title}|{self.name}|{self.published.isoformat()}')}"

    @property
    def name(self) -> str:
        """Volume and number in words: 第1卷第2期, or 第2期."""
        own = words(self.lang)
        return (own["issue_of_volume"] if self.volume else own["issue"]).format(
            volume=self.volume, number=self.number
        )


def plain(inlines: tuple[Inline, ...]) -> str:
    """The text of inline nodes as a reader would read it aloud: no note calls, ruby without annotation."""
    return "".join(_plain(node) for node in inlines)


def supplied(reference: Reference, lang: str | None = None) -> str:
    """The source a reference stands for as plain text in the brackets that mark what is supplied, or nothing.

    `lang` is the language of the brief.
    """
    return words(lang)["supplied"].format(source=plain(reference.source)) if reference.source else ""


def _plain(node: Inline) -> str:
    match node:
        case Text():
            return node.content
        case Style() | Link():
            return plain(node.children)
        case Ruby():
            return node.base
        case Reference():
            return node.words + node.locator
        case Call() | Break() | PageBreak():
            return ""


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Every block, those inside sections, quotations and lists among them, in the order of the text."""
    for block in blocks:
        yield block
        match block:
            case Section() | Quotation():
                yield from walk(block.blocks)
            case List():
                for item in block.items:
                    yield from walk(item.blocks)
            case _:
                pass


def inline_nodes(brief: Brief) -> Iterator[Inline]:
    """Every inline node of a brief, those inside others and inside notes among them."""
    paragraphs = [brief.title, brief.subtitle]
    paragraphs += [paragraph.children for paragraph in brief.abstract]
    for translation in brief.translations:
        paragraphs += [paragraph.children for paragraph in translation.abstract]
    for block in walk(brief.blocks):
        paragraphs += inline_parts(block)
    for note in brief.notes:
        paragraphs += [paragraph.children for paragraph in note.paragraphs]
    for children in paragraphs:
        yield from inlines_inside(children)


def inline_parts(block: Block) -> list[tuple[Inline, ...]]:
    """The inline content of one block, without the blocks inside it."""
    match block:
        case Paragraph():
            return [block.children]
        case Section():
            return [block.title]
        case Quotation():
            return [block.attribution]
        case Figure():
            return [block.title, *(p.children for p in block.caption), block.attribution]
        case Table():
            rows = (*block.head, *block.body, *block.foot)
            cells = [cell.children for row in rows for cell in row]
            return [block.title, *(p.children for p in block.caption), *cells, *block.attribution]
        case List():
            return []


def inlines_inside(children: tuple[Inline, ...]) -> Iterator[Inline]:
    """Inline nodes and, after each, those inside it."""
    for node in children:
        yield node
        if isinstance(node, Style | Link):
            yield from inlines_inside(node.children)


def _sections(blocks: tuple[Block, ...]) -> Iterator[Section]:
    return (block for block in walk(blocks) if isinstance(block, Section))

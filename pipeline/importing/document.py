"""Document: a manuscript of an author as plain values, whichever program it was written with.

`pipeline.importing.reading` makes it, `pipeline.importing.recognise` reads a brief out of it. Nothing is decided
in here: a paragraph has the look that the author gave it, not a meaning. Lengths are in points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["docx", "odt", "markdown", "html", "text"]


OWN_MARK = "註的自訂記號"
"""How an entry of `Document.lost` begins that tells of a mark in the place of the number of a note."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look. A soft return is "\\n", a tab "\\t"; blanks are as typed.

    `font` is the name of the face for East Asian characters (標楷體), `size` in points, `lang` a BCP 47 tag: all
    None where the manuscript does not say. `href` is the address of a link or field.
    """

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    sup: bool = False
    sub: bool = False
    font: str | None = None
    size: float | None = None
    lang: str | None = None
    href: str | None = None
    style: str | None = None
    """The name of its character style."""
    mark: str | None = None
    """The bookmark that holds the run: the id of what an earlier export wrote there."""
    ruby: str | None = None
    """The pronunciation above it."""
    emphasis: bool = False
    """Whether it has emphasis marks (著重號)."""
    anchor: str | None = None
    """What it refers to within the file: the key of a note, or the name of a bookmark (`Paragraph.marks`)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the author saw at the call of a note. Notes of one `series` are counted together: the footnotes of a
    section, the endnotes. `number` is None at a mark of the author's own.

    `sure`: whether the file tells the number; where each page begins with 1 it does not.
    """

    series: str
    number: int | None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class NoteCall:
    """Where a real footnote or endnote is called; `note` is its key in `Document.notes`.

    `shown` is None where the program numbers the notes one after the other.
    """

    note: str
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the text; `name` is its key in `Document.media`."""

    name: str
    alternative: str = ""


Inline = Run | NoteCall | Picture


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `number` counts the paragraphs of the document from 1, those of notes and cells too, in the
    order of the file: the place that a finding names.

    `style` is the name of its paragraph style; `outline` the level of a heading by style (from 1). `left`, `right`
    and `first` are indents, `quoted` tells that the format itself calls it a quotation. `label` is the number that
    the program generated for it and that is no part of the text (壹、), where that is known.
    """

    inlines: tuple[Inline, ...]
    number: int
    style: str | None = None
    outline: int | None = None
    left: float = 0.0
    right: float = 0.0
    first: float = 0.0
    alignment: str = ""
    quoted: bool = False
    label: str = ""
    marks: tuple[str, ...] = ()
    """The bookmarks that begin in it."""

    @property
    def text(self) -> str:
        """Its text; calls and pictures are nothing."""
        return "".join(each.text for each in self.inlines if isinstance(each, Run))


@dataclass(frozen=True, slots=True)
class List:
    """A list made with the list tool of the program; `style` is as in JATS `list/@list-type`."""

    style: str
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    blocks: tuple[Block, ...]
    columns: int = 1
    rows: int = 1
    header: bool = False
    alignment: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, row by row; `number` is that of its first paragraph. `caption` is the one of the format itself."""

    rows: tuple[tuple[Cell, ...], ...]
    number: int
    caption: tuple[Inline, ...] = ()


Block = Paragraph | List | Table


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote or endnote made with the tool of the program."""

    blocks: tuple[Block, ...]
    end: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A tracked change, which was accepted: `kind` is insertion, deletion or move."""

    kind: Literal["insertion", "deletion", "move"]
    text: str
    author: str
    date: str
    number: int


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in the margin; `quoted` is the text it is about."""

    text: str
    quoted: str
    author: str
    date: str
    number: int


GONE = ("參照的註已經刪掉了，留作文字", "a reference to a note that is gone: kept as words")
"""What `Document.lost` says of a paragraph whose field or link pointed at a note that is no longer there."""


@dataclass(frozen=True, slots=True)
class Document:
    """A manuscript. `notes` are in the order of their calls; `media` maps names to the bytes of pictures.

    `properties` are what the file says of itself (title, author, lang …). `lost` names what was in the file and
    can't be in a brief, in the two languages of the tool, each with the paragraph: a text box, an equation.
    `source` is the markup that `kan export` put into the file, if it did.
    """

    kind: Kind
    blocks: tuple[Block, ...]
    notes: Mapping[str, Note] = field(default_factory=dict)
    media: Mapping[str, bytes] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    comments: tuple[Comment, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    lost: tuple[tuple[int, str, str], ...] = ()
    source: bytes | None = None


def paragraphs_in(blocks: Iterable[object]) -> Iterator[Paragraph]:
    """The paragraphs in blocks, also those in lists and tables."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, List):
            for item in block.items:
                yield from paragraphs_in(item)
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    yield from paragraphs_in(cell.blocks)

"""OpenDocument: the blocks of an ODT, with their looks.

pandoc's reader gives up cells that span rows, tables in tables, lists in notes and all looks, so all is read here.
OpenDocument 1.3 part 3: 4 Text, 5.5 Change tracking, 6 Inline, 9 Tables, 16 Styles.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.importing.document import (
    Block,
    Cell,
    Change,
    Comment,
    Inline,
    List,
    Note,
    NoteCall,
    Paragraph,
    Picture,
    Run,
    Table,
)
from pipeline.importing.gate.package import Element, NoTextError, Package, whole
from pipeline.importing.reading.inlines import (
    CONTENTS,
    TEXT_BOX,
    is_address,
    is_written,
    joined,
    struck,
    without_first_blanks,
)
from pipeline.importing.reading.opendocument_styles import LISTS, Labels, Styles, has_han, styles

_PREFIXES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
_MOST_COLUMNS = 1_000
_WRAPPERS = frozenset(
    {"section", "index-body", "bibliography", "index-title", "numbered-paragraph", "g", "list-header"}
)
_GENERATED = frozenset(
    {"table-of-content", "illustration-index", "table-index", "object-index", "user-index", "alphabetical-index"}
)
_DEEPEST_HEADING = 10
_QUOTED = 12
"""How many characters before a comment on a point are quoted."""
_INLINE_WRAPPERS = frozenset({"meta", "meta-field", "ruby-base", "g"})
_WITHOUT_TEXT = frozenset(
    {"tracked-changes", "sequence-decls", "variable-decls", "user-field-decls", "forms", "note-citation",
     "soft-page-break", "bookmark-ref-start", "dde-connection-decls"}
)  # fmt: skip
_QUOTES = frozenset(
    {
        "quotations",
        "quote",
        "intense quote",
        "block text",
        "blockquote",
        "block quotation",
        "引文",
        "引用",
        "明顯引文",
        "鮮明引文",
    }
)
_CAPTIONS = frozenset({"Caption", "Illustration", "Figure", "Drawing", "標號", "圖例", "插圖"})
_LOST_PICTURES = (".emf", ".wmf", ".svm", ".emz", ".wmz")
_BLANKS = re.compile("[ \t\r\n]+")


def q(name: str) -> str:
    """A name with its prefix, as lxml writes it."""
    prefix, _, local = name.partition(":")
    return f"{{{_PREFIXES[prefix]}}}{local}"


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


@dataclass
class Read:
    """What was read of an ODT."""

    blocks: tuple[Block, ...] = ()
    notes: dict[str, Note] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    lost: list[tuple[int, str, str]] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)


def read(package: Package) -> Read:
    """Read an ODT. Raises `BadPartError`, `NoTextError`."""
    content = package.root("content.xml")
    body = content.find(f"{q('office:body')}/{q('office:text')}") if content is not None else None
    if content is None or body is None:
        raise NoTextError
    reader = _Reader(package, styles(content, package.root("styles.xml")), body)
    reader.whole(body)
    return reader.read


@dataclass
class _Span:
    """A comment or insertion whose text is being read."""

    number: int
    about: Element
    text: str = ""


class _Reader:
    """Reads the text; what spans paragraphs (comments, insertions, bookmarks) is kept here."""

    def __init__(self, package: Package, known: Styles, body: Element) -> None:
        self.package, self.styles = package, known
        self.labels = Labels(known)
        self.read = Read()
        self.number = 0
        self.waiting: list[tuple[str, Element]] = []
        self.regions = {
            each.get(q("text:id"), each.get(q("xml:id"), "")): each for each in body.iter(q("text:changed-region"))
        }
        self.insertions: dict[str, _Span] = {}
        self.comments: dict[str, _Span] = {}
        self.bookmarks: list[str] = []
        self.ended = {each.get(q("office:name"), "") for each in body.iter(q("office:annotation-end"))}

    def whole(self, body: Element) -> None:
        """Read the text, then its notes in the order of their calls."""
        self.read.blocks = tuple(self.blocks(body))
        while self.waiting:
            key, note = self.waiting.pop(0)
            held = note.find(q("text:note-body"))
            content = tuple(self.blocks(held)) if held is not None else ()
            if content and isinstance(content[0], Paragraph):
                first = replace(content[0], inlines=tuple(without_first_blanks(content[0].inlines)))
                content = (first, *content[1:])
            self.read.notes[key] = Note(content, note.get(q("text:note-class")) == "endnote")
        for span in list(self.comments.values()):
            self._comment(span)
        self.read.properties = self._properties()

    def lose(self, chinese: str, english: str) -> None:
        """Remember what can't be in a brief."""
        self.read.lost.append((self.number, chinese, english))

    def blocks(self, parent: Element, list_style: str | None = None) -> Iterator[Block]:
        """The blocks of a body, note, section or cell."""
        for each in parent:
            name = local(each)
            if name in ("p", "h"):
                yield from self._paragraph(each, None)
            elif name == "list":
                yield from self._list(each, list_style, 1)
            elif name == "table" and each.tag == q("table:table"):
                yield from self._table(each)
            elif name in _GENERATED:
                self.lose(*CONTENTS)
            elif name == "section" and _is_hidden(each):
                paragraphs = each.iter(q("text:p"), q("text:h"))
                text = " ".join(" ".join("".join(inner.itertext()).split()) for inner in paragraphs)
                self.lose(f"隱藏的文字「{text}」", f"hidden text: {text}")
            elif name in _WRAPPERS:
                yield from self.blocks(each, list_style)
            elif name in ("frame", "custom-shape", "text-box", "rect"):
                yield from self._block_frame(each)
            elif name in ("change-start", "change-end", "change"):
                self._change(each)

    def _block_frame(self, element: Element) -> Iterator[Block]:
        """A frame that stands between paragraphs, as one in a paragraph of its own."""
        content = _Content(self, None)
        self.number += 1
        content.piece(element)
        if is_written(content.inlines):
            yield Paragraph(joined(content.inlines), self.number)
        for box in content.boxes:
            self.lose(*TEXT_BOX)
            yield from self.blocks(box)

    def _paragraph(self, source: Element, listed: tuple[str, int] | None) -> Iterator[Block]:
        self.number += 1
        number = self.number
        key = source.get(q("text:style-name"))
        look = self.styles.paragraph(key)
        outline = look.outline
        if local(source) == "h":
            said = whole(source.get(q("text:outline-level")), look.outline or 1)
            outline = max(1, min(_DEEPEST_HEADING, said))
        label = self.labels.label(listed, outline if local(source) == "h" else None)
        content = _Content(self, key)
        content.walk(source)
        inlines = joined(content.inlines)
        if _is_caption(source, look.names):
            pictures = tuple(each for each in inlines if isinstance(each, Picture))
            inlines = tuple(each for each in inlines if not isinstance(each, Picture))
            if pictures:
                yield Paragraph(pictures, number)
        if is_written(inlines):
            yield Paragraph(
                inlines, number, look.name, outline, look.left, look.right, look.first, look.alignment,
                any(name.lower() in _QUOTES for name in look.names), label, tuple(content.marks),
            )  # fmt: skip
        for box in content.boxes:
            if not any(_is_caption(each) for each in box.iter(q("text:p"))):
                self.lose(*TEXT_BOX)
            yield from self.blocks(box)

    def _list(self, source: Element, inherited: str | None, level: int) -> Iterator[Block]:
        """A list; one of numbered headings, which Writer wraps them in, is just the headings."""
        key = source.get(q("text:style-name")) or inherited
        self.labels.begin(
            key,
            level,
            goes_on=source.get(q("text:continue-numbering")) == "true"
            or bool(source.get(q("text:continue-list"))),
        )
        items: list[tuple[Block, ...]] = []
        for item in source:
            inside: list[Block] = []
            for place, each in enumerate(item):
                name = local(each)
                if name in ("p", "h"):
                    numbered = (key or "", level) if place == 0 and local(item) == "list-item" else None
                    inside += self._paragraph(each, numbered)
                elif name == "list":
                    inside += self._list(each, key, level + 1)
                elif each.tag == q("table:table"):
                    inside += self._table(each)
            if inside:
                items.append(tuple(inside))
        if _holds_heading(items):
            for blocks in items:
                yield from blocks
        elif items:
            yield List(LISTS.get(self.labels.format(key, level), "order"), tuple(items))

    def _table(self, source: Element) -> Iterator[Block]:
        first = self.number + 1
        rows = [self._row(row, header) for row, header in _rows(source)]
        filled = [row for row in rows if row]
        if filled:
            yield Table(tuple(filled), first)

    def _row(self, row: Element, header: bool) -> tuple[Cell, ...]:
        cells: list[Cell] = []
        for each in row:
            if each.tag != q("table:table-cell"):
                continue
            inside = tuple(self.blocks(each))
            paragraph = next((block for block in inside if isinstance(block, Paragraph)), None)
            cell = Cell(
                inside,
                max(1, min(_MOST_COLUMNS, whole(each.get(q("table:number-columns-spanned")), 1))),
                max(1, min(_MOST_COLUMNS, whole(each.get(q("table:number-rows-spanned")), 1))),
                header,
                paragraph.alignment if paragraph else "",
            )
            copies = 1 if inside else min(_MOST_COLUMNS, whole(each.get(q("table:number-columns-repeated")), 1))
            cells += [cell] * copies
        return tuple(cells)

    def _change(self, element: Element) -> None:
        """A mark of a tracked change: the insertion that begins or ends there, or what was deleted there."""
        key = element.get(q("text:change-id"), "")
        region = self.regions.get(key)
        if region is None or not len(region):
            return
        about = region[0]
        name = local(element)
        if name == "change-start" and local(about) == "insertion":
            self.insertions[key] = _Span(self.number, about)
        elif name == "change-end" and key in self.insertions:
            span = self.insertions.pop(key)
            self._changed("insertion", span.text, about, span.number)
        elif name == "change" and local(about) == "deletion":
            paragraphs = ["".join(each.itertext()) for each in about.iter(q("text:p"), q("text:h"))]
            self._changed("deletion", "\n".join(paragraphs).strip("\n") or "¶", about, self.number)

    def _changed(self, kind: Any, text: str, about: Element, number: int) -> None:
        if text:
            author, date = _said(about, "dc:creator"), _said(about, "dc:date")
            self.read.changes.append(Change(kind, text, author, date, number))

    def _comment(self, span: _Span) -> None:
        about = span.about
        said = "\n".join("".join(each.itertext()) for each in about.iter(q("text:p")))
        self.read.comments.append(
            Comment(said, span.text, _said(about, "dc:creator"), _said(about, "dc:date"), span.number)
        )

    def _properties(self) -> dict[str, str]:
        root = self.package.root("meta.xml")
        meta = root.find(q("office:meta")) if root is not None else None
        names = {
            "initial-creator": "creator",
            "creation-date": "created",
            "date": "modified",
            "keyword": "keywords",
        }
        found: dict[str, str] = {}
        for each in meta if meta is not None else ():
            if (
                each.text
                and each.text.strip()
                and local(each) not in ("generator", "editing-cycles", "editing-duration", "user-defined")
            ):
                found.setdefault(names.get(local(each), local(each)), each.text.strip())
        return found


class _Content:
    """What stands in one paragraph."""

    def __init__(self, reader: _Reader, style: str | None) -> None:
        self.reader, self.style = reader, style
        self.inlines: list[Inline] = []
        self.marks: list[str] = []
        self.boxes: list[Element] = []
        self.addresses: list[str] = []
        self.spans: list[str] = []
        self.blank = True
        """Whether blanks that follow count for nothing: at the start, and after a blank (6.1.2)."""

    def walk(self, parent: Element) -> None:
        """Read the text and elements inside an element of a paragraph."""
        self.collapsed(parent.text)
        for each in parent:
            self.piece(each)
            self.collapsed(each.tail)

    def collapsed(self, text: str | None) -> None:
        """Add text, rows of blanks as one."""
        text = _BLANKS.sub(" ", text or "")
        if self.blank:
            text = text.removeprefix(" ")
        if text:
            self.blank = text.endswith(" ")
            self.text(text)

    def text(self, text: str, ruby: str | None = None) -> None:
        """Add text as it is."""
        look = self.reader.styles.run(self.style, self.spans, has_han(text))
        if look.hidden:
            if text.strip():
                self.reader.lose(f"隱藏的文字「{text}」", f"hidden text: {text}")
            return
        if look.struck and text.strip():
            self.reader.lose(*struck(text))
        for span in (*self.reader.insertions.values(), *self.reader.comments.values()):
            span.text += text
        self.inlines.append(
            Run(
                text, look.bold, look.italic, look.underline, look.sup, look.sub, look.font, look.size, look.lang,
                next((each for each in reversed(self.addresses) if each), None), look.name,
                self.reader.bookmarks[-1] if self.reader.bookmarks else None, ruby, look.emphasis,
            )
        )  # fmt: skip

    def piece(self, element: Element) -> None:
        """One element inside a paragraph."""
        name = local(element)
        read = _PIECES.get(name)
        if name == "span":
            self.spans.append(element.get(q("text:style-name"), ""))
            self.walk(element)
            self.spans.pop()
        elif name == "a":
            self.addresses.append(self._allowed(element.get(q("xlink:href"), "")))
            self.walk(element)
            self.addresses.pop()
        elif read is not None:
            read(self, element)
        elif name in ("change-start", "change-end", "change"):
            self.reader._change(element)
        elif name in _WITHOUT_TEXT or name.endswith(("-mark", "-mark-start", "-mark-end")):
            return
        elif name in _INLINE_WRAPPERS or str(element.tag).startswith(f"{{{_PREFIXES['text']}}}"):
            self.walk(element)

    def _allowed(self, address: str) -> str:
        """An address of the web or of mail; the text of another link stays without it."""
        if is_address(address):
            return address
        if address and not address.startswith("#"):
            self.reader.lose(f"連到「{address}」的連結，只留文字", f"a link to {address}: only its text is kept")
        return ""

    def _blanks(self, element: Element) -> None:
        self.text(" " * min(1_000, whole(element.get(q("text:c")), 1)))
        self.blank = False

    def _tab(self, _: Element) -> None:
        self.text("\t")
        self.blank = False

    def _line(self, _: Element) -> None:
        self.text("\n")
        self.blank = True

    def _note(self, element: Element) -> None:
        self.blank = False
        kind = element.get(q("text:note-class"), "footnote")
        key = f"{kind}-{element.get(q('text:id')) or len(self.reader.read.notes) + len(self.reader.waiting)}"
        taken = {each for each, _ in self.reader.waiting} | set(self.reader.read.notes)
        while key in taken:
            key += "x"
        self.reader.waiting.append((key, element))
        self.inlines.append(NoteCall(key))

    def _annotation(self, element: Element) -> None:
        """A comment on a stretch, or on a point: then the words before it are quoted."""
        key = element.get(q("office:name"), "")
        if key and key in self.reader.ended:
            self.reader.comments[key] = _Span(self.reader.number, element)
        else:
            before = "".join(each.text for each in self.inlines if isinstance(each, Run))
            self.reader._comment(_Span(self.reader.number, element, before.strip()[-_QUOTED:]))

    def _annotation_end(self, element: Element) -> None:
        span = self.reader.comments.pop(element.get(q("office:name"), ""), None)
        if span:
            self.reader._comment(span)

    def _bookmark(self, element: Element) -> None:
        name = element.get(q("text:name"), "")
        if name and not name.startswith(("__RefHeading", "__DdeLink", "_Toc", "_GoBack", "_Hlk", "OLE_LINK")):
            self.marks.append(name)
            if local(element) == "bookmark-start":
                self.reader.bookmarks.append(name)

    def _bookmark_end(self, element: Element) -> None:
        name = element.get(q("text:name"), "")
        if name in self.reader.bookmarks:
            self.reader.bookmarks.remove(name)

    def _ruby(self, element: Element) -> None:
        base, spoken = element.find(q("text:ruby-base")), element.find(q("text:ruby-text"))
        if base is not None:
            self.blank = False
            self.text("".join(base.itertext()), "".join(spoken.itertext()) if spoken is not None else None)

    def _hidden(self, element: Element) -> None:
        text = element.get(q("text:string-value")) or "".join(element.itertext())
        if text.strip():
            self.reader.lose(f"隱藏的文字「{text}」", f"hidden text: {text}")

    def _frame(self, element: Element) -> None:
        """A frame: the first of its contents that can be shown (10.4.2)."""
        self.blank = False
        about = element.find(q("svg:desc"))
        title = element.find(q("svg:title"))
        alternative = "".join(about.itertext()) if about is not None else ""
        alternative = alternative or ("".join(title.itertext()) if title is not None else "")
        images = element.findall(q("draw:image"))
        boxes = element.findall(q("draw:text-box"))
        if images:
            self._image(images, alternative)
        elif boxes:
            self.boxes += boxes
        elif local(element) in ("custom-shape", "rect", "text-box"):
            self.boxes.append(element)
        if element.find(q("draw:object")) is not None:
            self.reader.lose("內嵌的物件（方程式或統計圖）", "an embedded object (an equation or a chart)")

    def _image(self, images: list[Element], alternative: str) -> None:
        parts = self.reader.package.parts
        names = [posixpath.normpath(each.get(q("xlink:href"), "")) for each in images]
        there = [name for name in names if name in parts and not name.startswith("ObjectReplacements/")]
        if not there:
            if not any(name.startswith("ObjectReplacements/") for name in names):
                self.reader.lose("檔案裡沒有的圖片", "a picture that is not in the file")
            return
        name = next((each for each in there if not each.lower().endswith(_LOST_PICTURES)), there[0])
        key = posixpath.basename(name)
        self.reader.read.media[key] = parts[name]
        if key.lower().endswith(_LOST_PICTURES):
            self.reader.lose(
                f"圖片「{key}」是圖元檔，請另存為PNG或SVG",
                f"the picture {key} is a metafile: save it as PNG or SVG",
            )
        self.inlines.append(Picture(key, alternative.strip()))


_PIECES: Mapping[str, Callable[[_Content, Element], None]] = {
    "s": _Content._blanks,
    "tab": _Content._tab,
    "line-break": _Content._line,
    "note": _Content._note,
    "annotation": _Content._annotation,
    "annotation-end": _Content._annotation_end,
    "bookmark": _Content._bookmark,
    "bookmark-start": _Content._bookmark,
    "bookmark-end": _Content._bookmark_end,
    "ruby": _Content._ruby,
    "hidden-text": _Content._hidden,
    "hidden-paragraph": _Content._hidden,
    "frame": _Content._frame,
    "custom-shape": _Content._frame,
    "rect": _Content._frame,
}


def _rows(parent: Element) -> Iterator[tuple[Element, bool]]:
    """The rows of a table, and whether they head it."""
    for each in parent:
        name = local(each)
        if name == "table-row":
            yield each, local(parent) == "table-header-rows"
        elif name in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(each)


def _is_caption(source: Element, names: tuple[str, ...] = ()) -> bool:
    """Whether a paragraph is a caption to which its picture is anchored, as Writer makes them."""
    anchored = (each.get(q("text:anchor-type")) for each in source.iterfind(q("draw:frame")))
    numbered = source.find(f".//{q('text:sequence')}") is not None
    return "paragraph" in anchored and (numbered or any(name in _CAPTIONS for name in names))


def _is_hidden(section: Element) -> bool:
    """Whether a section is hidden, by itself or now by its condition (19.880, 19.845)."""
    display = section.get(q("text:display"))
    return display == "none" or (display == "condition" and section.get(q("text:is-hidden")) == "true")


def _holds_heading(items: list[tuple[Block, ...]]) -> bool:
    return any(isinstance(block, Paragraph) and block.outline for item in items for block in item)


def _said(about: Element, name: str) -> str:
    found = about.find(f".//{q(name)}")
    return (found.text or "") if found is not None else ""

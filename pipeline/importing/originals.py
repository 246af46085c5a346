"""Originals: the text of a manuscript by a path of its own, for the collation of the brief that was made from it.

Nothing in here uses pandoc or `pipeline.importing.reading`: what both of them would lose is still here. Word
and OpenDocument files are read from their XML parts, web pages with an HTML parser, Markdown with a CommonMark
parser, plain text as it is. What an author sees is kept: insertions are accepted, deletions are not there, a
field is its result, a text box stands behind its paragraph, ruby is its base.

Markdown has no one standard: what this reader takes for markup another may take for letters. The collation
therefore does not compare the ASCII marks of which Markdown is made (`MARKUP`), in either text.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import tinyhtml5
from lxml import etree
from markdown_it import MarkdownIt

from pipeline.importing.document import Kind

Element = etree._Element

CALL = "\ufdd0"
"""What stands in a text where a note is called: a character that no text can have (Unicode 23.7)."""
SYMBOL = "\ufdd1"
"""A sign of a symbol face (w:sym), whose character depends on the face."""
MARKUP = frozenset("\\`*_#>[](){}!|~^-+=:<\"'./&;$%@")
"""The characters of which Markdown is made, and those that its readers make typographic."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": _W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": _R[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": _M[1:-1].encode(),
}
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of a manuscript, with `CALL` where a note is called.

    `hidden` are the stretches (start, end) that the author hid. `optional`: what the file says of itself beside
    its text (a title in a YAML header), which a brief may have or not.
    """

    text: str
    hidden: tuple[tuple[int, int], ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class OriginalNote:
    """A footnote or endnote made with the tool of the program; `key` is what the file calls it."""

    key: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Original:
    """The text of a manuscript: its paragraphs in the order of the file and its notes in that of their calls.

    The n-th `CALL` in the passages calls the n-th note; a note that is called twice is there twice.
    """

    kind: Kind
    passages: tuple[Passage, ...]
    notes: tuple[OriginalNote, ...] = ()


def original(kind: Kind, data: bytes) -> Original:
    """Read the text of a manuscript that the gate let in.

    Raises `ValueError` where the file is not what its kind says.
    """
    try:
        return _READERS[kind](data)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


# What is written while a file is read


@dataclass
class _Pen:
    """Writes passages; what is hidden is marked."""

    passages: list[Passage] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _hidden: list[tuple[int, int]] = field(default_factory=list)

    def write(self, text: str, hidden: bool = False) -> None:
        if hidden and text:
            start = sum(map(len, self._parts))
            self._hidden.append((start, start + len(text)))
        self._parts.append(text)

    def call(self, key: str) -> None:
        self.keys.append(key)
        self._parts.append(CALL)

    def end(self, optional: bool = False) -> None:
        """End the paragraph; one without a letter is none."""
        text = "".join(self._parts)
        if text.strip():
            self.passages.append(Passage(text, tuple(self._hidden), optional))
        self._parts, self._hidden = [], []


def _xml(data: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(data, parser)


# Word (ECMA-376, part 1, 17)

_DROPPED = {
    *(f"{_W}{name}" for name in ("del", "moveFrom", "delText", "delInstrText", "rPr", "tblPr", "tcPr")),
    *(f"{_W}{name}" for name in ("sectPr", "rt", "sdtPr", "trPr", "tblGrid", "rubyPr", "fldData")),
}
_SIGNS = {
    f"{_W}tab": "\t",
    f"{_W}ptab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "\u2011",
    f"{_W}softHyphen": "\u00ad",
    f"{_W}sym": SYMBOL,
}


def _word(data: bytes) -> Original:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = parts.namelist()
        main = _word_part(names, parts, _main_part(names, parts))
        stories = {
            kind: _word_part(names, parts, next((name for name in names if name.endswith(f"/{kind}s.xml")), ""))
            for kind in ("footnote", "endnote")
        }
    if main is None:
        raise ValueError("no document.xml")
    pen = _Pen()
    reader = _WordReader(pen)
    reader.read(main)
    written = {
        f"{kind} {note.get(f'{_W}id')}": note
        for kind, story in stories.items()
        if story is not None
        for note in story.iterfind(f"{_W}{kind}")
    }
    notes = []
    for key in pen.keys:
        inner = _Pen()
        if key in written:
            _WordReader(inner).read(written[key])
        notes.append(OriginalNote(key, _unmarked(inner.passages, reader.marks.get(key, ""))))
    return Original("docx", tuple(pen.passages), tuple(notes))


def _unmarked(passages: list[Passage], mark: str) -> tuple[Passage, ...]:
    """A note with the mark that its author gave it, which it repeats at its beginning, as hidden."""
    first = passages[0] if passages else None
    if not mark or first is None or not first.text.lstrip().startswith(mark):
        return tuple(passages)
    start = len(first.text) - len(first.text.lstrip())
    return (replace(first, hidden=(*first.hidden, (start, start + len(mark)))), *passages[1:])


def _main_part(names: list[str], parts: zipfile.ZipFile) -> str:
    """The name of the part with the text, as the relationships of the package say it (ECMA-376, part 2, 8)."""
    if "_rels/.rels" in names:
        for relation in _xml(parts.read("_rels/.rels")):
            if relation.get("Type", "").endswith("/officeDocument"):
                return relation.get("Target", "").removeprefix("/")
    return "word/document.xml"


def _word_part(names: list[str], parts: zipfile.ZipFile, name: str) -> Element | None:
    if name not in names:
        return None
    data = parts.read(name)
    for strict, usual in _STRICT.items():
        data = data.replace(strict, usual)
    return _xml(data)


@dataclass
class _WordReader:
    """Walks a story of a Word file. `fields` are the fields that are open: whether their result has begun."""

    pen: _Pen
    fields: list[bool] = field(default_factory=list)
    code: str = ""
    boxes: list[Element] = field(default_factory=list)
    marked: Element | None = None
    """The run that holds a mark that the author gave to a note."""
    marks: dict[str, str] = field(default_factory=dict)
    """These marks, by the keys of the notes."""

    def read(self, element: Element) -> None:
        for child in element:
            self.node(child)

    def node(self, node: Element) -> None:
        tag = node.tag
        if tag in _DROPPED:
            return
        if tag == f"{_W}p":
            self.paragraph(node)
        elif tag == f"{_W}tr" and node.find(f"{_W}trPr/{_W}del") is not None:
            return
        elif tag == f"{_W}txbxContent":
            self.boxes.append(node)
        elif tag == f"{_MC}AlternateContent":
            choice = node.find(f"{_MC}Choice")
            fallback = node.find(f"{_MC}Fallback")
            chosen = choice if choice is not None else fallback
            if chosen is not None:
                self.read(chosen)
        elif tag == f"{_W}fldChar":
            self.field(node.get(f"{_W}fldCharType", ""))
        else:
            self.text(node)

    def paragraph(self, node: Element) -> None:
        """A paragraph, then the text boxes in it; one whose mark was deleted runs on into the next."""
        outside, self.boxes = self.boxes, []
        self.read(node)
        if node.find(f"{_W}pPr/{_W}rPr/{_W}del") is None:
            self.pen.end()
        boxes, self.boxes = self.boxes, outside
        for box in boxes:
            self.read(box)

    def field(self, kind: str) -> None:
        if kind == "begin":
            self.fields.append(False)
            self.code = ""
        elif self.fields and kind == "separate":
            self.fields[-1] = True
        elif self.fields and not self.fields.pop():
            spoken = _SPOKEN.search(self.code)
            self.pen.write(spoken[1] if spoken else "")

    def text(self, node: Element) -> None:
        tag = node.tag
        shown = all(self.fields) and (self.marked is None or node.getparent() is not self.marked)
        if tag in (f"{_W}t", f"{_M}t"):
            if shown:
                self.pen.write(node.text or "", _is_hidden(node))
        elif tag == f"{_W}instrText":
            self.code += node.text or ""
        elif tag in _SIGNS:
            if shown and _in_a_run(node):  # w:tab is a tab stop too
                self.pen.write(_SIGNS[tag], _is_hidden(node))
        elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
            kind = str(tag).removeprefix(_W).removesuffix("Reference")
            self.pen.call(f"{kind} {node.get(f'{_W}id')}")
            self.marked = None
            if node.get(f"{_W}customMarkFollows") in ("1", "true", "on"):
                self.marked = node.getparent()
                mark = "".join(each.text or "" for each in node.itersiblings(f"{_W}t")).strip()
                self.marks[f"{kind} {node.get(f'{_W}id')}"] = mark
        else:
            self.read(node)


def _in_a_run(node: Element) -> bool:
    parent = node.getparent()
    return parent is not None and parent.tag == f"{_W}r"


def _is_hidden(node: Element) -> bool:
    parent = node.getparent()
    vanish = parent.find(f"{_W}rPr/{_W}vanish") if parent is not None else None
    return vanish is not None and vanish.get(f"{_W}val", "true") not in ("0", "false", "off")


_SPOKEN = re.compile(r"\\o\s*\\ad\s*\(.*\)\s*[,;](.*)\)\s*$", re.S | re.I)
"""The base in a field EQ that sets a pronunciation above it."""


# OpenDocument (OASIS OpenDocument 1.3, part 3)

_NOT_ODT = {
    f"{_TEXT}tracked-changes",
    f"{_OFFICE}annotation",
    f"{_OFFICE}annotation-end",
    f"{_TEXT}ruby-text",
    f"{_TEXT}note-citation",
    f"{_TEXT}sequence-decls",
    f"{_TEXT}script",
    f"{_OFFICE}forms",
    "{urn:oasis:names:tc:opendocument:xmlns:xmlns:svg-compatible:1.0}desc",
    "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}desc",
    "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}title",
}


def _opendocument(data: bytes) -> Original:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        root = _xml(parts.read("content.xml"))
    text = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if text is None:
        raise ValueError("no office:text")
    pen = _Pen()
    notes: list[OriginalNote] = []
    _odt_blocks(text, pen, notes)
    return Original("odt", tuple(pen.passages), tuple(notes))


def _odt_blocks(node: Element, pen: _Pen, notes: list[OriginalNote]) -> None:
    for child in node:
        if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            boxes: list[Element] = []
            _odt_inline(child, pen, notes, boxes)
            pen.end()
            for box in boxes:
                _odt_blocks(box, pen, notes)
        elif child.tag not in _NOT_ODT:
            _odt_blocks(child, pen, notes)


def _odt_inline(node: Element, pen: _Pen, notes: list[OriginalNote], boxes: list[Element]) -> None:
    pen.write(_collapsed(node.text))
    for child in node:
        tag = str(child.tag)
        if tag == f"{_TEXT}note":
            pen.call(child.get(f"{_TEXT}id", ""))
            body, inner = child.find(f"{_TEXT}note-body"), _Pen()
            if body is not None:
                _odt_blocks(body, inner, notes)
            notes.append(OriginalNote(child.get(f"{_TEXT}id", ""), tuple(inner.passages)))
        elif tag == f"{_TEXT}s":
            pen.write(" " * min(int(child.get(f"{_TEXT}c", "1")), 1000))
        elif tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            pen.write("\t" if tag.endswith("tab") else "\n")
        elif tag.endswith("}text-box"):
            boxes.append(child)
        elif tag not in _NOT_ODT:
            _odt_inline(child, pen, notes, boxes)
        pen.write(_collapsed(child.tail))


def _collapsed(text: str | None) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text or "")


# Web pages

_NOT_BLOCKS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "rb",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_NOT_SHOWN = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "rt",
        "rp",
        "rtc",
        "svg",
        "object",
        "iframe",
        "textarea",
        "select",
        "title",
        "del",
    ]
)


_MOST_LINKS = 4000
"""How many links of a page may be calls of notes and links back."""


def _web_page(data: bytes) -> Original:
    root = tinyhtml5.parse(data.decode("utf-8", "replace"), namespace_html_elements=False)
    body = root.find("body")
    if body is None:
        return Original("html", ())
    reader = _WebReader(*_notes_of_page(body))
    reader.block(body)
    reader.pen.end()
    notes = tuple(OriginalNote(key, reader.note(reader.notes[int(key)])) for key in reader.pen.keys)
    return Original("html", tuple(reader.pen.passages), notes)


def _notes_of_page(body: Element) -> tuple[dict[Element, int], list[Element], set[Element]]:
    """The links that call notes, each with the number of its note; the notes; the links back.

    A link calls a note when what it leads to has a link that leads back to it: so do all programs write notes.
    """
    named = {node.get(key): node for node in body.iter() for key in ("name", "id") if isinstance(node.tag, str)}
    named.pop(None, None)
    links = [node for node in body.iter("a") if node.get("href", "").startswith("#")][:_MOST_LINKS]
    order = {node: index for index, node in enumerate(body.iter())}
    calls: dict[Element, Element] = {}
    back: dict[Element, Element] = {}
    for link in links:
        target = named.get(link.get("href", "")[1:])
        if target is None or target is body:
            continue
        for other in target.iter("a"):
            returned = named.get(other.get("href", "#")[1:])
            near = [returned, *(returned.iter() if returned is not None else ())]
            if returned is not None and (link in near or returned in link.iter()) and order[other] > order[link]:
                calls[link] = target
                back[other] = target
    parents = {child: parent for parent in body.iter() for child in parent}
    blocks = {target: _note_block(target, parents, body, set(back) | set(calls)) for target in calls.values()}
    notes = list(dict.fromkeys(blocks.values()))
    return {link: notes.index(blocks[target]) for link, target in calls.items()}, notes, set(back)


def _note_block(target: Element, parents: dict[Element, Element], body: Element, marks: set[Element]) -> Element:
    """The largest element around the target of a call that holds no other call and no other note."""
    block = target
    own = {each for each in target.iter("a") if each in marks}
    while block in parents and parents[block] is not body:
        if not {each for each in parents[block].iter("a") if each in marks} <= own | {block}:
            break
        block = parents[block]
    return block


@dataclass
class _WebReader:
    """Walks a web page: `calls` are the links that call `notes`, `back` the links from these back to the text."""

    calls: dict[Element, int]
    notes: list[Element]
    back: set[Element]
    pen: _Pen = field(default_factory=_Pen)

    def note(self, node: Element) -> tuple[Passage, ...]:
        inner = _WebReader(self.calls, [], self.back)
        inner.block(node)
        inner.pen.end()
        return tuple(inner.pen.passages)

    def block(self, node: Element) -> None:
        self.pen.write(_collapsed(node.text))
        for child in node:
            if isinstance(child.tag, str) and child.tag not in _NOT_SHOWN and child not in self.notes:
                self.element(child)
            self.pen.write(_collapsed(child.tail))

    def element(self, node: Element) -> None:
        if node.tag == "br":
            self.pen.write("\n")
        elif node in self.calls:
            self.pen.call(str(self.calls[node]))
        elif node not in self.back:
            apart = node.tag not in _NOT_BLOCKS and ":" not in str(node.tag)
            if apart:
                self.pen.end()
            self.block(node)
            if apart:
                self.pen.end()


# Markdown and plain text

_HEADER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_SCALAR = re.compile(r"^[ \t]*(?:-[ \t]+)?([\w-]+:[ \t]+)?[|>\"']?(.*?)[\"']?[ \t]*$", re.M)
_NOTE_TEXT = re.compile(
    r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*"
    r"(.*(?:\n(?!\s*\n| {0,3}\[\^[^\]\s]+\]:).+|\n[ \t]*\n(?: {4}|\t).+)*)",
    re.M,
)
_NOTE_CALL = re.compile(r"\[\^([^\]\s]+)\]|(?<!\\)\^\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")
_ATTRIBUTES = re.compile(r"(?<=[\])`])\{[.#:\w][^{}\n]*\}|^:{3,}.*$|[ \t]\{[#.][^{}\n]*\}[ \t]*$", re.M)


class _AsTyped(MarkdownIt):
    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        """An address as the author typed it, not with the letters for which its %E6 stand."""
        return link


_MARKDOWN = _AsTyped("commonmark").enable(["table", "strikethrough"])


def _markdown(data: bytes) -> Original:
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    pen = _Pen()
    header = _HEADER.match(text)
    if header:
        for key, value in _SCALAR.findall(header[1]):
            pen.write(value)
            pen.end(optional=key.strip(": ") not in ("title", "subtitle"))
        text = text[header.end() :]
    written = {found[1]: re.sub(r"^(?: {4}|\t)", "", found[2], flags=re.M) for found in _NOTE_TEXT.finditer(text)}
    text = _NOTE_TEXT.sub("", text)
    keys: list[str] = []

    def call(found: re.Match[str]) -> str:
        if found[1] is not None and found[1] not in written:
            return found[0]
        key = found[1] if found[1] is not None else f"inline {len(keys)}"
        if found[2] is not None:
            written[key] = found[2]
        keys.append(key)
        return CALL

    passages = (*pen.passages, *_rendered(_NOTE_CALL.sub(call, text)))
    return Original("markdown", passages, tuple(OriginalNote(key, _rendered(written[key])) for key in keys))


def _rendered(text: str) -> tuple[Passage, ...]:
    """Markdown as its text: what an HTML parser shows of what a CommonMark parser makes of it."""
    page = _MARKDOWN.render(_ATTRIBUTES.sub("", text))
    return _web_page(page.encode()).passages


def _plain(data: bytes) -> Original:
    text = data.decode("utf-8-sig")
    lines = re.split(r"\r\n|\r|\n|\f", text)
    return Original("text", tuple(Passage(line) for line in lines if line.strip()))


_READERS: dict[Kind, Callable[[bytes], Original]] = {
    "docx": _word,
    "odt": _opendocument,
    "html": _web_page,
    "markdown": _markdown,
    "text": _plain,
}


def letters(original: Original) -> Iterator[str]:
    """The texts of a manuscript, notes included, for whoever looks for words in it."""
    for passage in original.passages:
        yield passage.text
    for note in original.notes:
        for passage in note.passages:
            yield passage.text

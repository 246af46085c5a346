"""Parse: bytes to a `Source`, a tree whose every element, attribute and stretch of text knows its place.

lxml builds the tree with the settings that keep hostile input harmless; a second pass with expat notes the
byte offset of each node, because lxml knows only the line on which a start tag ends. Lines and columns are
worked out from the offsets when somebody asks, so a manuscript without findings pays almost nothing.
"""

import codecs
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from xml.parsers import expat

from lxml import etree

from pipeline.diagnostics import Code, Diagnostic, ManuscriptError, Place, Words

MAX_BYTES = 4 * 1024 * 1024
"""Largest source file read, in bytes. A brief of 25,000 characters has about 0.1 MB."""

MAX_DEPTH = 100
"""Deepest nesting of elements. The profile itself needs fewer than 30."""

XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
XLINK_NAMESPACE = "http://www.w3.org/1999/xlink"
LANG = f"{{{XML_NAMESPACE}}}lang"
HREF = f"{{{XLINK_NAMESPACE}}}href"

MISSING = Code(
    "P001",
    title=Words("找不到檔案", "file not found"),
    message=Words("找不到「{name}」", "there is no file {name}"),
    hint=Words("檢查檔名與大小寫，或把檔案放進這一期的資料夾", "check the name and its case, or add the file"),
    why=Words("清單上的檔案必須存在。", "A file that is named must exist."),
)
UNREADABLE = Code(
    "P002",
    title=Words("無法讀取檔案", "file cannot be read"),
    message=Words("無法讀取「{name}」：{reason}", "cannot read {name}: {reason}"),
    hint=Words("檢查檔案權限，並確定它是一般檔案", "check its permissions, and that it is a regular file"),
    why=Words("原稿必須是可讀取的一般檔案。", "A source must be a readable, regular file."),
)
TOO_LARGE = Code(
    "P003",
    title=Words("檔案太大", "file too large"),
    message=Words("檔案有{size:,}位元組，上限是{limit:,}", "the file has {size:,} bytes, the limit is {limit:,}"),
    hint=Words("一篇文章一個檔案；圖片放進 figures/", "one brief a file; pictures go into figures/"),
    why=Words(
        "一篇文章不會這麼長；過大的檔案多半是放錯了，也可能用來癱瘓系統。",
        "No brief is that long; a huge file is a mistake or an attack.",
    ),
)
NOT_UTF8 = Code(
    "P004",
    title=Words("不是UTF-8編碼", "not UTF-8"),
    message=Words("檔案不是UTF-8編碼：{reason}", "the file is not in UTF-8: {reason}"),
    hint=Words("用編輯器「另存為UTF-8」，並把 encoding 改為 UTF-8", "save it as UTF-8 and declare encoding UTF-8"),
    why=Words(
        "原稿一律使用UTF-8，才不會在別的機器上變成亂碼。",
        "One encoding, so that no machine shows other characters.",
    ),
    bad='<?xml version="1.0" encoding="Big5"?>',
    good='<?xml version="1.0" encoding="UTF-8"?>',
)
DOCTYPE = Code(
    "P005",
    title=Words("不可有DOCTYPE", "DOCTYPE not allowed"),
    message=Words("原稿裡不可有 DOCTYPE 宣告", "a manuscript must not have a DOCTYPE"),
    hint=Words(
        "刪去 <!DOCTYPE …> 這一段；實體請直接打出字元",
        "delete the <!DOCTYPE …>; type characters instead of entities",
    ),
    why=Words(
        "DOCTYPE能把別的檔案拉進來，也能讓幾行字膨脹成幾GB，因此一律不收。",
        "A DOCTYPE can pull in other files or blow up a few lines to gigabytes; none is accepted.",
    ),
    bad='<!DOCTYPE article SYSTEM "JATS.dtd">',
)
NOT_WELL_FORMED = Code(
    "P006",
    title=Words("XML語法錯誤", "not well-formed XML"),
    message=Words("XML語法錯誤：{reason}", "not well-formed: {reason}"),
    hint=Words("{remedy}", "{remedy}"),
    why=Words(
        "標籤必須成對，& 與 < 要寫成 &amp; 與 &lt;。",
        "Tags come in pairs; & and < are written &amp; and &lt;.",
    ),
    bad="<p>研究與發展 R&D</p>",
    good="<p>研究與發展 R&amp;D</p>",
)
NOT_XML = Code(
    "P007",
    title=Words("不是XML檔案", "not an XML file"),
    message=Words("這不是XML檔案：{reason}", "this is not an XML file: {reason}"),
    hint=Words(
        "原稿是以 .xml 存檔的純文字；Word檔請先轉換",
        "a manuscript is plain text saved as .xml; convert a Word file first",
    ),
    why=Words("只有XML純文字可以出版。", "Only XML text can be published."),
)
TOO_DEEP = Code(
    "P008",
    title=Words("巢狀過深", "nested too deeply"),
    message=Words("標籤的層數超過{limit}層", "elements are nested more than {limit} deep"),
    hint=Words("檢查是不是有標籤沒有關閉", "look for a tag that was not closed"),
    why=Words("正常的文章不到三十層。", "An ordinary brief has fewer than thirty levels."),
)

_UTF8_NAMES = {"utf-8", "utf8", "us-ascii", "ascii"}
_MAGIC = {
    b"\x1f\x8b": Words("是gzip壓縮檔", "it is gzip-compressed"),
    b"PK\x03\x04": Words("是ZIP壓縮檔（Word的.docx也是）", "it is a ZIP archive (so is a Word .docx)"),
    b"%PDF": Words("是PDF", "it is a PDF"),
    b"\xd0\xcf\x11\xe0": Words("是舊版Word檔", "it is an old Word file"),
    b"{\\rtf": Words("是RTF", "it is RTF"),
}
_DECLARATION = re.compile(rb"""\A\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]*)["']""")
_ATTRIBUTE = re.compile(rb"""\s([^\s=/<>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NODE_NAME = re.compile(rb"<(?:!--|\?)?([^\s/>?]*)")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_REFERENCE = re.compile(rb"&[^&;<\s]+;")

Stretch = tuple[int, str]
"""A stretch of text: the index of its node in document order, and "text" or "tail"."""


@dataclass(frozen=True)
class Source:
    """A parsed file. `nodes` holds every element, comment and instruction in document order.

    The tree is never changed: stages that need another tree copy it.
    """

    path: Path
    data: bytes
    root: etree._Element
    nodes: tuple[etree._Element, ...]
    _starts: tuple[int, ...] = field(repr=False)
    _ends: tuple[int, ...] = field(repr=False)
    _pieces: dict[Stretch, list[tuple[int, int]]] = field(repr=False)
    _index: dict[etree._Element, int] = field(repr=False)
    _last: dict[Stretch, tuple[str, "_ByteIndex"]] = field(repr=False, default_factory=dict, compare=False)
    _columns: dict[int, list[int]] = field(repr=False, default_factory=dict, compare=False)

    def byte_place(self, start: int, end: int) -> Place:
        """The place of bytes `start` to `end` (exclusive) of `data`."""
        return Place(self.path, *self._line_and_column(start), *self._line_and_column(end))

    @cached_property
    def _lines(self) -> list[int]:
        """The offset of the beginning of each line."""
        return [0, *(found.end() for found in _LINE_END.finditer(self.data))]

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        """What the function of this name says, for many offsets of one file."""
        line = bisect_right(self._lines, offset)
        if offset and self.data[offset - 1 : offset + 1] == b"\r\n":  # the CR has ended the line
            return line + 1, 1
        start = self._lines[line - 1]
        columns = self._columns.setdefault(line, [0])  # characters before every so many bytes of the line
        while start + len(columns) * _STEP <= offset:
            since = start + (len(columns) - 1) * _STEP
            columns.append(columns[-1] + _characters(self.data[since : since + _STEP]))
        step = (offset - start) // _STEP
        return line, columns[step] + _characters(self.data[start + step * _STEP : offset]) + 1

    def place(self, node: etree._Element) -> Place:
        """The start tag of an element, or the whole of a comment or instruction."""
        index = self._index[node]
        start = self._starts[index]
        return self.byte_place(start, _tag_end(self.data, start, self._ends[index]))

    def end_place(self, node: etree._Element) -> Place:
        """The point where the content of an element ends: before its end tag."""
        end = self._ends[self._index[node]]
        return self.byte_place(end, end)

    def name_place(self, node: etree._Element) -> Place:
        """The name in the start tag of an element."""
        start = self._starts[self._index[node]]
        found = _NODE_NAME.match(self.data, start)
        return self.byte_place(found.start(1), found.end(1)) if found else self.place(node)

    def attribute_place(self, node: etree._Element, name: str) -> Place:
        """The value of an attribute, inside its quotes; the start tag when there is no such attribute.

        `name` is a name of lxml (`{namespace}local`); which prefix it has is not looked at.
        """
        found = self.attribute_bytes(node, name)
        return self.byte_place(*found) if found else self.place(node)

    def attribute_bytes(self, node: etree._Element, name: str) -> tuple[int, int] | None:
        """The offsets in `data` of the value of an attribute, inside its quotes; None where it isn't there."""
        start, end = self.tag_bytes(node)
        wanted = etree.QName(name)
        for found in _ATTRIBUTE.finditer(self.data[start:end]):
            prefix, _, local = found[1].rpartition(b":")
            if local == wanted.localname.encode() and bool(prefix) == bool(wanted.namespace):
                group = 2 if found[2] is not None else 3
                return start + found.start(group), start + found.end(group)
        return None

    def text_place(self, node: etree._Element, which: str, start: int, end: int) -> Place:
        """Characters `start` to `end` (exclusive) of `node.text` or `node.tail` (`which`)."""
        if (self._index[node], which) not in self._pieces:
            return self.place(node)
        return self.byte_place(*self.text_bytes(node, which, start, end))

    def text_bytes(self, node: etree._Element, which: str, start: int, end: int) -> tuple[int, int]:
        """The offsets in `data` of characters `start` to `end` (exclusive) of a stretch that is not empty."""
        pieces = self._pieces[self._index[node], which]
        text, byte_of = self._reading_of(node, which)
        first = byte_of(start)
        return first, self._end_of(pieces, text, end - 1, byte_of) if end > start else first

    def _reading_of(self, node: etree._Element, which: str) -> tuple[str, Callable[[int], int]]:
        """A stretch of text, and what gives the byte of each of its characters; the last one asked for is kept."""
        key = (self._index[node], which)
        if key not in self._last:
            text = (node.text if which == "text" else node.tail) or ""
            self._last.clear()
            self._last[key] = text, _ByteIndex(self._pieces[key], text)
        return self._last[key]

    def tag_bytes(self, node: etree._Element) -> tuple[int, int]:
        """The offsets in `data` of the start tag of an element."""
        index = self._index[node]
        return self._starts[index], _tag_end(self.data, self._starts[index], self._ends[index])

    def element_bytes(self, node: etree._Element) -> tuple[int, int]:
        """The offsets in `data` of a whole element, its end tag included, or of a comment or instruction."""
        start, end = self.tag_bytes(node)
        if not isinstance(node.tag, str) or self.data[end - 2 : end] == b"/>":
            return start, end
        return start, self.data.index(b">", self._ends[self._index[node]]) + 1

    def stretches(self) -> Iterator[tuple[etree._Element, str, str]]:
        """Every stretch of text in document order: its node, "text" or "tail", and the text."""
        for index, which in self._pieces:
            node = self.nodes[index]
            yield node, which, (node.text if which == "text" else node.tail) or ""

    def point(self, line: int, column: int) -> Place:
        """A point a schema validator named: the start tag that begins or ends there, or a bare point."""
        for start, end in pairwise((*self._starts, len(self.data))):
            first = self.byte_place(start, start)
            if (first.line, first.column) > (line, column):
                break
            tag = self.byte_place(start, _tag_end(self.data, start, end))
            if (tag.line, tag.column) <= (line, column) <= (tag.end_line, tag.end_column):
                return tag
        return Place(self.path, line, column, line, column)

    def _end_of(
        self, pieces: list[tuple[int, int]], text: str, character: int, byte_of: Callable[[int], int]
    ) -> int:
        """The byte offset after a character of a stretch, or after the reference that stands for it."""
        offset = byte_of(character)
        piece = bisect_right(pieces, (character, offset)) - 1
        ends = pieces[piece + 1][0] if piece + 1 < len(pieces) else len(text)
        alone = pieces[piece] == (character, offset) and ends == character + 1
        reference = _REFERENCE.match(self.data, offset) if alone else None
        return reference.end() if reference else offset + len(text[character].encode())


def parse(path: Path) -> Source:
    """Read and parse one file.

    Raises `ManuscriptError` with one diagnostic when it can't be read, is no UTF-8 XML, has a DOCTYPE, or
    passes a limit.
    """
    return parse_bytes(path, read(path))


def read(path: Path) -> bytes:
    """The bytes of a source file, never more than `MAX_BYTES`; raises `ManuscriptError`."""
    place = Place(path)
    try:
        if not path.exists():
            raise ManuscriptError([MISSING.at(place, name=path.name)])
        if not path.is_file():
            kind = Words("不是一般檔案", "it is not a regular file")
            raise ManuscriptError([UNREADABLE.at(place, name=path.name, reason=kind)])
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ManuscriptError([TOO_LARGE.at(place, size=size, limit=MAX_BYTES)])
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        raise ManuscriptError([UNREADABLE.at(place, name=path.name, reason=reason)]) from error


def parse_bytes(path: Path, data: bytes) -> Source:
    """Parse the bytes of a file; `path` only names it. Raises `ManuscriptError` with one diagnostic."""
    data = data.removeprefix(codecs.BOM_UTF8)
    problem = _refuse(path, data)
    if problem:
        raise ManuscriptError([problem])
    offsets = _Offsets(path, data)  # expat first: it stops at the depth limit
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_blank_text=False,
        strip_cdata=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        place = Place(path, line, max(column, 1), line, max(column, 1) + 1)
        reason = Words(str(error.msg), str(error.msg))
        raise ManuscriptError([NOT_WELL_FORMED.at(place, reason=reason, remedy=_ANY_REMEDY)]) from error
    nodes = tuple(root.iter())
    return Source(
        path,
        data,
        root,
        nodes,
        tuple(offsets.starts),
        tuple(offsets.ends),
        offsets.pieces,
        {node: index for index, node in enumerate(nodes)},
    )


def _refuse(path: Path, data: bytes) -> Diagnostic | None:
    """What is wrong with the bytes before any XML parser sees them."""
    place = Place(path)
    for magic, reason in _MAGIC.items():
        if data.startswith(magic):
            return NOT_XML.at(place, reason=reason)
    if not data.strip():
        return NOT_XML.at(place, reason=Words("檔案是空的", "it is empty"))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:64]:
        return NOT_UTF8.at(place, reason=Words("是UTF-16或UTF-32", "it is UTF-16 or UTF-32"))
    declared = _DECLARATION.match(data)
    if declared and declared[1].decode("ascii", "replace").lower() not in _UTF8_NAMES:
        start, end = declared.span(1)
        line, column = _line_and_column(data, start)
        name = declared[1].decode("ascii", "replace")
        return NOT_UTF8.at(
            Place(path, line, column, line, column + end - start),
            reason=Words(f"宣告的編碼是 {name}", f"it declares {name}"),
        )
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _line_and_column(data, error.start)
        return NOT_UTF8.at(
            Place(path, line, column, line, column + 1),
            reason=Words(
                f"這裡有一個不合UTF-8的位元組 0x{data[error.start]:02X}",
                f"byte 0x{data[error.start]:02X} here is not UTF-8",
            ),
        )
    return None


class _Offsets:
    """One pass of expat over a document: the byte offset of each node and of each piece of text.

    The nodes come in the same order as `root.iter()` of lxml. Raises `ManuscriptError`.
    """

    def __init__(self, path: Path, data: bytes) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.pieces: dict[Stretch, list[tuple[int, int]]] = {}
        self._path = path
        self._data = data
        self._open: list[int] = []
        self._stretch: Stretch | None = None
        self._length = 0
        self._opened_names: list[str] = []
        parser = self._parser = expat.ParserCreate("utf-8", " ")  # with namespaces, to find unbound prefixes
        parser.buffer_text = False
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._start_element
        parser.EndElementHandler = self._end_element
        parser.CharacterDataHandler = self._text
        parser.CommentHandler = self._leaf
        parser.ProcessingInstructionHandler = self._leaf
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise ManuscriptError([self._syntax_error(error)]) from error

    def _enter(self) -> int:
        self.starts.append(self._parser.CurrentByteIndex)
        self.ends.append(len(self._data))
        return len(self.starts) - 1

    def _continue_in(self, stretch: Stretch | None) -> None:
        self._stretch = stretch
        self._length = 0

    def _start_element(self, name: str, _attributes: dict[str, str]) -> None:
        if len(self._open) >= MAX_DEPTH:
            line, column = _line_and_column(self._data, self._parser.CurrentByteIndex)
            place = Place(self._path, line, column, line, column + 1)
            raise ManuscriptError([TOO_DEEP.at(place, limit=MAX_DEPTH)])
        index = self._enter()
        self._open.append(index)
        self._opened_names.append(name.rpartition(" ")[2])
        self._continue_in((index, "text"))

    def _end_element(self, _name: str) -> None:
        index = self._open.pop()
        self._opened_names.pop()
        self.ends[index] = self._parser.CurrentByteIndex
        self._continue_in((index, "tail") if self._open else None)

    def _leaf(self, *_content: str) -> None:
        if self._open:  # comments and instructions outside the root are no nodes of it
            index = self._enter()
            self._continue_in((index, "tail"))

    def _text(self, text: str) -> None:
        if self._stretch is not None:
            pieces = self.pieces.setdefault(self._stretch, [])
            pieces.append((self._length, self._parser.CurrentByteIndex))
            self._length += len(text)

    def _doctype(self, *_declaration: object) -> None:
        start = self._data.rfind(b"<!DOCTYPE", 0, self._parser.CurrentByteIndex + len(b"<!DOCTYPE"))
        line, column = _line_and_column(self._data, start)
        raise ManuscriptError([DOCTYPE.at(Place(self._path, line, column, line, column + 9))])

    def _syntax_error(self, error: expat.ExpatError) -> Diagnostic:
        offset = max(self._parser.ErrorByteIndex, 0)
        said = expat.ErrorString(error.code)
        reason, remedy = _SYNTAX.get(error.code, (Words(said, said), _ANY_REMEDY))
        end = offset + 24
        if error.code == _NO_ELEMENTS and not self._open:
            reason, remedy = _NOTHING
        elif error.code == _INVALID_TOKEN:
            offset, reason, remedy = _what_is_wrong(self._data, offset)
        elif error.code == _TAG_MISMATCH:
            end = self._data.find(b">", offset) + 1
            offset -= len(b"</")  # expat names the place after it
        elif error.code in _AT_FAULT:  # expat names the start tag
            found = _AT_FAULT[error.code].search(self._data, offset)
            offset, end = found.span() if found else (offset, end)
        values: dict[str, object] = {"open": self._opened_names[-1] if self._opened_names else ""}
        if self._open:
            start_line, _ = _line_and_column(self._data, self.starts[self._open[-1]])
            values["open_line"] = start_line
        else:
            values["open_line"] = 1
        values["here"] = _visible(self._data[offset : min(end, offset + 24)])
        line, column = _line_and_column(self._data, min(offset, len(self._data)))
        place = Place(self._path, line, column, line, column + 1)
        return NOT_WELL_FORMED.at(place, reason=reason.fill(values), remedy=remedy.fill(values))


_ANY_REMEDY = Words("看看這一行的標籤與 & < 是否寫對", "check the tags and any & or < on this line")
_ESCAPE = Words("文字裡的 & 要寫成 &amp;，< 要寫成 &lt;", "in text, write & as &amp; and < as &lt;")
_QUOTES = Words('屬性寫成 名稱="值"，每個屬性只寫一次', 'write an attribute as name="value", and only once')
_CLOSE = Words("在這裡之前補上 </{open}>", "add </{open}> before this place")
_NOTHING = (
    Words("檔案裡沒有任何標籤", "the file has no element"),
    Words(
        "一篇文章以 <article> 開頭，一期以 <issue> 開頭",
        "a brief begins with <article>, an issue with <issue>",
    ),
)
_CONTROL = (
    Words("這裡有XML不允許的控制字元 {here}", "here is a control character that XML does not allow: {here}"),
    Words("刪去這個看不見的字元", "delete this invisible character"),
)
_HYPHENS = (
    Words("註解裡不可有兩個連續的連字號：「{here}」", "a comment can't contain two hyphens: {here}"),
    Words("改用破折號 ──，或只留一個連字號", "use a dash, or one hyphen"),
)
_errors = expat.errors
_INVALID_TOKEN = _errors.codes[_errors.XML_ERROR_INVALID_TOKEN]
_NO_ELEMENTS = _errors.codes[_errors.XML_ERROR_NO_ELEMENTS]
_TAG_MISMATCH = _errors.codes[_errors.XML_ERROR_TAG_MISMATCH]
_AT_FAULT = {
    _errors.codes[_errors.XML_ERROR_UNDEFINED_ENTITY]: re.compile(
        rb"&(?!(?:amp|lt|gt|quot|apos);)[^\s&;<>\"'#]+;"
    ),
    _errors.codes[_errors.XML_ERROR_BAD_CHAR_REF]: re.compile(rb"&#[^;]*;"),
    _errors.codes[_errors.XML_ERROR_UNBOUND_PREFIX]: re.compile(rb"(?<=[\s<])(?!xml:|xmlns:)[^\s<>=/:]+:"),
}
"""What is wrong in a start tag, for the errors that expat reports at its beginning."""
_SYNTAX: dict[int, tuple[Words, Words]] = {
    _TAG_MISMATCH: (
        Words(
            "結束標籤與第{open_line}行的 <{open}> 不成對（這裡是「{here}」）",
            "this end tag does not close the <{open}> of line {open_line} (here: {here})",
        ),
        _CLOSE,
    ),
    _INVALID_TOKEN: (
        Words("這裡的「{here}」不是合法的XML", "“{here}” is not XML"),
        _ESCAPE,
    ),
    _errors.codes[_errors.XML_ERROR_UNDEFINED_ENTITY]: (
        Words("未定義的實體「{here}」", "undefined entity: {here}"),
        Words(
            "只能用 &amp; &lt; &gt; &quot; &apos;，其他字元請直接打出來",
            "only XML's five entities exist; type the character",
        ),
    ),
    _errors.codes[_errors.XML_ERROR_DUPLICATE_ATTRIBUTE]: (
        Words("同一個屬性寫了兩次", "an attribute is given twice"),
        _QUOTES,
    ),
    _NO_ELEMENTS: (
        Words(
            "檔案在 <{open}>（第{open_line}行）關閉之前就結束了",
            "the file ends before <{open}> of line {open_line} is closed",
        ),
        _CLOSE,
    ),
    _errors.codes[_errors.XML_ERROR_UNCLOSED_TOKEN]: (
        Words("標籤或註解沒有寫完：「{here}」", "a tag or comment is not finished: {here}"),
        Words("補上缺少的 > 或 -->", "add the missing > or -->"),
    ),
    _errors.codes[_errors.XML_ERROR_UNCLOSED_CDATA_SECTION]: (
        Words("CDATA段落沒有結束", "a CDATA section is not closed"),
        Words("補上 ]]>", "add ]]>"),
    ),
    _errors.codes[_errors.XML_ERROR_BAD_CHAR_REF]: (
        Words("字元參照「{here}」不是合法的字元", "{here} is not a character XML allows"),
        Words("直接打出字元", "type the character itself"),
    ),
    _errors.codes[_errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]: (
        Words("最外層的標籤已經關閉，後面還有內容：「{here}」", "there is more after the root element: {here}"),
        Words("一個檔案只有一個最外層標籤", "a file has one root element"),
    ),
    _errors.codes[_errors.XML_ERROR_MISPLACED_XML_PI]: (
        Words("<?xml …?> 之前有其他字元", "something stands before <?xml …?>"),
        Words("<?xml …?> 必須是檔案最前面的字元", "<?xml …?> must be the first characters of the file"),
    ),
    _errors.codes[_errors.XML_ERROR_XML_DECL]: (
        Words("<?xml …?> 寫得不對", "the <?xml …?> is not right"),
        Words('寫成 <?xml version="1.0" encoding="UTF-8"?>', 'write <?xml version="1.0" encoding="UTF-8"?>'),
    ),
    _errors.codes[_errors.XML_ERROR_UNBOUND_PREFIX]: (
        Words("前綴沒有宣告：「{here}」", "undeclared prefix: {here}"),
        Words(
            '在 <article> 加上 xmlns:xlink="http://www.w3.org/1999/xlink"',
            'add xmlns:xlink="http://www.w3.org/1999/xlink" to <article>',
        ),
    ),
    _errors.codes[_errors.XML_ERROR_SYNTAX]: (
        Words("這裡的「{here}」不是XML", "“{here}” is not XML"),
        Words("檔案要從 < 開始", "the file must start with <"),
    ),
}


def _what_is_wrong(data: bytes, offset: int) -> tuple[int, Words, Words]:
    """Where, what and how to mend what expat could not read: it names the place after a bare & or <."""
    reason, _ = _SYNTAX[_INVALID_TOKEN]
    character = data[offset : offset + 4].decode("utf-8", "ignore")[:1]
    if not character.isprintable() and not character.isspace():
        return offset, *_CONTROL
    if not data.lstrip().startswith(b"<"):
        return 0, *_SYNTAX[_errors.codes[_errors.XML_ERROR_SYNTAX]]
    if data.rfind(b"<!--", 0, offset) > data.rfind(b"-->", 0, offset):
        return offset - len(b"--"), *_HYPHENS
    bare = re.search(rb"[&<][^&<>\s]*\Z", data[:offset])
    if bare is not None and not bare[0].startswith(b"</"):
        return bare.start(), reason, _ESCAPE
    in_tag = re.search(rb"<[^<>&\s]+\s[^<>]*\Z", data[:offset])
    return offset, reason, _QUOTES if in_tag and not data.startswith(b"<", offset) else _ESCAPE


def _visible(data: bytes) -> str:
    """The first line of a stretch of a file, with a name for each character that can't be seen."""
    line = re.split(r"[\r\n]", data.decode("utf-8", "ignore"), maxsplit=1)[0]
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in line)


def _tag_end(data: bytes, start: int, limit: int) -> int:
    """The offset after the `>` of the tag, comment or instruction that starts at `start`."""
    quote = 0
    if data.startswith(b"<!--", start):
        return data.find(b"-->", start) + 3
    if data.startswith(b"<?", start):
        return data.find(b"?>", start) + 2
    for offset in range(start, max(limit, start)):
        byte = data[offset]
        if quote:
            quote = 0 if byte == quote else quote
        elif byte in b"\"'":
            quote = byte
        elif byte == 0x3E:
            return offset + 1
    found = data.find(b">", start)
    return found + 1 if found >= 0 else limit


_STEP = 1024
_CONTINUED = bytes(range(0x80, 0xC0))


def _characters(data: bytes) -> int:
    """How many characters begin in a stretch of UTF-8."""
    return len(data.translate(None, _CONTINUED))


class _ByteIndex:
    """The byte offset of each character of a stretch; a piece is one run of expat, with no entity inside."""

    def __init__(self, pieces: list[tuple[int, int]], text: str) -> None:
        self._pieces = pieces
        self._text = text
        self._known: dict[int, list[int]] = {}

    def __call__(self, character: int) -> int:
        """The offset of one character."""
        at = max(bisect_right(self._pieces, (character, 1 << 62)) - 1, 0)
        first, offset = self._pieces[at]
        if character - first < _STEP:
            return offset + len(self._text[first:character].encode())
        steps = self._known.setdefault(at, [offset])
        while first + len(steps) * _STEP <= character:  # every thousandth character is remembered
            start = first + (len(steps) - 1) * _STEP
            steps.append(steps[-1] + len(self._text[start : start + _STEP].encode()))
        step = (character - first) // _STEP
        return steps[step] + len(self._text[first + step * _STEP : character].encode())


def _line_and_column(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column (from 1, in characters) of a byte offset; CR LF and a lone CR end a line as LF does."""
    before = data[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line_start = before.rfind(b"\n") + 1
    return before.count(b"\n") + 1, len(before[line_start:].decode("utf-8", "replace")) + 1

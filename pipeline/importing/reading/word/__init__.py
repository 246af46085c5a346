"""Word: what stands in the paragraphs of a DOCX, and a copy of it for pandoc in which each is only its number.

pandoc reads how the paragraphs stand together: lists, tables, notes. What is in a paragraph and how it looks is
read here, because pandoc gives up indents, faces, sizes, tabs, rows of blanks, bookmarks and who changed what.
ECMA-376 part 1, 17.3 Paragraphs and rich formatting, 17.11 Footnotes, 17.13 Annotations, 17.16 Fields.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lxml import etree

from pipeline.exporting.bookmarks import identifier
from pipeline.importing.document import (
    GONE,
    OWN_MARK,
    Change,
    Comment,
    Inline,
    NoteCall,
    Paragraph,
    Picture,
    Run,
    Shown,
)
from pipeline.importing.gate.package import Element, NoTextError, Package, whole
from pipeline.importing.reading.inlines import (
    TEXT_BOX,
    is_address,
    is_written,
    joined,
    struck,
    without_first_blanks,
)
from pipeline.importing.reading.symbols import enclosed, symbol
from pipeline.importing.reading.word.copy import add_paragraph, keep, new, packed
from pipeline.importing.reading.word.drawings import alternative, outermost, pictures
from pipeline.importing.reading.word.flow import CHOICES, chosen, flat, inside, join_deleted, neighbours
from pipeline.importing.reading.word.numbering import STYLES, Numbering, numbering
from pipeline.importing.reading.word.shown import has_own_mark, shown_numbers
from pipeline.importing.reading.word.styles import (
    RunLook,
    Styles,
    W,
    paragraph_look,
    run_look,
    styles,
    value,
)

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

_HAN = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff01-\uffef\U00020000-\U0003ffff]"
)
_NOTE_REFERENCE = re.compile(r'NOTEREF\s+"?([^\s"\\]+)"?(.*)', re.IGNORECASE | re.DOTALL)
_OURS = re.compile(r"_(?:GoBack$|Toc[0-9]|Hlk[0-9])|OLE_LINK")
"""Bookmarks that Word makes by itself and that nobody refers to."""
_REFERRED = re.compile(r"_Ref[0-9]")
"""Bookmarks that Word makes for its cross references."""
_COPY = re.compile(r"_Copy_\d+$")
_REFERENCE = re.compile(r'(REF|NOTEREF|PAGEREF)\s+"?([^\s"\\]+)', re.IGNORECASE)
_ADDRESS = re.compile(r'HYPERLINK\s+(?:\\[mntoh]\s+)*(?:"([^"]*)"|([^\s\\"]\S*))', re.IGNORECASE)
_SPOKEN = re.compile(r"\\o\s*\\ad\s*\(\\s\\up\s*[0-9.]+\s*\((.*?)\)\s*[,;](.*)\)\s*$", re.IGNORECASE | re.DOTALL)
"""A field EQ that sets a pronunciation above a base."""
_ENCLOSED = re.compile(r"EQ\s+\\o\s*\\ac\s*\(([^,;]*)[,;](.*)\)\s*$", re.IGNORECASE | re.DOTALL)
"""A field EQ that sets a character in a circle (圍繞字元)."""
_UNASSIGNED = re.compile("[\ue000-\uf8ff]")
"""Characters that mean something in one face only (private use)."""
_SIGNS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\xad"}
_LOST_PICTURES = (".emf", ".wmf", ".emz", ".wmz", ".pict", ".pct")
_INSERTED = {f"{W}ins": "insertion", f"{W}moveTo": "move"}
_DELETED = {f"{W}del": "deletion", f"{W}moveFrom": ""}
_NOTES = {"footnote": "footnoteReference", "endnote": "endnoteReference"}
_MOST_COLUMNS = 200
_MADE_BY_WORD = frozenset({"separator", "continuationSeparator", "continuationNotice"})


class Item(NamedTuple):
    """What an item of a list belongs to: the list, its level from 0, its style as in JATS `list/@list-type`."""

    key: str
    level: int
    style: str


@dataclass
class Read:
    """What was read of a Word file; the paragraphs by their number, the copy for pandoc."""

    paragraphs: dict[int, Paragraph] = field(default_factory=dict)
    items: dict[int, Item] = field(default_factory=dict)
    """The paragraphs that are items of lists."""
    media: dict[str, bytes] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    lost: list[tuple[int, str, str]] = field(default_factory=list)
    copy: bytes = b""


def read(package: Package) -> Read:
    """Read the paragraphs of a DOCX. Raises `BadPartError`, `NoTextError`."""
    main = main_part(package)
    if main is None:
        raise NoTextError
    reader = _Reader(package, main)
    reader.whole()
    return reader.read


def main_part(package: Package) -> str | None:
    """The name of the part with the text."""
    return package.related("", "officeDocument") or next(
        (name for name in ("word/document.xml",) if name in package.parts), None
    )


@dataclass
class _Field:
    """A field that is open: what it does, and whether its result has begun."""

    code: str = ""
    result: bool = False
    address: str = ""
    anchor: str = ""
    """The bookmark to which it refers."""
    shown: str | None = None
    """What it shows now in the place of the result that it kept: the number that a note has by now."""

    @property
    def said(self) -> str | None:
        """The address that its code names."""
        match = _ADDRESS.match(self.code.strip())
        return (match[1] or match[2]) if match else None


class _Marked(NamedTuple):
    """The note whose call a bookmark holds: its key, its number, whether the bookmark holds words too."""

    key: str
    number: str
    wide: bool


@dataclass
class _Range:
    """A comment whose text is being read."""

    number: int
    text: str = ""


class _OpenRange(_Range):
    """A comment whose text goes on."""


class _Reader:
    """Reads the parts of one file in order; what spans paragraphs (fields, bookmarks, comments) is kept here."""

    def __init__(self, package: Package, main: str) -> None:
        def part(kind: str) -> Element | None:
            name = package.related(main, kind)
            return None if name is None else package.root(name)

        self.package, self.main, self.part = package, main, part
        self.styles: Styles = styles(part("styles"), part("theme"), part("settings"))
        self.numbering: Numbering = numbering(part("numbering"))
        self.read = Read()
        self.number = 0
        self.fields: list[_Field] = []
        self.bookmarks: dict[str, str] = {}
        self.ranges: dict[str, _Range] = {}
        self.used: Counter[str] = Counter()
        self.notes = self._known_notes()
        self.removed: set[str] = set()
        """Notes whose call was deleted with changes tracked."""
        self.shown: Mapping[str, Shown] = {}
        self.marked_notes: dict[str, _Marked] = {}
        self.held: set[str] = set()

    def whole(self) -> None:
        """Read the text, then the footnotes and endnotes, and make the copy."""
        root = self.package.root(self.main)
        body = root.find(f"{W}body") if root is not None else None
        if body is None:
            raise NoTextError
        self.used.update(
            look.numbering[0]
            for each in body.iter(f"{W}p")
            if (look := paragraph_look(self.styles, each.find(f"{W}pPr"))).numbering
        )
        self.shown = shown_numbers(body, self.part("settings"))
        self.marked_notes = _marked_notes(body, self.shown)
        stories = [body, *(root for kind in _NOTES if (root := self.part(f"{kind}s")) is not None)]
        self.held = {name for story in stories for name in _held(story)}
        copy = new("document")
        _Story(self, self.main).blocks(body, etree.SubElement(copy, f"{W}body"))
        parts = {"word/document.xml": copy}
        read: dict[str, range] = {}
        for kind in _NOTES:
            notes = self.part(f"{kind}s")
            parts[f"word/{kind}s.xml"] = made = new(f"{kind}s")
            for note in notes.iterfind(f"{W}{kind}") if notes is not None else ():
                if note.get(f"{W}type") not in _MADE_BY_WORD:
                    read[f"{kind}-{note.get(f'{W}id', '')}"] = self._note(note, kind, made)
        self._leave_uncalled(read)
        self._comments()
        self.read.copy = packed(parts)

    def _note(self, note: Element, kind: str, made: Element) -> range:
        """Read a note into its copy; gives the numbers of its paragraphs."""
        first = self.number + 1
        copied = etree.SubElement(made, f"{W}{kind}", {f"{W}id": note.get(f"{W}id", "")})
        self.fields.clear()
        _Story(self, self.package.related(self.main, f"{kind}s") or "").blocks(note, copied)
        return range(first, self.number + 1)

    def _leave_uncalled(self, read: dict[str, range]) -> None:
        """Notes that nothing calls, as Word keeps of deleted text, are no part of the manuscript."""
        paragraphs = self.read.paragraphs
        calls = {e.note for p in paragraphs.values() for e in p.inlines if isinstance(e, NoteCall)}
        for key, numbers in read.items():
            if key not in calls:
                left = [paragraphs.pop(number) for number in numbers if number in paragraphs]
                text = "".join(each.text for each in left)
                if text.strip() and key not in self.removed:
                    self.lose(
                        f"內文沒有呼叫的註：「{text}」", f"a note that the text does not call: {text}", numbers[0]
                    )

    def words_of(self, call: Element) -> str:
        """What a call stands for in a list of changes: the words of its note."""
        note = self.notes.get(_key(call))
        texts = note.iter(f"{W}t", f"{W}delText") if note is not None else ()
        words = "".join(each.text or "" for each in texts)
        return f"〔註：{words.strip()}〕"

    def _known_notes(self) -> dict[str, Element]:
        return {
            f"{kind}-{each.get(f'{W}id', '')}": each
            for kind in _NOTES
            if (root := self.part(f"{kind}s")) is not None
            for each in root.iterfind(f"{W}{kind}")
        }

    def lose(self, chinese: str, english: str, number: int | None = None) -> None:
        """Remember what can't be in a brief."""
        self.read.lost.append((self.number if number is None else number, chinese, english))

    def change(self, kind: str, text: str, by: Element) -> None:
        """Remember a tracked change; one that goes on in the next run is one."""
        author, date = by.get(f"{W}author", ""), by.get(f"{W}date", "")
        made = Change(kind, text, author, date, self.number)  # type: ignore[arg-type]
        last = self.read.changes[-1] if self.read.changes else None
        if last and replace(last, text="") == replace(made, text=""):
            made = replace(last, text=last.text + text)
            self.read.changes.pop()
        if made.text:
            self.read.changes.append(made)

    def _comments(self) -> None:
        root = self.part("comments")
        for each in root.iterfind(f"{W}comment") if root is not None else ():
            key = each.get(f"{W}id", "")
            span = self.ranges.get(key, _Range(0))
            said = "\n".join(
                "".join(text.text or "" for text in paragraph.iter(f"{W}t"))
                for paragraph in each.iterfind(f"{W}p")
            )
            author, date = each.get(f"{W}author", ""), each.get(f"{W}date", "")
            self.read.comments.append(Comment(said, span.text, author, date, span.number))


class _Story:
    """Reads one part: the text, or its footnotes or endnotes."""

    def __init__(self, reader: _Reader, part: str) -> None:
        self.reader, self.relations, self.part = reader, reader.package.relations(part), part

    def blocks(self, parent: Element, copy: Element) -> None:
        """Read the paragraphs and tables of a body, note or cell into its copy."""
        join_deleted(parent)
        content = list(flat(parent))
        for place, each in enumerate(content):
            if each.tag == f"{W}p":
                self._paragraph(each, copy, neighbours(content, place))
            elif each.tag == f"{W}tbl":
                self._table(each, copy)

    def _paragraph(self, source: Element, copy: Element, neighbours: list[Element]) -> None:
        reader = self.reader
        reader.number += 1
        number = reader.number
        properties = source.find(f"{W}pPr")
        look = paragraph_look(reader.styles, properties)
        listed, label = None, ""
        if look.numbering:
            key, said = look.numbering
            listed = (key, reader.numbering.of_style(key, value(properties, "pStyle")) if said is None else said)
            level = reader.numbering.level(*listed)
            look = paragraph_look(reader.styles, properties, level.paragraph if level else None)
            label = reader.numbering.label(*listed)
        content = _Content(self, value(properties, "pStyle"))
        content.walk(source)
        reader.fields[:] = [each for each in reader.fields if each.result]  # a code does not go on
        if next(source.iter(f"{W}footnoteRef", f"{W}endnoteRef"), None) is not None:
            content.inlines = without_first_blanks(content.inlines)
        inlines = joined(content.inlines)
        if is_written(inlines):
            reader.read.paragraphs[number] = Paragraph(
                inlines, number, look.style, look.outline, look.left, look.right, look.first, look.alignment,
                look.quoted, label, tuple(content.marks),
            )  # fmt: skip
            level = reader.numbering.level(*listed) if listed else None
            if listed and level and look.outline is None and not self._stands_alone(listed, neighbours):
                reader.read.items[number] = Item(*listed, STYLES.get(level.format, "order"))
            add_paragraph(copy, number, (each.note for each in inlines if isinstance(each, NoteCall)))
        if content.struck.strip():
            reader.lose(*struck(content.struck), number)
        for box in content.boxes:
            reader.lose(*TEXT_BOX, number)
            self.blocks(box, copy)

    def _stands_alone(self, listed: tuple[str, int], neighbours: list[Element]) -> bool:
        """Whether a numbered paragraph is a heading rather than an item: its list goes on, but not beside it."""
        key, _ = listed
        level = self.reader.numbering.level(*listed)
        if level is None or level.format in ("bullet", "none") or self.reader.used[key] < 2:
            return False
        beside = [paragraph_look(self.reader.styles, each.find(f"{W}pPr")).numbering for each in neighbours]
        return not any(each and each[0] == key for each in beside)

    def _table(self, source: Element, copy: Element) -> None:
        table = etree.SubElement(copy, f"{W}tbl")
        keep(table, source, "tblPr", ("tblLook",))
        grid = etree.SubElement(table, f"{W}tblGrid")
        widest = 0
        for row in inside(source, f"{W}tr"):
            removed = row.find(f"{W}trPr/{W}del")
            if removed is not None:
                text = "".join(each.text or "" for each in row.iter(f"{W}delText", f"{W}t"))
                self.reader.change("deletion", text, removed)
                continue
            made = etree.SubElement(table, f"{W}tr")
            keep(made, row, "trPr", ("tblHeader",))
            columns = sum(self._cell(cell, made) for cell in inside(row, f"{W}tc"))
            widest = max(widest, columns)
        for _ in range(widest):  # pandoc drops the cells that a grid has no columns for
            etree.SubElement(grid, f"{W}gridCol", {f"{W}w": "100"})

    def _cell(self, source: Element, row: Element) -> int:
        """Read a cell into its copy; gives the columns that it spans."""
        made = etree.SubElement(row, f"{W}tc")
        properties = keep(made, source, "tcPr", ("vMerge",))
        said = whole(value(source.find(f"{W}tcPr"), "gridSpan"), 1)
        columns = max(1, min(said, _MOST_COLUMNS))
        etree.SubElement(properties, f"{W}gridSpan", {f"{W}val": str(columns)})
        self.blocks(source, made)
        if made[-1].tag != f"{W}p":
            etree.SubElement(made, f"{W}p")
        return columns


class _Content:
    """What stands in one paragraph."""

    def __init__(self, story: _Story, style: str | None) -> None:
        self.story, self.reader, self.style = story, story.reader, style
        self.inlines: list[Inline] = []
        self.marks: list[str] = []
        self.boxes: list[Element] = []
        self.addresses: list[str] = []
        self.anchors: list[str] = []
        self.tracked: list[tuple[str, Element]] = []
        self.custom_mark = False
        self.struck = ""
        """The text with a line through it."""
        self.looks: dict[bytes, RunLook] = {}

    def walk(self, parent: Element) -> None:
        """Read what is inside an element of a paragraph."""
        for each in parent:
            name = str(each.tag).removeprefix(W)
            if each.tag in _INSERTED:
                self.tracked.append((_INSERTED[str(each.tag)], each))
                self.walk(each)
                self.tracked.pop()
            elif each.tag in _DELETED:
                self._deleted(each)
            elif name == "r":
                self._run(each)
            elif name == "hyperlink":
                self._link(each)
            elif name == "fldSimple":
                self._simple_field(each)
            elif name in ("bookmarkStart", "bookmarkEnd"):
                self._bookmark(each, name)
            elif name in ("commentRangeStart", "commentRangeEnd"):
                self._comment(each, name)
            elif name == "sdt":
                content = each.find(f"{W}sdtContent")
                self.walk(content if content is not None else etree.Element("none"))
            elif name in ("smartTag", "customXml", "dir", "bdo"):
                self.walk(each)
            elif each.tag in (f"{_MATH}oMath", f"{_MATH}oMathPara"):
                self._equation(each)
            elif each.tag == f"{CHOICES}AlternateContent":
                self.walk(chosen(each))

    def _deleted(self, element: Element) -> None:
        kind = _DELETED[str(element.tag)]
        text = ""
        for each in element.iter(f"{W}delText", f"{W}t", *(f"{W}{name}" for name in _NOTES.values())):
            if str(each.tag).removeprefix(W) not in _NOTES.values():
                text += each.text or ""
            elif kind:
                text += self.reader.words_of(each)
                self.reader.removed.add(_key(each))
        if kind and text:
            self.reader.change(kind, text, element)

    def _link(self, element: Element) -> None:
        relation = self.story.relations.get(element.get(f"{_R}id", ""))
        address = relation.target if relation and relation.external else ""
        anchor = element.get(f"{W}anchor")
        self.addresses.append(self._allowed(f"{address}#{anchor}" if address and anchor else address))
        self.anchors.append("" if address else self._target(anchor or ""))
        if not address and anchor and identifier(anchor) and anchor not in self.reader.held:
            self.reader.lose(*GONE)
        self.walk(element)
        self.anchors.pop()
        self.addresses.pop()

    def _target(self, name: str) -> str:
        """What a bookmark stands for: the note whose call it holds, else itself."""
        note = self.reader.marked_notes.get(name)
        return note.key if note and not note.wide else "" if _OURS.match(name) else name

    def _anchor_of(self, code: str) -> str:
        """What a field refers to; the number of a page means nothing in another layout."""
        found = _REFERENCE.match(code.strip())
        if found is None:
            return ""
        if found[1].upper() == "PAGEREF":
            if not _OURS.match(found[2]):
                self.reader.lose("交互參照的頁碼，排版後會不同", "a reference to a page, which will be another")
            return ""
        return self._target(found[2])

    def _allowed(self, address: str) -> str:
        """An address of the web or of mail; the text of another link stays without it."""
        if address and not is_address(address):
            self.reader.lose(f"連到「{address}」的連結，只留文字", f"a link to {address}: only its text is kept")
            return ""
        return address

    def _simple_field(self, element: Element) -> None:
        code = element.get(f"{W}instr", "")
        self.addresses.append(self._allowed(_Field(code).said or ""))
        self.anchors.append(self._anchor_of(code))
        self.walk(element)
        self.anchors.pop()
        self.addresses.pop()

    def _bookmark(self, element: Element, name: str) -> None:
        key, mark = element.get(f"{W}id", ""), element.get(f"{W}name", "")
        if name == "bookmarkEnd":
            self.reader.bookmarks.pop(key, None)
        elif mark and not _OURS.match(mark):
            self.reader.bookmarks[key] = mark
            self.marks.append(mark)

    def _comment(self, element: Element, name: str) -> None:
        key = element.get(f"{W}id", "")
        if name == "commentRangeStart":
            self.reader.ranges[key] = _OpenRange(self.reader.number)
        elif key in self.reader.ranges:
            self.reader.ranges[key] = _Range(self.reader.ranges[key].number, self.reader.ranges[key].text)

    def _equation(self, element: Element) -> None:
        """An equation of letters in a row is text; one with a form of its own is lost."""
        text = "".join(each.text or "" for each in element.iter(f"{_MATH}t"))
        flat = {f"{_MATH}{name}" for name in ("oMath", "oMathPara", "oMathParaPr", "r", "rPr", "t", "jc", "sty")}
        built = {each.tag for each in element.iter() if str(each.tag).startswith(_MATH)} - flat
        if built:
            self.reader.lose(f"方程式「{text}」", f"an equation: {text}")
        else:
            self.reader.lose(f"方程式「{text}」成了一般文字", f"an equation that became plain text: {text}")
            self._add(Run(text))

    def _run(self, element: Element) -> None:
        properties = element.find(f"{W}rPr")
        key = etree.tostring(properties) if properties is not None else b""
        look = self.looks.get(key)
        if look is None:
            look = self.looks[key] = run_look(self.reader.styles, properties, self.style)
        for child in element:
            self._piece(child, look)

    def _piece(self, child: Element, look: RunLook) -> None:
        """One child of a run."""
        name = str(child.tag).removeprefix(W)
        if name in ("fldChar", "instrText"):
            self._field(child, name, look)
        elif name == "commentReference":
            self.reader.ranges.setdefault(child.get(f"{W}id", ""), _Range(self.reader.number))
        elif any(not each.result for each in self.reader.fields):
            return
        elif name in _SIGNS:
            self._text(_SIGNS[name], look)
        elif name in _NOTES.values():
            self._call(child)
        elif name in _PIECES:
            _PIECES[name](self, child, look)

    def _typed(self, element: Element, look: RunLook) -> None:
        text = element.text or ""
        for each in dict.fromkeys(_UNASSIGNED.findall(text)):
            code = f"U+{ord(each):04X}"
            self.reader.lose(f"字型自訂的字元{code}，別的字型裡沒有", f"a character of one face only, {code}")
        self._text(text, look)

    def _break(self, element: Element, look: RunLook) -> None:
        if element.get(f"{W}type", "textWrapping") == "textWrapping":
            self._text("\n", look)

    def _alternate(self, element: Element, look: RunLook) -> None:
        for each in chosen(element):
            self._piece(each, look)

    def _text(self, text: str, look: RunLook, ruby: str | None = None) -> None:
        innermost = self.reader.fields[-1] if self.reader.fields else None
        if innermost is not None and innermost.shown is not None:
            if look.sup and innermost.shown and text.strip().isdecimal():  # the note is called once more
                self._add(NoteCall(innermost.anchor, self.reader.shown.get(innermost.anchor)))
                innermost.shown = ""
            text, innermost.shown = innermost.shown, ""
        if not text:
            return
        if look.hidden:
            if text.strip():
                self.reader.lose(f"隱藏的文字「{text}」", f"hidden text: {text}")
            return
        if self.custom_mark and text.strip():
            self.custom_mark = False
            self.reader.lose(
                f"{OWN_MARK}「{text}」改為號碼", f"the author's own mark of a note, {text}, is a number"
            )
            return
        for kind, by in self.tracked[-1:]:
            self.reader.change(kind, text, by)
        self.struck += text if look.struck else ""
        lang = look.east_asian if _HAN.search(text) else look.latin
        mark = next((each for each in reversed(self.reader.bookmarks.values()) if not _REFERRED.match(each)), None)
        self._add(
            Run(
                text, look.bold, look.italic, look.underline, look.sup, look.sub, look.font, look.size, lang,
                self._address(), look.style, mark, ruby, look.emphasis, self._anchor(),
            )
        )  # fmt: skip

    def _address(self) -> str | None:
        """The address of the link or field that the text is in; an anchor in the file is none."""
        inner = next((each for each in reversed(self.addresses) if each), "")
        fields = [each.address for each in self.reader.fields if each.result]
        return inner or next((each for each in reversed(fields) if each), None)

    def _anchor(self) -> str | None:
        """What the text refers to: the outermost reference that it is in."""
        fields = [each.anchor for each in self.reader.fields if each.result]
        return next((each for each in (*self.anchors, *fields) if each), None)

    def _add(self, inline: Inline) -> None:
        self.inlines.append(inline)
        if isinstance(inline, Run):
            for span in self.reader.ranges.values():
                if isinstance(span, _OpenRange):
                    span.text += inline.text

    def _field(self, element: Element, name: str, look: RunLook) -> None:
        fields = self.reader.fields
        kind = element.get(f"{W}fldCharType", "")
        if name == "instrText":
            if fields and not fields[-1].result:
                fields[-1].code += element.text or ""
        elif kind == "begin":
            fields.append(_Field())
        elif fields and kind == "separate":
            fields[-1].result = True
            fields[-1].address = self._allowed(fields[-1].said or "")
            fields[-1].anchor = self._anchor_of(fields[-1].code)
            self._reference_to_note(fields[-1])
        elif fields and kind == "end":
            done = fields.pop()
            around = _ENCLOSED.match(done.code.strip()) if not done.result else None
            if around and around[2].strip() and all(each.result for each in fields):
                read = enclosed(around[1], around[2])
                self.reader.lose(
                    f"圍繞字元「{around[2].strip()}」讀成「{read}」", f"an enclosed character, read as {read}"
                )
                self._text(read, look)
                return
            spoken = _SPOKEN.search(done.code) if not done.result else None
            if spoken and done.code.strip().upper().startswith("EQ") and all(each.result for each in fields):
                self._text(spoken[2], look, spoken[1])

    def _reference_to_note(self, reference: _Field) -> None:
        """A field NOTEREF: the number of a note, or its call once more (17.16.5.44). Word keeps an old result."""
        found = _NOTE_REFERENCE.match(reference.code.strip())
        note = self.reader.marked_notes.get(found[1]) if found else None
        if found is not None and note is None:
            self.reader.lose(*GONE)
        if found is None or note is None:
            return
        reference.shown = note.number
        if re.search(r"\\f\b", found[2]):
            self._add(NoteCall(note.key, self.reader.shown.get(note.key)))
            reference.shown = ""

    def _call(self, element: Element) -> None:
        key = _key(element)
        if self.story.part != self.reader.main:
            self.reader.lose("註裡的註", "a note in a note")
            return
        if key not in self.reader.notes:
            self.reader.lose("檔案裡沒有的註", "a note that is not in the file")
            return
        self._add(NoteCall(key, self.reader.shown.get(key)))
        for kind, by in self.tracked[-1:]:
            self.reader.change(kind, self.reader.words_of(element), by)
        self.custom_mark = has_own_mark(element)

    def _symbol(self, element: Element, look: RunLook) -> None:
        font, code = element.get(f"{W}font", ""), element.get(f"{W}char", "")
        text = symbol(font, code)
        if text:
            self._text(text, look)
        else:
            self.reader.lose(f"「{font}」字型的符號{code}", f"the symbol {code} of the face {font}")

    def _ruby(self, element: Element, look: RunLook) -> None:
        base, spoken = element.find(f"{W}rubyBase"), element.find(f"{W}rt")
        above = "".join(each.text or "" for each in spoken.iter(f"{W}t")) if spoken is not None else ""
        if base is None:
            return
        text = "".join(each.text or "" for each in base.iter(f"{W}t"))
        own = base.find(f"{W}r/{W}rPr")
        shown = run_look(self.reader.styles, own, self.style) if own is not None else look
        self._text(text, shown, above or None)

    def _drawing(self, element: Element, look: RunLook) -> None:
        """Pictures, text boxes, and what can't be in a brief."""
        boxes = list(outermost(element, f"{W}txbxContent"))
        self.boxes += boxes
        for name, picture in pictures(element):
            relation = self.story.relations.get(name)
            data = self.reader.package.parts.get(relation.target) if relation else None
            if relation is None or data is None or relation.external:
                self.reader.lose("檔案裡沒有的圖片", "a picture that is not in the file")
                continue
            if not look.hidden:
                key = self._kept(relation.target, data)
                self._add(Picture(key, alternative(element, picture)))
        names = {each.tag for each in element.iter()}
        if any(str(tag).startswith(_CHART) for tag in names):
            self.reader.lose("統計圖", "a chart")
        if any(str(tag).startswith(_DIAGRAM) for tag in names):
            self.reader.lose("SmartArt圖形", "a SmartArt drawing")
        if f"{_OFFICE}OLEObject" in names:
            self.reader.lose("內嵌的物件", "an embedded object")

    def _kept(self, target: str, data: bytes) -> str:
        """Keep the picture, under the name of its part."""
        media = self.reader.read.media
        name = posixpath.basename(target)
        stem, dot, ending = name.rpartition(".")
        copies = 2
        while media.get(name, data) != data:
            name = f"{stem}-{copies}{dot}{ending}"
            copies += 1
        media[name] = data
        if name.lower().endswith(_LOST_PICTURES):
            self.reader.lose(
                f"圖片「{name}」是Windows的圖元檔，請另存為PNG或SVG",
                f"the picture {name} is a metafile: save it as PNG or SVG",
            )
        return name


_PIECES: Mapping[str, Callable[[_Content, Element, RunLook], None]] = {
    "t": _Content._typed,
    "br": _Content._break,
    "sym": _Content._symbol,
    "ruby": _Content._ruby,
    "drawing": _Content._drawing,
    "pict": _Content._drawing,
    "object": _Content._drawing,
    f"{CHOICES}AlternateContent": _Content._alternate,
}
"""The readers of what may stand in a run, by name."""


def _key(call: Element) -> str:
    """The key of the note that a call calls."""
    return f"{str(call.tag).removeprefix(W).removesuffix('Reference')}-{call.get(f'{W}id', '')}"


def _marked_notes(body: Element, shown: Mapping[str, Shown]) -> dict[str, _Marked]:
    """The note whose call a bookmark holds, with the number that it has: by the name of the bookmark."""
    found: dict[str, _Marked] = {}
    worded: set[str] = set()
    for each, marks in _bookmarked(body):
        name = str(each.tag).removeprefix(W)
        if name not in _NOTES.values():
            worded |= marks
        elif not has_own_mark(each):
            key = _key(each)
            if key not in shown:  # its call was deleted
                continue
            made = _Marked(key, str(shown[key].number), wide=False)
            found |= {mark: made for mark in marks if mark not in found}
    return {mark: note._replace(wide=mark in worded) for mark, note in found.items()}


def _held(story: Element) -> Iterator[str]:
    """The names of the bookmarks that hold a note, a picture or text; not of those whose note was deleted.

    LibreOffice writes those of notes as copies, and leaves the links with the names that they had.
    """
    for _, marks in _bookmarked(story):
        for mark in marks:
            yield mark
            yield _COPY.sub("", mark)


def _bookmarked(story: Element) -> Iterator[tuple[Element, set[str]]]:
    """Each text, picture and note call with the bookmarks that hold it.

    LibreOffice saves the bookmark of a call empty, right before it.
    """
    opened: dict[str, str] = {}
    closed = ""
    names = ("bookmarkStart", "bookmarkEnd", "t", "drawing", *_NOTES.values())
    for each in story.iter(*(f"{W}{name}" for name in names)):
        name = str(each.tag).removeprefix(W)
        if name == "bookmarkStart":
            opened[each.get(f"{W}id", "")] = each.get(f"{W}name", "")
        elif name == "bookmarkEnd":
            closed = opened.pop(each.get(f"{W}id", ""), closed)
        elif name != "t" or (each.text or "").strip():
            before = {closed} if closed and name in _NOTES.values() and not opened else set()
            yield each, {*opened.values(), *before}
            closed = ""

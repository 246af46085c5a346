"""The text of a Word file, straight from its XML parts (ECMA-376 part 1, 17; part 2, 9.3)."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field, replace

from pipeline.importing.gate.package import Element, parsed
from pipeline.importing.originals.passages import SYMBOL, Original, OriginalNote, Passage, Pen

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
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
_SPOKEN = re.compile(r"\\o\s*\\ad\s*\(.*\)\s*[,;](.*)\)\s*$", re.S | re.I)
"""The base in a field EQ that sets a pronunciation above it."""


def word(data: bytes) -> Original:
    """The text of a DOCX. Raises `BadZipFile`, `BadPartError`, `ValueError` where there is none."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = parts.namelist()
        main = _word_part(names, parts, _main_part(names, parts))
        stories = {
            kind: _word_part(names, parts, next((name for name in names if name.endswith(f"/{kind}s.xml")), ""))
            for kind in ("footnote", "endnote")
        }
    if main is None:
        raise ValueError("no document.xml")
    pen = Pen()
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
        inner = Pen()
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
    """The name of the part with the text, as the relationships of the package say it (part 2, 9.3)."""
    if "_rels/.rels" in names:
        for relation in parsed("_rels/.rels", parts.read("_rels/.rels")):
            if relation.get("Type", "").endswith("/officeDocument"):
                return relation.get("Target", "").removeprefix("/")
    return "word/document.xml"


def _word_part(names: list[str], parts: zipfile.ZipFile, name: str) -> Element | None:
    return parsed(name, parts.read(name)) if name in names else None


@dataclass
class _WordReader:
    """Walks a story of a Word file. `fields` are the fields that are open: whether their result has begun."""

    pen: Pen
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

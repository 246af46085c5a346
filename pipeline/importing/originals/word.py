"""The text of a Word file, straight from its XML parts (ECMA-376 part 1, 17; part 2, 9.3)."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field, replace

from pipeline.importing.gate.package import Element, parsed
from pipeline.importing.originals.passages import SYMBOL, Original, OriginalNote, Passage, Pen
from pipeline.importing.reading.symbols import enclosed

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
_ENCLOSED = re.compile(r"EQ\s+\\o\s*\\ac\s*\(([^,;]*)[,;](.*)\)\s*$", re.S | re.I)
"""The sign and the character in a field EQ that sets the one around the other."""


def word(data: bytes) -> Original:
    """The text of a DOCX. Raises `BadZipFile`, `BadPartError`, `ValueError` where there is none."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = parts.namelist()
        name = _main_part(names, parts)
        main = _word_part(names, parts, name)
        styles = _word_part(names, parts, name.rpartition("/")[0] + "/styles.xml")
        stories = {
            kind: _word_part(names, parts, next((name for name in names if name.endswith(f"/{kind}s.xml")), ""))
            for kind in ("footnote", "endnote")
        }
    if main is None:
        raise ValueError("no document.xml")
    pen = Pen()
    hiding = _hiding(styles)
    reader = _WordReader(pen, hiding)
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
            _WordReader(inner, hiding).read(written[key])
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
    hiding: frozenset[str]
    """The ids of the styles that hide text."""
    fields: list[bool] = field(default_factory=list)
    code: str = ""
    boxes: list[Element] = field(default_factory=list)
    marked: Element | None = None
    """The run that holds a mark that the author gave to a note."""
    marks: dict[str, str] = field(default_factory=dict)
    """These marks, by the keys of the notes."""
    built: bool = False
    """Whether it is in an equation with fractions and the like, which no text can be and the editor is told of."""

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
        elif tag == f"{_M}oMath" and not self.built:
            self.built = _is_built(node)
            self.read(node)
            self.built = False
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
            spoken, around = _SPOKEN.search(self.code), _ENCLOSED.match(self.code.strip())
            self.pen.write(spoken[1] if spoken else enclosed(around[1], around[2]) if around else "")

    def is_hidden(self, node: Element) -> bool:
        """Whether the run of a text is hidden, by itself or by its style or that of its paragraph."""
        run = node.getparent()
        look = run.find(f"{_W}rPr") if run is not None else None
        vanish = look.find(f"{_W}vanish") if look is not None else None
        if vanish is not None:
            return _is_on(vanish)
        if not self.hiding:
            return False
        paragraph = next(node.iterancestors(f"{_W}p"), None)
        own = look.find(f"{_W}rStyle") if look is not None else None
        outer = paragraph.find(f"{_W}pPr/{_W}pStyle") if paragraph is not None else None
        return any(each is not None and each.get(f"{_W}val") in self.hiding for each in (own, outer))

    def text(self, node: Element) -> None:
        tag = node.tag
        shown = all(self.fields) and (self.marked is None or node.getparent() is not self.marked)
        if tag in (f"{_W}t", f"{_M}t"):
            if shown:
                self.pen.write(node.text or "", self.built or self.is_hidden(node))
        elif tag == f"{_W}instrText":
            self.code += node.text or ""
        elif tag in _SIGNS:
            if shown and _in_a_run(node):  # w:tab is a tab stop too
                self.pen.write(_SIGNS[tag], self.is_hidden(node))
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


def _is_built(equation: Element) -> bool:
    """Whether an equation is more than letters in a row."""
    row = {f"{_M}{name}" for name in ("oMath", "r", "rPr", "t", "sty")}
    return any(str(each.tag).startswith(_M) and each.tag not in row for each in equation.iter())


def _hiding(styles: Element | None) -> frozenset[str]:
    """The ids of the styles that hide text, themselves or by what they are based on (part 1, 17.3.2.41)."""
    known = {each.get(f"{_W}styleId", ""): each for each in (styles if styles is not None else ())}

    def hides(key: str, seen: frozenset[str]) -> bool:
        style = known.get(key)
        if style is None or key in seen:
            return False
        vanish, based = style.find(f"{_W}rPr/{_W}vanish"), style.find(f"{_W}basedOn")
        if vanish is not None:
            return _is_on(vanish)
        return based is not None and hides(based.get(f"{_W}val", ""), seen | {key})

    return frozenset(key for key in known if hides(key, frozenset()))


def _is_on(switch: Element) -> bool:
    return switch.get(f"{_W}val", "true") not in ("0", "false", "off")

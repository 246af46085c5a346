"""Briefs: the passages and notes of a brief, and what they are in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from pipeline.flat import REFERENCE
from pipeline.importing.fidelity.folding import Fold
from pipeline.importing.fidelity.texts import Note, Piece, Text
from pipeline.importing.originals import CALL
from pipeline.number import number
from pipeline.parse import Source

Element = etree._Element

_INLINE = frozenset(
    [
        "italic",
        "bold",
        "sup",
        "sub",
        "underline",
        "named-content",
        "styled-content",
        "ruby",
        "ext-link",
        "xref",
        "mixed-citation",
        "fn",
    ]
)
NOT_TEXT = frozenset(
    [
        "alt-text",
        "rt",
        "rp",
        "graphic",
        "fn",
        "colgroup",
        "article-id",
        "author-notes",
        "contrib-id",
        "history",
        "label",
    ]
)
"""What is no text of a brief where it stands: it is generated, or is not read in running."""
TOP = {
    "article-title": "title",
    "subtitle": "subtitle",
    "trans-title": "title",
    "trans-subtitle": "subtitle",
    "name": "author",
    "string-name": "author",
    "collab": "author",
    "aff": "unit",
    "subject": "focus",
    "kwd": "keyword",
}
_HOLDERS = frozenset(["title-group", "trans-title-group", "contrib-group", "contrib", "name-alternatives"])
"""Elements at the top that hold parts, each of which is a passage."""


def read_brief(source: Source, fold: Fold) -> Text:
    """The text of a brief, folded."""
    numbering = number(source.root)
    by_id = {node.get("id"): node for node in source.root.iter("fn") if node.get("id")}
    reader = BriefReader(fold, by_id)
    front, body = source.root.find("front"), source.root.find("body")
    passages: list[Piece] = []
    for part in (front, body):
        if part is not None:
            passages += reader.blocks(part)
    notes = []
    for note in source.root.iter("fn"):
        inner = [reader.passage(paragraph, "note") for paragraph in note.iterfind("p")]
        label = numbering.notes.get(note, "")
        of_author = next(note.iterancestors("author-notes"), None) is not None
        notes.append(Note(reader.key(note), label, tuple(each for each in inner if each.text), of_author))
    return Text(tuple(passages), tuple(notes), numbering)


def passages_of(node: Element) -> tuple[Piece, ...]:
    """The passages in a part of a brief, folded."""
    return tuple(BriefReader(Fold(), {}).blocks(node))


@dataclass(slots=True)
class BriefReader:
    """Reads the passages of a brief. `by_id` are its notes."""

    fold: Fold
    by_id: Mapping[str | None, Element]
    keys: dict[Element, str] = field(default_factory=dict)

    def key(self, note: Element) -> str:
        """A key for a note."""
        return self.keys.setdefault(note, f"fn {len(self.keys)}")

    def blocks(self, node: Element) -> Iterator[Piece]:
        """The passages in an element that is none itself."""
        for child in node.iterchildren("*"):
            tag = str(child.tag)
            if tag in NOT_TEXT or tag == "xref":
                continue
            if tag == "name-alternatives":
                yield from (self.name(name) for name in child.iterchildren("*"))
            elif tag == "contrib":
                yield from self.author(child)
            elif is_passage(child):
                piece = self.name(child) if tag == "name" else self.passage(child, _role(child))
                if piece.text:
                    yield piece
            else:
                yield from self.blocks(child)

    def author(self, node: Element) -> Iterator[Piece]:
        """The passages of an author; the calls of his notes stand behind the name."""
        called = [child for child in node.iterchildren("xref") if child.get("rid") in self.by_id]
        keys = tuple(self.key(self.by_id[child.get("rid")]) for child in called)
        for piece in [*self.blocks(node)]:
            if piece.role == "author" and keys:
                also = tuple(each + CALL * len(keys) for each in piece.also)
                yield replace(piece, text=piece.text + CALL * len(keys), calls=(*piece.calls, *keys), also=also)
                keys = ()
            else:
                yield piece

    def name(self, node: Element) -> Piece:
        """A name; the parts of a Western one stand in either order in a manuscript."""
        piece = self.passage(node, "author")
        surname, given = (self.fold(node.findtext(part, "")) for part in ("surname", "given-names"))
        if not surname or not given:
            return piece
        if node.get("name-style") == "eastern":
            return replace(piece, also=(f"{surname}{given}", f"{surname} {given}"))
        turned = (f"{given} {surname}", f"{surname} {given}", f"{surname}, {given}", f"{surname}{given}")
        return replace(piece, also=tuple(self.fold(each) for each in turned))

    def passage(self, node: Element, role: str) -> Piece:
        """A passage of a role."""
        parts: list[str] = []
        calls: list[str] = []
        xrefs: list[Element] = []
        self.inline(node, parts, calls, xrefs)
        return Piece(self.fold("".join(parts)), role=role, calls=tuple(calls), xrefs=tuple(xrefs))

    def called_again(self, xref: Element, parts: list[str], calls: list[str], xrefs: list[Element]) -> None:
        """A note of the author is called by its link; any other is called once more, by its figure."""
        note = self.by_id.get(xref.get("rid"))
        if note is not None and next(note.iterancestors("author-notes"), None) is not None:
            parts.append(CALL)
            calls.append(self.key(note))
        else:
            parts.append(REFERENCE)
            xrefs.append(xref)

    def inline(self, node: Element, parts: list[str], calls: list[str], xrefs: list[Element]) -> None:
        """Add the text of an element, its calls and its references."""
        parts.append(node.text or "")
        for child in node:
            if child.tag == "fn":
                parts.append(CALL)
                calls.append(self.key(child))
            elif child.tag == "xref" and _calls_a_note(child):
                self.called_again(child, parts, calls, xrefs)
            elif child.tag == "xref":
                parts.append(REFERENCE)
                xrefs.append(child)
            elif isinstance(child.tag, str) and child.tag not in NOT_TEXT:
                if child.tag in ("given-names", "surname") and parts[-1:] == ["\n"]:
                    parts.append("")
                self.inline(child, parts, calls, xrefs)
            parts.append(child.tail or "")


def _calls_a_note(xref: Element) -> bool:
    return xref.get("ref-type") in ("fn", "author-notes") and not xref.get("specific-use")


def is_passage(node: Element) -> bool:
    """Whether an element of a brief holds text itself, not blocks with text."""
    if node.tag in TOP:
        return True
    if node.tag in _HOLDERS:
        return False
    own = (node.text or "").strip() or any((child.tail or "").strip() for child in node)
    return bool(own) or any(child.tag in _INLINE for child in node.iterchildren("*"))


def _role(node: Element) -> str:
    if node.tag in TOP and next(node.iterancestors("front"), None) is not None:
        return TOP[str(node.tag)]
    holders = {str(holder.tag) for holder in node.iterancestors()}
    if node.tag == "attrib":
        return "attribution"
    if holders & {"caption", "table-wrap-foot", "tfoot"}:
        return "caption"
    if holders & {"abstract", "trans-abstract"}:
        return "abstract"
    return "heading" if node.tag == "title" else "paragraph"

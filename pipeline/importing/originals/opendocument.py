"""The text of an ODT, straight from its content (OpenDocument 1.3 part 3, 5 and 6)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.importing.gate.package import Element, parsed, whole
from pipeline.importing.originals.passages import Original, OriginalNote, Pen, collapsed

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_PARTS = ("styles.xml", "content.xml")
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_NOT_TEXT = frozenset(
    {
        *(
            f"{_TEXT}{name}"
            for name in ("tracked-changes", "ruby-text", "note-citation", "sequence-decls", "script")
        ),
        *(f"{_TEXT}{name}" for name in ("table-of-content", "illustration-index", "table-index", "object-index")),
        *(f"{_TEXT}{name}" for name in ("user-index", "alphabetical-index")),
        *(f"{_OFFICE}{name}" for name in ("annotation", "annotation-end", "forms")),
        *(f"{_SVG}{name}" for name in ("desc", "title")),
    }
)
"""What an author does not see in the text, and what the program writes: tables of contents."""


def opendocument(data: bytes) -> Original:
    """The text of an ODT. Raises `BadZipFile`, `BadPartError`, `ValueError` where there is none."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        roots = {name: parsed(name, parts.read(name)) for name in _PARTS if name in parts.namelist()}
    root = roots.get("content.xml")
    text = root.find(f"{_OFFICE}body/{_OFFICE}text") if root is not None else None
    if text is None:
        raise ValueError("no office:text")
    styles = {
        (style.get(f"{_STYLE}family", ""), style.get(f"{_STYLE}name", "")): style
        for each in roots.values()
        for style in each.iter(f"{_STYLE}style")
    }
    reader = _OdtReader(Pen(), styles, [])
    reader.blocks(text)
    return Original("odt", tuple(reader.pen.passages), tuple(reader.notes))


@dataclass
class _OdtReader:
    """Walks the text; `styles` are by their family and name."""

    pen: Pen
    styles: Mapping[tuple[str, str], Element]
    notes: list[OriginalNote]

    def hides(self, node: Element, family: str) -> bool | None:
        """Whether the style of a paragraph or span hides its text; None where it says nothing of it."""
        name, seen = node.get(f"{_TEXT}style-name", ""), set[str]()
        while name not in seen and (style := self.styles.get((family, name))) is not None:
            seen.add(name)
            look = style.find(f"{_STYLE}text-properties")
            said = look.get(f"{_TEXT}display") if look is not None else None
            if said is not None:
                return said == "none"
            name = style.get(f"{_STYLE}parent-style-name", "")
        return None

    def blocks(self, node: Element) -> None:
        for child in node:
            if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                boxes: list[Element] = []
                self.inline(child, boxes, self.hides(child, "paragraph") or False)
                self.pen.end()
                for box in boxes:
                    self.blocks(box)
            elif child.tag not in _NOT_TEXT and not _is_hidden(child):
                self.blocks(child)

    def inline(self, node: Element, boxes: list[Element], hidden: bool) -> None:
        self.pen.write(collapsed(node.text), hidden)
        for child in node:
            tag = str(child.tag)
            if tag == f"{_TEXT}note":
                self.note(child)
            elif tag == f"{_TEXT}s":
                self.pen.write(" " * min(whole(child.get(f"{_TEXT}c"), 1), 1000), hidden)
            elif tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
                self.pen.write("\t" if tag.endswith("tab") else "\n", hidden)
            elif tag.endswith("}text-box"):
                boxes.append(child)
            elif tag not in _NOT_TEXT:
                said = self.hides(child, "text") if tag == f"{_TEXT}span" else None
                self.inline(child, boxes, hidden if said is None else said)
            self.pen.write(collapsed(child.tail), hidden)

    def note(self, node: Element) -> None:
        key = node.get(f"{_TEXT}id", "")
        self.pen.call(key)
        body = node.find(f"{_TEXT}note-body")
        outside, self.pen = self.pen, Pen()
        if body is not None:
            self.blocks(body)
        self.notes.append(OriginalNote(key, tuple(self.pen.passages)))
        self.pen = outside


def _is_hidden(node: Element) -> bool:
    """Whether a section is hidden, by itself or now by its condition."""
    display = node.get(f"{_TEXT}display")
    return display == "none" or (display == "condition" and node.get(f"{_TEXT}is-hidden") == "true")

"""The text of an ODT, straight from its content (OpenDocument 1.3 part 3, 5 and 6)."""

from __future__ import annotations

import io
import zipfile

from pipeline.importing.gate.package import Element, parsed
from pipeline.importing.originals.passages import Original, OriginalNote, Pen, collapsed

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_NOT_TEXT = frozenset(
    {
        *(
            f"{_TEXT}{name}"
            for name in ("tracked-changes", "ruby-text", "note-citation", "sequence-decls", "script")
        ),
        *(f"{_OFFICE}{name}" for name in ("annotation", "annotation-end", "forms")),
        *(f"{_SVG}{name}" for name in ("desc", "title")),
    }
)
"""What an author does not see in the text."""


def opendocument(data: bytes) -> Original:
    """The text of an ODT. Raises `BadZipFile`, `BadPartError`, `ValueError` where there is none."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        root = parsed("content.xml", parts.read("content.xml"))
    text = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if text is None:
        raise ValueError("no office:text")
    pen = Pen()
    notes: list[OriginalNote] = []
    _blocks(text, pen, notes)
    return Original("odt", tuple(pen.passages), tuple(notes))


def _blocks(node: Element, pen: Pen, notes: list[OriginalNote]) -> None:
    for child in node:
        if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            boxes: list[Element] = []
            _inline(child, pen, notes, boxes)
            pen.end()
            for box in boxes:
                _blocks(box, pen, notes)
        elif child.tag not in _NOT_TEXT:
            _blocks(child, pen, notes)


def _inline(node: Element, pen: Pen, notes: list[OriginalNote], boxes: list[Element]) -> None:
    pen.write(collapsed(node.text))
    for child in node:
        tag = str(child.tag)
        if tag == f"{_TEXT}note":
            pen.call(child.get(f"{_TEXT}id", ""))
            body, inner = child.find(f"{_TEXT}note-body"), Pen()
            if body is not None:
                _blocks(body, inner, notes)
            notes.append(OriginalNote(child.get(f"{_TEXT}id", ""), tuple(inner.passages)))
        elif tag == f"{_TEXT}s":
            pen.write(" " * min(int(child.get(f"{_TEXT}c", "1")), 1000))
        elif tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            pen.write("\t" if tag.endswith("tab") else "\n")
        elif tag.endswith("}text-box"):
            boxes.append(child)
        elif tag not in _NOT_TEXT:
            _inline(child, pen, notes, boxes)
        pen.write(collapsed(child.tail))

"""Drawings of a Word file: their pictures, with what stands for them, and their text boxes."""

from collections.abc import Iterator

from pipeline.importing.gate.package import Element
from pipeline.importing.reading.word.flow import CHOICES, chosen
from pipeline.importing.reading.word.styles import W

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_SVG = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}"
_VML = "{urn:schemas-microsoft-com:vml}"


def pictures(element: Element) -> Iterator[tuple[str, Element]]:
    """The relations of the pictures in a drawing, without those in its text boxes and second choices."""
    for each in element.iter(f"{_DRAWING}blip", f"{_VML}imagedata"):
        around = each.iterancestors(f"{W}txbxContent", f"{CHOICES}Fallback")
        if any(element in outer.iterancestors() for outer in around):
            continue
        vector = each.find(f".//{_SVG}svgBlip")
        key = (vector.get(f"{_R}embed") if vector is not None else None) or each.get(f"{_R}embed")
        key = key or each.get(f"{_R}link") or each.get(f"{_R}id")
        if key:
            yield key, each


def alternative(element: Element, picture: Element) -> str:
    """What the author wrote to stand for a picture."""
    about = element.find(f".//{_PLACED}docPr")
    shape = next(picture.iterancestors(f"{_VML}shape", f"{_VML}rect"), None)
    said = about.get("descr", "") if about is not None else ""
    return said or (shape.get("alt", "") if shape is not None else "")


def outermost(element: Element, tag: str) -> Iterator[Element]:
    """The elements of a name that are not inside another, nor the second choice of one."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag == f"{CHOICES}AlternateContent":
            yield from outermost(chosen(child), tag)
        else:
            yield from outermost(child, tag)

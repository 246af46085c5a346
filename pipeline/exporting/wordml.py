"""WordprocessingML: elements, and the properties of runs in the order that Word asks for (ECMA-376 part 1, 17)."""

from dataclasses import dataclass
from typing import Literal

from lxml import etree

Element = etree._Element

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
PLACED_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
NAMESPACES = {"w": WORD, "r": RELATIONSHIPS, "wp": PLACED_DRAWING, "a": DRAWING, "pic": PICTURE, "asvg": SVG}

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def w(tag: str, *children: Element, **values: str | float | None) -> Element:
    """An element `w:tag` with attributes `w:…`; those that are None are left out."""
    made = etree.Element(f"{{{WORD}}}{tag}", nsmap={"w": WORD})
    for name, value in values.items():
        if value is not None:
            made.set(f"{{{WORD}}}{name}", str(value))
    made.extend(children)
    return made


def text(content: str, tag: str = "t") -> Element:
    """`w:t` (or `w:instrText`): every blank of it counts."""
    made = w(tag)
    made.text = content
    made.set(XML_SPACE, "preserve")
    return made


@dataclass(frozen=True, slots=True)
class Look:
    """How a run looks: what differs from the style of its paragraph.

    `style` is the id of a character style, `face` the name of an East Asian face, `lang` a tag as Word has it
    (ko-KR) and `east_asian` tells whether it is a language of East Asia. `hint` sets the marks that both scripts
    have (“ ” … —) in the East Asian face.
    """

    style: str | None = None
    bold: bool = False
    italic: bool = False
    position: Literal["", "superscript", "subscript"] = ""
    face: str | None = None
    lang: str | None = None
    east_asian: bool = False
    hint: bool = False

    def properties(self) -> Element | None:
        """`w:rPr`, or None where nothing differs (17.3.2.28)."""
        made = w("rPr")
        if self.style:
            made.append(w("rStyle", val=self.style))
        if self.face or self.hint:
            made.append(w("rFonts", hint="eastAsia" if self.hint else None, eastAsia=self.face))
        for name, on in (("b", self.bold), ("i", self.italic)):
            if on:
                made.append(w(name))
        if self.position:
            made.append(w("vertAlign", val=self.position))
        if self.lang:
            made.append(w("lang", eastAsia=self.lang) if self.east_asian else w("lang", val=self.lang))
        return made if len(made) else None


def run(look: Look, *children: Element) -> Element:
    """`w:r` with its look."""
    properties = look.properties()
    return w("r", *([properties] if properties is not None else []), *children)


def field(instruction: str, result: list[Element], look: Look) -> list[Element]:
    """A field with the result that it has now; Word works it out again when it is asked to (17.16.18)."""
    return [
        run(look, w("fldChar", fldCharType="begin")),
        run(look, text(f" {instruction} ", "instrText")),
        run(look, w("fldChar", fldCharType="separate")),
        *result,
        run(look, w("fldChar", fldCharType="end")),
    ]


def paragraph(style: str, *content: Element, **properties: Element) -> Element:
    """A paragraph in a style; `properties` by their names: numPr, jc …, put into the order of 17.3.1.26."""
    unknown = set(properties) - set(_PARAGRAPH_PROPERTIES)
    if unknown:
        raise ValueError(f"no place known for {unknown}")
    ordered = [properties[name] for name in _PARAGRAPH_PROPERTIES if name in properties]
    return w("p", w("pPr", w("pStyle", val=style), *ordered), *content)


_PARAGRAPH_PROPERTIES = ("keepNext", "keepLines", "numPr", "spacing", "ind", "jc")


def part(tag: str, *children: Element) -> bytes:
    """The bytes of a part whose root is `w:tag`."""
    root = etree.Element(f"{{{WORD}}}{tag}", nsmap=NAMESPACES)
    root.extend(children)
    etree.cleanup_namespaces(root, top_nsmap=NAMESPACES, keep_ns_prefixes=["w", "r"])
    return serialised(root)


def serialised(root: Element) -> bytes:
    """The bytes of a part."""
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return data

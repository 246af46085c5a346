"""Drawings: SVG pictures that bring their own letters.

A drawing shown as a picture can't use the fonts of the page around it (SVG 2, 5.8: no external resources), so a
reader without Chinese fonts sees empty boxes. Subsets of the faces that it names go into the file itself.
"""

import re
from base64 import b64encode

from lxml import etree

from pipeline.fonts.prepared import Face, Fonts
from pipeline.fonts.subsets import subset

_SVG = "{http://www.w3.org/2000/svg}"
_SAFE = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_FAMILY = re.compile(r"font-family\s*:\s*([^;}]+)")
_WEIGHT = re.compile(r"font-weight\s*:\s*(\w+)")
_WEIGHTS = {"normal": 400, "bold": 700, "bolder": 700, "lighter": 400}


def with_faces(drawing: bytes, fonts: Fonts) -> bytes:
    """A valid SVG with subsets of our faces for its text; the same bytes where it names none of them."""
    root = etree.fromstring(drawing, _SAFE)
    text = {ord(character) for node in root.iter(f"{_SVG}text") for character in "".join(node.itertext())}
    rules = "".join(_rule(face, text) for face in _named(root, fonts)) if text else ""
    if not rules:
        return drawing
    style = etree.Element(f"{_SVG}style")
    style.text = rules
    root.insert(0, style)
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return data


def _named(root: etree._Element, fonts: Fonts) -> list[Face]:
    """The faces of the families and weights that a drawing names, the nearest weight of each family."""
    styles = " ".join([*(node.get("style", "") for node in root.iter("*")), *_sheets(root)])
    families = [node.get("font-family", "") for node in root.iter("*")] + _FAMILY.findall(styles)
    named = {name.strip().strip("'\"") for stack in families for name in stack.split(",")}
    written = [node.get("font-weight", "") for node in root.iter("*")] + _WEIGHT.findall(styles)
    weights = {
        _WEIGHTS.get(weight) or int(weight) for weight in written if weight in _WEIGHTS or weight.isdecimal()
    }
    found: dict[Face, None] = {}
    for family in sorted(named):
        faces = [face for face in fonts.faces if face.family == family and face.style == "normal"]
        for weight in sorted(weights | {400}) if faces else ():
            found[min(faces, key=lambda face: (abs(face.weight - weight), face.weight))] = None
    return list(found)


def _sheets(root: etree._Element) -> list[str]:
    return [node.text or "" for node in root.iter(f"{_SVG}style")]


def _rule(face: Face, text: set[int]) -> str:
    encoded = b64encode(subset(face, text)).decode()
    return (
        f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};'
        f'src:url("data:font/ttf;base64,{encoded}")}}'
    )

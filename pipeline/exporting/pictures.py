"""Pictures: those of a brief as Word shows them; a drawing goes in as SVG and as a picture for older programs."""

import io
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from PIL import Image

from pipeline.brief import Figure
from pipeline.exporting.wordml import DRAWING, NAMESPACES, PICTURE, PLACED_DRAWING, RELATIONSHIPS, SVG, Element, w
from pipeline.fonts import Fonts, activate, prepare

_EMU = 12700
"""English metric units in a point (20.1.2.1)."""

_PX = 0.75
_RESOLUTION = 220
"""Of the picture made of a drawing, in dots to the inch: what Word keeps by default."""

_UNITS = {"": _PX, "px": _PX, "pt": 1.0, "pc": 12.0, "mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0}
_LENGTH = re.compile(r"\s*([0-9.]+)\s*(px|pt|pc|mm|cm|in|)\s*")
_SAFE = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its files with their suffixes, first the one that every program shows; its size in points."""

    files: tuple[tuple[str, bytes], ...]
    width: float
    height: float


def read_pictures(figures: Sequence[Figure], lang: str, fonts: Fonts | None = None) -> dict[str, Picture]:
    """The pictures of figures by their address; the files are those that validation has passed.

    Where there is a drawing, `fonts` are activated first, or those for the language: its words need our faces.
    """
    if any(_is_drawing(each.picture) for each in figures):
        activate(fonts or prepare(languages=(lang,)))
    return {each.href: _read(each.picture) for each in figures}


def _is_drawing(path: Path) -> bool:
    return path.suffix.lower() == ".svg"


def _read(path: Path) -> Picture:
    data = path.read_bytes()
    if _is_drawing(path):
        width, height = _drawing_size(etree.fromstring(data, _SAFE))
        return Picture(((".png", _rendered(data, width, height)), (".svg", data)), width, height)
    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
    suffix = ".jpeg" if path.suffix.lower() in (".jpg", ".jpeg") else path.suffix.lower()
    return Picture(((suffix, data),), width * _PX, height * _PX)


def _drawing_size(root: Element) -> tuple[float, float]:
    """The size of an SVG in points: its own, else its viewBox's, else CSS's 300 by 150 (CSS Images 3, 4.2)."""
    given = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    box = [float(each) for each in re.split(r"[\s,]+", root.get("viewBox", "").strip()) if each]
    width, height = (float(length[1]) * _UNITS[length[2]] if length else 0.0 for length in given)
    if len(box) == 4 and box[3]:
        ratio = box[2] / box[3]
        width = width or (height * ratio if height else box[2] * _PX)
        height = height or width / ratio
    return width or 300 * _PX, height or 150 * _PX


def _rendered(drawing: bytes, width: float, height: float) -> bytes:
    """A drawing as PNG."""
    import pypdfium2  # noqa: PLC0415
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    address = f"data:image/svg+xml;base64,{b64encode(drawing).decode()}"
    page = f"@page {{ size: {width}pt {height}pt; margin: 0 }} body {{ margin: 0 }}"
    image = f'<img src="{address}" style="display: block; width: {width}pt; height: {height}pt">'
    only_itself = URLFetcher(allowed_protocols=("data",))
    pdf = HTML(string=f"<style>{page}</style>{image}", url_fetcher=only_itself).write_pdf()
    document = pypdfium2.PdfDocument(pdf)
    try:
        shown = document[0].render(scale=_RESOLUTION / 72).to_pil()
    finally:
        document.close()
    written = io.BytesIO()
    shown.convert("RGB").save(written, "PNG", compress_level=9, dpi=(_RESOLUTION, _RESOLUTION))
    return written.getvalue()


def drawn(picture: Picture, related: list[str], figure: Figure, number: int, room: tuple[float, float]) -> Element:
    """`w:drawing` of a picture with its alternative text, in at most `room` (points); `related` are its parts."""
    scale = min(1.0, room[0] / picture.width, room[1] / picture.height)
    size = {"cx": str(round(picture.width * scale * _EMU)), "cy": str(round(picture.height * scale * _EMU))}
    named = {"id": str(number), "name": Path(figure.href).name, "descr": figure.alternative}
    blip = _made(DRAWING, "blip")
    blip.set(f"{{{RELATIONSHIPS}}}embed", related[0])
    if len(related) > 1:
        as_drawing = _made(SVG, "svgBlip")
        as_drawing.set(f"{{{RELATIONSHIPS}}}embed", related[1])
        extension = _made(DRAWING, "ext", as_drawing, uri=_SVG_EXTENSION)
        blip.append(_made(DRAWING, "extLst", extension))
    shape = _made(
        PICTURE,
        "spPr",
        _made(DRAWING, "xfrm", _made(DRAWING, "off", x="0", y="0"), _made(DRAWING, "ext", **size)),
        _made(DRAWING, "prstGeom", _made(DRAWING, "avLst"), prst="rect"),
    )
    shown = _made(
        PICTURE,
        "pic",
        _made(PICTURE, "nvPicPr", _made(PICTURE, "cNvPr", **named), _made(PICTURE, "cNvPicPr")),
        _made(PICTURE, "blipFill", blip, _made(DRAWING, "stretch", _made(DRAWING, "fillRect"))),
        shape,
    )
    inline = _made(
        PLACED_DRAWING,
        "inline",
        _made(PLACED_DRAWING, "extent", **size),
        _made(PLACED_DRAWING, "docPr", **named),
        _made(PLACED_DRAWING, "cNvGraphicFramePr", _made(DRAWING, "graphicFrameLocks", noChangeAspect="1")),
        _made(DRAWING, "graphic", _made(DRAWING, "graphicData", shown, uri=PICTURE)),
        distT="0",
        distB="0",
        distL="0",
        distR="0",
    )
    return w("drawing", inline)


def _made(namespace: str, tag: str, *children: Element, **values: str) -> Element:
    made = etree.Element(f"{{{namespace}}}{tag}", values, NAMESPACES)
    made.extend(children)
    return made

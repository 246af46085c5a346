"""Pictures: the figures of an issue and the picture of its first page, with names and sizes."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from pipeline.brief import Issue
from pipeline.fonts import Fonts
from pipeline.fonts.drawings import with_faces

_COVER_WIDTH = 900
"""Pixels: twice what the contents page shows, for fine screens."""
_UNITS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_LENGTH = re.compile(r"\s*([0-9.]+)\s*(px|pt|pc|mm|cm|in|)\s*")
_SAFE = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file of the edition; width and height in CSS pixels."""

    name: str
    data: bytes
    width: int
    height: int


def pictures(issue: Issue, fonts: Fonts | None) -> dict[Path, Picture]:
    """The figures of the issue, each file once: figure-01.svg, figure-02.png …

    With `fonts`, drawings bring the letters of their words.
    """
    found: dict[Path, Picture] = {}
    for path in _paths(issue):
        if path not in found:
            data = path.read_bytes()
            width, height = _size(data)
            if path.suffix.lower() == ".svg" and fonts is not None:
                data = with_faces(data, fonts)
            found[path] = Picture(f"figure-{len(found) + 1:02}{path.suffix.lower()}", data, width, height)
    return found


def _paths(issue: Issue) -> Iterator[Path]:
    for brief in issue.briefs:
        yield from (figure.picture for figure in brief.figures())


def first_page(pdf: bytes) -> Picture:
    """The first page of a PDF, its cover, as a PNG."""
    import pypdfium2  # noqa: PLC0415

    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        drawn = page.render(scale=_COVER_WIDTH / page.get_width()).to_pil()
    finally:
        document.close()
    written = io.BytesIO()
    drawn.convert("P", palette=1, colors=128).save(written, "PNG", optimize=False, compress_level=9)
    return Picture("cover.png", written.getvalue(), *drawn.size)


def _size(data: bytes) -> tuple[int, int]:
    """Width and height of a picture that `pipeline.validate` has passed."""
    if data.lstrip()[:1] == b"<" or data[:3] == b"\xef\xbb\xbf":
        return _drawing_size(etree.fromstring(data, _SAFE))
    from PIL import Image  # noqa: PLC0415

    with Image.open(io.BytesIO(data)) as picture:
        return picture.size


def _drawing_size(root: etree._Element) -> tuple[int, int]:
    """The size of an SVG: its own, else that of its viewBox, else CSS's 300 by 150 (CSS Images 3, 4.2)."""
    given = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    box = [float(number) for number in re.split(r"[\s,]+", root.get("viewBox", "").strip()) if number]
    width, height = (float(length[1]) * _UNITS[length[2]] if length else 0.0 for length in given)
    if len(box) == 4:
        ratio = box[2] / box[3]
        width = width or (height * ratio if height else box[2])
        height = height or width / ratio
    return round(width or 300), round(height or 150)

"""The engine: WeasyPrint 70.0, and what it can't do for Chinese and is taught here.

Two things, each small enough to be dropped when the engine learns it:

- a line is justified between all its characters, not at its blanks alone (clreq 3.2.2);
- Han and Latin or digits stand a fifth of an em apart (clreq 3.2.3), at a mark `GAP` that the text carries.

They reach into functions without a promise, so the version is pinned and checked. Import this module only
after `fonts.activate`: the engine reads the configuration of the fonts when it is imported.
"""

import logging
import mimetypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pydyf
import weasyprint
from PIL import ImageFile
from weasyprint import HTML
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text import line_break
from weasyprint.text.ffi import TO_UNITS, ffi, pango
from weasyprint.urls import URLFetcher, URLFetcherResponse

from pipeline.compose import GAP, GAP_WIDTH, STRETCHED
from pipeline.layout import LAYOUTS

ImageFile.LOAD_TRUNCATED_IMAGES = False
"""The engine accepts cut-off pictures, for the whole process; we do not."""

VERSION = "70.0"
PX = 0.75
"""Points in a CSS pixel, the unit of the engine."""

_MOST = 0.7
"""A line that would open wider than this, in em, stays ragged: an address with a mark or two before it."""

_CLOSE = 0.1
"""How far a justified line may be off the measure, in CSS pixels."""

_GAP_IN_TEXT = re.compile(f"(?<![!-~]){GAP}|{GAP}(?![!-~])")
_set_text = line_break.Layout.set_text
_text_align = inline.text_align


def parsed(html: str, folder: Path) -> HTML:
    """A document to lay out; it may read files inside `folder` and the layouts, nothing else."""
    return HTML(string=html, base_url=str(LAYOUTS), url_fetcher=_fetcher(folder))


def render(html: HTML) -> Any:
    """A laid out document."""
    install()
    return html.render()


def pdf(document: Any) -> bytes:
    """The PDF of a laid out document, tagged."""
    data: bytes = document.write_pdf(pdf_tags=True, finisher=_say_where_links_lead)
    return data


def _say_where_links_lead(document: Any, _pdf: Any) -> None:
    """The title of a link, else its words, as its description (ISO 32000-1, 12.5.6.1, Contents).

    The engine writes the address: for a link inside the document an id that says nothing to a reader.
    """
    for page in document.pages:
        for box in page._page_box.descendants(placeholders=True):
            if box.link_annotation is not None and "A" not in box.link_annotation:
                words = box.element.get("title") or "".join(box.element.itertext())
                said = words.replace(GAP, "").replace("\u2060", "")
                box.link_annotation["Contents"] = pydyf.String(said)


def heights(contents: Sequence[str], sheets: Sequence[str], width: float, folder: Path) -> list[float]:
    """The heights of boxes of HTML under style sheets (addresses), set in `width`; all lengths in points."""
    if not contents:
        return []
    page = f"@page {{ size: {width}pt 100000pt; margin: 0 }}"
    links = "".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in sheets)
    divisions = "".join(f'<div class="box">{content}</div>' for content in contents)
    document = render(parsed(f"<html lang='zh-Hant-TW'>{links}<style>{page}</style><body>{divisions}", folder))
    return [
        float(box.margin_height()) * PX
        for page in document.pages
        for box in page._page_box.descendants()
        if box.element is not None and box.element.get("class") == "box" and box.element_tag == "div"
    ]


def misplaced(document: Any) -> list[tuple[int, str]]:
    """Text that would stand off its page, off the type area or under the notes: (page, text)."""
    found = []
    begun, divided = set(), set()
    for number, page in enumerate(document.pages, start=1):
        paper = page._page_box
        area = _by_class(paper, "area")
        if area is not None and area.element in begun:  # a page that the engine had to divide
            if area.element not in divided:
                found += [(number - 1, text.text) for text in _texts(area)][:1]
            divided.add(area.element)
            continue
        begun |= {area.element} if area is not None else set()
        for text in _texts(paper):
            if _outside(text, 0, 0, paper.margin_width(), paper.margin_height()):
                found.append((number, text.text))
                break
        else:
            found += [(number, text) for text in _off_the_area(paper)[:1]]
    return found


def lost(document: Any, html: HTML, places: Sequence[range]) -> list[str]:
    """What each `article` of a document lost on its pages (numbers from 1): the engine drops what it can't break.

    The characters that are missing, without regard to their order; empty where all are there.
    """
    articles = html.etree_element.iterfind(".//article")
    return [
        _missing(
            "".join(article.itertext()),
            "".join(text.text for page in pages for text in _texts(document.pages[page - 1]._page_box)),
        )
        for article, pages in zip(articles, places, strict=True)
    ]


def _missing(wanted: str, found: str) -> str:
    counts = Counter(wanted)
    counts.subtract(found)
    invisible = (GAP, "\u2060")
    return "".join(c * n for c, n in counts.items() if n > 0 and c.strip() and c not in invisible)


def _texts(box: Any) -> Iterator[Any]:
    return (
        text
        for text in box.descendants(placeholders=True)
        if isinstance(text, boxes.TextBox) and text.text.strip()
    )


def _outside(text: Any, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether a text box leaves an area by more than half a CSS pixel."""
    return bool(
        text.position_x < left - 0.5
        or text.position_y < top - 0.5
        or text.position_x + text.width > right + 0.5
        or text.position_y + text.height > bottom + 0.5
    )


def _off_the_area(paper: Any) -> list[str]:
    """Text of the body that leaves the type area sideways or reaches into the notes or the foot margin."""
    area = _by_class(paper, "area")
    if area is None:
        return []
    foot = _by_class(paper, "foot")
    bottom = foot.position_y if foot is not None else area.position_y + area.height
    slack = area.width * 0.01
    body = _by_class(paper, "flow")
    if body is None:
        return []
    return [
        text.text
        for text in _texts(body)
        if text.position_x + text.width > area.position_x + area.width + slack
        or text.position_y + text.height > bottom + 4
    ]


def _by_class(paper: Any, name: str) -> Any:
    return next((b for b in paper.descendants() if b.element is not None and b.element.get("class") == name), None)


@contextmanager
def warnings() -> Iterator[list[str]]:
    """Collects what the engine logs at WARNING or above."""
    records: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record.getMessage())

    logger = logging.getLogger("weasyprint")
    handlers, propagate = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [Collector(logging.WARNING)], False
    try:
        yield records
    finally:
        logger.handlers, logger.propagate = handlers, propagate


def _fetcher(folder: Path) -> URLFetcher:
    """An URL fetcher for files inside `folder` and the layouts, symbolic links resolved; for nothing else."""
    allowed = [folder.resolve(), LAYOUTS.resolve()]

    class LocalFetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:  # noqa: ARG002
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            if parts.scheme != "file" or parts.netloc or not any(path.is_relative_to(f) for f in allowed):
                raise ValueError(f"not a file of this issue: {url}")
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return LocalFetcher()


# What the engine is taught


def install() -> None:
    """Teach the engine; doing it twice changes nothing. Raises `RuntimeError` on another version of WeasyPrint."""
    if weasyprint.__version__ != VERSION:
        raise RuntimeError(f"{__name__} is written for WeasyPrint {VERSION}, not {weasyprint.__version__}")
    inline.justify_line = justify_line
    inline.text_align = text_align
    line_break.Layout.set_text = set_text


def set_text(self: Any, text: str, justify: bool = False) -> None:
    """`Layout.set_text` with the gaps between Han and Latin and, when drawing, the share of each character."""
    _set_text(self, text, justify)
    spacings = [(start, end, width * self.style["font_size"]) for start, end, width in _gaps(self.text)]
    spread = getattr(self, "spread", 0.0)
    if justify and spread:
        spacings += [(found.start(), found.end(), spread) for found in STRETCHED.finditer(self.text)]
    if spacings:
        _space(self, spacings)


def text_align(context: Any, line: Any, available_width: float, last: bool) -> Any:
    """`text_align` that also draws a composed line together by the little that its measured widths were off."""
    over = line.width - available_width
    if 0 < over < line.style["font_size"] and line.style["text_align_all"] == "justify":
        justify_line(context, line, -over)
        return 0
    return _text_align(context, line, available_width, last)


def justify_line(context: Any, line: Any, extra: float) -> None:
    """Spread `extra` (in CSS pixels) evenly over the characters of a line that may move apart.

    Spacing changes the kerning around it, so that the first try may be off by a pixel; then there is a second.
    """
    count = sum(len(STRETCHED.findall(box.text)) for box in line.descendants() if isinstance(box, boxes.TextBox))
    if not count or extra / count > _MOST * line.style["font_size"]:
        return
    spread, wanted = extra / count, line.width + extra
    for _ in range(2):
        _advance(context, line, spread, 0)
        if abs(wanted - line.width) < _CLOSE:
            return
        spread += (wanted - line.width) / count


def _advance(context: Any, box: Any, spread: float, moved: float) -> Any:
    """Set the text boxes inside `box` with `spread` and move what follows; returns how far the end has moved."""
    if isinstance(box, boxes.TextBox):
        box.position_x += moved
        before = box.width
        if STRETCHED.search(box.text):
            layout = line_break.Layout(box.style)
            layout.spread = spread
            layout.set_text(box.text, justify=True)
            box.width = line_break.line_size(layout.get_first_line()[0], box.style)[0]
            layout.deactivate()
            box.pango_layout = layout
        return moved + box.width - before
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        before = moved
        box.position_x += moved
        for child in box.children:
            if child.is_in_normal_flow():
                moved = _advance(context, child, spread, moved)
        box.width += moved - before
        return moved
    box.translate(moved, 0)
    return moved


def _gaps(text: str) -> list[tuple[int, int, float]]:
    """The gaps of a text: start, end, width in em. Pango sets half of a spacing at the ends of its text."""
    if GAP not in text:
        return []
    ends = (0, len(text) - 1)
    return [
        (gap.start(), gap.end(), GAP_WIDTH * (2 if gap.start() in ends else 1))
        for gap in _GAP_IN_TEXT.finditer(text)
    ]


def _space(layout: Any, spacings: list[tuple[int, int, float]]) -> None:
    """Add letter-spacing (in CSS pixels) to stretches of the layout's text, given in characters."""
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for start, end, spacing in spacings:
        attribute = pango.pango_attr_letter_spacing_new(int(spacing * TO_UNITS))
        attribute.start_index = len(layout.text[:start].encode())
        attribute.end_index = attribute.start_index + len(layout.text[start:end].encode())
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)

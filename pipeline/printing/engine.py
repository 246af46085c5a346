"""The engine: WeasyPrint 70.0, which lays out boxes, draws them and writes the PDF.

Text comes to it as composed lines (`pipeline.printing.painter`). Import this module only after `fonts.activate`:
the engine reads the configuration of the fonts when it is imported.
"""

import logging
import mimetypes
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from PIL import ImageFile
from weasyprint import HTML
from weasyprint.formatting_structure import boxes
from weasyprint.urls import URLFetcher, URLFetcherResponse

from pipeline.compose import Line
from pipeline.layout import LAYOUTS
from pipeline.printing import tags
from pipeline.printing.painter import PX, install
from pipeline.printing.painting import Painting
from pipeline.tokens import Setting

ImageFile.LOAD_TRUNCATED_IMAGES = False
"""The engine accepts cut-off pictures, for the whole process; we do not."""


class PlacedLine(NamedTuple):
    """A composed line on its page: the left end of its measure and its top, in points from the top left."""

    line: Line
    setting: Setting
    x: float
    y: float


def parsed(html: str, folder: Path) -> HTML:
    """A document to lay out; it may read files inside `folder` and the layouts, nothing else."""
    return HTML(string=html, base_url=str(LAYOUTS), url_fetcher=_fetcher(folder))


def render(html: HTML, painting: Painting) -> Any:
    """A laid out document; `painting` has its composed lines."""
    install(painting)
    return html.render()


def pdf(document: Any) -> bytes:
    """The PDF of a laid out document, tagged; what else PDF/A and PDF/UA want is done by `pipeline.finishing`."""
    for page in document.pages:
        page.links = [link for link in page.links if link[-1].link]  # not what is in a link
    document.structure = tags.plan(document)
    data: bytes = document.write_pdf(pdf_tags=True)
    return data


def heights(
    contents: Sequence[str], sheets: Sequence[str], width: float, folder: Path, painting: Painting
) -> list[float]:
    """The heights of boxes of HTML under style sheets (addresses), set in `width`; all lengths in points."""
    if not contents:
        return []
    page = f"@page {{ size: {width}pt 100000pt; margin: 0 }}"
    links = "".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in sheets)
    divisions = "".join(f'<div class="box">{content}</div>' for content in contents)
    document = render(
        parsed(f"<html lang='zh-Hant-TW'>{links}<style>{page}</style><body>{divisions}", folder), painting
    )
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


def placed_lines(document: Any) -> Iterator[list[PlacedLine]]:
    """The composed lines of each page, where the engine placed them."""
    for page in document.pages:
        yield [
            PlacedLine(box.composed, box.setting, box.position_x * PX, box.position_y * PX)
            for box in page._page_box.descendants(placeholders=True)
            if isinstance(box, boxes.LineBox) and hasattr(box, "composed")
        ]


def lost(document: Any, html: HTML, places: Sequence[range]) -> list[str]:
    """What each `article` of a document lost on its pages (numbers from 1): the engine drops what it can't break.

    The characters that are missing, without regard to their order; empty where all are there.
    """
    articles = html.etree_element.iterfind(".//article")
    return [
        _missing(
            _text_of_pages(article),
            "".join(text.text for page in pages for text in _texts(document.pages[page - 1]._page_box)),
        )
        for article, pages in zip(articles, places, strict=True)
    ]


def _text_of_pages(article: Any) -> str:
    """The text of an article without its running heads, which a single page does not have."""
    heads = [child for child in article.iter("p") if (child.get("class") or "").startswith("running")]
    left_out = {element for head in heads for element in head.iter()}
    return "".join((e.text or "") + (e.tail or "") for e in article.iter() if e not in left_out)


def _missing(wanted: str, found: str) -> str:
    counts = Counter(wanted)
    counts.subtract(found)
    return "".join(c * n for c, n in counts.items() if n > 0 and c.strip())


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

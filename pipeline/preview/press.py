"""The press, kept warm: an issue to leaves, and leaves to painted pages, nothing twice.

Issue ─leaves▶ [Leaf]         a brief is set again only when it changed, or begins on the other side of the paper
Leaf ─painted▶ Painted        only the pages that somebody looks at; the engine paints from the templates of print/
Painted ─picture▶ PNG

A leaf has a `key` that tells all that is printed on it; pages with the same key look the same. Import this module
only after `fonts.activate`, as the engine.
"""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pypdfium2
from weasyprint import CSS

from pipeline import fonts
from pipeline.brief import Brief, Issue
from pipeline.compose import Line
from pipeline.page_layout import PageLayout
from pipeline.printing import FIRST_FOLIO, Measure, SetBrief, SetIssue, engine, measuring, set_brief, set_contents
from pipeline.printing.boxes import Boxes
from pipeline.printing.painter import install
from pipeline.printing.painting import Composed, Painting
from pipeline.printing.sheets import Sheet

WIDEST = 5000
"""Most pixels in the width of a picture."""

_PICTURE = re.compile(r'<img[^>]* src="(file:[^"]*)"')
_LINES = re.compile(r'data-lines="(\d+)"')
_INTERNAL = re.compile(r' href="#[^"]*"')
"""Where a link inside the issue leads: to pages that are not there when one is painted alone."""


@dataclass(frozen=True)
class Leaf:
    """A page of the issue that is set: its number, the number of its brief (from 1; 0 for none), what is on it."""

    number: int
    brief: int
    key: str
    html: str
    lang: str
    sheet: Sheet | None = None


class PaintedLine(NamedTuple):
    """A line on its page: its edges in points from the top left corner, its size, and the composed line."""

    left: float
    top: float
    right: float
    bottom: float
    size: float
    line: Line


@dataclass(frozen=True)
class Painted:
    """A painted page: a PDF of it, its lines, and what went wrong.

    `misplaced` stands off the type area, `lost` is on no page, `said` are the warnings of the engine.
    """

    pdf: bytes
    lines: tuple[PaintedLine, ...]
    misplaced: str = ""
    lost: str = ""
    said: tuple[str, ...] = ()

    def picture(self, width: int) -> bytes:
        """The page as a PNG, `width` pixels wide."""
        with pypdfium2.PdfDocument(self.pdf) as document:
            page = document[0]
            image = page.render(scale=min(max(width, 1), WIDEST) / page.get_width()).to_pil()
        out = io.BytesIO()
        image.save(out, "PNG", compress_level=1)
        return out.getvalue()


@dataclass
class _Register(Painting):
    """Painting that gives the same lines the same number, so that a box composed again is the same HTML."""

    known: dict[object, int] = field(default_factory=dict)

    def register(self, composed: Composed) -> int:
        """The number of the lines; the composer keeps what it has composed, so lines are the same by identity."""
        key = (tuple(map(id, composed.lines)), composed.setting)
        if key not in self.known:
            self.known[key] = super().register(composed)
        return self.known[key]


class Press:
    """Sets and paints pages in one layout. It belongs to one thread, as the engine does.

    A sheet that stays the same object looks the same on the same page: its HTML is kept.
    """

    def __init__(self, prepared: fonts.Fonts, layout: PageLayout, lang: str) -> None:
        self.lang = lang
        self.layout = layout
        self._painting = _Register()
        self._boxes = Boxes(prepared, layout, self._painting, lang)
        self._heights: dict[tuple[str, str], float] = {}
        # All sheets have one origin, "user", so that their order decides as it does in a build.
        self._sheets = [CSS(url=address) for address in layout.stylesheets]
        self._set: dict[tuple[str, int], tuple[Brief, str, SetBrief]] = {}
        self._html: dict[int, tuple[object, object, str]] = {}

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of a page in points."""
        return self.layout.page["width"], self.layout.page["height"]

    def pages(self, issue: Issue) -> SetIssue:
        """The issue on its pages, as `pipeline.printing.set_issue` sets it."""
        contents = set_contents(issue, self._boxes, (0,) * len(issue.briefs), self._measure(issue.folder))
        folio = FIRST_FOLIO + len(contents)
        briefs = []
        for brief in issue.briefs:
            briefs.append(self._brief(brief, folio, issue.folder))
            folio += len(briefs[-1].sheets)
        folios = [part.folio for part in briefs]
        contents = set_contents(issue, self._boxes, folios, self._measure(issue.folder))
        return SetIssue(issue, contents, tuple(briefs))

    def leaves(self, pages: SetIssue) -> tuple[Leaf, ...]:
        """The leaves of the issue, from the cover to the colophon."""
        issue = pages.issue
        found = [self._leaf(1, 0, issue, kind="cover", pages=pages)]
        found += [
            self._leaf(number, 0, issue, kind="contents", page=sheet)
            for number, sheet in enumerate(pages.contents, FIRST_FOLIO)
        ]
        for position, part in enumerate(pages.briefs, 1):
            found += [
                self._leaf(number, position, issue, kind="brief", page=sheet, brief=part.brief, runs=at > 0)
                for at, (number, sheet) in enumerate(zip(part.pages, part.sheets, strict=True))
            ]
        return (*found, self._leaf(len(found) + 1, 0, issue, kind="colophon"))

    def painted(self, leaf: Leaf, folder: Path) -> Painted:
        """A leaf, painted alone: the running head of one brief would go on over the first page of the next."""
        environment = self._boxes.environment
        html = environment.get_template("preview/page.html.j2").render(
            leaf=_INTERNAL.sub("", leaf.html), lang=self.lang
        )
        own = environment.get_template("preview/page.css.j2").render(folio=leaf.number, page=self.layout.page)
        with engine.warnings() as said:
            self._painting.faces.clear()  # they belong to the document that was painted last
            parsed = engine.parsed(html, folder)
            install(self._painting)
            document = parsed.render(stylesheets=[*self._sheets, CSS(string=own)])
            lines = next(engine.placed_lines(document))
            misplaced = dict(reversed(engine.misplaced(document)))
            whole = [range(1, len(document.pages) + 1)]  # more than one, where the engine had to divide it
            lost = next(iter(engine.lost(document, parsed, whole)), "") if leaf.brief else ""
            for page in document.pages:
                for box in chain([page._page_box], page._page_box.descendants(placeholders=True)):
                    box.tagged = {}  # pictures need no tags
            pdf: bytes = document.write_pdf()
        return Painted(
            pdf,
            tuple(_painted_lines(lines, self._running(leaf))),
            misplaced.get(1, ""),
            lost,
            tuple(dict.fromkeys(said)),
        )

    def composed(self, leaf: Leaf) -> Iterator[Composed]:
        """What was composed for a leaf, in the order of its HTML."""
        return (self._painting.composed[int(number)] for number in _LINES.findall(leaf.html))

    def _brief(self, brief: Brief, folio: int, folder: Path) -> SetBrief:
        """A brief on its pages, set anew only where that is needed."""
        key, stamp = (brief.key, folio % 2), _stamps(figure.picture for figure in brief.figures())
        known = self._set.get(key)
        if known is not None and known[0] == brief and known[1] == stamp:
            part = SetBrief(brief, known[2].sheets, folio)
        else:
            part = set_brief(brief, self._boxes, folio, self._measure(folder))
        self._set[key] = brief, stamp, part
        return part

    def _measure(self, folder: Path) -> Measure:
        """Measures boxes, each once for one state of its pictures."""
        measure = measuring(self._boxes, folder)

        def measured(contents: Sequence[str]) -> list[float]:
            keys = [(each, _stamp_of_pictures(each)) for each in contents]
            new = [key for key in dict.fromkeys(keys) if key not in self._heights]
            self._heights |= zip(new, measure([html for html, _ in new]), strict=True)
            return [self._heights[key] for key in keys]

        return measured

    def _leaf(self, number: int, position: int, issue: Issue, **values: object) -> Leaf:
        sheet = values.get("page")
        beside = (values["kind"], issue.title, issue.name, issue.lang, values.get("runs"))
        known = self._html.get(number)
        if sheet is not None and known is not None and known[0] is sheet and known[1] == beside:
            html = known[2]
        else:
            html = self._boxes.environment.get_template("preview/leaf.html.j2").render(issue=issue, **values)
        self._html[number] = sheet, beside, html
        told = f"{number} {html} {_stamp_of_pictures(html)}"
        key = hashlib.sha256(told.encode()).hexdigest()[:24]
        return Leaf(number, position, key, html, issue.lang, sheet if isinstance(sheet, Sheet) else None)

    def _running(self, leaf: Leaf) -> set[int]:
        """The lines of the running heads of a leaf, by identity."""
        heads = re.findall(r'<p class="running-[^>]*data-lines="(\d+)"', leaf.html)
        return {id(line) for number in heads for line in self._painting.composed[int(number)].lines}


def _painted_lines(placed: Iterable[engine.PlacedLine], running: set[int]) -> Iterator[PaintedLine]:
    for line, setting, x, y in placed:
        if not line.glyphs or id(line) in running:
            continue
        middle, half = y + setting.pitch / 2, setting.size / 2
        yield PaintedLine(x + line.glyphs[0].x, middle - half, x + line.right, middle + half, setting.size, line)


def _stamps(files: Iterable[Path]) -> str:
    """What tells whether files have changed."""
    stamps = []
    for file in files:
        try:
            about = file.stat()
        except OSError:
            stamps.append(f"{file} -")
        else:
            stamps.append(f"{file} {about.st_mtime_ns} {about.st_size}")
    return "\n".join(stamps)


def _stamp_of_pictures(html: str) -> str:
    return _stamps(Path(unquote(urlsplit(address).path)) for address in _PICTURE.findall(html))

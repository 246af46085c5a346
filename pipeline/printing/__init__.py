"""Print: an issue to pages, and pages to PDF.

Brief ─flow▶ [Piece]        lines composed by `pipeline.compose`, and boxes measured by the engine
[Piece] ─sheets▶ [Sheet]    placed by `pipeline.paginate`
[Sheet] ─engine▶ PDF        the templates of layouts/print/ only draw; WeasyPrint breaks and places nothing

Behind the issue stand the front pages of its offprints; `pipeline.finishing` cuts the whole into editions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline import fonts
from pipeline.bibliography.suggested import printed_issue, printed_pages, suggested_citation
from pipeline.brief import Brief, Issue, Table, inline_parts
from pipeline.diagnostics import Code, ManuscriptError, Place, Words
from pipeline.page_layout import A4, PageLayout
from pipeline.printing.boxes import Boxes
from pipeline.printing.flow import Flow, Piece, notes_in
from pipeline.printing.long_tables import Extent, cuts, extent
from pipeline.printing.painting import Painting
from pipeline.printing.sheets import Sheet, frame, room_for, sheets

FIRST_FOLIO = 2
"""The number of the page after the cover, which is page 1."""

LOST = Code(
    "E003",
    title=Words("文字沒有印出", "text not printed"),
    message=Words("有文字沒有排進版面：「{text}」", "text is on no page: “{text}”"),
    hint=Words(
        "多半是圖、表的一列，或一則摘要比一頁還高：把它分開或縮短",
        "most likely a figure, a row of a table or an abstract is higher than a page: divide or shorten it",
    ),
    why=Words(
        "排完之後逐字比對原文與版面，少一個字也不出版。",
        "After setting, the characters of the pages are compared with the text; nothing is published without one.",
    ),
)

Measure = Callable[[Sequence[str]], Sequence[float]]
"""Gives the heights of boxes of HTML in points."""

Maker = Callable[[Flow], list[Piece]]
"""Makes the pieces of a brief, or of the contents."""

UNPRINTABLE = Code(
    "E001",
    title=Words("排版引擎無法處理", "the engine could not set something"),
    message=Words("排版引擎回報：{record}", "the engine reports: {record}"),
    hint=Words("多半是圖檔損壞；換一個圖檔再試", "most likely a damaged picture: try another file"),
    why=Words(
        "引擎的任何警告都代表紙上少了東西，因此一律視為失敗。",
        "Any warning of the engine means that something is missing from the page.",
    ),
)
OFF_THE_PAGE = Code(
    "E002",
    title=Words("文字超出版心", "text off the type area"),
    message=Words("第{page}頁有文字超出版心：「{text}」", "page {page}: text off the type area: “{text}”"),
    hint=Words(
        "圖、表的一列與一則摘要不能比一頁高，也不能比版心寬：把它分開或縮短",
        "a figure, a row of a table or an abstract can't be higher than a page or wider than its text: divide it",
    ),
    why=Words("紙上看不到的字等於遺失。", "What is not on the paper is lost."),
)


@dataclass(frozen=True, slots=True)
class SetBrief:
    """A brief on its pages; `folio` is the number of the first."""

    brief: Brief
    sheets: tuple[Sheet, ...]
    folio: int

    @property
    def pages(self) -> range:
        """The numbers of its pages."""
        return range(self.folio, self.folio + len(self.sheets))


@dataclass(frozen=True, slots=True)
class SetIssue:
    """The whole issue on its pages: the cover, the contents, the briefs, the colophon.

    The painted pages of a brief's offprint are a front page, behind the colophon, and those of the brief.
    """

    issue: Issue
    contents: tuple[Sheet, ...]
    briefs: tuple[SetBrief, ...]

    def brief_on(self, page: int) -> int:
        """The number (from 1) of the brief that stands on a page; 0 for cover, contents and colophon."""
        return next((number for number, part in enumerate(self.briefs, 1) if page in part.pages), 0)

    def fronts(self, painted: int) -> range:
        """The numbers of the front pages of the offprints, one for each brief, the last of all painted pages."""
        return range(painted - len(self.briefs) + 1, painted + 1)


@dataclass(frozen=True, slots=True)
class Printed:
    """The painted PDF, what stands on its pages and, if asked for, a copy that shows the composer's work.

    Its last pages are the front pages of the offprints: `pipeline.finishing` cuts the editions out of it.
    """

    pdf: bytes
    pages: SetIssue
    overlay: bytes | None = None


def print_pdf(
    issue: Issue,
    prepared: fonts.Fonts,
    places: Sequence[Place],
    layout: PageLayout = A4,
    *,
    with_overlay: bool = False,
) -> Printed:
    """The painted issue in a layout; `places` are those of the issue and of each brief, for what goes wrong.

    Raises `ManuscriptError` with E001 when the engine warns of anything, with E002 when text would stand off
    the type area, with E003 when text would be missing.
    """
    fonts.activate(prepared)
    from pipeline.printing import engine  # noqa: PLC0415

    with engine.warnings() as records:
        painting = Painting()
        boxes = Boxes(prepared, layout, painting, issue.lang)
        pages = set_issue(issue, boxes)
        html = engine.parsed(pages_html(pages, boxes), issue.folder)
        document = engine.render(html, painting)
        misplaced = engine.misplaced(document)
        lost = engine.lost(document, html, [part.pages for part in pages.briefs])
        pdf = engine.pdf(document)
    fronts = pages.fronts(len(document.pages))
    problems = [
        OFF_THE_PAGE.at(
            places[fronts.index(page) + 1 if page in fronts else pages.brief_on(page)], page=page, text=text[:40]
        )
        for page, text in misplaced
    ]
    problems += [LOST.at(place, text=text[:40]) for place, text in zip(places[1:], lost, strict=True) if text]
    problems += [UNPRINTABLE.at(places[0], record=record) for record in dict.fromkeys(records)]
    if problems:
        raise ManuscriptError(problems)
    if not with_overlay:
        return Printed(pdf, pages)
    from pipeline.printing.overlay import overlay  # noqa: PLC0415

    lines = list(engine.placed_lines(document))[: fronts[0] - 1]
    typed = range(2, len(lines))
    return Printed(pdf, pages, overlay(pdf, lines, boxes.tokens, layout.page, typed))


def set_issue(issue: Issue, boxes: Boxes) -> SetIssue:
    """Compose and paginate the issue; every page number is known when it is done.

    Call `fonts.activate` first: the engine measures the boxes.
    """
    no_folios = (0,) * len(issue.briefs)
    makers = [partial(Flow.contents, issue=issue, folios=no_folios)]
    makers += [partial(Flow.brief, brief=brief) for brief in issue.briefs]
    setting = _Setting(boxes, measuring(boxes, issue.folder))
    pieces, heights = setting.measured(makers)
    contents = setting.sheets(makers[0], pieces[0], heights[0], issue.lang, FIRST_FOLIO)
    folio = FIRST_FOLIO + len(contents)
    briefs = []
    for brief, make, rows, tall in zip(issue.briefs, makers[1:], pieces[1:], heights[1:], strict=True):
        briefs.append(SetBrief(brief, setting.sheets(make, rows, tall, brief.lang, folio), folio))
        folio += len(briefs[-1].sheets)
    with_folios = partial(Flow.contents, issue=issue, folios=[part.folio for part in briefs])
    entries = with_folios(setting.flow())
    contents = setting.sheets(with_folios, entries, heights[0], issue.lang, FIRST_FOLIO)
    return SetIssue(issue, contents, tuple(briefs))


def set_brief(brief: Brief, boxes: Boxes, folio: int, measure: Measure) -> SetBrief:
    """One brief alone on its pages, as `set_issue` sets it, the first of which has the number `folio`."""
    return SetBrief(brief, _set_alone(partial(Flow.brief, brief=brief), boxes, brief.lang, folio, measure), folio)


def set_contents(issue: Issue, boxes: Boxes, folios: Sequence[int], measure: Measure) -> tuple[Sheet, ...]:
    """The contents alone, as `set_issue` sets them; `folios` are the numbers of the first pages of the briefs."""
    contents = partial(Flow.contents, issue=issue, folios=folios)
    return _set_alone(contents, boxes, issue.lang, FIRST_FOLIO, measure)


def _set_alone(make: Maker, boxes: Boxes, lang: str | None, folio: int, measure: Measure) -> tuple[Sheet, ...]:
    setting = _Setting(boxes, measure)
    (pieces,), (tall,) = setting.measured([make])
    return setting.sheets(make, pieces, tall, lang, folio)


def measuring(boxes: Boxes, folder: Path) -> Measure:
    """Measures boxes with the pictures of `folder`, by the engine."""
    from pipeline.printing import engine  # noqa: PLC0415

    sheets_of_style, width = boxes.layout.stylesheets, boxes.tokens.measure
    return lambda contents: engine.heights(contents, sheets_of_style, width, folder, boxes.painting)


class _Setting:
    """Sets what makers make, with the tables and heads divided that are higher than a page."""

    def __init__(self, boxes: Boxes, measure: Measure) -> None:
        self._boxes, self._measure = boxes, measure
        self._area = frame(boxes.tokens)
        self._cuts: dict[str, tuple[int, ...]] = {}
        self._extents: dict[str, Extent] = {}
        self._heads: set[str] = set()

    def flow(self) -> Flow:
        """Makes pieces, with what is known to be divided."""
        return Flow(self._boxes, self._cuts, self._heads)

    def measured(self, makers: Sequence[Maker]) -> tuple[list[list[Piece]], list[list[float]]]:
        """The pieces of each maker, and the heights of the boxes among them in points."""
        pieces = [make(self.flow()) for make in makers]
        heights = self._heights(pieces)
        if self._divide(
            [box for part in pieces for box in _boxes(part)], [tall for part in heights for tall in part]
        ):
            pieces = [make(self.flow()) for make in makers]
            heights = self._heights(pieces)
        return pieces, heights

    def sheets(
        self, make: Maker, pieces: Sequence[Piece], heights: Sequence[float], lang: str | None, folio: int
    ) -> tuple[Sheet, ...]:
        """The pages of one maker; the first part of each long table fills the page on which it begins."""
        made = sheets(pieces, heights, self.flow(), self._area, lang, folio)
        for anchor in dict.fromkeys(piece.table.anchor for piece in pieces if piece.table is not None):
            if anchor in self._cuts:
                first = next(piece for piece in pieces if piece.table is not None and piece.table.anchor == anchor)
                self._cuts[anchor] = cuts(self._extents[anchor], self._area, room_for(first, made, self._area))
                pieces = make(self.flow())
                (heights,) = self._heights([pieces])
                made = sheets(pieces, heights, self.flow(), self._area, lang, folio)
        return made

    def _heights(self, parts: Sequence[Sequence[Piece]]) -> list[list[float]]:
        """The heights of the boxes of each part in points."""
        boxes = [_boxes(part) for part in parts]
        measured = iter(self._measure([piece.html for part in boxes for piece in part]))
        return [[next(measured) for _ in part] for part in boxes]

    def _divide(self, boxes: Sequence[Piece], heights: Sequence[float]) -> bool:
        """Divide the heads and tables that are higher than a page; whether there is one."""
        flow, found = self.flow(), False
        for piece, height in zip(boxes, heights, strict=True):
            if not piece.head and piece.table is None:
                continue
            lines = sum(len(flow.note(note, piece.lang).lines) for note in piece.notes)
            room = self._area.height - (self._area.note_space + lines * self._area.note_pitch if lines else 0.0)
            if height <= room:
                continue
            if piece.head:
                self._heads.add(piece.head)
                found = True
            elif piece.table is not None:
                found |= self._divide_table(piece.table, piece.lang, flow)
        return found

    def _divide_table(self, table: Table, lang: str | None, flow: Flow) -> bool:
        def heights(parts: Sequence[Table]) -> Sequence[float]:
            return self._measure([box for _, box in flow.table_boxes(table, parts, lang)])

        def note_lines(part: Table) -> int:
            return sum(len(flow.note(note, lang).lines) for note in notes_in(inline_parts(part)))

        measured = extent(table, lang, heights, note_lines)
        if measured is not None:
            self._extents[table.anchor] = measured
            self._cuts[table.anchor] = cuts(measured, self._area)
        return measured is not None


def _boxes(pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.line is None]


def pages_html(pages: SetIssue, boxes: Boxes) -> str:
    """The finished pages as one HTML document for the engine."""
    template = boxes.environment.get_template("print/issue.html.j2")
    return template.render(
        issue=pages.issue,
        pages=pages,
        stylesheets=boxes.layout.stylesheets,
        page=boxes.layout.page,
        suggested_citation=suggested_citation,
        printed_issue=printed_issue,
        printed_pages=printed_pages,
    )

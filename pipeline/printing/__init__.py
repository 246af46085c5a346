"""Print: an issue to pages, and pages to PDF.

Brief ─flow▶ [Piece]        lines composed by `pipeline.compose`, and boxes measured by the engine
[Piece] ─sheets▶ [Sheet]    placed by `pipeline.paginate`
[Sheet] ─engine▶ PDF        the templates of layouts/print/ only draw; WeasyPrint breaks and places nothing
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipeline import fonts
from pipeline.brief import Brief, Issue
from pipeline.compose import Composer
from pipeline.diagnostics import Code, ManuscriptError, Place, Words
from pipeline.layout import LAYOUTS
from pipeline.paginate import Frame
from pipeline.printing.flow import Flow, Piece, print_templates
from pipeline.printing.sheets import Sheet, frame, sheets
from pipeline.tokens import read_tokens

STYLESHEETS = ("tokens.css", "shared/text.css", "print/print.css")

FIRST_FOLIO = 2
"""The number of the page after the cover, which is page 1."""

LOST = Code(
    "E003",
    title=Words("文字沒有印出", "text not printed"),
    message=Words("有文字沒有排進版面：「{text}」", "text is on no page: “{text}”"),
    hint=Words("多半是比一頁還高的圖表：把它分開", "most likely a figure or row higher than a page: divide it"),
    why=Words(
        "排完之後逐字比對原文與版面，少一個字也不出版。",
        "After setting, the characters of the pages are compared with the text; nothing is published without one.",
    ),
)

_ROOM_ABOVE_TABLES = 4
"""Lines left above a table that is divided, for the heading that may stand there."""

_TABLE_TRIALS = 4
"""How often tables higher than a page are divided anew until every part fits."""

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
        "圖、表與篇首的摘要不能比一頁高，也不能比版心寬：把表分成兩個，或縮短摘要",
        "a figure, a table or the head of a brief can't be higher than a page or wider than its text: divide it",
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
    """The whole issue on its pages: the cover, the contents, the briefs, the colophon."""

    issue: Issue
    contents: tuple[Sheet, ...]
    briefs: tuple[SetBrief, ...]

    def brief_on(self, page: int) -> int:
        """The number (from 1) of the brief that stands on a page; 0 for cover, contents and colophon."""
        return next((number for number, part in enumerate(self.briefs, 1) if page in part.pages), 0)


def print_pdf(issue: Issue, prepared: fonts.Fonts, places: Sequence[Place]) -> bytes:
    """The PDF of the issue; `places` are those of the issue and of each brief, where failures are reported.

    Raises `ManuscriptError` with E001 when the engine warns of anything, with E002 when text would stand off
    the type area, with E003 when text would be missing.
    """
    fonts.activate(prepared)
    from pipeline.printing import engine  # noqa: PLC0415

    with engine.warnings() as records:
        pages = set_issue(issue, prepared)
        html = engine.parsed(pages_html(pages), issue.folder)
        document = engine.render(html)
        misplaced = engine.misplaced(document)
        lost = engine.lost(document, html, [part.pages for part in pages.briefs])
        pdf = engine.pdf(document)
    problems = [
        OFF_THE_PAGE.at(places[pages.brief_on(page)], page=page, text=text[:40]) for page, text in misplaced
    ]
    problems += [LOST.at(place, text=text[:40]) for place, text in zip(places[1:], lost, strict=True) if text]
    problems += [UNPRINTABLE.at(places[0], record=record) for record in dict.fromkeys(records)]
    if problems:
        raise ManuscriptError(problems)
    return pdf


def set_issue(issue: Issue, prepared: fonts.Fonts) -> SetIssue:
    """Compose and paginate the issue; every page number is known when it is done.

    Call `fonts.activate` first: the engine measures the boxes.
    """
    from pipeline.printing import engine  # noqa: PLC0415

    tokens = read_tokens(LAYOUTS / "tokens.css")
    composer, area = Composer(prepared, tokens), frame(tokens)
    no_folios = (0,) * len(issue.briefs)
    longest_tables: dict[str, int] = {}
    for _ in range(_TABLE_TRIALS):
        flow = Flow(composer, tokens, longest_tables)
        flows = [flow.contents(issue, no_folios), *(flow.brief(brief) for brief in issue.briefs)]
        boxes = [[piece for piece in pieces if piece.line is None] for pieces in flows]
        every = [piece.html for part in boxes for piece in part]
        measured = iter(engine.heights(every, _stylesheets(), tokens.measure, issue.folder))
        heights = [[next(measured) for _ in part] for part in boxes]
        too_high = _shorter_tables(boxes, heights, area)
        if not too_high:
            break
        longest_tables |= too_high
    paged = [sheets(pieces, tall, flow, area) for pieces, tall in zip(flows, heights, strict=True)]
    lengths = [len(pages) for pages in paged]
    folios = [FIRST_FOLIO + count for count in accumulate(lengths[:-1])]
    return SetIssue(
        issue=issue,
        contents=sheets(flow.contents(issue, folios), heights[0], flow, area),
        briefs=tuple(map(SetBrief, issue.briefs, paged[1:], folios)),
    )


def _shorter_tables(
    boxes: Sequence[Sequence[Piece]], heights: Sequence[Sequence[float]], area: Frame
) -> dict[str, int]:
    """How many rows fit into one part of each table that is higher than a page, by the anchor of the table."""
    found: dict[str, int] = {}
    for part, tall in zip(boxes, heights, strict=True):
        for piece, height in zip(part, tall, strict=True):
            room = area.height - _ROOM_ABOVE_TABLES * area.pitch
            room -= area.note_space + 4 * area.note_pitch if piece.notes else 0.0
            if piece.rows > 1 and height > room:
                rows = max(int(piece.rows * room / height) - 1, 1)
                found[piece.table] = min(rows, found.get(piece.table, rows))
    return found


def pages_html(pages: SetIssue) -> str:
    """The finished pages as one HTML document for the engine."""
    return (
        print_templates()
        .get_template("print/issue.html.j2")
        .render(issue=pages.issue, pages=pages, stylesheets=_stylesheets())
    )


def _stylesheets() -> list[str]:
    return [(LAYOUTS / sheet).as_uri() for sheet in STYLESHEETS]

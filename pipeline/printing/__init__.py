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
from pipeline.printing.flow import Flow, print_templates
from pipeline.printing.sheets import Sheet, frame, sheets
from pipeline.tokens import read_tokens

STYLESHEETS = ("tokens.css", "shared/text.css", "print/print.css")

FIRST_FOLIO = 2
"""The number of the page after the cover, which is page 1."""

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


@dataclass(frozen=True, slots=True)
class SetIssue:
    """The whole issue on its pages: the cover, the contents, the briefs, the colophon."""

    issue: Issue
    contents: tuple[Sheet, ...]
    briefs: tuple[SetBrief, ...]

    def brief_on(self, page: int) -> int:
        """The number (from 1) of the brief that stands on a page; 0 for cover, contents and colophon."""
        last = self.briefs[-1]
        if page >= last.folio + len(last.sheets):
            return 0
        return sum(part.folio <= page for part in self.briefs)


def print_pdf(issue: Issue, prepared: fonts.Fonts, places: Sequence[Place]) -> bytes:
    """The PDF of the issue; `places` are those of the issue and of each brief, where failures are reported.

    Raises `ManuscriptError` with E001 when the engine warns of anything, with E002 when text would stand off
    the type area.
    """
    fonts.activate(prepared)
    from pipeline.printing import engine  # noqa: PLC0415

    with engine.warnings() as records:
        pages = set_issue(issue, prepared)
        document = engine.render(pages_html(pages), issue.folder)
        misplaced = engine.misplaced(document)
        pdf = engine.pdf(document)
    problems = [
        OFF_THE_PAGE.at(places[pages.brief_on(page)], page=page, text=text[:40]) for page, text in misplaced
    ]
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
    flow, area = Flow(Composer(prepared, tokens), tokens), frame(tokens)
    no_folios = (0,) * len(issue.briefs)
    flows = [flow.contents(issue, no_folios), *(flow.brief(brief) for brief in issue.briefs)]
    boxes = [[piece.html for piece in pieces if piece.line is None] for pieces in flows]
    every = [html for part in boxes for html in part]
    measured = iter(engine.heights(every, _stylesheets(), tokens.measure, issue.folder))
    heights = [[next(measured) for _ in part] for part in boxes]
    paged = [sheets(pieces, tall, flow, area) for pieces, tall in zip(flows, heights, strict=True)]
    lengths = [len(pages) for pages in paged]
    folios = [FIRST_FOLIO + count for count in accumulate(lengths[:-1])]
    return SetIssue(
        issue=issue,
        contents=sheets(flow.contents(issue, folios), heights[0], flow, area),
        briefs=tuple(map(SetBrief, issue.briefs, paged[1:], folios)),
    )


def pages_html(pages: SetIssue) -> str:
    """The finished pages as one HTML document for the engine."""
    return (
        print_templates()
        .get_template("print/issue.html.j2")
        .render(issue=pages.issue, pages=pages, stylesheets=_stylesheets())
    )


def _stylesheets() -> list[str]:
    return [(LAYOUTS / sheet).as_uri() for sheet in STYLESHEETS]

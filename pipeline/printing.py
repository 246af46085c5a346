"""Print: the issue as HTML from `layouts/print/`, and the HTML painted to PDF by WeasyPrint.

The text is prepared here for an engine that breaks lines by Unicode's rules alone: U+2060 WORD JOINER glues what
must stay together and U+200B ZERO WIDTH SPACE allows a break in an address. The engine draws neither, so
neither is in the text of the PDF.
"""

import logging
import mimetypes
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from markupsafe import Markup

from pipeline import fonts
from pipeline.brief import Issue
from pipeline.diagnostics import Code, Diagnostic, ManuscriptError, Place, Severity, Words
from pipeline.layout import LAYOUTS, environment

STYLESHEETS = ("tokens.css", "shared/text.css", "print/print.css")

WORD_JOINER = "\u2060"
BREAK = "\u200b"

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
    title=Words("文字超出紙面", "text off the page"),
    message=Words("第{page}頁有文字超出紙面或與註重疊：「{text}」", "page {page}: text off the page or under the notes: “{text}”"),
    hint=Words(
        "一條註不能比一頁長：分成兩條，或把論述移到正文；太寬的表格請減少欄數",
        "a note can't be longer than a page: divide it or move it into the text; give a wide table fewer columns",
    ),
    why=Words("紙上看不到的字等於遺失。", "What is not on the paper is lost."),
)

NOTES_AT_END = Code(
    "E003",
    title=Words("註改排在文末", "notes set after the brief"),
    message=Words("有註太長，無法排在頁尾，各篇的註改排在文末", "a note is too long for the foot of a page; all notes follow their briefs"),
    hint=Words("把最長的註分成兩條，或把論述移到正文", "divide the longest note, or move its argument into the text"),
    why=Words("註與註號應在同一頁；比一頁還長的註做不到。", "A note belongs on the page of its call; one longer than a page can't be."),
    severity=Severity.WARNING,
)

NOTE_POLICIES = ("line", "block", "auto")
"""How the engine may place notes, best first; the next is tried when it loses a note or runs off the page.

`line`: the line of a call moves to the next page with its note; `block`: its paragraph does; `auto`: the note may
come a page late. See CSS GCPM 3, footnote-policy.
"""

_HANGUL = "[\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff]"
_GLUED = re.compile(
    f"(?<=[^\\s])(?=——|……|──)|(?<={_HANGUL})(?={_HANGUL})|(?<=—)(?=—)|(?<=…)(?=…)|(?<=─)(?=─)"
)
_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LATIN = "0-9A-Za-z\u00c0-\u024f"
_GAP = re.compile(f"(?<=[{_HAN}])(?=[{_LATIN}])|(?<=[{_LATIN}%°℃])(?=[{_HAN}])")
_CALL = f'{WORD_JOINER}<a class="call"(?:(?!<a class="call").)*(?:</span></span>|{WORD_JOINER}[0-9]+</a>)'
_END = re.compile(f"([{_HAN}])(?=[{_HAN}][。，、；：！？」』）》〉…]*(?:{_CALL})?$)", re.DOTALL)
_ADDRESS_BREAK = re.compile(r"(?<=[/:])(?![/:])|(?=[.?&=#_%~\-])|(?<=[^\x00-\x7f])|(?<=[0-9A-Fa-f]{16})(?=[0-9A-Fa-f])")


def print_html(issue: Issue, *, notes_at_end: bool = False) -> str:
    """The issue as one HTML document for the engine, its notes at the foot of the page or after each brief."""
    filters = {
        "set_text": set_text,
        "set_address": set_address,
        "hold_end": hold_end,
        "takes_a_dot": takes_a_dot,
    }
    template = environment(filters).get_template("print/issue.html.j2")
    sheets = [(LAYOUTS / sheet).as_uri() for sheet in STYLESHEETS]
    return template.render(issue=issue, stylesheets=sheets, notes_at_end=notes_at_end)


def set_text(content: str) -> str:
    """Text with the places glued where clreq forbids a break and Unicode's line breaking does not.

    —— and …… stay whole and never begin a line (clreq 3.1.7); Korean breaks at blanks only.
    """
    return _GAP.sub(BREAK, _GLUED.sub(WORD_JOINER, content))


def set_address(content: str) -> str:
    """An address with the places where it may break: after / and before . ? & = # _ % ~ -, never with a hyphen."""
    return _ADDRESS_BREAK.sub(BREAK, content) if "://" in content or "/" in content else content


def hold_end(content: Markup) -> Markup:
    """The content of a paragraph with its last two characters glued: no last line of one character (clreq 3.1.9)."""
    return Markup(_END.sub(rf"\1{WORD_JOINER}", content))


def takes_a_dot(character: str) -> bool:
    """Whether a character takes an emphasis mark: letters do, punctuation does not (clreq 3.3.1)."""
    return unicodedata.category(character)[0] in "LN"


def paint(issue: Issue, prepared: fonts.Fonts, place: Place) -> tuple[bytes, list[Diagnostic]]:
    """The PDF of the issue and the warnings about it; `place` is where they are reported.

    The engine's notes at the page foot are tried from the best policy to the most forgiving; where it loses a
    note or runs off the page with all of them, the notes stand after each brief (a warning, E003).
    Raises `ManuscriptError` with E001 when the engine warns of anything, with E002 when text would still stand
    off the page.
    """
    fonts.activate(prepared)
    from pipeline import engine

    engine.install()
    with _warnings_of_the_engine() as records:
        document, policy = _laid_out(issue)
        pdf: bytes = document.write_pdf(pdf_tags=True)
    problems = [OFF_THE_PAGE.at(place, page=page, text=text[:40]) for page, text in engine.misplaced(document)]
    problems += [UNPRINTABLE.at(place, record=record) for record in dict.fromkeys(records)]
    if problems:
        raise ManuscriptError(problems)
    return pdf, [NOTES_AT_END.at(place)] if policy is None else []


def _laid_out(issue: Issue) -> tuple[Any, str | None]:
    """The laid out document, and the policy of its notes (None: after each brief)."""
    from weasyprint import CSS, HTML

    from pipeline import engine

    fetcher = _fetcher((issue.folder, LAYOUTS))
    expected = {note.anchor for brief in issue.briefs for note in brief.notes}
    html = HTML(string=print_html(issue), base_url=str(LAYOUTS), url_fetcher=fetcher)
    for policy in NOTE_POLICIES:
        style = CSS(string=f".note {{ footnote-policy: {policy} }}")
        try:
            document = html.render(stylesheets=[style])
        except AssertionError:  # the engine's own, on notes that are longer than a page
            continue
        if expected <= engine.anchors(document) and not engine.misplaced(document):
            return document, policy
    html = HTML(string=print_html(issue, notes_at_end=True), base_url=str(LAYOUTS), url_fetcher=fetcher)
    return html.render(), None


def _fetcher(folders: Sequence[Path]) -> Any:
    """An URL fetcher for files inside the given folders, symbolic links resolved; for nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    allowed = [folder.resolve() for folder in folders]

    class LocalFetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, _headers: dict[str, str] | None = None) -> Any:
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            if parts.scheme != "file" or parts.netloc or not any(path.is_relative_to(f) for f in allowed):
                raise ValueError(f"not a file of this issue: {url}")
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return LocalFetcher()


@contextmanager
def _warnings_of_the_engine() -> Iterator[list[str]]:
    """Collects what the engine logs at WARNING or above."""
    records: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record.getMessage())

    logger = logging.getLogger("weasyprint")
    collector = Collector(logging.WARNING)
    handlers, propagate = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [collector], False
    try:
        yield records
    finally:
        logger.handlers, logger.propagate = handlers, propagate

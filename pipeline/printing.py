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
from pipeline.diagnostics import Code, ManuscriptError, Place, Words
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


def print_html(issue: Issue) -> str:
    """The issue as one HTML document for the engine."""
    template = environment(
        {
            "set_text": set_text,
            "set_address": set_address,
            "hold_end": hold_end,
            "takes_a_dot": takes_a_dot,
        }
    ).get_template("print/issue.html.j2")
    sheets = [(LAYOUTS / sheet).as_uri() for sheet in STYLESHEETS]
    return template.render(issue=issue, stylesheets=sheets)


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


def paint(html: str, issue: Issue, prepared: fonts.Fonts, place: Place) -> bytes:
    """The PDF of a print document; `place` is where a failure of the engine is reported.

    Raises `ManuscriptError` with E001 when the engine warns of anything.
    """
    fonts.activate(prepared)
    from weasyprint import HTML

    from pipeline import engine

    engine.install()
    with _warnings_of_the_engine() as records:
        document = HTML(string=html, base_url=str(LAYOUTS), url_fetcher=_fetcher((issue.folder, LAYOUTS)))
        pdf: bytes = document.write_pdf(pdf_tags=True)
    if records:
        raise ManuscriptError([UNPRINTABLE.at(place, record=record) for record in dict.fromkeys(records)])
    return pdf


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

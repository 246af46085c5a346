"""PDF: PDF/UA-1 and PDF/A-2a, by `page-validation` (its verdicts equal those of the veraPDF corpus)."""

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import page

from pipeline.conformance.verdict import Verdict, code
from pipeline.diagnostics import Code, Diagnostic, Place, Words

_HINT = Words(
    "這是kan的缺失，不是原稿的；請回報，並附上這則訊息",
    "this is a fault of kan, not of the manuscript: report it with this message",
)
ACCESSIBLE = code(
    "B001",
    "PDF/UA-1",
    hint=_HINT,
    why=Words(
        "PDF/UA-1（ISO 14289-1）讓螢幕閱讀器照文意讀出版面。",
        "with PDF/UA-1 (ISO 14289-1) a screen reader reads a page as it is meant.",
    ),
)
ARCHIVAL = code(
    "B002",
    "PDF/A-2a",
    hint=_HINT,
    why=Words(
        "PDF/A-2a（ISO 19005-2）保證檔案自備一切，日後仍能照原樣打開；典藏機構要求它。",
        "PDF/A-2a (ISO 19005-2) holds all it needs and opens the same later; archives ask for it.",
    ),
)
_PROFILES = (("PDF/UA-1", "ua1", ACCESSIBLE), ("PDF/A-2a", "2a", ARCHIVAL))
_PAGE = re.compile(r"\bpage (\d+)")


def verdicts(name: str, data: bytes) -> Iterator[Verdict]:
    """Both profiles on a PDF; the line of a place is the number of the page, where the tool names one."""
    for standard, profile, against in _PROFILES:
        found = tuple(_findings(data, profile, against, Path(name)))
        yield Verdict(name, standard, "page-validation", version("page-validation"), found)


def _findings(data: bytes, profile: str, against: Code, file: Path) -> Iterator[Diagnostic]:
    """Each broken rule, which the tool reports once, at the first place that breaks it."""
    try:
        failures = page.validate_pdf_bytes(data, profile=profile).failures
    except page.PageError as error:
        yield against.at(Place(file), rule=type(error).__name__, words=str(error))
        return
    for failure in failures:
        on_page = _PAGE.search(failure.message)
        place = Place(file, int(on_page[1]) if on_page else 1)
        yield against.at(place, rule=failure.rule_id, words=failure.message)

"""Published: the pages of an earlier copy, painted only as far as its errata need them.

They are set by the kan of today. Where the finished folder of that copy is at hand (`dist/`), its PDF tells on
which pages that is not what readers have.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2 as pdfium

from pipeline import fonts, manifest
from pipeline.brief import Issue
from pipeline.page_layout import PageLayout
from pipeline.parse import Source
from pipeline.placed import Placed, placed
from pipeline.printing import SetIssue, pages_html, set_issue
from pipeline.printing.boxes import Boxes
from pipeline.printing.painting import Painting


@dataclass(frozen=True)
class Published:
    """The text of an earlier copy on its pages; `words` are those of each painted page, without blanks."""

    placed: Placed
    pages: SetIssue
    words: Mapping[int, str]

    def elsewhere(self, pdf: Path, numbers: Iterable[int]) -> list[int]:
        """Those of some pages that have other words in the PDF that was published."""
        printed = _words(pdf)
        known = sorted({number for number in numbers if number in self.words})
        return [n for n in known if n > len(printed) or printed[n - 1] != self.words[n]]


def published(
    issue: Issue,
    sources: Mapping[str, Source],
    wanted: Collection[str],
    prepared: fonts.Fonts,
    layout: PageLayout,
) -> Published:
    """Where the text of the `wanted` briefs (their names in the issue) stands on the pages of the whole issue.

    The issue is set as it is printed, so that every page has its number; cover, contents, wanted briefs and
    colophon alone are painted, untagged. What the engine warns of is not asked: this copy was printed once.
    """
    fonts.activate(prepared)
    from pipeline.printing import engine  # noqa: PLC0415

    with engine.warnings():
        painting = Painting()
        boxes = Boxes(prepared, layout, painting, issue.lang)
        pages = set_issue(issue, boxes)
        parts = tuple(part for href, part in zip(sources, pages.briefs, strict=True) if href in wanted)
        html = engine.parsed(pages_html(replace(pages, briefs=parts), boxes), issue.folder)
        document = engine.render(html, painting)
        pdf: bytes = document.write_pdf()
    first, last = pages.briefs[0].folio, pages.briefs[-1].pages.stop
    numbers = [*range(1, first), *(page for part in parts for page in part.pages), last]
    assert len(document.pages) == len(numbers) + len(parts)  # the front pages of offprints stand behind
    found = placed(pdf, [source for href, source in sources.items() if href in wanted])
    lines = tuple(replace(e, page=numbers[e.page - 1]) for e in found.lines if e.page <= len(numbers))
    words = dict(zip(numbers, _words(pdf), strict=False))
    return Published(replace(found, lines=lines), pages, words)


def finished(folder: Path, sources: Iterable[Source]) -> Path | None:
    """The PDF in a finished folder (`dist/2026-11`) that was made of just these sources; None where none was."""
    try:
        inputs = json.loads((folder / manifest.NAME).read_bytes())["inputs"]
        known = {str(name).rpartition("/")[2]: hashed for name, hashed in inputs.items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None
    same = all(known.get(each.path.name) == hashlib.sha256(each.data).hexdigest() for each in sources)
    pdf = folder / "issue.pdf"
    return pdf if same and pdf.is_file() else None


def _words(pdf: Path | bytes) -> list[str]:
    """What each page of a PDF says without its folio, the last of its words; nothing where none can be read."""
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError:
        return []
    try:
        said = ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
        return [words.rstrip("0123456789") for words in said]
    finally:
        document.close()

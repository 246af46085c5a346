"""Finishing: the issue and its offprints, cut from the pages as they were painted.

painted PDF ─survey▶ Master          what each page uses: its part of the structure, fonts, glyphs, names
Master ─cut▶ document                only the pages of one edition and what belongs to them; nothing is set again
document ─fonts▶                     each font with the glyphs that are left
document ─describe▶                  metadata, outline, page labels
document ─write▶ bytes               PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) at once

Behind the pages of the issue stand the front pages of the offprints, one for each brief, in their order.
"""

import io
from collections.abc import Mapping, Sequence

import pikepdf

from pipeline.finishing.cut import cut
from pipeline.finishing.edition import Edition, issue_edition, offprint_edition
from pipeline.finishing.master import Master, survey
from pipeline.finishing.outline import set_labels, set_outline
from pipeline.finishing.subset import subset_fonts
from pipeline.finishing.write import describe, written
from pipeline.printing import SetIssue

__all__ = ["finish", "page_counts"]


def finish(painted: bytes, pages: SetIssue, names: Sequence[str]) -> Mapping[str, bytes]:
    """The finished PDFs by their relative path: `issue.pdf` and `offprints/<name>.pdf`.

    `painted` is what `pipeline.printing.print_pdf` painted of `pages`; `names` are those of the briefs, in order.
    The same input gives the same bytes. Raises `ValueError` when the painted pages are not those of the issue.
    """
    master = survey(painted)
    fronts = pages.fronts(len(master.pages))
    if len(names) != len(pages.briefs) or fronts[0] <= max(part.pages[-1] for part in pages.briefs):
        raise ValueError(f"{len(master.pages)} painted pages are not those of an issue of {len(names)} briefs")
    editions = {"issue.pdf": _finished(master, issue_edition(pages, fronts))}
    for number, name in enumerate(names):
        editions[f"offprints/{name}.pdf"] = _finished(master, offprint_edition(pages, number, fronts))
    return editions


def page_counts(editions: Mapping[str, bytes]) -> dict[str, int]:
    """How many pages each PDF among some editions has."""
    found = {}
    for name, data in editions.items():
        if name.endswith(".pdf"):
            with pikepdf.open(io.BytesIO(data)) as document:
                found[name] = len(document.pages)
    return found


def _finished(master: Master, edition: Edition) -> bytes:
    with cut(master, edition.pages) as document:
        if edition.label:  # the issue shows all glyphs there are, but those of the front pages
            subset_fonts(document, master, edition.pages)
        set_outline(document, edition, master)
        set_labels(document, edition)
        describe(document, edition)
        return written(document)

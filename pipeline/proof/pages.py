"""Pages: the printed pages bound with their marks, margins and the list of changes into one PDF."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.diagnostics import Language
from pipeline.finishing.cut import cut
from pipeline.finishing.edition import issue_edition
from pipeline.finishing.master import survey
from pipeline.finishing.outline import set_labels, set_outline
from pipeline.finishing.xmp import PRODUCER, TOOL
from pipeline.page_layout import PageLayout
from pipeline.printing import Printed
from pipeline.proof.marks import annotate
from pipeline.proof.sheets import Entry, Margin, painted, rendered, words

_AUTHOR = "kan"
"""Whose annotations the marks are."""

_SCHEME = "proof:"
"""What the links of the list begin with until they lead to a page."""
_MARGIN = "/KanProof"


def page_count(printed: Printed) -> int:
    """How many pages the issue itself has; behind them stand the front pages of the offprints."""
    with pikepdf.open(io.BytesIO(printed.pdf)) as document:
        return printed.pages.fronts(len(document.pages))[0] - 1


def bound(
    printed: Printed,
    entries: Sequence[Entry],
    margins: Sequence[Margin],
    listed: str,
    *,
    folder: Path,
    layout: PageLayout,
    watermark: str,
    language: Language,
) -> bytes:
    """The PDF of a proof: the pages of the issue as they are printed, marked; `listed` is the HTML of the list.

    The same input gives the same bytes.
    """
    master = survey(printed.pdf)
    edition = issue_edition(printed.pages, printed.pages.fronts(len(master.pages)))
    with cut(master, edition.pages) as document:
        set_outline(document, edition, master)
        set_labels(document, edition)
        annotate(document, [entry.located for entry in entries], language, _AUTHOR)
        if margins or watermark:
            _lay_over(document, margins, folder, layout, watermark, language)
        if listed:
            _add_list(document, listed, entries, margins, folder, layout, language)
        _describe(
            document, f"{edition.title}　{words(language)['watermark']}", edition.published.strftime("D:%Y%m%d")
        )
        out = io.BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _lay_over(
    document: pikepdf.Pdf,
    margins: Sequence[Margin],
    folder: Path,
    layout: PageLayout,
    watermark: str,
    language: Language,
) -> None:
    """Draw the margins and the watermark over the pages, as artifacts (ISO 32000-1, 14.8.2.2)."""
    beside = margins or [Margin()] * len(document.pages)
    html = rendered(
        "margins.html.j2", layout, language, margins=beside, watermark=watermark, size=_size(watermark, layout)
    )
    with pikepdf.open(io.BytesIO(painted(html, folder).pdf)) as over:
        for sheet, drawn, margin in zip(document.pages, over.pages, beside, strict=True):
            if not (watermark or margin != Margin()):
                continue
            form = document.copy_foreign(drawn.as_form_xobject())
            if sheet.obj.Resources.is_indirect:  # pages share their resources
                sheet.obj.Resources = Dictionary(dict(sheet.obj.Resources.items()))
            forms = sheet.obj.Resources.get(Name.XObject, Dictionary())
            sheet.obj.Resources.XObject = Dictionary({**dict(forms.items()), _MARGIN: form})
            sheet.contents_add(b"q", prepend=True)
            sheet.contents_add(b"Q /Artifact BMC q " + _MARGIN.encode() + b" Do Q EMC")


def _size(watermark: str, layout: PageLayout) -> float:
    """The size in points at which a watermark spans the page."""
    em = sum(1.1 if ord(character) > 0x2E80 else 0.75 for character in watermark)
    return round(min(150.0, layout.page["width"] / max(em, 1.0)), 1)


def _add_list(
    document: pikepdf.Pdf,
    listed: str,
    entries: Sequence[Entry],
    margins: Sequence[Margin],
    folder: Path,
    layout: PageLayout,
    language: Language,
) -> None:
    """Put the list of changes behind the pages; its numbers lead to the pages, those in the margins to it."""
    first = len(document.pages)
    made = painted(listed, folder)
    with pikepdf.open(io.BytesIO(made.pdf)) as added:
        for page in added.pages:  # its structure is not that of the pages
            for each in (page.obj, *page.obj.get(Name.Annots, ())):
                for key in (Name.StructParents, Name.StructParent):
                    if key in each:
                        del each[key]
        document.pages.extend(added.pages)
    places: dict[int, Any] = {}
    for name, (number, y) in made.anchors.items():
        sheet = document.pages[first + number].obj
        top = float(sheet.MediaBox[3]) - y + 6
        places[int(name.removeprefix("change-"))] = Array([sheet, Name.XYZ, None, round(top, 2), None])
    _lead_to_pages(document, first, entries)
    _lead_to_list(document, margins, places, layout)
    _add_to_outline(document, words(language)["changes"], document.pages[first].obj)
    labels = list(document.Root.PageLabels.Nums)
    prefix = pikepdf.String(words(language)["changes"] + " ")
    document.Root.PageLabels = Dictionary(Nums=Array([*labels, first, Dictionary(S=Name.D, P=prefix)]))


def _lead_to_pages(document: pikepdf.Pdf, first: int, entries: Sequence[Entry]) -> None:
    """Let the links of the list lead to the places of the changes."""
    targets = {str(entry.change.number): entry.located for entry in entries}
    for sheet in list(document.pages)[first:]:
        kept = []
        for link in sheet.obj.get(Name.Annots, ()):
            address = str(link.get(Name.A, Dictionary()).get(Name.URI, ""))
            if address.startswith(_SCHEME):
                located = targets.get(address.removeprefix(_SCHEME))
                if located is None or not located.page:
                    continue
                del link[Name.A]
                link.Dest = _target(document, located)
            kept.append(link)
        if Name.Annots in sheet.obj:
            sheet.obj.Annots = Array(kept)


def _target(document: pikepdf.Pdf, located: Any) -> Array:
    sheet = document.pages[located.page - 1].obj
    places = [r.top for r in located.rectangles if r.page == located.page]
    places += [c.top for c in located.carets if c.page == located.page]
    top = float(sheet.MediaBox[3]) - min(places, default=0.0) + 40
    return Array([sheet, Name.XYZ, None, round(top, 2), None])


def _lead_to_list(
    document: pikepdf.Pdf, margins: Sequence[Margin], places: Mapping[int, Any], layout: PageLayout
) -> None:
    """Let the words in the margins lead to the list."""
    height, right = layout.page["height"], layout.page["width"] - 6
    for sheet, margin in zip(document.pages, margins, strict=False):
        links = [
            document.make_indirect(
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Link,
                    Rect=Array([round(v, 2) for v in (row.x, height - row.y - 8, right, height - row.y)]),
                    Border=Array([0, 0, 0]),
                    F=4,
                    Dest=places[int(row.number)],
                    Contents=pikepdf.String(f"{row.number} {row.text}"),
                )
            )
            for row in margin.notes
            if int(row.number) in places
        ]
        if links:
            sheet.obj.Annots = Array([*sheet.obj.get(Name.Annots, ()), *links])


def _add_to_outline(document: pikepdf.Pdf, title: str, page: Any) -> None:
    """A bookmark behind the others."""
    root = document.Root.Outlines
    item = document.make_indirect(
        Dictionary(Title=pikepdf.String(title), Parent=root, Dest=Array([page, Name.Fit]))
    )
    if Name.Last in root:
        item.Prev = root.Last
        root.Last.Next = item
    else:
        root.First = item
    root.Last = item
    root.Count = int(root.get(Name.Count, 0)) + 1


def _describe(document: pikepdf.Pdf, title: str, day: str) -> None:
    document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    document.trailer.Info = document.make_indirect(
        Dictionary(
            Title=pikepdf.String(title),
            Creator=pikepdf.String(TOOL),
            Producer=pikepdf.String(PRODUCER),
            CreationDate=pikepdf.String(day),
            ModDate=pikepdf.String(day),
        )
    )
    if Name.Metadata in document.Root:
        del document.Root[Name.Metadata]

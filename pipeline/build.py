"""The map of the program: the stages of a build, in their order. Read this file and you know kan.

bytes ─parse▶ Source ─validate▶ ─lint▶ [Diagnostic]   any error: stop; everything found is reported
Source ─notes▶ Graph ─number▶ Numbering                what denotes what; every number and generated word, once
Numbering ─content▶ Brief, Issue                       plain values for every edition
Issue ─print▶ PDF                                      lines, pages, then the engine paints
PDF, sources ─audit▶ [Diagnostic]                      the finished pages measured: a broken rule is a warning
Issue ─epub▶ EPUB
Source, Numbering ─jats▶ XML                           each brief with all that the issue knows
notes ─bibliography▶ CSL-JSON, BibTeX, RIS             each source once
editions ─publish▶ OUT/<issue>/                       all in one rename, or nothing
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline import fonts, manifest
from pipeline.audit import audit
from pipeline.bibliography import FORMATS, bibliography
from pipeline.check import check, check_manuscript, languages_of, missing_characters, without_advice
from pipeline.content import issue_content
from pipeline.diagnostics import Diagnostic, ManuscriptError, Words, has_errors, in_order
from pipeline.epub import epub
from pipeline.jats import published
from pipeline.manuscript import Manuscript, read_issue
from pipeline.notes.style import HouseStyle, house_style
from pipeline.number import number
from pipeline.page_layout import A4, PageLayout
from pipeline.printing import print_pdf
from pipeline.publish import check_target, publish

__all__ = ["Built", "Progress", "build", "check"]

Progress = Callable[[Words], None]


@dataclass(frozen=True)
class Built:
    """A finished build: where it is, the warnings that did not stop it, and what the audit of its pages says."""

    folder: Path
    diagnostics: tuple[Diagnostic, ...]
    verdict: Words


def build(
    folder: Path,
    out: Path,
    progress: Progress,
    *,
    embed_fonts: bool = True,
    layout: PageLayout = A4,
    overlay: bool = False,
) -> Built:
    """Publish the issue in `folder` as `out/<name of the folder>/`; `layout` is that of the printed pages,
    `embed_fonts` puts subsets into the EPUB, `overlay` adds a PDF that shows what the composer did.

    Raises `ManuscriptError` with what must be mended when the manuscript can't be published, and
    `InstallationError` when the machine lacks something; the previous result is then untouched.
    """
    target = out / folder.resolve().name
    check_target(target, folder)

    progress(Words("讀取與檢查原稿", "reading and checking the manuscript"))
    manuscript = read_issue(folder)
    diagnostics = list(check_manuscript(manuscript))
    if has_errors(diagnostics) or manuscript.issue is None:
        raise ManuscriptError(without_advice(diagnostics))

    prepared = fonts.prepare(progress, languages=languages_of(manuscript.sources))
    diagnostics += missing_characters(manuscript.sources, prepared)
    if has_errors(diagnostics):
        raise ManuscriptError(without_advice(diagnostics))

    progress(Words("編號", "numbering"))
    style = house_style(manuscript.issue, manuscript.folder)
    issue = issue_content(manuscript.folder, manuscript.issue, manuscript.briefs.values(), style)

    progress(Words("排版：PDF", "setting the pages: PDF"))
    places = [source.place(source.root) for source in manuscript.sources]
    printed = print_pdf(issue, prepared, places, layout, with_overlay=overlay)

    progress(Words("檢驗版面", "auditing the pages"))
    body, note = layout.tokens.styles["body"], layout.tokens.styles["note"]
    audited = audit(printed.pdf, manuscript.sources, pitch=body.pitch, sizes=(body.size, note.size))
    diagnostics += audited.diagnostics(target / "issue.pdf")

    progress(Words("製作EPUB", "making the EPUB"))
    book = epub(issue, prepared, embed=embed_fonts)

    progress(Words("參考文獻與典藏XML", "reference lists and archive XML"))
    editions = {"issue.pdf": printed.pdf, "issue.epub": book, **dict(_archive(manuscript, style))}
    if printed.overlay is not None:
        editions["overlay.pdf"] = printed.overlay

    about = {
        **manifest.record(manuscript, printed.pages, prepared),
        "layout": layout.name,
        "audit": audited.summary(),
    }
    publish(target, {**editions, manifest.NAME: manifest.manifest(editions, {}, about)})
    return Built(target, in_order(diagnostics), audited.verdict)


def _archive(manuscript: Manuscript, style: HouseStyle) -> Iterator[tuple[str, bytes]]:
    """JATS of each brief, and the reference lists of each and of the issue, with their names."""
    assert manuscript.issue is not None
    briefs = dict(zip(manifest.names(manuscript), manuscript.briefs.values(), strict=True))
    for name, brief in briefs.items():
        yield f"jats/{name}.xml", published(brief, manuscript.issue, number(brief.root, style))
    lists = {name: bibliography([brief]) for name, brief in briefs.items()}
    for name, entries in {"issue": bibliography(manuscript.briefs.values()), **lists}.items():
        for suffix, form in (("json", "csl"), ("bib", "bibtex"), ("ris", "ris")):
            yield f"references/{name}.{suffix}", FORMATS[form](entries).encode()

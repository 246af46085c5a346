"""The map of the program: the stages of a build, in their order. Read this file and you know kan.

bytes ─parse▶ Source ─validate▶ ─lint▶ [Diagnostic]   any error: stop; everything found is reported
Source ─notes▶ Graph ─number▶ Numbering                what denotes what; every number and generated word, once
Numbering ─content▶ Brief, Issue                       plain values for every edition
Issue ─print▶ painted pages                            lines, pages, then the engine paints
painted pages ─finishing▶ PDF                          the issue and its offprints, cut from the same pages
PDF, sources ─audit▶ [Diagnostic]                      the finished pages measured: a broken rule is a warning
pages ─page_breaks▶ Issue ─┬ epub▶ EPUB                with the places where the printed pages begin
                           └ web▶ HTML, feeds
Source, Numbering ─jats▶ XML ─deposits▶                each brief with all that the issue knows
notes ─bibliography▶ CSL-JSON, BibTeX, RIS             each source once
editions ─verify▶ [Diagnostic], verdicts               nothing lost, standards kept; else: stop
editions ─publish▶ OUT/<issue>/                        all in one rename, or nothing

Before it and beside it, each a room of its own:

Word, ODT … ─importing▶ Source                         gate, reading, recognise, fidelity; again: ids are kept
Source ─exporting▶ Word                                for the author to proof
an older issue ─new▶ issue.xml                         the next one
Issue ─preview▶ pages in the browser                   one brief set again at a time
Issue, an earlier one ─proof▶ marked pages, errata     what changed
issues ─stats▶ tables, a picture                       lengths, notes, sources
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline import fonts, manifest
from pipeline.audit import audit
from pipeline.bibliography import FORMATS, bibliography
from pipeline.check import check, check_manuscript, languages_of, missing_characters, without_advice
from pipeline.content import issue_content
from pipeline.deposits import deposits
from pipeline.diagnostics import Diagnostic, ManuscriptError, Words, has_errors, in_order
from pipeline.epub import epub
from pipeline.finishing import finish, page_counts
from pipeline.jats import pictures, published
from pipeline.manuscript import Manuscript, read_issue
from pipeline.notes.style import HouseStyle, house_style
from pipeline.number import number
from pipeline.page_breaks import contents_pages, with_page_breaks
from pipeline.page_layout import A4, PageLayout
from pipeline.printing import SetIssue, print_pdf
from pipeline.publish import check_target, publish
from pipeline.verify import verify_editions
from pipeline.web import web

__all__ = ["Built", "Progress", "build", "check"]

Progress = Callable[[Words], None]


@dataclass(frozen=True)
class Built:
    """A finished build: where it is, the warnings that did not stop it, and what was proven of it in sentences."""

    folder: Path
    diagnostics: tuple[Diagnostic, ...]
    verdicts: tuple[Words, ...]


def build(
    folder: Path,
    out: Path,
    progress: Progress,
    *,
    embed_fonts: bool = True,
    layout: PageLayout = A4,
    vertical: bool = False,
    overlay: bool = False,
) -> Built:
    """Publish the issue in `folder` as `out/<name of the folder>/`; `layout` is that of the printed pages,
    `embed_fonts` puts subsets into the EPUB and the web edition, `vertical` adds an EPUB in vertical setting,
    `overlay` a PDF that shows what the composer did.

    Raises `ManuscriptError` with what must be mended when the manuscript can't be published or an edition is not
    whole, and `InstallationError` when the machine lacks something; the previous result is then untouched.
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
    names = manifest.names(manuscript)

    progress(Words("排版：PDF", "setting the pages: PDF"))
    places = [source.place(source.root) for source in manuscript.sources]
    printed = print_pdf(issue, prepared, places, layout, with_overlay=overlay)
    pages = printed.pages

    progress(Words("裁切：全期與各篇抽印本", "cutting: the issue and its offprints"))
    editions = dict(finish(printed.pdf, pages, names))

    progress(Words("檢驗版面", "auditing the pages"))
    body, note = layout.tokens.styles["body"], layout.tokens.styles["note"]
    audited = audit(editions["issue.pdf"], manuscript.sources, pitch=body.pitch, sizes=(body.size, note.size))
    diagnostics += audited.diagnostics(target / "issue.pdf")

    progress(Words("製作EPUB", "making the EPUB"))
    paged, contents = with_page_breaks(pages), contents_pages(pages)
    editions["issue.epub"] = epub(paged, prepared, embed=embed_fonts, contents=contents)
    if vertical:
        editions["issue-vertical.epub"] = epub(
            paged, prepared, embed=embed_fonts, contents=contents, vertical=True
        )

    progress(Words("典藏XML、寄存檔與參考文獻", "archive XML, deposits and reference lists"))
    editions |= _archive(manuscript, pages, style)
    editions |= _references(manuscript)

    progress(Words("製作網頁", "making the web edition"))
    editions |= web(
        paged,
        names,
        {name: part.pages for name, part in zip(names, pages.briefs, strict=True)},
        prepared,
        embed=embed_fonts,
        beside=editions,
        printed=editions["issue.pdf"],
    )

    progress(Words("逐字校對，檢查標準", "collating every edition, checking the standards"))
    sources = dict(zip(names, manuscript.briefs.values(), strict=True))
    verified = verify_editions(editions, names, sources, style, target)
    if verified.findings:
        raise ManuscriptError(verified.findings)

    if printed.overlay is not None:
        editions["overlay.pdf"] = printed.overlay
    about = {
        **manifest.record(manuscript, pages, prepared),
        "layout": layout.name,
        "audit": audited.summary(),
        "verified": verified.as_json(),
    }
    publish(target, {**editions, manifest.NAME: manifest.manifest(editions, page_counts(editions), about)})
    return Built(target, in_order(diagnostics), (audited.verdict, *verified.sentences()))


def _archive(manuscript: Manuscript, pages: SetIssue, style: HouseStyle) -> Mapping[str, bytes]:
    """JATS of each brief with its pictures, and what is deposited with agencies."""
    assert manuscript.issue is not None
    articles = {
        name: published(
            brief,
            manuscript.issue,
            number(brief.root, style),
            name=name,
            pages=part.pages,
            identifier=pages.issue.identifier,
        )
        for name, brief, part in zip(
            manifest.names(manuscript), manuscript.briefs.values(), pages.briefs, strict=True
        )
    }
    jats = {f"jats/{name}.xml": data for name, data in articles.items()}
    return {**jats, **pictures(pages.issue), **deposits(pages.issue, articles)}


def _references(manuscript: Manuscript) -> Iterator[tuple[str, bytes]]:
    """The reference lists of each brief and of the issue, with their names."""
    briefs = dict(zip(manifest.names(manuscript), manuscript.briefs.values(), strict=True))
    lists = {name: bibliography([brief]) for name, brief in briefs.items()}
    for name, entries in {"issue": bibliography(manuscript.briefs.values()), **lists}.items():
        for suffix, form in (("json", "csl"), ("bib", "bibtex"), ("ris", "ris")):
            yield f"references/{name}.{suffix}", FORMATS[form](entries).encode()

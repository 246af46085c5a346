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

import hashlib
import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from pipeline import __version__, fonts, validate
from pipeline.audit import audit
from pipeline.bibliography import FORMATS, bibliography
from pipeline.brief import Issue
from pipeline.content import issue_content
from pipeline.diagnostics import Diagnostic, ManuscriptError, Words, has_errors, in_order
from pipeline.epub import epub
from pipeline.jats import published
from pipeline.lint import Rule, Vocabulary, lint, vocabulary_of
from pipeline.manuscript import ISSUE_FILE, Manuscript, read_issue
from pipeline.notes.style import HouseStyle, house_style
from pipeline.number import number
from pipeline.page_layout import A4, PageLayout
from pipeline.parse import LANG, Source, parse
from pipeline.printing import print_pdf
from pipeline.profiles import DEFAULT
from pipeline.publish import check_target, publish

Progress = Callable[[Words], None]

_TOOLS = ("weasyprint", "pydyf", "lxml", "jinja2", "fonttools", "uharfbuzz", "pyphen")


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

    Raises `ManuscriptError` with everything found when the manuscript can't be published, and
    `InstallationError` when the machine lacks something; the previous result is then untouched.
    """
    target = out / folder.resolve().name
    check_target(target, folder)

    progress(Words("讀取與檢查原稿", "reading and checking the manuscript"))
    manuscript = read_issue(folder)
    diagnostics = list(check_manuscript(manuscript))
    if has_errors(diagnostics) or manuscript.issue is None:
        raise ManuscriptError(diagnostics)

    prepared = fonts.prepare(progress, languages=languages_of(manuscript.sources))
    diagnostics += missing_characters(manuscript.sources, prepared)
    if has_errors(diagnostics):
        raise ManuscriptError(diagnostics)

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

    record = _record(manuscript, issue, prepared)
    publish(target, editions, {**record, "layout": layout.name, "audit": audited.summary()})
    return Built(target, in_order(diagnostics), audited.verdict)


def check(path: Path, rules: Sequence[Rule] | None = None) -> tuple[Diagnostic, ...]:
    """Validate and lint an issue (its folder or its `issue.xml`) or a single brief; nothing is built.

    `rules` are the editorial rules to apply (all, if None). Missing characters are reported when the fonts are
    there; they are not fetched for it.
    """
    if path.is_dir() or path.name == ISSUE_FILE:
        manuscript = read_issue(path if path.is_dir() else path.parent)
        sources, diagnostics = manuscript.sources, list(check_manuscript(manuscript, rules))
    else:
        try:
            source = parse(path)
        except ManuscriptError as error:
            return error.diagnostics
        sources, diagnostics = (source,), validate.check_brief(source, path.parent)
        diagnostics += _edited(sources, None, path.parent, rules)
    prepared = fonts.installed(languages_of(sources))
    if prepared is not None:
        diagnostics += missing_characters(sources, prepared)
    return in_order(diagnostics)


def check_manuscript(manuscript: Manuscript, rules: Sequence[Rule] | None = None) -> Iterator[Diagnostic]:
    """Everything found wrong with an issue: what could not be parsed, the schema, the rules, the note style."""
    yield from manuscript.diagnostics
    yield from _edited(manuscript.briefs.values(), manuscript.issue, manuscript.folder, rules)
    if manuscript.issue is not None:
        yield from validate.check_issue(manuscript.issue, manuscript.briefs)
        try:
            house_style(manuscript.issue, manuscript.folder)
        except ManuscriptError as error:
            yield from error.diagnostics


def _edited(
    briefs: Iterable[Source], issue: Source | None, folder: Path, rules: Sequence[Rule] | None
) -> Sequence[Diagnostic]:
    """What the copy editor finds, with the vocabulary for the folder of the issue."""
    try:
        vocabulary = vocabulary_of(folder)
    except ManuscriptError as error:
        return (*error.diagnostics, *lint(briefs, issue, Vocabulary(), rules))
    return lint(briefs, issue, vocabulary, rules)


def languages_of(sources: Iterable[Source]) -> tuple[str, ...]:
    """The languages of an issue and its briefs, for which fonts are needed."""
    return tuple(dict.fromkeys(source.root.get(LANG) or DEFAULT for source in sources))


def missing_characters(sources: Iterable[Source], prepared: fonts.Fonts) -> Iterator[Diagnostic]:
    """F001 for the first place in each file of each character that no declared font has."""
    for source in sources:
        seen: set[str] = set()
        for node, which, text in source.stretches():
            for offset, character in fonts.missing(prepared, text):
                if character not in seen:
                    seen.add(character)
                    place = source.text_place(node, which, offset, offset + 1)
                    yield fonts.no_glyph(place, character)


def _archive(manuscript: Manuscript, style: HouseStyle) -> Iterator[tuple[str, bytes]]:
    """JATS of each brief, and the reference lists of each and of the issue, with their names."""
    assert manuscript.issue is not None
    briefs = {
        Path(href).with_suffix("").as_posix().replace("/", "-"): each for href, each in manuscript.briefs.items()
    }
    for name, brief in briefs.items():
        yield f"jats/{name}.xml", published(brief, manuscript.issue, number(brief.root, style))
    lists = {name: bibliography([brief]) for name, brief in briefs.items()}
    for name, entries in {"issue": bibliography(manuscript.briefs.values()), **lists}.items():
        for suffix, form in (("json", "csl"), ("bib", "bibtex"), ("ris", "ris")):
            yield f"references/{name}.{suffix}", FORMATS[form](entries).encode()


def _record(manuscript: Manuscript, issue: Issue, prepared: fonts.Fonts) -> dict[str, object]:
    """What the manifest says about a build: its inputs, fonts and tools; nothing that changes by itself."""
    folder = manuscript.folder
    pictures = {figure.picture for brief in issue.briefs for figure in brief.figures()}
    files = {source.path for source in manuscript.sources} | pictures
    if issue.cover is not None:
        files.add(issue.cover)
    return {
        "kan": __version__,
        "issue": {"title": issue.title, "name": issue.name, "date": issue.published.isoformat()},
        "inputs": {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(files)
        },
        "fonts": [
            {
                "family": face.family,
                "weight": face.weight,
                "style": face.style,
                "source": face.version,
                "sha512": face.sha512,
            }
            for face in prepared.faces
        ],
        "tools": {"python": platform.python_version(), **{name: version(name) for name in _TOOLS}},
    }

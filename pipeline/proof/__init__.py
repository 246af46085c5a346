"""Proofs: the pages of an issue with all that has changed since an earlier copy, and its errata.

folder or revision ─earlier▶ the earlier copy
Manuscript × 2 ─text▶ IssueText ─changes▶ [Change]
Manuscript ─print▶ pages ─on_pages▶ [Located]           where each change stands on them
pages, [Located] ─marks, sheets▶ proof.pdf              annotations, margins, watermark, the list behind
earlier Manuscript ─published▶ pages ─errata▶ errata.pdf   page and line of what was published
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import fonts, validate
from pipeline.bibliography.suggested import printed_issue
from pipeline.brief import Issue
from pipeline.check import languages_of, missing_characters
from pipeline.content import issue_content
from pipeline.diagnostics import Diagnostic, Language, ManuscriptError, Words, has_errors
from pipeline.manuscript import Manuscript, read_issue
from pipeline.notes.style import HouseStyle, house_style
from pipeline.page_layout import A4, PageLayout
from pipeline.placed import Placed, placed
from pipeline.printing import Printed, SetIssue, print_pdf
from pipeline.profiles import printed_date
from pipeline.proof.change import KINDS, Change
from pipeline.proof.changes import changes
from pipeline.proof.earlier import Earlier, earlier
from pipeline.proof.errata import errata, errata_files, is_erratum
from pipeline.proof.on_pages import Pages, in_reading_order
from pipeline.proof.pages import bound, page_count
from pipeline.proof.published import finished, published
from pipeline.proof.sheets import Entry, Margin, entry_of, margins, rendered, screen_style
from pipeline.proof.text import IssueText, read_text

__all__ = ["Change", "Proof", "proof"]

Progress = Callable[[Words], None]


@dataclass(frozen=True)
class Proof:
    """A finished proof: its files by name, and the changes as they are listed.

    `against` is what the issue was compared with, empty for a plain proof; `remarks` are for the editor.
    """

    files: Mapping[str, bytes] = field(repr=False)
    entries: tuple[Entry, ...] = ()
    against: str = ""
    remarks: tuple[Words, ...] = ()

    @property
    def summary(self) -> Words:
        """How many changes of each kind there are."""
        counts = Counter(entry.change.kind for entry in self.entries)
        listed = [(KINDS[kind], counts[kind]) for kind in KINDS if counts[kind]]
        if not listed:
            return Words("沒有不同", "no changes")
        zh = "、".join(f"{words.zh}{count}" for words, count in listed)
        en = ", ".join(f"{count} {words.en}" for words, count in listed)
        return Words(f"{len(self.entries)}處更動：{zh}", f"{len(self.entries)} changes: {en}")


def proof(
    folder: Path,
    against: str | None = None,
    *,
    layout: PageLayout = A4,
    every: int = 0,
    watermark: str = "",
    with_errata: bool = False,
    dist: Path | None = None,
    language: Language = "zh-TW",
    shown: Callable[[Path], str] = str,
    progress: Progress = lambda _: None,
) -> Proof:
    """The proof of the issue in `folder`, with what has changed since `against` (a folder, or a git revision).

    Every `every`th line is numbered in the margin (0: none), `watermark` stands across the pages, `with_errata`
    adds the errata of the earlier copy, which may stand finished in `dist`, `shown` names a file for people. The
    same input gives the same bytes.
    Raises `ManuscriptError` when either copy can't be printed, `InstallationError` when there is no earlier one.
    """
    progress(Words("讀取原稿", "reading the manuscript"))
    new = _read(folder)
    desk = _Desk(layout, every, watermark, language, shown, progress)
    if against is None:
        return Proof(desk.plain(new))
    with earlier(folder, against) as before:
        progress(Words("讀取舊稿", "reading the earlier copy"))
        with _named_by(before):
            old = _read(before.folder)
        progress(Words("比對", "comparing"))
        found = changes(old.text, new.text)
        entries, files = desk.marked(new, found, before)
        remarks: list[Words] = []
        if with_errata:
            with _named_by(before):
                made, remarks = desk.errata(old, found, dist)
                files |= made
    return Proof(files, entries, against, tuple(remarks))


# Manuscripts


@dataclass(frozen=True)
class _Copy:
    """One copy of an issue: its manuscript, its text, its content."""

    manuscript: Manuscript
    style: HouseStyle
    text: IssueText

    @property
    def issue(self) -> Issue:
        """The issue as values."""
        assert self.manuscript.issue is not None
        manuscript = self.manuscript
        return issue_content(manuscript.folder, self.manuscript.issue, manuscript.briefs.values(), self.style)

    @property
    def fonts(self) -> fonts.Fonts:
        """The faces it needs. Raises `ManuscriptError` for characters that none of them has."""
        prepared = fonts.prepare(languages=languages_of(self.manuscript.sources))
        missing = list(missing_characters(self.manuscript.sources, prepared))
        if has_errors(missing):
            raise ManuscriptError(missing)
        return prepared

    def printed(self, layout: PageLayout) -> Printed:
        """Its pages."""
        places = [source.place(source.root) for source in self.manuscript.sources]
        return print_pdf(self.issue, self.fonts, places, layout)


def _read(folder: Path) -> _Copy:
    """An issue that can be printed; what the copy editor says of it is not asked."""
    manuscript = read_issue(folder)
    found: list[Diagnostic] = list(manuscript.diagnostics)
    if manuscript.issue is not None:
        found += validate.check_issue(manuscript.issue, manuscript.briefs)
    if has_errors(found) or manuscript.issue is None:
        raise ManuscriptError(each for each in found if each.severity == "error")
    style = house_style(manuscript.issue, manuscript.folder)
    return _Copy(manuscript, style, read_text(manuscript.issue, manuscript.briefs, style))


@contextmanager
def _named_by(before: Earlier) -> Iterator[None]:
    """What is found wrong with the earlier copy names its files as people do."""
    try:
        yield
    except ManuscriptError as error:
        raise ManuscriptError(map(before.finding, error.diagnostics)) from error


def _pages(copy: _Copy, printed: Printed, layout: PageLayout) -> Pages:
    """Its text on the pages of the issue, without those of the offprints behind them."""
    everything = placed(printed.pdf, copy.manuscript.sources)
    last = page_count(printed)
    own = replace(everything, lines=tuple(line for line in everything.lines if line.page <= last))
    return _on_pages(copy, own, printed.pages, layout)


def _on_pages(copy: _Copy, found: Placed, pages: SetIssue, layout: PageLayout) -> Pages:
    page = {**layout.page, "pitch": layout.tokens.length("pitch")}
    return Pages(found, pages, list(copy.manuscript.briefs), page)


# Files


@dataclass(frozen=True)
class _Desk:
    """How proofs are made here: what was asked for, and who is told."""

    layout: PageLayout
    every: int
    watermark: str
    language: Language
    shown: Callable[[Path], str]
    progress: Progress

    def plain(self, new: _Copy) -> dict[str, bytes]:
        """A proof of an issue alone."""
        self.progress(Words("排版", "setting the pages"))
        printed = new.printed(self.layout)
        beside: Sequence[Margin] = ()
        if self.every:
            beside = margins((), _pages(new, printed, self.layout), self.layout, page_count(printed), self.every)
        return {"proof.pdf": self.bound(new, printed, (), beside, "")}

    def marked(
        self, new: _Copy, found: Sequence[Change], before: Earlier
    ) -> tuple[tuple[Entry, ...], dict[str, bytes]]:
        """The changes on the pages; the proof, and the list of changes as a page for a browser."""
        self.progress(Words("排版", "setting the pages"))
        printed = new.printed(self.layout)
        self.progress(Words("標示更動", "marking the changes"))
        pages = _pages(new, printed, self.layout)
        shown = {"new": self.shown, "old": lambda file: self.shown(before.shown(file))}
        located = in_reading_order([pages.located(change, change.spots, change.new) for change in found])
        entries = tuple(entry_of(each, self.language, shown) for each in located)
        counts = Counter(change.kind for change in found)
        values = {
            "entries": entries,
            "heading": {**_heading(new.issue), "against": before.name},
            "counts": [(kind, counts[kind]) for kind in KINDS if counts[kind]],
        }
        listed = rendered("changes.html.j2", self.layout, self.language, screen=False, **values)
        page = rendered("changes.html.j2", self.layout, self.language, screen=True, style=screen_style(), **values)
        beside = margins(entries, pages, self.layout, page_count(printed), self.every)
        return entries, {
            "proof.pdf": self.bound(new, printed, entries, beside, listed),
            "changes.html": page.encode(),
        }

    def errata(
        self, old: _Copy, found: Sequence[Change], dist: Path | None
    ) -> tuple[dict[str, bytes], list[Words]]:
        """The errata of the earlier copy, whose pages are set for it, and what is to be said of them."""
        groups, remarks = [], []
        wrong = [change for change in found if is_erratum(change)]
        if wrong:
            self.progress(Words("排舊稿，作勘誤表", "setting the earlier copy for the errata"))
            wanted = {spot.block.brief.href for change in wrong for spot in change.old_spots}
            pages = published(old.issue, old.manuscript.briefs, wanted, old.fonts, self.layout)
            groups = errata(wrong, _on_pages(old, pages.placed, pages.pages, self.layout), self.language)
            numbers = [int(row.page) for _, rows in groups for row in rows if row.page.isdecimal()]
            pdf = finished(dist / old.manuscript.folder.name, old.manuscript.sources) if dist is not None else None
            if pdf is not None and (other := pages.elsewhere(pdf, numbers)):
                remarks.append(_elsewhere(self.shown(pdf), other))
        heading = _heading(old.issue)
        return errata_files(groups, heading, self.layout, self.language, old.manuscript.folder), remarks

    def bound(
        self, new: _Copy, printed: Printed, entries: Sequence[Entry], beside: Sequence[Margin], listed: str
    ) -> bytes:
        """The PDF."""
        return bound(
            printed,
            entries,
            beside,
            listed,
            folder=new.manuscript.folder,
            layout=self.layout,
            watermark=self.watermark,
            language=self.language,
        )


def _elsewhere(pdf: str, pages: Sequence[int]) -> Words:
    """That pages of the errata are not those that readers have."""
    return Words(
        f"已出版的「{pdf}」第{'、'.join(map(str, pages))}頁與現在排出來的不同（版式或程式改過）："
        "勘誤表的頁、行請對照它",
        f"{pdf} has other text on p. {', '.join(map(str, pages))} than is set now (layout or kan have changed): "
        "check page and line of the errata with it",
    )


def _heading(issue: Issue) -> Mapping[str, str]:
    """What stands at the head of the list and the errata."""
    return {
        "periodical": issue.title,
        "issue": printed_issue(issue, issue.lang),
        "day": printed_date(issue.published, issue.lang),
    }

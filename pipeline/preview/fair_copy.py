"""The fair copy: the newest state of every file of an issue, and of each the last one that can be set.

files ─read▶ Manuscript ─▶ what can be set, the errors of what can't
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import validate
from pipeline.brief import Brief, Issue
from pipeline.check import languages_of
from pipeline.content import brief_content, issue_content
from pipeline.diagnostics import Diagnostic, ManuscriptError, Severity, in_order
from pipeline.manuscript import Manuscript, read_issue
from pipeline.notes.style import HouseStyle, house_style
from pipeline.parse import Source

_FILE_MISSING = "R050"
"""What is said of a brief or cover that isn't there: the rest of the issue can be set."""


@dataclass(frozen=True)
class Good:
    """A brief as it was when it could last be set."""

    source: Source
    style: HouseStyle
    brief: Brief


class FairCopy:
    """The fair copy of the issue in `folder`.

    `hrefs` are the briefs that `issue.xml` lists; `errors` by file are those for which something can't be set.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hrefs: list[str] = []
        self.errors: dict[Path, tuple[Diagnostic, ...]] = {}
        self._manuscript = Manuscript(folder, None, {}, ())
        self._issue: tuple[Source, HouseStyle, Issue] | None = None
        self._good: dict[str, Good] = {}
        self._valid: dict[Path, tuple[Source, tuple[Diagnostic, ...]]] = {}

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files as they are now."""
        return self._manuscript.sources

    @property
    def good(self) -> list[Good]:
        """The briefs that can be set, in the order of the issue."""
        return [self._good[href] for href in self.hrefs if href in self._good]

    @property
    def issue(self) -> Issue | None:
        """The issue of what can be set; None where `issue.xml` has never been right."""
        if self._issue is None:
            return None
        return replace(self._issue[2], briefs=tuple(good.brief for good in self.good))

    @property
    def issue_source(self) -> Source | None:
        """The `issue.xml` that the issue is set from."""
        return self._issue[0] if self._issue is not None else None

    @property
    def issue_is_broken(self) -> bool:
        """Whether the issue is set from an older `issue.xml` than there is now, or from none."""
        now = self._manuscript.issue
        return now is None or self._issue is None or self._issue[0] is not now

    def key(self, href: str) -> str | None:
        """With what the anchors of a brief begin; None for one that can't be set."""
        return self._good[href].brief.key if href in self._good else None

    def is_broken(self, href: str) -> bool:
        """Whether a brief can't be set as it is now."""
        if self.folder / href in self.errors:
            return True
        return self._manuscript.issue is not None and href not in self._manuscript.briefs

    def read(self, changed: Iterable[Path]) -> list[Source]:
        """Read the files again and take over what can be set; returns the briefs that are new or changed."""
        if any(path.suffix != ".xml" for path in changed):
            self._valid.clear()  # a picture, a style: what could not be set may be now
        manuscript = self._manuscript = self._read()
        errors: dict[Path, list[Diagnostic]] = {}
        for each in manuscript.diagnostics:
            errors.setdefault(each.place.file, []).append(each)
        if manuscript.issue is not None:
            errors.setdefault(manuscript.issue.path, []).extend(self._take_issue(manuscript.issue))
        style = self._issue[1] if self._issue else None
        new = []
        for position, href in enumerate(self.hrefs, 1):
            source = manuscript.briefs.get(href)
            if source is None or style is None:
                continue
            good, key = self._good.get(href), f"b{position:02}"
            if good is None or good.source is not source:
                new.append(source)
            wrong = self._wrong(source)
            errors.setdefault(source.path, []).extend(wrong)
            if not wrong and not (good and good.source is source and (good.style, good.brief.key) == (style, key)):
                self._good[href] = Good(source, style, brief_content(source, key, style))
        self._good = {href: good for href, good in self._good.items() if href in self.hrefs}
        self.errors = {path: in_order(each) for path, each in errors.items() if each}
        return new

    def reword(self) -> None:
        """Make the briefs anew: they have words of a profile in them, and one has changed."""
        for href, good in self._good.items():
            self._good[href] = replace(good, brief=brief_content(good.source, good.brief.key, good.style))
        if self._issue is not None:
            source, style, _ = self._issue
            self._issue = source, style, issue_content(self.folder, source, (), style)

    def languages(self) -> frozenset[str]:
        """The languages of the files as they are now."""
        return frozenset(languages_of(self.sources))

    def _read(self) -> Manuscript:
        """The files as they are now; a source that has not changed stays the same object."""
        read = read_issue(self.folder)
        known = {source.path: source for source in self.sources}

        def kept(source: Source) -> Source:
            old = known.get(source.path)
            return old if old is not None and old.data == source.data else source

        briefs = {href: kept(source) for href, source in read.briefs.items()}
        return replace(read, issue=kept(read.issue) if read.issue is not None else None, briefs=briefs)

    def _take_issue(self, source: Source) -> list[Diagnostic]:
        """Take over `issue.xml` unless there are errors in it, which are returned."""
        found = [each for each in validate.check_issue(source, {}) if each.place.file == source.path]
        missing = [each for each in found if each.code == _FILE_MISSING]
        wrong = [each for each in found if each.severity is Severity.ERROR and each not in missing]
        try:
            style = house_style(source, self.folder)
        except ManuscriptError as error:
            wrong += error.diagnostics
        if not wrong:
            if self._issue is None or self._issue[0] is not source or self._issue[1] != style:
                self._issue = source, style, issue_content(self.folder, source, (), style)
            self.hrefs = list(
                dict.fromkeys(each.get("href", "") for each in source.root.iterfind("contents/brief"))
            )
        return [*missing, *wrong]

    def _wrong(self, source: Source) -> tuple[Diagnostic, ...]:
        """The errors for which a brief can't be set."""
        known = self._valid.get(source.path)
        if known is None or known[0] is not source:
            found = validate.check_brief(source, self.folder)
            known = source, tuple(each for each in found if each.severity is Severity.ERROR)
            self._valid[source.path] = known
        return known[1]

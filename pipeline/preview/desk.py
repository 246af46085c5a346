"""The desk: one thread that keeps an issue read, set and checked, and tells what is new.

    a file changed ▶ read ▶ set what changed ▶ tell the pages ▶ paint those shown ▶ check ▶ tell the findings

The newest change wins: work under way for an older one is left at its next step. What a browser asks for
(pictures, lines, places) is answered between the steps. A brief with errors keeps its last good pages.
"""

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline import fonts, profiles, validate
from pipeline.brief import Brief, Issue
from pipeline.check import check_manuscript, edited, languages_of, missing_characters
from pipeline.content import brief_content, issue_content
from pipeline.diagnostics import Diagnostic, Language, ManuscriptError, Place, Severity, Words, in_order
from pipeline.layout import LAYOUTS
from pipeline.manuscript import ISSUE_FILE, Manuscript, read_issue
from pipeline.notes.style import HouseStyle, house_style
from pipeline.page_layout import PageLayout
from pipeline.parse import Source, read
from pipeline.preview import views
from pipeline.printing import LOST, OFF_THE_PAGE, UNPRINTABLE, SetIssue

if TYPE_CHECKING:  # the engine is imported once the fonts are there
    from pipeline.preview.places import BriefPlaces
    from pipeline.preview.press import Leaf, Painted, Press

Result = TypeVar("Result")
Tell = Callable[[str, Mapping[str, Any]], None]

_PAUSE = 0.3
"""Seconds left to a browser to show new pages before the machine is busy with checks."""
_TOGETHER = 2
"""Pages painted at once when nobody waits for them."""
_FILE_MISSING = "R050"
"""What is said of a brief or cover that isn't there: the rest of the issue can be set."""
_PICTURES = 40
"""Pictures kept: what the windows of a few browsers show."""
_PAINTED = 400
"""Painted pages kept."""

_FAILED = Words(
    "kan處理這次更動時出錯，這是程式的問題：{error}", "kan failed on this change, which is a bug: {error}"
)
_FAILED_LAYOUT = Words(
    "layouts/ 裡剛改的檔案用不得：{error}", "a file in layouts/ that has just changed can't be used: {error}"
)
_NEW_LANGUAGE = Words(
    "這一期多了一種語言，要重新啟動 kan preview 才有它的字型",
    "the issue has a new language: start kan preview again for its fonts",
)


@dataclass(frozen=True)
class Good:
    """A brief as it was when it could last be set."""

    source: Source
    style: HouseStyle
    brief: Brief


class Desk(threading.Thread):
    """The thread. `tell` is called in it with a topic, "pages" or "findings", and all there is to say of it."""

    def __init__(
        self, folder: Path, prepared: fonts.Fonts, language: Language, layout: PageLayout, tell: Tell
    ) -> None:
        super().__init__(name="desk", daemon=True)
        self.folder = folder.absolute()
        self._prepared, self._language, self._layout, self._tell = prepared, language, layout, tell
        self._turn = threading.Condition()
        self._changed: set[Path] | None = {self.folder}
        self._asked: deque[Callable[[], None]] = deque()
        self._ended = False
        self._shown: tuple[int, ...] = ()
        self._width = 0
        self._changes = 1
        self._version = 0
        self._has_new_layouts = False
        self._languages: frozenset[str] = frozenset()
        self._press: Press | None = None
        self._manuscript: Manuscript | None = None
        self._issue: tuple[Source, HouseStyle, Issue] | None = None
        self._good: dict[str, Good] = {}
        self._hrefs: list[str] = []
        self._errors: dict[Path, tuple[Diagnostic, ...]] = {}
        self._valid: dict[Path, tuple[Source, tuple[Diagnostic, ...]]] = {}
        self._found: dict[Path, tuple[Diagnostic, ...]] = {}
        self._pages: SetIssue | None = None
        self._leaves: tuple[Leaf, ...] = ()
        self._places: list[BriefPlaces] = []
        self._painted: OrderedDict[str, Painted] = OrderedDict()
        self._pictures: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._views: dict[str, Mapping[str, bytes]] = {}

    # Called from other threads

    def change(self, paths: Iterable[Path]) -> int:
        """Say that files have changed; returns the version of the pages that will have it in them."""
        with self._turn:
            self._changed = {*(self._changed or ()), *paths}
            self._changes += 1
            self._turn.notify()
            return self._changes

    def ask(self, answer: Callable[["Desk"], Result]) -> "Future[Result]":
        """Have a question answered in the thread, before what is under way goes on."""
        future: Future[Result] = Future()

        def run() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(answer(self))
                except Exception as error:  # it is raised where the answer is awaited
                    future.set_exception(error)

        with self._turn:
            self._asked.append(run)
            self._turn.notify()
        return future

    def show(self, pages: tuple[int, ...], width: int) -> None:
        """Say which pages a browser shows, and how wide in pixels: they are painted first."""
        self._shown, self._width = pages, width

    def drawn(self, key: str, width: int) -> bytes | None:
        """The picture of a page if it is there already: nobody need wait for the thread."""
        return self._pictures.get((key, width))

    def end(self) -> None:
        """End the thread after what it is doing."""
        with self._turn:
            self._ended = True
            self._turn.notify()

    # The thread

    def run(self) -> None:
        """Work until the end: a change first, then what is asked, then what is under way."""
        work: Iterator[float] = iter(())
        idle, resumes = False, 0.0
        while True:
            with self._turn:
                while not (self._ended or self._changed or self._asked):
                    left = resumes - perf_counter()
                    if not idle and left <= 0:
                        break
                    self._turn.wait(None if idle else left)
                if self._ended:
                    return
                changed, self._changed, version = self._changed, None, self._changes
                asked = self._asked.popleft() if self._asked and not changed else None
            if changed:
                work, idle, resumes = self._refreshed(changed), False, 0.0
                self._version = version
            elif asked is not None:
                asked()
                continue
            try:
                resumes = perf_counter() + next(work)
            except StopIteration:
                idle = True
            except Exception as error:
                logging.getLogger(__name__).exception("preview")
                failed = _FAILED_LAYOUT if self._has_new_layouts else _FAILED
                self._tell_pages(perf_counter(), failure=failed.fill({"error": repr(error)}))
                idle = True

    def _refreshed(self, changed: set[Path]) -> Iterator[float]:
        """The steps from a change to all that there is to tell; each is followed by a pause of so many seconds."""
        began = perf_counter()
        if any(path.suffix != ".xml" for path in changed):
            self._valid.clear()  # a picture, a style: what could not be set may be now
        if any(path.is_relative_to(LAYOUTS) for path in changed):
            self._has_new_layouts = True
        if self._has_new_layouts:
            self._read_layouts()
        manuscript = self._manuscript = self._read()
        before = self._places
        new = self._taken(manuscript)
        self._set()
        change = self._change_in(new, before)
        self._tell_pages(began, change)
        self._has_new_layouts = False
        yield from self._paint_shown(change)
        yield _PAUSE if self._width else 0
        for source in new:
            self._check(source, manuscript)
            yield 0
        if new:
            self._tell_findings(whole=False)
        yield _PAUSE if self._width else 0
        self._check_all(manuscript)
        self._tell_findings(whole=False)
        yield from self._paint_the_rest()
        self._tell_findings(whole=True)

    # Reading

    def _read_layouts(self) -> None:
        """Begin with the layouts and profiles as they are now; the words of a profile are in the briefs, too."""
        for lang in languages_of(self._sources()):
            profiles.profile.__wrapped__(lang)  # one that can't be used is not taken over
        profiles.profile.cache_clear()
        profiles.words_beside.cache_clear()
        self._press = None
        self._layout = PageLayout(self._layout.name)
        for href, good in self._good.items():
            self._good[href] = replace(good, brief=brief_content(good.source, good.brief.key, good.style))
        if self._issue is not None:
            source, style, _ = self._issue
            self._issue = source, style, issue_content(self.folder, source, (), style)

    def _read(self) -> Manuscript:
        """The files as they are now; a source that has not changed stays the same object."""
        read = read_issue(self.folder)
        known = {source.path: source for source in self._manuscript.sources} if self._manuscript else {}

        def kept(source: Source) -> Source:
            old = known.get(source.path)
            return old if old is not None and old.data == source.data else source

        briefs = {href: kept(source) for href, source in read.briefs.items()}
        return replace(read, issue=kept(read.issue) if read.issue is not None else None, briefs=briefs)

    def _taken(self, manuscript: Manuscript) -> list[Source]:
        """Take over what can be set; returns the briefs that are new or changed, and tells errors apart."""
        errors: dict[Path, list[Diagnostic]] = {}
        for each in manuscript.diagnostics:
            errors.setdefault(each.place.file, []).append(each)
        if manuscript.issue is not None:
            errors.setdefault(manuscript.issue.path, []).extend(self._take_issue(manuscript.issue))
        style = self._issue[1] if self._issue else None
        new = []
        for position, href in enumerate(self._hrefs, 1):
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
        self._good = {href: good for href, good in self._good.items() if href in self._hrefs}
        self._errors = {path: in_order(each) for path, each in errors.items() if each}
        return new

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
            self._hrefs = list(
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

    def _sources(self) -> tuple[Source, ...]:
        return self._manuscript.sources if self._manuscript is not None else ()

    # Setting

    def _set(self) -> None:
        """Set the issue of what is good; unchanged briefs are not touched."""
        if self._issue is None:
            return
        issue = replace(self._issue[2], briefs=tuple(good.brief for good in self._goods()))
        press = self._pressed(issue.lang)
        from pipeline.preview.places import BriefPlaces  # noqa: PLC0415  after the fonts

        before = {
            places.source.path: (places, leaves)
            for places, leaves in zip(self._places, _by_brief(self._leaves, len(self._places)), strict=True)
        }
        pages = press.pages(issue)
        leaves = press.leaves(pages)
        every = []
        for good, own in zip(self._goods(), _by_brief(leaves, len(issue.briefs)), strict=True):
            places, old = before.get(good.source.path, (None, []))
            same = places is not None and places.source is good.source
            if places is None or not same or [leaf.key for leaf in old] != [leaf.key for leaf in own]:
                places = BriefPlaces(good.source, own, press)
            every.append(places)
        self._pages, self._leaves, self._places = pages, leaves, every
        self._views.clear()

    def _pressed(self, lang: str) -> "Press":
        if self._press is None or self._press.lang != lang:
            fonts.activate(self._prepared)
            from pipeline.preview.press import Press  # noqa: PLC0415  after the fonts

            self._press = Press(self._prepared, self._layout, lang)
            self._places = []
            self._leaves = ()
        return self._press

    def _goods(self) -> list[Good]:
        return [self._good[href] for href in self._hrefs if href in self._good]

    def _change_in(self, new: list[Source], before: list["BriefPlaces"]) -> tuple[int, int] | None:
        """The brief and the first letter that an edit changed."""
        known = {places.source.path: places for places in before}
        for number, places in enumerate(self._places, 1):
            if any(source is places.source for source in new):
                letter = places.changed_since(known.get(places.source.path))
                if letter is not None:
                    return number, letter
        return None

    # Checking

    def _check(self, source: Source, manuscript: Manuscript) -> None:
        """All that `kan check` says of one file."""
        briefs = list(manuscript.briefs.values())
        found = [*validate.check_brief(source, self.folder)]
        found += edited(briefs, manuscript.issue, self.folder, only=source)
        found += missing_characters([source], self._prepared)
        self._found[source.path] = in_order(found)

    def _check_all(self, manuscript: Manuscript) -> None:
        """All that `kan check` says of the issue."""
        found = [*check_manuscript(manuscript), *missing_characters(manuscript.sources, self._prepared)]
        self._found = {}
        for each in in_order(found):
            self._found[each.place.file] = (*self._found.get(each.place.file, ()), each)

    def _paint_shown(self, change: tuple[int, int] | None) -> Iterator[float]:
        """Paint the pages that a browser shows and will ask for, the changed one first."""
        if not self._width:
            return
        first = self._places[change[0] - 1].page(change[1]) if change else None
        for number in sorted(self._shown, key=lambda number: number != first):
            if 0 < number <= len(self._leaves):
                self.picture(self._leaves[number - 1].key, self._width)
                yield 0

    def _paint_the_rest(self) -> Iterator[float]:
        """Paint the pages that nobody has looked at, for what may be wrong on them."""
        while True:
            left = [leaf for leaf in self._leaves if leaf.key not in self._painted]
            if not left:
                return
            run = [leaf for at, leaf in enumerate(left[:_TOGETHER]) if leaf.number == left[0].number + at]
            self._paint(run)
            yield 0

    def _engine_findings(self) -> Iterator[Diagnostic]:
        """What went wrong on the pages that are painted, as a build would say it."""
        files = [Place(self.folder / ISSUE_FILE), *(Place(places.source.path) for places in self._places)]
        for leaf in self._leaves:
            painted = self._painted.get(leaf.key)
            if painted is None:
                continue
            place = files[leaf.brief] if leaf.brief < len(files) else files[0]
            if painted.misplaced:
                yield OFF_THE_PAGE.at(place, page=leaf.number, text=painted.misplaced[:40])
            if painted.lost:
                yield LOST.at(place, text=painted.lost[:40])
            for record in painted.said:
                yield UNPRINTABLE.at(place, record=record)

    # What is asked

    def picture(self, key: str, width: int) -> bytes | None:
        """The PNG of a page; None for a page that there is not any more."""
        if (key, width) not in self._pictures:
            painted = self._painted_leaf(key)
            if painted is None:
                return None
            self._pictures[key, width] = painted.picture(width)
            while len(self._pictures) > _PICTURES:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end((key, width))
        return self._pictures[key, width]

    def lines(self, number: int) -> dict[str, Any] | None:
        """The lines of a page with the letters they print."""
        from pipeline.preview.places import Letters, rows  # noqa: PLC0415  after the fonts

        leaf = self._leaves[number - 1] if 0 < number <= len(self._leaves) else None
        painted = self._painted_leaf(leaf.key) if leaf is not None else None
        if leaf is None or painted is None:
            return None
        own = [Letters((), ())] * len(painted.lines)
        if leaf.brief:
            own = self._places[leaf.brief - 1].on_page(number, painted)
        return {"number": number, "key": leaf.key, "brief": leaf.brief, "lines": rows(painted, own)}

    def place(self, brief: int, letter: int) -> dict[str, Any] | None:
        """Where a letter of a brief stands: file, line, column, and the line of the source."""
        if not 0 < brief <= len(self._places):
            return None
        places = self._places[brief - 1]
        return self._shown_place(places.place(letter), places.source)

    def view(self, kind: str) -> Mapping[str, bytes]:
        """The files of another edition: "web", "epub" or "vertical"."""
        if kind not in self._views and self._pages is not None:
            names = [Path(href).stem for href in self._hrefs if href in self._good]
            self._views[kind] = views.edition(kind, self._pages, names, self._prepared)
        return self._views.get(kind, {})

    def sources(self) -> set[Path]:
        """The files that an editor may be told to open."""
        return {self.folder / ISSUE_FILE, *(self.folder / href for href in self._hrefs)}

    def _painted_leaf(self, key: str) -> "Painted | None":
        if key not in self._painted:
            leaf = next((leaf for leaf in self._leaves if leaf.key == key), None)
            if leaf is None:
                return None
            self._paint([leaf])
        self._painted.move_to_end(key)
        return self._painted[key]

    def _paint(self, leaves: list["Leaf"]) -> None:
        assert self._press is not None
        for leaf, painted in zip(leaves, self._press.painted(leaves, self.folder), strict=True):
            self._painted[leaf.key] = painted
        while len(self._painted) > max(_PAINTED, 2 * len(self._leaves)):
            self._painted.popitem(last=False)

    # Telling

    def _tell_pages(
        self, began: float, change: tuple[int, int] | None = None, failure: Words | None = None
    ) -> None:
        languages = frozenset(languages_of(self._sources()))
        self._languages = self._languages or languages
        if failure is None and not languages <= self._languages:
            failure = _NEW_LANGUAGE
        number, letter = change or (0, 0)
        page = self._places[number - 1].page(letter) if number else None
        width, height = self._press.size if self._press is not None else (595.28, 841.89)
        self._tell(
            "pages",
            {
                "version": self._version,
                "issue": {"title": self._pages.issue.title, "name": self._pages.issue.name}
                if self._pages
                else None,
                "size": [width, height],
                "pages": [{"number": leaf.number, "key": leaf.key, "brief": leaf.brief} for leaf in self._leaves],
                "texts": [places.serial for places in self._places],
                "briefs": list(self._brief_rows()),
                "errors": [self._row(each) for path, some in sorted(self._errors.items()) for each in some],
                "stale": self._pages is not None and self._issue_is_broken(),
                "failure": failure.in_language(self._language) if failure is not None else "",
                "changed": {"brief": number, "letter": letter, "page": page} if page is not None else None,
                "took": round(1000 * (perf_counter() - began)),
            },
        )

    def _brief_rows(self) -> Iterator[dict[str, Any]]:
        """What the outline says of each brief that the issue lists."""
        parts = iter(zip(self._pages.briefs, self._places, strict=True)) if self._pages is not None else iter(())
        number = 0
        for href in self._hrefs:
            row: dict[str, Any] = {"file": href, "broken": self._is_broken(href), "number": 0, "title": href}
            row["name"] = Path(href).stem
            if href in self._good:
                row["key"] = self._good[href].brief.key
                with suppress(StopIteration):
                    part, places = next(parts)
                    number += 1
                    row |= {
                        "number": number,
                        "first": part.folio,
                        "last": part.pages[-1],
                        **_outline(part, places),
                    }
            yield row

    def _issue_is_broken(self) -> bool:
        now = self._manuscript.issue if self._manuscript is not None else None
        return now is None or self._issue is None or self._issue[0] is not now

    def _is_broken(self, href: str) -> bool:
        here = self._manuscript is not None and href in self._manuscript.briefs
        return not here or self.folder / href in self._errors

    def _tell_findings(self, *, whole: bool) -> None:
        found = {path: list(each) for path, each in self._found.items()}
        for path, errors in self._errors.items():
            found[path] = [*errors, *found.get(path, ())]
        every = in_order([*(each for some in found.values() for each in some), *self._engine_findings()])
        self._tell("findings", {"whole": whole, "items": [self._row(each) for each in every]})

    def _row(self, found: Diagnostic) -> dict[str, Any]:
        """A finding for the browser; with the letters it is about, where its brief is set from this very file."""
        number, places = next(
            ((n, each) for n, each in enumerate(self._places, 1) if each.source.path == found.place.file),
            (0, None),
        )
        source = next((each for each in self._sources() if each.path == found.place.file), None)
        row: dict[str, Any] = {
            "code": found.code,
            "severity": str(found.severity),
            "message": found.message.in_language(self._language),
            "hint": found.hint.in_language(self._language),
            "brief": number,
            "fixable": bool(found.fix),
            **self._shown_place(
                found.place, next((s for s in self._sources() if s.path == found.place.file), None)
            ),
        }
        if places is not None and places.source is source:
            start, end = places.letters_at(found.place)
            row |= {"letters": [start, end], "page": places.page(start)}
        return row

    def _shown_place(self, place: Place, source: Source | None) -> dict[str, Any]:
        data = source.data if source is not None else _data_of(place.file)
        lines = data.decode("utf-8", "replace").splitlines()
        name = place.file.relative_to(self.folder) if place.file.is_relative_to(self.folder) else place.file
        return {
            "file": str(name),
            "path": str(place.file),
            "line": place.line,
            "column": place.column,
            "source": lines[place.line - 1].strip() if 0 < place.line <= len(lines) else "",
        }


def _data_of(file: Path) -> bytes:
    """The bytes of a file that could not be parsed; nothing where it can't be read either."""
    try:
        return read(file)
    except ManuscriptError:
        return b""


def _by_brief(leaves: Iterable["Leaf"], count: int) -> list[list["Leaf"]]:
    """The leaves of each of the first `count` briefs."""
    found: list[list[Leaf]] = [[] for _ in range(count)]
    for leaf in leaves:
        if leaf.brief:
            found[leaf.brief - 1].append(leaf)
    return found


def _outline(part: Any, places: "BriefPlaces") -> dict[str, Any]:
    """Title, authors, headings and notes of a brief with the pages they stand on."""
    sections, notes = [], []
    for page, sheet in zip(part.pages, part.sheets, strict=True):
        for fragment in sheet.fragments:
            look = fragment.look
            if look is not None and look.section is not None and fragment.begins and fragment.composed is not None:
                line = fragment.composed.lines[0]
                title = "".join(each.text for each in fragment.composed.lines)
                letter = places.first(page, line)
                sections.append({"title": title, "depth": look.section.depth, "page": page, "letter": letter})
        for note in sheet.notes:
            if note.begins:
                letter = places.first(page, note.composed.lines[0]) if note.composed.lines else None
                notes.append({"label": note.note.label, "page": page, "letter": letter})
    authors = [author.name for author in part.brief.authors]
    return {"title": part.brief.plain_title, "authors": authors, "sections": sections, "notes": notes}


def asked(name: str, *values: Any) -> Callable[[Desk], Any]:
    """A question for `Desk.ask`: one of its methods, by name."""
    return partial(_call, name, values)


def _call(name: str, values: tuple[Any, ...], desk: Desk) -> Any:
    return getattr(desk, name)(*values)

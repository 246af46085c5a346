"""The desk: one thread that keeps an issue read, set and painted, and tells what is new.

    a file changed ▶ read ▶ set what changed ▶ tell the pages ▶ paint those shown ▶ proofread ▶ paint the rest

The newest change wins: work under way for an older one is left at its next step. What a browser asks for
(pictures, lines, places) is answered between the steps. A brief with errors keeps its last good pages.
"""

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline import fonts, profiles
from pipeline.diagnostics import Diagnostic, Language, Place, Words, in_order
from pipeline.layout import LAYOUTS
from pipeline.manuscript import ISSUE_FILE
from pipeline.page_layout import PageLayout
from pipeline.parse import Source
from pipeline.preview import telling, views
from pipeline.preview.fair_copy import FairCopy
from pipeline.preview.proofreader import Found, Proofreader, forget_profiles
from pipeline.printing import LOST, OFF_THE_PAGE, UNPRINTABLE, SetIssue

if TYPE_CHECKING:  # the engine is imported once the fonts are there
    from pipeline.preview.places import BriefPlaces, IssuePlaces
    from pipeline.preview.press import Leaf, Painted, Press

Result = TypeVar("Result")
Tell = Callable[[str, Mapping[str, Any]], None]

_PAUSE = 0.3
"""Seconds left to a browser to show new pages before those that nobody sees are painted."""
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
        self._copy = FairCopy(self.folder)
        self._proofreader = Proofreader(self.folder, prepared, self._proofread)
        self._orders = 0
        self._found: dict[Path, tuple[Diagnostic, ...]] = {}
        self._is_proofread = self._is_painted = False
        self._pages: SetIssue | None = None
        self._leaves: tuple[Leaf, ...] = ()
        self._places: list[BriefPlaces] = []
        self._issue_places: IssuePlaces | None = None
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
        """End the thread after what it is doing; what is asked then is never answered."""
        self._proofreader.end()
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
        if any(path.is_relative_to(LAYOUTS) for path in changed):
            self._has_new_layouts = True
        if self._has_new_layouts:
            self._read_layouts()
        errors, before = self._copy.errors, self._places
        new = self._copy.read(changed)
        self._set()
        change = self._change_in(new, before)
        self._tell_pages(began, change)
        self._is_proofread = self._is_painted = False
        self._orders += 1  # what is found for an older order is too late
        if errors != self._copy.errors:
            self._tell_findings()
        yield from self._paint_shown(change)
        self._proofreader.order(self._orders, has_new_profiles=self._has_new_layouts)
        self._has_new_layouts = False
        yield _PAUSE if self._width else 0
        yield from self._paint_the_rest()
        self._is_painted = True
        if self._is_proofread:
            self._tell_findings()

    def _read_layouts(self) -> None:
        """Begin with the layouts and profiles as they are now; the words of a profile are in the briefs, too."""
        for lang in self._copy.languages():
            profiles.profile.__wrapped__(lang)  # one that can't be used is not taken over
        forget_profiles()
        self._press = None
        self._layout = PageLayout(self._layout.name)
        self._copy.reword()

    # Setting

    def _set(self) -> None:
        """Set the issue of what is good; unchanged briefs are not touched."""
        issue = self._copy.issue
        if issue is None:
            return
        press = self._pressed(issue.lang)
        from pipeline.preview.places import BriefPlaces, IssuePlaces  # noqa: PLC0415  after the fonts

        source = self._copy.issue_source
        if source is not None and (self._issue_places is None or self._issue_places.source is not source):
            self._issue_places = IssuePlaces(source)
        before = {
            places.source.path: (places, leaves)
            for places, leaves in zip(self._places, _by_brief(self._leaves, len(self._places)), strict=True)
        }
        pages = press.pages(issue)
        leaves = press.leaves(pages)
        every = []
        for good, own in zip(self._copy.good, _by_brief(leaves, len(issue.briefs)), strict=True):
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

    def _change_in(self, new: list[Source], before: list["BriefPlaces"]) -> tuple[int, int] | None:
        """The brief and the first letter that an edit changed."""
        known = {places.source.path: places for places in before}
        for number, places in enumerate(self._places, 1):
            if any(source is places.source for source in new):
                letter = places.changed_since(known.get(places.source.path))
                if letter is not None:
                    return number, letter
        return None

    # Painting

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
        for leaf in self._leaves:
            if leaf.key not in self._painted:
                self._paint(leaf)
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
        own = [Letters()] * len(painted.lines)
        if leaf.brief:
            own = self._places[leaf.brief - 1].on_page(number, painted)
        elif self._issue_places is not None and number == len(self._leaves):
            own = self._issue_places.on_page(painted)
        return {"number": number, "key": leaf.key, "brief": leaf.brief, "lines": rows(painted, own)}

    def place(self, brief: int, letter: int) -> dict[str, Any] | None:
        """Where a letter of a brief, or of `issue.xml` (0), stands: file, line, column, the line of the file."""
        if not 0 <= brief <= len(self._places):
            return None
        places = self._places[brief - 1] if brief else self._issue_places
        if places is None:
            return None
        return telling.shown_place(places.place(letter), places.source, self.folder)

    def view(self, kind: str) -> Mapping[str, bytes]:
        """The files of another edition: "web", "epub" or "vertical"."""
        if kind not in self._views and self._pages is not None:
            names = [Path(href).stem for href in self._copy.hrefs if self._copy.key(href) is not None]
            self._views[kind] = views.edition(kind, self._pages, names, self._prepared)
        return self._views.get(kind, {})

    def sources(self) -> set[Path]:
        """The files that an editor may be told to open."""
        return {self.folder / ISSUE_FILE, *(self.folder / href for href in self._copy.hrefs)}

    def _painted_leaf(self, key: str) -> "Painted | None":
        if key not in self._painted:
            leaf = next((leaf for leaf in self._leaves if leaf.key == key), None)
            if leaf is None:
                return None
            self._paint(leaf)
        self._painted.move_to_end(key)
        return self._painted[key]

    def _paint(self, leaf: "Leaf") -> None:
        assert self._press is not None
        self._painted[leaf.key] = self._press.painted(leaf, self.folder)
        while len(self._painted) > max(_PAINTED, 2 * len(self._leaves)):
            self._painted.popitem(last=False)

    # Telling

    def _tell_pages(
        self, began: float, change: tuple[int, int] | None = None, failure: Words | None = None
    ) -> None:
        languages = self._copy.languages()
        self._languages = self._languages or languages
        if failure is None and not languages <= self._languages:
            failure = _NEW_LANGUAGE
        issue, errors = self._pages.issue if self._pages else None, self._copy.errors
        number, letter = change or (0, 0)
        page = self._places[number - 1].page(letter) if number else None
        width, height = self._press.size if self._press is not None else (595.28, 841.89)
        self._tell(
            "pages",
            {
                "version": self._version,
                "issue": {"title": issue.title, "name": issue.name} if issue else None,
                "size": [width, height],
                "pages": [{"number": leaf.number, "key": leaf.key, "brief": leaf.brief} for leaf in self._leaves],
                "texts": [places.serial for places in self._places],
                "briefs": list(telling.brief_rows(self._copy, self._pages, self._places)),
                "errors": [self._row(each) for path in sorted(errors) for each in errors[path]],
                "stale": self._pages is not None and self._copy.issue_is_broken,
                "failure": failure.in_language(self._language) if failure is not None else "",
                "changed": {"brief": number, "letter": letter, "page": page} if page is not None else None,
                "took": round(1000 * (perf_counter() - began)),
            },
        )

    def _proofread(self, found: Found) -> None:
        """Take over what the proofreader found, which it says in a thread of its own."""
        taken = self.ask(lambda desk: desk._take_found(found))
        taken.add_done_callback(lambda future: future.result())  # an error is logged

    def _take_found(self, found: Found) -> None:
        if found.order != self._orders:
            return
        if found.failure:
            self._tell_pages(perf_counter(), failure=_FAILED.fill({"error": found.failure}))
            return
        self._is_proofread = found.is_whole
        self._found = dict(found.files) if found.is_whole else {**self._found, **found.files}
        self._tell_findings()

    def _tell_findings(self) -> None:
        found = {path: list(each) for path, each in self._found.items()}
        for path, errors in self._copy.errors.items():
            found[path] = [*errors, *found.get(path, ())]
        every = in_order([*(each for some in found.values() for each in some), *self._engine_findings()])
        whole = self._is_proofread and self._is_painted
        self._tell("findings", {"whole": whole, "items": [self._row(each) for each in every]})

    def _row(self, found: Diagnostic) -> dict[str, Any]:
        return telling.finding(found, self._copy, self._places, self._language)


def _by_brief(leaves: Iterable["Leaf"], count: int) -> list[list["Leaf"]]:
    """The leaves of each of the first `count` briefs."""
    found: list[list[Leaf]] = [[] for _ in range(count)]
    for leaf in leaves:
        if leaf.brief:
            found[leaf.brief - 1].append(leaf)
    return found


def asked(name: str, *values: Any) -> Callable[[Desk], Any]:
    """A question for `Desk.ask`: one of its methods, by name."""
    return partial(_call, name, values)


def _call(name: str, values: tuple[Any, ...], desk: Desk) -> Any:
    return getattr(desk, name)(*values)

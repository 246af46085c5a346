"""The proofreader: a process of its own that reads the issue for findings, so that no page waits for that.

    Desk ─order▶ process: read, check what changed, check everything ─Found▶ Desk

It reads the files itself, at low priority; of several orders that wait it takes the newest.
"""

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from pipeline import fonts, profiles, validate
from pipeline.check import check_manuscript, edited, missing_characters
from pipeline.diagnostics import Diagnostic, in_order
from pipeline.manuscript import Manuscript, read_issue

_NICENESS = 10
"""By how much everything else on the machine goes before it."""

Files = Mapping[Path, tuple[Diagnostic, ...]]


@dataclass(frozen=True)
class Found:
    """What was found for one order: in every file, or so far in those that changed; or why the work failed."""

    order: int
    is_whole: bool = False
    files: Files = field(default_factory=dict)
    failure: str = ""


class Proofreader:
    """Starts the process, again if it has died, and calls `found`, in a thread of its own, with what it finds."""

    def __init__(self, folder: Path, prepared: fonts.Fonts, found: Callable[[Found], None]) -> None:
        self._folder, self._prepared, self._found = folder, prepared, found
        self._process: BaseProcess | None = None
        self._orders: Connection | None = None
        self._newest = 0
        self._ended = False
        if _may_fork():
            self._start("fork")

    def order(self, number: int, *, has_new_profiles: bool = False) -> None:
        """Have the files read as they are now; for numbers that rise."""
        self._newest = number
        if self._process is None or not self._process.is_alive():
            self._start("spawn")
        assert self._orders is not None
        with suppress(OSError):  # it dies this moment: `_listen` says so
            self._orders.send((number, has_new_profiles))

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._ended = True
        if self._process is not None:
            self._process.kill()

    def _start(self, method: str) -> None:
        """Start the process; a fork shares what is loaded, which another process takes a second or two to load."""
        context = multiprocessing.get_context(method)
        ours, theirs = context.Pipe()
        self._process = context.Process(  # type: ignore[attr-defined]
            target=_proofread, args=(theirs, ours, self._folder, self._prepared), name="proofreader", daemon=True
        )
        assert self._process is not None
        self._process.start()
        theirs.close()
        self._orders = ours
        threading.Thread(target=self._listen, args=(ours,), name="proofreader", daemon=True).start()

    def _listen(self, findings: Connection) -> None:
        answered = 0
        with suppress(EOFError, OSError):
            while True:
                found: Found = findings.recv()
                answered = found.order if found.is_whole or found.failure else answered
                self._found(found)
        if self._orders is findings and answered != self._newest and not self._ended:
            self._found(Found(self._newest, failure="the process that reads for findings has ended"))


def _may_fork() -> bool:
    """Whether a fork is safe: nothing else runs in this process yet."""
    return sys.platform == "linux" and threading.active_count() == 1


def _proofread(orders: Connection, other_end: Connection, folder: Path, prepared: fonts.Fonts) -> None:
    """The process: answer orders until there is nobody to give them."""
    other_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the desk ends us
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    seen: dict[Path, bytes] = {}
    with suppress(EOFError, OSError):
        while True:
            order, has_new_profiles = orders.recv()
            while orders.poll():
                order, too = orders.recv()
                has_new_profiles |= too
            if has_new_profiles:
                forget_profiles()
            for found in _answers(order, folder, prepared, seen):
                orders.send(found)
                if orders.poll():
                    break


def forget_profiles() -> None:
    """Have the profiles of `layouts/` read again when they are next needed."""
    profiles.profile.cache_clear()
    profiles.words_beside.cache_clear()


def _answers(order: int, folder: Path, prepared: fonts.Fonts, seen: dict[Path, bytes]) -> Iterator[Found]:
    try:
        yield from _steps(order, read_issue(folder), prepared, seen)
    except Exception as error:  # a bug, which must not end the process
        logging.getLogger(__name__).exception("preview")
        yield Found(order, failure=repr(error))


def _steps(order: int, manuscript: Manuscript, prepared: fonts.Fonts, seen: dict[Path, bytes]) -> Iterator[Found]:
    """What `kan check` says: of the briefs that are not as they were `seen`, then of the whole issue."""
    briefs, folder = manuscript.briefs.values(), manuscript.folder
    for source in briefs:
        if seen and seen.get(source.path) != source.data:
            found = [*validate.check_brief(source, folder), *missing_characters([source], prepared)]
            found += edited(briefs, manuscript.issue, folder, only=source)
            yield Found(order, files={source.path: in_order(found)})
    every: dict[Path, tuple[Diagnostic, ...]] = {}
    for each in in_order([*check_manuscript(manuscript), *missing_characters(manuscript.sources, prepared)]):
        every[each.place.file] = (*every.get(each.place.file, ()), each)
    seen.clear()
    seen.update({source.path: source.data for source in manuscript.sources})
    yield Found(order, is_whole=True, files=every)

"""Stages: where the time of one build goes, in a warm process.

The build is the real one: `pipeline.build.build` with a clock around the functions that it calls, so that a
stage which is moved or renamed stops the benchmark with its name; `STAGES` then has to follow. A stage inside
another (composing inside the flow) counts for itself only.

`python -m tests.bench.stages ISSUE RUNS` prints the result as JSON; `measured` runs that in a fresh process.
"""

import importlib
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import wraps
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from tests.bench.race import run

STAGES = {
    "parse": ("pipeline.build", "read_issue"),
    "validate": ("pipeline.build", "check_manuscript"),
    "lint": ("pipeline.check", "lint"),
    "fonts: from the cache": ("pipeline.fonts", "prepare"),
    "fonts: missing characters": ("pipeline.build", "missing_characters"),
    "number and content": ("pipeline.build", "issue_content"),
    "print: compose": ("pipeline.compose", "Composer.paragraph"),
    "print: measure the boxes": ("pipeline.printing.engine", "heights"),
    "print: paginate": ("pipeline.printing.sheets", "paginate"),
    "print: flow, sheets": ("pipeline.printing", "set_issue"),
    "print: HTML": ("pipeline.printing", "pages_html"),
    "paint: layout": ("pipeline.printing.engine", "render"),
    "paint: look off the type area": ("pipeline.printing.engine", "misplaced"),
    "paint: compare the text": ("pipeline.printing.engine", "lost"),
    "paint: write": ("pipeline.printing.engine", "pdf"),
    "paint: the rest": ("pipeline.build", "print_pdf"),
    "finishing": ("pipeline.build", "finish"),
    "audit": ("pipeline.build", "audit"),
    "page breaks": ("pipeline.build", "with_page_breaks"),
    "EPUB": ("pipeline.build", "epub"),
    "web edition": ("pipeline.build", "web"),
    "JATS, deposits": ("pipeline.build", "_archive"),
    "reference lists": ("pipeline.build", "_references"),
    "verify: collation": ("pipeline.verify", "collate"),
    "verify: standards": ("pipeline.verify", "standards"),
    "publish": ("pipeline.build", "publish"),
}
LINT = "lint"
PDF = ("number and content", "print: ", "paint: ")
"""The stages that make the PDF, by the beginnings of their names."""

SEALED = "print: measure the boxes"
"""A stage that lays out for itself: what the engine does inside it is not the layout of the pages."""

REST = "between the stages"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: median of its seconds in a build, its share of the whole, and how often a build calls it."""

    name: str
    seconds: float
    share: float
    calls: int


@dataclass
class Clock:
    """Seconds and calls of each stage in one build."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    calls: Counter[str] = field(default_factory=Counter)
    _inside: list[float] = field(default_factory=lambda: [0.0])
    _sealed: bool = False

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what happens inside, less the stages inside it."""
        started = time.perf_counter()
        self._inside.append(0.0)
        try:
            yield
        finally:
            took = time.perf_counter() - started
            self.seconds[name] += took - self._inside.pop()
            self._inside[-1] += took
            self.calls[name] += 1

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with this clock around it; what a generator yields is made inside."""

        @wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            if self._sealed:
                return function(*arguments, **named)
            self._sealed = name == SEALED
            try:
                with self.stage(name):
                    result = function(*arguments, **named)
                    return iter(list(result)) if isinstance(result, Iterator) else result
            finally:
                self._sealed = False

        return timed


def lint_to_pdf(stages: Iterable[Stage]) -> float:
    """The time of the copy editor as a share of the time that the PDF takes."""
    seconds = {stage.name: stage.seconds for stage in stages}
    return seconds[LINT] / sum(took for name, took in seconds.items() if name.startswith(PDF))


def timed_build(issue: Path) -> Clock:
    """Build an issue into a folder that is thrown away."""
    from pipeline.build import build

    clock = Clock()
    with tempfile.TemporaryDirectory() as out, ExitStack() as clocks:
        for name, (module, path) in STAGES.items():
            owner, attribute = _owner(module, path)
            timed = clock.around(name, getattr(owner, attribute))
            clocks.enter_context(patch.object(owner, attribute, timed))
        with clock.stage(REST):
            build(issue, Path(out), lambda _: None)
    return clock


def stages(issue: Path, runs: int) -> list[Stage]:
    """The stages of `runs` builds, more than one after another that loads everything; `REST` is what no stage
    explains."""
    from pipeline import fonts

    fonts.activate(fonts.prepare())
    if runs > 1:
        timed_build(issue)
    clocks = [timed_build(issue) for _ in range(runs)]
    seconds = {name: median(clock.seconds[name] for clock in clocks) for name in (*STAGES, REST)}
    whole = sum(seconds.values())
    return [Stage(name, took, took / whole, clocks[0].calls[name]) for name, took in seconds.items()]


def measured(issue: Path, runs: int) -> list[Stage]:
    """`stages` in a process of its own, so that nothing of it stays in this one."""
    finished = run((sys.executable, "-m", "tests.bench.stages", str(issue), str(runs)))
    return [Stage(**entry) for entry in json.loads(finished.lines[-1][1])]


def _owner(module: str, path: str) -> tuple[Any, str]:
    *owners, attribute = path.split(".")
    owner: Any = importlib.import_module(module)
    for name in owners:
        owner = getattr(owner, name)
    return owner, attribute


if __name__ == "__main__":
    print(json.dumps([asdict(stage) for stage in stages(Path(sys.argv[1]), int(sys.argv[2]))]))

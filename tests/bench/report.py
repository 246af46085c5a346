"""Report: the measurements as a table, ratios first, and as JSON."""

import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tests.bench.composing import Composing
from tests.bench.race import Result
from tests.bench.stages import Stage, lint_to_pdf

_TOOLS = ("weasyprint", "typst", "pydyf", "uharfbuzz", "lxml", "jinja2")


@dataclass(frozen=True, slots=True)
class Machine:
    """What the numbers were measured on; `load` is the load average of the minute before."""

    processor: str
    cores: int
    python: str
    versions: dict[str, str]
    load: float


@dataclass(frozen=True, slots=True)
class Subject:
    """What was set; `typst_notes` are the notes that Typst counted."""

    name: str
    briefs: int
    notes: int
    typst_notes: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one benchmark found. `check` and `imported` are the seconds of `kan check` and of `kan import` of
    all briefs as Word files, each in a fresh process."""

    machine: Machine
    subject: Subject
    kan: Result
    typst: Result
    stages: tuple[Stage, ...]
    composing: Composing
    check: float
    imported: float

    @property
    def ratios(self) -> dict[str, float | None]:
        """Times and memory of kan as multiples of Typst's; other things as multiples of what they are beside."""
        return {
            "wall": self.kan.wall / self.typst.wall,
            "wall until the PDF": self.kan.to_pdf / self.typst.wall if self.kan.to_pdf else None,
            "processor": self.kan.processor / self.typst.processor,
            "memory": self.kan.memory / self.typst.memory,
            "composing : HarfBuzz": self.composing.times_harfbuzz,
            "composing : painting": self.composing.times_painting,
            "all editions : PDF": self.kan.wall / self.kan.to_pdf if self.kan.to_pdf else None,
            "linting : PDF": lint_to_pdf(self.stages),
            "kan check : PDF": self.check / self.kan.to_pdf if self.kan.to_pdf else None,
            "kan import : PDF": self.imported / self.kan.to_pdf if self.kan.to_pdf else None,
        }


def machine() -> Machine:
    """This machine."""
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        python=platform.python_version(),
        versions={tool: version(tool) for tool in _TOOLS},
        load=os.getloadavg()[0],
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.machine())


def as_values(report: Report) -> dict[str, Any]:
    """The report for JSON: seconds and bytes, every run, without what the programs printed."""
    return {
        "ratios": report.ratios,
        "machine": asdict(report.machine),
        "subject": asdict(report.subject),
        "engines": {result.name: _result_values(result) for result in (report.kan, report.typst)},
        "stages": [asdict(stage) for stage in report.stages],
        "composing": {**asdict(report.composing), "per_10000": report.composing.per_10000},
    }


def _result_values(result: Result) -> dict[str, Any]:
    return {
        "wall": result.wall,
        "to_pdf": result.to_pdf,
        "processor": result.processor,
        "memory": result.memory,
        "pages": result.pages,
        "bytes": result.size,
        "runs": [
            {"wall": run.wall, "to_pdf": run.to_pdf, "processor": run.processor, "memory": run.memory}
            for run in result.runs
        ],
    }


def as_text(report: Report) -> str:
    """The report for a reader."""
    return "\n".join(
        [
            *_heading(report),
            "",
            *columns(_race_rows(report)),
            "",
            f"one warm process, medians of {len(report.kan.runs)} builds",
            *columns(_stage_rows(report.stages)),
            f"linting takes {report.ratios['linting : PDF']:.3f} of the time of the PDF",
            f"kan import of {report.subject.briefs} Word files takes {report.imported:.2f} s in a fresh process",
            f"all editions take {report.ratios['all editions : PDF'] or 0:.2f} times as long as the pages alone",
            "",
            _composing_heading(report.composing, len(report.kan.runs)),
            *columns(_composing_rows(report.composing)),
            *_remarks(report),
        ]
    )


def _heading(report: Report) -> Iterator[str]:
    machine, subject = report.machine, report.subject
    tools = ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    yield f"{subject.name}: {subject.briefs} briefs, {subject.notes} notes"
    yield f"{machine.processor}, {machine.cores} cores, load {machine.load:.1f}; Python {machine.python}"
    yield tools


def _race_rows(report: Report) -> Iterator[Sequence[str]]:
    kan, typst, ratios = report.kan, report.typst, report.ratios
    yield "fresh processes in turn", "x Typst", "median s", "min-max s", "CPU s", "peak MB", "pages", "PDF kB"
    yield ("kan build, all of it", _ratio(ratios["wall"]), *_measures(kan))
    if kan.to_pdf is not None:
        times = [run.to_pdf for run in kan.runs if run.to_pdf is not None]
        yield (
            "kan build, until the PDF",
            _ratio(ratios["wall until the PDF"]),
            f"{kan.to_pdf:.2f}",
            _span(times),
        )
    yield ("kan check", _ratio(report.check / typst.wall), f"{report.check:.2f}")
    yield ("Typst", _ratio(1.0), *_measures(typst))
    yield ("kan : Typst, CPU and memory", "", "", "", _ratio(ratios["processor"]), _ratio(ratios["memory"]))


def _measures(result: Result) -> tuple[str, ...]:
    return (
        f"{result.wall:.2f}",
        _span([run.wall for run in result.runs]),
        f"{result.processor:.2f}",
        f"{result.memory / 1e6:.0f}",
        str(result.pages),
        f"{result.size / 1e3:.0f}",
    )


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _span(seconds: Sequence[float]) -> str:
    return f"{min(seconds):.2f}-{max(seconds):.2f}"


def _stage_rows(stages: Iterable[Stage]) -> Iterator[Sequence[str]]:
    yield "stage", "share", "median s", "calls"
    for stage in stages:
        yield stage.name, f"{stage.share:.1%}", f"{stage.seconds:.3f}", str(stage.calls)
    yield "the whole build", "100.0%", f"{sum(stage.seconds for stage in stages):.3f}"


def _composing_heading(composing: Composing, runs: int) -> str:
    amount = f"{composing.paragraphs} paragraphs, {composing.lines} lines, {composing.characters:,} characters"
    return f"composing alone: {amount}; one warm process, nothing remembered, medians of {runs} in turn"


def _composing_rows(composing: Composing) -> Iterator[Sequence[str]]:
    """Composing beside its least cost, and beside what it must stay below."""
    yield "", "x HarfBuzz", "x painting", "ms per 10,000 characters", "ms"
    rows = (
        ("composing", composing.compose),
        ("HarfBuzz, the text in whole runs", composing.shape),
        ("painting: layout and writing", composing.paint),
    )
    for name, seconds in rows:
        shown = (f"{seconds / composing.shape:.0f}", f"{seconds / composing.paint:.3f}")
        yield name, *shown, f"{seconds * 1e7 / composing.characters:.1f}", f"{seconds * 1e3:.1f}"
    less = "yes" if composing.times_painting < 1 else "NO"
    yield f"composing takes less time than painting: {less}", ""


def _remarks(report: Report) -> Iterator[str]:
    """What makes the comparison less fair than it looks."""
    notes, typst_notes = report.subject.notes, report.subject.typst_notes
    if notes != typst_notes:
        yield f"\nnot the same text: the issue has {notes} notes, Typst set {typst_notes}"
    for finding in report.kan.runs[0].findings:
        yield f"\nkan reports {finding}"


def columns(rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows in columns as wide as their widest cell: the first flush left, the others flush right."""
    filled = list(zip_longest(*zip_longest(*rows, fillvalue=""), fillvalue=""))
    widths = [max(map(len, column)) for column in zip(*filled, strict=True)]
    return [_aligned(row, widths) for row in filled]


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = row
    cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
    return "  ".join((first.ljust(widths[0]), *cells)).rstrip()

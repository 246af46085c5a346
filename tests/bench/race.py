"""Race: whole programs, each run a fresh process, taken in turn so that a busy minute hits all alike."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]

_KAN = "from pipeline.cli import main; main()"
_PDF_DONE = "cutting: the issue"


class ProgramFailedError(Exception):
    """A program of the benchmark ended with an error; the words are its command and what it printed."""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process.

    `wall` and `processor` are seconds; `memory` is the peak in bytes of the process or of its largest child,
    and never less than the peak of the benchmark itself (some 40 MB), from which Linux counts on. `lines` are
    what it printed, each with the seconds after the start.
    """

    wall: float
    processor: float
    memory: int
    lines: tuple[tuple[float, str], ...]

    @property
    def to_pdf(self) -> float | None:
        """Seconds until `kan build` said that it goes on to cut the pages, so that all were painted."""
        return next((seconds for seconds, line in self.lines if _PDF_DONE in line), None)

    @property
    def findings(self) -> tuple[str, ...]:
        """The warnings it printed."""
        return tuple(line for _, line in self.lines if ": warning " in line)


@dataclass(frozen=True, slots=True)
class Engine:
    """A program in the race: its command, and the PDF that the command leaves behind."""

    name: str
    command: tuple[str, ...]
    pdf: Path


@dataclass(frozen=True, slots=True)
class Result:
    """All runs of one engine, and what its PDF is like."""

    name: str
    runs: tuple[Run, ...]
    pages: int
    size: int

    @property
    def wall(self) -> float:
        """Median of the seconds from start to end."""
        return median(run.wall for run in self.runs)

    @property
    def to_pdf(self) -> float | None:
        """Median of the seconds until the PDF is there, where the process tells."""
        seconds = [run.to_pdf for run in self.runs if run.to_pdf is not None]
        return median(seconds) if len(seconds) == len(self.runs) else None

    @property
    def processor(self) -> float:
        """Median of the processor's seconds."""
        return median(run.processor for run in self.runs)

    @property
    def memory(self) -> float:
        """Median of the peaks, in bytes."""
        return median(run.memory for run in self.runs)


def kan(issue: Path, out: Path) -> Engine:
    """`kan build` of an issue, as on the command line."""
    command = (sys.executable, "-c", _KAN, "build", str(issue), "--out", str(out), "--lang", "en")
    return Engine("kan", command, out / issue.name / "issue.pdf")


def checking(issue: Path) -> tuple[str, ...]:
    """The command `kan check` of an issue."""
    return (sys.executable, "-c", _KAN, "check", str(issue), "--lang", "en")


def exporting(issue: Path, out: Path) -> tuple[str, ...]:
    """The command `kan export` of an issue, without the markup that would help an import."""
    return (sys.executable, "-c", _KAN, "export", str(issue), "--docx", "--clean", "--out", str(out))


def opening(issue: Path, out: Path) -> tuple[str, ...]:
    """The command `kan new` of an issue like another."""
    return (sys.executable, "-c", _KAN, "new", str(out), "--from", str(issue), "--date", "2100-01-01")


def importing(files: Iterable[Path], out: Path) -> tuple[str, ...]:
    """The command `kan import` of Word files, which writes nothing."""
    return (sys.executable, "-c", _KAN, "import", *map(str, files), "--into", str(out), "--dry-run")


def typst(document: Path, fonts: Path, out: Path) -> Engine:
    """Typst on a document that is already written, with the prepared fonts."""
    pdf = out / "typst.pdf"
    return Engine("Typst", (*_setting(document, fonts), str(pdf)), pdf)


def typst_notes(document: Path, fonts: Path) -> int:
    """How many notes Typst finds in a document, counted in another process to keep this one small."""
    return int(run(_setting(document, fonts)).lines[-1][1])


def _setting(document: Path, fonts: Path) -> tuple[str, ...]:
    return (sys.executable, "-m", "tests.bench.setting", str(document), str(fonts))


def race(engines: Sequence[Engine], runs: int) -> Iterator[Result]:
    """Every engine `runs` times in turn, more than one after one without a clock, to fill the disk cache."""
    for engine in engines if runs > 1 else ():
        run(engine.command)
    rounds = [[run(engine.command) for engine in engines] for _ in range(runs)]
    for engine, timed in zip(engines, zip(*rounds, strict=True), strict=True):
        yield Result(engine.name, timed, pages(engine.pdf), engine.pdf.stat().st_size)


def run(command: Sequence[str]) -> Run:
    """Run a command from the root of the repository; raises `ProgramFailedError` when it fails."""
    lines = []
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            lines.append((time.perf_counter() - started, line.rstrip()))
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise ProgramFailedError("\n".join([" ".join(command), *(line for _, line in lines)]))
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, tuple(lines))


def pages(pdf: Path) -> int:
    """How many pages a PDF has."""
    import pikepdf

    with pikepdf.open(pdf) as opened:
        return len(opened.pages)

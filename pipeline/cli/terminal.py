"""The terminal: how what the program has to say is printed, and in which language."""

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from pipeline.diagnostics import (
    Diagnostic,
    Edit,
    InstallationError,
    Language,
    ManuscriptError,
    Severity,
    Words,
)
from pipeline.edit import shown
from pipeline.parse import Source

EXIT_MANUSCRIPT = 1
EXIT_INSTALLATION = 2

SOURCE = Path("source")
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What a manuscript may quote that must not reach the terminal: controls, and what turns the line around."""

language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(["zh-TW", "en"]),
    default="zh-TW",
    envvar="KAN_LANG",
    show_default=True,
    help="訊息的語言。 Language of the messages.",
)


def newest_issue(language: Language) -> Path:
    """The issue folder in `source/` whose name sorts last; ends the program when there is none."""
    issues = sorted(path.parent for path in SOURCE.glob("*/issue.xml"))
    if not issues:
        words = Words(
            "source/ 裡沒有任何一期；請寫出一期的資料夾：kan build 資料夾",
            "there is no issue in source/; name a folder: kan build FOLDER",
        )
        click.echo(words.in_language(language), err=True)
        sys.exit(EXIT_INSTALLATION)
    return issues[-1]


@contextmanager
def errors(language: Language) -> Iterator[None]:
    """Turn the two exceptions of the program into messages and exit codes; anything else is a bug."""
    try:
        yield
    except ManuscriptError as error:
        print_findings(error.diagnostics, language)
        sys.exit(EXIT_MANUSCRIPT)
    except InstallationError as error:
        prefix = Words("無法進行：", "cannot go on: ").in_language(language)
        click.echo(click.style(prefix, fg="red") + error.words.in_language(language), err=True)
        sys.exit(EXIT_INSTALLATION)


@contextmanager
def show_progress(language: Language) -> Iterator[Any]:
    """Shows the stage under way: a spinner on a terminal, a line for each stage elsewhere."""
    if sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415

        console = Console(stderr=True)
        with console.status("…") as status:

            def show(words: Words) -> None:
                status.update(words.in_language(language))

            yield show
    else:
        yield lambda words: note(words, language)


def print_findings(findings: Iterable[Diagnostic], language: Language) -> None:
    """Each finding on a line, its remedy on the next, then the other places it speaks of; a count at the end."""
    findings = list(findings)
    names = shown_names(findings)
    hint_word = Words("提示：", "hint: ").in_language(language)
    also_word = Words("另見：", "see also: ").in_language(language)
    for finding in findings:
        line = visible(finding.as_line(language, names[finding.place.file]))
        where, severity, rest = line.partition(f" {finding.severity} ")
        coloured = click.style(severity.strip(), fg=_COLOURS[finding.severity], bold=True)
        click.echo(f"{where} {coloured} {rest}")
        click.echo(f"    {hint_word}{visible(finding.hint.in_language(language))}")
        if finding.also:
            others = "  ".join(f"{shown_name(place.file)}:{place.line}:{place.column}" for place in finding.also)
            click.echo(f"    {also_word}{visible(others)}")
    if findings:
        note(summary(findings), language)


def print_changes(source: Source, edits: Iterable[Edit]) -> None:
    """The lines of a file that edits change, as they are and as they will be."""
    name = shown_name(source.path)
    for line, before, after in shown(source, edits):
        click.echo(click.style(f"{name}:{line}", bold=True))
        click.echo(click.style(f"- {visible(before)}", fg="red"))
        click.echo(click.style(f"+ {visible(after)}", fg="green"))


def write_text(path: Path, text: str) -> None:
    """Write a text to a file, in one rename. Raises `InstallationError`."""
    temporary: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.absolute().parent, prefix=f".{path.name}.", delete=False
        ) as file:
            temporary = Path(file.name)
            file.write(text)
        temporary.chmod(0o644 if not path.exists() else path.stat().st_mode & 0o7777)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise InstallationError(
            f"無法寫入「{path}」：{error.strerror}", f"cannot write {path}: {error.strerror}"
        ) from error


def summary(findings: Iterable[Diagnostic]) -> Words:
    """How many findings of each severity there are; notes are only named where there are some."""
    counts = Counter(finding.severity for finding in findings)
    errors, warnings, notes = (counts[severity] for severity in Severity)
    zh, en = f"{errors}個錯誤、{warnings}個警告", f"{errors} errors, {warnings} warnings"
    return Words(f"{zh}、{notes}則提醒", f"{en}, {notes} notes") if notes else Words(zh, en)


def shown_names(findings: Iterable[Diagnostic]) -> dict[Path, str]:
    """The name to print for each file of some findings."""
    return {file: shown_name(file) for file in {finding.place.file for finding in findings}}


def shown_name(file: Path) -> str:
    """The name to print for a file: relative to the working folder where it lies inside it."""
    here, absolute = Path.cwd(), file.absolute()
    return str(absolute.relative_to(here)) if absolute.is_relative_to(here) else str(file)


def visible(line: str) -> str:
    """One line of text with its control characters spelt out: <U+001B>."""
    return _CONTROLS.sub(lambda found: f"<U+{ord(found[0]):04X}>", line)


def note(words: Words, language: Language) -> None:
    """Say something beside the result: on the standard error."""
    click.echo(words.in_language(language), err=True)


def size(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"

"""`kan check --watch`: looks again whenever a manuscript is saved, and says what is new and what is gone.

Folders are watched, not files: many editors save a file by putting another in its place.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click
from watchfiles import watch as changes_in

from pipeline.cli.terminal import note, print_findings, shown_name, shown_names, summary, visible
from pipeline.diagnostics import Diagnostic, Language, ManuscriptError, Words
from pipeline.lint.vocabulary import VOCABULARY_FILE

_TOGETHER = 150
"""Milliseconds without another change after which those before it are looked at together, …"""
_LONGEST = 1500
"""… and the most that is waited for that."""
_START = 100
"""Milliseconds until the first check; by then the watch is on, so that nothing is missed."""
_MOST_GONE = 10
"""Most findings listed that are gone."""

_FIGURES = "figures"
_WAITING = Words("等候更動……（Ctrl-C結束）", "waiting for changes ... (Ctrl-C ends)")
_CLEAN = Words("沒有發現問題", "nothing wrong")
_HINT = Words("提示：", "hint: ")
_MORE = Words("……另有{n}處", "... and {n} more")
_NEWS = Words("新的{new}處，沒有了的{gone}處；共有{all}", "{new} new, {gone} gone; {all} in all")
_NO_NEWS = Words("沒有增減；共有{all}", "no change; {all} in all")

Check = Callable[[], Iterable[Diagnostic]]


def watch(paths: Sequence[Path], check: Check, language: Language) -> None:
    """Check now, and again after every change in the folders of `paths`, until Ctrl-C.

    The first time all findings are printed, later what is new and what is gone. What counts as a change: an .xml
    or .toml file (a vocabulary, a note style) in those folders, anything in their `figures/`, and the vocabulary
    in the folder above. Raises what `check` raises, but for a `ManuscriptError`, whose findings are printed.
    """
    before: list[Diagnostic] | None = None
    try:
        for names in _changes([path.absolute() for path in paths]):
            found = _findings(check)
            if before is None:
                _print_all(found, language)
            elif names or news(before, found) != ((), ()):
                _print_separator(names)
                _print_news(before, found, language)
            else:
                continue
            before = found
            if sys.stderr.isatty():
                note(_WAITING, language)
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            click.echo(err=True)  # after the ^C that the terminal shows


def news(
    before: Iterable[Diagnostic], now: Iterable[Diagnostic]
) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """What is new and what is gone. A finding that has only moved, because lines came in before it, is neither."""
    before, now = list(before), list(now)
    return tuple(_beyond(now, before)), tuple(_beyond(before, now))


def _beyond(some: list[Diagnostic], others: list[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings that others don't have; of several that say the same, those at other places."""
    counts, places = Counter(map(_said, others)), defaultdict(set)
    for each in others:
        places[_said(each)].add(each.place)
    surplus = Counter(map(_said, some)) - counts
    chosen: set[Diagnostic] = set()
    for each in sorted(some, key=lambda each: each.place in places[_said(each)]):
        if surplus[_said(each)] > 0:
            surplus[_said(each)] -= 1
            chosen.add(each)
    return (each for each in some if each in chosen)


def _said(found: Diagnostic) -> tuple[Path, str, Words]:
    return found.place.file, found.code, found.message


def _findings(check: Check) -> list[Diagnostic]:
    try:
        return list(check())
    except ManuscriptError as error:
        return list(error.diagnostics)


def _changes(paths: Sequence[Path]) -> Iterator[list[str]]:
    """The names of the files that changed, once for each burst of changes.

    None when a watch is on: at first, and when a folder has come or gone, with whatever may lie in it already.
    """
    while True:
        started = False
        folders = {path if path.is_dir() else path.parent for path in paths}
        watched = _watched(folders)
        for changes in changes_in(
            *watched,
            watch_filter=lambda _change, path: _matters(Path(path), folders),  # noqa: B023  it lives as long
            recursive=False,
            debounce=_LONGEST,
            step=_TOGETHER,
            rust_timeout=_START,
            yield_on_timeout=True,
        ):
            if changes or not started:
                started = True
                yield sorted({shown_name(Path(path)) for _, path in changes})
            if _watched(folders) != watched or any(Path(path) in watched for _, path in changes):
                break  # a folder has come or gone: watch those that are there now


def _watched(folders: Iterable[Path]) -> list[Path]:
    """The folders to watch, each for itself, not for what lies deeper."""
    wanted = {each for folder in folders for each in (folder, folder / _FIGURES, folder.parent)}
    return sorted(each for each in wanted if each.is_dir())


def _matters(path: Path, folders: Iterable[Path]) -> bool:
    """Whether a check may find something else when a file changes. Editors leave .swp, ~ and such beside it."""
    if path.name.startswith(".") or path.name.endswith("~"):
        return False
    return any(
        (path.parent == folder and path.suffix in (".xml", ".toml"))
        or path in (folder, folder / _FIGURES, folder.parent / VOCABULARY_FILE)
        or path.parent == folder / _FIGURES
        for folder in folders
    )


def _print_all(found: list[Diagnostic], language: Language) -> None:
    print_findings(found, language)
    if not found:
        note(_CLEAN, language)


def _print_separator(names: list[str]) -> None:
    time = datetime.now().astimezone().strftime("%H:%M:%S")
    click.echo(click.style(visible(" ".join(["──", time, *names, "──"])), dim=True))


def _print_news(before: list[Diagnostic], found: list[Diagnostic], language: Language) -> None:
    """What is new, in full; what is gone, on a line each; how much there is."""
    new, gone = news(before, found)
    files = shown_names([*new, *gone])
    for each in new:
        plus = click.style("+", fg="yellow", bold=True)
        click.echo(f"{plus} {visible(each.as_line(language, files[each.place.file]))}")
        click.echo(f"      {_HINT.in_language(language)}{visible(each.hint.in_language(language))}")
    for each in gone[:_MOST_GONE]:
        message = visible(f"{files[each.place.file]}: {each.code}: {each.message.in_language(language)}")
        click.echo(f"{click.style('−', fg='green', bold=True)} {message}")
    if len(gone) > _MOST_GONE:
        click.echo(f"  {_MORE.fill({'n': len(gone) - _MOST_GONE}).in_language(language)}")
    words = _NEWS if new or gone else _NO_NEWS
    values: dict[str, object] = {"new": len(new), "gone": len(gone), "all": summary(found)}
    click.echo(words.fill(values).in_language(language))

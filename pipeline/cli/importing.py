"""The command that makes briefs of authors' manuscripts: kan import."""

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.terminal import (
    EXIT_INSTALLATION,
    EXIT_MANUSCRIPT,
    errors,
    language_option,
    note,
    print_findings,
    show_progress,
    shown_name,
    visible,
)
from pipeline.diagnostics import Diagnostic, InstallationError, Language, ManuscriptError, Words

if TYPE_CHECKING:
    from pipeline.importing import Imported
    from pipeline.importing.again import Change
    from pipeline.importing.destination import Destination

_NARROWEST = 60
_WIDEST = 120
_NOT_A_TERMINAL = 100
"""How wide a table is, in columns."""


@dataclass
class Outcome:
    """What became of one file: the brief it is in, or why there is none."""

    manuscript: Path
    brief: Path | None = None
    imported: "Imported | None" = None
    is_new: bool = False
    written: tuple[Path, ...] = ()
    refused: tuple[Diagnostic, ...] = ()
    failed: Words | None = None

    @property
    def code(self) -> int:
        """The exit code that this file asks for."""
        if self.failed is not None:
            return EXIT_INSTALLATION
        bad = self.refused or (self.imported is not None and self.imported.report.has_errors)
        return EXIT_MANUSCRIPT if bad else 0


@click.command("import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path),
              help="這一期的資料夾。 Folder of the issue.")  # fmt: skip
@click.option("--as", "name", help="文章的檔名（只能一個稿件）。 Name of the brief, for one manuscript.")
@click.option("--replace", is_flag=True,
              help="不保留原來文章的標記，整篇取代。 Replace the brief, its markup too.")  # fmt: skip
@click.option("--brief-lang", help="文章的語言；不寫就同這一期。 Language of the brief, else that of the issue.")
@click.option("--dry-run", is_flag=True, help="只顯示，不寫檔案。 Show everything, write nothing.")
@click.option("--json", "as_document", is_flag=True, help="以JSON輸出。 Print JSON.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False),
              help="把報告（含批註）寫成JSON檔。 Write the report, with the comments, to a file.")  # fmt: skip
@language_option
def import_command(
    files: tuple[Path, ...],
    into: Path | None,
    name: str | None,
    replace: bool,
    brief_lang: str | None,
    dry_run: bool,
    as_document: bool,
    report: Path | None,
    language: Language,
) -> None:
    """把作者的稿件（Word、ODT、Markdown、HTML、純文字）變成文章。

    稿件依次成為 brief-N.xml，圖放進 figures/，並列進 issue.xml。沒有 --into 時，用目前資料夾或 source/ 裡
    唯一的一期；不只一期就放進 imported/。匯入過的稿件改了再匯入，會更新原來那一篇：沒改的段落與註一字不動，
    編輯加的標記、DOI與連結都留著。文字與稿件逐字比對；有不同就列出來，檔案照樣寫出，結束碼是1。

    Make briefs of authors' manuscripts. They become brief-N.xml in turn, their pictures go into figures/, and
    issue.xml lists them. Without --into they go to the one issue in this folder or in source/, else into
    imported/. A corrected manuscript updates its brief: what did not change keeps every byte. The text is
    compared character by character; differences are listed, the files are written all the same, and the exit
    code is 1.
    """
    from pipeline.importing.destination import destination  # noqa: PLC0415
    from pipeline.profiles import languages  # noqa: PLC0415

    if not files:
        raise click.UsageError("要寫出稿件的檔名，例如 kan import 稿件.docx (name the manuscripts)")
    if name is not None and len(files) > 1:
        raise click.UsageError("--as 只能用於一個稿件 (--as needs a single manuscript)")
    if brief_lang is not None and brief_lang not in languages():
        raise click.BadParameter(f"{brief_lang}（{'、'.join(languages())}）", param_hint="--brief-lang")
    with errors(language):
        target = destination(into, Path.cwd())
    outcomes = []
    with show_progress(language) as progress:
        for index, path in enumerate(files, start=1):
            count = f"（{index}/{len(files)}）" if len(files) > 1 else ""
            progress(Words(f"匯入 {path.name}{count}", f"importing {path.name} {index}/{len(files)}"))
            outcomes.append(_import(path, target, name, replace, brief_lang, dry_run))
    document = {"files": [_as_data(each, language, dry_run) for each in outcomes]}
    if report is not None:
        with errors(language):
            _write_report(report, document)
    if as_document:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for outcome in outcomes:
            _print(outcome, language)
        _print_end(outcomes, target, dry_run, language)
    sys.exit(max((outcome.code for outcome in outcomes), default=0))


def _import(
    path: Path, target: "Destination", name: str | None, replace: bool, lang: str | None, dry_run: bool
) -> Outcome:
    """Import one file; what goes wrong with it is its own."""
    from pipeline.importing import finished, recognised_in  # noqa: PLC0415
    from pipeline.importing.destination import write  # noqa: PLC0415
    from pipeline.parse import LANG, parse_bytes  # noqa: PLC0415
    from pipeline.profiles import DEFAULT  # noqa: PLC0415

    outcome = Outcome(path)
    own = target.issue.root.get(LANG) if target.issue is not None else None
    try:
        fresh = recognised_in(path, lang or own or DEFAULT)
        chosen = target.choose(path, fresh.source, name, replace)
        outcome.brief, outcome.is_new = target.folder / chosen.name, chosen.is_new
        imported = finished(
            fresh,
            name=str(outcome.brief),
            before=chosen.before,
            folder=target.folder,
            doubts=chosen.doubts,
        )
        files = target.files(chosen.name, imported.brief, imported.pictures)
        if not dry_run:
            write(files)
            outcome.written = tuple(files)
        outcome.imported = imported
        target.keep(chosen.name, parse_bytes(outcome.brief, imported.brief), files)
    except ManuscriptError as error:
        outcome.refused = error.diagnostics
    except InstallationError as error:
        outcome.failed = error.words
    return outcome


def _as_data(outcome: Outcome, language: Language, dry_run: bool) -> dict[str, Any]:
    """One file of the JSON."""
    data: dict[str, Any] = {
        "manuscript": shown_name(outcome.manuscript),
        "brief": shown_name(outcome.brief) if outcome.brief is not None else None,
        "new": outcome.is_new,
        "written": [shown_name(path) for path in outcome.written],
        "dry_run": dry_run,
        "refused": [each.as_json(language, shown_name) for each in outcome.refused],
        "failed": outcome.failed.in_language(language) if outcome.failed is not None else None,
    }
    if outcome.imported is not None:
        data |= outcome.imported.report.as_json(language, shown_name)
    return data


def _write_report(path: Path, document: dict[str, Any]) -> None:
    from pipeline.cli.terminal import write_text  # noqa: PLC0415

    write_text(path, json.dumps(document, ensure_ascii=False, indent=2) + "\n")


# The terminal


def _print(outcome: Outcome, language: Language) -> None:
    """What became of one file: where it is, what was recognised, what changed, what to look at."""
    click.echo(click.style(visible(shown_name(outcome.manuscript)), bold=True) + _arrow(outcome, language))
    if outcome.failed is not None:
        prefix = Words("安裝：", "installation: ").in_language(language)
        click.echo(click.style(prefix, fg="red") + outcome.failed.in_language(language), err=True)
    if outcome.imported is None:
        print_findings(outcome.refused, language)
        click.echo()
        return
    _print_table(list(outcome.imported.report.rows(language)))
    changed = outcome.imported.report.changed
    if changed is not None:
        _print_changes(changed, language)
    print_findings(outcome.imported.report.diagnostics, language)
    differences = len(outcome.imported.report.differences)
    if differences:
        words = Words(
            f"文字和稿件有{differences}處不同，請先對照稿件改好，再往下做",
            f"the text differs from the manuscript in {differences} places: mend it before you go on",
        )
        click.echo(click.style(words.in_language(language), fg="red", bold=True))
    click.echo()


def _arrow(outcome: Outcome, language: Language) -> str:
    if outcome.brief is None:
        return ""
    state = Words("新的一篇", "new") if outcome.is_new else Words("更新原來的一篇", "updates its brief")
    if outcome.imported is not None and outcome.imported.report.changed == () and not outcome.written:
        state = Words("和上次一樣", "the same as before")
    said = state.in_language(language)
    brackets = f"（{said}）" if language == "zh-TW" else f" ({said})"
    return f" → {visible(shown_name(outcome.brief))}{brackets}"


def _print_table(rows: Sequence[tuple[str, str]]) -> None:
    from rich import box  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    columns = shutil.get_terminal_size((_NOT_A_TERMINAL, 0)).columns
    table = Table(box=box.ROUNDED, show_header=False, show_lines=False, border_style="dim")
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for name, content in rows:
        lines = Text("\n").join(Text(visible(line)) for line in content.split("\n"))
        table.add_row(name, lines)
    Console(width=min(max(columns, _NARROWEST), _WIDEST), highlight=False).print(table)


_HOWS = {
    "added": Words("增加", "added"),
    "removed": Words("刪去", "removed"),
    "changed": Words("改了", "changed"),
    "moved": Words("移動", "moved"),
}
_WHATS = {
    "note": Words("註", "note"),
    "paragraph": Words("段落", "paragraph"),
    "heading": Words("標題", "heading"),
    "top": Words("題名或作者", "title or authors"),
}


def _print_changes(changes: "Sequence[Change]", language: Language) -> None:
    """What is not as it was in the brief, old and new."""
    for change in changes:
        click.echo(click.style(_headline(change).in_language(language), bold=True))
        for sign, colour, text in _stretches(change):
            click.echo(click.style(f"{sign} {visible(text)}", fg=colour))
    count = len(changes)
    words = Words(
        f"和原來的文章比，有{count}處不同，已照新稿更新；編輯自己改過的字，要留的請再改回來",
        f"{count} differences from the brief as it was, now as in the manuscript; "
        "where you had mended words yourself, mend them again",
    )
    none = Words("和原來的文章比，文字沒有不同", "the text is that of the brief as it was")
    click.echo((words if count else none).in_language(language))


def _headline(change: "Change") -> Words:
    what, how = _WHATS[change.what], _HOWS[change.how]
    label = change.new_label or change.old_label
    before = change.old_label and change.new_label and change.old_label != change.new_label
    zh = f"（原來是註{change.old_label}）" if before else ""
    en = f" (was note {change.old_label})" if before else ""
    if change.section:
        at = Words("移到", "now in ") if change.how == "moved" else Words("", "in ")
        zh, en = f"{zh}（{at.zh}{visible(change.section)}）", f"{en} ({at.en}{visible(change.section)})"
    return Words(f"{what.zh}{label} {how.zh}{zh}", f"{what.en} {label} {how.en}{en}".replace("  ", " "))


def _stretches(change: "Change") -> Iterator[tuple[str, str, str]]:
    from pipeline.importing.report import stretch  # noqa: PLC0415

    old, new = stretch(change.old, change.new)
    if change.how == "moved":
        yield " ", "cyan", new
        return
    if old:
        yield "-", "red", old
    if new:
        yield "+", "green", new


def _print_end(outcomes: Sequence[Outcome], target: "Destination", dry_run: bool, language: Language) -> None:
    done = [each for each in outcomes if each.imported is not None]
    written = sum(bool(each.written) for each in done)
    left = len(outcomes) - len(done)
    zh = f"{len(done)}篇" + ("；沒有寫入（--dry-run）" if dry_run else f"，寫入{written}篇")
    en = f"{len(done)} briefs" + ("; nothing written (--dry-run)" if dry_run else f", {written} written")
    if left:
        zh, en = f"{zh}；{left}個檔案沒有匯入", f"{en}; {left} files not imported"
    if written and target.issue is not None:
        folder = shown_name(target.folder)
        zh, en = f"{zh}。下一步：kan check {folder}", f"{en}. Next: kan check {folder}"
    note(Words(zh, en), language)

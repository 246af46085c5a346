"""The command `kan proof`: what has changed since the last proof, on the pages and as a list; the errata."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.terminal import (
    errors,
    language_option,
    newest_issue,
    note,
    show_progress,
    shown_name,
    size,
    visible,
)
from pipeline.diagnostics import InstallationError, Language, Words
from pipeline.manuscript import ISSUE_FILE
from pipeline.page_layout import DEFAULT, PageLayout, layout_names

if TYPE_CHECKING:
    from pipeline.proof import Proof
    from pipeline.proof.sheets import Entry

_FOLDER = Path("proofs")
_DIST = Path("dist")
"""Where finished issues are, as `kan build` writes them."""
_SHOWN = 24
"""How many characters of a text are printed on the terminal."""
_COLOURS = {
    "inserted": "green", "added": "green", "note-added": "green", "brief-added": "green",
    "deleted": "red", "removed": "red", "note-removed": "red", "brief-removed": "red",
    "replaced": "yellow", "picture": "yellow",
    "moved": "blue", "note-moved": "blue", "brief-moved": "blue", "parted": "blue", "joined": "blue",
    "reference": "magenta", "renumbered": "magenta", "format": "cyan",
}  # fmt: skip


@click.command()
@click.argument("issue", required=False, type=click.Path(path_type=Path))
@click.option("--against", metavar="OLD", help="舊稿：資料夾，或git的版本（HEAD~1、標籤）。 The earlier copy.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False),
              help="寫到哪裡；不寫就是 proofs/<期>。 Output folder.")  # fmt: skip
@click.option("--lines", is_flag=True, help="每五行標行號。 Number every fifth line.")
@click.option("--every-line", is_flag=True, help="每一行都標行號。 Number every line.")
@click.option("--watermark", is_flag=True, help="印上「校樣」浮水印。 A watermark across the pages.")
@click.option("--label", metavar="TEXT", help="浮水印的字，例如「三校」。 The words of the watermark.")
@click.option("--errata", is_flag=True, help="另作勘誤表；頁、行是舊稿的。 Errata of the earlier copy.")
@click.option("--json", "as_document", is_flag=True, help="以JSON輸出。 Print JSON.")
@click.option(
    "--layout",
    type=click.Choice(layout_names()),
    default=DEFAULT,
    show_default=True,
    help="版式。 Layout of the printed page.",
)
@language_option
def proof(
    issue: Path | None,
    against: str | None,
    out: Path | None,
    lines: bool,
    every_line: bool,
    watermark: bool,
    label: str | None,
    errata: bool,
    as_document: bool,
    layout: str,
    language: Language,
) -> None:
    """校樣：與上一次校樣（資料夾或git版本）比對，把更動標在版面上，書末附「更動一覽」。

    A proof: what has changed since an earlier copy, marked on the printed pages and listed behind them. Without
    --against the pages alone. Without ISSUE, the newest issue in source/.

    \b
    kan proof source/2026-11 --against HEAD~1 --lines
    kan proof source/2026-11 --against ../二校 --label 三校
    kan proof source/2026-11 --against v1 --errata
    """
    from pipeline.proof import proof as make  # noqa: PLC0415
    from pipeline.proof.sheets import words  # noqa: PLC0415

    if errata and against is None:
        raise click.UsageError("--errata 要與 --against 一起用 (--errata needs --against)")
    folder = _folder(issue or newest_issue(language))
    target = out or _FOLDER / folder.resolve().name
    with errors(language), show_progress(language) as progress:
        _check_target(target, folder)
        made = make(
            folder,
            against,
            layout=PageLayout(layout),
            every=1 if every_line else 5 if lines else 0,
            watermark=(label or "").strip() or (words(language)["watermark"] if watermark else ""),
            with_errata=errata,
            dist=_DIST,
            language=language,
            shown=shown_name,
            progress=progress,
        )
        _write(target, made.files)
    if as_document:
        click.echo(json.dumps(_as_data(made, target, language), ensure_ascii=False, indent=2))
        return
    for entry in made.entries:
        click.echo(_line(entry, language))
    if against is not None:
        note(made.summary, language)
    for remark in made.remarks:
        note(remark, language)
    for name, data in made.files.items():
        click.echo(f"{target / name}  ({size(len(data))})")


def _folder(issue: Path) -> Path:
    return issue.parent if issue.name == ISSUE_FILE else issue


def _check_target(target: Path, folder: Path) -> None:
    if target.resolve().is_relative_to(folder.resolve()):
        raise InstallationError(
            f"「{target}」在原稿的資料夾裡；請用 --out 換一個地方",
            f"{target} is inside the folder of the manuscript: choose another --out",
        )


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    """Put all files into a folder, or none: they are written beside their names first."""
    waiting: list[tuple[Path, Path]] = []
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            with tempfile.NamedTemporaryFile(dir=target, prefix=f".{name}.", delete=False) as file:
                waiting.append((Path(file.name), target / name))
                file.write(data)
        for temporary, path in waiting:
            temporary.chmod(0o644)
            temporary.replace(path)
    except OSError as error:
        for temporary, _ in waiting:
            temporary.unlink(missing_ok=True)
        raise InstallationError(
            f"無法寫入「{target}」：{error.strerror}", f"cannot write to {target}: {error.strerror}"
        ) from error


def _line(entry: "Entry", language: Language) -> str:
    """第3頁 brief-1.xml:88 註7 改「…」→「…」."""
    change, located = entry.change, entry.located
    page = Words(f"第{located.page}頁", f"p. {located.page}") if located.page else Words("", "")
    kind = click.style(entry.kind, fg=_COLOURS[change.kind], bold=True)
    old, new = (f"「{_short(text)}」" if text else "" for text in (change.old, change.new))
    if change.kind == "format":
        old = ""
    what = "→".join(filter(None, (old, new)))
    said = f"　{entry.said}" if entry.said else ""
    parts = (page.in_language(language), entry.file or entry.old_file, entry.where)
    where = visible(" ".join(filter(None, parts)))
    return f"{change.number:>3} {where} {kind}{visible(what + said)}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _as_data(made: "Proof", target: Path, language: Language) -> dict[str, Any]:
    return {
        "against": made.against,
        "summary": made.summary.in_language(language),
        "remarks": [remark.in_language(language) for remark in made.remarks],
        "files": [str(target / name) for name in made.files],
        "changes": [_change_as_data(entry) for entry in made.entries],
    }


def _change_as_data(entry: "Entry") -> dict[str, Any]:
    """One change; `page_line` is the line of the page, `line` that of the file.

    Rectangles are in points from the top left corner of the page.
    """
    change, located = entry.change, entry.located
    place = change.place.as_json() if change.place is not None else {}
    return {
        "number": change.number,
        "kind": change.kind,
        "minor": change.minor,
        "page": located.page or None,
        "page_line": located.line or None,
        "note_line": located.note_line or None,
        "brief": change.brief,
        "where": entry.where,
        "note": change.note or None,
        "old": change.old,
        "new": change.new,
        "before": change.head,
        "after": change.tail,
        "said": entry.said,
        "file": entry.file.rpartition(":")[0] or None,
        **place,
        "old_file": entry.old_file or None,
        "rectangles": [[r.page, *(round(v, 2) for v in r[1:])] for r in located.rectangles],
        "carets": [[c.page, *(round(v, 2) for v in (c.x, c.top, c.bottom))] for c in located.carets],
    }

"""The commands on notes: an overview, links for typed references, tags for citations, the reference list."""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from pipeline.cli.terminal import errors, language_option, note, shown_name, visible
from pipeline.diagnostics import Edit, InstallationError, Language, ManuscriptError, Place, Words
from pipeline.edit import edited, shown
from pipeline.edit import write as write_file
from pipeline.manuscript import ISSUE_FILE, read_issue
from pipeline.parse import Source, parse
from pipeline.validate import schema_diagnostics

_NARROWEST = 60
_NOT_A_TERMINAL = 100
"""How wide a table is, in columns, where nobody says."""


@dataclass(frozen=True)
class Proposal:
    """What a command would change in a file: what it has `done`, with facts; what it has `left`, and why."""

    source: Source
    edits: Sequence[Edit]
    done: Sequence[tuple[Place, str, Mapping[str, str]]]
    left: Sequence[tuple[Place, str, Words]]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--graph", is_flag=True, help="畫成圖（SVG）。 Draw a picture (SVG).")
@click.option("--json", "as_document", is_flag=True, help="以JSON輸出。 Print JSON.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False),
              help="寫進檔案，不印在畫面上。 Write to a file.")  # fmt: skip
@click.option("--style", help="註釋體例；不寫就用這一期的。 Note style, else that of the issue.")
@language_option
def notes(
    file: Path, graph: bool, as_document: bool, out: Path | None, style: str | None, language: Language
) -> None:
    """一篇的註一覽：號碼、出處、指向哪個註、被哪些註引用。 The notes of a brief at a glance."""
    from pipeline.notes import overview, picture  # noqa: PLC0415
    from pipeline.notes.style import style_for, style_names  # noqa: PLC0415

    if graph and as_document:
        raise click.UsageError("--graph 與 --json 只能選一個 (choose --graph or --json)")
    if style is not None and style not in style_names():
        raise click.BadParameter(f"{style}（{'、'.join(style_names())}）", param_hint="--style")
    with errors(language):
        (source,) = _briefs([file], whole_issues=False)
        _keep(out, [source])
        rows = overview.overview(source, style_for(source, style))
        if graph:
            _write(picture.picture(rows, overview.title_of(source), language), out)
        elif as_document:
            _write(json.dumps({"notes": overview.rows_as_data(rows)}, ensure_ascii=False, indent=2) + "\n", out)
        else:
            _print_table(overview.table(rows, language), out)


@click.command("link-notes")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="寫進檔案；不加就只顯示。 Write the files; else only show.")
@click.option("--json", "as_document", is_flag=True, help="以JSON輸出。 Print JSON.")
@language_option
def link_notes(paths: tuple[Path, ...], write: bool, as_document: bool, language: Language) -> None:
    """把打字的「同前註」「同註13」改成連結；只改沒有疑義的，其餘列出原因。

    Turn typed references between notes into links where there is no doubt; list the others.
    """
    from pipeline.notes.typed import link_edits  # noqa: PLC0415

    def proposed(source: Source) -> Proposal:
        linking = link_edits(source)
        done = [(each.place, each.words, {"rid": each.rid}) for each in linking.linked]
        left = [(each.place, each.words, each.reason) for each in linking.undecided]
        return Proposal(source, linking.edits, done, left)

    _edit_files(paths, proposed, write, as_document, language)


@click.command("tag-citations")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="寫進檔案；不加就只顯示。 Write the files; else only show.")
@click.option("--json", "as_document", is_flag=True, help="以JSON輸出。 Print JSON.")
@language_option
def tag_citations(paths: tuple[Path, ...], write: bool, as_document: bool, language: Language) -> None:
    """認出註裡的書目，標成 <mixed-citation> 與其各部分；不確定的不動，並列出原因。

    Recognise the citations in notes and mark their parts; what is doubtful stays and is listed.
    """
    from pipeline.citations.tag import citation_edits  # noqa: PLC0415

    def proposed(source: Source) -> Proposal:
        tagging = citation_edits(source)
        done = [(each.place, each.text, {"type": each.found.kind}) for each in tagging.tagged]
        left = [(each.place, each.text, each.reason) for each in tagging.doubts]
        return Proposal(source, tagging.edits, done, left)

    _edit_files(paths, proposed, write, as_document, language)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csl", "bibtex", "ris", "jats"]),
    default="text",
    show_default=True,
    help="格式。 Format.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False),
              help="寫進檔案，不印在畫面上。 Write to a file.")  # fmt: skip
@language_option
def references(path: Path, form: str, out: Path | None, language: Language) -> None:
    """由註釋整理參考文獻：一篇（.xml）或一期（資料夾），同一筆只列一次。

    The reference list made from the notes of a brief or of an issue, each source once.
    """
    from pipeline.bibliography import FORMATS, bibliography  # noqa: PLC0415

    with errors(language):
        sources = _briefs([path])
        _keep(out, sources)
        _write(FORMATS[form](bibliography(sources)), out)


def _briefs(paths: Iterable[Path], *, whole_issues: bool = True) -> list[Source]:
    """The briefs that paths name: files, or the briefs of an issue's folder. What is no brief is an error."""
    sources: list[Source] = []
    for path in paths:
        if whole_issues and (path.is_dir() or path.name == ISSUE_FILE):
            manuscript = read_issue(path if path.is_dir() else path.parent)
            if manuscript.diagnostics:
                raise ManuscriptError(manuscript.diagnostics)
            sources += manuscript.briefs.values()
        else:
            sources.append(parse(path))
    strange = [source for source in sources if source.root.tag != "article"]
    if strange:
        raise ManuscriptError(schema_diagnostics(strange, "brief"))
    return sources


def _keep(out: Path | None, sources: Iterable[Source]) -> None:
    """Refuse to write over a manuscript."""
    kept = {path.resolve() for source in sources for path in (source.path, source.path.parent / ISSUE_FILE)}
    if out is not None and out.resolve() in kept:
        raise InstallationError(f"「{out}」是原稿，不能覆寫", f"{out} is a manuscript and is not written over")


def _edit_files(
    paths: Iterable[Path],
    proposed: Callable[[Source], Proposal],
    write: bool,
    as_document: bool,
    language: Language,
) -> None:
    """Show what a command would change in some files, and change it when it is told to."""
    with errors(language):
        proposals = [proposed(source) for source in _briefs(paths)]
        for proposal in proposals:
            if write and proposal.edits:
                write_file(proposal.source, edited(proposal.source, proposal.edits))
    if as_document:
        files = [_as_data(proposal, language, write) for proposal in proposals]
        click.echo(json.dumps({"files": files}, ensure_ascii=False, indent=2))
        return
    for proposal in proposals:
        _print(proposal, language)
    done = sum(len(proposal.done) for proposal in proposals)
    left = sum(len(proposal.left) for proposal in proposals)
    written = (
        Words("已寫入", "written") if write else Words("沒有寫入（要加 --write）", "not written (use --write)")
    )
    zh, en = (f"，{written.zh}", f", {written.en}") if done else ("", "")
    note(Words(f"改{done}處{zh}；{left}處不決定", f"{done} changed{en}; {left} left alone"), language)


def _print(proposal: Proposal, language: Language) -> None:
    """The changes of one file as lines of a diff, then what is left alone."""
    name = shown_name(proposal.source.path)
    for line, before, after in shown(proposal.source, proposal.edits):
        click.echo(click.style(f"{name}:{line}", bold=True))
        click.echo(click.style(f"- {visible(before)}", fg="red"))
        click.echo(click.style(f"+ {visible(after)}", fg="green"))
    undecided = Words("不決定", "left alone").in_language(language)
    for place, words, reason in proposal.left:
        where = f"{name}:{place.line}:{place.column}"
        click.echo(f"{where}: {click.style(undecided, fg='yellow')}「{visible(_short(words))}」")
        click.echo(f"    {visible(reason.in_language(language))}")


def _short(words: str) -> str:
    return words if len(words) <= 40 else words[:39] + "…"


def _as_data(proposal: Proposal, language: Language, written: bool) -> dict[str, Any]:
    return {
        "file": shown_name(proposal.source.path),
        "written": written and bool(proposal.edits),
        "changed": [{**at.as_json(), "text": words, **facts} for at, words, facts in proposal.done],
        "left": [
            {**at.as_json(), "text": words, "reason": reason.in_language(language)}
            for at, words, reason in proposal.left
        ],
    }


def _print_table(table: Any, out: Path | None) -> None:
    """A table as wide as the terminal; in colours there only."""
    from rich.console import Console  # noqa: PLC0415

    if out is None:
        width = max(shutil.get_terminal_size((_NOT_A_TERMINAL, 0)).columns, _NARROWEST)
        Console(width=width, highlight=False).print(table)
        return
    console = Console(width=_NOT_A_TERMINAL, no_color=True, highlight=False)
    with console.capture() as captured:
        console.print(table)
    _write(captured.get(), out)


def _write(text: str, out: Path | None) -> None:
    """Print a text, or put it into a file."""
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InstallationError(
            f"無法寫入「{out}」：{error.strerror}", f"cannot write {out}: {error.strerror}"
        ) from error

"""The command `kan`: the only part of the program that prints."""

import difflib
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import click

from pipeline import __version__
from pipeline.diagnostics import (
    CODES,
    Diagnostic,
    InstallationError,
    Language,
    ManuscriptError,
    Severity,
    Words,
    as_json,
    has_errors,
)

EXIT_MANUSCRIPT = 1
EXIT_INSTALLATION = 2

SOURCE = Path("source")
_SEVERITIES = {Severity.ERROR: Words("錯誤", "error"), Severity.WARNING: Words("警告", "warning")}
_HINT_VARIES = Words(
    "每一處的改法不同：kan check 會寫在訊息下面。",
    "The remedy differs from place to place: kan check prints it below the message.",
)
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What a manuscript may quote that must not reach the terminal: controls, and what turns the line around."""

_language = click.option(
    "--lang",
    "language",
    type=click.Choice(["zh-TW", "en"]),
    default="zh-TW",
    envvar="KAN_LANG",
    show_default=True,
    help="訊息的語言。 Language of the messages.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kan")
def main() -> None:
    """刊 kan：從XML原稿到排好的期刊（PDF、EPUB）。

    From XML manuscripts to a finished periodical.

    \b
    kan build source/2026-11      出版一期  publish an issue into dist/
    kan check source/2026-11      只檢查    check an issue, or single files
    kan explain R001              說明訊息  what a message means and how to mend it

    結束碼：0 沒有錯誤；1 原稿有錯；2 安裝有缺。 Exit codes: 0 nothing wrong, 1 errors in the manuscript,
    2 something missing on the machine.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


@main.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=Path("dist"), show_default=True,
              help="輸出資料夾。 Output folder.")  # fmt: skip
@click.option(
    "--embed-fonts/--no-embed-fonts",
    default=True,
    show_default=True,
    help="EPUB是否內嵌子集字型。 Embed subset fonts in the EPUB.",
)
@_language
def build(folder: Path | None, out: Path, embed_fonts: bool, language: Language) -> None:
    """出版一期：檢查、編號、排版，寫出 OUT/<期>/ 的 issue.pdf、issue.epub 與 manifest.json。

    Publish an issue. Without FOLDER, the newest issue in source/. A build that fails leaves the previous
    result as it was.
    """
    from pipeline.build import build as build_issue  # noqa: PLC0415

    issue = folder or _newest_issue(language)
    with _errors(language), _progress(language) as progress:
        built = build_issue(issue, out, progress, embed_fonts=embed_fonts)
    _print_findings(built.diagnostics, language)
    for file in sorted(built.folder.iterdir()):
        click.echo(f"{file}  ({_size(file.stat().st_size)})")


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_document", is_flag=True, help="以JSON輸出。 Print JSON.")
@_language
def check(paths: tuple[Path, ...], as_document: bool, language: Language) -> None:
    """只檢查：一期的資料夾、issue.xml，或單篇的 .xml；沒有寫路徑就檢查 source/ 裡最新一期。

    Check issues (folders) or single briefs; without PATHS, the newest issue in source/.
    """
    from pipeline.build import check as check_path  # noqa: PLC0415

    found: dict[Diagnostic, None] = {}
    with _errors(language):
        for path in paths or (_newest_issue(language),):
            found.update(dict.fromkeys(check_path(path)))
    if as_document:
        click.echo(as_json(found, language, _shown(found)))
    else:
        _print_findings(found, language)
        if not found:
            _note(Words("沒有發現問題", "nothing wrong"), language)
    sys.exit(EXIT_MANUSCRIPT if has_errors(found) else 0)


@main.command()
@click.argument("code")
@_language
def explain(code: str, language: Language) -> None:
    """說明一個代碼：為什麼、怎麼改、錯與對的例子。 What a code means and how to mend it."""
    import pipeline.build  # noqa: F401, PLC0415  every stage enters its codes into the catalogue

    entry = CODES.get(code.upper())
    if entry is None:
        near = difflib.get_close_matches(code.upper(), CODES, n=3, cutoff=0.5)
        known = "、".join(near or sorted(CODES))
        words = Words(f"沒有「{code}」這個代碼。有：{known}", f"there is no code {code}. Known: {known}")
        click.echo(words.in_language(language), err=True)
        sys.exit(EXIT_INSTALLATION)
    names = Words("為什麼|怎麼改|錯|對", "Why|Remedy|Bad|Good").in_language(language).split("|")
    remedy = entry.hint.with_dots()
    described = (entry.title, entry.why, _HINT_VARIES if remedy.zh == "…" else remedy, _SEVERITIES[entry.severity])
    title, why, hint, severity = (words.with_dots().in_language(language) for words in described)
    click.echo(f"{click.style(entry.code, bold=True)}  {title}  ({severity})")
    contents = (why, hint, entry.bad, entry.good)
    for name, content in zip(names, contents, strict=True):
        if content:
            click.echo(
                f"\n{click.style(name, bold=True)}\n" + "\n".join(f"  {line}" for line in content.splitlines())
            )


@main.command()
@click.argument("kind", type=click.Choice(["brief", "issue"]), default="brief")
def elements(kind: Literal["brief", "issue"]) -> None:
    """原稿格式：每個元素與屬性一句話的說明（Markdown）。 The elements of the source format."""
    from pipeline.validate import reference  # noqa: PLC0415

    click.echo(reference(kind))


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--graph", is_flag=True, help="畫成圖（SVG）。 Draw a picture (SVG).")
@click.option("--json", "as_document", is_flag=True, help="以JSON輸出。 Print JSON.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False),
              help="寫進檔案，不印在畫面上。 Write to a file.")  # fmt: skip
@click.option("--style", help="註釋體例；不寫就用這一期的。 Note style, else that of the issue.")
@_language
def notes(
    file: Path, graph: bool, as_document: bool, out: Path | None, style: str | None, language: Language
) -> None:
    """一篇的註一覽：號碼、出處、指向哪個註、被哪些註引用。 The notes of a brief at a glance."""
    from pipeline.notes import overview, picture  # noqa: PLC0415
    from pipeline.notes.style import style_for  # noqa: PLC0415
    from pipeline.parse import parse  # noqa: PLC0415

    with _errors(language):
        source = parse(file)
        rows = overview.overview(source, style_for(source, style))
        if graph:
            _write(picture.picture(rows, overview.title_of(source), language), out)
        elif as_document:
            _write(json.dumps({"notes": overview.rows_as_data(rows)}, ensure_ascii=False, indent=2) + "\n", out)
        else:
            _print_table(overview.table(rows, language), out)


@main.command("link-notes")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="寫進檔案；不加就只顯示。 Write the files; else only show.")
@click.option("--json", "as_document", is_flag=True, help="以JSON輸出。 Print JSON.")
@_language
def link_notes(paths: tuple[Path, ...], write: bool, as_document: bool, language: Language) -> None:
    """把打字的「同前註」「同註13」改成連結；只改沒有疑義的，其餘列出原因。

    Turn typed references between notes into links where there is no doubt; list the others.
    """
    from pipeline.notes.typed import link_edits  # noqa: PLC0415

    def proposed(source: Source) -> _Proposal:
        linking = link_edits(source)
        done = [(each.place, each.words, {"rid": each.rid}) for each in linking.linked]
        left = [(each.place, each.words, each.reason) for each in linking.undecided]
        return _Proposal(source, linking.edits, done, left)

    _edit_files(paths, proposed, write, as_document, language)


@main.command("tag-citations")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="寫進檔案；不加就只顯示。 Write the files; else only show.")
@click.option("--json", "as_document", is_flag=True, help="以JSON輸出。 Print JSON.")
@_language
def tag_citations(paths: tuple[Path, ...], write: bool, as_document: bool, language: Language) -> None:
    """認出註裡的書目，標成 <mixed-citation> 與其各部分；不確定的不動，並列出原因。

    Recognise the citations in notes and mark their parts; what is doubtful stays and is listed.
    """
    from pipeline.notes.tag import citation_edits  # noqa: PLC0415

    def proposed(source: Source) -> _Proposal:
        tagging = citation_edits(source)
        done = [(each.place, each.text, {"type": each.found.kind}) for each in tagging.tagged]
        left = [(each.place, each.text, each.reason) for each in tagging.doubts]
        return _Proposal(source, tagging.edits, done, left)

    _edit_files(paths, proposed, write, as_document, language)


@main.command()
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
@_language
def references(path: Path, form: str, out: Path | None, language: Language) -> None:
    """由註釋整理參考文獻：一篇（.xml）或一期（資料夾），同一筆只列一次。

    The reference list made from the notes of a brief or of an issue, each source once.
    """
    from pipeline.notes.references import listed, written  # noqa: PLC0415

    with _errors(language):
        sources = _briefs(path)
        _write(written(listed(sources), form, sources[0].root), out)


@main.command()
@_language
def fonts(language: Language) -> None:
    """取得並準備字型（build會自動做；這裡可以預先做好）。 Fetch and prepare the fonts."""
    from pipeline import fonts as room  # noqa: PLC0415

    with _errors(language), _progress(language) as progress:
        prepared = room.prepare(progress, retry=True)
    click.echo(prepared.folder)


def _newest_issue(language: Language) -> Path:
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
def _errors(language: Language) -> Iterator[None]:
    """Turn the two exceptions of the program into messages and exit codes; anything else is a bug."""
    try:
        yield
    except ManuscriptError as error:
        _print_findings(error.diagnostics, language)
        sys.exit(EXIT_MANUSCRIPT)
    except InstallationError as error:
        prefix = Words("安裝：", "installation: ").in_language(language)
        click.echo(click.style(prefix, fg="red") + error.words.in_language(language), err=True)
        sys.exit(EXIT_INSTALLATION)


@contextmanager
def _progress(language: Language) -> Iterator[Any]:
    """Shows the stage under way: a spinner on a terminal, a line for each stage elsewhere."""
    if sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415

        console = Console(stderr=True)
        with console.status("…") as status:

            def show(words: Words) -> None:
                status.update(words.in_language(language))

            yield show
    else:
        yield lambda words: _note(words, language)


def _print_findings(findings: Iterable[Diagnostic], language: Language) -> None:
    findings = list(findings)
    shown = _shown(findings)
    hint_word = Words("提示：", "hint: ").in_language(language)
    for finding in findings:
        line = _visible(finding.as_line(language, shown[finding.place.file]))
        where, severity, rest = line.partition(f" {finding.severity} ")
        coloured = click.style(severity.strip(), fg=_COLOURS[finding.severity], bold=True)
        click.echo(f"{where} {coloured} {rest}")
        click.echo(f"    {hint_word}{_visible(finding.hint.in_language(language))}")
    if findings:
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        warnings = len(findings) - errors
        _note(Words(f"{errors}個錯誤、{warnings}個警告", f"{errors} errors, {warnings} warnings"), language)


def _shown(findings: Iterable[Diagnostic]) -> dict[Path, str]:
    """The name to print for each file: relative to the working folder where it lies inside it."""
    here = Path.cwd()
    names = {}
    for file in {finding.place.file for finding in findings}:
        absolute = file.absolute()
        names[file] = str(absolute.relative_to(here)) if absolute.is_relative_to(here) else str(file)
    return names


def _visible(line: str) -> str:
    """One line of text with its control characters spelt out: <U+001B>."""
    return _CONTROLS.sub(lambda found: f"<U+{ord(found[0]):04X}>", line)


def _note(words: Words, language: Language) -> None:
    click.echo(words.in_language(language), err=True)


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"

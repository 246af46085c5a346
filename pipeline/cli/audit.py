"""The command `kan audit`: the quality of the typesetting of a finished PDF, as a table."""

import json
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.terminal import EXIT_INSTALLATION, language_option, print_findings, shown_name, visible
from pipeline.diagnostics import Language, ManuscriptError, Words
from pipeline.manuscript import read_issue
from pipeline.page_layout import PageLayout, layout_names
from pipeline.parse import Source, parse

if TYPE_CHECKING:
    from pipeline.audit import Audit, Finding, Row

EXIT_VIOLATED = 1
_PLACES = 5
"""How many places of a violated row, and how many lines to look at, are printed; `--json` has all."""

_WORST = Words("值得看一看的行（共{n}行，最差的在前）", "Lines to look at ({n}, worst first)")
_MORE = Words("……另有{n}處，--json 會全部列出", "... and {n} more; --json lists all")


@click.command()
@click.argument("pdf", type=click.Path(path_type=Path))
@click.argument("issue", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_document", is_flag=True, help="以JSON輸出。 Print JSON.")
@click.option(
    "--layout",
    type=click.Choice(layout_names()),
    help="用哪個版式排的；旁邊有manifest.json就不必寫。 The layout it was set in.",
)
@language_option
def audit(pdf: Path, issue: Path | None, as_document: bool, layout: str | None, language: Language) -> None:
    """檢驗PDF的排版：齊行、字距、避頭尾、標點擠壓、行距、註與註號同頁……；任何程式排的都可以。

    Measure the typesetting of a PDF, whichever program made it. With ISSUE (the folder of the manuscript, or one
    brief) each place is also named in the source.

    結束碼：0 全部合格；1 有不合的；2 檔案讀不出來。 Exit codes: 0 every rule holds, 1 some do not, 2 unreadable.
    """
    from pipeline.audit import UnreadablePdfError  # noqa: PLC0415
    from pipeline.audit import audit as measure  # noqa: PLC0415

    try:
        measured = measure(pdf, _sources(issue), **_asked(pdf, layout))
    except UnreadablePdfError as error:
        print_findings([error.diagnostic], language)
        sys.exit(EXIT_INSTALLATION)
    except ManuscriptError as error:
        print_findings(error.diagnostics, language)
        sys.exit(EXIT_INSTALLATION)
    if as_document:
        click.echo(json.dumps(measured.as_json(language), ensure_ascii=False, indent=2))
    else:
        _print(measured, language)
    sys.exit(EXIT_VIOLATED if measured.violated else 0)


def _asked(pdf: Path, layout: str | None) -> Mapping[str, Any]:
    """What the layout of a PDF asks for: pitch and sizes; nothing where no layout is known."""
    name = layout or _layout_beside(pdf)
    if name is None:
        return {}
    styles = PageLayout(name).tokens.styles
    return {"pitch": styles["body"].pitch, "sizes": (styles["body"].size, styles["note"].size)}


def _layout_beside(pdf: Path) -> str | None:
    """The layout that the record of the build beside a PDF names."""
    try:
        record = json.loads((pdf.parent / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return None
    name = record.get("layout") if isinstance(record, dict) else None
    return name if name in layout_names() else None


def _sources(issue: Path | None) -> Sequence[Source]:
    """The files of an issue, or one brief. Raises `ManuscriptError` where nothing can be read."""
    if issue is None:
        return ()
    if issue.is_file() and issue.suffix == ".xml" and issue.name != "issue.xml":
        return (parse(issue),)
    manuscript = read_issue(issue.parent if issue.name == "issue.xml" else issue)
    if manuscript.issue is None:
        raise ManuscriptError(manuscript.diagnostics)
    return manuscript.sources


def _print(measured: "Audit", language: Language) -> None:
    """The table, the places of what is violated, the lines to look at, the verdict."""
    names = [row.name.in_language(language) for row in measured.rows]
    widths = [max(map(_width, column)) for column in (names, [row.value for row in measured.rows])]
    for name, row in zip(names, measured.rows, strict=True):
        mark = click.style("✓", fg="green") if row.ok else click.style("✗", fg="red", bold=True)
        cells = (_padded(name, widths[0]), _padded(row.value, widths[1]), row.limit)
        click.echo(f"{mark} {row.code.code}  {'  '.join(cells)}".rstrip())
    for row in measured.violated:
        _print_places(row, language)
    if measured.worst:
        title = _WORST.fill({"n": len(measured.worst)}).in_language(language)
        click.echo(f"\n{click.style(title, bold=True)}")
        for finding in measured.worst[:_PLACES]:
            click.echo(f"  {_place(finding, language)}")
    click.echo(f"\n{measured.verdict.in_language(language)}")


def _print_places(row: "Row", language: Language) -> None:
    click.echo(f"\n{click.style(row.code.code, bold=True)} {row.name.in_language(language)}")
    for finding in row.findings[:_PLACES]:
        click.echo(f"  {_place(finding, language)}")
    if len(row.findings) > _PLACES:
        click.echo(f"  {_MORE.fill({'n': len(row.findings) - _PLACES}).in_language(language)}")


def _place(finding: "Finding", language: Language) -> str:
    """Page, what was found, the line, and where it stands in the source."""
    page = Words(f"第{finding.page}頁", f"p. {finding.page}").in_language(language)
    where = ""
    if finding.place is not None:
        where = f"  ({shown_name(finding.place.file)}:{finding.place.line}:{finding.place.column})"
    text = f"  {finding.text}" if finding.text else ""
    return visible(f"{page}  {finding.said.in_language(language)}{text}{where}")


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Columns a text takes on a terminal: Han take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)

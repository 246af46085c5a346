"""The command `kan stats`: what an archive is made of."""

import json
import shutil
import sys
from pathlib import Path

import click

from pipeline.cli.terminal import (
    EXIT_MANUSCRIPT,
    SOURCE,
    errors,
    language_option,
    newest_issue,
    note,
    print_findings,
    shown_name,
    write_text,
)
from pipeline.diagnostics import Language, Words

_NARROWEST, _NOT_A_TERMINAL = 60, 100


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_document", is_flag=True, help="以JSON輸出。 Print JSON.")
@click.option("--picture", "drawing", type=click.Path(path_type=Path, dir_okay=False),
              help="畫成圖（SVG），寫進這個檔案。 Draw a picture (SVG) into this file.")  # fmt: skip
@language_option
def stats(paths: tuple[Path, ...], as_document: bool, drawing: Path | None, language: Language) -> None:
    """統計：字數、註、出處的種類與網站、句長，一篇、一期或全部各期。

    Statistics of briefs (.xml), issues (folders) or a folder of issues; without PATHS, all issues in source/.
    The numbers are counts and means, no score.
    """
    from pipeline.stats import archive, as_data, picture, tables  # noqa: PLC0415

    if not paths:
        newest_issue(language)
        paths = (SOURCE,)
    if drawing is not None and drawing.suffix.lower() != ".svg":
        raise click.BadParameter("檔名結尾要是 .svg (the name ends in .svg)", param_hint="--picture")
    with errors(language):
        found = archive(paths)
        if drawing is not None:
            write_text(drawing, picture(found, language))
            note(Words(f"圖在 {shown_name(drawing)}", f"the picture is {shown_name(drawing)}"), language)
    if as_document:
        click.echo(json.dumps(as_data(found, language, shown_name), ensure_ascii=False, indent=2))
    elif drawing is None:
        from rich.console import Console  # noqa: PLC0415

        width = max(shutil.get_terminal_size((_NOT_A_TERMINAL, 0)).columns, _NARROWEST)
        Console(width=width, highlight=False).print(tables(found, language, shown_name, width))
    if found.diagnostics:
        if not as_document:
            print_findings(found.diagnostics, language)
        sys.exit(EXIT_MANUSCRIPT)

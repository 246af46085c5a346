"""The command `kan lsp`: the language server for editors."""

import sys

import click

from pipeline.cli.terminal import language_option, note
from pipeline.diagnostics import Language, Words

_FOR_EDITORS = Words(
    "kan lsp是給編輯器啟動的，現在等著它說話（Ctrl-D結束）；設定見pipeline/lint/README.md",
    "kan lsp is started by editors, and waits for one to speak (Ctrl-D ends); see pipeline/lint/README.md",
)


@click.command()
@click.option(
    "--stdio",
    is_flag=True,
    expose_value=False,
    help="經標準輸入輸出（唯一的方式，可省略）。 Over standard input and output, as always.",
)
@language_option
def lsp(language: Language) -> None:
    """編輯器用的語言伺服器（LSP）：邊打字邊看到 kan check 的發現與改法。

    The language server: an editor starts it and shows what kan check finds, and its fixes, while you type. How to
    set up Neovim, VS Code and Emacs is told in pipeline/lint/README.md.
    """
    from pipeline.language_server import server  # noqa: PLC0415

    if sys.stdin.isatty():
        note(_FOR_EDITORS, language)
    server(language).start_io()

"""The command `kan lsp`: the language server for editors."""

import click

from pipeline.cli.terminal import language_option
from pipeline.diagnostics import Language


@click.command()
@click.option("--stdio", is_flag=True, help="經標準輸入輸出（唯一的方式，可省略）。 Over standard input and output.")
@language_option
def lsp(stdio: bool, language: Language) -> None:
    """編輯器用的語言伺服器（LSP）：邊打字邊看到 kan check 的發現與改法。

    The language server: an editor starts it and shows what kan check finds, and its fixes, while you type. How to
    set up Neovim, VS Code and Emacs is told in pipeline/lint/README.md.
    """
    from pipeline.language_server import server  # noqa: PLC0415

    server(language).start_io()

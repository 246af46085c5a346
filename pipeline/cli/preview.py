"""`kan preview`: the pages of an issue in the browser, beside the findings, new with every saved file."""

import os
import sys
import webbrowser
from pathlib import Path

import click

from pipeline.cli.terminal import errors, language_option, newest_issue, note, show_progress
from pipeline.diagnostics import InstallationError, Language, Words
from pipeline.page_layout import DEFAULT, PageLayout, layout_names


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=0,
              help="連接埠；不寫就由程式選。 Port, else a free one.")  # fmt: skip
@click.option("--no-open", is_flag=True, help="不打開瀏覽器，只印出網址。 Only print the address.")
@click.option(
    "--editor",
    default="",
    envvar="KAN_EDITOR",
    help="點版面時打開編輯器的指令：'code -g {file}:{line}:{column}'。 Command that opens your editor.",
)
@click.option(
    "--layout",
    type=click.Choice(layout_names()),
    default=DEFAULT,
    show_default=True,
    help="版式：layouts/print/ 裡的 <名稱>.css。 Layout of the printed page.",
)
@language_option
def preview(folder: Path | None, port: int, no_open: bool, editor: str, layout: str, language: Language) -> None:
    """預覽一期：邊改邊看版面與發現；存檔就更新。只在這台電腦上看得到。

    The pages of an issue in your browser as they will print, beside the findings, new whenever a file is saved.
    Without FOLDER, the newest issue in source/. Only this machine can open it. Ctrl-C ends.
    """
    from pipeline import fonts  # noqa: PLC0415
    from pipeline.check import languages_of  # noqa: PLC0415
    from pipeline.manuscript import ISSUE_FILE, read_issue  # noqa: PLC0415
    from pipeline.preview import preview as serve  # noqa: PLC0415

    issue = folder or newest_issue(language)
    if issue.suffix == ".xml" and issue.is_file():
        issue = issue.parent  # issue.xml or a brief of the issue

    def announce(address: str) -> None:
        click.echo(address)
        note(Words("存檔就更新；Ctrl-C結束", "new whenever a file is saved; Ctrl-C ends"), language)
        if not no_open and _has_display():
            webbrowser.open(address)

    with errors(language):
        if not issue.is_dir():
            raise InstallationError(f"沒有「{issue}」這個資料夾", f"there is no folder {issue}")
        if not (issue / ISSUE_FILE).exists():
            raise InstallationError(
                f"「{issue}」裡沒有 {ISSUE_FILE}，不是一期的資料夾；新的一期用 kan new 做",
                f"there is no {ISSUE_FILE} in {issue}: it is not the folder of an issue; kan new makes one",
            )
        with show_progress(language) as progress:
            prepared = fonts.prepare(progress, languages=languages_of(read_issue(issue).sources))
        serve(issue, prepared, language, announce, port=port, layout=PageLayout(layout), editor=editor)


def _has_display() -> bool:
    """Whether a browser would have a screen to open on."""
    return sys.platform in ("darwin", "win32") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))

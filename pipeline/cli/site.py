"""The command `kan site`: the site of all issues."""

from pathlib import Path
from urllib.parse import urlsplit

import click

from pipeline.cli.terminal import errors, language_option, note, show_progress, size
from pipeline.diagnostics import Language, Words


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="輸出資料夾。 Output folder.")
@click.option("--address", default="", help="網站的位址；有它才有sitemap。 Address of the site, for its sitemap.")
@click.option("--embed-fonts/--no-embed-fonts", default=True, show_default=True,
              help="是否內嵌子集字型。 Embed subset fonts.")  # fmt: skip
@language_option
def site(folders: tuple[Path, ...], out: Path, address: str, embed_fonts: bool, language: Language) -> None:
    """全刊網站：由已出版的各期（dist/2026-11 …）做出首頁、作者、焦點類別、搜尋與訂閱。

    The site of all issues, made from folders that kan build has finished. A run that fails leaves the previous
    site as it was.
    """
    from pipeline import fonts  # noqa: PLC0415
    from pipeline.publish import check_target, publish  # noqa: PLC0415
    from pipeline.web.archive import archive, finished  # noqa: PLC0415

    if address and (urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname):
        raise click.BadParameter("要以 https:// 開頭 (an address begins with https://)", param_hint="--address")
    with errors(language), show_progress(language) as progress:
        for folder in folders:
            check_target(out, folder)
        progress(Words("讀取各期", "reading the issues"))
        issues = [finished(folder) for folder in folders]
        languages = sorted({lang for issue in issues for lang in issue.known.languages})
        prepared = fonts.prepare(progress, languages=languages) if embed_fonts else None
        made, without = archive(issues, prepared, progress, address=address)
        publish(out, made)
    for words in without:
        note(words, language)
    count = len(made)
    total = size(sum(map(len, made.values())))
    click.echo(f"{out}  ({Words(f'{count}個檔案，', f'{count} files, ').in_language(language)}{total})")

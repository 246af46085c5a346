"""The command `kan new`: an issue from the last one, or the skeleton of a brief."""

from datetime import date
from pathlib import Path

import click

from pipeline.cli.terminal import errors, language_option, note, shown_name, visible
from pipeline.diagnostics import Language, Words

_MANUSCRIPTS = {".docx", ".doc", ".docm", ".odt", ".rtf", ".md", ".txt", ".html", ".htm", ".pdf"}


@click.command()
@click.argument("name", metavar="PATH")
@click.option("--from", "older", type=click.Path(path_type=Path),
              help="照這一期做；不寫就照旁邊最新的。 The issue to follow, else the newest beside.")  # fmt: skip
@click.option("--date", "published", metavar="YYYY-MM-DD", callback=lambda _, __, day: _day(day),
              help="出刊日期；不寫就依刊期推算。 Its date, else by the frequency.")  # fmt: skip
@click.option("--number", help="期號；不寫就是上一期加一。 Its number, else one more than the last.")
@click.option("--briefs", type=click.IntRange(0, 99), default=0, show_default=True,
              help="同時做幾篇空白文章。 How many skeletons of briefs go with it.")  # fmt: skip
@click.option("--no-add", is_flag=True, help="文章不列進 issue.xml。 Don't list the brief in issue.xml.")
@language_option
def new(
    name: str,
    older: Path | None,
    published: date | None,
    number: str | None,
    briefs: int,
    no_add: bool,
    language: Language,
) -> None:
    """做新的一期（資料夾），或一篇空白文章（檔名結尾是 .xml）。

    A new issue (a folder), or the skeleton of a brief (a name that ends in .xml).

    \b
    kan new source/2026-12              照最新的一期做下一期  an issue from the last one
    kan new source/2026-12 --briefs 8   連同八篇空白文章      and eight skeletons of briefs
    kan new source/2026-12/brief-9.xml  一篇空白文章，並列進 issue.xml  a brief, listed in issue.xml

    已經有的檔案從不覆寫。 Nothing that is there is written over.
    """
    from pipeline.new import new_brief, new_issue, write  # noqa: PLC0415

    if not name.strip():
        raise click.UsageError("沒有寫出資料夾的名稱，例如source/2027-01 (no name of a folder)")
    path = Path(name)
    folder = path.parent if path.name == "issue.xml" else path
    is_brief = folder.suffix.lower() == ".xml"
    if folder.suffix.lower() in _MANUSCRIPTS:
        raise click.UsageError("稿件要用 kan import 匯入 (a manuscript is brought in with kan import)")
    if is_brief and (older or published or number or briefs):
        raise click.UsageError("--from、--date、--number、--briefs 只用於一期 (are for an issue only)")
    if not is_brief and no_add:
        raise click.UsageError("--no-add 只用於文章 (is for a brief only)")
    if number is not None and not (number.strip() and number.isprintable()):
        raise click.BadParameter("期號是空的，或有看不見的字元 (empty, or not printable)", param_hint="--number")
    with errors(language):
        if is_brief:
            made = new_brief(folder, enter=not no_add)
        else:
            made = new_issue(folder, older=older, published=published, number=number, briefs=briefs)
        paths = write(made)
    for each in paths:
        click.echo(shown_name(each))
    for remark in made.remarks:
        note(remark, language)
    for words in _what_next(folder, is_brief, bool(briefs)):
        note(words, language)


def _day(written: str | None) -> date | None:
    """The day of --date."""
    try:
        return date.fromisoformat(written) if written is not None else None
    except ValueError:
        said = f"「{visible(written or '')}」不是日期，請寫成2027-01-20（no date: write it as 2027-01-20）"
        raise click.BadParameter(said) from None


def _what_next(folder: Path, is_brief: bool, has_briefs: bool) -> list[Words]:
    """What an editor does then."""
    name = shown_name(folder)
    if is_brief:
        return [
            Words(
                f"接著：打開它，把〔〕裡的字換掉，再 kan check {name}",
                f"next: replace 〔…〕, then kan check {name}",
            )
        ]
    if has_briefs:
        return [
            Words(f"接著：寫各篇的文字，再 kan check {name}", f"next: write the briefs, then kan check {name}")
        ]
    return [
        Words(
            f"接著：kan import 稿件.docx --into {name}（Word檔），或 kan new {name}/brief-1.xml（自己寫）",
            f"next: kan import FILE.docx --into {name}, or kan new {name}/brief-1.xml",
        )
    ]

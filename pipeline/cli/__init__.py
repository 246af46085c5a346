"""The command `kan`: the only part of the program that prints."""

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import click

from pipeline import __version__
from pipeline.cli import (
    audit,
    check,
    export,
    importing,
    lsp,
    new,
    notes,
    preview,
    proof,
    rules,
    site,
    stats,
    verify,
)
from pipeline.cli.terminal import (
    EXIT_INSTALLATION,
    errors,
    language_option,
    newest_issue,
    note,
    print_findings,
    show_progress,
    size,
    summary,
)
from pipeline.diagnostics import CODES, SEVERITIES, Diagnostic, Language, Words
from pipeline.page_layout import DEFAULT, PageLayout, layout_names


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kan")
def main() -> None:
    """刊 kan：從XML原稿到排好的期刊（PDF、EPUB、網頁、典藏XML）。

    From XML manuscripts to a finished periodical.

    \b
    kan new source/2026-12        開新一期  a new issue made from the last one; or a brief: kan new …/brief-9.xml
    kan import a.docx --into 一期  匯入稿件  an author's Word file becomes a brief: notes, headings, figures
    kan preview source/2026-11    預覽      the pages in the browser while you edit
    kan check source/2026-11      審稿      what a copy editor would say; --fix, --watch
    kan export brief.xml --docx   給作者校  a Word file for the author to proof
    kan proof 一期 --against 舊稿  校樣      what changed, marked on the pages; errata
    kan build source/2026-11      出版一期  publish an issue into dist/
    kan stats source              統計      lengths, notes, sources, of an issue or of all
    kan rules                     編輯規則  the rules of the copy editor
    kan lsp                       語言伺服器  the findings while you type, in your editor
    kan verify dist/2026-11       驗證成品  prove a finished folder: nothing lost, standards kept
    kan site dist/*               期刊網站  the site of all issues, with search
    kan audit issue.pdf           版面檢驗  measure the typesetting of a finished PDF
    kan explain R001              說明訊息  what a message means and how to mend it
    kan notes brief.xml           註一覽    the notes of a brief, who refers to whom
    kan link-notes brief.xml      同註變連結  typed references become links
    kan tag-citations brief.xml   標出書目  citations are marked up
    kan references source/2026-11 參考文獻  the reference list

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
    help="EPUB與網頁是否內嵌子集字型。 Embed subset fonts in the EPUB and the web edition.",
)
@click.option(
    "--layout",
    type=click.Choice(layout_names()),
    default=DEFAULT,
    show_default=True,
    help="版式：layouts/print/ 裡的 <名稱>.css。 Layout of the printed page.",
)
@click.option("--vertical", is_flag=True, help="另做一本直排的EPUB。 Add an EPUB in vertical setting.")
@click.option(
    "--overlay", is_flag=True, help="另寫 overlay.pdf：把字格與每行的鬆緊畫在版面上。 Show the composer's work."
)
@language_option
def build(
    folder: Path | None,
    out: Path,
    embed_fonts: bool,
    layout: str,
    vertical: bool,
    overlay: bool,
    language: Language,
) -> None:
    """出版一期：檢查、編號、排版、校對，寫出 OUT/<期>/ 的 PDF、抽印本、EPUB、網頁、典藏XML等。

    Publish an issue. Without FOLDER, the newest issue in source/. A build that fails leaves the previous
    result as it was.
    """
    from pipeline.build import build as build_issue  # noqa: PLC0415

    issue = folder or newest_issue(language)
    with errors(language), show_progress(language) as progress:
        built = build_issue(
            issue,
            out,
            progress,
            embed_fonts=embed_fonts,
            layout=PageLayout(layout),
            vertical=vertical,
            overlay=overlay,
        )
    _print_findings_of_a_build(built.diagnostics, issue, language)
    for verdict in built.verdicts:
        note(verdict, language)
    for path in sorted(built.folder.iterdir()):
        files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
        count = Words(f"{len(files)}個檔案，", f"{len(files)} files, ") if path.is_dir() else Words("", "")
        click.echo(f"{path}  ({count.in_language(language)}{size(sum(file.stat().st_size for file in files))})")


def _print_findings_of_a_build(found: Sequence[Diagnostic], issue: Path, language: Language) -> None:
    """What a build found; what the copy editor only advises is counted, not listed."""
    from pipeline.check import without_advice  # noqa: PLC0415

    listed = without_advice(found)
    print_findings(listed, language)
    advice = [each for each in found if each not in listed]
    if advice:
        count = summary(advice)
        zh = f"編輯規則另有{count.zh}：kan check {issue} 逐條列出"
        note(Words(zh, f"the copy editor has {count.en}: see kan check {issue}"), language)


@main.command()
@click.argument("code")
@language_option
def explain(code: str, language: Language) -> None:
    """說明一個代碼：為什麼、怎麼改、錯與對的例子。 What a code means and how to mend it."""
    import pipeline.audit  # noqa: PLC0415
    import pipeline.build  # noqa: PLC0415  every stage enters its codes into the catalogue
    import pipeline.cli.importing  # noqa: PLC0415
    import pipeline.importing.destination  # noqa: PLC0415
    import pipeline.new  # noqa: PLC0415
    import pipeline.proof  # noqa: F401, PLC0415

    entry = CODES.get(code.upper())
    if entry is None:
        near = difflib.get_close_matches(code.upper(), CODES, n=3, cutoff=0.5)
        known = "、".join(near or sorted(CODES))
        words = Words(f"沒有「{code}」這個代碼。有：{known}", f"there is no code {code}. Known: {known}")
        click.echo(words.in_language(language), err=True)
        sys.exit(EXIT_INSTALLATION)
    names = Words("為什麼|怎麼改|錯|對", "Why|Remedy|Bad|Good").in_language(language).split("|")
    described = (entry.title, entry.why, entry.remedy, SEVERITIES[entry.severity])
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
@language_option
def fonts(language: Language) -> None:
    """取得並準備字型（build會自動做；這裡可以預先做好）。 Fetch and prepare the fonts."""
    from pipeline import fonts as room  # noqa: PLC0415

    with errors(language), show_progress(language) as progress:
        prepared = room.prepare(progress, retry=True)
    click.echo(prepared.folder)


for command in (
    new.new,
    importing.import_command,
    preview.preview,
    check.check,
    export.export,
    proof.proof,
    stats.stats,
    rules.rules,
    lsp.lsp,
    verify.verify,
    site.site,
    audit.audit,
    notes.notes,
    notes.link_notes,
    notes.tag_citations,
    notes.references,
):
    main.add_command(command)

"""The command `kan rules`: all editorial rules at a glance, or as the page that documents them."""

import click

from pipeline.cli.terminal import language_option
from pipeline.diagnostics import SEVERITIES, Language, Severity, Words

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_LEGEND = Words(
    "✎ 能自動改正。kan explain 代碼 會說為什麼、怎麼改。",
    "✎ mended by --fix. kan explain CODE tells why, and what to do.",
)


@click.command()
@click.option("--markdown", is_flag=True, help="整頁說明（中英文）。 The whole documentation, in both languages.")
@language_option
def rules(markdown: bool, language: Language) -> None:
    """編輯規則一覽：代碼、輕重、題目。 All editorial rules by family: code, severity, title."""
    from pipeline.lint.page import FAMILIES, mended, rule_page  # noqa: PLC0415

    if markdown:
        click.echo(rule_page(), nl=False)
        return
    fixed = mended()
    width = max(len(words.in_language(language)) for words in SEVERITIES.values())
    for family in FAMILIES:
        click.echo(click.style(f"\n{family.title.in_language(language)}", bold=True))
        for code in family.codes:
            word = SEVERITIES[code.severity].in_language(language).ljust(width)
            severity = click.style(word, fg=_COLOURS[code.severity])
            pen = "✎" if code.code in fixed else " "
            click.echo(f"  {code.code} {pen} {severity}  {code.title.with_dots().in_language(language)}")
    click.echo(f"\n{_LEGEND.in_language(language)}")

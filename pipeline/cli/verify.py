"""`kan verify`: everything that can be proven of a finished folder, once more."""

import json
import sys
from pathlib import Path

import click

from pipeline.cli.terminal import (
    EXIT_MANUSCRIPT,
    errors,
    language_option,
    note,
    print_findings,
    show_progress,
    shown_name,
)
from pipeline.diagnostics import Language


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--quick", is_flag=True, help="略過需要Java或瀏覽器的檢查。 Leave out what needs Java or a browser.")
@click.option("--json", "as_json", is_flag=True, help="輸出JSON。 Print JSON.")
@language_option
def verify(folder: Path, quick: bool, as_json: bool, language: Language) -> None:
    """驗證一期的成品：檔案沒被動過、各版文字與典藏XML逐字相同、合於各項標準。

    Verify a finished folder (dist/2026-11) as a distributor would: every file is the one that was published, the
    text of every edition is that of the archive copy, and PDF/UA-1, PDF/A-2a, the JATS DTD, EPUBCheck, Ace and
    axe-core have nothing to say. It needs no manuscript and changes nothing.
    """
    from pipeline.verify import verify_folder  # noqa: PLC0415

    with errors(language), show_progress(language) as progress:
        verified = verify_folder(folder, progress, quick=quick)
    if as_json:
        found = [finding.as_json(language, shown_name) for finding in verified.findings]
        click.echo(json.dumps({"findings": found, **verified.as_json()}, ensure_ascii=False, indent=2))
    else:
        print_findings(verified.findings, language)
        for sentence in verified.sentences():
            note(sentence, language)
    if verified.findings:
        sys.exit(EXIT_MANUSCRIPT)

"""The command `python -m tests.bench`: measure and print."""

import argparse
import json
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from tests.bench import composing, race, report, stages

REAL_ISSUE = race.ROOT.parent / "shared" / "real-issue"


def main() -> None:
    """Measure one issue; see the package."""
    wanted = _arguments()
    if find_spec("typst") is None:
        sys.exit("The benchmark needs Typst: pip install --editable '.[bench]'")
    try:
        measured = measure(wanted.issue.resolve(), wanted.runs)
    except race.ProgramFailedError as error:
        sys.exit(str(error))
    print(report.as_text(measured))
    if wanted.json:
        values = json.dumps(report.as_values(measured), ensure_ascii=False, indent=2)
        wanted.json.write_text(values + "\n", encoding="utf-8")


def measure(issue: Path, runs: int) -> report.Report:
    """Everything about one issue: the race first, while this process is still small."""
    machine = report.machine()
    with tempfile.TemporaryDirectory(prefix="kan-bench-") as name:
        work = Path(name)
        subject, engines = _prepared(issue, work)
        kan, typst = race.race(engines, runs)
        race.run(race.exporting(issue, work / "word"))
        race.run(race.opening(issue, work / "imported"))
        files = sorted((work / "word").glob("*.docx"))
        imported = median(race.run(race.importing(files, work / "imported")).wall for _ in range(runs))
    found = tuple(stages.measured(issue, runs))
    check = median(race.run(race.checking(issue)).wall for _ in range(runs))
    return report.Report(machine, subject, kan, typst, found, composing.measured(issue, runs), check, imported)


def _prepared(issue: Path, work: Path) -> tuple[report.Subject, tuple[race.Engine, race.Engine]]:
    """The two engines on the same text; the Typst document is written and counted before the race."""
    from pipeline import fonts
    from pipeline.content import issue_content
    from pipeline.manuscript import read_issue
    from tests.bench import markup

    prepared = fonts.prepare(lambda words: print(words.en, file=sys.stderr))
    if prepared.fallback:
        sys.exit("The benchmark needs the prepared fonts: install npm and run `kan fonts`.")
    folder = prepared.faces[0].file.parent
    manuscript = read_issue(issue)
    if manuscript.issue is None:
        sys.exit(f"{issue} is no issue: {manuscript.diagnostics[0].message.en}")
    content = issue_content(manuscript.folder, manuscript.issue, manuscript.briefs.values())
    document = work / "issue.typ"
    document.write_text(markup.document(content), encoding="utf-8")
    subject = report.Subject(
        name=f"{content.title} {content.name}",
        briefs=len(content.briefs),
        notes=sum(len(brief.notes) for brief in content.briefs),
        typst_notes=race.typst_notes(document, folder),
    )
    return subject, (race.kan(issue, work), race.typst(document, folder, work))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="kan and Typst on the same issue")
    parser.add_argument("issue", type=Path, nargs="?", default=_default_issue(), help="folder of the issue")
    runs = "runs of each engine (default: %(default)s); more than one after one that is not timed"
    parser.add_argument("--runs", type=_count, default=5, help=runs)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers as JSON too")
    wanted = parser.parse_args()
    if wanted.issue is None:
        parser.error("there is no issue in source/; name a folder")
    return wanted


def _count(given: str) -> int:
    count = int(given)
    if count < 1:
        raise ValueError(given)
    return count


def _default_issue() -> Path | None:
    """The real issue where it lies beside the repository, else the newest in `source/`."""
    if REAL_ISSUE.is_dir():
        return REAL_ISSUE
    issues = sorted(path.parent for path in (race.ROOT / "source").glob("*/issue.xml"))
    return issues[-1] if issues else None


if __name__ == "__main__":
    main()

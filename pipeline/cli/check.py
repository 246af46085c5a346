"""The command `kan check`: what is wrong with manuscripts, and what of it can be mended at once.

`Asked` is what one call asks for, `look` answers it (and prints nothing), `show` prints the answer. `--watch`
looks again and again.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.terminal import (
    EXIT_MANUSCRIPT,
    errors,
    language_option,
    newest_issue,
    note,
    print_changes,
    print_findings,
    shown_name,
    summary,
    write_text,
)
from pipeline.diagnostics import (
    CODES,
    SEVERITIES,
    Diagnostic,
    InstallationError,
    Language,
    ManuscriptError,
    Severity,
    Words,
    has_errors,
    in_order,
)

if TYPE_CHECKING:
    from pipeline.lint import Rule
    from pipeline.lint.baseline import Known
    from pipeline.lint.fixing import Fixed

_ON_EXCEPTIONS = ("X001", "X002")
"""The codes of findings about exceptions, which no rule has, but which can be chosen like rules."""

_STDOUT = Path("-")

_STAGES = {
    "P": Words("讀檔", "Reading"),
    "S": Words("格式", "Format"),
    "R": Words("內容規則", "Rules of the format"),
    "F": Words("字型", "Fonts"),
}
"""What the families of validation are about; the editorial ones say it themselves (`lint/page.py`)."""

_NOTHING = Words("沒有發現問題", "nothing wrong")
_NOTHING_TO_FIX = Words("沒有能自動改正的地方", "there is nothing to mend automatically")


@dataclass(frozen=True)
class Asked:
    """What one call of the command asks for.

    `select` and `ignore` are beginnings of codes. `baseline`: the file of known findings, which are not shown.
    """

    paths: tuple[Path, ...]
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    baseline: Path | None = None

    @property
    def rules(self) -> "list[Rule] | None":
        """The editorial rules to apply; None: all."""
        from pipeline.lint import chosen  # noqa: PLC0415

        return chosen(self.select, self.ignore) if self.select or self.ignore else None

    def wants(self, code: str) -> bool:
        """Whether findings of a code are shown: of editorial rules those chosen, and whatever validation says."""
        if code not in _ON_EXCEPTIONS:
            return True
        return code.startswith(self.select or "") and not code.startswith(self.ignore or "\0")


@dataclass(frozen=True)
class Seen:
    """The answer: the `findings` to be shown, how many are `known`, and which known ones are `gone` how often."""

    findings: tuple[Diagnostic, ...]
    known: int = 0
    gone: "tuple[tuple[Known, int], ...]" = ()

    def exit_code(self, *, strict: bool = False) -> int:
        """0 where nothing must be mended; warnings must, if `strict`."""
        grave = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
        return EXIT_MANUSCRIPT if any(each.severity in grave for each in self.findings) else 0


@dataclass(frozen=True)
class Shown:
    """How the answer is printed: as text, a `json` document, or as counts (`statistics`); `sarif`: there too."""

    language: Language
    json: bool = False
    statistics: bool = False
    sarif: Path | None = None
    strict: bool = False


@dataclass
class Mending:
    """What `--fix` came to: the files that can be fixed, and whether they were written."""

    files: "list[Fixed]" = field(default_factory=list)
    written: bool = False

    @property
    def count(self) -> int:
        """How many findings."""
        return sum(each.codes.total() for each in self.files)


def _codes(_context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Codes and beginnings of codes as typed: N,D003 or several options."""
    if not values:
        return ()
    from pipeline.lint import RULES  # noqa: PLC0415

    named = tuple(code.upper() for value in values for code in value.replace(",", " ").split())
    editorial = (*(rule.code.code for rule in RULES), *_ON_EXCEPTIONS)
    for code in named:
        if any(each.startswith(code) for each in editorial):
            continue
        if any(each.startswith(code) for each in CODES):
            zh, en = f"「{code}」不是編輯規則，一定會檢查", f"{code} is no editorial rule: it is always checked"
        else:
            zh, en = (
                f"沒有以「{code}」開頭的編輯規則；kan rules 列出全部",
                f"no editorial rule begins with {code}; see kan rules",
            )
        raise click.BadParameter(f"{zh} ({en})", param_hint=f"--{parameter.name}")
    return named


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--select",
    multiple=True,
    metavar="CODES",
    callback=_codes,
    help="只用這些編輯規則：代碼或它的開頭，例如 N,D003。 Only these editorial rules: N,D003.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="CODES",
    callback=_codes,
    help="不用這些編輯規則。 All editorial rules but these.",
)
@click.option(
    "--fix",
    is_flag=True,
    help="改正能安全改正的：先顯示改動，問過才寫入。 Mend what can be mended safely: shows it, asks, writes.",
)
@click.option("--yes", "-y", is_flag=True, help="配合 --fix：不問，直接寫入。 With --fix: write without asking.")
@click.option(
    "--strict", is_flag=True, help="有警告也以結束碼1結束（給CI用）。 Warnings, too, give exit code 1 (for CI)."
)
@click.option(
    "--statistics",
    is_flag=True,
    help="不逐條列，只數每條規則、每類各幾處。 Count the findings of each code and family instead.",
)
@click.option("--json", "as_document", is_flag=True, help="以JSON輸出。 Print JSON.")
@click.option(
    "--sarif",
    is_flag=False,
    flag_value="-",
    metavar="[FILE|-]",
    type=click.Path(path_type=Path),
    help="另寫一份SARIF 2.1.0給GitHub等網站與編輯器；- 是印出來。 Also write SARIF 2.1.0; - prints it instead.",
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="不列出FILE裡記下的舊發現，只報新的。 Hide the known findings in FILE, show new ones.",
)
@click.option(
    "--write-baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="把現有的發現（錯誤除外）記進FILE。 Write what is found now, but for errors, to FILE.",
)
@click.option(
    "--watch", is_flag=True, help="存檔就再看一次，Ctrl-C結束。 Look again at every save; Ctrl-C ends it."
)
@language_option
def check(
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,
    yes: bool,
    strict: bool,
    statistics: bool,
    as_document: bool,
    sarif: Path | None,
    baseline: Path | None,
    write_baseline: Path | None,
    watch: bool,
    language: Language,
) -> None:
    """只檢查：一期的資料夾、issue.xml，或單篇的 .xml；沒有寫路徑就檢查 source/ 裡最新一期。

    Check issues (folders) or single briefs; without PATHS, the newest issue in source/.

    \b
    kan check brief.xml                        檢查一篇        one brief
    kan check --select N,D003 brief.xml        只看幾條規則    some rules only
    kan check --fix brief.xml                  顯示、問過、改正  shows the changes, asks, writes
    kan check --fix --yes source/2026-11       不問就改        writes without asking
    kan check --watch source/2026-11           存檔就再看      looks again at every save
    kan check --strict --sarif kan.sarif       給CI            for CI
    kan check --write-baseline known.json old/ 接手舊稿：先記下  adopt an old issue: note what there is
    kan check --baseline known.json old/       以後只看新的    then see only what is new

    不合格式的「錯誤」一定會報；「警告」與「提醒」出自編輯規則，可以選、可以例外，kan explain 說明每一條。
    Errors break the format and are always shown; warnings and notes come from editorial rules, which can be chosen
    and excepted; kan explain tells about each.

    --fix 只改絕不會改錯的地方：改到沒有可改的為止，改了會不合格式的就不改；不在終端機上、又沒有 --yes，就只顯示。
    --fix changes only what cannot be changed wrongly, until nothing is left; away from a terminal it only shows
    the changes, unless --yes is given.

    結束碼：0 沒有錯誤（--strict：也沒有警告）；1 有；2 選項或安裝不對。 Exit codes: 0 no errors (--strict: and no
    warnings), 1 some, 2 wrong usage or installation.
    """
    if yes and not fix:
        raise click.UsageError("--yes 要配合 --fix (--yes goes with --fix)")
    if as_document and sarif == _STDOUT:
        raise click.UsageError("--json 與 --sarif - 只能選一個 (choose --json or --sarif -)")
    if write_baseline is not None and fix:
        raise click.UsageError(
            "--write-baseline 不能與 --fix 一起用 (--write-baseline and --fix exclude each other)"
        )
    if watch and (fix or statistics or as_document or sarif is not None or write_baseline is not None):
        raise click.UsageError(
            "--watch 只能配合 --select、--ignore、--baseline、--lang "
            "(--watch goes with --select, --ignore, --baseline, --lang)"
        )
    how = Shown(language, as_document, statistics, sarif, strict)
    with errors(language):
        if sarif is not None and sarif != _STDOUT:
            _keep_manuscripts(sarif, "--sarif=-")
        if write_baseline is not None:
            _keep_manuscripts(write_baseline, "--write-baseline=known.json")
        asked = Asked(paths or (newest_issue(language),), select, ignore, baseline)
        if write_baseline is not None:
            sys.exit(_adopt(asked, write_baseline, how))
        if watch:
            from pipeline.cli.watch import watch as keep_watch  # noqa: PLC0415

            keep_watch(asked.paths, lambda: look(asked).findings, language)
            return
        mending = _mend(asked, how, yes) if fix else None
        seen = look(asked)
        show(seen, asked, how, mending)
    sys.exit(seen.exit_code(strict=strict))


def look(asked: Asked) -> Seen:
    """Check what is asked for. Raises `InstallationError` where the baseline can't be read."""
    from pipeline.check import check as check_path  # noqa: PLC0415

    found: dict[object, Diagnostic] = {}
    rules = asked.rules
    for path in asked.paths:
        try:
            diagnostics = check_path(path, rules)
        except ManuscriptError as error:
            diagnostics = error.diagnostics
        for each in diagnostics:
            place = each.place
            same = (each.code, place.file.absolute(), *place.as_json().values(), each.message)
            if asked.wants(each.code):
                found.setdefault(same, each)
    findings = tuple(found.values())
    return _sifted(findings, asked) if asked.baseline is not None else Seen(findings)


def _sifted(findings: Sequence[Diagnostic], asked: Asked) -> Seen:
    """The answer beside a baseline; only what was looked for can be gone."""
    from pipeline.lint.baseline import Texts, file_of, read_baseline  # noqa: PLC0415

    assert asked.baseline is not None
    sifted = read_baseline(asked.baseline).sifted(findings, Texts())
    rules = asked.rules
    looked_for = None if rules is None else {rule.code.code for rule in rules}
    unread = {each.place.file.absolute() for each in findings if each.code.startswith("P")}
    named = {path.absolute().parent if path.name == "issue.xml" else path.absolute() for path in asked.paths}

    def is_gone(known: "Known") -> bool:
        file = file_of(known, asked.baseline or Path())
        return (
            (looked_for is None or known.code in looked_for or not _is_editorial(known.code))
            and file not in unread
            and not named.isdisjoint({file, *file.parents})
        )

    return Seen(sifted.new, sifted.known, tuple(each for each in sifted.gone if is_gone(each[0])))


def _is_editorial(code: str) -> bool:
    from pipeline.lint import RULES  # noqa: PLC0415

    return code in _ON_EXCEPTIONS or any(rule.code.code == code for rule in RULES)


def show(seen: Seen, asked: Asked, how: Shown, mending: Mending | None = None) -> None:
    """Print the answer. Raises `InstallationError` where the SARIF file can't be written."""
    if how.sarif is not None:
        text = _sarif(seen, asked, how)
        if how.sarif == _STDOUT:
            click.echo(text, nl=False)
            return
        write_text(how.sarif, text)
    if how.json:
        click.echo(json.dumps(_document(seen, how, mending), ensure_ascii=False, indent=2))
        return
    if how.statistics:
        _print_statistics(seen.findings, how.language)
    else:
        print_findings(seen.findings, how.language)
    for words in _remarks(seen, asked, mending):
        note(words, how.language)


def _remarks(seen: Seen, asked: Asked, mending: Mending | None) -> Iterator[Words]:
    """What is said below the findings."""
    if not seen.findings:
        yield Words("沒有新的問題", "nothing new") if seen.known else _NOTHING
    fixable = sum(bool(each.fix) for each in seen.findings)
    if fixable and mending is None:
        yield Words(f"其中{fixable}處 kan check --fix 能改正", f"kan check --fix can mend {fixable} of them")
    if seen.known:
        yield Words(
            f"另有{seen.known}處記在 {asked.baseline}，沒有列出", f"{seen.known} more are known ({asked.baseline})"
        )
    gone = sum(count for _, count in seen.gone)
    if gone:
        yield Words(
            f"{asked.baseline} 記下的有{gone}處已經不在了；用 --write-baseline 重寫，免得蓋住新的錯",
            f"{gone} findings in {asked.baseline} are gone; rewrite it with --write-baseline, so that it hides "
            "nothing new",
        )


def _document(seen: Seen, how: Shown, mending: Mending | None) -> dict[str, Any]:
    """The document that `--json` prints: findings, and what else was asked for."""
    document: dict[str, Any] = {"diagnostics": [each.as_json(how.language, shown_name) for each in seen.findings]}
    if how.statistics:
        document["statistics"] = [
            {
                "code": code,
                "title": CODES[code].title.in_language(how.language),
                "count": count,
                "fixable": fixable,
            }
            for code, count, fixable in _counted(seen.findings)
        ]
    if seen.known or seen.gone:
        gone = [{"file": each.file, "code": each.code, "count": count} for each, count in seen.gone]
        document["baseline"] = {"known": seen.known, "gone": gone}
    if mending is not None:
        document["fixed"] = {
            "written": mending.written,
            "files": [
                {"file": shown_name(each.source.path), "codes": dict(sorted(each.codes.items()))}
                for each in mending.files
            ],
        }
    return document


def _sarif(seen: Seen, asked: Asked, how: Shown) -> str:
    from pipeline.cli.sarif import sarif  # noqa: PLC0415
    from pipeline.lint import RULES  # noqa: PLC0415

    rules = asked.rules
    codes = [rule.code.code for rule in (RULES if rules is None else rules)]
    return sarif(seen.findings, codes, how.language, seen.exit_code(strict=how.strict))


# Statistics


def _counted(findings: Iterable[Diagnostic]) -> list[tuple[str, int, int]]:
    """Each code, how often it was found and how many of those can be mended; the most frequent first."""
    findings = list(findings)
    counts = Counter(each.code for each in findings)
    fixable = Counter(each.code for each in findings if each.fix)
    return [(code, counts[code], fixable[code]) for code in sorted(counts, key=lambda code: (-counts[code], code))]


def _print_statistics(findings: Sequence[Diagnostic], language: Language) -> None:
    """A line for each code, then one for each family."""
    from pipeline.lint.page import FAMILIES  # noqa: PLC0415

    families: Counter[tuple[str, Words]] = Counter()
    counted = _counted(findings)
    width = max((len(str(len(findings))), 3))
    for code, count, fixable in counted:
        severity, title = (
            words.in_language(language) for words in (SEVERITIES[CODES[code].severity], CODES[code].title)
        )
        pen = f"  ✎{fixable}" if fixable else ""
        click.echo(f"{count:{width}}  {code}  {severity}  {title}{pen}")
        family = next((each for each in FAMILIES if code.startswith(each.prefixes)), None)
        name = family.title if family is not None else _STAGES.get(code[0], Words(code[0], code[0]))
        families[family.prefixes[0] if family is not None else code[0], name] += count
    if counted:
        click.echo()
        for (letter, name), count in sorted(families.items(), key=lambda item: (-item[1], item[0][0])):
            click.echo(f"{count:{width}}  {letter}  {name.in_language(language)}")
        note(summary(findings), language)


# Fixing


def _mend(asked: Asked, how: Shown, yes: bool) -> Mending:
    """Show what can be mended, and write it when told to; everything is worked out before anything is written."""
    from pipeline.edit import write  # noqa: PLC0415

    mending = Mending(list(_fixed(asked)))
    quiet = how.json or how.sarif == _STDOUT
    if not quiet:
        for each in mending.files:
            print_changes(each.source, each.edits)
    if not mending.files:
        if not quiet:
            note(_NOTHING_TO_FIX, how.language)
        return mending
    mending.written = yes or (not quiet and _confirmed(mending, how.language))
    if mending.written:
        for each in mending.files:
            write(each.source, each.data)
    if not quiet:
        files = len(mending.files)
        done = Words(f"改正{mending.count}處，寫入{files}個檔案", f"{mending.count} mended in {files} files")
        left = Words(
            f"能改正{mending.count}處；沒有寫入（加 --yes 就寫）",
            f"{mending.count} can be mended; not written (use --yes)",
        )
        note(done if mending.written else left, how.language)
    return mending


def _fixed(asked: Asked) -> "Iterator[Fixed]":
    """What can be fixed in the files asked for; what a baseline hides stays as it is."""
    from pipeline.lint.baseline import Texts, read_baseline  # noqa: PLC0415
    from pipeline.lint.fixing import Sift, batches, fixed  # noqa: PLC0415

    sift: Sift | None = None
    if asked.baseline is not None:
        baseline = read_baseline(asked.baseline)
        sift = lambda found, sources: baseline.sifted(found, Texts(sources)).new  # noqa: E731
    rules = asked.rules
    for batch in batches(asked.paths):
        yield from fixed(batch, rules, sift)


def _confirmed(mending: Mending, language: Language) -> bool:
    """Ask, where somebody sits at a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    files = len(mending.files)
    question = Words(f"寫入這{files}個檔案嗎？", f"Write these {files} files?")
    return click.confirm(question.in_language(language), err=True)


# Baseline


def _adopt(asked: Asked, path: Path, how: Shown) -> int:
    """Write a baseline of all that is found now, whatever an older one says; print the errors, which stay."""
    from pipeline.lint.baseline import Texts, baseline_of, read_baseline  # noqa: PLC0415

    if path.exists():
        read_baseline(path)  # what isn't one is not written over
    seen = look(Asked(asked.paths, asked.select, asked.ignore))
    baseline = baseline_of(seen.findings, Texts(), path)
    write_text(path, baseline.as_json())
    grave = Seen(tuple(each for each in in_order(seen.findings) if each.severity is Severity.ERROR))
    show_left = Shown(how.language, how.json, how.statistics, how.sarif, how.strict)
    count = sum(baseline.counts.values())
    if grave.findings or how.json or how.sarif is not None:
        show(grave, asked, show_left)
    note(Words(f"{count}則發現記進 {path}", f"{count} findings written to {path}"), how.language)
    return EXIT_MANUSCRIPT if has_errors(grave.findings) else 0


def _keep_manuscripts(path: Path, instead: str) -> None:
    """Refuse to write over what was probably meant to be checked."""
    if path.is_dir() or path.suffix.lower() == ".xml":
        raise InstallationError(
            f"「{path}」是原稿，不能覆寫；要檢查它，選項寫成 {instead}",
            f"{path} is a manuscript and is not written over; to check it, write {instead}",
        )

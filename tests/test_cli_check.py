"""`kan check`: which rules, what is mended, in which form it is told, and what a baseline hides."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import pipeline.check
import pipeline.edit
from pipeline.cli import main
from pipeline.cli.check import Asked, look
from pipeline.diagnostics import CODES, Diagnostic, Edit, Place, Severity, Words
from pipeline.lint import chosen
from tests.conftest import ARTICLE, TITLE

COMMAND = [sys.executable, "-c", "from pipeline.cli import main; main()"]
ISSUE = """<issue xml:lang="zh-Hant-TW"><journal-meta><journal-title-group><journal-title>刊</journal-title>
</journal-title-group><publisher><publisher-name>社</publisher-name></publisher></journal-meta>
<issue-meta><issue-number>1</issue-number><pub-date iso-8601-date="2026-11-20"/></issue-meta>
<contents><brief href="brief.xml"/></contents></issue>
"""
GOOD = "https://example.org/150471"
TRACKED = f"{GOOD}?utm_source=line"
SHORT = "https://tinyurl.com/kan-2025"
SHORTER = "https://bit.ly/kan-2025"
WRONG = '<named-content xml:lang="中文">字</named-content>'
Make = Callable[..., Path]


def kan(*arguments: str | Path) -> Result:
    """Run the command, with the rules about addresses if no others are asked for."""
    some = [] if {"--select", "--ignore"} & set(arguments) else ["--select", "L,X"]
    return CliRunner().invoke(main, ["check", *some, *map(str, arguments)], catch_exceptions=False)


def note(address: str, number: int = 1) -> str:
    link = f'<ext-link ext-link-type="uri" xlink:href="{address}">{address}</ext-link>'
    return f'<fn id="f{number}"><p>王大明，〈第{number}篇〉，《乙報》，2025年3月4日，{link}。</p></fn>'


def brief(content: str) -> str:
    return ARTICLE.format(meta=TITLE, body=f'\n<sec id="s1"><title>節</title>\n<p>𨋢文{content}</p>\n</sec>\n')


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Makes an issue of one brief with these contents, in an otherwise empty working folder."""
    monkeypatch.chdir(tmp_path)

    def made(content: str, name: str = "issue") -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "issue.xml").write_text(ISSUE, encoding="utf-8")
        (folder / "brief.xml").write_text(brief(content), encoding="utf-8")
        return Path(name)

    return made


def codes(done: Result) -> list[str]:
    return [each["code"] for each in json.loads(done.stdout)["diagnostics"]]


# Which rules


def test_rules_are_selected_and_ignored(make: Make) -> None:
    issue = make(note(TRACKED) + note(SHORT, 2))
    assert codes(kan("--json", issue)) == ["L002", "L001"]
    for options, left in (
        (["--select", "L001"], ["L001"]),
        (["--select", "l00"], ["L002", "L001"]),
        (["--select", "H,L002", "--select", "D"], ["L002"]),
        (["--ignore", "L001, C,D,H", "--ignore", "M,N,W"], ["L002"]),
        (["--select", "L", "--ignore", "L002"], ["L001"]),
        (["--ignore", "L,C,D,H,M,N,W"], []),
    ):
        assert codes(kan("--json", *options, issue)) == left, options


def test_errors_of_validation_are_always_shown(make: Make) -> None:
    done = kan("--json", "--select", "N", make(WRONG + note(SHORT)))
    assert (codes(done), done.exit_code) == (["S006"], 1)


@pytest.mark.parametrize(
    ("option", "code", "said"),
    [
        ("--select", "Q", "沒有以「Q」開頭的編輯規則"),
        ("--ignore", "L,L9999", "no editorial rule begins with L9999"),
        ("--select", "S006", "「S006」不是編輯規則，一定會檢查"),
        ("--ignore", "P", "P is no editorial rule"),
    ],
)
def test_what_is_no_rule(make: Make, option: str, code: str, said: str) -> None:
    done = kan(option, code, make("文"))
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr and option in done.stderr


def test_findings_about_exceptions_can_be_chosen(make: Make) -> None:
    issue = make(f'<?kan allow="L001" reason="照錄"?>{note(GOOD)}')
    assert codes(kan("--json", issue)) == ["X001"]
    assert codes(kan("--json", "--select", "L,X", "--ignore", "X001", issue)) == []
    assert codes(kan("--json", "--select", "L", issue)) == []
    assert codes(kan("--json", "--select", "L,X", issue)) == ["X001"]


# Exit codes


def test_only_errors_count_unless_strict(make: Make) -> None:
    for content, plain, strict in ((GOOD, 0, 0), (SHORT, 0, 0), (TRACKED, 0, 1)):
        issue = make(note(content))
        assert (kan(issue).exit_code, kan("--strict", issue).exit_code) == (plain, strict)


# Text


def test_a_line_tells_what_can_be_mended(make: Make) -> None:
    done = kan(make(note(TRACKED)))
    first, hint = done.stdout.splitlines()
    assert first.startswith("issue/brief.xml:3:") and ": warning L002: " in first
    assert hint.startswith("    提示：")
    assert done.stderr == "0個錯誤、1個警告\n其中1處 kan check --fix 能改正\n"
    assert "can mend 1 of them" in kan("--lang", "en", "issue").stderr


def test_other_places_are_told(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    issue = make("文")
    words = Words("兩處不同", "two places differ")

    def found(path: Path, rules: object) -> tuple[Diagnostic, ...]:
        other = Place(Path("issue/other.xml").absolute(), 7, 8, 7, 9)
        return (
            Diagnostic("L007", Severity.NOTE, Place(path / "brief.xml", 3, 4, 3, 6), words, words, (), (other,)),
        )

    monkeypatch.setattr(pipeline.check, "check", found)
    assert kan(issue).stdout.splitlines() == [
        "issue/brief.xml:3:4: note L007: 兩處不同",
        "    提示：兩處不同",
        "    另見：issue/other.xml:7:8",
    ]
    (finding,) = json.loads(kan("--json", issue).stdout)["diagnostics"]
    assert finding["also"] == [{"file": "issue/other.xml", "line": 7, "column": 8, "end_line": 7, "end_column": 9}]


def test_a_file_named_in_two_ways_is_told_once(make: Make) -> None:
    issue = make(note(SHORT))
    done = kan("--json", issue / "brief.xml", (issue / "brief.xml").absolute(), issue)
    assert codes(done) == ["L001"]


# JSON


def test_json_of_what_cannot_be_parsed(make: Make) -> None:
    issue = make("文")
    Path("folder").mkdir()
    (issue / "text.xml").write_bytes(b"\xff")
    wrong = {
        "gone.xml": "P001",
        "gone": "P001",
        "folder": "P001",
        "issue/text.xml": "P004",
        "/dev/null": "P002",
    }
    for path, code in wrong.items():
        done = kan("--json", path)
        assert (codes(done), done.exit_code, done.stderr) == ([code], 1, "")
    assert codes(kan("--json", *wrong)) == list(wrong.values())
    (issue / "vocabulary.toml").write_text("terms = 1", encoding="utf-8")
    assert codes(kan("--json", issue)) == ["V001"]


def test_json_with_everything(make: Make) -> None:
    issue = make(note(TRACKED) + note(TRACKED + "&amp;id=2", 2))
    document = json.loads(kan("--json", "--statistics", "--fix", issue).stdout)
    assert list(document) == ["diagnostics", "statistics", "fixed"]
    assert document["statistics"] == [{"code": "L002", "title": "追蹤參數", "count": 2, "fixable": 2}]
    assert document["fixed"] == {"written": False, "files": [{"file": "issue/brief.xml", "codes": {"L002": 2}}]}


# Statistics


def test_statistics(make: Make) -> None:
    issue = make(note(SHORT) + note(TRACKED, 2) + note(SHORTER, 3) + WRONG)
    done = kan("--statistics", issue)
    assert done.exit_code == 1
    rows, families = done.stdout.split("\n\n")
    assert [row.split() for row in rows.splitlines()] == [
        ["2", "L001", "提醒", "縮網址"],
        ["1", "L002", "警告", "追蹤參數", "✎1"],
        ["1", "S006", "錯誤", CODES["S006"].title.zh],
    ]
    assert [row.split()[:2] for row in families.splitlines()] == [["3", "L"], ["1", "S"]]
    assert "1個錯誤、1個警告、2則提醒" in done.stderr
    assert kan("--statistics", make("文")).stdout == ""


# Fixing


def test_fix_away_from_a_terminal_only_shows(make: Make) -> None:
    issue = make(note(TRACKED))
    before = (issue / "brief.xml").read_bytes()
    done = kan("--fix", issue)
    assert "issue/brief.xml:3\n- " in done.stdout and "warning L002" in done.stdout
    assert "能改正1處；沒有寫入（加 --yes 就寫）" in done.stderr
    assert (issue / "brief.xml").read_bytes() == before


def test_fix_writes_when_told_to(make: Make) -> None:
    issue = make(note(TRACKED) + note(SHORT, 2))
    done = kan("--fix", "--yes", issue)
    assert done.exit_code == 0
    assert (issue / "brief.xml").read_text(encoding="utf-8") == brief(note(GOOD) + note(SHORT, 2))
    assert "改正1處，寫入1個檔案" in done.stderr
    assert "warning" not in done.stdout and "note L001" in done.stdout, "what is left is told"
    again = kan("--fix", "-y", issue)
    assert "沒有能自動改正的地方" in again.stderr
    assert sorted(path.name for path in issue.iterdir()) == ["brief.xml", "issue.xml"]


def test_fix_keeps_to_the_chosen_rules(make: Make) -> None:
    issue = make(note(TRACKED))
    assert "沒有能自動改正的地方" in kan("--fix", "--yes", "--select", "L", "--ignore", "L002", issue).stderr
    assert (issue / "brief.xml").read_text(encoding="utf-8") == brief(note(TRACKED))


def test_fix_of_a_broken_file_mends_the_others(make: Make) -> None:
    one, two = make(note(TRACKED), "one"), make(note(TRACKED), "two")
    (one / "brief.xml").write_text("<article>", encoding="utf-8")
    done = kan("--fix", "--yes", one, two)
    assert done.exit_code == 1 and "error P006" in done.stdout
    assert (two / "brief.xml").read_text(encoding="utf-8") == brief(note(GOOD))


def test_fix_with_json(make: Make) -> None:
    issue = make(note(TRACKED))
    assert not json.loads(kan("--fix", "--json", issue).stdout)["fixed"]["written"]
    document = json.loads(kan("--fix", "--json", "--yes", issue).stdout)
    assert document["diagnostics"] == [] and document["fixed"]["written"]


def test_a_file_that_changed_meanwhile_is_not_written(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    issue = make(note(TRACKED))
    really = pipeline.edit.write

    def meanwhile(source: Any, data: bytes) -> None:
        source.path.write_text(brief("別的"), encoding="utf-8")
        really(source, data)

    monkeypatch.setattr(pipeline.edit, "write", meanwhile)
    done = kan("--fix", "--yes", issue)
    assert done.exit_code == 2 and "剛才被別的程式改過" in done.stderr
    assert (issue / "brief.xml").read_text(encoding="utf-8") == brief("別的")


@pytest.mark.parametrize(("answer", "written"), [(b"y\n", True), (b"n\n", False), (b"\n", False)])
def test_fix_asks_at_a_terminal(make: Make, answer: bytes, written: bool) -> None:
    issue = make(note(TRACKED))
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [*COMMAND, "check", "--select", "L", "--fix", str(issue)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        close_fds=True,
    )
    os.close(theirs)
    os.write(ours, answer)
    said = b""
    try:
        while data := os.read(ours, 4096):
            said += data
    except OSError:  # the end of a terminal
        pass
    os.close(ours)
    assert running.wait() == 0, said.decode()
    assert "寫入這1個檔案嗎？".encode() in said
    assert (issue / "brief.xml").read_text(encoding="utf-8") == brief(note(GOOD if written else TRACKED))


def test_options_that_make_no_sense(make: Make) -> None:
    issue = make("文")
    for options in (
        ["--yes"],
        ["--json", "--sarif", "-"],
        ["--fix", "--write-baseline", "known.json"],
        ["--watch", "--fix"],
        ["--watch", "--json"],
    ):
        done = kan(issue, *options)
        assert done.exit_code == 2 and "Usage" in done.stderr


# SARIF


def run_of(document: str) -> dict[str, Any]:
    data = json.loads(document)
    assert data["version"] == "2.1.0" and data["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = data["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif(make: Make) -> None:
    issue = make(note(TRACKED) + note(SHORT, 2) + WRONG)
    done = kan("--sarif", "-", issue)
    assert done.exit_code == 1 and done.stderr == ""
    run = run_of(done.stdout)
    driver = run["tool"]["driver"]
    assert driver["name"] == "kan"
    known = [rule["id"] for rule in driver["rules"]]
    assert known == sorted({"S006", *(rule.code.code for rule in chosen(["L"]))})
    for rule in driver["rules"]:
        code = CODES[rule["id"]]
        assert rule["defaultConfiguration"] == {"level": str(code.severity)}
        for words in (code.why.zh, code.why.en):
            assert words in rule["help"]["text"] and words in rule["help"]["markdown"]
    for result in run["results"]:
        assert known[result["ruleIndex"]] == result["ruleId"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"] == {
            "uri": "issue/brief.xml",
            "uriBaseId": "%SRCROOT%",
        }
    levels = [(result["ruleId"], result["level"]) for result in run["results"]]
    assert sorted(levels) == [("L001", "note"), ("L002", "warning"), ("S006", "error")]


def utf16(text: str, region: dict[str, int]) -> tuple[int, int]:
    """The indices of a region in a text, counted as its readers count: in UTF-16 code units."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)

    def index(line: int, column: int) -> int:
        rest = text[starts[line - 1] :].encode("utf-16-le")
        return starts[line - 1] + len(rest[: 2 * (column - 1)].decode("utf-16-le"))

    return index(region["startLine"], region["startColumn"]), index(region["endLine"], region["endColumn"])


def test_regions_and_fixes_of_sarif_count_code_units(make: Make) -> None:
    issue = make(note(TRACKED))
    run = run_of(kan("--sarif", "-", issue).stdout)
    assert run["columnKind"] == "utf16CodeUnits"
    (result,) = run["results"]
    text = (issue / "brief.xml").read_text(encoding="utf-8")
    start, end = utf16(text, result["locations"][0]["physicalLocation"]["region"])
    assert text[start:end] == "?utm_source=line"
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "issue/brief.xml"
    for replacement in reversed(change["replacements"]):
        start, end = utf16(text, replacement["deletedRegion"])
        text = text[:start] + replacement["insertedContent"]["text"] + text[end:]
    assert text == brief(note(GOOD))


def test_sarif_fingerprints_stay(make: Make) -> None:
    def fingerprints(content: str) -> set[str]:
        results = run_of(kan("--sarif=-", make(content)).stdout)["results"]
        return {result["partialFingerprints"]["kan/v1"] for result in results}

    once = fingerprints(note(SHORT))
    assert fingerprints(f"前面多了一句話，</p><p>又一段。{note(SHORT)}") == once
    assert len(fingerprints(note(SHORT) + note(SHORTER, 2))) == 2


def test_sarif_of_what_is_not_there_and_of_strange_names(make: Make) -> None:
    run = run_of(kan("--sarif", "-", "gone.xml").stdout)
    (result,) = run["results"]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    issue = make(note(SHORT), "第 1 期")
    (result,) = run_of(kan(issue, "--sarif").stdout)["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "%E7%AC%AC%201%20%E6%9C%9F/brief.xml"


def test_sarif_escapes_braces_and_has_related_places(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    issue = make("文")
    words = Words("寫成 {0}", "write {0}")

    def found(path: Path, rules: object) -> tuple[Diagnostic, ...]:
        here, other = Place(path / "brief.xml", 3, 4, 3, 6), Place(Path("/elsewhere/a b.xml"), 1, 1, 1, 2)
        return (Diagnostic("L007", Severity.NOTE, here, words, words, (Edit(0, 0, " "),), (other,)),)

    monkeypatch.setattr(pipeline.check, "check", found)
    (result,) = run_of(kan("--sarif", "-", issue).stdout)["results"]
    assert result["message"]["text"] == "寫成 {{0}}\n寫成 {{0}}"
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "file:///elsewhere/a%20b.xml"
    }


def test_sarif_in_a_file_beside_the_text(make: Make) -> None:
    issue = make(note(TRACKED))
    done = kan("--sarif", "kan.sarif", "--strict", issue)
    assert done.exit_code == 1 and "warning L002" in done.stdout
    run = run_of(Path("kan.sarif").read_text(encoding="utf-8"))
    assert len(run["results"]) == 1 and run["invocations"] == [{"executionSuccessful": True, "exitCode": 1}]
    assert kan("--sarif", "gone/kan.sarif", issue).exit_code == 2


def test_manuscripts_are_not_written_over(make: Make) -> None:
    issue = make(note(TRACKED))
    before = (issue / "brief.xml").read_bytes()
    for option in ("--sarif", "--write-baseline"):
        for path in (issue, issue / "brief.xml"):
            done = kan(option, path)
            assert done.exit_code == 2 and "是原稿，不能覆寫" in done.stderr
    assert (issue / "brief.xml").read_bytes() == before


# Baseline


def test_an_old_issue_is_adopted(make: Make) -> None:
    issue = make(note(TRACKED) + note(SHORT, 2))
    done = kan("--write-baseline", "known.json", issue)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "2則發現記進 known.json\n")
    quiet = kan("--baseline", "known.json", "--strict", issue)
    assert (quiet.exit_code, quiet.stdout) == (0, "")
    assert "沒有新的問題" in quiet.stderr and "另有2處記在 known.json" in quiet.stderr
    make(f"多了一句。{note(SHORT + 'b', 3)}{note(TRACKED)}{note(SHORT, 2)}")
    assert codes(kan("--baseline", "known.json", "--json", issue)) == ["L001"]
    make(note(SHORT, 2))
    gone = kan("--baseline", "known.json", issue)
    assert "有1處已經不在了；用 --write-baseline 重寫" in gone.stderr
    document = json.loads(kan("--baseline", "known.json", "--json", issue).stdout)
    assert document["baseline"] == {"known": 1, "gone": [{"file": "issue/brief.xml", "code": "L002", "count": 1}]}
    kan("--write-baseline", "known.json", issue)
    assert "不在了" not in kan("--baseline", "known.json", issue).stderr


def test_what_was_not_looked_for_is_not_gone(make: Make) -> None:
    issue, other = make(note(TRACKED)), make(note(SHORT), "other")
    kan("--write-baseline", "known.json", issue, other)
    for arguments in (
        (issue,),
        (other / "brief.xml",),
        ("--select", "L002", issue, other),
        ("--ignore", "L", issue),
    ):
        assert "不在了" not in kan("--baseline", "known.json", *arguments).stderr
    (issue / "brief.xml").write_text("<article>", encoding="utf-8")
    done = kan("--baseline", "known.json", issue, other)
    assert done.exit_code == 1 and "不在了" not in done.stderr
    (issue / "brief.xml").write_text(brief("文"), encoding="utf-8")
    for path in (issue, issue / "issue.xml", issue / "brief.xml"):
        assert "不在了" in kan("--baseline", "known.json", path).stderr


def test_errors_are_not_adopted(make: Make) -> None:
    issue = make(WRONG + note(SHORT))
    done = kan("--write-baseline", "known.json", issue)
    assert done.exit_code == 1 and "error S006" in done.stdout and "1則發現記進" in done.stderr
    assert "error S006" in kan("--baseline", "known.json", issue).stdout


def test_what_is_known_is_not_mended(make: Make) -> None:
    issue = make(note(TRACKED))
    kan("--write-baseline", "known.json", issue)
    make(note(TRACKED) + note(TRACKED + "&amp;id=3", 2))
    kan("--baseline", "known.json", "--fix", "--yes", issue)
    expected = brief(note(TRACKED) + note(GOOD + "?id=3", 2))
    assert (issue / "brief.xml").read_text(encoding="utf-8") == expected


def test_a_baseline_that_is_none(make: Make) -> None:
    issue = make(note(SHORT))
    Path("notes.json").write_text("{}", encoding="utf-8")
    for option in ("--baseline", "--write-baseline"):
        done = kan(option, "notes.json", issue)
        assert done.exit_code == 2 and "notes.json" in done.stderr
    assert Path("notes.json").read_text(encoding="utf-8") == "{}"
    gone = kan("--baseline", "gone.json", issue)
    assert gone.exit_code == 2 and "先用 --write-baseline gone.json 建立" in gone.stderr


# Watching


def test_looking_prints_nothing(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    asked = Asked((make(note(SHORT)),), select=("L",))
    seen = look(asked)
    assert [each.code for each in seen.findings] == ["L001"] and seen.exit_code() == 0
    assert look(asked) == seen
    assert capsys.readouterr() == ("", "")


def test_watching_looks_again(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    issue = make(note(SHORT))
    seen: list[list[str]] = []

    def watch(paths: tuple[Path, ...], check: Callable[[], tuple[Diagnostic, ...]], language: str) -> None:
        assert paths == (issue,) and language == "zh-TW"
        seen.append([each.code for each in check()])
        make(note(GOOD))
        seen.append([each.code for each in check()])

    monkeypatch.setattr("pipeline.cli.watch.watch", watch)
    assert kan("--watch", issue).exit_code == 0
    assert seen == [["L001"], []]


# Help


def test_help_teaches() -> None:
    done = kan("--help")
    for wanted in (
        "--select N,D003",
        "--fix --yes",
        "--write-baseline",
        "known.json",
        "結束碼",
        "Exit codes",
        "--strict",
    ):
        assert wanted in done.stdout

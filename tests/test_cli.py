"""The command: exit codes, what is printed where, in which language; JSON as editors and scripts read it."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import pipeline.check
from pipeline import __version__
from pipeline.cli import main
from pipeline.diagnostics import CODES, Severity

SAMPLE = Path(__file__).resolve().parents[1] / "source" / "2026-11"
COMMAND = [sys.executable, "-c", "from pipeline.cli import main; main()"]

BRIEF = """<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="editorial" xml:lang="zh-Hant-TW">
<front><article-meta><title-group><article-title>題名</article-title></title-group></article-meta></front>
<body>
<p>{}</p>
</body></article>
"""
ISSUE = """<issue xml:lang="zh-Hant-TW"><journal-meta><journal-title-group><journal-title>版面</journal-title>
</journal-title-group><publisher><publisher-name>社</publisher-name></publisher></journal-meta>
<issue-meta><issue-number>1</issue-number><pub-date iso-8601-date="2026-11-20"/></issue-meta>
<contents><brief href="brief.xml"/></contents></issue>
"""
WRONG = '𨋢𨋢<named-content xml:lang="中文">字</named-content>'
"""A wrong value at column 31 of line 4, after characters that two UTF-16 units or four bytes each stand for."""
Make = Callable[..., Path]


def kan(*arguments: str | Path, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)], env=env)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def make(folder: Path) -> Make:
    """Makes an issue of one brief with these contents."""

    def made(name: str, content: str = "文字", issue: str = ISSUE) -> Path:
        path = folder / name
        path.mkdir(parents=True)
        (path / "issue.xml").write_text(issue, encoding="utf-8")
        (path / "brief.xml").write_text(BRIEF.format(content), encoding="utf-8")
        return path

    return made


# Exit codes


def test_nothing_wrong(make: Make) -> None:
    done = kan("check", make("2026-11"))
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "沒有發現問題\n")


def test_errors_in_the_manuscript(make: Make) -> None:
    issue = make("2026-11", WRONG)
    done = kan("check", issue)
    assert done.exit_code == 1
    first, hint = done.stdout.splitlines()
    assert re.match(r"2026-11/brief\.xml:4:31: error S006: .*中文", first)
    assert re.match("    提示：.", hint)
    assert done.stderr == "1個錯誤、0個警告\n"
    built = kan("build", issue)
    assert (built.exit_code, built.stdout) == (1, done.stdout)
    assert not Path("dist").exists()


@pytest.mark.parametrize("command", ["check", "build"])
def test_no_such_file(folder: Path, command: str) -> None:
    done = kan(command, "2026-12")
    assert done.exit_code == 1
    assert re.match("2026-12(/issue.xml)?:1:1: error P001: 找不到「(2026-12|issue.xml)」", done.stdout)


def test_the_installation_is_wrong(folder: Path) -> None:
    for language, words in (
        ("zh-TW", "無法進行：無法寫入字型快取"),
        ("en", "cannot go on: cannot write the font cache"),
    ):
        done = kan("fonts", "--lang", language, env={"KAN_CACHE": "/proc/none"})
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith(words) and "/proc/none" in done.stderr


def test_a_bug_keeps_its_traceback(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path, rules: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pipeline.check, "check", broken)
    assert isinstance(kan("check", make("2026-11")).exception, ZeroDivisionError)


@pytest.mark.parametrize("arguments", [["print"], ["check", "--colour"], ["check", "--lang", "fr"], ["explain"]])
def test_wrong_usage(folder: Path, arguments: list[str]) -> None:
    done = kan(*arguments)
    assert done.exit_code == 2
    assert "Usage: " in done.stderr


# Check


def test_json(make: Make) -> None:
    issue = make("2026-11", WRONG)
    done = kan("check", "--json", issue)
    assert (done.exit_code, done.stderr) == (1, "")
    (finding,) = json.loads(done.stdout)["diagnostics"]
    assert json.loads(done.stdout) == {"diagnostics": [finding]}
    assert list(finding) == [
        "code", "severity", "file", "line", "column", "end_line", "end_column", "message", "hint", "fixable",
        "also",
    ]  # fmt: skip
    assert (finding["fixable"], finding["also"]) == (False, [])
    assert (finding["code"], finding["severity"], finding["file"]) == ("S006", "error", "2026-11/brief.xml")
    assert (finding["line"], finding["end_line"]) == (4, 4)
    line = (issue / "brief.xml").read_text(encoding="utf-8").splitlines()[finding["line"] - 1]
    assert line[finding["column"] - 1 : finding["end_column"] - 1] == "中文", "characters from 1, end exclusive"
    assert finding["message"] and finding["hint"]


def test_json_of_a_file_that_is_no_xml(make: Make) -> None:
    issue = make("2026-11", "研究 & 發展")
    (finding,) = json.loads(kan("check", "--json", issue).stdout)["diagnostics"]
    assert (finding["code"], finding["line"], finding["column"]) == ("P006", 4, 7)


def test_json_of_nothing(make: Make) -> None:
    done = kan("check", "--json", make("2026-11"))
    assert (done.exit_code, json.loads(done.stdout), done.stderr) == (0, {"diagnostics": []}, "")


def test_english(make: Make) -> None:
    issue = make("2026-11", WRONG)
    for done in (kan("check", "--lang", "en", issue), kan("check", issue, env={"KAN_LANG": "en"})):
        first, hint = done.stdout.splitlines()
        assert "error S006: " in first and hint.startswith("    hint: ")
        assert first.endswith("the attribute xml:lang can't be “中文”")
        assert done.stderr == "1 errors, 0 warnings\n"
    assert kan("check", "--lang", "en", make("2026-12")).stderr == "nothing wrong\n"
    (finding,) = json.loads(kan("check", "--json", "--lang", "en", issue).stdout)["diagnostics"]
    assert finding["message"] in first and finding["hint"] in hint


def test_single_briefs(make: Make) -> None:
    one, two = make("2026-11") / "brief.xml", make("2026-12", WRONG) / "brief.xml"
    assert kan("check", one).exit_code == 0
    done = kan("check", one, two)
    assert done.exit_code == 1
    assert done.stdout.startswith("2026-12/brief.xml:4:31: error S006")


def test_the_same_finding_is_printed_once(make: Make) -> None:
    issue = make("2026-11", WRONG)
    twice = kan("check", issue, issue / "issue.xml", issue)
    assert twice.stdout == kan("check", issue).stdout


def test_findings_of_all_paths_are_there(make: Make) -> None:
    done = kan("check", make("2026-12", WRONG), make("2026-11", WRONG), "2026-13")
    codes = [line.split(":")[0] for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert codes == ["2026-12/brief.xml", "2026-11/brief.xml", "2026-13"]


def test_a_file_outside_the_working_folder_is_named_whole(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    issue = make("2026-11", WRONG)
    (issue.parent / "deep").mkdir()
    monkeypatch.chdir(issue.parent / "deep")
    assert kan("check", issue).stdout.startswith(f"{issue}/brief.xml:4:31: ")


def test_an_impossible_name(make: Make) -> None:
    issue = make("2026-11", issue=ISSUE.replace("brief.xml", "長" * 300 + ".xml"))
    done = kan("check", issue)
    assert done.exit_code == 1 and "2026-11/issue.xml:4:" in done.stdout


def test_controls_of_a_manuscript_do_not_reach_the_terminal(make: Make) -> None:
    done = kan("check", make("2026-11", '<named-content xml:lang="e\x9bn\u202e">x</named-content>'))
    assert done.exit_code == 1
    assert "<U+009B>" in done.stdout and "<U+202E>" in done.stdout
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", done.stdout)


# The newest issue


@pytest.mark.parametrize("command", ["check", "build"])
def test_the_newest_issue(make: Make, command: str) -> None:
    for name in ("2026-11", "2027-01", "2026-12"):
        make(f"source/{name}", WRONG)
    (make("source/2028-01") / "issue.xml").unlink()
    done = kan(command)
    assert done.exit_code == 1
    assert done.stdout.startswith("source/2027-01/brief.xml:4:31: ")


@pytest.mark.parametrize("command", ["check", "build"])
def test_no_issue_at_all(folder: Path, command: str) -> None:
    done = kan(command)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "source/ 裡沒有任何一期" in done.stderr
    assert "there is no issue in source/" in kan(command, "--lang", "en").stderr


# Explain


@pytest.mark.parametrize("code", sorted(CODES))
def test_explain(code: str) -> None:
    entry = CODES[code]
    chinese = {Severity.ERROR: "錯誤", Severity.WARNING: "警告", Severity.NOTE: "提醒"}[entry.severity]
    english = str(entry.severity)
    for language, severity, names in (
        ("zh-TW", chinese, ("為什麼", "怎麼改")),
        ("en", english, ("Why", "Remedy")),
    ):
        done = kan("explain", "--lang", language, code.lower())
        assert done.exit_code == 0
        head, *rest = done.stdout.splitlines()
        assert head.startswith(code) and head.endswith(f"({severity})")
        assert all(name in rest for name in names)
        own = "\n".join(f"  {line}" for text in (entry.bad, entry.good) for line in text.splitlines())
        shown = "\n".join(line for line in done.stdout.splitlines() if line not in own.splitlines())
        assert "{" not in shown and "}" not in shown, "no gap is left"
        assert "  …" not in shown.splitlines(), "no line says nothing"
        assert all(line in done.stdout for line in own.splitlines())


@pytest.mark.parametrize(("code", "near"), [("R0001", "R001"), ("XYZ", "P001")])
def test_an_unknown_code(code: str, near: str) -> None:
    done = kan("explain", code)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"沒有「{code}」這個代碼" in done.stderr and near in done.stderr
    assert f"there is no code {code}" in kan("explain", "--lang", "en", code).stderr


# Help


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help(option: str) -> None:
    done = kan(option)
    assert done.exit_code == 0
    for wanted in ("kan build source/2026-11", "結束碼", "Exit codes", "build", "check", "explain", "fonts"):
        assert wanted in done.stdout


@pytest.mark.parametrize("command", ["build", "check", "explain", "fonts"])
def test_help_of_a_command(command: str) -> None:
    done = kan(command, "--help")
    assert done.exit_code == 0
    assert "--lang [zh-TW|en]" in done.stdout
    assert re.search("[\u4e00-\u9fff]", done.stdout) and re.search("[A-Z][a-z]+ [a-z]+", done.stdout)


def test_version() -> None:
    assert kan("--version").stdout == f"kan, version {__version__}\n"


# In a process of its own


def test_no_colours_where_there_is_no_terminal(make: Make) -> None:
    """And UTF-8 whatever the locale says."""
    make("2026-11", WRONG)
    done = subprocess.run(
        [*COMMAND, "check", "2026-11"],
        capture_output=True,
        check=False,
        env={
            **os.environ,
            "LC_ALL": "C",
            "PYTHONIOENCODING": "ascii",
            "PYTHONUTF8": "0",
            "TERM": "xterm-256color",
        },
    )
    assert done.returncode == 1
    assert b"\x1b" not in done.stdout + done.stderr
    assert "error S006" in done.stdout.decode("utf-8") and "1個錯誤" in done.stderr.decode("utf-8")


def test_colours_on_a_terminal(make: Make) -> None:
    make("2026-11", WRONG)
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [*COMMAND, "check", "2026-11"], stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL, check=False
    )
    os.close(theirs)
    shown = b""
    try:
        while data := os.read(ours, 4096):
            shown += data
    except OSError:  # the end of a terminal
        pass
    os.close(ours)
    assert done.returncode == 1
    assert b"\x1b[31m\x1b[1merror\x1b[0m S006" in shown


def test_the_command_is_installed() -> None:
    command = shutil.which("kan", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.skip("kan is not installed beside this Python")
    done = subprocess.run([command, "check", SAMPLE], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_building_prints_the_files(sample_built: Path) -> None:
    output = (sample_built.parent / "output.txt").read_text(encoding="utf-8").splitlines()
    sizes = [line.removeprefix(f"{sample_built}/") for line in output if line.startswith(str(sample_built))]
    assert [re.sub(r"\d+(\.\d)? [kM]B", "…", line) for line in sizes] == [
        "deposits  (5個檔案，…)",
        "issue-vertical.epub  (…)",
        "issue.epub  (…)",
        "issue.pdf  (…)",
        "jats  (9個檔案，…)",
        "manifest.json  (…)",
        "offprints  (5個檔案，…)",
        "references  (18個檔案，…)",
        "web  (30個檔案，…)",
    ]

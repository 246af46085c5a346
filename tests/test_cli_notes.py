"""The commands on notes: what they print, what they write, and that a wrong file is a message."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from pipeline.cli import main
from pipeline.notes.style import STYLES, read_style
from tests.conftest import ARTICLE, REAL_ISSUE, SAMPLE, TITLE

TYPED = REAL_ISSUE.parent / "lint" / "real-issue-typed"
BRIEF = ARTICLE.format(
    meta=TITLE,
    body='<p>甲<fn id="a"><p>王三省，〈排字房〉，《測試週刊》，2025年3月4日，https://example.org/a。</p></fn>'
    '乙<fn id="b"><p>同前註，頁9。</p></fn>丙<fn id="c"><p>同註7。</p></fn></p>',
)
ISSUE = (SAMPLE / "issue.xml").read_text(encoding="utf-8")


def kan(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], catch_exceptions=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "brief.xml"
    path.write_text(BRIEF, encoding="utf-8")
    return path


def test_linking_shows_and_does_not_write(file: Path) -> None:
    done = kan("link-notes", file)
    assert done.exit_code == 0
    assert "- …" in done.stdout and "+ …" in done.stdout
    assert '<xref ref-type="fn" rid="a" specific-use="same-source"/>，頁9。' in done.stdout
    assert f"{file}:1:" in done.stdout and "「同註7」" in done.stdout
    assert "沒有寫入" in done.stderr
    assert file.read_text(encoding="utf-8") == BRIEF


def test_linking_writes_when_told_to(file: Path) -> None:
    file.chmod(0o640)
    assert kan("link-notes", "--write", file).exit_code == 0
    link = '<xref ref-type="fn" rid="a" specific-use="same-source"/>'
    assert file.read_text(encoding="utf-8") == BRIEF.replace("同前註", link)
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["brief.xml"]
    again = kan("link-notes", "--write", "--json", file)
    (found,) = json.loads(again.stdout)["files"]
    assert (found["changed"], found["written"], len(found["left"])) == ([], False, 1)


@pytest.mark.skipif(not TYPED.exists(), reason="the typed issue is not here")
def test_the_links_of_the_real_issue_come_out_as_its_editors_made_them(tmp_path: Path) -> None:
    shutil.copytree(TYPED, tmp_path / "issue", copy_function=shutil.copyfile)
    (tmp_path / "issue").chmod(0o755)
    assert kan("link-notes", "--write", tmp_path / "issue").exit_code == 0
    for path in sorted(REAL_ISSUE.glob("*.xml")):
        assert (tmp_path / "issue" / path.name).read_bytes() == path.read_bytes(), path.name


def test_tagging(file: Path) -> None:
    assert "<article-title>排字房</article-title>" in kan("tag-citations", file).stdout
    assert file.read_text(encoding="utf-8") == BRIEF
    assert kan("tag-citations", "--write", file).exit_code == 0
    written = etree.parse(file)
    assert "".join(written.getroot().itertext()) == "".join(etree.fromstring(BRIEF).itertext())
    assert [node.get("publication-type") for node in written.iter("mixed-citation")] == ["news"]


def test_the_table_the_picture_and_the_data(file: Path, tmp_path: Path) -> None:
    table = kan("notes", file)
    assert table.exit_code == 0 and "王三省" in table.stdout
    data = json.loads(kan("notes", "--json", file).stdout)["notes"]
    assert [row["label"] for row in data] == ["1", "2", "3"]
    picture = tmp_path / "notes.svg"
    assert kan("notes", "--graph", "--out", picture, file).exit_code == 0
    assert etree.parse(picture).getroot().tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize(
    ("form", "begins"), [("csl", "["), ("bibtex", "@"), ("ris", "TY  - "), ("jats", "<ref-list")]
)
def test_references(file: Path, form: str, begins: str) -> None:
    done = kan("references", "--format", form, file)
    assert done.exit_code == 0
    assert done.stdout.lstrip().startswith(begins) and "排字房" in done.stdout


@pytest.mark.parametrize("command", ["notes", "link-notes", "tag-citations", "references"])
def test_a_file_that_is_not_there_or_no_xml(command: str, tmp_path: Path) -> None:
    assert "P001" in (gone := kan(command, tmp_path / "gone.xml")).stdout and gone.exit_code == 1
    (tmp_path / "text.xml").write_text("沒有標記", encoding="utf-8")
    assert kan(command, tmp_path / "text.xml").exit_code == 1


# Note styles


def issue_with(folder: Path, style: str) -> Path:
    shutil.copytree(SAMPLE, folder)
    (folder / "issue.xml").write_text(ISSUE.replace("</issue-meta>", f"{style}</issue-meta>"), encoding="utf-8")
    return folder


def test_an_issue_names_its_style(tmp_path: Path) -> None:
    folder = issue_with(tmp_path / "issue", "<note-style>ntu-law</note-style>")
    assert kan("check", folder).exit_code == 0
    shown = json.loads(kan("notes", "--json", folder / "brief-2.xml").stdout)["notes"]
    assert any("前揭註" in row["printed"] for row in shown)


def test_an_issue_has_a_style_of_its_own(tmp_path: Path) -> None:
    folder = issue_with(tmp_path / "issue", '<note-style href="own.toml"/>')
    own = (STYLES / "biweekly.toml").read_text(encoding="utf-8").replace('"同前註"', '"同上註"')
    (folder / "own.toml").write_text(own, encoding="utf-8")
    assert kan("check", folder).exit_code == 0
    assert read_style(folder / "own.toml").wordings["zh"].previous == "同上註"


@pytest.mark.parametrize(
    ("style", "own", "code", "line"),
    [
        ("<note-style>nowhere</note-style>", "", "N101", None),
        ('<note-style href="../own.toml"/>', "", "N102", None),
        ('<note-style href="gone.toml"/>', "", "P001", None),
        ('<note-style href="own.toml"/>', "[zh\n", "N102", 1),
        ('<note-style href="own.toml"/>', '[zh]\nprevious = "同前註{number}"\n', "N102", 2),
        ('<note-style href="own.toml"/>', "[zh]\nprevius = 1\n", "N102", 2),
        ('<note-style href="own.toml"/>', "", "N102", 1),
        ('<note-style href="own.toml"/>', '[zh]\nearlier = ["同前註"]\n', "N102", 2),
        ('<note-style href="own.toml"/>', '[zh]\nprevious = ""\n', "N102", 2),
        ('<note-style href="own.toml"/>', "[zh-Hant]\n", "N102", 1),
        ('<note-style href="own.toml"/>', "a = " + "[" * 3000, "N102", 1),
    ],
)
def test_a_wrong_style_is_a_message(tmp_path: Path, style: str, own: str, code: str, line: int | None) -> None:
    folder = issue_with(tmp_path / "issue", style)
    (folder / "own.toml").write_text(own, encoding="utf-8")
    done = kan("check", folder)
    assert done.exit_code == 1
    assert f"error {code}" in done.stdout
    if line is not None:
        assert f"own.toml:{line}:" in done.stdout


def test_a_manuscript_is_not_written_over(file: Path) -> None:
    for command in (("notes", "--graph"), ("references",)):
        assert kan(*command, "--out", file, file).exit_code == 2
    assert file.read_text(encoding="utf-8") == BRIEF


def test_what_is_no_brief_is_an_error(tmp_path: Path) -> None:
    assert kan("notes", SAMPLE / "issue.xml").exit_code == 1
    (tmp_path / "foo.xml").write_text("<foo/>", encoding="utf-8")
    for command in ("notes", "link-notes", "tag-citations", "references"):
        assert kan(command, tmp_path / "foo.xml").exit_code == 1


def test_options_that_make_no_sense(file: Path) -> None:
    assert kan("notes", "--graph", "--json", file).exit_code == 2
    assert kan("notes", "--style", "nowhere", file).exit_code == 2

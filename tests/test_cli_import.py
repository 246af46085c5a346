"""The command kan import: where briefs go, what is printed, and what is never written."""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.importing import import_command
from pipeline.importing import destination, import_manuscript
from pipeline.importing.originals import original
from pipeline.manuscript import read_issue
from pipeline.parse import parse, parse_bytes
from pipeline.validate import check_brief, check_issue
from tests.conftest import SAMPLE

FIRST = """# 註釋的查核

王大明

註釋研究所

## 壹、前言

刊物的註釋要能查考。[^a]編輯逐條核對，讀者才放心。[^b]

## 貳、結語

這是最後一段，說明以後的打算。

[^a]: 王大明，〈註釋的用處〉，《編輯月報》，2025年3月1日。

[^b]: 同註1，頁9。
"""
SECOND = """# 港口與漁船

李小華

海洋研究所

## 壹、漁港

漁船進港以後，漁獲直接送到拍賣場。[^a]

## 貳、商港

貨櫃船不進漁港，吃水太深，碼頭也太短。

[^a]: 李小華，〈拍賣場的一天〉，《漁業推廣》，第40期（2024年5月），頁7。
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder with two manuscripts and one issue."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "一.md").write_text(FIRST, encoding="utf-8")
    (tmp_path / "二 稿.md").write_text(SECOND, encoding="utf-8")
    yield tmp_path


@pytest.fixture
def issue(here: Path) -> Path:
    folder = here / "source" / "2026-11"
    shutil.copytree(SAMPLE, folder)
    return folder


def kan(*arguments: object) -> Result:
    result = CliRunner().invoke(import_command, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def report(*arguments: object) -> list[dict[str, Any]]:
    result = kan(*arguments, "--json")
    found: list[dict[str, Any]] = json.loads(result.stdout)["files"]
    return found


def test_manuscripts_become_the_next_briefs_of_the_issue(issue: Path) -> None:
    before = files_in(issue)
    result = kan("一.md", "二 稿.md")
    assert result.exit_code == 0, result.output
    after = files_in(issue)
    assert set(after) - set(before) == {"brief-6.xml", "brief-7.xml"}
    assert {name for name in before if before[name] != after[name]} == {"issue.xml"}
    line = '    <brief href="brief-5.xml"/>\n'
    added = '    <brief href="brief-6.xml"/>\n    <brief href="brief-7.xml"/>\n'
    assert after["issue.xml"].decode() == before["issue.xml"].decode().replace(line, line + added)
    manuscript = read_issue(issue)
    assert manuscript.issue is not None
    assert not check_issue(manuscript.issue, manuscript.briefs)


def test_what_is_printed(issue: Path) -> None:
    result = kan("一.md")
    for words in (
        "一.md → source/2026-11/brief-6.xml（新的一篇）",
        "註釋的查核",
        "王大明",
        "壹、前言",
        "連結1處",
        "沒有不同",
        "kan check source/2026-11",
    ):
        assert words in result.output, result.output
    lines = result.stdout.splitlines()
    assert max(map(len, lines[:20])) <= 80
    english = kan("一.md", "--lang", "en", "--replace")
    assert "sections" in english.output
    assert "no difference" in english.output


def test_what_is_printed_otherwise_than_typed_is_said(issue: Path) -> None:
    text = FIRST.replace("同註1，頁9。", "王大明，前揭註1，頁9；另見同［1］。")
    Path("一.md").write_text(text.replace("王大明\n\n註", "王大明、John Smith\n\n註"), encoding="utf-8")
    result = kan("一.md")
    assert "「王大明，前揭註1」將印作「同前註」" in result.output, result.output
    assert "不決定：「同［1］」" in result.output
    assert "王大明、John Smith" in result.output
    assert "沒有不同" in result.output
    (data,) = report("一.md")
    assert data["links"]["done"][0]["printed"] == "同前註"


def test_a_reference_that_prints_as_it_was_typed_is_only_counted(issue: Path) -> None:
    assert "將印作" not in kan("一.md").output


def test_a_folder_that_is_no_issue(here: Path) -> None:
    result = kan("一.md", "--into", "2027-01")
    assert result.exit_code == 1
    assert "kan new 2027-01" in result.output
    assert not Path("2027-01").exists()


def test_without_a_manuscript(here: Path) -> None:
    result = kan()
    assert result.exit_code == 2
    assert "要寫出稿件的檔名" in result.output


def test_a_caption_that_is_missing_is_told_until_it_is_written(issue: Path) -> None:
    table = "|  |  |\n|--|--|\n| 一 | 二 |\n\n"
    Path("一.md").write_text(FIRST.replace("## 貳", f"{table}## 貳"), encoding="utf-8")
    kan("一.md")
    brief = parse(issue / "brief-6.xml")
    assert "R062" in {each.code for each in check_brief(brief, issue)}


def test_importing_again_updates_the_same_brief(issue: Path) -> None:
    kan("一.md", "二 稿.md")
    before = files_in(issue)
    result = kan("二 稿.md", "一.md")
    assert result.exit_code == 0
    assert "和上次一樣" in result.output
    assert files_in(issue) == before
    Path("一.md").write_text(FIRST.replace("以後的打算", "往後的計畫"), encoding="utf-8")
    result = kan("一.md")
    assert "- …這是最後一段，說明以後的打算。".replace("…", "") in result.output
    assert "+ 這是最後一段，說明往後的計畫。" in result.output
    after = files_in(issue)
    assert {name for name in before if before[name] != after[name]} == {"brief-6.xml"}


def test_a_dry_run_writes_nothing(issue: Path) -> None:
    before = files_in(issue)
    result = kan("一.md", "二 稿.md", "--dry-run")
    assert result.exit_code == 0
    assert "沒有寫入" in result.output
    assert "brief-7.xml" in result.output
    assert files_in(issue) == before


def test_without_an_issue_they_go_into_a_folder_of_their_own(here: Path) -> None:
    assert kan("一.md").exit_code == 0
    assert list(files_in(here / "imported")) == ["一.xml"]
    again = kan("一.md")
    assert again.exit_code == 0
    assert "和上次一樣" in again.output
    Path("一.md").write_text(SECOND, encoding="utf-8")
    refused = kan("一.md")
    assert refused.exit_code == 1
    assert "I076" in refused.output
    assert kan("一.md", "--replace").exit_code == 0
    assert "港口與漁船" in (here / "imported" / "一.xml").read_text(encoding="utf-8")


def test_a_name_that_the_editor_gives(issue: Path) -> None:
    assert kan("一.md", "--as", "brief-notes").exit_code == 0
    assert (issue / "brief-notes.xml").is_file()
    assert b'<brief href="brief-notes.xml"/>' in (issue / "issue.xml").read_bytes()
    another = kan("二 稿.md", "--as", "brief-notes")
    assert another.exit_code == 1
    assert "I076" in another.output
    assert kan("一.md", "二 稿.md", "--as", "x").exit_code == 2


@pytest.mark.parametrize("name", ["../x", "/tmp/x", "issue", ".x", "a:b", "a\nb"])
def test_a_name_that_leads_elsewhere_is_refused(issue: Path, name: str) -> None:
    before = files_in(issue)
    result = kan("一.md", "--as", name)
    assert result.exit_code == 1
    assert "I077" in result.output
    assert files_in(issue) == before


def test_a_link_out_of_the_folder_is_not_written_through(issue: Path, here: Path) -> None:
    outside = here / "outside.xml"
    outside.write_text("<article/>", encoding="utf-8")
    (issue / "brief-6.xml").symlink_to(outside)
    result = kan("一.md", "--as", "brief-6", "--replace")
    assert result.exit_code == 1
    assert "I077" in result.output
    assert outside.read_text(encoding="utf-8") == "<article/>"
    assert kan("一.md").exit_code == 0
    assert (issue / "brief-7.xml").is_file()


def test_two_briefs_that_may_be_meant(issue: Path) -> None:
    kan("一.md")
    shutil.copy(issue / "brief-6.xml", issue / "brief-7.xml")
    source = (issue / "issue.xml").read_text(encoding="utf-8")
    line = '<brief href="brief-6.xml"/>'
    (issue / "issue.xml").write_text(source.replace(line, line + line.replace("6", "7")), encoding="utf-8")
    result = kan("一.md")
    assert result.exit_code == 1
    assert "I075" in result.output
    assert "brief-6.xml〈註釋的查核〉、brief-7.xml" in result.output
    assert kan("一.md", "--as", "brief-7").exit_code == 0


def test_another_authors_article_is_not_overwritten(issue: Path, here: Path) -> None:
    """Parts of a series share half of their text."""
    kan("一.md")
    before = (issue / "brief-6.xml").read_bytes()
    other = (
        FIRST.replace("註釋的查核", "下一期的打算")
        .replace("王大明\n", "李小華\n")
        .replace("〈註釋的用處〉", "〈打算〉")
    )
    other = other.replace(
        "這是最後一段", "漁船進港以後，漁獲直接送到拍賣場，貨櫃船不進漁港，吃水太深。這是最後一段"
    )
    (here / "三.md").write_text(other, encoding="utf-8")
    fresh = parse_bytes(Path("三.md"), import_manuscript(here / "三.md", name="三.xml").brief)
    chosen = destination.destination(issue, here).choose(here / "三.md", fresh, None, replace=False)
    assert (chosen.name, [each.code for each in chosen.doubts]) == ("brief-7.xml", ["I074"])
    assert "brief-6.xml〈註釋的查核〉" in chosen.doubts[0].message.zh
    assert kan("三.md").exit_code == 0
    assert (issue / "brief-6.xml").read_bytes() == before and (issue / "brief-7.xml").is_file()


def test_one_file_that_fails_does_not_stop_the_others(issue: Path, here: Path) -> None:
    Path("壞.docx").write_bytes(b"no zip")
    Path("-").write_text("x", encoding="utf-8")
    result = kan("壞.docx", "-", "沒有.docx", "一.md", "一.md")
    assert result.exit_code == 1
    assert (issue / "brief-6.xml").is_file()
    assert not (issue / "brief-7.xml").exists()
    found = report("壞.docx", "一.md")
    assert [bool(each["refused"]) for each in found] == [True, False]
    assert "I078" in result.output and "「一.md」已經匯入 brief-6.xml〈" in result.output


def test_the_json_has_everything(issue: Path) -> None:
    (found,) = report("一.md")
    assert found["brief"] == "source/2026-11/brief-6.xml"
    assert found["new"] is True
    assert found["title"] == "註釋的查核"
    assert [(each["label"], each["title"]) for each in found["headings"]] == [("壹、", "前言"), ("貳、", "結語")]
    assert found["notes"] == {"all": 2, "typed": 0}
    assert [each["text"] for each in found["links"]["done"]] == ["同註1"]
    assert found["compared"]["notes"] == 2
    assert found["differences"] == []
    assert found["changes"] is None
    (again,) = report("一.md")
    assert again["changes"] == []
    assert again["written"] == []


def test_the_report_is_written_where_it_is_asked_for(issue: Path, here: Path) -> None:
    assert kan("一.md", "--report", "報告.json").exit_code == 0
    assert json.loads((here / "報告.json").read_text(encoding="utf-8"))["files"][0]["title"] == "註釋的查核"


def test_a_difference_is_said_plainly_and_the_brief_is_written(
    issue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = "這是最後一段，".encode()
    monkeypatch.setattr("pipeline.importing.original", lambda kind, data: original(kind, data.replace(lost, b"")))
    result = kan("一.md")
    assert result.exit_code == 1
    assert "I051" in result.output
    assert "文字和稿件有1處不同" in result.output
    assert (issue / "brief-6.xml").is_file()


def test_a_folder_that_cannot_be_written(issue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files_in(issue)

    def full(self: Path, target: Path) -> Path:
        if Path(target).name == "issue.xml":
            raise OSError(28, "No space left on device")
        return Path(shutil.move(str(self), str(target)))

    monkeypatch.setattr(Path, "replace", full)
    result = kan("一.md")
    assert result.exit_code == 2
    assert "無法寫入" in result.output
    assert files_in(issue) == before


def picture() -> bytes:
    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", (120, 80), "navy").save(data, "PNG")
    return data.getvalue()


def test_pictures_go_into_figures_and_a_name_is_taken_once(issue: Path, here: Path) -> None:
    (here / "圖.png").write_bytes(picture())
    shown = "![一張圖](圖.png)\n\n圖1　漁港的位置\n\n資料來源：作者繪製。\n\n"
    with_picture = SECOND.replace("## 貳、", f"{shown}## 貳、")
    Path("二 稿.md").write_text(with_picture, encoding="utf-8")
    result = kan("二 稿.md")
    assert result.exit_code == 0, result.output
    (name,) = {path for path in files_in(issue) if path not in files_in(SAMPLE)} - {"brief-6.xml"}
    assert name.startswith("figures/")
    assert (issue / name).read_bytes() == picture()
    (issue / name).write_bytes(b"another picture")
    (issue / "brief-6.xml").unlink()
    shutil.copy(SAMPLE / "issue.xml", issue / "issue.xml")
    assert kan("二 稿.md").exit_code == 0
    assert (issue / name).read_bytes() == b"another picture"
    manuscript = read_issue(issue)
    assert manuscript.issue is not None
    found = check_issue(manuscript.issue, manuscript.briefs)
    assert not [each for each in found if each.place.file.name == "brief-6.xml"]


def test_pictures_are_not_written_through_a_link(issue: Path, here: Path) -> None:
    (here / "圖.png").write_bytes(picture())
    Path("二 稿.md").write_text(
        SECOND.replace("## 貳、", "![圖](圖.png)\n\n圖1　漁港\n\n## 貳、"), encoding="utf-8"
    )
    shutil.move(issue / "figures", here / "elsewhere")
    (issue / "figures").symlink_to(here / "elsewhere")
    before = files_in(here / "elsewhere")
    result = kan("二 稿.md")
    assert result.exit_code == 1
    assert "I077" in result.output
    assert files_in(here / "elsewhere") == before
    assert not (issue / "brief-6.xml").exists()


def test_a_hostile_file_is_refused_in_a_sentence(issue: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"\0" * 300_000_000)
    Path("大.docx").write_bytes(bomb.getvalue())
    before = files_in(issue)
    result = kan("大.docx")
    assert result.exit_code == 1
    assert "error I0" in result.output
    assert "Traceback" not in result.output
    assert files_in(issue) == before


def test_the_listing_keeps_every_other_byte(issue: Path) -> None:
    one_line = parse_bytes(Path("issue.xml"), b"<issue><contents><brief href='a.xml'></brief></contents></issue>")
    assert b'</brief>\n  <brief href="b.xml"/></contents>' in destination.listing(one_line, "b.xml")
    source = parse(issue / "issue.xml")
    assert len(destination.listing(source, "b.xml")) == len(source.data) + len('\n    <brief href="b.xml"/>')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  <contents/>\n", '  <contents>\n    <brief href="b&amp;c.xml"/>\n  </contents>\n'),
        (
            "  <contents>\n    <!-- 文章 -->\n  </contents>\n",
            '  <contents>\n    <!-- 文章 -->\n    <brief href="b&amp;c.xml"/>\n  </contents>\n',
        ),
    ],
)
def test_the_first_brief_of_a_new_issue_is_listed(before: str, after: str) -> None:
    issue = parse_bytes(Path("issue.xml"), f"<issue>\n{before}</issue>\n".encode())
    assert destination.listing(issue, "b&c.xml").decode() == f"<issue>\n{after}</issue>\n"

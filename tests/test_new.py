"""`kan new`: an issue from the last one, the skeleton of a brief, and nothing ever written over."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from pipeline.check import check
from pipeline.cli.new import new
from pipeline.diagnostics import CODES, InstallationError, ManuscriptError, Severity
from pipeline.new import Made, new_brief, new_issue, write
from pipeline.new.sequence import Numbered, advanced, following, next_date
from pipeline.parse import parse
from pipeline.validate import unfinished
from tests.conftest import ARTICLE, HOUSE, SAMPLE, TITLE

ISSUE = """<?xml version="1.0" encoding="UTF-8"?>
<issue xml:lang="zh-Hant-TW"><!-- 刊頭 -->
  <journal-meta><journal-title-group><journal-title>甲刊</journal-title></journal-title-group>
    <issn publication-format="print">0378-5955</issn><publisher><publisher-name>乙社</publisher-name></publisher>
  </journal-meta>
  <issue-meta>{volume}<issue-number>{number}</issue-number><pub-date iso-8601-date="{day}"/>{more}</issue-meta>
  {contents}
</issue>
"""
ONE_BRIEF = '<contents>\n    <brief href="brief-1.xml"/>\n  </contents>'


def kan_new(*arguments: str | Path) -> Result:
    return CliRunner().invoke(new, [str(each) for each in arguments], catch_exceptions=False)


def issue(
    folder: Path, number: str, day: str, more: str = "", volume: str = "", contents: str = ONE_BRIEF
) -> Path:
    folder.mkdir(parents=True)
    volume = volume and f"<volume>{volume}</volume>"
    text = ISSUE.format(number=number, day=day, more=more, volume=volume, contents=contents)
    (folder / "issue.xml").write_bytes(text.encode())
    return folder


def said(folder: Path) -> tuple[str, str]:
    """The number and the date of an issue."""
    root = parse(folder / "issue.xml").root
    (day,) = root.iter("pub-date")
    return root.findtext("issue-meta/issue-number") or "", day.get("iso-8601-date", "")


def codes(error: pytest.ExceptionInfo[ManuscriptError]) -> list[str]:
    return [each.code for each in error.value.diagnostics]


# Numbers and dates


@pytest.mark.parametrize(
    ("number", "after"),
    [
        ("1", "2"),
        ("9", "10"),
        ("099", "100"),
        ("第12期", "第13期"),
        ("第 12 期", "第 13 期"),
        ("第十二期", "第十三期"),
        ("第十九期", "第二十期"),
        ("第九十九期", "第一百期"),
        ("第一百零九期", "第一百一十期"),
        ("第一二期", "第一三期"),
        ("１２", "１３"),
        ("總第27號", "總第28號"),
        ("第3期（總第27期）", "第4期（總第28期）"),
        ("第2卷第3期", "第2卷第4期"),
        ("Vol. 2, No. 3", "Vol. 2, No. 4"),
        ("創刊號", "2"),
    ],
)
def test_the_number_grows_in_its_own_script(number: str, after: str) -> None:
    assert advanced(number) == after


@pytest.mark.parametrize("number", ["12、13", "第12、13期", "12-13", "第3/4期", "春季號", "特刊", "2卷3"])
def test_a_number_that_the_editor_must_say(number: str) -> None:
    assert advanced(number) is None


def test_a_year_in_the_number_turns_and_the_number_begins_again() -> None:
    assert advanced("2026年第3期", 2026, 2026) == "2026年第4期"
    assert advanced("2026年第12期（總第80期）", 2026, 2027) == "2027年第1期（總第81期）"


@pytest.mark.parametrize(
    ("frequency", "day", "after"),
    [
        ("雙週刊", "2026-12-25", "2027-01-08"),
        ("週刊", "2026-12-25", "2027-01-01"),
        ("半月刊", "2026-01-15", "2026-01-30"),
        ("半月刊", "2026-01-16", "2026-02-01"),
        ("半月刊", "2026-02-28", "2026-03-13"),
        ("月刊", "2026-01-31", "2026-02-28"),
        ("雙月刊", "2026-11-20", "2027-01-20"),
        ("雙月刊（單數月出刊）", "2026-11-20", "2027-01-20"),
        ("季刊", "2026-11-30", "2027-02-28"),
        ("半年刊", "2026-08-31", "2027-02-28"),
        ("年刊", "2028-02-29", "2029-02-28"),
        ("Bimonthly", "2026-11-20", "2027-01-20"),
        ("格外的刊", "2026-11-20", None),
    ],
)
def test_the_date_follows_the_frequency(frequency: str, day: str, after: str | None) -> None:
    found = next_date(frequency, [Numbered("", "1", date.fromisoformat(day))])
    assert (found.isoformat() if found else None) == after


def days(*said: str) -> list[Numbered]:
    return [Numbered("", str(number), date.fromisoformat(day)) for number, day in enumerate(said, start=1)]


def test_without_a_frequency_the_last_two_issues_tell() -> None:
    assert next_date("", days("2026-01-09", "2026-01-23")) == date(2026, 2, 6)
    assert next_date("", days("2026-01-20", "2026-03-20")) == date(2026, 5, 20)
    assert next_date("月刊", days("2026-01-31", "2026-02-28")) == date(2026, 3, 31)
    assert next_date("", days("2026-01-20", "2026-01-20")) is None


def test_the_volume_does_what_it_did_before() -> None:
    def after(day: str, *issues: tuple[str, str, str]) -> tuple[str, str] | None:
        return following([Numbered(v, n, date.fromisoformat(d)) for v, n, d in issues], date.fromisoformat(day))

    assert after("2027-01-20", ("1", "6", "2026-11-20")) == ("1", "7")
    begins_again = (("1", "6", "2025-11-20"), ("2", "1", "2026-01-20"), ("2", "6", "2026-11-20"))
    assert after("2027-01-20", *begins_again) == ("3", "1")
    assert after("2026-03-20", *begins_again[:2]) == ("2", "2")
    goes_on = (("1", "6", "2025-11-20"), ("2", "7", "2026-01-20"), ("2", "12", "2026-11-20"))
    assert after("2027-01-20", *goes_on) == ("3", "13")
    within_a_year = (("1", "4", "2026-04-01"), ("2", "1", "2026-05-01"), ("2", "4", "2026-08-01"))
    assert after("2026-09-01", *within_a_year) == ("3", "1")


# An issue


def test_an_issue_is_the_last_one_with_another_number_date_and_no_briefs(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "2026-11")
    made = kan_new(tmp_path / "2027-01")
    assert made.exit_code == 0
    before = (SAMPLE / "issue.xml").read_text(encoding="utf-8")
    after = (tmp_path / "2027-01" / "issue.xml").read_text(encoding="utf-8")
    head, _, rest = before.partition("<contents>")
    expected = head.replace("<issue-number>1<", "<issue-number>2<").replace(
        '<pub-date iso-8601-date="2026-11-20"/>', '<pub-date iso-8601-date="2027-01-20"/>'
    )
    assert after.partition("<contents>")[0] == expected
    assert "<brief" not in after and after.endswith("</contents>\n</issue>\n") and rest.endswith("</issue>\n")
    cover = Path("figures") / "cover.svg"
    assert (tmp_path / "2027-01" / cover).read_bytes() == (SAMPLE / cover).read_bytes()
    assert "第1卷第2期，2027-01-20" in made.stderr and "figures/cover.svg" in made.stderr
    assert "換卷" in made.stderr and "kan import" in made.stderr
    (missing,) = (each for each in check(tmp_path / "2027-01") if each.severity is Severity.ERROR)
    assert missing.code == "S003" and "<brief>" in missing.message.zh


def test_the_newest_by_date_is_followed_not_the_last_by_name(tmp_path: Path) -> None:
    issue(tmp_path / "a", "8", "2026-03-01", "<frequency>月刊</frequency>")
    issue(tmp_path / "z", "7", "2026-02-01", "<frequency>月刊</frequency>")
    write(new_issue(tmp_path / "next"))
    assert said(tmp_path / "next") == ("9", "2026-04-01")
    write(new_issue(tmp_path / "other", older=tmp_path / "z"))
    assert said(tmp_path / "other") == ("8", "2026-03-01")


def test_copies_and_other_periodicals_tell_nothing(tmp_path: Path) -> None:
    issue(tmp_path / "a", "1", "2026-03-01")
    issue(tmp_path / "b", "2", "2026-04-01")
    shutil.copytree(tmp_path / "b", tmp_path / "b-proof")
    other = issue(tmp_path / "other", "7", "2026-03-28") / "issue.xml"
    other.write_text(other.read_text(encoding="utf-8").replace("甲刊", "丙刊"), encoding="utf-8")
    write(new_issue(tmp_path / "c"))
    assert said(tmp_path / "c") == ("3", "2026-05-01")


def test_what_the_editor_says_wins(tmp_path: Path) -> None:
    issue(tmp_path / "a", "12、13", "2026-03-01")
    made = kan_new(tmp_path / "b", "--number", "14 & 15", "--date", "2026-05-05")
    assert made.exit_code == 0
    assert said(tmp_path / "b") == ("14 & 15", "2026-05-05")


def test_briefs_come_with_it_and_everything_is_valid(tmp_path: Path) -> None:
    issue(tmp_path / "a", "1", "2026-03-01", "<frequency>月刊</frequency>")
    made = kan_new(tmp_path / "b", "--briefs", "2")
    assert made.exit_code == 0
    assert not [each for each in check(tmp_path / "b") if each.severity is Severity.ERROR]
    root = parse(tmp_path / "b" / "issue.xml").root
    assert [each.get("href") for each in root.iterfind("contents/brief")] == ["brief-1.xml", "brief-2.xml"]


@pytest.mark.parametrize(
    "contents",
    [
        "<contents/>",
        "<contents ><!-- </contents> --><brief href='a.xml'></brief><?x </contents>?></contents >",
        "<contents>\r\n    <brief href='a.xml'/>\r\n  </contents>",
    ],
)
def test_contents_written_in_any_way_are_emptied(tmp_path: Path, contents: str) -> None:
    issue(tmp_path / "a", "<![CDATA[第8期]]>", "2026-03-01", "<frequency>月刊</frequency>", contents=contents)
    write(new_issue(tmp_path / "b"))
    assert said(tmp_path / "b") == ("第9期", "2026-04-01")
    (contents_after,) = parse(tmp_path / "b" / "issue.xml").root.iter("contents")
    assert len(list(contents_after.iter("brief"))) == 0
    old, new_ = ((tmp_path / name / "issue.xml").read_bytes() for name in "ab")
    assert old.partition(b"<issue-meta>")[0] == new_.partition(b"<issue-meta>")[0]
    assert (b"\r\n    <!--" in new_) == ("\r\n" in contents)


def test_what_belongs_to_all_briefs_is_carried_and_said(tmp_path: Path) -> None:
    more = '<gpn>2009400001</gpn><cover-picture href="figures/none.png" alt="圖"/><note-style href="notes.toml"/>'
    old = issue(tmp_path / "a", "1", "2026-03-01", f"<frequency>月刊</frequency>{more}")
    (old / "notes.toml").write_text('base = "biweekly"\n', encoding="utf-8")
    (old / "vocabulary.toml").write_text("", encoding="utf-8")
    made = new_issue(tmp_path / "b")
    assert set(made.files) == {"issue.xml", "notes.toml", "vocabulary.toml"}
    remarks = "\n".join(each.zh for each in made.remarks)
    assert "GPN" in remarks and "notes.toml" in remarks and "找不到封面圖 figures/none.png" in remarks


def test_a_cover_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    more = '<frequency>月刊</frequency><cover-picture href="../secret.png" alt="圖"/>'
    issue(tmp_path / "a", "1", "2026-03-01", more)
    assert set(new_issue(tmp_path / "b").files) == {"issue.xml"}


@pytest.mark.parametrize(
    ("number", "day", "more", "code"),
    [
        ("12、13", "2026-03-01", "<frequency>月刊</frequency>", "I082"),
        ("12", "2026-03-01", "", "I081"),
        ("12", "2026-03-01", "<frequency>不定期</frequency>", "I081"),
        ("12", "2026-02-30", "", "I083"),
        ("", "2026-03-01", "", "I083"),
    ],
)
def test_what_cannot_be_told_is_asked_for_and_nothing_is_made(
    tmp_path: Path, number: str, day: str, more: str, code: str
) -> None:
    issue(tmp_path / "a", number, day, more)
    with pytest.raises(ManuscriptError) as error:
        new_issue(tmp_path / "b")
    assert codes(error) == [code]
    assert not (tmp_path / "b").exists()


def test_an_older_issue_that_cannot_be_read_is_skipped_or_reported(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "issue.xml").write_text("<issue>", encoding="utf-8")
    with pytest.raises(ManuscriptError) as error:
        new_issue(tmp_path / "b", published=date(2026, 5, 5))
    assert codes(error) == ["P006"]
    issue(tmp_path / "a", "1", "2026-03-01", "<frequency>月刊</frequency>")
    made = new_issue(tmp_path / "b")
    assert "broken" in made.remarks[-1].zh


def test_an_issue_that_is_there_is_not_touched(tmp_path: Path) -> None:
    old = issue(tmp_path / "a", "1", "2026-03-01", "<frequency>月刊</frequency>")
    before = (old / "issue.xml").read_bytes()
    for path in (old, old / "issue.xml"):
        refused = kan_new(path)
        assert refused.exit_code == 1 and "I080" in refused.stdout
    assert (old / "issue.xml").read_bytes() == before
    assert [each.name for each in tmp_path.rglob("*")] == ["a", "issue.xml"]


def test_word_files_in_the_folder_stay(tmp_path: Path) -> None:
    issue(tmp_path / "a", "1", "2026-03-01", "<frequency>月刊</frequency>")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "稿件.docx").write_bytes(b"PK")
    write(new_issue(tmp_path / "b"))
    assert sorted(each.name for each in (tmp_path / "b").iterdir()) == ["issue.xml", "稿件.docx"]


def test_the_first_issue_is_a_skeleton_with_every_element_explained(tmp_path: Path) -> None:
    asked = kan_new(tmp_path / "first")
    assert asked.exit_code == 1 and "I081" in asked.stdout and not (tmp_path / "first").exists()
    made = kan_new(tmp_path / "first", "--date", "2026-12-01", "--briefs", "1")
    assert made.exit_code == 0 and "骨架" in made.stderr
    assert not [each for each in check(tmp_path / "first") if each.severity is Severity.ERROR]
    text = (tmp_path / "first" / "issue.xml").read_text(encoding="utf-8")
    schema = etree.parse(HOUSE / "pipeline" / "validate" / "issue.rng")
    names = {str(each) for each in schema.xpath("//*[local-name()='element']/@name")}
    rarely_needed = {"journal-id", "journal-subtitle", "trans-subtitle", "abbrev-journal-title", "publisher-loc"}
    without_briefs = {name for name in names - rarely_needed if f"<{name}" not in text}
    assert without_briefs == set()


# A brief


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = issue(
        tmp_path / "a", "1", "2026-03-01", "<focus-categories><subject>甲--乙</subject></focus-categories>"
    )
    (made / "brief-1.xml").write_text(ARTICLE.format(meta=TITLE, body="<p>文。</p>"), encoding="utf-8")
    return made


def test_a_brief_is_made_and_listed_last(folder: Path) -> None:
    before = (folder / "issue.xml").read_text(encoding="utf-8")
    made = kan_new(folder / "brief-9.xml")
    assert made.exit_code == 0
    listed = before.replace('"brief-1.xml"/>\n', '"brief-1.xml"/>\n    <brief href="brief-9.xml"/>\n')
    assert (folder / "issue.xml").read_text(encoding="utf-8") == listed
    assert not [each for each in check(folder) if each.severity is Severity.ERROR]
    assert "甲- -乙" in (folder / "brief-9.xml").read_text(encoding="utf-8")


def test_every_placeholder_is_found_until_it_is_replaced(folder: Path) -> None:
    write(new_brief(folder / "brief-9.xml"))
    source = parse(folder / "brief-9.xml")
    found = {str(values["words"]) for _, values in unfinished.placeholder(source, folder)}
    assert found == {
        unfinished.PLACEHOLDERS[name] for name in ("title", "author", "unit", "heading", "paragraph", "note")
    }
    assert CODES["R062"].severity is Severity.WARNING
    assert [each.code for each in check(folder / "brief-9.xml")].count("R062") == len(found)
    assert not list(unfinished.placeholder(parse(SAMPLE / "brief-1.xml"), SAMPLE))


@pytest.mark.parametrize(
    ("contents", "after"),
    [
        ("<contents/>", '<contents>\n    <brief href="b.xml"/>\n  </contents>'),
        ("<contents></contents>", '<contents>\n    <brief href="b.xml"/>\n  </contents>'),
        ("<contents>\n  </contents>", '<contents>\n    <brief href="b.xml"/>\n  </contents>'),
        (
            "<contents>\n    <!-- 空 -->\n  </contents>",
            '<contents>\n    <!-- 空 -->\n    <brief href="b.xml"/>\n  </contents>',
        ),
        (
            '<contents>\n\t<brief href="a.xml"></brief>\n  </contents>',
            '<contents>\n\t<brief href="a.xml"></brief>\n\t<brief href="b.xml"/>\n  </contents>',
        ),
    ],
)
def test_contents_written_in_any_way_take_one_more(tmp_path: Path, contents: str, after: str) -> None:
    made = issue(tmp_path / "a", "1", "2026-03-01", contents=contents)
    before = (made / "issue.xml").read_text(encoding="utf-8")
    write(new_brief(made / "b.xml"))
    assert (made / "issue.xml").read_text(encoding="utf-8") == before.replace(contents, after)


def test_a_brief_that_is_listed_already_or_not_to_be_listed(folder: Path) -> None:
    before = (folder / "issue.xml").read_bytes()
    (folder / "brief-1.xml").unlink()
    listed = kan_new(folder / "brief-1.xml")
    alone = kan_new(folder / "brief-2.xml", "--no-add")
    assert "原本就列了" in listed.stderr and "沒有列進" in alone.stderr
    assert (folder / "issue.xml").read_bytes() == before


def test_a_brief_outside_an_issue(tmp_path: Path) -> None:
    made = kan_new(tmp_path / "brief.xml")
    assert made.exit_code == 0 and "沒有 issue.xml" in made.stderr
    assert not [each for each in check(tmp_path / "brief.xml") if each.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("name", "code"),
    [("brief-1.xml", "I080"), ("none/brief-2.xml", "I084"), ("a#b.xml", "I085"), (" .xml", "I085")],
)
def test_a_brief_that_cannot_be_made(folder: Path, name: str, code: str) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    refused = kan_new(folder / name)
    assert refused.exit_code == 1 and code in refused.stdout
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_an_issue_file_that_is_broken_is_reported_and_no_brief_made(folder: Path) -> None:
    (folder / "issue.xml").write_text("<issue><contents>", encoding="utf-8")
    refused = kan_new(folder / "brief-2.xml")
    assert refused.exit_code == 1 and "P006" in refused.stdout
    assert not (folder / "brief-2.xml").exists()


def test_a_failed_writing_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    made = new_brief(folder / "brief-2.xml")
    (folder / "issue.xml").write_text("<issue/>", encoding="utf-8")  # another program wrote meanwhile
    with pytest.raises(InstallationError):
        write(made)
    assert not (folder / "brief-2.xml").exists()
    with pytest.raises(InstallationError):
        write(Made(folder, {"ok.xml": b"", "brief-1.xml/x.xml": b""}))
    assert not (folder / "ok.xml").exists()
    with pytest.raises(InstallationError):
        write(Made(folder / "brief-1.xml" / "b", {"issue.xml": b""}))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["x.xml", "--date", "2026-01-01"],
        ["x.xml", "--briefs", "2"],
        ["x", "--no-add"],
        ["x", "--date", "明天"],
        ["x", "--number", ""],
        ["x", "--number", "1\x1b"],
        ["x.docx"],
    ],
)
def test_options_that_do_not_belong_are_refused(tmp_path: Path, arguments: list[str]) -> None:
    name, *options = arguments
    refused = kan_new(tmp_path / name, *options)
    assert refused.exit_code == 2 and not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "said"), [("2027-03", True), ("2027-13", True), ("2027-01", False), ("十二期", False)]
)
def test_a_folder_named_for_another_month_is_told(tmp_path: Path, name: str, said: bool) -> None:
    shutil.copytree(SAMPLE, tmp_path / "2026-11")
    made = new_issue(tmp_path / name, published=date(2027, 1, 20))
    assert any("資料夾叫" in each.zh for each in made.remarks) == said

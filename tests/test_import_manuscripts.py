"""Import of manuscripts as authors write them: each against the brief that an editor wants (tests/manuscripts)."""

import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from pipeline.diagnostics import ManuscriptError
from tests.manuscripts import notation
from tests.manuscripts.ideal import ideal
from tests.manuscripts.importer import brief, imported, scored
from tests.manuscripts.make.__main__ import MAKERS
from tests.manuscripts.notation import Expected, all_expected, expected
from tests.manuscripts.score import Report, read, score

WANTED = {each.name: each for each in all_expected()}
CORRECTED = [each for each in WANTED.values() if each.before]
BY_HAND = [
    each
    for each in WANTED.values()
    if re.fullmatch("python-docx|(?!.*LibreOffice).*parts written by hand", each.made)
]
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).parents[1] / "pipeline" / "validate" / "brief.rng"))

each_manuscript = pytest.mark.parametrize("wanted", WANTED.values(), ids=WANTED)


# What the importer makes of them


@each_manuscript
def test_the_text_is_the_same_character_by_character(wanted: Expected) -> None:
    found = scored(wanted)
    assert found.points["text"] + found.points["notes"] + found.points["report"] == []


@each_manuscript
def test_the_notes_stand_where_they_stood(wanted: Expected) -> None:
    assert scored(wanted).points["anchors"] == []


@each_manuscript
def test_the_lines_at_the_top_are_told_apart(wanted: Expected) -> None:
    assert scored(wanted).points["front"] == []


@each_manuscript
def test_the_blocks_are_what_the_author_meant(wanted: Expected) -> None:
    found = scored(wanted)
    assert found.points["blocks"] + found.points["tables"] == []


@each_manuscript
def test_words_are_marked(wanted: Expected) -> None:
    points = scored(wanted).points
    assert points["links"] + points["italics"] + points["languages"] + points["references"] == []


@each_manuscript
def test_changes_comments_and_doubts_are_reported(wanted: Expected) -> None:
    points = scored(wanted).points
    assert points["changes"] + points["comments"] + points["doubts"] == []


def test_headings_are_right_in_nearly_all_cases_and_each_miss_is_reported() -> None:
    found = [scored(wanted) for wanted in WANTED.values()]
    headings = sum(each.headings for each in found)
    missed = sum(len(each.missed) for each in found)
    assert headings > 400
    assert (headings - missed) / headings >= 0.95
    assert [heading for each in found for heading in each.silent] == []


# Importing a corrected manuscript again


@pytest.mark.parametrize("wanted", CORRECTED, ids=lambda each: each.name)
def test_a_corrected_manuscript_keeps_the_ids_of_its_notes(wanted: Expected) -> None:
    earlier = expected(wanted.before)
    before = read(brief(earlier.path).data).note_ids
    report = imported(wanted.path, before=earlier.path)
    now = read(report.xml).note_ids
    assert {new: now[new - 1] for _, new in wanted.kept} == {new: before[old - 1] for old, new in wanted.kept}
    fresh = set(range(1, len(now) + 1)) - {new for _, new in wanted.kept}
    assert not {now[new - 1] for new in fresh} & set(before)
    again = score(wanted, report)
    assert again.points == {point: [] for point in again.points}


# The set


def test_the_set_is_as_large_and_various_as_promised() -> None:
    assert len(WANTED) >= 25
    assert {each.path.suffix for each in WANTED.values()} == {".docx", ".odt", ".md", ".html", ".txt"}
    tools = {re.split("[,:;(]", each.made)[0].split(" ")[0] for each in WANTED.values()}
    assert {"pandoc", "python-docx", "LibreOffice", "Word", "WPS", "Google", "Pages"} <= tools
    assert set(MAKERS) == set(WANTED)
    assert {each.path.name for each in WANTED.values()} == {each.name for each in notation.FILES.iterdir()}


@each_manuscript
def test_no_manuscript_is_large_or_from_our_own_exporter(wanted: Expected) -> None:
    assert wanted.path.stat().st_size < 48_000
    if wanted.path.suffix in (".docx", ".odt"):
        with zipfile.ZipFile(wanted.path) as archive:
            assert not any("kan" in name for name in archive.namelist())


@pytest.mark.parametrize("wanted", BY_HAND, ids=lambda each: each.name)
def test_a_manuscript_made_again_is_the_same(
    wanted: Expected, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = _members(wanted.path)
    monkeypatch.setattr(notation, "FILES", tmp_path)
    MAKERS[wanted.name](wanted)
    assert _members(tmp_path / wanted.file) == kept


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# The scorer


@each_manuscript
def test_what_an_editor_wants_is_a_valid_brief_without_a_miss(wanted: Expected) -> None:
    xml = ideal(wanted)
    assert SCHEMA.validate(etree.fromstring(xml)), SCHEMA.error_log
    lines = (*wanted.changes, *wanted.comments, *wanted.doubts)
    report = Report(xml, doubts=lines, changes=lines, comments=lines)
    found = score(wanted, report)
    assert found.points == {point: [] for point in found.points}


@pytest.mark.parametrize(
    ("old", "new", "point"),
    [
        ("信任。居民", "信任，居民", "text"),
        ("<title>名冊</title>", "<title>1.名冊</title>", "headings"),
        ("第40卷", "第41卷", "notes"),
        ("以全民防衛演練為例", "以演練為例", "front"),
        ("<subject>國防資源</subject>", "", "front"),
        ("國防戰略研究所", "國防研究所", "front"),
        ("disp-quote", "list", "blocks"),
        ('ext-link-type="uri"', 'ext-link-type="uri" href=""', "links"),
        ("specific-use", "title", "references"),
    ],
)
def test_the_scorer_sees_what_is_wrong(old: str, new: str, point: str) -> None:
    wanted = expected("10-reserve")
    text = ideal(wanted).decode()
    assert old in text
    if point == "links":
        text = text.replace("xlink:href", "xlink:title")
    elif point == "references":
        text = re.sub(r'<xref ref-type="fn" [^>]*/>', "同註1", text)
    elif point == "blocks":
        text = text.replace("<disp-quote>", "").replace("</disp-quote>", "")
    else:
        text = text.replace(old, new, 1)
    assert score(wanted, Report(text.encode())).points[point]


def test_the_scorer_sees_a_note_that_moved() -> None:
    wanted = expected("10-reserve")
    root = etree.fromstring(ideal(wanted))
    note = root.find(".//fn")
    assert note is not None
    parent = note.getparent()
    assert parent is not None
    parent.remove(note)
    parent.insert(0, note)
    note.tail, parent.text = parent.text, ""
    assert score(wanted, Report(etree.tostring(root))).points["anchors"]


def test_the_scorer_sees_a_heading_that_nobody_was_told_of() -> None:
    wanted = expected("11-rates")
    root = etree.fromstring(ideal(wanted))
    title = root.find(".//sec/sec/title")
    assert title is not None
    title.tag = "p"
    xml = etree.tostring(root)
    assert score(wanted, Report(xml)).silent == ["2 租金報酬偏低"]
    assert score(wanted, Report(xml, doubts=("第5段「租金報酬偏低」：像標題",))).silent == []


def test_a_manuscript_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ManuscriptError):
        imported(tmp_path / "沒有.docx")

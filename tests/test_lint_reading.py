"""What the rules read: passages, whose words a stretch of text is, notes called in it, and what they share."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.diagnostics import ManuscriptError
from pipeline.edit import edited
from pipeline.lint.practice import practice
from pipeline.lint.reading import IssueReading, Passage, Reading, publication_date, read_briefs
from pipeline.lint.vocabulary import Vocabulary, read_vocabulary, vocabulary_of
from pipeline.parse import parse, parse_bytes
from tests.conftest import SAMPLE
from tests.test_lint import wrapped


def reading(extract: str, within: str = "text") -> Reading:
    return read_briefs([wrapped(within, extract)], IssueReading())[0]


def passage(extract: str, within: str = "text") -> Passage:
    """The passage of the extract: the third, after title and heading; in a note the fourth."""
    return reading(extract, within).passages[3 if within == "note" else 2]


def own(text: str, within: str = "text") -> str:
    return passage(text, within).own_text.replace("\ufffc", "-")


def test_passages_are_the_texts_of_a_brief_in_order() -> None:
    brief = reading(
        '文甲<fn id="n1"><p>註一</p><p>註二</p></fn>乙。<italic>x</italic></p>'
        '<disp-quote><p>引<fn id="n2"><p>註三</p></fn></p><attrib>某人</attrib></disp-quote>'
        '<list list-type="bullet"><list-item><p>項</p></list-item></list>'
        "<table-wrap><caption><title>表名</title></caption><table><tbody><tr><td>格</td><td><p>格段</p></td></tr>"
        "</tbody></table></table-wrap><p>末"
    )
    assert [(each.kind, each.text) for each in brief.passages] == [
        ("title", "題名"),
        ("heading", "前言"),
        ("body", "文甲乙。x"),
        ("note", "註一"),
        ("note", "註二"),
        ("quotation", "引"),
        ("note", "註三"),
        ("attribution", "某人"),
        ("body", "項"),
        ("caption", "表名"),
        ("cell", "格"),
        ("cell", "格段"),
        ("body", "末"),
    ]
    assert [brief.number(each) for each in brief.notes] == [1, 1, 2]


def test_calls_are_known_by_the_character_they_stand_before() -> None:
    one, two, three = (f'<fn id="{name}"><p>註</p></fn>' for name in "abc")
    calls = passage(f"甲<bold>乙{one}</bold>，{two}<italic>丙</italic>丁{three}").calls
    assert [(at, note.get("id")) for at, note in calls] == [(2, "a"), (3, "b"), (5, "c")]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("他讀《台灣史》與〈一篇〉。", "他讀《---》與〈--〉。"),
        ("「對北廣播」停了。", "「對北廣播」停了。"),
        ("部長說「不會退讓」。", "部長說「----」。"),
        ("他指出：「情勢嚴峻。」", "他指出：「-----」"),
        ("見《甲〈乙〉丙》。", "見《-----》。"),
        ("「甲『乙丙丁戊己庚辛壬癸子丑』寅」", "「---------------」"),
        ("沒有關上「的引號，後面照讀。", "沒有關上「的引號，後面照讀。"),
        ("看https://a.tw/b?c=1。好", "看------------------。好"),
        ("“English words” 字", "“-------------” 字"),
    ],
)
def test_what_is_someone_elses(text: str, left: str) -> None:
    assert own(text) == left


def test_a_block_quotation_and_marked_titles_are_someone_elses() -> None:
    brief = reading("文</p><disp-quote><p>別人的話</p></disp-quote><p>文")
    assert brief.passages[3].zones == "qqqq"
    note = '<mixed-citation publication-type="book">甲，<source>乙書</source>（丙）</mixed-citation>'
    assert own(note, "note") == "甲，--（丙）"


def test_places_and_replacements_across_markup() -> None:
    each = passage("甲<bold>乙</bold>丙&amp;丁")
    source = each.source
    line = source.data.decode().split("\n")[0]
    place = each.place(1, 3)
    assert line[place.column - 1 : place.end_column - 1] == "乙</bold>丙"
    assert each.replaced(0, 2, "子") == ()
    (edit,) = each.replaced(3, 4, "<&>")
    assert "丙&lt;&amp;&gt;丁" in edited(source, [edit]).decode()
    (edit,) = each.replaced(5, 5, "。")
    assert "丙&amp;丁。</p>" in edited(source, [edit]).decode()
    (edit,) = each.replaced(0, 0, "起")
    assert "<p>起甲<bold>" in edited(source, [edit]).decode()


def test_language_of_a_passage() -> None:
    brief = reading('文<fn id="n"><p>Ema Ganivatu, “Pacific Leaders Call,” Islands Business.</p></fn>')
    assert [each.lang for each in brief.passages[2:]] == ["zh-Hant-TW", "en"]
    assert passage("他讀〈대남 방송〉。").lang_at(4) == "ko"
    assert passage("他讀〈대남 방송〉。").lang_at(1) == "zh-Hant-TW"


def test_sentences_keep_their_closing_marks() -> None:
    each = passage("甲。「乙！」丙")
    assert [each.text[start:end] for start, end in each.sentences] == ["甲。", "「乙！」", "丙"]


def test_practice_needs_a_clear_majority() -> None:
    assert practice({"台": [1, 2, 3, 4], "臺": [5]}) is not None
    assert practice({"台": [1, 2], "臺": [3, 4]}) is None
    assert practice({"台": [1, 2], "臺": []}) is None
    found = practice({"台": [1, 2, 3, 4], "臺": [5, 6]})
    assert found is not None
    assert (found.form, found.count, {form: len(places) for form, places in found.others.items()}) == (
        "台",
        4,
        {"臺": 2},
    )


def test_date_of_the_issue() -> None:
    assert publication_date(parse(SAMPLE / "issue.xml")) == date(2026, 11, 20)
    broken = '<issue><issue-meta><pub-date iso-8601-date="2026-13-40"/></issue-meta></issue>'
    assert publication_date(parse_bytes(Path("issue.xml"), broken.encode())) is None
    assert publication_date(None) is None


def test_vocabulary(tmp_path: Path) -> None:
    issue = tmp_path / "2026-11"
    issue.mkdir()
    assert vocabulary_of(issue) == Vocabulary()
    (tmp_path / "vocabulary.toml").write_text(
        'terms = ["台灣"]\npairs = [["澳洲", "澳大利亞"]]\n[instead]\n"信息" = "資訊"\n', encoding="utf-8"
    )
    read = vocabulary_of(issue)
    assert read.may_stand("台灣") and not read.may_stand("臺灣")
    assert read.are_apart("澳大利亞", "澳洲") and not read.are_apart("澳洲", "紐澳")
    assert read.instead == {"信息": "資訊"}
    (issue / "vocabulary.toml").write_text("terms = []\n", encoding="utf-8")
    assert vocabulary_of(issue) == Vocabulary()


@pytest.mark.parametrize(
    "text",
    [
        "terms = 台灣",
        'term = ["台灣"]',
        'terms = "台灣"',
        "terms = [1]",
        'pairs = [["一"]]',
        "[instead]\na = 1",
        "\x00",
    ],
)
def test_wrong_vocabulary(tmp_path: Path, text: str) -> None:
    path = tmp_path / "vocabulary.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ManuscriptError) as error:
        read_vocabulary(path)
    assert [found.code for found in error.value.diagnostics] == ["V001"]

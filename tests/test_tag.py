"""Citations tagged in a manuscript: what is inserted, and that nothing else changes."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.citations.tag import Tagging, citation_edits
from pipeline.edit import edited, shown
from pipeline.flat import flat
from pipeline.parse import Source, parse, parse_bytes
from pipeline.validate import check_brief
from tests.conftest import ARTICLE, REAL_ISSUE, SAMPLE, TITLE
from tests.test_recognise import MARKED, NOTES, read_marked

Brief = Callable[..., Source]

LINK = '<ext-link ext-link-type="uri" xlink:href="{0}">{0}</ext-link>'


def in_note(note: str) -> str:
    return f'<p>文<fn id="n1"><p>{note}</p></fn></p>'


def after(source: Source) -> tuple[Source, Tagging]:
    """A brief once it is tagged; the texts and what `check_brief` says of it are as before."""
    tagging = citation_edits(source)
    new = parse_bytes(source.path, edited(source, tagging.edits))
    assert texts(new) == texts(source)
    assert codes(new) == codes(source)
    return new, tagging


def texts(source: Source) -> list[str]:
    return [flat(paragraph).text for paragraph in source.root.iter("p")]


def codes(source: Source) -> list[str]:
    return [found.code for found in check_brief(source, source.path.parent)]


def tagged(source: Source) -> str:
    """The markup of the first note of a brief once it is tagged."""
    new, _ = after(source)
    note = new.root.find(".//fn/p")
    assert note is not None
    markup = etree.tostring(note, encoding="unicode", with_tail=False)
    return re.sub(r"^<p[^>]*>|</p>$", "", markup)


def test_a_chinese_citation(brief: Brief) -> None:
    note = (
        "參見王小明、外交部，〈港口〉，《海峽日報》，2025年8月1日，" + LINK.format("https://example.tw/1") + "。"
    )
    assert tagged(brief(in_note(note))) == (
        '參見<mixed-citation publication-type="news" xml:lang="zh-Hant-TW">'
        '<person-group person-group-type="author">'
        '<string-name name-style="eastern"><surname>王</surname><given-names>小明</given-names></string-name>、'
        "<collab>外交部</collab></person-group>，〈<article-title>港口</article-title>〉，"
        "《<source>海峽日報</source>》，"
        '<date iso-8601-date="2025-08-01"><year>2025年8月1日</year></date>，'
        '<ext-link ext-link-type="uri" xlink:href="https://example.tw/1">https://example.tw/1</ext-link>'
        "</mixed-citation>。"
    )


def test_an_english_citation_with_italics(brief: Brief) -> None:
    note = "Jane Harbor and Tom de Vries, “Ferries,” <italic>Coastal News</italic>, July 2, 2025, https://e.com/1."
    assert tagged(brief(in_note(note))) == (
        '<mixed-citation publication-type="news" xml:lang="en"><person-group person-group-type="author">'
        '<string-name name-style="western"><given-names>Jane</given-names> <surname>Harbor</surname></string-name>'
        ' and <string-name name-style="western"><given-names>Tom</given-names> <surname>de Vries</surname>'
        "</string-name></person-group>, “<article-title>Ferries</article-title>,” "
        "<source><italic>Coastal News</italic></source>, "
        '<date iso-8601-date="2025-07-02"><year>July 2, 2025</year></date>, https://e.com/1</mixed-citation>.'
    )


def test_a_korean_title_in_chinese_marks_is_korean_in_a_chinese_citation(brief: Brief) -> None:
    assert tagged(brief(in_note("〈바다의 날〉，《남해일보》，2026年月3日，https://example.kr/1。"))) == (
        '<mixed-citation publication-type="news" xml:lang="zh-Hant-TW">'
        '〈<article-title xml:lang="ko">바다의 날</article-title>〉，《<source xml:lang="ko">남해일보</source>》，'
        "2026年月3日，https://example.kr/1</mixed-citation>。"
    )


def test_a_book_with_editors_and_its_translator(brief: Brief) -> None:
    assert tagged(brief(in_note("羅成、梁又新主編，何靜宜譯，《邊界》（台北：群山，2023年），頁3。"))) == (
        '<mixed-citation publication-type="book" xml:lang="zh-Hant-TW"><person-group person-group-type="editor">'
        "<string-name>羅成</string-name>、<string-name>梁又新</string-name>"
        '</person-group>主編，<person-group person-group-type="translator">'
        '<string-name name-style="eastern"><surname>何</surname><given-names>靜宜</given-names></string-name>'
        "</person-group>譯，《<source>邊界</source>》（台北：群山，"
        '<date iso-8601-date="2023"><year>2023年</year></date>），頁3</mixed-citation>。'
    )


def test_elements_already_there_stay_nested(brief: Brief) -> None:
    foreign = '<named-content content-type="foreign" xml:lang="ja">対話<bold>の</bold>窓口</named-content>'
    markup = tagged(brief(in_note(f"佐藤海，〈{foreign}〉，《港新聞》，2025年5月1日。")))
    assert f'〈<article-title xml:lang="ja">{foreign}</article-title>〉' in markup


def test_a_part_that_would_cross_an_element_stays_untagged(brief: Brief) -> None:
    markup = tagged(brief(in_note("王小明，〈港<italic>口〉，《海峽</italic>日報》，2025年5月1日。")))
    assert "<string-name" in markup and "<date" in markup
    assert "<article-title" not in markup and "<source" not in markup


def test_a_title_that_is_a_link_stays_untagged(brief: Brief) -> None:
    link = '<ext-link ext-link-type="uri" xlink:href="https://example.tw/1">港口</ext-link>'
    markup = tagged(brief(in_note(f"王小明，〈{link}〉，《海峽日報》，2025年5月1日。")))
    assert f"〈{link}〉" in markup and "<source>" in markup


def test_a_citation_that_would_cross_an_element_is_a_doubt(brief: Brief) -> None:
    source = brief(in_note("<italic>參見王小明，〈港口〉</italic>，《海峽日報》，2025年5月1日。"))
    new, tagging = after(source)
    assert new.data == source.data
    assert [doubt.text for doubt in tagging.doubts] == ["王小明，〈港口〉，《海峽日報》，2025年5月1日"]


def test_what_is_tagged_is_left_alone(brief: Brief) -> None:
    done = '<mixed-citation publication-type="book">王小明，《港口》（台北：群山，2023年）</mixed-citation>'
    markup = tagged(brief(in_note(f"{done}；李岳，《海》（台北：群山，2024年）。")))
    assert markup.startswith(done + '；<mixed-citation publication-type="book" xml:lang="zh-Hant-TW">')
    assert markup.count("<mixed-citation") == 2


def test_a_note_that_others_refer_to_may_not_come_to_hold_several(brief: Brief) -> None:
    two = "王小明，《港口》（台北：群山，2023年）；李岳，《海》（台北：群山，2024年）。"
    again = '<p>文<fn id="n2"><p><xref ref-type="fn" rid="n1" specific-use="same-source"/>。</p></fn></p>'
    source = brief(in_note(two) + again)
    new, tagging = after(source)
    assert new.data == source.data
    assert len(tagging.doubts) == 2


def test_entities_comments_and_character_data(brief: Brief) -> None:
    note = "王小明，〈甲&amp;乙<!-- 丙 -->〉，《海&#x5CFD;日報》，2025年5月1日，https://example.tw/?a=1&amp;b=2。"
    markup = tagged(brief(in_note(note)))
    assert "<article-title>甲&amp;乙<!-- 丙 --></article-title>" in markup or "<article-title>甲&amp;乙" in markup
    untouched = brief(in_note("<![CDATA[王小明，〈甲〉，《海峽日報》，2025年5月1日。]]>"))
    assert not citation_edits(untouched).edits


def test_places_texts_and_the_lines_that_change(brief: Brief) -> None:
    source = brief(in_note("見〈甲〉，《海峽日報》，2025年5月1日。全文見https://example.tw/2。"))
    tagging = citation_edits(source)
    assert [each.text for each in tagging.tagged] == ["〈甲〉，《海峽日報》，2025年5月1日"]
    assert [each.text for each in tagging.doubts] == ["全文見https://example.tw/2"]
    column = source.data.decode().index("〈甲〉") + 1
    assert (tagging.tagged[0].place.line, tagging.tagged[0].place.column) == (1, column)
    ((_, old, new),) = shown(source, tagging.edits)
    assert re.sub("<[^>]*mixed-citation[^>]*>|<[^>]*(article-title|source|date|year)[^>]*>", "", new) == re.sub(
        "<[^>]*(article-title|source|date|year)[^>]*>", "", old
    )


@pytest.mark.parametrize("folder", [SAMPLE, REAL_ISSUE], ids=["sample", "real"])
def test_whole_issues(folder: Path) -> None:
    if not folder.is_dir():
        pytest.skip(f"there is no {folder}")
    for path in sorted(folder.glob("brief-*.xml")):
        source = parse(path)
        new, tagging = after(source)
        assert not citation_edits(new).edits
        added = sum(1 for _ in new.root.iter("mixed-citation")) - sum(
            1 for _ in source.root.iter("mixed-citation")
        )
        assert added == len(tagging.tagged)


PIECES = [
    *(note for group in ("commentary", "doubtful") for note in NOTES[group]["notes"] if "\ufffc" not in note),
    *(read_marked(note)[0].replace("\ufffc", "") for note in MARKED),
]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=3), st.data())
def test_no_character_of_a_text_changes(pieces: list[str], data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(["；", "", "。"])).join(pieces)
    note = with_elements(text, data)
    source = parse_bytes(Path("brief.xml"), ARTICLE.format(meta=TITLE, body=in_note(note)).encode())
    new, _ = after(source)
    assert not citation_edits(new).edits


def with_elements(text: str, data: st.DataObject) -> str:
    """A text as markup with a few elements at random places, one beside the other or one in the other."""
    tags = [
        ("<italic>", "</italic>"),
        ("<bold>", "</bold>"),
        ('<named-content content-type="foreign" xml:lang="ko">', "</named-content>"),
    ]
    bounds = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    escaped = [part.replace("&", "&amp;").replace("<", "&lt;") for part in _cut(text, bounds)]
    for number in range(1, len(escaped), 2):
        opening, closing = data.draw(st.sampled_from(tags))
        if escaped[number]:
            escaped[number] = opening + escaped[number] + closing
    inner = "".join(escaped)
    opening, closing = data.draw(st.sampled_from([*tags, ("", ""), ("", "")]))
    return opening + inner + closing


def _cut(text: str, bounds: list[int]) -> list[str]:
    return [text[first:last] for first, last in pairwise([0, *bounds, len(text)])]

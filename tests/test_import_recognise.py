"""Recognising: what a manuscript looks like becomes the brief that an editor would have typed."""

# ruff: noqa: E501  (a paragraph is one line of a brief)

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.diagnostics import ManuscriptError, Severity
from pipeline.importing.document import (
    Block,
    Cell,
    Document,
    Inline,
    List,
    Note,
    NoteCall,
    Paragraph,
    Picture,
    Run,
    Table,
)
from pipeline.importing.recognise import Recognised, recognise
from pipeline.importing.recognise.labels import label_of
from pipeline.parse import parse_bytes
from pipeline.validate import check_brief

FILE = Path("王大明.docx")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)
LONG = "政策的效果要看執行，執行的效果要看人，而人的去留往往在制度之外，這是本文的出發點，也是終點。"


class Writing:
    """Numbers the paragraphs of a manuscript as they are written."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, *inlines: Inline | str, **look: object) -> Paragraph:
        """A paragraph; the look of a run (bold, size …) holds for all its strings."""
        self.count += 1
        of_run = {key: look.pop(key) for key in ("bold", "italic", "size", "font", "sup", "lang") if key in look}
        runs = tuple(Run(each, **of_run) if isinstance(each, str) else each for each in inlines)  # type: ignore[arg-type]
        return Paragraph(runs, self.count, **look)  # type: ignore[arg-type]


@pytest.fixture
def p() -> Writing:
    return Writing()


def read(*blocks: Block, **rest: object) -> Recognised:
    """What is recognised in blocks."""
    return recognise(Document("docx", blocks, **rest), FILE)  # type: ignore[arg-type]


def body(found: Recognised) -> str:
    """The body as it is written, without its outer tags and indent."""
    text = found.xml.decode()
    assert text.count("<body>") == 1
    lines = text.partition("<body>\n")[2].partition("  </body>")[0].splitlines()
    return "\n".join(line[4:] for line in lines)


def front(found: Recognised) -> str:
    text = found.xml.decode()
    lines = text.partition("<article-meta>\n")[2].partition("    </article-meta>")[0].splitlines()
    return "\n".join(line[6:] for line in lines)


def codes(found: Recognised) -> list[str]:
    """The doubts; most texts below are too short to name an author."""
    return [each.code for each in found.doubts if each.code != "I059"]


def expect(text: str, found: str) -> None:
    lines = text.strip("\n").splitlines()
    margin = len(lines[0]) - len(lines[0].lstrip())
    assert found == "\n".join(line[margin:] for line in lines if line.strip())


# Front


def test_title_subtitle_author_unit_and_focus(p: Writing) -> None:
    found = read(
        p("深偽影片的", "管制", style="Title", bold=True, size=18.0),
        p("——三個國家的經驗", alignment="center"),
        p("國家安全研究所助理研究員　王 大明"),
        p("焦點類別：國際情勢、印太區域"),
        p("壹、前言", bold=True),
        p("　　" + LONG),
    )
    expect(
        """
        <article-categories>
          <subj-group subj-group-type="focus">
            <subject>國際情勢</subject>
            <subject>印太區域</subject>
          </subj-group>
        </article-categories>
        <title-group>
          <article-title>深偽影片的管制</article-title>
          <subtitle>三個國家的經驗</subtitle>
        </title-group>
        <contrib-group>
          <contrib contrib-type="author">
            <name name-style="eastern">
              <surname>王</surname>
              <given-names>大明</given-names>
            </name>
            <aff>國家安全研究所助理研究員</aff>
          </contrib>
        </contrib-group>
        """,
        front(found),
    )
    expect(f"<sec>\n  <title>前言</title>\n  <p>{LONG}</p>\n</sec>", body(found))
    assert Counter((each.number, each.text) for each in found.accounted if each.text.strip()) == Counter(
        [(2, "——"), (4, "焦點類別："), (4, "、"), (5, "壹、")]
    )


def test_several_authors_with_their_units_abstract_and_keywords(p: Writing) -> None:
    found = read(
        p("題目：漁權談判的國內因素", bold=True, alignment="center"),
        p("Domestic Factors in Fishery Talks"),
        p("作者：韓思遠*、歐陽修文"),
        p("服務單位：海洋事務研究所"),
        p("摘要", bold=True),
        p("漁權談判停滯，主因在地方。"),
        p("關鍵詞：漁權；重疊海域"),
        p("* 本文曾於研討會發表，感謝評論人。"),
        p("前言", bold=True),
        p(LONG),
    )
    expect(
        """
        <title-group>
          <article-title>漁權談判的國內因素</article-title>
          <trans-title-group xml:lang="en">
            <trans-title>Domestic Factors in Fishery Talks</trans-title>
          </trans-title-group>
        </title-group>
        <contrib-group>
          <contrib contrib-type="author">
            <name name-style="eastern">
              <surname>韓</surname>
              <given-names>思遠</given-names>
            </name>
            <aff>海洋事務研究所</aff>
          </contrib>
          <contrib contrib-type="author">
            <name name-style="eastern">
              <surname>歐陽</surname>
              <given-names>修文</given-names>
            </name>
            <aff>海洋事務研究所</aff>
            <xref ref-type="author-notes" rid="AN"/>
          </contrib>
        </contrib-group>
        <author-notes>
          <fn id="AN"><p>本文曾於研討會發表，感謝評論人。</p></fn>
        </author-notes>
        <abstract>
          <p>漁權談判停滯，主因在地方。</p>
        </abstract>
        <kwd-group xml:lang="zh-Hant-TW">
          <kwd>漁權</kwd>
          <kwd>重疊海域</kwd>
        </kwd-group>
        """,
        re.sub("an-[0-9a-f]{6}", "AN", front(found)),
    )
    assert [each.text for each in found.added] == ["海洋事務研究所"]  # typed once, for both


def test_empty_fields_are_dropped_and_authors_stand_above_their_units(p: Writing) -> None:
    found = read(
        p("離島的航班：", bold=True, size=18.0),
        p("以金門為例", bold=True, size=18.0),
        p("王大明", alignment="right"),
        p("政治學系", alignment="right"),
        p("岑美雲", alignment="right"),
        p("法律學系", alignment="right"),
        p("單位："),
        p("焦點類別："),
        p("關鍵詞：PDF/A、港口／航班"),
        p("壹、前言", bold=True),
        p(LONG),
    )
    text = "".join(line.strip() for line in front(found).splitlines())
    assert "<article-title>離島的航班</article-title><subtitle>以金門為例</subtitle>" in text
    assert "<given-names>大明</given-names></name><aff>政治學系</aff>" in text
    assert "<given-names>美雲</given-names></name><aff>法律學系</aff>" in text
    assert "subj-group" not in text
    assert "<kwd>PDF/A</kwd><kwd>港口</kwd><kwd>航班</kwd>" in text
    assert body(found).startswith("<sec>\n  <title>前言</title>")


def test_several_authors_share_the_unit_on_their_line(p: Writing) -> None:
    found = read(p("海纜的維修", style="Title"), p("許家豪、蔡佩珊，海洋政策中心"), p("壹、前言"), p(LONG))
    assert front(found).count("<aff>海洋政策中心</aff>") == 2


def test_a_name_in_latin_letters_beside_the_name(p: Writing) -> None:
    found = read(
        p("雲端備份", style="Title"),
        p("羅世傑 (Shih-Chieh Lo)"),
        p("國家安全研究所 研究員"),
        p("壹、前言"),
        p(LONG),
    )
    text = "".join(line.strip() for line in front(found).splitlines())
    assert '<name name-style="eastern" xml:lang="zh-Hant-TW"><surname>羅</surname>' in text
    assert "<surname>Lo</surname><given-names>Shih-Chieh</given-names></name></name-alternatives>" in text
    assert "<aff>國家安全研究所 研究員</aff>" in text


def test_the_only_heading_at_the_top_is_the_title(p: Writing) -> None:
    found = read(p("為什麼要開到十點", outline=1), p("計安邦（閱讀推廣協會）"), p(LONG))
    assert "<article-title>為什麼要開到十點</article-title>" in front(found)
    assert body(found) == f"<p>{LONG}</p>"


def test_a_line_that_is_not_understood_stays_in_the_text(p: Writing) -> None:
    found = read(p("題名", style="Title"), p("第12期投稿"), p("焦點類別：海洋"), p("壹、前言", bold=True), p(LONG))
    assert body(found).startswith("<p>第12期投稿</p>\n<sec>")
    assert "I023" in codes(found)


def test_without_a_title_the_name_of_the_file_stands_in_and_is_reported(p: Writing) -> None:
    found = read(p(LONG), p(LONG))
    assert "<article-title>王大明</article-title>" in front(found)
    assert "I022" in codes(found)


def test_a_manuscript_without_text_is_refused(p: Writing) -> None:
    with pytest.raises(ManuscriptError) as refused:
        read(p("　 "), p())
    assert [each.code for each in refused.value.diagnostics] == ["I020"]


# Headings


def outline(found: Recognised) -> list[str]:
    return [f"{each.level} {each.text}" for each in found.headings]


def titled(p: Writing, *rest: Paragraph, **more: object) -> Recognised:
    return read(p("題名", style="Title"), *rest, **more)


def test_levels_follow_the_labels_however_they_are_typed(p: Writing) -> None:
    found = titled(
        p,
        p("壹　前言"), p(LONG),
        p("貳、現況"),
        p("一、 供給"), p(LONG),
        p("(一)國內"), p(LONG),
        p("（二）國外"),
        p("1.日本"), p(LONG),
        p("２．韓國"), p(LONG),
        p("二、需求"), p(LONG),
        p("參、結論"), p(LONG),
    )  # fmt: skip
    assert outline(found) == [
        "1 前言", "1 現況", "2 供給", "3 國內", "3 國外", "4 日本", "4 韓國", "2 需求", "1 結論",
    ]  # fmt: skip
    assert codes(found) == []


def test_the_outermost_label_is_the_first_level_whichever_it_is(p: Writing) -> None:
    found = titled(p, p("一、前言"), p(LONG), p("二、分析"), p("1. 甲案"), p(LONG), p("2. 乙案"), p(LONG))
    assert outline(found) == ["1 前言", "1 分析", "2 甲案", "2 乙案"]


def test_styles_are_levels_and_typed_labels_in_them_go(p: Writing) -> None:
    found = titled(
        p, p("壹、前言", outline=1), p(LONG), p("貳、分析", outline=1), p("（一）甲", outline=2), p(LONG), p("（二）乙", outline=2), p(LONG)
    )  # fmt: skip
    assert outline(found) == ["1 前言", "1 分析", "2 甲", "2 乙"]
    assert {each.how.en for each in found.headings} == {"style"}


def test_bold_and_size_alone_make_headings_that_are_reported(p: Writing) -> None:
    found = titled(
        p,
        p("三種模式", bold=True, size=16.0), p(LONG, size=12.0),
        p("自管", bold=True, size=14.0), p(LONG, size=12.0),
        p("委外", bold=True, size=14.0), p(LONG, size=12.0),
    )  # fmt: skip
    assert outline(found) == ["1 三種模式", "2 自管", "2 委外"]
    assert codes(found) == ["I025"] * 3


def test_an_unlabelled_heading_among_labelled_ones_is_unnumbered(p: Writing) -> None:
    found = titled(
        p, p("前言", bold=True), p(LONG), p("壹、分析", bold=True), p(LONG), p("貳、建議", bold=True), p(LONG)
    )
    assert '<sec specific-use="unnumbered">\n  <title>前言</title>' in body(found)
    assert body(found).count("unnumbered") == 1
    assert codes(found) == []


def test_a_skipped_label_is_reported(p: Writing) -> None:
    found = titled(p, p("壹、甲"), p(LONG), p("參、乙"), p(LONG))
    (doubt,) = [each for each in found.doubts if each.code != "I059"]
    assert (doubt.code, doubt.place.line) == ("I026", 3)
    assert doubt.message.zh == "第3段「參、乙」：稿件寫「參、」，會印成「貳、」"


def test_labelled_sentences_are_no_headings(p: Writing) -> None:
    found = titled(
        p,
        p("壹、建議", bold=True),
        p("一、政府應在三年內完成立法，並且每年檢討一次。"),
        p("二、業者應公布資料。"),
        p("1. 先立法；"),
        p("2. 再施行。"),
        p("貳、結語", bold=True),
        p(LONG),
    )
    expect(
        f"""
        <sec>
          <title>建議</title>
          <p>一、政府應在三年內完成立法，並且每年檢討一次。</p>
          <p>二、業者應公布資料。</p>
          <list list-type="order">
            <list-item><p>先立法；</p></list-item>
            <list-item><p>再施行。</p></list-item>
          </list>
        </sec>
        <sec>
          <title>結語</title>
          <p>{LONG}</p>
        </sec>
        """,
        body(found),
    )


def test_a_skipped_level_and_a_bold_sentence_are_reported(p: Writing) -> None:
    found = titled(
        p,
        p("甲", outline=1),
        p(LONG),
        p("乙", outline=3),
        p(LONG),
        p("一、政府應當立法，每年檢討。", bold=True),
        p(LONG),
    )
    assert outline(found) == ["1 甲", "2 乙"]
    assert codes(found) == ["I044", "I029"]


def test_a_heading_without_text_becomes_a_paragraph(p: Writing) -> None:
    found = titled(p, p("壹、甲", outline=1), p("貳、乙", outline=1), p(LONG))
    expect(f"<p>壹、甲</p>\n<sec>\n  <title>乙</title>\n  <p>{LONG}</p>\n</sec>", body(found))
    assert "I027" in codes(found)


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("壹、前言", "capital", 1),
        ("拾貳、前言", "capital", 12),
        ("十二、前言", "han", 12),
        ("(三) 前言", "han-bracket", 3),
        ("３．前言", "arabic", 3),
        ("1.2 前言", "path", 2),
        ("⑤前言", "circled", 5),
        ("第二章　前言", "chapter", 2),
        ("Ⅳ、前言", "roman", 4),
    ],
)
def test_labels(typed: str, kind: str, value: int) -> None:
    label = label_of(typed)
    assert label is not None
    assert (label.kind, label.value, typed.removeprefix(label.text)) == (kind, value, "前言")


@pytest.mark.parametrize(
    "typed",
    ["2025年", "一方面", "3.5%", "1,000人", "（按：三人）", "二十世紀", f"第{'1' * 5000}章", "壹" * 5000 + "、"],
    ids=lambda typed: typed[:6],
)
def test_no_labels(typed: str) -> None:
    assert label_of(typed) is None


# Notes


def test_notes_stand_where_they_are_called_and_keep_their_ids(p: Writing) -> None:
    def manuscript(*calls: str) -> Recognised:
        p.count = 0
        body = (
            p("題名", style="Title"),
            p("前言", outline=1),
            p("甲說，", NoteCall(calls[0]), "乙說。", NoteCall(calls[-1])),
        )
        notes = {"1": Note((p(" 王大明，《甲書》。"),)), "2": Note((p("Ann Lee, “B,” Papers, 2020."),))}
        return recognise(Document("docx", body, {key: notes[key] for key in calls}), FILE)

    both, one = manuscript("1", "2"), manuscript("2")
    expect(
        """
        <sec>
          <title>前言</title>
          <p>甲說，<fn id="fn-e002aa"><p>王大明，《甲書》。</p></fn>乙說。<fn id="fn-de524d"><p xml:lang="en">Ann Lee, “B,” Papers, 2020.</p></fn></p>
        </sec>
        """,
        body(both),
    )
    assert '<fn id="fn-de524d">' in body(one)
    assert '<xref ref-type="fn" rid="fn-de524d"/>' in body(one)  # called twice


def test_typed_notes_become_notes(p: Writing) -> None:
    found = titled(
        p,
        p("壹、前言"),
        Paragraph((Run("甲說，"), Run("1", sup=True), Run("乙說。"), Run("[2]", sup=True), Run("面積3km"), Run("2", sup=True)), 3),
        p("貳、結論"),
        p("丙說。", Run("3", sup=True), "丁說。", Run("9", sup=True)),
        p("註釋", bold=True),
        p("1. 王大明，《甲書》。"),
        p("2. 同註1。"),
        p("3. 李小華，《乙書》。"),
        p("4. 沒有人用。"),
        p("參考文獻", bold=True),
        p("王大明，《甲書》，2020年。"),
    )  # fmt: skip
    text = re.sub("fn-[0-9a-f]{6}", "FN", body(found))
    expect(
        """
        <sec>
          <title>前言</title>
          <p>甲說，<fn id="FN"><p>王大明，《甲書》。</p></fn>乙說。<fn id="FN"><p>同註1。</p></fn>面積3km<sup>2</sup></p>
        </sec>
        <sec>
          <title>結論</title>
          <p>丙說。<fn id="FN"><p>李小華，《乙書》。</p></fn>丁說。<sup>9</sup></p>
        </sec>
        <sec specific-use="unnumbered">
          <title>註釋</title>
          <p>4.沒有人用。</p>
        </sec>
        <sec specific-use="unnumbered">
          <title>參考文獻</title>
          <p>王大明，《甲書》，2020年。</p>
        </sec>
        """,
        text,
    )
    assert {"I030", "I031", "I032"} <= set(codes(found))


def test_calls_in_round_brackets_are_notes_where_all_match(p: Writing) -> None:
    text = [p("壹、前言"), p("甲說(1)。乙說(2)。"), p("丙說(3)。"), p("註釋", bold=True)]
    notes = [p("(1) 王大明，《甲書》。"), p("(2) 同註1。"), p("(3) 李小華，《乙書》。")]
    found = titled(p, *text, *notes)
    assert found.counts["typed notes"] == 3
    assert "甲說<fn" in body(found) and "(1)" not in body(found)
    one_short = titled(p, *text, *notes[:2])
    assert "typed notes" not in one_short.counts
    assert "甲說(1)。乙說(2)。" in body(one_short)


def test_two_calls_side_by_side_and_lists_of_notes_under_each_section(p: Writing) -> None:
    found = titled(
        p,
        p("一、前言"),
        Paragraph((Run("甲說，"), Run("12", sup=True)), 3),
        p("註："),
        p("1 王大明，《甲書》。"),
        p("2 李小華，《乙書》。"),
        p("二、結論"),
        Paragraph((Run("乙說，"), Run("1", sup=True), Run("丙說，"), Run("2", sup=True)), 8),
        p("註："),
        p("1 陳大華，《丙書》。"),
        p("2 同註1，頁3。"),
    )
    text = body(found)
    assert found.counts["typed notes"] == 4
    third = re.search(r'乙說，<fn id="(fn-[0-9a-f]+)"><p>陳大華', text)
    assert third is not None
    assert f'<p><xref ref-type="fn" rid="{third[1]}" specific-use="same-source"/>，頁3。</p>' in text
    assert re.search("甲說，<fn [^>]*><p>王大明，《甲書》。</p></fn><fn [^>]*><p>李小華", text)


def test_the_mark_that_an_author_typed_before_a_note_goes(p: Writing) -> None:
    found = titled(p, p("甲", NoteCall("a"), "乙。"), notes={"a": Note((p(Run("*", sup=True), "謹此致謝。"),))})
    assert "<p>謹此致謝。</p>" in body(found)
    assert "*" in [each.text for each in found.accounted]


def test_what_a_program_made_to_point_becomes_links(p: Writing) -> None:
    notes = {
        "a": Note((p("《甲書》。"),)),
        "b": Note((p("《乙書》。"),)),
        "c": Note((p(Run("同前註", anchor="a"), "，頁3。"),)),
    }
    found = titled(
        p,
        p("壹、前言", marks=("kan_sec_one",)),
        p("甲", NoteCall("a"), "乙", NoteCall("b"), "丙", NoteCall("c"), "，", Run("見註1", anchor="a"), "，見", Run("圖 1", anchor="_Ref1"), "。"),
        p(Picture("x")),
        p("圖 1　成長", marks=("_Ref1",)),
        p("貳、結論"),
        p("如", Run("壹", anchor="kan_sec_one"), "所說，", Run("那裡", anchor="kan_sec_one"), "有", Run("同註2", anchor="b"), "。"),
        notes=notes,
        media={"x": PNG},
    )  # fmt: skip
    text = body(found)
    first = re.search(r'甲<fn id="(fn-[0-9a-f]+)">', text)
    assert first is not None
    assert f'<p><xref ref-type="fn" rid="{first[1]}" specific-use="same-source"/>，頁3。</p>' in text
    assert f'，<xref ref-type="fn" rid="{first[1]}" specific-use="see"/>，見<xref ref-type="fig" rid="fig-' in text
    assert '<sec id="sec-one">' in text
    assert '如<xref ref-type="sec" rid="sec-one"/>所說，那裡有同註2。' in text  # no same source in running text


# Quotations, figures, tables, lists


def test_quotations_by_style_and_indent_with_their_source(p: Writing) -> None:
    found = titled(
        p,
        p(LONG),
        p("板印書籍，唐人尚未盛為之。", style="引文"),
        p("慶曆中，有布衣畢昇，又為活板。", style="引文"),
        p("——沈括，《夢溪筆談》"),
        p(LONG),
        p("有奇字素無備者，旋刻之。", left=24.0, right=24.0),
        p(LONG),
    )
    expect(
        f"""
        <p>{LONG}</p>
        <disp-quote>
          <p>板印書籍，唐人尚未盛為之。</p>
          <p>慶曆中，有布衣畢昇，又為活板。</p>
          <attrib>沈括，《夢溪筆談》</attrib>
        </disp-quote>
        <p>{LONG}</p>
        <disp-quote>
          <p>有奇字素無備者，旋刻之。</p>
        </disp-quote>
        <p>{LONG}</p>
        """,
        body(found),
    )


def test_kai_is_a_quotation_only_where_the_text_is_in_another_face(p: Writing) -> None:
    quoted = titled(
        p,
        p(LONG, font="新細明體"),
        p("他說：大家都沒有說話的時候，就是有話要說。", font="標楷體"),
        p(LONG, font="新細明體"),
    )
    plain = titled(
        p,
        p(LONG, font="標楷體"),
        p("他說：大家都沒有說話的時候，就是有話要說。", font="標楷體"),
        p(LONG, font="標楷體"),
    )
    assert body(quoted).count("<disp-quote>") == 1
    assert "<disp-quote>" not in body(plain)


def test_a_figure_a_table_and_what_the_text_says_of_them(p: Writing) -> None:
    cell = Cell((p("甲", bold=True),))
    table = Table(((cell, cell), (Cell((p("一"),)), Cell((p("2"),), columns=1))), 9)
    found = read(
        p("題名", style="Title"),
        p("如圖 1所示，不見於表二，見表1。"),
        p(Picture("a", "兩條曲線")),
        p("圖1　供給與需求"),
        p("資料來源：作者自繪。"),
        p("表一：案件"),
        table,
        media={"a": PNG},
    )
    text = re.sub("(fig|tbl)-[0-9a-f]{6,8}", r"\1-X", body(found))
    expect(
        """
        <p>如<xref ref-type="fig" rid="fig-X"/>所示，不見於表二，見<xref ref-type="table" rid="tbl-X"/>。</p>
        <fig id="fig-X">
          <caption>
            <title>供給與需求</title>
          </caption>
          <alt-text>兩條曲線</alt-text>
          <graphic xlink:href="figures/fig-X.png"/>
          <attrib>資料來源：作者自繪。</attrib>
        </fig>
        <table-wrap id="tbl-X">
          <caption>
            <title>案件</title>
          </caption>
          <table>
            <thead>
              <tr>
                <th>甲</th>
                <th>甲</th>
              </tr>
            </thead>
            <tbody>
              <tr>
                <td>一</td>
                <td>2</td>
              </tr>
            </tbody>
          </table>
        </table-wrap>
        """,
        text,
    )
    assert list(found.pictures.values()) == [PNG]


def test_a_picture_that_cannot_be_used_is_reported_and_its_words_stay(p: Writing) -> None:
    found = read(
        p("題名", style="Title"), p(LONG), p(Picture("a")), p("圖1 地圖"), media={"a": b"\xd7\xcd\xc6\x9a"}
    )
    assert body(found).endswith("<p>圖1 地圖</p>") or body(found).endswith("<p>圖1地圖</p>")
    assert "I036" in codes(found)


def test_lists_by_the_tool_and_typed(p: Writing) -> None:
    made = List("bullet", ((p("甲；"), List("order", ((p("乙。"),),))),))
    found = read(p("題名", style="Title"), p("分為三項："), p("• 丙；"), p("•丁。"), made)
    expect(
        """
        <p>分為三項：</p>
        <list list-type="bullet">
          <list-item><p>丙；</p></list-item>
          <list-item><p>丁。</p></list-item>
        </list>
        <list list-type="bullet">
          <list-item>
            <p>甲；</p>
            <list list-type="order">
              <list-item><p>乙。</p></list-item>
            </list>
          </list-item>
        </list>
        """,
        body(found),
    )


# Characters and what stands in a paragraph


def paragraph(p: Writing, *inlines: Inline | str) -> str:
    """The second paragraph of a manuscript, as it is written."""
    found = titled(p, p(LONG), p(*inlines), p(LONG))
    (line,) = body(found).splitlines()[1:-1]
    return re.sub("^<p[^>]*>|</p>$", "", line)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("　　在 2025 年，GDP 成長 3.5 %。", "在2025年，GDP成長3.5 %。"),
        ("他說 「好」 。", "他說「好」。"),
        ("台灣\u200b與\u00a0WTO\ufeff", "台灣與WTO"),
        ("天下大勢　分久必合", "天下大勢　分久必合"),
        ("第一行\n接著寫", "第一行接著寫"),
        ("“The  State,” p. 5", "“The State,” p. 5"),
        ("見 https://example.org/甲?a=1。", '見<ext-link ext-link-type="uri" xlink:href="https://example.org/甲?a=1">https://example.org/甲?a=1</ext-link>。'),
        ("看www.example.org的頁面", '看<ext-link ext-link-type="uri" xlink:href="https://www.example.org">www.example.org</ext-link>的頁面'),
        ("見（https://example.org/a_(b)）。", '見（<ext-link ext-link-type="uri" xlink:href="https://example.org/a_(b)">https://example.org/a_(b)</ext-link>）。'),
        ("寄kan@example.org", '寄<ext-link ext-link-type="uri" xlink:href="mailto:kan@example.org">kan@example.org</ext-link>'),
        ("世宗（세종）說", '世宗（<named-content content-type="foreign" xml:lang="ko">세종</named-content>）說'),
    ],
)  # fmt: skip
def test_characters(p: Writing, typed: str, written: str) -> None:
    assert paragraph(p, typed) == written


def test_looks_of_words(p: Writing) -> None:
    link = Run("研究報告", href="https://example.org/r.pdf")
    written = paragraph(
        p, "刊於", Run("Foreign ", italic=True), Run("Affairs", italic=True), "，H", Run("2", sub=True), "O，", link,
        Run("渡辺", lang="ja-JP"), "與", Run("刊", ruby="ㄎㄢ"), Run("要緊", emphasis=True), "的事情，大家都知道。",
    )  # fmt: skip
    assert written == (
        '刊於<italic><named-content content-type="foreign" xml:lang="en">Foreign Affairs</named-content></italic>，'
        "H<sub>2</sub>O，"
        '<ext-link ext-link-type="uri" xlink:href="https://example.org/r.pdf">研究報告</ext-link>'
        '<named-content content-type="foreign" xml:lang="ja">渡辺</named-content>與<ruby><rb>刊</rb><rt>ㄎㄢ</rt></ruby>'
        '<styled-content style-type="emphasis-mark">要緊</styled-content>的事情，大家都知道。'
    )


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("單車道(Cycle Superhighways)的經驗值得看。", ["Cycle Superhighways"]),
        ("語言巢kōhanga reo的經驗值得看。", []),
        ("Fish (and Ships) 的經驗值得看。", ["Fish (and Ships)"]),
    ],
)
def test_what_is_marked_as_foreign(p: Writing, typed: str, marked: list[str]) -> None:
    found = etree.fromstring(read(p("題目", style="Title"), p("壹、前言"), p(typed)).xml)
    assert [each.text for each in found.iter("named-content")] == marked


def test_a_soft_return_between_sentences_is_a_new_paragraph(p: Writing) -> None:
    found = titled(p, p(LONG + "\n" + LONG))
    assert body(found) == f"<p>{LONG}</p>\n<p>{LONG}</p>"
    assert codes(found) == ["I037"]


def test_each_line_of_a_quoted_poem_stays(p: Writing) -> None:
    poem = p("燈還亮著\n船已經走了很久。\n風說\n明天再來。", left=48.0, right=48.0)
    found = read(p("題目", style="Title"), p("壹、前言"), p(LONG), poem, p(LONG))
    assert re.findall("    <p>(.*)</p>", body(found)) == ["燈還亮著", "船已經走了很久。", "風說", "明天再來。"]
    assert len([code for code in codes(found) if code == "I037"]) == 1


def test_what_the_reader_could_not_read_is_reported(p: Writing) -> None:
    found = read(p("題名", style="Title"), p(LONG), lost=((2, "文字方塊移到段落之後", "a text box"),))
    (doubt,) = [each for each in found.doubts if each.code != "I059"]
    assert (doubt.code, doubt.place.line) == ("I038", 2)
    assert "文字方塊" in doubt.message.zh


def test_the_same_manuscript_gives_the_same_bytes() -> None:
    assert recognise(Author(7).manuscript(), FILE) == recognise(Author(7).manuscript(), FILE)


def test_ids_that_an_export_wrote_are_kept(p: Writing) -> None:
    note = Note((p("王大明，《甲書》。", marks=("kann_fn_knuth",)),))
    found = read(
        p("題名", style="Title"),
        p("前言", outline=1, marks=("kan_sec_intro",)),
        p("甲說。", NoteCall("1")),
        notes={"1": note},
    )
    assert '<sec id="sec-intro">' in body(found)
    assert '<fn id="fn-knuth">' in body(found)


def test_a_table_of_contents_is_left_out(p: Writing) -> None:
    found = read(
        p("題名", style="Title"),
        p("目錄"),
        p("壹、前言\t1", style="TOC 1"),
        p("貳、結論\t9", style="TOC 1"),
        p("壹、前言", outline=1),
        p(LONG),
    )
    assert outline(found) == ["1 前言"]
    assert "結論" not in found.xml.decode()
    assert [each.text for each in found.accounted][:1] == ["目錄"]


def test_a_picture_framed_by_a_table_is_a_figure(p: Writing) -> None:
    frame = Table(((Cell((p(Picture("a", "曲線")), p("圖1　供給"))),),), 1)
    found = read(p("題名", style="Title"), p(LONG), frame, media={"a": PNG})
    assert body(found).count("<fig>") + body(found).count("<fig id=") == 1
    assert "<table" not in body(found)


def test_a_form_at_the_top_is_the_front(p: Writing) -> None:
    rows = [("題目", "離岸醫師"), ("作者", "王大明"), ("焦點類別", "醫療")]
    form = Table(tuple((Cell((p(name),)), Cell((p(value),))) for name, value in rows), 1)
    found = read(form, p("壹、前言", bold=True), p(LONG))
    assert "<article-title>離岸醫師</article-title>" in front(found)
    assert "<surname>王</surname>" in front(found)
    assert [each.text for each in found.accounted] == ["題目", "作者", "焦點類別", "壹、"]
    assert found.added == ()


# Nothing lost

_PIECES = [
    "壹、", "一、", "（一）", "1. ", "(1)", "①", "前言", "結論", "註釋", "參考文獻", "圖1　", "表1 ", "如圖1所示", "資料來源：",
    "作者：王大明", "焦點類別：", "摘要", "關鍵詞：", "——沈括", "• ", "- ", "https://example.org/a", "王大明", "。", "，", "  ", "　",
    "\n", "\t", "中文", "English words here", "한국어", "にほんご", "2025", "[1]", "註1：", "x\u200b", "\x0b", "<&>", "*", "「」", LONG,
    "同前註", "同註1", "見註2", "圖1", "\x1c", "\u2028", "（", "）", "李小美", " 著", "照片1　", "▲", "目次", "／文", "收稿日期：2026年1月5日",
    "海岸聯盟", "【專論】", "投稿類別", "篇名", "王大明攝", "Wang Da-ming", "貳、", "參、", "文／", "圖／", "作者：",
]  # fmt: skip


class Author:
    """Writes a manuscript without sense: anything may stand anywhere."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.count = 0

    def manuscript(self) -> Document:
        pick = self.chance
        blocks = tuple(self.block(2) for _ in range(pick.randrange(12)))
        notes = {key: Note(tuple(self.block(pick.randrange(2)) for _ in range(pick.randrange(3)))) for key in "12"}
        kind = pick.choice(["docx", "text"])
        return Document(kind, blocks, notes=notes, media={"a": PNG, "b": b"\xd7\xcd\xc6\x9a"})  # type: ignore[arg-type]

    def block(self, depth: int) -> Block:
        pick = self.chance
        chosen = pick.random() if depth else 0.0
        if chosen > 0.94:
            rows = range(pick.randrange(4))
            return Table(
                tuple(tuple(self.cell(depth) for _ in range(pick.randrange(4))) for _ in rows), self.count + 1
            )
        if chosen > 0.88:
            return List(
                pick.choice(["order", "bullet"]), tuple(self.blocks(depth) for _ in range(pick.randrange(4)))
            )
        return self.paragraph()

    def blocks(self, depth: int) -> tuple[Block, ...]:
        return tuple(self.block(depth - 1) for _ in range(self.chance.randrange(3)))

    def cell(self, depth: int) -> Cell:
        pick = self.chance
        return Cell(self.blocks(depth), pick.randint(1, 2), pick.randint(1, 2), header=pick.random() < 0.3)

    def paragraph(self) -> Paragraph:
        self.count += 1
        pick = self.chance
        return Paragraph(
            tuple(self.inline() for _ in range(pick.randrange(5))),
            self.count,
            style=pick.choice([None, None, None, "Title", "Quote", "Subtitle"]),
            outline=pick.choice([None, None, None, 1, 2, 7]),
            left=pick.choice([0.0, 0.0, 48.0]),
            alignment=pick.choice(["", "", "center", "right"]),
            quoted=pick.random() < 0.1,
            label=pick.choice(["", "", "", "壹、", "1."]),
            marks=pick.choice([(), (), ("_Ref1",)]),
        )

    def inline(self) -> Inline:
        pick = self.chance
        chosen = pick.random()
        if chosen > 0.93:
            return Picture(pick.choice("ab"))
        if chosen > 0.86:
            return NoteCall(pick.choice(["1", "2", "gone"]))
        return Run(
            "".join(pick.choice(_PIECES) for _ in range(pick.randint(1, 4))),
            bold=pick.random() < 0.2,
            italic=pick.random() < 0.2,
            sup=pick.random() < 0.2,
            underline=pick.random() < 0.2,
            size=pick.choice([None, None, 18.0]),
            font=pick.choice([None, None, "標楷體"]),
            lang=pick.choice([None, None, "ja-JP", "en-US"]),
            href=pick.choice([None, None, None, "https://example.org/", "javascript:alert(1)"]),
            anchor=pick.choice([None, None, None, "1", "2", "_Ref1"]),
        )


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_any_manuscript_is_a_valid_brief_and_nothing_is_lost(seed: int) -> None:
    document = Author(seed).manuscript()
    try:
        found = recognise(document, FILE)
    except ManuscriptError as error:
        assert [each.code for each in error.diagnostics] == ["I020"]
        return
    source = parse_bytes(Path("brief.xml"), found.xml)
    problems = [each for each in check_brief(source, Path("/nowhere")) if each.severity is Severity.ERROR]
    assert [each for each in problems if each.code != "R050"] == []  # the pictures are not in the folder
    typed = Counter("".join(_typed(document))) + Counter("".join(each.text for each in found.added))
    kept = Counter("".join(_words(source.root))) + Counter("".join(each.text for each in found.accounted))
    assert typed == kept


def _typed(document: Document) -> Iterator[str]:
    yield from _texts(document.blocks)
    for note in document.notes.values():
        yield from _texts(note.blocks)


def _texts(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, List):
            for item in block.items:
                yield from _texts(item)
        else:
            yield from (each.text for each in block.caption if isinstance(each, Run))
            for row in block.rows:
                for cell in row:
                    yield from _texts(cell.blocks)


def _words(root: etree._Element) -> Iterator[str]:
    """The text of a brief, without the blanks that only indent its elements."""
    for text in root.itertext():
        if not re.fullmatch(r"\n *", text):
            yield text


# What a stranger's manuscripts had


def head(found: Recognised) -> str:
    """The front as it is written, in one line."""
    text = re.sub(r">\s+<", "><", found.xml.decode())
    return text[text.index("<front>") : text.index("</front>")]


def told(found: Recognised, code: str) -> list[str]:
    """The messages of one code, in Chinese."""
    return [each.message.zh for each in found.doubts if each.code == code]


def test_a_line_of_a_form_is_no_title_and_a_torn_title_is_whole(p: Writing) -> None:
    found = read(
        p("稿件類別：政策評論"),
        p("人口高齡化與徵兵制：\n數字裡的國防", bold=True, size=20.0, alignment="center"),
        p("林　國　棟　　陳　怡", alignment="right"),
        p("國防安全研究院　　中央研究院", alignment="right"),
        p("壹、前言"),
        p(LONG),
    )
    assert "<article-title>人口高齡化與徵兵制</article-title><subtitle>數字裡的國防</subtitle>" in head(found)
    assert head(found).count("<aff>") == 2
    assert re.search("陳</surname><given-names>怡</given-names></name><aff>中央研究院</aff>", head(found))
    (left,) = told(found, "I038")
    assert "稿件類別：政策評論" in left
    assert "I037" in codes(found)


def test_a_title_in_two_lines_is_one(p: Writing) -> None:
    found = read(p("海底電纜的韌性與\n維修能量", style="Title"), p("王大明"), p("壹、前言"), p(LONG))
    assert "<article-title>海底電纜的韌性與維修能量</article-title>" in head(found)
    assert "subtitle" not in head(found)
    assert codes(found) == ["I037"]


@pytest.mark.parametrize(("second", "subtitle"), [("——以日本為例", "以日本為例"), ("以日本為例", "以日本為例")])
def test_the_second_line_behind_a_question_or_a_dash_is_the_subtitle(
    p: Writing, second: str, subtitle: str
) -> None:
    found = read(p(f"還要再等嗎？\n{second}", style="Title"), p("王大明"), p("壹、前言"), p(LONG))
    assert f"<article-title>還要再等嗎？</article-title><subtitle>{subtitle}</subtitle>" in head(found)


def test_a_brief_without_an_author_is_told(p: Writing) -> None:
    assert len(told(read(p("題目", style="Title"), p("壹、前言"), p(LONG)), "I059")) == 1
    assert told(read(p("題目", style="Title"), p("王大明"), p("壹、前言"), p(LONG)), "I059") == []


@pytest.mark.parametrize(
    ("typed", "surname", "given", "sure"),
    [("Kim Soo-hyun", "Kim", "Soo-hyun", True), ("Soo-hyun Kim", "Kim", "Soo-hyun", True),
     ("Soohyun Kim", "Kim", "Soohyun", False)],
)  # fmt: skip
def test_a_name_in_latin_letters_stands_beside_the_name(
    p: Writing, typed: str, surname: str, given: str, sure: bool
) -> None:
    found = read(p("題目", style="Title"), p(f"作者：金秀賢（{typed}）"), p("壹、前言"), p(LONG))
    latin = f'xml:lang="en"><surname>{surname}</surname><given-names>{given}</given-names>'
    assert latin in head(found)
    assert "<surname>金</surname><given-names>秀賢</given-names>" in head(found)
    assert ("I024" in codes(found)) is not sure


def test_superscripts_lead_from_authors_to_their_units(p: Writing) -> None:
    authors = (Run("鄭文琪"), Run("1", sup=True), Run("、Tanaka Kenji"), Run("2", sup=True), Run("、歐陽娜娜"),
               Run("1,2", sup=True))  # fmt: skip
    found = read(
        p("題目", style="Title"), p(*authors), p(Run("1", sup=True), "衛生福利政策中心"),
        p(Run("2", sup=True), "東京大學公共政策大學院"), p("壹、前言"), p(LONG),
    )  # fmt: skip
    units = [part.count("<aff>") for part in head(found).split("</contrib>")]
    assert units == [1, 1, 2, 0]
    assert re.search("文琪</given-names></name><aff>衛生福利政策中心</aff>", head(found))
    assert re.search("Tanaka</given-names></name><aff>東京大學公共政策大學院</aff>", head(found))
    assert codes(found) == ["I024"]  # Tanaka may be the surname


def test_a_contact_line_has_the_orcid_of_the_only_author(p: Writing) -> None:
    top = (p("題目", style="Title"), p("王大明"))
    rest = (p("電子郵件：wang@example.org　　ORCID: 0000-0002-1825-0097"), p("壹、前言"), p(LONG))
    found = read(*top, *rest)
    assert '<contrib-id contrib-id-type="orcid">0000-0002-1825-0097</contrib-id>' in head(found)
    assert found.xml.decode().count("wang@example.org") == 2  # its address and its words
    assert found.xml.decode().count("1825") == 1
    assert codes(found) == ["I048"]


def test_an_orcid_with_a_wrong_digit_is_kept_and_told(p: Writing) -> None:
    found = read(
        p("題目", style="Title"), p("王大明"), p("聯絡：wang@example.org，ORCID 0000-0002-1825-0098"),
        p("壹、前言"), p(LONG),
    )  # fmt: skip
    assert "contrib-id" not in found.xml.decode()
    assert found.xml.decode().count("0000-0002-1825-0098") == 1
    assert "I039" in codes(found)


def test_dates_of_a_manuscript_are_its_history_where_they_are_certain(p: Writing) -> None:
    found = read(
        p("題目", style="Title"), p("王大明"), p("機構：臺灣經濟研究中心"), p("投稿日期：民國115年9月1日"),
        p("通過日期：2026年10月32日"), p("摘要：本文說明兩件事。"), p("壹、前言"), p(LONG),
    )  # fmt: skip
    assert '<date date-type="received" iso-8601-date="2026-09-01">' in head(found)
    assert "accepted" not in head(found)
    assert "<p>通過日期：2026年10月32日</p>" in body(found)
    assert "<aff>臺灣經濟研究中心</aff>" in head(found)
    assert codes(found) == ["I023"]


def test_a_soft_return_in_a_cell_is_told(p: Writing) -> None:
    rows = ((Cell((p("甲"),)), Cell((p("乙"),))), (Cell((p("另加\n232條款"),)), Cell((p("1"),))))
    found = read(p("題目", style="Title"), p("王大明"), p("壹、前言"), p(LONG), Table(rows, 5))
    assert [each for each in told(found, "I037") if "表格" in each]


def test_references_and_calls_that_stay_text_are_told(p: Writing) -> None:
    found = read(
        p("題目", style="Title"), p("王大明"), p("壹、前言"), p("甲說。［1］乙說。［2］評估有四類，各有不同的做法。①"),
        p("①吳承翰，2025，頁9。"), p("註："), p("［1］王大明，《甲書》。"), p("［2］同［1］。"),
    )  # fmt: skip
    assert ["同［1］" in each for each in told(found, "I042")] == [True]
    assert ["①" in each for each in told(found, "I039")] == [True]


def test_superscripts_call_two_notes_or_a_range(p: Writing) -> None:
    notes = [p(f"{value}、內政部，〈報告{value}〉。") for value in range(1, 7)]
    found = read(
        p("題目", style="Title"), p("王大明"), p("壹、前言"),
        p("甲說", Run("1,2", sup=True), "，乙說", Run("3-5", sup=True), "。"), p("附註："), *notes,
    )  # fmt: skip
    assert found.counts["notes"] == 5
    assert "附註" not in found.xml.decode()
    assert "〈報告6〉" in body(found)
    assert sorted(codes(found)) == ["I030", "I032"]
    text = body(found)
    assert text.index("報告3") < text.index("報告4") < text.index("報告5") < text.index("<p>6、")


def test_a_title_in_the_first_heading_skips_no_level(p: Writing) -> None:
    found = read(
        p("題目", outline=1), p("王大明"), p("現況", outline=2), p(LONG), p("風險", outline=3), p(LONG),
        p("對策", outline=2), p(LONG), p("參考書目", bold=True), p("王大明，《甲書》。"),
    )  # fmt: skip
    assert "I044" not in codes(found)
    assert outline(found)[:3] == ["1 現況", "2 風險", "1 對策"]


def test_the_own_mark_of_the_authors_note_is_no_loss(p: Writing) -> None:
    note = Note((p("作者感謝審查人。"),))
    lost = ((1, "註的自訂記號「*」改為號碼", "the mark"),)
    first = Paragraph((Run("王大明"), NoteCall("a")), 1)
    title = p("題目", style="Title")
    found = read(title, first, p("壹、前言"), p(LONG), notes={"a": note}, lost=lost)
    assert "I038" not in codes(found)
    assert "<author-notes>" in head(found)


def test_a_blank_behind_a_mark_of_running_western_text_stays(p: Writing) -> None:
    found = read(
        p("題目", style="Title"), p("王大明"), p("壹、前言"), p("김수현, 前揭書；OECD, 經合組織 2025 年報告。")
    )
    assert "김수현</named-content>, 前揭書；OECD, 經合組織2025年報告" in body(found)


def test_a_source_with_a_star_belongs_to_its_table(p: Writing) -> None:
    rows = ((Cell((p("甲"),)), Cell((p("乙"),))), (Cell((p("1"),)), Cell((p("2"),))))
    found = read(
        p("題目", style="Title"), p("王大明"), p("壹、前言"), p(LONG), p("表一：罰鍰"), Table(rows, 1),
        p("＊資料來源：全國法規資料庫。"),
    )  # fmt: skip
    assert "<attrib>＊資料來源：全國法規資料庫。</attrib>" in body(found)


def test_an_italic_paragraph_in_kai_is_no_quotation_by_its_face(p: Writing) -> None:
    found = read(
        p("題目", style="Title"), p("王大明"), p("壹、前言"), p(LONG), p(LONG),
        p(Run("軍隊不缺想打仗的人，缺的是算得清帳的人。", italic=True, font="標楷體")), p(LONG),
    )  # fmt: skip
    assert "disp-quote" not in body(found)
    assert "I033" not in codes(found)


def test_a_unit_of_nobody_is_kept(p: Writing) -> None:
    found = read(p("題目", style="Title"), p("機構：臺灣經濟研究中心"), p("壹、前言"), p(LONG))
    assert "<p>臺灣經濟研究中心</p>" in body(found)
    assert codes(found) == ["I023"]


def authors(found: Recognised) -> list[tuple[str, ...]]:
    """Of each author the names (surname first) and the units."""
    made = etree.fromstring(found.xml)
    return [
        tuple(
            "".join(each.itertext()).replace("\n", "").replace(" ", "")
            for each in one.iter("name", "collab", "aff")
        )
        for one in made.iter("contrib")
    ]


@pytest.mark.parametrize(
    ("line", "expected", "doubts"),
    [
        ("王大明 撰", [("王大明",)], []),
        ("王大明／文", [("王大明",)], []),
        ("特約撰述　王大明", [("王大明",)], []),
        ("王大明、李小美 合著", [("王大明",), ("李小美",)], []),
        ("文／王大明　圖／李小美", [("王大明",)], ["I038"]),
        ("王大明 著　李小美 譯", [("王大明",)], ["I038"]),
        ("口述：王大明／整理：李小美", [("王大明",), ("李小美",)], ["I038", "I038"]),
        ("記者王大明／南部報導", [("王大明",)], ["I038"]),
        ("【作者】王大明", [("王大明",)], []),
        ("王大明│港務公司顧問", [("王大明", "港務公司顧問")], []),
        ("王大明教授", [("王大明", "教授")], []),
        ("作者：王大明（港務大學教授）、李小美（燈塔協會）", [("王大明", "港務大學教授"), ("李小美", "燈塔協會")], []),
        ("王大明（船評人）", [("王大明", "船評人")], ["I023"]),
        ("瓦歷斯‧尤敢（船評人）", [("瓦歷斯‧尤敢", "船評人")], ["I023", "I024"]),
        ("王大明、朴美英", [("王大明",), ("朴美英",)], ["I024"]),
        ("作者：王大明（筆名：海風）", [("王大明（筆名：海風）",)], ["I024"]),
    ],
)  # fmt: skip
def test_what_stands_around_the_names_of_authors(
    p: Writing, line: str, expected: list[tuple[str, ...]], doubts: list[str]
) -> None:
    found = read(p("題目", style="Title"), p(line), p("壹、前言"), p(LONG))
    assert authors(found) == expected
    assert codes(found) == doubts
    assert f"<sec>\n  <title>前言</title>\n  <p>{LONG}</p>\n</sec>" == body(found)


def test_superscripts_stand_between_authors(p: Writing) -> None:
    names = p("王大明", Run("1", sup=True), "　李小美", Run("2", sup=True), "＊")
    units = [p(Run(key, sup=True), unit) for key, unit in (("1", "港務大學教授"), ("2", "燈塔協會理事"))]
    found = read(p("題目", style="Title"), names, *units, p("壹、前言"), p(LONG))
    assert authors(found) == [("王大明", "港務大學教授"), ("李小美", "燈塔協會理事")]


def test_the_latin_name_below_the_author_is_no_second_author(p: Writing) -> None:
    found = read(
        p("題目", style="Title"), p("王大明"), p("Wang Da-ming"), p("港務大學教授"), p("壹、前言"), p(LONG)
    )
    assert authors(found) == [("王大明", "WangDa-ming", "港務大學教授")]
    assert "<name-alternatives>" in front(found)
    found = read(p("題目", style="Title"), p("王大明"), p("한서준"), p("港務大學教授"), p("壹、前言"), p(LONG))
    assert "<name-alternatives>" not in front(found), "a Korean name is another author's"


@pytest.mark.parametrize(
    ("unit", "expected", "doubts"),
    [
        ("海岸居住聯盟", [("王大明", "海岸居住聯盟")], ["I023"]),
        ("2026年1月15日", [("王大明",)], ["I038"]),
        ("收稿日期：2026年1月5日；接受刊登：2026年2月1日", [("王大明",)], []),
    ],
)
def test_a_line_between_author_and_text_is_a_unit_or_a_date(
    p: Writing, unit: str, expected: list[tuple[str, ...]], doubts: list[str]
) -> None:
    found = read(p("題目", style="Title"), p("王大明"), p(unit), p("壹、前言"), p(LONG))
    assert authors(found) == expected
    assert codes(found) == doubts
    assert body(found).startswith("<sec>")


def test_short_lines_that_no_text_follows_are_no_units(p: Writing) -> None:
    lines = ["海風吹過來", "燈塔還亮著", "船已經走了", "碼頭空無一人"]
    found = read(p("題目", style="Title"), p("王大明"), *(p(line) for line in lines))
    assert authors(found) == [("王大明",)]


def test_a_line_above_the_title_is_neither_title_nor_subtitle(p: Writing) -> None:
    found = read(
        p("【專論】", bold=True), p("港口的夜班", size=20.0), p("一個燈塔的觀察", style="Subtitle"), p("王大明"),
        p("壹、前言"), p(LONG, size=12.0),
    )  # fmt: skip
    assert "<article-title>港口的夜班</article-title>" in front(found)
    assert "<subtitle>一個燈塔的觀察</subtitle>" in front(found)
    assert codes(found) == ["I038"]


def test_the_author_of_a_book_is_not_that_of_its_review(p: Writing) -> None:
    found = read(
        p("題目", style="Title"), p("書名：《燈塔》"), p("作者：王大明"), p("出版：海風社"), p("壹、前言"), p(LONG)
    )
    assert authors(found) == []
    assert "<p>作者：王大明</p>" in body(found)


@pytest.mark.parametrize(
    ("lines", "title", "attrib", "doubts"),
    [
        (["照片1　燈塔", "攝影：王大明"], "燈塔", "攝影：王大明", []),
        (["【圖1】燈塔", "（作者攝）"], "燈塔", "（作者攝）", []),
        (["（圖一）燈塔", "王大明攝"], "燈塔", "王大明攝", []),
        (["圖1", "燈塔的外觀", "照片提供：王大明"], "燈塔的外觀", "照片提供：王大明", []),
        (["▲燈塔一景。"], "燈塔一景。", "", []),
        (["燈塔的外觀", "資料提供：港務公司"], "燈塔的外觀", "資料提供：港務公司", ["I067"]),
    ],
)
def test_captions_and_credits_below_a_picture(
    p: Writing, lines: list[str], title: str, attrib: str, doubts: list[str]
) -> None:
    below = [p(line, alignment="center") for line in lines]
    found = read(
        p("題目", style="Title"), p("王大明"), p("壹、前言"), p(LONG), p(Picture("a", "燈塔")), *below, p(LONG),
        media={"a": PNG},
    )  # fmt: skip
    assert f"<title>{title}</title>" in body(found)
    assert body(found).count("<sec>") == 1
    assert body(found).count("<p>") == 2
    assert (f"<attrib>{attrib}</attrib>" in body(found)) == bool(attrib)
    assert codes(found) == doubts


def test_the_caption_of_a_table_on_two_lines_or_in_its_first_row(p: Writing) -> None:
    rows = ((Cell((p("年"),)), Cell((p("人"),))), (Cell((p("1"),)), Cell((p("2"),))))
    whole = (Cell((p("表1　燈塔的人數"),), columns=2),)
    for blocks in ([p("表1"), p("燈塔的人數"), Table(rows, 1)], [Table((whole, *rows), 1)]):
        found = body(read(p("題目", style="Title"), p("王大明"), p("壹、前言"), p(LONG), *blocks))
        assert "<title>燈塔的人數</title>" in found
        assert found.count("<tr>") == 2
        assert found.count("<p>") == 1


def test_pictures_side_by_side_in_a_table_are_figures(p: Writing) -> None:
    def row(*parts: Paragraph) -> tuple[Cell, ...]:
        return tuple(Cell((each,)) for each in parts)

    table = Table((row(p(Picture("a", "東")), p(Picture("a", "西"))), row(p("圖1　東燈塔"), p("圖2　西燈塔"))), 1)
    found = read(p("題目", style="Title"), p("王大明"), p("壹、前言"), p(LONG), table, media={"a": PNG})
    assert re.findall("<title>(.*)</title>", body(found)) == ["前言", "東燈塔", "西燈塔"]
    assert codes(found) == []


@pytest.mark.parametrize("gap", ["貳、誰來點燈：", "貳、先把燈點起來。"])
def test_the_label_that_is_missing_between_two_headings_makes_one(p: Writing, gap: str) -> None:
    found = read(
        p("題目", style="Title"), p("王大明"), p("壹、前言"), p(LONG), p(gap), p(LONG), p("參、結論"), p(LONG)
    )
    assert [each.text for each in found.headings] == ["前言", gap[2:], "結論"]
    assert codes(found) == ["I025"]
    found = read(p("題目", style="Title"), p("王大明"), p("壹、誰來點燈："), p(LONG), p("貳、結論"), p(LONG))
    assert [each.text for each in found.headings] == ["誰來點燈：", "結論"]


def test_a_typed_table_of_contents_without_pages_is_left_out(p: Writing) -> None:
    lines = ["壹、前言", "貳、結論"]
    parts = [p("題目", style="Title"), p("王大明"), p("目　次"), *(p(line) for line in lines)]
    found = read(*parts, p(lines[0]), p(LONG), p(lines[1]), p(LONG))
    assert [each.text for each in found.headings] == ["前言", "結論"]
    assert codes(found) == ["I065"]


def test_a_form_with_rows_that_a_brief_does_not_have(p: Writing) -> None:
    rows = [("投稿類別", "評論"), ("篇名", "港口的夜班"), ("作者", "王大明"), ("聯絡方式", "0900-000-000")]
    table = Table(tuple((Cell((p(label),)), Cell((p(value),))) for label, value in rows), 1)
    found = read(table, p("港口的夜班", bold=True), p("王大明"), p("壹、前言"), p(LONG))
    assert authors(found) == [("王大明",)]
    assert codes(found) == ["I038", "I038"]
    assert f"<sec>\n  <title>前言</title>\n  <p>{LONG}</p>\n</sec>" == body(found)

"""The rules about headings, paragraphs, figures and metadata: what they find and what they leave alone."""

import time
from pathlib import Path

import pytest

from pipeline.diagnostics import Diagnostic
from pipeline.edit import edited
from pipeline.lint import RULES
from pipeline.lint.rules import findings
from pipeline.lint.vocabulary import Vocabulary
from pipeline.parse import Source, parse_bytes
from tests.conftest import ARTICLE, TITLE
from tests.test_lint import read

TABLE = (
    '<table-wrap id="{0}"><caption><title>{1}</title></caption><table><tbody><tr><td>1</td></tr></tbody></table>'
    "{2}</table-wrap>"
)
FIGURE = (
    '<fig id="f1"><caption><title>港口的位置</title></caption><alt-text>{0}</alt-text>'
    '<graphic xlink:href="figures/map.png"/></fig>'
)
NOTE = '<fn id="fn1"><p>趙一，〈甲篇〉，《乙日報》，2021年5月6日。</p></fn>'


def brief(body: str = "<p>文。</p>", meta: str = TITLE) -> Source:
    return parse_bytes(Path("brief.xml"), ARTICLE.format(meta=meta, body=body).encode())


def found(code: str, source: Source, vocabulary: Vocabulary | None = None) -> list[Diagnostic]:
    rule = next(rule for rule in RULES if rule.code.code == code)
    return list(rule(read(source, vocabulary=vocabulary)))


def marked(code: str, source: Source, vocabulary: Vocabulary | None = None) -> list[str]:
    lines = source.data.decode().split("\n")
    places = [each.place for each in found(code, source, vocabulary)]
    return [lines[place.line - 1][place.column - 1 : place.end_column - 1] for place in places]


def mended(code: str, source: Source) -> str:
    return edited(source, [edit for each in found(code, source) for edit in each.fix]).decode()


def sections(*titles: str) -> str:
    return "".join(f"<sec><title>{title}</title><p>文。</p></sec>" for title in titles)


# Headings


@pytest.mark.parametrize(
    ("titles", "labels"),
    [
        (["壹、前言", "貳、安全意涵", "參、趨勢研判"], ["壹、", "貳、", "參、"]),
        (["一、前言", "十二、結語"], ["一、", "十二、"]),
        (["（一）背景", "(二) 發展"], ["（一）", "(二) "]),
        (["1.背景", "2. 發展", "3、結語"], ["1.", "2. ", "3、"]),
        (["(1)背景", "①發展", "甲、結語"], ["(1)", "①", "甲、"]),
        (["1.1 背景", "1.2.3　發展"], ["1.1 ", "1.2.3　"]),
        (["第一節　背景", "第二章：發展"], ["第一節　", "第二章："]),
        (["第一節背景", "第二節發展"], ["第一節", "第二節"]),
        (["I. 背景", "II、發展", "A. 結語"], ["I. ", "II、", "A. "]),
        (["一　背景", "2 發展"], ["一　", "2 "]),
        (["一個中國", "三連敗之後", "第一島鏈的防衛", "第二次談判"], []),
        (["2025年的選舉", "21世紀的海洋", "5G與6G", "3D列印", "10大風險", "1.5億美元"], []),
        (["一、二線城市", "二、三月的談判", "甲、乙兩案", "2、3月的會談"], []),
        (["第三節車廂", "A.I.時代", "X世代", "F-16戰機", "C.I.A.的角色"], []),
        (["「十五五」規劃", "（上）半年", "六四之後", "十、百、千"], []),
        (["背景", "三 方會談"], []),
    ],
)
def test_typed_labels(titles: list[str], labels: list[str]) -> None:
    source = brief(sections(*titles))
    assert marked("H001", source) == labels
    after = mended("H001", source)
    assert all(
        f"<title>{title.removeprefix(labels[at])}" in after for at, title in enumerate(titles[: len(labels)])
    )


@pytest.mark.parametrize(
    ("caption", "labels"),
    [
        ("圖1　港口的位置", ["圖1　"]),
        ("表一：歷年的數字", ["表一："]),
        ("Table 2. Figures", ["Table 2. "]),
        ("圖說的寫法", []),
        ("表現最好的三國", []),
        ("圖1950年代的港口", []),
    ],
)
def test_typed_labels_of_tables(caption: str, labels: list[str]) -> None:
    assert marked("H002", brief(TABLE.format("t1", caption, ""))) == labels


def test_single_subsection() -> None:
    one, two = sections("甲"), sections("甲", "乙")
    assert marked("H003", brief(f"<sec><title>節</title>{one}</sec><sec><title>節二</title>{two}</sec>")) == ["甲"]
    assert marked("H003", brief(one)) == []
    unnumbered = one.replace("<sec>", '<sec specific-use="unnumbered">')
    assert marked("H003", brief(f"<sec><title>節</title>{unnumbered}</sec>")) == []


@pytest.mark.parametrize(
    ("title", "marks"),
    [
        ("背景。", ["。"]),
        ("背景：", ["："]),
        ("背景，", ["，"]),
        ("誰的海洋？", []),
        ("背景……", []),
        ("美國（U.S.）", []),
        ("重返U.S.", []),
        ("背景.", ["."]),
        ("。", []),
    ],
)
def test_stops_of_headings(title: str, marks: list[str]) -> None:
    assert marked("H004", brief(sections(title))) == marks
    assert all(f"<title>{title.rstrip(mark)}</title>" in mended("H004", brief(sections(title))) for mark in marks)


def test_marks_between_title_and_subtitle() -> None:
    titles = "<title-group><article-title>題名：</article-title><subtitle>——副題</subtitle></title-group>"
    source = brief(meta=titles)
    assert marked("H004", source) == ["：", "——"]
    assert "<article-title>題名</article-title><subtitle>副題</subtitle>" in mended("H004", source)


@pytest.mark.parametrize(
    ("xml", "count"),
    [
        ("<p><bold>美國的立場</bold></p><p>文。</p>", 1),
        ("<p><bold>美國的立場</bold><fn id='x'><p>說明。</p></fn></p><p>文。</p>", 1),
        ("<p>（一）美國的立場</p><p>文。</p>", 1),
        ("<p>一、美國的立場</p><p>文。</p>", 1),
        ("<p><bold>美國的立場。</bold></p><p>文。</p>", 0),
        ("<p><bold>美國</bold>的立場</p><p>文。</p>", 0),
        ("<p>（一）美國的立場</p><p>（二）日本的立場</p><p>（三）韓國的立場</p>", 0),
        ("<p>一、美國的立場有變。</p><p>文。</p>", 0),
        ("<p>一、美國的立場：</p><p>文。</p>", 0),
        ("<p><bold>美國的立場</bold></p>", 0),
        ("<p><bold>甲</bold></p><p><bold>乙</bold></p>", 0),
        ("<p>文。</p><p>文。</p>", 0),
    ],
)
def test_paragraphs_as_headings(xml: str, count: int) -> None:
    assert len(found("H005", brief(f"<sec><title>節</title>{xml}</sec>"))) == count


def test_long_titles() -> None:
    group = "<title-group><article-title>{0}</article-title></title-group>"
    assert len(found("H009", brief(meta=group.format("題" * 37)))) == 1
    assert found("H009", brief(meta=group.format("題" * 36))) == []
    assert found("H009", brief(meta=group.format("Title " * 10))) == []


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (sections("各國的反應", "各國的反應"), 1),
        (sections("各國的反應", "各國 的反應"), 1),
        (f"<sec><title>甲</title>{sections('小結')}</sec><sec><title>乙</title>{sections('小結')}</sec>", 0),
        (
            f"<sec><title>甲</title>{sections('美國的動向')}</sec><sec><title>乙</title>{sections('美國的動向')}</sec>",
            1,
        ),
        (sections("小結", "小結"), 1),
        (sections("美國的反應", "日本的反應"), 0),
    ],
)
def test_headings_used_twice(body: str, count: int) -> None:
    assert len(found("H010", brief(body))) == count


# Paragraphs


@pytest.mark.parametrize(
    ("xml", "marks"),
    [
        ("<p>談判雖然延長了九十天，雙方對關稅的分歧仍然沒有縮小</p>", ["小"]),
        ("<p>談判雖然延長了九十天，雙方對關稅的分歧仍然沒有縮小，</p>", ["，"]),
        ("<p>談判雖然延長了九十天，雙方對關稅的分歧仍然沒有縮小（見前）</p>", ["）"]),
        ("<p>談判雖然延長了九十天，部長說：「雙方的分歧仍然沒有縮小。」</p>", []),
        (
            "<p>談判延長了，雙方的分歧：</p><list list-type='bullet'><list-item><p>甲</p></list-item></list>",
            [],
        ),
        ("<p>談判雖然延長了九十天，雙方的分歧如下：</p>", ["："]),
        ("<p>談判延長了九十天，部長說，</p><disp-quote><p>分歧沒有縮小。</p></disp-quote>", []),
        ("<p>（一）成本過高；</p><p>（二）時間太短。</p>", []),
        ("<p>（本文僅代表作者個人意見，與任職單位無關）</p>", []),
        ("<p>二〇二五年八月，臺北</p>", []),
        ("<p>談判雖然延長了九十天，雙方對關稅的分歧仍然沒有縮小……</p>", []),
        (
            "<p>全文，請見<ext-link ext-link-type='uri' xlink:href='https://a.org/b'>https://a.org/b</ext-link></p>",
            [],
        ),
        (
            "<list list-type='bullet'><list-item><p>談判雖然延長了九十天，分歧仍然沒有縮小</p></list-item></list>",
            [],
        ),
        ("<disp-quote><p>談判雖然延長了九十天，雙方對關稅的分歧仍然沒有縮小</p></disp-quote>", []),
        ("<p>The talks were extended by ninety days, and nothing came of it</p>", ["t"]),
        (f"<p>談判雖然延長了九十天，雙方對關稅的分歧仍然沒有縮小{NOTE}</p>", ["小"]),
        (f"<p>談判雖然延長了九十天，雙方的分歧沒有縮小。{NOTE}</p>", []),
    ],
)
def test_paragraphs_without_an_end(xml: str, marks: list[str]) -> None:
    assert marked("H011", brief(f"<sec><title>節</title>{xml}</sec>")) == marks


def test_note_called_again_at_the_end_of_a_paragraph() -> None:
    xml = f'<p>文。{NOTE}</p><p>談判雖然延長了九十天，分歧仍然沒有縮小。<xref ref-type="fn" rid="fn1"/></p>'
    assert found("H011", brief(xml)) == []
    assert len(found("H011", brief(xml.replace("縮小。", "縮小")))) == 1


@pytest.mark.parametrize(
    ("paragraphs", "marks"),
    [
        (["第一，甲。", "第二，乙。", "第四，丙。"], ["第四，"]),
        (["第一，甲。", "第二，乙。", "第二，丙。"], ["第二，"]),
        (["第一，甲；第二，乙；第三，丙。"], []),
        (["理由有三：第一，甲；第三，乙；第四，丙。"], ["第三，"]),
        (["其一，甲。", "其二，乙。", "其四，丙。"], ["其四，"]),
        (["（一）甲。", "（二）乙。", "（四）丙。"], ["（四）"]),
        (["理由是：（1）甲；（2）乙；（4）丙。"], ["（4）"]),
        (["一、甲。", "三、乙。"], ["三、"]),
        (["第一，甲：其一，子；其二，丑。", "第二，乙：其一，寅；其二，卯。"], []),
        (["第一，甲。", "第一，子；第二，丑。", "第二，乙。"], []),
        (["首先，甲。", "第二，乙。", "第三，丙。"], []),
        (["全球第一，亞洲第三，令人意外。"], []),
        (["第一，甲。", "第一季的數字，第三季的數字。"], []),
        (["第一，甲。", "《第一，第五》"], []),
        (["一、二線城市的房價，三、四線城市的人口。"], []),
        (["（一）甲。", "見（三）的說明。", "（二）乙。"], []),
        (["第一點，甲。", "第二點，乙。", "第三點，丙。"], []),
    ],
)
def test_enumerations(paragraphs: list[str], marks: list[str]) -> None:
    xml = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    assert marked("H013", brief(f"<sec><title>節</title>{xml}</sec>")) == marks


def test_enumerations_of_two_sections_are_two() -> None:
    xml = "<sec><title>甲</title><p>第一，甲。</p></sec><sec><title>乙</title><p>第三，乙。</p></sec>"
    assert found("H013", brief(xml)) == []


def test_points_that_are_only_mentioned_are_no_enumeration() -> None:
    assert found("H013", brief("<p>有三點：第一，甲；第二，乙；第三，丙。第二、第三點較難。</p>")) == []


@pytest.mark.parametrize(
    ("words", "marks"),
    [
        ("政府將推動以下三點：一是甲，二是乙，三是丙，四是丁。", ["三"]),
        ("政府將推動以下四點：一是甲，二是乙，三是丙，四是丁。", []),
        ("政府提出三項措施：其一，甲；其二，乙；其三，丙；其四，丁。", ["三"]),
        ("政府提出三項措施，包括：（一）甲；（二）乙。", ["三"]),
        ("政府提出三項措施：一是甲，二是乙，最後是丙。", []),
        ("政府提出三項措施：一是甲，二是乙，此外，丙。", []),
        ("政府提出三項措施。另有兩個問題：一是甲，二是乙。", []),
        ("政府提出三項措施，外界反應不一。分析人士在會後表示，此舉的用意，一是甲，二是乙。", []),
        ("原因有以下三點：第一，甲。第二，乙。第三，丙。第四，丁。", []),
    ],
)
def test_announced_items(words: str, marks: list[str]) -> None:
    assert marked("H018", brief(f"<p>{words}</p>")) == marks


def test_announced_list() -> None:
    items = "<list list-type='order'>" + "<list-item><p>甲。</p></list-item>" * 4 + "</list>"
    assert marked("H018", brief(f"<p>政府將推動以下三點：</p>{items}")) == ["三"]
    assert marked("H018", brief(f"<p>政府將推動以下四點：</p>{items}")) == []


# Figures and tables


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("圖片", 1),
        ("圖1", 1),
        ("map.png", 1),
        ("港口的位置", 1),
        ("圖：港口的位置。", 1),
        ("image", 1),
        ("地圖：港口在島的西岸，距首都二十公里。", 0),
        ("圖中可見三座起重機。", 0),
    ],
)
def test_alternatives(words: str, count: int) -> None:
    assert len(found("H006", brief(f"<sec><title>節</title>{FIGURE.format(words)}</sec>"))) == count


def test_tables_without_a_source() -> None:
    attrib, foot = (
        "<attrib>資料來源：財政部。</attrib>",
        "<table-wrap-foot><p>資料來源：主計總處。</p></table-wrap-foot>",
    )
    tables = [TABLE.format(f"t{at}", f"表{at}", source) for at, source in enumerate((attrib, foot, attrib, ""))]
    assert marked("H007", brief("".join(tables))) == ["表3"]
    assert marked("H007", brief(TABLE.format("t1", "甲", "") + TABLE.format("t2", "乙", ""))) == []
    assert marked("H007", brief(TABLE.format("t1", "甲", attrib) + TABLE.format("t2", "乙", ""))) == ["乙"]


@pytest.mark.parametrize(
    ("sentence", "marks"),
    [
        ("如表1所示，逐年增加。", ["表1"]),
        ("逐年增加（表一）。", ["表一"]),
        ("見表2。", ["表2"]),
        ("代表1人出席。", []),
        ("發表一篇文章。", []),
        ("外表一般。", []),
        ("如表一般。", []),
        ("該報告的圖1說明。", []),
        ("「如表1所示，這是別人寫的很長的一句話」，他說。", []),
        ("見<xref ref-type='table' rid='t1'/>。", []),
    ],
)
def test_typed_references_to_tables(sentence: str, marks: list[str]) -> None:
    assert marked("H015", brief(f"<p>{sentence}</p>" + TABLE.format("t1", "數字", ""))) == marks
    assert marked("H015", brief(f"<p>{sentence.replace('t1', 's')}</p>")) == []


def test_typed_reference_to_a_table_that_is_not_there() -> None:
    body = "<p>見表1、表2。</p>" + TABLE.format("t1", "數字", "")
    one, two = found("H015", brief(body))
    assert 'rid="t1"' in one.hint.zh and "只有1個" in two.message.zh


def test_tables_that_the_text_never_mentions() -> None:
    table = TABLE.format("t1", "數字", "")
    assert marked("H016", brief("<p>逐年增加。</p>" + table)) == ["數字"]
    for words in ("如下表。", "見表1。", '見<xref ref-type="table" rid="t1"/>。'):
        assert marked("H016", brief(f"<p>{words}</p>{table}")) == []


# Metadata


def test_focus_categories() -> None:
    group = '<article-categories><subj-group subj-group-type="focus">{0}</subj-group></article-categories>'
    subjects = "<subject>國際情勢</subject><subject>印太地區</subject>"
    source = brief(meta=group.format(subjects) + TITLE)
    assert found("H008", source) == []
    vocabulary = Vocabulary(focus=frozenset(("國際情勢", "印太區域")))
    assert marked("H008", source, vocabulary) == ["印太地區"]
    assert found("H008", source, vocabulary)[0].hint.zh == "改成「印太區域」"
    assert marked("H008", brief(meta=group.format("<subject>國際、印太</subject>") + TITLE)) == ["國際、印太"]


@pytest.mark.parametrize(
    ("keywords", "marks"),
    [
        (["關稅、談判"], ["關稅、談判"]),
        (["關稅", "談判", "關稅"], ["關稅"]),
        (["關稅。"], ["關稅。"]),
        (["關稅", "type area", "U.S.–China trade"], []),
    ],
)
def test_keywords(keywords: list[str], marks: list[str]) -> None:
    group = "".join(f"<kwd>{each}</kwd>" for each in keywords)
    assert marked("H017", brief(meta=f"{TITLE}<kwd-group>{group}</kwd-group>")) == marks


# Quotations

QUOTED = "「這一次的談判比前兩次都要困難」"


@pytest.mark.parametrize(
    ("paragraphs", "marks"),
    [
        ([f"《乙日報》報導，部長坦言{QUOTED}。雙方同意再談。"], [QUOTED]),
        ([f"根據中央社7月6日的報導，部長坦言{QUOTED}。"], [QUOTED]),
        ([f"《乙日報》報導，部長坦言{QUOTED}。{NOTE}"], []),
        ([f"《乙日報》報導，部長坦言{QUOTED}。雙方同意再談。{NOTE}"], []),
        ([f"《乙日報》報導，部長坦言{QUOTED}。", f"雙方同意再談。{NOTE}"], []),
        ([f"《乙日報》報導，部長坦言{QUOTED}。", f"雙方同意再談。有人反對。{NOTE}"], [QUOTED]),
        ([f"《乙日報》報導，部長坦言{QUOTED}。雙方同意再談。有人反對。{NOTE}"], []),
        ([f"談判破局。{NOTE}《乙日報》報導，部長坦言{QUOTED}。"], []),
        ([f"部長坦言{QUOTED}。"], []),
        (["《乙日報》報導，部長不滿「對等」的說法。"], []),
        ([f"《聯合國憲章》指出{QUOTED}。"], []),
        ([f"{QUOTED}是《乙日報》的標題。"], []),
    ],
)
def test_quotations_without_a_note(paragraphs: list[str], marks: list[str]) -> None:
    xml = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    assert marked("H014", brief(f"<sec><title>節</title>{xml}</sec>")) == marks


# Together


def test_hostile_text_takes_no_time() -> None:
    texts = ["《甲報》報導「" * 4_000, "第二，" * 6_000, "第一，" * 6_000, "圖1" * 10_000, "（一）" * 6_000]
    xml = "".join(f"<p>{text}</p>\n" for text in texts) + sections(*["一、甲"] * 100, *["第一節"] * 100)
    xml = xml.replace("<sec>", "\n<sec>")
    source = brief(xml)
    rules = [rule for rule in RULES if rule.check.__module__.endswith("structure")]
    reading = read(source)
    started = time.perf_counter()
    findings(reading, rules)
    assert time.perf_counter() - started < 10

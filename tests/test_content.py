"""Content: every construct of the profile becomes its value, and no text is lost or made up on the way."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from pipeline.brief import (
    Author,
    Brief,
    Call,
    Cell,
    Colophon,
    Figure,
    Inline,
    Issue,
    Item,
    Keywords,
    Link,
    List,
    Note,
    Paragraph,
    Quotation,
    Reference,
    Ruby,
    Section,
    Style,
    Table,
    Text,
    Translation,
    inline_nodes,
    plain,
    walk,
)
from pipeline.content import brief_content, issue_content
from pipeline.parse import Source, parse_bytes

Make = Callable[..., Source]

TITLE = "<title-group><article-title>題名</article-title></title-group>"


@pytest.fixture
def read(brief: Make) -> Callable[..., Brief]:
    """A brief as values, from markup of its body and metadata."""
    return lambda *markup, **meta: brief_content(brief(*markup, **meta), "b01")


@pytest.fixture
def inline(read: Callable[..., Brief]) -> Callable[[str], tuple[Inline, ...]]:
    """The inline content of one paragraph."""

    def paragraph(markup: str) -> tuple[Inline, ...]:
        (block,) = read(f"<p>{markup}</p>").blocks
        assert isinstance(block, Paragraph)
        return block.children

    return paragraph


def text(*contents: str) -> tuple[Inline, ...]:
    return tuple(Text(content) for content in contents)


# Inline


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<italic>書</italic>", Style("italic", text("書"))),
        ("<bold>書</bold>", Style("bold", text("書"))),
        ("<sup>2</sup>", Style("sup", text("2"))),
        ("<sub>2</sub>", Style("sub", text("2"))),
        (
            '<named-content xml:lang="fr">le livre</named-content>',
            Style("foreign", text("le livre"), "fr"),
        ),
        (
            '<styled-content style-type="emphasis-mark">書</styled-content>',
            Style("emphasis-mark", text("書")),
        ),
        ("<ruby><rb>刊</rb><rt>ㄎㄢ</rt></ruby>", Ruby("刊", "ㄎㄢ")),
        (
            '<ext-link ext-link-type="uri" xlink:href="https://kan.example/?a=1&amp;b=2">網 頁</ext-link>',
            Link("https://kan.example/?a=1&b=2", text("網 頁")),
        ),
        (
            "<bold>甲<italic>乙</italic>丙</bold>",
            Style("bold", (Text("甲"), Style("italic", text("乙")), Text("丙"))),
        ),
        (
            "<bold>甲<ruby><rb>乙</rb><rt>yi</rt></ruby></bold>",
            Style("bold", (Text("甲"), Ruby("乙", "yi"))),
        ),
    ],
)
def test_inline_markup(inline: Callable[[str], object], markup: str, expected: Inline) -> None:
    assert inline(markup) == (expected,)
    assert inline(f"前{markup}後") == (Text("前"), expected, Text("後"))


def test_a_citation_keeps_its_words_and_punctuation(read: Callable[..., Brief]) -> None:
    brief = read(
        '<p>文<fn id="n"><p><mixed-citation publication-type="book" xml:lang="zh-Hant-TW"><person-group '
        'person-group-type="author"><string-name>沈括</string-name></person-group>，《<source>夢溪筆談</source>》'
        '（<date iso-8601-date="1088"><year>1088年</year></date>），卷18。</mixed-citation>另見乙。</p></fn></p>'
    )
    (note,) = brief.notes
    citation, rest = note.paragraphs[0].children
    assert isinstance(citation, Style) and (citation.name, citation.lang) == ("citation", "zh-Hant-TW")
    assert plain(citation.children) == "沈括，《夢溪筆談》（1088年），卷18。"
    assert rest == Text("另見乙。")


def test_languages_are_found_in_chinese_and_left_alone_elsewhere(inline: Callable[[str], object]) -> None:
    assert inline("見 Page Layout 一書") == (Text("見 "), Text("Page Layout", "en"), Text(" 一書"))
    assert inline('<named-content xml:lang="la">opus magnum</named-content>書') == (
        Style("foreign", text("opus magnum"), "la"),
        Text("書"),
    )
    chinese = '<mixed-citation xml:lang="zh-Hant-TW">書，Page Layout。</mixed-citation>'
    assert inline(chinese) == (
        Style("citation", (Text("書，"), Text("Page Layout", "en"), Text("。")), "zh-Hant-TW"),
    )
    assert inline('字<mixed-citation xml:lang="en">Page Layout</mixed-citation>') == (
        Text("字"),
        Style("citation", text("Page Layout"), "en"),
    )
    address = '字<ext-link ext-link-type="uri" xlink:href="https://x.example/">Page Layout</ext-link>'
    assert inline(address) == (Text("字"), Link("https://x.example/", text("Page Layout")))


def test_the_language_of_a_paragraph(read: Callable[..., Brief]) -> None:
    brief = read(
        "<p>Set in <italic>Source Serif</italic>.</p><p>中文 Page Layout</p>"
        '<p xml:lang="ja">組版の話</p><p xml:lang="zh-Hant-TW">Page Layout</p>'
        '<p>Layout, <fn id="n"><p>中文</p></fn>'
        '<ext-link ext-link-type="uri" xlink:href="https://x/">書</ext-link></p>'
    )
    paragraphs = [block for block in brief.blocks if isinstance(block, Paragraph)]
    assert [paragraph.lang for paragraph in paragraphs] == ["en", None, "ja", "zh-Hant-TW", "en"]
    assert paragraphs[0].children[0] == Text("Set in ")
    assert paragraphs[3].children == (Text("Page Layout", "en"),)
    assert brief.notes[0].paragraphs[0].lang is None


# Notes and references


def test_calls_and_references(read: Callable[..., Brief]) -> None:
    brief = read(
        '<p>甲<fn id="a"><p>註甲</p><p>二段</p></fn>'
        '乙<xref ref-type="fn" rid="a"/><xref ref-type="fn" rid="a"/></p>'
        '<p>丙<fn id="b"><p><xref ref-type="fn" rid="a" specific-use="same-source"/>，頁9</p></fn>'
        '<xref ref-type="fn" rid="b" specific-use="see"/></p>'
    )
    first, second = brief.notes
    assert first == Note("b01-a", "1", (Paragraph(text("註甲")), Paragraph(text("二段"))))
    assert second.paragraphs == (
        Paragraph(
            (Reference("same-source", "b01-a", "同前註", "，頁9", (Text("註甲"), Text("二段"))), Text("。"))
        ),
    )
    assert brief.blocks == (
        Paragraph((Text("甲"), Call(first), Text("乙"), Call(first, 1), Call(first, 2))),
        Paragraph((Text("丙"), Call(second), Reference("see", "b01-b", "見註2"))),
    )
    anchors = [node.anchor for node in inline_nodes(brief) if isinstance(node, Call)]
    assert anchors == ["b01-a-call", "b01-a-call-2", "b01-a-call-3", "b01-b-call"]


def test_a_source_inside_a_note_is_referred_to_by_its_note(read: Callable[..., Brief]) -> None:
    brief = read(
        '<p>文<fn id="n"><p><mixed-citation id="one">甲，一。</mixed-citation><mixed-citation id="two">乙，二。'
        "</mixed-citation></p></fn>文"
        '<fn id="m"><p><xref ref-type="fn" rid="two" specific-use="same-source"/></p></fn></p>'
    )
    assert brief.notes[1].paragraphs[0].children == (
        Reference("same-source", "b01-n", "乙，前揭註1", source=(Style("citation", (Text("乙，二"),)),)),
        Text("。"),
    )


def test_a_reference_leads_where_its_words_say(read: Callable[..., Brief]) -> None:
    """Through a note that only refers, to the note with the citation."""
    brief = read(
        '<p>甲<fn id="a"><p>王三省，《甲書》，2020年。</p></fn>乙<fn id="b"><p><xref ref-type="fn" rid="a" '
        'specific-use="same-source"/>。</p></fn>丙<fn id="c"><p><xref ref-type="fn" rid="b" '
        'specific-use="same-source"/>。</p></fn></p>'
    )
    (reference, _) = brief.notes[2].paragraphs[0].children
    assert isinstance(reference, Reference)
    assert (reference.words, reference.anchor) == ("同註1", "b01-a")


def test_references_to_blocks(read: Callable[..., Brief]) -> None:
    brief = read(
        '<sec id="s"><title>前言</title><p><xref ref-type="sec" rid="t"/>'
        '<xref ref-type="table" rid="tab"/></p></sec>'
        '<sec id="t"><title>結論</title><table-wrap id="tab"><caption><title>表</title></caption>'
        "<table><tbody><tr><td>1</td></tr></tbody></table></table-wrap></sec>"
    )
    section = brief.blocks[0]
    assert isinstance(section, Section)
    assert section.blocks == (Paragraph((Reference("sec", "b01-t", "貳"), Reference("table", "b01-tab", "表1"))),)


# Blocks


def test_sections(read: Callable[..., Brief]) -> None:
    brief = read(
        '<p>引</p><sec id="one"><title>前言</title><p id="first">文</p><sec id="two"><title>甲</title></sec>'
        '<sec id="three"><title>乙</title></sec></sec><sec id="four"><title>結論</title></sec>'
    )
    two, three = (Section(f"b01-{name}", f"{n}、", text(title), 2, ()) for name, n, title in
                  (("two", "一", "甲"), ("three", "二", "乙")))  # fmt: skip
    assert brief.blocks == (
        Paragraph(text("引")),
        Section("b01-one", "壹、", text("前言"), 1, (Paragraph(text("文"), None, "b01-first"), two, three)),
        Section("b01-four", "貳、", text("結論"), 1, ()),
    )
    assert [section.anchor for section in brief.sections()] == ["b01-one", "b01-two", "b01-three", "b01-four"]


def test_quotation(read: Callable[..., Brief]) -> None:
    brief = read("<disp-quote id='q'><p>甲</p><p>乙</p><attrib>沈括</attrib></disp-quote>"
                 "<disp-quote xml:lang='en'><p>Two words</p></disp-quote>")  # fmt: skip
    assert brief.blocks == (
        Quotation((Paragraph(text("甲")), Paragraph(text("乙"))), text("沈括"), None, "b01-q"),
        Quotation((Paragraph(text("Two words"), "en"),), (), "en"),
    )


def test_figure(read: Callable[..., Brief]) -> None:
    brief = read(
        '<fig id="f"><caption><title>圖名<fn id="n"><p>註</p></fn></title><p>說明</p></caption>'
        "<alt-text> 一張\n 圖 </alt-text>"
        '<graphic xlink:href="figures/a.svg"/><attrib>資料來源：自繪</attrib></fig>'
    )
    assert brief.blocks == (
        Figure(
            "b01-f",
            "圖1",
            (Text("圖名"), Call(brief.notes[0])),
            (Paragraph(text("說明")),),
            "一張圖",
            Path("figures/a.svg"),
            "figures/a.svg",
            text("資料來源：自繪"),
        ),
    )


def test_table_cells(read: Callable[..., Brief]) -> None:
    brief = read(
        """<table-wrap id="t"><caption><title>表名</title><p>說明</p></caption><table>
        <thead><tr><th colspan="2" align="center">甲</th><th rowspan="2">乙</th></tr></thead>
        <tfoot><tr><td>計</td><td>3</td></tr></tfoot>
        <tbody><tr><th>丙</th><td align="right">1</td></tr></tbody>
        <tbody><tr><td><bold>丁</bold></td><td/></tr></tbody>
        </table><table-wrap-foot><p>註：一</p><p>註：二</p></table-wrap-foot><attrib>資料來源</attrib></table-wrap>"""
    )
    assert brief.blocks == (
        Table(
            anchor="b01-t",
            label="表1",
            title=text("表名"),
            caption=(Paragraph(text("說明")),),
            head=((Cell(True, text("甲"), 2, 1, "center"), Cell(True, text("乙"), 1, 2)),),
            body=(
                (Cell(True, text("丙")), Cell(False, text("1"), align="right")),
                (Cell(False, (Style("bold", text("丁")),)), Cell(False, ())),
            ),
            foot=((Cell(False, text("計")), Cell(False, text("3"))),),
            attribution=(text("註：一"), text("註：二"), text("資料來源")),
        ),
    )


def test_lists(read: Callable[..., Brief]) -> None:
    brief = read(
        '<list list-type="order" id="l"><list-item><p>甲</p><list list-type="alpha-lower"><list-item><p>乙</p>'
        "</list-item></list></list-item><list-item><p>丙</p><p>丁</p></list-item></list>"
    )
    inner = List("alpha-lower", (Item((Paragraph(text("乙")),)),))
    items = (Item((Paragraph(text("甲")), inner)), Item((Paragraph(text("丙")), Paragraph(text("丁")))))
    assert brief.blocks == (List("order", items, "b01-l"),)
    assert [block.kind for block in walk(brief.blocks)] == [
        "list",
        "paragraph",
        "list",
        "paragraph",
        "paragraph",
        "paragraph",
    ]


def test_comments_and_instructions_are_no_text(inline: Callable[[str], object]) -> None:
    assert inline('甲<!-- 不 --><?kan allow="N001" reason="不"?>乙') == text("甲", "乙")


# Front matter


def test_front_matter(read: Callable[..., Brief]) -> None:
    brief = read(
        meta="""<article-id pub-id-type="publisher-id">K1</article-id>
        <article-id pub-id-type="doi">10.5555/a</article-id>
        <article-categories><subj-group subj-group-type="focus">
          <subject>排版</subject><subject>標點</subject></subj-group>
        </article-categories>
        <title-group><article-title>題：<italic>名</italic></article-title><subtitle>副題</subtitle>
          <trans-title-group xml:lang="en"><trans-title>A Title</trans-title><trans-subtitle>Sub</trans-subtitle>
          </trans-title-group></title-group>
        <history>
          <date date-type="received" iso-8601-date="2026-09-07">
            <day>7</day><month>9</month><year>2026</year></date>
          <date date-type="rev-recd"><day>1</day><month>10</month><year>2026</year></date>
          <date date-type="accepted"><month>11</month><year>2026</year></date></history>
        <abstract><p>摘要一</p><p>摘要二</p></abstract>
        <trans-abstract xml:lang="en"><p>In short.</p></trans-abstract>
        <trans-abstract xml:lang="ja"><p>要約</p></trans-abstract>
        <kwd-group xml:lang="zh-Hant-TW"><kwd>版心</kwd><kwd>字格</kwd></kwd-group>
        <kwd-group><kwd>a b</kwd></kwd-group>"""
    )
    assert brief.key == "b01" and brief.lang == "zh-Hant-TW"
    assert brief.title == (Text("題："), Style("italic", text("名"))) and brief.plain_title == "題：名"
    assert brief.subtitle == text("副題") and brief.plain_subtitle == "副題"
    assert brief.focus == ("排版", "標點")
    assert brief.doi == "10.5555/a"
    assert brief.abstract == (Paragraph(text("摘要一")), Paragraph(text("摘要二")))
    assert brief.translations == (
        Translation("en", "A Title", "Sub", (Paragraph(text("In short."), "en"),)),
        Translation("ja", "", "", (Paragraph(text("要約")),)),
    )
    assert brief.keywords == (Keywords("zh-Hant-TW", ("版心", "字格")), Keywords(None, ("a b",)))
    assert brief.dates == (("收稿", "2026年9月7日"), ("修訂", "2026年10月1日"), ("接受", "2026年11月"))


def test_what_is_absent_is_empty(read: Callable[..., Brief]) -> None:
    brief = read()
    assert (brief.subtitle, brief.authors, brief.focus, brief.abstract, brief.keywords) == ((), (), (), (), ())
    assert (brief.translations, brief.dates, brief.doi, brief.notes) == ((), (), None, ())


EASTERN = '<name name-style="eastern"><surname>司馬</surname><given-names>光</given-names></name>'
WESTERN = '<name name-style="western"><surname>Sima</surname><given-names>Guang</given-names></name>'


@pytest.mark.parametrize(
    ("contrib", "expected"),
    [
        (EASTERN, Author("司馬光")),
        (WESTERN, Author("Guang Sima")),
        ('<name name-style="western"><surname>Plato</surname></name>', Author("Plato")),
        ("<collab>本刊\n 編輯部</collab>", Author("本刊編輯部", collective=True)),
        (
            f"<name-alternatives>{WESTERN}{EASTERN}</name-alternatives><aff>史館</aff><aff>書局</aff>",
            Author("司馬光", ("史館", "書局"), "Guang Sima"),
        ),
        (
            f'<contrib-id contrib-id-type="orcid">0000-0002-1825-0097</contrib-id>{EASTERN}',
            Author("司馬光", orcid="0000-0002-1825-0097"),
        ),
    ],
)
def test_names(read: Callable[..., Brief], contrib: str, expected: Author) -> None:
    group = f'<contrib-group><contrib contrib-type="author">{contrib}</contrib></contrib-group>'
    assert read(meta=TITLE + group).authors == (expected,)


ISSUE = """<issue xml:lang="zh-Hant-TW"><journal-meta>
<journal-title-group><journal-title>版面</journal-title>{title}
</journal-title-group>{journal}</journal-meta><issue-meta>{meta}</issue-meta><contents/></issue>"""
LEAST = '<issue-number>3</issue-number><pub-date iso-8601-date="2026-03-05"/>'


def read_issue(meta: str = LEAST, title: str = "", journal: str = "") -> Issue:
    source = parse_bytes(Path("/i/issue.xml"), ISSUE.format(meta=meta, title=title, journal=journal).encode())
    return issue_content(Path("/i"), source, [])


def test_the_least_issue() -> None:
    issue = read_issue()
    assert (issue.title, issue.number, issue.volume, issue.name) == ("版面", "3", "", "第3期")
    assert issue.published == date(2026, 3, 5)
    assert issue.colophon == Colophon()
    assert issue.cover is None


def test_the_whole_colophon() -> None:
    issue = read_issue(
        "<volume>2</volume>"
        + LEAST
        + "<publisher-address>臺北市</publisher-address><publisher-phone>02</publisher-phone>"
        "<publisher-url>https://x.example/</publisher-url><editor-in-chief>甲</editor-in-chief>"
        "<editorial-board><member>乙</member><member>丙</member></editorial-board><executive-editor>丁</executive-editor>"
        '<first-issue-date iso-8601-date="2020-01-02"/><frequency>季刊</frequency><licence href="https://l/">CC</licence>'
        "<price>免費</price><gpn>1</gpn><doi-prefix>10.5555</doi-prefix>"
        "<cover-picture href='figures/c.svg' alt='封面'/>",
        title='<trans-title-group xml:lang="en"><trans-title>Page</trans-title></trans-title-group>',
        journal='<issn publication-format="print">1111-1111</issn>'
        '<issn publication-format="electronic">2222-2222</issn>'
        "<publisher><publisher-name>社</publisher-name></publisher>",
    )
    assert issue.name == "第2卷第3期" and issue.english_title == "Page"
    assert (issue.cover, issue.cover_alternative) == (Path("/i/figures/c.svg"), "封面")
    assert issue.colophon == Colophon(
        publisher="社",
        address="臺北市",
        telephone="02",
        url="https://x.example/",
        editor_in_chief="甲",
        editorial_board=("乙", "丙"),
        executive_editor="丁",
        first_issue=date(2020, 1, 2),
        frequency="季刊",
        licence="CC",
        licence_href="https://l/",
        price="免費",
        issn_print="1111-1111",
        issn_electronic="2222-2222",
        gpn="1",
        doi_prefix="10.5555",
    )


# Blanks


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("\n   文字\n   ", "文字"),
        ("甲\n   乙", "甲乙"),
        ("甲，\n乙", "甲，乙"),
        ("甲  \n\n\t 乙", "甲乙"),
        ("𠀀\n𠀁", "𠀀𠀁"),
        ("刊 \n kan", "刊kan"),
        ("kan\n  刊", "kan刊"),
        ("set\n  page", "set page"),
        ("甲 乙", "甲 乙"),
        ("set   page", "set page"),
        ("人民　公報", "人民　公報"),
        ("한국\n  사람", "한국 사람"),
    ],
)
def test_line_ends_of_the_source(inline: Callable[[str], tuple[Inline, ...]], typed: str, set_: str) -> None:
    """A line end beside Chinese is no blank; elsewhere blanks fold into one. U+3000 stays (brief-format)."""
    assert plain(inline(typed)) == set_


def test_blanks_beside_markup(inline: Callable[[str], tuple[Inline, ...]]) -> None:
    assert plain(inline("\n <italic>The Page</italic> and\n <bold>type</bold>\n")) == "The Page and type"
    assert plain(inline("甲\n  <bold>乙</bold>\n  丙")) == "甲乙丙"
    assert (
        plain(inline("<bold>甲</bold>\n  <bold>乙</bold>\n<!-- 註 -->\n <bold>a</bold>\n <bold>b</bold>"))
        == "甲乙a b"
    )
    assert plain(inline('<bold>甲</bold><fn id="n"><p>n</p></fn>\n  <bold>乙</bold>')) == "甲乙"
    assert plain(inline('<bold>a</bold><fn id="n"><p>註</p></fn>\n  <bold>b</bold>')) == "a b"
    assert plain(inline('甲<fn id="n"><p>n</p></fn>\n  <xref ref-type="fn" rid="n"/>\n  Kan')) == "甲Kan"
    assert (
        plain(inline('<fn id="n"><p>n</p></fn>The\n  <xref ref-type="fn" rid="n" specific-use="see"/>'))
        == "The見註1"
    )


def test_a_paragraph_of_very_many_parts_takes_no_long_time(inline: Callable[[str], tuple[Inline, ...]]) -> None:
    assert len(inline("甲\n<bold>乙</bold>" * 30_000)) == 60_000


# Anchors


def test_anchors_are_unique_whatever_ids_the_author_gives(read: Callable[..., Brief]) -> None:
    """The editions make ids of their own: of calls, of headings, of what has none."""
    brief = read(
        '<p id="title">甲<fn id="n"><p>註</p></fn><xref ref-type="fn" rid="n"/></p><p id="notes">乙</p>'
        '<p id="n-call">丙</p><p id="n-call-2">丁</p><sec id="sec-13"><title>戊</title></sec>'
        "<sec><title>己</title></sec><fig><caption><title>庚</title></caption><alt-text>圖</alt-text>"
        '<graphic xlink:href="a.svg"/></fig>'
    )
    anchors = [*anchors_of(brief), "b01-title", "b01-notes"]
    assert len(anchors) == 12
    assert [name for name, times in Counter(anchors).items() if times > 1] == []


def anchors_of(brief: Brief) -> list[str]:
    found = [getattr(block, "anchor", None) for block in walk(brief.blocks)]
    found += [note.anchor for note in brief.notes]
    found += [node.anchor for node in inline_nodes(brief) if isinstance(node, Call)]
    return [anchor for anchor in found if anchor]


@pytest.mark.parametrize("at", range(1, 40))
def test_no_given_id_meets_a_made_one(read: Callable[..., Brief], at: int) -> None:
    brief = read(
        f'<sec id="sec-{at}"><title>甲</title></sec><sec><title>乙</title></sec><sec><title>丙</title></sec>'
    )
    assert len(set(anchors_of(brief))) == 3


def test_anchors_of_the_issue(issue: Issue) -> None:
    anchors = [anchor for brief in issue.briefs for anchor in (brief.key, *anchors_of(brief))]
    assert [name for name, times in Counter(anchors).items() if times > 1] == []
    assert all(re.fullmatch("[A-Za-z_][A-Za-z0-9_-]*", anchor) for anchor in anchors)
    targets = {
        node.anchor for brief in issue.briefs for node in inline_nodes(brief) if isinstance(node, Reference)
    }
    assert targets <= set(anchors)


# Nothing lost


def test_every_character_of_a_brief_is_in_its_values(issue: Issue) -> None:
    """As many of each character, blanks aside, as the source has; generated words are counted apart."""
    for brief, path in zip(issue.briefs, sorted(issue.folder.glob("brief-*.xml")), strict=True):
        root = etree.parse(path).getroot()
        parts = root.iter("article-title", "subtitle", "author-notes", "abstract", "trans-abstract", "body")
        source = Counter("".join("".join(part.itertext()) for part in parts))
        for title in root.iterfind("body//article-title"):
            source -= Counter("".join(title.itertext()))  # counted with the body
        source -= Counter("".join("".join(alt.itertext()) for alt in root.iter("alt-text", "rt")))
        found = Counter("".join(typed(node) for node in inline_nodes(brief)))
        for blank in " \t\n":
            del source[blank], found[blank]
        assert found == source, path.name


def typed(node: Inline) -> str:
    """What of a node the author typed."""
    match node:
        case Text():
            return node.content
        case Ruby():
            return node.base
        case Reference():
            return node.locator
        case _:
            return ""

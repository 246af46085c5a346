"""Typed references: which words are one, what each points at, and the links that replace them."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.edit import edited
from pipeline.notes.graph import note_graph
from pipeline.notes.phrases import value
from pipeline.notes.style import shipped
from pipeline.notes.typed import Series, link_edits, typed_references
from pipeline.notes.wording import word
from pipeline.parse import Source, parse, parse_bytes
from pipeline.validate import check_brief
from tests.conftest import ARTICLE, HOUSE, REAL_ISSUE, SAMPLE, TITLE

TYPED_ISSUE = REAL_ISSUE.parent / "lint" / "real-issue-typed"

# The notes before those of the tables below: their numbers are the last figures of their ids.
BEFORE = {
    "n1": "王大明，《甲書》（臺北：乙出版社，2020年），頁5。",
    "n2": "這一條只有說明。",
    "n3": '<mixed-citation publication-type="book"><person-group person-group-type="author"><string-name>'
    "<surname>李</surname><given-names>小華</given-names></string-name></person-group>，《<source>丙書</source>》，"
    '頁3</mixed-citation>；<mixed-citation id="c3" publication-type="journal"><person-group '
    'person-group-type="author"><string-name>陳中</string-name></person-group>，〈<article-title>丁篇：再論'
    "</article-title>〉，《<source>戊刊</source>》，2019年</mixed-citation>。",
    "n4": '<xref ref-type="fn" rid="n1" specific-use="same-source"/>，頁8。',
    "n5": "趙一，〈己篇〉，《庚報》，2021年5月6日；錢二，〈辛篇〉，《壬報》，2021年6月7日。",
    "n6": "Kirsty Needham, “A Short Title: With More,” <italic>Reuters</italic>, May 6, 2021, "
    '<ext-link ext-link-type="uri" xlink:href="https://example.org/a">https://example.org/a</ext-link>.',
    "n7": "同註1，頁9。",
    "n8": "孫三，〈癸篇〉，《子報》，2022年7月8日。",
}


def brief(last: str, *, text: str = "", before: dict[str, str] | None = None) -> Source:
    """A brief with the notes of BEFORE, a last one, n9, and running text."""
    notes = {**(BEFORE if before is None else before), "n9": last}
    calls = "".join(f'字<fn id="{name}"><p>{words}</p></fn>' for name, words in notes.items())
    body = f'<sec id="s1"><title>節</title><p>{calls}。</p><p>{text or "文"}</p></sec>'
    return parse_bytes(Path("brief.xml"), ARTICLE.format(meta=TITLE, body=body).encode())


def shorthand(data: bytes) -> str:
    """Markup with each link as [id] or [see id]."""
    text = data.decode().replace(' specific-use="same-source"', "")
    text = re.sub(r'<xref ref-type="fn" rid="([^"]*)" specific-use="see"/>', r"[see \1]", text)
    return re.sub(r'<xref ref-type="fn" rid="([^"]*)"/>', r"[\1]", text)


# The numbers that an author saw, the note in which he typed, and what it becomes; n5 is the last footnote.
FOOTNOTES = Series({1: "n2", 2: "n3", 3: "n5"}, kind="footnote")
ENDNOTES = Series({1: "n1", 2: "n4"}, kind="endnote")
UNSURE = Series({}, whole=False, kind="footnote")
AS_SEEN = {
    "同註2，頁9。": (FOOTNOTES, "[n3]，頁9。"),
    "同註1，頁9。": (ENDNOTES, "[n1]，頁9。"),
    "同前註，頁9。": (FOOTNOTES, "[n3]，頁9。"),
    "見註2。": (ENDNOTES, "[see n4]。"),
    "同註4，頁9。": (FOOTNOTES, "[n4]，頁9。"),  # there is no such number: he counted both together
    "同註3，頁9。": (FOOTNOTES, "註3就是它自己所在的註"),
    "同註１，頁9。": (UNSURE, "稿件裡看不出哪一條註印的是註1"),
    "同註3，頁 9。": (ENDNOTES, "沒有註3"),
    "見註 1。": (Series({1: "an"}), "註1是作者註，排版後是星號，不是號碼"),
}


@pytest.mark.parametrize("words", AS_SEEN)
def test_a_number_is_read_as_its_author_saw_it(words: str) -> None:
    own, expected = AS_SEEN[words]
    source = [
        f"<p>{name}，《甲書》（臺北：甲出版社，2020年），頁5。</p>"
        for name in ("王大明", "李小華", "趙一", "孫三")
    ]
    calls = "".join(f'字<fn id="n{n}">{words}</fn>' for n, words in enumerate([*source, f"<p>{words}</p>"], 1))
    meta = TITLE + '<author-notes><fn id="an"><p>教授。</p></fn></author-notes>'
    brief = parse_bytes(Path("brief.xml"), ARTICLE.format(meta=meta, body=f"<p>{calls}</p>").encode())
    other = {"n1": ENDNOTES, "n4": ENDNOTES, "n2": FOOTNOTES, "n3": FOOTNOTES}
    linking = link_edits(brief, (), {**(other if own.kind and own.whole else {}), "n5": own})
    last = shorthand(edited(brief, linking.edits)).split('<fn id="n5"><p>')[1].split("</p></fn>")[0]
    assert expected in [last, *(each.reason.zh for each in linking.undecided)]


@pytest.mark.parametrize(
    ("first", "is_source"),
    [
        ("道路交通安全規則第52條之2。", True),
        ("勞動部新聞稿，2019年10月14日。", True),
        ("《勞動檢查統計年報》，頁9。", True),
        ("Transport for London, Travel in London Report 9, 2016, pp. 112-118.", True),
        ("《勞動檢查統計年報》的說法，本文不採。", False),
        ("勞動部新聞稿，2019年10月14日；民間另有說法。", False),
        ("這一段的訪談在2019年10月14日完成。", False),
    ],
)
def test_a_number_names_a_note_that_is_plainly_one_source(first: str, is_source: bool) -> None:
    last, reasons = linked(
        brief("同註1，頁3。", before={"n1": first, "n2": "王大明，《甲書》（臺北：乙，2020年）。"})
    )
    assert (last, reasons) == (("[n1]，頁3。", []) if is_source else ("同註1，頁3。", ["註1裡看不到資料"]))
    assert linked(brief("同前註，頁3。", before={"n1": first}))[1] == ["註1裡看不到資料"]


def linked(source: Source, name: str = "n9") -> tuple[str, list[str]]:
    """The last note once linked, and why what was left in it was left."""
    linking = link_edits(source)
    last = shorthand(edited(source, linking.edits)).split(f'<fn id="{name}"><p>')[1].split("</p></fn>")[0]
    return last, [each.reason.zh for each in linking.undecided]


NOTES = {
    # The note before: note 8.
    "同前註。": "[n8]。",
    "同前註，頁5。": "[n8]，頁5。",
    "同前註": "[n8]",
    "同上註，頁5。": "[n8]，頁5。",
    "同前揭註，頁5。": "[n8]，頁5。",
    "同前注，頁5。": "[n8]，頁5。",
    "同上。": "[n8]。",
    "同前，頁5。": "[n8]，頁5。",
    "註同前。": "[n8]。",
    "註同前，頁5。": "[n8]，頁5。",
    "同前註第3頁。": "[n8]第3頁。",
    "同前註8，頁5。": "[n8]，頁5。",
    "（同前註，頁5）": "（[n8]，頁5）",
    "孫三，同前註，頁5。": "[n8]，頁5。",
    "參見同前註，頁5。": "參見[n8]，頁5。",
    "資料來源：同前註。": "資料來源：[n8]。",
    "這是作者的看法。同前註，頁5。": "這是作者的看法。[n8]，頁5。",
    "同前註、同註1。": "[n8]、[n1]。",
    # A note by its number.
    "同註1。": "[n1]。",
    "同註 1，頁9。": "[n1]，頁9。",
    "同註１，頁9。": "[n1]，頁9。",
    "同註一，頁9。": "[n1]，頁9。",
    "同註解1，頁9。": "[n1]，頁9。",
    "同註腳 1，頁9。": "[n1]，頁9。",
    "同註釋1，頁9。": "[n1]，頁9。",
    "同前揭註1，頁9。": "[n1]，頁9。",
    "前揭註1，頁9。": "[n1]，頁9。",
    "前註1，頁9。": "[n1]，頁9。",
    "註1，頁9。": "[n1]，頁9。",
    "同註1頁9。": "[n1]頁9。",
    "同註1引書，頁9。": "[n1]，頁9。",
    "前揭註1所引書，頁9。": "[n1]，頁9。",
    "另有一說；註1，頁9。": "另有一說；[n1]，頁9。",
    "同註1；周四，《丑書》（臺北：寅社，2018年）。": "[n1]；周四，《丑書》（臺北：寅社，2018年）。",
    "同註1、同註8。": "[n1]、[n8]。",
    "同註1及同註8。": "[n1]及[n8]。",
    "同<bold>註</bold>1。": "[n1]。",
    # A chain is followed to the note with the source.
    "同註4，頁9。": "[n1]，頁9。",
    "同註7，頁9。": "[n1]，頁9。",
    # The author or title typed before it.
    "王大明，前揭註1，頁9。": "[n1]，頁9。",
    "王大明，《甲書》，同註1，頁9。": "[n1]，頁9。",
    "王大明（2020），前揭註1，頁9。": "[n1]，頁9。",
    "王大明前揭註1，頁9。": "[n1]，頁9。",
    "參見王大明，前揭註7，頁9。": "參見[n1]，頁9。",
    "陳中，前揭註3，頁9。": "[c3]，頁9。",
    "陳中，〈丁篇〉，前揭註3，頁9。": "[c3]，頁9。",
    "〈丁篇〉，同註3，頁9。": "[c3]，頁9。",
    "李小華，同註3，頁9。": "[cit-n3-1]，頁9。",
    # English.
    "Ibid.": "[n8].",
    "Ibid": "[n8]",
    "Ibid., p. 5.": "[n8], p. 5.",
    "ibid., p. 5.": "[n8], p. 5.",
    "Ibid；另見其他。": "[n8]；另見其他。",
    "Ibid. 另有一說。": "[n8]。 另有一說。",
    "<italic>Ibid.</italic>": "[n8].",
    "<italic>Ibid.</italic>, p. 5.": "[n8], p. 5.",
    "<italic>Ibid.,</italic> p. 5.": "[n8], p. 5.",
    '<named-content xml:lang="en"><italic>Ibid</italic></named-content>.': "[n8].",
    "Id.": "[n8].",
    "Id. at 5.": "[n8] at 5.",
    "supra note 6, at 5.": "[n6], at 5.",
    "Needham, supra note 6, at 5.": "[n6], at 5.",
    "Kirsty Needham, “A Short Title,” supra note 6, p. 5.": "[n6], p. 5.",
    "Needham, see note 6, p. 5.": "[n6], p. 5.",
    "See note 6, p. 5.": "[n6], p. 5.",
    "See note 6.": "[see n6].",
    "See also supra note 6.": "[see n6].",
    "For details, see note 6.": "For details, [see n6].",
    # Pointers name the very note, whatever it holds, and may look ahead.
    "見註2。": "[see n2]。",
    "見註 5。": "[see n5]。",
    "參見註7。": "[see n7]。",
    "參註5。": "[see n5]。",
    "詳見註5。": "[see n5]。",
    "請見註5。": "[see n5]。",
    "另見前註5。": "另[see n5]。",
    "見前揭註5。": "[see n5]。",
    "參見前註。": "[see n8]。",
    "相關討論見註5、註冊制度另見註2。": "相關討論[see n5]、註冊制度另[see n2]。",
    "見註3、見註5。": "[see n3]、[see n5]。",
    "見註5之說明。": "[see n5]之說明。",
    "見註十。": "見註十。",
}

DOUBTS = {
    "同註9，頁5。": "註9就是它自己所在的註",
    "同註10，頁5。": "沒有註10",
    "同註99。": "沒有註99",
    "同註0。": "沒有註0",
    "見註10。": "沒有註10",
    "見註9。": "註9就是它自己所在的註",
    "同前註5。": "前一條是註8，不是註5",
    "同註2。": "註2裡看不到資料",
    "同註3，頁5。": "註3引了好幾筆資料，看不出",
    "同註5，頁5。": "要指的那一筆還沒有標記",
    "趙一，同註5，頁5。": "要指的那一筆還沒有標記",
    "周四，前揭註1，頁5。": "前面的「周四」不是註1的作者或篇名",
    "周四，前揭註3，頁5。": "前面的「周四」不是註3的作者或篇名",
    "這是一種說法，同註1。": "前面的「這是一種說法」不是註1",
    "同註1、3。": "一次寫了好幾個註號",
    "同註1-3。": "一次寫了好幾個註號",
    "見註3、5。": "一次寫了好幾個註號",
    "見註3至註5。": "一次寫了好幾個註號",
    "同註三、五。": "一次寫了好幾個註號",
    "supra notes 1-3.": "一次寫了好幾個註號",
    "同註1所引報導指出，情況不同。": "連成一句",
    "同前註所述，情況不同。": "連成一句",
    "如註1所述，情況不同。": "連成一句",
    "同前註 43。": "前一條是註8，不是註43",
    "See ibid., p. 5.": "連成一句",
    "See Needham, supra note 6.": "連成一句",
    "Needham, op. cit., p. 5.": "沒有寫註號",
    "Loc. cit.": "沒有寫註號",
    "周四，〈丑篇〉，《寅報》，2020年1月2日；Ibid., p. 5.": "也可能指那一筆",
    "<italic>Ibid., see</italic> p. 5.": "標記交錯",
    "同<!-- 註 -->註1。": "標記交錯",
    "<![CDATA[同註1]]>。": "標記交錯",
}

NEVER = [
    "本文的「同前註」是一種寫法。",
    "本文的同前註寫法不一。",
    "『同註5』、“Ibid.”與〈見註5〉都是例子。",
    "〈同註何處〉，見《同註5》一書。",
    "同註冊商標。",
    "同註銷程序。",
    "同前註冊商標，應予保護。",
    "前註明之日期。",
    "註冊於2020年。",
    "註銷登記。",
    "加註5項說明。",
    "附註3則。",
    "備註5。",
    "註5：這是表的註。",
    "註有年代的一本。",
    "意見註5筆。",
    "參見註三國志。",
    "同註50000。",
    "同前註冊，同上訴審。",
    "不同註釋之比較。",
    "It is forbidden.",
    "idle; id est.",
    '<mixed-citation publication-type="book">王大明，同註1，頁9。</mixed-citation>',
    '<ext-link ext-link-type="uri" xlink:href="https://example.org/">同註1</ext-link>',
]

RUNNING = {
    "文字（見註5）。": "文字（[see n5]）。",
    "詳見註3、見註5。": "[see n3]、[see n5]。",
    "請參見前揭註5的討論。": "[see n5]的討論。",
    "意見註5項。": None,
    "（同註5）": "（同註5）",
    "（同前註）": "（同前註）",
    "註5所引的報導指出。": "註5所引的報導指出。",
    "文字（註5）。": "文字（註5）。",
    "見註99。": "見註99。",
    "第三條註寫成同前註，並不妥當。": None,
    "本文的「同前註」與「見註5」。": None,
    "條文附註3則，加註5項。": None,
    "註冊、註銷與註5：都不是。": None,
}


@pytest.mark.parametrize("words", NOTES)
def test_linked_in_a_note(words: str) -> None:
    assert linked(brief(words, before={**BEFORE})) == (NOTES[words], ["沒有註10"] if words == "見註十。" else [])


@pytest.mark.parametrize("words", DOUBTS)
def test_undecided_in_a_note(words: str) -> None:
    left, reasons = linked(brief(words))
    assert left == words
    assert len(reasons) == 1 and DOUBTS[words] in reasons[0], reasons


@pytest.mark.parametrize("words", NEVER)
def test_never_a_reference(words: str) -> None:
    assert [typed.words for typed in typed_references(brief(words))] == ["同註1"]  # that of note 7


@pytest.mark.parametrize("words", RUNNING)
def test_running_text(words: str) -> None:
    source = brief("同前註。", text=words)
    linking = link_edits(source)
    text = shorthand(edited(source, linking.edits)).split("</p></fn>。</p><p>")[1].split("</p></sec>")[0]
    assert text == (RUNNING[words] or words)
    assert len(linking.undecided) == int(RUNNING[words] == words)


def test_one_note_links_what_it_can() -> None:
    assert linked(brief("同註1；同上，頁5。")) == (
        "[n1]；同上，頁5。",
        ["同一條註前面還有別的資料，也可能指那一筆"],
    )


def test_a_citation_of_which_no_part_is_marked_is_called_by_its_words() -> None:
    plain = '<mixed-citation publication-type="book">{}</mixed-citation>'
    several = plain.format("李小華，《丙書》") + "；" + plain.format("陳中，《丁書》")
    assert linked(brief("陳中，前揭註1，頁5。", before={"n1": several})) == ("[cit-n1-2]，頁5。", [])


def test_author_notes_have_no_note_before_them() -> None:
    meta = f"{TITLE}<author-notes><fn id='a1'><p>同前註，頁5；見註1。</p></fn></author-notes>"
    body = '<sec><title>節</title><p>字<fn id="n1"><p>說明。</p></fn></p></sec>'
    source = parse_bytes(Path("brief.xml"), ARTICLE.format(meta=meta, body=body).encode())
    assert [typed.doubt is None for typed in typed_references(source)] == [False, True]


@pytest.mark.parametrize(
    ("ids", "reason"), [('id=""', "沒有自己的 id"), ("", "沒有自己的 id"), ('id="n2"', "沒有自己的 id")]
)
def test_what_has_no_id_of_its_own_is_not_linked(ids: str, reason: str) -> None:
    body = f'<p>字<fn {ids}><p>{BEFORE["n1"]}</p></fn><fn id="n2"><p>同前註。</p></fn></p>'
    source = parse_bytes(Path("brief.xml"), ARTICLE.format(meta=TITLE, body=body).encode())
    linking = link_edits(source)
    assert linking.edits == () and [reason in each.reason.zh for each in linking.undecided] == [True]


def test_a_citation_gets_an_id_that_is_free() -> None:
    source = brief("李小華，同註3；李小華，同註3，頁9。", text='<italic id="cit-n3-1">字</italic>')
    text = edited(source, link_edits(source).edits).decode()
    assert text.count('<mixed-citation id="cit-n3-1-2" publication-type="book">') == 1
    assert text.count('rid="cit-n3-1-2"') == 2


@pytest.mark.parametrize("numeral", ["13", "１３", "十三", "一三"])
def test_numerals(numeral: str) -> None:
    assert value(numeral) == 13


def test_larger_numerals() -> None:
    assert [value(each) for each in ("二十", "一百零三", "一百二十", "一○五", "十")] == [20, 103, 120, 105, 10]


@pytest.mark.skipif(not TYPED_ISSUE.is_dir(), reason="no real issue")
@pytest.mark.parametrize("path", sorted(TYPED_ISSUE.glob("brief*.xml")), ids=lambda path: path.name)
def test_the_real_issue_is_restored_to_the_byte(path: Path) -> None:
    source = parse(path)
    assert edited(source, link_edits(source).edits) == (REAL_ISSUE / path.name).read_bytes()


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("brief*.xml")), ids=lambda path: path.name)
def test_the_sample_issue_has_none(path: Path) -> None:
    """It speaks of 「同前註」 at length."""
    assert typed_references(parse(path)) == ()


STYLES = [path.stem for path in (HOUSE / "layouts" / "notes").glob("*.toml")]
NAMED = [words for words in NOTES if re.match("王大明|參見王大明|陳中|李小華|孫三|Needham|Kirsty", words)]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("words", NAMED)
def test_a_typed_name_is_not_printed_twice(words: str, style: str) -> None:
    """It goes with the words, because in some styles, and for a note with several sources, the link names it."""
    source = brief(words)
    after = parse_bytes(source.path, edited(source, link_edits(source).edits))
    last = printed(after, style, "n9")
    name = next(name for name in ("王大明", "陳中", "李小華", "孫三", "Needham") if name in words)
    assert last.count(name) <= 1, last
    assert last.count(name) == 1 or "n3" not in NOTES[words], last


def printed(source: Source, style: str, note: str) -> str:
    """A note as a style prints it."""
    said = word(note_graph(source.root), shipped(style), "zh-Hant-TW")
    (paragraph,) = source.root.xpath(f"//fn[@id='{note}']/p")
    text = paragraph.text or ""
    for xref in paragraph:
        text += said.words[xref] + said.locators.get(xref, "") + said.texts.get((xref, "tail"), xref.tail or "")
    return text


@pytest.mark.parametrize(
    ("words", "biweekly", "law"),
    [
        ("Ibid., p. 5.", "同前註，頁5。", "同前註，頁5。"),
        ("Ibid.", "同前註。", "同前註。"),
        ("Ibid；另見其他。", "同前註；另見其他。", "同前註；另見其他。"),
        ("王大明，前揭註1，頁9。", "同註1，頁9。", "王大明，前揭註1，頁9。"),
        ("陳中，〈丁篇〉，前揭註3，頁9。", "陳中，前揭註3，頁9。", "陳中，前揭註3，頁9。"),
        ("參見王大明，前揭註7，頁9。", "參見同註1，頁9。", "參見王大明，前揭註1，頁9。"),
        ("另見前註5。", "另見註5。", "另參見註5。"),
        ("同前註、同註1。", "同前註、同註1。", "同前註、王大明，前揭註1。"),
        ("同註1引書，頁9。", "同註1，頁9。", "王大明，前揭註1，頁9。"),
    ],
)
def test_printed(words: str, biweekly: str, law: str) -> None:
    source = brief(words)
    after = parse_bytes(source.path, edited(source, link_edits(source).edits))
    assert (printed(after, "biweekly", "n9"), printed(after, "ntu-law", "n9")) == (biweekly, law)


# Briefs by chance: the link denotes what the words denoted.

SOURCES = ["〈{0}篇〉，《{0}報》，2021年5月{1}日。", "王大明，《{0}書》（臺北：乙出版社，20{1:02}年），頁5。"]
NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰"
WORDS = ["同註{0}。", "同註 {0}，頁9。", "前揭註{0}，頁9。", "註{0}，頁9。", "同註{1}。", "supra note {0}, at 5."]
PREVIOUS = ["同前註。", "同前註，頁5。", "同上。", "Ibid.", "<italic>Ibid.</italic>, p. 5.", "註同前，頁5。"]


@st.composite
def manuscripts(draw: st.DrawFn) -> tuple[list[str], list[int | None]]:
    """The text of each note, and for each the note whose source it denotes, by a model of its own; or None."""
    notes: list[str] = []
    denoted: list[int | None] = []
    for number in range(1, draw(st.integers(2, len(NAMES)))):
        kind = draw(st.sampled_from(["source", "tagged", "several", "comment", "number", "previous", "link"]))
        earlier = draw(st.integers(1, number - 1)) if number > 1 else 0
        if kind == "number" and earlier:
            full = "".join(chr(ord(figure) + 0xFEE0) for figure in str(earlier))
            notes.append(draw(st.sampled_from(WORDS)).format(earlier, full))
            denoted.append(denoted[earlier - 1])
        elif kind == "previous" and earlier:
            notes.append(draw(st.sampled_from(PREVIOUS)))
            denoted.append(denoted[-1])
        elif kind == "link" and earlier and denoted[earlier - 1] is not None:
            notes.append(f'<xref ref-type="fn" rid="m{earlier}" specific-use="same-source"/>。')
            denoted.append(denoted[earlier - 1])
        elif kind == "comment":
            notes.append("這一條只有說明。")
            denoted.append(None)
        elif kind == "several":
            notes.append(
                SOURCES[0].format(NAMES[number], number).replace("。", "；") + SOURCES[1].format("別", number)
            )
            denoted.append(None)
        else:
            text = draw(st.sampled_from(SOURCES)).format(NAMES[number], number)
            tagged = f'<mixed-citation publication-type="news">{text}</mixed-citation>'
            notes.append(tagged if kind == "tagged" else text)
            denoted.append(number)
    return notes, denoted


@given(manuscripts())
def test_links_denote_what_the_words_denoted(manuscript: tuple[list[str], list[int | None]]) -> None:
    notes, denoted = manuscript
    before = {f"m{number}": text for number, text in enumerate(notes, start=1)}
    source = brief("說明。", before=before)
    linking = link_edits(source)
    data = edited(source, linking.edits)
    after = parse_bytes(source.path, data)
    graph = note_graph(after.root)
    assert check_brief_errors(after) == check_brief_errors(source)
    assert link_edits(after).edits == ()
    assert [each.words for each in link_edits(after).undecided] == [each.words for each in linking.undecided]
    typed = {number for number, text in enumerate(notes, start=1) if re.search("註|同上|Ibid|supra", text)}
    links = {graph.order[link.note]: graph.cited(link) for link in graph.references if link.note is not None}
    for number in typed:
        meant = denoted[number - 1]
        assert (number in links) == (meant is not None), notes[number - 1]
        if meant is not None:
            assert (graph.order[links[number].note], links[number].several) == (meant, False)
            assert links[number].citation is not None
    assert untouched(source.data) == untouched(data)


FRAGMENTS = [
    *(
        "同註1",
        "同前註",
        "前揭註3",
        "見註5",
        "註1",
        "Ibid.",
        "Id.",
        "supra note 6",
        "See note 6",
        "op. cit.",
        "同上",
        "註",
    ),
    *(
        "王大明",
        "〈丁篇〉",
        "，",
        "；",
        "。",
        ", ",
        "; ",
        ". ",
        "、",
        "頁5",
        "at 5",
        "「",
        "」",
        "〈",
        "（",
        "）",
        "：",
        " ",
        "1",
    ),
    *(
        "<italic>",
        "</italic>",
        "<bold>",
        "</bold>",
        "<!-- 註 -->",
        "<?a b?>",
        "<![CDATA[同註1]]>",
        "&amp;",
        "&#35387;1",
    ),
    '<xref ref-type="fn" rid="n1" specific-use="same-source"/>',
    '<mixed-citation publication-type="book">同註1</mixed-citation>',
]


@settings(max_examples=25)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12))
def test_any_note_stays_well_formed_and_valid(fragments: list[str]) -> None:
    words = ""
    opened: list[str] = []
    for fragment in fragments:
        if fragment.startswith("</"):
            if opened[-1:] != [fragment]:
                continue
            opened.pop()
        elif fragment in ("<italic>", "<bold>"):
            opened.append(fragment.replace("<", "</"))
        words += fragment
    source = brief(words + "".join(reversed(opened)), text=words + "".join(reversed(opened)))
    linking = link_edits(source)
    after = parse_bytes(source.path, edited(source, linking.edits))
    assert set(check_brief_errors(after)) <= set(check_brief_errors(source))
    again = link_edits(after)
    assert again.edits == () and len(again.undecided) == len(linking.undecided)


def check_brief_errors(source: Source) -> list[str]:
    return sorted(found.code for found in check_brief(source, Path()) if found.severity == "error")


def untouched(data: bytes) -> list[str]:
    """The notes without a typed reference or a link, and what is around the notes."""
    notes = re.split(r"(<fn .*?</fn>)", data.decode())
    return [part for part in notes if not re.search("註|同上|Ibid|supra|xref", part)]


def test_thousands_of_notes_take_seconds() -> None:
    """A chain through all of them, and one note with thousands of references."""
    chained = brief("同前註。", before={"n1": BEFORE["n1"]} | {f"n{n}": "同前註，頁5。" for n in range(10, 3010)})
    crowded = brief("同註1；" * 3000)
    started = time.perf_counter()
    assert {each.rid for each in link_edits(chained).linked} == {"n1"}
    assert len(link_edits(crowded).linked) == 3001
    assert time.perf_counter() - started < 10

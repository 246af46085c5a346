"""Profiles: every language has every key, and a brief in each is labelled, worded and exported in it."""

import io
import re
import string
import tomllib
import zipfile
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from pipeline import jats, validate
from pipeline.brief import Brief, Issue, Reference, Text, plain, supplied
from pipeline.content import brief_content, issue_content
from pipeline.diagnostics import Severity
from pipeline.epub import epub
from pipeline.languages import is_foreign, runs
from pipeline.layout import environment
from pipeline.manuscript import Manuscript, read_issue
from pipeline.notes.style import house_style, shipped, style_in, style_names
from pipeline.number import COUNTERS, number, section_label
from pipeline.parse import Source, parse_bytes
from pipeline.profiles import (
    DEFAULT,
    PROFILES,
    date_in_words,
    is_known,
    languages,
    printed_date,
    profile,
    words,
    words_beside,
)
from tests.conftest import ARTICLE, TITLE

SAMPLES = Path(__file__).parent / "samples" / "profiles"
LANGUAGES = ("zh-Hant-TW", "zh-Hant-HK", "zh-Hans-CN", "ja", "ko")

# What a reader of each sample meets: labels of the sections, what the fourth note says, words of the colophon.
LABELS = {
    "zh-Hant-TW": ["壹、", "一、", "二、", "貳、", "參、"],
    "zh-Hant-HK": ["壹、", "一、", "二、", "貳、", "參、"],
    "zh-Hans-CN": ["一、", "（一）", "（二）", "二、", "三、"],
    "ja": ["1.", "1.1", "1.2", "2.", "3."],
    "ko": ["Ⅰ.", "1.", "2.", "Ⅱ.", "Ⅲ."],
}
REFERENCES = {
    "zh-Hant-TW": ("同註1，頁88。", "壹、一"),
    "zh-Hant-HK": ("同註1，頁88。", "壹、一"),
    "zh-Hans-CN": ("同注1，第88页。", "一、（一）"),
    "ja": ("林恵子、前掲注1、88頁。", "1.1"),
    "ko": ("임혜숙, 앞의 각주 1, 88쪽.", "Ⅰ.1"),
}
PRINTED = {
    "zh-Hant-TW": ["焦點類別", "摘要", "關鍵詞", "註釋", "收稿：2026年10月5日", "回到註4的正文", "〔林二蕙"],
    "zh-Hant-HK": ["焦點類別", "摘要", "關鍵詞", "註釋", "接納：2026年11月2日", "返回註4的正文", "〔林二蕙"],
    "zh-Hans-CN": ["焦点类别", "摘要", "关键词", "注释", "录用日期：2026年11月2日", "返回注4的正文", "〔林二蕙"],
    "ja": ["重点分野", "要旨", "キーワード", "注", "受理：2026年11月2日", "注4の本文へ戻る", "〔林恵子"],
    "ko": ["중점 분야", "초록", "주제어", "각주", "투고일: 2026년 10월 5일", "각주 4의 본문으로", "[임혜숙"],
}  # fmt: skip
OF_THE_ISSUE = {
    "zh-Hant-TW": ["目次", "版權頁", "第1卷第2期", "總編輯", "創刊日期"],
    "zh-Hant-HK": ["目錄", "版權頁", "第1卷第2期", "總編輯", "創刊日期"],
    "zh-Hans-CN": ["目录", "版权页", "第1卷第2期", "主编", "创刊日期"],
    "ja": ["目次", "奥付", "第1巻第2号", "編集長", "創刊日"],
    "ko": ["목차", "판권", "제1권 제2호", "편집위원장", "창간일"],
}


def manuscript(lang: str) -> Manuscript:
    read = read_issue(SAMPLES / lang)
    assert read.issue is not None and not read.diagnostics
    return read


def issue_of(read: Manuscript) -> Issue:
    assert read.issue is not None
    style = house_style(read.issue, read.folder)
    return issue_content(read.folder, read.issue, read.briefs.values(), style)


def source(lang: str, body: str) -> Source:
    markup = ARTICLE.format(meta=TITLE, body=body).replace("zh-Hant-TW", lang)
    return parse_bytes(Path("brief.xml"), markup.encode())


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def sample(lang: str) -> Issue:
    return issue_of(manuscript(lang))


@pytest.fixture(scope="module")
def book(sample: Issue) -> dict[str, str]:
    """The text files of the EPUB of a sample."""
    with zipfile.ZipFile(io.BytesIO(epub(sample, None))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


# The files


def test_there_are_the_five_languages() -> None:
    assert set(languages()) == set(LANGUAGES)
    assert languages()[0] == DEFAULT


def test_every_profile_has_every_key(lang: str) -> None:
    def keys(tag: str) -> dict[str, set[str]]:
        document = tomllib.loads((PROFILES / f"{tag}.toml").read_text(encoding="utf-8"))
        return {table: set(values) for table, values in document.items()}

    assert keys(lang) == keys(DEFAULT)
    assert profile(lang).lang == lang
    assert set(profile(lang).faces) == {"ming", "hei", "kai", "latin"}
    assert profile(lang).note_style in style_names()


def test_every_word_has_the_same_gaps(lang: str) -> None:
    def gaps(form: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(form) if name}

    for key, form in words(lang).items():
        assert form, key
        assert gaps(form) == gaps(words(DEFAULT)[key]), key
    for form in profile(lang).labels.sections:
        assert gaps(form) and gaps(form) <= {*COUNTERS, "path"}
    for each in fields(profile(lang).labels):
        value = getattr(profile(lang).labels, each.name)
        if isinstance(value, str):
            assert gaps(value) == gaps(getattr(profile(DEFAULT).labels, each.name)), each.name


def test_setting_rules_are_consistent(lang: str) -> None:
    rules = profile(lang).setting
    sets = (rules.opening, rules.closing, rules.pauses, rules.stops)
    assert sum(map(len, sets)) == len(frozenset().union(*sets)), "a mark is of one kind"
    assert rules.half <= frozenset().union(*sets)
    assert rules.middle <= rules.pauses | rules.stops
    assert rules.closing | rules.pauses | rules.stops <= rules.no_start
    assert rules.opening <= rules.no_end
    assert not rules.no_start & rules.no_end
    least, usual, most = rules.gap
    assert 0 <= least <= usual <= most <= 0.32


def test_what_sets_the_languages_apart() -> None:
    rules = {lang: profile(lang).setting for lang in LANGUAGES}
    assert [lang for lang in LANGUAGES if rules[lang].centred] == ["zh-Hant-TW", "zh-Hant-HK"]
    assert [lang for lang in LANGUAGES if rules[lang].stop_before_closing] == ["zh-Hans-CN", "ja", "ko"]
    assert [lang for lang in LANGUAGES if rules[lang].break_at_blanks] == ["ko"]
    assert {*"、，；：（）《》“”"} <= rules["zh-Hans-CN"].half and not {*"。！？"} & rules["zh-Hans-CN"].half
    assert rules["ja"].stops == {*"。．"} and {*"！？ー々っ"} <= rules["ja"].no_start
    assert rules["ko"].gap == (0, 0, 0)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (None, "zh-Hant-TW"),
        ("zh", "zh-Hant-TW"),
        ("zh-TW", "zh-Hant-TW"),
        ("zh-hant", "zh-Hant-TW"),
        ("zh-HK", "zh-Hant-HK"),
        ("zh-Hant-MO", "zh-Hant-HK"),
        ("zh-CN", "zh-Hans-CN"),
        ("zh-Hans", "zh-Hans-CN"),
        ("zh-Hans-SG", "zh-Hans-CN"),
        ("ja-JP", "ja"),
        ("KO", "ko"),
        ("ko-KR-x-own", "ko"),
        ("fr", "zh-Hant-TW"),
        ("", "zh-Hant-TW"),
    ],
)
def test_the_profile_of_a_tag(asked: str | None, found: str) -> None:
    assert profile(asked).lang == found


def test_known_languages() -> None:
    assert all(map(is_known, (*LANGUAGES, "ja-JP", "zh-Hans", "ZH-tw")))
    assert not any(map(is_known, ("fr", "en", "jam", "x")))


# Words


def test_dates() -> None:
    day = date(2026, 11, 20)
    assert [printed_date(day, lang) for lang in LANGUAGES[:4]] == ["2026年11月20日"] * 4
    assert printed_date(day, "ko") == "2026년 11월 20일"
    assert [date_in_words(parts, "ko") for parts in ((2026,), (2026, 11))] == ["2026년", "2026년 11월"]
    assert printed_date(day) == "2026年11月20日"


def test_words_of_a_part_in_another_language() -> None:
    assert words_beside("en")["abstract"] == words_beside("fr")["abstract"] == "Abstract"
    assert words_beside("ja-JP")["keywords"] == "キーワード"
    assert words_beside(None)["keywords"] == "關鍵詞"


def test_templates_have_the_words() -> None:
    template = environment({}).from_string("{{ words(lang).contents }} {{ day | printed_date(lang) }}")
    assert template.render(lang="ko", day=date(2026, 1, 2)) == "목차 2026년 1월 2일"
    assert template.render(lang=None, day=date(2026, 1, 2)) == "目次 2026年1月2日"


# Labels


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh-Hant-TW", "參、 三、 （三） 3. (3) (3)"),
        ("zh-Hant-HK", "參、 三、 （三） 3. (3) (3)"),
        ("zh-Hans-CN", "三、 （三） 3. （3） ③ ③"),
        ("ja", "3. 3.3 (3) ウ (ウ) (ウ)"),
        ("ko", "Ⅲ. 3. 다. 3) 다) ③"),
    ],
)
def test_the_ladder_of_sections(lang: str, expected: str) -> None:
    labels = [section_label(depth, 3, profile(lang).labels, (3,) * (depth - 1)) for depth in range(1, 7)]
    assert [re.sub(r"^3\.3(\.3)+$", "", label) for label in labels] == expected.split()


def test_counters() -> None:
    shown = {name: [count(value) for value in (1, 12, 13, 51)] for name, count in COUNTERS.items()}
    assert shown == {
        "arabic": ["1", "12", "13", "51"],
        "han": ["一", "十二", "十三", "五十一"],
        "capital": ["壹", "拾貳", "拾參", "伍拾壹"],
        "roman": ["Ⅰ", "Ⅻ", "XIII", "LI"],
        "circled": ["①", "⑫", "⑬", "(51)"],
        "letter": ["a", "l", "m", "yy"],
        "katakana": ["ア", "シ", "ス", "オオ"],
        "hangul": ["가", "타", "파", "자자"],
    }
    assert [COUNTERS["hangul"](value) for value in (1, 12, 14, 15)] == ["가", "타", "하", "거"]


@pytest.mark.parametrize(
    ("lang", "figure", "table"),
    [("zh-Hant-TW", "圖2", "表1"), ("zh-Hans-CN", "图2", "表1"), ("ja", "図2", "表1"), ("ko", "그림 2", "표 1")],
)
def test_figures_and_tables(lang: str, figure: str, table: str) -> None:
    picture = (
        '<fig id="{0}"><caption><title>甲</title></caption><alt-text>甲</alt-text>'
        '<graphic xlink:href="a.svg"/></fig>'
    )
    rows = (
        '<table-wrap id="t"><caption><title>乙</title></caption>'
        "<table><tbody><tr><td>1</td></tr></tbody></table></table-wrap>"
    )
    body = (
        picture.format("f1")
        + picture.format("f2")
        + rows
        + '<p><xref ref-type="fig" rid="f2"/><xref ref-type="table" rid="t"/></p>'
    )
    assert list(number(source(lang, body).root).words.values()) == [figure, table]


def test_a_section_without_a_label_is_named_in_the_marks_of_its_language() -> None:
    body = '<sec id="s"><title>名</title><p><xref ref-type="sec" rid="s"/></p></sec>'
    named = [next(iter(number(source(lang, body).root).words.values())) for lang in LANGUAGES]
    assert named == ["「名」", "「名」", "“名”", "「名」", "‘名’"]


# Notes


CITATION = (
    '<mixed-citation publication-type="book"><person-group person-group-type="author">{people}</person-group>'
    "，《<source>書</source>》，2020</mixed-citation>"
)
NAME = '<string-name name-style="eastern"><surname>{0}</surname><given-names>{1}</given-names></string-name>'
SAME = '<xref ref-type="fn" rid="{}" specific-use="same-source"/>'


def worded(lang: str, *notes: str) -> list[str]:
    """The notes of a brief in a language, as they are printed in its own style."""
    body = "<p>" + "".join(f'字<fn id="n{i}"><p>{note}</p></fn>' for i, note in enumerate(notes, start=1)) + "</p>"
    made = brief_content(source(lang, body), "b01")
    return [plain(paragraph.children) for note in made.notes for paragraph in note.paragraphs]


@pytest.mark.parametrize(
    ("lang", "page", "expected"),
    [
        ("zh-Hant-TW", "，頁9。", ["同前註，頁9。", "同註1，頁9。", "見註1。"]),
        ("zh-Hant-HK", "，頁9。", ["同前註，頁9。", "同註1，頁9。", "見註1。"]),
        ("zh-Hans-CN", "，第9页。", ["同上注，第9页。", "同注1，第9页。", "参见注1。"]),
        ("ja", "、9頁。", ["同前、9頁。", "山田文子・林次郎、前掲注1、9頁。", "注1参照。"]),
        ("ja", "、9ページ。", ["同前、9頁。", "山田文子・林次郎、前掲注1、9頁。", "注1参照。"]),
        ("ko", ", 9쪽.", ["위의 글, 9쪽.", "山田文子·林次郎, 앞의 각주 1, 9쪽.", "각주 1 참조."]),
    ],
)
def test_note_words(lang: str, page: str, expected: list[str]) -> None:
    people = NAME.format("山田", "文子") + "・" + NAME.format("林", "次郎")
    other = CITATION.format(people=NAME.format("王", "大明"))
    see = '<xref ref-type="fn" rid="n1" specific-use="see"/>。'
    notes = worded(
        lang, CITATION.format(people=people), SAME.format("n1") + page, other, SAME.format("n1") + page, see
    )
    assert [notes[1], notes[3], notes[4]] == expected


def test_three_authors_and_titles_in_their_marks() -> None:
    three = CITATION.format(people="・".join(NAME.format(name, "一") for name in "甲乙丙"))
    one = CITATION.format(people=NAME.format("丁", "一"))
    two = three + "；" + one.replace("<mixed-citation", '<mixed-citation id="x"')
    for lang, said in (("ja", "丁一、前掲注1"), ("ko", "丁一, 앞의 각주 1"), ("zh-Hans-CN", "丁一，前引注1")):
        assert worded(lang, two, SAME.format("x"))[1].startswith(said)
    for lang, said in (("ja", "甲一ほか、前掲注1"), ("ko", "甲一 외, 앞의 각주 1")):
        other = CITATION.format(people=NAME.format("戊", "一"))
        assert worded(lang, three, other, SAME.format("n1"))[2].startswith(said)


def test_the_style_of_the_issue_holds_for_its_own_language() -> None:
    law = replace(shipped("ntu-law"), issue_lang="zh-Hant-TW")
    assert style_in(law, "zh-Hant-TW") is style_in(law, "zh-Hant-HK") is style_in(law, "en") is law
    assert [style_in(law, lang).name for lang in ("zh-Hans-CN", "ja", "ko-KR")] == ["中国大陆", "日本語", "한국어"]
    assert style_in(None, "ja") is shipped("ja")
    assert style_in(shipped("ntu-law"), "ja") is shipped("ntu-law"), "asked for by its name"


def test_the_style_that_an_issue_gets() -> None:
    for lang, name in zip(LANGUAGES, ("biweekly", "biweekly", "zh-hans", "ja", "ko"), strict=True):
        read = manuscript(lang)
        style = house_style(read.issue, read.folder)
        assert (style, style.issue_lang) == (shipped(name), lang)


# Languages of the text


@pytest.mark.parametrize(
    ("document", "text", "wanted"),
    [
        ("ja", "これは組版の「テスト」である。", [(None, "これは組版の「テスト」である。")]),
        ("ja", "『한글』という本", [(None, "『"), ("ko", "한글"), (None, "』という本")]),
        ("ja", "欧文はline breakingと書く", [(None, "欧文は"), ("en", "line breaking"), (None, "と書く")]),
        ("ko", "한글과 漢字를 섞어 짠다.", [(None, "한글과 漢字를 섞어 짠다.")]),
        ("ko", "『組版の美学』이라는 책", [(None, "『"), ("ja", "組版の美学"), (None, "』이라는 책")]),
        ("ko", "‘line breaking’이라 한다", [(None, "‘"), ("en", "line breaking"), (None, "’이라 한다")]),
        ("zh-Hans-CN", "所谓“page layout”即版面", [(None, "所谓“"), ("en", "page layout"), (None, "”即版面")]),
        ("zh-Hans-CN", "所谓“grid”即字格", [(None, "所谓“grid”即字格")]),
        (
            "zh-Hans-CN",
            "见Knuth, “Breaking Paragraphs,” 1981。",
            [(None, "见"), ("en", "Knuth, “Breaking Paragraphs,” 1981"), (None, "。")],
        ),
        ("zh-Hans-CN", "平假名の很常见", [(None, "平假名"), ("ja", "の"), (None, "很常见")]),
        ("zh-Hant-TW", "所謂“grid”即字格", [(None, "所謂"), ("en", "“grid”"), (None, "即字格")]),
    ],
)
def test_runs_in_a_document(document: str, text: str, wanted: list[tuple[str | None, str]]) -> None:
    joined: list[tuple[str | None, str]] = []
    for lang, run in runs(text, document):
        if joined and joined[-1][0] == lang:
            joined[-1] = (lang, joined[-1][1] + run)
        else:
            joined.append((lang, run))
    assert joined == wanted


@pytest.mark.parametrize(
    ("document", "text", "lang"),
    [
        ("ja", "これは日本語の段落である。", None),
        ("ja", "漢字文", None),
        ("ja", "한글 문단.", "ko"),
        ("ja", "An English note.", "en"),
        ("ko", "한글 문단.", None),
        ("ko", "これは日本語の段落である", "ja"),
        ("ko", "An English note.", "en"),
        ("zh-Hans-CN", "한글 문단.", "ko"),
        ("zh-Hans-CN", "汉字。", None),
    ],
)
def test_the_language_of_a_paragraph_in_a_document(document: str, text: str, lang: str | None) -> None:
    assert is_foreign(text, document) == lang


def test_korean_keeps_its_line_ends() -> None:
    (paragraph,) = brief_content(source("ko", "<p>《책》\n  그리고 『글』\n이다.</p>"), "b01").blocks
    assert plain(paragraph.children) == "《책》 그리고 『글』 이다."  # type: ignore[union-attr]


# The samples


def test_samples_are_valid(lang: str) -> None:
    read = manuscript(lang)
    assert read.issue is not None
    assert validate.check_issue(read.issue, read.briefs) == []


def test_samples_have_what_they_are_for(lang: str, sample: Issue) -> None:
    (brief,) = sample.briefs
    root = manuscript(lang).briefs["brief.xml"].root
    text = "".join(root.itertext())
    assert 500 <= len("".join(text.split())) <= 1500
    assert len(brief.notes) == 4 and root.find(".//list") is not None and root.find(".//disp-quote") is not None
    assert "line breaking and justification" in text
    pairs = {"ja": ("。」", "「『", "、（", "」「"), "ko": ("《책》", "『활판 소사』", "」")}.get(
        lang, ("，（", "《", "》", "）")
    )
    assert all(pair in text for pair in pairs)


def test_labels_of_a_sample(lang: str, sample: Issue) -> None:
    assert [section.label for section in sample.briefs[0].sections()] == LABELS[lang]


def test_references_of_a_sample(lang: str, sample: Issue) -> None:
    brief: Brief = sample.briefs[0]
    note, section = REFERENCES[lang]
    assert "".join(plain(paragraph.children) for paragraph in brief.notes[3].paragraphs) == note
    referring = number(manuscript(lang).briefs["brief.xml"].root)
    assert section in referring.words.values()


def test_the_book_of_a_sample_is_in_its_words(lang: str, book: dict[str, str]) -> None:
    brief = book["EPUB/b01.xhtml"]
    text = "".join(etree.fromstring(brief.encode()).itertext())
    for said in PRINTED[lang]:
        assert said in text or said in brief, said
    pages = "".join(page for name, page in book.items() if name.endswith((".xhtml", ".opf")) and "b01" not in name)
    for said in OF_THE_ISSUE[lang]:
        assert said in pages, said
    assert 'lang="en">line breaking and justification<' in brief
    assert "{" not in pages + brief


def test_no_word_of_another_language_is_printed(lang: str, book: dict[str, str]) -> None:
    if lang in ("ja", "ko", "zh-Hans-CN"):
        for word in ("註", "關鍵詞", "焦點類別", "版權頁", "總編輯", "編輯", "圖", "發行"):
            assert not [name for name, page in book.items() if word in page and not name.endswith(".css")], word


def test_the_faces_of_a_book(lang: str, book: dict[str, str]) -> None:
    style = book["EPUB/epub.css"]
    assert (f"html:lang({lang}) {{" in style) == (lang != DEFAULT)
    for name in re.findall(r"var\(--([a-z-]+)\)", style):
        assert f"--{name}:" in style, name


def test_jats_of_a_sample(lang: str) -> None:
    read = manuscript(lang)
    assert read.issue is not None
    brief = read.briefs["brief.xml"]
    article = etree.fromstring(jats.published(brief, read.issue, number(brief.root)))
    assert [label.text for label in article.iterfind(".//sec/label")] == LABELS[lang]
    note = article.find(".//fn[@id='n4']/p")
    assert note is not None
    before, after = words(lang)["supplied"].split("{source}")
    citation = note.find("mixed-citation")
    assert citation is not None
    said = "".join(citation.itertext())
    assert said.startswith(before) and said.endswith(after)
    xref = note.find("xref")
    assert xref is not None and xref.text and REFERENCES[lang][0].startswith(xref.text)


def test_supplied_brackets() -> None:
    reference = Reference("same-source", "b01-n1", "同前", source=(Text("出典"),))
    assert [supplied(reference, lang) for lang in (None, "ja", "ko")] == ["〔出典〕", "〔出典〕", "[出典]"]


# What the rules say


def test_an_unknown_language_is_named_with_the_known_ones() -> None:
    (found,) = validate.check_brief(source("fr", "<p>文</p>"), SAMPLES)
    assert (found.code, found.severity) == ("R061", Severity.WARNING)
    assert all(lang in found.hint.zh and lang in found.hint.en for lang in LANGUAGES)
    assert validate.check_brief(source("ja-JP", "<p>文</p>"), SAMPLES) == []


def test_what_is_no_language_is_told_the_known_ones() -> None:
    (found,) = validate.check_brief(source("日本語", "<p>文</p>"), SAMPLES)[:1]
    assert found.code == "S006" and all(lang in found.hint.zh for lang in LANGUAGES)

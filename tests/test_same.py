"""The same source: what makes two works one, what keeps them apart, and that groups follow from it."""

import time
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.bibliography.same import groups, keys, plain, richest, same, without_pages
from pipeline.citations.works import Name, Work

LONG = "島嶼之間的航道與港口：一段還沒有說完的故事"


def work(title: str = LONG, author: str = "", /, **fields: str) -> Work:
    return Work(text="", title=title, authors=(Name(author),) if author else (), **fields)  # type: ignore[arg-type]


def by_address(url: str) -> Work:
    return Work(text="", url=url)


# Addresses

ADDRESS = "https://www.example.tw/news/紙的故事/7332?id=5"


@pytest.mark.parametrize(
    "other",
    [
        "http://example.tw/news/紙的故事/7332?id=5",
        "https://m.example.tw/news/紙的故事/7332?id=5",
        "www.example.tw/news/紙的故事/7332?id=5",
        "https://WWW.Example.TW:443/news/紙的故事/7332/?id=5",
        "https://www.example.tw/news/%E7%B4%99%E7%9A%84%E6%95%85%E4%BA%8B/7332?id=5",
        "https://www.example.tw/news/紙的故事/7332?utm_source=a&id=5&fbclid=x&from=y&gclid=&cf-view",
        "https://www.example.tw/news/紙的故事/7332?id=5#google_vignette",
        "https://www.example.tw/news/紙的故事/7332?id=5。",
    ],
)
def test_one_address_is_written_in_many_ways(other: str) -> None:
    assert same(by_address(ADDRESS), by_address(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ADDRESS, "https://www.example.tw/news/紙的故事/7332?id=6"),
        (ADDRESS, "https://www.example.tw/news/紙的故事/7333?id=5"),
        ("https://law.example.tw/#/laws/3", "https://law.example.tw/#/laws/4"),
        ("https://reurl.cc/nY63Gn", "https://reurl.cc/nY63gn"),
        ("https://a.tw/%A4%A4", "https://a.tw/%A4%E5"),
        ("https://a.tw/a/b", "https://a.tw/a%2Fb"),
        ("http://[", "http://[["),
    ],
)
def test_other_addresses_are_other_sources(one: str, other: str) -> None:
    assert not same(by_address(one), by_address(other))


def test_a_home_page_is_not_enough() -> None:
    home = "https://www.example.tw/?utm_source=x#top"
    assert not same(work("甲篇談論一些事情的長題目", url=home), work("乙篇談論別的事情的長題目", url=home))


def test_punycode_is_the_name_it_stands_for() -> None:
    assert same(by_address("https://xn--fiq228c.tw/a"), by_address("https://中文.tw/a"))


def test_a_shortened_address_does_not_hide_the_same_title() -> None:
    one = work(LONG, "林小風", url="https://reurl.cc/a1")
    assert same(one, replace(one, url="https://example.tw/a/long/one"))


# Titles


@pytest.mark.parametrize(
    ("title", "other"),
    [
        (LONG, "島嶼之間的航道與港口:一段  還沒有說完的故事"),
        ("臺灣海峽的風與浪有多高", "台灣海峽的風與浪有多高？"),
        ("Rabbits Don’t ‘Write’ Long Letters", 'Rabbits don\'t "write" long letters'),
        ("종이ㆍ잉크·활자의 역사와 미래", "종이·잉크 활자의 역사와 미래"),
        ("２０２５年的紙張市場與印刷", "2025年的紙張市場與印刷"),
    ],
)
def test_marks_width_and_variants_do_not_count(title: str, other: str) -> None:
    assert same(work(title, "林小風"), work(other, "林小風"))


def test_the_same_title_with_another_author_is_another() -> None:
    assert same(work(LONG, "林小風"), work(LONG, "林小風"))
    assert not same(work(LONG, "林小風"), work(LONG, "王大雨"))
    assert not same(work(LONG, "林小風", container="版面報"), work(LONG, container="版面報"))


def test_authors_match_by_the_first_or_all_together() -> None:
    three = replace(work(LONG), authors=(Name("Ann Lee", "Lee", "Ann"), Name("Bo Ray"), Name("Cy Fox")))
    assert same(three, work(LONG, "Lee, Ann"))
    assert same(three, replace(three, authors=three.authors[::-1]))
    assert not same(three, work(LONG, "Bo Ray"))


def test_without_authors_what_holds_it_and_the_year_decide() -> None:
    one = work(LONG, container="版面報", date="2025-08-01")
    assert same(one, replace(one, date="2025-08-02"))
    assert not same(one, replace(one, container="書頁報"))
    assert not same(one, replace(one, date="2024-08-01"))


@pytest.mark.parametrize("title", ["社論", "編輯室手記", "Editorial", "8-K Current Report"])
def test_a_column_is_another_each_time(title: str) -> None:
    one = work(title, "林小風", container="版面報", date="2025-08-01")
    assert same(one, replace(one, pages="3"))
    assert not same(one, replace(one, date="2025-08-02"))
    assert not same(one, replace(one, container="書頁報"))
    assert not same(work(title, container="版面報", date="2025"), work(title, container="版面報", date="2024"))


def test_a_book_is_its_title_its_people_its_year_and_its_edition() -> None:
    book = Work("《書頁》第二版（台北：版面，2024年）", "book", title="書頁", publisher="版面", date="2024")
    assert same(book, replace(book, text="《書頁》（2版），版面", place="臺北"))
    assert not same(book, replace(book, text="《書頁》（台北：版面，2024年）"))
    assert not same(book, replace(book, date="2020"))
    assert not same(book, replace(book, publisher="書頁"))
    assert not same(book, replace(book, volume="下"))
    first = replace(book, text="The Page, 1st ed.", authors=(Name("林小風"),))
    assert same(first, replace(first, text="The Page", publisher="another"))
    assert not same(first, replace(first, text="The Page, 2nd ed."))
    assert not same(first, replace(first, text="The Page, revised ed."))


def test_words_alone_are_compared_without_their_pages() -> None:
    assert same(Work("某某檔案，卷三，頁12-14。"), Work("某某檔案，卷三, 頁15"))
    assert not same(Work("某某檔案，卷三。"), Work("某某檔案，卷四。"))
    assert same(Work(""), Work(""))


def test_pages_are_taken_out_and_years_stay() -> None:
    assert without_pages("《書頁》（台北：版面，2024年），頁43-44、50。") == "《書頁》（台北：版面，2024年）。"
    assert without_pages("Lee, Page (Oslo, 2001), pp. 3–5, 9.") == "Lee, Page (Oslo, 2001)."
    assert without_pages("〈首頁2025年改版〉，第 12 頁") == "〈首頁2025年改版〉"


# Merging


def test_the_richest_work_has_what_each_citation_says() -> None:
    short = work(LONG, "林小風", url="https://reurl.cc/a", date="2025-08", pages="3", container="版面報")
    full = replace(short, text="全文，頁4。", url="https://a.tw/b", date="2025-08-01", pages="4")
    people = replace(short, authors=(Name("林小風"), Name("王大雨")))
    merged = richest([short, full, people])
    assert merged == replace(full, text="全文。", pages="", authors=people.authors)
    with pytest.raises(ValueError, match="empty"):
        richest([])


# Properties

TITLES = st.sampled_from(
    [
        LONG,
        "社論",
        "書頁",
        "Editorial",
        "The Long Way from Paper to Print and Back",
        "臺灣的紙",
        "종이의 역사",
        "？",
        "",
    ]
)
NAMES = st.lists(
    st.sampled_from([Name("林小風"), Name("Ann Lee", "Lee", "Ann"), Name("MP & Co."), Name("")]), max_size=3
)
WORKS = st.builds(
    Work,
    text=st.sampled_from(["", "甲，頁3。", "甲，頁4。", "乙"]),
    kind=st.sampled_from(["", "news", "book", "report"]),
    authors=NAMES.map(tuple),
    title=TITLES,
    container=st.sampled_from(["", "版面報", "Post"]),
    publisher=st.sampled_from(["", "版面"]),
    date=st.sampled_from(["", "2024", "2025", "2025-08-01"]),
    url=st.sampled_from(
        ["", "https://a.tw/", "https://a.tw/b", "http://www.a.tw/b/?ref=x", "https://reurl.cc/b", "["]
    ),
)
MARKS = st.sampled_from(list(" 　，。、：；！？「」『』〈〉《》“”‘’\"'()[]—–-…·・.,:;!?/\u200b\u00a0"))


@st.composite
def disturbed(draw: st.DrawFn, text: str) -> str:
    """The text with marks and blanks put anywhere between its characters."""
    return "".join(draw(st.one_of(st.just(""), MARKS)) + character for character in text)


@given(WORKS, WORKS)
def test_same_is_reflexive_and_symmetric(one: Work, other: Work) -> None:
    assert same(one, one)
    assert same(one, other) == same(other, one)


@given(st.data())
def test_marks_blanks_and_pages_do_not_matter(data: st.DataObject) -> None:
    one = data.draw(WORKS.filter(lambda work: work.title != "？"))
    other = replace(
        one,
        title=data.draw(disturbed(one.title)),
        container=data.draw(disturbed(one.container)),
        authors=tuple(replace(name, literal=data.draw(disturbed(name.literal))) for name in one.authors),
        pages=data.draw(st.sampled_from(["", "3", "10-12"])),
        text=data.draw(disturbed(without_pages(one.text))) + data.draw(st.sampled_from(["", "，頁9", ", p. 9"])),
    )
    assert same(one, other)


@given(st.lists(WORKS, max_size=12))
def test_groups_are_a_partition_and_join_only_what_is_the_same(works: list[Work]) -> None:
    found = groups(works)
    assert sorted(index for group in found for index in group) == list(range(len(works)))
    assert found == sorted(found) and all(group == sorted(group) for group in found)
    place = {index: number for number, group in enumerate(found) for index in group}
    for one, other in combinations(place, 2):
        assert place[one] == place[other] or not same(works[one], works[other])
    for group in found:
        reached, waiting = set[int](), [group[0]]
        while waiting:
            reached.add(waiting[-1])
            last = waiting.pop()
            waiting += [other for other in group if other not in reached and same(works[last], works[other])]
        assert reached == set(group)


@given(st.lists(WORKS, min_size=1, max_size=6))
def test_merging_keeps_a_work_among_its_own(works: list[Work]) -> None:
    for group in groups(works):
        merged = richest([works[index] for index in group])
        assert richest([merged]) == merged
        assert merged.pages == "" and merged.title in {works[index].title for index in group}


@given(st.text(max_size=20).filter(lambda text: any(map(str.isalnum, text))))
def test_comparing_is_idempotent(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text(max_size=30))
def test_any_address_has_keys(url: str) -> None:
    assert keys(Work("", url=url)) == keys(Work("", url=url))


def test_a_thousand_works_take_one_pass() -> None:
    works = [work(f"{LONG}{number % 700}", "林小風", url=f"https://a.tw/{number % 900}") for number in range(4000)]
    began = time.perf_counter()
    found = groups(works)
    assert sum(map(len, found)) == 4000
    assert time.perf_counter() - began < 5

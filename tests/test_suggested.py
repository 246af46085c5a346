"""The suggested citation: one form for each language, and what is left out where it is not known."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.bibliography.suggested import full_title, printed_issue, printed_pages, suggested_citation
from pipeline.brief import Author, Brief, Colophon, Issue, Text

BRIEF = Brief(
    key="b01",
    lang="zh-Hant-TW",
    title=(Text("標點的重量"),),
    subtitle=(Text("擠壓與對齊"),),
    authors=(Author("林二蕙"), Author("陳一鳴")),
    focus=(),
    blocks=(),
    notes=(),
)
ISSUE = Issue("zh-Hant-TW", "版面", "", "1", "2", date(2026, 11, 20), Colophon(), (BRIEF,))


def cited(lang: str = "zh-Hant-TW", pages: range = range(4, 10), doi: str | None = None) -> str:
    return suggested_citation(ISSUE, replace(BRIEF, lang=lang, doi=doi), pages)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh-Hant-TW", "林二蕙、陳一鳴，〈標點的重量：擠壓與對齊〉，《版面》，第1卷第2期，2026年11月，頁4-9。"),
        ("zh-Hant-HK", "林二蕙、陳一鳴，〈標點的重量：擠壓與對齊〉，《版面》，第1卷第2期，2026年11月，頁4-9。"),
        ("zh-Hans-CN", "林二蕙、陳一鳴，《標點的重量：擠壓與對齊》，《版面》第1卷第2期，2026年11月，第4-9页。"),
        ("ja", "林二蕙・陳一鳴「標點的重量：擠壓與對齊」『版面』第1巻第2号、2026年11月、4-9頁。"),
        ("ko", "林二蕙·陳一鳴, 「標點的重量: 擠壓與對齊」, 『版面』 제1권 제2호, 2026년 11월, 4-9쪽."),
    ],
)
def test_the_form_of_a_language(lang: str, expected: str) -> None:
    assert cited(lang) == expected


def test_a_doi_is_an_address_that_no_mark_follows() -> None:
    assert cited(doi="10.5555/x").endswith("，頁4-9。https://doi.org/10.5555/x")
    assert cited("ko", doi="10.5555/x").endswith(", 4-9쪽. https://doi.org/10.5555/x")


def test_a_single_page() -> None:
    assert "，頁4。" in cited(pages=range(4, 5))
    assert printed_pages(range(4, 5), "ko") == "4쪽"
    assert printed_pages(range(4, 10), "zh-Hans-CN") == "第4-9页"


def test_without_author_volume_or_subtitle() -> None:
    brief = replace(BRIEF, authors=(), subtitle=())
    assert suggested_citation(replace(ISSUE, volume=""), brief, range(4, 10)) == (
        "〈標點的重量〉，《版面》，第2期，2026年11月，頁4-9。"
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("標點", "標點：擠壓與對齊"),
        ("標點：重量", "標點：重量──擠壓與對齊"),
        ("標點有多重？", "標點有多重？──擠壓與對齊"),
    ],
)
def test_one_colon_in_a_title(title: str, expected: str) -> None:
    assert full_title(replace(BRIEF, title=(Text(title),))) == expected


@pytest.mark.parametrize(
    ("lang", "title", "expected"),
    [
        ("ja", "「窓」をあける", "「『窓』をあける」"),
        ("zh-Hans-CN", "读《活版小史》", "《读〈活版小史〉》"),
        ("zh-Hant-TW", "讀《活版小史》", "〈讀《活版小史》〉"),
    ],
)
def test_marks_inside_a_title(lang: str, title: str, expected: str) -> None:
    brief = replace(BRIEF, lang=lang, title=(Text(title),), subtitle=())
    assert expected in suggested_citation(ISSUE, brief, range(4, 10))


def test_a_brief_in_another_language_names_the_issue_in_its_own_words() -> None:
    assert printed_issue(ISSUE, "ja") == "第1巻第2号"
    assert printed_issue(replace(ISSUE, volume=""), "ko") == "제2호"


def test_a_language_without_a_profile_is_cited_as_the_default_one() -> None:
    assert cited("fr") == cited("zh-Hant-TW")

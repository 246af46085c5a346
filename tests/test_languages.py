"""Languages: which stretches of a text are English, Korean or Japanese, told from the script alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.languages import is_foreign, runs

MARKED = re.compile("⟨(en|ko|ja):([^⟩]*)⟩")


def typed(marked: str) -> tuple[str, list[tuple[str | None, str]]]:
    """The text, and its runs as ⟨en:…⟩ marks them."""
    wanted: list[tuple[str | None, str]] = []
    done = 0
    for found in MARKED.finditer(marked):
        wanted += [(None, marked[done : found.start()]), (found[1], found[2])]
        done = found.end()
    wanted.append((None, marked[done:]))
    return MARKED.sub(r"\2", marked), [(lang, text) for lang, text in wanted if text]


def joined(text: str) -> list[tuple[str | None, str]]:
    """The runs of a text, neighbours of one language joined."""
    found: list[tuple[str | None, str]] = []
    for lang, run in runs(text):
        if found and found[-1][0] == lang:
            found[-1] = (lang, found[-1][1] + run)
        else:
            found.append((lang, run))
    return found


@pytest.mark.parametrize(
    "marked",
    [
        "鉛字排版的規矩，行首不排句號。",
        # One name or number is set in the Latin face already and needs no language.
        "斐濟總理Rabuka在2026年訪問Suva，用iPhone 15拍照",
        "約4.8%，共NT$20",
        # Words that follow one another are English, with their marks.
        "全球資訊網協會（⟨en:World Wide Web Consortium, W3C⟩）公布草案",
        "參見⟨en:Donald E. Knuth, “Breaking Paragraphs into Lines,”⟩一文",
        "書名是⟨en:The Elements of Typographic Style⟩，作者是⟨en:Robert Bringhurst⟩。",
        "⟨en:Marco de Jong & Dylan Asafo⟩合寫",
        "所謂⟨en:“grid”⟩即字格",
        # Korean: Hangul, and in a title its Han characters too.
        "報導〈⟨ko:漢字와 한글의 組版⟩〉指出",
        "《⟨ko:조선일보⟩》2026年5月3日報導，⟨ko:글꼴 연구⟩已完成",
        "金先生說「⟨ko:안녕하세요⟩」，又說「再見」",
        # A title inside a quotation: only the title is Korean.
        "他說「我讀《⟨ko:한겨레⟩》多年」。",
        # Japanese: kana, and in a title its kanji.
        "見《⟨ja:組版の美学⟩》與〈⟨ja:文字とページ⟩〉",
        "平假名⟨ja:の⟩常見於招牌",
    ],
)
def test_runs(marked: str) -> None:
    text, wanted = typed(marked)
    assert joined(text) == wanted


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Robert Bringhurst, The Elements of Typographic Style (1992), p. 9.", "en"),
        ("Café, déjà vu", "en"),
        ("문화체육관광부, 한글 글꼴, 2026.", "ko"),
        ("これは日本語の段落である。", "ja"),
        ("日本語の組版", "ja"),
        ("「の」字在臺灣招牌上很常見。", None),
        ("排版是手藝。", None),
        ("見Robert Bringhurst, 1992。", None),
        ("《조선일보》，2026。", None),
        ("《組版の美学》，頁3。", None),
        ("2026, 4.8%", None),
        ("——", None),
        ("", None),
        (" \n", None),
    ],
)
def test_the_language_of_a_whole_paragraph(text: str, lang: str | None) -> None:
    assert is_foreign(text) == lang


CHARACTERS = st.text(
    st.sampled_from("漢字𠀀，。〈〉《》「」『』“”‘’()（） \n\u3000abcDE é1990.,&-–%한국어の日本カナー・"),
    max_size=60,
)


@given(CHARACTERS | st.text(max_size=60))
def test_the_runs_are_the_text(text: str) -> None:
    assert "".join(run for _, run in runs(text)) == text
    assert all(run for _, run in runs(text))


@given(CHARACTERS)
def test_chinese_is_never_foreign_outside_a_title(text: str) -> None:
    for lang, run in runs(re.sub("[〈〉《》「」『』]", "", text)):
        assert lang is None or not re.search("[漢字𠀀，。「」]", run)


@given(st.text(st.sampled_from("漢字a b,，（「〈"), max_size=30_000).filter(lambda text: len(text) > 20))
def test_long_texts_take_no_long_time(text: str) -> None:
    assert "".join(run for _, run in runs(text * 20)) == text * 20

"""Composing: where lines may break, and that nothing of a paragraph is lost or sticks out."""

import itertools
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import fonts
from pipeline.brief import Call, Inline, Link, Note, Paragraph, Ruby, Style, Text
from pipeline.compose import GAP, NO_END, NO_START, Composer, Line, Setting, zhuyin_letters
from pipeline.layout import LAYOUTS
from pipeline.tokens import read_tokens

SIZE = 10.0


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(fonts.prepare(), read_tokens(LAYOUTS / "tokens.css"))


def composed(composer: Composer, text: str, characters: int, lang: str | None = None) -> list[str]:
    lines = composer.paragraph((Text(text),), Setting(SIZE, characters * SIZE), lang)
    return [line.text for line in lines]


def test_pure_han_fills_the_character_grid(composer: Composer) -> None:
    assert composed(composer, "排版的規矩不在多而在守得住每一行", 6) == [
        "排版的規矩不",
        "在多而在守得",
        "住每一行",
    ]


def test_the_first_line_is_indented(composer: Composer) -> None:
    lines = composer.paragraph((Text("排版的規矩不在多"),), Setting(SIZE, 6 * SIZE, indent=2 * SIZE))
    assert [line.text for line in lines] == ["排版的規", "矩不在多"]


@pytest.mark.parametrize("mark", "、。，．：；！？」』）》〉】")
def test_no_line_starts_with_a_closing_mark(composer: Composer, mark: str) -> None:
    for fill in range(1, 8):
        lines = composed(composer, "字" * fill + f"國字{mark}" + "文" * 9, 5)
        assert all(line[0] != mark for line in lines)


@pytest.mark.parametrize("mark", "「『（《〈【")
def test_no_line_ends_with_an_opening_mark(composer: Composer, mark: str) -> None:
    for fill in range(1, 8):
        lines = composed(composer, "字" * fill + f"國{mark}字" + "文" * 9, 5)
        assert all(line[-1] != mark for line in lines[:-1])


@pytest.mark.parametrize("whole", ["——", "……", "4.8%", "NT$20", "3,000", "E4WD25", "Braille"])
def test_what_belongs_together_stays_on_one_line(composer: Composer, whole: str) -> None:
    for fill in range(1, 12):
        lines = composed(composer, "字" * fill + whole + "文" * 12, 8)
        assert sum(whole in line for line in lines) == 1, lines


def test_a_dash_or_an_ellipsis_never_starts_a_line(composer: Composer) -> None:
    for fill in range(1, 12):
        for mark in ("——", "……"):
            assert all(line[0] not in "—…" for line in composed(composer, "字" * fill + mark + "文" * 12, 8))


def test_the_last_line_has_two_characters(composer: Composer) -> None:
    for length in range(8, 40):
        last = composed(composer, "字" * length + "。", 7)[-1]
        assert len(last.rstrip("。")) >= 2


def test_korean_breaks_at_blanks_only(composer: Composer) -> None:
    text = "문장의 각 단어는 띄어 씀을 원칙으로 한다"
    for characters in range(5, 12):
        assert set(" ".join(composed(composer, text, characters, "ko")).split()) == set(text.split())


def test_english_is_hyphenated_and_only_english(composer: Composer) -> None:
    text = "Considerations regarding typographical internationalization requirements"
    lines = composed(composer, text, 12, "en")
    assert any(line.endswith("-") for line in lines)
    assert re.sub(r"-\n", "", "\n".join(lines)).replace("\n", " ") == text
    assert not any(line.endswith("-") for line in composed(composer, text, 18))


def test_an_address_breaks_after_slashes_and_before_dots_without_a_hyphen(composer: Composer) -> None:
    address = "https://example.org/publications/2026/11/setting-of-chinese-text.html?edition=print&page=12"
    lines = composer.paragraph((Link(address, (Text(address),)),), Setting(SIZE, 12 * SIZE))
    assert "".join(line.text for line in lines) == address
    assert len(lines) > 4
    for line, following in itertools.pairwise(lines):
        assert line.text[-1] in "/:" or following.text[0] in ".?&=#_%~-", (line.text, following.text)


def test_a_checksum_does_not_leave_the_measure(composer: Composer) -> None:
    address = "https://example.org/" + "0123456789abcdef" * 8
    lines = composer.paragraph((Link(address, (Text(address),)),), Setting(SIZE, 20 * SIZE))
    assert "".join(line.text for line in lines) == address
    assert all(line.width <= 20 * SIZE + 0.1 for line in lines)


def test_a_word_wider_than_the_measure_is_divided_rather_than_lost(composer: Composer) -> None:
    lines = composer.paragraph((Text("W" * 300),), Setting(SIZE, 10 * SIZE))
    assert "".join(line.text for line in lines) == "W" * 300
    assert all(line.width <= 10 * SIZE + 0.1 for line in lines)


def note(number: int) -> Note:
    return Note(f"b01-fn{number}", str(number), (Paragraph((Text("註"),)),))


def test_a_note_call_stays_with_the_character_before_it(composer: Composer) -> None:
    for fill in range(1, 14):
        children = (Text("字" * fill + "事。"), Call(note(1)), Text("文" * 14))
        lines = composer.paragraph(children, Setting(SIZE, 7 * SIZE))
        called = next(line for line in lines if line.notes)
        position = next(i for i, span in enumerate(called.spans) if span.note is not None)
        assert position > 0
        assert called.spans[position - 1].text.endswith("。")


def test_a_mark_after_a_call_does_not_start_a_line(composer: Composer) -> None:
    for fill in range(1, 14):
        children = (Text("字" * fill), Call(note(1)), Text("，" + "文" * 14))
        assert all(line.text[0] != "，" for line in composer.paragraph(children, Setting(SIZE, 7 * SIZE)))


def test_a_repeated_call_brings_no_second_note(composer: Composer) -> None:
    one = note(1)
    (line,) = composer.paragraph((Text("甲"), Call(one), Text("乙"), Call(one, 1)), Setting(SIZE, 30 * SIZE))
    assert line.notes == (one,)


def test_han_and_latin_stand_apart_but_not_beside_marks_or_at_line_ends(composer: Composer) -> None:
    (line,) = composer.paragraph((Text("共25頁，EPUB（PDF）佔4.8%的"),), Setting(SIZE, 40 * SIZE))
    assert "".join(s.text for s in line.spans).replace(GAP, " ") == "共 25 頁，EPUB（PDF）佔 4.8% 的"
    for characters in range(4, 9):
        for broken in composer.paragraph((Text("字數25頁數EPUB版數PDF檔"),), Setting(SIZE, characters * SIZE)):
            text = "".join(span.text for span in broken.spans)
            assert not text.startswith(GAP)
            assert not text.endswith(GAP)


def test_the_gap_stands_between_spans_too(composer: Composer) -> None:
    (line,) = composer.paragraph((Text("讀"), Text("The Elements", "en"), Text("一書")), Setting(SIZE, 40 * SIZE))
    assert "".join(s.text for s in line.spans).replace(GAP, "|") == "讀|The Elements|一書"


def test_inline_looks_survive_the_cut(composer: Composer) -> None:
    children: tuple[Inline, ...] = (Style("italic", (Text("夢溪筆談" * 5),)), Ruby("刊", "ㄎㄢ"))
    lines = composer.paragraph(children, Setting(SIZE, 6 * SIZE))
    assert all("italic" in span.classes for line in lines for span in line.spans if span.annotation is None)
    assert [span.annotation for line in lines for span in line.spans if span.annotation] == ["ㄎㄢ"]


def test_zhuyin_is_taken_apart_and_takes_room_beside_its_character(composer: Composer) -> None:
    assert zhuyin_letters("ㄅㄢˇ") == ["ㄅ", "ㄢˇ"]
    assert zhuyin_letters("˙ㄇㄣ") == ["˙ㄇ", "ㄣ"]
    assert zhuyin_letters("bǎn") == []
    zhuyin, pinyin = (
        composer.paragraph((Ruby("刊", annotation),), Setting(SIZE, 20 * SIZE))[0].width
        for annotation in ("ㄎㄢ", "kān")
    )
    assert zhuyin - pinyin == pytest.approx(0.4 * SIZE)


TEXT = st.text(
    alphabet="的一是了我不人在有他這為之大來以個中上們。，、；「」（）《》——……12.5%EPUB word한국어 ",
    min_size=1,
    max_size=160,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT, characters=st.integers(8, 40))
def test_nothing_is_lost_and_nothing_sticks_out(composer: Composer, text: str, characters: int) -> None:
    lines = composer.paragraph((Text(text),), Setting(SIZE, characters * SIZE))
    assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")
    assert all(line.width <= characters * SIZE + 0.1 for line in lines)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(
        st.sampled_from(["排版", "字", "「引文」", "，", "。", "（註）", "EPUB", "2026年", "——", "規矩"]),
        min_size=1,
        max_size=80,
    ),
    characters=st.integers(12, 40),
)
def test_marks_keep_to_their_side_of_a_break(composer: Composer, words: list[str], characters: int) -> None:
    text = "文" + re.sub("([，。—]){2,}", r"\1", "".join(words)).replace("—", "——")
    lines: list[Line] = list(composer.paragraph((Text(text),), Setting(SIZE, characters * SIZE)))
    if all(len(run) < characters - 2 for run in re.findall("[，。—」（）「註引文]+", text)):
        for line, following in itertools.pairwise(lines):
            assert following.text[0] not in NO_START, (line.text, following.text)
            assert line.text[-1] not in NO_END, (line.text, following.text)

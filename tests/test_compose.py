"""Composing: where lines may break, and that nothing of a paragraph is lost or sticks out."""

import itertools
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import fonts
from pipeline.brief import Break, Call, Inline, Link, Note, Paragraph, Ruby, Style, Text
from pipeline.compose import Composer, Glyph, Line
from pipeline.compose.items import CALL_SIZE
from pipeline.compose.ruby import zhuyin_letters
from pipeline.fonts.harfbuzz import opened
from pipeline.page_layout import PageLayout
from pipeline.profiles import profile
from pipeline.tokens import Setting

SIZE = 10.0
LANG = "zh-Hant-TW"
RULES = profile(LANG).setting


def spread(lines: tuple[Line, ...], text: str) -> dict[str, float]:
    """The distance from each character of one line to the next, in em, by the pair of them."""
    (line,) = lines
    glyphs = [glyph for glyph in line.glyphs if glyph.size == SIZE]
    return {
        pair: round((after.x - before.x) / SIZE, 3)
        for pair, before, after in zip(map("".join, itertools.pairwise(text)), glyphs, glyphs[1:], strict=False)
    }


def end(glyph: Glyph) -> float:
    """Where a glyph ends, by the advance in its font."""
    font = opened(glyph.face)
    return glyph.x + (1 + glyph.wider) * glyph.size * float(font.get_glyph_h_advance(glyph.glyph)) / 1000


def flush(lines: tuple[Line, ...], measure: float) -> bool:
    """Whether every line but the last ends at the measure, by its glyphs."""
    return all(abs(end(line.glyphs[-1]) - measure) < 0.02 for line in lines[:-1] if not line.fitted.ragged)


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(fonts.prepare(), PageLayout("a4").tokens)


def composed(composer: Composer, text: str, characters: int, lang: str | None = LANG) -> list[str]:
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
    assert any(line.endswith("\u00ad") for line in lines)
    assert re.sub("\u00ad\n", "", "\n".join(lines)).replace("\n", " ") == text
    assert not any(line.endswith(("-", "\u00ad")) for line in composed(composer, text, 18))


def test_the_apostrophe_of_a_western_name_is_no_quotation_mark(composer: Composer) -> None:
    """In a Chinese line, too, O’Connor is one word as narrow as in an English one; ‘ ’ around Han are wide."""
    (line,) = composer.paragraph((Text("作者O’Connor"),), Setting(SIZE, 20 * SIZE), LANG)
    (plain,) = composer.paragraph((Text("作者OConnor"),), Setting(SIZE, 20 * SIZE), LANG)
    assert line.right - plain.right < 0.3 * SIZE
    (quoted,) = composer.paragraph((Text("‘字’"),), Setting(SIZE, 20 * SIZE), LANG)
    assert quoted.right > 1.9 * SIZE
    assert all("O’Connor" in text or "O’" not in text for text in composed(composer, "字" * 7 + "O’Connor", 9))


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
    assert all(line.right <= 20 * SIZE + 0.1 for line in lines)


def test_a_word_wider_than_the_measure_is_divided_rather_than_lost(composer: Composer) -> None:
    lines = composer.paragraph((Text("W" * 300),), Setting(SIZE, 10 * SIZE))
    assert "".join(line.text for line in lines) == "W" * 300
    assert all(line.right <= 10 * SIZE + 0.1 for line in lines)


def note(number: int) -> Note:
    return Note(f"b01-fn{number}", str(number), (Paragraph((Text("註"),)),))


def test_a_note_call_stays_with_the_character_before_it(composer: Composer) -> None:
    for fill in range(1, 14):
        children = (Text("字" * fill + "事。"), Call(note(1)), Text("文" * 14))
        lines = composer.paragraph(children, Setting(SIZE, 7 * SIZE), LANG)
        called = next(line for line in lines if line.notes)
        position = next(i for i, span in enumerate(called.spans) if span.note is not None)
        assert position > 0
        assert called.spans[position - 1].text.endswith("。")


def test_a_mark_after_a_call_does_not_start_a_line(composer: Composer) -> None:
    for fill in range(1, 14):
        children = (Text("字" * fill), Call(note(1)), Text("，" + "文" * 14))
        assert all(line.text[0] != "，" for line in composer.paragraph(children, Setting(SIZE, 7 * SIZE), LANG))


def test_a_repeated_call_brings_no_second_note(composer: Composer) -> None:
    one = note(1)
    (line,) = composer.paragraph((Text("甲"), Call(one), Text("乙"), Call(one, 1)), Setting(SIZE, 30 * SIZE))
    assert line.notes == (one,)


def test_han_and_latin_stand_apart_but_not_beside_marks(composer: Composer) -> None:
    text = "共25頁，EPUB（PDF）佔4.8%的"
    found = spread(composer.paragraph((Text(text),), Setting(SIZE, 40 * SIZE), LANG), text)
    figure = 0.529
    assert found["共2"] == pytest.approx(1.2)
    assert found["5頁"] == pytest.approx(figure + 0.2)
    assert found["，E"] == pytest.approx(1.0)
    assert found["（P"] == pytest.approx(1.0)
    assert found["佔4"] == pytest.approx(1.2)


def test_no_gap_at_the_ends_of_a_line(composer: Composer) -> None:
    for characters in range(4, 12):
        lines = composer.paragraph((Text("字數25頁數EPUB版數PDF檔"),), Setting(SIZE, characters * SIZE), LANG)
        assert all(line.glyphs[0].x == pytest.approx(0) for line in lines)
        assert flush(lines, characters * SIZE)


def test_the_gap_stands_between_spans_too(composer: Composer) -> None:
    text = "讀The Elements一書"
    children = (Text("讀"), Text("The Elements", "en"), Text("一書"))
    assert spread(composer.paragraph(children, Setting(SIZE, 40 * SIZE), LANG), text)["讀T"] == pytest.approx(1.2)


# 標點擠壓 (clreq 3.1.6)


@pytest.mark.parametrize(
    "pair", ["」，", "）。", "》、", "」；", "《〈", "「『", "」「", "）（", "、「", "。《", "，（", "：「"]
)
def test_two_marks_that_face_each_other_with_blanks_take_an_em_and_a_half(composer: Composer, pair: str) -> None:
    text = f"國{pair}字"
    found = spread(composer.paragraph((Text(text),), Setting(SIZE, 40 * SIZE), LANG), text)
    assert found[pair] == pytest.approx(0.5)
    assert found[f"{pair[1]}字"] == pytest.approx(1.0)


@pytest.mark.parametrize("pair", ["。」", "？」", "，」", "。）", "！？"])
def test_other_pairs_of_marks_take_two(composer: Composer, pair: str) -> None:
    text = f"國{pair}字"
    assert spread(composer.paragraph((Text(text),), Setting(SIZE, 40 * SIZE), LANG), text)[pair] == pytest.approx(
        1
    )


def test_a_squeezed_mark_is_set_with_a_glyph_of_its_own_width(composer: Composer) -> None:
    """So that no extractor of text sees two glyphs on top of each other."""
    (line,) = composer.paragraph((Text("國」，字"),), Setting(SIZE, 40 * SIZE), LANG)
    for glyph, following in itertools.pairwise(line.glyphs):
        assert end(glyph) == pytest.approx(following.x)


def test_squeeze_never_reaches_a_note_call(composer: Composer) -> None:
    children = (Text("國」"), Call(note(1)), Text("，字"))
    (line,) = composer.paragraph(children, Setting(SIZE, 40 * SIZE), LANG)
    call = next(glyph for glyph in line.glyphs if glyph.size < SIZE)
    assert call.size == pytest.approx(CALL_SIZE * SIZE)
    assert call.x >= 2 * SIZE
    assert line.glyphs[3].x - call.x < 0.6 * SIZE


def test_mainland_marks_take_half_an_em_and_stops_a_whole_one(composer: Composer) -> None:
    text = "国，字「国」字。国"
    found = spread(composer.paragraph((Text(text),), Setting(SIZE, 40 * SIZE), "zh-Hans-CN"), text)
    assert found["，字"] == pytest.approx(0.5)
    assert found["「国"] == pytest.approx(0.5)
    assert found["」字"] == pytest.approx(0.5)
    assert found["。国"] == pytest.approx(1.0)


def test_japanese_stops_close_up_with_brackets(composer: Composer) -> None:
    text = "国。」字、「国"
    found = spread(composer.paragraph((Text(text),), Setting(SIZE, 40 * SIZE), "ja"), text)
    assert found["。」"] == pytest.approx(0.5)
    assert found["、「"] == pytest.approx(0.5)


def test_an_unbroken_dash_is_one_stroke_two_ems_long(composer: Composer) -> None:
    (line,) = composer.paragraph((Text("國——字"),), Setting(SIZE, 40 * SIZE), LANG)
    assert line.glyphs[-1].x - line.glyphs[0].x == pytest.approx(3 * SIZE)
    assert end(line.glyphs[-2]) == pytest.approx(line.glyphs[-1].x)


# Lines that fit


def test_pure_han_stays_on_the_character_grid(composer: Composer) -> None:
    lines = composer.paragraph(
        (Text("排版的規矩不在多而在守得住每一行" * 4),), Setting(SIZE, 12 * SIZE, indent=20), LANG
    )
    for line in lines:
        assert all((glyph.x / SIZE) % 1 == pytest.approx(0, abs=1e-6) for glyph in line.glyphs)


PROSE = (
    "政府於2025年推動數位發展（Digital Development）政策，預算達4.8%；惟「法規」、「人才」與「資金」三者，"
    "仍待檢討。依《預算法》第62條之1規定，各機關應於10日內公告——逾期者，不予補助……其成效如何？"
)


@pytest.mark.parametrize("characters", [26, 28, 30, 34, 36, 40])
def test_every_line_is_flush_and_never_wide_open(composer: Composer, characters: int) -> None:
    for shift in range(9):
        lines = composer.paragraph(
            (Text(PROSE[shift:] + PROSE),), Setting(SIZE, characters * SIZE, indent=20), LANG
        )
        assert flush(lines, characters * SIZE)
        assert max(line.stretch for line in lines) <= (0.12 if characters >= 30 else 0.2)


def test_lines_give_room_away_before_they_open(composer: Composer) -> None:
    """Some lines of a long text close up, none by more than the marks have (clreq 3.2.4)."""
    lines = composer.paragraph((Text(PROSE * 6),), Setting(SIZE, 30 * SIZE), LANG)
    assert any(line.fitted.give > 0 for line in lines)
    assert all(line.fitted.give <= 1 for line in lines)
    assert any(line.fitted.trim_start or line.fitted.trim_end for line in lines)


def test_word_spaces_stay_within_bounds(composer: Composer) -> None:
    text = "Lines of English are set with the spaces between words as even as they can be made, and " * 4
    lines = composer.paragraph((Text(text, "en"),), Setting(SIZE, 34 * SIZE), "en")
    assert flush(lines, 34 * SIZE)
    for line in lines[:-1]:
        blanks = [(g, n) for g, n in itertools.pairwise(line.glyphs) if line.text[g.start : g.start + 1] == " "]
        assert max((n.x - g.x) / SIZE for g, n in blanks) <= 0.4


def test_the_order_of_glyphs_is_that_of_the_text(composer: Composer) -> None:
    children = (Text("甲"), Ruby("刊", "ㄎㄢ"), Call(note(1)), Text("fine 的——「乙」，丙"))
    (line,) = composer.paragraph(children, Setting(SIZE, 40 * SIZE), LANG)
    assert sum(glyph.characters for glyph in line.glyphs) == len(line.text)
    offset = 0
    for glyph in line.glyphs:
        assert glyph.start == offset
        offset += glyph.characters


def test_a_break_of_the_author_ends_a_line(composer: Composer) -> None:
    lines = composer.paragraph((Text("上"), Break(), Text("下")), Setting(SIZE, 20 * SIZE), LANG)
    assert [line.text for line in lines] == ["上", "下"]


def test_text_that_is_not_justified_is_not_opened(composer: Composer) -> None:
    for align, edge in (("left", 0.0), ("right", 20 * SIZE), ("center", 10 * SIZE)):
        lines = composer.paragraph((Text("短"),), Setting(SIZE, 20 * SIZE, align=align), LANG)
        middle = (lines[0].glyphs[0].x + lines[0].right) / 2
        assert {"left": lines[0].glyphs[0].x, "right": lines[0].right, "center": middle}[align] == pytest.approx(
            edge
        )


def test_names_side_by_side_have_two_lines_under_them(composer: Composer) -> None:
    names = (Style("proper-name", (Text("顧炎武"),)), Style("proper-name", (Text("黃宗羲"),)))
    (line,) = composer.paragraph(names, Setting(SIZE, 20 * SIZE), LANG)
    first, second = line.marks
    assert first.kind == "rule"
    assert second.x - first.end == pytest.approx(0.1 * SIZE)


def test_emphasis_marks_stand_under_letters_alone(composer: Composer) -> None:
    (line,) = composer.paragraph((Style("emphasis-mark", (Text("每一行，都"),)),), Setting(SIZE, 20 * SIZE), LANG)
    assert [round(mark.x / SIZE, 2) for mark in line.marks] == [0.5, 1.5, 2.5, 4.5]


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
        composer.paragraph((Ruby("刊", annotation),), Setting(SIZE, 20 * SIZE), LANG)[0].right
        for annotation in ("ㄎㄢ", "kā")
    )
    assert zhuyin - pinyin == pytest.approx(0.5 * SIZE)


TEXT = st.text(
    alphabet="的一是了我不人在有他這為之大來以個中上們。，、；「」（）《》——……12.5%EPUB word한국어 ",
    min_size=1,
    max_size=160,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT, characters=st.integers(8, 40))
def test_nothing_is_lost_and_nothing_sticks_out(composer: Composer, text: str, characters: int) -> None:
    lines = composer.paragraph((Text(text),), Setting(SIZE, characters * SIZE), LANG)
    assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")
    assert all(line.right <= characters * SIZE + 0.1 for line in lines)


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
    lines: list[Line] = list(composer.paragraph((Text(text),), Setting(SIZE, characters * SIZE), LANG))
    if all(len(run) < characters - 2 for run in re.findall("[，。—」（）「註引文]+", text)):
        for line, following in itertools.pairwise(lines):
            assert following.text[0] not in RULES.no_start, (line.text, following.text)
            assert line.text[-1] not in RULES.no_end, (line.text, following.text)


def test_a_word_divided_between_two_kerned_letters_ends_at_the_measure(composer: Composer) -> None:
    address = "https://www.example.org/wave/www.html"
    for extra in range(24):
        children = (Text("字" * 6 + "。" * (extra % 2)), Link(address, (Text("a" * (extra // 2) + address),)))
        lines = composer.paragraph(children, Setting(SIZE, 16 * SIZE), "en")
        assert all(end(line.glyphs[-1]) <= 16 * SIZE + 0.02 for line in lines)


@pytest.mark.parametrize("measure", [1.0, 4.0, 9.0, 11.0])
def test_nothing_is_lost_where_no_character_fits(composer: Composer, measure: float) -> None:
    children = (Text("字WWW，「文」"), Call(note(1)))
    lines = composer.paragraph(children, Setting(SIZE, measure), LANG)
    assert "".join(line.text for line in lines) == "字WWW，「文」1"


# Found by a reader with hostile manuscripts


def test_a_mark_on_a_letter_keeps_its_own_character(composer: Composer) -> None:
    """x̄ is two glyphs; each stands for its own character, so that x is an x in the text of the PDF."""
    (line,) = composer.paragraph((Text("平均x̄與x"),), Setting(SIZE, 20 * SIZE), LANG)
    assert [line.text[g.start : g.start + g.characters] for g in line.glyphs] == list("平均x̄與x")


@pytest.mark.parametrize("measure", [8.0, 13.0, 17.0, 25.0, 31.0])
@pytest.mark.parametrize(
    "text", ["「「「「」」」」，，。。「」（），、。！？" * 3, "W" * 40 + "，「」", "a—b……c，" * 9]
)
def test_no_paragraph_is_refused(composer: Composer, text: str, measure: float) -> None:
    lines = composer.paragraph((Text(text),), Setting(SIZE, measure), LANG)
    assert "".join(line.text for line in lines) == text


def test_one_long_word_leaves_the_others_whole(composer: Composer) -> None:
    text = "The quick brown fox " + "0123456789abcdef" * 10 + " jumps over the lazy dog and 3,000億元"
    lines = composer.paragraph((Text(text, "en"),), Setting(SIZE, 20 * SIZE), "en")
    for whole in ("quick", "brown", "jumps", "lazy", "3,000億"):
        assert any(whole in line.text for line in lines), whole
    assert all(line.right <= 20 * SIZE + 0.1 for line in lines)


def test_an_ideographic_space_is_dropped_at_the_ends_of_a_line(composer: Composer) -> None:
    for fill in range(1, 16):
        for line in composer.paragraph(
            (Text("字" * fill + "甲　乙　丙　丁" + "文" * 9),), Setting(SIZE, 6 * SIZE), LANG
        ):
            assert line.text.strip("　") == line.text


def test_italics_of_one_latin_word_are_italic(composer: Composer) -> None:
    (line,) = composer.paragraph((Style("italic", (Text("Nature"),)),), Setting(SIZE, 20 * SIZE), LANG)
    assert {glyph.face.style for glyph in line.glyphs} == {"italic"}

"""Pagination: every row and float once, every note whole and on the page of its call, all on one grid."""

import random
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.paginate import (
    MIN_NOTE_LINES,
    Float,
    Frame,
    NoteLines,
    NotePart,
    Page,
    Row,
    float_pages,
    paginate,
    row_pages,
)
from pipeline.paginate.material import Material
from pipeline.paginate.search import Search

FRAME = Frame(height=200.0, note_pitch=10.0, note_space=20.0, pitch=20.0)
LONG = Frame(height=400.0, note_pitch=10.0, note_space=20.0, pitch=20.0)
TALL = Frame(height=39 * 18.0, note_pitch=13.5, note_space=27.0, pitch=18.0)
LINE = Row(20.0)
HEADING = Row(20.0, heading=1)


def pages_of(rows: list[Row], first_folio: int = 1) -> list[tuple[int, int]]:
    return [(page.start, page.end) for page in paginate(rows, FRAME, (), first_folio)]


def paragraph(lines: int, height: float = 20.0) -> list[Row]:
    return [Row(height, keep=n + 1 < lines and n in (0, lines - 2)) for n in range(lines)]


def items_of(page: Page) -> str:
    """The rows and floats of a page from top to bottom: `r3 r4 f0`."""
    return " ".join(f"{item.kind[0]}{item.index}" for item in page.items)


def lines_of(note: int | NoteLines) -> int:
    return note if isinstance(note, int) else note.count


def test_ten_lines_fill_a_page() -> None:
    assert pages_of([LINE] * 10) == [(0, 10)]
    assert pages_of([LINE] * 20) == [(0, 10), (10, 20)]


def test_nothing_makes_no_page_and_one_line_makes_one() -> None:
    assert paginate([], FRAME) == ()
    assert pages_of([LINE]) == [(0, 1)]


def test_a_heading_never_ends_a_page() -> None:
    heading = Row(20.0, keep=True)
    assert pages_of([*[LINE] * 9, heading, LINE]) == [(0, 9), (9, 11)]


def test_space_is_dropped_at_the_head_of_a_page() -> None:
    rows = [*[LINE] * 10, Row(20.0, space=40.0), *[LINE] * 9]
    assert pages_of(rows) == [(0, 10), (10, 20)]


def test_a_note_takes_its_room_on_the_page_of_its_call() -> None:
    rows = [Row(20.0, notes=(4,)), *[LINE] * 9]  # 20 + 4 × 10 for the note leaves seven lines
    first, second = paginate(rows, FRAME)
    assert (first.start, first.end) == (0, 7)
    assert first.notes == (NotePart(0, 0, 4),)
    assert second.notes == ()


def test_a_line_goes_to_the_next_page_with_its_note() -> None:
    rows = [*[LINE] * 9, Row(20.0, notes=(3,)), LINE]
    for page in paginate(rows, FRAME):
        assert (9 in range(page.start, page.end)) == bool(page.notes)


def test_a_long_note_goes_on_at_the_foot_of_the_next_page() -> None:
    rows = [LINE, Row(20.0, notes=(30,)), *[LINE] * 12]
    pages = paginate(rows, FRAME)
    parts = [part for page in pages for part in page.notes]
    assert len(parts) > 1
    assert parts[0].start == 0
    assert [p.end for p in parts[:-1]] == [p.start for p in parts[1:]]
    assert parts[-1].end == 30
    assert pages[0].notes[0].start == 0


def test_a_row_higher_than_the_page_has_a_page_and_is_not_lost() -> None:
    assert pages_of([LINE, Row(500.0), LINE]) == [(0, 1), (1, 2), (2, 3)]


# Headings, widows and orphans


def test_a_paragraph_of_three_lines_stays_whole() -> None:
    for before in range(11):
        rows = [*[LINE] * before, *paragraph(3), *[LINE] * 9]
        assert len({row_pages(paginate(rows, FRAME))[row] for row in range(before, before + 3)}) == 1


def test_a_longer_paragraph_has_two_lines_on_either_page() -> None:
    for before in range(11):
        on = row_pages(paginate([*[LINE] * before, *paragraph(5), *[LINE] * 9], FRAME))[before : before + 5]
        assert on[0] == on[1]
        assert on[3] == on[4]


@pytest.mark.parametrize(
    "after",
    [
        paragraph(2),
        paragraph(5),
        [HEADING, *paragraph(4)],
        [LINE, LINE, LINE],  # a list whose items have one line each
        [LINE, *paragraph(3)],
    ],
    ids=["short paragraph", "paragraph", "heading", "list", "line and paragraph"],
)
def test_two_lines_follow_a_heading(after: list[Row]) -> None:
    for before in range(11):
        rows = [*[LINE] * before, HEADING, *after, *[LINE] * 9]
        pages = row_pages(paginate(rows, FRAME))
        text = [row for row in range(before, len(rows)) if not rows[row].heading]
        assert pages[before] == pages[text[0]] == pages[text[1]]


def test_a_heading_stands_above_its_figure_or_the_text_that_follows() -> None:
    for before in range(1, 11):
        rows = [*[LINE] * before, HEADING, *paragraph(12)]
        pages = paginate(rows, FRAME, [Float(80.0, before + 1, 20.0, 20.0)])
        (page,) = (page for page in pages if page.start <= before < page.end)
        below = items_of(page).split(f"r{before} ")[1]
        assert below.startswith(("f0", f"r{before + 1} r{before + 2}"))


def test_rows_that_are_higher_than_a_page_together_are_divided_rather_than_lost() -> None:
    rows = [Row(20.0, keep=True)] * 24 + [LINE]
    assert all(page.depth <= 200.0 for page in paginate(rows, FRAME))
    assert pages_of(rows) == [(0, 10), (10, 20), (20, 25)]


# Notes


def test_a_continued_note_is_known_by_its_start() -> None:
    pages = paginate([LINE, Row(20.0, notes=(24,)), *[LINE] * 12], FRAME)
    assert [[part.start > 0 for part in page.notes] for page in pages[:2]] == [[False], [True]]


def test_no_page_has_only_the_rest_of_a_note() -> None:
    for length in range(1, 28):
        for before in range(9):
            pages = paginate([*[LINE] * before, Row(20.0, notes=(length,)), *[LINE] * 20], FRAME)
            assert all(page.start < page.end for page in pages)


def test_a_note_is_not_divided_where_that_is_dear_or_forbidden() -> None:
    def divided_after(**lines: tuple[int, ...]) -> int:
        pages = paginate([*[LINE] * 5, Row(20.0, notes=(NoteLines(12, **lines),)), *[LINE] * 30], FRAME)
        return next(part.end for page in pages for part in page.notes)

    usual = divided_after()
    assert 1 < usual < 11
    assert divided_after(dear=(usual,)) != usual
    assert divided_after(kept=(usual,)) != usual
    everywhere = tuple(range(1, 30))
    pages = paginate([Row(20.0, notes=(NoteLines(30, kept=everywhere),)), LINE], FRAME)
    assert sum(part.end - part.start for page in pages for part in page.notes) == 30
    assert all(page.depth <= 200.0 for page in pages)


# The foot of the page


def test_both_pages_of_a_spread_lack_a_line_rather_than_one() -> None:
    bound = Row(20.0, keep=True)
    rows = [*[LINE] * 9, bound, *[LINE] * 24]  # the first page can only have nine lines
    assert pages_of(rows, first_folio=2)[:3] == [(0, 9), (9, 18), (18, 28)]
    assert pages_of(rows, first_folio=1)[:3] == [(0, 9), (9, 19), (19, 29)]


def test_a_right_page_that_lacks_a_line_shortens_the_left_one() -> None:
    rows = [*[LINE] * 19, Row(20.0, keep=True), *[LINE] * 24]
    assert pages_of(rows, first_folio=2)[:3] == [(0, 9), (9, 18), (18, 28)]


def test_a_last_page_gets_lines_from_those_before() -> None:
    for over in range(1, 5):
        pages = paginate([Row(18.0)] * (39 * 4 + over), TALL)
        last = pages[-1].end - pages[-1].start
        assert last >= 3
        assert min(page.end - page.start for page in pages[:-1]) >= 36


def test_a_last_page_that_is_long_enough_costs_no_line_elsewhere() -> None:
    pages = paginate([Row(18.0)] * (39 * 4 + 5), TALL)
    assert [page.end - page.start for page in pages] == [39, 39, 39, 39, 5]


def test_a_page_ends_before_a_divided_word() -> None:
    rows = [*[LINE] * 9, Row(20.0, cost=120.0), *[LINE] * 20]
    assert pages_of(rows)[0] == (0, 9)


# Floats


def test_a_float_that_fits_in_place_stays_in_place() -> None:
    (page,) = paginate([LINE] * 5, FRAME, [Float(60.0, 2, 20.0, 20.0)])
    assert items_of(page) == "r0 r1 f0 r2 r3 r4"
    assert [(item.space, item.top) for item in page.items[1:4]] == [(0.0, 20.0), (20.0, 60.0), (20.0, 140.0)]


def test_a_float_ends_a_page_without_the_space_below() -> None:
    first, second = paginate([LINE] * 12, FRAME, [Float(60.0, 6, 20.0, 20.0)])
    assert items_of(first) == "r0 r1 r2 r3 r4 r5 f0"
    assert first.depth == 200.0
    assert second.items[0].space == 0.0


def test_the_text_fills_the_hole_before_a_float() -> None:
    first, second = paginate([LINE] * 27, LONG, [Float(240.0, 10, 20.0, 20.0)])
    assert items_of(first) == " ".join(f"r{row}" for row in range(20))
    assert items_of(second) == "f0 r20 r21 r22 r23 r24 r25 r26"
    assert [(item.space, item.top) for item in second.items[:2]] == [(0.0, 0.0), (20.0, 260.0)]


def test_a_float_with_foot_stands_below_the_text_of_the_next_page() -> None:
    first, second, _ = paginate([LINE] * 34, LONG, [Float(240.0, 10, 20.0, 20.0, foot=True)])
    assert items_of(first) == " ".join(f"r{row}" for row in range(20))
    assert items_of(second) == "r20 r21 r22 r23 r24 r25 r26 f0"
    assert second.items[-1].space == 20.0
    assert second.depth == 400.0


def test_a_float_waits_for_its_mention() -> None:
    rows = [LINE] * 40
    figure = Float(40.0, 6, 20.0, 20.0, reference=12)  # it would fit on the first page, a right one
    assert float_pages(paginate(rows, FRAME, [figure], first_folio=1)) == (1,)
    assert float_pages(paginate(rows, FRAME, [figure], first_folio=2)) == (0,)  # the spread of its mention
    assert float_pages(paginate(rows, FRAME, [Float(40.0, 6, 20.0, 20.0, reference=30)])) == (0,)  # too far away


def test_a_float_does_not_pass_a_section_for_a_small_hole() -> None:
    rows = [*[LINE] * 6, HEADING, *[LINE] * 14]
    first, second = paginate(rows, FRAME, [Float(120.0, 6, 20.0, 20.0)])[:2]
    assert items_of(first) == "r0 r1 r2 r3 r4 r5"
    assert items_of(second).startswith("f0 r6 ")


def test_a_float_with_notes_does_not_pass_a_call() -> None:
    rows = [*[LINE] * 7, Row(20.0, notes=(1,)), *[LINE] * 10]
    pages = paginate(rows, FRAME, [Float(120.0, 6, 20.0, 20.0, notes=(2,))])
    assert [part.note for page in pages for part in page.notes] == [0, 1]
    assert float_pages(pages)[0] <= row_pages(pages)[7]


def test_floats_in_a_row_fill_pages_of_their_own() -> None:
    pages = paginate([LINE] * 6, FRAME, [Float(200.0, 3, 20.0, 20.0)] * 5)
    assert float_pages(pages) == (1, 2, 3, 4, 5) or float_pages(pages) == (0, 1, 2, 3, 4)
    assert sum(page.depth > 200.0 for page in pages) == 0


def test_a_float_higher_than_the_page_has_a_page() -> None:
    pages = paginate([LINE] * 4, FRAME, [Float(300.0, 2, 20.0, 20.0)])
    assert [items_of(page) for page in pages if page.depth > 200.0] == ["f0"]


def test_floats_alone_make_pages() -> None:
    pages = paginate([], FRAME, [Float(150.0, 0, 20.0, 20.0)] * 2)
    assert [items_of(page) for page in pages] == ["f0", "f1"]


def test_floats_out_of_order_are_a_bug() -> None:
    with pytest.raises(ValueError, match="order"):
        paginate([LINE] * 4, FRAME, [Float(20.0, 3), Float(20.0, 1)])


# Properties

NOTES = st.lists(
    st.integers(1, 40) | st.builds(NoteLines, st.integers(1, 30), st.just((3, 4)), st.just((2, 5, 6))), max_size=2
).map(tuple)
ROWS = st.lists(
    st.builds(
        Row,
        height=st.sampled_from([20.0, 20.0, 20.0, 40.0, 120.0]),
        space=st.sampled_from([0.0, 0.0, 20.0]),
        notes=NOTES | st.just(()) | st.just(()),
        keep=st.sampled_from([False, False, False, True]),
        cost=st.sampled_from([0.0, 0.0, 0.0, 120.0]),
        heading=st.sampled_from([0, 0, 0, 0, 0, 1, 2]),
    ),
    max_size=60,
)


@st.composite
def briefs(draw: st.DrawFn) -> tuple[list[Row], list[Float]]:
    rows = draw(ROWS)
    places = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=6)))
    floats = [
        Float(
            height=draw(st.sampled_from([40.0, 80.0, 120.0, 180.0, 200.0])),
            row=place,
            space=20.0,
            after=20.0,
            notes=draw(st.just(()) | st.just(()) | st.just((3,)) | st.just((9, 2))),
            reference=draw(st.none() | st.integers(0, len(rows))),
            foot=draw(st.booleans()),
        )
        for place in places
    ]
    return rows, floats


def source_notes(rows: list[Row], floats: list[Float]) -> list[tuple[str, int, int]]:
    """Every note in the order of the source: where it is called, and its lines."""
    notes = []
    for number in range(len(rows) + 1):
        here: list[tuple[str, int, Row | Float]] = []
        here += [("float", index, piece) for index, piece in enumerate(floats) if piece.row == number]
        here += [("row", number, row) for row in rows[number : number + 1]]
        notes += [(kind, index, lines_of(note)) for kind, index, piece in here for note in piece.notes]
    return notes


@settings(max_examples=150, deadline=None)
@given(briefs(), st.integers(1, 2))
def test_every_row_float_and_note_line_is_set_once_and_in_order(
    brief: tuple[list[Row], list[Float]], first_folio: int
) -> None:
    rows, floats = brief
    pages = paginate(rows, FRAME, floats, first_folio)
    items = [item for page in pages for item in page.items]
    assert [item.index for item in items if item.kind == "row"] == list(range(len(rows)))
    assert [item.index for item in items if item.kind == "float"] == list(range(len(floats)))
    assert [row for page in pages for row in range(page.start, page.end)] == list(range(len(rows)))
    set_lines = [
        (part.note, line) for page in pages for part in page.notes for line in range(part.start, part.end)
    ]
    notes = source_notes(rows, floats)
    assert set_lines == [(note, line) for note, (*_, count) in enumerate(notes) for line in range(count)]
    assert pages == paginate(rows, FRAME, floats, first_folio)


@settings(max_examples=150, deadline=None)
@given(briefs())
def test_a_note_starts_on_the_page_of_its_call(brief: tuple[list[Row], list[Float]]) -> None:
    rows, floats = brief
    notes = source_notes(rows, floats)
    for page in paginate(rows, FRAME, floats):
        called = {(item.kind, item.index) for item in page.items}
        for part in page.notes:
            assert part.start > 0 or notes[part.note][:2] in called
        for part in page.notes[:-1]:
            assert part.end == notes[part.note][2]
        assert all(part.start == 0 for part in page.notes[1:])


@settings(max_examples=150, deadline=None)
@given(briefs())
def test_no_page_is_fuller_than_it_is_high_where_that_is_possible(brief: tuple[list[Row], list[Float]]) -> None:
    """Only one row or float may stick out with its notes; notes have two lines on each of two pages otherwise."""
    rows, floats = brief
    notes = source_notes(rows, floats)
    for page in paginate(rows, FRAME, floats):
        assert page.depth <= FRAME.height + 0.01 or len(page.items) == 1
        for part in page.notes:
            whole = part.end == notes[part.note][2]
            assert whole or part.end - part.start >= MIN_NOTE_LINES or len(page.items) <= 1


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_rows_that_fit_on_a_page_together_are_not_parted(rows: list[Row]) -> None:
    bound = [row.keep or row.heading > 0 for row in rows]
    ends = [0, *(n + 1 for n in range(len(rows)) if not bound[n] or n + 1 == len(rows))]
    parted = {page.end for page in paginate(rows, FRAME)} - set(ends)
    for start, end in pairwise(ends):
        lines = sum(lines_of(note) for row in rows[start:end] for note in row.notes)
        height = sum(row.height + row.space for row in rows[start:end]) + 10.0 * lines + 20.0
        listed = any(rows[n].heading for n in range(max(start - 2, 0), end))  # bound to the next row as well
        assert height > FRAME.height or listed or not parted & set(range(start + 1, end))


@settings(max_examples=150, deadline=None)
@given(briefs())
def test_items_stand_below_each_other_on_the_grid(brief: tuple[list[Row], list[Float]]) -> None:
    rows, floats = brief
    for page in paginate(rows, FRAME, floats):
        depth = 0.0
        for item in page.items:
            assert item.space >= 0.0
            assert item.top == depth + item.space
            assert item.top % FRAME.pitch == 0.0
            depth = item.top + (rows if item.kind == "row" else floats)[item.index].height
        lines = sum(part.end - part.start for part in page.notes)
        assert page.depth == depth + (20.0 + 10.0 * lines if lines else 0.0)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 60),
    st.integers(0, 60),
    st.integers(1, 7),
    st.none() | st.integers(0, 70),
    st.integers(1, 2),
    st.booleans(),
)
def test_one_float_stays_near_its_place_and_its_mention(
    count: int, place: int, lines: int, reference: int | None, first_folio: int, foot: bool
) -> None:
    rows, place = [LINE] * count, min(place, count)
    figure = Float(20.0 * lines, place, 20.0, 20.0, reference=reference, foot=foot)
    pages = paginate(rows, FRAME, [figure], first_folio)
    on, (set_on,) = row_pages(pages), float_pages(pages)
    waits = reference is not None and place <= reference < min(place + 10, count)
    due = on[reference] if waits and reference is not None else on[max(place - 1, 0)]
    assert set_on - due <= 1
    if waits and set_on < due:
        assert due - set_on == 1
        assert (first_folio + set_on) % 2 == 0
    above = pages[on[max(place - 1, 0)]]
    if place and set_on > on[place - 1] and above.end > place and not waits:
        depth = 20.0 * (place - above.start)
        assert depth + 20.0 + figure.height > FRAME.height


@settings(max_examples=100, deadline=None)
@given(briefs())
def test_a_float_in_place_of_a_row_with_half_lines_above_is_on_the_grid(
    brief: tuple[list[Row], list[Float]],
) -> None:
    half = [Row(row.height, row.space + 10.0, 10.0, row.notes, row.keep) for row in brief[0]]
    for page in paginate(half, FRAME, brief[1]):
        assert all(item.top % FRAME.pitch == 0.0 for item in page.items if item.kind == "float")


# The work


def long_brief(count: int, notes: float, figures: float) -> tuple[list[Row], list[Float]]:
    chance, rows, floats = random.Random(count), list[Row](), list[Float]()
    while len(rows) < count:
        if chance.random() < figures:
            floats.append(
                Float(18.0 * chance.randint(6, 25), len(rows), 18.0, 18.0, reference=max(len(rows) - 2, 0))
            )
        for row in paragraph(chance.randint(1, 12), 18.0):
            called = (chance.randint(1, 6),) if chance.random() < notes else ()
            rows.append(Row(18.0, keep=row.keep, notes=called))
    return rows, floats


@pytest.mark.parametrize(("notes", "figures"), [(0.06, 0.0), (0.06, 0.05), (0.5, 0.0), (0.3, 0.3)])
def test_the_work_grows_with_the_pages(notes: float, figures: float) -> None:
    tried, pages = [], []
    for count in (1500, 6000):
        rows, floats = long_brief(count, notes, figures)
        search = Search(Material(rows, floats, TALL), first_folio=2)
        pages.append(len(search.steps()))
        tried.append(search.tried / pages[-1])
    assert pages[1] > 3 * pages[0]
    assert tried[1] < 1.5 * tried[0]
    assert max(tried) < 250


def test_a_brief_with_three_thousand_notes_is_set() -> None:
    rows, floats = long_brief(8000, 0.38, 0.01)
    pages = paginate(rows, TALL, floats)
    assert sum(len(row.notes) for row in rows) > 2900
    assert all(page.depth <= TALL.height + 0.01 for page in pages)
    assert list(accumulate(page.end - page.start for page in pages))[-1] == len(rows)


# Figures that stand in the run of the text


def test_the_text_before_a_figure_that_does_not_fit_stays_before_the_hole() -> None:
    rows = [*[LINE] * 6, Row(120.0), *[LINE] * 5]
    assert pages_of(rows) == [(0, 6), (6, 11), (11, 12)]


def test_a_note_longer_than_a_page_before_another_note_empties_no_page() -> None:
    """Two notes in a paragraph of three lines: its lines part rather than that pages stay empty."""
    frame = Frame(height=38 * 18.0, note_pitch=13.5, note_space=27.0, pitch=18.0)
    line = Row(18.0)
    paragraph = [Row(18.0, keep=True), Row(18.0, notes=(60,), keep=True), Row(18.0, notes=(1,))]
    pages = paginate([*[line] * 10, *paragraph, *[line] * 30], frame)
    assert len(pages) == 3
    assert min(page.depth for page in pages[:-1]) > 0.9 * frame.height

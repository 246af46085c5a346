"""Pagination: every row once, every note whole and on the page of its call, no page fuller than it is high."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.paginate import MIN_NOTE_LINES, Frame, NotePart, Page, Row, paginate

FRAME = Frame(height=200.0, note_pitch=10.0, note_space=20.0, pitch=20.0)
LINE = Row(20.0)


def pages_of(rows: list[Row]) -> list[tuple[int, int]]:
    return [(page.start, page.end) for page in paginate(rows, FRAME)]


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


ROWS = st.lists(
    st.builds(
        Row,
        height=st.sampled_from([20.0, 20.0, 20.0, 40.0, 120.0]),
        space=st.sampled_from([0.0, 0.0, 20.0]),
        notes=st.lists(st.integers(1, 40), max_size=2).map(tuple) | st.just(()) | st.just(()),
        keep=st.sampled_from([False, False, False, True]),
    ),
    max_size=60,
)


@settings(max_examples=300, deadline=None)
@given(ROWS)
def test_every_row_and_every_note_line_is_set_once_and_in_order(rows: list[Row]) -> None:
    pages = paginate(rows, FRAME)
    assert [row for page in pages for row in range(page.start, page.end)] == list(range(len(rows)))
    lengths = [length for row in rows for length in row.notes]
    set_lines = [
        (part.note, line) for page in pages for part in page.notes for line in range(part.start, part.end)
    ]
    assert set_lines == [(note, line) for note, length in enumerate(lengths) for line in range(length)]


@settings(max_examples=300, deadline=None)
@given(ROWS)
def test_a_note_starts_on_the_page_of_its_call(rows: list[Row]) -> None:
    callers = [index for index, row in enumerate(rows) for _ in row.notes]
    for page in paginate(rows, FRAME):
        for part in page.notes:
            if part.start == 0:
                assert page.start <= callers[part.note] < page.end


@settings(max_examples=300, deadline=None)
@given(ROWS)
def test_no_page_is_fuller_than_it_is_high_where_that_is_possible(rows: list[Row]) -> None:
    pages = paginate(rows, FRAME)
    for page in pages:
        assert page.depth <= FRAME.height + 0.01 or _one_block(page, rows)
        for part in page.notes[:-1]:
            assert part.end == [length for row in rows for length in row.notes][part.note]
    if not any(_one_block(page, rows) for page in pages):
        for page in pages[:-1]:
            assert page.end == page.start or not rows[page.end - 1].keep
            for part in page.notes:
                assert part.end - part.start >= min(MIN_NOTE_LINES, part.end)


def _one_block(page: Page, rows: list[Row]) -> bool:
    """Whether a page holds rows that had to stand together, or one row with notes that fill more than a page."""
    return all(row.keep for row in rows[page.start : page.end - 1])


def test_the_text_before_a_figure_that_does_not_fit_stays_before_the_hole() -> None:
    rows = [*[LINE] * 6, Row(120.0), *[LINE] * 5]
    assert pages_of(rows) == [(0, 6), (6, 11), (11, 12)]

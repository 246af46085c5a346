"""Tables: columns as wide as their text needs; the parts of a divided table fill their pages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import fonts
from pipeline.brief import Cell, Table, Text
from pipeline.page_layout import A4
from pipeline.paginate import Frame
from pipeline.printing.boxes import Boxes
from pipeline.printing.long_tables import Extent, cuts, row_groups, table_parts
from pipeline.printing.painting import Painting
from pipeline.printing.tables import columns

AREA = Frame(height=180.0, note_pitch=13.5, note_space=13.5, pitch=18.0)
ROWS = st.lists(st.tuples(st.floats(8.0, 60.0), st.integers(0, 2)), min_size=2, max_size=60)


def cell(words: str, rowspan: int = 1) -> Cell:
    return Cell(False, (Text(words),), rowspan=rowspan)


def table(*rowspans: int) -> Table:
    rows = tuple((cell(f"第{number}列", span),) for number, span in enumerate(rowspans, 1))
    return Table("t", "表1", (Text("題"),), (), ((cell("欄"),),), rows, ())


def height(extent: Extent, begin: int, end: int, above: float) -> float:
    """What a part of groups `begin` to `end` takes of a page with its notes."""
    lines = sum(extent.notes[begin:end])
    foot = extent.foot if end == len(extent.rows) else 0.0
    box = AREA.whole_lines(above + sum(extent.rows[begin:end]) + foot)
    return box + (AREA.note_space + lines * AREA.note_pitch if lines else 0.0)


@given(ROWS, st.floats(0.0, 180.0))
def test_parts_fill_their_pages_and_none_is_too_high(rows: list[tuple[float, int]], first_room: float) -> None:
    heights, notes = tuple(each for each, _ in rows), tuple(lines for _, lines in rows)
    extent = Extent(tuple(range(1, len(rows) + 1)), heights, notes, head=40.0, again=30.0, foot=12.0)
    ends = [*cuts(extent, AREA, first_room), len(rows)]
    parts = list(pairwise([0, *ends]))
    assert all(begin < end for begin, end in parts)
    for number, (begin, end) in enumerate(parts):
        above, room = (extent.again, AREA.height) if number else (extent.head, first_room)
        least = 1 if number else 2
        assert height(extent, begin, end, above) <= room or end - begin <= least
        if end < len(rows) - 2:
            assert height(extent, begin, end + 1, above) > room, "one more row would have fitted"


def test_a_cell_across_rows_is_not_cut() -> None:
    assert row_groups(table(1, 3, 1, 1, 1, 2, 1)) == (1, 4, 5, 7)


@pytest.mark.parametrize("last", [1, 5], ids=["as it is", "a cell that would span rows beyond the end"])
def test_the_last_group_ends_with_the_table(last: int) -> None:
    assert row_groups(table(1, 1, last)) == (1, 2, 3)


def test_every_part_has_the_head_and_only_the_first_the_title() -> None:
    first, second, third = table_parts(table(1, 1, 1, 1), (1, 3), "zh-Hant-TW")
    assert [len(part.body) for part in (first, second, third)] == [1, 2, 1]
    assert first.head == second.head == third.head
    assert (first.label, second.label) == ("表1", "表1（續）")
    assert first.title and not second.title
    assert [part.anchor for part in (first, second, third)] == ["t", "t-2", "t-3"]


def test_short_columns_stay_on_one_line_and_long_ones_share_the_rest(prepared: fonts.Fonts) -> None:
    boxes = Boxes(prepared, A4, Painting())
    texts = ("第十二列", "甲" * 120, "乙" * 240)
    row = tuple(cell(words) for words in texts)
    widths = columns(Table("t", "表1", (), (), (), (row,), ()), boxes, "zh-Hant-TW")
    space = 2 * boxes.tokens.length("cell-space")
    most = [boxes.composer.widths(each.children, boxes.tokens.styles["cell"], "zh-Hant-TW")[1] for each in row]
    assert widths[0] == most[0] + space
    assert sum(widths) == pytest.approx(boxes.tokens.measure)
    assert widths[0] < widths[1] < widths[2]

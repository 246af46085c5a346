"""Long tables: where a table that is higher than a page is divided, so that its parts fill their pages."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.brief import Call, Cell, Table
from pipeline.paginate import Frame
from pipeline.profiles import profile

LEAST = 2
"""Fewest groups of rows in a part."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What the pieces of a table take of a page, in points.

    A group of rows is what no cell that spans rows is cut by: `ends[n]` is the row behind group `n`, `rows[n]` its
    height, `notes[n]` the lines of the notes called in it. `head` is what stands above the first part, `again`
    above another, `foot` below the last.
    """

    ends: tuple[int, ...]
    rows: tuple[float, ...]
    notes: tuple[int, ...]
    head: float
    again: float
    foot: float


def row_groups(table: Table) -> tuple[int, ...]:
    """Behind which rows of its body a table may be divided, the last among them."""
    ends, blocked_until = [], 0
    for row, cells in enumerate(table.body):
        blocked_until = max(blocked_until, *(row + cell.rowspan for cell in cells), row + 1)
        if blocked_until == row + 1:
            ends.append(row + 1)
    return tuple(ends) if ends and ends[-1] == len(table.body) else (*ends, len(table.body))


def table_parts(table: Table, cuts: Sequence[int], lang: str | None = None) -> Iterator[Table]:
    """A table, or the parts into which it is divided at rows `cuts`.

    The head stands in every part, the foot and the source in the last.
    """
    places = [0, *cuts, len(table.body)]
    for number, (start, end) in enumerate(pairwise(places), 1):
        yield _part(table, start, end, number, lang)


def extent(
    table: Table,
    lang: str | None,
    heights: Callable[[Sequence[Table]], Sequence[float]],
    note_lines: Callable[[Table], int],
) -> Extent | None:
    """Measure a table group by group, or None if it has but one.

    `heights` gives those of tables as they are set, in points, `note_lines` the lines of the notes called in one.
    Borders are shared by rows, so a group is measured by what it adds to a part.
    """
    ends = row_groups(table)
    if len(ends) < 2:
        return None
    groups = list(pairwise((0, *ends)))
    first = _part(table, 0, ends[0], 1, lang, last=False)
    alone = [_part(table, start, end, number, lang, last=False) for number, (start, end) in enumerate(groups, 2)]
    pair = _part(table, 0, ends[1], 2, lang, last=False)
    last = _part(table, *groups[-1], 2, lang)
    singles = heights(alone)
    both, beginning, ending = (heights([part])[0] for part in (pair, first, last))  # an id may stand only once
    again = singles[0] + singles[1] - both
    rows = tuple(single - again for single in singles)
    lines = [note_lines(replace(part, head=())) for part in alone]
    lines[0], lines[-1] = note_lines(first), note_lines(replace(last, head=()))
    return Extent(ends, rows, tuple(lines), head=beginning - rows[0], again=again, foot=ending - singles[-1])


def cuts(extent: Extent, area: Frame, first_room: float = 0.0) -> tuple[int, ...]:
    """Behind which rows to divide a table so that each part fills a page.

    The first part has `first_room` points, or more if it needs more for its least rows.
    """
    count, begin, above, room = len(extent.rows), 0, extent.head, first_room
    least = min(LEAST, _fitting(extent, 0, extent.head, area.height, area))
    found: list[int] = []
    while True:
        fitting = _fitting(extent, begin, above, room, area)
        if fitting == count:
            return tuple(found)
        end = min(fitting, count - LEAST) if count - LEAST > begin else fitting
        end = max(end, begin + (least if begin == 0 else 1), begin + 1)
        if end >= count:
            return tuple(found)
        found.append(extent.ends[end - 1])
        begin, above, room = end, extent.again, area.height


def _fitting(extent: Extent, begin: int, above: float, room: float, area: Frame) -> int:
    """Behind which group a part ends that begins with group `begin` and has `room` points."""
    height, lines = above, 0
    for group in range(begin, len(extent.rows)):
        height += extent.rows[group]
        lines += extent.notes[group]
        notes = area.note_space + lines * area.note_pitch if lines else 0.0
        foot = extent.foot if group + 1 == len(extent.rows) else 0.0
        if area.whole_lines(height + foot) + notes > room:
            return group
    return len(extent.rows)


def _part(table: Table, start: int, end: int, number: int, lang: str | None, *, last: bool | None = None) -> Table:
    """Part `number` (from 1) of a table, rows `start` to `end` of its body; `last` where nothing follows."""
    first = number == 1
    last = end == len(table.body) if last is None else last
    return replace(
        table,
        anchor=table.anchor if first else f"{table.anchor}-{number}",
        label=table.label if first else profile(lang).words["continued"].format(label=table.label),
        title=table.title if first else (),
        caption=table.caption if first else (),
        head=table.head if first else _without_calls(table.head),
        body=table.body[start:end],
        foot=table.foot if last else (),
        attribution=table.attribution if last else (),
    )


def _without_calls(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """Cells without the note calls that stand directly in them: a call has one place."""
    return tuple(
        tuple(replace(cell, children=tuple(n for n in cell.children if not isinstance(n, Call))) for cell in row)
        for row in rows
    )

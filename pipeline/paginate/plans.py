"""Plans: how the floats of a page may be placed, before it is known where the page ends."""

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.paginate.material import Material, State
from pipeline.paginate.page import Float

PENDING = 2
"""Most floats that may wait for the next page."""


class Plan(NamedTuple):
    """The floats of a page. It ends at row `low` or beyond, at `most` for the sake of the floats that follow.

    The floats before number `top` stand at the top, before `placed` in place, before `floats` below the text.
    The depth is `low_depth` at row `low`, and beyond it `base` and the height of all rows before the end
    (`Material.fall`), with a float below the text what that adds. The lines of notes are `lines` and those of all
    rows before the end (`Material.row_lines`). `fits` tells whether the next float would fit in place.
    """

    top: int
    placed: int
    floats: int
    low: int
    low_depth: float
    base: float
    lines: int
    most: int
    fits: bool = False


def plans(material: Material, state: State) -> Iterator[Plan]:
    """Every way to place floats on a page that begins at `state`: none; some at the top, in place; one below."""
    floats = material.floats
    top, depth = state.float_, 0.0
    plan = _plan(material, state, top, top, state.row, depth)
    yield plan
    while top < len(floats) and floats[top].row <= state.row:
        if floats[top].foot and floats[top].row < state.row:
            yield from _below(material, state, plan)
            return
        depth = _bottom(material, floats[top], depth, top - 1 if top > state.float_ else None)
        if depth > material.full:
            return
        top += 1
        plan = _plan(material, state, top, top, state.row, depth)
        yield plan
    while (bottom := _bottom_in_place(material, plan)) is not None:
        plan = _plan(material, state, top, plan.placed + 1, floats[plan.placed].row, bottom)
        yield plan


def depth_at(material: Material, plan: Plan, end: int) -> float:
    """The height of the rows and floats of a page that ends at row `end`, in points."""
    if end == plan.low:
        return plan.low_depth
    depth = plan.base + material.fall[end]
    if plan.floats > plan.placed:
        return _bottom(material, material.floats[plan.placed], depth, None)
    return depth


def _plan(material: Material, state: State, top: int, placed: int, low: int, depth: float) -> Plan:
    """The plan that places the floats before `placed`, the last of them ending at `depth`, above row `low`."""
    base = depth
    if low < len(material.rows):
        row = material.rows[low]
        lead = row.top if placed == state.float_ else depth + max(material.floats[placed - 1].after, row.space)
        base = lead - row.space - material.fall[low]
    lines = state.carried - material.row_lines[state.row]
    if placed > state.float_:
        lines += material.float_lines[placed] - material.float_lines[state.float_]
    following = material.floats[placed].row if placed < len(material.floats) else len(material.rows)
    if (following > low and base + material.fall[following] > material.full) or placed == len(material.floats):
        return Plan(top, placed, placed, low, depth, base, lines, following)
    plan = Plan(top, placed, placed, low, depth, base, lines, _most(material, placed))
    if following < state.row:
        return plan
    return _staying(material, plan)


def _most(material: Material, placed: int) -> int:
    """How far the text may flow past the floats from number `placed` on."""
    most = min((each.call for each in material.limits[placed : placed + PENDING]), default=len(material.rows))
    if placed + PENDING < len(material.floats):
        most = min(most, material.floats[placed + PENDING].row)
    return most


def _staying(material: Material, plan: Plan) -> Plan:
    """A plan that does not let the text flow past the next float if that fits in place and need not wait."""
    bottom = _bottom_in_place(material, plan)
    if bottom is None:
        return plan
    piece, limits = material.floats[plan.placed], material.limits[plan.placed]
    lines = plan.lines + material.row_lines[piece.row] + _note_lines(material, plan.placed)
    if bottom + material.notes_depth(lines) > material.full:
        return plan
    most = piece.row if limits.mention is None else limits.mention
    return plan._replace(most=min(plan.most, most), fits=True)


def _note_lines(material: Material, number: int) -> int:
    """The lines of the notes that are called in a float."""
    return material.float_lines[number + 1] - material.float_lines[number]


def _below(material: Material, state: State, plan: Plan) -> Iterator[Plan]:
    """The plan with the next float below the text, which may flow past it."""
    piece = material.floats[plan.placed]
    above = plan.placed - 1 if plan.placed > state.float_ else None
    depth = _bottom(material, piece, plan.low_depth, above)
    if depth <= material.full:
        most = _most(material, plan.placed + 1)
        lines = plan.lines + _note_lines(material, plan.placed)
        yield plan._replace(floats=plan.placed + 1, low_depth=depth, lines=lines, most=most)


def _bottom_in_place(material: Material, plan: Plan) -> float | None:
    """Where the float after those of a plan ends in place, None if that is below the page or there is none."""
    if plan.placed == len(material.floats):
        return None
    piece = material.floats[plan.placed]
    if piece.row == plan.low:
        bottom = _bottom(material, piece, plan.low_depth, plan.placed - 1 if plan.low_depth else None)
    else:
        bottom = _bottom(material, piece, plan.base + material.fall[piece.row], None)
    return bottom if bottom <= material.full else None


def _bottom(material: Material, piece: Float, depth: float, above: int | None) -> float:
    """Where a float ends whose space begins at `depth`, below the float `above`, text, or nothing (0)."""
    if not depth:
        return piece.height
    space = piece.space if above is None else max(material.floats[above].after, piece.space)
    return material.on_grid(depth + space) + piece.height

"""Setting: a page that has been chosen, with every row and float at its height."""

from collections.abc import Iterator, Sequence
from typing import Literal

from pipeline.paginate.material import notes_depth, on_grid
from pipeline.paginate.page import Float, Frame, Page, Placed, Row
from pipeline.paginate.search import Step


def set_page(step: Step, rows: Sequence[Row], floats: Sequence[Float], frame: Frame) -> Page:
    """The page of a step of the search."""
    items: list[Placed] = []
    depth, after = 0.0, 0.0
    for kind, index in _order(step, floats):
        piece: Row | Float
        if kind == "row":
            piece = rows[index]
            space = max(after, piece.space) if items else piece.top
        else:
            piece = floats[index]
            space = on_grid(depth + max(after, piece.space), frame) - depth if depth else 0.0
        items.append(Placed(kind, index, space, depth + space))
        depth += space + piece.height
        after = piece.after if isinstance(piece, Float) else 0.0
    lines = sum(part.end - part.start for part in step.notes)
    return Page(step.start, step.end, step.notes, depth + notes_depth(lines, frame), tuple(items))


def _order(step: Step, floats: Sequence[Float]) -> Iterator[tuple[Literal["row", "float"], int]]:
    """Rows and floats from top to bottom: floats at the top, in place, and below the text."""
    first, at_top, in_place, below = step.floats
    for index in range(first, at_top):
        yield "float", index
    following = at_top
    for row in range(step.start, step.end + 1):
        while following < in_place and floats[following].row == row:
            yield "float", following
            following += 1
        if row < step.end:
            yield "row", row
    for index in range(in_place, below):
        yield "float", index

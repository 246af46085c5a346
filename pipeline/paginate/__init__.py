"""Paginate: rows, floats and notes to pages.

A page is a number of whole rows and floats above a number of whole note lines, all on one grid; nothing is
feathered. A note starts on the page of its call and may go on at the foot of the next. A figure or table that does
not fit at its place goes to the top of the next page while the text flows on. All breaks of a brief are chosen
together, so that the sum of what is ugly about its pages is least:

rows, floats ▶ Material        with the sums that tell the height of any stretch of them (`material.py`)
Material ─search▶ [Step]       where pages end (`search.py`) and floats stand (`plans.py`)
[Step] ─set_page▶ [Page]       every row and float with the space above it (`setting.py`)

What is ugly, and how much, is in `costs.py`.
"""

from collections.abc import Sequence
from itertools import pairwise

from pipeline.paginate.choices import MIN_NOTE_LINES
from pipeline.paginate.material import Material
from pipeline.paginate.page import Float, Frame, NoteLines, NotePart, Page, Placed, Row
from pipeline.paginate.search import Search
from pipeline.paginate.setting import set_page

__all__ = [
    "MIN_NOTE_LINES",
    "Float",
    "Frame",
    "NoteLines",
    "NotePart",
    "Page",
    "Placed",
    "Row",
    "float_pages",
    "paginate",
    "row_pages",
]


def paginate(
    rows: Sequence[Row], frame: Frame, floats: Sequence[Float] = (), first_folio: int = 1
) -> tuple[Page, ...]:
    """The pages of one brief; the same for the same input.

    `floats` are in the order of the source and keep it. `first_folio` is the number of the first page: an even
    page and the odd one after it face each other. Notes are numbered from 0 in the order of the source, a float
    before the row at which it stands.

    Never fails and loses nothing: a row or float higher than the page gets a page of its own, and rows that should
    stand together but are higher than a page are divided. Raises `ValueError` if the floats are out of order.
    """
    if any(one.row > other.row for one, other in pairwise(floats)):
        raise ValueError("floats have to be in the order of the source")
    search = Search(Material(rows, floats, frame), first_folio)
    return tuple(set_page(step, rows, floats, frame) for step in search.steps())


def row_pages(pages: Sequence[Page]) -> tuple[int, ...]:
    """The page of each row, counted from 0."""
    return tuple(number for number, page in enumerate(pages) for _ in range(page.start, page.end))


def float_pages(pages: Sequence[Page]) -> tuple[int, ...]:
    """The page of each float, counted from 0."""
    return tuple(number for number, page in enumerate(pages) for item in page.items if item.kind == "float")

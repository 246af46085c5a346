"""Tables: rows, merged cells and the widths of columns (ECMA-376 part 1, 17.4)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from pipeline.brief import Break, Cell, Inline, Table, plain
from pipeline.exporting.runs import Runs
from pipeline.exporting.wordml import Element, paragraph, w
from pipeline.languages import HAN
from pipeline.printing.tables import placed_rows

_WIDEST, _NARROWEST = 16.0, 3.0
"""Of a column, in characters: a longer cell has several lines."""

_ALIGNED = ("left", "center", "right")
Rows = tuple[tuple[Cell, ...], ...]


def table(runs: Runs, content: Table, measure: float) -> Element:
    """`w:tbl` in the width of `measure` (points); the rows of the head repeat on each page."""
    parts = {"head": content.head, "body": content.body, "foot": content.foot}
    columns = _columns(parts.values(), round(measure * 20))
    grid = w("tblGrid", *(w("gridCol", w=width) for width in columns))
    made = w("tbl", _properties(sum(columns), head=bool(content.head)), grid)
    for name, rows in parts.items():
        made.extend(_rows(runs, rows, name, columns))
    return made


def _properties(width: int, *, head: bool) -> Element:
    """17.4.59 and 17.4.55."""
    shown = {"firstRow": int(head), "lastRow": 0, "firstColumn": 0, "lastColumn": 0, "noHBand": 1, "noVBand": 1}
    return w(
        "tblPr",
        w("tblStyle", val="BriefTable"),
        w("tblW", w=width, type="dxa"),
        w("tblLayout", type="fixed"),
        w("tblLook", val="0620" if head else "0600", **shown),
    )


def _columns(parts: Iterable[Rows], width: int) -> list[int]:
    """The widths of the columns in twentieths of a point, by the longest cell of each."""
    needs: dict[int, float] = {}
    for rows in parts:
        for column, cell in (each for row in placed_rows(rows) for each in row):
            for at in range(column, column + cell.colspan):
                needs.setdefault(at, _NARROWEST)
            if cell.colspan == 1:
                longest = max((_length(plain(tuple(line))) for line in _lines(cell.children)), default=0.0)
                needs[column] = min(max(needs[column], longest + 2), _WIDEST)
    shares = [needs[column] for column in sorted(needs)] or [1.0]
    ends = [round(width * sum(shares[: each + 1]) / sum(shares)) for each in range(len(shares))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _length(text: str) -> float:
    """How long a text is, in characters of Han."""
    return sum(1.0 if HAN.match(each) or ord(each) > 0x2FFF else 0.6 for each in text)


def _rows(runs: Runs, rows: Rows, part: str, columns: list[int]) -> Iterator[Element]:
    """The rows of a part; a cell that reaches down goes on as an empty one in the rows below (17.4.84)."""
    reaching: dict[int, tuple[int, Cell]] = {}
    for placed in placed_rows(rows):
        row = w("tr", w("trPr", w("cantSplit"), *([w("tblHeader")] if part == "head" else [])))
        cells, column = dict(placed), 0
        while column < len(columns):
            left, above = reaching.get(column, (0, _NO_CELL))
            cell = above if left else cells.get(column, _NO_CELL)
            merge = "continue" if left else "restart" if cell.rowspan > 1 else None
            reaching[column] = (left - 1 if left else cell.rowspan - 1, cell)
            row.append(_cell(runs, cell, part, sum(columns[column : column + cell.colspan]), merge))
            column += cell.colspan
        yield row


_NO_CELL = Cell(heading=False, children=())


def _cell(runs: Runs, cell: Cell, part: str, width: int, merge: str | None) -> Element:
    properties = w("tcPr", w("tcW", w=width, type="dxa"))
    if cell.colspan > 1:
        properties.append(w("gridSpan", val=cell.colspan))
    if merge:
        properties.append(w("vMerge", val=merge))
    style = "TableHeading" if cell.heading else "TableFoot" if part == "foot" else "TableText"
    made = w("tc", properties)
    for line in [[]] if merge == "continue" else _lines(cell.children):
        align = {"jc": w("jc", val=cell.align)} if cell.align in _ALIGNED else {}
        made.append(paragraph(style, *runs.of(line), **align))
    return made


def _lines(children: Sequence[Inline]) -> list[list[Inline]]:
    """The paragraphs of a cell; an empty cell has one too."""
    groups = groupby(children, lambda node: isinstance(node, Break))
    return [list(nodes) for is_break, nodes in groups if not is_break] or [[]]

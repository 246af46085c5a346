"""Tables: the widths of columns, from what their cells need (CSS 2.1, 17.5.2.2)."""

from typing import TYPE_CHECKING

from pipeline.brief import Cell, Table

if TYPE_CHECKING:
    from pipeline.printing.boxes import Boxes


def columns(table: Table, boxes: "Boxes", lang: str | None) -> list[float]:
    """The widths of the columns of a table in points, together the width of the type area."""
    needs = _needs(table, boxes, lang)
    least, most = [need[0] for need in needs], [need[1] for need in needs]
    room = boxes.tokens.measure
    if sum(most) <= room:
        spare = (room - sum(most)) / sum(most)
        return [width * (1 + spare) for width in most]
    if sum(least) >= room:
        return _narrowed(least, room)
    short = _short(needs, room)
    room -= sum(most[each] for each in short)
    long = [each for each in range(len(needs)) if each not in short]
    low, high = sum(least[each] for each in long), sum(most[each] for each in long)
    share = (room - low) / (high - low)
    return [most[n] if n in short else least[n] + (most[n] - least[n]) * share for n in range(len(needs))]


def _short(needs: list[tuple[float, float]], room: float) -> set[int]:
    """Columns whose text stays on one line: those that so take less than their equal part of the width.

    The others, which need more than there is, keep room for their longest words.
    """
    short: set[int] = set()
    for column in sorted(range(len(needs)), key=lambda each: needs[each][1]):
        others = [each for each in range(len(needs)) if each not in short and each != column]
        most = needs[column][1]
        if most > room / (len(others) + 1) or most + sum(needs[each][0] for each in others) > room:
            break
        short.add(column)
        room -= most
    return short


def _narrowed(least: list[float], room: float) -> list[float]:
    """Columns that need more than there is: the narrow ones keep their width, the wide ones share the rest."""
    widths: dict[int, float] = {}
    waiting = sorted(range(len(least)), key=lambda column: least[column])
    for done, column in enumerate(waiting):
        widths[column] = min(least[column], (room - sum(widths.values())) / (len(least) - done))
    return [widths[column] for column in range(len(least))]


def placed_rows(rows: tuple[tuple[Cell, ...], ...]) -> list[list[tuple[int, Cell]]]:
    """The cells of rows with the columns they begin in, those blocked by cells from above left out."""
    blocked: dict[int, int] = {}
    placed = []
    for row in rows:
        column, cells = 0, []
        for cell in row:
            while blocked.get(column, 0):
                column += 1
            cells.append((column, cell))
            for each in range(column, column + cell.colspan):
                blocked[each] = cell.rowspan
            column += cell.colspan
        placed.append(cells)
        blocked = {column: count - 1 for column, count in blocked.items() if count > 1}
    return placed


def _needs(table: Table, boxes: "Boxes", lang: str | None) -> list[tuple[float, float]]:
    """The least and the most width of each column with the space about the text, in points."""
    space = 2 * boxes.tokens.length("cell-space")
    least: dict[int, float] = {}
    most: dict[int, float] = {}
    wide: list[tuple[int, int, float, float]] = []
    for rows in (table.head, table.body, table.foot):
        for cells in placed_rows(rows):
            for column, cell in cells:
                setting = boxes.tokens.styles["cell-head" if cell.heading else "cell"]
                low, high = (width + space for width in boxes.composer.widths(cell.children, setting, lang))
                if cell.colspan > 1:
                    wide.append((column, cell.colspan, low, high))
                else:
                    least[column] = max(least.get(column, space), low)
                    most[column] = max(most.get(column, space), high)
    count = max([*least, *(column + span - 1 for column, span, _, _ in wide)], default=-1) + 1
    needs = [(least.get(each, space), most.get(each, space)) for each in range(count)]
    for column, span, low, high in wide:
        for index, need in ((0, low), (1, high)):
            missing = need - sum(each[index] for each in needs[column : column + span])
            if missing > 0:
                for each in range(column, column + span):
                    grown = list(needs[each])
                    grown[index] += missing / span
                    needs[each] = (grown[0], max(grown))
    return needs

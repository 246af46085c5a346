"""The tables of a web page: header rows, which few pages mark as such."""

from lxml import etree

from pipeline.importing.gate.package import Element, whole


def mark_headers(table: Element) -> None:
    """Put the first rows of a table, where all are `th`, into a `thead` with the rows that their cells reach.

    pandoc takes one row for the header and cuts off what reaches further down.
    """
    groups = [each for each in table if each.tag in ("thead", "tbody")]
    if any(each.tag == "thead" for each in groups):
        return
    holder = groups[0] if groups else table
    rows = [each for each in holder if each.tag == "tr"]
    count = _header_rows(rows)
    if not 1 < count < len(rows):
        return
    head: Element = etree.Element("thead")
    before = holder if groups else rows[0]
    before.addprevious(head)
    head.extend(rows[:count])


def _header_rows(rows: list[Element]) -> int:
    """How many rows the header has: those of `th` alone, and what their cells reach down to."""
    count = reach = 0
    for at, row in enumerate(rows):
        cells = [each for each in row if each.tag in ("th", "td")]
        if at >= reach and not (cells and at == count and all(each.tag == "th" for each in cells)):
            break
        count = at + 1
        reach = max([reach, *(at + whole(each.get("rowspan"), 1) for each in cells)])
    return count

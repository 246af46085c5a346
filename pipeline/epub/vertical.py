"""Vertical: a page of the book for vertical setting (clreq 2.3, JLREQ 2.3): what CSS alone can't do.

Numbers of one or two digits stand upright in one em (縱中橫): no engine but one knows `digits 2`, so each has its
element. The dash of box drawings lies along the line. Tables that fit a page stand upright on it, longer ones
follow the text from page to page.
"""

import re

from lxml import etree

from pipeline.epub.faces import XHTML

_LATIN = "0-9A-Za-z.,:;/%+=°–-"
_SPECIAL = re.compile(
    f"(?<![{_LATIN}])(?<![{_LATIN}] )(?P<upright>[0-9]{{1,2}})(?![{_LATIN}])(?! [A-Za-z])|(?P<sideways>─+)"
)
_EAST_ASIAN = ("zh", "ja", "ko")
_AS_IT_IS = {"call", "link", "backlink", "mark"}

_WIDTH, _MOST_LINES, _MOST_COLUMNS = 32, 22, 9
"""What a table may have to stand upright on the page of a small reader: its width is in characters."""


def vertical_page(page: str) -> str:
    """An XHTML file with the elements that vertical setting needs; its text stays the same."""
    root = etree.fromstring(page.encode())
    body = root.find(f"{XHTML}body")
    assert body is not None
    _set(body, upright=True)
    for table in body.iter(f"{XHTML}table"):
        if _fits(table):
            table.set("class", "upright-table")
    for node in body.iter(f"{XHTML}*"):
        if not len(node) and not node.text and node.tag not in (f"{XHTML}br", f"{XHTML}img"):
            node.text = ""  # an end tag, for readers that take the file for HTML
    doctype = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>'
    return etree.tostring(root, encoding="unicode", doctype=doctype)


def _set(element: etree._Element, *, upright: bool) -> None:
    """Give numbers and dashes their elements, in text whose language is written downwards."""
    lang = element.get("lang")
    upright = upright if lang is None else lang.startswith(_EAST_ASIAN)
    upright = upright and _AS_IT_IS.isdisjoint((element.get("class") or "").split())
    children = list(element)
    if upright and element.text:
        element.text, made = _divided(element.text)
        for place, node in enumerate(made):
            element.insert(place, node)
    for child in children:
        _set(child, upright=upright)
        if upright and child.tail:
            child.tail, made = _divided(child.tail)
            for place, node in enumerate(made, element.index(child) + 1):
                element.insert(place, node)


def _divided(text: str) -> tuple[str, list[etree._Element]]:
    """The text before the first number or dash, and an element for each with the text behind it."""
    found = list(_SPECIAL.finditer(text))
    if not found:
        return text, []
    ends = [match.start() for match in found[1:]] + [len(text)]
    return text[: found[0].start()], [_element(match, end) for match, end in zip(found, ends, strict=True)]


def _element(match: re.Match[str], end: int) -> etree._Element:
    made = etree.Element(f"{XHTML}span", {"class": str(match.lastgroup)})
    made.text, made.tail = match[0], match.string[match.end() : end]
    return made


def _fits(table: etree._Element) -> bool:
    """Whether a table has few enough lines, by guess: columns of one width, in which nothing is hyphenated."""
    rows = [[len("".join(cell.itertext()).strip()) for cell in row] for row in table.iter(f"{XHTML}tr")]
    columns = max(map(len, rows), default=1) or 1
    lines = sum(max((-(-length * columns // _WIDTH) for length in row), default=0) for row in rows)
    return lines <= _MOST_LINES and columns <= _MOST_COLUMNS

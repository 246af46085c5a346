"""Outline and page labels of an edition."""

from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from pipeline.finishing.edition import Edition
from pipeline.finishing.master import Bookmark, Master


def set_outline(document: Pdf, edition: Edition, master: Master) -> None:
    """The bookmarks (ISO 32000-1, 12.3.3): the first page, and of those painted the ones that lead into it."""
    pages = {number - 1: page.obj for number, page in zip(edition.pages, document.pages, strict=True)}
    first = Bookmark(edition.front, edition.pages[0] - 1, (Name.Fit,), ())
    root = document.make_indirect(Dictionary(Type=Name.Outlines))
    _fill(document, root, [first, *_inside(master.bookmarks, pages)], pages)
    document.Root.Outlines = root


def _inside(bookmarks: Sequence[Bookmark], pages: dict[int, Any]) -> Iterator[Bookmark]:
    """The bookmarks that lead to some pages; the children of one that doesn't, in its place."""
    for each in bookmarks:
        children = tuple(_inside(each.children, pages))
        if each.page in pages:
            yield Bookmark(each.title, each.page, each.place, children)
        else:
            yield from children


def _fill(document: Pdf, parent: Any, bookmarks: Sequence[Bookmark], pages: dict[int, Any]) -> int:
    """Hang bookmarks under an item; how many can be seen with all open."""
    items = [
        document.make_indirect(Dictionary(Title=pikepdf.String(each.title), Parent=parent)) for each in bookmarks
    ]
    seen = 0
    for index, (item, each) in enumerate(zip(items, bookmarks, strict=True)):
        item.Dest = Array([pages[each.page], *each.place])
        if index:
            item.Prev = items[index - 1]
        if index + 1 < len(items):
            item.Next = items[index + 1]
        seen += 1 + _fill(document, item, each.children, pages)
    if items:
        parent.First, parent.Last, parent.Count = items[0], items[-1], seen
    return seen


def set_labels(document: Pdf, edition: Edition) -> None:
    """The page labels (ISO 32000-1, 12.4.2): the numbers that are printed, and a word for a front page."""
    labels: list[Any] = []
    first = 0
    if edition.label:
        labels += [0, Dictionary(P=pikepdf.String(edition.label))]
        first = 1
    labels += [first, Dictionary(S=Name.D, St=edition.pages[first])]
    document.Root.PageLabels = Dictionary(Nums=Array(labels))

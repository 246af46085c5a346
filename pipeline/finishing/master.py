"""The master: the painted pages, and what each of them uses."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf

ObjGen = tuple[int, int]

_NAME = re.compile(rb"/([^\s/<>\[\](){}%]+)")
_SHOWN = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+[-+.\d]+\s+Tf\b|<([0-9A-Fa-f]+)>")
_LITERAL = re.compile(rb"\)\s*(?:\]\s*TJ|Tj|'|\")|\(\S*\)\s*[-\d.<]")
"""Text that is shown as a literal string, whose glyphs are not counted."""


@dataclass(frozen=True, slots=True)
class PageUse:
    """What a page uses: the names of its resources, and the glyphs of each font by the font's name.

    `annotations` are the keys of its annotations in the parent tree, by object; `key` is that of the page.
    """

    objgen: ObjGen
    key: int | None
    names: frozenset[str]
    glyphs: Mapping[str, frozenset[int]]
    literal: bool


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An item of the outline: its title and the page (index) and place it leads to."""

    title: str
    page: int
    place: tuple[Any, ...]
    children: tuple["Bookmark", ...]


@dataclass(frozen=True)
class Master:
    """The painted PDF and what was found in it; objects are named by number and generation, as in every copy.

    `masks` has for each element of the structure tree the pages of its content, as bits; `places` the page
    (index) of each named destination.
    """

    data: bytes
    pages: tuple[PageUse, ...]
    masks: Mapping[ObjGen, int]
    places: Mapping[str, int]
    bookmarks: tuple[Bookmark, ...]


def survey(painted: bytes) -> Master:
    """Look at a painted PDF once."""
    with pikepdf.open(io.BytesIO(painted)) as document:
        pages = [page.obj for page in document.pages]
        numbers = {page.objgen: index for index, page in enumerate(pages)}
        names = _named_places(document)
        return Master(
            painted,
            tuple(map(_page_use, pages)),
            _masks(document, pages),
            {name: numbers[target[0].objgen] for name, target in names.items()},
            tuple(_bookmarks(_of(document.Root, "/Outlines").get("/First"), names, numbers)),
        )


def _of(dictionary: Any, key: str) -> Any:
    """A dictionary inside another, empty where there is none."""
    return dictionary.get(key, pikepdf.Dictionary())


def _named_places(document: pikepdf.Pdf) -> dict[str, Any]:
    tree = _of(document.Root, "/Names").get("/Dests")
    return {str(name): target for name, target in pikepdf.NameTree(tree).items()} if tree is not None else {}


def _page_use(page: Any) -> PageUse:
    names, glyphs, literal = set[str](), dict[str, set[int]](), False
    for content in _contents(page, _of(page, "/Resources"), set()):
        names |= {name.decode("latin-1") for name in _NAME.findall(content)}
        literal = literal or _LITERAL.search(content) is not None
        used: set[int] = set()
        for font, shown in _SHOWN.findall(content):
            if font:
                used = glyphs.setdefault(font.decode("latin-1"), set())
            else:
                used.update(int(shown[at : at + 4], 16) for at in range(0, len(shown), 4))
    key = page.get("/StructParents")
    frozen = {font: frozenset(numbers) for font, numbers in glyphs.items()}
    return PageUse(page.objgen, None if key is None else int(key), frozenset(names), frozen, literal)


def _contents(drawn: Any, resources: Any, seen: set[ObjGen]) -> Iterator[bytes]:
    """The decoded contents of a page and of the forms and patterns that it draws."""
    streams = drawn if isinstance(drawn, pikepdf.Stream) else drawn.Contents
    parts: Iterable[Any] = streams if isinstance(streams, pikepdf.Array) else [streams]
    content = b"\n".join(part.read_bytes() for part in parts)
    yield content
    names = {name.decode("latin-1") for name in _NAME.findall(content)}
    for kind in ("/XObject", "/Pattern"):
        for name, inner in _of(resources, kind).items():
            is_drawn = isinstance(inner, pikepdf.Stream) and inner.get("/Subtype") != pikepdf.Name.Image
            if is_drawn and name[1:] in names and inner.objgen not in seen:
                seen.add(inner.objgen)
                yield from _contents(inner, inner.get("/Resources", resources), seen)


def _masks(document: pikepdf.Pdf, pages: list[Any]) -> dict[ObjGen, int]:
    """The pages of each element of the structure tree, found upwards from the parent tree."""
    masks: dict[ObjGen, int] = {}
    tree = _of(document.Root, "/StructTreeRoot").get("/ParentTree")
    if tree is None:
        return masks
    parents: dict[int, Any] = dict(pikepdf.NumberTree(tree).items())
    for index, page in enumerate(pages):
        keys = [int(each.get("/StructParent", -1)) for each in page.get("/Annots", ())]
        elements: list[Any] = [*parents.get(int(page.get("/StructParents", -1)), ()), *map(parents.get, keys)]
        for element in elements:
            above = element
            while isinstance(above, pikepdf.Dictionary) and not masks.get(above.objgen, 0) >> index & 1:
                masks[above.objgen] = masks.get(above.objgen, 0) | 1 << index
                above = above.get("/P")
    return masks


def _bookmarks(item: Any, names: Mapping[str, Any], numbers: Mapping[ObjGen, int]) -> Iterator[Bookmark]:
    """The items of an outline from `item` on."""
    while item is not None:
        target = item.get("/Dest", _of(item, "/A").get("/D"))
        if isinstance(target, pikepdf.String | str):
            target = names[str(target)]
        children = tuple(_bookmarks(item.get("/First"), names, numbers))
        yield Bookmark(str(item.Title), numbers[target[0].objgen], tuple(target)[1:], children)
        item = item.get("/Next")

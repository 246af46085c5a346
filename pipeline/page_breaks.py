"""Page breaks: where each page of the printed issue begins, in the values that the other editions are made from.

SetIssue ─with_page_breaks▶ Issue     a `PageBreak` at the character with which each page begins

A page begins with its first line of text. A figure or table that the paginator moved away from its place stays at
its place in the text, so a page never begins with one, unless the text, too, goes on there. Notes are at the end
of a brief in these editions and carry no breaks.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.brief import (
    Block,
    Break,
    Brief,
    Call,
    Cell,
    Figure,
    Inline,
    Issue,
    Item,
    Link,
    List,
    PageBreak,
    Paragraph,
    Quotation,
    Reference,
    Ruby,
    Section,
    Style,
    Table,
    Text,
    inline_nodes,
)
from pipeline.compose import Line
from pipeline.compose.spans import spans
from pipeline.printing import FIRST_FOLIO, SetBrief, SetIssue
from pipeline.printing.boxes import labelled
from pipeline.printing.sheets import Fragment

COVER_PAGE = 1

_BLANKS = " \u00a0\u3000\n"
"""What the composer drops where a line begins or ends."""

_BOX = re.compile('<(?:figure|div)[^>]* id="([^"]+)"')
_BODY = re.compile("<tbody.*?</tbody>", re.DOTALL)
_ROW = re.compile("<tr[ >]")


@dataclass(frozen=True, slots=True)
class PageList:
    """The printed pages of an issue by the part of it that they show; empty where none are known.

    `contents` are the pages of the contents; `briefs` those of each brief by its key.
    """

    cover: int | None = None
    contents: tuple[int, ...] = ()
    briefs: tuple[tuple[str, tuple[int, ...]], ...] = ()
    colophon: int | None = None

    def __bool__(self) -> bool:
        return self.cover is not None


def with_page_breaks(pages: SetIssue) -> Issue:
    """The issue with a `PageBreak` where each page of its briefs begins.

    It stands at the exact character, but before a ruby, a note call or a reference that the page divides. The
    first page of a brief stands before its title, a page that begins with a heading, figure or table before the
    title of that, one that begins with a row of a table in the first cell of the row. Without these nodes the
    issue is as it was. Raises `ValueError` if the lines are not those of the issue, which is a bug.
    """
    return replace(pages.issue, briefs=tuple(_Placing(part).brief() for part in pages.briefs))


def page_list(issue: Issue) -> PageList:
    """The pages of an issue made by `with_page_breaks`: the cover is the first, the colophon the last."""
    briefs = tuple(
        (brief.key, tuple(sorted(node.page for node in inline_nodes(brief) if isinstance(node, PageBreak))))
        for brief in issue.briefs
    )
    known = [page for _, numbers in briefs for page in numbers]
    if not known:
        return PageList()
    return PageList(COVER_PAGE, tuple(range(FIRST_FOLIO, min(known))), briefs, max(known) + 1)


def contents_pages(pages: SetIssue) -> dict[str, int]:
    """The pages of the contents after its first, by the key of the brief whose entry begins the page."""
    found: dict[str, int] = {}
    entry = -1  # the heading is a box of its own before the entries
    for page, sheet in enumerate(pages.contents, FIRST_FOLIO):
        if page > FIRST_FOLIO:
            found[pages.issue.briefs[max(entry, 0)].key] = page
        entry += len(sheet.fragments)
    return found


class _Placing:
    """Goes through a brief in the order in which its lines were made, beside the lines on its sheets."""

    def __init__(self, part: SetBrief) -> None:
        self._brief, self._page, self._last = part.brief, part.pages.start, part.pages[-1]
        placed = [
            (page, fragment)
            for page, sheet in zip(part.pages, part.sheets, strict=True)
            for fragment in sheet.fragments
        ]
        self._boxes = {name: _Box(page, fragment) for page, fragment in placed if (name := _name(fragment))}
        self._lines = [(page, fragment) for page, fragment in placed if fragment.look is not None]
        self._done = 0

    def brief(self) -> Brief:
        title = (PageBreak(self._page), *self._brief.title)
        blocks = self._blocks(self._brief.blocks)
        if left := self._up_to(self._last):  # pages with nothing but figures after the last line
            blocks = (*blocks, Paragraph(left))
        return replace(self._brief, title=title, blocks=blocks)

    def _up_to(self, page: int) -> tuple[PageBreak, ...]:
        """The breaks that are due where something of `page` stands; a page of figures alone brings its own."""
        due = tuple(map(PageBreak, range(self._page + 1, page + 1)))
        self._page = max(self._page, page)
        return due

    def _blocks(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        return tuple(map(self._block, blocks))

    def _block(self, block: Block) -> Block:
        match block:
            case Paragraph():
                return replace(block, children=self._text(block.children))
            case Section():
                title = self._text(block.title, labelled(block))
                return replace(block, title=title, blocks=self._blocks(block.blocks))
            case Quotation():
                inside = self._blocks(block.blocks)
                return replace(block, blocks=inside, attribution=self._text(block.attribution))
            case List():
                return replace(block, items=tuple(Item(self._blocks(item.blocks)) for item in block.items))
            case Figure():
                return replace(block, title=(*self._box(block.anchor), *block.title))
            case Table():
                title = (*self._box(block.anchor), *block.title)
                return replace(block, title=title, body=self._rows(block))

    def _text(self, children: tuple[Inline, ...], printed: tuple[Inline, ...] | None = None) -> tuple[Inline, ...]:
        """Inline content with the breaks in it; `printed` has the label before it that the lines have."""
        text = "".join(span.text for span in spans(printed or children, None))
        label = len(text) - len("".join(span.text for span in spans(children, None)))
        places: list[tuple[int, PageBreak]] = []
        position = 0
        for page, fragment in self._fragments() if text else ():
            assert fragment.composed is not None
            for number, line in enumerate(fragment.composed.lines):
                start = _start(text, position, line)
                position = start + len(_typed(line))
                if number == 0:
                    places += [(max(start - label, 0), each) for each in self._up_to(page)]
        return tuple(_Inserting(places).into(children)) if places else children

    def _fragments(self) -> Iterator[tuple[int, Fragment]]:
        """The fragments of the next paragraph with their pages."""
        look = self._lines[self._done][1].look
        while self._done < len(self._lines) and self._lines[self._done][1].look is look:
            yield self._lines[self._done]
            self._done += 1

    def _box(self, anchor: str) -> tuple[PageBreak, ...]:
        """The breaks before a figure or table: none where the text before its page still goes on after it."""
        page = self._boxes[anchor].page
        following = self._lines[self._done][0] if self._done < len(self._lines) else page
        return self._up_to(page) if page <= following else ()

    def _rows(self, table: Table) -> tuple[tuple[Cell, ...], ...]:
        """The body of a table with the breaks before the rows that begin a page."""
        body = list(table.body)
        part, row = 2, self._boxes[table.anchor].rows
        while (box := self._boxes.get(f"{table.anchor}-{part}")) is not None and row < len(body):
            if due := self._up_to(box.page):
                first, *others = body[row]
                body[row] = (replace(first, children=(*due, *first.children)), *others)
            part, row = part + 1, row + box.rows
        return tuple(body)


class _Box:
    """A figure, table or part of a table on its page."""

    def __init__(self, page: int, fragment: Fragment) -> None:
        self.page = page
        body = _BODY.search(fragment.html)
        self.rows = len(_ROW.findall(body[0])) if body else 0


def _name(fragment: Fragment) -> str:
    """The anchor of a figure or table, or nothing."""
    found = _BOX.match(fragment.html) if fragment.look is None else None
    return found[1] if found else ""


def _typed(line: Line) -> str:
    """The text of a line without the hyphen that the composer added."""
    text = "".join(span.text for span in line.spans)
    return text[:-1] if line.fitted.hyphen else text


def _start(text: str, position: int, line: Line) -> int:
    """Where a line begins in the text of its paragraph, blanks dropped before it passed over."""
    typed = _typed(line)
    while not text.startswith(typed, position):
        if text[position] not in _BLANKS:
            raise ValueError(f"the line {typed!r} is not at {position} in {text!r}")
        position += 1
    return position


class _Inserting:
    """Puts breaks into inline content; `places` are (offset in the text of its spans, break), in order."""

    def __init__(self, places: Sequence[tuple[int, PageBreak]]) -> None:
        self._places, self._offset = list(places), 0

    def into(self, children: Iterable[Inline]) -> Iterator[Inline]:
        """All of the content with its breaks; those behind its end come last."""
        yield from self._nodes(children)
        yield from (each for _, each in self._places)

    def _nodes(self, children: Iterable[Inline]) -> Iterator[Inline]:
        for node in children:
            yield from self._due(self._offset)
            match node:
                case Text():
                    yield from self._text(node)
                case Style() | Link():
                    yield replace(node, children=tuple(self._nodes(node.children)))
                case _:
                    self._offset += _length(node)
                    yield from self._due(self._offset - 1)
                    yield node

    def _text(self, node: Text) -> Iterator[Inline]:
        start, done = self._offset, 0
        self._offset += len(node.content)
        while self._places and self._places[0][0] < self._offset:
            cut = self._places[0][0] - start
            yield replace(node, content=node.content[done:cut])
            yield from self._due(start + cut)
            done = cut
        yield replace(node, content=node.content[done:]) if done else node

    def _due(self, offset: int) -> Iterator[PageBreak]:
        while self._places and self._places[0][0] <= offset:
            yield self._places.pop(0)[1]


def _length(node: Inline) -> int:
    """How many characters a node that is never divided has in the text of its paragraph."""
    match node:
        case Ruby():
            return len(node.base)
        case Call():
            return len(node.note.label)
        case Reference():
            return len(node.words) + len(node.locator)
        case Break():
            return 1
        case _:
            return 0

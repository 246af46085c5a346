"""The blocks of a DOCX: its paragraphs, put where pandoc has read their numbers, and its lists.

Lists are put together here, from the level of each paragraph: pandoc reads none in notes, and takes a paragraph
that goes back to an outer level for the rest of the inner item.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.importing.document import Block, Inline, List, Note, NoteCall, Paragraph, Table
from pipeline.importing.reading import pandoc
from pipeline.importing.reading.structure import Around, Node, blocks
from pipeline.importing.reading.word import Item, Read


def put_together(read: Read) -> tuple[tuple[Block, ...], dict[str, Note]]:
    """The blocks of the text, and its notes in the order of their calls. Raises `PandocError`."""
    tree = pandoc.read(read.copy, "docx")
    writer = _Numbered(read.paragraphs)
    made = blocks(tree["blocks"], writer)
    missing = read.paragraphs.keys() - writer.seen
    if missing:
        raise pandoc.PandocError(f"pandoc left out paragraph {min(missing)}")
    notes = {
        key: replace(writer.notes[key], blocks=_grouped(writer.notes[key].blocks, read.items))
        for key in _calls(read.paragraphs)
    }
    return _grouped(made, read.items), notes


class _Numbered:
    """Puts the paragraphs in the place of their numbers."""

    def __init__(self, paragraphs: Mapping[int, Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.notes: dict[str, Note] = {}
        self.last = 0
        self.seen: set[int] = set()

    def paragraph(self, inlines: Sequence[Node], around: Around) -> Iterable[Block]:  # noqa: ARG002
        numbers = [int(node["c"]) for node in inlines if node["t"] == "Str"]
        found = [self.paragraphs[number] for number in numbers if number in self.paragraphs]
        calls = [each.note for each in (found[0].inlines if found else ()) if isinstance(each, NoteCall)]
        notes = [node["c"] for node in inlines if node["t"] == "Note"]
        self.seen.update(numbers)
        self.last = max(self.last, *numbers, 0)
        for key, inside in zip(calls, notes, strict=False):
            if key not in self.notes:
                self.notes[key] = Note(blocks(inside, self), key.startswith("endnote"))
        return found

    def caption(self, inlines: Sequence[Node]) -> tuple[Inline, ...]:  # noqa: ARG002
        return ()

    def start(self) -> int:
        return self.last + 1


def _calls(paragraphs: Mapping[int, Paragraph]) -> list[str]:
    """The notes in the order of their calls."""
    calls = (e.note for n in sorted(paragraphs) for e in paragraphs[n].inlines if isinstance(e, NoteCall))
    return list(dict.fromkeys(calls))


def _grouped(content: Iterable[Block], items: Mapping[int, Item]) -> tuple[Block, ...]:
    """Blocks with the items that follow one another in lists, in tables too."""
    made: list[Block] = []
    row: list[Paragraph] = []
    for block in content:
        if isinstance(block, Paragraph) and block.number in items:
            row.append(block)
            continue
        made += _lists(row, items)
        row = []
        made.append(_table(block, items) if isinstance(block, Table) else block)
    return (*made, *_lists(row, items))


def _lists(row: Sequence[Paragraph], items: Mapping[int, Item]) -> list[Block]:
    """Items in a row as lists; those of a deeper level belong to the one before them."""
    made: list[Block] = []
    last: Item | None = None
    place = 0
    while place < len(row):
        item, after = items[row[place].number], place + 1
        while after < len(row) and items[row[after].number].level > item.level:
            after += 1
        content = (row[place], *_lists(row[place + 1 : after], items))
        if made and isinstance(made[-1], List) and item == last:
            made[-1] = List(item.style, (*made[-1].items, content))
        else:
            made.append(List(item.style, (content,)))
        last, place = item, after
    return made


def _table(table: Table, items: Mapping[int, Item]) -> Table:
    """A table with its lists, under the number of its first paragraph."""
    rows = tuple(tuple(replace(cell, blocks=_grouped(cell.blocks, items)) for cell in row) for row in table.rows)
    inside = [number for row in table.rows for cell in row for number in _numbers(cell.blocks)]
    return replace(table, rows=rows, number=min(inside, default=table.number))


def _numbers(content: Iterable[Block]) -> Iterable[int]:
    for block in content:
        if isinstance(block, Paragraph):
            yield block.number
        elif isinstance(block, Table):
            yield from (number for row in block.rows for cell in row for number in _numbers(cell.blocks))

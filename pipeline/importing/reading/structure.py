"""The tree that pandoc reads, as the blocks of a `Document`.

Paragraphs are made by a `Writer`, because what stands in them comes from elsewhere for each format.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pipeline.importing.document import Block, Cell, Inline, List, Paragraph, Table

Node = dict[str, Any]

_ALIGNMENTS = {"AlignLeft": "left", "AlignRight": "right", "AlignCenter": "center"}
_LISTS = {
    "Decimal": "order", "DefaultStyle": "order", "Example": "order", "LowerAlpha": "alpha-lower",
    "UpperAlpha": "alpha-upper", "LowerRoman": "roman-lower", "UpperRoman": "roman-upper",
}  # fmt: skip
DEEPEST = 100
"""How deep blocks may stand in one another."""


class TooDeepError(Exception):
    """Blocks are nested deeper than anyone writes."""


@dataclass(frozen=True)
class Around:
    """What stands around a paragraph: the level of the heading it is, quotations, and the attributes of `Div`s."""

    outline: int | None = None
    quoted: bool = False
    attributes: tuple[tuple[str, str], ...] = ()
    code: bool = False
    name: str = ""
    """The identifier of the block."""


class Writer(Protocol):
    """Makes paragraphs of what pandoc read."""

    def paragraph(self, inlines: Sequence[Node], around: Around) -> Iterable[Block]:
        """The paragraphs for one of pandoc's; none where nothing stands in it."""

    def caption(self, inlines: Sequence[Node]) -> tuple[Inline, ...]:
        """The caption of a table."""

    def start(self) -> int:
        """The number of the next paragraph."""


def blocks(nodes: Iterable[Node], writer: Writer, around: Around = Around(), depth: int = 0) -> tuple[Block, ...]:
    """The blocks of a tree. Raises `TooDeepError`."""
    if depth > DEEPEST:
        raise TooDeepError
    made: list[Block] = []
    for node in nodes:
        read = _BLOCKS.get(node["t"])
        if read is not None:
            made.extend(read(node.get("c"), writer, around, depth + 1))
    return tuple(made)


def _paragraph(content: Any, writer: Writer, around: Around, _: int) -> Iterable[Block]:
    return writer.paragraph(content, around)


def _heading(content: Any, writer: Writer, around: Around, _: int) -> Iterable[Block]:
    level, (name, _classes, attributes), inlines = content
    return writer.paragraph(inlines, Around(level, around.quoted, _more(around, attributes), name=name))


def _lines(content: Any, writer: Writer, around: Around, _: int) -> Iterable[Block]:
    joined: list[Node] = []
    for line in content:
        joined += [{"t": "LineBreak"}, *line] if joined else line
    return writer.paragraph(joined, around)


def _code(content: Any, writer: Writer, around: Around, _: int) -> Iterable[Block]:
    text: list[Node] = []
    for line in content[1].split("\n"):
        text += [{"t": "LineBreak"}] if text else []
        text.append({"t": "Str", "c": line})
    return writer.paragraph(text, Around(None, around.quoted, around.attributes, code=True))


def _quotation(content: Any, writer: Writer, around: Around, depth: int) -> Iterable[Block]:
    return blocks(content, writer, Around(around.outline, True, around.attributes), depth)


def _division(content: Any, writer: Writer, around: Around, depth: int) -> Iterable[Block]:
    (name, _classes, attributes), inner = content
    return blocks(
        inner, writer, Around(around.outline, around.quoted, _more(around, attributes), name=name), depth
    )


def _more(around: Around, attributes: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return (*around.attributes, *((name, value) for name, value in attributes))


def _bullets(content: Any, writer: Writer, around: Around, depth: int) -> Iterable[Block]:
    return _listed("bullet", content, writer, around, depth)


def _numbers(content: Any, writer: Writer, around: Around, depth: int) -> Iterable[Block]:
    (_start, style, _marks), items = content
    return _listed(_LISTS.get(style["t"], "order"), items, writer, around, depth)


def _listed(style: str, content: Any, writer: Writer, around: Around, depth: int) -> Iterable[Block]:
    items = tuple(filter(None, (blocks(item, writer, around, depth) for item in content)))
    return [List(style, items)] if items else []


def _definitions(content: Any, writer: Writer, around: Around, depth: int) -> Iterable[Block]:
    for term, definitions in content:
        yield from writer.paragraph(term, around)
        for definition in definitions:
            yield from blocks(definition, writer, around, depth)


def _figure(content: Any, writer: Writer, around: Around, depth: int) -> Iterable[Block]:
    _attributes, (_short, caption), inner = content
    yield from blocks(inner, writer, around, depth)
    yield from blocks(caption, writer, around, depth)


def _table(content: Any, writer: Writer, _: Around, depth: int) -> Iterable[Block]:
    _attributes, (_short, long), columns, (_head, head), bodies, (_foot, foot) = content
    first = writer.start()
    caption: list[Node] = []
    for block in long:
        caption += [{"t": "LineBreak"}] if caption else []
        caption += block["c"] if block["t"] in ("Plain", "Para") else []
    written = writer.caption(caption) if caption else ()
    alignments = [_ALIGNMENTS.get(column[0]["t"], "") for column in columns]
    rows = [_row(row, True, alignments, writer, depth) for row in head]
    for _body, headings, upper, lower in bodies:
        rows += [_row(row, True, alignments, writer, depth) for row in upper]
        rows += [_row(row, False, alignments, writer, depth, headings) for row in lower]
    rows += [_row(row, False, alignments, writer, depth) for row in foot]
    yield Table(tuple(rows), first, written)


def _row(
    row: Any, header: bool, alignments: Sequence[str], writer: Writer, depth: int, headings: int = 0
) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for place, (_attributes, alignment, height, width, inner) in enumerate(row[1]):
        said = _ALIGNMENTS.get(alignment["t"]) or (alignments[place] if place < len(alignments) else "")
        inside = blocks(inner, writer, Around(), depth)
        first = next((block for block in inside if isinstance(block, Paragraph)), None)
        said = said or (first.alignment if first else "")
        cells.append(Cell(inside, width, height, header or place < headings, said))
    return tuple(cells)


_BLOCKS: dict[str, Callable[[Any, Writer, Around, int], Iterable[Block]]] = {
    "Plain": _paragraph,
    "Para": _paragraph,
    "Header": _heading,
    "LineBlock": _lines,
    "CodeBlock": _code,
    "BlockQuote": _quotation,
    "Div": _division,
    "BulletList": _bullets,
    "OrderedList": _numbers,
    "DefinitionList": _definitions,
    "Figure": _figure,
    "Table": _table,
}
"""All blocks but rules and raw code, which hold no text of the author."""

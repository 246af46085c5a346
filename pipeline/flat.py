"""The text of a paragraph in one string, each character of which knows its place in the source.

What an author wrote as one sentence lies in the tree as texts and tails of many elements. Readers of text
(of citations, of typed references) get one string; what they find there is a place in the file again, or
the bytes to change.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.diagnostics import Place
from pipeline.parse import HREF, Source

Element = etree._Element

REFERENCE = "\ufffc"
"""What stands for an `xref`: one character (OBJECT REPLACEMENT CHARACTER) that no manuscript types."""

_NOTE = "fn"
"""What stands in a paragraph and is no part of its sentence."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a flat text: `text[start:end]` is the `which` ("text" or "tail") of `node`.

    For an `xref` the stretch is the one character `REFERENCE` and `which` is "reference".
    """

    start: int
    end: int
    node: Element
    which: str


@dataclass(frozen=True, slots=True)
class Link:
    """`text[start:end]` is the text of a link to `href`."""

    start: int
    end: int
    href: str
    node: Element


@dataclass(frozen=True, slots=True)
class Flat:
    """The text of one element, usually a paragraph of a note, without the notes inside it.

    `pieces` are in order and leave no gap; `links` are the addresses in it, `italics` the stretches (start,
    end) in italics, `calls` the notes called in it, each with the index of the character it stands before.
    """

    element: Element
    text: str
    pieces: tuple[Piece, ...]
    links: tuple[Link, ...]
    italics: tuple[tuple[int, int], ...] = ()
    calls: tuple[tuple[int, Element], ...] = ()

    def piece(self, index: int) -> Piece:
        """The piece that holds a character."""
        return self.pieces[max(bisect_right(self.pieces, index, key=lambda piece: piece.start) - 1, 0)]

    def place(self, source: Source, start: int, end: int) -> Place:
        """Where characters `start` to `end` (exclusive, at least one) stand in the file."""
        first, last = self._place_of(source, start), self._place_of(source, end - 1)
        return Place(first.file, first.line, first.column, last.end_line, last.end_column)

    def bytes(self, source: Source, start: int, end: int) -> tuple[int, int]:
        """The offsets in `source.data` of characters `start` to `end` (exclusive, at least one).

        Markup between them lies inside; tags right before the first and after the last lie outside.
        """
        return self._bytes_of(source, start)[0], self._bytes_of(source, end - 1)[1]

    def _place_of(self, source: Source, index: int) -> Place:
        piece = self.piece(index)
        if piece.which == "reference":
            return source.place(piece.node)
        return source.text_place(piece.node, piece.which, index - piece.start, index - piece.start + 1)

    def _bytes_of(self, source: Source, index: int) -> tuple[int, int]:
        piece = self.piece(index)
        if piece.which == "reference":
            return source.tag_bytes(piece.node)
        return source.text_bytes(piece.node, piece.which, index - piece.start, index - piece.start + 1)


def flat(element: Element) -> Flat:
    """Flatten an element. Blanks are kept as they are; comments and instructions are left out."""
    reading = _Reading([], [], [], [])
    text = "".join(reading.read(element))
    pieces, links, italics, calls = reading.pieces, reading.links, reading.italics, reading.calls
    return Flat(element, text, tuple(pieces), tuple(links), tuple(italics), tuple(calls))


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is found while an element is read."""

    pieces: list[Piece]
    links: list[Link]
    italics: list[tuple[int, int]]
    calls: list[tuple[int, Element]]

    def read(self, element: Element) -> Iterator[str]:
        yield from self.stretch(element, "text", element.text)
        for child in element:
            start = self.end()
            if child.tag == "xref":
                yield from self.stretch(child, "reference", REFERENCE)
            elif child.tag == _NOTE:
                self.calls.append((start, child))
            elif isinstance(child.tag, str):
                yield from self.read(child)
                if child.tag == "ext-link":
                    self.links.append(Link(start, self.end(), child.get(HREF, ""), child))
                elif child.tag == "italic":
                    self.italics.append((start, self.end()))
            yield from self.stretch(child, "tail", child.tail)

    def stretch(self, node: Element, which: str, text: str | None) -> Iterator[str]:
        if text:
            self.pieces.append(Piece(self.end(), self.end() + len(text), node, which))
            yield text

    def end(self) -> int:
        return self.pieces[-1].end if self.pieces else 0

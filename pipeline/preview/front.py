"""Front: the words of the front matter that a page prints outside title and abstract, and those of `issue.xml`.

Categories, authors, units, keywords and the DOI stand there one beside the other, with marks and words that the
program writes; so each is looked for in a line by itself.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from pipeline.diagnostics import Place
from pipeline.parse import Source

_BLANK = re.compile(r"\s")
_NAMES = frozenset({"name", "string-name"})
_SHORTEST = 2
"""Letters in the shortest words that are looked for; a single one may be any."""
_ENOUGH = 0.5
"""The part of a line that such words must be."""


class Front:
    """The letters of `part` of a source in their order, without those in `known`, stretches by node and side."""

    def __init__(self, source: Source, part: Any | None, known: Iterable[tuple[Any, str]] = ()) -> None:
        self._source = source
        self._letters: list[tuple[Any, str, int]] = []
        self._words: list[tuple[int, str]] = []
        besides, before, word = set(known), None, ""
        for node, which, text in source.stretches() if part is not None else ():
            around = node if which == "text" else node.getparent()
            if (
                (node, which) in besides
                or around is None
                or not any(each is part for each in around.iterancestors())
            ):
                continue
            owner = next((each for each in around.iterancestors() if each.tag in _NAMES), around)
            if owner is not before:
                self._end(word)
                before, word = owner, ""
            offsets = [offset for offset, character in enumerate(text) if not _BLANK.match(character)]
            self._letters += [(node, which, offset) for offset in offsets]
            letters = "".join(text[offset] for offset in offsets)
            word += letters
            if owner is not around:
                self._end(letters)  # a Western name is printed in the other order
        self._end(word)
        self._words.sort(key=lambda each: -len(each[1]))

    def __len__(self) -> int:
        return len(self._letters)

    def in_line(self, text: str) -> Mapping[int, int]:
        """The letter of each character of a line without blanks that is mostly of such words; else none."""
        found: dict[int, int] = {}
        for start, word in self._words:
            at = text.find(word)
            while at >= 0 and any(place in found for place in range(at, at + len(word))):
                at = text.find(word, at + 1)
            if at >= 0:
                found |= {at + n: start + n for n in range(len(word))}
        return dict(sorted(found.items())) if len(found) >= max(_ENOUGH * len(text), 1) else {}

    def place(self, letter: int) -> Place:
        """Where a letter stands in the file."""
        return self._places[letter]

    def letters_at(self, begin: tuple[int, int], beyond: tuple[int, int]) -> tuple[int, int] | None:
        """The letters between two points of the file, which are line and column."""
        within = [
            number for number, place in enumerate(self._places) if begin <= (place.line, place.column) < beyond
        ]
        return (within[0], within[-1] + 1) if within else None

    @cached_property
    def _places(self) -> list[Place]:
        return [self._source.text_place(node, which, offset, offset + 1) for node, which, offset in self._letters]

    def _end(self, word: str) -> None:
        if len(word) >= _SHORTEST:
            self._words.append((len(self._letters) - len(word), word))

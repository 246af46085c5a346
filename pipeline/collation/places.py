"""Where a difference stands: in the source that the author wrote, else in the archived copy."""

from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path

from pipeline.collation.article import source_text
from pipeline.collation.text import Passage, Witness
from pipeline.diagnostics import Place
from pipeline.number import number
from pipeline.parse import Source


class Places:
    """The places of one brief. `source` is None where only the editions are at hand."""

    def __init__(self, name: str, base: Witness | None, source: Source | None) -> None:
        self.name, self.base, self.source = name, base, source

    def __call__(self, passage: Passage | None, start: int, end: int) -> Place:
        """The place of characters `start` to `end` of a passage of the base text, or of the source."""
        if self.source is None:
            line = (passage.node.sourceline if passage is not None and passage.node is not None else None) or 1
            return Place(Path(f"jats/{self.name}.xml"), line, 1, line, 1)
        if passage is None or passage.node is None:
            return self.source.place(self.source.root)
        own, start = self._in_source(passage, start)
        if own is None:
            return self.source.place(self.source.root)
        found = own.origin(start)
        if found is None or not own.text:
            return self.source.place(own.node) if own.node is not None else self.source.place(self.source.root)
        node, which, index = found
        length = len((node.text if which == "text" else node.tail) or "")
        return self.source.text_place(node, which, index, min(index + max(end - start, 1), length))

    def _in_source(self, passage: Passage, start: int) -> tuple[Passage | None, int]:
        """The same passage in the source, and the same character of it."""
        if passage in self._of_source:
            return passage, start
        if passage.node is not None and passage.node.getroottree().getroot() is self.source_root:
            own = next((each for each in self._of_source if each.node is passage.node), None)
            return (own, _carried(passage.text, own.text, start)) if own is not None else (passage, start)
        if self.base is None:
            return None, 0
        pairs = zip(_every(self.base), self._of_source, strict=False)
        own = next((source for base, source in pairs if base is passage or base.node is passage.node), None)
        return own, _carried(passage.text, own.text, start) if own is not None else 0

    @cached_property
    def source_root(self) -> object:
        """The root of the source."""
        return self.source.root if self.source is not None else None

    @cached_property
    def _of_source(self) -> list[Passage]:
        assert self.source is not None
        return _every(source_text(self.source.root, self.name, number(self.source.root)))


def _every(witness: Witness) -> list[Passage]:
    passages = [passage for part in witness.parts.values() for passage in part]
    return passages + [passage for note in witness.notes for passage in note.passages]


def _carried(text: str, other: str, index: int) -> int:
    """The place in another wording of a text of a place in the one."""
    if text == other:
        return index
    best = 0
    for i, j, length in SequenceMatcher(None, text, other, autojunk=False).get_matching_blocks():
        if i <= index:
            best = j + min(index - i, length)
    return min(best, max(len(other) - 1, 0))

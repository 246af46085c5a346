"""Fidelity: the text of a manuscript and of the brief that was made from it, character by character.

The manuscript is read once more by a path of its own (`originals`); whatever is not the same is a difference,
unless it is one of these:

- Blanks beside a Han character, a kana or a full-width mark or at the ends of paragraphs; how many stand together.
- Words that the recogniser dropped because the program writes them (壹、, 圖1, the figure of a typed note).
- A typed 同註 in the place of which there is a link, if the link leads to the note that was typed.
- The order of what stands at the top (題名, 作者, 單位 …) and of a caption and its picture, and the marks between
  the names of authors.
- Where paragraphs begin and end, if not a character is lost by it.

Notes are compared one by one, and each must be called between the same two characters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.diagnostics import Diagnostic, in_order
from pipeline.importing.fidelity.briefs import NOT_TEXT, is_passage, passages_of, read_brief
from pipeline.importing.fidelity.collation import Collation
from pipeline.importing.fidelity.folding import Fold, fold
from pipeline.importing.fidelity.stretches import alike, anchors, opcodes
from pipeline.importing.fidelity.texts import Numbers, read_manuscript
from pipeline.importing.originals import Original
from pipeline.parse import Source

__all__ = [
    "NOT_TEXT",
    "Collated",
    "Dropped",
    "Fold",
    "Numbers",
    "alike",
    "anchors",
    "compare",
    "fold",
    "is_passage",
    "opcodes",
    "passages_of",
]


class Dropped(Protocol):
    """Text that the recogniser left out or put in on purpose; `number` is that of the paragraph."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Collated:
    """What the collation says: the differences, and how much was compared."""

    differences: tuple[Diagnostic, ...]
    characters: int
    notes: int


def compare(
    original: Original,
    brief: Source,
    *,
    file: Path,
    dropped: Sequence[Dropped] = (),
    added: Sequence[Dropped] = (),
    beside: Collection[str] = (),
    numbers: Numbers | None = None,
    labels: Mapping[str, str] | None = None,
    read: Sequence[Dropped] = (),
) -> Collated:
    """Compare a manuscript with the brief made from it.

    `dropped` is what the recogniser left out on purpose, `added` what it put in; `beside` are texts that a brief
    may have from elsewhere (properties of the file, what an editor added at the top), `numbers` those of the
    paragraphs; `labels` are the numbers that the notes had in the brief before, by their ids, and `read` the
    typed references as they were read, with the numbers of today where a program has them in fields.
    """
    numbers = numbers or Numbers.counted(original)
    fold = Fold(original.kind == "markdown")
    base = read_manuscript(original, numbers, fold)
    other = read_brief(brief, fold)

    def counted(texts: Sequence[Dropped]) -> Counter[tuple[int, str]]:
        return Counter((each.number, fold(each.text)) for each in texts)

    left_out = counted(dropped)
    put_in = frozenset(map(fold, (*beside, *(each.text for each in added))))
    collation = Collation(file, fold, base, other, left_out, put_in, labels or {}, counted(read))
    found = in_order(collation.run())
    count = sum(len(each.text) for each in (*base.passages, *(p for note in base.notes for p in note.passages)))
    return Collated(found, count, len(base.notes) + len(collation.typed))

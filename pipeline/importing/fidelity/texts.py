"""Texts: a manuscript and a brief as passages and notes that can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from lxml import etree

from pipeline.importing.fidelity.folding import BLANKS, UNSEEN, Fold
from pipeline.importing.originals import CALL, SYMBOL, Original, Passage
from pipeline.number import Numbering

Element = etree._Element

TOP_ROLES = frozenset(["title", "author", "unit", "focus", "keyword"])
MOVABLE = TOP_ROLES | {"abstract", "caption", "attribution"}
"""What stands in another order in a brief than in a manuscript, by its role."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage of either text, folded; `role` says what it is in the brief, `calls` the notes it calls."""

    text: str
    number: int = 0
    role: str = ""
    calls: tuple[str, ...] = ()
    xrefs: tuple[Element, ...] = ()
    hidden: str = ""
    optional: bool = False
    label: str = ""
    """What the program generates at its beginning: 壹、, and 圖1 where a sentence begins with it."""
    also: tuple[str, ...] = ()
    """How an author may write it otherwise: a Western name with the surname before or behind."""

    @property
    def movable(self) -> bool:
        """Whether it may stand elsewhere in the manuscript."""
        return self.role in MOVABLE


@dataclass(frozen=True, slots=True)
class Text:
    """A text: its passages, and its notes by their keys."""

    passages: tuple[Piece, ...]
    notes: tuple[Note, ...]
    numbering: Numbering | None = None

    def note(self, key: str) -> Note | None:
        """The note of a key."""
        return next((note for note in self.notes if note.key == key), None)


@dataclass(frozen=True, slots=True)
class Note:
    """A note with the label that it has in its text."""

    key: str
    label: str
    passages: tuple[Piece, ...]
    of_author: bool = False
    """Whether it is about an author, and has no number."""

    @property
    def text(self) -> str:
        """The whole text of the note."""
        return "".join(each.text for each in self.passages)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The number of the paragraph of each passage of an original: of the text, and of each note."""

    passages: tuple[int, ...]
    notes: tuple[tuple[int, ...], ...]

    @classmethod
    def counted(cls, original: Original) -> Numbers:
        """Paragraphs counted in the order of the file, the notes behind the text."""
        count = len(original.passages)
        notes = []
        for note in original.notes:
            notes.append(tuple(range(count + 1, count + 1 + len(note.passages))))
            count += len(note.passages)
        return cls(tuple(range(1, len(original.passages) + 1)), tuple(notes))

    @classmethod
    def read(cls, original: Original, body: Sequence[tuple[int, str]], notes: Sequence[Sequence[int]]) -> Numbers:
        """The numbers that another reading gave to the paragraphs: `body` has each with its text."""
        ours = [_solid(each.text) for each in original.passages]
        theirs = [_solid(text) for _, text in body]
        found = [0] * len(ours)
        for block in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
            for offset in range(block.size):
                found[block.a + offset] = body[block.b + offset][0]
        _parts_of_longer(ours, theirs, [number for number, _ in body], found)
        for index, each in enumerate(found):
            found[index] = each or (found[index - 1] + 1 if index else 1)
        counted = cls.counted(original)
        given = [tuple(each) for each in notes]
        same = len(given) == len(counted.notes)
        return cls(
            tuple(found),
            tuple(
                (*own, *((own or (1,))[-1:] * len(note)))[: len(note)]
                for own, note in zip(given, counted.notes, strict=True)
            )
            if same
            else tuple(tuple(1 for _ in note) for note in counted.notes),
        )


def _parts_of_longer(ours: Sequence[str], theirs: Sequence[str], numbers: Sequence[int], found: list[int]) -> None:
    """Number passages that another reading joined to one paragraph: the lines of a text that was wrapped."""
    at = offset = 0
    for index, text in enumerate(ours):
        if found[index] or not text:
            at, offset = (numbers.index(found[index]) + 1, 0) if found[index] else (at, offset)
            continue
        until = next((each for each in found[index:] if each), None)
        last = numbers.index(until) if until is not None else len(theirs)
        for place in range(at, last):
            start = theirs[place].find(text, offset if place == at else 0)
            if start >= 0:
                found[index], at, offset = numbers[place], place, start + len(text)
                break


def _solid(text: str) -> str:
    return BLANKS.sub("", UNSEEN.sub("", text.replace(CALL, "").replace(SYMBOL, "")))


def read_manuscript(original: Original, numbers: Numbers, fold: Fold) -> Text:
    """The text of a manuscript, folded; a paragraph with soft returns is several passages.

    Lines of plain text that the other reading took for one paragraph are one here too: only their characters
    are compared.
    """
    keys = iter(range(len(original.notes)))

    def piece(passage: Passage, number: int) -> Piece:
        text, places = fold.with_places(passage.text)
        hidden = "".join(
            each
            for each, place in zip(text, places, strict=True)
            if any(a <= place < b for a, b in passage.hidden)
        )
        calls = tuple(str(next(keys, 0)) for _ in range(text.count(CALL)))
        return Piece(text, number, calls=calls, hidden=hidden, optional=passage.optional)

    pairs = list(zip(original.passages, numbers.passages, strict=True))
    if original.kind == "text":
        pairs = [
            (Passage(" ".join(passage.text for passage, _ in lines)), number)
            for number, lines in groupby(pairs, key=lambda pair: pair[1])
        ]
    passages = tuple(piece(line, number) for passage, number in pairs for line in _lines(passage))
    notes = [
        Note(str(index), str(index + 1), tuple(piece(p, n) for p, n in zip(note.passages, given, strict=True)))
        for index, (note, given) in enumerate(zip(original.notes, numbers.notes, strict=True))
    ]
    return Text(tuple(each for each in passages if each.text), tuple(notes))


def _lines(passage: Passage) -> Iterator[Passage]:
    """A paragraph as what stands between its soft returns: authors divide paragraphs with them too."""
    start = 0
    for line in passage.text.split("\n"):
        hidden = tuple((max(a - start, 0), b - start) for a, b in passage.hidden if b > start)
        yield Passage(line, hidden, passage.optional)
        start += len(line) + 1

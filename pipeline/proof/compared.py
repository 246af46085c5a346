"""Compared: two copies of one brief side by side: which block has become which, and how each differs.

BriefText × 2 ─named_alike, paired, difference▶ Compared ─texts, notes, numbers, pictures▶ [Change]
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.diagnostics import Place
from pipeline.proof.change import Spot
from pipeline.proof.difference import Step, difference
from pipeline.proof.pairs import Pair, Paired, named_alike, paired
from pipeline.proof.text import PARAGRAPH, Atom, Block, BriefText, Call, words_around

_BEHIND_ALL_TEXT = 1 << 18
LAST = 1 << 20


@dataclass(frozen=True)
class Part:
    """One part of a brief (title, body …) or one note, in both copies."""

    olds: Sequence[Block]
    news: Sequence[Block]
    paired: Paired


@dataclass(frozen=True)
class Compared:
    """Two copies of one brief; notes, figures and sections have their names in both."""

    old: BriefText
    new: BriefText
    parts: tuple[Part, ...]
    steps: Mapping[tuple[Block, Block], list[Step]]

    @property
    def pairs(self) -> Iterator[Pair]:
        """All blocks that are in both copies."""
        return (pair for part in self.parts for pair in part.paired.pairs)

    @cached_property
    def stayed(self) -> Mapping[Block, Pair]:
        """What has become of each old block that is still there."""
        return {old: pair for pair in self.pairs for old in pair.olds}

    @cached_property
    def known(self) -> Mapping[Block, Pair]:
        """What each new block has been, where it was there."""
        return {new: pair for pair in self.pairs for new in pair.news}

    @cached_property
    def _places(self) -> Mapping[Block, int]:
        return {block: number for number, block in enumerate(every_block(self.new))}

    def steps_of(self, pair: Pair) -> list[Step]:
        """In which stretches a pair differs."""
        return self.steps[pair.olds[0], pair.news[0]]

    def at(self, block: Block) -> tuple[int, ...]:
        """Where a block stands in the order of the list; a note stands behind all text."""
        return (self._places.get(block, _BEHIND_ALL_TEXT),)

    def carried(self, pair: Pair, block: Block, at: int) -> tuple[int, int]:
        """Between which atoms of the new text a place before atom `at` of an old block may stand now."""
        at += sum(len(each.atoms) + 1 for each in pair.olds[: pair.olds.index(block)])
        shift = 0
        for step in self.steps_of(pair):
            if step.i_end < at or (step.i_end == at and step.i < step.i_end and step.j == step.j_end):
                shift = step.j_end - step.i_end
            elif step.i <= at:
                return step.j, step.j_end
        return at + shift, at + shift

    def carried_back(self, pair: Pair, at: int) -> int:
        """The place in the old text of a place before atom `at` of the new text of a pair."""
        shift = 0
        for step in self.steps_of(pair):
            if step.j_end <= at:
                shift = step.i_end - step.j_end
            elif step.j < at:
                return step.i_end
        return at + shift

    def beside(self, gone: Block, around: Sequence[Block]) -> tuple[tuple[Spot, ...], Block | None, bool]:
        """Where a block was that is gone: behind the block before it, else before the one behind it.

        The spot, the block, and whether it is the one before.
        """
        index = around.index(gone)
        before = next((self.stayed[each] for each in reversed(around[:index]) if each in self.stayed), None)
        if before is not None:
            return (end_of(before.news[-1]),), before.news[-1], True
        after = next((self.stayed[each] for each in around[index:] if each in self.stayed), None)
        if after is None:
            return (), None, False
        block = after.news[0]
        return (Spot(block, after=block.atoms[0] if block.atoms else None),), block, False


def compared(old: BriefText, new: BriefText) -> Compared:
    """Two copies of a brief, every part and note of them paired and compared."""
    old, new = named_alike(old, new)
    old_notes = {old.name(note.element): note for note in old.notes}
    both = [(old.parts.get(p, ()), new.parts.get(p, ())) for p in dict.fromkeys((*new.parts, *old.parts))]
    for note in new.notes:
        before = old_notes.get(new.name(note.element))
        if before is not None:
            both.append((before.blocks, note.blocks))
    parts = tuple(Part(olds, news, paired(olds, news)) for olds, news in both)
    steps = {
        (pair.olds[0], pair.news[0]): difference(row_of_atoms(pair.olds), row_of_atoms(pair.news))
        for part in parts
        for pair in part.paired.pairs
    }
    return Compared(old, new, parts, steps)


def every_block(brief: BriefText) -> list[Block]:
    """The blocks of a brief, those of its notes last."""
    blocks = [block for part in brief.parts.values() for block in part]
    return blocks + [block for note in brief.notes for block in note.blocks]


# Rows of atoms


def row_of_atoms(blocks: Sequence[Block]) -> list[Atom]:
    """The atoms of blocks in one row, with an end of a paragraph between them."""
    row: list[Atom] = []
    for number, block in enumerate(blocks):
        if number:
            row.append(Atom(PARAGRAPH, PARAGRAPH, block, 0))
        row += block.atoms
    return row


def equal(steps: Sequence[Step], length: int) -> Iterator[tuple[int, int]]:
    """The atoms that are the same in both texts."""
    i = j = 0
    for step in (*steps, Step(length, length, -1, -1)):
        while i < step.i:
            yield i, j
            i, j = i + 1, j + 1
        i, j = step.i_end, step.j_end


def spot_of(row: Sequence[Atom], start: int, end: int, of: Block) -> Spot:
    """Where a stretch of a row of atoms stands; `of` is a block of the row, which may have no atoms."""
    before, after = row[start - 1] if start else None, row[end] if end < len(row) else None
    inside = tuple(row[start:end])
    block = next((each.block for each in (*inside, after, before) if each is not None), of)
    return Spot(block, tuple(atom for atom in inside if atom.key != PARAGRAPH), before, after)


def whole(blocks: Iterable[Block]) -> tuple[Spot, ...]:
    """All of some blocks."""
    return tuple(Spot(block, block.atoms, whole=True) for block in blocks)


def end_of(block: Block) -> Spot:
    """The place behind a block."""
    return Spot(block, before=block.atoms[-1] if block.atoms else None, whole=True)


def call_spot(block: Block, call: Call) -> Spot:
    """The call of a note."""
    atoms = block.atoms
    before = atoms[call.at - 1] if call.at else None
    return Spot(block, (), before, atoms[call.at] if call.at < len(atoms) else None, label=call.label)


def place_of(spot: Spot) -> Place:
    """Where a spot stands in its file."""
    atom = next((each for each in (*spot.atoms, spot.before, spot.after) if each is not None), None)
    return atom.block.place(atom.start) if atom is not None else spot.block.place()


def words_before(calls: Sequence[tuple[Block, Call]]) -> str:
    """The words before the first of some calls."""
    return words_around(calls[0][0].atoms, calls[0][1].at, calls[0][1].at)[0] if calls else ""


def note_of(block: Block) -> str:
    """The number of the note that a block stands in."""
    return block.note.label if block.note is not None else ""

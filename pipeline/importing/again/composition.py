"""Composition: the brief with the text of the fresh one; a block whose text is the same keeps its bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from pipeline.diagnostics import Diagnostic, Edit
from pipeline.edit import edited
from pipeline.importing.again.alignment import Aligned
from pipeline.importing.again.glue import Indent, closings
from pipeline.importing.again.markup import Carried
from pipeline.importing.again.reading import Block, Unit, spliced
from pipeline.importing.again.top import Top
from pipeline.parse import Source

Element = etree._Element


@dataclass
class Run:
    """Blocks that are taken together: old ones, of which every byte is kept, or one fresh."""

    block: Block
    old: bool
    data: bytes
    depth: int = 0


@dataclass
class Composition:
    """Writes the brief: the head of the old one, its blocks in the order of the fresh one, its end."""

    aligned: Aligned
    base: Source | None = None
    notes_of: dict[Element, int] = field(default_factory=dict)
    lost: list[Diagnostic] = field(default_factory=list)
    """Doubts about markup that could not be carried over."""

    def __post_init__(self) -> None:
        self.old, self.fresh = self.aligned.old, self.aligned.fresh
        self.notes_of = {note.node: index for index, note in enumerate(self.fresh.notes)}

    def data(self) -> bytes:
        """The bytes of the whole brief."""
        source = self.old.source
        start, end = self.old.outer(self.old.body)
        opening = source.data[slice(*source.tag_bytes(self.old.body))]
        if opening.endswith(b"/>"):
            opening = opening[:-2].rstrip() + b">"
        head = edited(source, Top(self.old, self.fresh, self.base).edits())
        head = head[: len(head) - (len(source.data) - start)]
        body = b"".join(self._with_glue(list(self.runs())))
        closing = source.data[self.old.end_of_body() : end] or b"</body>"
        return head + opening + body + closing + source.data[end:]

    # Which blocks

    def runs(self) -> Iterator[Run]:
        """The blocks of the brief in the order of the fresh one."""
        groups = self.groups()
        done: set[int] = set()
        for block in self.fresh.blocks:
            kept = groups.get(block.index)
            if kept is None and self.aligned.at_the_top >= {*block.units} and block.units:
                continue
            if kept is None:
                yield Run(block, False, self.recognised(block))
            elif kept and kept[0] not in done:
                done.update(kept)
                for index in kept:
                    yield Run(self.old.blocks[index], True, self.kept(self.old.blocks[index]))

    def groups(self) -> dict[int, tuple[int, ...]]:
        """For each fresh block the old ones that are kept in its place, all of whose text is the same."""
        owner_old = {unit: block.index for block in self.old.blocks for unit in block.units}
        owner_fresh = {unit: block.index for block in self.fresh.blocks for unit in block.units}
        joined: dict[tuple[str, int], set[tuple[str, int]]] = defaultdict(set)
        for after in self.aligned.same:
            one = ("old", owner_old[self.aligned.units[after]])
            other = ("fresh", owner_fresh[after])
            joined[one].add(other)
            joined[other].add(one)
        groups: dict[int, tuple[int, ...]] = {}
        seen: set[tuple[str, int]] = set()
        for start in list(joined):
            if start in seen:
                continue
            members, waiting = set(), [start]
            while waiting:
                each = waiting.pop()
                if each not in members:
                    members.add(each)
                    waiting += joined[each]
            seen |= members
            old = sorted(index for side, index in members if side == "old")
            fresh = sorted(index for side, index in members if side == "fresh")
            if self.is_whole(old, fresh):
                groups.update((index, tuple(old)) for index in fresh)
        return groups | self.without_text(groups)

    def is_whole(self, old: list[int], fresh: list[int]) -> bool:
        """Whether blocks hold the same passages on both sides, in a row and in one order."""
        ours = [unit for index in old for unit in self.old.blocks[index].units]
        theirs = [unit for index in fresh for unit in self.fresh.blocks[index].units]
        if not all(unit in self.aligned.same for unit in theirs):
            return False
        ordered = [self.aligned.units[unit] for unit in theirs]
        if (
            len(old) == len(fresh) == 1
        ):  # the foot of a table stands before its body in one, behind it in the other
            ordered.sort()
        in_a_row = old == list(range(old[0], old[-1] + 1)) and fresh == list(range(fresh[0], fresh[-1] + 1))
        return in_a_row and ordered == ours

    def without_text(self, groups: Mapping[int, tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
        """Blocks without text (a picture without a caption) between blocks that are kept."""
        found: dict[int, tuple[int, ...]] = {}
        for block in self.fresh.blocks:
            before = groups.get(block.index - 1) or found.get(block.index - 1)
            at = before[-1] + 1 if before else 0
            if not block.units and block.index not in groups and at < len(self.old.blocks):
                known = self.old.blocks[at]
                if not known.units and known.node.tag == block.node.tag:
                    found[block.index] = (at,)
        return found

    # The bytes of a block

    def kept(self, block: Block) -> bytes:
        """An old block, with the notes in it that changed."""
        back = {self.aligned.units[after]: after for after in self.aligned.same}
        edits: list[Edit] = []
        for index in block.units:
            old, fresh = self.old.units[index], self.fresh.units[back[index]]
            for before, after in zip(old.calls, fresh.calls, strict=True):
                if not self.is_same_note(after, before):
                    edits.append(Edit(*self.old.outer(before), self.note(after).decode()))
        return spliced(self.old.source, block.start, block.end, edits)

    def is_same_note(self, after: Element, before: Element) -> bool:
        """Whether a fresh note is an old one with the same text."""
        index = self.notes_of[after]
        return index in self.aligned.same_notes and self.old.notes[self.aligned.notes[index]].node is before

    def note(self, after: Element) -> bytes:
        """A note of the fresh brief: the old one where its text is the same."""
        index = self.notes_of[after]
        if index in self.aligned.same_notes:
            return self.old.bytes(self.old.notes[self.aligned.notes[index]].node)
        known = self.aligned.notes.get(index)
        old = self.old.notes[known].node if known is not None else None
        edits = self.start_tag(after, old)
        paragraphs = [list(each.iterfind("p")) if each is not None else [] for each in (old, after)]
        if len(paragraphs[0]) == len(paragraphs[1]):
            for one, other in zip(*paragraphs, strict=True):
                edits += self.carried(one, other)
        return spliced(self.fresh.source, *self.fresh.outer(after), edits)

    def carried(self, old: Element, fresh: Element) -> list[Edit]:
        """The markup that the editor put into a passage which the author changed, where it still fits."""
        carried = Carried(self.old, self.fresh, old, fresh)
        self.lost += carried.lost
        return carried.edits

    def start_tag(self, fresh: Element, old: Element | None) -> list[Edit]:
        """The start tag that an element had, with its id and what else the editor wrote there."""
        if old is None or old.tag != fresh.tag:
            return []
        place, tag = (
            self.fresh.source.tag_bytes(fresh),
            self.old.source.data[slice(*self.old.source.tag_bytes(old))],
        )
        if tag.endswith(b"/>") or self.fresh.source.data[place[1] - 2 : place[1]] == b"/>":
            return []
        return [Edit(*place, tag.decode())]

    def recognised(self, block: Block) -> bytes:
        """A fresh block, with the passages and notes in it that did not change, and what the editor added."""
        edits: list[Edit] = []
        for index in block.units:
            unit = self.fresh.units[index]
            before = self.aligned.units.get(index)
            old = self.old.units[before] if before is not None else None
            if index in self.aligned.same and old is not None and old.node.tag == unit.node.tag:
                data = self.kept_passage(old, unit)
                edits.append(Edit(*self.fresh.outer(unit.node), data.decode()))
                continue
            for note in unit.calls:
                edits.append(Edit(*self.fresh.outer(note), self.note(note).decode()))
            edits += self.start_tag(unit.node, old.node if old is not None else None)
            edits += self.carried(old.node, unit.node) if old is not None else ()
        edits += self.alternative_text(block)
        known = self.before(block)
        if known is not None and not (
            len(block.units) == 1 and self.fresh.units[block.units[0]].node is block.node
        ):
            edits += self.start_tag(block.node, known.node)
        data = spliced(self.fresh.source, block.start, block.end, edits)
        return self.instructions(block) + data

    def kept_passage(self, old: Unit, fresh: Unit) -> bytes:
        """An old passage, with the notes in it that changed."""
        edits = [
            Edit(*self.old.outer(before), self.note(after).decode())
            for before, after in zip(old.calls, fresh.calls, strict=True)
            if not self.is_same_note(after, before)
        ]
        return spliced(self.old.source, *self.old.outer(old.node), edits)

    def before(self, block: Block) -> Block | None:
        """The old block that a fresh one corresponds to."""
        for index in block.units:
            known = self.aligned.units.get(index)
            for each in self.old.blocks if known is not None else ():
                if known in each.units and each.node.tag == block.node.tag:
                    return each
        return None

    def alternative_text(self, block: Block) -> Iterator[Edit]:
        """The alternative text of a figure is the editor's."""
        known = self.before(block)
        old = known.node.find("alt-text") if known is not None else None
        fresh = block.node.find("alt-text")
        if old is not None and fresh is not None:
            yield Edit(*self.fresh.outer(fresh), self.old.bytes(old).decode())

    def instructions(self, block: Block) -> bytes:
        """Comments and exceptions that stand before the block in the old brief."""
        known = self.before(block)
        if known is None:
            return b""
        return self.old.source.data[known.start : self.old.source.tag_bytes(known.node)[0]]

    # What stands between the blocks

    def _with_glue(self, runs: Sequence[Run]) -> Iterator[bytes]:
        source = self.old.source
        indent = Indent(self.old)
        depth, last = 0, None
        for run in runs:
            known = run.block if run.old else self.before(run.block)
            target = min(run.block.level, depth + 1) if run.block.heading else depth
            inside = target - 1 if run.block.heading else depth
            between = self._between(last, known, depth)
            if between is not None and closings(between) == depth - inside:
                yield between
            else:
                for level in range(depth, inside, -1):
                    yield indent.at(level - 1) + b"</sec>"
                yield indent.at(inside)
            yield run.data
            depth = target
            last = known
        end = self.old.end_of_body()
        if last is not None and last.index == len(self.old.blocks) - 1:
            between = source.data[last.end : end]
            if closings(between) == depth:
                yield between
                return
        for level in range(depth, 0, -1):
            yield indent.at(level - 1) + b"</sec>"
        yield indent.at(-1)

    def _between(self, last: Block | None, block: Block | None, depth: int) -> bytes | None:
        """The bytes between two blocks that follow one another in the old brief."""
        if block is None:
            return None
        data = self.old.source.data
        if block.index == 0:
            return data[self.old.source.tag_bytes(self.old.body)[1] : block.start] if depth == 0 else None
        if last is None or last.index != block.index - 1:
            return None
        return data[last.end : block.start]

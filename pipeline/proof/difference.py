"""Difference: the stretches in which two texts differ, as a reader would name them."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from pipeline.proof.text import PARAGRAPH, Atom

_JOINED = 2
"""Changes with no more characters than this between them are one change."""
_OPENING = frozenset("「『（《〈(“")
_MARKS = frozenset("，。；：、！？」』）》〉,.;:!?)")


class Step(NamedTuple):
    """Atoms `i` to `i_end` of the old text have become atoms `j` to `j_end` of the new one."""

    i: int
    i_end: int
    j: int
    j_end: int


def difference(old: Sequence[Atom], new: Sequence[Atom]) -> list[Step]:
    """The stretches in which two texts differ, as few and as whole as a reader would name them."""
    matcher = SequenceMatcher(None, [a.key for a in old], [a.key for a in new], autojunk=False)
    steps: list[Step] = []
    for kind, *numbers in matcher.get_opcodes():
        if kind == "equal":
            continue
        step = Step(*numbers)
        while steps and _is_one(steps[-1], step, new):
            step = Step(steps[-1].i, step.i_end, steps[-1].j, step.j_end)
            steps.pop()
        steps.append(step)
    return [_shifted(step, old, new) for step in steps]


def _is_one(one: Step, other: Step, new: Sequence[Atom]) -> bool:
    """Whether two changes stand so close that a reader sees one."""
    between = new[one.j_end : other.j]
    if any(atom.key == PARAGRAPH for atom in between):
        return False
    length = sum(len(atom.shown) for atom in between)
    sizes = [max(step.i_end - step.i, step.j_end - step.j) for step in (one, other)]
    return length <= _JOINED or length <= min(sizes) // 2


def _shifted(step: Step, old: Sequence[Atom], new: Sequence[Atom]) -> Step:
    """An insertion or deletion moved along equal characters to where a reader would see it: at marks.

    字，多則上千 and ，多則上千字 are the same deletion; the second is a clause.
    """
    i, i_end, j, j_end = step
    if (i == i_end) == (j == j_end):
        return step
    row, start, end = (new, j, j_end) if i == i_end else (old, i, i_end)
    other, place = (old, i) if i == i_end else (new, j)
    ways = [0]
    while (
        start + ways[-1] > 0
        and place + ways[-1] > 0
        and row[start + ways[-1] - 1].key == row[end + ways[-1] - 1].key
    ):
        ways.append(ways[-1] - 1)
    ways.reverse()
    while (
        end + ways[-1] < len(row)
        and place + ways[-1] < len(other)
        and row[start + ways[-1]].key == row[end + ways[-1]].key
    ):
        ways.append(ways[-1] + 1)
    shift = max(ways, key=lambda way: (_clause(row, start + way, end + way), -abs(way)))
    return Step(i + shift, i_end + shift, j + shift, j_end + shift)


def _clause(row: Sequence[Atom], start: int, end: int) -> int:
    """How much a stretch looks like a clause: between two marks, with one of them."""
    first, last = row[start].key, row[end - 1].key
    before = start == 0 or row[start - 1].key in _MARKS
    behind = end == len(row) or row[end].key in _MARKS
    if (first in _MARKS and behind) or (last in _MARKS and before) or (before and behind):
        return 2
    return 1 if first in _OPENING or last in _MARKS else 0

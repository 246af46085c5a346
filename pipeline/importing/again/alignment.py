"""Alignment: which passage and note of a brief is which of the fresh one, which then gets the ids of the old."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from pipeline.diagnostics import Edit
from pipeline.edit import edited
from pipeline.importing.again.reading import Reading, Unit, left_as_printed, passages, text_of
from pipeline.importing.fidelity import alike, anchors, opcodes
from pipeline.parse import Source, parse_bytes

Element = etree._Element

_LONG = 10
"""How many characters a paragraph has, at least, to be known again at another place."""
_MUCH_ALIKE = 0.6
"""How much two texts share, at least, to be one that was changed and moved."""
_MOST_PAIRS = 10_000
"""How many pairs of texts are tried for that."""


@dataclass(frozen=True)
class Aligned:
    """Which passage and which note of the old brief is which of the fresh one; `same`: with the same text."""

    old: Reading
    fresh: Reading
    units: Mapping[int, int]
    """Fresh passage: old passage."""
    same: frozenset[int]
    """Fresh passages whose text is that of their old passage."""
    notes: Mapping[int, int]
    """Fresh note: old note."""
    same_notes: frozenset[int]
    at_the_top: frozenset[int]
    """Fresh passages of the body that the old brief has at its top: a title in another language."""


def align(old: Reading, fresh: Reading) -> Aligned:
    """Pair the passages and notes of a brief with those of a fresh one."""
    units, equal = _pairs([u.key for u in old.units], [u.key for u in fresh.units])
    home: dict[Element, Element] = {}
    for after, before in units.items():
        one, other = old.units[before], fresh.units[after]
        for note in other.calls:
            at = fresh.context.get(note)
            known = [each for each in one.calls if old.context.get(each) == at]
            if len(known) == 1:
                home[note] = known[0]
    places = {note.node: index for index, note in enumerate(old.notes)}
    at_home = {
        (places[home[note.node]], index) for index, note in enumerate(fresh.notes) if home.get(note.node) in places
    }
    now = {note.key for note in fresh.notes}
    known_keys = [n.printed if n.key not in now and n.printed in now else n.key for n in old.notes]
    notes, same = _pairs(known_keys, [n.key for n in fresh.notes], at_home)
    new_of = {fresh.notes[after].node: old.notes[before].node for after, before in notes.items()}
    same = {each for each in same if _refers_alike(old, fresh, old.notes[notes[each]], fresh.notes[each], new_of)}
    equal = {
        each for each in equal if _refers_alike(old, fresh, old.units[units[each]], fresh.units[each], new_of)
    }
    front = {text_of(each) for each in passages(old.source.root.find("front"))}
    first = min(units, default=len(fresh.units))
    top = frozenset(index for index in range(first) if fresh.units[index].key in front)
    return Aligned(old, fresh, units, frozenset(equal), notes, frozenset(same), top)


def _refers_alike(old: Reading, fresh: Reading, one: Unit, other: Unit, new_of: Mapping[Element, Element]) -> bool:
    """Whether the references in two texts lead to the same notes, as far as both can be told."""
    if other.spoken and other.spoken != one.spoken:
        return False
    for (xref, typed), (new_xref, new_typed) in zip(one.xrefs, other.xrefs, strict=False):
        before, after = old.target(xref, typed), fresh.target(new_xref, new_typed)
        if before in new_of.values() and left_as_printed(old, fresh, xref, new_xref, new_typed):
            continue
        if xref is None and new_xref is None:
            if typed != new_typed:
                return False
        elif after is not None and before is not new_of.get(after):
            chained = [old.target(each, None) for each in (new_of[after].iter("xref") if after in new_of else ())]
            if not (new_xref is None and before in chained):
                return False
    return True


def _pairs(
    old: Sequence[str],
    fresh: Sequence[str],
    likely: set[tuple[int, int]] = frozenset(),  # type: ignore[assignment]
) -> tuple[dict[int, int], set[int]]:
    """Which text of `fresh` is which of `old`, and which of them are equal.

    First what is equal in order, then what is equal and long at another place, then what is alike between those.
    """
    found: dict[int, int] = {}
    gaps: list[tuple[range, range]] = []
    for kind, i, i_end, j, j_end in opcodes(old, fresh):
        if kind == "equal":
            found.update(zip(range(j, j_end), range(i, i_end), strict=True))
        elif i < i_end and j < j_end:
            gaps.append((range(i, i_end), range(j, j_end)))
    equal = set(found)
    left = defaultdict(list)
    used = set(found.values())
    for index, text in enumerate(old):
        if index not in used and len(text) >= _LONG:
            left[text].append(index)
    for index, text in enumerate(fresh):
        if index not in found and left[text]:
            found[index] = left[text].pop(0)
            equal.add(index)
    used = set(found.values())
    for rows, columns in gaps:
        ours = [index for index in rows if index not in used]
        theirs = [index for index in columns if index not in found]
        for i, j in list(likely):
            if i in ours and j in theirs:
                found[j] = i
                ours.remove(i)
                theirs.remove(j)
        for i, j in anchors([old[index] for index in ours], [fresh[index] for index in theirs]):
            found[theirs[j]] = ours[i]
    _elsewhere(old, fresh, found, equal)
    return found, equal


def _elsewhere(old: Sequence[str], fresh: Sequence[str], found: dict[int, int], equal: set[int]) -> None:
    """Pair what is left: short texts that each side has once, then what was changed and moved."""
    ours = [index for index in range(len(old)) if index not in set(found.values())]
    theirs = [index for index in range(len(fresh)) if index not in found]
    once = Counter(old[index] for index in ours), Counter(fresh[index] for index in theirs)
    for j in theirs:
        i = next((i for i in ours if old[i] == fresh[j] and once[0][old[i]] == once[1][old[i]] == 1), None)
        if i is not None and len(old[i]) > 1:
            found[j] = i
            equal.add(j)
    ours = [index for index in ours if index not in set(found.values())]
    theirs = [index for index in theirs if index not in found]
    if len(ours) * len(theirs) > _MOST_PAIRS:
        return
    near = sorted(((alike(old[i], fresh[j]), -i, -j) for i in ours for j in theirs), reverse=True)
    for share, i, j in near:
        if share >= _MUCH_ALIKE and -j not in found and -i not in found.values():
            found[-j] = -i


# The ids of the old brief


def renamed(aligned: Aligned) -> Source:
    """The fresh brief with the ids of the old one, and new ones where the old one has them already."""
    names = dict(_names(aligned))
    taken = {node.get("id") for node in aligned.old.source.root.iter("*") if node.get("id")}
    given = set(names.values())
    for node in aligned.fresh.source.root.iter("*"):
        name = node.get("id")
        if name and name not in names:
            free = name
            count = 2
            while free in taken or free in given:
                free = f"{name}-{count}"
                count += 1
            names[name] = free
            given.add(free)
    edits = []
    source = aligned.fresh.source
    for node in source.root.iter("*"):
        for attribute in ("id", "rid"):
            name = node.get(attribute)
            place = source.attribute_bytes(node, attribute) if name else None
            if place and names.get(name or "", name) != name:
                edits.append(Edit(*place, names[name or ""]))
    return parse_bytes(source.path, edited(source, edits))


def _names(aligned: Aligned) -> Iterator[tuple[str, str]]:
    """Ids of the fresh brief, each with that of the same thing in the old one."""
    for after, before in aligned.notes.items():
        yield from _pair_of_ids(aligned.fresh.notes[after].node, aligned.old.notes[before].node)
    for after, before in aligned.units.items():
        one: Element | None = aligned.old.units[before].node
        other: Element | None = aligned.fresh.units[after].node
        while one is not None and other is not None and one.tag == other.tag and one.tag != "body":
            yield from _pair_of_ids(other, one)
            one, other = _holder(one), _holder(other)


def _holder(node: Element) -> Element | None:
    """What an element stands in, for which it stands: a section for its heading only."""
    parent = node.getparent()
    if parent is not None and parent.tag == "sec" and node.tag != "title":
        return None
    return parent if node.tag != "sec" else None


def _pair_of_ids(fresh: Element, old: Element) -> Iterator[tuple[str, str]]:
    name, known = fresh.get("id"), old.get("id")
    if name and known:
        yield name, known

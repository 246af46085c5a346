"""Again: a corrected manuscript is imported once more, into the brief that an editor has worked on since.

What the author did not change stays in the brief byte for byte: markup, ids, hand-made links, exceptions. What
he changed is recognised anew and keeps the ids of what it corresponds to. What the editor added at the top (DOI,
dates, ORCID, titles and abstracts in other languages) stays. Text is the author's, markup the editor's.

    old, fresh ──paragraphs and notes aligned by their text──▶ ids of the old in the fresh
    fresh order ──each block: the old bytes where its text is the same, else the fresh──▶ the brief
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Literal

from lxml import etree

from pipeline.diagnostics import Code, Diagnostic, Edit, Severity, Words
from pipeline.edit import edited
from pipeline.flat import REFERENCE, Flat, flat
from pipeline.importing.fidelity import NOT_TEXT, alike, anchors, fold, is_passage, opcodes
from pipeline.importing.originals import CALL
from pipeline.notes.phrases import phrases
from pipeline.number import Numbering, number
from pipeline.parse import Source, parse_bytes

Element = etree._Element

_LONG = 10
"""How many characters a paragraph has, at least, to be known again at another place."""
_MUCH_ALIKE = 0.6
"""How much two texts share, at least, to be one that was changed and moved."""
_MOST_PAIRS = 10_000
"""How many pairs of texts are tried for that."""
_BEFORE = 12
"""How many characters before a call are its place."""

ID_LOST = Code(
    "I070",
    title=Words("連到的註不見了", "a link to a note that is gone"),
    message=Words(
        "有連結指向「{rid}」，新稿裡已經沒有了", "a link names “{rid}”, which the new manuscript has not"
    ),
    hint=Words("改指別的註，或刪去這個連結", "name another note, or delete the link"),
    why=Words("作者刪去的註，別的地方可能還在引用。", "A note that the author deleted may still be referred to."),
    severity=Severity.WARNING,
)
LEVEL_KEPT = Code(
    "I071",
    title=Words("標題的層次與稿件不同", "a heading at another level than in the manuscript"),
    message=Words(
        "標題「{title}」在文章裡是第{old}層，新稿看來是第{new}層；照文章的",
        "the heading “{title}” has level {old} in the brief and {new} in the manuscript; the brief is kept",
    ),
    hint=Words("如果是作者改的，請在XML裡移動這一節", "move the section if the author changed it"),
    why=Words("編輯改過的結構不會因為再匯入而改回去。", "What an editor arranged is not undone by an import."),
    severity=Severity.NOTE,
)
EXCEPTION_LOST = Code(
    "I072",
    title=Words("例外說明隨段落改寫", "an exception went with a changed paragraph"),
    message=Words("「{text}」改寫了，原來的 <?{name}?> 沒有留下", "“{text}” was changed; its <?{name}?> is gone"),
    hint=Words("還需要的話，重新加上", "add it again if it is still needed"),
    why=Words(
        "例外是對原來的文字說的；文字變了，理由未必還在。", "An exception is about the words that stood there."
    ),
    severity=Severity.WARNING,
)

What = Literal["note", "paragraph", "heading", "top"]
How = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class Change:
    """What is not as it was: its text `old` and `new`, and the number of the note, before and now."""

    how: How
    what: What
    old: str = ""
    new: str = ""
    old_label: str = ""
    new_label: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """A brief with the text of a new manuscript: its bytes, what changed, and what an editor has to look at."""

    data: bytes
    changes: tuple[Change, ...]
    doubts: tuple[Diagnostic, ...]
    kept: Mapping[str, str]
    """Pictures of the fresh brief of which the old one has its own: the name in each."""


def merge(old: Source, fresh: Source) -> Merged:
    """The brief `old` with the text of `fresh`, which was recognised in a new manuscript without knowing it.

    With the same text it is `old`, byte for byte. Raises `ManuscriptError` where the result is no XML, which is a
    mistake of this module.
    """
    before, after = _Reading(old), _Reading(fresh)
    aligned = _aligned(before, after)
    renamed = _renamed(aligned)
    after = _Reading(renamed)
    aligned = replace(aligned, fresh=after)
    data = _Composition(aligned).data()
    changes = tuple(_changes(aligned))
    doubts = tuple(_doubts(aligned, parse_bytes(old.path, data)))
    return Merged(data, changes, doubts, dict(_pictures(aligned)))


def likeness(one: Source, other: Source) -> float:
    """How much of their text two briefs share, from 0 to 1, whatever stands where."""
    return alike(*(fold("".join(flat(part).text for part in _texts(source))) for source in (one, other)))


def _texts(source: Source) -> Iterator[Element]:
    yield from source.root.iterfind("front/article-meta/title-group/article-title")
    yield from source.root.iterfind("body")
    for note in source.root.iter("fn"):
        yield from note.iterfind("p")


# Reading a brief as passages, blocks and notes


@dataclass(frozen=True, slots=True)
class _Unit:
    """A passage or a note: its text as it is compared, and the notes called in it."""

    node: Element
    key: str
    calls: tuple[Element, ...]
    xrefs: tuple[tuple[Element | None, int | None], ...]
    """For each reference to a note in the text its `xref`, or the number that was typed."""
    spoken: tuple[str, ...] = ()
    """The pronunciations in it."""

    @property
    def text(self) -> str:
        """The text as a report quotes it."""
        return self.key.replace(CALL, "").replace(REFERENCE, "…")


@dataclass(slots=True)
class _Block:
    """A heading (`level` is that of its section) or a block in a section of that level; bytes `start` to `end`."""

    node: Element
    heading: bool
    level: int
    start: int
    end: int
    index: int
    units: tuple[int, ...] = ()


class _Reading:
    """A brief as its passages, its notes and its blocks."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.numbering: Numbering = number(source.root)
        body = source.root.find("body")
        self.body = body if body is not None else etree.Element("body")
        self.units: list[_Unit] = []
        self.blocks: list[_Block] = []
        self._walk(self.body, 0)
        called = [call for unit in self.units for call in unit.calls]
        self.notes: list[_Unit] = [self.unit(note) for note in called]
        self.context = dict(self._contexts())
        self.by_id = {node.get("id"): node for node in source.root.iter("*") if node.get("id")}

    def outer(self, node: Element) -> tuple[int, int]:
        """The bytes of an element, or of a comment or instruction."""
        start, end = self.source.tag_bytes(node)
        if not isinstance(node.tag, str) or self.source.data[end - 2 : end] == b"/>":
            return start, end
        closing = self.source._ends[self.source._index[node]]
        return start, self.source.data.index(b">", closing) + 1

    def bytes(self, node: Element) -> bytes:
        """The markup of an element."""
        start, end = self.outer(node)
        return self.source.data[start:end]

    def _walk(self, holder: Element, depth: int) -> None:
        first: Element | None = None
        for child in holder:
            if not isinstance(child.tag, str):
                first = child if first is None else first
                continue
            if holder is not self.body and child.tag == "title" and self.blocks:
                first = None
                continue
            start = self.outer(first if first is not None else child)[0]
            first = None
            if child.tag == "sec":
                title = child.find("title")
                end = self.outer(title)[1] if title is not None else self.source.tag_bytes(child)[1]
                self._add(_Block(child, True, depth + 1, start, end, len(self.blocks)), title)
                self._walk(child, depth + 1)
            else:
                self._add(_Block(child, False, depth, start, self.outer(child)[1], len(self.blocks)), child)

    def _add(self, block: _Block, content: Element | None) -> None:
        first = len(self.units)
        for passage in _passages(content):
            self.units.append(self.unit(passage))
        block.units = tuple(range(first, len(self.units)))
        self.blocks.append(block)

    def unit(self, node: Element) -> _Unit:
        """A passage, or a note with its paragraphs."""
        paragraphs = list(node.iterfind("p")) if node.tag == "fn" else [node]
        keys: list[str] = []
        calls: list[Element] = []
        xrefs: list[tuple[Element | None, int | None]] = []
        for paragraph in paragraphs:
            content = flat(paragraph)
            keys.append(_key(content, self.numbering, xrefs))
            calls += [note for _, note in content.calls]
        spoken = tuple("".join(each.itertext()) for each in node.iter("rt"))
        return _Unit(node, "\n".join(keys), tuple(calls), tuple(xrefs), spoken)

    def _contexts(self) -> Iterator[tuple[Element, str]]:
        for unit in self.units:
            parts = unit.key.split(CALL)
            for note, before in zip(unit.calls, parts, strict=False):
                yield note, before[-_BEFORE:]

    def label(self, note: Element) -> str:
        """The number of a note."""
        return self.numbering.notes.get(note, "")

    def target(self, xref: Element | None, typed: int | None) -> Element | None:
        """The note that a reference leads to, or a typed number means."""
        if xref is not None:
            target = self.by_id.get(xref.get("rid"))
            while target is not None and target.tag != "fn":
                target = target.getparent()
            return target
        return next((note for note, label in self.numbering.notes.items() if label == str(typed)), None)


def _passages(node: Element | None) -> Iterator[Element]:
    if node is None or node.tag in NOT_TEXT:
        return
    if is_passage(node):
        yield node
        return
    for child in node.iterchildren("*"):
        yield from _passages(child)


def _key(content: Flat, numbering: Numbering, xrefs: list[tuple[Element | None, int | None]]) -> str:
    """The text of a passage as it is compared: what refers to a note is `REFERENCE`, however it is written."""
    marks: list[tuple[int, int, str]] = [(at, at, CALL) for at, _ in content.calls]
    links = {piece.start: piece.node for piece in content.pieces if piece.which == "reference"}
    found: list[tuple[int, Element | None, int | None]] = []
    for at, node in links.items():
        if node.get("ref-type") == "fn" and node.get("specific-use"):
            found.append((at, node, None))
        else:
            marks.append((at, at + 1, numbering.words.get(node, REFERENCE)))
    marks += [
        (piece.start, piece.end, "")
        for piece in content.pieces
        if piece.node.tag == "rt" and piece.which == "text"
    ]
    for phrase in phrases(content):
        if not any(phrase.start <= at < phrase.end for at in links):
            marks.append((phrase.start, phrase.end, REFERENCE))
            found.append((phrase.start, None, phrase.number))
    xrefs += [(node, typed) for _, node, typed in sorted(found, key=lambda each: each[0])]
    text, done = "", 0
    for start, end, mark in sorted(marks):
        text += content.text[done:start] + mark
        done = end
    return fold(text + content.text[done:])


# Alignment


@dataclass(frozen=True)
class _Aligned:
    """Which passage and which note of the old brief is which of the fresh one; `same`: with the same text."""

    old: _Reading
    fresh: _Reading
    units: Mapping[int, int]
    """Fresh passage: old passage."""
    same: frozenset[int]
    """Fresh passages whose text is that of their old passage."""
    notes: Mapping[int, int]
    """Fresh note: old note."""
    same_notes: frozenset[int]
    at_the_top: frozenset[int]
    """Fresh passages of the body that the old brief has at its top: a title in another language."""


def _aligned(old: _Reading, fresh: _Reading) -> _Aligned:
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
    notes, same = _pairs([n.key for n in old.notes], [n.key for n in fresh.notes], at_home)
    new_of = {fresh.notes[after].node: old.notes[before].node for after, before in notes.items()}
    same = {each for each in same if _refers_alike(old, fresh, old.notes[notes[each]], fresh.notes[each], new_of)}
    equal = {
        each for each in equal if _refers_alike(old, fresh, old.units[units[each]], fresh.units[each], new_of)
    }
    front = {_text(each) for each in _passages(old.source.root.find("front"))}
    first = min(units, default=len(fresh.units))
    top = frozenset(index for index in range(first) if fresh.units[index].key in front)
    return _Aligned(old, fresh, units, frozenset(equal), notes, frozenset(same), top)


def _refers_alike(
    old: _Reading, fresh: _Reading, one: _Unit, other: _Unit, new_of: Mapping[Element, Element]
) -> bool:
    """Whether the references in two texts lead to the same notes, as far as both can be told."""
    if other.spoken and other.spoken != one.spoken:
        return False
    for (xref, typed), (new_xref, new_typed) in zip(one.xrefs, other.xrefs, strict=False):
        before, after = old.target(xref, typed), fresh.target(new_xref, new_typed)
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


def _renamed(aligned: _Aligned) -> Source:
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


def _names(aligned: _Aligned) -> Iterator[tuple[str, str]]:
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


# Composition


@dataclass
class _Run:
    """Blocks that are taken together: old ones, of which every byte is kept, or one fresh."""

    block: _Block
    old: bool
    data: bytes
    depth: int = 0


@dataclass
class _Composition:
    """Writes the brief: the head of the old one, its blocks in the order of the fresh one, its end."""

    aligned: _Aligned
    notes_of: dict[Element, int] = field(default_factory=dict)
    unit_of: dict[Element, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.old, self.fresh = self.aligned.old, self.aligned.fresh
        self.notes_of = {note.node: index for index, note in enumerate(self.fresh.notes)}
        self.unit_of = {unit.node: index for index, unit in enumerate(self.fresh.units)}

    def data(self) -> bytes:
        """The bytes of the whole brief."""
        source = self.old.source
        start, end = source.tag_bytes(self.old.body)[1], source._ends[source._index[self.old.body]]
        head = edited(source, _Top(self).edits())
        runs = list(self.runs())
        body = b"".join(self._with_glue(runs))
        return head[: len(head) - (len(source.data) - start)] + body + source.data[end:]

    # Which blocks

    def runs(self) -> Iterator[_Run]:
        """The blocks of the brief in the order of the fresh one."""
        groups = self.groups()
        done: set[int] = set()
        for block in self.fresh.blocks:
            kept = groups.get(block.index)
            if kept is None and self.aligned.at_the_top >= {*block.units} and block.units:
                continue
            if kept is None:
                yield _Run(block, False, self.recognised(block))
            elif kept and kept[0] not in done:
                done.update(kept)
                for index in kept:
                    yield _Run(self.old.blocks[index], True, self.kept(self.old.blocks[index]))

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

    def kept(self, block: _Block) -> bytes:
        """An old block, with the notes in it that changed."""
        back = {self.aligned.units[after]: after for after in self.aligned.same}
        edits: list[Edit] = []
        for index in block.units:
            old, fresh = self.old.units[index], self.fresh.units[back[index]]
            for before, after in zip(old.calls, fresh.calls, strict=True):
                if not self.is_same_note(after, before):
                    edits.append(Edit(*self.old.outer(before), self.note(after).decode()))
        return _slice(self.old.source, block.start, block.end, edits)

    def is_same_note(self, after: Element, before: Element) -> bool:
        index = self.notes_of[after]
        return index in self.aligned.same_notes and self.old.notes[self.aligned.notes[index]].node is before

    def note(self, after: Element) -> bytes:
        """A note of the fresh brief: the old one where its text is the same."""
        index = self.notes_of[after]
        if index in self.aligned.same_notes:
            return self.old.bytes(self.old.notes[self.aligned.notes[index]].node)
        known = self.aligned.notes.get(index)
        edits = self.start_tag(after, self.old.notes[known].node if known is not None else None)
        return _slice(self.fresh.source, *self.fresh.outer(after), edits)

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

    def recognised(self, block: _Block) -> bytes:
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
        edits += self.alternative_text(block)
        known = self.before(block)
        if known is not None and not (
            len(block.units) == 1 and self.fresh.units[block.units[0]].node is block.node
        ):
            edits += self.start_tag(block.node, known.node)
        data = _slice(self.fresh.source, block.start, block.end, edits)
        return self.instructions(block) + data

    def kept_passage(self, old: _Unit, fresh: _Unit) -> bytes:
        edits = [
            Edit(*self.old.outer(before), self.note(after).decode())
            for before, after in zip(old.calls, fresh.calls, strict=True)
            if not self.is_same_note(after, before)
        ]
        return _slice(self.old.source, *self.old.outer(old.node), edits)

    def before(self, block: _Block) -> _Block | None:
        """The old block that a fresh one corresponds to."""
        for index in block.units:
            known = self.aligned.units.get(index)
            for each in self.old.blocks if known is not None else ():
                if known in each.units and each.node.tag == block.node.tag:
                    return each
        return None

    def alternative_text(self, block: _Block) -> Iterator[Edit]:
        """The alternative text of a figure is the editor's."""
        known = self.before(block)
        old = known.node.find("alt-text") if known is not None else None
        fresh = block.node.find("alt-text")
        if old is not None and fresh is not None:
            yield Edit(*self.fresh.outer(fresh), self.old.bytes(old).decode())

    def instructions(self, block: _Block) -> bytes:
        """Comments and exceptions that stand before the block in the old brief."""
        known = self.before(block)
        if known is None:
            return b""
        return self.old.source.data[known.start : self.old.source.tag_bytes(known.node)[0]]

    # What stands between the blocks

    def _with_glue(self, runs: Sequence[_Run]) -> Iterator[bytes]:
        source = self.old.source
        indent = _Indent(self.old)
        depth, last = 0, None
        for run in runs:
            known = run.block if run.old else self.before(run.block)
            target = min(run.block.level, depth + 1) if run.block.heading else depth
            inside = target - 1 if run.block.heading else depth
            between = self._between(last, known, depth)
            if between is not None and _closings(between) == depth - inside:
                yield between
            else:
                for level in range(depth, inside, -1):
                    yield indent.at(level - 1) + b"</sec>"
                yield indent.at(inside)
            yield run.data
            depth = target
            last = known
        end = source._ends[source._index[self.old.body]]
        if last is not None and last.index == len(self.old.blocks) - 1:
            between = source.data[last.end : end]
            if _closings(between) == depth:
                yield between
                return
        for level in range(depth, 0, -1):
            yield indent.at(level - 1) + b"</sec>"
        yield indent.at(-1)

    def _between(self, last: _Block | None, block: _Block | None, depth: int) -> bytes | None:
        """The bytes between two blocks that follow one another in the old brief."""
        if block is None:
            return None
        data = self.old.source.data
        if block.index == 0:
            return data[self.old.source.tag_bytes(self.old.body)[1] : block.start] if depth == 0 else None
        if last is None or last.index != block.index - 1:
            return None
        return data[last.end : block.start]


_CLOSING = re.compile(rb"</sec\s*>")


def _closings(between: bytes) -> int:
    return len(_CLOSING.findall(between))


class _Indent:
    """How the lines of a brief are indented."""

    def __init__(self, reading: _Reading) -> None:
        data = reading.source.data
        first = reading.blocks[0] if reading.blocks else None
        start = reading.source.tag_bytes(reading.body)[1]
        found = re.fullmatch(rb"\s*?(\r?\n)([ \t]*)", data[start : first.start]) if first else None
        self.line, self.base = (found[1], found[2]) if found else (b"\n", b"    ")
        self.step = b"\t" if b"\t" in self.base else b"  "

    def at(self, depth: int) -> bytes:
        """A new line with the indent of what stands in a section of a depth; -1: the end of the body."""
        if depth < 0:
            return self.line + self.base[: max(len(self.base) - len(self.step), 0)]
        return self.line + self.base + self.step * depth


def _slice(source: Source, start: int, end: int, edits: Sequence[Edit]) -> bytes:
    """Bytes of a file after edits that lie within them."""
    data, done = [], start
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        data += [source.data[done : edit.start], edit.text.encode()]
        done = edit.end
    return b"".join((*data, source.data[done:end]))


# The top

_ORDER = (
    *("article-id", "article-categories", "title-group", "contrib-group", "author-notes", "history"),
    *("permissions", "abstract", "trans-abstract", "kwd-group"),
)
"""The order of what stands at the top (the profile, as JATS)."""


@dataclass
class _Top:
    """What stands before the text: the author's words replace those of the brief, all else stays."""

    composition: _Composition

    def __post_init__(self) -> None:
        self.old, self.fresh = self.composition.old, self.composition.fresh

    def edits(self) -> Iterator[Edit]:
        """The edits of the old brief."""
        old = self.old.source.root.find("front/article-meta")
        fresh = self.fresh.source.root.find("front/article-meta")
        if old is None or fresh is None:
            return
        yield from self.titles(old, fresh)
        yield from self.authors(old, fresh)
        for name in ("article-categories", "abstract", "trans-abstract", "kwd-group"):
            for each in fresh.iterfind(name):
                yield from self.part(old, each)

    def titles(self, old: Element, fresh: Element) -> Iterator[Edit]:
        ours, theirs = old.find("title-group"), fresh.find("title-group")
        if ours is None or theirs is None or _title(ours) == _title(theirs):
            return
        for name in ("article-title", "subtitle"):
            one, other = ours.find(name), theirs.find(name)
            if one is not None and other is not None:
                if _text(one) != _text(other):
                    yield Edit(*self.old.outer(one), self.fresh.bytes(other).decode())
            elif other is not None:
                after = self.old.outer(ours[0])[1]
                yield Edit(after, after, self.line(ours[0]) + self.fresh.bytes(other).decode())
            elif one is not None:
                yield Edit(self.gap_before(one), self.old.outer(one)[1], "")

    def authors(self, old: Element, fresh: Element) -> Iterator[Edit]:
        ours, theirs = old.find("contrib-group"), fresh.find("contrib-group")
        if theirs is None:
            return
        if ours is None:
            yield from self.part(old, theirs)
            return
        if set(_words(theirs)) <= set(_words(ours)) and len(ours.findall("contrib")) == len(
            theirs.findall("contrib")
        ):
            return
        known = {_name(each): each for each in ours.iterfind("contrib")}
        edits = []
        for contrib in theirs.iterfind("contrib"):
            same = known.get(_name(contrib))
            if same is not None:
                edits.append(Edit(*self.fresh.outer(contrib), self.author(same, contrib)))
        data = _slice(self.fresh.source, *self.fresh.outer(theirs), edits)
        yield Edit(*self.old.outer(ours), data.decode())

    def author(self, old: Element, fresh: Element) -> str:
        """An author of the old brief with the unit of the fresh one."""
        edits = []
        for one, other in zip(old.iterfind("aff"), fresh.iterfind("aff"), strict=False):
            if _text(one) != _text(other):
                edits.append(Edit(*self.old.outer(one), self.fresh.bytes(other).decode()))
        return _slice(self.old.source, *self.old.outer(old), edits).decode()

    def part(self, old: Element, fresh: Element) -> Iterator[Edit]:
        """A part that the manuscript has: in the place of that of the brief, or where it belongs."""
        lang = "{http://www.w3.org/XML/1998/namespace}lang"
        same = [
            each
            for each in old.iterfind(str(fresh.tag))
            if fresh.tag not in ("kwd-group", "trans-abstract") or each.get(lang) == fresh.get(lang)
        ]
        if same:
            if _joined(same[0]) != _joined(fresh):
                yield Edit(*self.old.outer(same[0]), self.fresh.bytes(fresh).decode())
            return
        until = _ORDER.index(str(fresh.tag)) + 1
        earlier = [each for each in old.iterchildren("*") if each.tag in _ORDER[:until]]
        at = self.old.outer(earlier[-1])[1] if earlier else self.old.source.tag_bytes(old)[1]
        yield Edit(at, at, self.line(old[0]) + self.fresh.bytes(fresh).decode())

    def gap_before(self, node: Element) -> int:
        start = self.old.outer(node)[0]
        while self.old.source.data[start - 1 : start].isspace():
            start -= 1
        return start

    def line(self, node: Element) -> str:
        return self.old.source.data[self.gap_before(node) : self.old.outer(node)[0]].decode()


def _text(node: Element) -> str:
    return fold(flat(node).text)


def _words(node: Element) -> list[str]:
    return [_text(passage) for passage in _passages(node)]


def _joined(node: Element) -> str:
    """The text of a list at the top, however it is divided."""
    return re.sub("[、，,；;／/ ]", "", "".join(_words(node)))


def _name(contrib: Element) -> str:
    for name in ("name", "collab", "name-alternatives/name", "string-name"):
        found = contrib.find(name)
        if found is not None:
            return _text(found)
    return ""


def _title(group: Element) -> str:
    """Title and subtitle without what stands between them."""
    parts = (group.find("article-title"), group.find("subtitle"))
    joined = "".join(_text(each) for each in parts if each is not None)
    return re.sub("[：:─—–-]", "", joined)


# What changed


def _changes(aligned: _Aligned) -> Iterator[Change]:
    old, fresh = aligned.old, aligned.fresh
    yield from _changes_at_the_top(old, fresh)
    yield from _changes_in(old.units, fresh.units, aligned.units, aligned.same, aligned)
    yield from _changes_in(old.notes, fresh.notes, aligned.notes, aligned.same_notes, aligned)


def _changes_in(
    old: Sequence[_Unit], fresh: Sequence[_Unit], pairs: Mapping[int, int], same: frozenset[int], aligned: _Aligned
) -> Iterator[Change]:
    back = {before: after for after, before in pairs.items()}
    moved = _out_of_order(
        [pairs[after] for after in sorted(pairs) if after in same and not _in_table(fresh[after])]
    )
    for index, unit in enumerate(fresh):
        known = pairs.get(index)
        labels = {"new_label": aligned.fresh.label(unit.node)}
        if known is None and fresh is aligned.fresh.units and index in aligned.at_the_top:
            continue
        if known is None:
            yield Change("added", _what(unit), new=unit.text, **labels)
            continue
        labels["old_label"] = aligned.old.label(old[known].node)
        if index not in same:
            yield Change(
                "changed", _what(unit), _shown(old[known], aligned.old), _shown(unit, aligned.fresh), **labels
            )
        elif known in moved:
            yield Change("moved", _what(unit), unit.text, unit.text, **labels)
    for index, unit in enumerate(old):
        if index not in back:
            yield Change("removed", _what(unit), old=unit.text, old_label=aligned.old.label(unit.node))


def _in_table(unit: _Unit) -> bool:
    return next(unit.node.iterancestors("table"), None) is not None


def _out_of_order(places: Sequence[int]) -> set[int]:
    """The places that do not ascend: those outside a longest run that does."""
    if list(places) == sorted(places):
        return set()
    matcher = SequenceMatcher(None, sorted(places), list(places), autojunk=False)
    in_order = {places[block.b + k] for block in matcher.get_matching_blocks() for k in range(block.size)}
    return set(places) - in_order


def _shown(unit: _Unit, reading: _Reading) -> str:
    """A text with the words of its references."""
    words = iter(
        reading.numbering.words.get(xref, "") if xref is not None else f"註{typed or ''}"
        for xref, typed in unit.xrefs
    )
    figures = iter(f"[{reading.label(note)}]" for note in unit.calls)
    text = re.sub(CALL, lambda _: next(figures, ""), unit.key)
    return re.sub(REFERENCE, lambda _: next(words, "…"), text)


def _what(unit: _Unit) -> What:
    if unit.node.tag == "fn":
        return "note"
    parent = unit.node.getparent()
    return "heading" if unit.node.tag == "title" and parent is not None and parent.tag == "sec" else "paragraph"


_AT_THE_TOP = ("contrib-group", "article-categories", "abstract", "trans-abstract", "kwd-group")


def _changes_at_the_top(old: _Reading, fresh: _Reading) -> Iterator[Change]:
    ours, theirs = (each.source.root.find("front/article-meta") for each in (old, fresh))
    if ours is None or theirs is None:
        return
    titles = [each.find("title-group") for each in (ours, theirs)]
    one, other = ("" if group is None else _title(group) for group in titles)
    if other and one != other:
        yield Change("changed", "top", *("──".join(_words_of_title(each)) for each in titles))
    for path in _AT_THE_TOP:
        before, after = (meta.find(path) for meta in (ours, theirs))
        if after is None or (before is not None and _joined(before) == _joined(after)):
            continue
        words = ["、".join(_words(each)) if each is not None else "" for each in (before, after)]
        fewer = before is not None and len(before.findall("contrib")) != len(after.findall("contrib"))
        if before is None or fewer or not {*_words(after)} <= {*_words(before)}:
            yield Change("changed" if words[0] else "added", "top", *words)


def _words_of_title(group: Element | None) -> list[str]:
    parts = (group.find(name) for name in ("article-title", "subtitle")) if group is not None else ()
    return [_text(part) for part in parts if part is not None]


def _pictures(aligned: _Aligned) -> Iterator[tuple[str, str]]:
    """The pictures of figures whose text did not change, by their names in the fresh brief."""
    href = "{http://www.w3.org/1999/xlink}href"
    for after, before in aligned.units.items():
        one, other = aligned.old.units[before].node, aligned.fresh.units[after].node
        figures = [next(each.iterancestors("fig"), None) for each in (other, one)]
        graphics = [each.find("graphic") if each is not None else None for each in figures]
        names = [each.get(href, "") if each is not None else "" for each in graphics]
        if all(names):
            yield names[0], names[1]


def _doubts(aligned: _Aligned, merged: Source) -> Iterator[Diagnostic]:
    ids = {node.get("id") for node in merged.root.iter("*") if node.get("id")}
    for xref in merged.root.iter("xref"):
        if xref.get("rid") not in ids:
            yield ID_LOST.at(merged.attribute_place(xref, "rid"), rid=xref.get("rid"))
    levels = {unit: block.level for block in aligned.fresh.blocks if block.heading for unit in block.units}
    headings = {unit: block for block in aligned.old.blocks if block.heading for unit in block.units}
    for after in sorted(aligned.same & levels.keys()):
        before = aligned.units[after]
        known = headings.get(before)
        if known is not None and known.level != levels[after]:
            place, title = aligned.old.source.place(known.node), aligned.old.units[before].text
            yield LEVEL_KEPT.at(place, title=title, old=known.level, new=levels[after])
    yield from _lost_instructions(aligned, merged)


def _lost_instructions(aligned: _Aligned, merged: Source) -> Iterator[Diagnostic]:
    def instructions(source: Source) -> Counter[str]:
        return Counter(
            str(node.text)
            for node in source.root.iter(etree.ProcessingInstruction)
            if getattr(node, "target", "") == "kan"
        )

    lost = instructions(aligned.old.source) - instructions(merged)
    for node in aligned.old.source.root.iter(etree.ProcessingInstruction):
        if lost[str(node.text)] > 0:
            lost[str(node.text)] -= 1
            parent = node.getparent()
            text = _text(parent)[:24] if parent is not None else ""
            yield EXCEPTION_LOST.at(aligned.old.source.place(node), text=text, name=f"kan {node.text}")

"""Markup: what an editor marked in a passage that the author has changed since, where it still fits.

Only what stands around words that did not change is carried over; the words are always those of the new
manuscript. A reference is carried over only if it leads where the new words lead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from lxml import etree

from pipeline.diagnostics import Code, Diagnostic, Edit, Severity, Words
from pipeline.flat import REFERENCE, flat
from pipeline.importing.again.reading import Reading, left_as_printed, spliced
from pipeline.importing.fidelity import Fold, alike, opcodes
from pipeline.importing.originals import CALL
from pipeline.notes.phrases import phrases

Element = etree._Element

_SAME_SOURCE = 0.7
"""How much two citations share, at least, of which one is the other with a few letters mended."""
_AROUND = 12
"""How many characters on either side of a comment or an exception must be as they were."""

MARKUP_LOST = Code(
    "I073",
    title=Words("編輯加的標記沒有留下", "markup of an editor was lost"),
    message=Words(
        "這一段改寫了，「{text}」原來的 <{name}> 沒有留下", "the passage changed; “{text}” lost its <{name}>"
    ),
    hint=Words("還需要的話，重新加上", "add it again if it is still needed"),
    why=Words(
        "標記跟著文字走；文字或連到的註變了，就不能確定標記還對。",
        "Markup belongs to its words; where these or the note they lead to changed, it may be wrong.",
    ),
    severity=Severity.WARNING,
)


@dataclass(frozen=True, slots=True)
class _Letter:
    """A character of a passage as it is compared: its bytes, the elements around it from the passage inwards."""

    text: str
    start: int
    end: int
    around: tuple[Element, ...]
    xref: Element | None = None
    typed: int | None = None


@dataclass(slots=True)
class _Line:
    """A passage letter by letter; `kept` are the indices of the letters that are compared."""

    reading: Reading
    node: Element
    letters: list[_Letter] = field(default_factory=list)
    text: str = ""
    kept: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.letters = list(_letters(self.reading, self.node))
        self.text, self.kept = Fold().with_places("".join(each.text for each in self.letters))

    def inside(self, element: Element) -> range:
        """The places in `text` of what stands in an element."""
        found = [at for at, index in enumerate(self.kept) if element in self.letters[index].around]
        return range(found[0], found[-1] + 1) if found else range(0)

    def alone(self, first: int, last: int, element: Element) -> bool:
        """Whether an element holds no letter beside those from `first` to `last`."""
        beside = (*self.letters[:first], *self.letters[last + 1 :])
        return not any(element in each.around for each in beside)


def _letters(reading: Reading, node: Element) -> Iterator[_Letter]:
    content, source = flat(node), reading.source
    typed = {phrase.start: phrase for phrase in phrases(content)}
    links = {piece.start for piece in content.pieces if piece.which == "reference"}
    calls = dict.fromkeys((at for at, _ in content.calls), ())
    for at in calls:
        calls[at] = tuple(note for index, note in content.calls if index == at)  # type: ignore[assignment]
    done = 0
    for piece in content.pieces:
        around = _around(piece.node if piece.which != "tail" else piece.node.getparent(), node)
        for at in range(piece.start, piece.end):
            yield from _called(reading, node, calls.pop(at, ()))
            if at < done or (piece.node.tag == "rt" and piece.which == "text"):
                continue
            phrase = typed.get(at)
            if piece.which == "reference":
                yield from _reference(reading, piece.node, around)
            elif phrase is not None and not any(phrase.start <= link < phrase.end for link in links):
                done = phrase.end
                yield _Letter(REFERENCE, *content.bytes(source, at, done), around, None, phrase.number)
            else:
                yield _Letter(content.text[at], *content.bytes(source, at, at + 1), around)
    for notes in calls.values():
        yield from _called(reading, node, notes)


def _called(reading: Reading, node: Element, notes: Sequence[Element]) -> Iterator[_Letter]:
    for note in notes:
        yield _Letter(CALL, *reading.outer(note), _around(note.getparent(), node))


def _reference(reading: Reading, xref: Element, around: tuple[Element, ...]) -> Iterator[_Letter]:
    """A link as what it prints; one that is worded by the program is one letter."""
    if xref.get("ref-type") == "fn" and xref.get("specific-use"):
        yield _Letter(REFERENCE, *reading.outer(xref), around, xref)
        return
    for each in reading.numbering.words.get(xref, REFERENCE):
        yield _Letter(each, *reading.outer(xref), around, xref)


def _around(node: Element | None, passage: Element) -> tuple[Element, ...]:
    found: list[Element] = []
    while node is not None and node is not passage:
        found.append(node)
        node = node.getparent()
    return (passage, *reversed(found))


@dataclass
class Carried:
    """What is carried from an old passage into the fresh one that it became."""

    old: Reading
    fresh: Reading
    before: Element
    after: Element
    edits: list[Edit] = field(default_factory=list)
    """Edits of the fresh brief."""
    lost: list[Diagnostic] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.before.tag != self.after.tag or not len(self.before):
            return
        self.ours, self.theirs = _Line(self.old, self.before), _Line(self.fresh, self.after)
        self.same: Mapping[int, int] = {
            i + step: j + step
            for kind, i, i_end, j, _ in opcodes(self.ours.text, self.theirs.text)
            if kind == "equal"
            for step in range(i_end - i)
        }
        self.named = {node.get("rid") for node in self.fresh.source.root.iter("xref")}
        for child in self.before:
            self.child(child)
        self.citations()

    def child(self, child: Element) -> None:
        """Carry over a piece of markup, or what is in it."""
        if child.tag == "fn":
            return
        places = self.ours.inside(child)
        if not isinstance(child.tag, str) or not places:
            self.point(child)
            return
        span = self.span(child, places)
        if span is not None:
            self.edits.append(Edit(*span, self.old.bytes(child).decode()))
            return
        if child.tag == "mixed-citation":
            if self.mended_citation(child, places):
                return
        else:
            for inner in child:
                self.child(inner)
        self.report(child, places)

    def span(self, child: Element, places: range) -> tuple[int, int] | None:
        """The bytes of the fresh brief in the place of which an old element can stand."""
        found = [self.same.get(at, -1) for at in places]
        if found[0] < 0 or found != list(range(found[0], found[0] + len(found))):
            return None
        pairs = [
            (self.ours.letters[self.ours.kept[at]], self.theirs.letters[self.theirs.kept[there]])
            for at, there in zip(places, found, strict=True)
        ]
        if not all(self.leads_alike(one, other) for one, other in pairs) or any(p[0].text == CALL for p in pairs):
            return None
        first, last = self.theirs.kept[found[0]], self.theirs.kept[found[-1]]
        letters = self.theirs.letters[first : last + 1]
        depth = min(_shared(letters[0].around, each.around) for each in letters)
        if len({each.xref for each in letters}) == 1 and letters[0].xref is not None:
            depth = min(depth, letters[0].around.index(letters[0].xref))
        while depth > 1 and self.theirs.alone(first, last, letters[0].around[depth - 1]):
            depth -= 1
        if not self.may_stand_in(child, letters[0].around[depth - 1]):
            return None
        inner = {each for letter in letters for each in letter.around[depth:]}
        ids = {node.get("id") for each in inner for node in each.iter("*")} & self.named
        whole = all(self.theirs.alone(first, last, each) for each in inner)
        if not whole or ids - {node.get("id") for node in child.iter("*")}:
            return None
        return self.edge(letters[0], depth)[0], self.edge(letters[-1], depth)[1]

    def edge(self, letter: _Letter, depth: int) -> tuple[int, int]:
        """The bytes of a letter, or of the element at a depth that holds it."""
        if len(letter.around) == depth:
            return letter.start, letter.end
        return self.fresh.outer(letter.around[depth])

    def may_stand_in(self, child: Element, parent: Element) -> bool:
        """Whether an element of the fresh brief is where the old one stood: in the passage, or in its like."""
        if parent is self.after:
            return child.getparent() is self.before
        above = child.getparent()
        return above is not None and above.tag == parent.tag != "mixed-citation"

    def leads_alike(self, one: _Letter, other: _Letter) -> bool:
        """Whether two references lead to the same thing."""
        if one.xref is None:
            return one.text != REFERENCE or (one.typed == other.typed and other.xref is None)
        rid = one.xref.get("rid")
        if one.text != REFERENCE:
            label = _label(self.old, rid)
            return label is not None and label == _label(self.fresh, rid)
        if other.xref is not None and other.xref.get("rid") == rid:
            return True
        after, before = self.fresh.target(other.xref, other.typed), self.old.target(one.xref, None)
        is_there = before is not None and before.get("id") in self.fresh.by_id
        if is_there and left_as_printed(self.old, self.fresh, one.xref, other.xref, other.typed):
            return True
        if after is None or before is None:
            return False
        return after.get("id") == before.get("id") or any(xref.get("rid") == rid for xref in after.iter("xref"))

    def mended_citation(self, citation: Element, places: range) -> bool:
        """Put the new words into the old citation, where more is marked in that than was recognised, and each
        change is within one part of it. A date is never changed so: its attribute says it again.
        """
        ours, theirs = (list(_own_citations(each)) for each in (self.before, self.after))
        if citation not in ours or len(ours) != len(theirs):
            return False
        fresh = theirs[ours.index(citation)]
        there = self.theirs.inside(fresh)
        text, new = self.ours.text[places.start : places.stop], self.theirs.text[there.start : there.stop]
        if not _says_more(citation, fresh) or alike(text, new) < _SAME_SOURCE or {REFERENCE, CALL} & {*text, *new}:
            return False
        letters = [self.ours.letters[self.ours.kept[at]] for at in places]
        edits = []
        for kind, i, i_end, j, j_end in opcodes(text, new):
            if kind == "equal":
                continue
            changed = letters[i:i_end] or letters[max(i - 1, 0) : i + 1]
            outer = min(changed, key=lambda each: len(each.around))
            if i < i_end and any(each.around != outer.around for each in changed):
                return False
            if any(each.tag == "date" for each in outer.around):
                return False
            at = (letters[i].start, letters[i_end - 1].end) if i < i_end else _beside(outer, letters[i - 1 : i])
            edits.append(Edit(*at, escape(new[j:j_end])))
        data = spliced(self.old.source, *self.old.outer(citation), edits)
        self.edits.append(Edit(*self.fresh.outer(fresh), data.decode()))
        return True

    def citations(self) -> None:
        """The ids of citations that changed, where each has its like in the fresh passage: links lead to them."""
        ours, theirs = (list(_own_citations(each)) for each in (self.before, self.after))
        if len(ours) != len(theirs):
            return
        for one, other in zip(ours, theirs, strict=True):
            at = self.fresh.outer(other)[0]
            if one.get("id") and not other.get("id") and not any(e.start <= at < e.end for e in self.edits):
                at += len("<mixed-citation")
                self.edits.append(Edit(at, at, f' id="{one.get("id")}"'))

    # Comments and exceptions

    def point(self, node: Element) -> None:
        """Put a comment, an exception or an empty element where the words on both sides are as they were."""
        if node.getparent() is not self.before:
            return
        start = self.old.outer(node)[0]
        letters = self.ours.letters
        at = sum(letters[index].start < start for index in self.ours.kept)
        low, high = max(at - _AROUND, 0), min(at + _AROUND, len(self.ours.kept))
        found = [self.same.get(each, -1) for each in range(low, high)]
        if not found or found[0] < 0 or found != list(range(found[0], found[0] + len(found))):
            return
        if (low == 0 and found[0] != 0) or (
            high == len(self.ours.kept) and found[-1] != len(self.theirs.kept) - 1
        ):
            return
        place = self.between(found[0] + at - low)
        if place is not None:
            self.edits.append(Edit(place, place, self.old.bytes(node).decode()))

    def between(self, at: int) -> int | None:
        """The byte before a letter of the fresh passage; None where that is inside of an element."""
        kept = self.theirs.kept
        before = self.theirs.letters[kept[at - 1]] if at else None
        behind = self.theirs.letters[kept[at]] if at < len(kept) else None
        if before is not None and behind is not None and _shared(before.around, behind.around) > 1:
            return None
        if behind is not None:
            return self.edge(behind, 1)[0]
        return self.edge(before, 1)[1] if before is not None else None

    # What could not be carried

    def report(self, child: Element, places: range) -> None:
        """A doubt, where the words are still there or a link is gone."""
        text = self.ours.text[places.start : places.stop]
        if child.tag == "xref":
            gone = all(each.get("rid") != child.get("rid") for each in self.after.iter("xref"))
        else:
            gone = text in self.theirs.text and next(self.after.iter(str(child.tag)), None) is None
        if gone:
            shown = self.old.numbering.words.get(child, "") if child.tag == "xref" else text.replace(CALL, "")
            self.lost.append(
                MARKUP_LOST.at(
                    self.old.source.place(child), text=shown.replace(REFERENCE, "…")[:24], name=child.tag
                )
            )


def _beside(letter: _Letter, before: Sequence[_Letter]) -> tuple[int, int]:
    """The byte behind a letter that stands before an insertion, or before one that follows it."""
    at = letter.end if letter in before else letter.start
    return at, at


def _says_more(citation: Element, fresh: Element) -> bool:
    """Whether a citation has parts, or a kind, that were not recognised in the fresh one."""
    parts = [Counter(str(each.tag) for each in node.iter("*")) for node in (citation, fresh)]
    kinds = [node.get("publication-type") for node in (citation, fresh)]
    return bool(parts[0] - parts[1]) or (kinds[0] != kinds[1] and kinds[1] == "web")


def _own_citations(passage: Element) -> Iterator[Element]:
    """The citations of a passage without those of its notes, each of which is a passage of its own."""
    for citation in passage.iter("mixed-citation"):
        if not any(each.tag == "fn" for each in _around(citation, passage)[1:]):
            yield citation


def _shared(one: Sequence[Element], other: Sequence[Element]) -> int:
    """How many elements around two letters are the same."""
    count = 0
    for ours, theirs in zip(one, other, strict=False):
        if ours is not theirs:
            break
        count += 1
    return count


def _label(reading: Reading, rid: str | None) -> str | None:
    target = reading.by_id.get(rid)
    if target is None:
        return None
    return reading.label(target) or reading.numbering.labels.get(target)

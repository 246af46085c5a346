"""Reading: a brief as its passages, its notes and its blocks, each with its text as it is compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lxml import etree

from pipeline.diagnostics import Edit
from pipeline.flat import REFERENCE, Flat, flat
from pipeline.importing.fidelity import NOT_TEXT, fold, is_passage
from pipeline.importing.originals import CALL
from pipeline.notes.phrases import phrases
from pipeline.number import Numbering, number
from pipeline.parse import Source

Element = etree._Element

_BEFORE = 12
"""How many characters before a call are its place."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A passage or a note: its text as it is compared, and the notes called in it."""

    node: Element
    key: str
    calls: tuple[Element, ...]
    xrefs: tuple[tuple[Element | None, int | None], ...]
    """For each reference to a note in the text its `xref`, or the number that was typed."""
    spoken: tuple[str, ...] = ()
    """The pronunciations in it."""
    printed: str = ""
    """The text of a note with the pages behind its references as they are printed (頁15 for p. 15), as an exported
    file has them."""

    @property
    def text(self) -> str:
        """The text as a report quotes it."""
        return self.key.replace(CALL, "").replace(REFERENCE, "…")


@dataclass(slots=True)
class Block:
    """A heading (`level` is that of its section) or a block in a section of that level; bytes `start` to `end`."""

    node: Element
    heading: bool
    level: int
    start: int
    end: int
    index: int
    units: tuple[int, ...] = ()


class Reading:
    """A brief as its passages, its notes and its blocks."""

    def __init__(self, source: Source, typed: Mapping[int, str] = MappingProxyType({})) -> None:
        """`typed` has what was typed where a link is now, by the place of the `xref` among all of them."""
        self.source = source
        self.typed_at = typed
        self.typed = {xref: typed[at] for at, xref in enumerate(source.root.iter("xref")) if at in typed}
        self.numbering: Numbering = number(source.root)
        body = source.root.find("body")
        self.body = body if body is not None else etree.Element("body")
        self.units: list[Unit] = []
        self.blocks: list[Block] = []
        self._walk(self.body, 0)
        called = [call for unit in self.units for call in unit.calls]
        self.notes: list[Unit] = [self.unit(note) for note in called]
        self.context = dict(self._contexts())
        self.by_id = {node.get("id"): node for node in source.root.iter("*") if node.get("id")}

    def outer(self, node: Element) -> tuple[int, int]:
        """The bytes of an element, or of a comment or instruction."""
        return self.source.element_bytes(node)

    def end_of_body(self) -> int:
        """Where the end tag of the body begins; where an empty one ends."""
        start, end = self.outer(self.body)
        return max(self.source.data.rfind(b"</body", start, end), self.source.tag_bytes(self.body)[1])

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
                self._add(Block(child, True, depth + 1, start, end, len(self.blocks)), title)
                self._walk(child, depth + 1)
            else:
                self._add(Block(child, False, depth, start, self.outer(child)[1], len(self.blocks)), child)

    def _add(self, block: Block, content: Element | None) -> None:
        first = len(self.units)
        for passage in passages(content):
            self.units.append(self.unit(passage))
        block.units = tuple(range(first, len(self.units)))
        self.blocks.append(block)

    def unit(self, node: Element) -> Unit:
        """A passage, or a note with its paragraphs."""
        paragraphs = list(node.iterfind("p")) if node.tag == "fn" else [node]
        keys: list[str] = []
        printed: list[str] = []
        calls: list[Element] = []
        xrefs: list[tuple[Element | None, int | None]] = []
        for paragraph in paragraphs:
            content = flat(paragraph)
            keys.append(_key(content, self.numbering, xrefs))
            printed += [_key(content, self.numbering, [], as_printed=True)] if node.tag == "fn" else []
            calls += [note for _, note in content.calls]
        spoken = tuple("".join(each.itertext()) for each in node.iter("rt"))
        return Unit(node, "\n".join(keys), tuple(calls), tuple(xrefs), spoken, "\n".join(printed))

    def _contexts(self) -> Iterator[tuple[Element, str]]:
        for unit in self.units:
            parts = unit.key.split(CALL)
            for note, before in zip(unit.calls, parts, strict=False):
                yield note, before[-_BEFORE:]

    def linked(self, unit: Unit) -> tuple[str, list[str | None]]:
        """What a text says and what its links lead to, whatever numbers these have."""
        paragraphs = list(unit.node.iterfind("p")) if unit.node.tag == "fn" else [unit.node]
        keys = (_key(flat(each), self.numbering, [], as_linked=True) for each in paragraphs)
        return "\n".join(keys), [None if xref is None else xref.get("rid") for xref, _ in unit.xrefs]

    def typed_words(self, node: Element) -> Iterator[str]:
        """The references in a passage or note that are typed words."""
        for paragraph in list(node.iterfind("p")) if node.tag == "fn" else [node]:
            content = flat(paragraph)
            links = [piece.start for piece in content.pieces if piece.which == "reference"]
            for phrase in phrases(content):
                if not any(phrase.start <= at < phrase.end for at in links):
                    yield content.text[phrase.start : phrase.end]

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


def left_as_printed(
    old: Reading, fresh: Reading, xref: Element | None, now: Element | None, typed: int | None
) -> bool:
    """Whether an author left the words of a reference as the old brief printed them: `now` is the link that was
    made of them, or `typed` their number. He means what they meant, though other notes have these numbers now.
    """
    words = old.numbering.words.get(xref, "") if xref is not None else ""
    if not words or (now is not None and now not in fresh.typed):
        return False
    if now is not None:
        return "".join(fresh.typed[now].split()) == "".join(words.split())
    return typed is not None and re.findall("[0-9]+", words)[-1:] == [str(typed)]


def passages(node: Element | None) -> Iterator[Element]:
    """The elements of a part of a brief that hold text themselves."""
    if node is None or node.tag in NOT_TEXT:
        return
    if is_passage(node):
        yield node
        return
    for child in node.iterchildren("*"):
        yield from passages(child)


def _key(
    content: Flat,
    numbering: Numbering,
    xrefs: list[tuple[Element | None, int | None]],
    *,
    as_printed: bool = False,
    as_linked: bool = False,
) -> str:
    """The text of a passage as it is compared: what refers to a note is `REFERENCE`, however it is written."""
    marks: list[tuple[int, int, str]] = [(at, at, CALL) for at, _ in content.calls]
    links = {piece.start: piece.node for piece in content.pieces if piece.which == "reference"}
    found: list[tuple[int, Element | None, int | None]] = []
    for at, node in links.items():
        if node.get("ref-type") == "fn" and node.get("specific-use"):
            found.append((at, node, None))
        else:
            words = numbering.words.get(node, REFERENCE)
            marks.append((at, at + 1, str(node.get("rid")) if as_linked else words))
    marks += [
        (piece.start, piece.end, "")
        for piece in content.pieces
        if piece.node.tag == "rt" and piece.which == "text"
    ]
    typed = [each for each in phrases(content) if not any(each.start <= at < each.end for at in links)]
    marks += [(phrase.start, phrase.end, REFERENCE) for phrase in typed]
    found += [(phrase.start, None, phrase.number) for phrase in typed]
    for piece in content.pieces if as_printed else ():
        behind = numbering.texts.get((piece.node, piece.which)) if piece.node.tag == "xref" else None
        if behind is not None and not any(
            phrase.start < piece.end and piece.start < phrase.end for phrase in typed
        ):
            marks.append((piece.start, piece.end, numbering.locators.get(piece.node, "") + behind))
    xrefs += [(node, typed) for _, node, typed in sorted(found, key=lambda each: each[0])]
    text, done = "", 0
    for start, end, mark in sorted(marks):
        text += content.text[done:start] + mark
        done = end
    return fold(text + content.text[done:])


def text_of(node: Element) -> str:
    """The text of an element as it is compared."""
    return fold(flat(node).text)


def words_in(node: Element) -> list[str]:
    """The texts of the passages in a part of a brief."""
    return [text_of(passage) for passage in passages(node)]


def joined(node: Element) -> str:
    """The text of a list at the top, however it is divided."""
    return re.sub("[、，,；;／/ ]", "", "".join(words_in(node)))


def name_of(contrib: Element) -> str:
    """The name of an author."""
    for name in ("name", "collab", "name-alternatives/name", "string-name"):
        found = contrib.find(name)
        if found is not None:
            return text_of(found)
    return ""


def whole_title(group: Element) -> str:
    """Title and subtitle without what stands between them."""
    parts = (group.find("article-title"), group.find("subtitle"))
    joined = "".join(text_of(each) for each in parts if each is not None)
    return re.sub("[：:─—–-]", "", joined)


def spliced(source: Source, start: int, end: int, edits: Sequence[Edit]) -> bytes:
    """Bytes of a file after edits that lie within them. Raises `ValueError` where two edits overlap."""
    data, done = [], start
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        if edit.start < done:
            raise ValueError("edits overlap")
        data += [source.data[done : edit.start], edit.text.encode()]
        done = edit.end
    return b"".join((*data, source.data[done:end]))

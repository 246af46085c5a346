"""Text: an issue as the blocks that a proofreader reads, each a row of atoms.

An atom is what is compared as one: a Han character, a mark, a Latin word, a generated reference. The text is
that of `pipeline.collation`, as the author wrote it; the numbers and generated words are those of the numbering.
The calls of notes are no atoms: they have their places between them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from pipeline.collation.article import source_text
from pipeline.collation.text import BREAK, CALL, CALL_END, REFERENCE, NoteText, Passage, Witness
from pipeline.diagnostics import Place
from pipeline.notes.style import HouseStyle
from pipeline.number import Numbering, number
from pipeline.parse import LANG, Source

Element = etree._Element

PARAGRAPH = "¶"
"""What is compared between two paragraphs that are read as one."""

CONTEXT = 10
"""How many characters around a change are shown."""

_TOKEN = re.compile(
    f"{CALL}[^{CALL_END}]*{CALL_END}|{REFERENCE}|{BREAK}"
    r"|[A-Za-z\u00c0-\u024f]+(?:['’][A-Za-z\u00c0-\u024f]+)*|\d+(?:[.,:]\d+)*|."
    r"|\n",
    re.DOTALL,
)
_FORMATS = ("style", "link", "lang", "ruby")
"""The marks of a text that show as formatting."""


@dataclass(frozen=True, slots=True)
class Atom:
    """What is compared as one: its `key`, what is printed for it, and where it comes from.

    `start` is the character of the passage. `formats` are the marks on it (kind and value); `refers` tells that
    it is a generated reference, whose printed words may differ where the key does not.
    """

    key: str
    shown: str
    block: "Block" = field(repr=False, compare=False)
    start: int
    formats: frozenset[tuple[str, str]] = frozenset()
    refers: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """The call of a note: which note, and the atom it stands before."""

    note: str
    at: int
    label: str


@dataclass(frozen=True, eq=False)
class Block:
    """A paragraph, heading, caption, cell …

    `part` is title, authors, body … or `note`, with the `note` it belongs to; `position` counts the blocks of its
    part from 1. `role` is that of `Passage`.
    """

    part: str
    position: int
    passage: Passage = field(repr=False)
    brief: "BriefText" = field(repr=False)
    note: "Note | None" = field(default=None, repr=False)

    @property
    def role(self) -> str:
        """What it is, and what it stands in."""
        return self.passage.role

    @property
    def label(self) -> str:
        """The number or word that the program puts before it."""
        return self.passage.label

    @cached_property
    def key(self) -> str:
        """What tells that two blocks are the same, calls left out."""
        return "\0".join(atom.key for atom in self.atoms)

    @cached_property
    def text(self) -> str:
        """What it says, without the numbers of notes."""
        return shown(self.atoms)

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """Its atoms in their order."""
        return tuple(atom for atom in self._read() if isinstance(atom, Atom))

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """The calls of notes in it."""
        return tuple(call for call in self._read() if isinstance(call, Call))

    def _read(self) -> Iterator[Atom | Call]:
        text, count = self.passage.text, 0
        calls = {mark.start: mark.value for mark in self.passage.marks if mark.kind == "call"}
        marks = [mark for mark in self.passage.marks if mark.kind in _FORMATS]
        for token in _TOKEN.finditer(text):
            start, said = token.start(), token[0]
            if said[0] == CALL:
                yield Call(self.brief.called(calls.get(start, "")), count, said[1:-1])
                continue
            count += 1
            around = frozenset((mark.kind, mark.value) for mark in marks if mark.start <= start < mark.end)
            if said == REFERENCE:
                node = self.node_at(start)
                yield Atom(
                    self.brief.reference_key(node), self.brief.words(node), self, start, around, refers=True
                )
            else:
                yield Atom(said, "／" if said == BREAK else said, self, start, around)

    def node_at(self, start: int) -> Element | None:
        """The element that character `start` of the passage comes from."""
        found = self.passage.origin(start)
        return found[0] if found is not None else None

    def origin(self, start: int) -> tuple[Element, str, int] | None:
        """The node, "text" or "tail", and the character in that of a character of the passage."""
        return self.passage.origin(start)

    def place(self, start: int = 0) -> Place:
        """Where a character of the passage stands in the file."""
        found, source = self.passage.origin(start), self.brief.source
        if found is not None and self.passage.text:
            node, which, index = found
            if node.tag != "xref" or which != "text":
                length = len((node.text if which == "text" else node.tail) or "")
                return source.text_place(node, which, index, min(index + 1, length))
            return source.place(node)
        return source.place(self.passage.node if self.passage.node is not None else source.root)


@dataclass(frozen=True, eq=False)
class Note:
    """A note of a brief: its id, number and blocks."""

    id: str
    label: str
    element: Element = field(repr=False)
    brief: "BriefText" = field(repr=False)
    said: NoteText = field(repr=False)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Its paragraphs."""
        passages = enumerate(self.said.passages, start=1)
        return tuple(Block("note", position, passage, self.brief, self) for position, passage in passages)

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(block.text for block in self.blocks)


@dataclass(frozen=True, eq=False)
class BriefText:
    """The text of one brief. `same` gives notes, figures and the like the name that they have in both copies."""

    href: str
    source: Source = field(repr=False)
    numbering: Numbering = field(repr=False)
    witness: Witness = field(repr=False)
    same: Mapping[Element, str] = field(default_factory=dict, repr=False)

    @cached_property
    def parts(self) -> Mapping[str, tuple[Block, ...]]:
        """The blocks of each part: title, authors, abstract, body …"""
        return {
            part: tuple(Block(part, n, passage, self) for n, passage in enumerate(passages, start=1))
            for part, passages in self.witness.parts.items()
        }

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """The notes in their order."""
        said = [each for each in self.witness.notes if each.node is not None]
        return tuple(Note(n.node.get("id", ""), n.label, n.node, self, n) for n in said if n.node is not None)

    @cached_property
    def title(self) -> str:
        """The title as plain text."""
        return "".join(block.text for block in self.parts.get("title", ()))

    def name(self, element: Element | None) -> str:
        """What an element is called in both copies: its own id where nobody gave it a name."""
        if element is None:
            return ""
        return self.same.get(element) or f"{element.tag!s}#{element.get('id', '')}"

    def called(self, value: str) -> str:
        """The name of the note that a call leads to (note 3)."""
        return self.name(next((each.element for each in self.notes if f"note {each.label}" == value), None))

    def reference_key(self, node: Element | None) -> str:
        """What tells that two references are the same: what they are for, and what they lead to."""
        if node is None:
            return REFERENCE
        target = self.numbering.targets.get(node)
        named = node.get("rid", "") if target is None or node.get("rid") != target.get("id") else ""
        use = node.get("specific-use") or node.get("ref-type") or ""
        return f"{REFERENCE}{use} {self.name(target)} {named}"

    def words(self, node: Element | None) -> str:
        """What a reference prints: 同註5, 圖1."""
        return self.numbering.words.get(node, "") if node is not None else ""


@dataclass(frozen=True)
class IssueText:
    """The text of an issue: its briefs in their order, and what `issue.xml` says beside them."""

    source: Source
    briefs: tuple[BriefText, ...]

    @cached_property
    def fields(self) -> tuple[tuple[str, int, str, Element], ...]:
        """What `issue.xml` says: the name of an element, the how manieth it is, its text, the element."""
        found: list[tuple[str, int, str, Element]] = []
        counts: dict[str, int] = {}
        for part in ("journal-meta", "issue-meta"):
            for element in self.source.root.iterfind(f"{part}//*"):
                if not isinstance(element.tag, str) or len(element):
                    continue
                said = [" ".join((element.text or "").split())]
                said += [
                    v for name, v in sorted(element.attrib.items()) if name not in (LANG, "publication-format")
                ]
                path = "/".join(
                    str(each.tag)
                    for each in (*reversed(list(element.iterancestors())), element)
                    if each is not None
                ).split("/", 2)[-1]
                counts[path] = counts.get(path, 0) + 1
                found.append((path, counts[path], " ".join(filter(None, said)), element))
        return tuple(found)


def read_brief(href: str, source: Source, style: HouseStyle | None) -> BriefText:
    """The text of one brief; `style` words its notes."""
    numbering = number(source.root, style)
    return BriefText(href, source, numbering, source_text(source.root, href, numbering))


def read_text(issue: Source, briefs: Mapping[str, Source], style: HouseStyle | None) -> IssueText:
    """The text of a valid issue."""
    return IssueText(issue, tuple(read_brief(href, source, style) for href, source in briefs.items()))


def shown(atoms: Sequence[Atom]) -> str:
    """What atoms print."""
    return "".join(atom.shown for atom in atoms)


def words_around(row: Sequence[Atom], start: int, end: int, most: int = CONTEXT) -> tuple[str, str]:
    """The words before and behind a stretch of a row of atoms, up to `most` characters, none of them cut."""
    head, tail = "", ""
    for atom in reversed(row[:start]):
        if len(head) + len(atom.shown) > most:
            break
        head = atom.shown + head
    for atom in row[end:]:
        if len(tail) + len(atom.shown) > most:
            break
        tail += atom.shown
    return head, tail

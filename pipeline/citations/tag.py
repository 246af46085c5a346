"""Tag citations: recognise them in the notes of a brief and wrap them and their parts in JATS elements.

Only tags are inserted: no character of a note changes. A part that can't be wrapped properly, because an
element already there begins inside it and ends outside, stays untagged.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import quoteattr

from lxml import etree

from pipeline.citations import kinds, names
from pipeline.citations.recognise import Doubt, Found, Part, recognise, surname
from pipeline.diagnostics import Edit, Place, Words
from pipeline.flat import REFERENCE, Flat, flat
from pipeline.parse import Source

Element = etree._Element

_PHRASE = frozenset(["italic", "bold", "sup", "sub", "named-content", "styled-content", "ruby", "rb", "rt"])
_ALLOWED = {
    "mixed-citation": _PHRASE | {"ext-link"},
    "article-title": _PHRASE,
    "source": _PHRASE,
}
"""The elements that may lie inside a new element, as the schema has it; none in the others."""

_NESTED = Words("既有的標籤與這筆書目交錯，無法加標", "an element already there overlaps it")
_SEVERAL = Words(
    "別的註用「同註」指向這個註，加標後就不知是哪一筆；請先替各筆加上 id",
    "another note refers to this one as the same source, and would not say which of several",
)
_COMMENTS = rb"(?:<!--.*?-->|<\?.*?\?>)*"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A citation that was tagged: where it stands, what it is, and its text."""

    place: Place
    found: Found
    text: str


@dataclass(frozen=True, slots=True)
class Doubted:
    """What looks like a citation and is left as it is: where it stands, its text, and why."""

    place: Place
    text: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Tagging:
    """The edits that tag a brief, and what they tag and leave; all in the order of the file."""

    edits: tuple[Edit, ...]
    tagged: tuple[Tagged, ...]
    doubts: tuple[Doubted, ...]


def citation_edits(source: Source) -> Tagging:
    """Tag every citation in the notes of a brief that is recognised with certainty and not yet tagged."""
    edits: list[Edit] = []
    tagged: list[Tagged] = []
    doubts: list[Doubted] = []
    named = {xref.get("rid") for xref in source.root.iter("xref") if xref.get("specific-use") == "same-source"}
    for note in source.root.iter("fn"):
        paragraphs = [_Paragraph(source, paragraph) for paragraph in note.iterfind("p")]
        cited = sum(1 for _ in note.iter("mixed-citation")) + sum(len(each.citations) for each in paragraphs)
        several = cited > 1 and note.get("id") in named
        for paragraph in paragraphs:
            doubts += (Doubted(*paragraph.quoted(doubt), doubt.reason) for doubt in paragraph.doubts)
            for found in paragraph.citations:
                place, text = paragraph.quoted(found)
                inserted = () if several else paragraph.tags(found)
                edits += inserted
                if inserted:
                    tagged.append(Tagged(place, found, text))
                else:
                    doubts.append(Doubted(place, text, _SEVERAL if several else _NESTED))
    doubts.sort(key=lambda doubt: (doubt.place.line, doubt.place.column))
    return Tagging(tuple(edits), tuple(tagged), tuple(doubts))


class _Paragraph:
    """A paragraph of a note, the elements in it, and the citations that are not yet tagged."""

    def __init__(self, source: Source, paragraph: Element) -> None:
        self.source = source
        self.flat = flat(paragraph)
        self.extents = list(_extents(self.flat))
        begin, last = source.tag_bytes(paragraph)[0], len(self.flat.text)
        end = self.flat.bytes(source, last - 1, last)[1] if last else begin
        self.has_character_data = b"<![CDATA[" in source.data[begin:end]
        done = [(start, end) for start, end, node in self.extents if node.tag == "mixed-citation"]
        found = recognise(self.flat.text, self.flat.links, self.flat.italics)
        self.citations = [each for each in found.citations if not _overlaps(each, done)]
        self.doubts = [each for each in found.doubts if not _overlaps(each, done)]

    def quoted(self, each: Found | Doubt) -> tuple[Place, str]:
        """Where a citation or a doubt stands, and its text."""
        return self.flat.place(self.source, each.start, each.end), self.flat.text[each.start : each.end]

    def tags(self, found: Found) -> tuple[Edit, ...]:
        """The tags of one citation; none when it can't be wrapped."""
        frame = _frame(self.flat.text, found)
        attributes = {"publication-type": found.kind, "xml:lang": frame}
        inner = [edit for group in _groups(found.parts) for edit in self.part(found, group, frame)]
        return self.wrapped(found.start, found.end, "mixed-citation", attributes, inner)

    def part(self, found: Found, group: list[Part], frame: str) -> tuple[Edit, ...]:
        """The tags of one part, or of people of one role that follow one another."""
        first, last = group[0], group[-1]
        if first.role in ("author", "editor", "translator"):
            people = [edit for part in group for edit in self.person(found, part, frame)]
            kind = {"person-group-type": first.role}
            return self.wrapped(first.start, last.end, "person-group", kind, people)
        if first.role in ("article-title", "source"):
            lang = kinds.language(first.value, "") if first.role == "source" else found.lang
            attributes = {"xml:lang": lang} if lang != frame else {}
            return self.wrapped(first.start, first.end, first.role, attributes)
        if first.role == "date" and first.value:
            year = self.wrapped(first.start, first.end, "year", {})
            return self.wrapped(first.start, first.end, "date", {"iso-8601-date": first.value}, year)
        return ()

    def person(self, found: Found, part: Part, frame: str) -> tuple[Edit, ...]:
        """The tags of a name: of a person, of an organisation, or none when it may be either."""
        kind = names.kind(part.value)
        if kind == "organisation":
            return self.wrapped(part.start, part.end, "collab", {})
        if kind != "person":
            return ()
        eastern = not re.match("[A-Za-z\u00c0-\u024f]", part.value)
        cut = surname(found, part) if eastern or frame == "en" else None
        inner: list[Edit] = []
        for (start, end), name in sorted(zip(cut or (), ("surname", "given-names"), strict=False)):
            inner += self.wrapped(part.start + start, part.start + end, name, {})
        style = {"name-style": "eastern" if eastern else "western"} if inner else {}
        return self.wrapped(part.start, part.end, "string-name", style, inner)

    def wrapped(
        self, start: int, end: int, name: str, attributes: Mapping[str, str], inner: Sequence[Edit] = ()
    ) -> tuple[Edit, ...]:
        """Tags around characters `start` to `end` and the elements that fill them, with the tags inside."""
        if not self.may_hold(start, end, name):
            return ()
        first, last = self.before(start, end), self.after(start, end)
        if first is None or last is None:
            return ()
        written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        return Edit(first, first, f"<{name}{written}>"), *inner, Edit(last, last, f"</{name}>")

    def may_hold(self, start: int, end: int, name: str) -> bool:
        """Whether a new element there nests with the elements there, and may hold those inside it."""
        for first, last, node in self.extents:
            inside = start <= first and last <= end
            apart = last <= start or end <= first
            if not apart and not (inside and node.tag in _ALLOWED.get(name, ())):
                return False
        return not self.has_character_data

    def before(self, start: int, end: int) -> int | None:
        """The offset before a character and before the start tags of the elements that begin with it."""
        begin = [node for first, last, node in self.extents if first == start and last <= end]
        if begin and self.flat.text[start] != REFERENCE:
            return self.source.tag_bytes(begin[0])[0]
        return self.flat.bytes(self.source, start, start + 1)[0]

    def after(self, start: int, end: int) -> int | None:
        """The offset after a character and after the end tags of the elements that end with it."""
        offset = self.flat.bytes(self.source, end - 1, end)[1]
        ending = [node for first, last, node in self.extents if last == end and first >= start]
        for node in reversed(ending):
            end_tag = re.compile(_COMMENTS + rb"</%s\s*>" % str(node.tag).encode(), re.DOTALL)
            found = end_tag.match(self.source.data, offset)
            if not found:
                return None
            offset = found.end()
        return offset


def _extents(paragraph: Flat) -> Iterator[tuple[int, int, Element]]:
    """Each element in a flat text and where its text begins and ends, outer before inner; none without text."""
    spans: dict[Element, tuple[int, int]] = {}
    for piece in paragraph.pieces:
        node = piece.node if piece.which != "tail" else piece.node.getparent()
        while node is not None and node is not paragraph.element:
            start, _ = spans.get(node, (piece.start, 0))
            spans[node] = (start, piece.end)
            node = node.getparent()
    for node in paragraph.element.iter("*"):
        if node in spans:
            yield *spans[node], node


def _overlaps(each: Found | Doubt, spans: list[tuple[int, int]]) -> bool:
    return any(start < each.end and each.start < end for start, end in spans)


def _groups(parts: tuple[Part, ...]) -> Iterator[list[Part]]:
    for _, group in groupby(parts, key=lambda part: part.role):
        yield list(group)


def _frame(text: str, found: Found) -> str:
    """The language of a citation's punctuation: Chinese where a Chinese mark stands between its parts.

    A Korean or Japanese title in Chinese punctuation is a stretch of its own language in a Chinese citation.
    """
    if found.lang == kinds.CHINESE:
        return found.lang
    between, done = [], found.start
    for part in found.parts:
        between.append(text[done : part.start])
        done = part.end
    return kinds.CHINESE if re.search("[，〈《（：]", "".join(between)) else found.lang

"""The graph of a brief's notes: notes, the citations in them, the calls, and the references between them.

It is built once, after parsing, and says only what denotes what: no number and no word of it is ever printed
as it stands here. Numbers, wording, links, the reference list and the rules all read it.

    Reference ──named──▶ Note or Citation ──(a note that only refers)──▶ … ──▶ Cited
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Literal

from lxml import etree

from pipeline.citations.recognise import recognise
from pipeline.citations.recognise import work as recognised_work
from pipeline.citations.works import Work, tagged_work
from pipeline.flat import Flat, flat

Element = etree._Element

NOTE = "fn"
CITATION = "mixed-citation"
_NOT_SET = {"alt-text", "trans-title-group"}
"""Elements whose text is not set where it stands, so that no note can be called there."""

_FROM_TEXT = ("volume", "issue", "pages", "publisher", "place", "date", "url")
"""Fields of a work that the text of a marked citation may say although no element does."""

Use = Literal["same-source", "see"]
_USES: Mapping[str | None, Use] = {"same-source": "same-source", "see": "see"}


@dataclass(frozen=True, slots=True)
class Citation:
    """One source cited in a note: characters `start` to `end` of a paragraph of it.

    `element` is its `mixed-citation`; None where the author did not mark it and the text alone shows it.
    """

    note: Element
    element: Element | None
    paragraph: Flat
    start: int
    end: int
    work: Work


@dataclass(frozen=True, slots=True)
class Reference:
    """A generated reference to a note: `xref` with `same-source` or `see`.

    `note` is the note it stands in (None: running text). `named` is the element its `rid` names: a note, or
    one citation in a note; `target` is that note.
    """

    xref: Element
    use: Use
    note: Element | None
    named: Element
    target: Element


@dataclass(frozen=True, slots=True)
class Call:
    """A place where a note is called: the `fn` itself, or an `xref` that calls it `again` (from 1)."""

    element: Element
    note: Element
    again: int = 0


Part = Citation | Reference
"""What a note is made of, apart from its words."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note with its paragraphs and its parts in their order.

    `by_author`: a note in `author-notes`, which has a mark (*) and no number. `doubtful`: something in its text
    looks like a citation that can't be told from the rest.
    """

    element: Element
    by_author: bool
    paragraphs: tuple[Flat, ...]
    parts: tuple[Part, ...]
    doubtful: bool = False

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources it cites itself."""
        return tuple(part for part in self.parts if isinstance(part, Citation))

    @property
    def sources(self) -> tuple[Part, ...]:
        """What it rests on: its own citations, and its references to a source cited before."""
        return tuple(part for part in self.parts if isinstance(part, Citation) or part.use == "same-source")


@dataclass(frozen=True, slots=True)
class Cited:
    """What a reference denotes: a citation, or a whole note where no single citation can be told.

    `several`: the note has more than one source and the reference doesn't say which.
    """

    note: Element
    citation: Citation | None
    several: bool = False


@dataclass(frozen=True)
class Graph:
    """The notes of one brief.

    `notes`: in the order in which a reader meets their calls. `author_notes`: in the order of theirs.
    `calls` and `references`: in the order of reading.
    """

    notes: tuple[Note, ...]
    author_notes: tuple[Note, ...]
    calls: tuple[Call, ...]
    references: tuple[Reference, ...]

    @cached_property
    def order(self) -> Mapping[Element, int]:
        """The number of each numbered note, from 1."""
        return {note.element: position for position, note in enumerate(self.notes, start=1)}

    @cached_property
    def note(self) -> Mapping[Element, Note]:
        """Every note by its element."""
        return {note.element: note for note in (*self.author_notes, *self.notes)}

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation in every note, in the order of the notes."""
        return tuple(citation for note in (*self.author_notes, *self.notes) for citation in note.citations)

    @cached_property
    def _by_element(self) -> Mapping[Element, Citation]:
        return {citation.element: citation for citation in self.citations if citation.element is not None}

    def cited(self, reference: Reference) -> Cited:
        """What a reference denotes in the end: a reference to a note that only refers is followed.

        A chain that runs in a circle (a manuscript with errors) ends where it closes.
        """
        seen: set[Element] = set()
        while True:
            if reference.named.tag == CITATION:
                return Cited(reference.target, self._by_element.get(reference.named))
            note = self.note[reference.target]
            sources = note.sources
            if len(sources) != 1 or note.doubtful:
                return Cited(reference.target, None, several=len(sources) > 1)
            (only,) = sources
            if isinstance(only, Citation):
                return Cited(reference.target, only)
            if only.xref in seen:
                return Cited(reference.target, None)
            seen.add(only.xref)
            reference = only

    def denoted(self, part: Part) -> Cited:
        """The source that a part of a note stands for."""
        return Cited(part.note, part) if isinstance(part, Citation) else self.cited(part)

    def referring(self, note: Element) -> tuple[Reference, ...]:
        """The references that name a note or a citation in it."""
        return tuple(reference for reference in self.references if reference.target is note)


@lru_cache(maxsize=32)
def note_graph(article: Element) -> Graph:
    """The graph of a brief. `article` is not changed afterwards: the tree of a `Source` never is."""
    by_id = {node.get("id"): node for node in article.iter("*") if node.get("id")}
    called: list[Element] = []
    calls: list[Call] = []
    references: dict[Element, Reference] = {}
    again: dict[Element, int] = {}
    for node in as_read(article):
        if node.tag == NOTE and not is_author_note(node) and _is_set(node):
            called.append(node)
            calls.append(Call(node, node))
        elif node.tag == "xref":
            named = by_id.get(node.get("rid", ""))
            target = note_around(named) if named is not None else None
            use = node.get("specific-use")
            if named is None or target is None or not _may_refer(node):
                continue
            if use in _USES:
                references[node] = Reference(node, _USES[use], note_around(node), named, target)
            elif use is None:
                again[target] = again.get(target, 0) + 1
                calls.append(Call(node, target, again[target] - is_author_note(target)))
    by_authors = dict.fromkeys(call.note for call in calls if is_author_note(call.note))
    by_authors |= dict.fromkeys(article.iterfind("front/article-meta/author-notes/fn"))
    known = {*called, *by_authors, None}
    references = {x: ref for x, ref in references.items() if ref.target in known and ref.note in known}
    return Graph(
        tuple(_note(note, references) for note in called),
        tuple(_note(note, references) for note in by_authors),
        tuple(call for call in calls if call.note in known),
        tuple(references.values()),
    )


def as_read(element: Element) -> Iterator[Element]:
    """An element and all inside it in the order of the page: JATS has a table's foot before its body."""
    yield element
    children = list(element)
    if element.tag == "table":
        children.sort(key=lambda child: child.tag == "tfoot")
    for child in children:
        yield from as_read(child)


def note_around(node: Element) -> Element | None:
    """The note that an element is, or stands in."""
    return node if node.tag == NOTE else next(node.iterancestors(NOTE), None)


def is_author_note(note: Element) -> bool:
    """Whether a note is the author's, on the title or an author: it has a mark (*) and no number."""
    parent = note.getparent()
    return parent is not None and parent.tag == "author-notes"


def _is_set(node: Element) -> bool:
    return not any(parent.tag in _NOT_SET for parent in node.iterancestors())


def _may_refer(xref: Element) -> bool:
    return xref.get("ref-type") in (NOTE, "author-notes") and _is_set(xref)


def _note(element: Element, references: Mapping[Element, Reference]) -> Note:
    paragraphs = tuple(flat(p) for p in element.iterfind("p"))
    parts: list[Part] = []
    doubtful = False
    for paragraph in paragraphs:
        tagged = [_tagged(element, paragraph, node) for node in paragraph.element.iter(CITATION)]
        read, doubts = _untagged(element, paragraph, tagged)
        referring = [
            (piece.start, references[piece.node])
            for piece in paragraph.pieces
            if piece.which == "reference" and piece.node in references
        ]
        found: list[tuple[int, Part]] = [(each.start, each) for each in (*tagged, *read)]
        parts += [part for _, part in sorted([*found, *referring], key=lambda pair: pair[0])]
        doubtful |= doubts
    return Note(element, is_author_note(element), paragraphs, tuple(parts), doubtful)


def _untagged(note: Element, paragraph: Flat, tagged: list[Citation]) -> tuple[list[Citation], bool]:
    """Citations that the author did not mark, and whether something else looks like one.

    Where the author marked a citation, the marks are the truth.
    """

    def is_marked(start: int, end: int) -> bool:
        return any(start < citation.end and citation.start < end for citation in tagged)

    read = recognise(paragraph.text, paragraph.links, paragraph.italics)
    citations = [
        Citation(note, None, paragraph, found.start, found.end, recognised_work(paragraph.text, found))
        for found in read.citations
        if not is_marked(found.start, found.end)
    ]
    return citations, any(not is_marked(doubt.start, doubt.end) for doubt in read.doubts)


def _tagged(note: Element, paragraph: Flat, element: Element) -> Citation:
    inside = set(element.iter())
    pieces = [
        piece
        for piece in paragraph.pieces
        if piece.node in inside and not (piece.node is element and piece.which == "tail")
    ]
    start, end = (pieces[0].start, pieces[-1].end) if pieces else (0, 0)
    return Citation(note, element, paragraph, start, end, _completed(tagged_work(element), paragraph, start, end))


def _completed(work: Work, paragraph: Flat, start: int, end: int) -> Work:
    """A marked work with what its text says and the profile has no element for: volume, pages, publisher …"""
    links = [replace(link, start=link.start - start, end=link.end - start) for link in paragraph.links]
    italics = [(first - start, last - start) for first, last in paragraph.italics]
    inside = [link for link in links if link.start >= 0 and link.end <= end - start]
    text = paragraph.text[start:end]
    read = recognise(text, inside, [pair for pair in italics if pair[0] >= 0 and pair[1] <= end - start])
    if len(read.citations) != 1 or read.doubts:
        return work
    found = recognised_work(text, read.citations[0])
    if not work.authors and not work.editors:
        work = replace(work, authors=found.authors, editors=found.editors)
    said: dict[str, Any] = {name: getattr(work, name) or getattr(found, name) for name in _FROM_TEXT}
    return replace(work, **said)

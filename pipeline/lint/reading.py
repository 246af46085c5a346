"""What the editorial rules read: each paragraph, title and caption as one string whose characters are sorted.

A rule asks of a stretch of text whose words it is: the author's own, a quotation's, a title's, an address. That is
worked out here once (`Passage.zones`), so that every rule leaves what belongs to someone else alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, wraps
from typing import Literal, TypeVar
from weakref import WeakKeyDictionary
from xml.sax.saxutils import escape

from lxml import etree

from pipeline.diagnostics import Edit, Place
from pipeline.flat import REFERENCE, Flat, flat
from pipeline.languages import is_foreign, runs
from pipeline.lint.vocabulary import Vocabulary
from pipeline.notes.graph import Citation, Graph, Note, note_graph
from pipeline.parse import LANG, Source
from pipeline.profiles import DEFAULT

Element = etree._Element

Kind = Literal["title", "heading", "body", "quotation", "note", "caption", "attribution", "cell", "metadata"]

_TEXTS: dict[str, Kind] = {
    "article-title": "title",
    "subtitle": "title",
    "title": "heading",
    "p": "body",
    "attrib": "attribution",
    "td": "cell",
    "th": "cell",
    **dict.fromkeys(
        ("subject", "kwd", "aff", "collab", "trans-title", "trans-subtitle", "alt-text", "copyright-statement"),
        "metadata",
    ),
}
"""The elements that hold text set as one block, and what they are where nothing around them says otherwise."""

_AROUND: dict[str, Kind] = {"disp-quote": "quotation", "caption": "caption", "table": "cell", "front": "metadata"}
_BLOCKS = {"p", "list", "disp-quote", "fig", "table-wrap"}

OWN, NAMED, QUOTED, TITLED, ADDRESS = ".nqtu"
"""The zones: the author's own words; a term that the author sets apart in 「」; someone else's words; the title
of a work; an address."""

TYPED_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s\u3000-\u303f\uff00-\uffef“”‘’]+")
_TITLE = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|〈[^〈〉]*(?:〈[^〈〉]*〉[^〈〉]*)*〉")
_CORNERS = re.compile(r"「[^「」]*(?:「[^「」]*」[^「」]*)*」|『[^『』]*』")
_CURLY = re.compile(r"“[^“”]*(?:“[^“”]*”[^“”]*)*”")
_HAN = re.compile("[\u3400-\u9fff]")
_FUNCTION = frozenset(
    "的了在是為與和及或並而則也都就又於以其將把被從至到等該此這各每已可會要須應仍最更且但若如因由對向之使讓"
)
_ENDS = re.compile(r"[。！？；：]|……")
_SAID = re.compile(
    "(?:表示|指出|強調|認為|宣稱|聲稱|聲明|呼籲|坦言|直言|寫道|批評|警告|說|曰|答|問|"
    "(?<![簡名俗通又全舊亦合統])稱|(?<![頻管渠軌通航水])道)[，：]?$"
)
_LONGEST_TERM = 12
"""Most characters in 「」 that are still a term, not a quotation."""


@dataclass(frozen=True, eq=False)
class Passage:
    """One paragraph, title, caption or cell; notes called in it are passages of their own.

    `text` has one U+FFFC for each generated reference. `lang` is the language of the whole (BCP 47), `note` the
    note it stands in.
    """

    source: Source
    flat: Flat
    kind: Kind
    lang: str
    note: Note | None = None

    @property
    def text(self) -> str:
        """The words, without markup."""
        return self.flat.text

    @property
    def element(self) -> Element:
        """The element that holds it."""
        return self.flat.element

    @property
    def calls(self) -> tuple[tuple[int, Element], ...]:
        """The notes called in it: the index of the character before which each stands, and its `fn`."""
        return self.flat.calls

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """The sources cited in it, marked up or not; `start` and `end` count in `text`."""
        if self.note is None:
            return ()
        return tuple(each for each in self.note.citations if each.paragraph.element is self.element)

    @cached_property
    def zones(self) -> str:
        """A string as long as `text` that says of each character whose it is (OWN, NAMED, …).

        The brackets of a title or quotation belong to the text around it: they are the author's.
        """
        zones = [QUOTED if self.kind == "quotation" else OWN] * len(self.text)
        _zone_brackets(self, zones)
        _zone_markup(self.flat, zones)
        for found in TYPED_ADDRESS.finditer(self.text):
            _paint(zones, *found.span(), ADDRESS)
        for link in self.flat.links:
            if "/" in self.text[link.start : link.end]:
                _paint(zones, link.start, link.end, ADDRESS)
        return "".join(zones)

    @cached_property
    def own_text(self) -> str:
        """`text` with U+FFFC for each character of a quotation, a title or an address: the places are the same."""
        return "".join(
            character if zone in (OWN, NAMED) else REFERENCE
            for character, zone in zip(self.text, self.zones, strict=True)
        )

    def is_own(self, start: int, end: int) -> bool:
        """Whether all of a stretch is the author's own words (terms in 「」 are)."""
        return not any(zone in self.zones[start:end] for zone in (QUOTED, TITLED, ADDRESS))

    @cached_property
    def languages(self) -> tuple[tuple[int, int, str | None], ...]:
        """The text cut into stretches of one language by their script: (start, end, en, ko, ja; None: its own)."""
        found, done = [], 0
        for lang, stretch in runs(self.text, self.lang):
            found.append((done, done + len(stretch), lang))
            done += len(stretch)
        return tuple(found)

    def lang_at(self, index: int) -> str:
        """The language of one character: by its script, else that of the passage."""
        return next((lang for start, end, lang in self.languages if start <= index < end and lang), self.lang)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The stretches (start, end) that end with 。！？； or the end of the passage."""
        ends = [found.end() for found in re.finditer("[。！？；][」』）”]*", self.text)]
        starts = [0, *ends]
        return tuple((a, b) for a, b in zip(starts, [*ends, len(self.text)], strict=True) if a < b)

    def place(self, start: int, end: int) -> Place:
        """Where characters `start` to `end` (exclusive, at least one) stand in the file."""
        if not self.text:
            return self.source.place(self.element)
        start = min(start, len(self.text) - 1)
        return self.flat.place(self.source, start, max(end, start + 1))

    def replaced(self, start: int, end: int, text: str) -> tuple[Edit, ...]:
        """The edit that puts `text` in the place of characters `start` to `end`; none where markup lies between.

        With `start == end` the text goes in before that character (or, at the end, after the last).
        """
        if not self.text:
            return ()
        if start == end:
            at = self.flat.bytes(self.source, start, start + 1)[0] if start < len(self.text) else None
            at = at if at is not None else self.flat.bytes(self.source, start - 1, start)[1]
            return (Edit(at, at, escape(text)),)
        if self.flat.piece(start) is not self.flat.piece(end - 1) or REFERENCE in self.text[start:end]:
            return ()
        first, last = self.flat.bytes(self.source, start, end)
        if b"<" in self.source.data[first:last]:
            return ()
        return (Edit(first, last, escape(text)),)


@dataclass(frozen=True, eq=False)
class Reading:
    """One brief as the rules read it: its passages in the order of the file, and its notes.

    `issue` has the other briefs; a brief read alone is an issue of one.
    """

    source: Source
    passages: tuple[Passage, ...]
    graph: Graph
    issue: "IssueReading"

    @property
    def lang(self) -> str:
        """The language of the brief."""
        return self.source.root.get(LANG) or DEFAULT

    @cached_property
    def prose(self) -> tuple[Passage, ...]:
        """The passages of the text itself: no notes, no metadata."""
        return tuple(each for each in self.passages if each.note is None and each.kind != "metadata")

    @cached_property
    def notes(self) -> tuple[Passage, ...]:
        """The paragraphs of the notes."""
        return tuple(each for each in self.passages if each.note is not None)

    def number(self, passage: Passage) -> int | None:
        """The number of the note that a passage stands in; None in running text and in an author's note."""
        return self.graph.order.get(passage.note.element) if passage.note is not None else None


Read = TypeVar("Read", bound=Passage | Reading)
Found = TypeVar("Found")


def once(find: Callable[[Read], Found]) -> Callable[[Read], Found]:
    """Let a function look at each passage or brief once, however many rules ask."""
    known: WeakKeyDictionary[Read, Found] = WeakKeyDictionary()

    @wraps(find)
    def found_once(read: Read) -> Found:
        if read not in known:
            known[read] = find(read)
        return known[read]

    return found_once


@dataclass(eq=False)
class IssueReading:
    """What briefs share: the date of the issue (None: not known) and the house vocabulary.

    `briefs` holds every brief that is read with it.
    """

    published: date | None = None
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    briefs: tuple[Reading, ...] = ()


def read_briefs(sources: Iterable[Source], issue: IssueReading) -> tuple[Reading, ...]:
    """Read briefs that belong to one issue; `issue.briefs` is set to them."""
    issue.briefs = tuple(read_brief(source, issue) for source in sources)
    return issue.briefs


def read_brief(source: Source, issue: IssueReading) -> Reading:
    """Read one brief."""
    graph = note_graph(source.root)
    passages = tuple(_passages(source, graph, source.root, None))
    return Reading(source, passages, graph, issue)


def stands_apart(text: str, start: int, end: int) -> bool:
    """Whether marks or function words stand on both sides of a word, so that it can't be parts of two others."""
    return all(
        not beside or not _HAN.match(beside) or beside in _FUNCTION
        for beside in (text[max(start - 1, 0) : start], text[end : end + 1])
    )


def publication_date(issue: Source | None) -> date | None:
    """The date of an issue from its `issue.xml`, where it has a possible one."""
    node = issue.root.find("issue-meta/pub-date") if issue is not None else None
    try:
        return date.fromisoformat(node.get("iso-8601-date", "")) if node is not None else None
    except ValueError:
        return None


def _passages(source: Source, graph: Graph, parent: Element, around: Kind | None) -> Iterator[Passage]:
    for node in parent:
        if not isinstance(node.tag, str):
            continue
        inside = _AROUND.get(node.tag, around)
        kind = _TEXTS.get(node.tag)
        if kind is None or any(child.tag in _BLOCKS for child in node):
            yield from _passages(source, graph, node, inside)
            continue
        text = flat(node)
        if text.text:  # an empty one is a finding of `validate`
            yield _passage(source, text, kind if kind in ("title", "attribution") else inside or kind, None)
        for element in node.iter("fn"):
            note = graph.note.get(element)
            yield from _note_passages(source, element, note)


def _note_passages(source: Source, element: Element, note: Note | None) -> Iterator[Passage]:
    """The paragraphs of a note; the graph has read those of every note that is called."""
    if note is not None:
        for paragraph in note.paragraphs:
            yield _passage(source, paragraph, "note", note)
    else:
        for node in element.iterfind("p"):
            yield _passage(source, flat(node), "note", None)


def _passage(source: Source, text: Flat, kind: Kind, note: Note | None) -> Passage:
    document = source.root.get(LANG) or DEFAULT
    marked = next((node.get(LANG) for node in _upwards(text.element) if node.get(LANG)), document)
    return Passage(source, text, kind, is_foreign(text.text, marked or document) or marked or document, note)


def _upwards(node: Element) -> Iterator[Element]:
    yield node
    yield from node.iterancestors()


def _zone_brackets(passage: Passage, zones: list[str]) -> None:
    text = passage.text
    for found in _CORNERS.finditer(text):
        zone = QUOTED if _is_quotation(text, *found.span()) else NAMED
        _paint(zones, found.start() + 1, found.end() - 1, zone)
    for found in _CURLY.finditer(text):
        zone = TITLED if passage.note is not None else QUOTED
        _paint(zones, found.start() + 1, found.end() - 1, zone)
    for found in _TITLE.finditer(text):
        _paint(zones, found.start() + 1, found.end() - 1, TITLED)


def _is_quotation(text: str, start: int, end: int) -> bool:
    """Whether 「…」 holds someone's words, not a term."""
    inside = text[start + 1 : end - 1]
    return (
        len(inside) > _LONGEST_TERM
        or _ENDS.search(inside) is not None
        or _SAID.search(text, max(0, start - 4), start) is not None
    )


def _zone_markup(text: Flat, zones: list[str]) -> None:
    """Titles that the author marked as such."""
    for piece in text.pieces:
        node = piece.node if piece.which == "text" else piece.node.getparent()
        while node is not None and node is not text.element:
            if node.tag in ("article-title", "source"):
                _paint(zones, piece.start, piece.end, TITLED)
            node = node.getparent()


def _paint(zones: list[str], start: int, end: int, zone: str) -> None:
    zones[start:end] = zone * (end - start)

"""Parts: what the parts of a Word file share while they are written: ids, notes, lists, pictures, links."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from pipeline.brief import Brief, Figure, Note, Section, Table, walk
from pipeline.exporting.bookmarks import Kind, bookmark, bookmarks
from pipeline.exporting.faces import Faces
from pipeline.exporting.lists import Headings, Items
from pipeline.exporting.pictures import Picture, drawn
from pipeline.exporting.wordml import Element, w
from pipeline.number import Numbering
from pipeline.parse import Source

KEY = "b"
"""What the anchors of the exported brief begin with (`pipeline.content.brief_content`)."""

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class Relationship:
    """What a part refers to (ECMA-376 part 2, 9.3)."""

    identifier: str
    kind: str
    target: str
    external: bool = False


class Ids:
    """The ids of a brief's source, which its values name by anchors or not at all."""

    def __init__(self, source: Source, brief: Brief, numbering: Numbering) -> None:
        root = source.root
        self._numbering = numbering
        self._by_id = {str(each.get("id")): each for each in root.iter("*") if each.get("id")}
        self._names = bookmarks(self._by_id)
        self._given = {f"{KEY}{mark}{each}": each for each in self._by_id for mark in "-_"}
        self.unnumbered: set[str] = set()
        self._table_notes: dict[str, int] = {}
        for kind, tag in ((Section, "sec"), (Figure, "fig"), (Table, "table-wrap")):
            blocks = (block for block in walk(brief.blocks) if isinstance(block, kind))
            for block, element in zip(blocks, root.iterfind(f"body//{tag}"), strict=True):
                self._enter(block, element)
        lists = root.iterfind("body//list")
        self._items = iter([[item.get("id") for item in each.iterfind("list-item")] for each in lists])

    def _enter(self, block: Section | Figure | Table, element: Element) -> None:
        if element.get("id") is None:
            self._given.pop(block.anchor, None)
        if element.get("specific-use") == "unnumbered":
            self.unnumbered.add(block.anchor)
        self._table_notes[block.anchor] = len(element.findall("table-wrap-foot/p"))

    def name(self, anchor: str | None, kind: Kind = "") -> str | None:
        """The bookmark of an anchor; None where the source gives no id."""
        identifier = self._given.get(anchor or "")
        if identifier is None:
            return None
        return bookmark(identifier, kind) if kind else self._names[identifier]

    def next_items(self) -> Iterator[str | None]:
        """The bookmarks of the items of the next list, None for one without an id."""
        return (bookmark(each, "item") if each else None for each in next(self._items))

    def notes_of(self, anchor: str) -> int:
        """How many of the lines under a table are notes; the others name its source."""
        return self._table_notes[anchor]

    def citations(self, note: Note) -> list[str | None]:
        """The bookmarks of the tagged citations of a note, in order, None for those without an id."""
        return [self._names.get(each.get("id", "")) for each in self._note(note).iter("mixed-citation")]

    def targets(self, note: Note) -> list[str | None]:
        """The bookmarks of what the references in a note name, in order: a note, or a citation."""
        numbering = self._numbering
        found = (x for x in self._note(note).iter("xref") if x in numbering.targets and x not in numbering.again)
        return [self._names.get(xref.get("rid", "")) for xref in found]

    def _note(self, note: Note) -> Element:
        return self._by_id[self._given[note.anchor]]


@dataclass
class Parts:
    """The file being written. Lengths in points; `height` is that of the highest picture."""

    ids: Ids
    faces: Faces
    headings: Headings
    measure: float
    height: float
    pictures: Mapping[str, Picture]
    labels: Mapping[str, str]
    items: Items = field(default_factory=Items)
    notes: dict[str, tuple[int, Note]] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.document, self.footnotes = Part(self), Part(self)


class Part:
    """One part with text: the document, or its footnotes."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.relationships: list[Relationship] = []

    def relate(self, kind: str, target: str, *, external: bool = False) -> str:
        """The identifier of a relationship; the same one for the same target."""
        made = Relationship(f"rId{len(self.relationships) + 1}", f"{_OFFICE}/{kind}", target, external)
        for each in self.relationships:
            if (each.kind, each.target) == (made.kind, made.target):
                return each.identifier
        self.relationships.append(made)
        return made.identifier

    def link(self, href: str) -> str:
        """The relationship to an address."""
        return self.relate("hyperlink", href, external=True)

    def marked(self, name: str, content: Iterable[Element]) -> Iterator[Element]:
        """Content inside a bookmark (17.13.6)."""
        number = next(self._parts.numbers)
        yield w("bookmarkStart", id=number, name=name)
        yield from content
        yield w("bookmarkEnd", id=number)

    def footnote(self, note: Note) -> int:
        """The number of a footnote in the file, from 1 in the order of the calls."""
        number, _ = self._parts.notes.setdefault(note.anchor, (len(self._parts.notes) + 1, note))
        return number

    def name(self, anchor: str) -> str | None:
        """The bookmark of an anchor of the brief."""
        return self._parts.ids.name(anchor)

    def label(self, anchor: str) -> str:
        """The printed number of a note."""
        return self._parts.labels.get(anchor, "")

    def picture(self, figure: Figure) -> Element:
        """The drawing of a figure; its files go into the package."""
        picture = self._parts.pictures[figure.href]
        related = []
        for suffix, data in picture.files:
            same = [name for name, known in self._parts.media.items() if known == data]
            name = same[0] if same else f"image{len(self._parts.media) + 1}{suffix}"
            self._parts.media[name] = data
            related.append(self.relate("image", f"media/{name}"))
        number = next(self._parts.numbers)
        return drawn(picture, related, figure, number, (self._parts.measure, self._parts.height))

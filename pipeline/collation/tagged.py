"""The PDF as a witness: its text in the order and with the roles of the structure tree (ISO 32000-1, 14.7, 14.8).

PDF ─drawn▶ text of marked content ─tree▶ Node ─▶ Witness of each article

Notes are read out of the line in which they stand. What is drawn and stands in no article (running heads,
folios) is an artifact or belongs to the cover, the contents, the colophon.
"""

import hashlib
import io
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf

from pipeline.collation.drawn import Font, Reader, Shown, fonts_in, same_reading
from pipeline.collation.hypertext import UnreadableError
from pipeline.collation.text import BREAK, Mark, NoteText, Passage, Pen, Witness
from pipeline.diagnostics import Words

_HEADING = re.compile("H[1-6]?$")
_FAULTS = (
    pikepdf.PdfError, pikepdf.PasswordError, pikepdf.DataDecodingError, struct.error, ArithmeticError,
    AttributeError, LookupError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
"""What a damaged PDF may raise."""
_STREAM = re.compile(r"(stream )?<[^<>]* object at 0x[0-9a-f]+>[ :]*")
"""What pikepdf calls a file in memory."""
_GROUPS = frozenset({"Sect", "Div", "Part", "NonStruct", "LBody"})


@dataclass
class Node:
    """A structure element: its tag, what it says, and its kids: elements, text, or the aims of links.

    `page` is the page (from 1) of its first marked content, `own_pages` are those of all of it.
    """

    tag: str
    lang: str = ""
    alternative: str = ""
    identifier: str = ""
    kids: list["Node | str"] = field(default_factory=list)
    aims: list[str] = field(default_factory=list)
    page: int = 0
    own_pages: set[int] = field(default_factory=set)

    def first(self, tag: str) -> "Node | None":
        """Its first kid with a tag."""
        return next((kid for kid in self.kids if isinstance(kid, Node) and kid.tag == tag), None)

    def spoken(self) -> str:
        """The text in it without the calls of notes."""
        return "".join(
            kid if isinstance(kid, str) else kid.spoken()
            for kid in self.kids
            if isinstance(kid, str) or kid.tag not in ("Reference", "Note")
        )

    def pages(self) -> set[int]:
        """The pages of the text in it."""
        return {*self.own_pages, *(page for kid in self.kids if isinstance(kid, Node) for page in kid.pages())} - {
            0
        }

    def words(self) -> str:
        """All text in it."""
        return "".join(kid if isinstance(kid, str) else kid.words() for kid in self.kids)

    def all(self, tag: str) -> Iterator["Node"]:
        """The elements in it that have a tag, in order, without those inside them."""
        for kid in self.kids:
            if isinstance(kid, Node):
                if kid.tag == tag:
                    yield kid
                else:
                    yield from kid.all(tag)

    def every(self, tag: str) -> Iterator["Node"]:
        """The elements in it that have a tag, in order, those inside them too."""
        for kid in self.kids:
            if isinstance(kid, Node):
                if kid.tag == tag:
                    yield kid
                yield from kid.every(tag)


@dataclass
class Readings:
    """The pages read so far, by their content: an offprint has pages of the issue, which are not read twice.

    A reading is taken over only where every code that the page shows stands for the same, is as wide and has an
    outline in the fonts of both files (`drawn.same_reading`), so the same text would be read again.
    """

    known: dict[bytes, tuple[Shown, Mapping[str, Font]]] = field(default_factory=dict)

    def read(self, page: Any, fonts: Mapping[str, Font]) -> Shown:
        """What a page shows."""
        contents = page.get("/Contents")
        streams = contents if isinstance(contents, pikepdf.Array) else [contents] if contents is not None else []
        data = b"\n".join(stream.read_bytes() for stream in streams)
        box = tuple(float(edge) for edge in (page.get("/CropBox") or page["/MediaBox"]))
        key = hashlib.sha256(data + repr(box).encode()).digest()
        known = self.known.get(key)
        if known is not None and same_reading(known[0], known[1], fonts):
            return known[0]
        shown = Reader(fonts, box).read(data)  # type: ignore[arg-type]
        self.known.setdefault(key, (shown, fonts))
        return shown


@dataclass(frozen=True)
class Tagged:
    """A tagged PDF: its articles in order, and what of its text can't be seen or is not what it says, by page.

    `places`: the page of each named destination. `running`: the running head and folio of each page,
    `repeated`: the text of its other artifacts.
    """

    articles: tuple[Node, ...]
    wrong: tuple[tuple[int, str, Words], ...]
    places: Mapping[str, int]
    running: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()


def read_pdf(data: bytes, readings: Readings) -> Tagged:
    """Read a tagged PDF. Raises `UnreadableError`."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return _read(pdf, readings)
    except _FAULTS as error:
        raise UnreadableError(_STREAM.sub("", str(error)) or type(error).__name__) from error


def _read(pdf: pikepdf.Pdf, readings: Readings) -> Tagged:
    known: dict[Any, Font] = {}
    shown, numbers = [], {}
    for number, page in enumerate(pdf.pages, start=1):
        numbers[page.obj.objgen] = number
        shown.append(readings.read(page.obj, dict(fonts_in(page.obj, known))))
    wrong = tuple((n, text, said) for n, page in enumerate(shown, start=1) for text, said in page.wrong)
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None:
        raise UnreadableError("no structure tree")
    reader = _TreeReader(shown, numbers, _destinations(pdf, numbers))
    articles = [article for kid in _kids(tree) for article in reader.articles(kid)]
    unread = reader.unread()
    running = tuple("".join(page.running) for page in shown)
    repeated = tuple("".join(page.repeated) for page in shown)
    return Tagged(tuple(articles), (*wrong, *unread), reader.places, running, repeated)


def _destinations(pdf: pikepdf.Pdf, numbers: Mapping[Any, int]) -> dict[str, int]:
    """The page of each named destination (12.3.2.3)."""
    names = pdf.Root.get("/Names")
    if names is None or "/Dests" not in names:
        return {}
    found = {}
    for name, aim in pikepdf.NameTree(names["/Dests"]).items():
        place = aim["/D"] if isinstance(aim, pikepdf.Dictionary) else aim
        found[str(name)] = numbers.get(place[0].objgen, 0)
    return found


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


class _TreeReader:
    """Takes the structure tree out of the PDF."""

    def __init__(self, shown: Sequence[Shown], numbers: Mapping[Any, int], places: Mapping[str, int]) -> None:
        self.shown, self.numbers, self.places = shown, numbers, places
        self.done: list[set[int]] = [set() for _ in shown]

    def articles(self, element: Any) -> Iterator[Node]:
        """The articles in an element; what stands in none is read too, so that nothing is left over."""
        if str(element.get("/S", "")) == "/Art":
            yield self.node(element)
            return
        page = element.get("/Pg")
        for kid in _kids(element):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from self.articles(kid)
            else:
                self.content(kid, page)

    def node(self, element: Any) -> Node:
        """An element with all in it."""
        made = Node(str(element["/S"])[1:])
        if "/Lang" in element:
            made.lang = str(element["/Lang"])
        if "/Alt" in element:
            made.alternative = str(element["/Alt"])
        if "/ID" in element:
            made.identifier = str(element["/ID"])
        page = element.get("/Pg")
        for kid in _kids(element):
            if isinstance(kid, pikepdf.Dictionary):
                if "/S" in kid:
                    made.kids.append(self.node(kid))
                    made.page = made.page or made.kids[-1].page  # type: ignore[union-attr]
                    continue
                if "/Obj" in kid:
                    made.aims.append(_aim(kid["/Obj"]))
                    continue
            text, number = self.content(kid, page)
            made.kids.append(text)
            made.page = made.page or number
            made.own_pages.add(number)
        return made

    def content(self, kid: Any, page: Any) -> tuple[str, int]:
        """The text of a piece of marked content, and its page."""
        number = kid
        if isinstance(kid, pikepdf.Dictionary):
            if "/MCID" not in kid:
                return "", 0
            page, number = kid.get("/Pg", page), kid["/MCID"]
        if page is None:
            return "", 0
        at = self.numbers.get(page.objgen, 0)
        self.done[at - 1].add(int(number))
        return self.shown[at - 1].contents.get(int(number), ""), at

    def unread(self) -> Iterator[tuple[int, str, Words]]:
        """Text that is marked as content and stands nowhere in the tree."""
        said = Words("不在結構樹裡，報讀軟體讀不到", "stands nowhere in the structure tree")
        for page, (shown, done) in enumerate(zip(self.shown, self.done, strict=True), start=1):
            for number in sorted(shown.contents.keys() - done):
                if shown.contents[number].strip():
                    yield page, shown.contents[number], said


def _aim(annotation: Any) -> str:
    """Where a link leads: the address, or # and the name of the destination."""
    action = annotation.get("/A")
    if action is not None and "/URI" in action:
        return str(action["/URI"])
    aim = annotation.get("/Dest") if action is None else action.get("/D")
    return f"#{aim}" if aim is not None else ""


# Articles


def article_text(node: Node, edition: str, base: Witness, places: Mapping[str, int]) -> Witness:
    """The text of an article; `base` is only asked what the ids of its sections, figures and tables are called."""
    return _Article(node, base, places, edition).witness()


class _Article:
    def __init__(self, node: Node, base: Witness, places: Mapping[str, int], edition: str) -> None:
        self.node, self.base, self.places, self.edition = node, base, places, edition
        self.notes = {note.identifier: note for note in node.every("Note")}
        self.labels = {identifier: _label(note) for identifier, note in self.notes.items()}

    def witness(self) -> Witness:
        lang = self.node.lang or self.base.lang
        passages = tuple(self.blocks(self.node, "", lang))
        notes = tuple(
            NoteText(self.labels[name], tuple(self.note(note, lang))) for name, note in self.notes.items()
        )
        return Witness(self.edition, self.base.name, lang, {"printed": passages}, notes, pages=self.pages())

    def pages(self) -> tuple[int, ...]:
        pages = self.node.pages()
        return tuple(range(min(pages), max(pages) + 1)) if pages else ()

    def note(self, note: Node, lang: str) -> Iterator[Passage]:
        label = note.first("Lbl")
        for position, passage in enumerate(self.blocks(note, "", note.lang or lang, without="Lbl")):
            if position == 0 and label is not None:
                aims = [aim for link in label.every("Link") for aim in link.aims]
                back = Mark(0, 0, "back", self.target(aims[0]) if aims else "nothing")
                yield replace(passage, marks=(*passage.marks, back))
            else:
                yield passage

    def blocks(self, node: Node, role: str, lang: str, without: str = "Note") -> Iterator[Passage]:
        for kid in node.kids:
            if isinstance(kid, str):
                if kid.strip():
                    yield self.paragraph(Node("P", kids=[kid]), f"{role}text", lang)
            elif kid.tag not in ("Note", without):
                yield from self.block(kid, role, kid.lang or lang)

    def block(self, node: Node, role: str, lang: str) -> Iterator[Passage]:
        if node.tag in _GROUPS:
            yield from self.blocks(node, role, lang)
        elif node.tag == "BlockQuote":
            yield from self.blocks(node, f"{role}quotation/", lang)
        elif node.tag == "L":
            for position, item in enumerate(node.all("LI"), start=1):
                yield from self.blocks(item, f"{role}item {position}/", item.lang or lang, "Lbl")
        elif node.tag == "Figure":
            yield self.paragraph(Node("P", kids=[node.alternative]), f"{role}figure/alternative text", lang)
            for caption in node.all("Caption"):
                yield from self.blocks(caption, f"{role}figure/", caption.lang or lang)
        elif node.tag == "Table":
            yield from self.table(node, f"{role}table/", lang)
        else:
            kind = "title" if node.tag == "H1" else "heading" if _HEADING.match(node.tag) else "paragraph"
            yield self.paragraph(node, f"{role}{kind}", lang)

    def table(self, node: Node, role: str, lang: str) -> Iterator[Passage]:
        for caption in node.all("Caption"):
            yield from self.blocks(caption, role, caption.lang or lang)
        for position, row in enumerate(node.all("TR"), start=1):
            cells = [kid for kid in row.kids if isinstance(kid, Node) and kid.tag in ("TH", "TD")]
            for column, cell in enumerate(cells, start=1):
                kind = "heading" if cell.tag == "TH" else "cell"
                yield self.cell(cell, f"{role}{kind} {position}.{column}", cell.lang or lang)

    # Text

    def cell(self, node: Node, role: str, lang: str) -> Passage:
        """A cell: its paragraphs are lines."""
        pen = Pen()
        for kid in node.kids:
            if pen.length and isinstance(kid, Node) and kid.tag == "P":
                pen.write(BREAK, lang)
            self.inline(replace(node, kids=[kid]), pen, lang)
        return pen.passage(role, leading=" ")

    def paragraph(self, node: Node, role: str, lang: str) -> Passage:
        pen = Pen()
        self.inline(node, pen, lang)
        return pen.passage(role, leading=" ")

    def inline(self, node: Node, pen: Pen, lang: str) -> None:
        for kid in node.kids:
            if isinstance(kid, str):
                pen.write(kid, lang)
            elif kid.tag != "Note":
                self.child(kid, pen, kid.lang or lang)

    def child(self, node: Node, pen: Pen, lang: str) -> None:
        start = pen.length
        match node.tag:
            case "Ruby":
                for base in node.all("RB"):
                    self.inline(base, pen, lang)
                pen.mark("ruby", "".join(said.words() for said in node.all("RT")).strip(), start)
            case "Link":
                self.link(node, pen, lang, start)
            case _:
                self.inline(node, pen, lang)

    def link(self, node: Node, pen: Pen, lang: str, start: int) -> None:
        aims = list(dict.fromkeys(node.aims))
        aim = aims[0] if len(aims) == 1 else " ".join(aims)
        if not aim.startswith("#"):
            self.inline(node, pen, lang)
            pen.mark("link", aim, start)
            return
        target, words = self.target(aim), node.words().strip()
        if target.startswith("note ") and (words.isdecimal() or set(words) == {"*"}):
            pen.call(words, target, lang)
        else:
            self.inline(node, pen, lang)
            pen.mark("to", target, start)

    def target(self, aim: str) -> str:
        """What a link within the document leads to, where its destination stands on the page of that."""
        name = aim.removeprefix("#")
        if name not in self.places:
            return "nothing"
        call = re.sub(r"-call(-\d+)?$", "", name)
        if name in self.labels:
            there = self.notes[name].page == self.places[name]
            return f"note {self.labels[name]}" if there else f"page {self.places[name]}"
        if call in self.labels and call != name:
            return f"call of note {self.labels[call]}"
        return self.base.anchors.get(re.sub(r"^b\d+[-_]", "", name), aim)


def _label(note: Node) -> str:
    label = note.first("Lbl")
    return label.words().strip() if label is not None else ""


def articles_of(tagged: Tagged, titles: Mapping[str, str]) -> dict[str, Node]:
    """The articles by the name of their brief: that with its title, else the next that has the title of none.

    `titles` are those of the briefs by name, in order.
    """
    left = list(tagged.articles)
    found: dict[str, Node] = {}
    for name, title in titles.items():
        same = next((article for article in left if _title(article) == title), None)
        if same is not None:
            left.remove(same)
            found[name] = same
    for name in titles:
        if name not in found and left:
            found[name] = left.pop(0)
    return found


def _title(article: Node) -> str:
    heading = next(article.every("H1"), None)
    return "".join(heading.spoken().split()) if heading is not None else ""

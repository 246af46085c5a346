"""Hypertext: a brief in the EPUB and in the web edition, read from the finished markup.

Both name their parts with the same classes (`layouts/`). What an edition adds by itself (back links, page
breaks, supplied sources, labels) is told apart here and is compared with what must stand there.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree, html

from pipeline.collation.text import BREAK, NoteText, Passage, Pen, Witness
from pipeline.parse import LANG
from pipeline.unpack import UnpackError, unpack

Element = etree._Element

MOST_DEPTH = 200
"""How many elements may stand in each other. A page of ours has 15; libxml2 drops what is deeper than 256."""

_ALONE = ("focus", "title", "subtitle", "abstract", "keywords")
"""Parts that have one kind of passage."""
_STYLES = {"i": "italic", "b": "bold", "sup": "sup", "sub": "sub"}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CLASSES = frozenset({"emphasis-mark", "proper-name", "book-title"})
"""Classes of spans that say how text is set apart; others only name parts."""
_NEVER_SHOWN = frozenset({"noscript", "script", "style", "template"})
_HIDING = re.compile("display:none|visibility:(hidden|collapse)")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_AFTER_LABEL = " \u3000\u00a0"
_FRONT = {"focus": "focus", "subtitle": "subtitle", "translated-title": "translated title", "keywords": "keywords"}
_PARTS = {"translated title": "translated-title", "author": "authors", "English name": "authors",
          "unit": "authors", "ORCID": "ORCID", "date": "history", "DOI": "history"}  # fmt: skip


class UnreadableError(Exception):
    """An edition that can't be read at all; says why."""


@dataclass(frozen=True)
class Book:
    """An EPUB: its files by their path, the documents of the spine in order, and the folder of the package."""

    files: Mapping[str, bytes]
    spine: tuple[str, ...]
    folder: str


def read_book(data: bytes) -> Book:
    """An EPUB. Raises `UnreadableError`."""
    try:
        files = unpack(data)
    except UnpackError as error:
        raise UnreadableError(str(error)) from error
    package = _package(files)
    folder = posixpath.dirname(package)
    return Book(files, tuple(inside(folder, href) for href in _spine(files[package])), folder)


def _package(files: Mapping[str, bytes]) -> str:
    """The path of the package document (EPUB 3.3, 4.2.6.3.1)."""
    container = read_xhtml(files.get("META-INF/container.xml", b""))
    path = next((each.get("full-path", "") for each in container.iter("{*}rootfile")), "")
    if path not in files:
        raise UnreadableError("no package document")
    return path


def _spine(package: bytes) -> Iterator[str]:
    """The addresses of the documents in their reading order (EPUB 3.3, 5.7.2)."""
    root = read_xhtml(package)
    hrefs = {item.get("id"): item.get("href", "") for item in root.iter("{*}item")}
    for each in root.iter("{*}itemref"):
        if each.get("linear") != "no":
            yield hrefs.get(each.get("idref"), "")


def inside(folder: str, href: str) -> str:
    """The path of the file that an address in a document of `folder` names."""
    return posixpath.normpath(posixpath.join(folder, unquote(href)))


def read_xhtml(data: bytes) -> Element:
    """An XHTML document. Raises `UnreadableError`."""
    return _parsed(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))


def read_html(data: bytes) -> Element:
    """An HTML document. Raises `UnreadableError`."""
    return _parsed(data, html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False))


def _parsed(data: bytes, parser: etree.XMLParser | etree.HTMLParser) -> Element:
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(str(error)) from error
    if root is None:
        raise UnreadableError("no element")
    if _is_deeper(root, MOST_DEPTH):
        raise UnreadableError(f"more than {MOST_DEPTH} elements stand in each other")
    for node in root.iter("{http://www.w3.org/1999/xhtml}*"):
        node.tag = str(node.tag).rpartition("}")[2]
    return root


def _is_deeper(root: Element, most: int) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > most:
            return True
    return False


def hypertext(root: Element, edition: str, name: str) -> Witness:
    """The text of a brief on its page, without what the page hides; that is taken out of `root`."""
    _take_out_hidden(root)
    return _Page(root, edition, name).witness()


class _Page:
    def __init__(self, root: Element, edition: str, name: str) -> None:
        self.root, self.edition, self.name = root, edition, name
        self.ids = {node.get("id"): node for node in root.iter("*") if node.get("id")}
        self.lang = _own_lang(root) or ""
        self.chapter = next((node for node in root.iter("section", "article", "main") if _is_chapter(node)), root)
        self.notes = {node: self.number_of(node) for node in root.iter("*") if node.get("role") == "doc-footnote"}
        self.order = self.places()

    def places(self) -> Mapping[Element, str]:
        """What the sections, figures and tables are called as targets: fig 1, sec 2."""
        found: dict[str, list[Element]] = {"fig": [], "table": [], "sec": []}
        for node in self.chapter.iter("section", "figure", "div"):
            if node.tag == "figure":
                found["fig"].append(node)
            elif "table" in _classes(node):
                found["table"].append(node)
            elif any(each.startswith("depth-") for each in _classes(node)):
                found["sec"].append(node)
        return {node: f"{kind} {n}" for kind, nodes in found.items() for n, node in enumerate(nodes, start=1)}

    def witness(self) -> Witness:
        parts: dict[str, list[Passage]] = {}
        for passage in self.blocks(self.chapter, "", self.lang_of(self.chapter)):
            kind = passage.role
            part = _PARTS.get(kind, kind if kind in _ALONE else "body")
            parts.setdefault(part, []).append(passage)
        notes = [NoteText(label, self.note(node), node) for node, label in self.notes.items()]
        lists = {part: tuple(passages) for part, passages in parts.items()}
        breaks = [node.get("id", "").rpartition("-")[2] for node in self.root.iter("span") if _is_page_break(node)]
        return Witness(
            self.edition,
            self.name,
            self.lang,
            lists,
            tuple(notes),
            pages=tuple(int(each) for each in breaks if each.isdecimal()),
            pictures=tuple(image.get("src", "") for image in self.chapter.iter("img")),
        )

    def lang_of(self, element: Element) -> str:
        nodes = (element, *element.iterancestors())
        return next((lang for node in nodes if (lang := _own_lang(node))), "")

    def number_of(self, note: Element) -> str:
        """The number that stands before a note: of its list item, or its mark."""
        for node in (note, *note.iterancestors()):
            if node.tag == "li":
                return node.get("value") or str(1 + sum(1 for _ in node.itersiblings("li", preceding=True)))
            if node is not note and node.tag != "div":
                break
        mark = next((each for each in note.iter("span", "a") if {"mark", "number"} & set(_classes(each))), None)
        return "".join(mark.itertext()).strip() if mark is not None else ""

    def note(self, element: Element) -> tuple[Passage, ...]:
        return tuple(self.blocks(element, "", self.lang_of(element), in_note=True))

    # Blocks

    def blocks(self, parent: Element, role: str, lang: str, *, in_note: bool = False) -> Iterator[Passage]:
        yield from self.stray(parent.text, role, lang, parent)
        for child in parent:
            if isinstance(child.tag, str) and (in_note or not self.is_notes(child)):
                yield from self.block(child, role, _own_lang(child) or lang)
            yield from self.stray(child.tail, role, lang, child)

    def is_notes(self, node: Element) -> bool:
        return node.get("role") in ("doc-endnotes", "doc-footnote") or "notes" in _classes(node)

    def stray(self, text: str | None, role: str, lang: str, node: Element) -> Iterator[Passage]:
        """Text that stands in no paragraph."""
        if text and text.strip():
            pen = Pen()
            pen.write(text, lang)
            yield pen.passage(f"{role}text", node=node)

    def block(self, element: Element, role: str, lang: str) -> Iterator[Passage]:
        classes = _classes(element)
        match element.tag:
            case "h1":
                yield self.paragraph(element, "title", lang)
            case "section" if "abstract" in classes:
                yield from self.abstract(element, lang)
            case tag if tag in _HEADINGS:
                yield self.paragraph(element, f"{role}heading", lang)
            case "p" if _has_only_page_breaks(element):
                pass
            case "p":
                yield from self.paragraph_block(element, role, lang, classes)
            case "blockquote":
                yield from self.blocks(element, f"{role}quotation/", lang)
            case "figure":
                yield from self.figure(element, f"{role}figure/", lang)
            case "div" if "table" in classes:
                yield from self.table(element, f"{role}table/", lang)
            case "ul" | "ol":
                for position, item in enumerate(element.iterchildren("li"), start=1):
                    yield from self.blocks(item, f"{role}item {position}/", _own_lang(item) or lang)
            case "span" if _is_page_break(element):
                pass
            case _:
                yield from self.blocks(element, role, lang)

    def paragraph_block(self, element: Element, role: str, lang: str, classes: list[str]) -> Iterator[Passage]:
        parent = element.getparent()
        kind = next((kind for name, kind in _FRONT.items() if name in classes), None)
        if kind is not None:
            yield self.paragraph(element, kind, lang)
        elif "author" in classes:
            yield from self.author(element, lang)
        elif parent is not None and "history" in _classes(parent):
            yield self.paragraph(element, "DOI" if element.find("a") is not None else "date", lang)
        elif "attribution" in classes:
            yield self.paragraph(element, f"{role}attribution", lang)
        else:
            yield self.paragraph(element, f"{role}paragraph", lang)

    def author(self, element: Element, lang: str) -> Iterator[Passage]:
        roles = {"name": "author", "english": "English name", "unit": "unit"}
        for child in element:
            if "orcid" in _classes(child):
                yield self.orcid(child, lang)
                continue
            kind = next((role for name, role in roles.items() if name in _classes(child)), "text")
            yield self.paragraph(child, kind, _own_lang(child) or lang)
            yield from self.stray(child.tail, "", lang, child)

    def orcid(self, element: Element, lang: str) -> Passage:
        """The number of an ORCID, printed or only linked."""
        links = [each.get("href", "") for each in element.iter("a")]
        found = _ORCID.search(" ".join(("".join(element.itertext()), *links)))
        pen = Pen()
        pen.write(found[0] if found else "", lang)
        return pen.passage("ORCID", node=element)

    def abstract(self, element: Element, lang: str) -> Iterator[Passage]:
        heading = next(element.iterchildren(*_HEADINGS), None)
        label = "".join(heading.itertext()).strip() if heading is not None else ""
        for paragraph in element.iterchildren("p"):
            yield self.paragraph(paragraph, "abstract", _own_lang(paragraph) or lang, label)
            label = ""

    def figure(self, element: Element, role: str, lang: str) -> Iterator[Passage]:
        for picture in element.iter("img", "svg"):
            pen = Pen()
            pen.write(picture.get("alt") or picture.get("aria-label"), lang)
            yield pen.passage(f"{role}alternative text", node=picture)
        for caption in element.iterchildren("figcaption"):
            yield from self.captions(caption, role, lang)

    def captions(self, element: Element, role: str, lang: str) -> Iterator[Passage]:
        for paragraph in element.iterchildren("p"):
            classes = _classes(paragraph)
            kind = "caption" if "caption" in classes else "source" if "attribution" in classes else "caption text"
            yield self.paragraph(paragraph, role + kind, _own_lang(paragraph) or lang)

    def table(self, element: Element, role: str, lang: str) -> Iterator[Passage]:
        for caption in element.iter("caption"):
            yield from self.captions(caption, role, lang)
        for position, row in enumerate(element.iter("tr"), start=1):
            for column, cell in enumerate(row.iterchildren("th", "td"), start=1):
                kind = "heading" if cell.tag == "th" else "cell"
                yield self.paragraph(cell, f"{role}{kind} {position}.{column}", _own_lang(cell) or lang)
        for line in element.iter("p"):
            if "attribution" in _classes(line):
                yield self.paragraph(line, f"{role}source", _own_lang(line) or lang)

    # Text

    def paragraph(self, element: Element, role: str, lang: str, label: str = "") -> Passage:
        pen = Pen()
        first = element[0] if len(element) and not (element.text or "").strip() else None
        labelled = first is not None and first.tag == "span" and {"label", "mark"} & set(_classes(first))
        if first is not None and labelled:
            if "label" in _classes(first):
                label = "".join(first.itertext())
            pen.write(first.tail, lang)
            self.children(element[1:], pen, lang)
        else:
            pen.write(element.text, lang)
            self.children(element, pen, lang)
        return pen.passage(role, label, element, leading=_AFTER_LABEL if labelled else " ")

    def children(self, children: Iterable[Element], pen: Pen, lang: str) -> None:
        for child in children:
            if isinstance(child.tag, str):
                self.child(child, pen, _own_lang(child) or lang)
            pen.write(child.tail, lang)

    def inline(self, element: Element, pen: Pen, lang: str) -> None:
        pen.write(element.text, lang)
        self.children(element, pen, lang)

    def child(self, node: Element, pen: Pen, lang: str) -> None:
        start, classes = pen.length, _classes(node)
        if _is_page_break(node):
            pen.page(node.get("id", ""))
        elif node.tag == "br":
            pen.write(BREAK, lang)
        elif node.tag == "a" and (node.get("role") == "doc-noteref" or "call" in classes):
            pen.call("".join(node.itertext()).strip(), self.target(node), lang)
        elif node.tag == "a" and (node.get("role") == "doc-backlink" or "backlink" in classes):
            pen.mark("back", self.target(node), start)
        elif node.tag == "ruby":
            self.ruby(node, pen, lang)
        elif "supplied" in classes:
            links = [link.get("href", "") for link in node.iter("a") if "link" in _classes(link)]
            pen.mark("supplied", "\n".join((" ".join("".join(node.itertext()).split()), *links)), start)
        elif node.tag == "sup" and node.find("a") is not None:
            self.inline(node, pen, lang)
        else:
            self.inline(node, pen, lang)
            self.mark(node, pen, start, classes)

    def mark(self, node: Element, pen: Pen, start: int, classes: list[str]) -> None:
        if node.tag == "a" and "reference" in classes:
            pen.mark("to", self.target(node), start)
        elif node.tag == "a":
            pen.mark("link", node.get("href", ""), start)
        elif node.tag in _STYLES:
            pen.mark("style", _STYLES[node.tag], start)
        for each in _CLASSES.intersection(classes):
            pen.mark("style", each, start)

    def ruby(self, node: Element, pen: Pen, lang: str) -> None:
        base, said = node.text or "", ""
        for part in node:
            if part.tag == "rt":
                said += "".join(part.itertext())
            elif part.tag == "rb":
                base += "".join(part.itertext())
            base += part.tail or ""
        start = pen.length
        pen.write(base.strip(), lang)
        pen.mark("ruby", said.strip(), start)

    def target(self, link: Element) -> str:
        """What a link within the brief leads to: note 3, fig 1."""
        href = link.get("href", "")
        node = self.ids.get(href.rpartition("#")[2]) if "#" in href else None
        if node is None:
            return "nothing"
        if link is not node and "call" in _classes(node):
            return f"call of {self.target(node)}"
        for each in (node, *node.iterancestors(), *node.iterchildren()):
            if each in self.notes:
                return f"note {self.notes[each]}"
            if each in self.order:
                return self.order[each]
        return f"#{node.get('id')}"


def _take_out_hidden(root: Element) -> None:
    """Take out what no reader sees or hears; the text behind it stays."""
    for node in [node for node in root.iter("*") if _is_hidden(node)]:
        parent, before, tail = node.getparent(), node.getprevious(), node.tail or ""
        if parent is None:
            raise UnreadableError("the whole page is hidden")
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        parent.remove(node)


def _is_hidden(node: Element) -> bool:
    style = "".join(node.get("style", "").lower().split())
    return (
        node.tag in _NEVER_SHOWN
        or node.get("hidden") is not None
        or node.get("aria-hidden", "").strip().lower() == "true"
        or _HIDING.search(style) is not None
    )


def _own_lang(node: Element) -> str | None:
    return node.get(LANG) or node.get("lang")


def _classes(node: Element) -> list[str]:
    return (node.get("class") or "").split()


def _is_chapter(node: Element) -> bool:
    return node.get("role") == "doc-chapter" or node.tag == "article"


def _has_only_page_breaks(paragraph: Element) -> bool:
    """Whether a paragraph only says that printed pages without text begin behind the last one."""
    return len(paragraph) > 0 and all(map(_is_page_break, paragraph)) and not "".join(paragraph.itertext()).strip()


def _is_page_break(node: Element) -> bool:
    return node.get("role") == "doc-pagebreak" or "page-break" in _classes(node)

"""Tags: the structure tree of the PDF (ISO 32000-1, 14.7, 14.8), from the laid out boxes and what templates say.

HTML ─plan▶ Element        before painting: what every box of text or picture belongs to, in logical order
Element ─write▶ PDF        after painting: the tree as objects, with the numbers of the marked content

Elements of HTML have the tags in `_TAGS`; a template says more with attributes:

data-tag="TOCI"        the element is a TOCI; empty: it is nothing, only what is in it counts
data-structure         the logical order of an article, without its text: paragraphs, headings, lists, figures
data-place="head"      what is painted in the element of the same place in the structure, or of the same id
data-text="begin"      the next paragraph of the structure; "continued": more of the one before
data-of="b01_sec-2"    in the structure: the id of the heading or table
data-link="2"          a part of the second link of a paragraph, one for every line
data-call="b01-fn1"    a call: the note stands behind it
data-note="b01-fn1"    a part of the note
data-mark              the mark of the item of a list that follows

What is not in the tree is an artifact: running heads, folios, rules, the head of a table that goes on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from pipeline.compose import Line
from pipeline.compose.shape import SOFT_HYPHEN

_POINTS = 0.75
"""Points in a CSS pixel, the unit of the engine."""

_TAGS = {
    "article": "Art", "section": "Sect", "nav": "Sect", "blockquote": "BlockQuote", "p": "P", "a": "Link",
    "h1": "H1", "h2": "H2", "h3": "H3", "h4": "H4", "h5": "H5", "h6": "H6", "span": "Span",
    "ul": "L", "ol": "L", "li": "LI", "dl": "L", "dt": "Lbl", "dd": "LBody",
    "figure": "Figure", "img": "Figure", "figcaption": "Caption",
    "table": "Table", "caption": "Caption", "thead": "THead", "tbody": "TBody", "tfoot": "TFoot",
    "tr": "TR", "th": "TH", "td": "TD",
}  # fmt: skip

_PRINTED = 4
"""The flag of an annotation that is printed (ISO 32000-1, table 165)."""

_GROUP = ""
"""The tag of what has no tag of its own: its kids stand in its place."""

_HOMES = {"LI": "L", "TOCI": "TOC"}
"""What stands only in a list of its kind."""

_ONCE = ("table", "caption", "thead", "tbody")
"""What stands once in a table that goes on: its rows go into one body, and its head is not repeated."""

_HEADINGS = re.compile("H[1-6]")
_CELLS = ("TH", "TD")
_LINES = ("P", "Span", "Link", "Caption", "TH", "TD", *(f"H{level}" for level in range(1, 7)))
"""What has a language of its own where all that stands in it has."""

HEADER = {"Type": "/Pagination", "Subtype": "/Header"}
FOOTER = {"Type": "/Pagination", "Subtype": "/Footer"}
REPEATED = {"Type": "/Pagination"}
"""Artifacts (ISO 32000-1, 14.8.2.2.2)."""


@dataclass(eq=False)
class Content:
    """A box of text or a picture that is painted on a page (from 0)."""

    page: int
    box: Any


@dataclass(eq=False)
class Blank:
    """What stands between a link that ends a line and the next line; painted behind the text of that link."""

    text: str
    tagged: Any = None
    mark: int = 0


@dataclass(eq=False)
class Element:
    """A structure element (ISO 32000-1, table 323): its tag, what is in it, and what it says about itself.

    `after` follows it, `links` are the boxes whose annotations it has, `html` is the element it comes from. `line`
    and `end` are the line and the text that were added last, `following` is the paragraph behind a note's
    or cell's. `object` is its dictionary in the PDF.
    """

    tag: str
    html: Any = None
    lang: str | None = None
    parent: "Element | None" = None
    kids: list["Element | Content"] = field(default_factory=list)
    after: list["Element"] = field(default_factory=list)
    links: list[Content] = field(default_factory=list)
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)
    object: Any = None
    title: str = ""
    alternative: str | None = None
    identifier: str = ""
    line: Line | None = None
    end: Content | None = None
    following: "Element | None" = None

    def add(self, kid: "Element") -> "Element":
        """Put an element at the end of this one; returns it."""
        kid.parent = self
        self.kids.append(kid)
        return kid

    def first(self, tag: str) -> "Element | None":
        """Its first kid with a tag."""
        return next((kid for kid in self.kids if isinstance(kid, Element) and kid.tag == tag), None)

    def around(self) -> "Iterator[Element]":
        """This element and those it is in, the nearest first."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    def text(self) -> str:
        """Its words; what stands beside each other in a link is set apart by a blank."""
        parts = [_words(kid.box) if isinstance(kid, Content) else kid.text() for kid in self.kids]
        apart = any(isinstance(kid, Element) and kid.html is not None and kid.html.tag == "p" for kid in self.kids)
        return (" " if apart else "").join(parts).strip()


def _sameness(html: Any) -> dict[str, str]:
    """What elements at the end of a line and at the beginning of the next have in common where they are one."""
    number: str | None = html.get("data-link")
    return {"data-link": number} if number is not None else {**html.attrib, "id": ""}


def _words(box: Any) -> str:
    text: str = getattr(box, "text", "") + getattr(box, "blank", "")
    return text.replace(SOFT_HYPHEN, "")


# Planning


def plan(document: Any) -> Element:
    """The structure tree of a laid out document; every box that will be painted knows its element (`tagged`)."""
    planner = _Planner()
    for number, page in enumerate(document.pages):
        planner.page(number, page._page_box)
    _finish(planner.root, document.metadata.lang)
    for element in _elements(planner.root):
        if element.tag == "Table":
            _name_headers(element)
        for kid in element.kids:
            if isinstance(kid, Content):
                kid.box.tagged = element
    return planner.root


class _Planner:
    """Goes through the boxes of all pages and puts what is painted into the tree."""

    def __init__(self) -> None:
        self.root = Element("Document")
        self.number = 0
        self.made: dict[Any, Element] = {}
        self.notes: dict[str, Element] = {}
        self.places: dict[str, Element] = {}
        self.waiting: Iterator[Element] = iter(())
        self.paragraph: Element | None = None
        self.mark: Element | None = None

    def page(self, number: int, paper: Any) -> None:
        """Add the boxes of a page."""
        self.number = number
        for box in paper.children:
            if isinstance(box, boxes.MarginBox):
                _leave_out(box, HEADER if box.at_keyword.startswith("@top") else FOOTER)
            else:
                self._box(box, self.root)

    def _box(self, box: Any, parent: Element) -> None:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if isinstance(box, boxes.TextBox):
            parent.kids.append(Content(self.number, box))
            box.tagged = parent
        elif isinstance(box, boxes.ReplacedBox):
            self._picture(box, parent)
        elif isinstance(box, boxes.LineBox):
            self._line(box, parent)
        else:
            element = self._element(box, parent)
            if element is None:
                _leave_out(box, REPEATED)
                return
            if element.tag == "Link" and box.link:
                element.links.append(Content(self.number, box))
            for child in box.children:
                self._box(child, element)

    def _element(self, box: Any, parent: Element) -> Element | None:
        """Where the children of a box belong; None where they are an artifact."""
        html = box.element
        if html is None or box.element_tag != html.tag:  # a pseudo-element
            return parent
        if html not in self.made:
            made = self._new(html, parent)
            if made is None:
                return None
            self.made[html] = made
        return self.made[html]

    def _new(self, html: Any, parent: Element) -> Element | None:
        """What an element of HTML is that was not met before."""
        if html.tag == "article":
            return self._article(html, parent)
        if "data-text" in html.attrib:
            return self._text(html)
        if "data-mark" in html.attrib:
            self.mark = Element("Lbl", html)
            return self.mark
        if "data-note" in html.attrib:
            parent = self._note(html.get("data-note"))
            if html.tag == "p" and (paragraph := parent.first("P")) is not None:
                return paragraph
        if html.tag == "a":
            return self._link(html, parent)
        place = self._place(html)
        if place is not None:
            return place
        if html.tag in _ONCE and (known := parent.first(_TAGS[html.tag])) is not None:
            return known if html.tag in ("table", "tbody") else None
        return _made(html, parent)

    # Articles and their notes

    def _article(self, html: Any, parent: Element) -> Element:
        """An article with the elements of its structure; what is painted comes to stand in them."""
        article = parent.add(Element("Art", html, html.get("lang"), title=html.get("data-title", "")))
        self.places = {}
        for structure in html.iterfind("*[@data-structure]"):
            for child in structure:
                self._expected(child, article)
        self.waiting = iter([e for e in _elements(article) if e.tag == "P" or _HEADINGS.fullmatch(e.tag)])
        return article

    def _expected(self, html: Any, parent: Element) -> None:
        """An element of the structure, with all that is in it."""
        made = _made(html, parent)
        if "data-place" in html.attrib:
            self.places[html.get("data-place")] = made
        for child in html:
            self._expected(child, made)

    def _place(self, html: Any) -> Element | None:
        """The element of the structure that is painted in an element; the parts of a table are in one."""
        name = html.get("data-place") or html.get("id", "")
        return self.places.get(name) or self.places.get(re.sub("-[0-9]+$", "", name))

    def _text(self, html: Any) -> Element:
        """The paragraph or heading of the structure that is painted."""
        if html.get("data-text") == "begin":
            self.paragraph = next(self.waiting, None)
            if self.paragraph is None or self.paragraph.html.get("data-of") not in (None, html.get("id")):
                raise RuntimeError(f"a template lost the order of the paragraphs at {html.get('id')}")
            self.paragraph.lang = html.get("lang")
            self._put_mark(self.paragraph)
        assert self.paragraph is not None
        return self.paragraph

    def _put_mark(self, paragraph: Element) -> None:
        """Put the mark painted last before its item; where the item has one already, before its text."""
        mark, self.mark = self.mark, None
        if mark is None:
            return
        item = next((element for element in paragraph.around() if element.tag == "LI"), None)
        if item is not None and item.first("Lbl") is None:
            mark.parent = item
            item.kids.insert(0, mark)
        else:
            paragraph.kids += mark.kids

    def _note(self, name: str) -> Element:
        if name not in self.notes:
            self.notes[name] = Element("Note", identifier=name)
        return self.notes[name]

    # Lines, links and pictures

    def _line(self, line: Any, parent: Element) -> None:
        """Add a line to a paragraph; what follows the last line of a paragraph begins another."""
        while parent.following is not None:
            parent = parent.following
        above, composed, blank = parent.line, getattr(line, "composed", None), ""
        if above is not None and composed is not None:
            if above.last and parent.tag == "P" and parent.parent is not None:
                parent.following = parent.parent.add(Element("P", parent.html, parent.lang))
                parent = parent.following
            else:
                blank = above.blank
        parent.line = composed
        if line.children:
            self._join(line.children[0], parent)
            if blank and parent.end is not None:
                self._blank(blank, parent, parent.end, line.children[0])
        for child in line.children:
            self._box(child, parent)
        texts = [box for box in line.descendants() if isinstance(box, boxes.TextBox)]
        parent.end = Content(self.number, texts[-1]) if texts else parent.end

    def _blank(self, blank: str, paragraph: Element, end: Content, following: Any) -> None:
        """Put a blank between two lines behind the text that ends there, in its link if that goes on."""
        inside = takewhile(lambda element: element is not paragraph, end.box.tagged.around())
        link = next((element for element in inside if element.tag == "Link"), None)
        if link is None or self.made.get(following.element) is link:
            end.box.blank = blank
        else:
            end.box.behind = Blank(blank)
            paragraph.kids.append(Content(end.page, end.box.behind))

    def _join(self, box: Any, paragraph: Element) -> None:
        """What begins a line goes on with what ended the line above, where that is the same link or language."""
        before = paragraph.kids[-1] if paragraph.kids else None
        if isinstance(before, Element) and before.html is not None and before.html is not box.element:
            there, here = (_sameness(html) for html in (before.html, box.element))
            if isinstance(box, boxes.InlineBox) and there == here and "data-tag" not in here:
                self.made[box.element] = before.first("Link") or before

    def _link(self, html: Any, parent: Element) -> Element:
        """A link, in a Reference where it leads to a place in the document; behind a call stands its note."""
        lang = html.get("lang")
        outer = html.get("data-tag") or ("Reference" if html.get("href", "").startswith("#") else "")
        link = Element("Link", html, None if outer else lang)
        (parent.add(Element(outer, html, lang)) if outer else parent).add(link)
        if "data-call" in html.attrib:
            note = self._note(html.get("data-call"))
            heading = next((e for e in parent.around() if _HEADINGS.fullmatch(e.tag)), None)
            if heading is None:
                parent.add(note)
            else:  # a list of headings would read the note
                note.parent = heading.parent
                heading.after.append(note)
        return link

    def _picture(self, box: Any, parent: Element) -> None:
        figure = parent if parent.tag == "Figure" else parent.add(Element("Figure"))
        figure.alternative = box.element.get("alt", "")
        figure.kids.append(Content(self.number, box))


def _made(html: Any, parent: Element) -> Element:
    """An element with the tag of its HTML, in a list of its kind where it is an item."""
    tag = html.get("data-tag")
    if tag is None:
        tag = "LI" if html.tag == "div" and parent.tag == "L" else _TAGS.get(html.tag, _GROUP)
    if html.tag == "p" and parent.tag in ("Link", "Lbl"):
        tag = "Span"
    if tag == _GROUP and "data-place" not in html.attrib:
        return parent
    home = _HOMES.get(tag)
    if home is not None and parent.tag != home:
        last = parent.kids[-1] if parent.kids else None
        parent = last if isinstance(last, Element) and last.tag == home else parent.add(Element(home))
    made = parent.add(Element(tag, html, html.get("lang")))
    if tag == "Table":
        made.identifier = html.get("data-of", "")
    if "data-numbering" in html.attrib:
        made.attributes["List"] = {"ListNumbering": f"/{html.get('data-numbering')}"}
    if tag in _CELLS:
        spans = {name: int(html.get(name.lower(), 1)) for name in ("ColSpan", "RowSpan")}
        made.attributes["Table"] = {name: span for name, span in spans.items() if span > 1}
    return made


def _leave_out(box: Any, artifact: dict[str, str]) -> None:
    """Make what is painted of a box an artifact."""
    for each in box.descendants(placeholders=True):
        each.tagged = artifact


# Finishing


def _finish(element: Element, lang: str | None) -> None:
    """Leave out what has no tag or nothing in it, and a language that is that of the element around."""
    own = element.lang or lang
    kids: list[Element | Content] = []
    for kid in element.kids:
        for each in [kid] if isinstance(kid, Content) else _finished(kid, own):
            _append(kids, each)
    langs = {kid.lang if isinstance(kid, Element) else None for kid in kids}
    if element.tag in _LINES and len(langs) == 1 and None not in langs:
        own = langs.pop()
        kids = [each for kid in kids if isinstance(kid, Element) for each in _in_language(kid, own)]
    element.lang = own if own != lang or element.tag == "Art" else None
    element.kids = kids
    for kid in kids:
        if isinstance(kid, Element):
            kid.parent = element


def _finished(element: Element, lang: str | None) -> Iterator["Element | Content"]:
    """What stands for a kid in the end: itself, what is in it, or nothing, and what follows it."""
    _finish(element, lang)
    if _is_plain(element):
        yield from element.kids
    elif element.kids or element.tag in _CELLS:
        yield element
    for following in element.after:
        yield from _finished(following, lang)


def _append(kids: list["Element | Content"], kid: "Element | Content") -> None:
    """Add a kid; two stretches in one language are one."""
    last = kids[-1] if kids else None
    if isinstance(kid, Element) and isinstance(last, Element) and _alike(kid, last):
        last.kids += kid.kids
    else:
        kids.append(kid)


def _alike(one: Element, other: Element) -> bool:
    return _is_inline(one) and _is_inline(other) and one.lang == other.lang


def _in_language(element: Element, lang: str | None) -> Iterator["Element | Content"]:
    """An element, or what is in it, where its language is that around it."""
    element.lang = None if element.lang == lang else element.lang
    if _is_plain(element):
        yield from element.kids
    else:
        yield element


def _is_plain(element: Element) -> bool:
    """Whether an element says nothing: a group, or a stretch of text in a look of its own."""
    return element.tag == _GROUP or (_is_inline(element) and element.lang is None)


def _is_inline(element: Element) -> bool:
    return element.tag == "Span" and element.html is not None and element.html.tag == "span"


def _elements(element: Element) -> Iterator[Element]:
    """An element and all in it, in logical order."""
    yield element
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _elements(kid)


def _name_headers(table: Element) -> None:
    """Give heading cells a scope and an id, and other cells the ids of their headings (ISO 32000-1, table 349)."""
    columns: dict[int, list[str]] = {}
    blocked: dict[int, int] = {}
    named = 0
    for row in (element for element in _elements(table) if element.tag == "TR"):
        cells = _placed(row, blocked)
        beside = []
        for column, cell in (each for each in cells if each[1].tag == "TH"):
            named += 1
            cell.identifier = f"{table.identifier}-h{named}"
            across = cell.html.get("scope") == "row"
            cell.attributes["Table"]["Scope"] = "/Row" if across else "/Column"
            if across:
                beside.append(cell.identifier)
            else:
                for each in _covered(column, cell):
                    columns.setdefault(each, []).append(cell.identifier)
        for column, cell in (each for each in cells if each[1].tag == "TD"):
            above = [name for each in _covered(column, cell) for name in columns.get(each, ())]
            names = dict.fromkeys([*beside, *above])
            if names:
                cell.attributes["Table"]["Headers"] = pydyf.Array(map(pydyf.String, names))


def _covered(column: int, cell: Element) -> range:
    """The columns of a cell that begins in one."""
    return range(column, column + cell.attributes["Table"].get("ColSpan", 1))


def _placed(row: Element, blocked: dict[int, int]) -> list[tuple[int, Element]]:
    """The cells of a row with their columns; `blocked` are the rows for which a cell from above takes a column."""
    column, cells = 0, []
    taken = dict(blocked)
    for cell in (each for each in row.kids if isinstance(each, Element)):
        while taken.get(column, 0) > 0:
            column += 1
        cells.append((column, cell))
        for each in _covered(column, cell):
            blocked[each] = cell.attributes["Table"].get("RowSpan", 1)
        column = _covered(column, cell).stop
    for each in blocked:
        blocked[each] -= 1
    return cells


# Writing


def write(pdf: Any, document: Any, _version: Any, streams: Any) -> None:
    """Write the tree of a painted document into its PDF, in place of the engine's.

    `document.structure` is the tree; each stream has the elements of its marked content in order (`owners`).
    """
    elements = list(_elements(document.structure))
    for element in elements:
        element.object = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{element.tag}"})
        pdf.add_object(element.object)
    parents = [
        part
        for page, stream in enumerate(streams)
        for part in (page, pydyf.Array(owner.object.reference for owner in getattr(stream, "owners", ())))
    ]
    links = [(element, link) for element in elements for link in element.links]
    for number, (element, link) in enumerate(links, start=len(streams)):
        parents += [number, element.object.reference]
        aim = pydyf.String(_aim(element))
        link.box.link_annotation.update({"StructParent": number, "F": _PRINTED, "Contents": aim})
    names = sorted((element.identifier, element.object.reference) for element in elements if element.identifier)
    root = pydyf.Dictionary({
        "Type": "/StructTreeRoot",
        "K": pydyf.Array([document.structure.object.reference]),
        "ParentTree": pydyf.Dictionary({"Nums": pydyf.Array(parents)}),
        "ParentTreeNextKey": len(streams) + len(links),
        "IDTree": pydyf.Dictionary({
            "Names": pydyf.Array(part for name, place in names for part in (pydyf.String(name), place))
        }),
    })  # fmt: skip
    pdf.add_object(root)
    document.structure.object["P"] = root.reference
    for element in elements:
        _describe(element, pdf.page_references, document)
    pdf.catalog["StructTreeRoot"] = root.reference
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})


def _aim(link: Element) -> str:
    """Where a link leads in words: its title, else its own words (ISO 32000-1, 12.5.6.1, Contents)."""
    title: str = link.html.get("title", "")
    return title or link.text()


def _describe(element: Element, pages: Any, document: Any) -> None:
    """Fill in the object of an element; `pages` are the references of the pages."""
    made = element.object
    if element.parent is not None:
        made["P"] = element.parent.object.reference
    strings = {"Lang": element.lang, "T": element.title, "ID": element.identifier, "Alt": element.alternative}
    made.update({key: pydyf.String(value) for key, value in strings.items() if value})
    painted = [kid for kid in element.kids if isinstance(kid, Content)] + element.links
    page = painted[0].page if painted else None
    if page is not None:
        made["Pg"] = pages[page]
        if element.tag == "Figure":
            extent = _extent(painted[0].box, document.pages[page].height)
            element.attributes["Layout"] = {"Placement": "/Block", "BBox": extent}
    said = [pydyf.Dictionary({"O": f"/{owner}", **what}) for owner, what in element.attributes.items() if what]
    if said:
        made["A"] = said[0] if len(said) == 1 else pydyf.Array(said)
    kids = [
        pydyf.Dictionary({"Type": "/OBJR", "Obj": link.box.link_annotation.reference, "Pg": pages[link.page]})
        for link in element.links
    ]
    made["K"] = pydyf.Array([*kids, *_kids(element, page, pages)])


def _kids(element: Element, own: int | None, pages: Any) -> Iterator[Any]:
    """The kids of an element that begins on its `own` page: references, and each piece of marked content once."""
    done = None
    for kid in element.kids:
        if isinstance(kid, Element):
            yield kid.object.reference
            continue
        page, number = kid.page, kid.box.mark
        if (page, number) != done:
            elsewhere = pydyf.Dictionary({"Type": "/MCR", "Pg": pages[page], "MCID": number})
            yield number if page == own else elsewhere
        done = (page, number)


def _extent(box: Any, height: float) -> Any:
    """Where a picture stands on its page: left, bottom, right and top in points."""
    left, top = box.content_box_x(), box.content_box_y()
    edges = (left, height - top - box.height, left + box.width, height - top)
    return pydyf.Array(round(edge * _POINTS, 3) for edge in edges)

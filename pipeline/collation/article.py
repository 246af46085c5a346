"""Articles in the XML of the profile: a source as its author wrote it, and the archive's JATS with all words.

Read on its own, beside `pipeline.content`, so that what that stage loses is found too.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline import languages
from pipeline.collation.text import BREAK, REFERENCE, NoteText, Passage, Pen, Witness
from pipeline.number import Numbering
from pipeline.parse import HREF, LANG
from pipeline.profiles import DEFAULT, date_in_words, primary, profile, words_beside

Element = etree._Element

_STYLES = ("italic", "bold", "sup", "sub")
_NOTES = ("fn", "author-notes")
_PLACES = {"fig": "fig", "table-wrap": "table", "sec": "sec"}
_LOCATOR = re.compile(r"\s*[、，,]?\s*(?:第|[頁页]|pp?\.|at)?\s*\d[\d\s、,，\-–—~～至]*(?:頁|ページ|页|쪽|면)?")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_HISTORY = {"received": "received", "rev-recd": "revised", "accepted": "accepted"}


@dataclass(frozen=True)
class _Said:
    """What the program says in an article: the label of an element, what an `xref` leads to."""

    label: Callable[[Element], str]
    target: Callable[[Element], Element | None]


def base_text(root: Element, name: str) -> Witness:
    """The text of an archived article, with its generated words: what the editions are compared with."""
    return _Article(root, name, "jats", _said_in(root), words=True).witness()


def archived_text(root: Element, name: str) -> Witness:
    """The text of an archived article without its generated words."""
    return _Article(root, name, "jats", _said_in(root), words=False).witness()


def source_text(root: Element, name: str, numbering: Numbering) -> Witness:
    """The text of a source; the numbers of its notes and what its references lead to are those of `numbering`."""
    labels = {**numbering.labels, **numbering.notes}
    said = _Said(lambda element: labels.get(element, ""), numbering.targets.get)
    return _Article(root, name, "source", said, words=False).witness()


def _said_in(root: Element) -> _Said:
    ids = {node.get("id"): node for node in root.iter("*") if node.get("id")}
    return _Said(
        lambda element: "".join((element.findtext("label") or "").split()),
        lambda xref: ids.get(xref.get("rid")),
    )


def is_call(xref: Element) -> bool:
    """Whether an `xref` calls a note once more, rather than naming it in words."""
    return xref.get("ref-type") in _NOTES and xref.get("specific-use") not in ("same-source", "see")


def is_supplied(node: Element) -> bool:
    """Whether a citation was supplied by the program."""
    return node.tag == "mixed-citation" and node.get("specific-use") == "supplied"


class _Article:
    """Reads one article; `words`: with the words of its references."""

    def __init__(self, root: Element, name: str, edition: str, said: _Said, *, words: bool) -> None:
        self.root, self.name, self.edition, self.said, self.words = root, name, edition, said, words
        self.lang = root.get(LANG) or DEFAULT
        self.word = profile(self.lang).words
        self.order = {node: n for tag in _PLACES for n, node in enumerate(root.iter(tag), start=1)}

    def witness(self) -> Witness:
        meta = self.root.find("front/article-meta")
        parts = dict(self.front(meta)) if meta is not None else {}
        body = self.root.find("body")
        parts["body"] = tuple(self.blocks(body, "", self.lang)) if body is not None else ()
        notes = [*(meta.iterfind("author-notes/fn") if meta is not None else ()), *self.root.iter("fn")]
        return Witness(
            self.edition,
            self.name,
            self.lang,
            parts,
            tuple(self.note(note) for note in dict.fromkeys(notes) if not _inside_supplied(note)),
            {str(node.get("id")): self.named(node) for node in self.order if node.get("id")},
        )

    def note(self, element: Element) -> NoteText:
        paragraphs = tuple(self.paragraph(p, "paragraph", self.language(p)) for p in element.iterfind("p"))
        return NoteText(self.said.label(element), paragraphs, element)

    def language(self, element: Element) -> str:
        """The language an element is marked with, by itself or around it."""
        nodes = (element, *element.iterancestors())
        return next((str(node.get(LANG)) for node in nodes if node.get(LANG)), DEFAULT)

    # Front matter

    def front(self, meta: Element) -> Iterator[tuple[str, tuple[Passage, ...]]]:
        group = meta.find("title-group")
        yield "focus", tuple(self.focus(meta))
        yield "title", self.lines(meta.iterfind("title-group/article-title"), "title")
        yield "subtitle", self.lines(meta.iterfind("title-group/subtitle"), "subtitle")
        translated = group.iterfind("trans-title-group") if group is not None else ()
        yield "translated-title", tuple(self.translated_title(each) for each in translated)
        yield "authors", tuple(p for each in meta.iterfind("contrib-group/contrib") for p in self.author(each))
        orcids = meta.iterfind("contrib-group/contrib/contrib-id[@contrib-id-type='orcid']")
        yield "ORCID", tuple(map(self.orcid, orcids))
        yield "abstract", tuple(p for each in meta.iter("abstract", "trans-abstract") for p in self.abstract(each))
        yield "keywords", tuple(self.keywords(group) for group in meta.iterfind("kwd-group"))
        yield "history", tuple(self.history(meta))

    def lines(self, elements: Iterable[Element], role: str) -> tuple[Passage, ...]:
        return tuple(self.paragraph(element, role, self.language(element)) for element in elements)

    def focus(self, meta: Element) -> Iterator[Passage]:
        subjects = meta.findall("article-categories/subj-group[@subj-group-type='focus']/subject")
        if subjects:
            yield self.listed(subjects, "focus", self.word["focus"], self.word["separator"], self.lang)

    def listed(self, elements: list[Element], role: str, label: str, separator: str, lang: str) -> Passage:
        pen = self.pen()
        for element in elements:
            if pen.length:
                pen.write(separator, lang)
            pen.write((element.text or "").strip(), lang, node=element, which="text")
            for child in element:
                pen.write("".join(child.itertext()) + (child.tail or ""), lang, node=child, which="text")
        return pen.passage(role, label, elements[0] if elements else None)

    def translated_title(self, group: Element) -> Passage:
        both = [group.find("trans-title"), group.find("trans-subtitle")]
        lang = self.language(group)
        return self.listed([each for each in both if each is not None], "translated title", "", ": ", lang)

    def author(self, contrib: Element) -> Iterator[Passage]:
        names = [*contrib.iterfind("name"), *contrib.iterfind("name-alternatives/name")]
        names.sort(key=lambda name: name.get("name-style") != "eastern")
        for position, name in enumerate(names[:2]):
            if position == 0 or name.get("name-style") == "western":
                eastern = name.get("name-style") == "eastern"
                parts = [name.find("surname"), name.find("given-names")]
                ordered = [part for part in (parts if eastern else reversed(parts)) if part is not None]
                lang = "en" if position else self.language(name)
                pen = self.pen()
                for part in ordered:
                    pen.write("" if eastern or not pen.length else " ", lang)
                    pen.write((part.text or "").strip(), lang, node=part, which="text")
                if position == 0:
                    self.author_calls(contrib, pen)
                yield pen.passage("English name" if position else "author", node=name)
        for collab in contrib.iterfind("collab") if not names else ():
            pen = self.pen()
            pen.write("".join(collab.itertext()).strip(), self.language(collab), node=collab, which="text")
            self.author_calls(contrib, pen)
            yield pen.passage("author", node=collab)
        for unit in contrib.iterfind("aff"):
            yield self.listed([unit], "unit", "", "", self.language(unit))

    def orcid(self, element: Element) -> Passage:
        pen, found = self.pen(), _ORCID.search(element.text or "")
        pen.write(found[0] if found else element.text, self.lang, False, element, "text")
        return pen.passage("ORCID", node=element)

    def author_calls(self, contrib: Element, pen: Pen) -> None:
        for xref in contrib.iterfind("xref"):
            self.xref(xref, pen, self.lang)

    def abstract(self, element: Element) -> Iterator[Passage]:
        label = words_beside(element.get(LANG) or self.lang)["abstract"]
        for paragraph in element.iterfind("p"):
            read = self.paragraph(paragraph, "abstract", self.language(paragraph), label)
            yield read
            label = ""

    def keywords(self, group: Element) -> Passage:
        beside = words_beside(group.get(LANG) or self.lang)
        words = list(group.iterfind("kwd"))
        return self.listed(words, "keywords", beside["keywords"], beside["separator"], self.language(group))

    def history(self, meta: Element) -> Iterator[Passage]:
        for day in meta.iterfind("history/date"):
            name, parts = _HISTORY.get(day.get("date-type", "")), _date(day)
            if name and parts:
                pen = self.pen()
                pen.write(f"{self.word[name]}{self.word['colon']}{date_in_words(parts, self.lang)}", self.lang)
                yield pen.passage("date", node=day)
        for doi in meta.iterfind("article-id[@pub-id-type='doi']"):
            pen, number = self.pen(), "".join((doi.text or "").split())
            pen.write(f"{self.word['doi']}{self.word['colon']}", self.lang)
            start = pen.length
            pen.write(number, self.lang, node=doi, which="text")
            pen.mark("link", f"https://doi.org/{number}", start)
            yield pen.passage("DOI", node=doi)

    # Blocks

    def blocks(self, parent: Element, role: str, lang: str) -> Iterator[Passage]:
        for child in parent:
            if isinstance(child.tag, str) and child.tag != "label":
                yield from self.block(child, role, child.get(LANG) or lang)

    def block(self, element: Element, role: str, lang: str) -> Iterator[Passage]:
        match element.tag:
            case "sec" | "disp-quote" | "list" as tag:
                yield from self.nested(element, tag, role, lang)
            case "title":
                parent = element.getparent()
                label = self.said.label(parent) if parent is not None else ""
                yield self.paragraph(element, f"{role}heading", lang, label)
            case "fig":
                yield from self.figure(element, f"{role}figure/", lang)
            case "table-wrap":
                yield from self.table(element, f"{role}table/", lang)
            case "attrib":
                yield self.paragraph(element, f"{role}attribution", lang)
            case "p":
                yield self.paragraph(element, f"{role}paragraph", lang)
            case _:
                yield self.paragraph(element, role + str(element.tag), lang)

    def nested(self, element: Element, tag: str, role: str, lang: str) -> Iterator[Passage]:
        if tag == "sec":
            yield from self.blocks(element, role, lang)
        elif tag == "disp-quote":
            yield from self.blocks(element, f"{role}quotation/", lang)
        else:
            for position, item in enumerate(element.iterfind("list-item"), start=1):
                yield from self.blocks(item, f"{role}item {position}/", item.get(LANG) or lang)

    def figure(self, element: Element, role: str, lang: str) -> Iterator[Passage]:
        for alternative in element.iterfind("alt-text"):
            pen = self.pen()
            pen.write(alternative.text, lang, node=alternative, which="text")
            yield pen.passage(f"{role}alternative text", node=alternative)
        yield from self.captions(element, role)
        for attribution in element.iterfind("attrib"):
            yield self.paragraph(attribution, f"{role}source", lang)

    def captions(self, element: Element, role: str) -> Iterator[Passage]:
        title = element.find("caption/title")
        label = self.said.label(element)
        if title is None:
            yield self.pen().passage(f"{role}caption", label, element)
        else:
            yield self.paragraph(title, f"{role}caption", self.language(title), label)
        for paragraph in element.iterfind("caption/p"):
            yield self.paragraph(paragraph, f"{role}caption text", self.language(paragraph))

    def table(self, element: Element, role: str, lang: str) -> Iterator[Passage]:
        yield from self.captions(element, role)
        rows = [row for part in ("thead", "tbody", "tfoot") for row in element.iterfind(f"table/{part}/tr")]
        for position, row in enumerate(rows, start=1):
            for column, cell in enumerate(row.iterchildren("th", "td"), start=1):
                kind = "heading" if cell.tag == "th" else "cell"
                yield self.paragraph(cell, f"{role}{kind} {position}.{column}", lang)
        for line in (*element.iterfind("table-wrap-foot/p"), *element.iterfind("attrib")):
            yield self.paragraph(line, f"{role}source", self.language(line))

    # Text

    def pen(self) -> Pen:
        return Pen(typed=primary(self.lang) != "ko")

    def paragraph(self, element: Element, role: str, lang: str, label: str = "") -> Passage:
        pen = Pen(typed=primary(lang) != "ko")
        if element.tag == "p" and not element.get(LANG):
            lang = languages.is_foreign("".join(self.spoken(element)), self.lang) or lang
        self.inline(element, pen, lang)
        return pen.passage(role, label, element)

    def spoken(self, element: Element) -> Iterator[str]:
        """The words that tell the language of a paragraph: those of its links and notes do not."""
        yield element.text or ""
        for child in element:
            silent = child.tag in ("ext-link", "fn", "label") or is_supplied(child)
            if isinstance(child.tag, str) and not silent:
                if child.tag != "xref":
                    yield from self.spoken(child)
                elif not is_call(child):
                    yield child.text or ""
            yield child.tail or ""

    def inline(self, element: Element, pen: Pen, lang: str, *, address: bool = False) -> None:
        self.write(pen, element.text, lang, element, "text", address)
        for child in element:
            if isinstance(child.tag, str):
                self.child(child, pen, child.get(LANG) or lang, address)
            tail = child.tail or ""
            if child.tag == "xref" and not is_call(child):
                locator = _LOCATOR.match(tail) if self.words else None
                if locator:
                    pen.write(locator[0], lang, False, child, "tail")
                    tail = tail[locator.end() :]
            self.write(pen, tail, lang, child, "tail", address)

    def write(self, pen: Pen, text: str | None, lang: str, node: Element, which: str, address: bool) -> None:
        automatic = not address and primary(lang) in ("zh", primary(self.lang))
        pen.write(text, lang, automatic, node, which)

    def child(self, node: Element, pen: Pen, lang: str, address: bool) -> None:
        start = pen.length
        self.read_child(node, pen, lang, address)
        if node.get(LANG) and not is_supplied(node):
            pen.mark("lang", lang, start)

    def read_child(self, node: Element, pen: Pen, lang: str, address: bool) -> None:
        start = pen.length
        match node.tag:
            case "fn":
                label = self.said.label(node)
                pen.call(label, f"note {label}", lang)
            case "xref":
                self.xref(node, pen, lang)
            case "ext-link":
                self.inline(node, pen, lang, address=True)
                pen.mark("link", node.get(HREF, ""), start)
            case "ruby":
                pen.write(node.findtext("rb"), lang, False, node.find("rb"), "text")
                pen.mark("ruby", (node.findtext("rt") or "").strip(), start)
            case "label":
                pass
            case "p":  # in the cell of a table
                around = node.getparent()
                if node.getprevious() is not None or (around is not None and (around.text or "").strip()):
                    pen.write(BREAK, lang)
                self.inline(node, pen, lang)
            case _ if is_supplied(node):
                if self.words:
                    pen.mark("supplied", " ".join("".join(node.itertext()).split()), start)
            case tag:
                self.inline(node, pen, lang, address=address)
                if tag in _STYLES:
                    pen.mark("style", str(tag), start)
                elif tag == "styled-content":
                    pen.mark("style", node.get("style-type", ""), start)

    def xref(self, node: Element, pen: Pen, lang: str) -> None:
        target = self.said.target(node)
        named = self.named(target)
        if is_call(node):
            label = (node.text or "") if self.edition == "jats" else named.removeprefix("note ")
            pen.call(label, named, lang)
            return
        start = pen.length
        pen.write((node.text or "") if self.words else REFERENCE, lang, False, node, "text")
        pen.mark("to", named, start)
        if node.get("specific-use") == "same-source":
            pen.mark("cites", named, start)

    def named(self, target: Element | None) -> str:
        """What a reference leads to: note 3, fig 1, sec 4."""
        note = target
        while note is not None and note.tag != "fn":
            note = note.getparent()
        if note is not None:
            return f"note {self.said.label(note)}"
        if target is None:
            return "nothing"
        return f"{_PLACES.get(str(target.tag), str(target.tag))} {self.order.get(target, 0)}"


def _inside_supplied(note: Element) -> bool:
    return any(is_supplied(node) for node in note.iterancestors())


def _date(node: Element) -> list[int]:
    parts = [node.findtext(part) for part in ("year", "month", "day")]
    iso = node.get("iso-8601-date") or "-".join(part.strip() for part in parts if part)
    return [int(part) for part in iso.split("-") if part.isdigit()]

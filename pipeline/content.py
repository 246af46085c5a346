"""Content: a parsed and numbered brief to the plain values of `pipeline.brief`.

One small function for each element of the profile; a new element is a new function here, a macro in
`layouts/shared/`, and a pattern in the schema.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from lxml import etree

from pipeline import languages
from pipeline.brief import (
    Author,
    Block,
    Break,
    Brief,
    Call,
    Cell,
    Colophon,
    Figure,
    Inline,
    Issue,
    Item,
    Keywords,
    Link,
    List,
    Note,
    Paragraph,
    Quotation,
    Reference,
    Ruby,
    Section,
    Style,
    Table,
    Text,
    Translation,
)
from pipeline.flat import Flat
from pipeline.notes.style import HouseStyle
from pipeline.number import Numbering, number
from pipeline.parse import HREF, LANG, Source
from pipeline.profiles import DEFAULT, date_in_words, primary, profile, words

Element = etree._Element

_STYLES = {
    **{name: name for name in ("italic", "bold", "sup", "sub")},
    "mixed-citation": "citation",
    **dict.fromkeys(("article-title", "source"), "foreign"),
}
"""What an inline element looks like; titles in a citation only have a language of their own."""

_REFERENCES = {"fig": "fig", "table": "table", "sec": "sec"}
_BLANK = " \t\r\n"
_UNPRINTED = re.compile("[\x7f-\x9f\u00ad\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_BLANKS = re.compile(f"[{_BLANK}]+")
_HAN_OR_MARK = re.compile("[\u2e80-\u2fdf\u3000-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")
_BLANK_BESIDE_HAN = re.compile(rf"(?<={_HAN_OR_MARK.pattern})[ \t]*\n\s*|[ \t]*\n\s*(?={_HAN_OR_MARK.pattern})")
_NOTHING = re.compile("(?!)")
_ALONE = ""
"""The language of text in which no other is looked for: an address."""

_OWN_ANCHOR = re.compile(r"title|notes|.*-call(-\d+)?")
"""Ids that the editions make themselves (after the key of the brief): headings, and the calls of notes."""


def issue_content(folder: Path, issue: Source, briefs: Iterable[Source], style: HouseStyle | None = None) -> Issue:
    """The whole issue as values, its notes worded in `style`; the sources are valid."""
    root = issue.root
    meta = _required(root, "issue-meta")
    cover = meta.find("cover-picture")
    return Issue(
        lang=root.get(LANG) or DEFAULT,
        title=_text(root, "journal-meta/journal-title-group/journal-title"),
        english_title=_text(root, "journal-meta/journal-title-group/trans-title-group/trans-title"),
        volume=_text(meta, "volume"),
        number=_text(meta, "issue-number"),
        published=date.fromisoformat(_required(meta, "pub-date").get("iso-8601-date", "")),
        colophon=_colophon(root, meta),
        briefs=tuple(
            brief_content(source, f"b{position:02}", style) for position, source in enumerate(briefs, start=1)
        ),
        cover=folder / cover.get("href", "") if cover is not None else None,
        cover_alternative=cover.get("alt", "") if cover is not None else "",
        folder=folder,
    )


def brief_content(source: Source, key: str, style: HouseStyle | None = None) -> Brief:
    """One valid brief as values; `key` begins its anchors, `style` words its notes."""
    return _Reader(source, key, style).brief()


def _colophon(root: Element, meta: Element) -> Colophon:
    issn = {node.get("publication-format"): _string(node) for node in (*root.iter("issn"),)}
    first = meta.find("first-issue-date")
    licence = meta.find("licence")
    depositor = meta.find("depositor")
    return Colophon(
        publisher=_text(root, "journal-meta/publisher/publisher-name"),
        address=_text(meta, "publisher-address"),
        telephone=_text(meta, "publisher-phone"),
        url=_text(meta, "publisher-url"),
        editor_in_chief=_text(meta, "editor-in-chief"),
        editorial_board=tuple(_string(member) for member in meta.iterfind("editorial-board/member")),
        executive_editor=_text(meta, "executive-editor"),
        first_issue=date.fromisoformat(first.get("iso-8601-date", "")) if first is not None else None,
        frequency=_text(meta, "frequency"),
        licence=_string(licence) if licence is not None else "",
        licence_href=licence.get("href", "") if licence is not None else "",
        price=_text(meta, "price"),
        issn_print=issn.get("print", "") or issn.get(None, ""),
        issn_electronic=issn.get("electronic", ""),
        gpn=_text(meta, "gpn"),
        doi_prefix=_text(meta, "doi-prefix"),
        depositor=_text(meta, "depositor"),
        depositor_email=depositor.get("email", "") if depositor is not None else "",
    )


class _Reader:
    """Reads one brief; holds what every element needs: the numbering, the key, the notes made so far."""

    def __init__(self, source: Source, key: str, style: HouseStyle | None) -> None:
        self.source = source
        self.key = key
        self.lang = source.root.get(LANG) or DEFAULT
        self.numbering: Numbering = number(source.root, style)
        self.notes: dict[Element, Note] = {}
        self.blocks_by_tag: dict[str, Callable[[Element, int], Block]] = {
            "p": self.paragraph_block,
            "disp-quote": self.quotation,
            "fig": self.figure,
            "table-wrap": self.table,
            "list": self.list,
            "sec": self.section,
        }
        self.inlines_by_tag: dict[str, Callable[[Element], Iterable[Inline]]] = {
            "fn": self.note_call,
            "xref": self.reference,
            "ext-link": self.link,
            "named-content": self.named_content,
            "styled-content": self.styled_content,
            "ruby": self.ruby,
            "p": self.cell_paragraph,
        }

    def brief(self) -> Brief:
        root = self.source.root
        meta = _required(root, "front/article-meta")
        title = self.children(meta.find("title-group/article-title"))
        subtitle = self.children(meta.find("title-group/subtitle"))
        blocks = self.blocks(_required(root, "body"), 0)
        return Brief(
            key=self.key,
            lang=self.lang,
            title=title,
            subtitle=subtitle,
            authors=tuple(self.author(contrib) for contrib in meta.iterfind("contrib-group/contrib")),
            focus=tuple(
                _string(subject)
                for subject in meta.iterfind("article-categories/subj-group[@subj-group-type='focus']/subject")
            ),
            blocks=blocks,
            notes=tuple(self.notes[note] for note in self.numbering.notes if note in self.notes),
            abstract=self.paragraphs(meta.find("abstract")),
            translations=tuple(self.translations(meta)),
            keywords=tuple(_keywords(group) for group in meta.iterfind("kwd-group")),
            dates=tuple(_dates(meta, self.lang)),
            doi=_text(meta, "article-id[@pub-id-type='doi']") or None,
        )

    def anchor(self, element: Element) -> str:
        """The id of an element in every edition; a generated one where the author gave none."""
        return self.given_anchor(element) or f"{self.key}_{element.tag!s}-{self.source.nodes.index(element)}"

    def given_anchor(self, element: Element) -> str | None:
        """The anchor for the id the author gave; `_` keeps it apart from ids of the editions."""
        given = element.get("id")
        if not given:
            return None
        return f"{self.key}{'_' if _OWN_ANCHOR.fullmatch(given) else '-'}{given}"

    # Blocks

    def blocks(self, parent: Element, depth: int) -> tuple[Block, ...]:
        return tuple(
            self.blocks_by_tag[child.tag](child, depth)
            for child in parent
            if isinstance(child.tag, str) and child.tag in self.blocks_by_tag
        )

    def section(self, element: Element, depth: int) -> Section:
        title = element.find("title")
        label = self.numbering.labels[element]
        return Section(
            anchor=self.anchor(element),
            label=label,
            title=self.children(title),
            depth=depth + 1,
            blocks=self.blocks(element, depth + 1),
            after_label=profile(self.lang).labels.after_section if label else "",
        )

    def paragraph_block(self, element: Element, _depth: int) -> Block:
        return self.paragraph(element)

    def paragraph(self, element: Element) -> Paragraph:
        lang = element.get(LANG) or languages.is_foreign("".join(self.words_for_language(element)), self.lang)
        return Paragraph(
            self.children(element, lang),
            lang=lang,
            anchor=self.given_anchor(element),
        )

    def paragraphs(self, parent: Element | None) -> tuple[Paragraph, ...]:
        return tuple(self.paragraph(p) for p in parent.iterfind("p")) if parent is not None else ()

    def quotation(self, element: Element, depth: int) -> Quotation:
        return Quotation(
            self.blocks(element, depth),
            attribution=self.children(element.find("attrib")),
            lang=element.get(LANG),
            anchor=self.given_anchor(element),
        )

    def figure(self, element: Element, _depth: int) -> Figure:
        href = _required(element, "graphic").get(HREF, "")
        return Figure(
            anchor=self.anchor(element),
            label=self.numbering.labels[element],
            title=self.children(element.find("caption/title")),
            caption=self.paragraphs(element.find("caption")),
            alternative=_text(element, "alt-text"),
            picture=self.source.path.parent / href,
            href=href,
            attribution=self.children(element.find("attrib")),
        )

    def table(self, element: Element, _depth: int) -> Table:
        return Table(
            anchor=self.anchor(element),
            label=self.numbering.labels[element],
            title=self.children(element.find("caption/title")),
            caption=self.paragraphs(element.find("caption")),
            head=self.rows(element.iterfind("table/thead/tr")),
            body=self.rows(element.iterfind("table/tbody/tr")),
            foot=self.rows(element.iterfind("table/tfoot/tr")),
            attribution=tuple(
                self.children(line)
                for line in (*element.iterfind("table-wrap-foot/p"), *element.iterfind("attrib"))
            ),
        )

    def rows(self, rows: Iterable[Element]) -> tuple[tuple[Cell, ...], ...]:
        return tuple(tuple(self.cell(cell) for cell in row if cell.tag in ("th", "td")) for row in rows)

    def cell(self, element: Element) -> Cell:
        return Cell(
            heading=element.tag == "th",
            children=self.children(element),
            colspan=int(element.get("colspan", "1")),
            rowspan=int(element.get("rowspan", "1")),
            align=element.get("align", ""),
            scope=element.get("scope", ""),
        )

    def cell_paragraph(self, element: Element) -> Iterable[Inline]:
        """A paragraph of a table cell, on a line of its own; elsewhere paragraphs are blocks."""
        cell = element.getparent()
        if element.getprevious() is not None or (cell is not None and (cell.text or "").strip()):
            yield Break()
        yield from self.children(element)

    def list(self, element: Element, depth: int) -> List:
        return List(
            numbering=element.get("list-type", "bullet"),
            items=tuple(Item(self.blocks(item, depth)) for item in element.iterfind("list-item")),
            anchor=self.given_anchor(element),
        )

    # Inline

    def children(self, element: Element | None, lang: str | None = None) -> tuple[Inline, ...]:
        """The inline content of an element; `lang` is its language where that isn't the brief's."""
        return _trimmed(self.inner(element, lang or self.lang)) if element is not None else ()

    def inline(self, element: Element, around: str) -> Iterable[Inline]:
        read = self.inlines_by_tag.get(str(element.tag))
        if read is not None:
            return read(element)
        if element.tag in _STYLES:
            lang = element.get(LANG)
            return [Style(_STYLES[element.tag], self.inner(element, lang or around), lang)]
        return self.inner(element, around)

    def inner(self, element: Element, lang: str) -> tuple[Inline, ...]:
        """Inline content in a language; blanks at its ends count."""
        first, *tails = self.folded(element)
        nodes: list[Inline] = [*self.texts(first, lang)]
        for child, tail in zip(element, tails, strict=True):
            if isinstance(child.tag, str):
                nodes.extend(self.inline(child, lang))
            nodes.extend(self.texts(tail, lang))
        return tuple(nodes)

    def texts(self, content: str, lang: str) -> Iterator[Text]:
        """Text nodes of one language each, without the characters that rule R040 warns of: they print as boxes.

        Chinese, and the language of the brief, may hold stretches in others; what is marked as another may not.
        """
        content = _UNPRINTED.sub("", content)
        if primary(lang) in ("zh", primary(self.lang)):
            for other, run in languages.runs(content, lang):
                yield Text(run, other)
        elif content:
            yield Text(content)

    def note_call(self, element: Element) -> Iterable[Inline]:
        if element not in self.numbering.notes:
            return ()
        return (Call(self.note(element)),)

    def note(self, element: Element) -> Note:
        if element not in self.notes:
            self.notes[element] = Note(
                anchor=self.anchor(element),
                label=self.numbering.notes[element],
                paragraphs=self.paragraphs(element),
            )
        return self.notes[element]

    def reference(self, element: Element) -> Iterable[Inline]:
        target = self.numbering.targets.get(element)
        if target is None:
            return ()
        if element in self.numbering.again:
            return (Call(self.note(target), self.numbering.again[element]),)
        to = element.get("specific-use") or _REFERENCES.get(element.get("ref-type", ""), "sec")
        words, locator = self.numbering.words[element], self.numbering.locators.get(element, "")
        return (Reference(to, self.anchor(target), words, locator, self.denoted(element)),)

    def denoted(self, xref: Element) -> tuple[Inline, ...]:
        """The full citation that a reference to a source stands for."""
        cited = self.numbering.denoted.get(xref)
        if cited is None or xref.get("specific-use") != "same-source":
            return ()
        citation = cited.citation
        if citation is None:
            paragraphs = [self.children(paragraph) for paragraph in cited.note.iterfind("p")]
            return tuple(_unsourced(node) for children in paragraphs for node in children)
        if citation.element is not None:
            return _without_stop(self.inline(citation.element, self.lang))
        return _without_stop(self.stretch(citation.paragraph, citation.start, citation.end))

    def stretch(self, paragraph: Flat, start: int, end: int) -> Iterator[Inline]:
        """Characters `start` to `end` of a paragraph, in the italics and links they stand in."""
        lang = paragraph.element.get(LANG) or self.lang
        for piece in paragraph.pieces:
            text = paragraph.text[max(start, piece.start) : min(end, piece.end)]
            if piece.which == "reference" or piece.start >= end or piece.end <= start:
                continue
            around = piece.node.getparent() if piece.which == "tail" else piece.node
            inside = [around, *around.iterancestors()] if around is not None else []
            link = next((node for node in inside if node.tag == "ext-link"), None)
            children: tuple[Inline, ...] = tuple(self.texts(text, lang if link is None else _ALONE))
            if any(node.tag == "italic" for node in inside):
                children = (Style("italic", children),)
            yield from (Link(link.get(HREF, ""), children),) if link is not None else children

    def link(self, element: Element) -> Iterable[Inline]:
        return (Link(element.get(HREF, ""), self.inner(element, _ALONE)),)

    def named_content(self, element: Element) -> Iterable[Inline]:
        lang = element.get(LANG)
        return (Style("foreign", self.inner(element, lang or self.lang), lang),)

    def styled_content(self, element: Element) -> Iterable[Inline]:
        return (Style(element.get("style-type", ""), self.inner(element, self.lang), element.get(LANG)),)

    def ruby(self, element: Element) -> Iterable[Inline]:
        return (Ruby(_text(element, "rb"), _text(element, "rt")),)

    # Front matter

    def author(self, contrib: Element) -> Author:
        names = [*contrib.iterfind("name"), *contrib.iterfind("name-alternatives/name")]
        eastern = next((name for name in names if name.get("name-style") == "eastern"), None)
        western = next((name for name in names if name.get("name-style") == "western"), None)
        first = eastern if eastern is not None else (names[0] if names else None)
        calls = [node for xref in contrib.iterfind("xref") for node in self.reference(xref)]
        return Author(
            name=_person(first) if first is not None else _text(contrib, "collab"),
            unit=tuple(_string(aff) for aff in contrib.iterfind("aff")),
            english=_person(western) if western is not None and western is not first else None,
            orcid=_text(contrib, "contrib-id[@contrib-id-type='orcid']") or None,
            calls=tuple(node for node in calls if isinstance(node, Call)),
            collective=first is None,
        )

    def translations(self, meta: Element) -> Iterator[Translation]:
        by_lang: dict[str, dict[str, object]] = {}
        for group in meta.iterfind("title-group/trans-title-group"):
            by_lang.setdefault(group.get(LANG, ""), {}).update(
                title=_text(group, "trans-title"), subtitle=_text(group, "trans-subtitle")
            )
        for abstract in meta.iterfind("trans-abstract"):
            by_lang.setdefault(abstract.get(LANG, ""), {}).update(abstract=self.paragraphs(abstract))
        for lang, parts in by_lang.items():
            yield Translation(lang=lang, **parts)  # type: ignore[arg-type]

    # Text

    def text_of(self, node: Element, which: str) -> str:
        """A stretch of the text as it is printed: the wording of the notes changes some."""
        written = self.numbering.texts.get((node, which))
        return written if written is not None else (node.text if which == "text" else node.tail) or ""

    def folded(self, element: Element) -> Iterator[str]:
        """The text of an element and the tail of each child, blanks folded.

        Line ends of the source beside Chinese characters vanish, also those of a neighbouring element; in Korean,
        which has blanks between its words, they stay.
        """
        line_end = _line_ends(element)
        parts = [self.text_of(element, "text")]
        for child in element:
            parts += [self.set_text(child), self.text_of(child, "tail")]
        following, after = [], ""
        for part in reversed(parts):
            following.append(after)
            after = part.lstrip(_BLANK)[:1] or after
        before = ""
        for index, (part, after) in enumerate(zip(parts, reversed(following), strict=True)):
            if index % 2 == 0:
                left, right = (beside if _HAN_OR_MARK.match(beside) else "" for beside in (before, after))
                whole = line_end.sub("", left + part + right)
                yield _BLANKS.sub(" ", whole[len(left) : len(whole) - len(right)])
            before = part.rstrip(_BLANK)[-1:] or before

    def set_text(self, element: Element) -> str:
        """What of an element stands in the line: not its note, and words where the program writes them."""
        if not isinstance(element.tag, str) or element.tag == "fn":
            return ""
        if element.tag == "xref":
            words = self.numbering.words.get(element, "")
            return "" if element in self.numbering.again else words + self.numbering.locators.get(element, "")
        return "".join(element.itertext())

    def words_for_language(self, element: Element) -> Iterator[str]:
        """The words that decide the language of a paragraph: those of its links and notes do not."""
        yield self.text_of(element, "text")
        for child in element:
            if child.tag == "xref":
                yield self.set_text(child)
            elif isinstance(child.tag, str) and child.tag not in ("ext-link", "fn"):
                yield from self.words_for_language(child)
            yield self.text_of(child, "tail")


def _unsourced(node: Inline) -> Inline:
    """A node inside a supplied source; a source is not supplied within another."""
    return replace(node, source=()) if isinstance(node, Reference) else node


def _without_stop(nodes: Iterable[Inline]) -> tuple[Inline, ...]:
    """A citation without the stop at its end, as it stands inside brackets."""
    children = list(nodes)
    match children[-1] if children else None:
        case Text() as text:
            children[-1] = replace(text, content=text.content.rstrip("。."))
        case Style() as style:
            children[-1] = replace(style, children=_without_stop(style.children))
        case _:
            pass
    return tuple(child for child in children if not (isinstance(child, Text) and not child.content))


def _person(name: Element) -> str:
    """A name as it is set: eastern names without a blank, western ones with the given names first."""
    surname, given = _text(name, "surname"), _text(name, "given-names")
    return surname + given if name.get("name-style") == "eastern" else f"{given} {surname}".strip()


def _keywords(group: Element) -> Keywords:
    return Keywords(group.get(LANG), tuple(_string(word) for word in group.iterfind("kwd")))


def _dates(meta: Element, lang: str) -> Iterator[tuple[str, str]]:
    """The dates of the history: received and accepted, as they are printed."""
    named = {"received": "received", "rev-recd": "revised", "accepted": "accepted"}
    for node in meta.iterfind("history/date"):
        name = named.get(node.get("date-type", ""))
        iso = node.get("iso-8601-date") or "-".join(
            _text(node, part).zfill(2) for part in ("year", "month", "day") if node.find(part) is not None
        )
        parts = [int(part) for part in iso.split("-") if part.isdigit()]
        if name and parts:
            yield words(lang)[name], date_in_words(parts, lang)


def _line_ends(element: Element) -> re.Pattern[str]:
    """Which line ends of the source vanish in an element, by the language it is marked with."""
    lang = next((str(node.get(LANG)) for node in (element, *element.iterancestors()) if node.get(LANG)), DEFAULT)
    return _NOTHING if primary(lang) == "ko" else _BLANK_BESIDE_HAN


def _trimmed(children: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Inline content of a block: the indentation of the source at its ends is no text."""
    nodes = list(children)
    if nodes and isinstance(nodes[0], Text):
        nodes[0] = Text(nodes[0].content.lstrip(" "), nodes[0].lang)
    if nodes and isinstance(nodes[-1], Text):
        nodes[-1] = Text(nodes[-1].content.rstrip(" "), nodes[-1].lang)
    return tuple(node for node in nodes if not (isinstance(node, Text) and not node.content))


def _required(parent: Element, path: str) -> Element:
    found = parent.find(path)
    if found is None:
        raise ValueError(f"{path} is missing from a valid {parent.tag!s}")
    return found


def _text(parent: Element, path: str) -> str:
    found = parent.find(path)
    return _string(found) if found is not None else ""


def _string(element: Element) -> str:
    text = _UNPRINTED.sub("", "".join(element.itertext()))
    return _BLANKS.sub(" ", _line_ends(element).sub("", text)).strip()

"""Blocks: a brief as paragraphs and tables of Word, in the named styles of `layouts/word/styles.xml.j2`."""

from collections.abc import Iterable, Iterator, Sequence

from pipeline.brief import (
    Author,
    Block,
    Brief,
    Figure,
    Inline,
    List,
    Note,
    Paragraph,
    Quotation,
    Section,
    Table,
)
from pipeline.exporting import lists, tables
from pipeline.exporting.parts import Part, Parts
from pipeline.exporting.runs import Runs
from pipeline.exporting.wordml import Element, Look, field, paragraph, run, text, w
from pipeline.profiles import words, words_beside

HEADING_STYLES = tuple(f"Heading{depth}" for depth in range(1, lists.LEVELS + 1))


class Blocks:
    """Writes the blocks of a brief into the body of the document."""

    def __init__(self, parts: Parts, brief: Brief) -> None:
        self._parts, self._brief, self._part = parts, brief, parts.document
        self._runs = Runs(self._part, parts.faces, brief.lang)
        self._word = words(brief.lang)
        self._unnumbered = parts.ids.unnumbered

    def all(self) -> Iterator[Element]:
        """Every block of the body, the head of the brief first."""
        yield from self._head()
        yield from self._blocks(self._brief.blocks)

    # The head of the brief

    def _head(self) -> Iterator[Element]:
        brief, word = self._brief, self._word
        if brief.focus:
            yield self._labelled("Focus", word["focus"], word["separator"].join(brief.focus))
        yield self._paragraph("Title", brief.title)
        if brief.subtitle:
            yield self._paragraph("Subtitle", brief.subtitle)
        for each in brief.translations:
            if each.title:
                title = f"{each.title}: {each.subtitle}" if each.subtitle else each.title
                yield paragraph("TranslatedTitle", *self._runs.words(title, lang=each.lang))
        for author in brief.authors:
            yield from self._author(author)
        yield from self._abstract(brief.abstract, brief.lang)
        for each in brief.translations:
            yield from self._abstract(each.abstract, each.lang)
        for keywords in brief.keywords:
            beside = words_beside(keywords.lang or brief.lang)
            listed = beside["separator"].join(keywords.words)
            yield self._labelled("Keywords", beside["keywords"], listed, keywords.lang, beside["colon"])

    def _author(self, author: Author) -> Iterator[Element]:
        yield paragraph("Author", *self._runs.words(author.name), *self._runs.of(author.calls))
        for unit in author.unit:
            yield paragraph("Affiliation", *self._runs.words(unit))

    def _abstract(self, paragraphs: Sequence[Paragraph], lang: str) -> Iterator[Element]:
        if paragraphs:
            yield paragraph("AbstractTitle", *self._runs.words(words_beside(lang)["abstract"], lang=lang))
        for each in paragraphs:
            yield self._paragraph("Abstract", each.children, each.lang or lang)

    def _labelled(self, style: str, label: str, content: str, lang: str | None = None, colon: str = "") -> Element:
        """A line that begins with what it is: 關鍵詞：…"""
        colon = colon or self._word["colon"]
        name = self._runs.words(label + colon, Look(style="Label"), lang)
        return paragraph(style, *name, *self._runs.words(content, lang=lang))

    # Blocks

    def _blocks(self, blocks: Iterable[Block]) -> Iterator[Element]:
        position = 0
        for block in blocks:
            match block:
                case Paragraph():
                    yield self._marked_paragraph("BodyText", block)
                case Quotation():
                    yield from self._quotation(block)
                case Figure():
                    yield from self._figure(block)
                case Table():
                    yield from self._table(block)
                case List():
                    yield from self._list(block, 0, None)
                case Section():
                    position += bool(block.label)
                    yield self._heading(block, position if block.label else 0)
                    yield from self._blocks(block.blocks)

    def _heading(self, section: Section, position: int) -> Element:
        headings = self._parts.headings
        typed = headings.is_typed(section, position)
        number = headings.properties(section, position)
        label = self._runs.words(section.label + section.after_label) if typed else []
        content = [*label, *self._runs.of(section.title)]
        style = HEADING_STYLES[min(section.depth, lists.LEVELS) - 1]
        if section.anchor in self._unnumbered:
            return paragraph(f"Unnumbered{style}", *self._marked(section.anchor, content))
        properties = {} if number is None else {"numPr": number}
        return paragraph(style, *self._marked(section.anchor, content), **properties)

    def _quotation(self, quotation: Quotation) -> Iterator[Element]:
        marks = [self._parts.ids.name(quotation.anchor, "quotation")]
        for block in quotation.blocks:
            if isinstance(block, Paragraph):
                yield self._marked_paragraph("Quote", block, quotation.lang, marks)
                marks = []
        if quotation.attribution:
            yield self._paragraph("QuoteSource", quotation.attribution, quotation.lang)

    def _list(self, listing: List, depth: int, around: int | None) -> Iterator[Element]:
        here = self._parts.items.number(listing, depth, around)
        marks = [self._parts.ids.name(listing.anchor, "list")]
        for item, mark in zip(listing.items, self._parts.ids.next_items(), strict=True):
            marks.append(mark)
            for index, block in enumerate(item.blocks):
                if isinstance(block, List):
                    yield from self._list(block, depth + 1, here)
                elif isinstance(block, Paragraph) and not index:
                    number = lists.inside(lists.number_of_items(here), depth)
                    yield self._marked_paragraph("ListParagraph", block, marks=marks, numPr=number)
                    marks = []
                elif isinstance(block, Paragraph):
                    indent = w("ind", left=lists.STEP * (depth + 1), firstLine=0)
                    yield self._marked_paragraph("ListContinue", block, ind=indent)

    # Figures and tables

    def _figure(self, figure: Figure) -> Iterator[Element]:
        drawing = self._part.picture(figure)
        yield paragraph("Figure", run(Look(), drawing))
        yield from self._caption(figure, keep=bool(figure.attribution))
        if figure.attribution:
            yield self._paragraph("Source", figure.attribution)

    def _caption(self, block: Figure | Table, *, keep: bool) -> Iterator[Element]:
        together = {"keepNext": w("keepNext")} if keep else {}
        label = list(self._marked(block.anchor, self._counted(block.label)))
        blank = self._runs.words(self._word["blank"])
        yield paragraph("Caption", *label, *blank, *self._runs.of(block.title), **together)
        for each in block.caption:
            content = self._runs.of(each.children, each.lang)
            together = {"keepNext": w("keepNext")} if keep else {}
            yield paragraph("CaptionText", *self._marked(each.anchor, content), **together)

    def _counted(self, label: str) -> list[Element]:
        """A label with its number as a field that counts (17.16.5.62): 圖1."""
        name = label.rstrip("0123456789")
        look = Look(style="Label")
        number = self._runs.words(label[len(name) :], look)
        if not number or not name.strip():
            return self._runs.words(label, look)
        return [*self._runs.words(name, look), *field(f"SEQ {name.strip()} \\* ARABIC", number, look)]

    def _table(self, table: Table) -> Iterator[Element]:
        yield from self._caption(table, keep=True)
        yield tables.table(self._runs, table, self._parts.measure)
        notes = self._parts.ids.notes_of(table.anchor)
        for index, line in enumerate(table.attribution):
            yield self._paragraph("TableNote" if index < notes else "Source", line)
        if not table.attribution:  # two tables in a row would be one
            yield paragraph("Source")

    # Paragraphs

    def _paragraph(self, style: str, children: Sequence[Inline], lang: str | None = None) -> Element:
        return paragraph(style, *self._runs.of(children, lang))

    def _marked_paragraph(
        self,
        style: str,
        block: Paragraph,
        lang: str | None = None,
        marks: Sequence[str | None] = (),
        **properties: Element,
    ) -> Element:
        """A paragraph in its own bookmark, and in those of the blocks that begin with it."""
        content: Iterable[Element] = self._marked(block.anchor, self._runs.of(block.children, block.lang or lang))
        for name in reversed([each for each in marks if each]):
            content = self._part.marked(name, content)
        return paragraph(style, *content, **properties)

    def _marked(self, anchor: str | None, content: Iterable[Element]) -> Iterable[Element]:
        name = self._part.name(anchor) if anchor else None
        return self._part.marked(name, content) if name else content


def footnotes(parts: Parts, lang: str) -> list[Element]:
    """The notes, after the rules that stand above them (17.11.9)."""
    made = [
        w("footnote", paragraph("Normal", run(Look(), w(mark))), type=mark, id=number)
        for number, mark in enumerate(("separator", "continuationSeparator"), start=-1)
    ]
    for number, note in parts.notes.values():
        made.append(_footnote(parts, parts.footnotes, note, number, lang))
    return made


def _footnote(parts: Parts, part: Part, note: Note, number: int, lang: str) -> Element:
    """A note: its number or mark, then its paragraphs (17.11.10)."""
    runs = Runs(part, parts.faces, lang, citations=parts.ids.citations(note), targets=parts.ids.targets(note))
    call = Look(style="FootnoteReference")
    mark = run(call, text(note.label)) if note.by_author else run(call, w("footnoteRef"))
    made = w("footnote", id=number)
    for index, each in enumerate(note.paragraphs):
        content: Iterable[Element] = runs.of(each.children, each.lang)
        own = parts.ids.name(note.anchor, "note") if not index else None
        for name in (parts.ids.name(each.anchor), own):
            content = part.marked(name, content) if name else content
        made.append(paragraph("FootnoteText", *([mark, run(Look(), text(" "))] if not index else []), *content))
    return made

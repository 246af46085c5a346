"""The brief of an expectation, written out: what a perfect importer would give. The scorer is tried on it."""

from lxml import etree

from tests.manuscripts.notation import RAISED, Block, Expected, Spans, plain
from tests.manuscripts.score import HREF, LANG

Element = etree._Element
_XLINK = "http://www.w3.org/1999/xlink"


def ideal(wanted: Expected) -> bytes:
    """The brief that an editor wants, valid against the profile."""
    return _Writer(wanted).brief()


class _Writer:
    def __init__(self, wanted: Expected) -> None:
        self.wanted = wanted
        self.called: set[int] = set()

    def brief(self) -> bytes:
        article = etree.Element(
            "article", {"article-type": "research-article", LANG: "zh-Hant-TW"}, nsmap={"xlink": _XLINK}
        )
        article.set("dtd-version", "1.1")
        self._front(etree.SubElement(etree.SubElement(article, "front"), "article-meta"))
        body = etree.SubElement(article, "body")
        levels = [body]
        for block in self.wanted.blocks:
            if block.kind == "heading":
                del levels[block.level :]
                levels.append(etree.SubElement(levels[-1], "sec"))
                self._spans(etree.SubElement(levels[-1], "title"), block.spans)
            else:
                self._block(levels[-1], block)
        return etree.tostring(article, encoding="UTF-8", xml_declaration=True)

    def _front(self, meta: Element) -> None:
        if self.wanted.focus:
            group = etree.SubElement(
                etree.SubElement(meta, "article-categories"), "subj-group", {"subj-group-type": "focus"}
            )
            for each in self.wanted.focus:
                etree.SubElement(group, "subject").text = each
        titles = etree.SubElement(meta, "title-group")
        etree.SubElement(titles, "article-title").text = self.wanted.title
        if self.wanted.subtitle:
            etree.SubElement(titles, "subtitle").text = self.wanted.subtitle
        group = etree.SubElement(meta, "contrib-group")
        for name, unit in self.wanted.authors:
            contrib = etree.SubElement(group, "contrib", {"contrib-type": "author"})
            etree.SubElement(contrib, "collab").text = name
            if unit:
                etree.SubElement(contrib, "aff").text = unit
        if self.wanted.thanks:
            note = etree.SubElement(etree.SubElement(meta, "author-notes"), "fn", {"id": "an-1"})
            etree.SubElement(note, "p").text = self.wanted.thanks
            etree.SubElement(group[0], "xref", {"ref-type": "author-notes", "rid": "an-1"})
        if self.wanted.abstract:
            etree.SubElement(etree.SubElement(meta, "abstract"), "p").text = self.wanted.abstract
        if self.wanted.keywords:
            words = etree.SubElement(meta, "kwd-group", {LANG: "zh-Hant-TW"})
            for each in self.wanted.keywords:
                etree.SubElement(words, "kwd").text = each

    def _block(self, parent: Element, block: Block) -> None:
        match block.kind:
            case "p":
                self._spans(etree.SubElement(parent, "p"), block.spans)
            case "quote" | "attrib":
                tag = "p" if block.kind == "quote" else "attrib"
                self._spans(etree.SubElement(_last(parent, "disp-quote"), tag), block.spans)
            case "bullet" | "order":
                self._item(parent, block)
            case "figure":
                figure = etree.SubElement(parent, "fig")
                self._caption(figure, block.spans)
                etree.SubElement(figure, "alt-text").text = plain(block.spans)
                etree.SubElement(figure, "graphic", {HREF: "figures/a.png"})
                self._source(figure, block)
            case _:
                table = etree.SubElement(parent, "table-wrap")
                self._caption(table, block.spans)
                self._rows(etree.SubElement(table, "table"), block)
                self._source(table, block)

    def _item(self, parent: Element, block: Block) -> None:
        where = parent
        for _ in range(block.level):
            where = where[-1][-1]
        found = _last(where, "list", {"list-type": block.kind})
        self._spans(etree.SubElement(etree.SubElement(found, "list-item"), "p"), block.spans)

    def _caption(self, parent: Element, spans: Spans) -> None:
        self._spans(etree.SubElement(etree.SubElement(parent, "caption"), "title"), spans)

    def _source(self, parent: Element, block: Block) -> None:
        if block.source:
            self._spans(etree.SubElement(parent, "attrib"), block.source)

    def _rows(self, table: Element, block: Block) -> None:
        heads = [row for row in block.rows if row.header]
        parts = {True: etree.SubElement(table, "thead")} if heads else {}
        parts[False] = etree.SubElement(table, "tbody")
        for r, row in enumerate(block.rows):
            line = etree.SubElement(parts[row.header], "tr")
            for c, spans in enumerate(row.cells):
                if not row.merged[c]:
                    cell = etree.SubElement(line, "th" if row.header else "td")
                    width, height = block.extent(r, c)
                    if width > 1:
                        cell.set("colspan", str(width))
                    if height > 1:
                        cell.set("rowspan", str(height))
                    self._spans(cell, spans)

    def _spans(self, parent: Element, spans: Spans) -> None:
        for span in spans:
            if span.call > 0:
                self._call(parent, span.call)
                continue
            where = parent
            if span.target:
                etree.SubElement(
                    where, "xref", {"ref-type": "fn", "rid": f"fn-{span.target}", "specific-use": "same-source"}
                )
                continue
            if span.lang:
                where = etree.SubElement(where, "named-content", {"content-type": "foreign", LANG: span.lang})
            if span.call == RAISED:
                where = etree.SubElement(where, "sup")
            if span.italic:
                where = etree.SubElement(where, "italic")
            if span.href:
                where = etree.SubElement(where, "ext-link", {"ext-link-type": "uri", HREF: span.href})
            _append(where, span.text)

    def _call(self, parent: Element, number: int) -> None:
        if number in self.called:
            etree.SubElement(parent, "xref", {"ref-type": "fn", "rid": f"fn-{number}"})
            return
        self.called.add(number)
        note = etree.SubElement(parent, "fn", {"id": f"fn-{number}"})
        self._spans(etree.SubElement(note, "p"), self.wanted.notes[number - 1])


def _last(parent: Element, tag: str, attributes: dict[str, str] | None = None) -> Element:
    """The last child where it is of that kind, else a new one."""
    if len(parent) and parent[-1].tag == tag and dict(parent[-1].attrib) == (attributes or {}):
        return parent[-1]
    return etree.SubElement(parent, tag, attributes or {})


def _append(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text

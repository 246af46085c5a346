"""Body: the sections, paragraphs, quotations, lists, figures and tables of the text as JATS elements."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from pipeline.diagnostics import Words
from pipeline.exporting.bookmarks import Kind, identifier
from pipeline.exporting.bookmarks import kind as kind_of
from pipeline.importing.document import (
    Block,
    Cell,
    Document,
    List,
    NoteCall,
    Paragraph,
    Picture,
    Table,
    paragraphs_in,
)
from pipeline.importing.recognise import codes, inline
from pipeline.importing.recognise.characters import trimmed, visible
from pipeline.importing.recognise.figures import Plate, pictures_in, plates
from pipeline.importing.recognise.headings import CAPTION, MARKED_CAPTION, Found
from pipeline.importing.recognise.labels import number
from pipeline.importing.recognise.ledger import (
    ALTERNATIVE,
    BLANK,
    BULLET,
    CAPTION_LABEL,
    LABEL,
    MENTION,
    NOTE_NUMBER,
    PLACEHOLDER,
    Ledger,
)
from pipeline.importing.recognise.letters import OBJECT, Element, Letter, Line, Text, text_of
from pipeline.importing.recognise.pictures import usable
from pipeline.importing.recognise.quotations import Quotation, Reader, TypedList, typed_list
from pipeline.importing.recognise.references import References, references
from pipeline.importing.recognise.typed_notes import Item, TypedNotes
from pipeline.parse import HREF, LANG

_FIGURE_TITLE, _TABLE_TITLE = "〔圖題待補〕", "〔表題待補〕"
_OWN_MARK = re.compile(r"[*＊†‡§]{1,3}[ \t\u3000\xa0]*(?=[^\s*＊†‡§\ufffc])")
_OF_CALLS = re.compile("(?:fn|an|cit|par)-")
"""Ids of notes, citations and paragraphs, whose bookmarks may begin in a heading or caption."""
_MENTION = re.compile(
    r"(?:^|(?<=[如見參閱照據由從於在與和及或以、（(，。；：「』」\s]))(?P<kind>[圖表]|照片|相片)[ \u3000]*"
    r"(?P<n>[0-9０-９]{1,2}|[一二三四五六七八九十]{1,2})"
    r"(?![0-9０-９.．\-－~～至到、一二三四五六七八九十]|[ ]?[張片個種份])"
)


@dataclass
class Builder:
    """Makes the elements of a brief, one after the other in the order of reading."""

    document: Document
    typed: TypedNotes
    ledger: Ledger
    notes: dict[str, str] = field(default_factory=dict)
    """The id of each note that is made, by the key of its call."""
    ids: set[str] = field(default_factory=set)
    pictures: dict[str, bytes] = field(default_factory=dict)
    pending: list[tuple[int, str, Picture]] = field(default_factory=list)
    """Pictures within text, which become figures behind it: paragraph, its words, picture."""
    of_author: set[str] = field(default_factory=set)
    """Keys of the author's notes."""
    loose: set[str] = field(default_factory=set)
    """Notes whose text became paragraphs, which nothing can call."""
    references: dict[tuple[str, int], str] = field(default_factory=dict)
    """The id of each figure and table whose typed number is the one that will be printed."""
    plate_ids: dict[int, str] = field(default_factory=dict)
    """The id of a figure or table by the paragraph of its caption."""
    section_ids: dict[int, str] = field(default_factory=dict)
    """The id of a section that is referred to, by the paragraph of its heading."""
    pointing: References = field(init=False)
    """What the program of the author made to point into the manuscript."""
    note: str | None = None
    """The key of the note that is being made."""

    def __post_init__(self) -> None:
        self.pointing = references(self.document, self.typed.notes, self.notes, self.ledger)

    # Text

    def paragraph(
        self, line: Line, name: str = "p", *, plain: bool = False, holds: Sequence[str] = inline.TEXT
    ) -> Element:
        """A paragraph, title … of a line."""
        element = etree.Element(name)
        if name == "p" and (lang := inline.language_of(line.text, self.ledger.lang)):
            element.set(LANG, lang)
        return self.fill(element, line.text, line.number, plain=plain, holds=holds)

    def fill(
        self,
        element: Element,
        text: Text,
        number_: int,
        *,
        plain: bool = False,
        holds: Sequence[str] = inline.TEXT,
    ) -> Element:
        """Fill an element; calls become notes where it may hold them."""
        if "thing" in holds or "xref" in holds:
            text = self.pointing.linked(text, number_, self.note)
        text = self._with_things(text, number_, "thing" in holds)
        return inline.fill(element, text, number_, self.ledger, holds, plain=plain, english="thing" in holds)

    def text(self, paragraph: Paragraph) -> Line:
        """A paragraph of a list, cell or note as a line."""
        text = visible(text_of(paragraph.inlines), paragraph.number, self.ledger)
        text = trimmed(text, paragraph.number, self.ledger)
        return Line(paragraph, self.typed.with_calls(text, paragraph.number))

    def _with_things(self, text: Text, number_: int, may_hold: bool) -> Text:
        letters: list[Letter] = []
        for letter in text:
            if isinstance(letter.thing, NoteCall):
                if letter.thing.note in self.loose:
                    continue
                if may_hold:
                    letters.append(letter._replace(thing=self.call(letter.thing.note)))
                else:
                    what = Words("這裡不能有註號，註移到下一段", "no call may stand here")
                    self.ledger.doubt(codes.FLATTENED, number_, text.words, what=what)
                    letters.append(letter._replace(thing=None, char=""))
            elif isinstance(letter.thing, Picture):
                self.pending.append((number_, text.words, letter.thing))
            else:
                letters.append(letter)
        return Text(tuple(letter for letter in letters if letter.char))

    # Notes

    def call(self, key: str) -> Element:
        """The note that a call calls, or the repeated call of a note that was made before."""
        if key in self.notes:
            kind = "author-notes" if key in self.of_author else "fn"
            return _element("xref", {"ref-type": kind, "rid": self.notes[key]})
        lines = self.lines_of_note(key)
        marks = [name for line in lines for name in exported(line.paragraph.marks, "note")]
        note = _element("fn", {"id": self.id("fn", "".join(line.words for line in lines), marks)})
        self.notes[key] = note.get("id", "")
        self.ledger.counts["notes"] += 1
        self.note = key
        for line in lines:
            paragraph = etree.SubElement(note, "p")
            if lang := inline.language_of(line.text, self.ledger.lang):
                paragraph.set(LANG, lang)
            self.fill(paragraph, line.text, line.number, holds=inline.NOTE)
        self.note = None
        return note

    def lines_of_note(self, key: str) -> list[Line]:
        """The paragraphs of a note that have text; one of an empty note says that it is."""
        if key in self.typed.notes:
            lines = [line for line in self.typed.notes[key] if line.words]
        else:
            note = self.document.notes.get(key)
            blocks = note.blocks if note is not None else ()
            if any(not isinstance(block, Paragraph) for block in blocks):
                first = next(iter(paragraphs_in(blocks)), None)
                what = Words("註裡的條列或表格改成段落", "lists and tables in a note became paragraphs")
                self.ledger.doubt(
                    codes.FLATTENED, first.number if first else 1, first.text if first else "", what=what
                )
            lines = [line for each in paragraphs_in(blocks) if (line := self.text(each)).words]
            lines[:1] = [self._without_mark(line) for line in lines[:1]]
        if not lines:
            number_ = 1
            self.ledger.add(number_, "〔註文待補〕", PLACEHOLDER)
            return [Line(Paragraph((), number_), Text(tuple(Letter(char) for char in "〔註文待補〕")))]
        return lines

    def _without_mark(self, line: Line) -> Line:
        """The first line of a note without the mark that its author typed in the place of a number."""
        found = _OWN_MARK.match(line.text.string)
        if found is None:
            return line
        self.ledger.drop(line.number, found[0], NOTE_NUMBER)
        return replace(line, text=line.text[found.end() :])

    def name(self, element: Element, line: Line, of: Kind) -> None:
        """Give an element the id that an earlier export wrote at its first line."""
        found = (each for each in exported(line.paragraph.marks, of) if each not in self.ids)
        if name := next((each for each in found if of or not _OF_CALLS.match(each)), ""):
            self.ids.add(name)
            element.set("id", name)

    def id(self, prefix: str, text: str, marks: Iterable[str] = ()) -> str:
        """The first free one of `marks`, else an id that the text gives, so that another import gives it again."""
        for name in marks:
            if name not in self.ids:
                self.ids.add(name)
                return name
        digest = hashlib.sha256("".join(text.split()).encode("utf-8", "replace")).hexdigest()
        name = f"{prefix}-{digest[:6]}"
        count = 1
        while name in self.ids:
            count += 1
            name = f"{prefix}-{digest[:6]}-{count}"
        self.ids.add(name)
        return name

    # Sections

    def body(self, items: Sequence[Item], found: Mapping[int, Found]) -> Element:
        """The body of the brief; `found` are its headings by the index of their item."""
        body = etree.Element("body")
        at_heading = {id(items[at]): heading for at, heading in found.items()}
        parts = plates(items, found)
        self._number_plates(parts)
        self._name_sections(items, found)
        stop = {at for at, part in enumerate(parts) if id(part) in at_heading}
        reader = Reader(
            [item for at, item in enumerate(items) if isinstance(item, Line) and at not in found], self.ledger
        )
        open_sections: list[Element] = []
        at = 0
        while at < len(parts):
            part = parts[at]
            if at in stop and isinstance(part, Line):
                self._section(body, open_sections, part, at_heading[id(part)])
                at += 1
                continue
            here = open_sections[-1] if open_sections else body
            at += self._block(here, parts, at, stop, reader)
            self._pending(here)
        self._rest(open_sections[-1] if open_sections else body)
        for section in body.iter("body", "sec"):
            if not any(child.tag != "title" for child in section):
                self._placeholder(section)
        self.pointing.settle(self.of_author)
        return body

    def _rest(self, here: Element) -> None:
        """The notes that nothing calls, as paragraphs at the end."""
        for key in self.document.notes:
            if key in self.notes:
                continue
            self.loose.add(key)
            lines = [
                line for each in paragraphs_in(self.document.notes[key].blocks) if (line := self.text(each)).text
            ]
            for line in lines:
                self.ledger.doubt(codes.ENTRY_WITHOUT_CALL, line.number, line.words, note=key)
                if self._speaks(line):
                    here.append(self.paragraph(line))
        self._pending(here)

    def _placeholder(self, section: Element) -> None:
        text = "〔正文待補〕"
        self.ledger.add(1, text, PLACEHOLDER)
        title = "".join(section[0].itertext()) if len(section) else ""
        self.ledger.doubt(codes.HEADING_EMPTY, 1, title)
        etree.SubElement(section, "p").text = text

    def _section(self, body: Element, open_sections: list[Element], line: Line, heading: Found) -> None:
        del open_sections[heading.level - 1 :]
        parent = open_sections[-1] if open_sections else body
        section = etree.SubElement(parent, "sec")
        self.name(section, line, "")
        if own := self.section_ids.pop(line.number, ""):
            section.set("id", own)
        text = line.text
        if heading.label is not None:
            self.ledger.drop(line.number, heading.label.text, LABEL)
            text = text[len(heading.label.text) :]
        section.append(self.paragraph(replace(line, text=text), "title", plain=True))
        open_sections.append(section)

    def _block(self, here: Element, parts: Sequence[Item | Plate], at: int, stop: set[int], reader: Reader) -> int:
        """Append what begins at a part; returns how many parts it took."""
        part = parts[at]
        if isinstance(part, Plate):
            self._plate(here, part)
            return 1
        if isinstance(part, List):
            self._list(here, part)
            return 1
        if isinstance(part, Table):
            self._plate(here, Plate(None, part, None, None, ()))
            return 1
        quotation, taken = reader.quotation(parts, at, stop)
        if quotation is not None:
            here.append(self._quotation(quotation))
            return taken
        typed, taken = typed_list(parts, at, stop, self.ledger)
        if typed is not None:
            here.append(self._typed_list(typed))
            return taken
        self._line(here, part)
        return 1

    def _line(self, here: Element, line: Line) -> None:
        """A paragraph."""
        if self._speaks(line):
            mentioned = replace(line, text=self._with_mentions(line))
            here.append(self.paragraph(mentioned))

    def _speaks(self, line: Line) -> bool:
        """Whether a line has text or a call; of a line of pictures alone these are kept for later."""
        if line.words or any(
            isinstance(each, NoteCall) and each.note not in self.loose for each in line.text.things
        ):
            return True
        self.pending += ((line.number, "", picture) for picture in pictures_in(line))
        self.ledger.drop(line.number, line.text.words, BLANK)
        return False

    def _quotation(self, quotation: Quotation) -> Element:
        element = etree.Element("disp-quote")
        self.name(element, quotation.lines[0], "quotation")
        self.ledger.counts["quotations"] += 1
        for line in quotation.lines:
            plain = line.text.share("italic") > 0.95
            element.append(self.paragraph(line, plain=plain))
        if quotation.source is not None:
            source = quotation.source
            element.append(self.paragraph(replace(source, text=source.text[len(quotation.dash) :]), "attrib"))
        return element

    # Lists

    def _typed_list(self, typed: TypedList) -> Element:
        element = _element("list", {"list-type": typed.style})
        self.ledger.counts["lists"] += 1
        for line, mark, inner in typed.items:
            item = etree.SubElement(element, "list-item")
            self.ledger.drop(line.number, mark, BULLET)
            item.append(self.paragraph(replace(line, text=line.text[len(mark) :])))
            if inner is not None:
                item.append(self._typed_list(inner))
        return element

    def _list(self, here: Element, made: List) -> None:
        element = _element("list", {"list-type": made.style})
        for blocks in made.items:
            self._item(element, blocks)
        if len(element):
            self.ledger.counts["lists"] += 1
            here.append(element)

    def _item(self, element: Element, blocks: Sequence[Block]) -> None:
        item = etree.Element("list-item")
        for block in blocks:
            if isinstance(block, Paragraph):
                line = self.text(block)
                if self._speaks(line):
                    item.append(self.paragraph(line))
            elif isinstance(block, List):
                if len(item):
                    self._list(item, block)
                else:
                    for inner in block.items:
                        self._item(element, inner)
            else:
                for paragraph in paragraphs_in((block,)):
                    line = self.text(paragraph)
                    if line.words:
                        item.append(self.paragraph(line))
                what = Words("條列裡的表格改成段落", "a table in a list became paragraphs")
                self.ledger.doubt(codes.FLATTENED, block.number, "", what=what)
        if len(item):
            element.append(item)

    def _pending(self, here: Element) -> None:
        """Append the pictures that stood within text as figures."""
        while self.pending:
            number_, words, picture = self.pending.pop(0)
            self.ledger.doubt(codes.PICTURE_IN_TEXT, number_, words)
            paragraph = Paragraph((picture,), number_)
            alone = Line(paragraph, Text((Letter(OBJECT, thing=picture),)))
            self._plate(here, Plate(alone, None, None, None, ()))

    # Figures and tables

    def _number_plates(self, parts: Sequence[Item | Plate]) -> None:
        """Ids for figures and tables; the typed numbers that will be printed as they are."""
        seen = {"fig": 0, "table": 0}
        typed: dict[tuple[str, int], int] = {}
        for part in parts:
            if isinstance(part, Plate) and part.typed is not None:
                kind = "table" if part.table is not None else "fig"
                typed[kind, part.typed] = typed.get((kind, part.typed), 0) + 1
        for part in parts:
            if not isinstance(part, Plate):
                continue
            kind = "table" if part.table is not None else "fig"
            if part.picture is not None and not self._shown(part.picture):
                continue
            seen[kind] += 1
            certain = part.typed == seen[kind] and typed[kind, part.typed] == 1
            own = self._name_plate(kind, part.named, certain) if part.named is not None else ""
            if certain and own and part.typed is not None:
                self.references[kind, part.typed] = own

    def _name_plate(self, kind: str, caption: Line, wanted: bool) -> str:
        """The id of a figure or table, made where it is wanted or referred to; else empty."""
        marks = [mark for mark in caption.paragraph.marks if mark in self.pointing.used]
        marks = [mark for mark in marks if mark not in self.pointing.plates]
        if caption.number in self.plate_ids or (not wanted and not marks):
            return ""
        own = self.id("tbl" if kind == "table" else "fig", caption.words, _plate_ids(caption))
        self.plate_ids[caption.number] = own
        self.pointing.plates |= dict.fromkeys(marks, (kind, own))
        return own

    def _name_sections(self, items: Sequence[Item], found: Mapping[int, Found]) -> None:
        """Ids for the sections that are referred to and have a label."""
        for at, heading in found.items():
            line = items[at]
            if not isinstance(line, Line) or not (heading.label or heading.generated):
                continue
            marks = [mark for mark in line.paragraph.marks if mark in self.pointing.used]
            marks = [mark for mark in marks if mark not in self.pointing.sections]
            if marks and line.number not in self.section_ids:
                names = [name for name in exported(line.paragraph.marks, "") if not _OF_CALLS.match(name)]
                own = self.id("sec", line.words, names)
                self.section_ids[line.number] = own
                self.pointing.sections |= dict.fromkeys(marks, own)

    def _shown(self, line: Line) -> bool:
        return all(
            isinstance(usable(self.document.media.get(each.name, b"")), tuple) for each in pictures_in(line)
        )

    def _with_mentions(self, line: Line) -> Text:
        """The text with 如圖1 made a reference, where the number is certain."""
        letters: list[Letter] = []
        done = 0
        for found in _MENTION.finditer(line.text.string):
            kind = "table" if found["kind"] == "表" else "fig"
            value = number(found["n"])
            target = self.references.get((kind, value or 0))
            if target is None or any(each.look.href for each in line.text.letters[found.start() : found.end()]):
                if any(key[0] == kind for key in self.references):
                    reason = Words("沒有這個號碼，或號碼與順序不合", "no such number, or out of order")
                    self.ledger.doubt(
                        codes.REFERENCE_UNSURE, line.number, line.words, typed=found[0], reason=reason
                    )
                continue
            letters += line.text.letters[done : found.start()]
            letters.append(Letter(OBJECT, thing=_element("xref", {"ref-type": kind, "rid": target})))
            self.ledger.drop(line.number, found[0], MENTION)
            done = found.end()
        return Text((*letters, *line.text.letters[done:]))

    def _plate(self, here: Element, plate: Plate) -> None:
        if plate.table is not None:
            here.append(self._table(plate, plate.table))
            return
        assert plate.picture is not None
        self.ledger.drop(plate.picture.number, plate.picture.text.words, BLANK)
        shown = list(pictures_in(plate.picture))
        for at, picture in enumerate(shown):
            first = at == 0
            part = plate if first else Plate(plate.picture, None, None, None, ())
            here.extend(self._figure(part, picture))

    def _figure(self, plate: Plate, picture: Picture) -> list[Element]:
        """A figure; where its picture can't be used, its words as paragraphs."""
        made = usable(self.document.media.get(picture.name, b""))
        words = plate.caption.words if plate.caption else picture.name
        if isinstance(made, Words):
            self.ledger.doubt(codes.PICTURE_UNUSABLE, plate.number, words, name=picture.name, reason=made)
            lines = [
                line
                for line in (plate.label, plate.caption, plate.source, *plate.explanations)
                if line is not None
            ]
            if lines:
                return [self.paragraph(line) for line in lines]
            placeholder = f"〔圖：{picture.name}〕"
            self.ledger.add(plate.number, placeholder, PLACEHOLDER)
            element = etree.Element("p")
            element.text = placeholder
            return [element]
        name, data = made
        self.pictures[name] = data
        self.ledger.counts["figures"] += 1
        figure = etree.Element("fig")
        if plate.named is not None and (own := self.plate_ids.pop(plate.named.number, "")):
            figure.set("id", own)
        figure.append(self._caption(plate, _FIGURE_TITLE, plate.explanations))
        alternative = etree.SubElement(figure, "alt-text")
        alternative.text = " ".join(_legal(picture.alternative).split())
        if not alternative.text:
            alternative.text = "".join(_outside_notes(figure[0][0])) or _FIGURE_TITLE
            self.ledger.add(plate.number, alternative.text, ALTERNATIVE)
            self.ledger.doubt(codes.ALTERNATIVE_MISSING, plate.number, words)
        graphic = etree.SubElement(figure, "graphic")
        graphic.set(HREF, f"figures/{name}")
        if plate.source is not None:
            figure.append(self.paragraph(plate.source, "attrib"))
        return [figure]

    def _caption(self, plate: Plate, missing: str, explanations: Sequence[Line]) -> Element:
        caption = etree.Element("caption")
        line = plate.caption
        if line is None and plate.table is not None and plate.table.caption:
            text = trimmed(
                visible(text_of(plate.table.caption), plate.number, self.ledger), plate.number, self.ledger
            )
            line = Line(Paragraph(plate.table.caption, plate.number), text) if text.words else None
        if line is not None:
            found = CAPTION.match(line.text.string) or MARKED_CAPTION.match(line.text.string)
            text = line.text
            if plate.label is not None:
                self.ledger.drop(plate.label.number, plate.label.text.words, CAPTION_LABEL)
            if plate.guessed:
                self.ledger.doubt(codes.CAPTION_BY_LOOK, line.number, line.words)
            if found and text.string[found.end() :].strip():
                self.ledger.drop(line.number, found["label"], CAPTION_LABEL)
                text = text[found.end() :]
            caption.append(self.paragraph(replace(line, text=text), "title", plain=True))
        else:
            title = etree.SubElement(caption, "title")
            title.text = missing
            self.ledger.add(plate.number, missing, PLACEHOLDER)
            self.ledger.doubt(codes.CAPTION_MISSING, plate.number, "", title=missing)
        for explanation in explanations:
            caption.append(self.paragraph(explanation))
        return caption

    def _table(self, plate: Plate, table: Table) -> Element:
        self.ledger.counts["tables"] += 1
        wrap = etree.Element("table-wrap")
        if plate.named is not None and (own := self.plate_ids.pop(plate.named.number, "")):
            wrap.set("id", own)
        wrap.append(self._caption(plate, _TABLE_TITLE, ()))
        element = etree.SubElement(wrap, "table")
        headers = self._header_rows(table)
        for name, rows, first in (("thead", table.rows[:headers], True), ("tbody", table.rows[headers:], False)):
            if rows:
                group = etree.SubElement(element, name)
                for row in _even(rows, table):
                    self._row(group, row, head=first)
        if plate.explanations:
            foot = etree.SubElement(wrap, "table-wrap-foot")
            for line in plate.explanations:
                foot.append(self.paragraph(line))
        if plate.source is not None:
            wrap.append(self.paragraph(plate.source, "attrib"))
        return wrap

    def _header_rows(self, table: Table) -> int:
        """How many rows are the header: those the program says, else a first row that looks like one."""
        if len(table.rows) < 2:
            return 0
        flagged = 0
        while (
            flagged < len(table.rows) - 1
            and table.rows[flagged]
            and all(cell.header for cell in table.rows[flagged])
        ):
            flagged += 1
        if flagged:
            return _closed(table, flagged)
        reason = None
        if _bold_row(table.rows[0]) and not _bold_row(table.rows[1]):
            reason = Words("粗體", "bold")
        elif _words_over_numbers(table):
            reason = Words("下面各列是數字", "numbers below it")
        elif all(_cell_text(cell) for cell in table.rows[0]) or len(table.rows[0]) > 1:
            reason = Words("第一列", "the first row")
        if reason is None:
            return 0
        if reason.zh != "粗體":
            self.ledger.doubt(
                codes.HEADER_GUESSED, table.number, " ".join(map(_cell_text, table.rows[0])), reason=reason
            )
        return _closed(table, 1)

    def _row(self, group: Element, row: Sequence[Cell], *, head: bool) -> None:
        element = etree.SubElement(group, "tr")
        for cell in row:
            made = etree.SubElement(element, "th" if head or cell.header else "td")
            if cell.columns > 1:
                made.set("colspan", str(min(cell.columns, 999)))
            if cell.rows > 1:
                made.set("rowspan", str(min(cell.rows, 999)))
            if cell.alignment in ("center", "right"):
                made.set("align", cell.alignment)
            lines = [line for each in paragraphs_in(cell.blocks) if (line := self.text(each)).text.string]
            lines = [line for line in lines if self._speaks(line)]
            for line in lines:
                if "\n" in line.text.string.strip():
                    joined = Words("在表格裡，接成一行", "in a cell of a table; joined")
                    self.ledger.doubt(codes.SOFT_RETURN, line.number, line.words, decided=joined)
            if len(lines) == 1:
                self.fill(made, lines[0].text, lines[0].number, plain=head)
            else:
                for line in lines:
                    made.append(self.paragraph(line, plain=head))


def exported(marks: Iterable[str], of: Kind) -> list[str]:
    """The ids of elements of one kind that an earlier export wrote as bookmarks."""
    names = [identifier(mark) for mark in marks if kind_of(mark) == of]
    return [name for name in names if name and re.fullmatch("[A-Za-z_][A-Za-z0-9_-]*", name)]


def _plate_ids(caption: Line) -> list[str]:
    return [name for name in exported(caption.paragraph.marks, "") if not _OF_CALLS.match(name)]


def _element(name: str, attributes: Mapping[str, str]) -> Element:
    element = etree.Element(name)
    for key, value in attributes.items():
        element.set(key, value)
    return element


def _legal(text: str) -> str:
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


def _outside_notes(element: Element) -> Iterable[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in ("fn", "xref"):
            yield from _outside_notes(child)
        yield child.tail or ""


def _cell_text(cell: Cell) -> str:
    return "".join(each.text for each in paragraphs_in(cell.blocks)).strip()


def _bold_row(row: Sequence[Cell]) -> bool:
    runs = [text_of(each.inlines) for cell in row for each in paragraphs_in(cell.blocks)]
    whole = Text(tuple(letter for text in runs for letter in text))
    return whole.share("bold") > 0.9


def _words_over_numbers(table: Table) -> bool:
    first, second = table.rows[0], table.rows[1]
    return not any(re.search("[0-9]", _cell_text(cell)) for cell in first) and any(
        re.fullmatch(r"[-+−]?[0-9０-９,，.．%％]+", _cell_text(cell)) for cell in second
    )


def _closed(table: Table, rows: int) -> int:
    """At least so many rows that no cell of them reaches further down."""
    at = 0
    while at < rows:
        if at >= len(table.rows):
            return 0
        rows = max([rows, *(at + cell.rows for cell in table.rows[at])])
        at += 1
    return rows if rows < len(table.rows) else 0


def _even(rows: Sequence[Sequence[Cell]], table: Table) -> list[list[Cell]]:
    """Rows filled up with empty cells to the widest row of the table, spans ending with the rows; no empty row."""
    width = max((width for _, width in _widths(table.rows)), default=0)
    made = []
    for at, (row, has) in enumerate(_widths(rows)):
        cells = [replace(cell, rows=min(cell.rows, len(rows) - at)) for cell in row]
        made.append(cells + [Cell(())] * max(0, width - has))
    stands = [bool(row) for row in made]
    return [
        [replace(cell, rows=max(1, sum(stands[at : at + cell.rows]))) for cell in row]
        for at, row in enumerate(made)
        if row
    ]


def _widths(rows: Sequence[Sequence[Cell]]) -> list[tuple[Sequence[Cell], int]]:
    hanging: list[int] = []
    result = []
    for row in rows:
        result.append((row, len(hanging) + sum(max(1, cell.columns) for cell in row)))
        reaching = hanging + [cell.rows for cell in row for _ in range(max(1, cell.columns))]
        hanging = [left - 1 for left in reaching if left > 1]
    return result

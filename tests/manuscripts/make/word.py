"""Word files part by part, with the noise that Word, WPS, Pages and Google Docs leave in them.

Written from files that these programs save: the ids and names of their styles, their runs cut in the middle of
words, their fields. Nothing of kan is used.
"""

# ruff: noqa: E501  markup reads better unbroken

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from xml.sax.saxutils import escape, quoteattr

from tests.manuscripts.make.habits import Habits, Line, Look, lines, note_spans
from tests.manuscripts.make.pictures import chart
from tests.manuscripts.notation import RAISED, Expected, Row, Span, Spans

_NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DATE = "2026-09-14T10:32:00Z"

_EXACT = '<w:spacing w:line="400" w:lineRule="exact"/>'
_NAMES = {
    "Normal": "Normal",
    "Heading 1": "heading 1",
    "Heading 2": "heading 2",
    "Heading 3": "heading 3",
    "Heading 4": "heading 4",
    "Title": "Title",
    "Subtitle": "Subtitle",
    "Quote": "Quote",
    "Caption": "caption",
    "List Bullet": "List Bullet",
    "List Number": "List Number",
    "List Paragraph": "List Paragraph",
    "Footnote Text": "footnote text",
    "Footnote Reference": "footnote reference",
    "Endnote Text": "endnote text",
    "Endnote Reference": "endnote reference",
    "Hyperlink": "Hyperlink",
}
_CHARACTER = {"Footnote Reference", "Endnote Reference", "Hyperlink"}


@dataclass(frozen=True)
class Flavour:
    """One program: the ids of its styles, its fonts, its noise."""

    name: str
    ids: dict[str, str]
    names: dict[str, str] = field(default_factory=lambda: dict(_NAMES))
    latin: str = "Times New Roman"
    han: str = "新細明體"
    size: float = 12
    cut: bool = True
    """Runs are cut in the middle of words, with rsid and proofErr."""
    theme: bool = False
    fields: str = "relation"
    """How links are written: relation, field, or plain (typed text)."""


def _english_ids() -> dict[str, str]:
    return {name: name.replace(" ", "") for name in _NAMES}


WORD = Flavour(
    "word",
    {
        "Normal": "a", "Heading 1": "1", "Heading 2": "2", "Heading 3": "3", "Heading 4": "4", "Title": "a3", "Subtitle": "a5",
        "Quote": "a7", "Caption": "a9", "List Bullet": "a", "List Number": "a", "List Paragraph": "aa", "Footnote Text": "ab",
        "Footnote Reference": "ad", "Endnote Text": "ae", "Endnote Reference": "af0", "Hyperlink": "af1",
    },
    theme=True,
)  # fmt: skip
WORD_FIELDS = Flavour("word", WORD.ids, theme=True, fields="field", han="標楷體")
WPS = Flavour(
    "wps",
    {name: str(number) for number, name in enumerate(_NAMES, 1)},
    latin="Calibri",
    han="宋体",
    size=10.5,
    fields="field",
)
GOOGLE = Flavour("google", _english_ids(), latin="Arial", han="Arial", size=11, cut=False)
PAGES = Flavour(
    "pages",
    _english_ids()
    | {"Normal": "內文", "Heading 1": "標題", "Heading 2": "標題2", "Title": "大標題", "Subtitle": "副標題"},
    _NAMES
    | {"Normal": "內文", "Heading 1": "標題", "Heading 2": "標題 2", "Title": "大標題", "Subtitle": "副標題"},
    latin="Helvetica Neue",
    han="PingFang TC Regular",
    size=11,
    cut=False,
)


@dataclass
class Extras:
    """What a single manuscript has besides: texts of the brief that were inserted, deleted, commented, boxed …"""

    inserted: tuple[str, ...] = ()
    deleted: tuple[tuple[str, str], ...] = ()
    """(the text before it, the deleted text)"""
    moved: tuple[str, ...] = ()
    """Beginnings of paragraphs that were moved to where they stand, from the end of the manuscript."""
    joined: tuple[str, ...] = ()
    """Texts at which a paragraph mark was deleted: there the paragraph was two."""
    comments: tuple[tuple[str, str], ...] = ()
    """(quoted text, comment)"""
    boxes: tuple[tuple[str, str], ...] = ()
    """(beginning of the paragraph it hangs on, text of the box)"""
    soft: tuple[str, ...] = ()
    """Texts before which a soft return stands."""
    deleted_notes: tuple[tuple[str, str], ...] = ()
    """(the text before its call, its text): notes whose calls were deleted."""
    inserted_notes: tuple[int, ...] = ()
    boxed_figures: bool = False
    """A picture, its caption and its source stand in a table of one cell."""
    note_paragraphs: tuple[str, ...] = ()
    """Texts with which another paragraph of a note begins."""
    thanks: bool = False
    """A footnote with the mark * stands at the name of the author."""
    controls: bool = False
    """The title stands in a content control, a place name in a smart tag."""
    contents: bool = False
    """A generated table of contents stands before the text."""
    page: str = ""
    """A running head and a folio field."""
    captions: bool = False
    """The numbers of captions are SEQ fields."""


class Word:
    """One Word file being written."""

    def __init__(
        self, wanted: Expected, habits: Habits, flavour: Flavour = WORD, extras: Extras | None = None
    ) -> None:
        self.wanted, self.habits, self.flavour = wanted, habits, flavour
        self.extras = extras or Extras()
        self.random = Random(wanted.name)
        self.relations: list[str] = []
        self.media: dict[str, bytes] = {}
        self.notes: dict[bool, list[str]] = {False: [], True: []}
        self.comments: list[str] = []
        self.mark = 0

    def write(self) -> None:
        """Write `wanted.file`."""
        body = self._body(list(lines(self.wanted, self.habits)))
        body += "".join(self._moved_away(line) for line in lines(self.wanted, self.habits) if self._is_moved(line))
        if self.extras.contents:
            body = self._contents() + body
        document = f"<w:document {_NS}><w:body>{body}{self._section()}</w:body></w:document>"
        parts = {
            "[Content_Types].xml": "",
            "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": document,
            "word/styles.xml": self._styles(),
            "word/settings.xml": f'<w:settings {_NS}><w:zoom w:percent="100"/><w:proofState w:spelling="clean"/>'
            '<w:defaultTabStop w:val="480"/><w:characterSpacingControl w:val="compressPunctuation"/></w:settings>',
        }
        kinds = {"styles": "styles", "settings": "settings"}
        if self._numbered():
            parts["word/numbering.xml"] = self._numbering()
            kinds["numbering"] = "numbering"
        for end, name in ((False, "footnote"), (True, "endnote")):
            if self.notes[end]:
                parts[f"word/{name}s.xml"] = self._note_part(name, self.notes[end])
                kinds[f"{name}s"] = f"{name}s"
        if self.comments:
            parts["word/comments.xml"] = f"<w:comments {_NS}>{''.join(self.comments)}</w:comments>"
            kinds["comments"] = "comments"
        if self.extras.page:
            parts["word/header1.xml"] = f"<w:hdr {_NS}><w:p>{self._runs(self.extras.page, '')}</w:p></w:hdr>"
            kinds["header1"] = "header"
        if self.flavour.theme:
            parts["word/theme/theme1.xml"] = _THEME
            kinds["theme/theme1"] = "theme"
        for name, kind in kinds.items():
            self.relations.append(f'<Relationship Id="k{kind}" Type="{_OFFICE}/{kind}" Target="{name}.xml"/>')
        relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        parts["word/_rels/document.xml.rels"] = relations + "".join(self.relations) + "</Relationships>"
        for name in ("footnotes", "endnotes"):
            if f"word/{name}.xml" in parts:
                parts[f"word/_rels/{name}.xml.rels"] = (
                    relations
                    + "".join(each for each in self.relations if "/hyperlink" in each)
                    + "</Relationships>"
                )
        parts["[Content_Types].xml"] = _content_types(kinds)
        with zipfile.ZipFile(self.wanted.path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                archive.writestr(
                    zipfile.ZipInfo(name, (2026, 9, 14, 10, 32, 0)), _HEAD + text, zipfile.ZIP_DEFLATED
                )
            for name, data in self.media.items():
                archive.writestr(
                    zipfile.ZipInfo(f"word/media/{name}", (2026, 9, 14, 10, 32, 0)), data, zipfile.ZIP_DEFLATED
                )

    # Paragraphs

    def _body(self, found: list[Line]) -> str:
        """The paragraphs; those of a figure in a table of one cell where the author does that."""
        body, boxed = "", ""
        for line in found:
            if self.extras.boxed_figures and (
                line.kind in ("picture", "source") or (boxed and line.kind == "caption")
            ):
                boxed += self._line(line)
                continue
            if boxed:
                cell = f'<w:tc><w:tcPr><w:tcW w:w="8000" w:type="dxa"/></w:tcPr>{boxed}</w:tc>'
                body += f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="8000"/></w:tblGrid><w:tr>{cell}</w:tr></w:tbl>'
                boxed = ""
            body += self._line(line)
        return body

    def _line(self, line: Line) -> str:
        if line.kind == "table":
            return self._table(line.rows)
        if any(_text(line).strip() == text for _, text in self.extras.boxes):
            return ""
        if line.kind == "picture":
            properties = self._properties(line.look).replace(_EXACT, "")
            return f"<w:p>{properties}{self._picture(line.number)}</w:p>"
        content = self._spans(line.spans, self._run_look(line.look))
        if self.extras.captions and line.kind == "caption":
            content = self._sequence(line)
        if self.extras.thanks and line.kind == "author":
            content += self._thanks()
        properties = self._properties(line.look)
        for start, text in self.extras.boxes:
            if _text(line).startswith(start):
                content = self._box(text) + content
        if self._is_moved(line):
            content = f'<w:moveTo w:id="{self._id()}" w:author="王助理" w:date="{_DATE}">{content}</w:moveTo>'
        paragraph = f"<w:p{self._rsid()}>{properties}{content}</w:p>"
        if "\0join\0" in content:
            properties = properties or "<w:pPr></w:pPr>"
            first = properties.replace(
                "</w:pPr>",
                f'<w:rPr><w:del w:id="{self._id()}" w:author="王助理" w:date="{_DATE}"/></w:rPr></w:pPr>',
            )
            before, after = content.split("\0join\0")
            paragraph = f"<w:p>{first}{before}</w:p><w:p>{properties}{after}</w:p>"
        if self.extras.controls and line.kind == "title":
            paragraph = (
                '<w:sdt><w:sdtPr><w:alias w:val="標題"/><w:id w:val="1203"/><w:text/></w:sdtPr>'
                f"<w:sdtContent>{paragraph}</w:sdtContent></w:sdt>"
            )
        return paragraph

    def _is_moved(self, line: Line) -> bool:
        return any(_text(line).startswith(start) for start in self.extras.moved)

    def _moved_away(self, line: Line) -> str:
        text = escape(_text(line))
        return (
            f'<w:p><w:pPr><w:rPr><w:del w:id="{self._id()}" w:author="王助理" w:date="{_DATE}"/></w:rPr></w:pPr>'
            f'<w:moveFromRangeStart w:id="{self._id()}" w:author="王助理" w:date="{_DATE}" w:name="move1"/>'
            f'<w:moveFrom w:id="{self._id()}" w:author="王助理" w:date="{_DATE}"><w:r><w:t>{text}</w:t></w:r></w:moveFrom>'
            f'<w:moveFromRangeEnd w:id="{self.mark - 1}"/></w:p>'
        )

    def _properties(self, look: Look) -> str:
        found = ""
        if look.style:
            found += f'<w:pStyle w:val="{self.flavour.ids[look.style]}"/>'
        if look.style.startswith("Heading"):
            found += "<w:keepNext/>"
        if look.auto in ("bullet", "order"):
            found += (
                f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{"2" if look.auto == "bullet" else "3"}"/></w:numPr>'
            )
        if self.flavour.name == "google":
            found += '<w:spacing w:before="0" w:after="0" w:line="276" w:lineRule="auto"/>'
        elif self.flavour.name == "word" and not look.style:
            found += f'<w:snapToGrid w:val="0"/>{_EXACT}'
        found += self._indent(look)
        if look.align:
            found += f'<w:jc w:val="{look.align}"/>'
        if look.outline:
            found += f'<w:outlineLvl w:val="{look.outline - 1}"/>'
        inner = self._run_look(look)
        if inner and self.flavour.name in ("word", "wps"):
            found += f"<w:rPr>{inner}</w:rPr>"
        return f"<w:pPr>{found}</w:pPr>" if found else ""

    def _indent(self, look: Look) -> str:
        sides = (
            ("left", look.left),
            ("right", look.right),
            ("hanging" if look.first < 0 else "firstLine", abs(look.first)),
        )
        found = "".join(
            f' w:{side}Chars="{round(points / self.flavour.size * 100)}" w:{side}="{round(points * 20)}"'
            for side, points in sides
            if points
        )
        return f"<w:ind{found}/>" if found else ""

    def _run_look(self, look: Look) -> str:
        found = ""
        if look.font:
            found += f'<w:rFonts w:ascii="{look.font}" w:eastAsia="{look.font}" w:hAnsi="{look.font}"/>'
        if self.flavour.name == "pages" and not look.font:
            found += (
                '<w:rFonts w:ascii="Helvetica Neue" w:hAnsi="Helvetica Neue" w:eastAsia="PingFang TC Regular"/>'
            )
        if look.bold:
            found += "<w:b/><w:bCs/>" if self.flavour.name != "google" else '<w:b w:val="1"/>'
        if look.italic:
            found += "<w:i/><w:iCs/>"
        if look.size:
            found += f'<w:sz w:val="{round(look.size * 2)}"/><w:szCs w:val="{round(look.size * 2)}"/>'
        if look.underline:
            found += '<w:u w:val="single"/>'
        if self.flavour.name == "google":
            found += '<w:rtl w:val="0"/>'
        return found

    # Runs

    def _spans(self, spans: Spans, look: str) -> str:
        return "".join(self._span(span, look) for span in spans)

    def _span(self, span: Span, look: str) -> str:
        if span.call in self.extras.inserted_notes:
            return f'<w:ins w:id="{self._id()}" w:author="王助理" w:date="{_DATE}">{self._call(span.call, inserted=True)}</w:ins>'
        if span.call > 0:
            return self._call(span.call)
        if span.call == RAISED:
            return self._run(span.text, look + '<w:vertAlign w:val="superscript"/>')
        if span.italic:
            look = _with(look, "<w:i/><w:iCs/>")
        if span.lang:
            tag = {"ko": 'w:eastAsia="ko-KR"', "ja": 'w:eastAsia="ja-JP"', "en": 'w:val="en-US"'}[span.lang]
            look += f"<w:lang {tag}/>"
            if span.lang == "ko" and "rFonts" not in look:
                look = (
                    '<w:rFonts w:ascii="Malgun Gothic" w:eastAsia="Malgun Gothic" w:hAnsi="Malgun Gothic"/>' + look
                )
        if span.href:
            return self._link(span, look)
        return self._changed(span.text, look)

    def _changed(self, text: str, look: str) -> str:
        """The text with its tracked changes, comments, soft returns and smart tags."""
        for each, write in self._changes():
            if each in text:
                before, after = text.split(each, 1)
                return self._changed(before, look) + write(each, look) + self._changed(after, look)
        return self._runs(text, look)

    def _changes(self) -> Iterator[tuple[str, Callable[[str, str], str]]]:
        """(text, how it is written) of what is not simply text."""
        extras, tracked = self.extras, f'w:author="王助理" w:date="{_DATE}"'
        for each in extras.inserted:
            yield each, lambda text, look: f'<w:ins w:id="{self._id()}" {tracked}>{self._runs(text, look)}</w:ins>'
        for each, gone in extras.deleted:
            run = f'<w:r><w:delText xml:space="preserve">{escape(gone)}</w:delText></w:r>'
            yield each, self._then(f"<w:del {tracked}>{run}</w:del>")
        for each in extras.joined:
            yield each, lambda text, look: "\0join\0" + self._runs(text, look)
        for each, gone in extras.deleted_notes:
            yield each, partial(self._without_note, gone)
        for each, comment in extras.comments:
            yield each, partial(self._commented, comment)
        for each in extras.soft:
            yield each, lambda text, look: "<w:r><w:br/></w:r>" + self._runs(text, look)
        if extras.controls:
            tag = '<w:smartTag w:uri="urn:schemas-microsoft-com:office:smarttags" w:element="place">'
            yield "臺北市", lambda text, look: f"{tag}{self._runs(text, look)}</w:smartTag>"

    def _without_note(self, gone: str, text: str, look: str) -> str:
        """The text, and behind it the deleted call of a note."""
        before = self._runs(text, look)
        tracked = f'w:id="{self._id()}" w:author="王助理" w:date="{_DATE}"'
        return f"{before}<w:del {tracked}>{self._call(0, gone=gone)}</w:del>"

    def _then(self, markup: str) -> Callable[[str, str], str]:
        """Writes the text, and behind it a tracked change, which gets its number here."""
        return lambda text, look: (
            self._runs(text, look) + markup.replace("<w:del ", f'<w:del w:id="{self._id()}" ', 1)
        )

    def _runs(self, text: str, look: str) -> str:
        """One look in as many runs as the program cuts it into."""
        if not text:
            return ""
        if not self.flavour.cut:
            return self._run(text, look)
        found, rest = [], text
        while rest:
            size = self.random.choice((3, 7, 12, 25, 60))
            found.append(self._run(rest[:size], look))
            rest = rest[size:]
            if rest and self.random.random() < 0.2:
                kind = self.random.choice(("spell", "gram"))
                found[-1] = f'<w:proofErr w:type="{kind}Start"/>{found[-1]}<w:proofErr w:type="{kind}End"/>'
            if rest and self.random.random() < 0.05:
                found.append('<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>')
        return "".join(found)

    def _run(self, text: str, look: str) -> str:
        if self.flavour.name == "word" and "rFonts" not in look and re.search("[\u4e00-\u9fff]", text):
            look = '<w:rFonts w:hint="eastAsia"/>' + look
        elif self.flavour.name == "wps" and "rFonts" not in look:
            look = (
                '<w:rFonts w:hint="eastAsia" w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体" w:cs="宋体"/>' + look
            )
        properties = f"<w:rPr>{_ordered(look)}</w:rPr>" if look else ""
        pieces = re.split("([\t\n])", text)
        inner = "".join(
            "<w:tab/>"
            if each == "\t"
            else "<w:br/>"
            if each == "\n"
            else f'<w:t xml:space="preserve">{escape(each)}</w:t>'
            for each in pieces
            if each
        )
        return f"<w:r{self._rsid()}>{properties}{inner}</w:r>"

    def _link(self, span: Span, look: str) -> str:
        style = f'<w:rStyle w:val="{self.flavour.ids["Hyperlink"]}"/>'
        if self.flavour.fields == "plain":
            return self._runs(span.text, look)
        if self.flavour.fields == "relation":
            self.relations.append(
                f'<Relationship Id="h{len(self.relations)}" Type="{_OFFICE}/hyperlink" '
                f'Target={quoteattr(span.href)} TargetMode="External"/>'
            )
            key = f"h{len(self.relations) - 1}"
            return f'<w:hyperlink r:id="{key}" w:history="1">{self._runs(span.text, style + look)}</w:hyperlink>'
        code = f' HYPERLINK "{span.href}" '
        cut = len(code) // 2
        instruction = "".join(
            f'<w:r><w:instrText xml:space="preserve">{escape(each)}</w:instrText></w:r>'
            for each in (code[:cut], code[cut:])
        )
        return (
            f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{instruction}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            f'{self._runs(span.text, style + look)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    def _commented(self, comment: str, quoted: str, look: str) -> str:
        key = len(self.comments)
        self.comments.append(
            f'<w:comment w:id="{key}" w:author="林審查人" w:date="{_DATE}" w:initials="林"><w:p><w:r><w:annotationRef/></w:r>'
            f"<w:r><w:t>{escape(comment)}</w:t></w:r></w:p></w:comment>"
        )
        return (
            f'<w:commentRangeStart w:id="{key}"/>{self._runs(quoted, look)}<w:commentRangeEnd w:id="{key}"/>'
            f'<w:r><w:commentReference w:id="{key}"/></w:r>'
        )

    # Notes

    def _call(self, number: int, *, inserted: bool = False, gone: str = "") -> str:
        """The call of note `number`, or of one that was deleted, whose text is `gone`."""
        end = self.habits.all_endnotes or number in self.habits.endnotes
        name = "endnote" if end else "footnote"
        notes = self.notes[end]
        key = len(notes) + (2 if self.flavour.name != "google" else 1)
        place = len(notes)
        notes.append("")
        style = self.flavour.ids[f"{name.title()} Reference"]
        look = (
            f'<w:rStyle w:val="{style}"/>'
            if self.flavour.name != "google"
            else '<w:vertAlign w:val="superscript"/>'
        )
        text = self.flavour.ids[f"{name.title()} Text"]
        blank = "" if self.flavour.name == "wps" else '<w:r><w:t xml:space="preserve"> </w:t></w:r>'
        author = f'w:author="王助理" w:date="{_DATE}"'
        if gone:
            content = f'<w:del w:id="{self._id()}" {author}><w:r><w:delText>{gone}</w:delText></w:r></w:del>'
        else:
            content = self._note_text(number, text)
        if inserted:
            content = f'<w:ins w:id="{self._id()}" {author}>{content}</w:ins>'
        notes[place] = (
            f'<w:{name} w:id="{key}"><w:p><w:pPr><w:pStyle w:val="{text}"/></w:pPr>'
            f"<w:r><w:rPr>{look}</w:rPr><w:{name}Ref/></w:r>{blank}{content}</w:p></w:{name}>"
        )
        return f'<w:r><w:rPr>{look}</w:rPr><w:{name}Reference w:id="{key}"/></w:r>'

    def _thanks(self) -> str:
        """A footnote with a mark of its own."""
        key = len(self.notes[False]) + 2
        look = f'<w:rPr><w:rStyle w:val="{self.flavour.ids["Footnote Reference"]}"/></w:rPr>'
        mark = f"<w:r>{look}<w:t>*</w:t></w:r>"
        self.notes[False].append(
            f'<w:footnote w:id="{key}"><w:p><w:pPr><w:pStyle w:val="{self.flavour.ids["Footnote Text"]}"/></w:pPr>'
            f'{mark}<w:r><w:t xml:space="preserve"> </w:t></w:r>{self._runs(self.wanted.thanks, "")}</w:p></w:footnote>'
        )
        return f'<w:r>{look}<w:footnoteReference w:customMarkFollows="1" w:id="{key}"/><w:t>*</w:t></w:r>'

    def _note_text(self, number: int, style: str) -> str:
        """The runs of a note, and the beginning of another paragraph where its author made one."""
        spans = list(note_spans(self.wanted, number, self.habits))
        for start in self.extras.note_paragraphs:
            for place, span in enumerate(spans):
                if start in span.text:
                    before, after = span.text.split(start, 1)
                    parted = (
                        (*spans[:place], replace(span, text=before)),
                        (Span(start + after), *spans[place + 1 :]),
                    )
                    first, second = (self._spans(each, "") for each in parted)
                    return f'{first}</w:p><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{second}'
        return self._spans(tuple(spans), "")

    def _note_part(self, name: str, notes: list[str]) -> str:
        separators = (
            f'<w:{name} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{name}>'
            f'<w:{name} w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:{name}>'
        )
        return f"<w:{name}s {_NS}>{separators}{''.join(notes)}</w:{name}s>"

    # Tables, pictures, boxes, fields

    def _table(self, rows: tuple[Row, ...]) -> str:
        grid = "".join('<w:gridCol w:w="2000"/>' for _ in rows[0].cells)
        found = "".join(
            self._row(row, rows[index + 1 : index + 2], rows[:index]) for index, row in enumerate(rows)
        )
        return (
            '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/>'
            '<w:tblBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            '<w:bottom w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="auto"/></w:tblBorders>'
            f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{found}</w:tbl>"
        )

    def _row(self, row: Row, below: Iterable[Row], _above: Iterable[Row]) -> str:
        found, index = "", 0
        while index < len(row.cells):
            width = 1
            while index + width < len(row.cells) and row.merged[index + width] == "<":
                width += 1
            properties = '<w:tcW w:w="2000" w:type="dxa"/>'
            if width > 1:
                properties += f'<w:gridSpan w:val="{width}"/>'
            if row.merged[index] == "^":
                properties += "<w:vMerge/>"
            elif any(next_row.merged[index] == "^" for next_row in below):
                properties += '<w:vMerge w:val="restart"/>'
            content = self._spans(row.cells[index], "<w:b/>" if row.header else "")
            found += f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{content}</w:p></w:tc>"
            index += width
        head = "<w:trPr><w:tblHeader/></w:trPr>" if row.header else ""
        return f"<w:tr>{head}{found}</w:tr>"

    def _picture(self, number: int) -> str:
        name = f"image{number}.png"
        self.media[name] = chart(number)
        self.relations.append(f'<Relationship Id="p{number}" Type="{_OFFICE}/image" Target="media/{name}"/>')
        return (
            '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="2032000" cy="1143000"/>'
            f'<wp:docPr id="{number}" name="圖片 {number}"/><a:graphic>'
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="{number}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="p{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2032000" cy="1143000"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r>"
        )

    def _box(self, text: str) -> str:
        inside = (
            f'<w:txbxContent><w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:txbxContent>'
        )
        return (
            '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor distT="45720" distB="45720" '
            'distL="114300" distR="114300" simplePos="0" relativeHeight="251659264" behindDoc="0" locked="0" '
            'layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column">'
            '<wp:posOffset>0</wp:posOffset></wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>0'
            '</wp:posOffset></wp:positionV><wp:extent cx="2360930" cy="700000"/><wp:wrapSquare wrapText="bothSides"/>'
            '<wp:docPr id="217" name="文字方塊 2"/><a:graphic><a:graphicData '
            'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/>'
            '<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2360930" cy="700000"/></a:xfrm><a:prstGeom prst="rect">'
            f"<a:avLst/></a:prstGeom></wps:spPr><wps:txbx>{inside}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData>"
            "</a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict>"
            f'<v:shape style="width:186pt;height:55pt"><v:textbox>{inside}</v:textbox></v:shape></w:pict></mc:Fallback>'
            "</mc:AlternateContent></w:r>"
        )

    def _sequence(self, line: Line) -> str:
        """A caption whose number is a SEQ field."""
        text = line.spans[0].text
        number = re.search(r"\d+", text)
        if number is None:
            return self._spans(line.spans, "")
        kind = text[: number.start()].strip()
        field_code = (
            f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> SEQ {kind} \\* ARABIC '
            f'</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:rPr><w:noProof/></w:rPr>'
            f'<w:t>{number.group()}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )
        return (
            self._runs(text[: number.start()], "")
            + field_code
            + self._runs(text[number.end() :], "")
            + self._spans(line.spans[1:], "")
        )

    def _contents(self) -> str:
        heads = [line for line in lines(self.wanted, self.habits) if line.kind == "heading"]
        entries = "".join(
            f'<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr><w:hyperlink w:anchor="_Toc{index}">'
            f"<w:r><w:t>{escape(_text(line))}</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t>{index // 3 + 1}</w:t></w:r></w:hyperlink></w:p>"
            for index, line in enumerate(heads)
        )
        return (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj></w:sdtPr>'
            "<w:sdtContent><w:p><w:r><w:t>目錄</w:t></w:r></w:p>"
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-3" \\h \\z '
            '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r></w:p>'
            f'{entries}<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:sdtContent></w:sdt>'
        )

    def _section(self) -> str:
        header = '<w:headerReference w:type="default" r:id="kheader"/>' if self.extras.page else ""
        return (
            f'<w:sectPr>{header}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1800" w:bottom="1440" '
            'w:left="1800" w:header="851" w:footer="992" w:gutter="0"/><w:cols w:space="425"/>'
            '<w:docGrid w:type="lines" w:linePitch="360"/></w:sectPr>'
        )

    # Styles and numbers

    def _numbered(self) -> bool:
        looks = (*self.habits.headings, self.habits.bullet, self.habits.order)
        return any(look.auto for look in looks) or self.habits.typed_notes == "auto"

    def _styles(self) -> str:
        flavour = self.flavour
        fonts = f'<w:rFonts w:ascii="{flavour.latin}" w:hAnsi="{flavour.latin}" w:eastAsia="{flavour.han}"/>'
        if flavour.theme:
            fonts = (
                '<w:rFonts w:asciiTheme="minorHAnsi" w:eastAsiaTheme="minorEastAsia" w:hAnsiTheme="minorHAnsi"/>'
            )
        size = f'<w:sz w:val="{round(flavour.size * 2)}"/>'
        if flavour.han == "標楷體":
            fonts = '<w:rFonts w:ascii="Times New Roman" w:eastAsia="標楷體" w:hAnsi="Times New Roman"/>'
        found = f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts}{size}<w:lang w:val="en-US" w:eastAsia="zh-TW"/></w:rPr></w:rPrDefault></w:docDefaults>'
        seen = set()
        for name, key in flavour.ids.items():
            if key in seen:
                continue
            seen.add(key)
            kind = "character" if name in _CHARACTER else "paragraph"
            found += self._style(name, key, kind)
        return f"<w:styles {_NS}>{found}</w:styles>"

    def _style(self, name: str, key: str, kind: str) -> str:
        flavour = self.flavour
        default = ' w:default="1"' if name == "Normal" else ""
        based = "" if name == "Normal" or kind == "character" else f'<w:basedOn w:val="{flavour.ids["Normal"]}"/>'
        inner = ""
        if name.startswith("Heading"):
            level = int(name[-1])
            auto = self.habits.headings[level - 1].auto if level <= len(self.habits.headings) else ""
            numbers = (
                f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="1"/></w:numPr>' if auto == "style" else ""
            )
            inner = f'<w:pPr><w:keepNext/>{numbers}<w:outlineLvl w:val="{level - 1}"/></w:pPr><w:rPr><w:b/><w:sz w:val="{36 - 4 * level}"/></w:rPr>'
        elif name == "Title":
            inner = '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:sz w:val="40"/></w:rPr>'
        elif name == "Subtitle":
            inner = '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:sz w:val="28"/></w:rPr>'
        elif name == "Quote":
            inner = '<w:pPr><w:ind w:left="720" w:right="720"/></w:pPr><w:rPr><w:i/></w:rPr>'
        elif name.endswith("Text"):
            inner = '<w:pPr><w:snapToGrid w:val="0"/></w:pPr><w:rPr><w:sz w:val="20"/></w:rPr>'
        elif name.endswith("Reference"):
            inner = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        elif name == "Hyperlink":
            inner = '<w:rPr><w:color w:val="0000FF"/><w:u w:val="single"/></w:rPr>'
        return (
            f'<w:style w:type="{kind}"{default} w:styleId="{key}"><w:name w:val="{flavour.names[name]}"/>{based}'
            f"<w:qFormat/>{inner}</w:style>"
        )

    def _numbering(self) -> str:
        formats = {
            "壹、": ("ideographLegalTraditional", "%{n}、"),
            "一、": ("taiwaneseCountingThousand", "%{n}、"),
            "（一）": ("taiwaneseCountingThousand", "（%{n}）"),
            "1.": ("decimal", "%{n}."),
            "(1)": ("decimal", "(%{n})"),
        }

        def linked(level: int) -> str:
            looks = self.habits.headings
            style = looks[level].style if level < len(looks) and looks[level].auto == "style" else ""
            return f'<w:pStyle w:val="{self.flavour.ids[style]}"/>' if style else ""

        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{linked(level)}'
            f'<w:lvlText w:val="{text.format(n=level + 1)}"/><w:lvlJc w:val="left"/></w:lvl>'
            for level, (kind, text) in enumerate(formats.values())
        )
        bullet = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/><w:lvlJc w:val="left"/></w:lvl>'
        order = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/></w:lvl>'
        abstract = "".join(
            f'<w:abstractNum w:abstractNumId="{key}"><w:multiLevelType w:val="multilevel"/>{text}</w:abstractNum>'
            for key, text in enumerate((levels, bullet, order))
        )
        numbers = "".join(
            f'<w:num w:numId="{key + 1}"><w:abstractNumId w:val="{key}"/></w:num>' for key in range(3)
        )
        return f"<w:numbering {_NS}>{abstract}{numbers}</w:numbering>"

    def _id(self) -> int:
        self.mark += 1
        return self.mark + 100

    def _rsid(self) -> str:
        return f' w:rsidR="00{self.random.randrange(16**6):06X}"' if self.flavour.name == "word" else ""


def write_word(wanted: Expected, habits: Habits, flavour: Flavour = WORD, extras: Extras | None = None) -> None:
    """Write the Word file of `wanted` as the program of `flavour` would."""
    Word(wanted, habits, flavour, extras).write()


def _text(line: Line) -> str:
    return "".join(span.text for span in line.spans)


def _with(look: str, more: str) -> str:
    return look if more in look else look + more


_ORDER = (
    "rStyle",
    "rFonts",
    "b",
    "bCs",
    "i",
    "iCs",
    "noProof",
    "color",
    "sz",
    "szCs",
    "u",
    "vertAlign",
    "rtl",
    "lang",
)


def _ordered(look: str) -> str:
    """Run properties in the order of the schema."""
    found = {match[1]: match[0] for match in re.finditer(r"<w:(\w+)[^>]*/>", look)}
    return "".join(found[name] for name in sorted(found, key=_ORDER.index))


def _content_types(kinds: dict[str, str]) -> str:
    overrides = f'<Override PartName="/word/document.xml" ContentType="{_WML}.document.main+xml"/>'
    for name, kind in kinds.items():
        form = (
            "application/vnd.openxmlformats-officedocument.theme+xml" if kind == "theme" else f"{_WML}.{kind}+xml"
        )
        overrides += f'<Override PartName="/word/{name}.xml" ContentType="{form}"/>'
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f"{overrides}</Types>"
    )


_THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Office 佈景主題"><a:themeElements>'
    '<a:clrScheme name="Office"><a:dk1><a:sysClr val="windowText"/></a:dk1><a:lt1><a:sysClr val="window"/></a:lt1>'
    + "".join(
        f'<a:{name}><a:srgbClr val="44546A"/></a:{name}>'
        for name in (
            "dk2",
            "lt2",
            "accent1",
            "accent2",
            "accent3",
            "accent4",
            "accent5",
            "accent6",
            "hlink",
            "folHlink",
        )
    )
    + '</a:clrScheme><a:fontScheme name="Office"><a:majorFont><a:latin typeface="Calibri Light"/><a:ea typeface=""/><a:cs typeface=""/>'
    '<a:font script="Hant" typeface="新細明體"/></a:majorFont><a:minorFont><a:latin typeface="Calibri"/><a:ea typeface=""/>'
    '<a:cs typeface=""/><a:font script="Hant" typeface="新細明體"/></a:minorFont></a:fontScheme><a:fmtScheme name="Office">'
    "<a:fillStyleLst><a:noFill/><a:noFill/><a:noFill/></a:fillStyleLst><a:lnStyleLst><a:ln/><a:ln/><a:ln/></a:lnStyleLst>"
    "<a:effectStyleLst><a:effectStyle><a:effectLst/></a:effectStyle><a:effectStyle><a:effectLst/></a:effectStyle>"
    "<a:effectStyle><a:effectLst/></a:effectStyle></a:effectStyleLst><a:bgFillStyleLst><a:noFill/><a:noFill/><a:noFill/>"
    "</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
)

"""Word files by python-docx, with its own template; footnotes are parts of our own beside it."""

# ruff: noqa: E501  markup reads better unbroken

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

from tests.manuscripts.make.habits import Habits, Line, Look, lines, note_spans
from tests.manuscripts.make.pictures import chart
from tests.manuscripts.notation import RAISED, Expected, Row, Span

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_ALIGN = {
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


class PyDocx:
    """One file being made."""

    def __init__(self, wanted: Expected, habits: Habits, font: str, latin: str, size: float) -> None:
        self.wanted, self.habits = wanted, habits
        self.document = Document()
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = latin, Pt(size)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), font)
        self.notes: list[str] = []

    def write(self) -> None:
        for line in lines(self.wanted, self.habits):
            self._line(line)
        if self.notes:
            self._note_part()
        out = BytesIO()
        self.document.save(out)
        with zipfile.ZipFile(out) as made, zipfile.ZipFile(self.wanted.path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in made.namelist():
                if "thumbnail" not in name:
                    archive.writestr(
                        zipfile.ZipInfo(name, (2026, 9, 14, 10, 32, 0)), made.read(name), zipfile.ZIP_DEFLATED
                    )

    def _line(self, line: Line) -> None:
        if line.kind == "table":
            self._table(line.rows)
            return
        paragraph = self.document.add_paragraph(style=line.look.style or None)
        self._format(paragraph, line.look)
        if line.kind == "picture":
            paragraph.add_run().add_picture(BytesIO(chart(line.number)))
        for span in line.spans:
            self._span(paragraph, span, line.look)

    def _format(self, paragraph: Paragraph, look: Look) -> None:
        form = paragraph.paragraph_format
        if look.left:
            form.left_indent = Pt(look.left)
        if look.right:
            form.right_indent = Pt(look.right)
        if look.first:
            form.first_line_indent = Pt(look.first)
        if look.align:
            paragraph.alignment = _ALIGN[look.align]

    def _span(self, paragraph: Paragraph, span: Span, look: Look) -> None:
        if span.call > 0:
            self._call(paragraph, span.call)
            return
        if span.href:
            key = paragraph.part.relate_to(span.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            _append(
                paragraph,
                parse_xml(
                    f'<w:hyperlink {nsdecls("w", "r")} r:id="{key}"><w:r><w:rPr><w:color w:val="0563C1"/><w:u w:val="single"/>'
                    f"</w:rPr><w:t>{escape(span.text)}</w:t></w:r></w:hyperlink>"
                ),
            )
            return
        run = paragraph.add_run(span.text)
        run.font.superscript = span.call == RAISED or None
        _look(run, look, span)

    def _call(self, paragraph: Paragraph, number: int) -> None:
        key = len(self.notes) + 1
        inner = "".join(self._note_run(span) for span in note_spans(self.wanted, number, self.habits))
        self.notes.append(
            f'<w:footnote w:id="{key}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>{inner}</w:p>'
            "</w:footnote>"
        )
        _append(
            paragraph,
            parse_xml(
                f'<w:r {nsdecls("w")}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{key}"/></w:r>'
            ),
        )

    def _note_run(self, span: Span) -> str:
        italic = "<w:i/>" if span.italic else ""
        text = f'<w:r><w:rPr>{italic}<w:sz w:val="20"/></w:rPr><w:t xml:space="preserve">{escape(span.text)}</w:t></w:r>'
        if span.href:
            code = quoteattr(f' HYPERLINK "{span.href}" ')
            return f"<w:fldSimple w:instr={code}>{text}</w:fldSimple>"
        return text

    def _note_part(self) -> None:
        separators = "".join(
            f'<w:footnote w:type="{kind}" w:id="{key}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
            for key, kind in ((-1, "separator"), (0, "continuationSeparator"))
        )
        blob = f"<w:footnotes {nsdecls('w')}>{separators}{''.join(self.notes)}</w:footnotes>".encode()
        part = Part(PackURI("/word/footnotes.xml"), _TYPE, blob, self.document.part.package)
        self.document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    def _table(self, rows: tuple[Row, ...]) -> None:
        table = self.document.add_table(len(rows), len(rows[0].cells), style="Table Grid")
        for r, row in enumerate(rows):
            for c, cell in enumerate(row.cells):
                if row.merged[c] == "<":
                    table.cell(r, c - 1).merge(table.cell(r, c))
                elif row.merged[c] == "^":
                    table.cell(r - 1, c).merge(table.cell(r, c))
                else:
                    for span in cell:
                        self._span(table.cell(r, c).paragraphs[0], span, Look(bold=row.header))
        for r, row in enumerate(rows):
            for c in range(len(row.cells)):
                for paragraph in table.cell(r, c).paragraphs[1:]:
                    if not paragraph.text:
                        paragraph._p.getparent().remove(paragraph._p)


def _append(paragraph: Paragraph, run: BaseOxmlElement) -> None:
    etree.ElementBase.append(paragraph._p, run)


def _face(run: Run, font: str) -> None:
    """Set Latin and East Asian font of a run."""
    run.font.name = font
    fonts = run._r.get_or_add_rPr().rFonts
    assert fonts is not None
    fonts.set(qn("w:eastAsia"), font)


def _look(run: Run, look: Look, span: Span) -> None:
    run.bold = look.bold or None
    run.italic = look.italic or span.italic or None
    run.underline = look.underline or None
    if look.size:
        run.font.size = Pt(look.size)
    if look.font:
        _face(run, look.font)
    if span.lang == "ko":
        _face(run, "Batang")


def write_pydocx(
    wanted: Expected, habits: Habits, *, font: str = "新細明體", latin: str = "Times New Roman", size: float = 12
) -> None:
    """Write the Word file of `wanted` with python-docx."""
    PyDocx(wanted, habits, font, latin, size).write()

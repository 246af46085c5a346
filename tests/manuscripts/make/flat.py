"""Flat OpenDocument files (FODT) as LibreOffice Writer saves them, and what its own export makes of them.

The FODT is kept beside the result (`files/<name>.fodt`); the exported file is committed, because another version of
LibreOffice writes other bytes.
"""

# ruff: noqa: E501  markup reads better unbroken

import base64
import shutil
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from tests.manuscripts.make.habits import Habits, Line, Look, lines, note_spans
from tests.manuscripts.make.pictures import chart
from tests.manuscripts.notation import FILES, RAISED, Expected, Row, Span, Spans

_NS = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
        "svg": "svg-compatible",
    }.items()
)
_STYLES = {"Title": "Title", "Subtitle": "Subtitle", "Quote": "Quotations", "Caption": "Caption", "": "Standard"}
_COUNTRIES = {"ko": "KR", "ja": "JP", "en": "US"}


class Flat:
    """One FODT being made."""

    def __init__(
        self, wanted: Expected, habits: Habits, font: str, extras: dict[str, tuple[tuple[str, str], ...]]
    ) -> None:
        self.wanted, self.habits, self.font, self.extras = wanted, habits, font, extras
        self.automatic: dict[str, str] = {}
        self.changes: list[str] = []
        self.tables = 0

    def text(self) -> str:
        body = self._blocks(list(lines(self.wanted, self.habits)))
        tracked = f"<text:tracked-changes>{''.join(self.changes)}</text:tracked-changes>" if self.changes else ""
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {_NS} xmlns:xlink="http://www.w3.org/1999/xlink" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3" '
            'office:mimetype="application/vnd.oasis.opendocument.text">'
            f"{self._fonts()}{self._styles()}<office:automatic-styles>{''.join(self.automatic.values())}</office:automatic-styles>"
            f"<office:body><office:text>{tracked}{body}</office:text></office:body></office:document>\n"
        )

    def _blocks(self, found: list[Line]) -> str:
        out, index = "", 0
        while index < len(found):
            line = found[index]
            if line.look.auto in ("bullet", "order"):
                end = index
                while end < len(found) and found[end].kind == line.kind:
                    end += 1
                items = "".join(
                    f"<text:list-item>{self._paragraph(each)}</text:list-item>" for each in found[index:end]
                )
                out += f'<text:list text:style-name="{line.look.auto}">{items}</text:list>'
                index = end
                continue
            out += self._line(line)
            index += 1
        return out

    def _line(self, line: Line) -> str:
        if line.kind == "table":
            return self._table(line.rows)
        if line.kind == "picture":
            data = base64.b64encode(chart(line.number)).decode()
            frame = (
                f'<draw:frame draw:name="圖{line.number}" text:anchor-type="as-char" svg:width="5.6cm" svg:height="3.2cm">'
                f"<draw:image><office:binary-data>{data}</office:binary-data></draw:image></draw:frame>"
            )
            return f'<text:p text:style-name="Standard">{frame}</text:p>'
        return self._paragraph(line)

    def _paragraph(self, line: Line) -> str:
        content = self._spans(line.spans)
        if line.look.style.startswith("Heading"):
            level = line.look.style[-1]
            return f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">{content}</text:h>'
        return f'<text:p text:style-name="{self._style(line.look)}">{content}</text:p>'

    def _style(self, look: Look) -> str:
        parent = _STYLES.get(look.style, "Standard")
        paragraph, text = "", ""
        for name, value in (("margin-left", look.left), ("margin-right", look.right), ("text-indent", look.first)):
            if value:
                paragraph += f' fo:{name}="{value:g}pt"'
        if look.align:
            paragraph += f' fo:text-align="{look.align}"'
        if look.bold:
            text += ' fo:font-weight="bold" style:font-weight-asian="bold"'
        if look.size:
            text += f' fo:font-size="{look.size:g}pt" style:font-size-asian="{look.size:g}pt"'
        if look.font:
            text += f' style:font-name="{look.font}" style:font-name-asian="{look.font}"'
        if not paragraph and not text:
            return parent
        key = f"P-{parent}{paragraph}{text}"
        name = f"P{list(self.automatic).index(key) + 1 if key in self.automatic else len(self.automatic) + 1}"
        self.automatic.setdefault(
            key,
            f'<style:style style:name="{name}" style:family="paragraph" style:parent-style-name="{parent}">'
            f"<style:paragraph-properties{paragraph}/><style:text-properties{text}/></style:style>",
        )
        return name

    def _text_style(self, properties: str) -> str:
        key = f"T-{properties}"
        name = f"P{list(self.automatic).index(key) + 1 if key in self.automatic else len(self.automatic) + 1}"
        self.automatic.setdefault(
            key,
            f'<style:style style:name="{name}" style:family="text"><style:text-properties{properties}/></style:style>',
        )
        return name

    def _spans(self, spans: Spans) -> str:
        return "".join(self._span(span) for span in spans)

    def _span(self, span: Span) -> str:
        if span.call > 0:
            return self._note(span.call)
        text = self._typed(span.text)
        properties = ""
        if span.call == RAISED:
            properties += ' style:text-position="super 58%"'
        if span.italic:
            properties += ' fo:font-style="italic" style:font-style-asian="italic"'
        if span.lang:
            country = _COUNTRIES[span.lang]
            if span.lang == "en":
                properties += f' fo:language="en" fo:country="{country}"'
            else:
                properties += f' style:language-asian="{span.lang}" style:country-asian="{country}"'
        if properties:
            text = f'<text:span text:style-name="{self._text_style(properties)}">{text}</text:span>'
        if span.href:
            text = f'<text:a xlink:type="simple" xlink:href={quoteattr(span.href)}>{text}</text:a>'
        return text

    def _typed(self, text: str) -> str:
        """Characters, tabs, soft returns, changes and comments."""
        for start, comment in self.extras.get("comments", ()):
            if start in text:
                before, after = text.split(start, 1)
                note = (
                    '<office:annotation office:name="c1"><dc:creator>林審查人</dc:creator><dc:date>2026-09-14T10:32:00</dc:date>'
                    f'<text:p>{escape(comment)}</text:p></office:annotation>{escape(start)}<office:annotation-end office:name="c1"/>'
                )
                return self._typed(before) + note + self._typed(after)
        for inserted, _ in self.extras.get("inserted", ()):
            if inserted in text:
                before, after = text.split(inserted, 1)
                key = self._change("insertion", "")
                middle = f'<text:change-start text:change-id="{key}"/>{escape(inserted)}<text:change-end text:change-id="{key}"/>'
                return self._typed(before) + middle + self._typed(after)
        for anchor, deleted in self.extras.get("deleted", ()):
            if anchor in text:
                before, after = text.split(anchor, 1)
                key = self._change("deletion", f"<text:p>{escape(deleted)}</text:p>")
                return (
                    self._typed(before)
                    + escape(anchor)
                    + f'<text:change text:change-id="{key}"/>'
                    + self._typed(after)
                )
        return (
            escape(text)
            .replace("\t", "<text:tab/>")
            .replace("\n", "<text:line-break/>")
            .replace("  ", ' <text:s text:c="1"/>')
        )

    def _change(self, kind: str, inner: str) -> str:
        key = f"ct{len(self.changes) + 1}"
        self.changes.append(
            f'<text:changed-region text:id="{key}"><text:{kind}><office:change-info><dc:creator>王助理</dc:creator>'
            f"<dc:date>2026-09-14T10:32:00</dc:date></office:change-info>{inner}</text:{kind}></text:changed-region>"
        )
        return key

    def _note(self, number: int) -> str:
        end = self.habits.all_endnotes or number in self.habits.endnotes
        kind = "endnote" if end else "footnote"
        return (
            f'<text:note text:id="ftn{number}" text:note-class="{kind}"><text:note-citation>{number}</text:note-citation>'
            f'<text:note-body><text:p text:style-name="{kind.title()}">'
            f"{self._spans(note_spans(self.wanted, number, self.habits))}</text:p></text:note-body></text:note>"
        )

    def _table(self, rows: tuple[Row, ...]) -> str:
        self.tables += 1
        heads = [row for row in rows if row.header]
        found = "".join(self._row(row, rows[index + 1 :]) for index, row in enumerate(rows))
        if heads:
            cut = "".join(self._row(row, rows[index + 1 :]) for index, row in enumerate(rows) if row.header)
            found = f"<table:table-header-rows>{cut}</table:table-header-rows>{found[len(cut) :]}"
        columns = f'<table:table-column table:number-columns-repeated="{len(rows[0].cells)}"/>'
        return f'<table:table table:name="表格{self.tables}">{columns}{found}</table:table>'

    def _row(self, row: Row, below: tuple[Row, ...]) -> str:
        found = ""
        for index, cell in enumerate(row.cells):
            if row.merged[index]:
                found += "<table:covered-table-cell/>"
                continue
            width = next(
                (n for n, mark in enumerate(row.merged[index + 1 :], 1) if mark != "<"), len(row.cells) - index
            )
            height = next((n for n, other in enumerate(below, 1) if other.merged[index] != "^"), len(below) + 1)
            spans = (
                f' table:number-columns-spanned="{width}" table:number-rows-spanned="{height}"'
                if width + height > 2
                else ""
            )
            found += f'<table:table-cell office:value-type="string"{spans}><text:p>{self._spans(cell)}</text:p></table:table-cell>'
        return f"<table:table-row>{found}</table:table-row>"

    def _counted(self) -> str:
        """The chapter numbering: (format, what stands after the number) of each level."""
        levels = "".join(
            f'<text:outline-level-style text:level="{level}" style:num-format="{form}" style:num-suffix="{suffix}"/>'
            for level, (form, suffix) in enumerate(self.extras.get("counted", ()), 1)
        )
        return f'<text:outline-style style:name="Outline">{levels}</text:outline-style>' if levels else ""

    def _fonts(self) -> str:
        names = (self.font, "標楷體", "Liberation Serif", "Batang")
        faces = "".join(
            f'<style:font-face style:name="{name}" svg:font-family="\'{name}\'"/>' for name in dict.fromkeys(names)
        )
        return f"<office:font-face-decls>{faces}</office:font-face-decls>"

    def _styles(self) -> str:
        heads = "".join(
            f'<style:style style:name="Heading_20_{level}" style:display-name="Heading {level}" style:family="paragraph" '
            f'style:parent-style-name="Heading" style:default-outline-level="{level}"><style:text-properties '
            f'fo:font-weight="bold" style:font-weight-asian="bold" fo:font-size="{18 - 2 * level}pt" '
            f'style:font-size-asian="{18 - 2 * level}pt"/></style:style>'
            for level in range(1, 5)
        )
        named = "".join(
            f'<style:style style:name="{name}" style:family="paragraph" style:parent-style-name="Standard">{inner}</style:style>'
            for name, inner in (
                ("Heading", ""),
                ("Title", '<style:paragraph-properties fo:text-align="center"/><style:text-properties fo:font-size="20pt" '
                 'style:font-size-asian="20pt" fo:font-weight="bold" style:font-weight-asian="bold"/>'),
                ("Subtitle", '<style:paragraph-properties fo:text-align="center"/>'),
                ("Quotations", '<style:paragraph-properties fo:margin-left="1cm" fo:margin-right="1cm"/>'),
                ("Caption", ""),
                ("Footnote", ""),
                ("Endnote", ""),
            )
        )  # fmt: skip
        lists = "".join(
            f'<text:list-style style:name="{name}">{level}</text:list-style>'
            for name, level in (
                ("bullet", '<text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'),
                (
                    "order",
                    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>',
                ),
            )
        )
        return (
            '<office:styles><style:default-style style:family="paragraph"><style:text-properties '
            f'style:font-name="Liberation Serif" style:font-name-asian="{self.font}" fo:font-size="12pt" '
            'style:font-size-asian="12pt" fo:language="en" fo:country="US" style:language-asian="zh" style:country-asian="TW"/>'
            f'</style:default-style><style:style style:name="Standard" style:family="paragraph"/>{heads}{named}{lists}{self._counted()}</office:styles>'
        )


def write_flat(
    wanted: Expected, habits: Habits, *route: str, font: str = "新細明體", **extras: tuple[tuple[str, str], ...]
) -> None:
    """Write the FODT of `wanted`, then let LibreOffice save it as each kind of `route` after another (odt, docx, odt)."""
    source = FILES.parent / "make" / "fodt" / f"{wanted.name}.fodt"
    source.parent.mkdir(exist_ok=True)
    source.write_text(Flat(wanted, habits, font, dict(extras)).text(), encoding="utf-8")
    convert(source, wanted.path, *route)


def convert(source: Path, target: Path, *route: str) -> None:
    """Let LibreOffice save `source` as each kind of `route` in turn; the last result is `target`."""
    with tempfile.TemporaryDirectory() as folder:
        current = Path(folder) / source.name
        shutil.copy(source, current)
        for step, kind in enumerate(route):
            out = Path(folder) / str(step)
            command = [
                "soffice",
                "--headless",
                f"-env:UserInstallation=file://{Path.home()}/.kan-manuscripts",
                "--convert-to",
                kind,
            ]
            subprocess.run([*command, "--outdir", out, current], check=True, capture_output=True)
            current = next(out.iterdir())
        shutil.copy(current, target)

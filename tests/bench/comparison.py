"""Comparison: one paragraph set by kan, by Typst and by WeasyPrint as it comes, and what the audit measures.

`make comparison`, or `python -m tests.bench.comparison [--readme FILE] [--picture FILE]`:

    comparison.xml ─content▶ the paragraph        the same words for all
    the paragraph ─kan, typst, weasyprint▶ PDF    the same faces, size, pitch and measures
    PDF ─rules of the audit▶ Sample               nothing of the programs is trusted
    [Sample] ─▶ the table of the README, and the picture above it

The others get what a careful author would give them: justified text, the language of each word, hyphenation of
English, real footnotes in Typst (whose text is put away), and superscripts that do not move the lines.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from PIL import Image, ImageChops, ImageDraw, ImageFont

from pipeline import fonts
from pipeline.audit.glyphs import read_pages
from pipeline.audit.lines import Paragraph, Typesetting, common_size, page_lines
from pipeline.audit.rules import RULES, Measured, em_text, widest
from pipeline.brief import Call, Inline, Style, Text, inline_parts
from pipeline.content import brief_content
from pipeline.layout import LAYOUTS
from pipeline.page_layout import A4
from pipeline.parse import parse
from pipeline.printing.boxes import Boxes
from pipeline.printing.painting import Composed, Painting
from tests.bench.markup import TEMPLATE, inlines, string
from tests.bench.race import ROOT, run

MANUSCRIPT = Path(__file__).with_name("comparison.xml")
README, PICTURE = ROOT / "README.md", LAYOUTS / "print" / "comparison.png"
MARKERS = ("<!-- comparison -->", "<!-- /comparison -->")

EMS = (24, 34)
"""The measures, in characters."""

LANG = "zh-Hant-TW"

SIZE, PITCH = A4.tokens.length("size"), A4.tokens.length("pitch")
MARGIN = 12.0
"""Around the text of a page, in points: room for lines that do not keep to their measure."""

LINES = 20
"""A page has room for so many lines."""

_STYLES = f"""
@page {{ margin: {MARGIN}pt }}
body, p {{ margin: 0; padding: 0 }}
p {{ font: {SIZE}pt/{PITCH}pt var(--ming); color: var(--ink); text-align: justify; text-indent: 2em }}
p[data-lines] {{ white-space: pre }}
:lang(en) {{ hyphens: auto }}
.call {{ color: var(--accent) }}
sup {{ font: .61em/0 var(--latin); vertical-align: baseline; position: relative; top: -.56em }}
a {{ color: inherit; text-decoration: none }}
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A measured value as printed, and whether it is within the limit of the audit."""

    value: str
    ok: bool


@dataclass(frozen=True)
class Sample:
    """The paragraph as one program set it in a measure of `ems`; `cells` are in the order of `ROWS`."""

    program: str
    ems: int
    pdf: bytes
    lines: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: one rule of the audit, or several whose counts are added, under their own name."""

    keys: tuple[str, ...]
    own_name: str = ""
    own_limit: str = ""

    @property
    def name(self) -> str:
        """What is measured."""
        return self.own_name or _RULES[self.keys[0]].code.title.zh

    @property
    def limit(self) -> str:
        """What should be there."""
        return self.own_limit or _RULES[self.keys[0]].limit


_RULES = {rule.key: rule for rule in RULES}
ROWS = (
    Row(("flush",)),
    Row(("right-edge",)),
    Row(("han-gap",), own_limit="≤ .12 em（30字以上）"),
    Row(("word-space",)),
    Row(("mixed-gap",)),
    Row(("squeeze",)),
    Row(("line-ends", "dash-start", "call-start"), "違例的行首、行末"),
    Row(("one-character",)),
    Row(("pitch",), own_limit=f"{PITCH:.2f} pt"),
)


def main() -> None:
    """Set, measure, and write the picture and the table."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.comparison", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--readme", type=Path, default=README, help="has the markers (default: %(default)s)")
    parser.add_argument("--picture", type=Path, default=PICTURE, help="a PNG file (default: %(default)s)")
    wanted = parser.parse_args()
    prepared = fonts.prepare(lambda words: print(words.en, file=sys.stderr))
    if prepared.fallback:
        sys.exit("The comparison needs the prepared fonts: install npm and run `kan fonts`.")
    fonts.activate(prepared)
    made = samples(prepared)
    picture(made, prepared).save(wanted.picture, optimize=True)
    written = with_table(wanted.readme.read_text(encoding="utf-8"), table(made))
    wanted.readme.write_text(written, encoding="utf-8")
    print(table(made))


def samples(prepared: fonts.Fonts) -> list[Sample]:
    """The paragraph in each measure, set by each program."""
    (children,) = inline_parts(brief_content(parse(MANUSCRIPT), "b01").blocks[0])
    made = []
    with tempfile.TemporaryDirectory(prefix="kan-comparison-") as name:
        for ems in EMS:
            for program, setter in PROGRAMS.items():
                made.append(_measured(program, ems, setter(children, ems * SIZE, prepared, Path(name))))
    return made


# The three programs: the paragraph in a measure (points) to a PDF of one page


def kan(children: tuple[Inline, ...], measure: float, prepared: fonts.Fonts, work: Path) -> bytes:
    """Our composer, and our painter."""
    from pipeline.printing import engine

    painting = Painting()
    boxes = Boxes(prepared, A4, painting)
    setting = replace(boxes.tokens.styles["body"], measure=measure, indent=2 * SIZE)
    composed = Composed(boxes.composer.paragraph(children, setting, LANG), setting)
    lines = cast(Any, boxes.environment.get_template("print/lines.j2").module)
    targets = "".join(f'<a id="{call.note.anchor}"></a>' for call in children if isinstance(call, Call))
    html = _html(f"{lines.paragraph(composed)}{targets}", measure)
    return engine.pdf(engine.render(engine.parsed(html, work), painting))


def typst(children: tuple[Inline, ...], measure: float, prepared: fonts.Fonts, work: Path) -> bytes:
    """Typst with what `issue.typ` sets for running text; half a leading above, as CSS has it."""
    document, pdf = work / "paragraph.typ", work / "typst.pdf"
    width, height = _page(measure)
    document.write_text(
        f"#import {string(str(TEMPLATE))}: *\n"
        f"#set page(width: {width}pt, height: {height}pt, margin: (x: {MARGIN}pt, y: {MARGIN}pt + leading / 2))\n"
        "#show: running-text\n#show footnote.entry: none\n"
        "#set footnote.entry(separator: none, clearance: 0pt, gap: 0pt)\n"
        f"{inlines(children, LANG)}\n",
        encoding="utf-8",
    )
    run((sys.executable, "-m", "tests.bench.setting", str(document), str(prepared.folder), str(pdf)))
    return pdf.read_bytes()


def weasyprint(children: tuple[Inline, ...], measure: float, prepared: fonts.Fonts, work: Path) -> bytes:
    """WeasyPrint in a process of its own, which knows nothing of ours but the fonts (`FONTCONFIG_FILE`)."""
    document, pdf = work / "paragraph.html", work / "weasyprint.pdf"
    document.write_text(_html(f"<p>{''.join(map(_inline, children))}</p>", measure), encoding="utf-8")
    run((sys.executable, "-m", "weasyprint", str(document), str(pdf)))
    return pdf.read_bytes()


def _without_zeros(number: str) -> str:
    return re.sub(r"^(\d+\.\d+)\..*|^(\d+)\.0$", lambda found: found[1] or found[2], number)


Setter = Callable[[tuple[Inline, ...], float, fonts.Fonts, Path], bytes]
PROGRAMS: dict[str, Setter] = {
    "kan": kan,
    f"Typst {_without_zeros(version('typst'))}": typst,
    f"WeasyPrint {_without_zeros(version('weasyprint'))}": weasyprint,
}


def _page(measure: float) -> tuple[float, float]:
    return measure + 2 * MARGIN, LINES * PITCH + 2 * MARGIN


def _html(body: str, measure: float) -> str:
    """A page with one paragraph."""
    width, height = _page(measure)
    sheets = (LAYOUTS / "tokens.css", LAYOUTS / "shared" / "text.css")
    links = "".join(f'<link rel="stylesheet" href="{sheet.as_uri()}">' for sheet in sheets)
    styles = f"<style>{_STYLES} @page {{ size: {width}pt {height}pt }}</style>"
    return f'<!doctype html><html lang="{LANG}"><meta charset="utf-8">{links}{styles}<body>{body}'


def _inline(node: Inline) -> str:
    """What the paragraph is made of, as HTML."""
    match node:
        case Text():
            lang = f' lang="{node.lang}"' if node.lang else ""
            return f"<span{lang}>{escape(node.content)}</span>" if lang else escape(node.content)
        case Style():
            return f'<span lang="{node.lang}">{"".join(map(_inline, node.children))}</span>'
        case Call():
            return f'<sup class="call">{node.note.label}</sup>'
    raise TypeError(node)


# Measuring


def _measured(program: str, ems: int, pdf: bytes) -> Sample:
    setting = typesetting(pdf, ems * SIZE)
    found = {key: rule.measure(setting) for key, rule in _RULES.items()}
    gap = max((widest(line, "han") for line in setting.justified), default=0.0)
    found["han-gap"] = replace(found["han-gap"], value=f"{em_text(gap)} em")  # on narrow measures too
    return Sample(
        program, ems, pdf, len(setting.lines), tuple(_cell([found[key] for key in row.keys]) for row in ROWS)
    )


def _cell(found: Sequence[Measured]) -> Cell:
    """One value as the audit prints it, a range of one number as the number, or the sum of several counts."""
    value = found[0].value if len(found) == 1 else str(sum(int(each.value) for each in found))
    value = re.sub(r"^[+-](?=0\.00 )", "", value)
    value = re.sub(r"^([.\d]+)–\1(?= )", r"\1", value)
    return Cell(value, all(each.ok for each in found))


def typesetting(pdf: bytes, measure: float) -> Typesetting:
    """What the rules of the audit look at: one paragraph in a measure (points).

    `pipeline.audit.audit` finds a measure by what many lines share; a few ragged ones share nothing, and here the
    paragraph and its measure are known.
    """
    pages = read_pages(pdf)
    lines = tuple(line for page in pages for line in page_lines(page))
    right = MARGIN + measure
    edges = dict.fromkeys(lines, (MARGIN, right)) | {lines[0]: (MARGIN + 2 * SIZE, right)}
    paragraph = Paragraph(lines, running=True, note=False)
    body = common_size(lines)
    return Typesetting(pages, lines, lines, (paragraph,), edges, body, 0.0, frozenset(), pitch=PITCH)


# The table of the README


def table(made: Sequence[Sample]) -> str:
    """The numbers as a table of Markdown, what is over its limit in bold."""
    names = [f"{sample.ems}字：{sample.program}" for sample in made]
    rows = [["", *names, "應為"], ["---"] * (len(made) + 2)]
    for index, row in enumerate(ROWS):
        cells = [sample.cells[index] for sample in made]
        rows.append([row.name, *(cell.value if cell.ok else f"**{cell.value}**" for cell in cells), row.limit])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def with_table(readme: str, table: str) -> str:
    """The README with the table between its markers. Raises `ValueError` where it has not one of each."""
    begin, end = MARKERS
    if readme.count(begin) != 1 or readme.count(end) != 1:
        raise ValueError(f"the README needs one {begin} and one {end}")
    before, _, rest = readme.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{table}\n{end}{after}"


# The picture

_SCALE = 1.28
_EDGE, _BETWEEN, _HEAD, _ROW_HEIGHT = 30, 36, 76, 23
_INK, _QUIET, _ACCENT, _HAIRLINE = (A4.tokens.values[name] for name in ("ink", "quiet", "accent", "rule"))


def picture(made: Sequence[Sample], prepared: fonts.Fonts) -> Image.Image:
    """All samples side by side, a band for each measure, the numbers under each; hairlines mark the measure."""
    column = round(max(EMS) * SIZE * _SCALE) + _BETWEEN
    bands = [[sample for sample in made if sample.ems == ems] for ems in EMS]
    heights = [_band_height(band) for band in bands]
    width = 2 * _EDGE + column * len(PROGRAMS) - _BETWEEN
    whole = Image.new("RGB", (width, _HEAD + sum(heights)), "white")
    pen = _Pen(whole, prepared)
    for number, program in enumerate(PROGRAMS):
        pen.write(_EDGE + number * column, 44, program, 24, _INK, weight=700)
    top = _HEAD
    for band, height in zip(bands, heights, strict=True):
        for number, sample in enumerate(band):
            _draw(pen, sample, max(each.lines for each in band), _EDGE + number * column, top)
        top += height
    return whole


def _band_height(band: Iterable[Sample]) -> int:
    lines = max(sample.lines for sample in band)
    return round(lines * PITCH * _SCALE) + len(ROWS) * _ROW_HEIGHT + 80


def _draw(pen: "_Pen", sample: Sample, lines: int, x: int, y: int) -> None:
    """One sample with its top left corner at (x, y) in pixels, with room for so many lines."""
    margin, width = MARGIN * _SCALE, sample.ems * SIZE * _SCALE
    height = lines * PITCH * _SCALE
    pen.write(x, y + 10, f"{SIZE:g}點，行距{PITCH:g}點，每行{sample.ems}字", 14, _QUIET)
    y += 28
    page = _raster(sample.pdf)
    piece = page.crop((0, 0, page.width, round(height + 2 * margin)))
    pen.paste(piece, round(x - margin), round(y - margin))
    for edge in (x - 2, round(x + width) + 1):
        pen.line(edge, y, edge, y + height)
    y += round(height) + 26
    for row, cell in zip(ROWS, sample.cells, strict=True):
        pen.line(x, y - 16, x + width, y - 16)
        pen.write(x, y, row.name, 14, _QUIET)
        pen.write(round(x + width), y, cell.value, 14, _INK if cell.ok else _ACCENT, 500 if cell.ok else 700, "rs")
        y += _ROW_HEIGHT


def _raster(pdf: bytes) -> Image.Image:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return cast(Image.Image, document[0].render(scale=_SCALE).to_pil().convert("RGB"))
    finally:
        document.close()


class _Pen:
    """Draws on the picture: captions in the prepared black face, hairlines, and pieces of pages."""

    def __init__(self, whole: Image.Image, prepared: fonts.Fonts) -> None:
        self._whole, self._draw, self._fonts = whole, ImageDraw.Draw(whole), prepared

    def write(
        self, x: float, y: float, text: str, size: int, colour: str, weight: int = 500, anchor: str = "ls"
    ) -> None:
        face = self._fonts.face("Kan Hei", weight)
        self._draw.text((x, y), text, colour, ImageFont.truetype(str(face.file), size), anchor)

    def line(self, x: float, y: float, to_x: float, to_y: float) -> None:
        self._draw.line((round(x), round(y), round(to_x), round(to_y)), _HAIRLINE)

    def paste(self, piece: Image.Image, x: int, y: int) -> None:
        """White is transparent, so that a margin covers nothing."""
        below = self._whole.crop((x, y, x + piece.width, y + piece.height))
        self._whole.paste(ImageChops.darker(below, piece), (x, y))


if __name__ == "__main__":
    main()

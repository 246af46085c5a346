"""The audit: every rule catches its fault in a small PDF and lets the good one pass; any PDF is survived.

The pages are written glyph by glyph: a font of boxes says how wide each glyph is, the test says where
the pen stands. A capital Greek letter stands for the half-width glyph of a mark.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from pipeline import audit as room
from pipeline.audit import Audit, Row, UnreadablePdfError, audit
from pipeline.audit.glyphs import kind
from pipeline.audit.rules import RULES
from pipeline.cli import main
from pipeline.diagnostics import CODES, Severity
from pipeline.manuscript import read_issue
from pipeline.parse import Source
from tests.conftest import REAL_ISSUE, SAMPLE

SIZE, PITCH, LEFT, TOP = 10.0, 18.0, 100.0, 760.0
NOTE_SIZE, NOTE_PITCH = 8.0, 12.0
MEASURE = 30
NARROW = {"\u0393": "」", "\u0394": "「", "\u0398": "《", "\u039b": "）"}
"""Half-width glyphs, each with an advance of half an em, and what they stand for."""


def advance(character: str) -> float:
    """The advance of a glyph of the test font, in em."""
    return 0.5 if character in NARROW or ord(character) < 0x250 else 1.0


@dataclass
class Sheets:
    """A PDF in the making: glyphs put on pages, one text object each."""

    font: str = "AAAAAA+Kan-Ming"
    pages: list[list[tuple[str, float, float, float]]] = field(default_factory=lambda: [[]])

    def new_page(self) -> None:
        self.pages.append([])

    def put(self, character: str, x: float, y: float, size: float = SIZE) -> None:
        self.pages[-1].append((character, x, y, size))

    def line(self, text: str, y: float, left: float = LEFT, gap: float = 0.0, size: float = SIZE) -> None:
        """A line with `gap` em between neighbouring Han; .22 em between Han and Latin; a call behind ^."""
        x, before, raised = left, "", False
        for character in text:
            if character == "^":
                raised = True
                continue
            x += spacing(before, character, gap) * size if not raised else 0.0
            small = raised and character.isdigit()
            self.put(character, x, y + (3.6 if small else 0.0), 6.0 if small else size)
            x += advance(character) * (6.0 if small else size)
            before, raised = "" if small else character, small

    def pdf(self) -> bytes:
        document = pikepdf.new()
        used = sorted({character for marks in self.pages for character, *_ in marks})
        font = document.make_indirect(embedded(document, used, self.font))
        for marks in self.pages:
            page = document.add_blank_page(page_size=(595, 842))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            shown = (
                f"/F1 {size} Tf 1 0 0 1 {x:.3f} {y:.3f} Tm <{used.index(character) + 1:04X}> Tj"
                for character, x, y, size in marks
            )
            page.Contents = document.make_stream("\n".join(("BT", *shown, "ET")).encode())
        written = BytesIO()
        document.save(written)
        return written.getvalue()


def embedded(document: pikepdf.Pdf, used: list[str], name: str) -> pikepdf.Dictionary:
    """A font in which every glyph is a box; glyph 1 is the first of `used`."""
    widths = [round(1000 * advance(character)) for character in used]
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name(f"/{name}"), Flags=4,
        FontBBox=[0, -120, 1000, 880], ItalicAngle=0, Ascent=880, Descent=-120, CapHeight=700, StemV=80,
        FontFile2=document.make_stream(boxes(tuple(widths))),
    )  # fmt: skip
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType2, BaseFont=descriptor.FontName,
        CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=document.make_indirect(descriptor), DW=1000, W=[1, pikepdf.Array(widths)],
        CIDToGIDMap=pikepdf.Name.Identity,
    )  # fmt: skip
    meanings = (NARROW.get(character, character).encode("utf-16-be").hex() for character in used)
    lines = "\n".join(f"<{glyph:04X}> <{meaning}>" for glyph, meaning in enumerate(meanings, start=1))
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{len(used)} beginbfchar\n{lines}\n"
        "endbfchar endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, BaseFont=descriptor.FontName,
        Encoding=pikepdf.Name("/Identity-H"), DescendantFonts=[document.make_indirect(descendant)],
        ToUnicode=document.make_stream(cmap.encode()),
    )  # fmt: skip


@cache
def boxes(widths: tuple[int, ...]) -> bytes:
    """A TrueType font of boxes with these advances, behind `.notdef`."""
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for point in ((50, 700), (450, 700), (450, 0)):
        pen.lineTo(point)
    pen.closePath()
    box = pen.glyph()
    names = [".notdef", *(f"g{number}" for number in range(len(widths)))]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({})
    builder.setupGlyf(dict.fromkeys(names, box))
    builder.setupHorizontalMetrics({name: (width, 50) for name, width in zip(names, (1000, *widths), strict=True)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    written = BytesIO()
    builder.save(written)
    return written.getvalue()


def spacing(before: str, after: str, gap: float) -> float:
    """What stands between two glyphs, in em."""
    if not before:
        return 0.0
    kinds = {kind(NARROW.get(each, each)) for each in (before, after)}
    if kinds == {"han"}:
        return gap
    return 0.22 if kinds == {"han", "latin"} else 0.0


def han(count: int) -> str:
    """Some Han, no two neighbours alike."""
    return ("國際情勢研究安全防衛經貿關稅談判會議" * 5)[:count]


FULL, LAST = han(MEASURE), han(9) + "。"


def sheet(*changed: tuple[int, str], gap: float = 0.0, page: Sheets | None = None) -> Sheets:
    """A page of four paragraphs of six lines; lines given by number are other than the usual ones."""
    sheets = page or Sheets()
    others = dict(changed)
    for number in range(24):
        first, last = number % 6 == 0, number % 6 == 5
        usual = han(MEASURE - 2) if first else LAST if last else FULL
        text = others.get(number, usual)
        left = LEFT + 2 * SIZE if first else LEFT
        sheets.line(text, TOP - number * PITCH, left, gap if number in others else 0.0)
    return sheets


def row(measured: Audit, key: str) -> Row:
    return next(each for each in measured.rows if each.key == key)


def violated(sheets: Sheets, sources: Iterable[Source] = ()) -> set[str]:
    return {each.key for each in audit(sheets.pdf(), list(sources)).violated}


def test_a_good_page_passes_every_rule() -> None:
    measured = audit(sheet().pdf())
    assert measured.violated == ()
    assert (measured.pages, measured.lines, measured.justified) == (1, 24, 20)
    assert measured.verdict.zh == "版面檢驗：1頁24行，全部合格"
    assert measured.verdict.en == "audit: 1 page, 24 lines, every rule holds"
    assert measured.worst == () and measured.diagnostics(Path("x.pdf")) == ()


def test_every_row_of_the_table_has_a_code_and_a_source() -> None:
    assert len({rule.key for rule in RULES}) == len(RULES) == 17
    for rule in RULES:
        assert CODES[rule.code.code] is rule.code and rule.code.severity is Severity.WARNING
        assert rule.measure.__doc__


# One fault at a time: the lines changed, and the rules that must see it

FAULTS: dict[str, tuple[tuple[tuple[int, str], ...], float, set[str]]] = {
    "a line an em short": (((2, han(29)),), 0.0, {"flush", "right-edge"}),
    "a line an em long": (((2, han(31)),), 0.0, {"flush", "right-edge"}),
    "loose Han": (((2, han(25)),), 5 / 24, {"han-gap"}),
    "Han stretched a little": (((2, han(29)),), 1 / 28, set()),
    "a closing mark at the start": (((2, "，" + han(29)),), 0.0, {"line-ends"}),
    "an opening bracket at the end": (((2, han(29) + "「"),), 0.0, {"line-ends"}),
    "an opening bracket at the start": (((2, "「" + han(29)),), 0.0, set()),
    "a paragraph may begin with a bracket": (((6, "「" + han(27)),), 0.0, set()),
    "a dash at the start": (((2, "——" + han(28)),), 0.0, {"dash-start"}),
    "half a dash at the start": (((2, "—" + han(29)),), 0.0, {"dash-start"}),
    "dots at the start": (((2, "……" + han(28)),), 0.0, {"dash-start"}),
    "dots at the end": (((2, han(28) + "……"),), 0.0, set()),
    "one character": (((5, "國"),), 0.0, {"one-character"}),
    "one character and its stop": (((5, "國。"),), 0.0, {"one-character"}),
    "two characters": (((5, "國際。"),), 0.0, set()),
    "marks not squeezed": (((2, han(10) + "」，" + han(18)),), 0.0, {"squeeze"}),
    "marks squeezed by glyph": (((2, han(10) + "\u0393，" + han(18)),), 0.5 / 26, set()),
    "opening squeezed by glyph": (((2, han(10) + "、\u0394" + han(18)),), 0.5 / 26, set()),
    "three marks squeezed": (((2, han(10) + "\u0393\u039b，" + han(18)),), 0.0, set()),
    "a stop and a bracket are not squeezed": (((2, han(10) + "。」" + han(18)),), 0.0, set()),
    "Latin close to Han": (((5, han(9) + "AB。"),), 0.0, set()),
}


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault(name: str) -> None:
    changed, gap, expected = FAULTS[name]
    measured = audit(sheet(*changed, gap=gap).pdf())
    assert {each.key for each in measured.violated} == expected
    for each in measured.violated:
        assert each.findings[0].page == 1
        assert each.findings[0].text == "".join(NARROW.get(letter, letter) for letter in changed[0][1])


def test_loose_lines_are_to_be_looked_at() -> None:
    measured = audit(sheet((2, han(25)), (8, han(26)), gap=5 / 24).pdf())
    assert measured.worst[0].text in (han(25), han(26))
    assert row(measured, "han-gap").numbers["max"] == pytest.approx(5 / 24, abs=0.002)


def words(space: float) -> Sheets:
    """A page one line of which has two Latin words, `space` em apart; it is stretched to be flush."""
    sheets = sheet((2, ""))
    y, text = TOP - 2 * PITCH, "word"
    left = LEFT
    for word in (text, text):
        for character in word:
            sheets.put(character, left, y)
            left += 5
        if word is text:
            sheets.put(" ", left, y)
            left += space * SIZE
    rest = han(23)
    step = (LEFT + 300 - left - 2.2 - 10) / (len(rest) - 1)
    for number, character in enumerate(rest):
        sheets.put(character, left + 2.2 + number * step, y)
    return sheets


def test_word_spaces() -> None:
    assert audit(words(0.3).pdf()).rows[3].ok
    wide = row(audit(words(0.62).pdf()), "word-space")
    assert not wide.ok
    assert {"max"} == set(wide.numbers)


def mixed(gap: float, beside: float = 0.0) -> Sheets:
    """A page whose last line of a paragraph has Latin between Han, and Latin behind a comma."""
    sheets = sheet((5, ""))
    y, x = TOP - 5 * PITCH, LEFT
    for character, before in (("國", 0.0), ("A", gap), ("際", gap), ("，", 0.0), ("B", beside), ("情", gap)):
        x += before * SIZE
        sheets.put(character, x, y)
        x += advance(character) * SIZE
    return sheets


@pytest.mark.parametrize(("gap", "ok"), [(0.0, False), (0.125, False), (0.22, True), (0.4, False)])
def test_gaps_between_han_and_latin(gap: float, ok: bool) -> None:
    found = row(audit(mixed(gap).pdf()), "mixed-gap")
    assert found.ok is ok
    assert found.numbers["median"] == pytest.approx(gap, abs=0.002)


def test_no_gap_beside_marks() -> None:
    found = row(audit(mixed(0.22, beside=0.22).pdf()), "mixed-gap")
    assert not found.ok and found.findings[0].said.zh.startswith("標點旁")


def test_marks_squeezed_by_position() -> None:
    for pair, between, ok in (("」，", 5.0, True), ("」，", 7.0, False), ("」，", 10.0, False),
                              ("。」", 10.0, True), ("。」", 5.0, False)):  # fmt: skip
        sheets = sheet((5, ""))
        for character, x in zip(f"國{pair}際", (0.0, 10.0, 10.0 + between, 20.0 + between), strict=True):
            sheets.put(character, LEFT + x, TOP - 5 * PITCH)
        assert ("squeeze" not in violated(sheets)) is ok


def test_a_call_at_the_start_of_a_line() -> None:
    assert "call-start" in violated(sheet((2, "^1" + han(29))))
    assert "call-start" not in violated(sheet((2, han(29) + "^1")))


def test_marks_may_stand_half_outside_the_measure() -> None:
    sheets = sheet((2, ""), (3, ""))
    sheets.line("「" + han(29), TOP - 2 * PITCH, LEFT - 5, gap=0.5 / 28)
    sheets.line(han(29) + "」", TOP - 3 * PITCH, LEFT, gap=0.5 / 28)
    assert violated(sheets) == set()


def test_the_pitch() -> None:
    sheets = sheet((8, ""))
    sheets.line(FULL, TOP - 8 * PITCH - 0.6)
    measured = audit(sheets.pdf())
    assert {each.key for each in measured.violated} == {"pitch"}
    assert row(measured, "pitch").value == "17.40–18.60 pt"


def test_the_pitch_of_the_layout() -> None:
    data = sheet().pdf()
    assert row(audit(data, pitch=18.0), "pitch").ok
    assert not row(audit(data, pitch=18.5), "pitch").ok


def test_what_superscripts_fill_is_no_gap() -> None:
    assert violated(sheet((2, han(12) + "^12345" + han(16)), gap=0.5 / 26)) == set()


# Notes


def with_notes(sheets: Sheets, *notes: tuple[str, int], foot: float = 200.0) -> Sheets:
    """Notes at the foot of the last page: number and how many lines each."""
    y = foot
    for number, lines in notes:
        if number:
            sheets.line(number, y, LEFT, size=NOTE_SIZE)
        for index in range(lines):
            text = han(10) + "。" if index == lines - 1 else han(35)
            sheets.line(text, y, LEFT + 20, size=NOTE_SIZE)
            y -= NOTE_PITCH
    return sheets


def called() -> Sheets:
    sheets = sheet((2, ""), (8, ""))
    for number, call in ((2, "1"), (8, "2")):
        sheets.line(han(29) + f"。^{call}", TOP - number * PITCH)
    return sheets


def test_notes_on_the_page_of_their_call() -> None:
    good = audit(with_notes(called(), ("1", 3), ("2", 3)).pdf())
    assert row(good, "notes").value == "2 / 2"
    late = called()
    with_notes(late, ("1", 3))
    late.new_page()
    with_notes(sheet(page=late), ("2", 3))
    found = row(audit(late.pdf()), "notes")
    assert found.value == "1 / 2" and not found.ok
    assert (found.findings[0].page, found.findings[0].said.zh) == (1, "註2不在這一頁")


def test_a_long_note_continues() -> None:
    sheets = called()
    with_notes(sheets, ("1", 3))
    sheets.line("2", 160.0, LEFT, size=NOTE_SIZE)
    for y in (160.0, 148.0):
        sheets.line(han(35), y, LEFT + 20, size=NOTE_SIZE)
    sheets.new_page()
    with_notes(sheet(page=sheets), ("", 3))
    found = row(audit(sheets.pdf()), "long-notes")
    assert found.ok and found.value == "1; 0"


def test_a_note_that_runs_off_the_page() -> None:
    found = audit(with_notes(called(), ("1", 3), ("2", 12), foot=150.0).pdf())
    assert not row(found, "long-notes").ok and not row(found, "outside").ok


# Pages and glyphs


def test_glyphs_outside_the_page() -> None:
    sheets = sheet()
    sheets.line(han(20), 300.0, 450.0)
    assert "outside" in violated(sheets)


def test_short_pages() -> None:
    sheets = sheet()
    for _ in range(2):
        sheets.new_page()
        for number, text in enumerate((han(28), FULL, FULL, LAST)):
            sheets.line(text, TOP - number * PITCH, LEFT + (20 if number == 0 else 0))
    found = row(audit(sheets.pdf()), "short-pages")
    assert not found.ok and found.value == "1 (+1)"
    assert [finding.page for finding in found.findings] == [2, 3]
    assert "末頁" in found.findings[1].said.zh


def test_undeclared_fonts() -> None:
    found = row(audit(sheet(page=Sheets(font="AAAAAA+Arial")).pdf()), "fonts")
    assert not found.ok and found.findings[0].said.en == "Arial"
    for name in ("KanMing-Regular", "Kan-Latin-Zh-Bold", "BBBBBB+NotoSerifCJKtc-Regular"):
        assert row(audit(sheet(page=Sheets(font=name)).pdf()), "fonts").ok, name


def test_overlapping_glyphs() -> None:
    sheets = sheet((5, ""))
    for number, character in enumerate(han(6)):
        sheets.put(character, LEFT + 8 * number, TOP - 5 * PITCH)
    assert "overlap" in violated(sheets)


def test_two_columns_are_read_one_after_the_other() -> None:
    sheets = Sheets()
    for column in (60.0, 320.0):
        for number in range(24):
            first, last = number % 6 == 0, number % 6 == 5
            text = han(18) if first else han(6) + "。" if last else han(20)
            sheets.line(text, TOP - number * PITCH, column + (20 if first else 0))
    measured = audit(sheets.pdf())
    assert measured.violated == () and measured.justified == 40


# With the source

PARAGRAPH = han(28) + FULL + FULL + LAST


def test_where_no_line_shows_a_measure_nothing_is_flush() -> None:
    """A few lines, each of another length: no share of them is flush, not 100 %."""
    sheets = Sheets()
    for number, length in enumerate((30, 27, 29, 26)):
        sheets.line(han(length), TOP - number * PITCH)
    measured = audit(sheets.pdf())
    assert measured.justified == 0
    assert row(measured, "flush").value == row(measured, "right-edge").value == "–"


def test_the_source_names_the_place(brief: Callable[..., Source]) -> None:
    text, y = PARAGRAPH + FULL + FULL, TOP
    source = brief(f"<p>{text}</p>\n<p>{han(28)}另一段{FULL}</p>")
    sheets = Sheets()
    at = 0
    for number, length in enumerate((28, 30, 30, 29, 30, 30)):
        sheets.line(text[at : at + length], y, LEFT + (20 if number == 0 else 0))
        at, y = at + length, y - PITCH
    measured = audit(sheets.pdf(), [source])
    short = row(measured, "flush").findings
    assert [finding.text for finding in short] == [text[88:117]]
    place = short[0].place
    assert place is not None and place.file == source.path
    assert source.data.decode().splitlines()[place.line - 1][place.column - 1 :].startswith(text[88:117])


def test_the_source_knows_where_paragraphs_end(brief: Callable[..., Source]) -> None:
    """A paragraph that fills its last line, the next not indented: only the source can tell them apart."""
    source = brief(f"<p>{FULL}{FULL}一二三四五六七八九十</p><p>甲乙{FULL}{FULL}</p>")
    sheets = Sheets()
    lines = [FULL, FULL, "一二三四五六七八九十", "甲乙" + FULL[:28], FULL[28:] + FULL[:28], FULL[28:]]
    for number, text in enumerate(lines):
        sheets.line(text, TOP - number * PITCH)
    assert violated(sheets, [source]) == set()
    joined = brief(f"<p>{FULL}{FULL}一二三四五六七八九十甲乙{FULL}{FULL}</p>")
    assert "flush" in violated(sheets, [joined])


# Real documents and broken ones


def test_the_sample_issue(sample_built: Path) -> None:
    measured = audit(sample_built / "issue.pdf", read_issue(SAMPLE).sources)
    assert measured.pages > 3 and measured.justified > 20
    for key in ("fonts", "outside", "notes", "long-notes", "pitch"):
        assert row(measured, key).ok, key
    assert len(measured.diagnostics(Path("issue.pdf"))) == len(measured.violated)


def test_the_real_issue(real_built: Path) -> None:
    measured = audit(real_built / "issue.pdf", read_issue(REAL_ISSUE).sources)
    assert row(measured, "notes").value == "58 / 58"
    assert row(measured, "outside").ok and row(measured, "fonts").ok


def test_a_page_without_text() -> None:
    measured = audit(Sheets().pdf())
    assert measured.violated == () and measured.lines == 0


@pytest.mark.parametrize("data", [b"", b"no PDF", b"%PDF-1.7\n" + b"\0" * 500])
def test_what_is_no_pdf(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadablePdfError):
        audit(data)
    (tmp_path / "x.pdf").write_bytes(data)
    done = CliRunner().invoke(main, ["audit", str(tmp_path / "x.pdf")])
    assert done.exit_code == 2 and "T000" in done.output and "Traceback" not in done.output


def test_a_broken_pdf_does_no_harm() -> None:
    data = sheet().pdf()
    for cut in range(0, len(data), max(len(data) // 12, 1)):
        try:
            audit(data[:cut])
        except UnreadablePdfError as error:
            assert error.diagnostic.code == "T000"


# The command


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(sheet().pdf())
    bad.write_bytes(sheet((2, "，" + han(29))).pdf())
    return good, bad


def kan(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["audit", *map(str, arguments)])
    return done.exit_code, done.output


def test_the_command(files: tuple[Path, Path], tmp_path: Path) -> None:
    good, bad = files
    code, said = kan(good)
    assert code == 0 and said.rstrip().endswith("全部合格") and "避頭尾" in said
    code, said = kan(bad, "--lang", "en")
    assert code == 1 and "p. 1  starts with ，" in said and "1 rule violated" in said
    assert kan(tmp_path / "none.pdf")[0] == 2
    assert kan(good, tmp_path)[0] == 2


def test_the_document(files: tuple[Path, Path]) -> None:
    code, said = kan(files[1], "--json")
    document = json.loads(said)
    assert code == 1 and document["ok"] is False and len(document["rows"]) == len(RULES)
    (finding,) = next(each for each in document["rows"] if each["key"] == "line-ends")["findings"]
    assert finding == {"page": 1, "text": "，" + han(29), "found": "行首「，」"}


def test_an_encrypted_pdf(files: tuple[Path, Path], tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(files[0]) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    code, said = kan(locked)
    assert code == 2 and "密碼" in said


def test_the_audit_knows_nothing_of_the_composer() -> None:
    for file in Path(room.__file__).parent.glob("*.py"):
        source = file.read_text(encoding="utf-8")
        assert not any(f"pipeline.{name}" in source for name in ("compose", "paginate", "printing")), file.name

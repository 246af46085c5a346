"""Glyphs: a finished PDF to the pen position, advance and size of every glyph on its pages.

pdfium (`pypdfium2`) reads the content streams. Its "loose" box of a character runs from the pen to the pen plus
the advance of the font's W array (whole thousandths of an em), whatever spacing the text operators add; where
the ink reaches further (f, ff, italics), the box does too, and the advance is taken from how far the pen mostly
moves behind that glyph (in that face, else in any). Blanks and line ends that pdfium makes up are left out;
turned text is too.
"""

import ctypes
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.diagnostics import Code, Diagnostic, Place, Words

UNREADABLE = Code(
    "T000",
    title=Words("無法檢驗這個檔案", "the file cannot be audited"),
    message=Words("無法檢驗「{name}」：{reason}", "cannot audit {name}: {reason}"),
    hint=Words("給一個完整、沒有密碼的PDF檔", "name a complete PDF without a password"),
    why=Words(
        "版面檢驗從PDF讀出每個字的位置；檔案損壞、加密或不是PDF，就讀不出來。",
        "The audit reads the place of every glyph from the PDF; it cannot from a broken or encrypted file.",
    ),
)

OPENING = frozenset("「『（《〈【〔｛［〖")
CLOSING = frozenset("」』）》〉】〕｝］〗")
STOPS = frozenset("、。，．：；！？")
DASHES = frozenset("—…⸺─―⋯")
_MARKS = OPENING | CLOSING | STOPS
BLANKS = frozenset(" \t\r\n\u00a0\u3000\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f")
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe\0")
_HYPHEN = 2
"""What pdfium says instead of a hyphen at the end of a line."""

_WORDS = frozenset({"latin", "western", "hangul"})


class Glyph(NamedTuple):
    """One glyph: what it stands for, where the pen stood and where it stood then.

    `x`, `end` (pen plus advance), `y` (baseline) in points from the left and the bottom of the page, `size` in
    points, `font` the PostScript name without the tag of the subset. `raised`: a superscript or subscript.
    `ink`: where the ink of a mark narrower than an em, or of a letter that overhangs its advance, begins and ends.
    """

    text: str
    x: float
    y: float
    end: float
    size: float
    font: str
    raised: bool = False
    ink: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its number from 1, its crop box (left, bottom, right, top) in points, its glyphs as drawn.

    `pictures` are the lower and upper edges of its pictures, in points from the bottom.
    """

    number: int
    box: tuple[float, float, float, float]
    glyphs: tuple[Glyph, ...]
    pictures: tuple[tuple[float, float], ...] = ()


class UnreadablePdfError(Exception):
    """The file can't be audited; carries the diagnostic that says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.message.en)


def read_pages(pdf: bytes | Path) -> tuple[Page, ...]:
    """Every page of a PDF. Raises `UnreadablePdfError`."""
    import pypdfium2 as pdfium  # noqa: PLC0415

    path = pdf if isinstance(pdf, Path) else Path("PDF")
    try:
        document = pdfium.PdfDocument(pdf.read_bytes() if isinstance(pdf, Path) else pdf)
    except OSError as error:
        reason = Words(error.strerror or str(error), error.strerror or str(error))
        raise UnreadablePdfError(UNREADABLE.at(Place(path), name=path.name, reason=reason)) from error
    except pdfium.PdfiumError as error:
        reason = _reason(str(error))
        raise UnreadablePdfError(UNREADABLE.at(Place(path), name=path.name, reason=reason)) from error
    try:
        return _without_overhang([_read_page(document, index) for index in range(len(document))])
    except pdfium.PdfiumError as error:
        reason = _reason(str(error))
        raise UnreadablePdfError(UNREADABLE.at(Place(path), name=path.name, reason=reason)) from error
    finally:
        document.close()


def _without_overhang(pages: list[Page]) -> tuple[Page, ...]:
    """The pages, the advance of glyphs whose ink overhangs it being the most common step of the pen there."""
    steps: dict[tuple[str, str], Counter[float]] = defaultdict(Counter)
    for page in pages:
        for glyph, after in pairwise(page.glyphs):
            if glyph.ink and glyph.y == after.y and 0 < after.x - glyph.x < glyph.size:
                steps[glyph.font, glyph.text][round((after.x - glyph.x) / glyph.size, 3)] += 1
    for (_, text), counted in list(steps.items()):
        steps["", text].update(counted)
    usual = {name: counted.most_common(1)[0][0] for name, counted in steps.items() if kind(name[1]) == "latin"}
    return tuple(
        replace(page, glyphs=tuple(_advanced(glyph, usual) if glyph.ink else glyph for glyph in page.glyphs))
        for page in pages
    )


def _advanced(glyph: Glyph, usual: Mapping[tuple[str, str], float]) -> Glyph:
    """The glyph with its usual advance, if that is less than the box of its ink."""
    step = usual.get((glyph.font, glyph.text), usual.get(("", glyph.text), 1.0))
    return glyph._replace(end=min(glyph.end, glyph.x + step * glyph.size))


def _reason(said: str) -> Words:
    if "password" in said.lower():
        return Words("有密碼保護", "it is protected by a password")
    return Words("不是PDF，或檔案已損壞", "it is no PDF, or it is broken")


def _read_page(document: Any, index: int) -> Page:
    page = document[index]
    text = page.get_textpage()
    try:
        return Page(index + 1, page.get_cropbox(), tuple(_glyphs(text.raw)), tuple(_pictures(page)))
    finally:
        text.close()
        page.close()


def _glyphs(page: Any) -> Iterator[Glyph]:
    """The glyphs of one text page: three calls of pdfium each, and a few more where the text object changes.

    A blank that pdfium makes up between two words stands for a wide one typed there, which it then drops.
    """
    from pypdfium2 import raw  # noqa: PLC0415

    box = raw.FS_RECTF()
    unicode_of, box_of, object_of = (
        raw.FPDFText_GetUnicode,
        raw.FPDFText_GetLooseCharBox,
        raw.FPDFText_GetTextObject,
    )
    address_of = ctypes.addressof
    last, run, high, owner = 0, None, 0, 0
    before: Glyph | None = None
    gap = False
    for index in range(raw.FPDFText_CountChars(page)):
        item = object_of(page, index)
        code = unicode_of(page, index)
        if not item or (code <= 32 and raw.FPDFText_IsGenerated(page, index) == 1):
            gap = True
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if high:
            code, high = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0
        address = address_of(item.contents)
        if address != last:
            last, run = address, _run(page, index)
        character = "-" if code == _HYPHEN else chr(code)
        if run is None or character in _INVISIBLE:
            continue
        box_of(page, index, box)
        y, size, font = run
        pen, end = box.left, box.right
        pen, low, hangs = _western(page, index, pen, end) if code < 0x370 else (pen, y, False)
        raised = "0" <= character <= "9" and low - y > 0.2 * size
        narrow = character in _MARKS and end - pen < 0.98 * size
        if before is not None:
            if before.x == pen and before.end == end and before.y == y and end > pen:
                before = before._replace(text=before.text + character)  # a ligature
                continue
            yield before
            if gap and _are_words(before, character, pen, y, address == owner):
                yield Glyph(" ", before.end, y, before.end, size, font)
        gap = False
        before, owner = Glyph(character, pen, y, end, size, font, raised), address
        if narrow or hangs:
            before = before._replace(ink=_ink(page, index)[:2])
    if before is not None:
        yield before


def _are_words(before: Glyph, character: str, x: float, y: float, same_object: bool) -> bool:
    """Whether a blank that pdfium made up parts two words: in one text object, or not far apart on a baseline."""
    if kind(before.text) not in _WORDS or kind(character) not in _WORDS:
        return False
    return same_object or (before.y == y and 0.1 < (x - before.end) / before.size < 1.2)


def _run(page: Any, index: int) -> tuple[float, float, str] | None:
    """Baseline, size (both in points) and font of the text object of a glyph; None where it is turned."""
    from pypdfium2 import raw  # noqa: PLC0415

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(page, index, matrix)
    if abs(matrix.b) > 1e-4 or abs(matrix.c) > abs(matrix.a):
        return None
    name, flags = ctypes.create_string_buffer(256), ctypes.c_int()
    raw.FPDFText_GetFontInfo(page, index, name, 256, flags)
    font = name.value.decode("utf-8", "replace")
    if font[6:7] == "+":
        font = font[7:]
    size = raw.FPDFText_GetFontSize(page, index) * abs(matrix.d)
    return _origin(page, index)[1], round(size, 2), font


def _western(page: Any, index: int, left: float, right: float) -> tuple[float, float, bool]:
    """Of a letter whose box is widened to its ink: the pen, the foot of the ink, whether it reaches to `right`."""
    ink_left, ink_right, low = _ink(page, index)
    pen = _origin(page, index)[0] if ink_left < left + 0.002 else left
    return pen, low, ink_right > right - 0.002


def _origin(page: Any, index: int) -> tuple[float, float]:
    """Where the pen stood for a glyph, in points."""
    from pypdfium2 import raw  # noqa: PLC0415

    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(page, index, x, y)
    return x.value, y.value


def _ink(page: Any, index: int) -> tuple[float, float, float]:
    """Left, right and lower edge of the ink of a glyph, in points; a superscript glyph (`sups`) stands high."""
    from pypdfium2 import raw  # noqa: PLC0415

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(page, index, left, right, bottom, top)
    return left.value, right.value, bottom.value


def _pictures(page: Any) -> Iterator[tuple[float, float]]:
    """The lower and upper edge of each picture and drawing of a page."""
    from pypdfium2 import raw  # noqa: PLC0415

    for each in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING), max_depth=3):
        _, bottom, _, top = each.get_bounds()
        yield bottom, top


@cache
def kind(text: str) -> str:
    """What a glyph is to the setting.

    `han` (with kana), `hangul`, `latin` (letters and figures), `western` (marks of ASCII and their like),
    `open`, `close`, `stop`, `dash`, `blank`, or `other`.
    """
    if not text.strip("".join(BLANKS)):
        return "blank"
    for name, members in (("open", OPENING), ("close", CLOSING), ("stop", STOPS), ("dash", DASHES)):
        if text[0] in members:
            return name
    code = ord(text[0])
    if 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or code >= 0x20000 or 0x3005 <= code <= 0x3007:
        return "han"
    if 0x3041 <= code <= 0x30FF:
        return "han"
    if 0xAC00 <= code <= 0xD7A3 or 0x1100 <= code <= 0x11FF or 0x3131 <= code <= 0x318E:
        return "hangul"
    if code < 0x0530:
        return "latin" if text[0].isalnum() else "western"
    return "other"

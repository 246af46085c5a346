"""What a page of a PDF shows: the characters of each piece of marked content, and what can't be seen or read.

Content streams are read as ISO 32000-1 says (7.8.2 and 9.4), by nothing that wrote them. A character is what the
font's ToUnicode has for its code (9.10.3), or the ActualText around it (14.9.4). Looked at besides: glyph 0 and
glyphs without outlines, fonts that nobody declared, text off the page or outside the clipping path, invisible
text, and text outside of marked content. Forms are pictures here, and are not read.
"""

import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from pipeline.diagnostics import Words
from pipeline.fonts.manifest import read_manifest

_TOKEN = re.compile(
    rb"""%[^\r\n]*
    | (?P<dict><<|>>)
    | (?P<hex><[0-9A-Fa-f\s]*>)
    | (?P<string>\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))
    | (?P<mark>[\[\]])
    | (?P<name>/[^\s<>\[\]()/%{}]*)
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+))(?=[\s<>\[\]()/%]|$)
    | (?P<operator>[^\s<>\[\]()/%{}]+)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_BF = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_HEX = re.compile(rb"<\s*([0-9A-Fa-f\s]*)>|(\[)|(\])")
_WIDTHS = re.compile(rb"(\d+)\s*(?:\[([^\]]*)\]|(\d+)\s+([\d.]+))")
_TAG = re.compile(r"^[A-Z]{6}\+")
_SLACK = 1.0
"""How far a glyph may reach over the edge of the page or the clip, in points."""
_RUNNING = ("/Artifact/Header", "/Artifact/Footer")
_IGNORABLE = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]*"
)
"""Text that is rightly blank: blanks, and what has Default_Ignorable_Code_Point (DerivedCoreProperties.txt)."""
_UNKNOWN = "\ufffd"

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]

NOT_DEFINED = Words("在字型裡沒有字形（.notdef），印成方框", "has no glyph in its font (.notdef)")
EMPTY = Words("的字形是空的，印出來什麼都沒有", "has an empty glyph: nothing is seen")
OFF_THE_PAGE = Words("印到版面外面，看不完整", "is drawn off the page or is clipped")
INVISIBLE = Words("用看不見的方式畫（繪字模式3）", "is drawn invisibly (text render mode 3)")
UNTAGGED = Words("不在任何標記的內容裡", "stands in no marked content")


def undeclared(name: str) -> Words:
    """Text in a font that nobody declared."""
    return Words(f"用了沒有宣告的字型 {name}", f"is set in {name}, a font that nobody declared")


@dataclass(frozen=True)
class Font:
    """A font of the PDF: what its codes stand for, how wide they are, which of its glyphs have outlines.

    `widths` in thousandths of an em. `two_bytes`: a composite font with Identity-H. `outlines`: where the outline
    of each glyph begins in the font program, None where that can't tell.
    """

    name: str
    two_bytes: bool
    texts: Mapping[int, str]
    widths: Mapping[int, float]
    default_width: float
    outlines: tuple[int, ...] | None

    def empty(self, codes: Iterable[int]) -> list[int]:
        """The codes whose glyph has no outline."""
        offsets = self.outlines
        if offsets is None:
            return []
        last = len(offsets) - 1
        return [code for code in codes if code >= last or offsets[code + 1] == offsets[code]]

    def codes(self, string: bytes) -> tuple[int, ...]:
        """The codes of a string."""
        if not self.two_bytes:
            return tuple(string)
        return struct.unpack(f">{len(string) // 2}H", string[: len(string) // 2 * 2])


@dataclass
class Shown:
    """What one page shows: text by the number of its marked content, artifacts, what is wrong, the codes used.

    `running` are headers and footers (ISO 32000-1, 14.8.2.2.2), `repeated` all other artifacts.
    """

    contents: dict[int, str] = field(default_factory=dict)
    running: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    wrong: list[tuple[str, Words]] = field(default_factory=list)
    used: dict[str, set[int]] = field(default_factory=dict)


def read_font(font: Any) -> Font:
    """A font of the PDF (9.6, 9.7)."""
    descendants = font.get("/DescendantFonts")
    own = descendants[0] if descendants is not None else font
    texts = to_unicode(font["/ToUnicode"].read_bytes()) if "/ToUnicode" in font else {}
    widths: Mapping[int, float] = {}
    if descendants is not None:
        widths = _cid_widths(own["/W"].unparse(resolved=True)) if "/W" in own else {}
    elif "/Widths" in font:
        widths = {int(font.get("/FirstChar", 0)) + n: float(width) for n, width in enumerate(font["/Widths"])}
    descriptor = own.get("/FontDescriptor")
    program = descriptor.get("/FontFile2") if descriptor is not None else None
    outlines = None
    if (
        program is not None
        and descendants is not None
        and str(own.get("/CIDToGIDMap", "/Identity")) == "/Identity"
    ):
        outlines = _outlines(program.read_bytes())
    name = _TAG.sub("", str(font.get("/BaseFont", "")).lstrip("/"))
    default = float(own.get("/DW", 1000)) if descendants is not None else 0.0
    return Font(name, descendants is not None, texts, widths, default, outlines)


@lru_cache(maxsize=256)
def to_unicode(cmap: bytes) -> Mapping[int, str]:
    """What codes stand for (9.10.3; Adobe Technical Note 5014)."""
    found: dict[int, str] = {}
    for kind, body in _BF.findall(cmap):
        parts = _HEX.findall(body)
        if kind == b"bfchar":
            for (code, _, _), (text, _, _) in zip(parts[::2], parts[1::2], strict=False):
                found[int(code, 16)] = _utf16(text)
            continue
        index = 0
        while index + 2 < len(parts):
            first, last = int(parts[index][0], 16), int(parts[index + 1][0], 16)
            if parts[index + 2][1]:
                index += 3
                for code in range(first, last + 1):
                    found[code] = _utf16(parts[index][0])
                    index += 1
                index += 1
            else:
                text = _utf16(parts[index + 2][0])
                for code in range(first, last + 1):
                    found[code] = text[:-1] + chr(ord(text[-1]) + code - first)
                index += 3
    return found


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")


@lru_cache(maxsize=256)
def _cid_widths(array: bytes) -> Mapping[int, float]:
    """The widths of a composite font, by code (9.7.4.3)."""
    widths: dict[int, float] = {}
    for first, several, last, one in _WIDTHS.findall(array):
        if last:
            widths.update(dict.fromkeys(range(int(first), int(last) + 1), float(one)))
        else:
            widths.update(enumerate(map(float, several.split()), int(first)))
    return widths


def _outlines(program: bytes) -> tuple[int, ...] | None:
    """Where the outline of each glyph of a TrueType program begins and the last one ends (OpenType, loca)."""
    try:
        count = struct.unpack_from(">H", program, 4)[0]
        records = range(12, 12 + 16 * count, 16)
        tables = {program[at : at + 4]: struct.unpack_from(">II", program, at + 8) for at in records}
        long = struct.unpack_from(">h", program, tables[b"head"][0] + 50)[0]
        start, length = tables[b"loca"]
        return struct.unpack_from(f">{length // 4}I" if long else f">{length // 2}H", program, start)
    except (struct.error, KeyError):
        return None


@cache
def _families() -> tuple[str, ...]:
    return tuple(sorted({recipe.family.replace(" ", "-") for recipe in read_manifest().recipes}))


def is_declared(name: str) -> bool:
    """Whether a font of a PDF is one of the faces declared in `fonts/`."""
    return any(name == family or name.startswith(f"{family}-") for family in _families())


# Content streams


class Reader:
    """Reads the content of one page; `fonts` by the name of their resource, `box` is the visible part."""

    def __init__(self, fonts: Mapping[str, Font], box: Box) -> None:
        self.fonts, self.box = fonts, box
        self.shown = Shown()
        self.parts: dict[int, list[str]] = {}
        self.marks: list[tuple[str, int | None, str | None]] = []
        self.ctm: Matrix = (1, 0, 0, 1, 0, 0)
        self.clip: Box = box
        self.path: list[tuple[float, float]] = []
        self.clips = False
        self.state: dict[str, Any] = {"font": None, "size": 0.0, "mode": 0, "char": 0.0, "word": 0.0, "scale": 1.0,
                                      "rise": 0.0, "leading": 0.0}  # fmt: skip
        self.saved: list[tuple[Matrix, Box, dict[str, Any]]] = []
        self.matrix: Matrix = self.ctm
        self.line: Matrix = self.ctm

    def read(self, content: bytes) -> Shown:
        """All that the page shows."""
        self._run(content)
        self.shown.contents = {number: "".join(parts) for number, parts in self.parts.items()}
        return self.shown

    def _run(self, content: bytes) -> None:
        operands: list[Any] = []
        open_at: list[int] = []
        for found in _TOKEN.finditer(content):
            kind, token = found.lastgroup, found[0]
            if kind == "number":
                operands.append(float(token))
            elif kind == "hex":
                operands.append(bytes.fromhex(token[1:-1].decode() + ("0" if len(token) % 2 else "")))
            elif kind == "name":
                operands.append(token.decode("latin-1"))
            elif kind == "string":
                operands.append(_ESCAPED.sub(_unescape, token[1:-1]))
            elif token in (b"[", b"<<"):
                open_at.append(len(operands))
            elif token in (b"]", b">>") and open_at:
                start = open_at.pop()
                operands[start:] = [operands[start:]]
            elif kind == "operator":
                operate = _OPERATORS.get(token)
                if operate is not None:
                    operate(self, operands)
                operands = []
                open_at = []

    # Graphics state

    def _save(self, _: list[Any]) -> None:
        self.saved.append((self.ctm, self.clip, dict(self.state)))

    def _restore(self, _: list[Any]) -> None:
        if self.saved:
            self.ctm, self.clip, self.state = self.saved.pop()

    def _concat(self, operands: list[Any]) -> None:
        self.ctm = _times(_matrix(operands), self.ctm)

    def _rectangle(self, operands: list[Any]) -> None:
        x, y, width, height = operands[-4:]
        self.path += [_moved(self.ctm, a, b) for a in (x, x + width) for b in (y, y + height)]

    def _point(self, operands: list[Any]) -> None:
        self.path.append(_moved(self.ctm, *operands[-2:]))

    def _clip_path(self, _: list[Any]) -> None:
        self.clips = True

    def _end_path(self, _: list[Any]) -> None:
        if self.clips and self.path:
            xs, ys = [x for x, _ in self.path], [y for _, y in self.path]
            left, bottom, right, top = self.clip
            self.clip = max(left, min(xs)), max(bottom, min(ys)), min(right, max(xs)), min(top, max(ys))
        self.path, self.clips = [], False

    # Marked content

    def _begin_marked(self, operands: list[Any]) -> None:
        properties = operands[1] if len(operands) > 1 and isinstance(operands[1], list) else []
        said = dict(zip(properties[::2], properties[1::2], strict=False))
        number, actual = said.get("/MCID"), said.get("/ActualText")
        around = next((mark for _, mark, _ in reversed(self.marks) if mark is not None), None)
        own = int(number) if isinstance(number, float) else around
        words = _text_string(actual) if isinstance(actual, bytes) else None
        tag = str(operands[0]) if operands else ""
        self.marks.append((tag + str(said.get("/Subtype", "")) if tag == "/Artifact" else tag, own, words))
        if words is not None:
            self._add(words)

    def _end_marked(self, _: list[Any]) -> None:
        if self.marks:
            self.marks.pop()

    def _add(self, text: str) -> None:
        """Text of the innermost piece of marked content."""
        number = self.marks[-1][1] if self.marks else None
        if number is not None:
            self.parts.setdefault(number, []).append(text)
        elif any(tag in _RUNNING for tag, _, _ in self.marks):
            self.shown.running.append(text)
        elif any(tag.startswith("/Artifact") for tag, _, _ in self.marks):
            self.shown.repeated.append(text)
        elif text.strip():
            self.shown.wrong.append((text, UNTAGGED))

    # Text

    def _begin_text(self, _: list[Any]) -> None:
        self.matrix = self.line = (1, 0, 0, 1, 0, 0)

    def _set_font(self, operands: list[Any]) -> None:
        self.state["font"], self.state["size"] = operands[-2], operands[-1]

    def _set_matrix(self, operands: list[Any]) -> None:
        self.matrix = self.line = _matrix(operands)

    def _next_line(self, operands: list[Any]) -> None:
        x, y = operands[-2:] if len(operands) > 1 else (0.0, -self.state["leading"])
        self.matrix = self.line = _times((1, 0, 0, 1, x, y), self.line)

    def _show(self, operands: list[Any]) -> None:
        parts = operands[-1] if operands and isinstance(operands[-1], list) else operands[-1:]
        font = self.fonts.get(str(self.state["font"]))
        if font is None:
            return
        size, scale = self.state["size"], self.state["scale"]
        at = _times(self.matrix, self.ctm)
        pen = 0.0
        texts: list[str] = []
        codes: list[int] = []
        for part in parts:
            if isinstance(part, float):
                pen -= part / 1000 * size * scale
            elif isinstance(part, bytes):
                own = font.codes(part)
                codes += own
                pen += self._advance(font, own, size, scale)
                texts += [font.texts.get(code, _UNKNOWN) for code in own]
        text = "".join(texts)
        self.matrix = _times((1, 0, 0, 1, pen, 0), self.matrix)
        self._look(text, font, codes, (_moved(at, 0, 0), _moved(at, pen, 0)))
        if not any(actual is not None for _, _, actual in self.marks):
            self._add(text)

    def _advance(self, font: Font, codes: tuple[int, ...], size: float, scale: float) -> float:
        width = sum([font.widths.get(code, font.default_width) for code in codes]) / 1000 * size
        return float((width + len(codes) * self.state["char"]) * scale)

    def _look(
        self, text: str, font: Font, codes: list[int], ends: tuple[tuple[float, float], tuple[float, float]]
    ) -> None:
        """Note what of a text can't be seen or is not what it says."""
        self.shown.used.setdefault(str(self.state["font"]), set()).update(codes)
        if not text.strip():
            return
        wrong = self.shown.wrong
        left, bottom, right, top = self.clip
        if any(
            not (left - _SLACK <= x <= right + _SLACK and bottom - _SLACK <= y <= top + _SLACK) for x, y in ends
        ):
            wrong.append((text, OFF_THE_PAGE))
        if self.state["mode"] == 3:
            wrong.append((text, INVISIBLE))
        if not is_declared(font.name):
            wrong.append((text, undeclared(font.name)))
        if 0 in codes and font.two_bytes:
            wrong.append((text, NOT_DEFINED))
        elif font.outlines is not None:
            empty = [code for code in font.empty(codes) if not _IGNORABLE.fullmatch(font.texts.get(code, "x"))]
            if empty:
                wrong.append(("".join(font.texts.get(code, _UNKNOWN) for code in empty), EMPTY))

    def _quote(self, operands: list[Any]) -> None:
        self._next_line([])
        self._show(operands[-1:])


def _unescape(found: re.Match[bytes]) -> bytes:
    said = found[1]
    if said[:1].isdigit():
        return bytes([int(said, 8) & 0xFF])
    return _ESCAPES.get(said, said)


def _text_string(data: bytes) -> str:
    """A text string (7.9.2.2)."""
    return data[2:].decode("utf-16-be", "replace") if data.startswith(b"\xfe\xff") else data.decode("latin-1")


def _matrix(operands: list[Any]) -> Matrix:
    a, b, c, d, e, f = operands[-6:]
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _setter(name: str, factor: float = 1.0) -> Any:
    def operate(reader: Reader, operands: list[Any]) -> None:
        reader.state[name] = operands[-1] * factor if operands else 0.0

    return operate


_OPERATORS: Mapping[bytes, Any] = {
    b"q": Reader._save, b"Q": Reader._restore, b"cm": Reader._concat, b"re": Reader._rectangle,
    b"m": Reader._point, b"l": Reader._point, b"c": Reader._point, b"v": Reader._point, b"y": Reader._point,
    b"W": Reader._clip_path, b"W*": Reader._clip_path,
    **dict.fromkeys((b"n", b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*"), Reader._end_path),
    b"BDC": Reader._begin_marked, b"BMC": Reader._begin_marked, b"EMC": Reader._end_marked,
    b"BT": Reader._begin_text, b"Tf": Reader._set_font, b"Tm": Reader._set_matrix, b"Td": Reader._next_line,
    b"TD": Reader._next_line, b"T*": Reader._next_line, b"Tj": Reader._show, b"TJ": Reader._show,
    b"'": Reader._quote, b'"': Reader._quote, b"Tr": _setter("mode"), b"Tc": _setter("char"),
    b"Tw": _setter("word"),
    b"Tz": _setter("scale", 0.01), b"Ts": _setter("rise"), b"TL": _setter("leading"),
}  # fmt: skip


def same_reading(shown: Shown, old: Mapping[str, Font], new: Mapping[str, Font]) -> bool:
    """Whether a content stream read with other fonts shows the same: each code it uses is the same in both."""
    for name, codes in shown.used.items():
        one, other = old.get(name), new.get(name)
        if one is None or other is None or one.name != other.name or one.two_bytes != other.two_bytes:
            return False
        if any(one.texts.get(code) != other.texts.get(code) for code in codes):
            return False
        if any(one.widths.get(c, one.default_width) != other.widths.get(c, other.default_width) for c in codes):
            return False
        if one.outlines is not None and (
            other.outlines is None or other.empty(set(codes) - set(one.empty(codes)))
        ):
            return False
    return True


def fonts_in(page: Any, known: dict[Any, Font]) -> Iterator[tuple[str, Font]]:
    """The fonts of a page and of the forms on it; `known` keeps what was read."""
    resources = page.get("/Resources")
    for name, font in (resources.get("/Font", {}) if resources is not None else {}).items():
        key = font.objgen
        if key == (0, 0) or key not in known:
            known[key] = read_font(font)
        yield name, known[key]

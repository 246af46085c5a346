"""Overlay: the finished pages with what the composer did drawn over them, for the designer of a layout.

The type area and its grid in blue; every justified line in a colour between green and red by its badness; in the
margin what was added between Han (+) and between words (w), in thousandths of an em, or given away (−, in per cent
of what could be). Squeezed marks are violet, marks that gave room away at the ends of a line orange.
"""

import io
from collections.abc import Iterator, Mapping, Sequence

import pikepdf

from pipeline.compose.line import Line
from pipeline.printing.engine import PlacedLine
from pipeline.tokens import Tokens

_GREEN, _YELLOW, _RED = (0.2, 0.7, 0.3), (0.95, 0.8, 0.1), (0.85, 0.1, 0.1)
_BLUE, _VIOLET, _ORANGE = (0.2, 0.45, 0.9), (0.6, 0.2, 0.8), (0.95, 0.5, 0.0)
_FAIR, _BAD = 30.0, 300.0
"""Badness of a line that is half way to red, and of one that is red."""

_STATE = pikepdf.Name.KanOverlay
_OPAQUE = pikepdf.Name.KanOverlayOpaque
_FONT = pikepdf.Name.KanOverlayText


def overlay(
    pdf: bytes, pages: Sequence[Sequence[PlacedLine]], tokens: Tokens, page: Mapping[str, float], grid: range
) -> bytes:
    """A copy of the first pages of a PDF with the composer's work drawn over them.

    `pages` has the lines of each of these; `grid` are the numbers (from 1) of the pages that have a type area,
    `page` its margins (points).
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        del document.pages[len(pages) :]
        state = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, ca=0.22, CA=0.5))
        opaque = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, ca=1, CA=1))
        font = document.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        for number, (sheet, lines) in enumerate(zip(document.pages, pages, strict=True), start=1):
            drawn = [*(_grid(tokens, page) if number in grid else ()), *_lines(lines, page["height"])]
            content = "\n".join(["q", f"{_STATE} gs", "0.25 w", *drawn, "Q"])
            sheet.contents_add(b"q", prepend=True)
            sheet.contents_add(b"Q")
            sheet.contents_add(content.encode())
            sheet.add_resource(state, pikepdf.Name.ExtGState, _STATE)
            sheet.add_resource(opaque, pikepdf.Name.ExtGState, _OPAQUE)
            sheet.add_resource(font, pikepdf.Name.Font, _FONT)
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _grid(tokens: Tokens, page: Mapping[str, float]) -> Iterator[str]:
    """The type area, its lines and, at the head, its cells."""
    pitch, size, left = tokens.length("pitch"), tokens.length("size"), page["side"]
    top, right = page["height"] - page["top"], page["side"] + tokens.measure
    yield _color(_BLUE, "RG")
    yield f"{left:.2f} {top - tokens.height:.2f} {tokens.measure:.2f} {tokens.height:.2f} re S"
    for number in range(1, int(tokens.length("lines"))):
        y = top - number * pitch
        yield f"{left:.2f} {y:.2f} m {right:.2f} {y:.2f} l S"
    for number in range(int(tokens.length("characters")) + 1):
        x = left + number * size
        yield f"{x:.2f} {top:.2f} m {x:.2f} {top + (6 if number % 5 == 0 else 3):.2f} l S"


def _lines(lines: Sequence[PlacedLine], height: float) -> Iterator[str]:
    for line, setting, x, y in lines:
        if setting.align != "justify":
            continue
        bottom = height - y - setting.pitch
        yield _color(_badness(line.fitted.cost), "rg")
        yield f"{x:.2f} {bottom + 1:.2f} {setting.measure:.2f} {setting.pitch - 2:.2f} re f"
        for color, left, right in _squeezed(line):
            yield _color(color, "rg")
            yield f"{x + left:.2f} {bottom:.2f} {right - left:.2f} {setting.pitch:.2f} re f"
        note = _note(line)
        if note:
            yield f"{_OPAQUE} gs 0.3 g"
            left, base = x + setting.measure + 4, bottom + setting.pitch / 3
            yield f"BT {_FONT} 5 Tf {left:.2f} {base:.2f} Td ({note}) Tj ET {_STATE} gs"


def _badness(cost: float) -> tuple[float, float, float]:
    """A colour from green over yellow to red."""
    low, high, part = (
        (_GREEN, _YELLOW, cost / _FAIR) if cost < _FAIR else (_YELLOW, _RED, (cost - _FAIR) / (_BAD - _FAIR))
    )
    part = min(max(part, 0.0), 1.0)
    red, green, blue = (a + (b - a) * part for a, b in zip(low, high, strict=True))
    return red, green, blue


def _squeezed(line: Line) -> Iterator[tuple[tuple[float, float, float], float, float]]:
    """The marks of a line that are narrower than their em: colour, left and right end in points."""
    beyond = [glyph.x for glyph in line.glyphs[1:]] + [line.right]
    for index, (glyph, end) in enumerate(zip(line.glyphs, beyond, strict=True)):
        text = line.text[glyph.start : glyph.start + glyph.characters]
        if text and text in "「」『』（）《》〈〉【】〔〕、，。．：；！？" and end - glyph.x < 0.9 * glyph.size:
            at_edge = (index == 0 and line.fitted.trim_start) or (end == line.right and line.fitted.trim_end)
            yield _ORANGE if at_edge else _VIOLET, glyph.x, end


def _note(line: Line) -> str:
    """What was done to a line, in a few figures."""
    fitted = line.fitted
    if fitted.ragged:
        return "ragged"
    done = f"+{round(1000 * fitted.han)}" if fitted.han >= 0.001 else ""
    done += f" -{round(100 * fitted.give)}%" if fitted.give >= 0.01 else ""
    done += f" w{round(1000 * fitted.words)}" if fitted.words >= 0.001 else ""
    return (done + (" a" if fitted.letters else "")).strip()


def _color(color: tuple[float, float, float], operator: str) -> str:
    return " ".join(f"{part:.3f}" for part in color) + f" {operator}"

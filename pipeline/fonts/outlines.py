"""Outlines: a line of text as the path of a drawing, for pictures that can't bring their fonts."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.fonts.harfbuzz import opened
from pipeline.fonts.prepared import Fonts

EM = 1000
"""Units of an em in a path; y grows upwards, as in fonts."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A path (SVG 2, 9.3) from the origin of the first character, and its advance, in units of `EM`."""

    path: str
    advance: float


def outline(fonts: Fonts, families: Sequence[str], text: str, weight: int = 400, style: str = "normal") -> Outline:
    """Draw `text`, each character from the first family that has it; one that none has leaves a blank.

    Families of the stack that are not here are passed over.
    """
    from fontTools.pens.svgPathPen import SVGPathPen  # noqa: PLC0415
    from fontTools.pens.transformPen import TransformPen  # noqa: PLC0415

    here = [family for family in families if fonts.has(family)]
    pen, x = SVGPathPen(None, ntos=lambda number: f"{number:.0f}"), 0.0
    for character in text:
        for family in here:
            font = opened(fonts.face(family, weight, style))
            glyph = font.get_nominal_glyph(ord(character))
            if glyph:
                scale = EM / font.face.upem
                font.draw_glyph_with_pen(glyph, TransformPen(pen, (scale, 0, 0, scale, x, 0)))
                x += font.get_glyph_h_advance(glyph) * scale
                break
        else:
            x += EM
    return Outline(pen.getCommands(), x)

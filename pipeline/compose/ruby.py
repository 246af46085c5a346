"""Ruby: readings above their characters, and 注音 in a column to the right of them."""

import re
from dataclasses import dataclass
from itertools import accumulate

from pipeline.compose.shape import Shape, Shaper, Voice

BETWEEN = 0.08
"""Least room between two readings side by side, in em of the text."""

SIZE, RISE = 0.44, 0.97
"""Size of a reading above its characters and the height of its baseline, in em of the text."""

ZHUYIN_SIZE, ZHUYIN_WIDTH, ZHUYIN_PITCH = 0.36, 0.5, 0.35
"""Size of 注音, width of its column, distance from letter to letter, in em of the text."""

_TONE = 0.3
"""Where a tone mark begins in the column, in em of the text."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading: its glyphs as (shape, size, x, y) from the left end of the item, its width and that of the base.

    `base` is where the base begins; all lengths in points.
    """

    glyphs: tuple[tuple[Shape, float, float, float], ...]
    width: float
    base: float = 0.0


def reading(annotation: str, shaper: Shaper, voice: Voice, size: float, base: float) -> Reading:
    """An annotation set for a base of a width (both in points)."""
    letters = zhuyin_letters(annotation)
    if letters:
        return _beside(letters, shaper, voice, size, base)
    shapes = [s for word in re.findall(r"[!-~]+|\s|.", annotation) for s in shaper.shape(word, voice)]
    small = size * SIZE
    width = small * sum(shape.advance for shape in shapes)
    whole = max(base, width + BETWEEN * size)
    starts = accumulate((small * shape.advance for shape in shapes), initial=(whole - width) / 2)
    glyphs = tuple((shape, small, x, size * RISE) for shape, x in zip(shapes, starts, strict=False))
    return Reading(glyphs, whole, (whole - base) / 2)


def zhuyin_letters(annotation: str) -> list[str]:
    """The letters of a reading in 注音, a tone mark with the letter before it; empty for another reading."""
    return re.findall("[˙]?[\u3105-\u312f\u31a0-\u31bf][ˊˇˋ]?", annotation)


def _beside(letters: list[str], shaper: Shaper, voice: Voice, size: float, base: float) -> Reading:
    """注音 from top to bottom, centred on the height of the character (MOE practice for horizontal setting)."""
    small = size * ZHUYIN_SIZE
    count = sum(len(letter.rstrip("ˊˇˋ")) for letter in letters)
    top = 0.38 * size + ZHUYIN_PITCH * size * count / 2
    glyphs: list[tuple[Shape, float, float, float]] = []
    row = 0
    for letter in letters:
        for character in letter:
            (shape,) = shaper.shape(character, voice)
            if character in "ˊˇˋ":
                glyphs.append((shape, small, base + _TONE * size, top - row * ZHUYIN_PITCH * size + 0.02 * size))
                continue
            row += 1
            left = base + (ZHUYIN_SIZE - shape.advance * ZHUYIN_SIZE) / 2 * size
            glyphs.append((shape, small, left, top - row * ZHUYIN_PITCH * size + 0.12 * small))
    return Reading(tuple(glyphs), base + ZHUYIN_WIDTH * size)

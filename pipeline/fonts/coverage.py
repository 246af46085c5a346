"""Coverage: which characters a face has, as ranges of code points, and which need no glyph at all."""

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path

Ranges = Sequence[int]
"""Sorted code points: first and last of a stretch, first and last of the next, and so on."""


def ranges_of(codepoints: Iterable[int]) -> list[int]:
    """Code points in any order as sorted ranges, see `Ranges`."""
    ranges: list[int] = []
    for code in sorted(codepoints):
        if ranges and code == ranges[-1] + 1:
            ranges[-1] = code
        else:
            ranges += (code, code)
    return ranges


def within(ranges: Ranges, codepoint: int) -> bool:
    """Whether a code point lies in sorted ranges."""
    before = bisect_right(ranges, codepoint)
    return before % 2 == 1 or (before > 0 and ranges[before - 1] == codepoint)


def write_coverage(folder: Path, made: Iterable[tuple[str, list[int]]]) -> None:
    """Write coverage.json from (family, ranges) of each face; `Fonts` reads it."""
    coverage: dict[str, list[list[int]]] = {}
    for family, ranges in made:
        groups = coverage.setdefault(family, [])
        if ranges not in groups:
            groups.append(ranges)
    (folder / "coverage.json").write_text(json.dumps(coverage, separators=(",", ":")), encoding="utf-8")


def needs_no_glyph(character: str) -> bool:
    """Controls, blanks, line ends, joiners, directional marks, the soft hyphen and variation selectors."""
    code = ord(character)
    if code < 0x7F:
        return code <= 0x20
    return (
        code in {0xAD, 0x2060, 0xFEFF}
        or 0x200B <= code <= 0x200F
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0100 <= code <= 0xE01EF
        or unicodedata.category(character) in {"Cc", "Cf", "Zs", "Zl", "Zp"}
    )

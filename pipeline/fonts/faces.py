"""Faces: from the files of a package to one prepared face (merged, renamed, with our metrics).

Whatever here, in `alternates` or in `names` makes a face come out different asks for another number in
`manifest.PREPARATION`.
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

from pipeline.fonts.alternates import add_alternates, part_soft_hyphen
from pipeline.fonts.coverage import ranges_of
from pipeline.fonts.manifest import Recipe
from pipeline.fonts.names import rename
from pipeline.fonts.prepared import ASCENT, DESCENT

_MODIFIED = 3786912000
"""head.modified of every face: 2024-01-01, in seconds since 1904. A clock would change the bytes."""


def prepare_face(recipe: Recipe, sources: Sequence[Path], target: Path) -> tuple[str, list[int]]:
    """Make one face; its sha512 and the ranges it covers. Runs in a process of its own."""
    font = _merged(sources) if len(sources) > 1 else TTFont(sources[0], recalcBBoxes=False, recalcTimestamp=False)
    font.flavor = None
    for table in ("STAT", "DSIG", "BASE", "FFTM"):  # with BASE, Pango makes a line of mixed scripts .007 em higher
        if table in font:
            del font[table]
    if font["post"].formatType == 2:  # else the names of glyphs are made up from their characters
        _return_borrowed(font)
    if recipe.without:
        _take_out(font, recipe.without)
    add_alternates(font)
    part_soft_hyphen(font)
    rename(font, recipe.family, recipe.weight, recipe.style)
    _set_metrics(font)
    font.save(target, reorderTables=False)
    return hashlib.sha512(target.read_bytes()).hexdigest(), ranges_of(font.getBestCmap())


def _set_metrics(font: Any) -> None:
    """The same ascent, descent and line gap (none) in all places where programs look, and a fixed date."""
    em = font["head"].unitsPerEm
    ascent, descent = round(ASCENT * em), round(DESCENT * em)
    hhea, os2 = font["hhea"], font["OS/2"]
    hhea.ascent, hhea.descent, hhea.lineGap = ascent, -descent, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ascent, -descent, 0
    os2.usWinAscent, os2.usWinDescent = ascent, descent
    os2.version = max(os2.version, 4)
    os2.fsSelection |= 1 << 7  # USE_TYPO_METRICS
    font["head"].modified = _MODIFIED


def _take_out(font: Any, codepoints: frozenset[int]) -> None:
    """Leave these characters to the next family of the stack."""
    for table in font["cmap"].tables:
        if table.format != 14:
            table.cmap = {code: glyph for code, glyph in table.cmap.items() if code not in codepoints}


def _return_borrowed(font: Any) -> None:
    """Take out the characters that are drawn with the glyph of another."""
    _take_out(font, frozenset(code for code, name in font.getBestCmap().items() if _borrowed(code, name)))


def _borrowed(codepoint: int, glyph: str) -> bool:
    """Whether a Han character is drawn with the glyph of another (爲 as 為, 丢 as 丟).

    On paper it would be another character than in the text, and a search in the PDF would find the wrong one;
    without it, the next family of the stack has the right form.
    """
    named = re.fullmatch(r"u(?:ni)?([0-9A-F]{4})", glyph)
    return named is not None and 0x3400 <= codepoint <= 0x9FFF and 0x3400 <= int(named[1], 16) != codepoint


def _merged(slices: Sequence[Path]) -> Any:
    """One font from the slices of a web font, which name the same glyph alike.

    Outlines are copied as they are (only composites are taken apart, for the numbers of their parts), and
    of the layout features only `vert` is kept, because it is the only one that reaches every slice.
    """
    opened = [TTFont(each, recalcBBoxes=False, recalcTimestamp=False) for each in slices]
    whole = opened[0]
    vertical: dict[str, str] = {}
    characters: dict[int, str] = {}
    order: dict[str, None] = {}
    for font in opened:
        order |= dict.fromkeys(font.getGlyphOrder())
        characters |= font.getBestCmap()
        vertical |= _vertical_alternates(font)
        if font is not whole:
            _add_glyphs(whole, font)
    whole.setGlyphOrder(list(order))
    whole["glyf"].glyphOrder = list(order)
    whole["post"].formatType = 3.0
    for table in ("GSUB", "GDEF", "gasp", "prep"):
        if table in whole:
            del whole[table]
    _set_characters(whole, characters)
    _return_borrowed(whole)
    _add_vertical_feature(whole, vertical)
    return whole


def _add_glyphs(whole: Any, font: Any) -> None:
    glyphs, taken = whole["glyf"].glyphs, font["glyf"].glyphs
    for name in font.getGlyphOrder():
        if name not in glyphs:
            if taken[name].isComposite():
                taken[name].expand(font["glyf"])
            glyphs[name] = taken[name]
            whole["hmtx"].metrics[name] = font["hmtx"].metrics[name]
            whole["vmtx"].metrics[name] = font["vmtx"].metrics[name]
    for table, tops in (("maxp", None), ("hhea", ("advanceWidthMax",)), ("vhea", ("advanceHeightMax",))):
        for key in tops or [key for key in vars(font[table]) if key.startswith("max")]:
            setattr(whole[table], key, max(getattr(whole[table], key), getattr(font[table], key)))
    for key, reach in (("xMin", min), ("yMin", min), ("xMax", max), ("yMax", max)):
        setattr(whole["head"], key, reach(getattr(whole["head"], key), getattr(font["head"], key)))


def _vertical_alternates(font: Any) -> dict[str, str]:
    if "GSUB" not in font:
        return {}
    table = font["GSUB"].table
    lookups = {
        number
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "vert"
        for number in record.Feature.LookupListIndex
    }
    subtables = [each for number in sorted(lookups) for each in table.LookupList.Lookup[number].SubTable]
    return {a: b for each in subtables for a, b in getattr(each, "ExtSubTable", each).mapping.items()}


def _set_characters(font: Any, characters: dict[int, str]) -> None:
    tables = []
    for format_number, encoding, last in ((4, 1, 0xFFFF), (12, 10, 0x10FFFF)):
        table = CmapSubtable.newSubtable(format_number)
        table.platformID, table.platEncID, table.language = 3, encoding, 0
        table.cmap = {code: name for code, name in sorted(characters.items()) if code <= last}
        tables.append(table)
    font["cmap"].tables = tables


def _add_vertical_feature(font: Any, vertical: dict[str, str]) -> None:
    if not vertical:
        return
    systems = "".join(f"languagesystem {script} dflt;" for script in ("DFLT", "hani", "kana", "latn"))
    rules = "".join(f"sub {a} by {b};" for a, b in sorted(vertical.items()))
    addOpenTypeFeaturesFromString(font, f"{systems} feature vert {{ {rules} }} vert;", tables={"GSUB"})

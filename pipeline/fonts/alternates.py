"""Alternates: narrower glyphs of the full-width marks, each with its own advance, for squeezing a line.

They are glyphs and not positions (`halt`, `chws`), because programs that read a PDF take a glyph moved back
for the end of a line. Three private features give them, off until somebody asks (clreq 3.1.6, 標點擠壓):

khlf  half an em, the outline unmoved: a closing bracket without its right half; any mark before an opening
      bracket, whose own left half is blank
kstr  an opening bracket without its left half, flush at the start of a line
kend  a stop without a quarter of an em, at the end of a line

A mark gets them only where it is full-width and its ink leaves the half that goes; a change here changes
prepared faces, see `manifest.PREPARATION`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fontTools.otlLib.builder import buildLookup, buildSingleSubstSubtable
from fontTools.ttLib import newTable
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.ttLib.tables.ttProgram import Program

from pipeline.fonts.prepared import HALF_ADVANCE, LINE_END, LINE_START

OPENING = "「『（《〈【〔［｛“‘"
CLOSING = "」』）》〉】〕］｝”’"
STOPS = "、，。．：；"
OTHERS = "！？·‧・"

SOFT_HYPHEN = "uni00AD.own"

_TOLERANCE = 0.06
"""How far ink may reach into what is taken away, in em."""

_WIDE = 0.9
"""Least advance of a full-width mark, in em."""

_SCRIPTS = ("DFLT", "hang", "hani", "kana", "latn")
"""The scripts of a font that has no features at all."""


def add_alternates(font: Any) -> None:
    """Give a Chinese, Japanese or Korean face its alternates, and dashes without a gap between two."""
    if ord("、") not in font["cmap"].getBestCmap():
        return
    _join_dashes(font)
    features: dict[str, dict[str, str]] = {HALF_ADVANCE: {}, LINE_START: {}, LINE_END: {}}
    order = list(font.getGlyphOrder())
    for mark in OPENING + CLOSING + STOPS + OTHERS:
        for number, glyph in enumerate(_forms(font, mark)):
            stem = f"uni{ord(mark):04X}" + (f".{number}" if number else "")
            for feature, advance, shift in _alternates(font, mark, glyph):
                if glyph not in features[feature]:
                    name = features[feature][glyph] = f"{stem}.{feature}"
                    _add_glyph(font, glyph, name, advance, shift)
                    order.append(name)
    font.setGlyphOrder(order)
    font["glyf"].glyphOrder = order
    font["maxp"].numGlyphs = len(order)
    _add_features(font, features)


def part_soft_hyphen(font: Any) -> None:
    """Give U+00AD in a Latin face a glyph of its own, drawn as the hyphen is.

    So that the hyphen of a word divided at the end of a line is not one of the author's in the text of a PDF
    (ISO 32000-1, 14.8.2.2.3).
    """
    characters = font["cmap"].getBestCmap()
    hyphen = characters.get(ord("-"))
    if ord("、") in characters or hyphen is None or characters.get(0xAD) not in (None, hyphen):
        return
    order = [*font.getGlyphOrder(), SOFT_HYPHEN]
    _add_glyph(font, hyphen, SOFT_HYPHEN, font["hmtx"][hyphen][0] / font["head"].unitsPerEm, 0.0)
    font.setGlyphOrder(order)
    font["glyf"].glyphOrder = order
    font["maxp"].numGlyphs = len(order)
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format != 14:
            table.cmap[0xAD] = SOFT_HYPHEN


def _forms(font: Any, mark: str) -> list[str]:
    """The glyph of a character, and those that `locl` puts in its place for one language or another."""
    glyph = font["cmap"].getBestCmap().get(ord(mark))
    if glyph is None:
        return []
    subtables = _substitutions(font, "locl")
    return list(dict.fromkeys([glyph, *(each.mapping[glyph] for each in subtables if glyph in each.mapping)]))


def _substitutions(font: Any, tag: str, kind: str = "mapping") -> list[Any]:
    """The subtables of a feature in all languages that have an attribute (`mapping`: one glyph for one)."""
    if "GSUB" not in font:
        return []
    table = font["GSUB"].table
    records = [record.Feature for record in table.FeatureList.FeatureRecord if record.FeatureTag == tag]
    numbers = sorted({number for feature in records for number in feature.LookupListIndex})
    subtables = [each for number in numbers for each in table.LookupList.Lookup[number].SubTable]
    return [each for each in (getattr(each, "ExtSubTable", each) for each in subtables) if hasattr(each, kind)]


def _alternates(font: Any, mark: str, glyph: str) -> Iterator[tuple[str, float, float]]:
    """Feature, advance and shift, both in em, of each alternate that fits the outline of a glyph."""
    em, drawn = font["head"].unitsPerEm, font["glyf"][glyph]
    if font["hmtx"][glyph][0] < _WIDE * em or not drawn.numberOfContours:
        return
    left, right = drawn.xMin / em, drawn.xMax / em
    if mark in OPENING and left >= 0.5 - _TOLERANCE:
        yield HALF_ADVANCE, 0.5, 0
        yield LINE_START, 0.5, -0.5
    elif mark in CLOSING and right <= 0.5 + _TOLERANCE:
        yield HALF_ADVANCE, 0.5, 0
    elif mark in STOPS + OTHERS and right <= 0.75 + _TOLERANCE:
        yield HALF_ADVANCE, 0.5, 0
        if mark in STOPS:
            yield LINE_END, 0.75, 0


def _add_glyph(font: Any, glyph: str, name: str, advance: float, shift: float) -> None:
    """Add a copy of a glyph, moved by `shift`, with its own advance (both in em); the caller names the order."""
    glyf, em = font["glyf"], font["head"].unitsPerEm
    drawn = Glyph()
    drawn.coordinates, drawn.endPtsOfContours, drawn.flags = glyf[glyph].getCoordinates(glyf)
    drawn.numberOfContours = len(drawn.endPtsOfContours)
    drawn.program = Program()
    _move(font, drawn, lambda x: x + round(shift * em))
    glyf.glyphs[name] = drawn
    font["hmtx"].metrics[name] = (round(advance * em), drawn.xMin)
    if "vmtx" in font:
        font["vmtx"].metrics[name] = font["vmtx"].metrics[glyph]
    hhea = font["hhea"]
    hhea.minLeftSideBearing = min(hhea.minLeftSideBearing, drawn.xMin)
    hhea.minRightSideBearing = min(hhea.minRightSideBearing, round(advance * em) - drawn.xMax)
    classes = getattr(font["GDEF"].table.GlyphClassDef, "classDefs", {}) if "GDEF" in font else {}
    if glyph in classes:
        classes[name] = classes[glyph]


def _move(font: Any, drawn: Any, where: Callable[[int], int]) -> None:
    """Give all points of an outline another abscissa."""
    drawn.coordinates = drawn.coordinates.copy()
    for number, (x, y) in enumerate(drawn.coordinates):
        drawn.coordinates[number] = (where(x), y)
    drawn.recalcBounds(font["glyf"])


def _join_dashes(font: Any) -> None:
    """Stretch the full-width dash, and the one two ems long that takes the place of two, to both edges."""
    em, single = font["head"].unitsPerEm, _forms(font, "—")
    pairs = [
        ligature.LigGlyph
        for tag in ("ccmp", "liga")
        for each in _substitutions(font, tag, "ligatures")
        for glyph in single
        for ligature in each.ligatures.get(glyph, ())
        if ligature.Component == [glyph]
    ]
    for glyph in dict.fromkeys([*single, *pairs]):
        if font["hmtx"][glyph][0] in {em, 2 * em} and font["glyf"][glyph].numberOfContours > 0:
            _stretch(font, glyph, font["hmtx"][glyph][0])


def _stretch(font: Any, glyph: str, advance: int) -> None:
    """Make the ink of a glyph as wide as its advance."""
    drawn = font["glyf"][glyph]
    left, right = drawn.xMin, drawn.xMax
    _move(font, drawn, lambda x: round((x - left) * advance / (right - left)))
    font["hmtx"].metrics[glyph] = (advance, 0)


def _add_features(font: Any, features: Mapping[str, Mapping[str, str]]) -> None:
    """Append the substitutions to those of a font, for every script and every language in it.

    The new lookups are the last, so they see what `locl` has chosen. A language must name a feature itself: it
    does not get those of its script.
    """
    if "GSUB" not in font:
        font["GSUB"] = _empty_table()
    table = font["GSUB"].table
    records, lookups = table.FeatureList.FeatureRecord, table.LookupList.Lookup
    first = len(records)
    for tag, mapping in features.items():
        if mapping:
            record = otTables.FeatureRecord()
            record.FeatureTag, record.Feature = tag, otTables.Feature()
            record.Feature.FeatureParams, record.Feature.LookupListIndex = None, [len(lookups)]
            records.append(record)
            lookups.append(buildLookup([buildSingleSubstSubtable(mapping)]))
    new = list(range(first, len(records)))
    order = sorted(range(len(records)), key=lambda number: (records[number].FeatureTag, number))
    place = {number: index for index, number in enumerate(order)}
    records[:] = [records[number] for number in order]
    for system in _language_systems(table):
        system.FeatureIndex = sorted(place[number] for number in [*system.FeatureIndex, *new])
        system.ReqFeatureIndex = place.get(system.ReqFeatureIndex, 0xFFFF)
    table.FeatureList.FeatureCount, table.LookupList.LookupCount = len(records), len(lookups)


def _language_systems(table: Any) -> Iterator[Any]:
    for script in (record.Script for record in table.ScriptList.ScriptRecord):
        if script.DefaultLangSys is None:
            script.DefaultLangSys = _language_system()
        yield script.DefaultLangSys
        yield from (record.LangSys for record in script.LangSysRecord)


def _language_system() -> Any:
    system = otTables.DefaultLangSys()
    system.LookupOrder, system.ReqFeatureIndex, system.FeatureIndex = None, 0xFFFF, []
    return system


def _empty_table() -> Any:
    """A GSUB with scripts and nothing in them."""
    made = newTable("GSUB")
    made.table = table = otTables.GSUB()
    table.Version = 0x00010000
    table.ScriptList, table.FeatureList, table.LookupList = (
        otTables.ScriptList(),
        otTables.FeatureList(),
        otTables.LookupList(),
    )
    table.ScriptList.ScriptRecord, table.FeatureList.FeatureRecord, table.LookupList.Lookup = [], [], []
    for tag in _SCRIPTS:
        record = otTables.ScriptRecord()
        record.ScriptTag, record.Script = tag, otTables.Script()
        record.Script.DefaultLangSys, record.Script.LangSysRecord = None, []
        table.ScriptList.ScriptRecord.append(record)
    return made

"""Fonts: from the packages that `fonts/manifest.toml` names to prepared faces in a cache, and their coverage.

manifest ─fetch▶ files of packages ─faces▶ prepared faces ─fill▶ the store        once, about half a minute
sets of the store ─▶ Fonts ─┬ activate   the private fontconfig, for the engine
                            ├ missing    F001
                            └ subset     small fonts for the editions

The faces that every issue needs are one set; those for other languages are sets of their own, fetched for the
first issue that asks for the language.

The prepared faces have names of our own (the licence reserves the old ones), the same vertical metrics, and
a private fontconfig that shows the engine nothing else. `prepare` fills the store once and from then on only
reads two small files of each set; nothing here imports fontTools, HarfBuzz or the engine before it is needed.

Where npm can't fetch, Debian's `fonts-noto-cjk` takes the place of every family of a set (`Fonts.fallback`).
"""

from pipeline.fonts.coverage import Ranges
from pipeline.fonts.fontconfig import activate
from pipeline.fonts.glyphs import NO_GLYPH, missing, no_glyph
from pipeline.fonts.manifest import FETCH_SECONDS, MANIFEST, NOTO_CJK, PREPARATION, Report
from pipeline.fonts.prepared import ALTERNATES, ASCENT, DESCENT, HALF_ADVANCE, LINE_END, LINE_START, Face, Fonts
from pipeline.fonts.store import cache, installed, prepare
from pipeline.fonts.subsets import subset

__all__ = [
    "ALTERNATES",
    "ASCENT",
    "DESCENT",
    "FETCH_SECONDS",
    "HALF_ADVANCE",
    "LINE_END",
    "LINE_START",
    "MANIFEST",
    "NOTO_CJK",
    "NO_GLYPH",
    "PREPARATION",
    "Face",
    "Fonts",
    "Ranges",
    "Report",
    "activate",
    "cache",
    "installed",
    "missing",
    "no_glyph",
    "prepare",
    "subset",
]

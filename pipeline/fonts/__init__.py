"""Fonts: from the packages that `fonts/manifest.toml` names to prepared faces in a cache, and their coverage.

manifest ─fetch▶ files of packages ─faces▶ prepared faces ─fill▶ the store        once, about half a minute
the store ─▶ Fonts ─┬ activate   the private fontconfig, for the engine
                    ├ missing    F001
                    └ subset     small fonts for the editions

The prepared faces have names of our own (the licence reserves the old ones), the same vertical metrics, and
a private fontconfig that shows the engine nothing else. `prepare` fills the store once and from then on only
reads two small files; nothing here imports fontTools, HarfBuzz or the engine before it is needed.

Where npm can't fetch, Debian's `fonts-noto-cjk` takes the place of every family (`Fonts.fallback`).
"""

from pipeline.fonts.coverage import Ranges
from pipeline.fonts.fontconfig import activate
from pipeline.fonts.glyphs import NO_GLYPH, missing, no_glyph
from pipeline.fonts.manifest import FETCH_SECONDS, MANIFEST, NOTO_CJK, PREPARATION, Report
from pipeline.fonts.prepared import ASCENT, DESCENT, Face, Fonts
from pipeline.fonts.store import cache, installed, prepare
from pipeline.fonts.subsets import subset

__all__ = [
    "ASCENT",
    "DESCENT",
    "FETCH_SECONDS",
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

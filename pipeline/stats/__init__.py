"""Statistics: how long the briefs are, what their notes carry, where their sources come from, how they read.

    paths ─archive▶ Archive ─┬ tables   for the terminal
                             ├ as_data  for scripts (JSON)
                             └ picture  an SVG of the whole archive

The numbers are counts and means; none of them is a score. Which features make Chinese hard to read is measured by
Sung et al. (宋曜廷等，〈中文文本可讀性探討〉，《中華心理學刊》55(1)，2013): among them the length of sentences and
rare characters, which are counted here.
"""

from pipeline.stats.archive import Archive, archive
from pipeline.stats.data import as_data
from pipeline.stats.picture import picture
from pipeline.stats.table import tables

__all__ = ["Archive", "archive", "as_data", "picture", "tables"]

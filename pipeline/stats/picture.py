"""Picture: the archive as small multiples (SVG 1.1), a block for each issue, all blocks on the same scales.

A block has three columns: the length of each brief with its notes, the kinds of its sources, the sites they are
on. All is placed here; `layouts/stats/archive.svg.j2` draws it. Lengths are CSS pixels.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.diagnostics import Language, Words
from pipeline.layout import environment
from pipeline.stats.archive import Archive, Counts, IssueCounts
from pipeline.stats.bars import EDGE, SIZES, WIDTH, Bar, Panel, bar, face, ranked
from pipeline.stats.names import (
    KIND_NAMES,
    issue_name,
    length_in_words,
    row_names,
    summary,
    title_of_archive,
)
from pipeline.stats.overview import overview

TEMPLATE = "stats/archive.svg.j2"

MOST_BLOCKS = 6
"""How many issues have a block of their own: more are a row each (`overview`)."""

_ROW, _BAR = 24.0, 13.0
_HEAD, _AFTER = 40.0, 26.0
"""The height of the heading of a block, and the room behind it."""

_MOST_SITES, _FEWEST_ROWS = 6, 4
"""How many sites are shown (twice as many where the block is high), and the least height of a block."""

_HEADINGS = (
    Words("字數：正文與註", "Words: text and notes"),
    Words("出處的種類", "Kinds of sources"),
    Words("出處的網站", "Sites of sources"),
)


PANELS = (Panel(EDGE, 288.0, 180.0), Panel(600.0, 672.0, 66.0), Panel(780.0, 926.0, 50.0))

_HEADED = tuple(zip(PANELS, _HEADINGS, strict=True))


@dataclass(frozen=True, slots=True)
class Block:
    """An issue, or all of them: its heading and the bars of its three panels."""

    y: float
    name: str
    summary: str
    panels: tuple[tuple[float, tuple[Bar, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """What a block shows: rows of (name, counts), then the sums."""

    name: str
    rows: tuple[tuple[str, Counts], ...]
    counts: Counts


def picture(found: Archive, language: Language) -> str:
    """The archive as the text of an SVG document; the same numbers, the same bytes.

    A block for each issue, or a row for each where there are more than `MOST_BLOCKS`.
    """
    if len(found.issues) > MOST_BLOCKS:
        return overview(found, language, _description(found, language))
    columns = list(_columns(found, language))
    top = EDGE + 96
    blocks, bottom = _blocks(columns, top, language)
    return environment({}).get_template(TEMPLATE).render(
        lang="en" if language == "en" else "zh-Hant-TW",
        title=title_of_archive(found, language),
        summary=summary(found.counts, language, issues=len(found.issues)),
        description=_description(found, language),
        blocks=blocks,
        headings=[(panel.left, words.in_language(language)) for panel, words in _HEADED],
        legend=[(name, words.in_language(language)) for name, words in _LEGEND.items()],
        legend_x=PANELS[0].bars,
        top=top,
        width=WIDTH,
        height=bottom + EDGE,
        edge=EDGE,
        bar=_BAR,
        sizes=SIZES,
        face=face(),
    )  # fmt: skip


_LEGEND = {"text": Words("正文", "text"), "notes": Words("註", "notes")}


def _columns(found: Archive, language: Language) -> Iterator[_Column]:
    """All issues together, where there are several; then each."""
    if len(found.issues) > 1:
        names = row_names(found.issues, language)
        rows = tuple((name, issue.counts) for name, issue in zip(names, found.issues, strict=True))
        yield _Column(Words("全部各期", "All issues").in_language(language), rows, found.counts)
    for issue in found.issues:
        yield _Column(issue_name(issue, language), tuple(_rows(issue)), issue.counts)


def _rows(issue: IssueCounts) -> Iterator[tuple[str, Counts]]:
    for brief in issue.briefs:
        yield brief.title, brief.counts


# Placing


def _blocks(columns: Sequence[_Column], y: float, language: Language) -> tuple[list[Block], float]:
    """The blocks, one below another, and where the last ends. The sums of all issues have a scale of their own."""
    is_sum = len(columns) > 1
    each = columns[1:] if is_sum else columns
    blocks: list[Block] = []
    for index, column in enumerate(columns):
        same_scale = columns[:1] if is_sum and index == 0 else each
        block, height = _block(column, same_scale, y, language)
        blocks.append(block)
        y += height
    return blocks, y - (_AFTER if blocks else 0)


def _block(column: _Column, same_scale: Sequence[_Column], y: float, language: Language) -> tuple[Block, float]:
    longest = max((counts.total for other in same_scale for _, counts in other.rows), default=0)
    lengths = [
        (
            name,
            {"text": counts.text, "notes": counts.notes_length},
            length_in_words(counts, language),
        )
        for name, counts in column.rows
    ]
    kinds = [
        (KIND_NAMES[name].in_language(language), {"sources": count}, str(count))
        for name, count in ranked(column.counts.kinds)
    ]
    all_sites = ranked(column.counts.sites)
    shown = max(_MOST_SITES, min(len(column.rows) - 1, 2 * _MOST_SITES))
    sites = [(name, {"sources": count}, str(count)) for name, count in all_sites[:shown]]
    most = (
        longest,
        _most(other.counts.kinds for other in same_scale),
        _most(other.counts.sites for other in same_scale),
    )
    panels = []
    top = y + _HEAD
    for panel, rows, scale in zip(PANELS, (lengths, kinds, sites), most, strict=True):
        bars = tuple(bar(panel, *row, scale, top + index * _ROW) for index, row in enumerate(rows))
        panels.append((panel.bars, bars))
    left = len(all_sites) - shown
    if left > 0:
        more = Words(f"另{left}個網站", f"{left} more").in_language(language)
        panel = PANELS[2]
        rest = Bar(panel.left, top + shown * _ROW, more, more, panel.bars, (), "")
        panels[2] = (panel.bars, (*panels[2][1], rest))
    rows_high = max(_FEWEST_ROWS, *(len(bars) for _, bars in panels))
    block = Block(y, column.name, summary(column.counts, language), tuple(panels))
    return block, _HEAD + rows_high * _ROW + _AFTER


def _most(counters: Iterable[Counter[str]]) -> int:
    return max((count for counter in counters for count in counter.values()), default=0)


def _description(found: Archive, language: Language) -> str:
    """The picture in words, for those who don't see it."""
    comma, end = (words.in_language(language) for words in (Words("、", ", "), Words("。", ". ")))
    said = [summary(found.counts, language, issues=len(found.issues))]
    for column in _columns(found, language):
        said.append(f"{column.name}　{summary(column.counts, language)}")
        said += [f"{name}　{length_in_words(counts, language)}" for name, counts in column.rows]
        kinds = (f"{KIND_NAMES[name].in_language(language)} {n}" for name, n in ranked(column.counts.kinds))
        sites = (f"{name} {count}" for name, count in ranked(column.counts.sites)[:_MOST_SITES])
        said += [comma.join(kinds), comma.join(sites)]
    return "".join(f"{sentence}{end}" for sentence in said if sentence).strip()

"""Overview: an archive of many issues as a picture (SVG 1.1), a row for each issue, so that trends can be seen.

A row has the length of the issue with its notes, its notes for each 1,000 字, its sources by kind, and its mean
sentence. Below stand the sites of all sources and the authors. `layouts/stats/overview.svg.j2` draws it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.diagnostics import Language, Words
from pipeline.layout import environment
from pipeline.notes.picture import ems
from pipeline.stats.archive import Archive, Counts
from pipeline.stats.bars import EDGE, SIZES, WIDTH, Bar, Panel, bar, face, ranked
from pipeline.stats.names import row_names, summary, title_of_archive

TEMPLATE = "stats/overview.svg.j2"

_HEAD = 124.0
"""Where the first row begins."""
_HIGHEST, _LOWEST = 22.0, 12.0
_ROOM = 1100.0
"""How high a row is, and how high all of them are where they fit."""
_LIST_ROW, _LISTED = 24.0, 12

_LENGTH, _NOTES, _SOURCES, _SENTENCES = (
    Panel(EDGE, 236.0, 180.0),
    Panel(490.0, 490.0, 90.0),
    Panel(636.0, 636.0, 190.0),
    Panel(900.0, 900.0, 70.0),
)
_SITES, _AUTHORS = Panel(EDGE, 236.0, 180.0), Panel(490.0, 636.0, 190.0)

_GROUPS: Mapping[str, tuple[Words, tuple[str, ...]]] = {
    "news": (Words("新聞", "news"), ("news",)),
    "web": (Words("網頁", "web"), ("web",)),
    "scholarly": (Words("書與期刊", "books, journals"), ("journal", "book", "chapter", "thesis")),
    "official": (Words("報告與法規", "reports, law"), ("report", "law")),
    "other": (Words("其他", "other"), ("other",)),
}
"""The kinds of sources as the rows show them: not more than can be told apart by their colours."""

_LENGTH_PARTS = {"text": Words("正文", "text"), "notes": Words("註", "notes")}

_HEADINGS = (
    (_LENGTH, Words("字數", "Words")),
    (_NOTES, Words("每千字的註", "Notes per 1,000")),
    (_SOURCES, Words("出處", "Sources")),
    (_SENTENCES, Words("平均句長", "Mean sentence")),
)


@dataclass(frozen=True, slots=True)
class _Row:
    """An issue: where it stands, its bars, whether a year begins with it."""

    y: float
    bars: tuple[Bar, ...]
    begins: bool


def overview(found: Archive, language: Language, description: str) -> str:
    """The archive as the text of an SVG document; `description` says it in words. Same numbers, same bytes."""
    high = min(_HIGHEST, max(_LOWEST, round(_ROOM / len(found.issues), 1)))
    rows = _rows(found, high, language)
    below = _HEAD + high * len(rows) + 64
    listed = _listed(found, below, language)
    longest = max((len(bars) for _, _, bars in listed), default=0)
    return environment({}).get_template(TEMPLATE).render(
        lang="en" if language == "en" else "zh-Hant-TW",
        title=title_of_archive(found, language),
        summary=summary(found.counts, language, issues=len(found.issues)),
        description=description,
        headings=[(panel.bars, words.in_language(language)) for panel, words in _HEADINGS],
        legend=[
            *_legend(_LENGTH.bars, _LENGTH_PARTS, language),
            *_legend(_SOURCES.bars, {name: words for name, (words, _) in _GROUPS.items()}, language),
        ],
        rows=rows,
        listed=listed,
        head=_HEAD,
        row=high,
        list_row=_LIST_ROW,
        below=below,
        width=WIDTH,
        height=below + longest * _LIST_ROW + EDGE + 8,
        edge=EDGE,
        sizes={**SIZES, "row": min(SIZES["small"], high - 2)},
        face=face(),
    )  # fmt: skip


def _rows(found: Archive, high: float, language: Language) -> list[_Row]:
    counts = [issue.counts for issue in found.issues]
    most = [max(numbers, default=0) for numbers in zip(*map(_numbers, counts), strict=True)]
    years = [issue.published.year if issue.published is not None else 0 for issue in found.issues]
    begins = [False, *(one != other for one, other in pairwise(years))]
    rows = []
    for index, (name, each) in enumerate(zip(row_names(found.issues, language), counts, strict=True)):
        y = _HEAD + index * high
        size = min(SIZES["small"], high - 2)
        rows.append(_Row(y, _bars(name, each, most, y, size), begins[index]))
    return rows


def _legend(x: float, names: Mapping[str, Words], language: Language) -> Iterator[tuple[float, str, str]]:
    """What the colours are, side by side: where each stands, its kind, its name."""
    for kind, words in names.items():
        said = words.in_language(language)
        yield round(x, 1), kind, said
        x += 26 + SIZES["small"] * ems(said)


def _numbers(counts: Counts) -> tuple[float, ...]:
    return counts.total, counts.notes_per_thousand, counts.sources, counts.mean_sentence


def _bars(name: str, counts: Counts, most: Sequence[float], y: float, size: float) -> tuple[Bar, ...]:
    grouped = {group: float(sum(counts.kinds[kind] for kind in kinds)) for group, (_, kinds) in _GROUPS.items()}
    parts: tuple[tuple[Panel, str, Mapping[str, float], str], ...] = (
        (_LENGTH, name, {"text": counts.text, "notes": counts.notes_length}, f"{counts.text:,}"),
        (_NOTES, "", {"notes": counts.notes_per_thousand}, f"{counts.notes_per_thousand:.1f}"),
        (_SOURCES, "", grouped, f"{counts.sources:,}"),
        (_SENTENCES, "", {"sources": counts.mean_sentence}, f"{counts.mean_sentence:.0f}"),
    )
    return tuple(bar(*part, scale, y, size) for part, scale in zip(parts, most, strict=True))


def _listed(found: Archive, y: float, language: Language) -> list[tuple[float, str, tuple[Bar, ...]]]:
    """The lists below: where each stands, its heading, its bars."""
    sites = ranked(found.counts.sites)
    authors = ranked(Counter({name: counts.text for name, counts in found.authors.items()}))
    listed = []
    for panel, words, kind, numbers in (
        (_SITES, Words("出處的網站", "Sites of sources"), "sources", sites),
        (_AUTHORS, Words("作者的字數", "Words by author"), "text", authors),
    ):
        left = len(numbers) - _LISTED
        more = Words(f"（另{left}）", f" ({left} more)").in_language(language) if left > 0 else ""
        most = numbers[0][1] if numbers else 0
        bars = tuple(
            bar(panel, name, {kind: count}, f"{count:,}", most, y + index * _LIST_ROW)
            for index, (name, count) in enumerate(numbers[:_LISTED])
        )
        listed.append((panel.left, words.in_language(language) + more, bars))
    return listed

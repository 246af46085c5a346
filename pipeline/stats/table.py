"""The numbers as tables for the terminal."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline.diagnostics import Language, Words
from pipeline.notes.overview import clipped, wrapped
from pipeline.stats.archive import READ_A_MINUTE, Archive, BriefCounts, Counts, IssueCounts
from pipeline.stats.names import KIND_NAMES, LANGUAGE_NAMES, issue_name, row_names

_MOST_SITES, _MOST_SENTENCES, _MOST_AUTHORS = 10, 5, 20
_MOST_ISSUES = 6
"""How many issues have a table of their own."""

_COLUMNS = (
    Words("字數", "Words"),
    Words("註", "Notes"),
    Words("每千字", "/1000"),
    Words("註佔", "Share"),
    Words("同註", "Same"),
    Words("出處", "Src"),
    Words("圖表", "Figs"),
    Words("句長", "Sent."),
    Words("分鐘", "Min"),
)

_EXPLAINED = Words(
    "字數：漢字與全形標點一個算一個，外文一詞算一個（同Word），不含註。每千字：正文每千字幾條註。註佔：註在全篇"
    "字數裡的比例。"
    "同註：回指前註的註。出處：一篇裡每筆算一次。句長：平均一句幾字。分鐘：正文以每分鐘{minute}字朗讀。",
    "Words: of the text, as Word counts them. /1000: notes for each 1,000. Share: of the notes in all. "
    "Same: notes that refer to an earlier source. Src: sources, each once a brief. Sent.: mean length of a "
    "sentence. Min: to read the text aloud at {minute} a minute.",
)


_NARROW = 76
"""Columns of a terminal below which a table leaves out who wrote, and the last of its numbers."""

_ALWAYS = (0, 1, 2, 5, 7)
"""The columns of a narrow table."""


def tables(found: Archive, language: Language, shown: Callable[[Path], str], width: int = 100) -> RenderableType:
    """What was counted: a table for each issue, or one of all where they are many; its sources, sentences …

    It fills the width of the console, which is about `width` columns; `shown` names a file.
    """
    columns = _ALWAYS if width < _NARROW else tuple(range(len(_COLUMNS)))
    counted = [issue for issue in found.issues if issue.briefs]
    few = len(counted) <= _MOST_ISSUES
    parts: list[RenderableType] = [_issue(issue, columns, language) for issue in counted] if few else []
    if len(counted) > 1:
        parts.append(_issues(found, columns, language))
    if not few:
        words = Words(
            "各篇的數字：kan stats 那一期的資料夾", "numbers of each brief: kan stats FOLDER of the issue"
        )
        parts.append(Text(words.in_language(language), "dim"))
    if found.briefs:
        parts += [_sources(found.counts, language), _sentences(found, language, shown)]
    if len(found.authors) > 1:
        parts.append(_authors(found, columns, language))
    if found.briefs:
        said = _EXPLAINED.fill({"minute": READ_A_MINUTE}).in_language(language)
        parts.append(Padding(_Wrapped(said, "dim"), (1, 0, 0, 0)))
    return Group(*parts)


@dataclass(frozen=True)
class _Wrapped:
    """A text broken by the rules of Chinese, `limit` lines of it at most, however wide its column comes out."""

    text: str
    style: str = ""
    limit: int = 99

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(min(16, cell_len(self.text)), cell_len(self.text)).with_maximum(options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = wrapped(self.text, options.max_width, cell_len)
        if len(lines) > self.limit:
            rest = self.text[len("".join(lines[: self.limit - 1])) :].lstrip()
            lines = [*lines[: self.limit - 1], clipped(rest, options.max_width, cell_len)]
        for line in lines:
            yield Text(line, self.style, no_wrap=True)


def _heading(words: str) -> RenderableType:
    return Padding(Text(words, "bold"), (1, 0, 0, 0))


def _made(first: Words, second: Words | None, columns: Sequence[int], language: Language) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, expand=True)
    table.add_column(first.in_language(language), ratio=1, no_wrap=True, overflow="ellipsis")
    if second is not None:
        table.add_column(second.in_language(language), max_width=10, no_wrap=True, overflow="ellipsis")
    for column in columns:
        table.add_column(_COLUMNS[column].in_language(language), justify="right", no_wrap=True)
    return table


def _numbers(counts: Counts, columns: Sequence[int]) -> list[str]:
    numbers = [
        f"{counts.text:,}",
        f"{counts.notes + counts.author_notes:,}",
        f"{counts.notes_per_thousand:.1f}",
        f"{counts.notes_share:.0%}",
        str(counts.same_source),
        f"{counts.sources:,}",
        str(counts.figures + counts.tables),
        f"{counts.mean_sentence:.0f}",
        f"{counts.minutes:.0f}",
    ]
    return [numbers[column] for column in columns]


def _issue(issue: IssueCounts, columns: Sequence[int], language: Language) -> RenderableType:
    by = Words("作者", "Author") if len(columns) == len(_COLUMNS) else None
    table = _made(Words("篇", "Brief"), by, columns, language)
    for brief in issue.briefs:
        names = [Text(_names(brief, language), "dim")] if by else []
        table.add_row(_Wrapped(brief.title, limit=2), *names, *_numbers(brief.counts, columns))
    if len(issue.briefs) > 1:
        table.add_section()
        words = Text(_briefs(len(issue.briefs), language), "bold")
        table.add_row(words, *([""] if by else []), *_numbers(issue.counts, columns), style="bold")
    return Group(_heading(issue_name(issue, language)), table)


def _names(brief: BriefCounts, language: Language) -> str:
    return Words("、", ", ").in_language(language).join(brief.authors)


def _briefs(count: int, language: Language) -> str:
    return Words(f"共{count}篇", f"{count} briefs").in_language(language)


def _issues(found: Archive, columns: Sequence[int], language: Language) -> RenderableType:
    table = _made(Words("期", "Issue"), None, columns, language)
    for name, issue in zip(row_names(found.issues, language), found.issues, strict=True):
        table.add_row(_Wrapped(name, limit=2), *_numbers(issue.counts, columns))
    table.add_section()
    table.add_row(
        Text(_briefs(len(found.briefs), language), "bold"), *_numbers(found.counts, columns), style="bold"
    )
    return Group(_heading(Words("各期", "All issues").in_language(language)), table)


def _authors(found: Archive, columns: Sequence[int], language: Language) -> RenderableType:
    table = _made(Words("作者", "Author"), Words("篇數", "Briefs"), columns, language)
    table.columns[1].justify = "right"
    for name, counts in list(found.authors.items())[:_MOST_AUTHORS]:
        table.add_row(Text(name), str(counts.briefs), *_numbers(counts, columns))
    left = len(found.authors) - _MOST_AUTHORS
    if left > 0:
        more = Words(f"……另{left}位（--json 全部列出）", f"… {left} more (see --json)")
        table.add_row(Text(more.in_language(language), "dim"))
    return Group(_heading(Words("作者", "Authors").in_language(language)), table)


# Sources


def _sources(counts: Counts, language: Language) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for name, words in _facts(counts, language):
        grid.add_row(name.in_language(language), words)
    return Group(_heading(Words("出處", "Sources").in_language(language)), Padding(grid, (1, 0, 0, 0)))


def _facts(counts: Counts, language: Language) -> Iterator[tuple[Words, RenderableType]]:
    tagged, read = counts.citations - counts.recognised, counts.recognised
    said = Words(
        f"{counts.citations}處引用，{counts.sources}筆"
        + (f"；已標{tagged}處，未標而從文字認出{read}處" if read else ""),
        f"{counts.citations} citations of {counts.sources} sources"
        + (f"; {tagged} tagged, {read} recognised by their text, not tagged" if read else ""),
    ).in_language(language)
    if counts.doubtful:
        doubt = Words(f"；{counts.doubtful}條註裡有認不出的", f"; {counts.doubtful} notes hold what can't be read")
        said += doubt.in_language(language)
    yield Words("引用", "Cited"), _Wrapped(said)
    yield Words("種類", "Kinds"), _ranked(counts.kinds, lambda name: KIND_NAMES[name].in_language(language), 9)
    yield Words("語言", "Languages"), _ranked(counts.languages, lambda name: _language(name, language), 9)
    yield Words("網站", "Sites"), _ranked(counts.sites, str, _MOST_SITES)
    if counts.typed:
        typed = Words(
            f"{counts.typed}處打字的同註、見註（kan link-notes）", f"{counts.typed} typed (kan link-notes)"
        )
        yield Words("參照", "References"), _Wrapped(typed.in_language(language), "yellow")
    looked = [
        (counts.shortened, Words("個縮網址", " shortened addresses")),
        (counts.without_address, Words("筆新聞或網頁沒有網址", " news or web pages without an address")),
        (counts.without_date, Words("筆沒有日期", " sources without a date")),
        (counts.dead_ends, Words("筆兩者都沒有", " without both")),
    ]
    found = [f"{count}{words.in_language(language)}" for count, words in looked if count]
    if found:
        yield Words("留意", "Look at"), _Wrapped(Words("，", ", ").in_language(language).join(found), "yellow")


def _language(name: str, language: Language) -> str:
    return LANGUAGE_NAMES[name].in_language(language) if name in LANGUAGE_NAMES else name


def _ranked(counter: Counter[str], named: Callable[[str], str], most: int) -> RenderableType:
    ranked = sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
    items = [Text.assemble(named(name), " ", (str(count), "cyan")) for name, count in ranked[:most]]
    if len(ranked) > most:
        items.append(Text(f"… +{len(ranked) - most}", "dim"))
    return _Series(items) if items else Text("—", "dim")


@dataclass(frozen=True)
class _Series:
    """Items side by side, none of them broken over two lines."""

    items: Sequence[Text]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        line = Text()
        for item in self.items:
            if line and line.cell_len + 2 + item.cell_len > options.max_width:
                yield line
                line = Text()
            line += Text("  " if line else "") + item
        yield line


# Sentences


def _sentences(found: Archive, language: Language, shown: Callable[[Path], str]) -> RenderableType:
    counts = found.counts
    said = Words(
        f"{len(counts.sentences)}句，平均{counts.mean_sentence:.0f}字，中位數{counts.median_sentence:.0f}字；"
        f"超過100字的佔{counts.long_share:.0%}；標點之間平均{counts.mean_clause:.0f}字；"
        f"常用字以外的漢字{counts.rare_share:.1%}，拉丁字母{counts.latin_share:.1%}",
        f"{len(counts.sentences)} sentences, mean {counts.mean_sentence:.0f}, "
        f"median {counts.median_sentence:.0f}; "
        f"{counts.long_share:.0%} of more than 100; {counts.mean_clause:.0f} between two marks; "
        f"{counts.rare_share:.1%} of Han uncommon, {counts.latin_share:.1%} Latin letters",
    ).in_language(language)
    longest = sorted(
        ((sentence, brief) for brief in found.briefs for sentence in brief.longest),
        key=lambda pair: (-pair[0].length, str(pair[0].place.file), pair[0].place.line),
    )
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(no_wrap=True, justify="right", style="cyan")
    grid.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    grid.add_column(no_wrap=True, style="dim", max_width=44)
    for sentence, _ in longest[:_MOST_SENTENCES]:
        place = sentence.place
        name = shown(place.file)
        grid.add_row(str(sentence.length), Text(sentence.text), Text(f"{_end(name)}:{place.line}:{place.column}"))
    heading = _heading(Words("句子", "Sentences").in_language(language))
    return Group(heading, Padding(_Wrapped(said), (1, 0, 1, 0)), grid)


def _end(name: str) -> str:
    """A file by its folder and its name."""
    return "/".join(Path(name).parts[-2:])

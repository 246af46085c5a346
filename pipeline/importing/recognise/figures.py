"""Figures and tables: pictures and tables with the captions and sources typed around them."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.importing.document import Picture, Table
from pipeline.importing.recognise.headings import CAPTION, CREDIT, MARKED_CAPTION, SOURCE
from pipeline.importing.recognise.labels import label_of, number
from pipeline.importing.recognise.letters import Line
from pipeline.importing.recognise.typed_notes import Item

_FOOT_STYLE = re.compile(r"table note|source|表註|圖註|資料來源|caption text", re.IGNORECASE)
_TABLE = re.compile("表|Table", re.IGNORECASE)


@dataclass(frozen=True)
class Plate:
    """A picture or a table with what belongs to it: caption, source and explanations, each a line."""

    picture: Line | None
    table: Table | None
    caption: Line | None
    source: Line | None
    explanations: tuple[Line, ...]
    label: Line | None = None
    """The line above the caption that has only its number."""
    guessed: bool = False
    """Whether the caption has neither number nor mark and is told by its place."""

    @property
    def number(self) -> int:
        """The number of its paragraph."""
        if self.picture is not None:
            return self.picture.number
        assert self.table is not None
        return self.table.number

    @property
    def named(self) -> Line | None:
        """The line with its number, else its caption."""
        return self.label or self.caption

    @property
    def typed(self) -> int | None:
        """The number that was typed in its caption."""
        found = CAPTION.match(self.named.words) if self.named else None
        return number(found["n"]) if found else None


def plates(items: Sequence[Item], headings: Collection[int]) -> list[Item | Plate]:
    """The items with pictures and tables joined to their captions and sources; `headings` are none of these."""
    made: list[Item | Plate] = []
    stops = sorted(headings)
    at = 0
    while at < len(items):
        after = bisect_left(stops, at)
        stop = stops[after] if after < len(stops) else len(items)
        plate, taken = _plate(items[:stop], at) if at < stop else (None, 1)
        made.append(plate if plate is not None else items[at])
        at += taken
    return made


def _plate(items: Sequence[Item], at: int) -> tuple[Plate | None, int]:
    """The plate that begins at `at`, and how many items it takes."""
    item = items[at]
    start = at
    if kind := _caption_kind(item):
        assert isinstance(item, Line)
        between = at + 1
        label, caption = None, item
        if _is_bare(item) and between < len(items) and _may_be_title(items[between]):
            label, caption = item, items[between]  # type: ignore[assignment]
            between += 1
        unit: list[Line] = []
        first = between
        while between < len(items) and between <= first + 1 and _is_aside(items[between]):
            unit.append(items[between])  # type: ignore[arg-type]
            between += 1
        if between < len(items) and _shows(items[between], kind) and not _is_sentence_above(items, at, between):
            plate, taken = _with_foot(items, start, between, caption, unit)
            return replace(plate, label=label), taken
    if _shows(item, "fig") or _shows(item, "table"):
        return _with_foot(items, start, at, None, [])
    return None, 1


def _with_foot(
    items: Sequence[Item], start: int, at: int, caption: Line | None, asides: list[Line]
) -> tuple[Plate, int]:
    """The plate at `at` with the caption, where it has none yet, the source and the explanations below it."""
    shown = items[at]
    kind = "table" if isinstance(shown, Table) else "fig"
    label: Line | None = None
    source: Line | None = None
    explanations = list(asides)
    end = at + 1
    guessed = False
    if caption is None:
        label, caption, guessed = _below(items, end, kind)
        end += sum(line is not None for line in (label, caption))
    while end < len(items):
        item = items[end]
        if not isinstance(item, Line) or _shows(item, "fig"):
            break
        if caption is None and _caption_kind(item) == kind and not _belongs_below(items, end, kind):
            caption = item
        elif not _is_foot(item):
            break
        elif source is None and _tells_source(item):
            source = item
        else:
            explanations.append(item)
        end += 1
    picture = shown if isinstance(shown, Line) else None
    table = shown if isinstance(shown, Table) else None
    return Plate(picture, table, caption, source, tuple(explanations), label, guessed), end - start


def _below(items: Sequence[Item], at: int, kind: str) -> tuple[Line | None, Line | None, bool]:
    """The line with nothing but a number, the caption below it, and whether that is told by its place alone."""
    item = items[at] if at < len(items) else None
    if not isinstance(item, Line):
        return None, None, False
    if _caption_kind(item) == kind and not _belongs_below(items, at, kind):
        below = items[at + 1] if at + 1 < len(items) else None
        if _is_bare(item) and _may_be_title(below) and isinstance(below, Line):
            return item, below, False
        return None, item, False
    if kind == "table" or _is_foot(item) or item.text.things or len(item.words) > 120:
        return None, None, False
    if MARKED_CAPTION.match(item.words):
        return None, item, False
    alone = item.centred and _may_be_title(item) and not _caption_kind(item)
    return (None, item, True) if alone else (None, None, False)


def _is_bare(line: Line) -> bool:
    """Whether a caption is only its number: 圖1."""
    return CAPTION.fullmatch(line.words) is not None and not line.text.things


def _may_be_title(item: Item | None) -> bool:
    """Whether a line may be the title of a picture or table: short, no sentence, nothing else."""
    if not isinstance(item, Line) or not item.words or len(item.words) > 40 or item.paragraph.outline is not None:
        return False
    if re.search("[。！？；，：:]$", item.words) or label_of(item.text.string) or _is_foot(item):
        return False
    return not (CAPTION.match(item.words) or item.picture_alone() or _is_aside(item))


def _is_foot(line: Line) -> bool:
    """Whether a line below a picture or table tells its source or explains it."""
    told = _is_told(line) and len(line.words) < 300
    return told or _FOOT_STYLE.fullmatch(line.paragraph.style or "") is not None


def _is_told(line: Line) -> bool:
    return bool(SOURCE.match(line.words) or CREDIT.fullmatch(line.words))


def _tells_source(line: Line) -> bool:
    """Whether a line at the foot is the source itself, no explanation."""
    return _is_told(line) and not re.match("說明|附註|備註|註|Note|[*＊]+[ \u3000]*p", line.words)


def _is_sentence_above(items: Sequence[Item], at: int, shown: int) -> bool:
    """Whether what seems a caption above is a sentence of the text, for the caption stands below."""
    line = items[at]
    plate, _ = _with_foot(items, shown, shown, None, [])
    return isinstance(line, Line) and line.words.endswith("。") and plate.caption is not None


def _belongs_below(items: Sequence[Item], at: int, kind: str) -> bool:
    """Whether a caption stands above the next table: tables have their captions above them."""
    return kind == "table" and at + 1 < len(items) and _shows(items[at + 1], "table")


def _caption_kind(item: Item) -> str:
    """Whether a line is the caption of a figure or of a table; empty if neither."""
    if not isinstance(item, Line) or len(item.words) > 120:
        return ""
    found = CAPTION.match(item.words)
    if not found or (item.words.endswith("。") and len(item.words) > 60):
        return ""
    return "table" if _TABLE.search(found["kind"]) else "fig"


def _shows(item: Item, kind: str) -> bool:
    if kind == "table":
        return isinstance(item, Table)
    return isinstance(item, Line) and item.picture_alone()


def _is_aside(item: Item) -> bool:
    """單位：億元 between a caption and its table."""
    return isinstance(item, Line) and bool(re.match("[（(]?單位[:：]", item.words)) and len(item.words) < 30


def pictures_in(line: Line) -> Iterator[Picture]:
    """The pictures of a line."""
    for thing in line.text.things:
        if isinstance(thing, Picture):
            yield thing

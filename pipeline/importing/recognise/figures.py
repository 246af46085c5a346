"""Figures and tables: pictures and tables with the captions and sources typed around them."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pipeline.importing.document import Picture, Table
from pipeline.importing.recognise.headings import CAPTION, SOURCE
from pipeline.importing.recognise.labels import number
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

    @property
    def number(self) -> int:
        """The number of its paragraph."""
        if self.picture is not None:
            return self.picture.number
        assert self.table is not None
        return self.table.number

    @property
    def typed(self) -> int | None:
        """The number that was typed in its caption."""
        found = CAPTION.match(self.caption.words) if self.caption else None
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
    item = items[at]
    caption: Line | None = None
    start = at
    if kind := _caption_kind(item):
        assert isinstance(item, Line)
        between = at + 1
        unit: list[Line] = []
        while between < len(items) and between <= at + 2 and _is_aside(items[between]):
            unit.append(items[between])  # type: ignore[arg-type]
            between += 1
        if between < len(items) and _shows(items[between], kind) and not _is_sentence_above(items, at, between):
            caption, at = item, between
            return _with_foot(items, start, at, caption, unit)
    if _shows(items[at], "fig") or _shows(items[at], "table"):
        return _with_foot(items, start, at, caption, [])
    return None, 1


def _with_foot(
    items: Sequence[Item], start: int, at: int, caption: Line | None, asides: list[Line]
) -> tuple[Plate | None, int]:
    """The plate at `at` with the caption, where it has none yet, the source and the explanations below it."""
    shown = items[at]
    kind = "table" if isinstance(shown, Table) else "fig"
    source: Line | None = None
    explanations = list(asides)
    end = at + 1
    while end < len(items):
        item = items[end]
        if not isinstance(item, Line) or _shows(item, "fig"):
            break
        if caption is None and _caption_kind(item) == kind and not _belongs_below(items, end, kind):
            caption = item
        elif (SOURCE.match(item.words) and len(item.words) < 300) or _FOOT_STYLE.fullmatch(
            item.paragraph.style or ""
        ):
            if source is None and SOURCE.match(item.words) and not re.match("說明|附註|備註|註|Note", item.words):
                source = item
            else:
                explanations.append(item)
        else:
            break
        end += 1
    picture = shown if isinstance(shown, Line) else None
    table = shown if isinstance(shown, Table) else None
    return Plate(picture, table, caption, source, tuple(explanations)), end - start


def _is_sentence_above(items: Sequence[Item], at: int, shown: int) -> bool:
    """Whether what seems a caption above is a sentence of the text, for the caption stands below."""
    line = items[at]
    plate, _ = _with_foot(items, shown, shown, None, [])
    return isinstance(line, Line) and line.words.endswith("。") and plate is not None and plate.caption is not None


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

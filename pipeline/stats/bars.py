"""Bars: what the pictures are drawn of; all lengths in CSS pixels. `layouts/stats/` draws them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.layout import LAYOUTS
from pipeline.notes.overview import clipped
from pipeline.notes.picture import ems
from pipeline.tokens import read_tokens

WIDTH, EDGE = 1040.0, 40.0
SIZES = {"title": 24.0, "heading": 16.0, "text": 13.0, "small": 12.0}

_FALLBACK = (
    '"Noto Sans TC", "Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei", "Noto Sans KR", "Noto Sans CJK KR", '
    '"Malgun Gothic", sans-serif'
)
"""Faces for a machine that hasn't those of the house."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A column of a picture: where its labels begin, where its bars begin, and how long the longest is."""

    left: float
    bars: float
    longest: float

    def room(self, size: float) -> float:
        """The room for a label set in a size, in em."""
        return (self.bars - self.left - 10) / size


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a panel: its label at `x`, its parts from `start` to the right, what stands behind them."""

    x: float
    y: float
    label: str
    full_label: str
    start: float
    parts: tuple[tuple[str, float], ...]
    value: str

    @property
    def end(self) -> float:
        """Where the last part ends."""
        return self.start + sum(width for _, width in self.parts)

    @property
    def placed(self) -> Iterator[tuple[str, float, float]]:
        """Each part with where it begins and how wide it is; none that can't be seen."""
        x = self.start
        for kind, width in self.parts:
            if width:
                yield kind, round(x, 1), width
            x += width


def bar(
    panel: Panel,
    name: str,
    parts: Mapping[str, float],
    value: str,
    most: float,
    y: float,
    size: float = SIZES["text"],
) -> Bar:
    """A row of a panel in which `most` is as long as can be; a label too long for its size is cut."""
    widths = tuple((kind, round(panel.longest * count / most, 1)) for kind, count in parts.items() if most)
    return Bar(panel.left, y, clipped(name, panel.room(size), ems), name, panel.bars, widths, value)


def ranked(counter: Counter[str]) -> list[tuple[str, int]]:
    """Most first, those of one number by name."""
    return sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))


def face() -> str:
    """The faces of a picture, as CSS names them."""
    return f"{read_tokens(LAYOUTS / 'tokens.css').values['hei']}, {_FALLBACK}"

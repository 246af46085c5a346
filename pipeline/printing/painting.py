"""Painting: composed lines under way from the templates to the painter."""

from dataclasses import dataclass, field
from typing import Any

from pipeline.compose import Line
from pipeline.fonts import Face
from pipeline.tokens import Setting


@dataclass(frozen=True, slots=True)
class Composed:
    """Lines of one paragraph and how they were set."""

    lines: tuple[Line, ...]
    setting: Setting

    def part(self, start: int, end: int) -> "Composed":
        """Lines `start` to `end` (exclusive) alone."""
        return Composed(self.lines[start:end], self.setting)


@dataclass
class Painting:
    """What the templates registered for one document, and the faces that it draws with."""

    composed: list[Composed] = field(default_factory=list)
    faces: dict[Face, tuple[Any, Any]] = field(default_factory=dict)

    def register(self, composed: Composed) -> int:
        """The number under which the painter will find the lines."""
        self.composed.append(composed)
        return len(self.composed) - 1

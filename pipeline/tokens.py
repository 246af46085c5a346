"""Tokens: the numbers and faces of a layout, read from its `tokens.css` by the composer and by CSS alike."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_TOKEN = re.compile(r"--([a-z-]+):\s*([^;]+);")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_UNITS = {"pt": 1.0, "mm": 72 / 25.4, "in": 72.0, "": 1.0}


@dataclass(frozen=True)
class Tokens:
    """The custom properties of one layout."""

    values: dict[str, str]

    def length(self, name: str) -> float:
        """A length in points, or a plain number. Raises `ValueError` for anything else."""
        found = re.fullmatch(r"([0-9.]+)(pt|mm|in|)", self.values[name])
        if found is None:
            raise ValueError(f"--{name}: {self.values[name]} is neither a length nor a number")
        return float(found[1]) * _UNITS[found[2]]

    def stack(self, name: str) -> tuple[str, ...]:
        """The families of a stack of faces, first choice first."""
        return tuple(re.findall(r'"([^"]+)"', self.values[name]))

    @cached_property
    def measure(self) -> float:
        """The width of the type area in points: its characters times the size."""
        return self.length("characters") * self.length("size")

    @cached_property
    def height(self) -> float:
        """The height of the type area in points: its lines times the pitch."""
        return self.length("lines") * self.length("pitch")


def read_tokens(*files: Path) -> Tokens:
    """The tokens of style sheets, later ones winning."""
    values: dict[str, str] = {}
    for file in files:
        text = _COMMENT.sub("", file.read_text(encoding="utf-8"))
        values.update({name: value.strip() for name, value in _TOKEN.findall(text)})
    return Tokens(values)

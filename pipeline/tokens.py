"""Tokens: the numbers and faces of a layout, read from its `tokens.css` by the composer and by CSS alike."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_STYLE = re.compile(r"(?:(italic) )?(\d+) ([0-9.]+pt)/([0-9.]+pt) var\(--([a-z-]+)\)")
_TOKEN = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_UNITS = {"pt": 1.0, "mm": 72 / 25.4, "in": 72.0, "": 1.0}


@dataclass(frozen=True, slots=True)
class Setting:
    """How a paragraph is set; lengths in points. `stack` is the token of its faces (ming, hei, kai, latin).

    `align` is justify, left, center or right; only the lines of justified text are opened to fill the `measure`.
    `pitch` is from baseline to baseline, `indent` that of the first line.
    """

    size: float
    measure: float
    stack: str = "ming"
    weight: int = 400
    indent: float = 0.0
    pitch: float = 0.0
    align: str = "justify"
    slant: str = "normal"


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
    def styles(self) -> Mapping[str, Setting]:
        """The styles of text by name, in the width of the type area: `--note: 400 9pt/13.5pt var(--ming)`."""
        found = {name: _STYLE.fullmatch(value) for name, value in self.values.items()}
        return {
            name: Setting(
                size=float(style[3].removesuffix("pt")),
                measure=self.measure,
                stack=style[5],
                weight=int(style[2]),
                pitch=float(style[4].removesuffix("pt")),
                align=self.values.get(f"{name}-align", "justify"),
                slant=style[1] or "normal",
            )
            for name, style in found.items()
            if style is not None
        }

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

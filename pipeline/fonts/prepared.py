"""The prepared faces: what layouts can ask for, and which characters they have."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.fonts.coverage import Ranges, needs_no_glyph, within

ASCENT, DESCENT = 0.88, 0.12
"""Ascent and descent of every prepared face, in em: together one em, so no face changes the line pitch."""

HALF_ADVANCE, LINE_START, LINE_END = ALTERNATES = ("khlf", "kstr", "kend")
"""Private features of ours that give narrower glyphs of full-width marks, see `alternates`."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face that layouts can ask for. `file` is absolute; `index` is its number in a collection (.ttc)."""

    family: str
    weight: int
    style: str
    file: Path
    sha512: str
    version: str
    index: int = 0


@dataclass(frozen=True)
class Fonts:
    """The faces of one or more sets, ready to use: those every issue needs, and those for its languages.

    `folders` of the store, that of the base set first. `fallback` tells that Debian's fonts-noto-cjk stands in
    for all faces of a set.
    """

    folders: tuple[Path, ...]
    faces: tuple[Face, ...]
    fontconfig: Path
    fallback: bool

    @property
    def folder(self) -> Path:
        """The folder of the base set."""
        return self.folders[0]

    @property
    def families(self) -> tuple[str, ...]:
        """The families, in the order of the manifest."""
        return tuple(dict.fromkeys(face.family for face in self.faces))

    def has(self, family: str) -> bool:
        """Whether a family is here; a stack may name families of sets that were not asked for."""
        return any(face.family == family for face in self.faces)

    def face(self, family: str, weight: int = 400, style: str = "normal") -> Face:
        """The face of a family nearest to a weight and style; raises `KeyError` for an unknown family."""
        faces = [face for face in self.faces if face.family == family]
        if not faces:
            raise KeyError(family)
        return min(faces, key=lambda face: (face.style != style, abs(face.weight - weight), face.weight))

    def families_covering(self, codepoint: int) -> tuple[str, ...]:
        """The families that have a character in every face."""
        return tuple(family for family in self.families if self._has(family, codepoint))

    def covers(self, family_stack: Iterable[str], text: str) -> tuple[str, ...]:
        """The characters of `text` that no family of the stack has, each once, in order of appearance.

        Empty when the stack covers the text. Controls and blanks need no glyph. Raises `KeyError` for an
        unknown family.
        """
        stack = tuple(family_stack)
        return tuple(
            character
            for character in dict.fromkeys(text)
            if not needs_no_glyph(character) and not any(self._has(family, ord(character)) for family in stack)
        )

    def _has(self, family: str, codepoint: int) -> bool:
        return all(within(ranges, codepoint) for ranges in self._coverage[family])

    @cached_property
    def _coverage(self) -> dict[str, list[Ranges]]:
        """The ranges of each family: one list of code points for each group of faces that have the same."""
        read: dict[str, list[Ranges]] = {}
        for folder in self.folders:
            read |= json.loads((folder / "coverage.json").read_bytes())
        return read

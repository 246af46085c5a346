"""Shape: characters to glyphs, through HarfBuzz, with the very font files that are embedded."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from pipeline.fonts import HALF_ADVANCE, LINE_END, LINE_START, Face, Fonts
from pipeline.fonts.harfbuzz import opened
from pipeline.tokens import Tokens

HALF, AT_START, AT_END = HALF_ADVANCE, LINE_START, LINE_END
"""Features of the prepared faces: a mark without its second half, an opening one without its first, a stop at
the end of a line without a quarter."""


SOFT_HYPHEN = "\u00ad"


_JOINING = "\u0300-\u036f\u200c\u200d\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
_CLUSTER = re.compile(f".[{_JOINING}]*", re.DOTALL)
"""A character and what stands on it: combining marks, joiners, variation selectors."""

_HIDDEN = re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""What needs no glyph of its own."""


class Shape(NamedTuple):
    """A glyph of one face with its advance and offsets in em, and how many characters it stands for."""

    face: Face
    glyph: int
    advance: float
    x: float
    y: float
    characters: int


Known = tuple[int, tuple[Shape, ...], float]
"""Kind, glyphs and width (points) of a character."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What chooses a face: a stack of families (a token of the layout), a weight, a slant, a language.

    Addresses have no `ligatures`.
    """

    stack: str
    weight: int
    slant: str = "normal"
    lang: str | None = None
    ligatures: bool = True


class Shaper:
    """Shapes with one set of fonts and the stacks of one layout; every word is shaped once.

    `styles` are those of the layout, by name; `characters` keeps what is known of characters by voice, size and
    rules.
    """

    def __init__(self, fonts: Fonts, tokens: Tokens) -> None:
        self._fonts = fonts
        self._tokens = tokens
        self.styles = tokens.styles
        self.characters: dict[tuple[Voice, float, object], dict[str, Known]] = {}
        self._faces: dict[tuple[Voice, str], Face] = {}
        self._shaped: dict[tuple[Voice, str, str], tuple[Shape, ...]] = {}
        self._candidates: dict[Voice, list[Face]] = {}

    def shape(self, text: str, voice: Voice, feature: str = "") -> tuple[Shape, ...]:
        """The glyphs of a text without blanks between words, in the faces of a voice."""
        key = (voice, text, feature)
        found = self._shaped.get(key)
        if found is None:
            found = self._shaped[key] = tuple(self._shape(text, voice, feature))
        return found

    def narrow(self, mark: str, voice: Voice, feature: str) -> Shape | None:
        """The glyph of a mark that has given room away, where its face has one."""
        (usual, *_), (other, *_) = self.shape(mark, voice), self.shape(mark, voice, feature)
        return other if other.glyph != usual.glyph else None

    def hyphen(self, voice: Voice) -> tuple[str, Shape]:
        """The hyphen of a divided word: U+00AD where the face has a glyph of its own for it, else a plain one.

        HarfBuzz would hide U+00AD, so its glyph is asked for by its number.
        """
        (plain,) = self.shape("-", voice)
        own = opened(plain.face).get_nominal_glyph(ord(SOFT_HYPHEN))
        return (SOFT_HYPHEN, plain._replace(glyph=own)) if own not in (None, 0, plain.glyph) else ("-", plain)

    def _shape(self, text: str, voice: Voice, feature: str) -> list[Shape]:
        shapes: list[Shape] = []
        start = 0
        faces: list[Face] = []
        for cluster in _CLUSTER.findall(text):
            faces += [self._face(cluster, voice)] * len(cluster)
        for index in range(1, len(text) + 1):
            if index == len(text) or faces[index] != faces[start]:
                shapes += _in_one_face(text[start:index], faces[start], voice, feature)
                start = index
        return shapes

    def _face(self, cluster: str, voice: Voice) -> Face:
        """The face of a character with what stands on it: the first of the stack that has all of it, else any."""
        key = (voice, cluster)
        if key not in self._faces:
            faces = self._stack(voice)
            every = (self._fonts.face(family, voice.weight, voice.slant) for family in self._fonts.families)
            found = (
                face
                for face in chain(faces, every)
                if all(_has(face, each) for each in cluster if not _HIDDEN.match(each))
            )
            self._faces[key] = next(found, faces[0])
        return self._faces[key]

    def _stack(self, voice: Voice) -> list[Face]:
        if voice not in self._candidates:
            families = [family for family in self._tokens.stack(voice.stack) if family in self._fonts.families]
            self._candidates[voice] = [self._fonts.face(family, voice.weight, voice.slant) for family in families]
        return self._candidates[voice]


def unkerned(shape: Shape) -> Shape:
    """A glyph with its own advance, as it stands at the end of a line."""
    font = opened(shape.face)
    return shape._replace(advance=font.get_glyph_h_advance(shape.glyph) / font.face.upem)


@cache
def _has(face: Face, character: str) -> bool:
    return bool(opened(face).get_nominal_glyph(ord(character)))


def _in_one_face(text: str, face: Face, voice: Voice, feature: str) -> Sequence[Shape]:
    import uharfbuzz  # noqa: PLC0415  lazy, as in pipeline.fonts

    font: Any = opened(face)
    buffer: Any = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "ltr"
    if buffer.script in (None, "Zyyy", "Zinh") and not text.isascii():
        buffer.script = "Hani"  # marks belong to every script: —— is one stroke in Chinese alone
    if voice.lang:
        buffer.language = voice.lang
    uharfbuzz.shape(font, buffer, {"liga": voice.ligatures, **({feature: True} if feature else {})})
    infos, positions, em = buffer.glyph_infos, buffer.glyph_positions, font.face.upem
    characters = _characters([info.cluster for info in infos], len(text))
    return [
        Shape(face, info.codepoint, place.x_advance / em, place.x_offset / em, place.y_offset / em, count)
        for info, place, count in zip(infos, positions, characters, strict=True)
    ]


def _characters(clusters: Sequence[int], length: int) -> list[int]:
    """How many characters each glyph stands for; a cluster of as many glyphs as characters has one for each."""
    counts = [0] * len(clusters)
    begin = 0
    for index in range(1, len(clusters) + 1):
        if index < len(clusters) and clusters[index] == clusters[begin]:
            continue
        beyond = clusters[index] if index < len(clusters) else length
        glyphs, count = index - begin, beyond - clusters[begin]
        for number in range(begin, index):
            counts[number] = 1 if glyphs == count else count if number == begin else 0
        begin = index
    return counts

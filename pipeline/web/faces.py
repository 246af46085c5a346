"""Faces: the fonts that the pages embed, each with only the characters that are set in it.

What the style sheet does with faces is told here a second time, in short: which elements change the voice, the
weight or the slant. `tests/test_web.py` compares the two in a browser.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from lxml import etree

from pipeline.epub.faces import other_voices
from pipeline.fonts import Face, Fonts, subset
from pipeline.profiles import primary
from pipeline.tokens import Tokens
from pipeline.web.woff2 import woff2

_BOLD = {"h1", "h2", "h3", "h4", "h5", "h6", "b", "th", "dt", "strong"}
_BOLD_CLASSES = {"label", "bold", "periodical", "title", "call", "issue-name"}
_ITALIC_CLASSES = {"translated-title", "english"}
_SHOWN_ATTRIBUTES = ("data-page", "placeholder")
_LANGUAGES = {"en": "latin", "ja": "japanese", "ko": "korean"}
_GENERATED = "0123456789*#↩✕iD（）"
"""What the style sheet prints by itself."""
_BLANK = "\u3000"
"""The blank of a full em: a font without it shows a box."""


@dataclass(frozen=True, slots=True)
class EmbeddedFace:
    """A face as the style sheet names it."""

    family: str
    weight: int
    style: str
    file: str


@dataclass(frozen=True, slots=True)
class _Voice:
    """How a stretch of text is set: the stack of its faces, its weight and its slant."""

    stack: str
    bold: bool
    italic: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a stretch of text stands, as far as its faces depend on it.

    Prose is in Ming or, where it is quoted, in Kai (the brush); everything else may be in Ming or Hei.
    """

    lang: str
    bold: bool = False
    italic: bool = False
    brush: bool = False
    prose: bool = False
    in_article: bool = False
    captioned: bool = False

    @property
    def stacks(self) -> tuple[str, ...]:
        """The stacks that may set it."""
        foreign = _LANGUAGES.get(primary(self.lang))
        if foreign:
            return (foreign,)
        return (
            *(("kai",) if self.brush else ()),
            *(() if self.prose and self.brush else ("ming",)),
            *(() if self.prose else ("hei",)),
        )


def embedded(
    pages: Iterable[etree._Element], fonts: Fonts, tokens: Tokens
) -> tuple[list[EmbeddedFace], dict[str, bytes]]:
    """The faces that the pages (roots of HTML) use, and their files: fonts/kan-ming-400-normal.woff2."""
    faces: list[EmbeddedFace] = []
    files: dict[str, bytes] = {}
    for face, characters in _characters_by_face(pages, fonts, tokens).items():
        name = f"fonts/{face.family}-{face.weight}-{face.style}.woff2".lower().replace(" ", "-")
        files[name] = woff2(subset(face, map(ord, sorted(characters))))
        faces.append(EmbeddedFace(face.family, face.weight, face.style, name))
    return faces, files


def _characters_by_face(pages: Iterable[etree._Element], fonts: Fonts, tokens: Tokens) -> Mapping[Face, set[str]]:
    """The characters that each face is asked for, in the order of the faces: the first of a stack that has it."""
    asked: defaultdict[_Voice, set[str]] = defaultdict(set)
    for page in pages:
        voices = other_voices(page.get("lang", ""), tokens)
        for place, text in _texts(page, _Place(page.get("lang", ""))):
            weights = {place.bold} if place.prose else {place.bold, False}
            for stack, bold in product(place.stacks, weights):
                asked[_Voice(voices.get(stack, stack), bold, place.italic)].update(text)
    found: defaultdict[Face, set[str]] = defaultdict(set)
    for voice, characters in asked.items():
        lacking = characters | set(_GENERATED)
        for family in filter(fonts.has, tokens.stack(voice.stack)):
            without = set(fonts.covers([family], "".join(lacking)))
            face = fonts.face(family, 700 if voice.bold else 400, "italic" if voice.italic else "normal")
            found[face] |= (lacking - without) | {_BLANK}
            lacking = without
            if not lacking:
                break
    return {face: found[face] for face in fonts.faces if found.get(face, set()) > {_BLANK}}


def _texts(element: etree._Element, place: _Place) -> Iterator[tuple[_Place, str]]:
    """Every stretch of text with its place."""
    if not isinstance(element.tag, str) or element.tag in ("script", "head"):
        return
    place = _inside(element, place)
    for attribute in _SHOWN_ATTRIBUTES:
        if value := element.get(attribute):
            yield place, value
    if element.text:
        yield place, element.text
    for child in element:
        yield from _texts(child, place)
        if child.tail:
            yield place, child.tail


def _inside(element: etree._Element, around: _Place) -> _Place:
    """The place of the text of an element; `around` is that of the text around it."""
    classes = set((element.get("class") or "").split())
    lang = element.get("lang") or around.lang
    bold = around.bold or element.tag in _BOLD or bool(classes & _BOLD_CLASSES)
    if element.tag == "article":
        return replace(around, lang=lang, in_article=True)
    if element.tag == "i" or "italic" in classes:
        slant = primary(lang) == "en"
        return replace(around, lang=lang, bold=bold, italic=slant, brush=around.brush or not slant)
    return replace(
        around,
        lang=lang,
        bold=bold,
        italic=around.italic or bool(classes & _ITALIC_CLASSES),
        brush=around.brush or element.tag == "blockquote",
        prose=around.prose or (element.tag == "p" and around.in_article and not classes and not around.captioned),
        captioned=around.captioned or element.tag in ("figcaption", "caption"),
    )

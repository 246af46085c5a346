"""Faces: the fonts that go into a book, each a subset with the characters that the style sheet sets in it.

pages ─characters_by_family▶ what each family may be asked for ─embedded▶ [EmbeddedFace]

The web edition has the same classes and languages, so its pages can be given here, too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.fonts import Fonts, subset
from pipeline.profiles import profile
from pipeline.tokens import Tokens

XHTML = "{http://www.w3.org/1999/xhtml}"

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "th", "caption", "figcaption", "dt"}
_HEADING_CLASSES = {"focus", "subtitle", "name", "label", "attribution"}
_STACKS = {"en": "latin", "ja": "japanese", "ko": "korean"}
"""The stack of what is marked as another language."""


@dataclass(frozen=True, slots=True)
class EmbeddedFace:
    """A subset of a face as the style sheet names it; `name` is its file, `data` are the bytes of a TTF."""

    family: str
    weight: int
    style: str
    name: str
    data: bytes


def embedded(pages: Iterable[etree._Element], fonts: Fonts, tokens: Tokens) -> tuple[EmbeddedFace, ...]:
    """Subsets of the faces the pages use, with the characters set in each and all layout features.

    `pages` are the roots of XHTML files. What vertical setting needs stays: vert and vrt2, and the metrics.
    """
    asked = characters_by_family(pages, fonts, tokens)
    there = {name: text - set(fonts.covers([name], "".join(text))) for name, text in asked.items()}
    made = []
    for face in fonts.faces:
        if wanted := there.get(face.family):
            name = f"{face.family}-{face.weight}-{face.style}".lower().replace(" ", "-")
            data = subset(face, map(ord, wanted))
            made.append(EmbeddedFace(face.family, face.weight, face.style, f"fonts/{name}.ttf", data))
    return tuple(made)


def other_voices(lang: str, tokens: Tokens) -> dict[str, str]:
    """The stack of each voice that a language sets in another than that of its name, where the layout has it."""
    faces = profile(lang).faces
    return {voice: stack for voice, stack in faces.items() if stack != voice and stack in tokens.values}


def families(fonts: Fonts, stack: Iterable[str]) -> tuple[str, ...]:
    """The families of a stack that were fetched: those for other languages are not there in every issue."""
    there = {face.family for face in fonts.faces}
    return tuple(family for family in stack if family in there)


def characters_by_family(pages: Iterable[etree._Element], fonts: Fonts, tokens: Tokens) -> dict[str, set[str]]:
    """Which characters each family may be asked for, by the roles that the style sheet gives to elements.

    The Latin faces come first in every stack; what the first other family lacks is asked of those behind it.
    """
    asked: defaultdict[str, set[str]] = defaultdict(set)
    for page in pages:
        for stack, text in _characters_by_stack(page, tokens):
            asked[stack] |= text
    found: defaultdict[str, set[str]] = defaultdict(set)
    everything = set[str]().union(*asked.values())
    for stack, characters in asked.items():
        lacking = characters
        for family in families(fonts, tokens.stack(stack)):
            if family.startswith("Kan Latin"):
                found[family] |= everything
            else:
                found[family] |= lacking
                lacking = set(fonts.covers([family], "".join(lacking)))
    return dict(found)


def _characters_by_stack(root: etree._Element, tokens: Tokens) -> Iterator[tuple[str, set[str]]]:
    """The characters of a page with the stack of faces that sets them."""
    voices = other_voices(root.get("lang", ""), tokens)
    for element in root.iter(f"{XHTML}*"):
        name = etree.QName(element).localname
        lang = (element.get("lang") or "").partition("-")[0]
        stacks = [_STACKS[lang]] if lang in _STACKS else []
        if name == "body":
            stacks.append(voices.get("ming", "ming"))
        if name in _HEADINGS or not _HEADING_CLASSES.isdisjoint((element.get("class") or "").split()):
            stacks.append(voices.get("hei", "hei"))
        if name in ("blockquote", "i"):
            stacks.append(voices.get("kai", "kai"))
        if stacks:
            text = set("".join(element.itertext()))
            yield from ((stack, text) for stack in stacks)

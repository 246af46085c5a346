"""Letters: the text of a paragraph character by character, each with its look, while it is recognised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from pipeline.importing.document import Inline, NoteCall, Paragraph, Picture, Run

Element = etree._Element

OBJECT = "\ufffc"
"""Stands in the text for a thing that is no character: a note call, a picture, an element already made."""


class Look(NamedTuple):
    """How a character looks, as in `Run`."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    sup: bool = False
    sub: bool = False
    font: str | None = None
    size: float | None = None
    lang: str | None = None
    href: str | None = None
    emphasis: bool = False
    ruby: tuple[str, int] | None = None
    """The pronunciation, and which run of the paragraph has it."""
    anchor: str | None = None
    key: bool = False
    """Whether it is the superscript that leads from an author to a unit."""


class Letter(NamedTuple):
    """A character, or a thing between characters."""

    char: str
    look: Look = Look()
    thing: NoteCall | Picture | Element | None = None


@dataclass(frozen=True)
class Text:
    """Letters in a row; `string` has one character for each of them."""

    letters: tuple[Letter, ...] = ()

    @cached_property
    def string(self) -> str:
        """The characters, `OBJECT` for each thing."""
        return "".join(letter.char for letter in self.letters)

    @cached_property
    def words(self) -> str:
        """The characters without the things."""
        return self.string.replace(OBJECT, "")

    def __len__(self) -> int:
        return len(self.letters)

    def __iter__(self) -> Iterator[Letter]:
        return iter(self.letters)

    def __getitem__(self, part: slice) -> Text:
        return Text(self.letters[part])

    def __add__(self, other: Text) -> Text:
        return Text(self.letters + other.letters)

    def kept(self, keep: Iterable[bool]) -> Text:
        """The letters for which `keep` says so."""
        return Text(tuple(letter for letter, wanted in zip(self.letters, keep, strict=True) if wanted))

    def stripped(self) -> Text:
        """The text without blanks at either end."""
        string = self.string
        start = len(string) - len(string.lstrip())
        return self[start : len(string.rstrip())] if string.strip() else Text()

    def share(self, look: str) -> float:
        """How much of the text that is no blank is bold, italic …: 0 to 1."""
        looks = [letter.look for letter in self.letters if letter.thing is None and not letter.char.isspace()]
        return sum(bool(getattr(each, look)) for each in looks) / len(looks) if looks else 0.0

    def most(self, look: str) -> str | float | None:
        """The size or face of most of the text."""
        counts: dict[str | float | None, int] = {}
        for letter in self.letters:
            if letter.thing is None and not letter.char.isspace():
                value = getattr(letter.look, look)
                counts[value] = counts.get(value, 0) + 1
        return max(counts, key=lambda value: counts[value]) if counts else None

    @property
    def things(self) -> list[NoteCall | Picture | Element]:
        """The things in the text, in their order."""
        return [letter.thing for letter in self.letters if letter.thing is not None]


def text_of(inlines: Iterable[Inline]) -> Text:
    """The letters of runs, calls and pictures."""
    letters: list[Letter] = []
    for place, each in enumerate(inlines):
        if isinstance(each, Run):
            look = Look(
                each.bold,
                each.italic,
                each.underline,
                each.sup,
                each.sub,
                each.font,
                each.size,
                each.lang,
                each.href,
                each.emphasis,
                (each.ruby, place) if each.ruby else None,
                each.anchor,
            )
            letters += (Letter(char, look) for char in each.text.replace(OBJECT, ""))
        else:
            letters.append(Letter(OBJECT, Look(), each))
    return Text(tuple(letters))


@dataclass(frozen=True)
class Line:
    """A paragraph of the manuscript, or a part of one that a soft return cut, and its letters."""

    paragraph: Paragraph
    text: Text = field(repr=False)

    @property
    def number(self) -> int:
        """The number of the paragraph."""
        return self.paragraph.number

    @property
    def words(self) -> str:
        """Its characters, without blanks at the ends."""
        return self.text.words.strip()

    def bold(self) -> bool:
        """Whether all of it is bold."""
        return self.text.share("bold") > 0.95

    def size(self) -> float | None:
        """The size of most of it, in points."""
        size = self.text.most("size")
        return size if isinstance(size, float | int) else None

    def face(self) -> str | None:
        """The face of most of it."""
        face = self.text.most("font")
        return face if isinstance(face, str) else None

    @property
    def centred(self) -> bool:
        """Whether it stands in the middle."""
        return self.paragraph.alignment in ("center", "centre")

    def picture_alone(self) -> bool:
        """Whether it holds pictures and nothing else."""
        things = self.text.things
        return not self.words and bool(things) and all(isinstance(thing, Picture) for thing in things)

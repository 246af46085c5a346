"""Line: a finished line, every glyph at its place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple

from pipeline.brief import Note
from pipeline.compose.fit import Fitted
from pipeline.compose.items import BLANK, CALL, CALL_SIZE, CALL_SPACE, LATIN, Item, seen, takes_a_dot
from pipeline.compose.shape import AT_END, AT_START, HALF, Shape, Shaper
from pipeline.compose.spans import Span
from pipeline.fonts import Face
from pipeline.tokens import Setting

_DOT_DEPTH, _RULE_DEPTH, _RULE_INSET = -0.28, -0.22, 0.05
"""Depth of 著重號 and 專名號 below the baseline, and how far 專名號 stops short of its ends, in em."""

_BLANKS = re.compile(" +")


class Glyph(NamedTuple):
    """A glyph on a line: `x` from the left end of the measure and `y` above the baseline, in points.

    `characters` of the text of the line, from `start`, are what it stands for; it is drawn `wider` by that part.
    """

    start: int
    characters: int
    face: Face
    glyph: int
    size: float
    x: float
    y: float
    wider: float = 0.0


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn under characters: a `dot` (著重號), a `rule` (專名號) or a `wave` (書名號甲式), in points."""

    kind: str
    x: float
    end: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a paragraph: its spans for the templates, its glyphs and marks for the painter.

    `fitted` says what made it fit; `right` is where its last glyph ends, in points from the left end of the
    measure. `blank` is what the text has between this line and the next, which no line shows.
    """

    spans: tuple[Span, ...]
    notes: tuple[Note, ...]
    glyphs: tuple[Glyph, ...]
    marks: tuple[Mark, ...]
    right: float
    fitted: Fitted
    blank: str = ""

    @property
    def last(self) -> bool:
        """Whether it ends its paragraph."""
        return self.fitted.last

    @property
    def divided(self) -> bool:
        """Whether it ends inside a word or an address."""
        return self.fitted.divided

    @property
    def stretch(self) -> float:
        """The opening between Han, in em."""
        return self.fitted.han

    @property
    def text(self) -> str:
        """The text as a template writes it."""
        return "".join(span.words for span in self.spans)


def placed(items: Sequence[Item], fitted: Fitted, setting: Setting, shaper: Shaper) -> Line:
    """The line of the items of a paragraph that `fitted` names."""
    first, beyond = seen(items, fitted.start, fitted.end)
    line = items[first:beyond]
    writer = _Writer(setting, shaper, fitted)
    for index, item in enumerate(line):
        writer.add(item, index == 0, index + 1 == len(line))
    right = writer.x
    if fitted.hyphen:
        right = writer.hyphen(line[-1])
    shift = {"center": 0.5, "right": 1.0}.get(setting.align, 0.0) * (setting.measure - right)
    return Line(
        spans=tuple(_joined(line, writer.added)),
        notes=tuple(i.span.note for i in line if i.span.note is not None and not i.span.again),
        glyphs=tuple(_moved(writer.glyphs, shift)),
        marks=tuple(replace(mark, x=mark.x + shift, end=mark.end + shift) for mark in _merged(writer.marks)),
        right=right + shift,
        fitted=fitted,
        blank=_BLANKS.sub(" ", "".join(i.text for i in takewhile(lambda i: i.kind == BLANK, items[beyond:]))),
    )


class _Writer:
    """Sets items one after another; `x` is where the next one begins."""

    def __init__(self, setting: Setting, shaper: Shaper, fitted: Fitted) -> None:
        self.x = setting.indent if fitted.start == 0 else 0.0
        self.setting, self.shaper, self.fitted = setting, shaper, fitted
        self.glyphs: list[Glyph] = []
        self.marks: list[tuple[int, Mark]] = []
        self.offset = 0
        self.added = ""

    def add(self, item: Item, first: bool, last: bool) -> None:
        begin = self.x
        trim = self.fitted.trim_start if first else self.fitted.trim_end if last else 0.0
        if trim:
            self._trimmed(item, AT_START if first else HALF if trim == 0.5 else AT_END, trim)
        elif item.narrow and not last and item.after < 0:
            self._trimmed(item, HALF, 0.0)
        else:
            self._glyphs(item, last)
        self._underlined(item, begin)
        if not last:
            self.x += self._glue(item)

    def hyphen(self, item: Item) -> float:
        """Set the hyphen of a divided word; returns where it ends."""
        assert item.voice is not None
        self.added, shape = self.shaper.hyphen(item.voice)
        self._set(shape, item.size, self.x, item.rise)
        return self.x + shape.advance * item.size

    def _glue(self, item: Item) -> float:
        """The glue after an item inside the line, as the line was fitted, in points."""
        fitted, size = self.fitted, self.setting.size
        if item.between_words:
            return fitted.words * size - fitted.give * item.give
        opened = fitted.gaps if item.gap else fitted.han if item.opens else 0.0
        return item.after + opened * size - fitted.give * item.give

    def _glyphs(self, item: Item, last: bool) -> None:
        x = self.x + (CALL_SPACE * item.size / CALL_SIZE if item.kind == CALL else 0.0)
        if item.reading is not None:
            self._with_reading(item, x)
            return
        loose = self.fitted.letters * self.setting.size if item.loosened else 0.0
        wider = self.fitted.wider if item.kind == LATIN else 0.0
        for shape in item.shapes:
            self._set(shape, item.size, x, item.rise, wider)
            x += shape.advance * item.size * (1 + wider) + loose
        self.x = x - (loose if last else 0.0)

    def _with_reading(self, item: Item, x: float) -> None:
        assert item.reading is not None
        left = x + item.reading.base
        for shape in item.shapes:
            self._set(shape, item.size, left, item.rise)
            left += shape.advance * item.size
        for shape, size, right, height in item.reading.glyphs:
            self._set(shape, size, x + right, item.rise + height)
        self.x = x + item.reading.width

    def _trimmed(self, item: Item, feature: str, trim: float) -> None:
        """A mark that gives room away: with its narrower glyph where the face has one, else by its place alone."""
        assert item.voice is not None
        size = item.size
        narrow = self.shaper.narrow(item.text, item.voice, feature)
        left = self.x - (trim * size if feature == AT_START and narrow is None else 0.0)
        self._set(narrow or item.shapes[0], size, left, item.rise)
        self.x += item.width - trim * size

    def _set(self, shape: Shape, size: float, x: float, y: float, wider: float = 0.0) -> None:
        self.glyphs.append(
            Glyph(
                self.offset,
                shape.characters,
                shape.face,
                shape.glyph,
                size,
                x + shape.x * size,
                y + shape.y * size,
                wider,
            )
        )
        self.offset += shape.characters

    def _underlined(self, item: Item, begin: float) -> None:
        span, size = item.span, item.size
        if not span.mark or item.kind == BLANK:
            return
        if "emphasis-mark" in span.classes:
            base = item.reading.base if item.reading is not None else 0.0
            middle = begin + base + size * sum(s.advance for s in item.shapes) / 2
            if takes_a_dot(item.text[0]):
                self.marks.append((0, Mark("dot", middle, middle, _DOT_DEPTH * size, size)))
            return
        kind = "rule" if "proper-name" in span.classes else "wave"
        self.marks.append((span.mark, Mark(kind, begin, self.x, _RULE_DEPTH * size, size)))


def _moved(glyphs: list[Glyph], shift: float) -> list[Glyph]:
    return [glyph._replace(x=glyph.x + shift) for glyph in glyphs] if shift else glyphs


def _merged(marks: Sequence[tuple[int, Mark]]) -> Iterator[Mark]:
    """One line under each name, short of its ends, so that two names side by side are told apart."""
    done = 0
    while done < len(marks):
        number, mark = marks[done]
        beyond = done + 1
        while number and beyond < len(marks) and marks[beyond][0] == number:
            beyond += 1
        if number:
            inset = _RULE_INSET * mark.size
            mark = replace(mark, x=mark.x + inset, end=marks[beyond - 1][1].end - inset)
        yield mark
        done = beyond


def _joined(line: Sequence[Item], added: str) -> Iterator[Span]:
    """The items of a line as spans again, the hyphen `added` at its end.

    An id stays with the first part of what it names.
    """
    done = 0
    while done < len(line):
        span, beyond = line[done].span, done + 1
        while beyond < len(line) and line[beyond].span is span and span.note is None and span.annotation is None:
            beyond += 1
        text = "".join(item.text for item in line[done:beyond])
        yield replace(span, text=text + (added if beyond == len(line) else ""))
        done = beyond

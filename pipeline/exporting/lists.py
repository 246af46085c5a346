"""Lists: the labels of headings and items, which Word counts itself (ECMA-376 part 1, 17.9)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.brief import List, Section
from pipeline.exporting.wordml import Element, w
from pipeline.number import COUNTERS
from pipeline.profiles import Labels

HEADINGS = 1
"""The number of the list that headings are in."""

LEVELS = 5
"""How deep headings go."""

COUNTED = {
    "capital": "ideographLegalTraditional",
    "han": "taiwaneseCountingThousand",
    "arabic": "decimal",
    "path": "decimal",
    "roman": "upperRoman",
    "circled": "decimalEnclosedCircle",
    "letter": "lowerLetter",
    "katakana": "aiueoFullWidth",
    "hangul": "ganada",
}
"""What Word calls the counters of a profile (17.18.59)."""

_ITEMS = {
    "order": ("decimal", "%{}."),
    "alpha-lower": ("lowerLetter", "%{}."),
    "alpha-upper": ("upperLetter", "%{}."),
    "roman-lower": ("lowerRoman", "%{}."),
    "roman-upper": ("upperRoman", "%{}."),
    "simple": ("none", ""),
}
_BULLET = ("bullet", "•")
_GAP = re.compile(r"\{(\w+)\}")
STEP = 420
"""How far an item stands in from the text around it, in twentieths of a point: two characters."""


@dataclass
class Headings:
    """Follows how Word counts the headings.

    Word goes on with a level where an unlabelled heading stands above it, and we begin again: a list of its own
    then says with which number.
    """

    labels: Labels
    counts: list[int] = field(default_factory=lambda: [0] * LEVELS)
    restarts: list[tuple[int, int]] = field(default_factory=list)

    def properties(self, section: Section, position: int) -> Element | None:
        """`w:numPr` of the heading at `position` among the labelled ones of its level; None where its style
        suffices."""
        level = section.depth - 1
        if not position or self._label(level, position) != section.label:
            return outside()
        expected = self.counts[level] + 1
        self.counts[level] = position
        self.counts[level + 1 :] = [0] * (LEVELS - level - 1)
        if expected == position:
            return None
        self.restarts.append((level, position))
        return inside(_number_of_restart(len(self.restarts)), level)

    def is_typed(self, section: Section, position: int) -> bool:
        """Whether a label is one that Word can't count."""
        return bool(position) and self._label(section.depth - 1, position) != section.label

    def _label(self, level: int, position: int) -> str:
        form = self.labels.sections[min(level, len(self.labels.sections) - 1)]
        path = ".".join(map(str, (*self.counts[:level], position)))
        return _GAP.sub(lambda gap: path if gap[1] == "path" else COUNTERS[gap[1]](position), form)

    def definition(self, styles: tuple[str, ...], accent: str) -> Element:
        """The list of all headings."""
        made = w("abstractNum", w("multiLevelType", val="multilevel"), abstractNumId=HEADINGS)
        for level, style in enumerate(styles):
            form = self.labels.sections[min(level, len(self.labels.sections) - 1)]
            counter = next(iter(_GAP.findall(form)), "arabic")
            path = ".".join(f"%{each}" for each in range(1, level + 2))
            written = _GAP.sub(path if counter == "path" else f"%{level + 1}", form)
            look = w("rPr", w("color", val=accent)) if level < 2 else None
            gap = "nothing" if not self.labels.after_section and form[-1:] in "、）" else "space"
            made.append(_level(level, COUNTED[counter], written, gap, style=style, look=look))
        return made


@dataclass
class Items:
    """The lists of a brief, in their order: each counts from 1. Each has the marks of its levels."""

    made: list[dict[int, tuple[str, str]]] = field(default_factory=list)

    def number(self, listing: List, depth: int, around: int | None) -> int:
        """The list that the items of `listing` belong to: that of the list around it where the marks allow it."""
        kind = _ITEMS.get(listing.numbering, _BULLET)
        if around is not None and self.made[around].setdefault(depth, kind) == kind:
            return around
        self.made.append(dict.fromkeys(range(depth + 1), kind))
        return len(self.made) - 1


def inside(number: int, level: int) -> Element:
    """`w:numPr`: a paragraph of a list."""
    return w("numPr", w("ilvl", val=level), w("numId", val=number))


def outside() -> Element:
    """`w:numPr` that takes a paragraph out of the list of its style."""
    return w("numPr", w("numId", val=0))


def number_of_items(index: int) -> int:
    """The number in the file of a list of items."""
    return HEADINGS + 1 + 2 * index


def _number_of_restart(index: int) -> int:
    """The number in the file of the list of headings that begins again for the time `index`, from 1."""
    return HEADINGS + 2 * index


def numbering(headings: Headings, items: Items, styles: tuple[str, ...], accent: str) -> Element:
    """`w:numbering`: what all lists look like, then the lists. `styles` are the ids of those of headings, `accent`
    is the colour of the labels of the upper ones."""
    definitions = [headings.definition(styles, accent)]
    for index, levels in enumerate(items.made):
        made = w("abstractNum", w("multiLevelType", val="hybridMultilevel"), abstractNumId=number_of_items(index))
        made.extend(
            _level(level, counter, form.format(level + 1), "tab")
            for level, (counter, form) in sorted(levels.items())
        )
        definitions.append(made)
    return w("numbering", *definitions, *_numbers(headings, items))


def _numbers(headings: Headings, items: Items) -> Iterator[Element]:
    yield _number(HEADINGS, HEADINGS)
    for index, (level, position) in enumerate(headings.restarts, start=1):
        begin = w("lvlOverride", w("startOverride", val=position), ilvl=level)
        yield _number(_number_of_restart(index), HEADINGS, begin)
    for index in range(len(items.made)):
        yield _number(number_of_items(index), number_of_items(index))


def _number(number: int, definition: int, *overrides: Element) -> Element:
    return w("num", w("abstractNumId", val=definition), *overrides, numId=number)


def _level(
    level: int, counter: str, form: str, gap: str, *, style: str | None = None, look: Element | None = None
) -> Element:
    """One level of a list (17.9.6)."""
    made = w("lvl", w("start", val=1), w("numFmt", val=counter), ilvl=level)
    if style:
        made.append(w("pStyle", val=style))
    made.extend([w("suff", val=gap), w("lvlText", val=form), w("lvlJc", val="left")])
    if style is None:
        made.append(w("pPr", w("ind", left=STEP * (level + 1), hanging=STEP)))
    if look is not None:
        made.append(look)
    return made

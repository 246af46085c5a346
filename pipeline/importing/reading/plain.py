"""Plain text: its paragraphs, which are lines, or rows of lines between blank ones; decided by looking."""

import re
import unicodedata
from itertools import groupby

from pipeline.importing.document import Paragraph, Run

_MARGIN = re.compile("[ \u3000\t]*")
_INDENT = 24.0
"""The indent of a paragraph all whose lines stand further in, in points: two characters."""
_LONGEST_WRAPPED = 110
"""The widest measure, in halfwidth columns, at which editors and mail programs break lines."""


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text, numbered from 1."""
    lines = text.split("\n")
    groups = [list(group) for filled, group in groupby(lines, key=lambda line: bool(line.strip())) if filled]
    measure = _measure(groups)
    written = [paragraph for group in groups for paragraph in _joined(group, measure)]
    return tuple(
        Paragraph((Run(text.rstrip()),), number, left=_INDENT if indented else 0.0)
        for number, (text, indented) in enumerate(written, start=1)
    )


def _measure(groups: list[list[str]]) -> int | None:
    """The width at which the lines were broken, in columns; None where each line is a paragraph."""
    inner = [width(line) for group in groups for line in group[:-1]]
    if len(inner) < 3:
        return None
    widest = max(width(line) for group in groups for line in group)
    full = sum(each >= widest - 10 for each in inner)
    return widest if 30 <= widest <= _LONGEST_WRAPPED and full >= 0.7 * len(inner) else None


def _joined(lines: list[str], measure: int | None) -> list[tuple[str, bool]]:
    """The paragraphs of lines without a blank one between, and whether they stand further in."""
    if measure is None:
        return [(line, False) for line in lines]
    made: list[list[str]] = []
    for place, line in enumerate(lines):
        starts = place == 0 or width(lines[place - 1]) < measure - 10 or _margin(line) > _margin(lines[place - 1])
        if starts:
            made.append([line])
        else:
            made[-1].append(line)
    return [_paragraph(each) for each in made]


def _paragraph(lines: list[str]) -> tuple[str, bool]:
    if len(lines) > 1 and all(_margin(line) >= 2 for line in lines[1:]) and _margin(lines[0]) >= 2:
        lines, indented = [line.strip(" \u3000\t") for line in lines], True
    else:
        lines, indented = [lines[0], *(line.lstrip(" \t") for line in lines[1:])], False
    text = lines[0].rstrip()
    for line in lines[1:]:
        between = "" if not text or not line or (is_wide(text[-1]) or is_wide(line[0])) else " "
        text += between + line.rstrip()
    return text, indented


def _margin(line: str) -> int:
    found = _MARGIN.match(line)
    return width(found[0].expandtabs(4)) if found else 0


def is_wide(char: str) -> bool:
    """Whether a character takes two columns."""
    return unicodedata.east_asian_width(char) in "WF"


def width(text: str) -> int:
    """How wide a text is, in halfwidth columns."""
    return sum(2 if is_wide(char) else 1 for char in text)

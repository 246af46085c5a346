"""Plain text: its paragraphs, which are lines, or rows of lines between blank ones; decided by looking."""

import re
import unicodedata
from collections import Counter
from itertools import groupby, pairwise

from pipeline.importing.document import Paragraph, Run

_MARGIN = re.compile("[ \u3000\t]*")
_INDENT = 24.0
"""The indent of a paragraph all whose lines stand further in, in points: two characters."""
_RAGGED = 10
"""How much shorter than the measure a full line may be, in columns."""
_BULLET = re.compile(r"[-*•●◆■○·]|[(（]?[0-9０-９一二三四五六七八九十]{1,3}[)）.、]")
_ENTRY = re.compile(r"[①-⑳]|[\[［〔【(（]?[註注]?[ ]?[0-9０-９]{1,3}[\]］〕】)）：:.．、]")
"""How a note in a typed list begins, behind one that ended."""
_LONGEST_WRAPPED = 110
"""The widest measure, in halfwidth columns, at which editors and mail programs break lines."""


_SENTENCE = ("。", "！", "？", "」", "：", "；", ".", "!", "?", ":")
_MANY = 0.3
"""How many of the longer lines have a margin that is usual."""


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text, numbered from 1."""
    lines = text.split("\n")
    groups = [list(group) for filled, group in groupby(lines, key=lambda line: bool(line.strip())) if filled]
    measure = _measure(groups)
    if measure is None:
        usual = _usual_margin([line for group in groups for line in group])
        written = [_line(line, usual) for group in groups for line in group]
    else:
        written = [paragraph for group in groups for paragraph in _joined(group, measure)]
    return tuple(
        Paragraph((Run(text.rstrip()),), number, left=_INDENT if indented else 0.0)
        for number, (text, indented) in enumerate(written, start=1)
    )


def _measure(groups: list[list[str]]) -> int | None:
    """The width at which the lines were broken, in columns; None where each line is a paragraph.

    Lines that tell nothing are not counted: an address, what stands before one or before an indented line, and
    a short one that ends a sentence.
    """
    broken = [line for group in groups for line in group if not _is_unbroken(line)]
    widest = max(map(width, broken), default=0)
    inner = [
        line
        for group in groups
        for line, after in pairwise(group)
        if not _is_unbroken(line) and not _is_unbroken(after) and _margin(after) <= _margin(line)
    ]
    full = [line for line in inner if width(line) >= widest - _RAGGED]
    short = [line for line in inner if width(line) < widest - _RAGGED and not line.rstrip().endswith(_SENTENCE)]
    if len(full) < 3 or len(full) < 0.7 * len(full + short) or not 30 <= widest <= _LONGEST_WRAPPED:
        return None
    ended = sum(line.rstrip().endswith(_SENTENCE) for line in full)
    return widest if ended <= 0.5 * len(full) else None


def _is_unbroken(line: str) -> bool:
    """Whether a line is one word that could not be broken: an address."""
    word = line.strip()
    return len(word) > 30 and not any(char.isspace() or is_wide(char) for char in word[:-1])


def _joined(lines: list[str], measure: int) -> list[tuple[str, bool]]:
    """The paragraphs of lines without a blank one between, and whether they stand further in."""
    made: list[list[str]] = []
    for line in lines:
        before = made[-1][-1] if made else ""
        has_room = width(before) + _first_word(line) < measure - _RAGGED
        is_entry = before.rstrip().endswith(("。", ".")) and _ENTRY.match(line.strip())
        if not made or has_room or is_entry or _margin(line) > _margin(before):
            made.append([line])
        else:
            made[-1].append(line)
    return [_paragraph(each) for each in made]


def _first_word(line: str) -> int:
    """The width of the first word of a line that is an address, which may have gone to a line of its own."""
    return width(line.strip()) if _is_unbroken(line) else 0


def _usual_margin(lines: list[str]) -> int | None:
    """How far in paragraphs begin: the largest margin that many of the longer lines have; None where few are."""
    margins = Counter(_margin(line) for line in lines if width(line.strip()) >= 20)
    if margins.total() < 3:
        return None
    return max((margin for margin, count in margins.items() if count >= _MANY * margins.total()), default=None)


def _line(line: str, usual: int | None) -> tuple[str, bool]:
    """A paragraph that is a line, and whether it stands further in than others."""
    if usual is None or _margin(line) < usual + 4 or _BULLET.match(line.strip()):
        return line, False
    return line.strip(), True


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

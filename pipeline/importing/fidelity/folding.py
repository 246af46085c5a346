"""Folding: a text as it is compared, without the blanks that nobody sees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.importing.originals import CALL

_MARKUP = frozenset("\\`*_#>[](){}!|~^-+=:<\"'./&;$%@")
"""The characters of which Markdown is made, and those that its readers make typographic."""
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
BLANKS = re.compile(r"\s+")
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\u303f\u3041-\u318f\u31a0-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60"
                   "\uffe0-\uffe6\U00020000-\U0003ffff‘’“”…—–·]")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fold:
    """Takes away what is not compared: blanks that nobody sees, and in Markdown its marks."""

    markup: bool = False

    def __call__(self, text: str) -> str:
        """The text as it is compared."""
        return self.with_places(text)[0]

    def with_places(self, text: str) -> tuple[str, tuple[int, ...]]:
        """The folded text, and the place in the text of each of its characters."""
        letters: list[str] = []
        places: list[int] = []
        for index, each in enumerate(text):
            if each.isspace():
                if letters and letters[-1] != " ":
                    letters.append(" ")
                    places.append(index)
            elif not UNSEEN.match(each) and not (self.markup and each in _MARKUP):
                letters.append(each)
                places.append(index)
        kept = [index for index, each in enumerate(letters) if each != " " or _parts(letters, index)]
        return "".join(letters[index] for index in kept), tuple(places[index] for index in kept)


def fold(text: str) -> str:
    """A text as it is compared: without the blanks that nobody sees."""
    return Fold()(text)


def _parts(letters: Sequence[str], index: int) -> bool:
    """Whether a blank stands between two characters that need one, calls aside."""
    tokens = (CALL, " ")
    before = next((each for each in reversed(letters[max(index - 8, 0) : index]) if each not in tokens), "")
    behind = next((each for each in letters[index + 1 : index + 9] if each not in tokens), "")
    first = next((each for each in letters[:index] if each not in tokens), "")
    return bool(first and before and behind and not _WIDE.match(before) and not _WIDE.match(behind))

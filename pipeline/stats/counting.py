"""Counting: how many words a text has (字數), and what its characters are."""

import re
from dataclasses import dataclass

from pipeline.languages import HAN

_HAN = HAN.pattern[1:-1]
_EAST = f"{_HAN}\u3001-\u30ff\u31f0-\u31ff\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffee"
"""Han, kana, zhuyin, and the marks as wide as they are."""

_SHARED = "“”‘’—…·‧‥"
"""Marks of Chinese and Latin alike: they count where they stand beside Chinese."""

_COUNTED = re.compile(
    rf"[{_EAST}]|(?<=[{_EAST}{_SHARED}])[{_SHARED}]|[{_SHARED}](?=[{_EAST}{_SHARED}])|(?:(?![{_EAST}]|[{_SHARED}](?=[{_EAST}{_SHARED}]))\S)+"
)
_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


def length(text: str) -> int:
    """The 字數 of a text, as Microsoft Word counts it (校閱 › 字數統計, 字數).

    Each Han character, kana, zhuyin and full-width mark is one; what stands between them or between blanks is one
    word: Latin words, Korean ones, numbers (2025), addresses. A mark that Chinese and Latin share (“ ” — …) is
    one beside Chinese, and a part of the word elsewhere.
    """
    return sum(1 for _ in _COUNTED.finditer(text))


@dataclass(frozen=True, slots=True)
class Letters:
    """What letters a text is made of: Han characters, those outside the common ones, Latin letters."""

    han: int
    rare: int
    latin: int

    @property
    def rare_share(self) -> float:
        """The share of Han characters that are not among the 5,401 common ones; 0 without Han."""
        return self.rare / self.han if self.han else 0.0

    @property
    def latin_share(self) -> float:
        """The share of Latin letters among all letters; 0 without letters."""
        return self.latin / (self.han + self.latin) if self.han + self.latin else 0.0


def letters(text: str) -> Letters:
    """Count the letters of a text."""
    han = HAN.findall(text)
    return Letters(len(han), sum(not is_common(character) for character in han), len(_LETTER.findall(text)))


def is_common(character: str) -> bool:
    """Whether a character is among the 5,401 common ones (常用字) of Big5, its level 1: bytes A440 to C67E.

    The level follows the Ministry of Education's 常用國字標準字體表 (4,808), with characters of textbooks added.
    Zhuyin counts as common.
    """
    if "\u3100" <= character <= "\u31bf" or character in "〇々":
        return True
    try:
        code = character.encode("big5")
    except UnicodeEncodeError:
        return False
    return b"\xa4\x40" <= code <= b"\xc6\x7e"

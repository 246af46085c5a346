"""Breaks: where a line of a paragraph may end.

UAX #14 (through `uniseg`) inside words of letters, figures and signs; the profile's own rules beside full-width
characters (避頭尾, clreq 3.1.3); blanks alone in Korean (KLREQ 3.2); after / and before . ? & = # _ % ~ - in an
address; English words at their syllables.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from pipeline.compose.spans import Span
from pipeline.profiles import SettingRules

GLUE = "\u2060"
"""Stands for a call: nothing breaks before it, and what follows stands as if it were not there."""

HAN = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u31a0-\u31bf\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
WIDE = re.compile(f"[{HAN}\u3000-\u303f\u30fb\uff01-\uff60\uffe0-\uffe6“”‘’…‥—─‧·※§°×±①-⑳]")
"""Characters that stand in a cell of the grid, or are set as if they did."""

IS_HANGUL = re.compile(f"[{HANGUL}]")
_IS_BOPOMOFO = re.compile("[\u3105-\u312f\u31a0-\u31bfˊˇˋ˙]")
_UNBROKEN = re.compile("—+|…+|‥+|─+")
_WORD = re.compile(r"\S+")
_LETTER = "[A-Za-z\u00c0-\u024f]"
APOSTROPHE = re.compile(f"(?<={_LETTER})’(?={_LETTER})")
"""The mark inside a Western word (O’Connor), in whatever language it stands; elsewhere ’ is a quotation mark."""

_BREAKING = re.compile(r"[^\w.,;:'’‘“”\"()\[\]%$€£&+#@*=]\S")
"""A sign after which, or before which, UAX #14 may break a word: hyphens, slashes, dashes, arrows …"""

_HYPHENS = 30.0
_TOKEN, _LONG_TOKEN = 3500.0, 60.0


class Break(NamedTuple):
    """A place where a line may end: its price, and whether a hyphen is set."""

    penalty: float = 0.0
    hyphen: bool = False


FREE = Break()


def breaks(spans: Sequence[Span], rules: SettingRules) -> dict[int, Break]:
    """Where a line may begin, by offset in the text of the spans; at least two characters before its end."""
    text = plain(spans)
    found = {} if rules.break_at_blanks else dict(_beside_wide(text, rules))
    _beside_blanks(text, found, rules)
    offset = 0
    for span in spans:
        inside = range(offset + 1, offset + len(span.text))
        if span.note is not None or span.annotation is not None:
            _remove(found, inside)
        elif span.address:
            _remove(found, inside)
            found.update(_address(span.text, offset))
        else:
            found.update(_words(span, offset))
        offset += len(span.text)
    for run in _UNBROKEN.finditer(text):
        _remove(found, range(run.start() + 1, run.end()))
    _remove(found, range(_second_last_letter(text) + 1, len(text) + 1))
    return found


def plain(spans: Sequence[Span]) -> str:
    """The text of spans as breaking sees it: `GLUE` for every character of a call."""
    return "".join(GLUE * len(span.text) if span.note is not None else span.text for span in spans)


def forced(text: str, stretches: Iterable[range], rules: SettingRules) -> dict[int, Break]:
    """For what is wider than a line, such as 300 letters: between any two characters of it but before a call."""
    return {
        place: Break(_TOKEN if text[place] in rules.no_start else _LONG_TOKEN)
        for stretch in stretches
        for place in stretch
        if text[place] not in (GLUE, " ")
    }


def _remove(found: dict[int, Break], places: range) -> None:
    for place in places:
        found.pop(place, None)


def _beside_wide(text: str, rules: SettingRules) -> Iterator[tuple[int, Break]]:
    """Between two characters of which one at least is full-width or Korean."""
    before = ""
    for place, after in enumerate(text):
        if after == GLUE:
            continue
        if before and _pair(before, after, rules) and not APOSTROPHE.match(text, max(place - 1, 0)):
            yield place, FREE
        before = after


@lru_cache(maxsize=1 << 16)
def _pair(before: str, after: str, rules: SettingRules) -> bool:
    if before in " \u00a0" or after in " \u00a0" or after in rules.no_start or before in rules.no_end:
        return False
    if IS_HANGUL.match(before) and IS_HANGUL.match(after):
        return False
    if _IS_BOPOMOFO.match(before) and _IS_BOPOMOFO.match(after):
        return False
    return bool(WIDE.match(before) or WIDE.match(after))


def _beside_blanks(text: str, found: dict[int, Break], rules: SettingRules) -> None:
    """After blanks, unless a mark follows that may not begin a line, or one went before that may not end it."""
    for blank in re.finditer(" +", text):
        place = blank.end()
        before = text[: blank.start()].rstrip(GLUE)[-1:]
        if not 0 < place < len(text) or text[place] in (GLUE, "\u00a0") or not before:
            continue
        if text[place] not in rules.no_start or not WIDE.match(text[place]):
            found[place] = FREE


def _address(text: str, offset: int) -> Iterator[tuple[int, Break]]:
    """An address breaks after / and before . ? & = # _ % ~ -, anywhere in raw Han, and inside long tokens."""
    for place in range(1, len(text)):
        before, after = text[place - 1], text[place]
        if (before in "/:" and after not in "/:") or after in ".?&=#_%~-" or not (before + after).isascii():
            yield offset + place, FREE
    for place in _inside_long_tokens(text, 14):
        yield offset + place, Break(_TOKEN)
    for place in _inside_long_tokens(text, 24):
        yield offset + place, Break(_LONG_TOKEN)


def _inside_long_tokens(text: str, least: int) -> Iterator[int]:
    """Places inside runs of letters and figures of a least length, such as a checksum."""
    for run in re.finditer(f"[0-9A-Za-z]{{{least},}}", text):
        yield from range(run.start() + 4, run.end() - 3)


def _words(span: Span, offset: int) -> Iterator[tuple[int, Break]]:
    """Inside words of letters, figures and signs; divided at syllables where they are English."""
    english = (span.lang or "").startswith("en")
    for word in _WORD.finditer(span.text):
        for place in _inside_word(word[0]):
            yield offset + word.start() + place, FREE
        if re.search("[0-9]", word[0]):
            for place in _inside_long_tokens(word[0], 24):
                yield offset + word.start() + place, Break(_LONG_TOKEN)
        if english:
            for letters in re.finditer("[A-Za-z]{5,}", word[0]):
                for place in _syllables(letters[0]):
                    yield offset + word.start() + letters.start() + place, Break(_HYPHENS, hyphen=True)


@lru_cache(maxsize=1 << 14)
def _inside_word(word: str) -> tuple[int, ...]:
    """Where UAX #14 lets a word without blanks break, full-width characters and Korean aside."""
    if not _BREAKING.search(word):
        return ()
    from uniseg import linebreak  # noqa: PLC0415  lazy: most words have no break

    places: list[int] = []
    for run in re.finditer(f"[^{WIDE.pattern[1:-1]}{HANGUL}{GLUE}]+", word):
        boundaries = linebreak.line_break_boundaries(run[0])
        places += (run.start() + place for place in boundaries if _good(run[0], place))
    return tuple(places)


def _good(word: str, place: int) -> bool:
    """Not at the ends of a word, and not inside a range of figures (12–15)."""
    if not 0 < place < len(word):
        return False
    return not (word[place - 1] in "-–/" and word[place - 2 : place - 1].isdigit() and word[place].isdigit())


@cache
def _hyphenator() -> Any:
    import pyphen  # noqa: PLC0415  lazy: a Chinese brief may need none

    return pyphen.Pyphen(lang="en_US", left=2, right=3)


@lru_cache(maxsize=1 << 14)
def _syllables(letters: str) -> tuple[int, ...]:
    return tuple(_hyphenator().positions(letters))


def _second_last_letter(text: str) -> int:
    """The offset of the last letter but one: a line that begins after it would be too short to end with."""
    letters = 0
    for place in range(len(text) - 1, -1, -1):
        letters += text[place].isalnum()
        if letters == 2:
            return place
    return 0

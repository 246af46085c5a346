"""Items: a paragraph as boxes with glue between them, the form in which lines are fitted.

The glue carries clreq's rules of spacing: 標點擠壓 between two marks, the gap between Han and Latin, what a mark
or a blank can give away, and where a line may be opened.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.compose.breaks import APOSTROPHE, HANGUL, IS_HANGUL, WIDE, Break, breaks, forced, plain
from pipeline.compose.ruby import Reading, reading
from pipeline.compose.shape import AT_START, HALF, Shape, Shaper, Voice, unkerned
from pipeline.compose.spans import Span
from pipeline.profiles import DEFAULT, SettingRules, profile
from pipeline.tokens import Setting

CALL_SIZE, CALL_RISE, CALL_SPACE = 0.61, 0.343, 0.05
"""Size, height and room before the figure of a note in the text, in em of the text."""

BETWEEN_CALLS = 0.2
"""Room between two calls side by side, in em of the text: 9 and 3 are not 93."""

SCRIPT_SIZE, SUPERIOR, INFERIOR = 0.65, 0.325, -0.13
"""Size and height of superior and inferior letters, in em of the text."""

WORD_SPACE = (0.17, 0.39)
"""The least and the widest blank between two words of a justified line, in em."""

_GIVE = 0.2
"""What a bracket, or a stop in all, can give away inside a line, in em."""

_JOINED = "[\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef]*"
_LETTERS = f"[^ \u00a0\u3000{WIDE.pattern[1:-1]}{HANGUL}]+"
_TOKENS = re.compile(f"[ \u00a0\u3000]|—+|…+|─+|(?:{WIDE.pattern}){_JOINED}|[{HANGUL}]+|"
                     f"{_LETTERS}(?:{APOSTROPHE.pattern}{_LETTERS})*")  # fmt: skip
_IS_HAN = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_IS_LATIN = re.compile("[0-9A-Za-z\u00c0-\u024f%°$€£]")

HAN, OPENING, CLOSING, PAUSE, STOP, LATIN, KOREAN, BLANK, CALL, WHOLE = range(10)
"""Kinds of items: full-width characters, full-width marks, pieces of words, blanks, calls, undivided ones."""

_MARKS = (OPENING, CLOSING, PAUSE, STOP)


@dataclass(slots=True)
class Item:
    """A box that is never divided, and the glue between it and the next on its line; lengths in points.

    `start` is its offset in the text of the paragraph, `before` the break allowed before it. The glue is `after`
    wide and can give `give`; `opens` tells that a justified line opens there, `gap` that Han meets Latin there.
    `narrow` is the feature of the narrower glyph with which it is set.
    """

    start: int
    text: str
    span: Span
    kind: int
    shapes: tuple[Shape, ...]
    size: float
    width: float
    rise: float = 0.0
    voice: Voice | None = None
    before: Break | None = None
    after: float = 0.0
    give: float = 0.0
    opens: bool = False
    gap: bool = False
    narrow: str = ""
    reading: Reading | None = None

    @property
    def between_words(self) -> bool:
        """Whether it is a blank that opens and closes with the line."""
        return self.kind == BLANK and self.text != "\u3000"

    @property
    def loosened(self) -> bool:
        """Whether its letters may stand apart as a last resort: those of an address, and Korean."""
        return self.kind == KOREAN or (self.kind == LATIN and self.span.address)


def seen(items: Sequence[Item], start: int, end: int) -> tuple[int, int]:
    """What is seen of a line from `start` to `end`: blanks vanish at its ends, not where the paragraph begins."""
    first = start
    while start and first < len(items) - 1 and items[first].kind == BLANK:
        first += 1
    while end > first + 1 and items[end - 1].kind == BLANK:
        end -= 1
    return first, end


def items(
    spans: Sequence[Span], shaper: Shaper, setting: Setting, lang: str | None, too_wide: Sequence[range] = ()
) -> list[Item]:
    """The items of a paragraph in language `lang`; what is `too_wide` for a line may break anywhere."""
    rules = profile(lang).setting
    places = {**forced(plain(spans), too_wide, rules), **breaks(spans, rules)}
    made = list(_boxes(spans, shaper, setting, rules, places))
    for here, following in pairwise(made):
        _glue(here, following, setting.size, rules)
    return made


# Boxes


def too_wide(items: Sequence[Item], measure: float) -> list[range]:
    """The places inside whatever can't be divided and is wider than half a line, by offset in the paragraph."""
    found: list[range] = []
    start, width = 0, 0.0
    for item in (*items, None):
        if item is not None and (item.before is None or not item.start):
            width += item.width + item.after
            continue
        end = item.start if item is not None else items[-1].start + len(items[-1].text)
        if width > measure / 2:
            found.append(range(start + 1, end))
        if item is not None:
            start, width = item.start, item.width + item.after
    return found


def _boxes(
    spans: Sequence[Span], shaper: Shaper, setting: Setting, rules: SettingRules, places: dict[int, Break]
) -> Iterator[Item]:
    offset = 0
    for span in spans:
        voice, size, rise = _look(span, setting, shaper)
        if span.note is not None or span.annotation is not None:
            yield _whole(span, offset, shaper, voice, size, rise, places)
        else:
            known = shaper.characters.setdefault((voice, size, rules), {})
            for token in _TOKENS.finditer(span.text):
                text, start = token[0], offset + token.start()
                if text in known:  # a character met before: most of a Chinese text
                    kind, shapes, width = known[text]
                    yield Item(start, text, span, kind, shapes, size, width, rise, voice, places.get(start))
                    continue
                own = replace(voice, stack="latin") if APOSTROPHE.search(text) else voice
                for item in _token(text, start, span, shaper, own, size, rise, rules, places):
                    if item.text == text and item.kind not in (LATIN, KOREAN) and not item.narrow:
                        known[text] = item.kind, item.shapes, item.width
                    yield item
        offset += len(span.text)


def voice_of(span: Span, setting: Setting) -> Voice:
    """The stack, weight, slant and language in which a span speaks (layouts/README.md, 字型)."""
    if span.note is not None:
        return Voice("latin", 400)
    lang = span.lang or DEFAULT
    italic = "italic" in span.classes
    weight = 700 if "bold" in span.classes else setting.weight
    slant = "italic" if italic else setting.slant
    if lang.startswith("en"):
        return Voice("latin", weight, slant, lang, not span.address)
    stack = "kai" if italic else setting.stack  # and Latin letters beside the Kai are italic
    return Voice(profile(lang).faces.get(stack, stack), weight, slant, lang, not span.address)


def _look(span: Span, setting: Setting, shaper: Shaper) -> tuple[Voice, float, float]:
    """The voice, size and height above the baseline of a span; a class with a style of its own changes it."""
    own = next((shaper.styles[name] for name in span.classes if name in shaper.styles), setting)
    voice, size = voice_of(span, own), own.size
    if span.note is not None:
        return voice, size * CALL_SIZE, size * CALL_RISE
    if "sup" in span.classes:
        return voice, size * SCRIPT_SIZE, size * SUPERIOR
    if "sub" in span.classes:
        return voice, size * SCRIPT_SIZE, size * INFERIOR
    return voice, size, 0.0


def _whole(
    span: Span, start: int, shaper: Shaper, voice: Voice, size: float, rise: float, places: dict[int, Break]
) -> Item:
    """A call, or characters with their reading: set together on one line."""
    shapes = tuple(shape for token in _TOKENS.findall(span.text) for shape in shaper.shape(token, voice))
    width = size * sum(shape.advance for shape in shapes)
    if span.note is not None:
        return Item(start, span.text, span, CALL, shapes, size, width + CALL_SPACE * size / CALL_SIZE, rise, voice)
    beside = reading(span.annotation or "", shaper, voice, size, width)
    return Item(
        start, span.text, span, WHOLE, shapes, size, beside.width, rise, voice, places.get(start), reading=beside
    )


def _token(
    text: str,
    start: int,
    span: Span,
    shaper: Shaper,
    voice: Voice,
    size: float,
    rise: float,
    rules: SettingRules,
    places: dict[int, Break],
) -> Iterator[Item]:
    """One character of Chinese, or the pieces into which a word may be divided."""
    shapes = shaper.shape(text, voice)
    if WIDE.match(text) and text != "\u3000":
        kind = _kind(text, rules) if len(shapes) == 1 and shapes[0].advance > 0.9 else HAN
        if kind == HAN and len(text) == 1 and shapes[0].advance < 0.7:
            kind = LATIN
        item = Item(start, text, span, kind, shapes, size, size * sum(s.advance for s in shapes), rise, voice)
        if text in rules.half and kind in _MARKS:
            _make_half(item, shaper, AT_START if kind == OPENING else HALF)
        item.before = places.get(start)
        yield item
        return
    kind = BLANK if text in " \u00a0\u3000" else KOREAN if IS_HANGUL.match(text) else LATIN
    first, offset = 0, 0
    for index, shape in enumerate(shapes):
        beyond = offset + shape.characters
        if index + 1 == len(shapes) or (start + beyond in places and shapes[index + 1].characters):
            part = shapes[first : index + 1]
            begin = start + offset + shape.characters - sum(s.characters for s in part)
            piece = text[begin - start : beyond]
            kern = 0.0
            if index + 1 < len(shapes):  # the word may be divided here, and then nothing follows
                last = unkerned(shape)
                kern, part = shape.advance - last.advance, (*part[:-1], last)
            width = size * sum(s.advance for s in part)
            yield Item(begin, piece, span, kind, part, size, width, rise, voice, places.get(begin), size * kern)
            first = index + 1
        offset = beyond


def _kind(mark: str, rules: SettingRules) -> int:
    if mark in rules.opening:
        return OPENING
    if mark in rules.closing:
        return CLOSING
    if mark in rules.pauses:
        return PAUSE
    return STOP if mark in rules.stops else HAN


def _make_half(item: Item, shaper: Shaper, feature: str) -> None:
    """Set a mark in half an em for good (開明式)."""
    assert item.voice is not None
    narrow = shaper.narrow(item.text, item.voice, feature)
    if narrow is not None:
        item.shapes, item.width, item.narrow = (narrow,), narrow.advance * item.size, feature


# Glue


def _glue(here: Item, following: Item, size: float, rules: SettingRules) -> None:
    """The glue between two neighbours (clreq 3.1.6 for marks, 3.2.3 for Han and Latin)."""
    if following.kind == CALL:
        here.after = BETWEEN_CALLS * size if here.kind == CALL else 0.0
        return
    if BLANK in (here.kind, following.kind):
        here.opens = "\u3000" in (here.text, following.text)
        if here.between_words:
            here.give = max(here.width - WORD_SPACE[0] * size, 0.0)
        return
    if _squeezed(here, following, rules):
        here.after, here.narrow = -size / 2, HALF
        return
    gap = here.kind != CALL and meet(here.text[-1], following.text[0])
    if gap and rules.gap[1]:
        here.gap, here.after, here.give = True, rules.gap[1] * size, (rules.gap[1] - rules.gap[0]) * size
        return
    here.give = _giving(here, following, rules) * size
    here.opens = _opens(here, following)


def _squeezed(here: Item, following: Item, rules: SettingRules) -> bool:
    """Whether two marks close up by half an em (標點擠壓)."""
    if here.narrow or (following.narrow and following.kind == OPENING):
        return False
    if here.kind == CLOSING:
        return following.kind in _MARKS
    if here.kind in (PAUSE, STOP):
        return following.kind == OPENING or (
            following.kind == CLOSING and rules.stop_before_closing and not _centred(here, rules)
        )
    return here.kind == OPENING and following.kind == OPENING


def _centred(mark: Item, rules: SettingRules) -> bool:
    """Whether a pause or stop stands in the middle of its em."""
    return rules.centred or mark.text in rules.middle


def _giving(here: Item, following: Item, rules: SettingRules) -> float:
    """What the blank halves of two neighbours can give away inside a line, in em."""
    after = before = 0.0
    if here.kind in _MARKS and here.kind != OPENING:
        after = _GIVE / 2 if here.kind != CLOSING and _centred(here, rules) else _GIVE
    if here.kind in (PAUSE, STOP) and following.kind == CLOSING:
        return 0.0  # 。」 stays two ems
    if following.kind in _MARKS and following.kind != CLOSING:
        before = _GIVE if following.kind == OPENING else _GIVE / 2 if _centred(following, rules) else 0.0
    return min((0.0 if here.narrow else after) + (0.0 if following.narrow else before), _GIVE)


def _opens(here: Item, following: Item) -> bool:
    """Whether a justified line opens between two: beside full-width characters, not inside —— and ……."""
    if here.kind in (LATIN, KOREAN, CALL) and following.kind in (LATIN, KOREAN):
        return False
    return not (here.text[-1] == following.text[0] and here.text[-1] in "—…─")


def meet(first: str, second: str) -> bool:
    """Whether a gap belongs between two characters: one is Han, the other Latin or a digit."""
    if _IS_HAN.match(first):
        return bool(_IS_LATIN.match(second)) and second != "%"
    return bool(_IS_HAN.match(second)) and bool(_IS_LATIN.match(first)) and first not in "$€£"


def takes_a_dot(character: str) -> bool:
    """Whether a character takes an emphasis mark: letters do, punctuation does not (clreq 3.3.1)."""
    return unicodedata.category(character)[0] in "LN"

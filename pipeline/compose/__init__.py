"""Compose: a paragraph to lines.

The paragraph is cut where the sum of the badness of all its lines is least (Knuth and Plass, 1981), over the
breaks that Chinese setting allows (clreq 3.1: 避頭尾) and with widths from the very font files that are embedded.
Nothing here knows pages. The result depends on the content, the style and the fonts alone.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from typing import Any

import pyphen

from pipeline.brief import Call, Inline, Link, Note, Reference, Ruby, Style, Text, supplied
from pipeline.fonts import Fonts
from pipeline.fonts.harfbuzz import opened
from pipeline.tokens import Tokens

GAP = "\u200b"
"""Where Han meets Latin or digits: a line may break here, and `GAP_WIDTH` is set between the two."""

GAP_WIDTH = 0.22
"""Width of the gap between Han and Latin in em (clreq 3.2.3: a quarter at most, .2 to .25 looks even)."""

ZHUYIN_WIDTH = 0.4
"""Width of the column of 注音 to the right of its character, in em of the text."""

CALL_SIZE = 0.61
"""Size of the figure of a note in the text, in em of the text."""

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff"
_LATIN = "0-9A-Za-z\u00c0-\u024f"
_IS_HAN = re.compile(f"[{_HAN}]")
_IS_HANGUL = re.compile(f"[{HANGUL}]")
_IS_BOPOMOFO = re.compile("[\u3105-\u312f\u31a0-\u31bfˊˇˋ˙]")
_IS_LATIN = re.compile(f"[{_LATIN}%°$€£]")
_IS_WIDE = re.compile(f"[{_HAN}\u3000-\u303f\uff00-\uffef“”‘’…—─]")
STRETCHED = re.compile(f"[{_HAN}\u3000-\u303f\uff00-\uffef \u00a0]")
"""Characters after which a justified line may be opened; never inside Latin words, numbers, —— and ……."""

NO_START = frozenset(
    "、。，．：；！？」』）》〉】〕］｝‧・·%％‰℃…—─–～〜’”,.;:!?)]}々〻ーぁぃぅぇぉっゃゅょァィゥェォッャュョ"
)
"""Characters that may not begin a line (避頭點)."""

NO_END = frozenset("「『（《〈【〔［｛‘“([{$＄￥€£#＃")
"""Characters that may not end a line (避尾點)."""

_ADDRESS_BREAK_AFTER = frozenset("/:")
_ADDRESS_BREAK_BEFORE = frozenset(".?&=#_%~-")
_EASY_STRETCH = 0.06
_LEAST_FILLED = 0.75
"""Shorter lines are tried only where nothing longer can be cut."""
_HYPHEN_WIDTH = 0.33
_FEW_PLACES = 3
_RAGGED_COST = 300.0
"""Cost of a line without places to stretch, were it empty."""
_HYPHEN_COST = 30.0
_TOKEN_COST = 60.0
_SHORT_END_COST = 400.0


@dataclass(frozen=True, slots=True)
class Setting:
    """How a paragraph is set: sizes and widths in points; `stack` is the token of its faces (ming, kai, …)."""

    size: float
    measure: float
    stack: str = "ming"
    weight: int = 400
    indent: float = 0.0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a line in one look. `whole` ones (note calls, ruby) are never cut.

    `title` says where a link leads, for a reader who does not follow it.
    """

    text: str
    lang: str | None = None
    classes: tuple[str, ...] = ()
    href: str | None = None
    anchor: str | None = None
    annotation: str | None = None
    note: Note | None = None
    title: str | None = None

    @property
    def whole(self) -> bool:
        """Whether this span stands undivided on one line."""
        return self.note is not None or self.annotation is not None or "dot" in self.classes


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a paragraph: its spans, the notes called in it, whether it is the last one.

    `stretch` is the space added at each place that may open, in em; `width` the natural width in points;
    `hyphenated` tells that it ends in a divided word.
    """

    spans: tuple[Span, ...]
    notes: tuple[Note, ...]
    last: bool
    width: float
    stretch: float
    hyphenated: bool = False

    @property
    def text(self) -> str:
        """The text as a reader sees it."""
        return "".join(span.text for span in self.spans).replace(GAP, "")


class Composer:
    """Composes paragraphs with one set of fonts and tokens."""

    def __init__(self, fonts: Fonts, tokens: Tokens) -> None:
        self._tokens = tokens
        self._width = _Widths(fonts, tokens)

    def paragraph(
        self, children: tuple[Inline, ...], setting: Setting, lang: str | None = None
    ) -> tuple[Line, ...]:
        """The lines of a paragraph; never fails: a line that can't be good is the least bad one."""
        characters = list(self._characters(_gapped(list(_spans(children, lang))), setting))
        if not characters:
            return ()
        breaks = _best_breaks(characters, setting) or _best_breaks(_breakable_anywhere(characters), setting)
        return tuple(_lines(characters, breaks or [len(characters)], setting))

    def _characters(self, spans: Iterable[Span], setting: Setting) -> "Iterator[_Character]":
        """Every character (or undivided span) with its width and whether a line may break before it."""
        made: list[_Character] = []
        for span in spans:
            pieces = [span.text] if span.whole else list(span.text)
            hyphens = _hyphens(span) if not span.whole else frozenset()
            for position, piece in enumerate(pieces):
                width = self._width.of(span, piece, setting)
                made.append(_Character(piece, span, width, hyphen_before=position in hyphens))
        ends, tokens = _end_of_paragraph(made), _inside_long_tokens(made)
        before = ""
        for index, character in enumerate(made):
            allowed = index not in ends and _may_break(before, character, made[index - 1] if index else None)
            if allowed:
                yield replace(character, breakable=True, hyphen_before=False)
            elif character.hyphen_before:
                yield replace(character, breakable=True, penalty=_HYPHEN_COST)
            elif index in tokens:
                yield replace(character, breakable=True, penalty=_TOKEN_COST)
            else:
                yield character
            if character.span.note is None:
                before = character.text[-1:]


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    span: Span
    width: float
    hyphen_before: bool = False
    breakable: bool = False
    penalty: float = 0.0

    @property
    def blank(self) -> bool:
        """Whether it vanishes at the ends of a line."""
        return self.text in (" ", GAP)

    @property
    def places(self) -> int:
        """How many places it has where a justified line may open."""
        return 1 if self.text == GAP else len(STRETCHED.findall(self.text))


def takes_a_dot(character: str) -> bool:
    """Whether a character takes an emphasis mark: letters do, punctuation does not (clreq 3.3.1)."""
    return unicodedata.category(character)[0] in "LN"


def zhuyin_letters(annotation: str) -> list[str]:
    """The letters of a pronunciation in 注音, a tone mark with the letter before it; empty for another."""
    return re.findall("[˙]?[\u3105-\u312f\u31a0-\u31bf][ˊˇˋ]?", annotation)


# From content to spans


def _spans(children: Iterable[Inline], lang: str | None, around: Span | None = None) -> Iterator[Span]:
    """Inline content as flat spans; `around` is the look of what it stands in."""
    base = around or Span("", lang)
    for node in children:
        match node:
            case Text():
                yield from _text_spans(node, base)
            case Style():
                look = replace(base, lang=node.lang or base.lang, classes=(*base.classes, *_classes(node)))
                yield from _spans(node.children, lang, look)
            case Link():
                yield from _spans(
                    node.children, lang, replace(base, href=node.href, classes=(*base.classes, "link"))
                )
            case Ruby():
                yield replace(base, text=node.base, annotation=node.annotation)
            case Call():
                yield Span(
                    node.note.label,
                    classes=("call",),
                    href=f"#{node.note.anchor}",
                    anchor=node.anchor,
                    note=node.note,
                    title=f"註{node.note.label}",
                )
            case Reference():
                classes = (*base.classes, "reference")
                title = supplied(node) or None
                yield replace(base, text=node.words, href=f"#{node.anchor}", classes=classes, title=title)
                if node.locator:
                    yield replace(base, text=node.locator)


def _text_spans(node: Text, base: Span) -> Iterator[Span]:
    look = replace(base, lang=node.lang or base.lang)
    if "emphasis-mark" not in base.classes:
        yield replace(look, text=node.content)
        return
    for character in node.content:
        yield replace(look, text=character, classes=(*base.classes, *(["dot"] * takes_a_dot(character))))


def _classes(node: Style) -> tuple[str, ...]:
    return () if node.name in ("citation", "foreign") else (node.name,)


def _gapped(spans: list[Span]) -> Iterator[Span]:
    """Spans with a `GAP` wherever Han meets Latin or a digit, inside them and between them."""
    last = ""
    for span in spans:
        if span.whole:
            yield span
            last = "" if span.note is not None else span.text[-1:]
            continue
        text = span.text
        if span.href is None or not span.href.startswith(("http:", "https:")):
            text = with_gaps(text)
        if text and last and meet(last, text[0]):
            text = GAP + text
        yield replace(span, text=text)
        last = text[-1:]


def with_gaps(text: str) -> str:
    """Text with a `GAP` wherever Han meets Latin or a digit."""
    return "".join(
        character + (GAP if following and meet(character, following) else "")
        for character, following in zip(text, (*text[1:], ""), strict=True)
    )


def meet(first: str, second: str) -> bool:
    """Whether a gap belongs between two characters: one is Han, the other Latin or a digit."""
    one, other = bool(_IS_HAN.match(first)), bool(_IS_HAN.match(second))
    if one:
        return bool(_IS_LATIN.match(second)) and second != "%"
    return other and bool(_IS_LATIN.match(first)) and first not in "$€£"


@cache
def _hyphenator() -> Any:
    return pyphen.Pyphen(lang="en_US", left=3, right=3)


def _hyphens(span: Span) -> frozenset[int]:
    """Positions in English text before which a word may be divided."""
    if not (span.lang or "").startswith("en") or span.href is not None:
        return frozenset()
    return frozenset(
        word.start() + position
        for word in re.finditer("[A-Za-z]{6,}", span.text)
        for position in _hyphenator().positions(word[0])
    )


# Where a line may break


def _may_break(before: str, character: _Character, previous: _Character | None) -> bool:
    """Whether a line may end before `character`; `before` is the text before it, note calls left out."""
    after = character.text[:1]
    if not before or previous is None or character.span.note is not None:
        return False
    if character.span.href is not None and previous.span is character.span and "link" in character.span.classes:
        return _address_may_break(before, after)
    if character.blank or after in NO_START or before in NO_END:
        return False
    if before in (" ", GAP):
        return True
    if _IS_HANGUL.match(before) and _IS_HANGUL.match(after):
        return False
    if _IS_BOPOMOFO.match(before) and _IS_BOPOMOFO.match(after):
        return False
    if _IS_WIDE.match(before) or _IS_WIDE.match(after):
        return True
    return before in "-–/" and after.isalpha()


def _address_may_break(before: str, after: str) -> bool:
    """An address breaks after / and before . ? & = # _ % ~ -, and anywhere in raw Han."""
    if before in _ADDRESS_BREAK_AFTER and after not in _ADDRESS_BREAK_AFTER:
        return True
    return after in _ADDRESS_BREAK_BEFORE or not (before + after).isascii()


def _inside_long_tokens(characters: list[_Character]) -> frozenset[int]:
    """Places inside 24 letters or figures and more of an address, such as a checksum, where it may be divided."""
    text = "".join(c.text if "link" in c.span.classes and len(c.text) == 1 else " " for c in characters)
    runs = re.finditer("[0-9A-Za-z]{24,}", text)
    return frozenset(place for run in runs for place in range(run.start() + 4, run.end() - 3))


def _end_of_paragraph(characters: list[_Character]) -> frozenset[int]:
    """Places where a break would leave a last line of fewer than two characters."""
    letters = [
        index
        for index, c in enumerate(characters)
        if c.span.note is None and (c.text[-1:].isalnum() or c.span.whole)
    ]
    return frozenset(range(letters[-1], len(characters))) if letters else frozenset(range(len(characters)))


def _breakable_anywhere(characters: list[_Character]) -> list[_Character]:
    """For what has no place to break, such as 64 digits: between any two characters but before a call."""
    return [
        replace(c, breakable=index > 0 and c.span.note is None and c.text not in NO_START)
        for index, c in enumerate(characters)
    ]


# Total fit


def _best_breaks(characters: list[_Character], setting: Setting) -> list[int] | None:
    """The ends of the lines with the least total badness, or None where some stretch fits no line."""
    count = len(characters)
    widths = [0.0, *accumulate(c.width for c in characters)]
    places = [0, *accumulate(c.places for c in characters)]
    ends = [index for index in range(1, count) if characters[index].breakable] + [count]
    best: dict[int, tuple[float, int]] = {0: (0.0, -1)}
    for start in [0, *ends]:
        if start not in best or start == count:
            continue
        first = _first_visible(characters, start)
        room = setting.measure - (setting.indent if start == 0 else 0.0)
        nearly_full = bisect_left(widths, widths[first] + _LEAST_FILLED * room)
        low = max(bisect_left(ends, first + 1), bisect_left(ends, nearly_full) - 2)
        for end in ends[low:]:
            width = widths[_after_visible(characters, end)] - widths[first]
            if width > room + 0.01:
                break
            if end < count and characters[end].hyphen_before:
                width += _HYPHEN_WIDTH * setting.size
                if width > room + 0.01:
                    continue
            cost = best[start][0] + _cost(room - width, places[end] - places[first], end == count, setting)
            cost += characters[end].penalty if end < count else 0.0
            if end not in best or cost < best[end][0]:
                best[end] = (cost, start)
    if count not in best:
        return None
    breaks, place = [], count
    while place > 0:
        breaks.append(place)
        place = best[place][1]
    return breaks[::-1]


def _cost(slack: float, places: int, last: bool, setting: Setting) -> float:
    """Badness of a line: the cube of its stretch, as in TeX; a last line stretches for nothing."""
    if last:
        return _SHORT_END_COST if slack > setting.measure - 1.5 * setting.size else 0.0
    if places < _FEW_PLACES:  # an address: printed ragged, so only its length counts
        return 1.0 + _RAGGED_COST * slack / setting.measure
    stretch = slack / max(places - 1, 1) / setting.size / _EASY_STRETCH
    return 1.0 + 100.0 * stretch**3 + stretch


def _first_visible(characters: list[_Character], start: int) -> int:
    while start and start < len(characters) - 1 and characters[start].blank:
        start += 1
    return start


def _after_visible(characters: list[_Character], end: int) -> int:
    while end > 1 and characters[end - 1].blank:
        end -= 1
    return end


def _lines(characters: list[_Character], breaks: list[int], setting: Setting) -> Iterator[Line]:
    start = 0
    for end in breaks:
        first, beyond = _first_visible(characters, start), _after_visible(characters, end)
        line = characters[first:beyond]
        last = end == len(characters)
        hyphen = not last and characters[end].hyphen_before
        width = sum(c.width for c in line)
        places = sum(c.places for c in line)
        slack = setting.measure - (setting.indent if start == 0 else 0.0) - width
        yield Line(
            spans=tuple(_joined(line, hyphen)),
            notes=tuple(c.span.note for c in line if c.span.note is not None and not _again(c.span)),
            last=last,
            width=width,
            stretch=0.0 if last else slack / max(places - 1, 1) / setting.size,
            hyphenated=hyphen,
        )
        start = end


def _again(span: Span) -> bool:
    """Whether a call repeats the call of a note that stands elsewhere."""
    return span.note is not None and span.anchor != f"{span.note.anchor}-call"


def _joined(line: list[_Character], hyphen: bool) -> Iterator[Span]:
    """The characters of a line as spans again; an id stays with the first part of what it names."""
    run: list[str] = []
    for index, character in enumerate(line):
        run.append(character.text)
        following = line[index + 1].span if index + 1 < len(line) else None
        if following is not character.span or character.span.whole:
            if hyphen and following is None:
                run.append("-")
            yield replace(character.span, text="".join(run))
            run = []


# Widths


class _Widths:
    """Advance widths, from the font files: the face of a character is the first of its stack that has it."""

    def __init__(self, fonts: Fonts, tokens: Tokens) -> None:
        self._fonts = fonts
        self._tokens = tokens
        self._em: dict[tuple[str, str, int, str], float] = {}

    def of(self, span: Span, text: str, setting: Setting) -> float:
        """The width of a piece of a span in points."""
        if text == GAP:
            return GAP_WIDTH * setting.size
        size = setting.size
        if span.note is not None:
            size *= CALL_SIZE
        elif "sup" in span.classes or "sub" in span.classes:
            size *= 0.65
        stack, weight, slant = _look(span, setting)
        beside = ZHUYIN_WIDTH * size if zhuyin_letters(span.annotation or "") else 0.0
        return beside + size * sum(self._advance(character, stack, weight, slant) for character in text)

    def _advance(self, character: str, stack: str, weight: int, slant: str) -> float:
        key = (character, stack, weight, slant)
        if key not in self._em:
            self._em[key] = self._measured(*key)
        return self._em[key]

    def _measured(self, character: str, stack: str, weight: int, slant: str) -> float:
        for family in self._tokens.stack(stack):
            font = opened(self._fonts.face(family, weight, slant))
            glyph = font.get_nominal_glyph(ord(character))
            if glyph:
                advance: int = font.get_glyph_h_advance(glyph)
                upem: int = font.face.upem
                return advance / upem
        return 1.0


def _look(span: Span, setting: Setting) -> tuple[str, int, str]:
    """The stack, weight and slant that CSS gives to a span (layouts/shared/text.css says the same)."""
    weight = 700 if "bold" in span.classes else setting.weight
    lang = (span.lang or "")[:2]
    if span.note is not None:
        return "latin", 400, "normal"
    if lang == "en":
        return "latin", weight, "italic" if "italic" in span.classes else "normal"
    if lang in ("ko", "ja"):
        return ("korean" if lang == "ko" else "japanese"), weight, "normal"
    return ("kai" if "italic" in span.classes else setting.stack), weight, "normal"

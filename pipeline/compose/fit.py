"""Fit: the lines of a paragraph, cut where the sum of the badness of all of them is least (Knuth and Plass, 1981).

A line is made to fit in clreq's order (3.2.4): marks, blanks and gaps give room away first; where there is room to
spare, blanks and gaps open, and Han and Han with them, all in step; inside Latin words never.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from pipeline.compose.items import CLOSING, LATIN, OPENING, PAUSE, STOP, WORD_SPACE, Item, seen
from pipeline.profiles import SettingRules
from pipeline.tokens import Setting

WORD_RATE, GAP_RATE = 3.0, 1.5
"""How much faster blanks between words, and gaps between Han and Latin, open than Han and Han."""

EASY = 0.06
"""Opening of Han and Han that costs 100, in em; twice that costs eight times as much."""

MOST_LETTERS = 0.06
"""The widest opening between the letters of an address or between Hangul, the last resort, in em."""

MOST_HAN = 0.12
"""The widest opening between Han before the last resorts, in em."""

MOST_WIDER = 0.04
"""How much wider Latin letters may be drawn before the last resorts; pdfTeX's font expansion usually takes .02."""

_LEAST_FILLED = 0.93
"""Shorter lines are tried only where nothing longer can be cut."""
_TRIM_COST = 3.0
_GIVE_COST = 40.0
_LETTERS_COST = 400.0
_WIDER_COST = 100.0
_WIDE_COST = 3000.0
_LINE_COST = 1.0
_SHORT_END_COST = 60.0
_OVERFULL_COST = 1e6


class Fitted(NamedTuple):
    """Items `start` to `end` (exclusive) on one line, and what makes them fit it.

    `han`, `words`, `gaps` and `letters` are what is added at each place, in em; Latin letters are set `wider` by a
    part of their width; `give` is the part (0 to 1) of what the glue can give away; `trim_start` and `trim_end`
    are what marks at its ends gave away, in em. `divided` tells that it ends inside a word or an address, with a
    `hyphen` or without; `ragged` that it could not be filled.
    """

    start: int
    end: int
    cost: float = 0.0
    han: float = 0.0
    words: float = 0.0
    gaps: float = 0.0
    wider: float = 0.0
    letters: float = 0.0
    give: float = 0.0
    trim_start: float = 0.0
    trim_end: float = 0.0
    last: bool = False
    hyphen: bool = False
    divided: bool = False
    ragged: bool = False


class Fitter:
    """Fits one paragraph; prefix sums make the measures of any stretch of items a subtraction.

    `hyphen` is the width of a hyphen in points.
    """

    def __init__(self, items: Sequence[Item], setting: Setting, rules: SettingRules, hyphen: float) -> None:
        self.items, self.setting, self.rules, self.hyphen = items, setting, rules, hyphen
        size = setting.size
        blanks = [item.between_words for item in items]
        self.width = _sums(item.width + item.after for item in items)
        self.give = _sums(item.give for item in items)
        self.han = _sums(item.opens for item in items)
        self.gaps = _sums(item.gap for item in items)
        self.words = _sums(blanks)
        self.word_room = _sums(
            max(WORD_SPACE[1] - item.width / size, 0.0) if blank else 0.0
            for item, blank in zip(items, blanks, strict=True)
        )
        self.latin = _sums(item.width / size if item.kind == LATIN else 0.0 for item in items)
        self.letters = _sums(_letters(item) for item in items)
        self.start_trim = [0.5 if item.kind == OPENING and not item.narrow else 0.0 for item in items]
        self.end_trim = [_end_trim(item, rules) for item in items]
        self.most_gap = rules.gap[2] - rules.gap[1]

    def lines(self, *, force: bool = False) -> list[Fitted] | None:
        """The lines of least badness, or None where some stretch fits no line; `force` lets it stick out."""
        items, count = self.items, len(self.items)
        ends = [index for index in range(1, count) if items[index].before is not None] + [count]
        best: dict[int, tuple[float, int]] = {0: (0.0, -1)}
        for start in [0, *ends[:-1]]:
            if start in best:
                self._from(start, ends, best, force)
        if count not in best:
            return None
        places = [count]
        while places[-1] > 0:
            places.append(best[places[-1]][1])
        return [self._line(start, end) for start, end in pairwise(reversed(places))]

    def _from(self, start: int, ends: Sequence[int], best: dict[int, tuple[float, int]], force: bool) -> None:
        """Try every line that may begin at `start`; `best` gets the least badness up to each end."""
        so_far = best[start][0]
        first, _ = seen(self.items, start, len(self.items))
        room, begin = self._room(start), self.width[first]
        nearly_full = bisect_left(self.width, begin + _LEAST_FILLED * room)
        low = max(bisect_left(ends, first + 1), bisect_left(ends, nearly_full) - 2)
        reach = room + 1.2 * self.setting.size
        fits = False
        for end in map(ends.__getitem__, range(low, len(ends))):
            _, beyond = seen(self.items, first, end)
            width = self.width[beyond - 1] - begin + self.items[beyond - 1].width
            known = best.get(end)
            if known is None or known[0] > so_far + _LINE_COST:
                fitted = self._fit(start, end, first, beyond, room - width)
                fits = fits or fitted is not None
                if fitted is not None and (known is None or so_far + fitted.cost < known[0]):
                    best[end] = (so_far + fitted.cost, start)
            fits = fits or known is not None
            if width - self.give[beyond - 1] + self.give[first] > reach:
                break
        if force and not fits and ends[low] not in best:
            best[ends[low]] = (so_far + _OVERFULL_COST, start)

    def _line(self, start: int, end: int) -> Fitted:
        first, beyond = seen(self.items, start, end)
        width = self.width[beyond - 1] - self.width[first] + self.items[beyond - 1].width
        fitted = self._fit(start, end, first, beyond, self._room(start) - width)
        if fitted is None:  # forced
            return Fitted(start, end, _OVERFULL_COST, last=end == len(self.items), ragged=True)
        return fitted

    def _room(self, start: int) -> float:
        return self.setting.measure - (self.setting.indent if start == 0 else 0.0)

    def _fit(self, start: int, end: int, first: int, beyond: int, slack: float) -> Fitted | None:
        """The line of items `first` to `beyond`, with `slack` points of room, or None where it is too long."""
        at_end = end == len(self.items)
        before = None if at_end else self.items[end].before
        penalty, hyphen = before if before is not None else (0.0, False)
        slack -= self.hyphen if hyphen else 0.0
        if self.setting.align != "justify":
            trim = self.start_trim[first] if self.setting.align == "left" else 0.0
            slack += trim * self.setting.size
            if slack < -0.01:
                return None
            balanced = self.setting.align == "center"  # other last lines may be short
            ragged = slack / self.setting.measure if balanced or not at_end else 0.0
            cost = _LINE_COST + 100.0 * ragged * ragged + 4 * penalty
            return Fitted(start, end, cost, trim_start=trim, last=at_end, hyphen=hyphen)
        if at_end and slack >= -0.01:
            short = slack > self.setting.measure - 2.5 * self.setting.size
            return Fitted(start, end, _SHORT_END_COST if short else _LINE_COST, last=True)
        best = self._adjusted(start, end, first, beyond, slack, at_end)
        at_first, at_last = self.start_trim[first], self.end_trim[beyond - 1]
        for trim_start, trim_end in ((at_first, 0.0), (0.0, at_last), (at_first, at_last)):
            if trim_start + trim_end > 0 and (trim_start or not at_first or trim_end):
                room = slack + (trim_start + trim_end) * self.setting.size
                made = self._adjusted(start, end, first, beyond, room, at_end)
                if made is not None and (best is None or made.cost + _TRIM_COST < best.cost):
                    best = made._replace(cost=made.cost + _TRIM_COST, trim_start=trim_start, trim_end=trim_end)
        if best is not None and (penalty or at_end):
            best = best._replace(cost=best.cost + penalty, last=at_end, hyphen=hyphen, divided=penalty > 0)
        return best

    def _adjusted(self, start: int, end: int, first: int, beyond: int, room: float, at_end: bool) -> Fitted | None:
        """A line with `room` points to spare, or too long by them, made to fit."""
        if room < -0.01:
            can_give = self.give[beyond - 1] - self.give[first]
            if can_give < -room - 0.01:
                return None
            give = min(-room / can_give, 1.0) if can_give else 0.0
            return Fitted(start, end, _LINE_COST + _GIVE_COST * give * give, give=give)
        if at_end:
            return Fitted(start, end, _LINE_COST)
        spare = room / self.setting.size
        last = beyond - 1
        han = self.han[last] - self.han[first]
        gaps = self.gaps[last] - self.gaps[first]
        words = self.words[last] - self.words[first]
        if han and not (gaps or words) and 0 <= spare <= MOST_HAN * han:  # most lines: nothing but Han
            step = spare / han
            return Fitted(start, end, _LINE_COST + step + 100.0 * (step / EASY) ** 3, step)
        return self._opened(start, end, first, last, spare)

    def _opened(self, start: int, end: int, first: int, last: int, spare: float) -> Fitted:
        """A line with `spare` em: what may open opens in step, each up to its most; then the last resorts.

        Latin letters are drawn a little wider; the letters of an address or of Korean stand apart by very little;
        then blanks and Han take all the rest. A line with nothing that could open stays ragged.
        """
        han = self.han[last] - self.han[first]
        gaps = self.gaps[last] - self.gaps[first]
        words = self.words[last] - self.words[first]
        most_word = (self.word_room[last] - self.word_room[first]) / words if words else 0.0
        step = _step(spare, han, words, most_word, gaps, self.most_gap)
        each_word, each_gap = min(WORD_RATE * step, most_word), min(GAP_RATE * step, self.most_gap)
        each_han = min(step, MOST_HAN)
        spare -= han * each_han + words * each_word + gaps * each_gap
        cost = _LINE_COST + step + 100.0 * (step / EASY) ** 3
        if spare < 1e-6:
            return Fitted(start, end, cost, each_han, each_word, each_gap)
        latin = self.latin[last + 1] - self.latin[first]
        wider = min(spare / latin, MOST_WIDER) if latin else 0.0
        spare -= wider * latin
        cost += _WIDER_COST * (wider / MOST_WIDER) ** 2
        if spare < 1e-6:
            return Fitted(start, end, cost, each_han, each_word, each_gap, wider)
        count = self.letters[last] - self.letters[first] + max(_letters(self.items[last]) - 1, 0)
        letters = min(spare / count, MOST_LETTERS) if count else 0.0
        spare -= letters * count
        cost += _LETTERS_COST * (letters / MOST_LETTERS) ** 2
        if spare < 1e-6:
            return Fitted(start, end, cost, each_han, each_word, each_gap, wider, letters)
        places = words * WORD_RATE + han
        if not places:
            cost += _WIDE_COST + 300.0 * spare * self.setting.size / self.setting.measure
            return Fitted(start, end, cost, ragged=True)
        more = spare / places
        cost += _WIDE_COST * (1.0 + (more / EASY) ** 2)
        return Fitted(start, end, cost, each_han + more, each_word + WORD_RATE * more, each_gap, wider, letters)


def _step(spare: float, han: float, words: float, most_word: float, gaps: float, most_gap: float) -> float:
    """How far Han and Han open when `spare` em are spread, in em; blanks and gaps at their rates to their most."""
    limits = [(most_word / WORD_RATE, words, WORD_RATE), (most_gap / GAP_RATE, gaps, GAP_RATE)]
    if limits[1][0] < limits[0][0]:
        limits.reverse()
    rates = han + words * WORD_RATE + gaps * GAP_RATE
    step = limits[1][0]
    for limit, count, rate in limits:
        if rates > 1e-9:
            step = spare / rates
        if not count or (step <= limit and rates > 1e-9):
            continue
        spare -= count * rate * limit
        rates -= count * rate
        step = spare / rates if rates > 1e-9 else limit
    return min(step, MOST_HAN)


def _letters(item: Item) -> int:
    """How many places a piece of an address, or a Korean word, has between its letters and after them."""
    return len(item.shapes) if item.loosened else 0


def _end_trim(item: Item, rules: SettingRules) -> float:
    """What a mark at the end of a line can give away, in em (clreq 3.2.4)."""
    if item.kind == CLOSING:
        return 0.0 if item.text in rules.half else 0.5
    if item.kind in (PAUSE, STOP) and item.text not in rules.half and item.text not in "！？·‧・":
        return 0.25 if rules.centred or item.text in rules.middle else 0.5
    return 0.0


def _sums(values: Iterable[float]) -> list[float]:
    return [0.0, *accumulate(values)]

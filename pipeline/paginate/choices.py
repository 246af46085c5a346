"""Choices: the pages that may begin where the page before has ended, and what each costs."""

from bisect import bisect_right
from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

from pipeline.paginate import costs
from pipeline.paginate.material import Material, State
from pipeline.paginate.page import NoteLines
from pipeline.paginate.plans import Plan, depth_at, plans

MIN_NOTE_LINES = 2
"""Fewest lines of a divided note on either page."""

WINDOW = 4
"""How many lines less than the fullest page another may have to be tried; `FEWEST_ENDS` are tried in any case."""

FEWEST_ENDS = 2

DEEP_HOLE = 12
"""Empty lines on the fullest page from which it may be better to part lines that should stand together."""

DIVIDING_ENDS = 6
"""About how many pages are tried at most on which the last note has to be divided."""

FACING_REACH = 0.75
"""A mention less than this part of a page of text after a left page is taken to stand on the right one."""


class Choice(NamedTuple):
    """A page that may be chosen: of its last note, `left` lines are left over.

    It takes `used` points, which leaves `empty` whole lines; `last` if nothing follows.
    """

    state: State
    plan: Plan
    end: int
    left: int
    used: float
    empty: int
    last: bool


class Choices:
    """The pages that a brief may have. `tried` counts those that were looked at."""

    def __init__(self, material: Material) -> None:
        self.tried = 0
        self._material = material
        self._short = [costs.PAGE + costs.short(n) for n in range(int(material.full / material.frame.pitch) + 1)]
        self._end = len(material.rows), len(material.floats)

    def after(self, state: State, left_page: bool) -> list[tuple[float, Choice]]:
        """The pages that may begin at a state, with their costs; `left_page` if the next page faces them.

        If none is within the type area and ends where it may, or all leave a hole of `DEEP_HOLE` lines, also the
        fullest that end elsewhere; if none is within the type area at all, one that sticks out.
        """
        possible = list(plans(self._material, state))
        choices = [
            choice
            for plan in possible
            for end, used in self._ends(state, plan)
            for choice in self._pages(state, plan, end, used)
        ]
        self.tried += max(len(choices), 1)
        judged = [
            (self._cost(choice, left_page), choice)
            for choice in choices
            if not (choice.plan.fits and self._moves_for_nothing(choice, left_page))
        ]
        if judged and min(choice.empty for _, choice in judged) < DEEP_HOLE:
            return judged
        broken = self._broken(state, possible)
        judged += [(costs.BROKEN_KEEP + self._cost(choice, left_page), choice) for choice in broken]
        if judged:
            return judged
        overfull = self._overfull(state, possible)
        return [(costs.OVERFULL + max(overfull.used - self._material.frame.height, 0.0), overfull)]

    # Where a page may end

    def _ends(self, state: State, plan: Plan) -> Iterator[tuple[int, float]]:
        """Where a page with these floats may end, and what it takes with its notes whole, in points.

        A few rows before it is full, or beyond, where the last note has to be divided.
        """
        breaks, low = self._material.break_before, plan.low
        most = self._most(plan)
        whole = self._last(plan, low, most)
        tried, end, fewest = 0, breaks[max(whole, low)], 0.0
        while end > low:
            used = self._used(plan, end)
            if not tried:
                fewest = used - WINDOW * self._material.frame.pitch
            if tried >= FEWEST_ENDS and used < fewest:
                break
            yield end, used
            tried += 1
            end = breaks[end - 1]
        if tried < FEWEST_ENDS and _may_end_low(state, plan):
            yield low, self._used(plan, low)
        if whole < most:
            for end in self._dividing_ends(state, plan, max(whole, low), most):
                yield end, self._used(plan, end)

    def _dividing_ends(self, state: State, plan: Plan, whole: int, most: int) -> list[int]:
        """Ends beyond `whole` for which the last note has to be divided: the first two, and some farther down."""
        breaks = self._material.break_before
        end = breaks[self._last_dividing(state, plan, whole + 1, most)]
        ends: list[int] = []
        while end > whole:
            ends.append(end)
            end = breaks[end - 1]
        ends.reverse()
        step = max(ceil((len(ends) - 2) / (DIVIDING_ENDS - 2)), 1)
        return [*ends[:2], *ends[2::step]]

    def _most(self, plan: Plan) -> int:
        """The last row at which a page with these floats may end, its notes left aside."""
        return min(plan.most, bisect_right(self._material.fall, self._material.full - plan.base) - 1)

    def _last(self, plan: Plan, low: int, most: int) -> int:
        """The last end from `low` to `most` that lets all notes stay whole; `low - 1` if none does."""
        material, full = self._material, self._material.full
        if most < low or self._used(plan, most) <= full:
            return max(most, low - 1)
        sure = low
        if plan.floats == plan.placed:
            notes = material.notes_depth(plan.lines + material.row_lines[most])
            sure = max(low, bisect_right(material.fall, full - plan.base - notes) - 1)
        return sure - 1 + bisect_right(range(sure, most), full, key=lambda end: self._used(plan, end))

    def _last_dividing(self, state: State, plan: Plan, low: int, most: int) -> int:
        """The last end from `low` to `most` that leaves room to begin the last note; `low - 1` if none does."""
        ends = range(low, most + 1)
        return low - 1 + bisect_right(ends, self._material.full, key=lambda end: self._least(state, plan, end))

    def _used(self, plan: Plan, end: int) -> float:
        """The height that a page takes with all its notes whole."""
        material = self._material
        if end == plan.low:
            depth = plan.low_depth
        elif plan.floats == plan.placed:
            depth = plan.base + material.fall[end]
        else:
            depth = depth_at(material, plan, end)
        lines = plan.lines + material.row_lines[end]
        return depth + material.frame.note_space + lines * material.frame.note_pitch if lines else depth

    def _least(self, state: State, plan: Plan, end: int) -> float:
        """The height that a page takes with its last note divided as early as it may be."""
        material = self._material
        last = material.last_note(state, material.called(end, plan.floats))
        over = last - MIN_NOTE_LINES if last >= 2 * MIN_NOTE_LINES else 0
        return self._used(plan, end) - over * material.frame.note_pitch

    def _pages(self, state: State, plan: Plan, end: int, used: float) -> Iterator[Choice]:
        """The page with its notes whole (`used` points), or with the last divided where the page is full."""
        if used <= self._material.full:
            yield self._choice(state, plan, end, 0, used)
            return
        room, last = self._room(state, plan, end)
        here = min(room, last - MIN_NOTE_LINES)
        if here >= MIN_NOTE_LINES:
            note = self._material.notes[self._material.called(end, plan.floats) - 1]
            for lines in _divisions(note, note.count - last, here):
                yield self._divided(state, plan, end, last - lines)

    def _room(self, state: State, plan: Plan, end: int) -> tuple[int, int]:
        """The lines that a page has for its last note, and those of that note."""
        material, frame = self._material, self._material.frame
        last = material.last_note(state, material.called(end, plan.floats))
        before = plan.lines + material.row_lines[end] - last
        height = material.full - depth_at(material, plan, end) - frame.note_space
        return int(height // frame.note_pitch) - before, last

    def _divided(self, state: State, plan: Plan, end: int, left: int) -> Choice:
        used = self._used(plan, end) - left * self._material.frame.note_pitch
        return self._choice(state, plan, end, left, used)

    def _choice(self, state: State, plan: Plan, end: int, left: int, used: float) -> Choice:
        material = self._material
        empty = int((material.full - used) / material.frame.pitch) if used < material.full else 0
        last = end == self._end[0] and plan.floats == self._end[1] and not left
        return Choice(state, plan, end, left, used, empty, last)

    def _moves_for_nothing(self, choice: Choice, left_page: bool) -> bool:
        """Whether the text flows past a float that fits in place, and not to wait for its mention."""
        number = choice.plan.placed
        return choice.end > self._material.floats[number].row and not self._is_early(number, choice.end, left_page)

    def _is_early(self, number: int, end: int, left_page: bool) -> bool:
        """Whether a float on a page that ends at row `end` would stand before the spread of its first mention."""
        mention = self._material.limits[number].mention
        if mention is None or mention < end:
            return False
        return not (left_page and self._material.text_between(end, mention + 1) <= FACING_REACH)

    # Where there is no good page

    def _broken(self, state: State, possible: list[Plan]) -> list[Choice]:
        """The fullest pages that end where they should not, with their notes whole and with the last divided."""
        whole = ((plan, self._last(plan, plan.low, self._most(plan))) for plan in possible)
        divided = ((plan, self._last_dividing(state, plan, plan.low + 1, self._most(plan))) for plan in possible)
        found: list[Choice] = []
        for ends in (whole, divided):
            plan, end = next(((plan, end) for plan, end in ends if end > plan.low), (None, 0))
            if plan is not None:
                found += list(self._pages(state, plan, end, self._used(plan, end)))[:1]
        return found

    def _overfull(self, state: State, possible: list[Plan]) -> Choice:
        """A page with one row or float, whatever sticks out; its last note is divided where the page is full."""
        material, end = self._material, state.row
        plan = possible[0]
        if state.float_ < len(material.floats) and material.floats[state.float_].row <= end:
            beyond = state.float_ + 1
            depth = material.floats[state.float_].height
            lines = plan.lines + material.float_lines[beyond] - material.float_lines[beyond - 1]
            plan = plan._replace(top=beyond, placed=beyond, floats=beyond, low_depth=depth, lines=lines)
        elif end < len(material.rows):
            end += 1
        room, last = self._room(state, plan, end)
        return self._divided(state, plan, end, max(last - max(room, 1), 0))

    # What a page costs

    def _cost(self, choice: Choice, left_page: bool) -> float:
        """The cost of a page but for the facing page."""
        cost = self._foot_cost(choice)
        if choice.left or choice.state.carried:
            cost += self._note_cost(choice)
        if choice.state.float_ < self._end[1]:
            cost += self._float_cost(choice, left_page)
        return cost

    def _foot_cost(self, choice: Choice) -> float:
        """What it costs that a page ends where it does."""
        frame = self._material.frame
        if choice.last:
            return costs.last(choice.used / frame.pitch, frame.height / frame.pitch)
        cost = self._short[choice.empty]
        if choice.end > choice.plan.low:
            cost += self._material.rows[choice.end - 1].cost
        if choice.used < frame.height / 3:
            cost += costs.THIN_PAGE
        return cost

    def _note_cost(self, choice: Choice) -> float:
        """What it costs that notes are divided."""
        state, plan, end, left, *_ = choice
        material, cost = self._material, 0.0
        if left:
            note = material.notes[material.called(end, plan.floats) - 1]
            cost += costs.DIVIDED_NOTE + costs.CONTINUED_LINE * left
            cost += costs.DEAR_DIVISION if note.count - left in note.dear else 0.0
            cost += costs.BROKEN_KEEP if note.count - left in note.kept else 0.0
        if end == state.row and plan.floats == state.float_:
            return cost + costs.NOTES_ALONE
        if not choice.last:
            lacking = material.frame.height / 3 - depth_at(material, plan, end)
            cost += costs.THIN_TEXT_LINE * max(lacking, 0.0) / material.frame.pitch
        return cost

    def _float_cost(self, choice: Choice, left_page: bool) -> float:
        """What it costs that floats stand too early, or not yet."""
        state, plan, end, *_ = choice
        standing = self._material.standing(end)
        if standing <= plan.floats == state.float_:
            return 0.0
        early = sum(self._is_early(number, end, left_page) for number in range(state.float_, plan.floats))
        cost = costs.EARLY_FLOAT * early
        for number in range(plan.floats, standing):
            limits = self._material.limits[number]
            if limits.due < end:
                cost += costs.MOVED_FLOAT
                cost += costs.LATE_FLOAT * self._material.text_between(limits.due, end)
            if state.row <= limits.section < end or state.row < end == self._end[0]:
                cost += costs.PASSED_SECTION
        return cost


def _may_end_low(state: State, plan: Plan) -> bool:
    """Whether a page may end at its lowest: after a float, or with notes alone."""
    return plan.low > state.row or plan.floats > state.float_ or state.carried > 0


def _divisions(note: NoteLines, begun: int, here: int) -> list[int]:
    """How many more lines of a note, of which `begun` are set, may stand on a page that has room for `here`.

    The most that may be, and the most that is not dear either; where a division is forbidden everywhere, `here`.
    """
    if not note.dear and not note.kept:
        return [here]
    allowed = [lines for lines in range(here, MIN_NOTE_LINES - 1, -1) if begun + lines not in note.kept]
    cheap = [lines for lines in allowed if begun + lines not in note.dear]
    return list(dict.fromkeys((*allowed[:1], *cheap[:1]))) or [here]

"""Search: where the pages of a brief end, by dynamic programming.

The states in which a page may begin are worked off page by page, so it is known whether a page is left or right.
Of the states after the same number of pages only those go on that can still win (`MARGIN`), and from each only
the fullest pages are tried (`choices.py`): the work grows with the number of pages.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pipeline.paginate import costs
from pipeline.paginate.choices import Choice, Choices
from pipeline.paginate.material import Material, State
from pipeline.paginate.page import NotePart

MARGIN = 200.0
"""A state is given up if another is as far or farther for so much less: more than a last page can make good."""

STATES = 32
"""Most states after the same number of pages: a bound for texts that are nearly all notes."""

UNCOMPARED = 3
"""A page that lacks so many lines has a hole, and its facing page need not match: the spread is unequal anyway."""


class Step(NamedTuple):
    """A page that has been chosen: its rows, the parts of notes at its foot, and its floats.

    Of `floats`, the first to the second (exclusive) are at the top, to the third in place, to the fourth below the
    text.
    """

    start: int
    end: int
    notes: tuple[NotePart, ...]
    floats: tuple[int, int, int, int]


class _Node(NamedTuple):
    """The cheapest way to a state: the page before it, and how that began."""

    cost: float
    before: "_Node | None"
    page: Choice | None


class _Option(NamedTuple):
    """A page that may follow on a state, and the state after it; None if nothing is left.

    The page lacks `empty` lines, `UNCOMPARED` at most; that it does not match the facing page is not in `cost`.
    """

    cost: float
    empty: int
    after: State | None
    page: Choice


class Search:
    """The search for the cheapest pages of one brief."""

    def __init__(self, material: Material, first_folio: int) -> None:
        self._material, self._first_folio = material, first_folio
        self._choices = Choices(material)

    @property
    def tried(self) -> int:
        """How many pages were looked at."""
        return self._choices.tried

    def steps(self) -> list[Step]:
        """The pages that were chosen, in order."""
        if not self._material.rows and not self._material.floats:
            return []
        finished: _Node | None = None
        folio = self._first_folio
        waiting = {State(0, 0, 0, 0): _Node(0.0, None, None)}
        while waiting:
            reached: dict[State, _Node] = {}
            for cost, node, option in self._turned(waiting, folio):
                after = option.after
                if after is None:
                    if finished is None or cost < finished.cost:
                        finished = _Node(cost, node, option.page)
                elif after not in reached or cost < reached[after].cost:
                    reached[after] = _Node(cost, node, option.page)
            waiting = {s: n for s, n in reached.items() if finished is None or n.cost < finished.cost}
            folio += 1
        return self._followed(finished)

    def _turned(self, waiting: Mapping[State, _Node], folio: int) -> Iterator[tuple[float, _Node, _Option]]:
        """The pages with number `folio` that may follow, each with the cost of all pages so far."""
        known: dict[State, list[_Option]] = {}
        faces = folio % 2 == 1 and folio > self._first_folio
        for state, node in _promising(waiting):
            alone = State(state.row, state.float_, state.carried, 0)
            options = known.get(alone)
            if options is None:
                options = known[alone] = self._options(alone, left_page=folio % 2 == 0)
            for option in options:
                cost = node.cost + option.cost
                unequal = option.empty != state.short or option.empty == UNCOMPARED
                if faces and unequal and option.after is not None:
                    cost += costs.UNEQUAL_SPREAD
                yield cost, node, option

    def _options(self, state: State, left_page: bool) -> list[_Option]:
        options = []
        for cost, page in self._choices.after(state, left_page):
            empty = min(page.empty, UNCOMPARED)
            after = State(page.end, page.plan.floats, page.left, empty if left_page else 0)
            options.append(_Option(cost, empty, None if page.last else after, page))
        return options

    def _followed(self, node: _Node | None) -> list[Step]:
        steps: list[Step] = []
        while node is not None and node.page is not None:
            state, plan, end, left, *_ = node.page
            notes = self._material.parts(state, self._material.called(end, plan.floats), left)
            steps.append(Step(state.row, end, notes, (state.float_, plan.top, plan.placed, plan.floats)))
            node = node.before
        return steps[::-1]


def _promising(waiting: Mapping[State, _Node]) -> list[tuple[State, _Node]]:
    """The states that can still win, cheapest first."""
    kept: list[tuple[State, _Node]] = []
    for state, node in sorted(waiting.items(), key=lambda item: item[1].cost):
        if not _is_beaten(state, node.cost, kept):
            kept.append((state, node))
    return kept[:STATES]


def _is_beaten(state: State, cost: float, kept: list[tuple[State, _Node]]) -> bool:
    """Whether a state that is as far or farther costs less by the margin; `kept` are cheapest first."""
    for other, node in kept:
        if node.cost + MARGIN > cost:
            return False
        if other.row >= state.row and other.float_ >= state.float_ and other.carried <= state.carried:
            return True
    return False

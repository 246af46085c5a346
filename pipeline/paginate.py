"""Paginate: rows and notes to pages.

A page is a number of whole rows above a number of whole note lines. A note starts on the page of its call and
may go on at the foot of the next; the breaks of a brief are chosen together, so that the sum of what is ugly
about its pages is least (dynamic programming over the places where a page may end).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

EMPTY_LINE_COST = 5.0

FILLABLE_LINE_COST = 40.0
"""Cost of an empty line that could have been filled; two cost four times as much."""

BROKEN_BEFORE_BOX_COST = 1000.0
"""Cost of ending a page early where a figure that does not fit leaves a hole anyway."""

BOX_LINES = 4
"""Rows higher than this are figures and tables."""

SHORT_END_COST = 6.0
"""Cost of a line that a last page lacks to be a third full; two cost four times as much."""

SPLIT_COST = 40.0
"""Cost of a note that goes on on the next page: as bad as eight empty lines."""

MIN_NOTE_LINES = 2
"""Fewest lines of a divided note on either page."""


@dataclass(frozen=True, slots=True)
class Row:
    """One unbreakable row of a brief: a line, or a block such as a figure or a heading.

    `height`, `space` (above it) and `top` (above it at the head of a page) are in points; `notes` holds the
    number of lines of each note called in it; `keep` forbids a page break after it, `cost` makes it dearer.
    """

    height: float
    space: float = 0.0
    top: float = 0.0
    notes: tuple[int, ...] = ()
    keep: bool = False
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The type area: its height, and what notes take of it, in points."""

    height: float
    note_pitch: float
    note_space: float
    pitch: float


@dataclass(frozen=True, slots=True)
class NotePart:
    """Lines `start` to `end` (exclusive) of note number `note` (from 0, in the order of the calls)."""

    note: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """Rows `start` to `end` (exclusive) and the parts of notes at the foot; `depth` is the height used."""

    start: int
    end: int
    notes: tuple[NotePart, ...]
    depth: float


@dataclass(frozen=True, slots=True)
class _State:
    """Where a page begins: the row, and how many lines of the last note before it are still to be set."""

    row: int
    carried: int


@dataclass(frozen=True, slots=True)
class _Step:
    cost: float
    before: _State | None
    page: Page | None


def paginate(rows: Sequence[Row], frame: Frame) -> tuple[Page, ...]:
    """The pages of one brief. Never fails: a row higher than the page gets a page of its own."""
    notes = [length for row in rows for length in row.notes]
    called = [0, *accumulate(len(row.notes) for row in rows)]
    first = _State(0, 0)
    best: dict[_State, _Step] = {first: _Step(0.0, None, None)}
    waiting = [first]
    while waiting:
        state = min(waiting, key=lambda s: (s.row, -s.carried))
        waiting.remove(state)
        if state.row == len(rows) and not state.carried:
            continue
        for page, left, cost in _pages_from(state, rows, notes, called, frame):
            reached = _State(page.end, left)
            total = best[state].cost + cost
            if reached not in best or total < best[reached].cost:
                if reached not in best:
                    waiting.append(reached)
                best[reached] = _Step(total, state, page)
    return tuple(_followed(best, _State(len(rows), 0)))


def _followed(best: dict[_State, _Step], state: _State) -> list[Page]:
    pages: list[Page] = []
    step = best[state]
    while step.page is not None and step.before is not None:
        pages.append(step.page)
        step = best[step.before]
    return pages[::-1]


def _pages_from(
    state: _State, rows: Sequence[Row], notes: Sequence[int], called: Sequence[int], frame: Frame
) -> Iterator[tuple[Page, int, float]]:
    """Every page that may begin at `state`, with the note lines it leaves to the next and its cost."""
    carried_note = called[state.row] - 1
    carried = (
        [NotePart(carried_note, notes[carried_note] - state.carried, notes[carried_note])] if state.carried else []
    )
    choices: list[tuple[Page, int]] = []
    depth = 0.0
    for end in range(state.row, len(rows) + 1):
        if end > state.row:
            row = rows[end - 1]
            depth += row.height + (row.space if end - 1 > state.row else row.top)
        if depth > frame.height + 0.01:
            break
        if not _may_end(end, state, rows):
            continue
        whole = [NotePart(note, 0, notes[note]) for note in range(called[state.row], called[end])]
        for parts, left in _note_choices([*carried, *whole], frame, depth):
            used = depth + _notes_depth(parts, frame)
            if used <= frame.height + 0.01:
                choices.append((Page(state.row, end, tuple(parts), used), left))
    if not choices:
        yield _overfull(state, rows, notes, called, carried, frame)
    whole_notes = [page for page, left in choices if not left]
    fullest = max((page.depth for page in whole_notes), default=frame.height)
    last_end = max((page.end for page in whole_notes), default=len(rows))
    before_box = last_end < len(rows) and rows[last_end].height > BOX_LINES * frame.pitch
    for page, left in choices:
        cost = _cost(page, left, page.end == len(rows), fullest, frame)
        cost += rows[page.end - 1].cost if page.end > page.start else 0.0
        cost += BROKEN_BEFORE_BOX_COST if before_box and page.end < last_end else 0.0
        yield page, left, cost


def _may_end(end: int, state: _State, rows: Sequence[Row]) -> bool:
    if end == state.row:
        return state.carried > 0  # a page of notes alone
    return end == len(rows) or not rows[end - 1].keep


def _note_choices(parts: list[NotePart], frame: Frame, depth: float) -> Iterator[tuple[list[NotePart], int]]:
    """All notes whole; or the last one divided where the page is full."""
    yield parts, 0
    if not parts:
        return
    last = parts[-1]
    lines = last.end - last.start
    room = int((frame.height + 0.01 - depth - frame.note_space) / frame.note_pitch) - sum(
        part.end - part.start for part in parts[:-1]
    )
    here = min(room, lines - MIN_NOTE_LINES)
    if here >= min(MIN_NOTE_LINES, lines - 1) and here > 0:
        yield [*parts[:-1], NotePart(last.note, last.start, last.start + here)], lines - here


def _notes_depth(parts: Sequence[NotePart], frame: Frame) -> float:
    lines = sum(part.end - part.start for part in parts)
    return frame.note_space + lines * frame.note_pitch if lines else 0.0


def _cost(page: Page, left: int, last: bool, fullest: float, frame: Frame) -> float:
    """Ugliness of a page: its empty lines, and the square of those that could have been filled.

    The hole before a figure that does not fit can't be helped and should stay in one place, so it counts by
    its lines. A last page may be short, but not nearly empty.
    """
    empty = max(frame.height - page.depth, 0.0) / frame.pitch
    if last and not left:
        return SHORT_END_COST * max(empty - frame.height / frame.pitch * 2 / 3, 0.0) ** 2
    fillable = max(fullest - page.depth, 0.0) / frame.pitch
    return 1.0 + EMPTY_LINE_COST * empty + FILLABLE_LINE_COST * fillable**2 + (SPLIT_COST if left else 0.0)


def _overfull(
    state: _State,
    rows: Sequence[Row],
    notes: Sequence[int],
    called: Sequence[int],
    carried: list[NotePart],
    frame: Frame,
) -> tuple[Page, int, float]:
    """Where nothing fits: the fewest rows that may stand together, whatever sticks out; no row is lost."""
    end = state.row + 1
    while end < len(rows) and rows[end - 1].keep:
        end += 1
    depth = rows[state.row].top - rows[state.row].space
    depth += sum(row.height + row.space for row in rows[state.row : end])
    parts = [*carried, *(NotePart(note, 0, notes[note]) for note in range(called[state.row], called[end]))]
    left = 0
    if parts:
        last = parts[-1]
        room = int((frame.height - depth - frame.note_space) / frame.note_pitch)
        here = max(room - sum(part.end - part.start for part in parts[:-1]), 1)
        if here < last.end - last.start:
            parts[-1] = NotePart(last.note, last.start, last.start + here)
            left = last.end - last.start - here
    used = depth + _notes_depth(parts, frame)
    return Page(state.row, end, tuple(parts), used), left, 10_000.0 + max(used - frame.height, 0.0)

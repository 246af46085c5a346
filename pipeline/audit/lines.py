"""Lines: glyphs to lines, lines to paragraphs, and the edges of their measures, from positions alone.

A line is what stands on one baseline without a void in it; calls, ruby and emphasis marks, small and off the
baseline, belong to the line beside them. The edges are what most lines of one size and one left edge share.
A `Matched` line (see `align`) says which paragraph of the source it is from; without it paragraphs are told
by indents, short lines and steps of the pitch.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from pipeline.audit.align import Matched
from pipeline.audit.glyphs import OPENING, Glyph, Page, kind

FLUSH = 0.3
"""How far from the edge, in points, a line may end."""

_VOID = 1.2
"""A gap without a blank in it, in em, that parts two columns, cells, or a number and its text."""

_NUMBER_VOID, _ITEM_VOID = 0.38, 0.4
"""The same behind a figure or two that begin a row, or the mark of an item; no justified line has it."""

_LABEL = re.compile(r"\d{1,3}|\*{1,3}|(?:\d{1,2}|[A-Za-z]|[ivxIVX]{1,4})[.)]|•")
_TYPED_LABEL = re.compile(r"(\d{1,3})[.．、\s]")
_SMALL = 0.75
"""What is smaller than this part of the line beside it is a call, ruby, or an emphasis mark."""

_SAME_BLOCK = 1.4
"""A step from line to line of more than this many pitches parts two paragraphs."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line: `glyphs` from left to right with the calls among them, blanks at its ends left out.

    `baseline`, `start` and `end` (pen plus advance of the last glyph) in points, `size` the most common one.
    `label` is the number set apart to its left, `cell` tells that other text stands beside it.
    """

    page: int
    size: float
    baseline: float
    start: float
    end: float
    glyphs: tuple[Glyph, ...]
    label: str = ""
    cell: bool = False

    @property
    def text(self) -> str:
        """What the line says."""
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def letters(self) -> str:
        """What the line says without blanks and calls."""
        return "".join(g.text for g in self.glyphs if not g.raised and kind(g.text) != "blank")

    @property
    def call(self) -> str:
        """The figures of the note number the line begins with, raised; empty where it begins otherwise."""
        figures = ""
        for glyph in self.glyphs:
            if not (glyph.raised and (glyph.text.isdigit() or glyph.text == "*")):
                break
            figures += glyph.text
        return figures


@dataclass(frozen=True, slots=True, eq=False)
class Paragraph:
    """The lines of a paragraph, over pages and columns.

    `running`: running text, of which straight edges are expected; `note`: of a note.
    """

    lines: tuple[Line, ...]
    running: bool
    note: bool

    @property
    def continuations(self) -> tuple[Line, ...]:
        """The lines that a line break made."""
        return self.lines[1:]


Edges = tuple[float, float]
"""Left and right edge of a line's measure, in points."""


@dataclass(frozen=True)
class Typesetting:
    """All that was read from a document. `lines` are the lines of the type area, without heads and folios.

    `body` and `notes` are sizes in points; `last_pages` the numbers of the pages on which a brief ends; `pitch`
    is what the body's should be, in points, where that is known.
    """

    pages: tuple[Page, ...]
    every_line: tuple[Line, ...]
    lines: tuple[Line, ...]
    paragraphs: tuple[Paragraph, ...]
    edges: Mapping[Line, Edges]
    body: float
    notes: float
    note_lines: frozenset[Line]
    last_pages: frozenset[int] = frozenset()
    pitch: float | None = None
    matched: Mapping[Line, Matched] = field(default_factory=dict)

    @cached_property
    def running(self) -> tuple[Paragraph, ...]:
        """The paragraphs of running text."""
        return tuple(paragraph for paragraph in self.paragraphs if paragraph.running)

    @cached_property
    def lost_notes(self) -> tuple[Line, ...]:
        """The lines of note size, whether or not they stand in the type area."""
        return tuple(line for line in self.every_line if line.size == self.notes)

    @cached_property
    def justified(self) -> tuple[Line, ...]:
        """The lines that must be flush: all but the last of each paragraph of running text."""
        return tuple(line for paragraph in self.running for line in paragraph.lines[:-1] if line in self.edges)

    def measure(self, line: Line) -> float:
        """The measure of a line in em; 0 where it is unknown."""
        left, right = self.edges.get(line, (0.0, 0.0))
        return (right - left) / line.size


# Glyphs to lines


def page_lines(page: Page) -> list[Line]:
    """The lines of a page from top to bottom, those on one baseline from left to right."""
    runs = [run for row in _rows(page.glyphs) for run in _parted(row, page.glyphs)]
    sizes = [_size(run) for run in runs]
    beside: dict[int, list[Glyph]] = defaultdict(list)
    small: set[int] = set()
    for index, run in enumerate(runs):
        host = _host(index, runs, sizes)
        if host is not None:
            small.add(index)
            beside[host] += [glyph._replace(raised=True) for glyph in run]
    rows: dict[float, list[Line]] = defaultdict(list)
    for index, run in enumerate(runs):
        if index not in small:
            glyphs = _with_raised(run, beside[index]) if index in beside else run
            rows[run[0].y].append(_line(page.number, sizes[index], run[0].y, glyphs))
    return [line for row in rows.values() for line in _labelled(row)]


def _rows(glyphs: Iterable[Glyph]) -> Iterable[list[Glyph]]:
    """The glyphs on each baseline, from left to right; baselines within .3 pt are one."""
    by_baseline: dict[float, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        by_baseline[glyph.y].append(glyph)
    row: list[Glyph] = []
    for baseline in sorted(by_baseline, reverse=True):
        if row and row[0].y - baseline > 0.3:
            yield sorted(row, key=_pen)
            row = []
        row += by_baseline[baseline]
    if row:
        yield sorted(row, key=_pen)


def _pen(glyph: Glyph) -> float:
    return glyph.x


def _parted(row: Sequence[Glyph], page: Sequence[Glyph]) -> Iterable[list[Glyph]]:
    """A row cut at its voids; blanks at the ends of the pieces are dropped."""
    piece: list[Glyph] = []
    blanks: list[Glyph] = []
    for glyph in row:
        if kind(glyph.text) == "blank":
            blanks.append(glyph)
            continue
        if piece and _no_blank(blanks, piece) and _is_void(piece, glyph, page):
            yield piece
            piece = []
        if piece:
            piece += blanks
        blanks = []
        piece.append(glyph)
    if piece:
        yield piece


def _is_void(piece: Sequence[Glyph], glyph: Glyph, page: Sequence[Glyph]) -> bool:
    """Whether the gap before a glyph parts it from a piece: a smaller gap does behind what may be a number apart.

    What superscripts fill is no gap.
    """
    end, size = piece[-1].end, max(glyph.size, piece[-1].size)
    void = _NUMBER_VOID if _is_number(piece) else _ITEM_VOID if _is_mark(piece) else _VOID
    room = glyph.x - end - void * size
    if room <= 0:
        return False
    filled = (
        small.end - small.x
        for small in page
        if small.size <= _SMALL * size and abs(small.y - glyph.y) < size and end - 1 < small.x < glyph.x
    )
    return room > sum(filled)


def _is_number(piece: Sequence[Glyph]) -> bool:
    return len(piece) <= 3 and all("0" <= glyph.text <= "9" for glyph in piece)


def _is_mark(piece: Sequence[Glyph]) -> bool:
    """Whether a piece may be the mark of an item: 3. b) •"""
    return len(piece) <= 5 and bool(_LABEL.fullmatch("".join(glyph.text for glyph in piece)))


def _no_blank(blanks: Sequence[Glyph], piece: Sequence[Glyph]) -> bool:
    """Whether no blank was typed behind a piece; one without width, behind a number, was not."""
    return not blanks or (_is_number(piece) and all(blank.end == blank.x for blank in blanks))


def _size(run: Sequence[Glyph]) -> float:
    return Counter(glyph.size for glyph in run).most_common(1)[0][0]


def _host(index: int, runs: Sequence[list[Glyph]], sizes: Sequence[float]) -> int | None:
    """The run that a small one belongs to, being near its baseline: a little below to above its height."""
    run, size = runs[index], sizes[index]
    if len(run) > 12 or size > _SMALL * max(sizes):
        return None
    found, nearest = None, 1e9
    for other, candidate in enumerate(runs):
        high = run[0].y - candidate[0].y
        reach = sizes[other]
        if size > _SMALL * reach or not -0.5 * reach <= high <= 1.2 * reach or abs(high) <= 0.3:
            continue
        aside = max(candidate[0].x - run[-1].end, run[0].x - candidate[-1].end)
        if aside < 0.6 * reach and abs(high) + max(aside, 0.0) < nearest:
            found, nearest = other, abs(high) + max(aside, 0.0)
    return found


def _with_raised(run: Sequence[Glyph], raised: Iterable[Glyph]) -> list[Glyph]:
    """A line with its calls; what stands above or below a character (ruby, marks) is no part of the line."""
    inside = [
        glyph
        for glyph in raised
        if not any(
            base.x < (glyph.x + glyph.end) / 2 < base.end and kind(base.text) in ("han", "latin", "hangul")
            for base in run
        )
    ]
    return sorted((*run, *inside), key=_pen)


def _line(page: int, size: float, baseline: float, glyphs: Sequence[Glyph]) -> Line:
    return Line(page, size, baseline, glyphs[0].x, glyphs[-1].end, tuple(glyphs))


def _labelled(row: list[Line]) -> list[Line]:
    """The lines of one row: a number that stands alone to the left is the label of its line."""
    if len(row) < 2:
        return row
    first, second = row[0], row[1]
    apart = second.start - first.end
    if len(row) == 2 and _LABEL.fullmatch(first.text) and apart < 4 * second.size:
        return [_changed(second, label=first.text, cell=False)]
    return [_changed(line, label="", cell=True) for line in row]


def _changed(line: Line, label: str, cell: bool) -> Line:
    return Line(line.page, line.size, line.baseline, line.start, line.end, line.glyphs, label, cell)


def with_spaces(line: Line, places: Iterable[int]) -> Line:
    """The line with an ideographic space before some of its letters (counted from 0), where it has none.

    Some programs print the space of a headline as mere distance.
    """
    wanted, letter = set(places), 0
    glyphs: list[Glyph] = []
    for glyph in line.glyphs:
        if not glyph.raised and kind(glyph.text) != "blank":
            if letter in wanted and glyphs and kind(glyphs[-1].text) != "blank":
                glyphs.append(Glyph("\u3000", glyphs[-1].end, glyph.y, glyph.x, glyph.size, glyph.font))
            letter += len(glyph.text)
        glyphs.append(glyph)
    return Line(line.page, line.size, line.baseline, line.start, line.end, tuple(glyphs), line.label, line.cell)


# The type area, the notes, the edges


def common_size(lines: Iterable[Line], below: float = 1e9) -> float:
    """The size most glyphs have, among those smaller than `below`; 0 where there are none."""
    sizes: Counter[float] = Counter()
    for line in lines:
        if line.size < below:
            sizes[line.size] += len(line.glyphs)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def nearest_size(lines: Iterable[Line], wanted: float) -> float:
    """The size of the document next to one that the layout names; that one where no line is near it."""
    found = {line.size for line in lines if abs(line.size - wanted) < 0.1}
    return min(found, key=lambda size: abs(size - wanted)) if found else wanted


def in_columns(lines: Sequence[Line]) -> list[Line]:
    """The lines in reading order. Two columns are where many lines beside each other share two left edges."""
    ordered: list[Line] = []
    by_page: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_page[line.page].append(line)
    for page in by_page.values():
        starts = Counter(round(line.start) for line in page if line.cell and len(line.glyphs) > 9)
        columns = sorted(start for start, count in starts.items() if count >= 6)
        if len(columns) < 2:
            ordered += page
            continue
        for number in range(len(columns)):
            column = [line for line in page if sum(line.start > edge - 3 for edge in columns[1:]) == number]
            alone = Counter(line.baseline for line in column)
            ordered += [_changed(line, line.label, line.cell and alone[line.baseline] > 1) for line in column]
    return ordered


def type_area(lines: Sequence[Line], body: float) -> tuple[float, float]:
    """Baselines (highest, lowest) between which text stands: of lines with neighbours, and of notes of a line."""
    inside = [
        line
        for before, line in pairwise(lines)
        if line.size <= body + 0.01 and line.page == before.page and abs(line.size - before.size) < 0.1
        and 0 < before.baseline - line.baseline < 2.4 * line.size and abs(line.start - before.start) < 5 * body
    ]  # fmt: skip
    above = [before.baseline for before, line in pairwise(lines) if line in set(inside)]
    if not inside:
        return 1e9, -1e9
    noted = [line for line in lines if line.label.isdigit() and line.size < body]
    return max(above) + 0.2, min(line.baseline for line in (*inside, *noted)) - 0.2


def note_area(lines: Sequence[Line], body: float, notes: float) -> frozenset[Line]:
    """The lines of note size below the last line of the body, from the first numbered one or a page's first."""
    found: set[Line] = set()
    by_page: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_page[line.page].append(line)
    open_note = False
    for page in by_page.values():
        last = max((i for i, line in enumerate(page) if line.size > notes + 0.1), default=-1)
        foot = [line for line in page[last + 1 :] if abs(line.size - notes) < 0.1]
        first = next((i for i, line in enumerate(foot) if note_label(line)), None)
        if first is None and not open_note:
            continue
        found.update(foot if open_note else foot[first:])
        open_note = bool(foot)
    return frozenset(found) if body > notes else frozenset()


def note_label(line: Line) -> str:
    """The number of the note that a line begins: set apart, raised, or typed with a stop behind it."""
    typed = _TYPED_LABEL.match(line.text)
    return line.label or line.call or (typed[1] if typed else "")


def edges_of(lines: Sequence[Line]) -> dict[Line, Edges]:
    """The edges of each line whose left edge many lines of its size share, and whose right edge they show."""
    groups = _by_left_edge(lines)
    rights: dict[tuple[float, float], float] = {}
    for key, group in groups.items():
        right = _right_edge(group)
        if right is not None:
            rights[key] = right
    edges: dict[Line, Edges] = {}
    for (size, left), group in groups.items():
        for line in group:
            right = rights.get((size, left))
            near = [(abs(at - left), at) for of, at in rights if of == size and abs(at - left) < 0.75 * size]
            if right is None and near:
                left_edge = min(near)[1]
                edges[line] = left_edge, rights[size, left_edge]
            elif right is None:
                shared = next(
                    (r for (of, _), r in rights.items() if of == size and abs(r - line.end) < FLUSH), None
                )
                if shared is not None:
                    edges[line] = left, shared
            else:
                edges[line] = left, right
    return edges


def _by_left_edge(lines: Sequence[Line]) -> dict[tuple[float, float], list[Line]]:
    """The lines of each size and left edge; one that begins with a bracket goes to the most common edge.

    The blank half of the bracket may stand outside the edge, in part or whole.
    """
    groups: dict[tuple[float, float], list[Line]] = defaultdict(list)
    brackets: list[Line] = []
    for line in lines:
        if line.glyphs[0].text in OPENING:
            brackets.append(line)
        elif not line.cell:
            groups[line.size, round(line.start, 1)].append(line)
    for line in brackets:
        near = [
            (len(group), key)
            for key, group in groups.items()
            if key[0] == line.size and line.start - FLUSH < key[1] < line.start + 0.5 * line.size + FLUSH
        ]
        if not line.cell:
            groups[max(near)[1] if near else (line.size, round(line.start, 1))].append(line)
    return groups


def _right_edge(group: Sequence[Line], least: int = 3) -> float | None:
    """The outermost right edge that `least` lines, and a tenth of them, share; marks may stand outside it."""
    ends = [line.end for line in group if kind(line.glyphs[-1].text) in ("han", "latin", "hangul")]
    ends = ends or [line.end for line in group]
    needed = max(least, len(ends) / 10)
    for end in sorted(ends, reverse=True):
        shared = [each for each in ends if -0.25 <= each - end <= 0.05]
        if len(shared) >= needed:
            return Counter(round(each, 2) for each in shared).most_common(1)[0][0]
    return None


# Lines to paragraphs


def paragraphs_of(
    lines: Sequence[Line],
    edges: Mapping[Line, Edges],
    note_lines: frozenset[Line],
    matched: Mapping[Line, Matched],
    body: float,
) -> tuple[Paragraph, ...]:
    """Every paragraph: the lines of one size in their order, cut where one begins."""
    flows: dict[tuple[float, bool], list[Line]] = defaultdict(list)
    for line in lines:
        flows[line.size, line in note_lines].append(line)
    found: list[Paragraph] = []
    for (size, note), flow in flows.items():
        pitch = _pitch(flow)
        units = _units(flow, matched)
        current: list[Line] = []
        for index, line in enumerate(flow):
            after = flow[index + 1] if index + 1 < len(flow) else None
            if current and _begins(current, line, after, pitch, edges, units, matched):
                found.append(_paragraph(current, edges, note, matched, size <= 1.03 * body))
                current = []
            current.append(line)
        if current:
            found.append(_paragraph(current, edges, note, matched, size <= 1.03 * body))
    return tuple(found)


def _units(flow: Sequence[Line], matched: Mapping[Line, Matched]) -> dict[Line, int]:
    """The paragraph of the source of each line; a line between two of one paragraph is of it too."""
    units = {line: matched[line].unit for line in flow if line in matched}
    known = [index for index, line in enumerate(flow) if line in units]
    for first, second in pairwise(known):
        goes_on = matched[flow[first]].first < matched[flow[second]].first
        if units[flow[first]] == units[flow[second]] and goes_on and second - first < 8:
            for index in range(first + 1, second):
                units[flow[index]] = units[flow[first]]
    return units


def _pitch(flow: Sequence[Line]) -> float:
    """The most common step from line to line, in points."""
    steps = Counter(
        round(a.baseline - b.baseline, 1)
        for a, b in pairwise(flow)
        if a.page == b.page and a.baseline > b.baseline
    )
    return steps.most_common(1)[0][0] if steps else 0.0


def _begins(
    current: Sequence[Line],
    line: Line,
    after: Line | None,
    pitch: float,
    edges: Mapping[Line, Edges],
    units: Mapping[Line, int],
    matched: Mapping[Line, Matched],
) -> bool:
    """Whether a paragraph begins with `line`, the lines before it being `current`."""
    before = current[-1]
    if before in units and line in units:
        both = before in matched and line in matched
        return units[before] != units[line] or (both and matched[before].first >= matched[line].first)
    if (before in matched and matched[before].ends) or (line in matched and matched[line].begins):
        return True
    if line.cell or before.cell or line.label:
        return True
    if line.page != before.page and (before in units) != (line in units):
        return True  # what the source does not have: the colophon after the last line of a brief
    step = before.baseline - line.baseline
    if line.page == before.page and step > 0:
        if step > _SAME_BLOCK * pitch or step < 0.4 * line.size:
            return True
    elif line.page not in (before.page, before.page + 1):
        return True
    return _indented(current, line, after, edges) or _short(before, line, edges)


def _indented(current: Sequence[Line], line: Line, after: Line | None, edges: Mapping[Line, Edges]) -> bool:
    """Whether a line is indented as the first of a paragraph is."""
    before = current[-1]
    if before.page != line.page:
        return after is not None and after.page == line.page and 0.5 < (line.start - after.start) / line.size < 5
    offset = (line.start - before.start) / line.size
    if offset > 0.5:
        hanging = len(current) == 1 and after is not None and abs(after.start - line.start) < 0.5
        return not hanging or _short(before, line, edges)
    return offset < -0.5 and len(current) > 1


def _short(before: Line, line: Line, edges: Mapping[Line, Edges]) -> bool:
    """Whether `before` ends a paragraph: it stops well before the edge, or there is no edge at all."""
    if before not in edges:
        return line in edges
    left, right = edges[before]
    room = right - before.end
    if abs(line.end - before.end) < FLUSH:
        return False
    stops = before.glyphs[-1].raised or kind(before.glyphs[-1].text) in ("stop", "close")
    return room > (1.4 * before.size if stops else 0.3 * (right - left))


def _paragraph(
    lines: Sequence[Line], edges: Mapping[Line, Edges], note: bool, matched: Mapping[Line, Matched], small: bool
) -> Paragraph:
    """One paragraph; without a source it is running text where it is no larger than the body and has edges."""
    known = [matched[line].running for line in lines if line in matched]
    if known:
        running = small and any(known) and (lines[0] in matched or 2 * len(known) > len(lines))
    elif matched:
        running = False
    else:
        running = small and len(lines) > 1 and all(_in_measure(line, edges) for line in lines[:-1])
    return Paragraph(tuple(lines), running, note)


def _in_measure(line: Line, edges: Mapping[Line, Edges]) -> bool:
    """Whether a line stands in a measure wide enough for running text, eight characters and more."""
    left, right = edges.get(line, (0.0, 0.0))
    return not line.cell and right - left > 8 * line.size


def measures_of(paragraphs: Sequence[Paragraph], edges: Mapping[Line, Edges]) -> dict[Line, Edges]:
    """The edges once more, now that indents are known: paragraphs with one left edge share the right edge.

    Those in another face (quotations) are a measure of their own. The left edge of first lines stays what their
    indent made it.
    """
    pieces: dict[tuple[float, float, str], list[Line]] = defaultdict(list)
    voters: dict[tuple[float, float, str], list[Line]] = defaultdict(list)
    for paragraph in paragraphs:
        by_page: dict[int, list[Line]] = defaultdict(list)
        for line in paragraph.continuations if paragraph.running else ():
            by_page[line.page].append(line)
        for page, lines in by_page.items():
            left = Counter(round(line.start, 1) for line in lines).most_common(1)[0][0]
            here = [line for line in paragraph.lines if line.page == page]
            key = lines[0].size, left, _face(lines)
            pieces[key] += here
            voters[key] += [line for line in here if line is not paragraph.lines[-1]]
    sizes: dict[float, list[Line]] = defaultdict(list)
    for (size, _, _), group in pieces.items():
        sizes[size] += group
    usual = {size: _face(group) for size, group in sizes.items()}
    better = dict(edges)
    for key, group in pieces.items():
        quoted = key[2] != usual.get(key[0])
        right = _right_edge(voters[key], least=min(len(voters[key]), 3) if quoted else 3)
        if right is not None:
            for line in group:
                near = edges.get(line, (line.start, 0.0))[0]
                better[line] = near if abs(near - line.start) < 0.75 * line.size else line.start, right
    return better


def _face(lines: Sequence[Line]) -> str:
    """The face in which most of some lines is set."""
    return Counter(glyph.font for line in lines for glyph in line.glyphs).most_common(1)[0][0]


def typeset(
    pages: tuple[Page, ...],
    lines: Sequence[Line],
    matched: Mapping[Line, Matched],
    body: float,
    notes: float,
    pitch: float | None = None,
) -> Typesetting:
    """Everything the rules look at, from the lines in reading order."""
    highest, lowest = type_area(lines, body)
    folios = {line for line in lines if line.text == str(line.page)}
    inside = [line for line in lines if lowest <= line.baseline <= highest and line not in folios]
    note_lines = note_area(inside, body, notes)
    edges = edges_of(inside)
    paragraphs = paragraphs_of(inside, edges, note_lines, matched, body)
    edges = measures_of(paragraphs, edges)
    ends = _last_pages(pages, inside, body)
    return Typesetting(
        pages, tuple(lines), tuple(inside), paragraphs, edges, body, notes, note_lines, ends, pitch, dict(matched)
    )


def _last_pages(pages: Sequence[Page], lines: Sequence[Line], body: float) -> frozenset[int]:
    """The pages before those where a title stands or no text does, and the last one.

    Text has lines of ten ems and more; the short ones of a colophon are none.
    """
    texts = {line.page for line in lines if line.size == body and line.end - line.start >= 10 * body}
    titles = {line.page for line in lines if line.size > 1.45 * body}
    numbers = [page.number for page in pages]
    return frozenset(n for n in numbers if n + 1 in titles or n + 1 not in texts)

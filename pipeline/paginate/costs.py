"""Costs: how ugly what is. The pages of a brief are those whose costs have the least sum.

The unit is arbitrary: a page that lacks one line costs 30, so 300 is as bad as ten such pages. The cost of a page
break after a row (a divided word, say) comes with the row.
"""

PAGE = 1.0
"""A page: of two equal settings, the shorter."""

SHORT_PAGE = 10.0
"""A page that does not reach the last line of the type area, or the last above its notes; and"""

SHORT_LINE = 20.0
"""each line that it lacks: one hole of four lines (90) is better than four pages that lack one (120)."""

HOLE = 6.0
"""Each line of a hole of more than two, squared: two holes of four lines are better than one of eight."""

UNEQUAL_SPREAD = 40.0
"""Facing pages with unequal last lines: it is better that both lack a line (60) than that one does (70)."""

THIN_PAGE = 200.0
"""A page under a third full that is not the last."""

LAST_PAGE_LINES = 5
"""A last page should have as many lines, or"""

LAST_PAGE_SHARE = 1 / 6
"""this part of the page, if that is less."""

LAST_PAGE_LACK = 12.0
"""A line that the last page lacks to that; two cost four times as much, four as much as six short pages."""

DIVIDED_NOTE = 60.0
"""A note that continues on the next page: as bad as two short pages."""

CONTINUED_LINE = 0.5
"""A line of it that stands on the next page."""

DEAR_DIVISION = 200.0
"""A note that is divided where that is dear: its last line here ends in a divided word."""

NOTES_ALONE = 400.0
"""A page of notes without text."""

THIN_TEXT_LINE = 3.0
"""A line of text that lacks to a third of a page on which a divided note begins or continues."""

MOVED_FLOAT = 60.0
"""A float that is not yet set when the page with its place and its first mention ends: a hole of three lines."""

LATE_FLOAT = 200.0
"""A page of text between a float's place and the end of a page on which it does not yet stand."""

EARLY_FLOAT = 500.0
"""A float before the spread of its first mention."""

PASSED_SECTION = 120.0
"""A float that is set after the next heading of depth 1."""

BROKEN_KEEP = 2_000.0
"""A break where there should be none, of rows or of a note: more than a page can cost otherwise."""

OVERFULL = 10_000.0
"""A page higher than the type area, and one more for every point."""


def short(lines: int) -> float:
    """The cost of a page that lacks `lines` whole lines at its foot."""
    return SHORT_PAGE + SHORT_LINE * lines + HOLE * max(lines - 2, 0) ** 2 if lines else 0.0


def last(lines: float, page_lines: float) -> float:
    """The cost of a last page of `lines` lines where a full one has `page_lines`."""
    wanted = min(LAST_PAGE_LINES, LAST_PAGE_SHARE * page_lines)
    return PAGE + LAST_PAGE_LACK * max(wanted - lines, 0.0) ** 2

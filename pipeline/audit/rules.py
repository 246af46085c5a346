"""Rules: one small function for each row of the table, with its limit and its source.

The limits are those of `typography.md`, whose sources are W3C clreq (2024-03-21) and the MOE 重訂標點符號手冊.
A rule is a function from a `Typesetting` to what it measured; `@rule` gives it a code, a name and a limit.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from pipeline.audit.glyphs import CLOSING, DASHES, OPENING, STOPS, Glyph, kind
from pipeline.audit.lines import FLUSH, Line, Paragraph, Typesetting, note_label
from pipeline.diagnostics import Code, Severity, Words

NOT_AT_START = STOPS | CLOSING | frozenset("‧·・％%")
"""避頭: what a break never leaves at the start of a line; —— and …… are counted by a rule of their own."""

HANGING = frozenset(".,-‐–:;")
"""Small marks that some programs hang into the margin for the eye."""

WIDEST_HAN_GAP, WIDE_HAN_GAP = 0.12, 0.05
WIDEST_WORD_SPACE = 0.40
LEAST_MIXED_GAP, WIDEST_MIXED_GAP = 0.125, 0.32
WIDE_MEASURE = 30.0
"""From this measure on, in em, the limits of gaps hold; narrower lines can't always keep them."""

ENOUGH_LINES = 20
"""So few justified lines have no percentile."""

ENOUGH_GAPS = 3
"""So few gaps between Han and Latin have no usual width."""

_ROUND = 0.002
"""What rounding adds to a gap, in em: advances in a PDF are whole thousandths."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a violation: a line, or a whole page where `line` is None, and what was found there."""

    page: int
    line: Line | None
    said: Words


@dataclass(frozen=True, slots=True)
class Measured:
    """What a rule found: the value as printed, the same as numbers, and the places, worst first."""

    value: str
    ok: bool
    spots: Sequence[Spot] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: its words are those of its code."""

    key: str
    code: Code
    limit: str
    measure: Callable[[Typesetting], Measured]


RULES: list[Rule] = []


def rule(
    code: str, key: str, limit: str, *, title: Words, message: Words, hint: Words, why: Words
) -> Callable[[Callable[[Typesetting], Measured]], Callable[[Typesetting], Measured]]:
    """Enter a rule into the table, in the order of the module."""
    entry = Code(code, title, message, hint, why, severity=Severity.WARNING)

    def enter(measure: Callable[[Typesetting], Measured]) -> Callable[[Typesetting], Measured]:
        RULES.append(Rule(key, entry, limit, measure))
        return measure

    return enter


# Gaps inside a line


class Gap(NamedTuple):
    """The room between two glyphs beyond the advance of the first, in em of the line.

    `between`: `han` (two Han), `word` (Latin words), `mixed` (Han and Latin), `mark` (a mark and Latin), `hangul`
    (two words), `loose` (a mark and Han or Hangul, or two Hangul of one word).
    """

    between: str
    em: float


_BETWEEN = {
    ("han", "han"): "han", ("han", "latin"): "mixed", ("latin", "han"): "mixed",
    ("latin", "latin"): "word", ("latin", "western"): "word", ("western", "latin"): "word",
    ("western", "western"): "word", ("hangul", "hangul"): "hangul",
    **{(mark, "latin"): "mark" for mark in ("open", "close", "stop")},
    **{(mark, wide): "loose" for mark in ("open", "close", "stop") for wide in ("han", "hangul")},
    **{(wide, mark): "loose" for mark in ("open", "close", "stop") for wide in ("han", "hangul")},
    **{("latin", mark): "mark" for mark in ("open", "close", "stop")},
}  # fmt: skip


@lru_cache(maxsize=8192)
def gaps(line: Line) -> tuple[Gap, ...]:
    """The gaps of a line that the setting answers for; beside a call, or a change of size, there are none."""
    found: list[Gap] = []
    before: Glyph | None = None
    blank = False
    for glyph in line.glyphs:
        this = kind(glyph.text)
        if this == "blank":
            blank = blank or glyph.text != "\u3000"
            before = None if glyph.text == "\u3000" else before
            continue
        if before is not None and not (before.raised or glyph.raised) and before.size == glyph.size == line.size:
            em = (glyph.x - before.end) / line.size
            between = _BETWEEN.get((kind(before.text), this), "")
            if between in ("word", "hangul") and not blank and em < 0.15:
                between = "loose" if between == "hangul" else ""
            if between == "han" and blank:
                between = ""
            if between:
                found.append(Gap(between, em))
        before, blank = glyph, False
    return tuple(found)


def widest(line: Line, between: str) -> float:
    """The widest gap of a kind in a line, in em; 0 where there is none."""
    return max((gap.em for gap in gaps(line) if gap.between == between), default=0.0)


def looseness(line: Line) -> float:
    """What justification adds between the characters of a line, in em, at most."""
    return max(widest(line, "han"), widest(line, "loose"), 0.0)


def neighbours(line: Line) -> Iterator[tuple[Glyph, Glyph]]:
    """Glyphs beside each other, of one size, no blank or call between them."""
    for first, second in pairwise(line.glyphs):
        if first.size == second.size and not (first.raised or second.raised):
            yield first, second


# Edges


def off_left(line: Line, left: float) -> float:
    """How far to the right of its edge a line begins, in points.

    The blank half of an opening bracket may stand outside, in part or whole.
    """
    off, first = line.start - left, line.glyphs[0]
    if first.text in OPENING and off < 0:
        return min(off + max(first.end - first.x - 0.5 * line.size, 0.0), 0.0)
    return off


def off_right(line: Line, right: float) -> float:
    """How far over its edge a line ends, in points.

    The blank half of a closing bracket or stop may stand outside, in part or whole; a small Latin mark may hang.
    """
    off = line.end - right
    last = line.glyphs[-1]
    outside = 0.0
    if last.text in CLOSING or last.text in STOPS:
        outside = min(0.5 * line.size, last.end - last.x - 0.5 * line.size)
    elif last.text in HANGING:
        outside = last.end - last.x
    return max(off - outside, 0.0) if off > FLUSH and outside > 0 else off


@rule(
    "T001", "flush", "100 %",
    title=Words("齊行", "justified lines flush at both edges"),
    message=Words("齊行的行有{value}齊兩邊，應為{limit}（{count}行不齊）",
                  "{value} of the justified lines are flush, {limit} should be ({count} are not)"),
    hint=Words("改寫這一段幾個字，或檢查其中不能斷行的長串字（網址、英文）",
               "reword the paragraph a little, or look for a long run that can't be broken"),
    why=Words("除了段落的最後一行，每一行都要排滿版心的寬度。",
              "Every line but the last of a paragraph fills the measure."),
)  # fmt: skip
def flush(setting: Typesetting) -> Measured:
    """Justified lines flush at both edges (clreq 行間調整); within .3 pt."""
    spots: list[tuple[float, Spot]] = []
    for line in setting.justified:
        left, right = setting.edges[line]
        at_left, at_right = off_left(line, left), off_right(line, right)
        worst = max(at_left, at_right, key=abs)
        if abs(worst) > FLUSH:
            side = Words("左", "left") if worst == at_left else Words("右", "right")
            said = Words(f"{side.zh}邊差{worst:+.2f} pt", f"{side.en} edge off by {worst:+.2f} pt")
            spots.append((abs(worst), Spot(line.page, line, said)))
    total = len(setting.justified)
    if not total:
        return Measured("–", True)
    share = 100.0 * (total - len(spots)) / total
    shown = f"{share:.1f} %" if spots else "100 %"
    return Measured(shown, not spots, worst_first(spots), {"percent": share, "lines": total, "off": len(spots)})


@rule(
    "T002", "right-edge", "≤ 0.3 pt",
    title=Words("右邊最大的偏差", "worst right edge"),
    message=Words("最差的一行離右邊{value}，應{limit}",
                  "the worst line ends {value} from its edge, {limit} is allowed"),
    hint=Words("改寫這一段幾個字；太長的字串要能斷行",
               "reword the paragraph; a run too long needs places to break"),
    why=Words("一行凸出或短少，版面的右緣就不直。", "A line too long or short makes the right edge crooked."),
)  # fmt: skip
def right_edge(setting: Typesetting) -> Measured:
    """The line that ends farthest from its edge, its sign kept: − too short, + too long (points)."""
    off = [(off_right(line, setting.edges[line][1]), line) for line in setting.justified]
    if not off:
        return Measured("–", True)
    worst, _ = max(off, key=lambda each: abs(each[0]))
    spots = [
        (abs(each), Spot(line.page, line, Words(f"{each:+.2f} pt", f"{each:+.2f} pt")))
        for each, line in off
        if abs(each) > FLUSH
    ]
    return Measured(f"{worst:+.2f} pt", abs(worst) <= FLUSH, worst_first(spots), {"points": worst})


# Spacing


@rule(
    "T003", "han-gap", "p95 ≤ .05, max ≤ .12 em",
    title=Words("漢字之間最寬的空隙", "widest gap between Han"),
    message=Words("漢字之間最寬的空隙是{value}，應為{limit}",
                  "the widest gaps between Han are {value}, not {limit}"),
    hint=Words("改寫這一段幾個字，讓斷行的地方好一些", "reword the paragraph so that it breaks better"),
    why=Words("字距拉得太開，一行看起來就鬆散；寬三十字以上的版面量得到。",
              "Lines stretched too far look loose; the limit is for measures of 30 em and more."),
)  # fmt: skip
def han_gap(setting: Typesetting) -> Measured:
    """The widest gap between Han of each justified line, p95 and max (em), on measures from 30 em.

    With less than `ENOUGH_LINES` one line alone would be the p95, which then says nothing.
    """
    wide = [
        (widest(line, "han"), line) for line in setting.justified if setting.measure(line) > WIDE_MEASURE - 0.05
    ]
    if not wide:
        return Measured("–", True)
    p95, most = percentile([em for em, _ in wide], 0.95), max(em for em, _ in wide)
    usual = len(wide) < ENOUGH_LINES or p95 <= WIDE_HAN_GAP + _ROUND
    ok = usual and most <= WIDEST_HAN_GAP + _ROUND
    limit = WIDEST_HAN_GAP if most > WIDEST_HAN_GAP + _ROUND else WIDE_HAN_GAP
    spots = [(em, Spot(line.page, line, _ems(em))) for em, line in wide if not ok and em > limit + _ROUND]
    return Measured(f"{em_text(p95)} / {em_text(most)} em", ok, worst_first(spots), {"p95": p95, "max": most})


@rule(
    "T004", "word-space", "≤ .40 em",
    title=Words("西文最寬的字間", "widest Latin word space"),
    message=Words("西文的字間最寬{value}，應{limit}", "the widest word space is {value}, {limit} is allowed"),
    hint=Words("改寫這一段幾個字；外文標上語言就能用連字號斷字",
               "reword the paragraph; with its language marked, foreign text can be hyphenated"),
    why=Words("字間太寬，西文的一行就散開了。", "Word spaces wider than this tear a line apart."),
)  # fmt: skip
def word_space(setting: Typesetting) -> Measured:
    """The widest space between two Latin words of each justified line (em)."""
    return _widest_of(setting, "word", WIDEST_WORD_SPACE)


def _widest_of(setting: Typesetting, between: str, limit: float) -> Measured:
    found = [(widest(line, between), line) for line in setting.justified]
    most = max((em for em, _ in found), default=0.0)
    if not most:
        return Measured("–", True)
    spots = [(em, Spot(line.page, line, _ems(em))) for em, line in found if em > limit + _ROUND]
    return Measured(f"{em_text(most)} em", not spots, worst_first(spots), {"max": most})


@rule(
    "T005", "mixed-gap", ".125 / .2–.25 / .32 em",
    title=Words("漢字與西文之間", "gap between Han and Latin"),
    message=Words("漢字與西文、數字之間的空隙（最窄／中間／最寬）是{value}，應為{limit}",
                  "the gaps between Han and Latin (least, median, widest) are {value}, not {limit}"),
    hint=Words("刪去漢字與西文之間打的空白；其餘改寫這一段幾個字",
               "delete blanks typed between Han and Latin; otherwise reword the paragraph"),
    why=Words("漢字與西文之間要有四分之一到八分之一字的空隙，標點旁邊沒有（clreq）。",
              "Between Han and Latin stands an eighth to a third of an em, beside marks nothing (clreq)."),
)  # fmt: skip
def mixed_gap(setting: Typesetting) -> Measured:
    """The gaps between Han and Latin or figures, least / median / widest (em); none beside marks.

    The median says something where there are `ENOUGH_GAPS`.
    """
    found: list[float] = []
    spots: list[tuple[float, Spot]] = []
    for line in (line for paragraph in setting.running for line in paragraph.lines):
        slack = looseness(line)
        for gap in gaps(line):
            if gap.between == "mixed":
                found.append(gap.em)
                off = max(LEAST_MIXED_GAP - gap.em, gap.em - WIDEST_MIXED_GAP)
            elif gap.between == "mark":
                off = gap.em - slack - 0.1
            else:
                continue
            if off > _ROUND + 0.001:
                said = _ems(gap.em) if gap.between == "mixed" else _beside(gap.em)
                spots.append((off, Spot(line.page, line, said)))
    if not found:
        return Measured("–", not spots, worst_first(spots))
    low, middle, high = min(found), median(found), max(found)
    ok = not spots and (len(found) < ENOUGH_GAPS or 0.195 <= middle <= 0.255)
    shown = f"{em_text(low)} / {em_text(middle)} / {em_text(high)} em"
    return Measured(shown, ok, worst_first(spots), {"min": low, "median": middle, "max": high})


def _beside(em: float) -> Words:
    return Words(f"標點旁有空隙{em_text(em)} em", f"a gap of {em_text(em)} em beside a mark")


# Line ends


@rule(
    "T006", "line-ends", "0",
    title=Words("避頭尾", "marks at line starts and ends"),
    message=Words("有{value}行違反避頭尾", "{value} lines start or end with a mark that may not stand there"),
    hint=Words("改寫這一段幾個字", "reword the paragraph a little"),
    why=Words("收尾的標點不在行首，起頭的括號不在行末（clreq）。",
              "Closing marks do not start a line, opening brackets do not end one (clreq)."),
)  # fmt: skip
def line_ends(setting: Typesetting) -> Measured:
    """Lines that start with 、。」 and their like, or end with 「《（ (clreq 行首行尾禁則)."""
    spots = [
        Spot(line.page, line, Words(f"行首「{line.glyphs[0].text}」", f"starts with {line.glyphs[0].text}"))
        for line in _continuations(setting)
        if line.glyphs[0].text in NOT_AT_START and not line.glyphs[0].raised
    ]
    spots += [
        Spot(line.page, line, Words(f"行末「{line.glyphs[-1].text}」", f"ends with {line.glyphs[-1].text}"))
        for paragraph in _broken(setting)
        for line in paragraph.lines[:-1]
        if line.glyphs[-1].text in OPENING
    ]
    return _count(spots)


@rule(
    "T007", "dash-start", "0",
    title=Words("行首的——或……", "lines that start with —— or ……"),
    message=Words("有{value}行以——或……開頭", "{value} lines start with a dash or dots"),
    hint=Words("改寫這一段幾個字", "reword the paragraph a little"),
    why=Words("破折號與刪節號不在行首，也不從中斷開。",
              "A dash or dots do not start a line, nor are they divided."),
)  # fmt: skip
def dash_start(setting: Typesetting) -> Measured:
    """Lines that start with —— or ……, or with the second half of one (MOE 重訂標點符號手冊)."""
    return _count([
        Spot(line.page, line, Words(f"行首「{line.glyphs[0].text}」", f"starts with {line.glyphs[0].text}"))
        for line in _continuations(setting)
        if line.glyphs[0].text[0] in DASHES
    ])  # fmt: skip


@rule(
    "T008", "call-start", "0",
    title=Words("行首的註號", "lines that start with a note call"),
    message=Words("有{value}行以註號開頭", "{value} lines start with a note call"),
    hint=Words("改寫這一段幾個字", "reword the paragraph a little"),
    why=Words("註號與它前面的字在同一行。", "A call stands on the line of the character before it."),
)  # fmt: skip
def call_start(setting: Typesetting) -> Measured:
    """Lines that start with a superscript figure."""
    return _count([
        Spot(line.page, line, Words(f"行首註號{line.call}", f"starts with call {line.call}"))
        for line in _continuations(setting)
        if line.call
    ])  # fmt: skip


@rule(
    "T009", "one-character", "0",
    title=Words("一字成行", "last lines of one character"),
    message=Words("有{value}段的最後一行只有一個字", "{value} paragraphs end in a line of one character"),
    hint=Words("增刪這一段幾個字", "add or cut a few characters of the paragraph"),
    why=Words("一行至少兩個字，標點不算（clreq 孤字）。",
              "A last line has two characters and more, marks not counted."),
)  # fmt: skip
def one_character(setting: Typesetting) -> Measured:
    """Last lines of paragraphs of several lines that have one letter besides marks and calls."""
    lasts = [paragraph.lines[-1] for paragraph in _broken(setting)]
    return _count([
        Spot(line.page, line, Words("只有一個字", "one character"))
        for line in lasts
        if sum(letter.isalnum() for letter in line.letters) <= 1
    ])  # fmt: skip


def _broken(setting: Typesetting) -> Iterator[Paragraph]:
    """Paragraphs of running text that have several lines."""
    return (paragraph for paragraph in setting.running if len(paragraph.lines) > 1)


def _continuations(setting: Typesetting) -> Iterator[Line]:
    return (line for paragraph in setting.running for line in paragraph.continuations)


# Pitch


@rule(
    "T010", "pitch", "±0.1 pt",
    title=Words("行距", "line pitch"),
    message=Words("行距（內文；註）是{value}，應一律相同",
                  "the line pitch (body; notes) is {value}, it should be constant"),
    hint=Words("看看這一行是否有別的字體、上標或圖",
               "look for another face, a superscript or a picture in the line"),
    why=Words("行距不一，前後頁的行就對不齊。", "With another pitch, lines of facing pages do not align."),
)  # fmt: skip
def pitch(setting: Typesetting) -> Measured:
    """Steps from baseline to baseline inside paragraphs, least–most for the body and for notes (points).

    That of the body is the layout's, where it is known.
    """
    steps: dict[bool, list[tuple[float, Line]]] = defaultdict(list)
    for paragraph in setting.running:
        for above, line in pairwise(paragraph.lines):
            if (
                above.page == line.page
                and above.baseline > line.baseline
                and line.size in (setting.body, setting.notes)
            ):
                steps[line.size == setting.notes].append((above.baseline - line.baseline, line))
    shown: list[str] = []
    spots: list[tuple[float, Spot]] = []
    numbers: dict[str, float] = {}
    for is_note, found in sorted(steps.items()):
        usual = Counter(round(step, 2) for step, _ in found).most_common(1)[0][0]
        usual = setting.pitch if setting.pitch is not None and not is_note else usual
        low, high = min(step for step, _ in found), max(step for step, _ in found)
        name = "notes" if is_note else "body"
        numbers |= {f"{name}-min": low, f"{name}-max": high}
        shown.append(f"{low:.2f}–{high:.2f}")
        spots += [
            (abs(step - usual), Spot(line.page, line, Words(f"{step:.2f} pt", f"{step:.2f} pt")))
            for step, line in found
            if abs(step - usual) > 0.1
        ]
    return Measured("; ".join(shown) + " pt" if shown else "–", not spots, worst_first(spots), numbers)


# Marks beside marks


@rule(
    "T011", "squeeze", ".50 em",
    title=Words("標點擠壓", "squeeze of marks"),
    message=Words("相鄰的標點占{value}，擠壓後前一個應占{limit}（{count}處不合）",
                  "marks beside each other take {value}, the first should take {limit} ({count} do not)"),
    hint=Words("這是排版程式的事，原稿不必改", "a matter of the setting, not of the manuscript"),
    why=Words("」，）。《〈」「、「各相鄰兩個標點一共占一字半；。」與？」仍占兩字。",
              "Two marks such as a closing bracket and a comma take an em and a half together."),
)  # fmt: skip
def squeeze(setting: Typesetting) -> Measured:
    """From the first mark to the second as if both were full-width (em): .5 where one is squeezed, else 1.

    A half-width glyph and a full-width glyph moved by half an em look the same and are judged the same. What
    justification adds between the characters of the line may also stand between marks. The ink of a stop is up
    to .03 em off the middle, so .04 em is allowed.
    """
    advances: list[float] = []
    spots: list[tuple[float, Spot]] = []
    for line in (line for paragraph in setting.running for line in paragraph.lines):
        slack = max(looseness(line), min(widest(line, "mark"), 0.06))
        for first, second in neighbours(line):
            wanted = _wanted_advance(first, second)
            if not wanted:
                continue
            advance = _advance(first, second, wanted) / line.size
            if wanted < 1:
                advances.append(advance)
            off = max(advance - wanted - slack, wanted - advance)
            if off > 0.04:
                said = Words(
                    f"{first.text}{second.text} {em_text(advance)} em",
                    f"{first.text}{second.text} {em_text(advance)} em",
                )
                spots.append((off, Spot(line.page, line, said)))
    if not advances:
        return Measured("–", not spots, worst_first(spots))
    numbers = {"min": min(advances), "max": max(advances), "pairs": float(len(advances))}
    shown = f"{em_text(min(advances))}–{em_text(max(advances))} em"
    return Measured(shown, not spots, worst_first(spots), numbers)


_STOPS_AT_LEFT = ("Korean", "Japanese", "Gothic", "Song", "KR", "JP", "SC")
"""Faces whose stops stand at the left of their em."""


def _wanted_advance(first: Glyph, second: Glyph) -> float:
    """What the first of two marks takes, in em: half where they are squeezed, 0 for pairs that are none.

    。」 takes one where stops stand in the middle of their em, and half where they stand in its corner (JLREQ
    3.1.4; GB/T 15834 and clreq for mainland China).
    """
    if first.text in CLOSING and (second.text in STOPS or second.text in CLOSING or second.text in OPENING):
        return 0.5
    if second.text in OPENING and (first.text in OPENING or first.text in STOPS):
        return 0.5
    if first.text in STOPS and second.text in CLOSING:
        return 0.5 if _stop_at_left(first) else 1.0
    return 0.0


def _stop_at_left(mark: Glyph) -> bool:
    return any(name in mark.font for name in _STOPS_AT_LEFT)


def _advance(first: Glyph, second: Glyph, wanted: float) -> float:
    """From the first mark to the second in points: by their pens, or by the cells of their ink.

    Pens stand as far apart as the marks where the first gave its own room away; ink tells where the second did.
    """
    found = (second.x - first.x, _cell(second) - _cell(first))
    return min(found, key=lambda advance: abs(advance - wanted * first.size))


def _cell(mark: Glyph) -> float:
    """Where the pen of a full-width glyph would stand whose ink is where that of `mark` is, in points.

    A narrow glyph lost room on the left or on the right. The ink of an opening bracket is in the right half of
    an em, that of a closing bracket in the left half, that of a stop in the middle (Taiwan).
    """
    if mark.ink is None:
        return mark.x
    left, right = mark.ink
    if mark.text in OPENING:
        return mark.x if left - mark.x > 0.4 * mark.size else mark.end - mark.size
    if mark.text in CLOSING:
        return mark.end - mark.size if mark.end - right > 0.4 * mark.size else mark.x
    if _stop_at_left(mark):
        return mark.x
    return (left + right - mark.size) / 2


# Notes


@rule(
    "T012", "notes", "all",
    title=Words("註與註號同頁", "notes on the page of their call"),
    message=Words("註與註號同頁的有{value}", "{value} notes stand on the page of their call"),
    hint=Words("把註寫短，或把註號移到別句", "shorten the note, or move its call to another sentence"),
    why=Words("讀者在同一頁的底下找註。", "A reader looks for a note at the foot of the same page."),
)  # fmt: skip
def notes(setting: Typesetting) -> Measured:
    """Notes that begin on the page of their first call, of all that are called."""
    calls = list(first_calls(setting))
    begun: dict[int, set[str]] = defaultdict(set)
    for line in setting.note_lines:
        begun[line.page].add(note_label(line))
    spots = [
        Spot(line.page, line, Words(f"註{number}不在這一頁", f"note {number} is not on this page"))
        for number, line in calls
        if number not in begun[line.page]
    ]
    if not calls:
        return Measured("–", True)
    there = len(calls) - len(spots)
    return Measured(f"{there} / {len(calls)}", not spots, spots, {"there": there, "calls": len(calls)})


def first_calls(setting: Typesetting) -> Iterator[tuple[str, Line]]:
    """The first call of each note with its line: numbers that count up, from 1 again in each brief."""
    begun: dict[int, set[str]] = defaultdict(set)
    for line in setting.note_lines:
        begun[line.page].add(note_label(line))
    heads = {line.page for line in setting.lines if line.size > 1.45 * setting.body}
    last, page, anew = 0, 0, True
    for line in setting.lines:
        if line.page != page:
            page, anew = line.page, anew or line.page in heads
        if line in setting.note_lines:
            continue
        for number in _calls(line):
            begins = number == "1" and (anew or "1" in begun[page]) and last != 1
            if begins or int(number) == last + 1:
                last, anew = int(number), False
                yield number, line


def _calls(line: Line) -> Iterator[str]:
    """The numbers of the calls in a line, read from its raised figures."""
    figures, end = "", 0.0
    for glyph in (*line.glyphs, Glyph(" ", 1e9, 0, 1e9, 0, "")):
        if glyph.raised and glyph.text.isdigit() and (not figures or glyph.x - end < 0.15 * glyph.size):
            figures += glyph.text
        else:
            if figures:
                yield figures
            figures = glyph.text if glyph.raised and glyph.text.isdigit() else ""
        end = glyph.end


@rule(
    "T013", "long-notes", "0 lost",
    title=Words("註接到下頁", "notes that continue on the next page"),
    message=Words("註接到下頁與超出頁面的是{value}", "notes continued and lines off the page: {value}"),
    hint=Words("把註寫短，或把註號移到前面的句子", "shorten the note, or move its call to an earlier sentence"),
    why=Words("放不下的註接到下一頁，不超出頁面。",
              "A note that does not fit goes on on the next page, never off it."),
)  # fmt: skip
def long_notes(setting: Typesetting) -> Measured:
    """How many notes continue on the next page, and the note lines that lie outside their page."""
    continued = [p for p in setting.paragraphs if p.note and p.lines[0].page != p.lines[-1].page]
    boxes = {page.number: page.box for page in setting.pages}
    spots = [
        Spot(line.page, line, Words("超出頁面", "off the page"))
        for line in setting.lost_notes
        if line.baseline < boxes[line.page][1]
    ]
    return Measured(f"{len(continued)}; {len(spots)}", not spots, spots,
                    {"continued": len(continued), "lost": len(spots)})  # fmt: skip


# Pages


@rule(
    "T014", "outside", "0",
    title=Words("超出頁面的字", "glyphs outside the page"),
    message=Words("有{value}行的字超出頁面", "{value} lines have glyphs outside the page"),
    hint=Words("看看這一行是不是太長，或圖表太寬", "look whether the line, a table or a picture is too wide"),
    why=Words("頁面外的字不會印出來。", "What lies outside the page is not printed."),
)  # fmt: skip
def outside(setting: Typesetting) -> Measured:
    """Lines with glyphs outside the crop box of their page (ISO 32000-2, 14.11.2)."""
    boxes = {page.number: page.box for page in setting.pages}
    spots = []
    for line in setting.every_line:
        left, bottom, right, top = boxes[line.page]
        inked_end = line.end - (0.5 * line.size if line.glyphs[-1].text in CLOSING | STOPS else 0.0)
        if line.start < left - 0.5 or inked_end > right + 0.5 or not bottom <= line.baseline <= top:
            spots.append(Spot(line.page, line, Words("超出頁面", "outside the page")))
    return _count(spots)


@rule(
    "T015", "short-pages", "0",
    title=Words("不到三分之一的頁", "pages under one third full"),
    message=Words("有{value}頁不到三分之一（不算各篇的末頁）",
                  "{value} pages are under one third full, ends of briefs apart"),
    hint=Words("看看是不是圖表太高，擠到下一頁", "look for a table or figure that moved to the next page"),
    why=Words("一頁大半空白，讀者會以為文章完了。", "On a page mostly blank the text seems to be over."),
)  # fmt: skip
def short_pages(setting: Typesetting) -> Measured:
    """Pages of text less than a third full; the last page of a brief may be."""
    spots: list[Spot] = []
    ends: list[Spot] = []
    for page, share in page_shares(setting):
        if share < 1 / 3:
            is_end = page in setting.last_pages
            tail = Words("，一篇的末頁", ", the end of a brief") if is_end else Words("", "")
            said = Words(f"{share:.0%}滿{tail.zh}", f"{share:.0%} full{tail.en}")
            (ends if is_end else spots).append(Spot(page, None, said))
    shown = f"{len(spots)} (+{len(ends)})" if ends else str(len(spots))
    return Measured(shown, not spots, [*spots, *ends], {"pages": len(spots), "ends": len(ends)})


def page_shares(setting: Typesetting) -> Iterator[tuple[int, float]]:
    """How much of its type area each page of running text fills, from 0 to 1; pictures count."""
    if not setting.lines:
        return
    top, foot = max(line.baseline for line in setting.lines), min(line.baseline for line in setting.lines)
    texts = {line.page for paragraph in setting.running for line in paragraph.lines}
    by_page: dict[int, list[Line]] = defaultdict(list)
    for line in setting.lines:
        by_page[line.page].append(line)
    for page in setting.pages:
        if page.number not in texts:
            continue
        body = [line.baseline for line in by_page[page.number] if line not in setting.note_lines]
        note = [line.baseline for line in by_page[page.number] if line in setting.note_lines]
        lows = [*body, *(low for low, _ in page.pictures if foot <= low <= top)]
        blank = min(lows, default=top) - (max(note) if note else foot)
        yield page.number, 1 - blank / max(top - foot, 1.0)


# Glyphs


@rule(
    "T016", "fonts", "0",
    title=Words("清單以外的字體", "undeclared fonts"),
    message=Words("有{value}個字用了清單以外的字體：{fonts}",
                  "{value} characters are set in undeclared fonts: {fonts}"),
    hint=Words("把缺的字補進 fonts/manifest.toml 的字體，或換一個字",
               "give a face of fonts/manifest.toml the characters, or write others"),
    why=Words("沒有宣告的字體，換一臺機器就不一樣。", "An undeclared font differs from machine to machine."),
)  # fmt: skip
def undeclared_fonts(setting: Typesetting) -> Measured:
    """Characters set in another font than those of `fonts/manifest.toml`, blanks apart."""
    families = declared_families()
    used = {glyph.font for page in setting.pages for glyph in page.glyphs}
    strange = {font for font in used if not font_key(font).startswith(families)}
    count, spots = 0, []
    for line in setting.every_line if strange else ():
        fonts = [glyph.font for glyph in line.glyphs if glyph.font in strange and kind(glyph.text) != "blank"]
        if fonts:
            count += len(fonts)
            names = "、".join(dict.fromkeys(fonts))
            spots.append(Spot(line.page, line, Words(names, names.replace("、", ", "))))
    return Measured(str(count), not count, spots, {"characters": count})


@cache
def declared_families() -> tuple[str, ...]:
    """How the PostScript names of the declared families begin, and those of their stand-ins."""
    from pipeline.fonts.manifest import read_manifest  # noqa: PLC0415

    stand_ins = read_manifest().stand_ins
    return tuple({font_key(name) for name in (*stand_ins, *stand_ins.values())})


def font_key(name: str) -> str:
    """A font name without what programs write differently."""
    return name.replace("-", "").replace(" ", "").lower()


@rule(
    "T017", "overlap", "0",
    title=Words("重疊的字", "overlapping glyphs"),
    message=Words("有{value}處的字重疊", "glyphs overlap in {value} places"),
    hint=Words("看看這一行的上標、注音與字距", "look at superscripts, ruby and spacing of the line"),
    why=Words("字與字不重疊；擠壓的標點最多讓出半個字。",
              "Glyphs do not overlap; squeezed marks give up half an em at most."),
)  # fmt: skip
def overlap(setting: Typesetting) -> Measured:
    """Glyphs that begin before the advance of the one before has ended, by more than squeeze or kerning takes."""
    spots: list[tuple[float, Spot]] = []
    for line in setting.every_line:
        for first, second in pairwise(line.glyphs):
            over = (first.end - second.x) / line.size
            if over > 0.05 and over > _may_overlap(first, second) and kind(first.text) != "blank":
                said = Words(
                    f"{first.text}{second.text} 重疊{em_text(over)} em",
                    f"{first.text}{second.text} by {em_text(over)} em",
                )
                spots.append((over, Spot(line.page, line, said)))
    for above, line in pairwise(setting.lines):
        step = above.baseline - line.baseline
        if above.page == line.page and 0.3 < step < 0.7 * line.size and _beside_in_x(above, line):
            spots.append((1.0, Spot(line.page, line, Words("兩行重疊", "two lines overlap"))))
    return Measured(str(len(spots)), not spots, worst_first(spots), {"places": len(spots)})


def _may_overlap(first: Glyph, second: Glyph) -> float:
    """How far two glyphs may overlap, in em: half an em for each blank half of a mark, kerning for Latin."""
    allowed = 0.02
    if kind(first.text) in ("close", "stop"):
        allowed += 0.5 if kind(first.text) == "close" else 0.25
    if kind(second.text) in ("open", "stop"):
        allowed += 0.5 if kind(second.text) == "open" else 0.25
    if {kind(first.text), kind(second.text)} & {"latin", "western", "blank", "other", "dash"}:
        allowed += 0.25
    return allowed + (0.1 if first.raised or second.raised else 0.0)


def _beside_in_x(above: Line, line: Line) -> bool:
    return above.start < line.end and line.start < above.end


# Lines to look at


def lines_to_look_at(setting: Typesetting) -> list[Spot]:
    """Lines whose spacing an editor should see, worst first: badness above 1 where a gap is over its limit."""
    found: list[tuple[float, Spot]] = []
    for line in setting.justified:
        parts = {
            "han": widest(line, "han") / WIDEST_HAN_GAP,
            "word": max(widest(line, "word"), widest(line, "hangul")) / WIDEST_WORD_SPACE,
            "mixed": widest(line, "mixed") / WIDEST_MIXED_GAP,
            "edge": abs(off_right(line, setting.edges[line][1])) / FLUSH / 3,
        }
        badness = max(parts.values())
        if badness > 1.02:
            why = max(parts, key=lambda name: parts[name])
            found.append((badness, Spot(line.page, line, _LOOK[why].fill({"n": f"{badness:.1f}"}))))
    return worst_first(found)


_LOOK = {
    "han": Words("漢字之間太開（{n}）", "loose Han ({n})"),
    "word": Words("字間太開（{n}）", "wide word spaces ({n})"),
    "mixed": Words("漢字與西文之間太開（{n}）", "wide gaps between Han and Latin ({n})"),
    "edge": Words("右邊不齊（{n}）", "ragged ({n})"),
}


# Numbers


def percentile(values: Iterable[float], share: float) -> float:
    """The value that a share of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def em_text(em: float) -> str:
    """A length in em as the table writes it: .125."""
    em = round(em, 3) + 0.0
    return f"{em:.3f}".replace("0.", ".", 1) if abs(em) < 1 else f"{em:.2f}"


def _ems(em: float) -> Words:
    return Words(f"{em_text(em)} em", f"{em_text(em)} em")


def _count(spots: Sequence[Spot]) -> Measured:
    return Measured(str(len(spots)), not spots, spots, {"count": len(spots)})


def worst_first(spots: list[tuple[float, Spot]]) -> list[Spot]:
    """The places in order of how bad they are."""
    return [spot for _, spot in sorted(spots, key=lambda each: -each[0])]

"""The labels that Word generates for the paragraphs of lists and numbered headings.

ECMA-376 part 1, 17.9 Numbering, 17.18.59 ST_NumberFormat.
"""

import re
from dataclasses import dataclass, field

from pipeline.importing.gate.package import Element, whole
from pipeline.importing.reading.word.styles import W, value

_PLAIN = "零一二三四五六七八九"
_LEGAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_COUNTED = frozenset(
    {
        "taiwaneseCounting", "taiwaneseCountingThousand", "chineseCounting", "chineseCountingThousand",
        "japaneseCounting", "ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand", "koreanDigital2",
    }
)  # fmt: skip
_LEGALS = frozenset({"ideographLegalTraditional", "chineseLegalSimplified", "japaneseLegal"})
_GAP = re.compile("%([1-9])")
STYLES = {
    "bullet": "bullet", "none": "simple", "decimal": "order", "lowerLetter": "alpha-lower",
    "upperLetter": "alpha-upper", "lowerRoman": "roman-lower", "upperRoman": "roman-upper",
}  # fmt: skip
"""JATS `list/@list-type` of a number format; the rest are `order`."""


@dataclass(frozen=True)
class Level:
    """A level of a list."""

    format: str
    text: str
    start: int
    restart: int | None
    legal: bool
    style: str | None
    """The paragraph style whose paragraphs are of this level."""
    paragraph: Element | None


@dataclass
class Numbering:
    """The lists of a file. `label` counts: ask it once for each paragraph, in the order of the text."""

    abstract: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    """The abstract list of each list."""
    overridden: dict[str, dict[int, Level]] = field(default_factory=dict)
    starts: dict[str, dict[int, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def level(self, key: str, level: int) -> Level | None:
        """A level of a list, or None where the file does not say."""
        own = self.overridden.get(key, {}).get(level)
        return own or self.abstract.get(self.lists.get(key, ""), {}).get(level)

    def of_style(self, key: str, style: str | None) -> int:
        """The level of a list that belongs to a paragraph style; the first where none does (17.9.23)."""
        levels = self.abstract.get(self.lists.get(key, ""), {})
        return next((level for level, found in levels.items() if style and found.style == style), 0)

    def label(self, key: str, level: int) -> str:
        """The label of the next paragraph of a list; nothing for a bullet."""
        found = self.level(key, level)
        if found is None:
            return ""
        counts = self._counts.setdefault(self.lists.get(key, key), {})
        start = self.starts.get(key, {}).get(level)
        if start is not None and (key, level) not in self._begun:
            counts[level] = start
        else:
            counts[level] = counts[level] + 1 if level in counts else found.start
        self._begun.add((key, level))
        for deeper in [each for each in counts if each > level]:
            below = self.level(key, deeper)
            if below is None or below.restart != 0:
                del counts[deeper]
        if found.format in ("bullet", "none"):
            return ""
        return _GAP.sub(lambda gap: self._count(key, int(gap[1]) - 1, counts, found), found.text)

    def _count(self, key: str, level: int, counts: dict[int, int], shown: Level) -> str:
        found = self.level(key, level)
        count = counts.get(level, found.start if found else 1)
        return formatted(count, "decimal" if shown.legal or found is None else found.format)


def numbering(root: Element | None) -> Numbering:
    """What `numbering.xml` says."""
    made = Numbering()
    if root is None:
        return made
    by_style: dict[str, str] = {}
    for each in root.iterfind(f"{W}abstractNum"):
        key = each.get(f"{W}abstractNumId", "")
        made.abstract[key] = _levels(each)
        linked = value(each, "styleLink")
        if linked:
            by_style[linked] = key
    for each in root.iterfind(f"{W}abstractNum"):
        linked = value(each, "numStyleLink")
        if linked in by_style:
            made.abstract[each.get(f"{W}abstractNumId", "")] = made.abstract[by_style[linked]]
    for each in root.iterfind(f"{W}num"):
        key = each.get(f"{W}numId", "")
        made.lists[key] = value(each, "abstractNumId") or ""
        for override in each.iterfind(f"{W}lvlOverride"):
            level = whole(override.get(f"{W}ilvl"), 0)
            start = value(override, "startOverride")
            if start is not None:
                made.starts.setdefault(key, {})[level] = whole(start, 1)
            made.overridden.setdefault(key, {}).update(_levels(override))
    return made


def _levels(parent: Element) -> dict[int, Level]:
    return {
        whole(each.get(f"{W}ilvl"), 0): Level(
            format=value(each, "numFmt") or "decimal",
            text=value(each, "lvlText") or "",
            start=whole(value(each, "start"), 0 if each.find(f"{W}start") is None else 1),
            restart=whole(value(each, "lvlRestart"), -1) if each.find(f"{W}lvlRestart") is not None else None,
            legal=each.find(f"{W}isLgl") is not None,
            style=value(each, "pStyle"),
            paragraph=each.find(f"{W}pPr"),
        )
        for each in parent.iterfind(f"{W}lvl")
    }


def formatted(number: int, form: str) -> str:
    """A number as a format writes it; decimal for formats that aren't known."""
    if form in _COUNTED:
        return counted(number, _PLAIN, "十百千")
    if form in _LEGALS:
        return counted(number, _LEGAL, "拾佰仟", whole=True)
    if form in ("ideographTraditional", "ideographZodiac"):
        row = _STEMS if form == "ideographTraditional" else _BRANCHES
        return row[number - 1] if 1 <= number <= len(row) else str(number)
    if form in ("lowerLetter", "upperLetter"):
        letters = (
            chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= 780 else str(number)
        )
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman"):
        return _roman(number).lower() if form == "lowerRoman" else _roman(number)
    if form in ("decimalFullWidth", "decimalFullWidth2"):
        return str(number).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if form == "ideographEnclosedCircle" and 1 <= number <= 10:
        return chr(ord("㊀") + number - 1)
    if form == "decimalZero":
        return f"{number:02}"
    return str(number)


def counted(number: int, digits: str, units: str, *, whole: bool = False) -> str:
    """Chinese numerals below ten thousand: 十二, 一百零三; `whole` writes 壹拾貳."""
    if not 0 < number < 10_000:
        return str(number)
    written, gap = "", False
    figures = str(number)
    for place, figure in zip(range(len(figures) - 1, -1, -1), map(int, figures), strict=True):
        if figure == 0:
            gap = bool(written)
            continue
        written += (digits[0] if gap else "") + digits[figure] + (units[place - 1] if place else "")
        gap = False
    return written.removeprefix(digits[1]) if not whole and 10 <= number < 20 else written


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    written = ""
    for size, letters in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
        (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        written += letters * (number // size)
        number %= size
    return written

"""Printed dates as the rules about them read them: where each stands, and which day it names.

`pipeline.citations.dates` reads the date of a citation; this reads dates anywhere in a text, impossible ones too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.diagnostics import Words
from pipeline.lint.numerals import value
from pipeline.lint.reading import ADDRESS, TITLED, Passage, once

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec")
MONTH = "|".join((*MONTHS, *(short for short in SHORT if short != "May")))
"""The name of an English month in full or shortened, without its full stop."""

LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""The most days of each month in any year."""

LOOK_UP = Words("查對原始資料後改正", "look it up and correct it")
MASK = "\ufffc"
ERAS = {"民國": 1911, "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}

_LUNAR = re.compile("[農陰舊夏回佛藏]曆|(?:伊斯蘭|猶太|伊朗|波斯|衣索比亞)曆")
_REIGN = re.compile(
    "(?:順治|康熙|雍正|乾隆|嘉慶|道光|咸豐|同治|光緒|宣統|洪武|永樂|嘉靖|萬曆|崇禎|開元|貞觀|安政|嘉永|天保)"
    r"[元一二三四五六七八九十\d年閏月]{0,9}$"
)

_NUMERAL = "[一二三四五六七八九十廿卅]"
_CHINESE = re.compile(rf"月 ?(?P<day>\d{{1,2}}|{_NUMERAL}{{1,3}}) ?[日號](?!碼)")
_BEFORE_CHINESE = re.compile(
    r"(?:(?P<era>民國|明治|大正|昭和|平成|令和)?(?<![\d.,])(?P<year>\d{1,4}) ?年"
    r"|(?P<digits>[〇○零一二三四五六七八九]{4})年)?"
    rf" ?(?<![\d.,])(?P<month>\d{{1,2}}|(?<!{_NUMERAL}){_NUMERAL}{{1,3}}) ?$"
)
_KOREAN = re.compile(r"월 ?(?P<day>\d{1,2})일")
_BEFORE_KOREAN = re.compile(r"(?:(?<!\d)(?P<year>\d{4})년 ?)?(?<!\d)(?P<month>\d{1,2})$")
_FURTHEST = 20
"""Characters before 月 that may belong to its date."""

_NUMERIC_MARK = re.compile(r"\d[/.\-]\d")
_NUMERIC = re.compile(
    r"(?<![\d/.\-A-Za-z])(?P<year>(?:19|20)\d\d)(?P<mark>[/.\-])(?P<month>[01]?\d)(?P=mark)(?P<day>[0-3]?\d)"
    r"(?![\d/\-A-Za-z]|\.\d)"
)
_ENGLISH = re.compile(
    rf"(?<![A-Za-z])(?P<month>{MONTH})(?![A-Za-z])\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:[-–—]\d{{1,2}})?"
    r"(?:,? ?(?P<year>\d{4}))?(?![\d,.]*\d|%)"
    rf"|(?<![\d.,])(?P<day2>\d{{1,2}})(?:st|nd|rd|th)? (?P<month2>{MONTH})(?![A-Za-z])\.?"
    r"(?:,? (?P<year2>\d{4}))?(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Day:
    """`text[start:end]` is a printed date; `year` is None where none is printed with it.

    `form` is chinese, korean, english or numeric; the numbers may name a day that does not exist.
    """

    start: int
    end: int
    year: int | None
    month: int
    day: int
    form: str

    @property
    def exists(self) -> bool:
        """Whether the calendar has it (without a year: in some year)."""
        if not (1 <= self.month <= 12 and 1 <= self.day <= LENGTHS[self.month - 1]):
            return False
        return self.year is None or self.date is not None

    @property
    def date(self) -> date | None:
        """The day itself, where it has a year and exists."""
        try:
            return date(self.year or 0, self.month, self.day)
        except ValueError:
            return None


@once
def masked(passage: Passage) -> str:
    """The text with U+FFFC for titles and addresses, whose dates belong to someone else."""
    zones, others = passage.zones, (TITLED, ADDRESS)
    if TITLED not in zones and ADDRESS not in zones:
        return passage.text
    characters = zip(passage.text, zones, strict=True)
    return "".join(MASK if zone in others else character for character, zone in characters)


@once
def days_in(passage: Passage) -> tuple[Day, ...]:
    """The dates of a passage that are not in a title or an address."""
    return tuple(days(masked(passage)))


def days(text: str) -> Iterator[Day]:
    """The dates of a text that name a month and a day, but for those of another calendar."""
    for form, pattern, before in (("chinese", _CHINESE, _BEFORE_CHINESE), ("korean", _KOREAN, _BEFORE_KOREAN)):
        for found in pattern.finditer(text):
            first = max(0, found.start() - _FURTHEST)
            begun = before.search(text[first : found.start()])
            if begun is not None:
                yield from _from_parts(text, first + begun.start(), found, begun, form)
    if _NUMERIC_MARK.search(text):
        yield from _numeric(text)
    if any(name in text for name in SHORT):
        yield from _english(text)


def _from_parts(text: str, start: int, found: re.Match[str], begun: re.Match[str], form: str) -> Iterator[Day]:
    parts = begun.groupdict()
    year, era = parts["year"] or parts.get("digits"), parts.get("era")
    if form == "chinese" and is_of_another_calendar(text, start):
        return
    month, day = value(begun["month"]), value(found["day"])
    if month is not None and day is not None:
        yield Day(start, found.end(), _year(year, era, form), int(month), int(day), form)


def _numeric(text: str) -> Iterator[Day]:
    for found in _NUMERIC.finditer(text):
        year, month, day = (int(found[name]) for name in ("year", "month", "day"))
        read = Day(*found.span(), year, month, day, "numeric")
        if read.exists or found["mark"] != ".":
            yield read


def _english(text: str) -> Iterator[Day]:
    for found in _ENGLISH.finditer(text):
        month = english_month(found["month"] or found["month2"])
        year = found["year"] or found["year2"]
        day = int(found["day"] or found["day2"])
        yield Day(*found.span(), int(year) if year else None, month, day, "english")


def is_of_another_calendar(text: str, start: int) -> bool:
    """Whether the words before a date say that it is lunar, or of a reign."""
    before = text[max(0, start - 12) : start]
    return _LUNAR.search(before) is not None or _REIGN.search(before) is not None


def english_month(name: str) -> int:
    """The number of an English month, in full or shortened."""
    return next(number for number, month in enumerate(MONTHS, start=1) if month[:3] == name[:3])


def _year(text: str | None, era: str | None, form: str) -> int | None:
    """The year in the common era; a short one is of the Republic (114年)."""
    year = value(text) if text else None
    if year is None:
        return None
    republic = form == "chinese" and year < 200
    return int(year) + (ERAS[era] if era else ERAS["民國"] if republic else 0)

"""Printed dates, as notes of Taiwan, Japan, Korea and the West write them, and what they are in ISO 8601."""

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_SEASON = "(?:Spring|Summer|Autumn|Fall|Winter)"
_ERAS = {"民國": 1911, "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
"""The year before the first of each era."""
_NUMERALS = "〇○零一二三四五六七八九"
_DASH = "[-–—~～]"
_TO = "[-–—~～/]"

_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:{_DASH}\d{{1,2}})?(?:st|nd|rd|th)?, ?(?P<year>\d{{4}})(?!\d)",
        rf"(?P<day>\d{{1,2}}) (?P<month>{_MONTH}),? (?P<year>\d{{4}})(?!\d)",
        rf"(?P<month>{_MONTH}),? (?P<year>\d{{4}})(?!\d)",
        rf"(?:{_MONTH} ?{_TO} ?{_MONTH}|{_SEASON}(?: ?{_TO} ?{_SEASON})?),? (?P<year>\d{{4}})(?!\d)",
        r"(?P<year>\d{4})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        r"(?P<year>\d{4})\. ?(?P<month>\d{1,2})\. ?(?P<day>\d{1,2})\.?(?!\d)",
        r"(?P<year>\d{4})년(?: ?(?P<month>\d{1,2})월(?: ?(?P<day>\d{1,2})일)?)?",
        rf"(?P<year>[{_NUMERALS}]{{4}})年(?:(?P<month>[一二三四五六七八九十]{{1,3}})月"
        r"(?:(?P<day>[一二三四五六七八九十]{1,3})日)?)?(?![一二三四五六七八九十\d]*[月日])",
        rf"(?P<year>(?<!\d)\d{{4}}) ?年 ?\d{{1,2}}月?(?:{_DASH}|[、/])\d{{1,2}}月(?:號|号)?",
        r"(?P<year>(?<!\d)\d{4}) ?年 ?[春夏秋冬](?:季號|季|號)",
        r"(?P<era>(?:中華)?民國|明治|大正|昭和|平成|令和) ?(?P<year>\d{1,3}|元) ?年"
        r"(?: ?(?P<month>\d{1,2}) ?月(?: ?(?P<day>\d{1,2}) ?日)?)?(?![\d 　]*[月日])",
        r"(?P<year>(?<!\d)\d{4}) ?年(?: ?(?P<month>\d{1,2}) ?月(?: ?(?P<day>\d{1,2}) ?日)?)?"
        r"(?![\d，, ]{0,5}[月日])",
        r"(?<!\d)\d{4}年[，,]? ?\d{0,2}月(?:[，,]? ?\d{0,2}日)?",
        r"(?P<year>(?<!\d)(?:1[5-9]|20)\d\d)(?![\d年년/.-])",
    )
)
"""The forms, tried in this order; one without a year in it is broken."""

ANY = re.compile("|".join(re.sub(r"\(\?P<\w+>", "(?:", f.pattern) for f in _FORMS if "(?P=" not in f.pattern))
"""Any printed date, to ask whether a text holds one."""

WITH_COMMA = re.compile(
    rf"{_MONTH} \d{{1,2}}(?:{_DASH}\d{{1,2}})?(?:st|nd|rd|th)?, ?\d{{4}}|{_MONTH}, \d{{4}}"
    r"|\d{4}年[，,] ?\d{0,2}月|\d{4}年\d{1,2}月[，,] ?\d{1,2}日"
)
"""A date that has a comma inside, right or wrong."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed date: where it ends, and its value in ISO 8601, possibly only a year or a month; or empty."""

    end: int
    iso: str


def read(text: str, start: int, end: int) -> Printed | None:
    """The date that begins at `start`, within `end`; its value is empty when no such day exists."""
    for form in _FORMS:
        found = form.match(text, start, end)
        if found:
            return Printed(found.end(), _iso(found.groupdict()))
    return None


def _iso(fields: dict[str, str | None]) -> str:
    year, month, day = (fields.get(name) for name in ("year", "month", "day"))
    if not year:
        return ""
    era = _ERAS[(fields.get("era") or "").removeprefix("中華")] if fields.get("era") else 0
    numbers = [_number(year) + era]
    numbers += [_number(part) for part in (month, day) if part]
    try:
        full = date(*(*numbers, 1, 1)[:3])
    except ValueError:
        return ""
    return full.isoformat()[: (4, 7, 10)[len(numbers) - 1]]


def _number(text: str) -> int:
    """What digits, the name of a month, or Chinese numerals (二○二五, 十一) say."""
    if text == "元":
        return 1
    if text[0].isdecimal():
        return int(text)
    if text[:3].lower() in _MONTHS:
        return _MONTHS.index(text[:3].lower()) + 1
    digits = [max(_NUMERALS.index(char) - 2, 0) if char in _NUMERALS else 10 for char in text]
    if 10 not in digits:
        return int("".join(map(str, digits)))
    tens = text.index("十")
    return (digits[tens - 1] if tens else 1) * 10 + (digits[tens + 1] if tens + 1 < len(digits) else 0)

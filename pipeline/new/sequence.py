"""Sequence: the number, the volume and the date of the issue that follows others."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from pipeline.lint import numerals

_HAN = "〇一二三四五六七八九"
_NUMERAL = re.compile(f"[0-9]+|[０-９]+|[{_HAN}零○十百廿卅]+")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_COUNTED = re.compile(r"\s*(?:期|號|号|호)")
_BEFORE_NUMBER = re.compile(r"(?:no\.?|issue|number)\s*\Z", re.IGNORECASE)
_YEAR = re.compile(r"\s*(?:年(?!度?第?[0-9０-９]+卷)|[-/.．])")
_JOINT = re.compile(r"\s*[-–—~～、,，/／・·‧及與和&+]\s*第?\s*")
_FIRST = re.compile(r"創刊號|创刊号|創刊")

_INTERVALS: tuple[tuple[str, int, int], ...] = (
    ("雙週刊|雙周刊|双周刊|隔週刊|격주간|biweekly|fortnightly", 0, 14),
    ("半月刊|semi-?monthly|twice a month", 0, 15),
    ("雙月刊|双月刊|隔月刊|격월간|bimonthly", 2, 0),
    ("半年刊|年二回|반년간|semi-?annual|twice a year|half-yearly", 6, 0),
    ("季刊|계간|quarterly", 3, 0),
    ("週刊|周刊|주간|weekly", 0, 7),
    ("旬刊", 0, 10),
    ("月刊|월간|monthly", 1, 0),
    ("年刊|年報|연간|annual|yearly", 12, 0),
)
"""How often a periodical appears: what its `frequency` says, months, days; the longer names first."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """What an issue calls itself: `volume` (empty where there is none), `number` as printed, and its date."""

    volume: str
    number: str
    published: date


def following(issues: Sequence[Numbered], published: date) -> tuple[str, str] | None:
    """Volume and number of the issue after the last of `issues` (at least one, by date), published on a day.

    The number grows by one in the script it is written in. Whether a new volume begins, and whether numbers then
    begin again at 1, is what the older issues did when their volume changed; None where a number can't be read.
    """
    last = issues[-1]
    changed = [(a, b) for a, b in pairwise(issues) if a.volume != b.volume and a.volume and b.volume]
    if not changed or not _volume_ends(changed, last, published):
        number = advanced(last.number, last.published.year, published.year)
        return (last.volume, number) if number is not None else None
    volume = advanced(last.volume)
    before, after = changed[-1]
    begins_again = (_value(after.number) or 0) < (_value(before.number) or 0)
    number = _like(last.number, 1) if begins_again else advanced(last.number, last.published.year, published.year)
    return (volume, number) if volume is not None and number is not None else None


def _volume_ends(changed: Sequence[tuple[Numbered, Numbered]], last: Numbered, published: date) -> bool:
    """Whether `last` was the last of its volume: volumes that change with the year, or at one number."""
    if all(a.published.year < b.published.year for a, b in changed):
        return published.year > last.published.year
    before, after = changed[-1]
    if (_value(after.number) or 0) < (_value(before.number) or 0):
        return _value(last.number) == _value(before.number)
    return False


def advanced(number: str, year: int = 0, new_year: int = 0) -> str | None:
    """A number one higher, in its own script, digits and words: 12, 第十二期, 第3期（總第27期）; None if unclear.

    A year in it (2026年第3期) that is `year` becomes `new_year`, and the number before 期 begins again at 1.
    """
    if _FIRST.search(number):
        return "2" if _NUMERAL.search(number) is None else None
    found = list(_NUMERAL.finditer(number))
    years = [each for each in found if _read(each[0]) == year and _YEAR.match(number, each.end())] if year else []
    rest = [each for each in found if each not in years]
    if any(_JOINT.fullmatch(number[a.end() : b.start()]) for a, b in pairwise(rest)):
        return None  # a double issue
    counted = [each for each in rest if _is_counted(number, each)] or rest
    if not counted or (len(counted) > 1 and counted is rest):
        return None
    turned = bool(years) and new_year != year
    new = {each: _written(each[0], new_year) for each in years}
    for each in counted:
        value = _read(each[0])
        if value is None:
            return None
        again = turned and "總" not in number[max(0, each.start() - 2) : each.start()]
        new[each] = _written(each[0], 1 if again else value + 1)
    return _NUMERAL.sub(lambda each: next((new[old] for old in new if old.span() == each.span()), each[0]), number)


def _is_counted(number: str, found: re.Match[str]) -> bool:
    behind, before = _COUNTED.match(number, found.end()), _BEFORE_NUMBER.search(number[: found.start()])
    return behind is not None or before is not None


def _value(number: str) -> int | None:
    """The number that counts the issues."""
    found = list(_NUMERAL.finditer(number))
    counted = [each for each in found if _is_counted(number, each)] or found
    return _read(counted[0][0]) if counted else None


def _like(number: str, value: int) -> str | None:
    """The one number in a text replaced by another, in its script."""
    found = list(_NUMERAL.finditer(number))
    counted = [each for each in found if _is_counted(number, each)] or found
    if not counted:
        return None
    first = counted[0]
    return number[: first.start()] + _written(first[0], value) + number[first.end() :]


def _read(numeral: str) -> int | None:
    if numeral.isdecimal():
        return int(numeral)
    if len(numeral) == 2 and all(character in _HAN for character in numeral):
        return _HAN.index(numeral[0]) * 10 + _HAN.index(numeral[1])
    value = numerals.value(numeral)
    return int(value) if value is not None else None


def _written(like: str, value: int) -> str:
    """A value in the script of a numeral, with as many noughts before it: 03 → 04, 十九 → 二十."""
    if like.isdecimal():
        figures = str(value).zfill(len(like) if like[0] in "0０" else 0)
        return figures if like.isascii() else figures.translate(_FULL_WIDTH)
    digits = _HAN.replace("〇", next((zero for zero in "〇零○" if zero in like), "〇"))
    if len(like) > 1 and not set(like) & set("十百廿卅"):
        return "".join(digits[int(figure)] for figure in str(value))
    return _in_han(value)


def _in_han(value: int) -> str:
    """A value below 1,000 in words: 12 十二, 105 一百零五; larger ones digit by digit."""
    if value >= 1000 or value < 1:
        return "".join(_HAN[int(figure)] for figure in str(value))
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    words = f"{_HAN[hundreds]}百" if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else _HAN[tens]) + "十"
    elif hundreds and ones:
        words += "零"
    return words + (_HAN[ones] if ones else "")


# Dates


def next_date(frequency: str, issues: Sequence[Numbered]) -> date | None:
    """The day on which the issue after the last of `issues` appears; None where nothing tells.

    `frequency` is the word for it (雙週刊, 月刊, quarterly …); where it says nothing known, the last two do.
    """
    last = issues[-1].published
    for name, months, days in _INTERVALS:
        if re.search(name, frequency, re.IGNORECASE):
            usual = max(each.published.day for each in issues[-2:])
            return _half_month_later(last) if days == 15 else _later(last, months, days, usual)
    if len(issues) < 2 or issues[-2].published >= last:
        return None
    before = issues[-2].published
    months = (last.year - before.year) * 12 + last.month - before.month
    if before.day == last.day and months:
        return _later(last, months, 0, last.day)
    return _later(last, 0, (last - before).days, last.day)


def _later(day: date, months: int, days: int, usual: int) -> date | None:
    """A day some months or days later; `usual` is the day of the month that a short month cut off."""
    try:
        if not months:
            return day + timedelta(days=days)
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        length = monthrange(year, month + 1)[1]
        cut_off = day.day == monthrange(day.year, day.month)[1]
        return date(year, month + 1, min(usual if cut_off else day.day, length))
    except (OverflowError, ValueError):
        return None


def _half_month_later(day: date) -> date | None:
    """The other half of a month: the 1st and the 16th, the 5th and the 20th, the 15th and the last."""
    if day.day <= 15:
        return day.replace(day=min(day.day + 15, monthrange(day.year, day.month)[1]))
    return _later(day.replace(day=min(day.day - 15, 15)), 1, 0, 15)

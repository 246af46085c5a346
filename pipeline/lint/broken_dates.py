"""The rule about broken dates: a part missing, doubled or mistyped, a mark inside, a month misspelt."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.days import LOOK_UP, MONTH, MONTHS, days, masked
from pipeline.lint.reading import Reading
from pipeline.lint.rules import Finding, found, rule

_END = r"(?=[，,。；;、）)」\ufffc]|\s*$|\s*https?:)"
_OPEN = r"(?:^|(?<=[，,。；;（(》〉”]))"
_YEAR = r"(?<![\d./\-])((?:19|20)\d\d)"
_NAME = rf"(?<![A-Za-z])(?:{MONTH})(?![A-Za-z])\.?"


@dataclass(frozen=True)
class _Slip:
    """One way to get a date wrong: what it looks like, what to say, and what to put there if that is certain."""

    pattern: re.Pattern[str]
    reason: Words
    mended: str | None = None
    only_in_notes: bool = False

    def right(self, match: re.Match[str]) -> str | None:
        """What the date should be; None where that isn't certain."""
        right = match.expand(self.mended) if self.mended is not None else None
        return right if right is None or all(day.exists for day in days(right)) else None


_NO_MONTH = Words("少了月份", "the month is missing")
_NO_DAY = Words("少了日", "the day is missing")
_NO_NIAN = Words("少了「年」", "年 is missing")
_NO_YUE = Words("少了「月」", "月 is missing")
_NO_RI = Words("少了「日」", "日 is missing")
_MARK = Words("中間多了標點", "there is a mark inside")
_BLANK = Words("少了空白", "a blank is missing")


def _slip(reason: Words, pattern: str, mended: str | None = None) -> _Slip:
    return _Slip(re.compile(pattern), reason, mended)


def _slip_in_a_note(reason: Words, pattern: str, mended: str | None = None) -> _Slip:
    return _Slip(re.compile(pattern), reason, mended, only_in_notes=True)


_SLIPS = (
    _slip(_NO_MONTH, r"(?<!\d)\d{4}年月(?:\d{1,2}日|日)"),
    _slip_in_a_note(_NO_MONTH, rf"(?<!\d)\d{{4}}年月{_END}"),
    _slip(_NO_MONTH, r"(?<!\d)\d{4}年\d{1,2}日(?![間內照\d])"),
    _slip(_NO_MONTH, r"(?<!\d)\d{4}년 ?(?:월 ?\d{1,2}일|\d{1,2}일)"),
    _slip(_NO_YUE, r"(?<!\d)\d{4}年\d{3,4}日(?!間|內)"),
    _slip(_NO_DAY, rf"(?<!\d)\d{{4}}年\d{{1,2}}月日(?!、){_END}"),
    _slip(Words("少了年份", "the year is missing"), rf"{_OPEN}年\d{{1,2}}月(?:\d{{1,2}}日)?{_END}"),
    _slip_in_a_note(_MARK, r"(?<!\d)(\d{4}年)\s?[，,]\s?(\d{1,2}月\d{1,2}日)", r"\1\2"),
    _slip(_MARK, r"(?<!\d)(\d{4}年)\s?[、；;。．.·‧]\s?(\d{1,2}月(?:\d{1,2}日)?)", r"\1\2"),
    _slip(_MARK, r"(?<!\d)(\d{4}年\d{1,2}月)\s?[，,、；;。．.·‧]\s?(\d{1,2}日)(?![間內照])", r"\1\2"),
    _slip(_NO_NIAN, rf"{_YEAR}[.．/／\-]\s?(\d{{1,2}}月(?:\d{{1,2}}日)?)", r"\1年\2"),
    _slip(_NO_NIAN, rf"{_YEAR} ?(\d{{1,2}}月\d{{1,2}}日)", r"\1年\2"),
    _slip_in_a_note(_NO_NIAN, rf"{_YEAR}[，,、 ]{{1,2}}(\d{{1,2}}月\d{{1,2}}日)", r"\1年\2"),
    _slip(_NO_YUE, r"(?<!\d)(\d{4}年\d{1,2})[.．/／\-]?(?: |(?<=\D))(\d{1,2}日)", r"\1月\2"),
    _slip(_NO_YUE, rf"(?<!\d)(\d{{4}}年\d{{1,2}})[/／](\d{{1,2}}){_END}", r"\1月\2日"),
    _slip_in_a_note(_NO_YUE, rf"{_OPEN}(\d{{4}}年(?:1[0-2]|[1-9]))(?=[，,]\s?(?:頁|https?:|第\d)|[）)])", r"\1月"),
    _slip(_NO_RI, rf"(?<!\d)(\d{{4}}年\d{{1,2}}月\d{{1,2}})(?!、\d|，\d{{1,2}}日){_END}", r"\1日"),
    _slip(_NO_RI, r"([今去前明同當翌]年\d{1,2}月[0-3]?\d)(?=，(?!\d)|（(?!\d))", r"\1日"),
    _slip(Words("「年」重複了", "年 stands twice"), rf"(?<!\d)(\d{{4}}年)年(?:(?=\d{{1,2}}月)|{_END})", r"\1"),
    _slip(Words("「月」重複了", "月 stands twice"), r"(?<!\d)(\d{4}年\d{1,2}月)月(?=\d)", r"\1"),
    _slip(Words("「日」重複了", "日 stands twice"), rf"(?<!\d)(\d{{1,2}}月\d{{1,2}}日)日(?!、){_END}", r"\1"),
    _slip(Words("月份重複了", "the month stands twice"), r"(?<!\d)(\d{4}年(\d{1,2})月)\2月(?=\d)", r"\1"),
    _slip(
        Words("第二個「月」應是「日」", "the second 月 should be 日"), r"(?<!\d)\d{4}年\d{1,2}月\d{1,2}月(?!\d)"
    ),
    _slip(Words("第二個「年」應是「月」", "the second 年 should be 月"), r"(?<!\d)\d{4}年\d{1,2}年\d{1,2}日"),
    _slip(Words("「月」「日」弄反了", "月 and 日 are exchanged"), r"(?<!\d)\d{4}年\d{1,2}日\d{1,2}[月日]"),
    _slip(Words("「年」「月」弄反了", "年 and 月 are exchanged"), r"(?<!\d)(?:19|20)\d\d月\d{1,2}[年月日]"),
    _slip(
        Words("「日」字打錯了", "日 is mistyped"),
        r"(?<!\d)((?:\d{4}年)?\d{1,2}月\d{1,2})[曰目](?![標前的次光錄擊睹])",
        r"\1日",
    ),
    _slip(Words("「年」字打錯了", "年 is mistyped"), r"(?<!\d)((?:19|20)\d\d)[午牛](?=\d{1,2}月)", r"\1年"),
    _slip(_BLANK, rf"({_NAME} \d{{1,2}}(?:st|nd|rd|th)?),(\d{{4}})(?!\d)", r"\1, \2"),
    _slip(_BLANK, rf"(?<![A-Za-z])({MONTH})(\d{{1,2}}, \d{{4}})(?!\d)", r"\1 \2"),
    _slip(_MARK, rf"({_NAME}), (\d{{1,2}}),? (\d{{4}})(?!\d)", r"\1 \2, \3"),
    _slip_in_a_note(
        Words("的逗號打成句點", "a full stop for the comma"), rf"({_NAME} \d{{1,2}})\. ?(\d{{4}})(?!\d)", r"\1, \2"
    ),
    _slip_in_a_note(
        Words("的年份不是四位數", "the year does not have four digits"),
        rf"{_NAME} \d{{1,2}}, (?:\d{{5}}|\d{{3}})(?=[,.;，。；]|$)",
    ),
)
"""The slips, tried in this order: what one has found, no later one reports."""


@rule(
    Code(
        "D002",
        title=Words("日期缺字或多字", "broken date"),
        message=Words("日期「{written}」{reason}", "the date “{written}”: {reason}"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "日期是讀者查證的依據；缺了一截，就查不到那一天的報導。",
            "A date is what a reader checks a source by; with a part missing nothing is found.",
        ),
        bad='甲<fn id="fn1"><p>趙一，〈甲篇〉，《乙報》，2021年，5月6日。</p></fn>。',
        good='甲<fn id="fn1"><p>趙一，〈甲篇〉，《乙報》，2021年5月6日。</p></fn>。',
        severity=Severity.WARNING,
    )
)
def broken_date(brief: Reading) -> Iterator[Finding]:
    """A date with a part missing, doubled or mistyped: 2026年月23日, 2025 4月29日, Febuary 3, 2025."""
    for passage in brief.passages:
        text = masked(passage)
        if not re.search(r"\d", text):
            continue
        for start, end, reason, right in _slips(text, passage.note is not None):
            advice = Words(f"改成「{right}」", f"write “{right}”") if right else LOOK_UP
            yield found(passage, start, end, right, written=text[start:end], reason=reason, advice=advice)


def _slips(text: str, in_note: bool) -> Iterator[tuple[int, int, Words, str | None]]:
    for first, last in _around_digits(text):
        taken = bytearray(last - first)
        for slip in _SLIPS:
            if slip.only_in_notes and not in_note:
                continue
            for match in slip.pattern.finditer(text, first, last):
                start, end = match.start() - first, match.end() - first
                if not any(taken[start:end]):
                    taken[start:end] = bytes([1]) * (end - start)
                    yield *match.span(), slip.reason, slip.right(match)
        for start, end, month in _misspelt_months(text, first, last):
            yield start, end, Words("：月份拼錯了", "the month is misspelt"), month


def _around_digits(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text that hold digits, with enough on either side for a date."""
    first = last = 0
    for digit in _DIGITS.finditer(text):
        if digit.start() - _NEAR > last:
            if last:
                yield first, last
            first = max(0, digit.start() - _NEAR)
        last = min(digit.end() + _NEAR, len(text))
    if last:
        yield first, last


_DIGITS = re.compile(r"\d+")
_NEAR = 14


_OTHER_WORDS = re.compile(
    "januar|februar|märz|mars|april|mai|maj|maio|juni|juli|august|augusti|augustus|agosto|oktober|dezember|desember|"
    "november|januari|februari|maret|mei|agustus|ogos|disember|janvier|fevrier|février|avril|juin|juillet|aout|août|"
    "septembre|octobre|novembre|decembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|septiembre|octubre|"
    "noviembre|diciembre|janeiro|fevereiro|março|marco|junho|julho|setembro|outubro|novembro|dezembro|gennaio|"
    "febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|augusta|marc|nov|sep|sept|oct|dec|juno|mach|"
    "lune|tune|jury|juliet|mary|match|ember|member"
)
"""Months of other languages and English words that a month is near to, in lower case."""

_MONTH_LIKE = re.compile(
    r"(?<![A-Za-z])([A-Z][a-z]{2,9})(?= \d{1,2}(?:st|nd|rd|th)?, \d{4}(?!\d))"
    r"|(?<=\d )([A-Z][a-z]{2,9})(?=,? (?:19|20)\d\d(?!\d))"
    r"|(?<=[，（ ])([A-Z][a-z]{4,9})(?= (?:19|20)\d\d(?!\d))"
)
_NAMED = frozenset((*MONTHS, *MONTH.split("|")))


def _misspelt_months(text: str, first: int, last: int) -> Iterator[tuple[int, int, str]]:
    for match in _MONTH_LIKE.finditer(text, first, last):
        word = match[1] or match[2] or match[3]
        if word in _NAMED or _OTHER_WORDS.fullmatch(word.lower()):
            continue
        (slips, month), (next_slips, _) = sorted((_distance(word.lower(), name.lower()), name) for name in MONTHS)[
            :2
        ]
        allowed = 2 if len(month) >= 7 else 1
        if slips <= allowed and slips < next_slips and len(month) > (3 if match[3] is None else 5):
            yield *match.span(), month


def _distance(one: str, other: str) -> int:
    """How many letters are added, missing, wrong or exchanged with the next (Damerau–Levenshtein)."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, its in enumerate(other, start=1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != its)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                row[-1] = min(row[-1], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]

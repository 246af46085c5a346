"""Rules about how dates are written where there are several ways: the brief, else the issue, decides."""

import re
from collections.abc import Callable, Iterator

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.days import MONTH, MONTHS, SHORT, english_month, is_of_another_calendar, masked
from pipeline.lint.forms import ONE_WAY, Use, Uses, against_practice, is_used
from pipeline.lint.numerals import value
from pipeline.lint.reading import Reading
from pipeline.lint.rules import Finding, found, rule

# --- leading zeros ----------------------------------------------------------------------------------------

_SOME_ZERO = re.compile("0[1-9][月日]")
_ONE_DIGIT = re.compile(
    r"(?:(?<=年)|(?<![\d.,/:\-]))(?P<month>0?[1-9])月(?:(?P<day>0?[1-9])日)?|(?<=\d月)(?P<only>0?[1-9])日"
)


def _zeros(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {"0": [], "": []}
    for passage in brief.passages:
        if "月" not in passage.text:
            continue
        text = masked(passage)
        for match in _ONE_DIGIT.finditer(text):
            for name in ("month", "day", "only"):
                if match[name]:
                    uses["0" if match[name][0] == "0" else ""].append((passage, *match.span(name)))
    return uses


@rule(
    Code(
        "D010",
        title=Words("日期補零", "leading zero"),
        message=Words(
            "「{written}」補了零，別處不補（{count}處）", "“{written}” has a zero; {count} others have none"
        ),
        hint=Words("改成「{right}」", "write “{right}”"),
        why=ONE_WAY,
        bad="5月6日、7月8日，06月09日",
        good="5月6日、7月8日，6月9日",
        severity=Severity.WARNING,
    )
)
def leading_zero(brief: Reading) -> Iterator[Finding]:
    """08月01日 where dates have no zeros elsewhere."""
    if not is_used(brief, _SOME_ZERO):
        return
    for (passage, start, end), form, settled in against_practice(brief, _zeros):
        if form == "0":
            written, right = passage.text[start:end], passage.text[start + 1 : end]
            yield found(passage, start, end, right, written=written, right=right, count=settled.count)


# --- Chinese numerals -------------------------------------------------------------------------------------

_N = "一二三四五六七八九十"
_SOME_NUMERAL = re.compile(f"[{_N}〇○零][年月日]")
_HAN_YEAR = re.compile(r"[〇○零一二三四五六七八九]{4}(?=年)")
_HAN_MONTH = re.compile(
    rf"(?<=年)(?P<month>[{_N}]{{1,3}})(?=月(?![革天琴的色亮球老刊報薪餘租票]))"
    rf"|(?<![{_N}年個第農曆])(?P<month2>[{_N}]{{1,3}})(?=月[{_N}]{{1,3}}日(?![事運革慘學政]))"
)
_HAN_DAY = re.compile(rf"(?<=[{_N}\d]月)(?P<day>[{_N}]{{1,3}})(?=日(?![事運革慘學政]))")
_ARABIC = re.compile(r"(?<![\d.,])(?:\d{4}(?=年)|\d{1,2}(?=月)|(?<=月)\d{1,2}(?=日))")


def _numerals(in_notes: bool) -> Callable[[Reading], Uses]:
    def uses(brief: Reading) -> Uses:
        found_in: dict[str, list[Use]] = {"arabic": [], "chinese": []}
        for passage in brief.notes if in_notes else brief.prose:
            text = passage.own_text
            if "年" not in text and "月" not in text:
                continue
            found_in["arabic"] += [(passage, *match.span()) for match in _ARABIC.finditer(text)]
            found_in["chinese"] += [(passage, *span) for span in _chinese_numerals(text)]
        return found_in

    return uses


def _chinese_numerals(text: str) -> Iterator[tuple[int, int]]:
    """The years, months and days in Chinese numerals that are not of another calendar or the name of an event."""
    for pattern in (_HAN_YEAR, _HAN_MONTH, _HAN_DAY):
        for match in pattern.finditer(text):
            read = value(match[0])
            of_a_date = read is not None and (pattern is _HAN_YEAR or read <= 31)
            if of_a_date and not is_of_another_calendar(text, match.start()):
                yield match.span()


_NUMERALS_IN_PROSE = _numerals(in_notes=False)
_NUMERALS_IN_NOTES = _numerals(in_notes=True)


@rule(
    Code(
        "D011",
        title=Words("日期的數字有兩種寫法", "dates in two kinds of numerals"),
        message=Words(
            "日期裡的「{written}」與多數寫法不同：別處用{practice}（{count}處）",
            "“{written}” in a date: elsewhere in {english} ({count} times)",
        ),
        hint=Words("{advice}", "{advice}"),
        why=ONE_WAY,
        bad="2021年5月6日、2022年7月8日，二〇二三年八月",
        good="2021年5月6日、2022年7月8日，2023年8月，農曆八月十五日，「八月革命」",
        severity=Severity.WARNING,
    )
)
def two_kinds_of_numerals(brief: Reading) -> Iterator[Finding]:
    """二〇二五年 or 八月 beside 2025年 and 8月; running text and notes may each have their own way."""
    if not is_used(brief, _SOME_NUMERAL):
        return
    for uses in (_NUMERALS_IN_PROSE, _NUMERALS_IN_NOTES):
        for (passage, start, end), form, settled in against_practice(brief, uses):
            written = passage.text[start:end]
            right = f"{value(written):.0f}" if form == "chinese" else None
            yield found(
                passage,
                start,
                end,
                right,
                written=written,
                count=settled.count,
                practice="阿拉伯數字" if form == "chinese" else "中文數字",
                english="Arabic digits" if form == "chinese" else "Chinese numerals",
                advice=Words(f"改成「{right}」", f"write “{right}”")
                if right
                else Words("改用中文數字", "write it in Chinese"),
            )


# --- a year without 年 ------------------------------------------------------------------------------------

_DONE = (
    "簽署|簽訂|通過|成立|宣布|發布|公布|發表|提出|開始|啟動|爆發|舉行|召開|加入|退出|生效|上任|就任|當選|正式|首次|完成|"
    "實施|推動|推出|設立|建立|批准|入侵|訪問|上台|執政|建交|斷交|獨立|遭|被|才|即|便|曾|已|終止|廢止|修訂|修正|頒布"
)
_SINCE = "以來|起(?![跳碼])|以後|之後|之前|以前|至今|迄今"
_BARE_YEAR = re.compile(
    rf"(?:[於在自從迄]|截至|直到|早在|自從)(?P<after>(?:19|20)\d\d)(?={_SINCE}|，|{_DONE})"
    r"|(?<![\d.,/\-–—~～至A-Za-z$€£¥])(?P<part>(?:19|20)\d\d)"
    r"(?=[上下]半年|[春夏秋冬][天季]|底[，前起以才將至]|初[，期起以至])"
)


@rule(
    Code(
        "D012",
        title=Words("年份少了「年」", "年 missing"),
        message=Words("「{written}」後面少了「年」", "年 is missing after {written}"),
        hint=Words("改成「{written}年」", "write {written}年"),
        why=Words(
            "行文中的年份不加「年」，讀者會當成別的數字。",
            "In running text a year without 年 is read as some other number.",
        ),
        bad="自2019以來，兩國於2024簽署協定。",
        good="自2019年以來，兩國於2024年簽署協定，動員了2000人。",
        severity=Severity.WARNING,
    )
)
def year_without_nian(brief: Reading) -> Iterator[Finding]:
    """A year in running text that lacks its 年: 自2019以來, 於2024簽署, 2025底."""
    for passage in brief.passages:
        if passage.kind == "cell" or not re.search(r"\d{4}", passage.text):
            continue
        text = passage.own_text
        for match in _BARE_YEAR.finditer(text):
            name = "after" if match["after"] else "part"
            year = match[name]
            yield found(passage, *match.span(name), f"{year}年", written=year)


# --- 2025/7/4 ---------------------------------------------------------------------------------------------

_SOME_FIGURES = re.compile(r"(?:19|20)\d\d[/.\-][01]?\d[/.\-]\d")
_FULL = re.compile(r"(?<!\d)\d{4}年\d{1,2}月\d{1,2}日")
_NUMERIC = re.compile(
    r"(?<![\d/.\-A-Za-z_])((?:19|20)\d\d)([/.\-])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?![\d/\-A-Za-z_]|\.\d)\.?"
)


def _printed_in_chinese(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {"年月日": [], "numeric": []}
    for passage in brief.passages:
        if not passage.lang.startswith("zh") or passage.kind in ("metadata", "cell"):
            continue
        text = masked(passage)
        uses["年月日"] += [(passage, *match.span()) for match in _FULL.finditer(text)]
        uses["numeric"] += [(passage, *match.span()) for match in _NUMERIC.finditer(text)]
    return uses


@rule(
    Code(
        "D013",
        title=Words("日期用數字簡寫", "date in figures only"),
        message=Words(
            "「{written}」與多數寫法不同：別處寫成年月日（{count}處）",
            "“{written}”: elsewhere dates are written with 年, 月 and 日 ({count} times)",
        ),
        hint=Words("改成「{right}」", "write “{right}”"),
        why=ONE_WAY,
        bad="2021年5月6日、2022年7月8日，2023/8/9",
        good="2021年5月6日、2022年7月8日，2023年8月9日",
        severity=Severity.WARNING,
    )
)
def date_in_figures(brief: Reading) -> Iterator[Finding]:
    """2025/7/4, 2025-07-04 or 2025.7.4 where dates are written out elsewhere."""
    if not is_used(brief, _SOME_FIGURES):
        return
    for (passage, start, end), form, settled in against_practice(brief, _printed_in_chinese):
        match = _NUMERIC.match(passage.text, start)
        if form == "numeric" and match is not None:
            right = f"{match[1]}年{int(match[3])}月{int(match[4])}日"
            written = match[0]
            yield found(passage, start, end, right, written=written, right=right, count=settled.count)


# --- dates in English -------------------------------------------------------------------------------------

_SOME_MONTH = re.compile(rf"(?:{'|'.join(short for short in SHORT if short != 'May')})[. ]")
_SOME_DAY_FIRST = re.compile(f"[0-9] (?:{'|'.join(SHORT)})")
_SOME_MISSING = re.compile("[a-z][.]? [0-9]{1,2} [12][0-9]{3}(?![0-9])")
_MONTH_NAME = re.compile(
    rf"(?<![A-Za-z])(?P<month>{MONTH})\.?"
    r"(?= \d{1,2}(?:[-–—]\d{1,2})?,? \d{4}(?!\d)|,? (?:19|20)\d\d(?!\d))"
)
_MONTH_FIRST = re.compile(rf"(?<![A-Za-z])(?:{MONTH})\.? \d{{1,2}}(?:[-–—]\d{{1,2}})?,? \d{{4}}(?!\d)")
_DAY_FIRST = re.compile(rf"(?<![\d.,])\d{{1,2}} (?:{MONTH})\.?,? \d{{4}}(?!\d)")
_NO_COMMA = re.compile(rf"(?<![A-Za-z])((?:{MONTH})\.? \d{{1,2}})( )\d{{4}}(?!\d)")
_COMMA = re.compile(rf"(?<![A-Za-z])(?:{MONTH})\.? \d{{1,2}}, \d{{4}}(?!\d)")


def _month_names(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {"full": [], "short": []}
    for passage in brief.notes:
        for match in _MONTH_NAME.finditer(masked(passage)):
            if match["month"] != "May":
                uses["full" if match["month"] in MONTHS else "short"].append((passage, *match.span()))
    return uses


def _orders(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {"month": [], "day": []}
    for passage in brief.notes:
        text = masked(passage)
        uses["month"] += [(passage, *match.span()) for match in _MONTH_FIRST.finditer(text)]
        uses["day"] += [(passage, *match.span()) for match in _DAY_FIRST.finditer(text)]
    return uses


def _commas(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {",": [], "": []}
    for passage in brief.notes:
        text = masked(passage)
        uses[","] += [(passage, *match.span()) for match in _COMMA.finditer(text)]
        uses[""] += [(passage, *match.span()) for match in _NO_COMMA.finditer(text)]
    return uses


@rule(
    Code(
        "D014",
        title=Words("英文月份有全名也有縮寫", "months in full and shortened"),
        message=Words(
            "「{written}」與多數寫法不同：別處用{practice}（{count}處）",
            "“{written}”: elsewhere {english} ({count} times)",
        ),
        hint=Words("改成「{right}」", "write “{right}”"),
        why=Words(
            "CMOS 10.44：註釋裡的月份可用全名，也可用縮寫，但全書要一致。",
            "CMOS 10.44: in notes months may be spelled out or shortened, one way throughout.",
        ),
        bad='甲<fn id="fn1"><p>Ann Lee, “A,” <italic>B</italic>, July 1, 2021; Ann Lee, “C,” <italic>B</italic>, '
        "August 2, 2021; Ann Lee, “D,” <italic>B</italic>, Sept. 3, 2021.</p></fn>。",
        good='甲<fn id="fn1"><p>Ann Lee, “A,” <italic>B</italic>, July 1, 2021; Ann Lee, “C,” <italic>B</italic>, '
        "August 2, 2021; Ann Lee, “D,” <italic>B</italic>, September 3, 2021.</p></fn>。",
        severity=Severity.WARNING,
    )
)
def months_in_two_ways(brief: Reading) -> Iterator[Finding]:
    """Sept. 3, 2021 where the months of the other sources are written in full, or the other way round."""
    if not is_used(brief, _SOME_MONTH):
        return
    for (passage, start, end), form, settled in against_practice(brief, _month_names):
        name = MONTHS[english_month(passage.text[start:end]) - 1]
        if form == "short":
            right, practised, english = name, "全名", "months are written in full"
        else:
            right, practised, english = _SHORTENED.get(name, name), "縮寫", "months are shortened"
        values: dict[str, object] = {"practice": practised, "english": english, "count": settled.count}
        if right != passage.text[start:end]:
            written = passage.text[start:end]
            fix = passage.replaced(start, end, right)
            yield Finding(passage.place(start, end), {"written": written, "right": right, **values}, fix)


_SHORTENED = {month: f"{month[:3]}." for month in MONTHS if len(month) > 4} | {"September": "Sept."}
"""CMOS 10.44: May, June and July are not shortened."""


@rule(
    Code(
        "D015",
        title=Words("英文日期的次序不一", "day and month in two orders"),
        message=Words(
            "「{written}」與多數寫法不同：別處{practice}（{count}處）",
            "“{written}”: elsewhere {english} ({count} times)",
        ),
        hint=Words("改成「{right}」", "write “{right}”"),
        why=Words(
            "CMOS 6.38、9.35：July 4, 2025或4 July 2025都可以，但全篇要一致。",
            "CMOS 6.38 and 9.35: July 4, 2025, or 4 July 2025, one way throughout.",
        ),
        bad='甲<fn id="fn1"><p>Ann Lee, “A,” <italic>B</italic>, July 1, 2021; Ann Lee, “C,” <italic>B</italic>, '
        "August 2, 2021; Ann Lee, “D,” <italic>B</italic>, 3 September 2021.</p></fn>。",
        good='甲<fn id="fn1"><p>Ann Lee, “A,” <italic>B</italic>, July 1, 2021; Ann Lee, “C,” <italic>B</italic>, '
        "August 2, 2021; Ann Lee, “D,” <italic>B</italic>, September 3, 2021.</p></fn>。",
        severity=Severity.WARNING,
    )
)
def two_orders(brief: Reading) -> Iterator[Finding]:
    """3 September 2021 where the other sources have September 3, 2021, or the other way round."""
    if not is_used(brief, _SOME_DAY_FIRST):
        return
    for (passage, start, end), form, settled in against_practice(brief, _orders):
        written = passage.text[start:end]
        month, day, year = _parts(written)
        right = f"{month} {day}, {year}" if form == "day" else f"{day} {month} {year}"
        values: dict[str, object] = {
            "practice": "月在前" if form == "day" else "日在前",
            "english": "the month comes first" if form == "day" else "the day comes first",
            "count": settled.count,
        }
        fix = passage.replaced(start, end, right)
        yield Finding(passage.place(start, end), {"written": written, "right": right, **values}, fix)


def _parts(written: str) -> tuple[str, str, str]:
    """Month, day and year of an English date, as written."""
    words = written.replace(",", "").split(" ")
    month = next(word for word in words if word[0].isalpha())
    day, year = (word for word in words if not word[0].isalpha())
    return month, day, year


@rule(
    Code(
        "D016",
        title=Words("英文日期少了逗號", "comma missing in a date"),
        message=Words("「{written}」少了年份前的逗號", "“{written}” lacks the comma before the year"),
        hint=Words("改成「{right}」", "write “{right}”"),
        why=Words("CMOS 6.38：月在前的日期，年份前後都有逗號。", "CMOS 6.38: July 4, 2025, with commas."),
        bad='甲<fn id="fn1"><p>Ann Lee, “A,” <italic>B</italic>, July 1, 2021; Ann Lee, “C,” <italic>B</italic>, '
        "August 2, 2021; Ann Lee, “D,” <italic>B</italic>, September 3 2021.</p></fn>。",
        good='甲<fn id="fn1"><p>Ann Lee, “A,” <italic>B</italic>, July 1, 2021; Ann Lee, “C,” <italic>B</italic>, '
        "August 2, 2021; Ann Lee, “D,” <italic>B</italic>, September 3, 2021.</p></fn>。",
        severity=Severity.WARNING,
    )
)
def comma_missing(brief: Reading) -> Iterator[Finding]:
    """September 3 2021 where the other sources have a comma before the year."""
    if not is_used(brief, _SOME_MISSING):
        return
    for (passage, start, end), form, _ in against_practice(brief, _commas):
        if form == "":
            written = passage.text[start:end]
            right = written[:-5] + "," + written[-5:]
            yield found(passage, start, end, right, written=written, right=right)

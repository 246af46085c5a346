"""Rules about what dates say: days that do not exist, years that can't be right, ranges that run backwards.

`broken_dates` has those with a part missing; how a date is written, where several ways are right, is `date_forms`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.days import LENGTHS, LOOK_UP, MASK, MONTH, MONTHS, Day, days_in, is_of_another_calendar, masked
from pipeline.lint.reading import Passage, Reading
from pipeline.lint.rules import Finding, found, rule

_CALENDAR = Words(
    "日期是讀者查證的依據；錯一個數字，就查不到那一天的報導。",
    "A date is what a reader checks a source by; with one wrong digit nothing is found.",
)

# --- days that do not exist -------------------------------------------------------------------------------

_MONTH_ALONE = re.compile(r"(?<!\d)\d{4}年(?P<month>\d{1,2})月(?!\d)")
_SECOND_DAY = re.compile(r"(?<![\d.])(?P<month>\d{1,2})月\d{1,2}日?[至到\-–—~～、及和與](?P<day>\d{1,2})日")
_TIME = re.compile(
    r"(?P<half>上午|下午|凌晨|清晨|早上|中午|傍晚|晚間|晚上|深夜|半夜|午夜|午後|\d日|當天|當日|時間)"
    r"(?P<hour>\d{1,2})(?:[時點](?!鐘|多)|[:：](?=[0-5]?\d(?!\d)))(?P<minute>\d{1,2}(?=分(?!之|鐘)))?"
)
_MORNING = {"上午", "早上", "清晨", "凌晨"}


@rule(
    Code(
        "D001",
        title=Words("沒有這一天", "no such day"),
        message=Words("「{written}」：{reason}", "“{written}”: {reason}"),
        hint=LOOK_UP,
        why=_CALENDAR,
        bad="會談於2025年2月30日舉行。",
        good="會談於2024年2月29日舉行。",
        severity=Severity.WARNING,
    )
)
def impossible_date(brief: Reading) -> Iterator[Finding]:
    """A month, day or hour that no calendar or clock has: 2025年2月30日, 13月5日, 下午25時, July 32."""
    for passage in brief.passages:
        if not any(character.isdecimal() or character == "月" for character in passage.text):
            continue
        text = masked(passage)
        for start, end, reason in _impossible(text, days_in(passage)):
            yield found(passage, start, end, written=text[start:end], reason=reason)


def _impossible(text: str, days: Sequence[Day]) -> Iterator[tuple[int, int, Words]]:
    for day in days:
        if not day.exists:
            yield day.start, day.end, _why_not(day.year, day.month, day.day)
    for match in _MONTH_ALONE.finditer(text):
        if not 1 <= int(match["month"]) <= 12:
            yield *match.span(), _why_not(None, int(match["month"]), 1)
    for match in _SECOND_DAY.finditer(text):
        month, day_number = int(match["month"]), int(match["day"])
        too_many = 1 <= month <= 12 and day_number > LENGTHS[month - 1]
        if too_many and not is_of_another_calendar(text, match.start()):
            yield *match.span(), _why_not(None, month, day_number)
    for match in _TIME.finditer(text):
        hour = int(match["hour"])
        if hour > 24 or (match["half"] in _MORNING and hour > 12):
            wrong = Words(f"{match['half']}沒有{hour}時", f"there is no {hour} o'clock then")
            yield *match.span(), wrong
        elif match["minute"] and int(match["minute"]) > 59:
            yield *match.span(), Words("一小時沒有這麼多分", "an hour does not have that many minutes")


def _why_not(year: int | None, month: int, day: int) -> Words:
    if not 1 <= month <= 12:
        return Words(f"沒有{month}月", f"there is no month {month}")
    of = f"{year}年" if year is not None and month == 2 and day == 29 else ""
    name = MONTHS[month - 1] + (f" {year}" if of else "")
    return Words(f"{of}{month}月沒有{day}日", f"{name} has no day {day}")


# --- dates later than the issue ---------------------------------------------------------------------------

_CITED_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20|21)\d\d)年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?|月\d{1,2}日)?"
    r"(?=[，,。.；;）)]|\s*$|\s*頁|\s*https?:|\s*\ufffc)"
)
_YEAR_ALONE = re.compile(r"(?:，|, |（|\()(?P<year>(?:19|20|21)\d\d)(?=[)）,，.。]|$)")
_TO_COME = re.compile("即將出版|出版中|待刊|已接受|forthcoming|in press|accepted")


@rule(
    Code(
        "D003",
        title=Words("出處的日期晚於出刊日", "source later than the issue"),
        message=Words(
            "「{written}」晚於本期出刊的{published}", "“{written}” is later than the issue, {published}"
        ),
        hint=Words("多半是年份或月份打錯，查對原始資料", "probably a slip in the year or month: look it up"),
        why=Words(
            "出刊時還沒有發表的東西不能引用；這樣的日期幾乎都是打錯了。",
            "What had not appeared when the issue did can't be cited; such a date is nearly always a slip.",
        ),
        bad='甲<fn id="fn1"><p>趙一，〈甲篇〉，《乙報》，2027年5月6日。</p></fn>。',
        good='甲<fn id="fn1"><p>趙一，〈甲篇〉，《乙報》，2026年5月6日。</p></fn>。',
        severity=Severity.WARNING,
    )
)
def later_than_the_issue(brief: Reading) -> Iterator[Finding]:
    """The date of a source that lies after the date of the issue."""
    published = brief.issue.published
    if published is None:
        return
    for passage in brief.notes:
        text = masked(passage)
        if not re.search(r"\d{4}", text) or _TO_COME.search(text):
            continue
        for start, end, first in _cited_dates(text, days_in(passage)):
            if first > published and _is_of_a_source(passage, text, start):
                yield found(passage, start, end, written=text[start:end], published=published.isoformat())


def _cited_dates(text: str, days: Sequence[Day]) -> Iterator[tuple[int, int, date]]:
    """The dates that stand as a field of their own, with the first day they can mean.

    A journal may carry a month that is still to come, so a month alone is read as two months before.
    """
    for match in _CITED_DATE.finditer(text):
        first = _first(int(match["year"]), match["month"], match["day"])
        if first is not None:
            yield *match.span(), first
    for day in days:
        if day.form in ("english", "numeric") and day.date is not None:
            yield day.start, day.end, day.date
    for match in _YEAR_ALONE.finditer(text):
        yield *match.span("year"), date(int(match["year"]), 1, 1)


def _first(year: int, month: str | None, day: str | None) -> date | None:
    try:
        if month and not day:
            return date(year, int(month), 1) - timedelta(days=61)
        return date(year, int(month or 1), int(day or 1))
    except ValueError:
        return None


def _is_of_a_source(passage: Passage, text: str, start: int) -> bool:
    """Whether a title, a quotation mark or a citation that was recognised stands right before a date."""
    if any(each.start <= start < each.end for each in passage.citations):
        return True
    before = text[max(0, start - 40) : start].rpartition("。")[2]
    return (
        re.search(f"[{MASK}》〉”][）)》〉”]*[，,、）(（\\s]", before) is not None
        and text[start - 1 : start] in "，, （("
    )


_PAST = re.compile(
    "表示|指出|強調|透露|證實|宣稱|聲稱|坦言|批評|譴責|駁斥|聲明|致電|抵達|遭到?|曾經?|已經?(?!知)|了(?=[，。一兩二三\\d])|當選|逝世|身亡|爆發"
)
_FUTURE = re.compile(
    "[將擬若如倘]|預[計定期估測料]|可[能望]|有望|計[畫劃]|規劃|即將|定於|屆時|未來|是否|目標|之?前|期限|到期|屆滿|截止|生效|"
    "延[長期]|起(?!訴)|後續|下一|仍待|尚待|排定|籌備|任期|承諾|要求|呼籲|為止|至少|最[遲快晚]|內"
)


@rule(
    Code(
        "D004",
        title=Words("尚未到的日子寫成過去", "a day to come told as past"),
        message=Words(
            "「{written}」晚於本期出刊的{published}，句子說的卻是過去的事",
            "“{written}” is later than the issue, {published}, and the sentence tells of the past",
        ),
        hint=Words("查對年份；還沒發生的事，寫成「預計」「將」", "check the year; of what is to come, say so"),
        why=_CALENDAR,
        bad="2027年3月5日，該國外長表示不會退讓。",
        good="該協定將於2027年3月5日生效，該國外長表示不會退讓。",
        severity=Severity.NOTE,
    )
)
def past_to_come(brief: Reading) -> Iterator[Finding]:
    """A full date after the date of the issue in a sentence that tells of the past and of no plan."""
    published = brief.issue.published
    if published is None:
        return
    for passage in brief.prose:
        text = passage.own_text
        if "日" not in text:
            continue
        late = [day for day in days_in(passage) if day.form == "chinese" and day.date and day.date > published]
        for day in filter(lambda each: passage.is_own(each.start, each.end), late):
            start, end = _sentence(passage, day.start)
            after = text[day.end : end]
            if _PAST.search(after[:40]) and not _FUTURE.search(text[start:end]):
                written = text[day.start : day.end]
                yield found(passage, day.start, day.end, written=written, published=published.isoformat())


def _sentence(passage: Passage, index: int) -> tuple[int, int]:
    """The sentence that holds a character."""
    place = bisect_right(passage.sentences, (index, len(passage.text) + 1)) - 1
    return passage.sentences[place] if place >= 0 else (0, len(passage.text))


# --- years that can't be right ----------------------------------------------------------------------------

_YEAR = re.compile(
    r"(?<![\d.,/\-A-Za-z])(?P<year>(?P<five>(?:19|20)\d{3})|(?P<four>[12]\d{3})|(?P<three>[2-9]\d\d))(?=年(?P<month>\d{1,2}月)?)"
)


@rule(
    Code(
        "D005",
        title=Words("不可能的年份", "impossible year"),
        message=Words("「{written}年」不像是對的年份", "{written} can't be the year"),
        hint=LOOK_UP,
        why=_CALENDAR,
        bad="兩國於20226年3月5日建交，",
        good="兩國於2022年3月5日建交，約20000年前的遺跡",
        severity=Severity.WARNING,
    )
)
def impossible_year(brief: Reading) -> Iterator[Finding]:
    """A year with a digit too many or exchanged: 20225年4月, 2205年4月; 202年4月29日 in a citation."""
    this = brief.issue.published.year if brief.issue.published else date.today().year
    for passage in brief.passages:
        text = masked(passage)
        if "年" not in text:
            continue
        for match in _YEAR.finditer(text):
            if _is_impossible(match, text, this, passage.note is not None):
                yield found(passage, *match.span(), written=match["year"])


def _is_impossible(match: re.Match[str], text: str, this: int, in_note: bool) -> bool:
    after = text[match.end() + 1 : match.end() + 4]
    before = text[max(0, match.start() - 3) : match.start()]
    if re.search("[前元曆第約近達逾過]$|民國|佛曆", before):
        return False
    if match["five"]:
        return bool(match["month"]) or not (
            match["five"].endswith("0") or re.match("前|來|間|以|之|的[歷光時]", after)
        )
    year = int(match["year"])
    if match["three"]:
        return in_note and bool(match["month"]) and text[match.start() - 1 : match.start()] in "，, （("
    if year > this + 75:
        return bool(match["month"]) or (year > 2100 and year % 5 != 0 and not re.match("前|後|間|以", after))
    return in_note and year < 1500 and bool(match["month"])


# --- the day of the week ----------------------------------------------------------------------------------

_WEEKDAY = re.compile(
    r"\s?(?:，|[（(])?(?:星期|週|周|禮拜)(?P<zh>[一二三四五六日天])|\s?[（(](?P<short>[一二三四五六日月火水木金土월화수목금토일])(?:曜日)?[）)]"
)
_WEEKDAYS = ("一月월", "二火화", "三水수", "四木목", "五金금", "六土토", "日天일")
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH_WEEKDAY = re.compile(rf"({'|'.join(_NAMES)}),? (?:the )?$")
_IN_TEXT_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")


@rule(
    Code(
        "D006",
        title=Words("星期與日期不合", "wrong day of the week"),
        message=Words("{written}是星期{right}，不是星期{said}", "{written} is a {english}"),
        hint=Words("查對日期與星期，改正其中一個", "one of the two is wrong: look it up"),
        why=_CALENDAR,
        bad="2025年8月12日（星期三）",
        good="2025年8月12日（星期二）",
        severity=Severity.WARNING,
    )
)
def wrong_weekday(brief: Reading) -> Iterator[Finding]:
    """A day of the week that doesn't fit its date; without a year, in none of the years that may be meant."""
    for passage in brief.passages:
        text = masked(passage)
        for day in days_in(passage):
            said = _weekday_beside(text, day)
            if said is None or not day.exists:
                continue
            start, end, weekday = said
            possible = [day.year] if day.year is not None else _years_meant(brief.issue.published, text, day)
            days_meant = [_day_in(year, day) for year in possible]
            if days_meant and not any(each is None or each.weekday() == weekday for each in days_meant):
                right = days_meant[0].weekday() if days_meant[0] else 0
                values: dict[str, object] = {"said": _WEEKDAYS[weekday][0], "right": _WEEKDAYS[right][0]}
                values |= {"written": text[day.start : day.end], "english": _NAMES[right]}
                yield Finding(passage.place(start, end), values)


def _weekday_beside(text: str, day: Day) -> tuple[int, int, int] | None:
    """The day of the week after (in English, before) a date: where it stands, and its number from Monday, 0."""
    if day.form == "english":
        match = _ENGLISH_WEEKDAY.search(text, max(0, day.start - 16), day.start)
        return (match.start(1), match.end(1), _NAMES.index(match[1])) if match else None
    match = _WEEKDAY.match(text, day.end)
    if match is None:
        return None
    name = match["zh"] or match["short"]
    weekday = next(index for index, names in enumerate(_WEEKDAYS) if name in names)
    if match["short"] in ("日", "月"):
        return None
    return match.start(match.lastgroup or 0), match.end(match.lastgroup or 0), weekday


def _years_meant(issue: date | None, text: str, day: Day) -> list[int]:
    """The years that a date without one may be of: named before it, else that of the issue or one beside."""
    if issue is None:
        return []
    relative = re.search("([今去前明])年$", text[max(0, day.start - 2) : day.start])
    if relative and issue.month > 2:
        return [issue.year + _OFFSETS[relative[1]]]
    named = [int(year) for year in _IN_TEXT_YEAR.findall(text, max(0, day.start - 200), day.start)]
    coming = [issue.year + 1] if day.month < issue.month and "明年" in text else []
    past = [issue.year - 1] if day.month > issue.month or "去年" in text else []
    return [issue.year, *past, *coming, *named]


def _day_in(year: int, day: Day) -> date | None:
    try:
        return date(year, day.month, day.day)
    except ValueError:
        return None


# --- this year, last year ---------------------------------------------------------------------------------

_OFFSETS = {"今": 0, "本": 0, "去": -1, "昨": -1, "前": -2, "明": 1}
_BRACKETED_YEAR = re.compile(r"[（(](?:(?:19|20)\d\d|[今去前明]年)|年20\d\d年")
_FREE = r"(?:^|(?<=[，。；：、（「於在自從至到及和與\s]))"
_RELATIVE = re.compile(
    rf"(?P<word>(?<!如)今|(?<![過失前除])去|{_FREE}[昨前明])"
    r"(?:年[（(](?P<year>(?:19|20)\d\d)年?[）)]|[（(](?P<near>(?:19|20)\d\d)[）)]年)"
    r"|(?<!\d)(?P<year2>(?:19|20)\d\d)年?[（(](?P<word2>[今去前明])年[）)]"
    r"|(?P<word3>[今去明])年(?P<year3>20\d\d)年"
)


@rule(
    Code(
        "D007",
        title=Words("「今年」「去年」與年份不合", "this year is another year"),
        message=Words(
            "本期在{issue}年出刊，{word}年應是{right}年，不是{year}年",
            "the issue is of {issue}: {word}年 is {right}, not {year}",
        ),
        hint=Words("查對年份，改正其中一個", "one of the two is wrong: look it up"),
        why=_CALENDAR,
        bad="今（2025）年5月",
        good="今（2026）年5月，去（2025）年10月",
        severity=Severity.WARNING,
    )
)
def wrong_relative_year(brief: Reading) -> Iterator[Finding]:
    """今（2024）年 in an issue of 2025. An issue of January or February may still call the old year this one."""
    issue = brief.issue.published
    if issue is None:
        return
    these = {issue.year, issue.year - 1} if issue.month <= 2 else {issue.year}
    for passage in brief.passages:
        text = passage.own_text
        if not _BRACKETED_YEAR.search(text):
            continue
        for match in _RELATIVE.finditer(text):
            word = match["word"] or match["word2"] or match["word3"]
            year = int(match["year"] or match["near"] or match["year2"] or match["year3"])
            if year - _OFFSETS[word] not in these:
                right = issue.year + _OFFSETS[word]
                yield found(passage, *match.span(), issue=issue.year, word=word, right=right, year=year)


# --- ranges -----------------------------------------------------------------------------------------------

_TO = r"\s?(?:至|到|迄|[-–—－~～])\s?"
_SOME_RANGE = re.compile(rf"\d[年月日]?{_TO}(?=\d)")
_DAYS_TO = re.compile(
    r"(?:(?<!\d)(?P<y1>\d{4})年)?(?<!\d)(?P<m1>\d{1,2})月(?P<d1>\d{1,2})日?"
    rf"{_TO}(?:(?P<y2>\d{{4}})年)?(?:(?P<m2>\d{{1,2}})月)?(?P<d2>\d{{1,2}})日"
)
_MONTHS_TO = re.compile(
    rf"(?<!\d)(?P<y1>\d{{4}})年(?P<m1>\d{{1,2}})月?{_TO}(?:(?P<y2>\d{{4}})年)?(?P<m2>\d{{1,2}})月(?!\d)"
)
_YEARS_TO = re.compile(
    rf"(?<![\d.,/\-–A-Za-z])(?P<y1>1[5-9]\d\d|20\d\d)(?P<unit1>年)?{_TO}(?P<y2>1[5-9]\d\d|20\d\d)(?![\d.,/\-–])(?P<unit2>年)?"
)
_ENGLISH_TO = re.compile(
    rf"(?<![A-Za-z])(?:{MONTH})(?![A-Za-z])\.? (?P<d1>\d{{1,2}})[-–—](?P<d2>\d{{1,2}})(?:, \d{{4}})?(?!\d)"
)
_BACK = re.compile("(?:前|回溯|倒推|追溯|上溯|倒數)[^，。]{0,6}$")


@rule(
    Code(
        "D008",
        title=Words("起訖顛倒", "range runs backwards"),
        message=Words("「{written}」的起點比終點晚", "“{written}” ends before it begins"),
        hint=Words("查對起訖日期", "look up both dates"),
        why=_CALENDAR,
        bad="2025年7月29日至7月28日，",
        good="2025年7月28日至7月29日，12月28日至1月3日，",
        severity=Severity.WARNING,
    )
)
def backward_range(brief: Reading) -> Iterator[Finding]:
    """A range of days, months or years whose end comes before its beginning."""
    for passage in brief.passages:
        text = masked(passage)
        if not _SOME_RANGE.search(text):
            continue
        for start, end in _backward(text):
            yield found(passage, start, end, written=text[start:end])


def _backward(text: str) -> Iterator[tuple[int, int]]:
    for match in _DAYS_TO.finditer(text):
        first, last = _ends(match)
        if _runs_backward(first, last) and not is_of_another_calendar(text, match.start()):
            yield match.span()
    for match in _MONTHS_TO.finditer(text):
        first, last = _ends(match)
        if _runs_backward(first, last):
            yield match.span()
    for match in _YEARS_TO.finditer(text):
        alone = re.fullmatch("[（(].+[）)]", text[max(0, match.start() - 1) : match.end() + 1])
        named = match["unit1"] or match["unit2"] or alone
        if (
            named
            and int(match["y1"]) > int(match["y2"])
            and not _BACK.search(text, max(0, match.start() - 10), match.start())
        ):
            yield match.span()
    for match in _ENGLISH_TO.finditer(text):
        if int(match["d1"]) > int(match["d2"]):
            yield match.span()


def _ends(match: re.Match[str]) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Year, month and day of both ends; 0 for what is not printed."""
    parts = {name: int(text) for name, text in match.groupdict().items() if text}
    first = (parts.get("y1", 0), parts.get("m1", 0), parts.get("d1", 0))
    return first, (parts.get("y2", 0), parts.get("m2", first[1]), parts.get("d2", 0))


def _runs_backward(first: tuple[int, int, int], last: tuple[int, int, int]) -> bool:
    """Whether a range ends before it begins; one without a second year may run into the next, from autumn on."""
    if first[0] and last[0]:
        return first > last
    if first[1] != last[1]:
        return first[1] > last[1] and first[0] > 0 and first[1] <= 8
    return first[2] > last[2]


# --- ten days of a year -----------------------------------------------------------------------------------

_DECADE = re.compile(r"(?:(?<!\d)\d{4}年|[今去前明]年|同年|隔年|翌年)(?P<part>[上中下])旬")


@rule(
    Code(
        "D009",
        title=Words("一年沒有「旬」", "a year has no 旬"),
        message=Words("「{written}」：旬是十天，說的是一個月裡的時間", "“{written}”: 旬 is ten days of a month"),
        hint=Words("改成「年{part}」，或補上月份", "name the month, or write of the year alone"),
        why=Words(
            "《教育部重編國語辭典修訂本》：旬，十日為一旬，一個月分上、中、下三旬。",
            "Ministry of Education dictionary: 旬 is ten days; a month has three.",
        ),
        bad="該艦2025年中旬下水，",
        good="該艦2025年6月中旬下水，",
        severity=Severity.WARNING,
    )
)
def decade_of_a_year(brief: Reading) -> Iterator[Finding]:
    """2025年中旬: the middle of a year is 年中."""
    parts = {"上": "初", "中": "中", "下": "底"}
    for passage in brief.passages:
        for match in _DECADE.finditer(passage.own_text):
            yield found(passage, *match.span(), written=match[0], part=parts[match["part"]])

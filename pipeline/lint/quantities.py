"""Rules about how numbers are written and hedged.

Sums that do not come out are `sums`; the same amount with two values is `contradictions`.
"""

import re
from collections.abc import Iterator

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.amounts import CURRENCIES, Amount, amounts_in
from pipeline.lint.forms import ONE_WAY, Use, Uses, against_practice, is_used
from pipeline.lint.numerals import HAN, value
from pipeline.lint.reading import Passage, Reading
from pipeline.lint.rules import Finding, found, rule

_HEDGE = Words(
    "「約」與「左右」、「至少」與「以上」說的是同一件事，說一次就夠；「將近」與「多」則互相矛盾。",
    "“About … or so” and “at least … or more” say one thing twice; “nearly … odd” contradicts itself.",
)


class _Forms:
    """Finds the forms of something in a brief: patterns by the name of the form."""

    def __init__(self, patterns: dict[str, str]) -> None:
        self.patterns = {form: re.compile(pattern) for form, pattern in patterns.items()}

    def __call__(self, brief: Reading) -> Uses:
        uses: dict[str, list[Use]] = {form: [] for form in self.patterns}
        for passage in brief.passages:
            if not passage.lang.startswith("zh") or passage.kind == "cell":
                continue
            text = passage.own_text
            for form, pattern in self.patterns.items():
                uses[form] += [(passage, *match.span()) for match in pattern.finditer(text)]
        return uses


# --- digits -----------------------------------------------------------------------------------------------

_FULL_WIDTH = re.compile("[０-９]+(?:[．，][０-９]+)*[％]?")
_HALF = {ord("０") + digit: str(digit) for digit in range(10)} | {ord("．"): ".", ord("，"): ",", ord("％"): "%"}


@rule(
    Code(
        "D030",
        title=Words("全形數字", "full-width digits"),
        message=Words("「{written}」是全形數字", "“{written}” is in full-width digits"),
        hint=Words("改成「{right}」", "write “{right}”"),
        why=Words(
            "橫排的阿拉伯數字用半形（中文排版需求 §3.2.2）；全形數字檢索不到，字距也太寬。",
            "Digits in horizontal text are half-width (clreq §3.2.2); full-width ones aren't found by a search.",
        ),
        bad="共有１２艘",
        good="共有12艘，《第１屆論文集》",
        severity=Severity.WARNING,
    )
)
def full_width_digits(brief: Reading) -> Iterator[Finding]:
    """２０２５: digits that take a whole square each."""
    for passage in brief.passages:
        if any("０" <= character <= "９" for character in passage.text):
            for match in _FULL_WIDTH.finditer(passage.own_text):
                right = match[0].translate(_HALF)
                yield found(passage, *match.span(), right, written=match[0], right=right)


_SOME_THOUSANDS = re.compile(r"(?<!\d)[1-9]\d{3,8}(?=\D)(?![年號])|,\d{3}")
_COUNTED = (
    f"(?:[多餘]?(?:[萬億兆]|{CURRENCIES}|[人名位艘架枚輛座套顆支件項筆份家所戶票株頭元噸米]|人次|架次|公[里尺頃斤噸克]|"
    "平方公里|海里|英里|個(?!別)|桶|字|公尺|小時))"
)
_RUN = re.compile(r"[\d,]+")
_RUN_ON = r"(?<![\d.,A-Za-z\-–/第])"
_FOUR = _Forms(
    {
        "comma": rf"(?<![\d.,A-Za-z\-])\d,\d{{3}}(?![\d,]){_COUNTED}",
        "plain": rf"{_RUN_ON}[1-9]\d{{3}}{_COUNTED}",
    }
)
_MORE = _Forms(
    {
        "comma": rf"(?<![\d.,A-Za-z\-])\d{{1,3}}(?:,\d{{3}})+(?![\d,]){_COUNTED}",
        "plain": rf"{_RUN_ON}[1-9]\d{{4,8}}{_COUNTED}",
    }
)


@rule(
    Code(
        "D031",
        title=Words("千分號時有時無", "thousands with and without a comma"),
        message=Words(
            "「{written}」與多數寫法不同：別處的數字{practice}千分號（{count}處）",
            "“{written}”: elsewhere numbers have {english} comma ({count} times)",
        ),
        hint=Words("改成「{right}」", "write “{right}”"),
        why=ONE_WAY,
        bad="3,000人、4,500人、6,000人，7000人",
        good="3,000人、4,500人、6,000人，2025年、第7000號、F-4000型",
        severity=Severity.WARNING,
    )
)
def thousands(brief: Reading) -> Iterator[Finding]:
    """7000人 where numbers of that size have a comma elsewhere, or the other way round; years never have one."""
    if not is_used(brief, _SOME_THOUSANDS):
        return
    done = set()
    for form_of in (_FOUR, _MORE):
        for (passage, start, last), form, settled in against_practice(brief, form_of):
            number = _RUN.match(passage.text, start, last)
            written = number[0] if number is not None else ""
            end = start + len(written)
            if (id(passage), start) in done:
                continue
            done.add((id(passage), start))
            digits = written.replace(",", "")
            right = f"{int(digits):,}" if form == "plain" else digits
            values: dict[str, object] = {"written": written, "right": right, "count": settled.count}
            values |= {
                "practice": "有" if form == "plain" else "沒有",
                "english": "a" if form == "plain" else "no",
            }
            yield Finding(passage.place(start, end), values, passage.replaced(start, end, right))


_BAD_GROUPS = re.compile(rf"(?<![\d.,A-Za-z\-])\d{{1,4}}(?:,\d{{1,4}})+(?![\d,.])(?={_COUNTED})")
_GROUPS = re.compile(r"\d{1,3}(?:,\d{3})+")


@rule(
    Code(
        "D032",
        title=Words("千分號放錯位置", "comma in the wrong place of a number"),
        message=Words(
            "「{written}」的千分號不在每三位之間", "the commas of “{written}” are not after every third digit"
        ),
        hint=Words("查對數字，每三位一撇", "check the number; a comma stands before every three digits"),
        why=Words("千分號由右往左每三位一個。", "Commas part a number into threes from the right."),
        bad="動員了3,00人，耗資1,0000元",
        good="動員了3,000人，耗資10,000元",
        severity=Severity.WARNING,
    )
)
def wrong_groups(brief: Reading) -> Iterator[Finding]:
    """3,00人 or 1,0000元: a digit has been lost or added."""
    for passage in brief.passages:
        for match in _BAD_GROUPS.finditer(passage.own_text):
            if not _GROUPS.fullmatch(match[0]):
                yield found(passage, *match.span(), written=match[0])


# --- per cent ---------------------------------------------------------------------------------------------

_SOME_PERCENT = re.compile("％|百分之")
_PERCENT = _Forms(
    {
        "%": r"(?<![\d.])\d+(?:\.\d+)?%",
        "％": r"(?<![\d.])\d+(?:\.\d+)?％",
        "百分之": rf"百分之(?!百)(?:[\d.]+|{HAN}+(?:點{HAN}+)?)",
    }
)


@rule(
    Code(
        "D033",
        title=Words("百分比有兩種寫法", "percentages in two forms"),
        message=Words(
            "「{written}」與多數寫法不同：別處用「{practice}」（{count}處）",
            "“{written}”: elsewhere “{practice}” ({count} times)",
        ),
        hint=Words("改成「{right}」", "write “{right}”"),
        why=ONE_WAY,
        bad="甲占15%，乙占25%，丙占30％",
        good="甲占15%，乙占25%，丙占30%，百分之百支持",
        severity=Severity.WARNING,
    )
)
def percentages(brief: Reading) -> Iterator[Finding]:
    """30％ or 百分之三十 where the brief has % elsewhere, or the other way round."""
    if not is_used(brief, _SOME_PERCENT):
        return
    for (passage, start, end), form, settled in against_practice(brief, _PERCENT):
        written = passage.text[start:end]
        number = value(written.removeprefix("百分之")) if form == "百分之" else None
        if settled.form == "百分之" or (form == "百分之" and number is None):
            continue
        right = f"{number:g}{settled.form}" if number is not None else written[:-1] + settled.form
        values: dict[str, object] = {"practice": settled.form, "count": settled.count}
        fix = passage.replaced(start, end, right)
        yield Finding(passage.place(start, end), {"written": written, "right": right, **values}, fix)


# --- one amount in two kinds of numerals -------------------------------------------------------------------

_STRONG_UNITS = re.compile(f"{CURRENCIES}|元|噸|公里|公尺|公頃|平方公里|海里|桶|人|架|艘|枚|輛")
_ROUNDED = re.compile("[約近逾數上好幾]有?$")


@rule(
    Code(
        "D034",
        title=Words("同一個數有兩種寫法", "one number in two kinds of numerals"),
        message=Words("「{written}」在別處寫成「{other}」", "“{written}” is “{other}” elsewhere"),
        hint=Words("全篇用一種寫法", "write it in one way throughout"),
        why=ONE_WAY,
        bad="年產量可達一萬噸。若要達到年產10,000噸",
        good="年產量可達10,000噸。若要達到年產10,000噸",
        severity=Severity.NOTE,
    )
)
def two_kinds_of_numerals(brief: Reading) -> Iterator[Finding]:
    """一萬噸 and 10,000噸 in one brief: the same number of the same unit in Chinese characters and in digits."""
    in_digits: dict[tuple[float, str], tuple[Passage, Amount]] = {}
    in_chinese: list[tuple[Passage, Amount]] = []
    for passage in brief.prose:
        text = passage.own_text
        for amount in amounts_in(passage):
            if not _STRONG_UNITS.fullmatch(amount.unit) or amount.value < 11 or _is_rounded(text, amount):
                continue
            if amount.printed[0].isdecimal():
                in_digits.setdefault((amount.value, amount.unit), (passage, amount))
            else:
                in_chinese.append((passage, amount))
    for passage, amount in in_chinese:
        other = in_digits.get((amount.value, amount.unit))
        if other is not None:
            there, its = other
            also = (there.place(its.start, its.end),)
            written, said = passage.text[amount.start : amount.end], there.text[its.start : its.end]
            if brief.issue.vocabulary.are_apart(written, said):
                continue
            yield found(passage, amount.start, amount.end, also=also, written=written, other=said)


def _is_rounded(text: str, amount: Amount) -> bool:
    before = text[max(0, amount.start - 2) : amount.start]
    return _ROUNDED.search(before) is not None or re.search("[多餘]", text[amount.start : amount.end]) is not None


# --- hedges -----------------------------------------------------------------------------------------------

_DIGITS = r"\d[\d,]*(?:\.\d+)?"
_SOME = rf"(?:{_DIGITS}|{HAN}{{1,6}}|半數|一半|過半)"
_NUMBER = rf"{_SOME}(?:[-–~～至到]{_SOME})?[百千萬億兆]{{0,2}}[多餘]?"
_ROUND = rf"(?:\d[\d,]*|{HAN}{{1,6}}?)[百千萬]?"
_STOPS = "，。；：、（）「」《》？！\\d\ufffc"
_GAP = f"[^{_STOPS}一二兩三四五六七八九十百千萬億半]{{0,6}}?"
_UNIT = f"[^{_STOPS}]{{0,5}}?"
_COUNTED_BY = f"(?=[萬億]?(?:{CURRENCIES}|[年人名位艘架枚輛座個件項家所天次萬億場噸公]))"
_ABOUT = "大約|約莫|約略|大概|(?<![條合契節制公簽大締誓毀違赴邀儉特])約"
_NEARLY = "將近|幾近|(?<![最附接逼靠親臨鄰遠晚新漸相將幾])近"
_TWICE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<one>{_ABOUT}|將近|接近|幾近){_GAP}{_NUMBER}{_UNIT}"
        r"(?P<two>左右(?![手翼派兩為逢選局戰市])|上下(?![文級其游波浮震兩班樓限]))",
        rf"(?P<one>至少|最少|起碼){_GAP}{_NUMBER}{_UNIT}(?P<two>以上)",
        rf"(?P<one>超過|逾|多於|不下於|突破)[了約]?{_NUMBER}{_UNIT}(?P<two>以上)",
        rf"(?P<one>至多|最多|不超過|低於|少於)[了有]?{_NUMBER}{_UNIT}(?P<two>以下)",
        rf"(?P<one>至多|最多|不超過)[了有]?{_NUMBER}{_UNIT}(?P<two>以內|之內)",
        rf"(?P<one>不到|不足|未滿|未達)[了有]?{_NUMBER}{_UNIT}(?P<two>以下)",
        rf"(?P<one>超過|逾|{_ABOUT})[有為達]?{_ROUND}(?P<two>[多餘]){_COUNTED_BY}",
        rf"(?P<one>數)[十百千萬億]{{1,2}}(?P<two>[多餘]){_COUNTED_BY}",
        r"(?P<one>過)半數?(?P<two>以上)",
        rf"(?P<one>{_ABOUT})(?P<two>將近|接近|大約|近(?=\d))",
        r"(?P<one>將近)(?P<two>大?約)",
    )
)
_AGAINST = re.compile(
    rf"(?P<one>{_NEARLY}|接近|不到|不足|未滿)有?(?:{_ROUND}|數[十百千])(?P<two>[多餘幾])"
    rf"(?P<unit>[萬億]?(?:{CURRENCIES}|[年人名位艘架枚輛座個件項家所天週周次萬億場噸公載種元成]))"
)


@rule(
    Code(
        "D035",
        title=Words("約數說了兩次", "hedged twice"),
        message=Words("「{written}」：{reason}", "“{written}”: {reason}"),
        hint=Words("留下一個", "keep one of the two"),
        why=_HEDGE,
        bad="已執行將近50多年，收聽率約10%左右，至少50人以上",
        good="已執行50多年，收聽率約10%，至少50人，近10多年來",
        severity=Severity.WARNING,
    )
)
def hedged_twice(brief: Reading) -> Iterator[Finding]:
    """約10%左右, 至少50人以上, 超過50多人: an approximation said twice; 將近50多年: one against the other."""
    for passage in brief.passages:
        if passage.kind == "cell":
            continue
        text = passage.own_text
        taken = bytearray(len(text))
        for start, end, reason in (*_against(text), *_twice(text)):
            if not any(taken[start:end]):
                taken[start:end] = bytes([1]) * (end - start)
                yield found(passage, start, end, written=text[start:end], reason=reason)


def _against(text: str) -> Iterator[tuple[int, int, Words]]:
    for match in _AGAINST.finditer(text):
        is_recently = match["one"] == "近" and match["unit"] in tuple("年天週周個載")
        if not is_recently:
            said = f"「{match['one']}」是還不到，「{match['two']}」是已經超過"
            yield *match.span(), Words(said, "the first says less, the second more")


def _twice(text: str) -> Iterator[tuple[int, int, Words]]:
    for pattern in _TWICE:
        for match in pattern.finditer(text):
            said = f"「{match['one']}」與「{match['two']}」意思重複"
            yield *match.span(), Words(said, "two words for one thing")


_EXACT = r"(?:\d{1,3},\d{2}[1-9]|\d{3}[1-9])(?=[人名位艘架枚輛件家])"
_NEARLY_EXACT = re.compile(
    rf"(?P<near>{_NEARLY})[有達為占佔]?(?:\d+\.\d*[1-46-9](?=[%％]|個百分點)[%％]?|{_EXACT})|(?P<about>{_ABOUT})有?{_EXACT}"
)


@rule(
    Code(
        "D036",
        title=Words("約數與精確的數字並用", "hedge before an exact number"),
        message=Words("「{written}」：數字這麼精確，不必說「{near}」", "“{written}”: the number is exact"),
        hint=Words("刪去「{near}」，或改用概數", "leave the hedge out, or round the number"),
        why=_HEDGE,
        bad="將近有95.2%表示無法收聽",
        good="有95.2%表示無法收聽，將近95%表示同意，成長近3.5%",
        severity=Severity.NOTE,
    )
)
def nearly_exact(brief: Reading) -> Iterator[Finding]:
    """將近95.2%: a number with a decimal place is not an approximation."""
    for passage in brief.passages:
        for match in _NEARLY_EXACT.finditer(passage.own_text):
            yield found(passage, *match.span(), written=match[0], near=match["near"] or match["about"])

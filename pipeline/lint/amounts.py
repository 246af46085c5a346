"""Amounts in a text: 約4億美元, 101席, 12至15人, 95.2%, each with the values it can mean and its unit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.lint.numerals import HAN, SCALES, value
from pipeline.lint.reading import Passage, once

_ARABIC = r"(?<![\d.,/A-Za-z第－\-–—])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d./])"
_SCALE = "百萬|千萬|十萬|千億|百億|萬億|[百千萬億兆]"
_PLAIN = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_CHINESE = rf"(?<![第{HAN[1:-1]}點])(?:{HAN}{{1,10}}(?:點[〇○零一二三四五六七八九]{{1,4}}[百千萬億兆]{{0,2}})?)"

CURRENCIES = (
    "美元|美金|歐元|日圓|日元|英鎊|人民幣|韓元|韓圓|韓圜|新台幣|新臺幣|台幣|臺幣|港元|港幣|盧布|盧比|澳元|澳幣|加元|加幣|紐元|"
    "新元|星元|新加坡元|披索|泰銖|令吉|林吉特|印尼盾|越南盾|瑞郎|瑞士法郎|法郎|里亞爾|第納爾|里拉|雷亞爾|克朗|茲羅提|蘭特|緬元"
)
_MEASURES = (
    "個百分點|百分點|平方公里|立方公尺|立方米|平方公尺|公里|公尺|公分|公厘|公釐|毫米|海里|浬|英里|英尺|英呎|公頃|公畝|公噸|公斤|公克|"
    "萬瓦|百萬瓦|千瓦|度電|瓦時|瓦|奈米|微米|赫茲|馬赫|分鐘|小時|秒鐘|秒|個月|個小時|星期|週|天|年|歲|噸|桶|公升|升|克|米|"
    "GW|MW|kW|KW|GWh|MWh|TWh|km|kg|mm|cm|nm|度|節|磅|盎司|坪|畝"
)
_COUNTS = (
    "個席次|個席位|席次|席位|席|人次|架次|艘次|萬人次|人|名|位|艘|架|枚|輛|座|門|具|套|台|臺|部|顆|支|發|把|隻|頭|棟|間|家|所|條|項|"
    "件|起|樁|筆|份|篇|本|冊|張|面|株|處|種|類|款|批|組|隊|班|旅|營|連|團|師|國|省|市|縣|州|島|村|戶|票|頁|場|次|回|輪|口|字|冊|卷|章|節|"
    "艇|挺|箱|片|段|塊|個"
)
_TENTHS = "成(?:(?P<tenth>[一二三四五六七八九])(?![成個大]))?(?![為立員果功本就長年人熟分都效了])"
_UNIT = f"(?:(?:{CURRENCIES})|元|％|%|{_TENTHS}|{_MEASURES}|{_COUNTS})"

_AMOUNT = re.compile(
    rf"(?:(?P<percent>百分之)|(?P<thousandth>千分之))?"
    rf"(?:(?P<arabic>{_ARABIC})(?:(?P<big>萬|億|兆)(?P<rest>{_PLAIN})(?P<restscale>萬|億)?)?"
    rf"|(?P<chinese>{_CHINESE}))"
    rf"(?P<over>[多餘幾])?(?P<scale>{_SCALE})?(?P<over2>[多餘])?(?P<half>個?半)?"
    rf"(?:(?:[-–—~～至到]|到了)(?P<to>{_PLAIN}|{HAN}{{1,6}})(?P<toscale>{_SCALE})?(?P<over3>[多餘])?)?"
    rf"(?P<unit>{_UNIT})?"
)
_DIGIT = re.compile(rf"[\d{HAN[1:-1]}]")
_BEFORE = {
    "about": re.compile("(?:約|大約|大概|約莫|估計|左右|可能|平均)[有為達在占佔是]{0,2}$"),
    "more": re.compile("(?:逾|超過|至少|突破|不下|高於|大於|多於|起碼|最少)[有為了於]{0,2}$"),
    "less": re.compile("(?:將近|接近|幾近|近|不到|不足|未滿|低於|少於|至多|最多|不超過|未達)[有為了於]{0,2}$"),
}
_AFTER = re.compile("(左右|上下)|(以上|多)|(以下|以內|之內)")
_SAME = {
    form: common
    for common, forms in (
        ("席", "席次 席位 個席次 個席位"),
        ("人", "名 位"),
        ("個", "件 項 起 處"),
        ("輛", "台 臺 部"),
        ("枚", "發 顆"),
        ("家", "間"),
        ("%", "％"),
        ("百分點", "個百分點"),
        ("元", "新台幣 新臺幣 台幣 臺幣"),
        ("美元", "美金"),
        ("日圓", "日元"),
        ("韓元", "韓圓 韓圜"),
        ("澳元", "澳幣"),
        ("加元", "加幣"),
        ("港元", "港幣"),
        ("新元", "星元 新加坡元"),
        ("令吉", "林吉特"),
        ("噸", "公噸"),
        ("海里", "浬"),
        ("公里", "km"),
        ("公尺", "米"),
        ("小時", "個小時"),
        ("週", "星期"),
    )
    for form in forms.split()
}
"""Units that count the same."""

_PREFIX = re.compile(f"({CURRENCIES})[\\s約近逾達為的]{{0,2}}$")


@dataclass(frozen=True, slots=True)
class Amount:
    """`text[start:end]` says an amount: some value from `low` to `high`, of `unit` (its common form).

    `value` is what is printed; `exact`: nothing says that it is rounded. `scale` is the 萬 or 億 in it.
    """

    start: int
    end: int
    value: float
    low: float
    high: float
    unit: str
    printed: str
    exact: bool

    def agrees(self, other: "Amount") -> bool:
        """Whether both can be the same amount, one of them rounded."""
        return self.low <= other.high and other.low <= self.high


def amounts(text: str) -> Iterator[Amount]:
    """The amounts of a text that have a unit; dates, ordinals and the numbers of names have none."""
    position = 0
    while (digit := _DIGIT.search(text, position)) is not None:
        match = _AMOUNT.match(text, digit.start())
        position = digit.end() if match is None else max(match.end(), digit.end())
        amount = _amount(text, match) if match is not None else None
        if amount is not None:
            yield amount


@once
def amounts_in(passage: Passage) -> tuple[Amount, ...]:
    """The amounts in the author's own words of a passage."""
    return tuple(amounts(passage.own_text))


def _amount(text: str, match: re.Match[str]) -> Amount | None:
    unit = _unit_of(text, match)
    read = _value_of(match)
    if unit is None or read is None or _is_no_amount(text, match, unit):
        return None
    first, last, scaled = read
    if unit[0] == "成":
        first = first * 10 + (value(match["tenth"] or "") or 0)
        last, unit = max(first, last * 10), "%"
    over = bool(match["over"] or match["over2"] or match["over3"])
    low, high, exact = _reach(text, match, first, last, scaled, over)
    start = match.start("percent") if match["percent"] else match.start()
    printed = match[0] if match["arabic"] else match["chinese"]
    return Amount(start, match.end(), first, low, high, unit, printed, exact)


def _unit_of(text: str, match: re.Match[str]) -> str | None:
    if match["percent"]:
        return "%"
    if match["thousandth"]:
        return "‰"
    unit = match["unit"]
    if unit is None:
        prefix = _PREFIX.search(text, max(0, match.start() - 6), match.start())
        unit = prefix[1] if prefix else None
    elif unit == "元":
        prefix = _PREFIX.search(text, max(0, match.start() - 6), match.start())
        unit = prefix[1] if prefix else unit
    return None if unit is None else _SAME.get(unit, unit)


def _value_of(match: re.Match[str]) -> tuple[float, float, bool] | None:
    """The first and last value of an amount, and whether it is written with 萬 or 億."""
    first = value(match["arabic"] or match["chinese"])
    if first is None:
        return None
    if match["big"]:
        rest = (value(match["rest"]) or 0) * SCALES.get(match["restscale"] or "", 1)
        first = first * SCALES[match["big"]] + rest
        return first, first, False
    scale = _scale_of(match["scale"])
    to_scale = _scale_of(match["toscale"]) if match["toscale"] else scale
    last = value(match["to"]) if match["to"] else None
    if match["toscale"] and not match["scale"]:
        scale = to_scale
    half = 0.5 if match["half"] else 0.0
    first = (first + half) * scale
    scaled = scale > 1 or (match["chinese"] is not None and first >= 1000)
    return first, (last * to_scale if last is not None else first), scaled


def _scale_of(text: str | None) -> int:
    scale = 1
    for character in text or "":
        scale *= {"十": 10, "百": 100, "千": 1000, "兆": 10**12, **SCALES}[character]
    return scale


def _is_no_amount(text: str, match: re.Match[str], unit: str) -> bool:
    """A year, a word that begins with a numeral (一位, 三軍), a name (三國) or a model."""
    number = match["arabic"] or ""
    if unit == "年" and re.fullmatch(r"[12]\d{3}", number) and not match["scale"]:
        return True
    if match["chinese"] and not match["percent"]:
        alone = value(match["chinese"])
        return (
            alone is None or alone < 2 or text[match.start() - 1 : match.start()] in tuple("第初某每這那數幾上好")
        )
    return text[max(0, match.start() - 1) : match.start()] in ("第", "註", "頁", "卷", "號")


def _reach(
    text: str, match: re.Match[str], first: float, last: float, scaled: bool, over: bool
) -> tuple[float, float, bool]:
    """From which to which value an amount may lie, and whether it claims to be exact.

    The more digits are printed, the less a 約 or 逾 allows.
    """
    if last < first:
        first, last = last, first
    before = text[max(0, match.start() - 8) : match.start()]
    after = _AFTER.match(text, match.end())
    place = _place(match, first, scaled)
    slack = min(0.499 * place, 0.05 * first)
    loose = 1.0 if place >= 0.1 * first else 0.5 if place >= 0.01 * first else 0.1
    if over:
        return first, last + max(place, 0.001 * first), False
    if _BEFORE["about"].search(before) or (after and after[1]):
        return first * (1 - 0.1 * loose) - slack, last * (1 + 0.1 * loose) + slack, False
    if _BEFORE["more"].search(before) or (after and after[2]):
        return first - slack, last * (1 + 0.25 * loose) + slack, False
    if _BEFORE["less"].search(before) or (after and after[3]):
        return first * (1 - 0.15 * loose) - slack, last + slack, False
    return first - slack, last + slack, first == last


def _place(match: re.Match[str], first: float, scaled: bool) -> float:
    """The value of the last digit that is no rounding zero: 10億 of 3,680億, 1 of 101, 0.1 of 95.2."""
    digits = (match["arabic"] or "").replace(",", "")
    if not digits:
        return 10.0 ** (len(f"{first:.0f}".rstrip("0")) * -1 + len(f"{first:.0f}")) if first >= 100 else 0.0
    whole, _, fraction = digits.partition(".")
    if match["big"]:
        rest = (match["rest"] or "").replace(",", "")
        unit = SCALES.get(match["restscale"] or "", 1)
        return float(unit * 10 ** (len(rest) - len(rest.rstrip("0"))))
    is_round = not fraction and (scaled or len(whole) > 3)
    zeros = len(whole) - len(whole.rstrip("0")) if is_round else 0
    return float(10.0 ** (zeros - len(fraction)) * first / (float(digits) or 1.0))

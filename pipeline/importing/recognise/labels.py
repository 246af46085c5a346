"""Labels that authors type before headings and items: 壹、 一、 （一） 1. (1) ① and their many spellings."""

import re
import unicodedata
from dataclasses import dataclass

_HAN = "〇零一二三四五六七八九十百"
_CAPITAL = "壹貳參叁叄肆伍陸柒捌玖拾佰弌弍弎"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BLANK = "[ \t\u3000\u00a0\u2002-\u200a]"
_DIGITS = 9
"""No label has more; Python itself refuses to read numbers of some thousands."""
_STOP = "[、.．﹒､,，:：]"
_FORMS = (
    ("chapter", rf"第{_BLANK}*(?P<n>[{_HAN}{_CAPITAL}]+|[0-9０-９]+){_BLANK}*章{_STOP}?"),
    ("part", rf"第{_BLANK}*(?P<n>[{_HAN}{_CAPITAL}]+|[0-9０-９]+){_BLANK}*節{_STOP}?"),
    ("capital", rf"(?P<n>[{_CAPITAL}]+)(?:{_BLANK}*{_STOP}|(?={_BLANK}))"),
    ("han", rf"(?P<n>[{_HAN}]+)(?:{_BLANK}*{_STOP}|(?=\u3000|[ \t]))"),
    ("han-bracket", rf"[（(〔﹙]{_BLANK}*(?P<n>[{_HAN}]+){_BLANK}*[)）〕﹚](?:{_STOP})?"),
    ("stem-bracket", rf"[（(]{_BLANK}*(?P<n>[{_STEMS}]){_BLANK}*[)）](?:{_STOP})?"),
    ("stem", rf"(?P<n>[{_STEMS}]){_BLANK}*[、.．]"),
    ("path", rf"(?P<n>[0-9０-９]+(?:[.．-][0-9０-９]+)+)(?:[.．、]|(?={_BLANK}))"),
    ("arabic", r"(?P<n>[0-9０-９]{1,2})[ \u3000]?(?:[、．﹒]|[.](?![0-9]))"),
    ("arabic-blank", rf"(?P<n>[0-9０-９]{{1,2}})(?=\u3000|{_BLANK}{{2,}})"),
    ("arabic-bracket", rf"[（(﹙]{_BLANK}*(?P<n>[0-9０-９]{{1,2}}){_BLANK}*[)）﹚](?:{_STOP})?"),
    ("arabic-half", r"(?P<n>[0-9０-９]{1,2})[)）]"),
    ("circled", r"(?P<n>[①-⑳⑴-⒇⒈-⒛㈠-㈩❶-❿])(?:[、.．])?"),
    ("roman", r"(?P<n>[Ⅰ-Ⅻ]+|[IVX]{1,5})(?:[、.．](?![A-Za-z]))"),
    ("letter", r"(?P<n>[A-Za-zＡ-Ｚａ-ｚ])[、．.)）](?=[\u3000 \t\u2e80-\u9fff])"),
)
_PATTERNS = tuple((kind, re.compile(form)) for kind, form in _FORMS)
ORDER = (
    "chapter", "part", "capital", "roman", "han", "stem", "han-bracket", "stem-bracket", "arabic", "arabic-blank",
    "path", "arabic-bracket", "arabic-half", "circled", "letter",
)  # fmt: skip
"""The kinds from the outermost to the innermost, as most manuscripts use them."""


@dataclass(frozen=True, slots=True)
class Label:
    """A typed label: its kind, its number, its characters with the blanks behind, its depth for 1.2.3."""

    kind: str
    value: int
    text: str
    depth: int = 1


def label_of(text: str) -> Label | None:
    """The label with which a text begins."""
    for kind, pattern in _PATTERNS:
        if found := pattern.match(text):
            end = found.end()
            while end < len(text) and re.match(_BLANK, text[end]):
                end += 1
            value = number(found["n"])
            if value is None:
                continue
            depth = len(re.findall("[0-9０-９]+", found["n"])) if kind == "path" else 1
            return Label("arabic" if kind == "arabic-blank" else kind, value, text[:end], depth)
    return None


def number(digits: str) -> int | None:
    """The value of a number in any of the ways it is typed: 3, ３, 三, 參, ③, Ⅲ, 丙, c; None above nine digits."""
    if digits[:1] in _STEMS and len(digits) == 1:
        return _STEMS.index(digits) + 1
    if re.fullmatch("[①-⑳⑴-⒇⒈-⒛❶-❿]", digits):
        return int(unicodedata.numeric(digits))
    plain = unicodedata.normalize("NFKC", digits)
    parts = re.findall("[0-9]+", plain)
    if parts:
        return int(parts[-1]) if len(parts[-1]) <= _DIGITS else None
    if re.fullmatch("[IVX]{1,20}", plain):
        return _roman(plain)
    if re.fullmatch("[A-Za-z]", plain):
        return ord(plain.lower()) - ord("a") + 1
    return _chinese(plain.strip("()"))


def _chinese(text: str) -> int | None:
    figures = {char: value for value, chars in enumerate(
        ("〇零", "一壹弌", "二貳弍", "三參叁叄弎", "四肆", "五伍", "六陸", "七柒", "八捌", "九玖")
    ) for char in chars}  # fmt: skip
    if all(char in figures for char in text):
        return int("".join(str(figures[char]) for char in text)) if 0 < len(text) <= _DIGITS else None
    total = current = 0
    for char in text:
        if char in figures:
            current = figures[char]
        elif char in "十拾":
            total, current = total + (current or 1) * 10, 0
        elif char in "百佰":
            total, current = total + (current or 1) * 100, 0
        else:
            return None
    return total + current


def _roman(text: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[char] for char in text]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))

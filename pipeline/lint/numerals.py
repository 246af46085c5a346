"""What numbers written in Chinese characters say: 二○二五, 三十一, 一點五億, 兩千三百."""

import re

DIGITS = "〇○零一二三四五六七八九"
HAN = f"[{DIGITS}兩十百千萬億廿卅]"
"""A character of a number written in Chinese."""

_ONES = {"〇": 0, "○": 0, "兩": 2, **{digit: value for value, digit in enumerate("零一二三四五六七八九")}}
_TENS = {"十": 10, "百": 100, "千": 1000, "廿": 20, "卅": 30}
SCALES = {"萬": 10**4, "億": 10**8, "兆": 10**12}
_LONGEST = 24
_DECIMAL = re.compile(f"({HAN}+)點([{DIGITS}]+)([十百千萬億兆]*)")


def value(text: str) -> float | None:
    """The value of a number in Arabic digits or Chinese characters; None for what is not a number."""
    if not text or len(text) > _LONGEST:
        return None
    plain = text.replace(",", "")
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", plain):
        return float(plain)
    decimal = _DECIMAL.fullmatch(text)
    if decimal:
        whole = _whole(decimal[1])
        fraction = "".join(str(_ONES[digit]) for digit in decimal[2])
        return None if whole is None else float(f"{whole}.{fraction}") * _scale(decimal[3])
    whole = _whole(text)
    return None if whole is None else float(whole)


def _scale(text: str) -> int:
    scale = 1
    for character in text:
        scale *= _TENS.get(character) or SCALES[character]
    return scale


def _whole(text: str) -> int | None:
    if all(character in _ONES for character in text):
        return _read_out(text)
    total = part = number = 0
    last = 0
    for character in text:
        if character in _ONES:
            number = _ONES[character]
        elif character in _TENS:
            tens = 1 if character in "廿卅" else number or 1
            part, number = part + tens * _TENS[character], 0
        elif character in SCALES:
            scale, here = SCALES[character], part + number
            total = total + here * scale if last > scale else (total + here or 1) * scale
            part, number, last = 0, 0, scale
        else:
            return None
    return total + part + number


def _read_out(text: str) -> int | None:
    """Digits read out one by one, 二○二五; of two of them, 三四 may also be three or four."""
    if len(text) == 2 and not set(text) & set("〇○零"):
        return None
    return int("".join(str(_ONES[digit]) for digit in text))

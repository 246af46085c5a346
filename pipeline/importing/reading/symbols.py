"""Characters of the faces Symbol and Wingdings, which Word writes as numbers (ECMA-376 part 1, 17.3.3.30)."""

_SYMBOL = dict(
    zip(
        range(0x41, 0x5B),
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ",
        strict=True,
    )
) | dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
_SYMBOL |= {
    0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥",
    0xB4: "×", 0xB5: "∝", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD2: "®", 0xD3: "©",
    0xD4: "™", 0xD6: "√", 0xDB: "⇔", 0xDE: "⇒", 0xE5: "∑",
}  # fmt: skip
_WINGDINGS = {
    0x20: " ", 0x28: "☎", 0x2A: "✉", 0x46: "☞", 0x4A: "☺", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x71: "❑",
    0x72: "❒", 0x75: "◆", 0x76: "❖", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "◻", 0xAB: "★", 0xD8: "➢", 0xE0: "→",
    0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
} | {0x80 + n: char for n, char in enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿")}  # fmt: skip


def enclosed(shape: str, inside: str) -> str:
    """What Word sets in a circle or square (圍繞字元): the one character there is for it, else in brackets."""
    inside = inside.strip()
    if shape.strip() in "○◯〇⃝" and inside.isascii() and inside.isdecimal() and 0 < int(inside) <= 20:
        return chr(0x2460 + int(inside) - 1)
    place = "一二三四五六七八九十".find(inside) if len(inside) == 1 and shape.strip() in "○◯〇⃝" else -1
    return chr(0x3280 + place) if place >= 0 else f"({inside})"


def symbol(face: str, code: str) -> str:
    """The character of a glyph of a face; nothing where it isn't known. `code` is hexadecimal."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    table = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}.get(face.strip().lower())
    if table is not None:
        glyph = number & 0xFF if 0xF000 <= number <= 0xF0FF else number
        return table.get(glyph, chr(glyph) if table is _SYMBOL and 0x20 <= glyph < 0x7F else "")
    is_private = 0xE000 <= number <= 0xF8FF or number > 0xFFFF or number < 0x20 or 0xD800 <= number <= 0xDFFF
    return "" if is_private else chr(number)

"""Rules about characters that nobody sees, and that change what is found, copied or read aloud."""

import re
import unicodedata
from collections.abc import Iterator

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.reading import Reading
from pipeline.lint.rules import Finding, rule

_NAMES = {
    "\u00ad": "軟連字號",
    "\u0085": "換行控制字元",
    "\u200b": "零寬空格",
    "\u2028": "行分隔符",
    "\u2029": "段落分隔符",
    "\ufeff": "位元組順序記號（BOM）",
    **dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "文字方向控制字元"),
}
_INVISIBLE = re.compile(r"([\x80-\x9f\u00ad\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff])\1*")
_BREAKS = "\u0085\u2028\u2029"
_DELETE = Words(
    "刪去它；多半是從網頁、PDF或Word複製時帶進來的",
    "delete it; such characters come along when text is copied from the web, a PDF or Word",
)
_BREAK = Words("刪去它；要另起一段，就寫 </p><p>", "delete it; for another paragraph, write </p><p>")


@rule(
    Code(
        "R040",
        title=Words("看不見的字元", "invisible character"),
        message=Words("這裡有看不見的字元 {point}（{name}）", "here is an invisible character, {point} ({name})"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "看不見的字元會讓搜尋與複製出錯，文字方向控制字元還會讓讀者看到的次序與原文不同（Unicode UAX #9）。",
            "They break searching and copying; those for the direction show words in another order (UAX #9).",
        ),
        bad="臺灣&#x200B;研究",
        good="臺灣研究",
        severity=Severity.WARNING,
    )
)
def invisible_character(brief: Reading) -> Iterator[Finding]:
    """A control character, a blank of no width, a soft hyphen or a control of direction; a run counts once."""
    for node, which, text in brief.source.stretches():
        for found in _INVISIBLE.finditer(text):
            character = found[1]
            english = unicodedata.name(character, "control character").lower()
            values = {
                "point": f"U+{ord(character):04X}",
                "name": Words(_NAMES.get(character, "控制字元"), english),
                "advice": _BREAK if character in _BREAKS else _DELETE,
            }
            yield Finding(brief.source.text_place(node, which, *found.span()), values)

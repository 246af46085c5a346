"""The rules about characters."""

import pytest

from pipeline.diagnostics import Severity
from pipeline.lint import RULES
from tests.test_lint import read, wrapped


@pytest.mark.parametrize(
    ("typed_in", "said", "column"),
    [
        ("\u200b", "U+200B（零寬空格）", 1),
        ("字&#x2028;", "U+2028（行分隔符）", 2),
        ("𠀀<italic>字</italic>\u2029", "U+2029（段落分隔符）", 20),
        ("\x85", "U+0085（換行控制字元）", 1),
        ("\x9b", "U+009B（控制字元）", 1),
        ("字\ufeff", "U+FEFF（位元組順序記號（BOM））", 2),
        ("字\u00ad\u00ad\u00ad", "U+00AD（軟連字號）", 2),
        *((chr(point), f"U+{point:04X}（文字方向控制字元）", 1) for point in (0x202A, 0x202E, 0x2066, 0x2069)),
    ],
)
def test_invisible_characters(typed_in: str, said: str, column: int) -> None:
    rule = next(rule for rule in RULES if rule.code.code == "R040")
    [found] = rule(read(wrapped("text", typed_in + "字")))
    assert said in found.message.zh
    assert found.severity is Severity.WARNING
    assert found.place.column == wrapped("text", "|").data.decode().index("|") + column


def test_visible_characters_are_left_alone() -> None:
    rule = next(rule for rule in RULES if rule.code.code == "R040")
    assert not list(rule(read(wrapped("text", "文\u3000字 a\u00a0b\n\té क्\u200dष 葛\U000e0100"))))

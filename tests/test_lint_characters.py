"""The rules about characters."""

import pytest

from pipeline.diagnostics import Diagnostic, Severity
from pipeline.edit import edited
from pipeline.lint import RULES, characters
from pipeline.parse import Source
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


OURS = [rule for rule in RULES if rule.check.__module__ == characters.__name__]


def found(source: Source) -> list[Diagnostic]:
    brief = read(source)
    return [each for rule in OURS for each in rule(brief)]


def mended(text: str, within: str = "text") -> str:
    """An extract after its fixes."""
    source = wrapped(within, text)
    edits = {edit for each in found(source) for edit in each.fix}
    before, _, after = wrapped(within, "|").data.decode().partition("|")
    return edited(source, edits).decode().removeprefix(before).removesuffix(after)


@pytest.mark.parametrize(
    ("text", "code", "good"),
    [
        ("國防\u200b安全", "R040", "國防安全"),
        ("國防&#x200B;&#x200B;安全", "R040", "國防安全"),
        ("國防\u2028安全", "R040", "國防安全"),
        ("MP\u2028Materials", "R040", None),
        ("China\x92s", "R040", None),
        ("國防\u202e安全", "R040", "國防安全"),
        ("國防\u202eשלום\u202c安全", "R040", None),
        ("占\u202f3成", "C001", "占3成"),
        ("10\u2009kg", "C001", "10 kg"),
        ("美國\u00a0MP，\u00a0日本", "C001", "美國MP，日本"),
        ("國防\u2060安全", "C002", "國防安全"),
        ("國防\u200e安全", "C002", "國防安全"),
        ("MP\u200dMaterials", "C002", "MPMaterials"),
        ("國防\u3164安全", "C002", "國防安全"),
        ("林\ue001先生", "C003", None),
        ("林\ufffd\ufffd先生", "C003", None),
        ("\uf0b7項目", "C003", None),
        ("不\uf967變、\U0002f81a", "C004", "不不變、冬"),
        ("⼈⼒、⻑期", "C005", "人力、長期"),
        ("〈⼈⼒〉", "C005", "〈人力〉"),
        ("e\u0301lan、か\u3099、\u1112\u1161\u11ab\u1100\u116e\u11a8", "C006", "élan、が、한국"),
        ("甲﹑乙﹐丙", "C007", "甲、乙，丙"),
        ("甲﹁乙﹂", "C007", "甲「乙」"),
        ("of\ufb01ce", "C008", "office"),
        ("\u0421hina", "C009", "China"),
        ("Reut\u0435rs", "C009", "Reuters"),
        ("二〇二四年、二○二五年、二〇二六年", "C010", "二〇二四年、二〇二五年、二〇二六年"),
        ("二０二五年", "C010", "二〇二五年"),
        ("這是第ー次會談，雙方未讓步。", "C011", None),
        ("12km、13km、14㎞", "C012", "12km、13km、14km"),
    ],
)
def test_characters_that_seem_others(text: str, code: str, good: str | None) -> None:
    findings = found(wrapped("text", text))
    assert {each.code for each in findings} == {code}
    assert mended(text) == (text if good is None else good)
    assert not found(wrapped("text", mended(text))) or good is None


@pytest.mark.parametrize(
    "text",
    [
        "No.\u00a05、10\u00a0kg",
        "می\u200cخواهم、क्\u200dष、👨\u200d👩\u200d👧、❤\ufe0f、葛\U000e0100",
        "「⺮」是竹字頭",
        "é、が、한국、Erdoğan、Ørsted",
        "5μm、10kΩ、α粒子、ΔT、Путин、Αθήνα",
        "二○二五年、二○二六年",
        "スマートシティ、渋谷ヶ丘、エ",
        "12km²、3㎡、25℃",
        "20\u201330歲、\u2014\u2014",
    ],
)
def test_characters_that_are_right(text: str) -> None:
    assert not found(wrapped("text", text))


def test_what_would_be_empty_is_not_mended() -> None:
    assert mended("甲<bold>\u200b</bold>") == "甲<bold>\u200b</bold>"


def test_compatibility_ideographs_of_japanese_stay() -> None:
    text = "<named-content xml:lang='ja'>\ufa45</named-content>"
    assert not found(wrapped("text", text))

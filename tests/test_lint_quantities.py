"""The rules about quantities: how numbers are written and hedged, sums, and one thing with two values or dates."""

from datetime import date

import pytest

from pipeline.diagnostics import Diagnostic
from pipeline.lint import RULES
from pipeline.lint.amounts import amounts
from pipeline.lint.numerals import value
from pipeline.lint.reading import IssueReading, read_briefs
from pipeline.lint.vocabulary import Vocabulary
from pipeline.parse import Source
from tests.test_lint import wrapped

RULES_OF_QUANTITIES = [rule for rule in RULES if "D030" <= rule.code.code <= "D059"]
ISSUE = date(2025, 9, 5)


def findings(text: str, *codes: str, vocabulary: Vocabulary | None = None) -> list[tuple[Source, Diagnostic]]:
    source = wrapped("text", text)
    (brief,) = read_briefs([source], IssueReading(ISSUE, vocabulary or Vocabulary()))
    wanted = [rule for rule in RULES_OF_QUANTITIES if not codes or rule.code.code in codes]
    return [(source, each) for rule in wanted for each in rule(brief)]


def said(text: str, *codes: str) -> list[tuple[str, str]]:
    """The code and the words of each finding."""
    return [(each.code, _words(source, each)) for source, each in findings(text, *codes)]


def _words(source: Source, each: Diagnostic) -> str:
    line = source.data.decode().split("\n")[each.place.line - 1]
    return line[each.place.column - 1 : each.place.end_column - 1]


def fixes(text: str, code: str) -> list[str]:
    return [edit.text for _, each in findings(text, code) for edit in each.fix]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("二○二五", 2025),
        ("三十一", 31),
        ("兩千三百", 2300),
        ("廿九", 29),
        ("一點五億", 150_000_000),
        ("一億三千萬", 130_000_000),
        ("三兆五千億", 3_500_000_000_000),
        ("2,300", 2300),
        ("三四", None),
        ("甲", None),
        ("", None),
    ],
)
def test_numerals(text: str, number: float | None) -> None:
    assert value(text) == number


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("約4億美元", [(4e8, "美元")]),
        ("總共有248個席次", [(248, "席")]),
        ("12至15位代表", [(12, "人")]),
        ("百分之十五、三成五、95.2%", [(15, "%"), (35, "%"), (95.2, "%")]),
        ("新台幣493.6億元", [(49_360_000_000, "元")]),
        ("1萬1,000人、2,340萬220人", [(11_000, "人"), (23_400_220, "人")]),
        ("四艘該型潛艦、三個月", [(4, "艘"), (3, "個月")]),
        ("1.05兆盧比", [(1.05e12, "盧比")]),
        ("2025年7月28日、第三輪、F-16戰機、第54屆、數十億美元、2+2、一位、《乙報》頁32", []),
    ],
)
def test_amounts(text: str, read: list[tuple[float, str]]) -> None:
    found = list(amounts(text))
    assert [each.unit for each in found] == [unit for _, unit in read]
    assert [each.value for each in found] == pytest.approx([number for number, _ in read])


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("101席", "100席", False),
        ("約4億美元", "4.2億美元", True),
        ("1.4億人", "1.38億人", True),
        ("15%", "15.3%", True),
        ("15%", "14%", False),
        ("2,000多套", "2,800套", True),
        ("2,000多套", "3,200套", False),
        ("近5,000套", "4,800套", True),
        ("12至15人", "14人", True),
        ("3,680億元", "3,860億元", False),
    ],
)
def test_amounts_that_agree(one: str, other: str, agree: bool) -> None:
    (first,), (second,) = amounts(one), amounts(other)
    assert first.agrees(second) is agree


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("成長率從4.8%上升為4.0%。", "D037", "4.8%上升為4.0%"),
        ("失業率由5.1%降至5.4%。", "D037", "5.1%降至5.4%"),
        ("現役兵力從18萬人增加到16萬人。", "D037", "18萬人增加到16萬人"),
        ("目前有7個電台，1個是公營，2個是軍方，其餘5個是民營。", "D038", "7個"),
        ("全案75億美元，其中20億美元用於儲備，40億美元用於生產，其餘5億美元用於融資。", "D038", "75億美元"),
        ("字典收106,330字，其中正字29,921字，異體字74,407字，附錄字2,012字。", "D038", "106,330字"),
        ("自民黨有101席，加上公明黨21席，共123席。", "D038", "123席"),
        ("甲占45%、乙占38%，其餘丙占27%。", "D039", "45%、乙占38%，其餘丙占27%"),
        ("受訪者中支持占45%、反對占38%，其餘7%無意見。", "D039", "45%、反對占38%，其餘7%"),
        ("已有59年的歷史（1956-2025）。", "D044", "59年的歷史（1956-2025）"),
        ("該計畫為期五年（2020-2030）。", "D044", "五年（2020-2030）"),
        ("美國、日本、韓國與澳洲三國領袖", "D042", "三國"),
        ("英、法、德、義三國領袖", "D042", "三國"),
        ("意涵有二：第一，地理。第二，歷史。第三，經濟。", "D043", "二"),
        ("約有20人左右", "D035", "約有20人左右"),
        ("收聽率僅約維持在10%左右", "D035", "約維持在10%左右"),
        ("至少需要50人以上", "D035", "至少需要50人以上"),
        ("超過一半以上", "D035", "超過一半以上"),
        ("不超過10人以下", "D035", "不超過10人以下"),
        ("已執行將近50多年", "D035", "將近50多年"),
        ("不到20多人", "D035", "不到20多人"),
        ("近百餘人", "D035", "近百餘人"),
        ("約30多人、逾百餘艘、數十餘年", "D035", "約30多"),
        ("大約將近三成", "D035", "大約將近"),
        ("過半數以上", "D035", "過半數以上"),
        ("平均將近有95.2%表示", "D036", "將近有95.2%"),
        ("近1,237人參加", "D036", "近1,237"),
        ("共３．５%", "D030", "３．５"),
        ("動員3,00人", "D032", "3,00"),
        ("可達一萬噸，達到10,000噸", "D034", "一萬噸"),
    ],
)
def test_found(text: str, code: str, words: str) -> None:
    assert (code, words) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "成長率從4.0%上升為4.8%，由3增至5億元，由9,000萬元增加到1.2億元，從10%提高到三成。",
        "排名由第5上升至第3，從2024年提高到2025年。",
        "目前有7個電台，1個是公營，1個是軍方，其餘5個是民營。",
        "給予75億美元，其中20億美元用於儲備，另外50億美元用於供應鏈，最後5億美元用於融資。",
        "共125席，其中自民黨39席，公明黨8席。自民黨有101席，加上公明黨21席，共122席。",
        "收106,330字，其中正字29,921字，異體字74,407字，附錄字2,002字。",
        "甲占45%、乙占38%，其餘丙占17%。出口占45%，進口占38%，內需占30%。",
        "支持率分別為45%、38%、52%。三項分別占42.4%、39.3%、18.3%。",
        "已有69年的歷史（1956-2025）、50多年（1973-2025）、任期五年（2024-2029）",
        "美國、日本與韓國三國，美國、日本等五國，對中國、日本與韓國三個國家，經濟、政治方面，三國合作",
        "原因有三點：第一，地理。第二，歷史。第三，經濟。",
        "有三點值得注意：第一，地理。第二，歷史。最後，經濟。",
        "近10多年來、近二十餘年、約50人、50人左右、至少50人、50人以上、高達80%以上、不到一年之內",
        "上下游約30家，約定三年，條約30多條，公約十餘年，大約三成，左右選情",
        "最近1,237人、附近1,237人、將近95%、近3.5%、約1.2萬人、約1,200人",
        "第1屆、《第１屆論文集》、2025年、3,000人、第5000號、10.5點、一點五倍",
    ],
)
def test_left_alone(text: str) -> None:
    assert not said(text)


@pytest.mark.parametrize(
    ("text", "code", "right"),
    [
        ("共１２艘、３．５%", "D030", ["12", "3.5"]),
        ("3,000人、4,000人、2,500人，5000人", "D031", ["5,000"]),
        ("3000人、4000人、2500人，5,000人", "D031", ["5000"]),
        ("3,000人、4,000人、2,500人，12000元", "D031", ["12,000"]),
        ("40%、50%、60%，30％", "D033", ["30%"]),
        ("20%、35%、40%、50%、60%，百分之三十與百分之12.5", "D033", ["30%", "12.5%"]),
        ("40％、50％、60％，30%", "D033", ["30％"]),
    ],
)
def test_fixes(text: str, code: str, right: list[str]) -> None:
    assert fixes(text, code) == right


@pytest.mark.parametrize("text", ["3,000人、4000人", "百分之百、40%、50%", "百分之三十、百分之四十"])
def test_no_practice_no_finding(text: str) -> None:
    assert not said(text, "D031", "D033")


def test_vocabulary_lets_two_ways_stand() -> None:
    allowed = Vocabulary(pairs=frozenset({frozenset({"一萬噸", "10,000噸"})}))
    assert findings("可達一萬噸，達到10,000噸", "D034")
    assert not findings("可達一萬噸，達到10,000噸", "D034", vocabulary=allowed)

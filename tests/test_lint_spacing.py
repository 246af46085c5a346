"""The rules about typed blanks."""

import pytest

from pipeline.diagnostics import Diagnostic
from pipeline.edit import edited
from pipeline.lint import RULES, spacing
from pipeline.parse import Source
from tests.test_lint import read, wrapped

OURS = [rule for rule in RULES if rule.check.__module__ == spacing.__name__]


def found(source: Source) -> list[Diagnostic]:
    brief = read(source)
    return [each for rule in OURS for each in rule(brief)]


def shown(text: str, within: str = "text") -> list[str]:
    """What is found in an extract: the codes."""
    return [each.code for each in found(wrapped(within, text))]


def mended(text: str, within: str = "text") -> str:
    """An extract after its fixes."""
    source = wrapped(within, text)
    edits = {edit for each in found(source) for edit in each.fix}
    before, _, after = wrapped(within, "|").data.decode().partition("|")
    return edited(source, edits).decode().removeprefix(before).removesuffix(after)


@pytest.mark.parametrize(
    ("text", "codes", "good"),
    [
        ("外銷 AI 晶片至ASEAN", ["M040"], "外銷AI晶片至ASEAN"),
        ("占GDP 的比重偏低，低於 AI 產業", ["M040", "M040"], "占GDP的比重偏低，低於AI產業"),
        ("民國 112 年 10 月 25 日", ["M040"], "民國112年10月25日"),
        ("占 3.5% 以上，高於U.S. 的比例", ["M040", "M040"], "占3.5%以上，高於U.S.的比例"),
        ("如<xref ref-type='sec' rid='s1'/> 所述", ["M041"], None),
        ("漁業 政策", ["M041"], None),
        ("漁業　政策未變，漁民減少", ["M041"], None),
        ("漁獲下降， 漁民減少", ["M042"], "漁獲下降，漁民減少"),
        ("漁獲下降 ，漁民減少", ["M042"], "漁獲下降，漁民減少"),
        ("《 漁業法 》第1條（ 略）", ["M042", "M042", "M042"], "《漁業法》第1條（略）"),
        ("漁獲下降 —— 漁民減少", ["M042", "M042"], "漁獲下降——漁民減少"),
        ("　　漁獲下降。", ["M046"], "漁獲下降。"),
        ("漁獲下降。　", ["M046"], "漁獲下降。"),
        (
            "世界貿易組織（World Trade Organization,WTO）",
            ["M044"],
            "世界貿易組織（World Trade Organization, WTO）",
        ),
        ("台廠包括Acer,Asus等", ["M044"], None),
    ],
)
def test_blanks_in_chinese(text: str, codes: list[str], good: str | None) -> None:
    assert shown(text) == codes
    if good is not None:
        assert mended(text) == good
        assert shown(good) == []


@pytest.mark.parametrize(
    ("text", "code", "good"),
    [
        ("Ann Lee,“A Story,” Reuters, May 6, 2021.", "M044", "Ann Lee, “A Story,” Reuters, May 6, 2021."),
        ("Ann Lee, “A Story,”Reuters, May 6, 2021.", "M044", "Ann Lee, “A Story,” Reuters, May 6, 2021."),
        ("Ann Lee, “A Story,” U.S.Department of State.", "M044", "Ann Lee, “A Story,” U.S. Department of State."),
        ("A.Lee, “A Story,” Reuters.", "M044", "A. Lee, “A Story,” Reuters."),
        ("Ann Lee, A Book (Taipei:Wunan, 2020).", "M044", "Ann Lee, A Book (Taipei: Wunan, 2020)."),
        ("Ann Lee, Partnership(PGII) Report, 2020.", "M044", "Ann Lee, Partnership (PGII) Report, 2020."),
        ("Ann Lee, A Book, 2020,https://a.b/c.", "M044", "Ann Lee, A Book, 2020, https://a.b/c."),
        ("Ann Lee, “A Story,Part Two,” Reuters.", "M044", None),
        ("Ann Lee , “A Story,” Reuters.", "M045", "Ann Lee, “A Story,” Reuters."),
        ("Ann Lee, “ A Story, ” Reuters.", "M045", "Ann Lee, “A Story,” Reuters."),
        ("Ann Lee, A Book ( Taipei: Wunan, 2020 ).", "M045", "Ann Lee, A Book (Taipei: Wunan, 2020)."),
        ("Ann Lee,  A Book, 2020.", "M043", "Ann Lee, A Book, 2020."),
        ("Ann Lee,\tA Book, 2020.", "M043", "Ann Lee, A Book, 2020."),
        ("Ann Lee, A Book, p. 5, p. 6, p.7.", "M049", "Ann Lee, A Book, p. 5, p. 6, p. 7."),
        ("王大明，〈美國對 AI 晶片設限〉，《甲報》。", "M048", None),
    ],
)
def test_blanks_in_notes(text: str, code: str, good: str | None) -> None:
    assert set(shown(text, "note")) == {code}
    if good is not None:
        assert mended(text, "note") == good


@pytest.mark.parametrize(
    "text",
    [
        "外銷AI晶片至ASEAN，占3.5%以上。",
        "第一章 緒論",
        "漁業\n      政策，AI\n      晶片",
        "「美國優先　再次偉大」讀作「ㄅㄢˇ　ㄇㄧㄢˋ」。",
        "〈回應斐濟反彈　陸使館：無意建基地〉",
        "包括1. 漁業、2. 農業",
        "見 https://example.org/a 一頁",
        "「문장의 각 단어는 띄어 씀을 원칙으로 한다.」是總則",
        "North Atlantic Treaty Organization (NATO), 1,000 kg, 10:30 a.m., e.g., book(s), Node.js, booking.com",
        "（Document management — Part 1: Use of ISO 32000-1 (PDF/UA-1)）",
    ],
)
def test_blanks_that_belong_there(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee, “A Story,” Reuters, May 6, 2021, https://example.org/a,b;c.",
        "J.D. Vance, “Speech,” U.S. Department of State, 10:15 a.m., May 8, 2024.",
        "윤상길、이정훈，〈1950년대 서울중앙방송국 대외방송〉，《언론정보연구》（제56권 4호，2019年10月），頁32。",
        "〈[이색취재] 총보다 마이크, 대북심리전 요원 ‘대면병(對面兵)’의 세계〉，《중앙일보》。",
        "Chen Ming-tong 陳明通, “A Story,” Issues &amp; Studies, Vol. 5, No. 3 (2020), pp. 1-20.",
    ],
)
def test_blanks_in_notes_that_belong_there(text: str) -> None:
    assert shown(text, "note") == []


def test_heading() -> None:
    heading = "<sec><title>{}</title><p>文。</p></sec>"
    assert shown(heading.format("漁業 政策"), "body") == ["M047"]
    assert shown(heading.format("漁業　政策"), "body") == []


def test_quotations_are_reported_and_not_changed() -> None:
    text = "他說：「我們在 2025 年會完成所有的工作，絕不延誤。」"
    assert shown(text) == ["M040"]
    assert mended(text) == text


def test_many_blanks_of_a_paragraph_are_one_finding() -> None:
    paragraph = "外銷至美國的 AI 晶片，其數量大約占全部產品的 3 成以上；" * 15
    text = "</p><p>".join([paragraph] * 3)
    findings = found(wrapped("text", text))
    assert [each.code for each in findings] == ["M040"] * 32
    assert "本段還有" in findings[-1].message.zh and findings[-1].also
    assert mended(text) == text.replace(" ", "")

"""The rules about glosses, abbreviations and declared short forms."""

import pytest

from pipeline.edit import edited
from pipeline.lint.vocabulary import Vocabulary
from tests.test_lint_terms import found, reading, shown


@pytest.mark.parametrize(
    ("paragraphs", "brackets"),
    [
        (["與斐濟（Fiji）建交。", "論壇在斐濟（Fiji）召開。"], ["（Fiji）"]),
        (["川普（Donald Trump）訪日。川普（Trump）訪韓。川普（Trump）返國。"], ["（Trump）", "（Trump）"]),
        (["非軍事區（Demilitarized Zone, DMZ）緊張。非軍事區（DMZ）降溫。"], ["（DMZ）"]),
        (["在海洋「和平倡議」（Ocean of Peace）下。又提「和平倡議」（Ocean of Peace）。"], ["（Ocean of Peace）"]),
        (["通過《大而美法案》（One Big Beautiful Bill Act）。《大而美法案》（One Big Beautiful Bill Act）"],
         ["（One Big Beautiful Bill Act）"]),
        (["芬太尼（Fentanyl）氾濫。{查緝芬太尼（Fentanyl）的行動。}"], ["（Fentanyl）"]),
    ],
)  # fmt: skip
def test_glossed_twice(paragraphs: list[str], brackets: list[str]) -> None:
    assert shown(reading(*paragraphs), "W070") == [f"W070 {bracket}" for bracket in brackets]


@pytest.mark.parametrize(
    "text",
    [
        "釹鐠氧化物（Neodymium-Praseodymium Oxide, NdPr）、鋱（Tb）、鏑（Dy）。鋱（Tb）短缺。",
        "空軍參謀長辛格（A. P. Singh）說明。中校辛格（Vyomika Singh）出席。",
        "{前總統杜特蒂（Rodrigo Duterte）。}前總統杜特蒂（Rodrigo Duterte）當選。",
        "李承晚政府（1953）、（1961）與韓國放送公社（KBS）。",
        "英國國防部（Ministry of Defence）與日本防衛省（Ministry of Defense）。",
        "（按：以上）與（見圖一）。2024年（去年）。",
        "國防部（Smith 2020）指出。國防部（Smith 2020）又說。",
    ],
)
def test_glossed_once(text: str) -> None:
    assert shown(reading(text), "W07") == []


def test_a_second_gloss_can_be_deleted() -> None:
    brief = reading("與索羅門群島（Solomon Islands）建交，索羅門群島（Solomon Islands）表示歡迎。")
    (twice,) = found(brief, "W070")
    mended = edited(brief.source, list(twice.fix)).decode()
    assert "與索羅門群島（Solomon Islands）建交，索羅門群島表示歡迎。" in mended


def test_a_second_gloss_that_says_more_or_less_is_not_deleted() -> None:
    (twice,) = found(reading("川普（Donald Trump）訪日。川普（Trump）返國。"), "W070")
    assert not twice.fix
    assert not found(
        reading("國情院（National Intelligence Service）。國情院（National Intelligence Service, NIS）"), "W070"
    )


@pytest.mark.parametrize(
    ("paragraphs", "uses"),
    [
        (["前線有據點。{部分前線GOP據點設有播音站。}", "設在「一般前哨」（General Outpost, GOP）附近。"], ["GOP"]),
        (["川普政府上任。", "美國總統川普（Donald Trump）訪日。"], ["川普"]),
        (["歐盟實施CBAM。", "碳邊境調整機制（Carbon Border Adjustment Mechanism, CBAM）上路。"], ["CBAM"]),
        (
            ["太平洋島國論壇開會。", "第54屆「太平洋島國論壇」（Pacific Islands Forum）將於9月召開。"],
            ["太平洋島國論壇"],
        ),
        (["李在明上任。", "韓國總統李在明（Lee Jae-myung）訪美。"], ["李在明"]),
    ],
)
def test_glossed_late(paragraphs: list[str], uses: list[str]) -> None:
    assert shown(reading(*paragraphs), "W071") == [f"W071 {use}" for use in uses]


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["川普（Donald Trump）上任。川普政府談判。"],
        ["漢城中央廣播電台（韓國放送公社KBS的前身）。", "三家合併成「韓國放送公社（KBS）」。"],
        ["華盛頓州與雷根號航艦。", "前總統華盛頓（George Washington）與雷根（Ronald Reagan）。"],
        ["美國國防部與國防部。", "英國國防部（Ministry of Defence）表示。"],
        ["烏克蘭安全局出動。", "商務部工業與安全局（Bureau of Industry and Security, BIS）公告。"],
        ["承接「大韓自由之聲」。", "成立「自由之聲」（Voice of Freedom）。"],
        [">引文提到川普與CPTPP。", "川普（Donald Trump）。跨太平洋夥伴全面進步協定（CPTPP）。"],
        ["MP Materials公司。", "里程碑（Milestone Payment, MP）。"],
    ],
)
def test_glossed_in_time(paragraphs: list[str]) -> None:
    assert shown(reading(*paragraphs), "W071") == []


def test_the_reader_reads_a_note_when_it_is_called() -> None:
    after = "碳邊境調整機制（Carbon Border Adjustment Mechanism, CBAM）上路。{CBAM的細則。}"
    assert shown(reading(after), "W071") == []
    before = "歐盟公告。{CBAM的細則。}碳邊境調整機制（Carbon Border Adjustment Mechanism, CBAM）上路。"
    assert shown(reading(before), "W071") == ["W071 CBAM"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        (
            "總理拉布卡（Sitiveni Rabuka）出訪。論壇由蘭布卡（Sitiveni Rabuka）主持。",
            ["蘭布卡（Sitiveni Rabuka）"],
        ),
        (
            "「自由之聲」（Voice of Freedom）。「自由之音」（Voice of Freedom）。",
            ["自由之音」（Voice of Freedom）"],
        ),
        ("國務卿（Secretary of State）與國務大臣（Secretary of State）。", []),
        ("海巡署（Coast Guard）與海警局（Coast Guard）。", []),
    ],
)
def test_two_translations(text: str, terms: list[str]) -> None:
    assert [each.removeprefix("W072 ")[-24:] for each in shown(reading(text), "W072")] == [
        term[-24:] for term in terms
    ]


@pytest.mark.parametrize(
    ("text", "brackets"),
    [
        ("澤倫斯基（Volodymyr Zelenskyy）訪美。澤倫斯基（Volodymyr Zelensky）返國。", ["（Volodymyr Zelensky）"]),
        ("「自由之聲」（Voice of Freedom）。「自由之聲」（Voice Of Freedom）。", ["（Voice Of Freedom）"]),
        ("李在明（Lee Jae-myung）。李在明（Lee Jae Myung）。", ["（Lee Jae Myung）"]),
        ("辛格（A. P. Singh）。辛格（Vyomika Singh）。", []),
    ],
)
def test_two_spellings(text: str, brackets: list[str]) -> None:
    assert shown(reading(text), "W07", "W091") == [f"W073 {bracket}" for bracket in brackets]


def test_order_of_name_and_abbreviation() -> None:
    full_first = "甲院（National Institute, NI）、乙區（Demilitarized Zone, DMZ）。"
    assert shown(reading(full_first + "丙哨（GOP, General Outpost）。"), "W074") == [
        "W074 （GOP, General Outpost）"
    ]
    assert shown(reading("甲院（National Institute, NI）。丙哨（GOP, General Outpost）。"), "W074") == []
    short_first = "甲院（NI, National Institute）、乙區（DMZ, Demilitarized Zone）。"
    (found_one,) = found(reading(short_first + "丙哨（General Outpost, GOP）。"), "W074")
    assert found_one.hint.zh == "改為（GOP, General Outpost）"


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("台灣申請加入CPTPP。", ["CPTPP"]),
        ("部署於EEZ內，EEZ的範圍。", ["EEZ"]),
        ("依DSCA的公告。{另見ADIZ的說明。}", ["DSCA", "ADIZ"]),
        ("美國、EU、UN與NATO，GDP成長，AI晶片，USB裝置，CEO出席，BBC報導，LNG進口。", []),
        ("跨太平洋夥伴全面進步協定（CPTPP）。台灣申請加入CPTPP。", []),
        ("台灣申請加入CPTPP（跨太平洋夥伴全面進步協定）。", []),
        ("碳邊境調整機制，簡稱CBAM。", []),
        ("通行標準Journal Article Tag Suite即JATS。", []),
        ("Lots of Copies Keep Stuff Safe的LOCKSS計畫。", []),
        ("F-16、MQ-9、E4WD25、CNS 11643、C4ISR、A2/AD、殲-20。", []),
        ("礦商MP Materials與ABC公司、XYZ集團、AUKUS Pillar。第XIV章、IV期。", []),
        ("文。{Eve Roe, “The DFFT and CPTPP,” Reuters, May 1, 2021, https://example.org/a.}", []),
        (">引文說DFFT。", []),
        ("「KXYZ韓民族廣播電台」。", []),
    ],
)
def test_unexplained_abbreviations(text: str, short: list[str]) -> None:
    assert shown(reading(text), "W075") == [f"W075 {each}" for each in short]


def test_abbreviations_of_the_vocabulary_are_known() -> None:
    known = Vocabulary(abbreviations=frozenset({"CPTPP"}))
    assert shown(reading("台灣申請加入CPTPP與RCEP。", vocabulary=known), "W075") == ["W075 RCEP"]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("自由民主黨（以下簡稱自民黨）敗選。", ["約定簡稱「自民黨」，此後沒有用過"]),
        ("自由民主黨（以下簡稱自民黨）敗選。自民黨總裁下台，外界批評自由民主黨。",
         ["前面約定簡稱「自民黨」，這裡仍用全稱（此後1處）"]),
        ("自由民主黨（以下簡稱「自民黨」）敗選。自民黨總裁下台。自由民主黨（以下簡稱自民黨）分裂。",
         ["前面約定簡稱「自民黨」，這裡仍用全稱（此後1處）", "「自民黨」前面已經約定過"]),
        ("自由民主黨（以下簡稱自民黨）敗選。自民黨總裁下台，自民黨分裂。", []),
        ("中國共產黨（以下簡稱中共）。中共召開中國共產黨第二十次全國代表大會。", []),
        ("美國國防部（以下簡稱國防部）公告。國防部與英國國防部、美國國防部官員會談。", []),
    ],
)  # fmt: skip
def test_declared_short_forms(text: str, facts: list[str]) -> None:
    assert sorted(each.message.zh for each in found(reading(text), "W076")) == sorted(facts)


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("歐盟理事會（Council of the European Union）通過。歐洲理事會（European Council）開會。", []),
        ("以大疆為首。美國將大疆（DJI）列入清單。", ["W071 大疆"]),
        ("美國將大疆（DJI）列入清單，大疆抗議。", []),
    ],
)
def test_bodies_and_firms(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W070", "W071") == strays

"""The rules about Latin words."""

import pytest

from pipeline.edit import edited
from tests.test_lint_terms import found, reading, shown


def cited(title: str, author: str = "Eve Roe", source: str = "Reuters", day: int = 1) -> str:
    return f"文。{{{author}, “{title},” {source}, May {day}, 2021, https://example.org/{day}.}}"


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("「自由之聲」（Voice Of Freedom）與自由大韓（Voice of Free Korea）。", ["Of"]),
        (
            "國會（House of Commons）與組織（Congress Of Labor And Trade），財政部（Bank of the East）。",
            ["Of", "And"],
        ),
        ("「自由之聲」（Voice of Freedom）、與維他命（Vitamin A Deficiency）、開會（Log In Area）。", ["In"]),
        ("「自由之聲」（Voice Of Freedom）、「真理之聲」（Voice Of Truth）。", []),
        ("「自由之聲」（Voice of Freedom）、公司（OF Holdings Inc）。", []),
    ],
)
def test_capitals_of_small_words(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W090") == [f"W090 {stray}" for stray in strays]


@pytest.mark.parametrize(
    ("paragraphs", "strays"),
    [
        ([cited("One", "Kirsty Needham"), cited("Two", "Kirsty Needam", day=2)], ["Kirsty Needam"]),
        ([cited("One", source="Isle Business"), cited("Two", source="Isle Busines", day=2)], ["Isle Busines"]),
        (["資訊（Center for Strategic Studies）。{“A,” Center for Stategic Studies, May 1, 2021.}"],
         ["Center for Stategic Studies"]),
        ([cited("One", source="Department of Defense"), cited("Two", source="Department of Defence", day=2)], []),
        ([cited("One", "Eve Martin"), cited("Two", "Eve Martins", day=2)], []),
        ([cited("One", source="Asia Times"), cited("Two", source="Asian Times", day=2)], []),
        ([cited("One", "Eric Smith"), cited("Two", "Erik Smith", day=2)], []),
        (["論壇（Pacific Islands Forum）與國家（Pacific Island Countries）。"], []),
    ],
)  # fmt: skip
def test_two_spellings_of_a_name(paragraphs: list[str], strays: list[str]) -> None:
    assert shown(reading(*paragraphs), "W091") == [f"W091 {stray}" for stray in strays]


HEADLINES = [
    cited("Fiji Says China Base Not Welcome as Islands Steer between Powers", day=1),
    cited("Pacific Leaders Call for Unity and Bold Action", day=2),
    cited("A Significant Shift in Rare Earths Policy", day=3),
    cited("Pentagon to Become the Largest Shareholder", day=4),
]


@pytest.mark.parametrize(
    ("title", "strays"),
    [
        ("MP Materials Seals Mega Rare-earths Deal to Break China’s grip", ["grip"]),
        ("Pacific leaders Call for Unity and Bold Action in the Region", ["leaders"]),
        ("One Big Beautiful Bill Expected to Drive Mostly Positive Outcomes amid Turmoil", []),
        ("Inside DoD and MP Materials’ Critical Minerals Partnership with iPhone Maker", []),
        ("Did Pakistan Shoot Down Five Jets? What We Know about al-Qaeda", []),
        ("Rabuka to Champion ‘Ocean of Peace’", []),
        ("Wie China die Welt verändert und was wir tun", []),
    ],
)
def test_capital_missing_in_a_title(title: str, strays: list[str]) -> None:
    assert shown(reading(*HEADLINES, cited(title, day=5)), "W092") == [f"W092 {stray}" for stray in strays]


def test_sentence_style_against_practice() -> None:
    sentence = "Mining company reports record output after long strike"
    assert shown(reading(*HEADLINES, cited(sentence, day=5)), "W093") == [f"W093 {sentence}"]
    assert shown(reading(*HEADLINES[:3], cited(sentence, day=5)), "W093") == []
    others = [cited(f"Mining company number {day} reports a record after strike", day=day) for day in range(5, 9)]
    assert shown(reading(*HEADLINES, *others), "W093", "W092") == []


def test_sources_and_titles_in_capitals() -> None:
    assert shown(reading(cited("A Story", source="the Payne Institute")), "W094") == ["W094 the"]
    assert shown(reading(cited("A Story", source="The Payne Institute")), "W094") == []
    assert shown(reading(cited("FIJI SAYS CHINA BASE NOT WELCOME")), "W095") == [
        "W095 FIJI SAYS CHINA BASE NOT WELCOME"
    ]
    assert shown(reading(cited("DOD and NATO Bet Big on AI")), "W095") == []


@pytest.mark.parametrize(
    ("typed", "right"),
    [("et. al.", "et al."), ("et al", "et al."), ("et. al", "et al."), ("Et Al.", "et al."), ("et al.", "")],
)
def test_et_al(typed: str, right: str) -> None:
    brief = reading(f"參見Smith {typed}, 2020。")
    diagnostics = found(brief, "W096")
    assert len(diagnostics) == bool(right)
    for each in diagnostics:
        assert f"參見Smith {right}, 2020。" in edited(brief.source, list(each.fix)).decode()


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("US軍方、US海軍與U.S.空軍。", ["U.S."]),
        ("U.S. Army、U.S. Navy與US Air Force。", ["US"]),
        ("US$5與U.S.C.、US軍方、US海軍。", []),
        ("US軍方與U.S.空軍。", []),
        ("US軍方、US海軍。{“U.S. Builds,” Reuters, May 1, 2021, https://example.org/a.}", []),
    ],
)
def test_states_with_points(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W097") == [f"W097 {stray}" for stray in strays]


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("OpenAI發表模型，OpenAI募資，Openai否認。", ["W098 Openai"]),
        (
            "發動「辛杜爾行動」（Operation Sindoor）。{“Address to Nation on Operation sindoor,” PIB.}",
            ["W098 Operation sindoor"],
        ),
        ("加入《數位經濟架構協定》（DEFA），DEFA生效。DEAF的規則未定。", ["W099 DEAF"]),
        ("加入協定（CPTPP），CPTPP擴大，CPTPP審議，CPTP的成員國。", ["W099 CPTP"]),
        (
            "戰略（National Security Strategy）公布。{“National security strategy out,” BBC.}",
            [],
        ),
        ("會議（NSC）召開，NSC決議，NSA（國家安全局）列席，NSA說明。", []),
        ("Meta與META，NVIDIA與Nvidia。", []),
    ],
)
def test_one_name_in_two_forms_of_letters(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W098", "W099") == strays

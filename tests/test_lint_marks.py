"""The rules about marks, brackets and quotation marks."""

import pytest

from pipeline.diagnostics import Diagnostic
from pipeline.edit import edited
from pipeline.lint import RULES, brackets, marks
from pipeline.lint.brackets import pairs_of
from pipeline.lint.marks import tongues
from pipeline.lint.reading import IssueReading, read_briefs
from pipeline.parse import Source, parse_bytes
from tests.test_lint import SAMPLES, read, wrapped

OURS = [rule for rule in RULES if rule.check.__module__ in (marks.__name__, brackets.__name__)]


def found(*sources: Source) -> list[Diagnostic]:
    """What these rules find in the first of some briefs."""
    brief = read(*sources)
    return [each for rule in OURS for each in rule(brief)]


def marked(source: Source, each: Diagnostic) -> str:
    """The characters that a finding marks."""
    line = source.data.decode().split("\n")[each.place.line - 1]
    return line[each.place.column - 1 : each.place.end_column - 1]


def shown(text: str, within: str = "text") -> list[tuple[str, str]]:
    """What is found in an extract: the codes, and the characters marked."""
    source = wrapped(within, text)
    return [(each.code, marked(source, each)) for each in found(source)]


def mended(text: str, within: str = "text") -> str:
    """An extract after its fixes."""
    source = wrapped(within, text)
    edits = {edit for each in found(source) for edit in each.fix}
    before, _, after = wrapped(within, "|").data.decode().partition("|")
    return edited(source, edits).decode().removeprefix(before).removesuffix(after)


WRONG = [
    # half-width marks in Chinese
    ("央行升息,匯率回穩。", "M020", ",", "央行升息，匯率回穩。"),
    ("央行升息, 匯率回穩。", "M020", ", ", "央行升息，匯率回穩。"),
    ("總裁表示:「匯率穩定」。", "M020", ":", "總裁表示：「匯率穩定」。"),
    ("為何如此?原因有三。", "M020", "?", "為何如此？原因有三。"),
    ("占GDP的2.1%,低於預期。", "M020", ",", "占GDP的2.1%，低於預期。"),
    ("美國與NATO, 日本同步宣布制裁。", "M020", ", ", "美國與NATO，日本同步宣布制裁。"),
    ("漁獲量下降;漁民減少。", "M020", ";", "漁獲量下降；漁民減少。"),
    ("漁獲量下降.漁民減少。", "M020", ".", None),
    ("漁獲量下降.", "M020", ".", "漁獲量下降。"),
    ("他說：「漁獲量,連續三年下降，令人憂心。」", "M020", ",", None),
    # full-width letters, and marks in numbers
    ("ＡＰＥＣ峰會落幕。", "M023", "ＡＰＥＣ", "APEC峰會落幕。"),
    ("預算達1，200萬元。", "M032", "，", "預算達1,200萬元。"),
    ("成長率為3．5%。", "M032", "．", "成長率為3.5%。"),
    # marks in a row
    ("漁獲下降，，漁民減少。", "M024", "，，", "漁獲下降，漁民減少。"),
    ("漁獲下降。。漁民減少。", "M024", "。。", "漁獲下降。漁民減少。"),
    ("鯖魚、，秋刀魚。", "M024", "、，", None),
    ("漁獲下降，。漁民減少。", "M024", "，。", None),
    ("他說：「漁獲下降。」。", "M025", "。」。", "他說：「漁獲下降。」"),
    ("他說「漁獲下降，」，並下台。", "M025", "，」，", None),
    ("鯖魚（、秋刀魚）。", "M026", "、", "鯖魚（秋刀魚）。"),
    ("各國（德國、法國、）表態。", "M026", "、", "各國（德國、法國）表態。"),
    # ellipsis and dash
    ("鯖魚、秋刀魚...等。", "M027", "...", "鯖魚、秋刀魚……等。"),
    ("鯖魚、秋刀魚…等。", "M027", "…", "鯖魚、秋刀魚……等。"),
    ("漁獲下降。。。", "M027", "。。。", "漁獲下降……"),
    ("三種魚--鯖、鯧、鰆。", "M028", "--", "三種魚——鯖、鯧、鰆。"),
    ("漁業 - 海洋的命脈，不可不慎。", "M028", " - ", "漁業——海洋的命脈，不可不慎。"),
    # pairs
    ("他說「漁獲下降，漁民減少。", "M001", "「", None),
    ("漁業署》指出，漁獲下降。", "M001", "》", None),
    ("漁業署（農業部轄下指出，漁獲下降。", "M001", "（", None),
    ("依《漁業法〉第1條。", "M002", "《漁業法〉", None),
    ("依「漁業（法」規定）。", "M002", "（", None),
    ("世界衛生組織（WHO)指出。", "M003", ")", "世界衛生組織（WHO）指出。"),
    ("世界衛生組織(WHO）指出。", "M003", "(", "世界衛生組織（WHO）指出。"),
    ("漁業署(1999)與農業部（2023）。", "M004", "(1999)", "漁業署（1999）與農業部（2023）。"),
    ("世界衛生組織(WHO)指出。", "M004", "(WHO)", "世界衛生組織（WHO）指出。"),
    ("「所謂「永續漁業」的說法」", "M005", "「永續漁業」", "「所謂『永續漁業』的說法」"),
    ("《評《紅樓夢》》", "M005", "《紅樓夢》", None),
    ("所謂“永續漁業”的說法。", "M006", "“永續漁業”", "所謂「永續漁業」的說法。"),
    ("「所謂‘永續漁業’」", "M006", "‘永續漁業’", "「所謂『永續漁業』」"),
    ('所謂"永續漁業"的說法。', "M007", '"永續漁業"', "所謂「永續漁業」的說法。"),
    ("所謂「永續漁業「，並不存在。", "M009", "「", None),
    ("見＜永續漁業＞一文。", "M010", "＜永續漁業＞", "見〈永續漁業〉一文。"),
    ("見≪漁業年報≫。", "M010", "≪漁業年報≫", "見《漁業年報》。"),
    ("「鯖」、「鯧」與『鰆』", "M013", "『鰆』", "「鯖」、「鯧」與「鰆」"),
    ("拉布卡（）訪問澳洲。", "M034", "（）", None),
    # practice
    ("約翰‧甘迺迪、羅伯‧甘迺迪、愛德華•甘迺迪", "M030", "•", "約翰‧甘迺迪、羅伯‧甘迺迪、愛德華‧甘迺迪"),
    ("約翰˙甘迺迪", "M030", "˙", "約翰‧甘迺迪"),
    ("3-5月、6-8月，9～11月", "M029", "～", "3-5月、6-8月，9-11月"),
    ("中國—中亞峰會、中國—東協，中國-非洲", "M029", "-", "中國—中亞峰會、中國—東協，中國—非洲"),
    ("8:30、10:15、14：45", "M031", "：", "8:30、10:15、14:45"),
]


@pytest.mark.parametrize(("text", "code", "what", "good"), WRONG)
def test_wrong_marks(text: str, code: str, what: str, good: str | None) -> None:
    assert (code, what) in shown(text)
    if good is not None:
        assert mended(text) == good
        assert shown(good) == []


WRONG_IN_NOTES = [
    ("Ann Lee, “A Story，” Reuters, May 6, 2021.", "M022", "，", "Ann Lee, “A Story,” Reuters, May 6, 2021."),
    ("Ann Lee，“A Story,” Reuters, May 6, 2021.", "M022", "，", "Ann Lee, “A Story,” Reuters, May 6, 2021."),
    ("Ann Lee, “A Story,“ Reuters, May 6, 2021.", "M009", "“", "Ann Lee, “A Story,” Reuters, May 6, 2021."),
    ("Ann Lee, “A Story, Reuters, May 6, 2021.", "M001", "“", None),
    ("Ann Lee, A Story,” Reuters, May 6, 2021.", "M001", "”", None),
    ("Ann Lee, “A Story,”, Reuters, May 6, 2021.", "M024", ",”,", None),
    ("Ann Lee, “A Story,, Part Two,” Reuters.", "M024", ",,", None),
    ("Ann Lee, “China`s Story,” Reuters.", "M011", "`", None),
    ("Ann Lee, Book（NY: X, 2017）, p. 5.", "M012", "（NY: X, 2017）", "Ann Lee, Book (NY: X, 2017), p. 5."),
    ("王大明, 〈漁業〉, 《漁報》, 2021年5月6日。", "M020", ", ", "王大明，〈漁業〉，《漁報》，2021年5月6日。"),
    ("王大明，〈漁業》，《漁報》，2021年5月6日。", "M002", "〈漁業》", None),
    ("王大明，〈漁業，《漁報》，2021年5月6日。", "M001", "〈", None),
    ("王大明，《漁業》(臺北：甲)。", "M004", "(臺北：甲)", "王大明，《漁業》（臺北：甲）。"),
    ('王大明，〈"永續"漁業〉，《漁報》，2021年5月6日。', "M008", '"永續"', None),
    ("王大明，〈漁業？前景：黯淡〉；李四，〈漁業?〉。", "M021", "?", None),
    ("王大明，〈漁業〉，《漁報》，2021年5月6日.", "M020", ".", "王大明，〈漁業〉，《漁報》，2021年5月6日。"),
    ("王大明，〈漁業〉，《漁報》，https://a.b/c.", "M020", ".", "王大明，〈漁業〉，《漁報》，https://a.b/c。"),
    ("此處從寬解釋.", "M020", ".", "此處從寬解釋。"),
    ("頁3-5、頁6-8、頁9–11。", "M029", "–", "頁3-5、頁6-8、頁9-11。"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "what", "good"), WRONG_IN_NOTES)
def test_wrong_marks_in_notes(text: str, code: str, what: str, good: str | None) -> None:
    assert (code, what) in shown(text, "note")
    if good is not None:
        assert mended(text, "note") == good


RIGHT = [
    "美國海軍「雷根號」（USS Ronald Reagan, CVN-76）於3月12日通過；F-16(V)、C-130J(KC)同行。",
    "1.5億美元、3,000萬元、4.8%、12:30、3:2、2+2對話、1/3、1956-2025年。",
    "外交部表示：「應停止『以台制華』的圖謀。」",
    "他問：「準備好了嗎？」又說：「還沒有！」",
    "立場——不選邊站——未變；「中國—太平洋島國菌草技術示範中心」。",
    "包括(1)減碳、(2)增匯；1）甲、2）乙；a) 丙。",
    "依第10條第(3)款；電話(02)2331-2345。",
    "逗號「，」、頓號「、」與句號「。」都是點號（，、。）。",
    "《〈中華民國憲法〉增修條文》與《書》、〈篇〉。",
    "「『雙』」、「他說：『我知道。』我不信。」",
    "尹錫悅（윤석열）與「대면병(對面兵)」；令和5年版「防衛白書」。",
    "該校位於Washington, D.C.，由Apple, Inc.捐助。",
    "Yahoo!奇摩報導，AT&amp;T與R&amp;D。",
    "說「……這是錯的」，並非如此。",
    "“America First”是他的口號；O’Brien、Xi’an。",
    "國防預算（詳見第二節）；《反分裂國家法》第8條。",
    "他（她）們；［按：甲］【專題】〔註〕",
    "何謂「灰色地帶」（gray zone）？",
    "5'10\"高的球員",
    "見 https://example.org/a,b;c?d=(e) 一頁。",
    "二０二五年",
]


@pytest.mark.parametrize("text", RIGHT)
def test_right_marks_are_left_alone(text: str) -> None:
    assert shown(text) == []


RIGHT_IN_NOTES = [
    "Ritika Pratap, “Rabuka to Champion ‘Ocean of Peace’,” FBC News, February 4, 2025.",
    "Ann Lee, “MP Materials’ Critical Minerals: China’s ‘No’?” Reuters, May 6, 2021, https://example.org/a,b.",
    "Ming-tsan Hu (胡明燦), “Taiwan’s Grid,” Issues &amp; Studies, Vol. 5, No. 3, 2020, pp. 1-20.",
    "Statement, Office of the Prime Minister (Cook Islands), February 21, 2025.",
    "윤상길、이정훈，〈1950년대 방송…전개과정〉，《언론정보연구》（제56권 4호，2019年10月），頁32。",
    "〈VOA·RFA 이어 “대북 라디오 80%↓”〉，《연합뉴스》，2025年7月22日。",
    "김철수, 「북한의 핵전략」, 『국방연구』, 제5권, 2020년.",
    "防衛省「令和5年版防衛白書」2023年7月28日、10頁。",
    "〈中美關稅談判團75：15差距懸殊　透露訊息曝〉，《今日新聞》，2025年8月1日。",
    "〈习近平：“一国两制”不动摇〉，《新华网》，2024年1月3日。",
    "Emmanuel Macron, « Discours sur l’Europe », Élysée, 25 avril 2024.",
    "Unicode Consortium，〈Unicode Line Breaking Algorithm〉，《Unicode Standard Annex》，https://a.b/c。",
    "Graham Allison著，包淳亮譯，《注定一戰》（台北：八旗文化，2018年），頁5。",
]


@pytest.mark.parametrize("text", RIGHT_IN_NOTES)
def test_right_marks_in_notes_are_left_alone(text: str) -> None:
    assert shown(text, "note") == []


def test_quotation_of_several_paragraphs() -> None:
    assert shown("他寫道：「第一段。</p><p>「第二段。</p><p>「第三段。」") == []
    assert shown("他寫道：「第一段。</p><p>第二段。」") == []
    assert shown("他說「第一段。</p><p>央行」表示。") == [("M001", "「"), ("M001", "」")]


def test_marks_around_a_note_call() -> None:
    text = '漁獲下降，<fn id="fn1"><p>見前。</p></fn>，漁民減少。'
    assert [code for code, _ in shown(text)] == ["M024"]
    assert mended(text) == text


def test_practice_of_the_issue_decides() -> None:
    source = wrapped("text", "約翰•甘迺迪、羅伯‧甘迺迪")
    other = wrapped("text", "喬治‧布希、比爾‧柯林頓、隆納‧雷根")
    assert found(source) == []
    [each] = found(source, other)
    assert each.code == "M030" and "本期" in each.message.zh


def test_one_form_gives_way_to_that_of_the_issue() -> None:
    source = wrapped("text", "約翰•甘迺迪")
    assert found(source) == found(source, wrapped("text", "喬治‧布希、比爾‧柯林頓")) == []
    others = wrapped("text", "喬治‧布希、比爾‧柯林頓、隆納‧雷根、吉米‧卡特")
    assert [each.code for each in found(source, others)] == ["M030"]


def test_straight_marks_of_english_follow_the_practice() -> None:
    straight = 'Ann Lee, "A Story," Reuters; Bob Ray, "Another," Reuters.'
    assert shown(straight, "note") == []
    mixed = 'Ann Lee, “A Story,” Reuters; Bob Ray, "Another," Reuters.'
    assert shown(mixed, "note") == [("M007", '"Another,"')]
    assert mended(mixed, "note") == "Ann Lee, “A Story,” Reuters; Bob Ray, “Another,” Reuters."


def test_stop_of_western_notes_follows_the_practice() -> None:
    note = "文。<fn id='fn{}'><p>Ann Lee, “A Story,” Reuters, May {}, 2021{}</p></fn>"
    periods, stops = [note.format(n, n, ".") for n in (1, 2)], [note.format(n, n, "。") for n in (3, 4, 5)]
    assert shown("".join([*periods, stops[0]])) == [("M022", "。")]
    assert shown("".join([*periods, *stops])) == []


def test_half_width_brackets_throughout_are_a_practice() -> None:
    assert shown("甲(1953)、乙(1954)、丙(1955)、丁(1956)。") == []


def test_curly_marks_are_those_of_mainland_briefs() -> None:
    data = wrapped("text", "所谓“永续渔业”的说法。").data.replace(b"zh-Hant-TW", b"zh-Hans-CN")
    assert found(parse_bytes(SAMPLES / "brief-1.xml", data)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("漁業", "zz"),
        ("漁業署的報告。Fish are few and far between。", "z" * 7 + "l" * 29),
        ("見https://a.b/c。", "z" + "u" * 13 + "z"),
        ("用<named-content xml:lang='ja'>漁業</named-content>，", "zjjz"),
    ],
)
def test_tongues(text: str, said: str) -> None:
    [brief] = read_briefs([wrapped("text", text)], IssueReading())
    passage = next(each for each in brief.passages if each.kind == "body")
    assert tongues(passage) == said


def test_pairs() -> None:
    [brief] = read_briefs([wrapped("text", "「甲（乙）」與’s（丙")], IssueReading())
    pairs = pairs_of(next(each for each in brief.passages if each.kind == "body"))
    assert [(pair.start, pair.end, pair.around) for pair in pairs.pairs] == [(0, 5, None), (2, 4, 0)]
    assert pairs.unclosed == [9]


@pytest.mark.parametrize(
    "text", ["「" * 3000, "」" * 3000, "「（」）" * 1000, '"' * 3001, "字," * 3000, "…" * 3000]
)
def test_heaps_of_marks(text: str) -> None:
    found(wrapped("text", text))

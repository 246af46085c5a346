"""The rules about characters and words of another region, and the words the periodical doesn't use."""

import re
from types import MappingProxyType

import pytest
from opencc import OpenCC

from pipeline.diagnostics import Diagnostic
from pipeline.edit import edited
from pipeline.lint import RULES
from pipeline.lint.regional import _NAMES, is_regional
from pipeline.lint.vocabulary import Vocabulary
from pipeline.parse import parse_bytes
from tests.test_lint import read, wrapped

REGIONAL = [rule for rule in RULES if rule.code.code in ("W020", "W021")]


def found(text: str, within: str = "text", vocabulary: Vocabulary | None = None) -> list[Diagnostic]:
    """What the rules about other regions say of an extract."""
    brief = read(wrapped(within, text), vocabulary=vocabulary)
    return [each for rule in REGIONAL for each in rule(brief)]


def words(text: str, within: str = "text", vocabulary: Vocabulary | None = None) -> list[str]:
    """The characters that the findings stand on."""
    lines = wrapped(within, text).data.decode().split("\n")
    return [
        lines[d.place.line - 1][d.place.column - 1 : d.place.end_column - 1]
        for d in found(text, within, vocabulary)
    ]


def mended(text: str, vocabulary: Vocabulary | None = None) -> str:
    """An extract after all fixes."""
    fixes = [edit for each in found(text, vocabulary=vocabulary) for edit in each.fix]
    paragraph = re.search("<p>(.*?)</p>", edited(wrapped("text", text), dict.fromkeys(fixes)).decode(), re.DOTALL)
    assert paragraph is not None
    return paragraph[1]


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("两国关系持续升高", "兩國關係持續升高"),
        ("經济與國际政治", "經濟與國際政治"),
        ("浜田防衛大臣訪問広島", "濱田防衛大臣訪問廣島"),
        ("軍事体制與価値", "軍事體制與價値"),
        ("這份價格优惠的合約", "這份價格優惠的合約"),
    ],
)
def test_characters_are_mended(typed: str, right: str) -> None:
    assert mended(typed) == right


def test_simplified_terms_stay_simplified_where_japan_is_spoken_of() -> None:
    assert words("中國推動「体制改革」。") == ["体"]
    assert words("日本防衛省指出，中國推動「軍事体系」与「联合作战」。") == ["与", "联", "战"]


def test_characters_for_several_are_left_to_the_editor() -> None:
    [one] = found("雙方发展合作")
    assert not one.fix
    assert words("雙方发展合作") == ["发"]


def test_one_finding_speaks_for_a_whole_paragraph() -> None:
    text = "习近平强调实现国家统一是历史趋势两岸同胞应当团结起来。"
    assert len([d for d in found(text) if "簡體字" in d.message.zh]) == 1
    assert not found(text)[0].fix


@pytest.mark.parametrize(
    "right",
    [
        "見《人民日报》與〈中国的国家安全〉，他說：「我们要坚持合作与发展，不能放弃。」",
        "高市早苗、石破茂、朴正熙、陳堃、王喆、林永峯與張啓楷。党項與万俟。",
        "日本稱之為「国家安全保障戦略」，日文的「経済安保」。",
        '日文<named-content content-type="foreign" xml:lang="ja">経済</named-content>一詞。',
        "「国」是「國」的簡體。",
        "日本防衛省於2026年度預算概算要求中編列約1,287億日圓，採購無人載具，建構「多層的沿岸防衛体制」。",
    ],
)
def test_characters_of_others_are_left_alone(right: str) -> None:
    assert not words(right)


def test_simplified_terms_and_titles_of_a_paragraph_in_a_note() -> None:
    assert words("這是中国的說法。", "note") == ["国"]
    assert not words("新华社，〈国家主席发表讲话〉，《人民日报》，2020年1月2日，版3。", "note")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("軟件與屏幕仰賴進口芯片。", ["軟件", "屏幕", "芯片"]),
        ("網絡攻擊與電腦網絡，信息攻擊與人工智能。", ["網絡", "網絡", "信息", "人工智能"]),
        ("特朗普與普京在新西蘭會面，談沙特阿拉伯與也門。", ["特朗普", "普京", "新西蘭", "沙特阿拉伯", "也門"]),
        ("中國的芯片公司研發激光武器與東風導彈。", ["芯片", "激光", "導彈"]),
        ("巡航導彈射程兩千公里，面積3平方千米。", ["巡航導彈", "平方千米"]),
        ("視頻外流，航天員返回。", ["視頻", "航天員"]),
        ("數字經濟的協定、數字貿易與數字鴻溝。", ["數字", "數字", "數字"]),
        ("飛控軟件與軟體定義的能力。", ["軟件"]),
        ("各國出台新的措施，國內生產總值下降，恐怖襲擊增加。", ["出台", "國內生產總值", "恐怖襲擊"]),
    ],
)
def test_words_of_another_region(text: str, said: list[str]) -> None:
    assert words(text) == said


@pytest.mark.parametrize(
    "right",
    [
        "「芯片自主」與「人工智能」都是口號，見《數據安全法》與〈軟件產業〉。",
        "中央網絡安全和信息化委員會、工業和信息化部、國家互聯網信息辦公室與信息支援部隊。",
        "解放軍的信息化戰爭、智能化戰爭與工業互聯網。中國電子信息產業集團。",
        "社會網絡、人際網絡與銷售網絡；質量、程序、支持、項目、渠道、數據、對象、水平、算法。",
        "重視頻率，電視頻道，風光盤點，強硬盤算，打印度牌，服務器材，熟悉尼泊爾，公布什麼。",
        "參加蓬勃發展的活動，接納米糧，息息相關，誠信息票，引導彈性，也門當戶對，千里根本，納米比亞。",
        "白俄羅斯、澳大利亞、沙特、布什爾核電廠、博客來與賭博客源。",
        "中國—東盟博覽會與騰訊視頻。",
        "營運與經營銷售，直營銷售。",
        "數字絲綢之路、數字中國、這些數字經濟部尚未公布，數字政府不同意；見〈數字經濟成亮點〉。",
        "馮德萊恩、所羅門群島、哈薩克斯坦、小馬科斯、普拉博沃、法屬圭亞那、公民黑客與黑客松。",
        "退出台海，推出台新銀行，供應鏈接受檢驗，保存儲備，允許可再生能源。",
    ],
)
def test_words_of_taiwan_and_names_are_left_alone(right: str) -> None:
    assert not words(right)


def test_two_choices_have_no_fix() -> None:
    [video] = found("視頻外流。")
    assert not video.fix and video.hint.zh == "改用「影片」或「視訊」"


def test_the_word_of_the_other_region_is_the_wrong_one_whichever_prevails() -> None:
    assert words("晶片、芯片與芯片。") == ["芯片", "芯片"]
    assert is_regional("芯片") and not is_regional("晶片")


def test_words_the_periodical_does_not_use() -> None:
    instead = {"平台": "平臺", "中國大陸": "中國", "GOP": "共和黨", "川普": "川普總統"}
    house = Vocabulary(instead=MappingProxyType(instead))
    assert mended("平台與中國大陸的GOPAC；GOP與「平台」。", house) == "平臺與中國的GOPAC；共和黨與「平臺」。"
    assert not words("川普總統與《平台》", vocabulary=house)
    [platform] = found("平台。", vocabulary=house)
    assert platform.code == "W021" and "本刊不用「平台」" in platform.message.zh


def test_words_the_periodical_accepts() -> None:
    assert not words("芯片與軟件。", vocabulary=Vocabulary(terms=frozenset({"芯片", "軟件"})))


def test_names_agree_with_the_phrases_of_opencc() -> None:
    """Where OpenCC has the name as well; Taiwan has changed a few since."""
    converter = OpenCC("s2twp")
    changed = {"斯威士蘭", "吉布提", "索馬里蘭"}
    for entry in _NAMES.split():
        form, _, instead = entry.rpartition(">")
        word = re.sub(r"\(\?[^()]*\)", "", form)
        phrase = converter.convert(word).replace("裡", "里")
        assert phrase in (word, instead) or word in changed, (word, phrase)


@pytest.mark.parametrize("text", ["", "国", "「国」", "ー", "𠀀", "\u2028", "芯", "芯片" * 30, "国" * 600])
def test_no_text_breaks_the_rules(text: str) -> None:
    found(text)
    found(text, "note")


def test_other_chinese_is_not_looked_at() -> None:
    for lang in (b"zh-Hant-HK", b"zh-Hans", b"ja"):
        data = wrapped("text", "軟件与国家").data.replace(b"zh-Hant-TW", lang)
        brief = read(parse_bytes(wrapped("text", "").path, data))
        assert not [each for rule in REGIONAL for each in rule(brief)]

"""The rules about spelling: variants, misspelt words, and words spelt in two ways."""

import re

import pytest

from pipeline.diagnostics import Diagnostic, Severity
from pipeline.lint import RULES
from pipeline.lint.reading import IssueReading, read_briefs
from pipeline.lint.variants import Table
from pipeline.lint.vocabulary import Vocabulary
from pipeline.parse import parse_bytes
from tests.test_lint import read, wrapped

SPELLING = [rule for rule in RULES if rule.code.code in ("W001", "W002", "W003", "W004", "W006")]


def found(text: str, within: str = "text", vocabulary: Vocabulary | None = None) -> list[Diagnostic]:
    """What the rules about spelling say of an extract."""
    source = wrapped(within, text)
    brief = read(source, vocabulary=vocabulary)
    return [each for rule in SPELLING for each in rule(brief)]


def words(text: str, within: str = "text") -> list[tuple[str, str]]:
    """The code of each finding and the characters it stands on."""
    lines = wrapped(within, text).data.decode().split("\n")
    return [
        (d.code, lines[d.place.line - 1][d.place.column - 1 : d.place.end_column - 1]) for d in found(text, within)
    ]


def mended(text: str) -> str:
    """An extract after all that the hints ask for; what may be parts of two words is not fixed automatically."""
    xml = wrapped("text", text).data.decode()
    for each in sorted(found(text), key=lambda each: -each.place.column):
        asked = re.match("改成「(.*?)」", each.hint.zh)
        right = each.fix[0].text if each.fix else asked[1] if asked and each.code == "W002" else None
        if right is not None:
            xml = xml[: each.place.column - 1] + right + xml[each.place.end_column - 1 :]
    paragraph = re.search("<p>(.*?)</p>", xml, re.DOTALL)
    assert paragraph is not None
    return paragraph[1]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("爲了羣島的安全，高峯會啓動溫室氣體談判。", "為了群島的安全，高峰會啟動溫室氣體談判。"),
        ("着眼于長遠，强化防綫。", "著眼於長遠，強化防線。"),
        ("籍由談判，既使失敗也能導至改變。", "藉由談判，即使失敗也能導致改變。"),
        ("沖突擴大，呼吁各方克制，並征收關稅。", "衝突擴大，呼籲各方克制，並徵收關稅。"),
        ("距離300公裡，約200海裡。", "距離300公里，約200海里。"),
        ("雙方合並後的關系與體系。", "雙方合併後的關係與體系。"),
        ("部屬飛彈並嚐試震攝對手。", "部署飛彈並嘗試震懾對手。"),
        ("亞州與歐州的債卷市場。", "亞洲與歐洲的債券市場。"),
        ("以后的幹擾與对策。", "以後的干擾與对策。"),
        ("他自已的國家己經知道，予已支持。", "他自己的國家已經知道，予以支持。"),
        ("政府再次公布，在次強調。", "政府再次公布，再次強調。"),
        ("如法泡製，一愁莫展，再接再勵。", "如法炮製，一籌莫展，再接再厲。"),
        ("這是第ㄧ次，也是唯ㄧ的ㄧ次。", "這是第一次，也是唯一的一次。"),
        ("美軍部署飛彈，佈署戰機，部署潛艦。", "美軍部署飛彈，部署戰機，部署潛艦。"),
        ("臺灣、臺海與訪臺，但對台政策。", "臺灣、臺海與訪臺，但對臺政策。"),
        ("火砲、砲彈、砲擊與炮兵。", "火砲、砲彈、砲擊與砲兵。"),
        ("占領、攻占，後又佔領。", "占領、攻占，後又占領。"),
        ("每週、上週與本周。", "每週、上週與本週。"),
        ("作為盟友，作為鄰國，做為夥伴。", "作為盟友，作為鄰國，作為夥伴。"),
        ("恐怖分子、恐怖分子、恐怖份子。", "恐怖分子、恐怖分子、恐怖分子。"),
        (
            "占全體的九成，鋼鐵占73%，市占率高，佔台灣出口兩成。",
            "占全體的九成，鋼鐵占73%，市占率高，占台灣出口兩成。",
        ),
        ("系統裏的資料須即時更新。", "系統裡的資料須即時更新。"),
        ("黃岩島、黃岩島與黃巖島。", "黃岩島、黃岩島與黃岩島。"),
        ("林永峰表示，林永峰指出，林永峯強調。", "林永峰表示，林永峰指出，林永峰強調。"),
        ("世界盃、世界盃與世界杯。", "世界盃、世界盃與世界盃。"),
        ("情勢動盪，局勢動盪，社會動蕩。", "情勢動盪，局勢動盪，社會動盪。"),
        ("臺灣大學、臺灣大學與台灣大學。", "臺灣大學、臺灣大學與臺灣大學。"),
    ],
)
def test_wrong_spellings_are_mended(wrong: str, right: str) -> None:
    assert mended(wrong) == right
    assert mended(right) == right


@pytest.mark.parametrize(
    "right",
    [
        "控制造成的損害，限制作用，體制程序，管制品，總統制作為憲政體制，監制定規則。",
        "國籍由本人決定，軍籍此後不變，泰籍以外，國籍口頭說明。該書藉由史料，國藉由貿易致富。",
        "結合並推動，配合並落實，企業並購買設備，採購並得標。",
        "呈現像中國這樣的國家，對像中國這樣的國家，思想象徵，友好象徵，就像徵兵一樣。",
        "這裡程序複雜，哪裡程度較高，這里程碑式的協議，皇后來訪，若干部隊與若干旱災，才干預內政。",
        "關係統計，相關系統，有關系列，思維係數，核准備查，核准則，批准時間。",
        "自己經營，來自已開發國家，各自已完成部署，給予已登記者，所以經過協商。",
        "既使美國受惠，也使中國受惠；既將擴軍，又將裁員；立即然後，設立既有機構。",
        "引導至港口，甚至命令部隊，甚至使用武力，因該會之故。",
        "三重覆蓋，嚴重復發，大幅射擊，工業積極，組成積體電路聯盟，累積效應，淤積效果。",
        "先譴責後制裁，遺憾動搖國本，嚴峻工作，對抗辨識，究竟爭什麼，竟相信，畢竟選擇。",
        "維吉尼亞州、喬治亞州、西澳州、參加洲際盃、全美州長協會，訪問侯友宜，當時侯友宜。",
        "水上遊憩、線上遊戲，主導游擊戰。十分鐘愛，部分鍾情。關註冊資訊，加註意見。",
        "推廣範圍，船隻有十艘，北斗爭議，宿舍棄置，曼谷物價，王文杰出席，目標志在必得。",
        "首先趨於平緩，大勢所趨使得，富豪無視，來自毫無關聯，將軍鑑於情勢，軍艦挺進，總統師法。",
        "期末來臨，年底末來，交通迅速，投資迅速，通訊速度，批評擊敗，這批露出，主幹旋轉。",
        "推出板材，逆轉形勢，這類形象，新形勢，燃煤碳排，聚焦碳排，沒收獲利，參與論壇，傳播打擊。",
        "公布局勢，公布局部成果，十分布建，部分布署，本身分為三類，透過分析，經過分配。",
        "當局限制出口，各局限期改善，為了解決問題，外交代表，工作法則，合作出口，世界面臨。",
        "張啓楷委員、林永峯先生與劉眞教授。秘魯與神秘的秘書。",
        "國立臺灣大學、臺灣銀行、臺北市政府與台積電都在台灣；台灣、台北、台海。",
        "平台中心、電台、兩台戰機、上台與下台、在台上，都與臺灣無關，臺灣也無意見。",
        "四周的人，周恩來，眾所周知；每週與上週。",
        "注音ㄅ、ㄆ、ㄧ。",
        "立法院制定法律，行政院制訂計畫；制訂政策。",
        "他原計劃在秋天訪問，這項計畫的內容與計畫書。會議記錄著細節，打破紀錄。",
        "王啟明與林啓仁、高峰與林永峯、陳傑與王杰是六個人；島嶼與長嶋。",
        "占卜、占星與口占；佔有、佔領、佔比。裏海、裏千家與「裏金」；這裡、那裡。",
        "他們手裏、心裏、眼裏都有答案。",
        "硫磺與黃金、沈先生與沉船、參加與人蔘、紀念與唸書、山岳與嶽麓。",
        "臺灣大學與台灣大學生。見《黃巖島問題》；黃岩島。",
        "「爲」與「為」、「裏」與「裡」都是異體，「己經」是錯字。",
    ],
)
def test_right_spellings_are_left_alone(right: str) -> None:
    assert words(right) == []


def test_words_of_others_are_left_alone() -> None:
    assert not words("見《爲政之道》與〈部份國家〉，他說：「籍由談判，爲了和平。」")
    assert not words('日文<named-content content-type="foreign" xml:lang="ja">内閣</named-content>是這麼寫的。')
    quotation = "<disp-quote><p>政府公佈結果，籍由談判，爲了和平。</p></disp-quote><p>公布、公布。</p>"
    assert not words(quotation, "section")
    citation = "王大明，〈甲篇〉，《乙刊》（臺北：丙出版社，2020年），頁5。"
    assert not words(f'台灣、台灣<fn id="fn1"><p>{citation}</p></fn>')


def test_ties_are_a_note_with_both_places() -> None:
    [tie] = found("政府公布統計，報告尚未公佈。")
    assert tie.code == "W004" and tie.severity is Severity.NOTE and not tie.fix
    assert len(tie.also) == 1 and tie.also[0].column < tie.place.column


def test_two_variants_in_a_name_are_a_doublet() -> None:
    assert words("黃岩島周邊，黃巖島海域。") == [("W004", "黃巖島")]
    assert words("瀋陽市、沈陽市") == [("W004", "沈陽市")]
    assert words("滙豐銀行與匯豐銀行") == [("W004", "匯豐銀行")]


def test_nouns_are_a_note() -> None:
    assert [(d.code, d.fix) for d in found("這項計畫的內容、該計畫的目標與計劃書。")] == [("W004", ())]
    assert words("創下新的紀錄，打破紀錄，最高記錄。") == [("W004", "記錄")]


def test_practice_of_the_issue_decides_where_a_brief_has_one_spelling() -> None:
    sources = [wrapped("text", text) for text in ("公佈一次。", "公布、公布。", "公布、公布。", "公布。")]
    rule = next(rule for rule in RULES if rule.code.code == "W004")
    briefs = read_briefs(sources, IssueReading())
    assert [len(list(rule(brief))) for brief in briefs] == [1, 0, 0, 0]
    alone = read_briefs(sources[:2], IssueReading())
    assert not [each for brief in alone for each in rule(brief)]


def test_house_vocabulary_settles_spellings() -> None:
    text = "政府公布統計，公布結果，公佈名單。爲了臺灣民主基金會，台灣、台灣。"
    assert [d.code for d in found(text)] == ["W001", "W003"]
    for vocabulary in (
        Vocabulary(terms=frozenset({"公佈", "爲了"})),
        Vocabulary(pairs=frozenset({frozenset({"公布", "公佈"})}), terms=frozenset({"爲了"})),
    ):
        assert not found(text, vocabulary=vocabulary)


@pytest.mark.parametrize("text", ["", "　", "「", "」", "《", "台", "臺台臺", "ㄧ", "的" * 50, "公佈", "\u2028"])
def test_no_text_breaks_the_rules(text: str) -> None:
    found(text)
    found(text, "note")


def test_other_languages_are_not_looked_at() -> None:
    source = wrapped("text", "爲了羣島，公佈、公布、公布。").data.replace(b"zh-Hant-TW", b"zh-Hant-HK")
    brief = read(parse_bytes(wrapped("text", "").path, source))
    assert not [each for rule in SPELLING for each in rule(brief)]


def test_table_takes_the_longest_word_and_keeps_to_its_guards() -> None:
    table = Table([("甲乙", 1), ("甲乙丙", 2), ("(?<!丁)戊(?=己)", 3)])
    assert [(use.word, use.meaning) for use in table.find("甲乙丙甲乙丁戊己戊己戊")] == [
        ("甲乙丙", 2),
        ("甲乙", 1),
        ("戊", 3),
    ]

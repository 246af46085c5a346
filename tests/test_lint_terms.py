"""The rules about terms: what is one thing under two names, and what only looks like it."""

from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from pipeline.diagnostics import Diagnostic
from pipeline.lint import RULES
from pipeline.lint.own_words import own_words
from pipeline.lint.reading import IssueReading, Reading, read_briefs
from pipeline.lint.synonyms import GROUPS, NOT_HERE
from pipeline.lint.vocabulary import Vocabulary
from pipeline.parse import parse, parse_bytes
from tests.conftest import ARTICLE, REAL_ISSUE, SAMPLE, TITLE

EVERYTHING = "W05", "W07", "W08", "W09"
"""The rules of terms, glosses, names and Latin words."""


def reading(*paragraphs: str, vocabulary: Vocabulary | None = None) -> Reading:
    """A brief of paragraphs; what stands in {braces} is a note, a paragraph that begins with > a quotation."""
    body, notes = [], 0
    for paragraph in paragraphs:
        pieces = escape(paragraph.removeprefix(">")).replace("}", "{").split("{")
        for at in range(1, len(pieces), 2):
            notes += 1
            pieces[at] = f'<fn id="fn{notes}"><p>{pieces[at]}</p></fn>'
        words = f"<p>{''.join(pieces)}</p>"
        body.append(f"<disp-quote>{words}</disp-quote>" if paragraph.startswith(">") else words)
    source = parse_bytes(Path("brief.xml"), ARTICLE.format(meta=TITLE, body="".join(body)).encode())
    return read_briefs([source], IssueReading(vocabulary=vocabulary or Vocabulary()))[0]


def found(brief: Reading, *codes: str) -> list[Diagnostic]:
    return [each for rule in RULES if rule.code.code.startswith(codes) for each in rule(brief)]


def shown(brief: Reading, *codes: str) -> list[str]:
    """What rules find: each code with the words at the place."""
    lines = brief.source.data.decode().split("\n")
    return [
        f"{each.code} {lines[each.place.line - 1][each.place.column - 1 : each.place.end_column - 1]}"
        for each in found(brief, *codes)
    ]


# Synonyms


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("訊號中斷，訊號恢復，信號又起。", ["信號"]),
        ("精密導引飛彈與精準導引炸彈，都屬於精準導引武器。", ["精密導引"]),
        ("英國宣布實施碳邊境調節機制。歐盟的碳邊境調整機制已經上路，碳邊境調整機制不是壁壘。", ["碳邊境調節機制"]),
        ("各國關注關鍵礦物，關鍵礦物的價格上漲，關鍵礦產因此成為籌碼。", ["關鍵礦產"]),
        ("海底電纜中斷。海底電纜修復。業者鋪設海底纜線。", ["海底纜線"]),
        ("澳洲派艦。澳大利亞外長發言。澳洲與美國演習。", ["澳大利亞"]),
        ("澤倫斯基訪美，澤倫斯基致詞。柴倫斯基返國。", ["柴倫斯基"]),
        ("駭客入侵。黑客攻擊，黑客組織。", ["黑客", "黑客"]),
        (
            "參加《跨太平洋夥伴全面進步協定》，與《全面進步跨太平洋夥伴協定》成員談判。",
            ["全面進步跨太平洋夥伴協定"],
        ),
        ("俄羅斯的影子船隊通過海峽，影子船隊再度現蹤，德國攔下影子艦隊的油輪。", ["影子艦隊"]),
        ("美國期中選舉將至，期中選舉攸關國會，中期選舉後再談。", ["中期選舉"]),
        ("極音速飛彈升空。極音速飛彈的射程。高超音速飛彈難以攔截。", ["高超音速飛彈"]),
        ("潛艦出港，潛艦返港，一艘潛艇失聯。", ["潛艇"]),
        ("嚇阻力不足，強化嚇阻力，威懾力有限。", ["威懾力"]),
        ("資料中心用電增加，資料中心選址，數據中心遷移。", ["數據中心"]),
        (
            "戰略暨國際研究中心指出風險。戰略與國際研究中心的報告，戰略與國際研究中心的兵推。",
            ["戰略暨國際研究中心"],
        ),
        ("艦隊距岸12浬，進入24浬。漁船距岸12海里。", ["海里"]),
    ],
)
def test_one_thing_under_two_names(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W05") == [f"W050 {stray}" for stray in strays]


@pytest.mark.parametrize(
    "text",
    [
        "訊號中斷，發射信號彈，打了通信號碼。",
        "人工智慧（又稱人工智能）日新月異。中國稱人工智能。",
        "干擾訊號，也有人稱為信號。",
        "台灣的資訊安全。中共的「信息化」與「智能化」戰爭。中國批評：「網絡主權不容侵犯。」",
        "澳洲總理與澳大利亞國立大學的學者會談。",
        "北韓試射飛彈，朝鮮勞動黨開會，朝鮮中央通訊社報導，朝鮮半島緊張。",
        "俄羅斯入侵，白俄羅斯配合，中俄國防部長會談。",
        "航艦打擊群出航，巡航艦隊返港，護航艦隊跟隨。",
        "再生能源占比提高，太陽能也是再生能源。",
        "南海局勢升溫，台灣東南海域有演習。",
        "參議院與眾議院、上議院與下議院、陸軍與海軍、東部與西部、第一與第二。",
        "資訊支援部隊成軍，資訊安全。信息支援部隊的成立大會，中央網絡安全和信息化委員會，網路犯罪。",
        "雷射導引。管制導致缺貨，限制導入，體制導向，主導引進。水雷與軍機雷達，遠航母港，航艦出港。",
        "核子武器。審核武器出口，考核協議。伊朗核子協議。肯尼亞洲際賽，承諾魯莽，參加薩赫爾會議，節日元宵，日圓貶值。",
        "他信任盟友。塔克辛返國。",
        "韓國總統訪美，韓國軍方演習，南北韓對話，北韓回應，南韓跟進。",
        "俄羅斯出兵，俄羅斯撤軍，俄國媒體報導。",
        "總統訪問大阪。美金融監理機構。美元升值。",
        "前南斯拉夫國際刑事法庭審理。國際刑事法院發布逮捕令。",
        "歐洲議會表決，歐洲理事會與歐盟理事會協商，歐洲委員會另議。",
    ],
)
def test_what_is_not_one_thing(text: str) -> None:
    assert shown(reading(text), "W05") == []


def test_words_of_others_are_left_alone() -> None:
    brief = reading(
        "訊號中斷，訊號恢復。{趙一，〈釋放信號〉，《信號報》，2021年5月6日。}",
        ">信號已經恢復，信號很強。",
        "他說：「這是一個清楚的信號，大家都看到了。」",
    )
    assert shown(brief, "W05") == []


def test_notes_are_the_authors_words() -> None:
    assert shown(reading("訊號中斷，訊號恢復。{信號的來源不明。}"), "W05") == ["W050 信號"]


def test_message_has_both_counts_and_the_other_place() -> None:
    (tie,) = found(reading("訊號中斷，隨後信號恢復。"), "W05")
    assert tie.message.zh == "這裡寫「信號」（本篇1處），別處寫「訊號」（1處），指的是同一件事"
    assert tie.hint.zh == "兩種寫法擇一，全篇統一" and len(tie.also) == 1
    (clear,) = found(reading("信號中斷，信號恢復，訊號良好。"), "W05")
    assert "「訊號」（本篇1處），別處寫「信號」（2處）" in clear.message.zh
    assert clear.hint.zh == "全篇統一，用「信號」"


def test_what_is_not_taiwanese_never_prevails() -> None:
    (first, *_) = found(reading("黑客入侵，黑客攻擊，黑客組織，黑客軍團，駭客。"), "W05")
    assert first.hint.zh == "全篇統一，用「駭客」"


def test_words_of_another_region_have_a_rule_of_their_own() -> None:
    assert shown(reading("晶片短缺，晶片管制，芯片禁令，特朗普與川普。"), "W05") == []


def test_many_strays_are_one_finding() -> None:
    assert len(found(reading("訊號" * 9 + "。" + "信號、" * 4), "W05")) == 1


def test_the_vocabulary_decides() -> None:
    text = "訊號中斷，訊號恢復，信號又起。"
    pair = frozenset(("訊號", "信號"))
    assert shown(reading(text, vocabulary=Vocabulary(pairs=frozenset({pair}))), "W05") == []
    assert shown(reading(text, vocabulary=Vocabulary(terms=pair)), "W05") == []
    settled = shown(reading(text, vocabulary=Vocabulary(terms=frozenset({"信號"}))), "W05")
    assert settled == ["W050 訊號", "W050 訊號"]


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("俄羅斯出兵，俄羅斯增兵，俄羅斯撤軍，俄國回應。", ["俄國"]),
        ("韓國出兵，韓國增兵，韓國撤軍，南韓回應。", ["南韓"]),
        ("俄羅斯出兵，俄羅斯增兵，俄國撤軍，俄國回應。", []),
    ],
)
def test_a_stray_synonym(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W05") == [f"W051 {stray}" for stray in strays]


def test_a_word_against_the_rest_of_the_issue() -> None:
    briefs = ["澳洲出兵，澳洲增兵。", "澳洲撤軍，澳洲回應。", "澳大利亞派艦。"]
    sources = [reading(text).source for text in briefs]
    *others, last = read_briefs(sources, IssueReading())
    assert [shown(other, "W05") for other in others] == [[], []]
    (stray,) = found(last, "W05")
    assert stray.code == "W051" and "本期其他各篇都寫「澳洲」（4處）" in stray.message.zh


# One name, two generic words


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("船艦靠近釣魚台群島。外務省抗議船艦駛入釣魚台列嶼。", ["釣魚台列嶼"]),
        ("兩國簽署對等貿易協定。對等貿易協定生效。國會審議對等貿易協議。", ["對等貿易協議"]),
        ("東亞峰會登場，東亞峰會閉幕。領導人出席東亞高峰會。", ["東亞高峰會"]),
        ("航母打擊群通過海峽，航母打擊群返港。航母戰鬥群現蹤。", ["航母戰鬥群"]),
        ("北極航線縮短航程。北極航線結冰期長。中國開拓北極航道。", ["北極航道"]),
    ],
)
def test_one_name_with_two_generic_words(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W05") == [f"W052 {stray}" for stray in strays]


@pytest.mark.parametrize(
    "text",
    [
        "馬紹爾群島與馬里亞納群島不同，西南諸島另有部署，日本列島也是。",
        "國際航線調整。國際航道受阻。",
        "簽署和平協定與和平協議，貿易協定與投資協議。",
        "提出全球發展倡議。提出全球安全構想。",
    ],
)
def test_two_names_with_generic_words(text: str) -> None:
    assert shown(reading(text), "W05") == []


# Countries


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("美中談判延期，美中貿易受阻，美中競爭加劇，中美關係緊張。", ["中美"]),
        ("美中談判延期，美中貿易受阻，尤其中美關稅休兵之後。", ["中美"]),
        ("台日關係友好，台日合作深化，台日交流頻繁，日台友好。", ["日台"]),
        ("俄烏戰爭開打。烏俄戰爭持續。", ["烏俄"]),
        ("美日韓三國會談，美日韓合作，韓美日三方演習。", ["韓美日"]),
        ("「敵對的韓朝關係」升溫，韓朝對話中斷，「敵對的朝韓兩國關係」成形。", ["朝韓"]),
        ("印巴衝突落幕，印巴停火，巴印邊界平靜。", ["巴印"]),
    ],
)
def test_two_orders_of_countries(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W053") == [f"W053 {stray}" for stray in strays]


@pytest.mark.parametrize(
    "text",
    [
        "美中談判延期，美中貿易受阻。談判中美方讓步，其中美國最積極，7月中美軍抵達。",
        "美中談判延期，美中貿易受阻。1978年中美建交公報、《中美共同防禦條約》。",
        "日中關係惡化，日中貿易下滑。近日中國外長訪日，9月3日中方表態。",
        "美日關係深化，美日合作。駐日美軍、訪日美國議員、昨日美方表示。",
        "台中關係不大，台中市與中台灣。歐美市場、美歐關係。",
        "台日兩國合作。日台間友好。",
        "美法合作，美法關係。依法美方可上訴，方法美好。",
        "以美國為首，美以關係穩固，美以合作。",
    ],
)
def test_one_order_of_countries(text: str) -> None:
    assert shown(reading(text), "W053") == []


# Names that look alike


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("成立頻道「自由大韓之聲」。後來承接「大韓自由之聲」。", ["W054 大韓自由之聲"]),
        ("通過《海上交通安全法》。依《海上安全交通法》取締。", ["W054 海上安全交通法"]),
        ("出席「亞洲安全論壇年會」。在「亞洲論壇安全年會」致詞。", ["W054 亞洲論壇安全年會"]),
        ("參加國際太空合作論壇。他在太空國際合作論壇致詞。", ["W054 太空國際合作論壇"]),
        ("出席「全球合作暨訓練架構」活動。「全球合作與訓練架構」十週年。", ["W055 全球合作與訓練架構"]),
        ("倡議「自由開放的印太」。他重申「自由與開放的印太」。", ["W055 自由與開放的印太"]),
        ("通過《國家安全保障法》。依《國家安全保衛法》調查。", ["W055 國家安全保衛法"]),
        ("移民及海關執法局搜捕。民眾向移民與海關執法局抗議。", ["W056 移民與海關執法局"]),
    ],
)
def test_names_that_are_one(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W05") == strays


@pytest.mark.parametrize(
    "text",
    [
        "推動「數位產業化」。也推動「產業數位化」。",
        "所謂「以商圍政」。後來「以政圍商」。",
        "設「對北廣播電台」。北韓設「對南廣播電台」。",
        "設「國軍心理戰團」。前身是「陸軍心理戰團」。",
        "《美日安保條約》生效。《美韓安保條約》續約。",
        "「聯合海空演習」結束。「聯合陸空演習」開始。",
        "「第一島鏈防線」與「第二島鏈防線」。「第十四個五年規劃」。「第十五個五年規劃」。",
        "「全球發展倡議」、「全球安全倡議」。「全球文明倡議」。",
        "「北京人權論壇」與「人權北京論壇」不同。",
        "依《參議院議事規則》。依《眾議院議事規則》。",
        "學校與國際組織合作。學校和國際組織聯繫。",
    ],
)
def test_names_that_are_two(text: str) -> None:
    assert shown(reading(text), "W05") == []


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("殲-20升空，殲-20返航，殲20現蹤。", ["殲20"]),
        ("F-16V巡邏。F16V升級。F-35交付。", ["F16V"]),
        ("部署S-400，攔截S400。", ["S400"]),
        ("G7與G20峰會。C-17、C919、MQ-9、H20、5G、COVID-19。", []),
        ("2025年7月，殲-20於2024年服役，第20集團軍。", []),
    ],
)
def test_hyphen_of_a_type(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W057") == [f"W057 {stray}" for stray in strays]


# All of it


def test_table_of_synonyms_is_in_order() -> None:
    forms = [form for group in GROUPS for form in group.forms]
    assert len(forms) == len(set(forms)), "a form in two groups"
    assert NOT_HERE.keys() <= set(forms)
    for group in GROUPS:
        assert group.elsewhere < set(group.forms)


@pytest.mark.parametrize("folder", [REAL_ISSUE, SAMPLE], ids=lambda folder: folder.name)
def test_finished_issues(folder: Path) -> None:
    if not folder.is_dir():
        pytest.skip(f"there is no {folder}")
    briefs = read_briefs([parse(path) for path in sorted(folder.glob("brief*.xml"))], IssueReading())
    counts = [len(found(brief, *EVERYTHING)) for brief in briefs]
    assert counts == ([2, 1, 5, 3, 3] if folder == REAL_ISSUE else [0] * 5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "（",
        "「",
        "）Name（",
        "（Name",
        "名（Name）" * 50,
        "以下簡稱",
        "（以下簡稱甲乙）（以下簡稱甲乙）",
        "\ufffc美中",
        "總統",
    ],
)
def test_broken_text_is_read(text: str) -> None:
    brief = reading(text, "")
    found(brief, *EVERYTHING)
    words = own_words(brief)
    assert len(words.text) == len(words.zones)


@pytest.mark.parametrize(
    ("text", "strays"),
    [
        ("通過《外國代理人登記法》。其後依據《外國代理人註冊法》處理。", ["外國代理人註冊法"]),
        ("簽訂《印度河用水條約》。仲裁庭引用印度河水域條約。", ["印度河水域條約"]),
        ("《中程核飛彈條約》失效。各國檢討《中程核飛彈協定》。", ["中程核飛彈協定"]),
        ("通過《數位服務法案》。其後通過《數位市場法案》。", []),
        ("修正《國家安全法》。其後修正《國家情報法》。", []),
        ("通過《海洋委員會組織法》。其後通過《海洋保育署組織法》。", []),
        ("公布《國防戰略報告》。其後公布《國家戰略報告》。", []),
    ],
)
def test_one_document_under_two_titles(text: str, strays: list[str]) -> None:
    assert shown(reading(text), "W058") == [f"W058 {stray}" for stray in strays]

"""The rules about what stands twice."""

import re
import time
from itertools import islice

import pytest

from pipeline.diagnostics import Diagnostic
from pipeline.edit import edited
from pipeline.lint import RULES
from tests.test_lint import read, wrapped

REPEATED = [rule for rule in RULES if re.fullmatch("W04[0-9]", rule.code.code)]

SENTENCE = "俄羅斯持續擴大在北極地區的軍事部署與巡弋活動"


def found(text: str, within: str = "text") -> list[Diagnostic]:
    """What the rules about repetitions say of an extract."""
    brief = read(wrapped(within, text))
    return [each for rule in REPEATED for each in rule(brief)]


def words(text: str, within: str = "text") -> list[tuple[str, str]]:
    """The code of each finding and the characters it stands on."""
    lines = wrapped(within, text).data.decode().split("\n")
    return [
        (d.code, lines[d.place.line - 1][d.place.column - 1 : d.place.end_column - 1]) for d in found(text, within)
    ]


def mended(text: str) -> str:
    """An extract after all fixes."""
    fixes = [edit for each in found(text) for edit in each.fix]
    paragraph = re.search("<p>(.*?)</p>", edited(wrapped("text", text), dict.fromkeys(fixes)).decode(), re.DOTALL)
    assert paragraph is not None
    return paragraph[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("將完善政策，擴大合作將完善政策，擴大合作。", ("W040", "將完善政策，擴大合作")),
        ("加強區域合作，加強區域合作。", ("W040", "加強區域合作")),
        (
            "以及包括三方意見交換（2+2），以及包括三方意見交換（2+2），以及其他。",
            ("W040", "以及包括三方意見交換（2+2），"),
        ),
        ("政府宣布將提高關稅稅率，政府宣布將提高關稅。", ("W040", "政府宣布將提高關稅")),
        ("安全保障安全保障對話", ("W040", "安全保障")),
        ("兩國兩國同意", ("W041", "兩國")),
        ("因此，因此各國", ("W041", "因此")),
        ("可以可以派遣", ("W041", "可以")),
        ("聯合國聯合國安理會", ("W041", "聯合國")),
        ("新的的政策", ("W042", "的")),
        ("各國也也同意", ("W042", "也")),
        ("政府將將提出", ("W042", "將")),
        ("安全和和穩定", ("W042", "和")),
        ("對對於此事", ("W042", "對")),
        ("我們們認為", ("W042", "們")),
        ("以及及其他", ("W042", "及")),
        ("會使用使市場傾銷方式", ("W043", "使用使")),
        ("各國進行進軍演", ("W043", "進行進")),
        (f"{SENTENCE}。各國不安。{SENTENCE}。", ("W044", SENTENCE)),
        (f"{SENTENCE}，各國不安；{SENTENCE}，值得注意。", ("W044", SENTENCE)),
        ("成員包括日本、韓國、澳洲、日本。", None),
        ("成員包括日本、韓國、日本與澳洲。", ("W046", "日本")),
        ("有越南、菲律賓、印尼、菲律賓、汶萊等國。", ("W046", "菲律賓")),
        (
            "取得對印度縱深目標實施打擊的能力，以及對印度縱深目標實施打擊的能力。",
            ("W040", "對印度縱深目標實施打擊的能力"),
        ),
        (
            "應加強供應鏈韌性與關鍵礦物合作並加強供應鏈韌性與關鍵礦物合作。",
            ("W040", "加強供應鏈韌性與關鍵礦物合作"),
        ),
        (
            "日本防衛大臣中谷元表示，日本防衛大臣中谷元指出，將合作。",
            ("W048", "日本防衛大臣中谷元指出"),
        ),
        ("難以以證明其意圖", ("W042", "以")),
        ("政府的政府的政策", ("W041", "政府的")),
        ("the report of the the council", ("W047", "the the")),
    ],
)
def test_what_stands_twice(text: str, said: tuple[str, str] | None) -> None:
    assert words(text) == ([said] if said else [])


@pytest.mark.parametrize(
    "right",
    [
        "標的的價格與目的的達成，有的的確不同；利比亞的的黎波里、的里雅斯特與的的喀喀湖。",
        "為了了解情勢，除了了結此案，不甚了了。但是是否接受，問題是是否可行，是是非非。",
        "安全和和平，參與與會者，將將軍調離，將將近半數兵力撤回，預計為為期三天。",
        "首都都會區，成就就業機會，並列並存，原則則不變，在在顯示，現在在台北。",
        "難以以武力解決，以以色列為例，對對方的了解，對對岸政策，因此此舉，其後後來。",
        "研究所所長、協會會長、國會會期、委員會委員會議、國防部部長、行政院院長。",
        "超過過去三年，有有效的作為，沒有有關規定，擁有有線電視，土耳其其後表示，已知知識。",
        "人人、常常、剛剛、往往、漸漸、紛紛、處處、種種、屢屢、頻頻、偏偏、僅僅、恰恰、上上週。",
        "彼此彼此，一步一步，一個一個，又一次又一次，討論討論，非常非常重要，年復一年。",
        "強調九二共識，九二共識是基礎。提出一個中國，一個中國的內涵不明。",
        "支持台灣加入世衛，支持台灣參與國際民航組織。",
        "使用使館車輛，使用使用者的資料，進行進出口貿易，透過透明的程序，可以可靠地，表示表面的平靜。",
        "美國、日本與韓國、美國與日本、菲律賓與美國。依序為贊成、反對、贊成、反對。",
        "比率為10%、20%、10%、20%、10%。經濟安全、社會、安全與國防。",
        "日本反對以武力單方面改變現狀，美國也反對以武力單方面改變現狀。",
        "對中國而言出口管制是手段，對中國而言出口管制是目的。波羅的海的海底設施。",
        "北大西洋公約組織會議與北大西洋公約組織會議秘書處；從區域安全合作機制的建立到區域安全合作機制的落實。",
        "提升對縱深目標實施打擊的能力，以及對縱深目標實施打擊的意願。難以以武力解決。",
        "美國國務卿盧比歐表示關切，美國國務卿盧比歐並未說明。",
        "2025年、2025年，1,000,000，……，———，。",
        f"他說：「{SENTENCE}。」{SENTENCE}。",
        "Bora Bora, New York, New York; what it is is clear; that that is.",
    ],
)
def test_what_may_stand_twice(right: str) -> None:
    assert words(right) == []


def test_a_clause_of_a_law_comes_again_further_on() -> None:
    clause = "成立具有親密性及排他性之永久結合關係"
    assert not words(f"{clause}，既不影響婚姻。復鑑於自由。又鑑於平等。規定未使二人，{clause}，顯有瑕疵。")


def test_doublings_are_mended_in_the_words_of_the_author() -> None:
    assert mended("兩國兩國同意新的的政策，也也可以可以。") == "兩國同意新的政策，也可以。"
    assert mended("他說：「兩國兩國同意新的的政策。」") == "他說：「兩國兩國同意新的的政策。」"


def test_quotations_are_looked_at_and_not_mended() -> None:
    quotation = (
        "<disp-quote><p>以及包括三方意見交換（2+2），以及包括三方意見交換（2+2），以及其他的的。</p></disp-quote>"
    )
    both = found(quotation, "section")
    assert [d.code for d in both] == ["W040", "W042"]
    assert not any(d.fix for d in both)
    assert "核對原文" in both[0].hint.zh


def test_titles_and_addresses_are_left_alone() -> None:
    assert not words("見《人民的的選擇》與https://example.org/也也也也/兩國兩國安全保障安全保障。")


def test_paragraphs_and_quotations_twice() -> None:
    paragraph = f"<p>{SENTENCE}。</p>"
    [again] = found(f"{paragraph}<p>各國不安。</p>{paragraph}", "section")
    assert again.code == "W045" and len(again.also) == 1
    quoted = f"<disp-quote>{paragraph}</disp-quote>"
    assert [d.code for d in found(quoted + quoted, "section")] == ["W045"]
    assert not found(f"<p>他說：「{SENTENCE}。」</p>{quoted}", "section")


def test_a_sentence_of_an_abstract_may_stand_in_the_text() -> None:
    brief = wrapped("article-meta", f"<abstract><p>{SENTENCE}。</p></abstract>").data.decode()
    from pipeline.parse import parse_bytes

    source = parse_bytes(wrapped("text", "").path, brief.replace("<p>文。</p>", f"<p>{SENTENCE}。</p>").encode())
    assert not [each for rule in REPEATED for each in rule(read(source))]


@pytest.mark.parametrize(
    "text", ["", "的", "的的", "、、、", "「", "兩國" * 40, "，" * 50, "\u2028" * 9, "甲" * 300]
)
def test_no_text_breaks_the_rules(text: str) -> None:
    found(text)
    found(text, "note")


@pytest.mark.parametrize("text", ["的", "兩國", "甲、", "甲乙丙丁，", f"{SENTENCE}。", "the the "])
def test_long_texts_take_no_more_than_their_length(text: str) -> None:
    brief = read(wrapped("text", text * (200_000 // len(text))))
    start = time.process_time()
    for rule in REPEATED:
        list(islice(rule(brief), 20))
    assert time.process_time() - start < 10

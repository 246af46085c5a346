"""The rules about notes: what they say beyond their own extracts, which `test_lint` tests."""

import re
import time
from pathlib import Path

import pytest

from pipeline.diagnostics import Diagnostic
from pipeline.edit import edited
from pipeline.lint import RULES, lint
from pipeline.lint.rules import findings
from pipeline.parse import Source, parse, parse_bytes
from tests.conftest import ARTICLE, REAL_ISSUE, SAMPLE, TITLE
from tests.test_lint import read

BOOK = "王大明，《甲書》（臺北：乙出版社，2020年），頁{0}。"
NEWS = "趙一，〈甲篇：這是一則長得足以分辨的標題〉，《乙報》，2021年5月6日"
OTHER = "錢二，〈丙篇〉，《丁報》，2021年6月7日"
PAPER = (
    '“A Title of Some Length,” {0}, May 6, 2021, <ext-link ext-link-type="uri" xlink:href="{1}">{1}</ext-link>.'
)


def tagged(words: str, attributes: str = "") -> str:
    author, title, rest = re.split("，〈|〉，", words)
    marked = f"<string-name>{author}</string-name>，〈<article-title>{title}</article-title>〉，{rest}"
    return f'<mixed-citation publication-type="news"{attributes}>{marked}</mixed-citation>'


def brief(*notes: str) -> Source:
    calls = "".join(f'字<fn id="fn{number}"><p>{words}</p></fn>' for number, words in enumerate(notes, start=1))
    return parse_bytes(Path("brief.xml"), ARTICLE.format(meta=TITLE, body=f"<p>{calls}</p>").encode())


def same(rid: str) -> str:
    return f'<xref ref-type="fn" rid="{rid}" specific-use="same-source"/>'


def found(source: Source, code: str = "N00") -> list[Diagnostic]:
    return [each for each in lint([source]) if each.code.startswith(code)]


def said(source: Source, code: str) -> list[tuple[str, str]]:
    return [(each.message.zh, each.hint.zh) for each in found(source, code)]


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (
            "同註1，頁9。",
            "「同註1」是打上去的字；它指的是註1（王大明，《甲書》）",
            f"寫成 {same('fn1')}；kan link-notes",
        ),
        ("王大明，前揭註1。", "「王大明，前揭註1」是打上去的字；它指的是註1", f"寫成 {same('fn1')}；"),
        ("同註7。", "「同註7」是打上去的字", "kan link-notes 無法代勞：沒有註7"),
        ("見註1。", "「見註1」是打上去的字；它指的是註1", 'specific-use="see"'),
    ],
)
def test_typed_references(words: str, message: str, hint: str) -> None:
    ((is_message, is_hint),) = said(brief(BOOK.format(5), words), "N001")
    assert is_message.startswith(message) and hint in is_hint


def test_a_citation_without_id_is_promised_one() -> None:
    source = brief(f"{tagged(NEWS)}；{tagged(OTHER)}。", "〈甲篇〉，同註1。")
    assert 'rid="…"' in said(source, "N001")[0][1]


@pytest.mark.parametrize(
    ("first", "again", "hint"),
    [
        (BOOK.format(5), BOOK.format(9), f"改寫成 {same('fn1')}，頁9"),
        (
            BOOK.format(5),
            BOOK.format(9).replace("臺北：", "臺北:").replace("，頁", "， 頁"),
            f"改寫成 {same('fn1')}",
        ),
        (
            PAPER.format("Reuters", "https://example.org/a"),
            PAPER.format("Reuters", "https://reurl.cc/a"),
            "改寫成",
        ),
        (
            f"{NEWS}；{OTHER}。",
            f"{NEWS}。",
            f"先用 kan tag-citations 標出註1的那一筆，給它 id，再改寫成 {same('…')}",
        ),
        (f"{tagged(NEWS)}；{OTHER}。", f"{NEWS}。", "替註1的那一筆 <mixed-citation> 加 id"),
        (f"{tagged(NEWS, ' id=' + chr(34) + 'c1' + chr(34))}；{OTHER}。", f"{NEWS}。", f"改寫成 {same('c1')}"),
    ],
)
def test_repeated_citations(first: str, again: str, hint: str) -> None:
    source = brief(first, "說明。", again)
    ((message, is_hint),) = said(source, "N002")
    assert message == "這筆資料已經在註1完整寫過" and is_hint.startswith(hint)
    assert source.data.decode().rindex(again.partition("<")[0][:8]) + 1 == found(source, "N002")[0].place.column


def test_each_later_citation_is_found_and_one_note_may_cite_twice() -> None:
    assert len(found(brief(*[BOOK.format(page) for page in range(1, 5)]), "N002")) == 3
    assert found(brief(f"{NEWS}；{NEWS}。"), "N002") == []


@pytest.mark.parametrize(
    ("target", "codes"),
    [
        (f"{NEWS}。", []),
        (f"{NEWS}；{OTHER}。", ["N003"]),
        (f"{tagged(NEWS)}；{OTHER}。", ["N003"]),
        (f"{NEWS}；{same('fn1')}。", ["N003"]),
        ("說明而已。", ["N004"]),
        ('說明，見<ext-link ext-link-type="uri" xlink:href="https://example.org/a">此處</ext-link>。', []),
        (f"{same('fn1')}。", []),
        ("同註1。", ["N001"]),
        ("見註1。", ["N001", "N004"]),
    ],
)
def test_what_a_link_leads_to(target: str, codes: list[str]) -> None:
    source = brief(BOOK.format(5), target, f"{same('fn2')}，頁3。")
    assert [each.code for each in found(source)] == codes


@pytest.mark.parametrize("folder", [REAL_ISSUE, SAMPLE], ids=lambda folder: folder.name)
def test_finished_issues_have_none(folder: Path) -> None:
    if not folder.is_dir():
        pytest.skip(f"there is no {folder}")
    assert [found(parse(path)) for path in sorted(folder.glob("brief*.xml"))] == [[]] * 5


def test_the_real_issue_as_it_was_typed_has_three() -> None:
    folder = REAL_ISSUE.parent / "lint" / "real-issue-typed"
    if not folder.is_dir():
        pytest.skip(f"there is no {folder}")
    codes = [each.code for path in sorted(folder.glob("brief*.xml")) for each in found(parse(path))]
    assert codes == ["N001"] * 3


def test_thousands_of_notes_take_seconds() -> None:
    notes = [BOOK.format(1), *(["同前註。", BOOK.format(2), "說明。", f"{NEWS}；{OTHER}。", same("fn4")] * 600)]
    source = brief(*notes)
    started = time.perf_counter()
    assert {each.code for each in found(source)} == {"N001", "N002", "N004"}
    assert time.perf_counter() - started < 20


# Two languages


@pytest.mark.parametrize(
    ("notes", "said_of"),
    [
        ([BOOK.format(5), "同前註。", "同前註。", "Ibid；說明。"], {"Ibid": "；本篇別處寫的是中文的「同前註」"}),
        ([BOOK.format(5), "Ibid.", "Ibid.", "同前註。"], {"同前註": "；本篇別處寫的是英文的Ibid."}),
        ([BOOK.format(5), "同前註。", "同註1。"], {}),
        ([BOOK.format(5), "Ibid.", "Ibid., p. 7."], {}),
        ([BOOK.format(5), same("fn1") + "。", "Ibid."], {"Ibid.": "；本篇別處寫的是中文的「同前註」"}),
    ],
)
def test_ibid_beside_its_chinese_form(notes: list[str], said_of: dict[str, str]) -> None:
    messages = [message for message, _ in said(brief(*notes), "N001")]
    for words, mix in said_of.items():
        assert [mix in each for each in messages] == [each.startswith(f"「{words}」") for each in messages]
    if not said_of:
        assert not any("別處" in each for each in messages)


# References to references


def test_see_note_that_only_refers() -> None:
    see = '<xref ref-type="fn" rid="{0}" specific-use="see"/>'
    chain = [BOOK.format(5), same("fn1") + "。", same("fn2") + "。"]
    assert said(brief(*chain, f"說明，{see.format('fn3')}。"), "N005")[0][1] == '直接指註1：rid="fn1"'
    assert said(brief(*chain, f"說明，{see.format('fn1')}。"), "N005") == []
    assert said(brief(BOOK.format(5), same("fn1") + "，頁9。", see.format("fn2") + "。"), "N005") == []
    assert said(brief(BOOK.format(5), same("fn1") + "。另有說明。", see.format("fn2") + "。"), "N005") == []
    assert said(brief(*chain), "N005") == []


# Calls and marks


def text(xml: str) -> Source:
    count = xml.count("#")
    for number in range(1, count + 1):
        xml = xml.replace("#", f'<fn id="fn{number}"><p>{NEWS.replace("甲篇", f"第{number}篇")}。</p></fn>', 1)
    for number in range(1, xml.count("@") + 1):
        xml = xml.replace("@", f'<fn id="fx{number}"><p>說明{number}。</p></fn>', 1)
    return parse_bytes(Path("brief.xml"), ARTICLE.format(meta=TITLE, body=f"<p>{xml}</p>").encode())


def marks(code: str, source: Source, *others: Source) -> list[str]:
    rule = next(rule for rule in RULES if rule.code.code == code)
    lines = source.data.decode().split("\n")
    places = [each.place for each in rule(read(source, *others))]
    return [lines[place.line - 1][place.column - 1 : place.end_column - 1] for place in places]


def mended(code: str, source: Source) -> str:
    rule = next(rule for rule in RULES if rule.code.code == code)
    data = edited(source, [edit for each in rule(read(source)) for edit in each.fix]).decode()
    data = re.sub(r'<fn id="fn\d+">.*?</fn>', "#", re.sub(r'<fn id="fx\d+">.*?</fn>', "@", data))
    return data.partition("<body><p>")[2].partition("</p></body>")[0]


@pytest.mark.parametrize(
    ("xml", "found_at", "after"),
    [
        ("一。#二。#三。#四#。", ["四"], "一。#二。#三。#四。#"),
        ("一#。二#。三#。四。#五。", ["。"], "一#。二#。三#。四#。五。"),
        ("一。#二。#三。#四@。", ["四"], "一。#二。#三。#四。@"),
        ("一。#二。#三。#四#，五。", [], None),
        ("一，#二，#三，#四#，五。", ["四"], "一，#二，#三，#四，#五。"),
        ("一，#二，#三，#四@，五。", [], None),
        ("一，#二，#三，#「四」@，五。", [], None),
        ("一，#二，#三，#「四」#，五。", [], None),
        ("一。#二。#三。#「四。」#五。", [], None),
        ("一。#二。#三。#「四」#。五。", ["」"], "一。#二。#三。#「四」。#五。"),
        ("一。#二。#三。#四#、五#及六。", [], None),
        ("一。#二。#三#四。", [], None),
        ("一。#二#。", [], None),
        ("一。#二。#三。#四##。", ["四"], "一。#二。#三。#四##。"),
        ("一。#二。#三。#<italic>four</italic>#。", ["r"], "一。#二。#三。#<italic>four</italic>。#"),
    ],
)
def test_calls_beside_marks(xml: str, found_at: list[str], after: str | None) -> None:
    assert marks("N006", text(xml)) == found_at
    if after is not None:
        assert mended("N006", text(xml)) == after
        assert not found_at or marks("N006", text(after)) == [] or "##" in after


def test_calls_of_the_issue_decide_where_the_brief_has_one() -> None:
    assert marks("N006", text("一#。"), text("一。#二。#三。#")) == ["一"]
    assert marks("N006", text("一#。二#。"), text("一。#二。#三。#四。#五。#")) == []


@pytest.mark.parametrize(
    ("xml", "found_in"),
    [("一。##", 1), ("一。@@@", 2), ("一#。#", 0), ("一。#<italic>@</italic>", 1)],
)
def test_calls_side_by_side(xml: str, found_in: int) -> None:
    assert len(marks("N011", text(xml))) == found_in


@pytest.mark.parametrize(
    ("xml", "found_at"),
    [
        ("一（#二）。", ["（"]),
        ("一「#二」。", ["「"]),
        ("一（二#）。", []),
        ("一MP#二。", []),
        ("一MP Mate#rials。", ["e"]),
        ("於20#25年。", ["0"]),
        ("於2025#年。", ["5"]),
        ("業務，#8月4日。", []),
        ("業務，#「二」。", []),
    ],
)
def test_calls_where_none_can_stand(xml: str, found_at: list[str]) -> None:
    assert marks("N012", text(xml)) == found_at


# Beginnings and ends


@pytest.mark.parametrize(
    ("note", "found_at"),
    [
        ("1. 王大明，《甲書》。", ["1. "]),
        ("1.王大明，《甲書》。", ["1."]),
        ("[12] 王大明，《甲書》。", ["[12] "]),
        ("註3：王大明，《甲書》。", ["註3："]),
        ("（2）王大明，《甲書》。", ["（2）"]),
        ("2、王大明，《甲書》。", ["2、"]),
        ("1. 甲說；2. 乙說。", []),
        ("（1）甲說；（2）乙說。", []),
        ("1.5億元為估計。", []),
        ("2、3月間的事。", []),
        ("1949年的事。", []),
        ("3 公里之外。", []),
    ],
)
def test_typed_numbers(note: str, found_at: list[str]) -> None:
    assert marks("N010", brief(note)) == found_at


LINK = '<ext-link ext-link-type="uri" xlink:href="{0}">{0}</ext-link>'.format("https://example.org/a")


@pytest.mark.parametrize(
    ("notes", "found_at", "added"),
    [
        ([f"{NEWS}"], ["日"], f"{NEWS}。"),
        (["說明而已"], ["已"], "說明而已。"),
        (["說明（而已）"], ["）"], "說明（而已）。"),
        (["（說明而已。）"], [], None),
        (["他說：「說明而已。」"], [], None),
        (["說明而已？"], [], None),
        (["說明而已……"], [], None),
        (["John Smith, “Ports and Power,” Reuters, May 6, 2021"], ["1"], "May 6, 2021."),
        ([f"{NEWS}，{LINK}。"] * 3 + [f"{OTHER}，{LINK}"], ["a"], f"{LINK}。</p>"),
        ([f"{NEWS}，{LINK}"] * 3 + [f"{OTHER}，{LINK}。"], ["。"], f"{OTHER}，{LINK}</p>"),
        ([f"{NEWS}，{LINK}"] * 3, [], None),
        ([f"{NEWS}，{LINK}", f"{OTHER}，{LINK}。"], [], None),
        ([NEWS, OTHER], [], None),
        ([BOOK.format(5), same("fn1")], [], None),
        ([BOOK.format(5), f"{same('fn1')}，頁9"], [], None),
        ([BOOK.format(5), f"{same('fn1')}，〈丙篇〉"], ["〉"], "，〈丙篇〉。"),
        ([tagged(NEWS)], [], None),
        ([f"{tagged(NEWS)}；{OTHER}"], ["日"], f"{OTHER}。"),
        ([BOOK.format(5), "同前註"], [], None),
    ],
)
def test_final_stops(notes: list[str], found_at: list[str], added: str | None) -> None:
    source = brief(*notes)
    assert marks("N007", source) == found_at
    if added:
        after = edited(source, [edit for each in found(source, "N007") for edit in each.fix])
        assert added in after.decode()
        assert marks("N007", parse_bytes(source.path, after)) == []


@pytest.mark.parametrize(
    ("note", "found_at"),
    [
        (f"{NEWS}，", ["，"]),
        (f"{NEWS}；", ["；"]),
        ("John Smith, “Ports and Power,” Reuters, May 6, 2021,", [","]),
        (f"{NEWS}。", []),
        (f"{NEWS}", []),
        (f"{same('fn1')}，", ["，"]),
    ],
)
def test_notes_that_break_off(note: str, found_at: list[str]) -> None:
    assert marks("N008", brief(BOOK.format(5), note)) == found_at


@pytest.mark.parametrize("note", ["", " ", "。", "「", "，", ".", "\ufffc", "1.", "[1]", "https://", ")", "”"])
def test_broken_notes(note: str) -> None:
    for source in (brief(note), brief(note, note + NEWS, NEWS + note), text(f"{note}#{note}@@{note}")):
        for rule in RULES:
            if rule.check.__module__.endswith(("notes", "structure")):
                list(rule(read(source)))


def test_hostile_notes_take_no_time() -> None:
    source = text("，#" * 500 + "（#" * 100 + "一#。" * 500)
    rules = [rule for rule in RULES if rule.code.code > "N004" and rule.check.__module__.endswith("notes")]
    reading = read(source)
    started = time.perf_counter()
    findings(reading, rules)
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    ("note", "count"),
    [
        ("此處從寬解釋。", 1),
        (
            "Ann Lee et al., <italic>Ports: An Account</italic> (Kiel: Kiel Institute, August 2025), p. 4.",
            0,
        ),
        ("參考王大明所編《甲書》。", 0),
        ("作者訪談，臺北，2025年9月8日。", 0),
    ],
)
def test_notes_without_a_source(note: str, count: int) -> None:
    link = '<xref ref-type="fn" rid="fn1" specific-use="same-source"/>'
    xml = f'甲<fn id="fn1"><p>{note}</p></fn>乙<fn id="fn2"><p>{link}。</p></fn>'
    assert len(marks("N004", text(xml))) == count

"""The rules about notes: what N001 to N004 say beyond their own extracts, which `test_lint` tests."""

import re
import time
from pathlib import Path

import pytest

from pipeline.diagnostics import Diagnostic
from pipeline.lint import lint
from pipeline.parse import Source, parse, parse_bytes
from tests.conftest import ARTICLE, REAL_ISSUE, SAMPLE, TITLE

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

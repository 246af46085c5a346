"""Again: a corrected manuscript updates its brief; what did not change keeps every byte."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import fonts
from pipeline.exporting import word_file
from pipeline.importing import Imported, import_manuscript
from pipeline.importing.again import likeness, merge
from pipeline.importing.report import stretch
from pipeline.parse import Source, parse, parse_bytes
from pipeline.validate import check_brief
from tests.conftest import SAMPLE

Make = Callable[..., Source]

MANUSCRIPT = """# 註釋的查核

王大明

註釋研究所

## 壹、前言

刊物的註釋要能查考。[^a]編輯逐條核對，讀者才放心。[^b]

同一筆資料再引，就寫同註。[^c]

## 貳、作法

### 一、核對

先看出處，再看頁碼。

查不到的，註明未見原書。

### 二、改正

改正之後要再看一遍，免得改出新的錯。[^d]

## 參、結語

這是最後一段，說明以後的打算。

[^a]: 王大明，〈註釋的用處〉，《編輯月報》，2025年3月1日，<https://example.org/use>。

[^b]: 李小華，〈核對的方法〉，《出版學刊》，第2期（2024年6月），頁15。

[^c]: 同註1，頁9。

[^d]: 這一條註說明改正的次序，沒有引用資料。
"""


def imported(folder: Path, text: str, before: Source | None = None) -> Imported:
    path = folder / "稿.md"
    path.write_text(text, encoding="utf-8")
    return import_manuscript(path, name="brief-1.xml", before=before)


def source_of(data: bytes) -> Source:
    return parse_bytes(Path("brief-1.xml"), data)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The brief as it was imported."""
    result = imported(tmp_path_factory.mktemp("first"), MANUSCRIPT)
    assert not result.report.has_errors
    return result.brief


def replaced(data: bytes, *pairs: tuple[str, str]) -> bytes:
    for old, new in pairs:
        assert data.count(old.encode()) == 1, old
        data = data.replace(old.encode(), new.encode())
    return data


@pytest.fixture(scope="module")
def worked_on(first: bytes) -> Source:
    """The brief after an editor worked on it."""
    source = source_of(first)
    ids = [note.get("id", "") for note in source.root.iter("fn")]
    data = first
    for name, better in zip(ids, ("fn-use", "fn-method", "fn-again", "fn-order"), strict=True):
        data = data.replace(f'"{name}"'.encode(), f'"{better}"'.encode())
    return source_of(
        replaced(
            data,
            ("<title-group>", '<article-id pub-id-type="doi">10.5555/x.1</article-id>\n      <title-group>'),
            (
                "<article-title>註釋的查核</article-title>",
                "<article-title>註釋的查核</article-title>\n        "
                '<trans-title-group xml:lang="en"><trans-title>Checking Notes</trans-title></trans-title-group>',
            ),
            (
                '<contrib contrib-type="author">',
                '<contrib contrib-type="author">\n          '
                '<contrib-id contrib-id-type="orcid">https://orcid.org/0000-0002-1825-0097</contrib-id>',
            ),
            (
                "先看出處",
                '<?kan allow="N003" reason="試"?>先看'
                '<styled-content style-type="emphasis-mark">出處</styled-content>',
            ),
            ("      <p>這是最後一段", '      <!-- 編輯：已與作者確認 -->\n      <p id="p-last">這是最後一段'),
        )
    )


def again(folder: Path, worked_on: Source, *pairs: tuple[str, str]) -> Imported:
    return imported(folder, replaced(MANUSCRIPT.encode(), *pairs).decode(), worked_on)


def how(result: Imported) -> list[tuple[str, str]]:
    return [(change.how, change.what) for change in result.report.changed or ()]


def test_the_same_manuscript_changes_no_byte(tmp_path: Path, first: bytes, worked_on: Source) -> None:
    assert imported(tmp_path, MANUSCRIPT, source_of(first)).brief == first
    result = imported(tmp_path, MANUSCRIPT, worked_on)
    assert result.brief == worked_on.data
    assert result.report.changed == ()
    assert not result.report.differences


def test_only_the_changed_paragraph_changes(tmp_path: Path, worked_on: Source) -> None:
    result = again(tmp_path, worked_on, ("免得改出新的錯", "免得又改出新錯"))
    assert result.brief == replaced(worked_on.data, ("免得改出新的錯", "免得又改出新錯"))
    assert how(result) == [("changed", "paragraph")]


def test_a_changed_note_keeps_its_id_and_its_links(tmp_path: Path, worked_on: Source) -> None:
    result = again(tmp_path, worked_on, ("〈註釋的用處〉", "〈註釋的真正用處〉"))
    (change,) = result.report.changed or ()
    assert (change.how, change.what, change.old_label, change.new_label) == ("changed", "note", "1", "1")
    root = source_of(result.brief).root
    assert [note.get("id") for note in root.iter("fn")] == ["fn-use", "fn-method", "fn-again", "fn-order"]
    assert [xref.get("rid") for xref in root.iter("xref")] == ["fn-use"]
    assert not result.report.differences


@pytest.mark.parametrize("typed", ["同註2", "同註1"], ids=["renumbered", "left as it was"])
def test_a_note_put_in_before_others(tmp_path: Path, worked_on: Source, typed: str) -> None:
    result = again(
        tmp_path,
        worked_on,
        ("刊物的註釋要能", "刊物[^new]的註釋要能"),
        ("[^a]: ", "[^new]: 張三，〈新的一篇〉，《日報》，2025年5月5日。\n\n[^a]: "),
        ("同註1", typed),
    )
    assert [xref.get("rid") for xref in source_of(result.brief).root.iter("xref")] == ["fn-use"]
    assert ("I069" in {each.code for each in result.diagnostics}) == (typed == "同註1")
    notes = [note.get("id") for note in source_of(result.brief).root.iter("fn")]
    assert notes[1:] == ["fn-use", "fn-method", "fn-again", "fn-order"]
    assert notes[0] not in notes[1:]
    assert how(result) == [("changed", "paragraph"), ("added", "note")]
    assert not result.report.differences
    assert not check_brief(source_of(result.brief), tmp_path)


def test_a_typed_number_that_means_another_note_now(tmp_path: Path, worked_on: Source) -> None:
    result = again(tmp_path, worked_on, ("同註1", "同註2"))
    assert [xref.get("rid") for xref in source_of(result.brief).root.iter("xref")] == ["fn-method"]
    assert ("changed", "note") in how(result)


def test_a_removed_note_and_what_referred_to_it(tmp_path: Path, worked_on: Source) -> None:
    linked = source_of(
        replaced(
            worked_on.data,
            ("先看<styled", '先看（<xref ref-type="fn" rid="fn-order" specific-use="see"/>）<styled'),
        )
    )
    result = imported(
        tmp_path,
        replaced(
            MANUSCRIPT.encode(),
            ("先看出處", "先看（見註4）出處"),
            ("[^d]\n", "\n"),
            ("[^d]: 這一條註說明改正的次序，沒有引用資料。\n", ""),
        ).decode(),
        linked,
    )
    assert ("removed", "note") in how(result)
    removed = next(change for change in result.report.changed or () if change.how == "removed")
    assert removed.old_label == "4"
    assert "次序" in removed.old
    known = {note.get("id") for note in source_of(result.brief).root.iter("fn")}
    named = {xref.get("rid") for xref in source_of(result.brief).root.iter("xref")}
    if named - known:
        assert "I070" in {each.code for each in result.diagnostics}


def test_paragraphs_and_sections_added_removed_and_moved(tmp_path: Path, worked_on: Source) -> None:
    added = "## 參、檢討\n\n檢討以往的疏漏，列成一張清單。\n\n## 肆、結語"
    result = again(
        tmp_path,
        worked_on,
        ("先看出處，再看頁碼。\n", "先看出處，再看頁碼。\n\n頁碼不合，就去找原書。\n"),
        ("## 參、結語", added),
    )
    expected = replaced(
        worked_on.data,
        ("再看頁碼。</p>", "再看頁碼。</p>\n        <p>頁碼不合，就去找原書。</p>"),
    )
    assert "檢討以往的疏漏".encode() in result.brief
    before, _, behind = expected.partition("    <sec>\n      <title>結語".encode())
    assert result.brief.startswith(before)
    assert result.brief.endswith(behind)
    assert how(result) == [("added", "paragraph"), ("added", "heading"), ("added", "paragraph")]
    assert not result.report.differences
    without = again(tmp_path, worked_on, ("\n先看出處，再看頁碼。\n", "\n"))
    assert how(without) == [("removed", "paragraph")]
    assert "I072" in {each.code for each in without.diagnostics}
    moved = again(
        tmp_path,
        worked_on,
        ("同一筆資料再引，就寫同註。[^c]\n", ""),
        ("改出新的錯。[^d]\n", "改出新的錯。[^d]\n\n同一筆資料再引，就寫同註。[^c]\n"),
    )
    assert ("moved", "paragraph") in how(moved)
    assert [note.get("id") for note in source_of(moved.brief).root.iter("fn")] == [
        "fn-use",
        "fn-method",
        "fn-order",
        "fn-again",
    ]


def test_a_change_says_in_which_section_it_is(tmp_path: Path, worked_on: Source) -> None:
    result = again(
        tmp_path,
        worked_on,
        ("先看出處，再看頁碼。\n\n", ""),
        ("這是最後一段，說明以後的打算。", "先看出處，再看頁碼。\n\n這是最後一段，說明以後的計畫。"),
    )
    assert {(each.how, each.section) for each in result.report.changed or ()} == {
        ("moved", "參、結語"),
        ("changed", "參、結語"),
    }


def test_only_what_the_author_changed_is_told_not_the_numbers(tmp_path: Path, worked_on: Source) -> None:
    result = again(
        tmp_path,
        worked_on,
        ("刊物的註釋要", "[^new]刊物的註釋要"),
        ("改正之後要再", "改正以後要再"),
        ("[^a]: ", "[^new]: 新加的一條註，說明緣起。\n\n[^a]: "),
    )
    (told,) = (each for each in result.report.changed or () if "改正以後" in each.new)
    assert told.old.replace("之後", "以後") == told.new
    assert told.new.endswith("[5]")


def test_a_brief_whose_body_is_empty_gets_the_text(tmp_path: Path, first: bytes) -> None:
    start, end = first.index(b"<body>"), first.index(b"</body>")
    empty = source_of(first[:start] + b"<body/>" + first[end + len(b"</body>") :])
    assert texts(imported(tmp_path, MANUSCRIPT, empty).brief) == texts(first)


def test_what_has_no_body_is_no_earlier_version(tmp_path: Path, first: bytes) -> None:
    assert imported(tmp_path, MANUSCRIPT, source_of(b"<article/>")).brief == first


def texts(data: bytes) -> list[str]:
    body = source_of(data).root.find("body")
    assert body is not None
    return ["".join(each.itertext()) for each in body.iter("title", "p")]


def test_a_note_that_was_changed_and_moved_keeps_its_id(tmp_path: Path, worked_on: Source) -> None:
    result = again(
        tmp_path,
        worked_on,
        ("查考。[^a]編輯", "查考。[^b]編輯"),
        ("放心。[^b]", "放心。[^a]"),
        ("，頁15。", "，頁15-16。"),
        ("同註1", "同註2"),
    )
    notes = [note.get("id") for note in source_of(result.brief).root.iter("fn")]
    assert notes == ["fn-method", "fn-use", "fn-again", "fn-order"]
    assert [xref.get("rid") for xref in source_of(result.brief).root.iter("xref")] == ["fn-use"]
    assert not result.report.differences


def test_the_top_is_the_authors_and_what_the_editor_added_stays(tmp_path: Path, worked_on: Source) -> None:
    result = again(tmp_path, worked_on, ("# 註釋的查核", "# 註釋的查核與改正"), ("註釋研究所", "註釋研究中心"))
    assert result.brief == replaced(
        worked_on.data,
        ("<article-title>註釋的查核<", "<article-title>註釋的查核與改正<"),
        ("<aff>註釋研究所<", "<aff>註釋研究中心<"),
    )
    assert how(result) == [("changed", "top"), ("changed", "top")]
    assert not result.report.differences


def test_an_author_whose_name_is_mended_keeps_what_the_editor_added(tmp_path: Path) -> None:
    first = imported(tmp_path, MANUSCRIPT.replace("王大明\n", "Daniel Okafor\n", 1)).brief
    orcid = '<contrib contrib-type="author"><contrib-id contrib-id-type="orcid">https://orcid.org/0</contrib-id>'
    edited = replaced(
        first, ('"western">', '"western" xml:lang="en">'), ('<contrib contrib-type="author">', orcid)
    )
    mended = MANUSCRIPT.replace("王大明\n", "Daniel E. Okafor\n", 1)
    result = imported(tmp_path, mended, source_of(edited))
    assert result.brief == replaced(edited, ("<given-names>Daniel<", "<given-names>Daniel E.<"))


def test_a_list_that_the_editor_made_stays(tmp_path: Path, worked_on: Source) -> None:
    listed = source_of(
        replaced(
            worked_on.data,
            ("<p>改正之後", '<list list-type="bullet"><list-item><p>改正之後'),
            ("新的錯。<fn", "新的錯。<fn"),
            ("沒有引用資料。</p></fn></p>", "沒有引用資料。</p></fn></p></list-item></list>"),
        )
    )
    assert imported(tmp_path, MANUSCRIPT, listed).brief == listed.data
    result = again(tmp_path, listed, ("以後的打算", "以後的計畫"))
    assert result.brief == replaced(listed.data, ("以後的打算", "以後的計畫"))


# Markup in a paragraph that the author changed

LONG = "編輯逐條核對，讀者才放心。"
MARKED = (
    '編輯<styled-content style-type="emphasis-mark">逐條核對</styled-content>，讀者'
    '<?kan allow="N003" reason="試"?>才放心。'
)


def marked(worked_on: Source, *pairs: tuple[str, str]) -> Source:
    return source_of(replaced(worked_on.data, *pairs))


def test_markup_around_words_that_did_not_change_is_carried_over(tmp_path: Path, worked_on: Source) -> None:
    result = again(tmp_path, marked(worked_on, (LONG, MARKED)), ("刊物的註釋要能查考", "刊物的註釋必須查考"))
    assert "刊物的註釋必須查考。<fn" in result.brief.decode()
    assert MARKED in result.brief.decode()
    assert not {"I072", "I073"} & {each.code for each in result.diagnostics}


def test_markup_around_words_that_changed_goes(tmp_path: Path, worked_on: Source) -> None:
    result = again(tmp_path, marked(worked_on, (LONG, MARKED)), ("編輯逐條核對，讀者才", "編輯逐字核對，讀者也才"))
    assert "編輯逐字核對，讀者也才放心。" in result.brief.decode()
    assert "I072" in {each.code for each in result.diagnostics}


def test_a_citation_made_by_hand_stays_when_the_words_before_it_change(tmp_path: Path, worked_on: Source) -> None:
    (note,) = (each for each in worked_on.root.iter("fn") if each.get("id") == "fn-method")
    (citation,) = note.iter("mixed-citation")
    start, end = worked_on.element_bytes(citation)
    by_hand = worked_on.data[start:end].replace(b"<mixed-citation ", b'<mixed-citation id="cit-by-hand" ')
    edited = source_of(worked_on.data[:start] + by_hand + worked_on.data[end:])
    result = again(tmp_path, edited, ("李小華，〈核對的方法〉", "另見：李小華，〈核對的方法〉"))
    assert "另見：".encode() + by_hand in result.brief
    corrected = again(tmp_path, edited, ("〈核對的方法〉", "〈核對的辦法〉"))
    assert b'<mixed-citation id="cit-by-hand" ' in corrected.brief and "核對的辦法".encode() in corrected.brief
    around = again(tmp_path, edited, ("編輯逐條核對", "編輯逐字核對"))
    assert around.brief == replaced(edited.data, ("編輯逐條核對", "編輯逐字核對"))


@pytest.mark.parametrize(("typed", "leads"), [("同註1，頁19", "fn-use"), ("同註2，頁9", "fn-method")])
def test_a_link_stays_where_the_words_still_mean_it(
    tmp_path: Path, worked_on: Source, typed: str, leads: str
) -> None:
    result = again(tmp_path, worked_on, ("同註1，頁9", typed))
    (note,) = (each for each in source_of(result.brief).root.iter("fn") if each.get("id") == "fn-again")
    assert [each.get("rid") for each in note.iter("xref")] == [leads]
    assert "".join(note.itertext()).strip() == typed[3:] + "。"


def test_a_link_that_the_editor_put_into_the_text(tmp_path: Path, worked_on: Source) -> None:
    """It stays while the words that the author typed there mean its note."""
    linked = '（<xref ref-type="fn" rid="fn-use" specific-use="see"/>）說明以後的打算'
    edited = marked(worked_on, ("說明以後的打算", linked))
    result = again(tmp_path, edited, ("這是最後一段，說明以後的打算", "這是末段，（見註1）說明以後的打算"))
    assert f"這是末段，{linked}。" in result.brief.decode()
    elsewhere = again(tmp_path, edited, ("這是最後一段，說明以後的打算", "這是末段，（見註2）說明以後的打算"))
    assert 'rid="fn-use" specific-use="see"' not in elsewhere.brief.decode()
    assert "I073" in {each.code for each in elsewhere.diagnostics}


def test_a_level_that_the_editor_changed_stays_and_is_told(tmp_path: Path, worked_on: Source) -> None:
    flat = source_of(
        replaced(
            worked_on.data,
            ("      <sec>\n        <title>改正</title>", "    </sec>\n    <sec>\n        <title>改正</title>"),
            ("      </sec>\n    </sec>\n    <sec>\n      <title>結語", "    </sec>\n    <sec>\n      <title>結語"),
        )
    )
    result = imported(tmp_path, MANUSCRIPT, flat)
    assert result.brief == flat.data
    assert "I071" in {each.code for each in result.diagnostics}


@pytest.mark.parametrize("number", [1, 2, 4, 5])
def test_an_exported_brief_comes_back_unchanged(tmp_path: Path, number: int, prepared: fonts.Fonts) -> None:
    source = parse(SAMPLE / f"brief-{number}.xml")
    path = tmp_path / "brief.docx"
    path.write_bytes(word_file(source, fonts=prepared))
    result = import_manuscript(path, name=str(source.path), folder=SAMPLE)
    assert result.brief == source.data
    assert not result.report.differences
    assert not result.report.changed


def test_merging_a_brief_with_itself_changes_nothing() -> None:
    for path in sorted(SAMPLE.glob("brief-*.xml")):
        source = parse(path)
        assert merge(source, source).data == source.data


def test_the_alternative_text_is_the_editors(brief: Make) -> None:
    figure = (
        "<fig id='{}'><caption><title>{}</title></caption><alt-text>{}</alt-text>"
        "<graphic xlink:href='figures/a.png'/></fig>"
    )
    old = brief(figure.format("f", "一張畫了很久的圖", "編輯寫的說明"))
    fresh = brief(figure.format("g", "一張畫了很久很久的圖", "一張畫了很久很久的圖"))
    assert merge(old, fresh).data == old.data.replace("畫了很久的圖".encode(), "畫了很久很久的圖".encode())


def test_a_citation_keeps_what_only_the_editor_marked(brief: Make) -> None:
    note = "<p>句。<fn id='f'><p>{}〈{}〉，《某部年報》，第{}號，頁2</mixed-citation>。</p></fn></p>"
    author = "<person-group person-group-type='author'><collab>某部</collab></person-group>，"
    marked = f"<mixed-citation publication-type='report' xml:lang='ko'>{author}"
    old = brief(note.format(marked, "<article-title>一年的工作報告</article-title>", "三"))
    plain = "<mixed-citation publication-type='web' xml:lang='zh-Hant-TW'>某部，"
    fresh = brief(note.format(plain, "一年的工作報告", "四"))
    assert merge(old, fresh).data == old.data.replace("第三號".encode(), "第四號".encode())


def test_likeness_tells_versions_from_other_briefs(first: bytes) -> None:
    version = replaced(first, ("免得改出新的錯", "免得又改出新錯"), ("以後的打算", "往後的計畫"))
    assert likeness(source_of(first), source_of(version)) > 0.9
    one, other = (parse(SAMPLE / f"brief-{number}.xml") for number in (1, 2))
    assert likeness(one, other) < 0.3


def test_a_change_is_shown_with_a_little_around_it() -> None:
    before = "前" * 40 + "舊文" + "後" * 40
    old, new = stretch(before, before.replace("舊文", "新寫字"))
    assert old == "…" + "前" * 20 + "舊文" + "後" * 20 + "…"
    assert new == "…" + "前" * 20 + "新寫字" + "後" * 20 + "…"
    assert stretch("", "全新") == ("", "全新")

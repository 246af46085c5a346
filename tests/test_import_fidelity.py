"""Fidelity: what an import loses, adds or moves is found, whatever it is; what is accounted for is not."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypandoc
import pytest

from pipeline.diagnostics import Diagnostic
from pipeline.importing.document import Kind, List, Paragraph, Picture, Table
from pipeline.importing.fidelity import Numbers, compare
from pipeline.importing.gate import accept
from pipeline.importing.originals import CALL, SYMBOL, Original, Passage, original
from pipeline.importing.reading import plain, read
from pipeline.parse import Source
from tests.conftest import TITLE

Make = Callable[..., Source]

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
MANUSCRIPT = """題名

壹、前言

刊物的註釋要能查考。[^1]編輯逐條核對，讀者才放心。[^2]

同一筆資料再引，寫同註。[^3]2025年的New York也有。

貳、結語

這是最後一段，沒有註。

[^1]: 王大明，〈註釋的用處〉，《編輯月報》，2025年3月1日。

[^2]: 李小華，〈核對的方法〉，《出版學刊》，第2期，頁15。

[^3]: 同註1，頁9。
"""
FIRST = '<fn id="a"><p>王大明，〈註釋的用處〉，《編輯月報》，2025年3月1日。</p></fn>'
SECOND = '<fn id="b"><p>李小華，〈核對的方法〉，《出版學刊》，第2期，頁15。</p></fn>'
THIRD = '<fn id="c"><p><xref ref-type="fn" rid="a" specific-use="same-source"/>，頁9。</p></fn>'
ONE = f"<p>刊物的註釋要能查考。{FIRST}編輯逐條核對，讀者才放心。{SECOND}</p>"
TWO = f"<p>同一筆資料再引，寫同註。{THIRD}2025年的New York也有。</p>"
LAST = "<p>這是最後一段，沒有註。</p>"
BODY = f"<sec id='s1'><title>前言</title>{ONE}{TWO}</sec><sec id='s2'><title>結語</title>{LAST}</sec>"


@dataclass(frozen=True)
class Dropped:
    number: int
    text: str


LABELS = (Dropped(2, "壹、"), Dropped(5, "貳、"))


def converted(markdown: str, kind: Kind) -> bytes:
    """What pandoc writes of Markdown: a file of another kind."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        name = {"docx": "m.docx", "odt": "m.odt", "html": "m.html", "markdown": "m.md"}[kind]
        path = Path(folder, name)
        pypandoc.convert_text(markdown, kind, "markdown-smart", outputfile=str(path), extra_args=["--standalone"])
        return path.read_bytes()


@pytest.fixture(scope="module")
def manuscript() -> Original:
    return original("docx", converted(MANUSCRIPT, "docx"))


def found(
    manuscript: Original,
    brief: Source,
    dropped: Sequence[Dropped] = LABELS,
    labels: Mapping[str, str] | None = None,
) -> tuple[Diagnostic, ...]:
    return compare(manuscript, brief, file=Path("稿.docx"), dropped=dropped, labels=labels).differences


def test_a_brief_with_the_text_of_the_manuscript_has_no_difference(brief: Make, manuscript: Original) -> None:
    collated = compare(manuscript, brief(BODY), file=Path("稿.docx"), dropped=LABELS)
    assert not collated.differences
    assert collated.notes == 3
    assert collated.characters > 120


@pytest.mark.parametrize("kind", ["odt", "html", "markdown"])
def test_every_kind_of_file_is_read(brief: Make, kind: Kind) -> None:
    data = MANUSCRIPT.encode() if kind == "markdown" else converted(MANUSCRIPT, kind)
    read = original(kind, data)
    assert len(read.notes) == 3
    assert not found(read, brief(BODY))


LOSSES = {
    "a paragraph": (LAST, "", ["I050"]),
    "a paragraph with notes": (ONE, "", ["I050", "I052", "I054", "I054"]),
    "a heading": ("<title>結語</title>", "<title/>", ["I050"]),
    "a character": ("逐條核對", "逐條對", ["I050"]),
    "a character of a note": ("《編輯月報》", "《編月報》", ["I050"]),
    "the last mark": ("沒有註。", "沒有註", ["I050"]),
    "a digit": ("2025年的", "2026年的", ["I052"]),
    "a digit of a note": ("第2期", "第3期", ["I052"]),
    "a blank between words": ("New York", "NewYork", ["I050"]),
    "a paragraph twice": (LAST, LAST + LAST, ["I051"]),
    "a character twice": ("讀者才", "讀者者才", ["I051"]),
    "two paragraphs exchanged": (ONE + TWO, TWO + ONE, ["I057"]),
    "a note": (SECOND, "", ["I054"]),
    "a note more": (LAST, LAST.replace("。", "。<fn id='d'><p>多出來的一條註。</p></fn>"), ["I055"]),
    "a note moved": (f"放心。{SECOND}", f"{SECOND}放心。", ["I053"]),
    "a note moved by a mark": (f"查考。{FIRST}", f"查考{FIRST}。", ["I053"]),
    "a note without its text": (FIRST, '<fn id="a"><p>甲</p></fn>', ["I052"]),
    "the locator behind a link": ("，頁9。</p>", "。</p>", ["I050"]),
    "a link that leads astray": ('rid="a"', 'rid="b"', ["I058"]),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_each_loss_is_found(brief: Make, manuscript: Original, loss: str) -> None:
    old, new, codes = LOSSES[loss]
    assert BODY.count(old) == 1
    differences = found(manuscript, brief(BODY.replace(old, new)))
    assert sorted(each.code for each in differences) == codes, [each.message.zh for each in differences]


def test_exchanged_notes_are_found(brief: Make, manuscript: Original) -> None:
    swapped = BODY.replace(FIRST, "@").replace(SECOND, FIRST).replace("@", SECOND)
    assert {each.code for each in found(manuscript, brief(swapped))} >= {"I056"}


def test_a_label_that_nobody_accounts_for_is_a_difference(brief: Make, manuscript: Original) -> None:
    (difference,) = found(manuscript, brief(BODY), LABELS[:1])
    assert difference.code == "I050"
    assert "貳、" in difference.message.zh


def test_a_message_quotes_the_words_around_and_names_the_paragraph(brief: Make, manuscript: Original) -> None:
    (difference,) = found(manuscript, brief(BODY.replace("逐條核對", "逐條對")))
    assert difference.place.line == 3
    assert "第3段的「核」沒有匯入" in difference.message.zh
    assert "編輯逐條▲對，讀者" in difference.message.zh
    assert "paragraph 3" in difference.message.en


def test_the_order_at_the_top_may_differ(brief: Make) -> None:
    lines = ("焦點類別：甲、乙", "題名──副題", "王大明、李小華", "某某研究所", "正文。")
    manuscript = Original("docx", tuple(Passage(line) for line in lines))
    name = "<name name-style='eastern'><surname>{}</surname><given-names>{}</given-names></name>"
    authors = "".join(
        f"<contrib contrib-type='author'>{name.format(*each)}</contrib>"
        for each in (("王", "大明"), ("李", "小華"))
    )
    meta = (
        "<article-categories><subj-group subj-group-type='focus'><subject>甲</subject><subject>乙</subject>"
        "</subj-group></article-categories><title-group><article-title>題名</article-title><subtitle>副題</subtitle>"
        f"</title-group><contrib-group>{authors}<aff>某某研究所</aff></contrib-group>"
    )
    source = brief("<p>正文。</p>", meta)
    assert not found(manuscript, source, [Dropped(1, "焦點類別：")])
    unaccounted = found(manuscript, source, [])
    assert [each.code for each in unaccounted] == ["I050"]
    lost = Original("docx", (*manuscript.passages[:3], Passage("某某研究中心"), manuscript.passages[4]))
    assert found(lost, source, [Dropped(1, "焦點類別：")])


def test_notes_typed_as_a_list(brief: Make) -> None:
    lines = ("題名", "有註的句子。1另一句。2", "註釋", "1. 王大明，〈甲〉。", "2. 李小華，〈乙〉。")
    manuscript = Original("docx", tuple(Passage(line) for line in lines))
    dropped = [Dropped(2, "1"), Dropped(2, "2"), Dropped(3, "註釋"), Dropped(4, "1."), Dropped(5, "2.")]
    body = (
        "<p>有註的句子。<fn id='a'><p>王大明，〈甲〉。</p></fn>另一句。<fn id='b'><p>李小華，〈乙〉。</p></fn></p>"
    )
    assert not found(manuscript, brief(body), dropped)
    assert [each.code for each in found(manuscript, brief(body.replace("〈乙〉", "〈丙〉")), dropped)] == ["I052"]
    one, other = "<p>王大明，〈甲〉。</p>", "<p>李小華，〈乙〉。</p>"
    swapped = body.replace(one, "@").replace(other, one).replace("@", other)
    assert "I056" in {each.code for each in found(manuscript, brief(swapped), dropped)}
    shorter = body.replace("<fn id='b'><p>李小華，〈乙〉。</p></fn>", "")
    assert "I050" in {each.code for each in found(manuscript, brief(shorter), dropped)}


def test_the_figure_of_a_typed_note_is_not_taken_from_a_number_in_the_text(brief: Make) -> None:
    lines = ("題名", "甲句。1", "2025年的句子。2", "註釋", "1. 王大明，〈甲〉。", "2. 李小華，〈乙〉。")
    manuscript = Original("docx", tuple(Passage(line) for line in lines))
    dropped = [Dropped(2, "1"), Dropped(3, "2"), Dropped(4, "註釋"), Dropped(5, "1."), Dropped(6, "2.")]
    body = (
        "<p>甲句。<fn id='a'><p>王大明，〈甲〉。</p></fn></p>"
        "<p>2025年的句子。<fn id='b'><p>李小華，〈乙〉。</p></fn></p>"
    )
    assert not found(manuscript, brief(body), dropped)
    assert "I050" in {each.code for each in found(manuscript, brief(body.replace("2025", "025")), dropped)}


def test_figures_typed_one_behind_another(brief: Make) -> None:
    notes = ("1. 王大明，〈甲〉。", "2. 李小華，〈乙〉。")
    body = "<p>句子。<fn id='a'><p>王大明，〈甲〉。</p></fn><fn id='b'><p>李小華，〈乙〉。</p></fn></p>"
    entries = [Dropped(3, "1."), Dropped(4, "2.")]
    for typed, keys in (
        ("1,2", ["1,2"]),
        ("1,2", ["1", ",", "2"]),
        ("12", ["1", "2"]),
        ("[1][2]", ["[1]", "[2]"]),
    ):
        manuscript = Original("docx", tuple(map(Passage, ("題名", f"句子。{typed}", *notes))))
        dropped = [*(Dropped(2, key) for key in keys), *entries]
        assert not found(manuscript, brief(body), dropped), typed
        one, other = "<p>王大明，〈甲〉。</p>", "<p>李小華，〈乙〉。</p>"
        swapped = body.replace(one, "@").replace(other, one).replace("@", other)
        assert "I056" in {each.code for each in found(manuscript, brief(swapped), dropped)}, typed


WESTERN = "<contrib contrib-type='author'><name><surname>O’Connor</surname><given-names>Sarah</given-names></name>"
EASTERN = "<name name-style='eastern'><surname>王</surname><given-names>大明</given-names></name></contrib>"
AUTHORS = f"<contrib-group><contrib contrib-type='author'>{EASTERN}{WESTERN}</contrib></contrib-group>"


@pytest.mark.parametrize("line", ["王大明、Sarah O’Connor", "王大明、O’Connor, Sarah", "Sarah O’Connor、王大明"])
def test_a_western_name_among_chinese_ones(brief: Make, line: str) -> None:
    manuscript = Original("docx", tuple(map(Passage, ("題名", line, "正文。"))))
    assert not found(manuscript, brief("<p>正文。</p>", TITLE + AUTHORS), [Dropped(2, "、")])
    misspelt = brief("<p>正文。</p>", TITLE + AUTHORS.replace("Sarah", "Sara"))
    assert found(manuscript, misspelt, [Dropped(2, "、")])


def test_the_keys_of_units_behind_names(brief: Make) -> None:
    manuscript = Original("docx", tuple(map(Passage, ("題名", "王大明1、Sarah O’Connor2", "正文。"))))
    source = brief("<p>正文。</p>", TITLE + AUTHORS)
    for dropped in ([Dropped(2, "1、2")], [Dropped(2, "1"), Dropped(2, "、"), Dropped(2, "2")]):
        assert not found(manuscript, source, dropped)
    assert found(manuscript, source, [Dropped(2, "、")])


def test_a_typed_note_may_begin_with_the_name_of_the_author(brief: Make) -> None:
    manuscript = Original("text", tuple(map(Passage, ("題名", "王大明 某大學", "正文1。", "1. 王大明，〈題〉。"))))
    note = "<fn id='a'><p>王大明，〈題〉。</p></fn>"
    author = EASTERN.replace("</contrib>", "<aff>某大學</aff></contrib>")
    authors = f"<contrib-group><contrib contrib-type='author'>{author}</contrib-group>"
    dropped = (Dropped(3, "1"), Dropped(4, "1."))
    assert not found(manuscript, brief(f"<p>正文{note}。</p>", TITLE + authors), dropped)


@pytest.mark.parametrize(
    "lines", [("王大明", "作者為編輯。"), ("王大明\n作者為編輯。",), ("王大明*", "* 作者為編輯。")]
)
@pytest.mark.parametrize("called", [True, False])
def test_a_paragraph_that_became_a_note_of_the_author(brief: Make, lines: tuple[str, ...], called: bool) -> None:
    manuscript = Original("docx", tuple(map(Passage, ("題名", *lines, "正文。"))))
    dropped = [Dropped(2, "*"), Dropped(3, "* ")]
    call = "<xref ref-type='author-notes' rid='w'/>" if called else ""
    authors = f"<contrib-group><contrib contrib-type='author'>{EASTERN}</contrib-group>".replace(
        "</contrib>", f"{call}</contrib>"
    )
    notes = "<author-notes><fn id='w'><p>作者為編輯。</p></fn></author-notes>"
    assert not found(manuscript, brief("<p>正文。</p>", TITLE + authors + notes), dropped)
    assert found(manuscript, brief("<p>正文。</p>", TITLE + authors + notes.replace("編輯", "編者")), dropped)
    assert found(manuscript, brief("<p>正文。</p>", TITLE + authors), dropped)


def test_a_number_that_was_right_before_notes_were_put_in(brief: Make, manuscript: Original) -> None:
    more = "<fn id='n'><p>新的一條註。</p></fn>"
    source = brief(BODY.replace("<title>前言</title>", f"<title>前言</title><p>新段。{more}</p>"))
    assert "I058" in {each.code for each in found(manuscript, source)}
    before = {"a": "1", "b": "2", "c": "3"}
    assert "I058" not in {each.code for each in found(manuscript, source, labels=before)}
    field = (*LABELS, Dropped(9, "同註2"))  # a program says which note it means
    assert "I058" not in {each.code for each in found(manuscript, source, field)}
    astray = brief(BODY.replace('rid="a"', 'rid="b"'))
    assert [each.code for each in found(manuscript, astray, labels=before)] == ["I058"]


def test_an_address_in_markdown_is_read_as_it_was_typed(brief: Make) -> None:
    address = "https://example.org/%E6%9C%83"
    read = original("markdown", f"# 題名\n\n見<{address}>。\n".encode())
    link = f'<ext-link ext-link-type="uri" xlink:href="{address}">{address}</ext-link>'
    assert not found(read, brief(f"<p>見{link}。</p>"), ())


def test_a_caption_below_its_picture_or_above(brief: Make) -> None:
    lines = ("題名", "前。", "資料來源：本刊。", "圖1　一張圖", "後。")
    manuscript = Original("docx", tuple(Passage(line) for line in lines))
    figure = (
        "<fig id='f'><caption><title>一張圖</title></caption><alt-text>替代</alt-text>"
        "<graphic xlink:href='figures/a.png'/><attrib>資料來源：本刊。</attrib></fig>"
    )
    assert not found(manuscript, brief(f"<p>前。</p>{figure}<p>後。</p>"), [Dropped(4, "圖1")])


def test_a_paragraph_divided_at_a_soft_return_and_joined(brief: Make) -> None:
    lines = ("題名", "第一行。\n第二行，有New\nYork。", "另一段。")
    manuscript = Original("docx", tuple(Passage(line) for line in lines))
    divided = "<p>第一行。</p><p>第二行，有New York。</p><p>另一段。</p>"
    assert not found(manuscript, brief(divided), [])
    assert not found(manuscript, brief(divided.replace("</p><p>第二", "第二")), [])
    assert found(manuscript, brief(divided.replace("第二行，", "")), [])
    assert found(manuscript, brief(divided.replace("New York", "New Yrk")), [])


def test_a_text_that_begins_with_a_reference_to_a_figure(brief: Make) -> None:
    manuscript = Original("docx", (Passage("題名"), Passage("圖1是地圖，見表一。"), Passage("圖1　地圖")))
    figure = (
        "<fig id='f'><caption><title>地圖</title></caption><alt-text>地圖</alt-text>"
        "<graphic xlink:href='figures/a.png'/></fig>"
    )
    body = f"<p><xref ref-type='fig' rid='f'/>是地圖，見表一。</p>{figure}"
    assert not found(manuscript, brief(body), [Dropped(2, "圖1"), Dropped(3, "圖1")])
    assert found(manuscript, brief(body.replace("是地圖", "是")), [Dropped(2, "圖1"), Dropped(3, "圖1")])


# The independent reading


def word(body: str, *parts: tuple[str, str]) -> bytes:
    """A Word file of markup for its body, and for other parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr("word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
        for name, content in parts:
            package.writestr(name, content)
    return written.getvalue()


def run(inside: str, look: str = "") -> str:
    return f"<w:r><w:rPr>{look}</w:rPr>{inside}</w:r>"


def text(words: str) -> str:
    return run(f"<w:t>{words}</w:t>")


BOX = "<w:txbxContent><w:p>{}</w:p></w:txbxContent>"
FIELD = (
    run('<w:fldChar w:fldCharType="begin"/>')
    + run("<w:instrText>PAGE</w:instrText>")
    + "{}"
    + run('<w:fldChar w:fldCharType="end"/>')
)
SEPARATED = run('<w:fldChar w:fldCharType="separate"/>') + text("7")

PARAGRAPHS = {
    "insertions and deletions": (
        f"<w:ins>{text('甲')}</w:ins><w:del>{run('<w:delText>乙</w:delText>')}</w:del>"
        f"<w:moveFrom>{text('丙')}</w:moveFrom><w:moveTo>{text('丁')}</w:moveTo>",
        ["甲丁"],
    ),
    "the result of a field": (text("頁") + FIELD.format(SEPARATED), ["頁7"]),
    "a field without a result": (text("頁") + FIELD.format(""), ["頁"]),
    "a simple field": (f'<w:fldSimple w:instr="X">{text("甲")}</w:fldSimple>', ["甲"]),
    "a pronunciation above a base": (
        FIELD.replace("PAGE", r"EQ \* jc2 \o\ad(\s\up 11(ㄓㄨˋ),註)").format(""),
        ["註"],
    ),
    "ruby": (run(f"<w:ruby><w:rt>{text('ㄓㄨ')}</w:rt><w:rubyBase>{text('朱')}</w:rubyBase></w:ruby>"), ["朱"]),
    "a text box, once": (
        run(
            f"<mc:AlternateContent><mc:Choice>{BOX.format(text('框'))}</mc:Choice>"
            f"<mc:Fallback>{BOX.format(text('框'))}</mc:Fallback></mc:AlternateContent>"
        )
        + text("文"),
        ["文", "框"],
    ),
    "signs": (
        run("<w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:noBreakHyphen/><w:t>丙</w:t>"),
        ["甲\t乙\n\u2011丙"],
    ),
    "a symbol": (run('<w:sym w:font="Wingdings" w:char="F0FC"/>') + text("甲"), [f"{SYMBOL}甲"]),
    "content controls and links": (
        f"<w:sdt><w:sdtContent>{text('甲')}</w:sdtContent></w:sdt><w:hyperlink>{text('乙')}</w:hyperlink>"
        f"<w:smartTag>{text('丙')}</w:smartTag>",
        ["甲乙丙"],
    ),
    "an equation": (f"<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>{text('。')}", ["x+1。"]),
}


@pytest.mark.parametrize("what", PARAGRAPHS)
def test_word_is_read_as_the_author_sees_it(what: str) -> None:
    inside, texts = PARAGRAPHS[what]
    read = original("docx", word(f"<w:p>{inside}</w:p>"))
    assert [passage.text for passage in read.passages] == texts


def test_hidden_text_is_told() -> None:
    read = original("docx", word(f"<w:p>{text('甲')}{run('<w:t>乙丙</w:t>', '<w:vanish/>')}{text('丁')}</w:p>"))
    assert read.passages == (Passage("甲乙丙丁", ((1, 3),)),)
    styles = '<w:style w:styleId="A"><w:rPr><w:vanish/></w:rPr></w:style>'
    styles += '<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    part = ("word/styles.xml", f"<w:styles {NAMESPACES}>{styles}</w:styles>")
    by_style = run("<w:t>乙</w:t>", '<w:rStyle w:val="B"/>')
    (passage,) = original("docx", word(f"<w:p>{text('甲')}{by_style}</w:p>", part)).passages
    assert passage.hidden == ((1, 2),)


def test_an_equation_that_is_no_row_of_letters_is_left_to_its_own_finding() -> None:
    fraction = "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num></m:f></m:oMath>"
    (passage,) = original("docx", word(f"<w:p>{text('式')}{fraction}</w:p>")).passages
    assert passage == Passage("式1", ((1, 2),))


def test_notes_come_in_the_order_of_their_calls() -> None:
    notes = f'<w:footnotes {NAMESPACES}><w:footnote w:id="2"><w:p>{text("乙")}</w:p></w:footnote>'
    notes += f'<w:footnote w:id="5"><w:p>{text("甲")}</w:p></w:footnote></w:footnotes>'
    calls = run('<w:footnoteReference w:id="5"/>') + text("文") + run('<w:footnoteReference w:id="2"/>')
    read = original("docx", word(f"<w:p>{calls}</w:p>", ("word/footnotes.xml", notes)))
    assert [passage.text for passage in read.passages] == [f"{CALL}文{CALL}"]
    assert [passage.text for note in read.notes for passage in note.passages] == ["甲", "乙"]


ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:automatic-styles>'
    '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '</office:automatic-styles><office:body><office:text><text:h text:outline-level="999999">題名</text:h>{}'
    "<text:p>內文</text:p></office:text></office:body></office:document-content>"
)
SECTION = '<text:section text:name="s" text:display="{}"><text:p>藏</text:p></text:section>'
CALLED = '<sup><a href="#n1" id="r1">1</a></sup></p><ol><li id="n1">註文<a href="#r1">↩</a></li></ol>'
ANCHOR = '<span><a class=msocomanchor href="#_msocom_1" name="_msoanchor_1">[A1]</a></span></p>'
REMARK = '<a name="_msocom_1"></a><p><a href="#_msoanchor_1">[A1]</a>批註</p>'
BESIDE = {
    "menus.html": '<header><a href="/">站名</a></header><main><h1>題名</h1><p>內文'
    f'{CALLED}<div class="sharedaddy">分享</div></main><footer>頁尾</footer>',
    "form.html": "<form><main><h1>題名</h1><p>內文</p></main><nav>選單</nav></form>",
    "contents.html": '<h1>題名</h1><nav id="TOC" role="doc-toc"><ul><li>前言</li></ul></nav><p>內文</p>',
    "google.html": '<h1>題名</h1><p>內文<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p>'
    '<div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a>批註</p></div>',
    "word.html": f'<h1>題名</h1><p>內文{ANCHOR}<div style="mso-element:comment"><div>{REMARK}</div></div>',
    "hidden.html": '<h1>題名</h1><p style="display: none">藏</p><p>內文</p>',
    "rule.html": "<style>.no, b { display: none }</style><h1>題名</h1><p class=no>藏</p><p>內文</p>",
    "obsidian.md": "# 題名\n\n內==文==%%這裡要補照片%% ^b-1\n",
    "contents.md": "# 題名\n\n[TOC]\n\n[[別的一篇|內文]]\n",
    "section.odt": ODT.format(SECTION.format("none")),
    "span.odt": ODT.format('<text:p><text:span text:style-name="H">藏</text:span></text:p>'),
    "contents.odt": ODT.format("<text:table-of-content><text:index-body><text:p>目次</text:p></text:index-body>"
                               "</text:table-of-content>"),
}  # fmt: skip
"""Files in which more stands than the title and one paragraph of the author."""


def zipped(content: str) -> bytes:
    """An ODT with a content."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        parts.writestr(
            "META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
        parts.writestr("content.xml", content)
        parts.writestr("Pictures/1.png", b"\x89PNG")
    return held.getvalue()


@pytest.mark.parametrize("name", BESIDE)
def test_what_is_not_the_authors_text_is_in_neither_reading(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(zipped(BESIDE[name]) if name.endswith(".odt") else BESIDE[name].encode())
    accepted = accept(path)
    document, base = read(accepted, name), original(accepted.kind, accepted.data)
    assert [each.text for each in document.blocks if isinstance(each, Paragraph)] == ["題名", "內文"]
    assert [each.text.replace(CALL, "") for each in base.passages if not each.hidden] == ["題名", "內文"]
    assert len(document.notes) == len(base.notes) == (name == "menus.html")
    told = [each.text for each in document.comments] or [chinese for _, chinese, _ in document.lost]
    assert len(told) == 1


def test_a_caption_of_writer_and_a_comment_on_a_point(tmp_path: Path) -> None:
    image = '<draw:frame text:anchor-type="paragraph"><draw:image xlink:href="Pictures/1.png"/></draw:frame>'
    caption = f"<text:p>{image}圖 <text:sequence>1</text:sequence>　圖題</text:p>"
    frame = f"<text:p><draw:frame><draw:text-box>{caption}</draw:text-box></draw:frame></text:p>"
    comment = '<office:annotation office:name="x"><text:p>要刪嗎</text:p></office:annotation>'
    path = tmp_path / "a.odt"
    path.write_bytes(zipped(ODT.format(f"{frame}<text:p>短句{comment}後文</text:p>")))
    document = read(accept(path), path.name)
    title, picture, below, *_ = (each for each in document.blocks if isinstance(each, Paragraph))
    assert (picture.text, below.text, title.outline) == ("", "圖 1　圖題", 10)
    assert [type(each) for each in picture.inlines] == [Picture]
    assert not document.lost
    assert [(each.text, each.quoted) for each in document.comments] == [("要刪嗎", "短句")]


def test_dialects_of_markdown(tmp_path: Path) -> None:
    text = (
        "# 題名\n\n> [!quote]- 里長說\n> 樁是給電的。\n\n- [x] 已量\n- [ ] 未量\n\n文~~刪~~字，`==照樣==`\n\n"
        '<table>\n<tr><td>甲</td></tr>\n</table>\n\n::: {kan-table="7"}\n尾\n:::\n'
    )
    path = tmp_path / "a.md"
    path.write_text(text, "utf-8")
    accepted = accept(path)
    document, base = read(accepted, path.name), original("markdown", accepted.data)
    one, two = (each for each in document.blocks if isinstance(each, Paragraph) and each.quoted)
    assert (one.text, two.text) == ("里長說", "樁是給電的。")
    assert [type(each) for each in document.blocks[3:]] == [List, Paragraph, Table, Paragraph]
    (told,) = document.lost
    assert "刪" in told[1]
    read_too = [each.text.strip() for each in base.passages]
    assert [each for each in read_too if each[:1] != ":"] == [
        "題名", "里長說", "樁是給電的。", "☒ 已量", "☐ 未量", "文刪字，==照樣==", "甲", "尾",
    ]  # fmt: skip


WRAPPED = """題名

    這一段文字在每行二十個字的地方換行，所以
要把各行接起來才是一段(註1)，註號在中間也一樣。
    第二段的首行縮排，它的前一行不算，因為那
是一段的最後一行。

註1：某某，〈很長的網址〉，《某報》，2025年5
月，
https://example.org/a-very-long-address/that-cannot-be-broken/anywhere/2025-05.html
。
"""


def test_lines_of_wrapped_text_are_compared_as_the_paragraphs_that_they_are(brief: Make) -> None:
    read_as = plain.paragraphs(WRAPPED)
    joined = [each.text.strip() for each in read_as]
    assert joined[1:3] == [
        "這一段文字在每行二十個字的地方換行，所以要把各行接起來才是一段(註1)，註號在中間也一樣。",
        "第二段的首行縮排，它的前一行不算，因為那是一段的最後一行。",
    ]
    assert len(joined) == 4
    base = original("text", WRAPPED.encode())
    numbers = Numbers.read(base, [(each.number, each.text) for each in read_as], [])
    note = f"<fn id='a'><p>{joined[3].removeprefix('註1：')}</p></fn>"
    first = joined[1].replace("(註1)", note)
    source = brief(f"<p>{first}</p><p>{joined[2]}</p>")
    dropped = (Dropped(2, "(註1)"), Dropped(4, "註1："))
    assert not compare(base, source, file=Path("稿.txt"), dropped=dropped, numbers=numbers).differences


def test_lines_that_are_paragraphs_are_not_joined_and_quotations_stand_further_in() -> None:
    line = "　　一行就是一段，這裡每一段都差不多長，也都有句號。"
    read_as = plain.paragraphs(f"題名\n{line}\n{line}\n　　　　{line}\n{line}\n")
    assert [each.left for each in read_as] == [0.0, 0.0, 0.0, 24.0, 0.0]


def test_a_file_that_is_not_what_it_says_is_a_value_error() -> None:
    with pytest.raises(ValueError):
        original("docx", b"no zip")
    with pytest.raises(ValueError):
        original("odt", word("<w:p/>"))


def test_what_a_symbol_becomes_is_not_compared(brief: Make) -> None:
    manuscript = Original("docx", (Passage("題名"), Passage(f"甲{SYMBOL}乙")))
    assert not found(manuscript, brief("<p>甲✓乙</p>", TITLE), [])
    assert found(manuscript, brief("<p>甲乙</p>", TITLE), [])

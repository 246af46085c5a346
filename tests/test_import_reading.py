# ruff: noqa: E501 (parts of files read best on one line)
"""Reading: files built by hand, and what stands in the `Document` that is read of them."""

import io
import time
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import docx as python_docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.diagnostics import ManuscriptError
from pipeline.importing.document import Block, Cell, Document, List, NoteCall, Paragraph, Picture, Run, Table
from pipeline.importing.gate import accept
from pipeline.importing.reading import pandoc, read
from pipeline.importing.recognise import recognise

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPACES = (
    f'xmlns:w="{WORD}" xmlns:r="{OFFICE}"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
KINDS = {"styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes",
         "comments": "comments", "theme": "theme", "settings": "settings"}  # fmt: skip


def docx(folder: Path, body: str, links: Mapping[str, str] | None = None, **parts: str | bytes) -> Document:
    """A DOCX of a body and of the parts inside their root elements, read."""
    related = "".join(
        f'<Relationship Id="p{kind}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>'
        for kind in parts
        if kind in KINDS
    )
    for key, target in (links or {}).items():
        mode, kind = ("", "image") if target.startswith("media/") else (' TargetMode="External"', "hyperlink")
        related += f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/word/document.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" Type="{OFFICE}/'
        'officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
    }
    for name, content in parts.items():
        if name in KINDS:
            files[f"word/{name}.xml"] = f"<w:{name} {SPACES}>{content!s}</w:{name}>"
        else:
            files[name] = content
    return of(folder / "a.docx", zipped(files))


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def of(path: Path, data: str | bytes) -> Document:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read(accept(path), path.name)


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def call(key: int, kind: str = "footnote") -> str:
    return f'<w:r><w:{kind}Reference w:id="{key}"/></w:r>'


def note(key: int, text: str, kind: str = "footnote") -> str:
    inside = p(f"<w:r><w:{kind}Ref/></w:r>", r(f" {text}"))
    return f'<w:{kind} w:id="{key}">{inside}</w:{kind}>'


def lines(blocks: Iterable[Block], margin: str = "") -> list[str]:
    """Blocks as text: a line each, lists with -, tables with |, calls as [^], pictures as !."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(margin + inline(block))
        elif isinstance(block, List):
            for item in block.items:
                first, *rest = lines(item)
                found += [f"{margin}{block.style}: {first}", *(f"{margin}  {each}" for each in rest)]
        else:
            found += [margin + "|".join(cell(each) for each in row) for row in block.rows]
    return found


def inline(paragraph: Paragraph) -> str:
    signs = {NoteCall: "[^]", Picture: "!"}
    return "".join(each.text if isinstance(each, Run) else signs[type(each)] for each in paragraph.inlines)


def cell(of: Cell) -> str:
    span = f"({of.columns}×{of.rows})" if (of.columns, of.rows) != (1, 1) else ""
    return span + ("#" if of.header else "") + "/".join(lines(of.blocks))


def runs(document: Document, place: int = 0) -> list[Run]:
    paragraph = document.blocks[place]
    assert isinstance(paragraph, Paragraph)
    return [each for each in paragraph.inlines if isinstance(each, Run)]


def paragraphs(document: Document) -> list[Paragraph]:
    return [each for each in document.blocks if isinstance(each, Paragraph)]


STYLES = """
<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:eastAsiaTheme="minorEastAsia"/><w:sz w:val="24"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>
  <w:pPr><w:numPr><w:numId w:val="7"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:basedOn w:val="a"/>
  <w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="7"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="a3"><w:name w:val="標題 3"/></w:style>
<w:style w:type="paragraph" w:styleId="my"><w:name w:val="本刊小標"/><w:basedOn w:val="1"/></w:style>
<w:style w:type="paragraph" w:styleId="a9"><w:name w:val="Quote"/><w:pPr><w:ind w:leftChars="200" w:left="999"/></w:pPr></w:style>
<w:style w:type="character" w:styleId="s"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
"""
LISTS = """
<w:abstractNum w:abstractNumId="0">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="ideographLegalTraditional"/><w:pStyle w:val="1"/><w:lvlText w:val="%1、"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="taiwaneseCountingThousand"/><w:lvlText w:val="%1之%2、"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val=""/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="taiwaneseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="8"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="9"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="10"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="11"/></w:lvlOverride></w:num>
"""


def listed(text: str, key: int, level: int = 0) -> str:
    return p(r(text), properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{key}"/></w:numPr>')


def style(key: str) -> str:
    return f'<w:pStyle w:val="{key}"/>'


def test_headings_by_style_whatever_the_style_is_called(tmp_path: Path) -> None:
    body = "".join(p(r(key), properties=style(key)) for key in ("1", "2", "a3", "my", "a"))
    body += p(r("x"), properties='<w:outlineLvl w:val="3"/>')
    found = paragraphs(docx(tmp_path, body, styles=STYLES, numbering=LISTS))
    assert [each.outline for each in found] == [1, 2, 3, 1, None, 4]
    assert [each.style for each in found] == ["heading 1", "heading 2", "標題 3", "本刊小標", "Normal", None]


def test_generated_labels_of_headings_are_known_and_no_text(tmp_path: Path) -> None:
    body = "".join(p(r("題"), properties=style(key)) for key in ("1", "2", "2", "1", "2"))
    found = paragraphs(docx(tmp_path, body, styles=STYLES, numbering=LISTS))
    assert [each.label for each in found] == ["壹、", "壹之一、", "壹之二、", "貳、", "貳之一、"]
    assert {each.text for each in found} == {"題"}


def test_lists_of_the_tool_nest_and_numbered_paragraphs_between_text_are_no_list(tmp_path: Path) -> None:
    body = listed("甲", 8) + listed("乙", 8, 1) + listed("丙", 8) + p(r("文"))
    body += listed("前言", 9) + p(r("文")) + listed("結論", 9) + p(r("文")) + listed("一", 10) + listed("二", 10)
    document = docx(tmp_path, body, styles=STYLES, numbering=LISTS)
    assert lines(document.blocks) == [
        "bullet: 甲", "  alpha-lower: 乙", "bullet: 丙", "文", "前言", "文", "結論", "文", "order: 一", "order: 二",
    ]  # fmt: skip
    assert [each.label for each in paragraphs(document)] == ["", "一、", "", "二、", ""]
    last = document.blocks[-1]
    assert isinstance(last, List)
    assert [each.label for item in last.items for each in item if isinstance(each, Paragraph)] == [
        "十一、",
        "十二、",
    ]


def test_a_generated_number_is_not_lost_where_no_list_is(tmp_path: Path) -> None:
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    one = f'<w:abstractNum w:abstractNumId="5">{level}</w:abstractNum><w:num w:numId="11"><w:abstractNumId w:val="5"/></w:num>'
    text, apart = p(r("這一段文字有一點長。" * 6)), p(r("說明。"), properties='<w:ind w:left="480"/>')
    body = p(r("題名")) + text + listed("甲事。", 11) + apart + listed("乙事。", 11) + text
    body += listed("丙事。", 9) + text + listed("丁事。", 9)
    document = docx(tmp_path, body, styles=STYLES, numbering=LISTS + one)
    found = recognise(document, tmp_path / "a.docx")
    brief = etree.fromstring(found.xml)
    assert ["".join(each.itertext()).split() for each in brief.iter("list-item")] == [
        ["甲事。", "說明。"],
        ["乙事。"],
    ]
    typed = [each.text for each in brief.iter("p") if each.text and each.text[0] in "一二"]
    assert typed == ["一、丙事。", "二、丁事。"]
    assert [each.place.line for each in found.doubts if each.code == "I039"] == [3, 7, 9]


def test_looks_are_inherited(tmp_path: Path) -> None:
    theme = (
        '<a:themeElements><a:fontScheme><a:minorFont><a:ea typeface=""/><a:font script="Hant" typeface="新細明體"/>'
        "</a:minorFont></a:fontScheme></a:themeElements>"
    )
    body = p(r("一"), r("二", '<w:rStyle w:val="s"/>'), r("三", '<w:rFonts w:eastAsia="標楷體"/><w:sz w:val="32"/><w:b w:val="0"/>'),
             properties=style("1"))  # fmt: skip
    body += p(r("引"), properties=style("a9"))
    body += p(r("x"), properties='<w:ind w:firstLineChars="200" w:firstLine="1"/><w:jc w:val="both"/>')
    document = docx(tmp_path, body, styles=STYLES, numbering=LISTS, theme=theme)
    first, second, third = runs(document)
    assert (first.bold, first.font, first.size) == (True, "新細明體", 12.0)
    assert (second.bold, second.style) == (False, "Strong")  # two styles switch bold off again
    assert (third.bold, third.font, third.size) == (False, "標楷體", 16.0)
    quotation, indented = paragraphs(document)[1:]
    assert (quotation.quoted, quotation.left) == (True, 24.0)
    assert (indented.first, indented.alignment) == (24.0, "justify")


def test_signs_and_blanks_are_as_typed(tmp_path: Path) -> None:
    body = p(r("\u3000\u3000首  段\xa0 "), "<w:r><w:t>a</w:t><w:tab/><w:br/><w:noBreakHyphen/><w:cr/></w:r>",
             '<w:r><w:br w:type="page"/><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="X" w:char="F001"/></w:r>')  # fmt: skip
    circles = (field(f"EQ \\o\\ac({shape})", "") for shape in ("○,12", "○,二", "□,甲"))
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'  # which Word doesn't write here
    body += p(*(each.replace(separate, "") for each in circles), r("\uf052"))
    document = docx(tmp_path, body)
    assert lines(document.blocks) == ["\u3000\u3000首  段\xa0 a\t\n\u2011\n✓", "⑫㊁(甲)\uf052"]
    assert [number for number, *_ in document.lost] == [1, 2, 2, 2, 2]


def test_notes_stand_where_they_are_called(tmp_path: Path) -> None:
    body = p(r("題"), call(2), properties='<w:outlineLvl w:val="0"/>')
    body += p(r("甲"), call(1, "endnote"), r("乙"), call(3), r("丙"))
    body += f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>{p(r('格'), call(4))}</w:tc></w:tr></w:tbl>"
    body += p(r("又"), call(2), call(99))
    document = docx(
        tmp_path, body, endnotes=note(1, "尾註", "endnote"),
        footnotes='<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        + note(4, "表註") + note(2, "題註") + note(3, "腳註") + note(8, "沒有人呼叫"),
    )  # fmt: skip
    assert lines(document.blocks) == ["題[^]", "甲[^]乙[^]丙", "格[^]", "又[^]"]
    assert {key: (lines(each.blocks), each.end) for key, each in document.notes.items()} == {
        "footnote-2": (["題註"], False),
        "endnote-1": (["尾註"], True),
        "footnote-3": (["腳註"], False),
        "footnote-4": (["表註"], False),
    }
    assert list(document.notes) == ["footnote-2", "endnote-1", "footnote-3", "footnote-4"]
    assert ["沒有人呼叫" in chinese for _, chinese, _ in document.lost] == [False, True]


def test_a_mark_of_the_authors_own_gives_way_to_the_number(tmp_path: Path) -> None:
    body = p(r("甲"), '<w:r><w:footnoteReference w:id="2" w:customMarkFollows="1"/><w:t>*</w:t></w:r>', r("乙"))
    document = docx(tmp_path, body, footnotes=note(2, "註"))
    assert lines(document.blocks) == ["甲[^]乙"]
    assert "*" in document.lost[0][1]


SECTION = "<w:sectPr><w:footnotePr>{}</w:footnotePr></w:sectPr>"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("", [("footnote", 1), ("endnote", 1), ("footnote", None), ("footnote", 2)]),
        ('<w:numRestart w:val="eachSect"/>', [("footnote 0", 1), ("endnote", 1), ("footnote 1", None), ("footnote 1", 1)]),
        ('<w:numStart w:val="5"/>', [("footnote", 5), ("endnote", 1), ("footnote", None), ("footnote", 6)]),
        ('<w:numRestart w:val="eachPage"/>', [("endnote", 1)]),
    ],
)  # fmt: skip
def test_the_numbers_that_word_shows(tmp_path: Path, rule: str, expected: list[tuple[str, int | None]]) -> None:
    section = SECTION.format(rule)
    own = '<w:r><w:footnoteReference w:id="3" w:customMarkFollows="1"/><w:t>*</w:t></w:r>'
    body = p(r("甲"), call(2), call(1, "endnote"), properties=section) + p(r("乙"), own, call(4)) + section
    notes = "".join(note(key, "註") for key in (2, 3, 4))
    document = docx(tmp_path, body, footnotes=notes, endnotes=note(1, "尾註", "endnote"))
    calls = [each for part in paragraphs(document) for each in part.inlines if isinstance(each, NoteCall)]
    shown = [each.shown for each in calls if each.shown is not None and each.shown.sure]
    assert [(each.series, each.number) for each in shown] == expected


def test_notes_hold_lists_and_tables(tmp_path: Path) -> None:
    table = f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>{p(r('格'))}</w:tc></w:tr></w:tbl>"
    inside = p(r("註")) + listed("甲", 8) + listed("乙", 8) + table
    inside = f'<w:footnote w:id="2">{inside}</w:footnote>'
    document = docx(tmp_path, p(r("文"), call(2)), footnotes=inside, numbering=LISTS)
    assert lines(document.notes["footnote-2"].blocks) == ["註", "bullet: 甲", "bullet: 乙", "格"]


def field(code: str, result: str) -> str:
    half = len(code) // 2
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code[:half]}</w:instrText></w:r><w:r><w:instrText>{code[half:]}</w:instrText></w:r>"
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_links_and_fields(tmp_path: Path) -> None:
    nested = field('HYPERLINK "https://c.example/?a=1" \\o "tip"', r("丙") + field("PAGEREF x", r("7")))
    body = p(
        f'<w:hyperlink r:id="h">{r("甲")}</w:hyperlink>',
        f"<w:fldSimple w:instr=' HYPERLINK \"https://b.example/\" '>{r('乙')}</w:fldSimple>",
        nested, f'<w:hyperlink w:anchor="x">{r("丁")}</w:hyperlink>', field("SEQ 圖", r("3")),
        f'<w:hyperlink r:id="f">{r("戊")}</w:hyperlink>', r("https://bare.example/"),
    )  # fmt: skip
    document = docx(tmp_path, body, {"h": "https://a.example/", "f": "file:///C:/x.docx"})
    assert [(each.text, each.href) for each in runs(document)] == [
        ("甲", "https://a.example/"),
        ("乙", "https://b.example/"),
        ("丙7", "https://c.example/?a=1"),
        ("丁", None),
        ("3戊https://bare.example/", None),
    ]
    assert "頁碼" in document.lost[0][1]
    assert "file:///C:/x.docx" in document.lost[1][1]


def test_what_only_wraps_text_is_opened(tmp_path: Path) -> None:
    body = f"<w:sdt><w:sdtContent>{p(r('甲'))}</w:sdtContent></w:sdt>"
    body += p(f"<w:smartTag>{r('乙')}</w:smartTag><w:sdt><w:sdtContent>{r('丙')}</w:sdtContent></w:sdt>")
    body += f"<w:customXml>{p(r('丁'))}</w:customXml><w:sectPr/>"
    assert lines(docx(tmp_path, body).blocks) == ["甲", "乙丙", "丁"]


def test_tracked_changes_are_accepted_and_listed(tmp_path: Path) -> None:
    by = 'w:author="王" w:date="2026-09-01T00:00:00Z"'
    body = p(
        r("甲"), f"<w:ins {by}>{r('加')}{r('上', '<w:b/>')}</w:ins>",
        f"<w:del {by}><w:r><w:delText>刪去</w:delText></w:r></w:del>", r("乙"),
        properties=f"<w:rPr><w:del {by}/></w:rPr>",
    )  # fmt: skip
    body += p(f"<w:moveFrom {by}>{r('移')}</w:moveFrom>", r("丙"), "<w:rPrChange/>")
    body += p(f"<w:moveTo {by}>{r('移')}</w:moveTo>")
    body += p(f"<w:ins {by}>{call(2)}</w:ins>", r("丁"), f"<w:del {by}>{call(3)}</w:del>")
    document = docx(tmp_path, body, footnotes=note(2, "新註") + note(3, "舊註"))
    assert lines(document.blocks) == ["甲加上乙丙", "移", "[^]丁"]
    assert not document.lost
    assert [(each.kind, each.text, each.author, each.number) for each in document.changes] == [
        ("insertion", "加上", "王", 1),
        ("deletion", "刪去", "王", 1),
        ("move", "移", "王", 2),
        ("insertion", "〔註：新註〕", "王", 3),
        ("deletion", "〔註：舊註〕", "王", 3),
    ]


def test_comments_with_what_they_are_about(tmp_path: Path) -> None:
    body = p(r("甲"), '<w:commentRangeStart w:id="5"/>', r("乙"))
    body += p(r("丙"), '<w:commentRangeEnd w:id="5"/>', '<w:r><w:commentReference w:id="5"/></w:r>', r("丁"))
    comments = f'<w:comment w:id="5" w:author="林">{p(r("請查"))}</w:comment>'
    document = docx(tmp_path, body, comments=comments)
    assert lines(document.blocks) == ["甲乙", "丙丁"]
    (found,) = document.comments
    assert (found.text, found.quoted, found.author, found.number) == ("請查", "乙丙", "林", 1)


def test_hidden_text_is_lost_and_said_so(tmp_path: Path) -> None:
    document = docx(tmp_path, p(r("甲"), r("藏", "<w:vanish/>"), r("乙")))
    assert lines(document.blocks) == ["甲乙"]
    assert document.lost == ((1, "隱藏的文字「藏」", "hidden text: 藏"),)


def test_text_that_is_struck_through_is_kept_and_told(tmp_path: Path) -> None:
    document = docx(tmp_path, p(r("甲"), r("刪", "<w:strike/>"), r("去", "<w:dstrike/>"), r("乙")))
    assert lines(document.blocks) == ["甲刪去乙"]
    assert [(number, chinese) for number, chinese, _ in document.lost] == [(1, "畫了刪除線的文字「刪去」照樣留著")]


def test_struck_text_of_odt_and_web_pages_is_told(tmp_path: Path) -> None:
    automatic = (
        '<style:style style:name="T1" style:family="text">'
        '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    )
    odf = odt(tmp_path, '<text:p>甲<text:span text:style-name="T1">刪去</text:span>乙</text:p>', automatic)
    page = of(tmp_path / "a.html", "<html><body><p>甲<s>刪去</s>乙</p></body></html>")
    for document in (odf, page):
        assert lines(document.blocks) == ["甲刪去乙"]
        assert [chinese for _, chinese, _ in document.lost] == ["畫了刪除線的文字「刪去」照樣留著"]


def test_small_letters_moved_a_little_are_raised_or_lowered(tmp_path: Path) -> None:
    small = '<w:sz w:val="14"/>'
    moved = [(-2, small), (3, small), (-2, ""), (3, ""), (8, ""), (-8, "")]
    document = docx(
        tmp_path, p(*(r(str(at), f'<w:position w:val="{by}"/>{size}') for at, (by, size) in enumerate(moved)))
    )
    looks = {run.text: (run.sup, run.sub) for run in runs(document)}
    assert looks == {
        "0": (False, True), "1": (True, False), "23": (False, False), "4": (True, False), "5": (False, True),
    }  # fmt: skip


def test_ruby_emphasis_superscript_language_and_bookmarks(tmp_path: Path) -> None:
    ruby = f"<w:r><w:ruby><w:rt>{r('ㄏㄢˋ')}</w:rt><w:rubyBase>{r('漢')}</w:rubyBase></w:ruby></w:r>"
    spoken = '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>EQ \\* jc2 \\o\\ad(\\s\\up 9(ㄗˋ),字)</w:instrText><w:fldChar w:fldCharType="end"/></w:r>'
    body = p(
        '<w:bookmarkStart w:id="1" w:name="fn-a"/>', ruby, spoken, '<w:bookmarkEnd w:id="1"/>',
        r("重", '<w:em w:val="dot"/>'), r("1", '<w:vertAlign w:val="superscript"/>'),
        r("ことば", '<w:lang w:val="en-US" w:eastAsia="ja-JP"/>'), r("word", '<w:lang w:val="en-GB" w:eastAsia="ja-JP"/>'),
    )  # fmt: skip
    document = docx(tmp_path, body)
    han, zi, heavy, digit, japanese, english = runs(document)
    assert [(each.text, each.ruby, each.mark) for each in (han, zi)] == [
        ("漢", "ㄏㄢˋ", "fn-a"),
        ("字", "ㄗˋ", "fn-a"),
    ]
    assert (heavy.emphasis, digit.sup, japanese.lang, english.lang) == (True, True, "ja-JP", "en-GB")
    assert (heavy.mark, paragraphs(document)[0].marks) == (None, ("fn-a",))


def drawing(inside: str, about: str = "") -> str:
    return f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{about}"/>{inside}</wp:inline></w:drawing></w:r>'


def test_pictures_text_boxes_equations_and_charts(tmp_path: Path) -> None:
    box = f"<wps:txbx><w:txbxContent>{p(r('框中'))}</w:txbxContent></wps:txbx>"
    twice = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor>{box}</wp:anchor></w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{p(r('框中'))}</w:txbxContent></v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = (
        p(drawing('<a:blip r:embed="i"/>', "港口的照片")) + p(r("文"), twice) + p(drawing('<a:blip r:embed="e"/>'))
    )
    body += p("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>", r("。"))
    body += p(
        r("式"), "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num></m:f></m:oMath>", drawing("<c:chart/>")
    )
    document = docx(
        tmp_path, body, {"i": "media/image1.png", "e": "media/image2.emf"},
        **{"word/media/image1.png": b"\x89PNG", "word/media/image2.emf": b"emf"},
    )  # fmt: skip
    assert lines(document.blocks) == ["!", "文", "框中", "!", "x=1。", "式"]
    (picture,) = paragraphs(document)[0].inlines
    assert picture == Picture("image1.png", "港口的照片")
    assert document.media == {"image1.png": b"\x89PNG", "image2.emf": b"emf"}
    assert [english.split()[1] for _, _, english in document.lost] == [
        "text", "picture", "equation", "equation:", "chart",
    ]  # fmt: skip


def test_tables_with_merged_cells_and_header_rows(tmp_path: Path) -> None:
    def tc(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(r(text))}</w:tc>"

    grid = "<w:tblGrid><w:gridCol/><w:gridCol/><w:gridCol/></w:tblGrid>"
    below = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
    inner = f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr>{tc('內')}</w:tr></w:tbl>"
    wide, tall = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>'
    rows = f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{tc('甲', wide)}{tc('乙')}</w:tr>"
    rows += f"<w:tr>{tc('丙', tall)}{tc('丁')}<w:tc>{p(r('戊'))}{inner}<w:p/></w:tc></w:tr>"
    rows += f"<w:tr>{below}{tc('己')}{tc('庚')}</w:tr>"
    document = docx(tmp_path, p(r("前")) + f"<w:tbl>{grid}{rows}</w:tbl>")
    assert lines(document.blocks) == ["前", "(2×1)#甲|#乙", "(1×2)丙|丁|戊/內", "己|庚"]
    table = document.blocks[1]
    assert isinstance(table, Table)
    assert table.number == 2


@pytest.mark.parametrize("span", ["2", "0", "-1", "x", "9" * 5_000])
def test_cells_beyond_the_grid_are_kept(tmp_path: Path, span: str) -> None:
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{p(r("甲"))}</w:tc>'
    rows = f"<w:tr>{wide}<w:tc>{p(r('乙'))}</w:tc></w:tr><w:tr><w:tc>{p(r('丙'))}</w:tc></w:tr>"
    document = docx(tmp_path, f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid>{rows}</w:tbl>")
    assert "".join(_texts(document.blocks)) == "甲乙丙"


def test_a_note_that_calls_itself_does_not_go_round(tmp_path: Path) -> None:
    inside = f'<w:footnote w:id="2">{p(r("註"), call(2))}</w:footnote>'
    document = docx(tmp_path, p(r("文"), call(2)), footnotes=inside)
    assert lines(document.notes["footnote-2"].blocks) == ["註"]
    assert document.lost == ((2, "註裡的註", "a note in a note"),)


def test_what_the_file_says_of_itself_and_what_an_export_put_into_it(tmp_path: Path) -> None:
    document = docx(tmp_path, p(r("文")), None, **{"customXml/kan.xml": b"<article/>"})
    assert document.source == b"<article/>"
    path = tmp_path / "b.docx"
    written = python_docx.Document()
    written.core_properties.title, written.core_properties.author = "題", "林"
    written.add_paragraph("文")
    written.save(str(path))
    properties = read(accept(path), "b").properties
    assert (properties["title"], properties["creator"]) == ("題", "林")


def test_strict_documents_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    docx(tmp_path, p(r("嚴格")))
    with zipfile.ZipFile(path) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    strict = {
        name: data.replace(WORD.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main").replace(
            OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        for name, data in files.items()
    }
    assert lines(of(path, zipped(strict)).blocks) == ["嚴格"]


OPEN = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in {"office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style",
                        "fo": "xsl-fo-compatible", "svg": "svg-compatible"}.items()
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip


def odt(folder: Path, body: str, styles: str = "", **parts: bytes) -> Document:
    content = (
        f"<office:document-content {OPEN}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.text"
    return of(folder / "a.odt", zipped({"mimetype": mimetype, "content.xml": content, **parts}))


def test_odt_text_notes_links_and_looks(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Quotations">'
        '<style:paragraph-properties fo:margin-left="1cm" fo:text-align="center"/></style:style>'
        '<style:style style:name="T1" style:family="text"><style:text-properties style:font-weight-asian="bold"'
        ' style:font-name-asian="標楷體" style:font-size-asian="14pt" style:language-asian="ja" style:country-asian="JP"/></style:style>'
        '<style:style style:name="T2" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>'
        '<style:style style:name="T3" style:family="text"><style:text-properties text:display="none"/></style:style>'
    )
    body = (
        '<text:h text:outline-level="2">題</text:h>'
        '<text:p text:style-name="P1">甲 <text:s text:c="2"/>乙<text:tab/>丙<text:line-break/>\n  丁'
        '<text:note text:note-class="endnote" text:id="n1"><text:note-citation>1</text:note-citation><text:note-body>'
        "<text:p> <text:s/>註一</text:p><text:p>註二</text:p></text:note-body></text:note>。</text:p>"
        '<text:p><text:span text:style-name="T1">粗</text:span><text:span text:style-name="T2">1</text:span>'
        '<text:span text:style-name="T3">藏</text:span><text:a xlink:href="https://a.example/">連</text:a>'
        "<text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>ㄏㄢˋ</text:ruby-text></text:ruby></text:p>"
    )
    document = odt(tmp_path, body, styles)
    assert lines(document.blocks) == ["題", "甲   乙\t丙\n丁[^]。", "粗1連漢"]
    heading, quotation, _ = paragraphs(document)
    assert heading.outline == 2
    assert (quotation.style, quotation.quoted, quotation.alignment) == ("Quotations", True, "center")
    assert quotation.left == pytest.approx(28.35)
    bold, digit, link, spoken = runs(document, 2)
    assert (bold.bold, bold.font, bold.size, bold.lang) == (True, "標楷體", 14.0, "ja-JP")
    assert (digit.sup, link.href, spoken.ruby) == (True, "https://a.example/", "ㄏㄢˋ")
    (kept,) = document.notes.values()
    assert (lines(kept.blocks), kept.end) == (["註一", "註二"], True)
    assert document.lost == ((3, "隱藏的文字「藏」", "hidden text: 藏"),)


def test_odt_numbered_headings_are_no_lists(tmp_path: Path) -> None:
    styles = (
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="壹, 貳, 參, ..."'
        ' style:num-suffix="、"/><text:list-level-style-number text:level="2" style:num-format="一, 二, 三, ..."'
        ' style:num-suffix="、"/></text:list-style>'
    )
    inner = '<text:list><text:list-item><text:h text:outline-level="2">背景</text:h></text:list-item></text:list>'
    body = "".join(
        f'<text:list text:style-name="L1" text:continue-numbering="true"><text:list-item>{each}</text:list-item></text:list>'
        for each in (
            '<text:h text:outline-level="1">前言</text:h>',
            inner,
            '<text:h text:outline-level="1">結論</text:h>',
        )
    )
    found = paragraphs(odt(tmp_path, body, styles))
    assert [(each.text, each.outline, each.label) for each in found] == [
        ("前言", 1, "壹、"),
        ("背景", 2, "一、"),
        ("結論", 1, "貳、"),
    ]


def test_odt_lists_tables_changes_comments_and_pictures(tmp_path: Path) -> None:
    info = "<office:change-info><dc:creator>王</dc:creator><dc:date>2026-09-01</dc:date></office:change-info>"
    styles = (
        '<text:list-style style:name="L1"><text:list-level-style-bullet text:level="1"/>'
        '<text:list-level-style-number text:level="2" style:num-format="i" style:num-suffix="."/></text:list-style>'
    )
    body = (
        f'<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>{info}<text:p>刪去</text:p></text:deletion>'
        f'</text:changed-region><text:changed-region text:id="c2"><text:insertion>{info}</text:insertion></text:changed-region>'
        "</text:tracked-changes>"
        '<text:p>甲<text:change text:change-id="c1"/>乙<text:change-start text:change-id="c2"/>加'
        '<text:change-end text:change-id="c2"/><office:annotation office:name="k"><dc:creator>林</dc:creator><text:p>請查'
        '</text:p></office:annotation>丙<office:annotation-end office:name="k"/></text:p>'
        '<text:list text:style-name="L1"><text:list-item><text:p>一</text:p><text:list><text:list-item><text:p>二</text:p>'
        "</text:list-item></text:list></text:list-item></text:list>"
        '<table:table><table:table-column table:number-columns-repeated="2"/><table:table-header-rows><table:table-row>'
        '<table:table-cell table:number-columns-spanned="2"><text:p>頭</text:p></table:table-cell><table:covered-table-cell/>'
        '</table:table-row></table:table-header-rows><table:table-row><table:table-cell table:number-rows-spanned="2">'
        "<text:p>左</text:p></table:table-cell><table:table-cell><text:p>右</text:p></table:table-cell></table:table-row>"
        "<table:table-row><table:covered-table-cell/><table:table-cell><text:p>下</text:p></table:table-cell></table:table-row>"
        '</table:table><text:p><draw:frame><draw:image xlink:href="Pictures/a.png"/><svg:desc>圖說</svg:desc></draw:frame></text:p>'
        "<text:p><draw:frame><draw:text-box><text:p>框中</text:p></draw:text-box></draw:frame>旁</text:p>"
    )
    document = odt(tmp_path, body, styles, **{"Pictures/a.png": b"\x89PNG"})
    assert lines(document.blocks) == [
        "甲乙加丙", "bullet: 一", "  roman-lower: 二", "(2×1)#頭", "(1×2)左|右", "下", "!", "旁", "框中",
    ]  # fmt: skip
    assert [(each.kind, each.text, each.author) for each in document.changes] == [
        ("deletion", "刪去", "王"),
        ("insertion", "加", "王"),
    ]
    assert [(each.text, each.quoted) for each in document.comments] == [("請查", "丙")]
    assert document.media == {"a.png": b"\x89PNG"}


def test_markdown(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    text = (
        "---\ntitle: 題\n---\n# 壹、前言\n　　文[^1]，5~10，15~20，(1) 與@某人，*斜*、<sup>2</sup>\n下一行\n\n> 引文\n\n"
        '- 甲\n- 乙\n\n| 頭 | 尾 |\n|---|---|\n| 左 | 右[^2] |\n\n![說明](a.png)![外](../x.png)\n\n[^1]: 註"一"。\n[^2]: 註二。\n'
    )
    document = of(tmp_path / "a.md", text)
    assert lines(document.blocks) == [
        "壹、前言", "　　文[^]，5~10，15~20，(1) 與@某人，斜、2 下一行", "引文", "bullet: 甲", "bullet: 乙",
        "#頭|#尾", "左|右[^]", "!",
    ]  # fmt: skip
    heading, text_, quotation = paragraphs(document)[:3]
    assert (heading.outline, quotation.quoted) == (1, True)
    assert [each.text for each in text_.inlines if isinstance(each, Run) and (each.italic or each.sup)] == [
        "斜",
        "2",
    ]
    assert [lines(each.blocks) for each in document.notes.values()] == [['註"一"。'], ["註二。"]]
    assert document.properties == {"title": "題"}
    assert [english for _, _, english in document.lost] == ["the picture ../x.png"]


WORD_PAGE = """<html><head><title>題</title><style>.k{font-family:"標楷體";font-weight:700} p.q{margin-left:36pt}</style></head><body>
<script>alert(1)</script><h1>前言</h1><p class=q style="text-align:center">甲<span class=k>粗</span>很長的
一行<a href="#_ftn1" name="_ftnref1"><sup><span>[1]</span></sup></a>。<ruby>漢<rp>(</rp><rt>ㄏㄢˋ</rt></ruby></p>
<p style='mso-list:l0'><span style='mso-list:Ignore'>一、<span>&nbsp; </span></span>項目</p><p><span style="display:none">藏</span>文<del>刪</del></p>
<blockquote><p>引文</p></blockquote><p><img src="data:image/png;base64,iVBORw==" alt="圖"><img src="http://x.example/a.png"></p>
<hr><div style='mso-element:footnote-list'><div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1"><span>[1]</span></a>
<span>註一</span></p><p>註二</p></div></div></body></html>"""


def test_a_page_that_word_saved(tmp_path: Path) -> None:
    document = of(tmp_path / "a.html", WORD_PAGE)
    assert lines(document.blocks) == ["前言", "甲粗很長的一行[^]。漢", "項目", "文", "引文", "!"]
    _, centred, item, _, quotation, _ = paragraphs(document)
    assert (centred.left, centred.alignment, item.label, quotation.quoted) == (36.0, "center", "一、", True)
    assert [(each.text, each.bold, each.font, each.ruby) for each in runs(document, 1)] == [
        ("甲", False, None, None),
        ("粗", True, "標楷體", None),
        ("很長的一行", False, None, None),
        ("。", False, None, None),
        ("漢", False, None, "ㄏㄢˋ"),
    ]
    (kept,) = document.notes.values()
    assert lines(kept.blocks) == ["註一", "註二"]
    assert list(document.media.values()) == [b"\x89PNG"]
    assert [each.text for each in document.changes] == ["刪"]
    assert [english for _, _, english in document.lost] == [
        "hidden text: 藏",
        "the picture http://x.example/a.png",
    ]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ('<p>文<sup><a href="#n1" id="r1">[1]</a></sup></p><div><p><a href="#r1" id="n1">[1]</a>&nbsp;註</p></div>', "註"),
        ('<p>文<a href="#n1" id="r1" role="doc-noteref"><sup>1</sup></a></p><section role="doc-endnotes"><ol><li id="n1">'
         '<p>註<a href="#r1" role="doc-backlink">↩︎</a></p></li></ol></section>', "註"),
        ('<p>文<a href="#n1"><sup>1</sup></a></p><p id="n1">1. 是正文的一段</p>', None),
        ('<p>文<a href="#n1" id="r1">另一節</a></p><p><a id="n1" href="#r1">回去</a>正文</p>', None),
    ],
)  # fmt: skip
def test_links_in_a_page_are_notes_where_they_link_back(tmp_path: Path, text: str, note: str | None) -> None:
    document = of(tmp_path / "a.html", f"<html><body>{text}</body></html>")
    assert [lines(each.blocks) for each in document.notes.values()] == ([[note]] if note else [])
    if note is None:
        assert len(paragraphs(document)) == 2


def test_plain_text_by_lines_or_by_blank_lines(tmp_path: Path) -> None:
    by_line = of(tmp_path / "a.txt", "標題\n　　第一段很短。\n　　第二段。\n\n第三段\n")
    assert lines(by_line.blocks) == ["標題", "　　第一段很短。", "　　第二段。", "第三段"]
    sentence = "這一段文字在每行三十個字的地方換行所以要把各行接起來才是一段。" * 4
    wrapped = "\n".join(sentence[at : at + 30] for at in range(0, len(sentence), 30))
    indented = "\n".join("    " + sentence[at : at + 28] for at in range(0, 56, 28))
    by_blank = of(tmp_path / "b.txt", f"標題\n\n{wrapped}\n\n{indented}\n")
    assert lines(by_blank.blocks) == ["標題", sentence, sentence[:56]]
    assert [each.left for each in paragraphs(by_blank)] == [0.0, 0.0, 24.0]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.md", ">" * 1_000 + " x"),
        ("b.html", "<div>" * 2_000 + "x"),
        ("c.html", "<blockquote>" * 200 + "x"),
        ("d.md", "- " * 300 + "x"),
    ],
)
def test_what_is_nested_too_deep_ends_in_a_sentence_or_is_read(tmp_path: Path, name: str, data: str) -> None:
    begun = time.perf_counter()
    try:
        document = of(tmp_path / name, data)
    except ManuscriptError as error:
        assert error.diagnostics[0].code in ("I007", "I019")
    else:
        assert "x" in "".join(lines(document.blocks))
    assert time.perf_counter() - begun < 5


def test_pandoc_past_its_limits_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "SECONDS", 1)
    monkeypatch.setattr(pandoc, "HEAP", 8)
    with pytest.raises(ManuscriptError) as caught:
        of(tmp_path / "a.md", "字 *x* " * 200_000)
    (found,) = caught.value.diagnostics
    assert found.code == "I019"


def test_parts_that_are_no_xml_are_a_finding(tmp_path: Path) -> None:
    for body in ("<w:p>", "<w:p>" * 300 + "</w:p>" * 300):
        with pytest.raises(ManuscriptError) as caught:
            docx(tmp_path, body)
        assert caught.value.diagnostics[0].code in ("I007", "I019")


def test_a_brief_of_usual_length_is_read_in_time(tmp_path: Path) -> None:
    body = "".join(p(r("這是一段用來量時間的文字，" * 10), call(n), r("後半。" * 10)) for n in range(2, 26))
    notes = "".join(note(n, "註文的來源與頁碼") for n in range(2, 26))
    docx(tmp_path, body, styles=STYLES, footnotes=notes)
    begun = time.perf_counter()
    read(accept(tmp_path / "a.docx"), "a.docx")
    assert time.perf_counter() - begun < 1.5


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["p", "heading", "bullet", "number", "table"]), st.lists(TEXT, min_size=1, max_size=3)), min_size=1, max_size=8))  # fmt: skip
def test_no_text_of_a_word_file_is_lost(tmp_path: Path, content: list[tuple[str, list[str]]]) -> None:
    written = python_docx.Document()
    styles = {"p": None, "heading": "Heading 1", "bullet": "List Bullet", "number": "List Number"}
    expected: list[str] = []
    for kind, texts in content:
        if kind == "table":
            row = written.add_table(1, len(texts)).rows[0]
            for place, text in enumerate(texts):
                row.cells[place].text = text
            expected += texts
        else:
            paragraph = written.add_paragraph(style=styles[kind])
            for place, text in enumerate(texts):
                paragraph.add_run(text).bold = bool(place % 2)
            expected.append("".join(texts))
    written.save(str(tmp_path / "x.docx"))
    document = read(accept(tmp_path / "x.docx"), "x.docx")
    assert list(_texts(document.blocks)) == [each for each in expected if each.strip()]


def _texts(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, List):
            for item in block.items:
                yield from _texts(item)
        else:
            for row in block.rows:
                for each in row:
                    yield from _texts(each.blocks)


def test_references_carry_what_they_point_at(tmp_path: Path) -> None:
    marked = '<w:bookmarkStart w:id="1" w:name="_Ref7"/>' + call(2) + '<w:bookmarkEnd w:id="1"/>'
    caption = '<w:bookmarkStart w:id="2" w:name="_Ref8"/>' + r("圖1") + '<w:bookmarkEnd w:id="2"/>'
    link = f'<w:hyperlink w:anchor="_Ref7">{r("同前註")}</w:hyperlink>'
    raised = r("9", '<w:vertAlign w:val="superscript"/>')
    again = p(r("又"), field("NOTEREF _Ref7 \\h", raised))
    body = p(r("甲"), marked, field("NOTEREF _Ref7 \\h", r("9")), field(" REF _Ref8 \\h ", r("圖1")), link) + p(
        caption
    )
    copied = '<w:bookmarkStart w:id="3" w:name="kan_cit_a_Copy_1"/>' + r("丙") + '<w:bookmarkEnd w:id="3"/>'
    inside = p(
        copied, f'<w:hyperlink w:anchor="kan_cit_a">{r("前揭註1")}</w:hyperlink>'
    )  # as LibreOffice saves it
    notes = note(2, "乙").replace("</w:footnote>", inside + "</w:footnote>")
    document = docx(tmp_path, body + again, footnotes=notes)
    assert document.lost == ()
    assert lines(document.blocks)[-1] == "又[^]"
    assert [(each.text, each.anchor) for each in runs(document)] == [
        ("甲", None),
        ("1", "footnote-2"),
        ("圖1", "_Ref8"),
        ("同前註", "footnote-2"),
    ]
    assert isinstance(document.blocks[1], Paragraph)
    assert document.blocks[1].marks == ("_Ref8",)


def test_two_header_rows_and_an_address_in_han_letters_of_a_page(tmp_path: Path) -> None:
    page = (
        "<table><tr><th rowspan=2>甲</th><th colspan=2>乙</th></tr><tr><th>丙</th><th>丁</th></tr>"
        '<tr><td>1</td><td>2</td><td><a href="https://example.org/會?a=%20&amp;b">3</a></td></tr></table>'
    )
    table = of(tmp_path / "a.html", page).blocks[0]
    assert isinstance(table, Table)
    assert [[(cell.columns, cell.rows, cell.header) for cell in row] for row in table.rows] == [
        [(1, 2, True), (2, 1, True)],
        [(1, 1, True), (1, 1, True)],
        [(1, 1, False)] * 3,
    ]
    inside = table.rows[2][2].blocks[0]
    assert isinstance(inside, Paragraph)
    assert [each.href for each in inside.inlines if isinstance(each, Run)] == ["https://example.org/會?a=%20&b"]


def test_a_list_that_the_file_does_not_have(tmp_path: Path) -> None:
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    item = p(r("甲"), properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>')
    assert docx(tmp_path, item, numbering=f"<w:abstractNum>{level}</w:abstractNum>").blocks

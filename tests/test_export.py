"""Export: briefs as Word files: what stands in the parts, whether Word takes them, and the command."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image
from pypdfium2 import PdfDocument

from pipeline import fonts
from pipeline.cli.export import export
from pipeline.exporting import bookmark, identifier, kind, word_file
from pipeline.exporting.bookmarks import LONGEST, bookmarks
from pipeline.exporting.faces import word_language
from pipeline.importing.document import List, Paragraph
from pipeline.importing.gate import accept
from pipeline.importing.reading import read
from pipeline.notes.style import style_for
from pipeline.number import number
from pipeline.page_layout import A4
from pipeline.parse import Source, parse, parse_bytes
from tests.conftest import ARTICLE, SAMPLE, TITLE

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"

Make = Callable[..., Source]

ORDER = {
    "p": "pPr *",
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs snapToGrid spacing ind jc "
    "outlineLvl rPr sectPr",
    "r": "rPr *",
    "rPr": "rStyle rFonts b bCs i iCs color sz szCs highlight u vertAlign em lang",
    "numPr": "ilvl numId",
    "tbl": "tblPr tblGrid tr",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
    "tr": "trPr tc",
    "tc": "tcPr p",
    "tcPr": "tcW gridSpan vMerge tcBorders shd vAlign",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "sectPr": "headerReference footerReference footnotePr type pgSz pgMar pgNumType cols titlePg docGrid",
    "abstractNum": "multiLevelType lvl",
    "lvl": "start numFmt pStyle suff lvlText lvlJc pPr rPr",
    "num": "abstractNumId lvlOverride",
    "numbering": "abstractNum num",
    "style": "name basedOn next link uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr tblStylePr",
    "styles": "docDefaults latentStyles style",
    "settings": "zoom updateFields defaultTabStop characterSpacingControl footnotePr compat themeFontLang",
    "footnotePr": "numFmt numRestart footnote",
    "font": "altName panose1 charset family pitch",
    "ruby": "rubyPr rt rubyBase",
    "rubyPr": "rubyAlign hps hpsRaise hpsBaseText lid",
}
"""The order of the children of what an export writes (ECMA-376 part 1, annex A). Word refuses a file that has them
in another, though other programs read it. `*`: anything."""


def parts_of(data: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def root_of(data: bytes, name: str = "word/document.xml") -> etree._Element:
    return etree.fromstring(parts_of(data)[name])


def text_of(element: etree._Element) -> str:
    """The text that a reader sees: no codes of fields."""
    return "".join(each.text or "" for each in element.iter(f"{W}t"))


def at(element: etree._Element, path: str) -> etree._Element:
    """What stands at a path of `w:` names, which must be there."""
    found = element.find("/".join(f"{W}{name}" if name[:1].isalpha() else name for name in path.split("/")))
    assert found is not None, path
    return found


def paragraphs(data: bytes, style: str, part: str = "word/document.xml") -> list[etree._Element]:
    found = root_of(data, part).iter(f"{W}p")
    return [each for each in found if at(each, "pPr/pStyle").get(f"{W}val") == style]


def fields(root: etree._Element) -> Iterator[tuple[str, str]]:
    """The code and the result of each field, in their order."""
    code, result, inside = "", "", ""
    for each in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
        if each.tag == f"{W}fldChar":
            inside = str(each.get(f"{W}fldCharType"))
            if inside == "end":
                yield code.strip(), result
                code = result = ""
        elif inside == "begin":
            code += each.text or ""
        elif inside == "separate":
            result += each.text or ""


@pytest.fixture(scope="session")
def exported(prepared: fonts.Fonts) -> Mapping[str, bytes]:
    """The briefs of the sample issue as Word files."""
    sources = [parse(path) for path in sorted(SAMPLE.glob("brief-*.xml"))]
    return {each.path.name: word_file(each, style_for(each), fonts=prepared) for each in sources}


# The package


def test_same_bytes_each_time_without_a_date(exported: Mapping[str, bytes]) -> None:
    source = parse(SAMPLE / "brief-3.xml")
    assert word_file(source, style_for(source)) == exported["brief-3.xml"]
    with zipfile.ZipFile(io.BytesIO(exported["brief-3.xml"])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert b"dcterms" not in parts_of(exported["brief-3.xml"])["docProps/core.xml"]


def test_every_part_has_a_type_and_every_relationship_a_part(exported: Mapping[str, bytes]) -> None:
    for data in exported.values():
        parts = parts_of(data)
        types = etree.fromstring(parts["[Content_Types].xml"])
        endings = {each.get("Extension") for each in types if each.get("Extension")}
        named = {each.get("PartName") for each in types if each.get("PartName")}
        assert all(name.rpartition(".")[2] in endings for name in parts)
        assert named <= {f"/{name}" for name in parts}
        for name, content in parts.items():
            if not name.endswith(".rels"):
                continue
            folder = Path(name).parent.parent
            for each in etree.fromstring(content):
                if each.get("TargetMode") != "External":
                    target = (Path("/") / folder / each.get("Target", "")).resolve()
                    assert str(target)[1:] in parts, (name, each.get("Target"))


def test_references_to_relationships_and_numbers_hold(exported: Mapping[str, bytes]) -> None:
    for data in exported.values():
        parts = parts_of(data)
        for story in ("document", "footnotes"):
            root = etree.fromstring(parts[f"word/{story}.xml"])
            used = {
                value for each in root.iter() for name, value in each.attrib.items() if str(name).startswith(R)
            }
            relations = parts.get(f"word/_rels/{story}.xml.rels", b"<none/>")
            assert used <= {each.get("Id") for each in etree.fromstring(relations)}
        lists = {each.get(f"{W}numId") for each in root_of(data, "word/numbering.xml").iter(f"{W}num")}
        asked = {each.get(f"{W}val") for each in root_of(data).iter(f"{W}numId")}
        assert asked - {"0"} <= lists


def test_children_stand_in_the_order_that_word_wants(exported: Mapping[str, bytes]) -> None:
    for brief, data in exported.items():
        for name, content in parts_of(data).items():
            if name.startswith("word/") and name.endswith(".xml"):
                for element in etree.fromstring(content).iter():
                    assert_in_order(element, f"{brief}: {name}")


def assert_in_order(element: etree._Element, where: str) -> None:
    order = ORDER.get(str(element.tag).removeprefix(W), "*").split()
    children = [str(child.tag).removeprefix(W) for child in element]
    if order[-1] == "*":
        assert not set(order[:-1]) & set(children[len(order) - 1 :]), (where, element.tag, children)
        return
    assert set(children) <= set(order), (where, element.tag, children)
    assert children == sorted(children, key=order.index), (where, element.tag, children)


def test_styles_that_are_used_exist_and_names_are_unique(exported: Mapping[str, bytes]) -> None:
    data = exported["brief-1.xml"]
    styles = root_of(data, "word/styles.xml")
    known = [each.get(f"{W}styleId") for each in styles.iter(f"{W}style")]
    assert len(known) == len(set(known))
    tags = [f"{W}{tag}" for tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next")]
    for part in ("word/document.xml", "word/footnotes.xml", "word/styles.xml", "word/numbering.xml"):
        assert {each.get(f"{W}val") for each in root_of(data, part).iter(*tags)} <= set(known)


def test_another_program_opens_it(exported: Mapping[str, bytes]) -> None:
    opened = docx.Document(io.BytesIO(exported["brief-1.xml"]))
    styles = [each.style.name for each in opened.paragraphs if each.style is not None]
    assert styles[:3] == ["Focus", "Title", "Subtitle"]
    assert opened.core_properties.title == "字格之內：中文排版的三條規矩"
    assert opened.core_properties.author == "編輯部"
    assert opened.sections[0].page_width is not None
    assert round(opened.sections[0].page_width.mm) == 210


# Notes and what refers to them


def test_notes_are_footnotes_in_the_order_of_their_calls(exported: Mapping[str, bytes]) -> None:
    for name, data in exported.items():
        source = parse(SAMPLE / name)
        calls = [each.get(f"{W}id") for each in root_of(data).iter(f"{W}footnoteReference")]
        assert calls == [str(place) for place in range(1, len(calls) + 1)]
        printed = number(source.root, style_for(source)).notes
        assert len(calls) == len(printed)
        notes = root_of(data, "word/footnotes.xml")
        assert [each.get(f"{W}id") for each in notes] == ["-1", "0", *calls]


def test_notes_of_the_author_keep_their_mark(exported: Mapping[str, bytes]) -> None:
    data = exported["brief-5.xml"]
    first, *others = root_of(data).iter(f"{W}footnoteReference")
    assert first.get(f"{W}customMarkFollows") == "1"
    assert text_of(first.getparent()) == "*"  # type: ignore[arg-type]
    assert not any(each.get(f"{W}customMarkFollows") for each in others)
    note = root_of(data, "word/footnotes.xml")[2]
    assert text_of(note).startswith("* 文中所引")
    assert note.find(f".//{W}footnoteRef") is None


def test_fields_show_what_is_printed_and_lead_to_bookmarks(exported: Mapping[str, bytes]) -> None:
    for data in exported.values():
        parts = [root_of(data), root_of(data, "word/footnotes.xml")]
        marks = {each.get(f"{W}name"): each for part in parts for each in part.iter(f"{W}bookmarkStart")}
        numbers = [each.get(f"{W}id") for part in parts for each in part.iter(f"{W}bookmarkStart")]
        assert len(numbers) == len(set(numbers))
        counted = [
            each for each in parts[0].iter(f"{W}footnoteReference") if not each.get(f"{W}customMarkFollows")
        ]
        for code, result in (found for part in parts for found in fields(part)):
            what, name, *_ = code.split()
            if what == "NOTEREF":
                call = next(marks[name].itersiblings()).find(f"{W}footnoteReference")
                assert call is not None
                assert result == str(counted.index(call) + 1), code
            elif what == "REF":
                label = marks[name].itersiblings()
                assert result == "".join(text_of(each) for each in label if each.tag == f"{W}r").split("\u3000")[0]


def test_generated_words_are_words_around_a_field(brief: Make) -> None:
    data = word_file(
        brief(
            '<p>甲<fn id="fn-a"><p>〈甲〉，《報》。</p></fn>乙<fn id="fn-b"><p>〈乙〉，《報》。</p></fn>'
            '丙<fn id="fn-c"><p><xref ref-type="fn" rid="fn-a" specific-use="same-source"/>，頁2。</p></fn>'
            '丁<fn id="fn-d"><p><xref ref-type="fn" rid="fn-b" specific-use="see"/>。</p></fn>'
            '戊<xref ref-type="fn" rid="fn-a"/></p>'
        )
    )
    notes = root_of(data, "word/footnotes.xml")
    assert [text_of(each).strip() for each in notes[4:]] == ["同註1，頁2。", "見註2。"]
    assert list(fields(notes)) == [("NOTEREF kan_fn_a \\h", "1"), ("NOTEREF kan_fn_b \\h", "2")]
    assert [each.get(f"{W}anchor") for each in notes.iter(f"{W}hyperlink")] == ["kan_fn_a", "kan_fn_b"]
    assert list(fields(root_of(data))) == [("NOTEREF kan_fn_a \\f \\h", "1")]


def test_a_reference_to_one_of_two_sources_leads_to_the_citation(brief: Make) -> None:
    cited = (
        '<mixed-citation id="cit-one" publication-type="book">甲，《甲書》</mixed-citation>；'
        '<mixed-citation publication-type="book">乙，《乙書》</mixed-citation>。'
    )
    reference = '<xref ref-type="fn" rid="cit-one" specific-use="same-source"/>，頁3。'
    data = word_file(brief(f'<p>文<fn id="fn-a"><p>{cited}</p></fn>字<fn id="fn-b"><p>{reference}</p></fn></p>'))
    notes = root_of(data, "word/footnotes.xml")
    (link,) = notes.iter(f"{W}hyperlink")
    assert link.get(f"{W}anchor") == "kan_cit_one"
    mark = next(each for each in notes.iter(f"{W}bookmarkStart") if each.get(f"{W}name") == "kan_cit_one")
    inside = []
    for each in mark.itersiblings():
        if each.tag == f"{W}bookmarkEnd":
            break
        inside.append(text_of(each))
    assert "".join(inside) == "甲，《甲書》"


# Headings and lists


def headings_of(data: bytes, tmp_path: Path) -> list[tuple[str, str]]:
    """Label and title of each heading, as the reader of manuscripts counts them by `numbering.xml`."""
    path = tmp_path / "brief.docx"
    path.write_bytes(data)
    blocks = read(accept(path), path.name).blocks
    return [(each.label, each.text) for each in blocks if isinstance(each, Paragraph) and each.outline]


def test_labels_of_headings_are_counted_by_the_program(exported: Mapping[str, bytes], tmp_path: Path) -> None:
    for name, data in exported.items():
        source = parse(SAMPLE / name)
        labels = number(source.root, style_for(source)).labels
        titles = [(labels[each], each.findtext("title") or "") for each in source.root.iter("sec")]
        assert [(label, text) for label, text in headings_of(data, tmp_path)] == titles
        assert not any(title.startswith(label) for label, title in headings_of(data, tmp_path) if label)


def test_counting_begins_again_under_a_section_without_a_label(brief: Make, tmp_path: Path) -> None:
    inner = "".join(f"<sec><title>節{each}</title><p>文</p></sec>" for each in "甲乙")
    body = (
        f"<sec><title>首</title>{inner}</sec><sec><title>次</title><p>文</p></sec>"
        f'<sec specific-use="unnumbered"><title>附</title>{inner}</sec>'
    )
    assert headings_of(word_file(brief(body)), tmp_path) == [
        ("壹、", "首"), ("一、", "節甲"), ("二、", "節乙"), ("貳、", "次"),
        ("", "附"), ("一、", "節甲"), ("二、", "節乙"),
    ]  # fmt: skip


def test_a_single_section_has_no_label(brief: Make, tmp_path: Path) -> None:
    data = word_file(brief("<sec><title>獨節</title><sec><title>子</title><p>文</p></sec></sec>"))
    assert headings_of(data, tmp_path) == [("", "獨節"), ("", "子")]


def test_korean_headings_are_counted_in_hangul() -> None:
    markup = ARTICLE.format(meta=TITLE, body="<p>문</p>").replace("zh-Hant-TW", "ko")
    lists = root_of(word_file(parse_bytes(Path("b.xml"), markup.encode())), "word/numbering.xml")
    levels = [
        (attribute(each, "numFmt", "val"), attribute(each, "lvlText", "val")) for each in lists[0].iter(f"{W}lvl")
    ]
    assert levels[:4] == [("upperRoman", "%1."), ("decimal", "%2."), ("ganada", "%3."), ("decimal", "%4)")]


@pytest.mark.parametrize(
    ("lang", "labels"),
    [
        ("ko", ["I.", "1.", "II."]),
        ("ja", ["1.", "1.1", "2."]),
        ("zh-Hans-CN", ["一、", "（一）", "二、"]),
    ],
)
def test_other_languages_have_their_labels(lang: str, labels: list[str], tmp_path: Path) -> None:
    twice = "<sec><title>題</title>{}</sec><sec><title>題</title><p>文</p></sec>"
    body = twice.format(twice.format(twice.format("<p>文</p>")))
    source = parse_bytes(Path("b.xml"), ARTICLE.format(meta=TITLE, body=body).replace("zh-Hant-TW", lang).encode())
    data = word_file(source)
    found = [label for label, _ in headings_of(data, tmp_path)]
    assert [found[0], found[1], found[-1]] == labels
    default = at(root_of(data, "word/styles.xml"), "docDefaults/rPrDefault/rPr/lang")
    assert str(default.get(f"{W}eastAsia"))[:2] == lang[:2]


def test_lists_inside_each_other_and_lists_that_begin_again(brief: Make, tmp_path: Path) -> None:
    def listed(kind: str, *items: str) -> str:
        return (
            f'<list list-type="{kind}">{"".join(f"<list-item><p>{each}</p></list-item>" for each in items)}</list>'
        )

    inner = listed("alpha-lower", "子", "丑")
    body = (
        f'<list list-type="order"><list-item><p>甲</p>{inner}</list-item><list-item><p>乙</p></list-item></list>'
    )
    path = tmp_path / "brief.docx"
    path.write_bytes(word_file(brief(f"{body}<p>文</p>{listed('order', '丙')}{listed('bullet', '丁')}")))
    lists = [each for each in read(accept(path), path.name).blocks if isinstance(each, List)]
    first = lists[0]
    assert first.style == "order"
    nested = next(each for each in first.items[0] if isinstance(each, List))
    assert [each.label for item in nested.items for each in item if isinstance(each, Paragraph)] == ["a.", "b."]
    labels = [
        each.label for listing in lists for item in listing.items for each in item if isinstance(each, Paragraph)
    ]
    assert labels[:3] == ["1.", "2.", "1."]


# Looks


def test_text_has_its_language_and_its_face(brief: Make) -> None:
    data = word_file(
        brief(
            '<p>世宗（<named-content content-type="foreign" xml:lang="ko">세종</named-content>）在<italic>'
            'Annals of Things</italic>裡，<styled-content style-type="emphasis-mark">要緊</styled-content>，'
            "H<sub>2</sub>O，"
            '<bold>粗</bold>，「直」<named-content content-type="foreign" xml:lang="ja">直</named-content>。</p>'
        )
    )
    runs = {text_of(each): at(each, "rPr") for each in root_of(data).iter(f"{W}r") if len(each) > 1}
    assert attribute(runs["세종"], "lang", "eastAsia") == "ko-KR"
    assert attribute(runs["세종"], "rFonts", "eastAsia") == "바탕"
    assert attribute(runs["세종"], "rStyle", "val") == "Foreign"
    assert attribute(runs["直"], "lang", "eastAsia") == "ja-JP"
    assert attribute(runs["Annals of Things"], "lang", "val") == "en-US"
    assert runs["Annals of Things"].find(f"{W}i") is not None
    assert attribute(runs["要緊"], "rStyle", "val") == "EmphasisMark"
    assert attribute(runs["2"], "vertAlign", "val") == "subscript"
    assert runs["粗"].find(f"{W}b") is not None
    default = at(root_of(data, "word/styles.xml"), "docDefaults/rPrDefault/rPr")
    assert attribute(default, "lang", "eastAsia") == "zh-TW"


def attribute(properties: etree._Element | None, name: str, which: str) -> str | None:
    found = properties.find(f"{W}{name}") if properties is not None else None
    return None if found is None else found.get(f"{W}{which}")


def test_marks_of_both_scripts_take_the_chinese_face_in_chinese_only(brief: Make) -> None:
    data = word_file(brief("<p>排字——一門手藝……</p><p>It’s “a craft” — and an old one.</p>"))
    hints = [attribute(each.find(f"{W}rPr"), "rFonts", "hint") for each in root_of(data).iter(f"{W}r")]
    assert hints[-2:] == ["eastAsia", None]


def test_pronunciation_is_ruby(exported: Mapping[str, bytes]) -> None:
    found = {
        text_of(at(each, "rubyBase")): text_of(at(each, "rt"))
        for each in root_of(exported["brief-4.xml"]).iter(f"{W}ruby")
    }
    assert found == {"刊": "ㄎㄢ", "版": "bǎn", "面": "miàn"}


def test_links_lead_out_of_the_file(exported: Mapping[str, bytes]) -> None:
    relations = etree.fromstring(parts_of(exported["brief-1.xml"])["word/_rels/footnotes.xml.rels"])
    targets = {each.get("Id"): each.get("Target") for each in relations}
    links = root_of(exported["brief-1.xml"], "word/footnotes.xml").iter(f"{W}hyperlink")
    shown = {text_of(each): targets[each.get(f"{R}id")] for each in links if each.get(f"{R}id")}
    assert shown["https://doi.org/10.1002/spe.4380111102"] == "https://doi.org/10.1002/spe.4380111102"
    assert len(shown) >= 5


def test_sizes_come_from_the_layout_of_the_page(exported: Mapping[str, bytes]) -> None:
    styles = {each.get(f"{W}styleId"): each for each in root_of(exported["brief-1.xml"], "word/styles.xml")}
    tokens = A4.tokens
    for style, name in (
        ("Title", "title"),
        ("Heading1", "heading-1"),
        ("FootnoteText", "note"),
        ("Quote", "quotation"),
    ):
        properties = styles[style].find(f"{W}rPr")
        assert attribute(properties, "sz", "val") == str(round(tokens.styles[name].size * 2))
    margins = root_of(exported["brief-1.xml"]).find(f".//{W}pgMar")
    assert margins is not None
    paper = round(tokens.length("page-width") * 20)
    assert abs(paper - 2 * int(margins.get(f"{W}left", "")) - tokens.measure * 20) <= 1


# Figures and tables


def test_drawings_are_pictures_too_and_have_alternative_texts(exported: Mapping[str, bytes]) -> None:
    data = exported["brief-1.xml"]
    parts = parts_of(data)
    media = {name: content for name, content in parts.items() if name.startswith("word/media/")}
    drawings = {name: content for name, content in media.items() if name.endswith(".svg")}
    assert set(drawings.values()) == {
        (SAMPLE / f"figures/fig-{name}.svg").read_bytes() for name in ("grid", "squeeze")
    }
    assert sum(content.startswith(b"\x89PNG") for content in media.values()) == 2
    figures = list(root_of(data).iter(f"{WP}inline"))
    described = [each.find(f"{WP}docPr").get("descr") for each in figures]  # type: ignore[union-attr]
    assert described == [each.text for each in parse(SAMPLE / "brief-1.xml").root.iter("alt-text")]
    room = A4.tokens.measure * 12700
    assert all(int(each.find(f"{WP}extent").get("cx", "")) <= room + 1 for each in figures)  # type: ignore[union-attr]


def test_a_drawing_is_never_set_in_other_faces(
    monkeypatch: pytest.MonkeyPatch, prepared: fonts.Fonts, exported: Mapping[str, bytes]
) -> None:
    asked: list[str] = []

    def prepare(languages: Sequence[str]) -> fonts.Fonts:
        asked.extend(languages)
        return prepared

    monkeypatch.setattr("pipeline.exporting.pictures.prepare", prepare)
    source = parse(SAMPLE / "brief-5.xml")
    assert word_file(source, style_for(source)) == exported["brief-5.xml"]
    assert asked == ["zh-Hant-TW"]


def test_a_photograph_goes_in_as_it_is(tmp_path: Path) -> None:
    picture = tmp_path / "figures" / "a.png"
    picture.parent.mkdir()
    Image.new("RGB", (1200, 400), "white").save(picture)
    body = (
        '<fig id="fig-a"><caption><title>圖說</title><p>說明</p></caption><alt-text>白</alt-text>'
        '<graphic xlink:href="figures/a.png"/></fig>'
    )
    data = word_file(parse_bytes(tmp_path / "b.xml", ARTICLE.format(meta=TITLE, body=body).encode()))
    assert parts_of(data)["word/media/image1.png"] == picture.read_bytes()
    extent = root_of(data).find(f".//{WP}extent")
    assert extent is not None
    assert int(extent.get("cx", "")) == pytest.approx(3 * int(extent.get("cy", "")), rel=0.001)
    assert [text_of(each) for each in paragraphs(data, "CaptionText")] == ["說明"]
    assert [text_of(each) for each in paragraphs(data, "Caption")] == ["圖1\u3000圖說"]


def test_tables_keep_their_merged_cells_and_repeat_their_heads(exported: Mapping[str, bytes]) -> None:
    table = docx.Document(io.BytesIO(exported["brief-1.xml"])).tables[0]
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    assert texts[0] == ["檢驗項目", *["排版軟體"] * 5]
    assert texts[1][:3] == ["檢驗項目", "WeasyPrint", "Chromium"]
    assert texts[2] == ["兩端皆齊的行（%）", "70.5", "100", "100", "99.6", "89.6"]
    heads = [row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in table.rows]
    assert heads == [True, True, False, False, False, False]
    assert text_of(*paragraphs(exported["brief-1.xml"], "TableNote")).startswith("版本：")


def test_a_cell_over_several_rows_and_columns(brief: Make) -> None:
    rows = (
        '<tr><td rowspan="2" colspan="2">甲</td><td>乙</td></tr><tr><td>丙</td></tr>'
        "<tr><td><p>丁</p><p>戊</p></td><td>己</td><td/></tr>"
    )
    table = f"<table-wrap><caption><title>表題</title></caption><table><tbody>{rows}</tbody></table></table-wrap>"
    (read_back,) = docx.Document(io.BytesIO(word_file(brief(table)))).tables
    assert [[cell.text for cell in row.cells] for row in read_back.rows] == [
        ["甲", "甲", "乙"], ["甲", "甲", "丙"], ["丁\n戊", "己", ""],
    ]  # fmt: skip


# Ids


@given(
    st.from_regex(r"[A-Za-z_][A-Za-z0-9_\-]{0,50}", fullmatch=True),
    st.sampled_from(["", "quotation", "list", "item"]),
)
def test_an_id_comes_back_from_its_bookmark(given_id: str, on: str) -> None:
    name = bookmark(given_id, on)  # type: ignore[arg-type]
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) and len(name) <= LONGEST
    assert kind(name) == on
    assert identifier(name) in ((given_id,) if len(name) < LONGEST else (None,))


@given(st.sets(st.from_regex(r"[A-Za-z_][A-Za-z0-9_\-]{0,45}", fullmatch=True), max_size=12))
def test_no_two_bookmarks_are_alike_for_word(ids: set[str]) -> None:
    names = bookmarks(sorted(ids))
    assert len({name.lower() for name in names.values()}) == len(ids)
    assert all(identifier(name) in (given_id, None) for given_id, name in names.items())


def test_a_bookmark_that_libreoffice_copied_is_the_same_id() -> None:
    assert identifier("kann_fn_first_Copy_1") == "fn-first" and kind("kann_fn_first_Copy_1") == "note"
    assert identifier(bookmark("fig-Copy-2")) is None


@pytest.mark.parametrize("name", ["_GoBack", "_Toc123456", "fn-a", "OLE_LINK1", "kan", ""])
def test_bookmarks_of_others_are_no_ids(name: str) -> None:
    assert identifier(name) is None


def test_every_id_of_the_brief_is_a_bookmark(exported: Mapping[str, bytes]) -> None:
    for name, data in exported.items():
        marks = [root.iter(f"{W}bookmarkStart") for root in (root_of(data), root_of(data, "word/footnotes.xml"))]
        found = {identifier(str(each.get(f"{W}name"))) for part in marks for each in part}
        assert found == {each.get("id") for each in parse(SAMPLE / name).root.iter("*") if each.get("id")}


@pytest.mark.parametrize(
    ("lang", "word"),
    [
        ("zh-Hant-TW", "zh-TW"),
        ("zh-Hans", "zh-CN"),
        ("zh-Hant-HK", "zh-HK"),
        ("ko", "ko-KR"),
        ("en-GB", "en-GB"),
        ("de", "de"),
    ],
)
def test_languages_as_word_calls_them(lang: str, word: str) -> None:
    assert word_language(lang) == word


# The command


def kan(*arguments: str | Path) -> Result:
    return CliRunner().invoke(export, [str(each) for each in arguments], catch_exceptions=False)


@pytest.fixture
def manuscript(tmp_path: Path) -> Path:
    path = tmp_path / "brief.xml"
    path.write_text(ARTICLE.format(meta=TITLE, body='<p>文<fn id="fn-a"><p>註。</p></fn></p>'), encoding="utf-8")
    return path


def test_the_command_writes_beside_where_it_is_called(manuscript: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = manuscript.parent / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    done = kan(manuscript, "--docx")
    assert done.exit_code == 0 and done.stdout.startswith("brief.docx")
    parts = parts_of((folder / "brief.docx").read_bytes())
    assert parts["customXml/kan.xml"] == manuscript.read_bytes() + b"\n"
    assert [each.name for each in folder.iterdir()] == ["brief.docx"]


def test_clean_leaves_the_markup_out(manuscript: Path) -> None:
    out = manuscript.with_suffix(".docx")
    assert kan(manuscript, "--clean", "--out", out).exit_code == 0
    assert not [name for name in parts_of(out.read_bytes()) if name.startswith("customXml")]


def test_all_briefs_of_an_issue(tmp_path: Path) -> None:
    folder = tmp_path / "issue"
    shutil.copytree(SAMPLE, folder)
    for path in (folder / "brief-1.xml", folder / "brief-2.xml"):  # drawings are tried above
        path.write_text(ARTICLE.format(meta=TITLE, body="<p>文</p>"), encoding="utf-8")
    issue = (folder / "issue.xml").read_text(encoding="utf-8")
    kept = re.sub(r'    <brief href="brief-[345].xml"/>\n', "", issue)
    (folder / "issue.xml").write_text(kept, encoding="utf-8")
    done = kan(folder, "--out", tmp_path / "for-authors")
    assert done.exit_code == 0, done.output
    assert sorted(each.name for each in (tmp_path / "for-authors").iterdir()) == ["brief-1.docx", "brief-2.docx"]
    assert "〈題名〉" in done.stdout  # whose file it is


def test_a_brief_that_is_not_valid_is_not_exported(manuscript: Path) -> None:
    manuscript.write_text(manuscript.read_text(encoding="utf-8").replace("<p>註。</p>", "註。"), encoding="utf-8")
    out = manuscript.with_suffix(".docx")
    done = kan(manuscript, "--out", out)
    assert done.exit_code == 1 and ": error S003" in done.stdout and not out.exists()


def test_a_picture_that_is_missing_is_named(manuscript: Path) -> None:
    figure = (
        "<fig><caption><title>圖</title></caption><alt-text>無</alt-text>"
        '<graphic xlink:href="figures/gone.png"/></fig>'
    )
    manuscript.write_text(ARTICLE.format(meta=TITLE, body=figure), encoding="utf-8")
    done = kan(manuscript, "--out", manuscript.with_suffix(".docx"))
    assert done.exit_code == 1 and "figures/gone.png" in done.stdout


def test_a_manuscript_is_never_written_over(manuscript: Path) -> None:
    before = manuscript.read_bytes()
    for out in (manuscript, manuscript.parent / "other.xml"):
        done = kan(manuscript, "--force", "--out", out)
        assert done.exit_code == 2 and "不能覆寫" in done.stderr
    assert manuscript.read_bytes() == before


def test_the_file_of_an_author_is_written_over_only_with_force(manuscript: Path) -> None:
    out = manuscript.with_suffix(".docx")
    out.write_bytes(b"corrected by the author")
    done = kan(manuscript, "--out", out)
    assert done.exit_code == 2 and "--force" in done.stderr
    assert out.read_bytes() == b"corrected by the author"
    assert kan(manuscript, "--out", out, "--force").exit_code == 0
    assert out.read_bytes().startswith(b"PK")


def test_a_place_that_can_not_be_written_is_one_sentence(manuscript: Path) -> None:
    blocked = manuscript.parent / "file"
    blocked.write_bytes(b"")
    done = kan(manuscript, "--out", blocked / "brief.docx")
    assert done.exit_code == 2 and "無法寫入" in done.stderr
    assert kan(manuscript.parent / "gone.xml").exit_code == 1


def test_a_folder_is_a_place_too(manuscript: Path) -> None:
    for folder in (manuscript.parent, manuscript.parent / "給作者"):
        assert kan(manuscript, "--out", folder).exit_code == 0
        assert (folder / manuscript.name).with_suffix(".docx").is_file()
    (manuscript.parent / "b" / manuscript.name).with_suffix(".docx").mkdir(parents=True)
    done = kan(manuscript, "--out", manuscript.parent / "b")
    assert done.exit_code == 2 and "資料夾" in done.stderr


# Another program


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_another_program_shows_the_numbers(exported: Mapping[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "brief.docx"
    path.write_bytes(exported["brief-5.xml"])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    shown = re.sub(
        r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in PdfDocument(tmp_path / "brief.pdf"))
    )
    for heading in ("壹、前言", "貳、原稿：把結構存下來", "一、字在，結構也要在", "伍、結語"):
        assert heading in shown
    assert "圖1一份原稿，一次編號，各版共用" in shown
    assert "3同前註，前言。" in shown
    assert "*文中所引的各項標準與規範" in shown

"""Round trip: a brief exported to Word and imported again is the same but for what the author changed."""

import difflib
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from lxml import etree

from pipeline import fonts
from pipeline.brief import Brief, Call, Inline, Paragraph, Section, inline_parts, inlines_inside, plain, walk
from pipeline.content import brief_content
from pipeline.exporting import word_file
from pipeline.exporting.wordml import WORD
from pipeline.importing import import_manuscript
from pipeline.notes.style import style_for
from pipeline.number import number
from pipeline.parse import Source, parse, parse_bytes
from tests.conftest import ARTICLE, REAL_ISSUE, SAMPLE, TITLE

W = f"{{{WORD}}}"
Change = Callable[[etree._Element, etree._Element], None]

RICH = """
    <sec id="sec-one">
      <title>首節</title>
      <p>第一段有<bold>粗體</bold>、<italic>Annals of Setting</italic>與H<sub>2</sub>O。\
<fn id="fn-one"><p>王三省，〈排字房〉，《測試週刊》，2025年3月4日，<ext-link ext-link-type="uri" xlink:href="https://example.org/a">https://example.org/a</ext-link>\
。</p></fn></p>
      <p>第二段接著說，<styled-content style-type="emphasis-mark">十分要緊</styled-content>，前面那一筆還會用到。\
<fn id="fn-two"><p><xref ref-type="fn" rid="fn-one" specific-use="same-source"/>，p. 9。</p></fn></p>
      <?kan allow="N003" reason="引文原來如此"?>
      <p>第三段回頭看<xref ref-type="fn" rid="fn-one"/>。<!-- 編輯的話 --></p>
    </sec>
    <sec id="sec-two">
      <title>次節</title>
      <p>收尾的一段文字，交代全文的意思。\
<fn id="fn-three"><p><xref ref-type="fn" rid="fn-two" specific-use="see"/>。</p></fn></p>
    </sec>
  """


def imported(data: bytes, source: Source, folder: Path, *, against: bool = False) -> bytes:
    """The brief that comes back from a Word file."""
    path = folder / f"{source.path.stem}.docx"
    path.write_bytes(data)
    return import_manuscript(path, name=source.path.name, before=source if against else None).brief


def changed(data: bytes, change: Change) -> bytes:
    """A Word file as an author changed it; `change` gets the document and the footnotes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    roots = [etree.fromstring(parts[f"word/{name}.xml"]) for name in ("document", "footnotes")]
    change(roots[0], roots[1])
    for name, root in zip(("document", "footnotes"), roots, strict=True):
        parts[f"word/{name}.xml"] = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def paragraph_with(root: etree._Element, words: str) -> etree._Element:
    return next(each for each in root.iter(f"{W}p") if words in "".join(each.itertext(f"{W}t")))


def correct(root: etree._Element, old: str, new: str) -> None:
    """The author types another word."""
    run = next(each for each in root.iter(f"{W}t") if old in (each.text or ""))
    run.text = (run.text or "").replace(old, new)


def add_note(root: etree._Element, notes: etree._Element, behind: str, words: str) -> None:
    """The author inserts a footnote at the end of a paragraph, as Word writes one."""
    number = str(max(int(str(each.get(f"{W}id"))) for each in notes) + 1)
    call = etree.SubElement(paragraph_with(root, behind), f"{W}r")
    etree.SubElement(etree.SubElement(call, f"{W}rPr"), f"{W}vertAlign").set(f"{W}val", "superscript")
    etree.SubElement(call, f"{W}footnoteReference").set(f"{W}id", number)
    note = etree.SubElement(notes, f"{W}footnote")
    note.set(f"{W}id", number)
    paragraph = etree.SubElement(note, f"{W}p")
    etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}footnoteRef")
    etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}t").text = words


def differences(old: bytes, new: bytes) -> tuple[list[str], list[str]]:
    """The lines that are gone and those that are new."""
    lines = list(difflib.ndiff(old.decode().splitlines(), new.decode().splitlines()))
    return [line[2:] for line in lines if line[:2] == "- "], [line[2:] for line in lines if line[:2] == "+ "]


def as_read(brief: Brief) -> Iterator[tuple[str, str]]:
    """What a reader sees of a brief, block by block: kinds, words, labels, and where the notes are called."""
    yield "title", brief.plain_title
    yield "subtitle", brief.plain_subtitle
    yield "authors", "、".join(author.name + "".join(author.unit) for author in brief.authors)
    yield "focus", "、".join(brief.focus)
    for block in walk(brief.blocks):
        label = f"{block.depth} {block.label}" if isinstance(block, Section) else getattr(block, "label", "")
        yield block.kind, label + "／".join(_called(children) for children in inline_parts(block))
    for note in brief.notes:
        yield "note", "／".join(_words(paragraph) for paragraph in note.paragraphs)


def _called(children: tuple[Inline, ...]) -> str:
    calls = "".join(f"[{each.note.label}]" for each in inlines_inside(children) if isinstance(each, Call))
    return plain(children) + calls


def _words(paragraph: Paragraph) -> str:
    return plain(paragraph.children).lstrip("*")


@pytest.fixture(scope="session")
def sources() -> Mapping[str, Source]:
    found = [*sorted(SAMPLE.glob("brief-*.xml")), *sorted(REAL_ISSUE.glob("brief-*.xml"))]
    return {f"{path.parent.name}/{path.stem}": parse(path) for path in found}


NAMES = [f"2026-11/brief-{number}" for number in range(1, 6)]
REAL_NAMES = [f"real-issue/brief-{number}" for number in (1, 3, 4, 6, 7)]


@pytest.mark.parametrize("name", NAMES + REAL_NAMES)
def test_an_exported_brief_comes_back_byte_for_byte(
    name: str, sources: Mapping[str, Source], prepared: fonts.Fonts, tmp_path: Path
) -> None:
    source = source_named(name, sources)
    assert imported(word_file(source, style_for(source), fonts=prepared), source, tmp_path) == source.data


@pytest.mark.parametrize("name", NAMES + REAL_NAMES)
def test_without_the_markup_it_reads_the_same(
    name: str, sources: Mapping[str, Source], prepared: fonts.Fonts, tmp_path: Path
) -> None:
    source = source_named(name, sources)
    written = word_file(source, style_for(source), fonts=prepared, with_markup=False)
    data = imported(written, source, tmp_path)
    back = brief_content(parse_bytes(source.path, data), "b", style_for(source))
    assert list(as_read(back)) == list(as_read(brief_content(source, "b", style_for(source))))


def source_named(name: str, sources: Mapping[str, Source]) -> Source:
    if name not in sources:
        pytest.skip(f"there is no {name}")
    return sources[name]


@pytest.fixture(scope="session")
def rich() -> Source:
    """A brief with what Word has no place for: an exception, a comment, references by id."""
    return parse_bytes(Path("rich.xml"), ARTICLE.format(meta=TITLE, body=RICH).encode())


def test_what_word_has_no_place_for_comes_back(rich: Source, tmp_path: Path) -> None:
    assert imported(word_file(rich), rich, tmp_path) == rich.data


@pytest.mark.parametrize("against", [False, True], ids=["file alone", "against the brief"])
def test_one_word_is_changed_and_nothing_else(rich: Source, against: bool, tmp_path: Path) -> None:
    data = changed(word_file(rich), lambda root, _: correct(root, "交代全文", "總結全文"))
    back = imported(data, rich, tmp_path, against=against)
    gone, new = differences(rich.data, back)
    assert [line.replace("交代全文", "總結全文") for line in gone] == new and len(new) == 1


@pytest.mark.parametrize("updated", [True, False], ids=["updated", "as it was"])
def test_one_note_more_moves_the_numbers_by_itself(rich: Source, updated: bool, tmp_path: Path) -> None:
    """Word works the fields out again when it is told to, not when a note is inserted."""

    def insert(root: etree._Element, notes: etree._Element) -> None:
        add_note(root, notes, "第一段有", "新加的一條註。")
        if updated:
            number_run = paragraph_with(notes, "見註").findall(f".//{W}t")[-2]
            assert number_run.text == "2"
            number_run.text = "3"

    back = parse_bytes(rich.path, imported(changed(word_file(rich), insert), rich, tmp_path, against=True))
    notes = list(back.root.iter("fn"))
    assert ["".join(note.itertext()) for note in notes][1] == "新加的一條註。"
    assert [note.get("id") for note in notes if note is not notes[1]] == ["fn-one", "fn-two", "fn-three"]
    assert [xref.get("rid") for xref in back.root.iter("xref")] == ["fn-one", "fn-one", "fn-two"]
    printed = [text for kind, text in as_read(brief_content(back, "b")) if kind == "note"]
    assert printed[2:] == ["同註1，頁9。", "見註3。"]
    gone, new = differences(rich.data, back.data)
    assert len(gone) == len(new) == 1


@pytest.mark.parametrize("markup", [True, False], ids=["with the markup", "clean"])
@pytest.mark.parametrize("against", [True, False], ids=["against the brief", "file alone"])
@pytest.mark.parametrize("name", ["2026-11/brief-2", "real-issue/brief-3"])
def test_links_lead_where_they_did_when_a_note_is_put_in_first(
    name: str, against: bool, markup: bool, sources: Mapping[str, Source], tmp_path: Path
) -> None:
    """The typed numbers are those of yesterday: the fields say which notes are meant."""
    source = source_named(name, sources)
    written = word_file(source, style_for(source), with_markup=markup)
    words = "".join(next(source.root.iterfind("body//p")).itertext())[:6]
    path = tmp_path / "brief.docx"
    path.write_bytes(changed(written, lambda root, notes: add_note(root, notes, words, "新加的一條註。")))
    back = import_manuscript(path, name=source.path.name, before=source if against else None)
    assert not [each.message.zh for each in back.report.differences]
    after = parse_bytes(source.path, back.brief)
    assert len(list(after.root.iter("fn"))) == len(list(source.root.iter("fn"))) + 1
    assert targets_in(after) == targets_in(source)


def targets_in(source: Source) -> list[tuple[str, str]]:
    """Where each link to a note leads: its use, and the text of the note, links aside."""
    found = [(xref.get("specific-use", ""), target) for xref, target in number(source.root).targets.items()]
    return sorted((use, "".join(target.itertext())[:30]) for use, target in found if target.tag == "fn")


def test_a_note_moved_behind_what_refers_to_it_is_still_meant(rich: Source, tmp_path: Path) -> None:
    """同註 looks ahead then, which the check tells; it is no other note, and no fault of the import."""

    def move(root: etree._Element, _: etree._Element) -> None:
        paragraph_with(root, "第二段接著").addnext(paragraph_with(root, "第一段有"))

    path = tmp_path / "rich.docx"
    path.write_bytes(changed(word_file(rich), move))
    result = import_manuscript(path, name="rich.xml", before=rich)
    xrefs = [xref for xref in etree.fromstring(result.brief).iter("xref") if xref.get("specific-use")]
    assert [xref.get("rid") for xref in xrefs] == ["fn-one", "fn-two"]
    assert {"R006", "I060"} & {each.code for each in result.diagnostics} == {"R006"}


def test_a_note_that_the_author_corrects(rich: Source, tmp_path: Path) -> None:
    data = changed(word_file(rich), lambda _, notes: correct(notes, "測試週刊", "測試月刊"))
    back = imported(data, rich, tmp_path, against=True)
    gone, new = differences(rich.data, back)
    assert len(gone) == len(new) == 1
    note = etree.fromstring(back).find(".//fn")
    assert note is not None and note.get("id") == "fn-one"
    assert "".join(note.itertext()) == "王三省，〈排字房〉，《測試月刊》，2025年3月4日，https://example.org/a。"


def test_a_note_of_the_author_that_he_deleted_goes(sources: Mapping[str, Source], tmp_path: Path) -> None:
    source = sources["2026-11/brief-5"]

    def delete(root: etree._Element, notes: etree._Element) -> None:
        note = next(each for each in notes if "可查得的版本" in "".join(each.itertext()))
        calls = root.iter(f"{W}footnoteReference")
        call = next(each for each in calls if each.get(f"{W}id") == note.get(f"{W}id"))
        for each in (note, call.getparent()):
            parent = each.getparent() if each is not None else None
            assert each is not None and parent is not None
            parent.remove(each)

    gone, new = differences(
        source.data, imported(changed(word_file(source), delete), source, tmp_path, against=True)
    )
    assert not new and gone[0].strip() == '<xref ref-type="author-notes" rid="an-editions"/>'
    assert gone[-1].strip() == "</author-notes>" and len(gone) == 6


def test_an_emphasis_that_the_author_put_in_is_told(rich: Source, tmp_path: Path) -> None:
    def embolden(root: etree._Element, _: etree._Element) -> None:
        run = next(each for each in root.iter(f"{W}r") if "第二段接著說" in "".join(each.itertext(f"{W}t")))
        properties = run.find(f"{W}rPr")
        if properties is None:
            properties = etree.Element(f"{W}rPr")
            run.insert(0, properties)
        etree.SubElement(properties, f"{W}b")

    path = tmp_path / "rich.docx"
    path.write_bytes(changed(word_file(rich), embolden))
    result = import_manuscript(path, name="rich.xml", before=rich)
    assert result.brief == rich.data and "I066" in {each.code for each in result.diagnostics}


def resaved(data: bytes) -> bytes:
    """A Word file as LibreOffice saves it again: the last line ends of the markup left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["customXml/kan.xml"] = parts["customXml/kan.xml"].rstrip(b"\n")
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def test_a_file_that_was_saved_again_brings_the_same_brief(sources: Mapping[str, Source], tmp_path: Path) -> None:
    source = sources["2026-11/brief-3"]
    assert imported(resaved(word_file(source, style_for(source))), source, tmp_path) == source.data


def test_elsewhere_the_pictures_come_from_the_file(
    sources: Mapping[str, Source], prepared: fonts.Fonts, tmp_path: Path
) -> None:
    source = sources["2026-11/brief-1"]
    path = tmp_path / "brief.docx"
    path.write_bytes(word_file(source, style_for(source), fonts=prepared))
    elsewhere = import_manuscript(path, name="brief.xml", folder=tmp_path / "issue")
    drawn = {href: (SAMPLE / href).read_bytes() for href in ("figures/fig-grid.svg", "figures/fig-squeeze.svg")}
    assert elsewhere.brief == source.data
    assert dict(elsewhere.pictures) == drawn
    assert "R050" not in {each.code for each in elsewhere.diagnostics}

    def reword(root: etree._Element, _: etree._Element) -> None:
        correct(paragraph_with(root, "圖1\u3000以字格"), "以字格", "用字格")

    path.write_bytes(changed(path.read_bytes(), reword))
    at_home = import_manuscript(path, name="brief.xml", folder=SAMPLE)
    (old,), new = differences(source.data, at_home.brief)
    assert "<title>" in old and new == [old.replace("以字格", "用字格")], (
        "the caption changed, the picture is the same"
    )

"""A note that others refer to is deleted in the Word file: the reference is never led to another note."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from pipeline.exporting import word_file
from pipeline.importing import import_manuscript
from pipeline.parse import Source

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY = """<p>第一句。<fn id="fn-one"><p>王一，《第一本書》（臺北：甲社，2020年），頁1。</p></fn>
第二句。<fn id="fn-two"><p>陳二，《第二本書》（臺北：乙社，2021年），頁2。</p></fn>
第三句。<fn id="fn-three"><p>李三，《第三本書》（臺北：丙社，2022年），頁3。</p></fn>
第四句。<fn id="fn-four"><p><xref ref-type="fn" rid="fn-two" specific-use="same-source"/>，頁88。\
另<xref ref-type="fn" rid="fn-three" specific-use="see"/>。</p></fn></p>
<p>第五句又說到它<xref ref-type="fn" rid="fn-two"/>。</p>"""


def without_note(data: bytes, words: str) -> bytes:
    """The Word file without the footnote that has some words, as an author deletes it: call and text."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist() if name != "customXml/kan.xml"}
    notes = etree.fromstring(parts["word/footnotes.xml"])
    document = etree.fromstring(parts["word/document.xml"])
    (note,) = (each for each in notes.iter(f"{W}footnote") if words in "".join(each.itertext()))
    (call,) = (each for each in document.iter(f"{W}footnoteReference") if each.get(f"{W}id") == note.get(f"{W}id"))
    for each in (note, call.getparent()):
        parent = each.getparent() if each is not None else None
        assert each is not None and parent is not None
        parent.remove(each)
    parts["word/footnotes.xml"], parts["word/document.xml"] = etree.tostring(notes), etree.tostring(document)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return written.getvalue()


@pytest.mark.parametrize("against", [True, False])
def test_a_reference_to_a_deleted_note_stays_words(
    brief: Callable[..., Source], against: bool, tmp_path: Path
) -> None:
    source = brief(BODY)
    path = tmp_path / "稿.docx"
    path.write_bytes(without_note(word_file(source), "陳二"))
    result = import_manuscript(path, name="brief.xml", before=source if against else None)
    article = etree.fromstring(result.brief)
    targets = [xref.get("rid") for xref in article.iter("xref")]
    third = next(note.get("id") for note in article.iter("fn") if "第三本書" in "".join(note.itertext()))
    assert targets == [third], "the other reference of the note is a link still, the dead one never another note"
    assert "同註2，頁88" in result.brief.decode() and "<sup>2</sup>" in result.brief.decode()
    said = [each for each in result.diagnostics if "刪掉" in each.message.zh or "fn-two" in each.message.zh]
    assert said, [each.message.zh for each in result.diagnostics]
    assert not result.report.has_errors


def test_another_call_of_a_note_that_moved_may_show_its_old_number(
    brief: Callable[..., Source], tmp_path: Path
) -> None:
    """Word has not yet counted again: the second call still says 2 where its note is the first."""
    source = brief(BODY)
    path = tmp_path / "稿.docx"
    path.write_bytes(without_note(word_file(source), "王一"))
    result = import_manuscript(path, name="brief.xml", before=source)
    assert '說到它<xref ref-type="fn" rid="fn-two"/>' in result.brief.decode()
    assert not result.report.has_errors, [each.message.zh for each in result.diagnostics]

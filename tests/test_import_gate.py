# ruff: noqa: E501 (parts of files read best on one line)
"""The gate: what it lets in, and that every hostile or mistaken file is refused in one sentence."""

import io
import os
import struct
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.diagnostics import Diagnostic, ManuscriptError
from pipeline.importing.gate import MOST_BYTES, MOST_TEXT, accept

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
)
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>正文</w:t></w:r></w:p></w:body></w:document>'
ODT = "application/vnd.oasis.opendocument.text"
CONTENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    ' xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text>{}'
    "<text:p>正文</text:p></office:text></office:body></office:document-content>"
)


def relations(*given: str) -> str:
    rows = "".join(f"<Relationship {each}/>" for each in given)
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def docx_parts(**more: str) -> dict[str, str | bytes]:
    return {
        "[Content_Types].xml": TYPES.format(main=MAIN),
        "_rels/.rels": relations(f'Id="r" Type="{OFFICE}/officeDocument" Target="word/document.xml"'),
        "word/document.xml": TEXT,
    }


def odt_parts(inside: str = "") -> dict[str, str | bytes]:
    return {"mimetype": ODT, "content.xml": CONTENT.format(inside)}


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def refusal(path: Path, data: bytes | None = None) -> Diagnostic:
    """The one diagnostic with which a file is refused."""
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ManuscriptError) as caught:
        accept(path)
    (found,) = caught.value.diagnostics
    assert found.place.file == path
    for words in (found.message, found.hint):
        assert words.zh and words.en
        assert "{" not in words.zh + words.en
        assert "\n" not in words.zh + words.en
        assert len(words.en) < 400
    return found


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.docx", zipped(docx_parts()), "docx"),
        ("a.DOCX", zipped(docx_parts()), "docx"),
        ("a.odt", zipped(odt_parts()), "odt"),
        ("a.md", "# 標題\r\n".encode(), "markdown"),
        ("a.html", "<!DOCTYPE html><p>文".encode(), "html"),
        ("a.txt", "文字".encode(), "text"),
    ],
)
def test_a_manuscript_is_let_in_as_what_it_is(tmp_path: Path, name: str, data: bytes, kind: str) -> None:
    (tmp_path / name).write_bytes(data)
    accepted = accept(tmp_path / name)
    assert accepted.kind == kind
    assert bool(accepted.parts) == (kind in ("docx", "odt"))


LINES = "臺灣的社會與經濟在這幾年有很大的改變，\n我們要問的是：這些改變從何而來？\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "big5", "cp950"])
def test_text_is_decoded_where_its_encoding_is_certain(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(LINES.replace("\n", "\r\n").encode(encoding))
    assert accept(path).data.decode() == LINES


def test_circled_figures_in_either_big5(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for encoding in ("big5", "big5hkscs"):
        path.write_bytes(LINES.replace("，", "①").replace("？", "②").encode(encoding))
        assert accept(path).data.decode().count("①") == 1


def test_a_page_says_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.htm"
    path.write_bytes(f'<html><meta charset="big5"><p>{LINES}'.encode("big5"))
    assert LINES in accept(path).data.decode()


@pytest.mark.parametrize("encoding", ["gb18030", "shift_jis", "euc_kr"])
def test_text_in_another_encoding_is_refused_rather_than_guessed(tmp_path: Path, encoding: str) -> None:
    text = {
        "gb18030": "这个国家的经济问题，是从哪里来的？",
        "shift_jis": "日本の経済について考える。",
        "euc_kr": "한국의 경제 문제",
    }
    assert refusal(tmp_path / "a.txt", text[encoding].encode(encoding)).code == "I016"


def test_a_missing_file_a_folder_a_pipe_and_an_empty_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.docx").code == "I001"
    (tmp_path / "folder.docx").mkdir()
    assert refusal(tmp_path / "folder.docx").code == "I002"
    os.mkfifo(tmp_path / "pipe.docx")
    assert refusal(tmp_path / "pipe.docx").code == "I002"
    assert refusal(tmp_path / "empty.docx", b"").code == "I003"
    assert refusal(tmp_path / "blank.txt", b" \r\n\r\n").code == "I003"
    assert refusal(tmp_path / ("長" * 300 + ".docx")).code in ("I001", "I002")
    assert refusal(Path("nul\0.docx")).code == "I002"


def test_a_link_that_the_user_named_is_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.txt").write_text("文字")
    (tmp_path / "b.txt").symlink_to(tmp_path / "elsewhere/a.txt")
    assert accept(tmp_path / "b.txt").data.decode() == "文字"


@pytest.mark.parametrize("name", ["a.docx", "a.txt"])
def test_200_mb_are_refused_at_once(tmp_path: Path, name: str) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(200_000_000)
    begun = time.perf_counter()
    found = refusal(tmp_path / name)
    assert found.code == "I004"
    assert "200 MB" in found.message.zh
    assert time.perf_counter() - begun < 0.1


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"%PDF-1.7", "I005"),
        ("a.rtf", b"{\\rtf1 x}", "I005"),
        ("a.pages", b"PK\x03\x04", "I005"),
        ("noending", b"text", "I005"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "I015"),
        ("a.docm", b"PK\x03\x04", "I010"),
        ("a.docx", b"%PDF-1.7\n%\xe2\xe3", "I006"),
        ("a.docx", b"\x89PNG\r\n\x1a\n", "I006"),
        ("a.docx", b"{\\rtf1 x}", "I006"),
        ("a.docx", "只是文字".encode(), "I006"),
        ("a.docx", zipped({"readme.txt": "hello"}), "I006"),
        ("a.docx", zipped(odt_parts()), "I006"),
        ("a.docx", zipped({**docx_parts(), "[Content_Types].xml": TYPES.format(main="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml")}), "I006"),
        ("a.odt", zipped(docx_parts()), "I006"),
        ("a.odt", zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}), "I006"),
        ("a.txt", b"\x7fELF\x02\x01\x01" + bytes(range(32)), "I006"),
        ("a.txt", zipped(docx_parts()), "I006"),
        ("a.md", b"abc\0\1\2\3def", "I006"),
        ("a.txt", b"<!DOCTYPE html><html><p>x", "I006"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "I015"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "I014"),
        ("a.docx", zipped(docx_parts())[:-40], "I007"),
        ("a.docx", b"PK\x03\x04" + b"x" * 100, "I007"),
    ],
)  # fmt: skip
def test_what_is_not_what_it_says_is_refused_with_the_remedy(
    tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    assert refusal(tmp_path / name, data).code == code


def test_a_wrong_ending_says_the_right_one(tmp_path: Path) -> None:
    assert ".odt" in refusal(tmp_path / "a.docx", zipped(odt_parts())).hint.zh
    assert ".docx" in refusal(tmp_path / "a.odt", zipped(docx_parts())).hint.zh


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    begun = time.perf_counter()
    zeros = zipped({**docx_parts(), "word/media/image1.png": bytes(30_000_000)})
    assert len(zeros) < 100_000
    assert refusal(tmp_path / "a.docx", zeros).code == "I008"
    many = zipped({**docx_parts(), **{f"word/media/{n}.png": b"" for n in range(5_001)}})
    assert refusal(tmp_path / "b.docx", many).code == "I008"
    assert time.perf_counter() - begun < 5


def test_a_directory_that_lies_about_sizes_unpacks_no_more_than_it_says(tmp_path: Path) -> None:
    data = bytearray(zipped({**docx_parts(), "word/media/image1.png": bytes(4_000_000)}))
    true, said = struct.pack("<I", 4_000_000), struct.pack("<I", 10)
    assert data.count(true) == 2
    assert refusal(tmp_path / "a.docx", bytes(data.replace(true, said))).code == "I007"


def test_an_overlapping_zip_is_refused(tmp_path: Path) -> None:
    """Many entries of the directory that all show the same data."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in docx_parts().items():
            archive.writestr(name, content)
        archive.writestr("word/media/0.png", bytes(4_500_000))
        info = archive.infolist()[-1]
        for number in range(1, 200):
            copy = zipfile.ZipInfo(f"word/media/{number}.png")
            for field in ("CRC", "compress_size", "file_size", "header_offset", "compress_type"):
                setattr(copy, field, getattr(info, field))
            archive.filelist.append(copy)
    assert refusal(tmp_path / "a.docx", made.getvalue()).code == "I008"


@pytest.mark.parametrize("name", ["../evil.xml", "word/../../evil.xml", "/etc/passwd", "word\\evil.xml", "c:evil.xml", "word/a\x07.xml"])  # fmt: skip
def test_a_part_with_a_name_that_leads_away_is_refused(tmp_path: Path, name: str) -> None:
    assert refusal(tmp_path / "a.docx", zipped({**docx_parts(), name: "x"})).code == "I009"


@pytest.mark.parametrize("name", ["word/document.xml", "Word/Document.XML"])
def test_a_part_given_twice_is_refused(tmp_path: Path, name: str) -> None:
    data = io.BytesIO(zipped(docx_parts()))
    with zipfile.ZipFile(data, "a") as archive, pytest.warns(UserWarning) if name[0] == "w" else _nothing():
        archive.writestr(name, "<other/>")
    assert refusal(tmp_path / "a.docx", data.getvalue()).code == "I009"


class _nothing:  # noqa: N801
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


@pytest.mark.parametrize(
    "more",
    [
        {"word/vbaProject.bin": b"\xd0\xcf"},
        {"word/macros/vbaProject.bin": b"\xd0\xcf"},
        {"[Content_Types].xml": TYPES.format(main="application/vnd.ms-word.document.macroEnabled.main+xml")},
        {"word/_rels/document.xml.rels": relations('Id="r1" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="renamed.bin"')},
    ],
)  # fmt: skip
def test_macros_are_refused(tmp_path: Path, more: Mapping[str, str | bytes]) -> None:
    assert refusal(tmp_path / "a.docx", zipped({**docx_parts(), **more})).code == "I010"


def related(kind: str, target: str, mode: str = ' TargetMode="External"') -> bytes:
    given = f'Id="r1" Type="{OFFICE}/{kind}" Target="{target}"{mode}'
    return zipped({**docx_parts(), "word/_rels/document.xml.rels": relations(given)})


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "http://evil.example/t.dotm"),
        ("attachedTemplate", "\\\\evil.example\\share\\t.dotm"),
        ("attachedTemplate", "file://evil.example/share/t.dotm"),
        ("image", "http://evil.example/pixel.png"),
        ("image", "file:///etc/passwd"),
        ("oleObject", "file:///c:/x.xls"),
        ("subDocument", "other.docx"),
        ("frame", "http://evil.example/"),
        ("aFChunk", "http://evil.example/x.html"),
    ],
)
def test_what_would_be_loaded_from_outside_is_refused(tmp_path: Path, kind: str, target: str) -> None:
    found = refusal(tmp_path / "a.docx", related(kind, target))
    assert found.code == "I011"
    assert target in found.message.zh


def test_an_address_without_a_mode_is_outside_too(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a.docx", related("image", "http://evil.example/p.png", "")).code == "I011"


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("hyperlink", "https://example.org/"),
        ("hyperlink", "mailto:a@example.org"),
        ("hyperlink", "file:///C:/draft.docx"),
        ("attachedTemplate", "file:///C:\\Users\\lin\\Templates\\Normal.dotm"),
    ],
)
def test_links_and_the_template_on_the_authors_own_disk_are_harmless(
    tmp_path: Path, kind: str, target: str
) -> None:
    (tmp_path / "a.docx").write_bytes(related(kind, target))
    assert accept(tmp_path / "a.docx").kind == "docx"


@pytest.mark.parametrize(
    ("kind", "target"),
    [("oleObject", "embeddings/oleObject1.bin"), ("control", "activeX/activeX1.xml"), ("aFChunk", "chunk.html")],
)
def test_files_inside_the_file_are_refused(tmp_path: Path, kind: str, target: str) -> None:
    assert refusal(tmp_path / "a.docx", related(kind, target, "")).code == "I012"


ENTITY = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("declared", [ENTITY, LAUGHS, "<!DOCTYPE a>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("part", ["word/document.xml", "word/footnotes.xml", "docProps/core.xml", "_rels/.rels"])
def test_declarations_are_refused_in_any_part_and_encoding(
    tmp_path: Path, declared: str, encoding: str, part: str
) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding[:6].strip("-")}"?>{declared}<a>x</a>'.encode(encoding)
    assert refusal(tmp_path / "a.docx", zipped({**docx_parts(), part: xml})).code == "I013"


def test_xml_in_an_encoding_that_hides_declarations_is_refused(tmp_path: Path) -> None:
    hidden = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>'
    assert refusal(tmp_path / "a.docx", zipped({**docx_parts(), "word/document.xml": hidden})).code == "I013"
    wide = '<?xml version="1.0"?><!DOCTYPE a><a/>'.encode("utf-32")
    assert refusal(tmp_path / "a.docx", zipped({**docx_parts(), "word/document.xml": wide})).code == "I013"


def test_a_zip_with_a_password_and_an_encrypted_odt(tmp_path: Path) -> None:
    data = bytearray(zipped(docx_parts()))
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    data[local + 6] |= 1
    data[central + 8] |= 1
    assert refusal(tmp_path / "a.docx", bytes(data)).code == "I014"
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry></m:manifest>'
    )
    encrypted: dict[str, str | bytes] = {
        "mimetype": ODT,
        "META-INF/manifest.xml": manifest,
        "content.xml": b"\x8f\x01\xff\x00\x13",
    }
    assert refusal(tmp_path / "a.odt", zipped(encrypted)).code == "I014"


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ('<draw:frame><draw:image xlink:href="http://evil.example/p.png"/></draw:frame>', "I011"),
        ('<draw:frame><draw:image xlink:href="../../etc/passwd"/></draw:frame>', "I011"),
        ('<text:section><text:section-source xlink:href="file:///etc/passwd"/></text:section>', "I011"),
        ('<draw:frame><draw:object-ole xlink:href="./Object 1"/></draw:frame>', "I012"),
        ('<draw:frame><draw:floating-frame xlink:href="x.html"/></draw:frame>', "I012"),
        ('<script:event-listener xlink:href="vnd.sun.star.script:Standard.M.main"/>', "I010"),
    ],
)
def test_what_an_odt_would_load_or_run_is_refused(tmp_path: Path, inside: str, code: str) -> None:
    assert refusal(tmp_path / "a.odt", zipped(odt_parts(inside))).code == code


def test_macros_and_declarations_in_an_odt(tmp_path: Path) -> None:
    basic = {**odt_parts(), "Basic/Standard/Module1.xml": "<a/>"}
    assert refusal(tmp_path / "a.odt", zipped(basic)).code == "I010"
    declared = {"mimetype": ODT, "content.xml": ENTITY + CONTENT.format("")}
    assert refusal(tmp_path / "b.odt", zipped(declared)).code == "I013"


def test_names_from_inside_cannot_break_the_message(tmp_path: Path) -> None:
    found = refusal(tmp_path / "a.docx", related("image", "http://x/" + "y" * 5000 + "&#10;z"))
    assert len(found.message.zh) < 300


def test_what_to_do_about_a_huge_text_says_nothing_of_pictures(tmp_path: Path) -> None:
    hints = {}
    for name, size in (("a.txt", MOST_TEXT), ("a.docx", MOST_BYTES)):
        path = tmp_path / name
        with path.open("wb") as file:
            file.truncate(size + 1)
        found = refusal(path)
        hints[name] = (found.code, "圖片" in found.hint.zh)
    assert hints == {"a.txt": ("I004", False), "a.docx": ("I004", True)}


def test_binary_data_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc\0\1\2\3def")
    assert "內容卻是二進位資料，不是文字" in refusal(path).message.zh

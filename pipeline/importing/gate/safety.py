"""The parts of a DOCX or ODT, unpacked and looked through: what would run, fetch, hide or overflow is refused."""

import io
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from pipeline.diagnostics import ManuscriptError, Words
from pipeline.importing.gate import refusals
from pipeline.importing.gate.package import BadPartError, Element, Package, parsed
from pipeline.importing.gate.refusals import refused
from pipeline.unpack import UnpackError, unpack

MOST_PARTS = 5_000
MOST_UNPACKED = 250_000_000
"""What all parts may hold together, in bytes."""
MOST_XML = 60_000_000
"""What the XML parts may hold together, in bytes; a book of a million characters has 20 MB."""
_MOST_RATIO, _RATIO_FROM = 150, 5_000_000
"""How often a part may be longer than when packed, from what size on; deflate reaches 1,032."""

_ENCRYPTED = re.compile(rb"<[\w-]*:?(?:encryption-data|keyinfo)\b")
_TEXT = "application/vnd.oasis.opendocument.text"
_WORD_MAIN = re.compile(r"wordprocessingml\.(?:document|template)\.main\+xml$")
_XML = (".xml", ".rels", ".vml", ".rdf")
_DECLARED = re.compile(r"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)")
_ENCODED = re.compile(r"^\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)[\"']")
_ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"})
_LOCAL_TEMPLATE = re.compile(r"(?:file:/{0,3})?[A-Za-z]:[\\/]|[^\\/:]+$")

_EMBEDDED = {
    "oleObject": Words("OLE物件", "an OLE object"),
    "control": Words("ActiveX控制項", "an ActiveX control"),
    "activeXControlBinary": Words("ActiveX控制項", "an ActiveX control"),
    "aFChunk": Words("另一份文件（altChunk）", "another document (altChunk)"),
    "subDocument": Words("子文件", "a subdocument"),
}
_LOADED = {
    "attachedTemplate": Words("範本", "a template"),
    "image": Words("圖片", "a picture"),
    "oleObject": Words("OLE物件", "an OLE object"),
    "subDocument": Words("子文件", "a subdocument"),
    "frame": Words("頁框", "a frame"),
    "aFChunk": Words("另一份文件", "another document"),
    "video": Words("影片", "a video"),
}
_SOMETHING = Words("資料", "data")
_MACRO_PARTS = re.compile(r"(?:^|/)(?:vbaProject[^/]*\.bin|vbaData\.xml)$|^(?:Basic|Scripts)/.", re.IGNORECASE)


def parts(path: Path, data: bytes, kind: Literal["docx", "odt"]) -> Mapping[str, bytes]:
    """The parts of a manuscript by name. Raises `ManuscriptError` with one refusal."""
    _measure(path, data)
    try:
        unpacked = unpack(data)
    except (UnpackError, MemoryError) as error:
        raise refused(refusals.DAMAGED, path, reason=str(error)) from None
    manifest = unpacked.get("META-INF/manifest.xml", b"")
    if "encrypted-package" in unpacked or _ENCRYPTED.search(manifest):
        raise refused(refusals.PASSWORD, path)
    _refuse_other_kinds(path, unpacked, kind)
    for name, part in unpacked.items():
        if name.lower().endswith(_XML) or name == "mimetype":
            _refuse_declarations(path, name, part)
    macro = next((name for name in unpacked if _MACRO_PARTS.search(name)), None)
    if macro:
        raise refused(refusals.MACROS, path, part=macro)
    try:
        (_refuse_in_word if kind == "docx" else _refuse_in_opendocument)(path, unpacked)
    except BadPartError as error:
        raise refused(refusals.DAMAGED, path, reason=str(error)) from None
    return unpacked


def _measure(path: Path, data: bytes) -> None:
    """Refuse by the directory of the zip, before anything is unpacked. Inflating stops where its sizes end."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (
        zipfile.BadZipFile,
        struct.error,
        OSError,
        ValueError,
        IndexError,
        NotImplementedError,
        OverflowError,
    ) as error:
        raise refused(refusals.DAMAGED, path, reason=str(error)) from None
    if len(infos) > MOST_PARTS:
        raise refused(refusals.BOMB, path, reason=Words(f"有{len(infos):,}個部分", f"{len(infos):,} parts"))
    total = sum(info.file_size for info in infos)
    xml = sum(info.file_size for info in infos if info.filename.lower().endswith(_XML))
    swollen = [
        info for info in infos
        if info.file_size > _RATIO_FROM and info.file_size > _MOST_RATIO * max(info.compress_size, 1)
    ]  # fmt: skip
    if total > MOST_UNPACKED or xml > MOST_XML or swollen:
        megabytes = f"{-(-total // 1_000_000):,} MB"
        raise refused(refusals.BOMB, path, reason=Words(f"有{megabytes}", megabytes))
    if any(info.flag_bits & 0x1 for info in infos):
        raise refused(refusals.PASSWORD, path)
    seen: set[str] = set()
    for info in infos:
        if is_unsafe(info.orig_filename) or info.filename.lower() in seen:
            raise refused(refusals.NAMES, path, part=info.orig_filename)
        seen.add(info.filename.lower())


def is_unsafe(name: str) -> bool:
    """Whether a part has a name that leads out of the file or that no program writes."""
    steps = name.removesuffix("/").split("/")
    return (
        not name
        or len(name) > 255
        or any(step in ("", ".", "..") for step in steps)
        or any(char in name for char in '\\:<>|"*?')
        or not name.isprintable()
    )


def _refuse_other_kinds(path: Path, unpacked: Mapping[str, bytes], kind: str) -> None:
    """Another kind of zip than the ending says."""
    mimetype = unpacked.get("mimetype", b"").strip().decode("ascii", "replace")
    is_word = "[Content_Types].xml" in unpacked
    if kind == "odt" and mimetype == _TEXT and "content.xml" in unpacked:
        return
    if kind == "docx" and is_word and not mimetype:
        return
    if mimetype == _TEXT:
        what, remedy = Words("ODT文件", "an ODT document"), Words("副檔名改為.odt", "call it .odt")
    elif mimetype:
        what = Words("另一種文件", f"another kind of document ({mimetype[:60]})")
        remedy = Words("另存為.docx或.odt", "save it as .docx or .odt")
    elif any(name.startswith("word/") for name in unpacked) and is_word:
        what, remedy = Words("Word文件", "a Word document"), Words("副檔名改為.docx", "call it .docx")
    else:
        what = Words("一般的壓縮檔（zip）", "a plain zip archive")
        remedy = Words("先解壓縮，再匯入裡面的稿件", "unpack it and import the manuscript in it")
    raise refused(refusals.MISNAMED, path, ending=f".{kind}", what=what, remedy=remedy)


def _refuse_declarations(path: Path, name: str, part: bytes) -> None:
    """DOCTYPE and entities, in UTF-8 and UTF-16; XML in another encoding could hide them."""
    encoding = "utf-8"
    if part.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in part[:4]:
        encoding = "utf-16-le" if part[1:2] == b"\0" else "utf-16-be"
    try:
        text = part.decode(encoding)
    except UnicodeDecodeError:
        text = ""
    said = _ENCODED.match(text.removeprefix("\ufeff"))
    if (not text and part) or "\0" in text or (said and said[1].lower() not in _ENCODINGS):
        what = Words("認不出的編碼", "an encoding that is not known")
        raise refused(refusals.ENTITIES, path, part=name, what=what)
    if _DECLARED.search(text):
        raise refused(refusals.ENTITIES, path, part=name, what=Words("DOCTYPE或實體宣告", "a DOCTYPE or entities"))


def _refuse_in_word(path: Path, unpacked: Mapping[str, bytes]) -> None:
    """Macros by type, what is loaded from outside, and other files inside."""
    package = Package(unpacked)
    types = package.root("[Content_Types].xml")
    said = [(each.get("ContentType", ""), each) for each in (types if types is not None else ())]
    for kind, each in said:
        if "macroenabled" in kind.lower() or "vbaproject" in kind.lower():
            raise refused(refusals.MACROS, path, part=each.get("PartName") or each.get("Extension") or kind)
    if not any(_WORD_MAIN.search(kind) for kind, _ in said):
        what = Words("別種Office檔", "a file of another Office program")
        remedy = Words("另存為Word文件（.docx）", "save it as a Word document (.docx)")
        raise refused(refusals.MISNAMED, path, ending=".docx", what=what, remedy=remedy)
    for name in unpacked:
        if name.endswith(".rels"):
            for error in _relations(path, parsed(name, unpacked[name])):
                raise error


def _relations(path: Path, root: Element) -> Iterator[ManuscriptError]:
    for each in root.iter():
        kind, target = str(each.get("Type", "")).rpartition("/")[2], str(each.get("Target", ""))
        is_outside = each.get("TargetMode", "").lower() == "external" or re.match(
            r"[A-Za-z][\w+.-]+:|\\\\|//", target
        )
        if kind in ("vbaProject", "wordVbaData", "attachedToolbars"):
            yield refused(refusals.MACROS, path, part=target)
        elif is_outside and not (
            kind == "hyperlink" or (kind == "attachedTemplate" and _LOCAL_TEMPLATE.match(target))
        ):
            yield refused(refusals.EXTERNAL, path, what=_LOADED.get(kind, _SOMETHING), target=target)
        elif kind in _EMBEDDED:
            yield refused(refusals.EMBEDDED, path, what=_EMBEDDED[kind], part=target)


_HREF = "{http://www.w3.org/1999/xlink}href"
_LOADING = frozenset(
    {
        "image",
        "fill-image",
        "object",
        "object-ole",
        "section-source",
        "plugin",
        "floating-frame",
        "applet",
        "background-image",
    }
)
_OBJECTS = frozenset({"object-ole", "plugin", "floating-frame", "applet"})


def _refuse_in_opendocument(path: Path, unpacked: Mapping[str, bytes]) -> None:
    """Macros, what is loaded from outside, and other files inside."""
    for name in ("content.xml", "styles.xml", "settings.xml"):
        if name not in unpacked:
            continue
        for each in parsed(name, unpacked[name]).iter():
            local, target = _name(each), each.get(_HREF, "")
            if local == "event-listener" and ("script" in target.lower() or "macro" in target.lower()):
                raise refused(refusals.MACROS, path, part=target)
            if local in _LOADING and (":" in target or target.startswith(("/", "\\", "../"))):
                what = _LOADED.get(local.removeprefix("fill-").removeprefix("background-"), _SOMETHING)
                raise refused(refusals.EXTERNAL, path, what=what, target=target)
            if local in _OBJECTS:
                raise refused(refusals.EMBEDDED, path, what=_EMBEDDED["oleObject"], part=target or local)


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]

"""The gate: a manuscript is let in as the kind of file that it says it is, and that can do no harm, or refused.

Nothing is unpacked before its size is known, and no part is parsed before `gate.safety` has seen it.
"""

import codecs
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.diagnostics import Words
from pipeline.importing.document import Kind
from pipeline.importing.gate import refusals, safety
from pipeline.importing.gate.refusals import refused

MOST_BYTES = 100_000_000
"""The largest manuscript, in bytes."""
MOST_TEXT = 20_000_000
"""The largest manuscript of plain text, Markdown or HTML, in bytes."""

ENDINGS: Mapping[str, Kind] = {
    ".docx": "docx", ".odt": "odt", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".txt": "text",
}  # fmt: skip
"""The kinds of manuscripts by the ending of their name."""


@dataclass(frozen=True)
class Accepted:
    """A manuscript that was let in.

    `data` of a text is UTF-8 with `\\n` at line ends, whatever it came in; `parts` are those of a DOCX or ODT.
    """

    kind: Kind
    data: bytes
    path: Path
    parts: Mapping[str, bytes] = field(default_factory=dict)


def accept(path: Path) -> Accepted:
    """Let a manuscript in. Raises `ManuscriptError` with one refusal (I001–I016)."""
    ending = path.suffix.lower()
    kind = ENDINGS.get(ending)
    data = _bytes(path, MOST_TEXT if kind in ("markdown", "html", "text") else MOST_BYTES)
    found = _content(data)
    if kind is None:
        raise _unknown(path, ending, found)
    if kind in ("docx", "odt"):
        if found is not _ZIP:
            raise _misnamed(path, ending, found, data)
        return Accepted(kind, data, path, safety.parts(path, data, kind))
    if found is not None:
        raise _misnamed(path, ending, found, data)
    text = decoded(data, html=kind == "html")
    if text is None:
        raise _no_text(path, ending, data)
    if kind != "html" and _PAGE.match(text):
        raise refused(refusals.MISNAMED, path, ending=ending, what=_HTML, remedy=_rename(".html"))
    if not text.strip():
        raise refused(refusals.EMPTY, path)
    return Accepted(kind, text.encode(), path)


def _bytes(path: Path, limit: int) -> bytes:
    """The bytes of a regular file; its size is known before it is read."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            folder = stat.S_ISDIR(about.st_mode)
            reason = (
                Words("它是資料夾", "it is a folder")
                if folder
                else Words("它不是一般檔案", "it is no regular file")
            )
            raise refused(refusals.NO_FILE, path, reason=reason)
        size = about.st_size
        if size <= limit:
            with path.open("rb") as file:
                data = file.read(limit + 1)
            size = len(data)
        if size > limit:
            megabytes = -(-size // 1_000_000)
            remedy = _WRONG_FILE if limit == MOST_TEXT else _SMALLER
            raise refused(refusals.TOO_LARGE, path, size=megabytes, limit=limit // 1_000_000, remedy=remedy)
    except FileNotFoundError:
        raise refused(refusals.MISSING, path) from None
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise refused(refusals.NO_FILE, path, reason=said) from None
    if not data:
        raise refused(refusals.EMPTY, path)
    return data


_SMALLER = Words(
    "在Word裡用「圖片格式→壓縮圖片」縮小圖片，或把圖片另外寄",
    "compress the pictures in Word (Picture Format, Compress Pictures), or send them apart",
)
_WRONG_FILE = Words(
    "純文字的稿件不會這麼大，看看是不是選錯了檔案",
    "no manuscript in plain text is so large: see whether it is the right file",
)
_ZIP = Words("壓縮檔（zip）", "a zip archive")
_OLE = Words("舊版Office檔", "a file of an old Office")
_PDF = Words("PDF", "a PDF")
_RTF = Words("RTF", "an RTF file")
_PICTURE = Words("圖片", "a picture")
_ARCHIVE = Words("壓縮檔", "an archive")
_PROGRAM = Words("程式", "a program")
_HTML = Words("網頁（HTML）", "a web page (HTML)")
_TEXT = Words("文字", "text")
_BINARY = Words("二進位資料，不是文字", "binary data, no text")
_BEGINNINGS: tuple[tuple[bytes, Words], ...] = (
    (b"PK\x03\x04", _ZIP), (b"PK\x05\x06", _ZIP), (b"PK\x07\x08", _ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE), (b"%PDF-", _PDF), (b"{\\rtf", _RTF),
    (b"\x89PNG", _PICTURE), (b"\xff\xd8\xff", _PICTURE), (b"GIF8", _PICTURE), (b"BM6", _PICTURE),
    (b"II*\0", _PICTURE), (b"MM\0*", _PICTURE), (b"\0\0\1\0", _PICTURE), (b"8BPS", _PICTURE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE), (b"Rar!", _ARCHIVE), (b"\x1f\x8b", _ARCHIVE), (b"BZh", _ARCHIVE),
    (b"\xfd7zXZ", _ARCHIVE), (b"MZ", _PROGRAM), (b"\x7fELF", _PROGRAM),
)  # fmt: skip


def _content(data: bytes) -> Words | None:
    """What the bytes begin like; None where they may be text."""
    found = next((what for start, what in _BEGINNINGS if data.startswith(start)), None)
    if found is _PROGRAM and b"\0" not in data[:4096]:
        return None
    if found is None and data[:1024].lstrip().startswith(b"%PDF-"):
        return _PDF
    return found


_SAVE_DOCX = Words("用Word或LibreOffice打開，另存為.docx", "open it in Word or LibreOffice and save it as .docx")
_ASK = Words("請作者寄原來的Word檔（.docx）", "ask the author for the Word file (.docx) it was made from")
_REMEDIES: Mapping[Words, Words] = {
    _PDF: _ASK,
    _PICTURE: _ASK,
    _RTF: _SAVE_DOCX,
    _ZIP: Words("先解壓縮，再匯入裡面的稿件", "unpack it and import the manuscript in it"),
    _ARCHIVE: Words("先解壓縮，再匯入裡面的稿件", "unpack it and import the manuscript in it"),
    _PROGRAM: Words("不要打開它，請作者再寄一次", "do not open it, and have the author send the manuscript again"),
    _TEXT: Words("副檔名改為.txt，或請作者寄Word檔", "call it .txt, or ask the author for the Word file"),
    _HTML: Words("副檔名改為.html", "call it .html"),
}
_ENDINGS_KNOWN: Mapping[str, Words] = {
    ".rtf": _RTF, ".pdf": _PDF,
    ".dotx": Words("Word範本", "a Word template"), ".pages": Words("Pages檔", "a Pages file"),
    ".wps": Words("WPS文字檔", "a WPS file"), ".fodt": Words("單一XML的ODT", "a flat ODT"),
    ".ott": Words("ODT範本", "an ODT template"), ".tex": Words("LaTeX檔", "a LaTeX file"),
    ".epub": Words("EPUB電子書", "an EPUB"), ".xlsx": Words("Excel檔", "an Excel file"),
    ".pptx": Words("PowerPoint檔", "a PowerPoint file"), ".mht": Words("單一檔案網頁", "a web archive"),
}  # fmt: skip


def _unknown(path: Path, ending: str, found: Words | None) -> Exception:
    """The refusal of a file whose ending is none of ours."""
    if ending in (".docm", ".dotm"):
        return refused(refusals.MACROS, path, part=ending)
    if ending in (".doc", ".dot") and found in (_OLE, None):
        return refused(refusals.OLD_WORD, path)
    what = _ENDINGS_KNOWN.get(ending) or found
    what = what or (
        Words(f"{ending}檔", f"a {ending} file")
        if ending
        else Words("沒有副檔名的檔案", "a file without an ending")
    )
    return refused(refusals.UNKNOWN, path, what=what, remedy=_REMEDIES.get(what, _SAVE_DOCX))


def _misnamed(path: Path, ending: str, found: Words | None, data: bytes) -> Exception:
    """The refusal of a file that is something else than its ending says."""
    if found is _OLE:
        is_encrypted = "EncryptedPackage".encode("utf-16-le") in data
        return refused(refusals.PASSWORD if is_encrypted else refusals.OLD_WORD, path)
    if found is None:
        text = decoded(data, html=False)
        found = _BINARY if text is None else _HTML if _PAGE.match(text) else _TEXT
    return refused(refusals.MISNAMED, path, ending=ending, what=found, remedy=_REMEDIES.get(found, _ASK))


def _rename(ending: str) -> Words:
    return Words(f"副檔名改為{ending}", f"call it {ending}")


def _no_text(path: Path, ending: str, data: bytes) -> Exception:
    """The refusal of what can't be decoded: binary data, or an encoding that isn't known."""
    if b"\0" in data[:65536] and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return refused(refusals.MISNAMED, path, ending=ending, what=_BINARY, remedy=_ASK)
    return refused(refusals.ENCODING, path)


_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]+)", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_OURS = {"big5": "cp950", "big5-hkscs": "big5hkscs", "x-x-big5": "cp950", "gb2312": "gb18030", "gbk": "gb18030"}


def decoded(data: bytes, *, html: bool) -> str | None:
    """Text as UTF-8, UTF-16 with a mark, what an HTML page says, or Big5 where that is certain; None for the rest.

    Line ends are `\\n`; control characters make it no text.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _plain(data, name)
    text = _plain(data, "utf-8")
    if text is None and html:
        said = _CHARSET.search(data[:4096])
        name = said[1].decode().lower() if said else ""
        if name not in (
            "",
            "utf-8",
            "utf-16",
            "utf-7",
            "idna",
            "punycode",
            "unicode_escape",
            "raw_unicode_escape",
        ):
            text = _plain(data, _OURS.get(name, name))
    if text is None and b"\0" in data[:4096]:
        text = _chinese(_plain(data, "utf-16-le")) or _chinese(_plain(data, "utf-16-be"))
    return text if text is not None else _big5(data)


def _plain(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError):
        return None
    if not isinstance(text, str):
        return None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a")
    text = text.replace("\f", "\n").replace("\v", "\n")
    return None if _CONTROL.search(text) else text


def _chinese(text: str | None) -> str | None:
    """A text that was decoded by a guess, if nearly all of it is Han, Latin and their punctuation."""
    if not text:
        return None
    return text if len(_USUAL.findall(text)) >= 0.98 * len(text) else None


_USUAL = re.compile(
    "[\n\t -~\u2010-\u2027\u2460-\u2473\u2500-\u2502\u2550\u3000-\u303f\u3105-\u312f\u4e00-\u9fff\uff01-\uff5e]"
)
"""What Chinese texts are written with, ① and lines too."""


def _big5(data: bytes) -> str | None:
    """Big5, where nearly all Han are among its 5,401 frequent ones (lead bytes A4–C6); other encodings' aren't.

    The Big5 of Windows has no C6A1 (①), that of ETEN and Hong Kong has.
    """
    for encoding in ("cp950", "big5hkscs"):
        text = _plain(data, encoding)
        if text is None:
            continue
        han = (char.encode(encoding) for char in text if "\u4e00" <= char <= "\u9fff")
        leads = [pair[0] for pair in han if len(pair) == 2]
        frequent = sum(0xA4 <= lead <= 0xC6 for lead in leads)
        if len(leads) >= 4 and frequent >= 0.9 * len(leads) and _chinese(text):
            return text
    return None

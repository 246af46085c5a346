"""Rules about the files a brief or an issue names: they exist inside the folder, and are harmless.

Every path is resolved, symbolic links included, before anything is opened; a picture is decoded only when its
header says that it is not too large.
"""

import io
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path, PurePosixPath

from lxml import etree
from PIL import Image, ImageFile

from pipeline.diagnostics import Code, Words
from pipeline.parse import HREF, Source
from pipeline.validate.rules import Findings, elements, rule

MAX_PICTURE_BYTES = 20 * 1024 * 1024
"""Largest picture file, in bytes."""

MAX_PICTURE_PIXELS = 50_000_000
"""Most pixels of a picture: A4 at 600 dpi has 35 million."""

MAX_SVG_BYTES = 4 * 1024 * 1024
"""Largest SVG file, in bytes."""

MAX_SVG_ELEMENTS = 100_000
"""Most elements of an SVG once every `use` is drawn; nested ones double with each level."""

MAX_JPEG_SCANS = 100
"""Most scans of a progressive JPEG, which usually has ten; each is decoded over the whole picture."""

SVG = "{http://www.w3.org/2000/svg}"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_NOT_IN_NAMES = re.compile(r"[\\%?#<>|*\x00-\x1f\x7f]")
_SUFFIXES = {"PNG": (".png",), "JPEG": (".jpg", ".jpeg"), "SVG": (".svg",)}
_LENGTH = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*[A-Za-z%]*\s*")
_UNPACKED = 1024 * 1024
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""The passes of an interlaced PNG: first column, first row, and the steps between them."""

_EXTERNAL_CSS = re.compile(r"@import|image-set\s*\(|\bsrc\s*\(|\\|url\(\s*['\"]?\s*(?!#|['\"]?\s*#)", re.I)
_EMBEDDED = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]*", re.I)
_ACTIVE = {"script", "foreignObject", "iframe", "embed", "object", "audio", "video", "handler", "listener"}
_ANIMATED = {"animate", "set", "animateMotion", "animateTransform", "discard"}


def _figure(href: str) -> str:
    """An extract for a rule about pictures."""
    caption = "<caption><title>甲</title></caption><alt-text>甲</alt-text>"
    return f'<fig>{caption}<graphic xlink:href="{href}"/></fig>'


_SAFE = Words(
    "別人寄來的稿件可能指到機器上其他的檔案；只有這一期資料夾裡的檔案才會打開。",
    "A manuscript from elsewhere could name other files of this machine; only the issue's folder is opened.",
)
_SVG_SAFE = Words(
    "SVG能執行程式、讀取外部檔案；只收單純的圖（SVG 2，secure static mode）。",
    "SVG can run scripts and load files; only plain drawings are accepted (SVG 2, secure static mode).",
)


@dataclass(frozen=True)
class NamedFile:
    """A file that an attribute names: the element, the attribute and its value."""

    node: etree._Element
    attribute: str
    href: str


def _named_files(source: Source) -> Iterator[NamedFile]:
    attributes = {"graphic": HREF, "cover-picture": "href", "brief": "href"}
    for node in elements(source, *attributes):
        attribute = attributes[str(node.tag)]
        if href := node.get(attribute):
            yield NamedFile(node, attribute, href)


def _is_remote(href: str) -> bool:
    return _SCHEME.match(href) is not None


def _is_spelt_oddly(href: str) -> bool:
    return not _is_remote(href) and (_NOT_IN_NAMES.search(href) is not None or href != href.strip())


def _leaves(href: str, folder: Path) -> bool:
    """Whether a path leads out of the folder, by `..`, as an absolute path or over a symbolic link."""
    path = PurePosixPath(href)
    if path.is_absolute() or ".." in path.parts:
        return True
    try:
        return not (folder / path).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name too long: R050 says so
        return False


def _inside(href: str, folder: Path) -> Path | None:
    """The file, when it exists inside the folder."""
    if _is_remote(href) or _is_spelt_oddly(href) or _leaves(href, folder):
        return None
    try:
        path = (folder / href).resolve()
        return path if path.is_file() else None
    except (OSError, RuntimeError, ValueError):
        return None


@rule(
    Code(
        "R050",
        title=Words("找不到檔案", "file not found"),
        message=Words("這一期的資料夾裡沒有「{href}」", "there is no file {href} in the folder of this issue"),
        hint=Words("{advice}", "{advice}"),
        why=Words("名單上的檔案與圖都必須隨稿附上。", "Every file that is named comes with the manuscript."),
        bad=_figure("figures/mpa.png"),
        good=_figure("figures/map.png"),
    ),
    within="section",
)
def file_missing(source: Source, folder: Path) -> Findings:
    """A picture or a brief that isn't there."""
    for named in _named_files(source):
        href = named.href
        unreachable = _is_remote(href) or _is_spelt_oddly(href) or _leaves(href, folder)
        if not unreachable and _inside(href, folder) is None:
            advice = _similar(href, folder)
            yield source.attribute_place(named.node, named.attribute), {"href": href, "advice": advice}


def _similar(href: str, folder: Path) -> Words:
    """What may be meant: a file of nearly the same name, there or in figures/; else what to do."""
    path, wanted = folder / href, PurePosixPath(href).name
    try:
        if path.exists():
            return Words("這個名字是資料夾或裝置，不是檔案", "that is a folder or a device, not a file")
        inside = path.parent.is_dir() and path.parent.resolve().is_relative_to(folder.resolve())
        names = sorted(each.name for each in path.parent.iterdir()) if inside else []
        in_figures = (folder / "figures" / wanted).is_file()
    except OSError:
        names, in_figures = [], False
    if wanted in names:
        return Words("這個檔案是壞掉的連結：換成檔案本身", "that is a broken link: put the file there")
    for name in names:
        if name.lower() == wanted.lower():
            return Words(f"檔名的大小寫不同：資料夾裡是「{name}」", f"the case differs: the folder has {name}")
    if in_figures:
        return Words(f"資料夾裡有「figures/{wanted}」", f"there is figures/{wanted}")
    if close := get_close_matches(wanted, names, n=1, cutoff=0.75):
        return Words(
            f"是不是「{close[0]}」？不是的話，把檔案放進資料夾", f"did you mean {close[0]}? Else add the file"
        )
    return Words("把檔案放進資料夾，或改正檔名", "add the file, or correct its name")


@rule(
    Code(
        "R051",
        title=Words("檔案在資料夾之外", "file outside the folder"),
        message=Words("「{href}」不在這一期的資料夾裡", "{href} is not inside the folder of this issue"),
        hint=Words("把檔案複製進資料夾，{written}", "copy the file into the folder and write {written}"),
        why=_SAFE,
        bad=_figure("../secret.png"),
        good=_figure("figures/map.png"),
    ),
    within="section",
)
def file_outside(source: Source, folder: Path) -> Findings:
    """A path with `..`, an absolute path, or a symbolic link that leads out."""
    for named in _named_files(source):
        href = named.href
        if not _is_remote(href) and not _is_spelt_oddly(href) and _leaves(href, folder):
            place = source.attribute_place(named.node, named.attribute)
            yield place, {"href": href, "written": _written(named)}


def _written(named: NamedFile) -> Words:
    """How the name of a file is written once the file is in the folder."""
    if named.node.tag == "brief":
        return Words("href 只寫檔名", "just its name")
    return Words("寫成 figures/檔名", "figures/name")


@rule(
    Code(
        "R052",
        title=Words("檔案在網路上", "remote file"),
        message=Words("「{href}」不是資料夾裡的檔案", "{href} is not a file of the folder"),
        hint=Words("把檔案存進資料夾，{written}", "save the file into the folder and write {written}"),
        why=Words(
            "出版時不連網路：網路上的檔案隨時會變，也可能有害。",
            "Building never uses the network: what is there may change, or do harm.",
        ),
        bad="<fig><caption><title>甲</title></caption><alt-text>甲</alt-text>"
        '<graphic xlink:href="https://example.org/a.png"/></fig>',
        good=_figure("figures/map.png"),
    ),
    within="section",
)
def file_remote(source: Source, _folder: Path) -> Findings:
    """A path with a scheme (http:, data:, file:) or a host."""
    for named in _named_files(source):
        if _is_remote(named.href):
            place = source.attribute_place(named.node, named.attribute)
            yield place, {"href": named.href[:60], "written": _written(named)}


@rule(
    Code(
        "R053",
        title=Words("檔名有不可用的字元", "file name with special characters"),
        message=Words(
            "檔名「{href}」有不可用的字元：{bad}",
            "the file name {href} has a character that can't be used: {bad}",
        ),
        hint=Words(
            "檔名用字母、數字、中文字、- 與 _，資料夾之間用 /",
            "use letters, digits, - and _, and / between folders",
        ),
        why=Words(
            "% ? # \\ 在網址裡另有意義，電子書與網頁會找錯檔案。",
            "% ? # and \\ mean something else in addresses, so that editions would look for other files.",
        ),
        bad=_figure("figures\\map.png"),
        good=_figure("figures/map.png"),
    ),
    within="section",
)
def file_spelt_oddly(source: Source, _folder: Path) -> Findings:
    """A path with characters that mean something in URLs or on other systems."""
    for named in _named_files(source):
        if _is_spelt_oddly(named.href):
            place = source.attribute_place(named.node, named.attribute)
            yield place, {"href": named.href, "bad": _bad_character(named.href)}


def _bad_character(href: str) -> Words:
    """The first character that keeps a path out, by its number where it can't be seen."""
    found = _NOT_IN_NAMES.search(href)
    if found is None:
        return Words("開頭或結尾的空白", "a blank at its start or end")
    shown = found[0] if found[0].isprintable() else f"U+{ord(found[0]):04X}"
    return Words(shown, shown)


@rule(
    Code(
        "R054",
        title=Words("文章列了兩次", "brief listed twice"),
        message=Words("「{href}」在目次裡出現兩次", "{href} is listed twice"),
        hint=Words("刪去多的一行", "delete one of the two"),
        why=Words("同一篇文章只刊一次。", "A brief is printed once."),
        bad='<brief href="brief-1.xml"/><brief href="./brief-1.xml"/>',
        good='<brief href="brief-1.xml"/>',
    ),
    within="contents",
)
def listed_twice(issue: Source, folder: Path) -> Findings:
    """Two `brief` elements that name the same file, perhaps spelt differently."""
    met: set[str] = set()
    for brief in elements(issue, "brief"):
        href = brief.get("href", "")
        same = str(_inside(href, folder) or PurePosixPath(href))
        if href and same in met:
            yield issue.attribute_place(brief, "href"), {"href": href}
        met.add(same)


_SAVE_AS = Words(
    "另存成PNG、JPEG或SVG（只改副檔名沒有用）", "save it as PNG, JPEG or SVG (renaming it doesn't help)"
)
_EXPORT_AGAIN = Words("從原來的軟體重新匯出，或請作者再寄一次", "export it again, or ask the author for it")
_DRAWING_SIZE = Words(
    "在繪圖軟體裡把頁面調成圖的大小，再「另存為純SVG」", "fit the page to the drawing and save as plain SVG"
)


@dataclass(frozen=True)
class PictureProblem:
    """What is wrong with a picture: the code that says it, why, and what to do (for R055)."""

    code: str
    reason: Words
    remedy: Words = _SAVE_AS


def _pictures(source: Source, folder: Path, code: str) -> Findings:
    """The pictures of a file that have the problem with that code."""
    for named in _named_files(source):
        path = _inside(named.href, folder) if named.node.tag != "brief" else None
        problem = picture_problem(path) if path else None
        if problem and problem.code == code:
            place = source.attribute_place(named.node, named.attribute)
            yield place, {"href": named.href, "reason": problem.reason, "remedy": problem.remedy}


@rule(
    Code(
        "R055",
        title=Words("不是可用的圖檔", "not a usable picture"),
        message=Words("「{href}」{reason}", "{href} {reason}"),
        hint=Words("{remedy}", "{remedy}"),
        why=Words(
            "各種版本都能顯示的只有PNG、JPEG與SVG；種類看內容，不看副檔名。",
            "Every edition can show PNG, JPEG and SVG; the content decides, not the name.",
        ),
        bad=_figure("figures/text.png"),
        good=_figure("figures/map.png"),
    ),
    within="section",
)
def not_a_picture(source: Source, folder: Path) -> Findings:
    """A file that isn't PNG, JPEG or SVG, that is damaged, or an SVG of no size."""
    return _pictures(source, folder, "R055")


@rule(
    Code(
        "R056",
        title=Words("圖檔太大", "picture too large"),
        message=Words("「{href}」太大：{reason}", "{href} is too large: {reason}"),
        hint=Words("縮小到實際印刷的尺寸（300 dpi）再存檔", "scale it down to its printed size at 300 dpi"),
        why=Words(
            "過大的圖拖慢電子書；幾KB的檔案也能展開成好幾GB，把機器塞滿。",
            "Huge pictures slow the editions; a few kilobytes can unpack to gigabytes.",
        ),
        bad=_figure("figures/bomb.png"),
        good=_figure("figures/map.png"),
    ),
    within="section",
)
def picture_too_large(source: Source, folder: Path) -> Findings:
    """A picture with too many bytes, pixels or repeated elements."""
    return _pictures(source, folder, "R056")


@rule(
    Code(
        "R057",
        title=Words("SVG裡有不安全的內容", "unsafe SVG"),
        message=Words("「{href}」{reason}", "{href} {reason}"),
        hint=Words(
            "在繪圖軟體裡嵌入圖片、把文字轉成外框，再「另存為純SVG」",
            "embed the pictures, turn text into outlines, and save as plain SVG",
        ),
        why=_SVG_SAFE,
        bad=_figure("figures/script.svg"),
        good=_figure("figures/plan.svg"),
    ),
    within="section",
)
def unsafe_svg(source: Source, folder: Path) -> Findings:
    """An SVG with a DOCTYPE, a script, or anything that is loaded from outside."""
    return _pictures(source, folder, "R057")


@rule(
    Code(
        "R058",
        title=Words("副檔名與圖檔不符", "picture with the wrong suffix"),
        message=Words("「{href}」的內容是{kind}", "{href} is a {kind} file"),
        hint=Words(
            "把檔名改成以 {suffix} 結尾，這裡也跟著改",
            "give the file a name that ends in {suffix}, and write it here",
        ),
        why=Words(
            "閱讀程式與網站依副檔名判斷圖檔的種類，不符就顯示不出來。",
            "Reading systems and servers go by the suffix; a picture with another one isn't shown.",
        ),
        bad=_figure("figures/drawing.png"),
        good=_figure("figures/plan.svg"),
    ),
    within="section",
)
def wrong_suffix(source: Source, folder: Path) -> Findings:
    """A usable picture whose file name says that it is another kind, or no kind that an edition takes."""
    for named in _named_files(source):
        path = _inside(named.href, folder) if named.node.tag != "brief" else None
        if path is None or picture_problem(path) is not None:
            continue
        kind = picture_kind(path)
        suffixes = _SUFFIXES[kind] if kind else ()
        if suffixes and PurePosixPath(named.href).suffix.lower() not in suffixes:
            place = source.attribute_place(named.node, named.attribute)
            yield place, {"href": named.href, "kind": kind, "suffix": suffixes[0]}


def picture_kind(path: Path) -> str | None:
    """PNG, JPEG or SVG, told from the first bytes, never from the name; None for anything else."""
    with path.open("rb") as file:
        head = file.read(64)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    return "SVG" if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") else None


def picture_problem(path: Path) -> PictureProblem | None:
    """What keeps a picture out, or None. Every rule about pictures asks; the file is decoded once."""
    try:
        status = path.stat()
        return _picture_problem(path, status.st_size, status.st_mtime_ns)
    except OSError as error:
        return PictureProblem("R055", Words(f"無法讀取：{error.strerror}", f"can't be read: {error.strerror}"))


@lru_cache(maxsize=1024)
def _picture_problem(path: Path, size: int, _changed: int) -> PictureProblem | None:
    """As `picture_problem`, remembered as long as the file keeps its size and time. Raises `OSError`."""
    if size > MAX_PICTURE_BYTES:
        return PictureProblem("R056", _megabytes(size, MAX_PICTURE_BYTES))
    kind = picture_kind(path)
    if kind is None:
        return PictureProblem("R055", Words("不是PNG、JPEG或SVG", "is not PNG, JPEG or SVG"))
    if kind == "SVG" and size > MAX_SVG_BYTES:
        return PictureProblem("R056", _megabytes(size, MAX_SVG_BYTES))
    data = path.read_bytes()
    return svg_problem(data) if kind == "SVG" else _bitmap_problem(data)


def _megabytes(size: int, limit: int) -> Words:
    mega, most = size / 1024 / 1024, limit // 1024 // 1024
    return Words(f"檔案有{mega:.0f} MB，上限是{most} MB", f"it has {mega:.0f} MB, the limit is {most} MB")


def _bitmap_problem(data: bytes) -> PictureProblem | None:
    """What is wrong with the bytes of a PNG or JPEG: its header first, then, if it is not too large, the rest."""
    try:
        with _cut_off_files_refused(), warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
                width, height = picture.size
                if width * height > MAX_PICTURE_PIXELS:
                    pixels = f"{width:,} × {height:,}"
                    return PictureProblem("R056", Words(f"有{pixels}像素", f"it has {pixels} pixels"))
                if picture.format != "PNG" and data.count(b"\xff\xda") > MAX_JPEG_SCANS:
                    reason = Words("漸進式掃描的次數太多", "it is a progressive JPEG of too many scans")
                    return PictureProblem("R056", reason)
                if picture.format == "PNG":
                    picture.verify()
                    complete = _has_all_rows(data)
                else:
                    picture.draft("L", (1, 1))  # read whole, though only every eighth pixel is worked out
                    picture.load()
                    complete = True
    except Image.DecompressionBombError:
        limit = f"{MAX_PICTURE_PIXELS:,}"
        return PictureProblem("R056", Words(f"像素超過{limit}", f"it has more than {limit} pixels"))
    except (OSError, ValueError, SyntaxError, OverflowError, EOFError, LookupError, struct.error, zlib.error):
        complete = False
    reason = Words("壞了，或沒有傳完整", "is damaged or incomplete")
    return None if complete else PictureProblem("R055", reason, _EXPORT_AGAIN)


@contextmanager
def _cut_off_files_refused() -> Iterator[None]:
    """Pillow refuses a file that ends too early, unless told otherwise; WeasyPrint tells it so, for all."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _has_all_rows(png: bytes) -> bool:
    """Whether the rows of a PNG can be unpacked and are all there (PNG, 3rd edition, 8 and 10).

    Pillow takes what is missing for black. No more is unpacked at a time than `_UNPACKED`. Raises
    `zlib.error`, `struct.error`.
    """
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", png[16:29])
    bits = depth * _PNG_CHANNELS[colour]
    missing: int = sum(
        rows * (1 + (columns * bits + 7) // 8)
        for left, top, across, down in (_ADAM7 if interlaced else ((0, 0, 1, 1),))
        if (columns := -((left - width) // across)) > 0 and (rows := -((top - height) // down)) > 0
    )
    unpacker, position = zlib.decompressobj(), len(b"\x89PNG\r\n\x1a\n")
    while missing > 0 and position < len(png) and not unpacker.eof:
        length, name = struct.unpack_from(">I4s", png, position)
        packed = png[position + 8 : position + 8 + length] if name == b"IDAT" else b""
        while packed and missing > 0:
            missing -= len(unpacker.decompress(packed, _UNPACKED))
            packed = unpacker.unconsumed_tail
        position += 12 + length
    return missing <= 0


def svg_problem(data: bytes) -> PictureProblem | None:
    """What is wrong with the bytes of an SVG file, or None."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return PictureProblem("R055", Words("不是合語法的SVG", "is not a well-formed SVG"), _EXPORT_AGAIN)
    if root.tag == "svg":
        without = Words('缺少 xmlns="http://www.w3.org/2000/svg"', 'lacks xmlns="http://www.w3.org/2000/svg"')
        remedy = Words(
            "把它加在 <svg 之後，或在繪圖軟體裡「另存為純SVG」", "add it after <svg, or save as plain SVG"
        )
        return PictureProblem("R055", without, remedy)
    if root.tag != f"{SVG}svg":
        return PictureProblem("R055", Words("不是PNG、JPEG或SVG", "is not PNG, JPEG or SVG"))
    reason = _unsafe(root)
    if reason:
        return PictureProblem("R057", reason)
    if _drawn_elements(root) > MAX_SVG_ELEMENTS:
        reason = Words("重複的圖形太多", "it repeats too many shapes")
        return PictureProblem("R056", reason)
    reason = _without_size(root)
    return PictureProblem("R055", reason, _DRAWING_SIZE) if reason else None


def _without_size(root: etree._Element) -> Words | None:
    """Why nothing of an SVG can be seen (SVG 2, 8.2 and 8.6); one that gives no size is as large as its place."""
    for name in ("width", "height"):
        length = _LENGTH.fullmatch(root.get(name, ""))
        if length and float(length[1]) <= 0:
            given = root.get(name, "").strip()
            return Words(f"的 {name} 是 {given}，什麼也看不見", f"has a {name} of {given}: nothing of it shows")
    box = root.get("viewBox")
    if box is not None:
        numbers = [_LENGTH.fullmatch(number) for number in re.split(r"\s*,\s*|\s+", box.strip())]
        sizes = [float(number[1]) for number in numbers if number]
        if len(sizes) != 4 or len(numbers) != 4:
            return Words(
                f"的 viewBox 要有四個數，不是「{box}」", f"needs four numbers in its viewBox, not “{box}”"
            )
        if min(sizes[2:]) <= 0:
            return Words(f"的 viewBox 是「{box}」，什麼也看不見", f"has the viewBox “{box}”: nothing of it shows")
    return None


def _unsafe(root: etree._Element) -> Words | None:
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        return Words("有 <!DOCTYPE>", "has a <!DOCTYPE>")
    around = [*root.itersiblings(preceding=True), *root.itersiblings()]
    for node in (*around, *root.iter()):
        if isinstance(node, etree._ProcessingInstruction):
            return Words(f"有 <?{node.target}?> 指示", f"has an instruction <?{node.target}?>")
        if isinstance(node, etree._Entity):
            return Words("用了實體", "uses an entity")
        if isinstance(node.tag, str) and (reason := _unsafe_element(node)):
            return reason
    return None


def _unsafe_element(node: etree._Element) -> Words | None:
    name = etree.QName(node).localname
    if name in _ACTIVE:
        return Words(f"有 <{name}>", f"has a <{name}>")
    if name in _ANIMATED and "href" in node.get("attributeName", ""):
        return Words(f"有改變連結的 <{name}>", f"has a <{name}> that changes a link")
    if name == "style" and _EXTERNAL_CSS.search("".join(node.itertext())):
        return Words("的 <style> 引用外部檔案", "loads something from its <style>")
    reasons = (_unsafe_attribute(str(key), str(value)) for key, value in node.attrib.items())
    return next((reason for reason in reasons if reason), None)


def _unsafe_attribute(key: str, value: str) -> Words | None:
    name = etree.QName(key).localname
    if name.lower().startswith("on"):
        return Words(f"有程式（{name}）", f"has a script ({name})")
    if key == "{http://www.w3.org/XML/1998/namespace}base":
        return Words("有 xml:base", "has xml:base")
    if _stays_inside(value):
        return None
    if name == "href":
        return Words(f"連到外部：{value[:40]}", f"links to {value[:40]}")
    if _EXTERNAL_CSS.search(value):
        return Words(f"的 {name} 引用外部檔案", f"loads something from {name}")
    return None


def _stays_inside(href: str) -> bool:
    return href.strip().startswith("#") or _EMBEDDED.fullmatch(href.strip()) is not None


def _drawn_elements(root: etree._Element) -> int:
    """How many elements are drawn once every `use` is; more than the limit where uses run in a circle."""
    by_id = {node.get("id"): node for node in root.iter("*") if node.get("id")}
    counted: dict[etree._Element, int] = {}
    pending: set[etree._Element] = set()

    def count(node: etree._Element) -> int:
        if node in counted:
            return counted[node]
        if node in pending:
            return MAX_SVG_ELEMENTS + 1
        pending.add(node)
        total = 1
        if node.tag == f"{SVG}use":
            href = node.get("href") or node.get(HREF) or ""
            target = by_id.get(href.strip().removeprefix("#"))
            total += count(target) if target is not None else 0
        total += sum(count(child) for child in node.iterchildren("*"))
        pending.discard(node)
        counted[node] = total
        return total

    try:
        return count(root)
    except RecursionError:  # a chain of uses that deep is no drawing
        return MAX_SVG_ELEMENTS + 1

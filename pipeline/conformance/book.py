"""EPUB: what can be told of a book without Java or a browser, and what EPUBCheck and Ace do not tell.

Sources: EPUB 3.3, EPUB Accessibility 1.1 (https://www.w3.org/TR/epub-a11y-11/).
"""

import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pipeline import __version__
from pipeline.conformance.active import in_drawing, in_page
from pipeline.conformance.links import Broken, broken, elsewhere, elsewhere_in_css, ids
from pipeline.conformance.verdict import Verdict, code
from pipeline.conformance.xml import Element, NotWellFormedError, local, read_xml
from pipeline.diagnostics import Diagnostic, Place, Words
from pipeline.unpack import UnpackError, unpack

SOUND = code(
    "B004",
    "EPUB",
    hint=Words(
        "這是kan的缺失，不是原稿的；請回報，並附上這則訊息",
        "this is a fault of kan, not of the manuscript: report it with this message",
    ),
    why=Words(
        "連結斷了、註號對不上、圖沒有替代文字，書仍可能通過EPUBCheck與Ace；讀者卻讀不下去。",
        "a book may pass EPUBCheck and Ace with links that lead nowhere, note numbers that are not those of the "
        "notes, or pictures without alternative text; its readers are lost.",
    ),
)

_XML = (".xhtml", ".svg", ".opf", ".ncx", ".xml")
_FILES = (*_XML, "mimetype", ".css", ".gif", ".jpeg", ".jpg", ".otf", ".png", ".ttf", ".webp", ".woff", ".woff2")
"""How the names of the files of our books end; every other could run, or is a page that nobody looks at."""
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_NAME = re.compile("[A-Za-z_][A-Za-z0-9_-]*")
_FILE_NAME = re.compile(r"\S+\.(png|jpe?g|svg|gif|webp)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Book:
    """An unpacked book: its files, and the trees of those that are XML, by their paths."""

    files: Mapping[str, bytes]
    trees: Mapping[str, Element]

    def pages(self) -> Iterator[tuple[str, Element]]:
        """The content documents."""
        return ((name, root) for name, root in self.trees.items() if name.endswith(".xhtml"))


Found = Iterator[tuple[str, Broken]]
"""Faults, each with the path of the file in the book."""


def verdict(name: str, data: bytes) -> Verdict:
    """What is wrong with a book; a place names the file inside it: `issue.epub/EPUB/b01.xhtml`."""
    return Verdict(name, "EPUB: links, notes, pictures", "kan", __version__, tuple(_findings(data, Path(name))))


def _findings(data: bytes, file: Path) -> Iterator[Diagnostic]:
    try:
        files = unpack(data)
    except UnpackError as error:
        yield SOUND.at(Place(file), rule="zip", words=str(error))
        return
    trees: dict[str, Element] = {}
    for name, content in files.items():
        if name.endswith(_XML):
            try:
                trees[name] = read_xml(content)
            except NotWellFormedError as error:
                yield SOUND.at(Place(file / name, error.line, error.column), rule="XML", words=str(error))
    book = Book(files, trees)
    for check in (
        _container,
        _links,
        _requests,
        _nothing_runs,
        _names,
        _pictures,
        _private_characters,
        _claims,
        _note_numbers,
    ):
        for name, fault in check(book):
            yield SOUND.at(Place(file / name, fault.line), rule=fault.rule, words=fault.words)


def _container(book: Book) -> Found:
    """The container names a package, and the package lists every file and only what is there (OCF 4.2, 5.6)."""
    if next(iter(book.files), "") != "mimetype" or book.files["mimetype"] != b"application/epub+zip":
        yield "mimetype", Broken(1, "mimetype", Words("mimetype 不是第一個檔案", "mimetype is not the first file"))
    packages = [name for name in book.trees if name.endswith(".opf")]
    if not packages:
        yield "META-INF/container.xml", Broken(1, "package", Words("沒有 package 文件", "no package document"))
    for name in packages:
        listed = {
            posixpath.normpath(posixpath.join(posixpath.dirname(name), item.get("href", "")))
            for item in book.trees[name].iter("{*}item")
        }
        own = {each for each in book.files if each.startswith("META-INF/")} | {"mimetype", name}
        for lost in sorted(set(book.files) - listed - own):
            said = Words(f"manifest 沒有列出「{lost}」", f"not in the manifest: {lost}")
            yield name, Broken(1, "manifest", said)


def _links(book: Book) -> Found:
    """Every address inside the book arrives, and every id is given once."""
    targets = {name: ids(book.trees[name]) if name in book.trees else None for name in book.files}
    for name, root in book.trees.items():
        if not name.startswith("META-INF/"):
            yield from ((name, fault) for fault in broken(name, root, targets))


def _requests(book: Book) -> Found:
    """No remote resources: a reader may be offline, and is watched by nobody (EPUB 3.3, 3.6)."""
    for name, root in book.trees.items():
        if name.endswith((".xhtml", ".svg")):
            yield from ((name, fault) for fault in elsewhere(root))
    for name, content in book.files.items():
        if name.endswith(".css"):
            yield from ((name, fault) for fault in elsewhere_in_css(content.decode("utf-8", "replace")))


def _nothing_runs(book: Book) -> Found:
    """No scripts, forms or hidden text (EPUB 3.3, 3.5.3 lets a book have them; ours never do)."""
    for name in book.files:
        if not name.endswith(_FILES):
            own = posixpath.basename(name)
            yield (
                name,
                Broken(1, "active", Words(f"kan不會寫「{own}」這種檔案", f"kan writes no file such as {own}")),
            )
    for name, root in book.trees.items():
        if name.endswith(".svg"):
            yield from ((name, fault) for fault in in_drawing(root))
        elif not name.endswith(".opf"):
            yield from ((name, fault) for fault in in_page(root))


def _names(book: Book) -> Found:
    """Ids that a reading system can use in a CSS selector: it finds notes with `querySelector`."""
    for name, root in book.pages():
        for element in root.iter("{*}*"):
            own = element.get("id")
            if own is not None and not _NAME.fullmatch(own):
                said = Words(f"id「{own}」不是ASCII的CSS名稱", f"id {own} is no ASCII name of CSS")
                yield name, Broken(element.sourceline or 1, "id-name", said)


def _pictures(book: Book) -> Found:
    """A picture of a figure says in words what it shows; Ace takes an empty `alt` as a decoration."""
    for name, root in book.pages():
        for image in root.iter("{*}img"):
            alt = image.get("alt")
            figure = any(local(each.tag) == "figure" for each in image.iterancestors())
            if alt is None or (figure and not alt.strip()) or _FILE_NAME.fullmatch(alt.strip()):
                source = image.get("src")
                said = Words(f"圖「{source}」沒有替代文字", f"no alternative text for {source}")
                yield name, Broken(image.sourceline or 1, "alt", said)


def _private_characters(book: Book) -> Found:
    """A private-use character means something in one font only."""
    for name, root in book.pages():
        for element in root.iter("{*}*"):
            for text in (element.text, element.tail, *element.attrib.values()):
                if found := _PRIVATE.search(str(text or "")):
                    point = f"U+{ord(found[0]):04X}"
                    said = Words(f"造字區字元 {point}", f"private-use character {point}")
                    yield name, Broken(element.sourceline or 1, "private-use", said)


def _claims(book: Book) -> Found:
    """Who claims conformance says who has certified it (EPUB Accessibility 1.1, 4.2)."""
    for name, root in book.trees.items():
        if name.endswith(".opf"):
            said = {
                str(each.get("property") or each.get("rel")): each.sourceline or 1
                for each in root.iter("{*}meta", "{*}link")
                if each.get("property") or each.get("rel")
            }
            if "dcterms:conformsTo" in said and "a11y:certifiedBy" not in said:
                words = Words("有 conformsTo 而沒有 certifiedBy", "conformsTo without certifiedBy")
                yield name, Broken(said["dcterms:conformsTo"], "certifiedBy", words)


def _note_numbers(book: Book) -> Found:
    """The number that a call shows is the number of its note, and notes are numbered in their order."""
    numbers = {(name, own): number for name, root in book.pages() for own, number in _numbered_notes(root)}
    for name, root in book.pages():
        for listing in _of_type(root, "footnotes"):
            shown = [number for _, number in _numbered_notes(listing)]
            for before, after in pairwise(shown):
                if after != before + 1:
                    said = Words(f"註{before}之後是註{after}", f"note {after} comes after note {before}")
                    yield name, Broken(listing.sourceline or 1, "note-order", said)
        for call in _of_type(root, "noteref"):
            path, _, own = str(call.get("href", "")).partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            number = numbers.get((target, own))
            digits = re.search(r"\d+", unicodedata.normalize("NFKC", "".join(call.itertext())))
            if number is not None and digits is not None and int(digits[0]) != number:
                said = Words(f"註號{digits[0]}，註卻是第{number}條", f"call {digits[0]} leads to note {number}")
                yield name, Broken(call.sourceline or 1, "note-number", said)


def _numbered_notes(root: Element) -> Iterator[tuple[str, int]]:
    """The ids in each item of a numbered list that holds a note, with the number that the list shows."""
    for listing in root.iter("{*}ol"):
        number = int(listing.get("start") or 1) - 1
        for item in listing.iterchildren("{*}li"):
            value = item.get("value") or ""
            number = int(value) if value.isascii() and value.isdigit() else number + 1
            if any(True for _ in _of_type(item, "footnote")):
                yield from ((own, number) for own in sorted(ids(item)))


def _of_type(root: Element, kind: str) -> Iterator[Element]:
    """The elements with a value of `epub:type`, the root included."""
    return (element for element in root.iter("{*}*") if kind in (element.get(_EPUB_TYPE) or "").split())

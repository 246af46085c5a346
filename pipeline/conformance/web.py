"""Web: pages are HTML without an error, links arrive, nothing is asked of another host, and nothing else runs.

Sources: HTML (https://html.spec.whatwg.org/multipage/parsing.html#parse-errors), RFC 4287 (Atom), RFC 8259 (JSON).
"""

import json
import platform
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from itertools import islice
from pathlib import Path, PurePosixPath

from lxml import etree, html
from tinyhtml5.parser import HTMLParser

from pipeline import __version__
from pipeline.conformance.active import in_drawing, in_page
from pipeline.conformance.links import Broken, Targets, broken, elsewhere, elsewhere_in_css, ids
from pipeline.conformance.verdict import Verdict, code
from pipeline.conformance.xml import Element, NotWellFormedError, read_xml
from pipeline.diagnostics import Diagnostic, Place, Words
from pipeline.layout import LAYOUTS

MOST_BYTES = 5_000_000
"""What a page may hold; the longest of a real issue has 100,000."""
MOST_DEPTH = 256
"""How many elements may be open at a time; a page of ours has 15, and libxml2 reads as many as this."""
MOST_ATTRIBUTES = 100
"""Of one element."""

_HINT = Words(
    "這是kan的缺失，不是原稿的；請回報，並附上這則訊息",
    "this is a fault of kan, not of the manuscript: report it with this message",
)
MARKUP = code(
    "B005",
    "HTML",
    hint=_HINT,
    why=Words(
        "瀏覽器會把寫錯的標記改成它以為的樣子，各家不一定相同。",
        "a browser turns wrong markup into what it takes it for, and not every one into the same.",
    ),
)
SOUND = code(
    "B006",
    "自足網頁",
    hint=_HINT,
    why=Words(
        "網頁版不依靠任何別的主機：離線能讀，沒有人跟蹤讀者，也不會因為別人關站而壞掉。",
        "the web edition needs no other host: it reads offline, nobody follows its readers, and nothing breaks "
        "when someone else closes.",
    ),
)
DATA = code(
    "B007",
    "XML或JSON",
    hint=_HINT,
    why=Words("訂閱程式與資料庫讀不了寫壞的檔案。", "feed readers and databases cannot read a broken file."),
)


ACTIVE = code(
    "B012",
    "靜態網頁",
    hint=Words(
        "這個檔案可能有人改過，或是別的版本的kan做的；請由原稿重新出版",
        "somebody may have changed this file, or another version of kan made it: publish the issue again",
    ),
    why=Words(
        "kan的網頁與圖只有文字與連結，會執行的只有notes.js；多出來的程式、表單或藏起來的字不是原稿裡的。",
        "pages and pictures of kan are text and links, and only notes.js runs; a program, a form or hidden words "
        "beside that are not from the manuscript.",
    ),
)

_SCRIPTS = ("notes.js", "search.js")
_RUNS = (".htm", ".js", ".mjs", ".shtml", ".svgz", ".swf", ".wasm", ".xht", ".xhtml")
"""Files that a browser runs, or reads as a page that was not looked at."""
_INDEX = "pagefind"
_MOST_ERRORS = 100
_TAG = re.compile(rb"""<(/?)([a-z][^\s/>]*+)((?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^>"']++)*+)>?""", re.IGNORECASE)
_QUOTED = re.compile(rb"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_VOID = frozenset(b"area base br col embed hr img input link meta param source track wbr".split())
"""Elements without content (HTML, 13.1.2)."""


def page_verdicts(editions: Mapping[str, bytes]) -> Iterator[Verdict]:
    """The web pages, style sheets and pictures of all editions; links may lead to any of the files."""
    files = {name: data for name, data in editions.items() if name.endswith(".html")}
    endless = {name: said for name, data in files.items() if (said := _endless(data)) is not None}
    pages = {name: _tree(data) for name, data in files.items() if name not in endless}
    targets: Targets = {name: ids(pages[name]) if name in pages else None for name in editions}
    for name, said in endless.items():
        unread = (MARKUP.at(Place(Path(name)), rule="size", words=said),)
        yield Verdict(name, "HTML", "tinyhtml5", version("tinyhtml5"), unread)
    for name, root in pages.items():
        markup = tuple(_misread(editions[name], Path(name)))
        yield Verdict(name, "HTML", "tinyhtml5", version("tinyhtml5"), markup)
        search = name == "search.html"
        runs = in_page(root, "search.js" if search else "notes.js", search=search)
        yield _sound(name, (*broken(name, root, targets), *elsewhere(root)), tuple(runs))
    for name, data in editions.items():
        if name.startswith("web/") and name.endswith(".css"):
            yield _sound(name, tuple(elsewhere_in_css(data.decode("utf-8", "replace"))))
        elif name.lower().endswith(_RUNS) and not name.startswith(f"{_INDEX}/"):
            yield _sound(name, (), tuple(_foreign(name, data)))


def data_verdict(name: str, data: bytes) -> Verdict:
    """Whether a file of XML (a feed, a deposit, a picture) or JSON can be read."""
    if name.endswith(".json"):
        return Verdict(name, "JSON", "python", platform.python_version(), tuple(_bad_json(data, Path(name))))
    return Verdict(name, "XML 1.0", "lxml", version("lxml"), tuple(_bad_xml(data, Path(name))))


def _sound(name: str, faults: tuple[Broken, ...], runs: tuple[Broken, ...] = ()) -> Verdict:
    found = (
        fault.at(Place(Path(name), each.line), rule=each.rule, words=each.words)
        for fault, several in ((SOUND, faults), (ACTIVE, runs))
        for each in several
    )
    return Verdict(name, "Web: links, no other host", "kan", __version__, tuple(found))


def _foreign(name: str, data: bytes) -> Iterator[Broken]:
    """A file that a browser runs, unless it is our own as it is shipped."""
    own = PurePosixPath(name).name
    if own not in _SCRIPTS:
        yield Broken(1, "active", Words(f"kan不會寫「{own}」這種檔案", f"kan writes no file such as {own}"))
    elif data != (LAYOUTS / "web" / own).read_bytes():
        yield Broken(1, "active", Words(f"不是這一版kan的{own}", f"not the {own} of this kan"))


def _endless(data: bytes) -> Words | None:
    """Why a page is not read at all: a parser takes longer than its size, for elements in elements."""
    if len(data) > MOST_BYTES:
        return Words(f"網頁超過{MOST_BYTES:,}位元組", f"a page of more than {MOST_BYTES:,} bytes")
    open_elements: Counter[bytes] = Counter()
    depth = 0
    for end, tag, attributes in _TAG.findall(data):
        name = tag.lower()
        if end and open_elements[name]:
            open_elements[name] -= 1
            depth -= 1
        elif not end and name not in _VOID:
            open_elements[name] += 1
            depth += 1
        if depth > MOST_DEPTH:
            return Words(f"元素疊了超過{MOST_DEPTH}層", f"more than {MOST_DEPTH} elements in each other")
        if len(_QUOTED.sub(b" ", attributes).replace(b"/", b" ").split()) > MOST_ATTRIBUTES:
            return Words(
                f"一個元素的屬性超過{MOST_ATTRIBUTES}個", f"an element of more than {MOST_ATTRIBUTES} attributes"
            )
    return None


def _tree(data: bytes) -> Element:
    """The tree of a page as a browser might see it; an empty one for what is no page."""
    try:
        return html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError):
        return html.Element("html")


def _misread(data: bytes, file: Path) -> Iterator[Diagnostic]:
    """What the parser of the HTML standard calls an error."""
    parser = HTMLParser(namespace_html_elements=False)
    parser.parse(data.decode("utf-8", "replace"))
    for (line, column), error, details in islice(parser.errors, _MOST_ERRORS):
        words = " ".join([error, *map(str, details.values())])
        yield MARKUP.at(Place(file, line, max(column, 1)), rule="parse-error", words=words)


def _bad_xml(data: bytes, file: Path) -> Iterator[Diagnostic]:
    try:
        root = read_xml(data)
    except NotWellFormedError as error:
        yield DATA.at(Place(file, error.line, error.column), rule="XML", words=str(error))
        return
    if file.suffix == ".svg":
        for each in in_drawing(root):
            yield ACTIVE.at(Place(file, each.line), rule=each.rule, words=each.words)


def _bad_json(data: bytes, file: Path) -> Iterator[Diagnostic]:
    try:
        json.loads(data)
    except json.JSONDecodeError as error:
        yield DATA.at(Place(file, error.lineno, error.colno), rule="JSON", words=error.msg)
    except (UnicodeDecodeError, RecursionError) as error:
        yield DATA.at(Place(file), rule="JSON", words=str(error))

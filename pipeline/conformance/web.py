"""Web: the pages are HTML without an error, their links arrive, and nothing is asked of another host.

Sources: HTML (https://html.spec.whatwg.org/multipage/parsing.html#parse-errors), RFC 4287 (Atom), RFC 8259 (JSON).
"""

import json
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from lxml import etree, html
from tinyhtml5.parser import HTMLParser

from pipeline import __version__
from pipeline.conformance.links import Broken, Targets, broken, elsewhere, elsewhere_in_css, ids
from pipeline.conformance.verdict import Verdict, code
from pipeline.conformance.xml import Element, NotWellFormedError, read_xml
from pipeline.diagnostics import Diagnostic, Place, Words

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


def page_verdicts(editions: Mapping[str, bytes]) -> Iterator[Verdict]:
    """The web pages, style sheets and pictures of all editions; links may lead to any of the files."""
    pages = {name: _tree(data) for name, data in editions.items() if name.endswith(".html")}
    targets: Targets = {name: ids(pages[name]) if name in pages else None for name in editions}
    for name, root in pages.items():
        markup = tuple(_misread(editions[name], Path(name)))
        yield Verdict(name, "HTML", "tinyhtml5", version("tinyhtml5"), markup)
        faults = (*broken(name, root, targets), *elsewhere(root))
        yield _sound(name, faults)
    for name, data in editions.items():
        if name.startswith("web/") and name.endswith(".css"):
            yield _sound(name, tuple(elsewhere_in_css(data.decode("utf-8", "replace"))))


def data_verdict(name: str, data: bytes) -> Verdict:
    """Whether a file of XML (a feed, a deposit, a picture) or JSON can be read."""
    if name.endswith(".json"):
        return Verdict(name, "JSON", "python", platform.python_version(), tuple(_bad_json(data, Path(name))))
    return Verdict(name, "XML 1.0", "lxml", version("lxml"), tuple(_bad_xml(data, Path(name))))


def _sound(name: str, faults: tuple[Broken, ...]) -> Verdict:
    found = tuple(SOUND.at(Place(Path(name), each.line), rule=each.rule, words=each.words) for each in faults)
    return Verdict(name, "Web: links, no other host", "kan", __version__, found)


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
    for (line, column), error, details in parser.errors:
        words = " ".join([error, *map(str, details.values())])
        yield MARKUP.at(Place(file, line, max(column, 1)), rule="parse-error", words=words)


def _bad_xml(data: bytes, file: Path) -> Iterator[Diagnostic]:
    try:
        read_xml(data)
    except NotWellFormedError as error:
        yield DATA.at(Place(file, error.line, error.column), rule="XML", words=str(error))


def _bad_json(data: bytes, file: Path) -> Iterator[Diagnostic]:
    try:
        json.loads(data)
    except json.JSONDecodeError as error:
        yield DATA.at(Place(file, error.lineno, error.colno), rule="JSON", words=error.msg)
    except (UnicodeDecodeError, RecursionError) as error:
        yield DATA.at(Place(file), rule="JSON", words=str(error))

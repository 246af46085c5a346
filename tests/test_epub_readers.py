"""The book in two reading systems, foliate-js and epub.js: links, notes and pages followed, and pictured."""

import io
import os
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page

from pipeline import fonts
from pipeline.brief import Brief, Issue, Reference, inlines_inside, plain, supplied
from pipeline.conformance import node
from pipeline.epub import epub
from pipeline.page_breaks import page_list, with_page_breaks
from pipeline.page_layout import A4
from pipeline.printing import set_issue
from pipeline.printing.boxes import Boxes
from pipeline.printing.painting import Painting
from tests.conftest import SAMPLE, issue_in

READERS = Path(__file__).parent / "readers"
HTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True)
class Room:
    """What the browser can fetch: the two readers and the two books."""

    address: str
    issue: Issue
    books: dict[str, bytes]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def room(prepared: fonts.Fonts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    modules = node.installed()
    if modules is None or not (modules / "foliate-js").is_dir():
        pytest.skip("foliate-js and epub.js are not installed (pipeline.conformance.node.modules)")
    folder = tmp_path_factory.mktemp("readers")
    for name in ("foliate-js", "epubjs", "jszip"):
        (folder / "modules").mkdir(exist_ok=True)
        (folder / "modules" / name).symlink_to(modules / name)
    for page in READERS.glob("*.html"):
        (folder / page.name).symlink_to(page)
    fonts.activate(prepared)
    issue = issue_in(SAMPLE)
    issue = with_page_breaks(set_issue(issue, Boxes(prepared, A4, Painting(), issue.lang)))
    books = {"horizontal": epub(issue, prepared), "vertical": epub(issue, prepared, vertical=True)}
    for name, book in books.items():
        (folder / f"{name}.epub").write_bytes(book)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Room(f"http://127.0.0.1:{server.server_port}", issue, books)
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Reader:
    """A reading system with a book open in it."""

    page: Page
    room: Room
    book: str
    opened: dict[str, Any]

    def ask(self, call: str, argument: str | None = None) -> Any:
        return self.page.evaluate(f"argument => {call}(argument)", argument)

    @property
    def vertical(self) -> bool:
        return self.book == "vertical"


def opened(reader: str, book: str, room: Room, chromium: Browser) -> Iterator[Reader]:
    page = chromium.new_page(viewport={"width": 700, "height": 900})
    errors: list[str] = []
    elsewhere: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: elsewhere.append(request.url))
    page.goto(f"{room.address}/{reader}.html")
    page.wait_for_function("() => !!window.openBook")
    yield Reader(page, room, book, page.evaluate("url => openBook(url)", f"/{book}.epub"))
    page.close()
    assert errors == []
    assert [url for url in elsewhere if not url.startswith((room.address, "blob:", "data:"))] == []


@pytest.fixture(scope="module", params=["horizontal", "vertical"])
def foliate(request: pytest.FixtureRequest, room: Room, chromium: Browser) -> Iterator[Reader]:
    yield from opened("foliate", request.param, room, chromium)


@pytest.fixture(scope="module", params=["horizontal", "vertical"])
def epubjs(request: pytest.FixtureRequest, room: Room, chromium: Browser) -> Iterator[Reader]:
    yield from opened("epubjs", request.param, room, chromium)


def squeezed(text: str) -> str:
    return "".join(text.split())


def calls(brief: Brief, book: bytes) -> list[tuple[str, str]]:
    """Each call of a brief in its order: its figure and the text of its note, as the file of the book has them."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        root = etree.fromstring(archive.read(f"EPUB/{brief.key}.xhtml"))
    texts = {element.get("id"): squeezed("".join(element.itertext())) for element in root.iter(f"{HTML}*")}
    links = [link for link in root.iter(f"{HTML}a") if link.get("role") == "doc-noteref"]
    return [("".join(link.itertext()), texts[str(link.get("href")).removeprefix("#")]) for link in links]


def chapters(issue: Issue) -> list[str]:
    """The titles in the contents."""
    found: list[str] = []
    for brief in issue.briefs:
        found += [
            squeezed(brief.plain_title),
            *(squeezed(each.label + plain(each.title)) for each in brief.sections()),
        ]
    return found


def printed_pages(issue: Issue) -> list[str]:
    last = page_list(issue).colophon
    assert last is not None
    return [str(page) for page in range(1, last + 1)]


def in_contents(reader: Reader) -> list[tuple[str, str]]:
    return [(squeezed(label), href) for label, href in reader.ask("contents")]


def in_page_list(reader: Reader) -> list[tuple[str, str]]:
    return [(label.strip(), href) for label, href in reader.ask("pageList")]


# foliate-js


def test_foliate_reads_in_the_direction_of_the_book(foliate: Reader) -> None:
    assert foliate.opened["direction"] == ("rtl" if foliate.vertical else "ltr")
    there = foliate.ask("go", "EPUB/b01.xhtml")
    assert there["mode"] == ("vertical-rl" if foliate.vertical else "horizontal-tb")


def test_foliate_finds_every_link(foliate: Reader) -> None:
    links = foliate.ask("links")
    assert len(links) > 200
    for href, target in links:
        assert target == (href.partition("#")[2] or "file"), href


def test_foliate_shows_the_contents(foliate: Reader) -> None:
    listed = in_contents(foliate)
    titles = chapters(foliate.room.issue)
    assert [label for label, _ in listed if not label.endswith("版權頁")] != []
    assert len(listed) == len(titles) + 1, "and the colophon"
    assert all(label.startswith(title) for (label, _), title in zip(listed, titles, strict=False))
    for _, href in listed:
        there = foliate.ask("go", href)
        assert (there["file"], there["shown"]) == (href.partition("#")[0], True), href


def test_foliate_turns_to_every_printed_page(foliate: Reader) -> None:
    listed = in_page_list(foliate)
    assert [label for label, _ in listed] == printed_pages(foliate.room.issue)
    for label, href in listed:
        there = foliate.ask("go", href)
        assert (there["file"], there["shown"]) == (href.partition("#")[0], True), label
        assert int(label) <= int(there["page"]) <= int(label) + 2, "the reader names a page on the screen"


def test_foliate_pops_up_every_note(foliate: Reader) -> None:
    briefs = foliate.room.issue.briefs
    assert any(map(sources, briefs))
    for brief in briefs:
        wanted = calls(brief, foliate.room.books[foliate.book])
        shown = foliate.ask("popUps", f"{brief.key}.xhtml")
        assert [(figure, squeezed(text)) for figure, text, *_ in shown] == wanted
        assert {(kind, taken) for _, _, kind, taken in shown} == {("footnote", True)}
        texts = [squeezed(text) for _, text, *_ in shown]
        for source in sources(brief):
            assert any(source in text for text in texts), "同註 pops up with its source"


def sources(brief: Brief) -> list[str]:
    """What the words 同註, 見註 stand for in the notes of a brief."""
    nodes = [
        inline
        for note in brief.notes
        for paragraph in note.paragraphs
        for inline in inlines_inside(paragraph.children)
    ]
    return [squeezed(supplied(each, brief.lang)) for each in nodes if isinstance(each, Reference) and each.source]


# epub.js


def test_epubjs_reads_in_the_direction_of_the_book(epubjs: Reader) -> None:
    assert epubjs.opened["direction"] == ("rtl" if epubjs.vertical else "ltr")
    there = epubjs.ask("go", "b01.xhtml")
    assert there["mode"] == ("vertical-rl" if epubjs.vertical else "horizontal-tb")


def test_epubjs_shows_the_contents(epubjs: Reader) -> None:
    listed = in_contents(epubjs)
    titles = chapters(epubjs.room.issue)
    assert all(label.startswith(title) for (label, _), title in zip(listed, titles, strict=False))
    assert len(listed) == len(titles) + 1
    for _, href in listed:
        assert_arrives(epubjs, href)


def test_epubjs_turns_to_every_printed_page(epubjs: Reader) -> None:
    listed = in_page_list(epubjs)
    assert [label for label, _ in listed] == printed_pages(epubjs.room.issue)
    for _, href in listed:
        assert_arrives(epubjs, href)


def assert_arrives(reader: Reader, href: str) -> None:
    """epub.js 0.3.93 opens the file and finds the place; in vertical setting it does not turn to it."""
    there = reader.ask("go", href)
    assert there["found"], href
    if not reader.vertical:
        assert (there["file"], there["shown"]) == (href.partition("#")[0], True), href


def test_epubjs_follows_every_note(epubjs: Reader) -> None:
    for brief in epubjs.room.issue.briefs:
        wanted = calls(brief, epubjs.room.books[epubjs.book])
        shown = epubjs.ask("calls", f"{brief.key}.xhtml")
        assert [(figure, squeezed(text)) for figure, text, _ in shown] == wanted
        if not epubjs.vertical:
            assert all(visible for _, _, visible in shown)


# Pictures


PLACES = ("cover.xhtml", "title.xhtml", "nav.xhtml", "b01.xhtml", "b01.xhtml#b01-fig-grid",
          "b01.xhtml#b01-tbl-engines", "b02.xhtml#b02-tbl-ibid", "b01.xhtml#b01-notes",
          "colophon.xhtml")  # fmt: skip


def test_pages_are_pictured(foliate: Reader, tmp_path: Path) -> None:
    """For a person to look at, in the folder named by KAN_PICTURES; here only that there is ink on each page."""
    folder = Path(os.environ.get("KAN_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    for number, place in enumerate(PLACES, 1):
        foliate.ask("go", f"EPUB/{place}")
        picture = foliate.page.screenshot(path=folder / f"{foliate.book}-{number}.png")
        assert len(picture) > 6_000, f"{place} is empty"


def test_figures_and_short_tables_stand_upright_on_the_page(foliate: Reader) -> None:
    """In vertical setting, and no wider or higher than what is shown at once."""
    if not foliate.vertical:
        pytest.skip("in horizontal setting they stand upright anyway")
    for place in ("b01.xhtml#b01-fig-grid", "b01.xhtml#b01-tbl-engines", "b02.xhtml#b02-tbl-ibid"):
        foliate.ask("go", f"EPUB/{place}")
        box = foliate.ask("box", place.partition("#")[2])
        assert box["mode"] == "horizontal-tb" or box["name"] == "img"
        assert 0 < box["width"] <= 700 and 0 < box["height"] <= 900

"""The web edition and the site in a real browser: at three widths, light and dark, with and without JavaScript."""

import mimetypes
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from pipeline import manifest
from pipeline.brief import Issue
from pipeline.conformance import node
from pipeline.diagnostics import InstallationError
from pipeline.fonts import Fonts
from pipeline.web import web
from pipeline.web.archive import archive, finished
from tests.conftest import SAMPLE

HOST = "https://kan.test/"
WIDTHS = (360, 820, 1440)
WIDE = 1440
OVERLAP = 0.5
"""Pixels that rounding may take."""

Open = Callable[..., AbstractContextManager[Page]]


def edition(issue: Issue, fonts: Fonts | None) -> dict[str, bytes]:
    names = [f"brief-{number}" for number in range(1, len(issue.briefs) + 1)]
    pages = {name: range(3 + 4 * at, 7 + 4 * at) for at, name in enumerate(names)}
    return dict(web(issue, names, pages, fonts, beside=()))


def site_of(issue: Issue, fonts: Fonts | None, folder: Path) -> Mapping[str, bytes]:
    """A site of the one issue, in the folder `issue`; with search where npm is."""
    files = edition(issue, fonts)
    names = [{"name": f"brief-{number}"} for number in range(1, len(issue.briefs) + 1)]
    files[manifest.NAME] = manifest.manifest(files, {}, {"briefs": names})
    for name, data in files.items():
        (folder / "issue" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "issue" / name).write_bytes(data)
    made, _ = archive([finished(folder / "issue")], fonts)
    return made


@pytest.fixture(scope="module")
def site(issue: Issue, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    return site_of(issue, None, tmp_path_factory.mktemp("built"))


@contextmanager
def opened(
    chromium: Browser,
    site: Mapping[str, bytes],
    path: str,
    width: int = WIDE,
    *,
    dark: bool = False,
    script: bool = True,
) -> Iterator[Page]:
    """A page of a site in a window of its own; fails when it asks another host, or for what is not there."""
    astray: list[str] = []

    def serve(route: Route) -> None:
        url = route.request.url
        name = unquote(urlsplit(url).path).lstrip("/")
        if not url.startswith(HOST) or name not in site:
            astray.append(url)
            route.abort()
            return
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        route.fulfill(body=site[name], content_type=f"{kind}; charset=utf-8" if "html" in kind else kind)

    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    try:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.route("**/*", serve)
        page.goto(HOST + path)
        yield page
        assert astray == [], "every request stays in the site"
        assert said == [], "the browser has nothing to complain of"
    finally:
        context.close()


@pytest.fixture
def browse(chromium: Browser, site: Mapping[str, bytes]) -> Open:
    return partial(opened, chromium, site)


@pytest.fixture(scope="module")
def briefs(issue: Issue) -> list[str]:
    return [f"issue/web/brief-{number}.html" for number in range(1, len(issue.briefs) + 1)]


@pytest.fixture(scope="module")
def most_noted(issue: Issue) -> str:
    """The brief with the most notes."""
    number = max(range(len(issue.briefs)), key=lambda at: len(issue.briefs[at].notes))
    return f"issue/web/brief-{number + 1}.html"


_WITH_TEXT = (
    "main :is(p, h1, h2, h3, h4, li, td, th, dd, time, .title, .label), .masthead a, .foot a, .colophon dd"
)

BOXES = """(selector) => [...document.querySelectorAll(selector)].map((found) => {
  const { left, top, right, bottom } = found.getBoundingClientRect();
  return { left, top, right, bottom, id: found.querySelector('[id]')?.id ?? found.id };
})"""


# Width


def test_no_page_scrolls_sideways_and_no_picture_moves_the_text(browse: Open, briefs: list[str]) -> None:
    for path in ("index.html", "issue/web/index.html", *briefs):
        with browse(path) as page:
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
                assert room[0] <= room[1], f"{path} at {width}"
                heights = page.evaluate(
                    """[...document.images].filter(i => i.complete).map(i => [
                      i.clientHeight - 2 * parseFloat(getComputedStyle(i).paddingTop),
                      i.clientWidth * i.getAttribute('height') / i.getAttribute('width')])"""
                )
                assert all(abs(drawn - reserved) < 2 for drawn, reserved in heights), f"{path} at {width}"


# Notes


def test_notes_stand_beside_their_calls_on_a_wide_page(browse: Open, briefs: list[str]) -> None:
    for path in briefs:
        with browse(path) as page:
            text = page.evaluate(BOXES, "article > section.depth-1")
            notes = page.evaluate(BOXES, ".notes .entry")
            calls = page.evaluate(BOXES, "article a.call[class*='n']")
            right = max(each["right"] for each in text)
            assert all(note["left"] > right for note in notes), "beside the text"
            assert all(note["right"] <= WIDE for note in notes)
            for above, below in pairwise(notes):
                assert below["top"] >= above["bottom"] - OVERLAP, f"{below['id']} lies on {above['id']}"
            tops = {call["id"].removesuffix("-call"): call["top"] for call in calls}
            for before, note in zip([None, *notes], notes, strict=False):
                pushed = before is not None and abs(note["top"] - before["bottom"]) < 30
                assert pushed or abs(note["top"] - tops[note["id"]]) < 24, f"{note['id']} is not at its call"


def test_long_notes_lie_on_nothing(browse: Open, most_noted: str) -> None:
    """Notes many times as long reach beyond the end of the brief, beside what stands there."""
    with browse(most_noted) as page:
        page.evaluate("document.querySelectorAll('.note p').forEach(e => { e.append(e.textContent.repeat(12)) })")
        notes = page.evaluate(BOXES, ".notes .entry")
        assert notes[-1]["bottom"] > page.evaluate(BOXES, "article")[0]["bottom"], "they do"
        for above, below in pairwise(notes):
            assert below["top"] >= above["bottom"] - OVERLAP
        left = min(note["left"] for note in notes)
        for other in page.evaluate(
            BOXES, "article > section.depth-1, figure, .wide, .about, .turn, .foot p, .foot ul"
        ):
            assert other["right"] < left
        room = page.evaluate("[document.documentElement.scrollHeight, scrollY]")
        assert notes[-1]["bottom"] <= sum(room) + OVERLAP, "the page scrolls as far as they go"


def test_notes_stand_at_the_end_of_a_narrow_page(browse: Open, most_noted: str) -> None:
    with browse(most_noted, 820) as page:
        notes = page.evaluate(BOXES, ".notes .entry")
        end = page.evaluate(BOXES, "article > section.depth-1")[-1]["bottom"]
        assert all(note["top"] > end for note in notes)


@pytest.mark.parametrize(("width", "script"), [(360, True), (820, True), (360, False)])
def test_a_call_opens_its_note_over_a_narrow_page_and_the_cross_closes_it(
    browse: Open, most_noted: str, width: int, script: bool
) -> None:
    with browse(most_noted, width, script=script) as page:
        call = page.locator(".call.n2").first
        call.scroll_into_view_if_needed()
        at = call.bounding_box()
        call.click()
        entry = page.locator(".entry.n2")
        assert entry.evaluate("e => getComputedStyle(e).position") == "fixed"
        box = entry.bounding_box()
        assert box is not None and box["y"] + box["height"] <= 901 and box["width"] <= width
        assert box["y"] > 300, "the page is still there"
        assert call.bounding_box() == at, "the text has not moved"
        entry.locator(".backlink").click()
        assert entry.evaluate("e => getComputedStyle(e).position") != "fixed"
        after = call.bounding_box()
        assert after is not None and 0 < after["y"] < 900, "back at the call"
        if script:
            assert after == at


def test_a_note_opens_and_closes_by_keyboard(browse: Open, most_noted: str) -> None:
    with browse(most_noted, 360) as page:
        page.locator(".call.n3").first.focus()
        page.keyboard.press("Enter")
        entry = page.locator(".entry.n3")
        assert entry.evaluate("e => e.matches(':popover-open') && e.contains(document.activeElement)")
        page.keyboard.press("Escape")
        assert not entry.evaluate("e => e.matches(':popover-open')")
        assert page.evaluate("document.activeElement.matches('.call.n3')"), "the focus is back at the call"
        assert not entry.get_attribute("popover"), "the note stands at the end again"


def test_a_tap_outside_closes_the_note_without_script(browse: Open, most_noted: str) -> None:
    with browse(most_noted, 360, script=False) as page:
        page.locator(".call.n1").first.click()
        page.mouse.click(180, 60)
        assert page.locator(".entry.n1").evaluate("e => getComputedStyle(e).position") != "fixed"


def test_the_keyboard_goes_through_the_page_in_the_order_of_the_text(browse: Open, briefs: list[str]) -> None:
    with browse(briefs[0]) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["y"] >= 0, "it shows when it has the focus"  # type: ignore[index]
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "text"
        visited: list[float] = page.evaluate(
            "[...document.querySelectorAll('main a, main [tabindex=\"0\"]')].map((e, at) => "
            "e.closest('.notes') ? 1e6 + at : e.closest('article') ? at : 2e6 + at)"
        )
        assert visited == sorted(visited), "text, notes, then what stands after the brief"
        calls = page.evaluate(
            "[...document.querySelectorAll('.call[class*=\" n\"]')].map(e => +e.className.match(/ n(\\d+)/)[1])"
        )
        assert calls == sorted(calls)


def test_focus_shows(browse: Open, briefs: list[str]) -> None:
    with browse(briefs[0]) as page:
        for _ in range(4):
            page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


# Fonts


def test_every_character_comes_from_an_embedded_face(
    chromium: Browser, issue: Issue, prepared: Fonts, tmp_path: Path
) -> None:
    """The rules of `pipeline.web.faces` and the style sheet agree: the browser never has to look elsewhere."""
    site = site_of(issue, prepared, tmp_path)
    for path in ("index.html", "issue/web/index.html", "issue/web/brief-3.html"):
        with opened(chromium, site, path) as page:
            page.evaluate("document.querySelectorAll('.backlink').forEach(e => e.remove())")
            page.evaluate("document.fonts.ready.then(() => true)")
            session = page.context.new_cdp_session(page)
            session.send("DOM.enable")
            session.send("CSS.enable")
            root = session.send("DOM.getDocument")["root"]["nodeId"]
            found = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": _WITH_TEXT})["nodeIds"]
            used = [
                font
                for each in found
                for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": each})["fonts"]
            ]
            assert len({font["familyName"] for font in used}) > 2
            assert {font["familyName"] for font in used if not font["isCustomFont"]} == set(), path


# Paper


def test_on_paper_notes_stand_at_the_end_and_nothing_is_left_that_only_screens_need(
    browse: Open, most_noted: str
) -> None:
    with browse(most_noted) as page:
        page.emulate_media(media="print")
        end = page.evaluate(BOXES, "article > section.depth-1")[-1]["bottom"]
        notes = page.evaluate(BOXES, ".notes .entry")
        assert all(note["top"] > end for note in notes)
        for name in (".skip", ".sections", ".turn", ".site", ".downloads"):
            assert not page.locator(name).first.is_visible(), name
        assert len(page.pdf()) > 10_000


# Access


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's program."""
    try:
        return (node.modules() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    except InstallationError as error:
        pytest.skip(str(error))


def test_axe_finds_no_violation_on_the_pages_of_the_site(
    browse: Open, axe: str, site: Mapping[str, bytes], issue: Issue
) -> None:
    """The pages of an issue are proven by tests/test_verify.py."""
    if issue.folder != SAMPLE:
        pytest.skip("they are the same for every issue")
    person = next(name for name in sorted(site) if name.startswith("authors/"))
    for path in ["index.html", person, *(["search.html"] if "search.html" in site else [])]:
        with browse(path, WIDE) as page:
            page.evaluate(axe)
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
            page.emulate_media(color_scheme="dark")
            found += page.evaluate("axe.run(document, {runOnly: ['color-contrast']})")["violations"]
            said = [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]
            assert said == [], path


# Search


def test_a_chinese_word_is_found(browse: Open, site: Mapping[str, bytes], issue: Issue) -> None:
    if "search.html" not in site:
        pytest.skip("npm is not here")
    brief = issue.briefs[0]
    author, title = brief.authors[0].name, brief.plain_title
    with browse("search.html", 820) as page:
        for words in (title[-2:], author, title[-4:]):
            page.fill("#words", words)
            page.keyboard.press("Enter")
            page.wait_for_selector("#status:not(:empty)")
            assert title in " ".join(page.locator("#results .title").all_inner_texts()), words
            page.evaluate("document.getElementById('status').textContent = ''")
        page.fill("#words", "龘靐")
        page.keyboard.press("Enter")
        page.wait_for_selector("#status:not(:empty)")
        assert "龘靐" in page.inner_text("#status")

"""Drawings: an SVG shown as a picture brings the letters of its words, and nothing else of a font."""

import io
import subprocess
from base64 import b64decode
from collections.abc import Callable

import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from playwright.sync_api import Browser, Route

from pipeline.fonts import Fonts
from pipeline.fonts.drawings import with_faces

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40"><!-- 說明 -->'
    "{style}<g {group}><text y='20' {text}>刊<tspan>物</tspan></text></g><title>題</title></svg>"
)


def drawing(style: str = "", group: str = "", text: str = "") -> bytes:
    return DRAWING.format(style=style, group=group, text=text).encode()


def faces_in(data: bytes) -> dict[tuple[str, str], set[str]]:
    """The characters of each embedded face, by family and weight."""
    style = etree.fromstring(data).findtext("{*}style") or ""
    found = {}
    for rule in style.split("@font-face")[1:]:
        family = rule.partition('font-family:"')[2].partition('"')[0]
        weight = rule.partition("font-weight:")[2].partition(";")[0]
        encoded = rule.partition("base64,")[2].partition('"')[0]
        font = TTFont(io.BytesIO(b64decode(encoded)))
        found[family, weight] = {chr(code) for code in font.getBestCmap()}
    return found


@pytest.mark.parametrize(
    "parts",
    [
        {"text": 'font-family="Kan Hei, sans-serif"'},
        {"group": "font-family=\"'Kan Hei'\""},
        {"text": 'style="fill: red; font-family: Kan Hei, serif"'},
        {"style": '<style>text { font-family: "Kan Hei" }</style>'},
    ],
)
def test_the_face_that_is_named_comes_along(prepared: Fonts, parts: dict[str, str]) -> None:
    assert faces_in(with_faces(drawing(**parts), prepared)) == {("Kan Hei", "500"): {"刊", "物"}}


def test_each_weight_that_is_named(prepared: Fonts) -> None:
    both = drawing(group='font-family="Kan Hei"', text='font-weight="bold"')
    assert {weight for _, weight in faces_in(with_faces(both, prepared))} == {"500", "700"}


@pytest.mark.parametrize("text", ["", 'font-family="Arial"', 'font-family=""', 'font-weight="1e9"'])
def test_a_drawing_that_names_none_of_our_faces_stays_as_it_is(prepared: Fonts, text: str) -> None:
    assert with_faces(drawing(text=text), prepared) == drawing(text=text)


def test_a_drawing_without_words_stays_as_it_is(prepared: Fonts) -> None:
    empty = b'<svg xmlns="http://www.w3.org/2000/svg" font-family="Kan Hei"><path d="M0 0h9"/></svg>'
    assert with_faces(empty, prepared) == empty


def test_the_same_bytes_each_time(prepared: Fonts) -> None:
    one = drawing(text='font-family="Kan Ming, Kan Hei"')
    assert with_faces(one, prepared) == with_faces(one, prepared)


PAGE = """<meta http-equiv="Content-Security-Policy" content="default-src 'self'"><img src="one.svg" alt="">"""


@pytest.mark.parametrize("embedded", [True, False])
def test_a_browser_draws_the_words(prepared: Fonts, chromium: Browser, embedded: bool) -> None:
    """As a picture, under the policy of our pages: only with the face in the file do two words look different."""
    shots = []
    for word in ("刊物", "版面"):
        plain = drawing(text='font-family="Kan Hei"').decode().replace("刊<tspan>物", f"{word[0]}<tspan>{word[1]}")
        data = with_faces(plain.encode(), prepared) if embedded else plain.encode()
        page = chromium.new_page()
        page.route("**/one.svg", _answer(data, "image/svg+xml"))
        page.route("**/index.html", _answer(PAGE.encode(), "text/html"))
        page.goto("http://kan.test/index.html")
        shots.append(page.locator("img").screenshot())
        page.close()
    if embedded or not _fonts_of_the_machine():
        assert (shots[0] != shots[1]) == embedded


def _answer(data: bytes, kind: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=data, content_type=kind)


def _fonts_of_the_machine() -> list[str]:
    listed = subprocess.run(["fc-list", ":lang=zh-tw"], capture_output=True, encoding="utf-8", check=False)
    return listed.stdout.splitlines()

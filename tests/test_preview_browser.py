"""The preview in a real browser: edit, see, click both ways, keyboard, names, a broken file and its mending.

`python -m tests.test_preview_browser` takes the picture of the README, layouts/preview/preview.png.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from urllib.parse import quote

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from pipeline.conformance import node
from pipeline.layout import LAYOUTS
from tests.browser import CHROMIUM
from tests.conftest import SAMPLE
from tests.small_issue import WORDS, small_issue

PICTURE = LAYOUTS / "preview" / "preview.png"
SECONDS = 30
"""The most that an edit may take to be seen on a busy machine; on a quiet one it is below one."""

_COMMAND = [sys.executable, "-c", "from pipeline.cli.preview import preview; preview()"]
_EDITOR = """import json, pathlib, sys
pathlib.Path(__file__).with_suffix(".new").write_text(json.dumps(sys.argv[1:]))
pathlib.Path(__file__).with_suffix(".new").rename(pathlib.Path(__file__).with_suffix(".json"))
"""
"""An editor that writes down what it was started with."""

expect.set_options(timeout=1000 * SECONDS)


class Previewed:
    """An issue, a preview of it, and a window on that."""

    def __init__(self, folder: Path, page: Page, said: list[str]) -> None:
        self.folder, self.page, self.said = folder, page, said
        self.picture = ""
        self._begun = {path: path.read_bytes() for path in folder.glob("*.xml")}

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def restore(self) -> None:
        for path, data in self._begun.items():
            if path.read_bytes() != data:
                path.write_bytes(data)

    def go(self, number: int) -> None:
        self.page.locator("#page").fill(str(number))
        self.page.locator("#page").press("Enter")
        self.page.locator("#desk").focus()
        expect(self.page.locator(f"#page-{number} .line").first).to_be_attached()


@contextmanager
def previewed(chromium: Browser, folder: Path, *options: str) -> Iterator[Previewed]:
    command = [*_COMMAND, str(folder), "--no-open", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None and running.stderr is not None
        address = running.stdout.readline().strip()
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        said: list[str] = []
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))

        def asked(request: Request) -> None:
            if not request.url.startswith((address, "data:")):
                said.append(request.url)

        page.on("request", asked)
        try:
            page.goto(address)
            expect(page.locator(".page[data-shown]").first).to_be_visible(timeout=60_000)
            yield Previewed(folder, page, said)
        finally:
            complaints = list(said)
            began = time.monotonic()
            running.send_signal(2)  # while the event stream is open
            assert running.wait(SECONDS) == 0
            assert time.monotonic() - began < 5
            context.close()
            assert "Traceback" not in running.stderr.read()
    assert complaints == [], "the browser has nothing to complain of, and no other host was asked"


@pytest.fixture(scope="module")
def served(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Previewed]:
    folder = small_issue(tmp_path_factory.mktemp("preview") / "一期 #1")
    (folder.parent / "editor.py").write_text(_EDITOR, encoding="utf-8")
    command = f"{sys.executable} {folder.parent / 'editor.py'} {{file}} --at '{{line}} {{column}}; $HOME'"
    with previewed(chromium, folder, "--editor", command) as each:
        yield each


@pytest.fixture
def window(served: Previewed) -> Iterator[Previewed]:
    """On the page of WORDS, and at the end the issue is as it was."""
    served.go(4)
    served.picture = served.picture or served.page.locator("#page-4").get_attribute("data-key") or ""
    yield served
    served.restore()
    expect(served.page.locator("#page-4")).to_have_attribute("data-key", served.picture)
    expect(served.page.locator("#banner")).to_be_hidden()
    expect(served.page.locator("#list .empty")).to_have_text("沒有發現問題")
    served.page.keyboard.press("Escape")


def test_an_edit_is_seen_on_its_page(window: Previewed) -> None:
    page = window.page
    before = page.locator("#page-4").get_attribute("data-shown")
    began = time.monotonic()
    window.edit("one.xml", WORDS, "這幾個字剛剛寫進去")
    expect(page.locator("#page-4")).not_to_have_attribute("data-shown", before or "")
    assert time.monotonic() - began < SECONDS
    expect(page.locator("#page-4 .line", has_text="這幾個字剛剛寫進去")).to_be_in_viewport()
    expect(page.get_by_role("status")).to_contain_text("頁面已更新，0項發現")


def test_the_place_is_kept_when_pages_come_in_before_it(window: Previewed) -> None:
    window.go(7)
    page = window.page
    words = page.locator("#page-7 .line").nth(2).inner_text()
    page.locator("#follow").uncheck()
    window.edit("one.xml", WORDS, "很長的一段話，要占去不只一頁。" * 200)
    expect(page.locator("#count")).not_to_have_text("共8頁")
    expect(page.locator(".line", has_text=words).first).to_be_in_viewport()
    page.locator("#follow").check()


def test_a_finding_leads_to_its_place_and_the_place_to_the_finding(window: Previewed) -> None:
    page = window.page
    window.edit("one.xml", WORDS, WORDS.replace("來寫", "來寫了 。他"))
    finding = page.get_by_role("button", name="M042")
    expect(finding.first).to_be_visible()
    page.keyboard.press("Home")
    finding.locator("visible=true").last.click()
    expect(page.locator("#page-4 i.chosen")).to_be_in_viewport()
    expect(page.locator("#where")).to_have_text("one.xml:60:30")
    page.locator("#close-place").click()
    page.locator("#page-4 .flag").first.click()
    expect(page.locator(".finding[aria-current]")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#place")).to_be_visible()


def test_a_line_leads_to_its_words_in_the_source(window: Previewed) -> None:
    page = window.page
    line = page.locator("#page-4 .line", has_text="頁碼、條號")
    box = line.bounding_box()
    assert box is not None
    line.click(position={"x": box["width"] * 15.5 / 34, "y": box["height"] / 2})
    expect(page.locator("#done")).to_have_text("已複製")
    copied = page.evaluate("navigator.clipboard.readText()")
    path, row, column = copied.rsplit(":", 2)
    source = Path(path).read_text(encoding="utf-8").splitlines()[int(row) - 1]
    assert source[int(column) - 1] in "條號等出" and source.strip() == page.locator("#source").inner_text()


def test_a_line_opens_the_editor_without_a_shell(window: Previewed) -> None:
    page = window.page
    page.locator("#on-click").select_option("command")
    page.locator("#page-4 .line", has_text="頁碼、條號").click()
    expect(page.locator("#done")).to_have_text("已在編輯器打開")
    expect(page.locator("#where")).to_contain_text("one.xml:60:")
    column = page.locator("#where").inner_text().rpartition(":")[2]
    written = window.folder.parent / "editor.json"
    began = time.monotonic()
    while not written.exists() and time.monotonic() - began < SECONDS:
        page.wait_for_timeout(20)
    assert json.loads(written.read_text()) == [str(window.folder / "one.xml"), "--at", f"60 {column}; $HOME"]
    page.locator("#on-click").select_option("copy")


def test_a_line_opens_vs_code_at_its_address(window: Previewed) -> None:
    page = window.page
    page.evaluate("() => { HTMLAnchorElement.prototype.click = function () { window.went = this.href; }; }")
    page.locator("#on-click").select_option("vscode")
    page.locator("#page-4 .line", has_text="頁碼、條號").click()
    expect(page.locator("#done")).to_have_text("已複製")
    column = page.locator("#where").inner_text().rpartition(":")[2]
    path = quote(str(window.folder / "one.xml"))
    assert page.evaluate("() => window.went") == f"vscode://file{path}:60:{column}"
    page.locator("#on-click").select_option("copy")


def test_the_keyboard_alone_is_enough(window: Previewed) -> None:
    page = window.page
    number = page.locator("#page")
    for key, there in (("Home", "1"), ("ArrowRight", "2"), ("j", "4"), ("k", "2"), ("End", "8")):
        page.keyboard.press(key)
        expect(number).to_have_value(there)
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="單頁")).to_have_attribute("aria-pressed", "true")
    page.locator("#zoom").select_option("300")
    page.locator("#desk").focus()
    page.keyboard.press("t")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator("i.focus")).to_be_in_viewport()
    expect(page.locator("#desk")).to_be_focused()
    page.keyboard.press("s")
    for key, zoom in (("f", "page"), ("+", "75"), ("0", "width")):
        page.keyboard.press(key)
        expect(page.locator("#zoom")).to_have_value(zoom)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="鍵盤說明")).to_be_visible()
    page.keyboard.press("Escape")
    window.go(4)
    page.locator("#page-4 .line").first.focus()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#page-4 .line").nth(2)).to_be_focused()
    expect(page.locator("#where")).to_contain_text("one.xml:")
    page.keyboard.press("t")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(page.locator("#page-4 i.focus")).to_be_in_viewport()


def test_a_broken_file_says_so_keeps_its_pages_and_comes_back(window: Previewed) -> None:
    page = window.page
    shown = page.locator("#page-4").get_attribute("data-shown")
    window.edit("one.xml", "</body>", "</boddy>")
    banner = page.get_by_role("region", name="錯誤")
    expect(banner).to_contain_text("「one.xml」有錯，無法排版")
    expect(banner.get_by_role("button")).to_have_text("one.xml:74:1")
    expect(banner).to_contain_text("提示：")
    expect(page.get_by_role("status")).to_contain_text("「one.xml」有錯，無法排版：one.xml:74")
    expect(page.locator("#page-4")).to_contain_text("上一次成功的版面")
    assert page.locator("#page-4").get_attribute("data-shown") == shown
    expect(page.locator("#page-6")).not_to_contain_text("上一次成功的版面")
    window.edit("one.xml", "</boddy>", "</body>")
    expect(page.locator(".page.old")).to_have_count(0)
    expect(page.get_by_role("status")).to_contain_text("更新")


def test_everything_has_a_name_and_can_be_read(window: Previewed) -> None:
    page = window.page
    expect(page.locator("#page-4 img")).to_have_attribute("alt", "第4頁的版面")
    expect(page.locator("#page-4 .lines")).to_contain_text("名字不變")
    for role, name in (("navigation", "目次"), ("main", "版面"), ("complementary", "發現"), ("tablist", "版本")):
        expect(page.get_by_role(role, name=name, exact=True)).to_be_visible()  # type: ignore[arg-type]
    modules = node.installed()
    if modules is None:
        pytest.skip("axe-core is not here")
    axe = (modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    page.evaluate(f"() => {{ {axe} }}")
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == [], scheme
    page.emulate_media(color_scheme="light")


def test_the_other_editions_stand_in_tabs(window: Previewed) -> None:
    page = window.page
    inside = page.frame_locator("#frame")
    for tab, heading in (("電子書", "號碼由誰來編"), ("網頁", "號碼由誰來編")):
        page.get_by_role("tab", name=tab).click()
        expect(inside.get_by_role("heading", level=1)).to_contain_text(heading)
    page.get_by_role("tab", name="電子書").click()
    page.locator("#outline").get_by_role("button", name="螢幕上").click()
    expect(inside.get_by_role("heading", name="螢幕上")).to_be_in_viewport()
    expect(page.locator("#brief")).to_have_value("two.xml")
    page.get_by_role("button", name="直排").click()
    expect(inside.locator("html")).to_have_css("writing-mode", "vertical-rl")
    page.get_by_role("button", name="直排").click()
    page.get_by_role("tab", name="版面").click()
    expect(page.locator("#page-4")).to_be_in_viewport()


def test_a_reload_comes_back_to_the_same_page(window: Previewed) -> None:
    page = window.page
    window.go(6)
    expect(page.locator("#page")).to_have_value("6")
    page.wait_for_timeout(200)  # until it is written down
    page.reload()
    expect(page.locator("#page-6[data-shown]")).to_be_in_viewport()


def take_picture() -> None:
    """The picture of the README: a spread beside findings, one of them chosen."""
    with TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(shutil.copytree(SAMPLE, Path(temporary) / "2026-11"))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        each = Previewed(folder, browser.new_page(), [])
        each.edit("brief-1.xml", "一份期刊的內文，一面少則數百字", "一份期刊的內文,一面少則數百字")
        each.edit("brief-2.xml", WORDS, WORDS.replace("、", " 、").replace("仍由", "仍然由"))
        each.edit("brief-2.xml", "一處計數，各版共用", "一處計數,各版共用")
        with previewed(browser, folder) as shown:
            shown.page.set_viewport_size({"width": 1280, "height": 800})
            shown.go(11)
            finding = shown.page.get_by_role("button", name="M042").locator("visible=true").last
            finding.click(timeout=60_000)
            expect(shown.page.locator("#status")).to_contain_text("發現", timeout=60_000)
            shown.page.wait_for_timeout(1000)
            shown.page.screenshot(path=PICTURE)
        browser.close()
    with Image.open(PICTURE) as picture:
        smaller = picture.convert("RGB").point(lambda value: round(value * 63 / 255) * 255 // 63)
    smaller.save(PICTURE, optimize=True)
    print(PICTURE, PICTURE.stat().st_size)


if __name__ == "__main__":
    take_picture()

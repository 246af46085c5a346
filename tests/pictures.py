"""The pictures of source/README.md, taken of what the commands on that page do: `python -m tests.pictures`.

The way of the page is gone with eight Word files of tests/manuscripts; pages of Word files need LibreOffice.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterable
from html import escape
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, sync_playwright

from pipeline import fonts
from tests.browser import CHROMIUM
from tests.conftest import HOUSE, SAMPLE

PICTURES = HOUSE / "source" / "pictures"
MANUSCRIPTS = HOUSE / "tests" / "manuscripts" / "files"
SENT = (
    "01-storage",
    "02-pension",
    "03-chips",
    "04-disinfo",
    "05-housing",
    "10-reserve",
    "12-review",
    "32-everything",
)
SHOWN = "32-everything"
ISSUE = "source/2027-01"
CORRECTIONS = (
    ("每週飛一趟", "每月飛一趟"),
    ("已經第三次改名", "第三次改名"),
    ("手上的專案", "我手上的專案"),
    ("為例說明。", '為例說明。<fn id="fn-new"><p>作者整理。</p></fn>'),
)
"""What the author changed in the second proof."""

_TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #1d1f24; color: #e6e3dc; padding: 18px 22px; width: max-content }
pre { font: 15px/1.5 "Kan Hei", monospace; margin: 0 }
i { font-style: normal; display: inline-block; text-align: center; width: 8.9px } i.w { width: 17.8px }
b { font-weight: 700; color: #fff }
</style><pre>%s</pre>"""


def main() -> None:
    """Take every picture."""
    prepared = fonts.prepare()
    os.environ["FONTCONFIG_FILE"] = str(prepared.fontconfig)
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        take(folder, browser)
        browser.close()


def take(folder: Path, browser: Browser) -> None:
    """Go the way of the page in `folder`."""
    shutil.copytree(SAMPLE, folder / "source" / SAMPLE.name)
    (folder / "來稿").mkdir()
    for name in SENT:
        shutil.copy(MANUSCRIPTS / f"{name}.docx", folder / "來稿")
    word_page(folder / "來稿" / f"{SHOWN}.docx", folder, "manuscript")
    kan(folder, "new", ISSUE)
    report = kan(folder, "import", *(f"來稿/{name}.docx" for name in SENT), "--into", ISSUE)
    lines = report.splitlines()
    first = next(number for number, line in enumerate(lines) if SHOWN in line)
    terminal([f"$ kan import 來稿/*.docx --into {ISSUE}", "…", *lines[first:-2]], browser, "import")

    exported = f"寄作者/brief-{len(SENT)}.docx"
    kan(folder, "export", ISSUE, "--docx", "--out", "寄作者")
    word_page(folder / exported, folder, "export")

    shutil.copytree(folder / ISSUE, folder / "一校")
    brief = folder / ISSUE / f"brief-{len(SENT)}.xml"
    text = brief.read_text(encoding="utf-8")
    for old, new in CORRECTIONS:
        if old not in text:
            raise SystemExit(f"{brief}: {old}")
        text = text.replace(old, new, 1)
    brief.write_text(text, encoding="utf-8")
    kan(folder, "proof", ISSUE, "--against", "一校", "--lines", "--label", "二校", "--errata", "--out", "校樣")
    proofs = pages(folder / "校樣" / "proof.pdf", 1.1)
    marked = [proofs[first_page(folder / "校樣" / "proof.pdf", "半導體人才的跨國流動")], proofs[-1]]
    side_by_side([*marked, pages(folder / "校樣" / "errata.pdf", 1.1)[0]], "proof")

    kan(folder, "stats", "source", "--picture", "統計.svg")
    drawing(folder / "統計.svg", browser, "stats")


def kan(folder: Path, *arguments: str) -> str:
    """What a command prints."""
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(HOUSE), "COLUMNS": "100"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


def terminal(lines: Iterable[str], browser: Browser, name: str) -> None:
    """Lines as a terminal shows them: a Han character is two columns wide."""

    def cells(line: str) -> str:
        shown = "".join(
            f'<i class="w">{escape(each)}</i>'
            if unicodedata.east_asian_width(each) in "WF"
            else f"<i>{escape(each)}</i>"
            for each in line
        )
        return f"<b>{shown}</b>" if line.startswith("$") else shown

    page = browser.new_page(device_scale_factor=1.5)
    page.set_content(_TERMINAL % "\n".join(map(cells, lines)))
    page.locator("body").screenshot(path=PICTURES / f"{name}.png")
    page.close()
    smaller(name)


def drawing(path: Path, browser: Browser, name: str) -> None:
    """A drawing as the browser shows it."""
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    page.set_content(f'<body style="margin:0">{path.read_text(encoding="utf-8")}')
    page.locator("svg").first.screenshot(path=PICTURES / f"{name}.png")
    page.close()
    smaller(name)


def word_page(path: Path, folder: Path, name: str) -> None:
    """The first two pages of a Word file, as LibreOffice sets them."""
    office = shutil.which("soffice")
    if office is None:
        print(f"沒有LibreOffice，{name}.png照舊  (no LibreOffice: kept)")
        return
    subprocess.run(
        [office, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)],
        capture_output=True,
        check=True,
    )
    side_by_side(pages(folder / f"{path.stem}.pdf", 1.0)[:2], name)


def pages(pdf: Path, scale: float) -> list[Image.Image]:
    """The pages of a PDF as pictures."""
    document = pdfium.PdfDocument(pdf)
    shown = [page.render(scale=scale).to_pil().convert("RGB") for page in document]
    document.close()
    return shown


def first_page(pdf: Path, words: str) -> int:
    """The index of the last page that has some words large: where a brief begins, not the contents."""
    document = pdfium.PdfDocument(pdf)
    found = [
        index
        for index, page in enumerate(document)
        if words in page.get_textpage().get_text_bounded().replace("\r\n", "") and index > 1
    ]
    document.close()
    return found[0]


def side_by_side(shown: list[Image.Image], name: str) -> None:
    """Pages beside each other on a grey ground."""
    gap, width, height = 16, sum(each.width for each in shown), max(each.height for each in shown)
    sheet = Image.new("RGB", (width + gap * (len(shown) + 1), height + 2 * gap), "#d9d6cf")
    left = gap
    for each in shown:
        sheet.paste(each, (left, gap))
        ImageDraw.Draw(sheet).rectangle((left, gap, left + each.width, gap + each.height), outline="#b5b1a8")
        left += each.width + gap
    sheet.save(PICTURES / f"{name}.png", optimize=True)
    smaller(name)


def smaller(name: str) -> None:
    """64 colours are enough for pages and terminals."""
    path = PICTURES / f"{name}.png"
    Image.open(path).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    print(path.relative_to(HOUSE), f"{path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()

"""The layouts and the profiles on paper: every page is measured by the audit."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from pipeline.build import build
from pipeline.page_layout import DEFAULT, PageLayout, layout_names
from tests.conftest import REAL_ISSUE, SAMPLE

PROFILES = Path(__file__).parent / "samples" / "profiles"
WORDS = {
    "zh-Hant-TW": ("目　次", "摘要", "關鍵詞"),
    "zh-Hant-HK": ("目　錄", "摘要"),
    "zh-Hans-CN": ("目　录", "摘要", "免费"),
    "ja": ("目　次", "要旨"),
    "ko": ("차례", "주제어"),
}


def built(folder: Path, out: Path, layout: str = DEFAULT, *, overlay: bool = False) -> Path:
    """The output folder of an issue whose pages broke no rule when the build measured them."""
    made = build(folder, out, lambda _: None, layout=PageLayout(layout), overlay=overlay)
    broken = [found.as_line("en", "page") for found in made.diagnostics if found.code.startswith("T")]
    assert broken == [] and made.verdicts[0].en.endswith("every rule holds")
    return made.folder


@pytest.fixture(scope="session")
def b5(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(SAMPLE, tmp_path_factory.mktemp("b5"), "b5", overlay=True)


def test_every_layout_is_whole() -> None:
    """A layout has every style and length that another has."""
    names = layout_names()
    assert {"a4", "b5"} <= set(names)
    assert len({frozenset(PageLayout(name).tokens.values) for name in names}) == 1
    for name in names:
        page, tokens = PageLayout(name).page, PageLayout(name).tokens
        assert all(length > 0 for length in page.values()), name
        assert tokens.styles["body"].size == tokens.length("size")
        assert tokens.styles["body"].pitch == tokens.length("pitch")


def test_the_real_issue_in_b5(tmp_path: Path) -> None:
    if not REAL_ISSUE.is_dir():
        pytest.skip(f"there is no {REAL_ISSUE}")
    built(REAL_ISSUE, tmp_path, "b5")


def test_the_page_is_that_of_the_layout(b5: Path) -> None:
    with pikepdf.open(b5 / "issue.pdf") as document:
        boxes = {tuple(round(float(edge), 1) for edge in page.mediabox) for page in document.pages}
    assert boxes == {(0.0, 0.0, 515.9, 728.5)}
    assert json.loads((b5 / "manifest.json").read_text(encoding="utf-8"))["layout"] == "b5"


def test_the_overlay_draws_over_the_same_pages(b5: Path) -> None:
    with pikepdf.open(b5 / "issue.pdf") as plain, pikepdf.open(b5 / "overlay.pdf") as over:
        assert len(plain.pages) == len(over.pages)
        drawn = b"\n".join(page.Contents[-1].read_bytes() for page in over.pages)
    assert drawn.count(b" re f") > 500, "a band for each line, a box for each squeezed mark"
    assert b"0.600 0.200 0.800 rg" in drawn, "squeezed marks are violet"


@pytest.mark.parametrize("lang", WORDS)
def test_a_brief_in_each_language_is_set_by_its_rules(lang: str, tmp_path: Path) -> None:
    """By the command: a process has the faces of one language."""
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "build", str(PROFILES / lang)]
    made = subprocess.run([*command, "--out", str(tmp_path)], capture_output=True, encoding="utf-8", check=False)
    assert re.search("^版面檢驗：.*全部合格$", made.stderr, re.MULTILINE), made.stdout + made.stderr
    out = tmp_path / lang
    done = subprocess.run(["pdftotext", out / "issue.pdf", "-"], capture_output=True, encoding="utf-8", check=True)
    for word in WORDS[lang]:
        assert word.replace("　", "") in re.sub(r"\s", "", done.stdout), word

"""The layouts and the profiles on paper: every page is built by the command and measured by the audit."""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pikepdf
import pytest

from pipeline.audit import audit
from pipeline.manuscript import read_issue
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


@cache
def built(folder: Path, out: Path, *options: str) -> Path:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "build", str(folder)]
    done = subprocess.run(
        [*command, "--out", str(out), *options], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out / folder.name


@pytest.fixture(scope="session")
def b5(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(SAMPLE, tmp_path_factory.mktemp("b5"), "--layout", "b5", "--overlay")


def broken_rules(pdf: Path, issue: Path, layout: str = DEFAULT) -> list[str]:
    styles = PageLayout(layout).tokens.styles
    sizes = styles["body"].size, styles["note"].size
    measured = audit(pdf, read_issue(issue).sources, pitch=styles["body"].pitch, sizes=sizes)
    return [f"{row.key} {row.value}: {[f.text for f in row.findings]}" for row in measured.rows if not row.ok]


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


def test_b5_keeps_every_rule(b5: Path) -> None:
    assert broken_rules(b5 / "issue.pdf", SAMPLE, "b5") == []


def test_the_real_issue_in_b5(tmp_path_factory: pytest.TempPathFactory) -> None:
    if not REAL_ISSUE.is_dir():
        pytest.skip(f"there is no {REAL_ISSUE}")
    out = built(REAL_ISSUE, tmp_path_factory.mktemp("real-b5"), "--layout", "b5")
    assert broken_rules(out / "issue.pdf", REAL_ISSUE, "b5") == []


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
def test_a_brief_in_each_language_is_set_by_its_rules(lang: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    out = built(PROFILES / lang, tmp_path_factory.mktemp(lang))
    assert broken_rules(out / "issue.pdf", PROFILES / lang) == []
    done = subprocess.run(["pdftotext", out / "issue.pdf", "-"], capture_output=True, encoding="utf-8", check=True)
    for word in WORDS[lang]:
        assert word.replace("　", "") in re.sub(r"\s", "", done.stdout), word

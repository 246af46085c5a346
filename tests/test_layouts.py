"""The layouts and the profiles on paper: every page is measured by the audit."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from jinja2 import nodes
from jinja2.filters import FILTERS

from pipeline.build import build
from pipeline.layout import LAYOUTS, environment
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


def test_no_template_gives_a_filter_of_ours_a_text_of_its_own() -> None:
    """Jinja would work it out when it compiles the template, and the cache keep what the filter said then."""
    given = {
        node: each.name
        for file in sorted(LAYOUTS.rglob("*.j2"))
        for each in environment({}).parse(file.read_text(encoding="utf-8")).find_all(nodes.Filter)
        if each.name not in FILTERS and (node := each.node) is not None
    }
    assert "set_text" in given.values()
    for node in given:
        with pytest.raises(nodes.Impossible):
            node.as_const()


def test_a_template_that_changed_is_compiled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("pipeline.layout.LAYOUTS", tmp_path)
    for text in ("文", "改"):
        (tmp_path / "new.j2").write_text(text, encoding="utf-8")
        for _ in range(2):
            assert environment({}).get_template("new.j2").render() == text
        (kept,) = (tmp_path / "cache" / "templates").glob("*/*")
    for broken in (b"", kept.read_bytes()[:20], b"\0" * 99):
        kept.write_bytes(broken)
        assert environment({}).get_template("new.j2").render() == "改"
    monkeypatch.setenv("KAN_CACHE", "/proc/none")
    assert environment({}).get_template("new.j2").render() == "改"


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

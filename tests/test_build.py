"""Build: the same input gives the same bytes, the manifest says what went in, and a failure changes nothing."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

import pikepdf
import pytest

from pipeline import __version__
from pipeline.build import build, check
from pipeline.diagnostics import ManuscriptError
from pipeline.fonts import Fonts
from pipeline.manifest import NAME, manifest
from pipeline.parse import parse
from pipeline.publish import publish

SAMPLE = Path(__file__).resolve().parents[1] / "source" / "2026-11"
RESULT = {"issue.pdf", "offprints", "issue.epub", "web", "jats", "deposits", "references", "manifest.json"}
VERTICAL = {"issue-vertical.epub"}
STAGES = {
    "讀取與檢查原稿",
    "編號",
    "排版：PDF",
    "裁切：全期與各篇抽印本",
    "檢驗版面",
    "製作EPUB",
    "典藏XML、寄存檔與參考文獻",
    "製作網頁",
    "逐字校對，檢查標準",
}


def run(
    *arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def sums(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def small(tmp_path: Path) -> Callable[[Path], Path]:
    """Puts a small issue (the shortest brief of the sample) into a folder."""

    def put(folder: Path) -> Path:
        folder.mkdir(parents=True)
        shutil.copy(SAMPLE / "brief-5.xml", folder / "brief-5.xml")
        shutil.copytree(SAMPLE / "figures", folder / "figures")
        lines = (SAMPLE / "issue.xml").read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if "<brief " not in line or "brief-5" in line]
        (folder / "issue.xml").write_text("\n".join(kept), encoding="utf-8")
        return folder

    return put


def test_two_builds_in_two_processes_give_the_same_bytes(sample_built: Path, tmp_path: Path) -> None:
    """Whatever the seed of hashes, the clock's zone, the locale, the umask, and the folder it runs in."""
    other = {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland", "LC_ALL": "C", "COLUMNS": "40"}
    copied = shutil.copytree(SAMPLE, tmp_path / "我的 文件" / "100% [新]#1" / "2026-11")
    done = run("build", copied.relative_to(tmp_path), "--vertical", "--out", "輸 出", cwd=tmp_path, env=other)
    assert done.returncode == 0, done.stderr
    assert sums(tmp_path / "輸 出" / "2026-11") == sums(sample_built)


def test_the_build_has_nothing_to_complain_about(sample_built: Path) -> None:
    output = (sample_built.parent / "output.txt").read_text(encoding="utf-8").splitlines()
    files = [line for line in output if line.startswith(str(sample_built))]
    assert len(files) == len(RESULT | VERTICAL)
    verdicts = [line for line in output if line.endswith(("全部合格", "一字不漏")) or "全部合格（" in line]
    assert verdicts[0].startswith("版面檢驗："), "every rule of typography holds on the sample issue"
    assert verdicts[1].startswith("逐字校勘："), "no edition lost a character"
    proven = {line.partition("：")[0] for line in verdicts}
    assert proven >= {"PDF/UA-1", "PDF/A-2a", "JATS 1.1"}
    assert set(output) - {*files, *verdicts} == STAGES, "no warning, no record of the engine's log"


def test_the_manifest(sample_built: Path, prepared: Fonts) -> None:
    assert {path.name for path in sample_built.iterdir()} == RESULT | VERTICAL
    record = json.loads((sample_built / "manifest.json").read_text(encoding="utf-8"))
    assert record["kan"] == __version__
    about = record["issue"]
    assert (about["title"], about["name"], about["date"]) == ("版面", "第1卷第1期", "2026-11-20")
    inputs = [path for path in SAMPLE.rglob("*") if path.is_file()]
    assert record["inputs"] == {
        path.relative_to(SAMPLE).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in inputs
    }
    assert {name: each["sha256"] for name, each in record["outputs"].items()} == {
        name: digest for name, digest in sums(sample_built).items() if name != "manifest.json"
    }
    assert [(face["family"], face["weight"], face["style"]) for face in record["fonts"]] == [
        (face.family, face.weight, face.style) for face in prepared.faces
    ]
    for face, file in zip(record["fonts"], prepared.faces, strict=True):
        if not prepared.fallback:
            assert face["sha512"] == hashlib.sha512(file.file.read_bytes()).hexdigest()
    assert record["tools"]["weasyprint"] == version("weasyprint")
    assert record["tools"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert str(Path.home()) not in json.dumps(record), "nothing of the machine it was made on"


def test_the_real_issue_builds(real_built: Path) -> None:
    assert {path.name for path in real_built.iterdir()} == RESULT | VERTICAL
    with pikepdf.open(real_built / "issue.pdf") as pdf:
        assert len(pdf.pages) > 10


def test_an_issue_anywhere(small: Callable[[Path], Path], tmp_path: Path) -> None:
    """Blanks, Chinese, and marks that mean something to a shell, a URL or a glob, in every part of the path."""
    folder = small(tmp_path / "我的 文件" / "100% [新]#1" / "第 11 期")
    made = build(folder, tmp_path / "輸 出", lambda _: None)
    assert made.folder == tmp_path / "輸 出" / "第 11 期"
    assert {path.name for path in made.folder.iterdir()} == RESULT
    record = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    assert "brief-5.xml" in record["inputs"]


def test_an_output_that_cannot_be_written(small: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = small(tmp_path / "2026-11")
    (tmp_path / "out").write_text("a file")
    done = run("build", folder, "--out", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "無法進行：無法寫入輸出資料夾「out」" in done.stderr
    assert "Traceback" not in done.stderr


BREAKS: dict[str, Callable[[str], str]] = {
    "not XML": lambda text: text.replace("</article>", ""),
    "against the schema": lambda text: text.replace("<body>", "<body><h1/>"),
    "against a rule": lambda text: text.replace("<body>", '<body><p><xref ref-type="fig" rid="none"/></p>'),
    "without a glyph": lambda text: text.replace("<body>", "<body><p>\U0002b740\ue123</p>"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_manuscript_leaves_the_old_result(
    small: Callable[[Path], Path], tmp_path: Path, name: str, prepared: Fonts
) -> None:
    folder, out = small(tmp_path / "2026-11"), tmp_path / "out"
    old = {"issue.pdf": b"old"}
    publish(out / "2026-11", {**old, NAME: manifest(old, {}, {})})
    before = sums(out / "2026-11")
    brief = folder / "brief-5.xml"
    brief.write_text(BREAKS[name](brief.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(ManuscriptError) as caught:
        build(folder, out, lambda _: None)
    assert all(found.place.file == brief for found in caught.value.diagnostics)
    assert sums(out / "2026-11") == before
    assert [path.name for path in out.iterdir()] == ["2026-11"]


def test_every_broken_brief_is_reported(small: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = small(tmp_path / "2026-11")
    issue = folder / "issue.xml"
    text = issue.read_text(encoding="utf-8")
    issue.write_text(text.replace("</contents>", '<brief href="brief-1.xml"/></contents>'), encoding="utf-8")
    (folder / "brief-1.xml").write_text("<article>", encoding="utf-8")
    (folder / "brief-5.xml").write_text("<article", encoding="utf-8")
    with pytest.raises(ManuscriptError) as caught:
        build(folder, tmp_path / "out", lambda _: None)
    assert [(found.code, found.place.file.name) for found in caught.value.diagnostics if found.code == "P006"] == [
        ("P006", "brief-1.xml"),
        ("P006", "brief-5.xml"),
    ]
    assert not (tmp_path / "out").exists()


def test_check_finds_what_build_finds(small: Callable[[Path], Path], tmp_path: Path, prepared: Fonts) -> None:
    folder = small(tmp_path / "2026-11")
    assert check(folder) == check(folder / "issue.xml") == ()
    brief = folder / "brief-5.xml"
    brief.write_text(BREAKS["without a glyph"](brief.read_text(encoding="utf-8")), encoding="utf-8")
    found = check(folder)
    assert [(each.code, each.place) for each in found] == [(each.code, each.place) for each in check(brief)]
    assert {each.code for each in found} == {
        "C003",
        "F001",
    }  # a private character is a finding of the copy editor, too
    text = brief.read_text(encoding="utf-8").splitlines()
    source = parse(brief)
    assert source.path == brief
    for each in found:
        assert text[each.place.line - 1][each.place.column - 1 : each.place.end_column - 1] in "\U0002b740\ue123"

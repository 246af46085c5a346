"""Verify: a finished folder proves itself, and whatever was done to it since shows with its place."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.conformance import epubcheck, node
from pipeline.verify import verify_folder


@pytest.fixture
def folder(sample_built: Path, tmp_path: Path) -> Path:
    """A finished folder that a test may spoil."""
    return shutil.copytree(sample_built, tmp_path / "2026-11")


def verify(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["verify", "--quick", *map(str, arguments)])


def test_a_folder_as_it_was_published(sample_built: Path) -> None:
    done = verify(sample_built)
    assert done.exit_code == 0, done.output
    assert "一字不漏" in done.output
    for standard in ("PDF/UA-1", "PDF/A-2a", "JATS 1.1"):
        assert f"{standard}：" in done.output
    assert "不合" not in done.output and "沒有檢查" not in done.output


def test_in_english_and_for_machines(sample_built: Path) -> None:
    assert "nothing lost" in verify(sample_built, "--lang", "en").output
    said = json.loads(CliRunner().invoke(main, ["verify", "--quick", "--json", str(sample_built)]).stdout)
    assert said["findings"] == []
    assert all(verdict["passed"] for verdict in said["conformance"])
    assert (
        said["collation"]["editions"]["issue.pdf"]["notes"] == said["collation"]["editions"]["issue.epub"]["notes"]
    )


def test_the_manifest_says_the_same(sample_built: Path) -> None:
    recorded = json.loads((sample_built / "manifest.json").read_bytes())["verified"]
    said = json.loads(CliRunner().invoke(main, ["verify", "--quick", "--json", str(sample_built)]).stdout)
    assert recorded["collation"]["editions"] == said["collation"]["editions"]
    key = [(each["file"], each["standard"], each["passed"]) for each in recorded["conformance"]]
    assert key == [(each["file"], each["standard"], each["passed"]) for each in said["conformance"]]


@pytest.mark.skipif(epubcheck.missing() is not None, reason="needs Java")
@pytest.mark.skipif(node.chromium() is None or shutil.which("npm") is None, reason="needs a browser")
@pytest.mark.parametrize("built", ["sample_built", "real_built"])
def test_every_standard_by_its_own_tool(built: str, request: pytest.FixtureRequest) -> None:
    """EPUBCheck, Ace and axe-core beside the rest: nothing found, nothing left out."""
    folder: Path = request.getfixturevalue(built)
    verified = verify_folder(folder, lambda _: None)
    assert verified.findings == ()
    assert all(verdict.passed for verdict in verified.verdicts), "none was skipped"
    proven = {(verdict.file, verdict.standard) for verdict in verified.verdicts}
    for book in ("issue.epub", "issue-vertical.epub"):
        assert {(book, "EPUB 3.3"), (book, "EPUB Accessibility 1.1")} <= proven
    assert ("web/index.html", "WCAG 2.2 AA") in proven


def test_a_note_taken_out_of_the_book(folder: Path) -> None:
    """The file is not the one that was published, and what is gone from it is named."""
    book = folder / "issue.epub"
    with zipfile.ZipFile(book) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    page = files["EPUB/b01.xhtml"].decode()
    begin = page.index("<li value=")
    files["EPUB/b01.xhtml"] = (page[:begin] + page[page.index("</li>", begin) + 5 :]).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    book.write_bytes(buffer.getvalue())
    done = verify(folder)
    assert done.exit_code == 1
    assert "issue.epub:1:1: error A003" in done.output
    assert any(" K0" in line and "jats/brief-1.xml" in line for line in done.output.splitlines()), done.output


def test_a_missing_offprint_and_a_page_that_calls_home(folder: Path) -> None:
    (folder / "offprints" / "brief-2.pdf").unlink()
    page = folder / "web" / "brief-1.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("</body>", '<img alt="" src="https://example.org/pixel.png"></body>'))
    done = verify(folder)
    assert done.exit_code == 1
    for wanted in ("A002", "offprints/brief-2.pdf", "A003", "web/brief-1.html", "example.org"):
        assert wanted in done.output


def test_no_folder_of_ours(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("")
    done = verify(tmp_path)
    assert done.exit_code == 1
    assert "A001" in done.output and "Traceback" not in done.output

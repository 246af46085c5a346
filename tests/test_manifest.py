"""The manifest: a finished folder that was touched since says so, and is never read beyond its own files."""

import json
import os
from pathlib import Path

import pytest

from pipeline import manifest
from pipeline.diagnostics import Diagnostic

EDITIONS = {"issue.pdf": b"%PDF", "web/index.html": b"<html/>"}
ABOUT = {"briefs": [{"name": "brief-1", "title": "題名", "pages": [3, 5]}]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A finished folder."""
    folder = tmp_path / "2026-11"
    for name, data in {**EDITIONS, manifest.NAME: manifest.manifest(EDITIONS, {"issue.pdf": 5}, ABOUT)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def found(folder: Path) -> list[tuple[str, str]]:
    """Code and file of each difference."""
    differences: tuple[Diagnostic, ...] = manifest.read(folder).differences
    return [(each.code, each.place.file.relative_to(folder).as_posix()) for each in differences]


def test_an_untouched_folder(folder: Path) -> None:
    published = manifest.read(folder)
    assert published.briefs == ("brief-1",)
    assert published.editions == EDITIONS
    assert published.differences == ()


def test_sizes_and_pages(folder: Path) -> None:
    outputs = json.loads((folder / manifest.NAME).read_bytes())["outputs"]
    assert (outputs["issue.pdf"]["bytes"], outputs["issue.pdf"]["pages"]) == (4, 5)
    assert "pages" not in outputs["web/index.html"]


def test_one_byte_more(folder: Path) -> None:
    (folder / "issue.pdf").write_bytes(b"%PDF ")
    assert found(folder) == [("A003", "issue.pdf")]


def test_a_missing_file(folder: Path) -> None:
    (folder / "web" / "index.html").unlink()
    assert found(folder) == [("A002", "manifest.json")]


def test_a_foreign_file(folder: Path) -> None:
    (folder / "web" / "tracker.js").write_text("")
    assert found(folder) == [("A004", "web/tracker.js")]


def test_a_link_that_leads_out_is_not_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(EDITIONS["issue.pdf"])
    (folder / "issue.pdf").unlink()
    (folder / "issue.pdf").symlink_to(secret)
    assert found(folder) == [("A002", "manifest.json")]
    assert "issue.pdf" not in manifest.read(folder).editions


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "web/../../secret", "a\0b", "\ud800", "web", ""])
def test_a_manifest_that_names_files_elsewhere(folder: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    about = json.loads((folder / manifest.NAME).read_bytes())
    about["outputs"][name] = about["outputs"]["issue.pdf"]
    (folder / manifest.NAME).write_text(json.dumps(about))
    assert found(folder) == [("A002", "manifest.json")]
    assert name not in manifest.read(folder).editions


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{", '{"outputs": {}}', '{"outputs": [], "briefs": []}', "[" * 100_000, "\ufeff{}"]
)
def test_a_broken_manifest_is_a_finding(folder: Path, text: str) -> None:
    (folder / manifest.NAME).write_text(text, encoding="utf-8")
    assert found(folder) == [("A001", "manifest.json")]
    assert manifest.outputs(folder) == () or text.startswith('{"outputs": {}')


def test_a_pipe_is_not_read(folder: Path) -> None:
    (folder / "issue.pdf").unlink()
    os.mkfifo(folder / "issue.pdf")
    assert found(folder) == [("A002", "manifest.json")]


def test_a_file_that_would_fill_the_memory_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.manifest._LARGEST", 1000)
    (folder / "web" / "index.html").write_bytes(b" " * 1001)
    assert found(folder) == [("A006", "manifest.json")]
    assert "web/index.html" not in manifest.read(folder).editions


def test_an_archive_copy_of_no_listed_brief(folder: Path) -> None:
    """Briefs struck from the manifest would not be collated."""
    editions = {**EDITIONS, "jats/brief-1.xml": b"<article/>", "jats/brief-2.xml": b"<article/>"}
    (folder / "jats").mkdir()
    for name in ("brief-1", "brief-2"):
        (folder / "jats" / f"{name}.xml").write_bytes(b"<article/>")
    (folder / manifest.NAME).write_bytes(manifest.manifest(editions, {}, ABOUT))
    assert found(folder) == [("A005", "manifest.json")]


def test_no_manifest(tmp_path: Path) -> None:
    assert found(tmp_path) == [("A001", "manifest.json")]

"""Manuscript: an issue is read file by file, in its order, and never from outside its folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.manuscript import read_issue, within

BRIEFS = '<issue><contents><brief href="{}"/><brief href="{}"/></contents></issue>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An issue folder with two briefs and a file beside it that is none of its business."""
    (tmp_path / "secret.xml").write_text("<article/>")
    folder = tmp_path / "2026-11"
    (folder / "deep").mkdir(parents=True)
    for name in ("a.xml", "b.xml", "deep/c.xml"):
        (folder / name).write_text("<article/>")
    return folder


@pytest.fixture
def listing(folder: Path) -> Callable[[str, str], list[str]]:
    def read(first: str, second: str) -> list[str]:
        (folder / "issue.xml").write_text(BRIEFS.format(first, second), encoding="utf-8")
        return list(read_issue(folder).briefs)

    return read


def test_briefs_come_in_the_order_of_the_issue(listing: Callable[[str, str], list[str]], folder: Path) -> None:
    assert listing("deep/c.xml", "a.xml") == ["deep/c.xml", "a.xml"]
    manuscript = read_issue(folder)
    assert [source.path for source in manuscript.sources] == [
        folder / name for name in ("issue.xml", "deep/c.xml", "a.xml")
    ]
    assert manuscript.diagnostics == ()


def test_a_brief_listed_twice_is_read_once(listing: Callable[[str, str], list[str]]) -> None:
    assert listing("a.xml", "a.xml") == ["a.xml"]


def test_a_relative_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "issue.xml").write_text(BRIEFS.format("a.xml", "b.xml"))
    monkeypatch.chdir(folder.parent)
    assert read_issue(Path("2026-11")).folder == folder


def test_everything_unreadable_is_collected(folder: Path) -> None:
    (folder / "issue.xml").write_text(BRIEFS.format("a.xml", "b.xml"))
    (folder / "a.xml").write_text("<article>")
    (folder / "b.xml").write_text("<!DOCTYPE article><article/>")
    manuscript = read_issue(folder)
    assert [found.code for found in manuscript.diagnostics] == ["P006", "P005"]
    assert manuscript.briefs == {} and manuscript.issue is not None


@pytest.mark.parametrize("make", ["nothing", "no issue.xml", "a file"])
def test_no_issue(tmp_path: Path, make: str) -> None:
    folder = tmp_path / "2026-11"
    if make == "a file":
        folder.write_text("<article/>")
    elif make == "no issue.xml":
        folder.mkdir()
    manuscript = read_issue(folder)
    assert manuscript.issue is None and manuscript.sources == ()
    (found,) = manuscript.diagnostics
    assert (found.code, found.place.file) in {("P001", folder / "issue.xml"), ("P002", folder / "issue.xml")}


@pytest.mark.parametrize(
    "href",
    [
        "../secret.xml",
        "deep/../../secret.xml",
        "link.xml",
        "linked/secret.xml",
        "loop.xml",
        "/etc/hostname",
        "file:///etc/hostname",
        "https://kan.example/a.xml",
        "C:\\secret.xml",
        "..\\secret.xml",
        "",
        "a.xml\0",
        "長" * 5000,
    ],
)
def test_nothing_outside_the_folder(folder: Path, href: str) -> None:
    (folder / "link.xml").symlink_to(folder.parent / "secret.xml")
    (folder / "linked").symlink_to(folder.parent)
    (folder / "loop.xml").symlink_to("loop.xml")
    path = within(folder, href)
    assert path is None or not path.exists()


@pytest.mark.parametrize("href", ["a.xml", "deep/c.xml", "./a.xml", "deep/../a.xml", "inside.xml", "新.xml"])
def test_what_is_inside(folder: Path, href: str) -> None:
    (folder / "inside.xml").symlink_to("a.xml")
    (folder / "新.xml").write_text("<article/>")
    path = within(folder, href)
    assert path is not None and path.is_file()


def test_an_issue_folder_that_is_a_link(folder: Path, tmp_path: Path) -> None:
    (folder / "issue.xml").write_text(BRIEFS.format("a.xml", "b.xml"))
    (tmp_path / "newest").symlink_to(folder)
    assert list(read_issue(tmp_path / "newest").briefs) == ["a.xml", "b.xml"]

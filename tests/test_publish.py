"""Publish: the result is the old one or the new one, at every moment and whatever happens."""

import hashlib
import json
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from pipeline.diagnostics import InstallationError
from pipeline.manifest import NAME, manifest
from pipeline.publish import check_target, publish

OLD = {"issue.pdf": b"%PDF old", "issue.epub": b"PK old"}
NEW = {"issue.pdf": b"%PDF new" * 1000, "issue.epub": b"PK new" * 1000}


def whole(editions: Mapping[str, bytes]) -> dict[str, bytes]:
    """Editions with their manifest."""
    return {**editions, NAME: manifest(editions, {}, {})}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def editions_in(folder: Path) -> dict[str, bytes]:
    """The editions, which must be those of the manifest beside them."""
    found = contents(folder)
    sums = json.loads(found.pop("manifest.json"))["outputs"]
    assert {name: each["sha256"] for name, each in sums.items()} == {
        name: hashlib.sha256(data).hexdigest() for name, data in found.items()
    }
    return found


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A result of an earlier build."""
    publish(tmp_path / "2026-11", whole(OLD))
    return tmp_path / "2026-11"


def in_child(act: Callable[[], object]) -> int:
    """The wait status of a forked process that does something (and nothing else, however it ends)."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1]


class Interrupted(Mapping[str, bytes]):
    """Editions of which the second, when it is to be written, makes something happen."""

    def __init__(self, happens: Callable[[], object]) -> None:
        self.happens = happens

    def __getitem__(self, name: str) -> bytes:
        if name == "issue.pdf":
            self.happens()
        return NEW[name]

    def __iter__(self) -> Iterator[str]:
        return iter(["issue.epub", "issue.pdf"])

    def __len__(self) -> int:
        return len(NEW)


def test_a_first_result(tmp_path: Path) -> None:
    target = tmp_path / "dist" / "deep" / "2026-11"
    publish(target, {**NEW, NAME: manifest(NEW, {}, {"題": "名"})})
    assert editions_in(target) == NEW
    assert json.loads((target / "manifest.json").read_text(encoding="utf-8"))["題"] == "名"
    assert [path.name for path in target.parent.iterdir()] == ["2026-11"]
    assert target.stat().st_mode & 0o777 == 0o755


def test_a_new_result_replaces_the_old_one_whole(target: Path) -> None:
    (target / "notes.txt").write_text("of an older version")
    publish(target, whole({"issue.epub": b"PK new"}))
    assert editions_in(target) == {"issue.epub": b"PK new"}
    assert [path.name for path in target.parent.iterdir()] == ["2026-11"]


def test_the_manifest_is_the_same_for_the_same_build() -> None:
    one = manifest(NEW, {"issue.pdf": 4}, {"x": 1, "y": [2]})
    assert one == manifest(dict(reversed(NEW.items())), {"issue.pdf": 4}, {"y": [2], "x": 1})


def test_killed_while_writing(target: Path) -> None:
    before = contents(target)
    status = in_child(lambda: publish(target, Interrupted(lambda: os.kill(os.getpid(), signal.SIGKILL))))
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    left = [path for path in target.parent.iterdir() if path != target]
    assert [path.name[:9] for path in left] == [".2026-11."], "it was killed in the middle"
    assert (left[0] / "issue.epub").exists() and not (left[0] / "issue.pdf").exists()
    assert contents(target) == before


def test_an_exception_while_writing(target: Path) -> None:
    def fails() -> None:
        raise ZeroDivisionError

    before = contents(target)
    with pytest.raises(ZeroDivisionError):
        publish(target, Interrupted(fails))
    assert contents(target) == before
    assert [path.name for path in target.parent.iterdir()] == ["2026-11"]


def test_killed_at_any_moment(target: Path) -> None:
    """A child publishes without end and is killed; what stands there is one whole result or the other."""
    seen = set()
    for delay in range(20):
        child = os.fork()
        if child == 0:
            try:
                while True:
                    publish(target, whole(NEW))
                    publish(target, whole(OLD))
            finally:
                os._exit(1)
        time.sleep(0.005 + delay * 0.0007)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = editions_in(target)
        assert found in (OLD, NEW)
        seen.add(found == NEW)
    assert seen == {True, False}, "the kills came at different moments"


def test_a_full_disk(target: Path) -> None:
    """The limit of a file's size stands in for it: writing fails half-way."""

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        with pytest.raises(InstallationError, match="cannot write to the output folder"):
            publish(target, whole(NEW))

    before = contents(target)
    assert in_child(limited) == 0
    assert contents(target) == before
    assert [path.name for path in target.parent.iterdir()] == ["2026-11"]


def test_the_target_is_never_missing(tmp_path: Path) -> None:
    """Another process looks all the time while 200 results are published, and sees whole ones only."""
    target = tmp_path / "2026-11"
    publish(target, whole(OLD))
    missing: list[str] = []
    looks = 0
    done = threading.Event()

    def look() -> None:
        nonlocal looks
        while not done.is_set():
            looks += 1
            if not os.path.exists(target):  # noqa: PTH110
                missing.append("folder")
            try:
                folder = os.open(target, os.O_RDONLY)
            except FileNotFoundError:
                missing.append("folder to open")
                continue
            os.close(folder)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        for turn in range(200):
            publish(target, whole(NEW if turn % 2 else OLD))
    finally:
        done.set()
        thread.join()
    assert not missing
    assert looks > 200


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "dist").write_text("a file where the folder should be")
    with pytest.raises(InstallationError) as caught:
        publish(tmp_path / "dist" / "2026-11", whole(NEW))
    assert str(tmp_path / "dist") in caught.value.words.zh
    assert str(tmp_path / "dist") in caught.value.words.en


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_without_permission(target: Path) -> None:
    target.parent.chmod(0o500)
    try:
        with pytest.raises(InstallationError):
            publish(target, whole(NEW))
        assert editions_in(target) == OLD
    finally:
        target.parent.chmod(0o700)


@pytest.mark.parametrize("name", ["2026-11", "第[11]期 冬"])
def test_leftovers_of_killed_builds_go_after_an_hour(tmp_path: Path, name: str) -> None:
    old, running, other = (tmp_path / each for each in (f".{name}.old", f".{name}.run", ".2027-01.old"))
    for folder in (old, running, other):
        folder.mkdir()
        (folder / "issue.pdf").write_bytes(b"%PDF")
    for folder in (old, other):
        os.utime(folder, (time.time() - 4000,) * 2)
    publish(tmp_path / name, whole(NEW))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([running.name, other.name, name])


def test_the_folder_of_the_manuscript_is_never_a_target(tmp_path: Path) -> None:
    issue = tmp_path / "issue"
    issue.mkdir()
    (issue / "issue.xml").write_text("<issue/>")
    (tmp_path / "link").symlink_to(tmp_path)
    for target in (issue, tmp_path, tmp_path / "link" / "issue"):
        with pytest.raises(InstallationError):
            check_target(target, issue)
    check_target(tmp_path / "out" / "issue", issue)
    check_target(issue / "dist" / "issue", issue)


@pytest.mark.parametrize("out", ["file", "file/deep", "名" * 300])
def test_what_cannot_be_a_folder_is_no_target(tmp_path: Path, out: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InstallationError, match="cannot write to the output folder"):
        check_target(tmp_path / out / "issue", tmp_path / "issue")


def test_only_an_earlier_result_is_replaced(tmp_path: Path) -> None:
    target, issue = tmp_path / "out" / "issue", tmp_path / "issue"
    publish(target, whole({"issue.pdf": b"1"}))
    check_target(target, issue)
    (target / "thesis.docx").write_bytes(b"mine")
    with pytest.raises(InstallationError, match="thesis"):
        check_target(target, issue)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InstallationError):
        check_target(tmp_path / "file", issue)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.json").write_text("[]")
    with pytest.raises(InstallationError):
        check_target(tmp_path / "other", issue)

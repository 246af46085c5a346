"""The archive of jing's classes: made once, used from then on, and nothing depends on it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.validate import class_archive, jing
from pipeline.validate.grammar import SCHEMAS

pytestmark = pytest.mark.skipif(jing.java() is None or jing.jar() is None, reason="needs Java")


def said() -> list[str]:
    """What jing says of a document that is no issue, without the folder it lay in."""
    lines = jing.run(SCHEMAS["issue"], [b"<nothing/>"])
    assert lines is not None
    return [line.rpartition("/")[2] for line in lines]


def archives(cache: Path) -> list[Path]:
    return sorted(cache.rglob("*.jsa"))


def test_an_archive_is_made_once_and_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAN_CACHE", str(tmp_path / "快取 的資料夾"))
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: said(), range(2))
    (made,) = archives(tmp_path)
    assert made.stat().st_size > 1_000_000
    assert first == second == said() and first[0].startswith("0.xml:1:")
    made.chmod(0o600)
    made.write_bytes(made.read_bytes()[:1_000_000])
    assert said() == first, "half an archive is no harm"
    made.write_bytes(b"")
    assert said() == first
    assert archives(tmp_path) == [made] and made.stat().st_size == 0, "what cannot be made is not tried again"


def test_a_cache_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAN_CACHE", "/proc/none")
    assert said()[0].startswith("0.xml:1:")


def test_another_jar_has_another_archive_and_only_some_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Java would refuse the old one for ever."""
    monkeypatch.setenv("KAN_CACHE", str(tmp_path / "cache"))
    runtime, jar = tmp_path / "java", tmp_path / "jing.jar"
    runtime.write_text('#!/bin/sh\nfor each; do case "$each" in *.filling) echo > "${each#*=}";; esac; done\n')
    runtime.chmod(0o755)
    (tmp_path / "classes.lst").write_text("")
    for size in range(class_archive.KEPT + 2):
        jar.write_bytes(b"x" * size)
        place = class_archive.place(runtime, jar)
        class_archive.keep(place, tmp_path, runtime, jar, [])
        assert place in archives(tmp_path)
    assert len(archives(tmp_path)) == class_archive.KEPT

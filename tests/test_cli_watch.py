"""`kan check --watch`: a real process that looks again when files change; and what it calls new."""

import os
import pty
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.cli.watch import news
from pipeline.diagnostics import Diagnostic, Place, Severity, Words
from tests.conftest import HOUSE

LONGEST = 30
"""Seconds to wait for a line before a test fails; other tests may be running beside it."""

PROGRAM = """
import signal
import sys
from pathlib import Path
# A shell makes what it runs in the background deaf to Ctrl-C; the tests may be run so.
signal.signal(signal.SIGINT, signal.default_int_handler)
from pipeline.check import check
from pipeline.cli.watch import watch
path = Path(sys.argv[1])
watch([path], lambda: check(path, rules=[]), "zh-TW")
print("ended")
"""

BRIEF = """<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="editorial" xml:lang="zh-Hant-TW">
<front><article-meta><title-group><article-title>題名</article-title></title-group></article-meta></front>
<body>
<p>{}</p>
</body></article>
"""
WRONG = BRIEF.format('<named-content xml:lang="中文">字</named-content>')


class Watching:
    """A watch in a process of its own."""

    def __init__(self, path: Path, stderr: int) -> None:
        environment = os.environ | {"PYTHONPATH": str(HOUSE), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(path)],
            stdout=subprocess.PIPE,
            stderr=stderr,
            encoding="utf-8",
            env=environment,
            cwd=path.parent.parent,
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def until(self, wanted: str) -> list[str]:
        """The lines up to one that matches a pattern."""
        seen: list[str] = []
        while not seen or not re.search(wanted, seen[-1]):
            try:
                seen.append(self.lines.get(timeout=LONGEST))
            except queue.Empty:
                self.process.kill()
                log = self.process.stderr.read() if self.process.stderr is not None else ""
                raise AssertionError(f"no line {wanted!r} after {seen}\n{log}") from None
        return seen

    def interrupt(self) -> int:
        """Press Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(LONGEST)
        self._thread.join(LONGEST)
        return code

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._thread.join(LONGEST)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


@contextmanager
def watching(path: Path, stderr: int = subprocess.PIPE) -> Iterator[Watching]:
    watch = Watching(path, stderr)
    try:
        yield watch
    finally:
        watch.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a brief that has one mistake."""
    folder = tmp_path / "issue"
    folder.mkdir()
    (folder / "brief.xml").write_text(WRONG, encoding="utf-8")
    return folder


def saved_by_rename(path: Path, text: str) -> None:
    """Save a file as many editors do."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def test_watch_says_what_is_new_and_what_is_gone(folder: Path) -> None:
    brief = folder / "brief.xml"
    with watching(brief) as watch:
        first = watch.until("提示：")
        assert re.match(r"issue/brief\.xml:4:\d+: error ", first[0])
        saved_by_rename(brief, BRIEF.format("文"))
        mended = watch.until("；共有")
        assert re.fullmatch(r"── \d\d:\d\d:\d\d issue/brief\.xml ──", mended[0])
        assert mended[1].startswith("− issue/brief.xml: ") and len(mended) == 3
        assert mended[-1] == "新的0處，沒有了的1處；共有0個錯誤、0個警告"
        brief.write_text(BRIEF.format("<b>文</b>"), encoding="utf-8")
        broken = watch.until("；共有")
        assert broken[1].startswith("+ issue/brief.xml:4:") and "error" in broken[1]
        assert broken[2].startswith("      提示：")
        assert broken[-1] == "新的1處，沒有了的0處；共有1個錯誤、0個警告"
        brief.write_text(f"<!-- 註 -->\n{BRIEF.format('<b>文</b>')}", encoding="utf-8")
        assert watch.until("；共有")[1:] == ["沒有增減；共有1個錯誤、0個警告"]
        assert watch.interrupt() == 0
        assert watch.until("ended") == ["ended"]
        assert watch.process.stderr is not None
        assert "Traceback" not in watch.process.stderr.read()


def test_changes_at_once_are_one_check(folder: Path) -> None:
    names = [f"other-{number}.xml" for number in range(20)]
    with watching(folder / "brief.xml") as watch:
        watch.until("提示：")
        for name in names:
            (folder / name).write_text(BRIEF.format("文"), encoding="utf-8")
        seen = watch.until("共有")
        assert len(seen) == 2 and all(name in seen[0] for name in names)


def test_figures_and_vocabularies_count_and_leftovers_of_editors_do_not(folder: Path) -> None:
    with watching(folder / "brief.xml") as watch:
        watch.until("提示：")
        for name in (".brief.xml.swp", "brief.xml~", "4913", "notes.txt"):
            (folder / name).write_text("…", encoding="utf-8")
        (folder.parent / "other.xml").write_text("…", encoding="utf-8")
        time.sleep(0.5)
        (folder / "figures").mkdir()
        assert watch.until("共有")[0].endswith(" issue/figures ──")
        time.sleep(0.5)  # what comes in before figures/ is watched is looked at, and is no news
        for path in (folder / "figures" / "fig.svg", folder / "vocabulary.toml"):
            path.write_text("", encoding="utf-8")
            assert watch.until("共有")[0].endswith(f" {path.relative_to(folder.parent)} ──")
        (folder.parent / "vocabulary.toml").write_text("", encoding="utf-8")
        assert watch.until("共有")[0].endswith(" vocabulary.toml ──")
        (folder / "brief.xml").unlink()
        assert any(line.startswith("+ ") and "P001" in line for line in watch.until("共有"))


def test_folder_that_comes_again_is_watched_again(folder: Path) -> None:
    with watching(folder / "brief.xml") as watch:
        watch.until("提示：")
        shutil.rmtree(folder)
        assert "共有1個錯誤" in watch.until("；共有")[-1]
        folder.mkdir()
        time.sleep(0.5)
        (folder / "brief.xml").write_text(BRIEF.format("文"), encoding="utf-8")
        while not watch.until("；共有")[-1].endswith("共有0個錯誤、0個警告"):
            pass


def test_terminal_is_told_that_kan_waits(folder: Path) -> None:
    leader, follower = pty.openpty()
    try:
        with watching(folder / "brief.xml", stderr=follower) as watch:
            watch.until("提示：")
            shown = b""
            while "等候更動".encode() not in shown:
                shown += os.read(leader, 1000)
            assert watch.interrupt() == 0
    finally:
        os.close(leader)
        os.close(follower)


def found(line: int, code: str = "N001", message: str = "同註1", name: str = "brief.xml") -> Diagnostic:
    words = Words(message, message)
    return Diagnostic(code, Severity.WARNING, Place(Path(name), line, 1, line, 2), words, words)


def test_finding_that_moved_is_no_news() -> None:
    assert news([found(3), found(9)], [found(4), found(10)]) == ((), ())


def test_one_more_of_the_same_is_news() -> None:
    assert news([found(3), found(9)], [found(3), found(5), found(9)]) == ((found(5),), ())
    assert news([found(3), found(9)], [found(9)]) == ((), (found(3),))


def test_other_message_or_file_is_news() -> None:
    other, elsewhere = found(3, message="同註2"), found(3, name="brief-2.xml")
    assert news([found(3)], [other, elsewhere]) == ((other, elsewhere), (found(3),))

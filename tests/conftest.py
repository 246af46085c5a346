"""What the tests share: the issues, one finished build of each, and a watch over the log."""

import fcntl
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from pipeline import fonts
from pipeline.brief import Issue
from pipeline.content import issue_content
from pipeline.manuscript import read_issue
from pipeline.parse import Source, parse_bytes
from tests.browser import chromium  # noqa: F401  a fixture for every test

HOUSE = Path(__file__).resolve().parents[1]
SAMPLE = HOUSE / "source" / "2026-11"
REAL_ISSUE = HOUSE.parent / "shared" / "real-issue"
"""A real issue, which is no part of the repository; what needs it is skipped where it is not."""

# Every run tries the same examples; `--hypothesis-profile=explore` looks for new ones, and for longer.
settings.register_profile("kan", deadline=None, database=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("kan")

SLOW = ("verify", "wording", "broken", "conformance", "bench", "epub", "layouts", "printing", "build", "audit")
"""The files that take longest, which run first: what is left for the end is short, and no worker waits long."""

ARTICLE = """<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article" \
xml:lang="zh-Hant-TW"><front><article-meta>{meta}</article-meta></front><body>{body}</body></article>"""
TITLE = "<title-group><article-title>題名</article-title></title-group>"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the slow files first; each file keeps its order, in which pytest has grouped what shares a fixture."""
    items.sort(key=lambda item: _place(item.path.stem.removeprefix("test_")))


def _place(name: str) -> int:
    return SLOW.index(name) if name in SLOW else len(SLOW)


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A test fails when something logs a warning; one that expects it calls `caplog.clear()`."""
    yield
    loud = [
        f"{record.name}: {record.getMessage()}"
        for when in ("setup", "call")
        for record in caplog.get_records(when)
        if record.levelno >= logging.WARNING
    ]
    assert not loud, "unexpected log records:\n" + "\n".join(loud)


@pytest.fixture(scope="session")
def brief() -> Callable[..., Source]:
    """Makes a brief of markup for its body and, optionally, for its `article-meta`."""

    def make(body: str = "<p>文</p>", meta: str = TITLE) -> Source:
        return parse_bytes(Path("brief.xml"), ARTICLE.format(meta=meta, body=body).encode())

    return make


@pytest.fixture(scope="session")
def prepared() -> fonts.Fonts:
    return fonts.prepare()


def issue_in(folder: Path) -> Issue:
    manuscript = read_issue(folder)
    assert manuscript.issue is not None and not manuscript.diagnostics
    return issue_content(manuscript.folder, manuscript.issue, manuscript.briefs.values())


@pytest.fixture(scope="session", params=["sample", "real"])
def issue(request: pytest.FixtureRequest) -> Issue:
    """Each issue as values: our sample and, where it is, the real one."""
    folder = SAMPLE if request.param == "sample" else REAL_ISSUE
    if not folder.is_dir():
        pytest.skip(f"there is no {folder}")
    return issue_in(folder)


@pytest.fixture(scope="session")
def sample_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(SAMPLE, "sample", tmp_path_factory)


@pytest.fixture(scope="session")
def real_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not REAL_ISSUE.is_dir():
        pytest.skip(f"there is no {REAL_ISSUE}")
    return built_once(REAL_ISSUE, "real", tmp_path_factory)


def built_once(folder: Path, name: str, temporary: pytest.TempPathFactory) -> Path:
    """The output folder of an issue, built by the command in a process of its own, once for all workers."""
    base = temporary.getbasetemp()
    out = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"built-{name}"
    out.mkdir(exist_ok=True)
    with (out / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (out / "output.txt").exists():
            command = [sys.executable, "-c", "from pipeline.cli import main; main()", "build", str(folder)]
            done = subprocess.run(
                [*command, "--vertical", "--out", str(out)],
                capture_output=True,
                encoding="utf-8",
                cwd=out,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            (out / "output.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return out / folder.name

"""The programs that run in Node: fetched once with npm, exactly those that the lock file names.

npm compares each package with its hash in `node/package-lock.json`; no script of a package runs.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.diagnostics import InstallationError, Words
from pipeline.fonts import cache

FETCH_SECONDS = 600
"""Longest wait for npm. With an empty cache it takes half a minute."""

_LISTS = tuple(Path(__file__).parent / "node" / name for name in ("package.json", "package-lock.json"))
_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def installed() -> Path | None:
    """The folder `node_modules` as the cache has it, or None where nothing was fetched for this lock file."""
    found = _folder() / "node_modules"
    return found if found.is_dir() else None


def modules(progress: Callable[[Words], None] = lambda _: None) -> Path:
    """The folder `node_modules` in kan's cache, fetched first where it is not there; safe to run several times
    at once.

    Raises `InstallationError` when npm is missing, the packages can't be fetched or the cache can't be written.
    """
    if (found := installed()) is not None:
        return found
    npm = shutil.which("npm")
    if npm is None:
        raise InstallationError(
            "缺少npm，無法取得檢查工具（Ace、axe-core等）；請執行：sudo apt-get install npm",
            "npm is missing, so the checkers (Ace, axe-core …) cannot be fetched: sudo apt-get install npm",
        )
    folder = _folder()
    try:
        with _only_one(folder.parent):
            if installed() is None:
                progress(Words("下載檢查工具（Ace、axe-core等）", "fetching the checkers (Ace, axe-core …)"))
                _fetch(npm, folder)
    except OSError as error:
        raise InstallationError(
            f"無法寫入快取 {folder.parent}：請檢查權限，或以 KAN_CACHE 指定別的資料夾",
            f"cannot write the cache {folder.parent}: check its permissions or set KAN_CACHE to another folder",
        ) from error
    return folder / "node_modules"


def _folder() -> Path:
    """Where the packages of this lock file are, or will be."""
    stamp = hashlib.sha256(b"".join(file.read_bytes() for file in _LISTS)).hexdigest()[:16]
    return cache().parent / "node" / stamp


@contextmanager
def _only_one(root: Path) -> Iterator[None]:
    """Only one process fetches; what a killed one left is removed."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in root.glob(".filling-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _fetch(npm: str, folder: Path) -> None:
    """`npm ci` in a folder beside, which becomes `folder` in one rename when all is there."""
    filling = folder.with_name(f".filling-{folder.name}")
    filling.mkdir()
    for file in _LISTS:
        shutil.copyfile(file, filling / file.name)
    try:
        done = subprocess.run(
            [npm, *_CI],
            cwd=filling,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=FETCH_SECONDS,
            check=False,
        )
        said = "" if done.returncode == 0 else _reason(done.stderr) or f"npm {done.returncode}"
    except subprocess.TimeoutExpired:
        said = f"{FETCH_SECONDS} s"
    if said:
        shutil.rmtree(filling, ignore_errors=True)
        raise InstallationError(
            f"npm無法取得檢查工具：{said}；請檢查網路後再試",
            f"npm could not fetch the checkers: {said}; check the network and try again",
        )
    filling.rename(folder)


def _reason(said: str) -> str:
    """The first line in which npm says more than a code."""
    lines = [line.removeprefix("npm error").strip() for line in said.splitlines() if line.startswith("npm error")]
    return next((line for line in lines if line and not line.startswith("code ")), "")


def version(package: str) -> str:
    """The version of a package that `package.json` asks for."""
    return str(json.loads(_LISTS[0].read_bytes())["dependencies"][package])


def chromium() -> Path | None:
    """The browser that Node drives: `$PUPPETEER_EXECUTABLE_PATH`, else the one on PATH."""
    named = os.environ.get("PUPPETEER_EXECUTABLE_PATH")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    return Path(found) if found else None

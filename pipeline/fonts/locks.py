"""Locks: one process fills the store, many read it, and nobody removes a folder that another one reads.

All are `flock`s: they end with the process, however it ends.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.diagnostics import InstallationError

_held: dict[Path, int] = {}
"""Descriptors of the folders this process reads; never closed, because the engine opens fonts at any time."""


@contextmanager
def only_filler(root: Path) -> Iterator[None]:
    """Only one process fills the store; the others wait for it."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = (root / "lock").open("w")
    except OSError as error:
        raise cannot_write(root) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in (*root.glob(".filling-*"), *root.glob(".removing-*")):  # of a run that was killed
            shutil.rmtree(left, ignore_errors=True)
        yield


def cannot_write(folder: Path) -> InstallationError:
    """What to raise when the store, or a folder of it, cannot be written."""
    return InstallationError(
        f"無法寫入字型快取 {folder}：請檢查權限，或以 KAN_CACHE 指定別的資料夾",
        f"cannot write the font cache {folder}: check its permissions or set KAN_CACHE to another folder",
    )


def hold(folder: Path) -> None:
    """Keep a folder from being removed while this process lives; call it before reading the folder.

    Does nothing where there is no such folder, or no locks on its file system.
    """
    descriptor = _held.get(folder)
    with suppress(OSError):
        while descriptor is None or not os.path.samestat(os.fstat(descriptor), folder.stat()):
            descriptor = _held[folder] = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(descriptor, fcntl.LOCK_SH)  # then look again: it may have been removed while we waited


def remove_unheld(folder: Path) -> None:
    """Remove a folder unless a process holds it. It is renamed first, so that nobody reads half a folder."""
    removed = folder.with_name(f".removing-{folder.name}")
    with suppress(OSError):  # held, or a file system without locks: it stays
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            folder.rename(removed)
        finally:
            os.close(descriptor)
        shutil.rmtree(removed, ignore_errors=True)

"""Publish: finished editions into the output folder, all of them or none.

The files are written into a folder beside the result, which then takes its place in one rename, so that a
failed or killed build leaves the previous result as it was.
"""

import ctypes
import errno
import glob
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from pipeline import manifest
from pipeline.diagnostics import InstallationError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def check_target(target: Path, folder: Path) -> None:
    """Make sure that `target` may be replaced: it is not there, or holds nothing but an earlier result.

    Raises `InstallationError` when it is the folder of the issue or around it, holds other files, or cannot be a
    folder where it is.
    """
    if folder.resolve().is_relative_to(target.resolve()):
        raise InstallationError(
            f"輸出資料夾「{target}」就是原稿的資料夾，會把原稿蓋掉；請用 --out 換一個地方",
            f"the output {target} is the folder of the manuscript and would replace it: choose another --out",
        )
    try:
        file = next((each for each in target.parents if each.is_file()), None)
        foreign = None if file else _foreign_file(target)
    except OSError as error:
        raise _cannot_write(target.parent, error) from error
    if file is not None:
        raise _cannot_write(file, NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)))
    if foreign is not None:
        raise InstallationError(
            f"「{target}」裡有不是kan做的檔案（{foreign}），不能取代；請移走，或用 --out 換一個地方",
            f"{target} holds a file that is not of kan ({foreign}): move it away, or choose another --out",
        )


def _foreign_file(target: Path) -> str | None:
    """The name of a file in `target` that no earlier build put there."""
    if not target.exists() and not target.is_symlink():
        return None
    if not target.is_dir():
        return target.name
    ours = manifest.outputs(target)
    return next((name for name in manifest.files_in(target) if name not in ours), None)


def publish(target: Path, editions: Mapping[str, bytes]) -> None:
    """Put the editions (relative path to bytes, the manifest among them) into `target`, for what was there.

    Raises `InstallationError` when the output folder can't be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(target)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            fresh.chmod(0o755)
            for name, data in editions.items():
                (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                (fresh / name).write_bytes(data)
            _replace(fresh, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise _cannot_write(target.parent, error) from error


def _cannot_write(folder: Path, error: OSError) -> InstallationError:
    return InstallationError(
        f"無法寫入輸出資料夾「{folder}」：{error.strerror}",
        f"cannot write to the output folder {folder}: {error.strerror}",
    )


def _replace(fresh: Path, target: Path) -> None:
    """Let `fresh` take the place of `target` in one rename; what was there is then at `fresh`."""
    if not target.exists():
        fresh.rename(target)
        return
    libc = ctypes.CDLL(None, use_errno=True)
    exchange = getattr(libc, "renameat2", None)
    if exchange is not None:
        done = exchange(_AT_FDCWD, os.fsencode(fresh), _AT_FDCWD, os.fsencode(target), _RENAME_EXCHANGE)
        if done == 0:
            return
        if ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(target))
    # A file system without exchange: two renames, the second undone by the first if it fails.
    old = fresh.with_name(fresh.name + ".old")
    target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        old.rename(target)
        raise
    old.rename(fresh)


def _remove_leftovers(target: Path) -> None:
    """Remove what killed builds of this issue left behind, an hour old or more."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.*"):
        if left.is_dir() and left.stat().st_mtime < time.time() - 3600:
            shutil.rmtree(left, ignore_errors=True)

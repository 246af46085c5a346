"""Publish: finished editions into the output folder, all of them or none.

The files are written into a folder beside the result, which then takes its place in one rename, so that a
failed or killed build leaves the previous result as it was.
"""

import ctypes
import errno
import glob
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from pipeline.diagnostics import InstallationError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def publish(target: Path, editions: Mapping[str, bytes], record: Mapping[str, object]) -> None:
    """Put the editions (file name to bytes) and `manifest.json` into `target`, replacing what was there.

    `record` is what the manifest says beside the sha256 of each file. Raises `InstallationError` when the
    output folder can't be written.
    """
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(editions.items())}
    manifest = json.dumps({**record, "outputs": sums}, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(target)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            fresh.chmod(0o755)
            for name, data in editions.items():
                (fresh / name).write_bytes(data)
            (fresh / "manifest.json").write_text(manifest, encoding="utf-8")
            _replace(fresh, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise InstallationError(
            f"無法寫入輸出資料夾「{target.parent}」：{error.strerror}",
            f"cannot write to the output folder {target.parent}: {error.strerror}",
        ) from error


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

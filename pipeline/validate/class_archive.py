"""An archive of the classes of jing in kan's cache, with which Java starts in half the time.

Java calls it class data sharing (JEP 310, JEP 341): a first run lists the classes it loads, another writes them
as they lie in memory, and every later start maps that file. Java itself refuses an archive of another runtime or
jar; without one it reads the classes as ever.
"""

import fcntl
import hashlib
import subprocess
from contextlib import suppress
from pathlib import Path

from pipeline.fonts import cache

TIMEOUT = 60
"""Longest wait for the archive, in seconds. It takes 1.5 s, and 13 MB."""

KEPT = 4
"""Archives that stay in the cache, the newest: several installations on a machine have one each."""

_LIST = "classes.lst"


def place(runtime: Path, jar: Path) -> Path:
    """Where the archive for this Java and this jar is, or will be. Raises OSError when one of them is gone."""
    facts = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in (runtime.resolve(), jar)]
    stamp = hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
    return cache().parent / "java" / f"{stamp}.jsa"


def options(archive: Path, folder: Path) -> list[str]:
    """Options for a start of Java: use the archive or, where there is none yet, list the classes in `folder`.

    An empty file stands for an archive that this Java cannot make.
    """
    try:
        return [f"-XX:SharedArchiveFile={archive}", "-Xlog:disable"] if archive.stat().st_size else []
    except OSError:
        return ["-XX:+IgnoreUnrecognizedVMOptions", f"-XX:DumpLoadedClassList={folder / _LIST}"]


def keep(archive: Path, folder: Path, runtime: Path, jar: Path, fast: list[str]) -> None:
    """Make the archive of the classes that a run listed in `folder`, with the same options `fast` as that run.

    Nothing happens where it is there, nothing was listed, another process is making it, or the cache cannot be
    written.
    """
    listed = folder / _LIST
    with suppress(OSError):
        if not listed.is_file() or archive.exists():
            return
        archive.parent.mkdir(parents=True, exist_ok=True)
        with (archive.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if archive.exists():
                return
            filling = archive.with_name(".filling")
            filling.unlink(missing_ok=True)  # of a run that was killed
            dump = ["-Xshare:dump", f"-XX:SharedClassListFile={listed}", f"-XX:SharedArchiveFile={filling}"]
            if not _runs([str(runtime), *fast, *dump, "-Xlog:disable", "-cp", str(jar)]):
                filling.unlink(missing_ok=True)
                filling.touch()
            filling.replace(archive)
            _remove_older(archive.parent)


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _remove_older(folder: Path) -> None:
    """A process that still uses one of them keeps it: what is mapped stays until it is unmapped."""
    for old in sorted(folder.glob("*.jsa"), key=lambda file: file.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)

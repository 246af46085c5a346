"""pandoc, which reads the manuscript: in a process of its own, with nothing to reach and not much to take.

`--sandbox` keeps it from opening any file but the one it is given, and every connection.
"""

import json
import resource
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pypandoc

from pipeline.diagnostics import InstallationError

SECONDS = 60
"""How long it may take, in seconds of the clock and of the processor."""
HEAP = 512
"""How much its data may take, in MB."""
_MOST_BYTES = 200_000_000
"""The largest tree that is read."""

Tree = dict[str, Any]


class PandocError(Exception):
    """pandoc could not read the manuscript within its limits: carries its last words."""


def read(data: bytes, form: str) -> Tree:
    """The tree that pandoc reads in a manuscript; `form` is the format with its extensions.

    <https://hackage.haskell.org/package/pandoc-types> describes the tree. Raises `PandocError`.
    """
    with tempfile.TemporaryDirectory(prefix="kan-") as folder:
        manuscript = Path(folder, "manuscript")
        manuscript.write_bytes(data)
        command = [
            program(), "--sandbox", f"--from={form}", "--to=json", manuscript.name,
            "--output=tree.json", "+RTS", f"-M{HEAP}m", "-RTS",
        ]  # fmt: skip
        _run(command, folder)
        tree = Path(folder, "tree.json")
        if not tree.is_file() or tree.stat().st_size > _MOST_BYTES:
            raise PandocError("no tree, or one that is too large")
        try:
            read: Tree = json.loads(tree.read_bytes())
        except RecursionError:
            raise PandocError("nested too deep") from None
        return read


def _run(command: list[str], folder: str) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={"HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            preexec_fn=_limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PandocError(f"{SECONDS} s") from None
    except OSError as error:
        raise PandocError(str(error)) from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").split("\n")
        raise PandocError(
            next((line.strip() for line in said if line.strip()), f"exit code {done.returncode}")[:200]
        )


def _limit() -> None:
    """Limit processor time and files. The heap has its own limit: the runtime reserves 1 TB of addresses."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_BYTES, _MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


@cache
def program() -> str:
    """Where pandoc is: the one that comes with pypandoc. Raises `InstallationError`."""
    try:
        found = str(pypandoc.get_pandoc_path())
    except OSError:
        found = ""
    path = shutil.which(found) if found else None
    if path is None:
        raise InstallationError(
            "找不到pandoc；請重新安裝：pip install pypandoc_binary",
            "pandoc is missing: pip install pypandoc_binary",
        )
    return path

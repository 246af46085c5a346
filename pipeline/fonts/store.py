"""The store: the cache of prepared faces. Warm, it only reads two small files; cold, `fill` is imported."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.diagnostics import InstallationError
from pipeline.fonts.fontconfig import configuration
from pipeline.fonts.locks import hold, only_filler
from pipeline.fonts.manifest import Report, stamp
from pipeline.fonts.prepared import Face, Fonts

STAND_IN = "-noto-cjk"
"""End of the name of a folder where Debian's fonts stand in."""


def prepare(progress: Report | None = None, *, retry: bool = False) -> Fonts:
    """The fonts, from the cache when it is filled; else fetch and prepare them (about half a minute).

    A fallback is kept until npm appears on the machine or `retry` asks to fetch again. Safe to run several
    times at once. Raises `InstallationError` when there is no way to get fonts, or a package is not what
    the manifest says.
    """
    ready = installed()
    if ready and not _may_improve(ready, retry):
        return ready
    root = cache()
    with only_filler(root):
        ready = installed()
        if ready and not _may_improve(ready, retry):
            return ready
        from pipeline.fonts.fill import fill  # noqa: PLC0415

        return fill(root, progress or (lambda _: None), ready)


def installed() -> Fonts | None:
    """The fonts as the cache has them, or None when it was not filled for this manifest.

    No other run removes them while this process lives. Raises `InstallationError` for a cache below a file.
    """
    root, current = cache(), stamp()
    return load(root / current, fallback=False) or load(root / (current + STAND_IN), fallback=True)


def cache() -> Path:
    """The folder for prepared fonts: in `$KAN_CACHE`, else `$XDG_CACHE_HOME/kan`, else `~/.cache/kan`."""
    named, shared = os.environ.get("KAN_CACHE"), os.environ.get("XDG_CACHE_HOME")
    root = Path(named) if named else Path(shared or Path.home() / ".cache") / "kan"
    return root.expanduser().absolute() / "fonts"


def load(folder: Path, *, fallback: bool) -> Fonts | None:
    """The fonts of a folder, held from now on, or None when it is not complete."""
    hold(folder)
    try:
        record = json.loads((folder / "faces.json").read_bytes())
    except FileNotFoundError:
        return None
    except NotADirectoryError as error:
        file = next((each for each in folder.parents if each.is_file()), folder)
        raise InstallationError(
            f"字型快取不能放在檔案裡：{file} 是檔案，請以 KAN_CACHE 指定資料夾",
            f"the font cache cannot be below a file, and {file} is one: set KAN_CACHE to a folder",
        ) from error
    faces = tuple(Face(**{**face, "file": folder / face["file"]}) for face in record["faces"])
    if fallback and not all(face.file.exists() for face in faces):
        return None
    if record["folder"] != str(folder):  # the cache was moved, and fontconfig needs absolute paths
        write_record(folder, record | {"folder": str(folder)})
    return Fonts(folder, faces, folder / "fonts.conf", fallback)


def write_record(folder: Path, record: Mapping[str, Any]) -> None:
    """Write fonts.conf and faces.json; the second one last, because it tells that the folder is complete."""
    final = Path(record["folder"])
    conf = configuration(final, [str(final / each) for each in record["searched"]], record["aliases"])
    _replace(folder / "fonts.conf", conf)
    _replace(folder / "faces.json", json.dumps(record, ensure_ascii=False, indent=1))


def _replace(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)


def _may_improve(fonts: Fonts, retry: bool) -> bool:
    if not fonts.fallback:
        return False
    without_npm: bool = json.loads((fonts.folder / "faces.json").read_bytes())["without_npm"]
    return retry or (without_npm and shutil.which("npm") is not None)

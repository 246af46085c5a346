"""Filling the store: fetch and prepare what the manifest names, or let Debian's fonts stand in."""

import os
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.diagnostics import Words
from pipeline.fonts.coverage import write_coverage
from pipeline.fonts.faces import prepare_face
from pipeline.fonts.fallback import get_noto_cjk, noto_cjk
from pipeline.fonts.fetch import FetchError, tarballs, unpack
from pipeline.fonts.fontconfig import scan_fonts
from pipeline.fonts.locks import remove_unheld
from pipeline.fonts.manifest import Manifest, Report, read_manifest, stamp
from pipeline.fonts.prepared import Fonts
from pipeline.fonts.store import STAND_IN, load, write_record

_STAMPED = re.compile(rf"[0-9a-f]{{16}}({STAND_IN})?")
"""The names of our folders; whatever else lies in the cache is none of our business."""


def fill(root: Path, progress: Report, ready: Fonts | None) -> Fonts:
    """Fetch and prepare the fonts; where npm can't fetch, keep `ready` or let Debian's stand in.

    Call it as the only filler of `root`; what it replaces is removed. Raises `InstallationError`.
    """
    manifest, current, npm = read_manifest(), stamp(), shutil.which("npm")
    if npm:
        try:
            fonts = _install(root, current, False, lambda folder: _fetched(manifest, npm, folder, progress))
        except FetchError as error:
            progress(Words(f"npm 無法下載字型：{error}", f"npm cannot fetch the fonts: {error}"))
        else:
            _remove_outdated(root, current)
            return fonts
    if ready:
        return ready
    get_noto_cjk(progress, npm is None)
    progress(Words("改用 Debian 的 fonts-noto-cjk", "using Debian's fonts-noto-cjk instead"))
    fonts = _install(
        root, current + STAND_IN, True, lambda folder: noto_cjk(manifest.stand_ins, folder, npm is None)
    )
    _remove_outdated(root, current, ending=STAND_IN)
    return fonts


def _remove_outdated(root: Path, current: str, ending: str = "") -> None:
    """Remove the folders of other stamps, except those that a process holds.

    A stand-in removes only other stand-ins: prepared faces could not be fetched again.
    """
    for folder in root.iterdir():
        name = folder.name
        if _STAMPED.fullmatch(name) and name.endswith(ending) and not name.startswith(current):
            remove_unheld(folder)


def _install(root: Path, name: str, fallback: bool, fill: Callable[[Path], dict[str, Any]]) -> Fonts:
    """Fill a folder beside the final one, then rename it into place in one step."""
    final, beside = root / name, root / f".filling-{name}-{os.getpid()}"
    beside.mkdir()
    try:
        write_record(beside, {**fill(beside), "folder": str(final)})
        shutil.rmtree(final, ignore_errors=True)  # a fallback whose files are gone
        beside.rename(final)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    scan_fonts(final)
    fonts = load(final, fallback=fallback)
    assert fonts is not None
    return fonts


def _fetched(manifest: Manifest, npm: str, folder: Path, progress: Report) -> dict[str, Any]:
    """Fetch all packages, prepare all faces into `folder`, and give the record of them."""
    faces = folder / "faces"
    faces.mkdir()
    with TemporaryDirectory(prefix=".sources-", dir=folder) as name, ProcessPoolExecutor(_cores()) as pool:
        jobs = {}
        for key, tarball in tarballs(manifest, npm, Path(name), progress):
            sources = unpack(manifest.packages[key], tarball)
            tarball.unlink()
            for recipe in (each for each in manifest.recipes if each.package == key):
                paths = [sources[source] for source in recipe.sources]
                jobs[recipe] = pool.submit(prepare_face, recipe, paths, faces / recipe.file_name)
        progress(Words("準備字型（合併、改名、統一度量）", "preparing the faces (merge, rename, metrics)"))
        made = [(recipe, *jobs[recipe].result()) for recipe in manifest.recipes]
    write_coverage(folder, ((recipe.family, ranges) for recipe, _, ranges in made))
    entries = [
        {
            "family": recipe.family,
            "weight": recipe.weight,
            "style": recipe.style,
            "file": f"faces/{recipe.file_name}",
            "sha512": sha512,
            "version": manifest.packages[recipe.package].spec,
        }
        for recipe, sha512, _ in made
    ]
    return {"faces": entries, "searched": ["faces"], "aliases": {}}


def _cores() -> int:
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 4)

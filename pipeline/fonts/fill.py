"""Filling the store: fetch and prepare what the manifest names, or let Debian's fonts stand in."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.diagnostics import Words
from pipeline.fonts.coverage import write_coverage
from pipeline.fonts.faces import prepare_face
from pipeline.fonts.fallback import get_noto_cjk, noto_cjk
from pipeline.fonts.fetch import FetchError, tarballs, unpack
from pipeline.fonts.locks import remove_unheld
from pipeline.fonts.manifest import BASE, Manifest, Report, read_manifest, sets_for, stamp
from pipeline.fonts.store import RECORD, STAND_IN, Filled, find, folder_of, load

_STAMPED = re.compile(r"[0-9a-f]{16}(-[a-z0-9+-]+)?")
"""The names of our folders; whatever else lies in the cache is none of our business."""


def fill(root: Path, languages: Iterable[str], progress: Report, retry: bool) -> list[Filled]:
    """The base set and those for some languages; what is missing, or may improve, is fetched and prepared.

    Call it as the only filler of `root`; what it replaces is removed. Raises `InstallationError`.
    """
    manifest, current = read_manifest(), stamp()
    filled = []
    for name in (BASE, *sets_for(manifest.sets, languages)):
        ready = find(root, current, name)
        if ready is None or ready.may_improve(retry):
            ready = _fill_set(folder_of(root, current, name), manifest.part(name), progress, ready)
        filled.append(ready)
    return filled


def _fill_set(folder: Path, manifest: Manifest, progress: Report, ready: Filled | None) -> Filled:
    """Fetch and prepare a set; where npm can't fetch, keep `ready` or let Debian's fonts stand in."""
    npm = shutil.which("npm")
    if npm:
        try:
            filled = _install(folder, False, lambda beside: _fetched(manifest, npm, beside, progress))
        except FetchError as error:
            progress(Words(f"npm 無法下載字型：{error}", f"npm cannot fetch the fonts: {error}"))
        else:
            _remove_outdated(folder)
            return filled
    if ready:
        return ready
    get_noto_cjk(progress, npm is None)
    progress(Words("改用 Debian 的 fonts-noto-cjk", "using Debian's fonts-noto-cjk instead"))
    folder = folder.with_name(folder.name + STAND_IN)
    filled = _install(folder, True, lambda beside: noto_cjk(manifest, beside, npm is None))
    _remove_outdated(folder, ending=STAND_IN)
    return filled


def _remove_outdated(kept: Path, ending: str = "") -> None:
    """Remove the folders of other stamps, except those that a process holds.

    A stand-in removes only other stand-ins: prepared faces could not be fetched again.
    """
    for folder in kept.parent.iterdir():
        name = folder.name
        if _STAMPED.fullmatch(name) and name.endswith(ending) and name[:16] != kept.name[:16]:
            remove_unheld(folder)


def _install(final: Path, fallback: bool, fill: Callable[[Path], dict[str, Any]]) -> Filled:
    """Fill a folder beside the final one, then rename it into place in one step."""
    beside = final.with_name(f".filling-{final.name}-{os.getpid()}")
    beside.mkdir()
    try:
        record = fill(beside)
        (beside / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
        shutil.rmtree(final, ignore_errors=True)  # a fallback whose files are gone
        beside.rename(final)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    filled = load(final, fallback=fallback)
    assert filled is not None
    return filled


def _fetched(manifest: Manifest, npm: str, folder: Path, progress: Report) -> dict[str, Any]:
    """Fetch the packages of a set, prepare its faces into `folder`, and give the record of them."""
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
    return {"faces": entries, "searched": ["faces"], "aliases": {}, "sets": manifest.sets}


def _cores() -> int:
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 4)

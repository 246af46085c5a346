"""Fallback: Debian's fonts-noto-cjk in place of every family, where npm can't fetch."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTCollection

from pipeline.diagnostics import InstallationError, Words
from pipeline.fonts import manifest as listed
from pipeline.fonts.coverage import ranges_of, write_coverage
from pipeline.fonts.manifest import Manifest, Report


def get_noto_cjk(progress: Report, without_npm: bool) -> None:
    """Make sure that fonts-noto-cjk is there, through apt-get when we may; raises `InstallationError`."""
    if _noto_cjk_files():
        return
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        progress(Words("安裝 fonts-noto-cjk", "installing fonts-noto-cjk"))
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = [apt, "install", "--yes", "--no-install-recommends", "fonts-noto-cjk"]
        for command in (install, [apt, "update"], install):
            subprocess.run(command, env=environment, capture_output=True, check=False, timeout=600)
            if _noto_cjk_files():
                return
    if without_npm:
        raise InstallationError(
            "沒有字型，也沒有 npm 可下載：請執行 sudo apt-get install npm（或 fonts-noto-cjk）",
            "there are no fonts and no npm to fetch them: run sudo apt-get install npm (or fonts-noto-cjk)",
        )
    raise InstallationError(
        "npm 無法下載字型：請檢查網路與 npm 設定，或執行 sudo apt-get install fonts-noto-cjk",
        "npm cannot fetch the fonts: check its settings, or run sudo apt-get install fonts-noto-cjk",
    )


def _noto_cjk_files() -> list[Path]:
    names = ("NotoSerifCJK-Regular", "NotoSerifCJK-Bold", "NotoSansCJK-Regular", "NotoSansCJK-Bold")
    files = [listed.NOTO_CJK / f"{name}.ttc" for name in names]
    return files if all(file.exists() for file in files) else []


def noto_cjk(manifest: Manifest, folder: Path, without_npm: bool) -> dict[str, Any]:
    """The record of a folder without faces of its own: all families of a set are aliases of Noto's."""
    wanted = set(manifest.stand_ins.values())
    members = [member for file in _noto_cjk_files() for member in _members(file, wanted)]
    made = [
        ({"family": ours, **entry}, ranges)
        for ours, theirs in manifest.stand_ins.items()
        for name, entry, ranges in members
        if name == theirs
    ]
    write_coverage(folder, ((entry["family"], ranges) for entry, ranges in made))
    return {
        "faces": [entry for entry, _ in made],
        "searched": [str(listed.NOTO_CJK)],
        "aliases": dict(manifest.stand_ins),
        "without_npm": without_npm,
        "sets": manifest.sets,
    }


def _members(file: Path, wanted: Set[str]) -> Iterator[tuple[str, dict[str, Any], list[int]]]:
    """The fonts of some families in a collection: family, entry for the record (without ours), what it covers."""
    with file.open("rb") as opened:
        sha512 = hashlib.file_digest(opened, "sha512").hexdigest()
    with TTCollection(file, lazy=True) as collection:
        for index, font in enumerate(collection.fonts):
            family = font["name"].getBestFamilyName()
            if family not in wanted:
                continue
            entry = {
                "weight": 700 if file.stem.endswith("Bold") else 400,
                "style": "normal",
                "file": str(file),
                "sha512": sha512,
                "version": f"fonts-noto-cjk {font['head'].fontRevision:.3f}",
                "index": index,
            }
            yield family, entry, ranges_of(font.getBestCmap())

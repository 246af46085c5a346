"""Fetch: packages from npm, their integrity, and the files that the manifest names in them.

No script of a package runs, no file is read before its hash agrees, and nothing is written outside the folder.
"""

import hashlib
import subprocess
import tarfile
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pipeline.diagnostics import InstallationError, Words
from pipeline.fonts.manifest import FETCH_SECONDS, Manifest, Package, Report, not_as_listed


class FetchError(Exception):
    """npm could not fetch a package; carries what it said."""


def tarballs(manifest: Manifest, npm: str, folder: Path, progress: Report) -> Iterator[tuple[str, Path]]:
    """Each package's tarball, verified, while npm goes on fetching the next ones."""
    until = time.monotonic() + FETCH_SECONDS
    fetching = {key: _start_npm(npm, package, folder / key) for key, package in manifest.packages.items()}
    try:
        for key, process in fetching.items():
            package = manifest.packages[key]
            progress(Words(f"下載 {package.spec}", f"fetching {package.spec}"))
            tarball = _finish_npm(process, package, folder / key, until - time.monotonic())
            _check_integrity(package, tarball)
            yield key, tarball
    finally:
        for process in fetching.values():
            process.kill()
            process.wait()


def _start_npm(npm: str, package: Package, folder: Path) -> subprocess.Popen[bytes]:
    """`npm pack` in an empty folder, with the user's own settings and without running any script."""
    folder.mkdir()
    command = [npm, "pack", package.spec, "--ignore-scripts", "--loglevel=error"]
    with (folder / "npm.log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log
        )


def _finish_npm(process: subprocess.Popen[bytes], package: Package, folder: Path, seconds: float) -> Path:
    try:
        status = process.wait(max(seconds, 0))
    except subprocess.TimeoutExpired:
        raise FetchError(f"{package.spec}: {FETCH_SECONDS} s") from None
    packed = list(folder.glob("*.tgz"))
    if status or len(packed) != 1:
        said = (folder / "npm.log").read_text(encoding="utf-8", errors="replace").strip()
        raise FetchError(f"{package.spec}: {said.splitlines()[0] if said else status}")
    return packed[0]


def _check_integrity(package: Package, tarball: Path) -> None:
    """Compare with the hash that npm publishes (`sha512-` and base64); raises `InstallationError`."""
    with tarball.open("rb") as opened:
        found = "sha512-" + b64encode(hashlib.file_digest(opened, "sha512").digest()).decode()
    if found != package.integrity:
        raise not_as_listed(package, tarball.name)


def unpack(package: Package, tarball: Path) -> dict[str, Path]:
    """Unpack only the files that the manifest names, each checked; file names in the package to paths.

    Raises `InstallationError` for a file that is missing or differs, and for any name that leads outside.
    """
    found: dict[str, Path] = {}
    with tarfile.open(tarball, "r:gz") as archive:
        for member in archive:
            name = _member_name(package, member)
            if name in package.files:
                opened = archive.extractfile(member) if member.isreg() else None
                data = opened.read() if opened else b""
                if hashlib.sha512(data).hexdigest() != package.files[name]:
                    raise not_as_listed(package, name)
                found[name] = tarball.parent / f"{len(found)}{PurePosixPath(name).suffix}"
                found[name].write_bytes(data)
    for name in package.files:
        if name not in found:
            raise not_as_listed(package, name)
    return found


def _member_name(package: Package, member: tarfile.TarInfo) -> str:
    """The name inside the package (npm puts everything into one folder)."""
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or "\\" in member.name:
        raise InstallationError(
            f"{package.spec} 含有指向資料夾外的檔名「{member.name}」：不要使用這個套件",
            f"{package.spec} holds a name that leads outside its folder, {member.name}: do not use it",
        )
    return str(PurePosixPath(*path.parts[1:]))

"""The store: the cache of prepared faces, one folder for each set of the manifest.

Warm, it only reads two small files of each set; cold, `fill` is imported.
"""

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.diagnostics import InstallationError
from pipeline.fonts.fontconfig import configuration, scan_fonts
from pipeline.fonts.locks import cannot_write, hold, only_filler
from pipeline.fonts.manifest import BASE, Report, sets_for, stamp
from pipeline.fonts.prepared import Face, Fonts

STAND_IN = "-noto-cjk"
"""End of the name of a folder where Debian's fonts stand in."""

RECORD = "faces.json"
"""The record of a folder; written last, it tells that the folder is complete."""


@dataclass(frozen=True, slots=True)
class Filled:
    """One folder of the store: the faces of one set."""

    folder: Path
    record: Mapping[str, Any]
    fallback: bool

    def may_improve(self, retry: bool) -> bool:
        """Whether to fetch again: Debian's fonts stand in, and npm has appeared since or `retry` asks for it."""
        return self.fallback and (retry or (self.record["without_npm"] and shutil.which("npm") is not None))


def prepare(progress: Report | None = None, *, languages: Iterable[str] = (), retry: bool = False) -> Fonts:
    """The fonts every issue needs and those for `languages` (BCP 47), from the cache where it has them.

    What it has not is fetched and prepared first: the base set takes about half a minute. A language that needs
    no set of its own asks for nothing.

    A fallback is kept until npm appears on the machine or `retry` asks to fetch again. Safe to run several
    times at once. Raises `InstallationError` when there is no way to get fonts, or a package is not what
    the manifest says.
    """
    languages = tuple(languages)
    ready = _settled(languages, retry)
    if ready:
        return _union(ready)
    root = cache()
    with only_filler(root):
        ready = _settled(languages, retry)
        if ready:
            return _union(ready)
        from pipeline.fonts.fill import fill  # noqa: PLC0415

        fonts = _union(fill(root, languages, progress or (lambda _: None), retry))
        scan_fonts(fonts)
        return fonts


def installed(languages: Iterable[str] = ()) -> Fonts | None:
    """The same fonts as the cache has them, or None when a set was not filled for this manifest.

    No other run removes them while this process lives. Raises `InstallationError` for a cache below a file.
    """
    ready = _ready(languages)
    return _union(ready) if ready else None


def _settled(languages: Iterable[str], retry: bool) -> list[Filled] | None:
    ready = _ready(languages)
    return None if ready and any(each.may_improve(retry) for each in ready) else ready


def _ready(languages: Iterable[str]) -> list[Filled] | None:
    """The base set and those for some languages, or None when one of them is missing."""
    root, current = cache(), stamp()
    base = find(root, current, BASE)
    if base is None:
        return None
    others = [find(root, current, name) for name in sets_for(base.record["sets"], languages)]
    return None if None in others else [base, *(each for each in others if each)]


def find(root: Path, current: str, name: str) -> Filled | None:
    """The folder of a set for the manifest with the stamp `current`, or else the one where Debian's stand in."""
    folder = folder_of(root, current, name)
    return load(folder, fallback=False) or load(folder.with_name(folder.name + STAND_IN), fallback=True)


def folder_of(root: Path, current: str, name: str) -> Path:
    """Where the faces of a set are: `<stamp>` for the base set, `<stamp>-ja` for another."""
    return root / (f"{current}-{name}" if name != BASE else current)


def cache() -> Path:
    """The folder for prepared fonts: in `$KAN_CACHE`, else `$XDG_CACHE_HOME/kan`, else `~/.cache/kan`."""
    named, shared = os.environ.get("KAN_CACHE"), os.environ.get("XDG_CACHE_HOME")
    root = Path(named) if named else Path(shared or Path.home() / ".cache") / "kan"
    return root.expanduser().absolute() / "fonts"


def load(folder: Path, *, fallback: bool) -> Filled | None:
    """A folder of the store, held from now on, or None when it is not complete."""
    hold(folder)
    try:
        record = json.loads((folder / RECORD).read_bytes())
    except FileNotFoundError:
        return None
    except NotADirectoryError as error:
        file = next((each for each in folder.parents if each.is_file()), folder)
        raise InstallationError(
            f"字型快取不能放在檔案裡：{file} 是檔案，請以 KAN_CACHE 指定資料夾",
            f"the font cache cannot be below a file, and {file} is one: set KAN_CACHE to a folder",
        ) from error
    if fallback and not all(Path(face["file"]).exists() for face in record["faces"]):
        return None
    return Filled(folder, record, fallback)


def _union(filled: Sequence[Filled]) -> Fonts:
    """The faces of some sets together, with a configuration in the folder of the base set that shows them all.

    It is written again when the cache was moved, because fontconfig needs absolute paths.
    """
    base = filled[0].folder
    names = [each.folder.name.removeprefix(base.name.removesuffix(STAND_IN)) for each in filled[1:]]
    conf = base / f"fonts{''.join(names)}.conf"
    aliases = {ours: theirs for each in filled for ours, theirs in each.record["aliases"].items()}
    searched = [str(each.folder / name) for each in filled for name in each.record["searched"]]
    text = configuration(base, searched, aliases)
    if not conf.exists() or conf.read_text(encoding="utf-8") != text:
        try:
            _replace(conf, text)
        except OSError as error:
            raise cannot_write(base) from error
    return Fonts(
        folders=tuple(each.folder for each in filled),
        faces=tuple(
            Face(**{**face, "file": each.folder / face["file"]})
            for each in filled
            for face in each.record["faces"]
        ),
        fontconfig=conf,
        fallback=any(each.fallback for each in filled),
    )


def _replace(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)

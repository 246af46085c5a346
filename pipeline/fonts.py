"""Fonts: from the packages that `fonts/manifest.toml` names to prepared faces in a cache, and their coverage.

The prepared faces have names of our own (the licence reserves the old ones), the same vertical metrics, and
a private fontconfig that shows the engine nothing else. `prepare` fills the cache once and from then on only
reads two small files; nothing here imports fontTools, HarfBuzz or the engine before it is needed.

Where npm can't fetch, Debian's `fonts-noto-cjk` takes the place of every family (`Fonts.fallback`).
"""

import fcntl
import hashlib
import json
import os
import shutil
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

from pipeline.diagnostics import Code, Diagnostic, InstallationError, Place, Words

if TYPE_CHECKING:
    import subprocess
    import tarfile

MANIFEST = Path(__file__).resolve().parent.parent / "fonts" / "manifest.toml"
"""Which packages and which faces; written by designers, described in fonts/README.md."""

PREPARATION = 1
"""Version of the preparation code: raise it whenever a prepared face would come out different."""

ASCENT, DESCENT = 0.88, 0.12
"""Ascent and descent of every prepared face, in em: together one em, so no face changes the line pitch."""

NOTO_CJK = Path("/usr/share/fonts/opentype/noto")
"""Where Debian's fonts-noto-cjk puts its files."""

FETCH_SECONDS = 900
"""Longest that all of npm's downloads (about 210 MB) may take together, in seconds."""

Report = Callable[[Words], None]
Ranges = Sequence[int]
"""Sorted code points: first and last of a stretch, first and last of the next, and so on."""

NO_GLYPH = Code(
    "F001",
    title=Words("字體沒有這個字", "no font has this character"),
    message=Words(
        "所有字體都沒有「{character}」（{codepoint}，{name}）",
        "no font has “{character}” ({codepoint}, {name})",
    ),
    hint=Words(
        "改用通行的字形，或請設計人員在 fonts/manifest.toml 加入有這個字的字體（{source}）",
        "use another form of it, or have a font that has it added to fonts/manifest.toml ({source})",
    ),
    why=Words(
        "印出來會是空白或方框；字也不能臨時借用電腦裡的別種字體，否則每台機器印出來都不同。",
        "It would print as a blank or a box; with borrowed fonts every machine would print differently.",
    ),
    bad="<p>王𪛖先生</p>",
)


@dataclass(frozen=True, slots=True)
class Face:
    """One face that layouts can ask for. `file` is absolute; `index` is its number in a collection (.ttc)."""

    family: str
    weight: int
    style: str
    file: Path
    sha512: str
    version: str
    index: int = 0


@dataclass(frozen=True)
class Fonts:
    """All faces, ready to use. `fallback` tells that Debian's fonts-noto-cjk stands in for all of them."""

    folder: Path
    faces: tuple[Face, ...]
    fontconfig: Path
    fallback: bool

    @property
    def families(self) -> tuple[str, ...]:
        """The families, in the order of the manifest."""
        return tuple(dict.fromkeys(face.family for face in self.faces))

    def face(self, family: str, weight: int = 400, style: str = "normal") -> Face:
        """The face of a family nearest to a weight and style; raises `KeyError` for an unknown family."""
        faces = [face for face in self.faces if face.family == family]
        if not faces:
            raise KeyError(family)
        return min(faces, key=lambda face: (face.style != style, abs(face.weight - weight), face.weight))

    def families_covering(self, codepoint: int) -> tuple[str, ...]:
        """The families that have a character in every face."""
        return tuple(family for family in self.families if self._has(family, codepoint))

    def covers(self, family_stack: Iterable[str], text: str) -> tuple[str, ...]:
        """The characters of `text` that no family of the stack has, each once, in order of appearance.

        Empty when the stack covers the text. Controls and blanks need no glyph. Raises `KeyError` for an
        unknown family.
        """
        stack = tuple(family_stack)
        return tuple(
            character
            for character in dict.fromkeys(text)
            if not _needs_no_glyph(character) and not any(self._has(family, ord(character)) for family in stack)
        )

    def _has(self, family: str, codepoint: int) -> bool:
        return all(_within(ranges, codepoint) for ranges in self._coverage[family])

    @cached_property
    def _coverage(self) -> dict[str, list[Ranges]]:
        """The ranges of each family: one list of code points for each group of faces that have the same."""
        read: dict[str, list[Ranges]] = json.loads((self.folder / "coverage.json").read_bytes())
        return read


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
    with _lock(root):
        ready = installed()
        if ready and not _may_improve(ready, retry):
            return ready
        return _fill(root, progress or (lambda _: None), ready)


def installed() -> Fonts | None:
    """The fonts as the cache has them, or None when it was not filled for this manifest."""
    stamp = _stamp()
    return _load(cache() / stamp, fallback=False) or _load(cache() / f"{stamp}-noto-cjk", fallback=True)


def cache() -> Path:
    """The folder for prepared fonts: in `$KAN_CACHE`, else `$XDG_CACHE_HOME/kan`, else `~/.cache/kan`."""
    named, shared = os.environ.get("KAN_CACHE"), os.environ.get("XDG_CACHE_HOME")
    root = Path(named) if named else Path(shared or Path.home() / ".cache") / "kan"
    return root.expanduser().absolute() / "fonts"


def activate(fonts: Fonts) -> None:
    """Make these fonts the only ones that WeasyPrint sees; call it before WeasyPrint is imported.

    Raises `RuntimeError` when WeasyPrint was imported with other fonts: it would go on using them.
    """
    wanted = str(fonts.fontconfig)
    if "weasyprint" in sys.modules and os.environ.get("FONTCONFIG_FILE") != wanted:
        raise RuntimeError("activate(fonts) must come before the first import of weasyprint")
    os.environ["FONTCONFIG_FILE"] = wanted


def missing(fonts: Fonts, text: str) -> list[tuple[int, str]]:
    """Offsets in `text` (in characters) and characters that no face has; the caller makes F001 of them."""
    absent = set(fonts.covers(fonts.families, text))
    return [(offset, character) for offset, character in enumerate(text) if character in absent] if absent else []


def no_glyph(place: Place, character: str) -> Diagnostic:
    """The diagnostic F001 for a character at its place."""
    return NO_GLYPH.at(
        place,
        character=character,
        codepoint=f"U+{ord(character):04X}",
        name=unicodedata.name(character, "private or unassigned"),
        source=_source_for(ord(character)),
    )


def subset(
    face: Path | Face,
    text: Iterable[int],
    family: str | None = None,
    *,
    output: Literal["ttf", "woff2"] = "ttf",
    keep_glyph_ids: bool = False,
) -> bytes:
    """A font with only the characters of `text` (code points), their alternates and all layout features.

    The same input gives the same bytes. `family` renames the font; without it the prepared name stays.
    ttf takes milliseconds, woff2 is half the size but takes seconds.
    `keep_glyph_ids` leaves every glyph its number, which a font for the PDF engine needs (else GID ≠ CID).
    """
    import uharfbuzz as hb  # noqa: PLC0415

    file, index = (face.file, face.index) if isinstance(face, Face) else (face, 0)
    wish = hb.SubsetInput()
    wish.unicode_set.update(set(text))
    wish.name_id_set.clear()
    wish.name_id_set.invert()
    wish.layout_feature_tag_set.clear()
    wish.layout_feature_tag_set.invert()
    wish.layout_feature_tag_set.discard(
        int.from_bytes(b"aalt", "big")
    )  # it would pull in every alternate of every glyph
    wish.flags = hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_BIDI_CLOSURE
    if keep_glyph_ids:
        wish.flags |= hb.SubsetFlags.RETAIN_GIDS
    small = hb.subset(hb.Face(hb.Blob.from_file_path(str(file)), index), wish)
    data = bytes(small.blob.data)
    return data if family is None and output == "ttf" else _rewritten(data, family, output)


# The cache


def _stamp() -> str:
    try:
        manifest = MANIFEST.read_bytes()
    except OSError as error:
        raise InstallationError(
            f"找不到字體清單 {MANIFEST}：請重新取得完整的原始碼",
            f"there is no font manifest {MANIFEST}: get the sources again",
        ) from error
    return hashlib.sha256(b"%d\n%s" % (PREPARATION, manifest)).hexdigest()[:16]


def _load(folder: Path, *, fallback: bool) -> Fonts | None:
    try:
        record = json.loads((folder / "faces.json").read_bytes())
    except FileNotFoundError:
        return None
    faces = tuple(Face(**{**face, "file": folder / face["file"]}) for face in record["faces"])
    if fallback and not all(face.file.exists() for face in faces):
        return None
    if record["folder"] != str(folder):  # the cache was moved, and fontconfig needs absolute paths
        _record(folder, record | {"folder": str(folder)})
    return Fonts(folder, faces, folder / "fonts.conf", fallback)


def _record(folder: Path, record: Mapping[str, Any]) -> None:
    """Write fonts.conf and faces.json; the second one last, because it tells that the folder is complete."""
    final = Path(record["folder"])
    conf = _fontconfig(final, [str(final / each) for each in record["searched"]], record["aliases"])
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


@contextmanager
def _lock(root: Path) -> Iterator[None]:
    """Only one process fills the cache; the others wait for it."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        held = (root / "lock").open("w")
    except OSError as error:
        raise InstallationError(
            f"無法寫入字體快取 {root}：請檢查權限，或以 KAN_CACHE 指定別的資料夾",
            f"cannot write the font cache {root}: check its permissions or set KAN_CACHE to another folder",
        ) from error
    with held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for left in root.glob(".filling-*"):  # of a run that was killed
            shutil.rmtree(left, ignore_errors=True)
        yield


def _fill(root: Path, progress: Report, ready: Fonts | None) -> Fonts:
    manifest = _read_manifest()
    stamp = _stamp()
    npm = shutil.which("npm")
    if npm:
        try:
            return _install(root, stamp, False, lambda folder: _fetched(manifest, npm, folder, progress))
        except _FetchError as error:
            progress(Words(f"npm 無法下載字體：{error}", f"npm cannot fetch the fonts: {error}"))
    if ready:
        return ready
    _get_noto_cjk(progress, npm is None)
    progress(Words("改用 Debian 的 fonts-noto-cjk", "using Debian's fonts-noto-cjk instead"))
    return _install(root, f"{stamp}-noto-cjk", True, lambda folder: _noto_cjk(manifest, folder, npm is None))


def _install(root: Path, name: str, fallback: bool, fill: Callable[[Path], dict[str, Any]]) -> Fonts:
    """Fill a folder beside the final one, then rename it into place in one step."""
    final, beside = root / name, root / f".filling-{name}-{os.getpid()}"
    beside.mkdir()
    try:
        _record(beside, {**fill(beside), "folder": str(final)})
        shutil.rmtree(final, ignore_errors=True)  # a fallback whose files are gone
        beside.rename(final)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _warm_fontconfig(final)
    fonts = _load(final, fallback=fallback)
    assert fonts is not None
    return fonts


# The manifest


@dataclass(frozen=True, slots=True)
class _Package:
    npm: str
    version: str
    integrity: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How one face is made: its sources (names of files in the package) and what is taken out of it."""

    family: str
    weight: int
    style: str
    package: str
    sources: tuple[str, ...]
    without: frozenset[int]

    @property
    def file_name(self) -> str:
        return f"{self.family.replace(' ', '')}-{_style_name(self.weight, self.style).replace(' ', '')}.ttf"


@dataclass(frozen=True, slots=True)
class _Manifest:
    packages: Mapping[str, _Package]
    recipes: tuple[_Recipe, ...]
    stand_ins: Mapping[str, str]
    """Our families, and for each the family of fonts-noto-cjk that stands in for it."""


def _read_manifest() -> _Manifest:
    import tomllib  # noqa: PLC0415

    read = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))
    packages = {
        key: _Package(each["npm"], each["version"], each["integrity"], each["files"])
        for key, each in read["packages"].items()
    }
    recipes = tuple(
        _Recipe(
            family=face["family"],
            weight=face["weight"],
            style=face["style"],
            package=face["package"],
            sources=(face["file"],) if face["preparation"] == "rename" else tuple(packages[face["package"]].files),
            without=_codepoints(read["families"][face["family"]].get("without", ())),
        )
        for face in read["faces"]
    )
    return _Manifest(packages, recipes, {name: each["fallback"] for name, each in read["families"].items()})


def _codepoints(stretches: Iterable[str]) -> frozenset[int]:
    """The code points of `["U+00A7", "U+2013-2014"]`."""
    ends = [stretch.removeprefix("U+").partition("-") for stretch in stretches]
    return frozenset(chain.from_iterable(range(int(a, 16), int(b or a, 16) + 1) for a, _, b in ends))


# Fetching


class _FetchError(Exception):
    """npm could not fetch a package; carries what it said."""


def _fetched(manifest: _Manifest, npm: str, folder: Path, progress: Report) -> dict[str, Any]:
    """Fetch all packages, prepare all faces into `folder`, and give the record of them."""
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from tempfile import TemporaryDirectory  # noqa: PLC0415

    faces = folder / "faces"
    faces.mkdir()
    with TemporaryDirectory(prefix=".sources-", dir=folder) as name, ProcessPoolExecutor(_cores()) as pool:
        jobs = {}
        for key, tarball in _tarballs(manifest, npm, Path(name), progress):
            sources = _unpack(manifest.packages[key], tarball)
            tarball.unlink()
            for recipe in (each for each in manifest.recipes if each.package == key):
                paths = [sources[source] for source in recipe.sources]
                jobs[recipe] = pool.submit(_prepare_face, recipe, paths, faces / recipe.file_name)
        progress(Words("準備字體（合併、改名、統一度量）", "preparing the faces (merge, rename, metrics)"))
        made = [(recipe, *jobs[recipe].result()) for recipe in manifest.recipes]
    _write_coverage(folder, ((recipe.family, ranges) for recipe, _, ranges in made))
    entries = [
        {
            "family": recipe.family,
            "weight": recipe.weight,
            "style": recipe.style,
            "file": f"faces/{recipe.file_name}",
            "sha512": sha512,
            "version": _named(manifest.packages[recipe.package]),
        }
        for recipe, sha512, _ in made
    ]
    return {"faces": entries, "searched": ["faces"], "aliases": {}}


def _cores() -> int:
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 4)


def _named(package: _Package) -> str:
    return f"{package.npm}@{package.version}"


def _tarballs(manifest: _Manifest, npm: str, folder: Path, progress: Report) -> Iterator[tuple[str, Path]]:
    """Each package's tarball, verified, while npm goes on fetching the next ones."""
    import time  # noqa: PLC0415

    until = time.monotonic() + FETCH_SECONDS
    fetching = {key: _start_npm(npm, package, folder / key) for key, package in manifest.packages.items()}
    try:
        for key, process in fetching.items():
            package = manifest.packages[key]
            progress(Words(f"下載 {_named(package)}", f"fetching {_named(package)}"))
            tarball = _finish_npm(process, package, folder / key, until - time.monotonic())
            _check_integrity(package, tarball)
            yield key, tarball
    finally:
        for process in fetching.values():
            process.kill()
            process.wait()


def _start_npm(npm: str, package: _Package, folder: Path) -> "subprocess.Popen[bytes]":
    """`npm pack` in an empty folder, with the user's own settings and without running any script."""
    import subprocess  # noqa: PLC0415

    folder.mkdir()
    command = [npm, "pack", _named(package), "--ignore-scripts", "--loglevel=error"]
    with (folder / "npm.log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log
        )


def _finish_npm(process: "subprocess.Popen[bytes]", package: _Package, folder: Path, seconds: float) -> Path:
    import subprocess  # noqa: PLC0415

    try:
        status = process.wait(max(seconds, 0))
    except subprocess.TimeoutExpired:
        raise _FetchError(f"{_named(package)}: {FETCH_SECONDS} s") from None
    tarballs = list(folder.glob("*.tgz"))
    if status or len(tarballs) != 1:
        said = (folder / "npm.log").read_text(encoding="utf-8", errors="replace").strip()
        raise _FetchError(f"{_named(package)}: {said.splitlines()[0] if said else status}")
    return tarballs[0]


def _check_integrity(package: _Package, tarball: Path) -> None:
    """Compare with the hash that npm publishes (`sha512-` and base64); raises `InstallationError`."""
    from base64 import b64encode  # noqa: PLC0415

    with tarball.open("rb") as opened:
        found = "sha512-" + b64encode(hashlib.file_digest(opened, "sha512").digest()).decode()
    if found != package.integrity:
        raise _not_as_listed(package, tarball.name)


def _not_as_listed(package: _Package, name: str) -> InstallationError:
    return InstallationError(
        f"{_named(package)} 的 {name} 與 {MANIFEST} 所記的雜湊值不符：請檢查 npm 的來源設定",
        f"{name} of {_named(package)} has another hash than {MANIFEST} says: check where npm fetches from",
    )


def _unpack(package: _Package, tarball: Path) -> dict[str, Path]:
    """Unpack only the files that the manifest names, each checked; file names in the package to paths.

    Raises `InstallationError` for a file that is missing or differs, and for any name that leads outside.
    """
    import tarfile  # noqa: PLC0415

    found: dict[str, Path] = {}
    with tarfile.open(tarball, "r:gz") as archive:
        for member in archive:
            name = _member_name(package, member)
            if name in package.files:
                opened = archive.extractfile(member) if member.isreg() else None
                data = opened.read() if opened else b""
                if hashlib.sha512(data).hexdigest() != package.files[name]:
                    raise _not_as_listed(package, name)
                found[name] = tarball.parent / f"{len(found)}{PurePosixPath(name).suffix}"
                found[name].write_bytes(data)
    for name in package.files:
        if name not in found:
            raise _not_as_listed(package, name)
    return found


def _member_name(package: _Package, member: "tarfile.TarInfo") -> str:
    """The name inside the package (npm puts everything into one folder)."""
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or "\\" in member.name:
        raise InstallationError(
            f"{_named(package)} 含有指向資料夾外的檔名「{member.name}」：不要使用這個套件",
            f"{_named(package)} holds a name that leads outside its folder, {member.name}: do not use it",
        )
    return str(PurePosixPath(*path.parts[1:]))


# Preparing a face

_MODIFIED = 3786912000
"""head.modified of every face: 2024-01-01, in seconds since 1904. A clock would change the bytes."""

_NAMES_REPLACED = (1, 2, 3, 4, 6, 16, 17, 18, 20, 21, 22, 25)
"""Name records that hold a family's name. Copyright (0), licence (13, 14) and authors stay."""

_LICENCE = "This Font Software is licensed under the SIL Open Font License, Version 1.1."

_WEIGHT_NAMES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}


def _prepare_face(recipe: _Recipe, sources: Sequence[Path], target: Path) -> tuple[str, list[int]]:
    """Make one face; its sha512 and the ranges it covers. Runs in a process of its own."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    font = _merged(sources) if len(sources) > 1 else TTFont(sources[0], recalcBBoxes=False, recalcTimestamp=False)
    for table in ("STAT", "DSIG", "BASE"):  # with BASE, Pango makes a line of mixed scripts .007 em higher
        if table in font:
            del font[table]
    if recipe.without:
        _take_out(font, recipe.without)
    _rename(font, recipe.family, recipe.weight, recipe.style)
    _set_metrics(font)
    font.save(target, reorderTables=False)
    return hashlib.sha512(target.read_bytes()).hexdigest(), _ranges(font.getBestCmap())


def _style_name(weight: int, style: str) -> str:
    name = _WEIGHT_NAMES.get(weight, str(weight))
    return name if style == "normal" else f"{name} Italic".removeprefix("Regular ")


def _rename(font: Any, family: str, weight: int, style: str) -> None:
    """Give a font its own family, and flags that agree with weight and style."""
    italic, bold = style == "italic", weight == 700
    full_style = _style_name(weight, style)
    joined = full_style.replace(" ", "")
    linked = family if weight in {400, 700} else f"{family} {_WEIGHT_NAMES.get(weight, weight)}"
    names = {
        1: linked,
        2: full_style if linked == family else ("Italic" if italic else "Regular"),
        3: f"kan;{family.replace(' ', '')}-{joined}",
        4: f"{family} {full_style}",
        6: f"{family.replace(' ', '')}-{joined}",
    }
    if linked != family:
        names |= {16: family, 17: full_style}
    table = font["name"]
    kept = _feature_names(font)
    table.names = [
        each
        for each in table.names
        if each.nameID not in _NAMES_REPLACED and (each.nameID < 256 or each.nameID in kept)
    ]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    if not table.getDebugName(13):
        table.setName(_LICENCE, 13, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    regular = not bold and not italic
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | italic | bold << 5 | regular << 6
    font["head"].macStyle = bold | italic << 1


def _feature_names(font: Any) -> set[int]:
    """Numbers of the name records that stylistic sets refer to."""
    features = font["GSUB"].table.FeatureList.FeatureRecord if "GSUB" in font else ()
    params = (record.Feature.FeatureParams for record in features)
    return {each.UINameID for each in params if hasattr(each, "UINameID")}


def _set_metrics(font: Any) -> None:
    """The same ascent, descent and line gap (none) in all places where programs look, and a fixed date."""
    em = font["head"].unitsPerEm
    ascent, descent = round(ASCENT * em), round(DESCENT * em)
    hhea, os2 = font["hhea"], font["OS/2"]
    hhea.ascent, hhea.descent, hhea.lineGap = ascent, -descent, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ascent, -descent, 0
    os2.usWinAscent, os2.usWinDescent = ascent, descent
    os2.version = max(os2.version, 4)
    os2.fsSelection |= 1 << 7  # USE_TYPO_METRICS
    font["head"].modified = _MODIFIED


def _take_out(font: Any, codepoints: frozenset[int]) -> None:
    """Leave these characters to the next family of the stack."""
    for table in font["cmap"].tables:
        if table.format != 14:
            table.cmap = {code: glyph for code, glyph in table.cmap.items() if code not in codepoints}


def _merged(slices: Sequence[Path]) -> Any:
    """One font from the slices of a web font, which name the same glyph alike.

    Outlines are copied as they are (only composites are taken apart, for the numbers of their parts), and
    of the layout features only `vert` is kept, because it is the only one that reaches every slice.
    """
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    opened = [TTFont(each, recalcBBoxes=False, recalcTimestamp=False) for each in slices]
    whole = opened[0]
    whole.flavor = None
    vertical: dict[str, str] = {}
    characters: dict[int, str] = {}
    order: dict[str, None] = {}
    for font in opened:
        order |= dict.fromkeys(font.getGlyphOrder())
        characters |= font.getBestCmap()
        vertical |= _vertical_alternates(font)
        if font is not whole:
            _add_glyphs(whole, font)
    whole.setGlyphOrder(list(order))
    whole["glyf"].glyphOrder = list(order)
    whole["post"].formatType = 3.0
    for table in ("GSUB", "GDEF", "gasp", "prep"):
        if table in whole:
            del whole[table]
    _set_characters(whole, characters)
    _add_vertical_feature(whole, vertical)
    return whole


def _add_glyphs(whole: Any, font: Any) -> None:
    glyphs, taken = whole["glyf"].glyphs, font["glyf"].glyphs
    for name in font.getGlyphOrder():
        if name not in glyphs:
            if taken[name].isComposite():
                taken[name].expand(font["glyf"])
            glyphs[name] = taken[name]
            whole["hmtx"].metrics[name] = font["hmtx"].metrics[name]
            whole["vmtx"].metrics[name] = font["vmtx"].metrics[name]
    for table, tops in (("maxp", None), ("hhea", ("advanceWidthMax",)), ("vhea", ("advanceHeightMax",))):
        for key in tops or [key for key in vars(font[table]) if key.startswith("max")]:
            setattr(whole[table], key, max(getattr(whole[table], key), getattr(font[table], key)))
    for key, reach in (("xMin", min), ("yMin", min), ("xMax", max), ("yMax", max)):
        setattr(whole["head"], key, reach(getattr(whole["head"], key), getattr(font["head"], key)))


def _vertical_alternates(font: Any) -> dict[str, str]:
    if "GSUB" not in font:
        return {}
    table = font["GSUB"].table
    lookups = {
        number
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "vert"
        for number in record.Feature.LookupListIndex
    }
    subtables = [each for number in sorted(lookups) for each in table.LookupList.Lookup[number].SubTable]
    return {a: b for each in subtables for a, b in getattr(each, "ExtSubTable", each).mapping.items()}


def _set_characters(font: Any, characters: dict[int, str]) -> None:
    from fontTools.ttLib.tables._c_m_a_p import CmapSubtable  # noqa: PLC0415

    tables = []
    for format_number, encoding, last in ((4, 1, 0xFFFF), (12, 10, 0x10FFFF)):
        table = CmapSubtable.newSubtable(format_number)
        table.platformID, table.platEncID, table.language = 3, encoding, 0
        table.cmap = {code: name for code, name in sorted(characters.items()) if code <= last}
        tables.append(table)
    font["cmap"].tables = tables


def _add_vertical_feature(font: Any, vertical: dict[str, str]) -> None:
    if not vertical:
        return
    from fontTools.feaLib.builder import addOpenTypeFeaturesFromString  # noqa: PLC0415

    systems = "".join(f"languagesystem {script} dflt;" for script in ("DFLT", "hani", "kana", "latn"))
    rules = "".join(f"sub {a} by {b};" for a, b in sorted(vertical.items()))
    addOpenTypeFeaturesFromString(font, f"{systems} feature vert {{ {rules} }} vert;", tables={"GSUB"})


def _rewritten(data: bytes, family: str | None, output: Literal["ttf", "woff2"]) -> bytes:
    """A small font with another family name, or as woff2."""
    from io import BytesIO  # noqa: PLC0415

    from fontTools.ttLib import TTFont  # noqa: PLC0415

    font = TTFont(BytesIO(data), recalcBBoxes=False, recalcTimestamp=False)
    if family is not None:
        italic = font["OS/2"].fsSelection & 1
        _rename(font, family, font["OS/2"].usWeightClass, "italic" if italic else "normal")
    font.flavor = "woff2" if output == "woff2" else None
    written = BytesIO()
    font.save(written, reorderTables=False)
    return written.getvalue()


# Coverage


def _ranges(codepoints: Iterable[int]) -> list[int]:
    """Code points in any order as sorted ranges, see `Ranges`."""
    ranges: list[int] = []
    for code in sorted(codepoints):
        if ranges and code == ranges[-1] + 1:
            ranges[-1] = code
        else:
            ranges += (code, code)
    return ranges


def _within(ranges: Ranges, codepoint: int) -> bool:
    before = bisect_right(ranges, codepoint)
    return before % 2 == 1 or (before > 0 and ranges[before - 1] == codepoint)


def _write_coverage(folder: Path, made: Iterable[tuple[str, list[int]]]) -> None:
    coverage: dict[str, list[list[int]]] = {}
    for family, ranges in made:
        groups = coverage.setdefault(family, [])
        if ranges not in groups:
            groups.append(ranges)
    (folder / "coverage.json").write_text(json.dumps(coverage, separators=(",", ":")), encoding="utf-8")


def _needs_no_glyph(character: str) -> bool:
    """Controls, blanks, line ends, joiners, the soft hyphen and variation selectors."""
    code = ord(character)
    if code < 0x7F:
        return code <= 0x20
    return (
        code in {0xAD, 0x2060, 0xFEFF}
        or 0x200B <= code <= 0x200F
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0100 <= code <= 0xE01EF
        or unicodedata.category(character) in {"Cc", "Zs", "Zl", "Zp"}
    )


_SOURCES = (
    (0x3400, 0x9FFF, "npm @fontsource/noto-serif-sc, Debian fonts-hanazono"),
    (0xAC00, 0xD7FF, "npm @fontsource/noto-serif-kr"),
    (0xE000, 0xF8FF, Words("造字區的字，沒有通行的字體", "private use: no common font")),
    (0xF900, 0xFAFF, "Debian fonts-noto-cjk"),
    (0x1F000, 0x1FAFF, "Debian fonts-symbola"),
    (0x20000, 0x3FFFF, "Debian fonts-hanazono"),
    (0xF0000, 0x10FFFF, Words("造字區的字，沒有通行的字體", "private use: no common font")),
)


def _source_for(codepoint: int) -> str | Words:
    """Where to look for a font that has a character."""
    named = [source for first, last, source in _SOURCES if first <= codepoint <= last]
    return named[0] if named else "Debian fonts-noto-core"


# Fontconfig


def _fontconfig(folder: Path, searched: Iterable[str], aliases: Mapping[str, str]) -> str:
    """A configuration that knows our fonts and nothing of the machine's. All paths are absolute."""
    from xml.sax.saxutils import escape  # noqa: PLC0415

    directories = "".join(f"<dir>{escape(each)}</dir>\n" for each in searched)
    generic = "".join(
        f'<alias binding="same"><family>{name}</family><prefer>'
        + "".join(f"<family>{family}</family>" for family in families)
        + "</prefer></alias>\n"
        for name, families in _GENERIC.items()
    )
    last = "".join(
        f"<string>{family}</string>" for family in ("Kan Ming", "Kan Japanese", "Kan Korean", "Kan Latin")
    )
    stand_ins = "".join(
        f'<match target="pattern"><test name="family" qual="any"><string>{ours}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{theirs}</string></edit></match>\n'
        for ours, theirs in aliases.items()
    )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'
        f"{directories}<cachedir>{escape(str(folder / 'fontconfig'))}</cachedir>\n"
        "<config><rescan><int>0</int></rescan></config>\n"
        f'{generic}<match target="pattern"><edit name="family" mode="append_last">{last}</edit></match>\n'
        f"{stand_ins}</fontconfig>\n"
    )


_GENERIC = {
    "serif": ("Kan Latin Zh", "Kan Ming"),
    "sans-serif": ("Kan Hei",),
    "monospace": ("Kan Latin Zh", "Kan Ming"),
}


def _warm_fontconfig(folder: Path) -> None:
    """Let fontconfig scan the fonts now and not in the first build, where its tool is installed."""
    scan = shutil.which("fc-cache")
    if scan:
        import subprocess  # noqa: PLC0415

        environment = os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf")}
        subprocess.run([scan], env=environment, capture_output=True, check=False, timeout=120)


# Debian's fonts-noto-cjk


def _get_noto_cjk(progress: Report, without_npm: bool) -> None:
    """Make sure that fonts-noto-cjk is there, through apt-get when we may; raises `InstallationError`."""
    if _noto_cjk_files():
        return
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        import subprocess  # noqa: PLC0415

        progress(Words("安裝 fonts-noto-cjk", "installing fonts-noto-cjk"))
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = [apt, "install", "--yes", "--no-install-recommends", "fonts-noto-cjk"]
        for command in (install, [apt, "update"], install):
            subprocess.run(command, env=environment, capture_output=True, check=False, timeout=600)
            if _noto_cjk_files():
                return
    if without_npm:
        raise InstallationError(
            "沒有字體，也沒有 npm 可下載：請執行 sudo apt-get install npm（或 fonts-noto-cjk）",
            "there are no fonts and no npm to fetch them: run sudo apt-get install npm (or fonts-noto-cjk)",
        )
    raise InstallationError(
        "npm 無法下載字體：請檢查網路與 npm 設定，或執行 sudo apt-get install fonts-noto-cjk",
        "npm cannot fetch the fonts: check its settings, or run sudo apt-get install fonts-noto-cjk",
    )


def _noto_cjk_files() -> list[Path]:
    names = ("NotoSerifCJK-Regular", "NotoSerifCJK-Bold", "NotoSansCJK-Regular", "NotoSansCJK-Bold")
    files = [NOTO_CJK / f"{name}.ttc" for name in names]
    return files if all(file.exists() for file in files) else []


def _noto_cjk(manifest: _Manifest, folder: Path, without_npm: bool) -> dict[str, Any]:
    """The record of a folder without faces of its own: all families are aliases of Noto's."""
    members = [member for file in _noto_cjk_files() for member in _members(file)]
    made = [
        ({"family": ours, **entry}, ranges)
        for ours, theirs in manifest.stand_ins.items()
        for name, entry, ranges in members
        if name == theirs
    ]
    _write_coverage(folder, ((entry["family"], ranges) for entry, ranges in made))
    return {
        "faces": [entry for entry, _ in made],
        "searched": [str(NOTO_CJK)],
        "aliases": dict(manifest.stand_ins),
        "without_npm": without_npm,
    }


def _members(file: Path) -> Iterator[tuple[str, dict[str, Any], list[int]]]:
    """The fonts of a collection: family, the entry for the record (without our family), what it covers."""
    from fontTools.ttLib import TTCollection  # noqa: PLC0415

    with file.open("rb") as opened:
        sha512 = hashlib.file_digest(opened, "sha512").hexdigest()
    with TTCollection(file, lazy=True) as collection:
        for index, font in enumerate(collection.fonts):
            entry = {
                "weight": 700 if file.stem.endswith("Bold") else 400,
                "style": "normal",
                "file": str(file),
                "sha512": sha512,
                "version": f"fonts-noto-cjk {font['head'].fontRevision:.3f}",
                "index": index,
            }
            yield font["name"].getBestFamilyName(), entry, _ranges(font.getBestCmap())

"""The manifest: which packages and faces there are, where they come from, and the stamp of it all."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pipeline.diagnostics import InstallationError, Words
from pipeline.fonts.names import style_name

MANIFEST = Path(__file__).resolve().parents[2] / "fonts" / "manifest.toml"
"""Which packages and which faces; written by designers, described in fonts/README.md."""

PREPARATION = 3
"""Version of the preparation code: raise it whenever a prepared face, or the record of it, comes out different.

A number and not a hash of the code: the cache is made anew (210 MB) when the faces change, not the comments.
`test_another_preparation_has_another_number` fails when it was forgotten.
"""

NOTO_CJK = Path("/usr/share/fonts/opentype/noto")
"""Where Debian's fonts-noto-cjk puts its files."""

FETCH_SECONDS = 900
"""Longest that all of npm's downloads (about 210 MB) may take together, in seconds."""

Report = Callable[[Words], None]


@dataclass(frozen=True, slots=True)
class Package:
    """A package of npm: its integrity as npm publishes it, and the sha512 of each file that is used."""

    npm: str
    version: str
    integrity: str
    files: Mapping[str, str]

    @property
    def spec(self) -> str:
        """The package as npm's command line names it."""
        return f"{self.npm}@{self.version}"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one face is made: its sources (names of files in the package) and what is taken out of it."""

    family: str
    weight: int
    style: str
    package: str
    sources: tuple[str, ...]
    without: frozenset[int]

    @property
    def file_name(self) -> str:
        """The file of the prepared face."""
        return f"{self.family.replace(' ', '')}-{style_name(self.weight, self.style).replace(' ', '')}.ttf"


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that `fonts/manifest.toml` says."""

    packages: Mapping[str, Package]
    recipes: tuple[Recipe, ...]
    stand_ins: Mapping[str, str]
    """Our families, and for each the family of fonts-noto-cjk that stands in for it."""


def stamp() -> str:
    """The name of a cache folder: other for another manifest or preparation. Raises `InstallationError`."""
    try:
        manifest = MANIFEST.read_bytes()
    except OSError as error:
        raise InstallationError(
            f"找不到字型清單 {MANIFEST}：請重新取得完整的原始碼",
            f"there is no font manifest {MANIFEST}: get the sources again",
        ) from error
    return hashlib.sha256(b"%d\n%s" % (PREPARATION, manifest)).hexdigest()[:16]


def read_manifest() -> Manifest:
    """What the manifest says."""
    import tomllib  # noqa: PLC0415

    read = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))
    packages = {
        key: Package(each["npm"], each["version"], each["integrity"], each["files"])
        for key, each in read["packages"].items()
    }
    recipes = tuple(
        Recipe(
            family=face["family"],
            weight=face["weight"],
            style=face["style"],
            package=face["package"],
            sources=(face["file"],) if face["preparation"] == "rename" else tuple(packages[face["package"]].files),
            without=_codepoints(read["families"][face["family"]].get("without", ())),
        )
        for face in read["faces"]
    )
    return Manifest(packages, recipes, {name: each["fallback"] for name, each in read["families"].items()})


def _codepoints(stretches: Iterable[str]) -> frozenset[int]:
    """The code points of `["U+00A7", "U+2013-2014"]`."""
    ends = [stretch.removeprefix("U+").partition("-") for stretch in stretches]
    return frozenset(chain.from_iterable(range(int(a, 16), int(b or a, 16) + 1) for a, _, b in ends))


def not_as_listed(package: Package, name: str) -> InstallationError:
    """What to raise when a tarball or a file in it has another hash than the manifest says."""
    return InstallationError(
        f"{package.spec} 的 {name} 與 {MANIFEST} 所記的雜湊值不符：請檢查 npm 的來源設定",
        f"{name} of {package.spec} has another hash than {MANIFEST} says: check where npm fetches from",
    )

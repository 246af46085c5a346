"""The manifest: which packages and faces there are, where they come from, and the stamp of it all."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pipeline.diagnostics import InstallationError, Words
from pipeline.fonts.names import style_name

MANIFEST = Path(__file__).resolve().parents[2] / "fonts" / "manifest.toml"
"""Which packages and which faces; written by designers, described in fonts/README.md."""

PREPARATION = 7
"""Version of the preparation code: raise it whenever a prepared face, or the record of it, comes out different.

A number and not a hash of the code: the cache is made anew (210 MB and more) for other faces, not for comments.
`test_another_preparation_has_another_number` fails when it was forgotten.
"""

NOTO_CJK = Path("/usr/share/fonts/opentype/noto")
"""Where Debian's fonts-noto-cjk puts its files."""

FETCH_SECONDS = 900
"""Longest that all of npm's downloads for a set (up to 210 MB) may take together, in seconds."""

BASE = ""
"""The set that every issue needs; the others are named after the languages that need them."""

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
    set_of: Mapping[str, str]
    """Our families, and for each the name of the set it belongs to."""
    sets: Mapping[str, Sequence[str]]
    """The sets but `BASE`, and for each the languages that need it."""

    def part(self, name: str) -> "Manifest":
        """Only what one set needs."""
        recipes = tuple(each for each in self.recipes if self.set_of[each.family] == name)
        used = {each.package for each in recipes}
        return Manifest(
            {key: package for key, package in self.packages.items() if key in used},
            recipes,
            {family: other for family, other in self.stand_ins.items() if self.set_of[family] == name},
            self.set_of,
            self.sets,
        )


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
    needed_for = {family: tuple(each.get("for", ())) for family, each in read["families"].items()}
    return Manifest(
        packages,
        recipes,
        stand_ins={family: each["fallback"] for family, each in read["families"].items()},
        set_of={family: _set_name(languages) for family, languages in needed_for.items()},
        sets={_set_name(languages): languages for languages in needed_for.values() if languages},
    )


def _set_name(languages: Iterable[str]) -> str:
    return "+".join(languages).lower() or BASE


def sets_for(sets: Mapping[str, Sequence[str]], languages: Iterable[str]) -> list[str]:
    """The names of the sets that some languages need besides `BASE`.

    A set for `zh-Hans` is needed by `zh-Hans-CN` too (RFC 4647, 3.3.1). Other languages need none.
    """
    tags = [tag.lower() + "-" for tag in languages]
    ranges = {name: [each.lower() + "-" for each in needed_by] for name, needed_by in sets.items()}
    return [name for name, each in ranges.items() if any(tag.startswith(tuple(each)) for tag in tags)]


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

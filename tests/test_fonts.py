"""Fonts: fetching, preparing, coverage and subsets with tiny fonts; then the prepared fonts themselves."""

import fcntl
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uharfbuzz as hb
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

from pipeline import fonts
from pipeline.diagnostics import CODES, InstallationError, Place, Severity, Words
from pipeline.fonts import coverage, harfbuzz, manifest
from pipeline.fonts.outlines import EM, outline

CHINESE = "「天下為公」是《禮記》的話，爲與為、裏與裡只是異體；２０２６年……——“引文”"
OTHERS = "대한민국 국회도서관 日本語のかな交じり文 naïve Šířka “quoted” — ÄỆ"


def tiny(characters: str, family: str = "Noto Serif TC", vertical: str = "") -> bytes:
    """A font with a square for each character and metrics far from ours."""
    names = {character: f"u{ord(character):04X}" for character in characters}
    order = [".notdef", *names.values(), *(f"{names[each]}.vert" for each in vertical)]
    builder = FontBuilder(1000, isTTF=True)
    builder.updateHead(created=3_000_000_000, modified=3_000_000_000)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord(character): name for character, name in names.items()})
    builder.setupGlyf({name: square(100 + index) for index, name in enumerate(order)})
    builder.setupHorizontalMetrics(dict.fromkeys(order, (1000, 0)))
    builder.setupHorizontalHeader(ascent=1151, descent=-286, lineGap=90)
    builder.setupVerticalMetrics(dict.fromkeys(order, (1000, 0)))
    builder.setupVerticalHeader(ascent=500, descent=-500)
    builder.setupOS2(version=3, sTypoAscender=900, usWinAscent=1151, usWinDescent=286)
    builder.setupPost()
    builder.setupNameTable(
        {
            "copyright": "(c) Somebody, with Reserved Font Name 'Noto'",
            "familyName": family,
            "styleName": "Regular",
            "uniqueFontIdentifier": f"1;{family}",
            "fullName": f"{family} Regular",
            "psName": family.replace(" ", ""),
            "typographicFamily": family,
        }
    )
    if vertical:
        rules = "".join(f"sub {names[each]} by {names[each]}.vert;" for each in vertical)
        builder.addOpenTypeFeatures(f"feature vert {{ {rules} }} vert;")
    written = io.BytesIO()
    builder.save(written)
    return written.getvalue()


def square(size: int) -> Any:
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((size, 0), (size, size), (0, size)):
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


@dataclass
class Workshop:
    """A manifest of two packages, a cache, and an npm that hands out tarballs from a folder."""

    folder: Path

    @property
    def manifest(self) -> Path:
        return self.folder / "manifest.toml"

    def asked(self) -> list[str]:
        log = self.folder / "asked"
        return log.read_text().split() if log.exists() else []

    def pack(self, name: str, files: dict[str, bytes], inside: str = "package/") -> str:
        """Put a package into npm's shelf; its integrity as npm prints it."""
        tarball = self.folder / f"{name}.tgz"
        with tarfile.open(tarball, "w:gz") as archive:
            for path, data in files.items():
                member = tarfile.TarInfo(inside + path)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
        return "sha512-" + b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()

    def write_manifest(self, packages: dict[str, tuple[str, dict[str, bytes]]]) -> None:
        lines = [
            *('[families."Kan Ming"]', 'fallback = "Noto Serif CJK TC"'),
            *('[families."Kan Kai"]', 'fallback = "Noto Serif CJK TC"', 'without = ["U+201C-201D"]'),
            *("[[faces]]", 'family = "Kan Ming"', "weight = 400", 'style = "normal"', 'package = "ming"'),
            *('file = "ming.ttf"', 'preparation = "rename"'),
            *("[[faces]]", 'family = "Kan Kai"', "weight = 700", 'style = "italic"', 'package = "kai"'),
            'preparation = "merge"',
        ]
        for key, (integrity, files) in packages.items():
            lines += [f"[packages.{key}]", f'npm = "{key}"', 'version = "1.0.0"']
            lines += [f'integrity = "{integrity}"', f"[packages.{key}.files]"]
            lines += [f'"{path}" = "{hashlib.sha512(data).hexdigest()}"' for path, data in files.items()]
        self.manifest.write_text("\n".join(lines), encoding="utf-8")


MING = {"ming.ttf": tiny("A一中。“、—")}
KAI = {
    "1.ttf": tiny("A一「。", "LXGW WenKai", vertical="「"),
    "2.ttf": tiny("A中“」", "LXGW WenKai", vertical="」"),
}


GOTHIC = {"gothic.ttf": tiny("A一中。、か", "Noto Sans JP")}
JAPANESE = """
[families."Kan Gothic"]
fallback = "Noto Sans CJK JP"
for = ["ja"]
[[faces]]
family = "Kan Gothic"
weight = 500
style = "normal"
package = "gothic"
file = "gothic.ttf"
preparation = "rename"
"""


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    made = Workshop(tmp_path)
    programs = tmp_path / "bin"
    programs.mkdir()
    npm = programs / "npm"
    npm.write_text(
        f"#!{sys.executable}\nimport shutil, sys\n"
        "name = sys.argv[2].split('@')[0]\n"
        f"open({str(tmp_path / 'asked')!r}, 'a').write(name + '\\n')\n"
        f"shutil.copy({str(tmp_path)!r} + f'/{{name}}.tgz', '.')\n"
    )
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("KAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(manifest, "MANIFEST", made.manifest)
    monkeypatch.setattr(manifest, "NOTO_CJK", tmp_path / "noto")
    made.write_manifest({"ming": (made.pack("ming", MING), MING), "kai": (made.pack("kai", KAI), KAI)})
    return made


@pytest.fixture
def with_japanese(workshop: Workshop) -> Workshop:
    """The same, and a family that only Japanese needs."""
    packages = {"ming": MING, "kai": KAI, "gothic": GOTHIC}
    workshop.write_manifest({name: (workshop.pack(name, files), files) for name, files in packages.items()})
    workshop.manifest.write_text(workshop.manifest.read_text(encoding="utf-8") + JAPANESE, encoding="utf-8")
    return workshop


def opened(face: fonts.Face) -> TTFont:
    return TTFont(io.BytesIO(face.file.read_bytes()))


def test_prepares_once_and_then_works_without_npm(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Words] = []
    first = fonts.prepare(said.append)
    assert sorted(workshop.asked()) == ["kai", "ming"]
    assert "下載 ming@1.0.0" in [words.zh for words in said]
    monkeypatch.setenv("PATH", "")
    assert fonts.prepare() == first == fonts.installed()
    assert len(workshop.asked()) == 2
    assert not first.fallback
    assert [(face.family, face.weight, face.style) for face in first.faces] == [
        ("Kan Ming", 400, "normal"),
        ("Kan Kai", 700, "italic"),
    ]
    for face in first.faces:
        assert face.sha512 == hashlib.sha512(face.file.read_bytes()).hexdigest()
        assert face.version.endswith("@1.0.0")
    assert sorted(each.name for each in first.folder.parent.iterdir()) == sorted(["lock", first.folder.name])


def test_prepares_anew_for_a_changed_manifest(workshop: Workshop) -> None:
    first = fonts.prepare()
    workshop.manifest.write_text(workshop.manifest.read_text(encoding="utf-8") + "\n# changed\n")
    assert fonts.installed() is None
    assert fonts.prepare().folder != first.folder


def test_another_preparation_has_another_number(workshop: Workshop) -> None:
    """When the digest changes, faces come out different: raise `PREPARATION`, then note number and digest here."""
    ready = fonts.prepare()
    drawn = io.StringIO()
    for face in ready.faces:
        font = opened(face)
        font["head"].checkSumAdjustment = 0  # of the bytes, which another fontTools may lay out differently
        font.saveXML(drawn, writeVersion=False)
    record = json.loads((ready.folder / "faces.json").read_bytes())
    parts = (
        drawn.getvalue(),
        (ready.folder / "coverage.json").read_text(),
        sorted(record),
        sorted(record["faces"][0]),
    )
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
    assert (manifest.PREPARATION, digest) == (7, "0d3aba6ec4330827")


def test_the_stamp_depends_on_the_preparation(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    first = fonts.prepare()
    monkeypatch.setattr(manifest, "PREPARATION", manifest.PREPARATION + 1)
    assert fonts.installed() is None
    assert fonts.prepare().folder != first.folder


def in_another_process(workshop: Workshop, program: str) -> "subprocess.Popen[str]":
    """A run that has the fonts of the workshop, and then does more until its input ends."""
    begin = (
        "import sys; from pathlib import Path; from pipeline import fonts; from pipeline.fonts import manifest;"
        f"manifest.MANIFEST = Path({str(workshop.manifest)!r}); ready = fonts.prepare();"
    )
    return subprocess.Popen(
        [sys.executable, "-c", begin + program],
        cwd=Path(fonts.__file__).resolve().parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def change(workshop: Workshop) -> None:
    workshop.manifest.write_text(workshop.manifest.read_text(encoding="utf-8") + "\n# changed\n")


def folders(root: Path) -> set[str]:
    return {each.name for each in root.iterdir()} - {"lock"}


def test_a_fill_removes_what_was_prepared_before(workshop: Workshop) -> None:
    run = in_another_process(workshop, "print(ready.folder)")
    old = Path(run.communicate()[0].strip())
    root = old.parent
    for other in ("0123456789abcdef-noto-cjk", ".removing-0123456789abcdef", "mine", "0123456789abcdef0"):
        (root / other).mkdir()
        (root / other / "file").touch()
    (root / "fedcba9876543210").symlink_to(workshop.folder)
    assert old.exists()
    change(workshop)
    new = fonts.prepare().folder
    assert folders(root) == {new.name, "mine", "0123456789abcdef0", "fedcba9876543210"}
    assert workshop.manifest.exists()


def test_a_fill_leaves_what_another_run_reads(workshop: Workshop) -> None:
    run = in_another_process(workshop, "print(ready.folder, flush=True); sys.stdin.read()")
    assert run.stdout is not None
    old = Path(run.stdout.readline().strip())
    change(workshop)
    second = fonts.prepare().folder
    assert folders(old.parent) == {old.name, second.name}
    run.communicate()
    change(workshop)
    third = fonts.prepare().folder
    assert folders(old.parent) == {second.name, third.name}  # the second one is ours, and in use


def test_nothing_is_removed_when_the_fill_fails(workshop: Workshop) -> None:
    old = Path(in_another_process(workshop, "print(ready.folder)").communicate()[0].strip())
    change(workshop)
    workshop.pack("ming", MING | {"extra": b"x"})
    with pytest.raises(InstallationError):
        fonts.prepare()
    assert folders(old.parent) == {old.name}


def test_a_stand_in_leaves_prepared_faces(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Path(in_another_process(workshop, "print(ready.folder)").communicate()[0].strip())
    (old.parent / "0123456789abcdef-noto-cjk").mkdir()
    put_noto_cjk(workshop.folder / "noto")
    monkeypatch.setenv("PATH", "")
    change(workshop)
    stand_in = fonts.prepare()
    assert stand_in.fallback
    assert folders(old.parent) == {old.name, stand_in.folder.name}


def test_a_folder_removed_while_we_waited_for_it_is_not_there(workshop: Workshop) -> None:
    """Another run is just removing the folder that this one asks for."""
    old = Path(in_another_process(workshop, "print(ready.folder)").communicate()[0].strip())
    remover = os.open(old, os.O_RDONLY)
    fcntl.flock(remover, fcntl.LOCK_EX)
    late = in_another_process(workshop, "print(ready.folder)")
    with pytest.raises(subprocess.TimeoutExpired):
        late.wait(1)
    old.rename(workshop.folder / "away")
    os.close(remover)
    assert Path(late.communicate()[0].strip()) == old
    assert late.returncode == 0
    assert len(workshop.asked()) == 4


@pytest.mark.parametrize("below", ["", "cache", "deep/er"])
def test_a_cache_below_a_file(workshop: Workshop, monkeypatch: pytest.MonkeyPatch, below: str) -> None:
    monkeypatch.setenv("KAN_CACHE", str(workshop.manifest / below))
    for ask in (fonts.installed, fonts.prepare):
        with pytest.raises(InstallationError, match="cannot be below a file") as raised:
            ask()
        assert "\n" not in raised.value.words.zh + raised.value.words.en
        assert "快取不能放在檔案裡" in raised.value.words.zh
        assert f"{workshop.manifest} " in raised.value.words.zh
        assert f"{workshop.manifest} is one" in raised.value.words.en


def test_follows_a_cache_that_was_moved(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.prepare()
    (workshop.folder / "cache").rename(workshop.folder / "moved")
    monkeypatch.setenv("KAN_CACHE", str(workshop.folder / "moved"))
    moved = fonts.prepare()
    assert len(workshop.asked()) == 2
    assert f"<dir>{moved.folder / 'faces'}</dir>" in moved.fontconfig.read_text(encoding="utf-8")


def test_two_runs_at_once_fetch_once(workshop: Workshop) -> None:
    program = (
        "from pathlib import Path; from pipeline import fonts; from pipeline.fonts import manifest;"
        f"manifest.MANIFEST = Path({str(workshop.manifest)!r}); print(fonts.prepare().folder)"
    )
    root = Path(fonts.__file__).resolve().parents[2]
    runs = [subprocess.Popen([sys.executable, "-c", program], cwd=root, stdout=subprocess.PIPE) for _ in range(2)]
    folders = {run.communicate()[0] for run in runs}
    assert [run.returncode for run in runs] == [0, 0]
    assert len(folders) == 1
    assert len(workshop.asked()) == 2


def test_a_set_is_fetched_for_its_language_alone(with_japanese: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    base = fonts.prepare(languages=["zh-Hant-TW", "en", "jam", "x-none"])
    assert sorted(with_japanese.asked()) == ["kai", "ming"]
    assert base.families == ("Kan Ming", "Kan Kai")
    assert not base.has("Kan Gothic")
    assert fonts.installed(["ja"]) is None
    with pytest.raises(KeyError):
        base.face("Kan Gothic")
    whole = fonts.prepare(languages=["zh-Hant-TW", "ja-JP", "JA"])
    assert with_japanese.asked()[2:] == ["gothic"]
    assert whole.families == ("Kan Ming", "Kan Kai", "Kan Gothic")
    assert whole.has("Kan Gothic")
    assert whole.faces[:2] == base.faces
    assert whole.covers(["Kan Gothic"], "かな") == ("な",)
    assert metrics(opened(whole.face("Kan Gothic"))) == (880, -120, 0, 880, -120, 0, 880, 120)
    monkeypatch.setenv("PATH", "")
    assert fonts.prepare(languages=["ja"]) == fonts.installed(["ja"]) == whole
    assert fonts.prepare() == fonts.installed() == base
    assert len(with_japanese.asked()) == 3


def test_the_configuration_shows_the_sets_asked_for(with_japanese: Workshop) -> None:
    whole, base = fonts.prepare(languages=["ja"]), fonts.prepare()
    faces = [f"<dir>{folder / 'faces'}</dir>" for folder in whole.folders]
    assert whole.folder == base.folder
    assert len(faces) == 2
    for ready, shown in ((whole, faces), (base, faces[:1])):
        lines = ready.fontconfig.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if line.startswith("<dir>")] == shown


def test_sets_follow_a_cache_that_was_moved(with_japanese: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.prepare(languages=["ja"])
    (with_japanese.folder / "cache").rename(with_japanese.folder / "moved")
    monkeypatch.setenv("KAN_CACHE", str(with_japanese.folder / "moved"))
    moved = fonts.prepare(languages=["ja"])
    assert len(with_japanese.asked()) == 3
    conf = moved.fontconfig.read_text(encoding="utf-8")
    assert all(f"<dir>{folder / 'faces'}</dir>" in conf for folder in moved.folders)
    assert str(with_japanese.folder / "cache") not in conf


def test_two_runs_at_once_fetch_a_set_once(with_japanese: Workshop) -> None:
    more = "print(fonts.prepare(languages=['ja']).folders)"
    runs = [in_another_process(with_japanese, more) for _ in range(2)]
    assert len({run.communicate()[0] for run in runs}) == 1
    assert [run.returncode for run in runs] == [0, 0]
    assert sorted(with_japanese.asked()) == ["gothic", "kai", "ming"]


def test_a_fill_removes_the_sets_of_an_older_manifest(with_japanese: Workshop) -> None:
    in_another_process(with_japanese, "fonts.prepare(languages=['ja'])").communicate()
    root = fonts.cache()
    assert len(folders(root)) == 2
    change(with_japanese)
    new = fonts.prepare().folder.name
    assert folders(root) == {new}


def test_debian_stands_in_for_one_set(with_japanese: Workshop) -> None:
    put_noto_cjk(with_japanese.folder / "noto")
    tarball = (with_japanese.folder / "gothic.tgz").rename(with_japanese.folder / "kept")
    mixed = fonts.prepare(languages=["ja"])
    assert mixed.fallback
    assert mixed.face("Kan Gothic").file.name == "NotoSansCJK-Regular.ttc"
    assert mixed.face("Kan Ming").file.is_relative_to(mixed.folder)
    conf = mixed.fontconfig.read_text(encoding="utf-8")
    assert conf.count("<string>Noto Sans CJK JP</string>") == 1
    assert not fonts.prepare().fallback
    asked = len(with_japanese.asked())
    assert fonts.prepare(languages=["ja"]) == mixed
    assert len(with_japanese.asked()) == asked
    tarball.rename(with_japanese.folder / "gothic.tgz")
    assert not fonts.prepare(languages=["ja"], retry=True).fallback
    assert with_japanese.asked()[asked:] == ["gothic"]


def test_a_set_that_is_not_to_be_had_leaves_the_others(with_japanese: Workshop) -> None:
    (with_japanese.folder / "gothic.tgz").unlink()
    with pytest.raises(InstallationError, match="npm cannot fetch"):
        fonts.prepare(languages=["ja"])
    assert fonts.installed() == fonts.prepare()


@pytest.mark.parametrize(
    ("languages", "sets"),
    [
        ([], []),
        (["zh-Hant-TW", "zh", "zh-Hant", "en"], []),
        (["ko", "zh-hans-cn", "zh-Hans"], ["zh-hans", "ko"]),
        (["zh-Hant-HK"], ["zh-hant-hk"]),
        (["ja-Hira", "jam", "kok"], ["ja"]),
    ],
)
def test_which_sets_languages_need(languages: list[str], sets: list[str]) -> None:
    assert manifest.sets_for(manifest.read_manifest().sets, languages) == sets


def test_the_manifest_agrees_with_layouts_and_licences() -> None:
    read = manifest.read_manifest()
    root = manifest.MANIFEST.parents[1]
    stacks = (root / "layouts" / "tokens.css").read_text(encoding="utf-8")
    assert set(re.findall(r'"(Kan [^"]+)"', stacks)) == set(read.stand_ins)
    assert {recipe.family for recipe in read.recipes} == set(read.stand_ins)
    for key, package in read.packages.items():
        assert "SIL OPEN FONT LICENSE" in (root / "fonts" / "licences" / f"{key}.txt").read_text(encoding="utf-8")
        assert {source for recipe in read.recipes if recipe.package == key for source in recipe.sources} == set(
            package.files
        )


def shaped(
    font: Any, text: str, features: dict[str, bool], language: str = "zh-Hant-TW", script: str = "Hani"
) -> Any:
    """Glyph, advance, left and right end of the ink, of each glyph of a line."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.direction, buffer.script, buffer.language = "ltr", script, language
    hb.shape(font, buffer, features)
    glyphs = []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        ink = font.get_glyph_extents(info.codepoint)
        ends = (ink.x_bearing, ink.x_bearing + ink.width)
        glyphs.append((info.codepoint, position.x_advance, *ends))
    return glyphs


def test_marks_have_narrow_alternates_where_their_ink_leaves_room(workshop: Workshop) -> None:
    ming = harfbuzz.opened(fonts.prepare().face("Kan Ming"))  # squares of .1 em at the origin
    for script, language in (("Hani", "zh-Hant-TW"), ("Hang", "ko"), ("Latn", "en"), ("Bopo", "und")):
        assert shaped(ming, "、", {"khlf": True}, language, script)[0][1:] == (500, 0, 106)
        assert shaped(ming, "、", {"kend": True}, language, script)[0][1:] == (750, 0, 106)
        for unchanged in ("“", "A", "一"):  # an opening mark must have its ink on the right
            off = shaped(ming, unchanged, {}, language, script)
            assert shaped(ming, unchanged, {"khlf": True, "kstr": True, "kend": True}, language, script) == off
    assert shaped(ming, "——", {})[1][1:] == (1000, 0, 1000)
    kai = opened(fonts.prepare().face("Kan Kai"))
    assert {record.FeatureTag for record in kai["GSUB"].table.FeatureList.FeatureRecord} == {"vert"}


def test_renames_and_levels_the_metrics(workshop: Workshop) -> None:
    for face in fonts.prepare().faces:
        font = opened(face)
        assert metrics(font) == (880, -120, 0, 880, -120, 0, 880, 120)
        assert font["OS/2"].fsSelection & 1 << 7
        assert font["OS/2"].usWeightClass == face.weight
        names = {record.nameID: str(record) for record in font["name"].names}
        assert "Reserved Font Name" in names[0]
        assert "Open Font License" in names[13]
        assert names[1] == face.family
        others = [text for number, text in names.items() if number not in {0, 13}]
        assert not any("Noto" in text or "LXGW" in text for text in others)
    kai = opened(fonts.prepare().face("Kan Kai"))
    assert (kai["OS/2"].fsSelection & 0b1100001, kai["head"].macStyle) == (0b0100001, 0b11)
    assert kai["name"].getDebugName(6) == "KanKai-BoldItalic"


def metrics(font: Any) -> tuple[int, ...]:
    hhea, os2 = font["hhea"], font["OS/2"]
    typo = os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap
    return (hhea.ascent, hhea.descent, hhea.lineGap, *typo, os2.usWinAscent, os2.usWinDescent)


def test_merges_slices_with_their_vertical_forms(workshop: Workshop) -> None:
    kai = opened(fonts.prepare().face("Kan Kai"))
    cmap = kai.getBestCmap()
    assert {chr(code) for code in cmap} == set("A一「。中」")  # “ is taken out
    assert kai["maxp"].numGlyphs == len(kai.getGlyphOrder()) == 10
    (lookup,) = kai["GSUB"].table.LookupList.Lookup
    assert set(lookup.SubTable[0].mapping) == {cmap[ord("「")], cmap[ord("」")]}
    second = TTFont(io.BytesIO(KAI["2.ttf"]))
    outline = kai["glyf"][cmap[ord("中")]].getCoordinates(kai["glyf"])[0]
    assert outline == second["glyf"]["u4E2D"].getCoordinates(second["glyf"])[0]


def test_preparation_is_the_same_byte_for_byte(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    first = fonts.prepare()
    monkeypatch.setenv("KAN_CACHE", str(workshop.folder / "again"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    second = fonts.prepare()
    assert [face.sha512 for face in first.faces] == [face.sha512 for face in second.faces]


def test_refuses_another_tarball_than_the_manifest_says(workshop: Workshop) -> None:
    workshop.pack("ming", MING | {"extra": b"x"})
    with pytest.raises(InstallationError, match="another hash") as raised:
        fonts.prepare()
    assert "雜湊值不符" in raised.value.words.zh
    assert fonts.installed() is None


def test_refuses_another_file_than_the_manifest_says(workshop: Workshop) -> None:
    workshop.write_manifest(
        {
            "ming": (workshop.pack("ming", MING), {"ming.ttf": b"other"}),
            "kai": (workshop.pack("kai", KAI), KAI),
        }
    )
    with pytest.raises(InstallationError, match=r"ming\.ttf"):
        fonts.prepare()


def test_refuses_a_package_without_a_named_file(workshop: Workshop) -> None:
    integrity = workshop.pack("ming", {"readme": b""})
    workshop.write_manifest({"ming": (integrity, MING), "kai": (workshop.pack("kai", KAI), KAI)})
    with pytest.raises(InstallationError, match=r"ming\.ttf"):
        fonts.prepare()


@pytest.mark.parametrize("inside", ["/", "package/../../", "package/..\\"])
def test_refuses_names_that_lead_outside(workshop: Workshop, inside: str) -> None:
    integrity = workshop.pack("ming", MING, inside)
    workshop.write_manifest({"ming": (integrity, MING), "kai": (workshop.pack("kai", KAI), KAI)})
    with pytest.raises(InstallationError, match="leads outside"):
        fonts.prepare()


def test_refuses_a_link_in_place_of_a_file(workshop: Workshop) -> None:
    with tarfile.open(workshop.folder / "ming.tgz", "w:gz") as archive:
        link = tarfile.TarInfo("package/ming.ttf")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    data = (workshop.folder / "ming.tgz").read_bytes()
    integrity = "sha512-" + b64encode(hashlib.sha512(data).digest()).decode()
    workshop.write_manifest({"ming": (integrity, MING), "kai": (workshop.pack("kai", KAI), KAI)})
    with pytest.raises(InstallationError, match=r"ming\.ttf"):
        fonts.prepare()


def test_names_what_to_install_without_npm(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InstallationError, match="sudo apt-get install npm") as raised:
        fonts.prepare()
    assert "fonts-noto-cjk" in raised.value.words.zh


def test_names_what_to_install_when_npm_fails(workshop: Workshop) -> None:
    (workshop.folder / "kai.tgz").unlink()
    said: list[Words] = []
    with pytest.raises(InstallationError, match="sudo apt-get install fonts-noto-cjk"):
        fonts.prepare(said.append)
    assert any("npm 無法下載" in words.zh for words in said)


def test_falls_back_to_noto_cjk_until_npm_appears(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = os.environ["PATH"]
    put_noto_cjk(workshop.folder / "noto")
    monkeypatch.setenv("PATH", "")
    stand_in = fonts.prepare()
    assert stand_in.fallback
    assert [(face.family, face.weight, face.index) for face in stand_in.faces] == [
        ("Kan Ming", 400, 1),
        ("Kan Ming", 700, 1),
        ("Kan Kai", 400, 1),
        ("Kan Kai", 700, 1),
    ]
    conf = stand_in.fontconfig.read_text(encoding="utf-8")
    assert f"<dir>{workshop.folder / 'noto'}</dir>" in conf
    assert "<string>Noto Serif CJK TC</string>" in conf
    assert stand_in.covers(["Kan Ming"], "中龘") == ("龘",)
    assert fonts.subset(stand_in.face("Kan Ming"), [ord("中")])
    assert fonts.prepare() == stand_in
    monkeypatch.setenv("PATH", path)
    assert not fonts.prepare().fallback


def put_noto_cjk(folder: Path) -> None:
    folder.mkdir()
    for kind in ("Serif", "Sans"):
        for style in ("Regular", "Bold"):
            collection = TTCollection()
            collection.fonts = [
                TTFont(io.BytesIO(tiny("A一中", f"Noto {kind} CJK {region}"))) for region in ("JP", "TC")
            ]
            collection.save(folder / f"Noto{kind}CJK-{style}.ttc")


def test_a_failed_fetch_is_not_repeated_unless_asked(workshop: Workshop) -> None:
    put_noto_cjk(workshop.folder / "noto")
    tarball = (workshop.folder / "kai.tgz").rename(workshop.folder / "kept")
    assert fonts.prepare().fallback
    asked = len(workshop.asked())
    assert fonts.prepare().fallback
    assert len(workshop.asked()) == asked
    tarball.rename(workshop.folder / "kai.tgz")
    assert not fonts.prepare(retry=True).fallback


def test_knows_what_each_family_covers(workshop: Workshop) -> None:
    ready = fonts.prepare()
    assert ready.families == ("Kan Ming", "Kan Kai")
    assert ready.families_covering(ord("中")) == ("Kan Ming", "Kan Kai")
    assert ready.families_covering(ord("「")) == ("Kan Kai",)
    assert ready.families_covering(ord("“")) == ("Kan Ming",)
    assert ready.covers(["Kan Ming"], "「中」「A\n\u3000\u200b") == ("「", "」")
    assert ready.covers(["Kan Ming", "Kan Kai"], "「中」") == ()
    with pytest.raises(KeyError):
        ready.covers(["Kan Nothing"], "中")


def test_finds_missing_characters_with_their_offsets(workshop: Workshop) -> None:
    ready = fonts.prepare()
    assert fonts.missing(ready, "中龘「一龘") == [(1, "龘"), (4, "龘")]
    ignored = "中\u00ad\u200b\u200d\u2060\ufe00\U000e0100\t\n\u00a0\u3000\u2009"
    assert fonts.missing(ready, ignored) == []


@pytest.mark.parametrize(
    ("codepoints", "ranges"),
    [([], []), ([5], [5, 5]), ([3, 1, 2, 9], [1, 3, 9, 9]), ([1, 3], [1, 1, 3, 3])],
)
def test_ranges(codepoints: list[int], ranges: list[int]) -> None:
    assert coverage.ranges_of(codepoints) == ranges
    assert [code for code in range(12) if coverage.within(ranges, code)] == sorted(codepoints)


def test_f001_names_the_character_in_both_languages() -> None:
    found = fonts.no_glyph(Place(Path("a.xml"), 3, 4), "𪛖")
    assert (found.code, found.severity) == ("F001", Severity.ERROR)
    assert found.as_line("zh-TW", "a.xml") == (
        "a.xml:3:4: error F001: 所有字型都沒有「𪛖」（U+2A6D6，CJK UNIFIED IDEOGRAPH-2A6D6）"
    )
    assert "U+2A6D6" in found.message.en
    assert "fonts-hanazono" in found.hint.zh
    assert "造字區" in fonts.no_glyph(Place(Path("a.xml")), "\ue000").hint.zh
    assert CODES["F001"] is fonts.NO_GLYPH


@pytest.mark.parametrize("output", ["ttf", "woff2"])
def test_subset_is_small_named_and_the_same_each_time(workshop: Workshop, output: Any) -> None:
    face = fonts.prepare().face("Kan Kai")
    small = fonts.subset(face, map(ord, "一「"), output=output)
    assert small == fonts.subset(face.file, map(ord, "「一"), output=output)
    font = TTFont(io.BytesIO(small))
    assert {chr(code) for code in font.getBestCmap()} == set("一「")
    assert font["name"].getDebugName(1) == "Kan Kai"
    assert {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord} == {"vert"}
    renamed = TTFont(io.BytesIO(fonts.subset(face, [0x4E00], "Kan Issue", output=output)))
    assert renamed["name"].getDebugName(4) == "Kan Issue Bold Italic"
    assert metrics(renamed) == metrics(font) == (880, -120, 0, 880, -120, 0, 880, 120)


def test_subset_can_keep_glyph_ids(workshop: Workshop) -> None:
    face = fonts.prepare().face("Kan Ming")
    before, after = opened(face), TTFont(io.BytesIO(fonts.subset(face, [0x4E2D], keep_glyph_ids=True)))
    glyph_before, glyph_after = (font.getGlyphID(font.getBestCmap()[0x4E2D]) for font in (before, after))
    assert glyph_before == glyph_after


def test_activation_names_the_private_configuration(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = fonts.prepare()
    monkeypatch.setenv("FONTCONFIG_FILE", "/etc/fonts/fonts.conf")
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(RuntimeError, match="before the first import"):
        fonts.activate(ready)
    monkeypatch.delitem(sys.modules, "weasyprint")
    fonts.activate(ready)
    assert os.environ["FONTCONFIG_FILE"] == str(ready.fontconfig)
    assert ready.fontconfig.is_absolute()


# The prepared fonts themselves


@pytest.fixture(scope="module")
def prepared() -> Iterator[fonts.Fonts]:
    ready = fonts.installed()
    if ready is None:
        pytest.fail("the fonts are not prepared on this machine: run pipeline.fonts.prepare() once")
    if ready.fallback:
        pytest.skip("Debian's fonts stand in for the prepared ones")
    yield ready


def run(program: str, *arguments: str) -> Any:
    """What a fresh interpreter prints as JSON."""
    root = Path(fonts.__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=root, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_every_face_has_the_same_metrics_and_its_name(prepared: fonts.Fonts) -> None:
    assert len(prepared.faces) == 19
    for face in prepared.faces:
        with TTFont(face.file, lazy=True) as font:
            assert font["head"].unitsPerEm == 1000
            assert metrics(font) == (880, -120, 0, 880, -120, 0, 880, 120)
            assert font["name"].getBestFamilyName() == face.family
            assert font["OS/2"].usWeightClass == face.weight


def test_latin_inside_chinese_leaves_marks_to_the_chinese_font(prepared: fonts.Fonts) -> None:
    marks = "“”‘’—–…·‥×÷°§"
    assert prepared.covers(["Kan Latin Zh"], marks) == tuple(marks)
    assert prepared.covers(["Kan Ming"], marks) == ()
    assert prepared.covers(["Kan Latin Zh"], "Az09é,.;:!?-()[]/&%$‐") == ()
    given_away = set(prepared._coverage["Kan Latin"][0]) - set(prepared._coverage["Kan Latin Zh"][0])
    assert given_away


def test_the_stack_covers_four_languages(prepared: fonts.Fonts) -> None:
    stack = ["Kan Latin Zh", "Kan Ming", "Kan Japanese", "Kan Korean"]
    assert prepared.covers(stack, CHINESE + OTHERS) == ()
    assert fonts.missing(prepared, CHINESE + OTHERS) == []
    assert prepared.covers(["Kan Ming"], CHINESE) == ("爲",)


def test_body_and_headings_have_every_common_character(prepared: fonts.Fonts) -> None:
    common = "".join(big5_characters())
    assert len(common) == 5401
    assert prepared.covers(["Kan Ming"], common) == prepared.covers(["Kan Hei"], common) == ()


def big5_characters() -> Iterator[str]:
    """The 5,401 common characters of Big5's first level."""
    for high in range(0xA4, 0xC7):
        for low in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            if high < 0xC6 or low <= 0x7E:
                yield bytes((high, low)).decode("big5")


@pytest.mark.parametrize("family", ["Kan Ming", "Kan Hei", "Kan Japanese", "Kan Korean", "Kan Kai"])
def test_chinese_features_are_kept(prepared: fonts.Fonts, family: str) -> None:
    with TTFont(prepared.face(family).file, lazy=True) as font:
        records = [r for tag in ("GSUB", "GPOS") if tag in font for r in font[tag].table.FeatureList.FeatureRecord]
        features = {record.FeatureTag for record in records}
    assert features >= ({"vert"} if family == "Kan Kai" else {"vert", "halt", "locl", "ruby"})


MARKS = "「『（《〈【〔［｛」』）》〉】〕］｝、，。．：；！？"
CHINESE_FAMILIES = ["Kan Ming", "Kan Hei", "Kan Kai", "Kan Japanese", "Kan Korean"]
SYSTEMS = [("Hani", "zh-Hant-TW"), ("Hani", "zh-Hans-CN"), ("Kana", "ja"), ("Hang", "ko"), ("Latn", "zh-Hant-TW")]


def alternates_of(font: Any, mark: str, *system: str) -> dict[str, tuple[int, ...]]:
    """Advance and ink of a mark as it is, and with each feature that changes it."""
    script, language = system
    (plain,) = shaped(font, mark, {}, language, script)
    found = {"": plain[1:]}
    for feature in fonts.ALTERNATES:
        (other,) = shaped(font, mark, {feature: True}, language, script)
        if other != plain:
            found[feature] = other[1:]
    return found


@pytest.mark.parametrize("family", CHINESE_FAMILIES)
def test_marks_can_be_squeezed_in_every_script_and_language(prepared: fonts.Fonts, family: str) -> None:
    for face in (face for face in prepared.faces if face.family == family):
        font = harfbuzz.opened(face)
        for mark in MARKS:
            for system in SYSTEMS:
                found = alternates_of(font, mark, *system)
                full, left, right = found[""]
                expected = {"": (1000, left, right), "khlf": (500, left, right)}
                if mark in "「『（《〈【〔［｛":
                    expected["kstr"] = (500, left - 500, right - 500)
                elif mark in "、，。．：；":
                    expected["kend"] = (750, left, right)
                assert (full, found) == (1000, expected), (mark, system)


@pytest.mark.parametrize("family", CHINESE_FAMILIES)
def test_alternates_keep_the_outline_and_the_place_in_a_column(prepared: fonts.Fonts, family: str) -> None:
    face = prepared.face(family)
    font = harfbuzz.opened(face)
    with TTFont(face.file, lazy=True) as tables:
        order, heights = tables.getGlyphOrder(), tables["vmtx"]
        assert tables["maxp"].numGlyphs == len(order)
        assert set(tables.getBestCmap().values()).isdisjoint(order[-20:])
        for mark, feature, shift in (
            ("「", "khlf", 0),
            ("」", "khlf", 0),
            ("《", "kstr", -500),
            ("。", "kend", 0),
        ):
            plain, other = (shaped(font, mark, {feature: on})[0][0] for on in (False, True))
            assert heights[order[plain]] == heights[order[other]]
            assert drawn(font, other) == drawn(font, plain, shift)


def drawn(font: Any, glyph: int, shift: int = 0) -> Any:
    pen = RecordingPen()
    font.draw_glyph_with_pen(glyph, TransformPen(pen, (1, 0, 0, 1, shift, 0)))
    return pen.value


def test_dashes_and_dots_of_two_ems_are_whole(prepared: fonts.Fonts) -> None:
    for family, language in (("Kan Ming", "zh-Hant-TW"), ("Kan Hei", "zh-Hant-TW"), ("Kan Kai", "zh-Hant-TW")):
        for face in (face for face in prepared.faces if face.family == family):
            font = harfbuzz.opened(face)
            pen, ink = 0, []
            for _, advance, left, right in shaped(font, "——", {}, language):
                ink.append((pen + left, pen + right))
                pen += advance
            assert pen == 2000
            assert ink in ([(0, 2000)], [(0, 1000), (1000, 2000)])
            glyph, advance, left, right = shaped(font, "…", {}, language)[0]
            extents = font.get_glyph_extents(glyph)
            assert advance == 1000
            assert left + right == pytest.approx(1000, abs=2)
            assert extents.y_bearing + extents.height / 2 == pytest.approx(380, abs=1)  # between 880 and -120


def test_the_engine_can_embed_alternates(prepared: fonts.Fonts) -> None:
    """As WeasyPrint subsets: by the numbers of glyphs, which stay."""
    face = prepared.face("Kan Ming")
    font = harfbuzz.opened(face)
    glyphs = [shaped(font, mark, {feature: True})[0][0] for mark, feature in (("」", "khlf"), ("「", "kstr"))]
    wish = hb.SubsetInput()
    wish.glyph_set.update(glyphs)
    wish.flags = hb.SubsetFlags.RETAIN_GIDS
    small = hb.Font(hb.subset(font.face, wish))
    for glyph in glyphs:
        assert drawn(small, glyph) == drawn(font, glyph) != []
        assert small.get_glyph_h_advance(glyph) == 500


def test_books_do_not_carry_alternates(prepared: fonts.Fonts) -> None:
    face, text = prepared.face("Kan Ming"), [ord(mark) for mark in "「」，。"]
    small, large = (TTFont(io.BytesIO(fonts.subset(face, text, keep_glyph_ids=keep))) for keep in (False, True))
    kept, all_kept = ({r.FeatureTag for r in f["GSUB"].table.FeatureList.FeatureRecord} for f in (small, large))
    assert kept.isdisjoint(fonts.ALTERNATES)
    assert all_kept >= kept | set(fonts.ALTERNATES)
    assert len({small["hmtx"][name][0] for name in small.getBestCmap().values()}) == 1


SETS = {
    "zh-Hans-CN": ("Kan Song", "Kan Hei SC", "Kan Kai SC"),
    "zh-Hant-HK": ("Kan Ming HK", "Kan Hei HK"),
    "ja": ("Kan Gothic",),
    "ko": ("Kan Gothic KR",),
}


@pytest.mark.parametrize("language", SETS)
def test_the_set_of_a_language(prepared: fonts.Fonts, language: str) -> None:
    ready = fonts.installed([language])
    if ready is None or ready.fallback:
        pytest.skip(f"the fonts for {language} are not prepared on this machine")
    more = [face for face in ready.faces if face not in prepared.faces]
    assert tuple(dict.fromkeys(face.family for face in more)) == SETS[language]
    for face in more:
        with TTFont(face.file, lazy=True) as font:
            assert metrics(font) == (880, -120, 0, 880, -120, 0, 880, 120)
            assert font["name"].getBestFamilyName() == face.family
            assert font.flavor is None
        font = harfbuzz.opened(face)
        for mark in MARKS:
            found = alternates_of(font, mark, "Hani", language)
            assert found["khlf"][0] * 2 == found[""][0] == 1000
        assert sum(advance for _, advance, *_ in shaped(font, "——", {}, language)) == 2000
        assert ready.covers([face.family], WORDS[language]) == ()


WORDS = {
    "zh-Hans-CN": "简体中文，“引文”；国务院——发展……",
    "zh-Hant-HK": "香港中環啲嘢係「喺」度",
    "ja": "日本国憲法の「前文」、カタカナ。",
    "ko": "대한민국 헌법",
}


def test_a_warm_start_imports_nothing_heavy(prepared: fonts.Fonts) -> None:
    program = (
        "import json, sys; from pipeline import fonts; ready = fonts.prepare();"
        "ready.covers(['Kan Ming'], '中'); heavy = {'fontTools', 'weasyprint', 'uharfbuzz', 'subprocess'};"
        "print(json.dumps(sorted(heavy & set(sys.modules))))"
    )
    assert run(program) == []


DRAW = """
import io, json
from pipeline import fonts
fonts.activate(fonts.prepare())
import weasyprint
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar

def face(family, text, more=""):
    return f'<span style="font-family: {family}; {more}">{text}</span>'

mixed = (
    "中文Latin gÅỆ“引號”爲" + face("Kan Hei", "黑體H", "font-weight: 500") + face("Kan Kai", "楷體g")
    + face("Kan Latin", "Italic “q”", "font-style: italic") + face("Kan Korean", "한국어")
    + face("Kan Japanese", "日本語かな") + "<b>粗體B</b> 한 か 龥"
)
page = (
    '<html lang="zh-Hant-TW"><style>@page { size: A4; margin: 2cm } p { margin: 0 } body { margin: 0;'
    'font: 10.5pt/18pt "Kan Latin Zh", "Kan Ming" }</style>'
    + "".join(f"<p>{mixed}</p><p>純中文。</p><p>Latin only</p>" for _ in range(8))
)

def characters(node):
    if isinstance(node, LTChar):
        yield node
    elif hasattr(node, "__iter__"):
        for each in node:
            yield from characters(each)

drawn = [each for page in extract_pages(io.BytesIO(weasyprint.HTML(string=page).write_pdf()))
         for each in characters(page)]
baselines = sorted({round(each.matrix[5], 2) for each in drawn}, reverse=True)
print(json.dumps([baselines, sorted({each.fontname.partition("+")[2] for each in drawn})]))
"""


def test_mixed_faces_keep_the_line_pitch_and_only_ours_are_embedded(prepared: fonts.Fonts) -> None:
    baselines, embedded = run(DRAW)
    assert len(baselines) == 24
    for line, baseline in enumerate(baselines):
        assert baseline == pytest.approx(baselines[0] - 18 * line, abs=0.011)
    assert all(name.startswith("Kan-") for name in embedded)
    families = {"Kan-Ming", "Kan-Hei-Medium", "Kan-Kai", "Kan-Latin-Zh", "Kan-Latin-Italic", "Kan-Korean"}
    assert families < set(embedded)


def test_an_outline_draws_each_character_where_its_width_says() -> None:
    prepared = fonts.prepare()
    one = outline(prepared, ["Kan Ming"], "刊")
    two = outline(prepared, ["Kan Latin Zh", "Kan Absent", "Kan Ming"], "刊物A")
    assert one.advance == EM
    assert two.path.startswith(one.path)
    assert two.path.count("M") > one.path.count("M")
    assert two.advance > 2 * EM
    assert outline(prepared, ["Kan Latin"], "刊").path == ""


@pytest.mark.parametrize("family", ["Kan Latin", "Kan Latin Zh"])
def test_a_divided_word_has_a_hyphen_of_its_own(family: str) -> None:
    """U+00AD is drawn as the hyphen is, by another glyph, so that a PDF can tell the two apart."""
    font = TTFont(fonts.prepare().face(family).file)
    characters = font.getBestCmap()
    own, hyphen = characters[0xAD], characters[ord("-")]
    assert own != hyphen
    assert font["hmtx"][own][0] == font["hmtx"][hyphen][0]
    drawn = [font["glyf"][name].getCoordinates(font["glyf"])[0] for name in (own, hyphen)]
    assert drawn[0] == drawn[1]

"""Faces: the fonts that a Word file names, by language and voice, and the tags that Word has for languages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.layout import LAYOUTS
from pipeline.profiles import primary

_SIMPLIFIED = ("CN", "SG", "MY")
_REGIONS = {"ja": "ja-JP", "ko": "ko-KR", "en": "en-US"}


@dataclass(frozen=True, slots=True)
class Font:
    """A font of authors' computers: its name, the other name it goes by, and its character set (17.8.3.2)."""

    name: str
    other: str
    charset: str


@dataclass(frozen=True, slots=True)
class Voices:
    """The names of the East Asian faces of a language: for text, headings and quotations."""

    ming: str
    hei: str
    kai: str


@dataclass(frozen=True)
class Faces:
    """The faces of `layouts/word/faces.toml`; `size` is that of the text in points."""

    fonts: Mapping[str, Mapping[str, Font]]
    latin: str
    size: float

    def of(self, lang: str) -> Voices:
        """The faces for a language tag (BCP 47)."""
        fonts = self.fonts[_written(lang)]
        return Voices(fonts["ming"].name, fonts["hei"].name, fonts["kai"].name)

    @property
    def all(self) -> tuple[Font, ...]:
        """Every East Asian font, each once."""
        return tuple(dict.fromkeys(font for voices in self.fonts.values() for font in voices.values()))


@cache
def faces(size: float) -> Faces:
    """The faces for text of a size in points."""
    values = tomllib.loads((LAYOUTS / "word" / "faces.toml").read_text(encoding="utf-8"))
    latin = values.pop("latin")["name"]
    fonts = {lang: {voice: Font(**font) for voice, font in voices.items()} for lang, voices in values.items()}
    return Faces(fonts, latin, size)


def word_language(lang: str) -> str:
    """A language tag as Word writes it: zh-Hant-TW is zh-TW, ko is ko-KR; one it has no other tag for stays."""
    name, *rest = lang.split("-")
    region = next((part.upper() for part in rest if len(part) == 2), "")
    if name.lower() != "zh":
        return f"{name}-{region}" if region else _REGIONS.get(name.lower(), name)
    return f"zh-{region}" if region else "zh-CN" if "Hans" in rest else "zh-TW"


def _written(lang: str) -> str:
    """The key of the faces for a language: its script, for Chinese."""
    if primary(lang) in ("ja", "ko"):
        return primary(lang)
    simplified = "Hans" in lang.split("-") or word_language(lang)[-2:] in _SIMPLIFIED
    return "zh-Hans" if primary(lang) == "zh" and simplified else "zh-Hant"

"""F001: the characters of a text that no face has, and where a font that has them may be found."""

import unicodedata

from pipeline.diagnostics import Code, Diagnostic, Place, Words
from pipeline.fonts.prepared import Fonts

NO_GLYPH = Code(
    "F001",
    title=Words("字型沒有這個字", "no font has this character"),
    message=Words(
        "所有字型都沒有「{character}」（{codepoint}，{name}）",
        "no font has “{character}” ({codepoint}, {name})",
    ),
    hint=Words(
        "改用通行的字形，或請設計人員在 fonts/manifest.toml 加入有這個字的字型（{source}）",
        "use another form of it, or have a font that has it added to fonts/manifest.toml ({source})",
    ),
    why=Words(
        "印出來會是空白或方框；字也不能臨時借用電腦裡的別種字型，否則每台機器印出來都不同。",
        "It would print as a blank or a box; with borrowed fonts every machine would print differently.",
    ),
    bad="<p>王𪛖先生</p>",
)

_SOURCES = (
    (0x3400, 0x9FFF, "npm @fontsource/noto-serif-sc, Debian fonts-hanazono"),
    (0xAC00, 0xD7FF, "npm @fontsource/noto-serif-kr"),
    (0xE000, 0xF8FF, Words("造字區的字，沒有通行的字型", "private use: no common font")),
    (0xF900, 0xFAFF, "Debian fonts-noto-cjk"),
    (0x1F000, 0x1FAFF, "Debian fonts-symbola"),
    (0x20000, 0x3FFFF, "Debian fonts-hanazono"),
    (0xF0000, 0x10FFFF, Words("造字區的字，沒有通行的字型", "private use: no common font")),
)


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


def _source_for(codepoint: int) -> str | Words:
    """Where to look for a font that has a character."""
    named = [source for first, last, source in _SOURCES if first <= codepoint <= last]
    return named[0] if named else "Debian fonts-noto-core"

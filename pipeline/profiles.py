"""Profiles: what a language asks of the page, read from `layouts/profiles/<language>.toml`.

A profile says which faces stand for the voices of a layout, how marks are set and squeezed, how sections,
figures and tables are labelled, the words that the editions print by themselves, and the note style of the
language. Every key is explained in `zh-Hant-TW.toml`. A brief is set by the profile of its own `xml:lang`, what
belongs to the whole issue (cover, contents, colophon) by that of the issue.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

DEFAULT = "zh-Hant-TW"

PROFILES = Path(__file__).resolve().parent.parent / "layouts" / "profiles"

_REGIONS = {"zh-mo": "zh-Hant-HK", "zh-hk": "zh-Hant-HK", "zh-hant-mo": "zh-Hant-HK", "zh-tw": "zh-Hant-TW",
            "zh-cn": "zh-Hans-CN", "zh-sg": "zh-Hans-CN", "zh-my": "zh-Hans-CN", "zh": DEFAULT}  # fmt: skip
"""Tags that name no script, and the profile of the script in use there (CLDR, likely subtags)."""


@dataclass(frozen=True, slots=True)
class SettingRules:
    """How lines are set in a language; lengths in em of the text (clreq 3.1, JLREQ 3.1, KLREQ 4.3).

    `opening`, `closing`, `pauses` and `stops` are the full-width marks by what may be taken from them; `half`
    those that always take half an em; `centred` tells that pauses and stops stand in the middle of their em,
    `middle` those that do so where the others stand in its corner; `stop_before_closing` whether 。」 closes up.
    `gap` is the room between Han and Latin: least, usual, most. `indent` is that of a paragraph's first line.
    `break_at_blanks` tells that words are divided by blanks and nowhere else.
    """

    opening: frozenset[str]
    closing: frozenset[str]
    pauses: frozenset[str]
    stops: frozenset[str]
    half: frozenset[str]
    centred: bool
    stop_before_closing: bool
    gap: tuple[float, float, float]
    no_start: frozenset[str]
    no_end: frozenset[str]
    middle: frozenset[str] = frozenset()
    indent: float = 2.0
    break_at_blanks: bool = False


@dataclass(frozen=True, slots=True)
class Labels:
    """How sections, figures and tables are labelled and referred to; the forms have gaps for the numbers.

    `sections`: the form of each level, the last for all below it; the gaps are the counters of
    `pipeline.number.COUNTERS`, or `{path}`, the numbers of all levels (1.2). `after_section` stands between the
    label of a section and its title. `figure`, `table`: {arabic}. The references have the gap {label}; a section
    without a label is referred to by its {title}, as `section_by_title` says.
    """

    sections: tuple[str, ...]
    after_section: str
    figure: str
    table: str
    figure_reference: str
    table_reference: str
    section_reference: str
    section_by_title: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What one language asks of the page.

    `faces` gives the stack of the layout for each voice (ming, hei, kai, latin); `note_style` names the style of
    `layouts/notes/` for its notes. `words` has the words that editions print, by their key with `_` for `-`.
    """

    lang: str
    faces: Mapping[str, str]
    setting: SettingRules
    labels: Labels
    words: Mapping[str, str]
    note_style: str


@cache
def profile(lang: str | None) -> Profile:
    """The profile of a language tag (BCP 47): its own, that of its script or language, else the default."""
    tag = _known(lang) or DEFAULT
    values = tomllib.loads((PROFILES / f"{tag}.toml").read_text(encoding="utf-8"))
    return Profile(
        lang=tag,
        faces=MappingProxyType(values["faces"]),
        setting=_setting(values["setting"]),
        labels=_labels(values["numbering"]),
        words=_words(values["words"]),
        note_style=values["notes"]["style"],
    )


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a profile, the default first."""
    return tuple(sorted((file.stem for file in PROFILES.glob("*.toml")), key=lambda tag: (tag != DEFAULT, tag)))


def is_known(lang: str) -> bool:
    """Whether a language has a profile, or one that can stand for it (ja-JP: ja; zh-HK: zh-Hant-HK)."""
    return _known(lang) is not None


def words(lang: str | None) -> Mapping[str, str]:
    """The words that editions print by themselves in a text of that language."""
    return profile(lang).words


@cache
def words_beside(lang: str | None) -> Mapping[str, str]:
    """The words for a part of a brief in another language: an abstract, keywords.

    English where the language has no profile: `english.toml` has the few words that such a part needs.
    """
    if lang is None or is_known(lang):
        return words(lang)
    english = tomllib.loads((PROFILES.parent / "shared" / "english.toml").read_text(encoding="utf-8"))
    return _words(english["words"])


def printed_date(day: date, lang: str | None = None) -> str:
    """A date as it is printed: 2026年11月20日, 2026년 11월 20일."""
    return date_in_words((day.year, day.month, day.day), lang)


def date_in_words(parts: Sequence[int], lang: str | None = None) -> str:
    """A date of which year, year and month, or all three are known."""
    form = words(lang)[("year", "month", "day")[len(parts[:3]) - 1]]
    return form.format(**dict(zip(("year", "month", "day"), parts, strict=False)))


def primary(lang: str) -> str:
    """The language of a tag without script and region: zh, ja, ko, en …"""
    return lang.partition("-")[0].lower()


@cache
def _known(lang: str | None) -> str | None:
    """The language whose profile serves for a tag; None where there is none."""
    known = {tag.lower(): tag for tag in languages()}
    wanted = (lang or DEFAULT).lower()
    while wanted:
        script = next((tag for low, tag in known.items() if low.startswith(f"{wanted}-") and "-" in wanted), None)
        found = known.get(wanted) or _REGIONS.get(wanted) or script
        if found:
            return found
        wanted = wanted.rpartition("-")[0]
    return None


def _setting(values: Mapping[str, Any]) -> SettingRules:
    least, usual, most = values["gap"]
    opening, closing, pauses, stops = (
        frozenset(values[name]) for name in ("opening", "closing", "pauses", "stops")
    )
    return SettingRules(
        opening=opening,
        closing=closing,
        pauses=pauses,
        stops=stops,
        half=frozenset(values["half"]),
        centred=values["centred"],
        stop_before_closing=values["stop-before-closing"],
        gap=(least, usual, most),
        no_start=closing | pauses | stops | frozenset(values["no-start"]) | frozenset(",.;:!?)]}"),
        no_end=opening | frozenset(values["no-end"]) | frozenset("([{"),
        middle=frozenset(values["middle"]),
        indent=values["indent"],
        break_at_blanks=values["break-at-blanks"],
    )


def _labels(values: Mapping[str, Any]) -> Labels:
    named = {key.replace("-", "_"): value for key, value in values.items()}
    return Labels(**{**named, "sections": tuple(named["sections"])})


def _words(values: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({key.replace("-", "_"): value for key, value in values.items()})

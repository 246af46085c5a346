"""Profiles: what a language asks of the page, read from `layouts/profiles/<language>.toml`.

A profile says which faces stand for the voices of a layout, how marks are set and squeezed, how sections are
numbered, and the words that the editions print by themselves.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from pipeline.layout import LAYOUTS

DEFAULT = "zh-Hant-TW"


@dataclass(frozen=True, slots=True)
class SettingRules:
    """How lines are set in a language; lengths in em of the text (clreq 3.1, JLREQ 3.1, KLREQ).

    `opening`, `closing`, `pauses` and `stops` are the full-width marks by what may be taken from them; `half`
    those that always take half an em; `centred` tells that pauses and stops stand in the middle of their em;
    `stop_before_closing` whether 。」 closes up. `gap` is the room between Han and Latin: least, usual, most.
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


@dataclass(frozen=True, slots=True)
class Profile:
    """What one language asks of the page; `faces` gives the stack of the layout for each voice."""

    lang: str
    faces: Mapping[str, str]
    setting: SettingRules


@cache
def profile(lang: str | None) -> Profile:
    """The profile of a language tag (BCP 47): its own, that of its script or language, else the default."""
    known = languages()
    wanted = lang or DEFAULT
    while wanted and wanted not in known:
        wanted = wanted.rpartition("-")[0]
    tag = wanted or DEFAULT
    values = tomllib.loads((LAYOUTS / "profiles" / f"{tag}.toml").read_text(encoding="utf-8"))
    return Profile(tag, MappingProxyType(values["faces"]), _setting(values["setting"]))


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a profile."""
    return tuple(sorted(file.stem for file in (LAYOUTS / "profiles").glob("*.toml")))


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
    )

"""Sheets: what a proof has beside its pages, drawn by templates of `layouts/proof/`.

The margins (line numbers, change bars, old words), the watermark, the list of changes, the errata.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from pipeline.diagnostics import Language
from pipeline.layout import LAYOUTS, environment
from pipeline.page_layout import PageLayout
from pipeline.proof.change import FOLLOWING, KINDS, MINOR, Change
from pipeline.proof.marks import LOOKS, Colour
from pipeline.proof.on_pages import Located, Pages

_PROOF = LAYOUTS / "proof"
_ROW = 8.4
"""The height of a row in the margin, in points."""
_LEFT_OF_MARGIN = 12.0
"""From the edge of the type area to the words in the margin."""
_EM = 6.0
"""The size of the words in the margin."""


@cache
def words(language: Language) -> Mapping[str, str]:
    """The words that proofs print by themselves."""
    found: Mapping[str, Mapping[str, str]] = tomllib.loads((_PROOF / "words.toml").read_text(encoding="utf-8"))
    return {key.replace("-", "_"): value for key, value in found[language].items()}


@dataclass(frozen=True)
class Entry:
    """A change as the list and the margin name it."""

    located: Located
    kind: str
    sign: str
    where: str
    said: str
    file: str
    old_file: str
    short: str

    @property
    def change(self) -> Change:
        """The change itself."""
        return self.located.change

    @property
    def colour(self) -> str:
        """The colour of its kind, as CSS has it."""
        return css(LOOKS[self.change.kind].colour)

    @property
    def shape(self) -> str:
        """The shape of its kind."""
        return LOOKS[self.change.kind].shape


@dataclass(frozen=True)
class Row:
    """Some words at a place of a page, in points from its top left corner."""

    x: float
    y: float
    text: str
    colour: str = ""
    number: str = ""


@dataclass(frozen=True)
class Bar:
    """A bar beside lines that have changed; `dashed` where nobody typed the change."""

    y: float
    height: float
    colour: str
    dashed: bool


@dataclass(frozen=True)
class Margin:
    """What stands beside one page."""

    numbers: tuple[Row, ...] = ()
    bars: tuple[Bar, ...] = ()
    keys: tuple[Row, ...] = ()
    notes: tuple[Row, ...] = ()


def css(colour: Colour) -> str:
    """A colour as CSS has it."""
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour)


def margins(
    entries: Sequence[Entry], pages: Pages, layout: PageLayout, count: int, every: int
) -> tuple[Margin, ...]:
    """The margins of each page; `every` how manieth line is numbered, 0 for none."""
    return tuple(_margin(page, entries, pages, layout, every) for page in range(1, count + 1))


def _margin(page: int, entries: Sequence[Entry], pages: Pages, layout: PageLayout, every: int) -> Margin:
    side = layout.page["side"]
    numbers = tuple(
        Row(side - 10.0, bottom, str(number))
        for number, (_, bottom, left) in enumerate(pages.rows.get(page, ()), start=1)
        if every and number % every == 0
    )
    bars: dict[tuple[float, float], Bar] = {}
    keys: list[Row] = []
    wanted: list[tuple[float, Entry]] = []
    for entry in entries:
        located = entry.located
        places = [(r.top, r.bottom, r.right) for r in located.rectangles if r.page == page]
        places += [(c.top, c.bottom, c.x) for c in located.carets if c.page == page]
        if not places:
            continue
        dashed = entry.change.kind in (*FOLLOWING, *MINOR)
        for top, bottom, _ in places:
            known = bars.get((top, bottom))
            if known is None or known.dashed:
                bars[top, bottom] = Bar(top - 1.0, bottom - top + 2.0, entry.colour, dashed)
        is_key = located.rectangles or entry.shape == "caret"
        if is_key:
            at = places if entry.change.kind == "note-added" and len(places) == 2 else places[-1:]
            keys += [Row(right, top, str(entry.change.number), entry.colour) for top, _, right in at]
        if not wanted or wanted[-1][1] is not entry:
            wanted.append((places[0][0], entry))
    room = layout.page["side"] - _LEFT_OF_MARGIN - 8.0
    return Margin(numbers, tuple(bars.values()), tuple(keys), tuple(_stacked(wanted, layout, room)))


def _stacked(wanted: Sequence[tuple[float, Entry]], layout: PageLayout, room: float) -> Iterator[Row]:
    """The words in the margin, each beside its line, or below the one before it where that has taken the place."""
    x = layout.page["side"] + layout.tokens.measure + _LEFT_OF_MARGIN
    lowest = layout.page["height"] - 24.0 - _ROW * len(wanted)
    y = 0.0
    for number, (top, entry) in enumerate(sorted(wanted, key=lambda each: (each[0], each[1].change.number))):
        y = max(y, min(top + 1.5, lowest + _ROW * number))
        yield Row(x, y, _clipped(_beside(entry), room - 12.0), entry.colour, str(entry.change.number))
        y += _ROW


def _beside(entry: Entry) -> str:
    """What the margin says of a change: its kind, and what was there."""
    change = entry.change
    if change.kind == "renumbered":
        number = change.new + "　" if change.new.startswith("註") else ""
        return f"{entry.sign}{number}{entry.said}"
    if change.kind in ("replaced", "deleted", "removed", "note-removed", "reference") and change.old:
        return f"{entry.sign}「{change.old}」"
    return f"{entry.sign}{entry.said}" if change.said is not None else entry.sign


def _clipped(text: str, room: float) -> str:
    """A text cut to a width in points."""
    width, kept = 0.0, ""
    for character in text:
        width += _EM if ord(character) > 0x2E80 else 0.55 * _EM
        if width > room:
            return kept.rstrip("「") + "…"
        kept += character
    return kept


def entry_of(located: Located, language: Language, shown: Mapping[str, Any]) -> Entry:
    """A change as it is listed; `shown` names the files of the new and the old copy."""
    change = located.change
    place = change.place
    old = change.old_place
    return Entry(
        located,
        KINDS[change.kind].in_language(language),
        words(language).get("sign_" + change.kind.replace("-", "_"), KINDS[change.kind].in_language(language)),
        change.where.in_language(language),
        change.said.in_language(language) if change.said is not None else "",
        f"{shown['new'](place.file)}:{place.line}" if place is not None else "",
        f"{shown['old'](old.file)}:{old.line}" if old is not None else "",
        f"{(place or old).file.name}:{(place or old).line}" if place or old else "",  # type: ignore[union-attr]
    )


def rendered(template: str, layout: PageLayout, language: Language, **values: object) -> str:
    """The HTML of a template of `layouts/proof/`."""
    stylesheets = [(LAYOUTS / "tokens.css").as_uri(), (_PROOF / "proof.css").as_uri()]
    return (
        _templates(language)
        .get_template(f"proof/{template}")
        .render(
            page=layout.page, measure=layout.tokens.measure, stylesheets=stylesheets, language=language, **values
        )
    )


@cache
def _templates(language: Language) -> Environment:
    made = environment({"css": css})
    lang = "en" if language == "en" else "zh-Hant-TW"
    made.globals.update(said=words(language), lang=lang, LOOKS=LOOKS, KINDS=KINDS)
    return made


@dataclass(frozen=True)
class Painted:
    """A painted document, and where the elements with an id begin: page (from 0), points from its top."""

    pdf: bytes
    anchors: Mapping[str, tuple[int, float]]


def painted(html: str, folder: Path) -> Painted:
    """HTML set by the engine itself, line by line; call `fonts.activate` first."""
    from pipeline.printing import engine  # noqa: PLC0415
    from pipeline.printing.painter import PX  # noqa: PLC0415
    from pipeline.printing.painting import Painting  # noqa: PLC0415

    document = engine.render(engine.parsed(html, folder), Painting())
    anchors = {
        name: (number, y * PX)
        for number, page in enumerate(document.pages)
        for name, (_, y, *_) in page.anchors.items()
    }
    return Painted(engine.pdf(document), anchors)


@cache
def screen_style() -> str:
    """The style of the pages for a browser."""
    return (_PROOF / "screen.css").read_text(encoding="utf-8")

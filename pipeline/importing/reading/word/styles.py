"""How paragraphs and runs of a Word file look: what their styles, the defaults and they themselves say.

ECMA-376 part 1, 17.7.2 Style hierarchy, 17.7.3 Toggle properties, 17.3.1.12 ind.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.importing.gate.package import Element, whole

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{WORD}}}"
_THEME = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

TOGGLES = ("b", "i", "vanish", "specVanish", "strike", "dstrike")
_OFF = frozenset({"0", "false", "off", "none"})
_HEADING = re.compile(r"(?:heading|標題|标题|見出し|제목)\s*([1-9])", re.IGNORECASE)
_QUOTES = frozenset(
    {
        "quote", "intense quote", "block text", "blockquote", "block quote", "block quotation", "quotations",
        "quotation", "引文", "鮮明引文", "明顯引文", "明显引用", "引用", "區塊文字", "引述", "獨立引文",
    }
)  # fmt: skip
_ALIGNMENTS = {"start": "left", "end": "right", "both": "justify"}
_SCRIPTS = {"TW": "Hant", "HK": "Hant", "MO": "Hant", "CN": "Hans", "SG": "Hans", "JP": "Jpan", "KR": "Hang"}
_LONGEST_CHAIN = 50


def value(parent: Element | None, name: str, attribute: str = "val") -> str | None:
    """An attribute of a property, or None where the property is not given."""
    found = parent.find(f"{W}{name}") if parent is not None else None
    return None if found is None else found.get(f"{W}{attribute}")


def switched(parent: Element | None, name: str) -> bool | None:
    """Whether a property is on; None where it is not given."""
    found = parent.find(f"{W}{name}") if parent is not None else None
    return None if found is None else found.get(f"{W}val", "1").lower() not in _OFF


@dataclass(frozen=True)
class Style:
    """A style of `styles.xml`."""

    name: str
    kind: str
    based_on: str | None
    paragraph: Element | None
    run: Element | None


@dataclass
class Styles:
    """All styles of a file, its defaults, and the faces of its theme."""

    by_id: Mapping[str, Style] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    """The style of a kind for what names none."""
    run_defaults: Element | None = None
    paragraph_defaults: Element | None = None
    theme_faces: Mapping[str, str] = field(default_factory=dict)

    def chain(self, style: str | None, kind: str = "paragraph") -> list[Style]:
        """A style and those it is based on, itself first; the default style of its kind where none is named."""
        found: list[Style] = []
        key = style if style is not None and style in self.by_id else self.defaults.get(kind)
        while key is not None and key in self.by_id and len(found) < _LONGEST_CHAIN:
            found.append(self.by_id[key])
            key = self.by_id[key].based_on
        return found

    def name(self, style: str | None) -> str | None:
        """The name of a style, as the program shows it."""
        return self.by_id[style].name if style is not None and style in self.by_id else style


def styles(root: Element | None, theme: Element | None, settings: Element | None) -> Styles:
    """What `styles.xml` says; `theme` gives the faces that styles call by their part (minorEastAsia)."""
    if root is None:
        return Styles()
    by_id: dict[str, Style] = {}
    defaults: dict[str, str] = {}
    for each in root.iterfind(f"{W}style"):
        key, kind = each.get(f"{W}styleId", ""), each.get(f"{W}type", "paragraph")
        by_id[key] = Style(
            value(each, "name") or key, kind, value(each, "basedOn"), each.find(f"{W}pPr"), each.find(f"{W}rPr")
        )
        if each.get(f"{W}default", "0").lower() not in _OFF:
            defaults[kind] = key
    return Styles(
        by_id,
        defaults,
        root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"),
        root.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr"),
        _faces(theme, value(settings, "themeFontLang", "eastAsia") or "zh-TW"),
    )


def _faces(theme: Element | None, lang: str) -> dict[str, str]:
    """The East Asian faces of a theme: `ea` where it is named, else the one for the script of the language."""
    script = _SCRIPTS.get(lang.rpartition("-")[2].upper(), "Hant")
    faces: dict[str, str] = {}
    for part in ("major", "minor"):
        fonts = theme.find(f".//{_THEME}{part}Font") if theme is not None else None
        if fonts is None:
            continue
        named = fonts.find(f"{_THEME}ea")
        face = named.get("typeface") if named is not None else None
        if not face:
            face = next((f.get("typeface") for f in fonts if f.get("script") == script), None)
        if face:
            faces[f"{part}EastAsia"] = face
    return faces


@dataclass(frozen=True)
class ParagraphLook:
    """How a paragraph looks; lengths in points. `numbering` is (list, level), as its style or itself says."""

    style: str | None
    outline: int | None
    left: float
    right: float
    first: float
    alignment: str
    quoted: bool
    numbering: tuple[str, int | None] | None


@dataclass(frozen=True)
class RunLook:
    """How a run looks."""

    bold: bool
    italic: bool
    underline: bool
    sup: bool
    sub: bool
    hidden: bool
    emphasis: bool
    font: str | None
    size: float | None
    style: str | None
    latin: str | None
    east_asian: str | None
    struck: bool = False
    """Whether a line is drawn through it."""


def paragraph_look(
    styles: Styles, properties: Element | None, level_indents: Element | None = None
) -> ParagraphLook:
    """The look of a paragraph; `level_indents` is what the level of its list says of its paragraphs."""
    chain = styles.chain(value(properties, "pStyle"))
    inherited = [each.paragraph for each in chain]
    levels = [properties, level_indents, *inherited, styles.paragraph_defaults]
    size = _size([each.run for each in chain] + [styles.run_defaults]) or 10.0
    alignment = _first(value(each, "jc") for each in levels if each is not level_indents) or ""
    left, right, first = _indents(levels, size)
    name = styles.name(value(properties, "pStyle"))
    return ParagraphLook(
        style=name,
        outline=_outline(properties, chain),
        left=left,
        right=right,
        first=first,
        alignment=_ALIGNMENTS.get(alignment, alignment),
        quoted=any(each.name.lower() in _QUOTES for each in chain),
        numbering=_numbering([properties, *inherited]),
    )


def run_look(styles: Styles, properties: Element | None, paragraph_style: str | None) -> RunLook:
    """The look of a run in a paragraph of a style."""
    character = value(properties, "rStyle")
    chain = styles.chain(character, "character") if character else []
    base = styles.chain(paragraph_style)
    of_style = [each.run for each in chain]
    of_paragraph = [each.run for each in base]
    levels = [properties, *of_style, *of_paragraph, styles.run_defaults]
    toggled = {name: _toggle(name, properties, of_style, of_paragraph, styles.run_defaults) for name in TOGGLES}
    position = _first(value(each, "vertAlign") for each in levels)
    raised = _number(_first(value(each, "position") for each in levels))
    small = (_size([properties, *of_style]) or 99.0) < 0.9 * (_size([*of_paragraph, styles.run_defaults]) or 10.0)
    least = 1 if small else 6  # half points: smaller letters that are moved a little are raised or lowered
    underline = _first(value(each, "u") for each in levels)
    emphasis = _first(value(each, "em") for each in levels)
    return RunLook(
        bold=toggled["b"],
        italic=toggled["i"],
        underline=underline not in (None, "none"),
        sup=position == "superscript" or (position is None and raised >= least),
        sub=position == "subscript" or (position is None and raised <= -least),
        hidden=toggled["vanish"] or toggled["specVanish"],
        emphasis=emphasis not in (None, "none"),
        font=_face(levels, styles.theme_faces),
        size=_size(levels),
        style=styles.name(character) if character else None,
        latin=_first(value(each, "lang") for each in [properties, *of_style]),
        east_asian=_first(value(each, "lang", "eastAsia") for each in [properties, *of_style]),
        struck=toggled["strike"] or toggled["dstrike"],
    )


def _toggle(
    name: str,
    own: Element | None,
    of_style: Iterable[Element | None],
    of_paragraph: Iterable[Element | None],
    default: Element | None,
) -> bool:
    """A property that two styles together switch off again (17.7.3)."""
    said = switched(own, name)
    if said is not None:
        return said
    if switched(default, name):
        return True
    by_style, by_paragraph = (
        bool(next((on for each in levels if (on := switched(each, name)) is not None), False))
        for levels in (of_style, of_paragraph)
    )
    return by_style != by_paragraph


def _outline(properties: Element | None, chain: list[Style]) -> int | None:
    """The level of a heading, from 1: by its own word, else by its style, else by the name of the style."""
    own = value(properties, "outlineLvl")
    if own is not None:
        return _level(own)
    for each in chain:
        said = value(each.paragraph, "outlineLvl")
        if said is not None:
            return _level(said)
        match = _HEADING.fullmatch(each.name.strip())
        if match:
            return int(match[1])
    return None


def _level(said: str) -> int | None:
    level = whole(said, 9)
    return level + 1 if level < 9 else None


def _numbering(levels: list[Element | None]) -> tuple[str, int | None] | None:
    """The list and level, if it is said; the list "0" takes a paragraph out of the list of its style (17.9.18)."""
    properties = [each.find(f"{W}numPr") for each in levels if each is not None]
    found = [each for each in properties if each is not None]
    key = _first(value(each, "numId") for each in found)
    if key in (None, "0"):
        return None
    level = next((level for each in found if (level := whole(value(each, "ilvl"), -1)) >= 0), None)
    return str(key), None if level is None else min(level, 8)


def _indents(levels: list[Element | None], size: float) -> tuple[float, float, float]:
    """Left, right and first-line indent in points; those in characters win (17.3.1.12)."""
    given = [each for level in levels if level is not None and (each := level.find(f"{W}ind")) is not None]

    def length(*names: str) -> float | None:
        for each in given:
            for name in names:
                in_characters, in_twips = each.get(f"{W}{name}Chars"), each.get(f"{W}{name}")
                if in_characters is not None and _number(in_characters):
                    return _number(in_characters) / 100 * size
                if in_twips is not None:
                    return points(in_twips)
        return None

    first = 0.0
    for each in given:
        hanging = each.get(f"{W}hanging") is not None or _number(each.get(f"{W}hangingChars")) != 0
        if hanging or each.get(f"{W}firstLine") is not None or each.get(f"{W}firstLineChars") is not None:
            first = -(length("hanging") or 0.0) if hanging else length("firstLine") or 0.0
            break
    return length("start", "left") or 0.0, length("end", "right") or 0.0, first


def points(said: str) -> float:
    """A length in points: twips where no unit stands."""
    match = re.fullmatch(r"(-?[0-9.]+)(pt|mm|cm|in|pc|pi)?", said.strip())
    if match is None:
        return 0.0
    unit = {"pt": 1.0, "mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0, "pc": 12.0, "pi": 12.0, None: 1 / 20}[
        match[2]
    ]
    return round(_number(match[1]) * unit, 2)


def _size(levels: Iterable[Element | None]) -> float | None:
    said = _first(value(each, "sz") for each in levels)
    return _number(said) / 2 if said and _number(said) else None


def _face(levels: Iterable[Element | None], theme: Mapping[str, str]) -> str | None:
    """The face for East Asian characters; one of the theme goes before one by name (17.3.2.26)."""
    for each in levels:
        fonts = each.find(f"{W}rFonts") if each is not None else None
        if fonts is None:
            continue
        of_theme = theme.get(fonts.get(f"{W}eastAsiaTheme", ""))
        if of_theme or fonts.get(f"{W}eastAsia"):
            return of_theme or fonts.get(f"{W}eastAsia")
    return None


def _number(said: str | None) -> float:
    try:
        return max(-1e6, min(1e6, float(said or 0)))
    except ValueError:
        return 0.0


def _first(said: Iterator[str | None]) -> str | None:
    return next((each for each in said if each is not None), None)

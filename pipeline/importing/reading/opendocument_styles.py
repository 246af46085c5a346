"""How paragraphs and runs of an ODT look, and the labels of its lists and headings.

OpenDocument 1.3 part 3, 16 Styles; 20.x give the properties.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.importing.gate.package import Element, whole
from pipeline.importing.reading.markup import length
from pipeline.importing.reading.word.numbering import formatted

_PREFIXES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
}
_HAN = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff01-\uffef\U00020000-\U0003ffff]"
)
_HEADING = re.compile(r"(?:heading|標題|标题)\s*([1-9])", re.IGNORECASE)
_ENCODED = re.compile("_([0-9a-f]{2,4})_")
_LONGEST_CHAIN = 50
_ALIGNMENTS = {
    "start": "left",
    "end": "right",
    "center": "center",
    "justify": "justify",
    "left": "left",
    "right": "right",
}
_FORMATS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "": "none",
    "一, 二, 三, ...": "taiwaneseCounting", "一, 十, 一百, ...": "taiwaneseCounting",
    "壹, 貳, 參, ...": "ideographLegalTraditional", "壹, 贰, 叁, ...": "ideographLegalTraditional",
    "甲, 乙, 丙, ...": "ideographTraditional", "子, 丑, 寅, ...": "ideographZodiac",
    "①, ②, ③, ...": "decimalEnclosedCircle", "１, ２, ３, ...": "decimalFullWidth",
}  # fmt: skip
LISTS = {
    "bullet": "bullet", "none": "simple", "decimal": "order", "lowerLetter": "alpha-lower",
    "upperLetter": "alpha-upper", "lowerRoman": "roman-lower", "upperRoman": "roman-upper",
}  # fmt: skip
"""JATS `list/@list-type` of a number format; the rest are `order`."""


def _q(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_PREFIXES[prefix]}}}{local}"


def has_han(text: str) -> bool:
    """Whether a text has East Asian characters, whose looks have names of their own."""
    return _HAN.search(text) is not None


@dataclass(frozen=True)
class ParagraphLook:
    """How a paragraph looks; lengths in points. `names` are those of its style and what that is based on."""

    name: str | None
    names: tuple[str, ...]
    outline: int | None
    left: float
    right: float
    first: float
    alignment: str


@dataclass(frozen=True)
class RunLook:
    """How a run looks; `name` is its character style."""

    bold: bool
    italic: bool
    underline: bool
    sup: bool
    sub: bool
    hidden: bool
    emphasis: bool
    font: str | None
    size: float | None
    lang: str | None
    name: str | None
    struck: bool = False
    """Whether a line is drawn through it."""


@dataclass
class Styles:
    """The styles of a file by family and name."""

    by_name: dict[tuple[str, str], Element] = field(default_factory=dict)
    automatic: set[tuple[str, str]] = field(default_factory=set)
    defaults: dict[str, Element] = field(default_factory=dict)
    faces: dict[str, str] = field(default_factory=dict)
    lists: dict[str, Element] = field(default_factory=dict)
    outline: Element | None = None

    def chain(self, family: str, name: str | None) -> list[Element]:
        """A style and those it is based on, itself first."""
        found: list[Element] = []
        while name and len(found) < _LONGEST_CHAIN and (family, name) in self.by_name:
            found.append(self.by_name[family, name])
            name = found[-1].get(_q("style:parent-style-name"))
        return found

    def name(self, family: str, key: str | None) -> str | None:
        """The name of a style as the program shows it; of one made for a single place, that of its parent."""
        while key and (family, key) in self.automatic:
            key = self.by_name[family, key].get(_q("style:parent-style-name"))
        if not key:
            return None
        shown = self.by_name[family, key].get(_q("style:display-name")) if (family, key) in self.by_name else None
        return shown or _ENCODED.sub(lambda match: chr(int(match[1], 16)), key)

    def paragraph(self, key: str | None) -> ParagraphLook:
        """The look of a paragraph by its style."""
        chain = self.chain("paragraph", key)
        levels = [each.find(_q("style:paragraph-properties")) for each in chain]
        levels.append(_of(self.defaults.get("paragraph"), "style:paragraph-properties"))
        size = length(self._size(chain) or "12pt")
        names = tuple(filter(None, (self.name("paragraph", each.get(_q("style:name"))) for each in chain)))
        return ParagraphLook(
            self.name("paragraph", key),
            names or tuple(filter(None, [self.name("paragraph", key)])),
            self._outline(chain, names),
            length(_first(levels, "fo:margin-left") or _first(levels, "fo:margin") or "", size),
            length(_first(levels, "fo:margin-right") or _first(levels, "fo:margin") or "", size),
            length(_first(levels, "fo:text-indent") or "", size),
            _ALIGNMENTS.get(_first(levels, "fo:text-align") or "", ""),
        )

    def _outline(self, chain: Iterable[Element], names: Iterable[str]) -> int | None:
        for each in chain:
            level = each.get(_q("style:default-outline-level"))
            if level is not None:
                return whole(level, 0) if 0 < whole(level, 0) < 10 else None
        return next((int(match[1]) for name in names if (match := _HEADING.fullmatch(name.strip()))), None)

    def _size(self, chain: Iterable[Element]) -> str | None:
        levels = [each.find(_q("style:text-properties")) for each in chain]
        return next(
            (
                s
                for s in (
                    _first([each], "style:font-size-asian") or _first([each], "fo:font-size") for each in levels
                )
                if s and "%" not in s
            ),
            None,
        )

    def run(self, paragraph: str | None, spans: Iterable[str], han: bool) -> RunLook:
        """The look of a run in a paragraph style and in spans, the outer first; `han` if it is East Asian."""
        inner = [style for name in reversed(list(spans)) for style in self.chain("text", name)]
        own = [each.find(_q("style:text-properties")) for each in inner]
        base = [each.find(_q("style:text-properties")) for each in self.chain("paragraph", paragraph)]
        levels = [*own, *base, _of(self.defaults.get("paragraph"), "style:text-properties")]

        def said(western: str, asian: str, where: list[Element | None] = levels) -> str | None:
            return _first(where, asian if han else western)

        position = _first(levels, "style:text-position") or ""
        raised = position.split()[0] if position.split() else ""
        percent = float(raised[:-1]) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?%", raised) else 0.0
        size = said("fo:font-size", "style:font-size-asian") or _first(levels, "fo:font-size")
        language = said("fo:language", "style:language-asian", own)
        country = said("fo:country", "style:country-asian", own)
        return RunLook(
            bold=_heavy(said("fo:font-weight", "style:font-weight-asian")),
            italic=(said("fo:font-style", "style:font-style-asian") or "normal") != "normal",
            underline=(_first(levels, "style:text-underline-style") or "none") != "none",
            sup=raised == "super" or percent > 0,
            sub=raised == "sub" or percent < 0,
            hidden=_first(levels, "text:display") == "none",
            emphasis=(_first(levels, "style:text-emphasize") or "none") != "none",
            font=self._face(levels),
            size=length(size) or None if size and "%" not in size else None,
            lang="-".join(filter(None, [language, country if country != "none" else None]))
            if language and language not in ("none", "zxx")
            else None,
            name=next(filter(None, (self.name("text", key) for key in reversed(list(spans)))), None),
            struck=(_first(levels, "style:text-line-through-style") or "none") != "none",
        )

    def _face(self, levels: list[Element | None]) -> str | None:
        for each in levels:
            for name in ("style:font-name-asian", "style:font-family-asian"):
                face = each.get(_q(name)) if each is not None else None
                if face:
                    return self.faces.get(face, face).strip("'\"")
        return None


def styles(content: Element, common: Element | None) -> Styles:
    """The styles of `content.xml` and `styles.xml`."""
    made = Styles()
    for root, groups in ((common, ("styles",)), (content, ("automatic-styles",))):
        if root is None:
            continue
        for face in root.iter(_q("style:font-face")):
            made.faces[face.get(_q("style:name"), "")] = face.get(_q("svg:font-family"), "")
        for group in groups:
            for each in root.iterfind(f"{_q(f'office:{group}')}/*"):
                _enter(made, each, group == "automatic-styles")
    return made


def _enter(made: Styles, each: Element, automatic: bool) -> None:
    if each.tag == _q("style:style"):
        key = (each.get(_q("style:family"), ""), each.get(_q("style:name"), ""))
        made.by_name[key] = each
        if automatic:
            made.automatic.add(key)
    elif each.tag == _q("style:default-style"):
        made.defaults[each.get(_q("style:family"), "")] = each
    elif each.tag == _q("text:list-style"):
        made.lists[each.get(_q("style:name"), "")] = each
    elif each.tag == _q("text:outline-style"):
        made.outline = each


@dataclass
class Labels:
    """Counts the labels that the program generates."""

    styles: Styles
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def begin(self, key: str | None, level: int, *, goes_on: bool) -> None:
        """A list begins: its numbers start again, unless it goes on."""
        if not goes_on and level == 1:
            self._counts.pop(key or "", None)

    def format(self, key: str | None, level: int) -> str:
        """The number format of a level, as ECMA-376 names them."""
        found = self._level(self.styles.lists.get(key or ""), level)
        if found is None or "bullet" in str(found.tag) or "image" in str(found.tag):
            return "bullet"
        return _FORMATS.get(found.get(_q("style:num-format"), ""), "decimal")

    def label(self, listed: tuple[str, int] | None, outline: int | None) -> str:
        """The label of the next paragraph in a list, or of the next heading of a level."""
        style = self.styles.outline if outline else self.styles.lists.get(listed[0]) if listed else None
        level = outline or (listed[1] if listed else 0)
        found = self._level(style, level)
        if outline and listed and (found is None or not found.get(_q("style:num-format"))):
            style, level = self.styles.lists.get(listed[0]), listed[1]
            found = self._level(style, level)
        if style is None or found is None or "bullet" in str(found.tag) or not found.get(_q("style:num-format")):
            return ""
        counts = self._counts.setdefault(style.get(_q("style:name"), "outline"), {})
        start = found.get(_q("text:start-value"), "1")
        counts[level] = counts[level] + 1 if level in counts else whole(start, 1)
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        return self._written(style, found, level, counts)

    def _written(self, style: Element, found: Element, level: int, counts: Mapping[int, int]) -> str:
        def one(each: int) -> str:
            about = self._level(style, each)
            form = about.get(_q("style:num-format"), "1") if about is not None else "1"
            return formatted(counts.get(each, 1), _FORMATS.get(form, "decimal"))

        pattern = found.get(_q("loext:num-list-format"))
        if pattern is not None:
            return re.sub("%([1-9])%", lambda gap: one(int(gap[1])), pattern)
        shown = found.get(_q("text:display-levels"), "1")
        first = level - whole(shown, 1) + 1
        number = ".".join(one(each) for each in range(max(1, first), level + 1))
        return found.get(_q("style:num-prefix"), "") + number + found.get(_q("style:num-suffix"), "")

    def _level(self, style: Element | None, level: int) -> Element | None:
        if style is None:
            return None
        return next((each for each in style if each.get(_q("text:level")) == str(level)), None)


def _of(element: Element | None, name: str) -> Element | None:
    return element.find(_q(name)) if element is not None else None


def _first(levels: Iterable[Element | None], name: str) -> str | None:
    key = _q(name)
    return next((said for each in levels if each is not None and (said := each.get(key)) is not None), None)


def _heavy(weight: str | None) -> bool:
    return weight is not None and (weight == "bold" or whole(weight, 0) >= 600)

"""A schema read as data: what each element may hold, so that a message can say what was expected.

Covers the part of RELAX NG that `brief.rng` and `issue.rng` use: no interleave, no name classes, attributes
never in a choice. Contents are worked out with derivatives (James Clark, “An algorithm for RELAX NG
validation”, 2002; Brzozowski 1964).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from pipeline.parse import HREF, LANG

RNG = "{http://relaxng.org/ns/structure/1.0}"
DOCUMENTATION = "{http://relaxng.org/ns/compatibility/annotations/1.0}documentation"
SCHEMAS = {name: Path(__file__).with_name(f"{name}.rng") for name in ("brief", "issue")}

_PREFIXED = {"xml:lang": LANG, "href http://www.w3.org/1999/xlink": HREF}
_MOST_MISSING = 4
_WAYS_TRIED = 300


@dataclass(frozen=True)
class Content:
    """A pattern: `kind` is empty, none, text, element, group, choice or more (one or more times)."""

    kind: str
    parts: tuple["Content", ...] = ()
    element: str = ""
    """The define that holds the element, where `kind` is element."""
    name: str = ""

    def holds(self, name: str) -> bool:
        """Whether the element of that name occurs anywhere in the pattern."""
        return any(leaf.name == name for leaf in _leaves(self))


EMPTY = Content("empty")
NONE = Content("none")
TEXT = Content("text")


@dataclass(frozen=True)
class Value:
    """What a value may be: one of `choices`, or what `pattern` matches; anything when both are empty."""

    choices: tuple[str, ...] = ()
    pattern: str = ""

    def allows(self, value: str) -> bool:
        """Whether the schema takes the value."""
        if self.choices:
            return value in self.choices
        return not self.pattern or re.fullmatch(self.pattern, value) is not None


@dataclass(frozen=True)
class Attribute:
    """An attribute; `name` is lxml's (`{namespace}local`)."""

    name: str
    required: bool
    value: Value
    documentation: str


@dataclass(frozen=True)
class Element:
    """One definition of an element. `value` is given where the element holds nothing but a value."""

    define: str
    name: str
    attributes: tuple[Attribute, ...]
    content: Content
    value: Value | None
    documentation: str

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name, if the element may have it."""
        return next((attribute for attribute in self.attributes if attribute.name == name), None)


class Grammar:
    """The definitions of one schema file, by the name of their define."""

    def __init__(self, path: Path) -> None:
        root = etree.parse(path).getroot()
        self._defines = {str(define.get("name")): define for define in root.iter(f"{RNG}define")}
        self.elements = {
            name: self._element(name, define[0])
            for name, define in self._defines.items()
            if define[0].tag == f"{RNG}element"
        }
        start = root.find(f"{RNG}start/{RNG}ref")
        assert start is not None
        self.start = self.elements[str(start.get("name"))]

    def named(self, name: str) -> Element | None:
        """The first definition of the element with that name."""
        return next((element for element in self.elements.values() if element.name == name), None)

    def parents(self, name: str) -> list[str]:
        """The names of the elements that may hold the element with that name, in the order of the schema."""
        holders = (element.name for element in self.elements.values() if element.content.holds(name))
        return list(dict.fromkeys(holders))

    def _element(self, define: str, node: etree._Element) -> Element:
        attributes = tuple(self._attributes(node, required=True))
        body = list(self._content_nodes(node))
        value = next((_value([child], self._defines) for child in body if child.tag == f"{RNG}data"), None)
        content = EMPTY if value else _group(self._content(child) for child in body)
        return Element(define, str(node.get("name")), attributes, content, value, _documentation(node))

    def _content_nodes(self, node: etree._Element) -> Iterator[etree._Element]:
        skipped = (f"{RNG}attribute", DOCUMENTATION)
        return (child for child in node if isinstance(child.tag, str) and child.tag not in skipped)

    def _attributes(self, node: etree._Element, *, required: bool) -> Iterator[Attribute]:
        for child in node:
            if child.tag == f"{RNG}attribute":
                spelt = f"{child.get('name')} {child.get('ns', '')}".strip()
                value = _value(self._content_nodes(child), self._defines)
                yield Attribute(_PREFIXED.get(spelt, spelt), required, value, _documentation(child))
            elif child.tag == f"{RNG}optional":
                yield from self._attributes(child, required=False)
            elif child.tag == f"{RNG}ref":
                define = self._defines[str(child.get("name"))]
                if define[0].tag != f"{RNG}element":
                    yield from self._attributes(define, required=required)

    def _content(self, node: etree._Element) -> Content:
        parts = [self._content(child) for child in self._content_nodes(node)] if node.tag != f"{RNG}ref" else []
        match etree.QName(node).localname:
            case "ref":
                define = self._defines[str(node.get("name"))]
                if define[0].tag == f"{RNG}element":
                    return Content("element", element=str(node.get("name")), name=str(define[0].get("name")))
                return _group(self._content(child) for child in self._content_nodes(define))
            case "text":
                return TEXT
            case "choice":
                return _choice(parts)
            case "optional":
                return _choice([_group(parts), EMPTY])
            case "oneOrMore":
                return _more(_group(parts))
            case "zeroOrMore":
                return _choice([_more(_group(parts)), EMPTY])
            case "empty":
                return EMPTY
        raise ValueError(f"{node.tag!r} is outside the part of RELAX NG that Grammar reads")


@cache
def grammar(kind: str) -> Grammar:
    """The schema of one kind of file, "brief" or "issue", read once."""
    return Grammar(SCHEMAS[kind])


def may_end(content: Content) -> bool:
    """Whether nothing more is needed."""
    match content.kind:
        case "empty" | "text":
            return True
        case "choice":
            return any(map(may_end, content.parts))
        case "group" | "more":
            return all(map(may_end, content.parts))
    return False


def may_hold_text(content: Content) -> bool:
    """Whether text may stand here."""
    return any(leaf.kind == "text" for leaf in _leaves(content))


@cache
def after(content: Content, name: str) -> tuple[Content, str]:
    """What may follow the element `name`, and its define; `(NONE, "")` when it isn't allowed here."""
    match content.kind:
        case "element" if content.name == name:
            return EMPTY, content.element
        case "choice":
            found = [result for part in content.parts if (result := after(part, name))[1]]
            return (_choice([rest for rest, _ in found]), found[0][1]) if found else (NONE, "")
        case "more":
            rest, define = after(content.parts[0], name)
            return (_group([rest, _choice([content, EMPTY])]), define) if define else (NONE, "")
        case "group":
            first, *others = content.parts
            rest, define = after(first, name)
            ways = [_group([rest, *others])] if define else []
            if may_end(first):
                later, later_define = after(_group(others), name)
                ways += [later] if later_define else []
                define = define or later_define
            return (_choice(ways), define) if define else (NONE, "")
    return NONE, ""


@cache
def next_names(content: Content) -> tuple[str, ...]:
    """The elements that may come next, in the order of the schema."""
    names: list[str] = []
    if content.kind == "element":
        names = [content.name]
    elif content.kind == "group":
        for part in content.parts:
            names += next_names(part)
            if not may_end(part):
                break
    else:
        names = [name for part in content.parts for name in next_names(part)]
    return tuple(dict.fromkeys(names))


@cache
def missing_before(content: Content, name: str | None) -> tuple[tuple[str, ...], ...]:
    """The shortest ways to make `name` (the end tag, if None) allowed: each a sequence of missing elements.

    Several ways where one of several elements would do; none where nothing that is missing would help.
    """
    if name is not None and not content.holds(name):
        return ()
    level: list[tuple[tuple[str, ...], Content]] = [((), content)]
    for _ in range(_MOST_MISSING):
        level = [
            ((*path, step), after(rest, step)[0])
            for path, rest in level
            for step in next_names(rest)
            if step != name
        ][:_WAYS_TRIED]
        ways = [path for path, rest in level if (may_end(rest) if name is None else after(rest, name)[1])]
        if ways:
            return tuple(ways)
    return ()


def _leaves(content: Content) -> Iterator[Content]:
    if not content.parts:
        yield content
    for part in content.parts:
        yield from _leaves(part)


def _value(nodes: Iterable[etree._Element], defines: dict[str, etree._Element]) -> Value:
    """What the content of an `attribute`, `choice` or `define` allows."""
    choices: list[str] = []
    pattern = ""
    for node in nodes:
        match etree.QName(node).localname:
            case "value":
                choices.append(node.text or "")
            case "choice":
                choices += _value(node, defines).choices
            case "ref":
                return _value(defines[str(node.get("name"))], defines)
            case "data":
                pattern = _data(node)
    return Value(tuple(choices), pattern)


def _data(node: etree._Element) -> str:
    """A regular expression of Python for a `data` pattern; those of the schemas mean the same in both."""
    params = {str(param.get("name")): param.text or "" for param in node}
    pattern = params.get("pattern", r"[\s\S]+" if params.get("minLength") else r"[\s\S]*")
    return rf"\s*({pattern})\s*" if node.get("type") == "token" else pattern


def _documentation(node: etree._Element) -> str:
    return node.findtext(DOCUMENTATION) or ""


def _group(parts: Iterable[Content]) -> Content:
    flat: list[Content] = []
    for part in parts:
        flat += part.parts if part.kind == "group" else [] if part.kind == "empty" else [part]
    if NONE in flat:
        return NONE
    return flat[0] if len(flat) == 1 else Content("group", tuple(flat)) if flat else EMPTY


def _choice(parts: list[Content]) -> Content:
    flat = [option for part in parts for option in (part.parts if part.kind == "choice" else (part,))]
    options = tuple(dict.fromkeys(option for option in flat if option != NONE))
    return options[0] if len(options) == 1 else Content("choice", options) if options else NONE


def _more(part: Content) -> Content:
    return part if part.kind in ("empty", "text") else Content("more", (part,))

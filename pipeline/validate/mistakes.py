"""Find where a file breaks the schema, without Java: one walk over the tree beside the definitions.

lxml stops at the first mistake of an element and doesn't say what was expected, so it only decides whether a
file is valid. This walk goes on after a mistake, as jing does, and names what could have stood there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Literal

from lxml import etree

from pipeline.parse import Source
from pipeline.validate.grammar import (
    NONE,
    Content,
    Element,
    Grammar,
    after,
    may_end,
    may_hold_text,
    missing_before,
    next_names,
)

Kind = Literal["element", "missing", "attribute", "attribute missing", "attribute value", "text", "value", "order"]

MOST_FOUND = 500
"""Most mistakes found in one file: nobody mends more at a time, and hostile files have no end."""

TEXT = "#text"
"""Stands among expected names for running text."""

INSTEAD = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "a": "ext-link",
    "img": "graphic",
    "inline-graphic": "graphic",
    "figure": "fig",
    "figcaption": "caption",
    "blockquote": "disp-quote",
    "ul": "list",
    "ol": "list",
    "li": "list-item",
    "section": "sec",
    "para": "p",
    "paragraph": "p",
    "div": "sec",
    "footnote": "fn",
    "heading": "title",
    **{f"h{level}": "title" for level in range(1, 7)},
}
"""Elements of HTML, DocBook and JATS that authors type, and the element of the profile to use instead."""


@dataclass(frozen=True)
class Mistake:
    """One place where a file breaks the schema.

    `node` is the element that is wrong; for "missing", the one that something is missing before (or, with
    `at_end`, inside); for "text", the node whose text or tail (`name`) it is. `name` is the attribute, as
    lxml names it. `expected` are element names, attribute names or values, of which one will do if `either`.
    """

    kind: Kind
    node: etree._Element
    name: str = ""
    expected: tuple[str, ...] = ()
    either: bool = False
    at_end: bool = False

    @property
    def parent(self) -> etree._Element | None:
        """The element whose content is wrong."""
        inside = self.at_end or (self.kind == "text" and self.name == "text")
        return self.node if inside else self.node.getparent()


def find_mistakes(source: Source, schema: Grammar) -> list[Mistake]:
    """The mistakes of a file, in document order, follow-on errors included; at most `MOST_FOUND`."""
    if source.root.tag != schema.start.name:
        return [Mistake("element", source.root, expected=(schema.start.name,))]
    return list(islice(_check(source.root, schema.start, schema), MOST_FOUND))


def _check(node: etree._Element, element: Element, schema: Grammar) -> Iterator[Mistake]:
    yield from _check_attributes(node, element)
    if element.value is not None and not len(node):
        if not element.value.allows(node.text or ""):
            yield Mistake("value", node, expected=element.value.choices)
        return
    content = element.content
    yield from _check_text(node, "text", content)
    for child in node:
        if isinstance(child.tag, str):
            rest, define = after(content, child.tag)
            if not define:
                mistake, rest, define = _misplaced(child, content)
                yield mistake
                rest = content if rest == NONE else rest
            content = rest
            known = schema.elements[define] if define else _likeliest(child, schema)
            yield from _check(child, known, schema) if known else _check_inside_unknown(child, schema)
        yield from _check_text(child, "tail", content)
    if not may_end(content):
        expected, either = _missing(content, None)
        yield Mistake("missing", node, expected=expected, either=either, at_end=True)


def _likeliest(node: etree._Element, schema: Grammar) -> Element | None:
    """The definition that fits an element best where it stands in the wrong place; names may have several."""

    def misfits(element: Element) -> int:
        children = sum(1 for child in node.iterchildren("*") if not element.content.holds(str(child.tag)))
        return children + sum(1 for _ in _check_attributes(node, element))

    named = [element for element in schema.elements.values() if element.name == node.tag]
    return min(named, key=misfits, default=None)


def _check_attributes(node: etree._Element, element: Element) -> Iterator[Mistake]:
    for name, value in node.attrib.items():
        attribute = element.attribute(str(name))
        if attribute is None:
            free = tuple(a.name for a in element.attributes if a.name not in node.attrib)
            yield Mistake("attribute", node, str(name), free)
        elif not attribute.value.allows(str(value)):
            yield Mistake("attribute value", node, str(name), attribute.value.choices)
    for attribute in element.attributes:
        if attribute.required and attribute.name not in node.attrib:
            yield Mistake("attribute missing", node, attribute.name)


def _check_text(node: etree._Element, which: str, content: Content) -> Iterator[Mistake]:
    text = node.text if which == "text" else node.tail
    if text and text.strip() and not may_hold_text(content):
        yield Mistake("text", node, which, next_names(content))


def _misplaced(child: etree._Element, content: Content) -> tuple[Mistake, Content, str]:
    """A child that isn't allowed: is something missing before it, or doesn't it belong here at all?"""
    expected, either = _missing(content, str(child.tag))
    if expected:
        rest = content
        for step in expected[:1] if either else expected:
            rest, _ = after(rest, step)
        return Mistake("missing", child, expected=expected, either=either), *after(rest, str(child.tag))
    names = (TEXT, *next_names(content)) if may_hold_text(content) else next_names(content)
    return Mistake("element", child, expected=names), NONE, ""


def _missing(content: Content, name: str | None) -> tuple[tuple[str, ...], bool]:
    ways = missing_before(content, name)
    if len(ways) > 1 and len(ways[0]) == 1:
        return tuple(dict.fromkeys(way[0] for way in ways)), True
    return (ways[0] if ways else ()), False


def _check_inside_unknown(node: etree._Element, schema: Grammar) -> Iterator[Mistake]:
    for child in node:
        if isinstance(child.tag, str):
            known = _likeliest(child, schema)
            yield from _check(child, known, schema) if known else _check_inside_unknown(child, schema)


def agreed(found: Iterable[Mistake], walked: Iterable[Mistake]) -> list[Mistake]:
    """What jing `found`, with the walk's word where both say that something is missing.

    The walk names every missing element, and none that may be left out; jing may name none.
    """
    missing = {(mistake.node, mistake.at_end): mistake for mistake in walked if mistake.kind == "missing"}
    said = (missing.get((m.node, m.at_end), m) if m.kind == "missing" else m for m in found)
    return [mistake for mistake in said if mistake.kind != "missing" or mistake.expected]


def settle(mistakes: Iterable[Mistake], schema: Grammar) -> list[Mistake]:
    """One mistake for each thing done wrong: follow-on errors are dropped, a wrong order is said as such."""
    found = list(dict.fromkeys(mistakes))
    if found and found[0].kind == "element" and found[0].node.getparent() is None:
        return found[:1]
    found = [mistake for mistake in found if not _inside_unknown(mistake, schema)]
    found = _orders(found)
    found = [mistake for mistake in found if not _explained(mistake, found)]
    return _loose_text(found, schema)


def _inside_unknown(mistake: Mistake, schema: Grammar) -> bool:
    """Whether what surrounds a mistake is unknown, so that nobody can say what may stand there.

    Wrong attributes are wrong anywhere, and so is an unknown element in a known one.
    """
    parent = mistake.parent
    if parent is None or mistake.kind not in ("element", "missing", "text"):
        return False
    around = [parent]
    if mistake.kind != "element" or schema.named(str(mistake.node.tag)):
        around += parent.iterancestors()
    return any(schema.named(str(element.tag)) is None for element in around)


def _orders(found: list[Mistake]) -> list[Mistake]:
    """Replace “X is missing here” and “X isn't allowed there” by “X comes too late”."""
    late: dict[etree._Element, Mistake] = {}
    for mistake in found:
        if mistake.kind == "missing" and not mistake.at_end:
            for name in mistake.expected:
                sibling = next(mistake.node.itersiblings(name), None)
                if sibling is not None:
                    late[sibling] = mistake
    moved = [Mistake("order", sibling, expected=(str(mistake.node.tag),)) for sibling, mistake in late.items()]
    reasons = set(late.values())
    kept = [m for m in found if m not in reasons and not (m.kind == "element" and m.node in late)]
    return kept + moved


def _explained(mistake: Mistake, found: list[Mistake]) -> bool:
    """Whether something is missing only because another mistake is a misspelling of it."""
    if mistake.kind == "attribute missing":
        written = [m.name for m in found if m.kind == "attribute" and m.node is mistake.node]
        return any(meant(name, [mistake.name]) for name in written)
    if mistake.kind == "missing":
        siblings = [m for m in found if m.kind == "element" and m.parent is mistake.parent]
        return any(meant(str(m.node.tag), mistake.expected) for m in siblings)
    return False


def _loose_text(found: list[Mistake], schema: Grammar) -> list[Mistake]:
    """Text without its paragraph: one mistake a parent, whatever notes, links and italics stand in it."""
    paragraphs = [element for element in schema.elements.values() if element.name == "p"]
    seen: set[etree._Element | None] = set()
    loose = {mistake.parent for mistake in found if mistake.kind == "text"}
    kept: list[Mistake] = []
    for mistake in found:
        if mistake.kind == "text" and mistake.parent in seen:
            continue
        inline = any(paragraph.content.holds(str(mistake.node.tag)) for paragraph in paragraphs)
        if mistake.kind == "element" and mistake.parent in loose and inline:
            continue
        if mistake.kind == "text":
            seen.add(mistake.parent)
        kept.append(mistake)
    return kept


def meant(name: str, candidates: Iterable[str], closeness: float = 0.7) -> str | None:
    """The candidate that `name` probably stands for: what the profile uses instead, or a close spelling."""
    allowed = list(candidates)
    instead = INSTEAD.get(name.lower())
    if instead in allowed:
        return instead
    close = get_close_matches(name.lower(), allowed, n=1, cutoff=closeness)
    return close[0] if close else None

"""The text of a web page as an HTML parser reads it, with its notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import tinyhtml5

from pipeline.importing.originals.passages import Original, OriginalNote, Passage, Pen, collapsed
from pipeline.importing.originals.webpage_apart import apart

_NOT_BLOCKS = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i",
        "img", "ins", "kbd", "label", "mark", "q", "rb", "ruby", "s", "samp", "small", "span", "strike", "strong",
        "sub", "sup", "time", "tt", "u", "var", "wbr",
    }
)  # fmt: skip
"""Elements within a line; all others end a paragraph."""
_NOT_SHOWN = frozenset(
    {
        "script", "style", "template", "noscript", "head", "rt", "rp", "rtc", "svg", "object", "iframe",
        "textarea", "select", "title", "del",
    }
)  # fmt: skip
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_MOST_LINKS = 4000
"""How many links of a page may be calls of notes and links back."""


def web_page(data: bytes) -> Original:
    """The text of an HTML page in UTF-8."""
    root = tinyhtml5.parse(data.decode("utf-8", "replace"), namespace_html_elements=False)
    body = root.find("body")
    if body is None:
        return Original("html", ())
    beside = apart(body)
    generated = [each for each in body.iter("span") if "mso-list:ignore" in _style(each)]
    remarks = [part for each in beside.remarks for part in (each.call, each.block) if part is not None]
    left_out = frozenset([*generated, *beside.menus, *beside.contents, *remarks])
    reader = _WebReader(*_notes_of_page(body, left_out), left_out, _hiding(root))
    reader.block(body)
    reader.pen.end()
    notes = tuple(OriginalNote(key, reader.note(reader.notes[int(key)])) for key in reader.pen.keys)
    return Original("html", tuple(reader.pen.passages), notes)


def _hiding(root: Element) -> frozenset[str]:
    """The elements, .classes and #ids that the style sheets of the page hide."""
    sheets = "".join(sheet.text or "" for sheet in root.iter("style")).lower()
    found = _RULE.findall("".join(sheets.split()))
    return frozenset(name for names, rule in found if _hides(rule) for name in names.split(","))


def _hides(rule: str) -> bool:
    return "display:none" in rule or "mso-hide:all" in rule


def _style(node: Element) -> str:
    return "".join(node.get("style", "").lower().split())


def _notes_of_page(
    body: Element, left_out: frozenset[Element]
) -> tuple[dict[Element, int], list[Element], set[Element]]:
    """The links that call notes, each with the number of its note; the notes; the links back.

    A link calls a note when what it leads to has a link that leads back to it: so do all programs write notes.
    """
    named = {node.get(key): node for node in body.iter() for key in ("name", "id") if isinstance(node.tag, str)}
    named.pop(None, None)
    outside = {link for each in left_out for link in each.iter("a")}
    links = [node for node in body.iter("a") if node.get("href", "").startswith("#") and node not in outside]
    links = links[:_MOST_LINKS]
    order = {node: index for index, node in enumerate(body.iter())}
    calls: dict[Element, Element] = {}
    back: dict[Element, Element] = {}
    for link in links:
        target = named.get(link.get("href", "")[1:])
        if target is None or target is body:
            continue
        for other in target.iter("a"):
            returned = named.get(other.get("href", "#")[1:])
            near = [returned, *(returned.iter() if returned is not None else ())]
            if returned is not None and (link in near or returned in link.iter()) and order[other] > order[link]:
                calls[link] = target
                back[other] = target
    parents = {child: parent for parent in body.iter() for child in parent}
    blocks = {target: _note_block(target, parents, body, set(back) | set(calls)) for target in calls.values()}
    notes = list(dict.fromkeys(blocks.values()))
    return {link: notes.index(blocks[target]) for link, target in calls.items()}, notes, set(back)


def _note_block(target: Element, parents: dict[Element, Element], body: Element, marks: set[Element]) -> Element:
    """The largest element around the target of a call that holds no other call and no other note."""
    block = target
    own = {each for each in target.iter("a") if each in marks}
    while block in parents and parents[block] is not body:
        if not {each for each in parents[block].iter("a") if each in marks} <= own | {block}:
            break
        block = parents[block]
    return block


@dataclass
class _WebReader:
    """Walks a web page: `calls` are the links that call `notes`, `back` the links from these back to the text,
    `left_out` what stands beside the text.
    """

    calls: dict[Element, int]
    notes: list[Element]
    back: set[Element]
    left_out: frozenset[Element]
    hiding: frozenset[str]
    pen: Pen = field(default_factory=Pen)
    hidden: bool = False

    def note(self, node: Element) -> tuple[Passage, ...]:
        inner = _WebReader(self.calls, [], self.back, self.left_out, self.hiding)
        inner.block(node)
        inner.pen.end()
        return tuple(inner.pen.passages)

    def apart(self, node: Element) -> bool:
        """Whether an element is read elsewhere, or not at all."""
        return node in self.notes or node in self.left_out

    def is_hidden(self, node: Element) -> bool:
        """Whether an element is hidden by itself or by a simple rule."""
        names = {node.tag, *(f".{each}" for each in node.get("class", "").lower().split())}
        names.add(f"#{node.get('id', '').lower()}")
        return _hides(_style(node)) or not names.isdisjoint(self.hiding)

    def block(self, node: Element) -> None:
        outside = self.hidden
        self.hidden = outside or self.is_hidden(node)
        self.pen.write(collapsed(node.text), self.hidden)
        for child in node:
            if isinstance(child.tag, str) and child.tag not in _NOT_SHOWN and not self.apart(child):
                self.element(child)
            self.pen.write(collapsed(child.tail), self.hidden)
        self.hidden = outside

    def element(self, node: Element) -> None:
        if node.tag == "br":
            self.pen.write("\n")
        elif node in self.calls:
            self.pen.call(str(self.calls[node]))
        elif node not in self.back:
            apart = node.tag not in _NOT_BLOCKS and ":" not in str(node.tag)
            if apart:
                self.pen.end()
            self.block(node)
            if apart:
                self.pen.end()

"""The text of a web page as an HTML parser reads it, with its notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import tinyhtml5

from pipeline.importing.originals.passages import Original, OriginalNote, Passage, Pen, collapsed

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
_MOST_LINKS = 4000
"""How many links of a page may be calls of notes and links back."""


def web_page(data: bytes) -> Original:
    """The text of an HTML page in UTF-8."""
    root = tinyhtml5.parse(data.decode("utf-8", "replace"), namespace_html_elements=False)
    body = root.find("body")
    if body is None:
        return Original("html", ())
    reader = _WebReader(*_notes_of_page(body))
    reader.block(body)
    reader.pen.end()
    notes = tuple(OriginalNote(key, reader.note(reader.notes[int(key)])) for key in reader.pen.keys)
    return Original("html", tuple(reader.pen.passages), notes)


def _notes_of_page(body: Element) -> tuple[dict[Element, int], list[Element], set[Element]]:
    """The links that call notes, each with the number of its note; the notes; the links back.

    A link calls a note when what it leads to has a link that leads back to it: so do all programs write notes.
    """
    named = {node.get(key): node for node in body.iter() for key in ("name", "id") if isinstance(node.tag, str)}
    named.pop(None, None)
    links = [node for node in body.iter("a") if node.get("href", "").startswith("#")][:_MOST_LINKS]
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
    """Walks a web page: `calls` are the links that call `notes`, `back` the links from these back to the text."""

    calls: dict[Element, int]
    notes: list[Element]
    back: set[Element]
    pen: Pen = field(default_factory=Pen)

    def note(self, node: Element) -> tuple[Passage, ...]:
        inner = _WebReader(self.calls, [], self.back)
        inner.block(node)
        inner.pen.end()
        return tuple(inner.pen.passages)

    def block(self, node: Element) -> None:
        self.pen.write(collapsed(node.text))
        for child in node:
            if isinstance(child.tag, str) and child.tag not in _NOT_SHOWN and child not in self.notes:
                self.element(child)
            self.pen.write(collapsed(child.tail))

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

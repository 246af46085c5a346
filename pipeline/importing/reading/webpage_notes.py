"""The notes of a web page: links from a number in the text to a block that links back, or says what it is.

Word, Google Docs, LibreOffice and pandoc all save them so; only the names differ.
"""

import re
from collections.abc import Iterator

from lxml import html

from pipeline.importing.gate.package import Element
from pipeline.importing.reading.markup import NOTE

_BLOCKS = frozenset(
    {"p", "li", "div", "td", "aside", "dd", "section", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "body"}
)
_HELD = frozenset({"li", "div", "aside"})
_NUMBER = (
    r"[\[(（〔【]?\s*(?:註|注|note)?\s*(?:\d{1,3}|[*＊†‡§]{1,3}|[①-⑳]|[ivxlc]{1,6}|[a-z])\s*[\])）〕】]?[.、]?"
)
_MARK = re.compile(_NUMBER, re.IGNORECASE)
_BACK = re.compile(rf"(?:{_NUMBER}|[↩⏎↑^⤴↵][\ufe0e\ufe0f]?)?", re.IGNORECASE)
_ROLES = ("doc-footnote", "doc-endnote", "footnote", "endnote", "rearnote")
_SMALL = frozenset({"sup", "span", "font", "small", "b"})
_BRACKETS = "[]()（）〔〕 \t\n\xa0"


def take_notes(body: Element) -> None:
    """Put a mark in the place of each call, and each note into a block at the end of the page."""
    named = {name: each for each in body.iter() for name in _names(each)}
    calls: list[tuple[Element, str]] = []
    notes: dict[str, Element] = {}
    near: set[str] = set()
    for link in body.iter("a"):
        target = named.get(_anchor(link))
        note = _note(target, link) if target is not None and _MARK.fullmatch(_text(link)) else None
        if note is None or any(each in notes.values() for each in link.iterancestors()):
            continue
        around = set(_names_around(link))
        if around & {_anchor(each) for each in note.iter("a")} or _has_role(note):
            calls.append((link, _anchor(link)))
            notes[_anchor(link)] = note
            near |= around
    for link, key in calls:
        _mark(link, key)
    for key, note in notes.items():
        _move(body, note, key, near)


def drop(element: Element) -> None:
    """Take an element out, and leave what follows it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _names(element: Element) -> list[str]:
    return [name for name in (element.get("id"), element.get("name")) if name]


def _anchor(link: Element) -> str:
    address = link.get("href", "")
    return address[1:] if address.startswith("#") else ""


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _note(target: Element, call: Element) -> Element | None:
    """The block that is a whole note: from the target outward, as far as it begins its block, without the call."""
    outside = list(call.iterancestors())
    block = next((each for each in (target, *target.iterancestors()) if each.tag in _BLOCKS), None)
    if block is None or block in outside or block.tag == "body":
        return None
    while (parent := block.getparent()) is not None and parent.tag in _HELD and parent not in outside:
        if (parent.text or "").strip() or parent[0] is not block:
            break
        if any(_anchor(link) and _MARK.fullmatch(_text(link)) for each in parent[1:] for link in each.iter("a")):
            break
        block = parent
    return block


def _names_around(call: Element) -> Iterator[str]:
    """The names to which a note may link back: of the call, and of what is in it and right around it."""
    for each in call.iter():
        yield from _names(each)
    for each in (call, *call.iterancestors()):
        if each.tag in _BLOCKS:
            return
        yield from _names(each)
        before = each.getprevious()
        if before is not None and not (before.tail or "").strip():
            yield from _names(before)


def _has_role(note: Element) -> bool:
    for each in (note, *note.iterancestors()):
        said = f"{each.get('role', '')} {each.get('epub:type', '')}".split()
        if any(role.startswith(_ROLES) for role in said):
            return True
    return False


def _mark(call: Element, key: str) -> None:
    """Put a mark where a call was; the superscript or brackets that held nothing else go with it."""
    place = call
    while (parent := place.getparent()) is not None and parent.tag in _SMALL:
        if not _is_alone(place, parent):
            break
        place = parent
    mark = html.Element("span", {f"data-{NOTE}": key})
    mark.text, mark.tail = "\u2060", place.tail  # pandoc drops an empty one
    if parent is not None:
        parent.replace(place, mark)


def _is_alone(place: Element, parent: Element) -> bool:
    """Whether an element holds nothing but another, brackets and blanks."""
    others = ("" if each is place else _text(each) for each in parent)
    tails = (each.tail or "" for each in parent)
    return not "".join([parent.text or "", *others, *tails]).strip(_BRACKETS)


def _move(body: Element, note: Element, key: str, near: set[str]) -> None:
    """Move a note to the end of the page, without its number and its links back."""
    for link in list(note.iter("a")):
        if _anchor(link) in near and _BACK.fullmatch(_text(link)):
            _unnumber(link, note)
    moved: Element = html.Element("div", {f"data-{NOTE}": key})
    drop(note)
    note.tail = None
    if note.tag in ("li", "div", "aside"):
        moved.text = note.text
        moved.extend(list(note))
    else:
        moved.append(note)
    _strip_start(moved)
    body.append(moved)


def _strip_start(element: Element) -> None:
    """Take away the blanks that followed the number."""
    while True:
        element.text = (element.text or "").lstrip(" \t\n\xa0")
        if element.text or not len(element):
            return
        inner = element[0]
        if not inner.tail and not _text(inner).strip("\xa0") and inner.tag in ("span", "font"):
            element.remove(inner)
            continue
        element = inner


def _unnumber(link: Element, note: Element) -> None:
    """Take a link back out, the superscript that holds only it, and the blank that follows."""
    place = link
    while (
        (parent := place.getparent()) is not None
        and parent is not note
        and parent.tag in ("sup", "span", "b", "font")
    ):
        if not _is_alone(place, parent):
            break
        place = parent
    place.tail = (place.tail or "").lstrip(" \t\n\xa0")
    drop(place)

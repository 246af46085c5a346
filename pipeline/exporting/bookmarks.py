"""Bookmarks: the ids of a brief as names that Word keeps, and back.

A bookmark has letters, digits and `_`, at most 40, and does not mind case; an id has `-` too, and does. So
`fn-clreq` is `kan_fn_clreq`: a lone `-` is `_`, any other row of `-` and `_` is spelt out (`a_b`: `kan_a__u__b`).
An id that is too long, or that differs from an earlier one in nothing but case, gets a name that can't be read
back; it travels with the markup only.
"""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Literal

Kind = Literal["", "quotation", "list", "item", "note"]
"""What an id stands on: "" for what its place tells (a paragraph, heading, caption, citation, the call of a note),
else what holds the paragraph in which the bookmark begins. A note has two: one at its call, one at its text."""

LONGEST = 40
_PREFIXES: Mapping[Kind, str] = {
    "": "kan_",
    "quotation": "kanq_",
    "list": "kanl_",
    "item": "kani_",
    "note": "kann_",
}
_ROW = re.compile("[-_]+")
_SPELT = re.compile("__([du]+)__")
_NAME = re.compile("(kan[qlin]?_)([A-Za-z0-9_]+)")
_COPY = re.compile(r"_Copy_\d+$")
"""What LibreOffice adds to the name of a bookmark when it saves a Word file."""
_LETTERS = {"-": "d", "_": "u"}
_MARKS = {"d": "-", "u": "_"}


def bookmark(identifier: str, kind: Kind = "") -> str:
    """The name of the bookmark of an id: at most 40 letters, digits and `_`."""
    name = _PREFIXES[kind] + _ROW.sub(_spelt, identifier)
    return name if len(name) < LONGEST and not _COPY.search(name) else _unreadable(identifier, kind)


def bookmarks(identifiers: Iterable[str]) -> Mapping[str, str]:
    """The bookmark of each id of a brief, no two of them alike for Word."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for identifier in dict.fromkeys(identifiers):
        name = bookmark(identifier)
        names[identifier] = _unreadable(identifier, "") if name.lower() in taken else name
        taken.add(names[identifier].lower())
    return names


def identifier(name: str) -> str | None:
    """The id that a bookmark stands for; None for a bookmark that is none of ours, or that can't be read back."""
    name = _COPY.sub("", name)
    found = _NAME.fullmatch(name)
    if found is None or len(name) >= LONGEST:
        return None
    parts = _SPELT.split(found[2])
    for index, part in enumerate(parts):
        parts[index] = "".join(_MARKS[each] for each in part) if index % 2 else part.replace("_", "-")
    return "".join(parts)


def kind(name: str) -> Kind:
    """What the id of a bookmark stands on."""
    found = _NAME.fullmatch(name)
    return next((kind for kind, prefix in _PREFIXES.items() if found and prefix == found[1]), "")


def _spelt(row: re.Match[str]) -> str:
    if row[0] == "-":
        return "_"
    return "__" + "".join(_LETTERS[mark] for mark in row[0]) + "__"


def _unreadable(identifier: str, kind: Kind) -> str:
    """A name of 40 characters, which no id has by itself."""
    return (_PREFIXES[kind] + sha256(identifier.encode()).hexdigest())[:LONGEST]

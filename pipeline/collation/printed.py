"""The base text as the pages have it: each part with the words, labels and blanks that print puts around it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.collation.text import Mark, Passage, Stretch, Witness
from pipeline.parse import LANG
from pipeline.profiles import DEFAULT, profile

_BLANKS = re.compile(" +")


def printed(base: Witness) -> Witness:
    """A base text in one sequence, as the structure tree of a PDF has it."""
    passages = (*_front(base), *(_block(passage, base.lang) for passage in base.parts["body"]), *_history(base))
    notes = tuple(replace(note, passages=tuple(_plain(p) for p in note.passages)) for note in base.notes)
    return replace(base, parts={"printed": tuple(passages)}, notes=notes)


def _front(base: Witness) -> Iterator[Passage]:
    word, parts = profile(base.lang).words, base.parts
    for passage in parts.get("focus", ()):
        yield _line("focus", passage.label, word["blank"], passage)
    for passage in parts.get("title", ()):
        yield _line("title", passage)
    for passage in parts.get("subtitle", ()):
        yield _line("subtitle", word["subtitle_dash"], passage)
    for passage in parts.get("translated-title", ()):
        yield _line("translated title", passage)
    yield from _authors(parts.get("authors", ()), word["blank"])
    for passage in parts.get("abstract", ()):
        if passage.label:
            yield Passage(
                "heading", passage.label, stretches=(Stretch(0, _marked(passage, 1)),), node=passage.node
            )
        yield _line("abstract", passage)
    for passage in parts.get("keywords", ()):
        yield _line("keywords", passage.label, word["blank"], passage)


def _authors(passages: Sequence[Passage], blank: str) -> Iterator[Passage]:
    """A line for each author: the name, the English name, the units."""
    line: list[Passage | str] = []
    for passage in passages:
        if passage.role == "author":
            if line:
                yield _line("author", *line)
            line = []
        line += [blank, passage] if line else [passage]
    if line:
        yield _line("author", *line)


def _history(base: Witness) -> Iterator[Passage]:
    blank = 2 * profile(base.lang).words["blank"]
    pieces: list[Passage | str] = []
    for passage in base.parts.get("history", ()):
        pieces += [blank, passage] if pieces else [passage]
    if pieces:
        yield _line("history", *pieces)


def _block(passage: Passage, lang: str) -> Passage:
    kind = passage.role.rpartition("/")[2]
    if kind == "heading" and passage.label:
        after = profile(lang).labels.after_section or (" " if passage.label[-1] in ".)" else "")
        return _line(passage.role, passage.label + after, passage)
    if kind == "caption":
        return _line(passage.role, passage.label, profile(lang).words["blank"], passage)
    return _line(passage.role, passage)


def _plain(passage: Passage) -> Passage:
    return _line(passage.role, passage)


def _marked(passage: Passage, above: int = 0) -> str:
    """The language of the words that print puts before a passage: as its element, or one above it, is marked."""
    nodes = (passage.node, *passage.node.iterancestors()) if passage.node is not None else ()
    return next((lang for node in nodes[above:] if (lang := node.get(LANG))), DEFAULT)


def _line(role: str, *pieces: Passage | str) -> Passage:
    """Passages and generated words in one line; the first passage is the one that is named in messages."""
    first = next(piece for piece in pieces if isinstance(piece, Passage))
    text = ""
    marks: list[Mark] = []
    stretches: list[Stretch] = []
    for piece in pieces:
        at = len(text)
        if isinstance(piece, str):
            stretches.append(Stretch(at, _marked(first)))
            text += _BLANKS.sub(" ", piece if text else piece.lstrip(" "))
            continue
        marks += [mark._replace(start=mark.start + at, end=mark.end + at) for mark in piece.marks]
        stretches += [stretch._replace(start=stretch.start + at) for stretch in piece.stretches]
        text += piece.text
    return replace(first, role=_role(role), text=text, label="", marks=tuple(marks), stretches=tuple(stretches))


def _role(role: str) -> str:
    """A role as far as the tags tell it."""
    *around, last = role.split("/")
    if last == "source" and around[-1:] == ["table"]:
        around.pop()  # it stands below the table, not in it
    if last in ("focus", "subtitle", "translated title", "author", "abstract", "keywords", "history"):
        last = "paragraph"
    if last in ("caption", "caption text", "source", "attribution"):
        last = "paragraph"
    return "/".join((*around, last))

"""Changes: what is not as it was in the brief, for the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from lxml import etree

from pipeline.flat import REFERENCE
from pipeline.importing.again.alignment import Aligned
from pipeline.importing.again.reading import Reading, Unit, joined, name_of, text_of, whole_title, words_in
from pipeline.importing.originals import CALL
from pipeline.parse import Source

Element = etree._Element

How = Literal["added", "removed", "changed", "moved"]


What = Literal["note", "paragraph", "heading", "top"]


@dataclass(frozen=True, slots=True)
class Change:
    """What is not as it was: its text `old` and `new`, the number of the note before and now, and the heading of
    the section in which a paragraph stands (or stood).
    """

    how: How
    what: What
    old: str = ""
    new: str = ""
    old_label: str = ""
    new_label: str = ""
    section: str = ""


def changes(aligned: Aligned) -> Iterator[Change]:
    """What is not as it was: at the top, in the text, in the notes."""
    old, fresh = aligned.old, aligned.fresh
    yield from _changes_at_the_top(old, fresh)
    yield from _changes_in(old.units, fresh.units, aligned.units, aligned.same, aligned)
    yield from _changes_in(old.notes, fresh.notes, aligned.notes, aligned.same_notes, aligned)


def author_notes(old: Source, merged: Source) -> Iterator[Change]:
    """The notes of the authors that are not as they were."""
    before, after = ([text_of(each) for each in source.root.iterfind(_AUTHOR_NOTE)] for source in (old, merged))
    gone, new = [each for each in before if each not in after], [each for each in after if each not in before]
    if len(gone) == len(new):
        yield from (Change("changed", "note", *pair, "*", "*") for pair in zip(gone, new, strict=True))
    else:
        yield from (Change("removed", "note", old=each, old_label="*") for each in gone)
        yield from (Change("added", "note", new=each, new_label="*") for each in new)


def _changes_in(
    old: Sequence[Unit], fresh: Sequence[Unit], pairs: Mapping[int, int], same: frozenset[int], aligned: Aligned
) -> Iterator[Change]:
    back = {before: after for after, before in pairs.items()}
    moved = _out_of_order(
        [pairs[after] for after in sorted(pairs) if after in same and not _in_table(fresh[after])]
    )
    now = {
        aligned.old.notes[i].node: aligned.fresh.label(aligned.fresh.notes[j].node)
        for j, i in aligned.notes.items()
    }
    for index, unit in enumerate(fresh):
        known = pairs.get(index)
        if known is None and fresh is aligned.fresh.units and index in aligned.at_the_top:
            continue
        stands = {"new_label": aligned.fresh.label(unit.node), "section": _section(unit, aligned.fresh)}
        if known is None:
            yield Change("added", _what(unit), new=_quoted(unit, aligned.fresh), **stands)
            continue
        stands["old_label"] = aligned.old.label(old[known].node)
        if index not in same:
            if unit.key != old[known].key and aligned.old.linked(old[known]) == aligned.fresh.linked(unit):
                continue  # the number of a figure or section changed by itself
            before = _shown(old[known], aligned.old, now)
            yield Change("changed", _what(unit), before, _shown(unit, aligned.fresh), **stands)
        elif known in moved:
            yield Change("moved", _what(unit), unit.text, _quoted(unit, aligned.fresh), **stands)
    for index, unit in enumerate(old):
        if index not in back:
            label, section = aligned.old.label(unit.node), _section(unit, aligned.old)
            yield Change("removed", _what(unit), old=_quoted(unit, aligned.old), old_label=label, section=section)


def _section(unit: Unit, reading: Reading) -> str:
    """The heading, as it is printed, of the section that a paragraph stands in."""
    section = next(unit.node.iterancestors("sec"), None)
    title = section.find("title") if section is not None else None
    if section is None or title is None or title is unit.node or unit.node.tag == "fn":
        return ""
    return reading.numbering.labels.get(section, "") + text_of(title)


def _in_table(unit: Unit) -> bool:
    """Whether a passage is a cell or the foot of a table, which stands before its body or behind it."""
    return next(unit.node.iterancestors("table", "table-wrap-foot"), None) is not None


def _out_of_order(places: Sequence[int]) -> set[int]:
    """The places that do not ascend: those outside a longest run that does."""
    if list(places) == sorted(places):
        return set()
    matcher = SequenceMatcher(None, sorted(places), list(places), autojunk=False)
    in_order = {places[block.b + k] for block in matcher.get_matching_blocks() for k in range(block.size)}
    return set(places) - in_order


def _shown(unit: Unit, reading: Reading, now: Mapping[Element, str] | None = None) -> str:
    """A text with the words of its references; `now` are the numbers that its notes have got."""
    typed = iter(reading.typed_words(unit.node))
    words = iter(
        reading.numbering.words.get(xref, "") if xref is not None else next(typed, "") for xref, _ in unit.xrefs
    )
    figures = iter(f"[{(now or {}).get(note) or reading.label(note)}]" for note in unit.calls)
    text = re.sub(CALL, lambda _: next(figures, ""), unit.key)
    return re.sub(REFERENCE, lambda _: next(words, "…"), text)


def _quoted(unit: Unit, reading: Reading) -> str:
    """A text with the words of its references, without the numbers of its notes."""
    return _shown(replace(unit, key=unit.key.replace(CALL, "")), reading)


def _what(unit: Unit) -> What:
    if unit.node.tag == "fn":
        return "note"
    parent = unit.node.getparent()
    return "heading" if unit.node.tag == "title" and parent is not None and parent.tag == "sec" else "paragraph"


_AUTHOR_NOTE = "front/article-meta/author-notes/fn/p"
_AT_THE_TOP = ("contrib-group", "article-categories", "abstract", "trans-abstract", "kwd-group")


def _changes_at_the_top(old: Reading, fresh: Reading) -> Iterator[Change]:
    ours, theirs = (each.source.root.find("front/article-meta") for each in (old, fresh))
    if ours is None or theirs is None:
        return
    titles = [each.find("title-group") for each in (ours, theirs)]
    one, other = ("" if group is None else whole_title(group) for group in titles)
    if other and one != other:
        yield Change("changed", "top", *("──".join(_words_of_title(each)) for each in titles))
    for path in _AT_THE_TOP:
        before, after = (meta.find(path) for meta in (ours, theirs))
        if after is None or (before is not None and joined(before) == joined(after)):
            continue
        words = ["、".join(words_in(each)) if each is not None else "" for each in (before, after)]
        fewer = before is not None and len(before.findall("contrib")) != len(after.findall("contrib"))
        if before is not None and path == "contrib-group" and not fewer:
            yield from _changed_authors(before, after)
        elif before is None or fewer or not {*words_in(after)} <= {*words_in(before)}:
            yield Change("changed" if words[0] else "added", "top", *words)


def _changed_authors(before: Element, after: Element) -> Iterator[Change]:
    """The authors who are named otherwise or have another unit; without what the manuscript does not say."""
    for one, other in zip(before.iterfind("contrib"), after.iterfind("contrib"), strict=True):
        units = ["、".join(text_of(each) for each in contrib.iterfind("aff")) for contrib in (one, other)]
        if name_of(one) != name_of(other) or (units[1] and units[0] != units[1]):
            names = (_printed_name(one), _printed_name(other))
            yield Change("changed", "top", *(f"{n}（{u}）" if u else n for n, u in zip(names, units, strict=True)))


def _printed_name(contrib: Element) -> str:
    """The name of an author, a western one with the given names first."""
    name = contrib.find("name")
    name = name if name is not None else contrib.find("name-alternatives/name")
    if name is None or name.get("name-style") != "western":
        return name_of(contrib)
    parts = (name.findtext("given-names"), name.findtext("surname"))
    return " ".join(part.strip() for part in parts if part)


def _words_of_title(group: Element | None) -> list[str]:
    parts = (group.find(name) for name in ("article-title", "subtitle")) if group is not None else ()
    return [text_of(part) for part in parts if part is not None]

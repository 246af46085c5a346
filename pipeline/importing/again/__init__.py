"""Again: a corrected manuscript is imported once more, into the brief that an editor has worked on since.

What the author did not change stays in the brief byte for byte: markup, ids, hand-made links, exceptions. What
he changed is recognised anew and keeps the ids of what it corresponds to. What the editor added at the top (DOI,
dates, ORCID, titles and abstracts in other languages) stays. Text is the author's, markup the editor's.

    old, fresh ──paragraphs and notes aligned by their text──▶ ids of the old in the fresh
    fresh order ──each block: the old bytes where its text is the same, else the fresh──▶ the brief
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from lxml import etree

from pipeline.diagnostics import Diagnostic
from pipeline.flat import flat
from pipeline.importing.again.alignment import Aligned, align, renamed
from pipeline.importing.again.changes import Change, author_notes, changes
from pipeline.importing.again.composition import Composition
from pipeline.importing.again.doubts import doubts, emphasis
from pipeline.importing.again.links import without_dead_links
from pipeline.importing.again.reading import Reading, name_of
from pipeline.importing.fidelity import alike, fold
from pipeline.parse import HREF, Source, parse_bytes

__all__ = ["Change", "Merged", "likeness", "merge", "name_of", "same_heads"]

Element = etree._Element


_TITLE = "front/article-meta/title-group/article-title"
_AUTHOR = "front/article-meta/contrib-group/contrib"
_TITLES_ALIKE = 0.6
"""How much two titles share, at least, that are one with a few words changed."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A brief with the text of a new manuscript: its bytes, what changed, and what an editor has to look at."""

    data: bytes
    changes: tuple[Change, ...]
    doubts: tuple[Diagnostic, ...]
    kept: Mapping[str, str]
    """Pictures of the fresh brief of which the old one has its own: the name in each."""


def merge(
    old: Source, fresh: Source, typed: Mapping[int, str] = MappingProxyType({}), base: Source | None = None
) -> Merged:
    """The brief `old` with the text of `fresh`, which was recognised in a new manuscript without knowing it.

    `typed` has the words that the author typed where `fresh` has a link, by the place of the `xref` among all;
    `base` is the brief from which the manuscript was exported.

    With the same text it is `old`, byte for byte. Raises `ManuscriptError` where the result is no XML, and
    `ValueError` where edits overlap: both are mistakes of this module.
    """
    aligned = align(Reading(old), Reading(fresh, typed))
    aligned = replace(aligned, fresh=Reading(renamed(aligned), typed))
    composition = Composition(aligned, base)
    merged, dead = without_dead_links(aligned.old, parse_bytes(old.path, composition.data()))
    found = (*dead, *doubts(aligned, merged), *composition.lost)
    found += tuple(emphasis(aligned, base)) if base is not None else ()
    return Merged(
        merged.data, (*author_notes(old, merged), *changes(aligned)), found, dict(kept_pictures(aligned))
    )


def likeness(one: Source, other: Source) -> float:
    """How much of their text two briefs share, from 0 to 1, whatever stands where."""
    return alike(*(fold("".join(flat(part).text for part in _texts(source))) for source in (one, other)))


def same_heads(one: Source, other: Source) -> bool:
    """Whether two briefs have titles that are alike, or an author in common."""
    titles = [
        fold("".join("".join(each.itertext()) for each in source.root.iterfind(_TITLE))) for source in (one, other)
    ]
    if all(titles) and alike(*titles) >= _TITLES_ALIKE:
        return True
    first, second = ({name_of(each) for each in source.root.iterfind(_AUTHOR)} - {""} for source in (one, other))
    return bool(first & second)


def _texts(source: Source) -> Iterator[Element]:
    yield from source.root.iterfind(_TITLE)
    yield from source.root.iterfind("body")
    for note in source.root.iter("fn"):
        yield from note.iterfind("p")


def kept_pictures(aligned: Aligned) -> Iterator[tuple[str, str]]:
    """The pictures of figures whose text did not change, by their names in the fresh brief."""
    for after, before in aligned.units.items():
        one, other = aligned.old.units[before].node, aligned.fresh.units[after].node
        figures = [next(each.iterancestors("fig"), None) for each in (other, one)]
        graphics = [each.find("graphic") if each is not None else None for each in figures]
        names = [each.get(HREF, "") if each is not None else "" for each in graphics]
        if all(names):
            yield names[0], names[1]

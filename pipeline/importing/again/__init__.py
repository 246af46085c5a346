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

from lxml import etree

from pipeline.diagnostics import Diagnostic
from pipeline.flat import flat
from pipeline.importing.again.alignment import Aligned, align, renamed
from pipeline.importing.again.changes import Change, changes
from pipeline.importing.again.composition import Composition
from pipeline.importing.again.doubts import doubts
from pipeline.importing.again.reading import Reading
from pipeline.importing.fidelity import alike, fold
from pipeline.parse import HREF, Source, parse_bytes

__all__ = ["Change", "Merged", "likeness", "merge"]

Element = etree._Element


@dataclass(frozen=True, slots=True)
class Merged:
    """A brief with the text of a new manuscript: its bytes, what changed, and what an editor has to look at."""

    data: bytes
    changes: tuple[Change, ...]
    doubts: tuple[Diagnostic, ...]
    kept: Mapping[str, str]
    """Pictures of the fresh brief of which the old one has its own: the name in each."""


def merge(old: Source, fresh: Source) -> Merged:
    """The brief `old` with the text of `fresh`, which was recognised in a new manuscript without knowing it.

    With the same text it is `old`, byte for byte. Raises `ManuscriptError` where the result is no XML, which is a
    mistake of this module.
    """
    aligned = align(Reading(old), Reading(fresh))
    aligned = replace(aligned, fresh=Reading(renamed(aligned)))
    composition = Composition(aligned)
    data = composition.data()
    found = (*doubts(aligned, parse_bytes(old.path, data)), *composition.lost)
    return Merged(data, tuple(changes(aligned)), found, dict(kept_pictures(aligned)))


def likeness(one: Source, other: Source) -> float:
    """How much of their text two briefs share, from 0 to 1, whatever stands where."""
    return alike(*(fold("".join(flat(part).text for part in _texts(source))) for source in (one, other)))


def _texts(source: Source) -> Iterator[Element]:
    yield from source.root.iterfind("front/article-meta/title-group/article-title")
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

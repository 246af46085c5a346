"""The bibliography: the sources of a brief or an issue, each once, and the files other programs read."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from lxml import etree

from pipeline.bibliography.formats import bibtex, csl_json, ris
from pipeline.bibliography.listing import Entry, reference_list
from pipeline.bibliography.ref_list import jats_citation, jats_ref_list
from pipeline.notes.graph import note_graph
from pipeline.parse import LANG, Source

__all__ = ["FORMATS", "bibliography"]


def bibliography(briefs: Iterable[Source]) -> list[Entry]:
    """The sources that the notes of some briefs cite, in the order for the language of the first brief.

    A reference to a source cited before (同前註) is no other source: the graph knows it.
    """
    roots = [brief.root for brief in briefs]
    works = [citation.work for root in roots for citation in note_graph(root).citations]
    return reference_list(works, (roots[0].get(LANG) if roots else None) or "zh-Hant-TW")


def _printed(entries: Sequence[Entry]) -> str:
    """One source a line, as it would be printed."""
    return "".join("".join(jats_citation(entry.work).itertext()) + "\n" for entry in entries)


def _jats(entries: Sequence[Entry]) -> str:
    """The list as a JATS `ref-list` by itself."""
    made = jats_ref_list(entries, "zh-Hant-TW")
    etree.indent(made)
    return etree.tostring(made, encoding="unicode") + "\n"


FORMATS: Mapping[str, Callable[[Sequence[Entry]], str]] = {
    "text": _printed,
    "csl": csl_json,
    "bibtex": bibtex,
    "ris": ris,
    "jats": _jats,
}
"""What writes a list, by the name of the form."""

"""Note numbers: which note an author meant by a number, from what his program showed him at the calls.

A brief counts its notes anew: one at an author's name has a mark there, endnotes stand among the footnotes. So
同註2 is to be read by the numbers of the manuscript. A note is found in the brief by its place and its words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from pipeline.flat import flat
from pipeline.importing.document import Document, NoteCall, Shown, paragraphs_in
from pipeline.notes.graph import note_graph
from pipeline.notes.typed import Series
from pipeline.parse import Source

_NO_LETTER = re.compile(r"[\W_]+")


def note_numbers(document: Document, source: Source) -> Mapping[str, Series] | None:
    """The numbers by which the author knew the notes, by the id of the `fn` in which he typed one.

    None where the manuscript has no notes of a program: then the notes are as he numbered them.
    """
    shown = _shown(document)
    if not shown:
        return None
    graph = note_graph(source.root)
    made = list(dict.fromkeys(call.note for call in graph.calls))
    words = ["".join(flat(p).text for p in note.iterfind("p")) for note in made]
    typed = ["".join(each.text for each in paragraphs_in(document.notes[key].blocks)) for key in shown]
    ids = {
        key: made[place].get("id", "")
        for key, place in zip(shown, _pairs(_letters(typed), _letters(words)), strict=True)
        if place is not None
    }
    series: dict[str, Series] = {}
    for name in dict.fromkeys(each.series for each in shown.values()):
        numbered = [(key, each) for key, each in shown.items() if each.series == name and each.number is not None]
        sure = [(key, each.number) for key, each in numbered if each.sure and each.number is not None]
        found = {number: ids[key] for key, number in sure if key in ids}
        series[name] = Series(found, len(found) == len(numbered), name.split()[0])
    return {ids[key]: series[each.series] for key, each in shown.items() if key in ids}


def numbers_shown(series: Mapping[str, Series] | None) -> Mapping[str, str]:
    """The number that the author saw at each note, by the id of its `fn`."""
    return {name: str(number) for each in (series or {}).values() for number, name in each.ids.items()}


def _shown(document: Document) -> dict[str, Shown]:
    """What was shown at the calls, by the key of the note in the order of the calls."""
    shown: dict[str, Shown] = {}
    counts: Counter[str] = Counter()
    for paragraph in paragraphs_in(document.blocks):
        for call in paragraph.inlines:
            if isinstance(call, NoteCall) and call.note in document.notes and call.note not in shown:
                kind = "endnote" if document.notes[call.note].end else "footnote"
                counts[kind] += 1
                shown[call.note] = call.shown or Shown(kind, counts[kind])
    return shown


def _letters(texts: Iterable[str]) -> list[str]:
    return [_NO_LETTER.sub("", text) for text in texts]


def _pairs(typed: Sequence[str], made: Sequence[str]) -> list[int | None]:
    """The place in `made` of each of `typed`: alike and in the same order, or alone between two that are."""
    if typed == made:
        return list(range(len(made)))
    pairs: list[int | None] = [None] * len(typed)
    for kind, start, end, first, last in SequenceMatcher(None, typed, made, autojunk=False).get_opcodes():
        if kind == "equal" or (kind == "replace" and end - start == last - first):
            pairs[start:end] = range(first, last)
    if len(typed) != len(made):  # one of several alike may be the one that is missing
        alike = Counter(typed)
        pairs = [None if alike[words] > 1 else place for words, place in zip(typed, pairs, strict=True)]
    return pairs

"""References: words that a program made to point into its file, as links whose words are generated.

Where the words are not those that would be generated (同前註, 見註5, 圖1, 壹、二), they stay words.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree

from pipeline.importing.document import Document, Run, paragraphs_in
from pipeline.importing.recognise.ledger import MENTION, Accounted, Ledger
from pipeline.importing.recognise.letters import OBJECT, Element, Letter, Text

_SAME = re.compile(
    r"(?:[^，。；]{1,40}[，,][ ]?)?(?:同(?:前|上|前揭)?[註注]|前揭[註注])[ ]?[0-9]*|Ibid\.?|supra note [0-9]+",
    re.IGNORECASE,
)
_SEE = re.compile(r"(?:參?見|詳見|參閱)?[註注][ ]?[0-9]+|(?:see )?notes? [0-9]+", re.IGNORECASE)
_PLATE = re.compile(
    r"附?(?P<kind>[圖表]|Figure|Fig\.|Table)[ \u3000\xa0]*[0-9０-９一二三四五六七八九十.\-－]+", re.IGNORECASE
)
_SECTION = re.compile(
    r"第?[（(]?[壹貳參叁肆伍陸柒捌玖拾一二三四五六七八九十百0-9０-９甲乙丙丁戊]+[）)]?"
    r"(?:[、.．]?[（(]?[一二三四五六七八九十百0-9０-９]+[）)]?)*[章節]?[、.．]?"
)


@dataclass
class References:
    """What the references of a manuscript point at; `notes` has the id of each note once it is made."""

    ledger: Ledger
    notes: Mapping[str, str]
    order: Mapping[str, int]
    """The place of each note in the order of the calls."""
    used: frozenset[str]
    """The anchors that anything in the manuscript refers to."""
    plates: dict[str, tuple[str, str]] = field(default_factory=dict)
    """`ref-type` and id of a figure or table by the bookmark of its caption."""
    sections: dict[str, str] = field(default_factory=dict)
    """The id of a section by the bookmark of its heading."""
    waiting: list[tuple[Element, str, Accounted]] = field(default_factory=list)
    """References to notes, with the key of the note and the words that were typed."""

    def linked(self, text: Text, number: int, note: str | None) -> Text:
        """The text with references in the place of such words; `note` is the key of the note it is in."""
        if not any(letter.look.anchor for letter in text):
            return text
        letters: list[Letter] = []
        for anchor, group in groupby(text, key=lambda letter: letter.look.anchor):
            part = Text(tuple(group))
            words = part.string
            made = self._made(anchor, words.strip(), note) if anchor and OBJECT not in words else None
            if made is None:
                letters += part.letters
                continue
            start, end = len(words) - len(words.lstrip()), len(words.rstrip())
            self.ledger.drop(number, words[start:end], MENTION)
            if anchor in self.order:
                self.waiting.append((made, str(anchor), Accounted(number, words[start:end], MENTION)))
            letters += (*part.letters[:start], Letter(OBJECT, thing=made), *part.letters[end:])
        return Text(tuple(letters))

    def _made(self, anchor: str, words: str, note: str | None) -> Element | None:
        if anchor in self.order:
            return self._to_note(anchor, words, note)
        if anchor in self.plates and _PLATE.fullmatch(words):
            return _xref(*self.plates[anchor])
        if anchor in self.sections and _SECTION.fullmatch(words):
            return _xref("sec", self.sections[anchor])
        return None

    def _to_note(self, key: str, words: str, note: str | None) -> Element | None:
        """A reference to a note: to the same source from a note only. One that comes later is linked as well:
        left as words, it would be counted out anew and led to another note; the check tells it.
        """
        use = "same-source" if _SAME.fullmatch(words) else "see" if _SEE.fullmatch(words) else ""
        if not use or note == key or (use == "same-source" and note is None):
            return None
        return _xref("fn", "", use)

    def settle(self, without: Collection[str]) -> None:
        """Write the ids of the notes, which all are made now; what points at those `without` is words again."""
        for xref, key, typed in self.waiting:
            if key in self.notes and key not in without:
                xref.set("rid", self.notes[key])
                continue
            self.ledger.accounted.remove(typed)
            parent, before = xref.getparent(), xref.getprevious()
            if parent is None:
                continue
            words = typed.text + (xref.tail or "")
            if before is not None:
                before.tail = (before.tail or "") + words
            else:
                parent.text = (parent.text or "") + words
            parent.remove(xref)


def references(document: Document, typed: Iterable[str], notes: Mapping[str, str], ledger: Ledger) -> References:
    """The references of a manuscript, before any note is made; `typed` are the keys of typed notes."""
    every = [*document.blocks, *(block for note in document.notes.values() for block in note.blocks)]
    used = {run.anchor for each in paragraphs_in(every) for run in each.inlines if isinstance(run, Run)}
    order = {key: place for place, key in enumerate((*document.notes, *typed))}
    return References(ledger, notes, order, frozenset(filter(None, used)))


def _xref(kind: str, rid: str, use: str = "") -> Element:
    made: Element = etree.Element("xref", {"ref-type": kind, "rid": rid})
    if use:
        made.set("specific-use", use)
    return made

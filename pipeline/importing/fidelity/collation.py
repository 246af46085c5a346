"""Collation: every place where a manuscript and its brief differ, and what is accounted for."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from lxml import etree

from pipeline.diagnostics import Diagnostic, Place, Words
from pipeline.flat import REFERENCE, Flat
from pipeline.flat import Piece as FlatPiece
from pipeline.importing.fidelity.codes import (
    ADDED,
    ASTRAY,
    CALL_MOVED,
    CHANGED,
    LOST,
    MOVED,
    NOTE_ADDED,
    NOTE_LOST,
    NOTE_SWAPPED,
)
from pipeline.importing.fidelity.folding import Fold
from pipeline.importing.fidelity.stretches import ALIKE, SHOWN, Joined, Window, alike, grouped, letters_of, opcodes
from pipeline.importing.fidelity.texts import TOP_ROLES, Note, Piece, Text
from pipeline.importing.originals import CALL, SYMBOL
from pipeline.notes.phrases import Phrase, phrases

Element = etree._Element

_TELLING = 6
"""How long a note is, at least, for its text to tell whose it is."""


_BRIEF = Words("匯入的文章", "the brief")
BETWEEN = frozenset("、，,；;：:／/—–-─|｜·・()（）")
"""What an author types between the parts of what stands at the top."""


@dataclass
class Collation:
    """Compares two texts. `dropped` counts what the recogniser left out; `pairs` are the calls that are one."""

    file: Path
    fold: Fold
    base: Text
    other: Text
    dropped: Counter[tuple[int, str]]
    beside: frozenset[str]
    labels: Mapping[str, str] = field(default_factory=dict)
    """The numbers that the notes had in the brief before, by their ids."""
    read: Counter[tuple[int, str]] = field(default_factory=Counter)
    """Typed references as they were read, with the numbers of today."""
    pairs: list[tuple[str, str]] = field(default_factory=list)
    unpaired: list[tuple[str, Piece, int]] = field(default_factory=list)
    """Calls of the manuscript without one in the brief: the key, the passage, and where in it."""
    strange: list[tuple[str, Piece, int]] = field(default_factory=list)
    """Calls of the brief without one in the manuscript."""
    missing: list[Piece] = field(default_factory=list)
    """Passages of the manuscript that are not in the text of the brief; typed notes are among them."""
    surplus: list[Piece] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    """Notes of the brief that are called where the author typed a figure: the figure."""

    def run(self) -> Iterator[Diagnostic]:
        """All differences."""
        ours = [self.unlabelled(each) for each in self.base.passages]
        yield from self.passages([each for each in ours if each.text], list(self.other.passages))
        yield from self.moved_passages()
        yield from self.calls()
        yield from self.notes()
        yield from self.whole_passages()

    def unlabelled(self, piece: Piece) -> Piece:
        """A passage without the words at its beginning that the program generates."""
        for (paragraph, text), count in self.dropped.items():
            if paragraph == piece.number and count and text and piece.text.startswith(text):
                rest = _without(piece, len(text))
                if self.begins(piece) and not self.begins(rest):  # 2025年 in a paragraph that calls note 2
                    continue
                self.dropped[paragraph, text] -= 1
                return replace(rest, label=text)
        return piece

    def begins(self, piece: Piece) -> bool:
        """Whether a passage of the text of the brief begins as this one."""
        return letters_of(piece)[:_TELLING] in self.beginnings

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """How the passages of the brief begin."""
        return frozenset(letters_of(each)[:_TELLING] for each in self.other.passages)

    def passages(self, ours: list[Piece], theirs: list[Piece]) -> Iterator[Diagnostic]:
        """The differences of the text: of each stretch, once it is known what stands in another place."""
        stretches: list[tuple[list[Piece], list[Piece]]] = []
        for kind, i, i_end, j, j_end in opcodes([p.text for p in ours], [p.text for p in theirs]):
            if kind == "equal":
                for one, other in zip(ours[i:i_end], theirs[j:j_end], strict=True):
                    self.pair_calls(one.calls, other.calls)
            else:
                stretches.append((ours[i:i_end], theirs[j:j_end]))
        for apart in (True, False):
            for index, (_, found) in enumerate(stretches):
                nearest = sorted(range(len(stretches)), key=lambda other: abs(other - index))
                found[:] = self.not_moved(found, [stretches[other][0] for other in nearest], apart)
        for left, found in stretches:
            kept = [each for each in left if not each.optional and not is_between(each)]
            kept = [each for each in kept if not self.left_over(each, kept)]
            for group, others in grouped(kept, found):
                yield from self.characters(group, others)

    def pair_calls(self, ours: Sequence[str], theirs: Sequence[str]) -> None:
        """Calls that are the same."""
        self.pairs += zip(ours, theirs, strict=False)

    def not_moved(self, theirs: list[Piece], stretches: Sequence[list[Piece]], apart: bool) -> list[Piece]:
        """Passages of the brief without those that may stand elsewhere and were found there, word for word.

        `apart`: only where nothing but marks stands around them; 全民防衛 is a word of a title too.
        """
        found: set[int] = set()
        for index in sorted(range(len(theirs)), key=lambda index: -len(theirs[index].text)):
            piece = theirs[index]
            if not piece.movable:
                continue
            ways = [piece, *(replace(piece, text=each) for each in piece.also)]
            if any(self.taken(way, ours, apart) for way in ways for ours in stretches) or (
                not apart and any(way.text in self.beside for way in ways)
            ):
                found.add(index)
        return [each for index, each in enumerate(theirs) if index not in found]

    def taken(self, piece: Piece, ours: list[Piece], apart: bool) -> bool:
        """Whether a passage of the brief is in a stretch of the manuscript; it is taken out of it."""
        at = next((n for n, each in enumerate(ours) if each.text == piece.text), None)
        if at is None and piece.role in TOP_ROLES:
            texts = [each.text if not self.figure_of(each) else "" for each in ours]  # a typed note may begin so
            holding = [n for n, text in enumerate(texts) if piece.text in text]
            loose = None if apart or not holding else holding[0]
            at = next((n for n in holding if _is_apart(piece.text, ours[n].text)), loose)
        if at is None and not apart and piece.role in ("caption", "attribution"):  # behind a soft return
            at = next((n for n, each in enumerate(ours) if _is_an_end(piece.text, each.text)), None)
        if at is not None:
            ours[at : at + 1] = self.cut(ours[at], piece)
        return at is not None

    def left_over(self, piece: Piece, around: Sequence[Piece]) -> bool:
        """Whether what is left of a line at the top is what the recogniser dropped of it: the keys of the units,
        which it may have dropped one by one or as a whole.
        """
        if piece.role != "cut" or piece.calls:
            return False
        rests = [each.text for each in around if each.role == "cut" and each.number == piece.number]
        left = _unmarked("".join(rests))
        known = [text for (number, text), count in self.dropped.items() if number == piece.number and count]
        return _unmarked("".join(known)) == left or left in map(_unmarked, known)

    def cut(self, piece: Piece, part: Piece) -> list[Piece]:
        """What is left of a passage without a part of it."""
        start = piece.text.index(part.text)
        before = piece.text[:start].count(CALL)
        inside = part.text.count(CALL)
        self.pair_calls(piece.calls[before : before + inside], part.calls)
        rest = piece.text[start + len(part.text) :].strip()
        head = Piece(piece.text[:start].strip(), piece.number, "cut", piece.calls[:before])
        tail = Piece(rest, piece.number, "cut", piece.calls[before + inside :])
        return [each for each in (head, tail) if each.text]

    # Characters

    def characters(self, ours: list[Piece], theirs: list[Piece]) -> Iterator[Diagnostic]:
        """The differences between passages that belong together."""
        one, other = Joined(ours), Joined(theirs)
        for kind, i, i_end, j, j_end in opcodes(one.text, other.text):
            if kind == "equal":
                self.pair_calls(one.calls(i, i_end), other.calls(j, j_end))
            else:
                yield from self.window(Window(one, i, i_end, other, j, j_end))

    def window(self, at: Window) -> Iterator[Diagnostic]:
        """One place where the two texts differ: whole passages are kept for later, the rest is looked at."""
        whole = list(at.one.whole(at.start, at.end))
        added = list(at.other.whole(at.found_start, at.found_end))
        if whole and not at.found.replace(CALL, ""):
            self.missing += [piece for piece, _, _ in whole]
            for start, end in at.one.rest(at.start, at.end, whole):
                yield from self.difference(Window(at.one, start, end, at.other, at.found_start, at.found_end))
        elif added and not at.text:
            self.surplus += [piece for piece, _, _ in added]
            for start, end in at.other.rest(at.found_start, at.found_end, added):
                yield from self.difference(Window(at.one, at.start, at.start, at.other, start, end))
        else:
            yield from self.difference(at)

    def difference(self, at: Window) -> Iterator[Diagnostic]:
        """A stretch that differs, unless it is accounted for."""
        text, found = at.text.replace(CALL, ""), at.found.replace(CALL, "")
        ours, theirs = at.one.calls(at.start, at.end), at.other.calls(at.found_start, at.found_end)
        self.pair_calls(ours, theirs)
        ours, theirs = ours[len(theirs) :], theirs[len(ours) :]
        piece = at.one.piece(at.start)
        keys = self.accounted(at, text)
        dropped = text if keys is not None else None
        if theirs and dropped is not None and not ours:
            self.typed.update(zip(theirs, _figures(dropped, theirs, keys), strict=True))
            theirs = ()
        self.unpaired += [(key, piece, at.one.offset(at.start)) for key in ours]
        self.strange += [(key, at.other.piece(at.found_start), at.other.offset(at.found_start)) for key in theirs]
        if dropped is not None and not found.strip(REFERENCE):
            return
        if REFERENCE in found:
            yield from self.reference(at, text, found)
        elif text and text.count(SYMBOL) == len(text) == len(found):
            return
        elif text.strip() or found.strip() or ((text or found) and not at.at_an_end):
            yield from self.changed(at, text, found)

    def accounted(self, at: Window, text: str) -> tuple[str, ...] | None:
        """What the recogniser left out of the passage, in order, if that is the text; None if it isn't."""
        left = text.strip()
        piece = at.one.piece(at.start)
        if not left:
            return None
        if piece.hidden and left in piece.hidden:
            return (text,)
        found = []
        known = [key for key, count in self.dropped.items() if key[0] == piece.number and key[1] and count]
        for key in sorted(known, key=lambda key: -len(key[1])):
            if key[1] in left:
                left = left.replace(key[1], "", 1).strip()
                found.append(key[1])
                self.dropped[key] -= 1
        if left.strip("".join(BETWEEN) if piece.role == "cut" else " "):
            return None
        return tuple(sorted(found, key=text.find))

    def reference(self, at: Window, text: str, found: str) -> Iterator[Diagnostic]:
        """Typed words in the place of which the brief has a link."""
        before, _, behind = found.partition(REFERENCE)
        framed = text.startswith(before) and text.endswith(behind) and len(text) >= len(before + behind)
        inside = text[len(before) : len(text) - len(behind)]
        xref = at.other.xref(at.found_start + at.found.index(REFERENCE))
        numbering = self.other.numbering
        assert numbering is not None
        if REFERENCE in behind or xref is None or not framed:
            yield from self.changed(at, text, found)
            return
        piece = at.one.piece(at.start)
        if not text and not before and not at.one.offset(at.start) and piece.label:
            return
        words = self.fold(numbering.words.get(xref, ""))
        if inside.replace(" ", "") == words.replace(" ", ""):
            return
        phrase = _typed_reference(inside)
        target = numbering.targets.get(xref)
        if phrase is not None and inside[phrase.end :].strip(" ."):
            yield LOST.at(
                self.place(piece), where=self.where(piece), text=shortened(inside[phrase.end :]), around=""
            )
            return
        if target is not None and inside and self.labels.get(target.get("id", "")) == inside:
            return  # another call of the note, with the number it had
        if phrase is None or target is None:
            yield from self.changed(at, text, found.replace(REFERENCE, words or "…"))
            return
        label = numbering.notes.get(target, "")
        number = str(phrase.number) if phrase.number is not None else ""
        if number and not self.meant(piece, inside, number, target):
            yield ASTRAY.at(self.place(piece), where=self.where(piece), text=inside, found=label)

    def meant(self, piece: Piece, words: str, typed: str, target: Element) -> bool:
        """Whether a typed number means the target: now, or when the file was written, before notes were put in or
        taken out. A field of a program says which note it means: it was recognised with the number of today.
        """
        if self.leads(typed, target) or self.labels.get(target.get("id", "")) == typed:
            return True
        form = _without_figures(words)
        for known in (self.dropped, self.read):
            for key in [key for key, count in known.items() if count and key[0] == piece.number]:
                phrase = _typed_reference(key[1]) if _without_figures(key[1]) == form else None
                if phrase is not None and self.leads(str(phrase.number), target):
                    known[key] -= 1
                    return True
        return False

    def leads(self, typed: str, target: Element) -> bool:
        """Whether the note with a typed number is the target, or refers to it."""
        numbering = self.other.numbering
        assert numbering is not None
        note = next((note for note, label in numbering.notes.items() if label == typed), None)
        if note is None or note is target:
            return note is target
        return any(numbering.targets.get(xref) is target for xref in note.iter("xref"))

    def changed(self, at: Window, text: str, found: str) -> Iterator[Diagnostic]:
        """A stretch that was lost, added or changed."""
        piece = at.one.piece(at.start) if at.one.pieces else at.other.piece(at.found_start)
        values = {
            "where": self.where(piece),
            "text": shortened(text),
            "found": shortened(found),
            "around": at.around,
        }
        code = LOST if not found else ADDED if not text else CHANGED
        if code is ADDED:
            values["text"] = shortened(found)
        yield code.at(self.place(piece), **values)

    # Notes

    def calls(self) -> Iterator[Diagnostic]:
        """Calls that are not where they were: moved where the note is still there."""
        self.typed_by_authors()
        for key, piece, offset in list(self.unpaired):
            note = self.base.note(key)
            text = note.text if note else ""
            moved = next((each for each in self.strange if _same(self.other.note(each[0]), text)), None)
            if moved is None and len(self.unpaired) == len(self.strange) == 1:
                moved = self.strange[0]
            if moved is not None:
                self.strange.remove(moved)
                self.pairs.append((key, moved[0]))
                yield CALL_MOVED.at(
                    self.place(piece),
                    note=note.label if note else "",
                    text=_before(piece.text, offset),
                    found=_before(moved[1].text, moved[2]),
                )
            elif note is not None:
                yield NOTE_LOST.at(self.place(piece), note=note.label, text=shortened(text))
        for key, piece, _ in self.strange:
            added = self.other.note(key)
            if added is not None and key not in self.typed:
                yield NOTE_ADDED.at(self.place(piece), text=shortened(added.text))

    def typed_by_authors(self) -> None:
        """Notes of authors that are paragraphs of the manuscript: an address, 作者為 …; none has a figure."""
        known = {key for _, key in self.pairs} | self.typed.keys()
        for note in self.other.notes:
            if not note.of_author or note.key in known:
                continue
            if any(alike(each.text, note.text) >= ALIKE for each in self.missing):
                self.typed[note.key] = ""

    def notes(self) -> Iterator[Diagnostic]:
        """Each note against the one that is called at the same place; typed notes against their paragraphs."""
        texts = {note.key: note.text for note in self.other.notes}
        seen: set[tuple[str, str]] = set()
        for key, other_key in sorted(self.pairs, key=lambda pair: int(pair[0] or 0)):
            one, other = self.base.note(key), self.other.note(other_key)
            if one is None or other is None or (key, other_key) in seen or one.text == other.text:
                continue
            seen.add((key, other_key))
            whose = next(
                (each for each in self.base.notes if each.text == other.text and len(each.text) >= _TELLING), None
            )
            if whose is not None and one.text in texts.values():
                place = self.place(one.passages[0]) if one.passages else Place(self.file)
                yield NOTE_SWAPPED.at(place, note=one.label, text=shortened(one.text), other=whose.label)
                continue
            ours = [self.unlabelled(each) for each in one.passages]
            yield from self.characters([each for each in ours if each.text], list(other.passages))
        yield from self.typed_notes()

    def typed_notes(self) -> Iterator[Diagnostic]:
        """Notes typed as a list: their text stands in paragraphs of the manuscript, under its figure."""
        last = 0
        for note in [note for note in self.other.notes if note.key in self.typed]:
            figure = _figure(self.typed[note.key])
            runs = list(_runs_of(self.missing, note.text))
            exact = next((run for run in runs if self.figure_of(self.missing[run[0]]) == figure), None)
            exact = exact or (runs[0] if runs else None)
            if exact is not None:
                entry = self.missing[exact[0]]
                del self.missing[exact[0] : exact[1]]
            else:
                nearest = max(self.missing, key=lambda each: alike(each.text, note.text), default=None)
                if nearest is None or (alike(nearest.text, note.text) < ALIKE and REFERENCE not in note.text):
                    if note.text:
                        yield NOTE_ADDED.at(Place(self.file), text=shortened(note.text))
                    continue
                entry = nearest
                self.missing.remove(entry)
                yield from self.characters([entry], list(note.passages))
            if note.of_author:
                continue
            under = self.figure_of(entry)
            if under != figure if under and figure else entry.number < last:
                place = self.place(entry)
                yield NOTE_SWAPPED.at(
                    place, note=under or "？", text=shortened(entry.text), other=figure or note.label
                )
            last = max(last, entry.number)

    def figure_of(self, entry: Piece) -> str:
        """The figure that the author typed before a note in the list."""
        return _figure(entry.label)

    # Whole passages

    def moved_passages(self) -> Iterator[Diagnostic]:
        """Passages that the brief has elsewhere; the notes of those that it has not are called nowhere."""
        for piece in list(self.missing):
            elsewhere = next((each for each in self.surplus if each.text == piece.text), None)
            if elsewhere is None:
                self.unpaired += [(key, piece, piece.text.index(CALL)) for key in piece.calls]
                continue
            self.missing.remove(piece)
            self.surplus.remove(elsewhere)
            self.pair_calls(piece.calls, elsewhere.calls)
            if not elsewhere.movable:
                yield MOVED.at(self.place(piece), text=shortened(piece.text))
        for piece in self.surplus:
            self.strange += [(key, piece, piece.text.index(CALL)) for key in piece.calls]

    def whole_passages(self) -> Iterator[Diagnostic]:
        """Passages of which nothing was found on the other side."""
        for piece in self.missing:
            text = piece.text.replace(CALL, "").strip()
            if piece.hidden and text in piece.hidden:
                continue
            if self.dropped[piece.number, text] > 0:
                self.dropped[piece.number, text] -= 1
            elif text and not is_between(piece):
                yield LOST.at(self.place(piece), where=self.where(piece), text=shortened(text), around="")
        for piece in self.surplus:
            text = piece.text.replace(CALL, "").strip()
            if text and text not in self.beside:
                yield ADDED.at(Place(self.file), where=_BRIEF, text=shortened(text), around="")

    def place(self, piece: Piece) -> Place:
        """Where a passage stands in the manuscript."""
        line = max(piece.number, 1)
        return Place(self.file, line, 1, line, 1)

    def where(self, piece: Piece) -> Words:
        """What a passage is called in a message: an author counts paragraphs, and knows their first words."""
        if not piece.number:
            return _BRIEF
        return Words(f"第{piece.number}段", f"paragraph {piece.number}")


def _without_figures(text: str) -> str:
    return re.sub(r"[0-9\s]", "", unicodedata.normalize("NFKC", text))


def _without(piece: Piece, count: int) -> Piece:
    calls = piece.calls[piece.text[:count].count(CALL) :]
    text = piece.text[count:].lstrip()
    return Piece(text, piece.number, piece.role, calls, piece.xrefs, piece.hidden, piece.optional)


def _is_an_end(part: str, text: str) -> bool:
    return text.startswith(part) or (text.endswith(part) and text.count(part) == 1)


def _is_apart(part: str, text: str) -> bool:
    """Whether a part stands in a text between marks."""
    start = text.index(part)
    around = (text[:start].strip()[-1:], text[start + len(part) :].strip()[:1])
    return all(not each or each in BETWEEN or each == CALL for each in around)


def is_between(piece: Piece) -> bool:
    """Whether a passage is only the marks that stood between parts at the top."""
    return piece.role == "cut" and not piece.text.strip(" " + "".join(BETWEEN))


def _unmarked(text: str) -> str:
    """The letters of a text without the marks between parts."""
    return "".join(each for each in text if each not in BETWEEN and each not in f"{CALL} ")


def _same(note: Note | None, text: str) -> bool:
    return note is not None and note.text == text


def shortened(text: str) -> str:
    """A text as a message quotes it."""
    text = text.replace(CALL, "").replace(SYMBOL, "□").replace(REFERENCE, "…")
    return text if len(text) <= 40 else text[:24] + "…" + text[-15:]


def _before(text: str, offset: int) -> str:
    return text[:offset].replace(CALL, "")[-SHOWN:]


def _runs_of(pieces: Sequence[Piece], text: str) -> Iterator[tuple[int, int]]:
    """Where passages in a row are a text."""
    for start in range(len(pieces)):
        joined = ""
        for end in range(start, len(pieces)):
            joined += pieces[end].text
            if joined == text:
                yield start, end + 1
                break
            if not text.startswith(joined):
                break


def _figures(typed: str, calls: Sequence[str], dropped: Sequence[str] | None) -> Sequence[str]:
    """What the author typed for each of several notes that are called at one place: 1,2 or one behind another."""
    if len(calls) == 1:
        return (typed,)
    apart = [each for each in dropped or () if _figure(each)]
    for found in (re.findall("[0-9]+", unicodedata.normalize("NFKC", typed)), apart, list(_figure(typed))):
        if len(found) == len(calls):
            return found
    return [""] * len(calls)


def _figure(typed: str) -> str:
    """The number in what is typed where a note is called, or before it in a list."""
    return "".join(re.findall("[0-9]+", unicodedata.normalize("NFKC", typed)))


def _typed_reference(text: str) -> Phrase | None:
    """The typed reference with which a text begins, an author or title before it; None where it is none."""
    paragraph = etree.Element("p")
    paragraph.text = text
    flat = Flat(paragraph, text, (FlatPiece(0, len(text), paragraph, "text"),), ())
    return next((phrase for phrase in phrases(flat) if phrase.begin == 0), None)

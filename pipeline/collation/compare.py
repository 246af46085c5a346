"""Compare two texts of one brief: first whether they are equal, then where and how they are not."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from urllib.parse import quote

from pipeline.collation import codes
from pipeline.collation.text import BREAK, CALL, CALL_END, REFERENCE, TOKEN, Mark, NoteText, Passage, Witness
from pipeline.diagnostics import Code, Words
from pipeline.profiles import profile

_ASCII = "".join(map(chr, range(128)))
_CONTEXT = 12
_SHOWN = 40
_TELLING = 8
"""How long the text of a note is, at least, to tell whose it is."""
_ALIKE = 0.4
"""How much of their pairs of characters two passages share, at least, to be one passage that was changed."""

_ROLES = {
    "focus": Words("焦點類別", "the focus"),
    "title": Words("題名", "the title"),
    "subtitle": Words("副題", "the subtitle"),
    "translated title": Words("外文題名", "the translated title"),
    "author": Words("作者", "the author"),
    "English name": Words("英文姓名", "the English name"),
    "ORCID": Words("ORCID", "the ORCID"),
    "history": Words("日期與DOI", "the dates and DOI"),
    "unit": Words("單位", "the unit"),
    "abstract": Words("摘要", "the abstract"),
    "keywords": Words("關鍵詞", "the keywords"),
    "date": Words("日期", "a date"),
    "DOI": Words("DOI", "the DOI"),
    "heading": Words("標題", "a heading"),
    "paragraph": Words("段落", "a paragraph"),
    "quotation": Words("引文", "a quotation"),
    "attribution": Words("引文出處", "the attribution"),
    "alternative text": Words("替代文字", "the alternative text"),
    "caption": Words("圖表標題", "the caption"),
    "caption text": Words("圖表說明", "the text of the caption"),
    "source": Words("資料來源", "the source of a figure or table"),
    "figure": Words("圖", "a figure"),
    "table": Words("表", "a table"),
    "text": Words("段落外的文字", "text outside paragraphs"),
}
_STYLES = {
    "": Words("平常字樣", "plain"),
    "italic": Words("斜體", "italic"),
    "bold": Words("粗體", "bold"),
    "sup": Words("上標", "superscript"),
    "sub": Words("下標", "subscript"),
    "emphasis-mark": Words("著重號", "with emphasis marks"),
    "proper-name": Words("私名號", "a marked proper name"),
    "book-title": Words("書名號", "a marked title"),
}


@dataclass(frozen=True)
class Scope:
    """What an edition can show, and so what is compared. Characters, order and roles always are."""

    marks: frozenset[str] = frozenset({"link", "ruby", "to", "call", "style"})
    languages: bool = True
    supplies: bool = True
    back_links: bool = True
    roles: bool = True
    parts: frozenset[str] | None = None


HYPERTEXT = Scope()
TAGGED = Scope(marks=frozenset({"link", "ruby", "to", "call"}), supplies=False)


@dataclass(frozen=True)
class Difference:
    """One difference: its code and the values of the message, and the passage of the base text it is about.

    `start` to `end` are the characters of `passage`; where the witness has more than the base, the place before.
    """

    code: Code
    passage: Passage | None
    start: int
    end: int
    values: Mapping[str, object]


def differences(base: Witness, other: Witness, scope: Scope = HYPERTEXT) -> Iterator[Difference]:
    """All differences between the text of a witness and the base text, in the order of the base."""
    for part in dict.fromkeys((*base.parts, *other.parts)):
        if scope.parts is None or part in scope.parts:
            ours, theirs = base.parts.get(part, ()), other.parts.get(part, ())
            yield from _Part(base, scope, part == "body").passages(ours, theirs)
    yield from _notes(base, other, scope)


# Notes


def misnumbered(base: Witness) -> Iterator[Difference]:
    """Where the numbers of notes are not 1, 2, 3 … in the order in which a reader meets their calls."""
    met: list[str] = []
    for passage in [passage for part in base.parts.values() for passage in part]:
        for call in TOKEN.findall(passage.text):
            label = call[1:-1]
            expected = str(sum(each.isdecimal() for each in met) + 1)
            if label in met or not label.isdecimal():
                continue
            met.append(label)
            if label != expected:
                where, start = Words("註號", "the call of a note"), passage.text.index(call)
                values = {"where": where, "expected": expected, "found": label}
                yield Difference(codes.GENERATED, passage, start, start, values)
                return
    for note in base.notes:
        if note.label.isdecimal() and note.label not in met:
            where = Words(f"註{note.label}的註號", f"the call of note {note.label}")
            first = note.passages[0] if note.passages else None
            values = {"where": where, "expected": note.label, "found": "∅"}
            yield Difference(codes.GENERATED, first, 0, 0, values)


def _notes(base: Witness, other: Witness, scope: Scope) -> Iterator[Difference]:
    labels = {_whole(note): note.label for note in base.notes}
    left = list(other.notes)
    for note in base.notes:
        found = next((each for each in left if each.label == note.label), None)
        if found is None:
            yield _of_note(codes.NOTE_MISSING, note, note)
            continue
        left.remove(found)
        written = _whole(found)
        whose = labels.get(written, note.label)
        if whose != note.label and written != _whole(note) and len(written) >= _TELLING:
            yield _of_note(codes.NOTE_SWAPPED, note, found, other=whose)
        else:
            yield from _Part(base, scope, of_note=note.label).passages(note.passages, found.passages)
            yield from _back(note, found, scope)
    for note in left:
        same = next((each for each in base.notes if each.label == note.label), None)
        yield _of_note(codes.NOTE_ADDED, same or (base.notes[-1] if base.notes else None), note)
    for numbered in (False, True):
        yield from _moved(
            [note for note in base.notes if note.label.isdecimal() == numbered],
            [note for note in other.notes if note.label.isdecimal() == numbered and note not in left],
        )


def _moved(ours: Sequence[NoteText], theirs: Sequence[NoteText]) -> Iterator[Difference]:
    """The first note out of order among those of one series: the author notes (*) stand anywhere beside numbers,
    before all of them in hypertext, on the page of their call in print.
    """
    order = [note.label for note in theirs]
    known = [note for note in ours if note.label in order]
    if sorted(order) != sorted(note.label for note in known):
        return
    for note, label in zip(known, order, strict=True):
        if note.label != label:
            passage = note.passages[0] if note.passages else None
            where = Words(f"註{note.label}", f"note {note.label}")
            yield Difference(codes.MOVED, passage, 0, 0, {"where": where, "text": shown(_whole(note))})
            return


def _of_note(code: Code, base: NoteText | None, note: NoteText, **values: object) -> Difference:
    passage = base.passages[0] if base is not None and base.passages else None
    return Difference(code, passage, 0, 0, {"note": note.label, "text": shown(_whole(note)), **values})


def _whole(note: NoteText) -> str:
    return "".join(passage.text for passage in note.passages)


def _back(base: NoteText, found: NoteText, scope: Scope) -> Iterator[Difference]:
    if not scope.back_links:
        return
    back = [mark.value for passage in found.passages for mark in passage.marks if mark.kind == "back"]
    expected = f"call of note {base.label}"
    if back != [expected]:
        where = Words(f"註{base.label}", f"note {base.label}")
        led = named(back[0] if back else "nothing") if len(back) < 2 else Words("兩處", "two places")
        yield Difference(
            codes.LEADS_ASTRAY,
            base.passages[0] if base.passages else None,
            0,
            0,
            {"where": where, "text": "↩", "expected": named(expected), "found": led},
        )


# Passages


@dataclass
class _Part:
    """Compares the passages of one part, or of one note (`of_note` is its number)."""

    base: Witness
    scope: Scope
    counted: bool = False
    of_note: str = ""
    used: set[int] = field(default_factory=set)

    def passages(self, ours: Sequence[Passage], theirs: Sequence[Passage]) -> Iterator[Difference]:
        if [each.text for each in ours] == [each.text for each in theirs]:
            for position, (one, other) in enumerate(zip(ours, theirs, strict=True), start=1):
                yield from self.pair(one, other, position)
            return
        matcher = SequenceMatcher(None, [p.text for p in ours], [p.text for p in theirs], autojunk=False)
        left, right = [], []
        pairs: list[tuple[int, int]] = []
        for kind, i, i_end, j, j_end in matcher.get_opcodes():
            if kind == "equal":
                pairs += zip(range(i, i_end), range(j, j_end), strict=True)
            else:
                changed = _alike(ours, range(i, i_end), theirs, range(j, j_end))
                pairs += changed
                left += [n for n in range(i, i_end) if n not in dict(changed)]
                right += [n for n in range(j, j_end) if n not in {other for _, other in changed}]
        for i, j in sorted(pairs):
            yield from self.pair(ours[i], theirs[j], i + 1)
        yield from self.unpaired(ours, left, theirs, right)

    def unpaired(
        self, ours: Sequence[Passage], left: list[int], theirs: Sequence[Passage], right: list[int]
    ) -> Iterator[Difference]:
        for i in left:
            elsewhere = next((j for j in right if theirs[j].text == ours[i].text), None)
            code = codes.MISSING if elsewhere is None else codes.MOVED
            if elsewhere is not None:
                right.remove(elsewhere)
            values = {"where": self.where(ours[i], i + 1), "text": shown(ours[i].text or ours[i].label)}
            yield Difference(code, ours[i], 0, len(ours[i].text), values)
        for j in right:
            before = ours[min(j, len(ours)) - 1] if j and ours else (ours[0] if ours else None)
            values = {"where": self.where(theirs[j], 0), "text": shown(theirs[j].text)}
            yield Difference(codes.ADDED, before, 0, 0, values)

    def where(self, passage: Passage, position: int) -> Words:
        """What a passage is called in a message."""
        kind = role_in_words(passage.role)
        if self.of_note:
            nth = Words(f"第{position}段", f", paragraph {position}")
            if not position:
                nth = Words("的一段", ", a paragraph")
            return Words(f"註{self.of_note}{nth.zh}", f"note {self.of_note}{nth.en}")
        if self.counted and position:
            return Words(f"正文第{position}段（{kind.zh}）", f"passage {position} of the text ({kind.en})")
        return kind

    def pair(self, one: Passage, other: Passage, position: int) -> Iterator[Difference]:
        """The differences between two passages that are one."""
        where = self.where(one, position)
        if one.text != other.text:
            yield from _characters(one, other, where)
        if self.scope.roles and one.role != other.role:
            values = {"where": where, "text": shown(one.text), "found": role_in_words(other.role)}
            yield Difference(codes.ROLE, one, 0, len(one.text), values)
        if one.label != other.label:
            values = {"where": where, "expected": one.label or "∅", "found": other.label or "∅"}
            yield Difference(codes.GENERATED, one, 0, 0, values)
        if one.text != other.text:
            yield from self.moved_marks(one, other, where)
            return
        yield from self.marks(one, other, where)
        yield from self.supplied(one, other, where)
        if self.scope.languages and one.languages != other.languages:
            yield from _languages(one, other, where)

    def of_kinds(self, passage: Passage) -> list[Mark]:
        return [
            mark._replace(value=address(mark.value)) if mark.kind == "link" else mark
            for mark in passage.marks
            if mark.kind in self.scope.marks
        ]

    def marks(self, one: Passage, other: Passage, where: Words) -> Iterator[Difference]:
        ours, theirs = self.of_kinds(one), self.of_kinds(other)
        if ours == theirs:
            return
        found = {(mark.start, mark.end, mark.kind): mark.value for mark in theirs if mark not in ours}
        for mark in ours:
            if mark not in theirs:
                yield _mark(one, mark, found.pop((mark.start, mark.end, mark.kind), ""), where)
        for (start, end, kind), value in found.items():
            yield _mark(one, Mark(start, end, kind, ""), value, where)

    def moved_marks(self, one: Passage, other: Passage, where: Words) -> Iterator[Difference]:
        """Addresses in a passage whose characters differ too: a clipped address is often clipped twice."""
        theirs = [mark.value for mark in other.marks if mark.kind == "link"]
        ours = [mark for mark in one.marks if mark.kind == "link" and "link" in self.scope.marks]
        if len(ours) == len(theirs):
            for mark, value in zip(ours, theirs, strict=True):
                if address(mark.value) != address(value):
                    yield _mark(one, mark, value, where)

    def supplied(self, one: Passage, other: Passage, where: Words) -> Iterator[Difference]:
        """The sources that stand behind references: those of the archive, else of the notes they name."""
        cites = [mark for mark in one.marks if mark.kind == "cites"] if self.scope.supplies else []
        given = [mark.value for mark in other.marks if mark.kind == "supplied"]
        known = [mark for mark in one.marks if mark.kind == "supplied"]
        for index, cite in enumerate(cites):
            until = cites[index + 1].start if index + 1 < len(cites) else len(one.text) + 1
            archived = next((mark.value for mark in known if cite.end <= mark.start < until), None)
            found, *links = (given[index] if index < len(given) else "").split("\n")
            whole = self.note_text(cite.value)
            known_links = {address(mark.value) for mark in self.note_marks(cite.value) if mark.kind == "link"}
            if not known_links.issuperset(map(address, links)):
                wrong = next(link for link in links if address(link) not in known_links)
                values = {"where": where, "expected": " ".join(sorted(known_links)) or "∅", "found": wrong or "∅"}
                yield Difference(codes.ADDRESS, one, cite.start, cite.end, values)
            if not _is_source(found, archived, whole, self.base.lang):
                text = one.text[cite.start : cite.end]
                expected = archived or whole
                values = {"where": where, "text": text, "expected": shown(expected), "found": shown(found) or "∅"}
                yield Difference(codes.SUPPLIED, one, cite.start, cite.end, values)
        for extra in given[len(cites) :]:
            values = {"where": where, "text": shown(one.text), "expected": "∅", "found": shown(extra)}
            yield Difference(codes.SUPPLIED, one, 0, 0, values)

    def note_marks(self, name: str) -> list[Mark]:
        notes = [note for note in self.base.notes if f"note {note.label}" == name]
        return [mark for note in notes for passage in note.passages for mark in passage.marks]

    def note_text(self, name: str) -> str:
        return next((_whole(note) for note in self.base.notes if f"note {note.label}" == name), "")


def _is_source(found: str, archived: str | None, note: str, lang: str) -> bool:
    """Whether what an edition supplies is the source: as the archive has it, or in the words of the note."""
    before, after = profile(lang).words["supplied"].split("{source}")
    if not found.startswith(before) or not found.endswith(after) or len(found) <= len(before + after):
        return False
    if archived is not None and solid(found) == solid(archived):
        return True
    inside = solid(found[len(before) : len(found) - len(after)]).rstrip("。.")
    if archived is None:
        return inside == solid(TOKEN.sub("", note)).rstrip("。.") or inside in solid(TOKEN.sub("", note))
    return inside in solid(TOKEN.sub("", note))


def address(written: str) -> str:
    """An address as a URI: what is no ASCII stands encoded, as a browser would send it (RFC 3987, 3.1)."""
    return written if written.isascii() else quote(written, safe=_ASCII)


def solid(text: str) -> str:
    """Text without blanks."""
    return "".join(text.split())


def _alike(ours: Sequence[Passage], left: range, theirs: Sequence[Passage], right: range) -> list[tuple[int, int]]:
    """Pairs of passages that are one, changed: in order, the most alike first."""
    alone = len(left) == len(right) == 1
    scores = []
    for i in left:
        for j in right:
            likeness = _likeness(ours[i].text, theirs[j].text)
            if likeness >= _ALIKE or (alone and _same_slot(ours[i], theirs[j])):
                scores.append((-likeness - 0.3 * (ours[i].role == theirs[j].role), i, j))
    pairs: list[tuple[int, int]] = []
    for _, i, j in sorted(scores):
        if all((i < a) == (j < b) and i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    return pairs


def _same_slot(one: Passage, other: Passage) -> bool:
    """Whether two passages that are unlike stand in the one place: a cell, a title, a short heading."""
    return one.role == other.role and bool(other.text) and max(len(one.text), len(other.text)) < _SHOWN


def _likeness(one: str, other: str) -> float:
    """The share of pairs of characters that two texts have in common, from 0 to 1."""
    if one == other:
        return 1.0
    first, second = ({text[n : n + 2] for n in range(len(text) - 1)} for text in (one, other))
    return len(first & second) / max(min(len(first), len(second)), 1) if first and second else 0.0


# Characters, marks, languages


def atoms(text: str) -> list[str]:
    """The characters of a text, the call of a note being one."""
    return re.findall(f"{TOKEN.pattern}|.", text, re.DOTALL)


def _characters(one: Passage, other: Passage, where: Words) -> Iterator[Difference]:
    ours, theirs = atoms(one.text), atoms(other.text)
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    opcodes = [opcode for opcode in matcher.get_opcodes() if opcode[0] != "equal"]
    if len(opcodes) > 4:
        opcodes = [("replace", opcodes[0][1], opcodes[-1][2], opcodes[0][3], opcodes[-1][4])]
    for _, i, i_end, j, j_end in opcodes:
        start = sum(map(len, ours[:i]))
        lost, found = "".join(ours[i:i_end]), "".join(theirs[j:j_end])
        before = "".join(ours[max(i - _CONTEXT, 0) : i])
        values = {"where": where, "change": _change(lost, found), "before": shown(before, clip=False)}
        yield Difference(codes.CHANGED, one, start, start + len(lost), values)


def _change(lost: str, found: str) -> Words:
    a, b = shown(lost), shown(found)
    if lost and found:
        return Words(f"的「{a}」成了「{b}」", f"“{a}” has become “{b}”")
    if lost:
        return Words(f"少了「{a}」", f"“{a}” is missing")
    return Words(f"多了「{b}」", f"“{b}” is added")


def _mark(passage: Passage, mark: Mark, found: str, where: Words) -> Difference:
    code = {"link": codes.ADDRESS, "ruby": codes.RUBY, "style": codes.STYLE}.get(mark.kind, codes.LEADS_ASTRAY)
    expected: object = mark.value or "∅"
    led: object = found or "∅"
    if code is codes.STYLE:
        expected, led = _style(mark.value), _style(found)
    elif code is codes.LEADS_ASTRAY:
        expected, led = named(mark.value), named(found)
    text = passage.text[mark.start : mark.end]
    if mark.kind == "call":
        call = TOKEN.match(passage.text, mark.start)
        text = call[0] if call else text
    values = {"where": where, "text": shown(text), "expected": expected, "found": led}
    return Difference(code, passage, mark.start, mark.end, values)


def _style(name: str) -> Words:
    return _STYLES.get(name, Words(name, name))


def _languages(one: Passage, other: Passage, where: Words) -> Iterator[Difference]:
    letters = [n for n, each in enumerate(TOKEN.sub(lambda t: "\0" * len(t[0]), one.text)) if each.isalpha()]
    ours, theirs = one.letter_languages(), other.letter_languages()
    index = 0
    while index < min(len(ours), len(theirs)):
        end, here = index, (ours[index], theirs[index])
        while here[0] != here[1] and end < min(len(ours), len(theirs)) and (ours[end], theirs[end]) == here:
            end += 1
        if end > index:
            start, stop = letters[index], letters[end - 1] + 1
            text = shown(one.text[start:stop])
            values = {"where": where, "text": text, "expected": ours[index], "found": theirs[index] or "∅"}
            yield Difference(codes.LANGUAGE, one, start, stop, values)
        index = max(end, index + 1)


# Words


def role_in_words(role: str) -> Words:
    """A role in words: item 2/paragraph becomes 段落（列項2） and a paragraph (item 2)."""
    *around, last = role.split("/")
    found = [_role(each) for each in around]
    own = _role(last)
    if not found:
        return own
    return Words(
        f"{own.zh}（{'、'.join(each.zh for each in found)}）", f"{own.en} ({', '.join(each.en for each in found)})"
    )


def _role(name: str) -> Words:
    kind, _, number = name.rpartition(" ")
    if kind == "item":
        return Words(f"列項{number}", f"item {number}")
    if kind in ("cell", "heading") and "." in number:
        row, _, column = number.partition(".")
        head = Words("表頭", "the heading") if kind == "heading" else Words("儲存格", "the cell")
        return Words(f"{head.zh}（第{row}列第{column}格）", f"{head.en} in row {row}, column {column}")
    return _ROLES.get(name, Words(name, name))


_NAMED = {"note": "註{}", "call of note": "註號{}", "fig": "第{}個圖", "table": "第{}個表", "sec": "第{}節",
          "page": "第{}頁"}  # fmt: skip


def named(target: str) -> Words:
    """What a link leads to in words: note 3, fig 1, nothing."""
    kind, _, number = target.rpartition(" ")
    if kind in _NAMED:
        return Words(_NAMED[kind].format(number), target)
    return Words("別處" if target not in ("", "nothing") else "不存在的地方", target or "nothing")


def shown(text: str, *, clip: bool = True) -> str:
    """A text for a message: on one line, calls in brackets, cut short in the middle."""
    text = text.replace(CALL, "［").replace(CALL_END, "］").replace(BREAK, "⏎").replace(REFERENCE, "…")
    text = " ".join(text.split("\n"))
    return text if not clip or len(text) <= _SHOWN else f"{text[: _SHOWN - 11]}…{text[-10:]}"

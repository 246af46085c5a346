"""Typed references: 同前註, 前揭註5, Ibid. that an author typed as words, what they point at, and their links.

A typed number is right until a note is inserted before it. Here such words are found, traced to the source
they mean by the order in which the notes stand now, and replaced by links, of which the numbers are computed.
Where the words could mean two things they are left alone, and the reason is given: a wrong link is worse than
none.

    words ──▶ the note they count out ──(a note that only refers)──▶ … ──▶ the note with the source
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from xml.sax.saxutils import quoteattr

from lxml import etree

from pipeline.bibliography.same import plain
from pipeline.citations.recognise import recognise
from pipeline.citations.works import Name, Work
from pipeline.diagnostics import Edit, Place, Words
from pipeline.flat import REFERENCE, Flat, Piece, flat
from pipeline.notes.graph import CITATION, NOTE, Citation, Note, Reference, Use, note_around, note_graph
from pipeline.notes.phrases import Phrase, phrases
from pipeline.parse import Source

Element = etree._Element


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed reference: characters `start` to `end` (exclusive) of a paragraph.

    They include the author or title before it where the link says that itself (王大明，前揭註5). `note` is the
    note it stands in, None in running text. Either `target` is the element for a link to name, a note or a
    `mixed-citation`, or `doubt` says why there is none.
    """

    paragraph: Flat
    start: int
    end: int
    note: Element | None
    use: Use
    target: Element | None = None
    doubt: Words | None = None

    @property
    def words(self) -> str:
        """What was typed."""
        return self.paragraph.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Series:
    """Notes that an author's program counted together: the ids of the `fn` by the numbers that he saw.

    `whole`: whether these are all the numbers there were. `kind`: series of one kind (the footnotes of two
    sections) follow one another.
    """

    ids: Mapping[int, str]
    whole: bool = True
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """Typed words that become a link to the element with the id `rid`."""

    place: Place
    words: str
    rid: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """Typed words that stay as they are, and why."""

    place: Place
    words: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Linking:
    """The edits that put links in the place of typed references; what they link, and what they leave alone."""

    edits: tuple[Edit, ...]
    linked: tuple[Linked, ...]
    undecided: tuple[Undecided, ...]


def typed_references(source: Source, series: Mapping[str, Series] | None = None) -> tuple[Typed, ...]:
    """The typed references of a brief: those of the notes in their order, then those of the running text.

    `series`: as in `link_edits`.
    """
    reader = _Reader(source, series)
    found = [typed for note in reader.notes for typed in reader.read(note)]
    for paragraph in _running_text(source.root):
        found += reader.read_running_text(paragraph)
    return tuple(found)


def link_edits(source: Source, stale: Collection[str] = (), series: Mapping[str, Series] | None = None) -> Linking:
    """Link every typed reference of a brief that can be decided. Linking the result again changes nothing.

    `stale` are the texts, without blanks, of paragraphs in which numbers are known to be old: they stay.
    `series` are the numbers by which the author knew the notes, by the id of the note in which he typed; without
    them the notes are counted as they stand.
    """
    ids = _Ids(source)
    edits: list[Edit] = []
    linked: list[Linked] = []
    undecided: list[Undecided] = []
    for typed in typed_references(source, series):
        place = typed.paragraph.place(source, typed.start, typed.end)
        is_stale = "".join(typed.paragraph.text.split()) in stale
        replaced = _replaced(source, typed) if typed.target is not None and not is_stale else None
        if typed.target is None or replaced is None:
            undecided.append(Undecided(place, typed.words, _GONE if is_stale else typed.doubt or _MARKUP))
        else:
            rid = ids.of(typed.target)
            edits.append(Edit(replaced.start, replaced.end, link(rid, typed.use) + replaced.text))
            linked.append(Linked(place, typed.words, rid))
    return Linking((*ids.given, *edits), tuple(linked), tuple(undecided))


def link(rid: str, use: Use) -> str:
    """The markup of a link."""
    return f'<xref ref-type="fn" rid={quoteattr(rid)} specific-use="{use}"/>'


_NO_RUNNING_TEXT = {NOTE, "disp-quote", "table-wrap", "fig"}
"""Elements in which words are another author's, or speak of the notes of a table."""


def _running_text(root: Element) -> Iterator[Flat]:
    body = root.find("body")
    for paragraph in body.iter("p") if body is not None else ():
        if not any(holder.tag in _NO_RUNNING_TEXT for holder in paragraph.iterancestors()):
            yield flat(paragraph)


# Why a reference stays as it is

_GONE = Words("它指的註已經刪掉了", "the note it pointed at is gone")
_MISSING = Words("沒有註{number}", "there is no note {number}")
_UNSEEN = Words(
    "稿件裡看不出哪一條註印的是註{number}", "the manuscript does not tell which note has the number {number}"
)
_AMBIGUOUS = Words("稿件裡不只一條註{number}", "the manuscript has more than one note {number}")
_BY_AUTHOR = Words(
    "註{number}是作者註，排版後是星號，不是號碼", "note {number} is the author's, and has a mark for a number"
)
_OWN = Words("註{number}就是它自己所在的註", "note {number} is the note it stands in")
_LATER = Words(
    "註{number}在後面，「同註」只能指前面的註", "note {number} comes later; only an earlier one can be meant"
)
_FIRST = Words("前面沒有註", "no note comes before")
_NO_ORDER = Words("這裡看不出前一條是哪一條註", "which note comes before can't be told here")
_NOT_BEFORE = Words("前一條是註{before}，不是註{number}", "the note before is {before}, not {number}")
_LIST = Words("一次寫了好幾個註號，請一個一個寫", "it names several notes at once; write them one by one")
_NO_NUMBER = Words("沒有寫註號，看不出是哪一條註", "it names no note")
_MAY_BE_HERE = Words(
    "同一條註前面還有別的資料，也可能指那一筆",
    "another source stands before it in the same note, which may be meant",
)
_NOTHING = Words("註{number}裡看不到資料", "no source can be seen in note {number}")
_UNREAD = Words(
    "註{number}裡有像書目而讀不懂的字，不知道算不算一筆；先執行 kan tag-citations",
    "note {number} has what looks like a citation and can't be read; run kan tag-citations first",
)
_SEVERAL = Words(
    "註{number}引了好幾筆資料，看不出是哪一筆；在前面寫明作者或篇名",
    "note {number} cites several sources; write the author or title before it",
)
_UNTAGGED = Words(
    "註{number}引了好幾筆資料，要指的那一筆還沒有標記；先執行 kan tag-citations",
    "note {number} cites several sources, and the one meant is not marked up; run kan tag-citations first",
)
_CHAIN = Words(
    "註{number}本身也是參照，而它指什麼無法決定", "note {number} itself refers, and that can't be decided"
)
_NAME = Words("前面的「{name}」不是註{number}的作者或篇名", "“{name}” is no author or title of note {number}")
_NAMESAKES = Words("註{number}不只一筆資料符合「{name}」", "“{name}” fits more than one source of note {number}")
_RUNNING = Words(
    "正文裡不能寫「同註」；要請讀者參看，寫「見註」", "it can stand in a note only; in the text write “see note”"
)
_IN_A_SENTENCE = Words(
    "它和前後的字連成一句，換成程式寫的字會不通；請改寫句子",
    "it is part of a sentence that generated words would break; reword the sentence",
)
_NO_ID = Words("要指的註沒有自己的 id", "the note meant has no id of its own")
_MARKUP = Words("這幾個字和別的標記交錯", "other markup stands among these words")


# What they point at


@dataclass(frozen=True, slots=True)
class _Held:
    """A source that a note holds: its citation, and the element that a link to it names.

    `element` is None where the note holds several and this one has no `mixed-citation`.
    """

    citation: Citation
    element: Element | None


class _Reader:
    """Reads the notes of a brief in their order and remembers what each holds.

    A same-source reference looks back, so what it leads to is known already and no chain is walked twice.
    """

    def __init__(self, source: Source, series: Mapping[str, Series] | None = None) -> None:
        self.source, self.series = source, series
        self.graph = note_graph(source.root)
        self.order = self.graph.order
        self.notes: Sequence[Note] = (*self.graph.author_notes, *self.graph.notes)
        self.ids = Counter(node.get("id") for node in source.root.iter("*"))
        self.by_id = {note.element.get("id", ""): note.element for note in self.notes}
        self.held: dict[Element, list[_Held | Words]] = {}
        self.marked: dict[Element, _Held] = {}
        self.unread: dict[Element, bool] = {}

    def read(self, note: Note) -> list[Typed]:
        """The typed references of one note; those of all notes before it have been read."""
        found: list[Typed] = []
        held: list[_Held | Words] = []
        for paragraph in note.paragraphs:
            typed = list(phrases(paragraph))
            parts = sorted(self.parts(note, paragraph, typed), key=lambda part: part[0])
            for phrase in typed:
                while parts and parts[0][0] < phrase.start:
                    held.append(parts.pop(0)[1])
                reference, source = self.reference(note, paragraph, phrase, follows=bool(held))
                found += [reference] if reference is not None else []
                held += [source] if source is not None else []
            held += [source for _, source in parts]
        self.keep(note, held)
        return found

    def parts(self, note: Note, paragraph: Flat, typed: Sequence[Phrase]) -> Iterator[tuple[int, _Held | Words]]:
        """The citations and links of a paragraph by their places; a citation read from typed words is none."""
        for part in note.parts:
            if isinstance(part, Citation):
                real = part.element is not None or not any(part.start <= each.start < part.end for each in typed)
                if part.paragraph is paragraph and real:
                    yield part.start, _Held(part, part.element)
            elif part.use == "same-source":
                for piece in paragraph.pieces:
                    if piece.node is part.xref and piece.which == "reference":
                        yield piece.start, self.linked(part)

    def linked(self, reference: Reference) -> _Held | Words:
        """What a link leads to."""
        if reference.named.tag == CITATION:
            return self.marked.get(reference.named, _CHAIN)
        return self.only_source(reference.target)

    def keep(self, note: Note, held: list[_Held | Words]) -> None:
        """Remember what a note holds. The one source of a note is named by the note itself."""
        own = [each for each in held if isinstance(each, _Held) and each.citation.note is note.element]
        self.marked.update((each.element, each) for each in own if each.element is not None)
        self.held[note.element] = [replace(own[0], element=note.element)] if len(held) == len(own) == 1 else held

    # One reference

    def reference(
        self, note: Note, paragraph: Flat, phrase: Phrase, *, follows: bool
    ) -> tuple[Typed | None, _Held | Words | None]:
        """Words in a note as a reference, and the source it denotes; nothing when they only look like one.

        `follows`: another source stands before it in the note.
        """
        text = paragraph.text
        plainly = Typed(paragraph, phrase.start, phrase.end, note.element, "same-source")
        if not _is_meant(text, phrase):
            return None, None
        if _is_see(text, phrase):
            return self.decided(replace(plainly, use="see"), self.pointed_at(note, phrase)), None
        begin = _name_begins(text, phrase)
        name = text[begin : phrase.start].rstrip(" ,，\u3000")
        held = _unfit(text, phrase, follows=follows) or self.denoted(note, phrase, name)
        if isinstance(held, _Held):
            typed = replace(plainly, start=begin if name else phrase.start)
            return self.decided(typed, held.element), held
        if phrase.form == "See note" and name and not _PAGES.match(text, phrase.end):
            return self.decided(replace(plainly, use="see"), self.pointed_at(note, phrase)), None
        return replace(plainly, doubt=held), held

    def decided(self, typed: Typed, target: Element | Words | None) -> Typed:
        """The reference with its target, if that has an id to name and a link can take the place of the words."""
        if isinstance(target, Words):
            return replace(typed, doubt=target)
        name = target.get("id") if target is not None else ""
        if target is None or not (self.ids[name] == 1 if name else name is None and target.tag == CITATION):
            return replace(typed, doubt=_NO_ID)
        found = replace(typed, target=target)
        return found if _replaced(self.source, found) else replace(typed, doubt=_MARKUP)

    def pointed_at(self, note: Note | None, phrase: Phrase) -> Element | Words:
        """The note that the reader is sent to, earlier or later."""
        if phrase.several:
            return _LIST
        found = self.before(note) if phrase.number is None else self.numbered(note, phrase.number)
        if note is not None and found is note.element:
            return _OWN.fill({"number": phrase.number})
        return found

    def denoted(self, note: Note, phrase: Phrase, name: str) -> _Held | Words:
        """The source of the note that a same-source reference counts out; `name` is typed before it."""
        counted = self.counted(note, phrase)
        if isinstance(counted, Words):
            return counted
        held = self.source_called(counted, name) if name else self.only_source(counted)
        if held is _NOTHING and phrase.number is not None:
            held = self.plain_source(counted)
        if isinstance(held, _Held) and not name and self.has_unread(counted):
            held = _UNREAD
        if isinstance(held, Words):
            said = self.said(note, counted)
            return held.fill({"number": said, "name": _clipped(name)})
        return held

    def counted(self, note: Note, phrase: Phrase) -> Element | Words:
        """The earlier note that words count out: the one before, or the one of their number."""
        number = phrase.number
        if phrase.form == "previous" or number is None:
            found = self.before(note)
            if number is not None and not isinstance(found, Words) and self.said(note, found) != number:
                return _NOT_BEFORE.fill({"number": number, "before": self.said(note, found)})
            return found
        found = self.numbered(note, number)
        if not isinstance(found, Words) and self.order[found] >= self.order.get(note.element, 0):
            return (_OWN if found is note.element else _LATER).fill({"number": number})
        return found

    def numbered(self, note: Note | None, number: int) -> Element | Words:
        """The note of a number: as its author saw it where he typed, else as the notes are numbered now."""
        if self.series is None or self.is_counted_in_one(number):
            notes = self.graph.notes
            return notes[number - 1].element if 0 < number <= len(notes) else _MISSING.fill({"number": number})
        own = self.series_of(note.element) if note is not None else None
        series = list(self.series.values()) if note is None else [own] if own is not None else []
        found = {each.ids[number] for each in series if number in each.ids}
        reason: Words | None = None
        if len(found) > 1:
            reason = _AMBIGUOUS
        elif not found:
            reason = _MISSING if series and all(each.whole for each in series) else _UNSEEN
        elif (element := self.by_id.get(next(iter(found)))) is not None:
            if element in self.order:
                return element
            reason = _BY_AUTHOR
        return (reason or _UNSEEN).fill({"number": number})

    def is_counted_in_one(self, number: int) -> bool:
        """Whether a number can only count footnotes and endnotes together, as no program does and authors may."""
        every = (self.series or {}).values()
        apart = len({each.kind for each in every}) > 1 and all(each.whole for each in every)
        return apart and not any(number in each.ids for each in every)

    def said(self, note: Note, counted: Element) -> int | str:
        """The number of a note as the author knew it in another one."""
        own = self.series_of(note.element)
        name = counted.get("id", "")
        seen = next((number for number, each in own.ids.items() if each == name), None) if own else None
        return seen if seen is not None else self.order.get(counted, "")

    def before(self, note: Note | None) -> Element | Words:
        """The note before a note, in the order of their numbers; footnotes and endnotes are counted apart."""
        number = self.order.get(note.element) if note is not None else None
        if number is None:
            return _NO_ORDER
        own = self.series_of(self.graph.notes[number - 1].element)
        for place in range(number - 2, -1, -1):
            found = self.graph.notes[place].element
            its = self.series_of(found)
            if own is None or its is None or its.kind == own.kind:
                return found
        return _FIRST

    def series_of(self, note: Element) -> Series | None:
        """The numbers that the author saw where he typed a note."""
        return self.series.get(note.get("id", "")) if self.series is not None else None

    # The sources of a note

    def only_source(self, note: Element) -> _Held | Words:
        """The one source of a note, its own or that of the note it refers to."""
        held = self.held.get(note, [_CHAIN])
        if any(isinstance(each, Words) for each in held):
            return _CHAIN
        sources = _distinct(held)
        if len(sources) > 1:
            return _SEVERAL if all(each.element is not None for each in sources) else _UNTAGGED
        return sources[0] if sources else _NOTHING

    def plain_source(self, note: Element) -> _Held | Words:
        """A note as the source itself: a law, a report, statistics in one short sentence."""
        paragraphs = self.graph.note[note].paragraphs
        if len(paragraphs) != 1 or self.graph.note[note].parts or self.has_unread(note):
            return _NOTHING
        (only,) = paragraphs
        said = only.text.strip().rstrip(".。")
        if len(said) > _SHORT or not _PLAINLY_SOURCE.search(said) or _COMMENT.search(said) or list(phrases(only)):
            return _NOTHING
        return _Held(Citation(note, None, only, 0, len(only.text), Work(said)), note)

    def source_called(self, note: Element, name: str) -> _Held | Words:
        """The source of a note that an author or a title tells."""
        held = self.held.get(note, [])
        fitting = [each for each in _distinct(held) if _is_called(each.citation.work, name)]
        if len(fitting) == 1:
            return fitting[0] if fitting[0].element is not None else _UNTAGGED
        if fitting:
            return _NAMESAKES
        if any(isinstance(each, Words) for each in held):
            return _CHAIN
        return _NAME if held else _UNREAD if self.has_unread(note) else _NOTHING

    def has_unread(self, note: Element) -> bool:
        """Whether a note without marked citations has words that look like one and can't be read."""
        if note not in self.unread:
            marked = next(note.iter(CITATION), None) is not None
            self.unread[note] = not marked and any(map(has_unread, self.graph.note[note].paragraphs))
        return self.unread[note]

    # The running text

    def read_running_text(self, paragraph: Flat) -> Iterator[Typed]:
        """The typed references outside the notes: pointers to a note, and words that only notes may have."""
        text = paragraph.text
        for phrase in phrases(paragraph):
            typed = Typed(paragraph, phrase.start, phrase.end, None, "see")
            in_brackets = text[max(phrase.start - 1, 0) : phrase.start] in ("（", "(")
            if phrase.form in ("see", "see previous", "See note"):
                yield self.decided(typed, self.pointed_at(None, phrase))
            elif phrase.form in ("earlier", "supra") or (phrase.form == "previous" and in_brackets):
                yield replace(typed, doubt=_RUNNING)
            elif phrase.form == "bare" and _POINTED_AT.match(text, phrase.end):
                yield replace(typed, doubt=_IN_A_SENTENCE)


def _clipped(name: str) -> str:
    return ("" if len(name) <= 24 else "…") + name[-24:].replace(REFERENCE, "…")


def _distinct(held: Sequence[_Held | Words]) -> list[_Held]:
    """Each source once, whichever note leads to it."""
    return list({id(each.citation): each for each in held if isinstance(each, _Held)}.values())


def has_unread(paragraph: Flat) -> bool:
    """Whether a paragraph of a note has words that look like a citation and can't be read as one."""
    typed = [phrase.start for phrase in phrases(paragraph)]
    doubts = recognise(paragraph.text, paragraph.links, paragraph.italics).doubts
    return any(
        REFERENCE not in paragraph.text[doubt.start : doubt.end]
        and not any(doubt.start <= start < doubt.end for start in typed)
        for doubt in doubts
    )


# The words around them

_ENDS = re.compile(
    r"\s*(?:[，,。.；;：:、）)！!？?…—–]|$|第\s*[0-9〇一二三四五六七八九十]|頁|pp?\.|at\b|以?及同|[與和]同)"
)
"""What may stand behind a same-source reference so that generated words still read well."""
_PAGES = re.compile(r"\s*,?\s*(?:(?:pp?\.|at)\s*[0-9]|[0-9]{1,4}(?:[-–][0-9]{1,4})?\s*(?:[.;。；]|$))")
_ON = re.compile(r"\s*(?:[,;:，；：、)）]|pp?\.|at\b|頁|第)")
"""What shows that the stop of Ibid. only shortens the word and doesn't end the sentence."""
_POINTED_AT = re.compile(r"\s*(?:[所中已曾亦也的之引提指裡文及與和，,。；;、）)]|$)")
"""What stands behind a note that is spoken of: 註5所引, （註5）."""
_LEAD_IN = re.compile(
    r"\s*(?:[另並又可]?(?:參見|參閱|參照|參考|參看|參|詳見|詳參|詳閱|詳|請見|見於|見)"
    r"|轉引自|引自|轉載自|摘自|資料來源|來源|出處)\s*"
)
_SIGNAL = re.compile(r"(?:but )?(?:see(?:,? (?:also|e\.g\.|generally))?|cf\.|accord|in|from)(?=[\s,])", re.I)
"""English words before a reference that generated words may repeat, or stand badly behind."""
_SHORTENED = re.compile(r"(?:ibid|id)\.\Z", re.IGNORECASE)
_FIGURE = re.compile(r"\s*[0-9]")
_HAN = re.compile(r"\s*[〈《「（\u3400-\u9fff]")
_PART_OF_A_WORD = frozenset("不相如等共連會合一雷的之")


def _is_meant(text: str, phrase: Phrase) -> bool:
    """Whether words in a note are a reference: 同註5 wherever it stands, others only in their places."""
    before = text[phrase.begin : phrase.start].strip()
    apart = not before or before[-1] in ",，" or bool(_LEAD_IN.fullmatch(before))
    match phrase.form:
        case "previous" if phrase.number is None:
            return apart or (before[-1] not in _PART_OF_A_WORD and bool(_ENDS.match(text, phrase.end)))
        case "as above":
            return apart
        case "Ibid":
            return apart or text[phrase.start + 1] in "Bb" or bool(_SIGNAL.fullmatch(before))
        case "bare":
            return _stands_alone(text, phrase) or bool(_POINTED_AT.match(text, phrase.end))
        case _:
            return True


def _is_see(text: str, phrase: Phrase) -> bool:
    """Whether words send the reader to a note; “See note 5, p. 9” and “Needham, see note 5” cite its source."""
    if phrase.form != "See note":
        return phrase.form in ("see", "see previous")
    if "also" in text[phrase.start : phrase.end]:
        return True
    return not re.search(r"[,，]\s*\Z", text[phrase.begin : phrase.start]) and not _PAGES.match(text, phrase.end)


def _unfit(text: str, phrase: Phrase, *, follows: bool) -> Words | None:
    """Why words for the source of another note can't be decided, or words of any style can't replace them."""
    if phrase.form == "op. cit.":
        return _NO_NUMBER
    if phrase.several:
        return _LIST
    if follows and phrase.form in ("Ibid", "as above"):
        return _MAY_BE_HERE
    before = text[phrase.begin : phrase.start].lstrip()
    ends = _ENDS.match(text, phrase.end) or _stop(text, phrase.start, phrase.end)
    fits = ends and not _SIGNAL.match(before) and (phrase.form != "bare" or _stands_alone(text, phrase))
    return None if fits else _IN_A_SENTENCE


def _stands_alone(text: str, phrase: Phrase) -> bool:
    """Whether nothing of its own sentence stands before words at the start of a note, or behind ；."""
    apart = text[max(phrase.begin - 1, 0) : phrase.begin] in ("", "；", ";")
    return apart and not text[phrase.begin : phrase.start].strip() and bool(_ENDS.match(text, phrase.end))


def _stop(text: str, start: int, end: int) -> str:
    """The stop of Ibid. where it ends the sentence, too."""
    if not _SHORTENED.search(text, start, end) or _ON.match(text, end) or _FIGURE.match(text, end):
        return ""
    return "。" if _HAN.match(text, end) else "."


def _name_begins(text: str, phrase: Phrase) -> int:
    """Where the name that may stand before a reference begins: behind 參見 and blanks."""
    before = text[phrase.begin : phrase.start]
    lead_in = _LEAD_IN.match(before)
    return phrase.begin + (lead_in.end() if lead_in else len(before) - len(before.lstrip()))


# The names before them

_FIELD = re.compile("〈[^〉]*〉|《[^》]*》|“[^”]*”|「[^」]*」|[^，,、〈《“「]+")
_YEAR = re.compile(r"[（(]\s*[0-9]{4}[^）)]{0,6}[）)]")
_ROLE = re.compile(r"\s*(?:等人?|[合編]?著|主?編|譯|et al\.?|\(?[Ee]ds?\.\)?)\s*$")
_JOINT = re.compile(r"\s+and\s+|\s*&\s*|[與及和]")


def _is_called(work: Work, name: str) -> bool:
    """Whether every part of a typed name is an author, an editor or a title of a work, possibly shortened."""
    fields = [field.strip() for field in _FIELD.findall(_YEAR.sub("", name)) if field.strip()]
    fields = [field for field in fields if _ROLE.sub("", field)]
    return 0 < len(fields) < 9 and all(_fits(work, field) for field in fields)


def _fits(work: Work, field: str) -> bool:
    said, titles = plain(field), [plain(title) for title in (work.title, work.container) if title]
    if not titles and not work.authors:  # no part of it is marked
        return len(said) >= 2 and said in plain(work.text)
    enough = 2 if field[0] in "〈《“「" else 4
    if said in titles or (len(said) >= enough and any(said in title for title in titles)):
        return True
    people = {plain(each) for person in (*work.authors, *work.editors) for each in _forms_of(person)}
    bare = _ROLE.sub("", field)
    return any(all(plain(part) in people for part in parts) for parts in ([field], [bare], _JOINT.split(bare)))


def _forms_of(person: Name) -> Iterator[str]:
    yield person.literal
    yield from (each for each in (person.family, person.given) if each)
    if not person.family and person.literal.isascii() and " " in person.literal:
        yield person.literal.rpartition(" ")[2]


# Notes that are one source, though not one that can be read

_SHORT = 140
_PLAINLY_SOURCE = re.compile(
    r"^《[^》]+》(?:[，,（(]|$)|^〈[^〉]+〉(?:[，,（(]|$)"
    r"|(?:法|條例|規則|規程|辦法|細則|準則|標準|要點|公約|協定)第[ ]?[0-9一二三四五六七八九十百]+(?:條|點)"
    r"|(?:法|條例|規則|規程|辦法|細則|準則|標準|要點|公約|協定|新聞稿|公報|統計|年報|報告|白皮書)，[0-9]{2,4}年"
    r"|^(?:Regulation|Directive|Decision) \([A-Z]+\) |^[A-Z].*,.*\b(?:19|20)[0-9]{2}\b(?:, pp?\. ?[0-9–-]+)?$"
)
_COMMENT = re.compile(
    r"[。；;！？!?]|參見|詳見|感謝|本文|本條|筆者|作者|認為|指出|\.\s+[A-Z]|\b(?:see|thank|argues?|this)\b", re.I
)


# Their places in the file


def _replaced(source: Source, typed: Typed) -> Edit | None:
    """The bytes that a link takes the place of, and what is to stand behind it; none where markup is in the way.

    A link stands in the paragraph itself: a phrase that is nothing but the words (<italic>Ibid.</italic>) is
    replaced whole.
    """
    paragraph, text = typed.paragraph, typed.paragraph.text
    start, end = paragraph.bytes(source, typed.start, typed.end)
    kept, index = _stop(text, typed.start, typed.end), typed.start
    while index < typed.end:
        piece = paragraph.piece(index)
        index = piece.end
        phrase = _phrase_around(paragraph, piece)
        if phrase is None:
            continue
        pieces = [each for each in paragraph.pieces if _phrase_around(paragraph, each) is phrase]
        first, last = pieces[0].start, pieces[-1].end
        after = text[typed.end : last]
        closed = _closed(source, paragraph, phrase, pieces[-1])
        if first < typed.start or after.strip(" ,.，。") or closed is None:
            return None
        start, end, index = min(start, source.tag_bytes(phrase)[0]), max(end, closed), last
        kept += after
    opened = source.data.rfind(b"<![CDATA[", source.tag_bytes(paragraph.element)[0], start)
    hidden = opened >= 0 and source.data.find(b"]]>", opened) >= start
    replaced = source.data[start:end]
    return None if hidden or b"<!" in replaced or b"<?" in replaced else Edit(start, end, kept)


def _phrase_around(paragraph: Flat, piece: Piece) -> Element | None:
    """The child of a paragraph that holds a piece of its text; None for the paragraph's own text."""
    holder = piece.node.getparent() if piece.which == "tail" else piece.node
    found = None
    while holder is not None and holder is not paragraph.element:
        found, holder = holder, holder.getparent()
    return found


def _closed(source: Source, paragraph: Flat, phrase: Element, last: Piece) -> int | None:
    """The offset after the end tag of a phrase that ends with a piece of text."""
    depth, holder = 1, last.node.getparent() if last.which == "tail" else last.node
    while holder is not None and holder is not phrase:
        depth, holder = depth + 1, holder.getparent()
    _, end = paragraph.bytes(source, last.end - 1, last.end)
    tags = re.compile(rb"(?:</[^<>]*>){%d}" % depth).match(source.data, end)
    return tags.end() if tags else None


class _Ids:
    """Names for what links point at: the id an element has, or a new one and the edit that gives it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.taken = {node.get("id") for node in source.root.iter("*")}
        self.new: dict[Element, str] = {}
        self.given: list[Edit] = []

    def of(self, element: Element) -> str:
        """The id of a note or citation."""
        return element.get("id") or self.new.get(element) or self.give(element)

    def give(self, citation: Element) -> str:
        """Give a citation the id cit-NOTE-N, N its place in its note, or that with a number if it is taken."""
        note = note_around(citation)
        around = note.get("id", "") if note is not None else ""
        position = 1 + list(note.iter(CITATION)).index(citation) if note is not None else 1
        base = f"cit-{around}-{position}" if re.fullmatch(r"[A-Za-z0-9_.-]+", around) else f"cit-{position}"
        name = next(each for each in chain([base], (f"{base}-{n}" for n in count(2))) if each not in self.taken)
        self.taken.add(name)
        self.new[citation] = name
        at = self.source.tag_bytes(citation)[0] + len(f"<{CITATION}")
        self.given.append(Edit(at, at, f' id="{name}"'))
        return name

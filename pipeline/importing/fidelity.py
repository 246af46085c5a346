"""Fidelity: the text of a manuscript and of the brief that was made from it, character by character.

The manuscript is read once more by a path of its own (`originals`); whatever is not the same is a difference,
unless it is one of these:

- Blanks beside a Han character, a kana or a full-width mark or at the ends of paragraphs; how many stand together.
- Words that the recogniser dropped because the program writes them (壹、, 圖1, the figure of a typed note).
- A typed 同註 in the place of which there is a link, if the link leads to the note that was typed.
- The order of what stands at the top (題名, 作者, 單位 …) and of a caption and its picture, and the marks between
  the names of authors.
- Where paragraphs begin and end, if not a character is lost by it.

Notes are compared one by one, and each must be called between the same two characters.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Protocol

from lxml import etree

from pipeline.diagnostics import Code, Diagnostic, Place, Words, in_order
from pipeline.flat import REFERENCE, Flat, Piece
from pipeline.importing.originals import CALL, MARKUP, SYMBOL, Original, Passage
from pipeline.notes.phrases import Phrase, phrases
from pipeline.number import Numbering, number
from pipeline.parse import Source

Element = etree._Element

_SHOWN = 16
"""How many characters around a difference are quoted."""
_ALIKE = 0.3
"""How much of their pairs of characters two passages share, at least, to be one that was changed."""
_TELLING = 6
"""How long a note is, at least, for its text to tell whose it is."""
_FOLDED = 600
"""How many passages of a stretch are compared each with each."""

_BRIEF = Words("匯入的文章", "the brief")
_BETWEEN = frozenset("、，,；;：:／/—–-─|｜·・()（）")
"""What an author types between the parts of what stands at the top."""
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_BLANKS = re.compile(r"\s+")
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\u303f\u3041-\u318f\u31a0-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60"
                   "\uffe0-\uffe6\U00020000-\U0003ffff‘’“”…—–·]")  # fmt: skip

_OURS = Words(
    "這是匯入的缺失，不是作者的錯：請對照原稿，在XML裡補正，並把稿件寄給維護者",
    "the import is at fault, not the author: mend the XML by the manuscript, and send it to the maintainers",
)
_WHY = Words(
    "匯入不可以掉字、多字或移動註號：原稿用另一條路徑再讀一次，逐字比對。",
    "An import must not lose, add or move anything: the manuscript is read a second time by another path and "
    "compared character by character.",
)

LOST = Code(
    "I050",
    title=Words("匯入後少了字", "text lost in the import"),
    message=Words("{where}的「{text}」沒有匯入{around}", "“{text}” of {where} is not in the brief{around}"),
    hint=_OURS,
    why=_WHY,
    bad="原稿：期刊的編輯。　匯入：期刊編輯。",
    good="原稿：期刊的編輯。　匯入：期刊的編輯。",
)
ADDED = Code(
    "I051",
    title=Words("匯入後多了字", "text added in the import"),
    message=Words(
        "{where}多了原稿沒有的「{text}」{around}", "{where} has “{text}”, which the manuscript has not{around}"
    ),
    hint=_OURS,
    why=_WHY,
    bad="原稿：期刊編輯。　匯入：期刊的編輯。",
)
CHANGED = Code(
    "I052",
    title=Words("匯入後字不同", "text changed in the import"),
    message=Words(
        "{where}的「{text}」匯入後成了「{found}」{around}", "“{text}” of {where} became “{found}”{around}"
    ),
    hint=_OURS,
    why=_WHY,
    bad="原稿：2025年。　匯入：2026年。",
)
CALL_MOVED = Code(
    "I053",
    title=Words("註號不在原來的位置", "a note is called at another place"),
    message=Words(
        "註{note}原來在「{text}」之後，匯入後在「{found}」之後",
        "note {note} stood behind “{text}” and now stands behind “{found}”",
    ),
    hint=_OURS,
    why=Words("註號移了位置，註的就不是原來那句話。", "A note that moved is a note on another sentence."),
)
NOTE_LOST = Code(
    "I054",
    title=Words("匯入後少了註", "a note lost in the import"),
    message=Words("註{note}「{text}」沒有匯入", "note {note} “{text}” is not in the brief"),
    hint=_OURS,
    why=_WHY,
)
NOTE_ADDED = Code(
    "I055",
    title=Words("匯入後多了註", "a note added in the import"),
    message=Words(
        "匯入後多了原稿沒有的註「{text}」", "the brief has a note that the manuscript has not: “{text}”"
    ),
    hint=_OURS,
    why=_WHY,
)
NOTE_SWAPPED = Code(
    "I056",
    title=Words("註對調了", "notes exchanged"),
    message=Words(
        "註{note}「{text}」匯入後成了註{other}的內容", "note {note} “{text}” got the text of note {other}"
    ),
    hint=_OURS,
    why=Words("註的號碼和內容必須是原來的一對。", "A call and its note belong together."),
)
MOVED = Code(
    "I057",
    title=Words("段落移了位置", "a paragraph moved"),
    message=Words("段落「{text}」匯入後不在原來的位置", "the paragraph “{text}” stands at another place"),
    hint=_OURS,
    why=_WHY,
)
ASTRAY = Code(
    "I058",
    title=Words("同註連到別的註", "a typed reference leads to another note"),
    message=Words("{where}的「{text}」連到了註{found}", "“{text}” of {where} leads to note {found}"),
    hint=Words(
        "看看作者指的是哪一條註，改正 <xref> 的 rid", "see which note is meant, and mend the rid of the <xref>"
    ),
    why=Words(
        "連結的號碼由程式計算；連錯了，印出來的號碼就錯。",
        "The number is computed from the link: a wrong link prints a wrong number.",
    ),
)


class Dropped(Protocol):
    """Text that the recogniser left out or put in on purpose; `number` is that of the paragraph."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Collated:
    """What the collation says: the differences, and how much was compared."""

    differences: tuple[Diagnostic, ...]
    characters: int
    notes: int


def compare(
    original: Original,
    brief: Source,
    *,
    file: Path,
    dropped: Sequence[Dropped] = (),
    added: Sequence[Dropped] = (),
    beside: Collection[str] = (),
    numbers: Numbers | None = None,
) -> Collated:
    """Compare a manuscript with the brief made from it.

    `dropped` is what the recogniser left out on purpose, `added` what it put in; `beside` are texts that a brief
    may have from elsewhere (properties of the file, what an editor added at the top), `numbers` those of the
    paragraphs.
    """
    numbers = numbers or Numbers.counted(original)
    fold = _Fold(original.kind == "markdown")
    base = _manuscript(original, numbers, fold)
    other = _brief(brief, fold)
    collation = _Collation(file, fold, base, other, Counter((each.number, fold(each.text)) for each in dropped),
                           frozenset(map(fold, (*beside, *(each.text for each in added)))))  # fmt: skip
    found = in_order(collation.run())
    count = sum(len(each.text) for each in (*base.passages, *(p for note in base.notes for p in note.passages)))
    return Collated(found, count, len(base.notes) + len(collation.typed))


@dataclass(frozen=True, slots=True)
class Numbers:
    """The number of the paragraph of each passage of an original: of the text, and of each note."""

    passages: tuple[int, ...]
    notes: tuple[tuple[int, ...], ...]

    @classmethod
    def counted(cls, original: Original) -> Numbers:
        """Paragraphs counted in the order of the file, the notes behind the text."""
        count = len(original.passages)
        notes = []
        for note in original.notes:
            notes.append(tuple(range(count + 1, count + 1 + len(note.passages))))
            count += len(note.passages)
        return cls(tuple(range(1, len(original.passages) + 1)), tuple(notes))

    @classmethod
    def read(cls, original: Original, body: Sequence[tuple[int, str]], notes: Sequence[Sequence[int]]) -> Numbers:
        """The numbers that another reading gave to the paragraphs: `body` has each with its text."""
        ours = [_solid(each.text) for each in original.passages]
        theirs = [_solid(text) for _, text in body]
        found = [0] * len(ours)
        for block in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
            for offset in range(block.size):
                found[block.a + offset] = body[block.b + offset][0]
        for index, each in enumerate(found):
            found[index] = each or (found[index - 1] + 1 if index else 1)
        counted = cls.counted(original)
        given = [tuple(each) for each in notes]
        same = len(given) == len(counted.notes)
        return cls(
            tuple(found),
            tuple(
                (*own, *((own or (1,))[-1:] * len(note)))[: len(note)]
                for own, note in zip(given, counted.notes, strict=True)
            )
            if same
            else tuple(tuple(1 for _ in note) for note in counted.notes),
        )


def _solid(text: str) -> str:
    return _BLANKS.sub("", _UNSEEN.sub("", text.replace(CALL, "").replace(SYMBOL, "")))


# The two texts, folded


@dataclass(frozen=True, slots=True)
class _Fold:
    """Takes away what is not compared: blanks that nobody sees, and in Markdown its marks."""

    markup: bool = False

    def __call__(self, text: str) -> str:
        return self.with_places(text)[0]

    def with_places(self, text: str) -> tuple[str, tuple[int, ...]]:
        """The folded text, and the place in the text of each of its characters."""
        letters: list[str] = []
        places: list[int] = []
        for index, each in enumerate(text):
            if each.isspace():
                if letters and letters[-1] != " ":
                    letters.append(" ")
                    places.append(index)
            elif not _UNSEEN.match(each) and not (self.markup and each in MARKUP):
                letters.append(each)
                places.append(index)
        kept = [index for index, each in enumerate(letters) if each != " " or _parts(letters, index)]
        return "".join(letters[index] for index in kept), tuple(places[index] for index in kept)


def fold(text: str) -> str:
    """A text as it is compared: without the blanks that nobody sees."""
    return _Fold()(text)


def _parts(letters: Sequence[str], index: int) -> bool:
    """Whether a blank stands between two characters that need one, calls aside."""
    tokens = (CALL, " ")
    before = next((each for each in reversed(letters[max(index - 8, 0) : index]) if each not in tokens), "")
    behind = next((each for each in letters[index + 1 : index + 9] if each not in tokens), "")
    first = next((each for each in letters[:index] if each not in tokens), "")
    return bool(first and before and behind and not _WIDE.match(before) and not _WIDE.match(behind))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage of either text, folded; `role` says what it is in the brief, `calls` the notes it calls."""

    text: str
    number: int = 0
    role: str = ""
    calls: tuple[str, ...] = ()
    xrefs: tuple[Element, ...] = ()
    hidden: str = ""
    optional: bool = False
    label: str = ""
    """What the program generates at its beginning: 壹、, and 圖1 where a sentence begins with it."""

    @property
    def movable(self) -> bool:
        return self.role in _MOVABLE


@dataclass(frozen=True, slots=True)
class _Text:
    """A text: its passages, and its notes by their keys."""

    passages: tuple[_Piece, ...]
    notes: tuple[_Note, ...]
    numbering: Numbering | None = None

    def note(self, key: str) -> _Note | None:
        return next((note for note in self.notes if note.key == key), None)


@dataclass(frozen=True, slots=True)
class _Note:
    key: str
    label: str
    passages: tuple[_Piece, ...]

    @property
    def text(self) -> str:
        return "".join(each.text for each in self.passages)


def _manuscript(original: Original, numbers: Numbers, fold: _Fold) -> _Text:
    keys = iter(range(len(original.notes)))

    def piece(passage: Passage, number: int) -> _Piece:
        text, places = fold.with_places(passage.text)
        hidden = "".join(
            each
            for each, place in zip(text, places, strict=True)
            if any(a <= place < b for a, b in passage.hidden)
        )
        calls = tuple(str(next(keys, 0)) for _ in range(text.count(CALL)))
        return _Piece(text, number, calls=calls, hidden=hidden, optional=passage.optional)

    pairs = zip(original.passages, numbers.passages, strict=True)
    passages = tuple(piece(line, number) for passage, number in pairs for line in _lines(passage))
    notes = [
        _Note(str(index), str(index + 1), tuple(piece(p, n) for p, n in zip(note.passages, given, strict=True)))
        for index, (note, given) in enumerate(zip(original.notes, numbers.notes, strict=True))
    ]
    return _Text(tuple(each for each in passages if each.text), tuple(notes))


def _lines(passage: Passage) -> Iterator[Passage]:
    """A paragraph as what stands between its soft returns: authors divide paragraphs with them too."""
    start = 0
    for line in passage.text.split("\n"):
        hidden = tuple((max(a - start, 0), b - start) for a, b in passage.hidden if b > start)
        yield Passage(line, hidden, passage.optional)
        start += len(line) + 1


_INLINE = frozenset(
    [
        "italic",
        "bold",
        "sup",
        "sub",
        "underline",
        "named-content",
        "styled-content",
        "ruby",
        "ext-link",
        "xref",
        "mixed-citation",
        "fn",
    ]
)
NOT_TEXT = frozenset(
    [
        "alt-text",
        "rt",
        "rp",
        "graphic",
        "fn",
        "colgroup",
        "article-id",
        "author-notes",
        "contrib-id",
        "history",
        "label",
    ]
)
"""What is no text of a brief where it stands: it is generated, or is not read in running."""
_TOP = {
    "article-title": "title",
    "subtitle": "subtitle",
    "trans-title": "title",
    "trans-subtitle": "subtitle",
    "name": "author",
    "string-name": "author",
    "collab": "author",
    "aff": "unit",
    "subject": "focus",
    "kwd": "keyword",
}
_HOLDERS = frozenset(["title-group", "trans-title-group", "contrib-group", "contrib", "name-alternatives"])
"""Elements at the top that hold parts, each of which is a passage."""
_MOVABLE = frozenset((*_TOP.values(), "abstract", "caption", "attribution"))


def _brief(source: Source, fold: _Fold) -> _Text:
    numbering = number(source.root)
    by_id = {node.get("id"): node for node in source.root.iter("fn") if node.get("id")}
    reader = _BriefReader(fold, by_id)
    front, body = source.root.find("front"), source.root.find("body")
    passages: list[_Piece] = []
    for part in (front, body):
        if part is not None:
            passages += reader.blocks(part)
    notes = []
    for note in source.root.iter("fn"):
        inner = [reader.passage(paragraph, "note") for paragraph in note.iterfind("p")]
        label = numbering.notes.get(note, "")
        notes.append(_Note(reader.key(note), label, tuple(each for each in inner if each.text)))
    return _Text(tuple(passages), tuple(notes), numbering)


def passages_of(node: Element) -> tuple[_Piece, ...]:
    """The passages in a part of a brief, folded."""
    return tuple(_BriefReader(_Fold(), {}).blocks(node))


@dataclass(slots=True)
class _BriefReader:
    """Reads the passages of a brief. `by_id` are its notes."""

    fold: _Fold
    by_id: Mapping[str | None, Element]
    keys: dict[Element, str] = field(default_factory=dict)

    def key(self, note: Element) -> str:
        return self.keys.setdefault(note, f"fn {len(self.keys)}")

    def blocks(self, node: Element) -> Iterator[_Piece]:
        for child in node.iterchildren("*"):
            tag = str(child.tag)
            if tag in NOT_TEXT or tag == "xref":
                continue
            if tag == "name-alternatives":
                yield from (self.passage(name, "author") for name in child.iterchildren("*"))
            elif tag == "contrib":
                yield from self.author(child)
            elif is_passage(child):
                piece = self.passage(child, _role(child))
                if piece.text:
                    yield piece
            else:
                yield from self.blocks(child)

    def author(self, node: Element) -> Iterator[_Piece]:
        """The passages of an author; the calls of his notes stand behind the name."""
        called = [child for child in node.iterchildren("xref") if child.get("rid") in self.by_id]
        keys = tuple(self.key(self.by_id[child.get("rid")]) for child in called)
        for piece in [*self.blocks(node)]:
            if piece.role == "author" and keys:
                yield replace(piece, text=piece.text + CALL * len(keys), calls=(*piece.calls, *keys))
                keys = ()
            else:
                yield piece

    def passage(self, node: Element, role: str) -> _Piece:
        parts: list[str] = []
        calls: list[str] = []
        xrefs: list[Element] = []
        self.inline(node, parts, calls, xrefs)
        return _Piece(self.fold("".join(parts)), role=role, calls=tuple(calls), xrefs=tuple(xrefs))

    def called_again(self, xref: Element, parts: list[str], calls: list[str], xrefs: list[Element]) -> None:
        """A note of the author is called by its link; any other is called once more, by its figure."""
        note = self.by_id.get(xref.get("rid"))
        if note is not None and next(note.iterancestors("author-notes"), None) is not None:
            parts.append(CALL)
            calls.append(self.key(note))
        else:
            parts.append(REFERENCE)
            xrefs.append(xref)

    def inline(self, node: Element, parts: list[str], calls: list[str], xrefs: list[Element]) -> None:
        parts.append(node.text or "")
        for child in node:
            if child.tag == "fn":
                parts.append(CALL)
                calls.append(self.key(child))
            elif child.tag == "xref" and _calls_a_note(child):
                self.called_again(child, parts, calls, xrefs)
            elif child.tag == "xref":
                parts.append(REFERENCE)
                xrefs.append(child)
            elif isinstance(child.tag, str) and child.tag not in NOT_TEXT:
                if child.tag in ("given-names", "surname") and parts[-1:] == ["\n"]:
                    parts.append("")
                self.inline(child, parts, calls, xrefs)
            parts.append(child.tail or "")


def _calls_a_note(xref: Element) -> bool:
    return xref.get("ref-type") in ("fn", "author-notes") and not xref.get("specific-use")


def is_passage(node: Element) -> bool:
    """Whether an element of a brief holds text itself, not blocks with text."""
    if node.tag in _TOP:
        return True
    if node.tag in _HOLDERS:
        return False
    own = (node.text or "").strip() or any((child.tail or "").strip() for child in node)
    return bool(own) or any(child.tag in _INLINE for child in node.iterchildren("*"))


def _role(node: Element) -> str:
    if node.tag in _TOP and next(node.iterancestors("front"), None) is not None:
        return _TOP[str(node.tag)]
    holders = {str(holder.tag) for holder in node.iterancestors()}
    if node.tag == "attrib":
        return "attribution"
    if holders & {"caption", "table-wrap-foot", "tfoot"}:
        return "caption"
    if holders & {"abstract", "trans-abstract"}:
        return "abstract"
    return "heading" if node.tag == "title" else "paragraph"


# The collation


@dataclass
class _Collation:
    """Compares two texts. `dropped` counts what the recogniser left out; `pairs` are the calls that are one."""

    file: Path
    fold: _Fold
    base: _Text
    other: _Text
    dropped: Counter[tuple[int, str]]
    beside: frozenset[str]
    pairs: list[tuple[str, str]] = field(default_factory=list)
    unpaired: list[tuple[str, _Piece, int]] = field(default_factory=list)
    """Calls of the manuscript without one in the brief: the key, the passage, and where in it."""
    strange: list[tuple[str, _Piece, int]] = field(default_factory=list)
    """Calls of the brief without one in the manuscript."""
    missing: list[_Piece] = field(default_factory=list)
    """Passages of the manuscript that are not in the text of the brief; typed notes are among them."""
    surplus: list[_Piece] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    """Notes of the brief that are called where the author typed a figure: the figure."""

    def run(self) -> Iterator[Diagnostic]:
        ours = [self.unlabelled(each) for each in self.base.passages]
        yield from self.passages([each for each in ours if each.text], list(self.other.passages))
        yield from self.moved_passages()
        yield from self.calls()
        yield from self.notes()
        yield from self.whole_passages()

    def unlabelled(self, piece: _Piece) -> _Piece:
        """A passage without the words at its beginning that the program generates."""
        for (paragraph, text), count in self.dropped.items():
            if paragraph == piece.number and count and text and piece.text.startswith(text):
                self.dropped[paragraph, text] -= 1
                return replace(_without(piece, len(text)), label=text)
        return piece

    def passages(self, ours: list[_Piece], theirs: list[_Piece]) -> Iterator[Diagnostic]:
        """The differences of the text: of each stretch, once it is known what stands in another place."""
        stretches: list[tuple[list[_Piece], list[_Piece]]] = []
        for kind, i, i_end, j, j_end in opcodes([p.text for p in ours], [p.text for p in theirs]):
            if kind == "equal":
                for one, other in zip(ours[i:i_end], theirs[j:j_end], strict=True):
                    self.pair_calls(one.calls, other.calls)
            else:
                stretches.append((ours[i:i_end], theirs[j:j_end]))
        for index, (_, found) in enumerate(stretches):
            nearest = sorted(range(len(stretches)), key=lambda other: abs(other - index))
            found[:] = self.not_moved(found, [stretches[other][0] for other in nearest])
        for left, found in stretches:
            kept = [each for each in left if not each.optional and not _is_between(each)]
            for group, others in _grouped(kept, found):
                yield from self.characters(group, others)

    def pair_calls(self, ours: Sequence[str], theirs: Sequence[str]) -> None:
        """Calls that are the same."""
        self.pairs += zip(ours, theirs, strict=False)

    def not_moved(self, theirs: list[_Piece], stretches: Sequence[list[_Piece]]) -> list[_Piece]:
        """Passages of the brief without those that may stand elsewhere and were found there, word for word."""
        found: set[int] = set()
        for index in sorted(range(len(theirs)), key=lambda index: -len(theirs[index].text)):
            piece = theirs[index]
            if not piece.movable:
                continue
            if any(self.taken(piece, ours) for ours in stretches) or piece.text in self.beside:
                found.add(index)
        return [each for index, each in enumerate(theirs) if index not in found]

    def taken(self, piece: _Piece, ours: list[_Piece]) -> bool:
        """Whether a passage of the brief is in a stretch of the manuscript; it is taken out of it."""
        at = next((n for n, each in enumerate(ours) if each.text == piece.text), None)
        if at is None and piece.role in _TOP.values():
            holding = [n for n, each in enumerate(ours) if piece.text in each.text]
            at = next((n for n in holding if _is_apart(piece.text, ours[n].text)), holding[0] if holding else None)
        if at is None and piece.role in ("caption", "attribution"):  # behind a soft return
            at = next((n for n, each in enumerate(ours) if _is_an_end(piece.text, each.text)), None)
        if at is not None:
            ours[at : at + 1] = self.cut(ours[at], piece)
        return at is not None

    def cut(self, piece: _Piece, part: _Piece) -> list[_Piece]:
        """What is left of a passage without a part of it."""
        start = piece.text.index(part.text)
        before = piece.text[:start].count(CALL)
        inside = part.text.count(CALL)
        self.pair_calls(piece.calls[before : before + inside], part.calls)
        rest = piece.text[start + len(part.text) :].strip()
        head = _Piece(piece.text[:start].strip(), piece.number, "cut", piece.calls[:before])
        tail = _Piece(rest, piece.number, "cut", piece.calls[before + inside :])
        return [each for each in (head, tail) if each.text]

    # Characters

    def characters(self, ours: list[_Piece], theirs: list[_Piece]) -> Iterator[Diagnostic]:
        """The differences between passages that belong together."""
        one, other = _Joined(ours), _Joined(theirs)
        for kind, i, i_end, j, j_end in opcodes(one.text, other.text):
            if kind == "equal":
                self.pair_calls(one.calls(i, i_end), other.calls(j, j_end))
            else:
                yield from self.window(_Window(one, i, i_end, other, j, j_end))

    def window(self, at: _Window) -> Iterator[Diagnostic]:
        """One place where the two texts differ: whole passages are kept for later, the rest is looked at."""
        whole = list(at.one.whole(at.start, at.end))
        added = list(at.other.whole(at.found_start, at.found_end))
        if whole and not at.found.replace(CALL, ""):
            self.missing += [piece for piece, _, _ in whole]
            for start, end in at.one.rest(at.start, at.end, whole):
                yield from self.difference(_Window(at.one, start, end, at.other, at.found_start, at.found_end))
        elif added and not at.text:
            self.surplus += [piece for piece, _, _ in added]
            for start, end in at.other.rest(at.found_start, at.found_end, added):
                yield from self.difference(_Window(at.one, at.start, at.start, at.other, start, end))
        else:
            yield from self.difference(at)

    def difference(self, at: _Window) -> Iterator[Diagnostic]:
        """A stretch that differs, unless it is accounted for."""
        text, found = at.text.replace(CALL, ""), at.found.replace(CALL, "")
        ours, theirs = at.one.calls(at.start, at.end), at.other.calls(at.found_start, at.found_end)
        self.pair_calls(ours, theirs)
        ours, theirs = ours[len(theirs) :], theirs[len(ours) :]
        piece = at.one.piece(at.start)
        dropped = self.accounted(at, text)
        if theirs and dropped is not None and not ours:
            self.typed.update((key, dropped) for key in theirs)
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

    def accounted(self, at: _Window, text: str) -> str | None:
        """The text, if it is what the recogniser left out of the passage; None if it isn't."""
        left = text.strip()
        piece = at.one.piece(at.start)
        if not left:
            return None
        if piece.hidden and left in piece.hidden:
            return text
        known = [key for key, count in self.dropped.items() if key[0] == piece.number and key[1] and count]
        for key in sorted(known, key=lambda key: -len(key[1])):
            if key[1] in left:
                left = left.replace(key[1], "", 1).strip()
                self.dropped[key] -= 1
        return None if left.strip("".join(_BETWEEN) if piece.role == "cut" else " ") else text

    def reference(self, at: _Window, text: str, found: str) -> Iterator[Diagnostic]:
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
            yield LOST.at(self.place(piece), where=self.where(piece), text=_short(inside[phrase.end :]), around="")
            return
        if phrase is None or target is None:
            yield from self.changed(at, text, found.replace(REFERENCE, words or "…"))
            return
        label = numbering.notes.get(target, "")
        if phrase.number is not None and not self.leads(str(phrase.number), target):
            yield ASTRAY.at(self.place(piece), where=self.where(piece), text=inside, found=label)

    def leads(self, typed: str, target: Element) -> bool:
        """Whether the note with a typed number is the target, or refers to it."""
        numbering = self.other.numbering
        assert numbering is not None
        note = next((note for note, label in numbering.notes.items() if label == typed), None)
        if note is None or note is target:
            return note is target
        return any(numbering.targets.get(xref) is target for xref in note.iter("xref"))

    def changed(self, at: _Window, text: str, found: str) -> Iterator[Diagnostic]:
        piece = at.one.piece(at.start) if at.one.pieces else at.other.piece(at.found_start)
        values = {"where": self.where(piece), "text": _short(text), "found": _short(found), "around": at.around}
        code = LOST if not found else ADDED if not text else CHANGED
        if code is ADDED:
            values["text"] = _short(found)
        yield code.at(self.place(piece), **values)

    # Notes

    def calls(self) -> Iterator[Diagnostic]:
        """Calls that are not where they were: moved where the note is still there."""
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
                yield NOTE_LOST.at(self.place(piece), note=note.label, text=_short(text))
        for key, piece, _ in self.strange:
            added = self.other.note(key)
            if added is not None and key not in self.typed:
                yield NOTE_ADDED.at(self.place(piece), text=_short(added.text))

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
                yield NOTE_SWAPPED.at(place, note=one.label, text=_short(one.text), other=whose.label)
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
                if nearest is None or (alike(nearest.text, note.text) < _ALIKE and REFERENCE not in note.text):
                    if note.text:
                        yield NOTE_ADDED.at(Place(self.file), text=_short(note.text))
                    continue
                entry = nearest
                self.missing.remove(entry)
                yield from self.characters([entry], list(note.passages))
            under = self.figure_of(entry)
            if under != figure if under and figure else entry.number < last:
                place = self.place(entry)
                yield NOTE_SWAPPED.at(
                    place, note=under or "？", text=_short(entry.text), other=figure or note.label
                )
            last = max(last, entry.number)

    def figure_of(self, entry: _Piece) -> str:
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
                yield MOVED.at(self.place(piece), text=_short(piece.text))
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
            elif text and not _is_between(piece):
                yield LOST.at(self.place(piece), where=self.where(piece), text=_short(text), around="")
        for piece in self.surplus:
            text = piece.text.replace(CALL, "").strip()
            if text and text not in self.beside:
                yield ADDED.at(Place(self.file), where=_BRIEF, text=_short(text), around="")

    def place(self, piece: _Piece) -> Place:
        line = max(piece.number, 1)
        return Place(self.file, line, 1, line, 1)

    def where(self, piece: _Piece) -> Words:
        """What a passage is called in a message: an author counts paragraphs, and knows their first words."""
        if not piece.number:
            return _BRIEF
        return Words(f"第{piece.number}段", f"paragraph {piece.number}")


def _without(piece: _Piece, count: int) -> _Piece:
    calls = piece.calls[piece.text[:count].count(CALL) :]
    text = piece.text[count:].lstrip()
    return _Piece(text, piece.number, piece.role, calls, piece.xrefs, piece.hidden, piece.optional)


def _is_an_end(part: str, text: str) -> bool:
    return text.startswith(part) or (text.endswith(part) and text.count(part) == 1)


def _is_apart(part: str, text: str) -> bool:
    """Whether a part stands in a text between marks."""
    start = text.index(part)
    around = (text[:start].strip()[-1:], text[start + len(part) :].strip()[:1])
    return all(not each or each in _BETWEEN or each == CALL for each in around)


def _is_between(piece: _Piece) -> bool:
    return piece.role == "cut" and not piece.text.strip(" " + "".join(_BETWEEN))


def _same(note: _Note | None, text: str) -> bool:
    return note is not None and note.text == text


def _short(text: str) -> str:
    text = text.replace(CALL, "").replace(SYMBOL, "□").replace(REFERENCE, "…")
    return text if len(text) <= 40 else text[:24] + "…" + text[-15:]


def _before(text: str, offset: int) -> str:
    return text[:offset].replace(CALL, "")[-_SHOWN:]


def _runs_of(pieces: Sequence[_Piece], text: str) -> Iterator[tuple[int, int]]:
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


def _figure(typed: str) -> str:
    """The number in what is typed where a note is called, or before it in a list."""
    return "".join(re.findall("[0-9]+", unicodedata.normalize("NFKC", typed)))


def _typed_reference(text: str) -> Phrase | None:
    """The typed reference with which a text begins, an author or title before it; None where it is none."""
    paragraph = etree.Element("p")
    paragraph.text = text
    flat = Flat(paragraph, text, (Piece(0, len(text), paragraph, "text"),), ())
    return next((phrase for phrase in phrases(flat) if phrase.begin == 0), None)


# Stretches of text


def _pairs_of(text: str) -> Counter[str]:
    return Counter(text[index : index + 2] for index in range(len(text) - 1)) or Counter([text])


def alike(one: str, other: str) -> float:
    """How much of their pairs of neighbouring characters two texts share, from 0 to 1."""
    ours, theirs = _pairs_of(one), _pairs_of(other)
    total = sum(ours.values()) + sum(theirs.values())
    return 2 * sum((ours & theirs).values()) / total if total else 1.0


def _grouped(ours: list[_Piece], theirs: list[_Piece]) -> Iterator[tuple[list[_Piece], list[_Piece]]]:
    """Passages that belong together: each pair that is alike, with what was divided from it or joined to it."""
    if not ours or not theirs or len(ours) * len(theirs) > _FOLDED * _FOLDED:
        if ours or theirs:
            yield ours, theirs
        return
    pairs = anchors([each.text for each in ours], [each.text for each in theirs])
    if not pairs:
        yield ours, theirs
        return
    groups = [([ours[i]], [theirs[j]]) for i, j in pairs]
    ends = [(-1, -1), *pairs, (len(ours), len(theirs))]
    alone: list[list[tuple[list[_Piece], list[_Piece]]]] = []
    for at, ((i, j), (i_end, j_end)) in enumerate(itertools.pairwise(ends)):
        before = groups[at - 1] if at else None
        behind = groups[at] if at < len(groups) else None
        left = _attached(ours[i + 1 : i_end], 0, before, behind)
        added = _attached(theirs[j + 1 : j_end], 1, before, behind)
        alone.append([*(([each], []) for each in left), *(([], [each]) for each in added)])
    yield from alone[0]
    for group, after in zip(groups, alone[1:], strict=True):
        yield group
        yield from after


def _attached(
    pieces: list[_Piece],
    side: int,
    before: tuple[list[_Piece], list[_Piece]] | None,
    behind: tuple[list[_Piece], list[_Piece]] | None,
) -> list[_Piece]:
    """Put passages to the pair before or behind them of which the other side holds them; those that are left."""
    first, last = 0, len(pieces)
    while before is not None and first < last and _letters(pieces[first]) in _all_letters(before[1 - side]):
        before[side].append(pieces[first])
        first += 1
    while behind is not None and last > first and _letters(pieces[last - 1]) in _all_letters(behind[1 - side]):
        behind[side].insert(0, pieces[last - 1])
        last -= 1
    return pieces[first:last]


def _all_letters(pieces: Sequence[_Piece]) -> str:
    return "".join(map(_letters, pieces))


def _letters(piece: _Piece) -> str:
    return re.sub(f"[{CALL}{REFERENCE} ]", "", piece.text)


def anchors(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs of passages, in order on both sides, that are most alike in all."""
    rows, columns = len(ours), len(theirs)
    mine, yours = [_pairs_of(each) for each in ours], [_pairs_of(each) for each in theirs]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    chosen: dict[tuple[int, int], float] = {}
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            total = mine[i].total() + yours[j].total()
            shared = 2 * (mine[i] & yours[j]).total() / total
            paired = best[i + 1][j + 1] + shared if shared >= _ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
            if shared >= _ALIKE and paired == best[i][j]:
                chosen[i, j] = shared
    found = []
    i = j = 0
    while i < rows and j < columns:
        if (i, j) in chosen:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def opcodes(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """How one text, or one row of texts, becomes another, as difflib has it; equal ends are not looked at."""
    first = 0
    shorter = min(len(one), len(other))
    while first < shorter and one[first] == other[first]:
        first += 1
    last = 0
    while last < shorter - first and one[-1 - last] == other[-1 - last]:
        last += 1
    if first:
        yield "equal", 0, first, 0, first
    middle, found = one[first : len(one) - last], other[first : len(other) - last]
    if middle and found:
        for kind, i, i_end, j, j_end in SequenceMatcher(None, middle, found, autojunk=False).get_opcodes():
            yield kind, i + first, i_end + first, j + first, j_end + first
    elif middle or found:
        yield "replace", first, len(one) - last, first, len(other) - last
    if last:
        yield "equal", len(one) - last, len(one), len(other) - last, len(other)


class _Joined:
    """Passages as one text that knows the passage of each character."""

    def __init__(self, pieces: Sequence[_Piece]) -> None:
        self.pieces = pieces
        self.starts: list[int] = []
        length = 0
        for piece in pieces:
            self.starts.append(length)
            length += len(piece.text)
        self.text = "".join(piece.text for piece in pieces)

    def index(self, at: int) -> int:
        found = 0
        for index, start in enumerate(self.starts):
            if start <= at:
                found = index
        return found

    def piece(self, at: int) -> _Piece:
        return self.pieces[self.index(at)] if self.pieces else _Piece("")

    def offset(self, at: int) -> int:
        return at - self.starts[self.index(at)] if self.pieces else 0

    def calls(self, start: int, end: int) -> tuple[str, ...]:
        keys = [key for piece in self.pieces for key in piece.calls]
        before = self.text[:start].count(CALL)
        return tuple(keys[before : before + self.text[start:end].count(CALL)])

    def xref(self, at: int) -> Element | None:
        every = [xref for piece in self.pieces for xref in piece.xrefs]
        before = self.text[:at].count(REFERENCE)
        return every[before] if before < len(every) else None

    def whole(self, start: int, end: int) -> Iterator[tuple[_Piece, int, int]]:
        """The passages that lie in a stretch completely."""
        for piece, begin in zip(self.pieces, self.starts, strict=True):
            if start <= begin and begin + len(piece.text) <= end and piece.text:
                yield piece, begin, begin + len(piece.text)

    def rest(self, start: int, end: int, whole: Sequence[tuple[_Piece, int, int]]) -> Iterator[tuple[int, int]]:
        """What is left of a stretch beside the passages that lie in it completely."""
        done = start
        for _, begin, until in whole:
            if begin > done:
                yield done, begin
            done = until
        if done < end:
            yield done, end


@dataclass(frozen=True, slots=True)
class _Window:
    """Where two texts differ."""

    one: _Joined
    start: int
    end: int
    other: _Joined
    found_start: int
    found_end: int

    @property
    def text(self) -> str:
        return self.one.text[self.start : self.end]

    @property
    def found(self) -> str:
        return self.other.text[self.found_start : self.found_end]

    @property
    def at_an_end(self) -> bool:
        """Whether a passage begins or ends here in either text."""
        ours, theirs = {*self.one.starts, len(self.one.text)}, {*self.other.starts, len(self.other.text)}
        return bool({self.start, self.end} & ours or {self.found_start, self.found_end} & theirs)

    @property
    def around(self) -> Words:
        """The words before and behind, as a part of a message."""
        before = self.one.text[max(self.start - _SHOWN, 0) : self.start].replace(CALL, "")
        behind = self.one.text[self.end : self.end + _SHOWN].replace(CALL, "")
        if not before and not behind:
            return Words("", "")
        return Words(f"（在「{before}▲{behind}」）", f" (at “{before}▲{behind}”)")

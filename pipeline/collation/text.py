"""The text of a brief as one witness has it: passages in their order, with all that hangs on their characters.

Texts are compared exactly, after what is said here and nothing more (no Unicode normalisation):

- A run of blanks, tabs and line ends is one blank, and none at the ends of a passage, as XML and HTML have it.
- In XML that people type, a run with a line end in it vanishes beside a Han character, a kana or a full-width
  mark: it comes from the width of an editor's screen (not in Korean, which parts words by blanks).
- Characters that no edition prints (of which rule R040 warns) are left out.
- The call of a note stands in the text as `CALL`, its number, `CALL_END`; the end of a line inside the cell of a
  table as `BREAK`; a reference that the program words as `REFERENCE` where the words are not compared.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from pipeline import languages

Element = etree._Element

CALL, CALL_END = "\ufdd0", "\ufdd1"
"""What stands around the number of a note call: characters that no text can have (Unicode 23.7)."""
BREAK = "\ufdd2"
"""The end of a line inside the cell of a table."""
REFERENCE = "\ufffc"
"""A generated reference whose words are not compared: OBJECT REPLACEMENT CHARACTER."""

_UNPRINTED = "\x7f-\x9f\u00ad\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
_TO_FOLD = re.compile(f"[ \t\r\n]+|[{_UNPRINTED}]+")
_EAST_ASIAN = re.compile("[\u2e80-\u2fdf\u3000-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")
TOKEN = re.compile(f"{CALL}[^{CALL_END}]*{CALL_END}|{BREAK}")
"""What stands in a text and is none of its letters."""


class Mark(NamedTuple):
    """What characters `start` to `end` of a passage are, beside their letters.

    `kind`: `link` (`value` is the address), `ruby` (the pronunciation), `to` (what a generated reference points
    at: note 3, fig 1), `call` (the note that a call leads to), `style` (italic, sup, emphasis-mark …) or
    `supplied` (a source that an edition supplies behind `start`; it is no part of the text; its
    addresses stand behind line ends), or `back` (where the
    link behind a note leads: to the call of note 3). Articles have two more: `cites` (a reference to a source,
    which an edition may supply) and `lang` (a language as marked).
    """

    start: int
    end: int
    kind: str
    value: str


class Stretch(NamedTuple):
    """The text from `start` to the next stretch: its language as marked, and the node it comes from.

    `automatic`: the program looks for other languages in it. `which` is "text" or "tail" of `node`.
    """

    start: int
    lang: str
    automatic: bool = False
    node: Element | None = None
    which: str = ""


@dataclass(frozen=True)
class Passage:
    """A heading, paragraph, caption, cell …: what stands between two ends of lines that matter.

    `role` says what it is and what it stands in: quotation/paragraph, item 2/paragraph. `label` is the number
    or word that the program puts before it. `node` is the element it was read from, `pages` the page breaks in
    it, each with its place.
    """

    role: str
    text: str
    label: str = ""
    marks: tuple[Mark, ...] = ()
    stretches: tuple[Stretch, ...] = field(default=(), repr=False)
    node: Element | None = field(default=None, repr=False)
    pages: tuple[tuple[int, str], ...] = ()

    @cached_property
    def languages(self) -> tuple[tuple[str, int], ...]:
        """The languages of the letters, run by run, each with the number of letters in it."""
        runs: list[tuple[str, int]] = []
        for lang, content in self._in_languages():
            count = sum(map(str.isalpha, TOKEN.sub("", content)))
            if count and runs and runs[-1][0] == lang:
                runs[-1] = lang, runs[-1][1] + count
            elif count:
                runs.append((lang, count))
        return tuple(runs)

    def _in_languages(self) -> Iterator[tuple[str, str]]:
        ends = [*(stretch.start for stretch in self.stretches[1:]), len(self.text)]
        for stretch, end in zip(self.stretches, ends, strict=True):
            content = self.text[stretch.start : end]
            if stretch.automatic:
                for lang, run in languages.runs(content, stretch.lang):
                    yield lang or stretch.lang, run
            else:
                yield stretch.lang, content

    def letter_languages(self) -> list[str]:
        """The language of each letter."""
        return [lang for lang, count in self.languages for _ in range(count)]

    def origin(self, index: int) -> tuple[Element, str, int] | None:
        """The node, "text" or "tail" of it, and the character in that which stands at `index` of the text."""
        at = bisect_right(self.stretches, index, key=lambda stretch: stretch.start) - 1
        while at >= 0 and self.stretches[at].node is None:
            at -= 1
        if at < 0:
            return None
        stretch = self.stretches[at]
        assert stretch.node is not None
        typed = (stretch.node.text if stretch.which == "text" else stretch.node.tail) or ""
        wanted = len("".join(self.text[stretch.start : index].split()))
        solid = [place for place, each in enumerate(typed) if not _TO_FOLD.match(each)]
        return stretch.node, stretch.which, solid[min(wanted, len(solid) - 1)] if solid else 0


class Pen:
    """Writes one passage. `typed`: the XML is typed by people, whose line ends vanish beside East Asian text."""

    def __init__(self, *, typed: bool = False) -> None:
        self._typed = typed
        self._parts: list[str] = []
        self._stretches: list[Stretch] = []
        self._marks: list[Mark] = []
        self._pages: list[tuple[int, str]] = []
        self.length = 0

    def write(
        self, text: str | None, lang: str, automatic: bool = False, node: Element | None = None, which: str = ""
    ) -> None:
        """Text that follows, in a language; from where it comes, if that matters."""
        if text:
            self._stretches.append(Stretch(self.length, lang, automatic, node, which))
            self._parts.append(text)
            self.length += len(text)

    def call(self, number: str, target: str, lang: str) -> None:
        """The call of a note, with what it leads to."""
        self._marks.append(Mark(self.length, self.length, "call", target))
        self.write(f"{CALL}{number}{CALL_END}", lang)

    def mark(self, kind: str, value: str, start: int) -> None:
        """Mark what was written since `start`."""
        if self.length > start or kind in ("supplied", "back"):
            self._marks.append(Mark(start, self.length, kind, value))

    def page(self, number: str) -> None:
        """A page of the printed issue begins here."""
        self._pages.append((self.length, number))

    def passage(self, role: str, label: str = "", node: Element | None = None, leading: str = " ") -> Passage:
        """What was written, with its blanks folded; `leading` are the characters that do not begin a text."""
        raw = "".join(self._parts)
        text, steps = _folded(raw, self._typed, leading)
        return Passage(
            role,
            text,
            label,
            tuple(sorted(m._replace(start=_at(steps, m.start), end=_at(steps, m.end)) for m in self._marks)),
            tuple(stretch._replace(start=_at(steps, stretch.start)) for stretch in self._stretches),
            node,
            tuple((_at(steps, place), number) for place, number in self._pages),
        )


_Step = tuple[int, int, int]
"""A fold: from where in the raw text, to where, and how many characters stand for it."""


def _folded(raw: str, typed: bool, leading: str) -> tuple[str, list[_Step]]:
    pieces: list[str] = []
    steps: list[_Step] = []
    done = 0
    first, last = len(raw) - len(raw.lstrip(leading + " \t\r\n")), len(raw.rstrip(" \t\r\n"))
    if first:
        steps.append((0, first, 0))
        done = first
    for found in _TO_FOLD.finditer(raw, first, max(last, first)):
        start, end = found.span()
        kept = "" if found[0][0] not in " \t\r\n" or (typed and _vanishes(raw, start, end)) else " "
        if kept == found[0]:
            continue
        pieces += (raw[done:start], kept)
        steps.append((start, end, len(kept)))
        done = end
    pieces.append(raw[done : max(last, first)])
    if last < len(raw):
        steps.append((max(last, first), len(raw), 0))
    return "".join(pieces), steps


def _at(steps: list[_Step], index: int) -> int:
    """The place in a folded text of a place in the raw one."""
    place = index
    for start, end, kept in steps:
        if start >= index:
            break
        place -= min(end, index) - start - min(kept, min(end, index) - start)
    return place


def _vanishes(raw: str, start: int, end: int) -> bool:
    """Whether a run of blanks with a line end in it stands beside East Asian text, notes and blanks aside."""
    if "\n" not in raw[start:end]:
        return False
    before = TOKEN.sub("", raw[max(start - 80, 0) : start]).rstrip()[-1:]
    behind = TOKEN.sub("", raw[end : end + 80]).lstrip()[:1]
    return bool(_EAST_ASIAN.match(before) or _EAST_ASIAN.match(behind))


@dataclass(frozen=True)
class NoteText:
    """A note: its number or mark, and its paragraphs."""

    label: str
    passages: tuple[Passage, ...]
    node: Element | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Witness:
    """The text of one brief in one witness.

    `parts`: its passages by part (title, authors, body …), `notes`: its notes in their order. `anchors`: what the
    ids in the base text are called as targets (fig 1, sec 2). `pages`: the numbers of the printed pages, where the
    witness tells where they begin. `pictures`: the names of the files of its pictures.
    """

    edition: str
    name: str
    lang: str
    parts: Mapping[str, tuple[Passage, ...]]
    notes: tuple[NoteText, ...]
    anchors: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[int, ...] = ()
    pictures: tuple[str, ...] = ()

    @property
    def characters(self) -> int:
        """How many characters are compared."""
        passages = [passage for part in self.parts.values() for passage in part]
        passages += [passage for note in self.notes for passage in note.passages]
        return sum(len(passage.text) for passage in passages)

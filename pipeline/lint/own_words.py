"""The author's own words of a brief as one string: what rules about terms, names and glosses search.

Quotations, titles, addresses and citations are covered with U+FFFC, so that an index stays an index. A rule
searches once where it would otherwise search every paragraph for every term.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from lxml import etree

from pipeline.diagnostics import Place
from pipeline.flat import REFERENCE
from pipeline.lint.reading import NAMED, OWN, QUOTED, TITLED, Passage, Reading
from pipeline.lint.rules import Finding

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"

FUNCTION = "的了在與和及或於對是將為從向等之其此該這那個已並而但也都把被讓使由以到至暨"
"""Characters of grammar: a name seldom has one, and none begins with one."""

BETWEEN = "\n"
"""What stands between two passages."""

ABOUT_THE_BRIEF = {"p", "kwd", "title"}
"""The elements of the front matter whose text is the author's prose: abstract and keywords."""

_ENDS = re.compile("[。！？；\n]")

CITED = "c"
"""The zone of a citation, beside those of `reading`."""

_NAMED_SO = re.compile("(?:[頻管渠軌通航水]道|[簡名俗通又全舊亦合統]稱)(?:為|是)?「([^「」。！？；：，]{1,12})」")
"""A term in 「」 after a word that ends like a verb of saying."""

_NAMED_BEFORE = re.compile(rf"「([{HAN}]{{1,6}})」(?=[{HAN}])")
"""A term in 「」 that a word follows: 指出，「堤豐」系統有助於訓練."""

Spot = tuple[int, int]
"""Where an occurrence begins and ends in the own words of a brief."""

Rank = tuple[int, int, int, int]
"""The place of a character among all that a reader meets."""

MOST_SHOWN = 3
"""Up to so many other places are shown with a finding."""


@dataclass(frozen=True, eq=False)
class OwnWords:
    """The own words of a brief: `text`, whose each character is (`zones`, see `reading.OWN`), and for each
    passage in it where it starts.
    """

    text: str
    zones: str
    starts: tuple[int, ...]
    passages: tuple[Passage, ...]

    def at(self, index: int) -> tuple[Passage, int]:
        """The passage that holds a character, and the index in it."""
        which = max(bisect_right(self.starts, index) - 1, 0)
        return self.passages[which], index - self.starts[which]

    def place(self, start: int, end: int) -> Place:
        """Where characters `start` to `end` stand in the file."""
        passage, first = self.at(start)
        return passage.place(first, first + end - start)

    def found(
        self,
        start: int,
        end: int,
        values: Mapping[str, object],
        also: Iterable[Spot] = (),
        replace: str | None = None,
    ) -> Finding:
        """A finding on characters `start` to `end`; the other places that it speaks of are stretches, too."""
        passage, first = self.at(start)
        fix = passage.replaced(first, first + end - start, replace) if replace is not None else ()
        places = tuple(self.place(*spot) for spot in islice(also, MOST_SHOWN))
        return Finding(passage.place(first, first + end - start), values, fix, places)

    def is_set_apart(self, index: int) -> bool:
        """Whether a character stands in 「」 as part of a term."""
        return self.zones[index] == NAMED

    @cached_property
    def _characters(self) -> frozenset[str]:
        return frozenset(self.text)

    def has(self, word: str) -> bool:
        """Whether the text has a word: most are told by a character that it does not have."""
        return self._characters.issuperset(word) and word in self.text

    def occurrences(self, word: str) -> Iterator[int]:
        """Where a word begins, from the front, none overlapping the one before."""
        start = self.text.find(word) if word else -1
        while start >= 0:
            yield start
            start = self.text.find(word, start + len(word))

    @cached_property
    def _ends(self) -> tuple[int, ...]:
        return tuple(end.start() for end in _ENDS.finditer(self.text))

    def sentence(self, index: int) -> int:
        """The number of the sentence that holds a character."""
        return bisect_left(self._ends, index)

    def apart(self, spots: Iterable[Spot], others: Iterable[Spot]) -> list[Spot]:
        """The occurrences that share no sentence with the others: two names side by side are two things."""
        taken = {self.sentence(start) for start, _ in others}
        return [spot for spot in spots if self.sentence(spot[0]) not in taken]

    @cached_property
    def _called(self) -> dict[etree._Element, tuple[int, int]]:
        """For each note the passage (its position) and the character after which it is called."""
        return {
            note: (position, index)
            for position, passage in enumerate(self.passages)
            for index, note in (passage.calls if passage.note is None else ())
        }

    def rank(self, index: int) -> Rank:
        """Where a reader comes to a character who reads each note when it is called."""
        passage, at = self.at(index)
        position = max(bisect_right(self.starts, index) - 1, 0)
        if passage.note is None:
            return position, at, 0, 0
        around, call = self._called.get(passage.note.element, (position, -1))
        return around, call - 1, 1, at


_BESIDE = 4
"""Fewer characters between two names, and they are named together."""


def not_beside(spots: Iterable[Spot], others: Sequence[Spot]) -> list[Spot]:
    """The occurrences that none of the others follows or precedes at once: 《甲法》與《乙法》 are two laws."""
    starts = sorted(others)
    left = []
    for start, end in spots:
        at = bisect_left(starts, (start, end))
        near = starts[max(at - 1, 0) : at + 1]
        if all(max(start, first) - min(end, last) >= _BESIDE for first, last in near):
            left.append((start, end))
    return left


@lru_cache(maxsize=64)
def own_words(brief: Reading, titled: bool = False) -> OwnWords:
    """The own words of a brief: of its text, abstract and notes, in the order of the file.

    `titled`: with the titles 《》〈〉 that stand in the text itself, such as laws and treaties.
    """
    passages = tuple(passage for passage in brief.passages if _is_prose(passage))
    texts, zones, starts, done = [], [], [], 0
    for passage in passages:
        whose = _zones(passage)
        others = _NOT_OWN_OR_TITLED if titled and _has_titles(passage) else _NOT_OWN
        texts.append(_covered(passage.text, others, whose))
        zones.append(whose)
        starts.append(done)
        done += len(whose) + 1
    text = BETWEEN.join(each.replace(BETWEEN, " ") for each in texts)
    return OwnWords(text, OWN.join(zones), tuple(starts), passages)


_NOT_OWN = re.compile(f"[^{re.escape(OWN + NAMED)}]+")
_NOT_OWN_OR_TITLED = re.compile(f"[^{re.escape(OWN + NAMED + TITLED)}]+")


def _covered(text: str, others: re.Pattern[str], zones: str) -> str:
    """A text with U+FFFC for each character of the zones that a pattern finds."""
    done, parts = 0, []
    for found in others.finditer(zones):
        parts += [text[done : found.start()], REFERENCE * (found.end() - found.start())]
        done = found.end()
    return "".join([*parts, text[done:]])


def _is_prose(passage: Passage) -> bool:
    if not passage.text or passage.kind == "attribution":
        return False
    if passage.kind == "metadata":
        return passage.element.tag in ABOUT_THE_BRIEF and passage.lang.startswith("zh")
    return True


def _has_titles(passage: Passage) -> bool:
    """Whether a title in it is the author's: a law in the text, not a source in a note or a quotation."""
    return passage.note is None and passage.kind != "quotation"


def _zones(passage: Passage) -> str:
    """The zones of a passage; a citation is someone else's, and so is no name that follows 頻道 or 簡稱."""
    zones = list(passage.zones)
    own = () if passage.kind == "quotation" else (_NAMED_SO, _NAMED_BEFORE)
    for found in (each for pattern in own for each in pattern.finditer(passage.text)):
        start, end = found.span(1)
        if zones[start - 1] == OWN and set(zones[start:end]) == {QUOTED}:
            zones[start:end] = NAMED * (end - start)
    for citation in passage.citations:
        start, end = max(citation.start, 0), min(citation.end, len(zones))
        zones[start:end] = CITED * max(end - start, 0)
    return "".join(zones)

"""What a brief says, sentence by sentence, and how much two sentences have in common.

Words are compared by pairs of neighbouring characters, weighted by how rare they are in the brief; so synonyms
that share a character and names in a short form still meet, and no dictionary is needed.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipeline.diagnostics import Place
from pipeline.lint.actors import countries, ships
from pipeline.lint.amounts import amounts
from pipeline.lint.days import MASK
from pipeline.lint.reading import ADDRESS, QUOTED, Passage, Reading, once

MOST_READ = 60_000
"""Characters of a brief that are read for contradictions; a brief has 3,000 to 10,000."""

_LONGEST = 2_000
"""Characters of a sentence that is one; longer ones have lost their stops."""

_FUNCTION = frozenset(
    "的了在是為與和及或並而則也都就又於以其之將被把從至到等該此這那各每有已曾可會要須應仍尚更最較很但若如因故所者們個年月"
    "日約達逾近僅只還再另且雖然使讓由對向均皆乃即便才吧呢嗎"
)
_HAN_RUN = re.compile("[\u3400-\u9fff]{2,}")
_LATIN = re.compile("[A-Za-z][A-Za-z0-9\\-]+")
_GENERIC = frozenset(
    re.findall(
        "..",
        "政府國家表示指出目前進行相關包括以及問題部分未來期間使用超過增加減少成長提供持續可能此外另外以上以下平均總共合計預計規劃宣布"
        "死亡受傷喪生傷亡公布統計報告調查根據依據強調認為顯示其中分別第一第二首次同時已經不過至少美元億元萬人以來之後之前當中情況方面影響重要主要發展"
        "合作計畫建立推動加強成為作為做為造成導致透過採取地區世界全球國際單位人員數量規模比例占比總額金額提高下降上升降低達到共有",
    )
)
"""Words that say little about what a sentence is about."""

_TOPIC = re.compile(
    "[「《]([^「」《》\ufffc]{2,12})[」》](?:級|號|型|計畫|行動|星座|演習|演訓|軍演|飛彈|組織|專案|方案|作戰|任務|倡議|協定|協議|條約|法案|條例|"
    "草案|集團|公司|油輪|貨輪|艦|無人機|系統|論壇|峰會|會議)"
)
_CLAUSE_END = re.compile("[，。；：！？]")
OFFSETS = {"今": 0, "去": -1, "前": -2, "明": 1}


@dataclass(frozen=True, eq=False)
class Sentence:
    """One sentence of the author's: characters `start` to `end` of `passage`.

    `text` has U+FFFC for what is quoted, cited or an address. `index` counts through the brief.
    """

    passage: Passage
    start: int
    end: int
    index: int
    text: str

    def place(self, start: int, end: int) -> Place:
        """Where some characters of it stand in the file."""
        return self.passage.place(self.start + start, self.start + end)

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        """The stretches between commas and other stops, without those."""
        ends = [match.start() for match in _CLAUSE_END.finditer(self.text)]
        starts = [0, *(end + 1 for end in ends)]
        return tuple((a, b) for a, b in zip(starts, [*ends, len(self.text)], strict=True) if a <= b)

    def clause(self, index: int) -> tuple[int, int]:
        """The clause that holds a character."""
        return next(((a, b) for a, b in self.clauses if a <= index <= b), (0, len(self.text)))

    @cached_property
    def wording(self) -> str:
        """The text without its amounts, whose units would look like shared words."""
        text = self.text
        for amount in amounts(self.text):
            text = text[: amount.start] + MASK * (amount.end - amount.start) + text[amount.end :]
        return text

    @cached_property
    def actors(self) -> tuple[tuple[int, str], ...]:
        """The countries and ships named in it, with where each name begins."""
        return tuple(sorted((*countries(self.text), *ships(self.text))))

    def topic_before(self, index: int) -> str | None:
        """The name in quotation marks of a ship, plan, law or the like that stands last before a character."""
        named = _TOPIC.findall(self.text, 0, index)
        return named[-1] if named else None

    def actor_before(self, index: int) -> str | None:
        """The actor named last before a character."""
        return next((name for start, name in reversed(self.actors) if start < index), None)


@once
def sentences(brief: Reading) -> tuple[list[Sentence], "Rarity"]:
    """The sentences of a brief that are the author's own, and how rare the words in them are.

    The abstract and comments in notes are read, too.
    """
    found = _sentences(brief)
    return found, Rarity(found)


def _sentences(brief: Reading) -> list[Sentence]:
    found: list[Sentence] = []
    done = 0
    for passage in brief.passages:
        if not _is_read(brief, passage) or done > MOST_READ:
            continue
        text = _with_titles(passage)
        done += len(text)
        for start, end in passage.sentences:
            if end > MOST_READ or end - start > _LONGEST:
                continue
            if passage.note is None or MASK not in passage.own_text[start:end]:
                found.append(Sentence(passage, start, end, len(found), text[start:end]))
    return found


def _with_titles(passage: Passage) -> str:
    """The author's words with the titles that he names, which tell one law or treaty from another."""
    zones = passage.zones
    if QUOTED not in zones and ADDRESS not in zones:
        return passage.text
    return "".join(
        MASK if zone in (QUOTED, ADDRESS) else character
        for character, zone in zip(passage.text, zones, strict=True)
    )


def _is_read(brief: Reading, passage: Passage) -> bool:
    if passage.kind in ("quotation", "cell", "attribution"):
        return False
    own = passage.lang.partition("-")[0] == brief.lang.partition("-")[0]
    return own and (passage.kind != "metadata" or passage.element.tag == "p")


def is_content(character: str) -> bool:
    """Whether a character belongs to a word that says something."""
    return "\u3400" <= character <= "\u9fff" and character not in _FUNCTION


def pieces(text: str) -> Iterator[list[str]]:
    """The pairs of neighbouring characters of each stretch of content words, in order; Latin words as they are."""
    for run in _HAN_RUN.finditer(text):
        piece: list[str] = []
        for first, second in pairwise(run[0]):
            if first in _FUNCTION or second in _FUNCTION:
                if piece:
                    yield piece
                piece = []
            else:
                piece.append(first + second)
        if piece:
            yield piece
    for word in _LATIN.finditer(text):
        yield [word[0]]


_USUAL = 60
"""Sentences of a usual brief: what stands in all of them is not rare at all."""


class Rarity:
    """How rare pairs of characters are in a brief."""

    def __init__(self, read: Sequence[Sentence]) -> None:
        self.counts: Counter[str] = Counter()
        self._read: dict[str, tuple[list[list[str]], frozenset[str]]] = {}
        for sentence in read:
            self.counts.update(self.read(sentence.text)[1])

    def read(self, text: str) -> tuple[list[list[str]], frozenset[str]]:
        """The pieces of a text (`pieces`), and all that is in them."""
        if text not in self._read:
            parts = list(pieces(text))
            self._read[text] = parts, frozenset(gram for piece in parts for gram in piece)
        return self._read[text]

    def of(self, gram: str) -> float:
        """From 0 for one that is everywhere to about 4 for one that stands in two sentences of a hundred."""
        rare = max(math.log(_USUAL / max(self.counts[gram], 1)), 0.0)
        return 0.3 * rare if gram in _GENERIC else rare

    def shared(self, one: str, other: str) -> dict[str, float]:
        """The longest stretches of content words that two texts share, with their weights."""
        parts, here = self.read(one)
        there = self.read(other)[1]
        found: dict[str, float] = {}
        if here.isdisjoint(there):
            return found
        for piece in parts:
            run: list[str] = []
            for gram in [*piece, ""]:
                if gram in there:
                    run.append(gram)
                elif run:
                    word = run[0] + "".join(each[1:] for each in run[1:])
                    found[word] = max(map(self.of, run)) + 0.25 * (len(run) - 1)
                    run = []
        return found

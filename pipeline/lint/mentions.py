"""Amounts in their sentences, and what tells two of them apart: another actor, time, part, change or rate."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.diagnostics import Place
from pipeline.lint.amounts import Amount, amounts
from pipeline.lint.sentences import OFFSETS, Sentence

_BESIDE = 14
"""Characters on either side of an amount that may say what it is of."""

APART = 99.0
"""A doubt that nothing can outweigh."""

_CHANGED = re.compile(
    "(?:增|升|提高|提升|調升|上修|擴大|擴增|擴編|擴充|追加|加碼|減|降|調降|下修|縮|跌|漲|調整|修正|改|攀升|躍升|延長|縮短)"
    "(?:加|少|低|減|至|到|為|成)*(?:至|到|為|成)[了約近逾]?$"
)


@dataclass(frozen=True, eq=False)
class Mention:
    """An amount in its sentence, with the words right before and after it in its clause.

    `others` are the other amounts of the sentence, by value and unit.
    """

    sentence: Sentence
    amount: Amount
    before: str
    after: str
    others: frozenset[tuple[float, str]]

    @property
    def written(self) -> str:
        """The amount as printed."""
        return self.sentence.text[self.amount.start : self.amount.end]

    @property
    def excerpt(self) -> str:
        """The amount with a few characters of its clause on either side."""
        return f"{self.before[-6:]}{self.written}{self.after[:6]}"

    @property
    def place(self) -> Place:
        """Where the amount stands in the file."""
        return self.sentence.place(self.amount.start, self.amount.end)

    @cached_property
    def head(self) -> str:
        """The clause up to the amount."""
        return self.sentence.text[self.sentence.clause(self.amount.start)[0] : self.amount.start]

    @cached_property
    def marks(self) -> tuple[bool, ...]:
        """Whether it is said of an earlier time, of a part, of a step, or of what something has become."""
        head = tuple(pattern.search(self.head) is not None for pattern in (_FORMER, _PART))
        return (*head, *(pattern.search(self.before) is not None for pattern in (_STEP, _CHANGED)))

    @cached_property
    def doubts(self) -> tuple[bool, ...]:
        """Which of the marks of `_DOUBTS` it has."""
        return tuple(pattern.search(self.head) is not None for pattern, _ in _DOUBTS)

    @cached_property
    def actor(self) -> str | None:
        """The actor named last before it in its sentence."""
        return self.sentence.actor_before(self.amount.start)

    @cached_property
    def topic(self) -> str | None:
        """The name in quotation marks that stands last before it in its sentence."""
        return self.sentence.topic_before(self.amount.start)

    @cached_property
    def times(self) -> tuple[tuple[str, ...] | None, ...]:
        """The year, the month and the day named last before it in its sentence."""
        text, end = self.sentence.text, self.amount.start
        return tuple(found[-1] if (found := pattern.findall(text, 0, end)) else None for pattern in _TIMES)

    @cached_property
    def rate(self) -> list[str]:
        """What it is an amount for each of."""
        return _RATE.findall(self.head)[-1:]

    @cached_property
    def ordinal(self) -> list[str]:
        """The number in 第… that stands last before it in its clause."""
        return _ORDINAL.findall(self.head)[-1:]

    @property
    def is_listed(self) -> bool:
        """Whether it is an item of a list."""
        text, end = self.sentence.text, self.amount.end + len(self.after)
        return "、" in (text[max(0, self.amount.start - 1) : self.amount.start], text[end : end + 1])

    @cached_property
    def names(self) -> frozenset[str]:
        """The names beside it that can't be mistaken for other words: quoted, or in Latin letters."""
        return frozenset(_NAME.findall(self.before + "|" + self.after))


_NAME = re.compile("(?<=[「《])[^「」《》\ufffc]{2,9}(?=[」》])|[A-Za-z][A-Za-z0-9\\-]+")


def mentions(read: Sequence[Sentence]) -> Iterator[Mention]:
    """Every amount of a brief with the words beside it."""
    for sentence in read:
        found = list(amounts(sentence.text))
        values = frozenset((each.value, each.unit) for each in found if each.value > 2)
        for index, amount in enumerate(found):
            before, after = _beside(sentence, found, index)
            yield Mention(sentence, amount, before, after, values - {(amount.value, amount.unit)})


def _beside(sentence: Sentence, found: Sequence[Amount], index: int) -> tuple[str, str]:
    """The words before and after an amount in its clause, up to the amounts beside it.

    What is said before 由63個減為34個 is said of both amounts; an amount in brackets is of what stands before.
    """
    text, amount = sentence.text, found[index]
    start, end = sentence.clause(amount.start)
    first = max(start, found[index - 1].end if index else 0)
    before = text[max(first, amount.start - _BESIDE) : amount.start]
    if index and found[index - 1].end > start and _CHANGED.search(before):
        before = text[max(start, found[index - 1].start - _BESIDE) : found[index - 1].start] + before
    last = min(end, found[index + 1].start if index + 1 < len(found) else end)
    if text[max(0, amount.start - 1) : amount.start] in ("（", "("):
        last = amount.end
    after = text[amount.end : min(last, amount.end + _BESIDE)]
    return before, after.partition("、")[0]


# --- what tells amounts apart -------------------------------------------------------------------------------

_FORMER = re.compile(
    "原[本先定訂有]?|過去|先前|此前|曾|一度|上屆|前一|選前|改選前|舊制|現行|當時|最初|起初|首批|首期|首筆|以往|昔日|早年|戰前|較"
)
_STEP = re.compile(
    "(?:增加|成長|減少|下降|上升|提高|擴大|縮減|調升|調降|增派|增購|加購|追加|新增|增|減|多|少|差距|相差|落後|領先|高出|低於|"
    "高於|超出)[了約達逾近出]*$"
)
_PART = re.compile(
    "各[自有占佔]?$|分別|另|又|再|部分|僅存|剩下|剩餘|其餘|首日|首次|單[日月次]|合計|加總|[上下]限|至多|第[一二三四五六七八九十]"
)

_DOUBTS = (
    (re.compile("若|如果|假設|倘|一旦|即使"), 0.8),
    (re.compile("其中[有約近逾超過達僅只]*$"), 1.0),
    (re.compile("平均|最[高低多少大小]|累計|累積|至少"), 0.8),
    (re.compile("將(?![近領])|預[計定期估]|可望|目標|未來|計畫|規劃|擬"), 0.5),
    (re.compile("目前|現[役有今任]|迄今|至今|截至"), 0.5),
    (re.compile("(?:[已共約仍尚還現]|^)有[約近逾]?$"), 0.6),
)
"""What one of two amounts of one thing rarely has without the other, and how much it counts against them."""
_WHOLE = re.compile("全[部數]|所有|總共|共計|合計")
_RATE = re.compile("每(?:一)?(個月|小時|分鐘|公斤|公噸|平方公里|公里|公頃|公升|[^，。\\d每])")
_ORDINAL = re.compile(r"第([一二三四五六七八九十百\d]+)(?![季年])")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})月|第([一二三四1-4])季|([上下])半年")
_DAY = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})日")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年(?!代)|[至到\-–]\d{4}年)|(?<![如迄至])([今去前明])年")
_TIMES = (_YEAR, _MONTH, _DAY)


def doubt(one: Mention, other: Mention, issue: int | None) -> float:
    """How much speaks against two amounts being of one thing; `APART` where something tells them apart."""
    if _are_apart(one, other, issue):
        return APART
    amount = distance(one.amount, other.amount)
    for (_, weight), here, there in zip(_DOUBTS, one.doubts, other.doubts, strict=True):
        amount += weight * (here != there)
    if one.is_listed != other.is_listed:
        amount += 0.7
    if bool(_WHOLE.search(one.before + one.after)) != bool(_WHOLE.search(other.before + other.after)):
        amount += 0.6
    return amount + (0.8 if one.actor and other.actor and one.actor != other.actor else 0.0)


def distance(one: Amount, other: Amount) -> float:
    """Slips keep the size of a number, or put the point elsewhere; what is far apart is likely something else."""
    small, large = sorted((one.value, other.value))
    ratio = large / small if small else 99.0
    return 0.0 if ratio <= 2 or ratio in (10.0, 100.0, 1000.0) else min(ratio - 2, 1.5)


def _are_apart(one: Mention, other: Mention, issue: int | None) -> bool:
    return (
        _are_of_other_times(one, other, issue)
        or _are_of_other_actors(one, other)
        or _are_of_other_names(one, other)
        or one.marks != other.marks
    )


def _are_of_other_times(one: Mention, other: Mention, issue: int | None) -> bool:
    for here, there in zip(one.times, other.times, strict=True):
        if here and there and _in_figures(here, issue) != _in_figures(there, issue):
            return True
    return one.rate != other.rate


def _in_figures(time: tuple[str, ...], issue: int | None) -> tuple[str, ...]:
    """A time with 今年 as the year of the issue."""
    relative = len(time) == 2 and time[1] in OFFSETS and issue is not None
    return (str((issue or 0) + OFFSETS[time[1]]), "") if relative else time


def _are_of_other_actors(one: Mention, other: Mention) -> bool:
    """Whether each is said of an actor that the other sentence does not name at all."""
    if not one.actor or not other.actor or one.actor == other.actor:
        return False
    named, its_named = ({name for _, name in each.sentence.actors} for each in (one, other))
    return one.actor not in its_named and other.actor not in named


def _are_of_other_names(one: Mention, other: Mention) -> bool:
    if one.names and other.names and not one.names & other.names:
        return True
    apart = one.topic and other.topic and one.topic not in other.sentence.text
    if apart and other.topic and other.topic not in one.sentence.text:
        return True
    return bool(one.ordinal and other.ordinal and one.ordinal != other.ordinal)


def per(mention: Mention) -> bool:
    """Whether it is an amount for each of something: 每公斤110美元."""
    return _RATE.search(mention.before) is not None

"""Amounts in their sentences, and what tells two of them apart: another actor, time, part, change or rate."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.diagnostics import Place
from pipeline.lint.amounts import Amount, amounts
from pipeline.lint.sentences import OFFSETS, Sentence

_BESIDE = 14
"""Characters on either side of an amount that may say what it is of."""


@dataclass(frozen=True, eq=False)
class Mention:
    """An amount in its sentence, with the words right before and after it in its clause."""

    sentence: Sentence
    amount: Amount
    before: str
    after: str
    clause: str
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
        start = self.sentence.start
        return self.sentence.passage.place(start + self.amount.start, start + self.amount.end)


def mentions(read: Sequence[Sentence]) -> Iterator[Mention]:
    """Every amount of a brief with the words beside it."""
    for sentence in read:
        found = list(amounts(sentence.text))
        values = frozenset((each.value, each.unit) for each in found if each.value > 2)
        for index, amount in enumerate(found):
            start, end = sentence.clause(amount.start)
            before = max(start, found[index - 1].end if index else 0)
            after = min(end, found[index + 1].start if index + 1 < len(found) else end)
            if sentence.text[max(0, amount.start - 1) : amount.start] in ("（", "("):
                after = amount.end
            yield Mention(
                sentence,
                amount,
                sentence.text[max(before, amount.start - _BESIDE) : amount.start],
                sentence.text[amount.end : min(after, amount.end + _BESIDE)],
                sentence.text[start:end],
                values - {(amount.value, amount.unit)},
            )


_CHANGED = re.compile(
    "(?:增|升|提高|提升|調升|上修|擴大|擴增|擴編|擴充|追加|加碼|減|降|調降|下修|縮|跌|漲|調整|修正|改|攀升|躍升|延長|縮短)"
    "(?:加|少|低|減|至|到|為|成)*(?:至|到|為|成)[了約近逾]?$"
)
_FORMER = re.compile(
    "原[本先定訂有]?|過去|先前|此前|曾|一度|上屆|前一|選前|改選前|舊制|現行|當時|最初|起初|首批|首期|首筆|以往|昔日|早年|戰前"
)
_STEP = re.compile(
    "(?:增加|成長|減少|下降|上升|提高|擴大|縮減|調升|調降|增派|增購|加購|追加|新增|增|減|多|少|差距|相差|落後|領先|高出|低於|"
    "高於|超出)[了約達逾近出]*$"
)
_PART = re.compile(
    "各[自有占佔]?$|分別|平均|單[日月次]|最[高低多少大小]|[上下]限|至多|至少|首日|首次|第[一二三四五六七八九十]|另|又|再|部分|"
    "僅存|剩下|剩餘|其餘|餘$|約有$|合計|加總|累計|累積"
)
RATE = re.compile("每[^，。\\d每]{1,4}")
_ORDINAL = re.compile(r"第([一二三四五六七八九十百\d]+)(?![季年])")
IF = re.compile("若|如果|假設|倘|一旦|即使")
OF_WHICH = re.compile("其中")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})月|第([一二三四1-4])季|([上下])半年")
_YEAR_BEFORE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年(?!代)|[至到\-–]\d{4}年)|(?<![如迄至])([今去前明])年")


def is_told_apart(one: Mention, other: Mention, issue: int | None) -> bool:
    """Whether something says that two amounts are of different things: another time, actor, part, step or rate."""
    first, second = one.sentence, other.sentence
    for pattern in (_YEAR_BEFORE, _MONTH):
        here, there = _last(pattern, one, issue), _last(pattern, other, issue)
        if here and there and here != there:
            return True
    actor = first.actor_before(one.amount.start)
    its_actor = second.actor_before(other.amount.start)
    if actor and its_actor and actor != its_actor:
        named, its_named = {name for _, name in first.actors}, {name for _, name in second.actors}
        if actor not in its_named and its_actor not in named:
            return True
    head, its_head = head_of(one), head_of(other)
    ordinals, its_ordinals = _ORDINAL.findall(head), _ORDINAL.findall(its_head)
    if ordinals and its_ordinals and ordinals[-1] != its_ordinals[-1]:
        return True
    if any(bool(pattern.search(head)) != bool(pattern.search(its_head)) for pattern in (_FORMER, _PART)):
        return True
    if RATE.findall(head)[-1:] != RATE.findall(its_head)[-1:]:
        return True
    return any(
        bool(pattern.search(one.before)) != bool(pattern.search(other.before)) for pattern in (_STEP, _CHANGED)
    )


def _last(pattern: re.Pattern[str], mention: Mention, issue: int | None) -> object:
    """The year or month named last before an amount in its sentence; 今年 is that of the issue."""
    found = pattern.findall(mention.sentence.text, 0, mention.amount.start)
    if not found:
        return None
    last = found[-1]
    if pattern is _YEAR_BEFORE and issue is not None and last[1]:
        return (str(issue + OFFSETS[last[1]]), "")
    return last


def head_of(mention: Mention) -> str:
    """The clause up to the amount."""
    return mention.clause[: mention.clause.find(mention.before + mention.written) + len(mention.before)]

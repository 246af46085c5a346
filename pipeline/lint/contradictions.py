"""The rule about one amount with two values: seats, sums of money, shares, people counted twice.

Two amounts of one unit are compared when they stand in different sentences. They are taken for the same quantity
when the words beside them agree (what is counted, what is measured), when the sentences share enough else, and
when nothing tells them apart (`mentions`). Precision comes first: what is reported, an editor should look at.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.actors import countries
from pipeline.lint.amounts import Amount
from pipeline.lint.days import MASK
from pipeline.lint.mentions import APART, Mention, doubt, mentions, per
from pipeline.lint.reading import Reading, once
from pipeline.lint.rules import Finding, rule
from pipeline.lint.seats import contradicting_seats
from pipeline.lint.sentences import Rarity, is_content, sentences

_MOST_COMPARED = 200
"""Amounts of one unit that are compared with each other."""


def likeness(one: Mention, other: Mention, rarity: Rarity, issue: int | None) -> float:
    """How likely two mentions say one quantity with two values; 0 where something tells them apart."""
    if one.amount.agrees(other.amount):
        return 0.0
    against = doubt(one, other, issue)
    if against >= APART:
        return 0.0
    beside = _beside(one, other, rarity)
    digits = _slip_of_digits(one.amount, other.amount)
    if beside < 0.7 and digits < 1.4:
        return 0.0
    if _are_parallel(one, other):
        return 0.0
    if _are_qualified_apart(one, other, rarity):
        against += 1.0
    whole = rarity.shared(one.sentence.wording, other.sentence.wording)
    around = min(0.3 * sum(whole.values()), 3.0)
    numbers = 1.1 * min(len(one.others & other.others), 2)
    return beside + digits + around + numbers - against


def _beside(one: Mention, other: Mention, rarity: Rarity) -> float:
    """How much the words right beside two amounts agree; the nearer to the amounts, the more it counts."""
    total = 0.7 if per(one) and per(other) else 0.0
    for here, there, weight in (
        (one.before, other.before, 1.0),
        (one.after, other.after, 1.0),
        (one.before, other.after, 0.8),
        (one.after, other.before, 0.8),
    ):
        for word, rare in rarity.shared(here, there).items():
            if not any(name == word for _, name in countries(word)) and not _are_parts(here, there, word, rarity):
                far = max(_gap(one, here, word), _gap(other, there, word))
                near = 1.0 if far <= 4 else 0.75 if far <= 7 else 0.5
                length = (0.3 if rare >= 1.5 else 0.15) * min(len(word) - 2, 4)
                who = 0.4 if _WHO.search(word) else 1.0
                total += weight * near * who * (min(max(rare, 0.6), 2.0) * 0.5 + length)
    return total


_HEDGE = re.compile("[約近達逾為是有僅高共計則至到只了佔占]+$")
_PRONOUN = re.compile("[該此本其各全]$|[這那該此][^，。]{1,2}$")
_READ_BACK = 40


def _are_parallel(one: Mention, other: Mention) -> bool:
    """Whether two amounts are introduced by the same words about two things: 男性平均壽命為 and 女性平均壽命為."""
    here, there = _introduction(one), _introduction(other)
    same = 0
    while same < min(len(here), len(there)) and here[-1 - same] == there[-1 - same]:
        same += 1
    if same < 3 or sum(map(is_content, here[len(here) - same :])) < 2:
        return False
    mine, its = here[: len(here) - same], there[: len(there) - same]
    if not all(
        text and (is_content(text[-1]) or (text[-1].isascii() and text[-1].isalnum())) for text in (mine, its)
    ):
        return False
    if (
        _PRONOUN.search(mine)
        or _PRONOUN.search(its)
        or {name for _, name in countries(mine)} & {name for _, name in countries(its)}
    ):
        return False
    return not set(pairwise(mine[-8:])) & set(pairwise(its[-8:]))


def _introduction(mention: Mention) -> str:
    """The words before an amount, without earlier amounts of other clauses and without 約 or 達."""
    sentence, end = mention.sentence, mention.amount.start
    clause = sentence.clause(end)[0]
    earlier = re.sub(f"{MASK}+", "#", sentence.wording[:clause])
    return _HEDGE.sub("", (earlier + sentence.text[clause:end])[-_READ_BACK:])


def _are_qualified_apart(one: Mention, other: Mention, rarity: Rarity) -> bool:
    """Whether the word that two amounts share belongs to two owners, or has two epithets.

    金文洙得票率 and 岡薩雷斯得票率; 24個固定式擴音器 and 43個對南擴音器.
    """
    for here, there, after in ((one.before, other.before, False), (one.after, other.after, True)):
        shared = rarity.shared(here, there)
        if shared:
            word = max(shared, key=lambda each: shared[each])
            mine, its = (_qualifier(text[: text.find(word)], after) for text in (here, there))
            alike = set(mine) & set(its) if after else set(pairwise(mine)) & set(pairwise(its))
            return min(len(mine), len(its)) >= 2 and not alike
    return False


def _qualifier(text: str, after: bool) -> str:
    """The content characters that stand right before a word; between an amount and the word, all of them."""
    text = text.removesuffix("的").removesuffix("之")
    if after:
        return "".join(filter(is_content, text))
    start = len(text)
    while start > 0 and is_content(text[start - 1]):
        start -= 1
    return text[start:]


def _are_parts(here: str, there: str, word: str, rarity: Rarity) -> bool:
    """Whether two shared characters are parts of two words: 票率 of 得票率 and of 投票率."""
    if len(word) > 2:
        return False
    first, second = here[: here.find(word)][-1:], there[: there.find(word)][-1:]
    return first != second and all(rarity.counts[before + word[0]] > 1 for before in (first, second))


_WHO = re.compile("[部院會局署黨軍司處廳]$|政府$|總統$|部隊$|國家$|當局$|集團$|聯盟$|美國|中國|中共")
"""Words that say who, not what."""


def _gap(mention: Mention, beside: str, word: str) -> int:
    """How many characters lie between an amount and a word beside it."""
    if beside is mention.after:
        return max(beside.find(word), 0)
    return max(len(beside) - beside.rfind(word) - len(word), 0)


def _slip_of_digits(one: Amount, other: Amount) -> float:
    """Whether two numbers look like one and its slip: two digits exchanged, or one wrong."""
    first, second = (re.sub(r"\D", "", each.printed).rstrip("0") for each in (one, other))
    if len(first) != len(second) or len(first) < 2:
        return 0.0
    wrong = [index for index, (digit, its) in enumerate(zip(first, second, strict=True)) if digit != its]
    if len(wrong) == 2 and sorted(first) == sorted(second):
        beside = wrong[1] == wrong[0] + 1
        return (2.0 if beside else 1.5) if len(first) > 2 else 1.0
    return 0.8 if len(wrong) == 1 and len(first) > 2 else 0.0


ENOUGH = 2.7
"""The likeness from which two mentions are reported."""


def _side_by_side(found: Sequence[Mention]) -> set[frozenset[float]]:
    """The values that stand in one sentence, or in two that follow each other: the author knows them apart."""
    pairs = set()
    for index, one in enumerate(found):
        for other in found[index + 1 : index + 40]:
            if other.sentence.index - one.sentence.index > 1:
                break
            if other.sentence.passage is one.sentence.passage:
                pairs.add(frozenset((one.amount.value, other.amount.value)))
    return pairs


def contradictions(
    found: Sequence[Mention], rarity: Rarity, issue: int | None
) -> Iterator[tuple[float, Mention, Mention]]:
    """The pairs of mentions of one unit that contradict each other, with how alike they are."""
    together = _side_by_side(found)
    for index, one in enumerate(found):
        for other in found[index + 1 :]:
            if frozenset((one.amount.value, other.amount.value)) not in together:
                alike = likeness(one, other, rarity, issue)
                if alike >= ENOUGH:
                    yield alike, one, other


@rule(
    Code(
        "D040",
        title=Words("同一件事有兩個數字", "one quantity with two values"),
        message=Words(
            "「{here}」與別處的「{there}」說的似乎是同一件事，數字卻不同",
            "“{here}” and “{there}” seem to speak of the same quantity with two values",
        ),
        hint=Words(
            "查對兩處，改正其中一處；若說的不是同一件事，把差別寫清楚",
            "look both up and correct one; if they are two things, say what tells them apart",
        ),
        why=Words(
            "同一篇裡的數字前後不一，讀者不知道該引哪一個；審查與編輯逐一核對時最容易漏掉相隔幾頁的兩處。",
            "Where one number has two values, nobody knows which to quote; pages apart, the eye misses it.",
        ),
        bad="立法院通過930億元的特別預算，用於支持產業。</p><p>學者有不同看法。</p><p>立法院通過的920億元特別預算，"
        "能否支持產業，仍待觀察。",
        good="立法院通過930億元的特別預算，用於支持產業。</p><p>學者有不同看法。</p><p>立法院通過的930億元特別預算，"
        "能否支持產業，仍待觀察。特別預算原為880億元。",
        severity=Severity.NOTE,
    )
)
def two_values(brief: Reading) -> Iterator[Finding]:
    """One quantity with two values in one brief: 在參議院有101席 … 在參議院中有100席."""
    yield from conflicting_values(brief)


@once
def conflicting_values(brief: Reading) -> tuple[Finding, ...]:
    """What the rule finds; the rule about slips of figures asks as well."""
    return tuple(_conflicting_values(brief))


def _conflicting_values(brief: Reading) -> Iterator[Finding]:
    read, rarity = sentences(brief)
    by_unit: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions(read):
        if len(by_unit[mention.amount.unit]) < _MOST_COMPARED:
            by_unit[mention.amount.unit].append(mention)
    issue = brief.issue.published.year if brief.issue.published else None

    reported: set[Mention] = set()
    for unit, found in by_unit.items():
        said = Counter(mention.amount.value for mention in found)
        if unit == "席":
            whole = "".join(sentence.text for sentence in read)
            pairs = list(contradicting_seats(found, whole, issue))
        else:
            best = sorted(contradictions(found, rarity, issue), key=lambda pair: -pair[0])
            pairs = [(one, other) for _, one, other in best]
        for one, other in pairs:
            here, there = (one, other) if said[one.amount.value] < said[other.amount.value] else (other, one)
            if here not in reported and there not in reported:
                reported.update((here, there))
                yield _finding(here, there)


def _finding(here: Mention, there: Mention) -> Finding:
    values = {"here": here.excerpt, "there": there.excerpt}
    return Finding(here.place, values, (), (there.place,))

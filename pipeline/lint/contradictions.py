"""The rule about one amount with two values: seats, sums of money, shares, people counted twice.

Two amounts of one unit are compared when they stand in different sentences. They are taken for the same quantity
when the words beside them agree (what is counted, what is measured), when the sentences share enough else, and
when nothing tells them apart (`mentions`). Precision comes first: what is reported, an editor should look at.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.actors import countries
from pipeline.lint.amounts import Amount
from pipeline.lint.mentions import IF, OF_WHICH, RATE, Mention, head_of, is_told_apart, mentions
from pipeline.lint.reading import Reading
from pipeline.lint.rules import Finding, rule
from pipeline.lint.seats import contradicting_seats
from pipeline.lint.sentences import Rarity, sentences

_MOST_COMPARED = 400
"""Amounts of one unit that are compared with each other."""


def likeness(one: Mention, other: Mention, rarity: Rarity, issue: int | None) -> float:
    """How likely two mentions say one quantity with two values; 0 where something tells them apart."""
    if one.amount.agrees(other.amount) or is_told_apart(one, other, issue):
        return 0.0
    beside = _beside(one, other, rarity)
    digits = _slip_of_digits(one.amount, other.amount)
    if beside < 0.7 and digits < 1.4:
        return 0.0
    whole = rarity.shared(one.sentence.text, other.sentence.text)
    around = min(0.3 * sum(whole.values()), 3.0)
    numbers = 1.1 * min(len(one.others & other.others), 2)
    doubt = _distance(one.amount, other.amount)
    for pattern in (IF, OF_WHICH):
        doubt += bool(pattern.search(head_of(one))) != bool(pattern.search(head_of(other)))
    return beside + digits + around + numbers - doubt


def _distance(one: Amount, other: Amount) -> float:
    """Slips keep the size of a number, or put the point elsewhere; what is far apart is likely something else."""
    small, large = sorted((one.value, other.value))
    ratio = large / small if small else 99.0
    return 0.0 if ratio <= 2 or ratio in (10.0, 100.0, 1000.0) else min(ratio - 2, 1.5)


def _beside(one: Mention, other: Mention, rarity: Rarity) -> float:
    """How much the words right beside two amounts agree; the nearer to the amounts, the more it counts."""
    total = 0.7 if RATE.search(one.before) and RATE.search(other.before) else 0.0
    for here, there, weight in (
        (one.before, other.before, 1.0),
        (one.after, other.after, 1.0),
        (one.before, other.after, 0.8),
        (one.after, other.before, 0.8),
    ):
        for word, rare in rarity.shared(here, there).items():
            if not any(name == word for _, name in countries(word)):
                far = max(_gap(one, here, word), _gap(other, there, word))
                near = 1.0 if far <= 4 else 0.75 if far <= 7 else 0.5
                total += weight * near * (min(max(rare, 0.6), 2.0) * 0.5 + 0.15 * (len(word) - 2))
    return total


def _gap(mention: Mention, beside: str, word: str) -> int:
    """How many characters lie between an amount and a word beside it."""
    if beside is mention.after:
        return max(beside.find(word), 0)
    return max(len(beside) - beside.rfind(word) - len(word), 0)


def _slip_of_digits(one: Amount, other: Amount) -> float:
    """Whether two numbers look like one and its slip: two digits exchanged, or one wrong."""
    first, second = one.printed.replace(",", "").replace(".", ""), other.printed.replace(",", "").replace(".", "")
    first, second = first.rstrip("0"), second.rstrip("0")
    if len(first) != len(second) or len(first) < 2 or not (first + second).isdecimal():
        return 0.0
    wrong = [index for index, pair in enumerate(zip(first, second, strict=True)) if pair[0] != pair[1]]
    exchanged = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(first) == sorted(second)
    if exchanged:
        return 1.5 if len(first) > 2 else 0.7
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
    read = sentences(brief)
    by_unit: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions(read):
        if len(by_unit[mention.amount.unit]) < _MOST_COMPARED:
            by_unit[mention.amount.unit].append(mention)
    issue = brief.issue.published.year if brief.issue.published else None
    rarity = Rarity(read)
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

"""Seats in an assembly: whose they are, and in which chamber. A party has one number of seats at a time."""

import re
from collections.abc import Iterator, Sequence

from pipeline.lint.actors import parties
from pipeline.lint.mentions import APART, Mention, doubt

_CHAMBER = re.compile(
    "(?P<upper>參議?院|上議?院)|(?P<lower>眾議?院|下議?院|代表院|平民院)|(?P<other>聯邦參議院|聯邦議院|國民議會|人民議會|歐洲議會|[都州縣市]議會|"
    "立法院|國會|議會)"
)
_WHOLE = re.compile("的?(?:[參眾上下國立議]|聯邦|人民|國民)|[中當之裡內]|過半|的?[一半多]|門檻|改選|選舉")
_NEEDED = re.compile(
    "門檻|過半|半數|三分之|所需|須有|需要|至少要|民調|預[測估計]|可望|目標|[增減]|流失|失去|(?:改選|補選|選出|競逐|角逐)$"
)
_GENERIC = re.compile("(?:最大|第[一二三]|其他|他|各|兩|三|該|此|政|反對|在野)(?:大?政?)黨$")
_JOINED = re.compile("[和與及、暨]$")
_WON = re.compile("(?:取得|獲得|贏得|拿下|斬獲|當選|選上|奪[得下]|獲|得到)了?$")


def whose(mention: Mention, whole: str) -> tuple[str, str] | None:
    """The party and the chamber that seats are counted in; None where that can't be told.

    `whole` is the text of the brief, from which the names of parties are learnt.
    """
    text, amount = mention.sentence.text, mention.amount
    start, end = mention.sentence.clause(amount.start)
    if _WHOLE.match(text, amount.end) or _NEEDED.search(text, start, amount.start):
        return None
    party = _party(text[: amount.start], whole)
    chamber = _chamber(mention, end)
    return (party, chamber) if party and chamber else None


def _party(before: str, whole: str) -> str | None:
    """The party named last; None where two are named as one (甲黨和乙黨)."""
    named = [each for each in parties(before, whole) if not _GENERIC.search(each[2])]
    if not named:
        return None
    start, _, name = named[-1]
    joined = _JOINED.search(before[:start])
    if joined and len(named) > 1 and named[-2][1] == joined.start():
        return None
    return name


def _chamber(mention: Mention, end: int) -> str | None:
    text, amount = mention.sentence.text, mention.amount
    passage = mention.sentence.passage.own_text
    before = list(_CHAMBER.finditer(text, 0, amount.start))
    after = list(_CHAMBER.finditer(text, amount.end, end))
    earlier = list(_CHAMBER.finditer(passage, 0, mention.sentence.start)) if not before and not after else []
    found = before[-1:] or after[:1] or earlier[-1:]
    return (found[0]["other"] or found[0].lastgroup) if found else None


def contradicting_seats(
    found: Sequence[Mention], whole: str, issue: int | None
) -> Iterator[tuple[Mention, Mention]]:
    """The pairs of mentions that give one party two numbers of seats in one chamber."""
    owned = [(owner, mention) for mention in found if (owner := whose(mention, whole)) is not None]
    for index, (owner, one) in enumerate(owned):
        for its_owner, other in owned[index + 1 :]:
            if owner != its_owner or one.sentence is other.sentence or one.amount.agrees(other.amount):
                continue
            if doubt(one, other, issue) < APART and _are_comparable(one, other):
                yield one, other


def _are_comparable(one: Mention, other: Mention) -> bool:
    """Seats won at an election where half of them are filled are not all the seats a party holds."""
    small, large = sorted((one.amount.value, other.amount.value))
    same = bool(_WON.search(one.before)) == bool(_WON.search(other.before))
    return small * 2 > large if same else max(small * 1.15, small + 1) >= large

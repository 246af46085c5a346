"""Exceptions: `<?kan allow="N003" reason="…"?>`, an editor's decision that a rule is wrong at one place.

It stands before the place. Between blocks it covers the element that follows; inside a paragraph (or a title,
caption, cell) the rest of it with the notes called there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from lxml import etree

from pipeline.diagnostics import CODES, Code, Diagnostic, Place, Severity, Words
from pipeline.lint.rules import RULES
from pipeline.parse import Source
from pipeline.validate.values import ALLOWED

Point = tuple[int, int]

UNUSED = Code(
    "X001",
    title=Words("用不到的例外", "exception without use"),
    message=Words("這個例外沒有蓋到任何 {code}", "this exception covers no {code}"),
    hint=Words(
        "刪去它；要是它該蓋到什麼，就移到那個地方的前面",
        "delete it, or move it right before the place it is meant for",
    ),
    why=Words(
        "原稿改好以後還留著的例外，會把下一個錯也一併放過。",
        "An exception that stays after the text was mended will hide the next mistake.",
    ),
    bad='<?kan allow="N001" reason="引文照錄原文"?>甲',
    good="甲",
    severity=Severity.WARNING,
)
NOT_EXCUSABLE = Code(
    "X002",
    title=Words("不能例外的代碼", "no exception possible"),
    message=Words("「{code}」不能用例外放過：{reason}", "{code} cannot be excepted: {reason}"),
    hint=Words(
        "只有編輯規則可以有例外；kan explain 會說每個代碼是什麼",
        "only editorial rules have exceptions; kan explain tells what a code is",
    ),
    why=Words(
        "不合格式的原稿排不出來，寫了理由也一樣。",
        "A manuscript that breaks the format can't be set, whatever the reason.",
    ),
    bad='<?kan allow="S001" reason="趕著出刊"?>甲',
    good="甲",
    severity=Severity.WARNING,
)


@dataclass(frozen=True, slots=True)
class Exemption:
    """One instruction: its codes, where it stands, and the stretch of the file it covers (end exclusive)."""

    codes: tuple[str, ...]
    place: Place
    start: Point
    end: Point

    def covers(self, found: Diagnostic) -> bool:
        """Whether it lets a finding of the same file pass."""
        return found.code in self.codes and self.start <= (found.place.line, found.place.column) < self.end


def without_excused(source: Source, found: Iterable[Diagnostic], ran: Iterable[str]) -> list[Diagnostic]:
    """What is left of the findings in a file, and the findings about its exceptions themselves.

    An exception is only unused where the rules with its codes were run: `ran`.
    """
    exemptions = list(_exemptions(source))
    if not exemptions:
        return list(found)
    excusable, ran = {rule.code.code for rule in RULES}, set(ran)
    left: list[Diagnostic] = []
    used: set[tuple[Exemption, str]] = set()
    for each in found:
        covering = [exemption for exemption in exemptions if exemption.covers(each)]
        used.update((exemption, each.code) for exemption in covering)
        if not covering:
            left.append(each)
    for exemption in exemptions:
        for code in exemption.codes:
            if code not in excusable:
                known = Words("它不是編輯規則", "it is no editorial rule")
                unknown = Words("沒有這個代碼", "there is no such code")
                left.append(
                    NOT_EXCUSABLE.at(exemption.place, code=code, reason=known if code in CODES else unknown)
                )
            elif code in ran and (exemption, code) not in used:
                left.append(UNUSED.at(exemption.place, code=code))
    return left


def _exemptions(source: Source) -> Iterator[Exemption]:
    for node in source.nodes:
        if not isinstance(node, etree._ProcessingInstruction) or node.target != "kan":
            continue
        written = ALLOWED.fullmatch(node.text or "")
        if written is None or not written["reason"].strip():
            continue
        place = source.place(node)
        codes = tuple(re.split("[ ,]+", written["codes"]))
        yield Exemption(codes, place, (place.line, place.column), _end(source, node))


def _end(source: Source, node: etree._Element) -> Point:
    """Where what an instruction covers ends: with the element that follows it, or with the one it stands in."""
    (parent, *_) = node.iterancestors()
    following = next((each for each in node.itersiblings() if isinstance(each.tag, str)), None)
    within = following if following is not None and _is_between_blocks(parent) else parent
    place = source.end_place(within)
    return place.line, place.column


def _is_between_blocks(parent: etree._Element) -> bool:
    """Whether an element has no text of its own, only elements."""
    texts = chain([parent.text], (child.tail for child in parent))
    return not any((text or "").strip() for text in texts)

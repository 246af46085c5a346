"""Block quotations and typed lists: paragraphs that belong together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.diagnostics import Words
from pipeline.importing.document import List, Table
from pipeline.importing.recognise import codes
from pipeline.importing.recognise.characters import BLANKS
from pipeline.importing.recognise.figures import Plate
from pipeline.importing.recognise.labels import label_of
from pipeline.importing.recognise.ledger import DASH, Ledger
from pipeline.importing.recognise.letters import Line
from pipeline.importing.recognise.typed_notes import Item

_STYLE = re.compile(r"quot|引文|引言|引用|block ?text|獨立引文", re.IGNORECASE)
_KAI = re.compile("楷|Kai", re.IGNORECASE)
_ATTRIBUTION = re.compile(f"[{BLANKS}]*(?:——|──|－－|――|—|─|－|–|--)[{BLANKS}]*(?=[^{BLANKS}—─－–-])")
_CITATION = re.compile(r"(?:[^。，：「」]{2,15}[，：])?[《〈][^《》〈〉]+[》〉](?:[，,（(·・‧].{0,40})?。?")
"""A line that is only a source: 王大明，《書名》，頁5。"""
_BULLET = re.compile(
    rf"(?P<mark>[•●◆■▪◼○◎★➢➤✓✔‧∙◇□▲△►▶]|[-–*＊](?=[{BLANKS}])|[\uf0b7\uf06c\uf0d8\uf06e\uf0a7])[{BLANKS}]*"
)
_ITEM_KINDS = ("arabic", "arabic-bracket", "arabic-half", "circled", "letter")


@dataclass(frozen=True)
class Quotation:
    """Paragraphs quoted, and the line that says where they are from."""

    lines: tuple[Line, ...]
    source: Line | None
    dash: str = ""


@dataclass(frozen=True)
class TypedList:
    """Paragraphs with typed bullets or numbers: each with the text before it that is dropped; lists inside."""

    style: str
    items: tuple[tuple[Line, str, "TypedList | None"], ...]


class Reader:
    """Reads the quotations and typed lists among the lines of a manuscript, whose text looks as most lines do."""

    def __init__(self, lines: Sequence[Line], ledger: Ledger) -> None:
        self.ledger = ledger
        long = [line for line in lines if len(line.words) > 40] or list(lines)
        self.left = _usual([(line.paragraph.left, len(line.words)) for line in lines])
        self.right = _usual([(line.paragraph.right, len(line.words)) for line in lines])
        kai = sum(len(line.words) for line in long if _KAI.search(line.face() or ""))
        self.kai = kai * 2 > sum(len(line.words) for line in long)
        self.quoted = sum(line.paragraph.quoted for line in long) * 2 > len(long) and len(long) > 2

    def reason(self, line: Line) -> tuple[Words, bool] | None:
        """Why a line is a quotation, and whether that is sure; None where it isn't."""
        paragraph = line.paragraph
        if not line.words or paragraph.outline is not None:
            return None
        if paragraph.quoted and not self.quoted:
            return Words("稿件標為引文", "the manuscript says so"), True
        if _STYLE.search(paragraph.style or "") and not self.quoted:
            return Words("引文樣式", "its style"), True
        if (
            label_of(line.text.string)
            or _BULLET.match(line.text.string)
            or paragraph.alignment in ("center", "right")
        ):
            return None
        both = paragraph.right >= self.right + 12
        inside = paragraph.left >= self.left + (12 if both else 20)
        if inside and paragraph.first > -12:
            return Words("左右縮排", "indented"), both
        if (
            _KAI.search(line.face() or "")
            and not self.kai
            and line.text.share("font") > 0.95
            and line.text.share("italic") < 0.95
            and len(line.words) > 15
        ):
            return Words("整段楷體", "set in Kai"), False
        return None

    def quotation(self, items: Sequence[Item | Plate], at: int, stop: set[int]) -> tuple[Quotation | None, int]:
        """The quotation that begins at an item, and how many items it has."""
        lines: list[Line] = []
        told: tuple[Words, bool] | None = None
        end = at
        while end < len(items) and end not in stop:
            item = items[end]
            reason = self.reason(item) if isinstance(item, Line) else None
            if reason is None or not isinstance(item, Line):
                break
            told = told or reason
            lines.append(item)
            end += 1
        if not lines or told is None:
            return None, 0
        source, dash = None, ""
        if len(lines) > 1 and (found := _ATTRIBUTION.match(lines[-1].text.string)) and len(lines[-1].words) <= 80:
            source, dash = lines.pop(), found[0]
        elif len(lines) > 1 and len(lines[-1].words) <= 60 and _CITATION.fullmatch(lines[-1].words):
            source = lines.pop()
        elif end < len(items) and end not in stop and (dashed := self._attribution(items[end])):
            item = items[end]
            assert isinstance(item, Line)
            source, dash = item, dashed
            end += 1
        if not told[1] or told[0].zh != "稿件標為引文":
            self.ledger.doubt(codes.QUOTATION_BY_LOOK, lines[0].number, lines[0].words, reason=told[0])
        if dash and source is not None:
            self.ledger.drop(source.number, dash, DASH)
        return Quotation(tuple(lines), source, dash), end - at

    def _attribution(self, item: Item | Plate) -> str:
        """The dash of a line below a quotation that says where it is from; empty if it doesn't."""
        if not isinstance(item, Line) or len(item.words) > 80 or isinstance(item, List | Table):
            return ""
        found = _ATTRIBUTION.match(item.text.string)
        return found[0] if found else ""


def typed_list(items: Sequence[object], at: int, stop: set[int], ledger: Ledger) -> tuple[TypedList | None, int]:
    """The typed list that begins at an item: two or more in a row; and how many items it has."""
    marked: list[tuple[Line, str, str, int]] = []
    end = at
    while end < len(items) and end not in stop:
        item = items[end]
        mark = _mark(item) if isinstance(item, Line) else None
        if mark is None or not isinstance(item, Line):
            break
        kind, text, value = mark
        if marked and not _follows(marked, kind, value):
            break
        if not marked and not kind.startswith("bullet") and value != 1:
            break
        marked.append((item, kind, text, value))
        end += 1
    if len(marked) < 2 or not any(kind == marked[0][1] for _, kind, _, _ in marked[1:]):
        return None, 0
    first = marked[0]
    ledger.doubt(codes.LIST_TYPED, first[0].number, first[0].words, count=len(marked), mark=first[2].strip())
    return _nested(marked), end - at


def _mark(line: Line) -> tuple[str, str, int] | None:
    """The kind of the mark with which an item begins, the mark as typed, and its number."""
    string = line.text.string
    if bullet := _BULLET.match(string):
        return "bullet" + bullet["mark"], bullet[0], 0
    label = label_of(string)
    if label is None or label.kind not in _ITEM_KINDS or not string[len(label.text) :].strip():
        return None
    return label.kind, label.text, label.value


def _follows(marked: Sequence[tuple[Line, str, str, int]], kind: str, value: int) -> bool:
    """Whether an item goes on with the list, or begins one inside it."""
    if kind.startswith("bullet"):
        return True
    for _, other, _, before in reversed(marked):
        if other == kind:
            return value == before + 1 or (value == 1 and marked[-1][1] != kind)
    return value == 1


def _nested(marked: Sequence[tuple[Line, str, str, int]]) -> TypedList:
    kind = marked[0][1]
    items: list[tuple[Line, str, TypedList | None]] = []
    at = 0
    while at < len(marked):
        line, _, text, _ = marked[at]
        end = at + 1
        while end < len(marked) and marked[end][1] != kind:
            end += 1
        items.append((line, text, _nested(marked[at + 1 : end]) if end > at + 1 else None))
        at = end
    return TypedList(_style(kind), tuple(items))


def _style(kind: str) -> str:
    if kind.startswith("bullet"):
        return "bullet"
    return "alpha-lower" if kind == "letter" else "order"


def _usual(values: Sequence[tuple[float, int]]) -> float:
    """The indent in the middle of those of all lines, each counted as often as it has characters."""
    half, counted = sum(size for _, size in values) / 2, 0
    for value, size in sorted(values):
        counted += size
        if counted > half:
            return value
    return 0.0

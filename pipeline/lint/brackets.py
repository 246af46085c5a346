"""Rules about brackets and quotation marks: pairs, nesting, width, and the right kind for the language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.diagnostics import Code, Edit, Severity, Words
from pipeline.lint.marks import (
    CHINESE,
    HAN,
    HAN_OR_MARK,
    JAPANESE,
    KOREAN,
    LATIN,
    LINK,
    POINTS,
    WESTERN,
    Use,
    Uses,
    is_own,
    is_title,
    settled,
    tongues,
)
from pipeline.lint.reading import Passage, Reading, once
from pipeline.lint.rules import Finding, found, rule

_PARTNER: dict[str, str] = {
    pair[0]: pair[1]
    for pair in ("「」", "『』", "《》", "〈〉", "“”", "‘’", "（）", "()", "【】", "〔〕", "［］", "[]")
}
_KINDS = {"(": "（", "[": "［", ")": "）", "]": "］"}
"""Brackets of half width count as those of full width when pairs are looked for."""

_OPENER_OF = {_KINDS.get(close, close): _KINDS.get(opener, opener) for opener, close in _PARTNER.items()}
_STRAIGHT = '"＂'
_BRACKET = re.compile(f"[{re.escape(''.join((*_PARTNER, *_PARTNER.values())))}{_STRAIGHT}]")
_LETTER = re.compile(f"[{LATIN}]")
_HAN = re.compile(f"[{HAN}]")
_HAN_OR_POINT = re.compile(f"[{HAN}{POINTS}]")
_HANGUL_OR_KANA = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\uac00-\ud7af]")
_LABEL = re.compile(r"(?:\A|[\s，、；：。（(「])(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4}|[一二三四五六七八九十]{1,3})\Z")
_AHEAD = 300
"""How many characters after a bracket its partner is looked for, where it is doubtful which belong together."""

_DEEPEST = 12
"""How many brackets may be open at once where a closing one looks for its own."""

_LONGEST_SHOWN = 40
"""Longest pair of brackets that a finding marks from end to end; of a longer one it marks the first."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two brackets that belong together, by the places of their characters; `around`: the pair they stand in."""

    start: int
    end: int
    around: int | None


@dataclass(slots=True)
class Pairs:
    """The brackets of a passage.

    `unclosed` and `unopened` have no partner; `crossed` stand in each other's way; `turned` face the wrong way.
    A pair of different kinds is a pair: 《…〉, （…), “…".
    """

    pairs: list[Pair] = field(default_factory=list)
    unclosed: list[int] = field(default_factory=list)
    unopened: list[int] = field(default_factory=list)
    crossed: list[tuple[int, int]] = field(default_factory=list)
    turned: list[int] = field(default_factory=list)


@once
def pairs_of(passage: Passage) -> Pairs:
    """The brackets of a passage, read once."""
    return _Reader(passage.text, tongues(passage)).read()


def is_sound(passage: Passage) -> bool:
    """Whether every bracket has its partner: only then is it sure what is a title and what a quotation."""
    pairs, text = pairs_of(passage), passage.text
    whole = all(_PARTNER.get(text[pair.start], text[pair.start]) == text[pair.end] for pair in pairs.pairs)
    return whole and not (pairs.unclosed or pairs.unopened or pairs.crossed or pairs.turned)


@dataclass(slots=True)
class _Reader:
    """Reads the brackets of one text."""

    text: str
    said: str
    open: list[tuple[int, str]] = field(default_factory=list)
    """The brackets that wait for their partner: where, and of what kind."""
    left: list[tuple[int, str]] = field(default_factory=list)
    """Brackets that another one closed over."""
    result: Pairs = field(default_factory=Pairs)

    def read(self) -> Pairs:
        for each in _BRACKET.finditer(self.text):
            index, mark = each.start(), _KINDS.get(each[0], each[0])
            if self.said[index] == LINK or self.is_apostrophe(index, mark):
                continue
            if mark in _STRAIGHT:
                self.straight(index)
            elif mark in _PARTNER:
                self.opening(index, mark)
            else:
                self.closing(index, mark)
        left = {index for index, _ in (*self.left, *self.open)}
        self.result.unclosed = sorted(left.difference(self.result.turned))
        self.result.pairs.sort(key=lambda pair: pair.start)
        return self.result

    def is_apostrophe(self, index: int, mark: str) -> bool:
        if mark not in "‘’":
            return False
        before, after = self.text[index - 1 : index] if index else "", self.text[index + 1 : index + 2]
        if _LETTER.match(before) and _LETTER.match(after):
            return True
        if mark == "‘":
            return bool(_LETTER.match(before)) or after.isdigit()
        is_open = any(kind == "‘" for _, kind in self.open[-_DEEPEST:])
        return not is_open and (before.isascii() or bool(_LETTER.match(before)))

    def straight(self, index: int) -> None:
        kinds = [kind for _, kind in self.open[-_DEEPEST:]]
        if '"' in kinds:
            self.close('"', index)
        elif kinds and kinds[-1] == "“" and not self.is_ahead("“", index):
            self.close("“", index)
        elif not (self.text[index - 1 : index].isdigit() and index):
            self.open.append((index, '"'))

    def opening(self, index: int, mark: str) -> None:
        top = self.open[-1][1] if self.open else ""
        if mark in "“‘「『《〈" and top == mark and self.looks_closing(index):
            self.result.turned.append(index)
            self.close(mark, index)
        else:
            self.open.append((index, mark))

    def closing(self, index: int, mark: str) -> None:
        wanted = _OPENER_OF[mark]
        kinds = [kind for _, kind in self.open[-_DEEPEST:]]
        if wanted in kinds:
            self.close(wanted, index)
        elif mark == "”" and kinds and kinds[-1] == '"':
            self.close('"', index)
        elif mark == "）" and _LABEL.search(self.text, max(index - 6, 0), index):
            return
        elif crossed := next((at for at in self.last_left() if self.left[at][1] == wanted), None):
            self.result.crossed.append((self.left.pop(crossed)[0], index))
        elif kinds and kinds[-1] != '"' and not self.is_ahead(kinds[-1], index):
            self.close(kinds[-1], index)
        elif self.looks_opening(index) and self.is_ahead(wanted, index):
            self.result.turned.append(index)
            self.open.append((index, wanted))
        else:
            self.result.unopened.append(index)

    def last_left(self) -> range:
        return range(-1, -min(len(self.left), _DEEPEST) - 1, -1)

    def close(self, kind: str, index: int) -> None:
        """Close the last open bracket of a kind; what is open inside stays without a partner."""
        while self.open[-1][1] != kind:
            self.left.append(self.open.pop())
        start, _ = self.open.pop()
        around = self.open[-1][0] if self.open else None
        self.result.pairs.append(Pair(start, index, around))

    def is_ahead(self, kind: str, index: int) -> bool:
        """Whether the partner of an open bracket follows before another bracket of its kind opens."""
        partners = [close for opener, close in _PARTNER.items() if _KINDS.get(opener, opener) == kind]
        openers = [opener for opener in _PARTNER if _KINDS.get(opener, opener) == kind]
        end = index + 1 + _AHEAD
        closes = [at for mark in partners if (at := self.text.find(mark, index + 1, end)) >= 0]
        opens = [at for mark in openers if (at := self.text.find(mark, index + 1, end)) >= 0]
        return bool(closes) and min(closes) < min(opens, default=end)

    def looks_closing(self, index: int) -> bool:
        before, after = self.text[index - 1 : index], self.text[index + 1 : index + 2]
        return (not before.isspace() and before not in _PARTNER) and (
            not after or after.isspace() or after in "，。、；：,.;:)）》〉」』"
        )

    def looks_opening(self, index: int) -> bool:
        before, after = self.text[index - 1 : index] if index else "", self.text[index + 1 : index + 2]
        return (not before or before.isspace() or before in "，。、；：,;:（(") and after.isalnum()


def _inside(text: str, pair: Pair) -> str:
    """What stands between two brackets, or the beginning of it."""
    return text[pair.start + 1 : min(pair.end, pair.start + _AHEAD)]


def _shown(start: int, end: int) -> tuple[int, int]:
    """The stretch of a pair that a finding marks."""
    return (start, end + 1) if end - start <= _LONGEST_SHOWN else (start, start + 1)


def _pair_found(passage: Passage, pair: Pair, replace: tuple[str, str] | None, **values: object) -> Finding:
    """A finding on two brackets; the fix exchanges both."""
    edits: tuple[Edit, ...] = ()
    if replace is not None:
        first = passage.replaced(pair.start, pair.start + 1, replace[0])
        last = passage.replaced(pair.end, pair.end + 1, replace[1])
        edits = (*first, *last) if first and last else ()
    shown = _shown(pair.start, pair.end)
    also = () if shown[1] > pair.end else (passage.place(pair.end, pair.end + 1),)
    return Finding(passage.place(*shown), values, edits, also)


@rule(
    Code(
        "M001",
        title=Words("括號或引號不成對", "bracket or quotation mark without its partner"),
        message=Words("這個 {mark} 沒有{which}的 {partner}", "this {mark} has no {which} {partner}"),
        hint=Words("補上 {partner}，或刪去多出來的 {mark}", "add the {partner}, or delete the {mark}"),
        why=Words(
            "括號、引號、書名號成對使用（教育部《重訂標點符號手冊》）。引文分成幾段時，每段開頭都用起首引號，最後一段才收尾。",
            "Brackets come in pairs (Handbook of Punctuation). A quotation of several paragraphs opens in each "
            "and closes in the last.",
        ),
        bad="他強調「談判沒有期限，雙方仍會見面。",
        good="他強調「談判沒有期限」，雙方仍會見面。",
        severity=Severity.WARNING,
    )
)
def unpaired(brief: Reading) -> Iterator[Finding]:
    """A bracket or quotation mark that has no partner in its paragraph; quotations of several are looked at."""
    carried = _carried(brief)
    for passage in brief.passages:
        pairs = pairs_of(passage)
        known = carried.get(passage, frozenset())
        for index in sorted((*pairs.unclosed, *pairs.unopened)):
            if index in known:
                continue
            mark = passage.text[index]
            opens = mark in _PARTNER or mark in _STRAIGHT
            partner = _PARTNER.get(mark, mark) if opens else _opener(mark)
            yield found(passage, index, index + 1, mark=mark, partner=partner, which=_CLOSES if opens else _OPENS)


_OPENS, _CLOSES = Words("起首", "opening"), Words("收尾", "closing")


def _carried(brief: Reading) -> dict[Passage, frozenset[int]]:
    """The quotation marks and brackets without partner that belong to a quotation of several paragraphs."""
    carried: dict[Passage, set[int]] = {}
    rows: dict[etree._Element, list[Passage]] = {}
    for passage in brief.passages:
        parent = passage.element.getparent()
        if parent is not None and passage.element.tag == "p":
            rows.setdefault(parent, []).append(passage)
    for row in rows.values():
        _carry(row, carried)
    return {passage: frozenset(indices) for passage, indices in carried.items()}


def _carry(row: list[Passage], carried: dict[Passage, set[int]]) -> None:
    """Look at the paragraphs of one section in their order."""
    waiting: list[tuple[Passage, int]] = []
    for passage, following in zip(row, [*row[1:], None], strict=True):
        pairs = pairs_of(passage)
        for index in pairs.unopened:
            opener = _OPENER_OF.get(passage.text[index], "")
            match = next((each for each in reversed(waiting[-20:]) if each[0].text[each[1]] == opener), None)
            if match is not None:
                waiting.remove(match)
                carried.setdefault(match[0], set()).add(match[1])
                carried.setdefault(passage, set()).add(index)
        for index in pairs.unclosed:
            mark = passage.text[index]
            if mark not in "「『“" or passage.text[max(index - 1, 0) : index] not in ("", "：", "，", "「", " "):
                continue
            if following is not None and following.text.lstrip().startswith(mark):
                carried.setdefault(passage, set()).add(index)
            else:
                waiting.append((passage, index))


@rule(
    Code(
        "M002",
        title=Words("括號配錯了", "brackets of two kinds"),
        message=Words("{first} 和 {last} 不是一對", "{first} and {last} are no pair"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "起首與收尾要用同一種括號，兩對括號也不可交錯（教育部《重訂標點符號手冊》）。",
            "Both brackets of a pair are of one kind, and pairs do not cross (Handbook of Punctuation).",
        ),
        bad="刊登於《中央社〉的報導。",
        good="刊登於《中央社》的報導。",
        severity=Severity.WARNING,
    )
)
def mismatched(brief: Reading) -> Iterator[Finding]:
    """A pair of different kinds, 《…〉 or 「…』, and pairs that cross: 「…（…」…）."""
    for passage in brief.passages:
        pairs, text = pairs_of(passage), passage.text
        for pair in pairs.pairs:
            first, last = text[pair.start], text[pair.end]
            if last in _PARTNER or first in _STRAIGHT or last in _STRAIGHT or pair.start in pairs.turned:
                continue
            if _OPENER_OF[_KINDS.get(last, last)] != _KINDS.get(first, first):
                advice = Words(
                    f"改成 {first}{_PARTNER[first]} 或 {_opener(last)}{last}",
                    f"write {first}{_PARTNER[first]} or {_opener(last)}{last}",
                )
                yield _pair_found(passage, pair, None, first=first, last=last, advice=advice)
        for start, end in pairs.crossed:
            values = {"first": text[start], "last": text[end], "advice": _CROSSED}
            yield Finding(passage.place(start, start + 1), values, (), (passage.place(end, end + 1),))


_CROSSED = Words(
    "兩對括號交錯了；裡面的一對要先收尾", "two pairs cross each other; the inner one must be closed first"
)


def _opener(close: str) -> str:
    return next(opener for opener, partner in _PARTNER.items() if partner == close)


@rule(
    Code(
        "M003",
        title=Words("括號一全形一半形", "brackets of two widths"),
        message=Words("「{first}」和「{last}」一個全形、一個半形", "{first} and {last} are of different widths"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "一對括號用同一種寬度；中文用全形，西文用半形（clreq 3.1）。",
            "A pair has one width: full in Chinese, half in Western text (clreq 3.1).",
        ),
        bad="世界衛生組織（WHO)召開大會。",
        good="世界衛生組織（WHO）召開大會。",
        severity=Severity.WARNING,
    )
)
def mixed_width(brief: Reading) -> Iterator[Finding]:
    """A pair of which one bracket is of full and the other of half width."""
    for passage in brief.passages:
        text, said = passage.text, tongues(passage)
        for pair in pairs_of(passage).pairs:
            first, last = text[pair.start], text[pair.end]
            if (first in "（(" and last in "）)") and (first == "(") != (last == ")"):
                wide = said[pair.start] == CHINESE
                wrong = pair.start if (first == "(") == wide else pair.end
                other = pair.start + pair.end - wrong
                right = _WIDE.get(text[wrong], "") if wide else _NARROW.get(text[wrong], "")
                sure = said[wrong] in (CHINESE, WESTERN) and is_own(passage, wrong, wrong + 1)
                advice = Words("兩個都用全形（）", "use full-width ones") if wide else _BOTH_HALF
                also = (passage.place(other, other + 1),)
                replace = right if sure else None
                yield found(passage, wrong, wrong + 1, replace, also, first=first, last=last, advice=advice)


_WIDE, _NARROW = {"(": "（", ")": "）"}, {"（": "(", "）": ")"}
_BOTH_HALF = Words("兩個都用半形()", "use half-width ones")


@once
def _round(brief: Reading) -> Uses:
    """The round brackets of Chinese sentences: those of full width, and those of half width beside Han."""
    uses: dict[str, list[Use]] = {"（": [], "(": []}
    for passage in brief.passages:
        text, said = passage.text, tongues(passage)
        for pair in pairs_of(passage).pairs:
            both = text[pair.start] + text[pair.end]
            if said[pair.start] != CHINESE or is_title(passage, pair.start):
                continue
            if both == "（）":
                uses["（"].append((passage, pair.start, pair.end))
            elif both == "()" and _is_chinese_bracket(text, pair):
                uses["("].append((passage, pair.start, pair.end))
    return uses


_ENUMERATED = re.compile(r"\d{1,2}|[A-Za-z]|[ivxIVX]{1,4}")
_ABBREVIATED = re.compile(r"[A-Z0-9./\-]{1,4}")


def _is_chinese_bracket(text: str, pair: Pair) -> bool:
    """Whether half-width brackets stand in Chinese: after Han, around Han, or around a gloss before Han."""
    before = text[max(pair.start - 1, 0) : pair.start]
    inside = _inside(text, pair)
    after = text[pair.end + 1 : pair.end + 2]
    if _ENUMERATED.fullmatch(inside.strip()) or any(map(_HANGUL_OR_KANA.search, (before, inside, after))):
        return False
    if inside.isdecimal() and (after.isdecimal() or after == "-"):  # a telephone number
        return False
    before = text[max(pair.start - 2, 0) : pair.start].strip()[-1:]
    if HAN_OR_MARK.match(before) or _HAN.search(inside):
        return True
    return bool(_HAN_OR_POINT.match(after)) and before != "" and not _ABBREVIATED.fullmatch(inside)


@rule(
    Code(
        "M004",
        title=Words("中文裡的半形括號", "half-width brackets in Chinese"),
        message=Words("中文裡的括號是半形：「{shown}」", "half-width brackets in Chinese: “{shown}”"),
        hint=Words("改成全形的（）", "write full-width （）"),
        why=Words(
            "夾注號用全形（教育部《重訂標點符號手冊》夾注號條）；這也是本文其他地方的寫法。",
            "Brackets in Chinese are full-width (Handbook of Punctuation); so are the others of the brief.",
        ),
        bad="漢城中央廣播電台(1953)與漢城國際廣播電台（1961）。",
        good="漢城中央廣播電台（1953）與漢城國際廣播電台（1961）。",
        severity=Severity.WARNING,
    )
)
def half_width_brackets(brief: Reading) -> Iterator[Finding]:
    """Half-width ( ) in a Chinese sentence, unless the brief has no others and the issue few."""
    uses = _round(brief)
    if (
        not uses["（"]
        and len(uses["("]) > 3
        and all(_prefers_half_width(_round(each)) for each in brief.issue.briefs)
    ):
        return
    for passage, start, end in uses["("]:
        sure = is_own(passage, start, start + 1) and is_own(passage, end, end + 1)
        shown = passage.text[start : min(end, start + _AHEAD) + 1]
        yield _pair_found(passage, Pair(start, end, None), ("（", "）") if sure else None, shown=shown)


def _prefers_half_width(uses: Uses) -> bool:
    return len(uses["("]) > len(uses["（"]) or not uses["（"]


_LEVELS = {"「": "『』", "『": "「」", "《": "〈〉", "“": "‘’", "‘": "“”"}
_SORTS = ("「『", "《〈", "“‘")


@rule(
    Code(
        "M005",
        title=Words("引號裡又用同一種引號", "same marks inside each other"),
        message=Words("{mark}裡面又用了{mark}", "{mark} inside {mark}"),
        hint=Words("裡面的一層改用{inner}", "write {inner} for the inner pair"),
        why=Words(
            "引號先用「」，引號裡再用引號用『』（教育部《重訂標點符號手冊》引號條）；書名號《》裡的書名、篇名用〈〉。",
            "Quotation marks inside quotation marks are of the other kind (Handbook of Punctuation), and so are "
            "marks of titles.",
        ),
        bad="他說：「談判不是「零和遊戲」，雙方都有得失。」",
        good="他說：「談判不是『零和遊戲』，雙方都有得失。」",
        severity=Severity.WARNING,
    )
)
def same_level(brief: Reading) -> Iterator[Finding]:
    """「…「…」…」, 《…《…》…》, “…“…”…”; inside the title of a work, marks are the title's."""
    for passage in brief.passages:
        text, pairs = passage.text, pairs_of(passage)
        by_start = {pair.start: pair for pair in pairs.pairs}
        for pair in pairs.pairs:
            mark = text[pair.start]
            sort = next((sort for sort in _SORTS if mark in sort), "")
            outer = _around(text, by_start, pair, sort) if sort else None
            if outer is None or text[outer.start] != mark or _PARTNER.get(mark) != text[pair.end]:
                continue
            if sort != "《〈" and is_title(passage, outer.start):
                continue
            inner = _LEVELS.get(mark)
            if inner is None or (mark == "‘" and _is_doubtful(text, pair)):
                continue
            sure = is_own(passage, pair.start, pair.start + 1) and is_own(passage, pair.end, pair.end + 1)
            values = {"mark": mark + _PARTNER[mark], "inner": inner}
            yield _pair_found(passage, pair, (inner[0], inner[1]) if sure else None, **values)


def _around(text: str, by_start: dict[int, Pair], pair: Pair, sort: str) -> Pair | None:
    """The nearest pair of the same sort that a pair stands in."""
    around = pair.around
    for _ in range(_DEEPEST):
        outer = by_start.get(around) if around is not None else None
        if outer is None or text[outer.start] in sort:
            return outer
        around = outer.around
    return None


def _is_doubtful(text: str, pair: Pair) -> bool:
    """Whether ’ may be an apostrophe."""
    return bool(_LETTER.match(text, pair.end - 1))


def _is_mainland(brief: Reading) -> bool:
    """Whether “ ” are the quotation marks of the brief's own language (zh-Hans)."""
    return "hans" in brief.lang.lower() or brief.lang.lower() in ("zh-cn", "zh-sg", "zh-my")


@rule(
    Code(
        "M006",
        title=Words("中文用了西式引號", "Western quotation marks in Chinese"),
        message=Words("中文的詞句用了{mark}", "Chinese words stand between {mark}"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "台灣的引號用「」，引號裡的引號用『』（教育部《重訂標點符號手冊》引號條）；彎引號多半是從簡體文件帶來的。",
            "The quotation marks of Taiwan are 「」 (Handbook of Punctuation); curly ones come from elsewhere.",
        ),
        bad="北京重申“一個中國”原則。",
        good="北京重申「一個中國」原則。",
        severity=Severity.WARNING,
    )
)
def curly_around_chinese(brief: Reading) -> Iterator[Finding]:
    """“ ” or ‘ ’ around Chinese words in Chinese; not around English words, nor inside a quoted title."""
    for passage in brief.passages if not _is_mainland(brief) else ():
        text, said = passage.text, tongues(passage)
        pairs = pairs_of(passage)
        by_start = {pair.start: pair for pair in pairs.pairs}
        for pair in pairs.pairs:
            mark = text[pair.start]
            if mark not in "“‘" or text[pair.end] != _PARTNER[mark] or is_title(passage, pair.start):
                continue
            inside = _inside(text, pair)
            if said[pair.start] != CHINESE or not _HAN.search(inside) or _HANGUL_OR_KANA.search(inside):
                continue
            outer = _around(text, by_start, pair, "「『“‘")
            inner = outer is not None and (text[outer.start] in "「“")
            if mark == "‘" and not inner and _LETTER.match(text[pair.start + 1]):
                continue
            if passage.note is not None and _is_source(text, pair):
                continue  # the title of a source has brackets of its own
            form = "『』" if inner else "「」"
            sure, advice = is_own(passage, pair.start, pair.start + 1), _write(form)
            marks = mark + _PARTNER[mark]
            yield _pair_found(passage, pair, (form[0], form[1]) if sure else None, mark=marks, advice=advice)


def _write(form: str) -> Words:
    return Words(f"改用{form}", f"write {form}")


def _is_source(text: str, pair: Pair) -> bool:
    """Whether words between quotation marks are the title of a source: a comma before them, a comma after."""
    return text[max(pair.start - 1, 0) : pair.start] in ("，", ",", "") and text[pair.end + 1 : pair.end + 2] in (
        "，",
        ",",
        "《",
    )


@rule(
    Code(
        "M012",
        title=Words("西文裡的全形括號", "full-width brackets in Latin text"),
        message=Words(
            "西文的書目用了全形括號：「{shown}」", "full-width brackets in a Western citation: “{shown}”"
        ),
        hint=Words("改成半形的()，括號外留一個空格", "write half-width ( ), with a blank outside"),
        why=Words(
            "西文的書目用西文的標點（CMOS第14章）。", "A Western citation has Western marks (CMOS, chapter 14)."
        ),
        bad="Graham Allison, <italic>Destined for War</italic>（Boston: Houghton Mifflin, 2017）, p. 5.",
        good="Graham Allison, <italic>Destined for War</italic> (Boston: Houghton Mifflin, 2017), p. 5.",
        severity=Severity.WARNING,
    ),
    within="note",
)
def full_width_brackets(brief: Reading) -> Iterator[Finding]:
    """Full-width （） around Latin words in a citation that is not Chinese."""
    for passage in brief.notes:
        text, said = passage.text, tongues(passage)
        for pair in pairs_of(passage).pairs:
            if text[pair.start] + text[pair.end] != "（）" or said[pair.start] != WESTERN:
                continue
            inside = _inside(text, pair)
            if HAN_OR_MARK.search(inside) or _HANGUL_OR_KANA.search(inside) or is_title(passage, pair.start):
                continue
            before, after = text[max(pair.start - 1, 0) : pair.start], text[pair.end + 1 : pair.end + 2]
            first = "(" if not before or before.isspace() else " ("
            last = ") " if after.isalnum() else ")"
            yield _pair_found(
                passage, pair, (first, last), shown=text[pair.start : min(pair.end, pair.start + _AHEAD) + 1]
            )


_LEAST_WORDS = 3
"""A title has so many words at least; less may be a word that its author sets apart."""


@once
def _western_titles(brief: Reading) -> Uses:
    """The quotation marks that stand in no others, around words of Western citations."""
    uses: dict[str, list[Use]] = {"“": [], "‘": []}
    for passage in brief.notes:
        text, said = passage.text, tongues(passage)
        for pair in pairs_of(passage).pairs:
            mark = text[pair.start]
            if mark not in uses or text[pair.end] != _PARTNER[mark] or said[pair.start] != WESTERN:
                continue
            if mark == "‘" and not is_sound(passage):
                continue
            inside = _inside(text, pair)
            if pair.around is None and "“" not in inside and len(inside.split()) >= _LEAST_WORDS:
                uses[mark].append((passage, pair.start, pair.end))
    return uses


@rule(
    Code(
        "M033",
        title=Words("英文篇名的引號不一", "quotation marks of English titles vary"),
        message=Words(
            "這個英文篇名用‘ ’，{where}多半用“ ”（{count}處）",
            "this title stands in ‘ ’; {where} mostly has “ ” ({count})",
        ),
        hint=Words("改用“ ”，裡面的引號用‘ ’", "write “ ”, and ‘ ’ for quotations inside"),
        why=Words(
            "美式用雙引號，引號裡用單引號，英式相反（CMOS 17, 13.30）；一份刊物只用一種。",
            "American style has double marks outside, British single ones (CMOS 17, 13.30); a periodical has one.",
        ),
        bad="Ann Lee, “A First Story,” Reuters, May 6, 2021; Bob Ray, “A Second Story,” Reuters, May 7, 2021; "
        "Cat Moe, ‘A Third Story,’ Reuters, May 8, 2021.",
        good="Ann Lee, “A First Story,” Reuters, May 6, 2021; Bob Ray, “A Second Story,” Reuters, May 7, 2021; "
        "Cat Moe, “A Third Story,” Reuters, May 8, 2021.",
        severity=Severity.WARNING,
    ),
    within="note",
)
def single_marks_outside(brief: Reading) -> Iterator[Finding]:
    """‘Title’ where the other English titles are “Title”."""
    uses = _western_titles(brief)
    decided = settled(brief, uses, _western_titles)
    if decided is not None and decided.form == "“":
        for passage, start, end in uses["‘"]:
            values = {"where": decided.where, "count": decided.count}
            yield _pair_found(passage, Pair(start, end, None), None, **values)


_EMPTY = re.compile("（[ \u3000]{0,3}）|[(][ ]{0,3}[)]")
_SPOKEN_OF = "號弧用加以與和及、「為是或"


@rule(
    Code(
        "M034",
        title=Words("空的括號", "empty brackets"),
        message=Words("括號裡沒有字", "nothing stands in these brackets"),
        hint=Words("補上漏掉的文字，或刪去括號", "add what is missing, or delete the brackets"),
        why=Words(
            "夾注號是用來夾注的（教育部《重訂標點符號手冊》夾注號條）；空的多半是原文或日期忘了補。",
            "Brackets hold a remark; of empty ones, the words were forgotten.",
        ),
        bad="斐濟總理拉布卡（）訪問澳洲。",
        good="斐濟總理拉布卡（Sitiveni Rabuka）訪問澳洲。",
        severity=Severity.WARNING,
    )
)
def empty_brackets(brief: Reading) -> Iterator[Finding]:
    """（） with nothing inside, after Han; unless they are spoken of."""
    for passage in brief.passages:
        text = passage.text
        for each in _EMPTY.finditer(text):
            start, end = each.span()
            after_han = start and _HAN.match(text, start - 1)
            if after_han and tongues(passage)[start] == CHINESE and text[start - 1] not in _SPOKEN_OF:
                yield found(passage, start, end)


_AFTER_TITLE = ("」", "，", "、")


@once
def _outermost(brief: Reading) -> Uses:
    """The corner brackets that stand in no others."""
    uses: dict[str, list[Use]] = {"「": [], "『": []}
    for passage in brief.passages:
        text, pairs = passage.text, pairs_of(passage)
        by_start = {pair.start: pair for pair in pairs.pairs}
        for pair in pairs.pairs:
            mark = text[pair.start]
            if mark not in uses or text[pair.end] != _PARTNER[mark] or tongues(passage)[pair.start] != CHINESE:
                continue
            if passage.note is not None and text[max(pair.start - 1, 0) : pair.start] in _AFTER_TITLE:
                continue  # the title of a book, as Japanese and Korean have it
            if is_own(passage, pair.start, pair.start + 1) and not _around(text, by_start, pair, "「『“‘"):
                uses[mark].append((passage, pair.start, pair.end))
    return uses


@rule(
    Code(
        "M013",
        title=Words("外層用了雙引號", "inner quotation marks outside"),
        message=Words(
            "外層的引號用了『』，{where}多半用「」（{count}處）",
            "『』 stands outside; {where} mostly has 「」 ({count})",
        ),
        hint=Words("改用「」；『』只用在「」裡面", "write 「」; 『』 is for quotations inside 「」"),
        why=Words(
            "引號先用單引號「」，裡面再用雙引號『』（教育部《重訂標點符號手冊》引號條）。",
            "「」 comes first, 『』 stands inside (Handbook of Punctuation, on quotation marks).",
        ),
        bad="「關稅」與「補貼」之外，還有『產能』。",
        good="「關稅」與「補貼」之外，還有「產能」。",
        severity=Severity.WARNING,
    )
)
def inner_outside(brief: Reading) -> Iterator[Finding]:
    """『』 that stands in no 「」, where the brief has 「」 otherwise."""
    uses = _outermost(brief)
    decided = settled(brief, uses, _outermost)
    if decided is None or decided.form != "「":
        return
    for passage, start, end in uses["『"]:
        sure = "「" not in passage.text[start : min(end, start + _AHEAD)]
        values = {"where": decided.where, "count": decided.count}
        yield _pair_found(passage, Pair(start, end, None), ("「", "」") if sure else None, **values)


@rule(
    Code(
        "M009",
        title=Words("引號的方向反了", "mark turned the wrong way"),
        message=Words(
            "這裡應該是{which}的 {wanted}，打成了 {mark}", "this should be the {which} {wanted}, not {mark}"
        ),
        hint=Words("改成 {wanted}", "write {wanted}"),
        why=Words(
            "起首與收尾的引號、括號形狀不同（教育部《重訂標點符號手冊》；CMOS 17, 6.115）。",
            "Opening and closing marks have different forms (Handbook of Punctuation; CMOS 17, 6.115).",
        ),
        bad="Kirsty Needham, “Fiji Says No,“ Reuters, July 2, 2025.",
        good="Kirsty Needham, “Fiji Says No,” Reuters, July 2, 2025.",
        severity=Severity.WARNING,
    ),
    within="note",
)
def turned(brief: Reading) -> Iterator[Finding]:
    """An opening mark that closes, or a closing mark that opens."""
    for passage in brief.passages:
        pairs = pairs_of(passage)
        for index in pairs.turned:
            mark = passage.text[index]
            opens = mark in _PARTNER
            wanted = _PARTNER[mark] if opens else _opener(mark)
            values = {"mark": mark, "wanted": wanted, "which": _CLOSES if opens else _OPENS}
            yield found(passage, index, index + 1, wanted, (), **values)


_ALIKE = {
    "＜": ("＞", "〈〉"),
    "<": (">", "〈〉"),
    "﹤": ("﹥", "〈〉"),
    "‹": ("›", "〈〉"),
    "≪": ("≫", "《》"),
    "«": ("»", "《》"),
    "〝": ("〞", "「」"),
    "｢": ("｣", "「」"),
}
_ALIKE_PAIR = re.compile(
    "|".join(f"{first}[^{first}{last}]{{1,120}}{last}" for first, (last, _) in _ALIKE.items())
    + "|〝[^〝〟]{1,120}〟"
)


@rule(
    Code(
        "M010",
        title=Words("像書名號的符號", "signs that only look like brackets"),
        message=Words("「{first}{last}」不是{form}", "{first}{last} are no {form}"),
        hint=Words("改成{form}", "write {form}"),
        why=Words(
            "大於、小於是數學符號，角引號是法文的引號；書名號與引號有自己的碼（clreq 3.1）。",
            "Signs of comparison and guillemets are other characters than Chinese brackets (clreq 3.1).",
        ),
        bad="根據＜關稅談判的底線＞一文。",
        good="根據〈關稅談判的底線〉一文。",
        severity=Severity.WARNING,
    )
)
def alike(brief: Reading) -> Iterator[Finding]:
    """＜＞, ≪≫, «» around Chinese words, for 〈〉 and 《》; 〝〞 and half-width corners for 「」."""
    for passage in brief.passages:
        for each in _ALIKE_PAIR.finditer(passage.text):
            start, end = each.span()
            first, last = each[0][0], each[0][-1]
            if not _HAN.search(each[0]) or tongues(passage)[start] in (KOREAN, JAPANESE, LINK):
                continue
            form = _ALIKE[first][1]
            sure = is_own(passage, start, end)
            replace = (form[0], form[1]) if sure else None
            pair = Pair(start, end - 1, None)
            yield _pair_found(passage, pair, replace, first=first, last=last, form=form)


_STRAIGHT_SINGLE = re.compile(rf"(?<![{LATIN}0-9'])'(?=[^\s'])[^'\n]{{0,100}}[^\s']'(?![{LATIN}0-9'])")
_QUOTED = re.compile("“[^“”]{1,400}”|‘[^‘’]{1,400}’")


def _straight_pairs(passage: Passage) -> Iterator[Pair]:
    """The pairs of which one mark at least is straight, double and single."""
    text = passage.text
    if '"' in text or "＂" in text:
        yield from (
            pair
            for pair in pairs_of(passage).pairs
            if text[pair.start] in _STRAIGHT or text[pair.end] in _STRAIGHT
        )
    if "'" in text:
        for each in _STRAIGHT_SINGLE.finditer(text):
            yield Pair(each.start(), each.end() - 1, None)


def _is_chinese(passage: Passage, pair: Pair) -> bool:
    """Whether words between quotation marks are Chinese."""
    inside = _inside(passage.text, pair)
    if _HANGUL_OR_KANA.search(inside) or tongues(passage)[pair.start] != CHINESE:
        return False
    return bool(_HAN.search(inside)) or not _LETTER.search(inside)


@once
def _quotes(brief: Reading) -> Uses:
    """The quotation marks around words that are not Chinese: curly or straight."""
    uses: dict[str, list[Use]] = {"curly": [], "straight": []}
    for passage in brief.passages:
        for each in _QUOTED.finditer(passage.text) if "”" in passage.text or "’" in passage.text else ():
            if not _is_chinese(passage, Pair(each.start(), each.end() - 1, None)):
                uses["curly"].append((passage, *each.span()))
        for pair in _straight_pairs(passage):
            if not _is_chinese(passage, pair) and tongues(passage)[pair.start] != LINK:
                uses["straight"].append((passage, pair.start, pair.end))
    return uses


def _is_quoted_title(passage: Passage, pair: Pair) -> bool:
    return is_title(passage, pair.start) or tongues(passage)[pair.start] in (KOREAN, JAPANESE)


@rule(
    Code(
        "M007",
        title=Words("直引號", "straight quotation marks"),
        message=Words(
            "這裡的引號是打字機的直引號：{mark}{practice}", "straight quotation marks: {mark}{practice}"
        ),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "引號有起首、收尾之分；中文用「」，英文用“ ”（教育部《重訂標點符號手冊》；CMOS 17, 6.115）。",
            "Quotation marks have two forms, opening and closing: 「」 in Chinese, “ ” in English (Handbook of "
            "Punctuation; CMOS 17, 6.115).",
        ),
        bad='北京重申"一個中國"原則。',
        good="北京重申「一個中國」原則。",
        severity=Severity.WARNING,
    )
)
def straight_quotes(brief: Reading) -> Iterator[Finding]:
    """Straight quotation marks around Chinese, and around English where the brief has curly ones."""
    uses = _quotes(brief)
    decided = settled(brief, uses, _quotes, clear=1)
    for passage in brief.passages:
        for pair in _straight_pairs(passage):
            text = passage.text
            mark = text[pair.start] + text[pair.end]
            if _is_quoted_title(passage, pair) or tongues(passage)[pair.start] == LINK:
                continue
            chinese = _is_chinese(passage, pair)
            mixed = text[pair.start] != text[pair.end]
            if not chinese and not mixed and (decided is None or decided.form != "curly"):
                continue
            form = _form(passage, pair, chinese)
            practice = "" if chinese or mixed or decided is None else _curly_practice(decided.where, decided.count)
            values = {"mark": mark, "practice": practice, "advice": _write(form)}
            sure = _is_certain(passage, pair) and form != "“ ”"
            yield _pair_found(passage, pair, (form[0], form[-1]) if sure else None, **values)


def _curly_practice(where: Words, count: int) -> Words:
    return Words(f"，{where.zh}多半用彎引號（{count}處）", f"; {where.en} mostly has curly ones ({count})")


def _form(passage: Passage, pair: Pair, chinese: bool) -> str:
    """The marks for a pair of straight ones; “ ” (with a blank) where the editor has to choose."""
    text = passage.text
    if not chinese:
        sentence = tongues(passage)[pair.start]
        return ("‘’" if text[pair.start] == "'" else "“”") if sentence == WESTERN else "“ ”"
    before = text[max(pair.start - 200, 0) : pair.start]
    inner = before.rfind("「") > before.rfind("」")
    return "『』" if inner else "「」"


def _is_certain(passage: Passage, pair: Pair) -> bool:
    """Whether two straight marks are a pair beyond doubt, and not a title in a Chinese note."""
    text = passage.text
    if text[pair.start + 1].isspace() or text[pair.end - 1].isspace():
        return False
    if sum(text.count(mark) for mark in _STRAIGHT) % 2 and text[pair.start] == text[pair.end]:
        return False
    if text[pair.start] == "'" and (text.count("'") != 2 or not _is_chinese(passage, pair)):
        return False
    if _is_chinese(passage, pair) and passage.note is not None and _is_source(text, pair):
        return False
    return is_own(passage, pair.start, pair.start + 1) and is_own(passage, pair.end, pair.end + 1)


@rule(
    Code(
        "M008",
        title=Words("題名裡的直引號", "straight quotation marks in a title"),
        message=Words(
            "這個題名裡的引號是直引號：{mark}{practice}",
            "this title has straight quotation marks: {mark}{practice}",
        ),
        hint=Words("改成{form}；要照錄就留著", "write {form}, unless the title is to stand as it was printed"),
        why=Words(
            "網頁的標題常以直引號代替引號，徵引時可以還原（CMOS 17, 8.165）；這是本文的慣例。",
            "Web pages often have straight marks; the style of the periodical may replace them (CMOS 17, 8.165).",
        ),
        bad='〈"배급 받은적 없다" 72%〉，《중앙일보》；〈“체제대결 종식”〉，《연합뉴스》。',
        good="〈“배급 받은적 없다” 72%〉，《중앙일보》；〈“체제대결 종식”〉，《연합뉴스》。",
        severity=Severity.NOTE,
    ),
    within="note",
)
def straight_quotes_in_title(brief: Reading) -> Iterator[Finding]:
    """Straight quotation marks in the title of a work, where the brief has curly ones."""
    uses = _quotes(brief)
    decided = settled(brief, uses, _quotes, clear=1)
    for passage in brief.passages:
        for pair in _straight_pairs(passage):
            text = passage.text
            if not _is_quoted_title(passage, pair) or tongues(passage)[pair.start] == LINK:
                continue
            chinese = _is_chinese(passage, pair)
            if not chinese and (decided is None or decided.form != "curly"):
                continue
            form = "「」" if chinese else "‘ ’" if text[pair.start] == "'" else "“ ”"
            practice = "" if chinese or decided is None else _curly_practice(decided.where, decided.count)
            mark = text[pair.start] + text[pair.end]
            yield _pair_found(passage, pair, None, mark=mark, practice=practice, form=form)


_APOSTROPHE = re.compile(rf"(?<=[{LATIN}])['’´`′＇](?=[{LATIN}])|(?<=[a-z]s)[´`](?= )")


@once
def _apostrophes(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {"’": []}
    for passage in brief.passages:
        said = tongues(passage)
        for each in _APOSTROPHE.finditer(passage.text):
            if said[each.start()] != LINK:
                uses.setdefault(each[0], []).append((passage, *each.span()))
    return uses


@rule(
    Code(
        "M011",
        title=Words("撇號的寫法", "form of the apostrophe"),
        message=Words("撇號打成 {typed}{practice}", "the apostrophe is typed as {typed}{practice}"),
        hint=Words("改成 ’", "write ’"),
        why=Words(
            "撇號是U+2019（CMOS 17, 6.117）；同一篇文章用同一個。",
            "The apostrophe is U+2019 (CMOS 17, 6.117), in all of a text.",
        ),
        bad="China’s Rise and America’s Answer, and Japan's.",
        good="China’s Rise and America’s Answer, and Japan’s.",
        severity=Severity.WARNING,
    ),
    within="note",
)
def wrong_apostrophe(brief: Reading) -> Iterator[Finding]:
    """An accent or a prime for an apostrophe; a straight one where the brief has ’ otherwise."""
    uses = _apostrophes(brief)
    decided = settled(brief, uses, _apostrophes, clear=1)
    curly = decided is not None and decided.form == "’"
    for typed, places in uses.items():
        if typed == "’" or (typed == "'" and not curly):
            continue
        said: Words | str = ""
        if curly and decided is not None:
            where, count = decided.where, decided.count
            said = Words(f"，{where.zh}多半用 ’（{count}處）", f"; {where.en} mostly has ’ ({count})")
        for passage, start, end in places:
            sure = is_own(passage, start, end)
            yield found(passage, start, end, "’" if sure else None, typed=typed, practice=said)

"""Headings: which paragraphs are headings and at which level, by style, by typed label, or by their look."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.diagnostics import Words
from pipeline.importing.document import Picture
from pipeline.importing.recognise import codes
from pipeline.importing.recognise.labels import ORDER, Label, label_of
from pipeline.importing.recognise.ledger import Ledger
from pipeline.importing.recognise.letters import Line
from pipeline.importing.recognise.typed_notes import Item
from pipeline.validate.structure import DEEPEST_SECTION

WORDS = re.compile(
    r"(?:前言|引言|導言|導論|緒論|緒言|序言|序論|楔子|問題意識|研究背景|背景|背景說明|文獻回顧|文獻探討|研究方法|安全意涵|趨勢研判|政策建議|建議"
    r"|結論|結語|結論與建議|結語與建議|代結論|餘論|小結|誌謝|致謝|附錄|附件|後記|參考文獻|參考資料|參考書目|徵引文獻|徵引書目|引用文獻"
    r"|Introduction|Conclusions?|References|Bibliography|Acknowledge?ments?|Appendix)[:：]?",
    re.IGNORECASE,
)
"""What sections are usually called that have no label."""
BIBLIOGRAPHY = re.compile(
    r"(?:主要|中文|英文|外文)?(?:參考|引用|徵引)(?:文獻|資料|書目)|References|Bibliography", re.IGNORECASE
)
CAPTION = re.compile(
    r"(?P<label>(?P<open>[【〔<＜（(\[][ \u3000]*)?(?P<kind>附?[圖表]|附?照片|相片|Figure|Fig\.|Table)[ \u3000]*"
    r"(?P<n>[0-9０-９]{1,3}(?:[-.－][0-9０-９]{1,2})?|[一二三四五六七八九十]{1,3})"
    r"(?(open)[ \u3000]*[】〕>＞）)\]](?:[ \u3000]*[:：.．、])?"
    r"|(?:[ \u3000]*[:：.．、][ \u3000]*|[ \u3000\t]+|$|(?=[〈《「（])))[ \u3000\t]*)",
    re.IGNORECASE,
)
MARKED_CAPTION = re.compile(r"(?P<label>[▲△▼▽][ \u3000]*|圖說[ \u3000]*[:：][ \u3000]*)")
"""What begins a caption without a number, below its picture."""
SOURCE = re.compile(
    r"(?:[*＊※][ \u3000]*)?(?:圖片?|表格?|資料|照片)?(?:資料)?(?:來源|出處)[ \u3000]*[:：]"
    r"|Source[ \u3000]*[:：]|(?:說明|附註|備註|註|Note)[:：]",
    re.IGNORECASE,
)
CREDIT = re.compile(
    r"(?:[▲△▼▽][ \u3000]*)?"
    r"(?:(?:(?:照片|圖片|資料|圖表|相片)?提供者?|(?:照片|圖片)?攝影者?|攝|繪[圖製者]|製[圖表]者?|整理|拍攝者?)"
    r"[ \u3000]*[:：／/].{1,60}"
    r"|[（(]?[^，。；：（）()]{1,12}(?:攝|攝影|提供|繪製?)[)）]?。?"
    r"|[*＊]{1,3}[ \u3000]*p[ ]*[<＜].{1,60})"
)
"""A line below a picture or table that says who made it, or what its stars mean."""
_SENTENCE = re.compile("[。；，、：,;]$|。.|；")
_SOFT_KINDS = ("arabic-half", "letter", "circled", "roman", "stem", "stem-bracket")
_OUTERMOST = ("chapter", "capital")
_LONGEST = 45
_IN_GAP = 30
"""Characters of a line that closes a gap between the labels of two headings."""


@dataclass(frozen=True)
class Found:
    """A paragraph that is a heading: its level (from 1), its typed label, and how it was told."""

    level: int
    label: Label | None
    generated: bool
    how: Words
    sure: bool


@dataclass(frozen=True)
class _Candidate:
    at: int
    line: Line
    label: Label | None
    """Typed, or that the program generated."""
    typed: bool
    title: str
    how: Words
    sure: bool


_Key = tuple[float, float]
BY_STYLE = Words("標題樣式", "style")
BY_LABEL = Words("標號", "label")
IN_GAP = Words("標號正好在前後兩節之間", "its label is the one missing between its neighbours")


def headings(items: Sequence[Item], ledger: Ledger) -> Mapping[int, Found]:
    """The headings among items by index, each with text below it."""
    page = _Page(items)
    candidates = [each for at in range(len(items)) if (each := _candidate(items, at, page))]
    candidates = _with_gaps(items, _without_lists(candidates))
    keys = _keys(candidates)
    levels = _levels(keys)
    candidates, levels = _with_text(candidates, levels, len(items), ledger)
    _report_sentences(items, {each.at for each in candidates}, page, ledger)
    outermost = min((each.line.paragraph.outline or 9 for each in candidates), default=1)
    found = {}
    for each, deep in zip(candidates, levels, strict=True):
        styled = (each.line.paragraph.outline or 0) - outermost + 1
        if deep < styled and each.label is None:
            ledger.doubt(codes.LEVEL_SKIPPED, each.line.number, each.line.words, styled=styled, level=deep)
        if deep > DEEPEST_SECTION:
            ledger.doubt(codes.TOO_DEEP, each.line.number, each.line.words, level=deep)
        level = min(deep, DEEPEST_SECTION)
        if not each.sure:
            ledger.doubt(codes.HEADING_BY_LOOK, each.line.number, each.line.words, reason=each.how, level=level)
        typed = each.label if each.typed else None
        found[each.at] = Found(level, typed, each.label is not None and not each.typed, each.how, each.sure)
    return found


def _report_sentences(items: Sequence[Item], found: set[int], page: "_Page", ledger: Ledger) -> None:
    """Notes about paragraphs with the label and the look of a heading that read like sentences."""
    for at, line in enumerate(items):
        if at in found or not isinstance(line, Line) or page.reason(line) is None:
            continue
        label = label_of(line.text.string)
        if label is not None and label.kind in ("capital", "han", "han-bracket"):
            ledger.doubt(codes.LABELLED_PARAGRAPH, line.number, line.words, label=label.text.strip())


class _Page:
    """How the text of a manuscript looks: most of its long paragraphs."""

    def __init__(self, items: Sequence[Item]) -> None:
        lines = [item for item in items if isinstance(item, Line) and item.words]
        long = [line for line in lines if len(line.words) > 40] or lines
        weigh: Counter[float | None] = Counter()
        faces: Counter[str | None] = Counter()
        for line in long:
            weigh[line.size()] += len(line.words)
            faces[line.face()] += len(line.words)
        self.size = weigh.most_common(1)[0][0] if weigh else None
        self.face = faces.most_common(1)[0][0] if faces else None
        self.bold = sum(line.bold() for line in long) * 2 > len(long)
        self.centred = sum(line.centred for line in long) * 2 > len(long)

    def reason(self, line: Line) -> Words | None:
        """What sets a line apart from the text; None where nothing does."""
        size = line.size()
        if size and self.size and size > self.size + 0.4:
            return Words("字比內文大", "larger than the text")
        if line.bold() and not self.bold:
            return Words("整段粗體", "all bold")
        if line.centred and not self.centred:
            return Words("置中", "centred")
        if (
            line.face()
            and self.face
            and line.face() != self.face
            and re.search("黑|Hei|Gothic|Sans", line.face() or "")
        ):
            return Words("字體與內文不同", "another face than the text")
        return None


def _candidate(items: Sequence[Item], at: int, page: _Page) -> _Candidate | None:
    """Whether one paragraph may be a heading, looked at by itself and with what follows."""
    line = items[at]
    if not isinstance(line, Line) or not line.words or any(isinstance(t, Picture) for t in line.text.things):
        return None
    words = line.words
    if line.paragraph.outline is None and (CAPTION.match(words) or SOURCE.match(words) or _is_of_plate(items, at)):
        return None
    typed = label_of(line.text.string)
    generated = label_of(line.paragraph.label + " ") if line.paragraph.label else None
    label = typed if typed and typed.text.strip() else None
    title = line.text.string[len(label.text) :] if label else words
    if not title.strip(" \u3000\ufffc"):
        return None
    if line.paragraph.outline is not None:
        if len(title) > 100 and _SENTENCE.search(title):
            return None
        return _Candidate(at, line, label or generated, label is not None, title, BY_STYLE, True)
    reason = page.reason(line)
    sentence = bool(_SENTENCE.search(title.strip())) or line.paragraph.quoted
    if label or generated:
        short = len(title) <= (70 if reason else _LONGEST)
        kind = (label or generated or Label("", 0, "")).kind
        if (
            not short
            or sentence
            or (kind in _SOFT_KINDS and not reason)
            or (generated and not label and not reason)
        ):
            return None
        return _Candidate(at, line, label or generated, label is not None, title, BY_LABEL, True)
    if (
        sentence
        or len(title) > 40
        or re.match("[—─－–-]{1,2}|[「『“]", title)
        or line.paragraph.alignment == "right"
    ):
        return None
    if re.search("[。！!…]$", title) or not re.search(r"[^\W\d_]", title):
        return None
    known = WORDS.fullmatch(title.strip()) is not None
    if not (known or reason) or at + 1 >= len(items):
        return None
    return _Candidate(at, line, None, False, title, reason or Words("是常用的標題", "a usual heading"), known)


def _is_of_plate(items: Sequence[Item], at: int) -> bool:
    """Whether a line without a label belongs to the picture or the bare 圖1 above it, or to its caption."""
    line, above = items[at], items[at - 1] if at else None
    if not isinstance(line, Line) or not isinstance(above, Line) or label_of(line.text.string):
        return False
    if above.picture_alone():
        return line.centred or bool(MARKED_CAPTION.match(line.words) or CREDIT.fullmatch(line.words))
    if (found := CAPTION.fullmatch(above.words)) and found["label"]:
        return True
    higher = items[at - 2] if at > 1 else None
    below = isinstance(higher, Line) and (higher.picture_alone() or bool(CAPTION.match(higher.words)))
    return below and bool(CREDIT.fullmatch(line.words))


def _with_gaps(items: Sequence[Item], candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """With the short line that has the one label missing between two headings, though it ends like a sentence."""
    made = list(candidates)
    last: dict[str, _Candidate] = {}
    for each in candidates:
        if each.label is None or not each.typed:
            continue
        before = last.get(each.label.kind)
        last[each.label.kind] = each
        value, start = (before.label.value, before.at + 1) if before and before.label else (0, 0)
        if each.label.value != value + 2:
            continue
        lines = [(at, items[at]) for at in range(start, each.at)]
        found = [
            _Candidate(at, line, label, True, line.text.string[len(label.text) :], IN_GAP, False)
            for at, line in lines
            if isinstance(line, Line) and len(line.words) <= _IN_GAP and (label := label_of(line.text.string))
            if (label.kind, label.value) == (each.label.kind, each.label.value - 1)
        ]
        known = {one.at for one in made}
        made += found if len(found) == 1 and found[0].at not in known else []
    return sorted(made, key=lambda one: one.at)


def _without_lists(candidates: list[_Candidate]) -> list[_Candidate]:
    """Without labelled paragraphs that follow one another 1 2 3 with nothing between: those are a list."""
    gone: set[int] = set()
    run: list[_Candidate] = []
    for each in [*candidates, None]:
        if each is not None and run and _goes_on(run[-1], each):
            run.append(each)
            continue
        if len(run) > 1:
            gone |= {one.at for one in run}
        run = [each] if each is not None and each.typed and each.how is BY_LABEL else []
    return [each for each in candidates if each.at not in gone]


def _goes_on(before: _Candidate, after: _Candidate) -> bool:
    if before.label is None or after.label is None or after.at != before.at + 1 or after.how is not BY_LABEL:
        return False
    same = before.label.kind == after.label.kind and after.label.value == before.label.value + 1
    return same and before.label.kind != "capital"


# Levels


def _keys(candidates: Sequence[_Candidate]) -> list[_Key]:
    """For each heading a key that sorts outer before inner."""
    kinds = _kind_order(candidates)
    styled: dict[str, float] = {}
    by_outline: dict[int, set[str]] = {}
    for each in candidates:
        outline = each.line.paragraph.outline
        if outline is not None and each.label is not None:
            styled.setdefault(_kind(each.label), outline)
            by_outline.setdefault(outline, set()).add(_kind(each.label))
    keys: list[_Key | None] = []
    for each in candidates:
        keys.append(_key(each, kinds, styled, by_outline))
    return _with_looks(candidates, keys)


def _kind(label: Label) -> str:
    return f"{label.kind}{label.depth}" if label.kind == "path" else label.kind


def _key(
    each: _Candidate, kinds: Mapping[str, float], styled: Mapping[str, float], by_outline: Mapping[int, set[str]]
) -> _Key | None:
    outline = each.line.paragraph.outline
    if outline is not None and each.typed and each.label is not None and each.label.kind in _OUTERMOST:
        outline = int(styled[_kind(each.label)])  # a style picked wrongly: 參 stands beside 壹 and 貳
    if outline is not None:
        several = by_outline.get(outline, set())
        if len(several) < 2:
            return (outline, 0.0)
        rank = kinds[_kind(each.label)] if each.label else min(kinds[kind] for kind in several)
        return (outline, rank)
    if each.label is None:
        return None
    kind = _kind(each.label)
    if kind in styled:
        return (styled[kind], kinds[kind] if len(by_outline[int(styled[kind])]) > 1 else 0.0)
    outer = [level for other, level in styled.items() if kinds[other] < kinds[kind]]
    if outer:
        return (max(outer) + 0.5, kinds[kind])
    return (min(styled.values()) - 0.5, kinds[kind]) if styled else (0.0, kinds[kind])


def _kind_order(candidates: Sequence[_Candidate]) -> dict[str, float]:
    """The kinds of labels from outer to inner: by which restarts within which, else as is usual."""
    kinds = [_kind(each.label) if each.label else "" for each in candidates]
    inside: Counter[tuple[str, str]] = Counter()
    for at, each in enumerate(candidates):
        if each.label is None:
            continue
        for later in range(at + 1, len(candidates)):
            other = candidates[later].label
            if other is None:
                continue
            if kinds[later] == kinds[at]:
                break
            if other.value == 1:
                inside[kinds[later], kinds[at]] += _continued(candidates, kinds, at, later)
    used = list(dict.fromkeys(kind for kind in kinds if kind))
    usual = {
        kind: ORDER.index(kind.rstrip("0123456789")) + int(kind[-1:] if kind[-1:].isdigit() else 0) / 10
        for kind in used
    }
    order = sorted(used, key=lambda kind: usual[kind])
    for first, second in [(a, b) for a in order for b in order if usual[a] < usual[b]]:
        if inside[first, second] > inside[second, first] and inside[first, second] > 1:
            usual[first], usual[second] = usual[second], usual[first]
    return {kind: float(place) for place, kind in enumerate(sorted(used, key=lambda kind: usual[kind]), start=1)}


def _continued(candidates: Sequence[_Candidate], kinds: Sequence[str], at: int, later: int) -> bool:
    """Whether the counting of heading `at` goes on after heading `later`."""
    label = candidates[at].label
    for after in range(later + 1, len(candidates)):
        other = candidates[after].label
        if kinds[after] == kinds[at] and label is not None and other is not None:
            return other.value == label.value + 1
    return False


def _with_looks(candidates: Sequence[_Candidate], keys: Sequence[_Key | None]) -> list[_Key]:
    """Keys for the headings that have neither style nor label: that of those that look the same, else by size."""
    known = [key for key in keys if key is not None]
    looks: dict[tuple[object, ...], Counter[_Key]] = {}
    for each, key in zip(candidates, keys, strict=True):
        if key is not None:
            looks.setdefault(_look(each.line), Counter())[key] += 1
    bare = sorted(
        {_look(each.line) for each, key in zip(candidates, keys, strict=True) if key is None}, reverse=True
    )
    result: list[_Key] = []
    for each, key in zip(candidates, keys, strict=True):
        look = _look(each.line)
        if key is not None:
            result.append(key)
        elif WORDS.fullmatch(each.title.strip()) and known:
            result.append(min(known))
        elif look in looks:
            result.append(min(looks[look]))
        elif known:
            result.append(_between(look, looks, known))
        else:
            result.append((0.0, float(bare.index(look))))
    return result


def _between(
    look: tuple[float, bool, bool], looks: Mapping[tuple[object, ...], Counter[_Key]], known: list[_Key]
) -> _Key:
    """Beneath the headings that are larger, above the others."""
    larger = [key for other, counted in looks.items() if other > look for key in counted]
    return (max(larger)[0], max(larger)[1] + 0.5) if larger else min(known)


def _look(line: Line) -> tuple[float, bool, bool]:
    return (line.size() or 0.0, line.centred, line.bold())


def _levels(keys: Sequence[_Key]) -> list[int]:
    """The level of each heading: one deeper than the nearest heading before it that is further out."""
    stack: list[_Key] = []
    levels = []
    for key in keys:
        while stack and stack[-1] >= key:
            stack.pop()
        stack.append(key)
        levels.append(len(stack))
    return levels


def _with_text(
    candidates: list[_Candidate], levels: list[int], count: int, ledger: Ledger
) -> tuple[list[_Candidate], list[int]]:
    """Without headings below which nothing stands."""
    kept: list[tuple[_Candidate, int]] = []
    for each, level in reversed(list(zip(candidates, levels, strict=True))):
        following = kept[-1] if kept else None
        end = following[0].at if following else count
        if end == each.at + 1 and (following is None or following[1] <= level):
            ledger.doubt(codes.HEADING_EMPTY, each.line.number, each.line.words)
        else:
            kept.append((each, level))
    kept.reverse()
    return [each for each, _ in kept], [level for _, level in kept]

"""Rules about typed blanks: between Han and Latin, inside Chinese, around marks; doubled or missing in Latin.

The line ends and the indentation of the file are no blanks: the editions drop them beside Han and set one blank
elsewhere.
"""

import re
from collections.abc import Iterator

from pipeline.diagnostics import Code, Edit, Severity, Words
from pipeline.lint.brackets import is_sound, pairs_of
from pipeline.lint.marks import (
    CHINESE,
    CLOSING,
    HAN,
    JAPANESE,
    KOREAN,
    LATIN,
    LINK,
    OPENING,
    POINTS,
    WESTERN,
    Use,
    Uses,
    is_own,
    is_title,
    settled,
    tongues,
)
from pipeline.lint.reading import ADDRESS, NAMED, OWN, QUOTED, TITLED, Kind, Passage, Reading, once
from pipeline.lint.rules import Finding, found, rule

_NEAR = 6
"""Blanks with no more than so many characters between them, as in a date, are one finding."""

_MOST_TOGETHER = 12
"""So many blanks are one finding at most."""

_ONE_BY_ONE = 40
"""So many places of a brief are reported one by one; of the rest, those of a paragraph together."""

_MOST_BLANKS = 500
"""So many blanks of a brief are reported at most: the rest can be seen when these are mended."""

_REFERENCE = "\ufffc"
_LATIN_OR_DIGIT = f"{LATIN}0-9"
_HAN_LATIN = re.compile(
    rf"[ \t](?:(?<=[{HAN}{_REFERENCE}].)[ \t]{{0,7}}(?=[{_LATIN_OR_DIGIT}])"
    rf"|(?<=[{_LATIN_OR_DIGIT}%.’”].)[ \t]{{0,7}}(?=[{HAN}{_REFERENCE}]))"
)
_NUMBERS = re.compile(r"(?:\d{1,2}|[A-Za-z])[.)）](?!\d)")
_NUMBERED = re.compile(r"(?:(?<![0-9.])[0-9]{1,2}|(?:\A|[\s。；：，、(（])[A-Za-z])[.)）]\Z")


@rule(
    Code(
        "M040",
        title=Words("中文與西文、數字之間的空格", "typed blank between Han and Latin"),
        message=Words("中文與西文、數字之間打了空格：「{shown}」{more}", "a typed blank: “{shown}”{more}"),
        hint=Words("刪去空格；字距由排版加上", "delete it; the setting makes the gap"),
        why=Words(
            "中西文之間的間隙由排版加上，再打空格就變成兩倍（本刊的寫作格式；clreq 3.2.3）。",
            "The gap is made by the setting; a typed blank makes it too wide (source format; clreq 3.2.3).",
        ),
        bad="2025 年 7 月，美國國防部與 MP Materials 簽約。",
        good="2025年7月，美國國防部與MP Materials簽約。",
        severity=Severity.WARNING,
    )
)
def blank_beside_latin(brief: Reading) -> Iterator[Finding]:
    """A blank between Han and a Latin letter or digit; several in a row (2025 年 7 月) count once."""
    reported = blanks = 0
    for passage in brief.passages:
        typed = [each for each in _blanks_beside_latin(passage) if _is_reported(passage, each)]
        typed = typed[: _MOST_BLANKS - blanks]
        blanks += len(typed)
        groups = list(_grouped(typed))
        if reported + len(groups) <= _ONE_BY_ONE:
            reported += len(groups)
            yield from (_blanks_found(passage, group) for group in groups)
        elif groups:
            yield _blanks_found(passage, typed)


def _is_reported(passage: Passage, blank: tuple[int, int]) -> bool:
    return not is_title(passage, blank[0])


def _blanks_beside_latin(passage: Passage) -> Iterator[tuple[int, int]]:
    text, said = passage.text, tongues(passage)
    if passage.element.tag == "copyright-statement":
        return
    for each in _HAN_LATIN.finditer(text):
        start, end = each.span()
        if said[start] != CHINESE or {said[start - 1], said[end]} & {KOREAN, JAPANESE, LINK}:
            continue
        if not _NUMBERED.search(text, max(start - 6, 0), start) and not _NUMBERS.match(text, end):
            yield start, end


def _grouped(blanks: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    group: list[tuple[int, int]] = []
    for blank in blanks:
        if group and (blank[0] - group[-1][1] > _NEAR or len(group) == _MOST_TOGETHER):
            yield group
            group = []
        group.append(blank)
    if group:
        yield group


def _blanks_found(passage: Passage, blanks: list[tuple[int, int]]) -> Finding:
    """One finding on blanks of a passage: those close to the first, and the others of it."""
    first = next(_grouped(blanks))
    start, end = first[0][0], first[-1][1]
    others = len(blanks) - len(first)
    also = tuple(passage.place(*blank) for blank in blanks[len(first) :][:_MOST_TOGETHER])
    edits: list[Edit] = []
    for blank in blanks:
        if QUOTED not in passage.zones[slice(*blank)]:
            edits += passage.replaced(*blank, "")
    more = Words(f"，本段還有{others}處", f", and {others} more in this paragraph") if others else ""
    shown = passage.text[start - 1 : end + 1]
    return Finding(passage.place(start, end), {"shown": shown, "more": more}, tuple(edits), also)


@rule(
    Code(
        "M048",
        title=Words("題名裡中西文之間的空格", "typed blank in a title"),
        message=Words("題名裡的中文與西文、數字之間打了空格：「{shown}」", "a typed blank in a title: “{shown}”"),
        hint=Words("刪去空格；字距由排版加上", "delete it; the setting makes the gap"),
        why=Words(
            "網頁的標題常在中西文之間空格；本刊的間隙由排版加上，不必照打（本刊的寫作格式）。",
            "Web pages often type this blank; here the setting makes the gap (source format).",
        ),
        bad="王大明，〈美國對 AI 晶片設限〉，《甲報》，2025年7月1日。",
        good="王大明，〈美國對AI晶片設限〉，《甲報》，2025年7月1日。",
        severity=Severity.NOTE,
    ),
    within="note",
)
def blank_in_title(brief: Reading) -> Iterator[Finding]:
    """The same in the Chinese title of a work."""
    for passage in brief.passages:
        if TITLED not in passage.zones:
            continue
        for group in _grouped([each for each in _blanks_beside_latin(passage) if not _is_reported(passage, each)]):
            start, end = group[0][0], group[-1][1]
            yield found(passage, start, end, shown=passage.text[start - 1 : end + 1])


_IN_HAN = re.compile(
    rf"[ \t\u3000](?<=[{HAN}].)(?:(?<=\u3000)\u3000{{0,3}}|[ \t]{{0,7}})(?=[{HAN}{_REFERENCE}])"
    rf"|[ \t](?<={_REFERENCE}.)[ \t]{{0,7}}(?=[{HAN}])"
)
_AFTER_LABEL = re.compile(
    r"\A\s*(?:第[0-9〇一二三四五六七八九十百]{1,5}[章節篇編卷部條款項冊期輪屆回]|[壹貳參肆伍陸柒捌玖拾甲乙丙丁一二三四五六七八九十]{1,3}"
    r"|附[錄件表圖][一二三四五六七八九十]{0,2}|[圖表][一二三四五六七八九十]{1,3}|[註按問答])\Z"
)
_RUNNING: frozenset[Kind] = frozenset({"body", "note", "quotation", "caption", "attribution"})


@rule(
    Code(
        "M041",
        title=Words("中文裡的空格", "blank inside Chinese"),
        message=Words("中文字之間有空格：「{shown}」", "a blank between two Han characters: “{shown}”"),
        hint=Words("刪去空格；要是漏了標點，就補上標點", "delete it, or put the mark there that is missing"),
        why=Words(
            "中文字之間不空格（本刊的寫作格式）；多半是從PDF或換行處複製時帶進來的。",
            "Chinese has no blanks between characters (source format); copied from a PDF, most often.",
        ),
        bad="強化國防 安全的合作。",
        good="強化國防安全的合作。",
        severity=Severity.WARNING,
    )
)
def blank_in_chinese(brief: Reading) -> Iterator[Finding]:
    """A blank between two Han characters of a sentence; not in a title, nor after a label (第一章 緒論)."""
    for passage in brief.passages:
        if passage.kind not in _RUNNING:
            continue
        said, zones, text = tongues(passage), passage.zones, passage.text
        for each in _IN_HAN.finditer(text):
            start, end = each.span()
            wide = text[start] == "\u3000"
            if said[start - 1] != CHINESE or said[end] != CHINESE or is_title(passage, start):
                continue
            if (wide and (zones[start] != OWN or not is_sound(passage))) or (
                start < 16 and _AFTER_LABEL.search(text, 0, start)
            ):
                continue
            yield found(passage, start, end, shown=text[start - 1 : end + 1])  # a mark may be missing: no fix


@rule(
    Code(
        "M047",
        title=Words("標題裡的空格", "blank in a heading"),
        message=Words(
            "標題的中文字之間有半形空格：「{shown}」", "a blank between two Han of a heading: “{shown}”"
        ),
        hint=Words(
            "多出來的就刪去；要隔開兩截，用全形空格或冒號", "delete it; to divide two parts, use U+3000 or a colon"
        ),
        why=Words(
            "標題要隔開時用全形空格（U+3000），半形空格排出來太窄，也可能是誤打（本刊的寫作格式）。",
            "A heading is divided by U+3000; a narrow blank may be a slip (source format).",
        ),
        bad="<sec><title>美中 關係的展望</title><p>文。</p></sec>",
        good="<sec><title>美中關係的展望</title><p>文。</p></sec>",
        severity=Severity.NOTE,
    ),
    within="body",
)
def blank_in_heading(brief: Reading) -> Iterator[Finding]:
    """A narrow blank between two Han characters of a heading or of the title of the brief."""
    for passage in brief.passages:
        if passage.kind not in ("title", "heading"):
            continue
        for each in _IN_HAN.finditer(passage.text):
            start, end = each.span()
            label = start < 16 and _AFTER_LABEL.search(passage.text, 0, start)
            if passage.text[start] != "\u3000" and not label and tongues(passage)[start] == CHINESE:
                yield found(passage, start, end, shown=passage.text[start - 1 : end + 1])


_MARKS = f"{POINTS}{OPENING}{CLOSING}…"
_BESIDE_MARK = re.compile(
    rf"[ \t\u3000](?<=[^\s].)(?:(?<=[{_MARKS}].)[ \t\u3000]{{0,7}}|[ \t\u3000]{{0,7}}(?=[{_MARKS}])"
    rf"|(?<=——.)[ \t]{{0,7}}|[ \t]{{0,7}}(?=——))(?=[^\s])"
)


@rule(
    Code(
        "M042",
        title=Words("全形標點旁的空格", "blank beside a full-width mark"),
        message=Words("全形標點旁邊有空格：「{shown}」", "a blank beside a full-width mark: “{shown}”"),
        hint=Words("刪去空格；全形標點自己帶有空白", "delete it; the mark has its own room"),
        why=Words(
            "全形標點的字格裡已經有空白，再打空格就太鬆（clreq 3.1.6）。",
            "A full-width mark has white space in its body; a blank more is too much (clreq 3.1.6).",
        ),
        bad="經濟放緩， 出口衰退（ 見下節）。",
        good="經濟放緩，出口衰退（見下節）。",
        severity=Severity.WARNING,
    )
)
def blank_beside_mark(brief: Reading) -> Iterator[Finding]:
    """A blank before or after a Chinese mark; in a title only at its brackets."""
    for passage in brief.passages:
        said, text = tongues(passage), passage.text
        for each in _BESIDE_MARK.finditer(text):
            start, end = each.span()
            around = {said[start - 1], said[start], said[end]}
            edge = text[start - 1] in OPENING or text[end] in CLOSING
            if around & {KOREAN, JAPANESE} and not edge:
                continue
            if (said[start] != CHINESE and not edge) or (is_title(passage, start) and not edge):
                continue
            if "\u3000" in each[0] and (passage.kind not in _RUNNING or passage.zones[start] not in (OWN, NAMED)):
                continue
            if text[start - 1] in ",;:?!.":
                continue
            sure = edge or is_own(passage, start, end)
            shown = text[start - 1 : end + 1]
            yield found(passage, start, end, "" if sure else None, shown=shown)


_SEVERAL = re.compile(r"(?: (?=[ \t])|\t)(?<=\S.)[ \t]*(?=\S)")


@rule(
    Code(
        "M043",
        title=Words("連著幾個空格或跳格", "several blanks or a tab"),
        message=Words("這裡有{what}", "here {what}"),
        hint=Words("留一個空格", "leave one blank"),
        why=Words("西文的詞與詞之間空一格（CMOS 17, 2.9）。", "Words are divided by one blank (CMOS 17, 2.9)."),
        bad="Kirsty Needham,  “Fiji Says No,” Reuters, July 2, 2025.",
        good="Kirsty Needham, “Fiji Says No,” Reuters, July 2, 2025.",
        severity=Severity.NOTE,
    ),
    within="note",
)
def several_blanks(brief: Reading) -> Iterator[Finding]:
    """Two blanks or more, or a tab, between Latin words."""
    for passage in brief.passages:
        said, text = tongues(passage), passage.text
        for each in _SEVERAL.finditer(text):
            start, end = each.span()
            if _is_latin(text, said, start - 1) and _is_latin(text, said, end):
                what = _TAB if "\t" in each[0] else _BLANKS
                yield found(passage, start, end, " ", what=what)


_TAB, _BLANKS = Words("一個跳格字元（tab）", "is a tab"), Words("連著幾個空格", "are several blanks")
_EAST_ASIAN = re.compile(
    f"[{HAN}{POINTS}{OPENING}{CLOSING}…—\u3000\u3040-\u30ff\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]"
)


def _is_latin(text: str, said: str, index: int) -> bool:
    return said[index] in (WESTERN, CHINESE, LINK) and not _EAST_ASIAN.match(text, index)


_WHERE = re.compile(r"[,;:.”“()](?=\S)")
_MISSING = re.compile(
    rf"(?P<comma>[,;](?=[{LATIN}“‘])(?<=[{LATIN}.)’”].)|,(?=\d)(?<=[a-z].)|,(?=[A-Z][a-z])(?<=\d.))"
    rf"|(?P<link>[,:;](?=https?://))"
    rf"|(?P<colon>:(?=[A-Z][a-z])(?<=[a-z]{{2}}.))"
    rf"|(?P<quote>”(?=[{LATIN}0-9])(?<=[,.?!].))"
    rf"|(?P<stop>\.(?=[A-Z][a-z]{{2}})(?:(?<=[a-z]{{3}}.)|(?<=[^{LATIN}.][A-Z].)|(?<=\A[A-Z].)|(?<=\.[A-Z].)))"
    rf"|(?P<open>(?<=[a-z]{{3}})(?=“[A-Z]))"
    rf"|(?P<paren>(?<=[a-z]{{3}})(?=\([A-Z][A-Za-z]))"
    rf"|(?P<close>\)(?=[A-Z][a-z]|[a-z]{{3}}))"
)
_DOMAIN = re.compile(r"(?:Com|Net|Org|Gov|Edu|Js|Tv|Co|Io)\b")
_NAMED_IN = re.compile("[(][A-Z0-9]")
_WHOLE = re.compile(r"\([^()]{2,60}\)\Z")


@rule(
    Code(
        "M044",
        title=Words("西文漏了空格", "missing blank in Latin text"),
        message=Words("「{shown}」裡漏了空格", "a blank is missing in “{shown}”"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "西文的標點後面空一格，括號與引號外面也空一格（CMOS 17, 6.7）。",
            "In Western text a blank follows a mark, and stands outside brackets (CMOS 17, 6.7).",
        ),
        bad="Kirsty Needham, “Fiji Says No,” Reuters,July 2, 2025.",
        good="Kirsty Needham, “Fiji Says No,” Reuters, July 2, 2025.",
        severity=Severity.WARNING,
    ),
    within="note",
)
def missing_blank(brief: Reading) -> Iterator[Finding]:
    """No blank after a comma or stop, after a closing quotation mark, or before an opening one, in Latin text."""
    for passage in brief.passages:
        said, text, turned = tongues(passage), passage.text, set(pairs_of(passage).turned)
        for each in (_MISSING.match(text, each.start()) for each in _WHERE.finditer(text)):
            if each is None:
                continue
            start, end = each.span()
            group = str(each.lastgroup)
            at = end - 1 if end > start else start - 1
            if said[at] in (KOREAN, JAPANESE, LINK) or not _is_missing(text, each, group):
                continue
            if turned.intersection((at, at + 1)):
                continue
            if group == "paren" and said[at] != WESTERN:
                continue
            alone = group == "comma" and said[at] == CHINESE and not _in_brackets(text, at)
            sure = is_own(passage, at, min(at + 2, len(text)) if group != "link" else at + 1) and not alone
            advice = _LISTED if alone else _ADD_AFTER.fill({"mark": text[at]})
            first, last = _word_around(text, at)
            shown = text[first:last]
            yield found(passage, at, at + 1, text[at] + " " if sure else None, shown=shown, advice=advice)
        yield from _glued(brief, passage)


_ADD_AFTER = Words("在「{mark}」後面加一個空格", "put a blank after “{mark}”")
_GLUED = re.compile(rf"(?<![{LATIN}0-9])(?P<first>[A-Z]{{3,}})(?=[A-Z][a-z]{{3,}})")


def _glued(brief: Reading, passage: Passage) -> Iterator[Finding]:
    """An acronym of this brief and the next word without a blank: ASEANSecretariat."""
    for each in _GLUED.finditer(passage.text):
        if re.search(f"[{HAN}]", passage.text[max(0, each.start() - 12) : each.end() + 12]):
            continue  # in Chinese it is a name: EPUBCheck
        first, last = _word_around(passage.text, each.end() - 1)
        alone = re.compile(rf"(?<![{LATIN}0-9]){each['first']}(?![{LATIN}0-9])")
        if passage.zones[each.start()] != ADDRESS and any(alone.search(other.text) for other in brief.passages):
            advice = Words(f"寫成「{each['first']} …」兩個詞", f"write two words, {each['first']} …")
            yield found(passage, *each.span(), None, shown=passage.text[first:last], advice=advice)


_LISTED = Words(
    "中文裡並列的名稱用「、」隔開；是一個名稱，就在逗號後面空一格",
    "divide names in Chinese by 、; add a blank in one name",
)


def _is_missing(text: str, each: re.Match[str], group: str) -> bool:
    start, end = each.span()
    if group == "stop":
        return not _DOMAIN.match(text, end)
    if group == "close":
        inside = _WHOLE.search(text, max(start - 61, 0), end)
        return inside is not None and bool(_NAMED_IN.match(inside[0])) and text[inside.start() - 1] == " "
    return True


def _in_brackets(text: str, index: int) -> bool:
    """Whether a place stands in brackets: a gloss （World Trade Organization,WTO）."""
    before = text[max(index - 100, 0) : index]
    return max(before.rfind(mark) for mark in "（(“") > max(before.rfind(mark) for mark in "）)”")


_WORD_BEFORE, _WORD_AFTER = re.compile(r"\S{0,15}\Z"), re.compile(r"\S{0,16}")


def _word_around(text: str, index: int) -> tuple[int, int]:
    first = _WORD_BEFORE.search(text, max(index - 15, 0), index)
    last = _WORD_AFTER.match(text, index)
    return first.start() if first else index, last.end() if last else index + 1


_NUMBER = re.compile(r"[\d–-]{0,9}")
_ABBREVIATIONS = re.compile(r"(?<![A-Za-z.])(?:pp?|Vol|Nos?|vol|nos?)\.(?P<blank> ?)(?=\d)")


@once
def _abbreviations(brief: Reading) -> Uses:
    """p., pp., Vol., No. before a number in Western citations: with a blank, or closed up."""
    uses: dict[str, list[Use]] = {"spaced": [], "closed": []}
    for passage in brief.notes:
        said = tongues(passage)
        for each in _ABBREVIATIONS.finditer(passage.text):
            if said[each.start()] == WESTERN and not is_title(passage, each.start()):
                uses["spaced" if each["blank"] else "closed"].append((passage, *each.span()))
    return uses


@rule(
    Code(
        "M049",
        title=Words("縮寫與數字之間的空格不一", "blank after an abbreviation varies"),
        message=Words(
            "「{shown}」{what}空格，{where}多半{practice}（{count}處）",
            "“{shown}”: {what} blank; {where} mostly {practice} ({count})",
        ),
        hint=Words("改成「{form}」", "write “{form}”"),
        why=Words(
            "p.、pp.、Vol.、No. 與數字之間空一格（CMOS 17, 14.147）；同一篇文章一致。",
            "A blank follows p., pp., Vol. and No. (CMOS 17, 14.147); all of a text does the same.",
        ),
        bad="Wang Da-ming, “A,” <italic>B</italic>, Vol. 5, No. 3, 2020, pp.1-9.",
        good="Wang Da-ming, “A,” <italic>B</italic>, Vol. 5, No. 3, 2020, pp. 1-9.",
        severity=Severity.WARNING,
    ),
    within="note",
)
def varying_abbreviation(brief: Reading) -> Iterator[Finding]:
    """pp.5 where the brief has pp. 5, or the other way round."""
    uses = _abbreviations(brief)
    decided = settled(brief, uses, _abbreviations)
    if decided is None:
        return
    typed, blank = ("closed", " ") if decided.form == "spaced" else ("spaced", "")
    what = Words("沒有", "no") if blank else Words("有", "a")
    habit = Words("空一格", "has one") if blank else Words("不空", "has none")
    for passage, start, end in uses[typed]:
        form = passage.text[start:end].rstrip() + blank
        number = _NUMBER.match(passage.text, end)
        shown = passage.text[start : number.end() if number else end]
        full = form + (number[0] if number else "")
        yield found(
            passage,
            start,
            end,
            form if is_own(passage, start, end) else None,
            shown=shown,
            what=what,
            where=decided.where,
            practice=habit,
            count=decided.count,
            form=full,
        )


_BEFORE_MARK = re.compile(
    rf"[ \t](?:(?<=[{LATIN}0-9”’)].)[ \t]{{0,3}}(?=[,;](?:\s|\Z)|\.\s*\Z)"
    rf"|(?<=[(“].)[ \t]{{0,3}}(?=[{LATIN}0-9])|(?<=[{LATIN}0-9.,].)[ \t]{{0,3}}(?=[)”]))"
)


@rule(
    Code(
        "M045",
        title=Words("西文標點前多了空格", "blank before a Western mark"),
        message=Words("「{shown}」裡多了空格", "one blank too many in “{shown}”"),
        hint=Words("刪去空格", "delete it"),
        why=Words(
            "西文的逗號、句號緊接前面的字，括號、引號緊接裡面的字（CMOS 17, 6.7）。",
            "A comma or stop follows its word; brackets and quotation marks touch what they hold (CMOS 17, 6.7).",
        ),
        bad="Kirsty Needham , “Fiji Says No,” Reuters, July 2, 2025.",
        good="Kirsty Needham, “Fiji Says No,” Reuters, July 2, 2025.",
        severity=Severity.WARNING,
    ),
    within="note",
)
def blank_before_mark(brief: Reading) -> Iterator[Finding]:
    """A blank before a comma, inside brackets or quotation marks of Latin text."""
    for passage in brief.passages:
        said, text, turned = tongues(passage), passage.text, set(pairs_of(passage).turned)
        for each in _BEFORE_MARK.finditer(text):
            start, end = each.span()
            if {said[start - 1], said[end]} & {KOREAN, JAPANESE} or turned.intersection((start - 1, end)):
                continue
            first, last = _word_around(text, start)[0], _word_around(text, end)[1]
            edge = text[start - 1] in "(“" or text[end] in ")”"
            sure = is_own(passage, start, end) or edge
            yield found(passage, start, end, "" if sure else None, shown=text[first:last])


_INDENT = re.compile(r"\A[ \t\r\n]*([\u3000\u00a0][\u3000\u00a0 \t]*)")


@rule(
    Code(
        "M046",
        title=Words("段首、段末的空格", "typed indent"),
        message=Words("{where}打了空格", "blanks are typed {where}"),
        hint=Words("刪去空格；縮排由版面加上", "delete them; the layout makes the indent"),
        why=Words(
            "段首縮兩格是版面的事，打上去的空格會讓縮排變成四格（本刊的寫作格式；clreq 3.2）。",
            "The indent is made by the layout; typed blanks double it (source format; clreq 3.2).",
        ),
        bad="\u3000\u3000經濟成長放緩。",
        good="經濟成長放緩。",
        severity=Severity.WARNING,
    )
)
def typed_indent(brief: Reading) -> Iterator[Finding]:
    """U+3000 or no-break blanks at the beginning of a paragraph or heading (of a note: N009), or at the end."""
    for passage in brief.passages:
        text = passage.text
        filled = text.rstrip()
        first = _INDENT.match(text) if filled and passage.note is None else None
        if first:
            yield found(passage, *first.span(1), "", where=_AT_START)
        after = text[len(filled) :].rstrip(" \t\r\n")
        if filled and ("\u3000" in after or "\u00a0" in after):
            yield found(passage, len(filled), len(filled) + len(after), "", where=_AT_END)


_AT_START, _AT_END = Words("開頭", "at the beginning"), Words("末尾", "at the end")

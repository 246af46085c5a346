"""Rules about punctuation: the width of marks, marks typed twice or in the wrong place, ellipses, dashes, dots.

Brackets and quotation marks have a module of their own. What a mark should look like depends on the sentence it
stands in, not on its neighbours alone; `tongues` says of each character whose sentence it is.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.practice import CLEAR, practice, together
from pipeline.lint.reading import NAMED, OWN, QUOTED, TITLED, TYPED_ADDRESS, Passage, Reading, once
from pipeline.lint.rules import Finding, found, rule
from pipeline.parse import LANG
from pipeline.profiles import primary

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
OPENING = "「『《〈（【〔"
CLOSING = "」』》〉）】〕"
POINTS = "，。、；：？！"
"""The marks of Chinese that divide sentences, all of full width."""

CHINESE, WESTERN, KOREAN, JAPANESE, LINK = "zlkju"
"""What `tongues` says of a character: the language of its sentence, or that it belongs to an address."""

_TONGUE = {"zh": CHINESE, "ko": KOREAN, "ja": JAPANESE}
_STOP = re.compile("[。！？；]+[」』）”’]*")
_HAN = re.compile(f"[{HAN}]")
_SEVERAL_HAN = re.compile(f"[{HAN}]+")
_WORD = re.compile(f"[{LATIN}]{{2,}}")
_HANGUL = re.compile("[\u1100-\u11ff\uac00-\ud7af]")
_KANA = re.compile("[\u3041-\u309f\u30a1-\u30fa]")
_CHINESE_MARK = re.compile("[，。、《〈「]")
_TITLE_MARK = re.compile("[《〈]")
_AFTER_ADDRESS = ".,;:!?)]'\""


@once
def tongues(passage: Passage) -> str:
    """A string as long as the text that says of each character in whose sentence it stands (CHINESE, …).

    A sentence is Chinese when it has 《》 or 〈〉, or when Han outweigh its Latin words; Korean and Japanese are
    told by their script, what is marked up with a language by that.
    """
    text, whole = passage.text, _TONGUE.get(primary(passage.lang), WESTERN)
    said = [whole] * len(text)
    links = list(_links(passage))
    if whole == CHINESE:
        bare = _blanked(text, links)
        done, before = 0, CHINESE
        for end in _bounds(passage):
            before = _tongue(bare[done:end], before)
            said[done:end] = before * (end - done)
            done = end
        for start, end, lang in passage.languages:
            if lang in ("ko", "ja"):
                said[start:end] = _TONGUE[lang] * (end - start)
    for start, end, tongue in _marked(passage):
        said[start:end] = tongue * (end - start)
    for start, end in links:
        said[start:end] = LINK * (end - start)
    return "".join(said)


def _links(passage: Passage) -> Iterator[tuple[int, int]]:
    """The addresses in a passage, without the mark that follows one."""
    links = [(link.start, link.end) for link in passage.flat.links if "/" in passage.text[link.start : link.end]]
    yield from links
    starts = {start for start, _ in links}
    for each in TYPED_ADDRESS.finditer(passage.text):
        if each.start() not in starts:
            yield each.start(), each.start() + len(each[0].rstrip(_AFTER_ADDRESS))


def _blanked(text: str, stretches: list[tuple[int, int]]) -> str:
    characters = list(text)
    for start, end in stretches:
        characters[start:end] = " " * (end - start)
    return "".join(characters)


def _bounds(passage: Passage) -> list[int]:
    """Where sentences end: after a stop, before a citation, at the end of the text."""
    ends = {each.end() for each in _STOP.finditer(passage.text)}
    starts = {citation.start for citation in passage.citations}
    return sorted((ends | starts | {len(passage.text)}) - {0})


def _tongue(sentence: str, before: str) -> str:
    han, words = len(sentence) - len(_SEVERAL_HAN.sub("", sentence)), len(_WORD.findall(sentence))
    titled = _TITLE_MARK.search(sentence) is not None
    if not titled and not han and _HANGUL.search(sentence):
        return KOREAN
    if not titled and "，" not in sentence and len(_KANA.findall(sentence)) > 1:
        return JAPANESE
    if not titled and not han and not words:
        return before
    if titled or (han and han >= words * (1 if _CHINESE_MARK.search(sentence) else 2)):
        return CHINESE
    return WESTERN


def _marked(passage: Passage) -> Iterator[tuple[int, int, str]]:
    """Stretches inside a passage whose language is marked up."""
    own = primary(passage.lang)
    for piece in passage.flat.pieces:
        node = piece.node if piece.which == "text" else piece.node.getparent()
        while node is not None and node is not passage.element:
            lang = node.get(LANG)
            if lang:
                if primary(lang) != own:
                    yield piece.start, piece.end, _TONGUE.get(primary(lang), WESTERN)
                break
            node = node.getparent()


def is_own(passage: Passage, start: int, end: int) -> bool:
    """Whether a stretch may be mended without asking: no quotation, no title, no address."""
    zones = passage.zones[start:end]
    return QUOTED not in zones and TITLED not in zones and LINK not in tongues(passage)[start:end]


def is_title(passage: Passage, index: int) -> bool:
    """Whether a character belongs to the title of a work."""
    return passage.zones[index] == TITLED


Use = tuple[Passage, int, int]
"""Characters `start` to `end` of a passage."""

Uses = Mapping[str, Sequence[Use]]

HERE, IN_ISSUE = Words("本文", "this brief"), Words("本期", "this issue")


@dataclass(frozen=True, slots=True)
class Settled:
    """The form that a brief, or else its issue, uses most; `count` times."""

    form: str
    count: int
    where: Words


_FEW, _RARE = 2, 4
"""A brief that has one form only, and no more than `_FEW` times, follows an issue that has another `_RARE` times
as often as all else."""


def settled(brief: Reading, here: Uses, uses: Callable[[Reading], Uses], clear: float = CLEAR) -> Settled | None:
    """What is the practice where a brief uses several forms; the issue decides where the brief does not.

    `here` are the uses of the brief, `uses` finds those of the others.
    """
    counts = [len(places) for places in here.values() if places]
    decided = practice(here, clear)
    if decided is not None:
        return Settled(decided.form, decided.count, HERE)
    if not counts or len(brief.issue.briefs) < 2 or (len(counts) == 1 and counts[0] > _FEW):
        return None
    everywhere = together(here if each is brief else uses(each) for each in brief.issue.briefs)
    decided = practice(everywhere, clear if len(counts) > 1 else max(clear, _RARE))
    return Settled(decided.form, decided.count, IN_ISSUE) if decided else None


FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。"}
_HALF = {full: half for half, full in FULL.items()} | {"、": ","}
_MARK = re.compile("[,;:]|[?!]{1,3}|[.]")
_HAN_BEFORE = re.compile(f"[{HAN}{CLOSING}\ufffc]")
_LATIN_BEFORE = re.compile(f"[{LATIN}0-9%)\\]”’]")
_HAN_AFTER = re.compile(f"[{HAN}{OPENING}]")
_GOES_ON = re.compile(f"[{LATIN}0-9.]")
_REST = re.compile(r"\s*\Z")


@rule(
    Code(
        "M020",
        title=Words("中文裡的半形標點", "half-width mark in Chinese"),
        message=Words("中文裡的「{mark}」是半形標點", "the “{mark}” in this Chinese sentence is half-width"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "中文的點號占一個字的位置，一律用全形（教育部《重訂標點符號手冊》；clreq 3.1）。",
            "The marks of Chinese take the room of a character (Handbook of Punctuation, Ministry of Education; "
            "clreq 3.1).",
        ),
        bad="經濟成長放緩,出口衰退。",
        good="經濟成長放緩，出口衰退。",
        severity=Severity.WARNING,
    )
)
def half_width_mark(brief: Reading) -> Iterator[Finding]:
    """A comma, colon, semicolon, question or exclamation mark or stop of half width in a Chinese sentence."""
    ends = _ends_of_notes(brief)[CHINESE]
    periods = len(ends["."]) > max(len(ends["。"]), _FEW)
    for passage in brief.passages:
        said, text = tongues(passage), passage.text
        for start, end in _half_width_marks(passage):
            if periods and passage.note is not None and text[start:end].strip() == "." and _REST.match(text, end):
                continue
            if said[start] == CHINESE and not is_title(passage, start):
                typed = text[start:end].strip()
                full = "".join(FULL[mark] for mark in typed)
                stop = typed == "." and _HAN.match(text, end)
                sure = is_own(passage, start, end) and not stop
                advice = _MAYBE_DOT if stop else _use(full)
                yield found(passage, start, end, full if sure else None, mark=typed, advice=advice)


def _use(form: str) -> Words:
    return Words(f"改成「{form}」", f"write “{form}”")


_MAYBE_DOT = Words(
    "句子到此為止就用「。」，外國人名中間用間隔號", "write 。 at the end of a sentence, a middle dot in a name"
)


@once
def _ends_of_notes(brief: Reading) -> Mapping[str, Uses]:
    """With which stop the Chinese and the Western notes end."""
    uses: dict[str, dict[str, list[Use]]] = {tongue: {".": [], "。": []} for tongue in (CHINESE, WESTERN)}
    for passage in brief.notes:
        end = len(passage.text.rstrip())
        said = tongues(passage)
        tongue = said[end - 1] if end > 1 else ""
        if tongue == WESTERN and CHINESE in said:
            continue  # a Chinese note that ends with a Western source
        if tongue in uses and passage.text[end - 1] in uses[tongue]:
            uses[tongue][passage.text[end - 1]].append((passage, end - 1, end))
    return uses


def _ends_of(tongue: str, brief: Reading) -> Uses:
    return _ends_of_notes(brief)[tongue]


def _is_another_matter(passage: Passage, mark: str) -> bool:
    """Whether other rules look at the end of a passage: of a heading (H004), a comma at that of a note (N008)."""
    return passage.kind in ("title", "heading") or (passage.kind == "note" and mark in ",;:")


def _half_width_marks(passage: Passage) -> Iterator[tuple[int, int]]:
    """The marks of half width beside Han in Chinese sentences, with the blanks around them."""
    text, said, between = passage.text, tongues(passage), _between_citations(passage)
    for each in _MARK.finditer(text):
        if said[each.start()] != CHINESE:
            continue
        start, end = _with_blanks(text, *each.span())
        if not start or not _stands_in_chinese(passage, each[0], start, end):
            continue
        if _REST.match(text, end) and _is_another_matter(passage, each[0]):
            continue
        foreign = {said[start - 1], said[min(end, len(said) - 1)]} & {KOREAN, JAPANESE}
        divides = ";" in each[0] and between[0] <= start and end <= between[1]
        if not foreign and not divides and not _is_label(text, end):
            yield start, end


def _with_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch with the blanks around it, a few at most."""
    for _ in range(4):
        start -= text[start - 1 : start] in (" ", "\u00a0")
        end += text[end : end + 1] in (" ", "\u00a0")
    return start, end


def _stands_in_chinese(passage: Passage, mark: str, start: int, end: int) -> bool:
    text = passage.text
    if mark == ".":
        if _HAN_BEFORE.match(text, start - 1) and text[start] == ".":
            return not _GOES_ON.match(text, start + 1)
        last = passage.kind in ("body", "note", "quotation") and _REST.match(text, end) is not None
        return last and _ends_chinese(text, tongues(passage), start)
    if _HAN_BEFORE.match(text, start - 1):
        return True
    return "!" not in mark and bool(_LATIN_BEFORE.match(text, start - 1) and _HAN_AFTER.match(text, end))


def _ends_chinese(text: str, said: str, index: int) -> bool:
    """Whether a stop at the end of a passage follows an address, or a number, of a Chinese sentence."""
    before = text[index - 1]
    return said[index - 1] == LINK or before.isdecimal() or before == "%"


def _is_label(text: str, end: int) -> bool:
    """Whether a passage begins with a typed label (一. or 甲.): which is another matter."""
    return _LABEL.fullmatch(text, 0, end) is not None if end < 40 else False


def _between_citations(passage: Passage) -> tuple[int, int]:
    """From the end of the first to the start of the last source of a note; marks in between divide sources."""
    parts = passage.citations
    if len(parts) < 2:
        return 1, 0
    return min(part.end for part in parts), max(part.start for part in parts)


_LABEL = re.compile(r"\s*[壹貳參肆伍陸柒捌玖拾一二三四五六七八九十甲乙丙丁戊己]{1,2}[.:]\s*")
_TITLE_MARKS = re.compile(
    rf"(?<=[{HAN}」』])[ ]?(?P<half>[,:;?!]{{1,2}})(?=[ ]?[{HAN}{LATIN}0-9」』〉》「『])"
    "|(?P<full>[，：；？！])"
)


@once
def _marks_in_titles(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {"full": [], "half": []}
    for passage in brief.passages:
        if TITLED not in passage.zones:
            continue
        said = tongues(passage)
        for each in _TITLE_MARKS.finditer(passage.text):
            start, end = each.span(each.lastgroup or 0)
            if is_title(passage, start) and said[start] == CHINESE and _is_corner(passage, start):
                uses[each.lastgroup or "full"].append((passage, start, end))
    return uses


def _is_corner(passage: Passage, index: int) -> bool:
    """Whether the title that holds a character stands in 《》 or 〈〉."""
    start = max(passage.text.rfind(mark, max(index - 300, 0), index) for mark in "《〈")
    return start >= 0 and TITLED * (index - start) == passage.zones[start + 1 : index + 1]


@rule(
    Code(
        "M021",
        title=Words("題名裡的半形標點", "half-width mark in a title"),
        message=Words(
            "這個題名裡的「{mark}」是半形，{where}其他題名用全形（{count}處）",
            "the “{mark}” in this title is half-width; the other titles of {where} have full-width ones ({count})",
        ),
        hint=Words(
            "網頁的標題常用半形標點，徵引時改成全形「{full}」；要照錄就留著",
            "write “{full}”, unless the title is to stand as it was printed",
        ),
        why=Words(
            "徵引時可以照本刊的體例統一題名的標點（CMOS 17, 8.165）；這是本文的慣例。",
            "The marks of a title may follow the style of the periodical (CMOS 17, 8.165); the practice here.",
        ),
        bad="王大明，〈關稅怎麼談？美方：沒有定論〉，《甲報》；李小華，〈關稅怎麼談?〉，《甲報》。",
        good="王大明，〈關稅怎麼談？〉，《甲報》；李小華，〈關稅怎麼談？〉，《甲報》。",
        severity=Severity.NOTE,
    ),
    within="note",
)
def half_width_mark_in_title(brief: Reading) -> Iterator[Finding]:
    """A half-width mark in a Chinese title, where the titles around have full-width ones."""
    uses = _marks_in_titles(brief)
    decided = settled(brief, uses, _marks_in_titles, clear=1)
    if decided is None or decided.form != "full":
        return
    for passage, start, end in uses["half"]:
        mark = passage.text[start:end]
        full = "".join(FULL[each] for each in mark)
        yield found(passage, start, end, mark=mark, full=full, where=decided.where, count=decided.count)


_FULL_IN_LATIN = re.compile(
    rf"(?<=[{LATIN}0-9”’)\].%?!])[ ]?(?P<mark>[，。；：！？、])[ ]?(?=[{LATIN}0-9“‘\[(”’])"
)
_ENGLISH_QUOTED = re.compile(rf"“[^“”{HAN}\u3040-\u30ff\uac00-\ud7af]{{3,300}}”")


@rule(
    Code(
        "M022",
        title=Words("西文裡的全形標點", "full-width mark in Latin text"),
        message=Words("西文裡的「{mark}」是全形標點", "the “{mark}” between Latin words is full-width"),
        hint=Words(
            "改成半形的「{half}」；句中的後面空一格", "write “{half}”, with a blank where the text goes on"
        ),
        why=Words(
            "西文的書目與語句用西文的標點（CMOS第14章）；全形標點在西文裡留下一大塊空白。",
            "Western text has Western marks (CMOS, chapter 14); a full-width one tears a hole.",
        ),
        bad="Kirsty Needham, “Fiji Says China Base Not Welcome，” Reuters，July 2, 2025.",
        good="Kirsty Needham, “Fiji Says China Base Not Welcome,” Reuters, July 2, 2025.",
        severity=Severity.WARNING,
    ),
    within="note",
)
def full_width_mark(brief: Reading) -> Iterator[Finding]:
    """A full-width mark between Latin words of a citation, or in English words between “ ”."""
    stops = _ends_of_notes(brief)[WESTERN]
    decided = settled(brief, stops, partial(_ends_of, WESTERN), clear=1)
    for passage, start, end in stops["。"] if decided is not None and decided.form == "." else ():
        yield found(passage, start, end, ".", mark="。", half=".")
    for passage in brief.passages:
        said, text = tongues(passage), passage.text
        quoted = [each.span() for each in _ENGLISH_QUOTED.finditer(text)] if "“" in text else []
        for each in _FULL_IN_LATIN.finditer(text):
            start, end = each.span()
            mark, place = each["mark"], each.start("mark")
            western = said[place] == WESTERN and passage.note is not None
            if not western and not any(first < place < last for first, last in quoted):
                continue
            if said[start - 1] in (KOREAN, JAPANESE) or _is_separator(passage, start, end):
                continue
            half = _HALF[mark] + ("" if text[end] in "”’" else " ")
            sure = is_own(passage, start, end) or text[end] == "”"
            yield found(passage, start, end, half if sure else None, mark=mark, half=half.strip())


def _is_separator(passage: Passage, start: int, end: int) -> bool:
    return "；" in passage.text[start:end] and passage.note is not None and not is_title(passage, start)


_WIDE = re.compile("[Ａ-Ｚａ-ｚ]+")
_HAN_DIGITS = "〇○一二三四五六七八九"
_NARROW = {ord(wide): chr(ord(wide) - 0xFEE0) for wide in map(chr, range(0xFF01, 0xFF5F))}


@rule(
    Code(
        "M023",
        title=Words("全形字母", "full-width letters"),
        message=Words("「{typed}」是全形字母", "“{typed}” is in full-width letters"),
        hint=Words("改成半形的「{plain}」", "write “{plain}”"),
        why=Words(
            "橫排的拉丁字母用半形；全形的搜尋不到，字距也散（clreq 3.2）。",
            "Latin letters in horizontal text are half-width (clreq 3.2); searching does not find the others.",
        ),
        bad="ＡＳＥＡＮ召開峰會。",
        good="ASEAN召開峰會。",
        severity=Severity.WARNING,
    )
)
def full_width_letters(brief: Reading) -> Iterator[Finding]:
    """Letters of full width, in titles too; those of Japanese text stay, and Ｏ for 〇 is another matter."""
    for passage in brief.passages:
        for each in _WIDE.finditer(passage.text):
            start, end = each.span()
            zero = start and passage.text[start - 1] in _HAN_DIGITS
            if tongues(passage)[start] not in (JAPANESE, LINK) and not zero:
                plain = each[0].translate(_NARROW)
                sure = passage.zones[start] in (OWN, NAMED)
                yield found(passage, start, end, plain if sure else None, typed=each[0], plain=plain)


_DOUBLED = re.compile(
    r"(?P<one>[，、；：])(?:[ \u3000]{0,3}[，、；：。？！])+"
    r"|。(?:[ \u3000]{0,3}[，、；：])+|。[ \u3000]{0,3}。(?!。)"
    r"|[？！](?:[ ]{0,3}[，。；：])+|[？！]、"
    r"|[,;][ ]{0,3}[，、；：。]|[，、；：。][ ]{0,3}[,;]"
    r"|(?<![,;:.\d])[,;](?:[ ]{0,2}[,;])+"
    r"|,[”’]{1,2},|(?<=[^.\s])\.。|(?<![.\d]),\.(?!\d)|(?<=[^./])\.\.(?![./])"
)
_PAIR_OF_MARKS = re.compile(r"[，、；：。？！,;.][ \u3000]{0,3}[，、；：。？！,;.”’]")
_ONE_MARK = re.compile(r"(.)(?:[ \u3000]*\1)+")


@rule(
    Code(
        "M024",
        title=Words("連著兩個標點", "two marks in a row"),
        message=Words("「{marks}」連著兩個標點", "two marks in a row: “{marks}”"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "一個停頓用一個點號（教育部《重訂標點符號手冊》）；多半是修改時沒有刪乾淨。",
            "A pause has one mark (Handbook of Punctuation); most often the rest of a correction.",
        ),
        bad="出口衰退，，進口持平。",
        good="出口衰退，進口持平。",
        severity=Severity.WARNING,
    )
)
def doubled_mark(brief: Reading) -> Iterator[Finding]:
    """The same mark twice, or two that exclude each other."""
    for passage in brief.passages:
        said, text = tongues(passage), passage.text
        for each in _DOUBLED.finditer(text) if _PAIR_OF_MARKS.search(text) else ():
            start, end = each.span()
            if said[start] == LINK or said[end - 1] == LINK or _is_mentioned(text, start, end):
                continue
            if each[0] == ".。" and said[start - 1] != LINK and not text[start - 1].isdecimal():
                continue  # the stop of an abbreviation: U.S.。
            if (said[start] == KOREAN) != (said[end - 1] == KOREAN) or _is_ellipsis(text, start, end):
                continue
            same = _ONE_MARK.fullmatch(each[0])
            kept = same[1] if same else ""
            sure = bool(kept) and is_own(passage, start, end)
            yield found(passage, start, end, kept if sure else None, marks=each[0], advice=_keep(kept))


def _keep(mark: str) -> Words:
    if mark:
        return Words(f"留一個「{mark}」", f"keep one “{mark}”")
    return Words("留下對的那一個", "keep the right one")


def _is_mentioned(text: str, start: int, end: int) -> bool:
    """Whether marks are spoken of, not used: （，、。）, 「，」."""
    return text[max(start - 1, 0) : start] in tuple(OPENING) and text[end : end + 1] in tuple(CLOSING)


def _is_ellipsis(text: str, start: int, end: int) -> bool:
    return "。。。" in text[max(start - 2, 0) : end + 2] or "..." in text[max(start - 2, 0) : end + 2]


_AROUND_CLOSING = re.compile("[。！？][」』]{1,2}。|。[」』]{1,2}，|(?P<pause>[，、；：])[」』]{1,2}[，。、；：]")


@rule(
    Code(
        "M025",
        title=Words("引號內外都有標點", "marks on both sides of a closing quotation mark"),
        message=Words(
            "收尾的引號裡外都有點號：「{marks}」", "marks before and after a closing quotation mark: “{marks}”"
        ),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "引文獨立成句，句號放在引號裡；引文是句子的一部分，點號放在引號外（教育部《重訂標點符號手冊》引號條）。",
            "A stop stands inside where the quotation is a sentence of its own, outside where it is part of one "
            "(Handbook of Punctuation, on quotation marks).",
        ),
        bad="他表示：「談判沒有期限。」。",
        good="他表示：「談判沒有期限。」",
        severity=Severity.WARNING,
    )
)
def marks_around_closing(brief: Reading) -> Iterator[Finding]:
    """A stop or pause both before and after a closing quotation mark."""
    for passage in brief.passages:
        for each in _AROUND_CLOSING.finditer(passage.text):
            start, end = each.span()
            if passage.text[max(start - 1, 0) : start] in ("「", "『") or is_title(passage, start):
                continue
            if each["pause"]:
                advice, sure = Words("只留引號外的那一個", "keep the one outside"), False
            elif each[0][-1] == "，":
                advice, sure = (
                    Words("句子沒完就刪去引號裡的句號", "delete the stop if the sentence goes on"),
                    False,
                )
            elif each[0][0] == "。":
                advice, sure = Words("只留一個句號", "keep one stop"), is_own(passage, end - 1, end)
            else:
                advice, sure = Words("引號外的句號可以刪去", "delete the stop outside"), False
            mended = found(passage, end - 1, end, "" if sure else None).fix
            yield Finding(passage.place(start, end), {"marks": each[0], "advice": advice}, mended)


_AT_BRACKET = re.compile(
    r"[「『《〈（【〔“][ ]?(?P<first>[，。、；：])|(?P<last>[，、；：])[ ]?(?=[）》〉】〕])|(?P<open>[(][ ]?[,;:])"
)


@rule(
    Code(
        "M026",
        title=Words("標點的位置不對", "mark in the wrong place"),
        message=Words("「{mark}」{where}", "this “{mark}” {where}"),
        hint=Words(
            "刪去它，或補上漏掉的文字；多半是刪改時留下的",
            "delete it, or add the words that are missing before it",
        ),
        why=Words(
            "點號跟著前面的字，不緊接在起首的括號後面；括號裡的停頓也不必再用點號收尾（教育部《重訂標點符號手冊》）。",
            "A mark belongs to the word before it (Handbook of Punctuation).",
        ),
        bad="歐洲各國（德國、法國、）均已表態。",
        good="歐洲各國（德國、法國）均已表態。",
        severity=Severity.WARNING,
    )
)
def misplaced_mark(brief: Reading) -> Iterator[Finding]:
    """A mark right after an opening bracket, or a pause right before a closing one."""
    for passage in brief.passages:
        text = passage.text
        for each in _AT_BRACKET.finditer(text):
            start, end = each.span()
            if _only_marks(text, start, end) or tongues(passage)[start] in (KOREAN, JAPANESE, LINK):
                continue
            group = str(each.lastgroup)
            place = each.start(group) + (len(each[0]) - 1 if group == "open" else 0)
            where = _BEFORE_BRACKET if group == "last" else _AFTER_BRACKET
            sure = is_own(passage, place, place + 1)
            yield found(passage, place, place + 1, "" if sure else None, mark=text[place], where=where)


_AFTER_BRACKET = Words("緊接在起首的括號或引號後面", "follows an opening bracket")
_BEFORE_BRACKET = Words("在收尾的括號前面", "stands before a closing bracket")


_NOTHING_BUT_MARKS = re.compile("[「『《〈（【〔“][，。、；：！？\u3000 ]{1,11}[」』》〉）】〕”]")


def _only_marks(text: str, start: int, end: int) -> bool:
    """Whether brackets around a mark hold nothing but marks, which are spoken of: （，、。）."""
    around = text[max(start - 12, 0) : end + 12]
    return _NOTHING_BUT_MARKS.search(around) is not None


_ELLIPSIS = re.compile(r"\.\.\.+。?|。。。+|……*[.。]*|⋯⋯*|[‧·・．][‧·・．]{2,}|、、、+|，，，+")
_RIGHT_ELLIPSES = ("……", "……。")


@once
def _ellipses(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {}
    for passage in brief.passages:
        said, text = tongues(passage), passage.text
        for each in _ELLIPSIS.finditer(text):
            start, end = each.span()
            if said[start] == CHINESE and not is_title(passage, start) and _beside_han(text, said, start, end):
                uses.setdefault(each[0], []).append((passage, start, end))
    return uses


def _beside_han(text: str, said: str, start: int, end: int) -> bool:
    """Whether Han or a mark of Chinese stands beside a stretch, and neither Korean nor Japanese."""
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    if (before and said[start - 1] in (KOREAN, JAPANESE)) or (after and said[end] in (KOREAN, JAPANESE)):
        return False
    return any(HAN_OR_MARK.match(beside) for beside in (before, after) if beside)


HAN_OR_MARK = re.compile(f"[{HAN}{POINTS}{OPENING}{CLOSING}]")


@rule(
    Code(
        "M027",
        title=Words("刪節號的寫法", "form of the ellipsis"),
        message=Words("「{typed}」不是中文的刪節號", "“{typed}” is no Chinese ellipsis"),
        hint=Words("改成占兩格的「……」", "write …… (two characters, six dots)"),
        why=Words(
            "刪節號占兩格，六點（教育部《重訂標點符號手冊》刪節號條；clreq 3.1）。",
            "The ellipsis has six dots in the room of two characters (Handbook of Punctuation; clreq 3.1).",
        ),
        bad="石油、天然氣、煤炭...都仰賴進口。",
        good="石油、天然氣、煤炭……都仰賴進口。",
        severity=Severity.WARNING,
    )
)
def wrong_ellipsis(brief: Reading) -> Iterator[Finding]:
    """Dots, stops, or a single … in Chinese; ⋯⋯ only where the brief has …… as well."""
    uses = _ellipses(brief)
    for typed, places in uses.items():
        if typed in _RIGHT_ELLIPSES or (typed == "⋯⋯" and "……" not in uses):
            continue
        for passage, start, end in places:
            if typed.strip("…") == "" and not passage.text[:start].strip() and not passage.text[end:].strip():
                continue  # a paragraph of dots stands for paragraphs left out
            right = "……。" if typed[-1] == "。" and typed[0] != "。" else "……"
            yield found(passage, start, end, right if is_own(passage, start, end) else None, typed=typed)


_TURNS = "並非|而非|而不是|也就是|亦即|即是|換言之|不是|這|包括|例如|尤其|特別是|但|卻|因為|不過|甚至|其實|或者說"
"""Words that go on with a sentence, so that a single dash before them is half of ——."""

_DASH = re.compile(
    f"(?P<one>[-–—](?<=[{HAN}{CLOSING}] [-–—])(?= [{HAN}{OPENING}]))"
    f"|(?P<wrong>---?|－－+|––+|———+|(?<=[{HAN}{CLOSING}])[—–](?=(?:{_TURNS})))|(?P<dash>——|──*|――*)"
)


@once
def _dashes(brief: Reading) -> Uses:
    """The dashes between clauses of Chinese: by their character; `-` those that are none at all."""
    uses: dict[str, list[Use]] = {}
    for passage in brief.passages:
        said, text = tongues(passage), passage.text
        for each in _DASH.finditer(text):
            start, end = each.span() if each.lastgroup != "one" else (each.start() - 1, each.end() + 1)
            if said[start] != CHINESE or is_title(passage, start) or not _beside_han(text, said, start, end):
                continue
            if each.lastgroup != "dash":
                uses.setdefault("-", []).append((passage, start, end))
            elif not (text[start - 1 : start].isdigit() or text[end : end + 1].isdigit()):
                uses.setdefault(each[0][0], []).append((passage, start, end))
    return uses


@rule(
    Code(
        "M028",
        title=Words("破折號的寫法", "form of the dash"),
        message=Words("這個破折號打成「{typed}」{practice}", "this dash is typed as “{typed}”{practice}"),
        hint=Words("改成占兩格的「——」", "write —— (two em dashes)"),
        why=Words(
            "破折號占兩格，寫作兩個U+2014（教育部《重訂標點符號手冊》破折號條；clreq 3.1）。",
            "The dash takes two characters, U+2014 twice (Handbook of Punctuation; clreq 3.1).",
        ),
        bad="三個國家--日本、南韓、菲律賓--都參加了。",
        good="三個國家——日本、南韓、菲律賓——都參加了。",
        severity=Severity.WARNING,
    )
)
def wrong_dash(brief: Reading) -> Iterator[Finding]:
    """Hyphens for a dash; box-drawing lines and horizontal bars where the brief has ——."""
    uses = _dashes(brief)
    right = len(uses.get("—", ()))
    for form, places in uses.items():
        if form == "—" or (form != "-" and right < len(places)):
            continue
        count = Words(f"，本文其他地方用「——」（{right}處）", f"; elsewhere this brief has —— ({right})")
        for passage, start, end in places:
            typed = passage.text[start:end].strip()
            replace = "——" if is_own(passage, start, end) else None
            yield found(passage, start, end, replace, typed=typed, practice="" if form == "-" else count)


_JOIN = "-‐‑–—－~～〜∼"
_RANGE = re.compile(
    rf"(?<![\d.,/\-–—A-Za-z+])(?P<from>\d[\d,.]{{0,12}})(?P<unit>[%年月日]?)(?P<mark>[{_JOIN}])"
    rf"(?=\d[\d,.]{{0,12}}(?![\d,.]*[A-Za-z/\-–—+]))"
)
_DIGITS, _YEAR = re.compile(r"[\d,.]*"), re.compile(r"(?:1[89]|20)\d\d")
_BETWEEN_HAN = re.compile(f"[-‐‑–—－](?<=[{HAN}].)(?=[{HAN}])")
_PAGES = re.compile(r"(?:頁次?|第) ?(?:\d+、)*\Z")
_WESTERN_PAGES = re.compile(r"\bpp?\.? ?\Z")


@once
def _ranges(brief: Reading) -> Mapping[str, Uses]:
    """The marks between two numbers, by what is numbered (Chinese pages, Western pages, else); between Han."""
    uses: dict[str, dict[str, list[Use]]] = {"頁": {}, "pp.": {}, "": {}, "字": {}}
    for passage in brief.passages:
        said, text = tongues(passage), passage.text
        for each in _RANGE.finditer(text):
            at = each.start("mark")
            if said[at] not in (CHINESE, WESTERN) or not is_own(passage, at, at + 1):
                continue
            before = text[max(each.start() - 12, 0) : each.start()]
            pages = "頁" if _PAGES.search(before) else "pp." if _WESTERN_PAGES.search(before) else ""
            if pages or (said[at] == CHINESE and _is_range(text, each)):
                uses[pages].setdefault(text[at], []).append((passage, at, at + 1))
        for each in _BETWEEN_HAN.finditer(text):
            if said[each.start()] == CHINESE and is_own(passage, *each.span()):
                uses["字"].setdefault(each[0], []).append((passage, *each.span()))
    return uses


def _ranges_of(kind: str, brief: Reading) -> Uses:
    return _ranges(brief)[kind]


def _with_pages(brief: Reading) -> Uses:
    """All ranges of numbers in Chinese, where those outside of page numbers alone decide nothing."""
    pages, others = _ranges_of("頁", brief), _ranges_of("", brief)
    return {form: [*pages.get(form, ()), *others.get(form, ())] for form in dict.fromkeys((*pages, *others))}


def _is_range(text: str, each: re.Match[str]) -> bool:
    """Whether two numbers are the ends of a range: the second is greater, and has a unit, or they are years."""
    second = _DIGITS.match(text, each.end(), each.end() + 16)
    first, last = _number(each["from"]), _number(second[0] if second else "")
    if first is None or last is None or first >= last:
        return False
    after = text[each.end() + len(second[0] if second else "") :][:1]
    years = _YEAR.fullmatch(each["from"]) is not None
    return bool(each["unit"] or (after and _HAN.match(after)) or after == "%" or (years and last < 2200))


def _number(digits: str) -> float | None:
    try:
        return float(digits.rstrip(".,").replace(",", ""))
    except ValueError:
        return None


@rule(
    Code(
        "M029",
        title=Words("連接號不一", "connecting marks vary"),
        message=Words(
            "這裡的連接號是「{typed}」，{where}多半用「{form}」（{count}處）",
            "“{typed}” connects the two; {where} mostly has “{form}” ({count})",
        ),
        hint=Words("改成「{form}」", "write “{form}”"),
        why=Words(
            "連接號有兩式，同一種用途用同一式（教育部《重訂標點符號手冊》連接號條）；這是本文的慣例。",
            "The handbook allows two forms; one use should have one form. The practice of the brief decides.",
        ),
        bad="3-5月、6-8月減產，9～11月回升。",
        good="3-5月、6-8月減產，9-11月回升。",
        severity=Severity.WARNING,
    )
)
def varying_range(brief: Reading) -> Iterator[Finding]:
    """A mark between two numbers, or two names, that is not the one the brief has most; pages are apart."""
    for kind, uses in _ranges(brief).items():
        decided = settled(brief, uses, partial(_ranges_of, kind))
        if decided is None and not kind:
            decided = settled(brief, _with_pages(brief), _with_pages)
        if decided is None:
            continue
        for typed, places in uses.items():
            if typed == decided.form:
                continue
            form, where, count = decided.form, decided.where, decided.count
            for passage, start, end in places:
                yield found(passage, start, end, form, typed=typed, form=form, where=where, count=count)


_DOT = re.compile(rf"(?<=[{HAN}])[‧·•・．˙･∙⋅](?=[{HAN}])")
_TONE = "˙"


@once
def _dots(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {}
    for passage in brief.passages:
        said = tongues(passage)
        for each in _DOT.finditer(passage.text):
            if said[each.start()] == CHINESE and is_own(passage, *each.span()):
                uses.setdefault(each[0], []).append((passage, *each.span()))
    return uses


@rule(
    Code(
        "M030",
        title=Words("間隔號不一", "middle dots vary"),
        message=Words("間隔號打成 {typed}（{point}）{practice}", "the middle dot is {typed} ({point}){practice}"),
        hint=Words("改成 {form}（{wanted}）", "write {form} ({wanted})"),
        why=Words(
            "幾個圓點看來相似，碼不同，字寬也不同，搜尋時對不上；同一篇用同一個。",
            "These dots look alike and are different characters; searching for one does not find another.",
        ),
        bad="川普提名馬可‧魯比歐與彼得‧赫格塞斯，以及史考特•貝森特。",
        good="川普提名馬可‧魯比歐與彼得‧赫格塞斯，以及史考特‧貝森特。",
        severity=Severity.WARNING,
    )
)
def varying_dot(brief: Reading) -> Iterator[Finding]:
    """A middle dot between Han that is not the one the brief has most; the tone mark ˙ is never one."""
    uses = _dots(brief)
    decided = settled(brief, uses, _dots)
    for typed, places in uses.items():
        form = decided.form if decided and decided.form != _TONE else "‧"
        if typed == form or (decided is None and typed != _TONE):
            continue
        said = _practice_of(decided) if decided and decided.form == form else _TONE_MARK
        point, wanted = _point(typed), _point(form)
        for passage, start, end in places:
            yield found(
                passage, start, end, form, typed=typed, point=point, form=form, wanted=wanted, practice=said
            )


_TONE_MARK = Words("，那是注音的輕聲符號", ", which is a tone mark of zhuyin")


def _practice_of(decided: Settled) -> Words:
    return Words(
        f"，{decided.where.zh}多半用 {decided.form}（{decided.count}處）",
        f"; {decided.where.en} mostly has {decided.form} ({decided.count})",
    )


def _point(character: str) -> str:
    return f"U+{ord(character):04X}"


_SIGNS = {
    "slash": re.compile(f"[/／](?<=[{HAN}].)(?=[{HAN}])"),
    "time": re.compile(r"[:：](?<=\d.)(?=[0-5]\d(?![\d:：]))"),
    "ratio": re.compile(r"[:：](?<=\d.)(?=(?:\d|[6-9]\d|\d{3})(?![\d:：]))"),
}


@once
def _signs(brief: Reading) -> Mapping[str, Uses]:
    """Slashes between Han, colons between two numbers: full-width or half-width."""
    uses: dict[str, dict[str, list[Use]]] = {kind: {} for kind in _SIGNS}
    for passage in brief.passages:
        for kind, sign in _SIGNS.items():
            for each in sign.finditer(passage.text):
                if tongues(passage)[each.start()] == CHINESE and is_own(passage, *each.span()):
                    uses[kind].setdefault(each[0], []).append((passage, *each.span()))
    return uses


def _signs_of(kind: str, brief: Reading) -> Uses:
    return _signs(brief)[kind]


@rule(
    Code(
        "M031",
        title=Words("符號有全形有半形", "signs of two widths"),
        message=Words(
            "這裡用{width}的「{typed}」，{where}多半用「{form}」（{count}處）",
            "here stands “{typed}” ({width}); {where} mostly has “{form}” ({count})",
        ),
        hint=Words("改成「{form}」", "write “{form}”"),
        why=Words(
            "斜線，以及時間、比數裡的冒號，全形半形都有人用；同一篇用同一種。",
            "Slashes, and colons in times and scores, are found in both widths; a text should have one.",
        ),
        bad="上午8:30開會，10:15休息，下午2：45散會。",
        good="上午8:30開會，10:15休息，下午2:45散會。",
        severity=Severity.WARNING,
    )
)
def varying_sign(brief: Reading) -> Iterator[Finding]:
    """A slash between Han, or the colon of a time or a score, that has not the width of the others."""
    for kind, uses in _signs(brief).items():
        decided = settled(brief, uses, partial(_signs_of, kind))
        for typed, places in uses.items() if decided else ():
            if decided is None or typed == decided.form:
                continue
            width = Words("半形", "half-width") if typed.isascii() else Words("全形", "full-width")
            form, where, count = decided.form, decided.where, decided.count
            for passage, start, end in places:
                yield found(
                    passage, start, end, form, typed=typed, form=form, width=width, where=where, count=count
                )


_AMID_DIGITS = re.compile(r"[，．。·‧](?<=\d.)(?=\d)")
_IN_NUMBER = re.compile(
    r"(?<![\d.,，．])\d{1,3}(?P<thousands>(?:，\d{3})+)(?=[萬億兆元人名位架艘枚噸公美個件家平戶])"
    r"|(?<![\d.,，．])\d{1,4}(?P<point>[．。·‧])(?=\d{1,4}[%％萬億兆元噸公倍個])"
)


@rule(
    Code(
        "M032",
        title=Words("數字裡的全形標點", "full-width mark in a number"),
        message=Words("數字「{shown}」裡的標點是全形", "a mark in the number “{shown}” is full-width"),
        hint=Words("改成「{form}」", "write “{form}”"),
        why=Words(
            "千分號用半形逗號，小數點用半形句點；全形的會讓人讀成兩個數。",
            "Thousands are divided by a half-width comma, decimals by a period; else a reader sees two numbers.",
        ),
        bad="軍購金額達1，200萬美元，占3．5%。",
        good="軍購金額達1,200萬美元，占3.5%。",
        severity=Severity.WARNING,
    )
)
def full_width_mark_in_number(brief: Reading) -> Iterator[Finding]:
    """1，200萬 and 3．5% for 1,200萬 and 3.5%."""
    for passage in brief.passages:
        for each in _IN_NUMBER.finditer(passage.text) if _AMID_DIGITS.search(passage.text) else ():
            start, end = each.span(str(each.lastgroup))
            if each.lastgroup == "thousands" and end - start == _ONE_GROUP:
                end = start + 1
            form = passage.text[start:end].replace("，", ",") if each.lastgroup == "thousands" else "."
            whole = _DIGITS.match(passage.text, end)
            number = each[0] + (whole[0] if whole and each.lastgroup == "point" else "")
            mended = number.replace("，", ",").translate(_AS_POINT)
            sure = is_own(passage, start, end)
            yield found(passage, start, end, form if sure else None, shown=number, form=mended)


_ONE_GROUP = len("，000")
_AS_POINT = {ord(mark): "." for mark in "．。·‧"}

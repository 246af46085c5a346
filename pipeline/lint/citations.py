"""Rules about the form of citations: marks around titles, between the parts of a source and between sources."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipeline.citations import kinds, names
from pipeline.citations.recognise import Part, recognise
from pipeline.citations.works import Work
from pipeline.diagnostics import Code, Place, Severity, Words
from pipeline.lint.practice import CLEAR, Against, Use, Uses, against_practice, in_issue, practice, used
from pipeline.lint.reading import ADDRESS, Passage, Reading, once
from pipeline.lint.rules import Finding, found, rule
from pipeline.notes.graph import Citation, Reference


def calling(*notes: str) -> str:
    """An extract in which these notes are called, one after the other."""
    calls = (f'<fn id="fn{number}"><p>{note}</p></fn>' for number, note in enumerate(notes, start=1))
    return "字" + "字".join(calls)


# What the rules read


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation where it stands, and the parts that its text has (`recognise`), which count in the passage.

    `western`: it is punctuated as in English (“Title,” Reuters), not as in Chinese（〈篇名〉，《報名》）.
    """

    passage: Passage
    citation: Citation
    parts: tuple[Part, ...]
    western: bool

    @property
    def work(self) -> Work:
        """What it cites."""
        return self.citation.work

    @property
    def text(self) -> str:
        """The citation as printed."""
        return self.passage.text[self.citation.start : self.citation.end]

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.passage.place(self.citation.start, self.citation.end)

    def part(self, role: str) -> Part | None:
        """The first part of a role."""
        return next((part for part in self.parts if part.role == role), None)


_EASTERN_MARKS = re.compile("[〈《〉》]")
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u3000-\u30ff\u3400-\u9fff\uac00-\ud7ff\uff01-\uff5e]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_ADDRESSES = re.compile(r"(?:https?://|www\.)[^\s，。；]+")


@once
def cited(brief: Reading) -> tuple[Cited, ...]:
    """The citations of a brief in their order; each brief is read once."""
    return tuple(each for passage in brief.notes for each in _cited_in(passage))


def _cited_in(passage: Passage) -> Iterator[Cited]:
    if not passage.citations:
        return
    read = recognise(passage.text, passage.flat.links, passage.flat.italics).citations
    starts = [each.start for each in read]
    for citation in passage.citations:
        at = bisect_left(starts, citation.start)
        same = at < len(read) and read[at].start < citation.end and read[at].end <= citation.end + 1
        parts = read[at].parts if same else ()
        yield Cited(passage, citation, parts, is_western(passage, citation.start, citation.end))


def is_western(passage: Passage, start: int, end: int) -> bool:
    """Whether a stretch is punctuated as English is: no 〈〉《》, and more Latin letters than Han."""
    text = _ADDRESSES.sub("", passage.text[start:end])
    return not _EASTERN_MARKS.search(text) and len(_LATIN.findall(text)) > len(_EAST_ASIAN.findall(text))


# Several sources in one note

_AS_BEFORE = re.compile(
    r"\s*(?:同[前上]註|同?前揭?註|同註|[Ii]bid|[Ii]d\.|[Ss]upra note|[Ss]ee note)[\s0-9]{0,6}\.?"
    r"(?:\s*[，,]\s*(?:頁|第|pp?\.)\s*[0-9\-–—~～至、, ]{1,30}頁?)?"
)
_LOCATOR = re.compile(r"\s*[，,]?\s*(?:(?:頁|第|pp?\.|at)\s*[0-9][0-9\-–—~～至、, ]{0,30}頁?)?")
_SEPARATOR = re.compile(r"\s*(?P<mark>[；;，,、。.])(?P<blank>[ \u3000]*)(?P<lead>[^；;。.]{0,16})")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One source in a note: a citation, or a reference to one; `said`: the build writes what follows it."""

    start: int
    end: int
    western: bool
    said: bool
    marked: bool = False


def _separators(brief: Reading, *, western: bool) -> Uses:
    uses: dict[str, list[Use]] = {}
    for passage in brief.notes:
        pairs = list(pairwise(_sources(passage)))
        for use in _behind_addresses(passage, western=western):
            if not any(before.end <= use.start < after.start for before, after in pairs):
                uses.setdefault(passage.text[use.start], []).append(use)
        for before, after in pairs:
            gap = _SEPARATOR.fullmatch(passage.text, before.end, after.start)
            if gap is None or after.western is not western or (gap["mark"] in "。." and gap["lead"]):
                continue
            fixed = before.said or (before.marked and after.marked)
            use = Use(passage, gap.start("mark"), gap.end("blank"), may_change=not fixed)
            uses.setdefault(gap["mark"], []).append(use)
    return uses


def _before_eastern(brief: Reading) -> Uses:
    return _separators(brief, western=False)


def _before_western(brief: Reading) -> Uses:
    return _separators(brief, western=True)


def _sources(passage: Passage) -> list[_Stretch]:
    """The sources of a paragraph of a note in their order."""
    note = passage.note
    if note is None or (len(note.parts) < 2 and not note.doubtful and not _AS_BEFORE.match(passage.text)):
        return []
    found = [
        _Stretch(each.start, each.end, is_western(passage, each.start, each.end), False, each.element is not None)
        for each in passage.citations
    ]
    references = {part.xref for part in note.parts if isinstance(part, Reference)}
    for piece in passage.flat.pieces:
        if piece.which == "reference" and piece.node in references:
            locator = _LOCATOR.match(passage.text, piece.end)
            end = locator.end() if locator and locator[0].strip(" ，,") else piece.end
            found.append(_Stretch(piece.start, end, passage.lang == "en", True))
    typed = _AS_BEFORE.match(passage.text)
    if typed:
        found.append(_Stretch(0, typed.end(), passage.lang == "en", False))
    found += _after_commas(passage)
    return sorted(found, key=lambda each: each.start)


_ADDRESS_AND_SEMICOLON = re.compile(r"(?<=[\w/=#&?%-])(?:；|;(?= ))[ \u3000]*(?=[^\s\ufffc])")


def _behind_addresses(passage: Passage, *, western: bool) -> Iterator[Use]:
    """The semicolons behind addresses, where what follows is a source in English, or another, by its marks."""
    text, zones = passage.text, passage.zones
    if passage.note is None or "://" not in text:
        return
    cuts = [each for each in _ADDRESS_AND_SEMICOLON.finditer(text) if zones[each.start() - 1] == ADDRESS][:20]
    ends = [each.start() for each in cuts[1:]]
    for cut, end in zip(cuts, [*ends, len(text)], strict=False):
        if "://" in text[cut.end() : end] and is_western(passage, cut.end(), end) is western:
            yield Use(passage, *cut.span())


_ADDRESS_AND_COMMA = re.compile(r"(?<=[\w/=#&?%-])(?P<mark>[，,、])\s*(?=[^\s\d，,])")


def _after_commas(passage: Passage) -> Iterator[_Stretch]:
    """Two sources that only a comma behind an address separates, which reading takes for one."""
    text, zones = passage.text, passage.zones
    if passage.note is None or not passage.note.doubtful or text.count("://") < 2:
        return
    cuts = [each for each in _ADDRESS_AND_COMMA.finditer(text) if zones[each.start() - 1] == ADDRESS]
    bounds = [0, *(bound for cut in cuts for bound in cut.span()), len(text)]
    for start, end in list(zip(bounds[::2], bounds[1::2], strict=True))[:20]:
        stretch = text[start:end].rstrip("。. ")
        read = recognise(stretch, ()).citations
        if cuts and len(read) == 1 and not any(start <= each.start < end for each in passage.citations):
            first, last = start + read[0].start, start + read[0].end
            yield _Stretch(first, last, is_western(passage, first, last), False)


@rule(
    Code(
        "N030",
        title=Words("兩筆出處之間的符號不一", "sources separated in two ways"),
        message=Words(
            "這裡用「{form}」分開兩筆出處；{where}用「{instead}」的有{count}處，不用的{others}處",
            "“{form}” separates two sources here; {where} has “{instead}” {count} times, other marks {others}",
        ),
        hint=Words("改用「{instead}」", "use “{instead}”"),
        why=Words(
            "一條註有好幾筆出處，讀者靠分隔的符號看出哪裡換了一筆；"
            "全刊要用同一個（CMOS 17, 14.57：以分號分開；本刊的做法由多數決定）。",
            "Readers tell one source from the next by the mark between them (CMOS 17, 14.57: a semicolon); "
            "the form that the brief or the issue uses most is its practice.",
        ),
        bad=calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日；錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫三，〈戊篇〉，《乙報》，2021年5月8日；李四，〈己篇〉，《丁報》，2021年6月9日。",
            "周五，〈庚篇〉，《乙報》，2021年5月1日; 吳六，〈辛篇〉，《丁報》，2021年6月2日。",
        ),
        good=calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日；錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫三，〈戊篇〉，《乙報》，2021年5月8日；李四，〈己篇〉，《丁報》，2021年6月9日。",
            "周五，〈庚篇〉，《乙報》，2021年5月1日；吳六，〈辛篇〉，《丁報》，2021年6月2日。",
        ),
        severity=Severity.WARNING,
    )
)
def mixed_separators(brief: Reading) -> Iterator[Finding]:
    """Two sources of a note with another mark between them than in most notes.

    They are counted by what follows, an English source or a Chinese one; where that is evenly divided, together.
    """
    for kind in (_before_western, _before_eastern):
        for each in against_practice(brief, kind) if _is_settled(brief, kind) else _by_all(brief, kind):
            if each.use.may_change:
                mark = each.instead + (" " if each.instead in ";,." else "")
                yield each.finding(mark)


def _is_settled(brief: Reading, kind: Callable[[Reading], Uses]) -> bool:
    """Whether the issue has no two marks before the sources of a kind, or one of them clearly prevails."""
    together = in_issue(brief, kind)
    return len(together) < 2 or any(practice(each) is not None for each in (used(brief, kind), together))


def _by_all(brief: Reading, kind: Callable[[Reading], Uses]) -> Iterator[Against]:
    """The separators of a kind that are against the practice of all separators."""
    mine = {(use.passage, use.start) for places in used(brief, kind).values() for use in places}
    for each in against_practice(brief, _between_sources):
        if (each.use.passage, each.use.start) in mine:
            yield each


def _between_sources(brief: Reading) -> Uses:
    both = [used(brief, kind) for kind in (_before_western, _before_eastern)]
    return {mark: [use for uses in both for use in uses.get(mark, ())] for mark in {*both[0], *both[1]}}


# Titles and their marks

_TITLE_MARKS = Words(
    "書名號：書名、報刊名用《》，篇名用〈〉（教育部《重訂標點符號手冊》修訂版，2008年，書名號乙式）。",
    "Books and periodicals stand in 《》, articles in 〈〉 (Ministry of Education, handbook of punctuation).",
)
_WHEN = r"(?:(?:民國 ?)?[0-9]{2,4} ?年|[0-9]{4}[-/.][0-9]{1,2}|第 ?[0-9一二三四五六七八九十]{1,4} ?[卷期號版]|https?://)"
_IN_MARKS = "《[^《》]{1,200}》|〈[^〈〉]{1,200}〉|「[^「」]{1,200}」|『[^『』]{1,200}』"
_PAIR = re.compile(
    rf"(?P<title>{_IN_MARKS})\s*[，,]?\s*(?P<source>《[^《》]{{1,60}}》|〈[^〈〉]{{1,60}}〉|「[^「」]{{1,40}}」)"
    rf"\s*[，,（(]?\s*(?={_WHEN})"
)
_WHOLE = re.compile(
    "(?:報告書?|白皮書|藍皮書|公報|年報|年鑑|統計|手冊|計畫|綱領|方針|聲明|宣言|法|條例|公約|協定|條約|憲章|辦法|細則|決議|指引|要點"
    "|指南|全集|選集|史|論|學|集|보고서|백서|白書)(?:[（(].{0,30})?$"
)
"""Ends of the titles of what is a whole: such a thing stands in 《》 inside a series, too."""
_HAN = re.compile("[\u3400-\u9fff]")
_RIGHT = "〈〉《》"


def _title_pairs(brief: Reading) -> Uses:
    """Each title with what holds it and a date or an address behind, by the marks of the two."""
    uses: dict[str, list[Use]] = {}
    for passage in brief.notes:
        for pair in _PAIR.finditer(passage.text):
            title, source = pair["title"], pair["source"]
            form = title[0] + title[-1] + source[0] + source[-1]
            uses.setdefault(form, []).append(Use(passage, pair.start("title"), pair.end("source")))
    return uses


@rule(
    Code(
        "N031",
        title=Words("篇名號與書名號用錯", "wrong marks around titles"),
        message=Words(
            "這筆的篇名、出處用了{form}；{where}篇名用〈〉、報刊用《》的有{count}處",
            "title and source stand in {form} here; {where} has 〈〉 and 《》 {count} times",
        ),
        hint=Words("篇名改用〈〉，報名、刊名、網站名改用《》", "put the title in 〈〉 and what holds it in 《》"),
        why=_TITLE_MARKS,
        bad=calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日。",
            "錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫三，《戊篇》，〈乙報〉，2021年5月8日。",
        ),
        good=calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日。",
            "錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫三，〈戊篇〉，《乙報》，2021年5月8日。",
        ),
        severity=Severity.WARNING,
    )
)
def wrong_title_marks(brief: Reading) -> Iterator[Finding]:
    """A title in 《》 or 「」 where those of the brief stand in 〈〉; a newspaper in 〈〉 or 「」."""
    for each in against_practice(brief, _title_pairs):
        passage, start, end = each.use.passage, each.use.start, each.use.end
        if each.instead != _RIGHT or (each.form == "《》《》" and _is_whole(passage.text[start:end])):
            continue
        yield each.finding(form=f"{each.form[:2]}、{each.form[2:]}")


def _is_whole(pair: str) -> bool:
    return _WHOLE.search(pair[1 : pair.index("》")]) is not None


_BARE_TITLE = re.compile(
    r"(?<![^，,；;。：:　 ])(?P<title>[^《》〈〉“”；。，,\ufffc]{5,80})[，,]\s*"
    r"《(?P<source>[^《》]{2,20})》\s*(?:[，,]\s*|(?=[（(]))"
    r"(?:[（(]?(?:[0-9]{4} ?年|[0-9]{4}[-/.])|(?P<number>[（(]?第 ?[0-9一二三四五六七八九十]{1,4} ?[卷期号號輯]))"
)
_NO_TITLE = re.compile(
    "報導|報道|指出|表示|轉引|引自|參見|參閱|請見|詳見|見於|可見|主編|編著|[編著譯撰]$|新聞稿$|資料|來源|根據|依據|例如|以下"
)


def _title_marks(brief: Reading) -> Uses:
    """The titles of what newspapers and journals print, in 〈〉 or without marks."""
    uses: dict[str, list[Use]] = {}
    held = _containers(brief)
    for passage in brief.notes:
        for pair in _PAIR.finditer(passage.text):
            if pair["title"][0] == "〈" and pair["source"][0] == "《":
                uses.setdefault("〈〉", []).append(Use(passage, pair.start(), pair.end("title")))
        for bare in _BARE_TITLE.finditer(passage.text):
            title = bare["title"].strip(" 　")
            holds = bare["number"] or kinds.is_news(bare["source"]) or bare["source"] in held
            if holds and not names.kind(title) and not _NO_TITLE.search(title):
                uses.setdefault("", []).append(Use(passage, bare.start("title"), bare.end("title")))
    return uses


def _containers(brief: Reading) -> set[str]:
    """What holds an article in 〈〉 somewhere in the issue, by the marks."""
    return {
        pair["source"][1:-1]
        for each in brief.issue.briefs or (brief,)
        for passage in each.notes
        for pair in _PAIR.finditer(passage.text)
        if pair["title"][0] == "〈" and pair["source"][0] == "《"
    }


_BOOK = re.compile(
    r"(?<=[，,；;。])[ \u3000]*(?P<title>《[^《》]{2,80}》|[^《》〈〉“”「」；。，,：（）()\ufffc]{4,60})[ \u3000]*"
    r"[（(][^《》（）()：:，,0-9]{2,12}[：:] ?[^《》（）()：:，,]{2,30}[，,] ?"
    r"(?:民國)?[0-9]{2,4} ?年?(?:[0-9]{1,2} ?月)?[）)]"
)
"""A book with its place, publisher and year."""


def _book_marks(brief: Reading) -> Uses:
    """The titles of Chinese books, in 《》 or without marks."""
    uses: dict[str, list[Use]] = {}
    for passage in brief.notes:
        for book in _BOOK.finditer(passage.text):
            title, start = book["title"], book.start("title")
            if title[0] == "《":
                uses.setdefault("《》", []).append(Use(passage, start, book.end("title")))
            elif _HAN.search(title) and not names.kind(title) and not _NO_TITLE.search(title):
                uses.setdefault("", []).append(Use(passage, start, book.end("title")))
    return uses


_ENGLISH_DATE = re.compile(
    r", (?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? [0-9]{1,2}, [0-9]{4}"
    r"|[0-9]{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? [0-9]{4}), (?:https?://|www\.)"
)


def _english_titles(brief: Reading) -> Uses:
    """The articles of English notes with a date and an address, in “ ” or without marks."""
    uses: dict[str, list[Use]] = {}
    for passage in brief.notes:
        text, day = passage.text, _ENGLISH_DATE.search(passage.text) if passage.lang == "en" else None
        if day is None:
            continue
        fields = [each.span() for each in re.finditer(r"[^,]+", text[: day.start()])]
        if re.search('[“”"]', text[: day.start()]):
            uses.setdefault("“”", []).append(Use(passage, 0, day.start()))
        elif len(fields) >= 2 and not passage.flat.italics and not passage.citations:
            start, end = max(fields, key=lambda field: field[1] - field[0])
            start += len(text[start:end]) - len(text[start:end].lstrip())
            if text.count(" ", start, end) >= 3 and ". " not in text[: day.start()]:
                uses.setdefault("", []).append(Use(passage, start, end))
    return uses


_BARE_SOURCE = re.compile(
    r"〉[，,] ?(?P<source>[^《》〈〉，,。；：「」『』“”（）()0-9\ufffc]{2,20})[，,] ?(?=[0-9]{4} ?年[0-9 ]{1,3}月)"
)


def _source_marks(brief: Reading) -> Uses:
    """What holds a title in 〈〉: in 《》 or without marks."""
    uses: dict[str, list[Use]] = {}
    held = _containers(brief)
    for each in cited(brief):
        source, title = each.part("source"), each.part("article-title")
        if each.western or source is None or title is None or title.start > source.start:
            continue
        before = each.passage.text[source.start - 1]
        is_paper = kinds.is_news(source.value) or source.value.endswith(("網", "誌", "刊", "學報"))
        if before == "《" or (before in "，, 　〉" and is_paper):
            form = "《》" if before == "《" else ""
            uses.setdefault(form, []).append(Use(each.passage, source.start, source.end))
    known = {(use.passage, use.start) for places in uses.values() for use in places}
    for passage in brief.notes:
        for bare in _BARE_SOURCE.finditer(passage.text):
            name, at = bare["source"].strip(), bare.start("source")
            if name in held and (passage, at) not in known:
                uses.setdefault("", []).append(Use(passage, at, bare.end("source")))
    return uses


@rule(
    Code(
        "N032",
        title=Words("篇名或書名沒有加符號", "title without its marks"),
        message=Words(
            "「{words}」沒有加{instead}；{where}其他的{count}處都加",
            "“{words}” has no {instead}; {where} has them {count} times",
        ),
        hint=Words("加上{instead}", "put it in {instead}"),
        why=_TITLE_MARKS,
        bad=calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日。",
            "錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫大三，兩國談判再度延期，《中國時報》，2021年5月8日。",
        ),
        good=calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日。",
            "錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫大三，〈兩國談判再度延期〉，《中國時報》，2021年5月8日。",
        ),
        severity=Severity.WARNING,
    )
)
def missing_title_marks(brief: Reading) -> Iterator[Finding]:
    """An article or a newspaper without 〈〉 or 《》 where the others of the brief have them."""
    for kind, clear in (
        (_title_marks, CLEAR),
        (_book_marks, CLEAR),
        (_english_titles, CLEAR),
        (_source_marks, 3),
    ):
        for each in against_practice(brief, kind, clear=clear):
            if not each.form:
                yield each.finding(words=each.words)


# Parts of a citation

_JOINED = (("author", "article-title"), ("article-title", "source"), ("source", "date"), ("date", "url"))
_MARKS = re.compile("[〈〉《》“”「」\\s]")
_JOINT = re.compile("[，、；：。（]?")


def _joints(brief: Reading) -> Uses:
    """What stands between two parts of a Chinese citation that follow one another, by the parts and the mark."""
    uses: dict[str, list[Use]] = {}
    for each in cited(brief):
        for one, other in pairwise(each.parts if not each.western else ()):
            if (one.role, other.role) not in _JOINED:
                continue
            between = each.passage.text[one.end : other.start]
            joint = _MARKS.sub("", between).replace(",", "，").replace("(", "（")
            if _JOINT.fullmatch(joint) and not between.strip().endswith("“"):
                uses.setdefault(joint, []).append(Use(each.passage, one.end, other.start))
    return uses


@rule(
    Code(
        "N043",
        title=Words("書目各部分之間的標點不一", "parts of a citation joined in two ways"),
        message=Words(
            "這筆書目的兩個部分之間{form}；{where}用「{instead}」的有{count}處",
            "two parts of this citation have {form} between them; {where} has “{instead}” {count} times",
        ),
        hint=Words("改用「{instead}」隔開", "put “{instead}” between them"),
        why=Words(
            "作者、篇名、報刊、日期、網址之間用同一個標點，讀者與程式才分得清各是什麼；多數的那一種就是慣例。",
            "Author, title, periodical, date and address are told apart by the mark between them; most decide.",
        ),
        bad=calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日。",
            "錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫三，〈戊篇〉，《乙報》2021年5月8日。",
        ),
        good=calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日。",
            "錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫三，〈戊篇〉，《乙報》，2021年5月8日。",
        ),
        severity=Severity.WARNING,
    )
)
def mixed_joints(brief: Reading) -> Iterator[Finding]:
    """A comma that is missing between two parts of a Chinese citation, doubled, or another mark."""
    for each in against_practice(brief, _joints, least=4, clear=4):
        form: Words = Words(f"用「{each.form}」", f"“{each.form}”") if each.form else Words("沒有標點", "no mark")
        yield each.finding(form=form)


# English sources


def _conjunctions(brief: Reading) -> Uses:
    """The & and “and” before the last author of English sources."""
    uses: dict[str, list[Use]] = {}
    for gap in _before_last_author(brief):
        at = _CONJUNCTION.search(gap.passage.text, gap.start, gap.end)
        if at:
            uses.setdefault(at[0], []).append(Use(gap.passage, *at.span()))
    return uses


def _serial_commas(brief: Reading) -> Uses:
    """The comma before the “and” in three or more authors, or none."""
    uses: dict[str, list[Use]] = {}
    for gap in _before_last_author(brief, least=3):
        words = gap.passage.text[gap.start : gap.end]
        form = "A, B, and C" if words.lstrip().startswith(",") else "A, B and C"
        uses.setdefault(form, []).append(gap)
    return uses


_CONJUNCTION = re.compile("and|&")


def _before_last_author(brief: Reading, least: int = 2) -> Iterator[Use]:
    """What stands before the last author of an English source with so many."""
    for each in cited(brief):
        authors = [part for part in each.parts if part.role == "author"]
        if each.western and len(authors) >= least:
            gap = Use(each.passage, authors[-2].end, authors[-1].start)
            if re.fullmatch(r",?\s*(?:and|&)\s*", gap.passage.text[gap.start : gap.end]):
                yield gap


@rule(
    Code(
        "N037",
        title=Words("英文作者之間的寫法不一", "authors joined in two ways"),
        message=Words(
            "英文作者之間用「{form}」；{where}用「{instead}」的有{count}處，不用的{others}處",
            "authors are joined as “{form}”; {where} has “{instead}” {count} times, another form {others}",
        ),
        hint=Words("改成「{instead}」", "write “{instead}”"),
        why=Words(
            "CMOS 17, 14.76：作者之間用and，不用&；三人以上，and前有逗號（6.19）。本刊的做法由多數決定。",
            "CMOS 17, 14.76: “and” between authors, not &; with a serial comma (6.19). Most decide.",
        ),
        bad=calling(
            "Ann Lee and Bob Ray, “A First Story,” Reuters, May 6, 2021.",
            "Cat Moe and Dan Poe, “A Second Story,” Reuters, May 7, 2021.",
            "Eve Roe &amp; Flo Soe, “A Third Story,” Reuters, May 8, 2021.",
        ),
        good=calling(
            "Ann Lee and Bob Ray, “A First Story,” Reuters, May 6, 2021.",
            "Cat Moe and Dan Poe, “A Second Story,” Reuters, May 7, 2021.",
            "Eve Roe and Flo Soe, “A Third Story,” Reuters, May 8, 2021.",
        ),
        severity=Severity.WARNING,
    )
)
def joined_authors(brief: Reading) -> Iterator[Finding]:
    """& among authors where the others have “and”; a serial comma where the others have none; or the reverse."""
    for each in against_practice(brief, _conjunctions):
        yield each.finding(each.instead)
    for each in against_practice(brief, _serial_commas, least=3):
        yield each.finding()


def _imprints(brief: Reading) -> Uses:
    """The colons between place and publisher that are foreign, in a Chinese citation; between Han: M020."""
    uses: dict[str, list[Use]] = {}
    for each in cited(brief):
        for one, other in pairwise(each.parts if not each.western else ()):
            if (one.role, other.role) == ("place", "publisher"):
                colon = re.search("[：:] ?", each.passage.text[one.end : other.start])
                if colon and not _HAN.match(one.value[-1:]) and not _HAN.match(other.value[:1]):
                    at = Use(each.passage, one.end + colon.start(), one.end + colon.end())
                    uses.setdefault(colon[0][0], []).append(at)
    return uses


@rule(
    Code(
        "N039",
        title=Words("出版地後面的冒號是半形", "half-width colon of an imprint"),
        message=Words(
            "出版地與出版者之間是半形的冒號，這筆的其他標點是全形",
            "the colon between place and publisher is half-width; the other marks here are full-width",
        ),
        hint=Words("改用全形的「：」", "use the full-width ："),
        why=Words(
            "中文的書目用全形標點，資料是哪一種語言都一樣（教育部《重訂標點符號手冊》修訂版，冒號；本刊的做法由多數決定）。",
            "A citation punctuated as in Chinese has full-width marks, whatever the language of its source.",
        ),
        bad=calling(
            "통일부，《북한 경제 실태》（서울: 통일부，2024年），頁5。",
        ),
        good=calling(
            "통일부，《북한 경제 실태》（서울：통일부，2024年），頁5。",
        ),
        severity=Severity.NOTE,
    )
)
def half_width_colon(brief: Reading) -> Iterator[Finding]:
    """（서울: 통일부，…） in a citation with full-width marks, unless the brief always writes so."""
    colons = used(brief, _imprints)
    narrow, wide = colons.get(":", ()), colons.get("：", ())
    if len(narrow) < 2 or len(wide) >= CLEAR * len(narrow):
        for use in narrow:
            yield found(use.passage, use.start, use.end, "：")


_CLOSED = re.compile(r"(?P<inside>,[’']?[”\"])|(?P<outside>[^,.?!，。？！][”\"],)")


def _commas(brief: Reading) -> Uses:
    """The commas at the closing quotation marks of English titles."""
    uses: dict[str, list[Use]] = {}
    for each in cited(brief):
        title = each.part("article-title")
        if not each.western or title is None:
            continue
        text = each.passage.text
        mark = next((at for at in range(title.end, min(title.end + 4, len(text))) if text[at] in '”"'), -1)
        if mark > 0 and text[mark - 1] == ",":
            uses.setdefault(",”", []).append(Use(each.passage, mark - 1, mark + 1))
        elif mark > 0 and text[mark + 1 : mark + 2] == "," and text[mark - 1] not in "?!":
            uses.setdefault("”,", []).append(Use(each.passage, mark, mark + 2))
    return uses


@rule(
    Code(
        "N040",
        title=Words("英文篇名後的逗號位置不一", "comma inside or outside the quotation marks"),
        message=Words(
            "英文篇名後的逗號這裡寫成{form}；{where}寫{instead}的有{count}處，不這樣寫的{others}處",
            "the comma after this English title is set {form}; {where} has {instead} {count} times, else {others}",
        ),
        hint=Words("改成{instead}", "write {instead}"),
        why=Words(
            "美式的逗號在後引號裡面（CMOS 17, 6.9），英式的在外面；一份刊物只用一種。",
            "American style has the comma inside the marks (CMOS 17, 6.9), British outside; a periodical has one.",
        ),
        bad=calling(
            "Ann Lee, “A First Story,” Reuters, May 6, 2021.",
            "Bob Ray, “A Second Story,” Reuters, May 7, 2021.",
            "Cat Moe, “A Third Story”, Reuters, May 8, 2021.",
        ),
        good=calling(
            "Ann Lee, “A First Story,” Reuters, May 6, 2021.",
            "Bob Ray, “A Second Story,” Reuters, May 7, 2021.",
            "Cat Moe, “A Third Story,” Reuters, May 8, 2021.",
        ),
        severity=Severity.WARNING,
    )
)
def comma_and_quotation_mark(brief: Reading) -> Iterator[Finding]:
    """“Title”, where the others of the brief are “Title,” or the reverse."""
    for each in against_practice(brief, _commas):
        yield each.finding(each.words[::-1])

"""Rules about sources in notes: how they are cited, separated and dated."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar
from urllib.parse import unquote, urlsplit
from weakref import WeakKeyDictionary

from pipeline.bibliography.same import Key, keys, plain
from pipeline.citations import kinds, names
from pipeline.citations.recognise import Part, recognise
from pipeline.citations.works import Work
from pipeline.diagnostics import Code, Place, Severity, Words
from pipeline.lint.practice import CLEAR, Practice, practice
from pipeline.lint.reading import ADDRESS, Passage, Reading
from pipeline.lint.rules import Finding, found, rule
from pipeline.notes.graph import Citation, Reference

Value = TypeVar("Value")


def _calling(*notes: str) -> str:
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


@dataclass(frozen=True, slots=True)
class Use:
    """One place where an author had to choose between two forms: characters `start` to `end` of a passage."""

    passage: Passage
    start: int
    end: int
    may_change: bool = True


Uses = Mapping[str, Sequence[Use]]
"""The places by the form that was chosen there."""

_CITED: WeakKeyDictionary[Reading, tuple[Cited, ...]] = WeakKeyDictionary()
_FOUND: WeakKeyDictionary[Reading, dict[object, Uses]] = WeakKeyDictionary()

_EASTERN_MARKS = re.compile("[〈《〉》]")
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u3000-\u30ff\u3400-\u9fff\uac00-\ud7ff\uff01-\uff5e]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_ADDRESSES = re.compile(r"(?:https?://|www\.)[^\s，。；]+")


def cited(brief: Reading) -> tuple[Cited, ...]:
    """The citations of a brief in their order; each brief is read once."""
    if brief not in _CITED:
        _CITED[brief] = tuple(each for passage in brief.notes for each in _cited_in(passage))
    return _CITED[brief]


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


# Practice: the brief's own, else the issue's


@dataclass(frozen=True, slots=True)
class Against:
    """A use against the practice, and the words for it: how often each form is used, and where."""

    form: str
    use: Use
    instead: str
    count: int
    others: int
    where: Words

    @property
    def words(self) -> str:
        """What is written there."""
        return self.use.passage.text[self.use.start : self.use.end]

    def finding(self, replace: str | None = None, **values: object) -> Finding:
        """The finding on it; the gaps of its message are the fields of this, and `values`."""
        use = self.use
        fix = use.passage.replaced(use.start, use.end, replace) if replace is not None else ()
        own = {"form": self.form, "instead": self.instead, "count": self.count, "others": self.others}
        return Finding(use.passage.place(use.start, use.end), {**own, "where": self.where, **values}, fix)


_HERE = Words("本篇", "this brief")
_ISSUE = Words("本期", "this issue")


def against_practice(
    brief: Reading, uses: Callable[[Reading], Uses], least: int = 2, clear: float = CLEAR
) -> Iterator[Against]:
    """The uses in a brief that go against its practice, or, where it has none of its own, that of the issue.

    A form used `least` times, and `clear` times as often as all others, is a practice. A brief that always does
    the same, and more than once, is left alone.
    """
    own = {form: places for form, places in used(brief, uses).items() if places}
    if not own or (len(own) == 1 and len(next(iter(own.values()))) > 1):
        return
    settled, where = practice(own, clear), _HERE
    if settled is None or settled.count < least:
        settled, where = practice(_in_issue(brief, uses), clear), _ISSUE
    if settled is None or settled.count < least:
        return
    yield from _against(own, settled, where)


def _against(own: Uses, settled: Practice[str], where: Words) -> Iterator[Against]:
    others = sum(map(len, settled.others.values()))
    for form, places in own.items():
        if form != settled.form:
            for use in places:
                yield Against(form, use, settled.form, settled.count, others, where)


def used(brief: Reading, uses: Callable[[Reading], Uses]) -> Uses:
    """The uses in one brief, collected once."""
    known = _FOUND.setdefault(brief, {})
    if uses not in known:
        known[uses] = uses(brief)
    return known[uses]


def _in_issue(brief: Reading, uses: Callable[[Reading], Uses]) -> Uses:
    together: dict[str, list[Use]] = {}
    for each in brief.issue.briefs or (brief,):
        for form, places in used(each, uses).items():
            together.setdefault(form, []).extend(places)
    return together


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
        for before, after in pairwise(_sources(passage)):
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
        bad=_calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日；錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫三，〈戊篇〉，《乙報》，2021年5月8日；李四，〈己篇〉，《丁報》，2021年6月9日。",
            "周五，〈庚篇〉，《乙報》，2021年5月1日; 吳六，〈辛篇〉，《丁報》，2021年6月2日。",
        ),
        good=_calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日；錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫三，〈戊篇〉，《乙報》，2021年5月8日；李四，〈己篇〉，《丁報》，2021年6月9日。",
            "周五，〈庚篇〉，《乙報》，2021年5月1日；吳六，〈辛篇〉，《丁報》，2021年6月2日。",
        ),
        severity=Severity.WARNING,
    )
)
def mixed_separators(brief: Reading) -> Iterator[Finding]:
    """Two sources of a note with another mark between them than in most notes, counted by what follows."""
    for kind in (_before_western, _before_eastern):
        for each in against_practice(brief, kind):
            if each.use.may_change:
                mark = each.instead + (" " if each.instead in ";,." else "")
                yield each.finding(mark)


# Titles and their marks

_TITLE_MARKS = Words(
    "書名號：書名、報刊名用《》，篇名用〈〉（教育部《重訂標點符號手冊》修訂版，2008年，書名號乙式）。",
    "Books and periodicals stand in 《》, articles in 〈〉 (Ministry of Education, handbook of punctuation).",
)
_WHEN = r"(?:(?:民國 ?)?[0-9]{2,4} ?年|[0-9]{4}[-/.][0-9]{1,2}|第 ?[0-9一二三四五六七八九十]{1,4} ?[卷期號版]|https?://)"
_IN_MARKS = "《[^《》]{1,200}》|〈[^〈〉]{1,200}〉|「[^「」]{1,200}」|『[^『』]{1,200}』|“[^“”]{1,200}”"
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
        bad=_calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日。",
            "錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫三，《戊篇》，〈乙報〉，2021年5月8日。",
        ),
        good=_calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日。",
            "錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫三，〈戊篇〉，《乙報》，2021年5月8日。",
        ),
        severity=Severity.WARNING,
    )
)
def wrong_title_marks(brief: Reading) -> Iterator[Finding]:
    """A title in 《》, 「」 or “” where those of the brief stand in 〈〉; a newspaper in 〈〉 or 「」."""
    for each in against_practice(brief, _title_pairs):
        passage, start, end = each.use.passage, each.use.start, each.use.end
        if each.instead != _RIGHT or (each.form == "《》《》" and _is_whole(passage.text[start:end])):
            continue
        yield each.finding(form=f"{each.form[:2]}、{each.form[2:]}")


def _is_whole(pair: str) -> bool:
    return _WHOLE.search(pair[1 : pair.index("》")]) is not None


_BARE_TITLE = re.compile(
    r"(?<![^，,；;。：:　 ])(?P<title>[^《》〈〉“”；。，,\ufffc]{5,80})[，,]\s*"
    r"《(?P<source>[^《》]{2,20})》\s*[，,]\s*"
    r"(?:[0-9]{4} ?年|[0-9]{4}[-/.])"
)
_NO_TITLE = re.compile(
    "報導|報道|指出|表示|轉引|引自|參見|參閱|請見|詳見|見於|可見|主編|編著|[編著譯撰]$|新聞稿$|資料|來源|根據|依據|例如|以下"
)


def _title_marks(brief: Reading) -> Uses:
    """The titles of what newspapers print, in 〈〉 or without marks."""
    uses: dict[str, list[Use]] = {}
    for passage in brief.notes:
        for pair in _PAIR.finditer(passage.text):
            if pair["title"][0] == "〈" and pair["source"][0] == "《":
                uses.setdefault("〈〉", []).append(Use(passage, pair.start(), pair.end("title")))
        for bare in _BARE_TITLE.finditer(passage.text):
            title = bare["title"].strip(" 　")
            if kinds.is_news(bare["source"]) and not names.kind(title) and not _NO_TITLE.search(title):
                uses.setdefault("", []).append(Use(passage, bare.start("title"), bare.end("title")))
    return uses


def _source_marks(brief: Reading) -> Uses:
    """What holds a title in 〈〉: in 《》 or without marks."""
    uses: dict[str, list[Use]] = {}
    for each in cited(brief):
        source, title = each.part("source"), each.part("article-title")
        if each.western or source is None or title is None or title.start > source.start:
            continue
        before = each.passage.text[source.start - 1]
        if before in "《，, 　〉":
            form = "《》" if before == "《" else ""
            uses.setdefault(form, []).append(Use(each.passage, source.start, source.end))
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
        bad=_calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日。",
            "錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫大三，兩國談判再度延期，《中國時報》，2021年5月8日。",
        ),
        good=_calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日。",
            "錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫大三，〈兩國談判再度延期〉，《中國時報》，2021年5月8日。",
        ),
        severity=Severity.WARNING,
    )
)
def missing_title_marks(brief: Reading) -> Iterator[Finding]:
    """An article or a newspaper without 〈〉 or 《》 where the others of the brief have them."""
    for kind, clear in ((_title_marks, CLEAR), (_source_marks, 3)):
        for each in against_practice(brief, kind, clear=clear):
            if not each.form:
                yield each.finding(words=each.words)


# Pages

_PAGE_FORMS = re.compile(
    r"(?P<zh>頁次?[：:]? ?(?P<a>[0-9]{1,5}(?:[-–—~～至、][0-9]{1,5}){0,4})(?![0-9]))"
    r"|(?P<zh2>第 ?(?P<b>[0-9]{1,5}(?:[-–—~～至、][0-9]{1,5}){0,4}) ?頁)"
    r"|(?P<en>\bpp?\. ?(?P<c>[0-9]{1,5}(?:[-–—][0-9]{1,5}|, ?[0-9]{1,5}(?![0-9年])){0,4})(?![0-9A-Za-z]))"
)


@dataclass(frozen=True, slots=True)
class _Pages:
    """Pages that a citation points to: characters `start` to `end`."""

    cited: Cited
    start: int
    end: int
    english: bool
    figures: str
    form: str


def _pages(brief: Reading) -> Iterator[_Pages]:
    for each in cited(brief):
        passage = each.passage
        for at in _PAGE_FORMS.finditer(passage.text, each.citation.start, each.citation.end):
            inside = passage.zones[at.start() : at.end()]
            if ADDRESS not in inside and "t" not in inside:
                figures = at["a"] or at["b"] or at["c"]
                form = "頁N" if at["zh"] else "第N頁" if at["zh2"] else at[0].partition(".")[0]
                yield _Pages(each, at.start(), at.end(), at["en"] is not None, figures, form)


@rule(
    Code(
        "N033",
        title=Words("頁碼的寫法與資料的語言不合", "pages written in another language"),
        message=Words("{kind}資料的頁碼寫成「{words}」", "the pages of {kind} source are written “{words}”"),
        hint=Words("改寫成「{instead}」", "write “{instead}”"),
        why=Words(
            "書目用哪一種語言，頁碼就用哪一種：中文寫「頁9」，英文寫“p. 9”；本刊的做法由多數決定。",
            "Pages are written in the language of the citation: 頁9, p. 9 (practice of the brief).",
        ),
        bad=_calling(
            "John Smith, “The Long March of Trade,” Foreign Affairs, Vol. 3, No. 2, 2020, 頁12-15.",
        ),
        good=_calling(
            "John Smith, “The Long March of Trade,” Foreign Affairs, Vol. 3, No. 2, 2020, pp. 12-15.",
        ),
        severity=Severity.WARNING,
    )
)
def pages_in_another_language(brief: Reading) -> Iterator[Finding]:
    """頁9 after an English source, p. 9 after a Chinese one, unless the brief always does so."""
    pages = list(_pages(brief))
    for western in (True, False):
        here = [each for each in pages if each.cited.western is western]
        other = [each for each in here if each.english is not western]
        if len(other) > 1 and len(other) * CLEAR > len(here) - len(other):
            continue
        for each in other:
            if not western and each.cited.work.lang.startswith("en"):
                continue
            several = re.search(r"\D", each.figures)
            instead = f"{'pp' if several else 'p'}. {each.figures}" if western else f"頁{each.figures}"
            kind = Words("英文", "an English") if western else Words("中文", "a Chinese")
            passage = each.cited.passage
            words = passage.text[each.start : each.end]
            yield found(passage, each.start, each.end, instead, kind=kind, words=words, instead=instead)


@rule(
    Code(
        "N035",
        title=Words("p. 與 pp. 弄混", "p. and pp. confused"),
        message=Words("「{words}」：{reason}", "“{words}”: {reason}"),
        hint=Words("改成「{instead}」", "write “{instead}”"),
        why=Words(
            "一頁寫p.，兩頁以上寫pp.（CMOS 17, 10.42）。", "One page is p., several are pp. (CMOS 17, 10.42)."
        ),
        bad=_calling(
            "John Smith, “The Long March of Trade,” Foreign Affairs, Vol. 3, No. 2, 2020, p. 12-15.",
        ),
        good=_calling(
            "John Smith, “The Long March of Trade,” Foreign Affairs, Vol. 3, No. 2, 2020, pp. 12-15.",
        ),
        severity=Severity.WARNING,
    )
)
def page_or_pages(brief: Reading) -> Iterator[Finding]:
    """pp. before one page, p. before several."""
    for each in _pages(brief):
        numbers = re.findall("[0-9]+", each.figures)
        ranged = re.search("[-–—]", each.figures)
        reason, form = None, "p"
        if each.form == "pp" and len(numbers) == 1:
            reason = Words("只有一頁", "one page only")
        elif each.form == "p" and ranged and len(numbers) == 2 and _runs_on(*numbers):
            reason, form = Words("不只一頁", "more than one page"), "pp"
        if reason is not None:
            passage = each.cited.passage
            words, end = passage.text[each.start : each.end], each.start + len(each.form)
            instead = form + words[len(each.form) :]
            yield found(passage, each.start, end, form, words=words, reason=reason, instead=instead)


def _runs_on(first: str, last: str) -> bool:
    """Whether 12–15 are pages from one to the other: 112–3 are, 12-3 is the third page of chapter 12."""
    return int(last) > int(first) or (2 < len(first) > len(last) and int(first[-len(last) :]) < int(last))


def _page_order(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {}
    for each in _pages(brief):
        if not each.english:
            uses.setdefault(each.form, []).append(Use(each.cited.passage, each.start, each.end))
    return uses


@rule(
    Code(
        "N045",
        title=Words("頁碼有兩種寫法", "pages written in two ways"),
        message=Words(
            "頁碼寫成「{form}」；{where}寫「{instead}」的有{count}處，不這樣寫的{others}處",
            "pages as {form} here; {where} has {instead} {count} times, and another form {others}",
        ),
        hint=Words("改寫成「{pages}」", "write {pages}"),
        why=Words("同一份刊物，頁碼只用一種寫法；多數的那一種就是慣例。", "The form used most is the practice."),
        bad=_calling(
            "趙一，《甲書》（臺北：乙出版社，2020年），頁5。",
            "錢二，《丙書》（臺北：丁出版社，2020年），頁9。",
            "孫三，《戊書》（臺北：己出版社，2020年），第7-8頁。",
        ),
        good=_calling(
            "趙一，《甲書》（臺北：乙出版社，2020年），頁5。",
            "錢二，《丙書》（臺北：丁出版社，2020年），頁9。",
            "孫三，《戊書》（臺北：己出版社，2020年），頁7-8。",
        ),
        severity=Severity.WARNING,
    )
)
def mixed_pages(brief: Reading) -> Iterator[Finding]:
    """第9頁 where the others are 頁9, or the other way round."""
    for each in against_practice(brief, _page_order):
        figures = re.sub(r"^\D+|\D+$", "", each.words)
        pages = each.instead.replace("N", figures)
        yield each.finding(pages, pages=pages)


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
        bad=_calling(
            "趙一，〈甲篇〉，《乙報》，2021年5月6日。",
            "錢二，〈丙篇〉，《丁報》，2021年6月7日。",
            "孫三，〈戊篇〉，《乙報》2021年5月8日。",
        ),
        good=_calling(
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


@rule(
    Code(
        "N044",
        title=Words("新聞沒有日期", "news without a date"),
        message=Words(
            "這則新聞沒有日期；{where}其他{count}則都有",
            "this item of news has no date; the other {count} of {where} have one",
        ),
        hint=Words("補上發布的日期", "add the date on which it was published"),
        why=Words(
            "網址會失效，讀者要靠日期找到那一天的報導；每天都有的新聞，沒有日期等於沒有出處。",
            "Addresses die; a reader finds an item of news by its date.",
        ),
        bad=_calling(
            "趙一，〈甲篇〉，《乙日報》，2021年5月6日，https://example.org/a1。",
            "錢二，〈丙篇〉，《丁日報》，2021年6月7日，https://example.org/a2。",
            "周三，〈戊篇〉，《乙日報》，2021年5月8日，https://example.org/a3。",
            "李四，〈己篇〉，《丁日報》，https://example.org/a4。",
        ),
        good=_calling(
            "趙一，〈甲篇〉，《乙日報》，2021年5月6日，https://example.org/a1。",
            "錢二，〈丙篇〉，《丁日報》，2021年6月7日，https://example.org/a2。",
            "周三，〈戊篇〉，《乙日報》，2021年5月8日，https://example.org/a3。",
            "李四，〈己篇〉，《丁日報》，2021年6月9日，https://example.org/a4。",
        ),
        severity=Severity.WARNING,
    )
)
def news_without_date(brief: Reading) -> Iterator[Finding]:
    """An article of a newspaper without a date, where the others of the brief or the issue have one."""
    for each in against_practice(brief, _dated, least=3, clear=3):
        if each.form == "undated":
            yield each.finding()


def _dated(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {}
    for each in cited(brief):
        source, title = each.part("source"), each.part("article-title")
        if source is None or title is None or not kinds.is_news(source.value) or "volume" in _roles(each):
            continue
        form = "dated" if each.work.date or "date" in _roles(each) else "undated"
        uses.setdefault(form, []).append(Use(each.passage, source.start, source.end))
    return uses


def _roles(each: Cited) -> set[str]:
    return {part.role for part in each.parts}


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
        bad=_calling(
            "Ann Lee and Bob Ray, “A First Story,” Reuters, May 6, 2021.",
            "Cat Moe and Dan Poe, “A Second Story,” Reuters, May 7, 2021.",
            "Eve Roe &amp; Flo Soe, “A Third Story,” Reuters, May 8, 2021.",
        ),
        good=_calling(
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
    """The colons between place and publisher of sources punctuated as in Chinese."""
    uses: dict[str, list[Use]] = {}
    for each in cited(brief):
        for one, other in pairwise(each.parts if not each.western else ()):
            if (one.role, other.role) == ("place", "publisher"):
                colon = re.search("[：:] ?", each.passage.text[one.end : other.start])
                if colon:
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
        bad=_calling(
            "통일부，《북한 경제 실태》（서울: 통일부，2024年），頁5。",
        ),
        good=_calling(
            "통일부，《북한 경제 실태》（서울：통일부，2024年），頁5。",
        ),
        severity=Severity.NOTE,
    )
)
def half_width_colon(brief: Reading) -> Iterator[Finding]:
    """台北: 出版社 in full-width brackets, unless the brief always writes so."""
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
        bad=_calling(
            "Ann Lee, “A First Story,” Reuters, May 6, 2021.",
            "Bob Ray, “A Second Story,” Reuters, May 7, 2021.",
            "Cat Moe, “A Third Story”, Reuters, May 8, 2021.",
        ),
        good=_calling(
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


# What the address says

_DAY = re.compile(
    r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})(?P<s>[-/_.]?)(?P<m>[0-9]{1,2}|[a-z]{3})(?P<t>[-/_.]?)(?P<d>[0-9]{1,2})(?P<rest>[0-9]*)(?![a-z])"
)
_MONTH = re.compile(r"/(?P<y>(?:19|20)[0-9]{2})[-/]?(?P<m>0[1-9]|1[0-2])/(?![0-9]{1,2}(?![0-9]))")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_KEPT = re.compile(
    r"uploads?|files?|content|media|assets|images?|static|attach|storage|download|archive|doi\.org", re.I
)
"""Parts of an address that say when a file was stored, not when it was published."""


def _days(address: str) -> Iterator[tuple[str, int, int]]:
    """The days in an address (ISO 8601) and where they stand in it: 2025/07/10, 2025-07-10, 20250710."""
    for at in _DAY.finditer(address):
        before = address[at.start() - 1 : at.start()]
        apart = bool(at["s"]) and bool(at["t"])
        if not apart and not (len(at["m"]) == len(at["d"]) == 2):
            continue
        if at["rest"] and not (len(at["rest"]) in (4, 6) or before.isalpha()):
            continue
        month = _MONTHS.index(at["m"]) + 1 if at["m"] in _MONTHS else int(at["m"]) if at["m"].isdigit() else 0
        try:
            day = date(int(at["y"]), month, int(at["d"]))
        except ValueError:
            continue
        yield day.isoformat(), at.start(), at.end("d")


@rule(
    Code(
        "N041",
        title=Words("日期與網址的不同", "date and address differ"),
        message=Words("註裡的日期是{printed}，網址裡的是{said}", "the note says {printed}, the address {said}"),
        hint=Words(
            "打開網頁核對：可能是時差，也可能是抄錯", "look at the page: it may be the time zone, or a slip"
        ),
        why=Words(
            "新聞的網址常帶著發布的日期；兩處不同，總有一處要說明或更正。",
            "The address of an item of news often has its date; where the two differ, one may be wrong.",
        ),
        bad=_calling(
            "趙一，〈甲篇〉，《乙日報》，2021年5月8日，https://example.org/news/2021/05/06/a.html。",
        ),
        good=_calling(
            "趙一，〈甲篇〉，《乙日報》，2021年5月6日，https://example.org/news/2021/05/06/a.html。",
        ),
        severity=Severity.NOTE,
    )
)
def date_against_address(brief: Reading) -> Iterator[Finding]:
    """The date of a source that is not the one in its address."""
    for each in cited(brief):
        printed, url = each.part("date"), each.part("url")
        if printed is None or url is None or len(each.work.date) < 7 or "archive." in each.work.url:
            continue
        address = each.passage.text[url.start : url.end]
        said = _other_date(each.work.date, address)
        if said is not None:
            day, start, end = said
            words = each.passage.text[printed.start : printed.end]
            also = (each.passage.place(url.start + start, url.start + end),)
            yield found(each.passage, printed.start, printed.end, also=also, printed=words, said=day)


def _other_date(printed: str, address: str) -> tuple[str, int, int] | None:
    """The date in an address and where it stands, where it has one and none is the printed date."""
    path = address.find("/", address.find("://") + 3)
    if path < 0 or _KEPT.search(address):
        return None
    days = [(day, start + path, end + path) for day, start, end in _days(address[path:].lower())]
    if days:
        return None if any(day.startswith(printed) for day, *_ in days) else days[0]
    month = _MONTH.search(address, path)
    if month is None or any(near[:7] == f"{month['y']}-{month['m']}" for near in _around(printed)):
        return None
    return f"{month['y']}-{month['m']}", month.start("y"), month.end("m")


def _around(printed: str) -> Iterator[str]:
    """A day, and those before and after it: somewhere on earth it is another day."""
    yield printed
    if len(printed) == 10:
        for days in (-1, 1):
            try:
                yield (date.fromisoformat(printed) + timedelta(days)).isoformat()
            except (ValueError, OverflowError):
                return


_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_FIGURES = re.compile("[0-9]+")
_WORDS = re.compile("[a-z]{3,}")
_HAN_PAIRS = re.compile("(?=([\u3400-\u9fff\uac00-\ud7ff]{2}))")


@rule(
    Code(
        "N042",
        title=Words("標題裡的數字與網址的不同", "figures of a headline and its address differ"),
        message=Words("標題寫{title}，網址寫{slug}", "the headline says {title}, the address {slug}"),
        hint=Words("對照原文，更正抄錯的一處", "compare the source, and correct the one that is wrong"),
        why=Words(
            "網址照著標題寫成，只有一個數字不同，多半是抄錯了。",
            "The address spells the headline; one figure that differs is likely a slip.",
        ),
        bad='甲<fn id="fn1"><p>趙一，〈談判團人數75：15差距懸殊〉，《乙日報》，2021年5月8日，'
        "https://example.org/談判團人數75-5差距懸殊.html。</p></fn>",
        good='甲<fn id="fn1"><p>趙一，〈談判團人數75：15差距懸殊〉，《乙日報》，2021年5月8日，'
        "https://example.org/談判團人數75-15差距懸殊.html。</p></fn>",
        severity=Severity.WARNING,
    )
)
def figures_against_address(brief: Reading) -> Iterator[Finding]:
    """A headline whose address spells it, with one number that is another."""
    for each in cited(brief):
        title, url = each.part("article-title"), each.part("url")
        if title is None or url is None or not _FIGURES.search(title.value):
            continue
        slug = _slug(url.value)
        if not _spells(slug, title.value):
            continue
        differing = _differing(title.value, slug)
        if differing is not None:
            at, said = differing
            also = (each.passage.place(url.start, url.end),)
            start, end = title.start + at.start(), title.start + at.end()
            yield found(each.passage, start, end, also=also, title=at[0], slug=said)


def _slug(address: str) -> str:
    try:
        return unquote(urlsplit(address).path).lower()
    except ValueError:
        return ""


def _spells(slug: str, title: str) -> bool:
    """Whether an address has most of the words of a title."""
    words = set(_WORDS.findall(title.lower())) | set(_HAN_PAIRS.findall(title))
    return len(words) >= 4 and sum(word in slug for word in words) * 10 >= len(words) * 7


def _differing(title: str, slug: str) -> tuple[re.Match[str], str] | None:
    """The one number of a title that its address has differently, and how the address has it."""
    numbers = list(_NUMBER.finditer(title))
    plainly = [re.sub("[.,]", "", each[0]) for each in numbers]
    said = [figures for figures in _FIGURES.findall(slug) if len(figures) < 6]
    if "".join(plainly) == "".join(said) or len(plainly) != len(said):
        return None
    other = [index for index, (one, two) in enumerate(zip(plainly, said, strict=True)) if int(one) != int(two)]
    if len(other) != 1 or (len(plainly) == 1 and len(said[0]) > 4):
        return None
    return numbers[other[0]], said[other[0]]


# One address, two works


def are_two_works(one: Work, other: Work) -> bool:
    """Whether two works that have an address in common have titles that can't be those of one."""
    first, second = plain(one.title), plain(other.title)
    if not first or not second or first in second or second in first or one.lang != other.lang:
        return False
    pairs = {a + b for a, b in pairwise(first)}
    return len(pairs & {a + b for a, b in pairwise(second)}) * 2 < len(pairs)


@rule(
    Code(
        "N034",
        title=Words("兩筆資料同一個網址", "one address for two sources"),
        message=Words(
            "這個網址也是{where}註{number}的，{difference}",
            "note {number} of {where} has this address, too: {difference}",
        ),
        hint=Words("打開網頁核對，更正貼錯或抄錯的一筆", "open it, and correct the citation that is wrong"),
        why=Words(
            "一個網址只有一篇文章；篇名或日期不同，其中一筆是貼錯或抄錯的。",
            "One address is one article; where title or date differ, one of the two citations is wrong.",
        ),
        bad=_calling(
            "趙一，〈港口擴建案通過〉，《乙日報》，2021年5月8日，https://example.org/a/1。",
            "錢二，〈漁業談判破局〉，《丁日報》，2021年6月9日，https://example.org/a/1。",
        ),
        good=_calling(
            "趙一，〈港口擴建案通過〉，《乙日報》，2021年5月8日，https://example.org/a/1。",
            "錢二，〈漁業談判破局〉，《丁日報》，2021年6月9日，https://example.org/a/2。",
        ),
        severity=Severity.NOTE,
    )
)
def one_address_for_two(brief: Reading) -> Iterator[Finding]:
    """An address that an earlier note, or one of an earlier brief, has for another title or another date."""
    first: dict[Key, tuple[Reading, Cited]] = {}
    for there in brief.issue.briefs or (brief,):
        for address, each in _addressed(there):
            other, earlier = first.setdefault(address, (there, each))
            difference = _difference(earlier.work, each.work, other_brief=other is not there)
            url = each.part("url")
            if there is brief and difference is not None and url is not None:
                where = Words("本篇", "this brief") if other is brief else Words(*[_title_of(other)] * 2)
                values = {
                    "where": where,
                    "number": other.number(earlier.passage) or "*",
                    "difference": difference,
                }
                also = (earlier.place,) if other is brief else ()
                yield Finding(each.passage.place(url.start, url.end), values, also=also)
        if there is brief:
            return


_ADDRESSED: WeakKeyDictionary[Reading, tuple[tuple[Key, Cited], ...]] = WeakKeyDictionary()


def _addressed(brief: Reading) -> tuple[tuple[Key, Cited], ...]:
    """The citations with an address, each with the key of the address; each brief is read once."""
    if brief not in _ADDRESSED:
        _ADDRESSED[brief] = tuple(
            (key, each) for each in cited(brief) if each.work.url for key in keys(each.work) if key[0] == "address"
        )
    return _ADDRESSED[brief]


def _difference(one: Work, other: Work, *, other_brief: bool) -> Words | None:
    if are_two_works(one, other):
        return Words("篇名卻不同", "with another title")
    if other_brief and len(one.date) == len(other.date) == 10 and one.date != other.date:
        return Words(f"日期卻是{one.date}", f"with the date {one.date}")
    return None


def _title_of(brief: Reading) -> str:
    title = brief.source.root.find("front/article-meta/title-group/article-title")
    words = "".join(title.itertext()).strip() if title is not None else ""
    return f"〈{words[:30]}〉" if words else brief.source.path.name


# A source older than what it is cited for

_FULL_DATE = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})年([0-9]{1,2})月([0-9]{1,2})日(?!起|前|之前|以前|為止|止|生效|施行)"
)
_AHEAD = re.compile(
    "將|預計|預定|預期|預訂|擬於|可能|原定|原訂|計畫|計劃|規劃|到期|屆滿|截止|期限|生效|上路|施行|實施|以前|之前|為止|即將|定於|訂於|排定|展望|若|如果|倘"
)


@rule(
    Code(
        "N036",
        title=Words("資料早於所說的事", "source older than the event"),
        message=Words(
            "正文說的是{event}的事，這條註唯一的資料卻是{printed}的新聞",
            "the text speaks of {event}; the only source of the note is news of {printed}",
        ),
        hint=Words(
            "核對日期；也可能是註號放錯了位置", "check the dates; the call may also stand at the wrong place"
        ),
        why=Words(
            "新聞不會早於它報導的事；不是日期抄錯，就是註號放錯句子。",
            "News is not older than what it reports: a date is wrong, or the call stands at another sentence.",
        ),
        bad='兩國在2021年5月6日簽署協定。<fn id="fn1"><p>趙一，〈甲篇〉，《乙日報》，2021年3月2日，'
        "https://example.org/a1。</p></fn>",
        good='兩國在2021年5月6日簽署協定。<fn id="fn1"><p>趙一，〈甲篇〉，《乙日報》，2021年5月7日，'
        "https://example.org/a1。</p></fn>",
        severity=Severity.NOTE,
    )
)
def source_before_event(brief: Reading) -> Iterator[Finding]:
    """A sentence with one full date, a past event, whose only source is news from well before that day."""
    alone = {each.passage.note.element: each for each in cited(brief) if _is_only_news(each) and each.passage.note}
    for passage in brief.prose if alone else ():
        done = 0
        for index, note in passage.calls:
            sentence = _sentence_before(passage, done, index)
            done = index
            if note not in alone:
                continue
            event = _only_event(sentence)
            source, day = alone[note], _day(alone[note].work.date)
            printed = source.part("date")
            if event is not None and day is not None and printed is not None and (event[0] - day).days > 2:
                published = brief.issue.published
                if published is not None and event[0] > published:
                    continue
                words = source.passage.text[printed.start : printed.end]
                yield found(source.passage, printed.start, printed.end, event=event[1], printed=words)


def _is_only_news(each: Cited) -> bool:
    note = each.passage.note
    return note is not None and len(note.parts) == 1 and not note.doubtful and each.work.kind == "news"


def _sentence_before(passage: Passage, done: int, index: int) -> str:
    """The sentence that a note at `index` is called in or behind, from the last note on."""
    text = passage.text[done:index]
    return re.split("[。！？]", text.rstrip("。！？；，、」』”）"))[-1]


def _only_event(sentence: str) -> tuple[date, str] | None:
    """The one day a sentence names in full, where it speaks of what has happened."""
    days = list(_FULL_DATE.finditer(sentence))
    if len(days) != 1 or _AHEAD.search(sentence) or len(re.findall("[0-9]年|[0-9]月", sentence)) > 2:
        return None
    day = _day("-".join(each.zfill(2) for each in days[0].groups()))
    return (day, days[0][0]) if day is not None else None


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso) if len(iso) == 10 else None
    except ValueError:
        return None

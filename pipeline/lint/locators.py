"""Rules about locators and imprints: the pages that a note points to, volumes and issues, the year of a book."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.citations import Cited, calling, cited
from pipeline.lint.practice import CLEAR, Use, Uses, against_practice
from pipeline.lint.reading import ADDRESS, TITLED, Reading
from pipeline.lint.rules import Finding, found, rule

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
        bad=calling(
            "John Smith, “The Long March of Trade,” Foreign Affairs, Vol. 3, No. 2, 2020, 頁12-15.",
        ),
        good=calling(
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
        bad=calling(
            "John Smith, “The Long March of Trade,” Foreign Affairs, Vol. 3, No. 2, 2020, p. 12-15.",
        ),
        good=calling(
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
        bad=calling(
            "趙一，《甲書》（臺北：乙出版社，2020年），頁5。",
            "錢二，《丙書》（臺北：丁出版社，2020年），頁9。",
            "孫三，《戊書》（臺北：己出版社，2020年），第7-8頁。",
        ),
        good=calling(
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


# Volumes, issues and years

_YEAR = re.compile(
    r"（[^（）：:，,]{2,12}[：:] ?[^（）：:，,]{2,40}[，,] ?(?P<at>(?:19|20)[0-9]{2}(?P<unit> ?年)?)）"
)
_VOLUME = re.compile(
    r"(?<![0-9第])(?P<at>(?P<one>第?) ?[0-9]{1,4} ?卷(?P<comma>[，,]?) ?(?P<two>第?) ?[0-9]{1,4} ?[期號号])"
)
_ISSUE = re.compile(
    r"第 ?[0-9]{1,4} ?[期號号]"
    r"(?P<at>(?:(?P<round>（)|[，,]) ?(?:19|20)[0-9]{2} ?年(?: ?[0-9]{1,2} ?月)?(?(round)）))"
)
_ENGLISH_VOLUME = re.compile(r"\b(?P<at>(?P<word>Vol\.|vol\.|Volume|volume)) ?[0-9]{1,4}")
_ENGLISH_ISSUE = re.compile(r"(?<=[0-9], )(?P<at>(?P<word>No\.|no\.|Issue|issue)) ?[0-9]{1,4}")


def _of_year(found: re.Match[str]) -> str:
    return "（臺北：某社，2020年）" if found["unit"] else "（臺北：某社，2020）"


def _of_volume(found: re.Match[str]) -> str:
    return f"{found['one']}1卷{'，' if found['comma'] else ''}{found['two']}2期"


def _of_issue(found: re.Match[str]) -> str:
    return "第2期（2020年5月）" if found["round"] else "第2期，2020年5月"


def _of_word(found: re.Match[str]) -> str:
    return found["word"]


def _forms(pattern: re.Pattern[str], form: Callable[[re.Match[str]], str]) -> Callable[[Reading], Uses]:
    """What collects the places of something in the notes by the form it has there."""

    def uses(brief: Reading) -> Uses:
        collected: dict[str, list[Use]] = {}
        for passage in brief.notes:
            for each in pattern.finditer(passage.text):
                if not {ADDRESS, TITLED} & {*passage.zones[each.start("at") : each.end("at")]}:
                    collected.setdefault(form(each), []).append(Use(passage, *each.span("at")))
        return collected

    return uses


_VARYING = (
    _forms(_YEAR, _of_year),
    _forms(_VOLUME, _of_volume),
    _forms(_ISSUE, _of_issue),
    _forms(_ENGLISH_VOLUME, _of_word),
    _forms(_ENGLISH_ISSUE, _of_word),
)


@rule(
    Code(
        "N047",
        title=Words("卷期與出版年有兩種寫法", "volumes or years written in two ways"),
        message=Words(
            "「{words}」的寫法和別處不同；{where}寫成「{instead}」這種形式的有{count}處，不這樣寫的{others}處",
            "“{words}” is written differently; {where} has the form “{instead}” {count} times, else {others}",
        ),
        hint=Words("照「{instead}」的形式改", "write it like “{instead}”"),
        why=Words(
            "同一份刊物，卷期與出版年只用一種寫法；多數的那一種就是慣例。", "The form used most is the practice."
        ),
        bad=calling(
            "趙一，《甲書》（臺北：乙出版社，2020年），頁5。",
            "錢二，《丙書》（臺北：丁出版社，2020年），頁9。",
            "孫三，《戊書》（臺北：己出版社，2021），頁7。",
        ),
        good=calling(
            "趙一，《甲書》（臺北：乙出版社，2020年），頁5。",
            "錢二，《丙書》（臺北：丁出版社，2020年），頁9。",
            "孫三，《戊書》（臺北：己出版社，2021年），頁7。",
        ),
        severity=Severity.WARNING,
    )
)
def mixed_forms(brief: Reading) -> Iterator[Finding]:
    """2020 in an imprint where the others have 2020年; 1卷2期 beside 第1卷第2期; vol. beside Vol."""
    for uses in _VARYING:
        for each in against_practice(brief, uses):
            yield each.finding(words=each.words)

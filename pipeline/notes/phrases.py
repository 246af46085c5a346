"""The words of typed references: 同前註, 同註13, 前揭註5, 見註5, Ibid., supra note 5.

What such words are made of, and where they are not a reference at all: in a quotation or a title, in a
citation, or in other words that look alike (同註冊, 加註5項, 附註3則). What they point at is `typed`'s to find.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.flat import REFERENCE, Flat
from pipeline.notes.graph import CITATION

Form = Literal[
    "see", "see previous", "earlier", "previous", "as above", "bare", "See note", "supra", "Ibid", "op. cit."
]
"""How a typed reference is made; the order is that in which they are tried at one place."""

_NUMERAL = "(?P<number>[0-9０-９]{1,4}(?![0-9０-９A-Za-z])|[〇○零一二三四五六七八九十百]{1,6})"
_ANOTHER = _NUMERAL.replace("?P<number>", "?:")
_NOTE = r"[註注](?:解|腳|釋)?\s*"
_NEW = rf"(?<![\w{REFERENCE}])"
_SEE = "請?(?:參見|參閱|參照|參考|參看|參|詳見|詳參|詳閱|詳|見於|見)"
_BEFORE = "(?:前揭|前引|上揭)"
_BOOK = r"(?:\s*(?:所?引(?:書|文獻|文|著)|揭?(?:書|文))(?=\s*(?:[，,。.；;、）)]|$)))?"
"""引書, 引文, 所引書 behind a number: the source, which the number says already."""
_OTHER_WORDS = "(?![冊銷記明定疏])"
"""註冊, 註銷, 註記, 註明, 註定, 註疏."""

_FORMS: Mapping[Form, re.Pattern[str]] = {
    "see": re.compile(rf"(?<![意偏成主政不未]){_SEE}\s*(?:{_BEFORE}|前)?{_NOTE}{_NUMERAL}"),
    "see previous": re.compile(
        rf"(?<![意偏成主政不未]){_SEE}[前上](?:一條?)?[註注]{_OTHER_WORDS}(?=\s*(?:[^\w\s]|$))"
    ),
    "earlier": re.compile(rf"(?:同{_BEFORE}?|{_BEFORE}|(?<![目先以之日])前){_NOTE}{_NUMERAL}{_BOOK}"),
    "previous": re.compile(
        rf"同(?:{_BEFORE}|[前上](?:一條?)?)[註注]{_OTHER_WORDS}(?:解|腳|釋)?(?:\s*{_NUMERAL})?{_BOOK}"
        "|註同[前上](?![註注])"
    ),
    "as above": re.compile(r"同[前上](?=\s*(?:[，,。；;）)]|$))"),
    "bare": re.compile(rf"(?:{_NEW}|(?<=[如據依按與和及同在於從由])){_NOTE}{_NUMERAL}{_BOOK}"),
    "See note": re.compile(rf"{_NEW}[Ss]ee (?:also )?(?:supra )?(?:notes?|nn?\.) ?{_NUMERAL}"),
    "supra": re.compile(rf"{_NEW}[Ss]upra (?:notes?|nn?\.) ?{_NUMERAL}"),
    "Ibid": re.compile(rf"{_NEW}(?:I[Bb][Ii][Dd]\b|ibid\b|[Ii]d(?=\.))\.?"),
    "op. cit.": re.compile(
        rf"{_NEW}(?:[Oo]p|[Ll]oc)\. ?[Cc]it\b\.?|{_NEW}[Ss]upra(?=[,.])"
        rf"|(?:同?{_BEFORE}(?:書|文|著)|(?<![\w])前[註注])(?=\s*(?:[，,。.；;（(]|$))"
    ),
}

_MORE = re.compile(
    rf"\s*(?:以及|and|[、及與和至到~～–—&-])\s*(?:同?{_BEFORE}?{_NOTE})?{_ANOTHER}(?!\s*[年月日頁章節條項卷期號個\w])"
)
"""Another number behind one: 同註3、5; 註3至註5."""
_ANOTHER_LINK = re.compile(rf"\s*[、及與和]\s*同{_BEFORE}?{_NOTE}{_ANOTHER}")
"""… which is a reference of its own: 同註3、同註5."""
_COUNTED = re.compile(r"\s*(?:[項則處點種個筆次張字行段句年月日章節條卷期號元%％]|頁(?!\s*[0-9０-９])|[.．][0-9])")
"""What stands behind a number that counts: 加註5項, 前註3頁."""
_JOINED = re.compile(r"\s*(?:以及|[、及與和])\s*")
_LABEL = re.compile(r"\s*[：:]")
_NUMERAL_ENDS = re.compile(r"\s*(?:[^\w\s]|$|[所之的引及與和頁第])")
"""What stands behind Chinese figures that are a number, unlike those of 見註三國志."""

_QUOTED = re.compile(
    '「[^「」]*(?:「[^「」]*」[^「」]*)*」|『[^『』]*』|“[^“”]*”|〈[^〈〉]*〉|《[^《》]*》|"[^"]*"'
)
_IN_BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)")
_BREAK = re.compile(r"[；;。！？：（(]|(?<=[a-z0-9”’）)]{3})[.!?]\s|:\s")

_LONGEST_NAME = 300
"""How far before a reference its author or title may begin."""
_NEVER = {CITATION, "ext-link"}
"""Elements in which words are never a typed reference."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words made like a reference: characters `start` to `end` of a paragraph.

    `begin` is where what they belong to begins, behind the last ； or 。 or the reference that they are joined
    to; an author may be named between `begin` and `start`. `number` is the number in them; `several` says that
    they have more than one.
    """

    form: Form
    begin: int
    start: int
    end: int
    number: int | None = None
    several: bool = False


def phrases(paragraph: Flat) -> Iterator[Phrase]:
    """The words in a paragraph that are made like a reference, wherever they stand; none overlap."""
    text = paragraph.text
    found = [(each.start(), -each.end(), form, each) for form in _FORMS for each in _FORMS[form].finditer(text)]
    if not found:
        return
    shut, begins, done = _shut(paragraph), _Begins(text), 0
    for start, _, form, each in sorted(found, key=lambda one: one[:2]):
        if start < done or shut[start]:
            continue
        joined = done and _JOINED.fullmatch(text, done, start)
        phrase = _phrase(text, form, each, start if joined else max(begins.of(start), start - _LONGEST_NAME))
        if phrase is not None:
            done = phrase.end
            yield phrase


def _phrase(text: str, form: Form, found: re.Match[str], begin: int) -> Phrase | None:
    """The words of a match as a reference; none when the number behind them counts something."""
    numeral = found.groupdict().get("number")
    start, end = found.span()
    if numeral is None:
        return Phrase(form, begin, start, end)
    behind = found.end("number")
    if unicodedata.normalize("NFKC", numeral[0]) not in "0123456789" and not _NUMERAL_ENDS.match(text, behind):
        return None
    if _COUNTED.match(text, behind) or (form == "bare" and _LABEL.match(text, behind)):
        return Phrase(form, begin, start, found.start("number")) if form == "previous" else None  # 同前註43頁
    last = behind
    while (more := _MORE.match(text, last)) and not _ANOTHER_LINK.match(text, last):
        last = more.end()
    return Phrase(form, begin, start, max(end, last), value(numeral), last > behind)


def value(numeral: str) -> int:
    """13 of 13, １３, 十三 and 一三."""
    text = unicodedata.normalize("NFKC", numeral)
    if text.isdecimal():
        return int(text)
    total, figures = 0, ""
    for character in text:
        if character in "十百":
            total += int(figures or "1") * (10 if character == "十" else 100)
            figures = ""
        else:
            figures += str(max("〇○零一二三四五六七八九".index(character) - 2, 0))
    return total + int(figures or "0")


def _shut(paragraph: Flat) -> bytearray:
    """Which characters are none of the author's own words: those of quotations, titles and citations."""
    shut = bytearray(len(paragraph.text))
    for found in _QUOTED.finditer(paragraph.text):
        shut[found.start() : found.end()] = b"\1" * (found.end() - found.start())
    for piece in paragraph.pieces:
        holder = piece.node if piece.which == "text" else piece.node.getparent()
        while holder is not None and holder is not paragraph.element and holder.tag not in _NEVER:
            holder = holder.getparent()
        if holder is not None and holder is not paragraph.element:
            shut[piece.start : piece.end] = b"\1" * (piece.end - piece.start)
    return shut


class _Begins:
    """Where the stretches of a text begin: behind ； 。 ： and an open bracket, not within titles or brackets."""

    def __init__(self, text: str) -> None:
        self.text = text
        plain = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), text)
        self.brackets = [found.span() for found in _IN_BRACKETS.finditer(plain)]
        outside = _IN_BRACKETS.sub(lambda inside: "x" * len(inside[0]), plain)
        self.outside = [found.end() for found in _BREAK.finditer(outside)]
        self.inside = [found.end() for found in _BREAK.finditer(plain)]

    def of(self, index: int) -> int:
        """The beginning of what the character at an index belongs to."""
        at = bisect_right(self.brackets, index, key=lambda span: span[0]) - 1
        within = at >= 0 and index < self.brackets[at][1]
        begins = self.inside if within else self.outside
        before = bisect_right(begins, index) - 1
        return begins[before] if before >= 0 else 0

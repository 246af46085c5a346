"""Front: title, subtitle, authors, units, focus categories, abstract and keywords at the top of a manuscript."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pipeline.citations import names
from pipeline.diagnostics import Words
from pipeline.identifiers import ORCID, orcid
from pipeline.importing.document import Document, NoteCall, Picture
from pipeline.importing.recognise import codes
from pipeline.importing.recognise.characters import BLANKS, is_han, joined
from pipeline.importing.recognise.headings import CAPTION, SOURCE
from pipeline.importing.recognise.headings import WORDS as HEADING_WORDS
from pipeline.importing.recognise.labels import label_of
from pipeline.importing.recognise.ledger import BLANK, FORM_LINE, FRONT_WORD, SEPARATOR, SHARED_UNIT, Ledger
from pipeline.importing.recognise.letters import OBJECT, Line, Text
from pipeline.importing.recognise.people import (
    UNIT_END,
    Person,
    byline,
    is_odd,
    is_unit,
    marked,
    person,
    without_romanised,
)
from pipeline.importing.recognise.typed_notes import Item

_DEEPEST = 40
"""Paragraphs looked at for lines of the front."""
_COLON = rf"[{BLANKS}]*[:：／/]?[{BLANKS}]*"
_BLANK = f"[{BLANKS}]"
_TITLE_STYLE = re.compile(r"title|標題|題名|篇名|文章標題|主標題|Titel", re.IGNORECASE)
_NO_TITLE_STYLE = re.compile(r"subtitle|副標題|副題|toc|heading|標題\s*\d|caption", re.IGNORECASE)
_SUBTITLE_STYLE = re.compile(r"subtitle|副標題|副題", re.IGNORECASE)
_AUTHOR_STYLE = re.compile(r"^(?:author|作者|byline)", re.IGNORECASE)
_DATED = re.compile(
    rf"(?:投稿|收稿|來稿|修訂|修改|通過|接受刊登|接受|刊登|審查通過)(?:日期?)?{_BLANK}*[:：]{_BLANK}*"
)
_NAMED = (
    ("title", re.compile(rf"(?:題名|篇名|題目|標題|中文題名|文章標題|主題){_BLANK}*[:：／]{_BLANK}*")),
    ("subtitle", re.compile(rf"(?:副題|副標題|副標){_BLANK}*[:：／]{_BLANK}*")),
    (
        "author",
        re.compile(
            rf"(?:作者(?:姓名)?|撰稿人?|執筆人?|撰文|文|Authors?|By){_BLANK}*[:：／/]{_BLANK}*|[【〔\[]作者(?:姓名)?[】〕\]]{_BLANK}*[:：]?{_BLANK}*|作者{_BLANK}+|撰文{_BLANK}+",
            re.IGNORECASE,
        ),
    ),
    (
        "aff",
        re.compile(
            rf"(?:服務單位|作者單位|(?:服務|所屬|任職)?機構|所屬單位|單位|任職單位|現職|職稱|服務機關){_BLANK}*[:：／/]{_BLANK}*"
        ),
    ),
    ("focus", re.compile(rf"[【〔\[]?焦點類別[】〕\]]?{_COLON}")),
    ("abstract", re.compile(rf"[【〔\[（]?(?:中文)?(?:摘{_BLANK}*要|提{_BLANK}*要)[】〕\]）]?{_COLON}")),
    ("keywords", re.compile(rf"[【〔\[]?(?:中文)?關{_BLANK}*鍵{_BLANK}*[詞字][】〕\]]?{_COLON}")),
    ("english abstract", re.compile(rf"(?:Abstract|ABSTRACT|英文摘要){_COLON}")),
    ("english keywords", re.compile(rf"(?:Key ?words|KEYWORDS|KEY WORDS|Key Words|英文關鍵詞){_COLON}")),
    ("doi", re.compile(rf"DOI{_COLON}", re.IGNORECASE)),
)
_LABELLED = re.compile(
    rf"(?:稿件|投稿|來稿|文章|文稿)?(?:類別|類型|性質|編號|稿別|字數|欄目|專欄){_BLANK}*[:：]|{_DATED.pattern}"
)
"""Lines of a form that are no title, though they stand above it."""
_COLUMN = re.compile(rf"[【［〔\[]{_BLANK}*[^【［〔\[\]】］〕]{{1,6}}[】］〕\]]")
"""The column of the periodical, above the title: 【專論】."""
_BOOK = re.compile(rf"(?:書名|原書名|原著|出版(?:社|者|日期|年份?)?|譯者|ISBN|頁數|定價){_BLANK}*[:：]")
_FAR_LARGER = 2.0
"""Points by which a title is so much larger than all other lines that there is no doubt."""
_BETWEEN_WORDS = (
    r"[、，,；;｜|　\t]|(?<![A-Za-z0-9])[／/]|[／/](?![A-Za-z0-9])|(?<=[^\x00-\x7f])[ ]+(?=[^\x00-\x7f])"
)
"""What stands between two keywords; a slash between Latin letters belongs to a word: PDF/A."""
_LATIN_NAME = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff .,'’‑-]+")
_BIOGRAPHY = re.compile(r"[*＊†]+")
_DASH = re.compile(f"{_BLANK}*(?:——|──|－－|(?<!-)--(?!-)|—|─|――){_BLANK}*")
_COLON_BEFORE_SUBTITLE = re.compile(
    rf"{_BLANK}*[:：]{_BLANK}*(?=以[^：:]{{2,30}}為(?:例|中心|核心)|兼[論談]|從[^：:]{{2,20}}談起)"
)
_CONTACT = re.compile(
    r"(?:E-?mail|電子郵件|電郵|信箱|聯絡|ORCID|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+$)", re.IGNORECASE
)
_MAIL = re.compile(r"E-?mail|電子郵件|電郵|信箱|聯絡", re.IGNORECASE)
_ORCID = re.compile(
    rf"(?:{_BLANK}|[,，;；、])*(?:ORCID(?: ?iD)?{_BLANK}*[:：]?{_BLANK}*)?(?P<orcid>{ORCID.pattern})",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:(?P<roc>民國)(?P<era>[0-9]{2,3})|(?P<year>(?:19|20)[0-9]{2}))[年/.-]\s*(?P<month>[0-9]{1,2})[月/.-]\s*(?P<day>[0-9]{1,2})日?"
)


@dataclass(frozen=True)
class Author:
    """A person or a body; `unit` was typed beside the name, `units` on lines of their own."""

    name: str
    unit: str = ""
    units: tuple[str, ...] = ()
    number: int = 1
    romanised: str = ""
    """The name in Latin letters, typed behind it in brackets."""
    orcid: str = ""


@dataclass(frozen=True)
class Front:
    """What stands before the text."""

    title: Line | None = None
    subtitle: Line | None = None
    titles: Mapping[str, Line] = field(default_factory=dict)
    authors: tuple[Author, ...] = ()
    focus: tuple[str, ...] = ()
    abstract: tuple[Line, ...] = ()
    english: tuple[Line, ...] = ()
    keywords: tuple[str, ...] = ()
    english_keywords: tuple[str, ...] = ()
    doi: str = ""
    notes: tuple[Line, ...] = ()
    """Lines about the author, which begin with *."""
    calls: tuple[str, ...] = ()
    """Keys of the notes called on the lines of the authors."""
    called_on: tuple[Line, ...] = ()
    """The lines of the authors."""
    dates: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    """Year, month and day of what was `received` and `accepted`."""


def front_of(items: Sequence[Item], document: Document, ledger: Ledger) -> tuple[Front, list[Item]]:
    """What stands before the text, and the items that are left; nothing where nothing would be left."""
    reading = _Reading(items, document, ledger)
    return reading.read()


class _Reading:
    """The front while its lines are read, one after the other."""

    def __init__(self, items: Sequence[Item], document: Document, ledger: Ledger) -> None:
        self.items = items
        self.document = document
        self.ledger = ledger
        self.found: dict[str, Line] = {}
        self.kept: list[tuple[int, Item]] = []
        self.names: list[tuple[Line, str, str]] = []
        self.units: list[tuple[int, str]] = []
        """Lines with a unit, each with the number of authors named before it."""
        self.words: dict[str, tuple[str, ...]] = {}
        self.paragraphs: dict[str, list[Line]] = {}
        self.notes: list[Line] = []
        self.calls: list[str] = []
        self.unit_lines: list[tuple[int, Line]] = []
        """Lines that say they are units, without the word that says it."""
        self.last_unit: Line | None = None
        self.last: Line | None = None
        """The last line with an author or a unit."""
        self.orcid = ""
        self.dates: dict[str, tuple[int, int, int]] = {}
        """Year, month and day of what was `received` and `accepted`."""
        self.romanised: dict[int, str] = {}
        self.name_keys: dict[int, list[str]] = {}
        """The superscripts behind the names, by their places."""
        self.unit_keys: dict[int, str] = {}
        """The superscript before the unit, by its place."""

    def read(self) -> tuple[Front, list[Item]]:
        """Read lines until the text begins."""
        title = self._title_at()
        at = 0
        while at < len(self.items) and at < _DEEPEST:
            item = self.items[at]
            if at == title and isinstance(item, Line):
                at += 1 + self._second_lines(at)
                continue
            taken = self._line(at, title) if isinstance(item, Line) else 0
            if taken:
                at += taken
            elif at < (title if title is not None else -1) or self._more(at, title):
                self._unknown(at)
                at += 1
            else:
                break
        self._without_colon()
        if not self.names:  # a unit of nobody
            self.kept = sorted([*self.kept, *self.unit_lines], key=lambda kept: kept[0])
            for _, line in self.unit_lines:
                self.ledger.doubt(codes.FRONT_UNKNOWN, line.number, line.words, decided=codes.KEPT)
        front = Front(
            title=self.found.get("title"),
            subtitle=self.found.get("subtitle"),
            titles={lang: self.found[f"{lang} title"] for lang in ("en",) if f"{lang} title" in self.found},
            authors=tuple(self._authors()),
            focus=self.words.get("focus", ()),
            abstract=tuple(self.paragraphs.get("abstract", ())),
            english=tuple(self.paragraphs.get("english abstract", ())),
            keywords=self.words.get("keywords", ()),
            english_keywords=self.words.get("english keywords", ()),
            doi="".join(self.words.get("doi", ())),
            notes=tuple(self.notes),
            calls=tuple(self.calls),
            called_on=tuple(line for line, _, _ in self.names),
            dates=self.dates,
        )
        return front, [*(item for _, item in self.kept), *self.items[at:]]

    # The title

    def _title_at(self) -> int | None:
        """Where the title is: by its style or name, else the first short line that looks like one."""
        lines = [(at, item) for at, item in enumerate(self.items[:12]) if isinstance(item, Line)]
        lines = [(at, line) for at, line in lines if not _LABELLED.match(line.words)]
        for at, line in lines:
            style = line.paragraph.style or ""
            if _TITLE_STYLE.search(style) and not _NO_TITLE_STYLE.search(style) and line.words:
                return at
        for at, line in lines:
            if self._named(line) == "title":
                return at
        outlines = [each.paragraph.outline for each in self.items if isinstance(each, Line)]
        for at, line in lines:
            if line.paragraph.outline == 1:
                alone = outlines.count(1) == 1 and (len(outlines) > outlines.count(None) + 1 or self._is_first(at))
                return at if alone and not label_of(line.words) and at < 6 else self._by_look(lines[:at])
        return self._by_look(lines)

    def _is_first(self, at: int) -> bool:
        """Whether the only heading of a manuscript is its first line, and its title."""
        line = self.items[at]
        assert isinstance(line, Line)
        told = self.document.properties.get("title", "").strip() if self.document.kind == "markdown" else ""
        return at == 0 and told in ("", line.words) and not HEADING_WORDS.fullmatch(line.words)

    def _by_look(self, lines: Sequence[tuple[int, Line]]) -> int | None:
        told = self.document.properties.get("title", "").strip()
        for at, line in lines:
            if self._named(line) or line.picture_alone():
                continue
            words = line.words
            if at < 3 and _COLUMN.fullmatch(words):
                continue
            if (
                not words
                or _is_text(line)
                or label_of(line.text.string)
                or CAPTION.match(words)
                or line.paragraph.quoted
            ):
                return None
            if at - sum(bool(_LABELLED.match(_words(each))) for each in self.items[:at]) > 3:
                return None
            if told and words == told:
                return at
            larger = self._larger(lines, at, line)
            if self._stands_out(larger, self.items[larger]):
                return larger
        return None

    def _larger(self, lines: Sequence[tuple[int, Line]], at: int, line: Line) -> int:
        """Where, from `at` on and before the text, a line is larger than the one at `at`; else `at`."""
        best, size = at, line.size() or 0.0
        for later, other in lines:
            if later <= at:
                continue
            if (
                later > at + 3
                or _is_text(other)
                or label_of(other.text.string)
                or other.paragraph.outline is not None
            ):
                break
            if (other.size() or 0.0) > size and other.words and not self._named(other):
                best, size = later, other.size() or 0.0
        return best

    def _stands_out(self, at: int, line: Item) -> bool:
        if not isinstance(line, Line):
            return False
        others = [each for each in self.items[at + 1 :] if isinstance(each, Line) and each.words]
        if not others or len(line.words) > 80:
            return False
        size = max((each.size() or 0.0 for each in others), default=0.0)
        if size and (line.size() or 0.0) >= size + _FAR_LARGER:
            return True
        if (line.size() or 0.0) > size:
            why = Words("字最大", "the largest type")
        elif line.bold():
            why = Words("第一行，粗體", "the first line, bold")
        elif line.centred:
            why = Words("第一行，置中", "the first line, centred")
        elif at == 0 and not self._persons(line.words) and not re.search("[。；，]$", line.words):
            why = Words("第一行", "the first line")
        else:
            return False
        self.ledger.doubt(codes.TITLE_GUESSED, line.number, line.words, reason=why)
        return True

    def _second_lines(self, at: int) -> int:
        """Read the title, with the lines that soft returns cut from it; returns how many there are."""
        line = self.items[at]
        assert isinstance(line, Line)
        end = at + 1
        while end < len(self.items) and self._is_second_line(line, self.items[end]):
            end += 1
        seconds = [each for each in self.items[at + 1 : end] if isinstance(each, Line)]
        if len(seconds) == 1 and re.search("[:：—─？！?!]$", line.words):
            self._title(line)
            if "subtitle" not in self.found:
                self._subtitle(seconds[0])
                decided = Words("當作題名與副題", "taken as title and subtitle")
                self.ledger.doubt(codes.SOFT_RETURN, line.number, line.words, decided=decided)
                return 1
            return 0
        text = line.text
        for each in seconds:
            text = joined(text, each.text, line.number, self.ledger)
        if seconds:
            decided = Words("接成一個題名", "joined to one title")
            self.ledger.doubt(codes.SOFT_RETURN, line.number, line.words, decided=decided)
        self._title(replace(line, text=text))
        return len(seconds)

    def _is_second_line(self, line: Line, item: Item) -> bool:
        """Whether a line was cut from the title by a soft return and looks like it."""
        if not isinstance(item, Line) or item.paragraph is not line.paragraph or not item.words:
            return False
        alike = (item.bold(), item.size()) == (line.bold(), line.size())
        other = self._named(item) or self._persons(item.words) or is_unit(item.words) or _is_text(item)
        begins = _DASH.match(item.text.string) or _BIOGRAPHY.match(item.words) or label_of(item.text.string)
        latin = self._is_english_title(item) and not self._is_english_title(line)
        return alike and not (other or begins or latin)

    def _title(self, line: Line) -> None:
        line = self._without_name(line, "title")
        text = self._without_mark(line)
        dash = _DASH.search(text.string) or _COLON_BEFORE_SUBTITLE.search(text.string)
        if dash and "subtitle" not in self.found and dash.start() and text.string[dash.end() :].strip():
            self.ledger.drop(line.number, dash[0], SEPARATOR)
            self.found["subtitle"] = replace(line, text=text[dash.end() :])
            text = text[: dash.start()]
        self.found["title"] = replace(line, text=text)

    def _without_mark(self, line: Line) -> Text:
        """A line without the * that calls the author's note."""
        string = line.text.string
        found = re.search(f"{_BLANK}*[*＊†]+$", string)
        if not found or (line.paragraph.outline and found.start() == 0):
            return line.text
        self.ledger.drop(line.number, found[0], SEPARATOR)
        return line.text[: found.start()]

    def _without_colon(self) -> None:
        """Drop the colon at the end of a title whose subtitle is on the next line."""
        title = self.found.get("title")
        found = re.search(f"{_BLANK}*(?:[:：]|[—─]+)$", title.text.string) if title else None
        if title is not None and found and found.start() and "subtitle" in self.found:
            self.ledger.drop(title.number, found[0], SEPARATOR)
            self.found["title"] = replace(title, text=title.text[: found.start()])

    # Other lines

    def _named(self, line: Line) -> str:
        """What a line says that it is: 作者：, 摘要 …; empty where it says nothing."""
        words = line.text.string
        for name, pattern in _NAMED:
            found = pattern.match(words)
            if not found:
                continue
            rest = words[found.end() :].strip(BLANKS + OBJECT)
            marked = re.search("[:：／/】〕\\]]", found[0])
            if not rest or marked or name in ("author", "focus"):
                return name
        return ""

    def _without_name(self, line: Line, name: str) -> Line:
        pattern = dict(_NAMED)[name]
        found = pattern.match(line.text.string)
        if not found:
            return line
        self.ledger.drop(line.number, found[0], FRONT_WORD)
        return replace(line, text=line.text[found.end() :])

    def _line(self, at: int, title: int | None) -> int:
        """Read one line of the front; returns how many items it took, 0 for none."""
        line = self.items[at]
        assert isinstance(line, Line)
        if not line.words or self._is_of_book(at, line):
            return 0
        column = at < (title or 0) and _COLUMN.fullmatch(line.words)
        if (column or (_LABELLED.match(line.words) and len(line.words) <= 60)) and not line.text.things:
            return self._form_line(line)
        name = self._named(line)
        if name in ("focus", "keywords", "english keywords", "doi") and name not in self.words:
            return self._list_of_words(at, name, title)
        if name in ("abstract", "english abstract") and name not in self.paragraphs:
            return self._abstract(at, name)
        if name == "author" and (taken := self._named_author(at)):
            return taken
        if name == "aff" and (unit := self._rest(line, "aff")):
            rest = self._without_name(line, "aff")
            self._leftover(rest, [unit])
            self.units.append((len(self.names), unit))
            if self.names:
                self._calls_on(line)
            self.unit_lines.append((at, replace(rest, text=rest.text.stripped())))
            return 1
        if name == "subtitle" and "subtitle" not in self.found and not self._is_empty(line, name):
            self.found["subtitle"] = self._without_name(line, "subtitle")
            return 1
        if name in ("author", "aff", "subtitle") and self._is_empty(line, name):
            self._without_name(line, name)
            return 1
        if title is None and not self.names and name == "":
            return 0
        if line.paragraph.outline is None and _BIOGRAPHY.match(line.words) and (self.names or title is not None):
            return self._note(line)
        if line.paragraph.outline is not None or _is_text(line) or self._is_heading(at):
            return 0
        return self._unnamed(at, line, title)

    def _rest(self, line: Line, name: str) -> str:
        """The words behind the name of a line."""
        found = dict(_NAMED)[name].match(line.text.string)
        return line.text[found.end() if found else 0 :].words.strip(BLANKS)

    def _is_empty(self, line: Line, name: str) -> bool:
        """Whether nothing was typed behind the name of a line: 單位："""
        return bool(re.search("[:：]", line.words)) and not self._rest(line, name).strip(OBJECT)

    def _is_of_book(self, at: int, line: Line) -> bool:
        """Whether a line tells of the book that is reviewed: 書名：, and 作者： beside it."""
        beside = self.items[max(0, at - 2) : at + 3] if self._named(line) == "author" else [line]
        return any(_BOOK.match(_words(item)) for item in beside)

    def _named_author(self, at: int) -> int:
        """作者：王大明, or the name on the line below."""
        line = self.items[at]
        assert isinstance(line, Line)
        if self._rest(line, "author").strip("*＊†‡"):
            found = dict(_NAMED)["author"].match(line.text.string)
            named = _plain_marks(line.text[found.end() if found else 0 :]).strip(BLANKS)
            return self._author_line(self._without_name(line, "author"), sure=True) if named else 0
        following = self.items[at + 1] if at + 1 < len(self.items) else None
        if isinstance(following, Line) and self._author_line(following, sure=False):
            self._without_name(line, "author")
            return 2
        return 0

    def _unnamed(self, at: int, line: Line, title: int | None) -> int:
        words = line.words
        near = title is not None and 0 < at - title <= 2
        style = line.paragraph.style or ""
        if (
            near
            and "subtitle" not in self.found
            and not self.names
            and (_SUBTITLE_STYLE.search(style) or _DASH.match(line.text.string))
        ):
            return self._subtitle(line)
        if _CONTACT.match(words) and not line.text.things:
            return self._contact(line)
        if self._is_english_title(line) and "en title" not in self.found and title is not None and at > title:
            self.found["en title"] = line
            return 1
        if any(isinstance(thing, Picture) for thing in line.text.things):
            return 0
        if len(words) <= 60 and (taken := self._author_line(line, sure=bool(_AUTHOR_STYLE.search(style)))):
            return taken
        if title is not None and not self.names and line.paragraph.alignment == "right" and names.is_body(words):
            return self._author_line(line, sure=True)
        after_unit = at > 0 and self.items[at - 1] is self.last_unit
        if title is not None and (not self.names or after_unit) and self._is_name_above_unit(line, at):
            return self._author_line(line, sure=True)
        if near and "subtitle" not in self.found and not self.names and self._is_subtitle(line, at):
            return self._subtitle(line)
        return self._by_place(at, line)

    def _by_place(self, at: int, line: Line) -> int:
        """A short line between the authors and the text: a unit, though no word of it says so, or a date."""
        if self.last is None or self.items[at - 1] is not self.last:
            return 0
        if _date(line.words):
            return self._lose(line)
        if not self._is_like_unit(at, line):
            return 0
        self.last = line
        if self.names[-1][2] or any(before == len(self.names) for before, _ in self.units):
            self._unknown(at)
            return 1
        unit = line.words.strip(BLANKS)
        self.ledger.doubt(codes.FRONT_UNKNOWN, line.number, line.words, decided=codes.AS_UNIT)
        self.units.append((len(self.names), unit))
        self._leftover(line, [unit])
        return 1

    def _is_like_unit(self, at: int, line: Line) -> bool:
        """Whether a line looks like the author's above it and text or a heading stands below it."""
        assert self.last is not None
        words, above = line.words, self.last
        if (
            len(words) > 30
            or re.search("[。；！？!?…，、」』]$|[：:]", words)
            or re.match("[「『“《〈（(—─－–*＊-]", words)
        ):
            return False
        if line.text.things or label_of(line.text.string) or CAPTION.match(words) or SOURCE.match(words):
            return False
        if not re.search(r"[^\W\d_]", words) or line.paragraph.quoted or line.paragraph.label:
            return False
        if (line.bold() and not above.bold()) or (line.size() or 0.0) > (above.size() or 0.0):
            return False
        if _side(line) != _side(above):
            return False
        return any(self._begins_text(later) for later in range(at + 1, min(at + 3, len(self.items))))

    def _begins_text(self, at: int) -> bool:
        item = self.items[at]
        if not isinstance(item, Line):
            return False
        return item.paragraph.outline is not None or _is_text(item) or self._is_heading(at)

    def _subtitle(self, line: Line) -> int:
        dash = _DASH.match(line.text.string)
        if dash:
            self.ledger.drop(line.number, dash[0], SEPARATOR)
            line = replace(line, text=line.text[dash.end() :])
            end = re.search(f"{_DASH.pattern}$", line.text.string)
            if end:
                self.ledger.drop(line.number, end[0], SEPARATOR)
                line = replace(line, text=line.text[: end.start()])
        self.found["subtitle"] = line
        return 1

    def _is_name_above_unit(self, line: Line, at: int) -> bool:
        """Whether two to four characters stand like an author's name, though the surname is not known."""
        following = self.items[at + 1] if at + 1 < len(self.items) else None
        below = following.words if isinstance(following, Line) else ""
        name = re.sub(f"[{BLANKS}]", "", line.words)
        has_unit = bool(UNIT_END.search(below) and len(below) < 30)
        alone = has_unit or (line.paragraph.alignment == "right" and not self.names)
        return alone and bool(re.fullmatch("[\u3400-\u9fff]{2,4}", name)) and not UNIT_END.search(name)

    def _is_subtitle(self, line: Line, at: int) -> bool:
        """Whether a short line below the title is its second line: it stands out as well, or an author follows."""
        following = self.items[at + 1] if at + 1 < len(self.items) else None
        if line.paragraph.alignment == "right" or not isinstance(following, Line) or _is_text(following):
            return False
        if len(line.words) > 40 or re.search("[。；，、：]$|^[-－=＝~*＊]{3}", line.words):
            return False
        plain = not (line.bold() or line.centred)
        title = self.found.get("title")
        alike = title is not None and not title.paragraph.style and not (title.bold() or title.centred)
        author = self._persons(following.words) or self._named(following) in ("author", "focus")
        return not plain or bool(alike and author)

    def _is_english_title(self, line: Line) -> bool:
        words = line.words
        return bool(
            words.isascii() is not None
            and not any(is_han(char) for char in words)
            and len(re.findall(r"[A-Za-z]{2,}", words)) >= 3
            and len(words) <= 250
            and not words.endswith(".")
            and names.kind(words) != "person"
            and "@" not in words
            and not line.text.things
        )

    def _is_heading(self, at: int) -> bool:
        line = self.items[at]
        assert isinstance(line, Line)
        label = label_of(line.text.string)
        return (label is not None and label.kind not in ("arabic", "letter")) or bool(
            HEADING_WORDS.fullmatch(line.words)
        )

    def _more(self, at: int, title: int | None) -> bool:
        """Whether, after a line that is not understood, lines of the front go on."""
        line = self.items[at]
        if (
            not isinstance(line, Line)
            or _is_text(line)
            or line.paragraph.outline is not None
            or self._is_heading(at)
        ):
            return False
        for later in range(at + 1, min(at + 4, len(self.items))):
            item = self.items[later]
            if not isinstance(item, Line) or self._is_heading(later) or item.paragraph.outline is not None:
                return False
            if self._named(item):
                return True
            if _is_text(item):
                return False
            if title is not None and not self.names and self._persons(item.words):
                return True
        return False

    def _unknown(self, at: int) -> None:
        item = self.items[at]
        self.kept.append((at, item))
        if isinstance(item, Line):
            self.ledger.doubt(codes.FRONT_UNKNOWN, item.number, item.words, decided=codes.KEPT)

    def _below(self, at: int, title: int | None) -> Line | None:
        """The line below a name that stands alone, where it may be what is named: an empty field has none."""
        line = self.items[at]
        below = self.items[at + 1] if at + 1 < len(self.items) else None
        assert isinstance(line, Line)
        if not isinstance(below, Line) or at + 1 == title or _is_text(below) or self._named(below):
            return None
        if below.paragraph.outline is not None or label_of(below.text.string) or self._is_heading(at + 1):
            return None
        if (below.bold() and not line.bold()) or (not self.names and len(person(below.words)) == 3):
            return None
        return below

    def _list_of_words(self, at: int, name: str, title: int | None) -> int:
        line = self.items[at]
        assert isinstance(line, Line)
        rest = self._without_name(line, name)
        taken = 1
        if not rest.words and (below := self._below(at, title)) is not None:
            rest, taken = below, 2
        marks = _BETWEEN_WORDS if "english" not in name else "[,;，；、]"
        pieces, done = [], 0
        string = rest.text.words
        if name == "doi":
            marks = r"\s+"
        for found in [*re.finditer(marks, string), None]:
            end = found.start() if found else len(string)
            piece = string[done:end]
            word = piece.strip(BLANKS + OBJECT + "。.")
            if word:
                pieces.append(word)
            self.ledger.drop(rest.number, without(piece, [word]) + (found[0] if found else ""), SEPARATOR)
            done = found.end() if found else end
        self.words[name] = tuple(pieces)
        return taken

    def _abstract(self, at: int, name: str) -> int:
        """An abstract on the line of its name, or the paragraphs below it up to the next heading or name."""
        line = self.items[at]
        assert isinstance(line, Line)
        pattern = dict(_NAMED)[name]
        found = pattern.match(line.text.string)
        rest = line.text.string[found.end() :].strip(BLANKS) if found else ""
        if rest:
            if line.text.things:
                return 0
            self.paragraphs[name] = [self._without_name(line, name)]
            return 1
        paragraphs: list[Line] = []
        end = at + 1
        while end < len(self.items) and len(paragraphs) < 6:
            item = self.items[end]
            if (
                not isinstance(item, Line)
                or item.paragraph.outline is not None
                or self._is_heading(end)
                or self._named(item)
            ):
                break
            paragraphs.append(item)
            end += 1
        if not paragraphs or any(each.text.things for each in paragraphs):
            return 0
        if len(paragraphs) == 6:
            paragraphs, end = paragraphs[:1], at + 2
        self._without_name(line, name)
        self.paragraphs[name] = paragraphs
        return end - at

    def _form_line(self, line: Line) -> int:
        """A line of the form of a periodical: a date of the history, or what has no place in a brief."""
        found = _DATED.match(line.words)
        if found is None:
            return self._lose(line)
        dates: dict[str, tuple[int, int, int]] = {}
        for part in re.split(f"[；;，,、{BLANKS}]+(?={_DATED.pattern})", line.words):
            named = _DATED.match(part)
            kind = {"投": "received", "收": "received", "來": "received", "通": "accepted", "接": "accepted",
                    "審": "accepted"}.get(part[0]) if named else None  # fmt: skip
            day = _date(part[named.end() :].strip(BLANKS + "。")) if named else None
            if kind is None or day is None or kind in (*self.dates, *dates) or self.found.get("title") is None:
                return 0
            dates[kind] = day
        self.dates |= dates
        self.ledger.drop(line.number, line.text.words, FORM_LINE)
        for day in dates.values():
            for number in day:
                self.ledger.add(line.number, str(number), FORM_LINE)
        return 1

    def _lose(self, line: Line) -> int:
        """A line that has no place in a brief."""
        what = Words(f"「{line.words}」沒有放進文章", f"{line.words} is not in the brief")
        self.ledger.doubt(codes.LOST, line.number, line.words, what=what)
        self.ledger.drop(line.number, line.text.words, FORM_LINE)
        return 1

    def _contact(self, line: Line) -> int:
        """A line with addresses of the author: the ORCID goes to the only author, the others are a note."""
        found = _ORCID.search(line.text.string)
        rest = line.text.string[: found.start()] + line.text.string[found.end() :] if found else line.words
        if not self.names or (rest.strip(BLANKS) and not _MAIL.match(rest)):
            return 0
        if found and len(self.names) == 1 and not self.orcid:
            self.orcid = orcid(found["orcid"])
            if self.orcid:
                self.ledger.drop(line.number, found[0], FORM_LINE)
                self.ledger.add(line.number, self.orcid, FORM_LINE)
                line = replace(line, text=line.text[: found.start()] + line.text[found.end() :])
                if not line.words:
                    self.ledger.drop(line.number, line.text.words, BLANK)
                    return 1
            else:
                what = Words(f"ORCID「{found['orcid']}」的檢查碼不對", f"no ORCID: {found['orcid']}")
                self.ledger.doubt(codes.FLATTENED, line.number, line.words, what=what)
        return self._note(line) if _MAIL.match(line.words) else 0

    # Authors

    def _note(self, line: Line) -> int:
        """A line that begins with *: who the author is."""
        found = re.match(f"[*＊†]+{_BLANK}*", line.text.string)
        if found and not line.text.words[found.end() :].strip(BLANKS):
            return 0
        self.ledger.doubt(codes.AUTHOR_NOTE, line.number, line.words)
        if found:
            self.ledger.drop(line.number, found[0], SEPARATOR)
            line = replace(line, text=line.text[found.end() :])
        self.notes.append(line)
        return 1

    def _persons(self, words: str) -> list[str]:
        """The people that a line names beside nothing but units; none where it isn't such a line."""
        return [each.name for each in byline(words).people]

    def _author_line(self, line: Line, *, sure: bool) -> int:
        string, romanised = without_romanised(_plain_marks(line.text))
        read = marked(_between_marks(line.text))
        read = read if read.people else byline(string)
        people = read.people
        if not people and sure and string.strip(BLANKS):
            people = (Person(string.strip(BLANKS)),)
        if not people:
            return self._units_line(line, string)
        if self._is_romanised(line, people):
            return 1
        if len(people) == 1 and romanised:
            self.romanised[len(self.names)] = romanised
        self._key_names(line.text, [each.name for each in people])
        for each in people:
            self.names.append((line, each.name, each.unit))
            if each.shared:
                self.ledger.add(line.number, each.unit, SHARED_UNIT)
            if is_odd(each.name):
                self.ledger.doubt(codes.AUTHOR_UNSURE, line.number, "", name=each.name)
        unsure = {each.unit: None for each in people if each.unit and not each.sure}
        for unit in unsure:
            self.ledger.doubt(codes.FRONT_UNKNOWN, line.number, unit, decided=codes.AS_UNIT)
        for left in read.left:
            what = Words(f"「{left}」沒有放進文章", f"{left} is not in the brief")
            self.ledger.doubt(codes.LOST, line.number, line.words, what=what)
        units = [each.unit for each in people if not each.shared]
        self._leftover(line, [part for part in (*(each.name for each in people), *units, romanised) if part])
        self._calls_on(line)
        self.last = line
        return 1

    def _units_line(self, line: Line, string: str) -> int:
        """A line of nothing but units, below the authors."""
        if not is_unit(string) or not self.names:
            return 0
        several = [part for part in re.split(f"{_BLANK}{{2,}}", string.strip(BLANKS)) if part]
        if len(several) != len(self.names) or not all(map(is_unit, several)):
            several = [string.strip(BLANKS)]
        keys = _keys(line.text)
        for unit in several:
            if keys:
                self.unit_keys[len(self.units)] = keys[0][0]
            self.units.append((len(self.names), unit))
        self.last_unit = self.last = line
        self._leftover(line, several)
        self._calls_on(line)
        return 1

    def _is_romanised(self, line: Line, people: Sequence[Person]) -> bool:
        """Whether a line right below the authors has the names of all in Latin letters; they are kept."""
        latin = [each.name for each in people]
        above = self.names[-1][0] if self.names else None
        if above is None or above is not self.last or len(latin) != len(self.names) or self.romanised:
            return False
        if not all(map(_LATIN_NAME.fullmatch, latin)) or not all(is_han(name[0]) for _, name, _ in self.names):
            return False
        self.romanised = dict(enumerate(latin))
        self._leftover(line, latin)
        self._calls_on(line)
        return True

    def _calls_on(self, line: Line) -> None:
        self.calls += (thing.note for thing in line.text.things if isinstance(thing, NoteCall))

    def _key_names(self, text: Text, parsed: Sequence[str]) -> None:
        """Remember the superscripts behind the names of a line, which lead to units: 王大明¹、李小美²."""
        string, end = _plain_marks(text), 0
        keys = _keys(text)
        for place, name in enumerate(parsed):
            found = re.compile(f"{_BLANK}*".join(map(re.escape, name))).search(string, end)
            if found is None:
                return
            end = found.end()
            following = re.search(r"[^\s*＊†‡]", string[end:])
            until = end + following.start() if following else len(string)
            own = [key for key, at in keys if end <= at <= until]
            self.name_keys[len(self.names) + place] = re.findall("[0-9]+|[a-z]", ",".join(own))

    def _leftover(self, line: Line, kept: Sequence[str]) -> None:
        self.ledger.drop(line.number, without(line.text.words, kept), SEPARATOR)

    def _authors(self) -> list[Author]:
        authors = [
            Author(name, unit, (), line.number, self.romanised.get(place, ""), "" if place else self.orcid)
            for place, (line, name, unit) in enumerate(self.names)
        ]
        units = [unit.strip(BLANKS) for _, unit in self.units]
        if not authors or not units:
            return authors
        if len(self.unit_keys) == len(units) and any(self.name_keys.values()):
            return self._by_key(authors, units)
        if len({before for before, _ in self.units}) > 1:
            return self._in_turn(authors)
        if len(units) == len(authors):
            return [replace(each, units=(unit,)) for each, unit in zip(authors, units, strict=True)]
        if len(authors) == 1:
            return [replace(authors[0], units=tuple(units))]
        if len(units) > 1:
            return [*authors[:-1], replace(authors[-1], units=tuple(units))]
        for each in authors[1:]:
            self.ledger.add(each.number, units[0], SHARED_UNIT)
        return [replace(each, units=(units[0],)) for each in authors]

    def _by_key(self, authors: Sequence[Author], units: Sequence[str]) -> list[Author]:
        """Authors with the units to which the superscripts behind their names lead."""
        made, used = [], set[int]()
        for place, author in enumerate(authors):
            own = [at for at in range(len(units)) if self.unit_keys[at] in self.name_keys.get(place, ())]
            for at in used.intersection(own):
                self.ledger.add(author.number, units[at], SHARED_UNIT)
            used.update(own)
            made.append(replace(author, units=tuple(units[at] for at in own)))
        return self._with_left(made, [unit for at, unit in enumerate(units) if at not in used])

    def _in_turn(self, authors: Sequence[Author]) -> list[Author]:
        """Authors whose units stand between them, each below its authors, or above if the first line is a unit."""
        starts = sorted({before for before, _ in self.units})
        above = starts[0] == 0
        made: list[Author] = []
        used: set[int] = set()
        for place, author in enumerate(authors):
            near = [start for start in starts if (start <= place if above else start > place)]
            start = (near[-1] if above else near[0]) if near else -1
            units = tuple(unit.strip(BLANKS) for before, unit in self.units if before == start)
            first = start == place if above else (place == 0 or place in starts)
            made.append(replace(author, units=units))
            if not first:
                for unit in units:
                    self.ledger.add(author.number, unit, SHARED_UNIT)
            used.add(start)
        left = tuple(unit.strip(BLANKS) for before, unit in self.units if before not in used)
        return self._with_left(made, left)

    def _with_left(self, authors: Sequence[Author], left: Sequence[str]) -> list[Author]:
        """Authors with the units that belong to nobody at the last of them, and a doubt about these."""
        if not left:
            return list(authors)
        last = authors[-1]
        what = Words(
            f"看不出「{left[0]}」是哪位作者的單位，放在最後一位", f"{left[0]}: not clear whose unit it is"
        )
        self.ledger.doubt(codes.FLATTENED, last.number, last.name, what=what)
        return [*authors[:-1], replace(last, units=(*last.units, *left))]


def is_named(words: str) -> bool:
    """Whether words begin with the name of a line of the front: 題目："""
    return any(pattern.match(words) for _, pattern in _NAMED)


def is_of_form(words: str) -> bool:
    """Whether words begin with what the form of a periodical asks and a brief does not have: 投稿類別："""
    return bool(_LABELLED.match(words) or _CONTACT.match(words))


def _words(item: Item) -> str:
    return item.words if isinstance(item, Line) else ""


def _is_text(line: Line) -> bool:
    """Whether a line is a paragraph of running text."""
    return (len(line.words) > 60 and bool(re.search("[。，；]|[.;] ", line.words))) or line.words.endswith("。")


def _plain_marks(text: Text) -> str:
    """The characters of an author line without its superscript marks and stars."""
    letters = [
        letter.char
        for letter in text
        if letter.thing is None and not letter.look.sup and letter.char not in "*＊†‡"
    ]
    return "".join(letters)


def _side(line: Line) -> str:
    """Where a line stands: in the middle, at the right, or empty."""
    return "center" if line.centred else line.paragraph.alignment if line.paragraph.alignment == "right" else ""


def _between_marks(text: Text) -> list[str]:
    """What stands between the superscripts and stars of an author line."""
    return re.split("\0+", "".join(_plain_marks(Text((letter,))) or "\0" for letter in text))


def _date(words: str) -> tuple[int, int, int] | None:
    """Year, month and day; None where the words are no date."""
    found = _DATE.fullmatch(words)
    if found is None:
        return None
    year = int(found["year"]) if found["year"] else int(found["era"]) + 1911
    try:
        day = date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return day.year, day.month, day.day


def _keys(text: Text) -> list[tuple[str, int]]:
    """The keys of units in a line, each with its place in `_plain_marks`."""
    keys: list[tuple[str, int]] = []
    at = 0
    for letter in text:
        if letter.look.key and keys and keys[-1][1] == at:
            keys[-1] = (keys[-1][0] + letter.char, at)
        elif letter.look.key:
            keys.append((letter.char, at))
        at += len(_plain_marks(Text((letter,))))
    return keys


def without(text: str, kept: Sequence[str]) -> str:
    """The characters of a text that are not in the parts kept, which stand in it in some order."""
    for part in kept:
        at = text.find(part)
        if at >= 0 and part:
            text = text[:at] + text[at + len(part) :]
            continue
        for char in part:
            text = text.replace(char, "", 1)
    return text

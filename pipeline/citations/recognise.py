"""Citations in the plain text of a note: where each begins and ends, and what its parts are.

A note comes apart into stretches at 。 and ； (`pipeline.citations.marks`), a stretch into fields at ，. Read from
the left, a citation is: words that lead in (參見, see), authors, a title in 〈〉 or “”, perhaps editors, a source
in 《》 or italics or bare, then details — date, volume, pages, publisher, address. A stretch of which every word
is understood that way is a citation; one that only looks like a citation is a doubt.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.citations import dates, details, kinds, names
from pipeline.citations.marks import Marked, Span
from pipeline.citations.works import Name, Work
from pipeline.diagnostics import Words
from pipeline.flat import REFERENCE, Link


@dataclass(frozen=True, slots=True)
class Part:
    """`text[start:end]` plays a role in a citation.

    `role`: author, editor, translator (one part a name), article-title, source, date, url, pages, volume,
    issue, publisher, place. Titles lie inside their marks; numbers are without 第 or 頁. `value` is the text
    itself, but of a date ISO 8601 (empty when there is no such day), of an address where it leads.
    """

    role: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Found:
    """One citation, `text[start:end]`, without its final stop.

    `kind` is a publication-type: news, journal, book, chapter, report, thesis, web, law. `lang` is the
    language of its title (BCP 47). `parts` are in the order of the text and do not overlap.
    """

    start: int
    end: int
    kind: str
    lang: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A stretch that looks like a citation and could not be read with certainty."""

    start: int
    end: int
    reason: Words


@dataclass(frozen=True, slots=True)
class Recognised:
    """What one paragraph of a note cites, each in the order of the text."""

    citations: tuple[Found, ...]
    doubts: tuple[Doubt, ...]


def recognise(text: str, links: Sequence[Link], italics: Sequence[Span] = ()) -> Recognised:
    """The citations in the flat text of one paragraph of a note.

    `links` are its addresses; `italics` the stretches in italics, by which an English book is known.
    """
    marked = Marked(text, links, italics)
    citations, doubts = [], []
    for start, end in marked.stretches():
        read = _Reader(marked, start, end).read()
        if isinstance(read, Found):
            citations.append(read)
        elif _looks_like_one(marked, start, end):
            doubts.append(Doubt(start, end, read))
    return Recognised(tuple(citations), tuple(doubts))


def surname(found: Found, part: Part) -> tuple[Span, Span] | None:
    """Where the surname and the given names of a person lie in `part.value`; None where that isn't certain.

    Of names in Chinese characters only those of Chinese authors: not of a Japanese title, not of a translated
    book, whose author has a foreign name in Chinese characters.
    """
    western = re.match("[A-Za-z\u00c0-\u024f]", part.value)
    translated = part.role != "translator" and any(other.role == "translator" for other in found.parts)
    if not western and (translated or not found.lang.startswith("zh")):
        return None
    return names.split(part.value)


def work(text: str, found: Found) -> Work:
    """A citation as data. The title of a book is its source where no article is named."""

    def value(role: str) -> str:
        return next((part.value for part in found.parts if part.role == role), "")

    def people(role: str) -> tuple[Name, ...]:
        return tuple(_name(found, part) for part in found.parts if part.role == role)

    title, source = value("article-title"), value("source")
    return Work(
        text=text[found.start : found.end],
        kind=found.kind,
        lang=found.lang,
        authors=people("author"),
        editors=people("editor"),
        title=title or source,
        container=source if title else "",
        volume=value("volume"),
        issue=value("issue"),
        pages=value("pages"),
        publisher=value("publisher"),
        place=value("place"),
        date=value("date"),
        url=value("url"),
    )


def _name(found: Found, part: Part) -> Name:
    cut = surname(found, part)
    if cut is None:
        return Name(part.value)
    (family, family_end), (given, given_end) = cut
    return Name(part.value, part.value[family:family_end], part.value[given:given_end])


_NO_TITLE = Words("看不出篇名或書名", "no title can be made out")
_BEFORE = Words("標題前的「{words}」不像作者", "“{words}” before the title does not read as an author")
_AFTER = Words("看不懂「{words}」是書目的哪一部分", "“{words}” is no part of a citation known here")
_REFERRING = Words("裡面有參照別註的標記", "it holds a reference to another note")
_TOO_LITTLE = Words("沒有足以確定的出處、日期或網址", "too little to be sure: no source, date or address")
_AUTHOR_OR_SOURCE = Words(
    "標題前的媒體是作者還是出處，無法確定", "the medium before the title may be author or source"
)
_STOP_IN_LINK = Words("網址的連結把句末標點也包進去了", "the link holds the stop after its address")

_TITLED = re.compile(
    "[〈《][^〉》]*[〉》]|“[^“”]{8,},”|“[^“”]{8,}”, |\\([^():]{1,40}: [^():]{1,80}, [12][0-9]{3}\\)"
)
"""Marks of a title, or the imprint of an English book."""
_LEAD_IN = re.compile(
    r"(?:(?:另外?|亦|並|又|再|可|請|也|均|詳細|詳情|相關(?:報導|討論|資料|研究|說明)?|此外|同時|有關|其他|例如|轉)*"
    r"(?:參見|參閱|參照|參考|參|詳見|詳參|詳閱|詳|請見|見於|見|轉引自|引自|引用自|轉載自|摘自|出自|取自|資料來源|來源|原文|載於)"
    r"|例如|譬如|此外|另外|又如|如|以及)[：:，]?[ \u3000]*"
)
_MID_LEAD_IN = re.compile(
    r".*(?:參見|參閱|參照|詳見|詳參|請見|另見|亦見|可見於|引自|整理自|改寫自|譯自|，見|[：:])"
    r"[：: \u3000]*",
    re.DOTALL,
)
_ENGLISH_LEAD_IN = re.compile(
    r"(?:and )?(?:also )?"
    r"(?:see(?: also| generally)?|cf\.|e\.g\.|for example|(?:as )?(?:cited|quoted|reported) in|source(?=:))"
    r"(?:[,:]? (?:e\.g\.|for example|for instance))?[,:]?\s+|and (?=[A-Z“]|\Z)",
    re.IGNORECASE,
)
_ENGLISH_MID_LEAD_IN = re.compile(r".*\b(?:see also|see|cited in|quoted in)(?:,? e\.g\.,?|:)? ", re.DOTALL)

_AMERICAN = ",，"
_JOINT = re.compile(r"and |& |(?:本報)?(?:特派)?記者 ?")
"""What stands before a name in a field of its own."""
_ROLES = (
    (
        re.compile(r"(?:等人?)?(?:合|共同)?(?:主編|編輯|編)$|[（(](?:主?編|[Ee]ds?\.?)[）)]$|,? [Ee]ds?\.?$"),
        "editor",
    ),
    (re.compile(r"(?:等人?)?(?:合|共同)?(?:編譯|翻譯|譯註|譯)$|[（(](?:譯|[Tt]rans\.)[）)]$"), "translator"),
    (re.compile(r"(?:等人?)?(?:合|共同)?(?:編著|合著|著|撰文|撰)$|等人?$| et al\.?$| 외$| 기자$"), "author"),
    (re.compile(r"[／/╱].{2,8}(?:報導|報道|電)$"), "author"),
)
_HELD_IN = re.compile(r"(?:收錄?[於在]|載[於自]?|刊載?於|輯於|[Ii]n )[ ：:]?")
_COUNTRY = re.compile(
    r"(?:the )?(?:R\.?O\.?C\.?|Republic of [A-Z]\w+|People’s Republic of China|PRC|Taiwan|Japan|China|Australia"
    r"|India|Philippines|United States|U\.?S\.?A?\.?|United Kingdom|UK|South Korea|Korea|Singapore|Vietnam|France"
    r"|Germany)(?: \((?:Taiwan|R\.?O\.?C\.?)\))?"
)
_DEEPEST = 2
"""Brackets in brackets are read, and no deeper."""
_IMPRINT = re.compile(r"([^：:]{1,40})(?:：|: ?)([^：:]{1,80})")


def _looks_like_one(marked: Marked, start: int, end: int) -> bool:
    """Whether a stretch holds an address, or marks of a title and a date."""
    if any(start <= address < end for address in marked.addresses):
        return True
    text = marked.text[start:end]
    if not dates.ANY.search(text):
        return False
    return bool(_TITLED.search(text)) or any(start <= at < end for at in marked.italics)


class _Reader:
    """Reads one stretch as a citation; holds what it has understood so far."""

    def __init__(self, marked: Marked, start: int, end: int) -> None:
        self.marked, self.text = marked, marked.text
        self.start, self.end = start, end
        self.parts: list[Part] = []
        self.bare_source = False
        self.is_thesis = False
        self.is_law = False

    def read(self) -> Found | Words:
        """The citation, or what is in the way of one."""
        if REFERENCE in self.text[self.start : self.end]:
            return _REFERRING
        head = self.head()
        if head is None:
            return _NO_TITLE
        problem = self.lead(head)
        if problem is not None:
            return problem
        fields = self.marked.fields(head, self.end, 0)
        while fields:
            used = self.field(fields)
            if not used:
                return _AFTER.fill({"words": self.clipped(*fields[0])})
            fields = fields[used:]
        return self.found()

    # What leads up to the title

    def head(self) -> int | None:
        """Where the title begins: at 〈 or “, else at 《 or italics."""
        groups = [at for at in self.marked.groups if self.start <= at < self.end and self.marked.level[at] == 1]
        titles = [at for at in groups if self.is_title(at)]
        books = [at for at in groups if self.text[at] == "《"]
        books += [at for at in self.marked.italics if self.start <= at < self.end and self.marked.level[at] == 1]
        return min(titles or books, default=None)

    def is_title(self, at: int) -> bool:
        """Whether marks are those of an article: “” only before a comma or with an American one inside."""
        if self.text[at] in '“"':
            end = self.marked.groups[at]
            return self.text[end - 2] in ",，?!？！" or self.text[end : end + 1] in ("，", ",")
        return self.text[at] == "〈"

    def lead(self, head: int) -> Words | None:
        """Read what stands before the title: words that lead in, and the people."""
        self.start = self.after_lead_in(self.start, head)
        before = self.text[self.start : head].rstrip()
        if not before:
            self.start = head
            return None
        fields = self.marked.fields(self.start, head, 0)
        joined = before[-1] in _AMERICAN and all(self.people(*field) for field in fields)
        if joined and (len(fields) == 1 or self.is_list()):
            return None
        return _BEFORE.fill({"words": self.clipped(self.start, head)})

    def is_list(self) -> bool:
        """Whether the people in several fields are all persons, or all acronyms, and not one and its body."""
        said = [part.value for part in self.parts]
        return all(names.kind(name) == "person" for name in said) or all(map(names.is_acronym, said))

    def after_lead_in(self, start: int, head: int) -> int:
        """Where a citation begins after 參見, 例如：, see also, and whatever words stand before these."""
        for form in (_LEAD_IN, _ENGLISH_LEAD_IN):
            found = form.match(self.text, start, head)
            if found:
                start = found.end()
        for form in (_MID_LEAD_IN, _ENGLISH_MID_LEAD_IN):
            found = form.match(self.text, start, head)
            if found and self.marked.level[found.end() - 1] == 0 and not self.is_speaker(*found.span()):
                start = found.end()
        return start

    def is_speaker(self, start: int, end: int) -> bool:
        """Whether what leads up to a title is a name and a colon: perhaps the author, perhaps not."""
        said = self.text[start:end].rstrip(" \u3000")
        return said[-1:] in ("：", ":") and names.kind(said[:-1]) != ""

    def people(self, start: int, end: int, role: str = "") -> bool:
        """Read a field as names, joined by 、 or and, with the role that follows them."""
        for form, meant in _ROLES:
            found = form.search(self.text, start, end)
            if found and found.start() > start:
                end, role = found.start(), role or meant
        joint = _JOINT.match(self.text, start, end)
        spans = _names(self.text, joint.end() if joint else start, end)
        for first, last in spans:
            self.parts.append(Part(role or "author", first, last, self.text[first:last]))
        return bool(spans)

    # The fields from the title on

    def field(self, fields: list[Span]) -> int:
        """Read the first of the fields, perhaps with those after it; how many were read, 0 for none."""
        start, end = fields[0]
        if self.is_title_field(start):
            return int(self.title(start, end))
        held = _HELD_IN.match(self.text, start, end) if self.has("article-title") else None
        begin = held.end() if held and not self.has("source") else start
        if not self.has("source") and self.source(begin, end):
            return 1
        if self.details(start, end):
            return 1
        if not self.has("source"):
            return self.editors(begin, fields) or int(self.bare(begin, end))
        return int(self.continued(start, end) or self.published(start, end, fields[1:]))

    def is_title_field(self, start: int) -> bool:
        unread = not self.has("article-title") and not self.has("source")
        return unread and start in self.marked.groups and self.is_title(start)

    def title(self, start: int, end: int) -> bool:
        """Read 〈title〉 or “title,” and a number or letter in brackets after it."""
        closing = self.marked.groups[start]
        inside = start + 1, closing - 1
        if self.text[start] != "〈" and self.text[inside[1] - 1] in _AMERICAN:
            inside = inside[0], inside[1] - 1
        return self.take("article-title", *inside) and self.details(closing, end)

    def source(self, start: int, end: int) -> bool:
        """Read 《source》 or a source in italics, with what is joined to it: 第3期, （台北：…）."""
        if self.text[start : start + 1] == "《" and start in self.marked.groups:
            closing = self.marked.groups[start]
            taken = self.take("source", start + 1, closing - 1)
        elif start in self.marked.italics and self.marked.italics[start] <= end:
            closing = self.marked.italics[start]
            taken = self.take("source", start, closing)
        else:
            return False
        return taken and self.details(closing, end)

    def editors(self, start: int, fields: list[Span]) -> int:
        """Read 甲、乙主編 or “in A and B, eds.” between a title and its book."""
        if not self.has("article-title"):
            return 0
        following = self.text[slice(*fields[1])] if len(fields) > 1 else ""
        if re.fullmatch(r"\(?[Ee]ds?\.\)?", following):
            return 2 if self.people(start, fields[0][1], "editor") else 0
        end = fields[0][1]
        if any(form.search(self.text, start, end) for form, role in _ROLES if role != "author"):
            return int(self.people(start, end))
        return 0

    def bare(self, start: int, end: int) -> bool:
        """Read a source without marks: Reuters, 中央社."""
        if not self.has("article-title") or any(self.has(role) for role in ("date", "url", "pages", "volume")):
            return False
        self.bare_source = True
        opening = next((at for at in self.marked.groups if start < at < end and self.text[at] in "(（"), end)
        first, last = self.marked.trim(start, opening)
        if opening < end and names.is_source(self.text[first:last]) and self.details(opening, end):
            return self.take("source", first, last)
        return names.is_source(self.text[start:end]) and self.take("source", start, end)

    def continued(self, start: int, end: int) -> bool:
        """Read the country after a ministry: Ministry of Foreign Affairs, Republic of China (Taiwan)."""
        last = self.parts[-1]
        if not self.bare_source or last.role != "source" or not _COUNTRY.fullmatch(self.text, start, end):
            return False
        self.parts[-1] = Part("source", last.start, end, self.text[last.start : end])
        return True

    def published(self, start: int, end: int, following: list[Span]) -> bool:
        """Read a publisher without brackets, perhaps after its place: 台北：五南，2024年."""
        if self.bare_source or self.has("url") or self.has("publisher"):
            return False
        if self.imprint(start, end):
            return True
        dated = bool(following) and dates.read(self.text, *following[0]) is not None
        is_book = not self.has("article-title") and not self.has("date")
        name = self.text[start:end]
        return dated and is_book and names.is_source(name) and self.take("publisher", start, end)

    # Details

    def details(self, start: int, end: int) -> bool:
        """Read a stretch that holds only details; when it holds anything else, nothing of it is read."""
        before = len(self.parts), self.is_thesis, self.is_law
        while start < end:
            after = start + 1 if self.text[start].isspace() else self.detail(start, end)
            if after is None:
                del self.parts[before[0] :]
                self.is_thesis, self.is_law = before[1:]
                return False
            start = after
        return True

    def detail(self, start: int, end: int) -> int | None:
        """Where the one detail that begins at `start` ends; None when none does."""
        if start in self.marked.groups and self.text[start] in "（([":
            return self.bracket(start) if self.marked.groups[start] <= end else None
        return (
            self.address(start)
            or details.seen(self.text, start, end)
            or self.number(start, end)
            or self.date(start, end)
            or self.thesis(start, end)
            or self.law(start, end)
            or details.other(self.text, start, end)
        )

    def address(self, start: int) -> int | None:
        label = details.ADDRESS_LABEL.match(self.text, start, self.end)
        if label and label.end() in self.marked.addresses:
            start = label.end()
        if start not in self.marked.addresses or self.has("url"):
            return None
        end, target = self.marked.addresses[start]
        self.parts.append(Part("url", start, end, target))
        return end + (label is not None and label[0] == "<" and self.text[end : end + 1] == ">")

    def number(self, start: int, end: int) -> int | None:
        for role, (first, last) in details.numbers(self.text, start, end):
            if not role:
                return last
            if not self.take(role, first, last):
                return None
        page = details.newspaper_page(self.text, start, end)
        in_paper = self.has("article-title") and self.has("date") and not self.has("publisher")
        return page[0] if page and in_paper and self.take("pages", *page[1]) else None

    def date(self, start: int, end: int) -> int | None:
        printed = dates.read(self.text, start, end)
        if printed is None or self.has("date"):
            return None
        self.parts.append(Part("date", start, printed.end, printed.iso))
        return printed.end

    def thesis(self, start: int, end: int) -> int | None:
        read = details.thesis(self.text, start, end)
        if read is None:
            return None
        after, school = read
        named = names.is_source(self.text[slice(*school)]) and self.take("publisher", *school)
        if school[0] < school[1] and not named:
            return None
        self.is_thesis = True
        return after

    def law(self, start: int, end: int) -> int | None:
        after = details.law(self.text, start, end)
        self.is_law = self.is_law or after is not None
        return after

    def bracket(self, start: int) -> int | None:
        """Read （台北：五南，2024年）: details, and between them place and publisher, a school, or a number."""
        closing = self.marked.groups[start]
        if self.marked.level[start] > _DEEPEST:
            return None
        before = len(self.parts), self.is_thesis, self.is_law
        fields = self.marked.fields(start + 1, closing - 1, self.marked.level[start])
        while fields and self.details(*fields[0]):
            fields = fields[1:]
        while fields and self.details(*fields[-1]):
            fields = fields[:-1]
        if not fields or self.imprint_or_name(fields[0][0], fields[-1][1]):
            return closing
        del self.parts[before[0] :]
        self.is_thesis, self.is_law = before[1:]
        return None

    def imprint_or_name(self, start: int, end: int) -> bool:
        words = self.text[start:end]
        if self.imprint(start, end) or details.is_document(words):
            return True
        if names.is_city(words):
            return self.take("place", start, end)
        if (self.has("date") or self.is_thesis) and names.is_source(words):
            return self.take("publisher", start, end)
        gloss = self.parts and self.parts[-1].role == "source" and not re.search("[\u3400-\u9fff]", words)
        return bool(gloss and names.is_source(words))

    def imprint(self, start: int, end: int) -> bool:
        """Read place and publisher: 台北：五南, Oxford: Oxford University Press."""
        found = _IMPRINT.fullmatch(self.text, start, end)
        if not found or not all(names.is_imprint(words.strip()) for words in found.groups()):
            return False
        place, publisher = (self.marked.trim(*found.span(number)) for number in (1, 2))
        return self.take("place", *place) and (
            self.thesis(*publisher) == publisher[1] or self.take("publisher", *publisher)
        )

    # What was read

    def has(self, role: str) -> bool:
        return any(part.role == role for part in self.parts)

    def take(self, role: str, start: int, end: int) -> bool:
        """Enter a part; False when there is one of that role, or nothing in it."""
        if self.has(role) or not self.text[start:end].strip():
            return False
        self.parts.append(Part(role, start, end, self.text[start:end]))
        return True

    def found(self) -> Found | Words:
        """The citation, if what was read is enough to be one."""
        if self.is_thesis and self.bare_source:  # it is the university
            self.parts = [replace(part, role=part.role.replace("source", "publisher")) for part in self.parts]
        roles = {part.role for part in self.parts}
        if any(part.role == "url" and self.text[part.end - 1] in "。，；" for part in self.parts):
            return _STOP_IN_LINK
        if not self.is_enough(roles):
            return _TOO_LITTLE
        media = [part for part in self.parts if part.role == "author" and kinds.is_news(part.value)]
        if media and "source" not in roles:
            return _AUTHOR_OR_SOURCE
        parts = tuple(sorted(self.parts, key=lambda part: part.start))
        by_role = {part.role: self.text[part.start : part.end] for part in reversed(parts)}
        lang = kinds.language(by_role.get("article-title") or by_role["source"], by_role.get("source", ""))
        day = next((part.value for part in parts if part.role == "date"), "")
        kind = "thesis" if self.is_thesis else kinds.kind(by_role, is_law=self.is_law, only_year=len(day) == 4)
        return Found(self.start, self.end, kind, lang, parts)

    def is_enough(self, roles: set[str]) -> bool:
        """Title and source with a date, an address or a volume; or a book with its publisher or its author."""
        placed = bool(roles & {"url", "volume", "issue", "publisher"})
        if {"article-title", "source"} <= roles:
            return placed or bool(roles & {"date", "pages"})
        if "article-title" in roles:
            return "date" in roles and bool(roles & {"author", "url", "publisher"})
        people = bool(roles & {"author", "editor"})
        law = self.is_law and kinds.is_law(next((p.value for p in self.parts if p.role == "source"), ""))
        return law or (placed and ("date" in roles or people)) or (people and bool(roles & {"date", "pages"}))

    def clipped(self, start: int, end: int) -> str:
        words = self.text[start:end].strip().replace(REFERENCE, "")
        return words if len(words) <= 24 else words[:24] + "…"


_COMMA = re.compile("、")
_ANDS = re.compile("(?<=[A-Za-z.]) (?:and|&) |&|[與及和暨]")


def _names(text: str, start: int, end: int) -> list[Span]:
    """The names in a field, joined by 、 or “and”; none when any of it is no name."""
    spans: list[Span] = []
    for piece in _cut(text, start, end, _COMMA):
        pair = _cut(text, *piece, _ANDS)
        if names.kind(text[slice(*piece)]):
            spans.append(piece)
        elif len(pair) > 1 and all(names.kind(text[slice(*each)]) == "person" for each in pair):
            spans += pair
        else:
            return []
    return spans


def _cut(text: str, start: int, end: int, joint: re.Pattern[str]) -> list[Span]:
    """The stretches between the joints, without blanks at their ends."""
    joints = [found.span() for found in joint.finditer(text, start, end)]
    bounds = [start, *(bound for span in joints for bound in span), end]
    spans = []
    for first, last in zip(bounds[::2], bounds[1::2], strict=True):
        inner = text[first:last]
        spans.append((first + len(inner) - len(inner.lstrip()), first + len(inner.rstrip())))
    return spans

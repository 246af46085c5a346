"""The reference list in JATS: each citation as printed, with its parts marked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from lxml import etree

from pipeline.bibliography.listing import Entry, date_parts, is_eastern, printed_name
from pipeline.citations import dates
from pipeline.citations.works import Name, Work
from pipeline.parse import HREF, LANG, XLINK_NAMESPACE

Element = etree._Element

_URL = "%/:?#[]@!$&'()*+,;=~-._"
"""What stands unencoded in an address, beside letters (RFC 3986 §2.2, 2.3)."""

_HAN_NUMBER = "\\d元〇○零一二三四五六七八九十"
_DATE_FORMS = (
    re.compile(
        rf"(?P<year>[{_HAN_NUMBER}]+) ?[年년]"
        rf"(?: ?(?P<month>[{_HAN_NUMBER}]+) ?[月월](?: ?(?P<day>[{_HAN_NUMBER}]+) ?[日일])?)?"
    ),
    re.compile(r"(?P<year>\d{4})[/.-] ?(?P<month>\d{1,2})[/.-] ?(?P<day>\d{1,2})"),
    re.compile(r"(?P<month>[A-Z][a-z]+\.?) (?P<day>\d{1,2})\D+(?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]+\.?),? (?P<year>\d{4})"),
    re.compile(r"(?P<month>[A-Z][a-z]+\.?)?,? ?(?P<year>\d{4})"),
)
_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_TITLES = {"zh-Hans": "参考文献", "zh": "參考文獻", "ja": "参考文献", "ko": "참고문헌"}
_ENDS = tuple("。.!?！？」”")
_OPENED = "〈《「『“‘\"'["
"""Marks that stand before a title."""


@dataclass(frozen=True, slots=True)
class Part:
    """Characters `start` to `end` of a printed citation are a `tag`; `parts` are those inside it, in order."""

    start: int
    end: int
    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    parts: tuple["Part", ...] = ()


def jats_ref_list(entries: Sequence[Entry], lang: str) -> Element:
    """The list as `ref-list`, its title in `lang` (JATS Publishing 1.1 Tag Library: ref-list, mixed-citation).

    A citation is printed as its author printed it, with its parts marked, where all that is known of the work
    stands in it; else in the form of the house. An `id` is the key of the entry, with `ref-` before it. The
    element declares `xlink`, which a DTD allows on `article` alone: `etree.cleanup_namespaces` there moves it.
    """
    root = etree.Element("ref-list", nsmap={"xlink": XLINK_NAMESPACE})
    title = next((title for prefix, title in _TITLES.items() if lang.startswith(prefix)), "References")
    etree.SubElement(root, "title").text = title
    for entry in entries:
        ref = etree.SubElement(root, "ref", id=entry.key if entry.key.startswith("ref-") else f"ref-{entry.key}")
        ref.append(jats_citation(entry.work))
    return root


def jats_citation(work: Work) -> Element:
    """A work as `mixed-citation`, ended by a stop: in its author's words, else in the form of the house."""
    citation = etree.Element("mixed-citation")
    if work.kind:
        citation.set("publication-type", work.kind)
    if re.fullmatch("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", work.lang):
        citation.set(LANG, work.lang)
    text = _stopped(work)
    parts = _parts(text, work)
    if not text or parts is None:
        text = _in_house_form(work)
        parts = _parts(text, work, all_of_them=False) or []
    _fill(citation, text, 0, len(text), parts)
    return citation


def _stopped(work: Work) -> str:
    """The words of a citation, ended by a stop."""
    text = work.text.rstrip(" ，、；,;")
    return text if text.endswith(_ENDS) or not text else text + ("。" if is_eastern(work) else ".")


def _fill(element: Element, text: str, start: int, end: int, parts: Sequence[Part]) -> None:
    """`text[start:end]` into an element, its parts as elements."""
    element.text = text[start : parts[0].start if parts else end]
    for part, following in zip(parts, [*(each.start for each in parts[1:]), end], strict=False):
        child = etree.SubElement(element, part.tag, dict(part.attributes))
        _fill(child, text, part.start, part.end, part.parts)
        child.tail = text[part.end : following]


# The parts of a citation


def _parts(text: str, work: Work, *, all_of_them: bool = True) -> list[Part] | None:
    """The parts of a work in a text, in order; None where one isn't in it, unless `all_of_them` is off."""
    reader, title_tag, western = _Reader(text), _title_tag(work), not is_eastern(work)
    found = [
        reader.link(work.url),
        reader.people(work.authors, "author"),
        reader.words(work.title, title_tag, italic=western and title_tag == "source"),
        reader.words(work.container, "source", italic=western),
        reader.people(work.editors, "editor"),
        reader.words(work.publisher, "publisher-name"),
        reader.words(work.place, "publisher-loc"),
        reader.date(work.date),
    ]
    if all_of_them and not all(found):
        return None
    reader.figures(work.volume, "volume", r"第\s*(%s)\s*卷|\b[Vv]ol(?:\.|ume)\s*(%s)\b")
    reader.figures(work.issue, "issue", r"第?\s*(%s)\s*[期號号호]|\b[Nn](?:o\.|umber)\s*(%s)\b")
    return sorted(reader.parts, key=lambda part: part.start)


class _Reader:
    """Finds parts in a citation. Each method marks what it finds, and says whether all it looked for is there."""

    def __init__(self, text: str) -> None:
        self.left = text
        self.parts: list[Part] = []

    def link(self, url: str) -> bool:
        written = next((each for each in (url, unquote(url), quote(url, safe=_URL)) if each in self.left), None)
        if written is not None and url:
            self.mark(_link(self.left.index(written), written, url))
        return written is not None

    def words(self, words: str, tag: str, *, italic: bool = False) -> bool:
        opened = re.search(f"(?<=[{re.escape(_OPENED)}]){re.escape(words)}", self.left)
        start = opened.start() if opened else self.left.find(words)
        if start >= 0 and words:
            self.mark(_words(start, words, tag, italic=italic))
        return start >= 0

    def people(self, names: Sequence[Name], role: str) -> bool:
        people: list[Part] = []
        for name in names:
            start = self.left.find(printed_name(name), people[-1].end if people else 0)
            if start < 0:
                return False
            people.append(_person(start, name))
        if people and "\0" in self.left[people[0].start : people[-1].end]:
            return False
        if people:
            self.mark(_group(people, role))
        return True

    def date(self, iso: str) -> bool:
        for found in re.finditer(r"\w", self.left) if iso else ():
            printed = dates.read(self.left, found.start(), len(self.left))
            if printed is not None and printed.iso == iso:
                for part in _date(found.start(), self.left[found.start() : printed.end], iso):
                    self.mark(part)
                return True
        return not iso

    def figures(self, figures: str, tag: str, pattern: str) -> None:
        found = re.search(pattern.replace("%s", re.escape(figures)), self.left) if figures else None
        if found is not None and found.lastindex:
            self.mark(Part(found.start(found.lastindex), found.end(found.lastindex), tag))

    def mark(self, part: Part) -> None:
        """Remember a part, and take its characters out of the search."""
        self.parts.append(part)
        self.left = self.left[: part.start] + "\0" * (part.end - part.start) + self.left[part.end :]


def _link(start: int, printed: str, url: str) -> Part:
    return Part(start, start + len(printed), "ext-link", {"ext-link-type": "uri", HREF: url})


def _words(start: int, words: str, tag: str, *, italic: bool = False) -> Part:
    end = start + len(words)
    return Part(start, end, tag, {}, (Part(start, end, "italic"),) if italic else ())


def _person(start: int, name: Name) -> Part:
    """`string-name`, with the two parts of the name where both are known and stand in it."""
    literal, inner = printed_name(name), []
    for tag, part in (("surname", name.family), ("given-names", name.given)):
        place = literal.find(part)
        if part and place >= 0:
            inner.append(Part(start + place, start + place + len(part), tag))
    inner.sort(key=lambda part: part.start)
    if len(inner) != 2 or inner[0].end > inner[1].start:
        inner = []
    return Part(start, start + len(literal), "string-name", {}, tuple(inner))


def _group(people: Sequence[Part], role: str) -> Part:
    return Part(people[0].start, people[-1].end, "person-group", {"person-group-type": role}, tuple(people))


def _date(start: int, printed: str, iso: str) -> Iterator[Part]:
    """`year`, `month` and `day` of a printed date; the year has all of it in ISO 8601 (Tag Library: year)."""
    found = next((found for form in _DATE_FORMS if (found := form.search(printed))), None)
    spans = {tag: found.span(tag) for tag in found.groupdict()} if found is not None else {}
    for tag, (first, end) in sorted(spans.items(), key=lambda item: item[1]):
        if first >= 0:
            yield Part(start + first, start + end, tag, {"iso-8601-date": iso} if tag == "year" else {})


def _title_tag(work: Work) -> str:
    is_whole = not work.container and work.kind in ("book", "thesis", "report", "")
    return "source" if is_whole else "article-title"


# The form of the house


def _in_house_form(work: Work) -> str:
    """作者，〈篇名〉，《刊名》，日期，網址。 or Author, “Title,” Source, Date, address.

    A work without a title keeps its author's words, and has the address behind them.
    """
    if work.text and not work.title:
        comma, stop = ("，", "。") if is_eastern(work) else (", ", ".")
        return comma.join(filter(None, (_stopped(work).rstrip("。."), work.url))) + stop
    year, month, day = [*date_parts(work), 0, 0, 0][:3]
    if is_eastern(work):
        when = f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")
        said = "，".join(filter(None, _eastern_pieces(work)))
        return _put_together(said, work, when if year else work.date, ("：", "，", "（{}）", "。"))
    when = f"{_MONTH_NAMES[month - 1]} " + (f"{day}, " if day else "") if month else ""
    said = re.sub(r"(?<=[,.?!]”),(?= )", "", ", ".join(filter(None, _western_pieces(work))))
    return _put_together(said, work, f"{when}{year}" if year else work.date, (": ", ", ", " ({})", "."))


def _put_together(said: str, work: Work, when: str, marks: tuple[str, str, str, str]) -> str:
    """`said`, then place, publisher and date in brackets or the date alone, then the address."""
    colon, comma, brackets, stop = marks
    imprint = colon.join(filter(None, (work.place, work.publisher)))
    if imprint:
        said += brackets.format(comma.join(filter(None, (imprint, when))))
        when = ""
    return comma.join(filter(None, (said, when, work.url))).strip() + stop


def _eastern_pieces(work: Work) -> Iterator[str]:
    yield "、".join(printed_name(name) for name in work.authors)
    if work.title:
        yield f"《{work.title}》" if _title_tag(work) == "source" else f"〈{work.title}〉"
    if work.editors:
        yield "、".join(printed_name(name) for name in work.editors) + "主編"
    if work.container:
        yield f"《{work.container}》"
    yield (f"第{work.volume}卷" if work.volume else "") + (f"第{work.issue}期" if work.issue else "")


def _western_pieces(work: Work) -> Iterator[str]:
    yield _listed(work.authors)
    if work.title and _title_tag(work) == "source":
        yield work.title
    elif work.title:
        yield f"“{work.title}”" if work.title.endswith((",", ".", "?", "!")) else f"“{work.title},”"
    if work.editors:
        yield _listed(work.editors) + (", ed." if len(work.editors) == 1 else ", eds.")
    yield work.container
    yield f"vol. {work.volume}" if work.volume else ""
    yield f"no. {work.issue}" if work.issue else ""


def _listed(names: Sequence[Name]) -> str:
    """A, B and C."""
    printed = [printed_name(name) for name in names]
    return " and ".join(filter(None, (", ".join(printed[:-1]), *printed[-1:])))

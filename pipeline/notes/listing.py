"""The reference list: the works that the notes of a brief cite, each once, and the files made of it.

    works ─group, merge, sort, name▶ [Entry] ─┬ csl_json, bibtex, ris   for Zotero and its like
                                              └ jats_ref_list           printed, with its parts marked

The order is that of periodicals in Taiwan: Chinese, then Japanese, Korean and Western works; East Asian ones by
the strokes of each character of the author's name (of the title where there is none), those of equal strokes by
radical; Western ones by the alphabet; one author's by date. (One such rule in print: 報告引文規範, 參之三.) In a
periodical in another language, works in that language come first.

Strokes are those Taiwan counts (陳 11, 蔡 15), which Unihan's kTotalStrokes are not (10, 14): Big5 has its
characters in their order. Code points follow the radicals (Unicode Standard, 18.1).
"""

import hashlib
import json
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from urllib.parse import quote, unquote

from lxml import etree

from pipeline.languages import HAN
from pipeline.notes import dates
from pipeline.notes.same import groups, keys, richest
from pipeline.notes.works import Name, Work
from pipeline.parse import HREF, LANG, XLINK_NAMESPACE

Element = etree._Element

_EAST = ("zh", "ja", "ko")
_ARTICLES = ("a", "an", "the")
_BIG5 = tuple(
    codes.split()
    for codes in (
        "A440 A442 A454 A4A1 A4FE A5E0 A6EA A8C3 AB45 ADBC B0AE B3C3 B6C3 B9AC BBF5 BEA7 C075 C24F C35F C455 "
        "C4D7 C56B C5C8 C5F1 C655 C665 C66C C676 C679 C67D C67E C67E",
        "C940 C940 C945 C94D C963 C9AB CA5A CBB1 CDDD D0C8 D44B D851 DCB1 E0F0 E4E6 E8F4 ECB9 EFB7 F1EB F3FD "
        "F5C0 F6D6 F7D0 F8A5 F8EE F96B F9A2 F9BA F9C6 F9CC F9D0 F9D1 F9D2 F9D3 F9D3 F9D4",
    )
)
"""Where in Big5 the characters of one stroke, two, three … begin: the 5,401 common ones, and the 7,652 others.

Found where radicals begin anew in the order of the codes; equal to the next where there are none.
"""

_BLANKS = re.compile(r"[^\S\u3000]+")
"""Blanks but the ideographic one, which headlines use as a mark."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One source in the list. `key` names it (needham2025, ref-3f2a91c0); `occurrences` are the indices of the
    works it was made of, in their order.

    A key is made of what the source is, not of its place; of sources that would have the same, the second that
    the works have is needham2025-2.
    """

    key: str
    work: Work
    occurrences: tuple[int, ...]


def reference_list(works: Sequence[Work], lang: str) -> list[Entry]:
    """The list of what `works` cite, in the order described above. `lang` is the language of the periodical.

    A work that says nothing at all is not in it.
    """
    entries: list[Entry] = []
    used: Counter[str] = Counter()
    for group in groups(works):
        work = _tidy(richest([works[index] for index in group]))
        if replace(work, kind="", lang="") != Work(""):
            key = _key(work)
            used[key] += 1
            entries.append(Entry(key if used[key] == 1 else f"{key}-{used[key]}", work, tuple(group)))
    return sorted(entries, key=lambda entry: _order(entry.work, lang))


def _tidy(work: Work) -> Work:
    """A work without line ends and double blanks."""
    values = {field.name: getattr(work, field.name) for field in fields(Work)}
    tidied = {name: _line(value) if isinstance(value, str) else _lines(value) for name, value in values.items()}
    return Work(**tidied)  # type: ignore[arg-type]


def _lines(names: Sequence[Name]) -> tuple[Name, ...]:
    tidied = (Name(_line(name.literal), _line(name.family), _line(name.given)) for name in names)
    return tuple(name for name in tidied if name != Name(""))


def _line(text: str) -> str:
    return _BLANKS.sub(" ", text).strip(" ")


# Order


def _order(work: Work, lang: str) -> tuple[int, tuple[tuple[int, str], ...], str, tuple[tuple[int, str], ...]]:
    languages = sorted((*_EAST, ""), key=lambda each: each != _primary(lang))
    people = "".join(
        name.literal if _is_eastern(work) else _inverted(name) for name in work.authors or work.editors
    )
    title = work.title or work.container or work.text
    return languages.index(_language(work)), _alphabet(people or title), work.date, _alphabet(title)


def _language(work: Work) -> str:
    """zh, ja, ko, or empty for all that are sorted by the Latin alphabet; by the script where it isn't said."""
    if work.lang:
        return _primary(work.lang)
    words = work.title + work.container or work.text
    if re.search("[\uac00-\ud7ff]", words):
        return "ko"
    if re.search("[\u3041-\u309f\u30a1-\u30fa]", words):
        return "ja"
    return "zh" if HAN.search(words) else ""


def _primary(lang: str) -> str:
    primary = lang.partition("-")[0].lower()
    return primary if primary in _EAST else ""


def _is_eastern(work: Work) -> bool:
    return _language(work) != ""


def _inverted(name: Name) -> str:
    return f"{name.family} {name.given} " if name.family else f"{name.literal} "


def _alphabet(text: str) -> tuple[tuple[int, str], ...]:
    """What a text is sorted by: each letter with its strokes, which only Han have; no marks, accents, articles."""
    words = re.findall(r"\w+", _bare(text))
    if words and words[0] in _ARTICLES:
        words = words[1:]
    return tuple((_strokes(letter), letter) for letter in " ".join(words))


def _strokes(letter: str) -> int:
    """The strokes of a Han character; one that Big5 hasn't comes after all that it has. No strokes for others."""
    if not HAN.match(letter):
        return 0
    try:
        code = letter.encode("big5").hex().upper()
    except UnicodeEncodeError:
        return 99
    return bisect_right(_BIG5[code >= "C940"], code)


def _bare(text: str) -> str:
    """Small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})
"""Letters that Unicode doesn't take apart."""


# Keys


def _key(work: Work) -> str:
    """Family name, else the first word of the title, and the year; without Latin letters, a hash."""
    if not _is_eastern(work):
        author = next(iter(work.authors or work.editors), Name(""))
        surname = "".join(re.findall("[a-z]+", _bare(author.family)))
        words = re.findall("[a-z]{2,}", _bare(author.literal or work.title))
        stem = surname or next((word for word in words if word not in _ARTICLES), "")
        if stem:
            return stem + "".join(str(part) for part in _date_parts(work)[:1])
    return "ref-" + hashlib.sha256(repr(keys(work)[0]).encode()).hexdigest()[:8]


# CSL-JSON

_CSL_TYPES = {
    "news": "article-newspaper",
    "journal": "article-journal",
    "book": "book",
    "chapter": "chapter",
    "report": "report",
    "thesis": "thesis",
    "law": "legislation",
    "web": "webpage",
}


def csl_json(entries: Sequence[Entry]) -> str:
    """The list as CSL-JSON, the data of citation processors (CSL 1.0.2, csl-data.json), ended by a line end.

    A work without title and without a container has its words for a title, so that no entry is empty.
    """
    return json.dumps([_csl_item(entry) for entry in entries], ensure_ascii=False, indent=2) + "\n"


def _csl_item(entry: Entry) -> dict[str, object]:
    work, issued = entry.work, _date_parts(entry.work)
    item = {
        "id": entry.key,
        "type": _CSL_TYPES.get(work.kind, "webpage" if work.url else "document"),
        "title": _title(work),
        "author": [_csl_name(name) for name in work.authors],
        "editor": [_csl_name(name) for name in work.editors],
        "container-title": work.container,
        "volume": work.volume,
        "issue": work.issue,
        "publisher": work.publisher,
        "publisher-place": work.place,
        "issued": {"date-parts": [issued]} if issued else "",
        "URL": work.url,
        "language": work.lang,
    }
    return {name: value for name, value in item.items() if value}


def _csl_name(name: Name) -> dict[str, str]:
    if name.family and name.given:
        return {"family": name.family, "given": name.given}
    return {"literal": _printed_name(name)}


def _title(work: Work) -> str:
    return work.title or ("" if work.container else work.text)


def _date_parts(work: Work) -> list[int]:
    """Year, month and day as far as they are known and can be."""
    found = re.match(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?!\d)", work.date)
    parts = [int(part) for part in found.groups() if part] if found else []
    while parts:
        try:
            date(*[*parts, 1, 1][:3])
            return parts
        except ValueError:
            parts.pop()
    return []


# BibTeX

_BIBTEX_TYPES = {
    "news": ("article", "journal", "publisher"),
    "journal": ("article", "journal", "publisher"),
    "book": ("book", "series", "publisher"),
    "chapter": ("incollection", "booktitle", "publisher"),
    "report": ("techreport", "institution", "institution"),
    "thesis": ("phdthesis", "school", "school"),
}
"""The type of entry, and the names of its fields for container and publisher."""

_TEX = str.maketrans(
    {character: f"\\{character}" for character in "&%#_$"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {"<": r"\textless{}", ">": r"\textgreater{}"}
)
_BRACES = str.maketrans({"{": r"\{", "}": r"\}"})
_SINGLE_BRACES = str.maketrans({"{": r"\textbraceleft{}", "}": r"\textbraceright{}"})
_LIGATURE = re.compile("([-',`])(?=\\1)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def bibtex(entries: Sequence[Entry]) -> str:
    r"""The list as BibTeX (Patashnik, BibTeXing, 1988, §3), in UTF-8, for styles of LaTeX and of pandoc.

    Titles are in a second pair of braces: as they are printed, whatever a style does with capitals. Names in
    East Asian languages and of bodies are one word in braces. BibTeX counts braces even behind a backslash, so
    those of a field without partners are `\textbraceleft`, which LaTeX knows and pandoc leaves out.
    """
    return "\n".join(_bibtex_entry(entry) for entry in entries)


def _bibtex_entry(entry: Entry) -> str:
    work = entry.work
    kind, container, publisher = _BIBTEX_TYPES.get(work.kind, ("misc", "howpublished", "publisher"))
    if work.kind == "thesis" and re.search("碩士|碩論|master", work.text, re.IGNORECASE):
        kind = "mastersthesis"
    year, month, day = [*map(str, _date_parts(work)), "", "", ""][:3]
    written = [
        ("author", " and ".join(_bibtex_name(name, work) for name in work.authors)),
        ("editor", " and ".join(_bibtex_name(name, work) for name in work.editors)),
        ("title", f"{{{_tex(_title(work))}}}" if _title(work) else ""),
        (container, _tex(work.container)),
        (publisher, _tex(work.publisher)),
        ("address", _tex(work.place)),
        ("volume", _tex(work.volume)),
        ("number", _tex(work.issue)),
        ("year", year.zfill(4) if year else ""),
        ("month", _MONTHS[int(month) - 1] if month else ""),
        ("day", day),
        ("url", re.sub(r'[{}\\ "<>^`|]', lambda found: quote(found[0]), work.url)),
        ("language", _tex(work.lang)),
    ]
    values = {name: value if name == "month" else f"{{{value}}}" for name, value in written if value}
    lines = [f"  {name} = {value}" for name, value in values.items()]
    return ",\n".join([f"@{kind}{{{entry.key}", *lines]) + "\n}\n"


def _bibtex_name(name: Name, work: Work) -> str:
    """`Family, Given`; in braces what isn't two parts, or has a comma or an “and” that would part it."""
    if _is_inverted(name, work) and not re.search(r"[,{}]|\band\b", f"{name.family} {name.given}", re.IGNORECASE):
        return f"{_tex(name.family)}, {_tex(name.given)}"
    return f"{{{_tex(_printed_name(name))}}}"


def _is_inverted(name: Name, work: Work) -> bool:
    """Whether a name is `Family, Given` in files that set it the other way round: never an East Asian one."""
    return bool(name.family and name.given) and not _is_eastern(work) and not HAN.search(name.literal)


def _tex(text: str) -> str:
    """A text as LaTeX prints it unchanged."""
    braces = _BRACES if _is_balanced(text) else _SINGLE_BRACES
    return _LIGATURE.sub(r"\1{}", "".join(part.translate(_TEX | braces) for part in text))


def _is_balanced(text: str) -> bool:
    depth = 0
    for brace in re.findall("[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


# RIS

_RIS_TYPES = {
    "news": "NEWS",
    "journal": "JOUR",
    "book": "BOOK",
    "chapter": "CHAP",
    "report": "RPRT",
    "thesis": "THES",
    "law": "STAT",
    "web": "ELEC",
}


def ris(entries: Sequence[Entry]) -> str:
    """The list as RIS (Research Information Systems, RIS Format Specifications, 2011), lines ended by CR LF.

    A comma in a name parts it in RIS and can't be escaped: a body with a comma in its name is read as a person.
    """
    records = ("".join(f"{tag}  - {value}\r\n" for tag, value in _ris_lines(entry)) for entry in entries)
    return "\r\n".join(records)


def _ris_lines(entry: Entry) -> Iterator[tuple[str, str]]:
    work = entry.work
    year, month, day = [*map(str, _date_parts(work)), "", "", ""][:3]
    yield "TY", _RIS_TYPES.get(work.kind, "ELEC" if work.url else "GEN")
    yield "ID", entry.key
    yield from (("AU", _ris_name(name, work)) for name in work.authors)
    yield from (("A2", _ris_name(name, work)) for name in work.editors)
    lines = {
        "TI": _title(work),
        "T2": work.container,
        "PY": year.zfill(4) if year else "",
        "DA": f"{year.zfill(4)}/{month.zfill(2)}/{day.zfill(2) if day else ''}/" if month else "",
        "VL": work.volume,
        "IS": work.issue,
        "PB": work.publisher,
        "CY": work.place,
        "UR": work.url,
        "LA": work.lang,
    }
    yield from ((tag, value) for tag, value in lines.items() if value)
    yield "ER", ""


def _ris_name(name: Name, work: Work) -> str:
    return f"{name.family}, {name.given}" if _is_inverted(name, work) else _printed_name(name)


# JATS

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
    return text if text.endswith(_ENDS) or not text else text + ("。" if _is_eastern(work) else ".")


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
    reader, title_tag, western = _Reader(text), _title_tag(work), not _is_eastern(work)
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
            start = self.left.find(_printed_name(name), people[-1].end if people else 0)
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
    literal, inner = _printed_name(name), []
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
        comma, stop = ("，", "。") if _is_eastern(work) else (", ", ".")
        return comma.join(filter(None, (_stopped(work).rstrip("。."), work.url))) + stop
    year, month, day = [*_date_parts(work), 0, 0, 0][:3]
    if _is_eastern(work):
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
    yield "、".join(_printed_name(name) for name in work.authors)
    if work.title:
        yield f"《{work.title}》" if _title_tag(work) == "source" else f"〈{work.title}〉"
    if work.editors:
        yield "、".join(_printed_name(name) for name in work.editors) + "主編"
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
    printed = [_printed_name(name) for name in names]
    return " and ".join(filter(None, (", ".join(printed[:-1]), *printed[-1:])))


def _printed_name(name: Name) -> str:
    return name.literal or f"{name.given} {name.family}".strip()

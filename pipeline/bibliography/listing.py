"""Listing: the works that the notes of a brief cite, each once, in the order of a reference list.

    works ─group, merge, sort, name▶ [Entry] ─┬ formats    csl_json, bibtex, ris: for Zotero and its like
                                              └ ref_list   JATS: printed, with its parts marked

The order is that of periodicals in Taiwan: Chinese, then Japanese, Korean and Western works; East Asian ones by
the strokes of each character of the author's name (of the title where there is none), those of equal strokes by
radical; Western ones by the alphabet; one author's by date. (One such rule in print: 報告引文規範, 參之三.) In a
periodical in another language, works in that language come first.

Strokes are those Taiwan counts (陳 11, 蔡 15), which Unihan's kTotalStrokes are not (10, 14): Big5 has its
characters in their order. Code points follow the radicals (Unicode Standard, 18.1).
"""

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from lxml import etree

from pipeline.bibliography.same import groups, keys, richest
from pipeline.citations.works import Name, Work
from pipeline.languages import HAN

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
        name.literal if is_eastern(work) else _inverted(name) for name in work.authors or work.editors
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


def is_eastern(work: Work) -> bool:
    """Whether a work is Chinese, Japanese or Korean."""
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
    if not is_eastern(work):
        author = next(iter(work.authors or work.editors), Name(""))
        surname = "".join(re.findall("[a-z]+", _bare(author.family)))
        words = re.findall("[a-z]{2,}", _bare(author.literal or work.title))
        stem = surname or next((word for word in words if word not in _ARTICLES), "")
        if stem:
            return stem + "".join(str(part) for part in date_parts(work)[:1])
    return "ref-" + hashlib.sha256(repr(keys(work)[0]).encode()).hexdigest()[:8]


# What the files made of a list share


def date_parts(work: Work) -> list[int]:
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


def printed_name(name: Name) -> str:
    """A name as it is printed; made of its parts where nobody printed it."""
    return name.literal or f"{name.given} {name.family}".strip()

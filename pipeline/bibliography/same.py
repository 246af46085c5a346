"""The same source: which of the works that notes cite are one, and what is known of each.

A work is known by keys: its address, its title with its author, its title with what holds it. Two works are
the same when they share a key, so that comparing thousands takes one pass and never all pairs. The keys are
strict where being wrong would lose a source: a source listed twice is seen, a source that is not listed isn't.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import fields
from urllib.parse import parse_qsl, unquote, urlsplit

from pipeline.citations.works import Name, Work

Key = tuple[Hashable, ...]

_VARIANTS = str.maketrans(
    "臺裡着爲衆啓峯羣綫祕牀說户産内温强鷄査",
    "台裏著為眾啟峰群線秘床説戶產內溫強雞查",
)
"""Forms of one character that one title is printed with in different places, each to the same."""

_DOT = "\u119e"
"""NFKC of ㆍ (U+318D), the dot between Korean words, which Unicode counts among the letters."""

_BOOKS = ("book", "thesis")
_PRINTED = (*_BOOKS, "report")
"""Kinds whose printings differ: edition, volume and year are part of what they are."""

_EDITION = re.compile(
    r"[（(]?(?:(?<![A-Za-z0-9.])第?\s*(?P<han>[0-9０-９〇一二三四五六七八九十]+)\s*版|(?P<latin>\d+)(?:st|nd|rd|th)\s+ed(?:ition\b|\b\.?)"
    r"|(?P<word>first|second|third|fourth|fifth|sixth|revised|rev\.|new)\s+ed(?:ition\b|\b\.?)"
    r"|(?P<named>(?:修訂|增訂|增補|再|新)[初二三四五六]?版)|初版)[）)]?",
    re.IGNORECASE,
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}

_HAN_FIGURES = str.maketrans(dict(zip("一二三四五六七八九", "123456789", strict=True)))

_PAGE = r"(?:\d+|[IVXLivxl]+\b)(?!\d|\s*[年月日])"
_PAGES = rf"{_PAGE}(?:\s*[-–—~～至、,，]\s*{_PAGE})*"
_LOCATOR = re.compile(rf"\s*[，,、]?\s*(?:第\s*{_PAGES}\s*頁|頁\s*{_PAGES}|\bpp?\.\s*{_PAGES}\b)")

_HOST_PREFIX = re.compile(r"(?:(?:www\d*|m|mobile|amp|dx)\.)+(?=[^.]+\.)")
_TRACKING = re.compile(
    r"utm_.*|(?:fb|g|dc|y|tw|igs|msc?l?k)clid|g?braid|wbraid|igshid?|mibextid|sfnsn|mc_[ce]id|_g[al]|ref|ref_src|from"
    r"|spm|cmpid|s_cid|share|cf-view|cf-closed|amp",
    re.IGNORECASE,
)
_SHORT_ADDRESSES = {
    *("reurl.cc", "bit.ly", "t.co", "tinyurl.com", "goo.gl", "ppt.cc", "pse.is", "lihi.cc", "is.gd", "ow.ly"),
    *("buff.ly", "rb.gy", "cutt.ly", "lihi1.com", "lihi2.com", "lihi3.com", "psee.io", "shorturl.at", "wp.me"),
}


def same(a: Work, b: Work) -> bool:
    """Whether two works are the same source: whether they share one of their `keys`."""
    return not set(keys(a)).isdisjoint(keys(b))


def groups(works: Sequence[Work]) -> list[list[int]]:
    """The indices of `works`, those of one source together; groups and indices in the order of the works.

    Two works are in one group when they are the same, or a chain of works joins them, each the same as the next.
    """
    leader = list(range(len(works)))

    def find(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    first: dict[Key, int] = {}
    for index, work in enumerate(works):
        for key in keys(work):
            one, other = sorted((find(index), find(first.setdefault(key, index))))
            leader[other] = one
    found: dict[int, list[int]] = {}
    for index in range(len(works)):
        found.setdefault(find(index), []).append(index)
    return list(found.values())


def richest(works: Sequence[Work]) -> Work:
    """One work that says all that citations of the same source say. Raises `ValueError` when there is none.

    The citation that says most decides; others fill in what it lacks, the longer list of people, the more
    exact date, an address that is not a shortened one. The pages cited are left out, of `text` too: they
    differ from citation to citation, and are seldom the range of the article.
    """
    base = max(works, key=lambda work: sum(bool(getattr(work, field.name)) for field in fields(Work)))
    ranked = [base, *works]

    def first(name: str) -> str:
        return next((value for work in ranked if (value := str(getattr(work, name)))), "")

    authors = max((work.authors for work in ranked), key=len)
    editors = max((work.editors for work in ranked), key=len)
    return Work(
        text=without_pages(base.text),
        kind=first("kind"),
        lang=first("lang"),
        authors=authors,
        editors=editors if {one.literal for one in editors} != {one.literal for one in authors} else (),
        title=first("title"),
        container=first("container"),
        volume=first("volume"),
        issue=first("issue"),
        publisher=first("publisher"),
        place=first("place"),
        date=max((work.date for work in ranked), key=len),
        url=min((work.url for work in ranked if work.url), key=_is_short, default=""),
    )


def without_pages(citation: str) -> str:
    """A citation without the pages it points to: 頁43-44, 第43頁, pp. 43–44, and the comma before them."""
    return _LOCATOR.sub("", citation)


# Keys


def keys(work: Work) -> tuple[Key, ...]:
    """What a work is known by, best first, at least one; the words of the citation only where it has no other.

    An article: title with the first author, and with all authors in any order; without authors, with what
    holds it and the year. A title as short as those of a column (社論, Editorial) counts only with place and
    date. A book, thesis or report: title, author (else editor, else publisher), edition, volume and year.
    """
    found = [*_title_keys(work), *_address_keys(work.url)]
    return tuple(found) or (("text", plain(without_pages(work.text))),)


def plain(text: str) -> str:
    """A text as it is compared: NFKC, small letters, one form of each character, without marks and blanks.

    A text of nothing but marks keeps them.
    """
    folded = _folded(_without_marks(text))
    return _without_marks(folded) or "".join(_folded(text).split())


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return folded.translate(_VARIANTS).replace(_DOT, "")


def _without_marks(text: str) -> str:
    return "".join(character for character in text if unicodedata.category(character)[0] in "LMN")


def _title_keys(work: Work) -> Iterator[Key]:
    printed = work.kind in _PRINTED
    title = plain(_EDITION.sub("", work.title) if printed else work.title)
    if not title:
        return
    year = work.date[:4]
    rest: Key = (title, year, *_printing(work)) if printed else (title,)
    if work.kind not in _BOOKS and _is_series(title):
        rest = (*rest, plain(work.container), plain(work.volume), plain(work.issue), work.date)
    people = _people(work.authors or (work.editors if printed else ()))
    if people:
        yield "by", people[0], *rest
        yield "by all", tuple(sorted(people)), *rest
    else:
        house = (work.publisher, work.container) if printed else (work.container, work.publisher)
        yield "in", plain(house[0] or house[1]), year, *rest


def _people(names: tuple[Name, ...]) -> tuple[str, ...]:
    """Each name as its letters in alphabetical order: Needham, Kirsty is Kirsty Needham."""
    found = ("".join(sorted(plain(name.literal or name.family + name.given))) for name in names)
    return tuple(name for name in found if name)


def _printing(work: Work) -> Key:
    """Which printing of a book: its edition (a first one says nothing), its volume."""
    found = _EDITION.search(f"{work.title} {work.text}")
    edition = ""
    if found is not None:
        figures = found["han"] or found["latin"] or found["word"] or found["named"] or ""
        edition = str(_ORDINALS.get(figures.lower(), "")) or _figures(figures)
    return "" if edition == "1" else edition, plain(work.volume)


def _figures(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().translate(_HAN_FIGURES)


def _is_series(title: str) -> bool:
    """Whether a title is as short as the name of a column, which many articles have: under ten Han, 25 Latin."""
    width = sum(5 if unicodedata.east_asian_width(character) in "WF" else 2 for character in title)
    return width < 50


def _address_keys(url: str) -> Iterator[Key]:
    """The address without what says only how a reader came there; none for the home page of a site.

    RFC 3986 §6.2, and beyond it: scheme, `www.` and `m.`, final slashes, fragments and tracking parameters
    don't count, a fragment that is a route (`#/laws/3`) does. Percent-encoding and punycode are undone.
    """
    url = unicodedata.normalize("NFC", url.strip().rstrip("。，；、.,;"))
    try:
        parts = urlsplit(url if "://" in url else f"//{url}")
        host, port = _host(parts.hostname or ""), parts.port
        query = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    except ValueError:
        yield "address", url
        return
    path = tuple(_decoded(step) for step in parts.path.split("/") if step)
    asked = tuple(sorted(pair for pair in query if not _TRACKING.fullmatch(pair[0])))
    route = parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    if path or asked or route:
        yield "address", host, None if port in (80, 443) else port, path, asked, _decoded(route)


def _host(host: str) -> str:
    host = _HOST_PREFIX.sub("", host.lower().rstrip("."), count=1)
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _decoded(text: str) -> str:
    return unicodedata.normalize("NFC", unquote(text, errors="surrogateescape"))


def _is_short(url: str) -> bool:
    try:
        return _host(urlsplit(url if "://" in url else f"//{url}").hostname or "") in _SHORT_ADDRESSES
    except ValueError:
        return False

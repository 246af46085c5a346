"""Record: what every deposit says of one brief, read from the values of the issue and from the archive copy.

The archive copy has what the values have not: names in their parts, the pages, the list of sources.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from lxml import etree

from pipeline.bibliography.suggested import full_title
from pipeline.brief import Brief, Issue, plain
from pipeline.identifiers import is_doi, orcid
from pipeline.parse import HREF, LANG
from pipeline.profiles import primary

Element = etree._Element

_DOI_IN_TEXT = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|\bdoi:\s*)(10\.[0-9]{4,9}/[!-~]+)", re.I)
_COLONS = {"zh": "：", "ja": "："}
_HOST = re.compile("[A-Za-z][A-Za-z0-9-]*(?:[.][A-Za-z][A-Za-z0-9-]*)+")
"""A name that an `oai` identifier may have (OAI identifier format, 2.1: namespace-identifier)."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its parts; `style` is eastern, western or given-only (JATS: name/@name-style)."""

    surname: str
    given: str
    style: str
    lang: str

    @property
    def whole(self) -> str:
        """The name as it is read: 王大明, Ta-ming Wang."""
        if self.style == "eastern":
            return self.surname + self.given
        return " ".join(filter(None, (self.given, self.surname)))


@dataclass(frozen=True, slots=True)
class Contributor:
    """An author: the names of a person, the first the one that is printed, or the name of a `body`."""

    names: tuple[Name, ...]
    body: str
    orcid: str
    given_orcid: str
    units: tuple[str, ...]

    @property
    def printed(self) -> str:
        """The name that is printed."""
        return self.names[0].whole if self.names else self.body

    @property
    def english(self) -> Name | None:
        """The name in Latin letters, if it has one."""
        return next((name for name in self.names if name.style == "western"), None)


@dataclass(frozen=True, slots=True)
class Citation:
    """A source of a brief: its id in the archive copy, the words that are printed, the DOI or nothing."""

    key: str
    text: str
    doi: str


@dataclass(frozen=True, slots=True)
class Record:
    """One brief for a deposit. `pages` are the first and last, empty when they aren't known.

    `page` and `pdf` are the addresses of its web page and its offprint, empty when the issue has no address.
    """

    name: str
    brief: Brief
    contributors: tuple[Contributor, ...]
    citations: tuple[Citation, ...]
    pages: tuple[str, str]
    page: str
    pdf: str
    identifier: str

    @property
    def titles(self) -> tuple[tuple[str, str, str], ...]:
        """Title and subtitle in each language, the brief's own first: (language, title, subtitle)."""
        own = (self.brief.lang, self.brief.plain_title, self.brief.plain_subtitle)
        others = [(each.lang, each.title, each.subtitle) for each in self.brief.translations if each.title]
        return (own, *others)

    @property
    def full_titles(self) -> tuple[tuple[str, str], ...]:
        """Title and subtitle as one text in each language, the brief's own first: (language, text)."""
        _, *others = self.titles
        joined = [(lang, _COLONS.get(primary(lang), ": ").join(filter(None, each))) for lang, *each in others]
        return ((self.brief.lang, full_title(self.brief)), *joined)

    @property
    def abstracts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The paragraphs of the abstract in each language: (language, paragraphs)."""
        every = [(self.brief.lang, self.brief.abstract)]
        every += [(each.lang, each.abstract) for each in self.brief.translations]
        return tuple(
            (lang, tuple(plain(p.children) for p in paragraphs)) for lang, paragraphs in every if paragraphs
        )


def records(issue: Issue, articles: Mapping[str, bytes]) -> tuple[Record, ...]:
    """A record of each brief; `articles` has the archive copies by the names of the briefs, in their order."""
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
    return tuple(
        _record(issue, brief, name, etree.fromstring(data, parser))
        for brief, (name, data) in zip(issue.briefs, articles.items(), strict=True)
    )


def address(issue: Issue, path: str) -> str:
    """Where a file of the issue is on the web: the address of the publisher, the folder, the path in it.

    Empty when `publisher-url` is not an address with http or https. (The same as the web edition's own.)
    """
    base = issue.colophon.url.strip()
    try:
        if not re.fullmatch(r"https?://\S+", base, re.I) or not urlsplit(base).hostname:
            return ""
    except ValueError:
        return ""
    return f"{base.rstrip('/')}/{quote(issue.folder.name)}/{quote(path)}"


def _record(issue: Issue, brief: Brief, name: str, article: Element) -> Record:
    first, last = (article.findtext(f"front/article-meta/{tag}") or "" for tag in ("fpage", "lpage"))
    return Record(
        name=name,
        brief=brief,
        contributors=tuple(_contributors(article)),
        citations=tuple(_citations(article)),
        pages=(first, last or first),
        page=address(issue, f"web/{name}.html"),
        pdf=address(issue, f"offprints/{name}.pdf"),
        identifier=_identifier(issue, name),
    )


def _identifier(issue: Issue, name: str) -> str:
    """oai:example.org:2026-11/brief-1 (OAI identifier format, 2.1); the address where the host can't be in one."""
    host = urlsplit(address(issue, "")).hostname or ""
    if not _HOST.fullmatch(host):
        return address(issue, f"web/{name}.html")
    return f"oai:{host}:{quote(issue.folder.name)}/{quote(name)}"


def _contributors(article: Element) -> Iterator[Contributor]:
    for contrib in article.iterfind("front/article-meta/contrib-group/contrib"):
        given = _text(contrib, "contrib-id[@contrib-id-type='orcid']")
        names = [_name(node, article) for node in contrib.iter("name")]
        names = sorted((name for name in names if name.whole), key=lambda name: name.style == "western")
        body = _text(contrib, "collab")
        if names or body:
            units = tuple(filter(None, (_words(aff) for aff in contrib.iterfind("aff"))))
            yield Contributor(tuple(names), body, orcid(given), given, units)


def _name(name: Element, article: Element) -> Name:
    style = name.get("name-style", "western")
    lang = name.get(LANG, "") or (article.get(LANG, "") if style == "eastern" else "")
    return Name(_text(name, "surname"), _text(name, "given-names"), style, lang)


def _citations(article: Element) -> Iterator[Citation]:
    for ref in article.iterfind("back/ref-list/ref"):
        text = _words(ref)
        if text:
            yield Citation(ref.get("id", ""), text, _cited_doi(ref, text))


def _cited_doi(ref: Element, text: str) -> str:
    """The DOI that a source names, in a link or in its words."""
    for written in (*(link.get(HREF, "") for link in ref.iter("ext-link")), text):
        if match := _DOI_IN_TEXT.search(written):
            doi = match[1].rstrip(".,;:)]>\"'")
            return doi if is_doi(doi) else ""
    return ""


def _text(parent: Element, path: str) -> str:
    found = parent.find(path)
    return _words(found) if found is not None else ""


def _words(element: Element) -> str:
    """The text of an element in one line."""
    return " ".join("".join(element.itertext()).split())

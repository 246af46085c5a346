"""What a citation cites, as data: the shape in which sources are compared, named, listed and exported."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.parse import HREF, LANG

Element = etree._Element


@dataclass(frozen=True, slots=True)
class Name:
    """An author or editor: `literal` as it is printed; `family` and `given` where they are known apart."""

    literal: str
    family: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """One source as a citation describes it; what the citation doesn't say is empty.

    `kind`: news, journal, book, chapter, report, thesis, law, web. `lang`: the language of its title
    (BCP 47). `title`: the article, or the book itself where no article is named; without its marks 〈〉 “”.
    `container`: the newspaper, journal, site or edited book that holds it; empty for a book. `date`: ISO 8601,
    possibly only year or month (2025-08); empty when it is not known or can't be a date. `pages`: the pages
    cited (43-44), without 頁 or p. `text`: the citation as printed.
    """

    text: str
    kind: str = ""
    lang: str = ""
    authors: tuple[Name, ...] = ()
    editors: tuple[Name, ...] = ()
    title: str = ""
    container: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    place: str = ""
    date: str = ""
    url: str = ""


def tagged_work(citation: Element) -> Work:
    """The work a `mixed-citation` describes, from its marked parts and, for the rest, from its text.

    Parts (Tag Library: mixed-citation): `person-group`, `string-name`, `collab`, `article-title`, `source`,
    `date`, `ext-link`.
    """
    text = _text(citation)
    editors = tuple(_people(citation, "person-group[@person-group-type='editor']/"))
    authors = tuple(_people(citation, "person-group[@person-group-type='author']/"))
    authors += tuple(_people(citation, "")) or tuple(_people(citation, "person-group[not(@person-group-type)]/"))
    article, source = _part(citation, "article-title"), _part(citation, "source")
    date = citation.find(".//date")
    link = citation.find(".//ext-link")
    return Work(
        text=text,
        kind=citation.get("publication-type") or ("web" if article else "book"),
        lang=citation.get(LANG, ""),
        authors=authors,
        editors=editors,
        title=article or source,
        container=source if article else "",
        date=_date(date) if date is not None else "",
        url=link.get(HREF, "") if link is not None else "",
    )


def _people(citation: Element, path: str) -> Iterator[Name]:
    for node in citation.xpath(f"{path}*[self::string-name or self::collab]"):
        literal = _text(node)
        if literal:
            yield Name(literal, _part(node, "surname"), _part(node, "given-names"))


def _date(date: Element) -> str:
    """ISO 8601 as far as the date is known: the attribute, or year, month and day that are plain figures."""
    known = date.get("iso-8601-date", "")
    if known:
        return known
    parts = []
    for name in ("year", "month", "day"):
        figures = _part(date, name)
        if not figures.isdecimal():
            break
        parts.append(figures.zfill(2))
    return "-".join(parts)


def _part(parent: Element, name: str) -> str:
    found = parent.find(f".//{name}")
    return _text(found) if found is not None else ""


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())

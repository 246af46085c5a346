"""What a citation cites, as data: the shape in which sources are compared, named, listed and exported."""

from dataclasses import dataclass


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

"""Records: what is known about an issue and its briefs, apart from their text.

The feeds are made from them. `issue.json` of each web edition keeps them, and the site of all issues is made from
these files, without building anything again.
"""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urljoin

from pipeline.bibliography.suggested import full_title, suggested_citation
from pipeline.brief import Author, Brief, Issue, plain
from pipeline.identifiers import licence_uri
from pipeline.profiles import printed_date

MADE_BY_ISSUE = ("issue.pdf", "issue.epub")
MADE_BY_BRIEF = (
    "offprints/{name}.pdf",
    "jats/{name}.xml",
    "references/{name}.bib",
    "references/{name}.ris",
    "references/{name}.json",
)
"""The files beside `web/` in a finished build."""


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """An author: a person or a body."""

    name: str
    english: str
    orcid: str
    unit: tuple[str, ...]
    collective: bool


@dataclass(frozen=True, slots=True)
class BriefRecord:
    """A brief; `name` is that of its files, `pages` the first and last number printed on its pages.

    `files` are those made of it, as paths in the folder of the issue.
    """

    name: str
    identifier: str
    lang: str
    title: str
    subtitle: str
    full_title: str
    english_title: str
    authors: tuple[AuthorRecord, ...]
    focus: tuple[str, ...]
    keywords: tuple[str, ...]
    abstract: str
    pages: tuple[int, int]
    doi: str
    citation: str
    files: tuple[str, ...]

    def file(self, ending: str) -> str:
        """The file made of the brief whose path ends so, or nothing."""
        return next((path for path in self.files if path.endswith(ending)), "")


@dataclass(frozen=True, slots=True)
class IssueRecord:
    """An issue. `folder` is the name of its output folder, `address` that of the periodical or empty.

    `cover` is the picture of its first page in the web edition, or empty; `about` are the lines of the colophon
    that hold for every issue.
    """

    folder: str
    identifier: str
    lang: str
    title: str
    english_title: str
    volume: str
    number: str
    name: str
    published: str
    printed_date: str
    publisher: str
    address: str
    licence: str
    licence_href: str
    issn: tuple[str, ...]
    cover: str
    cover_alternative: str
    files: tuple[str, ...]
    about: tuple[tuple[str, str, str], ...]
    briefs: tuple[BriefRecord, ...]

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the issue and its briefs."""
        return frozenset((self.lang, *(brief.lang for brief in self.briefs)))

    @property
    def licence_uri(self) -> str:
        """The address that names the licence to machines; `licence_href` may be a page about it."""
        return licence_uri(self.licence_href)

    @property
    def base(self) -> str:
        """The address of the web edition, with a slash at its end; empty where the periodical has none."""
        return f"{self.address.rstrip('/')}/{quote(self.folder)}/web/" if self.address else ""

    def href(self, path: str) -> str:
        """The address of a file given relative to the web edition; the path itself where there is none."""
        return urljoin(self.base, quote(path)) if self.base else quote(path)


def record(
    issue: Issue,
    names: Sequence[str],
    pages: Mapping[str, range],
    files: Collection[str],
    about: Sequence[tuple[str, str, str]],
) -> IssueRecord:
    """What is known about an issue; `names` are the briefs' in their order, `files` those beside `web/`."""
    colophon = issue.colophon
    return IssueRecord(
        folder=issue.folder.resolve().name,
        identifier=issue.identifier,
        lang=issue.lang,
        title=issue.title,
        english_title=issue.english_title,
        volume=issue.volume,
        number=issue.number,
        name=issue.name,
        published=issue.published.isoformat(),
        printed_date=printed_date(issue.published, issue.lang),
        publisher=colophon.publisher,
        address=colophon.url,
        licence=colophon.licence,
        licence_href=colophon.licence_href,
        issn=tuple(filter(None, (colophon.issn_electronic, colophon.issn_print))),
        cover="",
        cover_alternative=issue.cover_alternative,
        files=tuple(path for path in files if path.count("/") == 0),
        about=tuple(about),
        briefs=tuple(
            _brief_record(issue, brief, name, pages[name], files)
            for name, brief in zip(names, issue.briefs, strict=True)
        ),
    )


def _brief_record(issue: Issue, brief: Brief, name: str, pages: range, files: Collection[str]) -> BriefRecord:
    made = [path.format(name=name) for path in MADE_BY_BRIEF]
    english = next((each for each in brief.translations if each.lang.startswith("en") and each.title), None)
    own = [each for each in brief.keywords if each.lang in (None, brief.lang)]
    return BriefRecord(
        name=name,
        identifier=uuid.uuid5(uuid.UUID(issue.identifier), name).urn,
        lang=brief.lang,
        title=brief.plain_title,
        subtitle=brief.plain_subtitle,
        full_title=full_title(brief),
        english_title=": ".join(filter(None, (english.title, english.subtitle))) if english else "",
        authors=tuple(map(_author_record, brief.authors)),
        focus=brief.focus,
        keywords=tuple(word for each in own for word in each.words),
        abstract="".join(plain(paragraph.children) for paragraph in brief.abstract),
        pages=(pages[0], pages[-1]),
        doi=brief.doi or "",
        citation=suggested_citation(issue, brief, pages),
        files=tuple(path for path in made if path in files),
    )


def _author_record(author: Author) -> AuthorRecord:
    return AuthorRecord(author.name, author.english or "", author.orcid or "", author.unit, author.collective)


def to_json(known: IssueRecord) -> bytes:
    """The record as `issue.json`."""
    return (json.dumps(asdict(known), ensure_ascii=False, indent=1) + "\n").encode()


def from_json(data: bytes) -> IssueRecord:
    """The record in an `issue.json`; raises `ValueError` when it is none."""
    try:
        values = json.loads(data)
        briefs = tuple(_brief_from_json(each) for each in values.pop("briefs"))
        about = tuple((str(name), str(value), str(href)) for name, value, href in values.pop("about"))
        known = IssueRecord(**{**_tuples(values), "briefs": briefs, "about": about})
        date.fromisoformat(known.published)
        uuid.UUID(known.identifier)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    return known


def _brief_from_json(values: dict[str, Any]) -> BriefRecord:
    authors = tuple(AuthorRecord(**_tuples(each)) for each in values.pop("authors"))
    first, last = map(int, values.pop("pages"))
    return BriefRecord(**{**_tuples(values), "authors": authors, "pages": (first, last)})


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    """Every value is a text, a tuple of texts or a truth value."""
    return {
        name: value
        if isinstance(value, bool)
        else tuple(map(str, value))
        if isinstance(value, list)
        else str(value)
        for name, value in values.items()
    }

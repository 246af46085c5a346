"""Editions: which painted pages make a PDF, and what it says about itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pipeline.bibliography.suggested import full_title, printed_issue
from pipeline.brief import Brief, Issue, Keywords, plain
from pipeline.printing import SetIssue
from pipeline.profiles import words


@dataclass(frozen=True, slots=True)
class Edition:
    """One PDF. `pages` are the numbers of its painted pages (from 1) in its own order.

    `front` is the bookmark of its first page, `label` the page label of a front page that is no page of the
    issue, empty where the numbering begins at the first page. `titles` are the title by language, that of the
    edition first. `prism` has what PRISM 3.0 says of it, by the name of the property.
    """

    pages: tuple[int, ...]
    lang: str
    titles: Mapping[str, str]
    front: str
    label: str
    identifier: str
    published: date
    creators: tuple[str, ...] = ()
    publisher: str = ""
    languages: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    descriptions: Mapping[str, str] = field(default_factory=dict)
    rights: str = ""
    rights_href: str = ""
    prism: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title in the language of the edition."""
        return self.titles[self.lang]

    @property
    def author(self) -> str:
        """All creators in one line."""
        return words(self.lang)["separator"].join(self.creators)

    @property
    def keywords(self) -> str:
        """All subjects in one line."""
        return words(self.lang)["separator"].join(self.subjects)


def issue_edition(pages: SetIssue, fronts: range) -> Edition:
    """The whole issue: every painted page before the front pages of the offprints."""
    issue = pages.issue
    own = words(issue.lang)
    titles = {issue.lang: f"{issue.title}{own['blank']}{issue.name}"}
    if issue.english_title:
        number = f"{issue.volume}({issue.number})" if issue.volume else issue.number
        titles.setdefault("en", f"{issue.english_title} {number}")
    return Edition(
        pages=tuple(range(1, fronts[0])),
        lang=issue.lang,
        titles=titles,
        front=own["cover"],
        label="",
        identifier=issue.identifier,
        published=issue.published,
        creators=issue.authors,
        publisher=issue.colophon.publisher,
        languages=tuple(dict.fromkeys((issue.lang, *(brief.lang for brief in issue.briefs)))),
        subjects=tuple(dict.fromkeys(subject for brief in issue.briefs for subject in brief.focus)),
        rights=issue.colophon.licence,
        rights_href=issue.colophon.licence_href,
        prism=_prism(issue),
    )


def offprint_edition(pages: SetIssue, number: int, fronts: range) -> Edition:
    """The offprint of a brief (its number from 0): its front page, and its pages in the issue."""
    issue, part = pages.issue, pages.briefs[number]
    brief = part.brief
    return Edition(
        pages=(fronts[number], *part.pages),
        lang=brief.lang,
        titles=_titles(brief),
        front=words(brief.lang)["offprint"],
        label=words(brief.lang)["offprint"],
        identifier=f"doi:{brief.doi}" if brief.doi else f"{issue.identifier}#{brief.key}",
        published=issue.published,
        creators=tuple(author.name for author in brief.authors),
        publisher=issue.colophon.publisher,
        languages=(brief.lang,),
        subjects=tuple(dict.fromkeys((*brief.focus, *_own_keywords(brief)))),
        descriptions=_abstracts(brief),
        rights=issue.colophon.licence,
        rights_href=issue.colophon.licence_href,
        prism={
            **_prism(issue, brief.lang),
            "startingPage": str(part.pages[0]),
            "endingPage": str(part.pages[-1]),
            "pageRange": f"{part.pages[0]}-{part.pages[-1]}",
            "doi": brief.doi or "",
            "url": f"https://doi.org/{brief.doi}" if brief.doi else "",
        },
    )


def _titles(brief: Brief) -> dict[str, str]:
    titles = {brief.lang: full_title(brief)}
    for translation in brief.translations:
        if translation.title:
            both = (translation.title, translation.subtitle)
            titles.setdefault(translation.lang, ": ".join(filter(None, both)))
    return titles


def _abstracts(brief: Brief) -> dict[str, str]:
    written = [(brief.lang, brief.abstract), *((each.lang, each.abstract) for each in brief.translations)]
    return {lang: "\n".join(plain(p.children) for p in abstract) for lang, abstract in written if abstract}


def _own_keywords(brief: Brief) -> tuple[str, ...]:
    """The keywords in the language of the brief."""

    def is_own(keywords: Keywords) -> bool:
        return keywords.lang in (None, brief.lang)

    return tuple(word for keywords in brief.keywords if is_own(keywords) for word in keywords.words)


def _prism(issue: Issue, lang: str | None = None) -> dict[str, str]:
    """What a part of a periodical says of it (PRISM 3.0, Basic Metadata)."""
    return {
        "publicationName": issue.title,
        "issueName": printed_issue(issue, lang or issue.lang),
        "volume": issue.volume,
        "number": issue.number,
        "coverDate": issue.published.isoformat(),
        "issn": issue.colophon.issn_print,
        "eIssn": issue.colophon.issn_electronic,
    }

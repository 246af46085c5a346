"""Metadata: what a page says about itself to search engines, citation managers and previews.

Highwire Press tags (`citation_*`, which Google Scholar and Zotero read), schema.org as JSON-LD, Open Graph and
Dublin Core. Addresses are given where the periodical has one; none of these formats knows relative ones.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.profiles import primary
from pipeline.web.records import AuthorRecord, BriefRecord, IssueRecord

Tags = Sequence[tuple[str, str, str]]
"""(attribute, name, content) of each `meta`; the attribute is `name`, or `property` for Open Graph."""


def brief_tags(issue: IssueRecord, brief: BriefRecord) -> Tags:
    """The tags of a brief's page; what has no content is left out."""
    return [tag for tag in _brief_tags(issue, brief) if tag[2]]


def issue_tags(issue: IssueRecord) -> Tags:
    """The tags of an issue's first page."""
    title = f"{issue.title} {issue.name}"
    tags = [
        (
            "name",
            "description",
            ("；" if primary(issue.lang) in ("zh", "ja") else "; ").join(
                brief.full_title for brief in issue.briefs
            ),
        ),
        ("name", "DC.title", title),
        ("name", "DC.publisher", issue.publisher),
        ("name", "DC.date", issue.published),
        ("name", "DC.language", issue.lang),
        ("name", "DC.identifier", issue.identifier),
        *_open_graph(issue, "website", title, "index.html"),
    ]
    return [tag for tag in tags if tag[2]]


def _brief_tags(issue: IssueRecord, brief: BriefRecord) -> Iterator[tuple[str, str, str]]:
    page, offprint = f"{brief.name}.html", brief.file(f"offprints/{brief.name}.pdf")
    yield "name", "description", brief.abstract
    yield "name", "keywords", ", ".join(brief.keywords)
    yield "name", "citation_title", brief.full_title
    for author in brief.authors:
        yield "name", "author", author.name
        yield "name", "citation_author", author.name
        for unit in author.unit:
            yield "name", "citation_author_institution", unit
        yield "name", "citation_author_orcid", author.orcid
    yield "name", "citation_publication_date", issue.published.replace("-", "/")
    yield "name", "citation_journal_title", issue.title
    for number in issue.issn:
        yield "name", "citation_issn", number
    yield "name", "citation_publisher", issue.publisher
    yield "name", "citation_volume", issue.volume
    yield "name", "citation_issue", issue.number
    yield "name", "citation_firstpage", str(brief.pages[0])
    yield "name", "citation_lastpage", str(brief.pages[1])
    yield "name", "citation_doi", brief.doi
    yield "name", "citation_language", brief.lang
    for word in brief.keywords:
        yield "name", "citation_keywords", word
    if issue.base:
        yield "name", "citation_fulltext_html_url", issue.href(page)
        if offprint:
            yield "name", "citation_pdf_url", issue.href(f"../{offprint}")
    yield "name", "DC.title", brief.full_title
    for author in brief.authors:
        yield "name", "DC.creator", author.name
    for subject in brief.focus:
        yield "name", "DC.subject", subject
    yield "name", "DC.publisher", issue.publisher
    yield "name", "DC.date", issue.published
    yield "name", "DC.type", "Text"
    yield "name", "DC.language", brief.lang
    yield "name", "DC.identifier", f"doi:{brief.doi}" if brief.doi else brief.identifier
    yield "name", "DC.rights", issue.licence_uri or issue.licence
    yield from _open_graph(issue, "article", brief.full_title, page, brief.abstract)
    yield "property", "article:published_time", issue.published
    for subject in brief.focus:
        yield "property", "article:tag", subject


def _open_graph(
    issue: IssueRecord, kind: str, title: str, page: str, description: str = ""
) -> Iterator[tuple[str, str, str]]:
    """The Open Graph protocol (ogp.me)."""
    yield "property", "og:type", kind
    yield "property", "og:title", title
    yield "property", "og:description", description
    yield "property", "og:site_name", issue.title
    language, _, rest = issue.lang.partition("-")
    yield "property", "og:locale", f"{language}_{rest.rpartition('-')[2]}" if rest else ""
    if issue.base:
        yield "property", "og:url", issue.href(page)
        yield "property", "og:image", issue.href(issue.cover) if issue.cover else ""
        yield "property", "og:image:alt", issue.cover_alternative if issue.cover else ""


# schema.org


def brief_json(issue: IssueRecord, brief: BriefRecord) -> str:
    """The brief as schema.org's ScholarlyArticle, for a `script` element."""
    offprint = brief.file(f"offprints/{brief.name}.pdf")
    return _script(
        {
            "@context": "https://schema.org",
            **_article(issue, brief),
            "alternateName": brief.english_title,
            "abstract": brief.abstract,
            "keywords": list(brief.keywords),
            "about": list(brief.focus),
            "creditText": brief.citation,
            "license": issue.licence_uri,
            "isAccessibleForFree": True,
            "isPartOf": _issue(issue),
            "encoding": {
                "@type": "MediaObject",
                "encodingFormat": "application/pdf",
                "contentUrl": issue.href(f"../{offprint}"),
            }
            if offprint
            else None,
        }
    )


def issue_json(issue: IssueRecord) -> str:
    """The issue as schema.org's PublicationIssue with its briefs, for a `script` element."""
    return _script(
        {
            "@context": "https://schema.org",
            **_issue(issue),
            "license": issue.licence_uri,
            "hasPart": [_article(issue, brief) for brief in issue.briefs],
        }
    )


def _article(issue: IssueRecord, brief: BriefRecord) -> dict[str, Any]:
    return {
        "@type": "ScholarlyArticle",
        "@id": f"https://doi.org/{brief.doi}" if brief.doi else brief.identifier,
        "headline": brief.title,
        "alternativeHeadline": brief.subtitle,
        "author": [_author(author) for author in brief.authors],
        "datePublished": issue.published,
        "inLanguage": brief.lang,
        "pageStart": brief.pages[0],
        "pageEnd": brief.pages[1],
        "identifier": f"doi:{brief.doi}" if brief.doi else brief.identifier,
        "url": issue.href(f"{brief.name}.html"),
    }


def _author(author: AuthorRecord) -> dict[str, Any]:
    return {
        "@type": "Organization" if author.collective else "Person",
        "@id": author.orcid,
        "name": author.name,
        "alternateName": author.english,
        "affiliation": [{"@type": "Organization", "name": unit} for unit in author.unit],
    }


def _issue(issue: IssueRecord) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": issue.publisher} if issue.publisher else None
    return {
        "@type": "PublicationIssue",
        "@id": issue.identifier,
        "name": issue.name,
        "issueNumber": issue.number,
        "datePublished": issue.published,
        "url": issue.href("index.html"),
        "isPartOf": {
            "@type": "Periodical",
            "name": issue.title,
            "alternateName": issue.english_title,
            "issn": list(issue.issn),
            "inLanguage": issue.lang,
            "url": issue.address,
            "publisher": publisher,
        },
    }


def _script(values: Any) -> str:
    """JSON that can stand in a `script` element: nothing in it ends the element."""
    return json.dumps(_known(values), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _known(value: Any) -> Any:
    """Without what is empty."""
    if isinstance(value, dict):
        known = {key: _known(each) for key, each in value.items()}
        return {key: each for key, each in known.items() if each not in (None, "", [], {})}
    if isinstance(value, list):
        return [_known(each) for each in value]
    return value

"""Feeds: new briefs for readers of news (Atom, RFC 4287), books for e-readers (OPDS 2.0)."""

import json
import posixpath
import uuid
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from lxml import etree
from lxml.builder import ElementMaker

from pipeline.web.records import BriefRecord, IssueRecord

_ATOM = ElementMaker(namespace="http://www.w3.org/2005/Atom", nsmap={None: "http://www.w3.org/2005/Atom"})
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PDF, _EPUB = "application/pdf", "application/epub+zip"
_OPEN_ACCESS = "http://opds-spec.org/acquisition/open-access"
_OPDS = "application/opds+json"


def periodical(issue: IssueRecord) -> str:
    """A name for the periodical that stays the same in all its issues: a UUID of its ISSN, or of its title."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"kan:periodical:{(*issue.issn, issue.title)[0]}").urn


def atom(
    issues: Sequence[IssueRecord], identifier: str, title: str, home: str, own: str, of_site: bool = False
) -> bytes:
    """An Atom feed with an entry for each brief, the newest issue first.

    `home` is the address of the page that it belongs to, `own` that of the feed. `of_site`: it lies above the
    folders of its issues, not in a web edition.
    """
    newest = issues[0]
    feed = _ATOM.feed(
        {_XML_LANG: newest.lang},
        _ATOM.id(identifier),
        _ATOM.title(title),
        _ATOM.updated(_moment(newest)),
        _ATOM.author(_ATOM.name(newest.publisher or newest.title)),
        _ATOM.link(rel="self", type="application/atom+xml", href=own),
        _ATOM.link(rel="alternate", type="text/html", href=home),
    )
    if newest.english_title:
        feed.insert(2, _ATOM.subtitle(newest.english_title))
    if newest.licence:
        feed.append(_ATOM.rights(newest.licence))
    feed.extend(_entry(issue, brief, of_site) for issue in issues for brief in issue.briefs)
    etree.indent(feed)
    written: bytes = etree.tostring(feed, xml_declaration=True, encoding="UTF-8")
    return written + b"\n"


def _entry(issue: IssueRecord, brief: BriefRecord, of_site: bool) -> etree._Element:
    """The entry of a brief (RFC 4287, 4.1.2)."""
    offprint = brief.file(f"offprints/{brief.name}.pdf")
    entry = _ATOM.entry(
        {_XML_LANG: brief.lang},
        _ATOM.id(brief.identifier),
        _ATOM.title(brief.full_title),
        _ATOM.updated(_moment(issue)),
        _ATOM.published(_moment(issue)),
        _ATOM.link(rel="alternate", type="text/html", href=_href(issue, f"{brief.name}.html", of_site)),
    )
    if offprint:
        entry.append(_ATOM.link(rel="enclosure", type=_PDF, href=_href(issue, f"../{offprint}", of_site)))
    if brief.doi:
        entry.append(_ATOM.link(rel="related", href=f"https://doi.org/{brief.doi}"))
    for author in brief.authors:
        entry.append(_ATOM.author(_ATOM.name(author.name), *([_ATOM.uri(author.orcid)] if author.orcid else [])))
    entry.extend(_ATOM.category(term=subject) for subject in brief.focus)
    if brief.abstract:
        entry.append(_ATOM.summary(brief.abstract))
    return entry


def opds(
    issues: Sequence[IssueRecord],
    title: str,
    own: str,
    of_site: bool = False,
    navigation: Sequence[tuple[str, str]] = (),
) -> bytes:
    """An OPDS 2.0 feed: each issue as a publication, then its briefs as offprints.

    `navigation` are the titles and addresses of other feeds; `of_site` as in `atom`.
    """
    feed = {
        "metadata": {"title": title, "modified": _moment(issues[0])},
        "links": [{"rel": "self", "href": own, "type": _OPDS}],
        "publications": [each for issue in issues for each in _publications(issue, of_site)],
    }
    if navigation:
        links = [{"title": name, "href": href, "type": _OPDS} for name, href in navigation]
        feed["navigation"] = links
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def _publications(issue: IssueRecord, of_site: bool) -> Iterator[dict[str, Any]]:
    books = {"issue.epub": _EPUB, "issue-vertical.epub": _EPUB, "issue.pdf": _PDF}
    links = [_acquisition(issue, path, kind, of_site) for path, kind in books.items() if path in issue.files]
    if links:
        authors = dict.fromkeys(author.name for brief in issue.briefs for author in brief.authors)
        yield {
            "metadata": {
                "@type": "http://schema.org/PublicationIssue",
                "title": f"{issue.title} {issue.name}",
                "identifier": issue.identifier,
                "language": issue.lang,
                "author": [{"name": name} for name in authors],
                **_of_the_issue(issue),
            },
            "links": links,
            **_images(issue, of_site),
        }
    for brief in issue.briefs:
        path = brief.file(f"offprints/{brief.name}.pdf")
        if path:
            yield {
                "metadata": _brief_metadata(issue, brief),
                "links": [_acquisition(issue, path, _PDF, of_site)],
                **_images(issue, of_site),
            }


def _brief_metadata(issue: IssueRecord, brief: BriefRecord) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "@type": "http://schema.org/ScholarlyArticle",
        "title": brief.full_title,
        "identifier": f"https://doi.org/{brief.doi}" if brief.doi else brief.identifier,
        "language": brief.lang,
        "author": [
            {"name": author.name, **({"identifier": author.orcid} if author.orcid else {})}
            for author in brief.authors
        ],
        **_of_the_issue(issue),
    }
    if brief.focus:
        metadata["subject"] = list(brief.focus)
    if brief.abstract:
        metadata["description"] = brief.abstract
    return metadata


def _of_the_issue(issue: IssueRecord) -> dict[str, Any]:
    """What a publication has from its issue (Readium Web Publication Manifest, metadata)."""
    series = {"name": issue.title, **({"position": int(issue.number)} if issue.number.isdecimal() else {})}
    return {
        "published": issue.published,
        "modified": _moment(issue),
        "publisher": issue.publisher or issue.title,
        "belongsTo": {"series": series},
    }


def _acquisition(issue: IssueRecord, path: str, kind: str, of_site: bool) -> dict[str, str]:
    return {"rel": _OPEN_ACCESS, "href": _href(issue, f"../{path}", of_site), "type": kind}


def _images(issue: IssueRecord, of_site: bool) -> dict[str, list[dict[str, str]]]:
    return {"images": [{"href": _href(issue, issue.cover, of_site), "type": "image/png"}]} if issue.cover else {}


def _href(issue: IssueRecord, path: str, of_site: bool) -> str:
    """The address of a file named relative to the web edition of its issue, as the feed gives it."""
    if issue.base or not of_site:
        return issue.href(path)
    return posixpath.normpath(f"{quote(issue.folder)}/web/{quote(path)}")


def _moment(issue: IssueRecord) -> str:
    """The day of the issue as the moment that the formats ask for (RFC 3339)."""
    return f"{issue.published}T00:00:00Z"

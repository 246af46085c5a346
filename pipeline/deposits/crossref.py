"""Crossref: the deposit of an issue and its briefs, Crossref deposit schema 5.3.1.

Only what the sources say is deposited: a brief without a DOI, or with one of another prefix, is left out. The
limits of the schema (lengths, characters of names) decide what can be said; what cannot is in the checklist.
Source: crossref5.3.1.xsd and common5.3.1.xsd, and Crossref's documentation of journals and articles.
"""

import re
from collections.abc import Sequence

from lxml import etree

from pipeline.brief import Issue
from pipeline.deposits.record import Contributor, Name, Record
from pipeline.identifiers import is_doi, is_issn, licence_uri

Element = etree._Element

NAMESPACE = "http://www.crossref.org/schema/5.3.1"
VERSION = "5.3.1"

_JATS = "http://www.ncbi.nlm.nih.gov/JATS1"
_ACCESS = "http://www.crossref.org/AccessIndicators.xsd"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DOI = re.compile(r"10\.[0-9]{4,9}/.{1,200}")
_NAME = re.compile(r"[^\d?]*[^?\s]+\D*")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_WEB = re.compile(r"(?:https?|ftp)://\S{3,}", re.I)
_LANGUAGES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz
    ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik
    io is it iu ja ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mi mk ml mn mr
    ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg
    si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa
    wo xh yi yo za zh
    """.split()  # noqa: SIM905
)
"""The languages that the schema knows (common5.3.1.xsd, language.atts)."""


def can_deposit(issue: Issue) -> bool:
    """Whether the issue says all that the head and the periodical of a deposit must have."""
    colophon = issue.colophon
    return all(
        (
            0 < len(colophon.depositor) <= 130,
            6 <= len(colophon.depositor_email) <= 200 and _EMAIL.fullmatch(colophon.depositor_email),
            0 < len(colophon.publisher) <= 255,
            0 < len(issue.title) <= 255,
            1400 <= issue.published.year <= 2200,
        )
    )


def deposited(issue: Issue, record: Record) -> bool:
    """Whether a brief can be deposited: it has a DOI of the issue's prefix, a title and an address."""
    doi, prefix = record.brief.doi or "", issue.colophon.doi_prefix
    return bool(
        prefix
        and is_doi(doi, prefix)
        and _DOI.fullmatch(doi)
        and record.brief.plain_title
        and 0 < len(record.page) <= 2048
        and len(record.pdf) <= 2048
    )


def crossref(issue: Issue, records: Sequence[Record]) -> bytes | None:
    """The deposit as XML in UTF-8, or None when there is nothing to deposit or too little is said.

    Identifier and timestamp are those of the issue, so that the same issue gives the same bytes. Crossref takes
    a correction only with a later timestamp.
    """
    chosen = [record for record in records if deposited(issue, record)]
    if not chosen or not can_deposit(issue):
        return None
    batch = etree.Element(
        f"{{{NAMESPACE}}}doi_batch", {"version": VERSION}, nsmap={None: NAMESPACE, "jats": _JATS, "ai": _ACCESS}
    )
    _add_head(batch, issue)
    journal = _add(_add(batch, "body"), "journal")
    _add_journal_metadata(journal, issue)
    _add_journal_issue(journal, issue)
    for record in chosen:
        _add_article(journal, issue, record)
    etree.indent(batch)
    return etree.tostring(batch, encoding="UTF-8", xml_declaration=True) + b"\n"


def _add_head(batch: Element, issue: Issue) -> None:
    head = _add(batch, "head")
    _add(head, "doi_batch_id", issue.identifier)
    _add(head, "timestamp", f"{issue.published:%Y%m%d}000000")
    depositor = _add(head, "depositor")
    _add(depositor, "depositor_name", issue.colophon.depositor)
    _add(depositor, "email_address", issue.colophon.depositor_email)
    _add(head, "registrant", issue.colophon.publisher)


def _add_journal_metadata(journal: Element, issue: Issue) -> None:
    metadata = _add(journal, "journal_metadata", **_language(issue.lang))
    for title in dict.fromkeys((issue.title, issue.english_title)):
        if 0 < len(title) <= 255:
            _add(metadata, "full_title", title)
    numbers = {"print": issue.colophon.issn_print, "electronic": issue.colophon.issn_electronic}
    for medium, number in numbers.items():
        if is_issn(number):
            _add(metadata, "issn", number, media_type=medium)


def _add_journal_issue(journal: Element, issue: Issue) -> None:
    element = _add(journal, "journal_issue")
    _add_date(element, issue)
    if 0 < len(issue.volume) <= 32:
        _add(_add(element, "journal_volume"), "volume", issue.volume)
    if 0 < len(issue.number) <= 32:
        _add(element, "issue", issue.number)


def _add_date(parent: Element, issue: Issue) -> None:
    date = _add(parent, "publication_date", media_type="online")
    for part, value in (("month", issue.published.month), ("day", issue.published.day)):
        _add(date, part, f"{value:02}")
    _add(date, "year", f"{issue.published.year:04}")


def _add_article(journal: Element, issue: Issue, record: Record) -> None:
    article = _add(
        journal,
        "journal_article",
        publication_type="full_text",
        reference_distribution_opts="any",
        **_language(record.brief.lang),
    )
    _add_titles(article, record)
    _add_contributors(article, record.contributors)
    _add_abstracts(article, record)
    _add_date(article, issue)
    _add_pages(article, record)
    _add_licence(article, issue)
    _add_doi(article, record)
    _add_citations(article, record)


def _add_titles(article: Element, record: Record) -> None:
    """Each language has `titles` of its own; none is a translation of the text."""
    for _, title, subtitle in record.titles[:20]:
        titles = _add(article, "titles")
        _add(titles, "title", title)
        if subtitle:
            _add(titles, "subtitle", subtitle)


def _add_contributors(article: Element, contributors: Sequence[Contributor]) -> None:
    fitting = [contributor for contributor in contributors if fits(contributor)]
    if not fitting:
        return
    parent = _add(article, "contributors")
    for position, contributor in enumerate(fitting):
        role = {"sequence": "additional" if position else "first", "contributor_role": "author"}
        if contributor.names:
            _add_person(parent, contributor, role)
        else:
            _add(parent, "organization", contributor.body, **role)


def fits(contributor: Contributor) -> bool:
    """Whether the schema takes the printed name of an author: 60 characters a part, and more than ? and blanks."""
    if not contributor.names:
        return 0 < len(contributor.body) <= 511
    return _fits(contributor.names[0])


def _fits(name: Name) -> bool:
    return all(len(part) <= 60 and _NAME.fullmatch(part) for part in filter(None, (name.surname, name.given)))


def _add_person(parent: Element, contributor: Contributor, role: dict[str, str]) -> None:
    name, *others = contributor.names
    person = _add(parent, "person_name", **role, **_style(name))
    if name.surname and name.given:
        _add(person, "given_name", name.given)
    _add(person, "surname", name.surname or name.given)
    units = [unit for unit in contributor.units if len(unit) <= 1024]
    if units:
        affiliations = _add(person, "affiliations")
        for unit in units:
            _add(_add(affiliations, "institution"), "institution_name", unit)
    if contributor.orcid:
        _add(person, "ORCID", f"https://orcid.org/{contributor.orcid}")
    other = next((each for each in others if _fits(each)), None)
    if other is not None:
        alternative = _add(_add(person, "alt-name"), "name", **_style(other))
        _add(alternative, "surname", other.surname or other.given)
        if other.surname and other.given:
            _add(alternative, "given_name", other.given)


def _style(name: Name) -> dict[str, str]:
    return {"name-style": name.style, **_language(name.lang)}


def _add_abstracts(article: Element, record: Record) -> None:
    for lang, paragraphs in record.abstracts:
        abstract = etree.SubElement(article, f"{{{_JATS}}}abstract")
        abstract.set(_LANG, lang)
        for paragraph in paragraphs:
            etree.SubElement(abstract, f"{{{_JATS}}}p").text = paragraph


def _add_pages(article: Element, record: Record) -> None:
    first, last = record.pages
    if first:
        pages = _add(article, "pages")
        _add(pages, "first_page", first)
        _add(pages, "last_page", last)


def _add_licence(article: Element, issue: Issue) -> None:
    href = licence_uri(issue.colophon.licence_href)
    if _WEB.fullmatch(href):
        program = etree.SubElement(article, f"{{{_ACCESS}}}program", name="AccessIndicators")
        started = {"applies_to": "vor", "start_date": issue.published.isoformat()}
        etree.SubElement(program, f"{{{_ACCESS}}}license_ref", started).text = href


def _add_doi(article: Element, record: Record) -> None:
    """The DOI and where it leads; the offprint for whoever reads by machine."""
    data = _add(article, "doi_data")
    _add(data, "doi", record.brief.doi or "")
    _add(data, "resource", record.page, mime_type="text/html")
    if record.pdf:
        item = _add(_add(data, "collection", property="text-mining"), "item")
        _add(item, "resource", record.pdf, mime_type="application/pdf")


def _add_citations(article: Element, record: Record) -> None:
    if not record.citations:
        return
    citations = _add(article, "citation_list")
    for position, cited in enumerate(record.citations, start=1):
        citation = _add(citations, "citation", key=cited.key if 0 < len(cited.key) <= 128 else f"ref{position}")
        if _DOI.fullmatch(cited.doi):
            _add(citation, "doi", cited.doi)
        _add(citation, "unstructured_citation", cited.text)


def _language(lang: str) -> dict[str, str]:
    primary = lang.partition("-")[0].lower()
    return {"language": primary} if primary in _LANGUAGES else {}


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
    element.text = text
    return element

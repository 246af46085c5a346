"""OAI-PMH: the issue as a static repository, which a gateway makes harvestable.

Source: Specification for an OAI Static Repository, 2004-04-23: Identify, ListMetadataFormats and one ListRecords
for each format, dates by the day, no deleted records, no sets. The format is oai_dc, which every repository must
have. JATS is not among the formats: a record must be in a namespace that a schema describes, and the archive
copies are of a DTD, in none; `dc:relation` leads to them.
"""

from collections.abc import Iterator, Sequence

from lxml import etree

from pipeline.bibliography.suggested import printed_issue, printed_pages
from pipeline.brief import Issue
from pipeline.deposits.record import Record, address
from pipeline.identifiers import licence_uri

Element = etree._Element

STATIC = "http://www.openarchives.org/OAI/2.0/static-repository"
OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA_LOCATION = f"{{{_XSI}}}schemaLocation"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_FILE = "deposits/oai-pmh.xml"


def static_repository(issue: Issue, records: Sequence[Record]) -> bytes | None:
    """The repository as XML in UTF-8; None without an address or without the e-mail of an administrator.

    `baseURL` is the address of this file. A gateway that takes it gives it another, which is then to be written
    there (specification, 3.3).
    """
    base, email = address(issue, _FILE), issue.colophon.depositor_email
    if not base or not email:
        return None
    repository = etree.Element(
        f"{{{STATIC}}}Repository",
        {_SCHEMA_LOCATION: f"{STATIC} {STATIC}.xsd"},
        nsmap={None: STATIC, "oai": OAI, "xsi": _XSI},
    )
    _add_identify(repository, issue, base)
    _add_format(etree.SubElement(repository, f"{{{STATIC}}}ListMetadataFormats"))
    listed = etree.SubElement(repository, f"{{{STATIC}}}ListRecords", metadataPrefix="oai_dc")
    for record in records:
        _add_record(listed, issue, record)
    etree.indent(repository)
    return etree.tostring(repository, encoding="UTF-8", xml_declaration=True) + b"\n"


def _add_identify(repository: Element, issue: Issue, base: str) -> None:
    identify = etree.SubElement(repository, f"{{{STATIC}}}Identify")
    for name, text in (
        ("repositoryName", f"{issue.title} {issue.name}"),
        ("baseURL", base),
        ("protocolVersion", "2.0"),
        ("adminEmail", issue.colophon.depositor_email),
        ("earliestDatestamp", issue.published.isoformat()),
        ("deletedRecord", "no"),
        ("granularity", "YYYY-MM-DD"),
    ):
        etree.SubElement(identify, f"{{{OAI}}}{name}").text = text


def _add_format(formats: Element) -> None:
    known = etree.SubElement(formats, f"{{{OAI}}}metadataFormat")
    for name, text in (
        ("metadataPrefix", "oai_dc"),
        ("schema", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"),
        ("metadataNamespace", OAI_DC),
    ):
        etree.SubElement(known, f"{{{OAI}}}{name}").text = text


def _add_record(listed: Element, issue: Issue, record: Record) -> None:
    element = etree.SubElement(listed, f"{{{OAI}}}record")
    header = etree.SubElement(element, f"{{{OAI}}}header")
    etree.SubElement(header, f"{{{OAI}}}identifier").text = record.identifier
    etree.SubElement(header, f"{{{OAI}}}datestamp").text = issue.published.isoformat()
    metadata = etree.SubElement(element, f"{{{OAI}}}metadata")
    dublin_core = etree.SubElement(
        metadata,
        f"{{{OAI_DC}}}dc",
        {_SCHEMA_LOCATION: f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd"},
        nsmap={"oai_dc": OAI_DC, "dc": DC},
    )
    for name, text, lang in _dublin_core(issue, record):
        if text:
            node = etree.SubElement(dublin_core, f"{{{DC}}}{name}")
            node.text = text
            if lang:
                node.set(_LANG, lang)


def _dublin_core(issue: Issue, record: Record) -> Iterator[tuple[str, str, str]]:
    """What is said of a brief: the element, its text and the language of the text."""
    brief, colophon = record.brief, issue.colophon
    for lang, title in record.full_titles:
        yield "title", title, lang
    for contributor in record.contributors:
        yield "creator", contributor.printed, ""
    for group in brief.keywords:
        for word in group.words:
            yield "subject", word, group.lang or brief.lang
    for focus in brief.focus:
        yield "subject", focus, issue.lang
    for lang, paragraphs in record.abstracts:
        yield "description", " ".join(paragraphs), lang
    yield "publisher", colophon.publisher, issue.lang
    yield "date", issue.published.isoformat(), ""
    yield "type", "Text", ""
    yield "format", "text/html", ""
    yield "format", "application/pdf", ""
    yield "identifier", record.page, ""
    yield "identifier", f"https://doi.org/{brief.doi}" if brief.doi else "", ""
    yield "source", _source(issue, record), brief.lang
    yield "language", brief.lang, ""
    yield "relation", record.pdf, ""
    yield "relation", address(issue, f"jats/{record.name}.xml"), ""
    for issn in (colophon.issn_print, colophon.issn_electronic):
        yield "relation", f"ISSN {issn}" if issn else "", ""
    yield "rights", colophon.licence, issue.lang
    yield "rights", licence_uri(colophon.licence_href), ""


def _source(issue: Issue, record: Record) -> str:
    """Where the brief is printed: 版面 第1卷第1期 頁3-9."""
    first, last = record.pages
    pages = printed_pages(range(int(first), int(last) + 1), record.brief.lang) if first else ""
    return " ".join(filter(None, (issue.title, printed_issue(issue, record.brief.lang), pages)))

"""XMP: what an edition says about itself, in the packet that search engines and validators read (ISO 16684-1).

ISO 19005-2, 6.6.2: the packet is not compressed, and what it has from schemas that XMP does not know itself,
PDF/UA's and PRISM's, is described in it.
"""

import uuid
from collections.abc import Iterable, Mapping

from lxml import etree
from lxml.builder import ElementMaker

from pipeline.finishing.edition import Edition

TOOL, PRODUCER = "kan", "WeasyPrint 70.0"

_SCHEMAS = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
    "prism": "http://prismstandard.org/namespaces/basic/3.0/",
}
_PRISM = {
    "publicationName": "title of the periodical",
    "issueName": "volume and number in words",
    "volume": "volume",
    "number": "number of the issue",
    "coverDate": "date of the issue",
    "issn": "ISSN of the printed edition",
    "eIssn": "ISSN of the electronic edition",
    "startingPage": "first page in the issue",
    "endingPage": "last page in the issue",
    "pageRange": "pages in the issue",
    "doi": "DOI",
    "url": "address",
}
"""The properties of PRISM that are used, with their descriptions (PRISM 3.0, Basic Metadata)."""

Element = etree._Element


def _name(qualified: str) -> str:
    prefix, _, local = qualified.partition(":")
    return f"{{{_SCHEMAS[prefix]}}}{local}"


def packet(edition: Edition) -> bytes:
    """The XMP packet of an edition, in UTF-8."""
    about = _element("rdf:Description", *_properties(edition), _extensions(edition.prism))
    about.set(_name("rdf:about"), "")
    tree = etree.Element(_name("x:xmpmeta"), nsmap=_SCHEMAS)
    tree.append(_element("rdf:RDF", about))
    etree.cleanup_namespaces(tree)
    etree.indent(tree)
    written = etree.tostring(tree, encoding="unicode")
    begin = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    return f'{begin}\n{written}\n<?xpacket end="r"?>\n'.encode()


def _properties(edition: Edition) -> list[Element]:
    day = edition.published.isoformat()
    found = [
        _element("pdfaid:part", "2"),
        _element("pdfaid:conformance", "A"),
        _element("pdfuaid:part", "1"),
        _element("dc:format", "application/pdf"),
        _in_languages("dc:title", edition.titles),
        _listed("dc:creator", "Seq", edition.creators),
        _listed("dc:publisher", "Bag", filter(None, [edition.publisher])),
        _listed("dc:language", "Bag", edition.languages),
        _listed("dc:date", "Seq", [day]),
        _element("dc:identifier", edition.identifier),
        _listed("dc:subject", "Bag", edition.subjects),
        _in_languages("dc:description", edition.descriptions),
        _in_languages("dc:rights", {edition.lang: edition.rights} if edition.rights else {}),
        _element("xmpRights:Marked", "True") if edition.rights else None,
        _element("xmpRights:WebStatement", edition.rights_href) if edition.rights_href else None,
        _element("xmp:CreatorTool", TOOL),
        _element("xmp:CreateDate", day),
        _element("xmp:ModifyDate", day),
        _element("xmp:MetadataDate", day),
        _element("xmpMM:DocumentID", f"uuid:{uuid.uuid5(uuid.NAMESPACE_URL, edition.identifier)}"),
        _element("pdf:Producer", PRODUCER),
        _element("pdf:Keywords", edition.keywords) if edition.subjects else None,
        *(_element(f"prism:{name}", value) for name, value in edition.prism.items() if value),
    ]
    return [each for each in found if each is not None]


def _extensions(prism: Mapping[str, str]) -> Element:
    """The description of the schemas that XMP does not know itself (ISO 19005-2, 6.6.2.3.3)."""
    used = [(name, said) for name, said in _PRISM.items() if prism.get(name)]
    schemas = [
        _schema("PDF/UA identification schema", "pdfuaid", [("part", "Integer", "part of ISO 14289")], "internal"),
        _schema("PRISM Basic Metadata", "prism", [(name, "Text", said) for name, said in used], "external"),
    ]
    return _element("pdfaExtension:schemas", _element("rdf:Bag", *schemas))


def _schema(title: str, prefix: str, properties: Iterable[tuple[str, str, str]], category: str) -> Element:
    described = [
        _resource(
            _element("pdfaProperty:name", name),
            _element("pdfaProperty:valueType", kind),
            _element("pdfaProperty:category", category),
            _element("pdfaProperty:description", said),
        )
        for name, kind, said in properties
    ]
    return _resource(
        _element("pdfaSchema:schema", title),
        _element("pdfaSchema:namespaceURI", _SCHEMAS[prefix]),
        _element("pdfaSchema:prefix", prefix),
        _element("pdfaSchema:property", _element("rdf:Seq", *described)),
    )


def _resource(*children: Element) -> Element:
    made = _element("rdf:li", *children)
    made.set(_name("rdf:parseType"), "Resource")
    return made


def _in_languages(name: str, values: Mapping[str, str]) -> Element | None:
    """A text in several languages; the first is that for all others too."""
    if not values:
        return None
    items = []
    for lang, value in (("x-default", next(iter(values.values()))), *values.items()):
        items.append(_element("rdf:li", value))
        items[-1].set("{http://www.w3.org/XML/1998/namespace}lang", lang)
    return _element(name, _element("rdf:Alt", *items))


def _listed(name: str, kind: str, values: Iterable[str]) -> Element | None:
    items = [_element("rdf:li", value) for value in values]
    return _element(name, _element(f"rdf:{kind}", *items)) if items else None


def _element(name: str, *content: Element | str) -> Element:
    made: Element = ElementMaker(nsmap=_SCHEMAS)(_name(name), *content)
    return made

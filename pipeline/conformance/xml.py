"""XML that someone else may have written: nothing is fetched, no entity is resolved."""

from lxml import etree

Element = etree._Element


class NotWellFormedError(Exception):
    """The bytes are not well-formed XML: carries what the parser said, line and column from 1."""

    def __init__(self, said: str, line: int, column: int) -> None:
        self.line, self.column = line, column
        super().__init__(said)


def read_xml(data: bytes) -> Element:
    """The root of an XML file. Raises `NotWellFormedError`, also for a file that declares entities."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotWellFormedError(
            error.msg or "no XML", max(error.lineno or 1, 1), max(error.offset or 1, 1)
        ) from None
    subset = root.getroottree().docinfo.internalDTD
    if subset is not None and next(subset.iterentities(), None) is not None:
        raise NotWellFormedError("the file declares entities", 1, 1)
    return root


def local(name: object) -> str:
    """The local name of an element or attribute; nothing for a comment or an instruction."""
    return name.rpartition("}")[2].rpartition(":")[2] if isinstance(name, str) else ""

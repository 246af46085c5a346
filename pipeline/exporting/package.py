"""Package: the parts of a Word file in one zip with fixed dates, so that the same brief gives the same bytes.

ECMA-376 part 2 (Open Packaging Conventions). `customXml/kan.xml` is the brief as it was exported: what Word has no
place for comes back from there.
"""

import io
import uuid
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from lxml import etree

from pipeline.exporting.parts import Relationship

BRIEF_PART = "customXml/kan.xml"

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NAMESPACE = uuid.UUID("6f2b8c1e-3c62-5f7e-9d0b-0d6b4b1a9f11")

_DEFAULTS = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
}
_OVERRIDES = {
    "word/document.xml": f"{_WORD}.document.main+xml",
    "word/styles.xml": f"{_WORD}.styles+xml",
    "word/settings.xml": f"{_WORD}.settings+xml",
    "word/fontTable.xml": f"{_WORD}.fontTable+xml",
    "word/numbering.xml": f"{_WORD}.numbering+xml",
    "word/footnotes.xml": f"{_WORD}.footnotes+xml",
    "word/footer1.xml": f"{_WORD}.footer+xml",
    "word/footer2.xml": f"{_WORD}.footer+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "customXml/kanProps.xml": "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
}


def packed(
    parts: Mapping[str, bytes],
    document: Sequence[Relationship],
    footnotes: Sequence[Relationship],
    brief: bytes | None,
) -> bytes:
    """A Word file of its parts (by name in the package), with the markup of the brief where it is given."""
    document = list(document)
    files = dict(parts)
    if brief is not None:
        document.append(Relationship("rIdKan", f"{_OFFICE}/relationships/customXml", f"../{BRIEF_PART}"))
        properties = Relationship("rId1", f"{_OFFICE}/relationships/customXmlProps", "kanProps.xml")
        files |= {
            BRIEF_PART: brief,
            "customXml/_rels/kan.xml.rels": _relations([properties]),
            "customXml/kanProps.xml": _item(brief),
        }
    top = (
        Relationship("rId1", f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
        Relationship("rId2", f"{_PACKAGE.replace('metadata', 'relationships/metadata')}", "docProps/core.xml"),
    )
    files |= {"_rels/.rels": _relations(top), "word/_rels/document.xml.rels": _relations(document)}
    if footnotes:
        files["word/_rels/footnotes.xml.rels"] = _relations(footnotes)
    return _zipped({"[Content_Types].xml": _types(files), **files})


def _types(files: Iterable[str]) -> bytes:
    """What each part is (part 2, 10.1.2)."""
    root = etree.Element("Types", nsmap={None: _TYPES})
    endings = {name.rpartition(".")[2] for name in files}
    for extension, kind in _DEFAULTS.items():
        if extension in endings:
            etree.SubElement(root, "Default", Extension=extension, ContentType=kind)
    for name in files:
        if name in _OVERRIDES:
            etree.SubElement(root, "Override", PartName=f"/{name}", ContentType=_OVERRIDES[name])
    return _bytes(root)


def _relations(relationships: Iterable[Relationship]) -> bytes:
    root = etree.Element("Relationships", nsmap={None: _RELATIONSHIPS})
    for each in relationships:
        made = etree.SubElement(root, "Relationship", Id=each.identifier, Type=each.kind, Target=each.target)
        if each.external:
            made.set("TargetMode", "External")
    return _bytes(root)


def _item(brief: bytes) -> bytes:
    """What Word knows a part of its own XML by: an identifier, always the same for the same brief."""
    namespace = f"{_OFFICE}/customXml"
    root = etree.Element(f"{{{namespace}}}datastoreItem", nsmap={"ds": namespace})
    identifier = uuid.uuid5(_NAMESPACE, brief.decode("utf-8", "replace"))
    root.set(f"{{{namespace}}}itemID", f"{{{str(identifier).upper()}}}")
    etree.SubElement(root, f"{{{namespace}}}schemaRefs")
    return _bytes(root)


def _bytes(root: etree._Element) -> bytes:
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return data


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """The content types come first, as Word writes them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, compresslevel=6)
    return buffer.getvalue()

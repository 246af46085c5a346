"""The copy of a DOCX that pandoc reads: in place of each paragraph its number, and its note calls.

Nothing that an author wrote is in it.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping

from lxml import etree

from pipeline.importing.gate.package import Element
from pipeline.importing.reading.word.styles import WORD, W

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TIED = ("footnotes", "endnotes", "styles")


def new(name: str) -> Element:
    """An empty part."""
    return etree.Element(f"{W}{name}", nsmap={"w": WORD})


def add_paragraph(copy: Element, number: int, notes: Iterable[str]) -> None:
    """Add a paragraph: its number, and the notes that it calls."""
    made = etree.SubElement(copy, f"{W}p")
    etree.SubElement(etree.SubElement(made, f"{W}r"), f"{W}t").text = str(number)
    for note in notes:
        kind, _, key = note.partition("-")
        etree.SubElement(etree.SubElement(made, f"{W}r"), f"{W}{kind}Reference", {f"{W}id": key})


def keep(copy: Element, source: Element, name: str, kept: tuple[str, ...]) -> Element:
    """Copy a few properties of a table, row or cell."""
    found = source.find(f"{W}{name}")
    made = etree.SubElement(copy, f"{W}{name}")
    for each in found if found is not None else ():
        if str(each.tag).removeprefix(W) in kept:
            etree.SubElement(made, str(each.tag), dict(each.attrib))
    return made


def packed(parts: Mapping[str, Element]) -> bytes:
    """The copy as a DOCX; the same parts make the same bytes."""
    types = etree.Element(f"{{{_TYPES}}}Types", nsmap={None: _TYPES})
    for ending, kind in (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "text/xml"),
    ):
        etree.SubElement(types, f"{{{_TYPES}}}Default", Extension=ending, ContentType=kind)
    for name, kind in (("document", "document.main"), *((each, each) for each in _TIED)):
        content = f"{_TYPE}.{kind}+xml"
        etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/word/{name}.xml", ContentType=content)
    files = {
        "[Content_Types].xml": types,
        "_rels/.rels": _relations({"officeDocument": "word/document.xml"}),
        "word/_rels/document.xml.rels": _relations({name: f"{name}.xml" for name in _TIED}),
        "word/styles.xml": new("styles"),
        **parts,
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, root in files.items():
            archive.writestr(zipfile.ZipInfo(name), etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
    return made.getvalue()


def _relations(targets: Mapping[str, str]) -> Element:
    root = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
    for kind, target in targets.items():
        key, tie = f"r{kind}", f"{_OFFICE}/{kind}"
        etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", Id=key, Type=tie, Target=target)
    return root

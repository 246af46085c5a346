"""A manuscript that is a zip of XML parts (Word, OpenDocument): parsed harmlessly, and how its parts are tied.

ECMA-376 part 2 (Open Packaging Conventions), 9.3 Relationships; OpenDocument 1.3 part 2, Packages.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

Element = etree._Element

_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/": b"http://schemas.openxmlformats.org/officeDocument/2006/",
    b"http://purl.oclc.org/ooxml/drawingml/": b"http://schemas.openxmlformats.org/drawingml/2006/",
}
"""The namespaces of ISO/IEC 29500 Strict, and those of Transitional, which are read."""
_ANY_STRICT = re.compile(b"|".join(map(re.escape, _STRICT)))


class BadPartError(Exception):
    """A part is not the XML that it should be: carries its name and what the parser said."""

    def __init__(self, part: str, said: str) -> None:
        self.part, self.said = part, said
        super().__init__(f"{part}: {said}")


class NoTextError(Exception):
    """The part with the text is missing, or has no text."""


class Relation(NamedTuple):
    """What a part is tied to: the last word of the type, the part or address, and whether it is outside."""

    kind: str
    target: str
    external: bool


@dataclass(frozen=True)
class Package:
    """The parts of a manuscript by name, without a slash in front."""

    parts: Mapping[str, bytes]
    _roots: dict[str, Element | None] = field(default_factory=dict)

    def root(self, name: str) -> Element | None:
        """The root of a part, or None where there is no such part. Raises `BadPartError`."""
        if name not in self._roots:
            data = self.parts.get(name)
            self._roots[name] = None if data is None else parsed(name, data)
        return self._roots[name]

    def relations(self, name: str) -> Mapping[str, Relation]:
        """What a part is tied to, by id; the package itself is called ""."""
        folder, base = posixpath.split(name)
        root = self.root(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, Relation] = {}
        for each in root if root is not None else ():
            if not isinstance(each.tag, str):
                continue
            external = each.get("TargetMode", "").lower() == "external"
            target = each.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
            kind = each.get("Type", "").rpartition("/")[2]
            found[each.get("Id", "")] = Relation(kind, target, external)
        return found

    def related(self, name: str, kind: str) -> str | None:
        """The first part of a kind that a part is tied to."""
        for relation in self.relations(name).values():
            if relation.kind == kind and not relation.external and relation.target in self.parts:
                return relation.target
        return None


def whole(said: str | None, otherwise: int) -> int:
    """A whole number that a part says, of six digits at most; `otherwise` for anything else."""
    return int(said) if said and re.fullmatch("[0-9]{1,6}", said) else otherwise


def parsed(name: str, data: bytes) -> Element:
    """The root of a part; nothing is fetched, no entity is resolved. Raises `BadPartError`."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(_ANY_STRICT.sub(lambda match: _STRICT[match[0]], data), parser)
    except etree.XMLSyntaxError as error:
        raise BadPartError(name, error.msg or "no XML") from None
    if root.getroottree().docinfo.doctype:
        raise BadPartError(name, "DOCTYPE")
    return root

"""Subset: the embedded fonts of a cut with the glyphs that its pages show, each with the number it had."""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf
import uharfbuzz as hb
from pikepdf import Dictionary, Name, Pdf

from pipeline.finishing.master import Master

_LEVEL = 6
"""Of compression; 9 takes three times as long for one byte in two hundred."""


def subset_fonts(document: Pdf, master: Master, numbers: Sequence[int]) -> None:
    """Make the fonts of a document smaller; `numbers` are those of its painted pages.

    Only TrueType fonts whose glyphs are named by their numbers (Identity-H, ISO 32000-1, 9.7.5.2). A set of
    CIDs, which would no longer be that of the font (ISO 19005-2, 6.2.11.4.2), is taken away.
    """
    if any(master.pages[number - 1].literal for number in numbers):
        return
    for name, font in _fonts(document):
        used = frozenset[int]().union(*(master.pages[number - 1].glyphs.get(name, ()) for number in numbers))
        descendant = font.DescendantFonts[0]
        descriptor = descendant.FontDescriptor
        data = _smaller(descriptor.FontFile2.read_bytes(), used)
        descriptor.FontFile2 = pikepdf.Stream(
            document, zlib.compress(data, _LEVEL), Filter=Name.FlateDecode, Length1=len(data)
        )
        tagged = Name(f"/{_tag(data)}+{str(font.BaseFont).rpartition('+')[2].lstrip('/')}")
        font.BaseFont = descendant.BaseFont = descriptor.FontName = tagged
        if Name.CIDSet in descriptor:
            del descriptor[Name.CIDSet]


def _fonts(document: Pdf) -> Iterator[tuple[str, Any]]:
    """The composite fonts with TrueType outlines, each once, by the name that all pages give them."""
    found: dict[tuple[int, int], tuple[str, Any]] = {}
    for page in document.pages:
        for name, font in page.obj.Resources.get(Name.Font, {}).items():
            if font.get(Name.Encoding) == Name("/Identity-H") and _is_truetype(font):
                found.setdefault(font.objgen, (name[1:], font))
    yield from found.values()


def _is_truetype(font: Any) -> bool:
    descendant = font.get(Name.DescendantFonts, [Dictionary()])[0]
    return (
        Name.FontFile2 in descendant.get(Name.FontDescriptor, Dictionary())
        and descendant.get(Name.CIDToGIDMap, Name.Identity) == Name.Identity
    )


def _smaller(data: bytes, glyphs: frozenset[int]) -> bytes:
    """A font with some of its glyphs only, which keep their numbers."""
    wish = hb.SubsetInput()
    wish.sets(hb.SubsetInputSets.GLYPH_INDEX).update(glyphs)
    wish.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NOTDEF_OUTLINE
    return bytes(hb.subset(hb.Face(data), wish).blob.data)


def _tag(data: bytes) -> str:
    """Six capitals that tell this subset from any other of the font (ISO 32000-1, 9.6.4)."""
    digest = hashlib.sha256(data).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])

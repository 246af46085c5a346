"""Reading: a manuscript that the gate has let in, as a `Document`."""

import re
from collections.abc import Mapping
from html import unescape

from pipeline.diagnostics import ManuscriptError, Place, Words
from pipeline.importing.document import Document
from pipeline.importing.gate import Accepted
from pipeline.importing.gate.package import BadPartError, Element, NoTextError, Package
from pipeline.importing.gate.refusals import UNREAD, shorten
from pipeline.importing.reading import opendocument, pandoc, plain, webpage, word
from pipeline.importing.reading.markup import Markup, properties
from pipeline.importing.reading.pictures import Pictures
from pipeline.importing.reading.structure import TooDeepError
from pipeline.importing.reading.word.blocks import put_together

_ARTICLE = re.compile(rb"<article[\s/>]")
SOURCE = "customXml/kan.xml"
"""The part in which `kan export` keeps the markup of a brief."""


def _markup(parts: Mapping[str, bytes]) -> bytes | None:
    """The markup of an earlier export; other programs give its part another name (customXml/item1.xml)."""
    named = [SOURCE, *sorted(name for name in parts if re.fullmatch(r"customXml/item\d+\.xml", name))]
    return next((parts[name] for name in named if _ARTICLE.search(parts.get(name, b"")[:2000])), None)


def read(accepted: Accepted, name: str) -> Document:
    """Read a manuscript; `name` is what it is called in messages. Raises `ManuscriptError`."""
    try:
        return _READERS[accepted.kind](accepted)
    except (BadPartError, pandoc.PandocError) as error:
        reason: Words | str = shorten(str(error))
    except (TooDeepError, RecursionError):
        reason = Words("層次太深", "it is nested too deep")
    except NoTextError:
        reason = Words("裡面沒有內文", "it has no text")
    raise ManuscriptError([UNREAD.at(Place(accepted.path), name=name, reason=reason)])


def _docx(accepted: Accepted) -> Document:
    package = Package(accepted.parts)
    read = word.read(package)
    made, notes = put_together(read)
    return Document(
        "docx",
        made,
        notes,
        read.media,
        tuple(read.changes),
        tuple(read.comments),
        _properties(package),
        tuple(read.lost),
        _markup(accepted.parts),
    )


def _properties(package: Package) -> dict[str, str]:
    name = package.related("", "core-properties")
    root: Element | None = package.root(name) if name else None
    return {
        each.tag.rpartition("}")[2]: each.text.strip()
        for each in (root if root is not None else ())
        if isinstance(each.tag, str) and each.text and each.text.strip()
    }


_MARKDOWN = (
    "markdown-smart-citations-example_lists-fancy_lists-definition_lists-implicit_figures-subscript-strikeout"
    "-tex_math_dollars-raw_tex-latex_macros-blank_before_header-blank_before_blockquote-auto_identifiers"
    "+east_asian_line_breaks"
)
"""Markdown without what would take signs of a Chinese text for markup: 5~10, (1), @."""


def _markdown(accepted: Accepted) -> Document:
    tree = pandoc.read(accepted.data, _MARKDOWN)
    pictures = Pictures(accepted.path)
    reader = Markup(pictures.name, accepted.data.decode())
    made = reader.document(tree["blocks"])
    return Document(
        "markdown",
        made,
        reader.notes,
        pictures.media,
        properties=properties(tree["meta"]),
        lost=tuple(reader.lost),
    )


def _odt(accepted: Accepted) -> Document:
    read = opendocument.read(Package(accepted.parts))
    return Document(
        "odt",
        read.blocks,
        read.notes,
        read.media,
        tuple(read.changes),
        tuple(read.comments),
        read.properties,
        tuple(read.lost),
        _markup(accepted.parts),
    )


def _html(accepted: Accepted) -> Document:
    text = accepted.data.decode()
    page = webpage.prepared(text)
    tree = pandoc.read(page.data, "html-auto_identifiers+east_asian_line_breaks")
    pictures = Pictures(accepted.path)
    reader = Markup(pictures.name, unescape(text))
    made = reader.document(tree["blocks"])
    return Document(
        "html",
        made,
        reader.notes,
        pictures.media,
        tuple(page.changes),
        properties=page.properties,
        lost=(*page.lost, *reader.lost),
    )


def _text(accepted: Accepted) -> Document:
    return Document("text", plain.paragraphs(accepted.data.decode()))


_READERS = {"docx": _docx, "odt": _odt, "markdown": _markdown, "html": _html, "text": _text}

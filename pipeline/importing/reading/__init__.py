"""Reading: a manuscript that the gate has let in, as a `Document`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import unescape

from pipeline.diagnostics import ManuscriptError, Place, Words
from pipeline.importing.document import Comment, Document
from pipeline.importing.gate import Accepted
from pipeline.importing.gate.package import BadPartError, Element, NoTextError, Package, whole
from pipeline.importing.gate.refusals import UNREAD, shorten
from pipeline.importing.originals.markdown_dialects import without_dialect
from pipeline.importing.reading import opendocument, pandoc, plain, webpage, word
from pipeline.importing.reading.inlines import CONTENTS
from pipeline.importing.reading.markup import PLACE, Markup, properties
from pipeline.importing.reading.pictures import Pictures
from pipeline.importing.reading.structure import Node, TooDeepError
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
    "markdown-smart-citations-example_lists-fancy_lists-definition_lists-implicit_figures-subscript"
    "-tex_math_dollars-raw_tex-latex_macros-blank_before_header-blank_before_blockquote-auto_identifiers"
    "+east_asian_line_breaks"
)
"""Markdown without what would take signs of a Chinese text for markup: 5~10, (1), @."""
_HEADER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_TABLE = re.compile(r"^ {0,3}<table\b.*?</table>", re.S | re.M | re.IGNORECASE)
_HELD = "kan-table"


def _markdown(accepted: Accepted) -> Document:
    written = accepted.data.decode()
    header = _HEADER.match(written)
    start = header.end() if header else 0
    text = without_dialect(written[start:], lambda number: f'[\u2060]{{{PLACE}="comment-{number}"}}')
    tables: list[str] = []

    def held(found: re.Match[str]) -> str:
        tables.append(found[0])
        return f'::: {{{_HELD}="{len(tables) - 1}"}}\n\u2060\n:::\n'

    common = written[:start] + _TABLE.sub(held, text.text)
    tree = pandoc.read(common.encode(), _MARKDOWN)
    pictures = Pictures(accepted.path)
    reader = Markup(pictures.name, written)
    made = reader.document([each for node in tree["blocks"] for each in _with_tables(node, tables)])
    comments = (
        Comment(said, quoted, "", "", reader.places.get(f"comment-{number}", 1))
        for number, (said, quoted) in enumerate(text.remarks, start=1)
    )
    lost = [(1, *CONTENTS)] if text.contents else []
    lost += [(1, f"嵌入的檔案「{name}」", f"the embedded file {name}") for name in text.embedded]
    return Document(
        "markdown",
        made,
        reader.notes,
        pictures.media,
        comments=tuple(comments),
        properties=properties(tree["meta"]),
        lost=(*lost, *reader.lost),
    )


def _with_tables(node: Node, tables: Sequence[str]) -> Sequence[Node]:
    """A block of Markdown, or the blocks of the HTML table that stood there."""
    place = dict(map(tuple, node["c"][0][2])).get(_HELD) if node["t"] == "Div" else None
    table = dict(enumerate(tables)).get(whole(place, -1))
    if table is None:
        return [node]
    page = webpage.prepared(f"<html><body>{table}</body></html>")
    found: Sequence[Node] = pandoc.read(page.data, _HTML)["blocks"]
    return found


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


_HTML = "html-auto_identifiers+east_asian_line_breaks"


def _html(accepted: Accepted) -> Document:
    text = accepted.data.decode()
    page = webpage.prepared(text)
    tree = pandoc.read(page.data, _HTML)
    pictures = Pictures(accepted.path)
    reader = Markup(pictures.name, unescape(text))
    made = reader.document(tree["blocks"])
    return Document(
        "html",
        made,
        reader.notes,
        pictures.media,
        tuple(replace(each, number=reader.places.get(f"change-{each.number}", 1)) for each in page.changes),
        tuple(replace(each, number=reader.places.get(f"comment-{each.number}", 1)) for each in page.comments),
        page.properties,
        lost=(*page.lost, *reader.lost),
    )


def _text(accepted: Accepted) -> Document:
    return Document("text", plain.paragraphs(accepted.data.decode()))


_READERS = {"docx": _docx, "odt": _odt, "markdown": _markdown, "html": _html, "text": _text}

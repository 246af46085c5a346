"""Originals: the text of a manuscript by a path of its own, for the collation of the brief that was made from it.

Nothing in here uses pandoc or `pipeline.importing.reading`: what both of them would lose is still here. Word
and OpenDocument files are read from their XML parts, web pages with an HTML parser, Markdown with a CommonMark
parser, plain text as it is. What an author sees is kept: insertions are accepted, deletions are not there, a
field is its result, a text box stands behind its paragraph, ruby is its base.

What is no text of the author (menus of a page, comments, the marks of Obsidian) is told here for both readings.

Markdown has no one standard: what this reader takes for markup another may take for letters. The collation
therefore does not compare the ASCII marks of which Markdown is made, in either text.

file ─word, opendocument, webpage, markdown▶ Original: passages, and notes by their calls
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable

from pipeline.importing.document import Kind
from pipeline.importing.gate.package import BadPartError
from pipeline.importing.originals.markdown import markdown
from pipeline.importing.originals.opendocument import opendocument
from pipeline.importing.originals.passages import CALL, SYMBOL, Original, OriginalNote, Passage
from pipeline.importing.originals.webpage import web_page
from pipeline.importing.originals.word import word

__all__ = ["CALL", "SYMBOL", "Original", "OriginalNote", "Passage", "original"]


def original(kind: Kind, data: bytes) -> Original:
    """Read the text of a manuscript that the gate let in.

    Raises `ValueError` where the file is not what its kind says.
    """
    try:
        return _READERS[kind](data)
    except (zipfile.BadZipFile, BadPartError, KeyError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


def _plain(data: bytes) -> Original:
    text = data.decode("utf-8-sig")
    lines = re.split(r"\r\n|\r|\n|\f", text)
    return Original("text", tuple(Passage(line) for line in lines if line.strip()))


_READERS: dict[Kind, Callable[[bytes], Original]] = {
    "docx": word,
    "odt": opendocument,
    "html": web_page,
    "markdown": markdown,
    "text": _plain,
}

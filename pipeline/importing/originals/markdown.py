"""The text of a Markdown file: its header (YAML), and what a CommonMark parser makes of the rest.

What Obsidian and its like add is taken back first. CommonMark 0.31 has no notes and no attributes: pandoc's,
[^1] and ^[note] and {#id}, are read here.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from pipeline.importing.originals.markdown_dialects import without_dialect
from pipeline.importing.originals.passages import CALL, Original, OriginalNote, Passage, Pen
from pipeline.importing.originals.webpage import web_page

_HEADER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_SCALAR = re.compile(r"^[ \t]*(?:-[ \t]+)?([\w-]+:[ \t]+)?[|>\"']?(.*?)[\"']?[ \t]*$", re.M)
_NOTE_TEXT = re.compile(
    r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*"
    r"(.*(?:\n(?!\s*\n| {0,3}\[\^[^\]\s]+\]:).+|\n[ \t]*\n(?: {4}|\t).+)*)",
    re.M,
)
_NOTE_CALL = re.compile(r"\[\^([^\]\s]+)\]|(?<!\\)\^\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")
_ATTRIBUTES = re.compile(r"(?<=[\])`])\{[.#:\w][^{}\n]*\}|^:{3,}.*$|[ \t]\{[#.][^{}\n]*\}[ \t]*$", re.M)


class _AsTyped(MarkdownIt):
    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        """An address as the author typed it, not with the letters for which its %E6 stand."""
        return link


_MARKDOWN = _AsTyped("commonmark").enable(["table", "strikethrough"])


def markdown(data: bytes) -> Original:
    """The text of a Markdown file in UTF-8. Raises `UnicodeDecodeError`."""
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    pen = Pen()
    header = _HEADER.match(text)
    if header:
        for key, value in _SCALAR.findall(header[1]):
            pen.write(value)
            pen.end(optional=key.strip(": ") not in ("title", "subtitle"))
        text = text[header.end() :]
    text = without_dialect(text).text
    written = {found[1]: re.sub(r"^(?: {4}|\t)", "", found[2], flags=re.M) for found in _NOTE_TEXT.finditer(text)}
    text = _NOTE_TEXT.sub("", text)
    keys: list[str] = []

    def call(found: re.Match[str]) -> str:
        if found[1] is not None and found[1] not in written:
            return found[0]
        key = found[1] if found[1] is not None else f"inline {len(keys)}"
        if found[2] is not None:
            written[key] = found[2]
        keys.append(key)
        return CALL

    passages = (*pen.passages, *_rendered(_NOTE_CALL.sub(call, text)))
    return Original("markdown", passages, tuple(OriginalNote(key, _rendered(written[key])) for key in keys))


def _rendered(text: str) -> tuple[Passage, ...]:
    """Markdown as its text: what an HTML parser shows of what a CommonMark parser makes of it."""
    page = _MARKDOWN.render(_ATTRIBUTES.sub("", text))
    return web_page(page.encode()).passages

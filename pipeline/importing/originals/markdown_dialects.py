"""What Obsidian, HackMD and GitHub add to Markdown, taken back to what every reader of Markdown knows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_REMARK = re.compile(r"%%(?!%)(.{1,1000}?)%%|<!--(.{1,1000}?)-->", re.S)
_PICTURE = re.compile(
    r"!\[\[([^\[\]|#^\n]+\.(?:png|jpe?g|gif|svg|webp|tiff?|bmp))(?:\|[^\[\]\n]*)?\]\]", re.IGNORECASE
)
_EMBEDDED = re.compile(r"!\[\[([^\[\]\n]+)\]\]")
_LINK = re.compile(r"(?<!\[)\[\[(?!\d+\]\])([^\[\]|\n]+)(?:\|([^\[\]\n]+))?\]\](?![(\[])")
_HIGHLIGHT = re.compile(r"(?<!=)==(?=[^\s=])([^=\n]{1,300}?)(?<=\S)==(?!=)")
_CALLOUT = re.compile(r"^((?:[ \t]*>)+[ \t]*)\[!\w+\][-+]?[ \t]*(.*)$", re.M)
_BLOCK_NAME = re.compile(r"(?:(?<=[^\s^])[ \t]+|^)\^(?:[A-Za-z][A-Za-z0-9-]{2,}|[a-z0-9]{6})[ \t]*$", re.M)
_CONTENTS = re.compile(r"^[ \t]*\[\[?_?TOC_?\]?\][ \t]*$", re.M | re.IGNORECASE)
_TASK = re.compile(r"^([ \t]*(?:[-*+]|\d+[.)])[ \t]+)\[([ xX])\](?=[ \t])", re.M)
_CODE = re.compile(r"^(```+|~~~+).*?^\1[ \t]*$|`[^`\n]+`", re.M | re.S)
_QUOTED = 12


@dataclass
class Plain:
    """A text without what is not common: the remarks, each with the words before it, and what was left out."""

    text: str = ""
    remarks: list[tuple[str, str]] = field(default_factory=list)
    contents: bool = False
    embedded: list[str] = field(default_factory=list)
    """Other files that the program would show here."""


def without_dialect(text: str, place: Callable[[int], str] = lambda _number: "") -> Plain:
    """Common Markdown of a text; `place` is written where a remark (%%…%%, <!--…-->) stood, by its number."""
    made = Plain()
    start = 0
    for code in _CODE.finditer(text):
        made.text += _rewritten(text[start : code.start()], made, place) + code[0]
        start = code.end()
    made.text += _rewritten(text[start:], made, place)
    return made


def _rewritten(text: str, made: Plain, place: Callable[[int], str]) -> str:
    def remark(found: re.Match[str]) -> str:
        before = text[: found.start()].rpartition("\n")[2] or text[: found.start()].strip().rpartition("\n")[2]
        made.remarks.append((" ".join((found[1] or found[2]).split()), before.strip()[-_QUOTED:]))
        return place(len(made.remarks))

    def embedded(found: re.Match[str]) -> str:
        made.embedded.append(found[1])
        return ""

    def callout(found: re.Match[str]) -> str:
        return f"{found[1]}{found[2]}\n{found[1].rstrip()}" if found[2] else found[1].rstrip()

    made.contents = made.contents or _CONTENTS.search(text) is not None
    text = _CONTENTS.sub("", text)
    text = _REMARK.sub(remark, text)
    text = _PICTURE.sub(lambda found: f"![](<{found[1].strip()}>)", text)
    text = _EMBEDDED.sub(embedded, text)
    text = _LINK.sub(lambda found: found[2] or found[1].partition("#")[0] or found[1], text)
    text = _HIGHLIGHT.sub(r"\1", text)
    text = _CALLOUT.sub(callout, text)
    text = _BLOCK_NAME.sub("", text)
    return _TASK.sub(lambda found: f"{found[1]}{'☐' if found[2] == ' ' else '☒'}", text)

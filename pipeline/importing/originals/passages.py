"""Passages: the text of a manuscript as the collation wants it, and the pen that writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.importing.document import Kind

CALL = "\ufdd0"
"""What stands in a text where a note is called: a character that no text can have (Unicode 23.7)."""
SYMBOL = "\ufdd1"
"""A sign of a symbol face (w:sym), whose character depends on the face."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of a manuscript, with `CALL` where a note is called.

    `hidden` are the stretches (start, end) that the author hid. `optional`: what the file says of itself beside
    its text (a title in a YAML header), which a brief may have or not.
    """

    text: str
    hidden: tuple[tuple[int, int], ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class OriginalNote:
    """A footnote or endnote made with the tool of the program; `key` is what the file calls it."""

    key: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Original:
    """The text of a manuscript: its paragraphs in the order of the file and its notes in that of their calls.

    The n-th `CALL` in the passages calls the n-th note; a note that is called twice is there twice.
    """

    kind: Kind
    passages: tuple[Passage, ...]
    notes: tuple[OriginalNote, ...] = ()


@dataclass
class Pen:
    """Writes passages while a file is read; what is hidden is marked. `keys` are the notes called."""

    passages: list[Passage] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _hidden: list[tuple[int, int]] = field(default_factory=list)

    def write(self, text: str, hidden: bool = False) -> None:
        """Add text to the paragraph."""
        if hidden and text:
            start = sum(map(len, self._parts))
            self._hidden.append((start, start + len(text)))
        self._parts.append(text)

    def call(self, key: str) -> None:
        """Add the call of a note."""
        self.keys.append(key)
        self._parts.append(CALL)

    def end(self, optional: bool = False) -> None:
        """End the paragraph; one without a letter is none."""
        text = "".join(self._parts)
        if text.strip():
            self.passages.append(Passage(text, tuple(self._hidden), optional))
        self._parts, self._hidden = [], []


def collapsed(text: str | None) -> str:
    """Text of XML or HTML with rows of blanks as one (OpenDocument 1.3 part 3, 6.1.2; CSS Text 3, 4.1.1)."""
    return re.sub(r"[ \t\r\n]+", " ", text or "")

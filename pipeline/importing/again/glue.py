"""Glue: what stands between the blocks of a brief: the ends of sections, line ends and indents."""

from __future__ import annotations

import re

from pipeline.importing.again.reading import Reading

_CLOSING = re.compile(rb"</sec\s*>")


def closings(between: bytes) -> int:
    """How many sections end in a stretch between two blocks."""
    return len(_CLOSING.findall(between))


class Indent:
    """How the lines of a brief are indented."""

    def __init__(self, reading: Reading) -> None:
        data = reading.source.data
        first = reading.blocks[0] if reading.blocks else None
        start = reading.source.tag_bytes(reading.body)[1]
        found = re.fullmatch(rb"\s*?(\r?\n)([ \t]*)", data[start : first.start]) if first else None
        self.line, self.base = (found[1], found[2]) if found else (b"\n", b"    ")
        self.step = b"\t" if b"\t" in self.base else b"  "

    def at(self, depth: int) -> bytes:
        """A new line with the indent of what stands in a section of a depth; -1: the end of the body."""
        if depth < 0:
            return self.line + self.base[: max(len(self.base) - len(self.step), 0)]
        return self.line + self.base + self.step * depth

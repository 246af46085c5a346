"""Setting: a process of its own that sets one Typst document. It imports nothing but Typst.

`python -m tests.bench.setting DOCUMENT.typ FONT_FOLDER OUTPUT.pdf` writes the PDF; without `OUTPUT.pdf` it
prints how many notes the document has.
"""

import sys
from pathlib import Path
from typing import Any

import typst


def place(document: Path, fonts: Path) -> dict[str, Any]:
    """Where Typst finds the document, the pictures (by absolute path) and the only fonts it may use."""
    return {"input": str(document), "root": "/", "font_paths": [str(fonts)], "ignore_system_fonts": True}


def set_pages(document: Path, fonts: Path, output: Path) -> None:
    """Write a tagged PDF, as `kan build` does; a warning of Typst is an error here."""
    _, warnings = typst.compile_with_warnings(**place(document, fonts), output=str(output), pdf_tags=True)
    if warnings:
        raise ValueError(f"Typst warns: {warnings}")


def count_notes(document: Path, fonts: Path) -> int:
    """How many notes Typst finds in the document, without the repeated calls."""
    notes = "query(footnote).filter(note => type(note.body) != label).len()"
    return int(typst.eval(expression=notes, **place(document, fonts)))


def main(document: Path, fonts: Path, output: Path | None = None) -> None:
    """Set the document, or count its notes where there is no output."""
    if output is None:
        print(count_notes(document, fonts))
    else:
        set_pages(document, fonts, output)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

"""Inlines of a paragraph, put together as they were read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.importing.document import Inline, Run

_ADDRESS = re.compile(r"(?:https?://|ftp://|mailto:|doi:|//)[^\s]", re.IGNORECASE)


TEXT_BOX = (
    "文字方塊：裡面的文字接在這一段之後，請確認位置",
    "a text box: its text follows this paragraph, check the place",
)
"""What is said of a text box, which has a place on the page but none in the text."""


CONTENTS = ("目次不匯入，由程式產生", "a table of contents is not imported: the program makes it")
"""What is said of a table of contents."""


def struck(text: str) -> tuple[str, str]:
    """What is said of text with a line through it, which is kept: nobody knows whether it is to go."""
    return f"畫了刪除線的文字「{text.strip()}」照樣留著", f"text that was struck through is kept: {text.strip()}"


def joined(inlines: Iterable[Inline]) -> tuple[Inline, ...]:
    """The inlines, neighbours of one look in one run."""
    made: list[Inline] = []
    for each in inlines:
        last = made[-1] if made else None
        if isinstance(each, Run) and isinstance(last, Run) and _are_alike(last, each):
            made[-1] = replace(last, text=last.text + each.text)
        else:
            made.append(each)
    return tuple(made)


def _are_alike(one: Run, other: Run) -> bool:
    is_spoken = one.ruby is not None or other.ruby is not None
    return not is_spoken and replace(one, text="") == replace(other, text="")


def is_address(address: str) -> bool:
    """Whether a link leads to the web or to mail, and not to a file, a share or a script."""
    return _ADDRESS.match(address.strip()) is not None


def without_first_blanks(inlines: Sequence[Inline], blanks: str = " \t\xa0") -> list[Inline]:
    """The inlines without the blanks they begin with, such as programs type after the number of a note."""
    left = list(inlines)
    while left and isinstance(first := left[0], Run):
        text = first.text.lstrip(blanks)
        if text:
            left[0] = replace(first, text=text)
            break
        del left[0]
    return left


def is_written(inlines: Iterable[Inline]) -> bool:
    """Whether anything but blanks stands in a paragraph."""
    return any(not isinstance(each, Run) or each.text.strip() for each in inlines)

"""What WeasyPrint 70.0 can't do for Chinese and is taught here: the only module that touches its private parts.

Three things, each small enough to be dropped when the engine learns it or our own composer replaces it:

- a line of Han is justified between all its characters, not at its blanks alone (clreq 3.2.2);
- Han and Latin or digits stand a quarter of an em apart (clreq 3.2.3), at a mark `GAP` that the text carries;
- the area of the notes at the page foot never "overflows" by a rounding error, which would lose every later note.

The version is pinned and checked, because all of these are functions without a promise.
"""

import re
from typing import Any

import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.layout import LayoutContext, inline
from weasyprint.text import line_break
from weasyprint.text.ffi import TO_UNITS, ffi, pango

VERSION = "70.0"

GAP = "\u200b"
"""Where Han meets Latin: a line may break here, and the engine sets the gap. Never drawn, never extracted."""

GAP_WIDTH = 0.22
"""Width of the gap between Han and Latin in em: clreq 3.2.3 asks for a quarter at most, .2 to .25 looks even."""

_MAX_STRETCH = 0.5
"""A line that would need more than this between characters, in em, is left ragged rather than torn apart."""

_CJK = "\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_LATIN = "0-9A-Za-z\u00c0-\u024f"
_GAP_IN_TEXT = re.compile(f"(?<=[{_CJK}]){GAP}(?=[{_LATIN}])|(?<=[{_LATIN}]){GAP}(?=[{_CJK}])|^{GAP}|{GAP}$")
_STRETCHED = re.compile(f"[{_CJK} \u00a0]")

_set_text = line_break.Layout.set_text
_update_footnote_area = LayoutContext._update_footnote_area


def install() -> None:
    """Teach the engine; doing it twice changes nothing. Raises `RuntimeError` on another version of WeasyPrint."""
    if weasyprint.__version__ != VERSION:
        raise RuntimeError(f"pipeline/engine.py is written for WeasyPrint {VERSION}, not {weasyprint.__version__}")
    inline.justify_line = justify_line
    line_break.Layout.set_text = set_text
    LayoutContext._update_footnote_area = update_footnote_area


def anchors(document: Any) -> set[str]:
    """The ids of everything that stands on the pages of a laid out document."""
    return {name for page in document.pages for name in page.anchors}


def misplaced(document: Any) -> list[tuple[int, str]]:
    """Text that a laid out document would print off its page or under its notes: (page from 1, text)."""
    found = []
    for number, page in enumerate(document.pages, start=1):
        box = page._page_box
        for text in (child for child in box.descendants() if isinstance(child, boxes.TextBox)):
            if text.text.strip() and _outside(text, box):
                found.append((number, text.text))
                break
        else:
            found += [(number, text) for text in _under_the_notes(box)[:1]]
    return found


def _outside(text: Any, page: Any) -> bool:
    """Whether a text box leaves the paper by more than half a CSS pixel."""
    return bool(
        text.position_x < -0.5
        or text.position_y < -0.5
        or text.position_x + text.width > page.margin_width() + 0.5
        or text.position_y + text.height > page.margin_height() + 0.5
    )


def _under_the_notes(page: Any) -> list[str]:
    notes = [child for child in page.children if isinstance(child, boxes.FootnoteAreaBox) and child.children]
    body = [child for child in page.children if not isinstance(child, boxes.FootnoteAreaBox | boxes.MarginBox)]
    return [
        text.text
        for area in notes
        for root in body
        for text in root.descendants()
        if isinstance(text, boxes.TextBox) and text.text.strip()
        and text.position_y + text.height > area.position_y + 1
    ]


def update_footnote_area(self: Any) -> bool:
    """The note area has no max-height here, so it never overflows, whatever the sum of the heights rounds to."""
    _update_footnote_area(self)
    return False


def set_text(self: Any, text: str, justify: bool = False) -> None:
    """`Layout.set_text` with the gaps between Han and Latin and, when drawing, the share of each character."""
    _set_text(self, text, justify)
    spacings = [(found.start(), found.end(), GAP_WIDTH * self.style["font_size"]) for found in _gaps(self.text)]
    spread = getattr(self, "spread", 0.0)
    if justify and spread:
        spacings += [(found.start(), found.end(), spread) for found in _STRETCHED.finditer(self.text)]
    if spacings:
        _space(self, spacings)


def justify_line(context: Any, line: Any, extra: float) -> None:
    """Spread `extra` (in CSS pixels) over the characters of a line that may move apart, evenly."""
    texts = [box for box in line.descendants() if isinstance(box, boxes.TextBox)]
    count = sum(len(_STRETCHED.findall(box.text)) for box in texts)
    if not count:
        return
    spread = extra / count
    if spread > _MAX_STRETCH * line.style["font_size"]:
        return
    _advance(context, line, spread, 0)


def _advance(context: Any, box: Any, spread: float, moved: float) -> float:
    """Widen the text boxes inside `box` and move what follows them; returns how far the end has moved."""
    if isinstance(box, boxes.TextBox):
        box.position_x += moved
        wider = spread * len(_STRETCHED.findall(box.text))
        if wider:
            layout = line_break.create_layout(box.text, box.style, context, None, box.justification_spacing)
            layout.spread = spread
            layout.deactivate()
            box.pango_layout = layout
            box.width += wider
        return moved + wider
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        before = moved
        box.position_x += moved
        for child in box.children:
            if child.is_in_normal_flow():
                moved = _advance(context, child, spread, moved)
        box.width += moved - before
        return moved
    box.translate(moved, 0)
    return moved


def _gaps(text: str) -> list[re.Match[str]]:
    return list(_GAP_IN_TEXT.finditer(text)) if GAP in text else []


def _space(layout: Any, spacings: list[tuple[int, int, float]]) -> None:
    """Add letter-spacing (in CSS pixels) to stretches of the layout's text, given in characters."""
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for start, end, spacing in spacings:
        attribute = pango.pango_attr_letter_spacing_new(int(spacing * TO_UNITS))
        attribute.start_index = len(layout.text[:start].encode())
        attribute.end_index = attribute.start_index + len(layout.text[start:end].encode())
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)

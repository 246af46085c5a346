"""The painter: WeasyPrint 70.0 places and draws composed lines, and breaks none of its own.

An element with `data-lines` holds the text of the lines that were registered under that number. The engine asks
for its line boxes and gets them as composed; when it draws their text it draws the glyphs at their places, in
marked content for the tree of `pipeline.printing.tags`. What else an engine does with text (links, bookmarks,
colours) stays its own.

These are functions of the engine without a promise, so its version is pinned and checked (`install`).
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import pydyf
import weasyprint
from weasyprint import draw, pdf
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block
from weasyprint.layout.percent import resolve_percentages
from weasyprint.logger import LOGGER
from weasyprint.pdf.stream import Stream
from weasyprint.text.ffi import TO_UNITS, ffi, gobject, pango, unicode_to_char_p

from pipeline.compose import Glyph, Mark
from pipeline.compose.shape import SOFT_HYPHEN
from pipeline.fonts import ASCENT, Face
from pipeline.fonts.harfbuzz import opened
from pipeline.printing import tags
from pipeline.printing.painting import Composed, Painting
from pipeline.tokens import Setting

VERSION = "70.0"
PX = 0.75
"""Points in a CSS pixel, the unit of the engine."""

_STYLES = {"normal": 0, "italic": 2}
_CURVE = 0.5523
"""Control points of a quarter of a circle, in radii."""

_iter_line_boxes = block.iter_line_boxes
_draw_text = draw.draw_text


_painting = Painting()


def install(painting: Painting) -> None:
    """Teach the engine, and let it paint from `painting`. Raises `RuntimeError` on another version of it."""
    global _painting  # noqa: PLW0603  the engine has no place for it that reaches both layout and drawing
    if weasyprint.__version__ != VERSION:
        raise RuntimeError(f"{__name__} is written for WeasyPrint {VERSION}, not {weasyprint.__version__}")
    _painting = painting
    block.iter_line_boxes = iter_line_boxes
    draw.draw_text = draw_text
    Stream.marked = marked
    pdf.add_tags = tags.write


# Placing


def iter_line_boxes(
    context: Any, linebox: Any, position_y: float, bottom_space: float, skip_stack: Any, containing_block: Any,
    *others: Any,
) -> Iterator[tuple[Any, Any]]:  # fmt: skip
    """The line boxes of a block: composed ones where its element has `data-lines`, else the engine's."""
    number = linebox.element.get("data-lines") if linebox.element is not None else None
    if number is None:
        yield from _iter_line_boxes(
            context, linebox, position_y, bottom_space, skip_stack, containing_block, *others
        )
        return
    composed = _painting.composed[int(number)]
    resolve_percentages(linebox, containing_block)
    done = next(iter(skip_stack)) if skip_stack else 0
    lines = _line_boxes(linebox, composed, linebox.position_x, position_y)
    for index, line in enumerate(lines, start=1):
        if index > done:
            if done:
                line.translate(0, -done * line.height)
            yield line, {index: None} if index < len(lines) else None


def _line_boxes(linebox: Any, composed: Composed, x: float, y: float) -> list[Any]:
    """The line boxes of a paragraph at (x, y) in pixels."""
    pitch = composed.setting.pitch / PX
    contents: list[list[Any]] = [[] for _ in composed.lines]
    cursor = _Cursor(composed)
    for child in linebox.children:
        for number, piece in cursor.place(child, x, y):
            contents[number].append(piece)
    cursor.check_end()
    made = []
    for number, children in enumerate(contents):
        line = linebox.copy_with_children(children)
        line.position_x, line.position_y = x, y + number * pitch
        line.width, line.height = composed.setting.measure / PX, pitch
        line.margin_top = line.margin_bottom = 0
        line.baseline = _baseline(composed.setting)
        line.composed = composed.lines[number]
        line.setting = composed.setting
        made.append(line)
    return made


def _baseline(setting: Setting) -> float:
    """Where the baseline is below the top of a line, in pixels: the face stands in the middle of the pitch."""
    return ((setting.pitch - setting.size) / 2 + ASCENT * setting.size) / PX


class _Cursor:
    """Goes through the boxes of a paragraph and the glyphs of its lines in step."""

    def __init__(self, composed: Composed) -> None:
        self.lines, self.setting = composed.lines, composed.setting
        self.number = self.offset = 0
        self.text = self.lines[0].text if self.lines else ""

    def place(self, box: Any, x: float, y: float) -> Iterator[tuple[int, Any]]:
        """The pieces of a box on their lines: (number of the line, box)."""
        if isinstance(box, boxes.TextBox):
            rest = box.text
            while rest:
                self._next_line()
                piece = rest[: len(self.text) - self.offset]
                if piece != self.text[self.offset : self.offset + len(piece)]:
                    raise RuntimeError(f"a template changed composed text: {piece!r} in {self.text!r}")
                yield self.number, self._text_box(box.copy_with_text(piece), x, y)
                self.offset += len(piece)
                rest = rest[len(piece) :]
            return
        self._next_line()
        number = self.number
        resolve_percentages(box, (self.setting.measure / PX, self.setting.pitch / PX))
        children = [piece for child in box.children for _, piece in self.place(child, x, y)]
        made = box.copy_with_children(children)
        _stretch_over(made, children, y + number * self.setting.pitch / PX, self.setting)
        yield number, made

    def check_end(self) -> None:
        """Raise `RuntimeError` when a template left out something of the text."""
        if self.lines and (self.number + 1 < len(self.lines) or self.offset < len(self.text)):
            raise RuntimeError(f"a template left out composed text: {self.text[self.offset :]!r}")

    def _next_line(self) -> None:
        while self.offset == len(self.text) and self.number + 1 < len(self.lines):
            self.number, self.offset = self.number + 1, 0
            self.text = self.lines[self.number].text

    def _text_box(self, box: Any, x: float, y: float) -> Any:
        line = self.lines[self.number]
        first = _glyph_at(line.glyphs, self.offset)
        beyond = _glyph_at(line.glyphs, self.offset + len(box.text))
        glyphs = line.glyphs[first:beyond]
        left = glyphs[0].x if glyphs else 0.0
        right = line.glyphs[beyond].x if beyond < len(line.glyphs) else line.right
        box.position_x = x + left / PX
        box.position_y = y + self.number * self.setting.pitch / PX
        box.width, box.height = max(right - left, 0.0) / PX, self.setting.pitch / PX
        box.margin_top = box.margin_bottom = 0
        box.baseline = _baseline(self.setting)
        box.glyphs = glyphs
        box.line_text = self.text
        box.marks = line.marks if self.offset == 0 else ()
        box.from_left = left
        box.hyphen = line.fitted.hyphen and beyond == len(line.glyphs)
        return box


def _glyph_at(glyphs: Sequence[Glyph], offset: int) -> int:
    """The number of the glyph of the character at an offset; the marks of the character before go with that."""
    number = bisect_left(glyphs, offset, key=_start)
    while number < len(glyphs) and not glyphs[number].characters:
        number += 1
    return number


def _start(glyph: Glyph) -> int:
    return glyph.start


def _stretch_over(box: Any, children: Sequence[Any], top: float, setting: Setting) -> None:
    """Give an inline box the room of what stands in it."""
    box.position_x, box.position_y = children[0].position_x, top
    box.width = children[-1].position_x + children[-1].width - box.position_x
    box.height = setting.pitch / PX
    box.margin_top = box.margin_bottom = 0
    box.baseline = _baseline(setting)


# Drawing


@contextmanager
def marked(stream: Any, box: Any, _tag: str) -> Iterator[None]:
    """Mark what is drawn of a box as content of its element, or as an artifact.

    What stands in one element side by side is one piece of marked content. A box of another document than the
    issue's, a picture drawn for a Word file, has neither.
    """
    owner = getattr(box, "tagged", None)
    if owner is None:
        yield
        return
    if isinstance(owner, tags.Element):
        _begin(stream, box, owner)
        yield
        _end(stream)
        if getattr(box, "behind", None) is not None:
            _draw_behind(stream, box)
    else:
        stream.begin_marked_content("Artifact", pydyf.Dictionary(owner))
        yield
        stream.end_marked_content()
    if getattr(box, "marks", ()):
        _draw_marks(stream, box)


def _begin(stream: Any, box: Any, owner: tags.Element) -> None:
    owners = stream.__dict__.setdefault("owners", [])
    if owners and owners[-1] is owner and stream.reached == len(stream.stream) and stream.stream[-1] == b"EMC":
        stream.stream.pop()
    else:
        stream.begin_marked_content(owner.tag, pydyf.Dictionary({"MCID": len(owners)}))
        owners.append(owner)
    box.mark = len(owners) - 1


def _end(stream: Any) -> None:
    stream.end_marked_content()
    stream.reached = len(stream.stream)


def _draw_behind(stream: Any, textbox: Any) -> None:
    """Draw the blank behind a link that ends a line, which is no part of the link."""
    _begin(stream, textbox.behind, textbox.behind.tagged)
    textbox.blank = textbox.behind.text
    _draw_glyphs(stream, textbox, list(_blank(textbox)))
    _end(stream)


def draw_text(
    stream: Any, textbox: Any, offset_x: float, text_overflow: str, block_ellipsis: str = "none"
) -> None:
    """Draw a text box: its glyphs where it has them, else as the engine does."""
    glyphs = getattr(textbox, "glyphs", None)
    if glyphs is None:
        _draw_text(stream, textbox, offset_x, text_overflow, block_ellipsis)
        return
    stream.set_color(textbox.style["color"])
    if glyphs:
        if getattr(textbox, "blank", ""):
            glyphs = [*glyphs, *_blank(textbox)]
        _draw_glyphs(stream, textbox, glyphs)


def _draw_glyphs(stream: Any, textbox: Any, glyphs: Sequence[Glyph]) -> None:
    origin, y = _origin(textbox)
    stream.begin_text()
    for stretch in _stretches(glyphs):
        cluster = _cluster(textbox, stretch)
        if cluster:
            stream.begin_marked_content("Span", pydyf.Dictionary({"ActualText": pydyf.String(cluster)}))
        for (face, size, height, wider), run in groupby(stretch, key=_look):
            _show(stream, textbox, face, size, wider, origin, y - height / PX, list(run), cluster)
        if cluster:
            stream.end_marked_content()
    stream.end_text()


def _stretches(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Glyphs in stretches: those that stand for some characters together (ọ́) are one, all between such are one."""
    clusters: list[list[Glyph]] = []
    for glyph in glyphs:
        if glyph.characters or not clusters:
            clusters.append([glyph])
        else:
            clusters[-1].append(glyph)
    for single, run in groupby(clusters, key=lambda cluster: len(cluster) == 1):
        if single:
            yield [glyph for (glyph,) in run]
        else:
            yield from run


def _cluster(textbox: Any, stretch: Sequence[Glyph]) -> str:
    """What the glyphs of a stretch stand for together; nothing where each stands for itself."""
    first, last = stretch[0], stretch[-1]
    text: str = textbox.line_text[first.start : first.start + first.characters]
    return "" if last.characters else text


def _origin(textbox: Any) -> tuple[float, float]:
    """Where the baseline of its line begins, in pixels."""
    return textbox.position_x - textbox.from_left / PX, textbox.position_y + textbox.baseline


def _blank(textbox: Any) -> Iterator[Glyph]:
    """The blanks of the text that the composer left out where the line ends: nothing is seen of them."""
    end, right = len(textbox.line_text), textbox.from_left + textbox.width * PX
    textbox.line_text += textbox.blank
    for start, character in enumerate(textbox.blank, start=end):
        for glyph in reversed(textbox.glyphs):
            number = opened(glyph.face).get_nominal_glyph(ord(character))
            if number:
                yield glyph._replace(start=start, characters=1, glyph=number, x=right, wider=0.0)
                break


def _draw_marks(stream: Any, textbox: Any) -> None:
    """Draw the marks under the characters of a line, which are no part of its text."""
    origin, y = _origin(textbox)
    with stream.artifact(), stream.stacked():
        stream.set_color(textbox.style["color"])
        stream.set_color(textbox.style["color"], stroke=True)
        for mark in textbox.marks:
            _draw_mark(stream, mark, origin, y)


def _look(glyph: Glyph) -> tuple[Face, float, float, float]:
    return glyph.face, glyph.size, glyph.y, glyph.wider


def _show(
    stream: Any,
    textbox: Any,
    face: Face,
    size: float,
    wider: float,
    x: float,
    y: float,
    glyphs: list[Glyph],
    cluster: str = "",
) -> None:
    """Show glyphs of one face and size: one string, moved where a glyph does not stand at the end of the last.

    `cluster` is what glyphs stand for together where that is told around them.
    """
    font = _font(stream, face, textbox.style.font_config.font_map)
    pixels = size / PX
    stream.set_font_size(font.hash, pixels)
    stream.set_text_matrix(1 + wider, 0, 0, -1, x + glyphs[0].x / PX, y)
    em = size * (1 + wider) / 1000
    pen = glyphs[0].x
    parts: list[str] = []
    for glyph in glyphs:
        number = glyph.glyph
        if not number:
            LOGGER.warning("no glyph for %r in %s", textbox.line_text, face.family)
        width = font.widths.get(number)
        if width is None:
            width = font.widths[number] = _advance(face, number)
        if cluster:
            font.to_unicode.setdefault(number, _own_character(face, number, cluster) or cluster)
            actual = None
        else:
            actual = _actual_text(font, textbox, glyph)
        move = round((pen - glyph.x) / em, 1)
        if abs(move) >= 0.1:
            parts.append(f">{move:g}<")
            pen -= move * em
        if actual is None:
            parts.append(f"{number:04x}")
        else:
            stream.show_text(f"<{''.join(parts)}>")
            stream.begin_marked_content("Span", pydyf.Dictionary({"ActualText": pydyf.String(actual)}))
            stream.show_text(f"<{number:04x}>")
            stream.end_marked_content()
            parts = []
        pen += width * em
    if parts:
        stream.show_text(f"<{''.join(parts)}>")


def _actual_text(font: Any, textbox: Any, glyph: Glyph) -> str | None:
    """What a glyph stands for where the font can't say: it stands for something else elsewhere in the document.

    A hyphen that the composer set is a soft one (ISO 32000-1, 14.8.2.2.3), whatever glyph it has.
    """
    text: str = textbox.line_text[glyph.start : glyph.start + glyph.characters]
    if textbox.hyphen and text == "-" and glyph is textbox.glyphs[-1]:
        text = SOFT_HYPHEN
    known = font.to_unicode.get(glyph.glyph)
    if known is None:
        known = font.to_unicode[glyph.glyph] = _usual(glyph, text)
    return None if text == known else text


def _usual(glyph: Glyph, text: str) -> str:
    """What a glyph stands for in most places: that of a no-break blank (U+00A0) for a blank, if it is the same."""
    return _own_character(glyph.face, glyph.glyph, " ") or text if text.isspace() else text


def _own_character(face: Face, glyph: int, text: str) -> str:
    """The character of a text, composed or not, that a glyph stands for by itself; else nothing."""
    font = opened(face)
    every = unicodedata.normalize("NFC", text) + unicodedata.normalize("NFD", text)
    return next((each for each in every if font.get_nominal_glyph(ord(each)) == glyph), "")


def _advance(face: Face, glyph: int) -> int:
    """The advance of a glyph in thousandths of an em, as the PDF will have it."""
    font = opened(face)
    em: int = font.face.upem
    advance: int = font.get_glyph_h_advance(glyph)
    return round(advance * 1000 / em)


def _font(stream: Any, face: Face, font_map: Any) -> Any:
    """The engine's font of a face, asked for by its name once in a document."""
    if face not in _painting.faces:
        family_p, _family = unicode_to_char_p(face.family)
        description = ffi.gc(pango.pango_font_description_new(), pango.pango_font_description_free)
        pango.pango_font_description_set_family(description, family_p)
        pango.pango_font_description_set_style(description, _STYLES[face.style])
        pango.pango_font_description_set_weight(description, face.weight)
        pango.pango_font_description_set_absolute_size(description, 10 * TO_UNITS)
        context = ffi.gc(pango.pango_font_map_create_context(font_map), gobject.g_object_unref)
        pango_font = ffi.gc(pango.pango_font_map_load_font(font_map, context, description), gobject.g_object_unref)
        font, _size = stream.add_font(pango_font)
        if font.family != face.family or font.glyph_count != opened(face).face.glyph_count:
            raise RuntimeError(f"the engine found {font.family} for {face.family} {face.weight} {face.style}")
        _painting.faces[face] = (font, pango_font)  # the engine's font lives no longer than Pango's
    return _painting.faces[face][0]


def _draw_mark(stream: Any, mark: Mark, x: float, y: float) -> None:
    """Draw 著重號, 專名號 or 書名號甲式 under characters; (x, y) is where the baseline of the line begins."""
    left, right, bottom = x + mark.x / PX, x + mark.end / PX, y - mark.y / PX
    size = mark.size / PX
    if mark.kind == "dot":
        radius = 0.09 * size
        _circle(stream, left, bottom, radius)
        stream.fill()
        return
    stream.set_line_width(0.05 * size)
    stream.move_to(left, bottom)
    if mark.kind == "rule":
        stream.line_to(right, bottom)
    else:
        waves = max(round((right - left) / (0.25 * size)), 1)
        step = (right - left) / waves
        for number in range(waves):
            start, high = left + number * step, 0.06 * size * (1 if number % 2 else -1)
            stream.curve_to(
                start + step / 3, bottom + high, start + 2 * step / 3, bottom + high, start + step, bottom
            )
    stream.stroke()


def _circle(stream: Any, x: float, y: float, radius: float) -> None:
    bend = radius * _CURVE
    stream.move_to(x + radius, y)
    stream.curve_to(x + radius, y + bend, x + bend, y + radius, x, y + radius)
    stream.curve_to(x - bend, y + radius, x - radius, y + bend, x - radius, y)
    stream.curve_to(x - radius, y - bend, x - bend, y - radius, x, y - radius)
    stream.curve_to(x + bend, y - radius, x + radius, y - bend, x + radius, y)

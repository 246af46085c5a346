"""Boxes: what the templates of `layouts/print/` may ask for, above all text composed in a style of the layout."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from jinja2 import Environment
from markupsafe import Markup

from pipeline.brief import Inline, Link, Section, Style, Text, plain, supplied
from pipeline.compose import Composer
from pipeline.fonts import Fonts
from pipeline.languages import HAN
from pipeline.layout import environment
from pipeline.page_layout import PageLayout
from pipeline.printing.painting import Composed, Painting
from pipeline.printing.tables import placed_rows
from pipeline.profiles import profile

NOTHING = Markup()

Words = str | Inline | Sequence[Inline]


class Boxes:
    """The print templates with one composer, one layout and one document to paint, in language `lang`."""

    def __init__(self, prepared: Fonts, layout: PageLayout, painting: Painting, lang: str | None = None) -> None:
        self.lang = lang
        self.layout, self.tokens, self.painting = layout, layout.tokens, painting
        self.composer = Composer(prepared, self.tokens)
        self.environment = _environment(self)
        self._boxes = cast(Any, self.environment.get_template("print/boxes.j2")).module

    def box(self, name: str, *values: object) -> Markup:
        """The HTML of a box, by the name of its macro in `print/boxes.j2`."""
        return Markup(getattr(self._boxes, name)(*values))

    def compose(self, style: str, *words: Words, lang: str | None = None, width: float | None = None,
                align: str | None = None) -> Composed:  # fmt: skip
        """Words set in a style of the layout, in the width of the type area or another (in points)."""
        setting = self.tokens.styles[style]
        setting = replace(setting, measure=width or setting.measure, align=align or setting.align)
        return Composed(self.composer.paragraph(_nodes(words), setting, lang), setting)

    def one_line(self, style: str, words: str, lang: str | None = None) -> Composed:
        """Words set on one line, cut short where they are too long for it."""
        kept = words
        while kept:
            composed = self.compose(style, kept if kept == words else f"{kept}…", lang=lang)
            if len(composed.lines) == 1:
                return composed
            kept = kept[:-1]
        return self.compose(style, words, lang=lang)


def _environment(boxes: Boxes) -> Environment:
    made = environment(
        {
            "plain": plain,
            "supplied": supplied,
            "placed_rows": placed_rows,
            "dates": _dates,
            "spaced": _spaced,
            "labelled": labelled,
            "registered": boxes.painting.register,
            "set_text": lambda words: _line_html(boxes, words),
            "set_address": lambda address: _line_html(boxes, run("link", address)),
        }
    )
    made.globals.update(
        compose=boxes.compose,
        one_line=boxes.one_line,
        run=run,
        link=lambda href, *words: Link(href, _nodes(words)),
        length=boxes.tokens.length,
        measure=boxes.tokens.measure,
    )
    return made


def run(name: str, *words: Words, lang: str | None = None) -> Style:
    """Words in another style of the layout inside a line; `name` is its class too."""
    return Style(name, _nodes(words), lang)


def labelled(section: Section) -> tuple[Inline, ...]:
    """A heading as it is printed: its label, what stands after labels in its language, and its title."""
    if not section.label:
        return section.title
    after = section.after_label or (" " if section.label[-1] in ".)" else "")
    return (run("label-of-heading", section.label + after), *section.title)


def _spaced(word: str) -> str:
    """A word of two Han characters as a heading: 目　次."""
    return "　".join(word) if len(word) == 2 and all(map(HAN.match, word)) else word


def _dates(dates: Sequence[tuple[str, str]], lang: str) -> str:
    """The dates in the history of a brief."""
    between = 2 * profile(lang).words["blank"]
    return between.join(f"{name}{profile(lang).words['colon']}{day}" for name, day in dates)


def _nodes(words: Sequence[Words]) -> tuple[Inline, ...]:
    nodes: list[Inline] = []
    for each in words:
        if isinstance(each, str):
            nodes += [Text(each)] if each else []
        elif isinstance(each, tuple | list):
            nodes += each
        else:
            nodes.append(cast(Inline, each))
    return tuple(nodes)


def _line_html(boxes: Boxes, words: Words) -> Markup:
    """A value of the colophon, whose rows every edition shares."""
    width = boxes.tokens.measure - boxes.tokens.length("colophon-name-width")
    lines = cast(Any, boxes.environment.get_template("print/lines.j2")).module
    return Markup(lines.paragraph(boxes.compose("colophon-value", words, lang=boxes.lang, width=width)))

"""Compose: a paragraph to lines.

content ─spans▶ [Span]          flat stretches in one look each
[Span] ─shape, breaks▶ [Item]   boxes with their glyphs, the glue between them, and where a line may end
[Item] ─fit▶ [Fitted]           the lines of least badness over the whole paragraph
[Fitted] ─line▶ [Line]          every glyph at its place

Nothing here knows pages, and nothing reads or writes. The lines depend on the content, the setting and the fonts
alone, so that each paragraph is composed once.
"""

from collections.abc import Iterator, Sequence

from pipeline.brief import Inline
from pipeline.compose.fit import Fitter
from pipeline.compose.items import items, too_wide
from pipeline.compose.line import Glyph, Line, Mark, placed
from pipeline.compose.shape import Shaper, Voice
from pipeline.compose.spans import Span, spans
from pipeline.fonts import Fonts
from pipeline.profiles import profile
from pipeline.tokens import Setting, Tokens

__all__ = ["Composer", "Glyph", "Line", "Mark", "Setting", "Span"]


class Composer:
    """Composes paragraphs with one set of fonts and the stacks of one layout."""

    def __init__(self, fonts: Fonts, tokens: Tokens) -> None:
        self._shaper = Shaper(fonts, tokens)
        self._known: dict[tuple[tuple[Inline, ...], Setting, str | None], tuple[Line, ...]] = {}

    def paragraph(
        self, children: tuple[Inline, ...], setting: Setting, lang: str | None = None
    ) -> tuple[Line, ...]:
        """The lines of a paragraph in language `lang`; never fails: a line that can't be good is the least bad."""
        key = (children, setting, lang)
        if key not in self._known:
            self._known[key] = tuple(
                line for part in _parts(spans(children, lang)) for line in self._lines(part, setting, lang)
            )
        return self._known[key]

    def widths(
        self, children: tuple[Inline, ...], setting: Setting, lang: str | None = None
    ) -> tuple[float, float]:
        """The width of the widest piece that can't be divided, and that of everything on one line, in points."""
        narrowest = widest = piece = 0.0
        for item in items(spans(children, lang), self._shaper, setting, lang):
            piece = item.width if item.before is not None else piece + item.width + item.after
            narrowest = max(narrowest, piece)
            widest += item.width + item.after
        return narrowest, widest

    def _lines(self, part: Sequence[Span], setting: Setting, lang: str | None) -> Iterator[Line]:
        rules = profile(lang).setting
        made = items(part, self._shaper, setting, lang)
        hyphen = setting.size * self._shaper.hyphen(Voice("latin", setting.weight))[1].advance
        fitted = Fitter(made, setting, rules, hyphen).lines()
        if fitted is None:
            made = items(part, self._shaper, setting, lang, too_wide(made, setting.measure))
            fitted = Fitter(made, setting, rules, hyphen).lines(force=True) or []
        for each in fitted:
            yield placed(made, each, setting, self._shaper)


def _parts(whole: Sequence[Span]) -> Iterator[list[Span]]:
    """The parts between line breaks that the author set."""
    part: list[Span] = []
    for span in whole:
        if span.text == "\n":
            yield part
            part = []
        else:
            part.append(span)
    if part:
        yield part

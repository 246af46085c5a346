"""Page layouts: a file of tokens each, `layouts/print/<name>.css`; the other style sheets are shared."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from pipeline.layout import LAYOUTS
from pipeline.tokens import Tokens, read_tokens

_PRINT = LAYOUTS / "print"
_FACES, _SHARED = LAYOUTS / "tokens.css", _PRINT / "print.css"

DEFAULT = "a4"


@dataclass(frozen=True)
class PageLayout:
    """One layout of the printed page."""

    name: str

    @cached_property
    def tokens(self) -> Tokens:
        """Its sizes, faces and colours."""
        return read_tokens(_FACES, _PRINT / f"{self.name}.css")

    @property
    def stylesheets(self) -> list[str]:
        """The addresses of its style sheets."""
        return [file.as_uri() for file in (_FACES, _PRINT / f"{self.name}.css", _SHARED)]

    @property
    def page(self) -> Mapping[str, float]:
        """The size of the page and its margins in points, which no style sheet can work out."""
        tokens = self.tokens
        width, height, top = (tokens.length(name) for name in ("page-width", "page-height", "top"))
        side, bottom = (width - tokens.measure) / 2, height - top - tokens.height
        return {"width": width, "height": height, "side": side, "top": top, "bottom": bottom}


A4 = PageLayout(DEFAULT)
"""The layout of a build that asks for no other."""


@cache
def layout_names() -> tuple[str, ...]:
    """The layouts there are."""
    return tuple(sorted(file.stem for file in _PRINT.glob("*.css") if file != _SHARED))

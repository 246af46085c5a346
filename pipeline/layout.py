"""Layouts: the templates and style sheets of `layouts/`, as every edition loads them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.profiles import printed_date, words, words_beside

LAYOUTS = Path(__file__).resolve().parent.parent / "layouts"

SETTING = ("set_text", "set_address")
"""Filters for a stretch of text and an address, in templates that several editions share."""


def environment(filters: Mapping[str, Callable[..., object]]) -> Environment:
    """The template environment of an edition: everything is escaped, an unknown name is an error.

    The filters of `SETTING` prepare text for an edition; one without its own gets the text as it is. Every
    template can call `words(lang)`, the words of the profile of a language, and `words_beside(lang)`, those for a
    part in another language than the brief's; `day | printed_date(lang)` is a date in words.
    """
    made = Environment(loader=FileSystemLoader(LAYOUTS), autoescape=True, undefined=StrictUndefined)
    made.globals.update(words=words, words_beside=words_beside)
    made.filters.update({"printed_date": printed_date, **dict.fromkeys(SETTING, _as_it_is), **filters})
    return made


def _as_it_is(content: object) -> object:
    return content

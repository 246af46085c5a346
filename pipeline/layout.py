"""Layouts: the templates and style sheets of `layouts/`, as every edition loads them."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

LAYOUTS = Path(__file__).resolve().parent.parent / "layouts"

SETTING = ("set_text", "set_address", "set_nodes")
"""Filters for a stretch of text, an address, and inline nodes beside each other."""


def environment(filters: Mapping[str, Callable[..., object]]) -> Environment:
    """The template environment of an edition: everything is escaped, an unknown name is an error.

    The filters of `SETTING` prepare text for an edition; one without its own gets the text as it is.
    """
    made = Environment(loader=FileSystemLoader(LAYOUTS), autoescape=True, undefined=StrictUndefined)
    made.filters.update({"chinese_date": chinese_date, **dict.fromkeys(SETTING, _as_it_is), **filters})
    return made


def _as_it_is(content: object) -> object:
    return content


def chinese_date(day: date) -> str:
    """A date as it is printed: 2026年11月20日."""
    return f"{day.year}年{day.month}月{day.day}日"

"""Layouts: the templates and style sheets of `layouts/`, as every edition loads them."""

import hashlib
import pickle
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from pipeline import __version__, fonts
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
    made.bytecode_cache = _compiled(fonts.cache().parent / "templates", frozenset(filters))
    return made


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates on disk, each with the hash of its source; a file that cannot be read or written is as
    good as none."""

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError, EOFError, pickle.UnpicklingError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


@cache
def _compiled(folder: Path, filters: frozenset[str]) -> _Compiled | None:
    """The cache for templates compiled with these filters; None where its folder cannot be made.

    Compiling looks at the names of filters only: no template gives one of ours a text of its own
    (`tests/test_layouts.py`), which Jinja would work out at once.
    """
    made_by = repr((__version__, version("jinja2"), sorted(filters)))
    kept = folder / hashlib.sha256(made_by.encode()).hexdigest()[:16]
    try:
        kept.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return _Compiled(str(kept), "%s")


def _as_it_is(content: object) -> object:
    return content

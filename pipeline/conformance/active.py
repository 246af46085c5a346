"""Active content: what could run, hide or lead away in a page or a drawing, and what no edition has.

Whoever hands on a finished folder can change its pages and its manifest together; the page then still agrees with
the manifest, and a browser would run what was put in (HTML, 4.12 Scripting, 6.1 `hidden`, 8.1.8 Events).
"""

import re
from collections.abc import Iterator

from pipeline.conformance.links import Broken
from pipeline.conformance.xml import Element, local
from pipeline.diagnostics import Words

DATA = "application/ld+json"
"""The type of a `script` that is data: what a page says about itself to machines."""

_NEVER = frozenset(
    {
        "animate", "applet", "audio", "base", "button", "dialog", "embed", "fencedframe", "foreignobject", "form",
        "frame", "frameset", "handler", "iframe", "input", "listener", "object", "portal", "select", "set",
        "source", "style", "template", "textarea", "track", "video",
    }
)  # fmt: skip
_OF_THE_SEARCH = frozenset({"button", "form", "input"})
_OF_DRAWINGS = frozenset({"animate", "set", "style"})
_HIDING = ("hidden", "inert", "popover")
_LISTED = frozenset({"landmarks", "page-list"})
"""Navigation for machines, which an EPUB may hide (EPUB 3.3, 7.4.2.4)."""
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_RUN = re.compile("(?:javascript|vbscript|livescript):", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x20]+")
"""What a browser takes out of an address before it looks at the scheme (URL, 4.4)."""
_SAID = frozenset({"alt", "aria-label", "content", "title"})


def in_page(root: Element, script: str = "", *, search: bool = False) -> Iterator[Broken]:
    """In a page; `script` is the one file that it may run, and only a page of the `search` has a form."""
    allowed = _OF_THE_SEARCH if search else frozenset[str]()
    for element in root.iter():
        name = local(element.tag).lower()
        if name == "script":
            yield from _script(element, script)
        elif name in _NEVER - allowed:
            yield _found(element, f"<{name}>")
        elif name == "meta" and str(element.get("http-equiv", "")).lower() == "refresh":
            yield _found(element, "<meta http-equiv=refresh>")
        yield from _attributes(element)
        if "style" in element.attrib:
            yield _found(element, "style=")
        for key in _HIDING:
            if key in element.attrib and not (key == "hidden" and _is_listing(element)):
                yield _found(element, key)


def in_drawing(root: Element) -> Iterator[Broken]:
    """In an SVG, which may have styles, and movement that changes no link (as `pipeline.validate.files`)."""
    for element in root.iter():
        name = local(element.tag).lower()
        leads_away = name in ("animate", "set") and "href" in element.get("attributeName", "")
        if name == "script" or name in _NEVER - _OF_DRAWINGS or leads_away:
            yield _found(element, f"<{name}>")
        yield from _attributes(element)


def _script(element: Element, file: str) -> Iterator[Broken]:
    source = element.get("src")
    if source is None:
        if element.get("type") != DATA:
            yield _found(element, "<script>")
    elif not file or source != file or (element.text or "").strip():
        yield _found(element, f"<script src={source}>")


def _attributes(element: Element) -> Iterator[Broken]:
    for key, value in element.attrib.items():
        name = local(key).lower()
        if name.startswith("on") or name == "srcdoc":
            yield _found(element, f"{name}=")
        elif name not in _SAID and not name.startswith("data-") and _RUN.match(_IGNORED.sub("", str(value))):
            yield _found(element, f"{name}={value}")


def _is_listing(element: Element) -> bool:
    return local(element.tag) == "nav" and str(element.get(_EPUB_TYPE, "")) in _LISTED


def _found(element: Element, what: str) -> Broken:
    said = Words(f"kan不會寫「{what[:80]}」", f"kan never writes {what[:80]}")
    return Broken(element.sourceline or 1, "active", said)

"""Links: every address in a page arrives, ids are unique, and nothing is requested from another host.

The pages may be XHTML of an EPUB or HTML of the web edition; both are lxml trees here.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from pipeline.conformance.xml import Element, local
from pipeline.diagnostics import Words

Targets = Mapping[str, frozenset[str] | None]
"""The files that can be linked to, by path, with the ids in each; None for a file that has no ids."""

_ADDRESSES = frozenset({"href", "src", "srcset", "imagesrcset", "poster", "data", "background", "ping", "action"})
_REFERENCES = frozenset(
    {
        "aria-activedescendant", "aria-controls", "aria-describedby", "aria-details", "aria-flowto",
        "aria-labelledby", "aria-owns", "for", "form", "headers", "list", "popovertarget",
    }
)  # fmt: skip
_FETCHED = frozenset(
    {
        "apple-touch-icon", "dns-prefetch", "icon", "manifest", "modulepreload", "preconnect", "prefetch",
        "preload", "stylesheet",
    }
)  # fmt: skip
"""Values of `rel` with which a browser fetches what a `link` names (HTML, 4.6.7 Link types)."""

_IN_CSS = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_REFRESH = re.compile(r"url\s*=\s*[\"']?([^\"']+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Broken:
    """One fault in a page: its line, and what is wrong."""

    line: int
    rule: str
    words: Words


def ids(root: Element) -> frozenset[str]:
    """The ids in a page."""
    return frozenset(str(element.get("id")) for element in root.iter() if element.get("id") is not None)


def broken(name: str, root: Element, targets: Targets) -> Iterator[Broken]:
    """Ids given twice, references to ids and addresses that lead nowhere."""
    times = Counter(element.get("id") for element in root.iter() if element.get("id") is not None)
    here = targets.get(name) or frozenset()
    for element in root.iter():
        own = element.get("id")
        if own is not None and times[own] > 1:
            times[own] = 0
            yield Broken(_line(element), "id", Words(f"id「{own}」不只一個", f"more than one id {own}"))
        for key, value in element.attrib.items():
            if local(key) in _REFERENCES:
                for lost in (each for each in str(value).split() if each not in here):
                    said = Words(f"{local(key)} 指到沒有的 id「{lost}」", f"{local(key)} names no id: {lost}")
                    yield Broken(_line(element), "idref", said)
    for line, address, _ in addresses(root):
        if not arrives(name, address, targets):
            yield Broken(line, "link", Words(f"連結「{address}」沒有目標", f"{address} leads nowhere"))


def elsewhere(root: Element) -> Iterator[Broken]:
    """What a page would request from another host, without a reader who follows a link."""
    for line, address, fetched in addresses(root):
        if fetched and leaves(address):
            yield Broken(line, "request", _request(address))


def elsewhere_in_css(css: str) -> Iterator[Broken]:
    """The same for a style sheet."""
    for address in in_css(css):
        if leaves(address):
            yield Broken(css.count("\n", 0, css.find(address)) + 1, "request", _request(address))


def addresses(root: Element) -> Iterator[tuple[int, str, bool]]:
    """The addresses in a page, each with its line and whether it is fetched without being followed."""
    for element in root.iter():
        tag = local(element.tag)
        for key, value in element.attrib.items():
            name = local(key)
            if name == "style":
                yield from ((_line(element), address, True) for address in in_css(str(value)))
            elif name in _ADDRESSES and not (name == "data" and tag != "object"):
                fetched = _is_fetched(tag, name, element)
                for address in _several(str(value)) if name.endswith("srcset") else (str(value),):
                    yield _line(element), address.strip(), fetched
        if tag == "style":
            yield from ((_line(element), address, True) for address in in_css(element.text or ""))
        if tag == "meta" and str(element.get("http-equiv", "")).lower() == "refresh":
            yield from ((_line(element), each, True) for each in _REFRESH.findall(str(element.get("content"))))


def in_css(css: str) -> list[str]:
    """The addresses in a style sheet."""
    found = _IN_CSS.findall(_COMMENT.sub("", css))
    return [(url or imported).strip() for url, imported in found]


def arrives(name: str, address: str, targets: Targets) -> bool:
    """Whether an address in the file `name` is outside, or names one of the files and an id that is there."""
    parts = _split(address)
    if parts is None:
        return False
    scheme, host, path, fragment = parts
    if scheme or host:
        return True
    target = name if not path else posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path)))
    if path.endswith(("/", "..")) or path == ".":
        target = posixpath.normpath(f"{target}/index.html")
    if target not in targets or path.startswith("/"):
        return False
    anchors = targets[target]
    return not fragment or anchors is None or unquote(fragment) in anchors


def leaves(address: str) -> bool:
    """Whether fetching an address asks another host."""
    parts = _split(address)
    return parts is None or bool(parts[1]) or parts[0] not in ("", "data", "blob", "about")


def _split(address: str) -> tuple[str, str, str, str] | None:
    """Scheme, host, path and fragment; None for what is no address."""
    try:
        split = urlsplit(address)
    except ValueError:
        return None
    return split.scheme, split.netloc, split.path, split.fragment


def _is_fetched(tag: str, attribute: str, element: Element) -> bool:
    if tag == "link":
        return bool(_FETCHED & set(str(element.get("rel", "")).lower().split()))
    return attribute == "ping" or tag not in ("a", "area", "form", "base")


def _several(value: str) -> Iterable[str]:
    """The addresses in a `srcset`: separated by commas, each with a size behind it."""
    return (each.split()[0] for each in value.split(",") if each.strip())


def _request(address: str) -> Words:
    return Words(f"會向別的主機索取「{address}」", f"requests {address} from another host")


def _line(element: Element) -> int:
    return element.sourceline or 1

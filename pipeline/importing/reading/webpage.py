"""Web pages: an HTML manuscript made ready for pandoc, which gives up looks and knows no notes in HTML.

Rules of style sheets go into the elements, what is hidden or runs is taken out, and notes, pronunciations and
typed labels get attributes that `pipeline.importing.reading.markup` reads.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import tinycss2  # type: ignore[import-untyped]
from lxml import etree, html

from pipeline.importing.document import Change, Comment
from pipeline.importing.gate.package import BadPartError, Element
from pipeline.importing.originals.webpage_apart import Apart, apart, said
from pipeline.importing.reading.inlines import CONTENTS
from pipeline.importing.reading.markup import LABEL, PLACE, RUBY, STYLE
from pipeline.importing.reading.webpage_notes import drop, take_notes
from pipeline.importing.reading.webpage_tables import mark_headers

_GONE = frozenset(
    {
        "script", "style", "noscript", "template", "iframe", "object", "embed", "applet", "link", "meta", "base",
        "input", "select", "textarea", "button", "audio", "video", "canvas", "xml", "frameset", "frame", "title",
    }
)  # fmt: skip
_LOST = {"svg": ("SVG圖形", "an SVG drawing"), "math": ("方程式", "an equation")}
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
_PHRASES = frozenset(
    {"a", "b", "strong", "i", "em", "u", "sup", "sub", "font", "small", "big", "cite", "ins", "s", "q"}
)
_RULE = re.compile(r"([a-z][a-z0-9]*)?(?:[.#]([\w-]+))?$", re.IGNORECASE)
_NUMBERED = re.compile(r"c\d+$|lst-|western$|[pPt]\d+$")
"""Classes that Google Docs and LibreOffice make up."""
_MARK = "\u2060"
"""What stands in a mark: pandoc drops an empty one."""
_BULLETS = frozenset("l·§Øonu•vü\uf06c\uf0b7\uf0d8\uf06e\uf0a7")
"""What Word types for a bullet, in a symbol face."""
_SIZES = {"1": "8pt", "2": "10pt", "3": "12pt", "4": "14pt", "5": "18pt", "6": "24pt", "7": "36pt"}


@dataclass
class Page:
    """A page made ready. The number of a change or comment is the mark that was put in its place."""

    data: bytes = b""
    properties: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    lost: list[tuple[int, str, str]] = field(default_factory=list)


def prepared(text: str) -> Page:
    """A page as pandoc shall read it. Raises `BadPartError`."""
    try:
        root = html.document_fromstring(
            _without_declaration(text), parser=html.HTMLParser(huge_tree=False, no_network=True)
        )
    except (etree.LxmlError, ValueError) as error:
        raise BadPartError("HTML", str(error)) from None
    body = root.find("body")
    if body is None:
        raise BadPartError("HTML", "no body")
    page = Page(properties=_properties(root))
    rules = _rules(root)
    _clean(root, page)
    for each in body.iter():
        _style(each, rules)
    _hidden(body, page)
    _deletions(body, page)
    _take_apart(apart(body), page)
    for each in list(body.iter("main")):  # pandoc reads nothing outside of it, where the notes go
        each.tag = "div"
    for each in list(body.iter("ruby")):
        _ruby(each)
    take_notes(body)
    for each in list(body.iter("table")):
        mark_headers(each)
    for each in list(body.iter()):
        _carry(each)
    page.data = etree.tostring(root, method="html", encoding="unicode").encode()
    return page


def _without_declaration(text: str) -> str:
    """lxml takes no encoding in text that is decoded."""
    return re.sub(r"^\s*<\?xml[^>]*>", "", text)


def _properties(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    title = root.find(".//title")
    if title is not None and _text(title).strip():
        found["title"] = " ".join(_text(title).split())
    for each in root.iter("meta"):
        name, said = each.get("name", "").lower(), each.get("content", "").strip()
        if name in ("author", "keywords", "description") and said:
            found["creator" if name == "author" else name] = said
    if root.get("lang"):
        found["language"] = root.get("lang", "")
    return found


def _rules(root: Element) -> list[tuple[str, str, str]]:
    """The simple rules of the page: element, class or id, declarations."""
    found: list[tuple[str, str, str]] = []
    for sheet in root.iter("style"):
        for rule in tinycss2.parse_stylesheet(sheet.text or "", skip_comments=True, skip_whitespace=True):
            if rule.type != "qualified-rule":
                continue
            said = " ".join(tinycss2.serialize(rule.content).split())
            for selector in tinycss2.serialize(rule.prelude).split(","):
                match = _RULE.fullmatch(selector.strip())
                if match and selector.strip():
                    found.append(((match[1] or "").lower(), match[2] or "", said))
    return sorted(found, key=lambda rule: bool(rule[1]))


def _clean(root: Element, page: Page) -> None:
    """Take out what runs or shows nothing, comments, and attributes that only we may write."""
    for each in list(root.iter()):
        if not isinstance(each.tag, str):
            drop(each)
            continue
        tag = each.tag.lower()
        if tag in _LOST:
            page.lost.append((1, *_LOST[tag]))
        if tag in _GONE or tag in _LOST:
            drop(each)
        for name in list(each.attrib):
            if str(name).startswith(("data-", "kan-", "on")):
                del each.attrib[name]


def _take_apart(found: Apart, page: Page) -> None:
    """Take out what is no text: comments, tables of contents, menus."""
    for remark in found.remarks:
        number = len(page.comments) + 1
        page.comments.append(Comment(remark.text, remark.quoted.replace(_MARK, ""), remark.author, "", number))
        _mark_place(remark.call, f"comment-{number}")
        for each in (remark.call, remark.block):
            if each is not None:
                drop(each)
    for each in found.contents:
        drop(each)
    if found.contents:
        page.lost.append((1, *CONTENTS))
    words = [" ".join(said(each).split())[:12] for each in found.menus]
    for each in found.menus:
        drop(each)
    if words:
        shown = "".join(f"「{each}」" for each in [each for each in words if each][:8])
        chinese = f"網頁的選單、日期、留言等{len(words)}處不是文章，沒有匯入：{shown}"
        page.lost.append((1, chinese, f"menus, dates, replies of the page ({len(words)}) are no text: {shown}"))


def _mark_place(element: Element, name: str) -> None:
    """Put a mark before an element, from which the number of its paragraph becomes known."""
    mark = html.Element("span", {f"data-{PLACE}": name})
    mark.text = _MARK
    if element.getparent() is None:
        return
    element.addprevious(mark)


def _style(element: Element, rules: Iterable[tuple[str, str, str]]) -> None:
    """Write what the style sheet says of an element into it, before its own."""
    tag, classes, name = str(element.tag).lower(), element.get("class", "").split(), element.get("id")
    said = [text for rule, key, text in rules if rule in ("", tag) and (not key or key in classes or key == name)]
    if element.get("align"):
        said.append(f"text-align:{element.get('align', '').lower()}")
    if tag == "center":
        said.append("text-align:center")
    if tag == "font":
        said += [f"font-family:{element.get('face')}"] if element.get("face") else []
        said += [f"font-size:{_SIZES[element.get('size', '')]}"] if element.get("size") in _SIZES else []
    own = element.get("style")
    if said or own:
        element.set("style", ";".join([*said, *([" ".join(own.split())] if own else [])]))


def _hidden(body: Element, page: Page) -> None:
    for each in list(body.iter()):
        style = re.sub(r"\s", "", each.get("style", "").lower())
        if (
            ("display:none" in style or "mso-hide:all" in style)
            and each.getparent() is not None
            and each is not body
        ):
            text = " ".join(_text(each).split())
            if text:
                page.lost.append((1, f"隱藏的文字「{text}」", f"hidden text: {text}"))
            drop(each)


def _deletions(body: Element, page: Page) -> None:
    """Tracked changes that Word saves as `del` and `ins` are accepted."""
    for each in list(body.iter("del", "ins")):
        text = _text(each)
        kind = "deletion" if each.tag == "del" else "insertion"
        if text.strip():
            number = len(page.changes) + 1
            author = each.get("cite", "").removeprefix("mailto:")
            page.changes.append(Change(kind, text, author, each.get("datetime", ""), number))  # type: ignore[arg-type]
            _mark_place(each, f"change-{number}")
        if each.tag == "del":
            drop(each)
        else:
            each.tag = "span"


def _ruby(element: Element) -> None:
    """A base with the pronunciation that follows it."""
    made: list[Element] = []
    base = element.text or ""
    for each in element:
        if each.tag == "rt":
            span = html.Element("span", {f"data-{RUBY}": _text(each).strip()})
            span.text, base = base.strip(), ""
            made.append(span)
        elif each.tag != "rp":
            base += _text(each)
        base += each.tail or ""
    rest = base.strip()
    tail = element.tail
    element.clear()
    element.tag, element.tail = "span", tail
    element.extend(made)
    if rest:
        _add_text(element, rest)


def _add_text(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _carry(element: Element) -> None:
    """Put the look of a paragraph or phrase where pandoc keeps it: on a `div` or `span` of its own."""
    tag = element.tag
    label = _typed_label(element) if tag in _PARAGRAPHS else ""
    said = {name: element.get(name, "") for name in ("style", "lang") if element.get(name)}
    if tag in _PARAGRAPHS or tag in ("li", "blockquote", "td", "th"):
        style = next((each for each in element.get("class", "").split() if not _NUMBERED.match(each)), "")
        said |= {f"data-{LABEL}": label} if label else {}
        said |= {f"data-{STYLE}": style.removeprefix("Mso")} if style and tag in _PARAGRAPHS else {}
    if not said:
        return
    if tag in _PARAGRAPHS:
        _wrap(element, "div", said)
    elif tag in _PHRASES:
        _fill(element, "span", said)
    elif tag in ("li", "blockquote", "td", "th", "center"):
        _fill(element, "div", said)


def _wrap(element: Element, tag: str, said: dict[str, str]) -> None:
    """Put an element into another."""
    parent = element.getparent()
    if parent is None:
        return
    around: Element = html.Element(tag, said)
    around.tail, element.tail = element.tail, None
    parent.replace(element, around)
    around.append(element)


def _fill(element: Element, tag: str, said: dict[str, str]) -> None:
    """Put the content of an element into another, which stays inside."""
    inside: Element = html.Element(tag, said)
    inside.text, element.text = element.text, None
    inside.extend(list(element))
    element.append(inside)


def _typed_label(element: Element) -> str:
    """The label that Word generated and typed into the page (`mso-list:Ignore`), taken out."""
    for each in element.iter("span"):
        if "mso-list:ignore" in re.sub(r"\s", "", each.get("style", "").lower()):
            label = "".join(each.itertext()).strip(" \xa0\n\t")
            if label in _BULLETS:
                each.text, each[:] = "• ", []
                return ""
            drop(each)
            return label
    return ""


def _text(element: Element) -> str:
    return "".join(map(str, element.itertext()))

"""Write: the tree of a brief as bytes, blocks indented and one paragraph a line, as editors keep it."""

from lxml import etree

from pipeline.importing.recognise.letters import Element

_CONTAINERS = frozenset(
    [
        "article",
        "front",
        "body",
        "article-meta",
        "article-categories",
        "subj-group",
        "title-group",
        "trans-title-group",
        "contrib-group",
        "contrib",
        "name-alternatives",
        "author-notes",
        "history",
        "abstract",
        "trans-abstract",
        "kwd-group",
        "sec",
        "disp-quote",
        "list",
        "fig",
        "caption",
        "table-wrap",
        "table",
        "thead",
        "tbody",
        "tr",
        "table-wrap-foot",
    ]
)
_HEADER = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def written(article: Element) -> bytes:
    """The bytes of a brief."""
    _indent(article, 0)
    return _HEADER + etree.tostring(article, encoding="utf-8") + b"\n"


def _indent(element: Element, depth: int) -> None:
    if not len(element) or not _holds_blocks(element):
        return
    element.text = "\n" + "  " * (depth + 1)
    for child in element:
        _indent(child, depth + 1)
        child.tail = "\n" + "  " * (depth + 1)
    element[-1].tail = "\n" + "  " * depth


def _holds_blocks(element: Element) -> bool:
    if element.tag == "list-item":
        return len(element) > 1
    if element.tag == "name":
        parent = element.getparent()
        return parent is not None and parent.tag in ("contrib", "name-alternatives")
    return element.tag in _CONTAINERS

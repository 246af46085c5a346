"""What stands in a web page beside the text of the author: menus, sharing buttons, readers' comments, a table of
contents, and the comments that Word and Google Docs save with a page.

It works on the tree of either HTML parser, that of `reading` (lxml) and that of `originals`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Node = Any
"""An element of lxml or of ElementTree."""

_BESIDE = frozenset({"aside", "footer", "form"})
_NAMED = re.compile(
    r"skip-link|screen-reader-text|sharedaddy|sd-sharing|share-buttons|social-share|comments|comments-area|respond"
    r"|comment-respond|jp-relatedposts|related-posts|post-navigation|widget|widget-area|sidebar|breadcrumbs?"
    r"|site-header|site-footer|cookie-notice"
)
"""Classes and ids by which WordPress and its like call what is no text."""
_CONTENTS = re.compile(
    r"toc|TOC|ez-toc-container|lwptoc|table-of-contents|wp-block-table-of-contents|MsoToc(?:\d|Heading)"
)
_META = re.compile(r"entry-meta|post-meta|posted-on|byline|entry-header|post-header")
_COMMENT = re.compile(r"#(?:cmnt\d+|_msocom_\d+)")
_BACK = re.compile(r"#(?:cmnt_ref\d+|_msoanchor_\d+)")
_CALL = re.compile(
    r"[\[(（〔【]?\s*(?:註|注|note)?\s*(?:\d{1,3}|[*＊†‡§]|[①-⑳]|[ivxlc]{1,6}|[a-z])\s*[\])）〕】]?", re.IGNORECASE
)
_AUTHOR = re.compile(r"mso-comment-author\s*:\s*[\"']?([^\"';]+)")
_HOLDERS = ("div", "li", "aside")
_BLOCKS = ("p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "div")


@dataclass(frozen=True)
class Remark:
    """A comment in the margin: the link that calls it, the block that holds it, and what it says."""

    call: Node
    block: Node | None
    text: str
    quoted: str
    author: str


@dataclass(frozen=True)
class Apart:
    """The outermost elements that are no text: menus and the like, tables of contents; and the comments."""

    menus: tuple[Node, ...]
    contents: tuple[Node, ...]
    remarks: tuple[Remark, ...]


def apart(body: Node) -> Apart:
    """What stands beside the text of a page."""
    nodes = [node for node in body.iter() if isinstance(node.tag, str)]
    parents = {child: node for node in nodes for child in node}
    named = {name: node for node in nodes for name in (node.get("id"), node.get("name")) if name}
    remarks = tuple(_remarks(nodes, named, parents))
    links = [node for node in nodes if node.tag == "a"]
    called = {node.get("href", "")[1:] for node in links if _CALL.fullmatch(said(node).strip())}
    is_post = any(map(_is_post, nodes))
    titles = [node for node in nodes if node.tag == "h1"]
    found: dict[Node, bool] = {}
    inside: set[Node] = set()
    for node in nodes:
        if parents.get(node) in inside:
            inside.add(node)
            continue
        is_contents = _is_contents(node)
        if is_contents or node.tag == "nav" or (is_post and _is_menu(node, titles, parents)):
            around = {str(each.tag) for each in _around(node, parents)}
            holds_most = len(said(node)) > len(said(body)) // 2  # the form around a whole page
            if not holds_most and not _keeps(node, called) and not around & {"blockquote", "figure"}:
                found[node] = is_contents
                inside.add(node)
    menus = tuple(node for node, is_contents in found.items() if not is_contents)
    return Apart(menus, tuple(node for node in found if found[node]), remarks)


def said(node: Node) -> str:
    """The text in an element."""
    return "".join(map(str, node.itertext()))


def _names(node: Node) -> list[str]:
    return [*(node.get("class") or "").split(), node.get("id") or ""]


def _around(node: Node, parents: Mapping[Node, Node]) -> Iterator[Node]:
    while node in parents:
        node = parents[node]
        yield node


def _keeps(node: Node, called: set[str]) -> bool:
    """Whether an element holds what a note of the text may be."""
    if (node.get("role") or node.get("epub:type") or "").startswith(("doc-footnote", "doc-endnote", "footnote")):
        return True
    return any({each.get("id"), each.get("name")} & called for each in node.iter())


def _is_contents(node: Node) -> bool:
    if "doc-toc" in (node.get("role") or "").split() or "toc" in (node.get("epub:type") or "").split():
        return True
    names = _names(node)
    return any(map(_CONTENTS.fullmatch, names)) or (node.get("id") or "").startswith("Table of Contents")


def _is_post(node: Node) -> bool:
    return node.tag in ("main", "article") or "entry-content" in _names(node)


def _is_menu(node: Node, titles: list[Node], parents: Mapping[Node, Node]) -> bool:
    """Whether an element of a blog's page is no part of the post."""
    if node.tag in _BESIDE or any(map(_NAMED.fullmatch, _names(node))):
        return not any(_is_post(each) for each in node.iter())
    if node.tag == "header":
        inner = set(node.iter())
        is_of_post = any(_is_post(each) for each in (*inner, *_around(node, parents)))
        return not is_of_post and not (len(titles) == 1 and titles[0] in inner)
    if node.tag == "time":
        return any(_META.fullmatch(name) for each in _around(node, parents) for name in _names(each))
    return False


def _remarks(nodes: list[Node], named: Mapping[str, Node], parents: Mapping[Node, Node]) -> Iterator[Remark]:
    for link in nodes:
        if link.tag != "a" or not _COMMENT.fullmatch(link.get("href") or ""):
            continue
        target = named.get(link.get("href")[1:])
        block = _comment_block(target, link, parents) if target is not None else None
        text, author = "", ""
        if block is not None:
            marks = "".join(said(each) for each in block.iter("a") if _BACK.fullmatch(each.get("href") or ""))
            text = " ".join(said(block).split()).removeprefix(marks.strip()).strip()
            authors = (_AUTHOR.search(each.get("style") or "") for each in block.iter())
            author = next((found[1].strip() for found in authors if found), "")
        yield Remark(link, block, text, _before(link, parents), author)


def _comment_block(target: Node, call: Node, parents: Mapping[Node, Node]) -> Node | None:
    """The largest holder around the target of a comment that holds no other and no call."""
    block = next((each for each in (target, *_around(target, parents)) if each.tag in _BLOCKS), None)
    outside = set(_around(call, parents))
    if block is None or block in outside:
        return None
    while (parent := parents.get(block)) is not None and parent.tag in _HOLDERS and parent not in outside:
        back = {each.get("href") for each in parent.iter("a") if _BACK.fullmatch(each.get("href") or "")}
        others = [each for each in parent.iter("a") if (each.get("href") or "").startswith("#")]
        if len(back) > 1 or len(others) > len(back):
            break
        block = parent
    return block


def _before(call: Node, parents: Mapping[Node, Node]) -> str:
    """The last words before a comment, in its paragraph."""
    block = next((each for each in _around(call, parents) if each.tag in _BLOCKS), None)
    if block is None:
        return ""
    return " ".join(said(block).partition(said(call).strip())[0].split())[-12:]

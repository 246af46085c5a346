"""The flow of a Word file: its paragraphs, tables, rows and cells without what only wraps them."""

from collections.abc import Iterator

from lxml import etree

from pipeline.importing.gate.package import Element
from pipeline.importing.reading.word.styles import W

CHOICES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def chosen(element: Element) -> Element:
    """The alternative that Word shows: the first, or what stands for it (ECMA-376 part 3, 7.6)."""
    for name in ("Choice", "Fallback"):
        found = element.find(f"{CHOICES}{name}")
        if found is not None:
            return found
    return element


def flat(parent: Element) -> Iterator[Element]:
    """The paragraphs and tables of a body, without what only wraps them."""
    for each in parent:
        name = str(each.tag).removeprefix(W)
        if name in ("p", "tbl"):
            yield each
        elif name == "sdt":
            content = each.find(f"{W}sdtContent")
            yield from flat(content) if content is not None else ()
        elif name in ("customXml", "smartTag", "ins", "moveTo"):
            yield from flat(each)
        elif each.tag == f"{CHOICES}AlternateContent":
            yield from flat(chosen(each))
        elif each.tag in (f"{_MATH}oMathPara", f"{_MATH}oMath"):
            wrapped = etree.Element(f"{W}p")
            wrapped.append(each)
            yield wrapped


def inside(parent: Element, tag: str) -> Iterator[Element]:
    """The rows or cells of a table, without what only wraps them."""
    for each in parent:
        if each.tag == tag:
            yield each
        elif each.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"):
            yield from inside(each, tag)


def neighbours(content: list[Element], place: int) -> list[Element]:
    """The paragraphs with text right before and after one."""
    found: list[Element] = []
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(content) and content[at].tag == f"{W}p" and not _has_text(content[at]):
            at += step
        if 0 <= at < len(content) and content[at].tag == f"{W}p":
            found.append(content[at])
    return found


def _has_text(paragraph: Element) -> bool:
    return next(paragraph.iter(f"{W}t", f"{W}drawing", f"{W}pict"), None) is not None


def join_deleted(parent: Element) -> None:
    """A paragraph whose mark was deleted goes on in the next one, which gives it its look (17.13.5.15)."""
    for each in list(parent.iterfind(f"{W}p")):
        mark = each.find(f"{W}pPr/{W}rPr")
        gone = mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None)
        after = each.getnext()
        while after is not None and after.tag in (
            f"{W}moveFromRangeEnd",
            f"{W}moveFromRangeStart",
            f"{W}bookmarkEnd",
        ):
            after = after.getnext()
        if not gone or after is None or after.tag != f"{W}p":
            continue
        at = 1 if after.find(f"{W}pPr") is not None else 0
        for piece in reversed([child for child in each if child.tag != f"{W}pPr"]):
            after.insert(at, piece)
        parent.remove(each)

"""Rules about the structure of a brief: depth, and elements without content."""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from pipeline.diagnostics import Code, Words
from pipeline.parse import Source
from pipeline.validate.rules import Findings, elements, has_content, rule

DEEPEST_SECTION = 5
"""Levels of sections: 壹、 一、 （一） 1. (1) (brief-format.md; the five levels of the house style)."""

_MUST_HAVE_TEXT = (
    "title",
    "article-title",
    "subtitle",
    "trans-title",
    "trans-subtitle",
    "subject",
    "surname",
    "given-names",
    "collab",
    "aff",
    "kwd",
    "alt-text",
    "ext-link",
    "mixed-citation",
    "rb",
    "rt",
    "attrib",
    "article-id",
    "journal-title",
    "publisher-name",
    "issue-number",
    "member",
)
_NEVER_LEFT_OUT = {
    "title",
    "article-title",
    "trans-title",
    "surname",
    "collab",
    "alt-text",
    "rb",
    "rt",
    "journal-title",
    "publisher-name",
    "issue-number",
}
_NEEDED = Words("填上文字，這裡不可省略", "fill it in: it can't be left out")
_NOT_NEEDED = Words("填上文字；用不到就把整個 <{name}> 刪去", "fill it in, or delete the whole <{name}>")
_NOTHING_PRINTED = Words(
    "空的元素印出來是空白，或讓目次、書籤、無障礙標籤出錯。",
    "An empty element prints a blank, or breaks the contents, the bookmarks and the tags for accessibility.",
)


@rule(
    Code(
        "R020",
        title=Words("分節太深", "sections nested too deeply"),
        message=Words(
            "這一節在第{depth}層，最多{limit}層", "this section is at level {depth}, the deepest is {limit}"
        ),
        hint=Words("往上移一層，或改成段落、條列", "move it up a level, or make it a paragraph or a list"),
        why=Words(
            "編號只有 壹、一、（一）、1.、(1) 五層。",
            "There are numbers for five levels: 壹、 一、 （一） 1. (1).",
        ),
        bad="<sec><title>一</title><sec><title>二</title><sec><title>三</title><sec><title>四</title>"
        "<sec><title>五</title><sec><title>六</title><p>文</p></sec></sec></sec></sec></sec></sec>",
        good="<sec><title>一</title><sec><title>二</title><sec><title>三</title><sec><title>四</title>"
        "<sec><title>五</title><p>文</p></sec></sec></sec></sec></sec>",
    ),
    within="body",
)
def too_deep(brief: Source, _folder: Path) -> Findings:
    """The first section below the fifth level of its branch."""
    for section in elements(brief, "sec"):
        depth = 1 + sum(1 for _ in section.iterancestors("sec"))
        if depth == DEEPEST_SECTION + 1:
            yield brief.place(section), {"depth": depth, "limit": DEEPEST_SECTION}


@rule(
    Code(
        "R021",
        title=Words("缺少文字", "text missing"),
        message=Words("{what}是空的", "{what} is empty"),
        hint=Words("{advice}", "{advice}"),
        why=_NOTHING_PRINTED,
        bad="<sec><title> </title><p>文</p></sec>",
        good="<sec><title>前言</title><p>文</p></sec>",
    ),
    within="body",
)
def text_missing(source: Source, _folder: Path) -> Findings:
    """A title, name, keyword, alternative text … without text."""
    for node in elements(source, *_MUST_HAVE_TEXT):
        if not has_content(node):
            tag = str(node.tag)
            advice = _NEEDED if tag in _NEVER_LEFT_OUT else _NOT_NEEDED.fill({"name": tag})
            what = Words(f"<{tag}> ", f"<{tag}>")
            yield source.place(node), {"what": what, "advice": advice}
    for picture in elements(source, "cover-picture"):
        if picture.get("alt") is not None and not picture.get("alt", "").strip():
            what = Words("封面圖的替代文字（alt）", "the alternative text of the cover picture (alt)")
            yield source.attribute_place(picture, "alt"), {"what": what, "advice": _NEEDED}


@rule(
    Code(
        "R022",
        title=Words("空的一節", "empty section"),
        message=Words("<{name}> 裡沒有內容", "<{name}> has no content"),
        hint=Words("補上段落，或把它刪去", "add a paragraph, or delete it"),
        why=_NOTHING_PRINTED,
        bad="<sec><title>前言</title></sec>",
        good="<sec><title>前言</title><p>文</p></sec>",
    ),
    within="body",
)
def empty_section(brief: Source, _folder: Path) -> Findings:
    """A section, or a body, in which nothing follows the title."""
    for section in elements(brief, "sec", "body"):
        if not any(child.tag != "title" for child in section.iterchildren("*")) and not _loose_text(section):
            yield brief.place(section), {"name": section.tag}


@rule(
    Code(
        "R023",
        title=Words("空的段落", "empty paragraph"),
        message=Words("這一段沒有文字", "this paragraph is empty"),
        hint=Words("刪去它；段落之間的距離由版面決定", "delete it: the space between paragraphs is the layout's"),
        why=_NOTHING_PRINTED,
        bad="<p>甲</p><p> </p>",
        good="<p>甲</p><p>乙</p>",
    ),
    within="section",
)
def empty_paragraph(brief: Source, _folder: Path) -> Findings:
    """A paragraph without text, typed to make a gap; not the only paragraph of an empty note."""
    for paragraph in elements(brief, "p", "license-p"):
        note = next(paragraph.iterancestors("fn"), None)
        if not has_content(paragraph) and (note is None or has_content(note)):
            yield brief.place(paragraph), {}


@rule(
    Code(
        "R024",
        title=Words("空的註", "empty note"),
        message=Words("註「{name}」沒有文字", "note {name} is empty"),
        hint=Words("寫上註文，或把整個 <fn> 刪去", "write the note, or delete the whole <fn>"),
        why=Words("註號會印出來，卻沒有註文。", "Its call would be printed without a note."),
        bad='甲<fn id="fn1"><p/></fn>',
        good='甲<fn id="fn1"><p>註</p></fn>',
    )
)
def empty_note(brief: Source, _folder: Path) -> Findings:
    """A note in which no paragraph has text."""
    for note in elements(brief, "fn"):
        if next(note.iterchildren("p"), None) is not None and not has_content(note):
            yield brief.place(note), {"name": note.get("id", "")}


@rule(
    Code(
        "R025",
        title=Words("表格的列長短不齊", "table rows of different lengths"),
        message=Words(
            "這一列有{cells}欄，第一列有{first}欄", "this row has {cells} columns, the first row has {first}"
        ),
        hint=Words("補上空的 <td/>，或改正 colspan 與 rowspan", "add empty <td/>, or correct colspan and rowspan"),
        why=Words(
            "少了一格，後面的資料就對錯欄；聽讀的人也分不清是哪一欄。",
            "After a missing cell, everything stands in the wrong column, read aloud as well.",
        ),
        bad="<table-wrap><caption><title>表</title></caption><table><tbody><tr><td>甲</td><td>乙</td></tr>"
        "<tr><td>丙</td></tr></tbody></table></table-wrap>",
        good="<table-wrap><caption><title>表</title></caption><table><tbody><tr><td>甲</td><td>乙</td></tr>"
        "<tr><td>丙</td><td/></tr></tbody></table></table-wrap>",
    ),
    within="section",
)
def ragged_table(brief: Source, _folder: Path) -> Findings:
    """A row with more or fewer columns than the first row of its table, spans counted."""
    for table in elements(brief, "table"):
        rows = [row for group in table.iterchildren("thead", "tfoot", "tbody") for row in _columns(group)]
        for row, columns in rows:
            if columns != rows[0][1]:
                yield brief.place(row), {"cells": columns, "first": rows[0][1]}


def _columns(group: etree._Element) -> Iterator[tuple[etree._Element, int]]:
    """The rows of a part of a table, each with the number of columns it takes."""
    hanging: list[int] = []  # for each cell that reaches down into the next row, how many rows more
    for row in group.iterchildren("tr"):
        cells = [(_span(cell, "colspan"), _span(cell, "rowspan")) for cell in row.iterchildren("td", "th")]
        yield row, len(hanging) + sum(columns for columns, _ in cells)
        reaching = hanging + [rows for columns, rows in cells for _ in range(columns)]
        hanging = [rows - 1 for rows in reaching if rows > 1]


def _span(cell: etree._Element, name: str) -> int:
    value = cell.get(name, "1")
    return int(value) if re.fullmatch("[1-9][0-9]{0,2}", value) else 1


def _loose_text(node: etree._Element) -> bool:
    """Whether text stands in the element where the schema allows none: it is told about that already."""
    return bool("".join([node.text or "", *(child.tail or "" for child in node)]).strip())

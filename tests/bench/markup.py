"""Markup: an issue as a Typst document, which `issue.typ` beside this file sets like `layouts/print/`.

The text is written as markup an author could have typed, every mark of ASCII behind a backslash, so that no
letter of the manuscript is ever read as an instruction.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.brief import (
    Author,
    Block,
    Break,
    Brief,
    Call,
    Cell,
    Figure,
    Inline,
    Issue,
    Link,
    List,
    Note,
    PageBreak,
    Paragraph,
    Quotation,
    Reference,
    Ruby,
    Section,
    Style,
    Table,
    Text,
)
from pipeline.profiles import printed_date

TEMPLATE = Path(__file__).with_name("issue.typ")

Row = tuple[Cell, ...]

_MARKS = re.compile(r"[!-/:-@\[-`{-~]")
_BLANKS = re.compile(r"[ \t\r\n]+")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NUMBERINGS = {
    "order": "1.",
    "alpha-lower": "a.",
    "alpha-upper": "A.",
    "roman-lower": "i.",
    "roman-upper": "I.",
}
_STYLES = {"bold": "strong", "sup": "super", "sub": "sub"}


def document(issue: Issue) -> str:
    """The whole issue: cover, contents, briefs and colophon."""
    title = string(f"{issue.title}　{issue.name}")
    parts = [
        f"#import {string(str(TEMPLATE))}: *",
        f"#show: issue.with(title: {title}, authors: {array(map(string, issue.authors))})",
        _cover(issue),
        _contents(issue),
        *(_brief(brief, issue) for brief in issue.briefs),
        _colophon(issue),
    ]
    return "\n\n".join(parts) + "\n"


# The two ways in which text stands in a Typst document


def escaped(content: str) -> str:
    """Text as markup: blanks folded as in HTML, every mark of ASCII and every control escaped."""
    marked = _MARKS.sub(r"\\\g<0>", _BLANKS.sub(" ", content))
    return _CONTROLS.sub(_by_number, marked)


def string(content: str) -> str:
    """Text as a string of Typst's code."""
    quoted = content.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_CONTROLS.sub(_by_number, quoted)}"'


def array(values: Iterable[str]) -> str:
    """Values of code as an array; a trailing comma makes one value an array too."""
    return f"({''.join(f'{value}, ' for value in values)})"


def _by_number(found: re.Match[str]) -> str:
    return f"\\u{{{ord(found[0]):x}}}"


# Inline


def inlines(nodes: Iterable[Inline], lang: str) -> str:
    """Inline nodes as markup; `lang` is the language around them."""
    return "".join(_inline(node, lang) for node in nodes)


def _inline(node: Inline, lang: str) -> str:
    match node:
        case Text():
            return _in_language(escaped(node.content), node.lang)
        case Style():
            return _in_language(_style(node, node.lang or lang), node.lang)
        case Link():
            return f"#link({string(node.href)})[{inlines(node.children, lang)}]"
        case Ruby():
            return f"#ruby[{escaped(node.base)}][{escaped(node.annotation)}]"
        case Call():
            return _call(node, lang)
        case Reference():
            return f"#link(label({string(node.anchor)}))[{escaped(node.words)}]{escaped(node.locator)}"
        case Break():
            return "#linebreak()"
        case PageBreak():
            return ""


def _in_language(markup: str, lang: str | None) -> str:
    return f"#language({string(lang)})[{markup}]" if lang else markup


def _style(node: Style, lang: str) -> str:
    children = inlines(node.children, lang)
    if node.name == "italic":
        return f"#{'italic' if lang.startswith('en') else 'kaiti'}[{children}]"
    if node.name == "emphasis-mark":
        return _dotted(node.children, lang)
    return f"#{_STYLES[node.name]}[{children}]" if node.name in _STYLES else children


def _dotted(nodes: Iterable[Inline], lang: str) -> str:
    """Each letter with its dot (著重號), as the print edition has it."""
    return "".join(
        "".join(map(_dotted_character, node.content)) if isinstance(node, Text) else _inline(node, lang)
        for node in nodes
    )


def _dotted_character(character: str) -> str:
    letter = unicodedata.category(character)[0] in "LN"
    return f"#dot[{character}]" if letter else escaped(character)


def _call(node: Call, lang: str) -> str:
    """A call with its note; that of an author has a mark of its own and is not counted."""
    anchor = f"label({string(node.note.anchor)})"
    mark = f"numbering: marked({string(node.note.label)}), " if node.note.by_author else ""
    call = f"#footnote({mark}{anchor})" if node.again else f"#footnote({mark}[{_note(node.note, lang)}])#{anchor}"
    return f"{call}#uncounted" if mark and not node.again else call


def _note(note: Note, lang: str) -> str:
    return "\n\n".join(_paragraph(paragraph, lang) for paragraph in note.paragraphs)


# Blocks


def blocks(nodes: Iterable[Block], lang: str) -> str:
    """Blocks as markup, a blank line between them."""
    return "\n\n".join(_block(node, lang) for node in nodes)


def _block(node: Block, lang: str) -> str:
    match node:
        case Paragraph():
            return _paragraph(node, lang)
        case Section():
            return _section(node, lang)
        case Quotation():
            return _quotation(node, lang)
        case Figure():
            return _figure(node, lang)
        case Table():
            return _table(node, lang)
        case List():
            return _list(node, lang)


def _paragraph(node: Paragraph, lang: str) -> str:
    return _in_language(inlines(node.children, node.lang or lang), node.lang)


def _section(node: Section, lang: str) -> str:
    level = min(node.depth + 1, 6)
    title = inlines(node.title, lang)
    heading = f"#section({string(node.anchor)}, {level})[{escaped(node.label + node.after_label)}][{title}]"
    return f"{heading}\n\n{blocks(node.blocks, lang)}"


def _quotation(node: Quotation, lang: str) -> str:
    inside = node.lang or lang
    attribution = f"[{inlines(node.attribution, inside)}]" if node.attribution else "none"
    return _in_language(f"#quotation([{blocks(node.blocks, inside)}], {attribution})", node.lang)


def _figure(node: Figure, lang: str) -> str:
    picture = f"#picture({string(str(node.picture.resolve()))}, {string(node.alternative)})"
    attribution = [_caption(inlines(node.attribution, lang))] if node.attribution else []
    return _floating(node.anchor, picture, *_captions(node, lang), *attribution)


def _table(node: Table, lang: str) -> str:
    rows = (*node.head, *node.body, *node.foot)
    cells = "".join(f"{_cell(cell, x, y, lang)}, " for cell, x, y in placed(rows))
    columns = max((x + cell.colspan for cell, x, _ in placed(rows)), default=1)
    attribution = [_caption(inlines(line, lang)) for line in node.attribution]
    return _floating(node.anchor, *_captions(node, lang), f"#grid-table({columns}, {cells})", *attribution)


def _floating(anchor: str, *parts: str) -> str:
    body = "\n\n".join(parts)
    return f"#floating({string(anchor)})[{body}]"


def _captions(node: Figure | Table, lang: str) -> Iterator[str]:
    yield _caption(f"#captioned[{escaped(node.label)}][{inlines(node.title, lang)}]")
    for paragraph in node.caption:
        yield _caption(_paragraph(paragraph, lang))


def _caption(markup: str) -> str:
    return f"#caption[{markup}]"


def placed(rows: Iterable[Row]) -> Iterator[tuple[Cell, int, int]]:
    """The cells of a table with the column and row (from 0) in which each begins, as HTML places them."""
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (x, y) in taken:
                x += 1
            yield cell, x, y
            taken |= {(x + i, y + j) for i in range(cell.colspan) for j in range(cell.rowspan)}


def _cell(cell: Cell, x: int, y: int, lang: str) -> str:
    align = f", align: {cell.align}" if cell.align in ("left", "center", "right") else ""
    place = f"x: {x}, y: {y}, colspan: {cell.colspan}, rowspan: {cell.rowspan}{align}"
    content = inlines(cell.children, lang)
    return f"table.cell({place})[{f'#head[{content}]' if cell.heading else content}]"


def _list(node: List, lang: str) -> str:
    items = "".join(f"[{blocks(item.blocks, lang)}]" for item in node.items)
    if node.numbering in _NUMBERINGS:
        return f'#enum(numbering: "{_NUMBERINGS[node.numbering]}"){items}'
    return f"#list{'(marker: none)' if node.numbering == 'simple' else '()'}{items}"


# The pages


def _cover(issue: Issue) -> str:
    words = {
        "title": issue.title,
        "english": issue.english_title,
        "name": issue.name,
        "day": printed_date(issue.published),
        "publisher": issue.colophon.publisher,
    }
    if issue.cover is not None:
        words |= {"picture": str(issue.cover.resolve()), "alternative": issue.cover_alternative}
    named = ", ".join(f"{name}: {string(content)}" for name, content in words.items())
    briefs = (array(map(string, (brief.key, brief.plain_title, _authors(brief)))) for brief in issue.briefs)
    return f"#cover({named}, {', '.join(briefs)})"


def _contents(issue: Issue) -> str:
    return f"#contents[\n{''.join(map(_contents_entry, issue.briefs))}]"


def _contents_entry(brief: Brief) -> str:
    words = (brief.key, brief.plain_title, brief.plain_subtitle, _authors(brief))
    return f"#contents-entry({', '.join(map(string, words))})\n"


def _authors(brief: Brief) -> str:
    return "、".join(author.name for author in brief.authors)


def _brief(brief: Brief, issue: Issue) -> str:
    words = (brief.key, f"{issue.title}　{issue.name}", brief.plain_title)
    parts = (*_head(brief), blocks(brief.blocks, brief.lang), *_history(brief))
    return f"#brief({', '.join(map(string, words))})[\n" + "\n\n".join(parts) + "\n]"


def _head(brief: Brief) -> Iterator[str]:
    if brief.focus:
        yield f"#focus[{escaped('、'.join(brief.focus))}]"
    yield f"#brief-title({string(brief.key)})[{inlines(brief.title, brief.lang)}]"
    if brief.subtitle:
        yield f"#subtitle[{inlines(brief.subtitle, brief.lang)}]"
    for translation in brief.translations:
        if translation.title:
            title = ": ".join(filter(None, (translation.title, translation.subtitle)))
            yield f"#translated-title({string(translation.lang)})[{escaped(title)}]"
    for author in brief.authors:
        yield _author(author, brief.lang)
    yield from _abstracts(brief)
    for keywords in brief.keywords:
        lang = keywords.lang or brief.lang
        title, comma = ("Keywords", ", ") if lang.startswith("en") else ("關鍵詞", "、")
        yield f"#keywords({string(lang)})[{title}][{escaped(comma.join(keywords.words))}]"


def _author(author: Author, lang: str) -> str:
    units = array(map(string, author.unit))
    name = escaped(author.name) + inlines(author.calls, lang)
    return f"#author([{name}], {string(author.english or '')}, {units})"


def _abstracts(brief: Brief) -> Iterator[str]:
    if brief.abstract:
        yield f"#abstract({string(brief.lang)})[摘要][{blocks(brief.abstract, brief.lang)}]"
    for translation in brief.translations:
        if translation.abstract:
            title = "Abstract" if translation.lang.startswith("en") else translation.lang
            body = blocks(translation.abstract, translation.lang)
            yield f"#abstract({string(translation.lang)})[{escaped(title)}][{body}]"


def _history(brief: Brief) -> Iterator[str]:
    parts = [f"[{escaped(f'{name}：{day}')}]" for name, day in brief.dates]
    if brief.doi:
        parts.append(f"[DOI：#link({string(f'https://doi.org/{brief.doi}')})[{escaped(brief.doi)}]]")
    if parts:
        yield f"#history({', '.join(parts)})"


def _colophon(issue: Issue) -> str:
    words = (f"{issue.title}　{issue.name}", issue.english_title)
    rows = (array((string(name), f"[{value}]")) for name, value in _colophon_rows(issue))
    return f"#colophon({', '.join((*map(string, words), *rows))})"


def _colophon_rows(issue: Issue) -> Iterator[tuple[str, str]]:
    """What `layouts/shared/colophon.j2` prints: names with their values as markup."""
    given = issue.colophon
    rows = (
        ("發行", given.publisher),
        ("地址", given.address),
        ("電話", given.telephone),
        ("總編輯", given.editor_in_chief),
        ("編輯委員", "、".join(given.editorial_board)),
        ("執行編輯", given.executive_editor),
        ("出版日期", printed_date(issue.published)),
        ("創刊日期", printed_date(given.first_issue) if given.first_issue else ""),
        ("刊期", given.frequency),
        ("定價", given.price),
        ("ISSN（紙本）", given.issn_print),
        ("ISSN（電子）", given.issn_electronic),
        ("GPN", given.gpn),
        ("DOI前綴", given.doi_prefix),
    )
    yield from ((name, escaped(value)) for name, value in rows if value)
    if given.url:
        yield "網址", f"#link({string(given.url)})[{escaped(given.url)}]"
    if given.licence:
        words = escaped(given.licence)
        yield "授權", f"#link({string(given.licence_href)})[{words}]" if given.licence_href else words

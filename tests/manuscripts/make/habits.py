"""The habits of authors: the lines that they type for a brief, before any tool writes them down."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tests.manuscripts.notation import RAISED, Block, Expected, Row, Span, Spans, plain

_DIGITS = "一二三四五六七八九十"
_BANKER = "壹貳參肆伍陸柒捌玖拾"
_HAN = "[\u4e00-\u9fff]"
_EDGE = re.compile(rf"(?<={_HAN})(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?={_HAN})")


def chinese(number: int, digits: str = _DIGITS) -> str:
    """1 → 一, 12 → 十二, 20 → 二十."""
    if number <= 10:
        return digits[number - 1]
    tens, ones = divmod(number, 10)
    return (digits[tens - 1] if tens > 1 else "") + digits[9] + (digits[ones - 1] if ones else "")


def circled(number: int) -> str:
    """1 → ①."""
    return chr(0x245F + number)


def banker(number: int) -> str:
    """1 → 壹, 12 → 拾貳."""
    return chinese(number, _BANKER)


LABELS: dict[str, Callable[[int], str]] = {
    "壹、": lambda n: f"{banker(n)}、",
    "一、": lambda n: f"{chinese(n)}、",
    "一、\t": lambda n: f"{chinese(n)}、\t",
    "一.": lambda n: f"{chinese(n)}.",
    "（一）": lambda n: f"（{chinese(n)}）",
    "(一)": lambda n: f"({chinese(n)})",
    "1.": lambda n: f"{n}.",
    "1. ": lambda n: f"{n}. ",
    "１．": lambda n: chr(0xFF10 + n) + "．",
    "(1)": lambda n: f"({n})",
    "（1）": lambda n: f"（{n}）",
    "第一章": lambda n: f"第{chinese(n)}章\u3000",
    "第一節": lambda n: f"第{chinese(n)}節\u3000",
    "": lambda _: "",
}


@dataclass(frozen=True)
class Look:
    """How a line is set; sizes and indents in points, `style` as the styles are called in English Word."""

    style: str = ""
    size: float = 0
    bold: bool = False
    italic: bool = False
    font: str = ""
    left: float = 0
    right: float = 0
    first: float = 0
    align: str = ""
    label: str = ""
    """Key of `LABELS` of a typed label."""
    auto: str = ""
    """Numbered by the program: heading, bullet, order."""
    before: str = ""
    """Typed before the text (fullwidth blanks, a tab)."""
    underline: bool = False
    outline: int = 0
    """The outline level of the paragraph itself."""


@dataclass(frozen=True)
class Line:
    """One paragraph (or table, or picture) of the manuscript."""

    kind: str
    spans: Spans
    look: Look = Look()
    level: int = 0
    rows: tuple[Row, ...] = ()
    number: int = 0


PLAIN = Look()


@dataclass(frozen=True)
class Habits:
    """What an author does; `front` are the lines at the top: (kind, text with {title} …, look)."""

    front: tuple[tuple[str, str, Look], ...] = (
        ("title", "{title}", Look("Title")),
        ("subtitle", "{subtitle}", Look("Subtitle")),
        ("author", "{authors}", Look()),
    )
    headings: tuple[Look, ...] = (Look("Heading 1"), Look("Heading 2"), Look("Heading 3"), Look("Heading 4"))
    body: Look = PLAIN
    quote: Look = field(default_factory=lambda: Look("Quote"))
    attrib: Look | None = None
    bullet: Look = field(default_factory=lambda: Look("List Bullet", auto="bullet"))
    order: Look = field(default_factory=lambda: Look("List Number", auto="order"))
    caption: Look = field(default_factory=lambda: Look("Caption"))
    source: Look = PLAIN
    figure: str = "圖{n}\u3000"
    table: str = "表{n}\u3000"
    caption_below: bool = True
    blanks: bool = False
    """Blanks between Han and Latin."""
    typed_notes: str = ""
    """Calls and list are typed: the fashion of the list, as "1. ", "[1] ", "註1：", "sup"."""
    typed_call: str = "{n}"
    typed_raised: bool = True
    """The typed call is superscript."""
    typed_head: str = "註釋"
    replaced: tuple[tuple[str, str], ...] = ()
    """(text of the brief, what the author typed instead)."""
    endnotes: frozenset[int] = frozenset()
    all_endnotes: bool = False
    joined_calls: bool = False
    """Typed calls at one place are one superscript: 2,3."""
    source_in_caption: int = 0
    """The source of this figure stands in the paragraph of its caption, after a soft return."""
    table_below: bool = False
    """The caption of a table stands below it."""
    form: tuple[tuple[str, str], ...] = ()
    """The rows of a form at the top: (name of a field, what was filled in)."""
    typed_addresses: bool = False
    """Addresses are simply text."""
    single: Mapping[str, Look] = field(default_factory=dict)
    """Texts of lines that are set otherwise."""


def lines(wanted: Expected, habits: Habits) -> Iterator[Line]:
    """What the author of `wanted` types, line after line."""
    yield from _front(wanted, habits)
    counters = [0] * 8
    figures = tables = items = 0
    last = ""
    for block in wanted.blocks:
        if block.kind == "heading":
            counters[block.level - 1] += 1
            counters[block.level :] = [0] * (8 - block.level)
            look = habits.headings[block.level - 1]
            if look.label.startswith("1.1"):
                look = replace(look, label="", before=".".join(map(str, counters[: block.level])) + " ")
            yield _line("heading", block, look, habits, number=counters[block.level - 1])
        elif block.kind in ("bullet", "order"):
            items = items + 1 if last == block.kind else 1
            yield _line(block.kind, block, getattr(habits, block.kind), habits, number=items)
        elif block.kind == "figure":
            figures += 1
            yield from _figure(block, habits, figures)
        elif block.kind == "table":
            tables += 1
            yield from _table(block, habits, tables)
        else:
            look = {"p": habits.body, "quote": habits.quote, "attrib": habits.attrib or habits.quote}[block.kind]
            yield _line(block.kind, block, look, habits)
        last = block.kind
    if habits.typed_notes:
        yield from _typed_notes(wanted, habits)


def note_spans(wanted: Expected, number: int, habits: Habits) -> Spans:
    """The text of note `number` as its author types it."""
    return typed(wanted.notes[number - 1], habits)


def typed(line: Iterable[Span], habits: Habits) -> Spans:
    """Spans as typed: with the blanks and replacements of the author."""
    found: list[Span] = []
    for span in line:
        text = span.text
        if span.call > 0 and habits.typed_notes:
            _type_call(found, span.call, habits)
            continue
        if not span.href:
            text = _as_typed(text, habits)
        href = "" if habits.typed_addresses else span.href
        found.append(replace(span, text=text, href=href))
    return tuple(found)


def _type_call(found: list[Span], number: int, habits: Habits) -> None:
    """Add the typed call of a note to the spans of a line."""
    if habits.joined_calls and found and found[-1].call == RAISED:
        found[-1] = Span(f"{found[-1].text},{number}", call=RAISED)
        return
    call = "{o}" if habits.typed_call == "①" else habits.typed_call
    text = call.format(n=number, c=chinese(number), o=circled(number))
    found.append(Span(text, call=RAISED if habits.typed_raised else 0))


def _as_typed(text: str, habits: Habits) -> str:
    for clean, dirty in habits.replaced:
        text = text.replace(clean, dirty)
    return _EDGE.sub(" ", text) if habits.blanks else text


def _front(wanted: Expected, habits: Habits) -> Iterator[Line]:
    words = {
        "title": wanted.title,
        "subtitle": wanted.subtitle,
        "authors": "、".join(name for name, _ in wanted.authors),
        "author": wanted.authors[0][0] if wanted.authors else "",
        "unit": wanted.authors[0][1] if wanted.authors else "",
        "second": wanted.authors[1][0] if len(wanted.authors) > 1 else "",
        "secondunit": wanted.authors[1][1] if len(wanted.authors) > 1 else "",
        "focus": "、".join(wanted.focus),
        "focusblank": "\u3000".join(wanted.focus),
        "focusslash": "/".join(wanted.focus),
    }
    if habits.form:
        rows = tuple(Row(((Span(name),), (Span(text),)), ("", "")) for name, text in habits.form)
        yield Line("table", (), PLAIN, rows=rows)
    for kind, text, look in habits.front:
        filled = text.format(**words)
        if filled.strip():
            yield Line(kind, typed((Span(filled),), habits), look)
        elif kind == "blank":
            yield Line("blank", (), look)


def _line(kind: str, block: Block, look: Look, habits: Habits, number: int = 0) -> Line:
    look = habits.single.get(plain(block.spans), look)
    before = look.before + LABELS[look.label](number)
    text = typed(block.spans, habits)
    if before:
        text = (Span(before), *text)
    return Line(kind, text, look, level=block.level, number=number)


def _figure(block: Block, habits: Habits, number: int) -> Iterator[Line]:
    label = Span(habits.figure.format(n=number, c=chinese(number)))
    text = (label, *typed(block.spans, habits))
    source = typed(block.source, habits)
    if habits.source_in_caption == number:
        text, source = (*text, Span("\n"), *source), ()
    caption = Line("caption", text, habits.caption)
    picture = Line("picture", (), Look(align="center"), number=number)
    yield from (
        (picture, caption) if habits.caption_below or habits.source_in_caption == number else (caption, picture)
    )
    if source:
        yield Line("source", source, habits.source)


def _table(block: Block, habits: Habits, number: int) -> Iterator[Line]:
    label = Span(habits.table.format(n=number, c=chinese(number)))
    caption = Line("caption", (label, *typed(block.spans, habits)), habits.caption)
    rows = tuple(replace(row, cells=tuple(typed(cell, habits) for cell in row.cells)) for row in block.rows)
    table = Line("table", (), PLAIN, rows=rows)
    yield from (table, caption) if habits.table_below else (caption, table)
    if block.source:
        yield Line("source", typed(block.source, habits), habits.source)


def _typed_notes(wanted: Expected, habits: Habits) -> Iterator[Line]:
    if habits.typed_head:
        yield Line("notes", (Span(habits.typed_head),), Look(bold=True))
    for number in range(1, len(wanted.notes) + 1):
        label = habits.typed_notes
        if label == "auto":
            yield Line("note", note_spans(wanted, number, habits), Look(size=10, auto="order"), number=number)
            continue
        label = label.replace("①", circled(number)).replace("{c}", chinese(number))
        mark = Span(str(number), call=RAISED) if label == "sup" else Span(label.replace("1", str(number)))
        yield Line("note", (mark, *note_spans(wanted, number, habits)), Look(size=10), number=number)


def text_of(line: Line) -> str:
    """The text of a line, without calls."""
    return plain(line.spans)

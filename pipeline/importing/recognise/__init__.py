"""Recognise: a manuscript as plain values to a brief in the profile, and what is doubtful about it.

    Document ─lines▶ ─typed notes▶ ─front▶ ─headings▶ ─body▶ brief, doubts, accounts

Nothing of the text is lost: what is not in the brief is in `Recognised.accounted`, with the reason.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from pipeline.diagnostics import Diagnostic, ManuscriptError, Place, Words, in_order
from pipeline.importing.document import OWN_MARK, Block, Document, List, Paragraph, Picture, Table, paragraphs_in
from pipeline.importing.recognise import codes
from pipeline.importing.recognise.body import Builder
from pipeline.importing.recognise.characters import lines_of, trimmed, visible
from pipeline.importing.recognise.front import front_of, is_named, is_of_form, without
from pipeline.importing.recognise.headings import CAPTION, CREDIT, SOURCE, Found, headings
from pipeline.importing.recognise.labelling import check_labels, mark_unnumbered
from pipeline.importing.recognise.labels import label_of
from pipeline.importing.recognise.ledger import BLANK, CONTENTS, FORM_LINE, RULE_LINE, SEPARATOR, Accounted, Ledger
from pipeline.importing.recognise.letters import Letter, Line, Text, text_of
from pipeline.importing.recognise.meta import front_element
from pipeline.importing.recognise.typed_notes import Item, typed_notes
from pipeline.importing.recognise.write import written
from pipeline.parse import LANG, XLINK_NAMESPACE

_RULE = re.compile(r"[-–—─＿_*＊=＝~～·.…\s]{3,}")
"""A line that is drawn with marks."""
_CONTENTS_STYLE = re.compile(r"(?:toc|contents|目錄)\s*\d", re.IGNORECASE)
_LED = re.compile(r".{1,60}(?:\t|…|\.{4,}|·{4,}|．{4,})[\s.…·]*[0-9]{1,3}")
_LONG = 60
"""Characters of a line that is no title, author or unit: with it the text begins."""

__all__ = ["Accounted", "Heading", "Recognised", "recognise"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that was recognised: its level from 1, its text without label, the paragraph, how it was told."""

    level: int
    text: str
    number: int
    how: Words
    sure: bool


@dataclass(frozen=True)
class Recognised:
    """A brief read out of a manuscript.

    `xml` is the brief, `pictures` the files for `figures/` by name. `counts` has the numbers of notes (those
    typed among them are also in "typed notes"), quotations, figures, tables, lists, links and foreign.
    `doubts` are what the editor should look at (warnings) or may like to know (notes), by paragraph.

    `accounted` is the text of the manuscript that is not in the text of the brief, in no order within a
    paragraph: (number of the paragraph, the characters as typed, why). `added` is the text that the brief has and
    the manuscript hasn't: a placeholder, an alternative text, a unit that two authors share, a blank in the place
    of another. So for the characters, counted:
    text of the paragraphs, cells and notes + added = text of the brief's elements + accounted.
    """

    xml: bytes
    pictures: Mapping[str, bytes]
    headings: tuple[Heading, ...]
    counts: Mapping[str, int]
    doubts: tuple[Diagnostic, ...]
    accounted: tuple[Accounted, ...]
    added: tuple[Accounted, ...]


def recognise(document: Document, path: Path, lang: str = "zh-Hant-TW") -> Recognised:
    """Read a brief in the language `lang` out of a manuscript; `path` names it in what is reported.

    Raises `ManuscriptError` (I020) when there is nothing to read.
    """
    ledger = Ledger(path, lang)
    items = _items(document, ledger)
    if not items:
        raise ManuscriptError([codes.NOTHING.at(Place(path))])
    typed = typed_notes(items, ledger)
    front, rest = front_of(typed.items, document, ledger)
    found = headings(rest, ledger)
    builder = Builder(document, typed, ledger)
    article = etree.Element("article", nsmap={"xlink": XLINK_NAMESPACE})
    article.set("article-type", "research-article")
    article.set("dtd-version", "1.1")
    article.set(LANG, lang)
    article.append(front_element(front, builder, document, path))
    body = builder.body(rest, found)
    article.append(body)
    told = _headings(rest, found)
    sections = list(body.iter("sec"))
    mark_unnumbered(sections, [found[at] for at in sorted(found)])
    check_labels(article, sections, [(rest[at], found[at]) for at in sorted(found)], ledger)
    of_author = {each.number for each in front.called_on} if front.calls else set()
    for number, zh, en in document.lost:
        if zh.startswith(OWN_MARK) and number in of_author:
            continue  # it became the author's note, whose mark is generated
        ledger.doubt(codes.LOST, number, "", what=Words(zh, en))
    ledger.counts["links"] = sum(1 for _ in article.iter("ext-link"))
    return Recognised(
        xml=written(article),
        pictures=builder.pictures,
        headings=told,
        counts=dict(ledger.counts),
        doubts=in_order(ledger.doubts),
        accounted=tuple(ledger.accounted),
        added=tuple(ledger.added),
    )


def _items(document: Document, ledger: Ledger) -> list[Item]:
    """The blocks of a manuscript as lines, lists and tables, without those that are empty."""
    items: list[Item] = []
    contents = _contents(document.blocks)
    if contents:
        ledger.doubt(codes.CONTENTS_LEFT_OUT, min(contents), "", count=len(contents))
    at_top = True
    in_form: set[str] = set()
    for block in _unlisted(document.blocks):
        form = _form(block, ledger) if isinstance(block, Table) and at_top else None
        if form is not None:
            items += form
            in_form = {_squeezed(each.words.partition("：")[2]) for each in form} - {""}
            continue
        if not isinstance(block, Paragraph):
            if any(each.inlines for each in paragraphs_in((block,))):
                items.append(block)
            continue
        text = visible(text_of(block.inlines), block.number, ledger)
        text = trimmed(text, block.number, ledger)
        if block.number in contents:
            ledger.drop(block.number, text.words, CONTENTS)
            continue
        if at_top and not text.things and _squeezed(text.words) in in_form:
            ledger.drop(block.number, text.words, FORM_LINE)
            continue
        lines = lines_of(Line(block, text), ledger, at_top=at_top)
        at_top = at_top and _may_be_front(block, text)
        for line in lines:
            if _RULE.fullmatch(line.text.string):
                ledger.drop(line.number, line.text.string, RULE_LINE)
            elif line.text.string:
                items.append(line)
    return items


def _form(table: Table, ledger: Ledger) -> list[Line] | None:
    """The lines of a form at the top (作者 | 王大明), as if typed 作者：王大明; None if it is no form.

    Rows that a brief has no place for are told and left out.
    """
    rows: list[tuple[Paragraph, Paragraph]] = []
    for row in table.rows:
        cells = [list(paragraphs_in(cell.blocks)) for cell in row]
        if len(cells) != 2 or any(len(cell) != 1 for cell in cells):
            return None
        rows.append((cells[0][0], cells[1][0]))
    named = [is_named(f"{label.text.strip()}：") for label, _ in rows]
    if not any(named) or not all(
        known or is_of_form(f"{label.text.strip()}：") for known, (label, _) in zip(named, rows, strict=True)
    ):
        return None
    lines = []
    for known, (label, value) in zip(named, rows, strict=True):
        if known:
            lines.append(_form_line(label, value, ledger))
            continue
        if value.text.strip():
            words = f"{label.text.strip()}：{value.text.strip()}"
            what = Words(f"「{words}」沒有放進文章", f"{words} is not in the brief")
            ledger.doubt(codes.LOST, label.number, label.text, what=what)
        for part in (label, value):
            ledger.drop(part.number, visible(text_of(part.inlines), part.number, ledger).words, FORM_LINE)
    return lines


def _form_line(label: Paragraph, value: Paragraph, ledger: Ledger) -> Line:
    """A row of a form as a line with a colon."""
    name, colon = text_of(label.inlines).stripped(), Text((Letter("："),))
    line = Line(label, name + colon + text_of(value.inlines).stripped())
    ledger.add(line.number, "：", SEPARATOR)
    for part in (label, value):
        text = text_of(part.inlines)
        ledger.drop(part.number, without(text.words, [text.stripped().words]), BLANK)
    return Line(line.paragraph, visible(line.text, line.number, ledger))


def _squeezed(words: str) -> str:
    return "".join(words.split())


def _may_be_front(paragraph: Paragraph, text: Text) -> bool:
    """Whether title, author and unit may still follow: the text has not begun."""
    begun = len(text.words) > _LONG or text.words.endswith("。") or label_of(text.string) is not None
    return paragraph.outline is None and not begun


def _contents(blocks: Sequence[Block]) -> set[int]:
    """The paragraphs of a table of contents, by their styles or by three lines that end with a page."""
    paragraphs = [block for block in blocks if isinstance(block, Paragraph) and block.text.strip()]
    entries = [at for at, each in enumerate(paragraphs) if _CONTENTS_STYLE.match(each.style or "")]
    if not entries:
        led = [at for at, each in enumerate(paragraphs) if at < 60 and _LED.fullmatch(each.text.strip()[:200])]
        entries = led if len(led) > 2 and led[-1] - led[0] < 2 * len(led) else []
    if not entries:
        return _typed_contents(paragraphs)
    if entries[0] and re.fullmatch(r"目\s*[錄次]|Contents", paragraphs[entries[0] - 1].text.strip()):
        entries = [entries[0] - 1, *entries]
    return {paragraphs[at].number for at in entries}


def _typed_contents(paragraphs: Sequence[Paragraph]) -> set[int]:
    """The paragraphs of a table of contents without pages: 目次, then lines that come again as headings."""
    words = ["".join(each.text.split()) for each in paragraphs]
    for at in [at for at, each in enumerate(words[:60]) if re.fullmatch("目[錄次]|Contents", each)]:
        end = at + 1
        while end < len(words) and len(words[end]) <= _LONG and words[end] in words[end + 1 :]:
            end += 1
        if end > at + 2:
            return {each.number for each in paragraphs[at:end]}
    return set()


def _unlisted(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks; numbered headings that a program made a list, and the frame of a picture, as paragraphs."""
    for block in blocks:
        inner = list(paragraphs_in((block,))) if isinstance(block, List) else []
        if any(each.outline is not None for each in inner) or _is_heading(block):
            yield from inner
        elif isinstance(block, Table) and (_is_frame(block) or _is_layout(block)):
            yield from _by_columns(block)
        elif isinstance(block, Table) and (caption := _caption_row(block)):
            yield caption
            rest = replace(block, rows=block.rows[1:])
            yield replace(rest, number=next(iter(paragraphs_in((rest,))), caption).number)
        else:
            yield block


def _is_frame(table: Table) -> bool:
    """Whether a table of one column only frames a picture and its caption."""
    pictures = any(isinstance(each, Picture) for part in paragraphs_in((table,)) for each in part.inlines)
    return pictures and all(len(row) <= 1 for row in table.rows) and not table.caption


def _is_layout(table: Table) -> bool:
    """Whether a table only sets pictures and their captions side by side."""
    parts = [part for part in paragraphs_in((table,)) if part.inlines]
    pictures = [any(isinstance(each, Picture) for each in part.inlines) for part in parts]
    words = [part.text.strip() for part in parts]
    captions = [bool(CAPTION.match(each)) for each in words]
    whole = all(
        (shown and not said) or CAPTION.match(said) or SOURCE.match(said) or CREDIT.fullmatch(said) or not said
        for shown, said in zip(pictures, words, strict=True)
    )
    return whole and any(pictures) and any(captions) and not table.caption


def _by_columns(table: Table) -> Iterator[Paragraph]:
    """The paragraphs of a table column by column, so that a caption comes next to its picture."""
    for at in range(max(map(len, table.rows), default=0)):
        for row in table.rows:
            if at < len(row):
                yield from paragraphs_in(row[at].blocks)


def _caption_row(table: Table) -> Paragraph | None:
    """The caption that was typed into the first row of a table, over all its columns."""
    if len(table.rows) < 2 or len(table.rows[0]) != 1 or table.rows[0][0].columns < 2 or table.caption:
        return None
    parts = list(paragraphs_in(table.rows[0][0].blocks))
    found = CAPTION.match(parts[0].text.strip()) if len(parts) == 1 else None
    return parts[0] if found and re.search("表|Table", found["kind"], re.IGNORECASE) else None


def _is_heading(block: Block) -> bool:
    """Whether a list is one short paragraph in bold: a heading that was numbered with the list tool."""
    inner = list(paragraphs_in((block,))) if isinstance(block, List) else []
    return len(inner) == 1 and 0 < len(inner[0].text) <= 40 and text_of(inner[0].inlines).share("bold") > 0.95


def _headings(items: list[Item], found: Mapping[int, Found]) -> tuple[Heading, ...]:
    told = []
    for at, heading in sorted(found.items()):
        line = items[at]
        assert isinstance(line, Line)
        words = line.text.string[len(heading.label.text) :] if heading.label else line.text.string
        text = words.replace("\ufffc", "").strip()
        told.append(Heading(heading.level, text, line.number, heading.how, heading.sure))
    return tuple(told)

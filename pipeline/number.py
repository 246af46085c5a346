"""Number: the one authority for every printed number and every generated reference.

Sections 壹 / 一 / （一） / 1. / (1), figures, tables and notes are counted once, here; print, EPUB and JATS
print what stands here. Notes restart in each brief and follow the order of their calls, wherever the calls
stand: in the text, in a quotation, in a caption or a title.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from pipeline.notes.graph import NOTE, Cited, Graph, note_graph
from pipeline.notes.style import DEFAULT, HouseStyle, shipped
from pipeline.notes.wording import note_label, word
from pipeline.parse import LANG

Element = etree._Element

_PLACES = ("fig", "table", "sec")
_NUMBERED_BLOCKS = {"fig": "圖", "table-wrap": "表"}

_DIGITS = "〇一二三四五六七八九"
_FINANCIAL_DIGITS = "零壹貳參肆伍陸柒捌玖"


@dataclass(frozen=True)
class Numbering:
    """The numbers and generated words of one brief.

    `notes`: the number of each numbered `fn`, the mark (*) of each in `author-notes`. `labels`: the printed
    label of each `sec`, `fig` and `table-wrap` (empty for a section without one). `words`: the words each
    `xref` prints, `locators` the pages behind a reference to a source. `texts`: what is printed for stretches
    of the text ((node, "text" or "tail")) that the wording of the notes changes. `targets`: the element each
    `xref` leads to: for a reference to a source the note that cites it. `again`: for an `xref` that calls a
    note once more, which call it is (1: the second; 0: the first call of an author's note). `denoted`: the
    source each reference to a note stands for.
    """

    notes: Mapping[Element, str]
    labels: Mapping[Element, str]
    words: Mapping[Element, str]
    locators: Mapping[Element, str]
    texts: Mapping[tuple[Element, str], str]
    targets: Mapping[Element, Element]
    again: Mapping[Element, int]
    denoted: Mapping[Element, Cited]
    graph: Graph


def number(article: Element, style: HouseStyle | None = None) -> Numbering:
    """Number one brief, its notes worded in `style` (the default style where none is given).

    References whose target does not exist get no words: validation has reported them.
    """
    style = style or shipped(DEFAULT)
    graph = note_graph(article)
    notes = {note.element: note_label(graph, style, note.element) for note in (*graph.author_notes, *graph.notes)}
    labels = {**_section_labels(article), **_block_labels(article)}
    worded = word(graph, style, article.get(LANG) or "zh-Hant-TW")
    calls = {call.element: call for call in graph.calls if call.element.tag != NOTE}
    words = {**worded.words, **{xref: notes[call.note] for xref, call in calls.items()}}
    targets = {
        reference.xref: reference.target if reference.use == "see" else worded.denoted[reference.xref].note
        for reference in graph.references
    }
    targets |= {xref: call.note for xref, call in calls.items()}
    by_id = {node.get("id"): node for node in article.iter("*") if node.get("id")}
    for xref in article.iter("xref"):
        target = by_id.get(xref.get("rid", ""))
        if target is not None and xref.get("ref-type") in _PLACES:
            targets[xref] = target
            words[xref] = _place_words(target, labels)
    again = {xref: call.again for xref, call in calls.items()}
    return Numbering(notes, labels, words, worded.locators, worded.texts, targets, again, worded.denoted, graph)


def _block_labels(article: Element) -> dict[Element, str]:
    labels = {}
    for tag, name in _NUMBERED_BLOCKS.items():
        for position, block in enumerate(article.iter(tag), start=1):
            labels[block] = f"{name}{position}"
    return labels


def _section_labels(article: Element) -> dict[Element, str]:
    labels: dict[Element, str] = {}
    for body in article.iter("body"):
        _label_children(body, 1, labels)
    return labels


def _label_children(parent: Element, depth: int, labels: dict[Element, str]) -> None:
    """Label the sections right below `parent`; a single one and those marked unnumbered get no label."""
    sections = list(parent.iterchildren("sec"))
    numbered = [section for section in sections if section.get("specific-use") != "unnumbered"]
    for section in sections:
        labels[section] = ""
    if len(numbered) > 1:
        for position, section in enumerate(numbered, start=1):
            labels[section] = section_label(depth, position)
    for section in sections:
        _label_children(section, depth + 1, labels)


def section_label(depth: int, position: int) -> str:
    """The label of the section at `position` (from 1) on a level: 壹、 一、 （一） 1. (1)."""
    match depth:
        case 1:
            return f"{_chinese(position, _FINANCIAL_DIGITS, ('拾', '佰'))}、"
        case 2:
            return f"{_chinese(position)}、"
        case 3:
            return f"（{_chinese(position)}）"
        case 4:
            return f"{position}."
        case _:
            return f"({position})"


def _chinese(value: int, digits: str = _DIGITS, units: tuple[str, str] = ("十", "百")) -> str:
    """1 to 999 in Chinese figures: 一, 十, 十二, 三十四, 一百零一, 一百一十; from 1000 on Arabic digits."""
    if value > 999:
        return str(value)
    ten, hundred = units[0], units[1]
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    words = digits[hundreds] + hundred if hundreds else ""
    if tens:
        words += (digits[tens] if tens > 1 or hundreds else "") + ten
    elif hundreds and ones:
        words += "零"
    return words + (digits[ones] if ones else "")


def _place_words(target: Element, labels: Mapping[Element, str]) -> str:
    """How a figure, table or section is referred to: 圖1, 壹、二, or 「title」 where there is no label."""
    if target.tag != "sec":
        return labels.get(target, "")
    if not labels.get(target):
        title = target.find("title")
        return f"「{text_without_notes(title)}」" if title is not None else ""
    path = [labels.get(section, "") for section in (*reversed(list(target.iterancestors("sec"))), target)]
    return "".join(path).rstrip("、.")


def text_without_notes(element: Element) -> str:
    """The text of an element without the notes inside it, blanks folded."""
    return " ".join("".join(_text_outside_notes(element)).split())


def _text_outside_notes(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag != NOTE:
            yield from _text_outside_notes(child)
        yield child.tail or ""

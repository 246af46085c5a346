"""Number: the one authority for every printed number and every generated reference.

Sections, figures, tables and notes are counted once, here, and labelled as the profile of the brief's language
has it (壹、一、（一）; 1. 1.1 (1); Ⅰ. 1. 가.); print, EPUB and JATS print what stands here. Notes restart in each
brief and follow the order of their calls, wherever the calls stand: in the text, in a quotation, in a caption or
a title.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from pipeline.notes.graph import NOTE, Cited, Graph, note_graph
from pipeline.notes.style import HouseStyle, style_in
from pipeline.notes.wording import note_label, word
from pipeline.parse import LANG
from pipeline.profiles import DEFAULT, Labels, profile

Element = etree._Element

_PLACES = ("fig", "table", "sec")

_DIGITS = "〇一二三四五六七八九"
_CAPITAL_DIGITS = "零壹貳參肆伍陸柒捌玖"
_KATAKANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_HANGUL = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호"


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
    """Number one brief, its notes worded in `style`, or that of its language (`pipeline.notes.style.style_in`).

    References whose target does not exist get no words: validation has reported them.
    """
    lang = article.get(LANG) or DEFAULT
    style = style_in(style, lang)
    forms = profile(lang).labels
    graph = note_graph(article)
    notes = {note.element: note_label(graph, style, note.element) for note in (*graph.author_notes, *graph.notes)}
    labels = {**_section_labels(article, forms), **_block_labels(article, forms)}
    worded = word(graph, style, lang)
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
            words[xref] = _place_words(target, labels, forms)
    again = {xref: call.again for xref, call in calls.items()}
    return Numbering(notes, labels, words, worded.locators, worded.texts, targets, again, worded.denoted, graph)


def _block_labels(article: Element, forms: Labels) -> dict[Element, str]:
    labels = {}
    for tag, form in (("fig", forms.figure), ("table-wrap", forms.table)):
        for position, block in enumerate(article.iter(tag), start=1):
            labels[block] = form.format(arabic=position)
    return labels


def _section_labels(article: Element, forms: Labels) -> dict[Element, str]:
    labels: dict[Element, str] = {}
    for body in article.iter("body"):
        _label_children(body, (), forms, labels)
    return labels


def _label_children(parent: Element, above: Sequence[int], forms: Labels, labels: dict[Element, str]) -> None:
    """Label the sections right below `parent`; a single one and those marked unnumbered get no label.

    `above` has the positions of the sections around, 0 for one without a label.
    """
    sections = list(parent.iterchildren("sec"))
    numbered = [section for section in sections if section.get("specific-use") != "unnumbered"]
    positions = {section: position for position, section in enumerate(numbered, start=1)}
    for section in sections:
        position = positions.get(section, 0) if len(numbered) > 1 else 0
        labels[section] = section_label(len(above) + 1, position, forms, above) if position else ""
        _label_children(section, (*above, position), forms, labels)


def section_label(depth: int, position: int, forms: Labels | None = None, above: Sequence[int] = ()) -> str:
    """The label of the section at `position` (from 1) on a level: 壹、 一、 （一） 1. (1) in the default language.

    `above` has the positions of the sections around it, which `{path}` names: 1.2.
    """
    sections = (forms or profile(DEFAULT).labels).sections
    form = sections[min(depth, len(sections)) - 1]
    path = ".".join(str(each) for each in (*above, position) if each)
    return _GAP.sub(lambda gap: path if gap[1] == "path" else COUNTERS[gap[1]](position), form)


# Counters


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


def _circled(value: int) -> str:
    """① to ㊿; from 51 on in brackets."""
    for first, last, start in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= value <= last:
            return chr(start + value - first)
    return f"({value})"


def _roman(value: int) -> str:
    """Ⅰ to Ⅻ, one character each as East Asian faces have them; from 13 on letters."""
    if value <= 12:
        return chr(0x2160 + value - 1)
    text = ""
    for figure, amount in _ROMAN.items():
        count, value = divmod(value, amount)
        text += figure * count
    return text


_ROMAN = {"M": 1000, "CM": 900, "D": 500, "CD": 400, "C": 100, "XC": 90, "L": 50, "XL": 40, "X": 10, "IX": 9,
          "V": 5, "IV": 4, "I": 1}  # fmt: skip


def _in_row(row: str) -> Callable[[int], str]:
    """A counter that goes along a row of letters, and writes them twice when it comes to its end."""
    return lambda value: row[(value - 1) % len(row)] * ((value - 1) // len(row) + 1)


COUNTERS: Mapping[str, Callable[[int], str]] = {
    "arabic": str,
    "han": _chinese,
    "capital": lambda value: _chinese(value, _CAPITAL_DIGITS, ("拾", "佰")),
    "roman": _roman,
    "circled": _circled,
    "letter": _in_row("abcdefghijklmnopqrstuvwxyz"),
    "katakana": _in_row(_KATAKANA),
    "hangul": _in_row(_HANGUL),
}
"""How a number from 1 on is written, by the name of the gap in a profile: 壹, 一, 1, Ⅰ, ①, a, ア, 가."""

_GAP = re.compile(r"\{(\w+)\}")


# References


def _place_words(target: Element, labels: Mapping[Element, str], forms: Labels) -> str:
    """How a figure, table or section is referred to: 圖1, 壹、二, or 「title」 where there is no label."""
    if target.tag != "sec":
        form = forms.figure_reference if target.tag == "fig" else forms.table_reference
        return form.format(label=labels.get(target, ""))
    if not labels.get(target):
        title = target.find("title")
        return forms.section_by_title.format(title=text_without_notes(title)) if title is not None else ""
    path: list[str] = []
    sections = (*reversed(list(target.iterancestors("sec"))), target)
    for depth, section in enumerate(sections, start=1):
        label = labels.get(section, "")
        if label and "{path}" in forms.sections[min(depth, len(forms.sections)) - 1]:
            path.clear()
        path.append(label)
    return forms.section_reference.format(label="".join(path).rstrip("、."))


def text_without_notes(element: Element) -> str:
    """The text of an element without the notes inside it, blanks folded."""
    return " ".join("".join(_text_outside_notes(element)).split())


def _text_outside_notes(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag != NOTE:
            yield from _text_outside_notes(child)
        yield child.tail or ""

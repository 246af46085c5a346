"""Number: the one authority for every printed number and every generated reference.

Sections 壹 / 一 / （一） / 1. / (1), figures, tables and notes are counted once, here; print, EPUB and JATS
print what stands here. Notes restart in each brief and follow the order of their calls, wherever the calls
stand: in the text, in a quotation, in a caption or a title.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

Element = etree._Element

NOTE = "fn"
_NUMBERED_BLOCKS = {"fig": "圖", "table-wrap": "表"}
_NO_CALLS = {"alt-text", "trans-title-group"}
"""Elements whose text is not set where it stands, so that no note can be called there."""

_NAMES = (
    (".//string-name", "{}"),
    (".//collab", "{}"),
    (".//article-title", "〈{}〉"),
    (".//source", "《{}》"),
)
"""Where a citation has its author and its titles, and the marks of each."""

_DIGITS = "〇一二三四五六七八九"
_FINANCIAL_DIGITS = "零壹貳參肆伍陸柒捌玖"


@dataclass(frozen=True)
class Numbering:
    """The numbers of one brief.

    `notes`: the number of each `fn`. `labels`: the printed label of each `sec`, `fig` and `table-wrap`
    (empty for a section without one). `words`: the words each `xref` prints. `targets`: the element each
    `xref` points at, for a source inside a note the note. `again`: for an `xref` that calls a note once more,
    which call it is (1: the second).
    """

    notes: Mapping[Element, int]
    labels: Mapping[Element, str]
    words: Mapping[Element, str]
    targets: Mapping[Element, Element]
    again: Mapping[Element, int]


def number(article: Element) -> Numbering:
    """Number one brief. References whose target does not exist get no words: validation has reported them."""
    notes = {note: position for position, note in enumerate(called_notes(article), start=1)}
    labels = {**_section_labels(article), **_block_labels(article)}
    by_id = {node.get("id"): node for node in article.iter() if isinstance(node.tag, str) and node.get("id")}
    words: dict[Element, str] = {}
    targets: dict[Element, Element] = {}
    again: dict[Element, int] = {}
    calls: dict[Element, int] = {}
    for xref in (node for node in as_read(article) if node.tag == "xref"):
        named = by_id.get(xref.get("rid"))
        if named is None:
            continue
        target = _note_of(named) if xref.get("ref-type") == "fn" else named
        if target is None:
            continue
        targets[xref] = target
        use = xref.get("specific-use")
        if target in notes and use is None:
            calls[target] = again[xref] = calls.get(target, 0) + 1
            words[xref] = str(notes[target])
        elif target in notes and use == "see":
            words[xref] = f"見註{notes[target]}"
        elif target in notes:
            here = _note_of(xref)
            words[xref] = same_source_words(named, notes[target], notes.get(here) if here is not None else None)
        else:
            words[xref] = _place_words(target, labels)
    return Numbering(notes, labels, words, targets, again)


def called_notes(article: Element) -> Iterator[Element]:
    """The notes of a brief in the order in which a reader meets their calls."""
    for node in as_read(article):
        if node.tag == NOTE and not any(parent.tag in _NO_CALLS for parent in node.iterancestors()):
            yield node


def as_read(element: Element) -> Iterator[Element]:
    """An element and all inside it in the order of the page: JATS has a table's foot before its body."""
    yield element
    children = list(element)
    if element.tag == "table":
        children.sort(key=lambda child: child.tag == "tfoot")
    for child in children:
        yield from as_read(child)


def same_source_words(named: Element, target: int, here: int | None) -> str:
    """What a reference to the source of an earlier note says: 同前註 for the note just before, else 同註N.

    `named` is the `fn`, or the one `mixed-citation` meant where the note cites several; then the words name
    the source too, since a number alone does not say which.
    """
    if named.tag != NOTE and _cites_several(named):
        return f"{_short_name(named)}，同註{target}"
    return "同前註" if here is not None and target == here - 1 else f"同註{target}"


def _note_of(node: Element) -> Element | None:
    return node if node.tag == NOTE else next(node.iterancestors(NOTE), None)


def _cites_several(citation: Element) -> bool:
    note = _note_of(citation)
    return note is not None and sum(1 for _ in note.iter("mixed-citation")) > 1


def _short_name(citation: Element) -> str:
    """The author of a citation, or its title in its marks; both where a neighbour has the same author."""
    note = _note_of(citation)
    others = [other for other in note.iter("mixed-citation") if other is not citation] if note is not None else []
    names = _names(citation)
    for length in range(1, len(names) + 1):
        if not any(_names(other)[:length] == names[:length] for other in others):
            return "，".join(names[:length])
    return text_without_notes(citation).rstrip("。.")


def _names(citation: Element) -> list[str]:
    """What a source may be called by: its author and its titles in their marks, else its words."""
    names = []
    for path, marks in _NAMES:
        found = citation.find(path)
        if found is not None:
            text = text_without_notes(found)
            names.append(text if text[:1] in ("〈", "《", "“") else marks.format(text))
    return names or text_without_notes(citation).rstrip("。.").split("，")


def _block_labels(article: Element) -> dict[Element, str]:
    labels = {}
    for tag, word in _NUMBERED_BLOCKS.items():
        for position, block in enumerate(article.iter(tag), start=1):
            labels[block] = f"{word}{position}"
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

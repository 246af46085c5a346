"""Labelling: typed labels against those that will be printed, and sections without any."""

from collections.abc import Sequence

from pipeline.importing.recognise import codes
from pipeline.importing.recognise.headings import BIBLIOGRAPHY, Found
from pipeline.importing.recognise.labels import label_of
from pipeline.importing.recognise.ledger import Ledger
from pipeline.importing.recognise.letters import Element, Line
from pipeline.importing.recognise.typed_notes import Item
from pipeline.number import number


def mark_unnumbered(sections: Sequence[Element], found: Sequence[Found]) -> None:
    """Mark the sections that have no label beside others that have one, and lists of literature."""
    labelled = {section: bool(each.label or each.generated) for section, each in zip(sections, found, strict=True)}
    for section in sections:
        parent = section.getparent()
        assert parent is not None
        beside = any(labelled[other] for other in parent.iterchildren("sec"))
        title = "".join(section[0].itertext()).strip()
        if not labelled[section] and (beside or BIBLIOGRAPHY.fullmatch(title)):
            section.set("specific-use", "unnumbered")


def check_labels(
    article: Element, sections: Sequence[Element], headings: Sequence[tuple[Item, Found]], ledger: Ledger
) -> None:
    """Doubts where the number that was typed is not the one that will be printed."""
    printed = number(article).labels
    for section, (line, heading) in zip(sections, headings, strict=True):
        if heading.label is None or not isinstance(line, Line):
            continue
        will = printed.get(section, "")
        value = label_of(will + " ")
        typed = heading.label.text.strip()
        if not will:
            continue
        if value is not None and value.value != heading.label.value:
            ledger.doubt(codes.LABEL_DIFFERS, line.number, line.words, typed=typed, printed=will)

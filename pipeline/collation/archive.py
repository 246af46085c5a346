"""The archive against the sources: every character, note, label and generated word of the JATS.

What the program writes into the archive is compared with the numbering; what it may write anew by the house
style is brought to one form first (`_plain_apparatus`), and that is all that is not compared as it stands:
the marks around page numbers behind a reference, the joiner between two sources, and the stop of a note.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from lxml import etree

from pipeline.bibliography.listing import reference_list
from pipeline.bibliography.ref_list import jats_citation
from pipeline.collation import codes
from pipeline.collation.article import archived_text, is_call, is_supplied, source_text
from pipeline.collation.compare import Difference, Scope, differences, shown, solid
from pipeline.collation.text import REFERENCE, Mark, NoteText, Passage, Witness
from pipeline.diagnostics import Words
from pipeline.notes.graph import note_around
from pipeline.number import Numbering
from pipeline.parse import HREF, LANG

Element = etree._Element

_SCOPE = Scope(marks=frozenset(), languages=False, supplies=False, back_links=False)
_PAGES = re.compile(
    rf"(?<={REFERENCE})\s*[、，,]?\s*(?:第|[頁页]|pp?\.|at)?\s*(?P<pages>\d[\d\s、,，\-–—~～至]*\d|\d)\s*(?:頁|ページ|页|쪽|면)?"
)
_JOINER = re.compile(r"\s*[；;]\s*")
_STOP_OF_REFERENCE = re.compile(rf"(?<={REFERENCE})\s*\.")
_FROM_ISSUE = frozenset(
    ("pub-date", "volume", "issue", "permissions", "fpage", "lpage", "self-uri", "elocation-id", "counts")
)
"""What the archive's front has from the issue and the pages; the source may have it too."""
_REWRITTEN = ("xref", "graphic")
"""What the archive names anew: what references lead to, and the files of pictures."""
_NUMBERED = re.compile(r"(?:註|注|[Nn]otes?|\bnn?\.|각주|주)\s*(\d+)")


def archive_differences(
    source: Element, archived: Element, name: str, numbering: Numbering
) -> Iterator[Difference]:
    """What the archive's copy of a brief has lost or changed; the passages are those of the source."""
    ours = source_text(source, name, numbering)
    theirs = archived_text(archived, name)
    compared = _plain(ours)
    yield from differences(compared, _plain(theirs), _SCOPE)
    if [len(each) for each in _every(ours)] == [len(each) for each in _every(theirs)]:
        yield from _marks(ours, theirs)
    yield from _record(source, archived)
    yield from _attributes(source, archived)
    yield from _listed(source, archived, numbering)
    yield from _references(source, archived, numbering)


def _plain(witness: Witness) -> Witness:
    notes = tuple(
        NoteText(note.label, tuple(_plain_apparatus(p, p is note.passages[-1]) for p in note.passages), note.node)
        for note in witness.notes
    )
    parts = {part: tuple(_plain_reference(p) for p in passages) for part, passages in witness.parts.items()}
    return replace(witness, notes=notes, parts=parts)


def _plain_reference(passage: Passage) -> Passage:
    return replace(passage, text=_PAGES.sub(_pages, passage.text)) if REFERENCE in passage.text else passage


def _plain_apparatus(passage: Passage, is_last: bool) -> Passage:
    """A paragraph of a note with its locators, joiners and last stop in one form, whatever the house style."""
    text = _JOINER.sub("；", _STOP_OF_REFERENCE.sub("", _PAGES.sub(_pages, passage.text)))
    if is_last or text.endswith(REFERENCE) or REFERENCE in text[-16:]:
        text = text.rstrip("。. ")
    return replace(passage, text=text)


def _pages(found: re.Match[str]) -> str:
    pages = re.sub(r"\s*[-–—~～至]\s*", "–", found["pages"].strip())
    return "，" + re.sub(r"\s*[、,，]\s*", "、", pages)


def _every(witness: Witness) -> list[tuple[Passage, ...]]:
    return [*witness.parts.values(), *(note.passages for note in witness.notes)]


# Marks: addresses, languages, pronunciation, what references lead to


def _marks(ours: Witness, theirs: Witness) -> Iterator[Difference]:
    lists = zip(_every(ours), _every(theirs), strict=False)
    for one, other in ((a, b) for passages in lists for a, b in zip(*passages, strict=False)):
        if _named(one) != _named(other):
            yield from _changed_marks(one, other)


def _named(passage: Passage) -> list[tuple[str, str]]:
    return [(mark.kind, mark.value) for mark in passage.marks if mark.kind != "supplied"]


def _changed_marks(one: Passage, other: Passage) -> Iterator[Difference]:
    of_code = {"link": codes.ADDRESS, "ruby": codes.RUBY, "style": codes.STYLE, "lang": codes.LANGUAGE}
    left = [mark for mark in other.marks if mark.kind != "supplied"]
    missing: list[Mark] = []
    for mark in one.marks:
        same = next((each for each in left if (each.kind, each.value) == (mark.kind, mark.value)), None)
        if same is None:
            missing.append(mark)
        else:
            left.remove(same)
    for mark in missing:
        instead = next((each for each in left if each.kind == mark.kind), None)
        if instead is not None:
            left.remove(instead)
        code = of_code.get(mark.kind, codes.LEADS_ASTRAY)
        values = {
            "where": _where(one),
            "text": shown(one.text[mark.start : mark.end]),
            "expected": mark.value,
            "found": instead.value if instead is not None else "∅",
        }
        yield Difference(code, one, mark.start, mark.end, values)


def _where(passage: Passage) -> Words:
    note = passage.node if passage.node is None else note_around(passage.node)
    return Words("註文", "a note") if note is not None else Words("正文", "the text")


# What stands in the record of the article and in no edition: identifiers, ORCID


def _record(source: Element, archived: Element) -> Iterator[Difference]:
    theirs = [_entry(node) for node in archived.iterfind("front/article-meta//*")]
    for node in source.iterfind("front/article-meta//*"):
        if any(each.tag in _FROM_ISSUE for each in (node, *node.iterancestors())) or note_around(node) is not None:
            continue
        if len(node) == 0 and isinstance(node.tag, str) and node.tag != "xref":
            entry = _entry(node)
            if entry in theirs:
                theirs.remove(entry)
            else:
                passage = Passage(str(node.tag), entry[1], node=node)
                values = {"where": Words(f"{node.tag}", f"{node.tag}"), "text": shown(entry[1] or str(entry[2]))}
                yield Difference(codes.MISSING, passage, 0, 0, values)


def _entry(node: Element) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    kept = {key: value for key, value in node.attrib.items() if key not in (LANG, "content-type", "id")}
    return str(node.tag), solid(node.text or ""), tuple(sorted((str(k), str(v)) for k, v in kept.items()))


def _attributes(source: Element, archived: Element) -> Iterator[Difference]:
    """What the text says in attributes: dates in ISO 8601, kinds of publication, ids, spans of cells."""
    left = Counter(_tag(node) for node in archived.iter("*"))
    for node in source.iterfind("body//*"):
        if node.tag not in _REWRITTEN and node.attrib:
            tag = _tag(node)
            left[tag] -= 1
            if left[tag] < 0:
                passage = Passage(str(node.tag), "", node=node)
                said = " ".join(f'{name.rpartition("}")[2]}="{value}"' for name, value in tag[1])
                values = {"where": _where(passage), "text": shown(f"<{tag[0]} {said}>", clip=False)}
                yield Difference(codes.MISSING, passage, 0, 0, values)


def _tag(node: Element) -> tuple[str, tuple[tuple[str, str], ...]]:
    kept = {str(name): str(value) for name, value in node.attrib.items() if name != "content-type"}
    return str(node.tag), tuple(sorted(kept.items()))


def _listed(source: Element, archived: Element, numbering: Numbering) -> Iterator[Difference]:
    """The reference list: the sources of all notes, each once, with their addresses."""
    lang = source.get(LANG) or ""
    works = reference_list([citation.work for citation in numbering.graph.citations], lang)
    expected = [_citation(jats_citation(entry.work)) for entry in works]
    found = [_citation(each) for each in archived.iterfind("back/ref-list/ref/mixed-citation")]
    if expected != found:
        first = next((one for one, other in zip(expected, found, strict=False) if one != other), "")
        missing = [each for each in expected if each not in found]
        passage = Passage("reference list", "", node=source)
        values = {
            "where": Words("參考文獻", "the reference list"),
            "expected": shown((missing or [first])[0] or f"{len(expected)}"),
            "found": shown(next((each for each in found if each not in expected), "∅")),
        }
        yield Difference(codes.GENERATED, passage, 0, 0, values)


def _citation(element: Element) -> str:
    addresses = [node.get(HREF, "") for node in element.iter("ext-link")]
    return solid("".join(element.itertext()) + "".join(f"<{address}>" for address in addresses))


# Generated words


def _references(source: Element, archived: Element, numbering: Numbering) -> Iterator[Difference]:
    """The words of each reference, the number in them, and the source that is supplied behind it."""
    ours = _by_note(source, lambda note: numbering.notes.get(note, ""))
    theirs = _by_note(archived, lambda note: solid(note.findtext("label") or ""))
    for label, xrefs in ours.items():
        copies = theirs.get(label, [])
        if len(copies) != len(xrefs):
            passage = Passage("reference", "", node=xrefs[0])
            values = {"where": _where(passage), "expected": f"{len(xrefs)} xref", "found": f"{len(copies)} xref"}
            yield Difference(codes.GENERATED, passage, 0, 0, values)
            continue
        for xref, copy in zip(xrefs, copies, strict=True):
            yield from _reference(xref, copy, numbering)


def _by_note(root: Element, label: Callable[[Element], str]) -> dict[str, list[Element]]:
    """The references of a brief by the label of the note they stand in; empty for those in the text."""
    found: dict[str, list[Element]] = {}
    for xref in root.iter("xref"):
        if not is_call(xref) and not any(is_supplied(each) for each in xref.iterancestors()):
            note = note_around(xref)
            found.setdefault(label(note) if note is not None else "", []).append(xref)
    return found


def _reference(xref: Element, copy: Element, numbering: Numbering) -> Iterator[Difference]:
    expected, found = numbering.words.get(xref, ""), copy.text or ""
    passage = Passage("reference", expected, node=xref)
    target = numbering.targets.get(xref)
    number = _NUMBERED.search(found)
    label = numbering.notes.get(target, "") if target is not None else ""
    if expected != found or (number and label.isdecimal() and number[1] != label):
        said = expected if expected != found or number is None else found.replace(number[1], label)
        values = {"where": _where(passage), "expected": said, "found": found or "∅"}
        yield Difference(codes.GENERATED, passage, 0, 0, values)
    yield from _supplied(passage, xref, copy, numbering)


def _supplied(passage: Passage, xref: Element, copy: Element, numbering: Numbering) -> Iterator[Difference]:
    cited = numbering.denoted.get(xref)
    if xref.get("specific-use") != "same-source" or note_around(xref) is None or cited is None:
        return
    citation = cited.citation
    if citation is None:
        return
    following, where = copy.getnext(), _where(passage)
    found = "".join(following.itertext()) if following is not None and is_supplied(following) else ""
    written = "".join(citation.element.itertext()) if citation.element is not None else ""
    written = written or citation.paragraph.text[citation.start : citation.end]
    inside, wanted = solid(found)[1:-1].rstrip("。."), solid(written).rstrip("。.")
    title = solid(citation.work.title)
    in_house_form = citation.element is None and bool(title) and title in inside
    if inside != wanted and not in_house_form:
        values = {"where": where, "text": passage.text, "expected": shown(wanted), "found": shown(found) or "∅"}
        yield Difference(codes.SUPPLIED, passage, 0, 0, values)
    elif citation.element is not None and following is not None:
        ours, theirs = (
            " ".join(node.get(HREF, "") for node in each.iter("ext-link"))
            for each in (citation.element, following)
        )
        if ours != theirs:
            values = {"where": where, "expected": ours or "∅", "found": theirs or "∅"}
            yield Difference(codes.ADDRESS, passage, 0, 0, values)

"""Wording: what each reference to a note says, by the house style.

One rule stands above the style: the words must send the reader to the very source that the markup names.
Where a style's 同前註 could be read as another source, the number is written; where the number alone could,
the source is named.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from pipeline import languages
from pipeline.citations.works import Name, Work
from pipeline.flat import REFERENCE, Flat, flat
from pipeline.notes.graph import Citation, Cited, Graph, Note, Reference
from pipeline.notes.style import CHINESE, HouseStyle, Marks, Wording
from pipeline.parse import LANG

Element = etree._Element

_PAGES = r"\d+(?:\s*[-–—~～至]\s*\d+)?(?:\s*[、,，]\s*\d+(?:\s*[-–—~～至]\s*\d+)?(?!\s*[年月日期卷號\d]))*"
_LOCATOR = re.compile(
    rf"\s*[，,]?\s*(?:第\s*(?P<counted>{_PAGES})\s*頁|[頁页]\s*(?P<chinese>{_PAGES})|(?:pp?\.|at)\s*(?P<english>{_PAGES}))"
)
_LOCATOR_WITH_UNIT = re.compile(rf"\s*[、，,]?\s*第?\s*(?P<counted>{_PAGES})\s*(?:頁|ページ|页|쪽|면)")
"""12頁, 第12页, 12쪽: where the style writes a unit behind the pages."""
_BARE_LOCATOR = re.compile(rf"\s*,\s*(?P<bare>{_PAGES})(?=\s*[.;。；]|\s*$)")
_JOINER = re.compile(r"\s*[；;]\s*")
_STOPS = {"zh": "。", "ja": "。", "ko": ".", "en": "."}
_STOP = re.compile(r"\s*[。.]?\s*")
_ENDED = re.compile(r"[。.!?！？…；;][」』”’）)〉》]*\s*$")
_LATIN_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE_START = re.compile(r"(?:^|[.?!。？！])[\s”’]*$")
_SEEN = re.compile(
    rf"(?:[見參看閱]|\b[Ss]ee(?: also| generally)?|\b[Cc]f\.?|(?:[Cc]ited|[Qq]uoted) in)"
    rf"(?:\s*{REFERENCE}\s*(?:[及與和、]|,? ?and\b|,))*\s*$"
)
_SEE = re.compile(r"^(?:請?參?見|[Ss]ee )")
_GENERIC = re.compile(r"(?:Ibid|Id|See|Supra)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Worded:
    """The words of the references of a brief.

    `words`: what each `xref` says. `locators`: the pages that follow it (，頁9; , p. 9), as the style writes
    them. `texts`: the stretches of the brief's own text that the wording changes, by node and "text" or
    "tail": without that locator, with the style's joiner between two sources and its stop at the end. An
    empty stretch may be among them, where a stop is missing. `denoted`: what each reference stands for.
    """

    words: Mapping[Element, str]
    locators: Mapping[Element, str]
    texts: Mapping[tuple[Element, str], str]
    denoted: Mapping[Element, Cited]


def word(graph: Graph, style: HouseStyle, lang: str) -> Worded:
    """Word every reference of a brief in `lang` (BCP 47)."""
    words: dict[Element, str] = {}
    locators: dict[Element, str] = {}
    texts: dict[tuple[Element, str], str] = {}
    denoted = {reference.xref: graph.cited(reference) for reference in graph.references}
    for reference in graph.references:
        wording = style.wordings[style.language(_language(graph, reference, lang))]
        cited = denoted[reference.xref]
        label = note_label(graph, style, reference.target if reference.use == "see" else cited.note)
        if reference.use == "see":
            said = wording.see.format(number=label)
        else:
            said = _same_source(graph, reference, cited, label, wording)
        words[reference.xref] = _in_its_sentence(said, reference.xref, graph)
    for note in (*graph.author_notes, *graph.notes):
        for paragraph in note.paragraphs:
            table = style.wordings[style.language(paragraph_language(paragraph, lang))]
            for xref, locator, behind in _behind_references(note, paragraph, table, words):
                locators[xref] = locator
                texts[xref, "tail"] = behind
            texts.update(_between_citations(note, paragraph, table))
            texts.update(_final_stop(note, paragraph, style, table))
    return Worded(words, locators, texts, denoted)


def note_label(graph: Graph, style: HouseStyle, note: Element) -> str:
    """The number of a note, or the mark of an author's note: *, ** …"""
    if note in graph.order:
        return str(graph.order[note])
    position = next(index for index, each in enumerate(graph.author_notes, start=1) if each.element is note)
    return style.author_note * position


def paragraph_language(paragraph: Flat, around: str) -> str:
    """The language a paragraph of a note is written in: as marked, else English where nothing is Chinese."""
    for node in (paragraph.element, *paragraph.element.iterancestors("fn")):
        if node.get(LANG):
            return str(node.get(LANG))
    own = _LOCATOR.sub("", paragraph.text.replace(REFERENCE, " "))
    english = len(_LATIN_WORD.findall(own)) > 1 or bool(_SEEN.search(own.rstrip(" .,;")))
    return "en" if english and languages.is_foreign(own, around) == "en" else around


def _language(graph: Graph, reference: Reference, lang: str) -> str:
    if reference.note is None:
        return next((str(node.get(LANG)) for node in reference.xref.iterancestors() if node.get(LANG)), lang)
    for paragraph in graph.note[reference.note].paragraphs:
        if any(piece.node is reference.xref for piece in paragraph.pieces):
            return paragraph_language(paragraph, lang)
    return lang


# 同前註, 同註N, 某某，前揭註N


def _same_source(graph: Graph, reference: Reference, cited: Cited, label: str, wording: Wording) -> str:
    gaps = _gaps(graph, cited, label, wording)
    source = graph.note.get(cited.note)
    several = source is not None and len(source.sources) > 1
    if several and cited.citation is not None:
        return _first_filled(wording.several, gaps)
    between = _between(graph, reference, cited)
    if between is not None and (not several or wording.after_several):
        if not wording.second_in_note and _stands_second(graph, reference, cited):
            return _first_filled(wording.earlier, gaps)
        kinds = {_kind(graph, note, cited) for note in between}
        if not (kinds & {"other"} or ("commentary" in kinds and not wording.across_commentary)
                or ("same" in kinds and not wording.across_references)):  # fmt: skip
            return wording.previous
        if wording.previous_named and _is_alone(graph, cited, between):
            return _first_filled((wording.previous_named, *wording.earlier), gaps)
    return _first_filled(wording.earlier, gaps)


def _between(graph: Graph, reference: Reference, cited: Cited) -> tuple[Note, ...] | None:
    """The notes between the one cited and the one that refers; None where that is not how they stand."""
    here = graph.order.get(reference.note) if reference.note is not None else None
    there = graph.order.get(cited.note)
    if here is None or there is None or there >= here:
        return None
    return graph.notes[there : here - 1]


def _kind(graph: Graph, note: Note, cited: Cited) -> str:
    """What a note that lies between means to 同前註: commentary, the same source, or another."""
    if not note.sources and not note.doubtful:
        return "commentary"
    return (
        "same"
        if not note.doubtful and all(_same(graph.denoted(part), cited) for part in note.sources)
        else "other"
    )


def _stands_second(graph: Graph, reference: Reference, cited: Cited) -> bool:
    """Whether another source stands before the reference in its note."""
    note = graph.note.get(reference.note) if reference.note is not None else None
    for part in note.sources if note is not None else ():
        if part is reference:
            return False
        if not _same(graph.denoted(part), cited):
            return True
    return False


def _same(one: Cited, other: Cited) -> bool:
    return one.note is other.note and one.citation is other.citation


def _is_alone(graph: Graph, cited: Cited, between: tuple[Note, ...]) -> bool:
    """Whether no note between has a source of the same author."""
    if cited.citation is None:
        return False
    author = names(cited.citation.work, "")[:1]
    others = [graph.denoted(part).citation for note in between for part in note.sources]
    return not any(other is None or _alike(names(other.work, "")[:1], author) for other in others)


def _first_filled(forms: tuple[str, ...], gaps: Mapping[str, str]) -> str:
    for form in forms:
        if all(gaps[name] for name in re.findall(r"\{(\w+)\}", form)):
            return form.format_map(gaps)
    return re.sub(r"^[\W_]+", "", forms[-1].format_map(gaps))


def _gaps(graph: Graph, cited: Cited, label: str, wording: Wording) -> dict[str, str]:
    if cited.citation is None:
        return {"number": label, "name": "", "author": "", "title": ""}
    work = cited.citation.work
    comma, marks = wording.comma or (", " if wording.joiner.isascii() else "，"), wording.marks
    others = [
        other.work
        for part in graph.note[cited.note].sources
        if (other := graph.denoted(part).citation) is not None and other is not cited.citation
    ]
    title = marked(short_title(work), work, marks)
    return {
        "number": label,
        "name": short_name(work, others, comma, marks),
        "author": people(work.authors or work.editors, comma, marks),
        "title": title,
    }


# Names


def short_name(work: Work, others: list[Work], comma: str = "，", marks: Marks = CHINESE) -> str:
    """The shortest name that tells a work from the others: its author, author and title, … else its words."""
    own = names(work, comma, marks)
    for length in range(1, len(own) + 1):
        if not any(_alike(names(other, comma, marks)[:length], own[:length]) for other in others):
            return comma.join(own[:length])
    return work.text.rstrip("。.")


def _alike(one: list[str], other: list[str]) -> bool:
    """Whether a reader could take one name for the other: part by part, one has the other in it."""
    return len(one) >= len(other) and all(a in b or b in a for a, b in zip(one, other, strict=False))


def names(work: Work, comma: str, marks: Marks = CHINESE) -> list[str]:
    """What a work may be called by: its people, its titles in their marks, else its words."""
    found = [people(work.authors or work.editors, comma, marks)]
    found += [marked(work.title, work, marks) if work.title else ""]
    container = work.container
    found += [marks.book.format(title=container) if container and _is_east_asian(work.title) else container]
    return [name for name in found if name] or work.text.rstrip("。.").split("，")


def people(authors: tuple[Name, ...], comma: str, marks: Marks = CHINESE) -> str:
    """Up to two people by name, more by the first: 甲、乙; 甲等; Needham and Davies; Needham et al."""
    short = [name.family if name.family and not _is_east_asian(name.literal) else name.literal for name in authors]
    western = bool(short) and not _is_east_asian(short[0])
    if len(short) > 2:
        return f"{short[0]} et al." if western and comma == ", " else marks.others.format(name=short[0])
    return (" and " if western else marks.between).join(short)


def marked(title: str, work: Work, marks: Marks = CHINESE) -> str:
    """A title in its marks: 〈篇名〉, 《書名》, “Title”; a Western book has none."""
    if not title or title[0] in ("〈", "《", "“", marks.article[0], marks.book[0]):
        return title
    whole = not work.container and work.kind in ("book", "report", "thesis")
    if _is_east_asian(title):
        return (marks.book if whole else marks.article).format(title=title)
    return title if whole else f"“{title}”"


def short_title(work: Work) -> str:
    """A title without what follows a colon; a Western one without its article (CMOS 17, 14.33)."""
    if _is_east_asian(work.title):
        return work.title
    head = re.split(r"[:：?]\s", work.title)[0].rstrip(" ,")
    return re.sub(r"^(?:A|An|The)\s+", "", head)


def _is_east_asian(text: str) -> bool:
    return bool(re.search(r"[\u1100-\u11ff\u3000-\u30ff\u3400-\u9fff\uac00-\ud7ff\uff01-\uff5e]", text))


# What stands around references


def _in_its_sentence(said: str, xref: Element, graph: Graph) -> str:
    """The words of a reference as the words before it ask: no 見 twice, a capital only where a sentence starts."""
    before = _text_before(xref, graph)
    if _SEEN.search(before):
        said = _SEE.sub("", said)
    if not _GENERIC.match(said):
        return said
    starts = _SENTENCE_START.search(before) and not _SEEN.search(before)
    return (said[0].upper() if starts else said[0].lower()) + said[1:]


def _text_before(xref: Element, graph: Graph) -> str:
    """What stands before a reference in its paragraph; in running text what its element has before it."""
    note, parent = graph.note.get(next(xref.iterancestors("fn"), xref)), xref.getparent()
    paragraphs = note.paragraphs if note is not None else [flat(parent)] if parent is not None else []
    for paragraph in paragraphs:
        for piece in paragraph.pieces:
            if piece.node is xref and piece.which == "reference":
                return paragraph.text[: piece.start]
    return "…"


def _behind_references(
    note: Note, paragraph: Flat, wording: Wording, words: Mapping[Element, str]
) -> Iterator[tuple[Element, str, str]]:
    """Each reference of a paragraph with its locator and what comes after that; a pointer only at the end."""
    own = {part.xref: part.use for part in note.parts if isinstance(part, Reference)}
    for index, piece in enumerate(paragraph.pieces):
        if piece.which == "reference" and piece.node in own:
            tail = piece.node.tail or ""
            behind = paragraph.pieces[index + 1 :]
            ends = not behind or (len(behind) == 1 and behind[0].node is piece.node)
            if own[piece.node] == "see" and not (ends and _STOP.fullmatch(tail)):
                continue
            yield piece.node, *_behind(tail, words[piece.node], wording, ends=ends)


def _behind(tail: str, words: str, wording: Wording, *, ends: bool) -> tuple[str, str]:
    """The locator behind a reference, and the rest of `tail` with the style's joiner or stop before it."""
    found = _LOCATOR.match(tail) or _BARE_LOCATOR.match(tail)
    if found is None and not wording.locator.endswith("{pages}"):
        found = _LOCATOR_WITH_UNIT.match(tail)
    locator = _locator(found, wording) if found else ""
    rest = tail[found.end() :] if found else tail
    if ends and _STOP.fullmatch(rest):
        doubled = wording.stop == "." and (locator or words).endswith(".")
        return locator, "" if doubled else wording.stop
    if rest.startswith(".") and (locator or words).endswith("."):
        rest = rest[1:]
    joiner = _JOINER.match(rest)
    return locator, wording.joiner + rest[joiner.end() :] if joiner else rest


def _locator(found: re.Match[str], wording: Wording) -> str:
    pages = next(value for value in found.groupdict().values() if value)
    pages = re.sub(r"\s*[-–—~～至]\s*", wording.range, pages.strip())
    comma = ", " if wording.joiner.isascii() else "、"
    pages = re.sub(r"\s*[、,，]\s*", comma, pages)
    form = wording.locators if re.search(r"\D", pages) else wording.locator
    return form.format(pages=pages)


def _between_citations(note: Note, paragraph: Flat, wording: Wording) -> Iterator[tuple[tuple[Element, str], str]]:
    """The joiner between two marked citations, or between one and the reference behind it."""
    marked_up = {part.element for part in note.parts if isinstance(part, Citation) and part.element is not None}
    references = {part.xref for part in note.parts if isinstance(part, Reference)}
    for citation in marked_up & set(paragraph.element):
        tail = citation.tail or ""
        following = citation.getnext()
        joined = following is not None and (following in marked_up or following in references)
        if joined and _JOINER.fullmatch(tail) and tail != wording.joiner:
            yield (citation, "tail"), wording.joiner


def _final_stop(
    note: Note, paragraph: Flat, style: HouseStyle, wording: Wording
) -> Iterator[tuple[tuple[Element, str], str]]:
    """A stop where the last citation of a note has none: that of the citation's own language."""
    last = note.parts[-1] if note.parts else None
    if paragraph is not note.paragraphs[-1] or not isinstance(last, Citation) or last.element is None:
        return
    if last.element.getnext() is None and not (last.element.tail or "").strip():
        text = paragraph.text.rstrip()
        if not _ENDED.search(text) and last.element.getparent() is paragraph.element:
            lang = (last.element.get(LANG) or "").partition("-")[0]
            own = style.wordings.get(lang)
            yield (last.element, "tail"), own.stop if own else _STOPS.get(lang, wording.stop)

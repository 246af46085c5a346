"""Overview: the notes of a brief as an editor checks them, one row a note; the table of `kan notes`.

    Source ─overview▶ [Row] ─┬ table         for the terminal
                             ├ rows_as_data  for scripts (JSON)
                             └ picture       an SVG (pipeline.notes.picture)

Nothing is worded here: what a note prints comes from `pipeline.number`, as in every edition.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Literal

from lxml import etree
from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from pipeline import languages
from pipeline.bibliography.same import groups
from pipeline.citations.works import Work
from pipeline.diagnostics import Language, Place, Words
from pipeline.notes.graph import NOTE, Citation, Graph, Note, Reference, Use
from pipeline.notes.style import HouseStyle
from pipeline.notes.wording import marked, people
from pipeline.number import Numbering, number, text_without_notes
from pipeline.parse import Source

Element = etree._Element

Kind = Literal["cites", "refers", "cites and refers", "commentary"]

SPOTS = {
    "note": Words("註", "note"),
    "caption": Words("圖說", "caption"),
    "table": Words("表", "table"),
    "quotation": Words("引文", "quotation"),
    "abstract": Words("摘要", "abstract"),
    "title": Words("標題", "title"),
    "author": Words("作者", "author"),
    "text": Words("正文", "text"),
}
"""Where a note can be called."""

_SPOT_OF = {
    "fn": "note",
    "caption": "caption",
    "fig": "caption",
    "table-wrap": "table",
    "disp-quote": "quotation",
    "abstract": "abstract",
    "title": "title",
    "title-group": "title",
    "contrib": "author",
}
"""The elements around a call that say where it is; the first one here decides."""

_WIDE = "[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]"
_LINE_END = re.compile(rf"(?<={_WIDE})[ \t]*\n\s*|[ \t]*\n\s*(?={_WIDE})")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Controls, and what turns a line around: no editor sees them, and no terminal should get them."""

_ADDRESS = re.compile(r"https?://([^/\s，。；）)]+/?)[^\s，。；）)]*")
"""A web address and its host."""


@dataclass(frozen=True)
class Short:
    """A source in few words: its people (甲、乙; Needham et al.), its title in its marks, what holds it.

    `date` is ISO 8601, as far as it is known. What is not known is empty.
    """

    people: str
    title: str
    container: str
    date: str

    @cached_property
    def is_latin(self) -> bool:
        """Whether no word of it is East Asian."""
        return languages.is_foreign(self.people + self.title + self.container) == "en"

    @property
    def comma(self) -> str:
        """What stands between its parts."""
        return ", " if self.is_latin else "，"

    def __str__(self) -> str:
        parts = [part for part in (self.people, self.title, self.container, self.date) if part]
        return self.comma.join(parts).replace("”, ", ",” ")


@dataclass(frozen=True, slots=True)
class Referral:
    """A reference of one note to another.

    `to`: the label of the note it sends the reader to, that of the source for same-source. `through`: the
    labels of the notes on the way, where it names a note that itself refers. `printed`: its words with the
    pages. `source`: what is cited there; None where that is no single source.
    """

    to: str
    use: Use
    printed: str
    through: tuple[str, ...]
    source: Short | None


@dataclass(frozen=True, slots=True)
class Called:
    """Where a note is called: one of `SPOTS`, and the sections around it with their labels, outermost first.

    `times`: how many calls it has in all.
    """

    spot: str
    sections: tuple[str, ...]
    times: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth the editor's eye; `wrong` where it should be mended."""

    kind: str
    words: Words
    wrong: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One note. `label` is its number, or the mark (*) of an author's note; `id` may be empty.

    `printed`: all its words as they are printed. `parts`: its sources and references in their order.
    `referred`: the labels of the notes that refer to it; `mentions`: how often the running text does.
    """

    label: str
    id: str
    place: Place
    called: Called
    printed: str
    parts: tuple[Short | Referral, ...]
    referred: tuple[str, ...]
    mentions: int
    remarks: tuple[Remark, ...]

    @property
    def sources(self) -> tuple[Short, ...]:
        """The sources it cites itself."""
        return tuple(part for part in self.parts if isinstance(part, Short))

    @property
    def refers(self) -> tuple[Referral, ...]:
        """Its references to other notes."""
        return tuple(part for part in self.parts if isinstance(part, Referral))

    @property
    def kind(self) -> Kind:
        """What the note does."""
        if self.sources:
            return "cites and refers" if self.refers else "cites"
        return "refers" if self.refers else "commentary"

    @property
    def gist(self) -> str:
        """The note in one line: its sources and references; without a source, its words."""
        if not self.sources:
            return _ADDRESS.sub(r"\1…", self.printed)
        return "；".join(part.printed if isinstance(part, Referral) else str(part) for part in self.parts)


def overview(source: Source, style: HouseStyle) -> tuple[Row, ...]:
    """The notes of a brief in the order of the page, those of the author first."""
    numbering = number(source.root, style)
    graph = numbering.graph
    doubles = _doubles(numbering)
    return tuple(_row(source, numbering, note, doubles) for note in (*graph.author_notes, *graph.notes))


def title_of(source: Source) -> str:
    """The title of a brief, for the head of its picture."""
    title = source.root.find("front/article-meta/title-group/article-title")
    return _line(text_without_notes(title)) if title is not None else source.path.stem


def _row(source: Source, numbering: Numbering, note: Note, doubles: Mapping[Citation, str]) -> Row:
    parts = tuple(
        short(part.work) if isinstance(part, Citation) else _referral(numbering, part) for part in note.parts
    )
    referring = [
        reference for reference in numbering.graph.references if _end(numbering, reference) is note.element
    ]
    referred = dict.fromkeys(reference.note for reference in referring if reference.note is not None)
    called = _called(numbering, note)
    return Row(
        label=numbering.notes[note.element],
        id=note.element.get("id", ""),
        place=source.place(note.element),
        called=called,
        printed=" ".join(_line("".join(_printed(p.element, numbering))) for p in note.paragraphs),
        parts=parts,
        referred=tuple(numbering.notes[each] for each in referred if each in numbering.notes),
        mentions=sum(reference.note is None for reference in referring),
        remarks=tuple(_remarks(numbering, note, called, doubles)),
    )


def short(work: Work) -> Short:
    """A source in few words; where nothing of it is known, the words of its citation."""
    latin = languages.is_foreign(work.title or work.text) == "en"
    by = people(work.authors or work.editors, ", " if latin else "，")
    container = work.container if latin or not work.container else f"《{work.container}》"
    title = marked(work.title, work)
    if not (by or title or container):
        title = work.text.rstrip("。.")
    return Short(*map(_line, (by, title, container, work.date)))


def _referral(numbering: Numbering, reference: Reference) -> Referral:
    cited = numbering.denoted[reference.xref]
    return Referral(
        to=numbering.notes[_end(numbering, reference)],
        use=reference.use,
        printed=numbering.words[reference.xref] + numbering.locators.get(reference.xref, ""),
        through=tuple(numbering.notes[note] for note in _through(numbering.graph, reference)),
        source=short(cited.citation.work) if cited.citation is not None else None,
    )


def _end(numbering: Numbering, reference: Reference) -> Element:
    """The note that the printed words of a reference name."""
    return reference.target if reference.use == "see" else numbering.denoted[reference.xref].note


def _through(graph: Graph, reference: Reference) -> list[Element]:
    """The notes that only refer, from the one named to the one before the source."""
    end = graph.cited(reference).note
    passed: list[Element] = []
    while reference.use == "same-source" and reference.target is not end and reference.target not in passed:
        passed.append(reference.target)
        (following,) = graph.note[reference.target].sources
        if isinstance(following, Citation):
            break
        reference = following
    return passed


def _called(numbering: Numbering, note: Note) -> Called:
    calls = [call.element for call in numbering.graph.calls if call.note is note.element]
    around = list(calls[0].iterancestors("*")) if calls else []
    tags = {element.tag for element in around}
    sections = [element for element in reversed(around) if element.tag == "sec"]
    return Called(
        spot=next((spot for tag, spot in _SPOT_OF.items() if tag in tags), "text"),
        sections=tuple(_heading(section, numbering) for section in sections),
        times=len(calls),
    )


def _heading(section: Element, numbering: Numbering) -> str:
    title = section.find("title")
    return numbering.labels.get(section, "") + (_line(text_without_notes(title)) if title is not None else "")


def _printed(element: Element, numbering: Numbering) -> Iterator[str]:
    """The words of an element as they are printed, without the notes in it and their calls."""
    yield numbering.texts.get((element, "text"), element.text or "")
    for child in element:
        if child.tag == "xref" and child not in numbering.again:
            yield numbering.words.get(child, "") + numbering.locators.get(child, "")
        elif isinstance(child.tag, str) and child.tag not in ("xref", NOTE):
            yield from _printed(child, numbering)
        yield numbering.texts.get((child, "tail"), child.tail or "")


def _line(text: str) -> str:
    """A text on one line: the line ends of the source vanish beside Chinese, other blanks are folded."""
    return re.sub(r"[ \t\n]+", " ", _UNSEEN.sub("", _LINE_END.sub("", text))).strip(" ")


# Remarks


def _doubles(numbering: Numbering) -> dict[Citation, str]:
    """The citations of a source that an earlier one cites in full, with the label of its note."""
    citations = numbering.graph.citations
    return {
        citations[index]: numbering.notes[citations[first].note]
        for first, *others in groups([citation.work for citation in citations])
        for index in others
    }


def _remarks(
    numbering: Numbering, note: Note, called: Called, doubles: Mapping[Citation, str]
) -> Iterator[Remark]:
    own = numbering.notes[note.element]
    if called.times == 0:
        yield Remark("uncalled", Words("沒有註號", "is not called anywhere"), wrong=True)
    if called.times > 1:
        yield Remark("repeated", Words(f"註號出現{called.times}次", f"called {called.times} times"), wrong=False)
    if len(note.citations) > 1:
        count = len(note.citations)
        yield Remark("several", Words(f"{count}筆出處", f"{count} sources"), wrong=False)
    for label in dict.fromkeys(doubles[citation] for citation in note.citations if citation in doubles):
        here = Words("同一筆在本註引了兩次", "cites a source twice")
        there = Words(f"同一筆在註{label}引過", f"cites in full what note {label} cites")
        yield Remark("twice", here if label == own else there, wrong=True)
    for part in note.parts:
        if isinstance(part, Reference):
            yield from _remarks_on(numbering, part)
    for xref in note.element.iter("xref"):
        if xref.get("ref-type") in (NOTE, "author-notes") and xref not in numbering.targets:
            name = _line(xref.get("rid", ""))
            yield Remark("unresolved", Words(f"找不到「{name}」", f"there is no note {name}"), wrong=True)


def _remarks_on(numbering: Numbering, reference: Reference) -> Iterator[Remark]:
    graph, cited = numbering.graph, numbering.denoted[reference.xref]
    to = numbering.notes[_end(numbering, reference)]
    if reference.use == "see":
        return
    through = [numbering.notes[note] for note in _through(graph, reference)]
    if through:
        zh, en = "、".join(through), ", ".join(through)
        yield Remark("chain", Words(f"經註{zh}到註{to}", f"by way of note {en} to note {to}"), wrong=False)
    if cited.several:
        words = Words(f"註{to}不只一筆，沒說是哪一筆", f"note {to} has several sources; which one?")
        yield Remark("unclear", words, wrong=True)
    elif cited.citation is None:
        yield Remark("sourceless", Words(f"註{to}認不出出處", f"no source found in note {to}"), wrong=True)
    elif _number(graph, cited.note) > _number(graph, reference.note) > 0:
        yield Remark("later", Words(f"出處在後面的註{to}", f"the source comes later, in note {to}"), wrong=True)


def _number(graph: Graph, note: Element | None) -> int:
    """The number of a note; 0 for an author's note, and for running text."""
    return graph.order.get(note, 0) if note is not None else 0


# JSON


def rows_as_data(rows: Sequence[Row]) -> list[dict[str, object]]:
    """The rows as plain values for JSON; remarks in both languages."""
    return [_as_data(row) for row in rows]


def _as_data(row: Row) -> dict[str, object]:
    return {
        "label": row.label,
        "id": row.id,
        "file": str(row.place.file),
        "line": row.place.line,
        "column": row.place.column,
        "called": {**asdict(row.called), "sections": list(row.called.sections)},
        "printed": row.printed,
        "kind": row.kind,
        "sources": [_source_as_data(source) for source in row.sources],
        "refers": [
            {
                "to": each.to,
                "use": each.use,
                "printed": each.printed,
                "through": list(each.through),
                "source": _source_as_data(each.source) if each.source is not None else None,
            }
            for each in row.refers
        ],
        "referred": list(row.referred),
        "mentions": row.mentions,
        "remarks": [{"kind": each.kind, "wrong": each.wrong, **asdict(each.words)} for each in row.remarks],
    }


def _source_as_data(source: Short) -> dict[str, str]:
    return {**asdict(source), "text": str(source)}


# The table


_HEADINGS = (
    Words("註", "Note"),
    Words("引用或說明", "Source or comment"),
    Words("指向", "Refers to"),
    Words("被引", "From"),
    Words("備註", "Remarks"),
)
_NO_START = "，。、；：！？）〉》」』】”’…,.;:!?)]}"
_NO_END = "（〈《「『【“‘(["
_UNIT = re.compile(rf"{_WIDE}|[^\s{_WIDE[1:-1]}]+|\s+")


def table(rows: Sequence[Row], language: Language) -> Table:
    """The rows as a table that fills the width of the console: two lines a note, rarely more."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    limits = (None, None, 20, 12, 22)
    for heading, limit in zip(_HEADINGS, limits, strict=True):
        made.add_column(heading.in_language(language), max_width=limit)
    made.columns[0].justify = "right"
    made.columns[0].no_wrap = True
    for row in rows:
        style = "dim" if row.kind == "commentary" else ""
        refers = [_pointer(referral, language) for referral in row.refers]
        remarks = [
            Text(remark.words.in_language(language), "yellow" if remark.wrong else "dim") for remark in row.remarks
        ]
        made.add_row(
            Text(row.label, "bold"),
            _Lines([Text(row.gist, style)], 2),
            _Lines([Text(pointer, "cyan") for pointer in refers], 1),
            _Lines([Text(_referred(row, language))], 2),
            _Lines(remarks, 2),
        )
    return made


def _pointer(referral: Referral, language: Language) -> str:
    see = Words("見", "see ").in_language(language) if referral.use == "see" else ""
    source = referral.source
    name = f" {source.people or source.title or source.container}" if source is not None and not see else ""
    return f"{see}{referral.to}{name}"


def _referred(row: Row, language: Language) -> str:
    text = [Words("正文", "text").in_language(language)] * bool(row.mentions)
    return Words("、", ", ").in_language(language).join((*row.referred, *text))


def wrapped(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text into lines: Chinese between any two characters, other words at blanks.

    No line begins with a closing mark or ends with an opening one; a word longer than a line is cut.
    """
    lines, line = [], ""
    for unit in _units(text, width, measure):
        if line and measure(line + unit.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += unit if line else unit.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _units(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    """What is not broken: a character or word with the marks around it."""
    unit = ""
    for piece in _UNIT.findall(text):
        if unit and not (piece[0] in _NO_START or unit[-1] in _NO_END):
            yield unit
            unit = ""
        for character in piece if measure(piece) > width else (piece,):
            if unit and measure(unit + character) > width:
                yield unit
                unit = ""
            unit += character
    if unit:
        yield unit


def clipped(text: str, width: float, measure: Callable[[str], float]) -> str:
    """A text cut to a width, with … where something is left out."""
    if measure(text) <= width:
        return text
    while text and measure(text + "…") > width:
        text = text[:-1]
    return text.rstrip(" " + _NO_END + _NO_START) + "…"


@dataclass(frozen=True)
class _Lines:
    """A cell of paragraphs, each cut to `limit` lines of the column however wide it comes out."""

    paragraphs: Sequence[Text]
    limit: int

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max((cell_len(paragraph.plain) for paragraph in self.paragraphs), default=0)
        return Measurement(min(widest, 8), widest).with_maximum(options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for paragraph in self.paragraphs:
            lines = wrapped(paragraph.plain, options.max_width, cell_len)
            if len(lines) > self.limit:
                rest = paragraph.plain[len("".join(lines[: self.limit - 1])) :]
                lines = [*lines[: self.limit - 1], clipped(rest.lstrip(), options.max_width, cell_len)]
            for line in lines:
                yield Text(line, paragraph.style, no_wrap=True)

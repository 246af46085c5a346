"""However a brief is edited, every reference in every edition denotes the source it denoted before.

A brief is a list of notes with sources, references and commentary. Notes and sources are inserted, deleted,
moved and merged; each state is written as XML, made into every edition in some house style, and read back by
a reader who knows nothing but the words on the page: 同前註 is the note before, 前揭註5 the note numbered 5.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline import fonts, jats
from pipeline.brief import Brief, Colophon, Issue
from pipeline.compose import Span
from pipeline.content import brief_content
from pipeline.epub import epub
from pipeline.notes.graph import Citation, note_graph
from pipeline.notes.style import HouseStyle, shipped
from pipeline.number import number
from pipeline.page_layout import A4
from pipeline.parse import Source, parse_bytes
from pipeline.printing.boxes import Boxes
from pipeline.printing.flow import Flow
from pipeline.printing.painting import Painting
from pipeline.validate import rules

Make = Callable[..., Source]
Element = etree._Element

HTML = "{http://www.w3.org/1999/xhtml}"


# A brief and its edits


@dataclass(frozen=True)
class Cite:
    """A source: its name is in its title, and nowhere else in the brief."""

    name: str
    author: str
    marked: bool = True


@dataclass(frozen=True)
class Refer:
    """A reference to a source; `through` a note that only refers to it, where there is one."""

    source: str
    use: str = "same-source"
    page: str = ""
    through: bool = False


@dataclass(frozen=True)
class Comment:
    pass


Item = Cite | Refer | Comment


@dataclass(frozen=True)
class Typed:
    name: str
    place: str
    items: tuple[Item, ...]

    @property
    def sources(self) -> list[str]:
        return [item.name for item in self.items if isinstance(item, Cite)]

    @property
    def rests_on(self) -> list[Item]:
        return [
            item
            for item in self.items
            if isinstance(item, Cite) or (isinstance(item, Refer) and item.use != "see")
        ]


PLACES = [
    "<p>文{}</p>",
    "<disp-quote><p>引{}</p></disp-quote>",
    "<sec><title>節{}</title></sec>",
    "<table-wrap><caption><title>表</title></caption><table><tbody><tr><td>格{}</td></tr></tbody></table>"
    "</table-wrap>",
    "<table-wrap><caption><title>表{}</title></caption><table><tbody><tr><td>格</td></tr></tbody></table>"
    "</table-wrap>",
]
AUTHORS = ["陳一鳴", "林二蕙", "Ada Smith"]


@dataclass
class Editor:
    """Edits a brief as an author does: what is cited again has been cited before."""

    notes: list[Typed] = field(default_factory=list)
    made: int = 0

    def new_source(self, draw: st.DrawFn) -> Cite:
        self.made += 1
        return Cite(f"題{chr(0x4E00 + self.made)}末", draw(st.sampled_from(AUTHORS)), draw(st.booleans()))

    def new_items(self, draw: st.DrawFn, before: list[Typed]) -> tuple[Item, ...]:
        known = [name for note in before for name in note.sources]
        items: list[Item] = []
        for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
            kind = draw(st.sampled_from(["cite", "refer", "refer", "refer", "see", "comment"]))
            if kind == "cite" or (not known and kind != "comment"):
                items.append(self.new_source(draw))
            elif kind == "comment":
                items.append(Comment())
            else:
                page = draw(st.sampled_from(["", "", "，頁9", "，頁 9-12", ", p. 9"])) if kind == "refer" else ""
                use = "see" if kind == "see" else "same-source"
                items.append(Refer(draw(st.sampled_from(known)), use, page, draw(st.booleans())))
        return tuple(items)

    def insert_note(self, draw: st.DrawFn) -> None:
        at = draw(st.integers(0, len(self.notes)))
        self.made += 1
        items = self.new_items(draw, self.notes[:at])
        self.notes.insert(at, Typed(f"n{self.made}", draw(st.sampled_from(PLACES)), items))

    def delete_note(self, draw: st.DrawFn) -> None:
        gone = self.notes.pop(draw(st.integers(0, len(self.notes) - 1)))
        for source in gone.sources:
            self.forget(source)

    def move_note(self, draw: st.DrawFn) -> None:
        note = self.notes.pop(draw(st.integers(0, len(self.notes) - 1)))
        self.notes.insert(draw(st.integers(0, len(self.notes))), note)

    def merge_notes(self, draw: st.DrawFn) -> None:
        at = draw(st.integers(0, len(self.notes) - 1))
        second = self.notes.pop(at)
        if self.notes:
            first = draw(st.integers(0, len(self.notes) - 1))
            self.notes[first] = replace(self.notes[first], items=self.notes[first].items + second.items)

    def add_source(self, draw: st.DrawFn) -> None:
        at = draw(st.integers(0, len(self.notes) - 1))
        items = list(self.notes[at].items)
        items.insert(draw(st.integers(0, len(items))), self.new_source(draw))
        self.notes[at] = replace(self.notes[at], items=tuple(items))

    def delete_source(self, draw: st.DrawFn) -> None:
        sources = [name for note in self.notes for name in note.sources]
        if sources:
            self.forget(draw(st.sampled_from(sources)))

    def move_source(self, draw: st.DrawFn) -> None:
        cited = [item for note in self.notes for item in note.items if isinstance(item, Cite)]
        if cited:
            moved = draw(st.sampled_from(cited))
            self.notes = [replace(n, items=tuple(i for i in n.items if i != moved)) for n in self.notes]
            at = draw(st.integers(0, len(self.notes) - 1))
            self.notes[at] = replace(self.notes[at], items=(*self.notes[at].items, moved))

    def merge_sources(self, draw: st.DrawFn) -> None:
        """Two citations turn out to be of one source: the second goes, what referred to it refers to the first."""
        sources = [name for note in self.notes for name in note.sources]
        if len(sources) > 1:
            kept, gone = sorted(draw(st.permutations(sources))[:2], key=sources.index)
            self.notes = [
                replace(
                    note,
                    items=tuple(
                        replace(item, source=kept) if isinstance(item, Refer) and item.source == gone else item
                        for item in note.items
                        if not (isinstance(item, Cite) and item.name == gone)
                    ),
                )
                for note in self.notes
            ]

    def forget(self, source: str) -> None:
        self.notes = [
            replace(
                note,
                items=tuple(
                    item
                    for item in note.items
                    if not (isinstance(item, Cite) and item.name == source)
                    and not (isinstance(item, Refer) and item.source == source)
                ),
            )
            for note in self.notes
        ]

    def tidy(self) -> None:
        """What no author would leave: a source cited again before it is cited, an empty note."""
        place = {name: at for at, note in enumerate(self.notes) for name in note.sources}
        self.notes = [
            replace(
                note,
                items=tuple(
                    item
                    for item in note.items
                    if not isinstance(item, Refer)
                    or (item.use == "see" and place[item.source] != at)
                    or (item.use != "see" and place[item.source] < at)
                ),
            )
            for at, note in enumerate(self.notes)
        ]
        self.notes = [note if note.items else replace(note, items=(Comment(),)) for note in self.notes]


EDITS = ("insert_note", "delete_note", "move_note", "merge_notes",
         "add_source", "delete_source", "move_source", "merge_sources")  # fmt: skip


@st.composite
def edited(draw: st.DrawFn) -> list[tuple[Typed, ...]]:
    """The states of a brief while it is edited."""
    editor = Editor()
    for _ in range(draw(st.integers(3, 8))):
        editor.insert_note(draw)
    editor.tidy()
    states = [tuple(editor.notes)]
    for _ in range(draw(st.integers(1, 4))):
        if editor.notes:
            getattr(editor, draw(st.sampled_from(EDITS)))(draw)
            editor.tidy()
            states.append(tuple(editor.notes))
    return states


@st.composite
def styles(draw: st.DrawFn) -> HouseStyle:
    """A style that comes with kan, its switches set by chance."""
    style = shipped(draw(st.sampled_from(["biweekly", "ntu-law", "chicago"])))
    if draw(st.booleans()):
        return style
    named = draw(st.sampled_from(["", "{name}，同前註"])) if "zh" in style.wordings else ""
    switches = {name: draw(st.booleans()) for name in ("across_commentary", "across_references", "second_in_note")}
    wordings = {
        lang: replace(wording, **switches, previous_named=named if lang == "zh" else "")  # type: ignore[arg-type]
        for lang, wording in style.wordings.items()
    }
    return replace(style, wordings=wordings)


def written(notes: tuple[Typed, ...]) -> str:
    """The body of a brief with these notes."""
    return "".join(note.place.format(f'<fn id="{note.name}"><p>{content(note, notes)}</p></fn>') for note in notes)


def content(note: Typed, notes: tuple[Typed, ...]) -> str:
    parts = []
    for item in note.items:
        match item:
            case Cite():
                parts.append(citation(item, marked=item.marked or len(note.items) > 1))
            case Comment():
                parts.append("此處另作說明")
            case Refer():
                rid = named(item, note, notes)
                parts.append(f'<xref ref-type="fn" rid="{rid}" specific-use="{item.use}"/>{item.page}')
    return "；".join(parts) + "。"


def citation(source: Cite, *, marked: bool) -> str:
    url = f"https://example.org/{ord(source.name[1])}"
    if not marked:
        return f"{source.author}，〈{source.name}〉，《測試日報》，2026年1月2日，{url}"
    return (
        f'<mixed-citation id="c-{ord(source.name[1])}" publication-type="news"><string-name>{source.author}'
        f"</string-name>，〈<article-title>{source.name}</article-title>〉，《<source>測試日報</source>》，"
        f'<ext-link ext-link-type="uri" xlink:href="{url}">{url}</ext-link></mixed-citation>'
    )


def named(item: Refer, here: Typed, notes: tuple[Typed, ...]) -> str:
    """The rid an author would write: the note, one citation of several, or a note that only refers."""
    (home,) = (note for note in notes if item.source in note.sources)
    if item.use == "see":
        return home.name
    if item.through:
        for note in notes[notes.index(home) + 1 : notes.index(here)]:
            (*others, last) = note.rests_on or [Comment()]
            if not others and isinstance(last, Refer) and last.source == item.source:
                return note.name
    return home.name if len(home.rests_on) == 1 else f"c-{ord(item.source[1])}"


# The editions as their readers see them


@dataclass(frozen=True)
class Said:
    """A reference in a note: the words printed, and the source that the edition supplies with them."""

    words: str
    supplied: str


Shown = dict[str, list[str | Said]]
"""The notes of an edition by their printed number: words, and references."""


def in_epub(made: list[Brief]) -> list[Shown]:
    """The notes of several briefs, of one book."""
    issue = Issue("zh-Hant-TW", "版面", "", "", "1", date(2026, 1, 2), Colophon(), tuple(made))
    with zipfile.ZipFile(io.BytesIO(epub(issue, None))) as book:
        pages = [etree.fromstring(book.read(f"EPUB/{brief.key}.xhtml")) for brief in made]
    return [
        {
            item.get("value", ""): joined(_runs(item, f"{HTML}a", "class", "reference", "supplied"))
            for item in page.iter(f"{HTML}li")
            if item.get("value")
        }
        for page in pages
    ]


def joined(runs: Iterable[str | Said]) -> list[str | Said]:
    """Runs without blanks (a line may end at one), the words between two references in one piece."""
    made: list[str | Said] = []
    for run in runs:
        if isinstance(run, Said):
            made.append(replace(run, words="".join(run.words.split())))
        elif made and isinstance(last := made[-1], str):
            made[-1] = last + "".join(run.split())
        else:
            made.append("".join(run.split()))
    return made


def in_jats(source: Source, style: HouseStyle) -> Shown:
    issue = parse_bytes(
        Path("issue.xml"),
        b'<issue xml:lang="zh-Hant-TW"><journal-meta><journal-title-group><journal-title>x</journal-title>'
        b"</journal-title-group><publisher><publisher-name>x</publisher-name></publisher></journal-meta><issue-meta>"
        b'<issue-number>1</issue-number><pub-date iso-8601-date="2026-01-02"/></issue-meta><contents/></issue>',
    )
    article = etree.fromstring(jats.published(source, issue, number(source.root, style)))
    return {
        fn.findtext("label", ""): joined(_runs(fn.find("p"), "xref", "specific-use", "same-source", "supplied"))
        for fn in article.iter("fn")
    }


def _runs(element: Element | None, tag: str, attribute: str, value: str, supplied: str) -> Iterator[str | Said]:
    assert element is not None
    if element.text:
        yield element.text
    for child in element:
        if child.tag == tag and child.get(attribute) == value:
            after = child.getnext()
            source = "".join(after.itertext()) if after is not None and supplied in after.attrib.values() else ""
            yield Said("".join(child.itertext()), source)
        elif supplied not in child.attrib.values():
            yield from _runs(child, tag, attribute, value, supplied)
        if child.tail:
            yield child.tail


@lru_cache(maxsize=1)
def flow(prepared: fonts.Fonts) -> Flow:
    return Flow(Boxes(prepared, A4, Painting()))


def in_print(made: Brief, prepared: fonts.Fonts) -> Shown:
    shown: Shown = {}
    for note in made.notes:
        spans = [span for line in flow(prepared).note(note, made.lang).lines for span in line.spans]
        shown[note.label] = joined(_whole(spans))
    return shown


def _whole(spans: list[Span]) -> Iterator[str | Said]:
    """References cut by the ends of lines, whole again."""
    words, title, target = "", None, None
    for span in [*spans, Span("")]:
        refers = "reference" in span.classes
        if target is not None and (not refers or span.href != target):
            yield Said(words, title or "")
            words, title, target = "", None, None
        if refers:
            words, title, target = words + span.text, span.title, span.href
        else:
            yield span.text


# The reader


@dataclass
class Reader:
    """Finds the source that the words on the page denote. Knows whether commentary is skipped by 同前註."""

    shown: Shown
    skips: bool

    def sources(self, label: int) -> list[str]:
        """The sources of a note: those it describes, and those its references denote."""
        found = []
        for run in self.shown[str(label)]:
            if isinstance(run, Said):
                if run.supplied:  # a pointer (見註5) supplies nothing
                    found.append(self.denoted(run.words, label))
            else:
                found += re.findall("題.末", run)
        return found

    def denoted(self, said: str, here: int) -> str:
        """The one source that a reference in note `here` denotes."""
        if re.fullmatch("同前註|[Ii]bid[.]|[Ii]d[.]", said):
            (source,) = set(self.sources(self.before(here)))
            return source
        found = re.fullmatch("(?P<name>.+)，同前註", said)
        if found:
            for label in range(here - 1, 0, -1):
                fitting = [each for each in self.sources(label) if self.fits(each, found["name"])]
                if fitting:
                    (source,) = fitting
                    return source
        found = re.fullmatch(
            "同註(?P<same>[0-9]+)|(?:(?P<zh>.+)，)?前揭註(?P<cited>[0-9]+)|(?:(?P<en>.+?),?[(]?)?"
            "(?:[Ss]ee|[Ss]upra)note(?P<note>[0-9]+)[)]?",
            said,
        )
        assert found is not None, said
        label = int(found["same"] or found["cited"] or found["note"])
        assert label < here
        name = found["zh"] or found["en"]
        (source,) = {each for each in self.sources(label) if not name or self.fits(each, name)}
        return source

    def before(self, here: int) -> int:
        label = here - 1
        while self.skips and label > 1 and not self.sources(label):
            label -= 1
        return label

    def fits(self, source: str, name: str) -> bool:
        """Whether a name describes a source, by the note that describes it in full."""
        (text,) = (
            part
            for runs in self.shown.values()
            for part in re.split("[；;]", "".join(run if isinstance(run, str) else "" for run in runs))
            if source in part
        )
        return all(clause.strip("〈〉《》“”()") in text for clause in re.split("[，,]", name))


@settings(max_examples=30, phases=[Phase.generate])
@given(states=edited(), style=styles())
def test_every_reference_denotes_its_source_in_every_edition(
    brief: Make, prepared: fonts.Fonts, states: list[tuple[Typed, ...]], style: HouseStyle
) -> None:
    skips = any(wording.across_commentary for wording in style.wordings.values())
    sources = [brief(written(notes)) for notes in states]
    made = [brief_content(source, f"b{n:02}", style) for n, source in enumerate(sources, start=1)]
    for notes, source, content, book in zip(states, sources, made, in_epub(made), strict=True):
        found = {finding.code for finding in rules.findings(source, Path())}
        assert not found & {"R001", "R002", "R004", "R005", "R006", "R007"}
        for shown in (book, in_jats(source, style), in_print(content, prepared)):
            check(notes, Reader(shown, skips))


def check(notes: tuple[Typed, ...], reader: Reader) -> None:
    """Each reference of each note against what its author meant."""
    assert list(reader.shown) == [str(n) for n in range(1, len(notes) + 1)]
    for here, note in enumerate(notes, start=1):
        said = [run for run in reader.shown[str(here)] if isinstance(run, Said) and run.supplied]
        meant = [item.source for item in note.items if isinstance(item, Refer) and item.use != "see"]
        assert [reader.denoted(run.words, here) for run in said] == meant
        assert [set(re.findall("題.末", run.supplied)) for run in said] == [{name} for name in meant]


# The graph itself


def test_a_reference_is_followed_to_the_note_with_the_citation(brief: Make) -> None:
    graph = note_graph(
        brief(
            '<p>甲<fn id="a"><p><mixed-citation id="c" publication-type="book">《<source>甲書</source>》'
            '</mixed-citation>。</p></fn>乙<fn id="b"><p>'
            '<xref ref-type="fn" rid="a" specific-use="same-source"/>。</p></fn>'
            '丙<fn id="d"><p><xref ref-type="fn" rid="b" specific-use="same-source"/>，頁9。</p></fn></p>'
        ).root
    )
    (first, second) = graph.references
    assert second.target.get("id") == "b"
    for reference in (first, second):
        cited = graph.cited(reference)
        assert cited.note.get("id") == "a"
        assert cited.citation is not None and cited.citation.work.title == "甲書"


def test_a_circle_of_references_ends(brief: Make) -> None:
    graph = note_graph(
        brief(
            '<p>甲<fn id="a"><p><xref ref-type="fn" rid="b" specific-use="same-source"/>。</p></fn>'
            '乙<fn id="b"><p><xref ref-type="fn" rid="a" specific-use="same-source"/>。</p></fn></p>'
        ).root
    )
    assert all(graph.cited(reference).citation is None for reference in graph.references)


def test_marked_and_unmarked_citations_of_one_note(brief: Make) -> None:
    (note,) = note_graph(
        brief(
            '<p>甲<fn id="a"><p><mixed-citation publication-type="book">王三省，《<source>甲書</source>》'
            "</mixed-citation>；李四維，〈乙篇〉，《測試週刊》，2025年3月4日，https://example.org/b。</p></fn></p>"
        ).root
    ).notes
    assert [citation.element is None for citation in note.citations] == [False, True]
    assert [citation.work.title for citation in note.citations] == ["甲書", "乙篇"]
    assert all(isinstance(part, Citation) for part in note.parts)


def test_calls_are_counted_for_each_note(brief: Make) -> None:
    meta = (
        "<title-group><article-title>題</article-title></title-group><contrib-group>"
        '<contrib contrib-type="author"><collab>甲</collab><xref ref-type="author-notes" rid="an"/></contrib>'
        '<contrib contrib-type="author"><collab>乙</collab><xref ref-type="author-notes" rid="an"/></contrib>'
        '</contrib-group><author-notes><fn id="an"><p>感謝。</p></fn></author-notes>'
    )
    graph = note_graph(brief('<p>甲<fn id="a"><p>註</p></fn>乙<xref ref-type="fn" rid="a"/></p>', meta).root)
    assert [(call.note.get("id"), call.again) for call in graph.calls] == [
        ("an", 0),
        ("an", 1),
        ("a", 0),
        ("a", 1),
    ]
    assert [note.element.get("id") for note in graph.author_notes] == ["an"]
    assert list(graph.order.values()) == [1]


@pytest.mark.parametrize("name", ["biweekly", "ntu-law", "chicago"])
def test_author_notes_are_marked_and_do_not_count(brief: Make, name: str) -> None:
    meta = (
        '<title-group><article-title>題<xref ref-type="author-notes" rid="t"/></article-title></title-group>'
        '<contrib-group><contrib contrib-type="author"><collab>甲</collab><xref ref-type="author-notes" rid="an"/>'
        '</contrib></contrib-group><author-notes><fn id="an"><p>感謝。</p></fn>'
        '<fn id="t"><p>初稿。</p></fn></author-notes>'
    )
    source = brief('<p>甲<fn id="a"><p>註</p></fn></p>', meta)
    made = brief_content(source, "b01", shipped(name))
    assert [(note.label, note.anchor) for note in made.notes] == [("*", "b01-t"), ("**", "b01-an"), ("1", "b01-a")]
    assert [call.note.label for call in made.authors[0].calls] == ["**"]

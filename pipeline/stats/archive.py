"""The numbers of a brief, and their sums over an issue, an author and the archive."""

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path

from lxml import etree

from pipeline.bibliography import bibliography
from pipeline.citations import kinds
from pipeline.diagnostics import Diagnostic, ManuscriptError, Place, in_order
from pipeline.lint.addresses import addresses
from pipeline.lint.links import shortened_address
from pipeline.lint.reading import IssueReading, Passage, Reading, publication_date, read_brief
from pipeline.manuscript import ISSUE_FILE, read_issue
from pipeline.notes.graph import Note, Reference
from pipeline.notes.overview import title_of
from pipeline.notes.typed import link_edits
from pipeline.number import Numbering, number
from pipeline.parse import MISSING, Source, parse
from pipeline.profiles import primary
from pipeline.stats.counting import length, letters
from pipeline.stats.hosts import site
from pipeline.validate import schema_diagnostics

READ_A_MINUTE = 255
"""Chinese characters that adults read aloud in a minute (Trauzettel-Klosinski & Dietz 2012, IReST: 255 ± 29)."""

LONG_SENTENCE = 100
"""A sentence of more 字 than this is long: three lines of the page."""

KINDS = ("news", "journal", "book", "chapter", "report", "thesis", "web", "law", "other")
_SHOWN = 80
"""How much of a sentence is kept to show it, in characters."""

_TEXT = ("title", "heading", "body", "quotation", "caption", "attribution", "cell")
_STOP = re.compile("[。！？!?][」』）”’》〉]*|……[」』）”’]+")
_WESTERN_STOP = re.compile(r"[.!?。！？]+[\"'”’)\]]*(?=\s|\Z)")
_CLAUSE = re.compile("[，、；：。！？,;:!?—…]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its length in 字, where it stands, and how it begins."""

    length: int
    place: Place
    text: str


@dataclass(frozen=True)
class Counts:
    """What is counted in a brief, and adds up over several.

    Lengths are 字數 as Word has it (`counting.length`). `text`: titles, headings, paragraphs, quotations, captions
    and tables; `notes_length`: the notes, with the words that the program writes (同註5); `front`: abstract,
    keywords, names. `paragraphs` are those of the text. `notes` have a number, `author_notes` a mark;
    `same_source` and `see` are notes with such a reference, `commentary` those without source or reference,
    `typed` references that were typed and are no links. `citations`: places where a source is cited, of which
    `recognised` are not marked up; `doubtful`: notes with something that looks like a citation and can't be read.
    `sources`: what is cited, each source once a brief, by `kinds`, `languages` and `sites` (registered names).
    `without_address`: news and web pages without address; `without_date`: sources without a date, but for laws;
    `dead_ends`: sources without either. `shortened`: addresses of services that shorten addresses. `sentences`:
    the length of each sentence of the paragraphs (from 。！？ to 。！？); `clauses`: how many stretches between
    marks they have. `han`, `rare` and `latin`: letters of the text.
    """

    briefs: int = 0
    text: int = 0
    notes_length: int = 0
    front: int = 0
    paragraphs: int = 0
    sections: int = 0
    figures: int = 0
    tables: int = 0
    quotations: int = 0
    notes: int = 0
    author_notes: int = 0
    same_source: int = 0
    see: int = 0
    commentary: int = 0
    typed: int = 0
    citations: int = 0
    recognised: int = 0
    doubtful: int = 0
    sources: int = 0
    without_address: int = 0
    without_date: int = 0
    dead_ends: int = 0
    addresses: int = 0
    shortened: int = 0
    clauses: int = 0
    han: int = 0
    rare: int = 0
    latin: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)
    sentences: tuple[int, ...] = ()

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Counts)))

    @property
    def total(self) -> int:
        """Text and notes."""
        return self.text + self.notes_length

    @property
    def notes_share(self) -> float:
        """The share of the notes in the total length."""
        return _ratio(self.notes_length, self.total)

    @property
    def notes_per_thousand(self) -> float:
        """Notes for each 1,000 字 of text."""
        return 1000 * _ratio(self.notes + self.author_notes, self.text)

    @property
    def referring_share(self) -> float:
        """The share of notes that refer to a source cited before (同註, 同前註)."""
        return _ratio(self.same_source, self.notes + self.author_notes)

    @property
    def mean_sentence(self) -> float:
        """Mean 字 a sentence."""
        return _ratio(sum(self.sentences), len(self.sentences))

    @property
    def median_sentence(self) -> float:
        """Median 字 a sentence."""
        return float(statistics.median(self.sentences)) if self.sentences else 0.0

    @property
    def mean_clause(self) -> float:
        """Mean 字 between two marks of a sentence."""
        return _ratio(sum(self.sentences), self.clauses)

    @property
    def long_share(self) -> float:
        """The share of sentences of more than `LONG_SENTENCE` 字."""
        return _ratio(sum(each > LONG_SENTENCE for each in self.sentences), len(self.sentences))

    @property
    def rare_share(self) -> float:
        """The share of Han characters outside the 5,401 common ones (`counting.is_common`)."""
        return _ratio(self.rare, self.han)

    @property
    def latin_share(self) -> float:
        """The share of Latin letters among the letters of the text."""
        return _ratio(self.latin, self.han + self.latin)

    @property
    def minutes(self) -> float:
        """How long the text takes to read, without the notes, at `READ_A_MINUTE`."""
        return self.text / READ_A_MINUTE


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


@dataclass(frozen=True)
class BriefCounts:
    """A brief with its counts and its longest sentences, longest first."""

    path: Path
    title: str
    authors: tuple[str, ...]
    counts: Counts
    longest: tuple[Sentence, ...]


@dataclass(frozen=True)
class IssueCounts:
    """An issue with its briefs; loose briefs are an issue without `number` and date."""

    folder: Path | None
    periodical: str
    volume: str
    number: str
    published: date | None
    briefs: tuple[BriefCounts, ...]

    @property
    def counts(self) -> Counts:
        """The sum of its briefs."""
        return total(brief.counts for brief in self.briefs)


@dataclass(frozen=True)
class Archive:
    """Issues by their dates, and what could not be read of them."""

    issues: tuple[IssueCounts, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def briefs(self) -> tuple[BriefCounts, ...]:
        """The briefs of all issues."""
        return tuple(brief for issue in self.issues for brief in issue.briefs)

    @property
    def counts(self) -> Counts:
        """The sum of all briefs."""
        return total(brief.counts for brief in self.briefs)

    @property
    def authors(self) -> dict[str, Counts]:
        """The sum of the briefs of each author, those with most 字 first; one of two authors counts for both."""
        found: dict[str, Counts] = {}
        for brief in self.briefs:
            for name in brief.authors:
                found[name] = found.get(name, Counts()) + brief.counts
        return dict(sorted(found.items(), key=lambda pair: (-pair[1].text, pair[0])))


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of some counts."""
    return sum(counts, start=Counts())


def archive(paths: Sequence[Path]) -> Archive:
    """Count issues (folders, or their `issue.xml`), folders of issues and single briefs (.xml).

    What can't be read is reported in `diagnostics`, and the rest counted.
    """
    found: list[IssueCounts] = []
    diagnostics: list[Diagnostic] = []
    loose: list[BriefCounts] = []
    for path in _expanded(paths):
        if path.is_dir():
            found.append(_issue(path, diagnostics))
        else:
            loose += _briefs(_parsed(path, diagnostics), diagnostics)
    if loose:
        found.append(IssueCounts(None, "", "", "", None, tuple(loose)))
    issues = sorted(found, key=lambda issue: (issue.published or date.max, str(issue.folder or "")))
    return Archive(tuple(issues), in_order(diagnostics))


def _expanded(paths: Iterable[Path]) -> list[Path]:
    """Each issue folder and brief once."""
    expanded: dict[Path, Path] = {}
    for path in paths:
        folder = path.parent if path.name == ISSUE_FILE else path
        inside = sorted(each.parent for each in folder.glob(f"*/{ISSUE_FILE}")) if folder.is_dir() else []
        each_of = [folder] if (folder / ISSUE_FILE).exists() or not inside else inside
        for each in each_of:
            expanded.setdefault(each.resolve(), each)
    return list(expanded.values())


def _issue(folder: Path, diagnostics: list[Diagnostic]) -> IssueCounts:
    manuscript = read_issue(folder)
    diagnostics += manuscript.diagnostics
    root = manuscript.issue.root if manuscript.issue is not None else None
    if manuscript.issue is not None and manuscript.issue.root.tag != "issue":
        diagnostics += schema_diagnostics([manuscript.issue], "issue")
        root = None
    if root is not None and manuscript.issue is not None:
        reported = {each.place.file for each in diagnostics}
        for entry in root.iterfind("contents/brief"):
            path = manuscript.folder / entry.get("href", "")
            if entry.get("href") not in manuscript.briefs and path not in reported:
                place = manuscript.issue.attribute_place(entry, "href")
                diagnostics.append(MISSING.at(place, name=entry.get("href", "")))

    def said(path: str) -> str:
        return " ".join((root.findtext(path) or "").split()) if root is not None else ""

    return IssueCounts(
        folder,
        said("journal-meta/journal-title-group/journal-title"),
        said("issue-meta/volume"),
        said("issue-meta/issue-number"),
        publication_date(manuscript.issue) if root is not None else None,
        tuple(_briefs(manuscript.briefs.values(), diagnostics)),
    )


def _parsed(path: Path, diagnostics: list[Diagnostic]) -> list[Source]:
    try:
        return [parse(path)]
    except ManuscriptError as error:
        diagnostics += error.diagnostics
        return []


def _briefs(sources: Iterable[Source], diagnostics: list[Diagnostic]) -> Iterator[BriefCounts]:
    for source in sources:
        if source.root.tag == "article":
            yield brief_counts(source)
        else:
            diagnostics += schema_diagnostics([source], "brief")


# One brief


def brief_counts(source: Source, shown: int = 5) -> BriefCounts:
    """Count one brief; `shown` of its longest sentences are kept."""
    brief = read_brief(source, IssueReading())
    numbering = number(source.root)
    sentences = list(_sentences(brief))
    texts = {passage: _printed(passage, numbering) for passage in brief.passages}
    text = "\n".join(texts[each] for each in brief.passages if each.note is None and each.kind in _TEXT)
    found = letters(text)
    counts = Counts(
        briefs=1,
        text=length(text),
        notes_length=sum(length(texts[each]) for each in brief.passages if each.kind == "note"),
        front=sum(length(texts[each]) for each in brief.passages if each.kind == "metadata"),
        clauses=sum(clauses for _, _, _, clauses in sentences),
        sentences=tuple(size for size, _, _, _ in sentences),
        han=found.han,
        rare=found.rare,
        latin=found.latin,
    )
    longest = sorted(sentences, key=lambda each: -each[0])[:shown]
    return BriefCounts(
        source.path,
        title_of(source) or source.path.stem,
        tuple(_authors(source.root)),
        counts + _structure(source.root) + _notes(brief) + _sources(source, brief),
        tuple(_shown(*each[:3]) for each in longest),
    )


def _printed(passage: Passage, numbering: Numbering) -> str:
    """A passage with the words that the program writes for a reference."""
    pieces = passage.flat.pieces
    return "".join(
        numbering.words.get(piece.node, "")
        if piece.which == "reference"
        else passage.text[piece.start : piece.end]
        for piece in pieces
    )


def _sentences(brief: Reading) -> Iterator[tuple[int, Passage, tuple[int, int], int]]:
    """The sentences of the paragraphs: length, passage, stretch, and number of clauses."""
    for passage in brief.prose:
        if passage.kind != "body":
            continue
        stop = _STOP if primary(passage.lang) in ("zh", "ja") else _WESTERN_STOP
        ends = [found.end() for found in stop.finditer(passage.text)]
        for start, end in zip([0, *ends], [*ends, len(passage.text)], strict=True):
            words = passage.text[start:end]
            if any(character.isalnum() for character in words):
                clauses = sum(any(c.isalnum() for c in clause) for clause in _CLAUSE.split(words))
                yield length(words), passage, (start, end), clauses


def _shown(size: int, passage: Passage, stretch: tuple[int, int]) -> Sentence:
    text = re.sub(r"\s+", " ", passage.text[slice(*stretch)]).strip().replace("\ufffc", "")
    start = stretch[0] + len(passage.text[slice(*stretch)]) - len(passage.text[slice(*stretch)].lstrip())
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return Sentence(size, passage.place(start, stretch[1]), shown)


def _authors(root: etree._Element) -> Iterator[str]:
    for contrib in root.iterfind("front/article-meta/contrib-group/contrib"):
        name = contrib.find("name")
        name = name if name is not None else contrib.find("name-alternatives/name")
        if name is None:
            yield from filter(
                None, (" ".join("".join(each.itertext()).split()) for each in contrib.iter("collab"))
            )
            continue
        surname, given = (" ".join((name.findtext(part) or "").split()) for part in ("surname", "given-names"))
        eastern = name.get("name-style") == "eastern"
        yield surname + given if eastern else f"{given} {surname}".strip()


def _structure(root: etree._Element) -> Counts:
    body = root.find("body")
    if body is None:
        return Counts()
    paragraphs = [
        p for p in body.iter("p") if not any(a.tag in ("fn", "table-wrap", "fig") for a in p.iterancestors())
    ]
    return Counts(
        paragraphs=len(paragraphs),
        sections=sum(1 for _ in body.iter("sec")),
        figures=sum(1 for _ in body.iter("fig")),
        tables=sum(1 for _ in body.iter("table-wrap")),
        quotations=sum(1 for _ in body.iter("disp-quote")),
    )


def _notes(brief: Reading) -> Counts:
    graph = brief.graph
    notes = (*graph.author_notes, *graph.notes)
    linking = link_edits(brief.source)
    return Counts(
        notes=len(graph.notes),
        author_notes=len(graph.author_notes),
        same_source=sum(_refers(note, "same-source") for note in notes),
        see=sum(_refers(note, "see") for note in notes),
        commentary=sum(not note.parts for note in notes),
        typed=len(linking.linked) + len(linking.undecided),
        citations=len(graph.citations),
        recognised=sum(citation.element is None for citation in graph.citations),
        doubtful=sum(note.doubtful for note in notes),
    )


def _refers(note: Note, use: str) -> bool:
    return any(isinstance(part, Reference) and part.use == use for part in note.parts)


def _sources(source: Source, brief: Reading) -> Counts:
    works = [entry.work for entry in bibliography([source])]
    shortened = sum(1 + len(found.also) for found in shortened_address(brief))
    return Counts(
        sources=len(works),
        kinds=Counter(work.kind if work.kind in KINDS else "other" for work in works),
        languages=Counter(
            primary(work.lang or kinds.language(work.title or work.text, work.container)) for work in works
        ),
        sites=Counter(filter(None, (site(work.url) for work in works if work.url))),
        without_address=sum(work.kind in ("news", "web") and not work.url for work in works),
        without_date=sum(work.kind != "law" and not work.date for work in works),
        dead_ends=sum(work.kind != "law" and not work.date and not work.url for work in works),
        addresses=len(addresses(brief)),
        shortened=shortened,
    )

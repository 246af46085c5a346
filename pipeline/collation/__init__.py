"""Collation: nothing is lost. The text of every edition, read again from its finished bytes, against the base.

sources ─collate_archive▶ JATS                       the archive holds all that the sources have
JATS ─collate▶ EPUB, web edition, PDF, offprints     and every edition holds all that the archive has

A *witness* is the text of one edition; the *base text* is the archive's, so that whoever has a finished folder
can repeat the comparison without the sources. Nothing of the stages that made the editions is asked, but the
numbering, which says what the generated words must be. `text` says how blanks are folded before texts are
compared; besides, an address may be encoded (`compare.address`), and what the pages print around a part is known
(`printed`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from pipeline.collation import codes
from pipeline.collation.archive import archive_differences
from pipeline.collation.article import base_text
from pipeline.collation.compare import HYPERTEXT, TAGGED, Difference, Scope, differences, misnumbered, shown, solid
from pipeline.collation.hypertext import Book, UnreadableError, hypertext, inside, read_book, read_html, read_xhtml
from pipeline.collation.places import Places
from pipeline.collation.printed import printed
from pipeline.collation.tagged import Node, Readings, Tagged, article_text, articles_of, read_pdf
from pipeline.collation.text import TOKEN, Witness
from pipeline.diagnostics import Diagnostic, ManuscriptError, Place, Words, in_order
from pipeline.notes.style import HouseStyle, style_for
from pipeline.number import number
from pipeline.parse import Source
from pipeline.profiles import profile

__all__ = ["Collation", "collate", "collate_archive"]

Element = etree._Element

ISSUE = "issue.pdf"
"""The edition whose pages all others cite."""


@dataclass(frozen=True)
class Collation:
    """What was compared: the findings, and the characters and notes compared in each edition.

    `sources` are the files of the sources; all others that findings name are in the folder of the editions.
    """

    findings: tuple[Diagnostic, ...] = ()
    compared: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    sources: frozenset[Path] = frozenset()

    @property
    def verdict(self) -> Words:
        """The whole collation in one line."""
        characters = sum(count for count, _ in self.compared.values())
        notes = sum(count for _, count in self.compared.values())
        found = len(self.findings)
        zh = f"逐字校勘：{len(self.compared)}個版本，{characters:,}字、{notes:,}則註，"
        en = f"collation: {len(self.compared)} editions, {characters:,} characters, {notes:,} notes, "
        if not self.compared:
            return Words("逐字校勘：沒有可以比對的版本", "collation: nothing to compare")
        return Words(
            zh + (f"{found}處不同" if found else "一字不漏"),
            en + (f"{found} differences" if found else "nothing lost"),
        )

    def as_json(self) -> dict[str, object]:
        """The counts of each edition, for the record of a build."""
        editions = {
            edition: {"characters": characters, "notes": notes}
            for edition, (characters, notes) in sorted(self.compared.items())
        }
        return {"differences": len(self.findings), "editions": editions}

    def placed(self, folder: Path) -> "Collation":
        """The same, the files that the findings name being in `folder`; those of the sources stay."""
        findings = [
            each
            if each.place.file in self.sources
            else replace(each, place=replace(each.place, file=folder / each.place.file))
            for each in self.findings
        ]
        return replace(self, findings=tuple(findings))


def collate_archive(
    sources: Mapping[str, Source], archive: Mapping[str, bytes], style: HouseStyle | None = None
) -> list[Diagnostic]:
    """What `jats/<name>.xml` of the archive lacks of the sources, by name, or has otherwise.

    `style` is the note style of the issue; without it, it is read from the folder of each source. The place of a
    finding is that in the source.
    """
    found: list[Diagnostic] = []
    for name, source in sources.items():
        path = f"jats/{name}.xml"
        try:
            archived = _article(archive, path)
        except UnreadableError as error:
            found.append(_unreadable(source.place(source.root), path, name, error))
            continue
        numbering = number(source.root, style or _style(source))
        place = Places(name, None, source)
        found += _said(archive_differences(source.root, archived, name, numbering), path, name, place)
    return list(in_order(found))


def collate(
    editions: Mapping[str, bytes],
    names: Sequence[str],
    sources: Mapping[str, Source] | None = None,
    style: HouseStyle | None = None,
) -> Collation:
    """Compare every edition with the base text, `jats/<name>.xml`, and that with the sources where they are given.

    `editions` are files by their relative path, `names` the briefs in their order; files of other kinds are left
    alone. The place of a finding is that in the source, else the line of the base text.
    """
    found: list[Diagnostic] = []
    briefs: dict[str, _Brief] = {}
    for name in names:
        source = (sources or {}).get(name)
        try:
            base = base_text(_article(editions, f"jats/{name}.xml"), name)
        except UnreadableError as error:
            place = source.place(source.root) if source else Place(Path(f"jats/{name}.xml"))
            found.append(_unreadable(place, f"jats/{name}.xml", name, error))
            continue
        briefs[name] = _Brief(base, printed(base), Places(name, base, source))
        found += _said(misnumbered(base), f"jats/{name}.xml", name, briefs[name].place)
    compared = {}
    if sources is not None:
        found += collate_archive({n: sources[n] for n in briefs if n in sources}, editions, style)
    compared["jats"] = _counted(brief.base for brief in briefs.values())
    pages: dict[str, tuple[int, ...]] = {}
    for edition in _editions(editions, list(names), briefs):
        witnesses = []
        for name, brief in briefs.items():
            if name not in edition.names:
                continue
            try:
                witness = edition.read(name)
            except UnreadableError as error:
                found.append(_unreadable(brief.place(None, 0, 0), edition.name, name, error))
                continue
            base = brief.printed if edition.scope is TAGGED else brief.base
            found += _said(differences(base, witness, edition.scope), edition.name, name, brief.place)
            found += _pictures(witness, edition, brief)
            if edition.name == ISSUE:
                pages[name] = witness.pages
            elif witness.pages and edition.scope is HYPERTEXT and witness.pages != pages.get(name, witness.pages):
                found.append(_pages(witness, edition, brief, pages[name]))
            witnesses.append(witness)
        found += edition.others(briefs, pages)
        compared[edition.name] = _counted(witnesses)
    return Collation(in_order(found), compared, frozenset(each.path for each in (sources or {}).values()))


@dataclass(frozen=True)
class _Brief:
    """A brief: its base text, the same as the pages print it, and its places."""

    base: Witness
    printed: Witness
    place: Places


@dataclass(frozen=True)
class _Edition:
    """An edition: the briefs that must be in it, what reads one, and what else is wrong with it.

    `pictures`: the folder of its pages and the paths of the files, where pictures are files.
    """

    name: str
    names: Sequence[str]
    scope: Scope
    read: Callable[[str], Witness]
    others: Callable[[Mapping[str, _Brief], Mapping[str, Sequence[int]]], Iterable[Diagnostic]]
    pictures: tuple[str, frozenset[str]] | None = None


def _editions(
    editions: Mapping[str, bytes], names: Sequence[str], briefs: Mapping[str, _Brief]
) -> Iterator[_Edition]:
    """The editions that are there; the issue's PDF first, whose pages the others cite."""
    readings = Readings()
    for path in sorted((path for path in editions if path.endswith(".pdf")), key=lambda path: path != ISSUE):
        own = [name for name in names if path == f"offprints/{name}.pdf"]
        if path == ISSUE or own:
            yield _pdf(editions[path], path, own or names, briefs, readings)
    for path in sorted(path for path in editions if path.endswith(".epub")):
        yield _epub(editions[path], path, names)
    if any(path.startswith("web/") for path in editions):
        yield _web(editions, names)


def _epub(data: bytes, path: str, names: Sequence[str]) -> _Edition:
    book: Book | None
    try:
        book = read_book(data)
    except UnreadableError as error:
        book, reason = None, str(error)

    def read(name: str) -> Witness:
        if book is None:
            raise UnreadableError(reason)
        page = inside(book.folder, f"b{names.index(name) + 1:02}.xhtml")
        if page not in book.spine:
            raise UnreadableError(f"{page} is not in the spine")
        return hypertext(read_xhtml(_bytes(book.files, page)), path, name)

    pictures = (book.folder, frozenset(book.files)) if book is not None else None
    return _Edition(path, names, HYPERTEXT, read, lambda *_: (), pictures)


def _web(editions: Mapping[str, bytes], names: Sequence[str]) -> _Edition:
    def read(name: str) -> Witness:
        return hypertext(read_html(_bytes(editions, f"web/{name}.html")), "web", name)

    return _Edition("web", names, HYPERTEXT, read, lambda *_: (), ("web", frozenset(editions)))


def _pdf(
    data: bytes, path: str, names: Sequence[str], briefs: Mapping[str, _Brief], readings: Readings
) -> _Edition:
    tagged: Tagged | None
    try:
        tagged = read_pdf(data, readings)
    except UnreadableError as error:
        tagged, reason = None, str(error)
    titles = {name: solid(_title(briefs[name].base)) for name in names if name in briefs}
    articles = articles_of(tagged, titles) if tagged is not None else {}

    def read(name: str) -> Witness:
        if tagged is None:
            raise UnreadableError(reason)
        if name not in articles:
            raise UnreadableError("no article has its title")
        return article_text(articles[name], path, briefs[name].base, tagged.places)

    def others(briefs: Mapping[str, _Brief], pages: Mapping[str, Sequence[int]]) -> Iterator[Diagnostic]:
        order = [tagged.articles.index(articles[name]) for name in names if name in articles] if tagged else []
        if order != sorted(order):
            where = Words("一篇", "a brief")
            values = {"edition": path, "brief": "PDF", "where": where, "text": "、".join(names)}
            yield codes.MOVED.at(Place(Path(path)), **values)
        own = [briefs[name] for name in names if name in briefs]
        wrong: dict[tuple[int, Words], list[str]] = {}
        for page, text, said in tagged.wrong if tagged else ():
            wrong.setdefault((page, said), []).append(text)
        for (page, said), texts in wrong.items():  # the longest text has one place in the source
            text = max(texts, key=len)
            place = _place_of(text, own) or Place(Path(path), page)
            values = {"edition": path, "page": page, "text": shown(text), "reason": said, "count": len(texts)}
            yield codes.GLYPHS.at(place, **values)
        for name, article in articles.items():
            assert tagged is not None
            yield from _running(tagged, article, path, briefs[name], pages.get(name, ()))

    return _Edition(path, names, TAGGED, read, others)


def _running(
    tagged: Tagged, article: Node, path: str, brief: _Brief, folios: Sequence[int]
) -> Iterator[Diagnostic]:
    """The artifacts of the pages of a brief: its title or the head of the issue, or none, and the folio.

    `folios` are its pages in the issue. The head of the issue is the most common that is not the title. What else
    is an artifact is the head of a table that goes on: its characters stand in the brief.
    """
    title = solid(_title(brief.base))
    numbers = dict(zip(sorted(article.pages()), folios, strict=False))
    known = {page: page for page in range(1, len(tagged.running) + 1)} if path == ISSUE else numbers
    rests = [solid(tagged.running[page - 1]).removesuffix(str(folio)) for page, folio in known.items()]
    head = next((text for text, _ in Counter(rests).most_common() if text and not _begins(title, text)), "")
    again = solid(profile(brief.base.lang).words["continued"].rpartition("}")[2])
    said = set(article.words() + again)
    for page, folio in numbers.items():
        found = solid(tagged.running[page - 1])
        rest = found.removesuffix(str(folio))
        added = [each for each in tagged.repeated[page - 1] if each.isalnum() and each not in said]
        if rest == found or not (rest in ("", head) or _begins(title, rest)) or added:
            values = {"edition": path, "brief": brief.base.name, "page": page}
            shows = shown("".join((found, *added))) or "∅"
            yield codes.RUNNING.at(brief.place(None, 0, 0), **values, expected=f"{title} {folio}", found=shows)


def _begins(title: str, head: str) -> bool:
    """Whether a running head is a title, or begins it and is cut short."""
    return title == head or (head.endswith("…") and title.startswith(head[:-1]))


def _title(base: Witness) -> str:
    return "".join(TOKEN.sub("", passage.text) for passage in base.parts.get("title", ()))


def _place_of(text: str, briefs: Iterable[_Brief]) -> Place | None:
    """Where a text that is drawn stands in the source, the first place that has it."""
    wanted = text.strip()
    for brief in briefs:
        parts = [*brief.base.parts.values(), *(note.passages for note in brief.base.notes)]
        for passage in (passage for part in parts for passage in part):
            start = passage.text.find(wanted)
            if start >= 0 and wanted:
                return brief.place(passage, start, start + len(wanted))
    return None


def _pictures(witness: Witness, edition: _Edition, brief: _Brief) -> Iterator[Diagnostic]:
    folder, files = edition.pictures or ("", frozenset())
    for name in witness.pictures if edition.pictures is not None else ():
        if inside(folder, name) not in files:
            place = brief.place(None, 0, 0)
            yield codes.PICTURE.at(place, edition=edition.name, brief=witness.name, name=name)


def _pages(witness: Witness, edition: _Edition, brief: _Brief, expected: tuple[int, ...]) -> Diagnostic:
    return codes.PAGES.at(
        brief.place(None, 0, 0),
        edition=edition.name,
        brief=witness.name,
        found=", ".join(map(str, witness.pages)),
        expected=", ".join(map(str, expected)),
    )


def _counted(witnesses: Iterable[Witness]) -> tuple[int, int]:
    counts = [(witness.characters, len(witness.notes)) for witness in witnesses]
    return sum(each for each, _ in counts), sum(each for _, each in counts)


def _style(source: Source) -> HouseStyle | None:
    """The style of the issue in whose folder a source lies, None where that can't be read."""
    try:
        return style_for(source)
    except ManuscriptError:
        return None


def _bytes(files: Mapping[str, bytes], path: str) -> bytes:
    if path not in files:
        raise UnreadableError(f"{path} is missing")
    return files[path]


def _article(files: Mapping[str, bytes], path: str) -> Element:
    """An archived article; its DOCTYPE may name the DTD and hold nothing. Raises `UnreadableError`."""
    data = _bytes(files, path)
    if b"<!ENTITY" in data:
        raise UnreadableError("it declares entities")
    return read_xhtml(data)


def _unreadable(place: Place, edition: str, name: str, error: Exception) -> Diagnostic:
    return codes.UNREADABLE.at(place, edition=edition, brief=name, reason=str(error))


def _said(found: Iterable[Difference], edition: str, name: str, place: Places) -> Iterator[Diagnostic]:
    for each in found:
        where = place(each.passage, each.start, each.end)
        yield each.code.at(where, edition=edition, brief=name, **each.values)

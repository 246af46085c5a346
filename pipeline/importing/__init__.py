"""Import: an author's manuscript to a brief.

file ─gate▶ bytes that are what they say ─reading▶ Document ─recognise▶ markup, pictures, doubts
     ─tag citations, link typed notes▶ ─again▶ into the brief that was there
     ─check, fidelity▶ brief and report
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from pipeline import validate
from pipeline.citations.tag import citation_edits
from pipeline.diagnostics import Code, Diagnostic, Edit, ManuscriptError, Place, Severity, Words, has_errors
from pipeline.edit import edited
from pipeline.flat import REFERENCE, flat
from pipeline.importing import again, fidelity, report
from pipeline.importing.document import GONE, Change, Comment, Document, paragraphs_in
from pipeline.importing.gate import Accepted, accept
from pipeline.importing.note_numbers import note_numbers, numbers_shown
from pipeline.importing.originals import Original, original
from pipeline.importing.reading import read
from pipeline.importing.recognise import Recognised, recognise
from pipeline.importing.recognise.codes import AUTHOR_UNSURE
from pipeline.importing.recognise.ledger import NOTE_NUMBER, Accounted
from pipeline.importing.report import Report, Step
from pipeline.manuscript import within
from pipeline.notes.typed import Linking, link_edits
from pipeline.number import number
from pipeline.parse import HREF, Source, parse_bytes

__all__ = ["Imported", "Report", "import_manuscript"]

MOST_CHARACTERS = 500_000
"""The longest manuscript that is collated: a hundred briefs."""

INVALID = Code(
    "I060",
    title=Words("匯入的文章不合格式", "an imported brief is not valid"),
    message=Words("匯入的文章有{count}個格式錯誤", "the imported brief has {count} errors of form"),
    hint=Words(
        "這是匯入的缺失：檔案照樣寫出，請依下面的訊息改正，並把稿件寄給維護者",
        "the import is at fault: the file is written; mend it by the messages below, and tell the maintainers",
    ),
    why=Words("匯入的結果必須是合格的文章。", "What an import writes must be a valid brief."),
)
NO_XML = Code(
    "I061",
    title=Words("匯入的結果不是XML", "the result of an import is not XML"),
    message=Words("匯入的結果不是XML：{reason}", "the result is not XML: {reason}"),
    hint=Words(
        "這是匯入的缺失：請把稿件寄給維護者", "the import is at fault: send the manuscript to the maintainers"
    ),
    why=Words("匯入的結果必須是合格的文章。", "What an import writes must be a valid brief."),
)
NOT_COLLATED = Code(
    "I062",
    title=Words("無法逐字比對", "the text could not be collated"),
    message=Words(
        "稿件無法用另一條路徑讀出，所以沒有逐字比對：{reason}", "not read a second time, so not collated: {reason}"
    ),
    hint=Words("請把匯入的文章和稿件對讀一遍", "read the brief against the manuscript"),
    why=Words("匯入後的每一個字都要和稿件核對。", "Every character of an import is compared with the manuscript."),
)


@dataclass(frozen=True)
class Imported:
    """A brief made from a manuscript: its bytes, its pictures by their `href`, and the report."""

    brief: bytes
    pictures: Mapping[str, bytes]
    report: Report

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything to look at, the worst first."""
        return self.report.diagnostics

    @property
    def changes(self) -> tuple[Change, ...]:
        """The tracked changes, which were accepted."""
        return self.report.tracked

    @property
    def comments(self) -> tuple[Comment, ...]:
        """The comments in the margin."""
        return self.report.comments


def import_manuscript(
    path: Path,
    *,
    name: str,
    before: Source | None = None,
    lang: str = "zh-Hant-TW",
    folder: Path | None = None,
) -> Imported:
    """Make a brief of a manuscript; `name` is the file that it is for, which is not written here.

    `before` is the brief of an earlier import, whose ids and markup are kept where the text is the same; without
    it, the markup that an export of `kan` put into the file. `folder` is that of the issue, where
    pictures of other briefs have names already. Raises `ManuscriptError` for a file that is refused, and
    `InstallationError`.
    """
    recognised = recognised_in(path, lang)
    return finished(recognised, name=name, before=before, folder=folder)


@dataclass(frozen=True)
class Fresh:
    """A manuscript as it was read and recognised, before it is compared with anything that was there."""

    accepted: Accepted
    document: Document
    recognised: Recognised
    source: Source
    tagged: tuple[Step, ...]
    untagged: tuple[Step, ...]
    linked: tuple[Step, ...]
    unlinked: tuple[Step, ...]
    typed: Mapping[int, str]
    """What was typed where a link is now, by the place of the `xref` among all of them."""
    shown: Mapping[str, str]
    """The number that the author saw at each note, by the id of its `fn`."""


def recognised_in(path: Path, lang: str = "zh-Hant-TW") -> Fresh:
    """Read a manuscript, recognise a brief in it, tag its citations and link its typed references."""
    accepted = accept(path)
    document = read(accepted, path.name)
    recognised = recognise(document, path, lang)
    try:
        source = parse_bytes(path, recognised.xml)
        tagging = citation_edits(source)
        source = parse_bytes(path, edited(source, tagging.edits))
        series = note_numbers(document, source)
        linking = link_edits(source, _stale(document, source), series)
        source = parse_bytes(path, edited(source, linking.edits))
        printed = _printed(source, linking)
    except ManuscriptError as error:
        raise _no_xml(path, error) from error
    return Fresh(
        accepted,
        document,
        recognised,
        source,
        tuple(Step(each.text, each.found.kind) for each in tagging.tagged),
        tuple(Step(each.text, reason=each.reason) for each in tagging.doubts),
        tuple(
            Step(each.words, each.rid, printed=words) for each, words in zip(linking.linked, printed, strict=True)
        ),
        (*(Step(each.words, reason=each.reason) for each in linking.undecided), *_bracketed(source)),
        _typed(source, linking),
        numbers_shown(series),
    )


def _printed(source: Source, linking: Linking) -> tuple[str, ...]:
    """What each link prints, in the order in which typed words became links; `source` has the links."""
    words = number(source.root).words
    links = {source.element_bytes(xref)[0]: words.get(xref, "") for xref in source.root.iter("xref")}
    return tuple(links.get(start, "") for start in _starts(linking))


def _typed(source: Source, linking: Linking) -> dict[int, str]:
    """What was typed for each link that typed words became, by its place among all links; `source` has them."""
    words = dict(zip(_starts(linking), (each.words for each in linking.linked), strict=True))
    starts = (source.element_bytes(xref)[0] for xref in source.root.iter("xref"))
    return {at: words[start] for at, start in enumerate(starts) if start in words}


def _starts(linking: Linking) -> list[int]:
    """The byte at which each new link begins, after the edits."""
    made = linking.edits[len(linking.edits) - len(linking.linked) :]
    places: dict[Edit, int] = {}
    moved = 0
    for edit in sorted(linking.edits, key=lambda each: (each.start, each.end)):
        places[edit] = edit.start + moved
        moved += len(edit.text.encode()) - (edit.end - edit.start)
    return [places[edit] for edit in made]


def _still_typed(steps: Sequence[Step], source: Source) -> tuple[Step, ...]:
    """The references that are words in the brief too: one that was there before may have the link."""
    texts = "\n".join(flat(node).text for node in source.root.iter("p"))
    return tuple(each for each in steps if each.text in texts)


_BRACKETED = re.compile(r"同(?:前|上|前揭)?[註注]?\s*[［\[〔]\s*[0-9０-９]{1,4}\s*[］\]〕]")
_BRACKETS = Words(
    "註號寫在括號裡，不會跟著改；寫成「同註1」再匯入，就會連結",
    "a number in brackets does not follow; write it as 同註1 and import it again",
)


def _bracketed(source: Source) -> Iterator[Step]:
    """References with the number in brackets (同［1］), which nothing links."""
    for note in source.root.iter("fn"):
        for paragraph in note.iterfind("p"):
            for found in _BRACKETED.finditer(flat(paragraph).text):
                yield Step(found[0], reason=_BRACKETS)


def _stale(document: Document, source: Source) -> frozenset[str]:
    """The texts, without blanks, of the paragraphs whose references point at notes that are gone. Of several
    references in one paragraph, some may be links already.
    """
    gone = {number for number, *words in document.lost if tuple(words) == GONE}
    every = chain(document.blocks, *(note.blocks for note in document.notes.values()))
    typed = {_unspaced(each.text) for each in paragraphs_in(every) if each.number in gone}
    texts = {_unspaced(flat(node).text) for node in source.root.iter("p")} if typed else set()
    return frozenset(text for text in texts if any(_with_links(text).fullmatch(each) for each in typed))


def _unspaced(text: str) -> str:
    return "".join(text.split())


def _with_links(text: str) -> re.Pattern[str]:
    """What was typed where a text has links now."""
    return re.compile(re.escape(text).replace(REFERENCE, ".{1,60}?"))


def finished(
    fresh: Fresh,
    *,
    name: str,
    before: Source | None = None,
    folder: Path | None = None,
    doubts: tuple[Diagnostic, ...] = (),
) -> Imported:
    """The brief of a manuscript that was recognised, put into the one that was there, checked and collated.

    `doubts` are those about the file that was chosen for it.
    """
    path = fresh.accepted.path
    base = _exported(fresh.document.source, name) if fresh.document.source is not None else None
    before = before if before is not None else base
    if before is not None and before.root.find("body") is None:  # nothing of which this could be a version
        before = None
    source, pictures = _named_pictures(fresh, before, folder)
    changed: tuple[again.Change, ...] | None = None
    if before is not None:
        try:
            merged = again.merge(before, source, fresh.typed, base)
        except (ManuscriptError, ValueError) as error:
            raise _no_xml(path, error) from error
        source, changed, doubts = parse_bytes(Path(name), merged.data), merged.changes, doubts + merged.doubts
        source, pictures = _kept_pictures(source, pictures, merged.kept, folder)
    else:
        source = parse_bytes(Path(name), source.data)
    collated = _collated(fresh, source, before)
    problems = _problems(source, pictures, folder)
    return Imported(source.data, pictures, _report(fresh, source, collated, doubts, problems, changed, before))


def _no_xml(path: Path, error: ManuscriptError | ValueError) -> ManuscriptError:
    overlap = Words("改寫的地方重疊", "edits overlap")
    reason = error.diagnostics[0].message if isinstance(error, ManuscriptError) else overlap
    return ManuscriptError([NO_XML.at(Place(path), reason=reason)])


def _exported(data: bytes, name: str) -> Source | None:
    """The markup that an export put into the file; nothing where it is no brief.

    An export adds a line end; LibreOffice leaves it out, and that of the brief's last line with it.
    """
    try:
        source = parse_bytes(Path(name), data[:-1] if data.endswith(b"\n") else data + b"\n")
    except ManuscriptError:
        return None
    return source if source.root.tag == "article" else None


# Pictures


def _named_pictures(
    fresh: Fresh, before: Source | None, folder: Path | None
) -> tuple[Source, Mapping[str, bytes]]:
    """The brief with names for its pictures that no other picture has, and the pictures by these names."""
    own = {node.get(HREF, "") for node in before.root.iter("graphic")} if before is not None else set()
    held = {
        (folder / href).read_bytes(): href
        for href in sorted(own)
        if folder is not None and _is_there(folder, href)
    }
    pictures: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for name, data in fresh.recognised.pictures.items():
        href = f"figures/{name}"
        names[href] = held.get(data) or _free(href, data, own, folder)
        pictures[names[href]] = data
    edits: list[Edit] = []
    for node in fresh.source.root.iter("graphic"):
        known = node.get(HREF, "")
        place = fresh.source.attribute_bytes(node, HREF)
        if place is not None and names.get(known, known) != known:
            edits.append(Edit(*place, names[known]))
    return parse_bytes(fresh.source.path, edited(fresh.source, edits)), pictures


def _kept_pictures(
    source: Source, pictures: Mapping[str, bytes], kept: Mapping[str, str], folder: Path | None
) -> tuple[Source, Mapping[str, bytes]]:
    """The pictures that a merged brief shows. One that it has under its own name is taken from the manuscript
    where the folder has none: a file that was exported is imported elsewhere. A program that saved the file may
    have left a drawing out; then the picture of it is shown.
    """
    used = {node.get(HREF, "") for node in source.root.iter("graphic")}
    shown = {href: data for href, data in pictures.items() if href in used}
    instead: dict[str, str] = {}
    for fresh, href in kept.items():
        if fresh not in pictures or href in shown or href not in used or _is_there(folder, href):
            continue
        name = Path(href).with_suffix(Path(fresh).suffix).as_posix()
        instead[href] = _free(name, pictures[fresh], set(), folder)
        shown[instead[href]] = pictures[fresh]
    edits = []
    for node in source.root.iter("graphic"):
        href = node.get(HREF, "")
        place = source.attribute_bytes(node, HREF)
        if place is not None and instead.get(href, href) != href:
            edits.append(Edit(*place, instead[href]))
    return (parse_bytes(source.path, edited(source, edits)) if edits else source), shown


def _is_there(folder: Path | None, href: str) -> bool:
    path = within(folder, href) if folder is not None else None
    return path is not None and path.is_file()


def _free(href: str, data: bytes, own: set[str], folder: Path | None) -> str:
    """A name for a picture that no other picture of the issue has."""
    path, count, name = Path(href), 2, href
    while folder is not None and name not in own and (folder / name).exists():
        there = folder / name
        if there.is_file() and there.stat().st_size == len(data) and there.read_bytes() == data:
            break
        name = f"{path.parent.as_posix()}/{path.stem}-{count}{path.suffix}"
        count += 1
    return name


# Collation and check


def _collated(fresh: Fresh, source: Source, before: Source | None) -> fidelity.Collated:
    path = fresh.accepted.path
    try:
        base = original(fresh.accepted.kind, fresh.accepted.data)
    except ValueError as error:
        return fidelity.Collated((NOT_COLLATED.at(Place(path), reason=str(error)),), 0, 0)
    size = sum(len(passage.text) for passage in base.passages)
    if size > MOST_CHARACTERS:
        reason = Words(f"它有{size:,}字，太長了", f"it has {size:,} characters, which is too long")
        return fidelity.Collated((NOT_COLLATED.at(Place(path), reason=reason),), 0, 0)
    beside = list(fresh.document.properties.values())
    if before is not None:
        front = before.root.find("front")
        beside += [piece.text for piece in fidelity.passages_of(front)] if front is not None else []
    return fidelity.compare(
        base,
        _with_pages_as_typed(source, fresh.source),
        file=path,
        dropped=fresh.recognised.accounted,
        added=fresh.recognised.added,
        beside=beside,
        numbers=_numbers(base, fresh.document),
        labels={**fresh.shown, **(_labels(before) if before is not None else {})},
        read=tuple(_read(fresh)),
    )


def _with_pages_as_typed(source: Source, fresh: Source) -> Source:
    """The brief with the pages behind its references (p. 15) as they are printed (頁15), where the manuscript has
    them so: an export wrote what is printed.
    """
    numbering = number(source.root)
    typed = {_unspaced(xref.tail or "") for xref in fresh.root.iter("xref")}
    edits = []
    for xref in source.root.iter("xref"):
        own, behind = xref.tail or "", numbering.texts.get((xref, "tail"))
        printed = numbering.locators.get(xref, "") + (behind or "")
        if behind is None or _unspaced(own) in typed or _unspaced(printed) not in typed:
            continue
        end = source.element_bytes(xref)[1]
        written = source.data[end:].partition(b"<")[0]
        if written.decode() == own:
            edits.append(Edit(end, end + len(written), printed))
    return parse_bytes(source.path, edited(source, edits)) if edits else source


def _read(fresh: Fresh) -> Iterator[Accounted]:
    """The references that became links, with the paragraphs of notes in which they were read."""
    for note in fresh.document.notes.values():
        for paragraph in paragraphs_in(note.blocks):
            for step in fresh.linked:
                if step.text in paragraph.text:
                    yield Accounted(paragraph.number, step.text, NOTE_NUMBER)


def _labels(source: Source) -> Mapping[str, str]:
    """The numbers of the notes of a brief, by their ids."""
    return {note.get("id", ""): label for note, label in number(source.root).notes.items() if note.get("id")}


def _numbers(base: Original, document: Document) -> fidelity.Numbers:
    body = [(each.number, each.text) for each in paragraphs_in(document.blocks)]
    notes = [[each.number for each in paragraphs_in(note.blocks)] for note in document.notes.values()]
    return fidelity.Numbers.read(base, body, notes)


_LOOKS_AHEAD = "R006"
"""The author moved a note behind one that says 同註: his doing, no fault of the import."""


def _problems(source: Source, pictures: Mapping[str, bytes], folder: Path | None) -> tuple[Diagnostic, ...]:
    """What is wrong with the brief itself, its pictures beside it."""
    with tempfile.TemporaryDirectory(prefix="kan-") as temporary:
        beside = Path(temporary)
        (beside / "figures").mkdir()
        for node in source.root.iter("graphic"):
            href = node.get(HREF, "")
            if href in pictures and not Path(href).is_absolute() and ".." not in Path(href).parts:
                (beside / href).parent.mkdir(parents=True, exist_ok=True)
                (beside / href).write_bytes(pictures[href])
        found = [each for each in validate.check_brief(source, beside) if each.severity is Severity.ERROR]
    if folder is not None:
        there = {node.get(HREF, "") for node in source.root.iter("graphic")} - set(pictures)
        found = [each for each in found if each.code != "R050" or not _names_one_of(source, each, there, folder)]
    found = [replace(each, severity=Severity.WARNING) if each.code == _LOOKS_AHEAD else each for each in found]
    if not has_errors(found):
        return tuple(found)
    return (INVALID.at(Place(source.path), count=sum(each.severity is Severity.ERROR for each in found)), *found)


def _names_one_of(source: Source, finding: Diagnostic, names: set[str], folder: Path) -> bool:
    return any(
        source.attribute_place(node, HREF) == finding.place and (folder / node.get(HREF, "")).is_file()
        for node in source.root.iter("graphic")
        if node.get(HREF, "") in names
    )


# The report


def _is_settled(doubt: Diagnostic, before: Source | None) -> bool:
    """Whether a doubt is about the name of an author that the brief has already, as an editor left it."""
    if doubt.code != AUTHOR_UNSURE.code or before is None:
        return False
    names = (again.name_of(each) for each in before.root.iterfind("front/article-meta/contrib-group/contrib"))
    return any(name and f"「{name}」" in doubt.message.zh for name in names)


def _report(
    fresh: Fresh,
    source: Source,
    collated: fidelity.Collated,
    doubts: Sequence[Diagnostic],
    problems: tuple[Diagnostic, ...],
    changed: tuple[again.Change, ...] | None,
    before: Source | None,
) -> Report:
    body = source.root.find("body")
    counts = {
        tag: len(list(body.iter(tag))) if body is not None else 0
        for tag in ("fig", "table-wrap", "disp-quote", "list")
    }
    notes = len(list(source.root.iter("fn")))
    title, subtitle = report.title_of(source)
    told = [report.Heading(each.level, "", each.text, each.number, each.how) for each in fresh.recognised.headings]
    return Report(
        manuscript=fresh.accepted.path,
        kind=fresh.accepted.kind,
        title=title,
        subtitle=subtitle,
        authors=report.authors_of(source),
        units=report.units_of(source),
        focus=report.focus_of(source),
        headings=report.headings_of(source, told),
        notes=notes,
        typed_notes=fresh.recognised.counts.get("typed notes", 0),
        linked=fresh.linked,
        unlinked=_still_typed(fresh.unlinked, source),
        tagged=fresh.tagged,
        untagged=fresh.untagged,
        figures=counts["fig"],
        tables=counts["table-wrap"],
        quotations=counts["disp-quote"],
        lists=counts["list"],
        languages=report.languages_in(source),
        tracked=fresh.document.changes,
        comments=fresh.document.comments,
        characters=collated.characters,
        compared_notes=collated.notes,
        differences=collated.differences,
        findings=(*(each for each in fresh.recognised.doubts if not _is_settled(each, before)), *doubts),
        problems=problems,
        changed=changed,
    )

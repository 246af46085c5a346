"""Fixing: the safe fixes of the copy editor, put in until there is nothing left to fix.

    sources ─edited▶ [Diagnostic with a fix] ─▶ sources, read again ─▶ … ─▶ the edits from the first to the last

Nothing is written here. A fix that would leave a file broken, or bring an error that was not there before, is not
put in. What is fixed once stays as it is: fixing it again changes nothing.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import validate
from pipeline.check import beside
from pipeline.check import edited as found_in
from pipeline.diagnostics import Diagnostic, Edit, ManuscriptError, Severity
from pipeline.edit import edited
from pipeline.lint.rules import Rule
from pipeline.manuscript import ISSUE_FILE, read_issue
from pipeline.parse import Source, parse, parse_bytes

MOST_ROUNDS = 20
"""How often a file is read again at most: a fix may uncover another, but not for ever."""

MOST_COURSES = 8
"""How often rules that undid each other's fixes are tried again at most."""

Sift = Callable[[Iterable[Diagnostic], Sequence[Source]], Iterable[Diagnostic]]
"""Which findings in files as they stand are to be fixed."""


@dataclass(frozen=True)
class Batch:
    """Files that are read together: the briefs of an issue with its `issue.xml`, or one brief alone.

    `wanted` are the names of those to be fixed, as their sources have them.
    """

    briefs: tuple[Source, ...]
    issue: Source | None
    folder: Path
    wanted: frozenset[Path]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every file, `issue.xml` first."""
        return (*([self.issue] if self.issue is not None else []), *self.briefs)


@dataclass(frozen=True)
class Fixed:
    """What fixing makes of a file: the `edits` of it as it was, and how many fixes of each code they come from."""

    source: Source
    edits: tuple[Edit, ...]
    codes: Counter[str]

    @property
    def data(self) -> bytes:
        """The bytes of the file after the edits."""
        return edited(self.source, self.edits)


def batches(paths: Iterable[Path]) -> list[Batch]:
    """The files that paths name (folders of issues, `issue.xml`, single briefs), each in one batch only.

    What can't be parsed is left out: a check tells about it.
    """
    found: dict[tuple[Path, ...], Batch] = {}
    for path in paths:
        batch = _batch(path)
        if batch is None:
            continue
        key = tuple(source.path.resolve() for source in batch.sources)
        before = found.get(key)
        if before is not None:
            wanted = {each.resolve() for each in batch.wanted}
            named = {source.path for source in before.sources if source.path.resolve() in wanted}
            batch = Batch(before.briefs, before.issue, before.folder, before.wanted | named)
        found[key] = batch
    return list(found.values())


def _batch(path: Path) -> Batch | None:
    if path.is_dir() or path.name == ISSUE_FILE:
        manuscript = read_issue(path if path.is_dir() else path.parent)
        wanted = frozenset(source.path for source in manuscript.sources)
        return Batch(tuple(manuscript.briefs.values()), manuscript.issue, manuscript.folder, wanted)
    try:
        source = parse(path)
    except ManuscriptError:
        return None
    issue, briefs = beside(source)
    return Batch(tuple(briefs), issue, source.path.parent, frozenset([source.path]))


def fixed(batch: Batch, rules: Sequence[Rule] | None = None, sift: Sift | None = None) -> tuple[Fixed, ...]:
    """The files of a batch that rules (all, if None) can fix, with what is to be changed in them.

    `sift` says which findings are to be fixed (all, if None). Rules whose fixes undo each other's are left
    out, and tried again when the others have done their work, until a course changes nothing.
    """
    courses: list[_Fixing] = []
    now = batch
    while len(courses) < MOST_COURSES:
        course = _settled(now, rules, sift)
        if not course.rounds:
            break
        courses.append(course)
        now = course.after()
    return tuple(_together(batch, courses))


def _settled(batch: Batch, rules: Sequence[Rule] | None, sift: Sift | None) -> "_Fixing":
    """One course in which no fix undoes another."""
    restless: set[str] = set()
    while True:
        fixing = _Fixing(batch, rules, sift, frozenset(restless))
        fixing.run()
        if not fixing.restless:
            return fixing
        restless |= fixing.restless


def _together(batch: Batch, courses: Sequence["_Fixing"]) -> Iterator[Fixed]:
    """The files that changed, in the order of the issue."""
    for source in batch.sources:
        rounds = [edits for course in courses for edits in course.rounds.get(source.path, ())]
        if rounds:
            counts = (count for course in courses for count in course.codes.get(source.path, ()))
            yield Fixed(source, composed(len(source.data), rounds), sum(counts, Counter()))


@dataclass
class _Fixing:
    """One course of rounds. `now` has each file as it stands; `seen` everything it has been, after which round;
    `codes` the codes of the fixes of each of its rounds.
    """

    batch: Batch
    rules: Sequence[Rule] | None
    sift: Sift | None
    without: frozenset[str]
    restless: set[str] = field(default_factory=set)
    now: dict[Path, Source] = field(default_factory=dict)
    rounds: dict[Path, list[tuple[Edit, ...]]] = field(default_factory=dict)
    codes: dict[Path, list[Counter[str]]] = field(default_factory=dict)
    seen: dict[Path, dict[bytes, int]] = field(default_factory=dict)
    errors: dict[Path, Counter[str]] = field(default_factory=dict)

    def run(self) -> None:
        """Fix until nothing changes any more, or a fix brings back what has been."""
        self.now = {source.path: source for source in self.batch.sources}
        self.seen = {path: {source.data: 0} for path, source in self.now.items()}
        put_in: list[Diagnostic] = []
        for _ in range(MOST_ROUNDS):
            put_in = list(self.round())
            if not put_in:
                return
        self.restless.update(each.code for each in put_in)

    def round(self) -> Iterator[Diagnostic]:
        """Put in what can go in together; the findings whose fixes did."""
        for path, findings in self.fixable().items():
            source = self.now[path]
            together = list(apart(findings))
            if path not in self.errors:
                self.errors[path] = _errors(source, self.batch.folder)
            accepted, after = self.most(source, [], together)
            if after is None:
                continue
            self.now[path] = after
            self.rounds.setdefault(path, []).append(merged(accepted))
            self.codes.setdefault(path, []).append(Counter(each.code for each in accepted))
            self.seen[path][after.data] = len(self.rounds[path])
            yield from accepted

    def fixable(self) -> dict[Path, list[Diagnostic]]:
        """What can be fixed in the files as they stand."""
        briefs = [self.now[source.path] for source in self.batch.briefs]
        issue = self.now[self.batch.issue.path] if self.batch.issue is not None else None
        found: Iterable[Diagnostic] = list(found_in(briefs, issue, self.batch.folder, self.rules))
        if self.sift is not None:
            found = self.sift(found, tuple(self.now.values()))
        files: dict[Path, list[Diagnostic]] = {}
        for each in found:
            if each.fix and each.code not in self.without and each.place.file in self.batch.wanted:
                files.setdefault(each.place.file, []).append(each)
        return files

    def most(
        self, source: Source, accepted: list[Diagnostic], more: list[Diagnostic]
    ) -> tuple[list[Diagnostic], Source | None]:
        """As many findings as can be fixed soundly, first `accepted`, then of `more`; and the file after that."""
        if not more:
            return accepted, None
        after = self.sound(source, [*accepted, *more])
        if after is not None and after.data not in self.seen[source.path]:
            return [*accepted, *more], after
        if len(more) == 1:
            if after is not None:
                since = self.codes.get(source.path, [])[self.seen[source.path][after.data] :]
                self.restless.update({more[0].code}, *since)
            return accepted, None
        half = len(more) // 2
        first, one = self.most(source, accepted, more[:half])
        second, other = self.most(source, first, more[half:])
        return second, other or one

    def sound(self, source: Source, findings: Sequence[Diagnostic]) -> Source | None:
        """The file after fixes; None where it would be broken."""
        try:
            after = parse_bytes(source.path, edited(source, merged(findings)))
        except (ManuscriptError, ValueError):  # no XML any more; the edits of one fix overlap
            return None
        new = _errors(after, self.batch.folder) - self.errors[source.path]
        return None if new else after

    def after(self) -> Batch:
        """The batch with the files as they stand after the course."""
        briefs = tuple(self.now[source.path] for source in self.batch.briefs)
        issue = self.now[self.batch.issue.path] if self.batch.issue is not None else None
        return replace(self.batch, briefs=briefs, issue=issue)


def _errors(source: Source, folder: Path) -> Counter[str]:
    """How many errors of each code validation finds in a file."""
    if source.root.tag == "issue":
        found = validate.check_issue(source, {})
    else:
        found = validate.check_brief(source, folder)
    return Counter(each.code for each in found if each.severity is Severity.ERROR)


def apart(findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Those of some findings in one file whose fixes don't meet the fixes of those before them.

    An edit that two fixes share goes in once; two texts that would go in at one point meet.
    """
    taken: list[Edit] = []
    for each in findings:
        places = [(edit, bisect_left(taken, edit)) for edit in each.fix]
        new = [edit for edit, index in places if taken[index : index + 1] != [edit]]
        beside = [(edit, other) for edit, index in places for other in taken[max(index - 1, 0) : index + 1]]
        if new and not any(_meet(edit, other) for edit, other in beside if edit != other):
            for edit in new:
                insort(taken, edit)
            yield each


def _meet(one: Edit, other: Edit) -> bool:
    if one.start == one.end or other.start == other.end:
        return max(one.start, other.start) <= min(one.end, other.end)
    return max(one.start, other.start) < min(one.end, other.end)


def merged(findings: Iterable[Diagnostic]) -> tuple[Edit, ...]:
    """The edits of findings whose fixes are apart, in the order of the file."""
    return tuple(sorted({edit for each in findings for edit in each.fix}))


def composed(length: int, rounds: Iterable[Iterable[Edit]]) -> tuple[Edit, ...]:
    """The edits of a file of `length` bytes that do at once what rounds of edits do one after the other.

    Each round counts in the bytes that the one before it left.
    """
    pieces: list[_Piece] = [_Piece(0, length)]
    for edits in rounds:
        done = 0
        after: list[_Piece] = []
        for edit in sorted(edits):
            after += _cut(pieces, done, edit.start)
            if edit.text:
                after.append(_Piece(0, 0, edit.text.encode()))
            done = edit.end
        pieces = [*after, *_cut(pieces, done, sum(map(len, pieces)))]
    found, done, text = [], 0, b""
    for piece in [*pieces, _Piece(length, length)]:
        if piece.text is not None:
            text += piece.text
            continue
        if text or piece.start > done:
            found.append(Edit(done, piece.start, text.decode()))
        done, text = piece.end, b""
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a file after edits: bytes `start` to `end` of the file as it was, or new `text`."""

    start: int
    end: int
    text: bytes | None = None

    def __len__(self) -> int:
        return self.end - self.start if self.text is None else len(self.text)


def _cut(pieces: Iterable[_Piece], start: int, end: int) -> Iterator[_Piece]:
    """The pieces that make up bytes `start` to `end`."""
    at = 0
    for piece in pieces:
        first, last = max(start - at, 0), min(end - at, len(piece))
        if first < last:
            if piece.text is None:
                yield _Piece(piece.start + first, piece.start + last)
            else:
                yield _Piece(0, 0, piece.text[first:last])
        at += len(piece)

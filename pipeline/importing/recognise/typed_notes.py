"""Typed notes: digits in the text and a list of notes at the end, made into notes where they match by number."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from pipeline.diagnostics import Words
from pipeline.importing.document import List, NoteCall, Paragraph, Table, paragraphs_in
from pipeline.importing.recognise import codes
from pipeline.importing.recognise.labels import label_of, number
from pipeline.importing.recognise.ledger import LABEL, NOTE_NUMBER, NOTES_HEADING, Ledger
from pipeline.importing.recognise.letters import OBJECT, Letter, Line, Text, text_of

Item = Line | List | Table
"""A block of the manuscript while it is recognised."""

NAMES = re.compile(
    r"(?:參考|参考|本文|(?:參考|引用|徵引)(?:文獻|資料|書目)[與及和、])?(?:註釋|注釋|註解|注解|附註|附注|註|腳註|脚注|尾註|註腳|注释|文末註|引註|參考註釋|Notes?|Endnotes?|Footnotes?)"
    r"(?:Notes?)?[:：]?",
    re.IGNORECASE,
)
"""The heading of a list of notes."""
_ENTRY = re.compile(
    r"(?P<text>[ \u3000]*(?:[\[［﹝〔【(（]?[ \u3000]*(?:[註注]|Note)?[ \u3000]*"
    r"(?P<n>[0-9０-９]{1,3}|[①-⑳]|[¹²³⁰⁴-⁹]{1,3}"
    r"|(?<=[註注])[一二三四五六七八九十]{1,3})"
    r"[ \u3000]*[\]］﹞〕】)）]?[ \t\u3000]*[.．、:：]?)[ \t\u3000]*)(?=[^0-9]|$)"
)
_CALL = re.compile(r"[\[［﹝〔【(（]?[ ]*(?:[註注][ ]*)?(?P<n>[0-9０-９]{1,3}|[①-⑳])[ ]*[\]］﹞〕】)）]?")
_PLAIN_CALL = re.compile(
    r"[\[［﹝〔【][ ]*(?:[註注][ ]*)?(?P<n>[0-9０-９]{1,3})[ ]*[\]］﹞〕】]"
    r"|[（(][註注][ ]*(?P<m>[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})[ ]*[)）]"
    r"|(?P<s>[¹²³⁰⁴-⁹]{1,3})"
)
_ROUND_CALL = re.compile(r"[（(](?P<n>[0-9０-９]{1,3})[)）]")
_REFERENCE = re.compile(r"(?:同(?:前揭)?|前揭|參?見)[註注][ ]?(?P<n>[0-9]{1,3})(?![0-9])")
_SAME_BRACKET = re.compile(r"(?:同|前揭|參?見)[ ]?[\[［﹝〔【][ ]?[0-9０-９]{1,3}[ ]?[\]］﹞〕】]")
_OF_SECTIONS = ("chapter", "part", "capital", "han", "han-bracket")
_LONGEST_HEADING = 45
_LONGEST_CALL = 16
"""Characters of superscript that may be calls: [12], [13]."""
_UNIT = re.compile(r"(?:(?<![A-Za-z])(?:[kcdmµ]?m|ft|in|CO|H|O|R|x|cm|km)|10|[=×^])$")
_END = re.compile(
    r"(?:(?:主要|中文|英文|外文)?(?:參考|引用)(?:文獻|資料|書目)|徵引(?:文獻|書目)|附錄|附件|Bibliography|References)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TypedNotes:
    """The items without the list of notes, the calls in them as things, and each note by the key of its call."""

    items: tuple[Item, ...]
    notes: Mapping[str, tuple[Line, ...]]
    with_calls: Callable[[Text, int], Text] = lambda text, _: text
    """Puts things in the place of the calls in a text of a list or table."""


@dataclass(frozen=True)
class _Entry:
    value: int
    lines: tuple[Line, ...]
    label: str


@dataclass(frozen=True)
class _Called:
    """A list of notes, `items[start:end]` with its heading, and the numbers that the text before it calls."""

    start: int
    end: int
    heading: bool
    entries: list[_Entry]
    calls: set[int]
    round: bool
    """Whether (1) is a call."""
    name: str = "typed"
    """What the keys of the notes begin with."""
    again: bool = False
    """Whether its numbers were used in a part before, so that 同註1 means this list."""

    @property
    def known(self) -> set[int]:
        """The numbers of the notes."""
        return {entry.value for entry in self.entries}


def typed_notes(items: Sequence[Item], ledger: Ledger) -> TypedNotes:
    """Make notes of typed ones; without a list that matches calls in the text nothing changes.

    Numbers that the program of the author generated for paragraphs are text, if those are neither items of lists
    nor headings.
    """
    made = _notes_of(items, ledger)
    return replace(made, items=tuple(_with_numbers(made.items, ledger)))


def _with_numbers(items: Sequence[Item], ledger: Ledger) -> Iterator[Item]:
    """The items; a number that nothing would generate again is written into its paragraph, or the numbered
    paragraphs and what stands indented between them are a list.
    """
    from pipeline.importing.recognise.headings import headings  # noqa: PLC0415 (it reads the items of this module)

    numbered = {at for at, item in enumerate(items) if isinstance(item, Line) and item.paragraph.label.strip()}
    found = headings(items, Ledger(ledger.path, ledger.lang)) if numbered else {}
    numbered -= found.keys()
    at = 0
    while at < len(items):
        item = items[at]
        starts = _list_from(items, at, numbered) if at in numbered else []
        if isinstance(item, Line) and len(starts) > 1:
            what = Words(
                "自動編號的段落隔著別的段落，合成一個條列", "numbered paragraphs with others between are a list"
            )
            ledger.doubt(codes.FLATTENED, item.number, item.words, what=what)
            ends = [*starts[1:], starts[-1] + 1]
            yield List("order", tuple(_blocks(items[n:end]) for n, end in zip(starts, ends, strict=True)))
            at = ends[-1]
            continue
        yield _with_number(item, ledger) if isinstance(item, Line) and at in numbered and item.words else item
        at += 1


def _with_number(line: Line, ledger: Ledger) -> Line:
    """A paragraph with the number that was generated for it as text."""
    label = line.paragraph.label.strip()
    what = Words(
        f"自動編號「{label}」不在條列裡，當作打的字", f"the generated number {label} is in no list: read as typed"
    )
    ledger.doubt(codes.FLATTENED, line.number, line.words, what=what)
    ledger.add(line.number, label, LABEL)
    look = line.text.letters[0].look._replace(anchor=None, href=None, ruby=None, sup=False, sub=False)
    text = Text((*(Letter(char, look) for char in label), *line.text.letters))
    return replace(line, text=text, paragraph=replace(line.paragraph, label=""))


def _list_from(items: Sequence[Item], first: int, numbered: set[int]) -> list[int]:
    """The places of 1. 2. 3. from a numbered paragraph on, between which only lists and indented text stand."""
    starts: list[int] = []
    for at in range(first, len(items)):
        item = items[at]
        if at in numbered and isinstance(item, Line):
            if not re.fullmatch(rf"{len(starts) + 1}[.、．)）]?", item.paragraph.label.strip()):
                break
            starts.append(at)
        elif isinstance(item, Table) or (isinstance(item, Line) and not _is_indented(item)):
            break
    return (
        starts
        if all(
            not isinstance(each, Line) or _is_whole(each)
            for each in items[first : starts[-1] + 1 if starts else first]
        )
        else []
    )


def _is_indented(line: Line) -> bool:
    paragraph = line.paragraph
    by_style = (paragraph.style or "").lower() in ("list paragraph", "list continue", "清單段落")
    return paragraph.outline is None and (by_style or paragraph.left > 0)


def _is_whole(line: Line) -> bool:
    """Whether a line is its paragraph."""
    return line.text.string.replace(OBJECT, "") == line.paragraph.text


def _blocks(items: Sequence[Item]) -> tuple[Paragraph | List | Table, ...]:
    return tuple(item.paragraph if isinstance(item, Line) else item for item in items)


def _notes_of(items: Sequence[Item], ledger: Ledger) -> TypedNotes:
    items = _keyed(items)
    _circled(items, ledger)
    lists = _under_sections(items)
    if lists:
        return _joined([_made(part, called, ledger) for part, called in lists])
    called = _called(items)
    if called is None:
        values = sorted({value for item in items for value in _calls_in(item, None)})
        _uncalled(items, values, ledger)
        return TypedNotes(tuple(items), {})
    return _made(items, called, ledger) if called.calls else TypedNotes(tuple(items), {})


def _circled(items: Sequence[Item], ledger: Ledger) -> None:
    """A doubt about ① behind a sentence and a paragraph right below that begins with it."""
    for above, below in pairwise(items):
        if not isinstance(above, Line) or not isinstance(below, Line):
            continue
        mark = above.words[-1:]
        if re.fullmatch("[①-⑳]", mark) and below.words.startswith(mark) and len(above.words) > 10:
            what = Words(
                f"「{mark}」像註號，下一段像它的註，沒有改成註", f"{mark} looks like a note, and is kept as text"
            )
            ledger.doubt(codes.FLATTENED, above.number, above.words, what=what)


def _keyed(items: Sequence[Item]) -> Sequence[Item]:
    """The items; superscripts that lead from authors to the units below them are marked as such, not as calls."""
    keys: dict[int, str] = {}
    for at, item in enumerate(items[:15]):
        if not isinstance(item, Line) or not item.text.letters[:1] or not item.text.letters[0].look.sup:
            continue
        key = _raised(item)[:1]
        if key and len(item.words) <= 60 and "。" not in item.words and re.fullmatch("[0-9]{1,2}|[a-z]", key[0]):
            keys[at] = key[0]
    first = min(keys, default=0)
    above = items[first - 1] if first else None
    if not isinstance(above, Line) or "。" in above.words:
        return items
    raised = re.findall("[0-9]+|[a-z]", ",".join(_raised(above)))
    if not raised or not set(raised) <= set(keys.values()):
        return items
    return [_with_keys(item) if at in keys or at == first - 1 else item for at, item in enumerate(items)]


def _raised(item: Item) -> list[str]:
    """The superscripts of a line."""
    letters = item.text.letters if isinstance(item, Line) else ()
    pieces = groupby(letters, key=lambda letter: letter.look.sup and letter.thing is None)
    return ["".join(letter.char for letter in piece) for sup, piece in pieces if sup]


def _with_keys(item: Item) -> Item:
    assert isinstance(item, Line)
    letters = [each._replace(look=each.look._replace(key=each.look.sup)) for each in item.text]
    return replace(item, text=Text(tuple(letters)))


def _called(items: Sequence[Item], *, within: bool = False, last: int = 0) -> _Called | None:
    """The list of notes of a text and its calls; `within` the text other sections follow, `last` is the number
    of the last note before it."""
    start, end = _extent(items, within=within)
    if start is None:
        return None
    heading = isinstance(items[start], Line) and NAMES.fullmatch(_bare(items[start])) is not None
    entries = _entries(items[start + heading : end], last)
    body = [*items[:start], *items[end:]]
    known = {entry.value for entry in entries}
    calls = {value for item in body for value in _calls_in(item, known)} & known
    is_round = heading and not calls and len(known) > 2 and _calls_in_brackets(body) == sorted(known)
    calls = known if is_round else calls
    return _Called(start, end, heading, entries, calls, is_round)


def _calls_in_brackets(items: Sequence[Item]) -> list[int]:
    """The numbers in round brackets within sentences, in their order."""
    texts = [item.text.string for item in items if isinstance(item, Line)]
    return [number(found["n"]) or 0 for text in texts for found in _ROUND_CALL.finditer(text) if found.start()]


def _under_sections(items: Sequence[Item]) -> list[tuple[Sequence[Item], _Called]]:
    """The parts of a text that have lists of notes of their own, where each list is called in its part."""
    named = [at for at, item in enumerate(items) if NAMES.fullmatch(_bare(item)) and at + 1 < len(items)]
    parts: list[tuple[Sequence[Item], _Called]] = []
    begin, last = 0, 0
    for place, at in enumerate(named if len(named) > 1 else ()):
        end = at + 1
        while end < len(items) and not _ends(items[end], within=True):
            end += 1
        part = items[begin : end if place + 1 < len(named) else len(items)]
        called = _called(part, within=True) or _called(part, within=True, last=last)
        if called is not None and last and not called.calls:
            called = _called(part, within=True, last=last)
        if called is None or not called.calls or called.calls != called.known:
            return []
        used = {value for _, before in parts for value in before.known}
        again = bool(used & called.known)
        parts.append((part, replace(called, name=f"typed-{place + 1}", again=again)))
        begin, last = end, max(called.known)
    return parts


def _joined(parts: Sequence[TypedNotes]) -> TypedNotes:
    """Typed notes of parts that follow one another."""
    last = [max((_last_number(item) for item in part.items), default=0) for part in parts]

    def with_calls(text: Text, number_of_paragraph: int) -> Text:
        part = next((part for part, end in zip(parts, last, strict=True) if number_of_paragraph <= end), parts[-1])
        return part.with_calls(text, number_of_paragraph)

    items = tuple(item for part in parts for item in part.items)
    return TypedNotes(items, {key: lines for part in parts for key, lines in part.notes.items()}, with_calls)


def _last_number(item: Item) -> int:
    numbers = [item.number] if isinstance(item, Line) else [each.number for each in paragraphs_in((item,))]
    return max(numbers, default=0)


def _made(items: Sequence[Item], called: _Called, ledger: Ledger) -> TypedNotes:
    start, end, heading, entries, calls = called.start, called.end, called.heading, called.entries, called.calls
    notes: dict[str, tuple[Line, ...]] = {}
    left: list[Item] = []
    for entry in entries:
        first = entry.lines[0]
        key = f"{called.name}-{entry.value}"
        if entry.value in calls and key not in notes:
            label = Text(first.text.letters[: len(entry.label)])
            ledger.drop(first.number, label.words, NOTE_NUMBER)
            notes[key] = (replace(first, text=first.text[len(entry.label) :]), *entry.lines[1:])
            continue
        if key in notes:
            ledger.doubt(codes.NOTE_NAMED_TWICE, first.number, first.words, note=entry.value)
        else:
            ledger.doubt(codes.ENTRY_WITHOUT_CALL, first.number, first.words, note=entry.value)
        left += entry.lines

    def with_calls(text: Text, number_of_paragraph: int) -> Text:
        return _with_calls(text, number_of_paragraph, called, ledger)

    if called.again:
        notes = {key: tuple(_pointed(line, called) for line in lines) for key, lines in notes.items()}
    replaced = [_changed(item, with_calls) if not start <= at < end else item for at, item in enumerate(items)]
    kept: list[Item] = [*replaced[:start], *replaced[end:]]
    title = items[start]
    if left:
        stays = heading and isinstance(title, Line) and (title.paragraph.outline is not None or title.bold())
        kept = [*replaced[:start], *((title,) if stays else ()), *left, *replaced[end:]]
        heading = heading and not stays
    if heading and isinstance(title, Line):
        ledger.drop(title.number, title.text.words, NOTES_HEADING)
    first_line = next((entry.lines[0] for entry in entries), None)
    if first_line is not None:
        ledger.doubt(codes.NOTES_TYPED, first_line.number, first_line.words, count=len(notes))
    ledger.counts["typed notes"] += len(notes)
    for line in (line for lines in notes.values() for line in lines):
        for found in _SAME_BRACKET.finditer(line.text.string):
            reason = Words("不是「同註1」的寫法", "it is not written as a reference to a note")
            ledger.doubt(codes.REFERENCE_UNSURE, line.number, line.words, typed=found[0], reason=reason)
    return TypedNotes(tuple(kept), notes, with_calls)


def _pointed(line: Line, called: _Called) -> Line:
    """A line of a note in which 同註1 leads to the note 1 of its own part."""
    letters = list(line.text.letters)
    for found in _REFERENCE.finditer(line.text.string):
        if int(found["n"]) in called.calls:
            key = f"{called.name}-{int(found['n'])}"
            for at in range(*found.span()):
                letters[at] = letters[at]._replace(look=letters[at].look._replace(anchor=key))
    return replace(line, text=Text(tuple(letters)))


def _bare(line: Item) -> str:
    """The words of a heading without its label."""
    if not isinstance(line, Line):
        return ""
    words = line.words
    label = label_of(words)
    return (words[len(label.text) :] if label else words).strip(" \u3000─-—【】")


def _extent(items: Sequence[Item], *, within: bool = False) -> tuple[int | None, int]:
    """Where the list of notes begins, with its heading, and ends; None where there is none."""
    for at in range(len(items) - 1, -1, -1):
        if NAMES.fullmatch(_bare(items[at])) and at + 1 < len(items):
            end = at + 1
            while end < len(items) and not _ends(items[end], within=within):
                end += 1
            return at, end
    end = len(items)
    numbered = [(at, value) for at in range(end) if (value := _number_of(items[at])) is not None]
    best: int | None = None
    for at, value in reversed(numbered):
        if value == 1:
            best = at
            break
    if best is None or not _in_order(items[best:end]) or best == 0:
        return None, 0
    return best, end


def _in_order(items: Sequence[Item]) -> bool:
    """Whether paragraphs are numbered 1, 2, 3 … nearly without others between."""
    values = [_number_of(item) for item in items]
    found = [value for value in values if value is not None]
    return len(found) >= 2 and found == list(range(1, len(found) + 1)) and len(found) * 2 > len(values)


def _ends(item: Item, *, within: bool = False) -> bool:
    """Whether an item begins what follows a list of notes; `within` the text that may be a labelled heading."""
    if not isinstance(item, Line):
        return isinstance(item, Table)
    label = label_of(item.text.string) if within and len(item.words) <= _LONGEST_HEADING else None
    if label is not None and label.kind in _OF_SECTIONS and not re.search("[。；]", item.words):
        return True
    return item.paragraph.outline is not None or bool(_END.match(_bare(item)) and len(item.words) < 20)


def _number_of(item: Item) -> int | None:
    """The number of an entry of a list of notes that has no heading: superscript, [1] or 註1."""
    if not isinstance(item, Line):
        return None
    found = _ENTRY.match(item.text.string)
    if not found or not (
        found["text"].strip(" \u3000\t.．、:：").strip() and len(item.words) > len(found["text"])
    ):
        return None
    first = item.text.letters[found.start("n")]
    marked = first.look.sup or re.match(r"\s*[\[［﹝〔【¹²³⁰⁴-⁹]|\s*[註注]", found["text"])
    return number(_plain_digits(found["n"])) if marked else None


def _plain_digits(digits: str) -> str:
    return digits.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))


def _entries(items: Sequence[Item], last: int = 0) -> list[_Entry]:
    """The entries of a list of notes; a paragraph without a number goes on with the note before it."""
    entries: list[_Entry] = []
    for item in items:
        if isinstance(item, List):
            for value, blocks in enumerate(item.items, start=last + len(entries) + 1):
                lines = tuple(Line(each, text_of(each.inlines)) for each in paragraphs_in(blocks))
                if lines:
                    entries.append(_Entry(value, lines, ""))
            continue
        if not isinstance(item, Line):
            continue
        found = _ENTRY.match(item.text.string)
        counted = number(_plain_digits(found["n"])) if found else None
        generated = label_of(item.paragraph.label + " ") if item.paragraph.label else None
        if generated is not None:
            entries.append(_Entry(generated.value, (item,), ""))
        elif found and counted and _is_entry(item, found, counted, entries, last):
            entries.append(_Entry(counted, (item,), found["text"]))
        elif entries:
            entries[-1] = replace(entries[-1], lines=(*entries[-1].lines, item))
        else:
            entries.append(_Entry(0, (item,), ""))
    return entries


def _is_entry(line: Line, found: re.Match[str], value: int, before: list[_Entry], start: int) -> bool:
    """Whether a paragraph that begins with a number begins a note: it goes on counting, and is no year or date."""
    last = max((entry.value for entry in before), default=start)
    rest = line.text.string[found.end() :]
    marked = line.text.letters[found.start("n")].look.sup or not re.fullmatch(r"[0-9０-９]+", found["text"])
    if re.match("[年月日%％]", rest) and not marked:
        return False
    return ((marked or value == last + 1) and last < value <= last + 5) or value == last


# Calls


def _calls_in(item: Item, known: set[int] | None, in_round: bool = False) -> Iterator[int]:
    """The numbers of the calls in an item."""
    texts = [item.text] if isinstance(item, Line) else [text_of(each.inlines) for each in paragraphs_in((item,))]
    for text in texts:
        for _, _, value in calls(text, known, in_round):
            yield value


def calls(text: Text, known: set[int] | None, in_round: bool = False) -> Iterator[tuple[int, int, int]]:
    """Typed calls in a text: start, end, number. Plain ones only of notes that are `known`, (1) if `in_round`."""
    string = text.string
    at = 0
    while at < len(string):
        if text.letters[at].look.key:
            at += 1
            continue
        if text.letters[at].look.sup and text.letters[at].thing is None:
            end = at
            while end < len(string) and text.letters[end].look.sup and text.letters[end].thing is None:
                end += 1
            if not _UNIT.search(string[max(0, at - 8) : at]):
                yield from _in_superscript(string[at:end], at, known)
            at = end
            continue
        found = _plain_call(string, at, in_round) if known else None
        if found and not any(letter.look.href for letter in text.letters[at : found.end()]):
            typed = next(filter(None, found.groups()), "")
            raised = typed[0] in "¹²³⁰⁴⁵⁶⁷⁸⁹"
            value = number(_plain_digits(typed))
            if value in (known or ()) and not (raised and _UNIT.search(string[max(0, at - 8) : at])) and at:
                yield at, found.end(), value or 0
                at = found.end()
                continue
        at += 1


def _plain_call(string: str, at: int, in_round: bool) -> re.Match[str] | None:
    return _PLAIN_CALL.match(string, at) or (_ROUND_CALL.match(string, at) if in_round else None)


def _in_superscript(typed: str, offset: int, known: set[int] | None) -> Iterator[tuple[int, int, int]]:
    if (span := re.fullmatch(r"([0-9]{1,3})[-–—~～]([0-9]{1,3})", typed)) and known:
        values = range(int(span[1]), int(span[2]) + 1)
        if 1 < len(values) < 9 and known.issuperset(values):
            middle = (offset + span.end(1), offset + span.end(1))
            places = [
                (offset, middle[0]),
                *[middle] * (len(values) - 2),
                (offset + span.start(2), offset + span.end()),
            ]
            for (start, end), called in zip(places, values, strict=True):
                yield start, end, called
            return
    if len(typed) <= _LONGEST_CALL and re.fullmatch(
        r"[\s,，、;；.]*(?:[\[［﹝〔【(（]?\s*(?:[註注]\s*)?(?:[0-9０-９]{1,3}|[①-⑳])\s*[\]］﹞〕】)）]?[\s,，、;；.]*)+",
        typed,
    ):
        for found in _CALL.finditer(typed):
            value = number(found["n"])
            cut = _cut(found[0], known) if value not in (known or ()) else 0
            if cut:
                yield offset + found.start(), offset + found.start() + cut, int(found[0][:cut])
                yield offset + found.start() + cut, offset + found.end(), int(found[0][cut:])
            elif value:
                yield offset + found.start(), offset + found.end(), value


def _cut(typed: str, known: set[int] | None) -> int:
    """Where two calls that stand side by side meet, as in 56 for 5 and 6; 0 where it is one number."""
    cuts = [at for at in range(1, len(typed)) if typed.isdecimal() and typed[at] != "0"]
    pairs = [(at, int(typed[:at]), int(typed[at:])) for at in cuts]
    return next((at for at, one, two in pairs if known and {one, two} <= known and two == one + 1), 0)


def _with_calls(text: Text, paragraph: int, called: _Called, ledger: Ledger) -> Text:
    """A text whose typed calls are things."""
    letters: list[Letter] = []
    done = 0
    for start, end, value in calls(text, called.known, called.round):
        gap = text[done:start]
        if gap.string and re.fullmatch(r"[\s,，、;；.]+|[-–—~～]", gap.string) and gap.share("sup") > 0.95:
            ledger.drop(paragraph, gap.string, NOTE_NUMBER)
        else:
            letters += gap.letters
        typed = text.string[start:end]
        done = end
        if value in called.calls:
            ledger.drop(paragraph, typed, NOTE_NUMBER)
            letters.append(Letter(OBJECT, thing=NoteCall(f"{called.name}-{value}")))
        else:
            ledger.doubt(codes.CALL_WITHOUT_ENTRY, paragraph, text.words, note=value, typed=typed)
            letters += text.letters[start:end]
    return Text((*letters, *text.letters[done:]))


def _changed(item: Item, change: Callable[[Text, int], Text]) -> Item:
    return replace(item, text=change(item.text, item.number)) if isinstance(item, Line) else item


def _uncalled(items: Sequence[Item], called: list[int], ledger: Ledger) -> None:
    """A doubt about superscript digits that count 1, 2, 3 … and have no list of notes."""
    if len(called) < 2 or called[:2] != [1, 2]:
        return
    for item in items:
        if isinstance(item, Line):
            for start, end, value in calls(item.text, None):
                typed = item.text.string[start:end]
                ledger.doubt(codes.CALL_WITHOUT_ENTRY, item.number, item.words, note=value, typed=typed)

"""The numbers that Word shows at the calls of notes (ECMA-376 part 1, 17.11 Footnotes and endnotes)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.importing.document import Shown
from pipeline.importing.gate.package import Element, whole
from pipeline.importing.reading.word.styles import W, value

_KINDS = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
_REMOVED = (f"{W}del", f"{W}moveFrom")


@dataclass(frozen=True, slots=True)
class _Rule:
    """How the notes of a section are counted; `start` is the first number, 0 where it is not said."""

    restart: str = ""
    start: int = 0


def has_own_mark(call: Element) -> bool:
    """Whether a mark of the author's own stands in the place of the number."""
    return call.get(f"{W}customMarkFollows", "0").lower() in ("1", "true", "on")


def shown_numbers(body: Element, settings: Element | None) -> Mapping[str, Shown]:
    """What Word shows at the first call of each note, by the key of the note."""
    found: dict[str, Shown] = {}
    general = {kind: _rule(settings, kind, _Rule()) for kind in _KINDS.values()}
    first: dict[str, int] = {}
    counts = dict.fromkeys(_KINDS.values(), 0)
    sure = dict.fromkeys(_KINDS.values(), True)
    for place, (calls, section) in enumerate(_sections(body)):
        rules = {kind: _rule(section, kind, rule) for kind, rule in general.items()}
        for kind, rule in rules.items():
            begins = max(rule.start, 1)
            if rule.restart in ("eachSect", "eachPage") or place == 0:
                counts[kind] = begins - 1
            elif begins != first[kind]:  # Word goes on counting or begins with it: the file doesn't tell
                sure[kind] = False
            first.setdefault(kind, begins)
            sure[kind] = sure[kind] and rule.restart != "eachPage"
        for call in calls:
            kind = _KINDS[str(call.tag)]
            series = f"{kind} {place}" if rules[kind].restart == "eachSect" else kind
            own = has_own_mark(call)
            counts[kind] += not own
            shown = Shown(series, None if own else counts[kind], sure[kind])
            found.setdefault(f"{kind}-{call.get(f'{W}id', '')}", shown)
    return found


def _sections(body: Element) -> Iterator[tuple[list[Element], Element | None]]:
    """The calls of each section, with its properties, which stand in its last paragraph, before the text of it."""
    calls: list[Element] = []
    last: Element | None = None
    for each in body.iter(*_KINDS, f"{W}sectPr"):
        if last is not None and not _is_beside(each, last):
            yield calls, last
            calls, last = [], None
        if each.tag != f"{W}sectPr":
            if next(each.iterancestors(*_REMOVED), None) is None:
                calls.append(each)
        elif next(each.iterancestors(f"{W}sectPrChange"), None) is None:
            last = each
    if calls or last is not None:
        yield calls, last


def _is_beside(each: Element, properties: Element) -> bool:
    """Whether something stands in the paragraph that has the properties of a section."""
    holder = next(properties.iterancestors(f"{W}p"), None)
    return holder is not None and any(around is holder for around in each.iterancestors(f"{W}p"))


def _rule(holder: Element | None, kind: str, otherwise: _Rule) -> _Rule:
    said = holder.find(f"{W}{kind}Pr") if holder is not None else None
    if said is None:
        return otherwise
    restart, start = value(said, "numRestart"), value(said, "numStart")
    return _Rule(restart or otherwise.restart, whole(start, 0) if start else otherwise.start)

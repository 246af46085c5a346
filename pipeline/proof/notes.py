"""Notes: those added and removed, and calls that stand elsewhere, are new, gone, or lead to another note."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.diagnostics import Words
from pipeline.proof.change import Change, Spot
from pipeline.proof.compared import (
    LAST,
    Compared,
    call_spot,
    every_block,
    note_of,
    place_of,
    row_of_atoms,
    spot_of,
    whole,
    words_before,
)
from pipeline.proof.pairs import Pair
from pipeline.proof.text import Block, BriefText, Call, Note, words_around
from pipeline.proof.where import block_in_words, note_in_words

_AROUND = 6
"""How many characters around a call say where it stands."""

Placed = tuple[Block, Call]


@dataclass
class _Calls:
    """The calls of notes that are in both copies, as far as they have no partner."""

    gone: list[tuple[Pair, Placed]]
    come: list[Placed]


def notes(both: Compared) -> Iterator[Change]:
    """All that has become of notes and their calls; not the words of a note, nor its number."""
    olds = {both.old.name(note.element): note for note in both.old.notes}
    news = {both.new.name(note.element): note for note in both.new.notes}
    old_calls, calls = _calls(both.old), _calls(both.new)
    for name, note in news.items():
        if name not in olds:
            yield _added(both, note, calls.get(name, ()))
    for name, note in olds.items():
        if name not in news:
            yield _removed(both, note, old_calls.get(name, ()))
    left = _Calls([], [])
    for name in news:
        if name in olds:
            yield from _moved(both, old_calls.get(name, ()), calls.get(name, ()), left)
    yield from _others(both, left)


def _calls(brief: BriefText) -> dict[str, list[Placed]]:
    """The calls of each note with the blocks they stand in, by the name of the note."""
    found: dict[str, list[Placed]] = {}
    for block in every_block(brief):
        for call in block.calls:
            found.setdefault(call.note, []).append((block, call))
    return found


# Notes


def _added(both: Compared, note: Note, calls: Sequence[Placed]) -> Change:
    """A new note, at its call and at the foot of the page."""
    spots = [call_spot(block, call) for block, call in calls]
    return Change(
        "note-added",
        note_in_words(note),
        "",
        note.text,
        note.brief.source.place(note.element),
        note=note.label,
        head=words_before(calls),
        spots=(*spots, *whole(note.blocks)),
        old_spots=_before_call(both, calls),
        order=(*both.at(calls[0][0]), calls[0][1].at) if calls else both.at(note.blocks[0]),
    )


def _before_call(both: Compared, calls: Sequence[Placed]) -> tuple[Spot, ...]:
    """The place in the old copy where the first of some new calls would stand."""
    pair = both.known.get(calls[0][0]) if calls else None
    if pair is None:
        return ()
    at = both.carried_back(pair, _at(pair, *calls[0]))
    return (spot_of(row_of_atoms(pair.olds), at, at, pair.olds[0]),)


def _removed(both: Compared, note: Note, calls: Sequence[Placed]) -> Change:
    """A note that is gone, where its call stood."""
    spots: tuple[Spot, ...] = ()
    order: tuple[int, ...] = (LAST,)
    block = calls[0][0] if calls else None
    pair = both.stayed.get(block) if block is not None else None
    if pair is not None:
        low, _ = both.carried(pair, calls[0][0], calls[0][1].at)
        spots = (spot_of(row_of_atoms(pair.news), low, low, pair.news[0]),)
        order = (*both.at(pair.news[0]), low)
    elif block is not None:
        spots, near, _ = both.beside(block, both.old.parts.get(block.part, (block,)))
        order = (*both.at(near), LAST) if near is not None else order
    return Change(
        "note-removed",
        note_in_words(note),
        note.text,
        "",
        place_of(spots[0]) if spots else None,
        note.brief.source.place(note.element),
        head=words_before(calls),
        note=note.label,
        spots=spots,
        old_spots=whole(note.blocks),
        order=order,
    )


# Calls


def _moved(both: Compared, olds: Sequence[Placed], news: Sequence[Placed], left: _Calls) -> Iterator[Change]:
    """The calls of one note that stand elsewhere; those without a partner are left for `_others`."""
    come = list(news)
    gone: list[tuple[Pair | None, Placed]] = []
    for block, call in olds:
        pair = both.stayed.get(block)
        low, high = both.carried(pair, block, call.at) if pair is not None else (1, 0)
        same = (each for each in come if pair and each[0] in pair.news and low <= _at(pair, *each) <= high)
        found = next(same, None)
        if found is not None:
            come.remove(found)
        else:
            gone.append((pair, (block, call)))
    for (_, before), now in zip(gone, come, strict=False):
        yield _call_changed(both, "note-moved", before, now)
    left.gone += [(pair, placed) for pair, placed in gone[len(come) :] if pair is not None]
    left.come += [placed for placed in come[len(gone) :] if placed[0] in both.known]


def _others(both: Compared, left: _Calls) -> Iterator[Change]:
    """Calls that are new, gone, or lead to another note than before."""
    come = list(left.come)
    for pair, before in left.gone:
        low, high = both.carried(pair, before[0], before[1].at)
        now = next((each for each in come if each[0] in pair.news and low <= _at(pair, *each) <= high), None)
        if now is not None:
            come.remove(now)
            yield _call_changed(both, "replaced", before, now)
        else:
            yield _call_gone(both, pair, before, low)
    for now in come:
        yield _call_come(both, now)


def _call_changed(both: Compared, kind: str, before: Placed, now: Placed) -> Change:
    """A call that stands elsewhere, or leads elsewhere."""
    (block, call), spot = now, call_spot(*now)
    moved = kind == "note-moved"
    around = [_around(*each) if moved else ("", f"［{each[1].label}］", "") for each in (before, now)]
    heads = [_around(*each) for each in (before, now)]
    zh, en = ("的註號", "the call of note {}") if moved else ("的註號，原為註{}", "the call of note {}, was {}")
    return Change(
        kind,
        block_in_words(block),
        "".join(around[0]),
        "".join(around[1]),
        place_of(spot),
        place_of(call_spot(*before)),
        "",
        "",
        *(("", "", "", "") if moved else (heads[1][0], heads[1][2], heads[0][0], heads[0][2])),
        note=note_of(block),
        spots=(spot,),
        old_spots=(call_spot(*before),),
        said=Words(f"註{call.label}{zh.format(before[1].label)}", en.format(call.label, before[1].label)),
        order=(*both.at(block), call.at),
    )


def _call_gone(both: Compared, pair: Pair, before: Placed, at: int) -> Change:
    """A note that is not called again where it was."""
    row = row_of_atoms(pair.news)
    spot, old_spot = spot_of(row, at, at, pair.news[0]), call_spot(*before)
    head, label, tail = _around(*before)
    return Change(
        "deleted",
        block_in_words(spot.block),
        label,
        "",
        place_of(spot),
        place_of(old_spot),
        "",
        "",
        head,
        tail,
        head,
        tail,
        note=note_of(spot.block),
        spots=(spot,),
        old_spots=(old_spot,),
        said=_again(before[1]),
        order=(*both.at(spot.block), at),
    )


def _call_come(both: Compared, now: Placed) -> Change:
    """A note that is called again where it was not."""
    block, call = now
    head, label, tail = _around(block, call)
    spot = call_spot(block, call)
    return Change(
        "inserted",
        block_in_words(block),
        "",
        label,
        place_of(spot),
        None,
        "",
        "",
        head,
        tail,
        head,
        tail,
        note=note_of(block),
        spots=(spot,),
        old_spots=_before_call(both, [now]),
        said=_again(call),
        order=(*both.at(block), call.at),
    )


def _again(call: Call) -> Words:
    return Words(f"註{call.label}的註號", f"the call of note {call.label}")


def _around(block: Block, call: Call) -> tuple[str, str, str]:
    """A call and the words around it: 的版心, ［5］, ，是以."""
    head, tail = words_around(block.atoms, call.at, call.at, _AROUND)
    return head, f"［{call.label}］", tail


def _at(pair: Pair, block: Block, call: Call) -> int:
    """The place of a call in the row of atoms of its pair."""
    return call.at + sum(len(each.atoms) + 1 for each in pair.news[: pair.news.index(block)])

"""Texts: what has become of the paragraphs of a brief and of its notes: words, places, kinds, formatting."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from lxml import etree

from pipeline.diagnostics import Words
from pipeline.proof.change import Change, Spot
from pipeline.proof.compared import (
    LAST,
    Compared,
    Part,
    end_of,
    equal,
    note_of,
    place_of,
    row_of_atoms,
    spot_of,
    whole,
)
from pipeline.proof.difference import Step
from pipeline.proof.pairs import Pair, out_of_order
from pipeline.proof.text import PARAGRAPH, Atom, Block, shown, words_around
from pipeline.proof.where import (
    block_in_words,
    float_in_words,
    float_of,
    format_in_words,
    list_in_words,
    role_in_words,
    row_in_words,
    section_in_words,
)

Element = etree._Element

_GAP = "｜"
"""What stands between the cells of a row, and the pieces of a figure, in one change."""


_OF_FLOAT = 0.1
"""What a piece of a figure or table weighs beside a paragraph: where both could have moved, it has."""


def texts(both: Compared) -> Iterator[Change]:
    """What is different in every part and note."""
    for part in both.parts:
        yield from _part(both, part)


def _part(both: Compared, part: Part) -> Iterator[Change]:
    olds, news, pairs = part.olds, part.news, part.paired.pairs
    weights = [_OF_FLOAT if float_of(pair.news[0]) is not None else 1.0 for pair in pairs]
    shuffled = out_of_order([olds.index(pair.olds[0]) for pair in pairs], weights)
    for together in _together(pairs, shuffled, olds, news):
        yield _moved(both, together)
    for pair in pairs:
        yield from _pair(both, pair)
    yield from _lists(both, pairs)
    for group in _groups(part.paired.added, news):
        yield _added(both, group, news)
    for group in _groups(part.paired.removed, olds):
        yield _removed(both, group, olds)


# Whole blocks


def _groups(blocks: Sequence[Block], around: Sequence[Block]) -> Iterator[list[Block]]:
    """Blocks that are one change: those of a figure or table, the cells of a row; what is printed comes first."""
    whole_floats = {
        owner
        for owner, of_float in groupby(around, float_of)
        if owner is not None and set(of_float) <= set(blocks)
    }

    def key(block: Block) -> object:
        owner = float_of(block)
        return owner if owner in whole_floats else _row(block) or block

    for _, group in groupby(blocks, key):
        found = sorted(group, key=_is_alternative)
        if any(block.text for block in found):
            yield found


def _is_alternative(block: Block) -> bool:
    return block.role.endswith("alternative text")


def _row(block: Block) -> tuple[object, str] | None:
    """The row of a table that a cell stands in."""
    kind, _, number = block.role.rpartition("/")[2].rpartition(" ")
    node = block.passage.node
    return (
        (node.getparent(), number.partition(".")[0]) if kind in ("cell", "heading") and node is not None else None
    )


def _text(blocks: Sequence[Block]) -> str:
    """What blocks that are one change say; the words that stand for a picture only where there are no others."""
    printed = [block for block in blocks if not _is_alternative(block)]
    return _GAP.join(block.text for block in printed or blocks)


def _in_words(blocks: Sequence[Block]) -> Words:
    if len(blocks) == 1:
        return block_in_words(blocks[0])
    return row_in_words(blocks[0]) if _row(blocks[0]) is not None else float_in_words(blocks[0])


def _added(both: Compared, blocks: Sequence[Block], around: Sequence[Block]) -> Change:
    """A new block, or what is new with it; `around` are all blocks of the part."""
    first = blocks[0]
    index = min(around.index(block) for block in blocks)
    before = next((both.known[b].olds[-1] for b in reversed(around[:index]) if b in both.known), None)
    return Change(
        "added",
        _in_words(blocks),
        "",
        _text(blocks),
        first.place(),
        note=note_of(first),
        spots=whole(blocks),
        old_spots=(end_of(before),) if before is not None else (),
        order=both.at(first),
    )


def _removed(both: Compared, blocks: Sequence[Block], around: Sequence[Block]) -> Change:
    """A block that is gone; it is shown behind the block before it, where that has stayed."""
    first = blocks[0]
    spots, near, is_before = both.beside(first, around)
    return Change(
        "removed",
        _in_words(blocks),
        _text(blocks),
        "",
        near.place(max(len(near.passage.text) - 1, 0) if is_before else 0) if near is not None else None,
        first.place(),
        note=note_of(first),
        spots=spots,
        old_spots=whole(blocks),
        order=(*both.at(near), LAST) if near is not None else (LAST,),
    )


def _together(
    pairs: Sequence[Pair], shuffled: set[int], olds: Sequence[Block], news: Sequence[Block]
) -> Iterator[list[Pair]]:
    """The pairs that have moved (by their index), those that stay side by side together."""
    group: list[Pair] = []
    for index, pair in enumerate(pairs):
        follows = (
            bool(group)
            and olds.index(pair.olds[0]) == olds.index(group[-1].olds[-1]) + 1
            and news.index(pair.news[0]) == news.index(group[-1].news[-1]) + 1
        )
        if group and not (index in shuffled and follows):
            yield group
            group = []
        if index in shuffled:
            group.append(pair)
    if group:
        yield group


def _moved(both: Compared, pairs: Sequence[Pair]) -> Change:
    """Blocks that stand elsewhere, one behind the other as they did."""
    pairs = sorted(pairs, key=lambda pair: _is_alternative(pair.news[0]))
    new, old = pairs[0].news[0], pairs[0].olds[0]
    blocks = [block for pair in pairs for block in pair.news if not _is_alternative(block)] or [new]
    is_float = float_of(new) is not None and not _row(new)
    was = section_in_words(old) if is_float else block_in_words(old)
    several = len(blocks) > 1 and not is_float
    more = Words(f"，共{len(blocks)}段", f", {len(blocks)} paragraphs") if several else Words("", "")
    return Change(
        "moved",
        float_in_words(new) if is_float else block_in_words(new),
        "",
        "　".join(block.text for block in blocks),
        new.place(),
        old.place(),
        note=note_of(new),
        spots=whole(blocks),
        old_spots=whole(block for pair in pairs for block in pair.olds if not _is_alternative(block)),
        said=Words(f"原在{was.zh}{more.zh}", f"was at {was.en}{more.en}"),
        order=both.at(new),
    )


# Inside a block


def _pair(both: Compared, pair: Pair) -> Iterator[Change]:
    """What is different in two blocks that are one."""
    old, new = row_of_atoms(pair.olds), row_of_atoms(pair.news)
    steps = both.steps_of(pair)
    for step in steps:
        yield _stretch(both, old, new, step, pair)
    yield from _following(both, old, new, steps)
    yield from _formats(both, old, new, steps)
    if role_in_words(pair.olds[0].role) != role_in_words(pair.news[0].role):
        yield _role(both, pair.olds[0], pair.news[0])


def _stretch(both: Compared, old: Sequence[Atom], new: Sequence[Atom], step: Step, pair: Pair) -> Change:
    """One stretch that has become another."""
    before, after = old[step.i : step.i_end], new[step.j : step.j_end]
    kind = "replaced" if before and after else "inserted" if after else "deleted"
    if not before and {atom.key for atom in after} == {PARAGRAPH}:
        kind = "parted"
    elif not after and {atom.key for atom in before} == {PARAGRAPH}:
        kind = "joined"
    return _between(
        both,
        kind,
        (old, step.i, step.i_end, pair.olds[0]),
        (new, step.j, step.j_end, pair.news[0]),
    )


_Stretch = tuple[Sequence[Atom], int, int, Block]
"""A row of atoms, a stretch of it, and a block of the row."""


def _between(both: Compared, kind: str, old: _Stretch, new: _Stretch, said: Words | None = None) -> Change:
    """The change of a stretch of the old text into one of the new."""
    spot, old_spot = spot_of(*new), spot_of(*old)
    (old_row, i, i_end, _), (new_row, j, j_end, _) = old, new
    return Change(
        kind,
        block_in_words(spot.block),
        shown(old_row[i:i_end]),
        shown(new_row[j:j_end]),
        place_of(spot),
        place_of(old_spot),
        "",
        "",
        *words_around(new_row, j, j_end),
        *words_around(old_row, i, i_end),
        note=note_of(spot.block),
        spots=(spot,),
        old_spots=(old_spot,),
        said=said,
        order=(*both.at(spot.block), j),
    )


def _following(
    both: Compared, old: Sequence[Atom], new: Sequence[Atom], steps: Sequence[Step]
) -> Iterator[Change]:
    """References that lead to the same, whose words have changed."""
    for i, j in equal(steps, len(old)):
        if new[j].refers and old[i].shown != new[j].shown:
            yield _between(both, "reference", (old, i, i + 1, old[i].block), (new, j, j + 1, new[j].block))


def _formats(both: Compared, old: Sequence[Atom], new: Sequence[Atom], steps: Sequence[Step]) -> Iterator[Change]:
    """Stretches whose words are the same and whose formatting isn't; run by run."""
    run: list[tuple[int, int]] = []
    for i, j in (*equal(steps, len(old)), (-1, -1)):
        other = i >= 0 and old[i].formats != new[j].formats
        follows = bool(run) and other and (i, j) == (run[-1][0] + 1, run[-1][1] + 1)
        same = follows and (old[i].formats, new[j].formats) == (
            old[run[-1][0]].formats,
            new[run[-1][1]].formats,
        )
        if run and not same:
            yield from _format(both, old, new, run, steps)
            run = []
        if other:
            run.append((i, j))


def _format(
    both: Compared,
    old: Sequence[Atom],
    new: Sequence[Atom],
    run: Sequence[tuple[int, int]],
    steps: Sequence[Step],
) -> Iterator[Change]:
    """One run of atoms (old and new index) with other formatting."""
    (i, j), (i_end, j_end) = run[0], (run[-1][0] + 1, run[-1][1] + 1)
    lost, won = old[i].formats - new[j].formats, new[j].formats - old[i].formats
    if any(step.j_end == j or step.j == j_end for step in steps) and _links_only(lost | won):
        return  # an address that was changed leads elsewhere too
    said = format_in_words(lost, won)
    yield _between(both, "format", (old, i, i_end, old[i].block), (new, j, j_end, new[j].block), said)


def _links_only(formats: Iterable[tuple[str, str]]) -> bool:
    return all(kind == "link" for kind, _ in formats)


# Kinds of blocks


def _role(both: Compared, old: Block, new: Block) -> Change:
    """A block that is of another kind: a paragraph that was a quotation."""
    one, other = role_in_words(old.role), role_in_words(new.role)
    return _other_look(both, old, new, Words(f"{one.zh}→{other.zh}", f"{one.en} → {other.en}"))


def _lists(both: Compared, pairs: Sequence[Pair]) -> Iterator[Change]:
    """Lists whose items have other marks: numbers that were bullets."""
    told: set[Element] = set()
    for pair in pairs:
        old, new = _list(pair.olds[0]), _list(pair.news[0])
        if old is None or new is None or new in told or old.get("list-type") == new.get("list-type"):
            continue
        told.add(new)
        one, other = (list_in_words(each.get("list-type", "bullet")) for each in (old, new))
        said = Words(f"項目符號：{one.zh}→{other.zh}", f"marks of the items: {one.en} → {other.en}")
        yield _other_look(both, pair.olds[0], pair.news[0], said)


def _list(block: Block) -> Element | None:
    """The list that a paragraph is an item of."""
    node = block.passage.node
    item = node.getparent() if node is not None else None
    return item.getparent() if item is not None and item.tag == "list-item" else None


def _other_look(both: Compared, old: Block, new: Block, said: Words) -> Change:
    return Change(
        "format",
        block_in_words(new),
        old.text,
        new.text,
        new.place(),
        old.place(),
        note=note_of(new),
        spots=(Spot(new, new.atoms, whole=True),),
        said=said,
        order=both.at(new),
    )

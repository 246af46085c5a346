"""Pairs: which block, note or brief of an earlier copy has become which of the new one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TypeVar

from lxml import etree

from pipeline.proof.text import Block, BriefText

Element = etree._Element
T = TypeVar("T")

_ALIKE = 0.35
"""How much two texts in the same place share, at least, to be one text that was changed (0 to 1)."""
_MOVED = 0.6
"""The same where one stands elsewhere."""
_SLOT = 40
"""Texts shorter than this that stand in the one place (a title, a cell) are one, however unlike."""
_TELLING = 10
"""How long a text is, at least, to be known again elsewhere."""
_PART = 0.75
"""How much of a piece was in the paragraph it was parted from, at least."""


@dataclass(frozen=True)
class Pair:
    """A block and what has become of it: several where a paragraph was parted or several were joined.

    `moved`: it stands in another order than it did.
    """

    olds: tuple[Block, ...]
    news: tuple[Block, ...]
    moved: bool = False


@dataclass(frozen=True)
class Paired:
    """The blocks of one part: pairs in the order of the new copy, and what has no partner."""

    pairs: tuple[Pair, ...]
    removed: tuple[Block, ...]
    added: tuple[Block, ...]


def paired(olds: Sequence[Block], news: Sequence[Block]) -> Paired:
    """Which old block has become which new one: the same in order first, then what is alike, then what moved."""
    found = _in_order(olds, news)
    left = [i for i in range(len(olds)) if i not in found]
    right = [j for j in range(len(news)) if j not in set(found.values())]
    pairs = [Pair((olds[i],), (news[j],)) for i, j in sorted(found.items())]
    pairs, left, right = _parted(pairs, olds, left, news, right)
    moved = _elsewhere(olds, left, news, right)
    pairs += [Pair((olds[i],), (news[j],), moved=True) for i, j in moved.items()]
    places = {block: number for number, block in enumerate(news)}
    return Paired(
        tuple(sorted(pairs, key=lambda pair: places[pair.news[0]])),
        tuple(olds[i] for i in left if i not in moved),
        tuple(news[j] for j in right if j not in moved.values()),
    )


def _in_order(olds: Sequence[Block], news: Sequence[Block]) -> dict[int, int]:
    """The partner of each old block that has kept its order."""
    matcher = SequenceMatcher(None, [b.key for b in olds], [b.key for b in news], autojunk=False)
    found: dict[int, int] = {}
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        if kind == "equal":
            found |= dict(zip(range(i, i_end), range(j, j_end), strict=True))
        elif kind == "replace":
            found |= _alike(olds, range(i, i_end), news, range(j, j_end))
    return found


def _alike(olds: Sequence[Block], left: range, news: Sequence[Block], right: range) -> dict[int, int]:
    """The pairs in a gap that keep the order and are the most alike together (dynamic programming)."""
    gain = [[_gain(olds[i], news[j], len(left) == len(right)) for j in right] for i in left]
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            together = gain[i][j] + best[i + 1][j + 1] if gain[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    found, i, j = {}, 0, 0
    while i < len(left) and j < len(right):
        if gain[i][j] and best[i][j] == gain[i][j] + best[i + 1][j + 1]:
            found[left[i]] = right[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _gain(old: Block, new: Block, same_count: bool) -> float:
    """What it is worth to take two blocks for one; 0 where they are not."""
    alike = likeness(old.text, new.text)
    if _is_same_heading(old, new):
        return 1.4
    same_role = _kind(old.role) == _kind(new.role)
    short = max(len(old.text), len(new.text)) < _SLOT
    if alike < _ALIKE and not (same_role and same_count and short):
        return 0.0
    return 0.05 + alike + 0.3 * same_role


def _is_same_heading(old: Block, new: Block) -> bool:
    """Whether two headings or captions are those of one section, figure or table, whatever they say."""
    kind = new.role.rpartition("/")[2]
    if kind not in ("heading", "caption") or old.role.rpartition("/")[2] != kind:
        return False
    names = [_owner_name(block) for block in (old, new)]
    return names[0] == names[1] != ""


def _owner_name(block: Block) -> str:
    node = block.passage.node
    around = node.iterancestors("sec", "fig", "table-wrap") if node is not None else iter(())
    owner = next(around, None)
    return block.brief.same.get(owner, "") if owner is not None else ""


def _parted(
    pairs: list[Pair], olds: Sequence[Block], left: list[int], news: Sequence[Block], right: list[int]
) -> tuple[list[Pair], list[int], list[int]]:
    """Pairs with the pieces beside them that a paragraph was parted into, or was joined from."""
    grown = []
    for pair in pairs:
        old, new = pair.olds[0], pair.news[0]
        after = _with_pieces(news, new, right, whole=old)
        before = _with_pieces(olds, old, left, whole=new) if len(after) == 1 else [old]
        right = [j for j in right if news[j] not in after]
        left = [i for i in left if olds[i] not in before]
        grown.append(replace(pair, olds=tuple(before), news=tuple(after)))
    return grown, left, right


def _with_pieces(blocks: Sequence[Block], core: Block, free: Sequence[int], whole: Block) -> list[Block]:
    """A block with those before and behind it that are in the text of the other copy too, behind or before its."""
    found, index = [core], next(n for n, block in enumerate(blocks) if block is core)
    end = index + 1
    while end in free and _is_piece(blocks[end], whole, found):
        found, end = [*found, blocks[end]], end + 1
    while index - 1 in free and _is_piece(blocks[index - 1], whole, found, before=True):
        found, index = [blocks[index - 1], *found], index - 1
    return found


def _is_piece(piece: Block, whole: Block, rest: Sequence[Block], *, before: bool = False) -> bool:
    """Whether a block was parted from a paragraph of which `rest` has the other end."""
    length = sum(len(block.text) for block in rest)
    room = len(piece.text) // 2
    cut = len(whole.text) - length
    beside = whole.text[: max(cut, 0) + room] if before else whole.text[max(length - room, 0) :]
    return (
        _kind(piece.role) == _kind(whole.role) == "paragraph"
        and len(piece.text) >= 2
        and cut > 0
        and _contained(piece.text, beside) >= _PART
    )


def _elsewhere(olds: Sequence[Block], left: list[int], news: Sequence[Block], right: list[int]) -> dict[int, int]:
    """Blocks without a partner that stand elsewhere, the most alike first."""
    scores = sorted(
        (-likeness(olds[i].text, news[j].text), i, j)
        for i in left
        for j in right
        if min(len(olds[i].text), len(news[j].text)) >= _TELLING or olds[i].key == news[j].key != ""
    )
    found: dict[int, int] = {}
    for score, i, j in scores:
        if -score >= _MOVED and i not in found and j not in found.values():
            found[i] = j
    return found


def _kind(role: str) -> str:
    """A role without the numbers of items and cells."""
    return "".join(each for each in role.rpartition("/")[2] if not each.isdigit() and each not in " .")


def likeness(one: str, other: str) -> float:
    """How much of their pairs of characters two texts share (Dice), from 0 to 1."""
    if one == other:
        return 1.0
    first, second = _couples(one), _couples(other)
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0


def _contained(piece: str, whole: str) -> float:
    """How much of a piece is in a text, from 0 to 1."""
    own = _couples(piece)
    return (own & _couples(whole)).total() / own.total() if own else float(piece in whole)


def _couples(text: str) -> Counter[str]:
    return Counter(text[n : n + 2] for n in range(len(text) - 1))


# Names: what a note, a figure or a section is called in both copies


def named_alike(old: BriefText, new: BriefText) -> tuple[BriefText, BriefText]:
    """Two copies of a brief in which notes, figures, tables and sections that are the same have one name."""
    of_old: dict[Element, str] = {}
    of_new: dict[Element, str] = {}
    notes = [[(note.element, _raw(note.said.passages)) for note in brief.notes] for brief in (old, new)]
    for one, other in _same_elements(*notes):
        of_old[one] = of_new[other] = f"note {len(of_old)}"
    for tag in ("fig", "table-wrap", "sec"):
        both = [[(each, _named(each)) for each in brief.source.root.iter(tag)] for brief in (old, new)]
        for one, other in _same_elements(*both):
            of_old[one] = of_new[other] = f"{tag} {len(of_old)}"
    return replace(old, same=of_old), replace(new, same=of_new)


def _raw(passages: Sequence[object]) -> str:
    return "".join(getattr(passage, "text", "") for passage in passages)


def _named(element: Element) -> str:
    title = element.find("title")
    title = title if title is not None else element.find("caption/title")
    return "".join(title.itertext()) if title is not None else ""


def _same_elements(
    olds: Sequence[tuple[Element, str]], news: Sequence[tuple[Element, str]]
) -> list[tuple[Element, Element]]:
    """The elements that are the same: by their id, then by their words."""
    by_id = {element.get("id"): element for element, _ in news if element.get("id")}
    found = [(element, by_id[element.get("id")]) for element, _ in olds if element.get("id") in by_id]
    return found + matched(
        [each for each in olds if each[0] not in {old for old, _ in found}],
        [each for each in news if each[0] not in {new for _, new in found}],
    )


def matched(olds: Sequence[tuple[T, str]], news: Sequence[tuple[T, str]]) -> list[tuple[T, T]]:
    """Things whose texts are the most alike, each once."""
    scores = sorted(
        ((likeness(old[1], new[1]), i, j) for i, old in enumerate(olds) for j, new in enumerate(news)),
        key=lambda each: (-each[0], abs(each[1] - each[2]), each[1]),
    )
    found: dict[int, int] = {}
    for alike, i, j in scores:
        if alike >= _MOVED and i not in found and j not in found.values():
            found[i] = j
    return [(olds[i][0], news[j][0]) for i, j in sorted(found.items())]


def out_of_order(places: Sequence[int], weights: Sequence[float] = ()) -> set[int]:
    """The members of a row (by their index) without which it rises: the fewest, or those of the least weight."""
    weigh = [*weights] or [1.0] * len(places)
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]  # the heaviest rising row that ends at each member
    for index, place in enumerate(places):
        before = (row for row in best if not row[1] or places[row[1][-1]] < place)
        weight, row = max(before, key=_weight)
        best.append((weight + weigh[index], (*row, index)))
    return set(range(len(places))) - set(max(best, key=_weight)[1])


def _weight(row: tuple[float, tuple[int, ...]]) -> float:
    return row[0]

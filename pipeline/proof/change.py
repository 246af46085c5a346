"""Change: one thing that is different between two copies of an issue, and where it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pipeline.diagnostics import Place, Words
from pipeline.proof.text import Atom, Block

KINDS: Mapping[str, Words] = {
    "inserted": Words("增", "inserted"),
    "deleted": Words("刪", "deleted"),
    "replaced": Words("改", "changed"),
    "added": Words("新增", "added"),
    "removed": Words("刪去", "removed"),
    "moved": Words("移動", "moved"),
    "parted": Words("分段", "parted"),
    "joined": Words("併段", "joined"),
    "note-added": Words("加註", "note added"),
    "note-removed": Words("刪註", "note removed"),
    "note-moved": Words("移註號", "note call moved"),
    "reference": Words("連動", "follows"),
    "renumbered": Words("改號", "renumbered"),
    "picture": Words("換圖", "picture changed"),
    "brief-added": Words("增篇", "brief added"),
    "brief-removed": Words("抽篇", "brief removed"),
    "brief-moved": Words("篇序", "brief moved"),
    "format": Words("格式", "formatting"),
}
"""What the kinds of changes are called, the ones that matter least last."""

MINOR = ("format",)
FOLLOWING = ("reference", "renumbered")
"""Kinds that nobody typed: what an edition words or numbers by itself."""

TEXT = ("inserted", "deleted", "replaced", "added", "removed", "note-added", "note-removed")
"""Kinds that change what is said."""


@dataclass(frozen=True)
class Spot:
    """Where a change stands in one copy: some atoms, or the place between `before` and `after`.

    `label` is the number of a note whose call is meant. `whole`: all of the block.
    """

    block: Block
    atoms: tuple[Atom, ...] = ()
    before: Atom | None = None
    after: Atom | None = None
    label: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Change:
    """One change. `old` and `new` are what is said, `head` and `tail` the words around it,
    `old_head` and `old_tail` those in the old copy.

    `where` is the place in words, `brief` the title of the brief and `href` its file's name in the issue;
    `place` is in the new copy, `old_place` in the old one, where there is one. `spots` are where it stands in the
    new copy, `old_spots` in the old one. `note` is the number of the note it stands in, `number` that of the list;
    `unprinted` tells that the words are on no page.
    """

    kind: str
    where: Words
    old: str
    new: str
    place: Place | None
    old_place: Place | None = None
    brief: str = ""
    href: str = ""
    head: str = ""
    tail: str = ""
    old_head: str = ""
    old_tail: str = ""
    note: str = ""
    spots: tuple[Spot, ...] = field(default=(), repr=False)
    old_spots: tuple[Spot, ...] = field(default=(), repr=False)
    said: Words | None = None
    unprinted: bool = False
    number: int = 0
    order: tuple[int, ...] = field(default=(), repr=False)

    @property
    def minor(self) -> bool:
        """Whether the words are the same."""
        return self.kind in MINOR


def numbered(found: Iterable[Change]) -> tuple[Change, ...]:
    """Changes numbered from 1 in their order."""
    return tuple(replace(change, number=number) for number, change in enumerate(found, start=1))

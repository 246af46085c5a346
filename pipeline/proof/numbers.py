"""Numbers: those of notes, sections, figures and tables that have become others, each kind in few words."""

from collections.abc import Iterator, Sequence

from pipeline.diagnostics import Words
from pipeline.proof.change import Change, Spot
from pipeline.proof.compared import Compared
from pipeline.proof.text import Block, Note

_LABELLED = {
    "heading": Words("標題的號碼", "the numbers of headings"),
    "caption": Words("圖表的號碼", "the numbers of figures and tables"),
}
_BEHIND = 1 << 19


def numbers(both: Compared) -> Iterator[Change]:
    """What has another number than it had."""
    olds = {both.old.name(note.element): note for note in both.old.notes}
    kept = [(olds[n], note) for note in both.new.notes if (n := both.new.name(note.element)) in olds]
    runs: list[list[tuple[Note, Note]]] = []
    for old, new in kept:
        if not (old.label.isdecimal() and new.label.isdecimal()):
            continue
        delta = int(new.label) - int(old.label)
        if runs and int(runs[-1][-1][1].label) + 1 == int(new.label) and _delta(runs[-1]) == delta:
            runs[-1].append((old, new))
        else:
            runs.append([(old, new)])
    for run in runs:
        if _delta(run):
            yield _notes(run)
    yield from _labels(both)


def _delta(run: Sequence[tuple[Note, Note]]) -> int:
    return int(run[0][1].label) - int(run[0][0].label)


def _notes(run: Sequence[tuple[Note, Note]]) -> Change:
    """Notes behind each other whose numbers have all become so much more or less."""
    (old, new), (old_last, new_last) = run[0], run[-1]
    delta = _delta(run)
    if len(run) == 1:
        said = Words(f"原註{old.label}", f"was note {old.label}")
        one, other = f"註{old.label}", f"註{new.label}"
    else:
        more = Words(f"各{'加' if delta > 0 else '減'}{abs(delta)}", f"{delta:+} each")
        one, other = f"註{old.label}–註{old_last.label}", f"註{new.label}–註{new_last.label}"
        said = Words(f"{len(run)}則{more.zh}", f"{len(run)} notes, {more.en}")
    block = new.blocks[0] if new.blocks else None
    return Change(
        "renumbered",
        Words("註的號碼", "the numbers of notes"),
        one,
        other,
        new.brief.source.place(new.element),
        old.brief.source.place(old.element),
        spots=(Spot(block, after=block.atoms[0] if block.atoms else None),) if block else (),
        said=said,
        order=(_BEHIND,),
    )


def _labels(both: Compared) -> Iterator[Change]:
    """The labels of sections, figures and tables."""
    groups: dict[str, list[tuple[Block, Block]]] = {}
    for pair in both.pairs:
        old, new = pair.olds[0], pair.news[0]
        kind = new.role.rpartition("/")[2]
        if kind in _LABELLED and old.label != new.label and not (new.note or old.note):
            groups.setdefault(kind, []).append((old, new))
    for kind, group in groups.items():
        new = group[0][1]
        yield Change(
            "renumbered",
            _LABELLED[kind],
            "　".join(_number(old) for old, _ in group),
            "　".join(_number(new) for _, new in group),
            new.place(),
            group[0][0].place(),
            spots=tuple(Spot(n, after=n.atoms[0] if n.atoms else None, label=n.label) for _, n in group),
            said=_in_words(group),
            order=(_BEHIND, 1),
        )


def _in_words(group: Sequence[tuple[Block, Block]]) -> Words:
    said = [f"{_number(old)}→{_number(new)}" for old, new in group]
    return Words("，".join(said), ", ".join(said))


def _number(block: Block) -> str:
    """The label of a heading or caption without the mark behind it."""
    return block.label.rstrip("、.") or "－"

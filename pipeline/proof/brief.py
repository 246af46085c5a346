"""Brief: all that is different between two copies of one brief.

named_alike ─▶ paired ─difference▶ stretches ─▶ what follows from them: words of references, numbers
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.diagnostics import Place, Words
from pipeline.manuscript import within
from pipeline.parse import HREF
from pipeline.proof.change import Change, Spot
from pipeline.proof.difference import Step, difference
from pipeline.proof.pairs import Pair, out_of_order, paired
from pipeline.proof.text import PARAGRAPH, Atom, Block, BriefText, Call, Note, shown, words_around
from pipeline.proof.where import (
    block_in_words,
    format_in_words,
    note_in_words,
    role_in_words,
    row_in_words,
)


class BriefChanges:
    """Compares two copies of one brief; notes, figures and sections have their names in both."""

    def __init__(self, old: BriefText, new: BriefText) -> None:
        self.old, self.new = old, new
        self.places = {block: number for number, block in enumerate(_every(new))}
        self.pairs: list[Pair] = []
        self.kept: dict[tuple[Block, Block], list[Step]] = {}

    def changes(self) -> list[Change]:
        """All changes; they have places in the list, and no numbers yet."""
        found = list(self.texts())
        found += self.notes()
        found += self.renumbered()
        found += self.pictures()
        brief = self.new
        return [replace(each, brief=brief.title, href=brief.href, unprinted=_is_unprinted(each)) for each in found]

    # Texts

    def texts(self) -> Iterator[Change]:
        """What has become of the paragraphs of every part and note."""
        old_notes = {self.old.name(note.element): note for note in self.old.notes}
        for part in dict.fromkeys((*self.new.parts, *self.old.parts)):
            yield from self.part(self.old.parts.get(part, ()), self.new.parts.get(part, ()))
        for note in self.new.notes:
            before = old_notes.get(self.new.name(note.element))
            if before is not None:
                yield from self.part(before.blocks, note.blocks)

    def part(self, olds: Sequence[Block], news: Sequence[Block]) -> Iterator[Change]:
        """What is different in one part (title, body …) or note."""
        both = paired(olds, news)
        shuffled = out_of_order([olds.index(pair.olds[0]) for pair in both.pairs])
        self.pairs += both.pairs
        for together in _together(both.pairs, shuffled, olds, news):
            yield self.moved(together)
        for pair in both.pairs:
            yield from self.pair(pair)
        yield from self.cells(both.added, "added", news)
        yield from self.cells(both.removed, "removed", olds)

    def cells(self, blocks: Sequence[Block], kind: str, around: Sequence[Block]) -> Iterator[Change]:
        """Paragraphs added or removed, the cells of one row of a table as one."""
        rows: list[list[Block]] = []
        for block in blocks:
            row = _row(block)
            if row and rows and _row(rows[-1][-1]) == row:
                rows[-1].append(block)
            else:
                rows.append([block])
        for group in rows:
            text = "｜".join(block.text for block in group)
            if not text.strip("｜"):
                continue
            yield self.added(group, text, around) if kind == "added" else self.removed(group, text, around)

    def added(self, blocks: Sequence[Block], text: str, around: Sequence[Block]) -> Change:
        """A new block, or the cells of a new row; `around` are all blocks of the part."""
        first = blocks[0]
        known = {new: pair.olds[-1] for pair in self.pairs for new in pair.news}
        before = next((known[b] for b in reversed(around[: around.index(first)]) if b in known), None)
        return Change(
            "added",
            _cells_in_words(blocks),
            "",
            text,
            first.place(),
            note=_note(first),
            spots=tuple(Spot(block, block.atoms, whole=True) for block in blocks),
            old_spots=(_end_of(before),) if before is not None else (),
            order=self.at(first),
        )

    def removed(self, blocks: Sequence[Block], text: str, around: Sequence[Block]) -> Change:
        """A block that is gone; it is shown behind the block before it, where that has stayed."""
        first = blocks[0]
        spots, near, is_before = self.beside(first, around)
        return Change(
            "removed",
            _cells_in_words(blocks),
            text,
            "",
            near.place(max(len(near.passage.text) - 1, 0) if is_before else 0) if near is not None else None,
            first.place(),
            note=_note(first),
            spots=spots,
            old_spots=tuple(Spot(block, block.atoms, whole=True) for block in blocks),
            order=(*self.at(near), 1 << 20) if near is not None else (1 << 20,),
        )

    def beside(self, gone: Block, around: Sequence[Block]) -> tuple[tuple[Spot, ...], Block | None, bool]:
        """Where a block was that is gone: behind the block before it, else before the one behind it.

        The spot, the block, and whether it is the one before.
        """
        index = around.index(gone)
        before = next((self.stayed[each] for each in reversed(around[:index]) if each in self.stayed), None)
        if before is not None:
            return (_end_of(before.news[-1]),), before.news[-1], True
        after = next((self.stayed[each] for each in around[index:] if each in self.stayed), None)
        if after is None:
            return (), None, False
        block = after.news[0]
        return (Spot(block, after=block.atoms[0] if block.atoms else None),), block, False

    @property
    def stayed(self) -> Mapping[Block, Pair]:
        """What has become of each old block, as far as it is known."""
        return {old: pair for pair in self.pairs for old in pair.olds}

    def moved(self, pairs: Sequence[Pair]) -> Change:
        """Blocks that stand elsewhere, one behind the other as they did."""
        new, old = pairs[0].news[0], pairs[0].olds[0]
        blocks = [block for pair in pairs for block in pair.news]
        was = block_in_words(old)
        more = Words(f"，共{len(blocks)}段", f", {len(blocks)} paragraphs") if len(blocks) > 1 else Words("", "")
        return Change(
            "moved",
            block_in_words(new),
            "",
            "　".join(block.text for block in blocks),
            new.place(),
            old.place(),
            note=_note(new),
            spots=tuple(Spot(block, block.atoms, whole=True) for block in blocks),
            old_spots=tuple(Spot(block, block.atoms, whole=True) for pair in pairs for block in pair.olds),
            said=Words(f"原在{was.zh}{more.zh}", f"was at {was.en}{more.en}"),
            order=self.at(new),
        )

    def pair(self, pair: Pair) -> Iterator[Change]:
        """What is different in two blocks that are one."""
        old, new = _row_of_atoms(pair.olds), _row_of_atoms(pair.news)
        steps = difference(old, new)
        self.kept[pair.olds[0], pair.news[0]] = steps
        for step in steps:
            yield self.stretch(old, new, step, pair)
        yield from self.following(old, new, steps)
        yield from self.formats(old, new, steps)
        if role_in_words(pair.olds[0].role) != role_in_words(pair.news[0].role):
            yield self.role(pair.olds[0], pair.news[0])

    def stretch(self, old: Sequence[Atom], new: Sequence[Atom], step: Step, pair: Pair) -> Change:
        """One stretch that has become another."""
        before, after = old[step.i : step.i_end], new[step.j : step.j_end]
        kind = "replaced" if before and after else "inserted" if after else "deleted"
        if not before and {atom.key for atom in after} == {PARAGRAPH}:
            kind = "parted"
        elif not after and {atom.key for atom in before} == {PARAGRAPH}:
            kind = "joined"
        spot = _spot(new, step.j, step.j_end, pair.news[0])
        old_spot = _spot(old, step.i, step.i_end, pair.olds[0])
        place = _place(spot)
        return Change(
            kind,
            block_in_words(spot.block),
            shown(before),
            shown(after),
            place,
            _place(old_spot),
            "",
            "",
            *words_around(new, step.j, step.j_end),
            *words_around(old, step.i, step.i_end),
            note=_note(pair.news[0]),
            spots=(spot,),
            old_spots=(old_spot,),
            order=(*self.at(pair.news[0]), step.j),
        )

    def following(self, old: Sequence[Atom], new: Sequence[Atom], steps: Sequence[Step]) -> Iterator[Change]:
        """References that lead to the same, whose words have changed."""
        for i, j in _equal(steps, len(old)):
            if new[j].refers and old[i].shown != new[j].shown:
                spot, old_spot = (_spot(row, n, n + 1, row[n].block) for row, n in ((new, j), (old, i)))
                yield Change(
                    "reference",
                    block_in_words(spot.block),
                    old[i].shown,
                    new[j].shown,
                    _place(spot),
                    _place(old_spot),
                    "",
                    "",
                    *words_around(new, j, j + 1),
                    *words_around(old, i, i + 1),
                    note=_note(spot.block),
                    spots=(spot,),
                    old_spots=(old_spot,),
                    order=(*self.at(spot.block), j),
                )

    def formats(self, old: Sequence[Atom], new: Sequence[Atom], steps: Sequence[Step]) -> Iterator[Change]:
        """Stretches whose words are the same and whose formatting isn't; run by run."""
        run: list[tuple[int, int]] = []
        for i, j in (*_equal(steps, len(old)), (-1, -1)):
            other = i >= 0 and old[i].formats != new[j].formats
            follows = bool(run) and other and (i, j) == (run[-1][0] + 1, run[-1][1] + 1)
            same = follows and (old[i].formats, new[j].formats) == (
                old[run[-1][0]].formats,
                new[run[-1][1]].formats,
            )
            if run and not same:
                yield from self.format(old, new, run, steps)
                run = []
            if other:
                run.append((i, j))

    def format(
        self, old: Sequence[Atom], new: Sequence[Atom], run: Sequence[tuple[int, int]], steps: Sequence[Step]
    ) -> Iterator[Change]:
        """One run of atoms (old and new index) with other formatting."""
        (i, j), (i_end, j_end) = run[0], (run[-1][0] + 1, run[-1][1] + 1)
        lost, won = old[i].formats - new[j].formats, new[j].formats - old[i].formats
        if any(step.j_end == j or step.j == j_end for step in steps) and _links_only(lost | won):
            return  # an address that was changed leads elsewhere too
        spot, old_spot = _spot(new, j, j_end, new[j].block), _spot(old, i, i_end, old[i].block)
        yield Change(
            "format",
            block_in_words(spot.block),
            shown(old[i:i_end]),
            shown(new[j:j_end]),
            _place(spot),
            _place(old_spot),
            "",
            "",
            *words_around(new, j, j_end),
            *words_around(old, i, i_end),
            note=_note(spot.block),
            spots=(spot,),
            old_spots=(old_spot,),
            said=format_in_words(lost, won),
            order=(*self.at(spot.block), j),
        )

    def role(self, old: Block, new: Block) -> Change:
        """A block that is of another kind: a paragraph that was a quotation."""
        one, other = role_in_words(old.role), role_in_words(new.role)
        return Change(
            "format",
            block_in_words(new),
            old.text,
            new.text,
            new.place(),
            old.place(),
            note=_note(new),
            spots=(Spot(new, new.atoms, whole=True),),
            said=Words(f"{one.zh}→{other.zh}", f"{one.en} → {other.en}"),
            order=self.at(new),
        )

    # Notes

    def notes(self) -> Iterator[Change]:
        """Notes added and removed, and those whose call stands elsewhere."""
        olds = {self.old.name(note.element): note for note in self.old.notes}
        news = {self.new.name(note.element): note for note in self.new.notes}
        calls = _calls(self.new)
        for name, note in news.items():
            if name not in olds:
                yield self.note_added(note, calls.get(name, ()))
        for name, note in olds.items():
            if name not in news:
                yield self.note_removed(note, _calls(self.old).get(name, ()))
        for name in news:
            if name in olds:
                yield from self.calls_moved(_calls(self.old).get(name, []), calls.get(name, []))

    def note_added(self, note: Note, calls: Sequence[tuple[Block, Call]]) -> Change:
        """A new note, at its call and at the foot of the page."""
        spots = [_call_spot(block, call) for block, call in calls]
        spots += [Spot(block, block.atoms, whole=True) for block in note.blocks]
        place = note.brief.source.place(note.element)
        at = (*self.at(calls[0][0]), calls[0][1].at) if calls else self.at(note.blocks[0])
        return Change(
            "note-added",
            note_in_words(note),
            "",
            note.text,
            place,
            note=note.label,
            head=_before_call(calls),
            spots=tuple(spots),
            old_spots=self.before_call(calls),
            order=at,
        )

    def before_call(self, calls: Sequence[tuple[Block, Call]]) -> tuple[Spot, ...]:
        """The place in the old copy where the first of some new calls would stand."""
        pair = next((each for each in self.pairs if calls and calls[0][0] in each.news), None)
        if pair is None:
            return ()
        at, shift = _at(pair, *calls[0]), 0
        for step in self.kept.get((pair.olds[0], pair.news[0]), ()):
            if step.j_end <= at:
                shift = step.i_end - step.j_end
            elif step.j < at:
                at, shift = step.i_end, 0
        return (_spot(_row_of_atoms(pair.olds), at + shift, at + shift, pair.olds[0]),)

    def note_removed(self, note: Note, calls: Sequence[tuple[Block, Call]]) -> Change:
        """A note that is gone, where its call stood."""
        spots: tuple[Spot, ...] = ()
        order: tuple[int, ...] = (1 << 20,)
        block = calls[0][0] if calls else None
        pair = self.stayed.get(block) if block is not None else None
        if block is not None and pair is None:
            spots, near, _ = self.beside(block, self.old.parts.get(block.part, (block,)))
            order = (*self.at(near), 1 << 20) if near is not None else order
        if pair is not None:
            low, _ = self.carried(pair, calls[0][0], calls[0][1].at)
            spots = (_spot(_row_of_atoms(pair.news), low, low, pair.news[0]),)
            order = (*self.at(pair.news[0]), low)
        return Change(
            "note-removed",
            note_in_words(note),
            note.text,
            "",
            _place(spots[0]) if spots else None,
            note.brief.source.place(note.element),
            head=_before_call(calls),
            note=note.label,
            spots=spots,
            old_spots=tuple(Spot(block, block.atoms, whole=True) for block in note.blocks),
            order=order,
        )

    def calls_moved(
        self, olds: Sequence[tuple[Block, Call]], news: Sequence[tuple[Block, Call]]
    ) -> Iterator[Change]:
        """The calls of one note that stand elsewhere, or are new."""
        left = list(news)
        stayed = self.stayed
        gone = []
        for block, call in olds:
            pair = stayed.get(block)
            low, high = self.carried(pair, block, call.at) if pair is not None else (1, 0)
            found = next(
                (each for each in left if pair and each[0] in pair.news and low <= _at(pair, *each) <= high), None
            )
            if found is not None:
                left.remove(found)
            else:
                gone.append((block, call))
        for index, (block, call) in enumerate(left):
            before = gone[index] if index < len(gone) else None
            spot = _call_spot(block, call)
            was = _around_call(*before) if before is not None else ""
            number = call.label
            yield Change(
                "note-moved",
                block_in_words(block),
                was,
                _around_call(block, call),
                _place(spot),
                _place(_call_spot(*before)) if before is not None else None,
                note=_note(block),
                spots=(spot,),
                old_spots=(_call_spot(*before),) if before is not None else (),
                said=Words(f"註{number}的註號", f"the call of note {number}"),
                order=(*self.at(block), call.at),
            )

    def carried(self, pair: Pair, block: Block, at: int) -> tuple[int, int]:
        """Between which atoms of the new text a place before atom `at` of an old block may stand now."""
        at += sum(len(each.atoms) + 1 for each in pair.olds[: pair.olds.index(block)])
        shift = 0
        for step in self.kept.get((pair.olds[0], pair.news[0]), ()):
            if step.i_end < at or (step.i_end == at and step.i < step.i_end and step.j == step.j_end):
                shift = step.j_end - step.i_end
            elif step.i <= at:
                return step.j, step.j_end
        return at + shift, at + shift

    def renumbered(self) -> Iterator[Change]:
        """The numbers of notes, sections, figures and tables, each kind in as few words as can be."""
        olds = {self.old.name(note.element): note for note in self.old.notes}
        both = [(olds[n], note) for note in self.new.notes if (n := self.new.name(note.element)) in olds]
        numbered = [(o, n) for o, n in both if o.label.isdecimal() and n.label.isdecimal()]
        runs: list[list[tuple[Note, Note]]] = []
        for old, new in numbered:
            delta = int(new.label) - int(old.label)
            if runs and int(runs[-1][-1][1].label) + 1 == int(new.label) and _delta(runs[-1]) == delta:
                runs[-1].append((old, new))
            else:
                runs.append([(old, new)])
        for run in runs:
            if _delta(run):
                yield self.renumbered_notes(run)
        yield from self.relabelled()

    def renumbered_notes(self, run: Sequence[tuple[Note, Note]]) -> Change:
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
            order=(1 << 19,),
        )

    def relabelled(self) -> Iterator[Change]:
        """The labels of sections, figures and tables."""
        groups: dict[str, list[tuple[Block, Block]]] = {}
        for pair in self.pairs:
            old, new = pair.olds[0], pair.news[0]
            kind = new.role.rpartition("/")[2]
            if kind in ("heading", "caption") and old.label != new.label and not (new.note or old.note):
                groups.setdefault(kind, []).append((old, new))
        for kind, both in groups.items():
            names = {"heading": Words("標題的號碼", "the numbers of headings"),
                     "caption": Words("圖表的號碼", "the numbers of figures and tables")}  # fmt: skip
            new = both[0][1]
            yield Change(
                "renumbered",
                names[kind],
                "　".join(_number(old) for old, _ in both),
                "　".join(_number(new) for _, new in both),
                new.place(),
                both[0][0].place(),
                spots=tuple(Spot(n, after=n.atoms[0] if n.atoms else None, label=n.label) for _, n in both),
                said=_numbers_in_words(both),
                order=(1 << 19, 1),
            )

    # Pictures

    def pictures(self) -> Iterator[Change]:
        """Figures whose picture has other bytes."""
        olds = {self.old.name(fig): fig for fig in self.old.source.root.iter("fig")}
        captions = {block.passage.node: block for block in self.new.parts.get("body", ())}
        for fig in self.new.source.root.iter("fig"):
            before = olds.get(self.new.name(fig))
            if before is None:
                continue
            names = [each.find("graphic") for each in (before, fig)]
            hrefs = [each.get(HREF, "") if each is not None else "" for each in names]
            files = [_bytes(brief, href) for brief, href in zip((self.old, self.new), hrefs, strict=True)]
            if files[0] == files[1]:
                continue
            title = fig.find("caption/title")
            block = captions.get(title if title is not None else fig)
            label = self.new.numbering.labels.get(fig, "")
            spots = (Spot(block, after=block.atoms[0] if block.atoms else None, label=label),) if block else ()
            yield Change(
                "picture",
                Words(label, label),
                hrefs[0] if hrefs[0] != hrefs[1] else "",
                hrefs[1],
                self.new.source.place(fig),
                self.old.source.place(before),
                spots=spots,
                said=Words("圖檔的內容不同", "the file is another") if hrefs[0] == hrefs[1] else None,
                order=self.at(block) if block else (1 << 20,),
            )

    def at(self, block: Block) -> tuple[int, ...]:
        """Where a block stands in the order of the list; a note stands behind all text."""
        return (self.places.get(block, 1 << 18),)


def _is_unprinted(change: Change) -> bool:
    """Whether a change is one of the words that stand for a picture."""
    spots = change.spots or change.old_spots
    return bool(spots) and spots[0].block.role.endswith("alternative text")


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


def _cells_in_words(blocks: Sequence[Block]) -> Words:
    return block_in_words(blocks[0]) if len(blocks) == 1 else row_in_words(blocks[0])


def _every(brief: BriefText) -> list[Block]:
    blocks = [block for part in brief.parts.values() for block in part]
    return blocks + [block for note in brief.notes for block in note.blocks]


def _calls(brief: BriefText) -> dict[str, list[tuple[Block, Call]]]:
    """The calls of each note with the blocks they stand in, by the name of the note."""
    found: dict[str, list[tuple[Block, Call]]] = {}
    for block in _every(brief):
        for call in block.calls:
            found.setdefault(call.note, []).append((block, call))
    return found


def _row_of_atoms(blocks: Sequence[Block]) -> list[Atom]:
    """The atoms of blocks in one row, with an end of a paragraph between them."""
    row: list[Atom] = []
    for number, block in enumerate(blocks):
        if number:
            row.append(Atom(PARAGRAPH, PARAGRAPH, block, 0))
        row += block.atoms
    return row


def _equal(steps: Sequence[Step], length: int) -> Iterator[tuple[int, int]]:
    """The atoms that are the same in both texts."""
    i = j = 0
    for step in (*steps, Step(length, length, -1, -1)):
        while i < step.i:
            yield i, j
            i, j = i + 1, j + 1
        i, j = step.i_end, step.j_end


def _spot(row: Sequence[Atom], start: int, end: int, of: Block) -> Spot:
    """Where a stretch of a row of atoms stands; `of` is a block of the row, which may have no atoms."""
    before, after = row[start - 1] if start else None, row[end] if end < len(row) else None
    inside = tuple(row[start:end])
    block = next((each.block for each in (*inside, after, before) if each is not None), of)
    return Spot(block, tuple(atom for atom in inside if atom.key != PARAGRAPH), before, after)


def _end_of(block: Block) -> Spot:
    """The place behind a block."""
    return Spot(block, before=block.atoms[-1] if block.atoms else None, whole=True)


def _call_spot(block: Block, call: Call) -> Spot:
    atoms = block.atoms
    before = atoms[call.at - 1] if call.at else None
    return Spot(block, (), before, atoms[call.at] if call.at < len(atoms) else None, label=call.label)


def _place(spot: Spot) -> Place:
    atom = next((each for each in (*spot.atoms, spot.before, spot.after) if each is not None), None)
    return atom.block.place(atom.start) if atom is not None else spot.block.place()


def _before_call(calls: Sequence[tuple[Block, Call]]) -> str:
    return words_around(calls[0][0].atoms, calls[0][1].at, calls[0][1].at)[0] if calls else ""


def _around_call(block: Block, call: Call) -> str:
    """The words around the call of a note: 的版心［註5］，是以"""
    before, after = shown(block.atoms[: call.at])[-6:], shown(block.atoms[call.at :])[:6]
    return f"{before}［{call.label}］{after}"


def _at(pair: Pair, block: Block, call: Call) -> int:
    """The place of a call in the row of atoms of its pair."""
    return call.at + sum(len(each.atoms) + 1 for each in pair.news[: pair.news.index(block)])


def _note(block: Block) -> str:
    return block.note.label if block.note is not None else ""


def _row(block: Block) -> tuple[object, str]:
    """The row of a table that a cell stands in; nothing for other blocks."""
    kind, _, number = block.role.rpartition("/")[2].rpartition(" ")
    node = block.passage.node
    if kind not in ("cell", "heading") or node is None:
        return ()  # type: ignore[return-value]
    return node.getparent(), number.partition(".")[0]


def _numbers_in_words(both: Sequence[tuple[Block, Block]]) -> Words:
    said = [f"{_number(old)}→{_number(new)}" for old, new in both]
    return Words("，".join(said), ", ".join(said))


def _number(block: Block) -> str:
    """The label of a heading or caption without the mark behind it."""
    return block.label.rstrip("、.") or "－"


def _delta(run: Sequence[tuple[Note, Note]]) -> int:
    return int(run[0][1].label) - int(run[0][0].label)


def _links_only(formats: Iterable[tuple[str, str]]) -> bool:
    return all(kind == "link" for kind, _ in formats)


def _bytes(brief: BriefText, href: str) -> bytes:
    path = within(brief.source.path.parent, href)
    return path.read_bytes() if path is not None and path.is_file() else b""

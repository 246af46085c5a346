"""Errata: 勘誤表 of a published issue: page and line of what was printed, what it says and what it should say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from pipeline.diagnostics import Language
from pipeline.page_layout import PageLayout
from pipeline.proof.change import TEXT, Change, Spot
from pipeline.proof.compared import LAST
from pipeline.proof.on_pages import Located, Pages
from pipeline.proof.sheets import painted, rendered, screen_style, words
from pipeline.proof.text import Atom, Block, shown, words_around
from pipeline.proof.where import float_of, section_in_words

_CONTEXT = 8
"""How many characters around an error are shown, at most."""
_LONGEST = 120
_STOPS = "，。；：、！？"


_NEAR = 12
"""Errors of one paragraph with no more characters than this between them stand in one row."""

KINDS = (*TEXT, "parted", "joined", "moved", "note-moved", "picture", "brief-added", "brief-removed")
"""The kinds of changes that a reader of the published issue has to know."""

_DELETED = ("removed", "note-removed", "brief-removed")


class Piece(NamedTuple):
    """Some words of a row; `marked` are those that are wrong, or right."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Erratum:
    """One row of the errata; `line` is that of the page or of a note, `said` what is to be done."""

    page: str
    line: str
    wrong: tuple[Piece, ...]
    right: tuple[Piece, ...]
    said: str = ""


def is_erratum(change: Change) -> bool:
    """Whether a change is one of the printed words: no formatting, nothing that follows from another change."""
    return change.kind in KINDS and not change.unprinted


def errata(found: Iterable[Change], pages: Pages, language: Language) -> list[tuple[str, list[Erratum]]]:
    """The errata of each brief, by its title, in the order of the published pages."""
    placed: dict[str, list[Located]] = {}
    for change in _rewritten(list(filter(is_erratum, found))):
        title = change.old_spots[0].block.brief.title if change.old_spots else change.brief
        placed.setdefault(title, []).append(pages.located(change, change.old_spots, change.old))
    return [
        (title or words(language)["issue_file"], [_erratum(row, language) for row in _rows(located)])
        for title, located in placed.items()
    ]


def _rewritten(found: Sequence[Change]) -> Iterator[Change]:
    """The changes; a block that is gone and the new one in its place are one."""
    added = {id(each.old_spots[0].block): each for each in found if each.kind == "added" and each.old_spots}
    instead: dict[int, Change] = {}
    for change in found:
        if change.kind == "removed" and (before := _before(change.old_spots[0].block)) is not None:
            new = added.get(id(before))
            if new is not None and new.where == change.where:
                instead[id(new)] = replace(change, kind="replaced", new=new.new)
                instead[id(change)] = instead[id(new)]
    yield from {id(each): each for each in (instead.get(id(one), one) for one in found)}.values()


def _before(block: Block) -> Block | None:
    """The block before one, in its part or note."""
    around = block.note.blocks if block.note is not None else block.brief.parts.get(block.part, ())
    return around[block.position - 2] if block.position > 1 else None


# Rows


def _rows(located: Iterable[Located]) -> list[list[Located]]:
    """Errors in the order of the pages, those of one sentence together."""
    rows: list[list[Located]] = []
    for each in sorted(located, key=lambda one: (one.page or LAST, one.line, one.change.number)):
        if rows and _is_beside(rows[-1][-1], each):
            rows[-1].append(each)
        else:
            rows.append([each])
    return rows


def _is_beside(one: Located, other: Located) -> bool:
    """Whether two errors are read together."""
    for each in (one, other):
        if each.change.kind not in ("inserted", "deleted", "replaced") or not (
            each.page and each.change.old_spots
        ):
            return False
    first, second = one.change.old_spots[0], other.change.old_spots[0]
    if (
        first.whole
        or second.whole
        or first.block is not second.block
        or one.page != other.page
        or first.label
        or second.label
    ):
        return False
    atoms = first.block.atoms
    end, start = _stretch(first)[1], _stretch(second)[0]
    return end <= start and len(shown(atoms[end:start])) <= _NEAR


def _erratum(row: Sequence[Located], language: Language) -> Erratum:
    first, said = row[0], words(language)
    change = first.change
    line = _line(first, row[-1], language)
    page = str(first.page or "—")
    if change.kind in ("inserted", "deleted", "replaced"):
        return Erratum(page, line, *_sentence(row))
    if change.kind == "note-added":
        note = f"［{change.where.in_language(language)}：{_clipped(change.new)}］"
        return Erratum(page, line, *_in_place(change, "", note))
    if change.kind in ("parted", "joined"):
        return Erratum(page, line, *_in_place(change, "", "¶"), said[f"errata_{change.kind}"])
    if change.kind == "moved":
        block = change.spots[0].block
        is_inside = float_of(block) is None and block.role != "heading"
        where = (change.where if is_inside else section_in_words(block)).in_language(language)
        moved = "　".join(spot.block.text for spot in change.old_spots)
        return Erratum(page, line, _marked(moved), (), said["errata_moved"].format(where=where))
    if change.kind == "picture":
        return Erratum(page, line, _marked(change.where.in_language(language)), (), said["errata_picture"])
    if change.kind == "added":
        return Erratum(page, line, (), _marked(change.new), said[f"errata_after{_what(change)}"])
    if change.kind == "brief-added":
        return Erratum(page, line, (), _marked(change.new), said["errata_brief_added"])
    deleted = said["errata_brief_removed" if change.kind == "brief-removed" else "errata_deleted"]
    return Erratum(
        page, line, _marked(change.old), _marked(change.new), deleted if change.kind in _DELETED else ""
    )


def _line(first: Located, last: Located, language: Language) -> str:
    """The line of the page, or of the note; for a cell its place in the table too."""
    change, said = first.change, words(language)
    where = change.where.in_language(language)
    lines = [str(n) for n in dict.fromkeys((first.line, last.line)) if n]
    if change.note and first.note_line:
        spot = change.old_spots[0]
        number = spot.block.note.label if spot.block.note is not None else change.note
        note_lines = [str(n) for n in dict.fromkeys((first.note_line, last.note_line)) if n]
        return said["errata_note"].format(note=number, line="–".join(note_lines))
    if not lines:
        return where
    is_cell = change.old_spots[0].block.role.rpartition("/")[2].startswith(("cell", "heading "))
    return f"{'–'.join(lines)}（{where}）" if is_cell and change.kind == "replaced" else "–".join(lines)


def _what(change: Change) -> str:
    """What kind of block was added, as the words of the errata name it."""
    if not change.spots:
        return ""
    first = change.spots[0].block
    *around, kind = first.role.split("/")
    if kind.startswith(("cell", "heading ")):
        return "_row"
    if around[-1:] in (["figure"], ["table"]):
        return f"_{around[-1]}" if kind == "caption" else ""
    if any(each.startswith("item") for each in around):
        return "_item"
    return f"_{kind}" if kind in ("heading", "paragraph") else ""


# Words


def _sentence(row: Sequence[Located]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The words of a row of errors, with those around and between them."""
    spots = [each.change.old_spots[0] if each.change.old_spots else None for each in row]
    if spots[0] is None or spots[0].whole:
        return _marked(row[0].change.old), _marked(row[0].change.new)
    atoms = spots[0].block.atoms
    ends = [_stretch(spot) for spot in spots if spot is not None]
    head, tail = _around(atoms, ends[0][0], ends[-1][1])
    wrong, right = [Piece(head)], [Piece(head)]
    for index, (each, (start, _)) in enumerate(zip(row, ends, strict=True)):
        if index:
            between = Piece(shown(atoms[ends[index - 1][1] : start]))
            wrong.append(between)
            right.append(between)
        wrong.append(Piece(_clipped(each.change.old), marked=True))
        right.append(Piece(_clipped(each.change.new), marked=True))
    return _told((*wrong, Piece(tail))), _told((*right, Piece(tail)))


def _in_place(change: Change, old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Words at a place of the old text, with those around it."""
    if not change.old_spots or change.old_spots[0].whole:
        return _marked(old), _marked(new)
    spot = change.old_spots[0]
    head, tail = _around(spot.block.atoms, *_stretch(spot))
    both = ((Piece(head), Piece(each, marked=True), Piece(tail)) for each in (old, new))
    wrong, right = map(_told, both)
    return wrong, right


def _told(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if piece.text)


def _marked(text: str) -> tuple[Piece, ...]:
    return _told([Piece(_clipped(text), marked=True)])


def _stretch(spot: Spot) -> tuple[int, int]:
    """The atoms of its block that a spot covers: the first, and the one behind the last."""
    atoms = spot.block.atoms
    places = [n for n, atom in enumerate(atoms) if any(atom is each for each in spot.atoms)]
    if places:
        return places[0], places[-1] + 1
    behind, before = _index(atoms, spot.before), _index(atoms, spot.after)
    start = before if before is not None else (behind + 1 if behind is not None else 0)
    return start, start


def _around(atoms: Sequence[Atom], start: int, end: int) -> tuple[str, str]:
    """The words before and behind a stretch, from a mark on where one is near."""
    head, tail = words_around(atoms, start, end, _CONTEXT)
    cut = max((head.rfind(mark) for mark in _STOPS), default=-1)
    if 0 <= cut < len(head) - 3:
        head = head[cut + 1 :]
    stop = min((at for mark in _STOPS if (at := tail.find(mark)) > 2), default=len(tail))
    return head, tail[:stop]


def _index(atoms: Sequence[Atom], wanted: Atom | None) -> int | None:
    return next((n for n, atom in enumerate(atoms) if atom is wanted), None)


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 40]}……{text[-38:]}"


# Files


def errata_files(
    groups: Sequence[tuple[str, Sequence[Erratum]]],
    heading: Mapping[str, str],
    layout: PageLayout,
    language: Language,
    folder: Path,
) -> dict[str, bytes]:
    """The errata as PDF, as a page and as Markdown; call `fonts.activate` first."""
    values = {"groups": groups, "heading": heading}
    pdf = painted(rendered("errata.html.j2", layout, language, screen=False, **values), folder).pdf
    page = rendered("errata.html.j2", layout, language, screen=True, style=screen_style(), **values)
    return {
        "errata.pdf": pdf,
        "errata.html": page.encode(),
        "errata.md": ("\n".join(_markdown(groups, heading, words(language))) + "\n").encode(),
    }


def _markdown(
    groups: Sequence[tuple[str, Sequence[Erratum]]], heading: Mapping[str, str], said: Mapping[str, str]
) -> Iterator[str]:
    yield f"# {heading['periodical']}{heading['issue']}　{said['errata']}"
    yield f"\n{said['errata_published'].format(day=heading['day'])}"
    columns = [said[f"errata_{name}"] for name in ("page", "line", "wrong", "right")]
    for title, rows in groups:
        yield f"\n## {title}\n"
        yield _table_row(columns)
        yield "|---|---|---|---|"
        for row in rows:
            wrong, right = (
                "".join(f"**{piece.text}**" if piece.marked else piece.text for piece in pieces)
                for pieces in (row.wrong, row.right)
            )
            yield _table_row([row.page, row.line, wrong, f"{right}{row.said}"])
    yield f"\n{said['errata_count'] if groups else said['errata_none']}"


def _table_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "｜").replace("\n", " ") for cell in cells) + " |"

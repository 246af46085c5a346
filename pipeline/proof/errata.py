"""Errata: 勘誤表 of a published issue: page and line of what was printed, what it says and what it should say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.diagnostics import Language
from pipeline.page_layout import PageLayout
from pipeline.proof.change import TEXT, Change, Spot
from pipeline.proof.on_pages import Located, Pages
from pipeline.proof.sheets import painted, rendered, screen_style, words
from pipeline.proof.text import Atom, words_around

_CONTEXT = 8
"""How many characters around an error are shown, at most."""
_LONGEST = 120
_STOPS = "，。；：、！？"


@dataclass(frozen=True)
class Erratum:
    """One line of the errata; `head` and `tail` are the words around, `line` that of the page or of a note."""

    page: str
    line: str
    wrong: str
    right: str
    head: str = ""
    tail: str = ""
    said: str = ""


def errata(found: Iterable[Change], pages: Pages, language: Language) -> list[tuple[str, list[Erratum]]]:
    """The errata of each brief, by its title, in the order of the published pages.

    Only what changes the printed words is among them: no formatting, nothing that follows from another change.
    """
    placed: dict[str, list[tuple[tuple[int, int, int], Erratum]]] = {}
    for change in found:
        if change.kind not in TEXT or change.unprinted:
            continue
        located = pages.located(change, change.old_spots, change.old)
        row = _erratum(located, language)
        title = change.old_spots[0].block.brief.title if change.old_spots else change.brief
        order = (located.page or 1 << 20, located.line, change.number)
        placed.setdefault(title, []).append((order, row))
    return [
        (title or words(language)["issue_file"], [row for _, row in sorted(rows, key=lambda each: each[0])])
        for title, rows in placed.items()
    ]


def _erratum(located: Located, language: Language) -> Erratum:
    change, said = located.change, words(language)
    line = str(located.line) if located.line else change.where.in_language(language)
    if change.note and located.note_line:
        spot = change.old_spots[0]
        number = spot.block.note.label if spot.block.note is not None else change.note
        line = said["errata_note"].format(note=number, line=located.note_line)
    head, tail = _around(change.old_spots[0]) if change.old_spots else ("", "")
    old, new = _clipped(change.old), _clipped(change.new)
    words_said = ""
    if change.kind == "note-added":
        new = f"［{change.where.in_language(language)}：{new}］"
    elif change.kind == "added":
        words_said = said["errata_after"]
    elif change.kind in ("removed", "note-removed") or not (new or head or tail):
        head = tail = ""
        words_said = said["errata_deleted"]
    return Erratum(str(located.page or "—"), line, old, new, head, tail, words_said)


def _around(spot: Spot) -> tuple[str, str]:
    """The words before and behind a spot, from a mark on where one is near."""
    if spot.whole:
        return "", ""
    atoms = spot.block.atoms
    start = _index(atoms, spot.atoms[0]) if spot.atoms else None
    end = _index(atoms, spot.atoms[-1]) if spot.atoms else None
    if start is None or end is None:
        behind = _index(atoms, spot.before)
        before = _index(atoms, spot.after)
        start = before if before is not None else (behind + 1 if behind is not None else 0)
        end = start - 1
    head, tail = words_around(atoms, start, end + 1, _CONTEXT)
    cut = max((head.rfind(mark) for mark in _STOPS), default=-1)
    if 0 <= cut < len(head) - 3:
        head = head[cut + 1 :]
    stop = min((at for mark in _STOPS if (at := tail.find(mark)) > 2), default=len(tail))
    return head, tail[:stop]


def _index(atoms: Sequence[Atom], wanted: Atom | None) -> int | None:
    return next((n for n, atom in enumerate(atoms) if atom is wanted), None)


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 40]}……{text[-38:]}"


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
            wrong, right = (f"**{text}**" if text else "" for text in (row.wrong, row.right))
            wrong, right = row.head + wrong + row.tail, row.head + right + row.tail
            yield _table_row([row.page, row.line, wrong, f"{right}{row.said}"])
    yield f"\n{said['errata_count'] if groups else said['errata_none']}"


def _table_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "｜").replace("\n", " ") for cell in cells) + " |"

"""Telling: what the browser is told of briefs, findings and places, as plain values for JSON."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.diagnostics import Diagnostic, Language, ManuscriptError, Place
from pipeline.parse import Source, read
from pipeline.preview.fair_copy import FairCopy
from pipeline.printing import SetIssue

if TYPE_CHECKING:  # the engine is imported once the fonts are there
    from pipeline.preview.places import BriefPlaces


def brief_rows(copy: FairCopy, pages: SetIssue | None, every: Sequence["BriefPlaces"]) -> Iterator[dict[str, Any]]:
    """What the outline says of each brief that the issue lists; `every` has the places of those that are set."""
    parts = iter(zip(pages.briefs, every, strict=True)) if pages is not None else iter(())
    number = 0
    for href in copy.hrefs:
        row: dict[str, Any] = {"file": href, "broken": copy.is_broken(href), "number": 0, "title": href}
        row["name"] = Path(href).stem
        key = copy.key(href)
        if key is not None:
            row["key"] = key
            with suppress(StopIteration):
                part, places = next(parts)
                number += 1
                row |= {"number": number, "first": part.folio, "last": part.pages[-1], **_outline(part, places)}
        yield row


def finding(
    found: Diagnostic, copy: FairCopy, every: Sequence["BriefPlaces"], language: Language
) -> dict[str, Any]:
    """A finding; with the letters it is about, where its brief is set from this very file."""
    number, places = next(
        ((n, each) for n, each in enumerate(every, 1) if each.source.path == found.place.file), (0, None)
    )
    source = next((each for each in copy.sources if each.path == found.place.file), None)
    row: dict[str, Any] = {
        "code": found.code,
        "severity": str(found.severity),
        "message": found.message.in_language(language),
        "hint": found.hint.in_language(language),
        "brief": number,
        "fixable": bool(found.fix),
        **shown_place(found.place, source, copy.folder),
    }
    if places is not None and places.source is source:
        start, end = places.letters_at(found.place)
        row |= {"letters": [start, end], "page": places.page(start)}
    return row


def shown_place(place: Place, source: Source | None, folder: Path) -> dict[str, Any]:
    """A place in a file, by its name in `folder`, with the line of the file there."""
    lines = _lines(source.data if source is not None else _data_of(place.file))
    name = place.file.relative_to(folder) if place.file.is_relative_to(folder) else place.file
    return {
        "file": str(name),
        "path": str(place.file),
        "line": place.line,
        "column": place.column,
        "source": lines[place.line - 1].strip() if 0 < place.line <= len(lines) else "",
    }


@lru_cache(maxsize=64)
def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").splitlines()


def _data_of(file: Path) -> bytes:
    """The bytes of a file that could not be parsed; nothing where it can't be read either."""
    try:
        return read(file)
    except ManuscriptError:
        return b""


def _outline(part: Any, places: "BriefPlaces") -> dict[str, Any]:
    """Title, authors, headings and notes of a brief with the pages they stand on."""
    sections, notes = [], []
    for page, sheet in zip(part.pages, part.sheets, strict=True):
        for fragment in sheet.fragments:
            look = fragment.look
            if look is not None and look.section is not None and fragment.begins and fragment.composed is not None:
                line = fragment.composed.lines[0]
                title = "".join(each.text for each in fragment.composed.lines)
                letter = places.first(page, line)
                sections.append({"title": title, "depth": look.section.depth, "page": page, "letter": letter})
        for note in sheet.notes:
            if note.begins:
                letter = places.first(page, note.composed.lines[0]) if note.composed.lines else None
                notes.append({"label": note.note.label, "page": page, "letter": letter})
    authors = [author.name for author in part.brief.authors]
    return {"title": part.brief.plain_title, "authors": authors, "sections": sections, "notes": notes}

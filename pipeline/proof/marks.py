"""Marks: the changes as annotations on the pages, each with its old words, drawn so that they print.

Readers list the annotations (ISO 32000-1, 12.5.6); what one looks like is in its appearance stream. The kinds
differ in shape, not in colour alone: inserted text is underlined, changed text doubly, a caret stands where text
is gone, a reference that follows another change is framed by dots, formatting is underlined by a wave.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.diagnostics import Language
from pipeline.placed import Rectangle
from pipeline.proof.change import KINDS, Change
from pipeline.proof.on_pages import Caret, Located

Colour = tuple[float, float, float]

GREEN, ORANGE, RED = (0.08, 0.49, 0.24), (0.72, 0.36, 0.0), (0.75, 0.11, 0.16)
VIOLET, BLUE, GREY = (0.42, 0.24, 0.7), (0.1, 0.38, 0.75), (0.36, 0.4, 0.44)


@dataclass(frozen=True)
class Look:
    """How a kind of change is drawn: `shape` is line, double, wave, dashes, frame or none."""

    colour: Colour
    shape: str
    subtype: str
    tint: float = 0.0


LOOKS: Mapping[str, Look] = {
    "inserted": Look(GREEN, "line", "Underline", 0.16),
    "added": Look(GREEN, "line", "Highlight", 0.1),
    "note-added": Look(GREEN, "line", "Highlight", 0.1),
    "brief-added": Look(GREEN, "line", "Highlight", 0.1),
    "replaced": Look(ORANGE, "double", "Highlight", 0.18),
    "deleted": Look(RED, "caret", "Caret"),
    "removed": Look(RED, "caret", "Caret"),
    "note-removed": Look(RED, "caret", "Caret"),
    "brief-removed": Look(RED, "caret", "Caret"),
    "parted": Look(BLUE, "caret", "Caret"),
    "joined": Look(BLUE, "caret", "Caret"),
    "moved": Look(BLUE, "dashes", "Highlight", 0.07),
    "note-moved": Look(BLUE, "dashes", "Highlight", 0.1),
    "brief-moved": Look(BLUE, "dashes", "Highlight", 0.07),
    "reference": Look(VIOLET, "frame", "Square", 0.08),
    "renumbered": Look(VIOLET, "frame", "Square"),
    "picture": Look(ORANGE, "frame", "Square", 0.12),
    "format": Look(GREY, "wave", "Squiggly"),
}

_PRINT = 4
"""The flag of an annotation that is printed (ISO 32000-1, 12.5.3)."""
_ROOM = 6.0
"""How far a drawing may reach beyond its text."""
_LONGEST = 400
"""The most characters of a text in an annotation."""


def annotate(document: pikepdf.Pdf, located: Sequence[Located], language: Language, author: str) -> None:
    """Add the marks of changes to the pages of a document, whose first page is page 1."""
    for each in located:
        places: list[Rectangle | Caret] = [*each.rectangles, *each.carets]
        for page in dict.fromkeys(place.page for place in places):
            rectangles = [place for place in each.rectangles if place.page == page]
            carets = [place for place in each.carets if place.page == page]
            if rectangles or LOOKS[each.change.kind].shape == "caret":
                _annotate(document, page, each.change, rectangles, carets, language, author)


def contents(change: Change, language: Language) -> str:
    """What an annotation says: 3 改：「甲」→「乙」."""
    kind = KINDS[change.kind].in_language(language)
    said = change.said.in_language(language) if change.said is not None else ""
    old, new = (text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…" for text in (change.old, change.new))
    if change.kind in ("inserted", "added", "note-added", "brief-added"):
        words = f"「{new}」"
    elif not new:
        words = f"「{old}」"
    elif change.kind == "format":
        words = f"「{new}」"
    elif change.kind == "moved":
        words = ""
    else:
        words = f"「{old}」→「{new}」" if old else f"「{new}」"
    return f"{change.number} {kind}：{words}{'　' if words and said else ''}{said}"


def _annotate(
    document: pikepdf.Pdf,
    page: int,
    change: Change,
    rectangles: Sequence[Rectangle],
    carets: Sequence[Caret],
    language: Language,
    author: str,
) -> None:
    sheet = document.pages[page - 1]
    height = float(sheet.mediabox[3])
    look = LOOKS[change.kind]
    quads = [(r.left, height - r.bottom, r.right, height - r.top) for r in rectangles]
    points = [(caret.x, height - caret.bottom, height - caret.top) for caret in carets]
    if look.shape == "caret" and quads:
        points = [(right, low, high) for _, low, right, high in quads[-1:]]
        quads = []
    around = [*quads, *((x, low, x, high) for x, low, high in points)]
    box = (
        min(each[0] for each in around) - _ROOM,
        min(each[1] for each in around) - _ROOM,
        max(each[2] for each in around) + _ROOM,
        max(each[3] for each in around) + _ROOM,
    )
    drawn = "\n".join(_drawn(look, quads, points))
    annotation = Dictionary(
        Type=Name.Annot,
        Subtype=Name("/" + look.subtype),
        Rect=Array([_number(value) for value in box]),
        Contents=pikepdf.String(contents(change, language)),
        NM=pikepdf.String(f"kan-{change.number}-{page}"),
        T=pikepdf.String(author),
        Subj=pikepdf.String(KINDS[change.kind].in_language(language)),
        F=_PRINT,
        C=Array([_number(value) for value in look.colour]),
        AP=Dictionary(N=_appearance(document, drawn, box, look.tint)),
    )
    if look.subtype in ("Highlight", "Underline", "Squiggly"):
        annotation.QuadPoints = Array(
            [_number(v) for x, low, right, high in quads for v in (x, high, right, high, x, low, right, low)]
        )
    listed = sheet.obj.get(Name.Annots)
    if listed is None:
        sheet.obj.Annots = listed = Array()
    elif listed.is_indirect:
        sheet.obj.Annots = listed = Array(list(listed))
    listed.append(document.make_indirect(annotation))


def _appearance(document: pikepdf.Pdf, drawn: str, box: Sequence[float], tint: float) -> Any:
    """The drawing of an annotation, in the coordinates of its page; tints let the text through."""
    states = Dictionary(
        Tint=Dictionary(Type=Name.ExtGState, ca=_number(tint), BM=Name.Multiply),
        Ink=Dictionary(Type=Name.ExtGState, ca=1),
    )
    stream = pikepdf.Stream(document, drawn.encode("ascii"))
    stream.Type, stream.Subtype = Name.XObject, Name.Form
    stream.BBox = Array([_number(value) for value in box])
    stream.Resources = Dictionary(ExtGState=states)
    stream.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
    return document.make_indirect(stream)


def _drawn(
    look: Look, quads: Sequence[tuple[float, float, float, float]], points: Sequence[tuple[float, float, float]]
) -> Iterator[str]:
    """The operators that draw a mark."""
    ink = " ".join(f"{part:.3f}" for part in look.colour)
    yield f"q {ink} rg {ink} RG 1 J 1 j"
    if look.tint:
        yield "/Tint gs"
        for left, low, right, high in quads:
            yield f"{left:.2f} {low - 0.6:.2f} {right - left:.2f} {high - low + 1.2:.2f} re f"
        yield "/Ink gs"
    for left, low, right, high in quads:
        yield from _edge(look.shape, left, low, right, high)
    for x, low, high in points:
        yield f"0.5 w [1.2 1.4] 0 d {x:.2f} {low:.2f} m {x:.2f} {high:.2f} l S [] 0 d"
        yield f"1.1 w {x - 2.6:.2f} {low - 4.6:.2f} m {x:.2f} {low - 0.4:.2f} l {x + 2.6:.2f} {low - 4.6:.2f} l S"
    yield "Q"


def _edge(shape: str, left: float, low: float, right: float, high: float) -> Iterator[str]:
    """The line of a mark along one stretch of text."""
    y = low - 1.2
    if shape == "line":
        yield f"0.9 w {left:.2f} {y:.2f} m {right:.2f} {y:.2f} l S"
    elif shape == "double":
        for below in (0.0, 1.5):
            yield f"0.6 w {left:.2f} {y - below:.2f} m {right:.2f} {y - below:.2f} l S"
    elif shape == "dashes":
        yield f"0.8 w [3 2] 0 d {left:.2f} {y:.2f} m {right:.2f} {y:.2f} l S [] 0 d"
    elif shape == "frame":
        box = f"{left - 0.8:.2f} {y:.2f} {right - left + 1.6:.2f} {high - y + 0.6:.2f}"
        yield f"0.7 w [0.1 1.5] 0 d {box} re S [] 0 d"
    elif shape == "wave":
        yield "0.6 w " + " ".join(_wave(left, y, right)) + " S"


def _wave(left: float, y: float, right: float) -> Iterator[str]:
    yield f"{left:.2f} {y:.2f} m"
    x, up = left, True
    while x < right:
        beyond = min(x + 1.6, right)
        bend = y + (1.4 if up else -1.4)
        yield f"{(x + beyond) / 2:.2f} {bend:.2f} {(x + beyond) / 2:.2f} {bend:.2f} {beyond:.2f} {y:.2f} c"
        x, up = beyond, not up


def _number(value: float) -> Any:
    return round(float(value), 3)

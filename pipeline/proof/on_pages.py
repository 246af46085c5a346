"""On pages: where the changes stand on the printed pages, and which line of its page each is on.

Atoms that the author typed are letters of `pipeline.placed`; generated words (同註5, the number of a note) are
looked for between the letters around them, and front matter that has no letters by its words on the pages of its
brief. All lengths in points from the top left corner.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.collation.text import BREAK
from pipeline.placed import Placed, PlacedGlyph, PlacedLine, Rectangle
from pipeline.printing import SetIssue
from pipeline.proof.change import Change, Spot, numbered
from pipeline.proof.text import PARAGRAPH, Atom, Block, Note

_NEAR = 240
"""How many glyphs may stand between the letters around a generated word: notes and a folio may."""

_TELLING = 2
"""How long words of the masthead are, at least, to be known within a line."""

_SAME_ROW = 2.0
"""Baselines nearer than this are one line."""


@dataclass(frozen=True)
class Caret:
    """A place between two characters of a line."""

    page: int
    x: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Located:
    """A change on the pages of one copy: what it covers, or the places where something is gone.

    `page` is 0 where it is not printed; `line` counts the lines of the page from 1, `note_line` those of its note.
    """

    change: Change
    rectangles: tuple[Rectangle, ...] = ()
    carets: tuple[Caret, ...] = ()
    page: int = 0
    line: int = 0
    note_line: int = 0


class Pages:
    """The printed pages of one copy; `hrefs` are the files of its briefs in order, `page` has its margins."""

    def __init__(self, placed: Placed, pages: SetIssue, hrefs: Sequence[str], page: Mapping[str, float]) -> None:
        self.page = page
        self.ranges = {href: part.pages for href, part in zip(hrefs, pages.briefs, strict=True)}
        self.sheets = {
            folio: sheet for part in pages.briefs for folio, sheet in enumerate(part.sheets, start=part.folio)
        }
        self.placed = replace(placed, lines=tuple(self._text_lines(placed)))

    def located(self, change: Change, spots: Sequence[Spot], said: str) -> Located:
        """Where a change is, going by its spots in this copy, which says `said`."""
        own = self.ranges.get(spots[0].block.brief.href, range(0)) if spots else range(0)
        rectangles, carets = self._covered_by(spots)
        if not ({each.page for each in rectangles} | {each.page for each in carets}) & set(own):
            more = self._covered_by(spots, by_words=True)
            rectangles, carets = rectangles + more[0], carets + more[1]
        places = [(r.page, r.top, r.bottom) for r in rectangles] or [(c.page, c.top, c.bottom) for c in carets]
        place = next((each for each in places if each[0] in own), places[0] if places else None)
        if place is None:
            return Located(change) if change.brief else self._in_frontmatter(change, said)
        line = self.line_number(*place)
        note = spots[0].block.note if spots else None
        note_line = self.line_of_note(note, *place) if note is not None else 0
        return Located(change, tuple(rectangles), tuple(carets), place[0], line, note_line)

    def _covered_by(self, spots: Sequence[Spot], *, by_words: bool = False) -> tuple[list[Rectangle], list[Caret]]:
        """What spots cover, and the places of those that cover nothing; `by_words` on the pages of the brief."""
        rectangles: list[Rectangle] = []
        carets: list[Caret] = []
        for spot in spots:
            found = self._by_words(spot.atoms) if by_words else self.rectangles(spot)
            rectangles += found
            if not found and not by_words:
                carets += self.caret(spot)
            elif not found and not spot.label:
                carets += self._caret_by_words(spot)
        return rectangles, carets

    def _text_lines(self, placed: Placed) -> Iterator[PlacedLine]:
        """The lines; running heads and words in pictures, which may be those of a heading, print no letters."""
        for line in placed.lines:
            middle = (line.top + line.bottom) / 2
            inside = any(top < middle < end for top, end in self._pictures.get(line.page, ()))
            of_picture = inside and line.first is not None and not _is_of_figure(placed, line.first)
            if of_picture or (line.page in self.sheets and not self._in_type_area(line)):
                glyphs = tuple(glyph._replace(letter=None) for glyph in line.glyphs)
                yield replace(line, first=None, glyphs=glyphs)
            else:
                yield line

    # Lines

    @cached_property
    def rows(self) -> Mapping[int, tuple[tuple[float, float, float], ...]]:
        """The numbered lines of each page of a brief, from the top: upper edge, lower edge, left edge."""
        found: dict[int, list[tuple[float, float, float]]] = {}
        for line in sorted(self.placed.lines, key=lambda each: (each.page, each.bottom)):
            if not self._is_numbered(line):
                continue
            rows = found.setdefault(line.page, [])
            if rows and abs(rows[-1][1] - line.bottom) < _SAME_ROW:
                rows[-1] = min(rows[-1][0], line.top), rows[-1][1], min(rows[-1][2], line.left)
            else:
                rows.append((line.top, line.bottom, line.left))
        return {page: tuple(rows) for page, rows in found.items()}

    def _is_numbered(self, line: PlacedLine) -> bool:
        """Whether a line is one of the text: no running head, no folio, no word in a picture."""
        if line.page not in self.sheets:
            return False
        if not self._in_type_area(line):
            return False
        middle = (line.top + line.bottom) / 2
        return line.first is not None or not any(top < middle < end for top, end in self._pictures[line.page])

    def _in_type_area(self, line: PlacedLine) -> bool:
        middle = (line.top + line.bottom) / 2
        return self.page["top"] - 4 <= middle <= self.page["height"] - self.page["bottom"] + 4

    @cached_property
    def _pictures(self) -> Mapping[int, list[tuple[float, float]]]:
        """The upper and lower edges of the figures of each page."""
        found: dict[int, list[tuple[float, float]]] = {}
        for folio, sheet in self.sheets.items():
            y, found[folio] = self.page["top"], []
            for fragment in sheet.fragments:
                pitch = fragment.look.setting.pitch if fragment.look is not None else self.page["pitch"]
                y += fragment.half_lines * self.page["pitch"] / 2
                lines = len(fragment.composed.lines) if fragment.composed is not None else 0
                height = lines * pitch if fragment.look is not None else fragment.height
                if "<figure" in fragment.html:
                    found[folio].append((y, y + height))
                y += height
        return found

    def line_number(self, page: int, top: float, bottom: float) -> int:
        """The number of the line at a height of a page; 0 where none is numbered."""
        rows = self.rows.get(page, ())
        if not rows:
            return 0
        return 1 + min(range(len(rows)), key=lambda n: abs(rows[n][0] + rows[n][1] - top - bottom))

    def line_of_note(self, note: Note, page: int, top: float, bottom: float) -> int:
        """The number of the line of a note at a height of a page."""
        lines: list[PlacedLine] = []
        for block in note.blocks:
            for atom in block.atoms:
                letter = self._letter(atom)
                line = self.placed.line_at(letter) if letter is not None else None
                if line is not None and line not in lines:
                    lines.append(line)
        middle = (top + bottom) / 2
        at = [
            n
            for n, line in enumerate(lines, start=1)
            if line.page == page and line.top - 1 < middle < line.bottom + 1
        ]
        return at[0] if at else 0

    def _in_frontmatter(self, change: Change, said: str) -> Located:
        """What `issue.xml` says, where the colophon or the cover has these words once."""
        wanted = "".join(said.split())
        last = max((line.page for line in self.placed.lines), default=1)
        pages = [[line for line in self.placed.lines if line.page == page] for page in (last, 1)]
        whole = ([each.rectangle for each in lines if "".join(each.text.split()) == wanted] for lines in pages)
        inside = ([one for each in lines if (one := _in_line(each, wanted)) is not None] for lines in pages)
        for found in (*whole, *(inside if len(wanted) >= _TELLING else ())):
            if wanted and len(found) == 1:
                return Located(change, (found[0],), page=found[0].page)
        return Located(change)

    # Rectangles

    def rectangles(self, spot: Spot) -> list[Rectangle]:
        """What a spot covers: its atoms, or the number of the note whose call it is."""
        if spot.label:
            return self._generated(spot.label, spot.before, spot.after)
        found: list[Rectangle] = []
        start = end = None
        for atom in spot.atoms:
            letter = self._letter(atom)
            if letter is not None and letter == end:
                end += _length(atom)
                continue
            found += self._covered(start, end)
            start = end = None
            if letter is not None:
                start, end = letter, letter + _length(atom)
            elif atom.refers:
                found += self._reference(atom)
        found += self._covered(start, end)
        return _joined(found) or self._by_words(spot.atoms)

    def _covered(self, start: int | None, end: int | None) -> list[Rectangle]:
        return self.placed.rectangles(start, end) if start is not None and end is not None and end > start else []

    def _letter(self, atom: Atom) -> int | None:
        """The first letter of an atom; None for a generated one, a blank, and front matter without letters."""
        if atom.refers or atom.key in (PARAGRAPH, BREAK) or not atom.shown.strip():
            return None
        origin = atom.block.origin(atom.start)
        return self.placed.letter(*origin) if origin is not None else None

    def _reference(self, atom: Atom) -> list[Rectangle]:
        atoms = atom.block.atoms
        index = next((n for n, each in enumerate(atoms) if each is atom), None)
        if index is None:
            return []
        before = next((a for a in reversed(atoms[:index]) if self._letter(a) is not None), None)
        after = next((a for a in atoms[index + 1 :] if self._letter(a) is not None), None)
        return self._generated(atom.shown, before, after, far=True)

    def _generated(
        self, said: str, before: Atom | None, after: Atom | None, *, far: bool = False
    ) -> list[Rectangle]:
        """Generated words that stand between two atoms; the `far` ones need not touch them."""
        low = self._index(before, last=True)
        high = self._index(after, last=False)
        wanted = "".join(said.split())
        reach = len(wanted) + (_NEAR if far else 4)
        if low is None and high is None:
            return []
        start = low + 1 if low is not None else max((high or 0) - reach, 0)
        end = high if high is not None else start + reach
        if not 0 < end - start < _NEAR + reach:
            end = start + reach
        glyphs = [n for n in range(start, min(end, len(self._flat))) if self._text(n).strip()]
        text, owner = "", []
        for n in glyphs:
            text += self._text(n)
            owner += [n] * len(self._text(n))
        at = text.find(wanted) if low is not None else text.rfind(wanted)
        return self._spanned(owner[at : at + len(wanted)]) if at >= 0 and wanted else []

    def _by_words(self, atoms: Sequence[Atom]) -> list[Rectangle]:
        """Atoms of front matter, by the words of their block on the pages of the brief."""
        if not atoms:
            return []
        block = atoms[0].block
        text, owner = self._said(block.brief.href)
        at = text.find("".join(block.text.split()))
        if at < 0:
            return []
        places = []
        for atom in block.atoms:
            length = len("".join(atom.shown.split()))
            if any(each is atom for each in atoms):
                places += owner[at : at + length]
            at += length
        return self._spanned(places)

    def _said(self, href: str) -> tuple[str, list[int]]:
        """All that the first two pages of a brief print, and the glyph of each character."""
        own = self.ranges.get(href, range(0))[:2]
        text, owner = "", []
        for n, (line, index) in enumerate(self._flat):
            if self.placed.lines[line].page in own:
                said = "".join(self.placed.lines[line].glyphs[index].text.split())
                text += said
                owner += [n] * len(said)
        return text, owner

    # Carets

    def caret(self, spot: Spot) -> list[Caret]:
        """The place between the atoms around a spot: behind the one before, or before the one behind."""
        before, after = self._index(spot.before, last=True), self._index(spot.after, last=False)
        if before is None and after is None:
            return self._caret_by_words(spot)
        if before is not None:
            line, glyph = self._glyph(before)
            x = glyph.right
            if after is not None and self._flat[after][0] == self._flat[before][0]:
                x = (
                    (x + self._glyph(after)[1].left) / 2
                    if self._glyph(after)[1].left - x < line.bottom - line.top
                    else x
                )
        else:
            assert after is not None
            line, glyph = self._glyph(after)
            x = glyph.left
        return [Caret(line.page, x, line.top, line.bottom)]

    def _caret_by_words(self, spot: Spot) -> list[Caret]:
        """The same in front matter that has no letters."""
        for atom, behind in ((spot.before, True), (spot.after, False)):
            found = self._by_words((atom,)) if atom is not None else []
            if found:
                each = found[-1] if behind else found[0]
                return [Caret(each.page, each.right if behind else each.left, each.top, each.bottom)]
        return self._caret_before(spot.block) if not (spot.before or spot.after) else []

    def _caret_before(self, block: Block) -> list[Caret]:
        """The end of the nearest block before one that has no text."""
        blocks = block.note.blocks if block.note is not None else block.brief.parts.get(block.part, ())
        before = (each for each in reversed(blocks[: block.position - 1]) if each.atoms)
        nearest = next(before, None)
        return self.caret(Spot(nearest, before=nearest.atoms[-1])) if nearest is not None else []

    # Glyphs

    @cached_property
    def _flat(self) -> list[tuple[int, int]]:
        """Every glyph in the order of the pages: the number of its line, and its own in it."""
        return [(n, g) for n, line in enumerate(self.placed.lines) for g in range(len(line.glyphs))]

    @cached_property
    def _of_letter(self) -> Mapping[int, int]:
        """The last glyph of each letter: the entry in the contents stands before it."""
        return {glyph.letter: n for n in range(len(self._flat)) if (glyph := self._glyph(n)[1]).letter is not None}

    def _glyph(self, n: int) -> tuple[PlacedLine, PlacedGlyph]:
        line, index = self._flat[n]
        return self.placed.lines[line], self.placed.lines[line].glyphs[index]

    def _text(self, n: int) -> str:
        return str(self._glyph(n)[1].text)

    def _index(self, atom: Atom | None, *, last: bool) -> int | None:
        """The glyph that prints the first or last letter of an atom, or of one near it in its block."""
        if atom is None:
            return None
        for each in self._near(atom, last=last):
            letter = self._letter(each)
            if letter is not None:
                found = self._of_letter.get(letter + (_length(each) - 1 if last else 0))
                if found is not None:
                    return found
        return None

    def _near(self, atom: Atom, *, last: bool) -> Iterator[Atom]:
        """An atom, then those beside it away from the spot."""
        atoms = atom.block.atoms
        index = next((n for n, each in enumerate(atoms) if each is atom), None)
        yield atom
        if index is not None:
            yield from reversed(atoms[max(index - 4, 0) : index]) if last else atoms[index + 1 : index + 5]

    def _spanned(self, glyphs: Sequence[int]) -> list[Rectangle]:
        """The rectangles of some glyphs, one for each line."""
        found: dict[int, Rectangle] = {}
        for n in glyphs:
            line, glyph = self._glyph(n)
            own = Rectangle(line.page, glyph.left, line.top, glyph.right, line.bottom)
            key = self._flat[n][0]
            known = found.get(key, own)
            found[key] = own._replace(left=min(known.left, own.left), right=max(known.right, own.right))
        return list(found.values())


def _in_line(line: PlacedLine, wanted: str) -> Rectangle | None:
    """Where a line has some words (without blanks)."""
    owners = [glyph for glyph in line.glyphs for _ in "".join(glyph.text.split())]
    at = "".join("".join(glyph.text.split()) for glyph in line.glyphs).find(wanted)
    if at < 0 or not wanted:
        return None
    return line.rectangle._replace(left=owners[at].left, right=owners[at + len(wanted) - 1].right)


def _is_of_figure(placed: Placed, letter: int) -> bool:
    """Whether a letter is one of a caption or of the source of a picture."""
    stretches = placed.sources.stretches
    node = stretches[bisect_right(stretches, letter, key=lambda stretch: stretch.start) - 1].node
    return any(each.tag == "fig" for each in node.iterancestors())


def _length(atom: Atom) -> int:
    return len("".join(atom.shown.split()))


def _joined(rectangles: Sequence[Rectangle]) -> list[Rectangle]:
    """Rectangles that touch on a line as one."""
    found: list[Rectangle] = []
    for each in rectangles:
        last = found[-1] if found else None
        near = 0.6 * (each.bottom - each.top)
        if last and (last.page, last.top) == (each.page, each.top) and -1 < each.left - last.right < near:
            found[-1] = last._replace(right=max(each.right, last.right))
        else:
            found.append(each)
    return found


def in_reading_order(located: Sequence[Located]) -> list[Located]:
    """Changes in the order in which a reader of the pages meets them, numbered anew.

    Those of one brief stay together; what is not printed stands behind the rest of its brief.
    """
    briefs = list(dict.fromkeys(each.change.href for each in located))

    def order(each: Located) -> tuple[float, ...]:
        places = [(r.page, r.top, r.left) for r in each.rectangles] + [(c.page, c.top, c.x) for c in each.carets]
        own = min((place for place in places if place[0] == each.page), default=(1e9, 0.0, 0.0))
        return (briefs.index(each.change.href), *own, each.change.number)

    ordered = sorted(located, key=order)
    changes = numbered(each.change for each in ordered)
    return [replace(each, change=change) for each, change in zip(ordered, changes, strict=True)]

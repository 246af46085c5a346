"""Where the text of the sources stands on the printed pages."""

import random
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from pipeline.manuscript import read_issue
from pipeline.placed import Placed, Rectangle, placed
from tests.conftest import SAMPLE


@pytest.fixture(scope="module")
def pages(sample_built: Path) -> Placed:
    return placed(sample_built / "issue.pdf", read_issue(SAMPLE).sources)


def text_under(pdf: Path, place: Rectangle) -> str:
    """What pdfium reads in a rectangle, blanks dropped."""
    document = pdfium.PdfDocument(pdf)
    page = document[place.page - 1]
    height = page.get_height()
    text = page.get_textpage().get_text_bounded(place.left, height - place.bottom, place.right, height - place.top)
    document.close()
    return "".join(text.split())


def test_a_rectangle_holds_the_letters_asked_for(pages: Placed, sample_built: Path) -> None:
    letters, choose = pages.sources.letters, random.Random(7)
    for _ in range(25):
        start = choose.randrange(len(letters) - 6)
        found = pages.rectangles(start, start + 6)
        assert found, letters[start : start + 6]
        printed = [text_under(sample_built / "issue.pdf", place) for place in found]
        assert all(letter in "".join(printed) for letter in letters[start : start + 6]), (printed, start)


def test_every_letter_is_on_a_line_that_says_it(pages: Placed) -> None:
    letters = pages.sources.letters
    for line in pages.lines:
        for glyph in line.glyphs:
            if glyph.letter is not None:
                assert letters[glyph.letter] in glyph.text
    printed = {glyph.letter for line in pages.lines for glyph in line.glyphs}
    missing = [number for number in range(len(letters)) if number not in printed]
    assert len(missing) < 0.01 * len(letters), "".join(letters[number] for number in missing)


def test_generated_words_stand_before_the_letter_behind_them(pages: Placed, sample_built: Path) -> None:
    """The label of the first heading is no letter of the source."""
    heading = next(line for line in pages.lines if line.text.startswith("壹、"))
    first = next(glyph.letter for glyph in heading.glyphs if glyph.letter is not None)
    places = [place for place in pages.generated(first) if place.page == heading.page]
    assert "壹、" in [text_under(sample_built / "issue.pdf", place) for place in places]


def test_a_letter_is_known_by_its_node(pages: Placed) -> None:
    stretch = next(each for each in pages.sources.stretches if len(each.text.split()) == 1 and each.start > 500)
    assert pages.letter(stretch.node, stretch.which) == stretch.start
    assert pages.letter(stretch.node, stretch.which, 3) == stretch.start + 3
    assert pages.letter(object(), "text") is None

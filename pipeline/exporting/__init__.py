"""Exporting: a brief as a Word file for its author to proof, and to be imported again.

Source ─number, content▶ Brief ─blocks, runs▶ document, footnotes ─┬ package▶ .docx
           layouts/word, the tokens of the printed page ▶ styles ──┘

Numbers are Word's own: footnotes, the labels of headings, the fields in captions and references; so they stay
right when the author inserts a note. What is printed now stands in the fields already.

Styles of paragraphs, by their names in Word: Title, Subtitle, Translated Title, Focus,
Author, Affiliation, Abstract Title, Abstract, Keywords; Body Text; heading 1 to heading 5, Unnumbered Heading 1 to
5; Quote, Quote Source; List Paragraph, List Continue; Figure, caption, Caption Text, Source, Table Note, Table
Text, Table Heading, Table Foot; footnote text. Styles of characters: footnote reference, Hyperlink, Cross
Reference (generated words; they lead to a bookmark), Label (what the house sets: 圖1, 關鍵詞：), Foreign, Emphasis
Mark, Proper Name, Book Title Mark. Ids are bookmarks (see `bookmarks`).

What is not the author's to write stands in the foot of the first page: names in English, ORCID, dates, DOI.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.exporting.bookmarks import bookmark, identifier, kind

if TYPE_CHECKING:
    from pipeline.fonts import Fonts
    from pipeline.notes.style import HouseStyle
    from pipeline.page_layout import PageLayout
    from pipeline.parse import Source

__all__ = ["bookmark", "identifier", "kind", "word_file"]


def word_file(
    source: Source,
    style: HouseStyle | None = None,
    *,
    layout: PageLayout | None = None,
    fonts: Fonts | None = None,
    with_markup: bool = True,
) -> bytes:
    """A valid brief as a Word file (ECMA-376 transitional), its notes worded in `style`, in the look of `layout`
    (A4).

    `with_markup` puts the brief itself into the file (`customXml/kan.xml`), from which the import takes what Word
    has no place for. The same brief gives the same bytes. The words of a drawing (SVG) are set in `fonts`, which
    become those that WeasyPrint sees; without them, those for the language of the brief are prepared. Raises
    `InstallationError` where they can't be.
    """
    from pipeline.exporting.whole import made  # noqa: PLC0415 - the import needs the bookmarks only
    from pipeline.page_layout import A4  # noqa: PLC0415

    return made(source, style, layout or A4, fonts, with_markup)

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

from pipeline.content import brief_content
from pipeline.exporting.blocks import HEADING_STYLES, Blocks, footnotes
from pipeline.exporting.bookmarks import bookmark, identifier, kind
from pipeline.exporting.faces import faces
from pipeline.exporting.lists import Headings, numbering
from pipeline.exporting.look import colour, fixed_parts, page
from pipeline.exporting.package import packed
from pipeline.exporting.parts import KEY, Ids, Parts
from pipeline.exporting.pictures import read_pictures
from pipeline.exporting.wordml import part, serialised, w
from pipeline.notes.style import HouseStyle
from pipeline.number import number
from pipeline.page_layout import A4, PageLayout
from pipeline.parse import Source
from pipeline.profiles import profile

__all__ = ["bookmark", "identifier", "kind", "word_file"]


def word_file(
    source: Source, style: HouseStyle | None = None, *, layout: PageLayout = A4, with_markup: bool = True
) -> bytes:
    """A valid brief as a Word file (ECMA-376 transitional), its notes worded in `style`, in the look of `layout`.

    `with_markup` puts the brief itself into the file (`customXml/kan.xml`), from which the import takes what Word
    has no place for. The same brief gives the same bytes. Where the brief has a drawing (SVG), call
    `fonts.activate` before: its words are set in our faces.
    """
    brief = brief_content(source, KEY, style)
    tokens = layout.tokens
    parts = Parts(
        ids=Ids(source, brief, number(source.root, style)),
        faces=faces(tokens.length("size")),
        headings=Headings(profile(brief.lang).labels),
        measure=tokens.measure,
        height=tokens.length("picture-height"),
        pictures=read_pictures(brief.figures()),
        labels={note.anchor: note.label for note in brief.notes},
    )
    document, notes = parts.document, parts.footnotes
    body = w("body", *Blocks(parts, brief).all())
    for name in ("styles", "settings", "fontTable", "numbering", "footnotes"):
        document.relate(name, f"{name}.xml")
    footers = [document.relate("footer", f"footer{each}.xml") for each in (1, 2)]
    body.append(page(layout, *footers))
    lists = numbering(parts.headings, parts.items, HEADING_STYLES, colour(layout, "accent"))
    files = {
        "word/document.xml": part("document", body),
        **fixed_parts(brief, layout),
        "word/numbering.xml": serialised(lists),
        "word/footnotes.xml": part("footnotes", *footnotes(parts, brief.lang)),
        **{f"word/media/{name}": data for name, data in parts.media.items()},
    }
    return packed(files, document.relationships, notes.relationships, source.data if with_markup else None)

"""Whole: the Word file of a brief, put together from its parts."""

from pipeline.content import brief_content
from pipeline.exporting.blocks import HEADING_STYLES, Blocks, footnotes
from pipeline.exporting.faces import faces
from pipeline.exporting.lists import Headings, numbering
from pipeline.exporting.look import colour, fixed_parts, page
from pipeline.exporting.package import packed
from pipeline.exporting.parts import KEY, Ids, Parts
from pipeline.exporting.pictures import read_pictures
from pipeline.exporting.wordml import part, serialised, w
from pipeline.fonts import Fonts
from pipeline.notes.style import HouseStyle
from pipeline.number import number
from pipeline.page_layout import PageLayout
from pipeline.parse import Source
from pipeline.profiles import profile


def made(
    source: Source, style: HouseStyle | None, layout: PageLayout, fonts: Fonts | None, with_markup: bool
) -> bytes:
    """What `word_file` says."""
    brief = brief_content(source, KEY, style)
    tokens = layout.tokens
    parts = Parts(
        ids=Ids(source, brief, number(source.root, style)),
        faces=faces(tokens.length("size")),
        headings=Headings(profile(brief.lang).labels),
        measure=tokens.measure,
        height=tokens.length("picture-height"),
        pictures=read_pictures(tuple(brief.figures()), brief.lang, fonts),
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
    return packed(files, document.relationships, notes.relationships, source.data + b"\n" if with_markup else None)

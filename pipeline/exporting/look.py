"""The look: the parts of a Word file that are made of the templates in `layouts/word/`, and its page."""

from collections.abc import Mapping

from pipeline.brief import Brief
from pipeline.exporting.faces import faces, word_language
from pipeline.exporting.wordml import RELATIONSHIPS, Element, w
from pipeline.layout import environment
from pipeline.page_layout import PageLayout
from pipeline.profiles import profile, words

_BUILT_IN = frozenset(
    {"Title", "Subtitle", "Quote", "List Paragraph", "List Continue", "caption", "footnote text"}
    | {f"heading {depth}" for depth in range(1, 6)}
)
"""The styles that every Word has, by the names it has for them in a file."""

_TEMPLATES = {
    "word/styles.xml": "styles",
    "word/settings.xml": "settings",
    "word/fontTable.xml": "fontTable",
    "word/footer1.xml": "footer-first",
    "word/footer2.xml": "footer",
    "docProps/core.xml": "core",
}
_FOOT = 30
"""How far the number of a page stands above the edge of the paper, in points."""


def fixed_parts(brief: Brief, layout: PageLayout) -> dict[str, bytes]:
    """The parts that don't hold the text, by their names in the package."""
    templates = environment({})
    values = {**_of_layout(brief.lang, layout), **_of_brief(brief)}
    return {
        part: templates.get_template(f"word/{name}.xml.j2").render(values).encode()
        for part, name in _TEMPLATES.items()
    }


def _of_layout(lang: str, layout: PageLayout) -> Mapping[str, object]:
    tokens = layout.tokens
    fonts = faces(tokens.length("size"))
    voices = fonts.of(lang)
    return {
        "lang": word_language(lang),
        "styles": tokens.styles,
        "size": tokens.length("size"),
        "pitch": tokens.length("pitch"),
        "indent": profile(lang).setting.indent,
        "latin": fonts.latin,
        "voices": {"ming": voices.ming, "hei": voices.hei, "kai": voices.kai},
        "fonts": fonts.all,
        "built_in": _BUILT_IN,
        **{name: colour(layout, name) for name in ("ink", "quiet", "accent", "rule")},
    }


def _of_brief(brief: Brief) -> Mapping[str, object]:
    word = words(brief.lang)
    separator = word["separator"]
    history = [f"{name}{word['colon']}{day}" for name, day in brief.dates]
    history += [f"{word['doi']}{word['colon']}{brief.doi}"] if brief.doi else []
    return {
        "people": [
            [each for each in (author.name, author.english, author.orcid) if each]
            for author in brief.authors
            if author.english or author.orcid
        ],
        "history": history,
        "title": brief.plain_title,
        "authors": "; ".join(author.name for author in brief.authors),
        "focus": separator.join(brief.focus),
        "keywords": separator.join(brief.keywords[0].words) if brief.keywords else "",
        "identifier": f"doi:{brief.doi}" if brief.doi else "",
    }


def page(layout: PageLayout, first: str, others: str) -> Element:
    """`w:sectPr`: the paper, the type area, the pitch of the lines (17.6.17); the relationships to the footers of
    the first page and of the others."""
    lengths = {name: round(length * 20) for name, length in layout.page.items()}
    footers = [w("footerReference", type=kind) for kind in ("default", "first")]
    for each, related in zip(footers, (others, first), strict=True):
        each.set(f"{{{RELATIONSHIPS}}}id", related)
    margins = w(
        "pgMar",
        top=lengths["top"],
        right=lengths["side"],
        bottom=lengths["bottom"],
        left=lengths["side"],
        header=_FOOT * 20,
        footer=_FOOT * 20,
        gutter=0,
    )
    return w(
        "sectPr",
        *footers,
        w("footnotePr", w("numFmt", val="decimal")),
        w("pgSz", w=lengths["width"], h=lengths["height"]),
        margins,
        w("titlePg"),
        w("docGrid", type="lines", linePitch=round(layout.tokens.length("pitch") * 20)),
    )


def colour(layout: PageLayout, name: str) -> str:
    """A colour of the layout as Word writes it: 8C2F1F."""
    return layout.tokens.values[name].removeprefix("#").upper()

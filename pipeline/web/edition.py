"""The edition: every file of the web edition of an issue."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pipeline.brief import Issue
from pipeline.fonts import Fonts
from pipeline.layout import LAYOUTS, environment
from pipeline.profiles import words
from pipeline.tokens import read_tokens
from pipeline.web.faces import embedded
from pipeline.web.feeds import atom, opds
from pipeline.web.pages import Pages, html, icon, style_sheet, tree
from pipeline.web.pictures import first_page, pictures
from pipeline.web.records import MADE_BY_BRIEF, MADE_BY_ISSUE, IssueRecord, record, to_json


def files_of(names: Sequence[str]) -> tuple[str, ...]:
    """The files that a build makes beside `web/` for briefs of these names, as the pages link to them."""
    return (*MADE_BY_ISSUE, *(path.format(name=name) for name in names for path in MADE_BY_BRIEF))


def web(
    issue: Issue,
    names: Sequence[str],
    pages: Mapping[str, range],
    fonts: Fonts | None,
    *,
    embed: bool = True,
    beside: Collection[str] | None = None,
    printed: bytes | None = None,
) -> Mapping[str, bytes]:
    """The web edition of an issue: paths that begin with `web/`, and their bytes.

    `names` are those of the files of its briefs, `pages` the printed pages of each; the page breaks are in the
    issue already. Subsets of the faces go in unless `embed` is off or `fonts` is None. `beside` are the files of
    the build that the pages may link to (all that `files_of` names where it is None), `printed` is the PDF whose
    first page becomes the picture of the issue.
    """
    figures = pictures(issue, fonts if embed else None)
    cover = first_page(printed) if printed is not None else None
    tokens = read_tokens(LAYOUTS / "tokens.css")
    made = Pages(issue, figures, cover)
    known = record(issue, names, pages, files_of(names) if beside is None else beside, made.colophon())
    if cover is not None:
        alternative = issue.cover_alternative or words(issue.lang)["cover_alternative"].format(
            title=issue.title, name=issue.name
        )
        known = replace(known, cover=cover.name, cover_alternative=alternative)
    trees = dict(made.trees(known))
    menu = tree(environment({}).get_template("web/menu.j2").render(lang=issue.lang))
    faces, files = embedded([*trees.values(), menu], fonts, tokens) if fonts is not None and embed else ([], {})
    every = {
        **{name: html(tree) for name, tree in trees.items()},
        "web.css": style_sheet(tokens, faces, [issue.lang, *(b.lang for b in issue.briefs)], made.longest),
        "icon.svg": icon(issue.title, issue.lang, fonts, tokens),
        "notes.js": (LAYOUTS / "web" / "notes.js").read_bytes(),
        **{picture.name: picture.data for picture in (*figures.values(), *([cover] if cover else []))},
        **files,
        **_feeds(known),
        "issue.json": to_json(known),
    }
    return {f"web/{name}": data for name, data in every.items()}


def _feeds(known: IssueRecord) -> dict[str, bytes]:
    title = f"{known.title} {known.name}"
    return {
        "feed.atom": atom([known], known.identifier, title, known.href("index.html"), known.href("feed.atom")),
        "opds.json": opds([known], title, known.href("opds.json")),
    }

"""EPUB 3.3: the issue as a book that reads well at any size, from the templates in `layouts/epub/`.

Issue ─pages▶ XHTML ─vertical▶ XHTML     only for a book in vertical setting
XHTML ─faces▶ fonts                      subsets of what the pages use
all files ─container▶ bytes              one zip, the same for the same issue
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment
from lxml import etree

from pipeline.brief import Author, Issue, Ruby, inline_nodes, plain
from pipeline.epub.container import zipped
from pipeline.epub.faces import embedded, families, other_voices
from pipeline.epub.vertical import vertical_page
from pipeline.fonts import Fonts
from pipeline.fonts.drawings import with_faces
from pipeline.fonts.outlines import Outline, outline
from pipeline.identifiers import licence_uri
from pipeline.layout import LAYOUTS, environment
from pipeline.page_breaks import page_list
from pipeline.profiles import profile, words
from pipeline.tokens import Tokens, read_tokens

_MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class _File:
    """A picture or font in the book."""

    id: str
    name: str
    type: str
    data: bytes


def epub(
    issue: Issue,
    fonts: Fonts | None,
    *,
    embed: bool = True,
    vertical: bool = False,
    contents: Mapping[str, int] | None = None,
    certified_by: str = "",
) -> bytes:
    """The bytes of the book; subsets of the faces it uses are embedded unless `embed` is off or `fonts` None.

    An `issue` with page breaks (`pipeline.page_breaks.with_page_breaks`) gives a book with a page list, for which
    `contents` are the pages of the contents after the first (`contents_pages`). `vertical` is a second book, set
    from top to bottom and read from right to left, with an identifier of its own. `certified_by` names who has
    found that the book conforms to EPUB Accessibility 1.1 and WCAG 2.2, level AA: a claim that only people make.
    """
    pictures = _pictures(issue, fonts if embed else None)
    tokens = read_tokens(LAYOUTS / "tokens.css")
    cover = _cover(issue, pictures, fonts, tokens, embed=embed)
    templates = environment(
        {
            "plain": plain,
            "picture_name": lambda path: pictures[path].name,
            "orcid": _orcid,
            "licence_uri": licence_uri,
        }
    )
    templates.globals.update(
        issue=issue, printed=page_list(issue), contents_pages=contents or {}, vertical=vertical
    )
    pages = dict(_pages(issue, templates, cover))
    if vertical:
        pages = {name: vertical_page(page) for name, page in pages.items()}
    roots = [etree.fromstring(page.encode()) for page in pages.values()]
    faces = embedded(roots, fonts, tokens) if fonts and embed else ()
    langs = dict.fromkeys((issue.lang, *(brief.lang for brief in issue.briefs)))
    style = templates.get_template("epub/epub.css.j2").render(
        faces=faces,
        shared=_shared_style(),
        voices={lang: voices for lang in langs if (voices := other_voices(lang, tokens))},
        indents={lang: profile(lang).setting.indent for lang in langs},
    )
    files = [file for file in pictures.values() if file is not cover]
    files += [_File(f"font-{Path(face.name).stem}", face.name, "font/ttf", face.data) for face in faces]
    package = templates.get_template("epub/package.opf.j2").render(
        identifier=_identifier(issue, vertical=vertical),
        languages=_other_languages(issue, roots),
        authors=_authors(issue),
        subjects=dict.fromkeys(subject for brief in issue.briefs for subject in brief.focus),
        pictured=bool(pictures) or issue.cover is not None,
        has_ruby=any(isinstance(node, Ruby) for brief in issue.briefs for node in inline_nodes(brief)),
        certified_by=certified_by,
        cover_name=cover.name,
        cover_type=cover.type,
        pages=[name for name in pages if name != "nav.xhtml"],
        files=files,
    )
    container = templates.get_template("epub/container.xml.j2").render()
    return zipped(
        [
            ("META-INF/container.xml", container.encode()),
            ("EPUB/package.opf", package.encode()),
            *((f"EPUB/{name}", page.encode()) for name, page in pages.items()),
            ("EPUB/epub.css", style.encode()),
            (f"EPUB/{cover.name}", cover.data),
            *((f"EPUB/{file.name}", file.data) for file in files),
        ]
    )


def _identifier(issue: Issue, *, vertical: bool) -> str:
    """A book in vertical setting is another publication: reading systems keep one of each identifier."""
    return uuid.uuid5(uuid.UUID(issue.identifier), "vertical").urn if vertical else issue.identifier


def _pages(issue: Issue, templates: Environment, cover: _File) -> Iterator[tuple[str, str]]:
    """Every XHTML file of the book with its name, in the order of reading."""

    def page(name: str, **values: Any) -> str:
        return templates.get_template(f"epub/{name}.xhtml.j2").render(**{"lang": issue.lang, **values})

    alternative = words(issue.lang)["cover_alternative"].format(title=issue.title, name=issue.name)
    yield (
        "cover.xhtml",
        page("cover", cover_name=cover.name, cover_alternative=issue.cover_alternative or alternative),
    )
    yield "title.xhtml", page("title")
    yield "nav.xhtml", page("nav")
    for brief in issue.briefs:
        yield f"{brief.key}.xhtml", page("brief", lang=brief.lang, brief=brief)
    yield "colophon.xhtml", page("colophon")


def _authors(issue: Issue) -> list[Author]:
    """The authors, each once, with what any of the briefs knows of them."""
    found: dict[str, Author] = {}
    for author in (author for brief in issue.briefs for author in brief.authors):
        known = found.setdefault(author.name, author)
        if known.orcid is None and author.orcid is not None:
            found[author.name] = author
    return list(found.values())


def _orcid(identifier: str) -> str:
    """An ORCID as the address that it is; the source may have the number alone."""
    return f"https://orcid.org/{identifier.rpartition('/')[2]}"


def _pictures(issue: Issue, fonts: Fonts | None) -> dict[Path, _File]:
    """The figures of the issue, each file once, under names that every reading system takes.

    With `fonts`, drawings bring the letters of their words.
    """
    found: dict[Path, _File] = {}
    for brief in issue.briefs:
        for figure in brief.figures():
            if figure.picture not in found:
                found[figure.picture] = _picture(figure.picture, f"figure-{len(found) + 1:02}", fonts)
    return found


def _picture(path: Path, name: str, fonts: Fonts | None) -> _File:
    suffix, data = path.suffix.lower(), path.read_bytes()
    if suffix == ".svg" and fonts is not None:
        data = with_faces(data, fonts)
    return _File(name, f"{name}{suffix}", _MEDIA_TYPES[suffix], data)


def _cover(
    issue: Issue, pictures: dict[Path, _File], fonts: Fonts | None, tokens: Tokens, *, embed: bool
) -> _File:
    """The picture of the cover: the issue's own, or a drawn one; with `fonts` its words are outlines."""
    if issue.cover is not None:
        return pictures.get(issue.cover) or _picture(issue.cover, "cover-picture", fonts if embed else None)
    voices = other_voices(issue.lang, tokens)

    def outlined(text: str, voice: str, weight: int, slant: str) -> Outline | None:
        if not fonts:
            return None
        return outline(fonts, families(fonts, tokens.stack(voices.get(voice, voice))), text, weight, slant)

    drawn = environment({"outlined": outlined}).get_template("epub/cover.svg.j2").render(issue=issue)
    return _File("cover-image", "cover.svg", "image/svg+xml", drawn.encode())


def _other_languages(issue: Issue, pages: Iterable[etree._Element]) -> list[str]:
    """The languages of the text beside the issue's own."""
    found = {node.get("lang", "") for page in pages for node in page.iter("{*}*")}
    return sorted(found - {issue.lang, ""})


def _shared_style() -> str:
    return "".join((LAYOUTS / name).read_text(encoding="utf-8") for name in ("tokens.css", "shared/text.css"))

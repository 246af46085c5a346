"""EPUB 3.3: the issue as a book that reads well at any size, from the templates in `layouts/epub/`.

The zip is written by hand because its order and bytes matter: `mimetype` first and stored (OCF 3.3, 4.3),
fixed dates, so that the same issue gives the same bytes.
"""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from lxml import etree

from pipeline.brief import Issue, Ruby, inline_nodes, plain
from pipeline.fonts import Fonts, subset
from pipeline.fonts.outlines import Outline, outline
from pipeline.layout import LAYOUTS, environment
from pipeline.profiles import profile, words
from pipeline.tokens import Tokens, read_tokens

_XHTML = "{http://www.w3.org/1999/xhtml}"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "th", "caption", "figcaption", "dt"}
_HEADING_CLASSES = {"focus", "subtitle", "name", "label", "attribution"}
_STACKS = {"en": "latin", "ja": "japanese", "ko": "korean"}
"""The stack of what is marked as another language."""


@dataclass(frozen=True, slots=True)
class _File:
    """A picture or font in the book."""

    id: str
    name: str
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _EmbeddedFace:
    """A face as the style sheet names it."""

    family: str
    weight: int
    style: str
    name: str


def epub(issue: Issue, fonts: Fonts | None, *, embed: bool = True) -> bytes:
    """The bytes of the book; subsets of the faces it uses are embedded unless `embed` is off or `fonts` None."""
    pictures = _pictures(issue)
    tokens = read_tokens(LAYOUTS / "tokens.css")
    cover = _cover(issue, pictures, fonts, tokens)
    templates = environment({"plain": plain, "picture_name": lambda path: pictures[path].name})
    pages = dict(_pages(issue, templates, cover))
    faces, font_files = _embedded(pages, fonts, tokens) if fonts and embed else ([], [])
    langs = dict.fromkeys((issue.lang, *(brief.lang for brief in issue.briefs)))
    style = templates.get_template("epub/epub.css.j2").render(
        faces=faces,
        shared=_shared_style(),
        voices={lang: voices for lang in langs if (voices := _other_voices(lang, tokens))},
        indents={lang: profile(lang).setting.indent for lang in langs},
    )
    files = [file for file in pictures.values() if file is not cover] + font_files
    package = templates.get_template("epub/package.opf.j2").render(
        issue=issue,
        identifier=issue.identifier,
        languages=_other_languages(issue, pages.values()),
        subjects=dict.fromkeys(subject for brief in issue.briefs for subject in brief.focus),
        pictured=bool(pictures) or issue.cover is not None,
        has_ruby=any(isinstance(node, Ruby) for brief in issue.briefs for node in inline_nodes(brief)),
        cover_name=cover.name,
        cover_type=cover.type,
        files=files,
    )
    container = templates.get_template("epub/container.xml.j2").render()
    return _zip(
        [
            ("META-INF/container.xml", container.encode()),
            ("EPUB/package.opf", package.encode()),
            *((f"EPUB/{name}", page.encode()) for name, page in pages.items()),
            ("EPUB/epub.css", style.encode()),
            (f"EPUB/{cover.name}", cover.data),
            *((f"EPUB/{file.name}", file.data) for file in files),
        ]
    )


def _pages(issue: Issue, templates: Environment, cover: _File) -> Iterator[tuple[str, str]]:
    """Every XHTML file of the book with its name."""
    about = {"issue": issue, "lang": issue.lang}
    yield (
        "cover.xhtml",
        templates.get_template("epub/cover.xhtml.j2").render(
            **about,
            cover_name=cover.name,
            cover_alternative=issue.cover_alternative
            or words(issue.lang)["cover_alternative"].format(title=issue.title, name=issue.name),
        ),
    )
    yield "nav.xhtml", templates.get_template("epub/nav.xhtml.j2").render(**about)
    brief_page = templates.get_template("epub/brief.xhtml.j2")
    for brief in issue.briefs:
        yield f"{brief.key}.xhtml", brief_page.render(issue=issue, lang=brief.lang, brief=brief)
    yield "colophon.xhtml", templates.get_template("epub/colophon.xhtml.j2").render(**about)


def _pictures(issue: Issue) -> dict[Path, _File]:
    """The figures of the issue, each file once, under names that every reading system takes."""
    found: dict[Path, _File] = {}
    for brief in issue.briefs:
        for figure in brief.figures():
            if figure.picture not in found:
                found[figure.picture] = _picture(figure.picture, f"figure-{len(found) + 1:02}")
    return found


def _picture(path: Path, name: str) -> _File:
    suffix = path.suffix.lower()
    return _File(name, f"{name}{suffix}", _MEDIA_TYPES[suffix], path.read_bytes())


def _cover(issue: Issue, pictures: dict[Path, _File], fonts: Fonts | None, tokens: Tokens) -> _File:
    """The picture of the cover: the issue's own, or a drawn one; with `fonts` its words are outlines."""
    if issue.cover is not None:
        return pictures.get(issue.cover) or _picture(issue.cover, "cover-picture")
    voices = _other_voices(issue.lang, tokens)

    def outlined(text: str, voice: str, weight: int, slant: str) -> Outline | None:
        if not fonts:
            return None
        return outline(fonts, _families(fonts, tokens.stack(voices.get(voice, voice))), text, weight, slant)

    drawn = environment({"outlined": outlined}).get_template("epub/cover.svg.j2").render(issue=issue)
    return _File("cover-image", "cover.svg", "image/svg+xml", drawn.encode())


def _other_languages(issue: Issue, pages: Iterable[str]) -> list[str]:
    """The languages of the text beside the issue's own."""
    found = {node.get("lang", "") for page in pages for node in etree.fromstring(page.encode()).iter("{*}*")}
    return sorted(found - {issue.lang, ""})


def _shared_style() -> str:
    return "".join((LAYOUTS / name).read_text(encoding="utf-8") for name in ("tokens.css", "shared/text.css"))


# Fonts


def _other_voices(lang: str, tokens: Tokens) -> dict[str, str]:
    """The stack of each voice that a language sets in another than that of its name, where the layout has it."""
    faces = profile(lang).faces
    return {voice: stack for voice, stack in faces.items() if stack != voice and stack in tokens.values}


def _embedded(pages: dict[str, str], fonts: Fonts, tokens: Tokens) -> tuple[list[_EmbeddedFace], list[_File]]:
    """Subsets of the faces the pages use, with the characters set in each."""
    faces: list[_EmbeddedFace] = []
    files: list[_File] = []
    characters = _characters_by_family(pages.values(), fonts, tokens)
    for face in fonts.faces:
        asked = characters[face.family]
        wanted = asked - set(fonts.covers([face.family], "".join(asked)))
        if not wanted:
            continue
        name = f"{face.family}-{face.weight}-{face.style}".lower().replace(" ", "-")
        data = subset(face, map(ord, wanted))
        files.append(_File(f"font-{name}", f"fonts/{name}.ttf", "font/ttf", data))
        faces.append(_EmbeddedFace(face.family, face.weight, face.style, f"fonts/{name}.ttf"))
    return faces, files


def _characters_by_family(pages: Iterable[str], fonts: Fonts, tokens: Tokens) -> dict[str, set[str]]:
    """Which characters each family may be asked for, by the roles that the style sheet gives to elements.

    The Latin faces come first in every stack; what the first other family lacks is asked of those behind it.
    """
    asked: defaultdict[str, set[str]] = defaultdict(set)
    for page in pages:
        for stack, text in _characters_by_stack(etree.fromstring(page.encode()), tokens):
            asked[stack] |= text
    found: defaultdict[str, set[str]] = defaultdict(set)
    everything = set[str]().union(*asked.values())
    for stack, characters in asked.items():
        lacking = characters
        for family in _families(fonts, tokens.stack(stack)):
            if family.startswith("Kan Latin"):
                found[family] |= everything
            else:
                found[family] |= lacking
                lacking = set(fonts.covers([family], "".join(lacking)))
    return found


def _families(fonts: Fonts, stack: Iterable[str]) -> tuple[str, ...]:
    """The families of a stack that were fetched: those for other languages are not there in every issue."""
    there = {face.family for face in fonts.faces}
    return tuple(family for family in stack if family in there)


def _characters_by_stack(root: etree._Element, tokens: Tokens) -> Iterator[tuple[str, set[str]]]:
    """The characters of a page with the stack of faces that sets them."""
    voices = _other_voices(root.get("lang", ""), tokens)
    for element in root.iter(f"{_XHTML}*"):
        text = set("".join(element.itertext()))
        name = etree.QName(element).localname
        if name == "body":
            yield voices.get("ming", "ming"), text
        if name in _HEADINGS or _HEADING_CLASSES & set((element.get("class") or "").split()):
            yield voices.get("hei", "hei"), text
        if name in ("blockquote", "i"):
            yield voices.get("kai", "kai"), text
        lang = (element.get("lang") or "").partition("-")[0]
        if lang in _STACKS:
            yield _STACKS[lang], text


def _zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip with `mimetype` first and stored, and the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _add(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        for name, data in files:
            _add(archive, name, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes, method: int) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = method
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data, compresslevel=9 if method == zipfile.ZIP_DEFLATED else None)

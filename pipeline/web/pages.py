"""The pages: from templates to HTML.

The templates give well-formed XML, as those of the EPUB do. What the shared templates have no place for is put
into the tree: the link of a heading to itself, the size of a picture, the frame in which a wide table scrolls.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from lxml import etree

from pipeline.brief import Brief, Issue, Section, plain
from pipeline.epub.faces import families, other_voices
from pipeline.fonts import Fonts
from pipeline.fonts.outlines import outline
from pipeline.layout import LAYOUTS, environment
from pipeline.profiles import profile, words
from pipeline.tokens import Tokens
from pipeline.web.faces import EmbeddedFace
from pipeline.web.metadata import brief_json, brief_tags, issue_json, issue_tags
from pipeline.web.pictures import Picture
from pipeline.web.records import IssueRecord

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_SHEETS = ("tokens.css", "shared/text.css")


@dataclass(frozen=True)
class Pages:
    """The pages of one issue."""

    issue: Issue
    figures: Mapping[Path, Picture]
    cover: Picture | None

    @property
    def longest(self) -> int:
        """The most notes that a brief has."""
        return max((len(brief.notes) for brief in self.issue.briefs), default=0)

    def colophon(self) -> list[tuple[str, str, str]]:
        """The lines of the colophon that hold for every issue, as (name, value, address or nothing)."""
        template = _templates(self.figures).from_string(
            '{% import "shared/colophon.j2" as shared %}<dl>{{ shared.rows(issue) }}</dl>'
        )
        lines = etree.fromstring(template.render(issue=self.issue))
        return [
            (_text(line[0]), _text(line[1]), line.xpath("string(dd/a/@href)"))
            for line in lines.iterchildren("div")
            if _text(line[0]) != words(self.issue.lang)["published"]
        ]

    def trees(self, known: IssueRecord) -> Iterator[tuple[str, etree._Element]]:
        """Every page with its name, as the root of an HTML tree."""
        templates = _templates(self.figures)
        common = {"issue": self.issue, "known": known, "cover": self.cover}
        first = templates.get_template("web/index.html.j2")
        tags, data = issue_tags(known), issue_json(known)
        yield (
            "index.html",
            tree(first.render(**common, lang=known.lang, page="index.html", tags=tags, data=data)),
        )
        template = templates.get_template("web/brief.html.j2")
        neighbours = [None, *known.briefs, None]
        for at, (brief, own) in enumerate(zip(self.issue.briefs, known.briefs, strict=True)):
            name = f"{own.name}.html"
            rendered = template.render(
                **common,
                lang=brief.lang,
                page=name,
                tags=brief_tags(known, own),
                data=brief_json(known, own),
                brief=brief,
                own=own,
                order={note.anchor: number for number, note in enumerate(brief.notes, 1)},
                before=neighbours[at],
                after=neighbours[at + 2],
            )
            yield name, self._dressed(tree(rendered), brief)

    def _dressed(self, root: etree._Element, brief: Brief) -> etree._Element:
        """With what the shared templates have no place for."""
        sizes = {picture.name: picture for picture in self.figures.values()}
        for image in root.iter("img"):
            picture = sizes[image.get("src", "")]
            image.attrib.update(
                {
                    "width": str(picture.width),
                    "height": str(picture.height),
                    "loading": "lazy",
                    "decoding": "async",
                }
            )
        link = words(brief.lang)["web_section_link"]
        titles = {section.anchor: plain(section.title) for section in brief.sections()}
        for section in root.iter("section"):
            heading = next(section.iterchildren(*_HEADINGS), None)
            anchor = section.get("id")
            if heading is not None and anchor in titles:
                etree.SubElement(
                    heading,
                    "a",
                    {"class": "self", "href": f"#{anchor}", "aria-label": link.format(title=titles[anchor])},
                )
        for number, table in enumerate(root.iterfind(".//div[@class='table']/table"), 1):
            frame = etree.Element("div", {"class": "wide", "role": "region", "tabindex": "0"})
            caption = table.find("caption")
            if caption is not None:
                caption.set("id", f"{brief.key}-caption-{number}")
                frame.set("aria-labelledby", f"{brief.key}-caption-{number}")
            table.addprevious(frame)
            frame.append(table)
        return root


def _templates(figures: Mapping[Path, Picture]) -> Environment:
    made = environment({"plain": plain, "picture_name": lambda path: figures[path].name})
    made.globals.update(outline=_outline)
    return made


def _outline(brief: Brief) -> list[tuple[Section, list[Section]]]:
    """The sections of a brief and those right below each."""
    return [
        (section, [each for each in section.blocks if isinstance(each, Section)])
        for section in brief.blocks
        if isinstance(section, Section)
    ]


def tree(rendered: str) -> etree._Element:
    """A rendered page as a tree."""
    return etree.fromstring(rendered.encode())


def _text(element: etree._Element) -> str:
    return "".join(element.itertext())


def html(root: etree._Element) -> bytes:
    """The page as HTML."""
    written: bytes = etree.tostring(root, method="html", encoding="UTF-8", doctype="<!DOCTYPE html>")
    return written + b"\n"


def style_sheet(tokens: Tokens, faces: Sequence[EmbeddedFace], langs: Sequence[str], notes: int) -> bytes:
    """`web.css`: for pages in these languages, with room for that many notes beside the text of a brief."""
    known = dict.fromkeys(langs)
    sheet = (
        environment({})
        .get_template("web/web.css.j2")
        .render(
            faces=faces,
            shared="".join((LAYOUTS / name).read_text(encoding="utf-8") for name in _SHEETS),
            stacks={name: value for name, value in tokens.values.items() if '"Kan ' in value},
            voices={lang: voices for lang in known if (voices := other_voices(lang, tokens))},
            indents={lang: profile(lang).setting.indent for lang in known},
            notes=notes,
        )
    )
    return sheet.encode()


def icon(title: str, lang: str, fonts: Fonts | None, tokens: Tokens) -> bytes:
    """`icon.svg`: the first character of the title, as an outline."""
    stack = tokens.stack(other_voices(lang, tokens).get("ming", "ming"))
    drawn = outline(fonts, families(fonts, stack), title[:1], 700, "normal") if fonts is not None else None
    return environment({}).get_template("web/icon.svg.j2").render(drawn=drawn).encode()

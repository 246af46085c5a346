"""Runs: inline content of a brief as runs, fields, links and bookmarks of Word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, Protocol

from pipeline.brief import Break, Call, Inline, Link, Note, Reference, Ruby, Style, Text
from pipeline.exporting.faces import Faces, word_language
from pipeline.exporting.wordml import RELATIONSHIPS, Element, Look, field, run, text, w
from pipeline.profiles import primary

CHARACTER_STYLES = {
    "foreign": "Foreign",
    "emphasis-mark": "EmphasisMark",
    "proper-name": "ProperName",
    "book-title": "BookTitleMark",
}
"""The character style for what a `Style` is named."""

_POSITIONS: dict[str, Literal["superscript", "subscript"]] = {"sup": "superscript", "sub": "subscript"}
_OF_BOTH_SCRIPTS = re.compile("[‘’“”…—–·‧×÷±°§─━→←↑↓①-⑳Ⅰ-Ⅻ★☆○●◎△▲□■]")
"""Marks that Word takes from the face for Latin where nothing tells it that they are of East Asia (17.3.2.26)."""

_EAST_ASIAN = ("zh", "ja", "ko")
_NOT_IN_ADDRESSES = re.compile(r'[\s<>"{}|\\^`]')


class Part(Protocol):
    """The part that runs stand in, and what is counted over the whole file."""

    def link(self, href: str) -> str:
        """The relationship to an address."""

    def marked(self, name: str, content: Iterable[Element]) -> Iterator[Element]:
        """Content inside a bookmark."""

    def footnote(self, note: Note) -> int:
        """The number of a footnote in the file."""

    def name(self, anchor: str) -> str | None:
        """The bookmark of an anchor of the brief."""

    def label(self, anchor: str) -> str:
        """The printed number of a note."""


class Runs:
    """Writes inline content in the language of a brief.

    `citations` and `targets` are those of the note at hand, in order: the bookmark of each tagged citation (None
    where it has no id), and that of the source which each reference to a note names.
    """

    def __init__(
        self,
        part: Part,
        faces: Faces,
        lang: str,
        *,
        citations: Iterable[str | None] = (),
        targets: Iterable[str | None] = (),
    ) -> None:
        self._part, self._faces, self._lang = part, faces, lang
        self._citations, self._targets = iter(citations), iter(targets)
        self._in_citation = False
        """Whether a title is part of a citation: it is in a language, but it isn't a foreign word."""

    def of(self, nodes: Sequence[Inline], lang: str | None = None, look: Look | None = None) -> list[Element]:
        """The elements for inline nodes; `lang` is their language where that isn't the brief's."""
        return [each for node in nodes for each in self._inline(node, look or Look(), lang or self._lang)]

    def words(self, content: str, look: Look | None = None, lang: str | None = None) -> list[Element]:
        """A run of plain text."""
        return list(self._text(content, look or Look(), lang or self._lang))

    def _inline(self, node: Inline, look: Look, lang: str) -> Iterable[Element]:
        match node:
            case Text():
                return self._text(node.content, look, node.lang or lang)
            case Style():
                return self._style(node, look, node.lang or lang)
            case Link():
                return self._link(node, look, lang)
            case Ruby():
                return self._ruby(node, look, lang)
            case Call():
                return self._again(node) if node.again else self._call(node)
            case Reference():
                return self._reference(node, look, lang)
            case Break():
                return [run(look, w("br"))]
        return ()

    def _text(self, content: str, look: Look, lang: str) -> Iterator[Element]:
        if content:
            yield run(self._in_language(look, lang, content), text(content))

    def _in_language(self, look: Look, lang: str, content: str) -> Look:
        """A look with what a language asks for: its tag, its face, the marks of both scripts in it."""
        east_asian = primary(lang) in _EAST_ASIAN
        face = self._faces.of(lang).kai if look.italic and east_asian else None
        if lang != self._lang and east_asian:
            face = face or self._faces.of(lang).ming
        return replace(
            look,
            face=face,
            lang=word_language(lang) if lang != self._lang else None,
            east_asian=east_asian,
            hint=east_asian and _OF_BOTH_SCRIPTS.search(content) is not None,
        )

    def _style(self, node: Style, look: Look, lang: str) -> Iterable[Element]:
        if node.name == "italic":
            look = replace(look, italic=True)
        elif node.name == "bold":
            look = replace(look, bold=True)
        elif node.name in _POSITIONS:
            look = replace(look, position=_POSITIONS[node.name])
        elif node.name in CHARACTER_STYLES and not (node.name == "foreign" and self._in_citation):
            look = replace(look, style=CHARACTER_STYLES[node.name])
        if node.name != "citation":
            return self.of(node.children, lang, look)
        self._in_citation = True
        content = self.of(node.children, lang, look)
        self._in_citation = False
        name = next(self._citations, None)
        return self._part.marked(name, content) if name else content

    def _link(self, node: Link, look: Look, lang: str) -> Iterable[Element]:
        href = _NOT_IN_ADDRESSES.sub(lambda found: f"%{ord(found[0]):02X}", node.href)
        made = w("hyperlink", *self.of(node.children, lang, replace(look, style="Hyperlink")), history="1")
        made.set(f"{{{RELATIONSHIPS}}}id", self._part.link(href))
        return [made]

    def _ruby(self, node: Ruby, look: Look, lang: str) -> Iterable[Element]:
        """17.3.3.25; sizes in half points."""
        size = self._faces.size
        look = self._in_language(look, lang, "")
        small = w("r", w("rPr", w("sz", val=round(size)), w("szCs", val=round(size))), text(node.annotation))
        properties = w(
            "rubyPr",
            w("rubyAlign", val="center"),
            w("hps", val=round(size)),
            w("hpsRaise", val=round(2 * size - 3)),
            w("hpsBaseText", val=round(2 * size)),
            w("lid", val=word_language(lang)),
        )
        ruby = w("ruby", properties, w("rt", small), w("rubyBase", run(look, text(node.base))))
        return [run(look, ruby)]

    def _call(self, node: Call) -> Iterable[Element]:
        """The place of a note; that of an author's note shows its mark (17.11.14)."""
        number, look = self._part.footnote(node.note), Look(style="FootnoteReference")
        call = w("footnoteReference", customMarkFollows="1" if node.note.by_author else None, id=number)
        content = [run(look, call, *([text(node.note.label)] if node.note.by_author else []))]
        name = self._part.name(node.note.anchor)
        return self._part.marked(name, content) if name else content

    def _again(self, node: Call) -> Iterable[Element]:
        """A note called once more: its number as a reference to the first call (17.16.5.44)."""
        name, look = self._part.name(node.note.anchor), Look(style="FootnoteReference")
        label = run(look, text(node.note.label))
        if name is None or node.note.by_author:
            return [label]
        return [_inside(name, field(f"NOTEREF {name} \\f \\h", [label], look))]

    def _reference(self, node: Reference, look: Look, lang: str) -> Iterable[Element]:
        """Generated words, which lead to what they name; the number in them is a field where Word has one."""
        name, look = self._part.name(node.anchor), replace(look, style="CrossReference")
        if node.to in ("same-source", "see"):
            content = self._note_words(node, name, look, lang)
            target = next(self._targets, None) or name
        elif node.to in ("fig", "table") and name:
            content, target = field(f"REF {name} \\h", list(self._text(node.words, look, lang)), look), name
        else:
            content, target = list(self._text(node.words, look, lang)), name
        content = [_inside(target, content)] if target else content
        return [*content, *self._text(node.locator, replace(look, style=None), lang)]

    def _note_words(self, node: Reference, name: str | None, look: Look, lang: str) -> list[Element]:
        number = self._part.label(node.anchor)
        alone = rf"(?<!\d){re.escape(number)}(?!\d)"
        found = re.search(alone, node.words) if number.isdecimal() and name else None
        if found is None:
            return list(self._text(node.words, look, lang))
        words = list(self._text(node.words[: found.start()], look, lang))
        words += field(f"NOTEREF {name} \\h", list(self._text(number, look, lang)), look)
        return [*words, *self._text(node.words[found.end() :], look, lang)]


def _inside(name: str, content: list[Element]) -> Element:
    """Content that leads to a bookmark."""
    return w("hyperlink", *content, anchor=name, history="1")

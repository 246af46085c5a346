"""Spans: inline content as flat stretches in one look each, calls and ruby among them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from pipeline.brief import Break, Call, Inline, Link, Note, Reference, Ruby, Style, Text, supplied
from pipeline.profiles import words

UNDERLINED = ("emphasis-mark", "proper-name", "book-title")
"""Looks drawn under the characters: 著重號, 專名號, 書名號甲式 (clreq 3.3)."""

_PLAIN = ("citation", "foreign")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one look.

    `annotation` is the reading beside or above it; a span with one, and a call (`note`), are never divided.
    `title` says where a link leads, for a reader who does not follow it. `mark` numbers what one mark of
    `UNDERLINED` stands under, so that two names side by side have two lines. `link` numbers the links of a
    paragraph: the parts of one have the same number.
    """

    text: str
    lang: str | None = None
    classes: tuple[str, ...] = ()
    href: str | None = None
    anchor: str | None = None
    annotation: str | None = None
    note: Note | None = None
    title: str | None = None
    mark: int = 0
    link: int = 0

    @property
    def words(self) -> str:
        """The text as a template writes it, the annotation after its base."""
        return self.text + (self.annotation or "")

    @property
    def address(self) -> bool:
        """Whether it is the text of a link out of the document, which divides as an address does."""
        return "link" in self.classes

    @property
    def again(self) -> bool:
        """Whether it repeats the call of a note that stands elsewhere."""
        return self.note is not None and self.anchor != f"{self.note.anchor}-call"


def spans(children: Iterable[Inline], lang: str | None) -> list[Span]:
    """The spans of inline content in a text of language `lang`; a `Break` is a span of "\\n"."""
    return [span for span in _spans(children, Span("", lang), count(1), count(1)) if span.text]


def _spans(children: Iterable[Inline], base: Span, marks: Iterator[int], links: Iterator[int]) -> Iterator[Span]:
    for node in children:
        match node:
            case Text():
                yield replace(base, text=node.content, lang=node.lang or base.lang)
            case Style():
                classes = base.classes if node.name in _PLAIN else (*base.classes, node.name)
                look = replace(base, lang=node.lang or base.lang, classes=classes)
                if node.name in UNDERLINED:
                    look = replace(look, mark=next(marks))
                yield from _spans(node.children, look, marks, links)
            case Link():
                look = replace(base, href=node.href, classes=(*base.classes, "link"), link=next(links))
                yield from _spans(node.children, look, marks, links)
            case Ruby():
                yield replace(base, text=node.base, annotation=node.annotation)
            case Call():
                yield Span(
                    node.note.label,
                    classes=("call",),
                    href=f"#{node.note.anchor}",
                    anchor=node.anchor,
                    note=node.note,
                    title=words(base.lang)["note_call"].format(note=node.note.label),
                    link=next(links),
                )
            case Reference():
                title = supplied(node, base.lang) or None
                classes = (*base.classes, "reference")
                look = replace(base, href=f"#{node.anchor}", classes=classes, title=title, link=next(links))
                yield replace(look, text=node.words)
                yield replace(base, text=node.locator)
            case Break():
                yield replace(base, text="\n")

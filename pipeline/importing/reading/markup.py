"""Markup: what stands in the paragraphs that pandoc reads in Markdown and HTML.

The look is in the tree: emphasis and links as pandoc's own, the rest as CSS in attributes, which
`pipeline.importing.reading.webpage` has written there.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from pipeline.importing.document import Block, Inline, Note, NoteCall, Paragraph, Picture, Run
from pipeline.importing.gate.package import whole
from pipeline.importing.reading.inlines import is_address, is_written, joined, struck, without_first_blanks
from pipeline.importing.reading.structure import Around, Node, blocks

NOTE, RUBY, LABEL, STYLE, PLACE = "kan-note", "kan-ruby", "kan-label", "kan-style", "kan-place"
"""Attributes with which a page made ready for pandoc says more than HTML can."""

_ESCAPED = re.compile(
    "(?:%(?:C[2-9A-F]|D[0-9A-F])%[89AB][0-9A-F]|%E[0-9A-F](?:%[89AB][0-9A-F]){2}|%F[0-4](?:%[89AB][0-9A-F]){3})"
)
_LENGTH = re.compile(r"(-?[0-9]*\.?[0-9]+)\s*(pt|px|cm|mm|in|em|rem|pc)?")
_UNITS = {"pt": 1.0, "px": 0.75, "cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72.0, "pc": 12.0, "em": 12.0, "rem": 12.0}
_ALIGNMENTS = {"center": "center", "right": "right", "left": "left", "justify": "justify", "end": "right"}
_EASTERN = re.compile(
    "[\u2e80-\u9fff\uac00-\ud7ff\uff00-\uffef]|kai|ming|song|sung|hei|gothic|mincho|batang|dotum", re.IGNORECASE
)
_TAGS: Mapping[str, tuple[str, bool]] = {
    f"<{slash}{tag}>": (look, not slash)
    for tag, look in {
        "sup": "sup",
        "sub": "sub",
        "u": "underline",
        "b": "bold",
        "strong": "bold",
        "i": "italic",
        "em": "italic",
    }.items()
    for slash in ("", "/")
}


@dataclass
class Markup:
    """Makes paragraphs of pandoc's, counting them; notes are read when the text is at its end."""

    pictures: Callable[[str], str | None] = lambda _address: None
    """The name in `media` of a picture by its address, or None where it can't be had."""
    written: str = ""
    """The file, in which addresses stand as they were typed."""
    count: int = 0
    notes: dict[str, Note] = field(default_factory=dict)
    lost: list[tuple[int, str, str]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    """The paragraphs in which the marks of changes and comments stand, by their names."""
    _waiting: list[tuple[str, Sequence[Node]]] = field(default_factory=list)
    _bodies: dict[str, Sequence[Node]] = field(default_factory=dict)

    def document(self, nodes: Sequence[Node]) -> tuple[Block, ...]:
        """The blocks of a tree, and then its notes."""
        text: list[Node] = []
        for node in nodes:
            key = dict(map(tuple, node["c"][0][2])).get(NOTE) if node["t"] == "Div" else None
            if key is None:
                text.append(node)
            else:
                self._bodies[key] = node["c"][1]
        made = blocks(text, self)
        while self._waiting:
            key, inside = self._waiting.pop(0)
            self.notes[key] = Note(blocks(inside, self))
        return made

    def paragraph(self, inlines: Sequence[Node], around: Around) -> Iterable[Block]:
        """One paragraph, or none where nothing stands in it."""
        self.count += 1
        style = css(around.attributes)
        attributes = dict(around.attributes)
        content = self._inlines(inlines, _run(Run(""), around.attributes))
        if not is_written(content):
            self.count -= 1
            return ()
        size = length(style.get("font-size", "")) or 12.0
        first = length(style.get("text-indent", ""), size)
        left = sum(
            length(value, size)
            for name, value in styles(around.attributes)
            if name in ("margin-left", "padding-left")
        )
        return [
            Paragraph(
                content,
                self.count,
                attributes.get(STYLE) or None,
                around.outline,
                left,
                length(style.get("margin-right", ""), size),
                first,
                _ALIGNMENTS.get(style.get("text-align", ""), ""),
                around.quoted,
                attributes.get(LABEL, ""),
                (around.name,) if around.name else (),
            )
        ]

    def caption(self, inlines: Sequence[Node]) -> tuple[Inline, ...]:
        """The caption of a table."""
        return self._inlines(inlines, Run(""))

    def start(self) -> int:
        """The number of the next paragraph."""
        return self.count + 1

    def _inlines(self, nodes: Sequence[Node], look: Run) -> tuple[Inline, ...]:
        made: list[Inline] = []
        self._walk(nodes, look, made)
        return tuple(without_first_blanks(joined(made), " "))

    def _walk(self, nodes: Sequence[Node], look: Run, made: list[Inline]) -> None:
        for place, node in enumerate(nodes):
            kind, content = str(node["t"]), node.get("c", "")
            if kind == "SoftBreak" and _is_between_wide(made, nodes[place + 1 :]):
                continue
            if kind in _TEXTS:
                made.append(replace(look, text=_TEXTS[kind] or content))
            elif kind in _LOOKS:
                if kind == "Strikeout":
                    self.lost.append((self.count, *struck(plain(content))))
                self._walk(content, replace(look, **_LOOKS[kind]), made)
            elif kind == "RawInline" and str(content[1]).strip().lower() in _TAGS:
                name, on = _TAGS[content[1].strip().lower()]
                look = replace(look, **{name: on})  # type: ignore[arg-type]
            elif kind == "RawInline" and re.fullmatch(r"<br\s*/?>", content[1].strip(), re.IGNORECASE):
                made.append(replace(look, text="\n"))
            elif kind in _READERS:
                _READERS[kind](self, content, look, made)

    def _span(self, content: Any, look: Run, made: list[Inline]) -> None:
        (_name, _classes, pairs), inside = content
        attributes = {str(name): str(value) for name, value in pairs}
        if PLACE in attributes:
            self.places[attributes[PLACE]] = self.count
        elif NOTE in attributes:
            self._call(attributes[NOTE], self._bodies.get(attributes[NOTE], ()), made)
        else:
            self._walk(inside, _run(look, tuple(attributes.items())), made)

    def _link(self, content: Any, look: Run, made: list[Inline]) -> None:
        _attributes, inside, (address, _title) = content
        address = self._as_typed(address)
        if is_address(address):
            look = replace(look, href=address)
        elif not address.startswith("#"):
            self.lost.append(
                (self.count, f"連到「{address}」的連結，只留文字", f"a link to {address}: only its text is kept")
            )
        self._walk(inside, look, made)

    def _as_typed(self, address: str) -> str:
        """An address with its Han letters, which pandoc writes as %E6%9C%83, where the file has the letters."""
        plain = _ESCAPED.sub(lambda found: unquote(found[0]), address)
        return plain if plain in self.written and address not in self.written else address

    def _image(self, content: Any, look: Run, made: list[Inline]) -> None:  # noqa: ARG002
        _attributes, inside, (address, _title) = content
        name = self.pictures(address)
        if name is None:
            self.lost.append((self.count, f"圖片「{address[:80]}」", f"the picture {address[:80]}"))
        else:
            made.append(Picture(name, plain(inside)))

    def _note(self, content: Any, look: Run, made: list[Inline]) -> None:  # noqa: ARG002
        self._call(f"note-{len(self.notes) + len(self._waiting) + 1}", content, made)

    def _call(self, key: str, inside: Sequence[Node], made: list[Inline]) -> None:
        made.append(NoteCall(key))
        if key not in self.notes and all(key != waiting for waiting, _ in self._waiting):
            self._waiting.append((key, inside))

    def _quoted(self, content: Any, look: Run, made: list[Inline]) -> None:
        kind, inside = content
        opening, closing = ("‘", "’") if kind["t"] == "SingleQuote" else ("“", "”")
        made.append(replace(look, text=opening))
        self._walk(inside, look, made)
        made.append(replace(look, text=closing))

    def _code(self, content: Any, look: Run, made: list[Inline]) -> None:
        made.append(replace(look, text=content[1]))

    def _math(self, content: Any, look: Run, made: list[Inline]) -> None:  # noqa: ARG002
        self.lost.append((self.count, f"方程式「{content[1]}」", f"an equation: {content[1]}"))

    def _cited(self, content: Any, look: Run, made: list[Inline]) -> None:
        self._walk(content[1], look, made)


_TEXTS = {"Str": "", "Space": " ", "SoftBreak": " ", "LineBreak": "\n"}
_LOOKS: Mapping[str, dict[str, Any]] = {
    "Strong": {"bold": True},
    "Emph": {"italic": True},
    "Underline": {"underline": True},
    "Superscript": {"sup": True},
    "Subscript": {"sub": True},
    "Strikeout": {},
    "SmallCaps": {},
}
_READERS: Mapping[str, Callable[[Markup, Any, Run, list[Inline]], None]] = {
    "Span": Markup._span,
    "Link": Markup._link,
    "Image": Markup._image,
    "Note": Markup._note,
    "Quoted": Markup._quoted,
    "Code": Markup._code,
    "Math": Markup._math,
    "Cite": Markup._cited,
}


def _is_between_wide(made: Sequence[Inline], after: Sequence[Node]) -> bool:
    """Whether a line ends and goes on with characters that have no blank between them."""
    before = made[-1].text[-1:] if made and isinstance(made[-1], Run) else ""
    return all(unicodedata.east_asian_width(char or " ") in "WF" for char in (before, plain(after)[:1]))


def plain(nodes: Iterable[Node]) -> str:
    """The text of inlines."""
    text = ""
    for node in nodes:
        kind, content = str(node["t"]), node.get("c", "")
        if kind in _TEXTS:
            text += _TEXTS[kind] or content
        elif kind in _LOOKS:
            text += plain(content)
        elif kind in ("Span", "Link", "Cite", "Quoted"):
            text += plain(content[1])
        elif kind == "Code":
            text += content[1]
    return text


def properties(meta: Mapping[str, Any]) -> dict[str, str]:
    """What the file says of itself: the texts of pandoc's metadata."""
    found: dict[str, str] = {}
    for name, value in meta.items():
        text = _said(value)
        if text:
            found["creator" if name == "author" else name] = text
    return found


def _said(value: Any) -> str:
    kind, content = value.get("t"), value.get("c")
    if kind == "MetaString":
        return str(content)
    if kind == "MetaInlines":
        return plain(content)
    if kind == "MetaList":
        return "; ".join(filter(None, map(_said, content)))
    if kind == "MetaBlocks":
        return "\n".join(plain(block["c"]) for block in content if block["t"] in ("Plain", "Para"))
    return ""


def styles(attributes: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """The declarations of all `style` attributes, the outer ones first."""
    for name, value in attributes:
        for part in value.split(";") if name == "style" else ():
            key, colon, said = part.partition(":")
            if colon:
                yield key.strip().lower(), said.strip()


def css(attributes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The declarations that hold in the end."""
    return dict(styles(attributes))


def length(said: str, em: float = 12.0) -> float:
    """A CSS length in points; 0 for what is none."""
    match = _LENGTH.match(said.strip().lower())
    if match is None or said.strip().endswith("%"):
        return 0.0
    unit = em if match[2] == "em" else _UNITS.get(match[2] or "px", 0.0)
    return round(float(match[1]) * unit, 2)


def _run(look: Run, attributes: tuple[tuple[str, str], ...]) -> Run:
    """A look with what CSS changes in it."""
    style = css(attributes)
    said: dict[str, Any] = {}
    weight = style.get("font-weight", "").lower()
    if weight:
        said["bold"] = weight in ("bold", "bolder") or whole(weight, 0) >= 600
    if "font-style" in style:
        said["italic"] = style["font-style"].lower() in ("italic", "oblique")
    decoration = style.get("text-decoration", "") or style.get("text-decoration-line", "")
    if decoration:
        said["underline"] = "underline" in decoration.lower()
    position = style.get("vertical-align", "").lower()
    if position:
        said |= {"sup": position in ("super", "text-top"), "sub": position == "sub"}
    size = length(style.get("font-size", ""), look.size or 12.0)
    if size:
        said["size"] = size
    face = _face(style.get("mso-fareast-font-family") or style.get("font-family", ""))
    if face:
        said["font"] = face
    if style.get("text-emphasis", style.get("text-emphasis-style", "none")) != "none":
        said["emphasis"] = True
    own = dict(attributes)
    if own.get("lang"):
        said["lang"] = _tag(own["lang"])
    if own.get(RUBY):
        said["ruby"] = own[RUBY]
    return replace(look, **said)


def _tag(lang: str) -> str:
    """A language tag in its usual case: zh-Hant-TW."""
    first, *rest = lang.replace("_", "-").split("-")
    return "-".join(
        [
            first.lower(),
            *(each.upper() if len(each) == 2 else each.title() if len(each) == 4 else each for each in rest),
        ]
    )


def _face(family: str) -> str | None:
    """The first face of a family that has East Asian characters."""
    faces = [each.strip().strip("'\"") for each in family.split(",") if each.strip()]
    return next((each for each in faces if _EASTERN.search(each)), None)

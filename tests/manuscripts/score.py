"""Score: a brief that the importer made, against the one an editor wants, point by point."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from tests.manuscripts.notation import Block, Expected, Spans, plain

Element = etree._Element
HREF = "{http://www.w3.org/1999/xlink}href"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_LABEL = re.compile(
    r"(第[一二三四五六七八九十]+[章節][\u3000 ]?|[壹貳參肆伍陸柒捌玖拾]+、|[一二三四五六七八九十]+、"
    r"|[（(][一二三四五六七八九十\d]+[)）]|[\d０-９]{1,2}[.．、](?!\d)[\u3000 ]?|[●•‧][\u3000 ]?)"
)
_CAPTION = re.compile(r"[圖表]\s*[\d一二三四五]+(-\d+)?[：:\s\u3000]*")
_WORDS = {"fig": "圖", "table": "表"}


@dataclass(frozen=True)
class Read:
    """What stands in a brief: its blocks in the notation of `Expected`, and its notes."""

    title: str
    subtitle: str
    authors: tuple[tuple[str, str], ...]
    focus: tuple[str, ...]
    thanks: str
    abstract: str
    keywords: tuple[str, ...]
    blocks: tuple[tuple[str, int, str], ...]
    """(kind, level, text)."""
    notes: tuple[str, ...]
    note_ids: tuple[str, ...]
    calls: tuple[tuple[str, int], ...]
    """(the six letters of the text before it, number of the note)."""
    links: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    italics: tuple[str, ...]
    references: tuple[tuple[int, int, str], ...]
    """(note, note it means, specific-use)."""
    tables: tuple[tuple[tuple[str, int, int], ...], ...] = ()
    """The cells of each table: (text, columns, rows)."""


@dataclass(frozen=True)
class Report:
    """A brief that the importer made, and the lines of its report in Chinese."""

    xml: bytes
    doubts: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    """Of its own comparison of the manuscript and the brief: there must be none."""
    problems: tuple[str, ...] = ()
    """Errors of the brief against the profile: there must be none."""


@dataclass
class Score:
    """What was found of one manuscript: True, or what is wrong, for each point."""

    name: str
    points: dict[str, list[str]] = field(default_factory=dict)
    headings: int = 0
    missed: list[str] = field(default_factory=list)
    """Headings that the brief does not have as they should be."""
    silent: list[str] = field(default_factory=list)
    """Of these, the ones that the report does not speak of."""

    @property
    def right(self) -> bool:
        return not any(self.points.values())


# The brief of the importer


class _Reader:
    def __init__(self, root: Element) -> None:
        self.root = root
        self.notes = [fn for fn in root.iter("fn") if not fn.xpath("parent::author-notes")]
        self.number = {fn.get("id"): place for place, fn in enumerate(self.notes, 1)}
        for fn in self.notes:
            for each in fn.iter("mixed-citation"):
                if each.get("id"):
                    self.number[each.get("id")] = self.number[fn.get("id")]
        self.order = {
            node.get("id"): place
            for tag in ("fig", "table-wrap")
            for place, node in enumerate(root.iter(tag), 1)
            if node.get("id")
        }
        self.calls: list[tuple[str, int]] = []
        self.before = ""
        self.references: list[tuple[int, int, str]] = []

    def text(self, element: Element | None, *, note: int = 0) -> str:
        """The text of an element; in the body the calls are collected, and are nothing."""
        if element is None:
            return ""
        found = [element.text or ""]
        if not note:
            self.before += found[0]
        for child in element:
            piece = self._child(child, note)
            found += [piece, child.tail or ""]
            if not note:
                self.before += child.tail or ""
        return "".join(found)

    def _child(self, child: Element, note: int) -> str:
        if child.tag == "fn":
            self.calls.append((self.before[-6:], self.number[child.get("id")]))
            return ""
        if child.tag == "xref":
            kind, target = child.get("ref-type"), child.get("rid", "")
            if kind == "fn" and note:
                self.references.append((note, self.number.get(target, 0), child.get("specific-use", "")))
                return reference(self.number.get(target, 0))
            if kind == "fn":
                self.calls.append((self.before[-6:], self.number.get(target, 0)))
            piece = f"{_WORDS.get(str(kind), '')}{self.order.get(target, '')}" if kind in _WORDS else ""
            self.before += piece
            return piece
        if not isinstance(child.tag, str):
            return ""
        return self.text(child, note=note)

    def blocks(self, element: Element, level: int = 0) -> Iterator[tuple[str, int, str]]:
        for child in element:
            match child.tag:
                case "sec":
                    yield "heading", level + 1, self._block(child.find("title"))
                    yield from self.blocks(child, level + 1)
                case "p":
                    yield "p", 0, self._block(child)
                case "disp-quote":
                    for each in child:
                        yield "attrib" if each.tag == "attrib" else "quote", 0, self._block(each)
                case "list":
                    yield from self._list(child, 0)
                case "fig" | "table-wrap":
                    yield from self._float(child)
                case _:
                    pass

    def _list(self, element: Element, depth: int) -> Iterator[tuple[str, int, str]]:
        kind = "bullet" if element.get("list-type") in ("bullet", "simple") else "order"
        for item in element:
            for child in item:
                if child.tag == "list":
                    yield from self._list(child, depth + 1)
                else:
                    yield kind, depth, self._block(child)

    def _float(self, element: Element) -> Iterator[tuple[str, int, str]]:
        kind = "figure" if element.tag == "fig" else "table"
        yield kind, 0, "".join(self._block(each) for each in element.iterfind("caption/*"))
        for cell in element.iterfind("table//tr/*"):
            yield "cell", 0, self._block(cell)
        for each in element.iterfind("table-wrap-foot/p"):
            yield "source", 0, self._block(each)
        attrib = element.find("attrib")
        if attrib is not None:
            yield "source", 0, self._block(attrib)

    def _block(self, element: Element | None) -> str:
        self.before = ""
        return self.text(element).strip()


def reference(target: int) -> str:
    """What stands for a link to note `target` in a text."""
    return f"⟦{target}⟧"


def read(xml: bytes) -> Read:
    """Read a brief."""
    root = etree.fromstring(xml)
    reader = _Reader(root)
    body = root.find("body")
    blocks = tuple(reader.blocks(body)) if body is not None else ()
    meta = root.find("front/article-meta")
    assert meta is not None
    notes = tuple(
        "".join(reader.text(p, note=place) for p in fn.iterfind("p")).strip()
        for place, fn in enumerate(reader.notes, 1)
    )
    return Read(
        title=_flat(meta.find("title-group/article-title")),
        subtitle=_flat(meta.find("title-group/subtitle")),
        authors=tuple(
            (_name(each), "、".join(_flat(aff) for aff in each.iterfind("aff")))
            for each in meta.iterfind(".//contrib")
        ),
        focus=tuple(_flat(each) for each in meta.iterfind("article-categories/subj-group/subject")),
        thanks="".join(_flat(p) for p in meta.iterfind("author-notes/fn/p")),
        abstract="".join(_flat(p) for p in meta.iterfind("abstract/p")),
        keywords=tuple(_flat(kwd) for kwd in meta.iterfind("kwd-group/kwd") if not kwd.xpath("../@xml:lang='en'")),
        blocks=blocks,
        notes=notes,
        note_ids=tuple(fn.get("id", "") for fn in reader.notes),
        calls=tuple(reader.calls),
        links=tuple((_flat(each), each.get(HREF, "")) for each in root.iter("ext-link")),
        languages=tuple(_languages(root)),
        italics=tuple(_flat(each) for each in root.iter("italic")),
        references=tuple(reader.references),
        tables=tuple(
            tuple(
                (_flat(cell), int(cell.get("colspan", 1)), int(cell.get("rowspan", 1)))
                for cell in table.iterfind(".//tr/*")
            )
            for table in root.iter("table")
        ),
    )


def _flat(element: Element | None) -> str:
    """The text of an element, without the notes called in it."""
    return "" if element is None else "".join(_letters(element)).strip()


def _letters(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag != "fn" and isinstance(child.tag, str):
            yield from _letters(child)
        yield child.tail or ""


def _name(contrib: Element) -> str:
    name = contrib.find(".//name[@name-style='eastern']")
    if name is not None:
        return _flat(name.find("surname")) + _flat(name.find("given-names"))
    western = contrib.find(".//name")
    if western is not None:
        return f"{_flat(western.find('given-names'))} {_flat(western.find('surname'))}".strip()
    return _flat(contrib.find(".//collab"))


def _languages(root: Element) -> Iterator[tuple[str, str]]:
    """(language, text) of each stretch of text in another language than Chinese."""
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        lang = node.xpath("string(ancestor-or-self::*[@xml:lang][1]/@xml:lang)")
        yield lang, node.text or ""
        parent = node.getparent()
        if parent is not None:
            yield parent.xpath("string(ancestor-or-self::*[@xml:lang][1]/@xml:lang)"), node.tail or ""


# Points


def score(wanted: Expected, report: Report) -> Score:
    """Compare a brief with what an editor wants."""
    found = read(report.xml)
    result = Score(wanted.name)
    result.points = {
        "text": [*_text(wanted, found)],
        "notes": [*_notes(wanted, found)],
        "anchors": [*_anchors(wanted, found)],
        "front": [*_front(wanted, found)],
        "blocks": [*_blocks(wanted, found)],
        "tables": [*_tables(wanted, found)],
        "links": [*_missing("link", _wanted_links(wanted), found.links)],
        "languages": [*_marked(wanted, found)],
        "italics": [*_missing("italic", _wanted_italics(wanted), _pieces(found.italics))],
        "references": [*_references(wanted, found)],
        "changes": [*_reported("change", wanted.changes, report.changes)],
        "comments": [*_reported("comment", wanted.comments, report.comments)],
        "doubts": [*_reported("doubt", wanted.doubts, report.doubts)],
        "report": [*report.differences, *report.problems],
    }
    wanted_heads = [(block.level, plain(block.spans)) for block in wanted.blocks if block.kind == "heading"]
    heads = [(level, text) for kind, level, text in found.blocks if kind == "heading"]
    result.headings = len(wanted_heads)
    result.missed = [f"{level} {text}" for level, text in wanted_heads if not _take(heads, (level, text))]
    result.points["headings"] = [f"missed: {each}" for each in result.missed] + [
        f"too many: {level} {text}" for level, text in heads
    ]
    result.silent = [each for each in result.missed if not _told(each, report.doubts)]
    return result


def _told(heading: str, doubts: Iterable[str]) -> bool:
    """Whether a finding quotes the beginning of a heading."""
    start = heading.partition(" ")[2][:5]
    return any(start in "".join(line.split()) for line in doubts)


def _references(wanted: Expected, found: Read) -> Iterator[str]:
    """Exactly the references that are certain are links."""
    ours, theirs = _wanted_references(wanted), [pair[:2] for pair in found.references]
    yield from _missing("reference", ours, theirs)
    yield from (f"reference too many: {each}" for each in theirs if each not in ours)


def _take(found: list[tuple[int, str]], each: tuple[int, str]) -> bool:
    if each in found:
        found.remove(each)
        return True
    return False


def _lines(blocks: Iterable[Block]) -> Iterator[tuple[str, int, Spans]]:
    """The blocks as they lie in the brief: captions, cells and sources apart."""
    for block in blocks:
        yield block.kind, block.level, block.spans
        for row in block.rows:
            for cell, merged in zip(row.cells, row.merged, strict=True):
                if not merged:
                    yield "cell", 0, cell
        if block.source:
            yield "source", 0, block.source


def _unlabelled(kind: str, text: str) -> str:
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    return _CAPTION.sub("", text, count=1) if _CAPTION.match(text) and kind != "heading" else text


def _text(wanted: Expected, found: Read) -> Iterator[str]:
    """The text of the body, character by character; a label that was left is a matter of headings."""
    ours = "".join(_unlabelled(kind, plain(line).strip()) for kind, _, line in _lines(wanted.blocks))
    theirs = "".join(_unlabelled(kind, text) for kind, _, text in found.blocks)
    if ours != theirs:
        yield _difference(ours, theirs)


def _difference(ours: str, theirs: str) -> str:
    at = next(
        (i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs))
    )
    start = max(0, at - 12)
    return f"wanted …{ours[start : at + 24]!r}, found …{theirs[start : at + 24]!r}"


def _notes(wanted: Expected, found: Read) -> Iterator[str]:
    if len(wanted.notes) != len(found.notes):
        yield f"{len(wanted.notes)} notes wanted, {len(found.notes)} found"
    for number, (ours, theirs) in enumerate(zip(wanted.notes, found.notes, strict=False), 1):
        pattern = "".join(
            f"(?:{re.escape(reference(span.target))}|{re.escape(span.text)})"
            if span.target
            else re.escape(span.text)
            for span in ours
        )
        if not re.fullmatch(pattern.strip(), theirs):
            shown = "".join(reference(span.target) if span.target else span.text for span in ours)
            yield f"note {number}: {_difference(shown, theirs)}"


def _anchors(wanted: Expected, found: Read) -> Iterator[str]:
    ours = []
    for _, _, line in _lines(wanted.blocks):
        before = ""
        for span in line:
            if span.call > 0:
                ours.append((before[-6:], span.call))
            before += span.text
    for a, b in zip(ours, found.calls, strict=False):
        if a[1] != b[1] or not (a[0] == b[0] or a[0] == _unlabelled("p", b[0])[-6:]):
            yield f"wanted {a}, found {b}"
    if len(ours) != len(found.calls):
        yield f"{len(ours)} calls wanted, {len(found.calls)} found"


def _front(wanted: Expected, found: Read) -> Iterator[str]:
    for name in ("title", "subtitle", "authors", "focus", "thanks", "abstract", "keywords"):
        ours, theirs = getattr(wanted, name), getattr(found, name)
        if ours != theirs:
            yield f"{name}: wanted {ours}, found {theirs}"


def _blocks(wanted: Expected, found: Read) -> Iterator[str]:
    """The kinds of the blocks in their order, headings apart (they have a measure of their own)."""
    ours = [(kind, plain(line).strip()) for kind, _, line in _lines(wanted.blocks) if kind != "heading"]
    theirs = [(kind, text) for kind, _, text in found.blocks if kind != "heading"]
    for a, b in zip(ours, theirs, strict=False):
        if a != b:
            yield f"wanted {a[0]} {a[1][:20]!r}, found {b[0]} {b[1][:20]!r}"
            return
    if len(ours) != len(theirs):
        rest = (ours + theirs)[min(len(ours), len(theirs)) :][:1]
        yield f"{len(ours)} blocks wanted, {len(theirs)} found: {rest}"


def _tables(wanted: Expected, found: Read) -> Iterator[str]:
    ours = [list(_cells(block)) for block in wanted.blocks if block.kind == "table"]
    theirs = [list(table) for table in found.tables]
    if len(ours) != len(theirs):
        yield f"{len(ours)} tables wanted, {len(theirs)} found"
    for a, b in zip(ours, theirs, strict=False):
        if a != b:
            yield f"cells wanted {a}, found {b}"


def _cells(block: Block) -> Iterator[tuple[str, int, int]]:
    for r, row in enumerate(block.rows):
        for c, cell in enumerate(row.cells):
            if not row.merged[c]:
                yield (plain(cell), *block.extent(r, c))


def _every_line(wanted: Expected) -> Iterator[Spans]:
    yield from (line for _, _, line in _lines(wanted.blocks))
    yield from wanted.notes


def _wanted_links(wanted: Expected) -> list[tuple[str, str]]:
    return [(span.text, span.href) for line in _every_line(wanted) for span in line if span.href]


def _wanted_italics(wanted: Expected) -> list[str]:
    return [span.text for line in _every_line(wanted) for span in line if span.italic]


def _wanted_references(wanted: Expected) -> list[tuple[int, int]]:
    return [(number, span.target) for number, note in enumerate(wanted.notes, 1) for span in note if span.target]


def _pieces(texts: Iterable[str]) -> list[str]:
    return [text.strip(" ,.，。") for text in texts] + list(texts)


def _missing(what: str, ours: Iterable[object], theirs: Iterable[object]) -> Iterator[str]:
    rest = list(theirs)
    for each in ours:
        if each in rest:
            rest.remove(each)
        else:
            yield f"{what} missing: {each}"


_SCRIPTS = {"ko": "[\uac00-\ud7a3]", "ja": "[\u3040-\u30ff]"}


def _marked(wanted: Expected, found: Read) -> Iterator[str]:
    """Every hangul and kana letter lies in an element of that language; long English stretches are en."""
    for lang, pattern in _SCRIPTS.items():
        loose = [text for tag, text in found.languages if re.search(pattern, text) and not tag.startswith(lang)]
        if any(span.lang == lang for line in _every_line(wanted) for span in line) and loose:
            yield f"not marked {lang}: {loose[0][:30]!r}"
    for line in _every_line(wanted):
        for span in line:
            if span.lang == "en" and len(span.text.split()) >= 4 and not span.href:
                words = span.text.strip(" ,.“”")
                marked = [text for tag, text in found.languages if tag.startswith("en")]
                if not any(
                    words.split()[0] in text or text.strip(" ,.“”") in words for text in marked if text.strip()
                ):
                    yield f"not marked en: {words[:40]!r}"


def _reported(what: str, ours: Iterable[str], theirs: Sequence[str]) -> Iterator[str]:
    """Each wanted line: all its parts (by ：) stand in one line of the report."""
    for each in ours:
        if not any(all(part in line for part in each.split("：")) for line in theirs):
            yield f"{what} not reported: {each}"

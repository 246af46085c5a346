"""Links: what leads to a note, figure or section that the author deleted becomes the words that it printed."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from xml.sax.saxutils import escape

from lxml import etree

from pipeline.diagnostics import Code, Diagnostic, Edit, Severity, Words
from pipeline.edit import edited
from pipeline.importing.again.reading import Reading
from pipeline.parse import Source, parse_bytes

Element = etree._Element

ID_LOST = Code(
    "I070",
    title=Words("連到的註或圖表不見了", "a link to something that is gone"),
    message=Words(
        "「{text}」指的「{rid}」，新稿裡已經沒有了；留作文字",
        "“{text}” led to “{rid}”, which the new manuscript has not; it is kept as words",
    ),
    hint=Words("改指別的註或圖表，或刪去這幾個字", "name something else, or delete the words"),
    why=Words(
        "作者刪去的註、圖或表，別的地方可能還在引用。",
        "A note, figure or table that the author deleted may still be referred to.",
    ),
    severity=Severity.WARNING,
)


def without_dead_links(old: Reading, merged: Source) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The merged brief without links to what only the old one has, and a doubt for each of them.

    A link that led nowhere before is the editor's, and stays.
    """
    dead = list(_dead(old, merged))
    if not dead:
        return merged, ()
    printed: dict[tuple[str | None, str | None], deque[str]] = defaultdict(deque)
    for xref in old.source.root.iter("xref"):
        printed[_kind(xref)].append(old.numbering.words.get(xref, ""))
    edits, found = [], []
    for xref in dead:
        waiting = printed[_kind(xref)]
        words = waiting.popleft() if len(waiting) > 1 else "".join([*waiting])
        called = xref.get("ref-type") == "fn" and not xref.get("specific-use")
        text = f"<sup>{escape(words)}</sup>" if called and words else escape(words)
        edits.append(Edit(*merged.element_bytes(xref), text))
        found.append(ID_LOST.at(merged.place(xref), text=words, rid=xref.get("rid")))
    return parse_bytes(merged.path, edited(merged, edits)), tuple(found)


def _dead(old: Reading, merged: Source) -> Iterator[Element]:
    there = {node.get("id") for node in merged.root.iter("*") if node.get("id")}
    for xref in merged.root.iter("xref"):
        if xref.get("rid") not in there and xref.get("rid") in old.by_id:
            yield xref


def _kind(xref: Element) -> tuple[str | None, str | None]:
    return xref.get("rid"), xref.get("specific-use")

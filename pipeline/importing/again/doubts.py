"""Doubts: what an editor has to look at in a brief that a new manuscript went into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from pipeline.diagnostics import Code, Diagnostic, Severity, Words
from pipeline.importing.again.alignment import Aligned
from pipeline.importing.again.reading import text_of
from pipeline.parse import Source

ID_LOST = Code(
    "I070",
    title=Words("連到的註不見了", "a link to a note that is gone"),
    message=Words(
        "有連結指向「{rid}」，新稿裡已經沒有了", "a link names “{rid}”, which the new manuscript has not"
    ),
    hint=Words("改指別的註，或刪去這個連結", "name another note, or delete the link"),
    why=Words("作者刪去的註，別的地方可能還在引用。", "A note that the author deleted may still be referred to."),
    severity=Severity.WARNING,
)
LEVEL_KEPT = Code(
    "I071",
    title=Words("標題的層次與稿件不同", "a heading at another level than in the manuscript"),
    message=Words(
        "標題「{title}」在文章裡是第{old}層，新稿看來是第{new}層；照文章的",
        "the heading “{title}” has level {old} in the brief and {new} in the manuscript; the brief is kept",
    ),
    hint=Words("如果是作者改的，請在XML裡移動這一節", "move the section if the author changed it"),
    why=Words("編輯改過的結構不會因為再匯入而改回去。", "What an editor arranged is not undone by an import."),
    severity=Severity.NOTE,
)
EXCEPTION_LOST = Code(
    "I072",
    title=Words("例外說明隨段落改寫", "an exception went with a changed paragraph"),
    message=Words("「{text}」改寫了，原來的 <?{name}?> 沒有留下", "“{text}” was changed; its <?{name}?> is gone"),
    hint=Words("還需要的話，重新加上", "add it again if it is still needed"),
    why=Words(
        "例外是對原來的文字說的；文字變了，理由未必還在。", "An exception is about the words that stood there."
    ),
    severity=Severity.WARNING,
)


def doubts(aligned: Aligned, merged: Source) -> Iterator[Diagnostic]:
    """Links to what is gone, levels that differ, exceptions that were lost."""
    ids = {node.get("id") for node in merged.root.iter("*") if node.get("id")}
    for xref in merged.root.iter("xref"):
        if xref.get("rid") not in ids:
            yield ID_LOST.at(merged.attribute_place(xref, "rid"), rid=xref.get("rid"))
    levels = {unit: block.level for block in aligned.fresh.blocks if block.heading for unit in block.units}
    headings = {unit: block for block in aligned.old.blocks if block.heading for unit in block.units}
    for after in sorted(aligned.same & levels.keys()):
        before = aligned.units[after]
        known = headings.get(before)
        if known is not None and known.level != levels[after]:
            place, title = aligned.old.source.place(known.node), aligned.old.units[before].text
            yield LEVEL_KEPT.at(place, title=title, old=known.level, new=levels[after])
    yield from _lost_instructions(aligned, merged)


def _lost_instructions(aligned: Aligned, merged: Source) -> Iterator[Diagnostic]:
    def instructions(source: Source) -> Counter[str]:
        return Counter(
            str(node.text)
            for node in source.root.iter(etree.ProcessingInstruction)
            if getattr(node, "target", "") == "kan"
        )

    lost = instructions(aligned.old.source) - instructions(merged)
    for node in aligned.old.source.root.iter(etree.ProcessingInstruction):
        if lost[str(node.text)] > 0:
            lost[str(node.text)] -= 1
            parent = node.getparent()
            text = text_of(parent)[:24] if parent is not None else ""
            yield EXCEPTION_LOST.at(aligned.old.source.place(node), text=text, name=f"kan {node.text}")

"""Doubts: what an editor has to look at in a brief that a new manuscript went into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from pipeline.diagnostics import Code, Diagnostic, Severity, Words
from pipeline.importing.again.alignment import Aligned
from pipeline.importing.again.reading import Reading, left_as_printed, text_of
from pipeline.parse import Source

Element = etree._Element

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
NUMBER_KEPT = Code(
    "I069",
    title=Words("作者沒有改的註號", "a number that the author did not change"),
    message=Words(
        "「{text}」的號碼作者沒有改：仍指原來的註，現在是註{now}",
        "“{text}” is as it was: it leads to the same note as before, which is note {now} now",
    ),
    hint=Words("對照原稿；作者若真的要改指別的註，改 rid", "if the author means another note now, change rid"),
    why=Words(
        "作者增刪註以後，常常忘了改同註的號碼；照數字連，會連到別的註。",
        "Where notes were put in or taken out, typed numbers are easily left as they were.",
    ),
    severity=Severity.WARNING,
)
EMPHASIS_CHANGED = Code(
    "I066",
    title=Words("作者改了強調", "the author changed an emphasis"),
    message=Words(
        "「{text}」這一段，作者加了或刪了粗體、斜體、著重號；沒有照改",
        "“{text}”: the author put in or took out bold, italics or emphasis marks; the brief is as it was",
    ),
    hint=Words("對照原稿，要改就在XML裡改", "compare the manuscript, and mark it in the brief if it is meant"),
    why=Words(
        "文字沒有改的段落一字不動，編輯的標記才不會被蓋掉。",
        "A passage with the same words keeps every byte, so that no markup of an editor is lost.",
    ),
    severity=Severity.WARNING,
)


def emphasis(aligned: Aligned, base: Source) -> Iterator[Diagnostic]:
    """Passages with the same words, emphasised otherwise than in the brief that was exported and than now."""
    exported = {unit.key: _emphasised(unit.node) for unit in Reading(base).units}
    for after in sorted(aligned.same):
        old, fresh = aligned.old.units[aligned.units[after]], aligned.fresh.units[after]
        now = _emphasised(fresh.node)
        if now not in (exported.get(fresh.key, now), _emphasised(old.node)):
            yield EMPHASIS_CHANGED.at(aligned.old.source.place(old.node), text=fresh.text[:24])


def _emphasised(node: Element) -> list[tuple[str, str]]:
    """What is emphasised in a passage, not in its notes."""
    inner = (each for each in node.iter("bold", "italic", "styled-content"))
    own = (each for each in inner if not any(up.tag == "fn" for up in _up_to(each, node)))
    return sorted((str(each.tag), text_of(each)) for each in own)


def _up_to(node: Element, holder: Element) -> Iterator[Element]:
    parent = node.getparent()
    while parent is not None and parent is not holder:
        yield parent
        parent = parent.getparent()


def doubts(aligned: Aligned, merged: Source) -> Iterator[Diagnostic]:
    """Levels that differ, exceptions that were lost."""
    levels = {unit: block.level for block in aligned.fresh.blocks if block.heading for unit in block.units}
    headings = {unit: block for block in aligned.old.blocks if block.heading for unit in block.units}
    for after in sorted(aligned.same & levels.keys()):
        before = aligned.units[after]
        known = headings.get(before)
        if known is not None and known.level != levels[after]:
            place, title = aligned.old.source.place(known.node), aligned.old.units[before].text
            yield LEVEL_KEPT.at(place, title=title, old=known.level, new=levels[after])
    yield from _numbers_kept(aligned)
    yield from _lost_instructions(aligned, merged)


def _numbers_kept(aligned: Aligned) -> Iterator[Diagnostic]:
    """The typed numbers that mean another note by the count of today."""
    old, fresh = aligned.old, aligned.fresh
    now = {old.notes[before].node: fresh.notes[after].node for after, before in aligned.notes.items()}
    pairs = [(old.units[before], fresh.units[after]) for after, before in aligned.units.items()]
    pairs += [(old.notes[before], fresh.notes[after]) for after, before in aligned.notes.items()]
    for one, other in pairs:
        for (xref, _), (new, typed) in zip(one.xrefs, other.xrefs, strict=False):
            target = old.target(xref, None) if xref is not None else None
            meant = now.get(target) if target is not None else None
            if xref is None or meant is None or meant is fresh.target(new, typed):
                continue
            if left_as_printed(old, fresh, xref, new, typed):
                words = old.numbering.words.get(xref, "")
                yield NUMBER_KEPT.at(old.source.place(xref), text=words, now=fresh.label(meant))


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

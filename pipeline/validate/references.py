"""Rules about references: what an `xref` points at, where it stands, and whether ids are unique."""

from collections.abc import Iterator
from difflib import get_close_matches
from heapq import nlargest
from itertools import pairwise
from pathlib import Path

from lxml import etree

from pipeline.diagnostics import Code, Severity, Words
from pipeline.notes.graph import Citation, Note, as_read, is_author_note, note_around, note_graph
from pipeline.parse import Source
from pipeline.validate.rules import Findings, elements, rule

_TARGETS = {"fn": ("fn",), "author-notes": ("fn",), "fig": ("fig",), "table": ("table-wrap",), "sec": ("sec",)}
_IDS_COMPARED = 12
"""How many ids, those with the most pairs of letters in common, are compared letter by letter."""

_NUMBERS = Words(
    "註號、圖號、表號都由程式算出，參照必須指向正確的對象，才不會印錯號碼。",
    "All numbers are computed; a reference must point at the right thing to print the right number.",
)
_LOOKS_BACK = Words(
    "「同前註」「同註N」是請讀者回頭看已經讀過的註，所以只能指向前面的註。",
    "“Same as note N” sends the reader back to a note already met, so it can only point backwards.",
)


def _targets(brief: Source) -> dict[str, etree._Element]:
    """Elements by id; of several with one id, the first."""
    found: dict[str, etree._Element] = {}
    for node in elements(brief, "*"):
        found.setdefault(node.get("id", ""), node)
    found.pop("", None)
    return found


def _references(brief: Source) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Each xref whose target exists, with the target."""
    targets = _targets(brief)
    for xref in elements(brief, "xref"):
        target = targets.get(xref.get("rid", ""))
        if target is not None:
            yield xref, target


def _calls_again(xref: etree._Element) -> bool:
    """Whether an xref repeats the call of a note."""
    return xref.get("ref-type") in ("fn", "author-notes") and xref.get("specific-use") is None


@rule(
    Code(
        "R001",
        title=Words("參照的對象不存在", "reference to nothing"),
        message=Words("這篇文章沒有 id 是「{rid}」的元素", "nothing in this brief has the id {rid}"),
        hint=Words("{advice}", "{advice}"),
        why=_NUMBERS,
        bad='甲<fn id="fn1"><p>註</p></fn>乙<xref ref-type="fn" rid="fn11"/>',
        good='甲<fn id="fn1"><p>註</p></fn>乙<xref ref-type="fn" rid="fn1"/>',
    )
)
def target_missing(brief: Source, _folder: Path) -> Findings:
    """An xref names an id that doesn't occur; ids are looked for within the brief only."""
    targets = _targets(brief)
    likely: dict[str, dict[str, set[str]]] = {}
    for xref in elements(brief, "xref"):
        rid, kind = xref.get("rid"), xref.get("ref-type", "")
        if rid and rid not in targets:
            if kind not in likely:
                of_kind = [name for name, node in targets.items() if node.tag in _TARGETS.get(kind, ())]
                likely[kind] = {name: _pairs(name) for name in of_kind or targets}
            close = _similar(rid, likely[kind])
            zh = f"相近的有：{'、'.join(close)}" if close else "檢查 rid，或替對象加上這個 id"
            en = f"close ones: {', '.join(close)}" if close else "check the rid, or give its target this id"
            yield brief.attribute_place(xref, "rid"), {"rid": rid, "advice": Words(zh, en)}


def _similar(rid: str, ids: dict[str, set[str]]) -> list[str]:
    """Up to three of the ids, given with their pairs of letters, that are spelt most like `rid`."""
    pairs = _pairs(rid)
    nearest = nlargest(_IDS_COMPARED, ids, key=lambda name: len(pairs & ids[name]) / (len(pairs) + len(ids[name])))
    return get_close_matches(rid, nearest, n=3, cutoff=0.5)


def _pairs(name: str) -> set[str]:
    """The pairs of neighbouring letters of a name, its ends counted as letters."""
    return {"".join(pair) for pair in pairwise(f" {name} ")}


@rule(
    Code(
        "R002",
        title=Words("參照的種類不對", "reference to the wrong kind"),
        message=Words(
            "「{rid}」是 <{found}>，這個參照要指向 <{wanted}>",
            "{rid} is a <{found}>, this reference needs a <{wanted}>",
        ),
        hint=Words("改 rid，或改 ref-type", "change the rid or the ref-type"),
        why=_NUMBERS,
        bad='甲<fn id="fn1"><p>註</p></fn>見<xref ref-type="fig" rid="fn1"/>',
        good='甲<fn id="fn1"><p>註</p></fn>見<xref ref-type="fn" rid="fn1"/>',
    )
)
def target_of_wrong_kind(brief: Source, _folder: Path) -> Findings:
    """An xref points at another kind of element than its ref-type says.

    A same-source reference may name a mixed-citation inside a note.
    """
    for xref, target in _references(brief):
        wanted = _TARGETS.get(xref.get("ref-type", ""))
        if wanted is None or target.tag in wanted:
            continue
        cites = target.tag == "mixed-citation" and note_around(target) is not None
        if not (xref.get("ref-type") == "fn" and xref.get("specific-use") == "same-source" and cites):
            values: dict[str, object] = {"rid": xref.get("rid"), "found": target.tag, "wanted": wanted[0]}
            yield brief.attribute_place(xref, "rid"), values


@rule(
    Code(
        "R003",
        title=Words("「同註」「見註」只用於註", "note reference of another type"),
        message=Words(
            'specific-use="{use}" 只能和 ref-type="fn" 一起用',
            'specific-use="{use}" goes with ref-type="fn" only',
        ),
        hint=Words('刪去 specific-use，或把 ref-type 改成 "fn"', 'delete specific-use, or make the ref-type "fn"'),
        why=_NUMBERS,
        bad='見<xref ref-type="sec" rid="s1" specific-use="see"/>',
        good='見<xref ref-type="sec" rid="s1"/>',
    )
)
def note_use_of_another_type(brief: Source, _folder: Path) -> Findings:
    """`specific-use` of a reference that isn't to a note."""
    for xref in elements(brief, "xref"):
        use = xref.get("specific-use")
        if use in ("same-source", "see") and xref.get("ref-type") in ("fig", "table", "sec"):
            yield brief.attribute_place(xref, "specific-use"), {"use": use}


@rule(
    Code(
        "R004",
        title=Words("「同註」在註之外", "same-source outside a note"),
        message=Words("「同前註」「同註N」只能放在註裡", "a same-source reference stands in a note only"),
        hint=Words(
            '在正文要再放一次註號，刪去 specific-use；要寫「見註N」，用 specific-use="see"',
            'to repeat the call, delete specific-use; for “see note N”, use specific-use="see"',
        ),
        why=_LOOKS_BACK,
        bad='甲<fn id="fn1"><p>註</p></fn>乙<xref ref-type="fn" rid="fn1" specific-use="same-source"/>',
        good='甲<fn id="fn1"><p>王大明，《甲書》，2020年。</p></fn>乙'
        '<fn id="fn2"><p><xref ref-type="fn" rid="fn1" specific-use="same-source"/>。</p></fn>',
    )
)
def same_source_outside_note(brief: Source, _folder: Path) -> Findings:
    """A same-source reference in running text."""
    for xref in elements(brief, "xref"):
        if xref.get("specific-use") == "same-source" and note_around(xref) is None:
            yield brief.place(xref), {}


@rule(
    Code(
        "R005",
        title=Words("參照自己所在的註", "reference to its own note"),
        message=Words(
            "這個參照指向它自己所在的註「{rid}」", "this reference points at the note it stands in, {rid}"
        ),
        hint=Words("rid 改成前面那個註的 id", "make the rid that of the earlier note"),
        why=_LOOKS_BACK,
        bad='甲<fn id="fn1"><p><xref ref-type="fn" rid="fn1" specific-use="same-source"/></p></fn>',
        good='甲<fn id="fn1"><p>王大明，《甲書》，2020年。</p></fn>'
        '乙<fn id="fn2"><p><xref ref-type="fn" rid="fn1" specific-use="same-source"/></p></fn>',
    )
)
def own_note(brief: Source, _folder: Path) -> Findings:
    """A reference of any kind to the note around it."""
    for xref, target in _references(brief):
        note = note_around(xref)
        if note is not None and note_around(target) is note:
            yield brief.attribute_place(xref, "rid"), {"rid": xref.get("rid")}


@rule(
    Code(
        "R006",
        title=Words("「同註」指向後面的註", "same-source looks ahead"),
        message=Words(
            "「同註」只能指向前面的註，「{rid}」卻在後面", "same-source must look back, but {rid} comes later"
        ),
        hint=Words(
            '在先出現的註寫完整出處，後面的註用「同註」；或改用 specific-use="see"',
            'cite in full where the source first occurs, or use specific-use="see"',
        ),
        why=_LOOKS_BACK,
        bad='甲<fn id="fn1"><p><xref ref-type="fn" rid="fn2" specific-use="same-source"/></p></fn>'
        '乙<fn id="fn2"><p>註</p></fn>',
        good='甲<fn id="fn1"><p>王大明，《甲書》，2020年。</p></fn>'
        '乙<fn id="fn2"><p><xref ref-type="fn" rid="fn1" specific-use="same-source"/></p></fn>',
    )
)
def looks_ahead(brief: Source, _folder: Path) -> Findings:
    """A same-source reference to a note that is called later, in the order in which notes are numbered."""
    order = note_graph(brief.root).order
    for xref, target in _references(brief):
        here, there = note_around(xref), note_around(target)
        if xref.get("specific-use") != "same-source" or here is None or there is None:
            continue
        if order.get(there, 0) > order.get(here, len(order)):
            yield brief.attribute_place(xref, "rid"), {"rid": xref.get("rid")}


@rule(
    Code(
        "R007",
        title=Words("沒說是哪一筆書目", "which citation?"),
        message=Words(
            "註「{rid}」引了{count}筆書目，「同註」沒說是哪一筆",
            "note {rid} cites {count} sources: which one?",
        ),
        hint=Words(
            "替那筆 <mixed-citation> 加 id，rid 改寫那個 id{known}",
            "give that <mixed-citation> an id and name it in rid{known}",
        ),
        why=Words(
            "讀者看到「同註N」必須知道是哪一筆資料。",
            "“Same as note N” has to say which of its sources is meant.",
        ),
        bad='甲<fn id="fn1"><p><mixed-citation publication-type="book">甲書</mixed-citation>；'
        '<mixed-citation publication-type="book">乙書</mixed-citation></p></fn>'
        '乙<fn id="fn2"><p><xref ref-type="fn" rid="fn1" specific-use="same-source"/></p></fn>',
        good='甲<fn id="fn1"><p><mixed-citation publication-type="book">甲書</mixed-citation>；'
        '<mixed-citation id="c2" publication-type="book">乙書</mixed-citation></p></fn>'
        '乙<fn id="fn2"><p><xref ref-type="fn" rid="c2" specific-use="same-source"/></p></fn>',
    )
)
def several_citations(brief: Source, _folder: Path) -> Findings:
    """A same-source reference to a note that rests on several sources, by its own markup."""
    notes = note_graph(brief.root).note
    for xref, target in _references(brief):
        if xref.get("specific-use") == "same-source" and target in notes:
            count = len(_marked_sources(notes[target]))
            if count > 1:
                ids = [name for citation in target.iter("mixed-citation") if (name := citation.get("id"))]
                known = Words(f"（已有：{'、'.join(ids)}）", f" (there are: {', '.join(ids)})") if ids else ""
                values: dict[str, object] = {"rid": xref.get("rid"), "count": count, "known": known}
                yield brief.attribute_place(xref, "rid"), values


def _marked_sources(note: Note) -> list[etree._Element]:
    """The citations of a note that are marked up, and its references to sources cited before."""
    sources = (part.element if isinstance(part, Citation) else part.xref for part in note.sources)
    return [element for element in sources if element is not None]


@rule(
    Code(
        "R008",
        title=Words("id 重複", "id used twice"),
        message=Words("id「{name}」已經用在第{line}行", "the id {name} is already used in line {line}"),
        hint=Words(
            "換一個沒用過的 id；id 只在同一篇裡不可重複", "choose another id; ids are unique within one brief"
        ),
        why=Words(
            "參照靠 id 找到對象；重複時不知道指的是哪一個（XML規格 3.3.1，EPUB也會不合格）。",
            "References find their target by id (XML 1.0, 3.3.1).",
        ),
        bad='甲<fn id="fn1"><p>一</p></fn>乙<fn id="fn1"><p>二</p></fn>',
        good='甲<fn id="fn1"><p>一</p></fn>乙<fn id="fn2"><p>二</p></fn>',
    )
)
def duplicate_id(brief: Source, _folder: Path) -> Findings:
    """Two elements of one file have the same id. Another brief may use it again."""
    first = _targets(brief)
    for node in elements(brief, "*"):
        name = node.get("id")
        if name and first[name] is not node:
            yield brief.attribute_place(node, "id"), {"name": name, "line": brief.place(first[name]).line}


@rule(
    Code(
        "R009",
        title=Words("註裡放了註號", "note call inside a note"),
        message=Words("註裡不能再放註號", "a note can't hold a note call"),
        hint=Words(
            '要寫「見註N」，加上 specific-use="see"；要寫「同註N」，加上 specific-use="same-source"',
            'add specific-use="see" for “see note N”, or specific-use="same-source"',
        ),
        why=Words(
            "註文裡的小註號，在頁面上沒有自己的位置，讀者會找不到。",
            "A call inside a note has no place of its own on the page.",
        ),
        bad='甲<fn id="fn1"><p>一</p></fn>乙<fn id="fn2"><p>參看<xref ref-type="fn" rid="fn1"/>。</p></fn>',
        good='甲<fn id="fn1"><p>一</p></fn>'
        '乙<fn id="fn2"><p>參看<xref ref-type="fn" rid="fn1" specific-use="see"/>。</p></fn>',
    )
)
def call_inside_note(brief: Source, _folder: Path) -> Findings:
    """A repeated call, which belongs into running text, stands in a note."""
    for xref in elements(brief, "xref"):
        if _calls_again(xref) and note_around(xref) is not None:
            yield brief.place(xref), {}


@rule(
    Code(
        "R010",
        title=Words("先重複註號，後有註", "call before its note"),
        message=Words(
            "這裡重複註號「{rid}」，但那個註在後面", "this repeats the call of {rid}, which comes later"
        ),
        hint=Words(
            "把 <fn> 移到第一次出現的地方，後面的地方用 <xref>",
            "put the <fn> at the first place, the <xref> later",
        ),
        why=Words("註號依出現的先後編，號碼才會由小到大。", "Notes are numbered in the order of their calls."),
        bad='甲<xref ref-type="fn" rid="fn1"/>乙<fn id="fn1"><p>註</p></fn>',
        good='甲<fn id="fn1"><p>註</p></fn>乙<xref ref-type="fn" rid="fn1"/>',
    )
)
def call_before_note(brief: Source, _folder: Path) -> Findings:
    """A repeated call is read before the note it repeats."""
    met: set[etree._Element] = set()
    targets = _targets(brief)
    for node in as_read(brief.root):
        if node.tag == "fn":
            met.add(node)
        elif node.tag == "xref" and _calls_again(node) and note_around(node) is None:
            target = targets.get(node.get("rid", ""))
            if target is not None and target.tag == "fn" and not is_author_note(target) and target not in met:
                yield brief.attribute_place(node, "rid"), {"rid": node.get("rid")}


@rule(
    Code(
        "R011",
        title=Words("註號前沒有文字", "note call after nothing"),
        message=Words("註號前面沒有文字，不知道註的是什麼", "no text stands before this note call"),
        hint=Words("把 <fn> 移到所註的字句之後", "move the <fn> behind the words it belongs to"),
        why=Words(
            "註號緊跟所註的字句；段落或標題開頭的註號沒有對象。",
            "A note call follows the words it comments on.",
        ),
        bad='<fn id="fn1"><p>註</p></fn>甲',
        good='甲<fn id="fn1"><p>註</p></fn>',
        severity=Severity.WARNING,
    )
)
def call_after_nothing(brief: Source, _folder: Path) -> Findings:
    """A note that is the first thing of its paragraph, title or cell: nothing calls it."""
    for note in elements(brief, "fn"):
        parent = note.getparent()
        if is_author_note(note):
            continue
        first = parent is not None and next(parent.iterchildren("*"), None) is note
        if first and parent is not None and not _text_before(parent, note):
            yield brief.place(note), {}


@rule(
    Code(
        "R059",
        title=Words("作者註沒有記號", "author's note without a call"),
        message=Words("沒有任何地方指到作者註「{name}」", "nothing calls the author's note {name}"),
        hint=Words(
            '在作者的 <contrib> 或題名裡加上 <xref ref-type="author-notes" rid="{name}"/>',
            'add <xref ref-type="author-notes" rid="{name}"/> to the author\'s <contrib> or to the title',
        ),
        why=Words("頁下的 * 必須讓讀者找得到它註的是誰。", "A reader has to find whom or what the * belongs to."),
        bad='<contrib-group><contrib contrib-type="author"><collab>甲</collab></contrib></contrib-group>'
        '<author-notes><fn id="an1"><p>作者感謝審查人。</p></fn></author-notes>',
        good='<contrib-group><contrib contrib-type="author"><collab>甲</collab>'
        '<xref ref-type="author-notes" rid="an1"/></contrib></contrib-group>'
        '<author-notes><fn id="an1"><p>作者感謝審查人。</p></fn></author-notes>',
    ),
    within="article-meta",
)
def author_note_without_call(brief: Source, _folder: Path) -> Findings:
    """A note in `author-notes` that no `xref` names."""
    called = {xref.get("rid") for xref in elements(brief, "xref")}
    for note in brief.root.iterfind("front/article-meta/author-notes/fn"):
        if note.get("id") and note.get("id") not in called:
            yield brief.attribute_place(note, "id"), {"name": note.get("id")}


@rule(
    Code(
        "R060",
        title=Words("註與作者註弄混了", "note and author's note confused"),
        message=Words(
            '「{rid}」是{found}，ref-type 卻是 "{kind}"', '{rid} is {found}, but the ref-type is "{kind}"'
        ),
        hint=Words('把 ref-type 改成 "{wanted}"，或改 rid', 'make the ref-type "{wanted}", or change the rid'),
        why=Words(
            "作者註的記號是 *，其餘的註有號碼，兩者不混用。", "An author's note has a *, all others a number."
        ),
        bad='甲<fn id="fn1"><p>註</p></fn>乙<xref ref-type="author-notes" rid="fn1"/>',
        good='甲<fn id="fn1"><p>註</p></fn>乙<xref ref-type="fn" rid="fn1"/>',
    )
)
def note_of_another_kind(brief: Source, _folder: Path) -> Findings:
    """A call with ref-type fn of an author's note, or the reverse; a call of another kind on an author."""
    for xref, target in _references(brief):
        kind, parent = xref.get("ref-type"), xref.getparent()
        on_author = parent is not None and parent.tag == "contrib"
        wanted = "author-notes" if is_author_note(target) or on_author else "fn"
        if kind != wanted and (on_author or (_calls_again(xref) and target.tag == "fn")):
            found = Words("作者註", "an author's note") if is_author_note(target) else Words("一般的註", "a note")
            values: dict[str, object] = {"rid": xref.get("rid"), "found": found, "kind": kind, "wanted": wanted}
            yield brief.attribute_place(xref, "ref-type"), values


def _text_before(parent: etree._Element, note: etree._Element) -> bool:
    before = [parent.text or "", *((node.tail or "") for node in note.itersiblings(preceding=True))]
    return bool("".join(before).strip())

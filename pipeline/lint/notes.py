"""Rules about notes: references typed as words, sources cited in full twice, links that don't say which source;
where the calls stand, how a note begins and ends.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.bibliography.same import groups
from pipeline.citations.works import Work
from pipeline.diagnostics import Code, Edit, Place, Severity, Words
from pipeline.flat import REFERENCE, Flat
from pipeline.lint.citations import is_western
from pipeline.lint.practice import Use, Uses, against_practice
from pipeline.lint.reading import ADDRESS, Passage, Reading, once
from pipeline.lint.rules import Finding, found, rule
from pipeline.lint.sources import are_two_works
from pipeline.notes.graph import CITATION, NOTE, Citation, Graph, Note, Reference, note_around
from pipeline.notes.typed import Typed, has_unread, link, typed_references
from pipeline.notes.wording import names, paragraph_language
from pipeline.parse import Source

_COMPUTED = Words(
    "增刪一條註，後面的註號就全變了；打上去的號碼不會跟著變，連結會。",
    "When a note is added, every number after it changes; a typed number stays wrong, a link does not.",
)
_ONE_SOURCE = Words(
    "讀者看到「同註N」，必須找得到那一筆資料。", "“Same as note N” must lead the reader to one source."
)
_PAGES = re.compile(r"(?:頁次?|\bpp?\.) ?(\d+(?:[-–—~～至、]\d+)*)(?!\d|版)|第 ?(\d+(?:[-–—~～至、]\d+)*) ?頁")


@rule(
    Code(
        "N001",
        title=Words("打上去的參照", "typed reference"),
        message=Words("「{words}」是打上去的字{leads}{mix}", "“{words}” is typed{leads}{mix}"),
        hint=Words("{advice}", "{advice}"),
        why=_COMPUTED,
        bad='甲<fn id="fn1"><p>王大明，《甲書》（臺北：乙出版社，2020年），頁5。</p></fn>'
        '乙<fn id="fn2"><p>同註1，頁9。</p></fn>',
        good='甲<fn id="fn1"><p>王大明，《甲書》（臺北：乙出版社，2020年），頁5。</p></fn>'
        '乙<fn id="fn2"><p><xref ref-type="fn" rid="fn1" specific-use="same-source"/>，頁9。</p></fn>',
        severity=Severity.WARNING,
    )
)
def typed_reference(brief: Reading) -> Iterator[Finding]:
    """A reference to a note typed as words: 同前註, 前揭註5, 見註5, Ibid."""
    found = typed_references(brief.source)
    rare = _rare_language(brief, found)
    for typed in found:
        place = typed.paragraph.place(brief.source, typed.start, typed.end)
        mix = _MIX[rare] if rare is not None and typed.use == "same-source" and _is_latin(typed) == rare else ""
        values = {"words": typed.words, "leads": _leads(brief.graph, typed), "advice": _advice(typed), "mix": mix}
        yield Finding(place, values)


_MIX = {
    True: Words("；本篇別處寫的是中文的「同前註」", "; elsewhere the brief has the Chinese 同前註"),
    False: Words("；本篇別處寫的是英文的Ibid.", "; elsewhere the brief has the English Ibid."),
}
"""That a reference is typed in another language than most, by whether that language is English."""


def _is_latin(typed: Typed) -> bool:
    return re.search(r"(?:[Ii][Bb]?[Ii]?[Dd]|[Ss]upra|[Ss]ee|[Cc]it)\b", typed.words) is not None


def _rare_language(brief: Reading, typed: tuple[Typed, ...]) -> bool | None:
    """Whether it is English that few of the references to a source are in; None where all are in one language.

    A link counts in the language of its note, in which the build will word it.
    """
    latin = [_is_latin(each) for each in typed if each.use == "same-source"]
    for reference in brief.graph.references if latin else ():
        note = brief.graph.note.get(reference.note) if reference.note is not None else None
        if note is not None and reference.use == "same-source":
            latin.append(all(paragraph_language(each, brief.lang) == "en" for each in note.paragraphs))
    if not any(latin) or all(latin):
        return None
    return sum(latin) * 2 <= len(latin)


def _leads(graph: Graph, typed: Typed) -> Words | str:
    """Which note typed words mean, and its source."""
    note = note_around(typed.target) if typed.target is not None else None
    if typed.target is None or note is None:
        return ""
    number = graph.order.get(note, "*")
    cited = [part.work for part in graph.note[note].citations if typed.target in (note, part.element)]
    zh, en = f"；它指的是註{number}", f"; it means note {number}"
    if len(cited) == 1:
        said = [_short(name) for name in names(cited[0], "，")[:2]]
        zh, en = f"{zh}（{'，'.join(said)}）", f"{en} ({', '.join(said)})"
    return Words(zh, en)


def _short(name: str) -> str:
    return name if len(name) <= 40 else name[:40] + "…"


def _advice(typed: Typed) -> Words:
    if typed.target is None:
        reason = typed.doubt or Words("", "")
        return Words(
            f"寫成 <xref …/>，rid 是所指的 id；kan link-notes 無法代勞：{reason.zh}",
            f"write an <xref …/> that names what is meant; kan link-notes can't, because {reason.en}",
        )
    markup = link(typed.target.get("id") or "…", typed.use)
    return Words(f"寫成 {markup}；kan link-notes 會一次換好", f"write {markup}; kan link-notes does it for you")


@rule(
    Code(
        "N002",
        title=Words("同一筆資料寫了兩次", "source cited in full again"),
        message=Words("這筆資料已經在註{number}完整寫過", "note {number} cites this source in full already"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "同一筆資料完整寫一次就好，後面用「同註N」；寫兩次，改的時候容易只改到一處。",
            "A source is cited in full once; of two full citations, one is forgotten when the other is corrected.",
        ),
        bad='甲<fn id="fn1"><p>王大明，《甲書》（臺北：乙出版社，2020年），頁5。</p></fn>'
        '乙<fn id="fn2"><p>王大明，《甲書》（臺北：乙出版社，2020年），頁9。</p></fn>',
        good='甲<fn id="fn1"><p>王大明，《甲書》（臺北：乙出版社，2020年），頁5。</p></fn>'
        '乙<fn id="fn2"><p><xref ref-type="fn" rid="fn1" specific-use="same-source"/>，頁9。</p></fn>',
        severity=Severity.WARNING,
    )
)
def repeated_citation(brief: Reading) -> Iterator[Finding]:
    """A full citation of a source that an earlier note has cited in full.

    Punctuation, blanks, the pages cited and a shortened address make no other source.
    """
    graph = brief.graph
    citations = [citation for note in graph.notes for citation in note.citations]
    for group in groups([citation.work for citation in citations]):
        first, *others = (citations[index] for index in group)
        for later in others:
            if later.note is not first.note and not are_two_works(first.work, later.work):
                values = {"number": graph.order[first.note], "advice": _instead(graph, first, later)}
                yield Finding(_place(brief.source, later), values)


def _place(brief: Source, citation: Citation) -> Place:
    if citation.element is not None and citation.start == citation.end:
        return brief.place(citation.element)
    return citation.paragraph.place(brief, citation.start, citation.end)


def _instead(graph: Graph, first: Citation, later: Citation) -> Words:
    """What to write in the place of a repeated citation."""
    number, several = graph.order[first.note], len(graph.note[first.note].sources) > 1
    element = first.element if several else first.note
    name = element.get("id") if element is not None else None
    pages = _pages(later.work)
    markup = link(name or "…", "same-source") + (f"，頁{pages}" if pages else "")
    if name:
        return Words(f"改寫成 {markup}", f"write {markup} instead")
    if element is None:
        return Words(
            f"先用 kan tag-citations 標出註{number}的那一筆，給它 id，再改寫成 {markup}",
            f"mark up that source in note {number} (kan tag-citations), give it an id, then write {markup}",
        )
    return Words(
        f"替註{number}的那一筆 <mixed-citation> 加 id，再改寫成 {markup}",
        f"give that <mixed-citation> of note {number} an id, then write {markup}",
    )


def _pages(work: Work) -> str:
    """The pages that a citation points to."""
    found = None if work.pages else _PAGES.search(work.text)
    return work.pages or (found[1] or found[2] if found else "")


@rule(
    Code(
        "N003",
        title=Words("沒說是哪一筆資料", "which of the sources?"),
        message=Words(
            "註「{rid}」引了{count}筆資料，「同註」沒說是哪一筆", "note {rid} cites {count} sources: which one?"
        ),
        hint=Words(
            "先用 kan tag-citations 把它們標出來，替要指的那一筆加 id，rid 改寫那個 id",
            "mark them up with kan tag-citations, give the one meant an id, and name that in rid",
        ),
        why=_ONE_SOURCE,
        bad='甲<fn id="fn1"><p>趙一，〈甲篇〉，《乙報》，2021年5月6日；'
        "錢二，〈丙篇〉，《丁報》，2021年6月7日。</p></fn>"
        '乙<fn id="fn2"><p><xref ref-type="fn" rid="fn1" specific-use="same-source"/>。</p></fn>',
        good='甲<fn id="fn1"><p><mixed-citation publication-type="news" id="c1">趙一，〈<article-title>甲篇'
        "</article-title>〉，《<source>乙報</source>》，2021年5月6日</mixed-citation>；"
        "錢二，〈丙篇〉，《丁報》，2021年6月7日。</p></fn>"
        '乙<fn id="fn2"><p><xref ref-type="fn" rid="c1" specific-use="same-source"/>。</p></fn>',
        severity=Severity.WARNING,
    )
)
def several_untagged_citations(brief: Reading) -> Iterator[Finding]:
    """A same-source link to a note with several sources, which its markup doesn't show; R007 is for the others."""
    for reference, note in _same_source_links(brief):
        marked = [part for part in note.sources if isinstance(part, Reference) or part.element is not None]
        if len(note.sources) > 1 and len(marked) <= 1:
            values = {"rid": reference.xref.get("rid"), "count": len(note.sources)}
            yield Finding(brief.source.attribute_place(reference.xref, "rid"), values)


@rule(
    Code(
        "N004",
        title=Words("「同註」所指的註沒有資料", "same source as a note without one"),
        message=Words("註「{rid}」只有說明，看不到資料", "note {rid} only comments; no source can be seen in it"),
        hint=Words(
            '改指寫了出處的那條註；要請讀者看說明，用 specific-use="see"',
            'name the note that cites the source; for “see note N”, use specific-use="see"',
        ),
        why=_ONE_SOURCE,
        bad='甲<fn id="fn1"><p>此處從寬解釋。</p></fn>'
        '乙<fn id="fn2"><p><xref ref-type="fn" rid="fn1" specific-use="same-source"/>。</p></fn>',
        good='甲<fn id="fn1"><p>此處從寬解釋。</p></fn>'
        '乙<fn id="fn2"><p><xref ref-type="fn" rid="fn1" specific-use="see"/>。</p></fn>',
        severity=Severity.WARNING,
    )
)
def note_without_source(brief: Reading) -> Iterator[Finding]:
    """A same-source link to a note in which nothing is cited, linked or referred to."""
    typed: set[etree._Element | None] | None = None
    silent: dict[etree._Element, bool] = {}
    for reference, note in _same_source_links(brief):
        if note.element not in silent:
            silent[note.element] = not note.sources and not any(
                paragraph.links or has_unread(paragraph) or _may_cite(paragraph) for paragraph in note.paragraphs
            )
        if not silent[note.element]:
            continue
        if typed is None:
            typed = {each.note for each in typed_references(brief.source) if each.use == "same-source"}
        if note.element not in typed:
            rid = reference.xref.get("rid")
            yield Finding(brief.source.attribute_place(reference.xref, "rid"), {"rid": rid})


_LIKE_A_SOURCE = re.compile(
    r"《[^《》]{2,200}》|〈[^〈〉]{2,200}〉|\bpp?\. ?[0-9]|[，,] ?頁 ?[0-9]"
    r"|[（(][^（）():：]{2,40}[:：][^（）():：]{2,80}[,，] ?[^（）():：,，]{0,12}[0-9]{4} ?年?[）)]"
    "|訪談|談話紀錄|來函"
)


def _may_cite(paragraph: Flat) -> bool:
    """Whether a paragraph has what sources have: a title in marks or italics, an imprint, pages."""
    return bool(paragraph.italics) or _LIKE_A_SOURCE.search(paragraph.text) is not None


def _same_source_links(brief: Reading) -> Iterator[tuple[Reference, Note]]:
    """The same-source links from one note to another as a whole, where they may stand (R004, R005, R006)."""
    graph = brief.graph
    for reference in graph.references:
        here = graph.order.get(reference.note, 0) if reference.note is not None else 0
        back = graph.order.get(reference.target, 0) < here
        if reference.use == "same-source" and reference.named.tag != CITATION and back:
            yield reference, graph.note[reference.target]


@rule(
    Code(
        "N005",
        title=Words("見註指向只寫「同註」的註", "see-note to a note that only refers"),
        message=Words(
            "註{number}自己只是參照，讀者翻過去還得再翻一次",
            "note {number} only refers to another: the reader is sent on",
        ),
        hint=Words("直接指註{real}：{advice}", "point at note {real}: {advice}"),
        why=Words(
            "「見註N」請讀者去看一段說明或一筆資料；那裡只有「同註M」，就該直接寫M。",
            "“See note N” promises something to read there.",
        ),
        bad='甲<fn id="fn1"><p>王大明，《甲書》（臺北：乙出版社，2020年），頁5。</p></fn>'
        '乙<fn id="fn2"><p><xref ref-type="fn" rid="fn1" specific-use="same-source"/>。</p></fn>'
        '丙<fn id="fn3"><p>說明，<xref ref-type="fn" rid="fn2" specific-use="see"/>。</p></fn>',
        good='甲<fn id="fn1"><p>王大明，《甲書》（臺北：乙出版社，2020年），頁5。</p></fn>'
        '乙<fn id="fn2"><p><xref ref-type="fn" rid="fn1" specific-use="same-source"/>。</p></fn>'
        '丙<fn id="fn3"><p>說明，<xref ref-type="fn" rid="fn1" specific-use="see"/>。</p></fn>',
        severity=Severity.NOTE,
    )
)
def pointer_to_a_pointer(brief: Reading) -> Iterator[Finding]:
    """“See note N” where note N says nothing but where its source is; links to a source are followed anyway."""
    graph = brief.graph
    for reference in graph.references:
        if reference.use != "see" or reference.named.tag != NOTE or reference.target not in graph.order:
            continue
        only = _only_reference(graph.note[reference.target])
        if only is None or only.use != "same-source":
            continue
        real = graph.cited(only).note
        if real in graph.order and real is not reference.target and real is not reference.note:
            values = {
                "number": graph.order[reference.target],
                "real": graph.order[real],
                "advice": f'rid="{real.get("id", "…")}"',
            }
            yield Finding(brief.source.attribute_place(reference.xref, "rid"), values)


def _only_reference(note: Note) -> Reference | None:
    """The reference that is all a note says."""
    said = "".join(paragraph.text for paragraph in note.paragraphs).replace(REFERENCE, "").strip(" 　\n。.")
    part = note.parts[0] if len(note.parts) == 1 else None
    return part if isinstance(part, Reference) and not said else None


# Where the calls stand

_STOPS, _COMMAS = "。！？", "，；"
_CLOSING = "」』》〉）”"


def _at_marks(brief: Reading, marks: str) -> Uses:
    """The calls of sources beside one of some marks, by whether they stand before or behind it."""
    uses: dict[str, list[Use]] = {}
    for passage in brief.prose:
        if passage.kind != "body" or not passage.calls:
            continue
        text = passage.text
        for index, note in dict(passage.calls).items():
            before, after = text[index - 1 : index], text[index : index + 1]
            if before in marks and before:
                uses.setdefault("behind", []).append(Use(passage, index - 1, index))
            elif before in _CLOSING and before and text[index - 2 : index - 1] in _STOPS:
                if marks is _STOPS:
                    uses.setdefault("behind", []).append(Use(passage, index - 1, index, may_change=False))
            elif after in marks and after and not _is_on_a_term(brief, before, note, after):
                uses.setdefault("before", []).append(Use(passage, index, index + 1))
    return uses


def _is_on_a_term(brief: Reading, before: str, note: etree._Element, after: str) -> bool:
    """Whether a note explains the words before it, at which it stands rightly, not the whole clause."""
    known = brief.graph.note.get(note)
    return after in _COMMAS and (before in _CLOSING or known is None or not known.sources)


def _at_stops(brief: Reading) -> Uses:
    return _at_marks(brief, _STOPS)


def _at_commas(brief: Reading) -> Uses:
    return _at_marks(brief, _COMMAS)


@rule(
    Code(
        "N006",
        title=Words("註號與標點的先後不一", "call before or behind the mark"),
        message=Words(
            "註號在「{mark}」{here}；{where}註號在標點{there}的有{count}處，相反的{others}處",
            "the call stands {here} “{mark}”; {where} has {count} {there} the mark, and {others} otherwise",
        ),
        hint=Words("移到「{mark}」{there}", "move it {there} “{mark}”"),
        why=Words(
            "註號放在標點前或標點後，全刊只用一種（CMOS 17, 14.26：句末的標點之後）；多數的那一種就是慣例。",
            "Calls stand before or behind marks throughout (CMOS 17, 14.26: behind); most decide.",
        ),
        bad='甲。<fn id="fn1"><p>說明。</p></fn>乙。<fn id="fn2"><p>說明。</p></fn>'
        '丙。<fn id="fn3"><p>說明。</p></fn>丁<fn id="fn4"><p>說明。</p></fn>。',
        good='甲。<fn id="fn1"><p>說明。</p></fn>乙。<fn id="fn2"><p>說明。</p></fn>'
        '丙。<fn id="fn3"><p>說明。</p></fn>丁。<fn id="fn4"><p>說明。</p></fn>',
        severity=Severity.WARNING,
    )
)
def call_beside_a_mark(brief: Reading) -> Iterator[Finding]:
    """A call before the full stop where those of the brief stand behind it, or the reverse; commas likewise."""
    for kind in (_at_stops, _at_commas):
        for each in against_practice(brief, kind, least=3):
            use = each.use
            if use.may_change:
                values = each.finding(mark=each.words, here=_SIDES[each.form], there=_SIDES[each.instead]).values
                at = use.start if each.form == "before" else use.end
                called = use.passage.place(max(at - 1, 0), at)  # a call has no characters of its own
                yield Finding(called, values, _moved(brief.source, use, behind=each.form == "before"))


_SIDES = {"before": Words("前", "before"), "behind": Words("後", "behind")}


def _moved(source: Source, use: Use, *, behind: bool) -> tuple[Edit, ...]:
    """The edits that bring a mark from one side of the one call beside it to the other."""
    passage = use.passage
    at = use.start if behind else use.end
    called = [note for index, note in passage.calls if index == at]
    piece = passage.flat.piece(use.start)
    mark = passage.text[use.start]
    if len(called) != 1:
        return ()
    note = called[0]
    start, _ = source.tag_bytes(note)
    end = source.data.find(b"</fn>", start) + len(b"</fn>")
    first, last = passage.flat.bytes(source, use.start, use.end)
    if b"<!--" in source.data[start:end] or piece.which == "reference":
        return ()
    if behind and first == end:
        return Edit(start, start, mark), Edit(first, last, "")
    if not behind and last == start:
        return Edit(first, last, ""), Edit(end, end, mark)
    return ()


@rule(
    Code(
        "N011",
        title=Words("兩個註號連在一起", "two calls side by side"),
        message=Words("註{first}和註{second}的註號連在一起", "the calls of notes {first} and {second} touch"),
        hint=Words(
            "併成一條註，出處之間用分號；或把註號移到各自說明的字後面",
            "make one note of them, or put each call behind the words it belongs to",
        ),
        why=Words(
            "兩個註號並排，印出來像一個號碼（註1、2成了12）；同一處只放一個註號（CMOS 17, 14.28）。",
            "Two calls in one place read as one number (1 and 2 as 12); one place has one call (CMOS 17, 14.28).",
        ),
        bad='甲。<fn id="fn1"><p>說明。</p></fn><fn id="fn2"><p>說明。</p></fn>',
        good='甲。<fn id="fn1"><p>說明。說明。</p></fn>',
        severity=Severity.WARNING,
    )
)
def adjacent_calls(brief: Reading) -> Iterator[Finding]:
    """Two notes called at the same place."""
    order = brief.graph.order
    for passage in brief.prose:
        for (index, one), (other_index, other) in zip(passage.calls, passage.calls[1:], strict=False):
            if index == other_index and one in order and other in order:
                values = {"first": order[one], "second": order[other]}
                yield Finding(brief.source.place(other), values, also=(brief.source.place(one),))


_OPENING = "（「『《〈【〔［([“‘"
_INSIDE = re.compile(r"[A-Za-z]\n?[A-Za-z]|[0-9][0-9]|[0-9][年月日%％]")


@rule(
    Code(
        "N012",
        title=Words("註號的位置不對", "call where none can stand"),
        message=Words("註{number}的註號{where}", "the call of note {number} {where}"),
        hint=Words("移到它說明的字後面", "move it behind the words that it belongs to"),
        why=Words(
            "註號跟在它說明的字後面：起首的括號後面還沒有字，一個詞的中間還沒有說完。",
            "A call follows the words it belongs to: behind an opening bracket there are none yet.",
        ),
        bad='甲（<fn id="fn1"><p>說明。</p></fn>乙）。',
        good='甲（乙<fn id="fn1"><p>說明。</p></fn>）。',
        severity=Severity.WARNING,
    )
)
def misplaced_call(brief: Reading) -> Iterator[Finding]:
    """A call right behind an opening bracket, or in the middle of a word or a number."""
    for passage in brief.prose:
        for index, note in passage.calls:
            around = passage.text[max(index - 1, 0) : index + 1]
            where = None
            if around[:1] in _OPENING and index and around:
                where = Words(f"緊接在「{around[0]}」後面", f"stands right behind “{around[0]}”")
            elif _INSIDE.fullmatch(around):
                where = Words(
                    f"夾在「{around[0]}」和「{around[1]}」中間", f"stands between “{around[0]}” and “{around[1]}”"
                )
            if where is not None and note in brief.graph.order:
                place = passage.place(index - 1, index)
                yield Finding(place, {"number": brief.graph.order[note], "where": where})


# How a note begins and ends

_NUMBERED = re.compile(
    r"[ \u3000]*(?:[註注]\s?[0-9]{1,3}\s?[：:、.．]|[\[［〔(（][0-9]{1,3}[\]］〕)）]"
    r"|[0-9]{1,3}(?:[、．]|\. |\.(?=[^0-9.\s])))"
    r"[ \u3000]*(?=[^\s0-9])"
)
_NEXT_NUMBER = "{0}、|{0}\\.|{0}．|[(（]{0}[)）]|[\\[［]{0}[\\]］]"


@rule(
    Code(
        "N010",
        title=Words("打上去的註號", "typed number of a note"),
        message=Words("「{words}」是打上去的註號", "“{words}” is the typed number of a note"),
        hint=Words("刪去；註號由程式產生", "delete it; the number is generated"),
        why=_COMPUTED,
        bad="1. 王大明，《甲書》（臺北：乙出版社，2020年），頁5。",
        good="王大明，《甲書》（臺北：乙出版社，2020年），頁5。",
        severity=Severity.WARNING,
    ),
    within="note",
)
def typed_number(brief: Reading) -> Iterator[Finding]:
    """A note that begins with its number typed, unless it counts: 1. … 2. …"""
    for note in brief.graph.notes:
        first = note.paragraphs[0].element if note.paragraphs else None
        passage = (
            next((each for each in brief.notes if each.element is first), None) if _starts_typed(note) else None
        )
        typed = _NUMBERED.match(passage.text) if passage is not None else None
        if passage is None or typed is None:
            continue
        following = str(int(re.sub(r"\D", "", typed[0])) + 1)
        said = "".join(each.text for each in note.paragraphs)
        if not re.search(_NEXT_NUMBER.format(following), said):
            yield found(passage, 0, typed.end(), "", words=typed[0].strip())


def _starts_typed(note: Note) -> bool:
    return bool(note.paragraphs) and _NUMBERED.match(note.paragraphs[0].text) is not None


_GENERATED = re.compile(
    rf"{REFERENCE}(?:\s*[，,]?\s*(?:第\s*)?(?:頁|pp?\.|at)?\s*[0-9][0-9\-–—~～至、, ]{{0,30}}(?:\s*頁)?)?"
    r"\s*[。.]?\s*\Z"
)
"""A reference at the end of a note: the build writes the stop."""
_TYPED_END = re.compile(r"(?:同[前上]註?|同註\s?[0-9]{1,3}|前揭註\s?[0-9]{1,3}|[Ii]bid|[Ii]d)\s*\Z")
_ENDED = "。.．！？!?…；;：:，,、"


@dataclass(frozen=True, slots=True)
class _End:
    """How a note ends: the index of its last character, its stop ("" for none), and what stands before that."""

    passage: Passage
    index: int
    stop: str
    after_address: bool
    western: bool | None


def _end(passage: Passage) -> _End | None:
    """The end of a note; None where the build writes it, or a bracket holds it."""
    text = passage.text.rstrip()
    if not text or _GENERATED.search(text) or _TYPED_END.search(text):
        return None
    stop = text[-1] if text[-1] in _ENDED else ""
    before = text.rstrip(".。．" if stop else " ")
    if not stop and text[-1] in _CLOSING + ')’"' and text.rstrip(_CLOSING + ')’"')[-1:] in _ENDED:
        return None
    last = len(before) - 1
    citation = next((each for each in reversed(passage.citations) if each.end >= last), None)
    if citation is not None and citation.element is not None and not stop:
        return None
    western = _is_western_end(passage, citation, last)
    return _End(passage, len(text) - 1, stop, last >= 0 and passage.zones[last] == ADDRESS, western)


def _is_western_end(passage: Passage, citation: Citation | None, last: int) -> bool | None:
    """Whether the end of a note is punctuated as in English; None where that can't be told."""
    if citation is not None:
        return is_western(passage, citation.start, citation.end)
    if passage.lang.startswith("en"):
        return True
    return False if _EAST_ASIAN.search(passage.text, max(0, last - 12), last + 1) else None


_EAST_ASIAN = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff01-\uff5e]")


@once
def _ends(brief: Reading) -> tuple[_End, ...]:
    """How the Chinese and English notes of a brief end; each brief is read once."""
    last = (each for each in brief.notes if each.element.getnext() is None)
    ends = (_end(each) for each in last if each.lang.partition("-")[0] in ("zh", "en"))
    return tuple(end for end in ends if end is not None)


def _after_addresses(brief: Reading) -> Uses:
    return _stopped(brief, after_address=True)


def _after_words(brief: Reading) -> Uses:
    return _stopped(brief, after_address=False)


def _stopped(brief: Reading, *, after_address: bool) -> Uses:
    uses: dict[str, list[Use]] = {"stop": [], "none": []}
    for end in _ends(brief):
        if end.after_address is after_address:
            at = Use(end.passage, end.index, end.index + 1, may_change=end.western is not True)
            uses["stop" if end.stop else "none"].append(at)
    return uses


@rule(
    Code(
        "N007",
        title=Words("註的末尾沒有句號", "note without its final stop"),
        message=Words("這條註的末尾{lacks}{rest}", "this note {lacks}{rest}"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "註文是句子，以句號結束（教育部《重訂標點符號手冊》修訂版，句號；CMOS 17, 14.20）；"
            "以網址結尾的註加不加句號，看本篇的慣例。",
            "A note is a sentence and ends with a full stop (CMOS 17, 14.20); whether it does behind an address "
            "is a matter of practice.",
        ),
        bad="王大明，《甲書》（臺北：乙出版社，2020年），頁5",
        good="王大明，《甲書》（臺北：乙出版社，2020年），頁5。",
        severity=Severity.WARNING,
    ),
    within="note",
)
def missing_stop(brief: Reading) -> Iterator[Finding]:
    """A note that ends without a stop; behind an address, one that doesn't do as the others do."""
    for each in against_practice(brief, _after_addresses, least=3):
        yield _stop_or_none(brief, each.use, each.form, each.count, each.where)
    uses = _after_words(brief)
    if len(uses["none"]) <= max(len(uses["stop"]), 1):
        for use in uses["none"]:
            yield _stop_or_none(brief, use, "none", len(uses["stop"]), Words("本篇", "this brief"))


def _stop_or_none(brief: Reading, use: Use, form: str, count: int, where: Words) -> Finding:
    passage = use.passage
    place = passage.place(use.start, use.end)
    if form == "stop":
        rest = Words(
            f"；{where.zh}其他以網址結尾的{count}條都不加",
            f"; the other {count} of {where.en} that end with an address have none",
        )
        values = {"lacks": Words("有句號", "ends with a stop"), "advice": Words("刪去句號", "delete it")}
        return Finding(place, {**values, "rest": rest}, passage.replaced(use.start, use.end, ""))
    stop = "。" if use.may_change else "."
    rest = Words(f"；{where.zh}其他{count}條都有", f"; the other {count} of {where.en} have one")
    values = {"lacks": Words("沒有句號", "has no final stop"), "advice": Words(f"補上「{stop}」", f"add “{stop}”")}
    return Finding(place, {**values, "rest": rest if count else ""}, _added(brief.source, use, stop))


def _added(source: Source, use: Use, stop: str) -> tuple[Edit, ...]:
    """The edit that adds a stop at the end of a note, behind the markup that ends with its last word."""
    _, last = use.passage.flat.bytes(source, use.start, use.end)
    tags = re.compile(rb"(?:</(?!p>)[^<>]{1,40}>)*(?=\s*</p>)").match(source.data, last)
    return (Edit(tags.end(), tags.end(), stop),) if tags else ()


@rule(
    Code(
        "N008",
        title=Words("註停在逗號", "note that ends with a comma"),
        message=Words("這條註停在「{mark}」", "this note ends with “{mark}”"),
        hint=Words("改成「{stop}」；要是後面還有出處或說明，把它補上", "write “{stop}”, or add what is missing"),
        why=Words(
            "註文以句號結束；停在逗號或分號，多半是刪去後半時留下的，也可能漏了一筆出處。",
            "A note ends with a full stop; a comma there is left over from an edit, or a source is missing.",
        ),
        bad="王大明，《甲書》（臺北：乙出版社，2020年），頁5；",
        good="王大明，《甲書》（臺北：乙出版社，2020年），頁5。",
        severity=Severity.WARNING,
    ),
    within="note",
)
def note_breaks_off(brief: Reading) -> Iterator[Finding]:
    """A note that ends with a mark that promises more."""
    for end in _ends(brief):
        if end.stop and end.stop in "，,；;、：:":
            stop = "." if end.western else "。"
            yield found(end.passage, end.index, end.index + 1, mark=end.stop, stop=stop)

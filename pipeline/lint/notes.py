"""Rules about notes: references typed as words, sources cited in full twice, links that don't say which source."""

import re
from collections.abc import Iterator

from lxml import etree

from pipeline.bibliography.same import groups
from pipeline.citations.works import Work
from pipeline.diagnostics import Code, Place, Severity, Words
from pipeline.lint.reading import Reading
from pipeline.lint.rules import Finding, rule
from pipeline.notes.graph import CITATION, Citation, Graph, Note, Reference, note_around
from pipeline.notes.typed import Typed, has_unread, link, typed_references
from pipeline.notes.wording import names
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
        message=Words("「{words}」是打上去的字{leads}", "“{words}” is typed{leads}"),
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
    for typed in typed_references(brief.source):
        place = typed.paragraph.place(brief.source, typed.start, typed.end)
        values = {"words": typed.words, "leads": _leads(brief.graph, typed), "advice": _advice(typed)}
        yield Finding(place, values)


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
            if later.note is not first.note:
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
                paragraph.links or has_unread(paragraph) for paragraph in note.paragraphs
            )
        if not silent[note.element]:
            continue
        if typed is None:
            typed = {each.note for each in typed_references(brief.source) if each.use == "same-source"}
        if note.element not in typed:
            rid = reference.xref.get("rid")
            yield Finding(brief.source.attribute_place(reference.xref, "rid"), {"rid": rid})


def _same_source_links(brief: Reading) -> Iterator[tuple[Reference, Note]]:
    """The same-source links from one note to another as a whole, where they may stand (R004, R005, R006)."""
    graph = brief.graph
    for reference in graph.references:
        here = graph.order.get(reference.note, 0) if reference.note is not None else 0
        back = graph.order.get(reference.target, 0) < here
        if reference.use == "same-source" and reference.named.tag != CITATION and back:
            yield reference, graph.note[reference.target]

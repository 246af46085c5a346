"""Number: one authority for every number, and references that survive every edit of the brief."""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lxml import etree

from pipeline.brief import Brief, Call, Issue, Note, Reference, inline_nodes
from pipeline.content import brief_content
from pipeline.notes.graph import note_graph
from pipeline.number import Numbering, number, section_label
from pipeline.parse import Source

Element = etree._Element
Make = Callable[..., Source]


def by_id(root: Element) -> dict[str, Element]:
    return {name: node for node in root.iter("*") if (name := node.get("id")) is not None}


def labels(source: Source) -> dict[str, str]:
    """The label of each section, figure and table, by its id."""
    return {node.get("id", ""): label for node, label in number(source.root).labels.items()}


def words(source: Source) -> list[str]:
    """What the references of a brief print, in their order."""
    numbering = number(source.root)
    return [numbering.words[xref] for xref in source.root.iter("xref") if xref in numbering.words]


# Labels


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (1, "壹、 貳、 參、 肆、 伍、 陸、 柒、 捌、 玖、 拾、 拾壹、"),
        (2, "一、 二、 三、 四、 五、 六、 七、 八、 九、 十、 十一、"),
        (3, "（一） （二） （三） （四） （五） （六） （七） （八） （九） （十） （十一）"),
        (4, "1. 2. 3. 4. 5. 6. 7. 8. 9. 10. 11."),
        (5, "(1) (2) (3) (4) (5) (6) (7) (8) (9) (10) (11)"),
    ],
)
def test_labels_of_each_level(depth: int, expected: str) -> None:
    assert [section_label(depth, position) for position in range(1, 12)] == expected.split()


def test_tens() -> None:
    assert [section_label(2, n) for n in (19, 20, 21, 90, 99)] == [
        "十九、",
        "二十、",
        "二十一、",
        "九十、",
        "九十九、",
    ]
    assert [section_label(1, n) for n in (12, 20, 35)] == ["拾貳、", "貳拾、", "參拾伍、"]


def test_hundreds() -> None:
    assert [section_label(2, n) for n in (100, 101, 110, 119, 999)] == [
        "一百、",
        "一百零一、",
        "一百一十、",
        "一百一十九、",
        "九百九十九、",
    ]
    assert [section_label(1, n) for n in (100, 101, 1000)] == ["壹佰、", "壹佰零壹、", "1000、"]


def test_a_level_with_one_section_and_an_unnumbered_section_have_no_label(brief: Make) -> None:
    source = brief(
        """
        <sec id="intro"><title>前言</title></sec>
        <sec id="main"><title>本文</title>
          <sec id="only"><title>唯一的一節</title>
            <sec id="x"><title>甲</title></sec>
            <sec id="y"><title>乙</title></sec>
          </sec>
        </sec>
        <sec id="thanks" specific-use="unnumbered"><title>誌謝</title>
          <sec id="p"><title>丙</title></sec>
          <sec id="q"><title>丁</title></sec>
        </sec>
        <sec id="end"><title>結論</title>
          <sec id="a"><title>一節</title></sec>
          <sec id="b" specific-use="unnumbered"><title>附記</title></sec>
        </sec>"""
    )
    assert labels(source) == {
        "intro": "壹、",
        "main": "貳、",
        "only": "",
        "x": "（一）",
        "y": "（二）",
        "thanks": "",
        "p": "一、",
        "q": "二、",
        "end": "參、",
        "a": "",
        "b": "",
    }


def test_figures_and_tables_are_counted_apart_and_across_sections(brief: Make) -> None:
    source = brief(
        '<fig id="f1"/><table-wrap id="t1"/><sec><title>節</title><fig id="f2"/><sec><title>節</title>'
        '<table-wrap id="t2"/></sec></sec><sec><title>節</title><fig id="f3"/></sec>'
    )
    assert {name: label for name, label in labels(source).items() if name} == {
        "f1": "圖1",
        "f2": "圖2",
        "f3": "圖3",
        "t1": "表1",
        "t2": "表2",
    }


def test_references_to_figures_tables_and_sections(brief: Make) -> None:
    source = brief(
        """<sec id="one"><title>前言</title><p><xref ref-type="fig" rid="f"/><xref ref-type="table" rid="t"/>
        <xref ref-type="sec" rid="one"/><xref ref-type="sec" rid="deep"/><xref ref-type="sec" rid="free"/>
        <xref ref-type="sec" rid="nowhere"/></p></sec>
        <sec><title>本文</title><sec><title>甲</title></sec>
          <sec><title>乙</title><sec><title>丙</title></sec><sec id="deep"><title>丁</title>
            <fig id="f"/><table-wrap id="t"/></sec></sec></sec>
        <sec id="free" specific-use="unnumbered"><title>附 <fn id="n"><p>註</p></fn>錄</title></sec>"""
    )
    assert words(source) == ["圖1", "表1", "壹", "貳、二、（二）", "「附 錄」"]


# Notes


def numbers(source: Source) -> dict[str, int]:
    return {node.get("id", ""): int(position) for node, position in number(source.root).notes.items()}


def test_notes_are_counted_where_they_are_called(brief: Make) -> None:
    source = brief(
        """<p>文<fn id="text"><p>註</p></fn></p>
        <disp-quote><p>引<fn id="quotation"><p>註</p></fn></p>
          <attrib>出處<fn id="source"><p>註</p></fn></attrib></disp-quote>
        <sec><title>節<fn id="section"><p>註</p></fn></title>
          <fig><caption><title>圖<fn id="caption"><p>註</p></fn></title>
            <p>說<fn id="legend"><p>註</p></fn></p></caption>
            <alt-text>替<fn id="hidden"><p>註</p></fn></alt-text><graphic/>
            <attrib>資料<fn id="data"><p>註</p></fn></attrib></fig>
          <list><list-item><p>條<fn id="item"><p>註</p></fn></p></list-item></list>
        </sec>""",
        meta="<title-group><article-title>題<fn id='title'><p>註</p></fn></article-title>"
        "<subtitle>副<fn id='subtitle'><p>註</p></fn></subtitle><trans-title-group xml:lang='en'>"
        "<trans-title>T<fn id='translated'><p>n</p></fn></trans-title></trans-title-group></title-group>",
    )
    order = ["title", "subtitle", "text", "quotation", "source", "section", "caption", "legend", "data", "item"]
    assert numbers(source) == {name: position for position, name in enumerate(order, start=1)}


def test_a_table_is_read_head_body_foot(brief: Make) -> None:
    """JATS has the foot before the body; the reader meets its calls after it."""
    source = brief(
        """<table-wrap><caption><title>表<fn id="caption"><p>註</p></fn></title></caption><table>
        <thead><tr><th>甲<fn id="head"><p>註</p></fn></th></tr></thead>
        <tfoot><tr><td>計<fn id="foot"><p>註</p></fn></td></tr></tfoot>
        <tbody><tr><td>乙<fn id="body"><p>註</p></fn></td></tr></tbody></table>
        <table-wrap-foot><p>說明<fn id="below"><p>註</p></fn></p></table-wrap-foot>
        <attrib>資料<fn id="data"><p>註</p></fn></attrib></table-wrap>"""
    )
    assert list(numbers(source)) == ["caption", "head", "body", "foot", "below", "data"]


def test_notes_begin_again_in_each_brief(issue: Issue) -> None:
    assert len(issue.briefs) > 1
    for brief in issue.briefs:
        assert [note.label for note in numbered(brief)] == [str(n) for n in range(1, len(numbered(brief)) + 1)]


def numbered(brief: Brief) -> list[Note]:
    return [note for note in brief.notes if not note.by_author]


def noted(*contents: str) -> str:
    """A body with notes n1, n2, … of these contents."""
    return "".join(f'<p>文<fn id="n{i}"><p>{content}</p></fn></p>' for i, content in enumerate(contents, start=1))


def same(name: str) -> str:
    return f'<xref ref-type="fn" rid="{name}" specific-use="same-source"/>'


def test_the_source_of_the_note_before_is_named_so(brief: Make) -> None:
    source = brief(noted("甲", same("n1") + "，頁9", same("n1"), same("n3"), "乙", same("n1"), "見" + same("n5")))
    assert words(source) == ["同前註", "同註1", "同註1", "同註1", "同註5"]


def test_see_and_repeated_calls(brief: Make) -> None:
    again = '<xref ref-type="fn" rid="n2"/>'
    see = '<xref ref-type="fn" rid="n1" specific-use="see"/>'
    source = brief(f"<p>{again}</p>" + noted("甲", "乙", f"{see}；{again}") + f"<p>文{again}{see}</p>")
    assert words(source) == ["2", "見註1", "2", "2", "見註1"]
    numbering = number(source.root)
    assert list(numbering.again.values()) == [1, 2, 3]
    assert {target.get("id") for target in numbering.targets.values()} == {"n1", "n2"}


CITED = "<mixed-citation id='{}'>{}</mixed-citation>"
BY = "<string-name>{}</string-name>，〈<article-title>{}</article-title>〉，《<source>{}</source>》"


def several(*citations: tuple[str, str]) -> str:
    return "；".join(CITED.format(name, content) for name, content in citations)


@pytest.mark.parametrize(
    ("wanted", "other", "expected"),
    [
        (BY.format("沈括", "活板", "夢溪筆談"), BY.format("畢昇", "活板", "夢溪筆談"), "沈括，前揭註1"),
        (
            "<collab>中研院</collab>，《<source>漢籍</source>》",
            BY.format("畢昇", "活板", "夢溪筆談"),
            "中研院，前揭註1",
        ),
        ("〈<article-title>活板</article-title>〉", BY.format("畢昇", "泥", "談"), "〈活板〉，前揭註1"),
        ("《<source>活板</source>》", BY.format("畢昇", "泥", "談"), "《活板》，前揭註1"),
        ("沈括，〈活板〉，頁3。", "畢昇，〈泥字〉，頁4。", "沈括，前揭註1"),
        # The same author twice: a name alone would not say which.
        (BY.format("沈括", "活板", "夢溪筆談"), BY.format("沈括", "鉛字", "夢溪筆談"), "沈括，〈活板〉，前揭註1"),
        (BY.format("沈括", "活板", "甲"), BY.format("沈括", "活板", "乙"), "沈括，〈活板〉，《甲》，前揭註1"),
        ("沈括，〈活板〉，頁3。", "沈括，〈活板〉，頁4。", "沈括，〈活板〉，頁3，前揭註1"),
        ("<string-name>沈括</string-name>，甲。", "<string-name>沈括</string-name>，乙。", "沈括，甲，前揭註1"),
    ],
)
def test_one_source_of_several_is_named(brief: Make, wanted: str, other: str, expected: str) -> None:
    for citations in ([("a", wanted), ("b", other)], [("b", other), ("a", wanted)]):
        source = brief(noted(several(*citations), same("a")))
        assert words(source) == [expected]
        assert [node.get("id") for node in number(source.root).targets.values()] == ["n1"]


def test_the_only_source_of_a_note_needs_no_name(brief: Make) -> None:
    source = brief(noted(several(("a", BY.format("沈括", "活板", "夢溪筆談"))), same("a"), same("a")))
    assert words(source) == ["同前註", "同註1"]


# However a brief is edited, each reference points at its source
#
# A brief is a list of notes, typed in paragraphs, quotations and titles. Notes are inserted, deleted (with
# what refers to them, as an author must) and moved; then the words the reader sees are followed by number.


@dataclass(frozen=True)
class Typed:
    """A note: its id, the ids of the sources it cites, and the id its reference names (if it has one)."""

    name: str
    sources: int
    place: str
    refers: str | None = None
    use: str = "same-source"


PLACES = [
    "<p>文{}</p>",
    "<disp-quote><p>引{}</p></disp-quote>",
    "<sec><title>節{}</title></sec>",
    "<list list-type='bullet'><list-item><p>條{}</p></list-item></list>",
    "<table-wrap><table><tfoot><tr><td>計{}</td></tr></tfoot><tbody/></table></table-wrap>",
]


def rendered(notes: list[Typed]) -> str:
    body = []
    for note in notes:
        content = several(*((f"{note.name}-{i}", source_text(note.name, i)) for i in range(note.sources)))
        if note.refers is not None:
            content += f'<xref ref-type="fn" rid="{note.refers}" specific-use="{note.use}"/>'
        body.append(note.place.format(f'<fn id="{note.name}"><p>{content}</p></fn>'))
    return "".join(body)


def source_text(note: str, position: int) -> str:
    """A source that its note's name makes unlike all others; some authors stand twice in a note."""
    return BY.format("沈括" if position % 2 else "畢昇", f"題{note}{position}", "書")


@dataclass
class Editor:
    """Types a brief and edits it the way an author does: a note that others refer to stays before them."""

    notes: list[Typed]
    made: int = 0

    def insert(self, draw: st.DrawFn) -> None:
        self.made += 1
        place = draw(st.sampled_from(PLACES))
        at = draw(st.integers(0, len(self.notes)))
        cited = [note for note in self.notes[:at] if note.sources]
        again = draw(st.booleans())
        if cited and again:
            target = draw(st.sampled_from(cited))
            one = draw(st.integers(0, target.sources - 1))
            refers = f"{target.name}-{one}" if target.sources > 1 else target.name
            new = Typed(f"n{self.made}", 0, place, refers)
        else:
            new = Typed(f"n{self.made}", draw(st.integers(1, 3)), place)
        self.notes.insert(at, new)

    def delete(self, draw: st.DrawFn) -> None:
        gone = self.notes.pop(draw(st.integers(0, len(self.notes) - 1)))
        self.notes = [note for note in self.notes if source_note(note.refers) != gone.name]

    def move(self, draw: st.DrawFn) -> None:
        note = self.notes.pop(draw(st.integers(0, len(self.notes) - 1)))
        names = [each.name for each in self.notes]
        first = names.index(source_note(note.refers)) + 1 if note.refers else 0
        users = [i for i, each in enumerate(self.notes) if source_note(each.refers) == note.name]
        self.notes.insert(draw(st.integers(first, min(users, default=len(self.notes)))), note)


def source_note(refers: str | None) -> str:
    return refers.partition("-")[0] if refers else ""


@st.composite
def edited(draw: st.DrawFn) -> list[list[Typed]]:
    """The states of a brief while it is edited."""
    editor = Editor([])
    for _ in range(draw(st.integers(2, 6))):
        editor.insert(draw)
    states = [list(editor.notes)]
    for _ in range(draw(st.integers(1, 5))):
        assume(editor.notes)
        draw(st.sampled_from([editor.insert, editor.delete, editor.move]))(draw)
        states.append(list(editor.notes))
    return states


SAME = re.compile("同前註|(?:(?P<name>.+)，前揭|同)註(?P<number>[0-9]+)")


def followed(here: int, said: str, printed: dict[int, Element]) -> str:
    """The id of the source that a reader finds who follows the words printed in note `here`."""
    found = SAME.fullmatch(said)
    assert found is not None, said
    note = printed[int(found["number"]) if found["number"] else here - 1]
    if found["name"] is None:
        return note.get("id", "")
    clauses = found["name"].split("，")
    citations = [
        citation
        for citation in note.iter("mixed-citation")
        if all(clause in "".join(citation.itertext()) for clause in clauses)
    ]
    (citation,) = citations  # the name says which one, without a doubt
    return citation.get("id", "")


@given(edited())
def test_references_follow_their_sources_through_every_edit(brief: Make, states: list[list[Typed]]) -> None:
    for notes in states:
        root = brief(rendered(notes)).root
        numbering = number(root)
        printed = {int(position): note for note, position in numbering.notes.items()}
        assert [printed[n].get("id") for n in sorted(printed)] == [note.name for note in notes]
        for xref in root.iter("xref"):
            here = int(numbering.notes[next(xref.iterancestors("fn"))])
            assert followed(here, numbering.words[xref], printed) == xref.get("rid")


@given(st.data())
def test_moving_notes_in_the_tree_itself(brief: Make, data: st.DataObject) -> None:
    """The same on the tree: any note put anywhere, also inside figures, titles and before its source."""
    names = [f"n{i}" for i in range(1, 7)]
    contents = ["甲", "乙", "丙"] + [same(data.draw(st.sampled_from(names[:3]))) for _ in range(3)]
    root = copy.deepcopy(brief(noted(*contents) + "<sec><title>節</title><p>文</p></sec>").root)
    for _ in range(data.draw(st.integers(1, 6))):
        note = by_id(root)[data.draw(st.sampled_from(names))]
        targets = [node for node in root.iter("p", "title") if next(node.iterancestors("fn"), None) is None]
        data.draw(st.sampled_from(targets)).append(note)
    numbering = number(root)
    printed = {int(position): note for note, position in numbering.notes.items()}
    order = list(root.iter("fn"))
    assert [printed[n] for n in sorted(printed)] == order
    for xref in root.iter("xref"):
        here = int(numbering.notes[next(xref.iterancestors("fn"))])
        assert followed(here, numbering.words[xref], printed) == xref.get("rid")


# One authority


def test_values_carry_the_numbers_of_the_numbering(brief: Make) -> None:
    source = brief(noted("甲", same("n1"), "乙") + '<p><xref ref-type="fn" rid="n3"/></p>')
    numbering: Numbering = number(source.root)
    made: Brief = brief_content(source, "b01")
    by_anchor = {f"b01-{note.get('id')}": position for note, position in numbering.notes.items()}
    assert {note.anchor: note.label for note in made.notes} == by_anchor
    calls = [node for node in inline_nodes(made) if isinstance(node, Call)]
    assert [(call.note.label, call.again) for call in calls] == [("1", 0), ("2", 0), ("3", 0), ("3", 1)]
    assert [node.words for node in inline_nodes(made) if isinstance(node, Reference)] == ["同前註"]


def test_called_notes_are_in_the_order_of_the_calls_of_the_values(issue: Issue) -> None:
    for brief in issue.briefs:
        calls = list(calls_as_read(brief))
        assert calls == sorted(calls)
        assert set(calls) == {int(note.label) for note in numbered(brief)}


def calls_as_read(brief: Brief) -> Iterator[int]:
    for node in inline_nodes(brief):
        if isinstance(node, Call) and not node.again and not node.note.by_author:
            yield int(node.note.label)


def test_notes_that_are_not_set_are_not_counted(brief: Make) -> None:
    source = brief("<fig><alt-text>替<fn id='x'><p>註</p></fn></alt-text></fig><p>文<fn id='y'><p>註</p></fn></p>")
    assert [note.element.get("id") for note in note_graph(source.root).notes] == ["y"]

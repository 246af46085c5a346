"""Page breaks: each stands at the character with which its printed page begins, and the text stays as it was."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline import fonts
from pipeline.brief import (
    Block,
    Brief,
    Call,
    Colophon,
    Figure,
    Inline,
    Issue,
    Link,
    List,
    PageBreak,
    Paragraph,
    Quotation,
    Reference,
    Ruby,
    Section,
    Style,
    Table,
    Text,
    inline_nodes,
)
from pipeline.content import brief_content
from pipeline.page_breaks import PageList, _Inserting, contents_pages, page_list, with_page_breaks
from pipeline.page_layout import A4, PageLayout
from pipeline.parse import Source
from pipeline.printing import SetBrief, SetIssue, set_issue
from pipeline.printing.boxes import Boxes, labelled
from pipeline.printing.flow import Flow, Piece
from pipeline.printing.painting import Composed, Painting
from pipeline.printing.sheets import Fragment, Sheet

Make = Callable[..., Source]


@pytest.fixture(scope="session")
def boxes(prepared: fonts.Fonts) -> Boxes:
    fonts.activate(prepared)
    return Boxes(prepared, A4, Painting())


@pytest.fixture(scope="session")
def pages(issue: Issue, boxes: Boxes) -> SetIssue:
    """The issue as it is printed."""
    return set_issue(issue, boxes)


@pytest.fixture(scope="session", params=["as printed", "lines as pages"])
def divided(request: pytest.FixtureRequest, pages: SetIssue, boxes: Boxes) -> SetIssue:
    """The issue as it is printed, and with a page for every line and figure: all places where one may begin."""
    if request.param == "as printed":
        return pages
    return SetIssue(pages.issue, (), tuple(pages_of_lines(brief, boxes) for brief in pages.issue.briefs))


def pages_of_lines(brief: Brief, boxes: Boxes, folio: int = 3) -> SetBrief:
    return SetBrief(brief, tuple(sheet(piece) for piece in Flow(boxes).brief(brief)), folio)


def sheet(*pieces: Piece) -> Sheet:
    return Sheet(tuple(fragment(piece) for piece in pieces), ())


def fragment(piece: Piece) -> Fragment:
    if piece.look is None or piece.line is None:
        return Fragment(0, html=piece.html)
    return Fragment(0, look=piece.look, composed=Composed((piece.line,), piece.look.setting), begins=piece.first)


# The text as a reader meets it, with the breaks in it


def in_order(blocks: tuple[Block, ...]) -> Iterator[Inline]:
    """The inline nodes of the running text in the order of reading; of a figure or table only the breaks."""
    for block in blocks:
        match block:
            case Paragraph():
                yield from flat(block.children)
            case Section():
                title = flat(block.title)
                breaks = [node for node in title if isinstance(node, PageBreak)]
                yield from (*breaks, *flat(labelled(replace(block, title=without_breaks(block.title)))))
                yield from in_order(block.blocks)
            case Quotation():
                yield from in_order(block.blocks)
                yield from flat(block.attribution)
            case List():
                for item in block.items:
                    yield from in_order(item.blocks)
            case Figure():
                yield from (node for node in block.title if isinstance(node, PageBreak))
            case Table():
                cells = [node for row in block.body for cell in row for node in flat(cell.children)]
                yield from (node for node in (*block.title, *cells) if isinstance(node, PageBreak))


def flat(children: tuple[Inline, ...]) -> list[Inline]:
    """Inline nodes without those that only hold others."""
    nodes: list[Inline] = []
    for node in children:
        nodes += flat(node.children) if isinstance(node, Style | Link) else [node]
    return nodes


def text_of(node: Inline) -> str:
    match node:
        case Text():
            return squeezed(node.content)
        case Ruby():
            return squeezed(node.base)
        case Call():
            return node.note.label
        case Reference():
            return squeezed(node.words + node.locator)
        case _:
            return ""


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def printed_text(sheet: Sheet) -> str:
    """The text of a sheet without blanks, the composer's hyphens, figures and notes."""
    lines = [line for each in sheet.fragments if each.composed is not None for line in each.composed.lines]
    texts = ("".join(span.text for span in line.spans)[: -1 if line.fitted.hyphen else None] for line in lines)
    return squeezed("".join(texts))


def without_breaks(children: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Inline content without breaks; stretches of text that a break divided are one again."""
    kept: list[Inline] = []
    for node in children:
        if isinstance(node, PageBreak):
            continue
        made = replace(node, children=without_breaks(node.children)) if isinstance(node, Style | Link) else node
        before = kept[-1] if kept else None
        if isinstance(made, Text) and isinstance(before, Text) and made.lang == before.lang:
            kept[-1] = replace(before, content=before.content + made.content)
        else:
            kept.append(made)
    return tuple(kept)


def as_it_was(block: Block) -> Block:
    match block:
        case Paragraph():
            return replace(block, children=without_breaks(block.children))
        case Section():
            inside = tuple(map(as_it_was, block.blocks))
            return replace(block, title=without_breaks(block.title), blocks=inside)
        case Quotation():
            inside = tuple(map(as_it_was, block.blocks))
            return replace(block, blocks=inside, attribution=without_breaks(block.attribution))
        case List():
            items = tuple(replace(item, blocks=tuple(map(as_it_was, item.blocks))) for item in block.items)
            return replace(block, items=items)
        case Figure():
            return replace(block, title=without_breaks(block.title))
        case Table():
            body = tuple(
                tuple(replace(cell, children=without_breaks(cell.children)) for cell in row) for row in block.body
            )
            return replace(block, title=without_breaks(block.title), body=body)


def breaks_of(brief: Brief) -> list[int]:
    return [node.page for node in (*flat(brief.title), *in_order(brief.blocks)) if isinstance(node, PageBreak)]


def assert_pages_begin_where_they_are_printed(part: SetBrief, made: Brief) -> None:
    """Before each break stands the text of the sheets before it, to the character.

    Only a ruby, a call or a reference, which are never divided, may stand wholly behind the break.
    """
    nodes = [*(node for node in made.title if isinstance(node, PageBreak)), *in_order(made.blocks)]
    read = 0
    before = {part.pages[0]: 0}
    for page, each in zip(part.pages, part.sheets, strict=True):
        before[page + 1] = before[page] + len(printed_text(each))
    for place, node in enumerate(nodes):
        if not isinstance(node, PageBreak):
            read += len(text_of(node))
            continue
        following = next((each for each in nodes[place:] if text_of(each)), None)
        inside = len(text_of(following)) if isinstance(following, Ruby | Call | Reference) else 0
        late = before[node.page] - read
        assert late == 0 or 0 < late < inside, f"page {node.page} begins {late} characters too early"
    assert read == before[part.pages[-1] + 1], "all of the text is on the sheets"


# Both issues, as they are printed and with a page for every line


def test_every_page_begins_at_its_character(divided: SetIssue) -> None:
    made = with_page_breaks(divided)
    for part, brief in zip(divided.briefs, made.briefs, strict=True):
        assert breaks_of(brief) == list(part.pages), "each page once, and in order"
        assert_pages_begin_where_they_are_printed(part, brief)


def test_without_the_breaks_the_issue_is_as_it_was(divided: SetIssue) -> None:
    made = with_page_breaks(divided)
    assert replace(made, briefs=()) == replace(divided.issue, briefs=())
    for brief, was in zip(made.briefs, divided.issue.briefs, strict=True):
        assert without_breaks(brief.title) == without_breaks(was.title)
        blocks = [each for each in map(as_it_was, brief.blocks) if each != Paragraph(())]  # pages after the text
        assert blocks == list(map(as_it_was, was.blocks))
        assert replace(brief, title=(), blocks=()) == replace(was, title=(), blocks=())


def test_other_layouts_have_other_breaks(issue: Issue, prepared: fonts.Fonts, pages: SetIssue) -> None:
    if issue.folder.name == "real-issue":
        pytest.skip("the sample shows it")
    printed = set_issue(issue, Boxes(prepared, PageLayout("b5"), Painting()))
    made = with_page_breaks(printed)
    assert page_list(made) != page_list(with_page_breaks(pages))
    for part, brief in zip(printed.briefs, made.briefs, strict=True):
        assert breaks_of(brief) == list(part.pages)
        assert_pages_begin_where_they_are_printed(part, brief)


def test_the_page_list_has_every_page_of_the_pdf(pages: SetIssue) -> None:
    made = page_list(with_page_breaks(pages))
    last = pages.briefs[-1].pages[-1]
    numbers = [made.cover, *made.contents, *(page for _, each in made.briefs for page in each), made.colophon]
    assert numbers == list(range(1, last + 2))
    assert [key for key, _ in made.briefs] == [brief.key for brief in pages.issue.briefs]
    assert page_list(pages.issue) == PageList() and not page_list(pages.issue)


# One brief with everything, divided where we say

EVERYTHING = """
<p>甲乙<italic>丙丁戊</italic><ruby><rb>刊物</rb><rt>ㄎㄢ ㄨˋ</rt></ruby><fn id="n"><p>註</p></fn>
  見<xref ref-type="fig" rid="f"/>與<ext-link ext-link-type="uri" xlink:href="https://kan.example/a">網址</ext-link>。</p>
<sec id="s"><title>題名</title>
  <disp-quote><p>引文</p><attrib>沈括</attrib></disp-quote>
  <list list-type="order"><list-item><p>一</p></list-item><list-item><p>二</p></list-item></list>
  <fig id="f"><caption><title>圖名</title></caption><alt-text>圖</alt-text>
    <graphic xlink:href="figures/a.svg"/></fig>
  <p>圖後的文字。</p>
  <table-wrap id="t"><caption><title>表名</title></caption><table><tbody>
    <tr><td>一</td></tr><tr><td>二</td></tr><tr><td>三</td></tr></tbody></table></table-wrap>
</sec>"""


@pytest.fixture
def small(brief: Make, tmp_path: Path) -> Brief:
    (tmp_path / "figures").mkdir()
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
    (tmp_path / "figures" / "a.svg").write_text(svg, encoding="utf-8")
    return brief_content(replace(brief(EVERYTHING), path=tmp_path / "brief.xml"), "b01")


def broken(brief: Brief, *sheets: Sheet, folio: int = 7) -> Brief:
    """The brief with the breaks of these sheets."""
    issue = Issue("zh-Hant-TW", "刊", "", "", "1", date(2026, 3, 5), Colophon(), (brief,))
    return with_page_breaks(SetIssue(issue, (), (SetBrief(brief, sheets, folio),))).briefs[0]


def test_the_first_page_stands_before_the_title(small: Brief, boxes: Boxes) -> None:
    made = broken(small, sheet(*Flow(boxes).brief(small)), folio=7)
    assert made.title == (PageBreak(7), *small.title)
    assert breaks_of(made) == [7]


def test_each_kind_of_block_begins_a_page(small: Brief, boxes: Boxes) -> None:
    made = broken(small, *pages_of_lines(small, boxes).sheets)
    section = made.blocks[1]
    assert isinstance(section, Section) and isinstance(section.title[0], PageBreak)
    quotation, listing, figure, text, table = section.blocks
    assert isinstance(quotation, Quotation) and isinstance(quotation.blocks[0], Paragraph)
    assert isinstance(quotation.blocks[0].children[0], PageBreak)
    assert isinstance(quotation.attribution[0], PageBreak)
    assert isinstance(listing, List)
    firsts = [item.blocks[0] for item in listing.items]
    assert all(isinstance(each, Paragraph) and isinstance(each.children[0], PageBreak) for each in firsts)
    assert isinstance(figure, Figure) and isinstance(figure.title[0], PageBreak)
    assert isinstance(text, Paragraph) and isinstance(text.children[0], PageBreak)
    assert isinstance(table, Table) and isinstance(table.title[0], PageBreak)


def test_a_figure_on_a_later_page_begins_none(small: Brief, boxes: Boxes) -> None:
    """The text goes on after its place, the page begins with the text that follows, not with the figure."""
    pieces = Flow(boxes).brief(small)
    (figure,) = (piece for piece in pieces if piece.floating == "b01-f")
    place = pieces.index(figure)
    after, table = pieces[place + 1 : -1], pieces[-1]
    made = broken(small, sheet(*pieces[:place], *after), sheet(figure, table))
    assert breaks_of(made) == [7, 8]
    section = made.blocks[-1]
    assert isinstance(section, Section)
    shown, text, last = section.blocks[-3:]
    assert isinstance(shown, Figure) and isinstance(text, Paragraph) and isinstance(last, Table)
    assert last.title[0] == PageBreak(8)
    assert not any(isinstance(node, PageBreak) for node in (*shown.title, *text.children))


def test_pages_of_figures_after_the_text_come_last(small: Brief, boxes: Boxes) -> None:
    pieces = Flow(boxes).brief(small)
    figure, table = (piece for piece in pieces if piece.floating)
    text = [piece for piece in pieces if not piece.floating]
    made = broken(small, sheet(*text), sheet(figure), sheet(table))
    assert breaks_of(made) == [7, 8, 9]
    assert made.blocks[-1].kind == "section"


def test_a_table_goes_on_at_a_row(small: Brief, boxes: Boxes) -> None:
    flow = Flow(boxes, {"b01-t": (2,)})
    pieces = flow.brief(small)
    assert [piece.html.partition("<tbody>")[2].count("<tr>") for piece in pieces if piece.table is not None] == [
        2,
        1,
    ]
    made = broken(small, sheet(*pieces[:-1]), sheet(pieces[-1]))
    assert breaks_of(made) == [7, 8]
    section = made.blocks[-1]
    assert isinstance(section, Section)
    table = section.blocks[-1]
    assert isinstance(table, Table)
    assert [row[0].children[0] for row in table.body] == [Text("一"), Text("二"), PageBreak(8)]


def test_what_is_never_divided_stands_behind_its_break() -> None:
    """A ruby is one node: the page that begins in it stands before it."""
    ruby, text = Ruby("刊物", "ㄎㄢ ㄨˋ"), Text("甲乙丙丁")
    inside = Style("italic", (text, ruby))
    for offset, wanted in [
        (0, (PageBreak(9), inside)),
        (2, (Style("italic", (Text("甲乙"), PageBreak(9), Text("丙丁"), ruby)),)),
        (4, (Style("italic", (text, PageBreak(9), ruby)),)),
        (5, (Style("italic", (text, PageBreak(9), ruby)),)),
        (6, (inside, PageBreak(9))),
    ]:
        assert tuple(_Inserting([(offset, PageBreak(9))]).into((inside,))) == wanted


def test_two_pages_may_begin_in_one_stretch_of_text() -> None:
    places = [(1, PageBreak(4)), (3, PageBreak(5)), (3, PageBreak(6))]
    made = tuple(_Inserting(places).into((Text("甲乙丙丁", "ja"),)))
    assert made == (
        Text("甲", "ja"), PageBreak(4), Text("乙丙", "ja"), PageBreak(5), PageBreak(6), Text("丁", "ja")
    )  # fmt: skip


def test_long_contents_name_the_entry_that_begins_a_page(small: Brief, boxes: Boxes) -> None:
    briefs = tuple(replace(small, key=f"b{number:02}") for number in range(1, 6))
    issue = Issue("zh-Hant-TW", "刊", "", "", "1", date(2026, 3, 5), Colophon(), briefs)
    heading, *entries = Flow(boxes).contents(issue, [0] * 5)
    contents = (sheet(heading, *entries[:2]), sheet(*entries[2:4]), sheet(entries[4]))
    parts = tuple(SetBrief(brief, (sheet(*Flow(boxes).brief(brief)),), 5 + n) for n, brief in enumerate(briefs))
    pages = SetIssue(issue, contents, parts)
    assert contents_pages(pages) == {"b03": 3, "b05": 4}
    assert page_list(with_page_breaks(pages)).contents == (2, 3, 4)


def test_nothing_is_guessed(small: Brief, boxes: Boxes) -> None:
    """Lines of another text are no places in this one."""
    sheets = pages_of_lines(small, boxes).sheets
    other = replace(small, blocks=(Paragraph((Text("別的文字"),)),))
    with pytest.raises(ValueError, match="is not at"):
        broken(other, *sheets)


def test_breaks_are_among_the_inline_nodes(pages: SetIssue) -> None:
    for part, brief in zip(pages.briefs, with_page_breaks(pages).briefs, strict=True):
        found = [node.page for node in inline_nodes(brief) if isinstance(node, PageBreak)]
        assert sorted(found) == list(part.pages)

"""The tags of the PDF: what a reader of the structure tree meets, against the values the issue was printed from.

poppler (`pdfinfo -struct-text`) reads the tree and the text of each element; pikepdf what poppler does not tell.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import page as validation
import pikepdf
import pytest

from pipeline import fonts
from pipeline.brief import (
    Block,
    Break,
    Brief,
    Call,
    Cell,
    Figure,
    Inline,
    Issue,
    List,
    Paragraph,
    Quotation,
    Section,
    Table,
    inline_nodes,
    inlines_inside,
)
from pipeline.collation.tagged import Readings, read_pdf
from pipeline.compose.spans import spans
from pipeline.printing.boxes import labelled
from pipeline.printing.flow import _list_mark
from pipeline.profiles import words
from tests.test_printing import print_body

INLINE = {"Span", "Reference", "Link", "Ruby", "RB", "RT", "Note"}


@dataclass(eq=False)
class Node:
    """A structure element: its kids are elements and text; `lang` is the language it is read in."""

    tag: str
    identifier: str = ""
    kids: list["Node | str"] = field(default_factory=list)
    lang: str = ""
    raw: Any = None
    document: Any = None  # which must stay open

    def nodes(self) -> Iterator["Node"]:
        yield self
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.nodes()

    def elements(self) -> list["Node"]:
        return [kid for kid in self.kids if isinstance(kid, Node)]

    def all(self, *tags: str) -> list["Node"]:
        return [node for node in self.nodes() if node.tag in tags]

    def runs(self) -> Iterator[tuple[str, str]]:
        """Its text without that of notes, in stretches of one language."""
        for kid in self.kids:
            if isinstance(kid, str):
                yield kid.replace("\u00ad", ""), self.lang
            elif kid.tag != "Note":
                yield from kid.runs()

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs())


def tree(pdf: Path, folder: Path) -> Node:
    """The structure tree as poppler prints it, with the languages and objects that pikepdf finds.

    poppler reads a copy: it prints titles that are no UTF-8, and loads the profile of colours for every element.
    """
    document = pikepdf.open(pdf)
    with pikepdf.open(pdf) as copy:
        elements = [raw for raw, _ in _walk(copy.Root.StructTreeRoot.K[0], "")]
        for raw, key in [(copy.Root, "/OutputIntents"), *((element, "/T") for element in elements)]:
            if key in raw:
                del raw[key]
        copy.save(folder / "copy.pdf")
    done = subprocess.run(
        ["pdfinfo", "-struct-text", folder / "copy.pdf"], capture_output=True, encoding="utf-8", check=True
    )
    assert not done.stderr
    root = _read(done.stdout.splitlines())
    elements = list(_walk(document.Root.StructTreeRoot.K[0], str(document.Root.Lang)))
    nodes = list(root.nodes())
    assert [node.tag for node in nodes] == [str(raw.S)[1:] for raw, _ in elements]
    for node, (raw, lang) in zip(nodes, elements, strict=True):
        node.raw, node.lang, node.document = raw, lang, document
    return root


def _read(lines: list[str]) -> Node:
    """The tree of an indented list: elements, their attributes (/…), references to objects, text in quotes."""
    root = Node("")
    open_at: list[tuple[int, Node]] = [(-1, root)]
    for line in lines:
        indent, said = len(line) - len(line.lstrip(" ")), line.strip(" ")
        while open_at[-1][0] >= indent:
            open_at.pop()
        if said.startswith('"'):
            open_at[-1][1].kids.append(said[1:-1])
        elif found := re.match(r"(?!Object )([A-Z]\w*)(?: <([^>]*)>)?(?:[ :]|$)", said):
            node = Node(found[1], found[2] or "")
            open_at[-1][1].kids.append(node)
            open_at.append((indent, node))
    (document,) = root.elements()
    return document


def _walk(raw: Any, lang: str) -> Iterator[tuple[Any, str]]:
    lang = str(raw.get("/Lang", lang))
    yield raw, lang
    for kid in _kids(raw):
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            yield from _walk(kid, lang)


def _kids(raw: Any) -> list[Any]:
    kids = raw.get("/K", pikepdf.Array())
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


@pytest.fixture(scope="session")
def pdf(issue: Issue, request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue("sample_built" if issue.folder.name == "2026-11" else "real_built")
    return folder / "issue.pdf"


@pytest.fixture(scope="session")
def document(pdf: Path, tmp_path_factory: pytest.TempPathFactory) -> Node:
    return tree(pdf, tmp_path_factory.mktemp("tags"))


# What the tree should be, from the values

Shape = tuple[Any, ...]


def shape(node: Node) -> Shape:
    """A block with its text, or with the blocks in it; notes and what is inside a line aside."""
    blocks = [kid for kid in node.elements() if kid.tag not in INLINE]
    return (node.tag, *map(shape, blocks)) if blocks else (node.tag, node.text)


def written(children: tuple[Inline, ...], lang: str | None = None) -> str:
    """Inline content as it is printed: with the figures of notes, a pronunciation behind its base."""
    return "".join(span.words for span in spans(children, lang))


def p(children: tuple[Inline, ...]) -> Shape:
    return ("P", written(children))


def expected(blocks: tuple[Block, ...], lang: str) -> Iterator[Shape]:
    for block in blocks:
        match block:
            case Paragraph():
                yield p(block.children)
            case Section():
                heading = (f"H{min(block.depth + 1, 6)}", written(labelled(block)))
                yield ("Sect", heading, *expected(block.blocks, lang))
            case Quotation():
                source = [p(block.attribution)] if block.attribution else []
                yield ("BlockQuote", *expected(block.blocks, lang), *source)
            case List():
                marks = [_list_mark(block.numbering, number) for number in range(1, len(block.items) + 1)]
                items = zip(marks, block.items, strict=True)
                yield ("L", *(_item(mark, tuple(expected(item.blocks, lang))) for mark, item in items))
            case Figure():
                source = [p(block.attribution)] if block.attribution else []
                yield ("Figure", ("Caption", *_caption(block, lang), *source))
            case Table():
                parts = (("THead", block.head), ("TBody", block.body), ("TFoot", block.foot))
                rows = [(tag, *map(_row, part)) for tag, part in parts if part]
                yield ("Table", ("Caption", *_caption(block, lang)), *rows)
                yield from map(p, block.attribution)


def _item(mark: str, blocks: tuple[Shape, ...]) -> Shape:
    return ("LI", *([("Lbl", mark)] if mark else []), ("LBody", *blocks))


def _caption(block: Figure | Table, lang: str) -> list[Shape]:
    title = f"{block.label}{words(lang)['blank']}{written(block.title)}"
    return [("P", title), *(p(paragraph.children) for paragraph in block.caption)]


def _row(cells: tuple[Cell, ...]) -> Shape:
    return ("TR", *(("TH" if cell.heading else "TD", *_cell(cell.children)) for cell in cells))


def _cell(children: tuple[Inline, ...]) -> list[Any]:
    parts: list[list[Inline]] = [[]]
    for child in children:
        parts = [*parts, []] if isinstance(child, Break) else [*parts[:-1], [*parts[-1], child]]
    return [p(tuple(part)) for part in parts if part] or [""]


def articles(document: Node, issue: Issue) -> list[tuple[Node, Brief]]:
    arts = [node for node in document.elements() if node.tag == "Art"]
    return list(zip(arts, issue.briefs, strict=True))


# What is checked


def test_every_block_is_one_element_in_logical_order_with_its_text(document: Node, issue: Issue) -> None:
    for article, brief in articles(document, issue):
        found = [shape(node) for node in article.elements()]
        wanted = list(expected(brief.blocks, brief.lang))
        history = 1 if brief.dates or brief.doi else 0
        head = len(found) - history - len(wanted)
        assert found[head : len(found) - history] == wanted
        assert ("H1", written(brief.title)) in found[:head]
        abstracts = [*brief.abstract, *(each for part in brief.translations for each in part.abstract)]
        assert [each for sect in found[:head] if sect[0] == "Sect" for each in sect[2:]] == [
            p(paragraph.children) for paragraph in abstracts
        ]


def test_an_article_says_its_title_and_language(document: Node, issue: Issue) -> None:
    for article, brief in articles(document, issue):
        assert str(article.raw.T) == brief.plain_title
        assert str(article.raw.Lang) == brief.lang


def test_every_note_stands_beside_its_reference(document: Node, issue: Issue) -> None:
    for article, brief in articles(document, issue):
        beside = {note.identifier: (reference, note) for reference, note in references_and_notes(article)}
        assert sorted(beside) == sorted(note.anchor for note in brief.notes)
        assert len(article.all("Note")) == len(brief.notes)
        for note in brief.notes:
            reference, element = beside[note.anchor]
            assert [kid.tag for kid in reference.elements()] == ["Link"]
            assert reference.text == note.label
            label, *paragraphs = element.elements()
            assert (label.tag, label.text, label.elements()[0].tag) == ("Lbl", note.label, "Link")
            assert [shape(each) for each in paragraphs] == [p(each.children) for each in note.paragraphs]


def references_and_notes(article: Node) -> Iterator[tuple[Node, Node]]:
    """Each note with the Reference before it; behind a heading stand the notes of its References, in order."""
    for node in article.nodes():
        kids = node.elements()
        for index, kid in enumerate(kids):
            if kid.tag != "Note":
                continue
            before = next(each for each in reversed(kids[:index]) if each.tag != "Note")
            position = index - kids.index(before) - 1
            calls = [each for each in before.nodes() if each.tag == "Reference"]
            yield (calls[position] if before.tag.startswith("H") else before), kid


def test_every_repeated_call_is_a_reference(document: Node, issue: Issue) -> None:
    for article, brief in articles(document, issue):
        calls = [node for node in inline_nodes(brief) if isinstance(node, Call)]
        labels = sorted(call.note.label for call in calls if call.again)
        notes = {id(reference) for reference, _ in references_and_notes(article)}
        found = [node.text for node in article.all("Reference") if id(node) not in notes]
        assert [label for label in labels if label not in found] == []


def test_every_stretch_in_another_language_says_so(document: Node, issue: Issue) -> None:
    """Character by character, in paragraphs, headings, captions, cells and notes."""
    foreign = 0
    for article, brief in articles(document, issue):
        lines = {(node.text, tuple(languages(node.runs()))) for node in article.nodes()}
        for children, lang in paragraphs(brief):
            wanted = languages((span.words, span.lang or lang) for span in spans(children, lang))
            foreign += any(code != brief.lang for _, code in wanted)
            text = written(children, lang)
            assert (text, tuple(wanted)) in lines, text
    assert foreign > 10


def languages(runs: Any) -> list[tuple[str, str]]:
    return [(character, lang) for text, lang in runs for character in text if not character.isspace()]


def paragraphs(brief: Brief) -> Iterator[tuple[tuple[Inline, ...], str]]:
    """The content of every paragraph and heading with its language."""
    yield brief.title, brief.lang
    for paragraph in brief.abstract:
        yield paragraph.children, paragraph.lang or brief.lang
    for translation in brief.translations:
        yield from ((paragraph.children, translation.lang) for paragraph in translation.abstract)
    yield from _paragraphs(brief.blocks, brief.lang)
    for note in brief.notes:
        yield from ((paragraph.children, paragraph.lang or brief.lang) for paragraph in note.paragraphs)


def _paragraphs(blocks: tuple[Block, ...], lang: str) -> Iterator[tuple[tuple[Inline, ...], str]]:
    for block in blocks:
        match block:
            case Paragraph():
                yield block.children, block.lang or lang
            case Section():
                yield labelled(block), lang
                yield from _paragraphs(block.blocks, lang)
            case Quotation():
                yield from _paragraphs(block.blocks, block.lang or lang)
            case List():
                for item in block.items:
                    yield from _paragraphs(item.blocks, lang)
            case Table():
                for row in (*block.head, *block.body, *block.foot):
                    for cell in row:
                        if not any(isinstance(node, Break) for node in inlines_inside(cell.children)):
                            yield cell.children, lang
            case Figure():
                yield from ((paragraph.children, paragraph.lang or lang) for paragraph in block.caption)


def test_the_contents_are_a_toc(document: Node, issue: Issue) -> None:
    cover, contents = document.all("TOC")[:2]
    titles = [brief.plain_title for brief in issue.briefs]
    for toc in (cover, contents):
        assert [item.tag for item in toc.elements()] == ["TOCI"] * len(titles)
        for item, title in zip(toc.elements(), titles, strict=True):
            (reference,) = item.all("Reference")
            (link,) = reference.elements()
            assert link.tag == "Link" and link.text.startswith(title)
    numbers = [link.elements()[-1].text for link in contents.all("Link")]
    assert all(map(str.isdigit, numbers)) and numbers == sorted(numbers, key=int)


def test_every_picture_is_described_and_placed(document: Node, issue: Issue) -> None:
    wanted = [figure.alternative for brief in issue.briefs for figure in brief.figures()]
    wanted = [issue.cover_alternative, *wanted] if issue.cover else wanted
    figures = document.all("Figure")
    assert [str(figure.raw.Alt) for figure in figures] == wanted
    for figure in figures:
        left, bottom, right, top = map(float, figure.raw.A.BBox)
        assert 0 <= left < right <= 596 and 0 <= bottom < top <= 842


def test_every_cell_has_its_headings(document: Node) -> None:
    for table in document.all("Table"):
        names = {heading.identifier for heading in table.all("TH")}
        assert len(names) == len(table.all("TH"))
        assert {str(heading.raw.A.Scope) for heading in table.all("TH")} <= {"/Row", "/Column"}
        for cell in table.all("TD") if names else ():
            assert {str(name) for name in cell.raw.A.Headers} <= names
            assert len(cell.raw.A.Headers) > 0


def test_headings_never_skip_a_level(document: Node) -> None:
    levels = [int(node.tag[1]) for node in document.nodes() if re.fullmatch("H[1-6]", node.tag)]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_no_element_is_empty(document: Node) -> None:
    """Cells may be: an empty one is a part of its table."""
    assert [
        node.raw.objgen for node in document.nodes() if not _kids(node.raw) and node.tag not in ("TD", "TH")
    ] == []


def test_ids_are_unique(document: Node) -> None:
    names = [str(node.raw.ID) for node in document.nodes() if "/ID" in node.raw]
    assert len(names) == len(set(names)) > 0


def test_all_that_is_painted_is_in_the_tree_or_an_artifact(pdf: Path) -> None:
    """And each piece of marked content belongs to the element that the parent tree names."""
    with pikepdf.open(pdf) as document:
        parents = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)
        for sheet in document.pages:
            marked = list(marks(sheet))
            numbers = [number for number in marked if isinstance(number, int)]
            owners = parents[int(sheet.StructParents)]
            assert numbers == list(range(len(owners)))
            for number, owner in enumerate(owners):
                assert any(_is_content(kid, number, owner, sheet) for kid in _kids(owner))
            for annotation in sheet.get("/Annots", []):
                link = parents[int(annotation.StructParent)]
                assert link.S == "/Link"
                assert any(
                    getattr(kid, "Obj", None) is not None and kid.Obj.objgen == annotation.objgen
                    for kid in _kids(link)
                    if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid
                )


def _is_content(kid: Any, number: int, owner: Any, sheet: Any) -> bool:
    if isinstance(kid, pikepdf.Dictionary):
        return kid.get("/Type") == "/MCR" and number == kid.MCID and kid.Pg.objgen == sheet.objgen
    return bool(kid == number and owner.Pg.objgen == sheet.objgen)


def marks(sheet: Any) -> Iterator[int | str]:
    """The marked content of a page: numbers of what is in the tree, kinds of artifacts; nothing is bare."""
    depth = 0
    instructions: Any = pikepdf.parse_content_stream(sheet)
    for operands, operator in instructions:
        name = str(operator)
        if name in ("BDC", "BMC"):
            number = operands[1].get("/MCID") if name == "BDC" else None
            kind = str(operands[0])
            assert depth == 0 or (kind == "/Span" and number is None), "marked content in another"
            depth += 1
            if number is not None:
                yield int(number)
            elif kind == "/Artifact":
                yield str(operands[1].get("/Subtype", "")) if name == "BDC" else ""
        elif name == "EMC":
            depth -= 1
        elif name in ("TJ", "Tj", "Do", "f", "f*", "S", "B", "B*"):
            assert depth > 0, f"{name} outside of marked content"


def test_running_heads_and_folios_are_artifacts(pdf: Path, document: Node, issue: Issue) -> None:
    with pikepdf.open(pdf) as opened:
        kinds = [[each for each in marks(sheet) if isinstance(each, str)] for sheet in opened.pages]
    inside = [number for number, kind in enumerate(kinds, start=1) if "/Header" in kind]
    assert len(inside) > 10
    assert all("/Footer" in kinds[number - 1] for number in inside)
    for article, brief in articles(document, issue):
        named = [node for node in article.nodes() if node.tag != "Art" and node.text == brief.plain_title]
        assert [node.tag for node in named] == (["H1"] if written(brief.title) == brief.plain_title else [])


def test_links_say_in_words_where_they_lead(pdf: Path) -> None:
    with pikepdf.open(pdf) as document:
        links = [annotation for sheet in document.pages for annotation in sheet.get("/Annots", [])]
        assert links
        for link in links:
            assert str(link.Contents).strip() and not re.match("#|b[0-9]+[-_]", str(link.Contents))
            assert link.F == 4


@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_the_validator_finds_nothing(pdf: Path, profile: str) -> None:
    report = validation.validate_pdf_bytes(pdf.read_bytes(), profile=validation.ValidationProfile(profile))
    assert [str(failure) for failure in report.failures] == []


# What an issue seldom has

LONG = "中文的段落一直寫到下一頁，" * 90
ADDRESS = "https://kan.example.org/" + "/".join(f"part-{number}" for number in range(40))
ENGLISH = (
    "Internationalization, hyphenation and justification: a composer’s “incomprehensible” considerations. " * 4
)
NOTE = "註釋很長，" * 400
BODY = f"""
<sec><title>標題<fn><p>標題的註。</p></fn></title><p>{LONG}</p>
<p><ext-link ext-link-type="uri" xlink:href="{ADDRESS}">{ADDRESS}</ext-link></p>
<p><styled-content style-type="foreign" xml:lang="en">{ENGLISH.strip()}</styled-content></p>
<list list-type="order">
<list-item><p>外</p><list list-type="bullet"><list-item><p>內</p></list-item></list></list-item>
<list-item><p>次</p><p>次段</p></list-item></list>
<p>長註<fn><p>{NOTE}</p></fn>之後。</p>
<table-wrap id="t"><caption><title>長表</title></caption><table><thead><tr><th>欄</th></tr></thead>
<tbody>{"".join(f"<tr><td>第{number}列</td></tr>" for number in range(90))}</tbody></table></table-wrap></sec>
"""


@pytest.fixture(scope="session")
def made_up(prepared: fonts.Fonts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made-up")
    assert print_body(folder, BODY, prepared) == ()
    return folder / "issue.pdf"


@pytest.fixture(scope="session")
def section(made_up: Path) -> Node:
    (article,) = [node for node in tree(made_up, made_up.parent).elements() if node.tag == "Art"]
    return article.all("Sect")[0]


def pages_of(node: Node) -> list[tuple[int, int]]:
    """The pages that the marked content of an element is on."""
    own = node.raw.get("/Pg")
    found = [kid.Pg if isinstance(kid, pikepdf.Dictionary) and "/Pg" in kid else own for kid in _kids(node.raw)]
    return sorted({each.objgen for each in found})


def test_a_paragraph_and_a_note_on_two_pages_are_one(section: Node) -> None:
    paragraph = next(node for node in section.elements() if node.tag == "P")
    assert paragraph.text == LONG and len(pages_of(paragraph)) == 2
    note = section.all("Note")[-1]
    (_, text) = note.elements()
    assert text.text == NOTE and len(pages_of(text)) > 1


def test_a_note_of_a_heading_stands_behind_it(section: Node) -> None:
    heading, note = section.elements()[:2]
    assert (heading.tag, heading.text) == ("H2", "標題1")
    assert (note.tag, note.elements()[1].text) == ("Note", "標題的註。")


def test_a_link_on_several_lines_is_one(section: Node) -> None:
    (link,) = [node for node in section.all("Link") if node.text == ADDRESS]
    annotations = [kid for kid in _kids(link.raw) if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid]
    assert len(annotations) > 1
    assert {str(each.Obj.Contents) for each in annotations} == {ADDRESS}


def test_words_are_apart_and_whole_where_lines_end(made_up: Path, section: Node) -> None:
    (paragraph,) = [node for node in section.all("P") if node.lang == "en"]
    assert paragraph.text == ENGLISH.strip()
    done = subprocess.run(["pdftotext", "-raw", made_up, "-"], capture_output=True, encoding="utf-8", check=True)
    assert "\u00ad\n" in done.stdout, "no word is divided"


def test_a_glyph_that_stands_for_two_characters_says_which(prepared: fonts.Fonts) -> None:
    fonts.activate(prepared)
    from pipeline.printing.painter import _actual_text

    font = SimpleNamespace(to_unicode={})
    assert [_actual_text(font, *glyph_of(text)) for text in "··‧a-"] == [None, None, "‧", "a", "-"]
    assert _actual_text(font, *glyph_of("-", hyphen=True)) == "\u00ad"


RARE = {
    "blanks on both sides of a tag": "<p>" + "word <italic> word </italic> " * 40 + "</p>",
    "one link in three looks": "<p>甲<LINK>x<italic>y</italic>z</ext-link>乙</p>",
    "two links side by side": "<p>甲<LINK>乙</ext-link><LINK>丙</ext-link></p>",
    "two links apart by the end of a line": f"<p>{'文' * 33}<LINK>乙</ext-link><LINK>丙</ext-link></p>",
    "a link that ends a line": "<p>" + "words before <LINK>a link</ext-link> " * 20 + "</p>",
    "ruby in a link": "<p>甲<LINK>x<ruby><rb>字</rb><rt>ㄗˋ</rt></ruby></ext-link></p>",
    "marks on letters": "<p>甲\u1eb9\u0300<italic>k\u1ecd\u0301</italic>。</p>",
    "no-break blanks": "<p>pp.\u00a03–4 and 5\u202f% of 10\u2009km</p>",
}


@pytest.fixture(scope="session")
def rare(prepared: fonts.Fonts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rare")
    link = '<ext-link ext-link-type="uri" xlink:href="https://example.org/">'
    assert print_body(folder, "".join(RARE.values()).replace("<LINK>", link), prepared) == ()
    return folder / "issue.pdf"


@pytest.fixture(scope="session")
def rarely(rare: Path) -> dict[str, Node]:
    """The paragraphs of `RARE` by what they have."""
    (article,) = [node for node in tree(rare, rare.parent).elements() if node.tag == "Art"]
    found = [node for node in article.elements() if node.tag == "P"][-len(RARE) :]
    return dict(zip(RARE, found, strict=True))


def test_blanks_where_a_line_ends_are_one(rarely: dict[str, Node]) -> None:
    assert rarely["blanks on both sides of a tag"].text.split() == ["word"] * 80


def test_a_link_in_several_looks_is_one(rarely: dict[str, Node]) -> None:
    (link,) = rarely["one link in three looks"].all("Link")
    assert (link.text, annotations(link)) == ("xyz", 1)


def annotations(link: Node) -> int:
    return sum("/Obj" in kid for kid in _kids(link.raw) if isinstance(kid, pikepdf.Dictionary))


@pytest.mark.parametrize("where", ["two links side by side", "two links apart by the end of a line"])
def test_two_links_to_one_address_stay_two(rarely: dict[str, Node], where: str) -> None:
    assert [link.text for link in rarely[where].all("Link")] == ["乙", "丙"]


def test_the_blank_behind_a_link_is_not_in_it(rarely: dict[str, Node]) -> None:
    paragraph = rarely["a link that ends a line"]
    assert paragraph.text.strip() == " ".join(["words before a link"] * 20)
    assert [link.text for link in paragraph.all("Link")] == ["a link"] * 20


def test_ruby_in_a_link_is_ruby(rarely: dict[str, Node]) -> None:
    (link,) = rarely["ruby in a link"].all("Link")
    (ruby,) = link.elements()
    assert shape_of_ruby(ruby) == ("Ruby", ("RB", "字"), ("RT", "ㄗˋ"))


def shape_of_ruby(ruby: Node) -> Shape:
    return (ruby.tag, *((part.tag, part.text) for part in ruby.elements()))


def test_marks_on_letters_are_read_once(rare: Path, read: list[str]) -> None:
    assert "甲\u1eb9\u0300k\u1ecd\u0301。" in read
    with pikepdf.open(rare) as document:
        maps = [each.ToUnicode.read_bytes() for each in document.objects if "/ToUnicode" in keys(each)]
    assert maps and not any(b"<>" in each for each in maps)


@pytest.fixture(scope="session")
def read(rare: Path) -> list[str]:
    """The paragraphs with ActualText in them, which poppler does not know in a tree."""
    (article,) = read_pdf(rare.read_bytes(), Readings()).articles
    return [paragraph.words() for paragraph in article.every("P")]


def keys(each: Any) -> set[str]:
    return set(each.keys()) if isinstance(each, pikepdf.Dictionary) else set()


def test_no_break_blanks_are_read_as_such(read: list[str]) -> None:
    assert "pp.\u00a03–4 and 5\u202f% of 10\u2009km" in read


def glyph_of(text: str, *, hyphen: bool = False) -> tuple[SimpleNamespace, Any]:
    glyph = SimpleNamespace(glyph=7, start=0, characters=1)
    return SimpleNamespace(line_text=text, hyphen=hyphen, glyphs=[glyph]), glyph


def test_lists_stand_in_the_body_of_their_item(section: Node) -> None:
    outer = next(node for node in section.elements() if node.tag == "L")
    inner = ("L", ("LI", ("Lbl", "•"), ("LBody", ("P", "內"))))
    first = ("LI", ("Lbl", "1."), ("LBody", ("P", "外"), inner))
    assert shape(outer) == ("L", first, ("LI", ("Lbl", "2."), ("LBody", ("P", "次"), ("P", "次段"))))
    assert str(outer.raw.A.ListNumbering) == "/Decimal"


def test_a_divided_table_is_one_with_one_head(section: Node) -> None:
    (table,) = section.all("Table")
    assert [part.tag for part in table.elements()] == ["Caption", "THead", "TBody"]
    assert [cell.text for cell in table.all("TD")] == [f"第{number}列" for number in range(90)]
    assert len({page for cell in table.all("P") for page in pages_of(cell)}) > 1

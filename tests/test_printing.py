"""The printed issue, read back from the finished PDF: what stands where, and that nothing is missing."""

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTPage, LTTextContainer

from pipeline import fonts, printing
from pipeline.audit.glyphs import read_pages
from pipeline.audit.lines import page_lines
from pipeline.brief import Issue, Paragraph, Reference, Text, inline_nodes
from pipeline.diagnostics import Diagnostic, ManuscriptError, Place
from pipeline.page_layout import A4, PageLayout
from pipeline.printing import print_pdf
from pipeline.printing.boxes import Boxes
from pipeline.printing.painting import Painting
from pipeline.printing.sheets import Sheet
from tests.conftest import SAMPLE, issue_in

TOKENS = A4.tokens
LEFT, TOP = A4.page["side"], A4.page["height"] - A4.page["top"]
RIGHT, BOTTOM = LEFT + TOKENS.measure, TOP - TOKENS.height


@dataclass(frozen=True)
class Glyph:
    text: str
    x: float
    end: float
    baseline: float
    size: float
    font: str


@cache
def layouts(pdf: Path) -> list[LTPage]:
    """What pdfminer reads on each page."""
    return list(extract_pages(pdf, laparams=LAParams(all_texts=True)))


@cache
def glyphs(pdf: Path) -> list[list[Glyph]]:
    """The glyphs of each page, in the order in which they are drawn."""
    return [list(_glyphs(page)) for page in layouts(pdf)]


def _glyphs(item: Any) -> Iterator[Glyph]:
    if isinstance(item, LTChar):
        yield Glyph(item.get_text(), item.x0, item.x1, item.matrix[5], item.size, item.fontname)
    elif hasattr(item, "__iter__"):
        for child in item:
            yield from _glyphs(child)


@pytest.fixture(scope="session")
def pdf(issue: Issue, request: pytest.FixtureRequest) -> Path:
    name = "sample_built" if issue.folder.name == "2026-11" else "real_built"
    folder: Path = request.getfixturevalue(name)
    return folder / "issue.pdf"


@pytest.fixture(scope="session")
def set_issue(issue: Issue, prepared: fonts.Fonts) -> printing.SetIssue:
    fonts.activate(prepared)
    return printing.set_issue(issue, Boxes(prepared, A4, Painting()))


def page_text(pdf: Path, page: int) -> str:
    return "".join(glyph.text for glyph in glyphs(pdf)[page - 1]).replace(" ", "")


def numbered_sheets(pages: printing.SetIssue) -> Iterator[tuple[int, Sheet]]:
    for part in pages.briefs:
        yield from enumerate(part.sheets, start=part.folio)


def test_every_composed_line_stands_on_its_page(pdf: Path, set_issue: printing.SetIssue) -> None:
    for page, sheet in numbered_sheets(set_issue):
        lines = [line for f in sheet.fragments if f.composed is not None for line in f.composed.lines]
        lines += [line for note in sheet.notes for line in note.composed.lines]
        drawn = rows_of(pdf, page)
        for line in lines:
            assert any(_letters("".join(span.text for span in line.spans)) in row for row in drawn), line.text


def rows_of(pdf: Path, page: int) -> list[str]:
    """The text of each row of a page from left to right; calls and dots, a little higher, belong to their row."""
    rows: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs(pdf)[page - 1]:
        if glyph.size > 5.5:  # the pronunciation beside a character is smaller
            rows[round(glyph.baseline)].append(glyph)
    merged: list[list[Glyph]] = []
    for _, row in sorted(rows.items(), reverse=True):
        if merged and merged[-1][0].baseline - row[0].baseline < 6.5:
            merged[-1] += row
        else:
            merged.append(row)
    return [_letters("".join(g.text for g in sorted(row, key=lambda g: g.x))) for row in merged]


def _letters(text: str) -> str:
    return re.sub("[\\s\u00ad\u200b\u2060•‐-]", "", text)


def test_every_note_stands_on_the_page_of_its_call(pdf: Path, issue: Issue) -> None:
    with pikepdf.open(pdf) as document:
        places = named_places(document)
        notes = [note for brief in issue.briefs for note in brief.notes]
        assert notes
        for note in notes:
            assert places[note.anchor] == places[f"{note.anchor}-call"], note.anchor


def named_places(document: pikepdf.Pdf) -> dict[str, int]:
    """The page (from 1) of each named destination."""
    pages = {page.obj.objgen: number for number, page in enumerate(document.pages, start=1)}
    tree = pikepdf.NameTree(document.Root.Names.Dests)
    return {str(name): pages[target[0].objgen] for name, target in tree.items()}


def test_every_link_inside_the_issue_has_its_target(pdf: Path) -> None:
    with pikepdf.open(pdf) as document:
        places = named_places(document)
        targets = inner_targets(document)
        assert len(targets) > 20
        assert targets <= set(places)


def inner_targets(document: pikepdf.Pdf) -> set[str]:
    """The names of the destinations that links of the document lead to."""
    annotations: list[Any] = [annotation for page in document.pages for annotation in page.get("/Annots", [])]
    actions = [annotation.get("/A", pikepdf.Dictionary()) for annotation in annotations]
    ends = [a.get("/Dest") for a in annotations] + [action.get("/D") for action in actions]
    return {str(end) for end in ends if end is not None}


def test_calls_link_to_notes_and_notes_back(pdf: Path, issue: Issue) -> None:
    with pikepdf.open(pdf) as document:
        targets = inner_targets(document)
    for brief in issue.briefs:
        for note in brief.notes:
            assert {note.anchor, f"{note.anchor}-call"} <= targets


def test_generated_references_are_printed(pdf: Path, issue: Issue) -> None:
    whole = "".join(page_text(pdf, page) for page in range(1, len(glyphs(pdf)) + 1))
    for brief in issue.briefs:
        for node in inline_nodes(brief):
            if isinstance(node, Reference):
                assert node.words.replace(" ", "") in whole


def test_no_glyph_leaves_the_paper_and_no_text_the_type_area(pdf: Path, set_issue: printing.SetIssue) -> None:
    for page in glyphs(pdf):
        for glyph in page:
            assert glyph.x >= 0 and glyph.end <= 595.3, glyph
            assert 0 <= glyph.baseline <= 841.9, glyph
    for page_number, _ in numbered_sheets(set_issue):
        for glyph in glyphs(pdf)[page_number - 1]:
            if BOTTOM <= glyph.baseline <= TOP and glyph.text.strip():
                assert glyph.x >= LEFT - 0.6 and glyph.end <= RIGHT + 0.6, (page_number, glyph)


def test_no_page_is_empty(pdf: Path) -> None:
    for number, page in enumerate(glyphs(pdf), start=1):
        assert sum(1 for glyph in page if glyph.text.strip()) > 10, number


def test_body_lines_stand_on_one_grid(pdf: Path, set_issue: printing.SetIssue) -> None:
    """The pitch is 18 pt whatever faces meet in a line: the baselines of the body are whole lines apart."""
    offsets = set()
    for page, sheet in numbered_sheets(set_issue):
        body = {
            round(g.baseline, 1)
            for g in glyphs(pdf)[page - 1]
            if g.font.endswith("Kan-Ming") and abs(g.size - TOKENS.length("size")) < 0.2
        }
        assert body or not any(fragment.look for fragment in sheet.fragments)
        offsets |= {round((TOP - baseline) % TOKENS.length("pitch"), 1) for baseline in body}
    assert max(offsets) - min(offsets) <= 0.2, offsets


def test_justified_lines_are_flush_right(pdf: Path, set_issue: printing.SetIssue) -> None:
    checked = 0
    for page, sheet in numbered_sheets(set_issue):
        ends: dict[float, float] = defaultdict(float)
        for glyph in glyphs(pdf)[page - 1]:
            if glyph.text.strip():
                row = round(glyph.baseline, 0)
                ends[row] = max(ends[row], glyph.end)
        body = [f.composed for f in sheet.fragments if f.look and f.look.name == "body" and f.composed]
        full = sum(not line.last for composed in body for line in composed.lines)
        flush = sum(abs(end - RIGHT) <= 0.3 for end in ends.values())
        checked += full
        assert flush >= full, page
    assert checked > 100


def test_the_contents_name_the_pages(pdf: Path, set_issue: printing.SetIssue, issue: Issue) -> None:
    with pikepdf.open(pdf) as document:
        places = named_places(document)
    contents = rows_of(pdf, 2)
    for part in set_issue.briefs:
        assert places[part.brief.key] == part.folio
        subtitle = "──" + part.brief.plain_subtitle if part.brief.subtitle else ""
        assert _letters(f"{part.brief.plain_title}{subtitle}{part.folio}") in contents


def test_only_declared_fonts_are_embedded(pdf: Path) -> None:
    used = {glyph.font.partition("+")[2] for page in glyphs(pdf) for glyph in page}
    assert used
    assert all(name.startswith("Kan-") for name in used), used


def test_no_zero_width_marks_in_the_text(pdf: Path) -> None:
    drawn = {glyph.text for page in glyphs(pdf) for glyph in page}
    assert not {"\u200b", "\u2060"} & set("".join(drawn))


def test_metadata_and_bookmarks(pdf: Path, issue: Issue) -> None:
    with pikepdf.open(pdf) as document:
        assert str(document.docinfo.Title) == f"{issue.title}　{issue.name}"
        assert str(document.docinfo.Author) == "、".join(issue.authors)
        assert str(document.Root.Lang) == issue.lang
        with document.open_outline() as outline:
            titles = [item.title for item in outline.root]
            sections = [child.title for item in outline.root for child in item.children]
    assert titles == ["封面", "目次", *(brief.plain_title for brief in issue.briefs), "版權頁"]
    assert sections[0] == "壹、前言"


def test_running_heads_are_on_the_right_pages(pdf: Path, set_issue: printing.SetIssue, issue: Issue) -> None:
    for part in set_issue.briefs:
        for page in range(part.folio, part.folio + len(part.sheets)):
            head = _letters("".join(g.text for g in glyphs(pdf)[page - 1] if g.baseline > TOP))
            right = _letters(part.brief.plain_title)
            left = _letters(issue.title + issue.name)
            assert head == ("" if page == part.folio else right if page % 2 else left)


def test_notes_end_at_the_foot_of_the_type_area(pdf: Path, set_issue: printing.SetIssue) -> None:
    feet = set()
    for page, sheet in numbered_sheets(set_issue):
        if sheet.notes:
            size = TOKENS.length("note-size")
            inside = [g for g in glyphs(pdf)[page - 1] if g.baseline > BOTTOM - 2 and abs(g.size - size) < 0.2]
            feet.add(round(min(g.baseline for g in inside), 1))
    assert max(feet) - min(feet) <= 0.2, feet


# What goes wrong is reported, not printed

BRIEF = """<?xml version="1.0"?><article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article"
xml:lang="zh-Hant-TW"><front><article-meta><title-group><article-title>題</article-title></title-group>
</article-meta></front><body>{}</body></article>"""


def print_body(folder: Path, body: str, prepared: fonts.Fonts, meta: str = "") -> tuple[Diagnostic, ...]:
    from pipeline.content import issue_content
    from pipeline.manuscript import read_issue

    (folder / "issue.xml").write_text(
        """<issue xml:lang="zh-Hant-TW"><journal-meta><journal-title-group><journal-title>刊</journal-title>
        </journal-title-group></journal-meta><issue-meta><issue-number>1</issue-number>
        <pub-date iso-8601-date="2026-01-01"/></issue-meta><contents><brief href="b.xml"/></contents></issue>""",
        encoding="utf-8",
    )
    brief = BRIEF.format(body).replace("</title-group>", f"</title-group>{meta}")
    (folder / "b.xml").write_text(brief, encoding="utf-8")
    manuscript = read_issue(folder)
    assert manuscript.issue is not None
    try:
        content = issue_content(folder, manuscript.issue, manuscript.briefs.values())
        places = [Place(source.path) for source in manuscript.sources]
        (folder / "issue.pdf").write_bytes(printing.print_pdf(content, prepared, places).pdf)
    except ManuscriptError as error:
        return error.diagnostics
    return ()


def table_of(rows: int) -> str:
    """A table with a note in each tenth row."""
    notes = {number: f"<fn id='t{number}'><p>註。</p></fn>" for number in range(10, rows + 1, 10)}
    cells = "".join(f"<tr><td>第{number}列{notes.get(number, '')}</td></tr>" for number in range(1, rows + 1))
    return (
        "<table-wrap id='t'><caption><title>長表</title></caption><table><thead><tr><th>欄</th></tr></thead>"
        f"<tbody>{cells}</tbody></table></table-wrap>"
    )


def test_a_table_higher_than_the_page_goes_on_under_its_head(tmp_path: Path, prepared: fonts.Fonts) -> None:
    assert print_body(tmp_path, f"<p>{'文' * 40}</p>{table_of(90)}<p>後</p>", prepared) == ()
    pages = [[_letters(row) for row in rows_of(tmp_path / "issue.pdf", page)] for page in range(3, 7)]
    rows = [row for page in pages for row in page]
    numbers = [match[1] for row in rows if (match := re.match("第([0-9]+?)列", row))]
    assert numbers == [str(number) for number in range(1, 91)]
    assert [sum(row.startswith(words) for row in page) for page in pages for words in ("文文", "欄", "後")] == [
        *(2, 1, 0),  # it begins under the text before it
        *(0, 1, 0),
        *(0, 1, 0),
        *(0, 1, 1),
    ]
    assert rows.count("表1（續）") == 3


def test_a_head_higher_than_the_page_goes_on_with_its_abstracts(tmp_path: Path, prepared: fonts.Fonts) -> None:
    english = f"<trans-abstract xml:lang='en'><p>{'An abstract of many words. ' * 80}</p></trans-abstract>"
    keywords = "<kwd-group xml:lang='zh-Hant-TW'><kwd>詞</kwd></kwd-group>"
    meta = f"<abstract><p>{'摘要的文字' * 120}</p></abstract>{english}{keywords}"
    assert print_body(tmp_path, "<p>文</p>", prepared, meta) == ()
    first, second = (rows_of(tmp_path / "issue.pdf", page) for page in (3, 4))
    assert "題" in first and "摘要" in first and not any("abstract" in row for row in first)
    rows = [_letters(row) for row in second]
    assert rows.index("Abstract") < rows.index("關鍵詞詞") < rows.index("文")


def test_a_row_higher_than_the_page_is_reported(tmp_path: Path, prepared: fonts.Fonts) -> None:
    cell = f"<table-wrap id='t'><caption><title>表</title></caption><table><tbody><tr><td>{'字' * 4000}</td></tr>"
    problems = print_body(tmp_path, f"{cell}</tbody></table></table-wrap>", prepared)
    assert problems
    assert {problem.place.file.name for problem in problems} == {"b.xml"}
    assert {problem.code for problem in problems} <= {"E002", "E003"}


def test_a_damaged_picture_is_reported(tmp_path: Path, prepared: fonts.Fonts, caplog: Any) -> None:
    (tmp_path / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    figure = """<fig id="f"><caption><title>圖</title></caption><alt-text>圖</alt-text>
    <graphic xlink:href="x.png"/></fig>"""
    assert {d.code for d in print_body(tmp_path, figure, prepared)} == {"E001"}


def test_the_engine_reads_nothing_outside_the_issue(tmp_path: Path, prepared: fonts.Fonts) -> None:
    fonts.activate(prepared)
    from pipeline.printing import engine

    inside, outside = tmp_path / "issue", tmp_path / "secret.txt"
    inside.mkdir()
    outside.write_text("secret")
    (inside / "link.txt").symlink_to(outside)
    (inside / "mine.txt").write_text("mine")
    fetch = engine._fetcher(inside).fetch
    assert fetch((inside / "mine.txt").as_uri()).read() == b"mine"
    for url in (
        outside.as_uri(),
        (inside / "link.txt").as_uri(),
        f"{inside.as_uri()}/../secret.txt",
        f"{inside.as_uri()}/%2e%2e/secret.txt",
        "http://127.0.0.1/x",
        "data:text/plain,x",
        "file://host/etc/passwd",
    ):
        with pytest.raises(ValueError, match="not a file of this issue"):
            fetch(url)


# The text layer is the source text


def extracted(pdf: Path, program: str) -> list[str]:
    """The text of each page as a program extracts it, without blanks and hyphens."""
    if program == "pdfminer":
        pages = [
            "".join(each.get_text() for each in page if isinstance(each, LTTextContainer)) for page in layouts(pdf)
        ]
    else:
        option = [] if program == "pdftotext" else ["-layout"]
        done = subprocess.run(["pdftotext", *option, pdf, "-"], capture_output=True, encoding="utf-8", check=True)
        pages = done.stdout.split("\f")
    return [re.sub(r"[\s\u00ad-]", "", page) for page in pages]  # pdftotext joins divided words


@pytest.mark.parametrize("program", ["pdftotext", "pdfminer"])
def test_extractors_read_every_paragraph_in_order(pdf: Path, set_issue: printing.SetIssue, program: str) -> None:
    """Nothing is missing, added or split by squeezed marks; ruby stands where each program reads it."""
    pages = extracted(pdf, program)
    for number, sheet in numbered_sheets(set_issue):
        page, place = pages[number - 1], 0
        notes = [note.composed for note in sheet.notes]
        for composed in [*(f.composed for f in sheet.fragments if f.composed is not None), *notes]:
            if any(span.annotation for line in composed.lines for span in line.spans):
                continue
            text = re.sub(r"[\s\u00ad-]", "", "".join(line.text for line in composed.lines))
            found = page.find(text, place)
            assert found >= 0, (number, text, page[place : place + 400])
            place = found + len(text)


@pytest.mark.parametrize(("briefs", "layout", "pictured"), [(8, A4, True), (14, PageLayout("b5"), False)])
def test_the_titles_on_the_cover_stand_above_the_publisher(
    briefs: int, layout: PageLayout, pictured: bool, prepared: fonts.Fonts
) -> None:
    """More titles than in the sample: the picture gives them its room, and nothing is printed over anything."""
    sample = issue_in(SAMPLE)
    first = sample.briefs[0]
    short = [
        replace(
            first,
            key=f"b{number:02}",
            title=(Text(f"題名{number}"),),
            blocks=(Paragraph((Text("文"),)),),
            notes=(),
        )
        for number in range(1, briefs + 1)
    ]
    issue = replace(sample, briefs=tuple(short), cover=sample.cover if pictured else None)
    places = [Place(SAMPLE / "issue.xml")] * (briefs + 1)
    cover = read_pages(print_pdf(issue, prepared, places, layout).pdf)[0]
    baselines = {line.text: line.baseline for line in page_lines(cover)}
    titles = [baselines[f"題名{number}"] for number in range(1, briefs + 1)]
    assert titles == sorted(titles, reverse=True)
    assert titles[-1] - baselines["版面編輯部"] > 20
    assert baselines["The Set Page"] - titles[0] > 60

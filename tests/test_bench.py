"""Benchmark: the Typst document says what the issue says, and the benchmark runs; no test takes the time."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfminer.high_level import extract_text

from pipeline import fonts
from pipeline.brief import Cell, Issue, Note, plain
from pipeline.content import issue_content
from pipeline.manuscript import read_issue
from tests.bench import comparison, markup, race, report, stages

typst = pytest.importorskip("typst")
setting = pytest.importorskip("tests.bench.setting")

ISSUE = """<?xml version="1.0" encoding="UTF-8"?>
<issue xml:lang="zh-Hant-TW">
  <journal-meta>
    <journal-title-group><journal-title>小刊</journal-title></journal-title-group>
    <publisher><publisher-name>小刊編輯部</publisher-name></publisher>
  </journal-meta>
  <issue-meta><issue-number>1</issue-number><pub-date iso-8601-date="2026-11-20"/></issue-meta>
  <contents><brief href="a.xml"/><brief href="b.xml"/></contents>
</issue>
"""

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article" dtd-version="1.1"
         xml:lang="zh-Hant-TW">
  <front><article-meta>
    <article-categories>
      <subj-group subj-group-type="focus"><subject>排版</subject></subj-group>
    </article-categories>
    <title-group><article-title>題目</article-title><subtitle>副題</subtitle></title-group>
    <contrib-group>
      <contrib contrib-type="author">
        <name name-style="eastern"><surname>王</surname><given-names>小明</given-names></name>
        <aff>編輯部</aff>
        <xref ref-type="author-notes" rid="an1"/>
      </contrib>
    </contrib-group>
    <author-notes><fn id="an1"><p>作者註。</p></fn></author-notes>
  </article-meta></front>
"""

FIRST = f"""{HEAD}
  <body>
    <sec id="s1"><title>前言</title>
      <p>正文<fn id="f1"><p>甲註，=#$[]{{}}\\*_`~@/'"。</p></fn>再提<xref ref-type="fn" rid="f1"/>。</p>
      <disp-quote><p>引文<fn id="f2"><p>乙註。</p><p>乙註之二。</p></fn>。</p></disp-quote>
      <list list-type="order"><list-item><p>條目<fn id="f3"><p>丙註。</p></fn>。</p></list-item></list>
      <table-wrap id="t1">
        <caption><title>表題</title></caption>
        <table>
          <thead><tr><th>欄一</th><th>欄二</th></tr></thead>
          <tbody><tr><td>值<fn id="f4"><p>丁註。</p></fn></td><td>值二</td></tr></tbody>
        </table>
      </table-wrap>
    </sec>
    <sec id="s2"><title>結語</title>
      <p>見<xref ref-type="table" rid="t1"/><fn id="f5">
        <p><xref ref-type="fn" rid="f4" specific-use="same-source"/>，頁9。</p></fn>。</p>
    </sec>
  </body>
</article>
"""

SECOND = f"""{HEAD}
  <body><p>第二篇<fn id="f1"><p>戊註，<italic>The Unicode Standard</italic>。</p></fn>。</p></body>
</article>
"""

# What Typst's own faces have, so that these tests need none of ours.
LATIN = "".join(map(chr, range(0x20, 0x7F))) + "àéîõüßçñØ“”‘’–—…«»§¶†°±×"
TEXTS = st.text(alphabet=LATIN, min_size=1, max_size=40)

PREPARED = fonts.installed()
needs_fonts = pytest.mark.skipif(
    PREPARED is None or PREPARED.fallback, reason="the fonts are not prepared: run kan fonts"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tiny")
    for name, content in (("issue.xml", ISSUE), ("a.xml", FIRST), ("b.xml", SECOND)):
        (made / name).write_text(content, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def issue(folder: Path) -> Issue:
    manuscript = read_issue(folder)
    assert manuscript.issue is not None
    return issue_content(folder, manuscript.issue, manuscript.briefs.values())


@pytest.fixture(scope="module")
def compiler() -> object:
    return typst.Compiler(ignore_system_fonts=True)


def notes(issue: Issue) -> list[Note]:
    return [note for brief in issue.briefs for note in brief.notes]


def text_of(pdf: bytes) -> str:
    """The text of a PDF without blanks, which no extractor gets right."""
    return "".join(extract_text(io.BytesIO(pdf)).split())


def set_alone(compiler: object, document: str) -> str:
    source = f"#set page(width: auto, height: auto)\n{document}"
    pdf = compiler.compile(input=source.encode())  # type: ignore[attr-defined]
    return text_of(pdf)


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_markup_sets_every_character_as_it_is(compiler: object, content: str) -> None:
    written = markup.escaped(content)
    wanted = "".join(content.split())
    # In all the places where marks mean something: at the start of a line, after a call, before a bracket.
    assert set_alone(compiler, f"{written}#strong[{written}]{written}#super[x]") == wanted * 3 + "x"


@given(TEXTS)
@settings(max_examples=30, deadline=None)
def test_strings_set_every_character_as_it_is(compiler: object, content: str) -> None:
    assert set_alone(compiler, f"#{markup.string(content)}") == "".join(content.split())


@pytest.mark.parametrize("mark", [*"#*_`$<>@=-+/~\\'\"[]{}();.&", "--", "...", "1. ", "//", "/*", "https://a.b"])
def test_a_mark_is_no_instruction(compiler: object, mark: str) -> None:
    assert set_alone(compiler, f"{markup.escaped(mark)}x") == f"{mark.strip()}x"


def test_controls_are_written_by_number() -> None:
    assert markup.escaped("a\u2028b") == "a\\u{2028}b"
    assert markup.string('"\\\n') == '"\\"\\\\\\u{a}"'


def test_all_notes_are_in_the_markup(issue: Issue) -> None:
    assert len(notes(issue)) == 8
    document = markup.document(issue)
    assert document.count("#footnote([") == 6
    assert document.count('#footnote(numbering: marked("*"), [') == 2  # the authors' own
    assert document.count("#footnote(label(") == 1  # the second call of the first note


@needs_fonts
def test_typst_sets_all_notes(issue: Issue, tmp_path: Path) -> None:
    assert PREPARED is not None
    document, output = tmp_path / "issue.typ", tmp_path / "issue.pdf"
    document.write_text(markup.document(issue), encoding="utf-8")
    folder = PREPARED.faces[0].file.parent
    assert setting.count_notes(document, folder) == 8
    setting.set_pages(document, folder, output)
    text = text_of(output.read_bytes())
    for note in notes(issue):
        for paragraph in note.paragraphs:
            assert "".join(plain(paragraph.children).split()) in text


def test_cells_are_placed_around_those_that_span_rows() -> None:
    tall, wide, cell = Cell(True, (), rowspan=2), Cell(False, (), colspan=2), Cell(False, ())
    places = [(x, y) for _, x, y in markup.placed(((tall, cell, cell), (wide,), (cell,)))]
    assert places == [(0, 0), (1, 0), (2, 0), (1, 1), (0, 2)]


def test_columns_are_aligned() -> None:
    assert report.columns([("a", "1"), ("bcd", "10", "x")]) == ["a     1", "bcd  10  x"]


def test_a_failing_program_says_why() -> None:
    with pytest.raises(race.ProgramFailedError, match="no such day"):
        race.run((sys.executable, "-c", "raise SystemExit('no such day')"))


@needs_fonts
def test_the_benchmark_runs(folder: Path, tmp_path: Path) -> None:
    written = tmp_path / "bench.json"
    command = [sys.executable, "-m", "tests.bench", str(folder), "--runs", "1", "--json", str(written)]
    finished = subprocess.run(command, cwd=race.ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert "x Typst" in finished.stdout
    values = json.loads(written.read_text(encoding="utf-8"))
    assert values["subject"]["notes"] == values["subject"]["typst_notes"] == 8
    assert all(engine["pages"] >= 4 for engine in values["engines"].values())
    assert 0 < values["engines"]["kan"]["to_pdf"] < values["engines"]["kan"]["wall"]
    assert {stage["name"] for stage in values["stages"]} >= {"parse", "paint: layout", "EPUB"}
    assert 0 < values["composing"]["shape"] < values["composing"]["compose"]
    assert values["ratios"]["composing : painting"] > 0
    assert values["ratios"]["linting : PDF"] > 0
    assert values["ratios"]["kan check : PDF"] > 0
    assert values["ratios"]["kan import : PDF"] > 0


def test_a_stage_inside_another_counts_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0.0, 1.0, 4.0, 6.0])
    monkeypatch.setattr("tests.bench.stages.time.perf_counter", lambda: next(ticks))
    clock = stages.Clock()
    inner = clock.around("inner", lambda: None)
    clock.around("outer", inner)()
    assert clock.seconds == {"inner": 3.0, "outer": 3.0}
    assert clock.calls == {"inner": 1, "outer": 1}


def test_the_table_stands_between_its_markers() -> None:
    begin, end = comparison.MARKERS
    assert comparison.with_table(f"a\n{begin}\nold\n{end}\nb", "new") == f"a\n{begin}\nnew\n{end}\nb"
    with pytest.raises(ValueError, match="needs one"):
        comparison.with_table(f"a\n{begin}\nb", "new")


def test_the_readme_has_the_table_of_the_picture() -> None:
    readme = comparison.README.read_text(encoding="utf-8")
    assert comparison.with_table(readme, "") != readme
    assert comparison.PICTURE.relative_to(race.ROOT).as_posix() in readme
    assert comparison.PICTURE.is_file()


@needs_fonts
def test_the_comparison_runs(tmp_path: Path) -> None:
    readme, picture = tmp_path / "README.md", tmp_path / "comparison.png"
    readme.write_text("\n".join(comparison.MARKERS), encoding="utf-8")
    command = [sys.executable, "-m", "tests.bench.comparison", "--readme", str(readme), "--picture", str(picture)]
    finished = subprocess.run(command, cwd=race.ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    head, _, *rows = (
        [cell.strip() for cell in line.split("|")[2:-1]]
        for line in readme.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    )
    assert len(rows) == len(comparison.ROWS)
    ours = [[row[column] for row in rows] for column, name in enumerate(head) if name.endswith("kan")]
    assert [values[0] for values in ours] == ["100 %", "100 %"]
    assert not any("**" in value for values in ours for value in values)
    assert picture.stat().st_size > 10_000

"""`kan stats`: what is counted, how it is shown, and that a broken manuscript is a message."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree
from playwright.sync_api import Browser
from rich.cells import cell_len
from rich.console import Console

from pipeline.cli.stats import stats
from pipeline.diagnostics import Language
from pipeline.fonts import Fonts
from pipeline.parse import Source
from pipeline.stats import archive, as_data, picture, tables
from pipeline.stats.archive import Archive, Counts, brief_counts
from pipeline.stats.counting import is_common, length, letters
from pipeline.stats.hosts import site
from tests.conftest import ARTICLE, REAL_ISSUE, SAMPLE, TITLE

SVG = "{http://www.w3.org/2000/svg}"
NOTES = """<p>正文第一句，說了兩件事。第二句Latin words也算！\
<fn id="a"><p>王三省，〈排字房〉，《測試週刊》，2025年3月4日，\
<ext-link ext-link-type="uri" xlink:href="https://reurl.cc/abc">https://reurl.cc/abc</ext-link>。</p></fn>\
再一句<fn id="b"><p><xref ref-type="fn" rid="a" specific-use="same-source"/>，頁9。</p></fn>。\
<fn id="c"><p>這一條只是說明。</p></fn></p>"""


def kan_stats(*arguments: str | Path) -> Result:
    return CliRunner().invoke(stats, [str(each) for each in arguments], catch_exceptions=False)


# Counting


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("中文，標點也算。", 8),
        ("2025年", 2),
        ("ABC abc", 2),
        ("美國國防部與MP Materials的合作", 11),
        ("他說“好”——走了……", 11),
        ("the “good” one — yes", 5),
        ("대한민국 정부", 2),
        ("かな", 2),
        ("見https://example.org/a?b=1，頁9", 5),
        ("甲\n  乙", 2),
        ("𠮷野家", 3),
    ],
)
def test_length_is_that_of_word(text: str, count: int) -> None:
    assert length(text) == count


def test_letters() -> None:
    found = letters("常用字與罕見的龘，ABC")
    assert (found.han, found.rare, found.latin) == (8, 1, 3)
    assert [is_common(character) for character in "一字〇龘𠮷説"] == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.mnd.gov.tw/news/1", "mnd.gov.tw"),
        ("https://tw.news.yahoo.com/a", "yahoo.com"),
        ("http://news.ltn.com.tw:8080/a", "ltn.com.tw"),
        ("https://www.gov.uk/a", "gov.uk"),
        ("https://www.yna.co.kr/view", "yna.co.kr"),
        ("example.org/a", "example.org"),
        ("https://someone.blogspot.com/a", "someone.blogspot.com"),
        ("https://user:secret@m.cna.com.tw/a", "cna.com.tw"),
        ("https://xn--fiqs8s.xn--kpry57d/", "中国.台灣"),
        ("http://127.0.0.1/a", "127.0.0.1"),
        ("http://[::1]/a", "::1"),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_the_site_of_an_address(address: str, name: str) -> None:
    assert site(address) == name


# A brief


def test_a_brief_is_counted(brief: Callable[..., Source]) -> None:
    counted = brief_counts(brief(f"<sec><title>標題</title>{NOTES}</sec><disp-quote><p>引文。</p></disp-quote>"))
    counts = counted.counts
    assert counted.title == "題名"
    assert counts.text == length("題名標題正文第一句，說了兩件事。第二句Latin words也算！再一句。引文。")
    assert (counts.notes, counts.same_source, counts.see, counts.commentary) == (3, 1, 0, 1)
    assert (counts.paragraphs, counts.sections, counts.quotations, counts.figures) == (2, 1, 1, 0)
    assert (counts.citations, counts.recognised, counts.sources) == (1, 1, 1)
    assert counts.kinds == {"news": 1} and counts.languages == {"zh": 1} and counts.sites == {"reurl.cc": 1}
    assert (counts.addresses, counts.shortened, counts.without_address, counts.without_date) == (1, 1, 0, 0)
    assert counts.sentences == (12, 8, 4)
    assert counts.mean_clause == pytest.approx(24 / 4)
    citation = "王三省，〈排字房〉，《測試週刊》，2025年3月4日，https://reurl.cc/abc。"
    assert counts.notes_length == length(citation + "同註1，頁9。這一條只是說明。")


def test_a_marked_citation_is_tagged_and_an_unmarked_one_recognised(brief: Callable[..., Source]) -> None:
    citation = "王三省，〈排字房〉，《測試週刊》，2025年3月4日，頁9"
    other = citation.replace("排", "校")
    marked = f'<mixed-citation publication-type="book">{citation}</mixed-citation>'
    counts = brief_counts(
        brief(f'<p>甲<fn id="a"><p>{marked}。</p></fn>乙<fn id="b"><p>{other}。</p></fn>。</p>')
    ).counts
    assert (counts.citations, counts.recognised) == (2, 1)
    assert counts.kinds["book"] == 1


def test_typed_references_and_sources_that_lead_nowhere(brief: Callable[..., Source]) -> None:
    body = (
        '<p>甲<fn id="a"><p>王三省，《排字房》（臺北：甲社）。</p></fn>乙<fn id="b"><p>同註1，頁9。</p></fn>。</p>'
    )
    counts = brief_counts(brief(body)).counts
    assert (counts.typed, counts.same_source) == (1, 0)
    assert (counts.without_date, counts.dead_ends) == (counts.sources, counts.sources) == (1, 1)


def test_the_longest_sentences_have_their_place(brief: Callable[..., Source]) -> None:
    source = brief("<p>短句。這是比較長的一句，長在後面的話。\n  最後一句。</p>")
    longest = brief_counts(source).longest
    assert [each.length for each in longest] == [16, 5, 3]
    first = longest[0]
    line = source.data.decode().splitlines()[first.place.line - 1]
    assert (
        line[first.place.column - 1 : first.place.end_column - 1]
        == "這是比較長的一句，長在後面的話。"
        == first.text
    )
    assert longest[1].place.line == 2


def test_korean_and_english_sentences_end_with_western_stops(brief: Callable[..., Source]) -> None:
    counts = brief_counts(brief("<p>It cost 3.5 dollars. He said so.</p>")).counts
    assert counts.sentences == (4, 3)


def test_counts_add_up_and_nothing_divides_by_nothing() -> None:
    one, two = Counts(briefs=1, text=3, sentences=(1, 2)), Counts(briefs=1, text=4, sentences=(9,))
    both = one + two
    assert (both.briefs, both.text, both.sentences, both.mean_sentence) == (2, 7, (1, 2, 9), 4)
    empty = Counts()
    assert empty.notes_per_thousand == empty.notes_share == empty.mean_sentence == empty.latin_share == 0


# Issues and the archive


@pytest.fixture
def house(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLE, tmp_path / "source" / "2026-11")
    shutil.copytree(SAMPLE, tmp_path / "source" / "2026-09")
    earlier = tmp_path / "source" / "2026-09" / "issue.xml"
    text = earlier.read_text(encoding="utf-8").replace("2026-11-20", "2026-09-20")
    earlier.write_text(text.replace('<brief href="brief-5.xml"/>', ""), encoding="utf-8")
    return tmp_path / "source"


def test_a_folder_of_issues_is_an_archive_by_date(house: Path) -> None:
    found = archive([house, house / "2026-11", house / "2026-11" / "issue.xml"])
    assert [str(issue.published) for issue in found.issues] == ["2026-09-20", "2026-11-20"]
    assert [len(issue.briefs) for issue in found.issues] == [4, 5]
    assert found.counts.text == sum(brief.counts.text for brief in found.briefs)
    assert {name: counts.briefs for name, counts in found.authors.items()} == {"編輯部": 8, "刊編": 1}
    assert not found.diagnostics


def test_the_sample_issue() -> None:
    counts = archive([SAMPLE]).counts
    numbers = [len(re.findall("<fn ", path.read_text(encoding="utf-8"))) for path in SAMPLE.glob("brief-*.xml")]
    assert counts.notes + counts.author_notes == sum(numbers)
    assert (counts.figures, counts.tables) == (4, 4)
    assert 0 < counts.recognised < counts.citations


@pytest.mark.skipif(not REAL_ISSUE.is_dir(), reason="the real issue is not here")
def test_the_real_issue_has_only_untagged_citations() -> None:
    counts = archive([REAL_ISSUE]).counts
    assert counts.notes == 58 and counts.recognised == counts.citations > 40


def test_single_briefs(house: Path) -> None:
    found = archive([house / "2026-11" / "brief-1.xml", house / "2026-11" / "brief-2.xml"])
    (issue,) = found.issues
    assert issue.folder is None and len(issue.briefs) == 2
    assert "個別的文章" in kan_stats(house / "2026-11" / "brief-1.xml").stdout


# What is shown


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_the_table_fills_the_width_and_no_more(house: Path, width: int, language: Language) -> None:
    console = Console(width=width, record=True, file=None, quiet=False, force_terminal=False, legacy_windows=False)
    with console.capture() as captured:
        console.print(tables(archive([house]), language, str, width))
    lines = captured.get().splitlines()
    assert {cell_len(line) for line in lines} == {width}
    heads = [line for line in lines if line.split()[:1] in (["篇"], ["Brief"])]
    assert len(heads) == 2
    assert all(heads[0].split() == head.split() for head in heads)
    numbers = [line for line in lines if "2,302" in line]
    assert len({cell_len(line.partition("2,302")[0]) for line in numbers}) == 1


def test_the_table_says_what_is_only_recognised_and_where_the_longest_sentences_are(house: Path) -> None:
    said = kan_stats(house / "2026-11").stdout
    assert "未標而從文字認出11處" in said
    assert re.search(r"2026-11/brief-3\.xml:\d+:\d+", said)
    assert "w3.org" in said and "版面　第1卷第1期　2026-11-20" in said


def test_json_is_complete_and_the_same_each_time(house: Path) -> None:
    first, second = (kan_stats(house, "--json") for _ in range(2))
    assert first.exit_code == 0 and first.stdout == second.stdout
    data = json.loads(first.stdout)
    assert set(data) == {"issues", "authors", "total", "diagnostics"}
    brief = data["issues"][1]["briefs"][0]
    assert brief["file"].endswith("2026-11/brief-1.xml") and brief["authors"] == ["編輯部"]
    counted = {
        "text",
        "notes",
        "kinds",
        "languages",
        "sites",
        "shortened",
        "dead_ends",
        "mean_sentence",
        "minutes",
    }
    assert counted <= set(brief) and len(brief["longest"]) == 5
    assert data["total"]["briefs"] == 9
    assert list(data["total"]["kinds"].values()) == sorted(data["total"]["kinds"].values(), reverse=True)


def test_the_picture_has_every_brief_with_its_numbers_and_words(house: Path, tmp_path: Path) -> None:
    done = kan_stats(house, "--picture", tmp_path / "stats.svg")
    assert done.exit_code == 0 and done.stdout == ""
    data = (tmp_path / "stats.svg").read_bytes()
    assert data.decode() == picture(archive([house]), "zh-TW")
    svg = etree.fromstring(data)
    texts = ["".join(each.itertext()) for each in svg.iter(f"{SVG}text")]
    assert "全部各期" in texts and texts.count("2,302字　13註") == 2
    description = svg.findtext(f"{SVG}desc") or ""
    assert svg.get("role") == "img" and "字格之內：中文排版的三條規矩　2,302字　13註" in description
    assert b"prefers-color-scheme: dark" in data and b"http://www.w3.org/1999/xlink" not in data
    width, height = float(svg.get("width", "")), float(svg.get("height", ""))
    for bar in svg.iter(f"{SVG}rect"):
        x, y = float(bar.get("x", "0")), float(bar.get("y", "0"))
        assert x + float(bar.get("width", "")) <= width and y + float(bar.get("height", "")) <= height


def test_bars_of_all_issues_have_one_scale(house: Path) -> None:
    svg = etree.fromstring(picture(archive([house]), "zh-TW").encode())
    blocks = svg.findall(f"{SVG}g")
    text = [
        [float(bar.get("width", "")) for bar in block.iter(f"{SVG}rect") if bar.get("class") == "text"]
        for block in blocks
    ]
    assert text[1] == text[2][:4] and len(text[0]) == 2


def many(found: Archive) -> Archive:
    """An archive of twenty issues."""
    return Archive(found.issues * 10, ())


def test_many_issues_are_a_row_each(house: Path) -> None:
    found = many(archive([house]))
    svg = etree.fromstring(picture(found, "zh-TW").encode())
    rows = [each for each in svg.iter(f"{SVG}g") if each.get("class") == "issue-row"]
    texts = ["".join(each.itertext()) for each in rows[1].iter(f"{SVG}text")]
    counts = found.issues[1].counts
    numbers = f"{counts.text:,}", f"{counts.notes_per_thousand:.1f}", str(counts.sources)
    assert len(rows) == 20 and texts[1:] == [*numbers, f"{counts.mean_sentence:.0f}"]
    assert float(svg.get("height", "")) < 1000
    kinds = [bar.get("class") for bar in rows[1].iter(f"{SVG}rect")]
    assert {"text", "notes", "news", "scholarly"} <= set(kinds)
    with (console := Console(width=100)).capture() as captured:
        console.print(tables(found, "zh-TW", str))
    assert captured.get().count("第1卷第1期") == 20 and "各篇的數字" in captured.get()


_MEETING = """() => {
  const nodes = [...document.querySelectorAll("text, rect:not(.background)")];
  const boxes = nodes.map(node => [node, node.getBoundingClientRect()]);
  const width = document.querySelector("svg").getBoundingClientRect().right;
  const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom - 2 && b.top < a.bottom - 2;
  const found = boxes.filter(([, box]) => box.right > width - 8).map(([node]) => node.textContent);
  for (const [text, box] of boxes.filter(([node]) => node.tagName === "text"))
    for (const [other, its] of boxes)
      if (other !== text && meets(box, its)) found.push(text.textContent + " / " + other.outerHTML);
  return found;
}"""


def test_nothing_in_the_picture_meets_anything_else(
    chromium: Browser, house: Path, prepared: Fonts, tmp_path: Path
) -> None:
    faces = "".join(
        f"@font-face {{font-family:'{face.family}';font-weight:{face.weight};src:url('{face.file.as_uri()}')}}"
        for face in prepared.faces
        if face.family in ("Kan Hei", "Kan Latin Zh") and face.style == "normal"
    )
    page_file = tmp_path / "stats.html"
    page = chromium.new_page(viewport={"width": 1100, "height": 900})
    found = archive([house])
    for shown in (many(found), found):
        drawn = picture(shown, "zh-TW").partition("?>")[2]
        page_file.write_text(f"<!doctype html><meta charset=utf-8><style>{faces}</style>{drawn}", encoding="utf-8")
        page.goto(page_file.as_uri())
        page.evaluate("document.fonts.ready")
        assert page.evaluate(_MEETING) == []
    background = "getComputedStyle(document.querySelector('.background')).fill"
    page.emulate_media(color_scheme="light")
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) == "rgb(27, 27, 27)"
    page.close()


def test_words_from_a_manuscript_are_escaped(tmp_path: Path) -> None:
    title = TITLE.replace("題名", "&lt;b&gt; &amp; [red]甲[/red]")
    (tmp_path / "brief.xml").write_text(ARTICLE.format(meta=title, body="<p>文。</p>"), encoding="utf-8")
    found = archive([tmp_path / "brief.xml"])
    assert "&lt;b&gt; &amp; [red]" in picture(found, "zh-TW")
    assert "<b> & [red]甲[/red]" in kan_stats(tmp_path / "brief.xml").stdout


# What is wrong


def test_what_cannot_be_read_is_reported_and_the_rest_counted(house: Path) -> None:
    (house / "2026-11" / "brief-2.xml").write_text("<article>", encoding="utf-8")
    (house / "2026-11" / "brief-3.xml").write_text("<html/>", encoding="utf-8")
    (house / "2026-09" / "brief-4.xml").unlink()
    done = kan_stats(house)
    assert done.exit_code == 1
    assert "P006" in done.stdout and "S001" in done.stdout and "P001" in done.stdout
    assert "字格之內" in done.stdout
    data = json.loads(kan_stats(house, "--json").stdout)
    assert [each["code"] for each in data["diagnostics"]] == ["P001", "P006", "S001"]
    assert data["total"]["briefs"] == 6


def test_nothing_to_count(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none", "P001"), (tmp_path, "P001"), (tmp_path / "none.xml", "P001")):
        done = kan_stats(path)
        assert done.exit_code == 1 and code in done.stdout


def test_a_brief_of_nothing_is_counted(tmp_path: Path) -> None:
    for markup in ("<article/>", "<article><body/></article>", "<article><front/><body><p/></body></article>"):
        path = tmp_path / "brief.xml"
        path.write_text(markup, encoding="utf-8")
        found = archive([path])
        assert found.counts.briefs == 1 and found.counts.text == 0
        assert as_data(found, "en", str)["total"]["minutes"] == 0
        assert etree.fromstring(picture(found, "en").encode()) is not None


def test_the_picture_is_an_svg_by_its_name(tmp_path: Path) -> None:
    refused = kan_stats(SAMPLE, "--picture", tmp_path / "stats.png")
    assert refused.exit_code == 2 and not list(tmp_path.iterdir())

"""Wording: what references to notes say in each house style, kind by kind, as a reader sees the notes.

The golden files in tests/golden/notes/ hold every kind in every style that comes with kan.
`KAN_REWRITE_EXPECTED=1` writes them anew; read the diff.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.brief import Brief, Paragraph, plain
from pipeline.content import brief_content
from pipeline.notes.style import STYLES, shipped
from pipeline.parse import Source
from tests.conftest import TITLE

Make = Callable[..., Source]

GOLDEN = Path(__file__).parent / "golden" / "notes"
STYLE_NAMES = sorted(path.stem for path in STYLES.glob("*.toml"))

NEWS = (
    '<mixed-citation id="{0}" publication-type="news" xml:lang="zh-Hant-TW">'
    '<person-group person-group-type="author">'
    '<string-name name-style="eastern"><surname>{1}</surname><given-names>{2}</given-names></string-name>'
    "</person-group>，〈<article-title>{3}</article-title>〉，《<source>測試日報</source>》，"
    '<date iso-8601-date="2026-01-02"><year>2026年1月2日</year></date></mixed-citation>'
)
ARTICLE = (
    '<mixed-citation id="{0}" publication-type="journal" xml:lang="en"><person-group person-group-type="author">'
    '<string-name name-style="western"><given-names>{1}</given-names> <surname>{2}</surname></string-name>'
    "</person-group>, “<article-title>{3}</article-title>,” <source><italic>Journal of Tests</italic></source>, "
    '<date iso-8601-date="2026-01-02"><year>January 2, 2026</year></date></mixed-citation>'
)
BOOK = (
    '<mixed-citation id="{0}" publication-type="book" xml:lang="zh-Hant-TW">'
    '<person-group person-group-type="author">'
    '<string-name name-style="eastern"><surname>{1}</surname><given-names>{2}</given-names></string-name>'
    "</person-group>，《<source>{3}</source>》（臺北：測試出版社，2024年）</mixed-citation>"
)
CHEN = NEWS.format("chen", "陳", "一鳴", "鉛字的重量")
LIN = BOOK.format("lin", "林", "二蕙", "活版小史")
CHEN_AGAIN = NEWS.format("chen2", "陳", "一鳴", "紙的厚度")
SMITH = ARTICLE.format("smith", "Ada", "Smith", "The Weight of Type: A History")
DOE = ARTICLE.format("doe", "John", "Doe", "Paper and Its Edges")
UNNAMED = (
    '<mixed-citation id="moj" publication-type="web" xml:lang="zh-Hant-TW">'
    "〈<article-title>字體之規範</article-title>〉，《<source>測試網</source>》</mixed-citation>"
)


def same(rid: str) -> str:
    return f'<xref ref-type="fn" rid="{rid}" specific-use="same-source"/>'


def see(rid: str) -> str:
    return f'<xref ref-type="fn" rid="{rid}" specific-use="see"/>'


def noted(*contents: str) -> str:
    """A paragraph with notes n1, n2, … of these contents."""
    return "<p>" + "".join(note(i, content) for i, content in enumerate(contents, start=1)) + "</p>"


def note(position: int, content: str) -> str:
    return f'字<fn id="n{position}"><p>{content}</p></fn>'


TABLE = (
    '<table-wrap id="t1"><caption><title>表{}</title></caption><table><thead><tr><th>欄</th></tr></thead>'
    "<tbody><tr><td>格{}</td></tr></tbody></table></table-wrap>"
)
FIGURE = (
    '<fig id="f1"><caption><title>圖名{}</title></caption><alt-text>圖</alt-text>'
    '<graphic xlink:href="figures/a.svg"/></fig>'
)

KINDS: dict[str, str] = {
    "the source of the note before": noted(CHEN + "。", same("n1") + "。"),
    "with a page": noted(LIN + "，頁3。", same("n1") + "，頁 9。"),
    "with pages": noted(LIN + "，頁3。", same("n1") + "，頁9-12、15。"),
    "an earlier note": noted(CHEN + "。", LIN + "。", same("n1") + "。"),
    "an earlier note with a page": noted(LIN + "，頁3。", CHEN + "。", same("n1") + "，頁9。"),
    "another source behind": noted(CHEN + "。", same("n1") + "；" + LIN + "。"),
    "another source before": noted(CHEN + "。", LIN + "；" + same("n1") + "。"),
    "two references in one note": noted(CHEN + "。", LIN + "。", same("n1") + "；" + same("n2") + "，頁5。"),
    "through a note that only refers": noted(CHEN + "。", LIN + "。", same("n1") + "。", same("n3") + "。"),
    "again and again": noted(CHEN + "。", same("n1") + "。", same("n2") + "，頁2。", same("n1") + "。"),
    "across a note that only comments": noted(CHEN + "。", "此處另有說明。", same("n1") + "。"),
    "across a note on another source": noted(CHEN + "。", LIN + "。", same("n1") + "。"),
    "one of several sources": noted(CHEN + "；" + LIN + "。", same("lin") + "，頁7。"),
    "one of several by one author": noted(CHEN + "；" + CHEN_AGAIN + "。", same("chen2") + "。"),
    "one of several, later": noted(CHEN + "；" + LIN + "。", SMITH + ".", same("chen") + "。"),
    "a source without an author": noted(UNNAMED + "。", LIN + "。", same("n1") + "。"),
    "a note that comments and cites": noted("先說明一句。" + CHEN + "。", same("n1") + "。"),
    "a note in English": noted(
        SMITH + ".", DOE + ".", f"As the records of the press show, {same('n1')}, p. 9.", f"See also {same('n2')}."
    ),
    "an English source in a Chinese note": noted(SMITH + ".", DOE + ".", same("n1") + "，頁9。"),
    "marked as English": noted(
        SMITH + ".", same("n1") + ", 9–10.", DOE + ".", same("n1") + "; " + same("n3") + "."
    )
    .replace('<fn id="n2"><p>', '<fn id="n2"><p xml:lang="en">')
    .replace('<fn id="n4"><p>', '<fn id="n4"><p xml:lang="en">'),
    "see, after the word": noted(CHEN + "。", "另參見" + see("n1") + "。", "See also " + see("n1") + "."),
    "a signal before it": noted(SMITH + ".", f"See {same('n1')}, p. 5.", f"Cf. {same('n1')}. The figures differ."),
    "see several": noted(
        CHEN + "。",
        LIN + "。",
        f"參見{see('n1')}及{see('n2')}。",
        f"See {see('n1')} and {see('n2')}.",
        see("n1") + ".",
    ),
    "see another note": noted(CHEN + "。", "有關鉛字，" + see("n1") + "。", see("n1") + "；" + same("n1") + "。"),
    "the first note looks ahead": noted(see("n2") + "。", CHEN + "。"),
    "a note called twice": noted(CHEN + "。")
    + '<p>又<xref ref-type="fn" rid="n1"/>文'
    + note(2, same("n1") + "。")
    + "</p>",
    "from the text": noted(CHEN + "。") + f"<p>前文已述（{see('n1')}）。</p>",
    "in a caption, a table and a quotation": noted(CHEN + "。")
    + f"<sec><title>節{note(2, same('n1') + '。')}</title>"
    + FIGURE.format(note(3, same("n1") + "。"))
    + TABLE.format(note(4, LIN + "。"), note(5, same("n4") + "，頁8。"))
    + f"<disp-quote><p>引文{note(6, same('n1') + '。')}</p></disp-quote></sec>",
    "a citation nobody marked": noted(
        "王三省，〈排字房的一天〉，《測試週刊》，2025年3月4日，https://example.org/a。",
        same("n1") + "。",
        LIN + "。",
        same("n1") + "。",
    ),
    "without a stop": noted(CHEN, same("n1"), LIN, same("n1") + "，頁9"),
}

AUTHOR_NOTE = (
    TITLE + '<contrib-group><contrib contrib-type="author"><collab>編輯部</collab>'
    '<xref ref-type="author-notes" rid="an"/></contrib></contrib-group>'
    '<author-notes><fn id="an"><p>感謝審查人。</p></fn></author-notes>'
)


def printed(brief: Brief) -> str:
    """The notes as a reader sees them, and what generated words stand in the text."""
    texts = [plain(block.children) for block in brief.blocks if isinstance(block, Paragraph)]
    lines = [f"  … {text}" for text in texts if "註" in text or "note" in text]
    lines += [f"  {note.label} {' / '.join(plain(p.children) for p in note.paragraphs)}" for note in brief.notes]
    return "\n".join(lines)


@pytest.mark.parametrize("name", STYLE_NAMES)
def test_every_kind_of_reference_in_each_style(brief: Make, name: str) -> None:
    style = shipped(name)
    shown = [f"# {style.name}\n"]
    for kind, body in KINDS.items():
        shown.append(f"{kind}\n{printed(brief_content(brief(body), 'b01', style))}\n")
    with_author_note = brief(noted(CHEN + "。", same("n1") + "。"), AUTHOR_NOTE)
    shown.append(f"an author's note before\n{printed(brief_content(with_author_note, 'b01', style))}\n")
    made = "\n".join(shown)
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("KAN_REWRITE_EXPECTED"):
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8")


def test_there_are_the_kinds_that_occur_in_practice() -> None:
    assert len(KINDS) >= 17

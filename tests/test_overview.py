"""Overview: the notes of a brief as rows, as a table and as a picture."""

import io
import json
import re
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise

import pytest
from lxml import etree
from rich.cells import cell_len
from rich.console import Console

from pipeline.diagnostics import Language
from pipeline.notes.overview import Row, Short, clipped, overview, rows_as_data, table, title_of, wrapped
from pipeline.notes.picture import ems, picture, size
from pipeline.notes.style import DEFAULT, shipped
from pipeline.parse import Source

Element = etree._Element
Make = Callable[..., Source]
SVG = "{http://www.w3.org/2000/svg}"

META = """<title-group><article-title>研發R&amp;D與&lt;活字&gt;<fn id="title"><p>題名的註。</p></fn>
</article-title></title-group><contrib-group><contrib><xref ref-type="author-notes" rid="thanks"/></contrib>
</contrib-group><author-notes><fn id="thanks"><p>感謝審查人。</p></fn>
<fn id="lost"><p>沒有人呼叫。</p></fn></author-notes>"""

BODY = """
<sec><title>前言</title><p>文<fn id="one"><p>{shen}</p></fn>文<fn id="two"><p>{same_one}，頁9</p></fn>文<fn
id="both"><p>{bi}；{wang}</p></fn></p></sec>
<sec><title>本文</title>
  <p>文<fn id="chain"><p>{same_two}，頁10。</p></fn>文<fn id="unclear"><p>{same_both}</p></fn>文{call_one}文<fn
  id="see"><p>詳{see_comment}，另{see_nowhere}。</p></fn>，{see_both}。</p>
  <fig><caption><title>圖<fn id="caption"><p>圖的
    註 &lt;b&gt; &amp; 說明。</p></fn></title></caption><alt-text>替</alt-text><graphic/></fig>
  <table-wrap><table><tbody><tr><td>格<fn id="cell"><p>{same_bi}；{lee}</p></fn></td></tr></tbody></table>
  </table-wrap>
  <disp-quote><p>引<fn id="again"><p>{shen}</p></fn></p></disp-quote>
  <sec><title>小節<fn id="comment"><p>只有說明。</p></fn></title><p>文<fn id="none"><p>{same_comment}</p></fn></p>
  </sec>
</sec>"""


def reference(name: str, use: str) -> str:
    return f'<xref ref-type="fn" rid="{name}" specific-use="{use}"/>'


def book(author: str, title: str, name: str) -> str:
    return (
        f"<mixed-citation id='{name}' publication-type='book'><string-name>{author}</string-name>，"
        f"《<source>{title}</source>》</mixed-citation>"
    )


PARTS = {
    "shen": "<mixed-citation publication-type='journal'><string-name>沈括</string-name>，〈<article-title>活板"
    "</article-title>〉，《<source>筆談</source>》，<date iso-8601-date='2024-05'/></mixed-citation>",
    "lee": "<mixed-citation publication-type='news' xml:lang='en'><string-name>Ann Lee</string-name>, “"
    "<article-title>Type</article-title>,” <source>Times</source></mixed-citation>",
    "bi": book("畢昇", "泥字", "bi"),
    "wang": book("王禎", "木字", "wang"),
    **{f"same_{name}": reference(name, "same-source") for name in ("one", "two", "both", "bi", "comment")},
    **{f"see_{name}": reference(name, "see") for name in ("both", "comment", "nowhere")},
    "call_one": '<xref ref-type="fn" rid="one"/>',
}


@pytest.fixture(scope="module")
def source(brief: Make) -> Source:
    """A brief with every kind of note."""
    return brief(BODY.format(**PARTS), META)


@pytest.fixture(scope="module")
def rows(source: Source) -> dict[str, Row]:
    return {row.id: row for row in overview(source, shipped(DEFAULT))}


def many(brief: Make, notes: int) -> Source:
    """A brief whose notes refer up and down, near and far, in sections with long titles."""
    body = ""
    for n in range(1, notes + 1):
        contents = [
            PARTS["shen"].replace("活板", f"活板的第{n}種研究及其在各國的流傳與影響" * 3),
            "說明。" * 40,
            f"參考{reference(f'n{1 + n * n % notes}', 'same-source')}，頁{n}。",
            f"{reference(f'n{1 + n * 7 % notes}', 'see')}；{PARTS['lee']}",
        ]
        note = f'<p>文<fn id="n{n}"><p>{contents[n % 4]}</p></fn></p>'
        body += note if n % 7 else f"<sec><title>{'很長的題目' * 20}</title>{note}</sec>"
    return brief(body)


# Rows


def test_order_labels_and_places(rows: dict[str, Row]) -> None:
    assert {name: row.label for name, row in rows.items()} == {
        **{"thanks": "*", "lost": "**", "title": "1", "one": "2", "two": "3", "both": "4", "chain": "5"},
        **{"unclear": "6", "see": "7", "caption": "8", "cell": "9", "again": "10", "comment": "11", "none": "12"},
    }
    assert (rows["title"].place.line, rows["title"].place.column) == (1, 176)
    assert rows["chain"].place.line > rows["one"].place.line


def test_where_notes_are_called(rows: dict[str, Row]) -> None:
    assert {name: row.called.spot for name, row in rows.items() if row.called.spot != "text"} == {
        **{"thanks": "author", "title": "title", "caption": "caption", "cell": "table", "again": "quotation"},
        "comment": "title",
    }
    assert rows["one"].called.sections == ("壹、前言",)
    assert rows["none"].called.sections == ("貳、本文", "小節")
    assert {name: row.called.times for name, row in rows.items() if row.called.times != 1} == {"lost": 0, "one": 2}


def test_words_as_they_are_printed(rows: dict[str, Row]) -> None:
    assert rows["one"].printed == "沈括，〈活板〉，《筆談》，。"
    assert rows["two"].printed == "同前註，頁9。"
    assert rows["see"].printed == "詳見註11，另。"
    assert rows["caption"].printed == "圖的註 <b> & 說明。"
    assert rows["cell"].printed == "畢昇，前揭註4；Ann Lee, “Type,” Times."


def test_kinds_and_sources(rows: dict[str, Row]) -> None:
    kinds = {name: row.kind for name, row in rows.items()}
    assert {name for name, kind in kinds.items() if kind == "cites"} == {"one", "both", "again"}
    assert {name for name, kind in kinds.items() if kind == "refers"} == {"two", "chain", "unclear", "see", "none"}
    assert {name for name, kind in kinds.items() if kind == "cites and refers"} == {"cell"}
    assert rows["one"].sources == (Short("沈括", "〈活板〉", "《筆談》", "2024-05"),)
    assert [str(each) for each in rows["both"].sources] == ["畢昇，《泥字》", "王禎，《木字》"]
    assert rows["cell"].gist == "畢昇，前揭註4；Ann Lee, “Type,” Times"


def test_references(rows: dict[str, Row]) -> None:
    (chain,) = rows["chain"].refers
    assert (chain.to, chain.use, chain.printed, chain.through) == ("2", "same-source", "同註2，頁10", ("3",))
    assert chain.source == rows["one"].sources[0]
    (one_of_several,) = rows["cell"].refers
    assert (one_of_several.to, one_of_several.source) == ("4", rows["both"].sources[0])
    (see,) = rows["see"].refers
    assert (see.to, see.use, see.source) == ("11", "see", None)
    assert rows["unclear"].refers[0].source is None


def test_who_refers(rows: dict[str, Row]) -> None:
    assert {name: row.referred for name, row in rows.items() if row.referred} == {
        "one": ("3", "5"),
        "both": ("6", "9"),
        "comment": ("7", "12"),
    }
    assert {name: row.mentions for name, row in rows.items() if row.mentions} == {"both": 1}


def test_remarks(rows: dict[str, Row]) -> None:
    assert {name: [remark.kind for remark in row.remarks] for name, row in rows.items() if row.remarks} == {
        "lost": ["uncalled"],
        "one": ["repeated"],
        "both": ["several"],
        "chain": ["chain"],
        "unclear": ["unclear"],
        "see": ["unresolved"],
        "again": ["twice"],
        "none": ["sourceless"],
    }
    assert rows["again"].remarks[0].words.zh == "同一筆在註2引過"
    quiet = {remark.kind for row in rows.values() for remark in row.remarks if not remark.wrong}
    assert quiet == {"repeated", "several", "chain"}


def test_references_in_a_circle_and_to_a_later_source(brief: Make) -> None:
    source = brief(
        f"<p>文<fn id='a'><p>{reference('b', 'same-source')}</p></fn><fn id='b'><p>{reference('a', 'same-source')}"
        f"</p></fn><fn id='c'><p>{reference('d', 'same-source')}</p></fn><fn id='d'><p>{PARTS['bi']}</p></fn></p>"
    )
    remarks = [[remark.kind for remark in row.remarks] for row in overview(source, shipped(DEFAULT))]
    assert remarks == [["sourceless"], ["sourceless"], ["later"], []]


def test_data(rows: dict[str, Row]) -> None:
    data = json.loads(json.dumps(rows_as_data(list(rows.values()))))
    assert [each["label"] for each in data] == [row.label for row in rows.values()]
    chain = data[list(rows).index("chain")]
    assert chain["refers"][0]["through"] == ["3"] and chain["refers"][0]["source"]["text"].startswith("沈括")
    assert chain["remarks"] == [
        {"kind": "chain", "wrong": False, "zh": "經註3到註2", "en": "by way of note 3 to note 2"}
    ]
    assert chain["called"] == {"spot": "text", "sections": ["貳、本文"], "times": 1}


# The table


def shown(rows: Sequence[Row], width: int, language: Language = "zh-TW") -> str:
    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(table(rows, language))
    return out.getvalue()


TABLE = """\
註  引用或說明                             指向    被引        備註
─────────────────────────────────────────────────────────────────────────────────────
 *  感謝審查人。
**  沒有人呼叫。                                               沒有註號
 1  題名的註。
 2  沈括，〈活板〉，《筆談》，2024-05              3、5        註號出現2次
 3  同前註，頁9。                          2 沈括
 4  畢昇，《泥字》；王禎，《木字》                 6、9、正文  2筆出處
 5  同註2，頁10。                          2 沈括              經註3到註2
 6  同註4。                                4                   註4不只一筆，沒說是哪
                                                               一筆
 7  詳見註11，另。                         見11                找不到「nowhere」
 8  圖的註 <b> & 說明。
 9  畢昇，前揭註4；Ann Lee, “Type,” Times  4 畢昇
10  沈括，〈活板〉，《筆談》，2024-05                          同一筆在註2引過
11  只有說明。                                     7、12
12  同前註。                               11                  註11認不出出處
"""


def test_table(rows: dict[str, Row]) -> None:
    lines = shown(list(rows.values()), 100).splitlines()
    assert [line.rstrip() for line in lines] == TABLE.splitlines()


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_table_fits_and_clips(brief: Make, width: int, language: Language) -> None:
    rows = overview(many(brief, 40), shipped(DEFAULT))
    lines = shown(rows, width, language).splitlines()
    assert max(map(cell_len, lines)) <= width
    starts = [index for index, line in enumerate(lines) if re.match(r" *\d+ ", line)]
    assert len(starts) == 40
    assert max(after - before for before, after in pairwise(starts)) <= 3
    assert "…" in "".join(lines)


def test_lines_keep_marks_and_words_together() -> None:
    assert wrapped("甲乙丙，《丁》Latin word。", 8, cell_len) == ["甲乙丙，", "《丁》", "Latin", "word。"]
    assert wrapped("a" * 25, 10, cell_len) == ["a" * 10, "a" * 10, "a" * 5]
    assert wrapped("", 10, cell_len) == []
    assert clipped("甲乙丙，丁戊", 9, cell_len) == "甲乙丙…"


# The picture


def drawn(source: Source, language: Language = "zh-TW") -> tuple[tuple[Row, ...], Element]:
    rows = overview(source, shipped(DEFAULT))
    return rows, etree.fromstring(picture(rows, title_of(source), language).encode())


def test_picture_has_every_number_and_every_reference(source: Source) -> None:
    rows, root = drawn(source)
    assert [node.text for node in root.iter(f"{SVG}text") if node.get("class") == "number"] == [
        row.label for row in rows
    ]
    arcs = [node for node in root.iter(f"{SVG}path") if len(node)]
    references = {(row.label, each.to, each.use) for row in rows for each in row.refers}
    assert {(*re.findall(r"註(\d+)", arc[0].text or "")[:2], arc.get("class")) for arc in arcs} == references
    assert len(arcs) == len(references) == 6
    words = ["".join(map(str, node.itertext())) for node in root.iter(f"{SVG}text")]
    for row in rows:
        for each in row.refers:
            assert any(each.printed in text for text in words)


def test_picture_is_for_every_reader(source: Source) -> None:
    rows, root = drawn(source)
    assert root.get("role") == "img" and root.get("version") == "1.1"
    assert root.findtext(f"{SVG}title") == "研發R&D與<活字>"
    assert "註5 → 註2：同註2，頁10" in (root.findtext(f"{SVG}desc") or "")
    assert not list(root.iter(f"{SVG}script", f"{SVG}a", f"{SVG}image"))
    assert "http" not in picture(rows, "題", "zh-TW").replace("http://www.w3.org/2000/svg", "")
    assert any(node.text == "圖的註 <b> & 說明。" for node in root.iter(f"{SVG}tspan"))


def test_picture_is_the_same_each_time(brief: Make) -> None:
    pictures = {picture(overview(many(brief, 20), shipped(DEFAULT)), "題", "zh-TW") for _ in range(2)}
    assert len(pictures) == 1


def test_picture_in_english(source: Source) -> None:
    _, root = drawn(source, "en")
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert "note 5 → note 2: 同註2，頁10." in (root.findtext(f"{SVG}desc") or "")


def test_picture_of_no_notes(brief: Make) -> None:
    rows, root = drawn(brief())
    assert rows == () and not list(root.iter(f"{SVG}circle"))


@pytest.mark.parametrize("notes", [1, 2, 13, 60, 120])
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_nothing_overlaps(brief: Make, notes: int, language: Language) -> None:
    rows, root = drawn(many(brief, notes), language)
    assert len(rows) == notes
    boxes = [box(node) for node in root.iter(f"{SVG}text")]
    spine = float(re.findall(r"[\d.]+", root.find(f"{SVG}g").get("transform", ""))[0])  # type: ignore[union-attr]
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for left, top, right, bottom in boxes:
        assert left > 8 and spine + right <= float(root.get("width", "")) - 40
        assert top > 0 and bottom < float(root.get("height", ""))
    arcs = [node for node in root.iter(f"{SVG}path") if len(node)]
    for node in arcs:
        start, end = re.findall(r"(?:^M|0 0 [01] )(-[\d.]+) ", node.get("d", ""))
        (reach,) = re.findall(r"A([\d.]+) ", node.get("d", ""))
        assert float(start) < 0 and float(end) < 0 and spine + float(end) - float(reach) > 0
    assert len({node.get("d") for node in arcs}) == len(
        {(row.label, each.to) for row in rows for each in row.refers if each.to != row.label}
    )


def box(node: Element) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a text, from its coordinates and the widths of its characters."""
    x, y, kind = float(node.get("x", "")), float(node.get("y", "")), node.get("class", "")
    em = {"brief": 26.0, "number": 15.0}.get(kind, 12.5)
    width = sum(ems(each.text or "") * size((each.get("class") or "").split()[0]) for each in node)
    width = width or ems(node.text or "") * em
    height = em if not len(node) else 15.0
    left = x - width if kind.split()[0:1] in (["number"], ["referred"]) else x
    return left, y - 0.85 * height, left + width, y + 0.15 * height

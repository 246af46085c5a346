"""The rules about sources in notes: what they find beyond their own extracts, and what they leave alone."""

import time
from datetime import date
from pathlib import Path

import pytest

from pipeline.diagnostics import Diagnostic
from pipeline.edit import edited
from pipeline.lint import RULES
from pipeline.lint.rules import findings
from pipeline.parse import Source, parse_bytes
from tests.conftest import ARTICLE, TITLE
from tests.test_lint import read

A, B = "趙一，〈港口擴建案通過〉，《乙日報》，2021年5月6日", "錢二，〈漁業談判破局〉，《丁時報》，2021年6月7日"
C, D = "周三，〈稅率調升〉，《乙日報》，2021年5月8日", "李四，〈部長請辭〉，《丁時報》，2021年6月9日"
E, F = "吳五，〈電價凍漲〉，《乙日報》，2021年7月1日", "鄭六，〈水庫見底〉，《丁時報》，2021年7月2日"
SMITH = "John Smith, “Ports and Power,” Reuters, May 6, 2021"
JONES = "Mary Jones, “Fish and Ships,” BBC News, June 7, 2021"


def brief(*notes: str, name: str = "brief.xml") -> Source:
    calls = "".join(f'字。<fn id="fn{number}"><p>{words}</p></fn>' for number, words in enumerate(notes, start=1))
    return parse_bytes(Path(name), ARTICLE.format(meta=TITLE, body=f"<p>{calls}</p>").encode())


def body(xml: str) -> Source:
    return parse_bytes(Path("brief.xml"), ARTICLE.format(meta=TITLE, body=xml).encode())


def found(code: str, *sources: Source, published: date | None = None) -> list[Diagnostic]:
    rule = next(rule for rule in RULES if rule.code.code == code)
    return list(rule(read(*sources, published=published)))


def marked(code: str, *notes: str, issue: tuple[Source, ...] = ()) -> list[str]:
    """The stretches that a rule marks in a brief with these notes."""
    source = brief(*notes)
    return [stretch(source, each) for each in found(code, source, *issue)]


def stretch(source: Source, diagnostic: Diagnostic) -> str:
    place, lines = diagnostic.place, source.data.decode().split("\n")
    assert place.line == place.end_line
    return lines[place.line - 1][place.column - 1 : place.end_column - 1]


def mended(code: str, source: Source) -> str:
    return edited(source, [edit for each in found(code, source) for edit in each.fix]).decode()


# Separators


@pytest.mark.parametrize(
    ("notes", "marks"),
    [
        ([f"{A}；{B}。", f"{C}；{D}。", f"{E}; {F}。"], ["; "]),
        ([f"{A}；{B}。", f"{C}；{D}。", f"{E}。{F}。"], ["。"]),
        ([f"{A}；{B}。", f"{C}；{D}。", f"{E}、{F}。"], []),
        ([f"{A}；參見{B}。", f"{C}；另見{D}。", f"{E};另參{F}。"], [";"]),
        ([f"{A}；{B}。", f"{C}；{D}。", f"{E}。此說見於{F}。"], []),
        ([f"{A}；{B}。", f"{E}; {F}。"], []),
        ([f"{SMITH}; {JONES}.", f"{A}；{B}。", f"{C}；{D}。"], []),
        ([f"{SMITH}; {JONES}.", f"{JONES}; {SMITH}.", f"{SMITH}；{JONES}."], ["；"]),
        ([f"同註1；{SMITH}.", f"Ibid；{JONES}.", f"{SMITH}; {JONES}."], ["; "]),
    ],
)
def test_separators(notes: list[str], marks: list[str]) -> None:
    assert marked("N030", *notes) == marks


def test_separators_of_the_issue_decide_where_the_brief_has_one() -> None:
    other = brief(f"{A}；{B}。", f"{C}；{D}。", name="other.xml")
    assert marked("N030", f"{E}; {F}。", issue=(other,)) == ["; "]
    assert marked("N030", f"{E}; {F}。", f"{C}; {D}。", issue=(other, other)) == []


def test_separator_that_the_build_writes_is_left_alone() -> None:
    link = '<xref ref-type="fn" rid="fn1" specific-use="same-source"/>'
    assert marked("N030", f"{A}；{B}。", f"{C}；{D}。", f"{link}; {F}。") == []
    tagged = '<mixed-citation publication-type="news">{0}</mixed-citation>'
    notes = [
        f"{tagged.format(A)}；{tagged.format(B)}。",
        f"{tagged.format(C)}; {tagged.format(D)}。",
        f"{E}；{F}。",
    ]
    assert marked("N030", *notes) == []


def test_separator_mended() -> None:
    assert f"{E}；{F}。" in mended("N030", brief(f"{A}；{B}。", f"{C}；{D}。", f"{E}; {F}。"))


def test_separators_before_english_sources_are_counted_with_the_others_where_they_are_divided() -> None:
    english = [f"{SMITH}, https://a.example.org/1；{JONES}, https://b.example.org/2."]
    chinese = [f"{A}，https://c.example.org/3；{B}，https://d.example.org/4。"]
    odd = f"{JONES}, https://b.example.org/5; {SMITH}, https://a.example.org/6."
    assert marked("N030", *english, *chinese, odd) == ["; "]
    assert marked("N030", *chinese, *chinese, odd) == []
    broken = english[0].replace("6, 2021", "6 2021")
    assert marked("N030", broken, *chinese, odd) == ["; "]


def test_comma_between_two_sources() -> None:
    one, two = f"{A}，https://a.example.org/1", f"{B}，https://b.example.org/2"
    notes = [f"{one}；{two}。", f"{two}；{one}。", f"{C}，https://c.example.org/3，{D}，https://d.example.org/4。"]
    assert marked("N030", *notes) == ["，"]


# Marks of titles


@pytest.mark.parametrize(
    ("note", "marks"),
    [
        ("孫三，《港口擴建案通過》，〈乙日報〉，2021年5月8日。", ["《港口擴建案通過》，〈乙日報〉"]),
        ("孫三，《港口擴建案通過》，《乙日報》，2021年5月8日。", ["《港口擴建案通過》，《乙日報》"]),
        ("孫三，〈港口擴建案通過〉，〈乙日報〉，2021年5月8日。", ["〈港口擴建案通過〉，〈乙日報〉"]),
        ("孫三，「港口擴建案通過」，《乙日報》，2021年5月8日。", ["「港口擴建案通過」，《乙日報》"]),
        ("孫三，“港口擴建案通過”，《乙日報》，2021年5月8日。", []),
        ("孫三，〈港口「擴建」案通過〉，《乙日報》，2021年5月8日。", []),
        ("國發會，《國家發展計畫白皮書》，《國發會》，2021年5月8日。", []),
        ("司馬遷，《史記》，〈項羽本紀〉。", []),
        ("孫三，《甲書》（臺北：乙出版社，2020年）。", []),
        ("W3C，“Requirements for Text”，《W3C》，2021年5月8日。", []),
    ],
)
def test_title_marks(note: str, marks: list[str]) -> None:
    assert marked("N031", f"{A}。", f"{B}。", f"{C}。", note) == marks


@pytest.mark.parametrize(
    ("note", "marks"),
    [
        ("孫大三，港口擴建案今日通過，《中國時報》，2021年5月8日。", ["港口擴建案今日通過"]),
        ("孫大三，〈港口擴建案今日通過〉，中國時報，2021年5月8日，https://a.example.org。", ["中國時報"]),
        ("轉引自外交部的公開資料，《中國時報》，2021年5月8日。", []),
        ("國家安全研究院，《中國時報》，2021年5月8日。", []),
        ("外交部，〈港口〉（外交部公報，2021年5月8日）。", []),
        ("〈新聞稿〉，外交部，2021年5月8日，https://a.example.org。", []),
    ],
)
def test_missing_title_marks(note: str, marks: list[str]) -> None:
    assert marked("N032", f"{A}。", f"{B}。", f"{C}。", f"{D}。", note) == marks


def test_sources_that_are_never_marked_are_left_alone() -> None:
    notes = [f"趙一，〈港口擴建案通過{each}〉，中央社，2021年5月{each}日。" for each in range(1, 5)]
    assert marked("N032", *notes) == []


# Pages

BOOK = "王大明，《甲書》（臺北：乙出版社，2020年）"
PAPER = "John Smith, “Ports and Power,” Foreign Affairs, Vol. 3, No. 2, 2020"


@pytest.mark.parametrize(
    ("note", "marks", "after"),
    [
        (f"{BOOK}，p. 5。", ["p. 5"], f"{BOOK}，頁5。"),
        (f"{BOOK}，頁5-9。", [], None),
        (f"{PAPER}, 頁12.", ["頁12"], f"{PAPER}, p. 12."),
        (f"{PAPER}, 第12-15頁.", ["第12-15頁"], f"{PAPER}, pp. 12-15."),
        (f"{PAPER}, pp. 12-15.", [], None),
        ("W3C，〈CSS Text〉，《W3C》，2021年，p. 5。", [], None),
    ],
)
def test_pages_in_another_language(note: str, marks: list[str], after: str | None) -> None:
    assert marked("N033", note) == marks
    if after:
        assert after in mended("N033", brief(note))


def test_pages_that_the_brief_always_writes_so() -> None:
    assert marked("N033", *[f"{PAPER.replace('Ports', each)}, 頁12." for each in ("Ships", "Fish", "Tolls")]) == []


@pytest.mark.parametrize(
    ("pages", "marks"),
    [
        ("pp. 12-15", []),
        ("p. 12-15", ["p"]),
        ("p. 112–3", ["p"]),
        ("p. 112–8", ["p"]),
        ("p. 12-3", []),
        ("pp. 12", ["pp"]),
        ("p. 12", []),
        ("pp. 12ff.", []),
    ],
)
def test_page_or_pages(pages: str, marks: list[str]) -> None:
    assert marked("N035", f"{PAPER}, {pages}.") == marks


def test_two_orders_of_pages() -> None:
    notes = [f"{BOOK.replace('甲', each)}，頁{number}。" for number, each in enumerate("甲乙丙", start=3)]
    other = BOOK.replace("甲書", "史料彙編")
    assert marked("N045", *notes, f"{other}，第7-9頁。") == ["第7-9頁"]
    assert marked("N045", *notes, f"{other}，第3卷第2期，頁8。") == []


# The parts of a citation


@pytest.mark.parametrize(
    ("note", "count"),
    [
        ("孫三，〈水費〉，《乙日報》2021年5月8日。", 1),
        ("孫三，〈水費〉《乙日報》，2021年5月8日。", 1),
        ("孫三、〈水費〉，《乙日報》，2021年5月8日。", 0),
        ("孫三，〈水費〉，《乙日報》（2021年5月8日）。", 1),
        ("孫三，〈水費〉,《乙日報》,2021年5月8日。", 0),
        ("孫三，〈水費〉，《乙季刊》，第3卷第2期（2021年5月），頁8。", 0),
    ],
)
def test_joints(note: str, count: int) -> None:
    assert len(marked("N043", f"{A}。", f"{B}。", f"{C}。", note)) == count


def test_parts_that_are_missing() -> None:
    undated = "孫三，〈水費調升〉，《乙日報》，https://a.example.org/1。"
    dated = [f"{each}，https://a.example.org/{at}。" for at, each in enumerate((A, B, C, D), start=2)]
    assert marked("N044", *dated, undated) == ["乙日報"]
    assert marked("N044", *dated, "〈歷史沿革〉，《國家圖書館》，https://a.example.org/1。") == []
    assert marked("N044", *dated, "孫三，〈水費〉，《乙日報》，2021年月8日，https://a.example.org/1。") == []
    dated.append(f"{E}，https://a.example.org/7。")
    assert marked("N044", *dated, f"{F}。") == ["丁時報"]
    assert marked("N044", *dated, f"{F}，版A4。") == []
    assert marked("N044", *dated, "孫三，〈水費調升〉，2021年5月8日，https://a.example.org/1。") == ["水費調升"]
    assert marked("N044", *dated, "孫三，〈水費調升〉，《史學》，第3卷第2期（2021年5月），頁8。") == []


def test_english_titles_without_marks() -> None:
    address = ", https://a.example.org/1."
    notes = [f"{SMITH}{address}", f"{JONES}{address.replace('1', '2')}"]
    bare = f"Ann Lee, Ports Are Power in the Pacific, Reuters, May 8, 2021{address.replace('1', '3')}"
    assert marked("N032", *notes, bare) == ["Ports Are Power in the Pacific"]
    assert marked("N032", bare) == []
    assert marked("N032", *notes, bare.replace("Reuters", "<italic>Reuters</italic>")) == []
    assert marked("N032", *notes, f"See also the site of the port authority, May 8, 2021{address}") == []


@pytest.mark.parametrize(
    ("authors", "marks"),
    [
        ("Eve Roe &amp; Flo Soe", ["&amp;"]),
        ("Eve Roe and Flo Soe", []),
        ("Eve Roe, Flo Soe and Gus Toe", []),
        ("Eve Roe, Flo Soe &amp; Gus Toe", ["&amp;"]),
        ("Johnson &amp; Johnson", []),
    ],
)
def test_joined_authors(authors: str, marks: list[str]) -> None:
    notes = [
        "Ann Lee and Bob Ray, “A First Story,” Reuters, May 6, 2021.",
        "Cat Moe and Dan Poe, “A Second Story,” Reuters, May 7, 2021.",
        f"{authors}, “A Third Story,” Reuters, May 8, 2021.",
    ]
    assert marked("N037", *notes) == marks


def test_serial_comma() -> None:
    form = "Ann Lee, Bob Ray{0} and Cat Moe, “Story {1} of the Sea,” Reuters, May {1}, 2021."
    notes = [form.format("", day) for day in range(1, 4)]
    assert marked("N037", *notes, form.format(",", 9)) == [", and "]


def test_authors_that_the_issue_joins_otherwise() -> None:
    other = brief(
        "Ann Lee and Bob Ray, “A First Story,” Reuters, May 6, 2021.",
        "Cat Moe and Dan Poe, “A Second Story,” Reuters, May 7, 2021.",
        name="other.xml",
    )
    assert marked("N037", "Eve Roe &amp; Flo Soe, “A Story,” Reuters, May 8, 2021.", issue=(other,)) == ["&amp;"]


@pytest.mark.parametrize(
    ("imprint", "marks"),
    [
        ("（臺北: 乙出版社，2020年）", []),
        ("（서울:통일부，2024年）", [":"]),
        ("（London: Penguin，2020年）", [": "]),
        ("（臺北：乙出版社，2020年）", []),
        ("（서울: 통일부，2024年）", [": "]),
    ],
)
def test_colon_of_an_imprint(imprint: str, marks: list[str]) -> None:
    assert marked("N039", f"王大明，《甲書》{imprint}，頁5。") == marks
    assert marked("N039", "John Smith, <italic>Ports</italic> (London: Penguin, 2020), p. 5.") == []


@pytest.mark.parametrize(
    ("title", "marks"),
    [
        ("“A Third Story”,", ["”,"]),
        ("“A Third Story,”", []),
        ("“Is It a ‘Story’,”", []),
        ("“Is It a Story?”", []),
        ("“Is It a Story?”,", []),
    ],
)
def test_comma_and_quotation_mark(title: str, marks: list[str]) -> None:
    source = f"Cat Moe, {title} Reuters, May 8, 2021."
    assert marked("N040", f"{SMITH}.", f"{JONES}.", source) == marks
    british = [f"{each.replace(',”', '”,')}." for each in (SMITH, JONES)]
    assert marked("N040", *british) == []


# Addresses


@pytest.mark.parametrize(
    ("printed", "address", "is_found"),
    [
        ("2025年7月11日", "news/2025/07/10/a.html", True),
        ("2025年7月11日", "news/a-story-2025-07-10/", True),
        ("2025年7月11日", "news/20250710/a.html", True),
        ("2025年7月11日", "news/aopl/202507100217.aspx", True),
        ("2025年7月11日", "view/AKR20250710147300504", True),
        ("2025年7月11日", "n1/2025/0710/c1002-123.html", True),
        ("2025年7月11日", "world/2025/jul/10/story", True),
        ("2025年7月11日", "gn/2025/07-10/10422341.shtml", True),
        ("2025年7月11日", "news/2025/06/a-story.html", True),
        ("2025年7月11日", "news/2025/07/11/a.html", False),
        ("2025年7月11日", "news/2025/7/11/a.html", False),
        ("2025年7月11日", "news/2025/07/4cb57f17f2c7.html", False),
        ("2025年7月31日", "news/2025/08/a-story.html", False),
        ("2025年7月11日", "wp-content/uploads/2025/06/report.pdf", False),
        ("2025年7月11日", "article/25353246", False),
        ("2025年7月11日", "202507/133812.html", False),
        ("2025年7月11日", "202506/133812.html", True),
        ("2025年7月11日", "story/7332/8849890", False),
        ("2025年7月11日", "web/20240101000000/a-story-2025-07-11", False),
        ("2025年7月", "news/2025/07/10/a.html", False),
        ("2025年6月", "news/2025/07/10/a.html", True),
        ("2025年", "news/2024/07/10/a.html", False),
        ("2025年7月11日", "q/7814962e12328ec20251330c28735ec304344449.kcmsf", False),
        ("2025年7月11日", "view?newsId=148743564", False),
    ],
)
def test_date_against_address(printed: str, address: str, is_found: bool) -> None:
    note = f"趙一，〈港口擴建案〉，《乙日報》，{printed}，https://www.example.org/{address}。"
    assert marked("N041", note) == ([printed] if is_found else [])


def test_date_of_an_archive_is_not_that_of_the_page() -> None:
    address = "https://web.archive.org/web/20250801000000/https://www.example.org/a"
    assert marked("N041", f"趙一，〈港口擴建案〉，《乙日報》，2025年7月11日，{address}。") == []


@pytest.mark.parametrize(
    ("title", "address", "marks"),
    [
        ("〈談判團75：15差距懸殊　透露訊息曝〉", "談判團75-5差距懸殊-透露訊息曝-083242700.html", ["15"]),
        ("〈談判團75：15差距懸殊　透露訊息曝〉", "談判團75-15差距懸殊-透露訊息曝-083242700.html", []),
        ("〈外銷訂單年減3.5%　創新低紀錄〉", "外銷訂單年減35-創新低紀錄.html", []),
        ("〈外銷訂單年減3.5%　創新低紀錄〉", "外銷訂單年減4-5-創新低紀錄.html", ["3.5"]),
        ("〈外銷訂單年減12%　創新低紀錄〉", "外銷訂單年減21-創新低紀錄.html", ["12"]),
        ("〈外銷訂單年減12%　創新低紀錄〉", "news/2025/story-21.html", []),
        ("〈外銷訂單年減12%　創新低紀錄〉", "外銷訂單年減-創新低紀錄.html", []),
    ],
)
def test_figures_against_address(title: str, address: str, marks: list[str]) -> None:
    note = f"趙一，{title}，《乙日報》，2025年7月11日，https://www.example.org/{address}。"
    assert marked("N042", note) == marks


@pytest.mark.parametrize(
    ("title", "slug", "marks"),
    [
        ("Shares Surge 50% after Pentagon Deal", "shares-surge-50-after-pentagon-deal.html", []),
        ("Shares Surge 50% after Pentagon Deal", "shares-surge-40-after-pentagon-deal.html", ["50"]),
        ("Shares Surge 50% after Pentagon Deal", "stocks-rise-40.html", []),
        ("Deal Worth $1.5 Billion Signed in Tokyo", "deal-worth-1-5-billion-signed-in-tokyo", []),
        ("Deal Worth $1.5 Billion Signed in Tokyo", "deal-worth-1-billion-signed-tokyo-2021-07-11/", []),
        ("Deal Worth $1.5 Billion Signed in Tokyo", "deal-worth-3-billion-signed-tokyo-2021-07-11/", ["1.5"]),
        ("Navy Orders Six Frigates from Yard", "navy-orders-five-frigates-yard-2021-07-11/", ["Six"]),
        ("Navy Orders Six Frigates from Yard", "navy-orders-6-frigates-yard-2021-07-11/", []),
        ("Navy Orders Six Frigates from Yard", "navy-orders-frigates-yard-2021-07-11/", []),
        ("Navy Orders 1,000 Frigates from Yard", "navy-orders-1-000-frigates-yard/", []),
        ("Navy Wants New Frigates by 2030", "navy-wants-new-frigates-2021-07-11/", []),
        ("Navy Wants New Frigates by 2030", "navy-wants-new-frigates-by-48213.html", []),
        ("Two Killed in Frigate Fire at Yard", "2021/07/11/killed-in-frigate-fire-at-yard", []),
    ],
)
def test_figures_of_an_english_headline(title: str, slug: str, marks: list[str]) -> None:
    note = f"Ann Lee, “{title},” Reuters, July 11, 2025, https://www.example.org/{slug}."
    assert marked("N042", note) == marks


def test_one_address_for_two_works() -> None:
    address = "https://www.example.org/news/1"
    notes = [f"{A}，{address}。", f"{B}，{address}。"]
    ((finding),) = found("N034", brief(*notes))
    assert finding.message.zh == "這個網址也是本篇註1的，篇名卻不同" and len(finding.also) == 1
    assert marked("N034", f"{A}，{address}。", f"{A.replace('通過', '終於通過')}，{address}。") == []
    assert marked("N034", f"{A}，https://www.example.org/。", f"{B}，https://www.example.org/。") == []
    listing = [f"{each}，{address}。" for each in (A, B, C, D)]
    assert marked("N034", *listing) == []


def test_one_address_with_two_dates_in_two_briefs() -> None:
    address = "https://www.example.org/news/1"
    first, second = (
        brief(f"{A}，{address}。", name="a.xml"),
        brief(f"{A.replace('6日', '9日')}，{address}。", name="b.xml"),
    )
    assert found("N034", first, second) == []
    rule = next(rule for rule in RULES if rule.code.code == "N034")
    reading = read(first, second)
    [finding] = rule(reading.issue.briefs[1])
    assert finding.message.zh == "這個網址也是〈題名〉註1的，日期卻是2021-05-06" and finding.also == ()


def test_no_source_is_said_to_be_cited_again_where_only_the_address_is_the_same() -> None:
    address = "https://www.example.org/news/1"
    assert found("N002", brief(f"{A}，{address}。", f"{B}，{address}。")) == []
    assert len(found("N002", brief(f"{A}，{address}。", f"{A}，{address}。"))) == 1


# Dates of sources and events


@pytest.mark.parametrize(
    ("sentence", "printed", "is_found"),
    [
        ("兩國在2021年5月6日簽署協定。", "2021年3月2日", True),
        ("兩國在2021年5月6日簽署協定，", "2021年3月2日", True),
        ("兩國在2021年5月6日簽署協定。", "2021年5月5日", False),
        ("兩國在2021年5月6日簽署協定。", "2021年5月7日", False),
        ("兩國將在2021年5月6日簽署協定。", "2021年3月2日", False),
        ("協定於2021年5月6日生效。", "2021年3月2日", False),
        ("兩國2021年3月2日談判，2021年5月6日簽署協定。", "2021年3月2日", False),
        ("兩國在5月6日簽署協定。", "2021年3月2日", False),
        ("兩國在2021年5月6日簽署協定。這是第一次。", "2021年3月2日", False),
    ],
)
def test_source_before_event(sentence: str, printed: str, is_found: bool) -> None:
    note = f"趙一，〈港口擴建案〉，《乙日報》，{printed}，https://www.example.org/a。"
    source = body(f'<p>前言。{sentence}<fn id="fn1"><p>{note}</p></fn>後話。</p>')
    assert [stretch(source, each) for each in found("N036", source)] == ([printed] if is_found else [])


def test_event_after_the_issue_is_no_past_event() -> None:
    source = body(f'<p>兩國在2021年5月6日簽署。<fn id="fn1"><p>{A.replace("5月6日", "3月2日")}。</p></fn></p>')
    assert found("N036", source, published=date(2021, 4, 1)) == []
    assert len(found("N036", source, published=date(2021, 8, 1))) == 1


# Together


def test_hostile_notes_take_no_time() -> None:
    texts = [
        "《" * 50_000,
        "，中" * 50_000,
        "頁1" * 50_000,
        f"{A}；" * 1_000,
        "https://a/，" * 20_000,
        "“a,”" * 30_000,
    ]
    source = brief(*texts)
    rules = [rule for rule in RULES if rule.check.__module__.endswith(("citations", "locators", "sources"))]
    reading = read(source)
    started = time.perf_counter()
    findings(reading, rules)
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
    "note", ["", "〈", "》，《", "，", "“", "https://", "；；", "\ufffc", "p. ", "頁", "&amp;"]
)
def test_broken_notes(note: str) -> None:
    source = brief(note, f"{A}{note}", f"{note}{A}")
    for rule in RULES:
        if rule.check.__module__.endswith(("citations", "locators", "sources")):
            list(rule(read(source)))


@pytest.mark.parametrize(
    ("note", "marks"),
    [
        ("孫三，兩岸談判的三種可能，《和平研究》，第14卷第4期（2024年12月），頁7-9。", ["兩岸談判的三種可能"]),
        ("孫三，兩岸談判的三種可能，《和平研究》（2024年12月），頁7-9。", []),
        ("外交部，《和平白皮書》，第3期。", []),
        ("國立海洋大學海洋法律研究所，《和平研究》，第14卷第4期。", []),
        ("轉引自孫三，《和平研究》，第14卷第4期。", []),
    ],
)
def test_article_of_a_journal_without_marks(note: str, marks: list[str]) -> None:
    assert marked("N032", f"{A}。", f"{B}。", f"{C}。", note) == marks


def test_book_without_marks() -> None:
    books = [
        "王大明，《甲書》（臺北：乙出版社，2020年），頁5。",
        "李小明，《丙書》（臺北：丁出版社，2020年），頁9。",
    ]
    assert marked("N032", *books, "孫三，談判的藝術與科學（臺北：己出版社，2021年），頁7。") == [
        "談判的藝術與科學"
    ]
    assert marked("N032", *books, "孫三、李四主編（臺北：己出版社，2021年），頁7。") == []
    assert marked("N032", *books, "說明見該國憲法（即首都：新都，2021年）。") == []


@pytest.mark.parametrize(
    ("paper", "host", "is_found"),
    [
        ("經濟日報", "money.udn.com", False),
        ("經濟日報", "www.chinatimes.com", True),
        ("自由時報", "news.ltn.com.tw", False),
        ("自由時報", "tw.news.yahoo.com", False),
        ("路透社", "www.cnbc.com", False),
        ("路透社", "apnews.com", True),
        ("乙日報", "www.chinatimes.com", False),
        ("日本経済新聞", "www.asahi.com", True),
    ],
)
def test_paper_against_address(paper: str, host: str, is_found: bool) -> None:
    address = f"https://{host}/news/1"
    note = f"趙一，〈港口擴建案通過〉，《{paper}》，2021年5月6日，{address}。"
    assert marked("N046", note) == ([address] if is_found else [])


@pytest.mark.parametrize(
    ("usual", "odd", "marks"),
    [
        ("王明，《甲書》（臺北：乙社，2020年），頁5。", "孫三，《戊書》（臺北：己社，2021），頁7。", ["2021"]),
        ("王明，〈甲〉，《乙刊》，第1卷第2期，頁5。", "孫三，〈戊〉，《己刊》，3卷4期，頁7。", ["3卷4期"]),
        ("王明，〈甲〉，《乙刊》，第1卷第2期，頁5。", "孫三，〈戊〉，《己刊》，第3卷4期，頁7。", ["第3卷4期"]),
        ("王明，〈甲〉，《乙刊》，第1卷第2期，頁5。", "孫三，〈戊〉，《己刊》，第4期，頁7。", []),
        (
            "王明，〈甲〉，《乙刊》，第2期（2020年5月），頁5。",
            "孫三，〈戊〉，《己刊》，第4期，2021年6月，頁7。",
            ["，2021年6月"],
        ),
        (
            "Ann Lee, “Ports,” Ships, Vol. 3, No. 2, 2020, p. 5.",
            "Bob Ray, “Docks,” Ships, vol. 4, 2021, p. 7.",
            ["vol."],
        ),
    ],
)
def test_volumes_and_years_in_two_forms(usual: str, odd: str, marks: list[str]) -> None:
    assert marked("N047", usual, usual, odd) == marks
    assert marked("N047", usual, odd) == []


def test_site_without_marks_where_the_others_have_them() -> None:
    notes = [
        f"〈新聞稿{each}號〉，《外交部》，2021年5月{each}日，https://a.example.org/{each}。"
        for each in range(1, 4)
    ]
    bare = "〈新聞稿9號〉，外交部，2021年5月9日，https://a.example.org/9。"
    assert marked("N032", *notes, bare) == ["外交部"]
    assert marked("N032", *notes, "〈新聞稿9號〉座談會紀錄，外交部，2021年5月9日。") == []


@pytest.mark.parametrize(
    ("named", "title", "marks"),
    [
        ("《2021年軍備趨勢》", "Trends in Arms, 2020", ["2021"]),
        ("《軍備趨勢2021》", "Trends in Arms 2020", ["2021"]),
        ("《2020年軍備趨勢》", "Trends in Arms, 2020", []),
        ("《軍備趨勢》", "Trends in Arms, 2020", []),
        ("《2021年軍備趨勢》", "Trends in Arms since 2020 Reviewed", []),
        ("《2021年軍備趨勢》與《2020年年鑑》", "Trends in Arms, 2020", []),
    ],
)
def test_year_of_a_title(named: str, title: str, marks: list[str]) -> None:
    note = f"“{title},” SIPRI, May 8, 2021, https://example.org/a1."
    source = body(f'<p>智庫公布{named}。<fn id="fn1"><p>{note}</p></fn></p>')
    assert [stretch(source, each) for each in found("N048", source)] == marks

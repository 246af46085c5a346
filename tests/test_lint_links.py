"""The rules about addresses: what is found, what is mended, and what is left alone."""

import time
from xml.sax.saxutils import escape

import pytest

from pipeline.diagnostics import Diagnostic
from pipeline.edit import edited
from pipeline.lint import RULES
from pipeline.lint.addresses import addresses
from pipeline.parse import Source, parse_bytes
from pipeline.validate import check_brief
from tests.test_lint import SAMPLES, read, wrapped

LINK_RULES = [rule for rule in RULES if rule.code.code.startswith("L")]


def link(text: str, href: str | None = None) -> str:
    to = escape(text if href is None else href, {'"': "&quot;"})
    return f'<ext-link ext-link-type="uri" xlink:href="{to}">{escape(text)}</ext-link>'


def note(contents: str) -> Source:
    return wrapped("note", f"林育生，〈港口的電力〉，《海事週報》，2024年5月6日，{contents}。")


def found(source: Source) -> list[Diagnostic]:
    brief = read(source)
    return [each for rule in LINK_RULES for each in rule(brief)]


def codes(source: Source) -> list[str]:
    return [each.code for each in found(source)]


def words(source: Source, each: Diagnostic) -> str:
    assert each.place.line == each.place.end_line
    line = source.data.decode().splitlines()[each.place.line - 1]
    return line[each.place.column - 1 : each.place.end_column - 1]


def mended(source: Source) -> Source:
    """The brief after every fix, one after the other."""
    for _ in range(10):
        fix = next((each.fix for each in found(source) if each.fix), None)
        if fix is None:
            return source
        source = parse_bytes(source.path, edited(source, fix))
        assert not check_brief(source, SAMPLES)
    raise AssertionError("there is always something to mend")


def addresses_of(source: Source) -> list[tuple[str, str]]:
    return [(each.shown, each.href) for each in addresses(read(source))]


# What is right


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.gov.tw/News_Content.aspx?n=95&s=119748",
        "https://example.kr/briefing/policyBriefingView.do?newsId=148743564",
        "https://example.jp/jc/article?k=2025072200123&g=int",
        "https://example.org/watch?v=dQw4w9WgXcQ&t=90",
        "https://law.example.gov.tw/LawClass/LawAll.aspx?pcode=A0030055",
        "https://example.org/index.php?option=com_content&view=article&id=12345",
        "https://data.example.org/series?from=2020-01-01&to=2024-12-31",
        "https://example.org/search?from=taipei",
        "https://example.org/code/tree?ref=main",
        "https://example.org/rates/2024?source=1",
        "https://example.org/list?section=north",
        "https://example.org/report.pdf#page=12",
        "https://example.org/page#shareholders",
        "https://en.wikipedia.org/wiki/Strait_(geography)",
        "https://en.wikipedia.org/wiki/Apple_Inc.",
        "https://doi.org/10.1002/spe.4380111102",
        "https://doi.org/10.1016/S0140-6736(05)17946-0",
        "https://web.archive.org/web/20200101000000/http://www.example.org/a?utm_source=b",
        "https://archive.ph/https://example.org/123",
        "https://example.org/share?u=https://example.net/5",
        "https://mobile-industry.example.org/12345",
        "https://mbank.example.org/amplifier/12345.html",
        "https://example.org/a%20b/%E5%8F%B0",
        "https://example.org:8443/12345",
        "https://youtu.be/dQw4w9WgXcQ",
        "https://perma.cc/AB12-CD34",
        "https://例子.台灣/12345",
        "https://x.com/someone/status/1234567890",
    ],
)
def test_good_addresses(address: str) -> None:
    assert codes(note(link(address))) == []


def test_what_is_no_address() -> None:
    for text in (
        "HTTP/2與https都是協定，http：超文本傳輸協定",
        "見www與網際網路",
        "比例是3://4",
        link("海事週報", "https://example.org/1"),
        link("Node.js", "https://nodejs.org/"),
        link("某公司.com", "https://example.com/about"),
        link("a@example.org", "mailto:a@example.org"),
        "",
    ):
        assert codes(note(text)) == [], text


def test_words_linked_to_an_address_are_looked_at_too() -> None:
    source = note(link("原文", "https://example.org/12345?utm_source=line"))
    [each] = found(source)
    assert (each.code, words(source, each)) == ("L002", "https://example.org/12345?utm_source=line")
    assert addresses_of(mended(source)) == [("", "https://example.org/12345")]


# Short addresses


@pytest.mark.parametrize("host", ["reurl.cc", "bit.ly", "www.tinyurl.com", "t.co", "pse.is", "ppt.cc"])
def test_short_addresses(host: str) -> None:
    source = note(link(f"https://{host}/z5W9nk"))
    [each] = found(source)
    assert (each.code, words(source, each), each.fix) == ("L001", f"https://{host}/z5W9nk", ())
    assert host in each.message.zh


# Tracking


@pytest.mark.parametrize(
    ("address", "said", "clean"),
    [
        ("https://example.org/a/8849890?from=udn-relatednews_ch2", "?from=udn-relatednews_ch2", "https://example.org/a/8849890"),
        ("https://example.net/b/c90f1c1c4060.html#google_vignette", "#google_vignette", "https://example.net/b/c90f1c1c4060.html"),
        ("https://example.net/a?utm_source=x&id=3&utm_medium=y", "utm_source=x", "https://example.net/a?id=3"),
        ("https://example.net/a?id=3&fbclid=Iw-_1&gclid=2", "fbclid=Iw-_1&gclid=2", "https://example.net/a?id=3"),
        ("https://example.net/a?fbclid=1&gclid=2&id=3", "fbclid=1&gclid=2", "https://example.net/a?id=3"),
        ("https://example.net/a?id=3&fbclid=1#note2", "fbclid=1", "https://example.net/a?id=3#note2"),
        ("https://example.net/news/1?CMP=share_btn_url", "?CMP=share_btn_url", "https://example.net/news/1"),
        ("https://example.net/mine/?cf-view", "?cf-view", "https://example.net/mine/"),
        ("https://www.youtube.com/watch?v=abc&si=Qw&t=9", "si=Qw", "https://www.youtube.com/watch?v=abc&t=9"),
        ("https://x.com/a/status/12345?s=20&t=Qw", "?s=20&t=Qw", "https://x.com/a/status/12345"),
        ("https://example.net/2024/05/06/a-long-title-here?ref=home", "?ref=home", "https://example.net/2024/05/06/a-long-title-here"),
        ("https://example.net/a#:~:text=%E5%8F%B0,x", "#:~:text=%E5%8F%B0,x", "https://example.net/a"),
        ("https://example.net/a?__cft__[0]=AZ&__tn__=R", "?__cft__[0]=AZ&__tn__=R", "https://example.net/a"),
        ("https://example.net/a?spm=1.2.3#shared=1", "?spm=1.2.3#shared=1", "https://example.net/a"),
    ],
)  # fmt: skip
def test_tracking(address: str, said: str, clean: str) -> None:
    source = note(link(address))
    [each] = found(source)
    assert (each.code, words(source, each)) == ("L002", escape(said))
    assert clean in each.hint.zh
    assert addresses_of(mended(source)) == [(clean, clean)]
    plain = note(escape(address))
    assert addresses_of(mended(plain)) == [(clean, clean)], "typed as text: cleaned, then linked"


def test_tracking_in_the_link_alone_and_in_the_text_alone() -> None:
    address = "https://example.org/12345"
    for source in (note(link(address, f"{address}?utm_source=a")), note(link(f"{address}?utm_source=a", address))):
        assert codes(source) == ["L002"]
        assert addresses_of(mended(source)) == [(address, address)]


def test_the_rest_of_the_file_stays_as_it_was() -> None:
    source = note(f"甲&amp;乙 {link('https://example.org/7?a=1&b=2&utm_source=c')}")
    assert mended(source).data == source.data.replace(b"&amp;utm_source=c", b"")


@pytest.mark.parametrize("query", ["section=nk/news/all", "site=mapping", "input=1195m"])
def test_navigation(query: str) -> None:
    source = note(link(f"https://example.kr/view/AKR20250722066400009?{query}"))
    [each] = found(source)
    assert (each.code, words(source, each), each.fix) == ("L003", f"?{query}", ())


# Other readers


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://m.example.com/wap/detail/10422341.shtml", "m.example.com"),
        ("https://mobile.example.com/a/1", "mobile.example.com"),
        ("https://en.m.wikipedia.org/wiki/Taiwan", "en.m.wikipedia.org"),
        ("https://example.com/amp/news/1", "/amp/"),
        ("https://example.com/news/1/amp", "/amp"),
        ("https://example.com/news/1?outputType=amp", "outputType=amp"),
        ("https://example.com/news/1.amp.html", ".amp.html"),
    ],
)
def test_mobile(address: str, said: str) -> None:
    source = note(link(address))
    [each] = found(source)
    assert (each.code, words(source, each)) == ("L004", said)


def test_the_front_page_of_a_shortener_is_no_short_address() -> None:
    assert codes(wrapped("note", f"《縮網址》，{link('https://reurl.cc/')}。")) == []


def test_plain_http() -> None:
    source = note(link("http://example.org/1"))
    [each] = found(source)
    assert (each.code, words(source, each), each.fix) == ("L005", "http://", ())
    both = note(f"{link('http://example.org/1')}；{link('https://example.org/2')}")
    [each] = found(both)
    assert "1處" in each.message.zh
    assert addresses_of(mended(both))[0] == ("https://example.org/1", "https://example.org/1")


@pytest.mark.parametrize("head", ["http://dx.", "https://dx.", "http://", "https://www."])
def test_old_dois(head: str) -> None:
    source = note(link(f"{head}doi.org/10.5062/F47P8WCW"))
    assert codes(source) == ["L006"]
    assert addresses_of(mended(source)) == [("https://doi.org/10.5062/F47P8WCW",) * 2]
    assert not codes(note(link("doi.org/10.5062/F47P8WCW", "https://doi.org/10.5062/F47P8WCW")))


# Text and link


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("https://example.org/1", "https://example.org/2"),
        ("https://example.org/a/b", "https://example.org/a"),
        ("example.org/a", "https://example.net/a"),
        ("https://example.org/a?id=1", "https://example.org/a?id=2"),
    ],
)
def test_text_and_link_differ(text: str, href: str) -> None:
    source = note(link(text, href))
    [each] = found(source)
    assert (each.code, words(source, each), each.fix) == ("L007", text, ())


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("example.org/a", "https://www.example.org/a/"),
        ("http://example.org/a", "https://example.org/a"),
        ("https://EXAMPLE.org/%E5%8F%B0%E7%81%A3", "https://example.org/%e5%8f%b0%e7%81%a3"),
        ("https://example.org/a/very/long…", "https://example.org/a/very/long/address"),
    ],
)
def test_text_and_link_agree(text: str, href: str) -> None:
    assert codes(note(link(text, href))) == []


def test_han_in_an_address() -> None:
    source = note(link("https://example.com/zh-hant/美中談判無重大進展-將延長/a-73459581"))
    [each] = found(source)
    assert (each.code, words(source, each), each.fix) == ("L008", "美中談判無重大進展-將延長", ())


# Damage


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://example.org/1。", "https://example.org/1"),
        ("https://example.org/1，", "https://example.org/1"),
        ("https://example.org/1）", "https://example.org/1"),
        ("https://example.org/1》。", "https://example.org/1"),
        ("https://example.org/1;", "https://example.org/1"),
        ("https://https://example.org/1", "https://example.org/1"),
        ("https://example.org/a／1？id＝3", "https://example.org/a/1?id=3"),
        ("https://example.org/1?a=2&amp;b=3", "https://example.org/1?a=2&b=3"),
        ("https://example.org/１２", "https://example.org/12"),
    ],
)
def test_damage_that_can_be_mended(text: str, good: str) -> None:
    source = note(link(text))
    assert codes(source) == ["L009"]
    assert addresses_of(mended(source)) == [(good, good)]


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/1https://example.org/2",
        "https://example.org/a_(b",
        "https://example.org/a)",
        "https://example.org/a.",
        "https://example.org/a...",
        "https://example.org/%E5%8F%B",
    ],
)
def test_damage_that_someone_must_look_at(text: str) -> None:
    [each] = found(note(link(text)))
    assert (each.code, each.fix) == ("L009", ())


@pytest.mark.parametrize(
    ("typed", "good"),
    [
        ("https//example.org/1", "https://example.org/1"),
        ("http//www.example.org/1", "http://www.example.org/1"),
        ("https:/example.org/1", "https://example.org/1"),
        ("https：//example.org/1", "https://example.org/1"),
        ("https:// example.org/1", "https://example.org/1"),
        ("htps://example.org/1", "https://example.org/1"),
        ("htttp://example.org/1", "http://example.org/1"),
        ("ttps://example.org/1", "https://example.org/1"),
        ("https://example．org/1", "https://example.org/1"),
    ],
)
def test_a_start_typed_wrong(typed: str, good: str) -> None:
    source = note(typed)
    assert codes(source)[0] == "L009"
    assert addresses_of(mended(source)) == [(good, good)]
    assert addresses_of(mended(note(link(typed, good)))) == [(good, good)]


def test_marks_go_behind_the_link() -> None:
    good, wrong = link("https://example.org/1"), link("https://example.org/1，")
    assert mended(note(f"{wrong}頁5")).data == note(f"{good}，頁5").data
    assert mended(note(f"{wrong}，頁5")).data == note(f"{good}，頁5").data
    only = link("https://example.org/1", "https://example.org/1，")
    assert mended(note(f"{only}頁5")).data == note(f"{good}頁5").data


def test_a_blank_in_the_text_of_a_link() -> None:
    source = note(link("https://example.org/ 1", "https://example.org/1"))
    assert codes(source) == ["L009"]
    assert addresses_of(mended(source)) == [("https://example.org/1",) * 2]


def test_a_link_that_ends_too_early() -> None:
    [each] = found(note(f"{link('https://example.org/a')}/b?c=1"))
    assert each.code == "L009" and "/b?c=1" in each.message.zh
    assert not codes(note(f"{link('https://example.org/a')}頁5"))


def test_what_another_rule_says_already() -> None:
    for href in ("www.example.org/1", "https://exa mple.org/1。", "htps://example.org/1"):
        assert codes(note(link(href))) == []


# Addresses without a link, and links to no page


@pytest.mark.parametrize(
    ("before", "after"),
    [("", "。"), ("（", "）。"), ("網址：", "，頁5"), ("&lt;", "&gt;"), ("“", "”"), ("", " (2024)"), ("", ".")],
)
def test_an_address_typed_as_text(before: str, after: str) -> None:
    address = "https://example.org/a_(b)/1?c=2&d=3"
    source = wrapped("note", f"{before}{escape(address)}{after}")
    [each] = found(source)
    assert (each.code, words(source, each)) == ("L010", escape(address))
    assert mended(source).data == wrapped("note", f"{before}{link(address)}{after}").data


def test_an_address_whose_end_is_not_certain_is_not_linked() -> None:
    for typed in ("https://example.org/a/美中談判/b", "www.example.org/1", "https://example.org/1<bold>2</bold>3"):
        [each] = [each for each in found(note(typed)) if each.code == "L010"]
        assert each.fix == ()


def test_an_address_in_running_text_need_not_be_a_link() -> None:
    assert codes(wrapped("text", "請見https://example.org/1。")) == []


@pytest.mark.parametrize("host", ["localhost:8080", "192.168.1.7", "8.8.8.8", "intranet", "files.local", "[::1]"])
def test_private_addresses(host: str) -> None:
    [each] = found(note(link(f"https://{host}/12345")))
    assert each.code == "L011"


def test_a_front_page() -> None:
    assert codes(note(link("https://www.example.org/"))) == ["L012"]
    assert codes(wrapped("note", f"《某資料庫》，{link('https://www.example.org/')}。")) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2F1",
        "https://www.google.com/amp/s/www.example.org/1",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2F1&h=AT",
        "https://www-jstor-org.ezproxy.lib.example.edu.tw/stable/123",
        "https://example-org.translate.goog/1",
        "https://apc01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org",
        "https://news.google.com/articles/CBMiabc",
    ],
)
def test_addresses_by_way_of_another_site(address: str) -> None:
    assert "L013" in codes(note(link(address)))


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a;jsessionid=0A1B?id=7",
        "https://example.org/a?PHPSESSID=12ab",
        "https://user:word@example.org/a",
        "https://example.org/f.pdf?X-Amz-Signature=12ab",
    ],
)
def test_addresses_that_expire(address: str) -> None:
    assert codes(note(link(address))) == ["L014"]


# Anything at all


@pytest.mark.parametrize(
    "text",
    [
        "h" * 200_000,
        "https://" * 30_000,
        "https://a.b/" + "c-" * 100_000,
        "https://a.b/" + ")" * 100_000,
        ("https://a.b/" + "c" * 1_900 + " ") * 100,
        "www." * 50_000,
        "/" * 100_000,
        "https://a.b/" + "漢a" * 50_000,
        link("https://a.b/" + "c-" * 900) * 200,
        link("https://a.b/?" + "&".join(["utm_a=1"] * 200)) * 200,
        link("https://a.b/" + ")" * 1_900) * 200,
        link("", "https://a.b/"),
        link("https://"),
        link("https://a.b/1", ""),
    ],
)
def test_no_text_takes_long(text: str) -> None:
    source = wrapped("note", text)
    brief = read(source)
    _ = brief.graph.citations
    before = time.process_time()
    for rule in LINK_RULES:
        for _, _ in zip(range(20), rule(brief), strict=False):
            pass
    assert time.process_time() - before < 3

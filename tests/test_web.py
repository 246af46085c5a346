"""The web edition as files: all of the text once, every link arrives, nothing is asked of another host."""

import io
import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from lxml import etree, html

from pipeline.bibliography.suggested import full_title
from pipeline.brief import Brief, Colophon, Issue, PageBreak, Quotation, Text, inline_parts, plain, walk
from pipeline.fonts import Fonts, subset
from pipeline.profiles import languages, words
from pipeline.web import files_of, web
from pipeline.web.feeds import periodical
from pipeline.web.pictures import first_page
from pipeline.web.pictures import pictures as pictures_of
from pipeline.web.records import IssueRecord, from_json, to_json
from pipeline.web.woff2 import woff2

Element = html.HtmlElement
ATOM = "{http://www.w3.org/2005/Atom}"
BUDGET = 100_000
"""Bytes of a brief with its sheet and its script."""
GENERATED = ("call", "label", "backlink", "supplied", "page-break", "self")
"""The classes that mark what the edition says by itself."""


def names_of(issue: Issue) -> list[str]:
    return [f"brief-{number}" for number in range(1, len(issue.briefs) + 1)]


def made(issue: Issue, fonts: Fonts | None = None) -> Mapping[str, bytes]:
    names = names_of(issue)
    return web(issue, names, {name: range(3 + 4 * at, 7 + 4 * at) for at, name in enumerate(names)}, fonts)


@pytest.fixture(scope="session")
def edition(issue: Issue) -> Mapping[str, bytes]:
    return made(issue)


@pytest.fixture(scope="session")
def pages(edition: Mapping[str, bytes]) -> dict[str, Element]:
    return {name: html.document_fromstring(data) for name, data in edition.items() if name.endswith(".html")}


@pytest.fixture(scope="session")
def briefs(issue: Issue, pages: dict[str, Element]) -> list[tuple[Brief, Element]]:
    return [(brief, pages[f"web/{name}.html"]) for brief, name in zip(issue.briefs, names_of(issue), strict=True)]


def with_class(root: Element, name: str) -> list[Element]:
    return [node for node in root.iter("*") if name in (node.get("class") or "").split()]


def text_of(element: Element) -> str:
    """The text without blanks and without what the edition says by itself."""
    copy = html.fromstring(html.tostring(element, encoding="unicode"))
    for node in [*(node for name in GENERATED for node in with_class(copy, name)), *copy.iter("rt", "rp")]:
        node.drop_tree()
    return "".join(copy.text_content().split())


def meta(page: Element, name: str) -> list[str]:
    return [
        node.get("content", "") for node in page.iter("meta") if name in (node.get("name"), node.get("property"))
    ]


# The whole


def test_the_same_issue_gives_the_same_bytes(issue: Issue, edition: Mapping[str, bytes]) -> None:
    assert made(issue) == edition


def test_the_text_of_every_block_is_there_once_and_in_order(briefs: list[tuple[Brief, Element]]) -> None:
    for brief, page in briefs:
        (article,) = page.iter("article")
        text, at = text_of(article), 0
        blocks = list(walk(brief.blocks))
        parts = [part for block in blocks if not isinstance(block, Quotation) for part in inline_parts(block)]
        parts += [paragraph.children for note in brief.notes for paragraph in note.paragraphs]
        assert len(parts) > 10
        for part in parts:
            wanted = "".join(plain(part).split())
            found = text.find(wanted, at)
            assert found >= 0, wanted
            at = found
        for quotation in (block for block in blocks if isinstance(block, Quotation)):
            assert "".join(plain(quotation.attribution).split()) in text
        assert text.count("".join(plain(brief.notes[0].paragraphs[0].children).split())) == 1


def test_a_brief_stays_within_its_budget(edition: Mapping[str, bytes]) -> None:
    shared = len(edition["web/web.css"]) + len(edition["web/notes.js"])
    for name, data in edition.items():
        if re.fullmatch(r"web/brief-\d+\.html", name):
            assert len(data) + shared < BUDGET, name


def test_pages_are_html_that_a_parser_has_nothing_to_mend(edition: Mapping[str, bytes]) -> None:
    for name, data in edition.items():
        if name.endswith(".html"):
            assert data.startswith(b"<!DOCTYPE html>\n<html lang=")
            again = html.tostring(html.document_fromstring(data), encoding="unicode")
            assert html.tostring(html.document_fromstring(again), encoding="unicode") == again, name
            assert not re.search(rb"</(br|img|meta|link|input)>|<(span|a|div|p|script)[^>]*/>", data), name


# Links


def test_ids_are_unique_and_names_that_css_takes(pages: dict[str, Element]) -> None:
    for name, page in pages.items():
        ids = Counter(node.get("id") for node in page.iter("*") if node.get("id") is not None)
        assert [each for each, times in ids.items() if times > 1] == [], name
        assert all(re.fullmatch("[A-Za-z_][A-Za-z0-9_-]*", str(each)) for each in ids), name


def test_every_link_arrives(edition: Mapping[str, bytes], pages: dict[str, Element], issue: Issue) -> None:
    ids = {name: {node.get("id") for node in page.iter("*")} for name, page in pages.items()}
    there = {*edition, *files_of(names_of(issue))}
    links = 0
    for name, page in pages.items():
        for node in page.iter("a", "link", "img", "script"):
            address = node.get("href") or node.get("src")
            if address is None or urlsplit(address).scheme:
                continue
            links += 1
            target, _, fragment = urljoin(f"/{name}", address).removeprefix("/").partition("#")
            assert unquote(target) in there, f"{name}: {address}"
            if fragment:
                assert fragment in ids[target], f"{name}: {address}"
        labelled = [each for node in page.iter("*") for each in (node.get("aria-labelledby") or "").split()]
        assert set(labelled) <= ids[name]
    assert links > 100


def test_no_page_asks_another_host_for_anything(edition: Mapping[str, bytes], pages: dict[str, Element]) -> None:
    for name, page in pages.items():
        fetched = [node.get("src", "") for node in page.iter("img", "script", "iframe", "source", "embed")]
        fetched += [n.get("href", "") for n in page.iter("link") if n.get("rel") in ("stylesheet", "icon")]
        assert all(not urlsplit(address).scheme and not address.startswith("//") for address in fetched), name
        (policy,) = [
            n.get("content") for n in page.iter("meta") if n.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policy is not None and "default-src 'none'" in policy and "unsafe" not in policy
        assert not [
            node
            for node in page.iter("*")
            if any(key == "style" or key.startswith("on") for key in dict(node.attrib))
        ]
        inside = [node for node in page.iter("script") if not node.get("src")]
        assert {node.get("type") for node in inside} == {"application/ld+json"}
        assert not list(page.iter("style"))
    assert not re.search(rb"url\(|@import", edition["web/web.css"])


# Notes


def test_every_note_stands_once_with_its_call_and_the_way_back(briefs: list[tuple[Brief, Element]]) -> None:
    for brief, page in briefs:
        calls = [node for node in with_class(page, "call") if node.get("role") == "doc-noteref"]
        assert {call.get("href", "")[1:] for call in calls} == {note.anchor for note in brief.notes}
        notes = [node for node in page.iter("div") if node.get("role") == "doc-footnote"]
        assert [note.get("id") for note in notes] == [note.anchor for note in brief.notes]
        for number, (note, known) in enumerate(zip(notes, brief.notes, strict=True), 1):
            (back,) = [node for node in note.iter("a") if node.get("role") == "doc-backlink"]
            assert back.get("href") == f"#{known.anchor}-call"
            assert back.get("aria-label")
            entry = note.getparent()
            assert entry is not None and f"n{number}" in entry.get("class", "").split()
            if not known.by_author:
                assert (entry.tag, entry.get("value")) == ("li", known.label)
        (first,) = [call for call in calls if call.get("id") == f"{brief.notes[0].anchor}-call"]
        assert "n1" in first.get("class", "").split()


def test_the_sheet_has_a_place_for_every_note(issue: Issue, edition: Mapping[str, bytes]) -> None:
    sheet = edition["web/web.css"].decode()
    for number in range(2, max(len(brief.notes) for brief in issue.briefs) + 1):
        assert f".call.n{number} {{ anchor-name: --c{number}; }}" in sheet
        assert f"max(anchor(--c{number} top, 0px), anchor(--n{number - 1} bottom, 0px)" in sheet


def test_calls_that_repeat_a_note_leave_it_at_the_first(briefs: list[tuple[Brief, Element]]) -> None:
    for _, page in briefs:
        names = [
            name for call in with_class(page, "call") for name in call.get("class", "").split() if name[0] == "n"
        ]
        assert len(names) == len(set(names)), "one call alone is the anchor of a note"


# What a page shows


def test_printed_pages_have_anchors(issue: Issue) -> None:
    first = issue.briefs[0]
    section = next(first.sections())
    broken = replace(section, title=(PageBreak(12), *section.title))
    blocks = tuple(broken if block is section else block for block in first.blocks)
    brief = replace(first, title=(PageBreak(11), *first.title), blocks=blocks)
    page = html.document_fromstring(made(replace(issue, briefs=(brief, *issue.briefs[1:])))["web/brief-1.html"])
    found = with_class(page, "page-break")
    assert [(node.get("id"), node.get("role")) for node in found] == [
        ("page-11", "doc-pagebreak"),
        ("page-12", "doc-pagebreak"),
    ]
    assert [node.text_content() for node in found] == ["", ""]
    assert found[0].get("title") == words(brief.lang)["web_page"].format(page=11)


def test_sections_link_to_themselves_and_are_listed(briefs: list[tuple[Brief, Element]]) -> None:
    for brief, page in briefs:
        links = {node.get("href", "")[1:] for node in with_class(page, "self")}
        assert links == {section.anchor for section in brief.sections()}
        (listed,) = [node for node in page.iter("nav") if node.get("class") == "sections"]
        hrefs = [node.get("href", "")[1:] for node in listed.iter("a")]
        assert hrefs == [section.anchor for section in brief.sections() if section.depth <= 2]


def test_pictures_have_words_and_sizes(issue: Issue, pages: dict[str, Element]) -> None:
    shown = [node for page in pages.values() for node in page.iter("img")]
    assert len(shown) == sum(len(list(brief.figures())) for brief in issue.briefs)
    for node in shown:
        assert node.get("alt")
        assert int(node.get("width", "")) > 0 and int(node.get("height", "")) > 0


def test_a_wide_table_scrolls_in_a_frame_that_the_keyboard_reaches(pages: dict[str, Element]) -> None:
    for page in pages.values():
        for table in page.iter("table"):
            frame = table.getparent()
            assert frame is not None and (frame.get("role"), frame.get("tabindex")) == ("region", "0")
            caption = table.find("caption")
            assert caption is not None and caption.get("id") == frame.get("aria-labelledby")


@pytest.mark.parametrize("lang", languages())
def test_every_language_has_its_words_and_faces(issue: Issue, lang: str) -> None:
    brief = replace(issue.briefs[0], lang=lang)
    own = made(replace(issue, lang=lang, briefs=(brief,)))
    page = html.document_fromstring(own["web/brief-1.html"])
    assert page.get("lang") == lang
    assert words(lang)["web_skip"] in page.text_content()
    assert words(lang)["suggested_citation"] in page.text_content()


def test_markup_in_a_title_stays_text(issue: Issue) -> None:
    brief = replace(issue.briefs[0], title=(Text('</script><script src="//x">甲 & "乙"'),))
    page = html.document_fromstring(made(replace(issue, briefs=(brief,)))["web/brief-1.html"])
    assert {node.get("src") for node in page.iter("script")} == {"notes.js", None}
    (title,) = page.iter("h1")
    assert title.text_content() == '</script><script src="//x">甲 & "乙"'
    assert json_of(page)["headline"] == title.text_content()


# Metadata


def json_of(page: Element) -> dict[str, object]:
    (node,) = [node for node in page.iter("script") if node.get("type") == "application/ld+json"]
    read: dict[str, object] = json.loads(node.text or "")
    return read


def test_citation_managers_find_what_they_need(issue: Issue, briefs: list[tuple[Brief, Element]]) -> None:
    for at, (brief, page) in enumerate(briefs):
        assert meta(page, "citation_author") == [author.name for author in brief.authors]
        assert meta(page, "citation_journal_title") == [issue.title]
        assert meta(page, "citation_publication_date") == [issue.published.strftime("%Y/%m/%d")]
        assert meta(page, "citation_firstpage") == [str(3 + 4 * at)]
        assert meta(page, "citation_doi") == ([brief.doi] if brief.doi else [])
        assert meta(page, "citation_title")[0].startswith(brief.plain_title)
        assert meta(page, "og:type") == ["article"]
        assert all(content for content in meta(page, "DC.rights"))
        known = json_of(page)
        assert (known["@type"], known["headline"]) == ("ScholarlyArticle", brief.plain_title)
        assert with_class(page, "citation")[0].text_content().startswith(brief.authors[0].name)


@pytest.mark.parametrize(("collective", "kind"), [(False, "Person"), (True, "Organization")])
def test_an_author_is_a_person_or_a_body_and_an_orcid_is_a_link(issue: Issue, collective: bool, kind: str) -> None:
    orcid = "https://orcid.org/0000-0002-1825-0097"
    author = replace(issue.briefs[0].authors[0], orcid=orcid, collective=collective)
    brief = replace(issue.briefs[0], authors=(author,))
    page = html.document_fromstring(made(replace(issue, briefs=(brief,)))["web/brief-1.html"])
    assert with_class(page, "orcid")[0].get("href") == author.orcid
    assert json_of(page)["author"][0]["@type"] == kind  # type: ignore[index]


@pytest.mark.parametrize("address", ["", "https://journal.example.org/", "https://example.org/kan"])
def test_addresses_are_given_where_the_periodical_has_one(issue: Issue, address: str) -> None:
    own = made(replace(issue, colophon=replace(issue.colophon, url=address)))
    page = html.document_fromstring(own["web/brief-1.html"])
    canonical = [node.get("href") for node in page.iter("link") if node.get("rel") == "canonical"]
    base = f"{address.rstrip('/')}/{issue.folder.name}/"
    assert canonical == ([f"{base}web/brief-1.html"] if address else [])
    assert meta(page, "citation_pdf_url") == ([f"{base}offprints/brief-1.pdf"] if address else [])
    feed = etree.fromstring(own["web/feed.atom"])
    hrefs = [node.get("href", "") for node in feed.iter(f"{ATOM}link")]
    assert all(urlsplit(href).scheme for href in hrefs) == bool(address)


# Feeds


def moment(text: str | None) -> datetime:
    return datetime.fromisoformat(str(text).replace("Z", "+00:00"))


def test_the_atom_feed_is_one(issue: Issue, edition: Mapping[str, bytes]) -> None:
    """RFC 4287, 4.1.1 and 4.1.2: what a feed and an entry must have."""
    feed = etree.fromstring(edition["web/feed.atom"])
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == len(issue.briefs)
    ids = [node.findtext(f"{ATOM}id", "") for node in (feed, *entries)]
    assert len(set(ids)) == len(ids)
    assert all(uuid.UUID(each).urn == each for each in ids)
    for node, brief in zip(entries, issue.briefs, strict=True):
        assert moment(node.findtext(f"{ATOM}updated")).date() == issue.published
        assert node.findtext(f"{ATOM}title", "").startswith(brief.plain_title)
        assert [each.findtext(f"{ATOM}name") for each in node.findall(f"{ATOM}author")] == [
            a.name for a in brief.authors
        ]
        rels = [each.get("rel") for each in node.findall(f"{ATOM}link")]
        assert rels.count("alternate") == 1 and "enclosure" in rels
    assert feed.find(f"{ATOM}link[@rel='self']") is not None
    assert feed.find(f"{ATOM}updated") is not None and feed.find(f"{ATOM}title") is not None


def test_the_opds_feed_is_one(issue: Issue, edition: Mapping[str, bytes]) -> None:
    """OPDS 2.0: the feed has metadata and a link to itself; each publication metadata and something to get."""
    feed = json.loads(edition["web/opds.json"])
    assert feed["metadata"]["title"] and moment(feed["metadata"]["modified"])
    assert [link["type"] for link in feed["links"] if link["rel"] == "self"] == ["application/opds+json"]
    first, *offprints = feed["publications"]
    assert {link["type"] for link in first["links"]} == {"application/epub+zip", "application/pdf"}
    assert len(offprints) == len(issue.briefs)
    for each in feed["publications"]:
        metadata = each["metadata"]
        assert metadata["@type"].startswith("http://schema.org/") and metadata["title"] and metadata["language"]
        assert all(link["rel"] == "http://opds-spec.org/acquisition/open-access" for link in each["links"])
        assert all(link["href"] and link["type"] for link in each["links"])
        assert metadata["identifier"].startswith(("urn:uuid:", "https://doi.org/"))


def test_links_to_what_was_not_made_are_left_out(issue: Issue) -> None:
    names = names_of(issue)
    own = web(issue, names, {name: range(3, 4) for name in names}, None, beside=("issue.pdf",))
    page = html.document_fromstring(own["web/index.html"])
    hrefs = {node.get("href") for node in page.iter("a")}
    assert "../issue.pdf" in hrefs
    assert not [href for href in hrefs if href and ("epub" in href or "offprints" in href)]


# The record


def test_the_record_comes_back_as_it_was(edition: Mapping[str, bytes]) -> None:
    known = from_json(edition["web/issue.json"])
    assert to_json(known) == edition["web/issue.json"]
    assert periodical(known) == periodical(replace(known, number="99", published="2030-01-01"))


@pytest.mark.parametrize("broken", [b"", b"[]", b"{}", b"null", b'{"briefs": 3}', b"[" * 100_000])
def test_what_is_no_record_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError):
        from_json(broken)


def test_a_record_with_an_impossible_date_is_refused(edition: Mapping[str, bytes]) -> None:
    values = json.loads(edition["web/issue.json"])
    with pytest.raises(ValueError, match="isoformat"):
        from_json(json.dumps({**values, "published": "soon"}).encode())


# Pictures and fonts


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="200" height="100"', (200, 100)),
        ('viewBox="0 0 640 480"', (640, 480)),
        ('width="20mm" viewBox="0 0 100 50"', (76, 38)),
        ('height="72pt" viewBox="0 0 2 1"', (192, 96)),
        ('width="100%" viewBox="0 0 30 40"', (30, 40)),
        ("", (300, 150)),
    ],
)
def test_the_size_of_a_drawing(tmp_path: Path, issue: Issue, attributes: str, size: tuple[int, int]) -> None:
    from pipeline.brief import Figure

    path = tmp_path / "one.svg"
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>')
    figure = Figure("b01-f", "圖1", (), (), "圖", path, "one.svg")
    brief = replace(issue.briefs[0], blocks=(figure,))
    (found,) = pictures_of(replace(issue, briefs=(brief,)), None).values()
    assert (found.width, found.height) == size


def test_the_first_page_becomes_a_picture() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(600, 900)
    written = io.BytesIO()
    document.save(written)
    picture = first_page(written.getvalue())
    assert picture.data.startswith(b"\x89PNG")
    assert (picture.width, picture.height) == (900, 1350)


def test_a_font_for_the_web_is_the_same_font(prepared: Fonts) -> None:
    plain_font = subset(prepared.face("Kan Ming"), map(ord, "字格之內，A1"))
    wrapped = woff2(plain_font)
    assert wrapped == woff2(plain_font)
    assert len(wrapped) < len(plain_font)
    before, after = TTFont(io.BytesIO(plain_font)), TTFont(io.BytesIO(wrapped))
    assert after.flavor == "woff2"
    assert before.keys() == after.keys()
    tables = set(before.reader.keys()) - {"head"}
    assert all(before.getTableData(tag) == after.getTableData(tag) for tag in tables)


def test_the_sheet_names_the_fonts_that_are_there(issue: Issue, prepared: Fonts) -> None:
    own = made(issue, prepared)
    named = set(re.findall(r'url\("([^"]+)"\)', own["web/web.css"].decode()))
    there = {str(PurePosixPath(name).relative_to("web")) for name in own if name.endswith(".woff2")}
    assert named == there and there
    assert sum(len(data) for name, data in own.items() if name.endswith(".woff2")) < 1_000_000


def test_a_colophon_without_anything_makes_pages(issue: Issue) -> None:
    own = made(replace(issue, colophon=Colophon(), english_title="", volume=""))
    assert isinstance(from_json(own["web/issue.json"]), IssueRecord)


def test_every_brief_leads_to_those_beside_it(pages: dict[str, Element], issue: Issue) -> None:
    def turns() -> Iterator[tuple[str, list[str | None]]]:
        for name in names_of(issue):
            (nav,) = [node for node in pages[f"web/{name}.html"].iter("nav") if node.get("class") == "turn"]
            yield name, [node.get("href") for node in nav.iter("a")]

    found = dict(turns())
    assert found["brief-1"] == ["brief-2.html"]
    assert found["brief-2"] == ["brief-1.html", "brief-3.html"]


def test_only_short_references_stay_in_one_line(briefs: list[tuple[Brief, Element]]) -> None:
    for _, page in briefs:
        for each in with_class(page, "reference"):
            assert (each.get("data-short") is not None) == (len(each.text_content()) <= 6)


def test_machines_get_the_address_of_the_licence_and_readers_its_page(issue: Issue) -> None:
    deed = "https://creativecommons.org/licenses/by/4.0/deed.zh-hant"
    licensed = replace(issue, colophon=replace(issue.colophon, licence="姓名標示", licence_href=deed))
    page = html.document_fromstring(made(licensed)["web/brief-1.html"])
    assert json_of(page)["license"] == deed.removesuffix("deed.zh-hant")
    assert [each.get("href") for each in page.iter("link") if each.get("rel") == "license"] == [
        deed.removesuffix("deed.zh-hant")
    ]
    assert [each.get("href") for each in page.iter("a") if each.get("rel") == "license"] == [deed]


def test_titles_in_the_description_are_told_apart(issue: Issue, pages: dict[str, Element]) -> None:
    assert meta(pages["web/index.html"], "description")[0].split("；") == [
        full_title(each) for each in issue.briefs
    ]

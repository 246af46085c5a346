"""Finishing: the issue and its offprints are cuts of the painted pages, and each is complete by itself."""

import io
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import page as page_validation
import pikepdf
import pypdfium2
import pytest
from lxml import etree
from pikepdf import Name

from pipeline import fonts
from pipeline.diagnostics import ManuscriptError, Place
from pipeline.finishing import finish
from pipeline.finishing.cut import cut
from pipeline.finishing.edition import issue_edition, offprint_edition
from pipeline.finishing.master import Master, survey
from pipeline.finishing.subset import subset_fonts
from pipeline.finishing.write import _ENDS_IN_CR, describe, written
from pipeline.finishing.xmp import packet
from pipeline.printing import Printed, SetIssue, print_pdf
from tests.conftest import SAMPLE, issue_in

NAMES = ("brief-1", "brief-2", "brief-3", "brief-4", "brief-5")


@dataclass(frozen=True)
class Finished:
    painted: bytes
    pages: SetIssue
    editions: Mapping[str, bytes]

    @property
    def fronts(self) -> range:
        with pikepdf.open(io.BytesIO(self.painted)) as document:
            return self.pages.fronts(len(document.pages))


@pytest.fixture(scope="module")
def finished(prepared: fonts.Fonts) -> Finished:
    printed = printed_issue(prepared)
    return Finished(printed.pdf, printed.pages, finish(printed.pdf, printed.pages, NAMES))


def printed_issue(prepared: fonts.Fonts) -> Printed:
    issue = issue_in(SAMPLE)
    return print_pdf(issue, prepared, [Place(SAMPLE / "issue.xml")] * (len(issue.briefs) + 1))


@pytest.fixture(scope="module")
def master(finished: Finished) -> Master:
    return survey(finished.painted)


@pytest.fixture(params=["issue.pdf", *(f"offprints/{name}.pdf" for name in NAMES)])
def edition(request: pytest.FixtureRequest, finished: Finished) -> Iterator[pikepdf.Pdf]:
    """Each edition, opened."""
    with pikepdf.open(io.BytesIO(finished.editions[request.param])) as document:
        yield document


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


# The pages


def test_there_is_the_issue_and_an_offprint_of_each_brief(finished: Finished) -> None:
    assert list(finished.editions) == ["issue.pdf", *(f"offprints/{name}.pdf" for name in NAMES)]
    with opened(finished.editions["issue.pdf"]) as issue:
        assert len(issue.pages) == finished.fronts[0] - 1 == finished.pages.briefs[-1].pages[-1] + 1
    for name, part in zip(NAMES, finished.pages.briefs, strict=True):
        with opened(finished.editions[f"offprints/{name}.pdf"]) as offprint:
            assert len(offprint.pages) == 1 + len(part.pages)


def test_the_same_pages_give_the_same_bytes(finished: Finished) -> None:
    assert finish(finished.painted, finished.pages, NAMES) == finished.editions


def test_painted_pages_of_something_else_are_refused(finished: Finished) -> None:
    with pytest.raises(ValueError, match="are not those of an issue of 4 briefs"):
        finish(finished.painted, finished.pages, NAMES[:4])


@pytest.mark.parametrize("number", range(5))
def test_an_offprint_has_the_very_pages_of_the_issue(finished: Finished, number: int) -> None:
    part = finished.pages.briefs[number]
    with opened(finished.editions["issue.pdf"]) as issue, opened(offprint_of(finished, number)) as offprint:
        for index, folio in enumerate(part.pages, start=1):
            assert drawn(offprint, index) == drawn(issue, folio - 1)
            assert offprint.pages[index].mediabox == issue.pages[folio - 1].mediabox


def offprint_of(finished: Finished, number: int) -> bytes:
    return finished.editions[f"offprints/{NAMES[number]}.pdf"]


def drawn(document: pikepdf.Pdf, index: int) -> bytes:
    contents: Any = document.pages[index].Contents
    assert isinstance(contents, pikepdf.Stream)
    return contents.read_bytes()


@pytest.mark.parametrize("number", range(5))
def test_an_offprint_looks_like_the_issue(finished: Finished, number: int) -> None:
    issue = pypdfium2.PdfDocument(finished.editions["issue.pdf"])
    offprint = pypdfium2.PdfDocument(offprint_of(finished, number))
    painted = pypdfium2.PdfDocument(finished.painted)
    assert pixels(offprint, 0) == pixels(painted, finished.fronts[number] - 1)
    for index, folio in enumerate(finished.pages.briefs[number].pages, start=1):
        assert pixels(offprint, index) == pixels(issue, folio - 1)


def pixels(document: Any, index: int) -> bytes:
    return bytes(document[index].render(scale=0.7).to_pil().tobytes())


def test_nothing_is_left_of_other_pages(edition: pikepdf.Pdf) -> None:
    pages = {page.obj.objgen for page in edition.pages}
    found = {each.objgen for each in dictionaries(edition) if each.get(Name.Type) == Name.Page}
    assert found == pages
    placed = {each.Pg.objgen for each in dictionaries(edition) if Name.Pg in each}
    assert placed == pages
    parents = [each.P.objgen for each in dictionaries(edition) if Name.S in each and Name.P in each]
    assert set(parents) <= {each.objgen for each in elements(edition)} | {edition.Root.StructTreeRoot.objgen}


def dictionaries(document: pikepdf.Pdf) -> Iterator[Any]:
    return (each for each in document.objects if isinstance(each, pikepdf.Dictionary))


def elements(document: pikepdf.Pdf) -> Iterator[Any]:
    """The structure elements in the order of the tree."""
    waiting = [document.Root.StructTreeRoot]
    while waiting:
        element: Any = waiting.pop()
        if Name.S in element:
            yield element
        waiting += [
            kid for kid in reversed(kids_of(element)) if isinstance(kid, pikepdf.Dictionary) and Name.S in kid
        ]


def is_element(kid: Any) -> bool:
    return isinstance(kid, pikepdf.Dictionary) and Name.S in kid


def kids_of(element: Any) -> list[Any]:
    kids = element.get(Name.K, pikepdf.Array())
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


# The structure


def test_every_piece_of_content_has_its_element(edition: pikepdf.Pdf) -> None:
    """The parent tree leads from each marked piece to an element of the tree that has it among its kids."""
    parents = pikepdf.NumberTree(edition.Root.StructTreeRoot.ParentTree)
    alive = {each.objgen for each in elements(edition)}
    keys = set()
    for page in edition.pages:
        key = int(page.obj.StructParents)
        keys.add(key)
        marked = {int(number) for number in re.findall(rb"/MCID (\d+)", page.obj.Contents.read_bytes())}
        owners: list[Any] = list(parents[key])
        assert marked == {number for number, owner in enumerate(owners) if owner is not None}
        assert {owner.objgen for owner in owners if owner is not None} <= alive
        for annotation in page.get("/Annots", ()):
            keys.add(int(annotation.StructParent))
            owner: Any = parents[int(annotation.StructParent)]
            assert owner.objgen in alive
            assert any(getattr(kid, "Obj", None) == annotation for kid in kids_of(owner))
    assert set(parents.keys()) == keys


def test_the_front_page_is_read_first(finished: Finished) -> None:
    with opened(offprint_of(finished, 1)) as offprint:
        document = next(elements(offprint))
        assert str(document.S) == "/Document"
        pages = [page.obj.objgen for page in offprint.pages]
        first, *others = (first_page(kid) for kid in kids_of(document))
        assert first == pages[0]
        assert others and set(others) == {pages[1]}


def first_page(element: Any) -> Any:
    """The page of the first content of an element."""
    for kid in kids_of(element):
        if is_element(kid):
            found = first_page(kid)
            if found is not None:
                return found
        elif isinstance(kid, pikepdf.Dictionary) and Name.Pg in kid:
            return kid.Pg.objgen
        else:
            return element.Pg.objgen
    return None


def test_links_lead_to_places_that_are_there(edition: pikepdf.Pdf) -> None:
    places = pikepdf.NameTree(edition.Root.Names.Dests)
    pages = {page.obj.objgen for page in edition.pages}
    assert {target[0].objgen for _, target in places.items()} <= pages
    ends = [str(each.Dest) for each in annotations(edition) if Name.Dest in each]
    assert ends
    assert set(ends) <= {str(name) for name in places}


def annotations(document: pikepdf.Pdf) -> Iterator[Any]:
    return chain.from_iterable(page.obj.get(Name.Annots, ()) for page in document.pages)


def test_a_link_that_leads_out_of_a_cut_becomes_text(master: Master, finished: Finished) -> None:
    """The contents page by itself, whose every entry leads to a page that is not there."""
    with cut(master, (2,)) as document:
        describe(document, issue_edition(finished.pages, finished.fronts))
        data = written(document)
    with opened(data) as alone:
        assert len(alone.pages) == 1
        assert not list(annotations(alone))
        assert Name.Link not in {each.S for each in elements(alone)}
        assert list(elements(alone))
    assert not [failure.rule_id for failure in failures(data, "2a")]


# What is not used is not there


def test_fonts_have_the_glyphs_of_the_offprint_only(finished: Finished) -> None:
    with opened(finished.editions["issue.pdf"]) as issue, opened(offprint_of(finished, 4)) as offprint:
        whole, small = font_sizes(issue), font_sizes(offprint)
        assert set(small) <= set(whole)
        assert sum(small.values()) < 0.5 * sum(whole.values())


def font_sizes(document: pikepdf.Pdf) -> dict[str, int]:
    descriptors = [each for each in dictionaries(document) if each.get(Name.Type) == Name.FontDescriptor]
    assert not any(Name.CIDSet in each for each in descriptors)
    return {str(each.FontName).partition("+")[2]: len(each.FontFile2.read_raw_bytes()) for each in descriptors}


def test_a_font_has_one_name_and_every_subset_its_own(finished: Finished) -> None:
    tags = []
    for data in finished.editions.values():
        with opened(data) as document:
            for font in dictionaries(document):
                if font.get(Name.Subtype) == Name.Type0:
                    descendant: Any = font.DescendantFonts[0]
                    names = {str(font.BaseFont), str(descendant.BaseFont), str(descendant.FontDescriptor.FontName)}
                    assert len(names) == 1
                    tags.append((names.pop(), descendant.FontDescriptor.FontFile2.read_bytes()))
    assert all(re.fullmatch("/[A-Z]{6}[+].+", name) for name, _ in tags)
    assert len(dict(tags)) == len(set(tags))


def test_only_resources_that_are_drawn_are_there(edition: pikepdf.Pdf) -> None:
    resources: Any = edition.pages[0].obj.Resources
    forms = [form for form in resources.get(Name.XObject, {}).values() if form.Subtype == "/Form"]
    drawn_ones = [*(page.obj.Contents for page in edition.pages), *forms]
    used = {name for each in drawn_ones for name in re.findall(rb"/[\w.-]+", each.read_bytes())}
    for kind in (Name.Font, Name.XObject, Name.ExtGState):
        assert {name.encode() for name in resources.get(kind, {})} <= used


def test_literal_strings_leave_the_fonts_alone(master: Master, finished: Finished) -> None:
    """Their glyphs are not counted, so none may be taken away."""
    literal = replace(master, pages=tuple(replace(page, literal=True) for page in master.pages))
    with cut(literal, finished.pages.briefs[0].pages) as document:
        before = font_sizes(document)
        subset_fonts(document, literal, finished.pages.briefs[0].pages)
        assert font_sizes(document) == before


# What it says about itself


def test_page_labels_are_the_printed_numbers(finished: Finished) -> None:
    issue = pypdfium2.PdfDocument(finished.editions["issue.pdf"])
    assert [issue.get_page_label(index) for index in range(len(issue))] == [
        str(number) for number in range(1, len(issue) + 1)
    ]
    for number, part in enumerate(finished.pages.briefs):
        offprint = pypdfium2.PdfDocument(offprint_of(finished, number))
        labels = [offprint.get_page_label(index) for index in range(len(offprint))]
        assert labels == ["抽印本", *map(str, part.pages)]


def test_the_outline_of_the_issue(finished: Finished) -> None:
    titles = bookmarks(finished.editions["issue.pdf"])
    top = [title for level, title, _ in titles if level == 0]
    assert top == ["封面", "目次", *(part.brief.plain_title for part in finished.pages.briefs), "版權頁"]
    sections = sum(1 for part in finished.pages.briefs for _ in part.brief.sections())
    assert len(titles) == len(top) + sections


@pytest.mark.parametrize("number", range(5))
def test_the_outline_of_an_offprint(finished: Finished, number: int) -> None:
    brief = finished.pages.briefs[number].brief
    titles = bookmarks(offprint_of(finished, number))
    assert [title for level, title, _ in titles if level == 0] == ["抽印本", brief.plain_title]
    assert [page for _, _, page in titles[:2]] == [0, 1]
    assert len(titles) == 2 + sum(1 for _ in brief.sections())


def bookmarks(data: bytes) -> list[tuple[int, str, int]]:
    """The outline: (level, title, index of the page)."""
    items = pypdfium2.PdfDocument(data).get_toc()
    return [(item.level, item.get_title(), item.get_dest().get_index()) for item in items]


def test_metadata_of_an_offprint(finished: Finished) -> None:
    issue, part = finished.pages.issue, finished.pages.briefs[0]
    with opened(offprint_of(finished, 0)) as offprint, offprint.open_metadata() as metadata:
        assert metadata["dc:title"] == "字格之內：中文排版的三條規矩──版心、避頭尾與標點擠壓"
        assert metadata["dc:creator"] == ["編輯部"]
        assert metadata["dc:publisher"] == {issue.colophon.publisher}
        assert metadata["dc:identifier"] == f"doi:{part.brief.doi}"
        assert metadata["xmpRights:WebStatement"] == issue.colophon.licence_href
        prism = "{http://prismstandard.org/namespaces/basic/3.0/}"
        assert metadata[f"{prism}startingPage"] == str(part.pages[0])
        assert metadata[f"{prism}endingPage"] == str(part.pages[-1])
        assert metadata[f"{prism}publicationName"] == "版面"
        assert (metadata[f"{prism}volume"], metadata[f"{prism}number"]) == ("1", "1")
        assert metadata[f"{prism}doi"] == part.brief.doi
        assert str(offprint.Root.Lang) == part.brief.lang


def test_the_issue_is_identified_by_its_uuid(finished: Finished) -> None:
    with opened(finished.editions["issue.pdf"]) as document, document.open_metadata() as metadata:
        assert metadata["dc:identifier"] == finished.pages.issue.identifier
        assert metadata["dc:title"] == "版面　第1卷第1期"
        assert metadata["dc:creator"] == list(finished.pages.issue.authors)


def test_titles_are_in_every_language(finished: Finished) -> None:
    tree = etree.fromstring(packet(offprint_edition(finished.pages, 0, finished.fronts)))
    spaces = {
        "dc": "http://purl.org/dc/elements/1.1/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    }
    found = {
        str(item.get("{http://www.w3.org/XML/1998/namespace}lang")): str(item.text)
        for item in tree.iterfind(".//dc:title/rdf:Alt/rdf:li", spaces)
    }
    assert list(found) == ["x-default", "zh-Hant-TW", "en"]
    assert found["x-default"] == found["zh-Hant-TW"]
    assert found["en"].startswith("Inside the Grid: ")


def test_the_dictionary_says_what_the_packet_says(edition: pikepdf.Pdf) -> None:
    with edition.open_metadata() as metadata:
        info = edition.docinfo
        assert str(info.Title) == metadata["dc:title"]
        assert str(info.Author) == "、".join(metadata["dc:creator"])
        assert str(info.Keywords) == metadata["pdf:Keywords"]
        assert str(info.Producer) == metadata["pdf:Producer"]
        assert str(info.Creator) == metadata["xmp:CreatorTool"] == "kan"
        assert str(info.CreationDate) == str(info.ModDate) == "D:20261120"
        assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2026-11-20"


def test_the_packet_can_be_read_without_a_pdf_reader(finished: Finished) -> None:
    for data in finished.editions.values():
        found = re.search(rb"<\?xpacket begin.*?<\?xpacket end", data, re.DOTALL)
        assert found is not None
        assert b"<pdfaid:part>2</pdfaid:part>" in found[0]
        assert b"<pdfuaid:part>1</pdfuaid:part>" in found[0]


def test_what_a_viewer_needs(edition: pikepdf.Pdf) -> None:
    assert bool(edition.Root.ViewerPreferences.DisplayDocTitle)
    assert bool(edition.Root.MarkInfo.Marked)
    assert edition.trailer.ID[0] == edition.trailer.ID[1]
    assert edition.Root.OutputIntents[0].DestOutputProfile.N == 3


# Standards


def failures(data: bytes, profile: str) -> list[Any]:
    report = page_validation.validate_pdf_bytes(data, profile=page_validation.ValidationProfile(profile))
    return list(report.failures)


@pytest.mark.parametrize("profile", ["2a", "ua1"])
def test_every_edition_keeps_both_standards(finished: Finished, profile: str) -> None:
    for name, data in finished.editions.items():
        assert not [failure.message for failure in failures(data, profile)], name


@pytest.mark.parametrize("profile", ["2a", "ua1"])
def test_everything_that_can_be_said_is_described(finished: Finished, profile: str) -> None:
    """All properties of PRISM at once, and a DOI with marks of XML."""
    issue = finished.pages.issue
    colophon = replace(issue.colophon, issn_print="1234-5679", issn_electronic="2049-3630")
    briefs = tuple(replace(part, brief=replace(part.brief, doi="10.5555/<a&b>")) for part in finished.pages.briefs)
    pages = replace(finished.pages, issue=replace(issue, colophon=colophon), briefs=briefs)
    data = finish(finished.painted, pages, NAMES)["offprints/brief-1.pdf"]
    assert b"<prism:issn>1234-5679</prism:issn>" in data
    assert b"<prism:doi>10.5555/&lt;a&amp;b&gt;</prism:doi>" in data
    assert not [failure.message for failure in failures(data, profile)]


def test_no_file_has_an_error_of_syntax(edition: pikepdf.Pdf) -> None:
    assert edition.check_pdf_syntax() == []


@pytest.mark.parametrize("built", ["sample_built", "real_built"])
def test_a_build_has_the_finished_editions(built: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(built)
    files = [folder / "issue.pdf", *sorted((folder / "offprints").glob("*.pdf"))]
    assert len(files) == 6
    for file in files:
        for profile in ("2a", "ua1"):
            assert not [failure.message for failure in failures(file.read_bytes(), profile)], file.name


@pytest.mark.parametrize("font", [False, True])
def test_no_stream_ends_in_a_carriage_return(font: bool) -> None:
    """The sum at the end of each of these compressed streams does, until something is added."""
    texts = [text for text in (b"%" + b"a" * count for count in range(2000)) if compressed(text).endswith(b"\r")]
    assert len(texts) > 3
    with pikepdf.new() as document:
        for text in texts:
            contents = pikepdf.Stream(document, compressed(text), Filter=Name.FlateDecode)
            if font:
                contents.Length1 = len(text)
            document.add_blank_page().obj.Contents = document.make_indirect(contents)
        data = written(document)
    assert not _ENDS_IN_CR.search(data)
    with opened(data) as read:
        for page, text in zip(read.pages, texts, strict=True):
            found = page.obj.Contents.read_bytes()
            assert found.startswith(text)
            assert len(found) == (page.obj.Contents.Length1 if font else len(text) + 1)


def compressed(data: bytes) -> bytes:
    return zlib.compress(data)


# The front page


def test_the_front_page_says_what_the_offprint_is(finished: Finished) -> None:
    for number, part in enumerate(finished.pages.briefs):
        text = front_text(offprint_of(finished, number))
        for said in (
            "抽印本",
            finished.pages.issue.title,
            "第1卷第1期",
            "2026年11月20日",
            part.brief.plain_title,
            part.brief.authors[0].name,
            f"頁{part.pages[0]}-{part.pages[-1]}",
            f"https://doi.org/{part.brief.doi}",
            finished.pages.issue.colophon.publisher,
            finished.pages.issue.colophon.licence,
        ):
            assert re.sub(r"\s", "", said) in text, said


def front_text(data: bytes) -> str:
    return re.sub(r"\s", "", str(pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range()))


LONG = "論一個極長的題名如何在抽印本的首頁上排得下而仍然好看：從版心到註釋的若干觀察"


def print_titled(folder: Path, title: str, authors: int, prepared: fonts.Fonts) -> bytes:
    contributors = "".join(
        f'<contrib contrib-type="author"><name name-style="eastern"><surname>林</surname>'
        f"<given-names>二{'甲乙丙丁戊己庚辛壬癸'[number % 10]}</given-names></name><aff>測試研究所</aff></contrib>"
        for number in range(authors)
    )
    (folder / "b.xml").write_text(
        f"""<article article-type="research-article"
        xml:lang="zh-Hant-TW"><front><article-meta><title-group><article-title>{title}</article-title></title-group>
        <contrib-group>{contributors}</contrib-group></article-meta></front><body><p>文</p></body></article>""",
        encoding="utf-8",
    )
    (folder / "issue.xml").write_text(
        """<issue xml:lang="zh-Hant-TW"><journal-meta><journal-title-group><journal-title>刊</journal-title>
        </journal-title-group></journal-meta><issue-meta><issue-number>1</issue-number>
        <pub-date iso-8601-date="2026-01-01"/></issue-meta><contents><brief href="b.xml"/></contents></issue>""",
        encoding="utf-8",
    )
    issue = issue_in(folder)
    printed = print_pdf(issue, prepared, [Place(folder / "issue.xml"), Place(folder / "b.xml")])
    return finish(printed.pdf, printed.pages, ["b"])["offprints/b.pdf"]


@pytest.mark.parametrize(("repeated", "authors"), [(1, 5), (4, 12)])
def test_a_long_head_has_room_on_the_front_page(
    repeated: int, authors: int, tmp_path: Path, prepared: fonts.Fonts
) -> None:
    text = front_text(print_titled(tmp_path, LONG * repeated, authors, prepared))
    assert text.count(LONG) == 2 * repeated  # the title and the citation
    assert text.count("林二甲") == 2 * -(-authors // 10)
    assert "建議引用" in text


def test_a_head_that_has_no_room_is_reported(tmp_path: Path, prepared: fonts.Fonts) -> None:
    with pytest.raises(ManuscriptError) as stopped:
        print_titled(tmp_path, LONG, 100, prepared)
    assert {(found.code, found.place.file.name) for found in stopped.value.diagnostics} >= {("E002", "b.xml")}

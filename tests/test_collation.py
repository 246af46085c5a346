"""Collation: whole editions have no difference, and each kind of loss is found, in any edition, at its place."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from pipeline import manifest
from pipeline.brief import Issue, Paragraph, Section
from pipeline.collation import Collation, collate, collate_archive
from pipeline.collation.article import base_text
from pipeline.collation.compare import Scope, differences
from pipeline.collation.drawn import Font, Reader, fonts_in, to_unicode
from pipeline.collation.hypertext import hypertext, read_html
from pipeline.collation.printed import printed
from pipeline.collation.tagged import Node, Readings, article_text
from pipeline.collation.text import BREAK, NoteText, Passage, Stretch, Witness
from pipeline.diagnostics import Diagnostic
from pipeline.epub import epub
from pipeline.jats import published
from pipeline.manuscript import read_issue
from pipeline.number import number
from pipeline.parse import Source
from tests.conftest import REAL_ISSUE, SAMPLE

Editions = dict[str, bytes]
Change = Callable[[str], str]
Make = Callable[..., Source]

FOREIGN = "<named-content content-type='foreign' xml:lang='en'>Map</named-content>"
CAPTION = (
    "<fig id='f'><label>圖1</label><caption><title>{}</title></caption><alt-text>圖</alt-text>"
    "<graphic xlink:href='a.png' xmlns:xlink='http://www.w3.org/1999/xlink'/></fig>"
)


def editions_in(folder: Path) -> Editions:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def sources_in(folder: Path) -> dict[str, Source]:
    manuscript = read_issue(folder)
    return dict(zip(manifest.names(manuscript), manuscript.briefs.values(), strict=True))


@pytest.fixture(scope="module")
def sample(sample_built: Path) -> Editions:
    return editions_in(sample_built)


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    return sources_in(SAMPLE)


NAMES = [f"brief-{position}" for position in range(1, 6)]


def only(editions: Editions, *beginnings: str) -> Editions:
    return {path: data for path, data in editions.items() if path.startswith(("jats/", *beginnings))}


# Nothing lost


def test_the_sample_is_whole(sample: Editions, sources: Mapping[str, Source]) -> None:
    found = collate(sample, NAMES, sources)
    assert [finding.as_line("en", "") for finding in found.findings] == []
    assert {"jats", "issue.pdf", "issue.epub", "web", *(f"offprints/{name}.pdf" for name in NAMES)} <= set(
        found.compared
    )
    notes = {count for edition, (_, count) in found.compared.items() if not edition.startswith("offprints")}
    assert notes == {57}
    assert found.verdict.en.endswith("nothing lost")


def test_the_real_issue_is_whole(real_built: Path) -> None:
    sources = sources_in(REAL_ISSUE)
    found = collate(editions_in(real_built), list(sources), sources)
    assert [finding.as_line("en", "") for finding in found.findings] == []
    assert found.compared["issue.pdf"][1] == 58


def test_a_distributor_needs_no_sources(sample: Editions) -> None:
    assert not collate(sample, NAMES).findings
    lost = {**sample, "issue.epub": in_book(sample, 1, lambda page: page.replace("行距固定", "行距固走"))}
    [finding] = collate(lost, NAMES).findings
    assert (finding.place.file, finding.code) == (Path("jats/brief-1.xml"), "K005")
    line = sample["jats/brief-1.xml"].decode().splitlines()[finding.place.line - 1]
    assert "行距固定" in line


def test_each_note_is_called_in_the_order_of_its_number(sample: Editions) -> None:
    call = replaced(r'<xref [^>]*id="fn-point-call"[^>]*>5</xref>')
    lost = {**only(sample), "jats/brief-1.xml": changed(sample["jats/brief-1.xml"], call)}
    [finding] = collate(lost, NAMES).findings
    assert (finding.code, finding.place.file.name) == ("K010", "brief-1.xml")
    assert "5" in finding.message.zh


def test_the_record_of_a_build(sample: Editions) -> None:
    found = collate(only(sample, "issue.epub"), NAMES)
    assert found.as_json()["differences"] == 0
    assert found.as_json()["editions"] == {
        edition: {"characters": found.compared["jats"][0], "notes": 57} for edition in ("issue.epub", "jats")
    }
    assert Collation().verdict.en == "collation: nothing to compare"


# Losses in the finished files


def in_book(editions: Editions, brief: int, change: Change) -> bytes:
    """The EPUB with one of its pages changed, without its fonts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(editions["issue.epub"])) as old, zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            if info.filename.endswith((".ttf", ".otf", ".woff2")):
                continue
            data = old.read(info)
            if info.filename.endswith(f"/b{brief:02}.xhtml"):
                data = changed(data, change)
            new.writestr(info, data)
    return made.getvalue()


def changed(data: bytes, change: Change) -> bytes:
    text = data.decode()
    other = change(text)
    assert other != text, "nothing was changed"
    return other.encode()


def replaced(pattern: str, by: str = "") -> Change:
    def change(text: str) -> str:
        assert re.search(pattern, text, re.DOTALL), pattern
        return re.sub(pattern, by, text, count=1, flags=re.DOTALL)

    return change


def swapped(first: str, second: str) -> Change:
    """Two stretches change places; both patterns match one stretch each."""

    def change(text: str) -> str:
        one, two = (re.search(pattern, text, re.DOTALL) for pattern in (first, second))
        assert one and two and one.end() <= two.start()
        return text[: one.start()] + two[0] + text[one.end() : two.start()] + one[0] + text[two.end() :]

    return change


P = r"<p>(?:<span[^>]*></span>)?{}(?:(?!</p>).)*</p>"
NOTE = r'<li [^>]*value="{}">(?:(?!</li>).)*</li>'

IN_HYPERTEXT: dict[str, tuple[int, Change, str, str]] = {
    # what is lost: (the brief, how, the code, what stands at the place in the source)
    "a dropped note": (1, replaced(NOTE.format(5)), "K006", '<fn id="fn-point">'),
    "a note with the text of another": (
        1,
        lambda text: (
            swapped(NOTE.format(5), NOTE.format(9))(text)
            .replace('value="5"', 'value="x"')
            .replace('value="9"', 'value="5"')
            .replace('value="x"', 'value="9"')
        ),
        "K007",
        '<fn id="fn-point">',
    ),
    "swapped notes": (1, swapped(NOTE.format(2), NOTE.format(3)), "K004", '<fn id="fn-clreq-first">'),
    "a note printed twice": (1, replaced(f"({NOTE.format(5)})", r"\1\1"), "K008", "fn-point"),
    "a call with a wrong number": (1, replaced(r'(role="doc-noteref"[^>]*>)3<', r"\g<1>4<"), "K005", "fn-clreq"),
    "a call that leads to a wrong note": (
        1,
        replaced(r'(role="doc-noteref"[^>]*href=")#b01-fn-clreq"', r'\1#b01-fn-knuth"'),
        "K009",
        "fn-clreq",
    ),
    "a wrong number in 同註": (1, replaced(r">同註3</a>", ">同註4</a>"), "K005", "specific-use"),
    "a reference that leads elsewhere": (
        1,
        replaced(r'class="reference" href="#b01-fn-clreq"', 'class="reference" href="#b01-fn-knuth"'),
        "K009",
        "specific-use",
    ),
    "a lost paragraph": (1, replaced(P.format("鉛字時代")), "K002", "鉛字時代"),
    "a paragraph twice": (1, replaced(r"(<p>一份期刊的內文.*?</p>)", r"\1\1"), "K003", "一份期刊"),
    "swapped paragraphs": (1, swapped(P.format("一份期刊"), P.format("鉛字時代")), "K004", "鉛字時代"),
    "a lost sentence": (1, replaced("而程式只做寫得出來的事。"), "K005", "而程式只做寫得出來的事"),
    "a look-alike": (1, replaced("讀者很少注意", "讀者很少汪意"), "K005", "注意這些字"),
    "a lost blank between words": (1, replaced("World Wide", "WorldWide"), "K005", " Wide Web"),
    "a clipped address": (
        1,
        replaced(r">https://doi.org/10.1002/spe.4380111102<", ">https://doi.org/10.1002<"),
        "K005",
        "/spe.4380111102</ext-link>",
    ),
    "a wrong href": (
        1,
        replaced(r'href="https://doi.org/10.1002/spe.4380111102"', 'href="https://doi.org/"'),
        "K011",
        "https://doi.org/10.1002/spe",
    ),
    "a lost language": (
        1,
        replaced(r"<span[^>]*>(World Wide Web Consortium, W3C)</span>", r"\1"),
        "K012",
        "World Wide Web",
    ),
    "a lost abstract": (1, replaced(r'<section class="abstract".*?</section>'), "K002", "漢字是等大的方塊"),
    "a lost label": (1, replaced(r'<span class="label">壹、</span>'), "K010", "前言"),
    "a wrong label": (
        1,
        replaced(r'<span class="label">圖1</span>', '<span class="label">圖2</span>'),
        "K010",
        "以字格表示的版心",
    ),
    "a lost figure": (1, replaced(r'<figure id="b01-fig-grid">.*?</figure>'), "K002", "版心示意圖"),
    "a lost alternative text": (1, replaced(r'alt="版心示意圖[^"]*"', 'alt=""'), "K002", "版心示意圖"),
    "a lost supplied source": (1, replaced(r'<span class="supplied">.*?〕</span>'), "K015", "specific-use"),
    "a supplied source of another note": (
        1,
        replaced(r'(<span class="supplied">)〔.*?〕(</span>)', r"\1〔教育部國語推行委員會編〕\2"),
        "K015",
        "specific-use",
    ),
    "a wrong href in a supplied source": (
        1,
        replaced(r'(〔(?:(?!〕).)*href=")https://www.w3.org/TR/[^"]*"', r'\1https://www.w3.org/"'),
        "K011",
        "specific-use",
    ),
    "a back link that leads elsewhere": (
        1,
        replaced(r'href="#b01-fn-point-call"( aria-label="回到註5)', r'href="#b01-fn-knuth-call"\1'),
        "K009",
        "fn-point",
    ),
    "a lost cell of a table": (1, replaced(r"<td[^>]*>(?:(?!</td>).)+</td>"), "K002", "<td"),
    "a quotation that became the author's words": (
        1,
        replaced(r"<blockquote[^>]*>(.*?)</blockquote>", r"\1"),
        "K016",
        "<p>",
    ),
    "a lost author": (1, replaced(r'<span class="name">編輯部</span>'), "K002", "編輯部"),
    "a lost keyword": (1, replaced("版心、避頭尾、標點擠壓、字格", "版心、避頭尾、標點擠壓"), "K005", "字格"),
    "lost emphasis": (
        1,
        replaced(r'<span class="emphasis-mark">(每一行都鬆一點)</span>', r"\1"),
        "K014",
        "每一行都鬆一點",
    ),
    "a lost date": (1, replaced(r"<p>收稿.*?</p>"), "K002", "date-type"),
}


@pytest.mark.parametrize("edition", ["issue.epub", "web"])
@pytest.mark.parametrize("loss", IN_HYPERTEXT)
def test_a_loss_in_hypertext(loss: str, edition: str, sample: Editions, sources: Mapping[str, Source]) -> None:
    brief, change, code, there = IN_HYPERTEXT[loss]
    mine = (f"jats/brief-{brief}", f"web/brief-{brief}", "web/figure")  # the others are not looked at: quicker
    lost = {path: data for path, data in sample.items() if path.startswith(mine)}
    path = f"web/brief-{brief}.html"
    if edition == "web":
        lost[path] = changed(lost[path], change)
    else:
        del lost[path]
        lost[edition] = in_book(sample, brief, change)
    own = {name: sources[name] for name in NAMES[brief - 1 : brief]}
    assert_found(collate(lost, NAMES, own), edition, code, there)


def rezipped(book: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The EPUB with each file as `change` leaves it; None takes it out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            data = change(info.filename, old.read(info))
            if data is not None:
                new.writestr(info, data)
    return made.getvalue()


def test_a_brief_that_is_not_in_the_spine(sample: Editions, sources: Mapping[str, Source]) -> None:
    def change(name: str, data: bytes) -> bytes:
        return re.sub(rb'<itemref idref="b02"/>', b"", data) if name.endswith(".opf") else data

    lost = {**only(sample), "issue.epub": rezipped(sample["issue.epub"], change)}
    [finding] = collate(lost, NAMES, sources).findings
    assert (finding.code, finding.place.file.name) == ("K001", "brief-2.xml")


def test_a_picture_that_is_not_in_the_book(sample: Editions, sources: Mapping[str, Source]) -> None:
    lost = {
        **only(sample),
        "issue.epub": rezipped(
            sample["issue.epub"], lambda name, data: None if name.endswith("figure-01.svg") else data
        ),
    }
    [finding] = collate(lost, NAMES, sources).findings
    assert finding.code == "K018" and "figure-01.svg" in finding.message.zh


def test_pages_that_are_not_those_of_print(sample: Editions, sources: Mapping[str, Source]) -> None:
    page = replaced(r'<span[^>]*id="page-5"[^>]*></span>')
    lost = {**only(sample, "issue.pdf"), "issue.epub": in_book(sample, 1, page)}
    assert [finding.code for finding in collate(lost, NAMES, sources).findings] == ["K019"]


def assert_found(found: Collation, edition: str, code: str, there: str) -> None:
    """The finding names the edition and points at the line of the source that has these words."""
    assert found.findings, "nothing was found"
    right = [finding for finding in found.findings if finding.code == code and in_place(finding, there)]
    assert right, [finding.as_line("zh-TW", finding.place.file.name) for finding in found.findings]
    assert edition in right[0].message.zh and "\n" not in right[0].message.zh


def in_place(finding: Diagnostic, there: str) -> bool:
    """Whether these words stand at the place, a little before or behind it on its line or the next."""
    if not finding.place.file.is_file():
        return False
    lines = finding.place.file.read_text(encoding="utf-8").splitlines()
    start = max(finding.place.column - 200, 0)
    near = "".join(lines[finding.place.line - 1 : finding.place.line + 1])[start:]
    return there in near[:600]


# Losses in the PDF


def in_pdf(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(made)
    return made.getvalue()


def elements(pdf: pikepdf.Pdf, tag: str, around: pikepdf.Object | None = None) -> Iterator[pikepdf.Object]:
    """The structure elements of a tag, in order."""
    parent = pdf.Root.StructTreeRoot if around is None else around
    for kid in kids(parent):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if str(kid.S) == f"/{tag}":
                yield kid
            yield from elements(pdf, tag, kid)


def kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    found = element.get("/K", pikepdf.Array())
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def note(pdf: pikepdf.Pdf, name: str) -> pikepdf.Object:
    return next(each for each in elements(pdf, "Note") if str(each.get("/ID")) == name)


def removed(pdf: pikepdf.Pdf, element: pikepdf.Object) -> None:
    """Take an element out of the tree."""
    parent = element.P
    parent.K = pikepdf.Array([kid for kid in kids(parent) if not same(kid, element)])


def same(one: pikepdf.Object, other: pikepdf.Object) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.objgen == other.objgen != (0, 0)


def drop_note(pdf: pikepdf.Pdf) -> None:
    removed(pdf, note(pdf, "b01-fn-point"))


def swap_notes(pdf: pikepdf.Pdf) -> None:
    one, other = (
        next(kid for kid in kids(note(pdf, name)) if str(kid.S) == "/P")
        for name in ("b01-fn-point", "b01-fn-quote-solidus")
    )
    one.K, other.K = other.K, one.K
    one.Pg, other.Pg = other.Pg, one.Pg


def break_at_page(pdf: pikepdf.Pdf) -> None:
    """What of the paragraph stands on its second page is lost."""
    for paragraph in elements(pdf, "P"):
        left = [kid for kid in kids(paragraph) if not isinstance(kid, pikepdf.Dictionary) or "/MCID" not in kid]
        if left and len(left) < len(kids(paragraph)):
            paragraph.K = pikepdf.Array(left)
            return
    raise AssertionError("no paragraph goes over a page")


def on_page(number: int, pattern: bytes, by: bytes | Callable[[re.Match[bytes]], bytes]) -> Callable[..., None]:
    """The content of a page (from 1) edited."""

    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[number - 1]
        page.contents_coalesce()
        content = page.Contents.read_bytes()
        other = re.sub(pattern, by, content, count=1, flags=re.DOTALL)
        assert other != content
        page.Contents = pdf.make_stream(other)

    return change


LINE = rb"1 0 0 -1 [\d.]+ [\d.]+ Tm\s+\[<[0-9a-f]{100,}>\] TJ"

OFF = rb"1 0 0 -1 [\d.]+ ([\d.]+ Tm\s+\[<[0-9a-f]{100,})"


def mapped(before: str, after: str) -> Callable[[pikepdf.Pdf], None]:
    """The text of a glyph becomes another in every font: what is seen is right, what is read is not."""

    def change(pdf: pikepdf.Pdf) -> None:
        old, new = (f"<{text.encode('utf-16-be').hex()}>".encode() for text in (before, after))
        for font in fonts_of(pdf):
            cmap = font.ToUnicode.read_bytes()
            font.ToUnicode = pdf.make_stream(cmap.replace(old + b"\n", new + b"\n"))

    return change


def fonts_of(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    found = {font.objgen: font for page in pdf.pages for font in page.Resources.get("/Font", {}).values()}
    return list(found.values())


def not_defined(pdf: pikepdf.Pdf) -> None:
    """A glyph becomes .notdef, and the text still says what it was."""
    font = next(font for font in fonts_of(pdf) if "Kan-Ming" in str(font.BaseFont))
    codes = {text: code for code, text in to_unicode(font.ToUnicode.read_bytes()).items()}
    wanted = f"{codes['刊']:04x}".encode()
    cmap = font.ToUnicode.read_bytes().replace(b"<%b>" % wanted, b"<0000>", 1)
    font.ToUnicode = pdf.make_stream(cmap)
    for page in pdf.pages:
        page.contents_coalesce()
        content = page.Contents.read_bytes()
        page.Contents = pdf.make_stream(
            re.sub(rb"<[0-9a-f]+>", lambda found: b"<%b>" % four(found[0][1:-1], wanted), content)
        )


def four(digits: bytes, wanted: bytes) -> bytes:
    """The codes of a string, one of them made 0."""
    codes = [digits[at : at + 4] for at in range(0, len(digits), 4)]
    return b"".join(b"0000" if code == wanted else code for code in codes)


def other_font(pdf: pikepdf.Pdf) -> None:
    font = next(font for font in fonts_of(pdf) if str(font.BaseFont).endswith("Kan-Kai"))
    font.BaseFont = pikepdf.Name("/ABCDEF+Noto-Serif")


def links(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    for page in pdf.pages:
        yield from page.get("/Annots", ())


def clip_href(pdf: pikepdf.Pdf) -> None:
    for link in links(pdf):
        if "/A" in link and "spe.4380111102" in str(link.A.get("/URI", "")):
            link.A.URI = pikepdf.String("https://doi.org/10.1002/spe")


def lead_astray(pdf: pikepdf.Pdf) -> None:
    for link in links(pdf):
        if str(link.get("/Dest", "")) == "b01-fn-point":
            link.Dest = pikepdf.String("b01-fn-levels")


def drop_alternative(pdf: pikepdf.Pdf) -> None:
    article = next(elements(pdf, "Art"))
    del next(elements(pdf, "Figure", article)).Alt


def drop_language(pdf: pikepdf.Pdf) -> None:
    article = next(elements(pdf, "Art"))
    del next(span for span in elements(pdf, "Span", article) if "/Lang" in span).Lang


def drop_cell(pdf: pikepdf.Pdf) -> None:
    removed(pdf, next(elements(pdf, "TD")))


def drop_brief(pdf: pikepdf.Pdf) -> None:
    removed(pdf, next(elements(pdf, "Art")))


def drop_ruby(pdf: pikepdf.Pdf) -> None:
    removed(pdf, next(elements(pdf, "RT")))


def swap_paragraphs(pdf: pikepdf.Pdf) -> None:
    article = next(elements(pdf, "Art"))
    section = next(each for each in elements(pdf, "Sect", article) if len(kids(each)) > 2)
    section.K = pikepdf.Array([kids(section)[0], *reversed(kids(section)[1:])])


def unquote(pdf: pikepdf.Pdf) -> None:
    next(elements(pdf, "BlockQuote")).S = pikepdf.Name("/Sect")


IN_PDF: dict[str, tuple[Callable[[pikepdf.Pdf], None], str, str]] = {
    "a dropped note": (drop_note, "K006", "fn-point"),
    "the text of two notes swapped": (swap_notes, "K007", "fn-point"),
    "a paragraph lost at the end of a page": (break_at_page, "K005", "<p>"),
    "a lost line": (on_page(4, LINE, b""), "K005", "避頭尾、標點擠壓"),
    "a look-alike": (mapped("版", "板"), "K005", "版"),
    "a glyph that is not there": (not_defined, "K017", "刊"),
    "another font": (other_font, "K017", "多數標點符號的位置有其限制"),
    "text off the page": (on_page(4, OFF, rb"1 0 0 -1 900 \1"), "K017", "避頭尾、標點擠壓"),
    "invisible text": (
        on_page(4, rb"BT(\s(?:(?!ET).)*?[0-9a-f]{100,}.*?)ET", rb"BT 3 Tr\1 0 Tr ET"),
        "K017",
        "避頭尾、標點擠壓",
    ),
    "unmarked text": (on_page(4, rb"/P\s*<</MCID \d+>>\s*BDC(.*?)EMC", rb"\1"), "K005", "鉛字時代"),
    "a wrong href": (clip_href, "K011", "https://doi.org/10.1002/spe"),
    "a call that leads to a wrong note": (lead_astray, "K009", "fn-point"),
    "a lost alternative text": (drop_alternative, "K002", "版心示意圖"),
    "a lost language": (drop_language, "K012", "World Wide Web"),
    "a lost cell": (drop_cell, "K002", "<td"),
    "a lost pronunciation": (drop_ruby, "K013", "<ruby>"),
    "swapped paragraphs": (swap_paragraphs, "K004", "鉛字時代"),
    "a quotation that became the author's words": (unquote, "K016", "disp-quote"),
    "a wrong folio": (on_page(5, rb"/Artifact(?:(?!EMC).)*EMC(?=((?!BDC).)*$)", b""), "K020", "<article"),
    "a whole brief": (drop_brief, "K001", "<article"),
}


@pytest.mark.parametrize("loss", IN_PDF)
def test_a_loss_in_the_pdf(loss: str, sample: Editions, sources: Mapping[str, Source]) -> None:
    change, code, there = IN_PDF[loss]
    lost = {**only(sample), "issue.pdf": in_pdf(sample["issue.pdf"], change)}
    assert_found(collate(lost, NAMES, sources), "issue.pdf", code, there)


def empty_glyph(pdf: pikepdf.Pdf) -> None:
    """A subset without the outline of a glyph that the pages show."""
    font = next(font for font in fonts_of(pdf) if str(font.BaseFont).endswith("Kan-Ming"))
    program = font.DescendantFonts[0].FontDescriptor.FontFile2
    codes = {text: code for code, text in to_unicode(font.ToUnicode.read_bytes()).items()}
    program.write(without_outline(program.read_bytes(), codes["版"]))


def without_outline(program: bytes, glyph: int) -> bytes:
    made = TTFont(io.BytesIO(program), lazy=True)
    order = made.getGlyphOrder()
    made["glyf"][order[glyph]] = Glyph()
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_an_offprint_whose_font_lost_a_glyph(sample: Editions, sources: Mapping[str, Source]) -> None:
    path = "offprints/brief-1.pdf"
    lost = {**only(sample, "issue.pdf"), path: in_pdf(sample[path], empty_glyph)}
    assert_found(collate(lost, NAMES, sources), path, "K017", "版")


def test_an_offprint_with_a_page_of_its_own(sample: Editions, sources: Mapping[str, Source]) -> None:
    path = "offprints/brief-1.pdf"
    lost = {**only(sample, "issue.pdf"), path: in_pdf(sample[path], on_page(2, LINE, b""))}
    found = collate(lost, NAMES, sources)
    assert {finding.code for finding in found.findings} == {"K005"}
    assert all(path in finding.message.zh for finding in found.findings)


def test_what_is_no_pdf_and_no_book(sample: Editions, sources: Mapping[str, Source]) -> None:
    lost = {**only(sample), "issue.pdf": b"%PDF-1.7", "issue.epub": b"PK", "web/index.html": b"<html/>"}
    findings = collate(lost, NAMES, sources).findings
    assert {finding.code for finding in findings} == {"K001"}
    assert len(findings) == 3 * len(NAMES)
    assert not any("object at" in finding.message.zh for finding in findings)


def damaged(book: bytes) -> bytes:
    """The EPUB with the compressed data of a page broken."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        info = next(info for info in archive.infolist() if info.filename.endswith("b01.xhtml"))
    at = info.header_offset + 30 + len(info.filename)
    return book[:at] + b"\xff" * 40 + book[at + 40 :]


def encrypted(book: bytes) -> bytes:
    """The EPUB with its first file said to be encrypted."""
    at = book.index(b"PK\x01\x02") + 8
    return book[:at] + b"\x01" + book[at + 1 :]


@pytest.mark.parametrize("damage", [damaged, encrypted, lambda book: book[:-30], lambda book: book[30:]])
def test_a_damaged_book(damage: Callable[[bytes], bytes], sample: Editions) -> None:
    lost = {**only(sample), "issue.epub": damage(sample["issue.epub"])}
    findings = collate(lost, NAMES).findings
    assert [finding.code for finding in findings] == ["K001"] * len(NAMES)


def test_a_page_of_the_same_name_elsewhere(sample: Editions) -> None:
    made = io.BytesIO(sample["issue.epub"])
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("zz/b01.xhtml", "<html/>")
    assert not collate({**only(sample), "issue.epub": made.getvalue()}, NAMES).findings


def test_what_stands_in_too_much(sample: Editions) -> None:
    deep = sample["web/brief-1.html"].replace(b"<p>", b"<div>" * 10_000 + b"<p>", 1)
    findings = collate({**only(sample, "web/brief", "web/figure"), "web/brief-1.html": deep}, NAMES).findings
    assert [finding.code for finding in findings] == ["K001"]


# Losses in the archive


IN_ARCHIVE: dict[str, tuple[int, Change, str, str]] = {
    "a dropped note": (1, replaced(r'<fn id="fn-point">.*?</fn>'), "K006", "fn-point"),
    "a look-alike": (1, replaced("讀者很少注意", "讀者很少汪意"), "K005", "注意這些字"),
    "a lost paragraph": (1, replaced(r"<p>鉛字時代(?:(?!</p>\s*</sec>).)*</p>(?=\s*</sec>)"), "K002", "鉛字時代"),
    "a wrong number of a note": (1, replaced(r'(<fn id="fn-point"><label>)5<', r"\g<1>6<"), "K006", "fn-point"),
    "a wrong label": (1, replaced("<label>壹、</label>", "<label>貳、</label>"), "K010", "<title>"),
    "a wrong number in 同註": (1, replaced(">同註3<", ">同註4<"), "K010", "same-source"),
    "a reference to another note": (
        1,
        replaced(r'rid="[^"]*"([^>]*>同註3<)', r'rid="fn-knuth"\1'),
        "K009",
        "same-source",
    ),
    "a lost locator": (2, replaced(r"，頁[0-9]+", ""), "K005", "same-source"),
    "a lost supplied source": (
        1,
        replaced(r'<mixed-citation[^>]*specific-use="supplied".*?</mixed-citation>'),
        "K015",
        "same-source",
    ),
    "another supplied source": (1, replaced("〔W3C", "〔W3D"), "K015", "same-source"),
    "a wrong href": (
        1,
        replaced(r'xlink:href="https://doi.org/10.1002[^"]*"', 'xlink:href="https://doi.org"'),
        "K011",
        "10.1002",
    ),
    "a lost language": (1, replaced(r'(<mixed-citation[^>]*) xml:lang="en"', r"\1"), "K012", "mixed-citation"),
    "a lost abstract": (1, replaced(r"<abstract.*?</abstract>"), "K002", "漢字是等大的方塊"),
    "a lost identifier": (5, replaced(r"<contrib-id.*?</contrib-id>"), "K002", "contrib-id"),
    "a lost alternative text": (1, replaced(r"<alt-text.*?</alt-text>"), "K002", "alt-text"),
    "a lost cell": (1, replaced(r"<td[^>]*>(?:(?!</td>).)+</td>"), "K002", "<td"),
    "a changed cell": (1, replaced(r"(<td[^>]*>)(?:(?!</td>).)+(</td>)", r"\1無\2"), "K005", "<td"),
    "a lost pronunciation": (4, replaced(r"<rt>.*?</rt>"), "K013", "<rb>"),
    "a quotation attributed to another": (1, replaced(r"<attrib>[^<]*", "<attrib>佚名"), "K005", "attrib"),
    "swapped paragraphs": (
        1,
        swapped(r"<p>一份期刊(?:(?!</p>).)*</p>", r"<p>鉛字時代(?:(?!</p>).)*</p>"),
        "K004",
        "鉛字時代",
    ),
    "a lost keyword": (1, replaced("<kwd>字格</kwd>"), "K005", "字格"),
    "a lost date in a citation": (
        1,
        replaced(r'(<fn id="fn-knuth".*?) iso-8601-date="[^"]*"', r"\1"),
        "K002",
        "iso-8601-date",
    ),
    "a reference that is not listed": (1, replaced(r"<ref id=.*?</ref>"), "K010", "<article"),
    "what is no XML": (1, replaced("</article>"), "K001", "<article"),
}


@pytest.mark.parametrize("loss", IN_ARCHIVE)
def test_a_loss_in_the_archive(loss: str, sample: Editions, sources: Mapping[str, Source]) -> None:
    brief, change, code, there = IN_ARCHIVE[loss]
    name = f"brief-{brief}"
    path = f"jats/{name}.xml"
    found = collate_archive({name: sources[name]}, {path: changed(sample[path], change)})
    assert_found(Collation(tuple(found)), path, code, there)


def test_a_brief_that_is_not_archived(sample: Editions, sources: Mapping[str, Source]) -> None:
    [finding] = collate_archive(sources, {path: data for path, data in sample.items() if "brief-2" not in path})
    assert (finding.code, finding.place.file.name) == ("K001", "brief-2.xml")


# Losses before anything is written


def test_a_paragraph_lost_before_the_templates(
    issue: Issue, sample: Editions, sources: Mapping[str, Source]
) -> None:
    if issue.folder != SAMPLE:
        pytest.skip("one issue is enough")
    first = issue.briefs[0]
    section = next(block for block in first.blocks if isinstance(block, Section))
    assert isinstance(section.blocks[1], Paragraph)
    short = replace(section, blocks=(section.blocks[0], *section.blocks[2:]))
    blocks = tuple(short if block is section else block for block in first.blocks)
    lost = replace(issue, briefs=(replace(first, blocks=blocks), *issue.briefs[1:]))
    book = epub(lost, None, embed=False)
    assert_found(collate({**only(sample), "issue.epub": book}, NAMES, sources), "issue.epub", "K002", "鉛字時代")


def test_a_note_lost_before_the_templates(issue: Issue, sample: Editions, sources: Mapping[str, Source]) -> None:
    if issue.folder != SAMPLE:
        pytest.skip("one issue is enough")
    first = issue.briefs[0]
    lost = replace(issue, briefs=(replace(first, notes=first.notes[:4] + first.notes[5:]), *issue.briefs[1:]))
    book = epub(lost, None, embed=False)
    found = collate({**only(sample), "issue.epub": book}, NAMES, sources)
    assert_found(found, "issue.epub", "K006", "fn-point")


def test_a_sentence_lost_in_the_archive_stage(brief: Make) -> None:
    whole = brief("<p>甲句。乙句。<fn id='a'><p>註文一。</p></fn></p><p>丙句。</p>")
    short = brief("<p>甲句。<fn id='a'><p>註文一。</p></fn></p><p>丙句。</p>")
    issue = sources_issue()
    [finding] = collate_archive({"brief": whole}, {"jats/brief.xml": published(short, issue, number(short.root))})
    assert (finding.code, finding.place.line) == ("K005", 1)
    text = whole.data.decode()
    assert text[finding.place.column - 1 : finding.place.end_column - 1] == "乙句。"


def sources_issue() -> Source:
    issue = read_issue(SAMPLE).issue
    assert issue is not None
    return issue


# What is no loss


@pytest.mark.parametrize(
    ("title", "languages"),
    [
        (FOREIGN + "圖", ["zh-Hant-TW", "en", "zh-Hant-TW"]),
        ("圖", ["zh-Hant-TW"]),
    ],
)
def test_a_label_has_the_language_of_the_brief(title: str, languages: list[str], brief: Make) -> None:
    base = printed(base_text(brief(CAPTION.format(title)).root, "brief"))
    [caption] = [each for each in base.parts["printed"] if each.role == "figure/paragraph"]
    assert [lang for lang, _ in caption.languages] == languages


def test_the_mark_of_an_author_may_stand_behind_the_note_of_a_title() -> None:
    lang = (Stretch(0, "zh-Hant-TW"),)
    written = {label: Passage("paragraph", f"註文{label}", stretches=lang) for label in ("*", "1", "2")}
    notes = tuple(NoteText(label, (passage,)) for label, passage in written.items())
    base = Witness("jats", "brief", "zh-Hant-TW", {}, notes)
    scope = Scope(back_links=False)
    printed_so, swapped_so = (
        replace(base, notes=tuple(notes[n] for n in order)) for order in ((1, 0, 2), (0, 2, 1))
    )
    assert list(differences(base, printed_so, scope)) == []
    assert [each.code.code for each in differences(base, swapped_so, scope)] == ["K004"]


def test_the_paragraphs_of_a_cell_are_lines() -> None:
    cell = Node("TD", kids=[Node("P", kids=["甲"]), Node("P", kids=["乙"])])
    article = Node("Art", kids=[Node("Table", kids=[Node("TR", kids=[cell])])])
    base = Witness("jats", "brief", "zh-Hant-TW", {}, ())
    [passage] = article_text(article, "issue.pdf", base, {}).parts["printed"]
    assert passage.text == f"甲{BREAK}乙"


RUNNING = "/Artifact <</Subtype /Header>> BDC BT /F 9 Tf 1 0 0 1 9 9 Tm <0001> Tj ET EMC "
REPEATED = "/Artifact BMC BT /F 9 Tf 1 0 0 1 9 9 Tm <0002> Tj ET EMC "


@pytest.mark.parametrize(("blank", "expected"), [("\ufe0e", 0), ("\U000e0100", 0), ("\u2060", 0), ("字", 1)])
def test_what_is_rightly_blank(blank: str, expected: int) -> None:
    """Glyph 1 has an outline, glyph 2 has none; the head of a table that goes on is no running head."""
    font = Font("Kan-Ming", True, {1: "頭", 2: blank}, {}, 1000, (0, 0, 9, 9))
    shown = Reader({"/F": font}, (0, 0, 100, 100)).read((RUNNING + REPEATED).encode())
    assert (shown.running, shown.repeated) == (["頭"], [blank])
    assert len(shown.wrong) == expected


@pytest.mark.parametrize(
    "attribute", ["hidden", "aria-hidden='true'", "style='display : none'", "style='color:red;visibility:HIDDEN'"]
)
def test_hidden_words_do_not_count(attribute: str) -> None:
    page = f"<article><p>甲<span {attribute}>藏</span>乙</p><p {attribute}>藏</p><template>藏</template></article>"
    body = hypertext(read_html(page.encode()), "web", "brief").parts["body"]
    assert [passage.text for passage in body] == ["甲乙"]


@pytest.mark.parametrize(
    "body",
    [
        "<p>漢字\n          漢字 word\n          word</p>",
        "<p>甲<fn id='a'><p>\n  W3C，〈題〉，《刊》，2020年，\n  頁 9。\n</p></fn>。</p>",
        "<p>甲<fn id='a'><p><mixed-citation>王甲，〈題〉，《刊》，2020年</mixed-citation></p></fn>乙<fn id='b'><p>"
        "<xref ref-type='fn' rid='a' specific-use='same-source'/>，頁 9-12</p></fn>。</p>",
        "<p>零\u200b寬</p>",
    ],
)
def test_what_the_house_style_writes_is_no_loss(body: str, brief: Make) -> None:
    source = brief(body)
    archived = published(source, sources_issue(), number(source.root))
    assert collate_archive({"brief": source}, {"jats/brief.xml": archived}) == []


def test_entities_are_refused(sample: Editions, sources: Mapping[str, Source]) -> None:
    hostile = b'<!DOCTYPE article [<!ENTITY a SYSTEM "file:///etc/passwd">]><article>&a;</article>'
    findings = collate({"jats/brief-1.xml": hostile}, ["brief-1"]).findings
    assert [finding.code for finding in findings] == ["K001"]


def test_a_reading_of_its_own_agrees_with_another(sample: Editions) -> None:
    """Our reading of the content streams and pdfminer's have the same characters, page by page."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LTChar, LTFigure, LTPage

    def characters(item: object) -> Iterator[str]:
        if isinstance(item, LTChar):
            yield item.get_text()
        elif hasattr(item, "__iter__") and not isinstance(item, LTFigure):
            for each in item:
                yield from characters(each)

    with pikepdf.open(io.BytesIO(sample["offprints/brief-5.pdf"])) as pdf:
        known: dict[object, Font] = {}
        pages = [Readings().read(page.obj, dict(fonts_in(page.obj, known))) for page in pdf.pages]
    ours = ["".join([*page.contents.values(), *page.running, *page.repeated]) for page in pages]
    theirs: list[LTPage] = list(extract_pages(io.BytesIO(sample["offprints/brief-5.pdf"]), laparams=None))
    for own, other in zip(ours, theirs, strict=True):
        assert letters(own) == letters("".join(characters(other)))


def letters(text: str) -> str:
    return "".join(sorted(each for each in text if each.isalnum()))

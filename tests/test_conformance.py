"""Conformance: every checker finds a fault that was put in, and has nothing to say of what is right."""

import fcntl
import io
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import cast

import pikepdf
import pytest
from pikepdf import Name

import pipeline
from pipeline.conformance import Verdict, epubcheck, node, standards, thorough
from pipeline.diagnostics import CODES, InstallationError, Words
from pipeline.fonts import Fonts
from pipeline.layout import LAYOUTS

SCRIPT = LAYOUTS / "web" / "notes.js"
LISTS = Path(node.__file__).parent / "node"

BOOK = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": """<?xml version="1.0" encoding="UTF-8"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>""",
    "EPUB/package.opf": """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="zh-Hant-TW">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:f0f15cdd-ec30-5cdf-906c-41e02c80b19d</dc:identifier>
<dc:title>一冊</dc:title><dc:language>zh-Hant-TW</dc:language>
<meta property="dcterms:modified">2026-11-20T00:00:00Z</meta>
<meta property="schema:accessMode">textual</meta><meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">每張圖都有替代文字。</meta>
<!--claim--></metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="text" href="text.xhtml" media-type="application/xhtml+xml"/>
<item id="css" href="book.css" media-type="text/css"/>
<item id="picture" href="picture.svg" media-type="image/svg+xml"/>
</manifest>
<spine><itemref idref="text"/><itemref idref="nav"/></spine>
</package>""",
    "EPUB/nav.xhtml": """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="zh" xml:lang="zh">
<head><title>目次</title></head><body><nav epub:type="toc" role="doc-toc"><h1>目次</h1><ol>
<li><a href="text.xhtml#first">第一篇</a></li></ol></nav></body></html>""",
    "EPUB/text.xhtml": """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="zh" xml:lang="zh">
<head><title>第一篇</title><link rel="stylesheet" href="book.css"/></head>
<body><main><h1 id="first">第一篇</h1>
<p>甲<sup><a epub:type="noteref" role="doc-noteref" id="call-1" href="#note-1">1</a></sup>
乙<sup><a epub:type="noteref" role="doc-noteref" id="call-2" href="#note-2">2</a></sup></p>
<figure><img src="picture.svg" alt="一個圓"/><figcaption>圖</figcaption></figure>
<section epub:type="footnotes" role="doc-endnotes"><h2>註釋</h2><ol>
<li><div id="note-1" epub:type="footnote" role="doc-footnote">甲
<a role="doc-backlink" href="#call-1">回</a></div></li>
<li value="2"><div id="note-2" epub:type="footnote" role="doc-footnote">乙
<a role="doc-backlink" href="#call-2">回</a> <a href="https://example.org/">外</a></div></li>
</ol></section></main></body></html>""",
    "EPUB/book.css": "p { background: none }",
    "EPUB/picture.svg": """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><title>圓</title>
<circle cx="1" cy="1" r="1"/></svg>""",
}

SITE = {
    "web/index.html": """<!DOCTYPE html>
<html lang="zh-Hant-TW">
<head><meta charset="utf-8"><title>一期</title><link rel="stylesheet" href="style.css">
<link rel="canonical" href="https://example.org/1/"><meta name="viewport" content="width=device-width"></head>
<body><main><h1 id="top">一期</h1>
<p>讀<a href="brief-1.html#first">第一篇</a>、<a href="../issue.pdf">全期的PDF</a>與<a href="#top">本頁</a>。</p>
</main></body>
</html>""",
    "web/brief-1.html": """<!DOCTYPE html>
<html lang="zh-Hant-TW">
<head><meta charset="utf-8"><title>第一篇</title><link rel="stylesheet" href="style.css"></head>
<body><main aria-labelledby="first"><h1 id="first">第一篇</h1>
<p>這一段的字看得清楚。<a href="./">目次</a></p><img src="picture.svg" alt="一個圓"></main></body>
</html>""",
    "web/style.css": """@media (prefers-color-scheme: dark) {
body { background: #111; color: #eee } a { color: #9cf; transition: color 60s } }""",
    "web/picture.svg": BOOK["EPUB/picture.svg"],
}


def changed(files: Mapping[str, str], name: str, old: str, new: str) -> dict[str, str]:
    """The files with one change, which must be possible once."""
    assert files[name].count(old) == 1, old
    return {**files, name: files[name].replace(old, new)}


def packed(files: Mapping[str, str]) -> bytes:
    """A book."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def page(text: str = "文") -> str:
    return f'<html lang="zh"><head><title>題</title></head><body><h1>題</h1><p>{text}</p></body></html>'


def rules(verdict: Verdict) -> list[str]:
    """The broken rules, each once: what stands before the tool's words."""
    return list(dict.fromkeys(finding.message.en.split(": ")[1] for finding in verdict.findings))


def of(verdicts: Iterable[Verdict], file: str, tool: str) -> Verdict:
    """The verdict of one tool on one file."""
    (found,) = (each for each in verdicts if (each.file, each.tool) == (file, tool))
    return found


# PDF


PAGE = """<html lang="en"><head><title>A title</title><style>
@font-face { font-family: own; src: url(%s) } * { font-family: own }</style></head>
<body><h1>A title</h1><p>Some text.</p></body></html>"""


WEASYPRINT = """
import sys, weasyprint
weasyprint.HTML(string=sys.argv[1]).write_pdf(sys.argv[2], pdf_variant=sys.argv[3], uncompressed_pdf=True)
"""


@pytest.fixture(scope="module", params=["PDF/UA-1", "PDF/A-2a"])
def conforming(
    request: pytest.FixtureRequest, prepared: Fonts, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, bytes]:
    """A standard and a page that keeps it, of an engine that kan has not changed."""
    face = next(face for face in prepared.faces if face.file.suffix in (".ttf", ".otf"))
    written = tmp_path_factory.mktemp("page") / "page.pdf"
    arguments = [PAGE % face.file.as_uri(), written, request.param.lower()]
    subprocess.run([sys.executable, "-c", WEASYPRINT, *arguments], check=True)
    return request.param, written.read_bytes()


def pdf_verdict(data: bytes, standard: str) -> Verdict:
    (found,) = (each for each in standards({"issue.pdf": data}) if each.standard == standard)
    return found


def test_a_pdf_that_keeps_a_standard_passes_it_alone(conforming: tuple[str, bytes]) -> None:
    standard, data = conforming
    verdict = pdf_verdict(data, standard)
    assert verdict == Verdict("issue.pdf", standard, "page-validation", version("page-validation"))
    (other,) = {"PDF/UA-1", "PDF/A-2a"} - {standard}
    assert rules(pdf_verdict(data, other))


def test_an_untagged_pdf_fails(conforming: tuple[str, bytes]) -> None:
    standard, data = conforming
    with pikepdf.open(io.BytesIO(data)) as opened:
        del opened.Root.StructTreeRoot
        opened.save(buffer := io.BytesIO())
    assert any("TAG" in rule or "STRUCT" in rule for rule in rules(pdf_verdict(buffer.getvalue(), standard)))


def test_a_finding_names_the_page(conforming: tuple[str, bytes]) -> None:
    standard, data = conforming
    with pikepdf.open(io.BytesIO(data)) as opened:
        opened.pages.append(opened.pages[0])
        note = pikepdf.Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9])
        opened.pages[1].obj.Annots = pikepdf.Array([opened.make_indirect(note)])
        opened.save(buffer := io.BytesIO())
    found = pdf_verdict(buffer.getvalue(), standard).findings
    assert 2 in {each.place.line for each in found}
    assert all(each.place.line == 2 for each in found if "page 2" in each.message.en)


@pytest.mark.parametrize("keep", [0, 10, -300])
def test_a_broken_pdf_is_a_finding(conforming: tuple[str, bytes], keep: int) -> None:
    standard, data = conforming
    assert rules(pdf_verdict(data[:keep], standard)) == ["ParseError"]


def test_the_drawing_for_the_typesetter_is_no_edition() -> None:
    assert standards({"overlay.pdf": b""}) == []


# Archive


@pytest.fixture(scope="module")
def jats(sample_built: Path) -> str:
    return (sample_built / "jats" / "brief-1.xml").read_text(encoding="utf-8")


def test_a_brief_is_valid(jats: str) -> None:
    assert standards({"jats/brief-1.xml": jats.encode()})[0].passed


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<title-group>", "<title-group><b/>", "DTD_"),
        ("</body>", "</body><body/>", "DTD_"),
        ("</article>", "", "XML"),
        ("<!DOCTYPE article ", "<!DOCTYPE article [<!ENTITY a 'b'>]><!--", "XML"),
    ],
)
def test_an_invalid_brief_fails(jats: str, old: str, new: str, said: str) -> None:
    (verdict,) = standards({"jats/brief-1.xml": jats.replace(old, new, 1).encode()})
    assert not verdict.passed
    assert rules(verdict)[0].startswith(said)


def test_a_fault_in_a_brief_has_its_line(jats: str) -> None:
    before, _, after = jats.partition("<body>")
    (verdict,) = standards({"jats/brief-1.xml": f"{before}<body><body/>{after}".encode()})
    (finding,) = verdict.findings
    assert finding.place.line == before.count("\n") + 1
    assert "body" in finding.message.en


def test_entities_are_not_expanded() -> None:
    bomb = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10 if n else 'x' * 10}'>" for n in range(9))
    text = f"<!DOCTYPE article [{bomb}]><article>&e8;</article>"
    for name in ("jats/brief-1.xml", "web/feed.atom"):
        assert rules(standards({name: text.encode()})[0]) == ["XML"]


# EPUB


def test_a_good_book_passes() -> None:
    assert standards({"issue.epub": packed(BOOK)}) == [
        Verdict("issue.epub", "EPUB: links, notes, pictures", "kan", pipeline.__version__)
    ]


CLAIM = '<meta property="dcterms:conformsTo">EPUB Accessibility 1.1 - WCAG 2.2 Level AA</meta>'


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("text.xhtml", 'href="#note-2"', 'href="#note-3"', "link"),
        ("text.xhtml", 'href="#call-2"', 'href="missing.xhtml"', "link"),
        ("text.xhtml", 'href="book.css"', 'href="../../book.css"', "link"),
        ("nav.xhtml", "#first", "#First", "link"),
        ("package.opf", 'href="picture.svg"', 'href="pictures.svg"', "link"),
        ("package.opf", '<item id="css" href="book.css" media-type="text/css"/>', "", "manifest"),
        ("text.xhtml", 'id="note-2"', 'id="note-1"', "id"),
        ("text.xhtml", "<main>", '<main aria-labelledby="last">', "idref"),
        ("text.xhtml", 'src="picture.svg"', 'src="https://example.org/picture.svg"', "request"),
        (
            "text.xhtml",
            'rel="stylesheet" href="book.css"',
            'rel="stylesheet" href="//example.org/a.css"',
            "request",
        ),
        ("book.css", "none", "url('http://example.org/a.png')", "request"),
        ("picture.svg", "<title>", '<image href="https://example.org/a.png"/><title>', "request"),
        ("text.xhtml", 'alt="一個圓"', 'alt=" "', "alt"),
        ("text.xhtml", 'alt="一個圓"', 'alt="picture.svg"', "alt"),
        ("text.xhtml", 'alt="一個圓"', "", "alt"),
        ("text.xhtml", "<p>甲", "<p>\ue000", "private-use"),
        ("text.xhtml", 'alt="一個圓"', 'alt="\U000f0000"', "private-use"),
        ("text.xhtml", "<h2>", '<h2 id="註釋">', "id-name"),
        ("text.xhtml", "<h2>", '<h2 id="2nd">', "id-name"),
        ("package.opf", "<!--claim-->", CLAIM, "certifiedBy"),
        ("text.xhtml", '#note-2">2<', '#note-2">3<', "note-number"),
        ("text.xhtml", '#note-2">2<', '#note-2">［３］<', "note-number"),
        ("text.xhtml", 'value="2"', 'value="4"', "note-order"),
        ("text.xhtml", "</main>", "<script>alert(1)</script></main>", "active"),
        ("text.xhtml", "</main>", '<script src="a.js"/></main>', "active"),
        ("text.xhtml", "<h2>", '<h2 onclick="alert(1)">', "active"),
        ("text.xhtml", "<h2>", '<h2 hidden="hidden">', "active"),
        ("text.xhtml", "https://example.org/", "java&#x0A;script:alert(1)", "active"),
        ("text.xhtml", "</main>", '<iframe src="nav.xhtml"/></main>', "active"),
        ("picture.svg", "<title>", "<script>alert(1)</script><title>", "active"),
        ("picture.svg", "<circle", '<circle onload="alert(1)"', "active"),
        ("picture.svg", "<title>", '<set attributeName="href" to="b.svg"/><title>', "active"),
        ("text.xhtml", "</main>", "", "XML"),
    ],
)
def test_a_fault_in_a_book_is_found(name: str, old: str, new: str, rule: str) -> None:
    (verdict,) = standards({"issue.epub": packed(changed(BOOK, f"EPUB/{name}", old, new))})
    assert rule in rules(verdict)
    assert verdict.findings[0].place.file.as_posix().startswith("issue.epub/")


def test_a_certified_claim_is_no_fault() -> None:
    certified = f'{CLAIM}<meta property="a11y:certifiedBy">編輯部</meta>'
    assert standards({"issue.epub": packed(changed(BOOK, "EPUB/package.opf", "<!--claim-->", certified))})[
        0
    ].passed


def test_a_book_has_no_file_that_runs() -> None:
    book = {**BOOK, "EPUB/a.js": "", "EPUB/b.html": page()}
    assert "active" in rules(standards({"issue.epub": packed(book)})[0])


def test_a_book_may_hide_its_list_of_pages() -> None:
    listing = '</nav><nav epub:type="page-list" hidden="hidden"><ol><li><a href="text.xhtml">1</a></li></ol></nav>'
    book = changed(BOOK, "EPUB/nav.xhtml", "</nav>", listing)
    assert standards({"issue.epub": packed(book)})[0].passed


def test_a_drawing_may_move() -> None:
    moves = '<style>a { fill: red }</style><animate attributeName="r" to="2"/><title>'
    book = changed(BOOK, "EPUB/picture.svg", "<title>", moves)
    assert standards({"issue.epub": packed(book)})[0].passed


def test_mimetype_comes_first() -> None:
    book = {name: BOOK[name] for name in sorted(BOOK)}
    assert rules(standards({"issue.epub": packed(book)})[0]) == ["mimetype"]


def test_what_is_no_book_is_a_finding() -> None:
    book = packed(BOOK)
    for data in (b"", b"PK", book[:-30], book[:300] + b"\0" * 50 + book[350:]):
        assert not standards({"issue.epub": data})[0].passed


# Web


def site(name: str = "", old: str = "", new: str = "") -> dict[str, bytes]:
    files = changed(SITE, name, old, new) if name else SITE
    return {name: text.encode() for name, text in {**files, "issue.pdf": ""}.items()}


def test_good_pages_pass() -> None:
    verdicts = [each for each in standards(site()) if each.file != "issue.pdf"]
    assert [(each.file, each.tool) for each in verdicts if each.passed] == [
        ("web/brief-1.html", "tinyhtml5"), ("web/brief-1.html", "kan"),
        ("web/index.html", "tinyhtml5"), ("web/index.html", "kan"),
        ("web/picture.svg", "lxml"), ("web/style.css", "kan"),
    ]  # fmt: skip
    assert all(each.passed for each in verdicts)


BRIEF, INDEX = "web/brief-1.html", "web/index.html"


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        (INDEX, "brief-1.html#first", "brief-1.html#second", "link"),
        (INDEX, "brief-1.html#first", "brief-2.html", "link"),
        (INDEX, "../issue.pdf", "../issue-2.pdf", "link"),
        (INDEX, "../issue.pdf", "/issue.pdf", "link"),
        (INDEX, "#top", "http://[", "link"),
        (BRIEF, 'aria-labelledby="first"', 'aria-labelledby="first title"', "idref"),
        (BRIEF, "<p>", '<p id="first">', "id"),
        (BRIEF, 'src="picture.svg"', 'src="//example.org/a.png"', "request"),
        (
            BRIEF,
            'src="picture.svg"',
            'src="picture.svg" srcset="picture.svg 1x, https://example.org/a.png 2x"',
            "request",
        ),
        (BRIEF, '<a href="./"', '<a ping="https://example.org/" href="./"', "request"),
        (BRIEF, "<p>", "<p style=\"background: url('https://example.org/a.png')\">", "request"),
        (BRIEF, "</head>", "<style>@import 'https://example.org/a.css';</style></head>", "request"),
        (BRIEF, "</head>", '<link rel="preconnect" href="https://example.org"></head>', "request"),
        (BRIEF, "</head>", '<meta http-equiv="refresh" content="5; url=https://example.org/"></head>', "request"),
        (BRIEF, "</main>", '<script src="https://example.org/a.js"></script></main>', "request"),
        ("web/style.css", "#111", "url(https://example.org/a.png)", "request"),
        (BRIEF, "</main>", "<script>alert(1)</script></main>", "active"),
        (BRIEF, "</main>", '<script src="notes.js">alert(1)</script></main>', "active"),
        (BRIEF, "</main>", '<script src="picture.svg"></script></main>', "active"),
        (BRIEF, "<p>", '<p onclick="alert(1)">', "active"),
        (BRIEF, "<p>", '<p style="color: white">', "active"),
        (BRIEF, "<p>", "<p hidden>", "active"),
        (BRIEF, "<p>", "<p inert>", "active"),
        (BRIEF, 'href="./"', 'href=" JAVA\tscript:alert(1)"', "active"),
        (BRIEF, "</main>", '<iframe title="一" src="index.html"></iframe></main>', "active"),
        (BRIEF, "</main>", '<form action="https://example.org/"></form></main>', "active"),
        (BRIEF, "</head>", '<meta http-equiv="refresh" content="0; url=index.html"></head>', "active"),
        (BRIEF, "</head>", "<style>main { display: none }</style></head>", "active"),
        ("web/picture.svg", "<title>", "<script>alert(1)</script><title>", "active"),
        (BRIEF, "</p>", "</p></div>", "parse-error"),
        (BRIEF, "<!DOCTYPE html>", "", "parse-error"),
        ("web/picture.svg", "</svg>", "", "XML"),
    ],
)
def test_a_fault_in_a_page_is_found(name: str, old: str, new: str, rule: str) -> None:
    found = [each for each in standards(site(name, old, new)) if each.file == name]
    assert rule in [broken for each in found for broken in rules(each)]


def test_a_fault_in_a_page_has_its_line() -> None:
    verdict = of(standards(site(BRIEF, "./", "missing.html")), BRIEF, "kan")
    (finding,) = verdict.findings
    assert (finding.place.file, finding.place.line) == (Path(BRIEF), 5)


@pytest.mark.parametrize(
    "address", ["https://example.org/", "mailto:a@example.org", "#top", "./#top", "?q=1", "%69ndex.html"]
)
def test_a_link_that_a_reader_follows_may_lead_anywhere(address: str) -> None:
    assert of(standards(site(INDEX, '#top">', f'{address}">')), INDEX, "kan").passed


def test_what_our_pages_do_have_is_no_fault() -> None:
    data = '<script type="application/ld+json">{"a": "javascript:"}</script><script src="notes.js" defer></script>'
    files = site(BRIEF, "</head>", f'<meta name="description" content="JavaScript: 題">{data}</head>')
    files["web/notes.js"] = SCRIPT.read_bytes()
    assert all(each.passed for each in standards(files) if each.file in (BRIEF, "web/notes.js"))


def test_the_script_of_the_pages_is_the_shipped_one() -> None:
    for name, data in {"web/notes.js": SCRIPT.read_bytes() + b"//", "web/other.js": b"", "web/a.htm": b""}.items():
        assert rules(of(standards({name: data}), name, "kan")) == ["active"]
    form = page('<form role="search"><input name="q"></form><script src="search.js" type="module"></script>')
    assert of(standards({"search.html": form.encode(), "search.js": b""}), "search.html", "kan").passed


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 100_000,
        "<b></p>" * 100_000,
        '<a "' * 100_000,
        f"<p {' '.join(f'a{number}' for number in range(100_000))}>",
        "文" * 2_000_000,
    ],
)
def test_a_page_that_a_parser_would_not_finish_is_not_read(body: str) -> None:
    started = time.monotonic()
    (verdict,) = standards({"web/index.html": f"<!DOCTYPE html><html><body>{body}".encode()})
    assert rules(verdict) == ["size"]
    assert time.monotonic() - started < 5


def test_data_can_be_read() -> None:
    good = {"web/feed.atom": b"<feed/>", "web/opds.json": b"{}"}
    bad = {"web/feed.atom": b"<feed>", "web/opds.json": b"{\n,}", "manifest.json": b"\xff"}
    assert all(verdict.passed for verdict in standards(good))
    assert [rules(verdict) for verdict in standards(bad)] == [["JSON"], ["XML"], ["JSON"]]
    assert of(standards(bad), "web/opds.json", "python").findings[0].place.line == 2


# Verdicts


@pytest.mark.parametrize("issue_built", ["sample_built", "real_built"])
def test_our_own_editions_pass(issue_built: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(issue_built)
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    verdicts = standards({path.relative_to(folder).as_posix(): path.read_bytes() for path in files})
    said = [finding.as_line("en", str(finding.place.file)) for each in verdicts for finding in each.findings]
    assert said == []
    assert {each.file for each in verdicts} >= {"issue.pdf", "issue.epub", "jats/brief-1.xml", "web/index.html"}


def test_verdicts_are_the_same_every_time() -> None:
    editions = site(BRIEF, "./", "missing.html")
    backwards = dict(reversed(editions.items()))
    assert json.dumps([each.as_json() for each in standards(editions)]) == json.dumps(
        [each.as_json() for each in standards(backwards)]
    )


def test_a_verdict_as_json_says_only_what_there_is_to_say() -> None:
    passed = Verdict("issue.epub", "EPUB 3.3", "EPUBCheck", "5.3.0")
    assert passed.as_json() == {
        "file": "issue.epub", "standard": "EPUB 3.3", "tool": "EPUBCheck", "version": "5.3.0", "passed": True,
    }  # fmt: skip
    skipped = replace(passed, skipped=Words("缺少Java", "Java is missing"))
    assert not skipped.passed
    assert skipped.as_json("zh-TW")["skipped"] == "缺少Java"
    failed = of(standards(site(BRIEF, "./", "missing.html")), BRIEF, "kan").as_json()
    (finding,) = cast(list[dict[str, object]], failed["findings"])
    assert (failed["passed"], finding["code"], finding["file"], finding["line"]) == (False, "B006", BRIEF, 5)


# Java and a browser

needs_java = pytest.mark.skipif(epubcheck.missing() is not None, reason="needs Java")
needs_browser = pytest.mark.skipif(
    node.chromium() is None or shutil.which("npm") is None, reason="needs a browser"
)

FAULTS = (
    ("EPUB/package.opf", "<dc:language>zh-Hant-TW</dc:language>", ""),  # EPUBCheck
    ("EPUB/text.xhtml", 'alt="一個圓"', ""),  # both
    ("EPUB/text.xhtml", "<figcaption>", '<figcaption aria-wrong="1">'),  # Ace
)
UNKIND = (
    (BRIEF, ' lang="zh-Hant-TW"', ""),
    (BRIEF, "<p>", '<p style="color: #767676">'),
    (BRIEF, "</main>", "<script>fetch('http://example.org/').catch(() => 0)</script></main>"),
    (BRIEF, "</main>", "<script>new WebSocket('ws://example.org/'); alert(1); missing()</script></main>"),
    (BRIEF, "picture.svg", "outside.svg"),
)


@pytest.fixture(scope="session")
def proven(tmp_path_factory: pytest.TempPathFactory) -> list[Verdict]:
    """The slow verdicts on a bad book, and on good and bad pages, found once for all workers; good books are
    those of tests/test_verify.py."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "proven.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "proven").exists():
            verdicts = thorough(good_and_bad(tmp_path_factory), lambda _: None)
            (shared / "proven").write_bytes(pickle.dumps(verdicts))
        return cast(list[Verdict], pickle.loads((shared / "proven").read_bytes()))


def good_and_bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proven")
    book, pages = BOOK, SITE
    for fault in FAULTS:
        book = changed(book, *fault)
    for fault in UNKIND:
        pages = changed(pages, *fault)
    (folder / "web" / "網頁").mkdir(parents=True)
    for name, text in {
        **SITE,
        "web/網頁/bad page.html": pages[BRIEF],
        "web/網頁/style.css": SITE["web/style.css"],
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "bad book.epub").write_bytes(packed(book))
    (folder / "issue.pdf").write_bytes(b"")
    outside = tmp_path_factory.mktemp("outside") / "picture.svg"
    outside.write_text(SITE["web/picture.svg"], encoding="utf-8")
    (folder / "web" / "網頁" / "outside.svg").symlink_to(outside)
    (folder / "web" / "linked.html").symlink_to(folder / "web" / "index.html")
    return folder


@needs_java
def test_epubcheck_finds_the_fault(proven: list[Verdict]) -> None:
    bad = of(proven, "bad book.epub", "EPUBCheck")
    assert (bad.standard, bad.version) == ("EPUB 3.3", "5.3.0")
    assert rules(bad) == ["RSC-005"]
    finding = next(each for each in bad.findings if "dc:language" in each.message.en)
    assert finding.place.file == Path("bad book.epub/EPUB/package.opf") and finding.place.line > 1
    assert re.search("[一-鿿]", finding.message.zh.rpartition("：")[2])


@needs_java
def test_epubcheck_says_what_is_no_book(tmp_path: Path) -> None:
    (tmp_path / "issue.epub").write_bytes(packed(BOOK)[:-30])
    verdict = epubcheck.verdict("issue.epub", tmp_path / "issue.epub")
    assert "PKG-008" in rules(verdict)
    assert {finding.place.file for finding in verdict.findings} == {Path("issue.epub")}


@needs_java
def test_the_version_of_epubcheck_is_that_of_its_package() -> None:
    assert version("epubcheck") == epubcheck.VERSION


@needs_browser
def test_ace_finds_the_fault(proven: list[Verdict]) -> None:
    bad = of(proven, "bad book.epub", "Ace by DAISY")
    assert (bad.standard, bad.version) == ("EPUB Accessibility 1.1", node.version("@daisy/ace-cli"))
    assert {"image-alt", "aria-valid-attr"} <= set(rules(bad))
    assert bad.findings[0].place.file.parts[0] == "bad book.epub"


@needs_browser
def test_axe_finds_the_fault(proven: list[Verdict]) -> None:
    assert [each.file for each in proven if each.tool == "axe-core"] == [
        BRIEF, INDEX, "web/網頁/bad page.html",
    ], "a link to a page is not followed"  # fmt: skip
    assert of(proven, BRIEF, "axe-core").findings == ()
    assert of(proven, INDEX, "axe-core").passed
    said = {
        finding.message.en.split(": ")[1]: finding.message
        for finding in of(proven, "web/網頁/bad page.html", "axe-core").findings
    }
    assert "must have a lang attribute" in said["html-has-lang"].en
    assert "必須有 lang 屬性" in said["html-has-lang"].zh


@needs_browser
def test_colours_are_looked_at_in_the_dark_as_well(proven: list[Verdict]) -> None:
    found = of(proven, "web/網頁/bad page.html", "axe-core").findings
    (contrast,) = (each for each in found if "color-contrast" in each.message.en)
    assert contrast.message.en.endswith("(360 dark, 1440 dark)")


@needs_browser
def test_requests_and_errors_of_a_page_are_found(proven: list[Verdict]) -> None:
    found = of(proven, "web/網頁/bad page.html", "axe-core").findings
    said = [finding.message.en for finding in found if finding.code == "B011"]
    assert any("requests http://example.org/ from another host" in each for each in said)
    assert any("requests ws://example.org/ from another host" in each for each in said)
    assert any("missing is not defined" in each for each in said)
    assert any("404 web/網頁/outside.svg" in each for each in said), "a link that leads out is not followed"
    assert len(said) == 4


def test_what_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / INDEX).write_text(SITE[INDEX], encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("KAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PUPPETEER_EXECUTABLE_PATH", raising=False)
    (no_browser,) = thorough(tmp_path, lambda _: None)
    monkeypatch.setenv("PUPPETEER_EXECUTABLE_PATH", "/bin/true")
    (no_npm,) = thorough(tmp_path, lambda _: None)
    assert [bool(each.passed) for each in (no_browser, no_npm)] == [False, False]
    assert no_browser.skipped is not None and "apt-get install chromium" in no_browser.skipped.en
    assert no_npm.skipped is not None and "apt-get install npm" in no_npm.skipped.zh


@needs_browser
def test_a_browser_that_does_not_start_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / INDEX).write_text(SITE[INDEX], encoding="utf-8")
    monkeypatch.setenv("PUPPETEER_EXECUTABLE_PATH", "/bin/false")
    (verdict,) = thorough(tmp_path, lambda _: None)
    assert [finding.code for finding in verdict.findings] == ["B000"]
    assert "axe-core did not finish" in verdict.findings[0].message.en


# What runs in Node


def test_every_package_is_pinned_by_its_hash() -> None:
    asked = json.loads((LISTS / "package.json").read_bytes())["dependencies"]
    packages: dict[str, dict[str, str]] = json.loads((LISTS / "package-lock.json").read_bytes())["packages"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", each) for each in asked.values())
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked
    without = [name for name, each in packages.items() if name and "integrity" not in each]
    assert [name for name in without if "linux" not in packages[name].get("os", "linux")] == without, without
    assert not any("resolved" in each for each in packages.values()), "a registry's address"


def test_licences_are_permissive() -> None:
    allowed = {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "CC-BY-3.0", "CC0-1.0", "ISC",
        "MIT", "MPL-2.0", "Python-2.0", "Zlib",
    }  # fmt: skip
    packages = json.loads((LISTS / "package-lock.json").read_bytes())["packages"]
    for name, each in packages.items():
        choices = each["license"].strip("()").split(" OR ")
        assert any(set(choice.split(" AND ")) <= allowed for choice in choices), name


NPM = """#!/bin/sh
test "$1 $2" = "ci --ignore-scripts" -a -f package.json -a -f package-lock.json || exit 9
echo run >> "$LOG"
sleep 0.2
mkdir node_modules
%s
"""


@pytest.fixture
def fetches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache and an npm that makes an empty folder; the file where it writes down each run."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "npm").write_text(NPM % "exit 0", encoding="utf-8")
    (tmp_path / "bin" / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("KAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    return tmp_path / "log"


def test_packages_are_fetched_once(fetches: Path) -> None:
    assert node.installed() is None
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(node.modules())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {*found, node.modules(), node.installed()} == {found[0]}
    assert fetches.read_text() == "run\n"


def test_a_fetch_that_fails_leaves_nothing_and_says_why(fetches: Path) -> None:
    failing = NPM % "echo 'npm error code E404' >&2; echo 'npm error 404 no such package' >&2; exit 1"
    (fetches.parent / "bin" / "npm").write_text(failing, encoding="utf-8")
    with pytest.raises(InstallationError, match="could not fetch the checkers: 404 no such package"):
        node.modules()
    assert node.installed() is None
    assert [path.name for path in (fetches.parent / "cache" / "node").iterdir()] == ["lock"]


def test_every_code_has_its_words() -> None:
    codes = [each for name, each in CODES.items() if name.startswith("B")]
    assert sorted(each.code for each in codes) == [f"B{number:03}" for number in range(len(codes))]
    assert all(each.hint.zh and each.why.zh and each.why.en for each in codes)

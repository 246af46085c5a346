"""Deposits: valid for those who take them, true to the sources, and clear about what is missing."""

import csv
import io
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import etree

from pipeline.brief import Issue
from pipeline.content import issue_content
from pipeline.deposits import deposits
from pipeline.identifiers import is_doi, is_gpn, is_issn, licence_uri, orcid
from pipeline.jats import published
from pipeline.manuscript import read_issue
from pipeline.parse import Source, parse_bytes
from tests.conftest import REAL_ISSUE, SAMPLE
from tests.test_jats import written

CROSSREF = "{http://www.crossref.org/schema/5.3.1}"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
ALL = {"crossref.xml", "doi.csv", "oai-pmh.xml", "checklist.txt", "checklist.json"}

META = """<journal-meta>
    <journal-title-group><journal-title>版面</journal-title></journal-title-group>
    <publisher><publisher-name>版面編輯部</publisher-name></publisher>
  </journal-meta>
  <issue-meta><volume>3</volume><issue-number>2</issue-number><pub-date iso-8601-date="2026-03-05"/>
    <publisher-url>https://kan.example.org/</publisher-url>
    <licence href="https://example.org/by">姓名標示</licence>
    <issn publication-format="electronic">0378-5955</issn>
    <doi-prefix>10.5555</doi-prefix>
    <depositor email="editor@example.org">刊編</depositor></issue-meta>"""

BRIEF = """<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article" \
xml:lang="zh-Hant-TW"><front><article-meta><article-id pub-id-type="doi">10.5555/kan.1</article-id>
<title-group><article-title>題名<fn id="t"><p>註</p></fn></article-title><subtitle>副題</subtitle>
<trans-title-group xml:lang="en"><trans-title>Title</trans-title></trans-title-group></title-group>
<contrib-group><contrib contrib-type="author">
<contrib-id contrib-id-type="orcid">https://orcid.org/0000-0002-1825-0097</contrib-id>
<name-alternatives><name name-style="eastern" xml:lang="zh-Hant-TW"><surname>王</surname>
<given-names>大明</given-names></name><name name-style="western" xml:lang="en"><surname>Wang</surname>
<given-names>Ta-ming</given-names></name></name-alternatives><aff>編輯部</aff></contrib>
<contrib contrib-type="author"><collab>排版組</collab></contrib></contrib-group>
<abstract><p>摘要。</p></abstract><kwd-group><kwd>版心</kwd><kwd>字格</kwd></kwd-group>
</article-meta></front><body><p>文<fn id="a"><p><mixed-citation publication-type="journal" xml:lang="en">A. B,
“<article-title>C &amp; D</article-title>,” <source>E</source>, 2001,
<ext-link ext-link-type="uri" xlink:href="https://doi.org/10.1002/spe.1">https://doi.org/10.1002/spe.1</ext-link>.
</mixed-citation></p></fn></p></body></article>"""


def made(meta: str = META, brief: str = BRIEF, pages: range | None = range(3, 9)) -> Mapping[str, bytes]:
    """The deposits of an issue with one brief, by their file names."""
    text = f'<issue xml:lang="zh-Hant-TW">{meta}<contents><brief href="brief-1.xml"/></contents></issue>'
    of, source = parsed("issue.xml", text), parsed("brief-1.xml", brief)
    issue = issue_content(Path("2026-03"), of, [source])
    copies = {"brief-1": published(source, of, name="brief-1", pages=pages)}
    return {name.removeprefix("deposits/"): data for name, data in deposits(issue, copies).items()}


def parsed(name: str, text: str) -> Source:
    return parse_bytes(Path(name), text.encode())


def issue_and_copies(folder: Path) -> tuple[Issue, dict[str, bytes]]:
    manuscript = read_issue(folder)
    assert manuscript.issue is not None
    issue = issue_content(manuscript.folder, manuscript.issue, manuscript.briefs.values())
    copies = {
        Path(href).stem: published(brief, manuscript.issue, name=Path(href).stem, pages=range(3, 9))
        for href, brief in manuscript.briefs.items()
    }
    return issue, copies


def with_all(issue: Issue) -> Issue:
    """The issue with all that a deposit needs, whatever its sources say."""
    colophon = replace(
        issue.colophon,
        url="https://kan.example.org/",
        doi_prefix="10.5555",
        depositor="刊編",
        depositor_email="editor@example.org",
        publisher=issue.colophon.publisher or "版面編輯部",
    )
    briefs = tuple(
        replace(brief, doi=f"10.5555/kan.{position}") for position, brief in enumerate(issue.briefs, start=1)
    )
    return replace(issue, colophon=colophon, briefs=briefs)


# Schemas


@pytest.fixture(scope="session")
def crossref_schema(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    """Crossref's own schema, which commonmeta-py carries; what it imports (MathML, JATS) is left open."""
    package = find_spec("commonmeta")
    if package is None or package.origin is None:
        pytest.skip("commonmeta-py 0.103 isn't installed: pip install --no-deps commonmeta-py==0.103")
    source = Path(package.origin).parent / "resources" / "crossref"
    folder = tmp_path_factory.mktemp("crossref")
    for name in ("crossref5.3.1", "common5.3.1", "AccessIndicators", "clinicaltrials", "relations"):
        text = (source / f"{name}.xsd").read_text("utf-8")
        for address, local in (("http://www.w3.org/Math/XMLSchema/mathml3/", ""), ("-3d2-mathml3", "")):
            text = text.replace(address, local)
        (folder / f"{name}.xsd").write_text(text, "utf-8")
    for name, namespace, element in (
        ("mathml3", "http://www.w3.org/1998/Math/MathML", "math"),
        ("fundref", "http://www.crossref.org/fundref.xsd", "program"),
        ("JATS-journalpublishing1", "http://www.ncbi.nlm.nih.gov/JATS1", "abstract"),
    ):
        (folder / f"{name}.xsd").write_text(
            f'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="{namespace}">'
            f'<xsd:element name="{element}"/></xsd:schema>'
        )
    return etree.XMLSchema(etree.parse(folder / "crossref5.3.1.xsd"))


@pytest.fixture(scope="session")
def oai_schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(Path(__file__).parent / "samples" / "oai-static-repository.rng"))


def check(schema: etree.XMLSchema | etree.RelaxNG, data: bytes) -> etree._Element:
    root = etree.fromstring(data)
    assert schema.validate(root), schema.error_log
    return root


@pytest.mark.parametrize("folder", [SAMPLE, REAL_ISSUE], ids=["sample", "real"])
def test_the_deposits_of_an_issue_are_valid_and_quickly_made(
    folder: Path, crossref_schema: etree.XMLSchema, oai_schema: etree.RelaxNG
) -> None:
    if not folder.is_dir():
        pytest.skip(f"there is no {folder}")
    issue, copies = issue_and_copies(folder)
    started = time.process_time()
    files = deposits(with_all(issue), copies)
    assert time.process_time() - started < 0.5
    assert set(files) == {f"deposits/{name}" for name in ALL}
    articles = check(crossref_schema, files["deposits/crossref.xml"]).findall(f".//{CROSSREF}journal_article")
    assert len(articles) == len(issue.briefs)
    records = check(oai_schema, files["deposits/oai-pmh.xml"]).findall(f".//{OAI}record")
    assert len(records) == len(issue.briefs)
    assert files == deposits(with_all(issue), copies)


@pytest.mark.parametrize("seed", range(25))
def test_every_document_of_the_profile_gives_valid_deposits(
    seed: int, crossref_schema: etree.XMLSchema, oai_schema: etree.RelaxNG
) -> None:
    source, of = without_calls_in_notes(written("brief.rng", seed)), written("issue.rng", seed)
    issue = issue_content(Path("2026-03"), of, [source])
    copies = {"brief": published(source, of, name="brief", pages=range(3, 9))}
    deposits(issue, copies)
    files = deposits(with_all(replace(issue, title=issue.title or "刊")), copies)
    if "deposits/crossref.xml" in files:
        check(crossref_schema, files["deposits/crossref.xml"])
    else:
        assert "".join(issue.briefs[0].plain_title.split()) == ""
    check(oai_schema, files["deposits/oai-pmh.xml"])


def without_calls_in_notes(source: Source) -> Source:
    """The brief as the rules have it: in a note stands no call of a note, which could be its own."""
    root = etree.fromstring(etree.tostring(source.root))
    for xref in root.xpath("//fn//xref[not(@specific-use)]"):
        xref.set("specific-use", "see")
    return parse_bytes(source.path, etree.tostring(root, encoding="UTF-8"))


# Crossref


def test_crossref_says_what_the_sources_say(crossref_schema: etree.XMLSchema) -> None:
    root = check(crossref_schema, made()["crossref.xml"])
    assert root.findtext(f".//{CROSSREF}timestamp") == "20260305000000"
    assert said(root, "head") == [
        "depositor_name 刊編",
        "email_address editor@example.org",
        "registrant 版面編輯部",
    ]
    assert said(root, "journal_metadata") == ["full_title 版面", "issn 0378-5955"]
    assert said(root, "journal_issue") == ["month 03", "day 05", "year 2026", "volume 3", "issue 2"]
    assert said(root, "journal_article") == [
        *("title 題名", "subtitle 副題", "title Title"),
        *(
            "given_name 大明",
            "surname 王",
            "institution_name 編輯部",
            "ORCID https://orcid.org/0000-0002-1825-0097",
        ),
        *("surname Wang", "given_name Ta-ming", "organization 排版組", "p 摘要。"),
        *("month 03", "day 05", "year 2026", "first_page 3", "last_page 8"),
        "license_ref https://example.org/by",
        *("doi 10.5555/kan.1", "resource https://kan.example.org/2026-03/web/brief-1.html"),
        "resource https://kan.example.org/2026-03/offprints/brief-1.pdf",
        *(
            "doi 10.1002/spe.1",
            "unstructured_citation A. B, “C & D,” E, 2001, https://doi.org/10.1002/spe.1.",
        ),
    ]


def said(root: etree._Element, tag: str) -> list[str]:
    """The elements of a part that have text, in order, but those that are as in the head."""
    part = root.find(f".//{CROSSREF}{tag}")
    assert part is not None
    texts = ((etree.QName(node).localname, (node.text or "").strip()) for node in part.iter())
    return [f"{name} {text}" for name, text in texts if text and name not in ("doi_batch_id", "timestamp")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<doi-prefix>10.5555</doi-prefix>", ""),
        ('<depositor email="editor@example.org">刊編</depositor>', ""),
        ("<publisher-url>https://kan.example.org/</publisher-url>", ""),
        ("<publisher-url>https://kan.example.org/</publisher-url>", "<publisher-url>kan</publisher-url>"),
        ("https://kan.example.org/</publisher-url>", "https://[kan/</publisher-url>"),
        ("https://kan.example.org/</publisher-url>", "https:///</publisher-url>"),
        ("<doi-prefix>10.5555</doi-prefix>", "<doi-prefix>10.1234</doi-prefix>"),
    ],
)
def test_no_deposit_at_crossref_without_what_it_needs(old: str, new: str) -> None:
    assert old in META
    assert "crossref.xml" not in made(META.replace(old, new))


def test_a_brief_without_a_doi_is_not_deposited_and_gets_none() -> None:
    files = made(brief=BRIEF.replace('<article-id pub-id-type="doi">10.5555/kan.1</article-id>', ""))
    assert "crossref.xml" not in files
    assert "✗ DOI：brief-1。編好後寫在" in files["checklist.txt"].decode()
    assert all(b"10.5555/" not in data for data in files.values())


@pytest.mark.parametrize("name", ["?", "王" * 61])
def test_a_name_that_crossref_does_not_take_is_left_out_and_told(
    name: str, crossref_schema: etree.XMLSchema
) -> None:
    files = made(brief=BRIEF.replace("<surname>王</surname>", f"<surname>{name}</surname>"))
    root = check(crossref_schema, files["crossref.xml"])
    assert [each.get("sequence") for each in root.iter(f"{CROSSREF}organization")] == ["first"]
    assert root.find(f".//{CROSSREF}person_name") is None
    assert f"！ 作者：brief-1（{name}大明）：" in files["checklist.txt"].decode()


def test_an_orcid_with_a_wrong_check_digit_is_not_deposited() -> None:
    files = made(brief=BRIEF.replace("0000-0002-1825-0097", "0000-0002-1825-0098"))
    assert b"orcid.org" not in files["crossref.xml"]
    assert "！ 作者的ORCID：brief-1（王大明）：「https://orcid.org/0000-0002-1825-0098」的檢查碼不符" in (
        files["checklist.txt"].decode()
    )


def test_without_pages_none_are_said(crossref_schema: etree.XMLSchema) -> None:
    files = made(pages=None)
    assert check(crossref_schema, files["crossref.xml"]).find(f".//{CROSSREF}pages") is None
    assert rows(files)[0]["起頁"] == ""


# The table


def rows(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    assert files["doi.csv"].startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(files["doi.csv"].decode("utf-8-sig"), newline="")))


def test_the_table_has_a_row_for_each_brief() -> None:
    files = made()
    assert rows(files) == [
        {
            **{"刊名": "版面", "英文刊名": "", "紙本ISSN": "", "電子ISSN": "0378-5955", "出版單位": "版面編輯部"},
            **{"卷": "3", "期": "2", "出版日期": "2026-03-05", "篇名": "題名：副題", "英文篇名": "Title"},
            **{"作者": "王大明; 排版組", "英文作者": "Ta-ming Wang; ", "作者單位": "編輯部; "},
            **{"ORCID": "0000-0002-1825-0097", "起頁": "3", "迄頁": "8", "語言": "zh-Hant-TW", "摘要": "摘要。"},
            **{"英文摘要": "", "關鍵詞": "版心; 字格", "英文關鍵詞": "", "DOI": "10.5555/kan.1"},
            **{"網址": "https://kan.example.org/2026-03/web/brief-1.html"},
            **{"授權": "姓名標示 https://example.org/by"},
        }
    ]
    assert files["doi.csv"].count(b"\r\n") == 2


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1＋1", "＋1", "－1", "＠甲"])
def test_no_cell_is_a_formula(title: str) -> None:
    brief = BRIEF.replace("<article-title>題名", f"<article-title>{title}")
    assert rows(made(brief=brief))[0]["篇名"] == f"'{title}：副題"


def test_marks_of_the_table_are_quoted() -> None:
    brief = BRIEF.replace("<article-title>題名", '<article-title>甲, "乙"\n丙')
    assert rows(made(brief=brief))[0]["篇名"] == '甲, "乙"丙：副題'


# OAI-PMH


def test_the_repository_has_a_record_for_each_brief(oai_schema: etree.RelaxNG) -> None:
    root = check(oai_schema, made()["oai-pmh.xml"])
    assert root.findtext(f".//{OAI}baseURL") == "https://kan.example.org/2026-03/deposits/oai-pmh.xml"
    assert [node.text for node in root.iter(f"{OAI}identifier")] == ["oai:kan.example.org:2026-03/brief-1"]
    said = [f"{etree.QName(node).localname} {node.text}" for node in root.iter(f"{DC}*")]
    assert said == [
        *("title 題名：副題", "title Title", "creator 王大明", "creator 排版組", "subject 版心", "subject 字格"),
        *("description 摘要。", "publisher 版面編輯部", "date 2026-03-05", "type Text"),
        *("format text/html", "format application/pdf"),
        "identifier https://kan.example.org/2026-03/web/brief-1.html",
        "identifier https://doi.org/10.5555/kan.1",
        *("source 版面 第3卷第2期 頁3-8", "language zh-Hant-TW"),
        "relation https://kan.example.org/2026-03/offprints/brief-1.pdf",
        "relation https://kan.example.org/2026-03/jats/brief-1.xml",
        *("relation ISSN 0378-5955", "rights 姓名標示", "rights https://example.org/by"),
    ]


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "刊.example.org"])
def test_a_record_is_named_by_its_address_where_the_host_cannot_name_it(
    host: str, oai_schema: etree.RelaxNG
) -> None:
    root = check(oai_schema, made(META.replace("kan.example.org", host))["oai-pmh.xml"])
    assert root.findtext(f".//{OAI}identifier") == f"https://{host}/2026-03/web/brief-1.html"


@pytest.mark.parametrize(
    "needed",
    [
        "<publisher-url>https://kan.example.org/</publisher-url>",
        '<depositor email="editor@example.org">刊編</depositor>',
    ],
)
def test_no_repository_without_an_address_and_an_email(needed: str) -> None:
    assert "oai-pmh.xml" not in made(META.replace(needed, ""))


# The checklist


def states(files: Mapping[str, bytes], deposit: str) -> dict[str, str]:
    """What is said of each fact in the JSON: its state."""
    said = json.loads(files["checklist.json"])["deposits"][deposit]
    return {fact["key"]: fact["state"] for fact in (*said["required"], *said["recommended"])}


def test_the_checklist_of_a_complete_issue() -> None:
    files = made()
    crossref = json.loads(files["checklist.json"])["deposits"]["crossref"]
    assert (crossref["written"], crossref["complete"]) == (True, True)
    assert set(states(files, "crossref").values()) == {"ready"}
    assert "Crossref DOI註冊（deposits/crossref.xml）：已產生，必備的都有了" in files["checklist.txt"].decode()


MISSING: dict[str, tuple[Callable[[str], str], Callable[[str], str], str, str, str]] = {
    "ISSN": (
        lambda meta: meta.replace('<issn publication-format="electronic">0378-5955</issn>', ""),
        str,
        "issn",
        "missing",
        "✗ ISSN：向國家圖書館申請後",
    ),
    "check digit of the ISSN": (
        lambda meta: meta.replace("0378-5955", "0378-5954"),
        str,
        "issn",
        "wrong",
        "！ ISSN：「0378-5954」的檢查碼不符",
    ),
    "prefix of the DOI": (
        str,
        lambda brief: brief.replace("10.5555/kan.1", "10.1234/kan.1"),
        "doi",
        "wrong",
        "！ DOI：brief-1：「10.1234/kan.1」的前綴不是10.5555",
    ),
    "form of the DOI": (
        str,
        lambda brief: brief.replace("10.5555/kan.1", "kan.1"),
        "doi",
        "wrong",
        "！ DOI：brief-1：「kan.1」不是DOI",
    ),
    "address of the licence": (
        lambda meta: meta.replace(' href="https://example.org/by"', ""),
        str,
        "licence",
        "missing",
        "✗ 授權條款：寫在issue.xml的 <licence",
    ),
    "English title": (
        str,
        lambda brief: brief.replace('<trans-title-group xml:lang="en">', '<trans-title-group xml:lang="ja">'),
        "english-title",
        "missing",
        "✗ 英文篇名：brief-1",
    ),
    "abstract": (
        str,
        lambda brief: brief.replace("<abstract><p>摘要。</p></abstract>", ""),
        "abstract",
        "missing",
        "✗ 摘要：brief-1",
    ),
    "author": (
        str,
        lambda brief: brief[: brief.index("<contrib-group>")] + brief[brief.index("<abstract>") :],
        "author",
        "missing",
        "✗ 作者：brief-1",
    ),
}


@pytest.mark.parametrize(("meta", "brief", "key", "state", "line"), MISSING.values(), ids=MISSING)
def test_the_checklist_tells_what_is_missing_or_wrong(
    meta: Callable[[str], str], brief: Callable[[str], str], key: str, state: str, line: str
) -> None:
    files = made(meta(META), brief(BRIEF))
    assert states(files, "crossref")[key] == state
    assert line in files["checklist.txt"].decode()


@pytest.mark.parametrize(("number", "state"), [("1009900001", "ready"), ("10099", "wrong"), ("", "missing")])
def test_the_form_of_the_gpn(number: str, state: str) -> None:
    files = made(META.replace("<doi-prefix>", f"<gpn>{number}</gpn><doi-prefix>"))
    assert states(files, "archive")["gpn"] == state


def test_the_alternative_text_of_each_figure_is_looked_at() -> None:
    figure = (
        '<fig id="f"><caption><title>圖</title></caption><alt-text>{}</alt-text>'
        '<graphic xlink:href="figures/f.svg"/></fig>'
    )
    given, empty = (BRIEF.replace("</body>", figure.format(text) + "</body>") for text in ("一排字格", " "))
    assert states(made(brief=given), "archive")["alternative-text"] == "ready"
    assert "✗ 圖的替代文字：brief-1（圖1）" in made(brief=empty)["checklist.txt"].decode()


# Identifiers


@pytest.mark.parametrize("number", ["0378-5955", "2434-561X", "1050-124X"])
def test_issn(number: str) -> None:
    assert is_issn(number)
    wrong = [f"{number[:8]}{digit}" for digit in "0123456789X" if digit != number[8]]
    assert not any(is_issn(each) for each in wrong)
    assert not is_issn(number.replace("-", ""))


@pytest.mark.parametrize("number", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"])
def test_orcid(number: str) -> None:
    assert orcid(number) == orcid(f"https://orcid.org/{number}") == number
    wrong = [f"{number[:18]}{digit}" for digit in "0123456789X" if digit != number[18]]
    assert not any(orcid(each) for each in wrong)


def test_gpn_and_doi() -> None:
    assert is_gpn("1009900001")
    assert not is_gpn("100990000") and not is_gpn("100990000X")
    assert is_doi("10.5555/kan.1") and is_doi("10.5555/KAN.1", "10.5555")
    assert not is_doi("10.5555/kan.1", "10.555") and not is_doi("https://doi.org/10.5555/kan.1")


@pytest.mark.parametrize(
    ("href", "uri"),
    [
        (
            "https://creativecommons.org/licenses/by/4.0/deed.zh-hant",
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        ("http://creativecommons.org/licenses/by-nc-nd/4.0", "https://creativecommons.org/licenses/by-nc-nd/4.0/"),
        ("https://creativecommons.org/licenses/by/3.0/tw/", "https://creativecommons.org/licenses/by/3.0/tw/"),
        (
            "https://creativecommons.org/licenses/by/3.0/tw/legalcode",
            "https://creativecommons.org/licenses/by/3.0/tw/",
        ),
        ("https://creativecommons.org/licenses/by/4.0/deed", "https://creativecommons.org/licenses/by/4.0/"),
        (
            "https://creativecommons.org/publicdomain/zero/1.0/deed.en",
            "https://creativecommons.org/publicdomain/zero/1.0/",
        ),
        ("https://creativecommons.org/about/", "https://creativecommons.org/about/"),
        ("https://example.org/deed.zh", "https://example.org/deed.zh"),
        ("", ""),
    ],
)
def test_a_deed_is_the_page_of_its_licence(href: str, uri: str) -> None:
    assert licence_uri(href) == uri


def test_a_title_with_a_colon_takes_a_dash(oai_schema: etree.RelaxNG) -> None:
    brief = BRIEF.replace("題名", "題：名", 1)
    files = made(brief=brief)
    assert rows(files)[0]["篇名"] == "題：名──副題"
    root = check(oai_schema, files["oai-pmh.xml"])
    assert [node.text for node in root.iter(f"{DC}title")] == ["題：名──副題", "Title"]

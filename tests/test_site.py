"""The site of all issues, made from finished folders: every link arrives, and a failure leaves the old site."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from click.testing import CliRunner
from lxml import etree, html

from pipeline import manifest
from pipeline.brief import Author, Issue
from pipeline.cli.site import site as command
from pipeline.conformance import node
from pipeline.diagnostics import InstallationError, ManuscriptError
from pipeline.web import files_of, web
from pipeline.web.archive import Finished, archive, finished
from tests.conftest import SAMPLE, issue_in

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OLD, NEW = "2025-01", "2026-11"
SAME_NAME = "王同名"


def write(folder: Path, issue: Issue) -> Path:
    """A folder as `kan build` leaves it, with empty files in place of the other editions."""
    names = [f"brief-{number}" for number in range(1, len(issue.briefs) + 1)]
    files = dict(web(issue, names, {name: range(3, 7) for name in names}, None))
    files |= dict.fromkeys(files_of(names), b"")
    files["deposits/crossref.xml"] = b"not for readers"
    files[manifest.NAME] = manifest.manifest(files, {}, {"briefs": [{"name": name} for name in names]})
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two issues of the sample; in the old one two authors have one name, one of them with an ORCID."""
    base = tmp_path_factory.mktemp("dist")
    new = issue_in(SAMPLE)
    first, second, *_ = new.briefs
    one = replace(first, authors=(Author(SAME_NAME, orcid="https://orcid.org/0000-0001-5109-3700"),))
    other = replace(second, authors=(Author(SAME_NAME), Author("李／乙")))
    old = replace(new, number="0", published=date(2025, 1, 5), briefs=(one, other))
    return [write(base / OLD, old), write(base / NEW, new)]


@pytest.fixture(scope="module")
def issues(folders: list[Path]) -> list[Finished]:
    return [finished(folder) for folder in folders]


@pytest.fixture
def no_npm(monkeypatch: pytest.MonkeyPatch) -> None:
    def modules() -> Path:
        raise InstallationError("缺少npm", "npm is missing")

    monkeypatch.setattr(node, "modules", modules)


@pytest.fixture(scope="module")
def site(issues: list[Finished]) -> Mapping[str, bytes]:
    return archive(issues, None)[0]


def pages_of(site: Mapping[str, bytes]) -> dict[str, html.HtmlElement]:
    return {name: html.document_fromstring(data) for name, data in site.items() if name.endswith(".html")}


def test_every_link_of_the_site_arrives(site: Mapping[str, bytes]) -> None:
    pages = pages_of(site)
    ids = {name: {each.get("id") for each in page.iter("*")} for name, page in pages.items()}
    for name, page in pages.items():
        for each in page.iter("a", "link", "img", "script"):
            address = each.get("href") or each.get("src")
            if address is None or urlsplit(address).scheme:
                continue
            target, _, fragment = unquote(urljoin(f"/{name}", address)).removeprefix("/").partition("#")
            assert target in site, f"{name}: {address}"
            assert not fragment or fragment in ids[target], f"{name}: {address}"


def test_every_page_leads_to_the_whole_site(site: Mapping[str, bytes]) -> None:
    for name, page in pages_of(site).items():
        menus = [each for each in page.iter("nav") if each.get("class") == "site"]
        assert len(menus) == 1, name
        hrefs = {urljoin(f"/{name}", each.get("href", "")) for each in menus[0].iter("a")}
        assert {"/index.html", "/authors.html", "/categories.html", "/about.html"} <= hrefs


def test_home_has_the_newest_issue_first(site: Mapping[str, bytes]) -> None:
    page = pages_of(site)["index.html"]
    years = [each.text_content() for each in page.iter("h3")]
    assert years == ["2026", "2025"]
    linked = [each.get("href", "") for each in page.iter("a") if each.get("href", "").endswith("/web/index.html")]
    assert linked[0] == f"{NEW}/web/index.html"
    assert {f"{OLD}/web/index.html", f"{NEW}/web/index.html"} == set(linked)


def test_an_orcid_keeps_two_of_one_name_apart(site: Mapping[str, bytes]) -> None:
    named = [name for name in site if name.startswith(f"authors/{SAME_NAME}")]
    assert named == [f"authors/{SAME_NAME}.html", f"authors/{SAME_NAME}-2.html"]
    briefs = [
        [each.get("href") for each in pages_of(site)[name].iter("a") if each.get("class") == "entry"]
        for name in named
    ]
    assert briefs == [[f"../{OLD}/web/brief-1.html"], [f"../{OLD}/web/brief-2.html"]]
    assert "authors/李-乙.html" in site, "a name makes a file name"


def test_a_category_collects_the_briefs_of_all_issues(site: Mapping[str, bytes], issues: list[Finished]) -> None:
    subject = issues[0].known.briefs[0].focus[0]
    page = pages_of(site)[f"categories/{subject}.html"]
    hrefs = [each.get("href") for each in page.iter("a") if each.get("class") == "entry"]
    wanted = [
        f"../{issue.known.folder}/web/{brief.name}.html"
        for issue in reversed(issues)
        for brief in issue.known.briefs
        if subject in brief.focus
    ]
    assert hrefs == wanted and len(wanted) >= 2


def test_the_site_hands_out_what_is_for_readers(site: Mapping[str, bytes]) -> None:
    assert {f"{NEW}/issue.pdf", f"{NEW}/offprints/brief-1.pdf", f"{NEW}/references/brief-1.bib"} <= set(site)
    assert not [name for name in site if "deposits" in name or name.endswith(f"/{manifest.NAME}")]


def test_feeds_of_the_whole_periodical(site: Mapping[str, bytes], issues: list[Finished]) -> None:
    feed = etree.fromstring(site["feed.atom"])
    ids = [each.findtext(f"{ATOM}id") for each in feed.iter(f"{ATOM}entry")]
    assert ids == [brief.identifier for issue in reversed(issues) for brief in issue.known.briefs]
    books = json.loads(site["opds.json"])
    assert len(books["navigation"]) == len(issues)
    assert books["publications"][0]["metadata"]["identifier"] == issues[1].known.identifier


def test_a_site_with_an_address_has_a_map(issues: list[Finished], no_npm: None) -> None:
    made, _ = archive(issues, None, address="https://example.org/kan")
    places = [each.text or "" for each in etree.fromstring(made["sitemap.xml"]).iter(f"{SITEMAP}loc")]
    assert "https://example.org/kan/index.html" in places
    assert f"https://example.org/kan/{NEW}/web/brief-1.html" in places
    for place in places:
        assert unquote(place.removeprefix("https://example.org/kan/")) in made
    missing = pages_of(made)["404.html"]
    assert "/kan/index.html" in {each.get("href") for each in missing.iter("a")}


def test_a_site_without_an_address_has_none(site: Mapping[str, bytes]) -> None:
    assert "sitemap.xml" not in site


def test_without_npm_there_is_a_site_without_search_that_says_so(issues: list[Finished], no_npm: None) -> None:
    made, notes = archive(issues, None)
    assert [note.zh for note in notes] == ["網站不附搜尋：缺少npm"]
    assert "search.html" not in made and not [name for name in made if name.startswith("pagefind")]
    assert not any(b"search.html" in data for name, data in made.items() if name.endswith(".html"))


def test_the_same_issues_give_the_same_site_in_any_order(
    issues: list[Finished], site: Mapping[str, bytes]
) -> None:
    assert archive(issues[::-1], None)[0] == site


def test_the_search_index_is_small_and_only_what_is_needed(site: Mapping[str, bytes]) -> None:
    if "search.html" not in site:
        pytest.skip("npm is not here")
    files = {name for name in site if name.startswith("pagefind/")}
    assert {"pagefind/pagefind.js", "pagefind/pagefind-entry.json"} <= files
    assert not [name for name in files if "ui" in name or name.endswith(".css")]
    assert list(json.loads(site["pagefind/pagefind-entry.json"])["languages"]) == ["zh"]
    assert "wasm-unsafe-eval" in site["search.html"].decode()
    assert "unsafe" not in site["index.html"].decode()


# What goes wrong


def copied(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to))


def change_a_file(folder: Path) -> None:
    (folder / "web" / "index.html").write_text("other")


def lose_the_record(folder: Path) -> None:
    files = {name: (folder / name).read_bytes() for name in manifest.files_in(folder) if name != manifest.NAME}
    del files["web/issue.json"]
    (folder / "web" / "issue.json").unlink()
    about = {"briefs": json.loads((folder / manifest.NAME).read_bytes())["briefs"]}
    (folder / manifest.NAME).write_bytes(manifest.manifest(files, {}, about))


def link_outside(folder: Path) -> None:
    (folder / "issue.pdf").unlink()
    (folder / "issue.pdf").symlink_to("/etc/hostname")


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (change_a_file, ManuscriptError),
        (lose_the_record, InstallationError),
        (link_outside, ManuscriptError),
    ],
)
def test_a_folder_that_is_not_as_published_is_refused(
    folders: list[Path], tmp_path: Path, damage: Callable[[Path], None], error: type[Exception]
) -> None:
    folder = copied(folders[0], tmp_path / OLD)
    damage(folder)
    with pytest.raises(error):
        finished(folder)


@pytest.mark.parametrize("name", ["authors", "pagefind", NEW])
def test_names_that_the_site_uses_are_refused(
    folders: list[Path], issues: list[Finished], tmp_path: Path, name: str
) -> None:
    other = finished(copied(folders[0], tmp_path / name))
    with pytest.raises(InstallationError):
        archive([*issues, other], None)


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(command, [str(each) for each in arguments])
    return result.exit_code, result.output


def test_the_command_writes_the_site_and_a_failure_leaves_it(
    folders: list[Path], tmp_path: Path, no_npm: None
) -> None:
    out = tmp_path / "site"
    status, said = run(*folders, "--out", out, "--no-embed-fonts")
    assert status == 0 and "網站不附搜尋：缺少npm" in said
    before = {name: (out / name).read_bytes() for name in manifest.files_in(out)}
    assert set(manifest.outputs(out)) == set(before)

    folder = copied(folders[0], tmp_path / OLD)
    change_a_file(folder)
    status, said = run(folder, "--out", out, "--no-embed-fonts", "--lang", "en")
    assert status == 1 and "A003" in said
    assert {name: (out / name).read_bytes() for name in manifest.files_in(out)} == before

    (out / "mine.txt").write_text("mine")
    status, said = run(*folders, "--out", out, "--no-embed-fonts", "--lang", "en")
    assert status == 2 and "mine.txt" in said


def test_the_site_does_not_replace_the_issues_it_is_made_of(folders: list[Path]) -> None:
    status, _ = run(*folders, "--out", folders[0].parent, "--no-embed-fonts")
    assert status == 2
    assert (folders[0] / manifest.NAME).exists()


@pytest.mark.parametrize("address", ["example.org", "javascript:alert(1)", "https://"])
def test_an_address_is_one(folders: list[Path], tmp_path: Path, address: str) -> None:
    status, said = run(*folders, "--out", tmp_path / "site", "--address", address)
    assert status == 2 and "--address" in said


def renamed(issue: Finished, title: str, *issn: str) -> Finished:
    return replace(issue, known=replace(issue.known, title=title, issn=issn))


def test_two_periodicals_are_no_site(issues: list[Finished]) -> None:
    old, new = issues
    with pytest.raises(InstallationError, match="share no ISSN"):
        archive([renamed(old, "另一刊", "1234-5679"), renamed(new, "版面", "0378-5955")], None)
    with pytest.raises(InstallationError):
        archive([renamed(old, "另一刊"), renamed(new, "版面")], None)


def test_a_periodical_may_have_had_another_title(issues: list[Finished], no_npm: None) -> None:
    old, new = issues
    made, notes = archive([renamed(old, "舊名", "0378-5955"), renamed(new, "版面", "0378-5955")], None)
    assert "舊名" in notes[0].zh
    assert "舊名" in made["index.html"].decode()

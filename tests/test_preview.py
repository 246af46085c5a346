"""The preview without a browser: the desk that keeps an issue set, and the server that nobody else can ask."""

import asyncio
import http.client
import io
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, Queue
from threading import Event
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from PIL import Image

from pipeline import profiles
from pipeline.check import check
from pipeline.cli.preview import preview as command
from pipeline.diagnostics import InstallationError
from pipeline.fonts import Fonts
from pipeline.page_layout import A4
from pipeline.preview import preview
from pipeline.preview.desk import Desk, asked
from pipeline.preview.server import HOST, _watch
from pipeline.preview.words import WORDS as SAID
from pipeline.printing import SetIssue, set_issue
from pipeline.printing.boxes import Boxes
from pipeline.printing.painting import Painting
from tests.conftest import SAMPLE, issue_in
from tests.small_issue import WORDS, small_issue

SECONDS = 60
Told = Mapping[str, Any]


class Watched:
    """A desk on the small issue, and what it told; `now` are the pages before a test does anything."""

    def __init__(self, folder: Path, prepared: Fonts) -> None:
        self.folder = folder
        self._begun = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        self._told: dict[str, Queue[Told]] = {"pages": Queue(), "findings": Queue()}
        self.desk = Desk(folder, prepared, "zh-TW", A4, lambda topic, value: self._told[topic].put(value))
        self.now: Told = {}
        self.version = 1
        self.seen = 0

    def pages(self) -> Told:
        """The pages with the newest change in them."""
        while self.now.get("version") != self.version:
            self.now = self._told["pages"].get(timeout=SECONDS)
            self.seen += 1
        return self.now

    def findings(self, wanted: Callable[[list[Any]], bool]) -> list[Any]:
        """The findings, when they are as wanted."""
        while True:
            found: list[Any] = self._told["findings"].get(timeout=SECONDS)["items"]
            if wanted(found):
                return found

    def restore(self) -> None:
        """Begin again with the issue as it was."""
        gone = [path for path in self.folder.rglob("*") if path.is_file() and path not in self._begun]
        other = [path for path, data in self._begun.items() if not path.exists() or path.read_bytes() != data]
        for path in gone:
            path.unlink()
        for path in other:
            path.write_bytes(self._begun[path])
        if gone or other:
            self.changed(*gone, *other)
        assert not self.pages()["errors"]
        with suppress(Empty):
            while True:
                self._told["findings"].get_nowait()

    def changed(self, *paths: Path) -> None:
        self.version = self.desk.change(paths)

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        self.changed(path)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nothing happens in the thread: the engine belongs to one at a time."""
        begun, over = Event(), Event()

        def wait(_: Desk) -> None:
            begun.set()
            over.wait(SECONDS)

        self.desk.ask(wait)
        begun.wait(SECONDS)
        try:
            yield
        finally:
            over.set()

    def ask(self, name: str, *values: object) -> Any:
        future: Future[Any] = self.desk.ask(asked(name, *values))
        return future.result(SECONDS)


@contextmanager
def desk_on(folder: Path, prepared: Fonts) -> Iterator[Watched]:
    watched = Watched(folder, prepared)
    watched.desk.start()
    try:
        yield watched
    finally:
        watched.desk.end()
        watched.desk.join(SECONDS)


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory, prepared: Fonts) -> Iterator[Watched]:
    folder = small_issue(tmp_path_factory.mktemp("desk") / "issue")
    with desk_on(folder, prepared) as watched:
        watched.pages()
        yield watched


@pytest.fixture
def desk(warm: Watched) -> Watched:
    warm.restore()
    return warm


PAGE = 4
"""On which WORDS stand."""


# What is set


def test_the_pages_are_those_of_a_build(desk: Watched, prepared: Fonts) -> None:
    def texts(pages: SetIssue) -> list[list[list[str]]]:
        return [
            [
                [
                    *("".join(line.text for line in each.composed.lines) for each in s.fragments if each.composed),
                    *("".join(line.text for line in note.composed.lines) for note in s.notes),
                ]
                for s in part.sheets
            ]
            for part in pages.briefs
        ]

    def both(desk: Desk) -> tuple[SetIssue, SetIssue]:
        """In its thread, as the engine belongs to one."""
        from pipeline.preview.press import Press

        issue = issue_in(SAMPLE)
        issue = replace(issue, briefs=issue.briefs[1:2])
        built = set_issue(issue, Boxes(prepared, A4, Painting(), issue.lang))
        return built, Press(prepared, A4, issue.lang).pages(issue)

    built, pages = desk.desk.ask(both).result(SECONDS)
    assert [part.pages for part in pages.briefs] == [part.pages for part in built.briefs]
    assert texts(pages) == texts(built)


def test_an_edit_changes_the_key_of_its_page_only(desk: Watched) -> None:
    before = desk.now
    desk.edit("one.xml", WORDS, WORDS.replace("人來", "人員"))
    after = desk.pages()
    changed = [new["number"] for old, new in zip(before["pages"], after["pages"], strict=True) if old != new]
    assert changed == [PAGE]
    assert after["changed"]["page"] == PAGE and after["changed"]["brief"] == 1


def test_a_longer_brief_moves_the_pages_of_the_others(desk: Watched) -> None:
    before = desk.now
    desk.edit("one.xml", WORDS, "這一段很長，所以後面各頁都要往後挪。" * 150 + WORDS)
    after = desk.pages()
    assert len(after["pages"]) > len(before["pages"])
    rows = {row["file"]: row for row in after["briefs"]}
    assert rows["two.xml"]["first"] == rows["one.xml"]["last"] + 1
    assert after["pages"][1]["key"] != before["pages"][1]["key"], "the contents print the new page numbers"


def test_a_page_is_painted_as_wide_as_asked(desk: Watched) -> None:
    key = desk.now["pages"][2]["key"]
    picture = Image.open(io.BytesIO(desk.ask("picture", key, 640)))
    assert picture.width == 640 and picture.height == pytest.approx(640 * 841.89 / 595.28, abs=1)
    assert sum(picture.convert("L").histogram()[:80]) > 1000, "there is ink on it"
    assert desk.ask("picture", "no such page", 640) is None


# Places


def test_every_line_of_the_text_leads_to_its_words_in_the_source(desk: Watched) -> None:
    def looked_up(desk: Desk) -> list[tuple[Any, Any]]:
        pages = [desk.lines(number) or {} for number in (PAGE - 1, PAGE, PAGE + 1)]
        return [
            (line, desk.place(page["brief"], [*line["letters"], line["leads"]][0]))
            for page in pages
            for line in page["lines"]
            if line["letters"] or line["leads"] is not None
        ]

    found = desk.desk.ask(looked_up).result(SECONDS)
    assert len(found) > 60
    front = [place["source"] for line, place in found if line["text"].startswith(("焦點類別", "關鍵詞", "刊編"))]
    assert [source.partition(">")[0] for source in front] == ["<subject", "<surname", "<kwd"]
    for line, place in found:
        if not line["letters"]:
            number = line["text"]
            assert number == "*" or f'<fn id="fn-{number}">' in place["source"], "its number leads to a note"
            continue
        source = (desk.folder / place["file"]).read_text(encoding="utf-8").splitlines()[place["line"] - 1]
        assert source[place["column"] - 1] in line["text"], f"{place} is not in {line['text']}"
        assert place["source"] == source.strip()


def test_a_finding_knows_the_letters_and_the_page(desk: Watched) -> None:
    desk.edit("one.xml", WORDS, WORDS + ",")
    found = next(each for each in desk.findings(bool) if each["code"] == "M020")
    page = desk.ask("lines", found["page"])
    start, end = found["letters"]
    (line,) = (line for line in page["lines"] if start in line["letters"])
    assert end == start + 1 and "細節仍由人來寫," in line["text"]
    assert line["edges"][line["letters"].index(start)] == pytest.approx(line["box"][0], abs=line["box"][2])


def test_the_findings_are_those_of_kan_check(desk: Watched) -> None:
    desk.edit("one.xml", WORDS, WORDS + " ,")
    wanted = [(each.code, each.place.file.name, each.place.line, each.place.column) for each in check(desk.folder)]
    assert len(wanted) > 1
    assert desk.findings(
        lambda found: [(each["code"], each["file"], each["line"], each["column"]) for each in found] == wanted
    )


def test_what_reads_for_findings_may_die(desk: Watched) -> None:
    process = desk.desk._proofreader._process
    assert process is not None
    process.kill()
    process.join(SECONDS)
    desk.edit("one.xml", WORDS, WORDS + ",")
    assert desk.findings(lambda found: any(each["code"] == "M020" for each in found))


# What goes wrong


def test_a_broken_brief_keeps_its_pages_until_it_is_mended(desk: Watched) -> None:
    before = desk.now
    desk.edit("one.xml", "</body>", "</boddy>")
    broken = desk.pages()
    assert broken["pages"] == before["pages"]
    assert [row["file"] for row in broken["briefs"] if row["broken"]] == ["one.xml"]
    (error,) = broken["errors"]
    assert error["code"] == "P006" and error["hint"] and "</boddy>" in error["source"]
    desk.edit("one.xml", "</boddy>", "</body>")
    mended = desk.pages()
    assert not mended["errors"] and mended["pages"] == before["pages"]


def test_an_issue_that_begins_broken_waits_and_then_comes(warm: Watched, tmp_path: Path, prepared: Fonts) -> None:
    folder = small_issue(tmp_path / "issue")
    path = folder / "issue.xml"
    good = path.read_text(encoding="utf-8").replace('<brief href="one.xml"/>', "")
    path.write_text(good.replace("</issue-meta>", ""), encoding="utf-8")
    with warm.paused(), desk_on(folder, prepared) as desk:
        told = desk.pages()
        assert told["pages"] == [] and [each["file"] for each in told["errors"]] == ["issue.xml"]
        path.write_text(good, encoding="utf-8")
        desk.changed(path)
        assert [row["file"] for row in desk.pages()["briefs"]] == ["two.xml"] and desk.now["pages"]


def test_briefs_that_come_go_and_are_renamed(desk: Watched) -> None:
    before = desk.now
    (desk.folder / "two.xml").rename(desk.folder / "last.xml")
    desk.changed(desk.folder / "last.xml")
    gone = desk.pages()
    assert gone["pages"] == before["pages"], "its last good pages stay while the issue lists it"
    assert [row["broken"] for row in gone["briefs"]] == [False, True]
    desk.edit("issue.xml", "two.xml", "last.xml")
    renamed = desk.pages()
    assert not renamed["errors"] and [page["key"] for page in renamed["pages"]] == [
        page["key"] for page in before["pages"]
    ]
    desk.edit("issue.xml", '<brief href="last.xml"/>', "")
    assert [row["file"] for row in desk.pages()["briefs"]] == ["one.xml"]


def test_a_changed_picture_is_a_new_page(desk: Watched) -> None:
    before = desk.now
    picture = next((desk.folder / "figures").iterdir())
    picture.write_bytes(picture.read_bytes() + b"\n")
    desk.changed(picture)
    after = desk.pages()
    assert [new["number"] for old, new in zip(before["pages"], after["pages"], strict=True) if old != new]


def test_only_the_newest_of_many_edits_is_set(desk: Watched) -> None:
    path = desk.folder / "one.xml"
    good = path.read_text(encoding="utf-8")
    edits = [good.replace(WORDS, f"{number}{WORDS}") for number in range(20)]
    for text in (*edits, good):
        path.write_text(text, encoding="utf-8")
        desk.changed(path)
    seen = desk.seen
    desk.pages()
    assert desk.seen - seen < len(edits)


def test_a_profile_that_changes_is_read_again(
    desk: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = desk.now
    copy = Path(shutil.copytree(profiles.PROFILES, tmp_path / "profiles")) / "zh-Hant-TW.toml"
    changed = profiles.PROFILES / copy.name
    good = copy.read_text(encoding="utf-8")
    assert 'keywords = "' in good
    monkeypatch.setattr("pipeline.profiles.PROFILES", copy.parent)
    copy.write_text(good.replace('keywords = "', 'keywords = "新'), encoding="utf-8")
    desk.changed(changed)
    assert desk.pages()["pages"][2]["key"] != before["pages"][2]["key"]
    copy.write_text("[", encoding="utf-8")
    desk.changed(changed)
    assert desk.pages()["failure"].startswith("layouts/ 裡剛改的檔案用不得")
    caplog.clear()
    copy.write_text(good, encoding="utf-8")
    desk.changed(changed)
    assert not desk.pages()["failure"] and desk.now["pages"] == before["pages"]


def test_what_comes_beside_the_issue_or_in_its_place_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "house" / "issue"
    folder.mkdir(parents=True)
    seen: Queue[set[Path]] = Queue()

    class Listening:
        def __init__(self) -> None:
            self.folder = folder

        def change(self, paths: set[Path]) -> None:
            seen.put(paths)

    async def run() -> None:
        ended = asyncio.Event()
        watching = asyncio.create_task(_watch(cast("Desk", Listening()), ended))
        found: set[Path] = set()
        while not found:
            (folder.parent / "notes.txt").write_text("x", encoding="utf-8")
            (folder.parent / "vocabulary.toml").write_text("", encoding="utf-8")
            await asyncio.sleep(0.1)
            with suppress(Empty):
                found = seen.get_nowait()
        assert found == {folder.parent / "vocabulary.toml"}
        folder.rename(folder.parent / "away")  # as git does when it changes the branch
        folder.mkdir()
        while folder not in found:
            await asyncio.sleep(0.1)
            with suppress(Empty):
                found = seen.get_nowait()
        while folder / "issue.xml" not in found:
            (folder / "issue.xml").write_text("", encoding="utf-8")
            await asyncio.sleep(0.1)
            with suppress(Empty):
                found = seen.get_nowait()
        ended.set()
        await watching

    with ThreadPoolExecutor(1) as apart:  # a browser of other tests may have a loop in this thread
        apart.submit(asyncio.run, asyncio.wait_for(run(), SECONDS)).result()


# Other editions


def test_the_other_editions_of_the_same_state(desk: Watched) -> None:
    desk.edit("one.xml", WORDS, "這是剛剛改過的一句話")
    desk.pages()
    for kind, name in (("web", "one.html"), ("epub", "b01.xhtml"), ("vertical", "b01.xhtml")):
        files = desk.ask("view", kind)
        assert "這是剛剛改過的一句話" in files[name].decode()
        assert b"<script" not in files[name]
        style = files["web.css" if kind == "web" else "epub.css"].decode()
        assert "../fonts/0" in style and ("vertical-rl" in style) == (kind == "vertical")


# The server

_COMMAND = [sys.executable, "-c", "from pipeline.cli.preview import preview; preview()"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = small_issue(tmp_path_factory.mktemp("served") / "issue")
    with subprocess.Popen([*_COMMAND, str(folder), "--no-open"], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        yield running.stdout.readline().strip()
        running.send_signal(2)
        assert running.wait(SECONDS) == 0


Ask = Callable[..., http.client.HTTPResponse]


@pytest.fixture
def ask(address: str) -> Iterator[Ask]:
    parts = urlsplit(address)
    connections = []

    def asking(path: str, method: str = "GET", body: str = "", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS)
        connections.append(connection)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path.replace("TOKEN", parts.path.strip("/")), body or None, headers=given)
        return connection.getresponse()

    yield asking
    for connection in connections:
        connection.close()


def test_the_address_is_of_this_machine_and_cannot_be_guessed(address: str) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{32,}/", address)


def test_nothing_is_there_without_the_token(ask: Ask) -> None:
    assert ask("/TOKEN/").status == 200
    for path in ("/", "/events", "/preview.css", "/x/", "/TOKENx/", "/pages/x.png"):
        assert ask(path).status == 404, path


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.test"},
        {"Host": "localhost:1"},
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
    ],
    ids=str,
)
def test_other_hosts_and_origins_are_refused(ask: Ask, headers: dict[str, str]) -> None:
    assert ask("/TOKEN/", **headers).status == 403


def test_a_form_of_another_page_changes_nothing(ask: Ask) -> None:
    assert ask("/TOKEN/shown", "POST").status == 403, "a browser always says where a POST comes from"


def test_the_page_may_load_nothing_from_elsewhere(ask: Ask) -> None:
    response = ask("/TOKEN/")
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and "http" not in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "://" not in response.read().decode().replace("http://www.w3.org/2000/svg", "")


def test_another_edition_runs_no_scripts(ask: Ask) -> None:
    response = ask("/TOKEN/view/web/one.html")
    policy = response.headers["Content-Security-Policy"]
    assert response.status == 200 and "sandbox allow-same-origin" in policy and "script-src" not in policy
    assert b'<a href="http' not in response.read(), "a link to elsewhere opens a window of its own"
    for path in ("/TOKEN/view/web/../issue.xml", "/TOKEN/view/other/x", "/TOKEN/fonts/99999"):
        assert ask(path).status == 404, path


def test_no_editor_is_started_unless_one_was_named(ask: Ask, address: str) -> None:
    origin = "http://" + urlsplit(address).netloc
    assert ask("/TOKEN/open", "POST", Origin=origin).status == 400


@pytest.mark.parametrize("said", ["[]", '{"pages": [1], "width": 1e400}', '{"pages": [null], "width": 1}', "{"])
def test_what_no_browser_says_is_refused(ask: Ask, address: str, said: str) -> None:
    origin = "http://" + urlsplit(address).netloc
    assert ask("/TOKEN/shown", "POST", said, Origin=origin).status == 400


def test_a_port_that_is_taken_is_said_in_a_sentence(prepared: Fonts) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        with pytest.raises(InstallationError, match="can't be used"):
            preview(SAMPLE, prepared, "zh-TW", lambda _: None, port=taken.getsockname()[1])


@pytest.mark.parametrize(("given", "said"), [("", "there is no issue.xml"), ("x.pdf", "there is no folder")])
def test_what_is_no_issue_is_said_in_a_sentence(tmp_path: Path, given: str, said: str) -> None:
    (tmp_path / "x.pdf").write_bytes(b"")
    result = CliRunner().invoke(command, [str(tmp_path / given), "--no-open", "--lang", "en"])
    assert result.exit_code == 2 and said in result.output


def test_both_languages_have_the_same_gaps() -> None:
    for words in SAID.values():
        assert sorted(re.findall(r"\{\w+\}", words.zh)) == sorted(re.findall(r"\{\w+\}", words.en))


def test_the_script_and_the_template_use_every_word_and_no_other() -> None:
    layouts = SAMPLE.parents[1] / "layouts" / "preview"
    script = (layouts / "preview.js").read_text(encoding="utf-8")
    template = (layouts / "preview.html.j2").read_text(encoding="utf-8")
    used = set(re.findall(r'say\("(\w+)"', script)) | set(re.findall(r"\bt\.(\w+)", template))
    named = {"one_error", "one_warning", "one_note", "error", "warning", "note", "print", "epub", "web"}
    assert set(SAID) == used | named

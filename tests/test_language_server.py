"""The language server, as an editor meets it: a process that is spoken to in JSON-RPC; and in a real Neovim."""

import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline.check import check
from pipeline.language_server import QUIET, check_document, is_manuscript
from pipeline.parse import MAX_BYTES
from tests.conftest import HOUSE, SAMPLE

LONGEST = 60
"""Seconds to wait for an answer before a test fails; other tests may be running beside it."""


def code_block(language: str) -> str:
    """The code in a language that the documentation of the copy editor shows."""
    page = (HOUSE / "pipeline" / "lint" / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    return str(code)


EXAMPLE = code_block("python")
"""The example of a rule in the documentation: it finds `email`, and its fix writes 電子郵件."""

ELSEWHERE = """
@rule(
    Code(
        "W901",
        title=Words("別處", "elsewhere"),
        message=Words("別處也有「別處」", "there are others"),
        hint=Words("看看", "look"),
        why=Words("測試", "a test"),
    )
)
def elsewhere(brief: Reading) -> Iterator[Finding]:
    also = tuple(
        passage.place(found.start(), found.end())
        for other in brief.issue.briefs
        for passage in other.passages
        for found in re.finditer("別處", passage.text)
    )
    for passage in brief.passages:
        for place in re.finditer("看別處", passage.text):
            yield Finding(passage.place(*place.span()), also=also)
        for _ in re.finditer("壞了", passage.text):
            raise LookupError("a rule with a bug")
"""
"""A rule whose message speaks of places in other briefs, and that fails where it reads 壞了."""

START = "from pipeline.cli.lsp import lsp; lsp()"
WITH_EXAMPLES = f"from pipeline.lint.rules import RULES\nRULES.clear()\n{EXAMPLE}\n{ELSEWHERE}\n{START}"

BRIEF = """<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="editorial" xml:lang="zh-Hant-TW">
<front><article-meta><title-group><article-title>題名</article-title></title-group></article-meta></front>
<body>
<p>{}</p>
</body></article>
"""
ISSUE = """<issue xml:lang="zh-Hant-TW"><journal-meta><journal-title-group><journal-title>版面</journal-title>
</journal-title-group><publisher><publisher-name>社</publisher-name></publisher></journal-meta>
<issue-meta><issue-number>1</issue-number><pub-date iso-8601-date="2026-11-20"/></issue-meta>
<contents><brief href="brief-1.xml"/><brief href="brief-2.xml"/></contents></issue>
"""
MAIL = "𨋢𨋢寄email。"
"""`email` at character 4 of the line after `<p>`; the first two characters are two units of UTF-16 each."""


class Editor:
    """A client of a server in a process of its own."""

    def __init__(self, *arguments: str, program: str = WITH_EXAMPLES, **capabilities: Any) -> None:
        environment = os.environ | {"PYTHONPATH": str(HOUSE)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        self.messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self.log: list[str] = []
        self._last = 0
        self._threads = [threading.Thread(target=target, daemon=True) for target in (self._read, self._listen)]
        for thread in self._threads:
            thread.start()
        self.server = self.ask("initialize", processId=None, rootUri=None, capabilities=capabilities)
        self.tell("initialized")

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while line := stream.readline():
            length = int(line.removeprefix(b"Content-Length: "))
            while stream.readline().strip():
                pass
            self.messages.put(json.loads(stream.read(length)))

    def _listen(self) -> None:
        assert self.process.stderr is not None
        self.log += (line.decode() for line in self.process.stderr)

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(data), data))
        self.process.stdin.flush()

    def tell(self, method: str, **parameters: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": parameters})

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send a request, and wait for its answer."""
        self._last += 1
        number = self._last
        self._send({"id": number, "method": method, "params": parameters or None})
        answer = self.wait(lambda message: message.get("id") == number and "method" not in message)
        assert "error" not in answer, answer
        return answer.get("result")

    def wait(self, wanted: Callable[[dict[str, Any]], bool], seconds: float = LONGEST) -> dict[str, Any]:
        """The next message that is wanted; those before it are dropped."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            try:
                message = self.messages.get(timeout=left)
            except queue.Empty:
                break
            if wanted(message):
                return message
        raise AssertionError("no such message from the server; it logged:\n" + "".join(self.log))

    def open(self, uri: str, text: str, version: int = 1) -> None:
        document = {"uri": uri, "languageId": "xml", "version": version, "text": text}
        self.tell("textDocument/didOpen", textDocument=document)

    def type(self, uri: str, text: str, version: int) -> None:
        changes = [{"text": text}]
        self.tell("textDocument/didChange", textDocument={"uri": uri, "version": version}, contentChanges=changes)

    def found(self, uri: str, version: int | None = None) -> list[dict[str, Any]]:
        """What is published next about a document, or about one version of it."""
        parameters = self.wait(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == uri
                and version in (None, message["params"].get("version"))
            )
        )["params"]
        found: list[dict[str, Any]] = parameters["diagnostics"]
        return found

    def opened(self, uri: str, text: str) -> list[dict[str, Any]]:
        self.open(uri, text)
        return self.found(uri, 1)

    def actions(self, uri: str, range_: dict[str, Any], *kinds: str) -> list[dict[str, Any]]:
        context = {"diagnostics": [], **({"only": list(kinds)} if kinds else {})}
        identified = {"uri": uri}
        answer = self.ask("textDocument/codeAction", textDocument=identified, range=range_, context=context)
        actions: list[dict[str, Any]] = answer or []
        return actions

    def leave(self) -> int:
        """Shut the server down as the protocol says; its exit code."""
        self.ask("shutdown")
        self.tell("exit")
        return self.process.wait(LONGEST)

    def close(self) -> None:
        """End the process, and wait for all that it wrote."""
        self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join(LONGEST)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


@contextmanager
def editing(*arguments: str, **options: Any) -> Iterator[Editor]:
    editor = Editor(*arguments, **options)
    try:
        yield editor
        assert editor.leave() == 0
    finally:
        editor.close()
    assert not editor.log, "".join(editor.log)


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    """One server for the tests that only need to be understood."""
    with editing() as editor:
        yield editor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An issue of two briefs."""
    (tmp_path / "issue.xml").write_text(ISSUE, encoding="utf-8")
    for name in ("brief-1.xml", "brief-2.xml"):
        (tmp_path / name).write_text(BRIEF.format("文字。"), encoding="utf-8")
    return tmp_path


def span(found: dict[str, Any]) -> tuple[int, int, int, int]:
    start, end = found["range"]["start"], found["range"]["end"]
    return start["line"], start["character"], end["line"], end["character"]


def codes(found: list[dict[str, Any]]) -> list[str]:
    return [each["code"] for each in found]


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    """A text after edits whose positions are in UTF-16, as most editors do it."""
    lines = [0, *(end.end() for end in re.finditer("\r\n|\r|\n", text))]

    def offset(position: dict[str, int]) -> int:
        start = lines[position["line"]]
        before = text[start:].encode("utf-16-le")[: 2 * position["character"]].decode("utf-16-le")
        return start + len(before)

    for edit in reversed(edits):
        start, end = (offset(edit["range"][which]) for which in ("start", "end"))
        text = text[:start] + edit["newText"] + text[end:]
    return text


# What an editor sees


def test_finding_has_everything_an_editor_shows(editor: Editor, folder: Path) -> None:
    (found,) = editor.opened((folder / "brief-1.xml").as_uri(), BRIEF.format(MAIL))
    assert (found["code"], found["source"], found["severity"]) == ("W900", "kan", 3)
    assert found["message"] == "「email」有中文的說法\n提示：寫「電子郵件」"
    assert span(found) == (3, 8, 3, 13)
    assert "relatedInformation" not in found


def test_server_says_what_it_can_do(editor: Editor) -> None:
    can = editor.server["capabilities"]
    assert editor.server["serverInfo"]["name"] == "kan"
    assert can["textDocumentSync"]["change"] == 1  # whole documents
    assert can["codeActionProvider"]["codeActionKinds"] == ["quickfix", "source.fixAll"]


@pytest.mark.parametrize(
    ("encodings", "columns"),
    [(["utf-8"], (14, 19)), (["utf-16"], (8, 13)), (["utf-32", "utf-16"], (6, 11)), ([], (8, 13))],
)
def test_positions_are_counted_as_the_editor_counts(
    folder: Path, encodings: list[str], columns: tuple[int, int]
) -> None:
    general = {"positionEncodings": encodings} if encodings else {}
    with editing("--lang", "en", general=general) as editor:
        (found,) = editor.opened((folder / "brief-1.xml").as_uri(), BRIEF.format(MAIL))
        assert span(found)[1::2] == columns
        assert found["message"].endswith("\nhint: write 電子郵件")


def test_quick_fix_mends_the_place_that_was_asked_about(editor: Editor, folder: Path) -> None:
    uri, text = (folder / "brief-1.xml").as_uri(), BRIEF.format(f"{MAIL}</p>\n<p>{MAIL}")
    first, second = editor.opened(uri, text)
    (fix,) = editor.actions(uri, second["range"], "quickfix")
    assert fix["title"] == "改正：寫「電子郵件」（W900）"
    assert (fix["kind"], fix["isPreferred"]) == ("quickfix", True)
    assert fix["diagnostics"] == [second]
    mended = applied(text, fix["edit"]["changes"][uri])
    assert mended == BRIEF.format(f"{MAIL}</p>\n<p>{MAIL.replace('email', '電子郵件')}")
    editor.type(uri, mended, 2)
    assert editor.found(uri, 2) == [first]


def test_everything_can_be_mended_at_once(editor: Editor, folder: Path) -> None:
    uri, text = (folder / "brief-1.xml").as_uri(), BRIEF.format(f"{MAIL}</p>\n<p>{MAIL}email")
    assert len(editor.opened(uri, text)) == 3
    start = {"line": 0, "character": 0}
    (everything,) = editor.actions(uri, {"start": start, "end": start}, "source.fixAll")
    assert everything["kind"] == "source.fixAll"
    mended = applied(text, everything["edit"]["changes"][uri])
    assert "email" not in mended and mended.count("電子郵件") == 3
    editor.type(uri, mended, 2)
    assert editor.found(uri, 2) == []
    assert editor.actions(uri, {"start": start, "end": {"line": 9, "character": 0}}) == []


def test_actions_are_those_of_the_kind_that_was_asked_for(editor: Editor, folder: Path) -> None:
    uri = (folder / "brief-1.xml").as_uri()
    (found,) = editor.opened(uri, BRIEF.format(MAIL))

    def kinds(*only: str) -> list[str]:
        return [action["kind"] for action in editor.actions(uri, found["range"], *only)]

    assert kinds() == kinds("") == ["quickfix", "source.fixAll"]
    assert kinds("source") == kinds("source.fixAll") == ["source.fixAll"]
    assert kinds("refactor") == kinds("source.fixAll.kan") == kinds("quick") == []


def test_lamp_is_told_of_no_more_than_the_fixes_here(editor: Editor, folder: Path) -> None:
    uri = (folder / "brief-1.xml").as_uri()
    (found,) = editor.opened(uri, BRIEF.format(MAIL))
    context = {"diagnostics": [], "triggerKind": 2}
    identified = {"uri": uri}
    actions = editor.ask("textDocument/codeAction", textDocument=identified, range=found["range"], context=context)
    assert [action["kind"] for action in actions] == ["quickfix"]


def test_fix_names_its_version_to_an_editor_that_understands(folder: Path) -> None:
    with editing(workspace={"workspaceEdit": {"documentChanges": True}}) as editor:
        uri = (folder / "brief-1.xml").as_uri()
        editor.open(uri, BRIEF.format("文"))
        editor.type(uri, BRIEF.format(MAIL), 7)
        here = {"line": 3, "character": 9}
        (fix,) = editor.actions(uri, {"start": here, "end": here}, "quickfix")
        (change,) = fix["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": uri, "version": 7}
        assert [edit["newText"] for edit in change["edits"]] == ["電子郵件"]


def test_document_that_is_not_well_formed_while_typing(editor: Editor, folder: Path) -> None:
    uri = (folder / "brief-1.xml").as_uri()
    assert codes(editor.opened(uri, BRIEF.format(MAIL))) == ["W900"]
    editor.type(uri, BRIEF.format(MAIL + "<bol"), 2)
    (found,) = editor.found(uri, 2)
    assert (found["code"], found["severity"]) == ("P006", 1)
    assert editor.actions(uri, found["range"]) == []
    editor.type(uri, "", 3)
    assert codes(editor.found(uri, 3)) == ["P007"]
    editor.type(uri, BRIEF.format(MAIL), 4)
    assert codes(editor.found(uri, 4)) == ["W900"]


def test_error_of_the_schema_is_found(editor: Editor, folder: Path) -> None:
    found = editor.opened((folder / "brief-1.xml").as_uri(), BRIEF.format("<b>文</b>"))
    assert [each["severity"] for each in found] == [1]
    assert span(found[0])[:2] == (3, 3)


# Odd documents


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (BRIEF.format(MAIL).replace("\n", "\r\n"), (3, 8)),
        (BRIEF.format(MAIL).replace("\n", "\r"), (3, 8)),
        (f"\ufeff{BRIEF.format(MAIL)}", (3, 8)),
        (f"\ufeff{BRIEF.format(MAIL)}".replace("\n", " "), None),
        (BRIEF.format(f"行\u2028行\u2029\u0085\x0b\x1c{MAIL}".replace("\x0b\x1c", "")), (3, 13)),
        (f"<!-- 註解 --><?keep it?>\n{BRIEF.format(MAIL)}", (4, 8)),
    ],
    ids=["CR LF", "CR", "BOM", "BOM in one line", "U+2028", "comments first"],
)
def test_lines_are_those_of_the_protocol(
    editor: Editor, folder: Path, text: str, where: tuple[int, int] | None
) -> None:
    uri = (folder / "brief-1.xml").as_uri()
    (found,) = (each for each in editor.opened(uri, text) if each["code"] == "W900")
    if where is not None:
        assert span(found)[:2] == where
    (fix,) = editor.actions(uri, found["range"], "quickfix")
    assert applied(text, fix["edit"]["changes"][uri]) == text.replace("email", "電子郵件")


def test_half_a_character_is_reported(editor: Editor, folder: Path) -> None:
    (found,) = editor.opened((folder / "brief-1.xml").as_uri(), BRIEF.format("\ud867"))
    assert found["code"] == "P004" and span(found)[:2] == (3, 3)


def test_untitled_document_is_checked(editor: Editor) -> None:
    assert codes(editor.opened("untitled:Untitled-1", BRIEF.format(MAIL))) == ["W900"]
    editor.type("untitled:Untitled-1", BRIEF.format("文"), 2)
    assert editor.found("untitled:Untitled-1", 2) == []


@pytest.mark.parametrize("name", ["brief 1%2F#é?.xml", "一期/第一篇.xml"])
def test_name_of_a_file_may_have_any_characters(editor: Editor, folder: Path, name: str) -> None:
    path = folder / "sub" / name
    path.parent.mkdir(parents=True)
    assert codes(editor.opened(path.as_uri(), BRIEF.format(MAIL))) == ["W900"]


def test_other_xml_is_left_alone(editor: Editor, folder: Path) -> None:
    (folder / "figures").mkdir()
    figure = (folder / "figures" / "fig.svg").as_uri()
    assert editor.opened(figure, '<?xml version="1.0"?><!-- <article> --><svg><b>email</b></svg>') == []
    assert editor.opened("untitled:Untitled-2", "") == []


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("<article/>", True),
        ("\ufeff<?xml version='1.0'?>\n<!-- <svg> -->\n<!DOCTYPE article>\n<issue a='b'>", True),
        ("<articles/>", False),
        ("<!-- <article> ", False),
        ("article", False),
        ("<!---->" * 100_000, False),
        ("<?a?> " * 100_000 + "<!--", False),
    ],
)
def test_manuscripts_are_known_by_their_root(tmp_path: Path, text: str, ours: bool) -> None:
    assert is_manuscript(tmp_path / "file.xml", text) is ours
    assert is_manuscript(tmp_path / "issue.xml", text)


def test_closed_document_has_no_findings(editor: Editor, folder: Path) -> None:
    uri = (folder / "brief-1.xml").as_uri()
    editor.opened(uri, BRIEF.format(MAIL))
    editor.type(uri, BRIEF.format(MAIL * 2), 2)
    editor.tell("textDocument/didClose", textDocument={"uri": uri})
    assert editor.found(uri) == []
    assert len(editor.opened(uri, BRIEF.format(MAIL))) == 1  # the change of before is forgotten


# A document among others


def test_issue_is_checked_with_the_briefs_it_lists(editor: Editor, folder: Path) -> None:
    uri = (folder / "issue.xml").as_uri()
    assert editor.opened(uri, ISSUE) == []
    editor.type(uri, ISSUE.replace("brief-2.xml", "brief-9.xml"), 2)
    (found,) = editor.found(uri, 2)
    assert found["severity"] == 1 and "brief-9.xml" in found["message"]
    editor.type(uri, ISSUE.replace("2026-11-20", "2026-13-20"), 3)
    assert [span(each)[0] for each in editor.found(uri, 3)] == [2]


def test_message_leads_to_places_in_other_briefs(editor: Editor, folder: Path) -> None:
    first, second = ((folder / name).as_uri() for name in ("brief-1.xml", "brief-2.xml"))
    (folder / "brief-2.xml").write_text(BRIEF.format("文<bold>𨋢別處</bold>"), encoding="utf-8")
    (found,) = editor.opened(first, BRIEF.format("看別處"))
    here, there = found["relatedInformation"]
    assert here["location"]["uri"] == first and here["message"] == "別處"
    assert there["location"]["uri"] == second
    assert span(there["location"]) == (3, 12, 3, 14)


def test_other_briefs_are_read_as_they_stand_in_the_editor(editor: Editor, folder: Path) -> None:
    first, second = ((folder / name).as_uri() for name in ("brief-1.xml", "brief-2.xml"))
    editor.opened(first, BRIEF.format("看別處"))
    editor.opened(second, BRIEF.format("別處，別處。"))
    editor.type(first, BRIEF.format("再看別處"), 2)
    (found,) = editor.found(first, 2)
    assert [each["location"]["uri"] for each in found["relatedInformation"]] == [first, second, second]


def test_saving_one_brief_checks_the_others(editor: Editor, folder: Path) -> None:
    first, second = ((folder / name).as_uri() for name in ("brief-1.xml", "brief-2.xml"))
    editor.opened(second, BRIEF.format("文"))
    editor.opened(first, BRIEF.format("看別處"))
    editor.type(second, BRIEF.format("別處"), 2)
    editor.tell("textDocument/didSave", textDocument={"uri": second})
    (found,) = editor.found(first)
    assert len(found["relatedInformation"]) == 2


def test_house_vocabulary_that_is_wrong_is_told_in_the_brief(editor: Editor, folder: Path) -> None:
    (folder / "vocabulary.toml").write_text("words = []", encoding="utf-8")
    found = editor.opened((folder / "brief-1.xml").as_uri(), BRIEF.format(MAIL))
    assert codes(found) == ["V001", "W900"]
    assert span(found[0]) == (0, 0, 0, 0)
    (related,) = found[0]["relatedInformation"]
    assert related["location"]["uri"] == (folder / "vocabulary.toml").as_uri()


def test_files_that_change_on_disk_are_seen_where_the_editor_watches(folder: Path) -> None:
    with editing(workspace={"didChangeWatchedFiles": {"dynamicRegistration": True}}) as editor:
        asked = editor.wait(lambda message: message.get("method") == "client/registerCapability")
        (registration,) = asked["params"]["registrations"]
        assert registration["method"] == "workspace/didChangeWatchedFiles"
        editor._send({"id": asked["id"], "result": None})
        uri = (folder / "brief-1.xml").as_uri()
        assert codes(editor.opened(uri, BRIEF.format(MAIL))) == ["W900"]
        vocabulary = folder / "vocabulary.toml"
        vocabulary.write_text("words = []", encoding="utf-8")
        editor.tell("workspace/didChangeWatchedFiles", changes=[{"uri": vocabulary.as_uri(), "type": 1}])
        assert codes(editor.found(uri, 1)) == ["V001", "W900"]


@pytest.mark.parametrize("name", ["brief-1.xml", "issue.xml"])
def test_findings_are_those_of_kan_check(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "issue"
    shutil.copytree(SAMPLE, folder)
    path = folder / name
    text = path.read_text(encoding="utf-8").replace("。", "\u200b。", 3)
    path.write_text(text, encoding="utf-8")
    assert check_document(path, text).diagnostics == tuple(each for each in check(path) if each.place.file == path)


# Time


def test_old_findings_are_never_shown_for_a_new_text(editor: Editor, folder: Path) -> None:
    uri = (folder / "brief-1.xml").as_uri()
    editor.opened(uri, BRIEF.format("文"))
    for version in range(2, 40):
        editor.type(uri, BRIEF.format(MAIL * version), version)
        time.sleep(0.01)
    shown: list[dict[str, Any]] = []
    while not shown or shown[-1]["version"] != 39:
        message = editor.wait(lambda message: message.get("method") == "textDocument/publishDiagnostics")
        shown.append(message["params"])
        assert len(shown[-1]["diagnostics"]) == shown[-1]["version"]
    assert len(shown) < 20, "every key was checked"
    assert [each["version"] for each in shown] == sorted({each["version"] for each in shown})


def test_actions_are_those_of_the_text_that_was_just_typed(editor: Editor, folder: Path) -> None:
    uri = (folder / "brief-1.xml").as_uri()
    editor.opened(uri, BRIEF.format("文"))
    editor.type(uri, BRIEF.format(MAIL), 2)
    everywhere = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    assert len(editor.actions(uri, everywhere, "quickfix")) == 1


def test_bug_in_a_rule_does_not_end_the_server(folder: Path) -> None:
    editor = Editor()
    try:
        uri = (folder / "brief-1.xml").as_uri()
        editor.open(uri, BRIEF.format("壞了"))
        said = editor.wait(lambda message: message.get("method") == "window/showMessage")["params"]
        assert "a rule with a bug" in said["message"]
        editor.type(uri, BRIEF.format("還是壞了"), 2)
        time.sleep(2 * QUIET)
        editor.type(uri, BRIEF.format(MAIL), 3)
        assert codes(editor.found(uri, 3)) == ["W900"]
        assert not any(message.get("method") == "window/showMessage" for message in editor.messages.queue)
        assert editor.leave() == 0
    finally:
        editor.close()
    assert "Traceback" in "".join(editor.log)


def test_huge_document_holds_nobody_up(folder: Path) -> None:
    paragraph = "<p>" + "文字，「引文」。" * 40 + "<fn><p>王大明，《甲書》，頁5。</p></fn></p>\n"
    most = MAX_BYTES - 2000
    text = BRIEF.format("文</p>\n" + paragraph * (most // len(paragraph.encode())) + "<p>文")
    editor = Editor(program=START)
    try:
        uri = (folder / "brief-1.xml").as_uri()
        editor.open(uri, text)
        for version in range(2, 5):
            editor.type(uri, text, version)
        time.sleep(3 * QUIET)  # the check has begun
        started = time.monotonic()
        editor.tell("textDocument/didClose", textDocument={"uri": uri})
        assert editor.found(uri) == []
        assert editor.leave() == 0
        assert time.monotonic() - started < LONGEST / 4
    finally:
        editor.close()


def test_server_ends_with_its_editor() -> None:
    editor = Editor("--stdio", program=START)
    try:
        assert editor.process.stdin is not None
        editor.process.stdin.close()
        editor.process.wait(LONGEST)
    finally:
        editor.close()
    assert not editor.log


def test_document_that_is_too_large_is_refused(editor: Editor, folder: Path) -> None:
    found = editor.opened((folder / "brief-1.xml").as_uri(), BRIEF.format("文" * (MAX_BYTES // 3)))
    assert codes(found) == ["P003"]


# A real editor


@pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")
def test_neovim_with_the_configuration_of_the_documentation(folder: Path) -> None:
    (folder / "bin").mkdir()
    command = folder / "bin" / "kan"
    program = f"import sys\nassert sys.argv.pop(1) == 'lsp'\n{WITH_EXAMPLES}"
    (folder / "bin" / "kan.py").write_text(program, encoding="utf-8")
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{folder}/bin/kan.py" "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    configuration, brief = folder / "init.lua", folder / "brief-1.xml"
    configuration.write_text(code_block("lua"), encoding="utf-8")
    brief.write_text(BRIEF.format(f"{MAIL}</p>\n<p>{MAIL}再{MAIL}"), encoding="utf-8")
    environment = os.environ | {
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(HOUSE),
        "KAN_CONFIGURATION": str(configuration),
        "KAN_BRIEF": str(brief),
        **{f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
    }
    script = HOUSE / "tests" / "neovim.lua"
    done = subprocess.run(
        ["nvim", "--clean", "--headless", "-n", "-i", "NONE", "-c", f"luafile {script}", "-c", "qall!"],
        env=environment,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=5 * LONGEST,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(lines) == 5, done.stdout + done.stderr
    opened, mended, all_mended, broken, whole = map(json.loads, lines)
    email = {"code": "W900", "severity": 3, "text": "email"}
    assert opened["found"] == [email] * 3
    assert mended == {"title": "改正：寫「電子郵件」（W900）", "found": [email] * 2}
    assert all_mended["found"] == [] and all_mended["title"].startswith("改正這個檔案裡所有")
    assert "\n".join(all_mended["text"]).count("𨋢𨋢寄電子郵件。") == 3
    assert [each["code"] for each in broken["found"]] == ["P006"]
    assert whole["found"] == []

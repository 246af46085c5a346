"""Broken and hostile manuscripts: each gets its message at the right place, and nothing worse happens.

A case is a folder of `samples/broken/`. Its files are put over those of `common/` (a good issue with one good
brief); what no file of text can hold (a gzip, a symbolic link, a FIFO, 3,000 notes) is made by the function
in `MAKERS` with the name of the case. `expected.txt` is what `kan build` prints, and the exit code.

    KAN_REWRITE_EXPECTED=1 pytest tests/test_broken.py     writes the expectations anew; read the diff

While the command runs, everything Python opens, connects to or starts is recorded, the folder beside the
issue is watched by the kernel (which sees C libraries too), and a server waits for visitors.
"""

import ctypes
import gzip
import io
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import sysconfig
import tempfile
import time
import traceback
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree

from pipeline import fonts
from pipeline.cli import main
from pipeline.diagnostics import InstallationError
from pipeline.validate import jing

ROOT = Path(__file__).resolve().parent.parent
BROKEN = Path(__file__).with_name("samples") / "broken"
COMMON = BROKEN / "common"
REWRITE = bool(os.environ.get("KAN_REWRITE_EXPECTED"))

LONGEST = 20
"""Seconds of the processor a case may take; three times as many may pass, for other tests run beside it."""

LINES = 60
"""Lines of findings that are compared; of the rest, the number."""

SECRET = "這一行是別人的秘密"
PORT = "65000"
"""The port that manuscripts name; five digits, as the real one has, so that no column moves."""


# The cases


@dataclass(frozen=True)
class Files:
    """The folder of a case while it is made, and what makers need to fill it."""

    folder: Path

    @property
    def brief(self) -> str:
        """The good brief of `common/`."""
        return (COMMON / "brief-1.xml").read_text(encoding="utf-8")

    def body(self, content: str) -> str:
        """The good brief with another body."""
        start, end = self.brief.index("<body>") + 7, self.brief.index("  </body>")
        return f"{self.brief[:start]}    {content}\n{self.brief[end:]}"

    def write(self, content: str | bytes, name: str = "brief-1.xml") -> None:
        """Write a file of the issue, text as UTF-8."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def figures(self, *names: str) -> None:
        """A brief with a figure for each file name."""
        self.write(self.body("\n    ".join(_figure(name, number) for number, name in enumerate(names, 1))))


UNPRINTED = "[\\s\x7f-\x9f\xad\u200b\u202a-\u202e\u2066-\u2069\ufeff]"
"""Blanks, and the invisible characters that R040 warns of and no edition sets."""


def _figure(name: str, number: int) -> str:
    caption = "<caption><title>圖題</title></caption><alt-text>替代文字</alt-text>"
    return f'<fig id="f{number}">{caption}<graphic xlink:href="figures/{name}"/></fig>'


Maker = Callable[[Files], None]
MAKERS: dict[str, Maker] = {}


def case(maker: Maker) -> Maker:
    """Register a maker under its name in kebab-case."""
    MAKERS[maker.__name__.replace("_", "-")] = maker
    return maker


# Bytes that are no XML in UTF-8


@case
def empty_file(files: Files) -> None:
    files.write("")


@case
def only_blanks(files: Files) -> None:
    files.write("\ufeff \r\n\t\n")


@case
def mistake_behind_a_byte_order_mark(files: Files) -> None:
    files.write("\ufeff" + files.body("<p>文</b></p>"))


@case
def mistake_in_a_first_line_behind_a_byte_order_mark(files: Files) -> None:
    files.write("\ufeff<article></b></article>")


@case
def nul_bytes(files: Files) -> None:
    files.write(files.body("<p>文\0字</p>"))


@case
def control_characters(files: Files) -> None:
    files.write(files.body("<p>紅\x1b[31m字</p>"))


@case
def big5(files: Files) -> None:
    files.write(files.body("<p>正體中文</p>").encode("big5"))


@case
def declared_as_big5(files: Files) -> None:
    files.write(files.body("<p>正體中文</p>").replace("UTF-8", "Big5").encode("big5"))


@case
def utf_16(files: Files) -> None:
    files.write(files.brief.encode("utf-16"))


@case
def utf_16_without_a_mark(files: Files) -> None:
    files.write(files.brief.encode("utf-16-be"))


@case
def utf_32(files: Files) -> None:
    files.write(files.brief.encode("utf-32"))


@case
def utf_7(files: Files) -> None:
    doctype = '<!DOCTYPE a [<!ENTITY x SYSTEM "../outside/secret.txt">]><a>&x;</a>'
    files.write(b'<?xml version="1.0" encoding="UTF-7"?>' + doctype.encode("utf-7"))


@case
def one_byte_that_is_not_utf_8(files: Files) -> None:
    files.write(files.body("<p>caf?，文</p>").encode().replace(b"?\xef", b"\xe9\xef"))


@case
def surrogates_as_bytes(files: Files) -> None:
    files.write(files.body("<p>文\ud83d\ude00</p>").encode("utf-8", "surrogatepass"))


@case
def gzip_named_xml(files: Files) -> None:
    files.write(gzip.compress(files.brief.encode()))


@case
def word_file_named_xml(files: Files) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("word/document.xml", files.brief)
    files.write(written.getvalue())


@case
def pdf_named_xml(files: Files) -> None:
    files.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")


# Line ends, long lines, sizes


@case
def mistakes_behind_dos_line_ends(files: Files) -> None:
    files.write(files.body("<p>甲</p>\n<p>乙<b>丙</b></p>\n<xyz/>").replace("\n", "\r\n"))


@case
def mistakes_behind_old_macintosh_line_ends(files: Files) -> None:
    files.write(files.body("<p>甲</p>\n<p>乙<b>丙</b></p>\n<xyz/>").replace("\n", "\r"))


@case
def mistake_at_the_end_of_a_long_line(files: Files) -> None:
    files.write(files.body(f"<p>{'字' * 300_000}</p><p>{'𠀀' * 10_000}<b>粗</b></p>"))


@case
def five_megabytes(files: Files) -> None:
    files.write(files.body(f"<p>{'字' * 1_700_000}</p>"))


@case
def ten_thousand_deep(files: Files) -> None:
    files.write(files.body("<sec>" * 10_000 + "</sec>" * 10_000))


@case
def ten_thousand_tags_never_closed(files: Files) -> None:
    files.write(files.body("<p>" * 10_000))


@case
def two_hundred_thousand_empty_elements(files: Files) -> None:
    files.write(files.body("<p/>" * 200_000))


@case
def names_of_a_million_letters(files: Files) -> None:
    files.write(files.body(f'<p {"a" * 40_000}="1">文</p><{"b" * 40_000}/><p xml:lang="{"c" * 500_000}"/>'))


@case
def hundred_references_to_nothing(files: Files) -> None:
    notes = "".join(f'甲<fn id="note-{n}"><p>註。</p></fn>' for n in range(100))
    references = "".join(f'<xref ref-type="fn" rid="nots-{n}"/>' for n in range(100))
    files.write(files.body(f"<p>{notes}{references}</p>"))


# Legal, though odd: these are published whole


@case
def note_longer_than_a_page(files: Files) -> None:
    files.write(files.body(f'<p>文<fn id="fn1"><p>{"這個註很長。" * 830}註終</p></fn>，文終。</p>'))


@case
def two_hundred_notes(files: Files) -> None:
    files.write(files.body(f"<p>{_notes(200)}終。</p>"))


@case
def mistake_behind_three_thousand_notes(files: Files) -> None:
    files.write(files.body(f'<p>{_notes(3000)}終。</p>\n<p><xref ref-type="fn" rid="fn3000"/></p>'))


def _notes(count: int) -> str:
    return "".join(f'文{n}<fn id="fn{n}"><p>說明{n}</p></fn>，' for n in range(count))


@case
def words_without_a_break(files: Files) -> None:
    word, address = "a" * 3000, "https://example.org/" + "b" * 2000
    link = f'<ext-link ext-link-type="uri" xlink:href="{address}">{address}</ext-link>'
    note = f'<fn id="fn1"><p>{link}</p></fn>'
    files.write(files.body(f"<p>{word}</p><p>{link}{note}</p>"))


@case
def table_with_a_word_that_is_too_wide(files: Files) -> None:
    row = f"<tr><td>{'c' * 300}</td><td>格</td></tr>"
    table = f"<caption><title>表</title></caption><table><tbody>{row}</tbody></table>"
    files.write(files.body(f"<table-wrap>{table}</table-wrap>"))


@case
def hundred_and_one_sections(files: Files) -> None:
    files.write(files.body("".join(f"<sec><title>節{n}</title><p>文。</p></sec>" for n in range(101))))


@case
def bold_ninety_deep(files: Files) -> None:
    files.write(files.body("<p>" + "<bold>" * 90 + "粗" + "</bold>" * 90 + "</p>"))


@case
def lists_thirty_deep(files: Files) -> None:
    opened = '<list list-type="bullet"><list-item><p>項</p>'
    files.write(files.body(opened * 30 + "</list-item></list>" * 30))


@case
def table_of_a_thousand_columns(files: Files) -> None:
    row = '<tr><td colspan="999" rowspan="999">寬</td><td colspan="999">寬</td></tr>'
    table = f"<caption><title>寬</title></caption><table><tbody>{row * 3}</tbody></table>"
    files.write(files.body(f"<table-wrap>{table}</table-wrap>"))


# What stands where a file should


@case
def issue_file_missing(files: Files) -> None:
    (files.folder / "issue.xml").unlink()


@case
def issue_is_a_link_out_of_the_folder(files: Files) -> None:
    (files.folder / "issue.xml").unlink()
    (files.folder / "issue.xml").symlink_to("../outside/secret.xml")


@case
def brief_is_a_link_out_of_the_folder(files: Files) -> None:
    (files.folder / "brief-1.xml").unlink()
    (files.folder / "brief-1.xml").symlink_to("/etc/passwd")


@case
def brief_is_a_link_to_itself(files: Files) -> None:
    (files.folder / "brief-1.xml").unlink()
    (files.folder / "brief-1.xml").symlink_to("brief-1.xml")


@case
def brief_is_a_folder(files: Files) -> None:
    (files.folder / "brief-1.xml").unlink()
    (files.folder / "brief-1.xml").mkdir()


@case
def brief_is_a_fifo(files: Files) -> None:
    (files.folder / "brief-1.xml").unlink()
    os.mkfifo(files.folder / "brief-1.xml")


@case
def issue_is_a_fifo(files: Files) -> None:
    (files.folder / "issue.xml").unlink()
    os.mkfifo(files.folder / "issue.xml")


@case
def briefs_named_oddly(files: Files) -> None:
    names = ["a b.xml", "第一篇.xml", "it's.xml", "100%.xml", "a&amp;b.xml", "-rf.xml", "a&#10;b.xml"]
    listed = "".join(f'<brief href="{name}"/>\n    ' for name in names)
    issue = (files.folder / "issue.xml").read_text(encoding="utf-8")
    files.write(issue.replace('<brief href="brief-1.xml"/>', listed.strip()), "issue.xml")
    for name in names:
        files.write(files.body("<p>文<b>粗</b></p>"), unescape(name))


# Pictures


def png(width: int, height: int, rows: bytes | None = None) -> bytes:
    """A black-and-white PNG; `rows` are its compressed rows, else all of them, black."""
    if rows is None:
        packer = zlib.compressobj(9)
        row = b"\0" * (1 + (width + 7) // 8)
        rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@case
def pictures_too_large(files: Files) -> None:
    files.figures("header.png", "bomb.png", "bytes.png", "svg.svg")
    files.write(png(60_000, 60_000, b""), "figures/header.png")
    files.write(png(12_000, 12_000), "figures/bomb.png")
    files.write(png(9, 9) + b"\0" * (21 * 1024 * 1024), "figures/bytes.png")
    files.write(f"<svg xmlns='http://www.w3.org/2000/svg'>{'<g/>' * 1_200_000}</svg>", "figures/svg.svg")


@case
def picture_of_25_million_pixels(files: Files) -> None:
    files.figures("large.png")
    files.write(png(5000, 5000), "figures/large.png")


@case
def picture_with_a_comment_of_thirty_megabytes(files: Files) -> None:
    files.figures("comment.png")
    comment = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 30_000_000))
    good = png(9, 9)
    files.write(good[:33] + comment + good[33:], "figures/comment.png")


@case
def pictures_that_are_none(files: Files) -> None:
    files.figures("empty.png", "text.png", "text.svg", "map.gif", "map.tiff", "map.pdf", "zip.svg", "gz.svgz")
    files.write(b"", "figures/empty.png")
    files.write("這是文字", "figures/text.png")
    files.write("這是文字", "figures/text.svg")
    files.write(b"GIF89a\x01\0\x01\0\0\0\0;", "figures/map.gif")
    files.write(b"II*\0\x08\0\0\0", "figures/map.tiff")
    files.write(b"%PDF-1.7\n", "figures/map.pdf")
    files.write(b"PK\x03\x04", "figures/zip.svg")
    files.write(gzip.compress(b"<svg/>"), "figures/gz.svgz")


@case
def pictures_damaged(files: Files) -> None:
    files.figures("header.png", "cut.jpg")
    files.write(b"\x89PNG\r\n\x1a\n", "figures/header.png")
    files.write(b"\xff\xd8\xff\xe0\0\x10JFIF", "figures/cut.jpg")


@case
def picture_cut_off(files: Files) -> None:
    files.figures("cut.png")
    files.write(png(300, 300)[:-30], "figures/cut.png")


@case
def picture_with_broken_rows(files: Files) -> None:
    files.figures("bits.png")
    files.write(png(300, 300, b"not deflated"), "figures/bits.png")


@case
def svg_of_absurd_sizes(files: Files) -> None:
    sizes = ('width="1e30" height="-40"', 'width="9" height="9" viewBox="0 0 0 0"', 'width="0" height="0"', "")
    files.figures(*(f"{number}.svg" for number in range(len(sizes))))
    for number, size in enumerate(sizes):
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><rect width="9" height="9"/></svg>'
        files.write(svg, f"figures/{number}.svg")


@case
def pictures_with_the_wrong_suffix(files: Files) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    files.figures("png.svg", "svg.png", "png.jpg", "png", "png.gif")
    files.write(svg, "figures/svg.png")
    for name in ("png.svg", "png.jpg", "png", "png.gif"):
        files.write(png(9, 9), f"figures/{name}")


@case
def pictures_that_are_no_files(files: Files) -> None:
    files.figures(
        "folder.png", "fifo.png", "link.png", "passwd.png", "circle.png", "linked/secret.svg", "zero.png"
    )
    figures = files.folder / "figures"
    (figures / "folder.png").mkdir(parents=True)
    os.mkfifo(figures / "fifo.png")
    (figures / "link.png").symlink_to("../../outside/secret.svg")
    (figures / "passwd.png").symlink_to("/etc/passwd")
    (figures / "circle.png").symlink_to("circle.png")
    (figures / "linked").symlink_to("../../outside")
    (figures / "zero.png").symlink_to("/dev/zero")


@case
def figures_named_oddly(files: Files) -> None:
    names = ["&lt;b>.png", "100%.png", "what?.png", "a#b.png", "a&#10;b.png"]
    files.figures(*names, "a" * 300 + ".png", "甲" * 100 + ".png")
    for name in names:
        files.write(png(9, 9), f"figures/{unescape(name)}")


@case
def figures_named_unusually_but_well(files: Files) -> None:
    names = ["地圖 一.png", "it's.png", "a&amp;b.png", "-rf.png", "a&quot;b.png", "a'b;c.png", "a+b=c,d.PNG"]
    files.figures(*names)
    for name in names:
        files.write(png(9, 9), f"figures/{unescape(name)}")


# What happens while the command runs


_EVENTS = ("open", "os.listdir", "os.scandir", "socket.", "urllib.", "subprocess.", "os.system", "os.exec",
           "os.posix_spawn", "os.spawn", "pty.", "http.client", "ftplib.", "webbrowser.")  # fmt: skip


class Ear:
    """Hears what Python does while it listens. An audit hook can't be taken back: one for the process."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, tuple[Any, ...]]] | None = None
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.heard is not None and event.startswith(_EVENTS):
            self.heard.append((event, arguments))

    @contextmanager
    def listening(self) -> Iterator[list[tuple[str, tuple[Any, ...]]]]:
        heard = self.heard = []
        try:
            yield heard
        finally:
            self.heard = None


@pytest.fixture(scope="session")
def ear() -> Ear:
    return Ear()


def offences(heard: list[tuple[str, tuple[Any, ...]]], issue: Path, out: Path) -> list[str]:
    """What happened that mustn't: files outside the issue and the machinery, connections, programs."""
    machinery: set[str | Path] = {
        ROOT, sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), *filter(None, sys.path),
        "/proc", "/dev/null", "/dev/urandom", "/etc/fonts", "/usr/share/fontconfig", "/etc/mime.types",
        fonts.cache(),
    }  # fmt: skip
    kept = [(fonts.cache().parent / name).resolve() for name in ("java", "templates")]
    may_write = [out.resolve(), *kept]
    may_read = [issue.resolve(), *may_write, *(Path(each).resolve() for each in machinery)]
    work = str(Path(tempfile.gettempdir()).resolve() / "kan-")
    found = []
    for event, arguments in heard:
        if event in ("open", "os.listdir", "os.scandir"):
            name = arguments[0]
            if isinstance(name, int) or name is None:
                continue
            path = Path(os.fsdecode(name)).resolve()
            writes = event == "open" and bool((arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
            allowed = may_write if writes and path.suffix != ".pyc" else may_read
            if not str(path).startswith(work) and not any(path.is_relative_to(root) for root in allowed):
                found.append(f"{event} {path}")
        elif event == "subprocess.Popen" and arguments[0] == str(jing.java()):
            continue
        else:
            found.append(f"{event} {arguments}")
    return found


@contextmanager
def watched(folder: Path) -> Iterator[Callable[[], bool]]:
    """Lets the kernel watch a folder: the value says whether anything in it was opened, by whatever code."""
    libc = ctypes.CDLL(None)
    watch = libc.inotify_init1(os.O_NONBLOCK)
    assert watch >= 0
    in_access, in_open = 1, 0x20
    assert libc.inotify_add_watch(watch, os.fsencode(folder), in_access | in_open) >= 0

    def touched() -> bool:
        try:
            return bool(os.read(watch, 4096))
        except BlockingIOError:
            return False

    try:
        yield touched
    finally:
        os.close(watch)


@contextmanager
def server() -> Iterator[tuple[str, Callable[[], bool]]]:
    """A server on this machine: its port, and whether anybody came."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)

        def visited() -> bool:
            try:
                listener.accept()[0].close()
            except BlockingIOError:
                return False
            return True

        yield str(listener.getsockname()[1]), visited


@contextmanager
def time_limit() -> Iterator[None]:
    def over(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"more than {3 * LONGEST} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(3 * LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


# The tests


NAMES = sorted({path.name for path in BROKEN.iterdir() if path != COMMON} | set(MAKERS))


OPEN: dict[str, str] = {}
"""Known bugs, by case: mended ones must be taken off this list."""

OTHERWISE_WITHOUT_JAVA: dict[str, str] = {}
"""Cases in which jing says something else than the walk over the tree."""


def _marked(names: list[str], bugs: dict[str, str]) -> list[Any]:
    """Parameters for names, those of known bugs marked as expected to fail."""
    return [
        pytest.param(name, marks=pytest.mark.xfail(reason=bugs[name])) if name in bugs else name for name in names
    ]


def lay_out(name: str, folder: Path, port: str) -> None:
    """The files of a case, with the port of the server in place of `PORT`."""
    for source in (COMMON, BROKEN / name):
        for path in sorted(source.rglob("*")) if source.is_dir() else []:
            if path.is_file() and path.name != "expected.txt":
                target = folder / path.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes().replace(f":{PORT}".encode(), f":{port}".encode()))
    if name in MAKERS:
        MAKERS[name](Files(folder))


def lay_out_secrets(folder: Path) -> None:
    folder.mkdir()
    (folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>{SECRET}</text></svg>'
    (folder / "secret.svg").write_text(svg, encoding="utf-8")
    for name in ("brief-1.xml", "issue.xml"):
        text = (COMMON / name).read_text(encoding="utf-8").replace("刊", SECRET)
        (folder / name.replace("brief-1", "secret")).write_text(text, encoding="utf-8")


@pytest.fixture(scope="session", autouse=True)
def engine() -> None:
    """The fonts, and WeasyPrint loaded with them: it looks for its libraries by running programs."""
    try:
        fonts.activate(fonts.installed() or fonts.prepare(lambda _words: None))
    except InstallationError as error:
        pytest.skip(f"no fonts: {error}")
    import weasyprint  # noqa: F401


@pytest.mark.parametrize("name", _marked(NAMES, OPEN))
def test_a_broken_manuscript(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ear: Ear) -> None:
    issue, out, outside = tmp_path / "issue", tmp_path / "out", tmp_path / "outside"
    issue.mkdir()
    lay_out_secrets(outside)
    monkeypatch.chdir(tmp_path)
    with server() as (port, visited), watched(outside) as touched:
        lay_out(name, issue, port)
        started = time.process_time()
        with time_limit(), ear.listening() as heard:
            result = CliRunner().invoke(main, ["build", "issue", "--out", "out"], env={"KAN_LANG": "zh-TW"})
        seconds = time.process_time() - started
        assert not visited(), "something connected to the server"
        assert not touched(), "something read a file outside the folder"
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        pytest.fail("".join(traceback.format_exception(result.exception)[-12:])[-6000:])
    assert not offences(heard, issue, out)
    assert seconds < LONGEST

    printed = result.stdout.replace(f":{port}", f":{PORT}")
    assert SECRET not in printed
    findings = [line for line in printed.splitlines() if not line.startswith("out/")]
    if len(findings) > LINES:
        findings[LINES:] = [f"… {len(findings) - LINES} more lines"]
    _compare(name, "\n".join([*findings, f"exit {result.exit_code}"]) + "\n")
    if result.exit_code == 0:
        _nothing_lost(issue, out / "issue" / "issue.pdf")
        _links_lead_somewhere(out / "issue" / "issue.epub")
    else:
        assert not out.exists()


@pytest.mark.parametrize("name", _marked([name for name in NAMES if name not in MAKERS], OTHERWISE_WITHOUT_JAVA))
def test_the_same_without_java(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(name, tmp_path / "issue", PORT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(jing, "java", lambda: None)
    expected = (BROKEN / name / "expected.txt").read_text(encoding="utf-8")
    rules = ["--select", "X"]  # a build lists nothing that the copy editor only advises
    result = CliRunner().invoke(main, ["check", "issue", *rules], env={"KAN_LANG": "zh-TW"})
    assert f"{result.stdout}exit {result.exit_code}\n" == expected


def _compare(name: str, printed: str) -> None:
    golden = BROKEN / name / "expected.txt"
    if REWRITE and name not in OPEN:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(printed, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == printed


def _nothing_lost(issue: Path, pdf: Path) -> None:
    """Every character of the briefs stands on a page; pdftotext leaves out what lies beside it."""
    extracted = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True).stdout.decode()
    found = Counter(extracted)
    for entry in etree.parse(issue / "issue.xml").iter("brief"):
        root = etree.parse(issue / entry.get("href", "")).getroot()
        for unset in root.iter("alt-text"):
            unset.text = ""
        wanted = Counter(re.sub(UNPRINTED, "", "".join(root.itertext())))
        assert not wanted - found, "characters missing from the pages"


def _links_lead_somewhere(book: Path) -> None:
    """The book is XML throughout, its ids are unique in each file, and its links lead to files and ids it has."""
    with zipfile.ZipFile(book) as archive:
        texts = {name: archive.read(name) for name in archive.namelist()}
    pages = {name: etree.fromstring(text) for name, text in texts.items() if name.endswith(".xhtml")}
    ids = {name: [node.get("id") for node in page.iter("*") if node.get("id")] for name, page in pages.items()}
    for name, page in pages.items():
        assert len(ids[name]) == len(set(ids[name])), f"an id occurs twice in {name}"
        for node in page.iter("*"):
            for attribute in ("href", "src"):
                target, _, anchor = node.get(attribute, "").partition("#")
                if ":" not in target and (target or anchor):
                    file = f"EPUB/{target}" if target else name
                    assert file in texts, f"{name} names {target}"
                    assert not anchor or anchor in ids[file], f"{name} points at {target}#{anchor}"
    assert not any(SECRET.encode() in text for text in texts.values())

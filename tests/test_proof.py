"""Proofs as they are printed: marks on the right words, margins, the list, errata, revisions, the command."""

import hashlib
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest
from click.testing import CliRunner, Result

from pipeline.cli.proof import proof as command
from pipeline.parse import Source, parse_bytes
from pipeline.placed import Placed, Rectangle, placed
from pipeline.proof import Proof, proof
from pipeline.proof.on_pages import Caret
from pipeline.proof.published import Published, finished
from pipeline.proof.sheets import Entry
from tests.conftest import SAMPLE

TINY = """<article article-type="research-article" dtd-version="1.1" xml:lang="zh-Hant-TW"><front><article-meta>
<title-group><article-title>字格</article-title></title-group><contrib-group><contrib contrib-type="author">
<collab>編輯部</collab></contrib></contrib-group></article-meta></front><body><p>{text}</p></body></article>"""


@dataclass(frozen=True)
class Made:
    """A proof, and the pages of both copies as they were painted."""

    proof: Proof
    new: bytes
    old: bytes

    def entry(self, kind: str, new: str = "", old: str = "") -> Entry:
        found = [
            e for e in self.proof.entries if e.change.kind == kind and new in e.change.new and old in e.change.old
        ]
        assert len(found) == 1, (kind, new, old, [(e.change.kind, e.change.new) for e in self.proof.entries])
        return found[0]


def issue_folder(folder: Path, briefs: list[str], rest: str) -> Path:
    """A copy of the sample issue with the beginning of some of its briefs, without `rest`."""
    shutil.copytree(SAMPLE, folder)
    meta = (folder / "issue.xml").read_text(encoding="utf-8")
    for path in folder.glob("brief-*.xml"):
        if path.name not in briefs:
            path.unlink()
            meta = meta.replace(f'<brief href="{path.name}"/>', "")
        else:
            text = path.read_text(encoding="utf-8")
            path.write_text(text.partition(rest)[0] + "</body>\n</article>\n", encoding="utf-8")
    (folder / "issue.xml").write_text(meta, encoding="utf-8")
    return folder


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The first brief of the sample, edited as an editor would, against itself."""
    base = tmp_path_factory.mktemp("proof")
    old = issue_folder(base / "old", ["brief-1.xml"], '<sec id="sec-squeeze">')
    new = issue_folder(base / "new", ["brief-1.xml"], '<sec id="sec-squeeze">')
    edit(
        new / "brief-1.xml",
        ("標點符號</subject>", "標點</subject>"),
        ("字格之內：", "字格以內："),
        ("多則上千字", "多則千餘字"),
        ("讀者渾然不覺；", "讀者根本渾然不覺；"),
        ("排壞了：", '排壞了<fn id="fn-fresh"><p>何謂排壞，見下文。</p></fn>：'),
        ("首份工作草案", "首份草案"),
        ('<styled-content style-type="emphasis-mark">每一行都鬆一點</styled-content>', "每一行都鬆一點"),
        ("「分隔號」即斜線（／）。", "「分隔號」即是斜線（／）。"),
        ("<list-item><p>GB法：依中國大陸國家標準，分隔號也不得置於行末。</p></list-item>", ""),
        ("</p>\n    </sec>\n    <sec id=\"sec-type-area\">",
         "</p>\n      <p>校對時新加的一段，只有一句。</p>\n    </sec>\n    <sec id=\"sec-type-area\">"),
    )  # fmt: skip
    edit(new / "issue.xml", ("國際授權條款", "國際公眾授權條款"), ("<price>免費<", "<price>贈閱<"))
    painted: list[bytes] = []

    def watched(pdf: bytes, sources: Sequence[Source]) -> Placed:
        painted.append(pdf)
        return placed(pdf, sources)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("pipeline.proof", "pipeline.proof.published"):
            patch.setattr(sys.modules[name], "placed", watched)
        done = proof(new, str(old), every=5, watermark="三校", with_errata=True)
    return Made(done, *painted)


def text_under(pdf: bytes, page: int, left: float, top: float, right: float, bottom: float) -> str:
    """What pdfium reads in a rectangle (points from the top left corner), blanks dropped."""
    document = pdfium.PdfDocument(pdf)
    height = document[page - 1].get_height()
    text = document[page - 1].get_textpage().get_text_bounded(left, height - bottom, right, height - top)
    document.close()
    return "".join(text.split())


def under(pdf: bytes, places: tuple[Rectangle, ...]) -> str:
    return "".join(text_under(pdf, *place) for place in places)


def around(pdf: bytes, caret: Caret) -> tuple[str, str]:
    """The words before and behind a caret on its line."""
    before = text_under(pdf, caret.page, caret.x - 32, caret.top, caret.x - 1, caret.bottom)
    return before, text_under(pdf, caret.page, caret.x + 1, caret.top, caret.x + 32, caret.bottom)


# The pages


@pytest.mark.parametrize(
    ("kind", "new"),
    [("replaced", "千餘"), ("replaced", "以"), ("inserted", "根本"), ("inserted", "是"),
     ("format", "每一行都鬆一點"), ("added", "校對時新加的一段，只有一句。")],
)  # fmt: skip
def test_a_mark_stands_on_the_words_it_is_about(made: Made, kind: str, new: str) -> None:
    entry = made.entry(kind, new)
    rectangles = tuple(r for r in entry.located.rectangles if r.page == entry.located.page)
    assert under(made.new, rectangles) == new


def test_a_changed_title_is_marked_wherever_it_is_printed(made: Made) -> None:
    pages = {place.page for place in made.entry("replaced", "以").located.rectangles}
    assert {1, 2, 3} <= pages


def test_references_that_follow_are_marked_in_their_notes(made: Made) -> None:
    following = [entry for entry in made.proof.entries if entry.change.kind == "reference"]
    assert len(following) == 3
    for entry in following:
        assert (entry.change.old, entry.change.new) == ("同註3", "同註4")
        assert under(made.new, entry.located.rectangles) == "同註4"


def test_a_new_note_is_marked_at_its_call_and_at_the_foot(made: Made) -> None:
    call, text = made.entry("note-added").located.rectangles
    assert under(made.new, (text,)) == "何謂排壞，見下文。"
    assert "1" in under(made.new, (call,)) and call.top < text.top


@pytest.mark.parametrize(
    ("kind", "old", "before", "behind"),
    [("deleted", "工作", "首份", "草案"), ("deleted", "符號", "標點", "、"), ("removed", "GB法", "推薦。", "")],
)
def test_a_caret_stands_where_text_is_gone(made: Made, kind: str, old: str, before: str, behind: str) -> None:
    (caret,) = made.entry(kind, old=old).located.carets
    words = around(made.new, caret)
    assert words[0].endswith(before) and words[1].startswith(behind)


def test_the_list_is_in_the_order_of_the_pages(made: Made) -> None:
    pages = [e.located.page for e in made.proof.entries if e.located.page and e.change.href == "brief-1.xml"]
    assert pages == sorted(pages)
    assert [entry.change.number for entry in made.proof.entries] == list(range(1, len(made.proof.entries) + 1))


def test_the_pages_are_those_that_are_printed(made: Made) -> None:
    """Only annotations, and artifacts behind the text, are added."""
    proofed, painted = pdfium.PdfDocument(made.proof.files["proof.pdf"]), pdfium.PdfDocument(made.new)
    for number in range(len(painted) - 1):
        text, own = (document[number].get_textpage().get_text_bounded() for document in (proofed, painted))
        assert "".join(text.split()).startswith("".join(own.split())[:200])
    proofed.close()
    painted.close()
    with pikepdf.open(io.BytesIO(made.proof.files["proof.pdf"])) as document:
        contents = document.pages[4].Contents
        streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        assert b"/Artifact BMC q /KanProof Do Q EMC" in b"\n".join(each.read_bytes() for each in streams)


def test_annotations_carry_the_old_words_and_print(made: Made) -> None:
    entry = made.entry("replaced", "千餘")
    with pikepdf.open(io.BytesIO(made.proof.files["proof.pdf"])) as document:
        listed = document.pages[entry.located.page - 1].obj.Annots
        (mark,) = [a for a in listed if str(a.get("/NM", "")).startswith(f"kan-{entry.change.number}-")]
        assert str(mark.Contents) == f"{entry.change.number} 改：「上千」→「千餘」"
        assert mark.Subtype == "/Highlight" and int(mark.F) & 4 and len(mark.QuadPoints) == 8
        assert b" l S" in mark.AP.N.read_bytes()
        left, low, right, high = (float(v) for v in mark.Rect)
        place = entry.located.rectangles[0]
        assert left < place.left < place.right < right and high - low > place.bottom - place.top


def test_every_annotation_says_what_is_old_and_new_and_no_date(made: Made) -> None:
    with pikepdf.open(io.BytesIO(made.proof.files["proof.pdf"])) as document:
        marks = [
            annotation
            for page in document.pages
            for annotation in page.obj.get("/Annots", ())
            if str(annotation.get("/NM", "")).startswith("kan-")
        ]
        assert {str(mark.T) for mark in marks} == {"kan"}
        assert not any("/M" in mark or "/CreationDate" in mark for mark in marks)
        said = {int(str(mark.NM).split("-")[1]): str(mark.Contents) for mark in marks}
    for entry in made.proof.entries:
        if entry.change.number in said and entry.change.kind in ("inserted", "deleted", "replaced", "reference"):
            for text in (entry.change.old, entry.change.new):
                assert text[:20] in said[entry.change.number]


def test_kinds_differ_in_shape_too(made: Made) -> None:
    shapes = {entry.change.kind: entry.shape for entry in made.proof.entries}
    assert len({shapes[kind] for kind in ("inserted", "replaced", "deleted", "reference", "format")}) == 5


def test_lines_are_numbered_from_the_top_of_each_page(made: Made) -> None:
    document = pdfium.PdfDocument(made.proof.files["proof.pdf"])
    margin = document[3].get_textpage().get_text_bounded(0, 0, 105, 842).split()
    document.close()
    numbers = [int(each) for each in margin if each.isdigit()]
    assert numbers[:3] == [5, 10, 15] and all(number % 5 == 0 for number in numbers)


def test_the_line_of_a_change_is_that_of_the_margin(made: Made) -> None:
    entry = made.entry("replaced", "千餘")
    document = pdfium.PdfDocument(made.proof.files["proof.pdf"])
    page = document[entry.located.page - 1]
    text = page.get_textpage()
    place, height = entry.located.rectangles[0], page.get_height()
    lines = text.get_text_bounded(84, height - place.bottom, 105, height - place.top + 2).split()
    document.close()
    assert lines == ([str(entry.located.line)] if entry.located.line % 5 == 0 else [])


# The list


def test_the_list_stands_behind_the_pages_and_leads_to_them(made: Made) -> None:
    with pikepdf.open(io.BytesIO(made.proof.files["proof.pdf"])) as document:
        pages: list[Any] = [page.obj.objgen for page in document.pages]
        printed = len(pdfium.PdfDocument(made.new)) - 1
        links = [a for page in document.pages[printed:] for a in page.obj.get("/Annots", ())]
        assert {pages.index(link.Dest[0].objgen) + 1 for link in links} == {
            entry.located.page for entry in made.proof.entries if entry.located.page
        }
        with document.open_outline() as outline:
            assert outline.root[-1].title == "更動一覽"
    document = pdfium.PdfDocument(made.proof.files["proof.pdf"])
    text = "".join(document[n].get_textpage().get_text_bounded() for n in range(printed, len(document)))
    document.close()
    for words in ("更動一覽", "千餘", "上千", "何謂排壞，見下文。", "12則各加1", "brief-1.xml:"):
        assert words in text


def test_the_page_for_a_browser_loads_nothing(made: Made) -> None:
    page = made.proof.files["changes.html"].decode()
    assert "<del>上千</del>" in page and "<ins>千餘</ins>" in page
    assert "<script" not in page and "url(" not in page and "<link" not in page


# Errata


def test_errata_name_page_and_line_of_the_published_issue(made: Made) -> None:
    rows = [row for row in made.proof.files["errata.md"].decode().splitlines() if row.startswith("| ")]
    (row,) = [row for row in rows if "**上千**" in row]
    page, line, wrong, right = (cell.strip() for cell in row.strip("|").split("|"))
    assert (wrong, right) == (
        "少則數百字，多則**上千**字。讀者很少注意",
        "少則數百字，多則**千餘**字。讀者很少注意",
    )
    assert "上千" in printed_line(made.old, int(page), int(line))
    (row,) = [row for row in rows if "**是**" in row]
    assert row.split("|")[2].strip() == "註9第1行"
    for row in rows:
        page, line, wrong, _ = (cell.strip() for cell in row.strip("|").split("|"))
        if line.isdigit() and "**" in wrong:
            assert wrong.split("**")[1][:4] in "".join(printed_line(made.old, int(page), int(line)).split())


def printed_line(pdf: bytes, page: int, line: int) -> str:
    """The text of a line of a page, counted by the baselines of the letters in the type area."""
    document = pdfium.PdfDocument(pdf)
    text = document[page - 1].get_textpage()
    rows: dict[int, float] = {}
    for n in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(n)
        if 842 - 764 < 842 - top < 770 and left > 100 and right - left > 4 and top < 762:
            rows.setdefault(round((top + bottom) / 12), (top + bottom) / 2)
    middles = sorted(rows.values(), reverse=True)
    merged = [middle for n, middle in enumerate(middles) if not n or middles[n - 1] - middle > 8]
    middle = merged[line - 1]
    found: str = text.get_text_bounded(100, middle - 4, 500, middle + 4)
    document.close()
    return found


def test_errata_of_the_masthead_name_the_colophon(made: Made) -> None:
    last = len(pdfium.PdfDocument(made.old)) - 1
    errata = made.proof.files["errata.md"].decode()
    assert f"| {last} | 定價 | **免費** | **贈閱** |" in errata
    assert f"| {last} | 授權 | **創用CC姓名標示4.0國際授權條款** |" in errata


def test_errata_leave_out_what_is_no_correction(made: Made) -> None:
    errata = made.proof.files["errata.md"].decode()
    assert "鬆一點" not in errata  # formatting
    assert "同註4" not in errata  # follows from another change
    document = pdfium.PdfDocument(made.proof.files["errata.pdf"])
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    for words in ("勘誤表", "版面", "第1卷第1期", "2026年11月20日", "頁碼", "行數", "誤", "正"):
        assert words in text


def test_pages_that_are_not_those_that_were_published_are_told(made: Made, tmp_path: Path) -> None:
    """`dist/` has the PDF of just this copy, by the hashes of its sources; its pages are compared."""
    source = parse_bytes(tmp_path / "brief-1.xml", TINY.format(text="文").encode())
    pdf = tmp_path / "issue.pdf"
    pdf.write_bytes(made.old)
    for hashed, found in ((hashlib.sha256(source.data).hexdigest(), pdf), ("0", None)):
        inputs = {"inputs": {"brief-1.xml": hashed}}
        (tmp_path / "manifest.json").write_text(json.dumps(inputs), encoding="utf-8")
        assert finished(tmp_path, [source]) == found
    document = pdfium.PdfDocument(pdf)
    third = "".join(document[2].get_textpage().get_text_bounded().split()).rstrip("3")
    document.close()
    nothing: Any = None
    there = Published(nothing, nothing, {3: third, 4: "別的字", 90: third})
    assert there.elsewhere(pdf, [3, 4, 7, 90]) == [4, 90]


# A small issue: revisions, broken copies, the command


@pytest.fixture
def tiny(tmp_path: Path) -> Callable[[str, str], Path]:
    def make(name: str, text: str) -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True, exist_ok=True)
        meta = (SAMPLE / "issue.xml").read_text(encoding="utf-8")
        lines = [line for line in meta.splitlines() if "<brief" not in line and "cover-picture" not in line]
        meta = "\n".join(lines).replace("<contents>", '<contents><brief href="brief-1.xml"/>')
        (folder / "issue.xml").write_text(meta, encoding="utf-8")
        (folder / "brief-1.xml").write_text(TINY.format(text=text), encoding="utf-8")
        return folder

    return make


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=E", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_a_revision_of_the_repository(tiny: Callable[[str, str], Path], tmp_path: Path) -> None:
    folder = tiny("house/source/1", "排版的第一句。")
    house = tmp_path / "house"
    git(house, "init", "-q")
    git(house, "add", ".")
    git(house, "commit", "-q", "-m", "一校")
    (house / ".gitattributes").write_text("*.xml filter=evil diff=evil\n", encoding="utf-8")
    git(house, "config", "filter.evil.smudge", f"touch {tmp_path}/ran")
    git(house, "config", "diff.evil.textconv", f"touch {tmp_path}/ran")
    tiny("house/source/1", "排版的第二句。")
    out = tmp_path / "out"
    done = run(str(folder), "--against", "HEAD", "--out", str(out), "--json")
    assert done.exit_code == 0, done.output
    (change,) = json.loads(done.stdout)["changes"]
    assert (change["old"], change["new"], change["page"]) == ("一", "二", 3)
    assert change["file"].endswith("source/1/brief-1.xml") and (change["line"], change["page_line"]) == (3, 3)
    assert change["old_file"].startswith("HEAD:brief-1.xml:")
    assert sorted(path.name for path in out.iterdir()) == ["changes.html", "proof.pdf"]
    assert not (tmp_path / "ran").exists()


def test_an_issue_that_had_other_names_then(tiny: Callable[[str, str], Path], tmp_path: Path) -> None:
    folder = tiny("house/source/draft", "排版的第一句。")
    (folder / "brief-1.xml").rename(folder / "old.xml")
    meta = (folder / "issue.xml").read_text(encoding="utf-8")
    (folder / "issue.xml").write_text(meta.replace("brief-1.xml", "old.xml"), encoding="utf-8")
    house = tmp_path / "house"
    git(house, "init", "-q")
    git(house, "add", ".")
    git(house, "commit", "-q", "-m", "一校")
    shutil.rmtree(folder)
    now, out = tiny("house/source/1", "排版的第二句。"), str(tmp_path / "out")
    said = run(str(now), "--against", "HEAD", "--out", out)
    assert said.exit_code == 2 and "那時有source/draft：用 --against HEAD:source/draft" in said.output
    done = run(str(now), "--against", "HEAD:source/draft", "--out", out, "--json")
    assert done.exit_code == 0, done.output
    (change,) = json.loads(done.stdout)["changes"]
    assert (change["kind"], change["old"], change["new"]) == ("replaced", "一", "二")
    assert change["old_file"].startswith("HEAD:old.xml:")


def test_a_broken_earlier_copy_is_named_as_git_does(tiny: Callable[[str, str], Path], tmp_path: Path) -> None:
    folder = tiny("house/1", "排版的<第一句。")
    git(tmp_path / "house", "init", "-q")
    git(tmp_path / "house", "add", ".")
    git(tmp_path / "house", "commit", "-q", "-m", "一校")
    tiny("house/1", "排版的第二句。")
    done = run(str(folder), "--against", "HEAD", "--out", str(tmp_path / "out"))
    assert done.exit_code == 1 and "HEAD:brief-1.xml:3" in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("revision", ["nothing", "-x", "HEAD:elsewhere", "HEAD~9", "--upload-pack=x", "a..b"])
def test_what_is_no_earlier_copy(tiny: Callable[[str, str], Path], tmp_path: Path, revision: str) -> None:
    folder = tiny("house/1", "排版的第一句。")
    git(tmp_path / "house", "init", "-q")
    git(tmp_path / "house", "add", ".")
    git(tmp_path / "house", "commit", "-q", "-m", "一校")
    done = run(str(folder), f"--against={revision}", "--out", str(tmp_path / "out"))
    assert done.exit_code == 2 and revision.partition(":")[0] in done.output
    assert not (tmp_path / "out").exists()


def test_no_repository(tiny: Callable[[str, str], Path], tmp_path: Path) -> None:
    done = run(str(tiny("1", "文")), "--against", "HEAD", "--out", str(tmp_path / "out"))
    assert done.exit_code == 2 and "不在git的版本庫裡" in done.output


def test_nothing_changed_and_the_same_bytes(tiny: Callable[[str, str], Path], tmp_path: Path) -> None:
    old, new = tiny("old", "排版的第一句。"), tiny("new", "排版的第一句。")
    results = []
    for number, more in enumerate(([], ["--errata"])):
        out = tmp_path / str(number)
        done = run(str(new), "--against", str(old), "--out", str(out), "--watermark", *more)
        assert done.exit_code == 0 and "沒有不同" in done.output
        results.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert set(results[0]) == {"proof.pdf", "changes.html"}
    assert all(results[1][name] == data for name, data in results[0].items())
    assert set(results[1]) == {"proof.pdf", "changes.html", "errata.pdf", "errata.html", "errata.md"}
    assert "沒有需要勘誤" in results[1]["errata.md"].decode()


def test_a_plain_proof_in_english(tiny: Callable[[str, str], Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run(str(tiny("1", "排版的第一句。")), "--every-line", "--watermark", "--lang", "en", "--out", str(out))
    assert done.exit_code == 0 and [path.name for path in out.iterdir()] == ["proof.pdf"]
    document = pdfium.PdfDocument((out / "proof.pdf").read_bytes())
    assert "PROOF" in "".join(document[2].get_textpage().get_text_bounded().split())
    document.close()


def test_a_broken_manuscript_leaves_nothing(tiny: Callable[[str, str], Path], tmp_path: Path) -> None:
    done = run(str(tiny("1", "<unknown/>")), "--out", str(tmp_path / "out"))
    assert done.exit_code == 1 and "brief-1.xml:3" in done.output
    assert not (tmp_path / "out").exists()


def test_a_proof_is_not_written_into_the_manuscript(tiny: Callable[[str, str], Path]) -> None:
    folder = tiny("1", "文")
    done = run(str(folder), "--out", str(folder / "proof"))
    assert done.exit_code == 2 and not (folder / "proof").exists()
    assert run(str(folder), "--errata").exit_code == 2
    itself = run(str(folder), "--against", str(folder / "issue.xml"))
    assert itself.exit_code == 2 and "就是這一期自己" in itself.output

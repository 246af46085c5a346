"""Fixing and the baseline: what goes in, what doesn't, and that a second time changes nothing."""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.diagnostics import CODES, Code, Diagnostic, Edit, InstallationError, Place, Severity, Words
from pipeline.lint import RULES, Rule, lint
from pipeline.lint.baseline import Baseline, Texts, baseline_of, fingerprint, read_baseline
from pipeline.lint.fixing import Batch, Fixed, apart, batches, composed, fixed
from pipeline.lint.reading import Reading
from pipeline.lint.rules import Finding, found
from pipeline.parse import Source, parse, parse_bytes
from pipeline.validate import check_brief
from tests.conftest import ARTICLE, REAL_ISSUE, SAMPLE, TITLE
from tests.test_lint import wrapped

NONE = Words("無", "none")
ISSUE = """<issue xml:lang="zh-Hant-TW"><journal-meta><journal-title-group><journal-title>刊</journal-title>
</journal-title-group><publisher><publisher-name>社</publisher-name></publisher></journal-meta>
<issue-meta><issue-number>1</issue-number><pub-date iso-8601-date="2026-11-20"/></issue-meta>
<contents>{}</contents></issue>
"""


def brief(text: str, path: Path = Path("brief.xml")) -> Source:
    body = f'<sec id="s1"><title>節</title><p>{text}</p></sec>'
    return parse_bytes(path, ARTICLE.format(meta=TITLE, body=body).encode())


def alone(source: Source) -> Batch:
    return Batch((source,), None, source.path.parent, frozenset([source.path]))


def rule(pattern: str, put: str, code: str = "Z001", *, raw: bool = False) -> Rule:
    """A rule that puts some text in the place of a pattern; `raw`: as it stands, markup and all."""

    def check(reading: Reading) -> Iterator[Finding]:
        for passage in reading.passages:
            for each in re.finditer(pattern, passage.text):
                plain = found(passage, *each.span(), replace=put)
                edits = tuple(Edit(edit.start, edit.end, put) for edit in plain.fix) if raw else plain.fix
                yield Finding(plain.place, {}, edits)

    made = Code(code, NONE, NONE, NONE, NONE, severity=Severity.WARNING)
    del CODES[code]
    return Rule(made, check, "text")


def text_of(source: Source, *rules: Rule) -> str:
    """The text of a brief after fixing; the second time, nothing is left to fix."""
    results = fixed(alone(source), rules)
    if not results:
        return "".join(source.root.itertext())
    (result,) = results
    after = parse_bytes(source.path, result.data)
    assert not fixed(alone(after), rules), "idempotent"
    return "".join(after.root.itertext())


# Rounds


def test_nothing_to_fix() -> None:
    assert fixed(alone(brief("甲")), [rule("乙", "丙")]) == ()


def test_one_fix_uncovers_another() -> None:
    source = brief("甲甲，丁")
    (result,) = fixed(alone(source), [rule("乙", "丙丙", "Z002"), rule("甲", "乙")])
    assert result.codes == {"Z001": 2, "Z002": 2}
    assert result.data == brief("丙丙丙丙，丁").data
    assert len(result.edits) == 1, "edits of the file as it was"
    assert text_of(source, rule("乙", "丙丙", "Z002"), rule("甲", "乙")) == "題名節丙丙丙丙，丁"


def test_fixes_that_meet_go_in_one_after_the_other() -> None:
    rules = [rule("甲乙", "甲子"), rule("乙丙", "丑丙", "Z002"), rule("子丙", "子寅", "Z003")]
    assert text_of(brief("甲乙丙"), *rules) == "題名節甲子寅"


def test_rules_that_undo_each_other_change_nothing() -> None:
    back_and_forth = [rule("甲", "乙"), rule("乙", "甲", "Z002")]
    assert text_of(brief("甲"), *back_and_forth) == "題名節甲"
    assert text_of(brief("乙"), *back_and_forth) == "題名節乙"
    assert text_of(brief("甲，丙"), *back_and_forth, rule("丙", "丁", "Z003")) == "題名節甲，丁"
    around = [rule("甲", "乙"), rule("乙", "丙", "Z002"), rule("丙", "甲", "Z003")]
    assert text_of(brief("甲，乙，丙"), *around) == "題名節甲，乙，丙"


def test_a_rule_that_never_ends_changes_nothing() -> None:
    assert text_of(brief("甲，丙"), rule("甲", "甲甲"), rule("丙", "丁", "Z002")) == "題名節甲，丁"


@pytest.mark.parametrize("put", ["<b", "<nothing/>", "</p>", "&", "<xref ref-type='fn' rid='gone'/>", "\x00"])
def test_a_fix_that_breaks_the_file_is_left_out(put: str) -> None:
    source = brief("甲乙甲丙甲")
    rules = [rule("乙", put, raw=True), rule("甲", "丁", "Z002"), rule("丙", "戊", "Z003")]
    assert text_of(source, *rules) == "題名節丁乙丁戊丁"


def test_errors_that_were_there_before_are_no_hindrance() -> None:
    source = brief('甲<xref ref-type="fn" rid="gone"/><nothing/>')
    before = [each.code for each in check_brief(source, Path())]
    (result,) = fixed(alone(source), [rule("甲", "乙")])
    assert [each.code for each in check_brief(parse_bytes(source.path, result.data), Path())] == before


def test_edits_of_one_fix_that_overlap_are_left_out() -> None:
    def check(reading: Reading) -> Iterator[Finding]:
        for passage in reading.passages:
            if "甲乙丙" in passage.text:
                at = passage.text.index("甲")
                edits = passage.replaced(at, at + 2, "") + passage.replaced(at + 1, at + 3, "")
                yield Finding(passage.place(at, at + 3), {}, edits)

    wrong = Rule(rule("甲", "乙").code, check, "text")
    assert text_of(brief("甲乙丙"), wrong) == "題名節甲乙丙"


def test_exceptions_are_kept() -> None:
    allowed = next(each for each in RULES if each.code.code == "L002")
    address = "https://example.org/150471?fbclid=1"
    link = f'<ext-link ext-link-type="uri" xlink:href="{address}">{address}</ext-link>'
    note = f'文<fn id="f1"><p>{{}}甲，{link}。</p></fn>'
    assert fixed(alone(brief(note.format(""))), [allowed])
    assert not fixed(alone(brief(note.format('<?kan allow="L002" reason="照錄"?>'))), [allowed])


def test_sifted_findings_are_not_fixed() -> None:
    (result,) = fixed(
        alone(brief("甲，乙")),
        [rule("甲", "丙"), rule("乙", "丁", "Z002")],
        lambda findings, _: [each for each in findings if each.code == "Z002"],
    )
    assert result.data == brief("甲，丁").data


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.code.code)
def test_fixing_by_every_rule_ends(each: Rule) -> None:
    """With all other rules at work, too."""
    source = wrapped(each.within, each.code.bad)
    results = fixed(alone(source))
    errors = {found.code for found in check_brief(source, source.path.parent)}
    for result in results:
        after = parse_bytes(source.path, result.data)
        assert not fixed(alone(after))
        assert {found.code for found in check_brief(after, source.path.parent)} <= errors


@pytest.mark.parametrize("folder", [SAMPLE, REAL_ISSUE, REAL_ISSUE.parent / "lint" / "real-issue-typed"])
def test_fixing_an_issue_twice(folder: Path) -> None:
    if not folder.is_dir():
        pytest.skip(f"there is no {folder}")
    (batch,) = batches([folder])
    after = {result.source.path: parse_bytes(result.source.path, result.data) for result in fixed(batch)}
    again = Batch(
        tuple(after.get(each.path, each) for each in batch.briefs), batch.issue, batch.folder, batch.wanted
    )
    assert not fixed(again)
    left = {each.code for each in lint(again.briefs, again.issue)}
    assert left <= {each.code for each in lint(batch.briefs, batch.issue)}, "nothing new is found"


# Which files


@pytest.fixture
def issue(tmp_path: Path) -> Path:
    folder = tmp_path / "issue"
    folder.mkdir()
    listed = "".join(f'<brief href="brief-{number}.xml"/>' for number in (1, 2))
    (folder / "issue.xml").write_text(ISSUE.format(listed), encoding="utf-8")
    for number in (1, 2, 3):
        (folder / f"brief-{number}.xml").write_bytes(brief("甲").data)
    return folder


def names(batch: Batch) -> list[str]:
    return sorted(path.name for path in batch.wanted)


def test_files_named_twice_are_in_one_batch(issue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(issue)
    everything = ["brief-1.xml", "brief-2.xml", "issue.xml"]
    for paths in (
        [issue],
        [issue / "issue.xml", issue],
        [Path("brief-1.xml"), issue],
        [issue, Path("brief-2.xml")],
    ):
        (batch,) = batches(paths)
        assert names(batch) == everything
    (batch,) = batches([Path("brief-1.xml"), issue / "brief-2.xml"])
    assert names(batch) == ["brief-1.xml", "brief-2.xml"]
    (batch,) = batches([Path("brief-1.xml")])
    assert names(batch) == ["brief-1.xml"] and len(batch.briefs) == 2
    assert [names(batch) for batch in batches([Path("brief-3.xml"), issue])] == [["brief-3.xml"], everything]


def test_only_what_is_named_is_fixed(issue: Path) -> None:
    (batch,) = batches([issue / "brief-2.xml"])
    (result,) = fixed(batch, [rule("甲", "乙")])
    assert result.source.path == issue / "brief-2.xml"
    (batch,) = batches([issue])
    assert [result.source.path.name for result in fixed(batch, [rule("甲", "乙")])] == [
        "brief-1.xml",
        "brief-2.xml",
    ]


def test_what_cannot_be_read_is_left_out(issue: Path) -> None:
    (issue / "brief-1.xml").write_text("<article>", encoding="utf-8")
    assert batches([issue / "brief-1.xml", issue / "gone.xml"]) == []
    (batch,) = batches([issue])
    assert names(batch) == ["brief-2.xml", "issue.xml"]


def test_line_ends_and_everything_else_stay(tmp_path: Path) -> None:
    path = tmp_path / "brief.xml"
    data = brief("甲<!-- 甲 -->\n  丙&#x4E19;<?kan x?>").data.replace(b"\n", b"\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + data)
    (batch,) = batches([path])
    (result,) = fixed(batch, [rule("甲", "乙")])
    assert result.data == data.replace("甲<".encode(), "乙<".encode())


# Edits


def test_fixes_apart() -> None:
    def findings(*fixes: tuple[Edit, ...]) -> list[Diagnostic]:
        return [Diagnostic("Z", Severity.NOTE, Place(Path()), NONE, NONE, fix) for fix in fixes]

    def together(*fixes: tuple[Edit, ...]) -> list[int]:
        all_of_them = findings(*fixes)
        return [all_of_them.index(each) for each in apart(all_of_them)]

    assert together((Edit(1, 3, ""),), (Edit(3, 5, "a"),), (Edit(4, 6, "b"),)) == [0, 1]
    assert together((Edit(1, 9, ""),), (Edit(3, 4, "a"),), (Edit(9, 9, "b"),)) == [0]
    assert together((Edit(4, 4, "a"),), (Edit(4, 4, "b"),), (Edit(1, 4, ""),)) == [0]
    assert together((Edit(1, 2, ""), Edit(8, 9, "")), (Edit(4, 5, ""),), (Edit(8, 9, "x"),)) == [0, 1]
    assert together((Edit(4, 5, "a"), Edit(7, 8, "b")), (Edit(1, 2, ""), Edit(7, 8, "b"))) == [0, 1], "shared"
    assert together((Edit(4, 5, "a"),), (Edit(4, 5, "a"),)) == [0], "the same again"
    assert together((Edit(10, 12, ""),), (Edit(20, 22, ""),), (Edit(5, 50, ""),)) == [0, 1]


def one_after_the_other(data: bytes, rounds: list[list[Edit]]) -> bytes:
    for edits in rounds:
        for edit in sorted(edits, reverse=True):
            data = data[: edit.start] + edit.text.encode() + data[edit.end :]
    return data


@given(st.integers(0, 40), st.integers(0, 5), st.randoms(use_true_random=False))
def test_rounds_of_edits_are_one(length: int, count: int, chance: random.Random) -> None:
    data = bytes(range(65, 65 + length))
    rounds: list[list[Edit]] = []
    now = data
    for _ in range(count):
        points = sorted(chance.sample(range(len(now) + 1), min(len(now) + 1, chance.choice([0, 2, 4]))))
        edits = [
            Edit(start, end, chance.choice(["", "x", "yz"]))
            for start, end in zip(points[::2], points[1::2], strict=False)
        ]
        rounds.append(edits)
        now = one_after_the_other(now, [edits])
    assert one_after_the_other(data, [list(composed(length, rounds))]) == now


def test_edits_keep_their_distance_over_rounds() -> None:
    first, second = [Edit(2, 3, "xyz"), Edit(8, 8, "q")], [Edit(0, 1, ""), Edit(3, 4, "Y")]
    assert composed(10, [first, second]) == (Edit(0, 1, ""), Edit(2, 3, "xYz"), Edit(8, 8, "q"))


def test_characters_are_not_cut() -> None:
    edits = composed(9, [[Edit(3, 6, "乙丙")], [Edit(6, 9, "丁")]])
    assert edits == (Edit(3, 6, "乙丁"),)


# Baseline


def warned(source: Source, *patterns: str) -> list[Diagnostic]:
    made = [rule(pattern, "", f"Z{number:03}") for number, pattern in enumerate(patterns, start=1)]
    return list(lint([source], rules=made))


def adopted(source: Source, path: Path, *patterns: str) -> Baseline:
    path.write_text(baseline_of(warned(source, *patterns), Texts([source]), path).as_json(), encoding="utf-8")
    return read_baseline(path)


def test_what_is_known_is_not_new(tmp_path: Path) -> None:
    source = brief("甲，一二三四五六七八九十，甲", tmp_path / "brief.xml")
    baseline = adopted(source, tmp_path / "known.json", "甲")
    sifted = baseline.sifted(warned(source, "甲"), Texts([source]))
    assert (sifted.new, sifted.known, sifted.gone) == ((), 2, ())


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "新的一段。</p><p>" + text,
        lambda text: "前面加了許多許多許多字，" + text,
        lambda text: text.replace("零一", "零\n   一"),
        lambda text: "<bold>粗體</bold>" + text,
    ],
)
def test_edits_elsewhere_make_nothing_new(tmp_path: Path, change: Callable[[str], str]) -> None:
    text = "零一二三四五六七八九十零一二三四五，甲，零一二三四五六七八九十"
    path = tmp_path / "brief.xml"
    baseline = adopted(brief(text, path), tmp_path / "known.json", "甲")
    after = brief(change(text), path)
    sifted = baseline.sifted(warned(after, "甲"), Texts([after]))
    assert (sifted.new, sifted.known, sifted.gone) == ((), 1, ())


def test_what_is_new_is_shown_and_what_is_gone_is_told(tmp_path: Path) -> None:
    path = tmp_path / "brief.xml"
    baseline = adopted(brief("一甲二三四五六七八九十一二三四五乙", path), tmp_path / "known.json", "[甲乙]")
    after = brief("一甲二三四五六七八九十一二三四五六甲", path)
    sifted = baseline.sifted(warned(after, "[甲乙]"), Texts([after]))
    assert [each.place.column for each in sifted.new] == [warned(after, "甲")[1].place.column]
    assert sifted.known == 1
    ((gone, count),) = sifted.gone
    assert (gone.file, gone.code, count, baseline.texts[gone]) == ("brief.xml", "Z001", 1, "乙")


def test_the_same_words_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "brief.xml"
    repeated = "零一二三四五六七八九十甲零一二三四五六七八九十"
    baseline = adopted(brief(repeated * 2, path), tmp_path / "known.json", "甲")
    after = brief(repeated * 3, path)
    sifted = baseline.sifted(warned(after, "甲"), Texts([after]))
    assert (len(sifted.new), sifted.known) == (1, 2)


def test_code_and_file_belong_to_a_finding(tmp_path: Path) -> None:
    source = brief("甲", tmp_path / "brief.xml")
    baseline = adopted(source, tmp_path / "known.json", "甲")
    other = brief("甲", tmp_path / "other.xml")
    assert baseline.sifted(warned(other, "甲"), Texts([other])).known == 0
    assert baseline.sifted(warned(source, "丙", "甲"), Texts([source])).known == 0


def test_errors_are_never_known(tmp_path: Path) -> None:
    source = brief('甲<xref ref-type="fn" rid="gone"/>', tmp_path / "brief.xml")
    errors = check_brief(source, tmp_path)
    assert errors and not baseline_of(errors, Texts([source]), tmp_path / "known.json").counts


def test_the_file_can_be_read_by_people(tmp_path: Path) -> None:
    source = brief("文甲乙丙文", tmp_path / "issue" / "brief.xml")
    baseline = adopted(source, tmp_path / "known.json", "甲乙丙")
    data = json.loads(baseline.path.read_text(encoding="utf-8"))
    (entry,) = data["findings"]
    assert (entry["file"], entry["code"], entry["text"], entry["count"]) == (
        "issue/brief.xml",
        "Z001",
        "甲乙丙",
        1,
    )
    assert read_baseline(baseline.path).as_json() == baseline.path.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kan-baseline": 2, "findings": []}', "[" * 100_000, "甲", "1"])
def test_what_is_no_baseline(tmp_path: Path, text: str) -> None:
    (tmp_path / "known.json").write_text(text, encoding="utf-8")
    with pytest.raises(InstallationError):
        read_baseline(tmp_path / "known.json")
    with pytest.raises(InstallationError):
        read_baseline(tmp_path / "gone.json")


def test_fingerprints_of_impossible_places(tmp_path: Path) -> None:
    for place in (
        Place(tmp_path / "gone.xml", 3, 5, 3, 9),
        Place(tmp_path, 1, 1, 1, 1),
        Place(Path("/dev/null"), 9, 9, 1, 1),
    ):
        assert fingerprint(Diagnostic("Z001", Severity.NOTE, place, NONE, NONE), Texts())


def test_result_is_made_from_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "brief.xml"
    path.write_bytes(brief("甲，丙").data)
    result = Fixed(parse(path), (), fixed(alone(parse(path)), [rule("甲", "乙")])[0].codes)
    assert result.data == path.read_bytes()

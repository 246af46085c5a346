"""Exceptions: what an instruction covers, and what is said about one that covers nothing."""

from pathlib import Path

import pytest

from pipeline.lint import chosen, lint
from pipeline.parse import Source, parse_bytes
from pipeline.validate import check_brief
from tests.conftest import ARTICLE, TITLE

HIDDEN = "字&#x200B;字"
ALLOW = '<?kan allow="R040" reason="照錄"?>'


def brief(body: str, before: str = "") -> Source:
    return parse_bytes(Path("brief.xml"), (before + ARTICLE.format(meta=TITLE, body=body)).encode())


def codes(source: Source, *select: str) -> list[str]:
    return [found.code for found in lint([source], rules=chosen(select or ["R040"]))]


def section(*paragraphs: str, number: int = 1) -> str:
    return f'<sec id="s{number}"><title>節</title>{"".join(paragraphs)}</sec>'


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (section(f"<p>{HIDDEN}</p>"), ["R040"]),
        (section(f"{ALLOW}<p>{HIDDEN}</p>"), []),
        (section(f"{ALLOW}\n<!-- 見 -->\n<p>{HIDDEN}</p>"), []),
        (section(f"{ALLOW}<p>{HIDDEN}</p><p>{HIDDEN}</p>"), ["R040"]),
        (section(f"<p>{HIDDEN}</p>{ALLOW}<p>{HIDDEN}</p>"), ["R040"]),
        (f"{ALLOW}{section(f'<p>{HIDDEN}</p>', f'<p>{HIDDEN}</p>')}", []),
        (f"{ALLOW}{section(f'<p>{HIDDEN}</p>')}{section(f'<p>{HIDDEN}</p>', number=2)}", ["R040"]),
        (section(f"<p>字{ALLOW}字{HIDDEN}</p>"), []),
        (section(f"<p>{HIDDEN}{ALLOW}字{HIDDEN}</p><p>{HIDDEN}</p>"), ["R040", "R040"]),
        (section(f'<p>{ALLOW}字<fn id="n"><p>{HIDDEN}</p></fn><bold>{HIDDEN}</bold></p>'), []),
        (section(f'<p>字<fn id="n">{ALLOW}<p>{HIDDEN}</p></fn>{HIDDEN}</p>'), ["R040"]),
    ],
)
def test_what_an_exception_covers(body: str, left: list[str]) -> None:
    assert codes(brief(body)) == left


def test_an_exception_outside_the_article_is_malformed() -> None:
    source = brief(section("<p>字</p>"), ALLOW)
    assert [found.code for found in check_brief(source, Path())] == ["R038"]


def test_an_unused_exception_is_a_finding() -> None:
    source = brief(section(f"{ALLOW}<p>字</p>"))
    (found,) = lint([source], rules=chosen(["R040"]))
    line = source.data.decode().split("\n")[found.place.line - 1]
    assert (found.code, line[found.place.column - 1 : found.place.end_column - 1]) == ("X001", ALLOW)


def test_an_exception_is_only_unused_where_its_rule_was_run() -> None:
    assert codes(brief(section(f"{ALLOW}<p>字</p>")), "N") == []


def test_several_codes_in_one_exception() -> None:
    both = '<?kan allow="R040, N001" reason="照錄"?>'
    body = section(f'{both}<p>{HIDDEN}<fn id="n"><p>甲，〈乙〉，《丙》，2020年1月2日。</p></fn></p>')
    assert codes(brief(body), "R040", "N001") == ["X001"]


@pytest.mark.parametrize("code", ["S001", "R001", "Z999"])
def test_only_editorial_rules_have_exceptions(code: str) -> None:
    body = section(f'<?kan allow="{code}" reason="趕"?><p>字</p>')
    assert codes(brief(body)) == ["X002"]


def test_an_exception_without_a_reason_excuses_nothing() -> None:
    body = section(f'<?kan allow="R040" reason=" "?><p>{HIDDEN}</p>')
    assert codes(brief(body)) == ["R040"]


def test_families_and_codes_are_chosen_by_prefix() -> None:
    assert {rule.code.code[0] for rule in chosen(["N"])} == {"N"}
    assert "N001" not in {rule.code.code for rule in chosen(["N"], ["N001"])}
    assert chosen([], ["N", "N001"]) == [rule for rule in chosen() if not rule.code.code.startswith("N")]

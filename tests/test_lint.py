"""Lint: every rule by its own extracts, its fix, and what rules have in common."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.diagnostics import CODES, Diagnostic
from pipeline.edit import edited
from pipeline.lint import RULES, Rule, lint
from pipeline.lint.reading import IssueReading, Reading, read_briefs
from pipeline.lint.vocabulary import Vocabulary
from pipeline.parse import Source, parse_bytes
from pipeline.validate import check_brief
from tests.conftest import HOUSE

SAMPLES = HOUSE / "tests" / "samples" / "validate"
"""Extracts may show the picture in its `figures/`."""

PUBLISHED = date(2026, 11, 20)

ARTICLE = (
    '<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="other" xml:lang="zh-Hant-TW">'
    "<front><article-meta><title-group><article-title>題名</article-title></title-group>{meta}</article-meta></front>"
    '<body><sec id="s1"><title>前言</title><p>{text}</p>{section}</sec>{body}</body></article>'
)


def wrapped(within: str, extract: str) -> Source:
    """A brief around an extract that stands `within` one of its parts (`rules.Extract`)."""
    parts = {"meta": "", "text": "文。", "section": "", "body": ""}
    if within == "note":
        parts["text"] = f'文。<fn id="fn1"><p>{extract}</p></fn>'
    else:
        parts["meta" if within == "article-meta" else within] = extract
    xml = extract if within == "article" else ARTICLE.format_map(parts)
    return parse_bytes(SAMPLES / "brief-1.xml", xml.encode())


def read(*sources: Source, published: date | None = PUBLISHED, vocabulary: Vocabulary | None = None) -> Reading:
    """The first of some briefs that are an issue together."""
    return read_briefs(sources, IssueReading(published, vocabulary or Vocabulary()))[0]


def found(rule: Rule, source: Source) -> list[Diagnostic]:
    return list(rule(read(source)))


def places_are_inside(source: Source, diagnostics: list[Diagnostic]) -> None:
    lines = source.data.decode().split("\n")
    for each in diagnostics:
        for place in (each.place, *each.also):
            assert 1 <= place.line <= place.end_line <= len(lines)
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1
            assert (place.line, place.column) <= (place.end_line, place.end_column)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code.code)
def test_rule_finds_its_bad_extract_and_its_fix_mends_it(rule: Rule) -> None:
    source = wrapped(rule.within, rule.code.bad)
    diagnostics = found(rule, source)
    assert diagnostics, "nothing found"
    places_are_inside(source, diagnostics)
    for each in diagnostics:
        for words in (each.message, each.hint):
            assert words.zh and words.en and "{" not in words.zh.replace("{http", "")
    errors = [each.code for each in check_brief(source, SAMPLES)]
    assert not errors, "another stage says it already, or the extract is not valid"
    if fixes := [edit for each in diagnostics for edit in each.fix]:
        mended = parse_bytes(source.path, edited(source, dict.fromkeys(fixes)))
        assert not [each for each in found(rule, mended) if each.fix]
        assert not check_brief(mended, SAMPLES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code.code)
def test_rule_accepts_its_good_extract(rule: Rule) -> None:
    source = wrapped(rule.within, rule.code.good)
    assert not found(rule, source)
    assert not check_brief(source, SAMPLES)


def test_rules_are_complete() -> None:
    codes = [rule.code for rule in RULES]
    assert len({code.code for code in codes}) == len(codes)
    for code in codes:
        assert code.code in CODES and code.bad and code.good
        for words in (code.title, code.message, code.hint, code.why):
            assert words.zh and words.en


def test_lint_of_nothing_finds_nothing() -> None:
    assert lint([]) == ()


def test_text_of_the_rules_names_no_file_of_the_machine() -> None:
    assert not [code for code in CODES.values() if str(Path.home()) in code.why.zh]

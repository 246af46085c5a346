"""Diagnostics: the catalogue is complete in both languages, and findings print in a fixed form and order."""

import re
import string
from dataclasses import replace
from pathlib import Path

import pytest

import pipeline.build  # noqa: F401  every stage enters its codes into the catalogue
from pipeline.diagnostics import (
    CODES,
    Code,
    Diagnostic,
    Edit,
    ManuscriptError,
    Place,
    Severity,
    Words,
    has_errors,
    in_order,
)
from pipeline.lint import RULES

ONLY_CHINESE = {"S005": {"meaning"}}
"""Gaps filled with the documentation of the schema, which is in Chinese."""

EDITORIAL = {rule.code.code for rule in RULES}


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_says_the_same_in_both_languages(code: str) -> None:
    entry = CODES[code]
    assert entry.code == code and re.fullmatch("[A-Z][0-9]{3}", code)
    for words in (entry.title, entry.message, entry.hint, entry.why):
        assert words.zh and words.en
        if code not in EDITORIAL:  # their extracts show that both sentences are filled, and they speak of marks
            assert gaps(words.zh) - ONLY_CHINESE.get(code, set()) == gaps(words.en)
            assert not re.search("[，。；：「」]", words.en), "no Chinese marks in the English sentence"
    assert not gaps(entry.title.zh) | gaps(entry.why.zh)
    assert not entry.message.zh.endswith("。")


def test_the_words_are_those_of_taiwan() -> None:
    for entry in CODES.values():
        for words in (entry.title, entry.message, entry.hint, entry.why):
            assert not re.search(
                "文件夾|信息|字符|默認|軟件|鏈接|屏幕|質量|打印|字體庫|[们这个说对没]", words.zh
            ), entry.code


def test_a_code_is_given_out_once() -> None:
    words = Words("無", "none")
    with pytest.raises(ValueError, match="P001"):
        Code("P001", words, words, words, words)


def test_words_within_words() -> None:
    filled = Words("因為{reason}", "because {reason}, {n:,}").fill({"reason": Words("壞", "bad"), "n": 1234})
    assert filled == Words("因為壞", "because bad, 1,234")
    assert filled.in_language("en") == "because bad, 1,234"
    assert filled.in_language("zh-TW") == "因為壞"


def test_dots_for_gaps() -> None:
    assert Words("有{size:,}個{name}", "{n} of {}").with_dots() == Words("有…個…", "… of …")


FILE = Path("brief.xml")
FINDING = Diagnostic("R001", Severity.WARNING, Place(FILE, 3, 5, 4, 1), Words("壞", "bad"), Words("改", "mend"))


def test_one_line() -> None:
    assert FINDING.as_line("zh-TW", "a/brief.xml") == "a/brief.xml:3:5: warning R001: 壞"
    assert FINDING.as_line("en", "brief.xml") == "brief.xml:3:5: warning R001: bad"


def test_json() -> None:
    also = replace(FINDING, fix=(Edit(0, 0, "x"),), also=(Place(FILE, 9, 1, 9, 2),))
    assert also.as_json("en", lambda path: f"a/{path.name}") == {
        "code": "R001",
        "severity": "warning",
        "file": "a/brief.xml",
        "line": 3,
        "column": 5,
        "end_line": 4,
        "end_column": 1,
        "message": "bad",
        "hint": "mend",
        "fixable": True,
        "also": [{"file": "a/brief.xml", "line": 9, "column": 1, "end_line": 9, "end_column": 2}],
    }
    assert FINDING.as_json("zh-TW", str)["message"] == "壞"


def test_order_and_repetition() -> None:
    def at(file: str, line: int, column: int, code: str = "R001") -> Diagnostic:
        words = Words("壞", "bad")
        return Diagnostic(code, Severity.ERROR, Place(Path(file), line, column), words, words)

    ordered = [at("a", 2, 9), at("a", 10, 1), at("a", 10, 2, "R000"), at("a", 10, 2), at("b", 1, 1)]
    assert list(in_order([*reversed(ordered), ordered[0]])) == ordered
    assert ManuscriptError(reversed(ordered)).diagnostics == tuple(ordered)


def test_only_errors_stop() -> None:
    assert not has_errors([FINDING])
    assert has_errors([FINDING, Diagnostic("R002", Severity.ERROR, Place(FILE), Words("", ""), Words("", ""))])

"""The documentation of the rules: `kan rules`, its page, and that what pipeline/lint/README.md shows works.

`KAN_REWRITE_EXPECTED=1` writes pipeline/lint/RULES.md anew; read the diff.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.rules import rules
from pipeline.diagnostics import CODES, Severity
from pipeline.edit import edited
from pipeline.lint import RULES, Rule
from pipeline.lint.extracts import found_in, whole
from pipeline.lint.page import FAMILIES, mended, rule_page
from pipeline.lint.reading import ADDRESS, NAMED, OWN, QUOTED, TITLED
from pipeline.lint.vocabulary import Vocabulary
from pipeline.parse import Source, parse_bytes
from tests.conftest import HOUSE

LINT = HOUSE / "pipeline" / "lint"
README = (LINT / "README.md").read_text(encoding="utf-8")


def test_page_is_what_the_rules_say() -> None:
    page = LINT / "RULES.md"
    made = rule_page()
    if os.environ.get("KAN_REWRITE_EXPECTED"):
        page.write_text(made, encoding="utf-8")
    assert made == page.read_text(encoding="utf-8"), "run again with KAN_REWRITE_EXPECTED=1, and read the diff"


def test_every_rule_is_in_one_family() -> None:
    shown = [code.code for family in FAMILIES for code in family.codes]
    assert len(shown) == len(set(shown))
    assert {rule.code.code for rule in RULES} <= set(shown)
    assert [code for code in shown if code not in CODES] == []


def test_page_has_each_rule_with_its_extracts() -> None:
    page, fixed = rule_page(), mended()
    for rule in RULES:
        (section,) = re.findall(rf'<a id="{rule.code.code}"></a>\n(.*?)(?=<a id=|\Z)', page, re.DOTALL)
        assert f"```xml\n{rule.code.bad}\n```" in section and f"```xml\n{rule.code.good}\n```" in section
        assert page.count(f"(#{rule.code.code})") == 1
        assert ("✎ 能自動改正" in section) == (rule.code.code in fixed)


def test_words_of_a_rule_are_no_markup_of_the_page() -> None:
    prose = re.sub(r"```.*?```|`[^`\n]*`|<!--.*?-->", "", rule_page(), flags=re.DOTALL)
    assert set(re.findall(r"(?<!\\)<[^>]*>?", prose)) == set(re.findall(r'<a id="\w+">|</a>', prose))


def test_only_editorial_rules_are_errors_of_nothing() -> None:
    assert [rule.code.code for rule in RULES if rule.code.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("zh-TW", ["註釋", "日期與數字", "N001   警告  打上去的參照", "✎ 能自動改正"]),
        ("en", ["Notes", "Dates and numbers", "N001   warning  typed reference", "✎ mended by --fix"]),
    ],
)
def test_command_lists_the_rules(language: str, wanted: list[str]) -> None:
    done = CliRunner().invoke(rules, ["--lang", language])
    assert done.exit_code == 0
    for words in wanted:
        assert words in done.output
    fixed = mended()
    for rule in RULES:
        pen = "✎" if rule.code.code in fixed else " "
        assert f"  {rule.code.code} {pen} " in done.output


def test_command_prints_the_page() -> None:
    assert CliRunner().invoke(rules, ["--markdown"]).output == rule_page()


def test_remedy_that_varies_is_said_in_words() -> None:
    assert not [rule for rule in RULES if rule.code.remedy.zh.strip("…") == ""]


# What the documentation says


def test_example_of_a_rule_works(monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    registered: list[Rule] = []
    monkeypatch.setattr("pipeline.lint.rules.RULES", registered)
    codes = dict(CODES)
    try:
        exec(compile(example, "README.md", "exec"), {"__name__": "example"})
    finally:
        for code in CODES.keys() - codes.keys():
            del CODES[code]
    (rule,) = registered
    bad, good = (whole(rule.within, extract) for extract in (rule.code.bad, rule.code.good))
    (found,) = found_in(rule, bad)
    assert edited(bad, found.fix) == good.data
    assert not found_in(rule, good)
    quoted = whole("text", "他寫道：「請寄email給我，謝謝。」見《email禮儀》，或https://mail.tw/email。")
    assert not found_in(rule, quoted)


def test_example_is_formatted_as_all_code() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    for arguments in (["format", "--check"], ["check", "--ignore", "D100"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, "--stdin-filename", "pipeline/lint/example.py", "-"],
            input=example,
            capture_output=True,
            encoding="utf-8",
            cwd=HOUSE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_keys_of_the_vocabulary_are_all_explained() -> None:
    assert set(re.findall(r"^\| `(\w+) = ", README, re.MULTILINE)) == set(Vocabulary.__dataclass_fields__)


def test_zones_are_all_explained() -> None:
    assert re.findall(r"^\| `[A-Z]+` `(.)` \|", README, re.MULTILINE) == [OWN, NAMED, QUOTED, TITLED, ADDRESS]


def test_exceptions_of_the_documentation_are_well_formed() -> None:
    (example,) = re.findall(r"```xml\n(.*?)```", README, re.DOTALL)
    assert len(parse_bytes(Path("brief.xml"), f"<body>{example}</body>".encode()).nodes) == 5


@pytest.mark.parametrize("page", ["README.md", "RULES.md"])
def test_links_of_the_documentation_lead_somewhere(page: str) -> None:
    text = (LINT / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = link.partition("#")
        assert not file or (LINT / file).exists(), link
        assert not anchor or f'<a id="{anchor}"></a>' in text, link


def test_commands_of_the_documentation_have_their_options(options: Callable[[str], str]) -> None:
    for command, line in re.findall(r"^\$ kan (\w+) ([^#]*)", README, re.MULTILINE):
        for option in re.findall(r"--[\w-]+", line):
            assert option in options(command), f"kan {command} has no {option}"


@pytest.fixture
def options() -> Callable[[str], str]:
    """The help of a command."""
    from pipeline.cli import main

    return lambda command: CliRunner().invoke(main, [command, "--help"]).output


def test_extract_is_made_whole_where_it_stands() -> None:
    def parent(source: Source, tag: str) -> str:
        (node,) = source.root.iter(tag)
        (up, *_) = node.iterancestors()
        return str(up.tag)

    assert parent(whole("text", "<bold>甲</bold>"), "bold") == "p"
    assert parent(whole("note", "<bold>甲</bold>"), "bold") == "p"
    assert parent(whole("section", "<list/>"), "list") == "sec"
    assert parent(whole("body", '<sec id="s2"/>'), "body") == "article"
    assert parent(whole("article-meta", "<abstract/>"), "abstract") == "article-meta"
    assert whole("article", "<article/>").root.tag == "article"

"""Lint: the copy editor. What is valid and still not as a careful editor would print it.

    Source ─read_briefs▶ Reading ─rules▶ [Diagnostic] ─exceptions▶ what is left to mend

One module for each kind of thing that is looked at; `rules.py` says what a rule is.
"""

from collections.abc import Iterable

from pipeline.diagnostics import Diagnostic, in_order
from pipeline.lint import (
    brackets,
    broken_dates,
    characters,
    citations,
    contradictions,
    date_forms,
    dates,
    events,
    glosses,
    latin,
    links,
    locators,
    marks,
    names,
    notes,
    quantities,
    regional,
    repeated,
    slips,
    sources,
    spacing,
    structure,
    sums,
    terms,
    twins,
    variants,
)
from pipeline.lint.exceptions import without_excused
from pipeline.lint.reading import IssueReading, Reading, publication_date, read_brief, read_briefs
from pipeline.lint.rules import RULES, Rule, findings
from pipeline.lint.vocabulary import Vocabulary, vocabulary_of
from pipeline.parse import Source

__all__ = ["RULES", "RULE_MODULES", "Rule", "Vocabulary", "chosen", "lint", "publication_date", "vocabulary_of"]

RULE_MODULES = (
    notes,
    citations,
    locators,
    sources,
    dates,
    broken_dates,
    date_forms,
    quantities,
    sums,
    contradictions,
    events,
    slips,
    marks,
    brackets,
    spacing,
    characters,
    variants,
    regional,
    repeated,
    terms,
    twins,
    names,
    glosses,
    latin,
    links,
    structure,
)
"""Importing a module of rules enters its rules into `rules.RULES`."""


def lint(
    briefs: Iterable[Source],
    issue: Source | None = None,
    vocabulary: Vocabulary | None = None,
    rules: Iterable[Rule] | None = None,
    only: Source | None = None,
) -> tuple[Diagnostic, ...]:
    """What the copy editor finds in briefs that belong together, and in their `issue.xml`, if there is one.

    `only`: one of the briefs, where the others are read but not looked at. What an exception in the file lets pass
    is left out; the exceptions are looked at themselves.
    """
    wanted = list(RULES if rules is None else rules)
    together = IssueReading(publication_date(issue), vocabulary or Vocabulary())
    read = [*read_briefs(briefs, together), *([read_brief(issue, together)] if issue is not None else [])]
    looked_at = [brief for brief in read if only is None or brief.source is only]
    return in_order(each for brief in looked_at for each in _left(brief, wanted))


def chosen(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> list[Rule]:
    """The rules whose codes begin with one of `select` (all, if empty) and with none of `ignore`."""
    select, ignore = tuple(select), tuple(ignore)
    return [
        rule
        for rule in RULES
        if (not select or rule.code.code.startswith(select)) and not rule.code.code.startswith(ignore or "\0")
    ]


def _left(brief: Reading, rules: list[Rule]) -> list[Diagnostic]:
    return without_excused(brief.source, findings(brief, rules), [rule.code.code for rule in rules])

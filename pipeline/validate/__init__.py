"""Validate: a parsed manuscript against the profile — the schema first, then the rules a schema can't say.

`check_issue` checks an issue with all its briefs, `check_brief` one brief alone. Both return what they find;
they print nothing and raise nothing for a wrong manuscript.
"""

from collections.abc import Mapping
from pathlib import Path

from pipeline.diagnostics import Diagnostic, in_order
from pipeline.parse import Source
from pipeline.validate import files, references, rules, structure, unfinished, values
from pipeline.validate.schema import reference, schema_diagnostics

__all__ = ["check_brief", "check_issue", "reference", "schema_diagnostics"]

RULE_MODULES = (references, structure, values, files, unfinished)
"""Importing a module of rules enters its rules into `rules.RULES`."""


def check_brief(source: Source, folder: Path) -> list[Diagnostic]:
    """Everything wrong with one brief. `folder` is that of the issue: figures are looked for there only."""
    found = schema_diagnostics([source], "brief")
    return list(in_order(found + rules.findings(source, folder)))


def check_issue(issue: Source, briefs: Mapping[str, Source]) -> list[Diagnostic]:
    """Everything wrong with an issue and its briefs, which `briefs` gives by the `href` that lists them.

    The briefs are those that could be parsed; one that is listed and isn't there is reported here.
    """
    folder = issue.path.parent
    found = schema_diagnostics([issue], "issue") + schema_diagnostics(list(briefs.values()), "brief")
    for source in (issue, *briefs.values()):
        found += rules.findings(source, folder)
    return list(in_order(found))

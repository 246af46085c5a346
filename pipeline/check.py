"""Check: everything that can be said about manuscripts without making anything of them.

    parse ▶ validate ▶ lint, and the characters that no font has

`kan check`, every build, and the editor's language server read manuscripts through here.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipeline import fonts, validate
from pipeline.diagnostics import Diagnostic, ManuscriptError, Severity, in_order
from pipeline.lint import RULES, Rule, Vocabulary, lint, vocabulary_of
from pipeline.manuscript import ISSUE_FILE, Manuscript, read_issue
from pipeline.notes.style import house_style
from pipeline.parse import LANG, Source, parse
from pipeline.profiles import DEFAULT


def check(path: Path, rules: Sequence[Rule] | None = None) -> tuple[Diagnostic, ...]:
    """Validate and lint an issue (its folder or its `issue.xml`) or a single brief; nothing is built.

    `rules` are the editorial rules to apply (all, if None). Missing characters are reported when the fonts are
    there; they are not fetched for it.
    """
    if path.is_dir() or path.name == ISSUE_FILE:
        manuscript = read_issue(path if path.is_dir() else path.parent)
        sources, diagnostics = manuscript.sources, list(check_manuscript(manuscript, rules))
    else:
        try:
            source = parse(path)
        except ManuscriptError as error:
            return error.diagnostics
        sources, diagnostics = (source,), list(check_brief(source, rules))
    prepared = fonts.installed(languages_of(sources))
    if prepared is not None:
        diagnostics += missing_characters(sources, prepared)
    return in_order(diagnostics)


def check_manuscript(manuscript: Manuscript, rules: Sequence[Rule] | None = None) -> Iterator[Diagnostic]:
    """Everything found wrong with an issue: what could not be parsed, the schema, all rules, the note style."""
    yield from manuscript.diagnostics
    if manuscript.issue is not None:
        yield from validate.check_issue(manuscript.issue, manuscript.briefs)
        try:
            house_style(manuscript.issue, manuscript.folder)
        except ManuscriptError as error:
            yield from error.diagnostics
    yield from edited(manuscript.briefs.values(), manuscript.issue, manuscript.folder, rules)


def check_brief(source: Source, rules: Sequence[Rule] | None = None) -> Iterator[Diagnostic]:
    """Everything found wrong with one brief, which is read with its issue where `issue.xml` beside it lists it."""
    folder = source.path.parent
    yield from validate.check_brief(source, folder)
    issue, briefs = beside(source)
    yield from edited(briefs, issue, folder, rules, only=source)


def edited(
    briefs: Iterable[Source],
    issue: Source | None,
    folder: Path,
    rules: Sequence[Rule] | None = None,
    only: Source | None = None,
) -> Iterator[Diagnostic]:
    """What the copy editor finds in the briefs of an issue, or in one of them, with the vocabulary of `folder`."""
    vocabulary = Vocabulary()
    try:
        vocabulary = vocabulary_of(folder)
    except ManuscriptError as error:
        yield from error.diagnostics
    yield from lint(briefs, issue, vocabulary, rules, only)


def beside(source: Source) -> tuple[Source | None, list[Source]]:
    """The `issue.xml` that lies beside a brief and lists it, with all its briefs; else the brief alone."""
    folder = source.path.absolute().parent
    if not (folder / ISSUE_FILE).is_file():
        return None, [source]
    manuscript = read_issue(folder)
    paths = [brief.path.resolve() for brief in manuscript.briefs.values()]
    if source.path.resolve() not in paths:
        return None, [source]
    here = paths.index(source.path.resolve())
    briefs = list(manuscript.briefs.values())
    return manuscript.issue, [*briefs[:here], source, *briefs[here + 1 :]]


def without_advice(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Findings without what the copy editor only advises, which `kan check` lists and a build counts."""
    editorial = {rule.code.code for rule in RULES}
    return [each for each in found if each.code not in editorial or each.severity is Severity.ERROR]


def languages_of(sources: Iterable[Source]) -> tuple[str, ...]:
    """The languages of an issue and its briefs, for which fonts are needed."""
    return tuple(dict.fromkeys(source.root.get(LANG) or DEFAULT for source in sources))


def missing_characters(sources: Iterable[Source], prepared: fonts.Fonts) -> Iterator[Diagnostic]:
    """F001 for the first place in each file of each character that no declared font has."""
    for source in sources:
        seen: set[str] = set()
        for node, which, text in source.stretches():
            for offset, character in fonts.missing(prepared, text):
                if character not in seen:
                    seen.add(character)
                    place = source.text_place(node, which, offset, offset + 1)
                    yield fonts.no_glyph(place, character)

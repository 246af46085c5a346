"""The importer as the manuscripts see it: a file in, a brief and what was reported of it out."""

import dataclasses
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.importing import import_manuscript
from pipeline.parse import Source, parse_bytes
from tests.manuscripts.notation import Expected
from tests.manuscripts.score import Report, Score, score

if TYPE_CHECKING:
    from pipeline.importing import Imported


@cache
def imported(path: Path, before: Path | None = None) -> Report:
    """Import a manuscript; `before` is the manuscript that it corrects."""
    return report(import_manuscript(path, name="brief-1.xml", before=brief(before) if before else None))


def brief(path: Path) -> Source:
    """The brief of a manuscript, as if it had been written to a file."""
    return parse_bytes(path.with_suffix(".xml"), imported(path).xml)


def report(found: "Imported") -> Report:
    """What the scorer looks at, of all that the importer says."""
    said = found.report
    left = [f"{step.text}：{step.reason.zh if step.reason else ''}" for step in said.unlinked]
    return Report(
        xml=found.brief,
        doubts=(*(each.message.zh for each in said.diagnostics), *left),
        changes=tuple(_lines(found.changes)),
        comments=tuple(_lines(found.comments)),
        differences=tuple(each.message.zh for each in said.differences),
        problems=tuple(f"{each.code} {each.message.zh}" for each in said.problems if each.severity == "error"),
    )


def _lines(found: Iterable[Any]) -> Iterator[str]:
    for each in found:
        yield " ".join(str(value) for value in dataclasses.asdict(each).values())


@cache
def scored(wanted: Expected) -> Score:
    """Import a manuscript and score it."""
    return score(wanted, imported(wanted.path))

"""Verify: the finished editions are complete and keep the standards they name.

editions ─collation▶ [Diagnostic]    the text of every edition, character by character, note by note
editions ─conformance▶ [Verdict]     PDF/UA-1, PDF/A-2a, the DTD, links; EPUBCheck, Ace and axe-core where asked
folder ─manifest▶ [Diagnostic]       whether the files are those that were published

A build does the first two of its own editions; `kan verify` does all three of a finished folder, as a distributor
would, who has no manuscript.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import manifest
from pipeline.collation import Collation, collate
from pipeline.conformance import Verdict, standards, thorough
from pipeline.diagnostics import Diagnostic, Words, in_order
from pipeline.notes.style import HouseStyle
from pipeline.parse import Source

Progress = Callable[[Words], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found in finished editions; nothing, where all is well."""

    verdicts: tuple[Verdict, ...]
    collation: Collation
    differences: tuple[Diagnostic, ...] = ()

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """Everything found, by file."""
        found = [finding for verdict in self.verdicts for finding in verdict.findings]
        return in_order([*self.differences, *self.collation.findings, *found])

    def as_json(self) -> dict[str, object]:
        """What the manifest says of it."""
        return {
            "collation": self.collation.as_json(),
            "conformance": [verdict.as_json() for verdict in self.verdicts],
        }

    def sentences(self) -> Iterator[Words]:
        """The result in a few lines: one for the text, one for each standard."""
        yield self.collation.verdict
        by_standard: dict[tuple[str, str], list[Verdict]] = {}
        for verdict in self.verdicts:
            by_standard.setdefault((verdict.standard, f"{verdict.tool} {verdict.version}"), []).append(verdict)
        for (standard, tool), verdicts in by_standard.items():
            yield _sentence(standard, tool, verdicts)


def _sentence(standard: str, tool: str, verdicts: Sequence[Verdict]) -> Words:
    """How many files keep a standard, or why nobody knows."""
    skipped = next((verdict.skipped for verdict in verdicts if verdict.skipped is not None), None)
    if skipped is not None:
        return Words(f"{standard}：沒有檢查：{skipped.zh}", f"{standard}: not checked: {skipped.en}")
    failed = sum(not verdict.passed for verdict in verdicts)
    count = len(verdicts)
    if failed:
        return Words(
            f"{standard}：{count}個檔案中{failed}個不合（{tool}）",
            f"{standard}: {failed} of {count} files fail ({tool})",
        )
    return Words(f"{standard}：{count}個檔案全部合格（{tool}）", f"{standard}: {count} files pass ({tool})")


def verify_editions(
    editions: Mapping[str, bytes],
    names: Sequence[str],
    sources: Mapping[str, Source],
    style: HouseStyle,
    target: Path,
) -> Verified:
    """The editions of a build, before they are published into `target`.

    `sources` are the briefs by their `names`; `style` worded their notes.
    """
    collation = collate(editions, names, sources, style).placed(target)
    return Verified(_placed(standards(editions), target), collation)


def verify_folder(folder: Path, progress: Progress, *, quick: bool = False) -> Verified:
    """A finished folder; `quick` leaves out what needs Java or a browser."""
    progress(Words("核對manifest.json", "comparing with manifest.json"))
    published = manifest.read(folder)
    if not published.briefs:
        return Verified((), Collation(), published.differences)
    progress(Words("校對各版文字", "collating the texts of the editions"))
    collation = collate(published.editions, published.briefs).placed(folder)
    progress(Words("檢查標準", "checking the standards"))
    verdicts = standards(published.editions)
    if not quick:
        verdicts += thorough(folder, progress)
    return Verified(_placed(verdicts, folder), collation, published.differences)


def _placed(verdicts: Iterable[Verdict], folder: Path) -> tuple[Verdict, ...]:
    """Verdicts whose findings name files in `folder`."""
    return tuple(
        replace(verdict, findings=tuple(in_folder(finding, folder) for finding in verdict.findings))
        for verdict in verdicts
    )


def in_folder(finding: Diagnostic, folder: Path) -> Diagnostic:
    """A finding whose file is in `folder`; one with an absolute path stays."""
    return replace(finding, place=replace(finding.place, file=folder / finding.place.file))

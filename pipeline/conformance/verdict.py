"""A verdict: what one tool says about one file and one standard."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.diagnostics import Code, Diagnostic, Language, Words


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `tool` says about `file` (its path in the output folder) and `standard`.

    `skipped` says what was missing when the tool could not run at all.
    """

    file: str
    standard: str
    tool: str
    version: str
    findings: tuple[Diagnostic, ...] = ()
    skipped: Words | None = None

    @property
    def passed(self) -> bool:
        """Whether the tool ran and found nothing."""
        return self.skipped is None and not self.findings

    def as_json(self, language: Language = "en") -> dict[str, object]:
        """The object for manifest.json: without `findings` and `skipped` where there is nothing to say."""
        verdict: dict[str, object] = {
            "file": self.file,
            "standard": self.standard,
            "tool": self.tool,
            "version": self.version,
            "passed": self.passed,
        }
        if self.findings:
            verdict["findings"] = [finding.as_json(language, Path.as_posix) for finding in self.findings]
        if self.skipped is not None:
            verdict["skipped"] = self.skipped.in_language(language)
        return verdict


def code(number: str, standard: str, hint: Words, why: Words) -> Code:
    """The code for what a tool finds against a standard; `rule` and `words` are the tool's own."""
    return Code(
        number,
        title=Words(f"不合{standard}", f"not {standard}"),
        message=Words(f"不合{standard}：{{rule}}：{{words}}", f"not {standard}: {{rule}}: {{words}}"),
        hint=hint,
        why=why,
    )

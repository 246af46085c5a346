"""Audit: measure the typesetting of a finished PDF, whichever program made it.

PDF ─glyphs▶ pages of glyphs ─lines▶ lines ─align▶ paragraphs of the source ─rules▶ rows of the table

Nothing of the composer is trusted or imported: the audit knows the PDF and, where they are given, the sources.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.audit.align import Matched, Sources
from pipeline.audit.glyphs import UnreadablePdfError, read_pages
from pipeline.audit.lines import (
    Line,
    Typesetting,
    common_size,
    in_columns,
    nearest_size,
    page_lines,
    typeset,
    with_spaces,
)
from pipeline.audit.rules import RULES, Rule, Spot, lines_to_look_at
from pipeline.diagnostics import Code, Diagnostic, Language, Place, Words
from pipeline.parse import Source

__all__ = ["Audit", "Finding", "Row", "UnreadablePdfError", "audit"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One place: the page from 1, the text of the line (empty for a whole page), what was found there.

    `place` is where the line begins in the source, where that is known.
    """

    page: int
    text: str
    said: Words
    place: Place | None = None

    def as_json(self, language: Language) -> dict[str, object]:
        """The object for `kan audit --json`."""
        where = {"file": str(self.place.file), **self.place.as_json()} if self.place else {}
        return {"page": self.page, "text": self.text, "found": self.said.in_language(language), **where}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table. `value` and `limit` are as printed; `numbers` is the value for programs.

    `findings` are the places, worst first; a row that is `ok` may have some, for information.
    """

    key: str
    code: Code
    value: str
    limit: str
    ok: bool
    findings: tuple[Finding, ...]
    numbers: Mapping[str, float]

    @property
    def name(self) -> Words:
        """What is measured."""
        return self.code.title

    def as_json(self, language: Language) -> dict[str, object]:
        """The object for `kan audit --json`."""
        return {
            "key": self.key,
            "code": self.code.code,
            "name": self.name.in_language(language),
            "value": self.value,
            "numbers": {name: round(number, 4) for name, number in self.numbers.items()},
            "limit": self.limit,
            "ok": self.ok,
            "findings": [finding.as_json(language) for finding in self.findings],
        }


@dataclass(frozen=True)
class Audit:
    """All that was measured. `lines` counts the lines of the type area, `justified` those that must be flush.

    `worst` are lines whose spacing an editor should look at, worst first; they violate nothing by themselves.
    """

    pages: int
    lines: int
    justified: int
    rows: tuple[Row, ...]
    worst: tuple[Finding, ...]

    @property
    def violated(self) -> tuple[Row, ...]:
        """The rows whose limit is not kept."""
        return tuple(row for row in self.rows if not row.ok)

    @property
    def verdict(self) -> Words:
        """The whole audit in one line."""
        zh = f"版面檢驗：{self.pages}頁{self.lines:,}行，"
        en = f"audit: {_plural(self.pages, 'page')}, {_plural(self.lines, 'line')}, "
        if not self.lines:
            return Words(f"{zh}沒有可以檢驗的文字", f"{en}nothing to measure")
        if not self.violated:
            return Words(f"{zh}全部合格", f"{en}every rule holds")
        names = [f"{row.name.zh} {row.value}" for row in self.violated]
        english = [f"{row.name.en} {row.value}" for row in self.violated]
        return Words(
            f"{zh}{len(names)}條不合：{'、'.join(names)}",
            f"{en}{_plural(len(names), 'rule')} violated: {', '.join(english)}",
        )

    def diagnostics(self, pdf: Path) -> tuple[Diagnostic, ...]:
        """A warning for each violated row, at its worst place: in the source, else in `pdf`, a line per page."""
        found = []
        for row in self.violated:
            first = row.findings[0] if row.findings else None
            place = (first.place if first else None) or Place(pdf, first.page if first else 1)
            fonts = ", ".join(dict.fromkeys(finding.said.en for finding in row.findings))  # of T016
            found.append(
                row.code.at(place, value=row.value, limit=row.limit, count=len(row.findings), fonts=fonts)
            )
        return tuple(found)

    def summary(self) -> dict[str, str]:
        """The value of each row by its key, for the record of a build."""
        return {row.key: row.value for row in self.rows}

    def as_json(self, language: Language = "zh-TW") -> dict[str, object]:
        """The document that `kan audit --json` prints."""
        return {
            "ok": not self.violated,
            "verdict": self.verdict.in_language(language),
            "pages": self.pages,
            "lines": self.lines,
            "justified": self.justified,
            "rows": [row.as_json(language) for row in self.rows],
            "worst": [finding.as_json(language) for finding in self.worst],
        }


def audit(
    pdf: bytes | Path,
    sources: Sequence[Source] = (),
    *,
    pitch: float | None = None,
    sizes: tuple[float, float] | None = None,
) -> Audit:
    """Measure a PDF; with its `sources` the ends of paragraphs and the places of lines are known exactly.

    `pitch` is the line pitch that the layout asks for, in points; without it the pitch need only be constant.
    `sizes` are those of body and notes; without them the most common size is the body's.
    Raises `UnreadablePdfError` for what is no PDF, broken, or protected by a password.
    """
    pages = read_pages(pdf)
    lines = in_columns([line for page in pages for line in page_lines(page)])
    body = nearest_size(lines, sizes[0]) if sizes else common_size(lines)
    notes = nearest_size(lines, sizes[1]) if sizes else common_size(lines, below=0.97 * body)
    known = Sources(sources)
    lines, matched = matched_lines(lines, known)
    setting = typeset(pages, lines, matched, body, notes, pitch)

    def finding(spot: Spot) -> Finding:
        matched = setting.matched.get(spot.line) if spot.line is not None else None
        place = known.place(matched.first) if matched is not None else None
        return Finding(spot.page, spot.line.text if spot.line is not None else "", spot.said, place)

    return Audit(
        pages=len(pages),
        lines=len(setting.lines),
        justified=len(setting.justified),
        rows=tuple(_row(rule, setting, finding) for rule in RULES),
        worst=tuple(map(finding, lines_to_look_at(setting))),
    )


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _row(rule: Rule, setting: Typesetting, finding: Callable[[Spot], Finding]) -> Row:
    measured = rule.measure(setting)
    found = tuple(map(finding, measured.spots))
    return Row(rule.key, rule.code, measured.value, rule.limit, measured.ok, found, measured.numbers)


def matched_lines(lines: Sequence[Line], sources: Sources) -> tuple[list[Line], dict[Line, Matched]]:
    """Where the lines are from; each size is looked for in its own order, since notes stand between texts."""
    flows: dict[float, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        flows[line.size].append(index)
    known = list(lines)
    matched: dict[Line, Matched] = {}
    for flow in flows.values() if sources.letters else ():
        letters = [lines[index].letters for index in flow]
        for index, text, found in zip(flow, letters, sources.match(letters), strict=True):
            if found is not None:
                spaces = [n for n in range(1, len(text)) if found.first + n in sources.spaces]
                known[index] = with_spaces(lines[index], spaces) if spaces else lines[index]
                matched[known[index]] = found
    return known, matched

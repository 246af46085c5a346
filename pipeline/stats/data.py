"""The numbers as data: what `kan stats --json` prints."""

from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from pipeline.diagnostics import Language
from pipeline.stats.archive import Archive, BriefCounts, Counts, IssueCounts, Sentence

_MEANS = [
    "total",
    "notes_share",
    "notes_per_thousand",
    "referring_share",
    "mean_sentence",
    "median_sentence",
    "mean_clause",
    "long_share",
    "rare_share",
    "latin_share",
    "minutes",
]


def as_data(found: Archive, language: Language, shown: Callable[[Path], str]) -> dict[str, Any]:
    """Everything that was counted, as JSON can hold it; `shown` names a file. The names are those of `Counts`."""
    return {
        "issues": [_issue(issue, shown) for issue in found.issues],
        "authors": [{"name": name, **_counts(counts)} for name, counts in found.authors.items()],
        "total": _counts(found.counts),
        "diagnostics": [each.as_json(language, shown) for each in found.diagnostics],
    }


def _issue(issue: IssueCounts, shown: Callable[[Path], str]) -> dict[str, Any]:
    return {
        "folder": shown(issue.folder) if issue.folder is not None else None,
        "periodical": issue.periodical,
        "volume": issue.volume,
        "number": issue.number,
        "published": issue.published.isoformat() if issue.published is not None else None,
        "briefs": [_brief(brief, shown) for brief in issue.briefs],
        "total": _counts(issue.counts),
    }


def _brief(brief: BriefCounts, shown: Callable[[Path], str]) -> dict[str, Any]:
    return {
        "file": shown(brief.path),
        "title": brief.title,
        "authors": list(brief.authors),
        **_counts(brief.counts),
        "longest": [_sentence(sentence) for sentence in brief.longest],
    }


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {"length": sentence.length, **sentence.place.as_json(), "text": sentence.text}


def _counts(counts: Counts) -> dict[str, Any]:
    values = {each.name: getattr(counts, each.name) for each in fields(Counts)}
    made = {name: _ranked(value) if isinstance(value, Counter) else value for name, value in values.items()}
    made["sentences"] = len(counts.sentences)
    made["longest_sentence"] = max(counts.sentences, default=0)
    return made | {name: round(getattr(counts, name), 4) for name in _MEANS}


def _ranked(counter: Counter[str]) -> dict[str, int]:
    """Most first, those of one number by name."""
    return dict(sorted(counter.items(), key=lambda pair: (-pair[1], pair[0])))

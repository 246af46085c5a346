"""SARIF 2.1.0 (OASIS): what `kan check` finds, in the form that code hosts and editors show beside the lines."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipeline import __version__
from pipeline.diagnostics import CODES, Code, Diagnostic, Edit, Language, Place, Words
from pipeline.lint.baseline import Text, Texts, fingerprint

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASE = "%SRCROOT%"
"""What relative addresses are relative to: the folder the command was run in, for most the top of a repository."""

_NAMES = {
    "why": Words("為什麼", "Why"),
    "remedy": Words("怎麼改", "Remedy"),
    "bad": Words("錯", "Bad"),
    "good": Words("對", "Good"),
}
_HERE = Words("執行 kan 的資料夾", "the folder kan was run in")


def sarif(findings: Sequence[Diagnostic], codes: Iterable[str], language: Language, exit_code: int) -> str:
    """The document: one run with its findings, and the help of every code in `codes` and in them.

    Columns count UTF-16 code units, which is what its readers take where they don't look at `columnKind`.
    """
    named = sorted({*codes, *(found.code for found in findings)})
    index = {code: position for position, code in enumerate(named)}
    texts = Texts()
    run = {
        "tool": {
            "driver": {
                "name": "kan",
                "version": __version__,
                "language": language,
                "rules": [_rule(CODES[code], language) for code in named],
            }
        },
        "invocations": [{"executionSuccessful": True, "exitCode": exit_code}],
        "originalUriBaseIds": {_BASE: {"description": {"text": _HERE.in_language(language)}}},
        "columnKind": "utf16CodeUnits",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "language": language,
        "results": list(_results(findings, index, texts, language)),
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _rule(code: Code, language: Language) -> dict[str, Any]:
    """A reporting descriptor (§3.49); its help has both languages, that of the run first."""
    second: Language = "zh-TW" if language == "en" else "en"
    told = [*_told(code, language), *_told(code, second)]
    extracts = [
        (_NAMES[name].in_language(language), extract)
        for name, extract in (("bad", code.bad), ("good", code.good))
        if extract
    ]
    return {
        "id": code.code,
        "shortDescription": {"text": code.title.in_language(language)},
        "fullDescription": {"text": code.why.in_language(language)},
        "help": {
            "text": "\n\n".join(f"{name}\n{words}" for name, words in [*told, *extracts]),
            "markdown": "\n\n".join(
                [
                    *(f"**{name}**\n\n{words}" for name, words in told),
                    *(f"**{name}**\n\n```xml\n{extract}\n```" for name, extract in extracts),
                ]
            ),
        },
        "defaultConfiguration": {"level": str(code.severity)},
        "properties": {"tags": [code.code[0]]},
    }


def _told(code: Code, language: Language) -> Iterator[tuple[str, str]]:
    """The reason and the remedy of a code in one language, with their names."""
    yield _NAMES["why"].in_language(language), code.why.with_dots().in_language(language)
    remedy = code.hint.with_dots().in_language(language)
    if remedy != "…":
        yield _NAMES["remedy"].in_language(language), remedy


def _results(
    findings: Iterable[Diagnostic], index: Mapping[str, int], texts: Texts, language: Language
) -> Iterator[dict[str, Any]]:
    """The results (§3.27). Findings that can't be told apart by their fingerprints are counted."""
    seen: Counter[tuple[Path, str]] = Counter()
    for found in findings:
        name = fingerprint(found, texts)
        seen[found.place.file, name] += 1
        said = f"{found.message.in_language(language)}\n{found.hint.in_language(language)}"
        result: dict[str, Any] = {
            "ruleId": found.code,
            "ruleIndex": index[found.code],
            "level": str(found.severity),
            "message": {"text": _escaped(said)},
            "locations": [{"physicalLocation": _location(found.place, texts)}],
            "partialFingerprints": {"kan/v1": f"{name}:{seen[found.place.file, name]}"},
        }
        if found.also:
            result["relatedLocations"] = [
                {"id": number, "physicalLocation": _location(place, texts)}
                for number, place in enumerate(found.also, start=1)
            ]
        if found.fix:
            result["fixes"] = [_fix(found, texts, language)]
        yield result


def _escaped(message: str) -> str:
    """A message without placeholders (§3.11.5)."""
    return message.replace("{", "{{").replace("}", "}}")


def _location(place: Place, texts: Texts) -> dict[str, Any]:
    text = texts[place.file]
    return {"artifactLocation": _artifact(place.file), "region": _region(text, *text.span(place))}


def _artifact(file: Path) -> dict[str, str]:
    """The address of a file: relative where it lies in the working folder."""
    here, absolute = Path.cwd(), file.absolute()
    if absolute.is_relative_to(here):
        return {"uri": quote(absolute.relative_to(here).as_posix()), "uriBaseId": _BASE}
    return {"uri": absolute.as_uri()}


def _region(text: Text, start: int, end: int) -> dict[str, int]:
    line, column = text.units(start)
    end_line, end_column = text.units(end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _fix(found: Diagnostic, texts: Texts, language: Language) -> dict[str, Any]:
    """The edits as replacements in one file (§3.55); edits count bytes, regions characters."""
    text = texts[found.place.file]
    return {
        "description": {"text": _escaped(found.hint.in_language(language))},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(found.place.file),
                "replacements": [_replacement(text, edit) for edit in sorted(found.fix)],
            }
        ],
    }


def _replacement(text: Text, edit: Edit) -> dict[str, Any]:
    region = _region(text, text.index(edit.start), text.index(edit.end))
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}

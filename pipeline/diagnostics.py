"""What the program says about a manuscript, and the catalogue of everything it can say.

A `Code` stands beside the code that reports it and carries all its words in both languages of the tool;
`kan explain CODE` prints it. A `Diagnostic` is one occurrence with its place.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

Language = Literal["zh-TW", "en"]

_GAP = re.compile(r"\{[^{}]*\}")


class Severity(StrEnum):
    """How bad a finding is: an error stops the build, a warning should be mended, a note asks for a look."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in the two languages of the tool, possibly with `{named}` gaps."""

    zh: str
    en: str

    def fill(self, values: dict[str, object]) -> "Words":
        """Fill the gaps; a value that is itself `Words` is taken in the language of the sentence."""
        zh = {name: value.zh if isinstance(value, Words) else value for name, value in values.items()}
        en = {name: value.en if isinstance(value, Words) else value for name, value in values.items()}
        return Words(self.zh.format_map(zh), self.en.format_map(en))

    def with_dots(self) -> "Words":
        """The sentence with … for each gap, for a catalogue that has no values to fill in."""
        return Words(_GAP.sub("…", self.zh), _GAP.sub("…", self.en))

    def in_language(self, language: Language) -> str:
        """The sentence in one language."""
        return self.en if language == "en" else self.zh


SEVERITIES: Mapping[Severity, Words] = {
    Severity.ERROR: Words("錯誤", "error"),
    Severity.WARNING: Words("警告", "warning"),
    Severity.NOTE: Words("提醒", "note"),
}
"""What the severities are called."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a file: lines and columns count from 1, columns in characters, the end is exclusive."""

    file: Path
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    def as_json(self) -> dict[str, int]:
        """The lines and columns, without the file."""
        return {
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
        }


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Bytes `start` to `end` (exclusive) of a file become `text`; `start == end` inserts."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing found wrong at one place, with the remedy.

    `fix` mends it safely: edits of the file of `place` that go in all or not at all. `also` are the other places
    that the message speaks of.
    """

    code: str
    severity: Severity
    place: Place
    message: Words
    hint: Words
    fix: tuple[Edit, ...] = ()
    also: tuple[Place, ...] = ()

    def as_line(self, language: Language, shown: str) -> str:
        """`file:line:column: error CODE: message`, the form editors can jump to; `shown` names the file."""
        where = f"{shown}:{self.place.line}:{self.place.column}"
        return f"{where}: {self.severity} {self.code}: {self.message.in_language(language)}"

    def as_json(self, language: Language, shown: Callable[[Path], str]) -> dict[str, object]:
        """The object that `kan check --json` prints for this finding; `shown` names a file."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "file": shown(self.place.file),
            **self.place.as_json(),
            "message": self.message.in_language(language),
            "hint": self.hint.in_language(language),
            "fixable": bool(self.fix),
            "also": [{"file": shown(place.file), **place.as_json()} for place in self.also],
        }


_VARIES = Words(
    "每一處的改法不同：kan check 會寫在訊息下面。",
    "The remedy differs from place to place: kan check prints it below the message.",
)


@dataclass(frozen=True)
class Code:
    """What one diagnostic code stands for.

    `message` and `hint` may hold `{gaps}` that `at` fills. `bad` and `good` are short extracts of a
    manuscript (or a description, where no extract can show it).
    """

    code: str
    title: Words
    message: Words
    hint: Words
    why: Words
    bad: str = ""
    good: str = ""
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        """Enter the code into the catalogue; a code is given out once."""
        if self.code in CODES:
            raise ValueError(f"code {self.code} is already taken")
        CODES[self.code] = self

    @property
    def remedy(self) -> Words:
        """The hint without values; where nothing is left of it, that it varies."""
        words = self.hint.with_dots()
        return _VARIES if words.zh == "…" else words

    def at(self, place: Place, **values: object) -> Diagnostic:
        """A diagnostic with this code at `place`."""
        return Diagnostic(self.code, self.severity, place, self.message.fill(values), self.hint.fill(values))


CODES: dict[str, Code] = {}


class ManuscriptError(Exception):
    """The manuscript can't be published: carries everything found wrong with it (exit code 1)."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = in_order(diagnostics)
        super().__init__(f"{len(self.diagnostics)} diagnostics")


class InstallationError(Exception):
    """The machine lacks something: names the package or path in one sentence (exit code 2)."""

    def __init__(self, zh: str, en: str) -> None:
        self.words = Words(zh, en)
        super().__init__(en)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Diagnostics by file and place, each once."""
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda d: (str(d.place.file), d.place.line, d.place.column, d.code)))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether anything found stops a build."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)

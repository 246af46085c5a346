"""Baseline: what has been found already and is not to be mended now, so that only what is new is shown.

A finding is known again by its code, its file, the words at its place and a few around them; not by its line, nor
by the wording of its message. An editor who adopts an old issue writes a baseline once and mends what comes after.
"""

import hashlib
import json
import os
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.diagnostics import Diagnostic, InstallationError, ManuscriptError, Place, Severity
from pipeline.parse import Source, read

_AROUND = 12
"""How many characters (blanks not counted) on either side of a place belong to a fingerprint."""

_SHOWN = 60
"""How many characters of the place are written into the file, for its readers."""

_MARK = "kan-baseline"
_VERSION = 1
_LINE_END = re.compile("\r\n|\r|\n")


class Texts:
    """The texts of files as places count in them, read when somebody asks.

    A file that is among `sources` is read as it stands there; one that can't be read has no text.
    """

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self._texts = {source.path: Text(source.data.decode()) for source in sources}

    def __getitem__(self, file: Path) -> "Text":
        if file not in self._texts:
            try:
                data = read(file)
            except ManuscriptError:
                data = b""
            self._texts[file] = Text(data.decode("utf-8-sig", "replace"))
        return self._texts[file]


class Text:
    """One text, in which places can be looked up."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in _LINE_END.finditer(self.text))]

    @cached_property
    def _bytes(self) -> bytes:
        return self.text.encode()

    def offset(self, line: int, column: int) -> int:
        """The index of the character at a line and column, both from 1."""
        start = self._starts[min(line, len(self._starts)) - 1]
        return min(start + column - 1, len(self.text))

    def span(self, place: Place) -> tuple[int, int]:
        """The indices of the first character of a place and of that after its last."""
        start = self.offset(place.line, place.column)
        return start, max(start, self.offset(place.end_line, place.end_column))

    def index(self, offset: int) -> int:
        """The index of the character that begins at a byte of the file (without its byte order mark)."""
        return len(self._bytes[:offset].decode("utf-8", "replace"))

    def units(self, index: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character; the column in UTF-16 code units."""
        line = bisect_right(self._starts, index)
        return line, len(self.text[self._starts[line - 1] : index].encode("utf-16-le")) // 2 + 1


@dataclass(frozen=True, order=True)
class Known:
    """What a finding is known by: `file` is relative to the folder of the baseline."""

    file: str
    code: str
    fingerprint: str


@dataclass(frozen=True)
class Sifted:
    """Findings beside a baseline: the `new` ones, how many are known, and the known ones that are `gone`."""

    new: tuple[Diagnostic, ...]
    known: int
    gone: tuple[tuple[Known, int], ...]


@dataclass(frozen=True)
class Baseline:
    """Known findings, and how many there are of each. `texts`: the words at their places."""

    path: Path
    counts: Mapping[Known, int]
    texts: Mapping[Known, str]

    def sifted(self, findings: Iterable[Diagnostic], texts: Texts) -> Sifted:
        """Findings, those that are known taken out. Errors are never known."""
        left = Counter(self.counts)
        new, known = [], 0
        for each in findings:
            name = _known(each, texts, self.path.parent)
            if each.severity is not Severity.ERROR and left[name] > 0:
                left[name] -= 1
                known += 1
            else:
                new.append(each)
        gone = tuple((name, left[name]) for name in sorted(left) if left[name] > 0)
        return Sifted(tuple(new), known, gone)

    def as_json(self) -> str:
        """The file: one entry for each kind of finding, in the order of the files."""
        entries = [
            {
                "file": known.file,
                "code": known.code,
                "text": self.texts.get(known, ""),
                "count": count,
                "fingerprint": known.fingerprint,
            }
            for known, count in sorted(self.counts.items())
        ]
        return json.dumps({_MARK: _VERSION, "findings": entries}, ensure_ascii=False, indent=1) + "\n"


def baseline_of(findings: Iterable[Diagnostic], texts: Texts, path: Path) -> Baseline:
    """A baseline of some findings, to be written to `path`; errors are left out."""
    counts: Counter[Known] = Counter()
    words: dict[Known, str] = {}
    for each in findings:
        if each.severity is not Severity.ERROR:
            known = _known(each, texts, path.parent)
            counts[known] += 1
            text = texts[each.place.file]
            start, end = text.span(each.place)
            words[known] = _joined(text.text[start : min(end, start + 2 * _SHOWN)])[:_SHOWN]
    return Baseline(path, counts, words)


def read_baseline(path: Path) -> Baseline:
    """Read a baseline. Raises `InstallationError` where there is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        counts, texts = _entries(data)
    except FileNotFoundError as error:
        raise InstallationError(
            f"找不到「{path}」；先用 --write-baseline {path} 建立",
            f"there is no {path}; make it with --write-baseline {path}",
        ) from error
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InstallationError(
            f"「{path}」不是 kan check --write-baseline 寫的檔案",
            f"{path} was not written by kan check --write-baseline",
        ) from error
    return Baseline(path, counts, texts)


def _entries(data: Any) -> tuple[Mapping[Known, int], Mapping[Known, str]]:
    if data[_MARK] != _VERSION:
        raise ValueError(_MARK)
    counts: dict[Known, int] = {}
    texts: dict[Known, str] = {}
    for entry in data["findings"]:
        known = Known(*(str(entry[name]) for name in ("file", "code", "fingerprint")))
        counts[known] = int(entry["count"])
        texts[known] = str(entry["text"])
    return counts, texts


def fingerprint(found: Diagnostic, texts: Texts) -> str:
    """What a finding is known by in its file, in hexadecimal: its code, the words at its place and around them."""
    text = texts[found.place.file]
    start, end = text.span(found.place)
    before = _joined(text.text[max(start - 4 * _AROUND, 0) : start])[-_AROUND:]
    after = _joined(text.text[end : end + 4 * _AROUND])[:_AROUND]
    parts = (found.code, before, _joined(text.text[start:end]), after)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _known(found: Diagnostic, texts: Texts, folder: Path) -> Known:
    return Known(_relative(found.place.file, folder), found.code, fingerprint(found, texts))


def _relative(file: Path, folder: Path) -> str:
    """The name of a file as seen from a folder, with /; the whole name where they are on different drives."""
    try:
        return Path(os.path.relpath(file.absolute(), folder.absolute())).as_posix()
    except ValueError:
        return file.absolute().as_posix()


def _joined(text: str) -> str:
    """A text without blanks: another line break makes no other finding."""
    return "".join(text.split())


def file_of(known: Known, baseline: Path) -> Path:
    """The file that a known finding was in, as a whole path."""
    return Path(os.path.normpath(baseline.parent.absolute() / known.file))

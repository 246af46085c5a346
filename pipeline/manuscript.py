"""Manuscript: the files of an issue, read without ever leaving its folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

from pipeline.diagnostics import Diagnostic, Edit, ManuscriptError, Place, Words
from pipeline.parse import UNREADABLE, Source, parse

ISSUE_FILE = "issue.xml"


@dataclass(frozen=True)
class Manuscript:
    """What could be read of an issue.

    `briefs` maps each href of `issue.xml` to its source, in the order of the issue, without those that are
    not there, not inside the folder or not XML; `diagnostics` says what was wrong with the latter.
    """

    folder: Path
    issue: Source | None
    briefs: Mapping[str, Source]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every file read: `issue.xml` first, then the briefs."""
        return (*([self.issue] if self.issue else []), *self.briefs.values())


def read_issue(folder: Path) -> Manuscript:
    """Read `issue.xml` and the briefs it lists; everything that can't be parsed is collected, not raised."""
    folder = folder.absolute()
    diagnostics: list[Diagnostic] = []
    issue = None
    if within(folder, ISSUE_FILE) is not None:
        issue = _parsed(folder / ISSUE_FILE, diagnostics)
    else:
        reason = Words("它是連到資料夾外面的連結", "it is a link that leads out of the folder")
        diagnostics.append(UNREADABLE.at(Place(folder / ISSUE_FILE), name=ISSUE_FILE, reason=reason))
    briefs: dict[str, Source] = {}
    if issue is not None:
        for entry in issue.root.iterfind("contents/brief"):
            href = entry.get("href", "")
            path = within(folder, href)
            if href not in briefs and path is not None and _is_file(path):
                brief = _parsed(path, diagnostics)
                if brief is not None:
                    briefs[href] = brief
    return Manuscript(folder, issue, briefs, tuple(diagnostics))


def within(folder: Path, href: str) -> Path | None:
    """The file a relative reference names, or None where it leads out of the folder.

    Absolute paths, `..`, addresses and symbolic links that end outside are all out.
    """
    if not href or "\0" in href or "\\" in href or ":" in href:
        return None
    try:
        path = folder / href
        if not path.resolve().is_relative_to(folder.resolve()):
            return None
        path.exists()  # raises for a name that no file can have
    except (OSError, RuntimeError, ValueError):  # ValueError: a lone surrogate
        return None
    return path


def entered(issue: Source, href: str) -> Edit:
    """The edit of an `issue.xml` that lists one more brief at the end; every other byte stays.

    The issue must have contents.
    """
    contents = issue.root.find("contents")
    assert contents is not None
    newline = "\r\n" if b"\r\n" in issue.data else "\n"
    entry = f"<brief href={quoteattr(href)}/>"
    start, end = issue.tag_bytes(contents)
    indent = _indent(issue, start)
    if issue.data[start:end].endswith(b"/>"):
        return Edit(end - 2, end, f">{newline}{indent}  {entry}{newline}{indent}</contents>")
    children = list(contents)
    if not children:
        tail = "" if "\n" in (contents.text or "") else newline + indent
        return Edit(end, end, f"{newline}{indent}  {entry}{tail}")
    first, last = issue.element_bytes(children[-1])
    return Edit(last, last, f"{newline}{_indent(issue, first) or indent + '  '}{entry}")


def _indent(issue: Source, start: int) -> str:
    """The blanks before a tag that begins its line."""
    before = issue.data[:start].rpartition(b"\n")[2]
    return before.decode() if not before.strip() else ""


def _is_file(path: Path) -> bool:
    """Whether a regular file is there; a name that the file system can't have is no file."""
    try:
        return path.is_file()
    except OSError:
        return False


def _parsed(path: Path, diagnostics: list[Diagnostic]) -> Source | None:
    try:
        return parse(path)
    except ManuscriptError as error:
        diagnostics.extend(error.diagnostics)
        return None

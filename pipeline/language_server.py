"""The language server: what `kan check` finds, shown in any editor that speaks LSP while a brief is typed.

An editor starts `kan lsp` and talks to it on its standard input and output (Language Server Protocol 3.17). A
document is checked as it stands in the editor, beside the other files of its issue as they are on disk; findings
come as diagnostics, safe fixes as code actions.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from pipeline import __version__, validate
from pipeline.check import check_brief, edited
from pipeline.diagnostics import Diagnostic, Edit, Language, ManuscriptError, Place, Severity, Words, in_order
from pipeline.manuscript import ISSUE_FILE, read_issue
from pipeline.parse import Source, parse_bytes

QUIET = 0.3
"""Seconds without a key pressed before a document is checked again."""

_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.NOTE: lsp.DiagnosticSeverity.Information,
}
_LINE_END = re.compile("\r\n|\r|\n")
_FIX = Words("改正：{hint}（{code}）", "fix: {hint} ({code})")
_FIX_ALL = Words("改正這個檔案裡所有能自動改的地方", "fix everything in this file that can be fixed safely")
_HINT = Words("提示：", "hint: ")


@dataclass(frozen=True)
class Checked:
    """A document as it was last checked: `source` is None where it could not be parsed."""

    source: Source | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass
class Lines:
    """The lines of a document, which turn places (characters, from 1) into positions (code units, from 0)."""

    text: str
    encoding: lsp.PositionEncodingKind | str
    _lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Cut the text where the protocol does: at CR LF, LF and CR alone."""
        self._lines = _LINE_END.split(self.text)

    def position(self, line: int, column: int) -> lsp.Position:
        """The position of a character."""
        line = min(max(line, 1), len(self._lines))
        before = self._lines[line - 1][: column - 1]
        return lsp.Position(line - 1, _units(before, self.encoding))

    def range(self, place: Place) -> lsp.Range:
        """The range of a place."""
        return lsp.Range(self.position(place.line, place.column), self.position(place.end_line, place.end_column))


def check_document(path: Path, text: str) -> Checked:
    """Check one file as it stands in an editor: an `issue.xml`, or a brief beside its issue."""
    try:
        source = parse_bytes(path, text.encode())
    except ManuscriptError as error:
        return Checked(None, error.diagnostics)
    if path.name == ISSUE_FILE:
        briefs = read_issue(path.parent).briefs
        found = [*validate.check_issue(source, briefs), *edited([], source, path.parent)]
    else:
        found = list(check_brief(source))
    return Checked(source, in_order(each for each in found if each.place.file == path))


def server(language: Language) -> LanguageServer:
    """A server that speaks to its editor in one of the two languages of the tool."""
    kan = LanguageServer("kan", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
    checked: dict[str, tuple[int | None, Checked]] = {}
    waiting: dict[str, asyncio.Task[None]] = {}

    def publish(uri: str) -> None:
        document = kan.workspace.get_text_document(uri)
        result = check_document(_path(uri), document.source)
        checked[uri] = document.version, result
        lines = _lines(kan, uri)
        shown = [_diagnostic(each, lines, uri, language) for each in result.diagnostics]
        kan.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, shown, document.version))

    async def soon(uri: str) -> None:
        await asyncio.sleep(QUIET)
        publish(uri)

    def current(uri: str) -> Checked:
        document = kan.workspace.get_text_document(uri)
        if uri not in checked or checked[uri][0] != document.version:
            publish(uri)
        return checked[uri][1]

    @kan.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(parameters: lsp.DidOpenTextDocumentParams) -> None:
        publish(parameters.text_document.uri)

    @kan.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(parameters: lsp.DidSaveTextDocumentParams) -> None:
        publish(parameters.text_document.uri)

    @kan.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(parameters: lsp.DidChangeTextDocumentParams) -> None:
        uri = parameters.text_document.uri
        if uri in waiting:
            waiting[uri].cancel()
        waiting[uri] = asyncio.ensure_future(soon(uri))

    @kan.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(parameters: lsp.DidCloseTextDocumentParams) -> None:
        uri = parameters.text_document.uri
        if uri in waiting:
            waiting.pop(uri).cancel()
        checked.pop(uri, None)
        kan.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))

    @kan.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix, lsp.CodeActionKind.SourceFixAll]),
    )
    def fixes(parameters: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        uri = parameters.text_document.uri
        return list(_actions(current(uri), _lines(kan, uri), uri, parameters, language))

    return kan


def _actions(
    result: Checked, lines: Lines, uri: str, parameters: lsp.CodeActionParams, language: Language
) -> Iterator[lsp.CodeAction]:
    """The fixes for the range that the editor asks about, and one for the whole file."""
    if result.source is None:
        return
    fixable = [each for each in result.diagnostics if each.fix]
    wanted = parameters.context.only
    for each in fixable:
        shown = _diagnostic(each, lines, uri, language)
        if _is_wanted(lsp.CodeActionKind.QuickFix, wanted) and _meet(shown.range, parameters.range):
            title = _FIX.in_language(language).format(hint=each.hint.in_language(language), code=each.code)
            edit = _workspace_edit(result.source, each.fix, lines, uri)
            yield lsp.CodeAction(title, lsp.CodeActionKind.QuickFix, [shown], is_preferred=True, edit=edit)
    if fixable and _is_wanted(lsp.CodeActionKind.SourceFixAll, wanted):
        together = _workspace_edit(result.source, _apart(fixable), lines, uri)
        yield lsp.CodeAction(_FIX_ALL.in_language(language), lsp.CodeActionKind.SourceFixAll, edit=together)


def _apart(findings: Iterable[Diagnostic]) -> list[Edit]:
    """The edits of all fixes that do not get in each other's way."""
    taken: list[Edit] = []
    for each in findings:
        if not any(edit.start < other.end and other.start < edit.end for edit in each.fix for other in taken):
            taken += [edit for edit in each.fix if edit not in taken]
    return taken


def _workspace_edit(source: Source, edits: Iterable[Edit], lines: Lines, uri: str) -> lsp.WorkspaceEdit:
    changes = [
        lsp.TextEdit(lines.range(source.byte_place(edit.start, edit.end)), edit.text) for edit in sorted(edits)
    ]
    return lsp.WorkspaceEdit(changes={uri: changes})


def _diagnostic(found: Diagnostic, lines: Lines, uri: str, language: Language) -> lsp.Diagnostic:
    message, hint = found.message.in_language(language), found.hint.in_language(language)
    also = [
        lsp.DiagnosticRelatedInformation(lsp.Location(_uri(place, found, uri), lines.range(place)), message)
        for place in found.also
        if place.file == found.place.file
    ]
    return lsp.Diagnostic(
        lines.range(found.place),
        f"{message}\n{_HINT.in_language(language)}{hint}",
        _SEVERITIES[found.severity],
        code=found.code,
        source="kan",
        related_information=also,
    )


def _uri(place: Place, found: Diagnostic, uri: str) -> str:
    return uri if place.file == found.place.file else from_fs_path(str(place.file)) or uri


def _lines(kan: LanguageServer, uri: str) -> Lines:
    source = kan.workspace.get_text_document(uri).source
    return Lines(source.removeprefix("\ufeff"), kan.workspace.position_encoding or lsp.PositionEncodingKind.Utf16)


def _path(uri: str) -> Path:
    return Path(to_fs_path(uri) or uri)


def _units(text: str, encoding: lsp.PositionEncodingKind | str) -> int:
    """How many code units of an encoding a text has."""
    if encoding == lsp.PositionEncodingKind.Utf32:
        return len(text)
    if encoding == lsp.PositionEncodingKind.Utf8:
        return len(text.encode())
    return len(text.encode("utf-16-le")) // 2


def _is_wanted(kind: lsp.CodeActionKind, wanted: Iterable[lsp.CodeActionKind | str] | None) -> bool:
    return not wanted or any(kind == each or str(kind.value).startswith(f"{_name(each)}.") for each in wanted)


def _name(kind: lsp.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, lsp.CodeActionKind) else kind


def _meet(one: lsp.Range, other: lsp.Range) -> bool:
    return _point(one.start) <= _point(other.end) and _point(other.start) <= _point(one.end)


def _point(position: lsp.Position) -> tuple[int, int]:
    return position.line, position.character

"""The language server: what `kan check` finds, shown in any editor that speaks LSP while a brief is typed.

An editor starts `kan lsp` and talks to it on its standard input and output (Language Server Protocol 3.17).

    document ─(a pause in typing)▶ check_document, in a thread ▶ diagnostics ─(asked for)▶ fixes as code actions

A document is checked as it stands in the editor, beside the other files of its issue: as they stand in the editor
too, if they are open there, else as they are on disk.
"""

import asyncio
import logging
import re
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as changed
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import Any, ParamSpec, TypeVar
from urllib.parse import unquote

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path
from pygls.workspace import TextDocument

from pipeline import __version__, fonts, validate
from pipeline.check import check_manuscript, edited, languages_of, missing_characters
from pipeline.diagnostics import Diagnostic, Edit, Language, ManuscriptError, Place, Severity, Words, in_order
from pipeline.lint.fixing import Batch, Fixed, fixed
from pipeline.manuscript import ISSUE_FILE, Manuscript, within
from pipeline.parse import MAX_BYTES, TOO_LARGE, Source, parse, parse_bytes

P = ParamSpec("P")
Result = TypeVar("Result")

QUIET = 0.3
"""Seconds without a key pressed before a document is checked again."""

_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.NOTE: lsp.DiagnosticSeverity.Information,
}
_LINE_END = re.compile("\r\n|\r|\n")
_BOM = "\ufeff"
_ROOT = re.compile(r"(?:\ufeff|\s|<\?(?>(?s:.)*?\?>)|<!--(?>(?s:.)*?-->)|<!DOCTYPE[^>\[]*+>)*+<([^\s/>]+)")
_WATCHED = ("**/*.xml", "**/vocabulary.toml", "**/figures/*")
_QUOTED = 40
"""Most characters quoted of another place that a message speaks of."""

_FIX = Words("改正：{hint}（{code}）", "fix: {hint} ({code})")
_FIX_ALL = Words("改正這個檔案裡所有能自動改的地方", "fix everything in this file that can be fixed safely")
_HINT = Words("提示：", "hint: ")
_FAILED = Words(
    "kan檢查這個檔案時出錯，這是程式的問題：{error}", "kan failed on this file, which is a bug: {error}"
)


@dataclass(frozen=True)
class Checked:
    """A document as it was last checked: `source` is None where it could not be parsed.

    `batch` are the files that it was read with.
    """

    source: Source | None
    diagnostics: tuple[Diagnostic, ...]
    batch: Batch | None = None

    def text_of(self, path: Path) -> str:
        """The text of one of those files; empty where it is none of them."""
        sources = self.batch.sources if self.batch is not None else ()
        return next((each.data.decode() for each in sources if each.path == path), "")


@dataclass(frozen=True)
class Lines:
    """The lines of a document, which turn places (characters, from 1) into positions (code units, from 0)."""

    text: str
    encoding: lsp.PositionEncodingKind | str

    @cached_property
    def _lines(self) -> list[str]:
        """The text cut where the protocol and the parser both do: at CR LF, LF and CR alone, not at U+2028."""
        return _LINE_END.split(self.text)

    def position(self, line: int, column: int) -> lsp.Position:
        """The position of a character. A byte order mark, which no place counts, is a character of an editor's."""
        line = min(max(line, 1), len(self._lines))
        mark = line == 1 and self.text.startswith(_BOM)
        before = self._lines[line - 1][: column - 1 + mark]
        return lsp.Position(line - 1, _units(before, self.encoding))

    def range(self, place: Place) -> lsp.Range:
        """The range of a place."""
        return lsp.Range(self.position(place.line, place.column), self.position(place.end_line, place.end_column))

    def quoted(self, place: Place) -> str:
        """The beginning of what stands at a place."""
        line = self._lines[min(place.line, len(self._lines)) - 1]
        end = place.end_column - 1 if place.end_line == place.line else len(line)
        words = line[place.column - 1 : end].strip()
        return words if len(words) <= _QUOTED else f"{words[:_QUOTED]}…"


def is_manuscript(path: Path, text: str) -> bool:
    """Whether a document is a brief or an issue; an editor also opens pictures and schemas, which are XML too."""
    root = _ROOT.match(text)
    if root is not None and root[1] in ("article", "issue"):
        return True
    return path.name == ISSUE_FILE or (path.suffix == ".xml" and (path.parent / ISSUE_FILE).is_file())


def check_document(path: Path, text: str, opened: Mapping[Path, str] | None = None) -> Checked:
    """Check one file as it stands in an editor: an `issue.xml`, or a brief beside its issue.

    `opened` are the texts of all files that are open in the editor. A finding in a file that is no manuscript
    (the house vocabulary, a note style) is shown at the beginning of the document.
    """
    data = _bytes(text)
    if len(data) > MAX_BYTES:
        return Checked(None, (TOO_LARGE.at(Place(path), size=len(data), limit=MAX_BYTES),))
    try:
        source = parse_bytes(path, data)
    except ManuscriptError as error:
        return Checked(None, error.diagnostics)
    issue, briefs = _issue_around(source, opened or {})
    together = tuple(briefs.values())
    if issue is source:
        found = list(check_manuscript(Manuscript(path.parent, source, briefs, ())))
    else:
        together = together or (source,)
        found = [*validate.check_brief(source, path.parent), *edited(together, issue, path.parent, only=source)]
    prepared = fonts.installed(languages_of([source]))
    if prepared is not None:
        found += missing_characters([source], prepared)
    here = (_at_the_beginning(each, path) for each in found)
    batch = Batch(together, issue, path.parent, frozenset([path]))
    return Checked(source, in_order(each for each in here if each.place.file == path), batch)


def _issue_around(source: Source, opened: Mapping[Path, str]) -> tuple[Source | None, dict[str, Source]]:
    """The `issue.xml` that lists a brief (or is the source itself) and its briefs, as `href`s list them.

    The source stands for itself; what can't be parsed is left out. (None, {}) for a brief that is not listed.
    """
    folder = source.path.parent
    issue: Source | None = source
    if source.path.name != ISSUE_FILE:
        listing = within(folder, ISSUE_FILE)
        issue = _standing(listing, opened) if listing is not None else None
    briefs: dict[str, Source] = {}
    for entry in issue.root.iterfind("contents/brief") if issue is not None else ():
        href = entry.get("href", "")
        path = within(folder, href)
        if path is not None and href not in briefs:
            brief = source if path.resolve() == source.path.resolve() else _standing(path, opened)
            briefs |= {href: brief} if brief is not None else {}
    return (issue, briefs) if issue is source or source in briefs.values() else (None, {})


def _standing(path: Path, opened: Mapping[Path, str]) -> Source | None:
    """A file as it stands in the editor, else on disk; None where it isn't there or can't be parsed."""
    text = opened.get(path)
    try:
        return parse_bytes(path, _bytes(text)) if text is not None else parse(path)
    except ManuscriptError:
        return None


def _at_the_beginning(found: Diagnostic, path: Path) -> Diagnostic:
    """A finding in a file that is no manuscript, moved to the beginning of the document."""
    if found.place.file == path or found.place.file.suffix == ".xml":
        return found
    return changed(found, place=Place(path), also=(found.place, *found.also))


State = tuple[TextDocument, int | None, int]
"""What a check looks at: a document, its version, and how often the files around it have changed."""


class Desk:
    """The documents that an editor has open, and what was found in each.

    One check runs at a time, in a thread. What was found in a text that has changed meanwhile is never shown.
    Documents are known by the keys that pygls has for them: their addresses without percent signs.
    """

    def __init__(self, kan: LanguageServer, language: Language) -> None:
        self._kan = kan
        self._language = language
        self._checked: dict[str, tuple[State, Checked]] = {}
        self._again: Counter[str] = Counter()
        self._pausing: dict[str, asyncio.Task[None]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Lock()
        self._failed: set[str] = set()

    def changed(self, key: str) -> None:
        """Check a document when its typist pauses."""
        if key in self._pausing:
            self._pausing[key].cancel()
        self._pausing[key] = self._start(self._after_a_pause(key))

    def check_again(self, keys: Iterable[str]) -> None:
        """Check documents now, though their own texts have not changed."""
        for key in keys:
            self._again[key] += 1
            self._start(self.check(key))

    def close(self, key: str) -> None:
        """Forget a document."""
        if key in self._pausing:
            self._pausing.pop(key).cancel()
        self._checked.pop(key, None)

    async def check(self, key: str) -> None:
        """Check a document, unless that has been done since it last changed, and show what is found."""
        async with self._one_at_a_time:
            document = self._open.get(key)
            if document is None or self._last(key) is not None:
                return
            state, text = self._state(key), document.source
            opened = {Path(each.path): each.source for each in self._open.values()}
            try:
                result = await _in_thread(_look_at, self._path(document), text, opened)
            except Exception as error:  # a bug: it keeps its traceback, and the editor keeps its server
                self._say_failed(key, error)
                return
            self._failed.discard(key)
            if state is not None and self._state(key) == state:
                self._checked[key] = state, result
                shown = list(self._shown(document, result))
                parameters = lsp.PublishDiagnosticsParams(document.uri, shown, document.version)
                self._kan.text_document_publish_diagnostics(parameters)

    async def actions(self, key: str, range_: lsp.Range, context: lsp.CodeActionContext) -> list[lsp.CodeAction]:
        """The fixes for a range of a document as it stands now; where they are wanted, all fixes at once.

        The latter take a few checks, so an editor that only asks whether to show a lamp is not told of them.
        """
        await self.check(key)
        document, result = self._open.get(key), self._last(key)
        if document is None or result is None or not any(each.fix for each in result.diagnostics):
            return []
        found = []
        if _is_wanted(lsp.CodeActionKind.QuickFix, context.only):
            found += list(self._quick_fixes(document, result, range_))
        is_asked = context.only or context.trigger_kind != lsp.CodeActionTriggerKind.Automatic
        if is_asked and result.batch and _is_wanted(lsp.CodeActionKind.SourceFixAll, context.only):
            async with self._one_at_a_time:
                everything = await _in_thread(fixed, result.batch)
            if self._last(key) is not result:
                return []
            found += [self._fix_all(document, each) for each in everything]
        return found

    def keys_beside(self, key: str) -> list[str]:
        """The open documents in the folder of one, which comes first."""
        folders = {each: Path(document.path).parent for each, document in self._open.items()}
        return [key, *(each for each in folders if each != key and folders[each] == folders.get(key))]

    def keys(self) -> list[str]:
        """All open documents."""
        return list(self._open)

    async def _after_a_pause(self, key: str) -> None:
        await asyncio.sleep(QUIET)
        self._pausing.pop(key, None)  # from here on it is not cancelled: a thread would go on all the same
        await self.check(key)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    @property
    def _open(self) -> Mapping[str, TextDocument]:
        documents: Mapping[str, TextDocument] = self._kan.workspace.text_documents
        return documents

    def _state(self, key: str) -> State | None:
        document = self._open.get(key)
        return (document, document.version, self._again[key]) if document is not None else None

    def _last(self, key: str) -> Checked | None:
        """The last check of a document, if nothing has changed since."""
        state, result = self._checked.get(key, (None, None))
        return result if state is not None and state == self._state(key) else None

    def _path(self, document: TextDocument) -> Path:
        """The path of a document; one that was never saved is taken to lie in the folder of the workspace."""
        if to_fs_path(document.uri) is not None:
            return Path(document.path)
        return Path(self._kan.workspace.root_path or Path.cwd()) / (PurePosixPath(document.path).name or "-")

    def _lines(self, text: str) -> Lines:
        return Lines(text, self._kan.workspace.position_encoding or lsp.PositionEncodingKind.Utf16)

    def _say_failed(self, key: str, error: Exception) -> None:
        logging.getLogger(__name__).error("check of %s failed", key, exc_info=error)
        if key not in self._failed:
            self._failed.add(key)
            message = _FAILED.fill({"error": repr(error)}).in_language(self._language)
            self._kan.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, message))

    def _shown(self, document: TextDocument, result: Checked) -> Iterator[lsp.Diagnostic]:
        lines: dict[Path | None, Lines] = {None: self._lines(document.source)}
        for each in result.diagnostics:
            also = []
            for place in each.also:
                other = place.file if place.file != each.place.file else None
                if other not in lines:
                    lines[other] = self._lines(result.text_of(place.file))
                uri = document.uri if other is None else from_fs_path(str(other)) or document.uri
                words = lines[other].quoted(place) or each.message.in_language(self._language)
                location = lsp.Location(uri, lines[other].range(place))
                also.append(lsp.DiagnosticRelatedInformation(location, words))
            yield _diagnostic(each, lines[None].range(each.place), also, self._language)

    def _quick_fixes(self, document: TextDocument, result: Checked, range_: lsp.Range) -> Iterator[lsp.CodeAction]:
        for each, shown in zip(result.diagnostics, self._shown(document, result), strict=True):
            if each.fix and result.source is not None and _meet(shown.range, range_):
                hint = each.hint.in_language(self._language)
                title = _FIX.in_language(self._language).format(hint=hint, code=each.code)
                edit = self._edit(document, result.source, each.fix)
                yield lsp.CodeAction(title, lsp.CodeActionKind.QuickFix, [shown], is_preferred=True, edit=edit)

    def _fix_all(self, document: TextDocument, everything: Fixed) -> lsp.CodeAction:
        edit = self._edit(document, everything.source, everything.edits)
        return lsp.CodeAction(_FIX_ALL.in_language(self._language), lsp.CodeActionKind.SourceFixAll, edit=edit)

    def _edit(self, document: TextDocument, source: Source, edits: Iterable[Edit]) -> lsp.WorkspaceEdit:
        """Edits of this version of a document, which an editor won't apply to another, if it can tell."""
        lines = self._lines(document.source)
        changes = [
            lsp.TextEdit(lines.range(source.byte_place(edit.start, edit.end)), edit.text) for edit in sorted(edits)
        ]
        workspace = self._kan.client_capabilities.workspace
        if workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes:
            name = lsp.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
            return lsp.WorkspaceEdit(document_changes=[lsp.TextDocumentEdit(name, changes)])
        return lsp.WorkspaceEdit(changes={document.uri: changes})


def server(language: Language) -> LanguageServer:
    """A server that speaks to its editor in one of the two languages of the tool.

    Documents come whole: changes are counted in lines, and pygls would also end one at U+2028.
    """
    kan = LanguageServer("kan", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
    desk = Desk(kan, language)

    @kan.feature(lsp.INITIALIZED)
    async def initialized(_parameters: lsp.InitializedParams) -> None:
        workspace = kan.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            watchers = [lsp.FileSystemWatcher(pattern) for pattern in _WATCHED]
            options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
            files = lsp.Registration("files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await kan.client_register_capability_async(lsp.RegistrationParams([files]))

    @kan.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def opened(parameters: lsp.DidOpenTextDocumentParams) -> None:
        desk.check_again([unquote(parameters.text_document.uri)])

    @kan.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def typed(parameters: lsp.DidChangeTextDocumentParams) -> None:
        desk.changed(unquote(parameters.text_document.uri))

    @kan.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def saved(parameters: lsp.DidSaveTextDocumentParams) -> None:
        desk.check_again(desk.keys_beside(unquote(parameters.text_document.uri)))

    @kan.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def files_changed(_parameters: lsp.DidChangeWatchedFilesParams) -> None:
        desk.check_again(desk.keys())

    @kan.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(parameters: lsp.DidCloseTextDocumentParams) -> None:
        desk.close(unquote(parameters.text_document.uri))
        kan.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(parameters.text_document.uri, []))

    @kan.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix, lsp.CodeActionKind.SourceFixAll]),
    )
    async def fixes(parameters: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return await desk.actions(unquote(parameters.text_document.uri), parameters.range, parameters.context)

    return kan


async def _in_thread(function: Callable[P, Result], *values: P.args, **named: P.kwargs) -> Result:
    """Call a function in a thread that the program, when its editor leaves, does not wait for."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Result] = loop.create_future()

    def settle(how: Callable[[], None]) -> None:
        if not answer.done():
            how()

    def run() -> None:
        try:
            how = partial(answer.set_result, function(*values, **named))
        except Exception as error:  # it is raised where the answer is awaited
            how = partial(answer.set_exception, error)
        with suppress(RuntimeError):  # the editor has left
            loop.call_soon_threadsafe(settle, how)

    threading.Thread(target=run, daemon=True).start()
    return await answer


def _look_at(path: Path, text: str, opened: Mapping[Path, str]) -> Checked:
    return check_document(path, text, opened) if is_manuscript(path, text) else Checked(None, ())


def _diagnostic(
    found: Diagnostic, at: lsp.Range, also: list[lsp.DiagnosticRelatedInformation], language: Language
) -> lsp.Diagnostic:
    message, hint = found.message.in_language(language), found.hint.in_language(language)
    return lsp.Diagnostic(
        at,
        f"{message}\n{_HINT.in_language(language)}{hint}",
        _SEVERITIES[found.severity],
        code=found.code,
        source="kan",
        related_information=also or None,
    )


def _bytes(text: str) -> bytes:
    """The text as a file would have it. Half a surrogate pair, which JSON can hold, stays what it is: no UTF-8."""
    return text.encode("utf-8", "surrogatepass")


def _units(text: str, encoding: lsp.PositionEncodingKind | str) -> int:
    """How many code units of an encoding a text has."""
    if encoding == lsp.PositionEncodingKind.Utf32:
        return len(text)
    if encoding == lsp.PositionEncodingKind.Utf8:
        return len(_bytes(text))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _is_wanted(kind: lsp.CodeActionKind, wanted: Iterable[lsp.CodeActionKind | str] | None) -> bool:
    """Whether an editor asks for a kind of action: for that kind, a kind it belongs to, or any."""
    names = [each.value if isinstance(each, lsp.CodeActionKind) else each for each in wanted or ()]
    return not names or any(not name or f"{kind.value}.".startswith(f"{name}.") for name in names)


def _meet(one: lsp.Range, other: lsp.Range) -> bool:
    return _point(one.start) <= _point(other.end) and _point(other.start) <= _point(one.end)


def _point(position: lsp.Position) -> tuple[int, int]:
    return position.line, position.character

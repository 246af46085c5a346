"""The server of the preview: this machine only, and only who has the address.

Every address begins with a random token; any other is not found. The `Host` must be ours, so that no other name
can be made to lead here (DNS rebinding), and an `Origin`, where one is sent, too. Nothing is shared with other
origins, and the page may load nothing from elsewhere (Content-Security-Policy).

    GET  /TOKEN/                    the page; style.css, script.js
    GET  /TOKEN/events              what is new (server-sent events): "pages", "findings"
    GET  /TOKEN/pages/KEY.png?w=    a page, so many pixels wide
    GET  /TOKEN/lines/NUMBER        its lines
    GET  /TOKEN/place?brief&letter  where a letter stands in its file
    GET  /TOKEN/view/KIND/NAME      a file of the web edition or the EPUB, in a sandbox
    POST /TOKEN/shown               which pages a window shows
    POST /TOKEN/open                open a place in the editor that was named at the start
"""

import asyncio
import json
import mimetypes
import secrets
import shlex
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from watchfiles import awatch

from pipeline import fonts
from pipeline.diagnostics import InstallationError, Language
from pipeline.layout import LAYOUTS, environment
from pipeline.lint.vocabulary import VOCABULARY_FILE
from pipeline.page_layout import A4, PageLayout
from pipeline.preview import views
from pipeline.preview.desk import Desk
from pipeline.preview.words import words_in

HOST = "127.0.0.1"

_FILES = LAYOUTS / "preview"
_TOGETHER, _LONGEST = 25, 250
"""Milliseconds without another change after which those before it are looked at, and the most that is waited.
Outside the issue all wait that long, as each look at the folder takes its time."""
_ANEW = 1.0
"""Seconds after which a folder that is gone, or has been replaced, is noticed."""
_ALIVE = 20.0
"""Seconds after which a silent stream says that it is alive."""

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_VIEW_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; font-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
_COMMON = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_KEPT = {**_COMMON, "Cache-Control": "private, max-age=86400, immutable"}


@dataclass
class Streams:
    """The open event streams, and the last value of each topic, which a new stream begins with."""

    latest: dict[str, str] = field(default_factory=dict)
    waiting: set["asyncio.Queue[tuple[str, str] | None]"] = field(default_factory=set)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def send(self, topic: str, data: str) -> None:
        """Send to every stream."""
        self.latest[topic] = data
        for queue in self.waiting:
            queue.put_nowait((topic, data))

    def close(self) -> None:
        """End every stream, and what waits for the desk."""
        self.ended.set()
        for queue in self.waiting:
            queue.put_nowait(None)

    async def stream(self) -> AsyncIterator[str]:
        """The events for one browser: all that is known, then what comes."""
        queue: asyncio.Queue[tuple[str, str] | None] = asyncio.Queue()
        for known in self.latest.items():
            queue.put_nowait(known)
        self.waiting.add(queue)
        try:
            yield "retry: 1000\n\n"
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), _ALIVE)
                except TimeoutError:
                    yield ": alive\n\n"
                    continue
                if event is None:
                    return
                yield f"event: {event[0]}\ndata: {event[1]}\n\n"
        finally:
            self.waiting.discard(queue)


class Guard:
    """Lets through only requests with our token, to our host, from our own page."""

    def __init__(self, app: ASGIApp, hosts: Callable[[], frozenset[str]], token: str) -> None:
        self._app, self._hosts, self._token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 for another host or origin, 404 for another token."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refused(Request(scope))
        await (self._app if refused is None else refused)(scope, receive, send)

    def _refused(self, request: Request) -> Response | None:
        hosts = self._hosts()
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site", "none")
        foreign = origin is not None and origin not in {f"http://{host}" for host in hosts}
        if request.headers.get("host") not in hosts or foreign or site not in ("none", "same-origin"):
            return PlainTextResponse("403", 403, _COMMON)
        if request.method == "POST" and origin is None:
            return PlainTextResponse("403", 403, _COMMON)
        given = request.url.path.split("/")[1]
        if not secrets.compare_digest(given.encode(), self._token.encode()):
            return PlainTextResponse("404", 404, _COMMON)
        return None


@dataclass
class Preview:
    """What the routes need."""

    folder: Path
    prepared: fonts.Fonts
    language: Language
    editor: str
    desk: Desk
    streams: Streams

    async def _ask(self, question: Callable[[Desk], Any]) -> Any:
        """What the desk answers; None at the end of the program, which a busy desk does not hold up."""
        answer = asyncio.wrap_future(self.desk.ask(question))
        ending = asyncio.ensure_future(self.streams.ended.wait())
        await asyncio.wait((answer, ending), return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        return await answer if answer.done() else None

    async def page(self, _request: Request) -> Response:
        """The page, in the language of the tool."""
        words = words_in(self.language)
        template = environment({}).get_template("preview/preview.html.j2")
        html = template.render(
            t=words, lang="en" if self.language == "en" else "zh-Hant-TW", editor=bool(self.editor)
        )
        headers = {**_COMMON, "Content-Security-Policy": _PAGE_POLICY, "X-Frame-Options": "DENY"}
        return Response(html, media_type="text/html", headers=headers)

    async def asset(self, request: Request) -> Response:
        """The style sheet and the script."""
        return FileResponse(_FILES / request.url.path.rpartition("/")[2], headers=_COMMON)

    async def faces(self, _request: Request) -> Response:
        """The prepared faces, for machines without Chinese ones."""
        return Response(views.style_of_faces(self.prepared, "fonts"), media_type="text/css", headers=_COMMON)

    async def face(self, request: Request) -> Response:
        """A prepared face."""
        file = views.face_file(self.prepared, request.path_params["number"])
        return FileResponse(file, headers=_KEPT) if file is not None else _missing()

    async def events(self, _request: Request) -> Response:
        """What is new, as it comes."""
        return StreamingResponse(self.streams.stream(), media_type="text/event-stream", headers=_COMMON)

    async def picture(self, request: Request) -> Response:
        """A page as a picture."""
        width, key = _number(request.query_params.get("w"), 1200), request.path_params["key"]
        data = self.desk.drawn(key, width) or await self._ask(lambda desk: desk.picture(key, width))
        return Response(data, media_type="image/png", headers=_KEPT) if data is not None else _gone()

    async def lines(self, request: Request) -> Response:
        """The lines of a page."""
        number = request.path_params["number"]
        lines = await self._ask(lambda desk: desk.lines(number))
        return JSONResponse(lines, headers=_COMMON) if lines is not None else _gone()

    async def place(self, request: Request) -> Response:
        """A place in a source."""
        brief = _number(request.query_params.get("brief"), 0)
        letter = _number(request.query_params.get("letter"), 0)
        place = await self._ask(lambda desk: desk.place(brief, letter))
        return JSONResponse(place, headers=_COMMON) if place is not None else _missing()

    async def view(self, request: Request) -> Response:
        """A file of the web edition or the EPUB."""
        kind, name = request.path_params["kind"], request.path_params["name"]
        files: Mapping[str, bytes] | None = None
        if kind in views.KINDS:
            files = await self._ask(lambda desk: desk.view(kind))
        if files is None or name not in files:
            return _missing()
        known = {".xhtml": "application/xhtml+xml", ".js": "text/javascript"}
        kind_of_file = known.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = {**_COMMON, "Content-Security-Policy": _VIEW_POLICY}
        return Response(files[name], media_type=kind_of_file, headers=headers)

    async def shown(self, request: Request) -> Response:
        """Note which pages a window shows."""
        try:
            said = json.loads(await request.body())
            pages = tuple(int(number) for number in said["pages"][:8])
            width = int(said["width"])
        except (ValueError, TypeError, KeyError, OverflowError):
            return PlainTextResponse("400", 400, _COMMON)
        self.desk.show(pages, width)
        return Response(None, 204, _COMMON)

    async def open(self, request: Request) -> Response:
        """Open a place of a source in the editor."""
        try:
            said = json.loads(await request.body())
            path, line, column = Path(said["path"]), int(said["line"]), int(said["column"])
        except (ValueError, TypeError, KeyError, OverflowError):
            return PlainTextResponse("400", 400, _COMMON)
        sources = await self._ask(lambda desk: desk.sources())
        if not self.editor or sources is None or path not in sources:
            return _missing()
        values = {"file": str(path), "line": str(line), "column": str(column)}
        try:
            command = [part.format_map(values) for part in shlex.split(self.editor)]
            subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL)
        except (OSError, ValueError, KeyError, IndexError) as error:
            return JSONResponse({"error": str(error)}, 500, _COMMON)
        return Response(None, 204, _COMMON)

    def routes(self) -> list[Route]:
        """All addresses behind the token."""
        return [
            Route("/", self.page),
            Route("/preview.css", self.asset),
            Route("/preview.js", self.asset),
            Route("/faces.css", self.faces),
            Route("/fonts/{number:int}", self.face),
            Route("/view/fonts/{number:int}", self.face),
            Route("/events", self.events),
            Route("/pages/{key}.png", self.picture),
            Route("/lines/{number:int}", self.lines),
            Route("/place", self.place),
            Route("/view/{kind}/{name:path}", self.view),
            Route("/shown", self.shown, methods=["POST"]),
            Route("/open", self.open, methods=["POST"]),
        ]


def preview(
    folder: Path,
    prepared: fonts.Fonts,
    language: Language,
    announce: Callable[[str], None],
    *,
    port: int = 0,
    layout: PageLayout = A4,
    editor: str = "",
) -> None:
    """Serve the preview of an issue until Ctrl-C; `announce` gets its address when it can be opened.

    `port` 0 takes a free one; `editor` is a command with the gaps {file}, {line}, {column}. Raises
    `InstallationError` where the port is taken.
    """
    listening = _listening(port)
    token = secrets.token_urlsafe(24)
    place = f"{HOST}:{listening.getsockname()[1]}"
    streams = Streams()
    loop: list[asyncio.AbstractEventLoop] = []

    def tell(topic: str, value: Mapping[str, Any]) -> None:
        data = json.dumps(value, ensure_ascii=False)
        with suppress(RuntimeError):  # the server has ended
            loop[0].call_soon_threadsafe(streams.send, topic, data)

    desk = Desk(folder, prepared, language, layout, tell)
    shown = Preview(folder, prepared, language, editor, desk, streams)

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        loop.append(asyncio.get_running_loop())
        ended = asyncio.Event()
        watching = asyncio.create_task(_watch(desk, ended))
        desk.start()
        announce(f"http://{place}/{token}/")
        yield
        ended.set()
        desk.end()
        with suppress(asyncio.CancelledError):
            await watching

    app = Starlette(routes=[Mount(f"/{token}", routes=shown.routes())], lifespan=life)
    guarded = Guard(app, lambda: frozenset({place}), token)
    server = _Server(
        uvicorn.Config(
            guarded,
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            ws="none",
        ),
        streams,
    )
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """A server that ends its event streams as soon as it is told to end."""

    def __init__(self, config: uvicorn.Config, streams: Streams) -> None:
        super().__init__(config)
        self._streams = streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then the server."""
        self._streams.close()
        await super().shutdown(sockets)


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        raise InstallationError(
            f"不能使用連接埠{port}：{error}；換一個 --port，或不寫，由程式選",
            f"port {port} can't be used: {error}",
        ) from error
    return listening


async def _watch(desk: Desk, ended: asyncio.Event) -> None:
    """Tell the desk of every change that may matter, until the end."""
    await asyncio.gather(
        _watch_folder(desk, ended, desk.folder, recursive=True),
        _watch_folder(desk, ended, LAYOUTS, recursive=True),
        _watch_folder(desk, ended, desk.folder.parent, recursive=False),  # a vocabulary may come to be there
    )


async def _watch_folder(desk: Desk, ended: asyncio.Event, folder: Path, *, recursive: bool) -> None:
    """Watch a folder, all in it or its vocabulary alone; also the next of its name, where it is replaced."""
    is_another = False
    while not ended.is_set():
        watched = _identity(folder)
        if watched is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), _ANEW)
            continue
        replaced = asyncio.Event()
        following = asyncio.create_task(_watch_for_another(folder, watched, ended, replaced))
        if is_another:
            desk.change({folder})
        is_another = True
        with suppress(OSError):  # gone before it could be watched
            await _watch_this(desk, replaced, folder, recursive=recursive)
        following.cancel()


async def _watch_for_another(
    folder: Path, watched: tuple[int, int], ended: asyncio.Event, replaced: asyncio.Event
) -> None:
    """Say when a folder is another one than that which is watched, or the end has come."""
    while _identity(folder) == watched and not ended.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), _ANEW)
    replaced.set()


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another of the same name; None where there is none."""
    try:
        about = folder.stat()
    except OSError:
        return None
    return about.st_dev, about.st_ino


async def _watch_this(desk: Desk, ended: asyncio.Event, folder: Path, *, recursive: bool) -> None:

    def matters(_change: object, name: str) -> bool:
        path = Path(name)
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or path.name.endswith("~") or path.suffix in (".swp", ".tmp"):
            return False
        return recursive or path.name == VOCABULARY_FILE

    async for changes in awatch(
        folder,
        watch_filter=matters,
        debounce=_LONGEST,
        step=_TOGETHER if folder == desk.folder else _LONGEST,
        rust_timeout=1000,
        stop_event=ended,
        recursive=recursive,
    ):
        desk.change({Path(name) for _, name in changes})


def _number(said: str | None, otherwise: int) -> int:
    return int(said) if said is not None and said.isascii() and said.isdigit() and len(said) < 9 else otherwise


def _gone() -> Response:
    """The answer for a page that a newer edit has done away with; a browser need not complain of it."""
    return Response(None, 204, _COMMON)


def _missing() -> Response:
    return PlainTextResponse("404", 404, _COMMON)

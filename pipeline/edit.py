"""Edits: changes to a source file that leave every other byte of it as it was."""

import codecs
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.diagnostics import Edit, InstallationError
from pipeline.parse import Source, read

_AROUND = 24
"""How many characters of the file a shown change has on either side."""


def edited(source: Source, edits: Iterable[Edit]) -> bytes:
    """The bytes of a file after edits that do not overlap; several at one point go in in their order."""
    data, done = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < done:
            raise ValueError("edits overlap")
        data += [source.data[done : edit.start], edit.text.encode()]
        done = edit.end
    return b"".join((*data, source.data[done:]))


def shown(source: Source, edits: Iterable[Edit]) -> Iterator[tuple[int, str, str]]:
    """Each line of a file that edits change: its number, what it was, what it becomes, with a little around it.

    Lines of a manuscript are whole paragraphs, so only the changed stretch is shown, `…` for the rest.
    Edits close to each other are shown together.
    """
    group: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if group and _apart(source, group[-1].end, edit.start):
            yield _pair(source, group)
            group = []
        group.append(edit)
    if group:
        yield _pair(source, group)


def _apart(source: Source, end: int, start: int) -> bool:
    between = source.data[end:start].decode("utf-8", "replace")
    return len(between) > 2 * _AROUND or "\n" in between


def _pair(source: Source, group: list[Edit]) -> tuple[int, str, str]:
    start, end = group[0].start, group[-1].end
    before = source.data[:start].decode("utf-8", "replace").rpartition("\n")[2]
    after = source.data[end:].decode("utf-8", "replace").partition("\n")[0]
    head = ("…" if len(before) > _AROUND else "") + before[-_AROUND:].lstrip()
    tail = after[:_AROUND].rstrip("\r") + ("…" if len(after) > _AROUND else "")
    new, done = "", start
    for edit in group:
        new += source.data[done : edit.start].decode("utf-8", "replace") + edit.text
        done = edit.end
    old = source.data[start:end].decode("utf-8", "replace")
    return source.data.count(b"\n", 0, start) + 1, head + old + tail, head + new + tail


def write(source: Source, data: bytes) -> None:
    """Put `data` in the place of a source file, in one rename, with its mode and its byte order mark.

    Raises `InstallationError` where the folder can't be written, or the file changed since it was read.
    """
    path = source.path.resolve()
    now = read(path)
    mark = codecs.BOM_UTF8 if now.startswith(codecs.BOM_UTF8) else b""
    if now.removeprefix(mark) != source.data:
        raise InstallationError(
            f"{path} 剛才被別的程式改過，沒有寫入", f"{path} was changed meanwhile; not written"
        )
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(mark + data)
        temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise InstallationError(
            f"無法寫入 {path}：{error.strerror}", f"cannot write {path}: {error.strerror}"
        ) from error

"""What `kan new` makes: the files, and how they get to their place."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.diagnostics import Code, Edit, InstallationError, ManuscriptError, Place, Words
from pipeline.edit import edited
from pipeline.edit import write as write_source
from pipeline.layout import environment
from pipeline.parse import Source
from pipeline.validate.unfinished import PLACEHOLDERS

THERE_ALREADY = Code(
    "I080",
    title=Words("已經有了", "there already"),
    message=Words("「{name}」已經有了，沒有動它", "{name} is there already and was not touched"),
    hint=Words("換一個名字，或先把舊的移走", "choose another name, or move the old one away"),
    why=Words("kan new 只做新的，從不覆寫。", "kan new never writes over anything."),
)


@dataclass(frozen=True)
class Made:
    """What is to be written: `files` by their paths relative to `folder`, and edits of a file that is there.

    `remarks` is what the editor should know of it, in sentences.
    """

    folder: Path
    files: Mapping[str, bytes]
    source: Source | None = None
    edits: tuple[Edit, ...] = ()
    remarks: tuple[Words, ...] = ()


def skeleton(name: str, **values: object) -> bytes:
    """A file of `layouts/new/` filled in."""
    template = environment({"in_comment": _in_comment}).get_template(f"new/{name}")
    return (template.render(words=PLACEHOLDERS, **values).rstrip("\n") + "\n").encode()


def _in_comment(text: str) -> str:
    """A text that may stand in a comment: XML 1.0 §2.5 allows no -- there."""
    return text.replace("--", "- -")


def refuse_existing(folder: Path, names: Iterable[str]) -> None:
    """Raise `ManuscriptError` (I080) where one of the files is there."""
    there = [folder / name for name in names if os.path.lexists(folder / name)]
    if there:
        raise ManuscriptError(THERE_ALREADY.at(Place(path), name=f"{folder.name}/{path.name}") for path in there)


def write(made: Made) -> tuple[Path, ...]:
    """Write what was made and return the paths of the new files.

    Raises `ManuscriptError` where a file has come there meanwhile, and `InstallationError` where none can be
    written; nothing is left behind then.
    """
    refuse_existing(made.folder, made.files)
    try:
        paths = _placed(made) if made.folder.is_dir() else _placed_with_folder(made)
    except OSError as error:
        raise InstallationError(
            f"無法寫入「{made.folder}」：{error.strerror}", f"cannot write to {made.folder}: {error.strerror}"
        ) from error
    if made.source is not None and made.edits:
        try:
            write_source(made.source, edited(made.source, made.edits))
        except (InstallationError, ManuscriptError):
            for path in paths:
                path.unlink()
            raise
    return paths


def _placed_with_folder(made: Made) -> tuple[Path, ...]:
    """A folder that is not there comes with all its files, in one rename."""
    made.folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{made.folder.name}.", dir=made.folder.parent))
    try:
        fresh.chmod(0o755)
        for name, data in made.files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(data)
        fresh.rename(made.folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return tuple(made.folder / name for name in made.files)


def _placed(made: Made) -> tuple[Path, ...]:
    """Files for a folder that is there, each of which must not be there; those written go again if one fails."""
    done: list[Path] = []
    folders: list[Path] = []
    try:
        for name, data in made.files.items():
            path = made.folder / name
            if not path.parent.is_dir():
                path.parent.mkdir()
                folders.append(path.parent)
            with path.open("xb") as file:
                done.append(path)
                file.write(data)
    except OSError:
        for path in done:
            path.unlink(missing_ok=True)
        for folder in folders:
            folder.rmdir()
        raise
    return tuple(done)

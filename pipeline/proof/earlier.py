"""Earlier: the copy of an issue that a proof is compared with, a folder or a revision of its git repository.

Of a revision only the regular files of the issue's folder are read, blob by blob, so that nothing configured in
the repository runs (hooks, filters, text conversion) and nothing is fetched.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from pipeline.diagnostics import Diagnostic, InstallationError, Place
from pipeline.manuscript import ISSUE_FILE

_MOST_FILES = 2_000
_MOST_BYTES = 200_000_000
"""What the folder of an issue may hold in a revision; more is not read."""

_SECONDS = 60
"""How long git may take for one answer."""

_REGULAR = (b"100644", b"100755")
"""The modes of regular files; links and submodules are left out."""

_SHOWN = 6


@dataclass(frozen=True)
class Earlier:
    """An earlier copy of an issue: its folder, and what people call it (`HEAD~1`, `../old`).

    `revision` is empty for a folder.
    """

    folder: Path
    name: str
    revision: str = ""

    def shown(self, file: Path) -> Path:
        """The name of a file for people: HEAD~1:brief-2.xml."""
        if not self.revision or not file.is_relative_to(self.folder):
            return file
        return Path(f"{self.revision}:{file.relative_to(self.folder).as_posix()}")

    def place(self, place: Place) -> Place:
        """A place with the name of its file for people."""
        return replace(place, file=self.shown(place.file))

    def finding(self, found: Diagnostic) -> Diagnostic:
        """A finding with the names of its files for people."""
        return replace(found, place=self.place(found.place), also=tuple(map(self.place, found.also)))


@contextmanager
def earlier(issue: Path, against: str) -> Iterator[Earlier]:
    """The copy of the issue in folder `issue` that `against` names: a folder, a revision, or `revision:folder`.

    Raises `InstallationError` where there is none. The files of a revision are gone when the context ends.
    """
    folder = Path(against)
    if against.startswith("-") or not against.strip() or "\0" in against:
        raise InstallationError(
            f"「{against}」不是資料夾，也不是git的版本", f"{against!r} is no folder and no git revision"
        )
    found = folder if folder.is_dir() else folder.parent
    if folder.is_dir() or (folder.name == ISSUE_FILE and folder.is_file()):
        if found.resolve() == issue.resolve():
            raise InstallationError(
                f"「{against}」就是這一期自己；請指定舊稿的資料夾，或git的版本",
                f"{against} is this very issue: name the folder of an earlier copy, or a git revision",
            )
        yield Earlier(found.absolute(), against)
        return
    repository = _Repository.around(issue, against)
    revision, _, inside = against.partition(":")
    with tempfile.TemporaryDirectory(prefix="kan-proof-") as temporary:
        target = Path(temporary).resolve() / issue.resolve().name
        repository.copy(revision, inside or repository.folder, target)
        yield Earlier(target, against, revision)


@dataclass(frozen=True)
class _Repository:
    """A git repository, and the path of the issue's folder in it."""

    root: Path
    folder: str

    @classmethod
    def around(cls, issue: Path, against: str) -> "_Repository":
        """The repository that an issue lies in."""
        here = issue.resolve()
        if shutil.which("git") is None:
            raise InstallationError(
                f"沒有「{against}」這個資料夾；要與git的版本比對，這台機器得裝git",
                f"there is no folder {against}; to compare with a revision, install git",
            )
        asked = _git(here, "rev-parse", "--show-toplevel")
        if asked.returncode:
            said = _first_line(asked.stderr)
            if b"not a git repository" in asked.stderr:
                raise InstallationError(
                    f"沒有「{against}」這個資料夾，而「{issue}」不在git的版本庫裡，沒有舊版可比",
                    f"there is no folder {against}, and {issue} is in no git repository",
                )
            raise InstallationError(f"git讀不了「{issue}」：{said}", f"git cannot read {issue}: {said}")
        root = Path(os.fsdecode(asked.stdout.rstrip(b"\n"))).resolve()
        return cls(root, here.relative_to(root).as_posix() if here != root else "")

    def copy(self, revision: str, folder: str, target: Path) -> None:
        """Write the files of a folder in a revision into `target`."""
        commit = self.commit(revision)
        files = self.files(commit, folder)
        if ISSUE_FILE not in files:
            known = self.issues(commit)
            listed = "、".join(known[:_SHOWN])
            one, any_of = (known[0], known[0]) if len(known) == 1 else ("資料夾", "FOLDER")
            there = f"那時有{listed}：用 --against {revision}:{one}" if known else "那時還沒有任何一期"
            where = f"it had {', '.join(known[:_SHOWN])}: use {revision}:{any_of}" if known else "it had no issue"
            raise InstallationError(
                f"版本「{revision}」的「{folder or '.'}」裡沒有{ISSUE_FILE}；{there}",
                f"in revision {revision} there is no {folder or '.'}/{ISSUE_FILE}; {where}",
            )
        for name, data in self.contents(files):
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def commit(self, revision: str) -> str:
        """The commit that a revision names."""
        if not revision or revision.startswith("-"):
            raise InstallationError(f"「{revision}」不是git的版本", f"{revision!r} is no git revision")
        asked = _git(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
        if asked.returncode:
            cut = _git(self.root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
            zh, en = ("；這份版本庫只有最近的版本，先 git fetch --unshallow", "; the repository is shallow")
            raise InstallationError(
                f"沒有「{revision}」這個資料夾，也沒有這個版本（{self.root}）{zh if cut else ''}",
                f"there is no folder and no revision {revision} (in {self.root}){en if cut else ''}",
            )
        return asked.stdout.decode("ascii").strip()

    def files(self, commit: str, folder: str) -> dict[str, str]:
        """The regular files of a folder in a commit: their path in it, and their blob."""
        tree = f"{commit}:{folder}".rstrip("/")
        asked = _git(self.root, "ls-tree", "-r", "-z", "--full-tree", "--long", "--end-of-options", tree)
        found: dict[str, str] = {}
        total = 0
        for entry in asked.stdout.split(b"\0") if not asked.returncode else ():
            head, _, name = entry.partition(b"\t")
            fields = head.split()
            if len(fields) != 4 or fields[0] not in _REGULAR or not _is_safe(os.fsdecode(name)):
                continue
            total += int(fields[3])
            found[os.fsdecode(name)] = fields[2].decode("ascii")
        if len(found) > _MOST_FILES or total > _MOST_BYTES:
            raise InstallationError(
                f"那個版本的「{folder}」有{len(found)}個檔案，太大了",
                f"{folder} has {len(found)} files in that revision: too much",
            )
        return found

    def issues(self, commit: str) -> list[str]:
        """The folders of a commit that hold an issue."""
        asked = _git(self.root, "ls-tree", "-r", "-z", "--name-only", "--full-tree", "--end-of-options", commit)
        paths = [PurePosixPath(os.fsdecode(name)) for name in asked.stdout.split(b"\0") if name]
        return sorted(path.parent.as_posix() for path in paths if path.name == ISSUE_FILE)

    def contents(self, files: dict[str, str]) -> Iterator[tuple[str, bytes]]:
        """The bytes of files, as they are stored."""
        asked = _git(self.root, "cat-file", "--batch", given="\n".join(files.values()).encode() + b"\n")
        data, at = asked.stdout, 0
        for name, blob in files.items():
            end = data.find(b"\n", at)
            fields = data[at:end].split()
            if asked.returncode or len(fields) != 3 or fields[1] != b"blob":
                raise InstallationError(
                    f"git讀不到「{name}」（{blob[:12]}）", f"git cannot read {name} ({blob[:12]})"
                )
            at = end + 1 + int(fields[2])
            yield name, data[end + 1 : at]
            at += 1


def _git(folder: Path, *arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Ask git; it asks nobody back, fetches nothing and takes no lock."""
    command = ["git", "--no-replace-objects", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"]
    asking = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    left_out = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")
    environment = {**{name: value for name, value in os.environ.items() if name not in left_out}, **asking}
    try:
        return subprocess.run(
            [*command, *arguments],
            cwd=folder,
            env=environment,
            input=given,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise InstallationError(f"git沒有回答：{error}", f"git did not answer: {error}") from error


def _is_safe(name: str) -> bool:
    """Whether a path of a tree stays inside the folder it is written to."""
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _first_line(said: bytes) -> str:
    return said.decode("utf-8", "replace").strip().partition("\n")[0].removeprefix("fatal: ")

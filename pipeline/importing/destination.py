"""Destination: for which brief of which folder a manuscript is, and what is written there."""

import dataclasses
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.diagnostics import (
    Code,
    Diagnostic,
    InstallationError,
    ManuscriptError,
    Place,
    Severity,
    Words,
)
from pipeline.edit import edited
from pipeline.importing.again import likeness, same_heads
from pipeline.manuscript import ISSUE_FILE, entered, read_issue, within
from pipeline.parse import Source, parse

LOOSE = Path("imported")
"""The folder for manuscripts that belong to no issue."""

_SAME = 0.45
"""How much of their text two versions of one manuscript share, at least; two manuscripts share a fifth."""
_SURE = 0.8
"""With as much they are versions of one, whatever the title and the authors say: parts of a series share half."""
_AS_MUCH = 0.8
"""A second brief that is nearly as much alike makes the first doubtful."""
_NUMBERED = re.compile(r"brief-(\d{1,6})\.xml\Z")
_NAME = re.compile(r"[^\x00-\x1f\x7f/\\:%?#<>|*\"]+\Z")

AMBIGUOUS = Code(
    "I075",
    title=Words("不知道是哪一篇的修訂稿", "several briefs may be meant"),
    message=Words("稿件和{names}都很像，看不出是哪一篇", "the manuscript is like {names}: it may be either"),
    hint=Words("用 --as 寫明，例如 --as {first}", "say which with --as, for example --as {first}"),
    why=Words("修訂稿要更新原來那一篇；猜錯會蓋掉別的文章。", "A correction updates its own brief, and no other."),
)
ANOTHER = Code(
    "I076",
    title=Words("那個檔案是另一篇", "the file holds another brief"),
    message=Words("「{name}」是另一篇：{title}", "{name} is another brief: {title}"),
    hint=Words(
        "換一個名字（--as），或用 --replace 整篇取代",
        "choose another name (--as), or replace all of it (--replace)",
    ),
    why=Words("匯入不會悄悄蓋掉別的文章。", "An import never writes over another brief by itself."),
)
OUTSIDE = Code(
    "I077",
    title=Words("檔名不能用", "a name that can't be used"),
    message=Words("「{name}」不能用：{reason}", "{name} can't be used: {reason}"),
    hint=Words("用簡單的檔名，例如 brief-6", "use a simple name, such as brief-6"),
    why=Words("匯入只寫在這一期的資料夾裡。", "An import writes into the folder of the issue only."),
)
TWICE = Code(
    "I078",
    title=Words("兩個檔案是同一篇", "two files for one brief"),
    message=Words(
        "這一次「{other}」已經匯入 {name}〈{title}〉，這個檔案看來是同一篇",
        "{other} went into {name}, “{title}”, in this run, and this file seems to be the same article",
    ),
    hint=Words("只留最新的一份，或用 --as 分開", "import the newest of them only, or name them with --as"),
    why=Words("同一篇的兩個版本一起匯入，看不出哪一份是對的。", "Of two versions nobody knows which is right."),
)
RESEMBLES = Code(
    "I074",
    title=Words("和另一篇有一部分相同", "it resembles another brief"),
    message=Words(
        "稿件和 {name}〈{title}〉有{share}%相同，題名和作者卻都不同：當作新的一篇",
        "{share}% of it is as in {name}, “{title}”, but title and authors differ: it is taken as a new brief",
    ),
    hint=Words(
        "如果是那一篇的修訂稿，刪去新的檔案，用 --as {name} 再匯入",
        "if it is a correction of that, delete the new file and import it again with --as {name}",
    ),
    why=Words("修訂稿要更新原來那一篇；猜錯會蓋掉別的文章。", "A correction updates its own brief, and no other."),
    severity=Severity.WARNING,
)

NO_ISSUE = Code(
    "I079",
    title=Words("這個資料夾不是一期", "the folder is no issue"),
    message=Words("「{folder}」裡沒有 issue.xml，不是一期", "{folder} has no issue.xml: it is no issue"),
    hint=Words(
        "先開新一期：kan new {folder}；或看看資料夾有沒有寫對",
        "make it first: kan new {folder}; or check the name",
    ),
    why=Words(
        "稿件要放進一期；那一期的資料夾裡有 issue.xml。", "A manuscript goes into an issue, which has issue.xml."
    ),
)


@dataclass(frozen=True)
class Chosen:
    """The file that a manuscript is for; `before` is the brief that is in it, of which the manuscript is a new
    version. `is_new`: there was no such file. `doubts` are what to look at."""

    name: str
    before: Source | None
    is_new: bool
    doubts: tuple[Diagnostic, ...] = ()


@dataclass
class Destination:
    """A folder with its briefs. `issue` is None where it is none of an issue; `done` are the files of this run."""

    folder: Path
    issue: Source | None
    briefs: dict[str, Source]
    done: set[str] = field(default_factory=set)
    manuscripts: dict[str, Path] = field(default_factory=dict)
    """The manuscript that was meant for each file."""

    def choose(self, path: Path, fresh: Source, name: str | None, replace: bool) -> Chosen:
        """For which brief a manuscript is; `name` is what the editor said. Raises `ManuscriptError`."""
        chosen = self.named(path, fresh, name, replace) if name else self.found(path, fresh, replace)
        if chosen.name in self.done:
            other, title = self.manuscripts[chosen.name].name, _title(self.briefs[chosen.name])
            raise ManuscriptError([TWICE.at(Place(path), other=other, name=chosen.name, title=title)])
        self.manuscripts[chosen.name] = path
        return chosen

    def named(self, path: Path, fresh: Source, name: str, replace: bool) -> Chosen:
        """The file with a name."""
        name = name if name.lower().endswith(".xml") else f"{name}.xml"
        self.check_name(path, name)
        there = self.there(name)
        if there is None or replace:
            return Chosen(name, None, there is None)
        if likeness(there, fresh) < _SAME:
            raise ManuscriptError([ANOTHER.at(Place(path), name=name, title=_title(there))])
        return Chosen(name, there, False)

    def found(self, path: Path, fresh: Source, replace: bool) -> Chosen:
        """The brief that the manuscript is a version of, or a new one."""
        shares = {name: likeness(brief, fresh) for name, brief in self.briefs.items()}
        near = sorted((name for name in shares if shares[name] >= _SAME), key=lambda name: (-shares[name], name))
        alike = [name for name in near if shares[name] >= _SURE or same_heads(self.briefs[name], fresh)]
        if len(alike) > 1 and shares[alike[1]] >= shares[alike[0]] * _AS_MUCH:
            names = "、".join(f"{name}〈{_title(self.briefs[name])}〉" for name in sorted(alike))
            raise ManuscriptError([AMBIGUOUS.at(Place(path), names=names, first=min(alike))])
        if alike:
            self.check_name(path, alike[0])
            return Chosen(alike[0], None if replace else self.briefs[alike[0]], False)
        doubts = (self.resembles(path, name, shares[name]) for name in near[:1])
        return dataclasses.replace(self.unused(path, replace), doubts=tuple(doubts))

    def resembles(self, path: Path, name: str, share: float) -> Diagnostic:
        """The doubt about a manuscript that is a new brief though it shares much with another one."""
        return RESEMBLES.at(Place(path), name=name, title=_title(self.briefs[name]), share=round(share * 100))

    def unused(self, path: Path, replace: bool) -> Chosen:
        """A name that no brief has."""
        if self.issue is not None:
            listed = [*self.briefs, *_listed(self.issue), *self.done, *_files(self.folder)]
            numbers = [int(found[1]) for each in listed if (found := _NUMBERED.match(each))]
            return Chosen(f"brief-{max(numbers, default=0) + 1}.xml", None, True)
        name = f"{path.stem}.xml"
        self.check_name(path, name)
        there = self.there(name)
        if there is not None and not replace:
            raise ManuscriptError([ANOTHER.at(Place(path), name=name, title=_title(there))])
        return Chosen(name, None, there is None)

    def check_name(self, path: Path, name: str) -> None:
        """Refuse a name that leads elsewhere, or that is no name."""
        reason = None
        if not _NAME.match(name) or name.startswith(".") or name == ISSUE_FILE:
            reason = Words("不是簡單的檔名", "it is no simple name")
        elif self.folder.exists() and within(self.folder, name) is None:
            reason = Words("它是連到資料夾外面的連結", "it is a link that leads out of the folder")
        if reason is not None:
            raise ManuscriptError([OUTSIDE.at(Place(path), name=name, reason=reason)])

    def there(self, name: str) -> Source | None:
        """The brief in a file, if there is one."""
        if name in self.briefs:
            return self.briefs[name]
        return parse(self.folder / name) if (self.folder / name).exists() else None

    def files(self, name: str, brief: bytes, pictures: Mapping[str, bytes]) -> dict[Path, bytes]:
        """What has to be written for a brief: what is there already is not written again.

        Raises `ManuscriptError` where a picture would be written through a link that leads out of the folder.
        """
        for href in pictures:
            if within(self.folder, href) is None:
                reason = Words("它是連到資料夾外面的連結", "it is a link that leads out of the folder")
                raise ManuscriptError([OUTSIDE.at(Place(self.folder / href), name=href, reason=reason)])
        wanted = {self.folder / name: brief}
        wanted |= {self.folder / href: data for href, data in pictures.items()}
        if self.issue is not None and name not in _listed(self.issue):
            wanted[self.folder / ISSUE_FILE] = listing(self.issue, name)
        return {path: data for path, data in wanted.items() if _now(path) != data}

    def keep(self, name: str, brief: Source, files: Mapping[Path, bytes]) -> None:
        """Remember what was written."""
        self.briefs[name] = brief
        self.done.add(name)
        issue = self.folder / ISSUE_FILE
        if issue in files:
            self.issue = parse(issue) if _now(issue) == files[issue] else self.issue


def destination(into: Path | None, here: Path) -> Destination:
    """The folder that manuscripts go to: that which was named, else the one issue there is, else `imported`.

    Raises `ManuscriptError` where the issue can't be read.
    """
    folder = into.parent if into is not None and into.name == ISSUE_FILE else into
    if folder is None:
        issues = (
            [here] if (here / ISSUE_FILE).is_file() else sorted(p.parent for p in here.glob("source/*/issue.xml"))
        )
        if len(issues) != 1:
            return Destination(here / LOOSE, None, dict(_loose(here / LOOSE)))
        folder = issues[0]
    if not os.path.lexists(folder / ISSUE_FILE):
        raise ManuscriptError([NO_ISSUE.at(Place(folder), folder=str(folder))])
    manuscript = read_issue(folder)
    if manuscript.issue is None:
        raise ManuscriptError(manuscript.diagnostics)
    return Destination(manuscript.folder, manuscript.issue, dict(manuscript.briefs))


def listing(issue: Source, name: str) -> bytes:
    """`issue.xml` with one more brief in its contents; every other byte is as it was."""
    if issue.root.find("contents") is None:
        raise ManuscriptError([OUTSIDE.at(Place(issue.path), name=ISSUE_FILE, reason=_NO_CONTENTS)])
    return edited(issue, [entered(issue, name)])


_NO_CONTENTS = Words("裡面沒有 contents", "it has no contents")


def write(files: Mapping[Path, bytes]) -> None:
    """Write files completely or not at all. Raises `InstallationError`."""
    staged: list[tuple[Path, Path]] = []
    undone: list[tuple[Path, bytes | None]] = []
    path = Path()
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            staged.append((Path(name), path))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o644)
        for temporary, path in staged:
            undone.append((path, _now(path)))
            temporary.replace(path.resolve())
    except OSError as error:
        for known, before in undone:
            _restore(known, before)
        raise InstallationError(
            f"無法寫入「{path}」：{error.strerror}", f"cannot write {path}: {error.strerror}"
        ) from error
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def _restore(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
    elif _now(path) != data:
        path.write_bytes(data)


def _now(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


def _listed(issue: Source) -> list[str]:
    return [entry.get("href", "") for entry in issue.root.iterfind("contents/brief")]


def _files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


def _loose(folder: Path) -> Iterator[tuple[str, Source]]:
    """The briefs that were imported before, outside an issue."""
    for path in sorted(folder.glob("*.xml")) if folder.is_dir() else ():
        try:
            source = parse(path)
        except ManuscriptError:
            continue
        if source.root.tag == "article":
            yield path.name, source


def _title(source: Source) -> str:
    title = source.root.find("front/article-meta/title-group/article-title")
    return "".join(title.itertext())[:30] if title is not None else "—"

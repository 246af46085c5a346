"""The manifest of a finished folder: what went in, what came out, and what was proven of it.

`manifest.json` has the sha256, size and number of pages of every file, the briefs in their order, the fonts and
tools, the verdict of each check, and nothing that changes by itself: the same issue gives the same bytes.
"""

import hashlib
import json
import platform
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from itertools import count
from pathlib import Path

from pipeline import __version__
from pipeline.diagnostics import Code, Diagnostic, Place, Words
from pipeline.fonts import Fonts
from pipeline.manuscript import Manuscript, within
from pipeline.printing import SetIssue

NAME = "manifest.json"

_TOOLS = (
    "fonttools", "jinja2", "lxml", "opencc", "page-validation", "pikepdf", "pydyf", "pyphen", "pypdfium2",
    "uharfbuzz", "uniseg", "weasyprint",
)  # fmt: skip

_OF_THE_ISSUE = ("index", "issue")
"""Names that the files of the issue itself have: `web/index.html`, `references/issue.bib`."""

_WHY = Words(
    "manifest.json 記下出版那一刻每個檔案的雜湊值；之後任何一個位元的改變都看得出來。",
    "manifest.json has the hash of each file at the moment of publication: any change since then shows.",
)
_REMEDY = Words(
    "重新出版（kan build），或向出版者索取完整的檔案",
    "publish again (kan build), or ask the publisher for the files",
)

UNREADABLE = Code(
    "A001",
    title=Words("沒有可讀的manifest.json", "no readable manifest.json"),
    message=Words("不是kan出版的資料夾：{reason}", "not a folder that kan published: {reason}"),
    hint=Words(
        "指定 kan build 寫出的資料夾，例如 dist/2026-11", "name a folder that kan build wrote: dist/2026-11"
    ),
    why=_WHY,
)
MISSING = Code(
    "A002",
    title=Words("少了檔案", "a file is missing"),
    message=Words("manifest.json 列有「{name}」，資料夾裡沒有", "manifest.json lists {name}, which is not there"),
    hint=_REMEDY,
    why=_WHY,
)
CHANGED = Code(
    "A003",
    title=Words("檔案與出版時不同", "a file has changed"),
    message=Words("「{name}」的內容與出版時不同", "{name} is not what was published"),
    hint=_REMEDY,
    why=_WHY,
)
FOREIGN = Code(
    "A004",
    title=Words("多了檔案", "a file too many"),
    message=Words("「{name}」不在 manifest.json 裡", "{name} is not in manifest.json"),
    hint=Words("移走它；它不是這一期的一部分", "move it away: it is no part of this issue"),
    why=_WHY,
)

UNLISTED = Code(
    "A005",
    title=Words("典藏XML不在清單裡", "an archive copy that is not listed"),
    message=Words(
        "manifest.json 的各篇裡沒有「{name}」，卻有它的典藏XML",
        "manifest.json lists no brief {name}, but its JATS is there",
    ),
    hint=_REMEDY,
    why=Words(
        "清單裡沒有的那一篇，各版就不會拿來校對。",
        "What is not listed as a brief is not looked for in the editions.",
    ),
)
LARGE = Code(
    "A006",
    title=Words("檔案太大", "a file is too large"),
    message=Words("「{name}」超過{limit} MB，沒有讀", "{name} has more than {limit} MB and was not read"),
    hint=_REMEDY,
    why=Words(
        "一期的成品不會這麼大；大檔案會耗盡記憶體。", "No issue is that large, and it would fill the memory."
    ),
)
_LARGEST = 500_000_000
"""The most bytes of a file that is read."""


@dataclass(frozen=True, slots=True)
class Published:
    """A finished folder: the names of its briefs in order, its files, and how it differs from its manifest."""

    folder: Path
    briefs: tuple[str, ...]
    editions: Mapping[str, bytes]
    differences: tuple[Diagnostic, ...]


def names(manuscript: Manuscript) -> tuple[str, ...]:
    """What the files of each brief are called, in the order of the briefs: `brief-1`; each name once."""
    found: list[str] = []
    for href in manuscript.briefs:
        stem = Path(href).with_suffix("").as_posix().replace("/", "-")
        taken = {name.casefold() for name in (*found, *_OF_THE_ISSUE)}
        found.append(next(name for name in _numbered(stem) if name.casefold() not in taken))
    return tuple(found)


def _numbered(stem: str) -> Iterator[str]:
    """The name itself, then with -2, -3 …"""
    yield stem
    yield from (f"{stem}-{number}" for number in count(2))


def record(manuscript: Manuscript, pages: SetIssue, prepared: Fonts) -> dict[str, object]:
    """What the manifest says about a build beside its files: its inputs, briefs, fonts and tools."""
    issue = pages.issue
    return {
        "kan": __version__,
        "issue": {
            "title": issue.title,
            "name": issue.name,
            "date": issue.published.isoformat(),
            "identifier": issue.identifier,
        },
        "briefs": [
            {"name": name, "title": part.brief.plain_title, "pages": [part.pages.start, part.pages.stop - 1]}
            for name, part in zip(names(manuscript), pages.briefs, strict=True)
        ],
        "inputs": {
            path.relative_to(manuscript.folder).as_posix(): _sha256(path.read_bytes())
            for path in _inputs(manuscript, pages)
        },
        "fonts": [
            {
                "family": face.family,
                "weight": face.weight,
                "style": face.style,
                "source": face.version,
                "sha512": face.sha512,
            }
            for face in prepared.faces
        ],
        "tools": {"python": platform.python_version(), **{name: version(name) for name in _TOOLS}},
    }


def _inputs(manuscript: Manuscript, pages: SetIssue) -> list[Path]:
    pictures = {figure.picture for brief in pages.issue.briefs for figure in brief.figures()}
    cover = {pages.issue.cover} if pages.issue.cover is not None else set()
    return sorted({source.path for source in manuscript.sources} | pictures | cover)


def manifest(editions: Mapping[str, bytes], pages: Mapping[str, int], about: Mapping[str, object]) -> bytes:
    """`manifest.json`: what `about` says, and the hash, size and, where there are any, `pages` of each file."""
    outputs = {
        name: {"sha256": _sha256(data), "bytes": len(data), **({"pages": pages[name]} if name in pages else {})}
        for name, data in editions.items()
    }
    return (
        json.dumps({**about, "outputs": outputs}, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    ).encode()


def outputs(folder: Path) -> Collection[str]:
    """The files that a build put into a folder, as its manifest lists them; nothing where there is none."""
    try:
        listed = json.loads((folder / NAME).read_bytes())["outputs"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ()
    return {NAME, *listed} if isinstance(listed, dict) else ()


def files_in(folder: Path) -> Iterator[str]:
    """The files in a folder and its folders, as relative paths in order; a link to a folder is a file."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from (f"{path.name}/{name}" for name in files_in(path))
        else:
            yield path.name


def read(folder: Path) -> Published:
    """A finished folder and how it differs from its manifest; a link, which may lead outside, is not followed."""
    place = Place(folder / NAME, 1, 1)
    try:
        about = json.loads(_read(folder, NAME))
        listed = {str(name): str(entry["sha256"]) for name, entry in about["outputs"].items()}
        briefs = tuple(str(brief["name"]) for brief in about["briefs"])
        if not briefs:
            raise ValueError("it lists no briefs")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, _TooLargeError) as error:
        reason = f"{type(error).__name__}: {error}"
        return Published(folder, (), {}, (UNREADABLE.at(place, reason=reason),))
    editions: dict[str, bytes] = {}
    differences: list[Diagnostic] = []
    for name, digest in sorted(listed.items()):
        try:
            editions[name] = _read(folder, name)
        except _TooLargeError:
            differences.append(LARGE.at(place, name=name, limit=_LARGEST // 10**6))
            continue
        except OSError:
            differences.append(MISSING.at(place, name=name))
            continue
        if _sha256(editions[name]) != digest:
            differences.append(CHANGED.at(Place(folder / name, 1, 1), name=name))
    differences += [
        FOREIGN.at(Place(folder / name, 1, 1), name=name)
        for name in files_in(folder)
        if name not in listed and name != NAME
    ]
    archived = {Path(name).stem for name in editions if Path(name).match("jats/*.xml")}
    differences += [UNLISTED.at(place, name=name) for name in sorted(archived - set(briefs))]
    return Published(folder, briefs, editions, tuple(differences))


class _TooLargeError(Exception):
    """A file has more than `_LARGEST` bytes."""


def _read(folder: Path, name: str) -> bytes:
    """A regular file inside the folder; raises `OSError` for anything else, `_TooLargeError` for a large one."""
    path = within(folder, name)
    if path is None or not path.is_file():
        raise FileNotFoundError(name)
    if path.stat().st_size > _LARGEST:
        raise _TooLargeError
    return path.read_bytes()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

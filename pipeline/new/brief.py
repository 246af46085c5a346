"""A new brief: a commented skeleton, entered into the contents of its issue."""

import re
from collections.abc import Sequence
from pathlib import Path

from pipeline.diagnostics import Code, ManuscriptError, Place, Words
from pipeline.manuscript import ISSUE_FILE, entered
from pipeline.new.made import Made, refuse_existing, skeleton
from pipeline.parse import LANG, Source, parse
from pipeline.profiles import DEFAULT
from pipeline.validate import schema_diagnostics

NO_FOLDER = Code(
    "I084",
    title=Words("沒有這個資料夾", "folder not there"),
    message=Words("沒有「{name}」這個資料夾", "there is no folder {name}"),
    hint=Words("先做一期：kan new {name}", "make the issue first: kan new {name}"),
    why=Words("文章放在一期的資料夾裡。", "A brief lies in the folder of its issue."),
)
BAD_NAME = Code(
    "I085",
    title=Words("檔名不能用", "name not allowed"),
    message=Words("檔名「{name}」不能用在一期裡", "the file name {name} can't be used in an issue"),
    hint=Words(
        "檔名用字母、數字、中文字、- 與 _，例如 brief-9.xml", "use letters, digits, - and _, such as brief-9.xml"
    ),
    why=Words(
        "網址裡另有意義的字元，電子書與網頁會找錯檔案（R053）。", "Editions would look for other files (R053)."
    ),
)

_NOT_IN_NAMES = re.compile(r"[\\%?#<>|*:\x00-\x1f\x7f]")


def new_brief(path: Path, *, enter: bool = True) -> Made:
    """The skeleton of a brief at `path`, and the edit that enters it into the `issue.xml` beside it.

    With `enter=False`, or where there is no `issue.xml`, the file alone. Raises `ManuscriptError` (I080, I084,
    I085, or what is wrong with `issue.xml`).
    """
    folder = path.absolute().parent
    if not folder.is_dir():
        raise ManuscriptError([NO_FOLDER.at(Place(path), name=str(path.parent))])
    if (
        _NOT_IN_NAMES.search(path.name)
        or not path.name.isprintable()
        or path.name != path.name.strip()
        or path.name.startswith(".")
    ):
        raise ManuscriptError([BAD_NAME.at(Place(path), name=path.name)])
    refuse_existing(path.parent, [path.name])
    issue = parse(path.parent / ISSUE_FILE) if (folder / ISSUE_FILE).is_file() else None
    lang, focus = DEFAULT, []
    if issue is not None:
        if issue.root.tag != "issue" or issue.root.find("contents") is None:
            raise ManuscriptError(schema_diagnostics([issue], "issue"))
        lang = issue.root.get(LANG) or DEFAULT
        focus = [subject.text or "" for subject in issue.root.iterfind("issue-meta/focus-categories/subject")]
    files = {path.name: brief_skeleton(lang, focus)}
    if issue is None or not enter:
        return Made(path.parent, files, remarks=(_alone(issue, path.name),))
    if any(entry.get("href") == path.name for entry in issue.root.iterfind("contents/brief")):
        remark = Words(f"{ISSUE_FILE} 原本就列了 {path.name}", f"{ISSUE_FILE} lists {path.name} already")
        return Made(path.parent, files, remarks=(remark,))
    remark = Words(f"已列進 {ISSUE_FILE} 的最後一篇", f"entered into {ISSUE_FILE} as the last brief")
    return Made(path.parent, files, issue, (entered(issue, path.name),), (remark,))


def brief_skeleton(lang: str, focus: Sequence[str]) -> bytes:
    """The bytes of a brief with placeholders; `focus` are the categories to choose from."""
    return skeleton("brief.xml.j2", lang=lang, focus=[subject for subject in focus if subject.strip()])


def _alone(issue: Source | None, name: str) -> Words:
    if issue is None:
        return Words(f"旁邊沒有 {ISSUE_FILE}，所以沒有列進任何一期", f"no {ISSUE_FILE} beside it to list it")
    return Words(
        f'沒有列進 {ISSUE_FILE}；要刊登時在 <contents> 裡加 <brief href="{name}"/>',
        f'not entered into {ISSUE_FILE}: add <brief href="{name}"/> to its <contents>',
    )

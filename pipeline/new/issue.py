"""A new issue: the last one with another number and date and no briefs; where there is none, a skeleton."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree
from markupsafe import Markup

from pipeline.diagnostics import Code, Edit, ManuscriptError, Place, Words
from pipeline.edit import edited
from pipeline.lint.reading import publication_date
from pipeline.lint.vocabulary import VOCABULARY_FILE
from pipeline.manuscript import ISSUE_FILE, within
from pipeline.new.brief import brief_skeleton
from pipeline.new.made import Made, refuse_existing, skeleton
from pipeline.new.sequence import Numbered, following, next_date
from pipeline.parse import LANG, Source, parse, parse_bytes
from pipeline.profiles import DEFAULT
from pipeline.validate import schema_diagnostics
from pipeline.validate.files import MAX_PICTURE_BYTES

DATE_UNKNOWN = Code(
    "I081",
    title=Words("算不出出刊日期", "date of the issue unknown"),
    message=Words("算不出這一期的出刊日期：{reason}", "the date of the new issue can't be told: {reason}"),
    hint=Words("寫出來，例如 --date 2026-12-20", "say it: --date 2026-12-20, for example"),
    why=Words(
        "日期由刊期（雙週刊、月刊……）推算；沒有寫刊期，就看前兩期相隔多久。",
        "It follows from the frequency; without one, from how far apart the last two issues are.",
    ),
)
NUMBER_UNKNOWN = Code(
    "I082",
    title=Words("算不出期號", "number of the issue unknown"),
    message=Words("看不懂上一期的期號「{number}」，不知道下一期是第幾期", "what follows no. {number} is unclear"),
    hint=Words("寫出來，例如 --number 13", "say it: --number 13, for example"),
    why=Words(
        "期號加一；合刊（12、13）與沒有數字的期號，要由編輯決定。",
        "The number grows by one; after a double issue (12/13) the editor decides.",
    ),
)
NO_ISSUE = Code(
    "I083",
    title=Words("不是一期", "not an issue"),
    message=Words("「{name}」沒有{missing}，不能照它做下一期", "{name} has no {missing}; no issue can follow it"),
    hint=Words("先補好上一期（kan check），或用 --from 換一期", "mend it (kan check), or choose another --from"),
    why=Words("新的一期從上一期的刊頭、期號與日期做出來。", "A new issue is made from the masthead of the last."),
)

_TITLE = "journal-meta/journal-title-group/journal-title"

_NO_BRIEFS = "各篇依刊登的次序列在這裡，由 kan import（匯入Word檔）或 kan new（空白文章）加進來。"


_MONTH = re.compile(r"(\d{4})-(\d{2})(?!\d)")
"""A folder named for the month of its issue."""


@dataclass(frozen=True)
class Older:
    """An issue that is there: its source, and what it calls itself."""

    source: Source
    numbered: Numbered

    @property
    def folder(self) -> Path:
        """Its folder."""
        return self.source.path.parent


def new_issue(
    folder: Path,
    *,
    older: Path | None = None,
    published: date | None = None,
    number: str | None = None,
    briefs: int = 0,
) -> Made:
    """The files of a new issue in `folder`, made from `older` or the newest issue beside it, by its date.

    `published` and `number` are those of the new issue, where the editor says them; `briefs` skeletons of briefs
    go with it. Raises `ManuscriptError` for what can't be read or told (I080–I083).
    """
    refuse_existing(folder, [ISSUE_FILE])
    issues, remarks = _issues(folder, older)
    if issues:
        made = _after(folder, issues, published, number, briefs)
    else:
        made = _first(folder, published, number, briefs)
    refuse_existing(folder, made.files)
    return replace(made, remarks=(*made.remarks, *remarks))


def _issues(folder: Path, older: Path | None) -> tuple[list[Older], list[Words]]:
    """The issues of the periodical by their dates, up to the one to follow, and what can't be read."""
    if older is not None:
        last = _older((older if older.name != ISSUE_FILE else older.parent) / ISSUE_FILE)
        beside, _ = _beside(last.folder.absolute().parent, folder)
        before = [each for each in beside if each.numbered.published < last.numbered.published]
        return [*before, last], []
    found, wrong = _beside(folder.absolute().parent, folder)
    if wrong and not found:
        raise ManuscriptError([each for error in wrong for each in error.diagnostics])
    names = "、".join(error.diagnostics[0].place.file.parent.name for error in wrong)
    skipped = Words(f"讀不懂的一期略過了：{names}（kan check 會說原因）", f"skipped, as it can't be read: {names}")
    return found, [skipped] if wrong else []


def _beside(parent: Path, folder: Path) -> tuple[list[Older], list[ManuscriptError]]:
    found: list[Older] = []
    wrong: list[ManuscriptError] = []
    for path in sorted(parent.glob(f"*/{ISSUE_FILE}")):
        if path.parent.resolve() == folder.resolve() or path.parent.name.startswith("."):
            continue
        try:
            found.append(_older(path))
        except ManuscriptError as error:
            wrong.append(error)
    return sorted(found, key=lambda each: (each.numbered.published, each.source.path)), wrong


def _older(path: Path) -> Older:
    source = parse(path)
    meta = source.root.find("issue-meta") if source.root.tag == "issue" else None
    if meta is None or source.root.find("contents") is None:
        found = schema_diagnostics([source], "issue")
        missing = Words(" <issue-meta> 或 <contents>", "<issue-meta> or <contents>")
        raise ManuscriptError(found or [NO_ISSUE.at(Place(path), name=path.parent.name, missing=missing)])
    published = publication_date(source)
    if published is None:
        missing = Words("可用的出刊日期", "possible date")
        raise ManuscriptError([NO_ISSUE.at(source.place(meta), name=path.parent.name, missing=missing)])
    number = meta.find("issue-number")
    if number is None or not (number.text or "").strip() or len(number):
        missing = Words("期號", "number")
        raise ManuscriptError([NO_ISSUE.at(source.place(meta), name=path.parent.name, missing=missing)])
    volume = meta.findtext("volume", "").strip()
    return Older(source, Numbered(volume, (number.text or "").strip(), published))


# After another


def _after(folder: Path, issues: Sequence[Older], published: date | None, number: str | None, briefs: int) -> Made:
    last = issues[-1]
    history = _history(issues)
    published = published or _next_date(last, history)
    volume, new_number = last.numbered.volume, number
    follows = following(history, published)
    if follows is not None:
        volume, new_number = follows[0], number or follows[1]
    if new_number is None:
        place = last.source.place(_found(last.source, "issue-meta/issue-number"))
        raise ManuscriptError([NUMBER_UNKNOWN.at(place, number=last.numbered.number)])
    names = [f"brief-{position}.xml" for position in range(1, briefs + 1)]
    files = {ISSUE_FILE: _issue_file(folder, last.source, Numbered(volume, new_number, published), names)}
    carried, remarks = _carried(last)
    lang = last.source.root.get(LANG) or DEFAULT
    focus = [subject.text or "" for subject in last.source.root.iterfind("issue-meta/focus-categories/subject")]
    files |= carried | {name: brief_skeleton(lang, focus) for name in names}
    remarks = [*_counted(last, Numbered(volume, new_number, published)), *_month(folder, published), *remarks]
    return Made(folder, files, remarks=tuple(remarks))


def _history(issues: Sequence[Older]) -> list[Numbered]:
    """What the issues of the last one's periodical call themselves; a copy of an issue counts once."""
    title = issues[-1].source.root.findtext(_TITLE)
    own = [each.numbered for each in issues if each.source.root.findtext(_TITLE) == title]
    return list({each.published: each for each in own}.values())


def _next_date(last: Older, history: Sequence[Numbered]) -> date:
    frequency = (last.source.root.findtext("issue-meta/frequency") or "").strip()
    found = next_date(frequency, history)
    if found is None:
        zh = f"看不懂刊期「{frequency}」" if frequency else "沒有寫刊期"
        en = f"the frequency {frequency} is not known" if frequency else "no frequency is given"
        reason = Words(f"{zh}，也沒有更早的一期可比", f"{en}, and there is no earlier issue to compare")
        raise ManuscriptError([DATE_UNKNOWN.at(last.source.place(last.source.root), reason=reason)])
    return found


def _issue_file(folder: Path, source: Source, new: Numbered, briefs: Sequence[str]) -> bytes:
    """The `issue.xml` of the last issue, with only number, volume, date and contents changed."""
    number = _found(source, "issue-meta/issue-number")
    edits = [Edit(*_inside(source, number), escape(new.number))]
    volume = source.root.find("issue-meta/volume")
    if volume is not None and (volume.text or "").strip() and new.volume != (volume.text or "").strip():
        edits.append(Edit(*_inside(source, volume), escape(new.volume)))
    day = source.attribute_bytes(_found(source, "issue-meta/pub-date"), "iso-8601-date")
    assert day is not None  # the date has been read from it
    edits.append(Edit(*day, new.published.isoformat()))
    edits.append(_contents(source, briefs))
    made = edited(source, edits)
    parse_bytes(folder / ISSUE_FILE, made)
    return made


def _inside(source: Source, node: etree._Element) -> tuple[int, int]:
    """The bytes of the words of an element that holds nothing but words, without the blanks around them."""
    text = node.text or ""
    start = len(text) - len(text.lstrip())
    return source.text_bytes(node, "text", start, len(text.rstrip()))


def _contents(source: Source, briefs: Sequence[str]) -> Edit:
    """The edit that empties the contents, or lists new briefs there."""
    contents = _found(source, "contents")
    start, end = source.tag_bytes(contents)
    newline = "\r\n" if b"\r\n" in source.data else "\n"
    inside = listed(briefs, newline)
    if source.data[start:end].endswith(b"/>"):
        return Edit(end - 2, end, f">{newline}{inside}{newline}  </contents>")
    return Edit(end, content_end(source, contents), f"{newline}{inside}{newline}  ")


def listed(briefs: Sequence[str], newline: str = "\n") -> str:
    """What stands in the contents of a new issue."""
    if not briefs:
        return f"    <!-- {_NO_BRIEFS} -->"
    return newline.join(f'    <brief href="{brief}"/>' for brief in briefs)


def content_end(source: Source, element: etree._Element) -> int:
    """The offset in `data` before the end tag of an element that has one."""
    inside = [source.tag_bytes(node)[1] for node in element.iter()]
    return source.data.index(f"</{element.tag!s}".encode(), max(inside))


def _found(source: Source, path: str) -> etree._Element:
    found = source.root.find(path)
    assert found is not None  # `_older` has looked
    return found


_CARRIED = (
    ("issue-meta/cover-picture", Words("封面圖", "cover picture")),
    ("issue-meta/note-style", Words("註釋體例", "note style")),
)
"""What of an issue may be a file, and is carried on with it."""

_VOCABULARY = Words("用詞表", "vocabulary")
_COPIED = Words("{what}照抄上一期的 {href}", "{what}: {href} copied from the last issue")
_NOT_COPIED = Words("找不到{what} {href}，沒有抄過來", "no {what} {href} to copy")
_COVER = Words(
    "每期的封面不同的話，請換圖，並改寫 cover-picture 的替代文字",
    "if each issue has its own cover, replace the picture and its alternative text",
)
_GPN = Words("GPN照抄上一期：每期不同的話請改", "the GPN is carried on: change it if each issue has its own")


def _carried(last: Older) -> tuple[dict[str, bytes], list[Words]]:
    """The files of the last issue that its `issue.xml` names or that belong to all its briefs, and what to say."""
    files: dict[str, bytes] = {}
    remarks: list[Words] = []
    meta = [(last.source.root.find(path), what) for path, what in _CARRIED]
    named = [(node.get("href", ""), what) for node, what in meta if node is not None]
    for href, what in (*named, (VOCABULARY_FILE, _VOCABULARY)):
        path = within(last.folder, href)
        if path is not None and path.is_file() and path.stat().st_size <= MAX_PICTURE_BYTES:
            files[href] = path.read_bytes()
            remarks.append(_COPIED.fill({"what": what, "href": href}))
        elif href and what is not _VOCABULARY:
            remarks.append(_NOT_COPIED.fill({"what": what, "href": href}))
    if last.source.root.find("issue-meta/cover-picture") is not None:
        remarks.append(_COVER)
    if last.source.root.find("issue-meta/gpn") is not None:
        remarks.append(_GPN)
    return files, remarks


def _counted(last: Older, new: Numbered) -> list[Words]:
    """What was made of what, and where the editor should look again."""
    old = last.numbered
    zh = f"依「{last.folder.name}」（{_named(old)}）做成{_named(new)}"
    remarks = [
        Words(
            zh,
            f"no. {new.number}, {new.published}, made from {last.folder.name} (no. {old.number}, {old.published})",
        )
    ]
    if new.published <= old.published:
        remarks.append(
            Words(
                "出刊日期沒有晚於上一期，請再看一次",
                "the date is not later than that of the last: look again",
            )
        )
    if old.volume and new.volume == old.volume and new.published.year != old.published.year:
        remarks.append(
            Words(
                f"跨了年，卷仍是{new.volume}：換卷請改 <volume>",
                f"a new year, still volume {new.volume}: look again",
            )
        )
    return remarks


def _month(folder: Path, published: date) -> list[Words]:
    """A remark where the name of the folder (2027-03) says another month than the date."""
    name = folder.absolute().name
    if not (found := _MONTH.match(name)) or (int(found[1]), int(found[2])) == (published.year, published.month):
        return []
    return [
        Words(
            f"資料夾叫「{name}」，出刊日期卻是{published}：不對就改 <pub-date>，或刪掉資料夾，加 --date 再做",
            f"the folder is called {name}, the date is {published}: mend <pub-date>, or begin again with --date",
        )
    ]


def _named(issue: Numbered) -> str:
    volume = f"第{issue.volume}卷" if issue.volume else ""
    number = issue.number if any(word in issue.number for word in "第期號") else f"第{issue.number}期"
    return f"{volume}{number}，{issue.published}"


# The first


def _first(folder: Path, published: date | None, number: str | None, briefs: int) -> Made:
    if published is None:
        parent = folder.absolute().parent.name
        reason = Words(
            f"「{parent}」裡沒有別的一期可以照著做（在別處就用 --from）",
            f"there is no other issue in {parent} to follow (elsewhere: use --from)",
        )
        raise ManuscriptError([DATE_UNKNOWN.at(Place(folder / ISSUE_FILE), reason=reason)])
    names = [f"brief-{position}.xml" for position in range(1, briefs + 1)]
    issue = skeleton(
        "issue.xml.j2",
        number=number or "1",
        published=published.isoformat(),
        contents=Markup(listed(names)),
    )
    parse_bytes(folder / ISSUE_FILE, issue)
    files = {ISSUE_FILE: issue, **{name: brief_skeleton(DEFAULT, ()) for name in names}}
    remark = Words(
        "旁邊沒有舊的一期，做了一個空白的骨架：〔〕裡的字要換掉",
        "there is no older issue beside it, so this is a skeleton: replace the words in 〔〕",
    )
    return Made(folder, files, remarks=(remark,))

"""House styles: how a periodical words its notes, read from a TOML file.

The styles that come with kan are in `layouts/notes/`, with every key explained in `biweekly.toml`. An issue
names its style in `issue.xml`: `<note-style>ntu-law</note-style>` in `issue-meta`, or a file of its own with
`<note-style href="notes.toml"/>`. Without either the style holds that the profile of its language names
(`biweekly` in Taiwan). A brief in another language than the issue has the style of its own language.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cache
from pathlib import Path

from pipeline import profiles
from pipeline.diagnostics import Code, Diagnostic, ManuscriptError, Place, Words
from pipeline.layout import LAYOUTS
from pipeline.manuscript import ISSUE_FILE, within
from pipeline.parse import LANG, Source, parse, read

STYLES = LAYOUTS / "notes"
DEFAULT = "biweekly"

_GAP = re.compile(r"\{([^{}]*)\}")
_GAPS = {
    "previous": set[str](),
    "previous-named": {"name", "author", "title"},
    "earlier": {"number", "name", "author", "title"},
    "several": {"number", "name", "author", "title"},
    "see": {"number"},
    "locator": {"pages"},
    "locators": {"pages"},
    "article": {"title"},
    "book": {"title"},
    "others": {"name"},
}
"""The gaps that the words of each key may have; other words have none."""
_NEEDED = {"earlier": "number", "several": "number", "see": "number", "locator": "pages", "locators": "pages",
           "article": "title", "book": "title", "others": "name"}  # fmt: skip
"""The gap without which the words of a key would not say where to look."""
_MAY_BE_EMPTY = {"previous-named", "comma"}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff]")

UNKNOWN_STYLE = Code(
    "N101",
    title=Words("沒有這個註釋體例", "no such note style"),
    message=Words("沒有「{name}」這個註釋體例", "there is no note style {name}"),
    hint=Words("有：{known}；或用 href 指向這一期資料夾裡的檔案", "there are: {known}; or name a file with href"),
    why=Words(
        "「同前註」怎麼寫，由體例決定；找不到體例就不能印。", "The style decides how notes refer to each other."
    ),
    bad="<note-style>ntu</note-style>",
    good="<note-style>ntu-law</note-style>",
)
BROKEN_STYLE = Code(
    "N102",
    title=Words("註釋體例的檔案讀不懂", "note style that can't be read"),
    message=Words("這個註釋體例有錯：{reason}", "this note style is wrong: {reason}"),
    hint=Words(
        "對照 layouts/notes/biweekly.toml，每個鍵都有說明",
        "compare layouts/notes/biweekly.toml, which explains each key",
    ),
    why=Words(
        "體例檔少一個鍵，就有一種註不知道怎麼寫。", "A style has to say how each kind of reference is worded."
    ),
    bad='[zh]\nearlier = "同註{numer}"',
    good='[zh]\nearlier = ["同註{number}"]',
)


@dataclass(frozen=True, slots=True)
class Marks:
    """How works with East Asian names and titles are called; Western ones are called the same everywhere.

    `article` and `book` set a title in its marks, `between` joins two authors, `others` stands for more.
    """

    article: str = "〈{title}〉"
    book: str = "《{title}》"
    between: str = "、"
    others: str = "{name}等"


CHINESE = Marks()


@dataclass(frozen=True, slots=True)
class Wording:
    """How notes in one language refer to each other; the keys of a table in a style file.

    `previous`: the source of the note just before. `previous_named`: the same with notes on other sources
    between, empty where that is not done. `earlier`: the source of a note before that. `several`: one of the
    sources of a note that has several. `see`: a pointer to a note. Of `earlier` and `several` the first form
    holds whose gaps can be filled. The four switches say whether `previous` may be written across notes that
    only comment, across notes that refer to the same source, for all the sources of one note, and behind
    another source in the same note. `locator`, `locators`: one page, and several; `range` between two pages.
    `joiner` stands between two sources, `stop` at the end of a note.

    A file may leave out the rest: `comma`, between author and title (empty: as the joiner is, Western or not),
    and the `Marks` of titles and names.
    """

    previous: str
    previous_named: str
    earlier: tuple[str, ...]
    several: tuple[str, ...]
    see: str
    across_commentary: bool
    across_references: bool
    after_several: bool
    second_in_note: bool
    locator: str
    locators: str
    range: str
    joiner: str
    stop: str
    comma: str = ""
    article: str = CHINESE.article
    book: str = CHINESE.book
    between: str = CHINESE.between
    others: str = CHINESE.others

    @property
    def marks(self) -> Marks:
        """How works are called in these words."""
        return Marks(self.article, self.book, self.between, self.others)


@dataclass(frozen=True)
class HouseStyle:
    """A periodical's way with notes: its wording by language (zh, en …; the first serves for all others).

    `issue_lang` is the language of the issue that chose it, empty where it holds whatever the language.
    """

    name: str
    author_note: str
    wordings: Mapping[str, Wording]
    issue_lang: str = field(default="", compare=False)

    def language(self, lang: str) -> str:
        """The language of the table for a note in `lang` (BCP 47)."""
        primary = profiles.primary(lang)
        return primary if primary in self.wordings else next(iter(self.wordings))


def house_style(issue: Source | None, folder: Path) -> HouseStyle:
    """The style an issue names. Raises `ManuscriptError` when there is none of that name, or it is wrong.

    `folder` is the folder of the issue: a style of its own has to be inside.
    """
    named = issue.root.find("issue-meta/note-style") if issue is not None else None
    lang = (issue.root.get(LANG) if issue is not None else None) or profiles.DEFAULT
    if issue is None or named is None:
        return replace(shipped(profiles.profile(lang).note_style), issue_lang=lang)
    href = named.get("href")
    if href is not None:
        path = within(folder, href)
        if path is None:
            reason = Words(f"「{href}」不在這一期的資料夾裡", f"{href} does not lie in the folder of the issue")
            raise ManuscriptError([BROKEN_STYLE.at(issue.attribute_place(named, "href"), reason=reason)])
        return replace(read_style(path), issue_lang=lang)
    name = (named.text or "").strip()
    if name not in style_names():
        raise ManuscriptError([UNKNOWN_STYLE.at(issue.place(named), name=name, known=_known())])
    return replace(shipped(name), issue_lang=lang)


def style_in(style: HouseStyle | None, lang: str) -> HouseStyle:
    """The style for a brief in `lang`: the issue's where its language has the same default, else its own."""
    own = profiles.profile(lang).note_style
    if style is not None and (not style.issue_lang or profiles.profile(style.issue_lang).note_style == own):
        return style
    return shipped(own)


def style_for(brief: Source, name: str | None = None) -> HouseStyle:
    """The style for one brief: the one of that name, or that of the issue in whose folder it lies.

    Raises `ManuscriptError`, as `house_style` does.
    """
    if name is not None:
        if name not in style_names():
            raise ManuscriptError([UNKNOWN_STYLE.at(brief.place(brief.root), name=name, known=_known())])
        return shipped(name)
    folder = brief.path.absolute().parent
    beside = folder / ISSUE_FILE
    return house_style(parse(beside) if beside.is_file() else None, folder)


@cache
def shipped(name: str) -> HouseStyle:
    """A style that comes with kan."""
    return read_style(STYLES / f"{name}.toml")


def read_style(path: Path) -> HouseStyle:
    """Read a style file. Raises `ManuscriptError` with everything wrong with it."""
    data = read(path)
    try:
        text = data.decode("utf-8-sig")
        document = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+), column (\d+)", str(error))
        at = (int(line[1]), int(line[2])) if line else (1, 1)
        reason = Words(f"不是TOML：{error}", f"not TOML: {error}")
        raise ManuscriptError([BROKEN_STYLE.at(Place(path, *at, *at), reason=reason)]) from error
    return _Reader(path, text).style(document)


class _Reader:
    """Checks one document, collecting what is wrong with it."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.found: list[Diagnostic] = []

    def style(self, document: Mapping[str, object]) -> HouseStyle:
        name = self.text(document, "name", "", self.path.stem)
        author_note = self.text(document, "author-note", "", "*")
        wordings = {}
        for key, table in document.items():
            if isinstance(table, dict) and not re.fullmatch("[a-z]{2,3}", key):
                reason = Words(f"[{key}] 不是語言：寫 [zh]、[en]", f"[{key}] is no language: write [zh], [en]")
                self.wrong("", key, reason)
            elif isinstance(table, dict):
                wordings[key] = self.wording(key, table)
            elif key not in ("name", "author-note"):
                self.wrong(key, "", Words(f"沒有「{key}」這個鍵", f"there is no key {key}"))
        if not wordings:
            self.wrong("", "", Words("沒有任何語言的表，例如 [zh]", "no table of a language, such as [zh]"))
        if self.found:
            raise ManuscriptError(self.found)
        return HouseStyle(name, author_note, wordings)

    def wording(self, language: str, table: Mapping[str, object]) -> Wording:
        known = {each.name.replace("_", "-"): each for each in fields(Wording)}
        for key in table.keys() - known.keys():
            self.wrong(key, language, Words(f"沒有「{key}」這個鍵", f"there is no key {key}"))
        values: dict[str, object] = {}
        for key, each in known.items():
            if each.type is bool:
                values[each.name] = self.switch(table, key, language)
            elif each.type is str:
                default = each.default if isinstance(each.default, str) else None
                values[each.name] = self.text(table, key, language, default)
            else:
                values[each.name] = self.forms(table, key, language)
        return Wording(**values)  # type: ignore[arg-type]

    def switch(self, table: Mapping[str, object], key: str, language: str) -> bool:
        value = table.get(key, MISSING)
        if not isinstance(value, bool):
            self.wrong(key, language, Words(f"「{key}」要寫 true 或 false", f"{key} is true or false"))
        return value is True

    def text(self, table: Mapping[str, object], key: str, language: str, default: str | None = None) -> str:
        value = table.get(key, default)
        if not isinstance(value, str):
            self.wrong(key, language, Words(f"「{key}」要寫一個字串", f"{key} is one string"))
            return ""
        self.check_gaps(value, key, language)
        return value

    def forms(self, table: Mapping[str, object], key: str, language: str) -> tuple[str, ...]:
        value = table.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(form, str) for form in value):
            self.wrong(key, language, Words(f"「{key}」要寫一串字串：[…]", f"{key} is a list of strings"))
            return ()
        for form in value:
            self.check_gaps(form, key, language)
        return tuple(value)

    def check_gaps(self, form: str, key: str, language: str) -> None:
        if not form and key not in _MAY_BE_EMPTY:
            self.wrong(key, language, Words(f"「{key}」不能空白", f"{key} can't be empty"))
        elif key in _NEEDED and f"{{{_NEEDED[key]}}}" not in form:
            gap = f"{{{_NEEDED[key]}}}"
            self.wrong(key, language, Words(f"「{key}」裡要有「{gap}」", f"{key} needs {gap}"))
        if _CONTROLS.search(form):
            self.wrong(key, language, Words(f"「{key}」裡有看不見的字元", f"{key} has an invisible character"))
        allowed = _GAPS.get(key, set())
        for gap in set(_GAP.findall(form)) - allowed:
            self.wrong(key, language, Words(f"「{key}」裡不能有「{{{gap}}}」", f"{key} can't have {{{gap}}}"))
        if re.search("[{}]", _GAP.sub("", form)):
            self.wrong(key, language, Words(f"「{key}」的大括號不成對", f"{key} has a brace without its other"))

    def wrong(self, key: str, table: str, reason: Words) -> None:
        line = self.line_of(key, table)
        self.found.append(BROKEN_STYLE.at(Place(self.path, line, 1, line, 1), reason=reason))

    def line_of(self, key: str, table: str) -> int:
        """The line of a key, else of its table, else the first: tomllib gives no places."""
        inside, best = "", 1
        for number, line in enumerate(self.lines, start=1):
            head = re.match(r"\s*\[\s*\"?([\w-]+)\"?\s*\]", line)
            if head:
                inside = head[1]
                best = number if inside == table else best
            elif inside == table and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
                return number
        return best


def style_names() -> list[str]:
    """The styles that come with kan."""
    return sorted(path.stem for path in STYLES.glob("*.toml"))


def _known() -> str:
    return "、".join(style_names())

"""People: what the line of an author says: names, the units beside them, and what else each person did."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.citations import names
from pipeline.importing.recognise.characters import BLANKS

_BLANK = f"[{BLANKS}]"
_HAN = "\u3400-\u9fff"
_APART = "，,／/、|｜│"
"""What stands between two names or between a name and a unit, besides blanks."""
_ROMANISED = re.compile(rf"{_BLANK}*[（(]([A-Za-z][A-Za-z .'’‑-]+)[)）]")
_TRANSLITERATED = re.compile(f"[{_HAN}]{{1,6}}(?:[‧．·・•][{_HAN}]{{1,8}})+")
POSITION = re.compile(
    r"(?:(?:助理|副|特聘|講座|客座|兼任|助|資深|首席)?(?:研究員|教授|講師)|研究助理|助理|博士後研究員?|博士(?:候選人|生|班研究生)?|碩士(?:生|班研究生)?|主任|所長|院長|組長"
    r"|編輯|記者|顧問|執行長|秘書長|處長|科長|上校|中校|少校|少將|中將|分析師|研究生|政策分析員|副所長|代理所長)"
)
UNIT = re.compile(
    r"(?:大學|學院|學系|研究院|研究所|研究中心|中心|研究室|室|學?社|院|所|系|組|部|局|處|會|署|基金會|協會|公司|報社|委員會|辦公室|學會|智庫|編輯部|University|Institute|Department|College|Center)"
)
UNIT_END = re.compile(f"(?:{UNIT.pattern}|{POSITION.pattern})$")
_WRITES = (
    *("圖文", "文圖", "文‧圖", "文·圖", "文／圖", "文/圖", "圖／文", "圖/文", "文字", "文"),
    *(
        "撰文者",
        "撰文",
        "撰稿人",
        "撰稿",
        "特約撰述",
        "特約撰稿",
        "特約作者",
        "撰述",
        "執筆人",
        "執筆",
        "作者",
        "撰",
    ),
    *("著", "合著", "合撰", "編著", "記者", "by"),
)
_TELLS = ("口述", "主講", "採訪整理", "採訪", "訪談", "整理", "紀錄", "記錄", "編譯", "報導")
"""Who does this is an author as well; what they did has no place in a brief."""
_DRAWS = (
    *("圖片", "圖表", "圖", "攝影", "攝", "照片", "插畫", "插圖", "繪圖", "製圖", "美編"),
    *("譯者", "翻譯", "譯", "審訂", "校訂", "審校"),
)
"""Who does this is no author."""


def _any(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_ROLES = [*_WRITES, *_TELLS, *_DRAWS]
_LEAD = re.compile(
    rf"(?<![^{BLANKS}／/；;，,、|｜│])(?:(?P<role>{_any(_ROLES)}){_BLANK}*[:：／/|｜│‧·．]"
    rf"|(?P<word>{_any([role for role in _ROLES if len(role) > 1])}){_BLANK}){_BLANK}*",
    re.IGNORECASE,
)
"""A role before names: 文／王大明　圖／李小美."""
_BEHIND = re.compile(
    rf"(?P<who>[^／/|｜│]+?)(?:{_BLANK}*[／/|｜│]{_BLANK}*|{_BLANK}+)(?P<role>{_any(_ROLES)})(?={_BLANK}|[{_APART}]|$)"
    rf"[{BLANKS}{_APART}]*"
)
"""A role behind names: 王大明　著."""
_REPORTER = re.compile(
    rf"(?:本報|特約|駐[{_HAN}]{{2,4}})?記者{_BLANK}*(?P<name>[{_HAN}]{{2,4}})(?:[／/{BLANKS}]+(?P<rest>[{_HAN}]{{2,6}}))?"
)
_GROUP = re.compile(r"(?P<names>[^（()）]+)[（(](?P<unit>[^（()）]*)[)）]")


@dataclass(frozen=True, slots=True)
class Person:
    """A name and the unit beside it: `shared` if it was typed beside another name, `sure` if it plainly is one."""

    name: str
    unit: str = ""
    shared: bool = False
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors of a line, and the words of it that have no place in a brief: 攝影／李小美."""

    people: tuple[Person, ...] = ()
    left: tuple[str, ...] = ()


def byline(words: str) -> Byline:
    """What the line of an author says; nothing where a part of it is neither a person nor a unit nor a role."""
    words = words.strip(BLANKS + _APART)
    if framed := re.fullmatch(r"[〔【\[]([^〔【\[\]】〕]+)[】〕\]]", words):
        words = framed[1].strip(BLANKS)
    if not words or len(words) > 80 or re.search("[。！？]", words):
        return Byline()
    if re.fullmatch(f"[{_HAN}]{{2,3}}", re.sub(f"{_BLANK}+", "", words)) and (name := person(words)):
        return Byline((Person(name),))
    for read in (_with_leads, _with_roles_behind, _reporter):
        if found := read(words):
            return found
    return Byline(tuple(_people(words)))


def marked(pieces: Sequence[str]) -> Byline:
    """The authors between superscripts or stars: 王大明¹　李小美²."""
    kept = [piece for each in pieces if (piece := each.strip(BLANKS + _APART))]
    people = [person(piece) for piece in kept]
    return Byline(tuple(map(Person, people))) if len(people) > 1 and all(people) else Byline()


def _with_leads(words: str) -> Byline | None:
    leads = list(_LEAD.finditer(words))
    if not leads:
        return None
    people = _people(words[: leads[0].start()].strip(BLANKS + _APART + "；;"))
    if leads[0].start() and not people:
        return None
    left: list[str] = []
    for lead, following in zip(leads, [*leads[1:], None], strict=True):
        end = following.start() if following else len(words)
        stretch = words[lead.end() : end].strip(BLANKS + _APART + "；;")
        role = (lead["role"] or lead["word"]).lower()
        if role in _DRAWS:
            left.append(words[lead.start() : end].strip(BLANKS + _APART + "；;"))
            continue
        found = _people(stretch)
        if not found:
            return None
        people += found
        left += [role] if role in _TELLS else []
    return Byline(tuple(people), tuple(left))


def _with_roles_behind(words: str) -> Byline | None:
    people: list[Person] = []
    left: list[str] = []
    at = 0
    while at < len(words):
        found = _BEHIND.match(words, at)
        named = _people(found["who"].strip(BLANKS + _APART)) if found else []
        if not found or not named:
            return None
        if found["role"] in _DRAWS:
            left.append(found[0].strip(BLANKS + _APART))
        else:
            people += named
            left += [found["role"]] if found["role"] in _TELLS else []
        at = found.end()
    return Byline(tuple(people), tuple(left))


def _reporter(words: str) -> Byline | None:
    found = _REPORTER.fullmatch(words)
    if not found or not person(found["name"]):
        return None
    return Byline((Person(found["name"]),), (found["rest"],) if found["rest"] else ())


def is_unit(words: str) -> bool:
    """Whether words have the word of a unit or of a position."""
    words = words.strip(BLANKS)
    return (
        2 <= len(words) <= 60
        and bool(UNIT.search(words) or POSITION.search(words))
        and not re.search("[。；]", words)
    )


def person(words: str) -> str:
    """A name without the blanks typed between its characters; empty where the words are no person."""
    joined = re.sub(f"{_BLANK}+", "", words)
    if re.fullmatch("[^\\x00-\\x7f]{2,4}", joined) and names.kind(joined) == "person":
        return joined
    words = words.strip(BLANKS)
    return words if len(words) > 4 and names.kind(words) == "person" and not is_unit(words) else ""


def without_romanised(words: str) -> tuple[str, str]:
    """The words of an author line without the name in Latin letters beside the one name, and that name."""
    if found := re.fullmatch(
        rf"([A-Za-z][A-Za-z .'’‑-]+?){_BLANK}*[（(]([{_HAN}]{{2,4}})[)）]", words.strip(BLANKS)
    ):
        both = person(found[2]) and not is_unit(found[2]) and names.kind(found[1]) == "person"
        return (found[2], found[1]) if both else (words, "")
    found = _ROMANISED.search(words)
    if found is None or not person(words[: found.start()]) or names.kind(found[1].strip()) != "person":
        return words, ""
    rest = f"{words[: found.start()]} {words[found.end() :]}"
    return (rest, found[1].strip()) if len(byline(rest).people) == 1 else (words, "")


def is_odd(name: str) -> bool:
    """Whether a name has marks, or parts of lengths that no Chinese name has, so that it hardly is one."""
    if re.search("[（()）【】〔〕:：／/]", name):
        return True
    parts = [part for part in re.split(f"{_BLANK}+", name) if part]
    han = len(parts) == 2 and all(re.fullmatch(f"[{_HAN}]+", part) for part in parts)
    return han and (len(parts[0]) > 2 or len(parts[1]) > 3)


def _people(words: str) -> list[Person]:
    """The authors in words without roles, each with the unit typed beside it; none where a part is neither."""
    words = words.strip(BLANKS + _APART)
    if not words or re.search("[；：:]", words):
        return []
    apart = [part for part in re.split(f"{_BLANK}+", words) if part]
    if len(apart) > 1 and all(len(part) == 3 and person(part) for part in apart):
        return [Person(part) for part in apart]
    if name := person(words):
        return [Person(name)]
    if _TRANSLITERATED.fullmatch(words):
        return [Person(words)]
    if re.search("[（(]", words):
        return _with_units_in_brackets(words)
    if together := _before_one_unit(words):
        return together
    apart = [part for part in re.split(f"{_BLANK}{{2,}}", words) if part]
    if len(apart) > 1 and all(map(person, apart)):
        return [Person(person(part)) for part in apart]
    return _listed(words) or _beside_unit(words) or _with_position(words)


def _with_units_in_brackets(words: str) -> list[Person]:
    """王大明（單位）、李小美（單位）; two names before one bracket share what it says."""
    made: list[Person] = []
    at = 0
    for found in _GROUP.finditer(words):
        typed = [part for part in re.split("[、，,；;和與及／/]", found["names"].strip(BLANKS + _APART)) if part]
        unit = found["unit"].strip(BLANKS)
        known = is_unit(unit)
        if not known and person(unit):  # another name of the same person
            return []
        if words[at : found.start()].strip(BLANKS + _APART) or not typed or not (known or _may_be_unit(unit)):
            return []
        for place, each in enumerate(typed):
            joined = re.sub(f"{_BLANK}+", "", each)
            foreign = joined if _TRANSLITERATED.fullmatch(joined) or _is_unknown(joined, unit) else ""
            name = person(each) or foreign
            if not name:
                return []
            made.append(Person(name, unit, place > 0, known and len(typed) == 1))
        at = found.end()
    rest = words[at:].strip(BLANKS + _APART)
    more = _listed(rest) or ([Person(person(rest))] if person(rest) else [])
    return [] if rest and not more else [*made, *more]


def _may_be_unit(words: str) -> bool:
    return 2 <= len(words) <= 12 and not re.search("[。！？：:]", words)


def _before_one_unit(words: str) -> list[Person]:
    """王大明、李小美，單位."""
    found = re.fullmatch(r"(.+[、與和].+?)[，,；;](?P<unit>[^、，,；;]+)", words)
    if not found or not is_unit(found["unit"]):
        return []
    together = [person(part) for part in re.split("[、與和]", found[1])]
    unit = found["unit"].strip(BLANKS)
    return [Person(each, unit, place > 0) for place, each in enumerate(together)] if all(together) else []


def _listed(words: str) -> list[Person]:
    """Names with marks between them; beside a name that is known, three characters are one as well."""
    parts = [part.strip(BLANKS) for part in re.split(r"[、，,／/]|\s+(?:與|和|and|&)\s+", words)]
    several = [person(part) for part in parts]
    if (
        len(several) > 1
        and any(several)
        and all(
            name or (re.fullmatch(f"[{_HAN}]{{3}}", part) and not UNIT_END.search(part))
            for name, part in zip(several, parts, strict=True)
        )
    ):
        return [Person(name or part) for name, part in zip(several, parts, strict=True)]
    several = [person(part) for part in re.split(r"[、，,／/]|與|和", words)]
    return [Person(name) for name in several] if len(several) > 1 and all(several) else []


def _beside_unit(words: str) -> list[Person]:
    """A name before or behind its unit, with a blank or a mark between."""
    parts = [part for part in re.split(f"[{BLANKS}，,／/|｜│]+", words) if part]
    people = [at for at, part in enumerate(parts) if person(part)]
    if len(parts) > 1 and len(people) == len(parts):
        return [Person(person(part)) for part in parts]
    if len(parts) > 1 and len(people) == 1 and people[0] in (0, len(parts) - 1):
        rest = [part for at, part in enumerate(parts) if at != people[0]]
        known = all(map(is_unit, rest)) or is_unit("".join(rest))
        if len(rest) == 1 or known:
            return [Person(person(parts[people[0]]), _stretch(words, rest), sure=known)]
    if len(parts) == 2 and not people:
        pairs = ((parts[0], parts[1]), (parts[1], parts[0]))
        return [Person(name, unit) for name, unit in pairs if _is_unknown(name, unit)][:1]
    return []


def _is_unknown(name: str, unit: str) -> bool:
    """Whether words beside a unit are a name, though its surname is not known."""
    return bool(UNIT_END.search(unit) and re.fullmatch(f"[{_HAN}]{{2,4}}", name) and not UNIT_END.search(name))


def _with_position(words: str) -> list[Person]:
    """The author and the position, typed without a blank: 研究所助理研究員王大明, 王大明教授."""
    for position in reversed(list(POSITION.finditer(words))):
        if name := person(words[position.end() :]):
            return [Person(name, words[: position.end()].strip(BLANKS))]
    found = re.fullmatch(f"(?P<name>[{_HAN}]{{3}})(?P<unit>{POSITION.pattern})", words)
    return [Person(found["name"], found["unit"])] if found and person(found["name"]) else []


def _stretch(words: str, parts: Sequence[str]) -> str:
    """From the first to the last of the parts, as typed."""
    start = words.find(parts[0])
    return words[start : words.rfind(parts[-1]) + len(parts[-1])].strip(BLANKS)

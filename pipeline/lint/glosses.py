"""Rules about glosses 名（Name）, abbreviations, and short forms that are declared (以下簡稱…)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.abbreviations import WELL_KNOWN
from pipeline.lint.foreign_names import DOT, ENDS_IN_SOUNDS, PLACES, are_sounds
from pipeline.lint.own_words import FUNCTION, HAN, OwnWords, Spot, own_words
from pipeline.lint.practice import practice
from pipeline.lint.reading import OWN, Reading
from pipeline.lint.rules import Finding, rule
from pipeline.lint.synonyms import KNOWN

_LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"
_GLOSS = re.compile(
    rf"(?P<open>[（(])(?P<inside>(?:英文|英語|以下簡稱|簡稱|即)?[：:「]?[{_LATIN}][^（）()。！？\n\ufffc]{{1,150}})[）)]"
)
_FOREIGN = re.compile(rf"[{_LATIN}0-9 .,，;；:：、'’‘“”\"&/+\-–—‑·]+")
_PARTS = re.compile(r"\s*[,，;；、]\s*")
_ABBREVIATION = re.compile(r"[A-Z][A-Za-z0-9&.+/-]{0,9}")
_WORD = re.compile(rf"[{_LATIN}][{_LATIN}’'.\-‑]*")
_RUN = re.compile(rf"[{HAN}{DOT}]{{1,24}}\Z")
_LONGEST_RUN = 24
_APART = re.compile(r"[「《『]([^「」《》『』\n]{1,40})[」》』]\Z")
_PROSE = ("body", "note")
_MOST_ALIKE = 10
_MOST_TERMS = 60
"""Beyond so many a text is no brief, and each would be another search through all of it."""
_ONCE = Words(
    "原文附註一次就夠，附在首見處；一附再附，讀者會以為是另一個人或另一個地方。",
    "A name is glossed once, where it first occurs; a second gloss looks like a second thing.",
)


@dataclass(frozen=True, slots=True)
class Gloss:
    """A gloss: 韓國國家情報院（National Intelligence Service, NIS）.

    `spot` is the bracket with its content. `before` is the run of Han before it, `term` the part of it that is
    certainly the term, which can't always be told. `name` is the foreign name, `short` its abbreviation; either
    may be empty. `short_first`: the abbreviation stands before the name. `key`: the name without what doesn't
    matter: capitals, points, a leading “the”.
    """

    spot: Spot
    inside: str
    before: str
    term: str
    name: str
    short: str
    short_first: bool
    key: str
    rank: tuple[int, int, int, int]
    in_note: bool


def _plain(name: str) -> str:
    return re.sub(r"^the ", "", re.sub(r"[.’'\-‑ ]+", " ", name.casefold()).strip())


@lru_cache(maxsize=64)
def glosses(brief: Reading) -> tuple[Gloss, ...]:
    """The glosses in the text and the notes of a brief, as a reader meets them."""
    words = own_words(brief)
    found = (_gloss(words, bracket) for bracket in _GLOSS.finditer(words.text))
    return tuple(sorted((gloss for gloss in found if gloss is not None), key=lambda gloss: gloss.rank))


def _gloss(words: OwnWords, bracket: re.Match[str]) -> Gloss | None:
    passage, _ = words.at(bracket.start())
    if passage.kind not in _PROSE:
        return None
    inside = re.sub(r"^(?:英文|英語|以下簡稱|簡稱|即)?[：:]?", "", bracket["inside"])
    if not _FOREIGN.fullmatch(inside) or re.search(r"\d{4}", inside):
        return None
    before, term = _term_before(words, bracket.start(), inside)
    if not before:
        return None
    name, short, short_first = _parts(inside)
    if not name and not short:
        return None
    rank = words.rank(bracket.start())
    in_note = passage.note is not None
    return Gloss(bracket.span(), inside, before, term, name, short, short_first, _plain(name), rank, in_note)


def _parts(inside: str) -> tuple[str, str, bool]:
    """The name and the abbreviation of a gloss, and whether the abbreviation comes first."""
    parts = [part for part in _PARTS.split(inside.strip()) if part]
    if len(parts) > 2 or not parts:
        return "", "", False
    short = [part for part in parts if _is_abbreviation(part)]
    names = [part for part in parts if part not in short]
    if len(short) > 1 or len(names) > 1 or not all(len(re.findall(f"[{_LATIN}]", name)) > 2 for name in names):
        return "", "", False
    return "".join(names), "".join(short), bool(short and names and parts[0] is short[0])


def _is_abbreviation(part: str) -> bool:
    """Whether a part is written in capitals, all or at least half: NIS, DoD, but not TikTok."""
    capitals = len(re.findall("[A-Z]", part))
    return _ABBREVIATION.fullmatch(part) is not None and capitals > 1 and 2 * capitals >= len(part)


def _term_before(words: OwnWords, at: int, inside: str) -> tuple[str, str]:
    """The Han before a bracket, and the term as far as its beginning can be told."""
    passage, index = words.at(at)
    text = passage.text[max(0, index - 2 * _LONGEST_RUN) : index]
    apart = _APART.search(text)
    if apart:
        return apart[1], apart[1]
    run = _RUN.search(words.text[max(0, at - _LONGEST_RUN) : at])
    if run is None:
        return "", ""
    before = run[0]
    sounds = ENDS_IN_SOUNDS.search(before)
    ends = (before[-length:] for length in range(min(len(before), 8), 1, -1))
    known = next((end for end in ends if end in KNOWN or end in PLACES), "")
    if known:
        return before, known
    if sounds and inside[:1].isupper():
        return before, sounds[0]
    return before, _after_grammar(before)


_OFFICE = re.compile(
    "^.*(?:總統|總理|首相|主席|大臣|部長|外長|防長|財長|議長|議員|司令|發言人|大使|代表|總裁|執行長|教授|記者)"
)
_GRAMMAR = re.compile(f"^.*[{FUNCTION}]")
_JOINING = re.compile(f"^.*[的之與和及暨或](?=[{HAN}]*$)")
_DEED = re.compile(
    "^(?:訪問|參加|加入|成立|舉行|召開|簽署|推動|通過|提出|發布|公布|採取|使用|以及|包括|例如|稱為|所謂|前往)"
)


def _after_grammar(before: str) -> str:
    """What is left of a run without what can't belong to a name: grammar, verbs, offices.

    Nothing, where a word that joins may be part of the name: 工業與安全局.
    """
    office = _OFFICE.match(before)
    if office is None and _JOINING.match(before):
        return ""
    for pattern in (_GRAMMAR, _DEED, _OFFICE):
        before = pattern.sub("", before)
    return before


def _shared(one: str, other: str) -> str:
    """What two strings have in common at their end."""
    length = 0
    while length < min(len(one), len(other)) and one[-length - 1] == other[-length - 1]:
        length += 1
    return one[len(one) - length :]


def _is_one_term(one: Gloss, other: Gloss) -> bool:
    """Whether two glosses explain one Chinese term: their ends agree, and no sound before them differs."""
    shared = _shared(one.before, other.before)
    if not shared:
        return False
    first, second = (each.before[: -len(shared)][-1:] for each in (one, other))
    if first and second and are_sounds(first + second + shared[0]):
        return False
    if one.term != other.term and {one.term, other.term} <= KNOWN.keys():
        return False
    return len(shared) > 1 or one.before == other.before


@rule(
    Code(
        "W070",
        title=Words("原文附註了兩次", "glossed twice"),
        message=Words("「{term}」的原文已經附過（{inside}）", "“{term}” has been glossed before ({inside})"),
        hint=Words("刪去這裡的括號", "delete this bracket"),
        why=_ONCE,
        bad="斐濟與索羅門群島（Solomon Islands）建交。論壇在索羅門群島（Solomon Islands）召開。",
        good="斐濟與索羅門群島（Solomon Islands）建交。論壇在索羅門群島召開。",
        severity=Severity.WARNING,
    )
)
def glossed_twice(brief: Reading) -> Iterator[Finding]:
    """A gloss that an earlier one has given: in the text, or in a note to a reader who reads both."""
    words = own_words(brief)
    seen: dict[str, list[Gloss]] = defaultdict(list)
    for gloss in glosses(brief):
        like = seen[gloss.before[-2:]]
        earlier = next((each for each in like[:_MOST_ALIKE] if _says_the_same(each, gloss)), None)
        if earlier is None:
            like.append(gloss)
            continue
        term = _shared(earlier.before, gloss.before)
        values = {"term": gloss.term or term, "inside": earlier.inside}
        replace = "" if gloss.inside.casefold() == earlier.inside.casefold() else None
        yield words.found(*gloss.spot, values, [earlier.spot], replace)


def _says_the_same(earlier: Gloss, later: Gloss) -> bool:
    """Whether a gloss adds nothing to an earlier one."""
    if (earlier.in_note and not later.in_note) or (later.short and later.short != earlier.short):
        return False
    if later.name and later.name != earlier.name and not _is_part(later.key.split(), earlier.key.split()):
        return False
    return _is_one_term(earlier, later)


def _is_part(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether the words of a name are all in another, in the same order: Marcos, but not European Council."""
    rest = iter(whole)
    return len(part) < len(whole) and all(word in rest for word in part)


@rule(
    Code(
        "W071",
        title=Words("原文附得太晚", "glossed too late"),
        message=Words(
            "「{term}」在這裡就用了，到後面才附原文（{inside}）",
            "“{term}” is used here, but glossed only later ({inside})",
        ),
        hint=Words("把括號移到首見處（標題不計）", "move the bracket to where the term first occurs"),
        why=Words(
            "讀者在首見處就需要原文或全稱；註也要算，讀者是看到註號就去讀的。",
            "A reader needs the name where it first occurs, in a note too, which is read when it is called.",
        ),
        bad="國情院與CPTPP成員接觸。韓國有意加入跨太平洋夥伴全面進步協定（CPTPP）。",
        good="韓國有意加入跨太平洋夥伴全面進步協定（CPTPP）。國情院與CPTPP成員接觸。",
        severity=Severity.NOTE,
    )
)
def glossed_late(brief: Reading) -> Iterator[Finding]:
    """A term or an abbreviation used before the place where its name is given."""
    words = own_words(brief)
    seen: set[str] = set()
    for gloss in glosses(brief):
        for term in (gloss.short, gloss.term):
            if not term or term in seen or term in WELL_KNOWN or len(seen) > _MOST_TERMS:
                continue
            seen.add(term)
            if term is gloss.term and not _is_certain(gloss):
                continue
            prefix = gloss.before[: -len(term)][-1:]
            uses = (use for use in _uses(words, term, prefix) if not _is_explained_there(words, use[1], gloss))
            rank, spot = min(uses, default=(gloss.rank, gloss.spot))
            if rank < gloss.rank:
                yield words.found(*spot, {"term": term, "inside": gloss.inside}, [gloss.spot])


def _is_explained_there(words: OwnWords, spot: Spot, gloss: Gloss) -> bool:
    """Whether a use is the one that is glossed, or an abbreviation right after its name: 韓國放送公社KBS."""
    start, end = spot
    if end <= gloss.spot[0] <= end + 1:
        return True
    return len(_shared(gloss.before, words.text[max(start - 24, 0) : start])) > 1


def _is_certain(gloss: Gloss) -> bool:
    """Whether the term of a gloss is a name, and where it begins is certain."""
    term = gloss.term
    if not gloss.name and gloss.short and 1 < len(term) < 7 and gloss.before != term:
        return gloss.before[: -len(term)][-1:] in FUNCTION
    if len(term) < 2 or not gloss.name or not gloss.name[0].isupper():
        return False
    return term in KNOWN or term in PLACES or len(term) > 2 or are_sounds(term)


def _uses(words: OwnWords, term: str, prefix: str) -> Iterator[tuple[tuple[int, int, int, int], Spot]]:
    """Where a term is used in prose, with when a reader comes to it.

    `prefix` is the character before it where it is glossed: 國防部 is no 美國國防部.
    """
    latin = re.compile(rf"(?<![{_LATIN}0-9&./-]){re.escape(term)}(?![{_LATIN}0-9&/-])") if term.isascii() else None
    starts = (found.start() for found in latin.finditer(words.text)) if latin else words.occurrences(term)
    for start in starts:
        end = start + len(term)
        passage, _ = words.at(start)
        if (
            passage.kind in _PROSE
            and passage.lang.startswith("zh")
            and not _is_in_latin(words.text, start, end)
            and not _is_in_a_longer_name(words, term, start, end)
            and (term.isascii() or are_sounds(term) or _begins_there(words.text, start, prefix))
        ):
            yield words.rank(start), (start, end)


def _is_in_latin(text: str, start: int, end: int) -> bool:
    """Whether an abbreviation is part of a longer foreign name: MP Materials."""
    if not text[start:end].isascii():
        return False
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    return (
        re.search(rf"[{_LATIN}0-9,.&] \Z", before) is not None or re.match(rf" [{_LATIN}0-9&]", after) is not None
    )


def _begins_there(text: str, start: int, prefix: str) -> bool:
    before = text[max(start - 1, 0) : start]
    return before == prefix or before in FUNCTION or re.match(f"[{HAN}]", before) is None


_PLACE_AFTER_SOUNDS = re.compile("[州市省縣島港灣河江山號級型]|大學|特區|郵報|時報")


def _is_in_a_longer_name(words: OwnWords, term: str, start: int, end: int) -> bool:
    """Whether a name goes on: 華盛頓州, 雷根號, 「大韓自由之聲」."""
    text = words.text
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    if words.is_set_apart(start):
        return before not in "「『" or after not in "」』"
    if not are_sounds(term) and term not in PLACES:
        return False
    return _PLACE_AFTER_SOUNDS.match(text, end) is not None or any(
        character and are_sounds(character) for character in (before, after)
    )


@rule(
    Code(
        "W072",
        title=Words("同一原文，兩個譯名", "two translations of one name"),
        message=Words(
            "「{name}」這裡譯作「{word}」，別處譯作「{form}」",
            "“{name}” is “{word}” here and “{form}” elsewhere",
        ),
        hint=Words("譯名擇一，全篇統一", "keep to one translation"),
        why=Words(
            "同一個人或地方有兩個譯名，讀者會當成兩個。",
            "Under two translations one person or place looks like two.",
        ),
        bad="總理拉布卡（Sitiveni Rabuka）出訪。論壇由蘭布卡（Sitiveni Rabuka）主持。",
        good="總理拉布卡（Sitiveni Rabuka）出訪。論壇由拉布卡主持。",
        severity=Severity.WARNING,
    )
)
def two_translations(brief: Reading) -> Iterator[Finding]:
    """One foreign name glossing two Chinese ones that the table of synonyms doesn't know."""
    words = own_words(brief)
    seen: dict[str, Gloss] = {}
    for gloss in glosses(brief):
        if not gloss.key:
            continue
        first = seen.setdefault(gloss.key, gloss)
        if first is gloss or _is_one_term(first, gloss):
            continue
        word, form = gloss.term or gloss.before, first.term or first.before
        if word in form or form in word or brief.issue.vocabulary.are_apart(word, form):
            continue
        if not (gloss.term and first.term and _may_be_one(word, form)):
            continue
        if word in KNOWN and KNOWN[word] == KNOWN.get(form):
            continue
        start = gloss.spot[0] - len(word) - (words.text[gloss.spot[0] - 1] in "」』》")
        values = {"name": gloss.name, "word": word, "form": form}
        yield words.found(max(start, 0), gloss.spot[1], values, [first.spot])


def _may_be_one(word: str, form: str) -> bool:
    """Whether two translations can be of one name: both give its sounds, or half their characters agree."""
    if _OFFICE.match(word) or _OFFICE.match(form) or min(len(word), len(form)) < 2:
        return False
    return are_sounds(word + form) or 2 * len(set(word) & set(form)) >= min(len(word), len(form))


@rule(
    Code(
        "W073",
        title=Words("同一譯名，原文有兩種寫法", "one name spelt in two ways"),
        message=Words(
            "「{term}」的原文這裡寫「{name}」，前面寫「{form}」",
            "“{term}” is “{name}” here and “{form}” before",
        ),
        hint=Words("查明寫法；已經附過，這裡的括號可以刪去", "find the right spelling; the second gloss may go"),
        why=Words(
            "原文供讀者查索，拼法或大小寫不一，就查不到同一處。",
            "A foreign name is there to be searched for: spelt in two ways it leads to two places.",
        ),
        bad="會晤澤倫斯基（Volodymyr Zelenskyy）。隨後澤倫斯基（Volodymyr Zelensky）離境。",
        good="會晤澤倫斯基（Volodymyr Zelenskyy）。隨後澤倫斯基離境。",
        severity=Severity.WARNING,
    )
)
def two_spellings(brief: Reading) -> Iterator[Finding]:
    """One Chinese name glossed with two spellings of one foreign name."""
    words = own_words(brief)
    for earlier, gloss in spelt_in_two_ways(brief):
        term = gloss.term or _shared(earlier.before, gloss.before)
        values = {"term": term, "name": gloss.name, "form": earlier.name}
        yield words.found(*gloss.spot, values, [earlier.spot])


@lru_cache(maxsize=64)
def spelt_in_two_ways(brief: Reading) -> tuple[tuple[Gloss, Gloss], ...]:
    """The glosses of one Chinese name with two spellings of a foreign one: an earlier and a later one."""
    seen: dict[str, list[Gloss]] = defaultdict(list)
    pairs: list[tuple[Gloss, Gloss]] = []
    for gloss in glosses(brief):
        like = seen[gloss.before[-2:]][:_MOST_ALIKE]
        alike = (each for each in like if _are_alike(each.name, gloss.name) and _is_one_term(each, gloss))
        earlier = next(alike, None) if gloss.name else None
        if earlier is not None:
            pairs.append((earlier, gloss))
        elif gloss.name:
            seen[gloss.before[-2:]].append(gloss)
    return tuple(pairs)


def _are_alike(one: str, other: str) -> bool:
    """Whether two foreign names are two spellings of one: but for capitals and points, or for one letter."""
    if one == other:
        return False
    first, second = _plain(one), _plain(other)
    return first == second or (min(len(first), len(second)) > 5 and differ_in_one(first, second))


def differ_in_one(one: str, other: str) -> bool:
    """Whether two strings differ in one character, exchanged, left out or added."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, other_rest = one[start:], other[start:]
    return rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:]


# Abbreviations


@rule(
    Code(
        "W074",
        title=Words("全稱與縮寫的次序不同", "abbreviation before the name"),
        message=Words(
            "這裡{here}（{inside}），本篇其他{many}處{practice}",
            "here {here} ({inside}), in {many} other places {practice}",
        ),
        hint=Words("改為（{wanted}）", "write ({wanted})"),
        why=Words("一篇之內，括號裡的次序應一致；以本篇的習慣為準。", "The practice of the brief decides."),
        bad="國情院（National Intelligence Service, NIS）、非軍事區（Demilitarized Zone, DMZ）與前哨"
        "（GOP, General Outpost）。",
        good="國情院（National Intelligence Service, NIS）、非軍事區（Demilitarized Zone, DMZ）與前哨"
        "（General Outpost, GOP）。",
        severity=Severity.WARNING,
    )
)
def abbreviation_first(brief: Reading) -> Iterator[Finding]:
    """A gloss with name and abbreviation in another order than the brief prefers."""
    words = own_words(brief)
    uses: dict[bool, list[Gloss]] = {True: [], False: []}
    for gloss in glosses(brief):
        if gloss.name and gloss.short:
            uses[gloss.short_first].append(gloss)
    prevailing = practice(uses)
    if prevailing is None:
        return
    for gloss in uses[not prevailing.form]:
        wanted = (gloss.short, gloss.name) if prevailing.form else (gloss.name, gloss.short)
        values = {
            "here": _ORDERS[gloss.short_first],
            "practice": _ORDERS[prevailing.form],
            "inside": gloss.inside,
            "many": prevailing.count,
            "wanted": ", ".join(wanted),
        }
        yield words.found(*gloss.spot, values)


_ORDERS = {
    True: Words("縮寫在前", "the abbreviation comes first"),
    False: Words("全稱在前", "the name comes first"),
}
_CAPITALS = re.compile(rf"(?<![{_LATIN}0-9&./+‑–-])[A-Z]{{2,6}}(?![{_LATIN}0-9&/+‑–-]|\.[A-Z])")
_ROMAN = re.compile("[IVXLCDM]+")
_CHINESE = re.compile(f"[{HAN}、，。；：「」（）《》]")
_OF_A_NAME = re.compile("公司|集團|銀行|大學|電視|新聞|學院|雜誌|娛樂|汽車|電子|半導體|手機|球隊|航空")
_PHRASE = re.compile(rf"(?<![{_LATIN}])[{_LATIN}]{{1,40}}(?:[ -][{_LATIN}]{{1,40}}){{1,9}}")
_SMALL = {"of", "the", "and", "for", "in", "on", "to", "a", "an", "with", "by"}


@rule(
    Code(
        "W075",
        title=Words("縮寫沒有說明", "abbreviation not explained"),
        message=Words("「{short}」全篇沒有說明是什麼", "“{short}” is not explained in the brief"),
        hint=Words(
            "首見處寫出中文名稱，後附全稱與縮寫；讀者都認得，就登錄在用語表的 abbreviations",
            "write it out where it first occurs; if every reader knows it, enter it in the vocabulary",
        ),
        why=Words(
            "縮寫首次出現時應寫出全稱（《芝加哥格式手冊》第17版10.3），除非人人認得。",
            "An abbreviation is spelt out on its first occurrence (CMOS 17, 10.3), unless everybody knows it.",
        ),
        bad="台灣申請加入CPTPP。",
        good="台灣申請加入跨太平洋夥伴全面進步協定（CPTPP）。",
        severity=Severity.NOTE,
    )
)
def unexplained_abbreviation(brief: Reading) -> Iterator[Finding]:
    """An abbreviation in capitals that the brief explains nowhere; each is reported once."""
    words = own_words(brief)
    known = WELL_KNOWN | {word.upper() for word in brief.issue.vocabulary.abbreviations}
    whole = "\n".join(passage.text for passage in brief.passages)
    seen: set[str] = set()
    counts = Counter(found[0] for found in _CAPITALS.finditer(whole))
    frequent = {"".join(sorted(short)) for short, count in counts.items() if count > 1}
    for found in _CAPITALS.finditer(words.text):
        short = found[0]
        if counts[short] == 1 and "".join(sorted(short)) in frequent:  # miswritten: another rule says so
            continue
        if short in seen or short in known or len(seen) > _MOST_TERMS:
            continue
        if _ROMAN.fullmatch(short) or not _is_used_as_a_word(words, *found.span()):
            continue
        seen.add(short)
        if not _is_explained(whole, short):
            others = [(at, at + len(short)) for at in words.occurrences(short) if at != found.start()]
            yield words.found(*found.span(), {"short": short}, others)


def _is_used_as_a_word(words: OwnWords, start: int, end: int) -> bool:
    """Whether capitals are an abbreviation in a Chinese sentence, no part of a name."""
    text = words.text
    passage, _ = words.at(start)
    if passage.kind not in _PROSE or words.zones[start] != OWN or not passage.lang.startswith("zh"):
        return False
    if _is_in_latin(text, start, end) or _OF_A_NAME.match(text, end):
        return False
    return _CHINESE.match(text, end) is not None or _CHINESE.match(text, max(start - 1, 0)) is not None


def _is_explained(text: str, short: str) -> bool:
    """Whether a text says somewhere what an abbreviation stands for: in brackets, or in words of its letters."""
    if short in _initials(text):
        return True
    at = text.find(short)
    while at >= 0:
        end = at + len(short)
        before, after = text[max(at - _LONGEST_GLOSS, 0) : at], text[end : end + _LONGEST_GLOSS]
        if _OPEN.search(before) and _CLOSED.match(after):
            return True
        if _EXPLAINED.match(after) or _INTRODUCED.search(before):
            return True
        at = text.find(short, end)
    return False


_LONGEST_GLOSS = 150
_OPEN = re.compile(rf"[（(](?:[^（）()\n]*[^（）()\n{_LATIN}])?\Z")
_CLOSED = re.compile(rf"(?![{_LATIN}])[^（）()\n]*[）)]")
_EXPLAINED = re.compile("」?[（(][^（）()\n]{2}")
_INTRODUCED = re.compile(r"(?:簡稱|稱為|縮寫|即)[為是]?「?\Z")


@lru_cache(maxsize=64)
def _initials(text: str) -> frozenset[str]:
    """The initials of the foreign phrases in a text, with and without their small words."""
    found = set()
    for phrase in _PHRASE.finditer(text):
        parts = re.split("[ -]", phrase[0])
        found.add("".join(part[0] for part in parts).upper())
        found.add("".join(part[0] for part in parts if part not in _SMALL).upper())
    return frozenset(found)


# Short forms


_DECLARED = re.compile(
    r"(?:以下|下文|下)(?:均|皆|統一)?簡?稱(?:為|作)?[「『“]?(?P<short>[^「」『』“”（）()，。；、：\s\ufffc]{2,12})[」』”]?(?=[）)，。；、])"
)
"""（以下簡稱自民黨）."""


@rule(
    Code(
        "W076",
        title=Words("簡稱說了不用", "short form declared, not used"),
        message=Words("{fact}", "{fact}"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "「以下簡稱」是與讀者的約定：說了就用，只說一次。",
            "“Hereafter” is a promise: it is made once and kept.",
        ),
        bad="執政的自由民主黨（以下簡稱自民黨）敗選。其後自由民主黨改選總裁。",
        good="執政的自由民主黨（以下簡稱自民黨）敗選。其後自民黨改選總裁。",
        severity=Severity.NOTE,
    )
)
def declared_short_form(brief: Reading) -> Iterator[Finding]:
    """A short form that is declared twice, or never used, or beside which the full name goes on."""
    words = own_words(brief)
    everything = "\n".join(passage.text for passage in brief.passages)
    declared: dict[str, Spot] = {}
    for found in _DECLARED.finditer(words.text):
        short, spot = found["short"], found.span("short")
        if short in declared:
            values = _said(
                f"「{short}」前面已經約定過", f"“{short}” was declared before", "刪去這裡的約定", "delete this"
            )
            yield words.found(*spot, values, [declared[short]])
            continue
        declared[short] = spot
        full = _full_name(words.text, found.start(), short)
        later = [at for at in words.occurrences(full) if at > spot[1] and _ends_there(words, at + len(full))]
        if everything.count(short) == 1:
            values = _said(
                f"約定簡稱「{short}」，此後沒有用過",
                f"“{short}” is declared and never used",
                "後文改用簡稱，或刪去約定",
                "use it, or delete the declaration",
            )
            yield words.found(*spot, values, [(at, at + len(full)) for at in later])
        elif later:
            values = _said(
                f"前面約定簡稱「{short}」，這裡仍用全稱（此後{len(later)}處）",
                f"“{short}” was declared for this; the full name goes on ({len(later)})",
                f"改用「{short}」",
                f"write “{short}”",
            )
            yield words.found(later[0], later[0] + len(full), values, [spot])


def _ends_there(words: OwnWords, end: int) -> bool:
    """Whether a name ends there: 中國共產黨第二十次全國代表大會 is another one."""
    after = words.text[end : end + 1]
    return after in FUNCTION or re.match(f"[{HAN}]", after) is None


def _said(fact: str, fact_en: str, advice: str, advice_en: str) -> dict[str, object]:
    return {"fact": Words(fact, fact_en), "advice": Words(advice, advice_en)}


def _full_name(text: str, at: int, short: str) -> str:
    """The full name before a declaration: it begins as its short form does, and has its characters in order."""
    run = re.search(rf"[{HAN}]{{3,30}}(?=[」』》]?[（(，]?[^（）()]{{0,80}}\Z)", text[max(0, at - 120) : at])
    if run is None or not re.fullmatch(f"[{HAN}]+", short):
        return ""
    start = run[0].rfind(short[0])
    while start >= 0:
        name = run[0][start:]
        if len(name) > len(short) + 1 and _has_in_order(name, short):
            return name
        start = run[0].rfind(short[0], 0, start)
    return ""


def _has_in_order(name: str, short: str) -> bool:
    rest = iter(name)
    return all(character in rest for character in short)

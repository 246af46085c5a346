"""Rules about terms: one thing under two names within a brief or an issue.

`synonyms` has the words between which authors waver; what only the shape of two names tells is in `twins`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.own_words import FUNCTION, HAN, OwnWords, Spot, own_words
from pipeline.lint.reading import Reading
from pipeline.lint.regional import is_regional
from pipeline.lint.rules import Finding, rule
from pipeline.lint.synonyms import GROUPS as ALL_GROUPS
from pipeline.lint.synonyms import NOT_HERE, Group
from pipeline.lint.vocabulary import Vocabulary

Uses = Mapping[str, Sequence[Spot]]


def _without_regional(groups: Iterable[Group]) -> Iterator[Group]:
    """The groups without the words of another region, which have a rule of their own."""
    for group in groups:
        forms = tuple(form for form in group.forms if not is_regional(form))
        if len(forms) > 1:
            yield replace(group, forms=forms)


GROUPS = tuple(_without_regional(ALL_GROUPS))
"""The synonyms of which the rules here speak."""

_FEW = 3
"""Up to so many stray occurrences are reported one by one; of more, the first speaks for all."""

_CLEAR = 3
"""How many times as often as the other a form must be used where many an author uses both."""

_ONE_NAME = Words(
    "同一件事用兩個名稱，讀者會以為是兩件事；一篇之內，一物一名（《芝加哥格式手冊》第2章：編輯列體例單，統一用詞）。",
    "Under two names one thing looks like two; an editor keeps to one term (CMOS chapter 2: the style sheet).",
)
_ALIAS = re.compile(
    r"[^。！？；\n]{0,12}?(?:（|\(|：|又稱|亦稱|也稱|或稱|俗稱|通稱|舊稱|簡稱|全稱|稱為|稱作|稱之為|譯為|譯作|或譯|又譯"
    r"|原稱|原名|改稱|改名|更名|正名|前身|即是?|亦即|或者?)為?[「『《]?"
)
"""Between two forms: the author says that they are one."""
_SAME_WORD = 16
"""Most characters between the two forms in such a remark."""
_IN_A_NAME = re.compile(
    rf"[{HAN}]{{0,7}}?(?<![的在與和及於對是將為從向、])(?:大學|學院|研究所|研究院|研究中心|基金會|協會|學會|公司|集團|銀行"
    r"|日報|時報|晚報|郵報|人報|新聞網|電視台|電視臺|廣播公司|通訊社|通信社|交易所|聯邦|合眾國|共和國|人民|憲法"
    r"|法案|條例|公約|條約)"
)
"""After the name of a place: it is part of the name of a body or a law."""
_IN_A_BODY = re.compile(
    rf"(?:(?![{FUNCTION}])[{HAN}]){{0,7}}?(?:部隊|軍團|集團|公司|委員會|辦公室|小組|研究院|研究所|研究中心|大學|學院|學會"
    "|協會|聯盟|論壇|大會|條例|辦法|規劃|綱要|白皮書|工程|實驗室|出版社|日報|雜誌|安全法|保護法|化部)"
)
_BODY_BEFORE = re.compile(rf"(?:中共|中央|國家|全國|國務院|解放軍|共軍)[{HAN}]{{0,4}}\Z")
"""After, or before, a word of another region: it is part of the name of a body or a law there."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """One thing under several names: the form that prevails and each of the others, with their occurrences.

    `clear`: the form is used more often than any other, so that it is the practice. `here`: how many of its
    occurrences to show: none, where they are in other briefs.
    """

    words: OwnWords
    form: str
    uses: Uses
    clear: bool
    here: int = 1

    @property
    def strays(self) -> Iterator[tuple[str, Sequence[Spot]]]:
        """The other forms."""
        return ((form, spots) for form, spots in self.uses.items() if form != self.form)

    @property
    def few(self) -> int:
        """How often the other forms are used, all together."""
        return sum(len(spots) for _, spots in self.strays)


@rule(
    Code(
        "W050",
        title=Words("一物二名", "one thing under two names"),
        message=Words(
            "這裡寫「{word}」（本篇{few}處），別處寫「{form}」（{many}處），指的是同一件事",
            "“{word}” ({few} in this brief) is “{form}” elsewhere ({many}): one thing",
        ),
        hint=Words("{advice}", "{advice}"),
        why=_ONE_NAME,
        bad="干擾訊號減弱，訊號恢復之後，又出現不明信號。",
        good="干擾訊號減弱，訊號恢復之後，又出現不明訊號。",
        severity=Severity.WARNING,
    )
)
def two_names(brief: Reading) -> Iterator[Finding]:
    """Two words for one thing that the table of synonyms knows."""
    reported: set[int] = set()
    for mixed in _mixed(brief):
        yield from _findings(mixed, reported, advice=_advice(mixed))


@rule(
    Code(
        "W051",
        title=Words("偶用的同義詞", "a synonym now and then"),
        message=Words(
            "這裡寫「{word}」（本篇{few}處），{where}寫「{form}」（{many}處）",
            "“{word}” ({few} in this brief) is “{form}” {where} ({many})",
        ),
        hint=Words(
            "統一用「{form}」；兩種寫法可以並存，就登錄在用語表的 pairs",
            "write “{form}” throughout, or enter the two as a pair in the vocabulary",
        ),
        why=_ONE_NAME,
        bad="俄羅斯出兵，俄羅斯增兵，俄羅斯停火，俄國撤軍。",
        good="俄羅斯出兵，俄羅斯增兵，俄羅斯停火，俄羅斯撤軍。",
        severity=Severity.NOTE,
    )
)
def stray_synonym(brief: Reading) -> Iterator[Finding]:
    """A stray synonym of a word that many an author varies on purpose; one that the other briefs never use."""
    words = own_words(brief)
    for number in _present(brief):
        group = GROUPS[number]
        if not group.taste or ("南韓" in group.forms and "北韓" in words.text):
            continue
        mixed = _mixture(words, group, brief.issue.vocabulary)
        if mixed is not None and len(mixed.uses[mixed.form]) >= _CLEAR * mixed.few:
            yield from _findings(mixed, set(), where=Words("別處都", "elsewhere"))
    for mixed in _apart_from_the_issue(brief):
        yield from _findings(mixed, set(), where=Words("本期其他各篇都", "in the rest of the issue"))


def _apart_from_the_issue(brief: Reading) -> Iterator[Mixed]:
    """The words for which the other briefs of the issue, two or more, all use one other form."""
    others = [other for other in brief.issue.briefs if other is not brief]
    for number, forms in _forms(brief).items():
        group = GROUPS[number]
        elsewhere = [_forms(other).get(number, ()) for other in others]
        used = {form for each in elsewhere for form in each}
        if len(forms) > 1 or len(used) != 1 or used == set(forms) or sum(map(bool, elsewhere)) < 2:
            continue
        if group.taste or used & group.elsewhere:
            continue
        words = own_words(brief, group.kind == "body")
        uses = _uses(words, group)
        (form,) = used
        texts = (own_words(other, group.kind == "body") for other in others)
        spots = [spot for text in texts for spot in _uses(text, group).get(form, ())]
        few = sum(map(len, uses.values()))
        if not uses or len(spots) < _CLEAR * few or _may_differ(brief, forms[0], form):
            continue
        yield Mixed(words, form, {**uses, form: spots}, clear=True, here=0)


def _may_differ(brief: Reading, word: str, form: str) -> bool:
    vocabulary = brief.issue.vocabulary
    return vocabulary.may_stand(word) or vocabulary.are_apart(word, form)


def _findings(mixed: Mixed, reported: set[int], **values: object) -> Iterator[Finding]:
    """What is said of the forms that don't prevail, unless something was said of these characters before."""
    words, most = mixed.words, mixed.uses[mixed.form]
    for word, spots in mixed.strays:
        left = [spot for spot in spots if not reported.intersection(range(*spot))]
        counts: dict[str, object] = {"word": word, "few": len(spots), "form": mixed.form, "many": len(most)}
        for spot in left if len(left) <= _FEW else left[:1]:
            others = [*most[: mixed.here], *(other for other in left if other != spot)]
            yield words.found(*spot, counts | values, others)
        reported.update(index for spot in left for index in range(*spot))


def _advice(mixed: Mixed) -> Words:
    if mixed.clear:
        return Words(f"全篇統一，用「{mixed.form}」", f"write “{mixed.form}” throughout")
    return Words("兩種寫法擇一，全篇統一", "choose one of the two")


@lru_cache(maxsize=64)
def told(brief: Reading) -> frozenset[int]:
    """The characters of which it is said already that they are another name of one thing."""
    strays = (spot for mixed in _mixed(brief) for _, spots in mixed.strays for spot in spots)
    return frozenset(index for spot in strays for index in range(*spot))


@lru_cache(maxsize=64)
def _present(brief: Reading) -> Mapping[int, tuple[str, ...]]:
    """Of which groups the brief has two forms or more, possibly within other words."""
    return {number: forms for number, forms in _forms(brief).items() if len(forms) > 1}


@lru_cache(maxsize=64)
def _forms(brief: Reading) -> Mapping[int, tuple[str, ...]]:
    """The forms of each group that the brief has."""
    words = own_words(brief, titled=True)
    found = ((number, tuple(filter(words.has, group.forms))) for number, group in enumerate(GROUPS))
    return {number: forms for number, forms in found if forms}


@lru_cache(maxsize=64)
def _mixed(brief: Reading) -> tuple[Mixed, ...]:
    """One thing under two names, the longest names first."""
    groups = sorted((GROUPS[number] for number in _present(brief)), key=lambda group: -len(group.forms[0]))
    found = (
        _mixture(own_words(brief, group.kind == "body"), group, brief.issue.vocabulary)
        for group in groups
        if not group.taste
    )
    return tuple(mixed for mixed in found if mixed is not None)


def _mixture(words: OwnWords, group: Group, vocabulary: Vocabulary) -> Mixed | None:
    uses = _uses(words, group)
    if len(uses) < 2 or _is_explained(words, uses):
        return None
    settled = [form for form in uses if vocabulary.may_stand(form)]
    may_prevail = settled or [form for form in uses if form not in group.elsewhere] or list(uses)
    form = max(may_prevail, key=lambda form: (len(uses[form]), -uses[form][0][0]))
    kept = {word: spots for word, spots in uses.items() if word == form or not vocabulary.are_apart(word, form)}
    if len(kept) < 2:
        return None
    clear = len(may_prevail) == 1 or all(len(uses[form]) > len(kept[word]) for word in kept if word != form)
    return Mixed(words, form, kept, clear)


def _uses(words: OwnWords, group: Group) -> dict[str, list[Spot]]:
    """The forms of a group and where each stands for itself; a longer form hides a shorter one in it."""
    taken: set[int] = set()
    uses: dict[str, list[Spot]] = {}
    for form in sorted(group.forms, key=len, reverse=True):
        if not words.has(form):
            continue
        for start, end in _spots(words.text, form):
            if start not in taken and end - 1 not in taken:
                taken.update(range(start, end))
                if _stands_for_itself(words, group, start, end):
                    uses.setdefault(form, []).append((start, end))
    return uses


def _spots(text: str, form: str) -> Iterator[Spot]:
    pattern = NOT_HERE.get(form)
    if pattern is not None:
        yield from (found.span() for found in pattern.finditer(text))
        return
    start = text.find(form)
    while start >= 0:
        yield start, start + len(form)
        start = text.find(form, start + len(form))


def _stands_for_itself(words: OwnWords, group: Group, start: int, end: int) -> bool:
    """Whether a form is the author's word here: no part of a name, no one else's term in 「」."""
    if group.kind not in ("place", "across"):
        return True
    if words.is_set_apart(start):
        return False
    if group.kind == "place":
        return _IN_A_NAME.match(words.text, end) is None
    before = words.text[max(start - 8, 0) : start]
    return _IN_A_BODY.match(words.text, end) is None and _BODY_BEFORE.search(before) is None


def _is_explained(words: OwnWords, uses: Uses) -> bool:
    """Whether the author says somewhere that two of the forms are one: 人工智慧（又稱人工智能）."""
    spots = sorted((*spot, form) for form, places in uses.items() for spot in places)
    for (_, end, form), (start, _, other) in pairwise(spots):
        if form != other and 0 < start - end <= _SAME_WORD and _ALIAS.fullmatch(words.text, end, start):
            return True
    return False


# One name, two generic words


@dataclass(frozen=True, slots=True)
class Head:
    """Generic words that end a name and mean the same; `least`: how many characters before must be the same."""

    words: tuple[str, ...]
    least: int


_HEADS = tuple(
    Head(tuple(words.split()), least)
    for words, least in (
        ("群島 列嶼 諸島 列島", 2),
        ("戰鬥群 打擊群", 2),
        ("高峰會 峰會", 2),
        ("航線 航道", 2),
        ("走廊 廊道", 2),
        ("鐵路 鐵道", 2),
        ("管線 管道", 3),
        ("協定 協議", 4),
        ("條約 公約", 4),
        ("宣言 聲明", 4),
        ("架構 框架", 4),
        ("構想 倡議", 4),
        ("研究所 研究院", 4),
    )
)
_NO_NAME = frozenset(FUNCTION) - frozenset("對向為等")
"""Characters that are in no name: of those of grammar, some are (對等, 對外, 向東)."""
_COMMON_WORDS = """
國際 國內 主要 海上 商業 重要 傳統 安全 既有 空中 固定 定期 直飛 舉行 召開 出席 參加 此次 雙邊 多邊 年度 線上
"""
"""What makes no name of a generic word."""
_HEAD = re.compile("|".join(sorted({word for head in _HEADS for word in head.words}, key=len, reverse=True)))
_COMMON = frozenset(_COMMON_WORDS.split())
_HEAD_OF = {word: head for head in _HEADS for word in head.words}
_NAME = re.compile(f"[{HAN}]+")
_LONGEST_NAME = 8
"""Most characters by which a name is shown longer than what was compared."""


@rule(
    Code(
        "W052",
        title=Words("同名而通名不同", "one name with two generic words"),
        message=Words(
            "這裡寫「{word}」（本篇{few}處），別處寫「{form}」（{many}處）",
            "“{word}” ({few} in this brief) is “{form}” elsewhere ({many})",
        ),
        hint=Words("{advice}", "{advice}"),
        why=_ONE_NAME,
        bad="船隻侵入釣魚台群島周邊。外務省對釣魚台列嶼的情勢表示關切。",
        good="船隻侵入釣魚台列嶼周邊。外務省對釣魚台列嶼的情勢表示關切。",
        severity=Severity.NOTE,
    )
)
def two_generic_words(brief: Reading) -> Iterator[Finding]:
    """One proper name with two generic words of one meaning: 群島 and 列嶼, 協定 and 協議."""
    words = own_words(brief, titled=True)
    reported = set(told(brief))
    for uses in _by_proper_name(words).values():
        form = max(uses, key=lambda form: (len(uses[form]), -uses[form][0][0]))
        kept = {form: uses[form]}
        for word, spots in uses.items():
            left = words.apart(spots, uses[form]) if word != form else []
            if left and not brief.issue.vocabulary.are_apart(word, form):
                kept[word] = left
        if len(kept) > 1:
            clear = all(len(uses[form]) > len(spots) for word, spots in kept.items() if word != form)
            mixed = Mixed(words, form, kept, clear)
            yield from _findings(mixed, reported, advice=_advice(mixed))


def _by_proper_name(words: OwnWords) -> Mapping[tuple[Head, str], dict[str, list[Spot]]]:
    """The names that end in one of the generic words: by what stands before it, where it has two of them."""
    named: dict[tuple[Head, str], list[Spot]] = defaultdict(list)
    for found in _HEAD.finditer(words.text):
        head = _HEAD_OF[found[0]]
        start = found.start() - head.least
        proper = words.text[max(start, 0) : found.start()]
        is_name = len(proper) == head.least and _NAME.fullmatch(proper) is not None
        if is_name and not _NO_NAME.intersection(proper) and proper not in _COMMON:
            named[head, proper].append((start, found.end()))
    return {
        name: _as_written(words, spots)
        for name, spots in named.items()
        if len({words.text[start + name[0].least : end] for start, end in spots}) > 1
    }


def _as_written(words: OwnWords, spots: Sequence[Spot]) -> dict[str, list[Spot]]:
    """Names with all the characters before them that they share, each with its occurrences."""
    more = 0
    while more < _LONGEST_NAME:
        before = {words.text[start - more - 1 : start - more] for start, _ in spots}
        if len(before) > 1 or not _NAME.fullmatch(min(before)) or before & set(FUNCTION):
            break
        more += 1
    uses: dict[str, list[Spot]] = defaultdict(list)
    for start, end in spots:
        uses[words.text[start - more : end]].append((start - more, end))
    return uses

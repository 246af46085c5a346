"""Rules about people and their offices: one person in two offices, one name in two spellings.

A person is known by an office before the name (財政部長貝森特) or by a gloss after it (貝森特（Scott Bessent）).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.foreign_names import (
    DOT,
    JAPANESE,
    NAME_OF_SOUNDS,
    PEOPLE_OF_TWO,
    PLACES,
    SURNAMES,
    are_sounds,
    heard,
    may_be_heard,
)
from pipeline.lint.glosses import Gloss, glosses
from pipeline.lint.own_words import BETWEEN, FUNCTION, HAN, OwnWords, Spot, not_beside, own_words
from pipeline.lint.reading import Reading
from pipeline.lint.rules import Finding, rule
from pipeline.lint.synonyms import KNOWN
from pipeline.lint.terms import told

_SHORT_FOR = {
    "國務卿": "外交",
    "外長": "外交",
    "外相": "外交",
    "防長": "國防",
    "防相": "國防",
    "防衛相": "國防",
    "財長": "財政",
    "財相": "財政",
}
"""Offices in one word, with the portfolio."""

_PORTFOLIOS = {"外務": "外交", "防衛": "國防", "戰爭": "國防", "財務": "財政", "內務": "內政", "法務": "司法"}
"""Names of one portfolio in different countries."""

_HEADS = ("副總統", "總統", "副總理", "總理", "首相")
_ONE_HOLDER = (
    "主任委員 主委 執委 執行委員 高級代表 特別代表 "
    "副部長 政務次長 常務次長 次長 部長 副大臣 大臣 局長 署長 副國務卿 助理國務卿 國務卿 "
    "總司令 副司令 司令 參謀總長 參謀長 防衛相 外長 外相 防長 防相 財長 財相 州長 省長 市長 縣長"
)
_OFFICES = sorted((*_HEADS, *_ONE_HOLDER.split(), "參議員", "眾議員"), key=len, reverse=True)
_OFFICE = re.compile("|".join(_OFFICES))
_RUN = re.compile(rf"(?:(?![{FUNCTION}])[{HAN}]){{0,12}}\Z")
_PORTFOLIO = re.compile(
    "(?:國防|外交|財政|商務|內政|經濟|能源|司法|國土安全|農業|教育|交通|法務|勞動|衛生|環境|科技|內務|外務|防衛|財務|工業"
    "|貿易|文化|戰爭|統一|經濟產業|國土交通|厚生勞動|經濟安全保障|經濟安保|數位發展|數位|產業)$"
)
_YEAR = re.compile(r"(\d{4})年")
_YEAR_BEFORE = 80
"""Within how many characters before an office a year says when it was held."""
_OTHER_TIME = re.compile(
    "(?<![目日先當之以])前(?![線沿往來夕])|時任|新任|候任|兼|曾|卸任|原任|代理|署理|看守|已故|準|未來|出任|擔任|提名|接任|接替|轉任"
    "|改任|任命|升任|當選|辭去|卸下|榮譽|名譽|影子|後任|繼任|首任|歷任|年任|擬任|內定|候選|競選|參選|晉升"
    "|調任|歷屆"
)
"""An office that the person does not hold now, or not alone."""
_COUNTRIES = """
美國 中國 日本 韓國 南韓 北韓 英國 法國 德國 俄羅斯 俄國 烏克蘭 印度 印尼 澳洲 紐西蘭 加拿大 菲律賓 越南 泰國
緬甸 柬埔寨 寮國 馬來西亞 新加坡 以色列 伊朗 伊拉克 土耳其 敘利亞 波蘭 捷克 匈牙利 義大利 西班牙 葡萄牙 荷蘭
比利時 瑞典 挪威 芬蘭 丹麥 瑞士 立陶宛 拉脫維亞 愛沙尼亞 希臘 烏拉圭 巴西 阿根廷 智利 墨西哥 委內瑞拉 埃及 南非
沙烏地阿拉伯 巴基斯坦 孟加拉 斯里蘭卡 尼泊爾 斐濟 索羅門群島 帛琉 蒙古 哈薩克 白俄羅斯 喬治亞 台灣 臺灣 我國
"""
_COUNTRY = re.compile("|".join(sorted(_COUNTRIES.split(), key=len, reverse=True)))
_ONE_COUNTRY = {"南韓": "韓國", "俄國": "俄羅斯", "臺灣": "台灣", "我國": "台灣"}

_SAYS = (
    "表示|指出|強調|認為|宣布|宣稱|聲稱|訪問|出訪|訪美|訪日|訪台|訪中|訪華|會晤|會面|會見|會談|率團|提出"
    "|主導|負責|帶領|領導|上任|上台|執政|簽署|呼籲|批評|警告|主張|承諾|要求|出席|參加|前往|發表|接受|透過"
    "|重申|證實|否認|下令|任命|提名|當選|就任|就職|辭職|下台|坦言|透露|抵達|抨擊|回應|說明|推動|政府|曾經"
    "|近日|昨日|今日|日前|先生|女士|夫婦|一行|等人|本人|個人|主持|拜會|接見|通話|對話|簽訂|宣誓|強烈|公開"
    "|希望|試圖|決定|同意|拒絕|反對|支持|譴責|稱讚|讚揚|感謝|邀請|指示|指控|聲明|談到|提到|提及|直言|致詞"
    "|演說|演講"
)
"""What somebody does who was just named."""

_SAYING = re.compile(_SAYS)
_NAMED = re.compile(rf"(?P<name>[{HAN}]{{2,4}}?)(?=[^{HAN}]|[{FUNCTION}說稱曾則亦更甫即才卻因]|{_SAYS})")
"""What follows an office up to a mark or a verb, if it is as short as a name."""
_NO_NAME = re.compile(
    "會議|會談|會晤|選舉|大選|辦公|職務|職位|職權|任內|任期|任命|提名|候選|高度|方面|時期|人選|制|夫人|連任"
    "|明確|成立|成功|強調|金額|白天|馬上|高峰|公開|承諾|周[一二三四五六日末]"
    "|^[權府選級應都均才又就們等常於時]"
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Someone in an office: 美國財政部長貝森特.

    `office` is what the office is compared by: its kind and, for a minister and the like, the portfolio. `title`
    is the office as it is written, without the country. `spot` is office and name, `whole` with the country.
    `year`: the one named last before; empty where none is near.
    """

    name: str
    kind: str
    portfolio: str
    country: str
    title: str
    spot: Spot
    whole: Spot
    year: str


@lru_cache(maxsize=64)
def holders(brief: Reading) -> tuple[Holder, ...]:
    """The people whom a brief names by an office that they hold now."""
    words = own_words(brief)
    people = _people(words)
    known = PEOPLE_OF_TWO | {gloss.term for gloss in glosses(brief)}
    found = (_holder(words, office, people, known) for office in _OFFICE.finditer(words.text))
    return tuple(holder for holder in found if holder is not None)


def _people(words: OwnWords) -> frozenset[str]:
    """The names in Han that follow an office and come to an end there; foreign ones in sounds are known anyway."""
    after = (_NAMED.match(words.text, office.end()) for office in _OFFICE.finditer(words.text))
    names = Counter(named["name"] for named in after if named is not None and not _NO_NAME.search(named["name"]))
    return frozenset(name for name, count in names.items() if _may_be_a_name(name, count))


def _may_be_a_name(name: str, count: int) -> bool:
    """Whether Han after an office are a person: by the surname, or, a Japanese one, because they come again."""
    if len(name) < 4 and name[0] in SURNAMES:
        return True
    return count > 1 and (len(name) > 3 or name[0] in JAPANESE)


_NO_SOUNDS = re.compile("列席|基金|烈士|古巴|約莫|安樂|密西")
"""Words that sounds make by chance."""


def _holder(
    words: OwnWords, office: re.Match[str], people: frozenset[str], known: Collection[str]
) -> Holder | None:
    text, end = words.text, office.end()
    sounds = NAME_OF_SOUNDS.match(text, end)
    name = next((text[end : end + length] for length in (4, 3, 2) if text[end : end + length] in people), "")
    if not name and sounds and not _NO_SOUNDS.match(sounds[0]):
        name = _settled(words, sounds[0])
    if len(name) == 2 and are_sounds(name) and name not in known:
        return None
    before = _RUN.search(text[max(0, office.start() - 12) : office.start()])
    run = before[0] if before else ""
    if not name or _OTHER_TIME.search(text[max(0, office.start() - len(run) - 4) : office.start()]):
        return None
    country = _COUNTRY.search(run)
    own = run[country.end() :] if country else run
    usual = _PORTFOLIO.search(own)
    own = usual[0] if usual else own
    kind, portfolio = _compared(office[0], own)
    if not kind:
        return None
    named = country[0] if country else ""
    title = office[0] if kind in ("head", "member") or office[0] in _SHORT_FOR else own + office[0]
    start = office.end() - len(title)
    years = _YEAR.findall(text, max(text.rfind(BETWEEN, 0, start), start - _YEAR_BEFORE), start)
    spot = (start, end + len(name))
    whole = (start - len(named) if text.endswith(named, 0, start) else start, spot[1])
    return Holder(name, kind, portfolio, _ONE_COUNTRY.get(named, named), title, spot, whole, (years or [""])[-1])


def _settled(words: OwnWords, run: str) -> str:
    """The name that a run of sounds begins with: what of it stands elsewhere, too, else all of it."""
    begun = _beginnings(words)
    return next((run[:length] for length in range(len(run), 1, -1) if begun[run[:length]] > 1), run)


@lru_cache(maxsize=64)
def _beginnings(words: OwnWords) -> Counter[str]:
    """How often runs of sounds begin with each of their beginnings."""
    runs = (run[0] for run in NAME_OF_SOUNDS.finditer(words.text))
    return Counter(run[:length] for run in runs for length in range(2, len(run) + 1))


_AGENCY_HEADS = {"主任委員", "主委", "署長", "局長"}
_AGENCY = re.compile(f"[{HAN}]{{1,5}}(?:委員會|會|署|局)$")


def _compared(office: str, before: str) -> tuple[str, str]:
    """The kind of an office and its portfolio; no kind where the portfolio can't be told."""
    if office in _HEADS:
        return "head", office
    if office in ("參議員", "眾議員"):
        return "member", office
    vice = "vice " if office[0] in "副次助" or office.endswith("次長") else ""
    if office in _SHORT_FOR:
        return f"{vice}minister", _SHORT_FOR[office]
    if office.endswith(("部長", "次長", "大臣", "國務卿", "防衛相")):
        own = "國務" if office.endswith("國務卿") else before[-6:]
        own = re.sub("^(?:[政常]務)|部?(?:政務|常務)?$", "", own)
        return (f"{vice}minister", _PORTFOLIOS.get(own, own)) if len(own) > 1 else ("", "")
    if office in _AGENCY_HEADS:
        agency = _AGENCY.search(before)
        return ("agency", agency[0]) if agency and not before.endswith("副") else ("", "")
    own = before[-6:]
    return (office, own) if len(own) > 1 else ("", "")


_WHO = Words(
    "同一人在一篇裡有兩個官銜，多半有一個寫錯；若確有異動，寫明「時任」「前」。",
    "One person in two offices is mostly a slip; where the office changed, say so (then, former).",
)


@rule(
    Code(
        "W080",
        title=Words("同一人，官銜不同", "one person in two offices"),
        message=Words(
            "{name}在這裡是「{word}」（本篇{few}處），別處是「{form}」（{many}處）",
            "{name} is “{word}” here ({few} in this brief), “{form}” elsewhere ({many})",
        ),
        hint=Words(
            "查明官銜；職務有異動，寫明「時任」「前」；同名的兩個人，附上原文",
            "check the office; say “then” or “former” where it changed; gloss two people of one name",
        ),
        why=_WHO,
        bad="美國財政部長貝森特率團談判，商務部長貝森特提及此事，財政部長貝森特回應。",
        good="美國財政部長貝森特率團談判，財政部長貝森特提及此事，財政部長貝森特回應。",
        severity=Severity.WARNING,
    )
)
def two_offices(brief: Reading) -> Iterator[Finding]:
    """A person with two offices of one kind, or one office in two countries; not two people with two glosses."""
    words = own_words(brief)
    by_name: dict[str, list[Holder]] = defaultdict(list)
    for holder in holders(brief):
        by_name[holder.name].append(holder)
    glossed: dict[str, set[str]] = defaultdict(set)
    for gloss in glosses(brief):
        for length in range(2, len(gloss.before) + 1) if gloss.key else ():
            glossed[gloss.before[-length:]].add(gloss.key)
    for name, held in by_name.items():
        if len(glossed.get(name, ())) > 1:
            continue
        for forms in _contradicting(held):
            form = max(forms, key=lambda form: (len(forms[form]), -forms[form][0][0]))
            for word, spots in forms.items():
                values = {"name": name, "word": word, "few": len(spots), "form": form, "many": len(forms[form])}
                if word != form:
                    yield from (words.found(*spot, values, forms[form]) for spot in spots)


def _contradicting(held: Sequence[Holder]) -> Iterator[Mapping[str, Sequence[Spot]]]:
    """Each kind of office that one person holds in two forms: the forms, each with its occurrences."""
    by_kind: dict[str, list[Holder]] = defaultdict(list)
    for holder in held:
        by_kind[holder.kind.removeprefix("vice ")].append(holder)
    for same in by_kind.values():
        groups = _groups(same)
        if len(groups) < 2:
            groups = _by_country(same)
        forms = {_title(group): [holder.spot for holder in group] for group in groups}
        if len(forms) > 1 and not _changed_over_time(groups):
            yield forms


def _by_country(held: Sequence[Holder]) -> list[list[Holder]]:
    groups: dict[str, list[Holder]] = defaultdict(list)
    for holder in held:
        if holder.country:
            groups[holder.country].append(replace(holder, title=holder.country + holder.title, spot=holder.whole))
    return list(groups.values())


def _changed_over_time(groups: Sequence[Sequence[Holder]]) -> bool:
    """Whether each office is told of years of its own."""
    years = [{holder.year for holder in group} for group in groups]
    return all(all(each) for each in years) and len(set.union(*years)) == sum(map(len, years))


def _groups(held: Sequence[Holder]) -> list[list[Holder]]:
    """Holders by what office they hold: 外長 and 外交部長 are one, and so is a name with its short form."""
    groups: list[list[Holder]] = []
    for holder in held:
        group = next((group for group in groups if _is_one_office(group[0], holder)), None)
        if group is None:
            groups.append([holder])
        else:
            group.append(holder)
    return groups


def _is_one_office(one: Holder, other: Holder) -> bool:
    if one.kind != other.kind:
        return False
    short, long = sorted((one.portfolio, other.portfolio), key=len)
    if one.kind == "head":
        return short == long
    if one.kind == "agency" and short[-3:] == long[-3:] and (short[-5:] == long[-5:] or short[-3:] != "委員會"):
        return True
    rest = iter(long)
    return all(character in rest for character in short)


def _title(group: Sequence[Holder]) -> str:
    return min((holder.title for holder in group), key=len)


# Two spellings

_NAME_AND_OFFICE = re.compile(rf"(?P<name>[{HAN}]{{3}})(?=總統|副總統|總理|首相|院長|總書記)")
_LONGEST = 12


@rule(
    Code(
        "W081",
        title=Words("同一人名，兩種寫法", "one name in two spellings"),
        message=Words(
            "這裡寫「{word}」（本篇{few}處），別處寫「{form}」（{many}處），像是同一個名字",
            "“{word}” ({few} in this brief) looks like “{form}” ({many})",
        ),
        hint=Words("查明譯名，全篇統一；確是兩個名字就不必改", "find the right name; leave two names alone"),
        why=Words(
            "譯名差一個字，讀者會當成兩個人，也檢索不到。",
            "A name with one character changed looks like another person and can't be searched for.",
        ),
        bad="總理拉布卡（Sitiveni Rabuka）訪澳，拉布卡並發表演說。總理拉布喀隨後返國。",
        good="總理拉布卡（Sitiveni Rabuka）訪澳，拉布卡並發表演說。總理拉布卡隨後返國。",
        severity=Severity.WARNING,
    )
)
def two_spellings_of_a_name(brief: Reading) -> Iterator[Finding]:
    """A foreign name in sounds that differs in one character from one that is glossed or follows an office."""
    for one, other, uses in _differing_in_one(brief):
        yield from _spellings(brief, one, other, uses)
    glossed = {gloss.term for gloss in glosses(brief)}
    others = _names_of_holders(brief)
    for one, other in _near(others):
        few, many = sorted((len(others[one]), len(others[other])))
        if few == 1 < many and one[0] == other[0] and not {one, other} <= glossed:
            yield from _spellings(brief, one, other, others)


@lru_cache(maxsize=64)
def _differing_in_one(brief: Reading) -> tuple[tuple[str, str, Mapping[str, Sequence[Spot]]], ...]:
    """The pairs of foreign names that differ in one character and are one, with where both stand."""
    words = own_words(brief)
    glossed = {gloss.term: gloss for gloss in glosses(brief) if gloss.term}
    offices = {holder.name: holder for holder in holders(brief)}
    known = [name for name in (glossed | offices) if 3 <= len(name) <= _LONGEST and are_sounds(name)]
    near = _near_in_sounds(words, known)
    return tuple(
        (one, other, uses) for one, other, uses in near if _is_one_name(one, other, glossed, offices, uses)
    )


def _spellings(brief: Reading, one: str, other: str, uses: Mapping[str, Sequence[Spot]]) -> Iterator[Finding]:
    if brief.issue.vocabulary.are_apart(one, other):
        return
    form = max((one, other), key=lambda form: (len(uses[form]), -uses[form][0][0]))
    word = other if form == one else one
    values = {"word": word, "few": len(uses[word]), "form": form, "many": len(uses[form])}
    yield from (own_words(brief).found(*spot, values, uses[form]) for spot in uses[word])


def _near_in_sounds(
    words: OwnWords, known: Sequence[str]
) -> Iterator[tuple[str, str, Mapping[str, Sequence[Spot]]]]:
    """Each name in sounds with one that differs from it in one character, and where both stand."""
    masked = {mask: name for name in known for mask in _masks(name)}
    lengths = {len(name) for name in known}
    uses: dict[str, list[Spot]] = defaultdict(list)
    pairs: dict[frozenset[str], tuple[str, str]] = {}
    for run in NAME_OF_SOUNDS.finditer(words.text) if known else ():
        for length in lengths:
            name, end = run[0][:length], run.start() + length
            like = next((masked[mask] for mask in _masks(name) if mask in masked), None)
            if len(name) < length or like is None or words.is_set_apart(run.start()):
                continue
            if name in known or end == run.end() or _SAYING.match(words.text, end):
                uses[name].append((run.start(), end))
            if like != name and name in uses:
                pairs.setdefault(frozenset((like, name)), (like, name))
    yield from ((one, other, uses) for one, other in pairs.values() if uses[one])


def _masks(name: str) -> Iterator[str]:
    return (f"{name[:at]}?{name[at + 1 :]}" for at in range(len(name)))


def _names_of_holders(brief: Reading) -> Mapping[str, Sequence[Spot]]:
    """Other names that stand after, or before, an office that one person holds: each name with its office."""
    words = own_words(brief)
    uses: dict[str, list[Spot]] = defaultdict(list)
    for holder in holders(brief):
        if not are_sounds(holder.name) and len(holder.name) > 2:
            start = holder.spot[1] - len(holder.name)
            uses[holder.name].append((start, holder.spot[1]))
    for named in _NAME_AND_OFFICE.finditer(words.text):
        if named[0][0] in SURNAMES and not set(named["name"]) & set(FUNCTION):
            uses[named["name"]].append(named.span("name"))
    return uses


def _near(names: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The pairs of names that differ in one character."""
    masked: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for mask in _masks(name):
            masked[mask].append(name)
    for near in masked.values():
        yield from combinations(near[:20], 2)


def _is_one_name(
    one: str,
    other: str,
    glossed: Mapping[str, Gloss],
    offices: Mapping[str, Holder],
    uses: Mapping[str, Sequence[Spot]],
) -> bool:
    """Whether two names that differ in one character are one, as far as gloss, office and practice tell."""
    if {one, other} & PLACES or (one in KNOWN and other in KNOWN) or (one in glossed and other in glossed):
        return False
    if one in offices and other in offices:
        first, second = offices[one], offices[other]
        return (first.kind, first.portfolio) == (second.kind, second.portfolio)
    if one not in glossed and (other in glossed or other in offices):
        one, other = other, one
    if one not in glossed and one not in offices:
        return False
    return len(one) > 3 or (other not in offices and max(len(uses[one]), len(uses[other])) > 1)


# One foreign name, transliterated in two ways


_APART = re.compile(rf"「([{HAN}]{{2,6}})」")
_MOST_NAMES = 400
_AFTER_A_NAME = re.compile(
    rf"\Z|[^{HAN}{DOT}]|[{FUNCTION}說稱曾則亦更甫即才卻因號級島灣河省州市港人軍式案]|事件|攻擊|襲擊|恐攻|系統|飛彈|政府|總統|總理|首相|部長"
    rf"|外長|主席|市長|議員|當局|政權|海峽|地區|機場|基地|核電廠|戰役|會戰|級艦|家族|集團|模式|主義|協議|協定|條約|公司|{_SAYS}"
)


@rule(
    Code(
        "W082",
        title=Words("同一譯名，兩種音譯", "one name transliterated in two ways"),
        message=Words(
            "「{word}」（本篇{few}處）與「{form}」（{many}處）音近，像是同一個譯名",
            "“{word}” ({few} in this brief) sounds like “{form}” ({many})",
        ),
        hint=Words("查明譯名，全篇統一；確是兩個名稱就不必改", "find the right name; leave two names alone"),
        why=Words(
            "一個外文名稱有兩種音譯，讀者會當成兩個，也檢索不到。",
            "Under two transliterations one name looks like two and can't be searched for.",
        ),
        bad="美軍部署「堤豐」（Typhon）中程飛彈。少將指出，「提豐」系統有助於訓練。",
        good="美軍部署「堤豐」（Typhon）中程飛彈。少將指出，「堤豐」系統有助於訓練。",
        severity=Severity.NOTE,
    )
)
def two_transliterations(brief: Reading) -> Iterator[Finding]:
    """Two names that sound alike, one of which has a gloss, an office or 「」; not two with a gloss each."""
    words = own_words(brief)
    glossed = {gloss.term for gloss in glosses(brief) if gloss.term}
    uses, anchors = _transliterations(words, glossed, holders(brief))
    by_sound: dict[str, list[str]] = defaultdict(list)
    for name in uses:
        by_sound[heard(name)].append(name)
    reported = set(told(brief))
    said = {frozenset((one, other)) for one, other, _ in _differing_in_one(brief)}
    for one, other in _sounding_alike(by_sound):
        if {one, other} & PLACES or {one, other} <= glossed or frozenset((one, other)) in said:
            continue
        if (one in KNOWN and other in KNOWN) or brief.issue.vocabulary.are_apart(one, other):
            continue
        certain = len({one, other} & anchors)
        if certain == 0 or (certain < 2 and min(len(one), len(other)) < 3):
            continue
        form = max((one, other), key=lambda form: (len(uses[form]), -uses[form][0][0]))
        word = other if form == one else one
        values = {"word": word, "few": len(uses[word]), "form": form, "many": len(uses[form])}
        for spot in not_beside(uses[word], uses[form]):
            if not reported.intersection(range(*spot)):
                yield words.found(*spot, values, uses[form])
            reported.update(range(*spot))


def _transliterations(
    words: OwnWords, glossed: Collection[str], held: Sequence[Holder]
) -> tuple[Mapping[str, Sequence[Spot]], set[str]]:
    """The names that may be transliterations, with where they stand; those of them that certainly are names."""
    uses: dict[str, list[Spot]] = defaultdict(list)
    anchors = {holder.name for holder in held if are_sounds(holder.name)}
    anchors |= {term for term in glossed if 2 <= len(term) <= 8}
    for apart in _APART.finditer(words.text):
        if words.is_set_apart(apart.start(1)) and len(uses) < _MOST_NAMES:
            anchors.add(apart[1])
            uses[apart[1]].append(apart.span(1))
    for run in NAME_OF_SOUNDS.finditer(words.text):
        start, end = run.span()
        if words.is_set_apart(start) or len(uses) > _MOST_NAMES:
            continue
        known = next((length for length in range(end - start, 1, -1) if run[0][:length] in anchors), 0)
        if known:
            uses[run[0][:known]].append((start, start + known))
        elif 2 < end - start < 9 and DOT[0] not in run[0] and _AFTER_A_NAME.match(words.text, end):
            uses[run[0]].append((start, end))
    return uses, anchors & uses.keys()


def _sounding_alike(by_sound: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The pairs of names that sound alike, or of which one lacks a sound inside."""
    for alike in by_sound.values():
        yield from combinations(alike[:10], 2)
    for sound, names in by_sound.items():
        for at in range(1, len(sound) - 1) if len(sound) > 3 and may_be_heard(sound) else ():
            for shorter in by_sound.get(sound[:at] + sound[at + 1 :], ())[:3]:
                yield from ((name, shorter) for name in names[:3])

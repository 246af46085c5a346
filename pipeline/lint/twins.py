"""Rules about names that look alike: two orders of one pair of countries, the same characters in another order,
two names that differ in one character.

No table knows these names; their shape tells, and where they stand. What is meant to differ is left alone: an
opposite (參 and 眾, 東 and 西), a number, a country, two names in one sentence.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, islice

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.own_words import FUNCTION, HAN, OwnWords, Spot, not_beside, own_words
from pipeline.lint.practice import CLEAR
from pipeline.lint.reading import NAMED, OWN, TITLED, Reading
from pipeline.lint.rules import Finding, rule
from pipeline.lint.terms import told

_LOOK = Words(
    "兩個名稱只差一點，多半是同一個名稱寫錯了一次；是否有意，只有作者知道，所以請看一眼。",
    "Two names that nearly agree are mostly one name miswritten; only the author knows, hence a note.",
)

# Countries in two orders

_COUNTRIES = "美中日韓朝俄烏英法德歐印巴以伊澳紐加墨台臺越菲泰柬緬梵"
_PAIR = re.compile(f"[{_COUNTRIES}]{{2,4}}")
_NO_PAIRS = {frozenset("台中"), frozenset("歐中"), frozenset("歐美"), frozenset("中加"), frozenset("印中歐")}
"""臺中 and 中臺、中歐 and 歐美 are regions, too."""
_OF_TWO = re.compile(
    r"關係|兩國|雙邊|雙方|雙雙|三邊|三國|三方|四方|四邊|四國|之間|間的|貿易|經貿|經濟|關稅|談判|競爭|競合|競逐|衝突|對抗"
    r"|對峙|對立|角力|較量|博弈|戰略|戰爭|戰火|戰事|停火|和談|軍事|軍演|軍售|軍購|聯合|聯盟|同盟|聯軍|盟邦|合作|對話"
    r"|會談|會晤|會面|協商|磋商|諮商|峰會|高峰|高層|元首|領袖|領導人|首腦|外長|防長|官員|學者|邊境|邊界|國界|科技|晶片"
    r"|外交|安全|安保|防務|國防|互動|交流|互信|互惠|互補|摩擦|分歧|爭端|爭議|休兵|和解|友好|友誼|斷交|建交|脫鉤|大戰"
    r"|冷戰|新冷戰|供應鏈|半導體|民間|議題|局勢|情勢|三角|軸心|演習|太空|能源|投資|產業|技術|文化|邦交|聯手|攜手|簽署"
    r"|簽訂|達成|間|兩軍|兩強|兩大|兩岸"
)
"""What follows two countries that are meant as a pair."""
_JOINED = re.compile(
    r"[、，。；：！？」』）》〉\n]|[的等與及和或在將已均都皆也亦就因若是互共各則須應仍更可會能對以並且而]"
)
"""What may follow a pair where no other word could be meant."""
_CALLED = re.compile(
    rf"(?:(?![{FUNCTION}])[{HAN}]){{0,8}}?(?:公報|條約|協定|聲明|宣言|甲午|備忘錄|基金會|學會|協會|論壇)"
)
"""The pair is part of a name that has its own order."""
_BEFORE = {
    "日": "0-9０-９昨今近明次當翌即同隔每假平生節週周首終末元旦某落白二三四五六七八九十一",
    "美": "北南拉讚優完精健審唯",
    "韓": "南北大",
    "朝": "北南王清明唐宋元漢今",
    "歐": "北南東西",
    "印": "複影列刷腳手烙封水北南",
    "台": "舞平電櫃後講看月機一兩三數多炮砲站陽",
    "臺": "舞平電櫃後講看月機一兩三數多炮砲站陽",
    "巴": "古尼大小下嘴尾",
    "德": "道品公",
    "越": "超穿卓優愈",
    "澳": "港",
}
"""Characters with which a country's makes another word."""
_CAREFUL = "中以加法日越"
"""Characters that are words of their own, too: a pair that begins with one must be followed by what pairs have."""
_TOWARDS = "駐訪赴抵離返來留旅去往侵攻仇"
_GRAMMAR = set(FUNCTION) | set("使令讓給隨著就因當但自若也又亦視指稱即後前內外間促化動強進升展成析論談響受")
"""What may stand before a pair that begins with 中, 以 or 法."""


@rule(
    Code(
        "W053",
        title=Words("國名並稱的次序不同", "two countries in two orders"),
        message=Words(
            "這裡寫「{word}」（本篇{few}處），別處寫「{form}」（{many}處）",
            "“{word}” ({few} in this brief) is “{form}” elsewhere ({many})",
        ),
        hint=Words(
            "次序統一為「{form}」；專有名稱與引文照原樣",
            "keep the order “{form}”; proper names and quotations keep theirs",
        ),
        why=Words(
            "並稱的次序往往帶有立場；一篇之內忽前忽後，讀者會揣測用意。以本篇的習慣為準。",
            "The order of two countries may be read as a stand; the practice of the brief decides.",
        ),
        bad="美中談判延期，美中關係未變，中美貿易受阻。",
        good="美中談判延期，美中關係未變，美中貿易受阻。",
        severity=Severity.NOTE,
    )
)
def order_of_countries(brief: Reading) -> Iterator[Finding]:
    """Two or three countries named together in another order than the brief prefers."""
    words = own_words(brief)
    for uses in _pairs(words).values():
        if len(uses) < 2:
            continue
        form = max(uses, key=lambda form: (len(uses[form]), -uses[form][0][0]))
        most = uses[form]
        others = {word: spots for word, spots in uses.items() if word != form}
        clear = len(most) >= max(CLEAR * sum(map(len, others.values())), 2)
        after = {words.text[end : end + 2] for _, end in most}
        for word, spots in others.items():
            if brief.issue.vocabulary.are_apart(word, form):
                continue
            values = {"word": word, "few": len(spots), "form": form, "many": len(most)}
            for spot in spots:
                if clear or words.text[spot[1] : spot[1] + 2] in after:
                    yield words.found(*spot, values, most)


def _pairs(words: OwnWords) -> Mapping[frozenset[str], dict[str, list[Spot]]]:
    """Countries named together, by which they are: each order with its occurrences."""
    pairs: dict[frozenset[str], dict[str, list[Spot]]] = {}
    for found in _PAIR.finditer(words.text):
        countries = found[0]
        named = frozenset(countries.replace("臺", "台"))
        if len(named) == len(countries) and named not in _NO_PAIRS and _is_pair(words.text, *found.span()):
            pairs.setdefault(named, {}).setdefault(countries, []).append(found.span())
    return pairs


def _is_pair(text: str, start: int, end: int) -> bool:
    """Whether characters that can stand for countries do, and mean those together."""
    first, before = text[start], text[max(start - 1, 0) : start]
    if before and (before in _TOWARDS or _makes_a_word(text, start)):
        return False
    if _CALLED.match(text, end):
        return False
    if _OF_TWO.match(text, end):
        return True
    careful = first in _CAREFUL or text[end - 1] in "中日" or before == "對"
    return not careful and _JOINED.match(text, end) is not None


def _makes_a_word(text: str, start: int) -> bool:
    """Whether the character before a country's makes a word with it: 其中, 昨日, 方法."""
    first, before = text[start], text[start - 1]
    if first in "中以法":
        is_han = re.match(f"[{HAN}]", before) is not None
        return is_han and before not in _GRAMMAR and text[max(start - 2, 0) : start] != "尤其"
    return re.match(f"[{_BEFORE.get(first, ' ')}]", before) is not None


# Names set apart, and names that end in a generic word


@dataclass(frozen=True, slots=True)
class Name:
    """A name and where it stands; `apart`: in 「」 or 《》, so that its bounds are certain."""

    text: str
    spot: Spot
    apart: bool


_APART = re.compile(rf"[「《]([{HAN}]{{4,24}})[」》]")
_BODY = re.compile(
    "協定|協議|條約|公約|法案|條例|委員會|理事會|協會|學會|基金會|研究中心|研究所|研究院|中心|組織|論壇|會議|機制|架構|框架"
    "|倡議|聯盟|共同體|電台|之聲|計畫|報告書|白皮書|戰略|系統|部隊|公司|集團|大學|學院"
)
_SHORTEST, _LONGEST = 6, 12
"""How long a name that ends in a generic word is taken to be: its beginning is not marked."""
_TURNED = re.compile("^[以由先從]|[促轉化]")
"""Characters of phrases that are turned round on purpose: 以商圍政 and 以政圍商, 數位產業化 and 產業數位化."""


@rule(
    Code(
        "W054",
        title=Words("同樣的字，次序不同", "the same characters in another order"),
        message=Words(
            "「{word}」（本篇{few}處）與「{form}」（{many}處）字同而次序不同",
            "“{word}” ({few} in this brief) has the characters of “{form}” ({many}) in another order",
        ),
        hint=Words("查明正式名稱，全篇統一；確是兩個名稱就不必改", "find the right name; leave two names alone"),
        why=_LOOK,
        bad="成立對外頻道「自由大韓之聲」。該臺承接「大韓自由之聲」的業務。",
        good="成立對外頻道「自由大韓之聲」。該臺承接「自由大韓之聲」的業務。",
        severity=Severity.NOTE,
    )
)
def turned_names(brief: Reading) -> Iterator[Finding]:
    """One name whose words stand in two orders: 跨太平洋夥伴全面進步協定, 全面進步跨太平洋夥伴協定."""
    words = own_words(brief, titled=True)
    reported = set(told(brief))
    for names in sorted(_same_characters(words), key=lambda names: len(names[0].text)):
        by_form = _by_form(names)
        form = _prevailing(by_form)
        for word, spots in by_form.items():
            if word == form or brief.issue.vocabulary.are_apart(word, form):
                continue
            values = {"word": word, "few": len(spots), "form": form, "many": len(by_form[form])}
            for spot in words.apart(spots, by_form[form]):
                if not reported.intersection(range(*spot)):
                    yield words.found(*spot, values, by_form[form])
                reported.update(range(*spot))


def _same_characters(words: OwnWords) -> Iterator[Sequence[Name]]:
    """The names that have the same characters, though not in the same order."""
    found: dict[str, list[Name]] = defaultdict(list)
    for name in _names(words):
        found["".join(sorted(name.text))].append(name)
    for names in found.values():
        orders = {name.text for name in names}
        if len(orders) > 1 and len({_in_one_order(order) for order in orders}) > 1:
            yield names


def _names(words: OwnWords) -> Iterator[Name]:
    """The names set apart, and what may be one because it ends in a generic word."""
    for name in _set_apart(words):
        if not _TURNED.search(name.text):
            yield name
    for found in _BODY.finditer(words.text):
        end = found.end()
        for start in range(end - _SHORTEST, max(end - _LONGEST - 1, -1), -1):
            text = words.text[start:end]
            if not _CONTENT.fullmatch(text):
                break
            if not _TURNED.search(text):
                yield Name(text, (start, end), apart=False)


@lru_cache(maxsize=64)
def _set_apart(words: OwnWords) -> tuple[Name, ...]:
    """The names in 「」 and, in the text itself, in 《》."""
    return tuple(
        Name(found[1], found.span(1), apart=True)
        for found in _APART.finditer(words.text)
        if words.zones[found.start(1)] in (NAMED, TITLED)
    )


_CONTENT = re.compile(rf"(?:(?![{FUNCTION}])[{HAN}])+")


def _in_one_order(name: str) -> str:
    """A name with the countries in it in one order: what their order says is said by another rule."""
    return _PAIR.sub(lambda found: "".join(sorted(found[0])), name)


def _by_form(names: Iterable[Name]) -> dict[str, list[Spot]]:
    """Each form of a name with its occurrences."""
    uses: dict[str, dict[Spot, None]] = defaultdict(dict)
    for name in names:
        uses[name.text][name.spot] = None
    return {form: list(spots) for form, spots in uses.items()}


def _prevailing(uses: Mapping[str, Sequence[Spot]]) -> str:
    """The form used most; of two used as often, the first."""
    return max(uses, key=lambda form: (len(uses[form]), -uses[form][0][0]))


# One character more, less or other


_CONTRASTS = tuple(
    frozenset(characters)
    for characters in (
        "一二三四五六七八九十百千萬兩零〇首次末初終",
        "東西南北中",
        "上中下",
        "前後",
        "左中右",
        "內外",
        "大中小",
        "高中低",
        "長中短遠近",
        "新舊",
        "正副代",
        "主次副",
        "陸海空天網電",
        "陸海空軍警憲國",
        "參眾",
        "軍民官商學公私工",
        "政經軍社文教財法",
        "美中日韓朝俄烏英法德歐印巴以伊澳紐加墨台臺越菲泰柬緬港藏蒙疆國",
        "省市縣區州鄉鎮村國",
        "年月日週季",
        "男女",
        "老少幼青壯",
        "攻守防反",
        "進出",
        "買賣",
        "增減",
        "升降",
        "多單雙",
        "正反負",
        "有無非不未已",
        "甲乙丙丁",
        "冷熱",
        "輕重",
        "核生化",
        "水火風光地電",
        "紅橙黃綠藍紫黑白金銀灰",
        "春夏秋冬",
        "先後",
        "開閉",
        "明暗",
        "硬軟",
        "快慢",
        "強弱",
        "虛實",
        "山海河江湖洋灣島",
        "漁農林礦工商",
        "車船機艦艇",
        "油煤氣電",
        "金銀銅鐵鋁鋰鎳鈷",
        "敵友我",
    )
)
_ADDED = set("副新前總非反準次亞大小高低中外內雙多再首超上下東西南北最全各不無未原舊")
"""A character that makes another name where it is added."""
_CONNECTING = set("的之與和及暨")
_SHORTEST_TWIN = 6
_MOST_NAMES = 100
"""Of so many names the twins are looked for: each is a search through the whole text."""
_VARIANTS = str.maketrans("臺佔佈週劃製訂紀裏爲羣麪啓衞", "台占布周畫制定記裡為群麵啟衛")
"""Variant characters are the business of another rule."""


@rule(
    Code(
        "W055",
        title=Words("名稱只差一字", "names that differ in one character"),
        message=Words(
            "「{word}」（本篇{few}處）與「{form}」（{many}處）只差一字",
            "“{word}” ({few} in this brief) and “{form}” ({many}) differ in one character",
        ),
        hint=Words("查明正式名稱，全篇統一；確是兩個名稱就不必改", "find the right name; leave two names alone"),
        why=_LOOK,
        bad="兩國續辦「全球合作暨訓練架構」。部長在全球合作與訓練架構的活動中致詞。",
        good="兩國續辦「全球合作暨訓練架構」。部長在全球合作暨訓練架構的活動中致詞。",
        severity=Severity.NOTE,
    )
)
def names_that_differ_in_one_character(brief: Reading) -> Iterator[Finding]:
    """A name set apart, and beside it one with another character, or with 的, 與 or 之 more or less."""
    words = own_words(brief, titled=True)
    for form, most, word, spots in _nearly(brief):
        values = {"word": word, "few": len(spots), "form": form, "many": len(most)}
        yield from (words.found(*spot, values, most) for spot in spots)


@lru_cache(maxsize=64)
def _nearly(brief: Reading) -> tuple[tuple[str, Sequence[Spot], str, Sequence[Spot]], ...]:
    """Each name that nearly agrees with another: that one, its occurrences, the name and its own."""
    words = own_words(brief, titled=True)
    reported = set(told(brief))
    pairs = []
    for name, other, places in _twins(words):
        if brief.issue.vocabulary.are_apart(name, other):
            continue
        uses = {name: [(at, at + len(name)) for at in words.occurrences(name)], other: places}
        form = _prevailing(uses)
        word = other if form == name else name
        left = words.apart(uses[word], uses[form])
        spots = [spot for spot in left if not reported.intersection(range(*spot))]
        reported.update(index for spot in left for index in range(*spot))
        if spots:
            pairs.append((form, uses[form], word, spots))
    return tuple(pairs)


def _twins(words: OwnWords) -> Iterator[tuple[str, str, list[Spot]]]:
    """Each name set apart with one that nearly agrees with it, and where that stands."""
    names = dict.fromkeys(name.text for name in _set_apart(words) if len(name.text) >= _SHORTEST_TWIN)
    for name in islice(names, _MOST_NAMES):
        if len(name) >= _SHORTEST_TWIN:
            twins: dict[str, list[Spot]] = defaultdict(list)
            for spot in _near(words.text, name):
                twins[words.text[slice(*spot)]].append(spot)
            yield from ((name, twin, spots) for twin, spots in twins.items())


def _near(text: str, name: str) -> Iterator[Spot]:
    """Where a text has a name with one character inside it exchanged, or a connecting one left out or added."""
    for at in range(2, len(name) - 1):
        first, last = name[:at], name[at + 1 :]
        start = text.find(first)
        while start >= 0:
            middle = start + at
            if text.startswith(last, middle + 1) and _may_be_exchanged(name[at], text[middle]):
                yield start, middle + 1 + len(last)
            elif name[at] in _CONNECTING and text.startswith(last, middle):
                yield start, middle + len(last)
            elif text[middle : middle + 1] in _CONNECTING and text.startswith(name[at:], middle + 1):
                yield start, middle + 1 + len(name) - at
            start = text.find(first, start + 1)


def _may_be_exchanged(one: str, other: str) -> bool:
    """Whether a character for another is a slip rather than another name."""
    if one.translate(_VARIANTS) == other.translate(_VARIANTS) or not _CONTENT.fullmatch(one + other):
        return one in _CONNECTING and other in _CONNECTING and one != other
    return not any({one, other} <= contrast for contrast in _CONTRASTS)


# Titles that nearly agree


_GENERIC = re.compile(
    "(?:綱要公約|條約|公約|協定|協議|議定書|宣言|聲明|備忘錄|報告書|報告|白皮書|計畫|方案|法案|條例|辦法|規則|準則|戰略|指南|指引|清單|綱要|法)$"
)
_ONE_KIND = tuple(
    frozenset(kind.split()) for kind in ("條約 公約 協定 協議", "宣言 聲明", "報告書 報告", "準則 規則 指引 指南")
)
_MOST_TITLES = 60
_MOST_APART = 2
"""Characters in which two titles may differ."""
_NUMBERED = re.compile("[0-9〇一二三四五六七八九十]")


@rule(
    Code(
        "W058",
        title=Words("同一文件，兩個名稱", "one document under two titles"),
        message=Words(
            "「{word}」（本篇{few}處）與「{form}」（{many}處）相近，像是同一份文件",
            "“{word}” ({few} in this brief) nearly agrees with “{form}” ({many}): one document, it seems",
        ),
        hint=Words(
            "查明正式名稱，全篇統一；確是兩份文件就不必改", "find the right title; leave two documents alone"
        ),
        why=_LOOK,
        bad="兩國1960年簽訂《印度河用水條約》。仲裁庭認為應依《印度河水域條約》處理。",
        good="兩國1960年簽訂《印度河用水條約》。仲裁庭認為應依《印度河用水條約》處理。",
        severity=Severity.NOTE,
    )
)
def two_titles(brief: Reading) -> Iterator[Finding]:
    """The titles of two laws, treaties or reports that agree but for a word inside."""
    words = own_words(brief, titled=True)
    reported = set(told(brief)) | {
        index for _, _, _, spots in _nearly(brief) for spot in spots for index in range(*spot)
    }
    uses: dict[str, list[Spot]] = defaultdict(list)
    for name in _set_apart(words):
        if words.zones[name.spot[0]] == TITLED and not _NUMBERED.search(name.text):
            uses[name.text].append(name.spot)
    for title in list(islice(uses, _MOST_TITLES)):
        for spot in _untitled(words, title):
            uses[words.text[slice(*spot)]].append(spot)
    by_beginning: dict[str, list[str]] = defaultdict(list)
    for title in islice(uses, _MOST_TITLES):
        by_beginning[title[:2]].append(title)
    for titles in by_beginning.values():
        for one, other in combinations(titles, 2):
            if not _is_one_document(one, other) or brief.issue.vocabulary.are_apart(one, other):
                continue
            form = _prevailing({one: uses[one], other: uses[other]})
            word = other if form == one else one
            values = {"word": word, "few": len(uses[word]), "form": form, "many": len(uses[form])}
            for spot in not_beside(uses[word], uses[form]):
                if not reported.intersection(range(*spot)):
                    yield words.found(*spot, values, uses[form])
                reported.update(range(*spot))


def _untitled(words: OwnWords, title: str) -> Iterator[Spot]:
    """Where a name that begins and ends as a title does stands without 《》, in as many characters."""
    kind = _GENERIC.search(title)
    if kind is None or len(title) - len(kind[0]) < _LEAST_UNTITLED:
        return
    for start in islice(words.occurrences(title[:3]), _MOST_NAMES):
        end = start + len(title)
        text = words.text[start:end]
        if text != title and text.endswith(kind[0]) and _CONTENT.fullmatch(text) and words.zones[start] == OWN:
            yield start, end


_LEAST_UNTITLED = 5


def _is_one_document(one: str, other: str) -> bool:
    """Whether two titles that begin alike are of one document: one kind, and most of their characters agree."""
    kinds = [kind[0] if (kind := _GENERIC.search(title)) else "" for title in (one, other)]
    first, second = (title[: len(title) - len(kind)] for title, kind in zip((one, other), kinds, strict=True))
    if first == second:
        return len(first) > 3 and any({*kinds} <= kind for kind in _ONE_KIND)
    if kinds[0] != kinds[1] or min(len(first), len(second)) < 4 or abs(len(first) - len(second)) > _MOST_APART:
        return False
    if sorted(first) == sorted(second):  # in another order: another rule says so
        return False
    head = next((at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(first))
    common = sum((Counter(first) & Counter(second)).values())
    rest = (Counter(first) - Counter(second), Counter(second) - Counter(first))
    if head < _MOST_APART or 10 * common < 7 * max(len(first), len(second)):
        return False
    if any(_ADDED & each.keys() for each in rest):
        return False
    return not any(a in contrast and b in contrast for a in rest[0] for b in rest[1] for contrast in _CONTRASTS)


# 與 and 暨 in the name of one body


_JOINED_BODY = re.compile(
    rf"(?P<first>[{HAN}]{{2}})(?P<by>[與暨及和])(?P<second>(?:(?![{FUNCTION}])[{HAN}]){{2,8}}?"
    r"(?:研究中心|研究所|研究院|委員會|理事會|協會|基金會|辦公室|共同體|公約|總署|署|局))"
)


@rule(
    Code(
        "W056",
        title=Words("機構名稱的連詞不同", "與 or 暨 in the name of one body"),
        message=Words(
            "這裡寫「{word}」（本篇{few}處），別處寫「{form}」（{many}處）",
            "“{word}” ({few} in this brief) is “{form}” elsewhere ({many})",
        ),
        hint=Words("查明正式名稱，全篇統一", "find the right name and keep to it"),
        why=_LOOK,
        bad="移民及海關執法局展開搜捕。民眾向移民與海關執法局抗議。",
        good="移民及海關執法局展開搜捕。民眾向移民及海關執法局抗議。",
        severity=Severity.NOTE,
    )
)
def joined_bodies(brief: Reading) -> Iterator[Finding]:
    """The name of one body joined by 與 in one place and by 暨, 及 or 和 in another."""
    words = own_words(brief, titled=True)
    nearly = (spot for _, _, _, spots in _nearly(brief) for spot in spots)
    reported = told(brief) | {index for spot in nearly for index in range(*spot)}
    bodies: dict[tuple[str, str], list[Name]] = defaultdict(list)
    for found in _JOINED_BODY.finditer(words.text):
        generic = len(found["second"]) < 5 and found["second"][-1] in "署局"
        if not generic and not set(found["first"]) & set(FUNCTION):
            bodies[found["first"], found["second"]].append(Name(found[0], found.span(), apart=False))
    for names in bodies.values():
        uses = _by_form(names)
        form = _prevailing(uses)
        for word, spots in uses.items():
            if word != form and not brief.issue.vocabulary.are_apart(word, form):
                values = {"word": word, "few": len(spots), "form": form, "many": len(uses[form])}
                for spot in words.apart(spots, uses[form]):
                    if not reported.intersection(range(*spot)):
                        yield words.found(*spot, values, uses[form])


# Types of weapons and vehicles


_TYPE = re.compile(
    r"(?<![A-Za-z0-9/.])(?P<letters>[A-Z]{1,4}|[A-Z][a-z]|殲|轟|運|紅旗|東風|霹靂|鷹擊|巨浪|無偵|攻擊|米格|蘇|火星|神舟)"
    r"(?P<hyphen>[-‐‑–—]?)(?P<number>\d{1,4}[A-Z]{0,3})(?![A-Za-z0-9年月日時分]|[.,]\d)"
)
_NO_TYPES = {"G", "H", "M", "N", "Q", "T", "COP", "GB", "CO", "PM", "USD", "US", "NT", "NO", "Vol", "No", "A"}


@rule(
    Code(
        "W057",
        title=Words("型號有時少了連字號", "type with and without a hyphen"),
        message=Words(
            "這裡寫「{word}」（本篇{few}處），別處寫「{form}」（{many}處）",
            "“{word}” ({few} in this brief) is “{form}” elsewhere ({many})",
        ),
        hint=Words("全篇統一為「{form}」", "write “{form}” throughout"),
        why=Words(
            "同一型號有兩種寫法，檢索時只找得到一半；以本篇的習慣為準。",
            "A search for one way of writing misses the other; the practice of the brief decides.",
        ),
        bad="殲-20戰機升空，F-16V戰機攔截，殲20隨後離去。",
        good="殲-20戰機升空，F-16V戰機攔截，殲-20隨後離去。",
        severity=Severity.WARNING,
    )
)
def hyphen_of_a_type(brief: Reading) -> Iterator[Finding]:
    """A type of aircraft, ship or missile now with a hyphen, now without: 殲-20 and 殲20."""
    words = own_words(brief)
    types: dict[tuple[str, str], dict[str, list[Spot]]] = defaultdict(lambda: defaultdict(list))
    for found in _TYPE.finditer(words.text):
        if found["letters"] not in _NO_TYPES:
            types[found["letters"], found["number"]][found["hyphen"]].append(found.span())
    for uses in types.values():
        if len(uses) < 2:
            continue
        most = max(uses, key=lambda hyphen: (len(uses[hyphen]), hyphen != "", -uses[hyphen][0][0]))
        form = words.text[slice(*uses[most][0])]
        for hyphen, spots in uses.items():
            for spot in spots if hyphen != most else ():
                word = words.text[slice(*spot)]
                if not brief.issue.vocabulary.are_apart(word, form):
                    values = {"word": word, "few": len(spots), "form": form, "many": len(uses[most])}
                    yield words.found(*spot, values, uses[most])

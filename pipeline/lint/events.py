"""The rule about one event with two dates: 7月初全面中斷 … 7月中旬中止 …

A dated clause is an event: when, what is done (words of one kind share a class), and the words around it.
Two events are taken for one when they are of one class, close in time, with the same actors, and share the words
that say what it was; and are reported when no day can be meant by both dates.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from pipeline.diagnostics import Code, Place, Severity, Words
from pipeline.lint.actors import countries
from pipeline.lint.reading import Reading, once
from pipeline.lint.rules import Finding, rule
from pipeline.lint.sentences import OFFSETS, Rarity, Sentence, sentences

_MOST_COMPARED = 300
"""Dated clauses of a brief that are compared with each other."""

_CLASSES = {
    "stop": "停[止播辦產機擺駛航飛運售業工用供徵建刊課]|中止|中斷|終止|暫停|終結|關閉|歇業|倒閉|凍結",
    "truce": "停火|停戰",
    "remove": "撤除|拆除|撤走|移除|拆卸|拆遷",
    "withdraw": "撤離|撤軍|撤出|撤回",
    "repeal": "廢止|廢除|取消|撤銷|解除|解散",
    "found": "成立|創立|設立|創辦|組建|創建|建立|揭牌|掛牌|成軍|建軍",
    "open": "開館|啟用|開幕|通車|開通|開張|開業",
    "sign": "簽署|簽訂|簽定|締結|簽約|簽字",
    "pass": "通過|批准|三讀|核准|核定",
    "ballot": "表決",
    "office": "就任|上任|就職|接任|出任|宣誓",
    "elect": "當選|獲選|勝選|連任",
    "effect": "生效|實施|施行|上路",
    "leave": "退出|脫離",
    "resign": "辭職|請辭|辭去",
    "go": "下台|卸任|去職",
    "join": "加入|入盟|入會",
    "relations": "斷交|建交|復交",
    "death": "逝世|去世|病逝|身亡|辭世|遇刺",
    "arrest": "被捕|逮捕|羈押|拘留",
    "charge": "起訴",
    "sentence": "判刑|判決|判處|定罪",
    "war": "爆發|入侵|開戰|政變",
    "strike": "發動|空襲|襲擊|攻擊|恐攻|爆炸|擊落|擊沉",
    "accident": "墜毀|沉沒|翻覆|擱淺|地震|強震|海嘯",
    "end": "結束|落幕|告終|閉幕|終了",
    "complete": "完成|落成|竣工|完工",
    "launch": "下水",
    "commission": "服役|入列|除役",
    "deliver": "交艦|交付|交船|移交",
    "trial": "首飛|試航|海試|浮航",
    "rise": "升空",
    "begin": "動土|動工|開工|奠基",
    "produce": "量產|投產",
    "fire": "試射|發射|射擊",
    "vote": "選舉|大選|改選|補選|公投|公民投票|投票|罷免",
    "meet": "會談|談判|會晤|會面|峰會|高峰會|年會|論壇|領袖會議|懇談會|會議",
    "drill": "演習|演訓|軍演|演練",
    "visit": "訪問|出訪|抵達|率團|來訪|到訪|訪台|訪華|訪美",
    "announce": "宣布|宣告|公布|發布|公告|發表",
    "delay": "延長|延期|展延|延後",
}
_CLASS = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _CLASSES.items()))
_ONCE = frozenset(_CLASSES) - {
    "strike", "accident", "fire", "vote", "meet", "drill", "visit", "announce",
}  # fmt: skip
"""What happens to one thing once; the rest may happen again the next week."""

# --- printed dates and the days they can mean ---------------------------------------------------------------

_PART = "上半年|下半年|年初|年中|年底|年末|初|中(?=[，、即就開已起才宣停完])|底|末|春|夏|秋|冬"
_TENTH = "初|上旬|中旬|下旬|底|末|中(?=[，、])"
_NO_YEAR = "代|前|級|來|間|度|期|份|輕|青|齡|金|內|後|以"
_DATE = re.compile(
    rf"(?:(?:(?<![\d,.])(?P<year>(?:19|20)\d\d)|(?P<word>[今去前明同當該隔翌次]))年(?!{_NO_YEAR}))"
    rf"(?:(?P<part>{_PART})|(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日|(?P<tenth>{_TENTH}))?)?"
    rf"|(?<![\d,.年/])(?P<month2>\d{{1,2}})月(?:(?P<day2>\d{{1,2}})日|(?P<tenth2>{_TENTH}))?"
)
_TO = re.compile(r"(?:至|到|[-–—~～])(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日")

_PARTS = {
    "上半年": (1, 6), "下半年": (7, 12), "年初": (1, 4), "初": (1, 4), "年中": (5, 8), "中": (5, 8),
    "年底": (10, 12), "年末": (10, 12), "底": (10, 12), "末": (10, 12),
    "春": (2, 5), "夏": (5, 9), "秋": (8, 11), "冬": (1, 12),
}  # fmt: skip
_TENTHS = {
    "初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "中": (9, 21),
    "下旬": (21, 31), "底": (21, 31), "末": (21, 31),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """From which to which day a date may lie; `exact`: it names the day or days."""

    first: date
    last: date
    exact: bool

    def meets(self, other: "Days") -> bool:
        """Whether a day can be meant by both; ten days of a month are taken broadly beside an exact day."""
        slack = timedelta(days=2 if self.exact != other.exact else 0)
        return self.first - slack <= other.last and other.first - slack <= self.last

    @property
    def is_narrow(self) -> bool:
        """Whether it names ten days or fewer."""
        return (self.last - self.first).days <= 11

    def gap(self, other: "Days") -> int:
        """How many days lie between them; 0 where they meet."""
        return max((other.first - self.last).days, (self.first - other.last).days, 0)


@dataclass(frozen=True, eq=False)
class Event:
    """A dated clause: characters `start` to `end` of the sentence are the date.

    `when` is what it can mean in each likely year, `kinds` the classes of what is done, `subject` the words before
    the verb, `text` all words that say what happened.
    """

    sentence: Sentence
    start: int
    end: int
    when: tuple[Days, ...]
    kinds: frozenset[str]
    subject: str
    text: str
    has_day: bool

    @property
    def is_narrow(self) -> bool:
        """Whether its date names ten days or fewer."""
        return all(day.is_narrow for day in self.when)

    @property
    def place(self) -> Place:
        """Where the date stands in the file."""
        return self.sentence.place(self.start, self.end)

    @property
    def excerpt(self) -> str:
        """The date with what follows it."""
        return self.sentence.text[self.start : self.end + 10].rstrip("，。；")


def events(read: Sequence[Sentence], issue: date | None) -> Iterator[Event]:
    """The dated clauses of a brief that say what happened."""
    named: int | None = None
    passage = None
    for sentence in read:
        if sentence.passage is not passage:
            named, passage = None, sentence.passage
        found = list(_DATE.finditer(sentence.text))
        for index, match in enumerate(found):
            years = _years(match, named, issue)
            if match["year"] or match["word"]:
                named = years[0] if years else named
            following = found[index + 1].start() if index + 1 < len(found) else len(sentence.text)
            event = _event(sentence, match, years, following)
            if event is not None:
                yield event


def _years(match: re.Match[str], named: int | None, issue: date | None) -> tuple[int, ...]:
    """The years a date may be of, the likeliest first: printed, or from the words before, or near the issue."""
    if match["year"]:
        return (int(match["year"]),)
    word = match["word"]
    if word in OFFSETS:
        return (issue.year + OFFSETS[word],) if issue is not None else ()
    if word is not None:
        return (named + (word in "隔翌次"),) if named is not None else ()
    near = () if issue is None else (issue.year if int(match["month2"]) <= issue.month else issue.year - 1,)
    return tuple(dict.fromkeys((named, *near))) if named is not None else near


def _event(sentence: Sentence, match: re.Match[str], years: tuple[int, ...], following: int) -> Event | None:
    to = _TO.match(sentence.text, match.end())
    end = to.end() if to else match.end()
    when = tuple(days for year in years if (days := _days(match, to, year)) is not None)
    before, after = _around(sentence, match.start(), end, following)
    kinds = _kinds(before, after)
    if not when or not kinds:
        return None
    verb = _CLASS.search(after)
    subject = f"{before}，{after[: verb.start()] if verb else ''}"
    has_day = bool(match["day"] or match["day2"])
    return Event(sentence, match.start(), end, when, kinds, subject, f"{before}，{after}", has_day)


def _days(match: re.Match[str], to: re.Match[str] | None, year: int) -> Days | None:
    month, day = match["month"] or match["month2"], match["day"] or match["day2"]
    if not date.min.year < year < date.max.year:
        return None
    tenth = match["tenth"] or match["tenth2"]
    try:
        if month is None:
            first, last = _PARTS[match["part"]] if match["part"] else (1, 12)
            return Days(date(year, first, 1), _month_end(year, last), False)
        number = int(month)
        if day is None:
            if tenth is None:
                return Days(date(year, number, 1), _month_end(year, number), False)
            begin, finish = _TENTHS[tenth]
            last = min(_month_end(year, number).day, finish)
            return Days(date(year, number, begin), date(year, number, last), False)
        first_day = date(year, number, int(day))
        if to is None:
            return Days(first_day, first_day, True)
        last_day = date(int(to["year"] or year), int(to["month"] or number), int(to["day"]))
        return Days(first_day, max(last_day, first_day), True)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _around(sentence: Sentence, start: int, end: int, following: int) -> tuple[str, str]:
    """The words of the clause before a date and those after it, as far as they say what happened then.

    A date that is a clause of its own dates the next; a clause that says little is read with the one before.
    """
    clauses = sentence.clauses
    index = max(bisect_right([a for a, _ in clauses], start) - 1, 0)
    first, last = clauses[index]
    text = sentence.wording
    after = text[end : min(last, following, end + 60)]
    step = index + 1
    while len(_content(after)) < 4 and step < len(clauses) and clauses[step][0] < following and step <= index + 2:
        after = f"{after}，{text[clauses[step][0] : min(clauses[step][1], following)]}"
        step += 1
    before = text[max(first, start - 60) : start]
    if len(_content(before)) < 2 and index > 0 and len(_content(after)) < 9:
        before = text[clauses[index - 1][0] : clauses[index - 1][1]] + "，" + before
    if len(_plain(before + after)) < 3 and step < len(clauses) and clauses[step][0] < following:
        after = f"{after}，{text[clauses[step][0] : min(clauses[step][1], following)]}"
    if index > 0 and len(_plain(before + after)) < 6:
        before = text[clauses[0][0] : clauses[0][1]][:30] + "，" + before
    return before[-60:], after[:40]


def _content(text: str) -> str:
    return "".join(re.findall("[\u4e00-\u9fffA-Za-z]", text))


def _kinds(before: str, after: str) -> frozenset[str]:
    """The classes of what is done: by the words after the date, or right before it (成立於2024年)."""
    right_before = _CLASS.search(before[-5:]) if before.endswith(("於", "在", "是", "為")) else None
    kinds = {match.lastgroup or "" for match in _CLASS.finditer(after[:26])}
    return frozenset(kinds | ({right_before.lastgroup or ""} if right_before else set()))


# --- one event, two dates -----------------------------------------------------------------------------------

_AGAIN = re.compile(
    "再[次度]|又|另[一外有]?|二度|三度|重新|恢復|陸續|多次|屢|各|分別|每|延長|展延|改為|改至|提前|延後|原[定訂本]|預[定計]"
)
_ORDINAL = re.compile(r"第([一二三四五六七八九十百\d]+)(?!季)|([首末])[次度屆輪批艘]")
_QUOTED = re.compile("「([^」]+)」|《([^》]+)》|([A-Za-z0-9]*[A-Za-z][A-Za-z0-9\\-]+)")
_ORGAN = re.compile(
    "行政院|立法院|國會|[參眾]議?院|[上下]議院|內閣|議會|國務會議|法院|地檢署|委員會|總統|院會|國務院|人大|國防部|外交部|央行|軍方"
)


def are_one(one: Event, other: Event, rarity: Rarity) -> bool:
    """Whether two dated clauses tell of one event, as far as their words and dates say."""
    kinds = one.kinds & other.kinds
    if not kinds or not _are_close(one, other, kinds) or _are_apart(one, other):
        return False
    shared = _shared(one.text, other.text)
    length = sum(map(len, shared))
    rare = max((rarity.of(word[i : i + 2]) for word in shared for i in range(len(word) - 1)), default=0.0)
    least = min(len(_plain(one.text)), len(_plain(other.text)))
    part = length / max(least, 1)
    if kinds & _ONCE:
        return (length >= 4 and part >= 0.3) or (length >= 2 and part >= 0.5 and rare >= 1.0)
    return length >= 4 and part >= 0.4 and rare >= 1.2 and one.is_narrow and other.is_narrow


def _are_close(one: Event, other: Event, kinds: frozenset[str]) -> bool:
    """Whether one date can be a slip or a vaguer form of the other, and no day can be meant by both."""
    if any(mine.meets(its) for mine in one.when for its in other.when):
        return False
    gap = min(mine.gap(its) for mine in one.when for its in other.when)
    days = [{(day.first.month, day.first.day) for day in event.when if event.has_day} for event in (one, other)]
    same_day_of_year = bool(days[0] & days[1])
    if kinds & _ONCE:
        one_year = {day.first.year for day in one.when} & {day.first.year for day in other.when}
        return gap <= 45 or bool(one_year) or same_day_of_year
    return gap <= 7 or (same_day_of_year and gap < 400)


def _are_apart(one: Event, other: Event) -> bool:
    first, second = one.sentence, other.sentence
    if bool(_AGAIN.search(one.text)) != bool(_AGAIN.search(other.text)):
        return True
    ordinals, its_ordinals = set(_ORDINAL.findall(one.text)), set(_ORDINAL.findall(other.text))
    if ordinals and its_ordinals and not ordinals & its_ordinals:
        return True
    names, its_names = (set(filter(None, sum(_QUOTED.findall(each.text), ()))) for each in (one, other))
    if names and its_names and not any(name in its or its in name for name in names for its in its_names):
        return True
    organs, its_organs = set(_ORGAN.findall(one.subject)), set(_ORGAN.findall(other.subject))
    if organs and its_organs and not organs & its_organs:
        return True
    topic, its_topic = first.topic_before(one.start), second.topic_before(other.start)
    if topic and its_topic and topic not in second.text and its_topic not in first.text:
        return True
    actor, its_actor = first.actor_before(one.end + 12), second.actor_before(other.end + 12)
    if actor and its_actor and actor != its_actor:
        named, its_named = {name for _, name in first.actors}, {name for _, name in second.actors}
        return actor not in its_named or its_actor not in named
    return False


_SKIPPED = re.compile(
    f"{'|'.join(_CLASSES.values())}|正式|全面|所有|全部|已經?|業務|系統|單位|活動|措施|工作|相關|舉行|召開|進行|開始|逐步|率先|"
    f"{_ORGAN.pattern}|隨即|政府|表示|指出|期間|[的了在是於與和及並而也則就又以其之將被把從至到等該此這那曾會，、。；：「」『』《》（）\\d\\s\ufffc]"
)


def _plain(text: str) -> str:
    """The words that say what an event was: without its verbs and what says nothing."""
    return _SKIPPED.sub("", text)


def _shared(one: str, other: str) -> list[str]:
    """The stretches of at least two characters that two texts share, once their verbs are left out."""
    there = {part[i : i + 2] for part in _SKIPPED.split(other) for i in range(len(part) - 1)}
    found: set[str] = set()
    for part in _SKIPPED.split(one):
        run = ""
        for i in range(len(part)):
            if i + 1 < len(part) and part[i : i + 2] in there:
                run = (run or part[i]) + part[i + 1]
            elif run:
                found.add(run)
                run = ""
    return [
        word
        for word in found
        if not _is_a_name(word) and not any(word in other and word != other for other in found)
    ]


def _is_a_name(word: str) -> bool:
    """Whether a word says who, not what."""
    return any(name.startswith(word) or word in (name, name + "國") for _, name in countries(word + "國"))


def contradictions(found: Sequence[Event], rarity: Rarity) -> Iterator[tuple[int, Event, Event]]:
    """The pairs of events that are one with two dates, with the days between those."""
    for index, one in enumerate(found):
        for other in found[index + 1 :]:
            if other.sentence is one.sentence or not are_one(one, other, rarity):
                continue
            if not _is_a_sequence(found, one, other):
                yield min(mine.gap(its) for mine in one.when for its in other.when), one, other


def _is_a_sequence(found: Sequence[Event], one: Event, other: Event) -> bool:
    """Whether one sentence has both dates for things of the class: the author knows them apart."""
    for event, its in ((one, other), (other, one)):
        beside = (each for each in found if each.sentence is event.sentence and each is not event)
        if any(each.kinds & its.kinds and _may_be_one_day(each, its) for each in beside):
            return True
    return False


def _may_be_one_day(one: Event, other: Event) -> bool:
    return any(mine.meets(its) for mine in one.when for its in other.when)


@rule(
    Code(
        "D041",
        title=Words("同一件事有兩個日期", "one event with two dates"),
        message=Words(
            "「{here}」與別處的「{there}」說的似乎是同一件事，日期卻不同",
            "“{here}” and “{there}” seem to tell of one event on two dates",
        ),
        hint=Words(
            "查對兩處，改正其中一處；若說的不是同一件事，把差別寫清楚",
            "look both up and correct one; if they are two events, say what tells them apart",
        ),
        why=Words(
            "同一件事前後寫成兩個日期，讀者不知道該信哪一個。",
            "Where one event has two dates, nobody knows which to believe.",
        ),
        bad="該國已於今年7月初全面中斷對北廣播。</p><p>外界有不同看法。</p><p>該國在7月中旬中止對北廣播業務。",
        good="該國已於今年7月初全面中斷對北廣播。</p><p>外界有不同看法。</p><p>該國在7月上旬中止對北廣播業務，8月4日拆除擴音器。",
        severity=Severity.NOTE,
    )
)
def two_dates(brief: Reading) -> Iterator[Finding]:
    """One event on two dates in one brief: 今年7月初全面中斷 … 7月中旬中止 …"""
    yield from conflicting_dates(brief)


@once
def conflicting_dates(brief: Reading) -> tuple[Finding, ...]:
    """What the rule finds; the rule about slips of dates asks as well."""
    return tuple(_conflicting_dates(brief))


def _conflicting_dates(brief: Reading) -> Iterator[Finding]:
    read, rarity = sentences(brief)
    found = list(islice(events(read, brief.issue.published), _MOST_COMPARED))
    reported: set[Event] = set()
    for _, there, here in sorted(contradictions(found, rarity), key=lambda pair: pair[0]):
        if here not in reported and there not in reported:
            reported.update((here, there))
            yield Finding(here.place, {"here": here.excerpt, "there": there.excerpt}, (), (there.place,))

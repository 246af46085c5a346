"""Rules about the sources that notes cite: missing parts; titles, dates, papers and addresses that don't agree."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from difflib import SequenceMatcher
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from pipeline.bibliography.same import Key, keys, plain
from pipeline.citations import kinds
from pipeline.citations.recognise import Part
from pipeline.citations.works import Work
from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.citations import Cited, calling, cited
from pipeline.lint.practice import Use, Uses, against_practice
from pipeline.lint.reading import Passage, Reading, once
from pipeline.lint.rules import Finding, found, rule
from pipeline.notes.phrases import value

# Parts that are missing


@rule(
    Code(
        "N044",
        title=Words("書目缺了一項", "part of a citation missing"),
        message=Words(
            "這筆書目沒有{what}；{where}其他{count}筆都有",
            "this citation has no {what}; the other {count} of {where} have one",
        ),
        hint=Words("補上{what}", "add the {what}"),
        why=Words(
            "網址會失效，讀者要靠報刊名與日期找到那一篇；線上的新聞沒有網址，讀者無從核對。",
            "Addresses die, and readers find an article by its periodical and date; online it needs its address.",
        ),
        bad=calling(
            "趙一，〈甲篇〉，《乙日報》，2021年5月6日，https://example.org/a1。",
            "錢二，〈丙篇〉，《丁日報》，2021年6月7日，https://example.org/a2。",
            "周三，〈戊篇〉，《乙日報》，2021年5月8日，https://example.org/a3。",
            "李四，〈己篇〉，《丁日報》，https://example.org/a4。",
        ),
        good=calling(
            "趙一，〈甲篇〉，《乙日報》，2021年5月6日，https://example.org/a1。",
            "錢二，〈丙篇〉，《丁日報》，2021年6月7日，https://example.org/a2。",
            "周三，〈戊篇〉，《乙日報》，2021年5月8日，https://example.org/a3。",
            "李四，〈己篇〉，《丁日報》，2021年6月9日，https://example.org/a4。",
        ),
        severity=Severity.NOTE,
    )
)
def missing_part(brief: Reading) -> Iterator[Finding]:
    """News without a date or an address, an article online without what holds it, where the others have it."""
    for uses, what, least in (
        (_dated, Words("日期", "date"), 3),
        (_addressed_news, Words("網址", "address"), 5),
        (_held, Words("報刊或網站的名稱", "periodical or site"), 5),
    ):
        for each in against_practice(brief, uses, least=least, clear=least):
            if each.form == "without":
                yield each.finding(what=what)


def _news(brief: Reading) -> Iterator[tuple[Cited, Part]]:
    """The articles of newspapers and agencies, each with the name of the paper."""
    for each in cited(brief):
        source = each.part("source")
        printed = {"volume", "issue", "pages"} & {part.role for part in each.parts}
        if (
            source is not None
            and each.part("article-title") is not None
            and kinds.is_news(source.value)
            and not printed
        ):
            yield each, source


def _dated(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {"with": [], "without": []}
    for each, source in _news(brief):
        has = bool(each.work.date) or each.part("date") is not None
        uses["with" if has else "without"].append(Use(each.passage, source.start, source.end))
    return uses


def _addressed_news(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {"with": [], "without": []}
    for each, source in _news(brief):
        uses["with" if each.work.url else "without"].append(Use(each.passage, source.start, source.end))
    return uses


def _held(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {"with": [], "without": []}
    for each in cited(brief):
        title = each.part("article-title")
        if title is not None and each.work.url and each.work.date:
            has = each.part("source") is not None or each.work.container or each.part("publisher") is not None
            uses["with" if has else "without"].append(Use(each.passage, title.start, title.end))
    return uses


# What the address says

_DAY = re.compile(
    r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})(?P<s>[-/_.]?)(?P<m>[0-9]{1,2}|[a-z]{3})(?P<t>[-/_.]?)(?P<d>[0-9]{1,2})(?P<rest>[0-9]*)(?![a-z])"
)
_MONTH = re.compile(r"/(?P<y>(?:19|20)[0-9]{2})[-/]?(?P<m>0[1-9]|1[0-2])/(?![0-9]{1,2}(?![0-9]))")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_KEPT = re.compile(
    r"uploads?|files?|content|media|assets|images?|static|attach|storage|download|archive|doi\.org", re.I
)
"""Parts of an address that say when a file was stored, not when it was published."""


def _days(address: str) -> Iterator[tuple[str, int, int]]:
    """The days in an address (ISO 8601) and where they stand in it: 2025/07/10, 2025-07-10, 20250710."""
    for at in _DAY.finditer(address):
        before = address[at.start() - 1 : at.start()]
        apart = bool(at["s"]) and bool(at["t"])
        if not apart and not (len(at["m"]) == len(at["d"]) == 2):
            continue
        if at["rest"] and (at["s"] or at["t"] or not (len(at["rest"]) in (4, 6) or before.isalpha())):
            continue
        month = _MONTHS.index(at["m"]) + 1 if at["m"] in _MONTHS else int(at["m"]) if at["m"].isdigit() else 0
        try:
            day = date(int(at["y"]), month, int(at["d"]))
        except ValueError:
            continue
        yield day.isoformat(), at.start(), at.end("d")


@rule(
    Code(
        "N041",
        title=Words("日期與網址的不同", "date and address differ"),
        message=Words("註裡的日期是{printed}，網址裡的是{said}", "the note says {printed}, the address {said}"),
        hint=Words(
            "打開網頁核對：可能是時差，也可能是抄錯", "look at the page: it may be the time zone, or a slip"
        ),
        why=Words(
            "新聞的網址常帶著發布的日期；兩處不同，總有一處要說明或更正。",
            "The address of an item of news often has its date; where the two differ, one may be wrong.",
        ),
        bad=calling(
            "趙一，〈甲篇〉，《乙日報》，2021年5月8日，https://example.org/news/2021/05/06/a.html。",
        ),
        good=calling(
            "趙一，〈甲篇〉，《乙日報》，2021年5月6日，https://example.org/news/2021/05/06/a.html。",
        ),
        severity=Severity.NOTE,
    )
)
def date_against_address(brief: Reading) -> Iterator[Finding]:
    """The date of a source that is not the one in its address."""
    for each in cited(brief):
        printed, url = each.part("date"), each.part("url")
        if printed is None or url is None or len(each.work.date) < 7 or "archive." in each.work.url:
            continue
        address = each.passage.text[url.start : url.end]
        said = _other_date(each.work.date, address)
        if said is not None:
            day, start, end = said
            words = each.passage.text[printed.start : printed.end]
            also = (each.passage.place(url.start + start, url.start + end),)
            yield found(each.passage, printed.start, printed.end, also=also, printed=words, said=day)


def _other_date(printed: str, address: str) -> tuple[str, int, int] | None:
    """The date in an address and where it stands, where it has one and none is the printed date."""
    path = address.find("/", address.find("://") + 3)
    if path < 0 or _KEPT.search(address):
        return None
    days = [(day, start + path, end + path) for day, start, end in _days(address[path:].lower())]
    if days:
        return None if any(day.startswith(printed) for day, *_ in days) else days[0]
    month = _MONTH.search(address, path)
    if month is None or any(near[:7] == f"{month['y']}-{month['m']}" for near in _around(printed)):
        return None
    return f"{month['y']}-{month['m']}", month.start("y"), month.end("m")


def _around(printed: str) -> Iterator[str]:
    """A day, and those before and after it: somewhere on earth it is another day."""
    yield printed
    if len(printed) == 10:
        for days in (-1, 1):
            try:
                yield (date.fromisoformat(printed) + timedelta(days)).isoformat()
            except (ValueError, OverflowError):
                return


_WORDS = re.compile("[a-z]{3,}")
_HAN_PAIRS = re.compile("(?=([\u3400-\u9fff\uac00-\ud7ff]{2}))")
_TOKEN = re.compile("[0-9]+(?:[.,][0-9]+)*|[a-z]+|[一二三四五六七八九十百]+|[^\\W_]")
_SMALL = frozenset(re.findall("[a-z]+", "a an the of to in on for and at by with as from is are be its"))
"""Words that addresses leave out."""
_NUMBER_WORDS = {
    word: str(number)
    for words, numbers in (
        ("two three four five six seven eight nine ten eleven twelve", range(2, 13)),
        ("thirteen fourteen fifteen sixteen seventeen eighteen nineteen", range(13, 20)),
        ("twenty thirty forty fifty sixty seventy eighty ninety", range(20, 100, 10)),
    )
    for word, number in zip(words.split(), numbers, strict=True)
}


@rule(
    Code(
        "N042",
        title=Words("標題裡的數字與網址的不同", "figures of a headline and its address differ"),
        message=Words("標題寫{title}，網址寫{slug}", "the headline says {title}, the address {slug}"),
        hint=Words("對照原文，更正抄錯的一處", "compare the source, and correct the one that is wrong"),
        why=Words(
            "網址照著標題寫成，只有一個數字不同，多半是抄錯了。",
            "The address spells the headline; one figure that differs is likely a slip.",
        ),
        bad='甲<fn id="fn1"><p>趙一，〈談判團人數75：15差距懸殊〉，《乙日報》，2021年5月8日，'
        "https://example.org/談判團人數75-5差距懸殊.html。</p></fn>",
        good='甲<fn id="fn1"><p>趙一，〈談判團人數75：15差距懸殊〉，《乙日報》，2021年5月8日，'
        "https://example.org/談判團人數75-15差距懸殊.html。</p></fn>",
        severity=Severity.WARNING,
    )
)
def figures_against_address(brief: Reading) -> Iterator[Finding]:
    """A headline whose address spells it, with one number that is another."""
    for each in cited(brief):
        title, url = each.part("article-title"), each.part("url")
        if title is None or url is None or len(title.value) > _LONGEST_TITLE:
            continue
        differing = _differing(title.value, _slug(url.value))
        if differing is not None:
            at, said = differing
            also = (each.passage.place(url.start, url.end),)
            start, end = title.start + at.start(), title.start + at.end()
            words = title.value[at.start() : at.end()]
            yield found(each.passage, start, end, also=also, title=words, slug=said)


_LONGEST_TITLE = 300


def _slug(address: str) -> str:
    """The part of the path of an address that may spell a headline: its longest."""
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return ""
    return max(path.split("/"), key=len)[:_LONGEST_TITLE].lower()


def _spells(slug: str, title: str) -> bool:
    """Whether an address has most of the words of a title."""
    latin = (word for word in _WORDS.findall(title.lower()) if word not in _SMALL and word not in _NUMBER_WORDS)
    words = {*latin, *_HAN_PAIRS.findall(title)}
    return len(words) >= 4 and sum(word in slug for word in words) * 10 >= len(words) * 7


def _differing(title: str, slug: str) -> tuple[re.Match[str], str] | None:
    """The one number of a title that its address has differently, and how the address has it."""
    if not _spells(slug, title):
        return None
    ours = _tokens(re.sub("[’']", "\ufffd", title.lower()))
    theirs = _tokens(slug)
    steps = SequenceMatcher(
        None, [_plain(each[0]) for each in ours], [_plain(each[0]) for each in theirs], autojunk=False
    ).get_opcodes()
    found = []
    for index, (step, start, end, first, last) in enumerate(steps):
        if step != "replace" or end - start != 1 or not _number(ours[start][0]):
            continue
        said = [each[0] for each in theirs[first:last]]
        ends_there = index + 1 == len(steps)
        if all(map(_number, said)) and _is_another(ours[start][0], said, ends_there=ends_there):
            found.append((ours[start], slug[theirs[first].start() : theirs[last - 1].end()]))
    return found[0] if len(found) == 1 else None


def _tokens(words: str) -> list[re.Match[str]]:
    return [each for each in _TOKEN.finditer(words) if each[0] not in _SMALL]


def _plain(token: str) -> str:
    """A token as it is compared: a number in figures, without what divides its digits."""
    return _number(token) or token


def _number(token: str) -> str:
    """The digits of a number, in figures or words; "" where a token is none."""
    if token[0].isdecimal() and token.isascii():
        return re.sub("[.,]", "", token).lstrip("0") or "0"
    if token in _NUMBER_WORDS:
        return _NUMBER_WORDS[token]
    return str(value(token)) if len(token) <= 3 and token[0] in "二三四五六七八九十" else ""


def _is_another(ours: str, said: list[str], *, ends_there: bool) -> bool:
    """Whether an address has another number, not the same cut up (5.6: 5-6) or short (5), or a mark."""
    digits, theirs = _number(ours), "".join(map(_number, said))
    if digits == theirs or len(said) > 2 or len(theirs) > 5 or (ends_there and (len(said) > 1 or len(theirs) > 3)):
        return False
    return not (re.search("[.,]", ours) and digits.startswith(theirs))


# The paper and its site

_SITES = (
    ("中央社|中央通訊社|Focus Taiwan", "cna.com.tw focustaiwan.tw"),
    ("路透|Reuters", "reuters.com"),
    ("美聯社|Associated Press|AP(?: News)?$", "apnews.com"),
    ("法新社|AFP|Agence France", "afp.com france24.com"),
    ("新華|Xinhua", "news.cn xinhuanet.com"),
    ("共同社|共同通信|Kyodo", "kyodonews.net kyodo.co.jp kyodonews.jp"),
    ("연합뉴스|韓聯社|Yonhap", "yna.co.kr"),
    ("自由(?:時報|電子報|財經|評論網|體育)|Taipei Times|Liberty Times", "ltn.com.tw taipeitimes.com"),
    ("聯合(?:報|晚報|新聞網)|經濟日報|世界日報|轉角國際", "udn.com worldjournal.com"),
    ("中國時報|中時|工商時報|旺報|時報周刊", "chinatimes.com ctee.com.tw"),
    ("蘋果(?:日報|新聞網)", "appledaily.com appledaily.com.tw"),
    ("ETtoday|東森", "ettoday.net ebc.net.tw"),
    ("公視|公共電視", "pts.org.tw"),
    ("三立", "setn.com"),
    ("風傳媒", "storm.mg"),
    ("上報", "upmedia.mg"),
    ("報導者", "twreporter.org"),
    ("天下(?:雜誌)?$", "cw.com.tw"),
    ("商業[周週]刊", "businessweekly.com.tw"),
    ("遠見", "gvm.com.tw"),
    ("科技新報", "technews.tw"),
    ("新頭殼|Newtalk", "newtalk.tw"),
    ("環境資訊中心", "e-info.org.tw"),
    ("青年日報", "ydn.com.tw"),
    ("德國之聲|Deutsche Welle", "dw.com"),
    ("BBC|英國廣播公司", "bbc.com bbc.co.uk"),
    ("美國之音|Voice of America|VOA", "voanews.com voachinese.com voacantonese.com"),
    ("自由亞洲|Radio Free Asia", "rfa.org"),
    ("CNN", "cnn.com"),
    ("CNBC", "cnbc.com"),
    ("紐約時報|(?:The )?New York Times", "nytimes.com"),
    ("華爾街日報|(?:The )?Wall Street Journal", "wsj.com"),
    ("華盛頓郵報|(?:The )?Washington Post", "washingtonpost.com"),
    ("金融時報|Financial Times", "ft.com ftchinese.com"),
    ("衛報|The Guardian", "theguardian.com"),
    ("經濟學人|The Economist", "economist.com"),
    ("Politico", "politico.com politico.eu"),
    ("Axios", "axios.com"),
    ("日経|日本経済新聞|日經|日本經濟新聞|Nikkei", "nikkei.com"),
    ("朝日新聞|Asahi", "asahi.com"),
    ("読売新聞|讀賣新聞|Yomiuri", "yomiuri.co.jp"),
    ("毎日新聞|每日新聞", "mainichi.jp"),
    ("産経新聞|產經新聞|Sankei", "sankei.com"),
    ("NHK", "nhk.or.jp nhk.jp"),
    ("중앙일보|中央日報|JoongAng", "joongang.co.kr joins.com"),
    ("조선일보|朝鮮日報|Chosun", "chosun.com"),
    ("동아일보|東亞日報", "donga.com"),
    ("한겨레|韓民族日報", "hani.co.kr"),
    ("경향신문|京鄉新聞", "khan.co.kr"),
    ("人民[網日]", "people.com.cn people.cn"),
    ("環球[網時]|Global Times", "huanqiu.com globaltimes.cn"),
    ("中國新聞網|中新[網社]", "chinanews.com chinanews.com.cn"),
    ("澎湃", "thepaper.cn"),
    ("聯合早報|早報網", "zaobao.com zaobao.com.sg"),
    ("南華早報|South China Morning Post", "scmp.com"),
    ("The Straits Times|海峽時報", "straitstimes.com"),
    ("半島電視台|Al Jazeera", "aljazeera.com"),
    ("Defense News", "defensenews.com"),
    ("The Diplomat$", "thediplomat.com"),
    ("Foreign Policy$", "foreignpolicy.com"),
    ("Foreign Affairs$", "foreignaffairs.com"),
    ("The Hindu$", "thehindu.com"),
    ("Hindustan Times", "hindustantimes.com"),
)
"""Papers, agencies and stations, by how their names begin, and their sites."""
_AGENCIES = 7
"""How many of them, from the first, sell their news to the others."""
_PAPERS = [re.compile(names) for names, _ in _SITES]
_SITE_OF = {host: index for index, (_, hosts) in enumerate(_SITES) for host in hosts.split()}


@rule(
    Code(
        "N046",
        title=Words("報刊與網址不合", "paper and address differ"),
        message=Words(
            "註裡寫的是{paper}，網址卻是「{host}」，別家的網站",
            "the note names {paper}, the address is on {host}, the site of another",
        ),
        hint=Words(
            "打開網頁核對：改報刊名，或換上正確的網址", "open the page, and correct the paper or the address"
        ),
        why=Words(
            "讀者照報刊名找不到這一篇：不是報刊名寫錯，就是網址貼錯。",
            "Readers won't find the article in that paper: either its name or the address is wrong.",
        ),
        bad=calling("趙一，〈港口擴建案通過〉，《自由時報》，2021年5月8日，https://udn.com/news/story/1/2。"),
        good=calling("趙一，〈港口擴建案通過〉，《聯合報》，2021年5月8日，https://udn.com/news/story/1/2。"),
        severity=Severity.NOTE,
    )
)
def paper_against_address(brief: Reading) -> Iterator[Finding]:
    """News of one paper with the address of another; what an agency wrote others print, too."""
    for each in cited(brief):
        source, url = each.part("source"), each.part("url")
        site = _site(each.work.url) if source is not None and url is not None else None
        if source is None or url is None or site is None:
            continue
        paper = next((index for index, known in enumerate(_PAPERS) if known.match(source.value)), None)
        if paper is None or paper == _SITE_OF[site] or paper < _AGENCIES <= _SITE_OF[site]:
            continue
        also = (each.passage.place(source.start, source.end),)
        yield found(each.passage, url.start, url.end, also=also, paper=source.value, host=site)


def _site(address: str) -> str | None:
    """The site of a paper that an address is on."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return None
    labels = host.split(".")[-6:]
    return next((site for at in range(len(labels)) if (site := ".".join(labels[at:])) in _SITE_OF), None)


# One address, two works


def are_two_works(one: Work, other: Work) -> bool:
    """Whether two works that have an address in common have titles that can't be those of one."""
    first, second = plain(one.title), plain(other.title)
    if not first or not second or first in second or second in first or one.lang != other.lang:
        return False
    pairs = {a + b for a, b in pairwise(first)}
    return len(pairs & {a + b for a, b in pairwise(second)}) * 2 < len(pairs)


@rule(
    Code(
        "N034",
        title=Words("兩筆資料同一個網址", "one address for two sources"),
        message=Words(
            "這個網址也是{where}註{number}的，{difference}",
            "note {number} of {where} has this address, too: {difference}",
        ),
        hint=Words("打開網頁核對，更正貼錯或抄錯的一筆", "open it, and correct the citation that is wrong"),
        why=Words(
            "一個網址只有一篇文章；篇名或日期不同，其中一筆是貼錯或抄錯的。",
            "One address is one article; where title or date differ, one of the two citations is wrong.",
        ),
        bad=calling(
            "趙一，〈港口擴建案通過〉，《乙日報》，2021年5月8日，https://example.org/a/1。",
            "錢二，〈漁業談判破局〉，《丁日報》，2021年6月9日，https://example.org/a/1。",
        ),
        good=calling(
            "趙一，〈港口擴建案通過〉，《乙日報》，2021年5月8日，https://example.org/a/1。",
            "錢二，〈漁業談判破局〉，《丁日報》，2021年6月9日，https://example.org/a/2。",
        ),
        severity=Severity.NOTE,
    )
)
def one_address_for_two(brief: Reading) -> Iterator[Finding]:
    """An address that an earlier note, or one of an earlier brief, has for another title or another date."""
    first: dict[Key, tuple[Reading, Cited]] = {}
    together = brief.issue.briefs or (brief,)
    times = Counter(address for there in together for address, _ in _addressed(there))
    for there in together:
        for address, each in _addressed(there):
            if not 1 < times[address] < _LISTING:
                continue
            other, earlier = first.setdefault(address, (there, each))
            difference = _difference(earlier.work, each.work, other_brief=other is not there)
            url = each.part("url")
            if there is brief and difference is not None and url is not None:
                where = Words("本篇", "this brief") if other is brief else Words(*[_title_of(other)] * 2)
                values = {
                    "where": where,
                    "number": other.number(earlier.passage) or "*",
                    "difference": difference,
                }
                also = (earlier.place,) if other is brief else ()
                yield Finding(each.passage.place(url.start, url.end), values, also=also)
        if there is brief:
            return


_LISTING = 4
"""How many citations share the address of a page that only lists what is published."""


@once
def _addressed(brief: Reading) -> tuple[tuple[Key, Cited], ...]:
    """The citations with an address, each with the key of the address; each brief is read once."""
    return tuple(
        (key, each) for each in cited(brief) if each.work.url for key in keys(each.work) if key[0] == "address"
    )


def _difference(one: Work, other: Work, *, other_brief: bool) -> Words | None:
    if are_two_works(one, other):
        return Words("篇名卻不同", "with another title")
    if other_brief and len(one.date) == len(other.date) == 10 and one.date != other.date:
        return Words(f"日期卻是{one.date}", f"with the date {one.date}")
    return None


def _title_of(brief: Reading) -> str:
    title = brief.source.root.find("front/article-meta/title-group/article-title")
    words = "".join(title.itertext()).strip() if title is not None else ""
    return f"〈{words[:30]}〉" if words else brief.source.path.name


# A source older than what it is cited for

_FULL_DATE = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})年([0-9]{1,2})月([0-9]{1,2})日(?!起|前|之前|以前|為止|止|生效|施行)"
)
_AHEAD = re.compile(
    "將|預計|預定|預期|預訂|擬於|可能|原定|原訂|計畫|計劃|規劃|到期|屆滿|截止|期限|生效|上路|施行|實施|以前|之前|為止|即將|定於|訂於|排定|展望|若|如果|倘"
)


@rule(
    Code(
        "N036",
        title=Words("資料早於所說的事", "source older than the event"),
        message=Words(
            "正文說的是{event}的事，這條註唯一的資料卻是{printed}的新聞",
            "the text speaks of {event}; the only source of the note is news of {printed}",
        ),
        hint=Words(
            "核對日期；也可能是註號放錯了位置", "check the dates; the call may also stand at the wrong place"
        ),
        why=Words(
            "新聞不會早於它報導的事；不是日期抄錯，就是註號放錯句子。",
            "News is not older than what it reports: a date is wrong, or the call stands at another sentence.",
        ),
        bad='兩國在2021年5月6日簽署協定。<fn id="fn1"><p>趙一，〈甲篇〉，《乙日報》，2021年3月2日，'
        "https://example.org/a1。</p></fn>",
        good='兩國在2021年5月6日簽署協定。<fn id="fn1"><p>趙一，〈甲篇〉，《乙日報》，2021年5月7日，'
        "https://example.org/a1。</p></fn>",
        severity=Severity.NOTE,
    )
)
def source_before_event(brief: Reading) -> Iterator[Finding]:
    """A sentence with one full date, a past event, whose only source is news from well before that day."""
    alone = {each.passage.note.element: each for each in cited(brief) if _is_only_news(each) and each.passage.note}
    for passage in brief.prose if alone else ():
        done = 0
        for index, note in passage.calls:
            sentence = _sentence_before(passage, done, index)
            done = index
            if note not in alone:
                continue
            event = _only_event(sentence)
            source, day = alone[note], _day(alone[note].work.date)
            printed = source.part("date")
            if event is not None and day is not None and printed is not None and (event[0] - day).days > 2:
                published = brief.issue.published
                if published is not None and event[0] > published:
                    continue
                words = source.passage.text[printed.start : printed.end]
                yield found(source.passage, printed.start, printed.end, event=event[1], printed=words)


def _is_only_news(each: Cited) -> bool:
    return _is_only(each) and each.work.kind == "news"


def _sentence_before(passage: Passage, done: int, index: int) -> str:
    """The sentence that a note at `index` is called in or behind, from the last note on."""
    text = passage.text[done:index]
    return re.split("[。！？]", text.rstrip("。！？；，、」』”）"))[-1]


def _only_event(sentence: str) -> tuple[date, str] | None:
    """The one day a sentence names in full, where it speaks of what has happened."""
    days = list(_FULL_DATE.finditer(sentence))
    if len(days) != 1 or _AHEAD.search(sentence) or len(re.findall("[0-9]年|[0-9]月", sentence)) > 2:
        return None
    day = _day("-".join(each.zfill(2) for each in days[0].groups()))
    return (day, days[0][0]) if day is not None else None


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso) if len(iso) == 10 else None
    except ValueError:
        return None


# The year in a title

_TITLE_IN_TEXT = re.compile("[《〈][^《》〈〉]{2,60}[》〉]")
_YEAR_AT_AN_END = re.compile(
    r"\A(?P<first>(?:19|20)[0-9]{2})(?![0-9])|(?<![0-9–~～-])(?P<last>(?:19|20)[0-9]{2})年?(?:度|版|年報)?\Z"
)


@rule(
    Code(
        "N048",
        title=Words("正文與註裡的年份不同", "years of text and note differ"),
        message=Words(
            "正文的書名是{said}年的，註裡的篇名卻是{printed}年的",
            "the text names that of {said}, the note that of {printed}",
        ),
        hint=Words("核對：是哪一年的報告", "see which year is meant"),
        why=Words(
            "年度報告每年一本；正文說的和註裡引的年份不同，讀者不知道該看哪一本。",
            "There is a report for every year: readers must know which one is cited.",
        ),
        bad='智庫公布《2021年軍備趨勢》報告。<fn id="fn1"><p>“Trends in Arms, 2020,” SIPRI, May 8, 2021, '
        "https://example.org/a1.</p></fn>",
        good='智庫公布《2020年軍備趨勢》報告。<fn id="fn1"><p>“Trends in Arms, 2020,” SIPRI, May 8, 2021, '
        "https://example.org/a1.</p></fn>",
        severity=Severity.NOTE,
    )
)
def year_of_a_title(brief: Reading) -> Iterator[Finding]:
    """A report of one year in a sentence whose note has one source, with another year at an end of its title."""
    alone = {each.passage.note.element: each for each in cited(brief) if each.passage.note and _is_only(each)}
    for passage in brief.prose if alone else ():
        done = 0
        for index, note in passage.calls:
            start, done = done, index
            source = alone.get(note)
            title = source.part("article-title") or source.part("source") if source is not None else None
            if source is None or title is None:
                continue
            sentence = _sentence_before(passage, start, index)
            named = list(_TITLE_IN_TEXT.finditer(sentence))
            said = _YEAR_AT_AN_END.search(named[0][0][1:-1]) if len(named) == 1 else None
            printed = _YEAR_AT_AN_END.search(title.value)
            if said is None or printed is None:
                continue
            ours, theirs = said["first"] or said["last"], printed["first"] or printed["last"]
            at = passage.text.rfind(named[0][0], start, index)
            if ours != theirs and at >= 0:
                at += 1 + said.start()
                also = (source.passage.place(title.start, title.end),)
                yield found(passage, at, at + 4, also=also, said=ours, printed=theirs)


def _is_only(each: Cited) -> bool:
    note = each.passage.note
    return note is not None and len(note.parts) == 1 and not note.doubtful

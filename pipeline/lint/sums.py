"""Rules about arithmetic inside a sentence: totals, shares, spans of years, lists whose items are counted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.amounts import Amount, amounts, amounts_in
from pipeline.lint.numerals import HAN, value
from pipeline.lint.reading import Passage, Reading
from pipeline.lint.rules import Finding, found, rule

_SUM = Words(
    "讀者會自己加一遍；加不起來，整段數字都失去信用。",
    "Readers add up for themselves; where it doesn't come out, they trust none of the numbers.",
)
_CHECK = Words("查對原始資料，改正其中一個數字", "look the numbers up and correct the wrong one")


# --- from … up to … ---------------------------------------------------------------------------------------

_UP = "上升|增加|提高|提升|成長|增長|調升|攀升|擴大|擴增|上調|上漲|飆升|躍升|回升|上修|擴充|擴編|增|升|漲"
_DOWN = "下降|減少|降低|下滑|縮減|調降|下跌|下修|削減|裁減|縮小|衰退|跌落|滑落|驟降|銳減|精簡|降|減|跌"
_FROM = re.compile(r"(?:從|由|自)[^，。；：「」\ufffc]{0,14}$")
_MOVED = re.compile(
    rf"[^，。；：「」\d一二三四五六七八九十百千]{{0,8}}?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:至|到|為|成)[了約近逾]?$"
)
_RANK = re.compile("排名|名次|位居|第$|年$|月$|赤字|逆差|負$|-$")


@rule(
    Code(
        "D037",
        title=Words("升降與數字不合", "up or down against the numbers"),
        message=Words("「{written}」：數字是{direction}的", "“{written}”: the numbers say {english}"),
        hint=_CHECK,
        why=_SUM,
        bad="成長預期從4.8%上升為4.0%。",
        good="成長預期從4.0%上升為4.8%，失業率由5%降至4%。",
        severity=Severity.WARNING,
    )
)
def up_or_down(brief: Reading) -> Iterator[Finding]:
    """從4.8%上升為4.0%: the words say up, the numbers down."""
    for passage in brief.passages:
        text = passage.own_text
        read = amounts_in(passage) if re.search("[從由自]", text) else ()
        for first, last in pairwise(read):
            if last.start - first.end > 14 or first.unit != last.unit:
                continue
            moved = _MOVED.fullmatch(text, first.end, last.start)
            begins = _FROM.search(text, max(0, first.start - 16), first.start)
            if moved is None or begins is None or _RANK.search(begins[0]):
                continue
            rises, falls = last.low > first.high, last.high < first.low
            if (moved["up"] and falls) or (moved["down"] and rises):
                direction, english = ("增加", "up") if rises else ("減少", "down")
                values = {"written": text[begins.start() : last.end], "direction": direction, "english": english}
                yield Finding(passage.place(first.start, last.end), values)


# --- parts and wholes -------------------------------------------------------------------------------------

_LONGEST = 1_000
"""Characters of a sentence that says a total and its parts."""

_OF_WHICH = re.compile("其中|包括|包含|分別為|分為")
_REST = re.compile("其餘|剩餘|剩下的?|餘下的?|餘")
_PLUS = re.compile("加上|以及另|連同|和另|與另")
_TOGETHER = re.compile("(?:共計?|合計|總計|總共|一共|共有|共達|合共|總和為?)[有為達]?$")


@rule(
    Code(
        "D038",
        title=Words("各項相加不等於總數", "parts that are not the whole"),
        message=Words("各項相加是{sum}，總數卻是{total}", "the parts make {sum}, the whole is {total}"),
        hint=_CHECK,
        why=_SUM,
        bad="目前有7個電台，1個是公營，2個是軍方，其餘5個是民營。",
        good="目前有7個電台，1個是公營，1個是軍方，其餘5個是民營。",
        severity=Severity.NOTE,
    )
)
def parts_of_a_whole(brief: Reading) -> Iterator[Finding]:
    """A total with its parts in one sentence (其中 … 其餘 …; 甲加上乙共 …) that do not add up to it."""
    for passage in brief.passages:
        text = passage.own_text
        if not any(words.search(text) for words in (_REST, _OF_WHICH, _PLUS, _IN_ALL)):
            continue
        for start, end in passage.sentences:
            if end - start > _LONGEST:
                continue
            read = [each for each in amounts(text[start:end]) if each.low == each.high or each.exact]
            sentence = text[start:end]
            for total, parts in (
                *_with_a_rest(sentence, read),
                *_of_which(sentence, read),
                *_added(sentence, read),
                *_said_in_all(sentence, read),
                *_more_than_all(sentence, read),
            ):
                made = sum(part.value for part in parts)
                if not _comes_out(made, total, parts):
                    also = tuple(passage.place(start + part.start, start + part.end) for part in parts)
                    values = {"sum": f"{made:,.10g}", "total": sentence[total.start : total.end]}
                    yield Finding(passage.place(start + total.start, start + total.end), values, (), also)


def _comes_out(made: float, total: Amount, parts: Sequence[Amount]) -> bool:
    slack = (total.high - total.low) / 2 + sum(part.high - part.low for part in parts) / 2
    if total.value < 1000:
        slack = 0.01 * len(parts) if total.value != int(total.value) else 0.0
    return abs(made - total.value) <= slack


Sum = tuple[Amount, Sequence[Amount]]


def _same_unit(read: Sequence[Amount], index: int) -> list[Amount]:
    """The amounts after one that have its unit, as long as nothing is counted in another."""
    return [each for each in read[index + 1 :] if each.unit == read[index].unit]


def _with_a_rest(sentence: str, read: Sequence[Amount]) -> Iterator[Sum]:
    """A total, its parts, and 其餘 before the last of them."""
    rest = _REST.search(sentence)
    read = [each for each in read if each.unit != "%"]
    if rest is None or len(_REST.findall(sentence)) > 1:
        return
    for index, total in enumerate(read):
        parts = _same_unit(read, index)
        last = next((n for n, part in enumerate(parts) if part.start >= rest.start()), None)
        if last is None or last == 0 or last > 5 or total.start > rest.start():
            continue
        near = parts[last].start - rest.end() <= 6
        if near and _is_a_whole(sentence, total) and not _is_doubtful(sentence[total.end : parts[last].end]):
            yield total, parts[: last + 1]
        return


def _is_a_whole(sentence: str, amount: Amount) -> bool:
    return amount.value >= 3 and not re.search(
        "[每各第]|增|減|達$|超過$|約$", sentence[max(0, amount.start - 3) : amount.start]
    )


def _is_doubtful(between: str) -> bool:
    return (
        re.search(
            "每|平均|增加|減少|另外|超過|至少|以上|約|近|多|餘(?!下|[0-9])|則|各", between.replace("其餘", "")
        )
        is not None
    )


def _of_which(sentence: str, read: Sequence[Amount]) -> Iterator[Sum]:
    """A total and three parts or more right after 其中 that make more than it, or nearly it."""
    for match in _OF_WHICH.finditer(sentence):
        index = next((n for n in range(len(read) - 1, -1, -1) if read[n].end <= match.start()), None)
        if index is None or match.start() - read[index].end > 30:
            continue
        total = read[index]
        parts = [part for part in _same_unit(read, index) if part.start >= match.end()]
        made = sum(part.value for part in parts)
        if len(parts) < 3 or len(parts) != len(read) - index - 1 or not _is_a_whole(sentence, total):
            continue
        nearly = abs(made - total.value) <= 0.02 * total.value or total.value < made <= 1.1 * total.value
        if nearly and not _is_doubtful(sentence[total.end : parts[-1].end]) and total.unit != "%":
            yield total, parts


def _added(sentence: str, read: Sequence[Amount]) -> Iterator[Sum]:
    """甲101席，加上乙21席，共122席: two amounts and their sum, one right after the other."""
    for index in range(len(read) - 2):
        one, two, total = read[index : index + 3]
        if not one.unit == two.unit == total.unit or total.start - one.end > 60:
            continue
        between, before = sentence[one.end : two.start], sentence[two.end : total.start]
        if _PLUS.search(between) and _TOGETHER.search(before) and not _is_doubtful(between + before):
            yield total, (one, two)


_IN_ALL = re.compile("合計|共計|總計|加總|合共|總和")
_EACH = re.compile("各[有占佔]?[約]?$")
_AND = re.compile("[、與和]|(?<!以)及")
_NEAR = 0.15
"""By how much of itself a sum may miss its parts to be one that was added up wrongly."""


def _said_in_all(sentence: str, read: Sequence[Amount]) -> Iterator[Sum]:
    """甲14條、乙10條，合計26條: amounts of one unit, and after them what they are said to be in all."""
    for index, total in enumerate(read):
        said = re.search("(?:合計|共計|總計|加總|合共|總和)[^，。；：\\d]{0,6}$", sentence[: total.start])
        parts = [part for part in read[:index] if part.unit == total.unit and part.unit != "%"]
        between = sentence[parts[-1].end : total.start] if parts else ""
        if said is None or len(parts) < 2 or len(between) > 30 or _REST.search(sentence[: total.start]):
            continue
        counted = [_counted(sentence, part, read) for part in parts]
        sums = [sum(counted[first:]) for first in range(len(counted) - 1)]
        if any(abs(made - total.value) <= 0.011 * max(total.value, 1) for made in sums):
            continue
        if abs(sums[0] - total.value) <= _NEAR * total.value and total.value > max(counted):
            yield total, [replace(part, value=value) for part, value in zip(parts, counted, strict=True)]


def _counted(sentence: str, part: Amount, read: Sequence[Amount]) -> float:
    """An amount, as often as things are named before it: 甲、乙與丙各1種 are three."""
    before = sentence[max((each.end for each in read if each.end <= part.start), default=0) : part.start]
    clause = re.split("[，；：]", before)[-1] if "各" in before else ""
    return part.value * (len(_AND.findall(clause)) + 1 if _EACH.search(before) else 1)


def _more_than_all(sentence: str, read: Sequence[Amount]) -> Iterator[Sum]:
    """共180輛，其中116輛為甲，66輛為乙: two parts right after 其中 that are a little more than the whole."""
    for match in re.finditer("其中", sentence):
        index = next((n for n in range(len(read) - 1, -1, -1) if read[n].end <= match.start()), None)
        if index is None or match.start() - read[index].end > 12 or not _is_a_whole(sentence, read[index]):
            continue
        total, parts = read[index], [part for part in _same_unit(read, index) if part.start >= match.end()]
        made = sum(part.value for part in parts)
        if len(parts) != 2 or total.unit == "%" or not total.value < made <= (1 + _NEAR) * total.value:
            continue
        if not _is_doubtful(re.sub("[合條協公]約", "", sentence[total.end : parts[-1].end])):
            yield total, parts


# --- shares -----------------------------------------------------------------------------------------------

_SHARE = re.compile(
    r"(?<![\d.,])[約近]?(?P<n>\d+(?:\.\d+)?)(?:%|％)(?=[、，；。）與和及])|(?:占|佔|其餘)[約近]?(?P<m>\d+(?:\.\d+)?)(?:%|％)"
)
_SHARED = re.compile("分別[占佔為]|各[占佔]|其餘|占比(?:分別)?|比例(?:分別)?為|市占率?")
_MANY = re.compile(
    "複選|多選|可重複|成長|增加|減少|下降|上升|稅率|機率|利率|增幅|降幅|達成率|漲|跌|失業率|投票率|滿意|支持率"
)


@rule(
    Code(
        "D039",
        title=Words("百分比加起來不是100%", "shares that do not make 100 %"),
        message=Words("這些百分比加起來是{sum}%", "these shares make {sum} %"),
        hint=_CHECK,
        why=_SUM,
        bad="甲占45%、乙占38%，其餘丙占27%。",
        good="甲占45%、乙占38%，其餘丙占17%。",
        severity=Severity.NOTE,
    )
)
def shares(brief: Reading) -> Iterator[Finding]:
    """Shares in one sentence, with 其餘 or 分別占, that make more than 100 %; with 其餘, less than 100 % too."""
    for passage in brief.passages:
        text = passage.own_text
        if not _SHARED.search(text):
            continue
        for start, end in passage.sentences:
            sentence = text[start:end]
            matches = list(_SHARE.finditer(sentence))
            if len(matches) < 3 or len(matches) > 12 or _MANY.search(sentence) or not _SHARED.search(sentence):
                continue
            made = sum(float(match["n"] or match["m"]) for match in matches)
            every = len(re.findall("%|％", sentence)) == len(matches)
            has_rest = "其餘" in sentence[: matches[-1].start() + 4] and every
            if 101 < made < 150 or (has_rest and 80 < made < 99):
                first, last = matches[0].start(matches[0].lastgroup or 0), matches[-1].end()
                yield found(passage, start + first, start + last, sum=f"{made:.6g}")


# --- spans of years ---------------------------------------------------------------------------------------

_SOME_SPAN = re.compile(r"\d{4}年?(?:至|到|[-–—~～])\d{4}")
_ONE_YEAR = r"(?:1\d{3}|20\d\d)"
_NUMBER = rf"(?:\d{{1,3}}|{HAN}{{1,4}})"
_SPAN = re.compile(
    rf"(?<![\d,數])(?P<n>{_NUMBER})(?P<more>[多餘])?年[^，。；：（）\d]{{0,8}}"
    rf"[（(](?P<from>{_ONE_YEAR})年?[-–—~～至](?P<to>{_ONE_YEAR})年?[）)]"
    rf"|[（(]?(?P<from2>{_ONE_YEAR})年?(?:至|到|[-–—~～])(?P<to2>{_ONE_YEAR})年[）)]?(?:間|期間)?[，的]?"
    rf"(?:共|長達|歷時|為期)(?P<n2>{_NUMBER})年(?!代)"
)


@rule(
    Code(
        "D044",
        title=Words("年數與起訖不合", "years that do not fit their span"),
        message=Words(
            "{first}到{last}是{right}年，不是{said}年", "{first} to {last} is {right} years, not {said}"
        ),
        hint=_CHECK,
        why=Words(
            "年數與起訖年份寫在一起，讀者一減就知道對不對。",
            "A span and its years stand side by side: any reader can subtract.",
        ),
        bad="已有59年的歷史（1956-2025）。",
        good="已有69年的歷史（1956-2025）。",
        severity=Severity.WARNING,
    )
)
def years_of_a_span(brief: Reading) -> Iterator[Finding]:
    """59年的歷史（1956-2025）: a number of years beside the years from which to which it ran."""
    for passage in brief.passages:
        text = passage.own_text
        for match in _SPAN.finditer(text) if _SOME_SPAN.search(text) else ():
            first = int(match["from"] or match["from2"])
            last = int(match["to"] or match["to2"])
            said, right = value(match["n"] or match["n2"]), last - first
            if last > first and said and not match["more"] and abs(said - right) > 1:
                yield found(passage, *match.span(), first=first, last=last, right=right, said=f"{said:.0f}")


# --- lists that are counted -------------------------------------------------------------------------------

_NAME = r"[^，。；：、（）「」《》〈〉\d\s\ufffc與和及等]"
_ITEM = rf"(?P<items>{_NAME}{{1,7}}(?:、{_NAME}{{1,8}}){{1,8}}(?:(?:與|和|及|以及){_NAME}{{1,8}}?)?)"
_THINGS = (
    "大?(?:國|黨|黨派|州|省|縣市|縣|市|個國家|個島國|家公司|家企業|"
    "人|位|項|點|種|類|個面向|個層面|方面|座城市|個城市)"
)
_COUNTED_LIST = re.compile(
    rf"{_ITEM}(?P<etc>等)?(?P<n>[二兩三四五六七八九十])(?P<unit>{_THINGS})(?![^，。；、]{{0,2}}[一二三四五六七八九十])"
)
_SPLIT = re.compile("、|與|和|及|以及")


@rule(
    Code(
        "D042",
        title=Words("列出的項數與數字不合", "list with another number of items"),
        message=Words("列了{listed}個，卻說是「{said}」", "{listed} are listed, “{said}” are announced"),
        hint=Words("補上或刪去，或改數字", "add or delete an item, or change the number"),
        why=Words(
            "列出的項數與所說的對不上，讀者會以為漏了一項；多半是後來增刪項目，沒有回頭改數字。",
            "Where number and list differ, readers miss an item; items were added, the number was not.",
        ),
        bad="美國、日本、韓國與澳洲三國，",
        good="美國、日本與韓國三國，美國、日本等五國，",
        severity=Severity.NOTE,
    )
)
def counted_list(brief: Reading) -> Iterator[Finding]:
    """美國、日本、韓國與澳洲三國: the items listed are not as many as the number after them says."""
    for passage in brief.passages:
        text = passage.own_text
        if "、" not in text:
            continue
        for match in _COUNTED_LIST.finditer(text):
            listed = len([item for item in _SPLIT.split(match["items"]) if item])
            said = int(value(match["n"]) or 0)
            if listed == said or (match["etc"] and listed < said) or said == 2 or not _is_one_list(text, match):
                continue
            start, end = match.span("n")
            written = match["n"] + match["unit"]
            yield found(passage, start, end + len(match["unit"]), listed=listed, said=written)


def _is_one_list(text: str, match: re.Match[str]) -> bool:
    """Whether the list begins where it seems to: at a mark, or with an item as short as the others."""
    before = text[max(0, match.start() - 1) : match.start()]
    items = _SPLIT.split(match["items"])
    return before in ("", "，", "。", "；", "：", "（") and max(map(len, items[1:])) + 3 >= len(items[0])


_POINTS = "點|項|個|方面|面向|層面|原因|理由|因素|重點|特點|意涵|影響|挑戰|方向|建議"
_ANNOUNCED = re.compile(
    r"(?:以下|下列|如下|有|分為|歸納為|歸納出|提出|區分為)(?P<n>[二兩三四五六七八九])"
    rf"(?:[大個項]?(?:{_POINTS})[^。；]{{0,8}}(?:：|。|，第一)|：)"
)
_OTHERWISE = re.compile("最後|再者|此外|另外|其[次二三四]|[二三四]是")
_ORDINAL = re.compile("(?:^|(?<=[。；，：！]))第(?P<n>[一二三四五六七八九])(?:，|、|：|點|是|項)")


@rule(
    Code(
        "D043",
        title=Words("預告的點數與所列不合", "announced points and those that follow"),
        message=Words("說有{said}點，下文列到第{last}", "{said} points are announced, {last} follow"),
        hint=Words("補上或刪去，或改數字", "add or delete a point, or change the number"),
        why=Words(
            "預告幾點就要有幾點，讀者靠它掌握段落；增刪論點後，預告常忘了改。",
            "Readers follow the points that were announced; when a point goes, the announcement is forgotten.",
        ),
        bad="原因有以下三點：第一，地理。第二，歷史。第三，經濟。第四，軍事。",
        good="原因有以下三點：第一，地理。第二，歷史。第三，經濟。",
        severity=Severity.NOTE,
    )
)
def announced_points(brief: Reading) -> Iterator[Finding]:
    """三點 before 第一 … 第四."""
    passages = [each for each in brief.prose if each.kind in ("body", "heading")]
    for index, passage in enumerate(passages):
        text = passage.own_text
        for match in _ANNOUNCED.finditer(text):
            said = int(value(match["n"]) or 0)
            last = _last_ordinal(text[match.start("n") :], passages[index + 1 : index + 10])
            if last > said or (1 < last < said and not _OTHERWISE.search(text, match.end())):
                yield found(passage, *match.span("n"), said=match["n"], last="零一二三四五六七八九"[last])


def _last_ordinal(rest: str, following: Sequence[Passage]) -> int:
    """How far 第一, 第二 … run on from here; 0 where they do not begin at the first."""
    last = 0
    for text in (rest, *(each.own_text for each in following if each.kind == "body")):
        for match in _ORDINAL.finditer(text):
            number = int(value(match["n"]) or 0)
            if number == last + 1:
                last = number
            elif number == 1:
                return last
    return last

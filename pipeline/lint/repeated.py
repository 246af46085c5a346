"""Rules about characters, words and phrases that stand twice by mistake.

What is repeated on purpose is left alone: reduplicated words (人人, 往往), and characters that end one word and
begin the next (標的的價格, 為了了解). A repetition inside a quotation is reported, not mended: look at the source.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.diagnostics import Code, Severity, Words
from pipeline.flat import REFERENCE
from pipeline.lint.reading import ADDRESS, NAMED, OWN, QUOTED, TITLED, Passage, Reading, once
from pipeline.lint.rules import Finding, found, rule

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_HAN_CHARACTER = re.compile(f"[{_HAN}]")
_MARKS = "，。；：！？、"

_TWICE = Words(
    "改稿、貼上時最容易把同一段字留下兩次；讀者會停下來找不存在的意思（《芝加哥格式手冊》第2章：校對時要找重複的字詞）。",
    "Rewriting and pasting leave words standing twice, and readers stop to look for a meaning (CMOS chapter 2).",
)


# ---------------------------------------------------------------------------------------------------------------
# Phrases

_SEED = 4
"""Fewest characters that, standing twice in a row, are a phrase."""
_FARTHEST = 400
"""Most characters between the beginnings of the two."""


@dataclass(frozen=True, slots=True)
class _Repeat:
    """`text[start:end]` says again what begins at `first`."""

    first: int
    start: int
    end: int


@rule(
    Code(
        "W040",
        title=Words("同一段文字連著出現兩次", "phrase twice in a row"),
        message=Words("「{words}」連著出現兩次", "“{words}” stands twice in a row"),
        hint=Words("{advice}", "{advice}"),
        why=_TWICE,
        bad="將加速完善必要的政策及制度，將加速完善必要的政策及制度，並擴大合作。",
        good="將加速完善必要的政策及制度，並擴大合作。",
        severity=Severity.WARNING,
    )
)
def phrase_twice(brief: Reading) -> Iterator[Finding]:
    """A phrase of four characters or more that stands twice in a row, the second possibly broken off."""
    for passage, repeat in _repeats(brief):
        advice = Words("刪去一次", "delete one of them")
        if passage.zones[repeat.start] != OWN:
            advice = Words("引文也請核對原文；多出來的刪去", "look at the source, and delete what is not in it")
        words = passage.text[repeat.start : repeat.end].strip(_MARKS)
        first = passage.place(repeat.first, repeat.first + repeat.end - repeat.start)
        yield found(passage, repeat.start, repeat.end, also=(first,), words=words, advice=advice)


@once
def _repeats(brief: Reading) -> Sequence[tuple[Passage, _Repeat]]:
    """The phrases of a brief that stand twice in a row; a phrase counts once."""
    return tuple(
        (passage, repeat)
        for passage in brief.passages
        for stretch in _NO_ADDRESS.finditer(passage.zones)
        for repeat in _repeats_in(passage, *stretch.span())
    )


_NO_ADDRESS = re.compile(f"[^{ADDRESS}]{{{2 * _SEED},}}")


_JOINED_BY = (
    "以及|及|和|與|並且|並能|並|且|而且|或是|或者|或|暨|進而|從而|藉此|藉以|因而|因此|所以|同時|尤其是|特別是"
    "|也|亦|更|還|以"
)
_JOINT = re.compile(f"[，、；](?:{_JOINED_BY})?|(?:{_JOINED_BY})")
_ITEM_END = re.compile("[，。；：！？、）」]")
_SELF = 8
"""Fewest Han characters of what can't be joined to itself on purpose."""
_LONGEST_SELF = 80


def _end_of_item(passage: Passage, first: int, start: int) -> int:
    """Where the words end that begin at `start` and are joined to the same ones at `first`; 0: they aren't.

    取得打擊縱深目標的能力，以及打擊縱深目標的能力.
    """
    text = passage.text
    mark = _ITEM_END.search(text, start, start + _LONGEST_SELF)
    end = mark.start() if mark else len(text)
    joint = first + end - start
    if not _SELF <= end - start <= _LONGEST_SELF or not joint < start <= joint + _LONGEST_JOINT:
        return 0
    is_joined = _JOINT.fullmatch(text, joint, start) and text.startswith(text[start:end], first)
    return end if is_joined and _is_item(passage, first, start, end) else 0


_LONGEST_JOINT = 4


def _is_item(passage: Passage, first: int, start: int, end: int) -> bool:
    """Whether both are the author's own words, and words enough."""
    return set(passage.zones[first:end]) == {OWN} and len(_HAN_CHARACTER.findall(passage.text[start:end])) >= _SELF


def _repeats_in(passage: Passage, begin: int, stop: int) -> Iterator[_Repeat]:
    text, last, done = passage.text[:stop], dict[str, int](), begin
    if len(text[begin:].encode()) < len(text) - begin + 4 * _SEED:
        return
    for start, seed in _seeds(text, begin):
        first = last.get(seed, start)
        last[seed] = start
        if start < done or not _SEED <= start - first <= _FARTHEST:
            continue
        end = _end_of_repeat(text, first, start) or _end_of_item(passage, first, start)
        done = max(done, end)
        if end and _counts(passage, text[start:end], start):
            yield _Repeat(first, start, end)


def _seeds(text: str, begin: int) -> list[tuple[int, str]]:
    """The places of all that stands more than once."""
    seeds = [text[start : start + _SEED] for start in range(begin, len(text) - _SEED + 1)]
    again = {seed for seed, count in Counter(seeds).items() if count > 1}
    return [(start, seed) for start, seed in enumerate(seeds, begin) if seed in again] if again else []


def _end_of_repeat(text: str, first: int, start: int) -> int:
    """Where the words that begin at `start` stop saying again all that stands from `first` to them; 0: they don't.

    A mark may stand between the two where whole clauses are repeated, and the second may break off at the end of
    its sentence.
    """
    distance = start - first
    if text.startswith(text[first:start], start):
        return start + distance
    if text[start - 1] not in _MARKS or not _begins_clause(text, first):
        return 0
    if text.startswith(text[first : start - 1], start) and text[start - 1] != "、":
        return start + distance - 1
    end = start
    while end < len(text) and end - start < distance and text[end] == text[end - distance] not in _MARKS:
        end += 1
    breaks_off = text[end : end + 1] in ("。", "；", "") and text[end - distance] not in _MARKS
    return end if end - start >= 2 * _SEED and breaks_off else 0


def _begins_clause(text: str, index: int) -> bool:
    return index == 0 or text[index - 1] in _MARKS or text[index - 1] == REFERENCE


def _counts(passage: Passage, words: str, start: int) -> bool:
    """Whether a repetition is one of words: no number, no row of signs, no slogan in a title."""
    han = len(_HAN_CHARACTER.findall(words))
    zone = passage.zones[start]
    return han >= (_SEED if zone != TITLED else 2 * _SEED) and len(set(words)) > 2


# ---------------------------------------------------------------------------------------------------------------
# Words

_SAID_TWICE = """
彼此 非常 很多 許多 永遠 哪裡 不斷 慢慢 討論 研究 考慮 商量 思考 了解 瞭解 觀察 評估 檢討 休息 練習 體驗 嘗試
整理 溝通 交流 參觀 參考 準備 認識 改善 調整
"""
"""Words that are said twice: verbs for a little while, others for weight."""
_CONTINUES = {
    "委員": "會",
    "會議": "室",
    "人民": "幣",
    "大學": "部生",
    "大陸": "委",
    "民主": "黨",
    "國民": "黨",
    "使用": "者",
    "委員會": "議",
}
"""Words that begin a longer one, with what tells it: 中央委員委員會."""
_WORD_TWICE = re.compile(f"([{_HAN}]{{2,3}})\\1")
_LINKS = (
    "因此|因為|所以|但是|然而|不過|而且|並且|以及|或是|或者|如果|雖然|儘管|即使|由於|對於|關於|至於|基於|透過|藉由|根據"
    "|依據|為了|可以|可能|能夠|應該|必須|需要|已經|曾經|正在|仍然|目前|此外|另外|同時|因而|從而|進而|甚至|尤其|例如|包括"
    "|包含|其中|這些|那些|我們|他們"
)
_LINK_TWICE = re.compile(f"(?<![{_HAN}])({_LINKS})[，、]\\1")


@rule(
    Code(
        "W041",
        title=Words("同一個詞打了兩次", "word twice in a row"),
        message=Words("「{word}」連著出現兩次", "“{word}” stands twice in a row"),
        hint=Words("刪去一次", "delete one of them"),
        why=_TWICE,
        bad="兩國兩國將持續合作，因此因此擱置爭議。",
        good="兩國將持續合作，因此擱置爭議。",
        severity=Severity.WARNING,
    )
)
def word_twice(brief: Reading) -> Iterator[Finding]:
    """A word of two or three characters that stands twice in a row."""
    for passage in brief.passages:
        for pattern in (_WORD_TWICE, _LINK_TWICE):
            for each in pattern.finditer(passage.text):
                if _is_slip(passage, each) and set(passage.zones[each.start() : each.end()]) <= _LOOKED_AT:
                    yield _again(passage, *each.span(), each[1])


_LOOKED_AT = {OWN, NAMED, QUOTED}


def _again(passage: Passage, start: int, end: int, word: str) -> Finding:
    """A finding on the second of two; a fix, where the words are the author's own, leaves one."""
    own = set(passage.zones[start:end]) == {OWN} and word != "不"  # 不得不不斷: which 不 is one too many?
    fix = passage.replaced(start, end, word) if own else ()
    return Finding(passage.place(end - len(word), end), {"word": word}, fix)


def _is_slip(passage: Passage, twice: re.Match[str]) -> bool:
    """Whether a word that stands twice does so by mistake."""
    word, text = twice[1], passage.text
    if (
        len(set(word)) == 1
        or word[0] in "一幾數某每又再越"
        or (len(word) == 2 and word[0] in "的之")
        or any(each in _NUMERALS for each in word)
    ):
        return False
    if word in _SAID_TWICE.split() or passage.lang_at(twice.start()) != passage.lang:
        return False
    return text[twice.end() : twice.end() + 1] not in tuple(_CONTINUES.get(word, ""))


_NUMERALS = "〇一二三四五六七八九十百千萬億"


# ---------------------------------------------------------------------------------------------------------------
# Characters

_TWICE_WRONG = """
的 目標有鵠中之 確士黎里喀港
了 甚時心罷不少 解結斷卻事案無
是 但可於凡只還就即若總要或 否非以故次時年日項個
和 平溫緩祥柔共飽調總講求謙 平解諧約睦談氣緩樂會服
與 參給授賦施付贈 會其
之 反總加久次要言為隨繼取行 外
於 關由至對鑑基 是
將 即必勢終中上名大少准武主 軍領士官校來近
為 行作因以認成 了何期首主時止避人例難
也 也 許門
都 首成京國古舊新遷魔帝故 市會發更心江內
就 成造遷將早 業讀任職近學醫地是事此算
並 合吞兼一 列存行肩重排進
而 爾 立
則 原規準法守否細實一二通附總罰學 -
但 - 書
或 抑 許
及 普涉波觸遍提企危顧埃論擴殃惠兼言累未不力旁推傷 時早格第
被 - 告害選俘褥子動
把 一幾數 關握持柄守脈
從 服遵跟聽順 容屬業事政軍前來中
向 方傾動走面導轉意志偏取流內外單雙定一通風趨 來度量心外下上
由 自理經緣事原根案情 此來
使 大天行特公密即縱假設出信驅促 用命館節者團領徒勁得
讓 轉割退禮出忍 步利與
該 應 -
此 因如從據對彼藉由就至於為有基在故以 -
其 尤與極何耳及 他實餘中次間後前它
很 - -
更 變三五深 換新改名動
已 不而業早自 -
曾 不未 祖孫外
未 - 來婚成知遂必
不 無莫豈要 -
沒 埋出淹 無
亦 - -
又 - -
仍 - -
尚 高時風崇和 -
雖 - -
如 例假諸比猶 何此同期意果下上願
因 原基起成肇內外動主誘病死 應素此為果而故緣循
能 可才功性產智效動核技職潛本量熱太機體儲萬異全多賦節官綠氫風光電水 源力量見耐級階夠
要 主重需必摘概綱紀首將正顯險扼次只 求點素件塞道務害衝角職領因項旨脅聞
有 所國公私沒 效關利限無助別意害益機力趣序形損待名毒識錢權色多人線罪賴望幸心感條礙愧違志
到 遲早周直 達底場處來期訪任
過 超經通越透 去往程度渡半於份濾多敏境關
"""
"""Characters of grammar, and those before and after which two of them may meet (-: none)."""


def _neighbours() -> Iterator[tuple[str, tuple[str, str]]]:
    for line in _TWICE_WRONG.strip("\n").split("\n"):
        character, before, after = (part.strip("-") for part in line.split(" "))
        yield character, (before + character, after + character)


_NEIGHBOURS = dict(_neighbours())
_CHARACTER_TWICE = re.compile(f"([{''.join(_NEIGHBOURS)}])\\1")
_TWICE_ELSEWHERE = re.compile(
    "在在(?<![存現所潛內外正好實旨自同健]在在)(?=[0-9此該這本各其]|台|臺|美國|中國|日本|韓國|歐洲)|對對(?=[於此這該其各])"
    "|會會(?<=[將都也才就可便亦不]會會)|可可(?<=[亦均皆即並便也都]可可)(?![亞豆樹粉西脂托])|們們"
    "|(?<=[難可得予加足])以以(?=證明|確保|確認|認定|避免|達成|滿足|維持|維繫|承受|突破|判斷|判定|預測|預料|想像|接受|理解|解決|克服"
    "|掌握|取得|落實|推動|實現|改變|撼動|估計|取代|忽視|置信|避開|支撐|因應|應對|評估|辨識|區分|界定|追查|追蹤|查證|防範|防禦"
    "|察覺|發現|負荷|抗衡|匹敵|擺脫|遏止|阻止|控制|挽回|恢復|完成|執行|施行|實施)"
    "|進進(?<![推前引改精促先增躍激挺演漸]進進)(?=行|一步)"
)
"""Characters that may stand twice, and the few places where they surely don't."""


@rule(
    Code(
        "W042",
        title=Words("同一個字打了兩次", "character twice in a row"),
        message=Words("「{word}」多打了一個", "one “{word}” too many"),
        hint=Words("刪去一個", "delete one of them"),
        why=_TWICE,
        bad="這是新的的政策，也也影響各國。",
        good="這是新的政策，標的的價格、目的的確立、對對方的了解，在在影響各國。",
        severity=Severity.WARNING,
    )
)
def character_twice(brief: Reading) -> Iterator[Finding]:
    """A character of grammar that stands twice, where neither can belong to the word beside it."""
    for passage in brief.passages:
        for start, end in (*_characters_twice(passage.text), *_spans(_TWICE_ELSEWHERE, passage.text)):
            if set(passage.zones[start:end]) <= _LOOKED_AT:
                yield _again(passage, start, end, passage.text[start])


def _characters_twice(text: str) -> Iterator[tuple[int, int]]:
    for start, end in _spans(_CHARACTER_TWICE, text):
        before, after = _NEIGHBOURS[text[start]]
        if text[start - 1 : start or None] not in tuple(before) and text[end : end + 1] not in tuple(after):
            yield start, end


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (each.span() for each in pattern.finditer(text))


# ---------------------------------------------------------------------------------------------------------------
# Words begun again

_BEGUN_AGAIN = re.compile(
    "使用使(?![用命館節者團領徒得])|進行進(?![行一出入口攻步駐修階而度])|透過透(?![過明視露支析水氣])|可以可(?![能以行靠信持觀見謂貴用])"
    "|造成造(?![成福勢假反價船])|能夠能(?![源力夠量見動])|必須必(?![要須然定])|已經已(?![婚故知開然])|成為成(?![員功長立本熟果就人為敗分效])"
    "|提供提(?![供升高醒出案前早名款防示議問倡交])|影響影(?![響像片子視藝])|希望希(?![望臘伯])|認為認(?![為知同定證真可罪捐])"
    "|表示表(?![面決達明態示現演揚格])|採取採(?![取用購訪集行納礦])|需要需(?![要求])|加強加(?![強入拿州國速薪工班密油稅碼大])"
    "|導致導(?![致彈引向師])|推動推(?![動進行出廣])|持續持(?![續有])|發展發(?![展生電動布表明達])|支持支(?![持援出付票配])"
    "|建立建(?![立設築構材商])|具有具(?![有備體])|擁有擁(?![有護抱])|增加增(?![加長強進設列])|強調強(?![調化大烈度制國])"
    "|指出指(?![出揮標控責])|包括包(?![括含裝圍商機裹])|規定規(?![定範則劃模])"
)


@rule(
    Code(
        "W043",
        title=Words("詞打到一半又重來", "word begun again"),
        message=Words("「{word}」多了一個「{first}」", "one “{first}” too many in “{word}”"),
        hint=Words("刪去多出來的字，或補上缺的字", "delete what is too much, or write the word that is missing"),
        why=_TWICE,
        bad="中國也會使用使市場傾銷方式。",
        good="中國也會使用市場傾銷方式，並使用使館的車輛。",
        severity=Severity.WARNING,
    )
)
def word_begun_again(brief: Reading) -> Iterator[Finding]:
    """A verb after which its first character stands once more and begins no other word."""
    for passage in brief.passages:
        for each in _BEGUN_AGAIN.finditer(passage.text):
            if set(passage.zones[each.start() : each.end()]) <= _LOOKED_AT:
                yield found(passage, *each.span(), word=each[0], first=each[0][0])


_SPEECH = "表示|指出|強調|認為|宣布|宣佈|宣稱|聲稱|聲明|呼籲|坦言|直言|批評|警告|透露|證實|說明|主張|回應|說|稱"
_SPEAKER_AGAIN = re.compile(f"(?<![{_HAN}])([{_HAN}]{{4,30}}?)(?:{_SPEECH})[，。；](?:對此，)?\\1(?:{_SPEECH})")


@rule(
    Code(
        "W048",
        title=Words("一句話說到一半又重來", "sentence begun again"),
        message=Words("「{words}」接著又說了一次", "“{words}” begins the next clause again"),
        hint=Words("留一個主詞、一個動詞", "keep one subject and one verb"),
        why=_TWICE,
        bad="日本防衛大臣中谷元表示，日本防衛大臣中谷元指出，雙方將加強合作。",
        good="日本防衛大臣中谷元指出，雙方將加強合作。",
        severity=Severity.WARNING,
    )
)
def sentence_begun_again(brief: Reading) -> Iterator[Finding]:
    """Who speaks and a verb of saying, and the same speaker again with another."""
    for passage in brief.prose:
        for each in _SPEAKER_AGAIN.finditer(passage.own_text) if passage.kind == "body" else ():
            start = each.start() + each[0].rindex(each[1])
            first = passage.place(*each.span(1))
            yield found(passage, start, each.end(), also=(first,), words=each[1])


# ---------------------------------------------------------------------------------------------------------------
# Sentences and paragraphs

_LONG = 15
"""Fewest Han characters of a sentence that is not written twice by chance."""
_SENTENCE = re.compile(r"[^。！？；\n]+")
_CLAUSE = re.compile(r"[^，。！？；：\n]+")


@rule(
    Code(
        "W044",
        title=Words("同一句話寫了兩次", "sentence written twice"),
        message=Words("這一句前面已經寫過，一字不差", "this was said before in the same words"),
        hint=Words("刪去一處，或改寫其中一處", "delete one of them or put it in other words"),
        why=_TWICE,
        bad="俄羅斯持續擴大在北極地區的軍事部署與巡弋活動。各國因此不安。"
        "俄羅斯持續擴大在北極地區的軍事部署與巡弋活動。",
        good="俄羅斯持續擴大在北極地區的軍事部署與巡弋活動。各國因此不安，要求俄羅斯說明。",
        severity=Severity.WARNING,
    )
)
def sentence_twice(brief: Reading) -> Iterator[Finding]:
    """A long sentence that the text has twice, or a long clause that a paragraph has twice."""
    sentences: dict[str, _Stretch] = {}
    whole = {id(later) for _, later in _paragraphs_twice(brief)}
    said: defaultdict[Passage, set[int]] = defaultdict(set)
    for passage, repeat in _repeats(brief):
        said[passage].update(range(repeat.start, repeat.end))
    for passage in brief.prose:
        if passage.kind == "body" and id(passage) not in whole:
            clauses: dict[str, _Stretch] = {}
            for pattern, before in ((_SENTENCE, sentences), (_CLAUSE, clauses)):
                for start, end in _spans(pattern, passage.text):
                    if end - start >= _LONG and start not in said[passage]:
                        first = before.setdefault(passage.text[start:end].strip(), (passage, start, end))
                        near = pattern is _SENTENCE or passage.text.count("。", first[1], start) <= 1
                        again = near and first != (passage, start, end)
                        if again and _is_long(passage, start, end) and _is_long(*first):
                            said[passage].update(range(start, end))
                            yield found(passage, start, end, also=(first[0].place(*first[1:]),))


_Stretch = tuple[Passage, int, int]


def _is_long(passage: Passage, start: int, end: int) -> bool:
    """Whether a stretch has so many words of the author's own that it is not written twice by chance."""
    return len(_HAN_CHARACTER.findall(passage.own_text[start:end])) >= _LONG


@rule(
    Code(
        "W045",
        title=Words("同一段寫了兩次", "paragraph written twice"),
        message=Words("這一段與前面的一段一字不差", "this paragraph is the same as one before"),
        hint=Words("刪去一段", "delete one of them"),
        why=_TWICE,
        bad="<p>俄羅斯持續擴大在北極地區的軍事部署。</p><p>俄羅斯持續擴大在北極地區的軍事部署。</p>",
        good="<p>俄羅斯持續擴大在北極地區的軍事部署。</p><p>各國要求俄羅斯說明。</p>",
        severity=Severity.WARNING,
    ),
    within="section",
)
def paragraph_twice(brief: Reading) -> Iterator[Finding]:
    """A paragraph that the text has twice."""
    for first, later in _paragraphs_twice(brief):
        start, end = _edges(later)
        yield found(later, start, end, also=(first.place(*_edges(first)),))


def _edges(passage: Passage) -> tuple[int, int]:
    text = passage.text
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _paragraphs_twice(brief: Reading) -> Iterator[tuple[Passage, Passage]]:
    before: dict[str, Passage] = {}
    for passage in brief.prose:
        words = "".join(passage.text.split())
        if passage.kind in ("body", "quotation") and len(_HAN_CHARACTER.findall(words)) >= _LONG:
            first = before.setdefault(words, passage)
            if first is not passage:
                yield first, passage


# ---------------------------------------------------------------------------------------------------------------
# Series

_SERIES = re.compile(r"[^，。；：！？\s]+")
_LONGEST_ITEM = 30
_INTRODUCED = re.compile("^.{0,28}(?:包括|包含|例如|諸如|分為|計有)")
_JOINED = re.compile("以及|及|和|與|或|暨")
_IN_ORDER = re.compile("依序|依次|分別|先後|輪流|輪番")
_NAME = re.compile(f"[{_HAN}]{{2}}|[A-Za-z]{{2}}")


@rule(
    Code(
        "W046",
        title=Words("並列的項目重複", "item twice in a series"),
        message=Words("這一串裡「{item}」出現兩次", "“{item}” stands twice in this series"),
        hint=Words("刪去一個，或改成漏掉的那一項", "delete one of them, or write the item that is missing"),
        why=Words(
            "並列的項目各不相同；同一項寫了兩次，往往是該寫的另一項漏了（教育部《重訂標點符號手冊》：頓號用在並列詞語之間）。",
            "The items of a series differ; where one stands twice, another one is often missing.",
        ),
        bad="成員包括日本、韓國、澳洲、日本及紐西蘭。",
        good="成員包括日本、韓國、澳洲及紐西蘭。",
        severity=Severity.WARNING,
    )
)
def item_twice(brief: Reading) -> Iterator[Finding]:
    """An item that a series with 、 has twice."""
    for passage in brief.passages:
        text = passage.text
        for start, end in _spans(_SERIES, text) if text.count("、") > 1 else ():
            in_order = _IN_ORDER.search(text, max(0, start - 12), end + 12)
            if text.count("、", start, end) < 2 or in_order or ADDRESS in passage.zones[start:end]:
                continue
            before: dict[str, tuple[int, int]] = {}
            for item in _items(text[start:end], start):
                words = text[slice(*item)]
                first = before.setdefault(words, item)
                if first != item and len(words) <= _LONGEST_ITEM and _NAME.search(words):
                    yield found(passage, *item, also=(passage.place(*first),), item=words)


def _items(series: str, start: int) -> Iterator[tuple[int, int]]:
    """The items of a series that are surely whole; a word has to tell where the first begins and the last ends."""
    items = series.split("、")
    for number, item in enumerate(items):
        end = start + len(item)
        introduced = _INTRODUCED.search(item) if number == 0 else None
        joined = _JOINED.search(item) if number == len(items) - 1 else None
        if introduced:
            yield start + introduced.end(), end
        elif joined and number and joined.start():
            yield start, start + joined.start()
        elif 0 < number < len(items) - 1:
            yield start, end
        start = end + 1


# ---------------------------------------------------------------------------------------------------------------
# Latin words

_LATIN_TWICE = re.compile(
    r"(?<=[A-Za-z])[ \n\t\u00a0]{1,40}(the|of|and|to|in|for|on|with|by|from|at|an|a|are|or)(?![A-Za-z’'-])", re.I
)
_LATIN = re.compile("[A-Za-z’'-]")


@rule(
    Code(
        "W047",
        title=Words("英文虛詞打了兩次", "function word twice in a row"),
        message=Words("「{word}」連著打了兩次", "“{word}” stands twice in a row"),
        hint=Words("刪去一個；題名請核對原文", "delete one; in a title, look at the source"),
        why=_TWICE,
        bad="John Smith, Report of the the Council on Defence, 2020.",
        good="John Smith, Report of the Council on Defence, 2020.",
        severity=Severity.WARNING,
    )
)
def latin_word_twice(brief: Reading) -> Iterator[Finding]:
    """An article, a preposition or a conjunction that stands twice in a row."""
    for passage in brief.passages:
        for each in _LATIN_TWICE.finditer(passage.text):
            start, end = each.start() - len(each[1]), each.end()
            if passage.text[max(0, start) : each.start()].lower() != each[1].lower():
                continue
            if not _LATIN.match(passage.text[start - 1 : start]) and ADDRESS not in passage.zones[start:end]:
                yield found(passage, start, end, word=each[1])

"""Rules about characters and words of another region in a Taiwanese text, and words the periodical doesn't use.

Whoever writes about China quotes it: titles, quotations, terms in 「」, citations and the names of Chinese bodies,
laws and programmes keep their words. What authors in Taiwan say as well (質量, 程序, 渠道, 算法) is left alone.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from opencc import OpenCC

from pipeline.diagnostics import Code, Severity, Words
from pipeline.lint.reading import NAMED, OWN, Passage, Reading, stands_apart
from pipeline.lint.rules import Finding, found, rule
from pipeline.lint.variants import (
    GUARD,
    VARIANTS,
    VARIANTS_IN_NAMES,
    Table,
    Use,
    is_junction,
    is_spoken_of,
    taiwanese_text,
)
from pipeline.lint.vocabulary import Vocabulary

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_KANA = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"

_SIMPLIFIED_IN_BIG5 = frozenset(
    "适触胜苹肮茧蚕蝎厂吨岭党宁异复忏圣确网离扰极构泞怀怜惊据机气柜洁洒万与优价体听坏虫扑儿种豊"
)
"""Simplified characters that Big5 happens to have: in Taiwan they are characters nobody uses today."""
_RIGHT = re.compile("党項|万俟|种師道")
_SEVERAL = frozenset("发历钟获脏汇尽坛当团苏签摆弥纤冲须卤饥赞夹复")
"""Simplified characters that stand for several traditional ones."""
_JAPANESE = re.compile(f"[{_HAN}]{{0,12}}[{_KANA}]+(?:[{_HAN}]{{0,12}}[{_KANA}]+){{0,20}}[{_HAN}]{{0,12}}")
_SPOKEN_OF = re.compile("日文|日語|日本|日方|簡體|簡化字|原文")
_MANY = 12
"""Of more such characters in one paragraph, one finding speaks for all."""


@cache
def _converter(config: str) -> Callable[[str], str]:
    """A converter of OpenCC; the large ones take a tenth of a second to load, so they are loaded when needed."""
    convert: Callable[[str], str] = OpenCC(config).convert
    return convert


@lru_cache(maxsize=4096)
def _traditional(character: str) -> tuple[str, bool]:
    """The character that Taiwan has for a simplified or Japanese one, and whether it is Japanese; else itself."""
    if (
        character in VARIANTS
        or character in VARIANTS_IN_NAMES
        or (_is_in_big5(character) and character not in _SIMPLIFIED_IN_BIG5)
    ):
        return character, False
    for config, japanese in (("s2tw", False), ("jp2t", True)):
        traditional = _converter("t2tw")(_converter(config)(character))
        if traditional != character:
            return traditional, japanese
    return character, False


def _is_in_big5(character: str) -> bool:
    try:
        character.encode("cp950")
    except UnicodeEncodeError:
        return False
    return True


@rule(
    Code(
        "W020",
        title=Words("簡體字、日文漢字", "simplified or Japanese character"),
        message=Words("{said}", "{said}"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "臺灣的文章用正體字（教育部《常用國字標準字體表》）；夾著簡體字或日文漢字，搜尋找不到，也常常缺字。"
            "書名、篇名、引文與標明是日文的詞照原文，不在此限。對照依OpenCC的字典。",
            "A Taiwanese text is in standard traditional characters; a search misses others, and so does many a "
            "face. Titles, quotations and words marked as Japanese keep theirs. By the dictionaries of OpenCC.",
        ),
        bad="兩国決定加强経済合作。",
        good="兩國決定加強經濟合作，參閱《人民日报》。",
        severity=Severity.WARNING,
    )
)
def simplified_character(brief: Reading) -> Iterator[Finding]:
    """A simplified or Japanese character in the author's own words."""
    for passage, text in taiwanese_text(brief):
        runs = list(_simplified(passage, text))
        if sum(end - start for start, end, _, _ in runs) > _MANY:
            count = sum(end - start for start, end, _, _ in runs)
            said = Words(f"這一段有{count}個簡體字或日文漢字", f"{count} simplified or Japanese characters here")
            advice = Words("改成正體字；整段引用就標成引文", "write traditional ones; mark a quotation as one")
            yield found(passage, runs[0][0], runs[-1][1], said=said, advice=advice)
            continue
        for start, end, right, japanese in runs:
            typed = text[start:end]
            sure = not _SEVERAL.intersection(typed)
            said = Words(
                f"「{typed}」是{'日文的字形' if japanese else '簡體字'}",
                f"{typed} is {'Japanese' if japanese else 'simplified'}",
            )
            advice = (
                Words(f"改成「{right}」", f"write {right}") if sure else Words("改成正體字", "write it in full")
            )
            yield found(
                passage,
                start,
                end,
                replace=right if sure and passage.zones[start] == OWN else None,
                said=said,
                advice=advice,
            )


_STANDARD: set[str] = set()
"""Characters known to be standard."""


def _simplified(passage: Passage, text: str) -> Iterator[tuple[int, int, str, bool]]:
    """The runs of such characters in a text: start, end, what Taiwan writes, and whether all are Japanese."""
    new = set(text) - _STANDARD
    suspects = {each for each in new if "\u3400" <= each <= "\u9fff" and _traditional(each)[0] != each}
    _STANDARD.update(new - suspects)
    if not suspects:
        return
    japanese = {index for each in _JAPANESE.finditer(text) for index in range(*each.span())}
    kept = {index for each in _RIGHT.finditer(text) for index in range(*each.span())}
    for each in re.finditer(f"[{''.join(suspects)}]+", text):
        start, end = each.span()
        of_japan = all(_traditional(character)[1] for character in each[0])
        if start in japanese or start in kept or is_spoken_of(passage, start, end):
            continue
        if passage.zones[start] == NAMED and (of_japan or _is_of_others(text, start, end)):
            continue
        right = "".join(_traditional(character)[0] for character in each[0])
        if not of_japan and (follower := _follower(text[end - 1 : end + 1])):
            end, right = end + 1, right + follower
        yield start, end, right, of_japan


def _is_of_others(text: str, start: int, end: int) -> bool:
    """Whether a term in 「」 is said to be simplified or foreign, or may be Japanese where Japan is spoken of."""
    if _SPOKEN_OF.search(text, max(0, start - 16), start):
        return True
    first, last = text.rfind("「", 0, start), text.find("」", end)
    term = text[first + 1 : last] if 0 <= first <= last else text[start:end]
    sentence = max(text.rfind(mark, max(0, first - _SENTENCE), max(first, 0)) for mark in "。！？；")
    before = text[max(sentence, first - _SENTENCE, 0) : max(first, 0)]
    return _JAPAN.search(before) is not None and all(
        _is_japanese(each) for each in term if _traditional(each)[0] != each
    )


_SENTENCE = 200
"""How far back the sentence is read."""
_JAPAN = re.compile("日本|日方|日相|日圓|日文|日語|日媒|防衛省|自衛隊|外務省|經產省|經濟產業省|首相|內閣府|東京")


@lru_cache(maxsize=4096)
def _is_japanese(character: str) -> bool:
    return _converter("jp2t")(character) != character


def _follower(pair: str) -> str:
    """What the second of two characters becomes because of the first: 关系 is 關係, though 系 alone stays."""
    becomes = _converter("s2tw")(pair)[1:]
    return becomes if len(pair) == 2 and becomes not in (pair[1], _converter("s2tw")(pair[1])) else ""


# ---------------------------------------------------------------------------------------------------------------
# Words

_THINGS = """
軟件>軟體 硬件>硬體 固件>韌體 短視頻>短影音 視頻會議>視訊會議
(?<![重監電忽漠凝巡審檢])視頻(?![率道譜繁段寬])>影片、視訊 屏幕>螢幕 芯片>晶片 激光>雷射 硬盤(?![點算據查])>硬碟
(?<![觀風陽曙眼])光盤(?![點踞整據算查問旋])>光碟 U盤>隨身碟 鼠標>滑鼠 打印機>印表機 打印(?![度尼第太巴])>列印
服務器(?![材具官])>伺服器 數據庫(?![存克德])>資料庫
(?<![可員兵者人能需以會須熟練端手])操作系統(?![的之]人)>作業系統 筆記本電腦>筆記型電腦 智能手機>智慧型手機
人工智能>人工智慧 超級計算機>超級電腦 源代碼>原始碼 程序員>程式設計師 雲計算>雲端運算 移動支付>行動支付
移動電話>行動電話 移動通信>行動通訊 移動互聯網>行動網路 (?<![物車能業])互聯網(?![絡+＋])>網際網路
互聯網絡>網際網路
網絡(?=安全|攻擊|空間|戰爭|作戰|犯罪|間諜|主權|輿論|平台|平臺|詐騙|媒體|連線|協定|監控|審查|駭客|武器|防禦|滲透)>網路
(?<=電腦)網絡>網路 (?<=無線)網絡>網路 (?<=寬頻)網絡>網路 社交網絡>社群網路
(?<![誠威篤采短守失相確互輕徵])信息(?![息化戰支對]|作戰|部隊|主導|優勢)>資訊
(?<![接容採吸繳出收])納米(?![比蘭])>奈米 硅>矽 集成電路>積體電路 晶體管(?![制理控線])>電晶體
二極管(?![制理控])>二極體 傳感器(?![材官])>感測器
知識產權>智慧財產權
首席執行官>執行長 首席運營官>營運長 首席財務官>財務長 首席技術官>技術長
(?<![經國公民自直運])營銷(?![售量毀往路])>行銷 航天員>太空人 宇航員>太空人 航天飛機>太空梭 國際空間站>國際太空站
高超聲速>極音速、高超音速 超聲速>超音速 亞聲速>次音速 聲吶>聲納 巡航導彈>巡弋飛彈
(?<![引制])導彈(?![性劾壓])>飛彈 (?<=精確)制導>導引 (?<=雷射)制導>導引 (?<=衛星)制導>導引 (?<=慣性)制導>導引
直升飛機>直升機 核聚變>核融合 核裂變>核分裂 核電站>核電廠 出租車>計程車 公交車>公車 集裝箱>貨櫃 塑料>塑膠
擁堵>壅塞 點贊(?![成同助賞揚美比])>按讚 概率>機率 幾率>機率 (?<![簡縮])短信(?![件函箋])>簡訊
(?<![賭廣淵])博客(?![來觀戶運廳機])>部落格 艾滋病>愛滋病 埃博拉>伊波拉 立方米>立方公尺 平方米>平方公尺
平方千米>平方公里 厘米>公分 全球變暖>全球暖化 可持續發展>永續發展 (?<![增參添外更附])加息>升息
(?<![利增])減息>降息 美聯儲>聯準會 獨聯體>獨立國協 (?<!中)東盟>東協 國際原子能機構>國際原子能總署
亞太經合組織>亞太經合會
(?<![些個項組])數字(?=<digital>)>數位
國內生產總值>國內生產毛額 (?<![許認])可再生能源>再生能源 恐怖襲擊>恐怖攻擊 通脹>通膨 兼容性>相容性
攝像頭>鏡頭、攝影機 攝像機>攝影機 超聲波>超音波 (?<![聲高低超])音頻(?![率道繁譜段])>音訊
反導系統>反飛彈系統 (?<![保生儲留庫])存儲(?![蓄存備值])>儲存 (?<![過更放])寬帶(?![來給有著狀])>寬頻
(?<![刺感偏])激活(?![動力躍性潑])>啟動、活化
(?<![輸提推演派退支指做作突付交露排挑選登走溢逃撤發])出台(?=<measure>)>推出、公布
"""
_DIGITAL = (
    "經濟(?![部學局署成衰合制規援上])|貿易(?![局部署量額])|貨幣|轉型|鴻溝|治理|主權|平[台臺]|技術(?!上)|科技(?![部業])"
    "|產業|素養|孿生|監控|威權|極權|基礎設施|化轉型"
)
"""What is digital, after 數字."""
_MEASURE = "[了新多，。；《「後]|相關|一系列|一連串|政策|措施|法規"
_NAMES = """
特朗普>川普 (?<!吉)普京>普丁 澤連斯基>澤倫斯基 馬克龍>馬克宏 默克爾>梅克爾 朔爾茨>蕭茲 奧巴馬>歐巴馬
克林頓>柯林頓 希拉里>希拉蕊 (?<![公宣發分頒散遍擺])布什(?![麼爾維凱])>布希 里根(?![據本源])>雷根 肯尼迪>甘迺迪
尼克松>尼克森 撒切爾>柴契爾 丘吉爾>邱吉爾 戈爾巴喬夫>戈巴契夫 赫魯曉夫>赫魯雪夫 斯大林>史達林 葉利欽>葉爾欽
卡扎菲>格達費 內塔尼亞胡>納坦雅胡 埃爾多安>艾爾多安 佩洛西>裴洛西 扎克伯格>祖克柏 特魯多>杜魯道
斯托爾滕貝格>史托騰柏格 杜特爾特>杜特蒂 昂山素季>翁山蘇姬 哈梅內伊>哈米尼
霍梅尼>何梅尼 本拉登>賓拉登 基辛格>季辛吉 老撾>寮國 新西蘭>紐西蘭 文萊>汶萊
沙特阿拉伯>沙烏地阿拉伯 阿拉伯聯合酋長國>阿拉伯聯合大公國 (?<!阿)阿聯酋>阿聯 也門(?![檻當庭可票路診])>葉門
卡塔爾>卡達 意大利>義大利 格魯吉亞>喬治亞 阿塞拜疆>亞塞拜然 克羅地亞>克羅埃西亞 斯洛文尼亞>斯洛維尼亞
肯尼亞>肯亞 坦桑尼亞>坦尚尼亞 贊比亞>尚比亞 津巴布韋>辛巴威 莫桑比克>莫三比克 尼日利亞>奈及利亞 尼日爾>尼日
盧旺達>盧安達 布隆迪>蒲隆地 埃塞俄比亞>衣索比亞 索馬里蘭>索馬利蘭 索馬里(?![亞蘭])>索馬利亞 吉布提>吉布地
厄立特里亞>厄利垂亞 乍得>查德 加蓬(?![勃佩萊皮])>加彭 科特迪瓦>象牙海岸 塞拉利昂>獅子山 (?<!伊)利比里亞>賴比瑞亞
毛里塔尼亞>茅利塔尼亞 毛里求斯>模里西斯 斯威士蘭>史瓦帝尼 博茨瓦納>波札那 塞舌爾>塞席爾 佛得角>維德角
馬爾代夫>馬爾地夫 瓦努阿圖>萬那杜 瑙魯>諾魯 圖瓦盧>吐瓦魯 帕勞>帛琉 基里巴斯>吉里巴斯
巴布亞新幾內亞>巴布亞紐幾內亞 危地馬拉>瓜地馬拉 洪都拉斯>宏都拉斯 伯利茲>貝里斯
哥斯達黎加>哥斯大黎加 厄瓜多爾>厄瓜多 (?<!法屬)圭亞那>蓋亞那 蘇里南>蘇利南
(?<![熟獲知洞據])悉尼(?![泊克赫日加])>雪梨 堪培拉>坎培拉 迪拜>杜拜 霍爾木茲海峽>荷姆茲海峽
加沙(?=走廊|地帶|戰|市|地區|衝突|停火|人道)>加薩 弗吉尼亞>維吉尼亞 密歇根>密西根 馬薩諸塞>麻薩諸塞 俄勒岡>奧勒岡
新澤西>紐澤西
"""

_BODIES = (
    "有限公司|集團|中心|基地|總站|司令部|委員會|辦公室|領導小組|研究院|研究所|大學|學院|學會|協會|聯盟|論壇|大會|峰會"
    "|博覽會|條例|辦法|規定|規劃|綱要|白皮書|行動計畫|行動計劃|部隊|軍團|工程|基金|實驗室|出版社|日報|雜誌"
    "|(?<![方辦看說作做想設無合非依司立執])法(?![律國官院人])|產業部|信息化部"
)
_NOT_IN_NAMES = "的是在了和與及將已不無有為對從於以也都被把等至由"
_IN_A_NAME = re.compile(f"(?:(?![{_NOT_IN_NAMES}])[{_HAN}]){{0,8}}?(?:{_BODIES})")
_NAMED_BEFORE = re.compile(
    "(?:中共|中央|國家|全國|國務院|解放軍|共軍|戰略支援|工信部|網信辦|央視|新華|騰訊|愛奇藝|優酷|抖音|商湯|百度|華為"
    f"|工業和|中國航天)[{_HAN}]{{0,4}}$"
)


def _entries() -> Iterator[tuple[str, tuple[str, bool]]]:
    for table, is_name in ((_THINGS, False), (_NAMES, True)):
        for entry in table.split():
            word, _, instead = entry.rpartition(">")
            word = word.replace("<digital>", _DIGITAL).replace("<measure>", _MEASURE)
            if word != instead:
                yield word, (instead, is_name)


_REGIONAL = Table(_entries())


def _house(vocabulary: Vocabulary) -> re.Pattern[str] | None:
    """The words that the periodical doesn't use, and what it uses, which may hold such a word."""
    words = {*vocabulary.instead, *vocabulary.instead.values()}
    longest = sorted((re.escape(word) for word in words if word), key=len, reverse=True)
    pattern = "|".join(longest)
    return re.compile(rf"(?<![A-Za-z])(?:{pattern})(?![A-Za-z])") if pattern else None


@rule(
    Code(
        "W021",
        title=Words("別處的用語", "word of another region"),
        message=Words("{said}", "{said}"),
        hint=Words("改用{instead}", "write {instead}"),
        why=Words(
            "為臺灣讀者寫的文章用臺灣的說法；別處的說法只在機構、法規、文件的名稱與引文裡照錄。對照依OpenCC的"
            "臺灣詞彙表與國家教育研究院的譯名，只留下不會誤會的；本刊自己的決定寫在用語表（vocabulary.toml）的instead。",
            "Readers in Taiwan find their own words; those of others stay in quotations and in the names of "
            "bodies, laws and documents. By OpenCC’s table of Taiwanese phrases, cut down to what leaves no "
            "doubt; the decisions of the periodical are in its vocabulary, under instead.",
        ),
        bad="新西蘭的芯片產業仰賴進口。",
        good="紐西蘭的晶片產業仰賴進口，「芯片自主」是中央網絡安全和信息化委員會的口號。",
        severity=Severity.WARNING,
    )
)
def regional_word(brief: Reading) -> Iterator[Finding]:
    """A word that is not said in Taiwan, or that the periodical doesn't use."""
    house = _house(brief.issue.vocabulary)
    for passage, text in taiwanese_text(brief):
        settled: set[int] = set()
        for each in house.finditer(text) if house else ():
            settled.update(range(*each.span()))
            instead = brief.issue.vocabulary.instead.get(each[0])
            if instead:
                said = Words(f"本刊不用「{each[0]}」", f"this periodical doesn’t use {each[0]}")
                yield found(passage, *each.span(), replace=instead, said=said, instead=_quoted(instead))
        for use in _REGIONAL.find(text):
            if is_junction(text, use.start, use.end):
                continue
            if use.start not in settled and _is_own_word(passage, text, use):
                yield _regional(passage, use)


def _regional(passage: Passage, use: Use[tuple[str, bool]]) -> Finding:
    instead, is_name = use.meaning
    said = Words(
        f"「{use.word}」不是臺灣的{'譯名' if is_name else '說法'}",
        f"{use.word} is not what Taiwan {'calls it' if is_name else 'says'}",
    )
    fix = instead if "、" not in instead and stands_apart(passage.text, use.start, use.end) else None
    return found(passage, use.start, use.end, replace=fix, said=said, instead=_quoted(instead))


def _quoted(instead: str) -> Words:
    words = instead.split("、")
    return Words("或".join(f"「{word}」" for word in words), " or ".join(words))


def _is_own_word(passage: Passage, text: str, use: Use[tuple[str, bool]]) -> bool:
    """Whether a word is the author's: no term in 「」, no part of the name of a Chinese body or law."""
    if passage.zones[use.start] != OWN:
        return False
    _, is_name = use.meaning
    return is_name or (
        _IN_A_NAME.match(text, use.end) is None
        and _NAMED_BEFORE.search(text, max(0, use.start - 12), use.start) is None
    )


def is_regional(word: str) -> bool:
    """Whether it is for `regional_word` to judge a word, wherever it stands: no other rule speaks of it."""
    return word in _WORDS


_WORDS = frozenset(GUARD.sub("", word) for word, _ in _entries())

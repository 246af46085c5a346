"""Who acts in a sentence: countries under the names that Taiwanese authors give them, parties, ships.

Two statements about different actors contradict each other as little as they agree.
"""

import re
from collections.abc import Iterator

_COUNTRIES = """
美國|美方|美軍|華府|白宮|五角大廈|川普|拜登
中國|中共|中方|共軍|共機|共艦|解放軍|北京|習近平|陸方
台灣|臺灣|我國|國軍|台方|我方|中華民國|賴清德
日本|日方|自衛隊|東京
北韓|朝鮮(?!半島)|平壤|金正恩
韓國|南韓|韓方|韓軍|首爾|李在明|尹錫悅
俄羅斯|俄國|俄軍|俄方|莫斯科|蒲亭|普丁|普京
烏克蘭|烏軍|烏方|基輔|澤倫斯基
印度(?![尼洋河])|印方|印軍|新德里|莫迪
巴基斯坦|巴國|巴方|伊斯蘭馬巴德
以色列|以軍|納坦雅胡|尼坦雅胡
伊朗|德黑蘭
英國|英方|英軍|倫敦
法國|法方|法軍|馬克宏
德國|德方|德軍|柏林
歐盟|執委會
北約
聯合國|安理會
菲律賓|菲國|菲方|馬尼拉|小馬可仕
越南|越方|河內
澳洲|澳大利亞|澳方|坎培拉
加拿大
墨西哥
紐西蘭|紐國
索羅門|索國
巴布亞紐幾內亞|巴紐
印尼|印度尼西亞
馬來西亞|大馬
新加坡|星國
土耳其|土國
沙烏地|沙國
義大利|義國
"""
_OTHERS = """
巴西 阿根廷 智利 祕魯 秘魯 哥倫比亞 委內瑞拉 古巴 巴拿馬 宏都拉斯 瓜地馬拉 巴拉圭 海地 斐濟 諾魯
帛琉 馬紹爾 吐瓦魯 萬那杜 東加 薩摩亞 吉里巴斯 庫克群島 密克羅尼西亞 泰國 緬甸 寮國 柬埔寨 汶萊
東帝汶 孟加拉 斯里蘭卡 尼泊爾 不丹 馬爾地夫 阿富汗 蒙古 哈薩克 烏茲別克 吉爾吉斯 塔吉克 土庫曼
亞塞拜然 亞美尼亞 喬治亞 敘利亞 黎巴嫩 約旦 伊拉克 科威特 卡達 阿聯 阿曼 葉門 巴勒斯坦 哈瑪斯
真主黨 胡塞 青年運動 埃及 利比亞 蘇丹 衣索比亞 索馬利亞 吉布地 肯亞 奈及利亞 南非 馬利 尼日
布吉納法索 剛果 盧安達 史瓦帝尼 阿爾及利亞 摩洛哥 西班牙 葡萄牙 荷蘭 比利時 盧森堡 瑞士 奧地利 波蘭
捷克 斯洛伐克 匈牙利 羅馬尼亞 保加利亞 塞爾維亞 克羅埃西亞 希臘 賽普勒斯 瑞典 挪威 芬蘭 丹麥 冰島
愛爾蘭 愛沙尼亞 拉脫維亞 立陶宛 白俄羅斯 摩爾多瓦 香港 澳門 新疆 西藏 金門 馬祖 澎湖
"""
_NAMES = [*_COUNTRIES.split(), *_OTHERS.split()]
_FORMS = [(form, names.partition("|")[0].partition("(")[0]) for names in _NAMES for form in names.split("|")]
_STARTS = re.compile(f"[{''.join(sorted({form[0] for form, _ in _FORMS}))}]")
_BY_START = {
    start: [(re.compile(form), name) for form, name in _FORMS if form[0] == start]
    for start in {form[0] for form, _ in _FORMS}
}
_SHIP = re.compile("(?<![\u4e00-\u9fff])?([\u4e00-\u9fff]{2}號)(?![稱召碼機線])")
_PARTY_ENDS = re.compile("黨(?![派魁員籍內中團外政])|聯盟|陣營|同盟")
_BREAKS = frozenset(
    "的和與及在是由之為而以於對將被把從至到等也都則已曾有中其該各惟仍使讓令同若如"
    "，。；：、（）「」《》〈〉！？\ufffc 0123456789%"
)
_LONGEST_PARTY = 7


def countries(text: str) -> Iterator[tuple[int, str]]:
    """The countries named in a text, each by one name, with where its name begins."""
    position = 0
    while (start := _STARTS.search(text, position)) is not None:
        position = start.end()
        for form, name in _BY_START[start[0]]:
            match = form.match(text, start.start())
            if match is not None:
                yield start.start(), name
                position = match.end()
                break


def parties(text: str, whole: str) -> Iterator[tuple[int, int, str]]:
    """The parties and alliances named in a text: where each stands, and its name as `whole` has it most often.

    Where a name begins is not to be seen in Chinese: it is the longest stretch that the brief repeats.
    """
    for match in _PARTY_ENDS.finditer(text):
        first = match.start()
        while first > 0 and match.end() - first < _LONGEST_PARTY and text[first - 1] not in _BREAKS:
            first -= 1
        start = _beginning(text, first, match.start(), match.end(), whole)
        if match.start() - start >= 1:
            yield start, match.end(), text[start : match.end()]


def _beginning(text: str, first: int, last: int, end: int, whole: str) -> int:
    """Where a name that ends at `end` begins, between `first` and `last`."""
    counts = {start: whole.count(text[start:end]) for start in range(first, last)}
    if not counts:
        return last
    shortest = counts[max(start for start in counts if last - start <= 2 or start == last - 1)]
    two = [start for start in counts if last - start >= 2] or list(counts)
    most = max(counts[start] for start in two)
    return min(
        (start for start in two if counts[start] * 2 > most or counts[start] >= max(2, shortest)), default=first
    )


def ships(text: str) -> Iterator[tuple[int, str]]:
    """The ships and the like named 某某號, with where the name begins."""
    for match in _SHIP.finditer(text):
        yield match.start(1), match[1]

"""Rules about spelling: variant characters, words surely misspelt, and one word spelt in two ways.

Where both spellings are right (公布, 公佈), the practice of the brief decides, else that of the issue. Titles,
quotations, citations and what is in another language are left alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from pipeline.diagnostics import Code, Severity, Words
from pipeline.flat import REFERENCE
from pipeline.lint.practice import practice
from pipeline.lint.reading import NAMED, OWN, Passage, Reading, once, stands_apart
from pipeline.lint.rules import Finding, found, rule
from pipeline.lint.vocabulary import Vocabulary
from pipeline.parse import LANG

Meaning = TypeVar("Meaning")

_TAIWAN = {"zh", "zh-hant", "zh-tw", "zh-hant-tw"}
_NAMES_OF_OTHERS = {"aff", "collab", "subject", "copyright-statement", "attrib"}
"""Elements whose words are names: they are printed as they are."""

GUARD = re.compile(r"\(\?[^()]*(?:\([^()]*\)[^()]*){0,40}\)")
"""What has to stand before or after a word of a table, or may not."""
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"


@dataclass(frozen=True, slots=True)
class Use(Generic[Meaning]):
    """A word of a table found in a text."""

    start: int
    end: int
    word: str
    meaning: Meaning


class Table(Generic[Meaning]):
    """Words to look for. A word may carry guards, `(?<!…)` before it and `(?!…)` after it."""

    def __init__(self, words: Iterable[tuple[str, Meaning]]) -> None:
        self._words: dict[str, list[tuple[str, str, Meaning]]] = {}
        for form, meaning in words:
            bare = GUARD.sub("", form)
            self._words.setdefault(bare[:2], []).append((bare, form, meaning))
        for entries in self._words.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        pairs = [start for start in self._words if len(start) == 2]
        single = "".join(start for start in self._words if len(start) == 1)
        first, second = ("".join({pair[at] for pair in pairs}) for at in (0, 1))
        self._starts = re.compile(f"[{first}](?=[{second}])" + (f"|[{single}]" if single else ""))

    def find(self, text: str) -> Iterator[Use[Meaning]]:
        """The words in a text, the longest at each place; none overlaps another."""
        done = 0
        for each in self._starts.finditer(text):
            start = each.start()
            for length in (2, 1) if start >= done else ():
                for bare, form, meaning in self._words.get(text[start : start + length], ()):
                    if start >= done and text.startswith(bare, start) and _stands_at(form, bare, text, start):
                        done = start + len(bare)
                        yield Use(start, done, bare, meaning)


def _stands_at(form: str, bare: str, text: str, start: int) -> bool:
    """Whether a word that stands at `start` passes its guards."""
    return form == bare or _guarded(form).match(text, start) is not None


@cache
def _guarded(form: str) -> re.Pattern[str]:
    return re.compile(form)


def is_taiwanese(passage: Passage) -> bool:
    """Whether a passage is in the Chinese of Taiwan."""
    return passage.lang.lower() in _TAIWAN


@once
def taiwanese_text(brief: Reading) -> tuple[tuple[Passage, str], ...]:
    """The Taiwanese passages of a brief, each with its text, U+FFFC for what is not the author's own.

    That is: quotations, titles, addresses, citations, words marked as of another language, and the words that the
    house vocabulary accepts.
    """
    accepted = _accepted(brief.issue.vocabulary)
    return tuple(
        (passage, _own(passage, accepted))
        for passage in brief.passages
        if is_taiwanese(passage) and passage.element.tag not in _NAMES_OF_OTHERS
    )


def _own(passage: Passage, accepted: re.Pattern[str] | None) -> str:
    text = passage.own_text
    masked = [(each.start, each.end) for each in passage.citations]
    masked += foreign_stretches(passage)
    if accepted is not None:
        masked += (each.span() for each in accepted.finditer(text))
    if not masked:
        return text
    characters = list(text)
    for start, end in masked:
        characters[start:end] = REFERENCE * len(characters[start:end])
    return "".join(characters)


def foreign_stretches(passage: Passage) -> list[tuple[int, int]]:
    """The stretches of a passage that its markup says are in another language."""
    stretches, element = [], passage.element
    for piece in passage.flat.pieces:
        node = piece.node if piece.which == "text" else piece.node.getparent()
        while node is not None and node is not element:
            lang = node.get(LANG)
            if lang is not None and lang.lower() not in _TAIWAN:
                stretches.append((piece.start, piece.end))
                break
            node = node.getparent()
    return stretches


def _accepted(vocabulary: Vocabulary) -> re.Pattern[str] | None:
    """The words of several characters that are right as they are: nothing inside them is looked at."""
    words = sorted((word for word in vocabulary.terms | vocabulary.names if word), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words))) if words else None


# ---------------------------------------------------------------------------------------------------------------
# Characters

_VARIANTS_TABLE = """
爲為 綫線 衆眾 鷄雞 鶏雞 温溫 麪麵 着著 説說 税稅 鋭銳 脱脫 閲閱 悦悅 戸戶 户戶 内內 吴吳 録錄 緑綠 産產
强強 顔顏 虚虛 黄黃 别別 牀床 抛拋 却卻 査查 叙敘 敍敘 册冊 决決 况況 减減 净淨 凑湊 凉涼 够夠 毎每 畧略
窓窗 窻窗 粤粵 綉繡 耻恥 胷胸 脚腳 葱蔥 衞衛 証證 踪蹤 躱躲 鈎鉤 閙鬧 隣鄰 麽麼 尙尚 竝並 僞偽 廻迴 挿插
携攜 擧舉 晩晚 曁暨 槪概 墻牆 奬獎 甁瓶 畵畫 紥紮 絶絕 緜綿 聨聯 脉脈 鎻鎖 鐡鐵 飮飲 皷鼓 呑吞 値值 刼劫
厨廚 呌叫 囘回 壻婿 寃冤 愼慎 抅拘 旣既 汚污 泪淚 灾災 猪豬 猫貓 疎疏 痩瘦 盖蓋 碍礙 禀稟 緖緒 覩睹 酧酬
鑛礦 駡罵 鬪鬥 鬭鬥 欝鬱 潜潛 礟砲 軆體 輭軟 頽頹 蘓蘇 寳寶 乗乘 剰剩 劵券 凖準 兎兔 吿告 卽即 毁毀 讃讚
賛贊 髪髮 黙默 姉姊 徳德 歴歷 縦縱 勲勳 遡溯 巿市
"""
VARIANTS = {pair[0]: pair[1] for pair in _VARIANTS_TABLE.split()}
"""Characters that aren't standard in Taiwan, each with the one that is. No name is written with them there."""

VARIANTS_IN_NAMES = dict(zip("峯啓羣眞敎淸靑晋", "峰啟群真教清青晉", strict=True))
"""Variants that persons have in their names: they are only wrong in words."""

_WORDS_WITH_VARIANTS = re.compile(
    "高峯|峯會|山峯|頂峯|主峯|尖峯|離峯|巔峯|顛峯|峯值|峯頂|"
    "啓動|啓用|啓示|啓發|啓程|啓蒙|啓航|啓迪|啓事|開啓|重啓|"
    "羣島|羣眾|羣衆|羣體|羣聚|羣組|族羣|社羣|人羣|機羣|艦羣|羣起|"
    "眞正|眞實|眞相|眞理|眞誠|認眞|失眞|眞空|敎育|敎訓|敎授|敎會|敎學|敎師|敎材|宗敎|請敎|主敎|"
    "淸楚|淸除|淸單|淸查|淸算|淸零|釐淸|澄淸|靑年|靑少|晋升|晋級|晋見"
)
_VARIANT = re.compile(f"[{''.join(VARIANTS)}]|{_WORDS_WITH_VARIANTS.pattern}")

_NOT_STANDARD = frozenset([*VARIANTS, *VARIANTS_IN_NAMES])
_ZHUYIN_YI = re.compile(f"(?<![\u3105-\u312f])ㄧ(?=[{_HAN}，。；])")
_ZHUYIN = re.compile("[\u3105-\u3126\u3128\u3129]")


def _standard(character: str) -> str:
    return VARIANTS.get(character) or VARIANTS_IN_NAMES.get(character, character)


@rule(
    Code(
        "W001",
        title=Words("異體字", "variant character"),
        message=Words("「{character}」不是臺灣的標準字", "{character} is not the standard character in Taiwan"),
        hint=Words("改用「{standard}」", "write {standard}"),
        why=Words(
            "教育部《常用國字標準字體表》、《次常用國字標準字體表》定的標準字，《異體字字典》一一列出它們的異體；"
            "同一篇裡一個字只有一種寫法，搜尋才找得到。",
            "The Ministry of Education lists the standard characters and, in its Dictionary of Variants, their "
            "variants; one spelling throughout is what a search can find.",
        ),
        bad="因爲牀位不足，高峯會延期。",
        good="因為床位不足，高峰會延期。張啓楷委員與林永峯先生出席。",
        severity=Severity.WARNING,
    )
)
def variant_character(brief: Reading) -> Iterator[Finding]:
    """A variant where Taiwan has a standard character; names keep theirs."""
    for passage, text in taiwanese_text(brief):
        for each in _VARIANT.finditer(text) if not _NOT_STANDARD.isdisjoint(text) else ():
            for at in range(*each.span()):
                standard = _standard(text[at])
                if standard != text[at] and not is_spoken_of(passage, at, at + 1):
                    yield found(passage, at, at + 1, replace=standard, character=text[at], standard=standard)
    uses = _uses(brief).get(_INSIDE, {})
    if set(uses) == {"裏"} and len(uses["裏"]) <= _STRAY:
        for passage, start, end in uses["裏"]:
            yield found(passage, start, end, replace="裡", character="裏", standard="裡")


_STRAY = 2
"""Up to so often a variant that is not rare in Taiwan is a slip; used more often, it is the author's choice."""


_CELL = 40
"""Characters in a cell, with the blanks of the file, that may be a single word."""


def is_spoken_of(passage: Passage, start: int, end: int) -> bool:
    """Whether words stand alone in 「」 or in a cell: the text speaks of the word, it doesn't use it."""
    text = passage.text
    if len(text) < _CELL and not (text[:start] + text[end:]).strip():
        return True
    return passage.zones[start] == NAMED and text[start - 1 : start] + text[end : end + 1] == "「」"


@rule(
    Code(
        "W006",
        title=Words("注音「ㄧ」當成了「一」", "zhuyin letter for 一"),
        message=Words(
            "這個「ㄧ」是注音符號（U+3127），不是「一」", "this is the zhuyin letter ㄧ (U+3127), not 一"
        ),
        hint=Words("改成「一」（U+4E00）", "write 一 (U+4E00)"),
        why=Words(
            "樣子一樣，碼不一樣：搜尋找不到它，換了字型、改成報讀，就不是那個字了（Unicode標準，注音符號區U+3100）。",
            "It looks the same and is another character: searching and reading aloud miss it (Unicode, Bopomofo).",
        ),
        bad="這是第ㄧ次。",
        good="這是第一次。注音ㄧ、ㄨ、ㄩ不在此限。",
        severity=Severity.WARNING,
    )
)
def zhuyin_for_one(brief: Reading) -> Iterator[Finding]:
    """The zhuyin letter ㄧ among Han characters, where nothing else is in zhuyin."""
    for passage, text in taiwanese_text(brief):
        if "ㄧ" in text and not _ZHUYIN.search(text):
            for each in _ZHUYIN_YI.finditer(text):
                if not is_spoken_of(passage, *each.span()):
                    yield found(passage, *each.span(), replace="一")


# ---------------------------------------------------------------------------------------------------------------
# Words surely misspelt

_PRECEDED = {
    "籍": "國學戶書黨典史古外原祖本省軍船僑無雙客入秘祕"
    "美日中韓英法德俄台臺陸港泰越菲印馬緬寮柬澳紐加烏波義西葡荷比瑞希土伊以阿沙埃朝巴墨",
    "制": "控限抑管體機節壓牽專強法遏編箝禁學幣稅兵",
    "后": "皇王太天影歌母帝",
    "准": "核批獲不照恩",
    "隻": "船艦兩三四幾數一二五六七八九十百千萬多0-9",
    "徹": "透貫通",
    "合": "結整配聯符混綜融組集適契吻複",
    "併": "合兼吞一歸裁整",
    "竟": "究畢",
    "征": "遠長出親",
}
"""`@制造` looks for 制造 that none of these precedes: after them the words are cut elsewhere (控制｜造成)."""

_MISSPELT = """
# 布、佔、份、並
充份>充分 萬份之>萬分之 三份之>三分之 二份之>二分之 四份之>四分之 百份之>百分之 佈屬(?!於)>部署 吞並>吞併
兼並>兼併 並吞>併吞 @合並(?=[成為案後前計入，。、的])>合併 並購(?=[案潮，。、」]|交易|計畫|活動)>併購 @併且>並且
@併非>並非 @併未>並未 @併列>並列 @併肩>並肩 齊頭併進>齊頭並進 相提併論>相提並論
部屬(?=飛彈|兵力|戰機|武器|核武|軍力|防空|雷達|航艦|潛艦|艦隊)>部署
# 採、彩、儘、盡、像、象
采取>採取 采用>採用 采納>採納 采訪>採訪 采購>採購 采集>採集 采行>採行 采樣>採樣 采礦>採礦 開采>開採 風彩>風采
興高彩烈>興高采烈 (?<![不無])盡管(?![理轄教控道制束])>儘管 儘力>盡力 儘頭>盡頭 詳儘>詳盡 耗儘>耗盡 用儘>用盡
竭儘>竭盡 (?<![好就不很更正])像徵(?![兵收召稅集求用才選詢得])>象徵 跡像(?![是個這那])>跡象 印像(?![是素個])>印象
抽像(?!是)>抽象 氣像(?=[報局站觀預條衛雷資，。、學台臺])>氣象
(?<![出呈展表浮實體發重湧再])現像(?![是這那個樣])>現象 對像(?=[的、，。；」）為之]|包括|國家)>對象
(?<![理思構])想象(?![徵牙])>想像 (?<![友良美交偏愛])好象(?![徵牙棋])>好像 偶象(?!徵)>偶像 圖象(?!徵)>圖像
# 遊、游、周、於
旅游(?![擊說移離牧標泳資])>旅遊 導游(?![擊說移離牧標泳資])>導遊 游客>遊客 游覽>遊覽 游戲>遊戲 游行>遊行
眾所週知>眾所周知 (?<![線海水陸地路網岸船山以島車])上遊(?=[的產國業企供、，。材水])>上游
(?<![天地水旗之底手屬])下遊(?=[的產國業企供、，。材水])>下游 對于(?!北辰|右任|美人)>對於
關于(?!北辰|右任|美人)>關於 由于(?!北辰|右任|美人)>由於 至于>至於 位于>位於 基于>基於 等于>等於 低于>低於
高于>高於 處于>處於 屬于>屬於 終于>終於 鑑于>鑑於 鑒于>鑒於 在于>在於 用于>用於 大于>大於 小于>小於 善于>善於
便于>便於 限于>限於 介于>介於 過于>過於
利于>利於 助于>助於 力于>力於 眼于>眼於 決于>決於 當于(?!右任)>當於 優于>優於 早于>早於 多于>多於 少于>少於
出于>出於 敢于>敢於 忠于>忠於 免于>免於 趨于>趨於 適于>適於 置于>置於 立于>立於
# 里、裡、后、後
(?<!辦)公裡>公里 (?<!辦)公裏>公里 英裡>英里 英裏>英里 (?<=[0-9])海裡>海里 (?<=[0-9])海裏>海里
(?<![這那哪心家手夜城府])裡程(?![序度式])>里程 這里(?![長民約斯昂程])>這裡 那里(?![斯亞約程])>那裡
哪里(?!程)>哪裡 以后>以後 之后>之後 @后來>後來 今后>今後 最后>最後 然后>然後 戰后>戰後 @后續>後續 @后果>後果
落后>落後 先后>先後 事后>事後 背后>背後 幕后>幕後 前后>前後 @后期>後期 @后勤>後勤 @后盾>後盾 隨后>隨後 此后>此後
皇後>皇后 太後(?![來期面方續悔書])>太后
# 干、乾、幹
(?<![若一])干部>幹部 (?<!若)干線>幹線 骨干>骨幹 主干(?![預涉擾政犯])>主幹 才干(?![預涉擾政犯係])>才幹
(?<!若)干練>幹練 (?<!若)干旱>乾旱 (?<!若)干燥>乾燥 乾涉>干涉 乾擾>干擾 乾預>干預 幹擾>干擾 幹預>干預 幹涉>干涉
若乾>若干 若幹>若干
# 系、係、繫
(?<!國)關系(?![統列所主譜])>關係 關繫(?![留纜泊屬獄案上])>關係 (?<!關)係統(?![一籌合整計稱])>系統 繫統>系統
(?<!蘇)聯系(?![統列])>聯繫 (?<![思纖恆])維系(?!統)>維繫 (?<![思纖恆])維係>維繫
# 準、准
@准備>準備 標准>標準 水准>水準 精准>精準 基准>基準 @准確>準確 瞄准>瞄準 @准則>準則 @准時>準時
批準(?![備確])>批准 核準(?![備確則])>核准 獲準(?![備確])>獲准 準許>准許 準予>准予
# 制、製
@制造(?![成就訪勢福反])>製造 @制作(?![用為戰法出業物])>製作 研制(?![定度訂])>研製 @制程(?![度序式])>製程
@制品>製品 監制(?![度衡定裁止訂約])>監製 繪制(?![服度定])>繪製 仿制(?![服度定])>仿製 @制藥>製藥
(?<![恢回])復制(?![裁度衡定止約])>複製 製度>制度 製裁>制裁 限製(?![造作程成藥品圖])>限制
控製(?![造作程成藥品圖])>控制 管製(?![造作程成藥品圖])>管制 體製(?![造作程品藥圖成])>體制 抑製>抑制 牽製>牽制
(?<![複監印特研自縫繪])製約>制約 製衡>制衡 遏製>遏制 反製(?![造作])>反制
(?<![飛戰手晶客軍])機製(?![造作程品成圖])>機制 (?<![方作做手無])法製(?![造作程品成])>法制
強製(?![造作程品藥成])>強制 專製(?![造作])>專制 製定(?![位點時格])>制定 製訂>制訂 製止>制止 製肘>掣肘 制肘>掣肘
# 面、麵、發、髮、衝、沖、徵、征
方麵>方面 表麵>表面 全麵>全面 (?<!千)層麵>層面 麵臨>面臨 麵對>面對 麵積>面積 局麵>局面 頭發(?=[、，。型色])>頭髮
髮展>發展 髮生>發生 開髮>開發 髮動>發動 髮布>發布 髮現>發現 沖突>衝突 沖擊>衝擊 緩沖>緩衝 折沖>折衝
首當其沖>首當其衝 沖刺>衝刺 沖撞>衝撞 衝繩>沖繩 對衝基金>對沖基金 @征收>徵收 @征兵>徵兵 @征召>徵召 @征求>徵求
@征稅>徵稅 @征集>徵集 @征詢>徵詢 @征用>徵用 @征調>徵調 特征(?![召收服用戰討調])>特徵 象征>象徵
(?<![特象表])徵服(?![務從飾裝役用])>征服
# 歷、曆、鐘、鍾、志、誌、託、註
曆史>歷史 經曆>經歷 學曆>學歷 履曆>履歷 曆屆>歷屆 曆經>歷經 曆任>歷任 農歷(?![史任屆經])>農曆
西歷(?![史任屆經來代時程])>西曆 分鍾(?![情愛意靈])>分鐘 秒鍾>秒鐘 時鍾(?![情愛意靈])>時鐘 警鍾>警鐘 鍾頭>鐘頭
標志(?![在向願得])>標誌 雜志>雜誌 日志(?![願工向])>日誌 意誌>意志 同誌>同志 誌願>志願 委托>委託 信托>信託
拜托>拜託 寄托>寄託 關註(?![冊解釋記定銷])>關注 (?<![加附備批])註意(?![思見味義指])>注意
註重(?![新複疊大要點])>注重 (?<![加附備批])註入>注入 註視>注視 傾註>傾注
# 谷、穀、范、範、余、餘
(?<![山河低矽曼峽溪深幽])谷物>穀物 矽穀>矽谷 規范>規範 模范>模範 范圍>範圍 防范>防範
示范(?![賴德斯登佩仲迪])>示範 典范>典範 范疇>範疇 師范(?=[大學院生])>師範 其余>其餘 剩余>剩餘 業余>業餘
多余>多餘 余額>餘額 盈余>盈餘 範籌>範疇 (?<!推)廣範(?![圍例本疇])>廣泛
# 云、御、郁、辟、吁、嚮、隻、么、几
云端>雲端 防御>防禦 抵御>抵禦 憂郁>憂鬱 濃鬱>濃郁 開辟>開闢 辟謠>闢謠 呼吁>呼籲 影嚮>影響 導嚮>導向
(?<![影音回迴])響往>嚮往 @隻有>只有 @隻要>只要 @隻能>只能 @隻是>只是 不隻>不只 什么>什麼 怎么>怎麼 這么>這麼
那么>那麼 多么>多麼 几乎>幾乎 几個>幾個 几年>幾年 好几>好幾 几次>幾次 几十>幾十
# 斗、丑、松、板、舍、卷、致、杰、咨、丰、划、夸、荐、簽
戰斗>戰鬥 (?<!北)斗爭>鬥爭 奮斗>奮鬥 丑聞>醜聞 丑化>醜化 放松(?![木樹鼠香露茸江山果])>放鬆 寬松>寬鬆 輕松>輕鬆
松綁>鬆綁 松散>鬆散 老板>老闆 取舍>取捨 (?<![宿校農房])舍棄>捨棄 (?<![試考宗案問答畫書])卷入>捲入
卷土重來>捲土重來 細致(?![函電贈力詞辭使])>細緻 精致(?![函電贈力詞辭使])>精緻
杰出(?=[的人青貢表校成學科女，。、])>傑出 咨詢>諮詢 丰富>豐富 規划>規劃 計划(?!算)>計畫 划分>劃分 策划>策劃
企划>企劃 夸大>誇大 夸張>誇張 推荐>推薦 標簽>標籤 抽簽>抽籤
# 以、已、己、在、再、既、即、及、致、至
(?<![自知利異克律一])己經(?![濟營貿驗])>已經 (?<![來出源得取引轉各獨親私逕擅])自已(?=[的身人國家，。、])>自己
予已(?![經開登故婚成退有完獲取])>予以 (?<![許認核寧])可已(?![經於達獲遭被有])>可以
(?<![所可加予足得難])以經(?=[有是成在被將開達可能無完確決])>已經 亦或(?![許多可有將能])>抑或 旨再>旨在
(?<![存現])在次(?=[表強重呼證提確申當宣警展])>再次 (?<![存現])在度(?=[表強重訪提出發當宣升引挑])>再度
再再(?=[顯說證凸反突])>在在 既使(?![^。；]{1,40}[又也亦]使)>即使 既便(?=[是如在有沒無])>即便
(?<![立隨當])即然(?!後)>既然 既將(?=[在於到上舉面成來進結完展])(?![^。；]{1,40}[又也亦]將)>即將
(?<![立隨當亦])即定(?=[政目方的計路立航時策規程])>既定 立既(?![有得成定是然已往])>立即
隨既(?![有得成定是然已往])>隨即 一觸及發>一觸即發 甚致(?![力使死])>甚至 至力於>致力於
(?<![引誘傳疏輸主領指嚮重])導至>導致 (?<![甚以乃直及迄])至使(?![用者館命])>致使
(?<!甚)至命(?=[傷的打率武性缺]|一擊)>致命 必需(?=要|在|由|將|先|進行|透過|加強|面對|考慮|注意|採取)>必須
# 藉、籍
@籍由>藉由 @籍此>藉此 @籍口>藉口 @籍助>藉助 @籍以>藉以 @籍著>藉著 憑籍>憑藉 慰籍>慰藉
國藉(?![由此著助口以機])>國籍 書藉(?![由此著助口以機])>書籍 黨藉(?![由此著助口以機])>黨籍
學藉(?![由此著助口以機])>學籍
# 複、復、覆、幅、輻
重覆(?![蓋核審滅轍議亡寫沒])>重複 重復(?![甦合健原發興育建職刊])>重複 復雜>複雜 覆雜>複雜 恢覆>恢復 恢複>恢復
複蓋>覆蓋 顛復>顛覆 顛複>顛覆 修複(?![雜製查合])>修復 收複(?![雜製查合])>收復 複興>復興 報複(?![雜製查合])>報復
康複(?![雜製查合])>康復 光複(?![雜製查合])>光復 複甦>復甦 答複(?![雜製查合])>答覆 反複(?!製)>反覆
幅射(?![擊門程中向殺出])>輻射 副射>輻射 輻度>幅度 大副(?=[成增減縮擴]|提[升高]|下[降滑修]|上[升漲])>大幅
# 績、積、遣、譴、遺、憾、撼、捍、悍
業積(?![極累欠蓄壓體木分聚])>業績 政積(?![極累欠蓄壓體木分聚])>政績 成積(?![極累欠蓄壓體木分聚水弱])>成績
戰積(?![極累欠])>戰績 (?<![累淤堆])積效>績效 累績>累積 面績>面積 堆績>堆積 績極>積極 奇績>奇蹟 軌績>軌跡
派遺>派遣 遣責>譴責 遺責>譴責 先譴(?!責)>先遣 調譴>調遣 遣漏>遺漏 遣憾>遺憾 (?<!派)遣留>遺留 遣址>遺址
(?<!遺)憾動>撼動 震憾>震撼 遺撼>遺憾 悍衛>捍衛 扞衛>捍衛 強捍>強悍
# 辨、辯、峻、竣、岐、歧、構、購
辯識>辨識 辯認>辨認 辯別>辨別 分辯率>分辨率 (?<!思)辨論>辯論 辨護>辯護 答辨(?![識認別析明])>答辯
抗辨(?![識認別析明])>抗辯 明辯是非>明辨是非 嚴竣>嚴峻 (?<!嚴)峻工>竣工 岐視>歧視 分岐>分歧 岐見>歧見 岐異>歧異
採構>採購 結購(?![買置入得案])>結構 架購(?![買置入])>架構 建購(?![買置入物案屋])>建構 虛購>虛構
# 侯、候、州、洲、券、卷、祟、崇
氣侯>氣候 時侯(?![友漢選])>時候 侯選人>候選人 徵侯>徵候 症侯群>症候群 問侯(?![友漢])>問候 等侯(?![友漢])>等候
諸候>諸侯 (?<![尼治利比瓦馬拉西凡伊羅多亞])亞州>亞洲 歐州>歐洲 非州(?![政法議長際立級務])>非洲
(?<![全歐])美州(?![長議政府際])>美洲 (?<![南西北])澳州(?![政長議])>澳洲
(?<![參增追])加洲(?=[政州大矽海灣、，。的])>加州 德洲>德州 州際彈道>洲際彈道 州際飛彈>洲際飛彈 債卷>債券
證卷>證券 入場卷>入場券 (?<![訪顧])問券(?!商)>問卷 試券>試卷 禮卷>禮券 作崇(?![高尚拜])>作祟 推祟>推崇 祟尚>崇尚
# 競、竟、境、鏡、趨、驅、遵、尊
@竟爭(?![取相執吵議辯奪到得])>競爭 @竟相(?![信同似關當隔差應對距])>競相 @竟選(?![擇在上出中])>競選
@竟標(?![榜示])>競標 競然>竟然 究競>究竟 畢競>畢竟 競競業業>兢兢業業 戰戰競競>戰戰兢兢 環鏡>環境 邊鏡>邊境
困鏡>困境 趨動>驅動 驅勢>趨勢 驅於>趨於 驅緩>趨緩 趨使(?![得其用各人我中美])>驅使 趨逐>驅逐
先趨(?![於緩向勢近避])>先驅 尊守>遵守 尊循>遵循 尊照>遵照 遵重>尊重 遵嚴>尊嚴
# 弊、幣、毫、豪、緝、輯
貨弊>貨幣 硬弊>硬幣 敝端>弊端 隱弊>隱蔽 (?<![富土英文自])豪無>毫無 (?<![富土英文自])豪不>毫不 絲豪>絲毫
自毫(?![無米不安克])>自豪 (?<![編專邏特])輯私>緝私 通輯>通緝 編緝>編輯 邏緝>邏輯
# 軍事、地名
旗鑑>旗艦 軍鑑(?![於定別識往察])>軍艦 戰鑑(?![於定別識往察])>戰艦 潛鑑>潛艦 艦挺(?![進身立住過])>艦艇
潛挺(?!進)>潛艇 (?<!趕)快挺(?![進身立住過])>快艇 巡戈>巡弋 戌守>戍守 衛戌>衛戍 元師(?![傅範生資長徒])>元帥
(?<![總傳系正血])統師(?![大生徒父傅資承範])>統帥 搭戴>搭載 掛戴>掛載 赫阻>嚇阻 威赫>威嚇 恐赫>恐嚇 震攝>震懾
威攝>威懾 懾影>攝影 (?<![本領國疆鄉黏水沙故])土兵(?![力役員馬變])>士兵 領士(?![兵官氣])>領土 士耳其>土耳其
(?<![明表坦空])白官(?![方員僚吏])>白宮 東埔寨>柬埔寨 新彊>新疆 邊彊>邊疆 疆硬>僵硬 殭局>僵局 殭化>僵化
菲律濱>菲律賓 剌激>刺激 諷剌>諷刺 剌殺>刺殺 遇剌>遇刺 行剌>行刺 (?<![週周期年月季歲世本始底])末來>未來
未端(?![正出上看])>末端 週未(?=[，。、；）])>週末 方興末艾>方興未艾 墬落>墜落 墬毀>墜毀 墬機>墜機 墬海>墜海
# 音近、形近
因該(?=要|能夠|可以|避免|注意|加強|會是|會有|會在)>應該 (?<!舉)措失(?=[，。、的與和及以來])>措施 錯施>措施
(?<![目先之以日事])前題(?=[，。、是為下的之]|條件)>前提 氣慨>氣概 厄要>扼要 瞪目結舌>瞠目結舌 膺品>贗品
舒困>紓困 (?<![好佳負影書])評擊(?![敗落沉中潰退破倒])>抨擊 砰擊>抨擊 頁獻>貢獻 眨值>貶值 疪護>庇護 披評>批評
批露(?![出天宿營臉面])>披露 挑畔>挑釁 搔擾>騷擾 搔動>騷動 稟持>秉持 幹旋(?![轉即踵律])>斡旋 凱覦>覬覦
消彌(?!補)>消弭 弭補>彌補 樞鈕>樞紐 鈕約>紐約 按紐(?![約西])>按鈕 脈胳>脈絡 篷勃>蓬勃 函蓋(?!章)>涵蓋
含蓋(?![茲亞章洛])>涵蓋 參予(?!以)>參與 資迅(?![速捷即])>資訊 通迅(?![速捷即])>通訊
(?<![通資音短])訊速(?![度率食報])>迅速 簡迅(?![速捷即])>簡訊 剋服>克服 恰談>洽談 攤瘓>癱瘓 燥動>躁動 急燥>急躁
暴燥>暴躁 燥音>噪音 躁音>噪音 遷徒(?![步刑])>遷徙 (?<![朝宮法教])廷長>延長 拖廷>拖延 延襲>沿襲 沿續>延續
催毀>摧毀 無堅不催>無堅不摧 擊烈(?![度士焰火性])>激烈 鼓厲>鼓勵 激厲>激勵 嚴勵>嚴厲 (?<![經遍])歷害>厲害
清析>清晰 分晰>分析 (?<![說證聲])明析>明晰 考濾>考慮 疑濾>疑慮 憂濾>憂慮 顧濾>顧慮 廣撥(?![款發付給補])>廣播
傳撥>傳播 撥放(?![款補經預貸])>播放 (?<![廣傳直轉])播款>撥款 (?<![廣傳直轉重散首主點聯插])播打(?=[電給過])>撥打
簡漏(?![洞網])>簡陋 暇疵>瑕疵 應接不瑕>應接不暇 回億(?=[錄起過當往])>回憶 記億(?=[體力中的，。])>記憶
一慣(?![例性用常見])>一貫 連慣(?!例)>連貫 慣穿>貫穿 貫例>慣例 慣徹>貫徹 貫撤>貫徹 撤底>徹底 @徹離>撤離
@徹退>撤退 @徹軍>撤軍 @徹除>撤除 @徹銷>撤銷 @徹僑>撤僑 頻煩>頻繁 (?<![頻視音])頻臨(?![檢時摹床])>瀕臨 拉籠>拉攏
攏罩>籠罩 攏絡>籠絡 隴斷>壟斷 攏斷>壟斷 寵斷>壟斷 渲洩>宣洩 喧染>渲染 寒喧>寒暄 搧動>煽動
(?<![政法自統])治煉>冶煉 (?<![政法自統])治金>冶金 (?<!洶)湧護(?![航送衛])>擁護 踴現>湧現 曖味>曖昧 愚味>愚昧
一昧>一味 嚐試>嘗試 備嚐>備嘗 臥薪嚐膽>臥薪嘗膽 (?<!赤)崁入(?!口)>嵌入 牽就>遷就 儲畜>儲蓄 蓄牧>畜牧
續勢待發>蓄勢待發 試目以待>拭目以待 出板(?![塊材橋凳擦書])>出版 (?<![主面地鋼木])板圖>版圖 唱議>倡議 唱導>倡導
提唱>提倡 訓鍊>訓練 鍛練>鍛鍊 囑目>矚目 遺矚>遺囑 (?<![法校家軍行])規訂(?![定立出有])>規定 穩訂>穩定
確訂(?![定立出有明於在下])>確定 (?<![維整進])修定(?![期額位點價])>修訂 (?<!公)頃向>傾向
(?<![稱盛誇])讚成(?![為功果長立員績])>贊成 (?<![稱盛誇])讚同(?![盟仁學志胞事袍])>贊同 (?<![稱盛誇])讚助>贊助
枉顧>罔顧 惶論>遑論 滯礙難行>窒礙難行 抑賴>仰賴 仰制>抑制 目賭(?![場博注局客])>目睹 演譯>演繹 詮譯>詮釋
銓釋>詮釋 陳營(?![長業運造收])>陣營 瓶勁>瓶頸 簽屬(?![於地國])>簽署 事誼>事宜 規摸>規模 糟受>遭受 遭糕>糟糕
轉形(?![勢成象態式塑容])>轉型 類形(?![成式象狀態勢塑容同貌體變])>類型 新形(?![勢態象式狀成塑容貌體變])>新型
煤碳(?![排密中交稅權費足捕封匯])>煤炭 二氧化炭>二氧化碳 炭中和>碳中和
(?<![聚對])焦碳(?![排中權稅費足定交密捕封匯])>焦炭 收獲(?![利得准取益釋救選勝知悉頒贈邀])>收穫 穫得>獲得
收歛>收斂 內歛>內斂 暴光(?![是靠憑電纖學])>曝光 爆光(?![是靠憑電纖學])>曝光 輿倫>輿論
(?<!參)與論(?=界|壓力|導向|攻勢|譁然)>輿論 羸得>贏得 嬴得>贏得 雙嬴>雙贏 嬴家>贏家 贏弱(?![勢點化者國隊])>羸弱
涉略>涉獵 勿庸置疑>毋庸置疑 永恒>永恆 恒久>恆久 恒星>恆星 恒溫>恆溫 守恒>守恆
# 成語
一愁莫展>一籌莫展 再接再勵>再接再厲 變本加利>變本加厲 變本加勵>變本加厲 穿流不息>川流不息 迫不急待>迫不及待
按步就班>按部就班 相形見拙>相形見絀 挺而走險>鋌而走險 飲鳩止渴>飲鴆止渴 草管人命>草菅人命 功虧一匱>功虧一簣
走頭無路>走投無路 甘敗下風>甘拜下風 默守成規>墨守成規 原形必露>原形畢露 破斧沉舟>破釜沉舟 契而不捨>鍥而不捨
談笑風聲>談笑風生 心無旁鶩>心無旁騖 竭澤而魚>竭澤而漁 不可思義>不可思議 世外桃園>世外桃源 出奇不意>出其不意
事在必行>勢在必行 事均力敵>勢均力敵 眾矢之地>眾矢之的 不逕而走>不脛而走 不徑而走>不脛而走 濫芋充數>濫竽充數
莫不關心>漠不關心 自顧不遐>自顧不暇 輕而一舉>輕而易舉 岌岌可及>岌岌可危 刻不容援>刻不容緩 撲塑迷離>撲朔迷離
有持無恐>有恃無恐 虎視耽耽>虎視眈眈 曇花一線>曇花一現 名列前矛>名列前茅 顧此施彼>顧此失彼 趨之若騖>趨之若鶩
好高鶩遠>好高騖遠 亦步亦驅>亦步亦趨 病入膏盲>病入膏肓 如火如茶>如火如荼 不知所錯>不知所措 與日劇增>與日俱增
與日遽增>與日俱增 聲名大躁>聲名大噪 眾說紛云>眾說紛紜 喧然大波>軒然大波 如法泡製>如法炮製 舖天蓋地>鋪天蓋地
雷勵風行>雷厲風行 前撲後繼>前仆後繼 推波助爛>推波助瀾 劍拔駑張>劍拔弩張 斧底抽薪>釜底抽薪 風聲鶴淚>風聲鶴唳
杷人憂天>杞人憂天 越廚代庖>越俎代庖 鳳毛鱗角>鳳毛麟角 千均一髮>千鈞一髮 千鈞一發>千鈞一髮 磨拳擦掌>摩拳擦掌
無遠弗界>無遠弗屆 無所是從>無所適從 層次不窮>層出不窮 不惶多讓>不遑多讓 一視同人>一視同仁 迎韌而解>迎刃而解
迎刀而解>迎刃而解 掩旗息鼓>偃旗息鼓 棋鼓相當>旗鼓相當 南轅北徹>南轅北轍 重蹈覆徹>重蹈覆轍 重蹈復轍>重蹈覆轍
司空見貫>司空見慣 因咽廢食>因噎廢食 什囂塵上>甚囂塵上 磬竹難書>罄竹難書 調以輕心>掉以輕心
"""
"""`wrong>right`, grouped by the characters mixed up. Guards (`Table`) keep out what is right elsewhere."""


def _entries(table: str) -> Iterator[tuple[str, str]]:
    for line in table.strip().splitlines():
        if not line.startswith("#"):
            for entry in line.split():
                wrong, _, right = entry.rpartition(">")
                if wrong.startswith("@"):
                    wrong = f"(?<![{_PRECEDED[wrong[1]]}]){wrong[1:]}"
                yield wrong, right


_MISSPELT_WORDS = Table(_entries(_MISSPELT))


@rule(
    Code(
        "W002",
        title=Words("錯別字", "misspelt word"),
        message=Words("「{wrong}」應作「{right}」", "{wrong} should be {right}"),
        hint=Words("改成「{right}」", "write {right}"),
        why=Words(
            "依教育部《重編國語辭典修訂本》、《國語辭典簡編本》的詞形：音近或形近而意思不同的字，"
            "多半是選字或簡繁轉換時出的錯。",
            "By the dictionaries of the Ministry of Education. Characters that sound or look alike and mean "
            "something else come from typing, or from conversion out of simplified characters.",
        ),
        bad="政府既使採取行動，公裡數仍重覆計算。",
        good="政府即使採取行動，公里數仍重複計算；控制造成的影響，國籍由本人決定，上游客戶也受益。",
        severity=Severity.WARNING,
    )
)
def misspelt_word(brief: Reading) -> Iterator[Finding]:
    """A word that no dictionary writes so."""
    for passage, text in taiwanese_text(brief):
        for use in _MISSPELT_WORDS.find(text):
            if not is_spoken_of(passage, use.start, use.end) and not is_junction(text, use.start, use.end):
                right = use.meaning
                fix = right if stands_apart(text, use.start, use.end) else None
                yield found(passage, use.start, use.end, replace=fix, wrong=use.word, right=right)


_JUNCTIONS = re.compile(
    "[上中下]游[客行戲覽]|方麵包|全麵包|那里長|對于謙|信仰制|公函蓋|循環鏡像|諸候選|地震攝影|刺激光電|出租車[位輛庫]|程序員[額警工]|"
    "[遠近]東盟|[來資能電]源代碼|緊固件|鄉里根|[民注願有滿留]意大利|大概率先|中國移動"
)
"""Two words whose ends together look like a wrong one, and names: 刺激｜光電, 來源｜代碼."""


def is_junction(text: str, start: int, end: int) -> bool:
    """Whether a stretch is parts of two words, or of a name."""
    return any(
        each.start() <= end - 1 and start < each.end()
        for each in _JUNCTIONS.finditer(text, max(start - 3, 0), end + 3)
    )


# ---------------------------------------------------------------------------------------------------------------
# One word, two spellings: both are right, and the practice decides

_DOUBLETS = """
# 布、佈
公布(?![局置]) 公佈 / (?<!開)發布(?![局建防置]) 發佈 / 宣布(?!局) 宣佈 / 頒布 頒佈 / 散布 散佈 / 遍布 遍佈
密布 密佈 / 滿布 滿佈 / (?<![部充十百])分布(?![局署建置防陣]) (?<![部充十百])分佈(?![局署建置防陣])
(?<![公宣發分頒散遍])布局(?![勢部面長處內]) 佈局 / 布署(?![名長期]) 佈署(?![名長期]) 部署(?![名長理])
布建 佈建 / 布置 佈置 / 布防 佈防 / 布陣 佈陣 / 布雷(?=[艦區船艇隊車]|行動|作業|封鎖|任務|能力|系統) 佈雷
擺布 擺佈 / 布告 佈告 / 布滿 佈滿
# 畫、劃
(?<![計企策])規劃 規畫 / 企劃 企畫 / 策劃 策畫 / 籌劃 籌畫 / 擘劃 擘畫 / 刻劃 刻畫 / 勾劃 勾畫 / 謀劃 謀畫
(?<![計規企策籌擘刻謀勾])劃分 (?<![計規企策籌擘刻謀勾動漫繪])畫分
(?<![計規企策籌擘刻謀勾])劃定 (?<![計規企策籌擘刻謀勾])畫定
(?<![計規企策籌擘刻謀勾])劃設 (?<![計規企策籌擘刻謀勾動漫繪])畫設 / 劃清 畫清 / 劃歸 畫歸
劃下(?=句|休止) 畫下(?=句|休止)
# 佔、占
(?<!口)占(?![卜星筮夢卦術城婆碑族米]) 佔
# 份、分
(?<![本自切全隻獨終])身分(?![為成配別析工布佈離裂散化開擔]) 身份
部分(?![別裂析工配離開層批頭局]) 部份(?![量額])
(?<![達完形組構造變促養做])成分(?![享類析為別配裂工層批區散攤]) 成份 / 養分(?![成別]) 養份 / 緣分 緣份
(?<![透經通越超渡])過分(?![析配享類工散別階批割層攤]) 過份 / (?<![十部充])分量 份量
(?<=恐怖)分子 (?<=恐怖)份子 / (?<=知識)分子 (?<=知識)份子 / (?<=激進)分子 (?<=激進)份子
(?<=極端)分子 (?<=極端)份子 / (?<=武裝)分子 (?<=武裝)份子 / (?<=不法)分子 (?<=不法)份子
(?<=異議)分子 (?<=異議)份子 / (?<=犯罪)分子 (?<=犯罪)份子
# 作、做
作為 做為 / 當作(?![戰業家者風]) 當做(?![出到法]) / 看作 看做 / 叫作(?![戰業]) 叫做 / 稱作 稱做
(?<![工合著操寫製動運協創])作法(?![律院制官國]) 做法(?![律院制官國])
(?<![工合著操寫製動運協創耕])作出(?![版口席身]) 做出(?![版口席身])
(?<![工合著操寫製動運協創耕])作成(?![果績本員功長效立為就]) 做成(?![果績本員功長效立為就])
# 制、訂、定
制定(?![^，。；]{0,10}[法憲條]) 制訂(?![^，。；]{0,10}[法憲條]) / 簽訂 簽定 / 擬定(?!居) 擬訂 / 商定 商訂
# 了、瞭、聯、連、侷、局
了解(?![決除釋散放析讀禁凍套構編封碼密答救雇僱聘體離]) 瞭解 / 聯繫 連繫 / 聯結(?!車) 連結 / 聯接 連接
聯絡 連絡 / 關聯 關連 / (?<![當各總該書郵藥結大格全牌危亂僵政佈布時])局限(?![制期定縮令量電水]) 侷限 / 侷促 局促
# 儘、盡、唯、惟
儘量 盡量 / 儘快 盡快 / 儘早 盡早 / 儘速 盡速 / 儘可能 盡可能 / 唯一 惟一 / 唯有 惟有 / 唯獨 惟獨 / 唯恐 惟恐
思維 思惟 / (?<![^，。；：])唯(?![一獨恐有物心讀美妙利識]) (?<![^，。；：])惟(?![一獨恐有])
# 代、待、徹、澈、抵、牴
(?<![外社邦建國私公成性初])交代(?![表替理價碼名辦號工]) 交待 / 徹底 澈底 / 牴觸 抵觸 / 備受 倍受
# 週、周
週年 周年 / 週期 周期 / 週刊 周刊 / 週報 周報 / 週邊 周邊 / 週遭 周遭 / 週圍 周圍 / 週詳 周詳 / 週延 周延
週全 周全 / 週轉 周轉 / 週旋 周旋 / <weeks>週<no-weeks> <weeks>周<no-weeks>
# 遊、游、渡、姊
遊說 游說 / 游擊 遊擊 / 游離 遊離 / 游牧 遊牧 / 游弋 遊弋 / 洄游 洄遊 / 度假 渡假 / 姊妹 姐妹 / 裡海 裏海
裡(?!海) 裏(?![海金千社切])
# 跡、蹟、鑑、污、濕、秘、洩
古蹟 古跡 / 遺跡 遺蹟 / 奇蹟 奇跡 / 事蹟 事跡 / 史蹟 史跡 / 鑑於 鑒於 / 借鑑 借鑒 / 鑑定 鑒定 / 鑑別 鑒別
鑑識 鑒識 / 前車之鑑 前車之鑒 / 污 汙 / 濕 溼 / 秘(?!魯) 祕(?!魯) / 秘魯 祕魯 / 洩漏 泄漏 / 洩露 泄露
洩密 泄密 / 宣洩 宣泄 / 外洩 外泄 / 踴躍 踊躍 / 慾望 欲望
# 凶、兇、夥、雇、佣
凶手 兇手 / 凶殘 兇殘 / 凶猛 兇猛 / 元凶 元兇 / 行凶 行兇 / 凶嫌 兇嫌 / 凶惡 兇惡 / 夥伴 伙伴 / 彷彿 仿佛
傭兵 佣兵 / 倖存 幸存 / 倖免 幸免 / 雇 僱
# 炮、砲、菸、煙
(?<![鞭花冷])炮(?![製竹仗烙灰友]) 砲(?!灰) / 菸草 煙草 / 香菸 香煙 / 電子菸 電子煙 / 吸菸 吸煙 / 抽菸 抽煙
菸害 煙害
# 梁、鋪、銷、註
橋梁 橋樑 / 鋪設 舖設 / 鋪路 舖路 / 鋪陳 舖陳 / 撤銷 撤消 / 取消 取銷 / 抵銷 抵消 / 註銷 注銷 / 註冊 注冊
註解 注解 / 註定 注定 / 註釋 注釋 / 備註 備注 / 瀰漫 彌漫 / 坐落 座落 / 座標 坐標 / 席捲 席卷
# 讚、與、藉
讚賞 贊賞 / 讚揚 贊揚 / 稱讚 稱贊 / 讚許 贊許 / 盛讚 盛贊 / 讚美 贊美 / 讚譽 贊譽 / 給予 給與 / 授予 授與
賦予 賦與 / 寄予 寄與 / 藉由 借由 / 藉助 借助 / 藉口 借口 / 藉此 借此 / 藉機 借機(?![場師票艦]) / 憑藉 憑借
借鏡 藉鏡
# 鉅、遽、泛、蒐、詞、弘
艱鉅 艱巨 / 巨額 鉅額 / 巨變 鉅變 / 巨資 鉅資 / 巨大 鉅大 / 氾濫 泛濫 / 蒐集 搜集 / 蒐證 搜證 / 措辭 措詞
致詞 致辭 / 詞彙 辭彙 / 弘揚 宏揚 / 恢弘 恢宏 / 癥結 症結 / 拚經濟 拼經濟 / 打拚 打拼 / 拚命 拼命 / 摩擦 磨擦
磨練 磨鍊 / 鍛鍊 鍛煉 / 提煉 提鍊 / 精煉 精鍊 / 毋庸 無庸 / 精采 精彩 / 喝采 喝彩 / 剪綵 剪彩 / 折疊 摺疊
迴避 回避 / 迂迴 迂回 / 巡迴 巡回 / 迴響 回響 / 扎根 紮根 / 扎實 紮實 / 駐紮 駐扎 / 釐清 厘清 / 復甦 復蘇
櫃檯 櫃台 櫃臺 / 檯面 台面 臺面 / 答覆 答復 / 反覆 反復 / 覆核 複核 / 槍枝 槍支 / 凸顯 突顯 / 形塑 型塑
託管 托管 / 箝制 鉗制 / 譁然 嘩然 / 紓解 舒解 / 摒棄 屏棄 / 摒除 屏除
(?<![世各外學眼業政商軍邊國境疆])界面(?![臨對積向貌]) 介面 / (?<![蚊營幕])帳(?![篷幕棚營]) 賬
# 升、昇、陞、沉、沈
提升 提昇 / 晉升 晉昇 晉陞 / 上升 上昇 / 升級 昇級 / 升高 昇高 / 升遷 陞遷 昇遷 / 升溫 昇溫 / 攀升 攀昇
躍升 躍昇 / 推升 推昇 / 回升 回昇 / 沉重 沈重 / 沉默 沈默 / 沉沒 沈沒 / 沉船 沈船 / 深沉 深沈 / 沉寂 沈寂
浮沉 浮沈 / 消沉 消沈 / 擊沉 擊沈 / 下沉 下沈 / 沉迷 沈迷 / 沉澱 沈澱 / 沉痛 沈痛
# 台、臺（地名與組織名以外）
平台 平臺 / 電台(?!灣) 電臺(?!灣) / 舞台 舞臺 / 講台 講臺 / 擂台 擂臺 / 釣魚台 釣魚臺 / 砲台 砲臺
瞭望台 瞭望臺 / 月台 月臺
"""
"""The spellings of one word side by side; `/` and the end of a line part the words."""

_WEEKS = "(?<=[每上下本這數幾隔雙兩0-9一二三五六七八九十])"
_NO_WEEKS = "(?![年期刊報邊遭圍詳延全轉旋歲恩])"

_PLAN = "(?<![並正擬曾如仍已])計{0}(?=[，。、；：」』）》的之中內書案下等])", "(?<=[該此項個的])計{0}(?![在於])"
_RECORD = "(?<=[的破佳低史議話良罪科談票]){0}錄(?![音影製了下著到在於者])", "(?<=最高){0}錄", "{0}錄(?=片)"

_IN_NAME = (
    "大學|學院|法院|檢察署|銀行|協會|學會|基金會|市政府|縣政府|省政府|交易所|書店|書局|出版社|辦事處|電視台|電視公司|研究院|"
    "博物館|圖書館|醫院|商會|公會|聯合會|委員會|團結聯盟|民眾黨|基進|日報|時報|新生報|監獄|鐵路|高鐵|電力|中油|糖業|菸酒|港務|"
    "積體電路|關係法|前途決議文|旅行法|保證法|文獻館|有限公司|股份"
)
_NAME = re.compile(
    "[台臺](?:積電?|塑|達電|電|泥|鐵|糖|船|大|肥|新|企銀|視|師大|聯|銀|盟|杉|兒莊|州|山)"
    f"|[台臺][灣北中南東][{_HAN}]{{0,5}}?(?:{_IN_NAME})"
)
"""Names keep the character they are registered with."""
_NO_UNIVERSITY = re.compile("學(?:[生者]|部生|校院|畢業|教育|教授)")
"""After 臺灣大: no name."""

_PLACE = re.compile(
    "(?<![平電舞講砲炮陽櫃後月擂看站上下登吧燈塔幕主射測象文一二兩三四五六七八九十百千萬數幾每0-9望烽祭靈樓轉])"
    "[台臺](?=灣|北|中(?![心間央型等的小，、])|[南東海商獨幣股澎胞資企諜籍日美韓歐菲澳])"
    "|(?<=[訪對駐抗挺友美中日來赴在全攻犯侵援涉陸離返抵輸售親反護保])[台臺](?![上下前面階詞柱步幕灣北南中東])"
)
"""臺 in the name of the country and its parts, long or short: 臺灣, 臺北, 臺海, 訪臺."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One spelling of a word: `word` is the same for all spellings of it."""

    word: str
    form: str


def _spellings() -> Iterator[tuple[str, Spelling]]:
    for line in _DOUBLETS.strip().splitlines():
        for word in line.split(" / ") if not line.startswith("#") else ():
            for form in word.split():
                pattern = form.replace("<weeks>", _WEEKS).replace("<no-weeks>", _NO_WEEKS)
                yield pattern, Spelling(word.strip(), GUARD.sub("", pattern))
    for patterns, characters in ((_PLAN, "畫劃"), (_RECORD, "紀記")):
        for pattern in patterns:
            for character in characters:
                form = pattern.format(character)
                yield form, Spelling(patterns[0], GUARD.sub("", form))


_SPELLINGS = Table(_spellings())
_INSIDE = next(word.strip() for word in _DOUBLETS.replace("\n", " / ").split(" / ") if "裏(?![" in word)
"""The word 裡, 裏, whose second spelling is not standard."""
_NOUNS = {_PLAN[0], _RECORD[0]}
"""Words that are spelt so only as nouns; what is a noun can't be told for certain."""
_ANOTHER_WORD = {"作為"}
"""Spellings that are also another word, and so never the odd one out."""

Uses = dict[str, list[tuple[Passage, int, int]]]
"""The spellings of one word, each with the places where it is used."""


@once
def _uses(brief: Reading) -> Mapping[str, Uses]:
    """The words of a brief, in its author's own text, that may be spelt otherwise."""
    words: dict[str, Uses] = {}
    for passage, text in taiwanese_text(brief):
        for use in _spelt(text):
            if passage.zones[use.start] == OWN and not is_spoken_of(passage, use.start, use.end):
                uses = words.setdefault(use.meaning.word, {})
                uses.setdefault(use.meaning.form, []).append((passage, use.start, use.end))
    words.update(_twins(taiwanese_text(brief), words))
    return words


def _spelt(text: str) -> Iterator[Use[Spelling]]:
    yield from _SPELLINGS.find(text)
    if "台" in text or "臺" in text:
        for each in _NAME.finditer(text):
            if not _NO_UNIVERSITY.match(text, each.end() - 1):
                yield Use(*each.span(), each[0], Spelling(each[0].replace("臺", "台") + "（名）", each[0]))
        for each in _PLACE.finditer(_NAME.sub(lambda name: REFERENCE * len(name[0]), text)):
            yield Use(*each.span(), each[0], Spelling("台", each[0]))


# Any word or name that is written with two variants of one character

_TWINS_IN_WORDS = """
瀋沈 沉沈 匯滙 匯彙 盃杯 脣唇 歎嘆 曬晒 鍼針 覈核 灶竈 鹼碱 閑閒 艷豔 焰燄 銹鏽 磺黃 砂沙 栗慄 碁棋 溪谿 雕鵰 鰲鼇
鱷鰐 館舘 蕩盪 浚濬 涌湧 踊踴 氾泛 汎泛 窪漥 豎竪 贗贋 遍徧 飢饑 韻韵 咒呪 妒妬 姦奸 屍尸 桿杆 柵栅 毀燬 爐鑪
犁犂 渺緲 鑽鑚 簷檐 稜棱 痺痹 痴癡 皂皁 顎齶 鯰鮎 缽鉢 韁繮 粽糉 抬擡 蔘參 霉黴 榨搾 剿勦 捆綑 掛挂 撐撑 僵殭
徑逕 槓杠 疊迭 膽胆 糧粮 翻飜 韭韮 麴麯 鏟剷 狸貍 煙烟 熏燻 崑昆 崙侖 崗岡 跡蹟 甦蘇 砦寨 祕秘 汙污 溼濕 鄰隣
"""
_TWINS_IN_NAMES = """
岩巖 峰峯 群羣 啟啓 真眞 教敎 清淸 青靑 晉晋 傑杰 恆恒 勳勛 堃坤 佑祐 岳嶽 升昇 升陞 寧甯 棲栖 鑑鑒 島嶋 齋齊
"""
"""Variants of one character. The second are in names of persons: 林永峯 and 林永峰 may be one, 林峯 and 林峰正
are two, so that two characters beside it have to be the same; else one is enough.
"""
_GRAMMAR = frozenset("的了在與和及或於對是將為從向等之其此該這那個已並而但也都把被讓使由以到至暨有無不")
_MOST_BESIDE = 3
"""Up to so many characters on each side are shown with it."""

Texts = Iterable[tuple[Passage, str]]
Spot = tuple[Passage, str, int]


def _twins(texts: Texts, known: Mapping[str, Uses]) -> dict[str, Uses]:
    """The words and names that a text has with two variants of one character, as far as no table knows them."""
    texts = tuple(texts)
    characters = frozenset().union(*(text for _, text in texts))
    pairs = [pair for pair in _TWIN_PAIRS if characters.issuperset(pair)]
    if not pairs:
        return {}
    taken = {
        (passage, index)
        for uses in known.values()
        for places in uses.values()
        for passage, start, end in places
        for index in range(start, end)
    }
    words: dict[str, Uses] = {}
    for pair in pairs:
        pattern = re.compile(f"[{pair}]")
        spots = [
            (passage, text, each.start())
            for passage, text in texts
            for each in pattern.finditer(text)
            if (passage, each.start()) not in taken and passage.zones[each.start()] == OWN
        ]
        for uses in _one_word(spots, _BESIDE_IN_NAME if _TWIN_PAIRS[pair] else _BESIDE):
            taken.update(
                (passage, index) for places in uses.values() for passage, *s in places for index in range(*s)
            )
            words[f"{pair}：{min(uses)}"] = uses
    return words


_TWIN_PAIRS = {
    pair: in_names
    for table, in_names in ((_TWINS_IN_WORDS, False), (_TWINS_IN_NAMES, True))
    for pair in table.split()
}
_BESIDE = ((1, 0), (0, 1))
_BESIDE_IN_NAME = ((1, 1), (2, 0), (0, 2))
"""How many characters before and after have to be the same."""


def _one_word(spots: Iterable[Spot], beside: Iterable[tuple[int, int]]) -> Iterator[Uses]:
    """The places of two variants of one character, put together by the characters beside it."""
    left = list(spots)
    for before, after in beside:
        groups: dict[str, list[Spot]] = {}
        for passage, text, index in left:
            around = text[max(0, index - before) : index] + text[index + 1 : index + 1 + after]
            if len(around) == before + after and all(map(_is_in_word, around)):
                groups.setdefault(around, []).append((passage, text, index))
        for group in groups.values():
            if len({text[index] for _, text, index in group}) > 1:
                yield _as_written(group)
                done = {(passage, index) for passage, _, index in group}
                left = [spot for spot in left if (spot[0], spot[2]) not in done]


def _as_written(group: Iterable[Spot]) -> Uses:
    """Words with what they all have before and after the one character."""
    group = tuple(group)
    before = after = 0
    while before < _MOST_BESIDE and _is_shared(group, -before - 1):
        before += 1
    while after < _MOST_BESIDE and _is_shared(group, after + 1):
        after += 1
    uses: Uses = {}
    for passage, text, index in group:
        span = (index - before, index + after + 1)
        uses.setdefault(text[slice(*span)], []).append((passage, *span))
    return uses


def _is_shared(group: Iterable[Spot], distance: int) -> bool:
    """Whether the character so far away is the same everywhere, and part of a word."""
    characters = {
        text[index + distance : index + distance + 1] for _, text, index in group if index + distance >= 0
    }
    at_start = any(index + distance < 0 for _, _, index in group)
    return not at_start and len(characters) == 1 and _is_in_word(min(characters))


def _is_in_word(character: str) -> bool:
    return _ONE_HAN.fullmatch(character) is not None and character not in _GRAMMAR


_ONE_HAN = re.compile(f"[{_HAN}]")


def _settled(brief: Reading, form: str, other: str) -> bool:
    """Whether the house vocabulary has decided on two spellings."""
    vocabulary = brief.issue.vocabulary
    return vocabulary.may_stand(form) or vocabulary.are_apart(form, other) or form in vocabulary.instead


@rule(
    Code(
        "W003",
        title=Words("同一個詞寫法不一", "spelling against the practice of the brief"),
        message=Words(
            "本篇寫「{usual}」{most}次，這裡寫「{form}」", "{usual} {most} times in this brief, here {form}"
        ),
        hint=Words("也寫成「{usual}」；全篇只用一種寫法", "write {usual} here too: one spelling throughout"),
        why=Words(
            "兩種寫法都對（教育部《重編國語辭典修訂本》並收），但同一篇裡只用一種，讀者才不會以為是兩件事，"
            "搜尋也才找得全。以本篇多數的寫法為準，不以編輯的喜好為準。",
            "Dictionaries have both spellings, but one text uses one of them: a reader won’t look for a "
            "difference, and a search finds all. The practice of the brief decides, not taste.",
        ),
        bad="政府公布統計，也公布報告。另一份報告尚未公佈。",
        good="政府公布統計，也公布報告。另一份報告尚未公布。",
        severity=Severity.WARNING,
    )
)
def odd_spelling(brief: Reading) -> Iterator[Finding]:
    """A spelling that is right, where the brief spells the word otherwise most of the time."""
    for word, uses in _uses(brief).items():
        usual = practice(uses) if word not in _NOUNS else None
        for form in usual.others if usual else ():
            if form in _ANOTHER_WORD or usual is None or _settled(brief, form, usual.form):
                continue
            for passage, start, end in uses[form]:
                yield found(passage, start, end, replace=usual.form, usual=usual.form, most=usual.count, form=form)


@rule(
    Code(
        "W004",
        title=Words("兩種寫法並用", "two spellings side by side"),
        message=Words("{said}", "{said}"),
        hint=Words("兩種寫法都有人用；擇一，全篇統一", "both are in use: choose one for the whole text"),
        why=Words(
            "兩種寫法都對，看不出以哪一種為主，要請編輯決定。名詞多作「計畫」、「紀錄」，動詞多作「計劃」、「記錄」"
            "（立法院《法律統一用字表》）。",
            "Both are right and neither prevails, so an editor has to decide. 計畫 and 紀錄 are nouns, 計劃 and "
            "記錄 verbs (the Legislative Yuan’s list of words for laws).",
        ),
        bad="政府公布統計，報告尚未公佈。",
        good="政府公布統計，報告尚未公布。",
        severity=Severity.NOTE,
    )
)
def undecided_spelling(brief: Reading) -> Iterator[Finding]:
    """Two spellings of a word of which none prevails, or a spelling that no other brief of the issue has."""
    for word, uses in _uses(brief).items():
        if len(uses) == 1:
            yield from _against_issue(brief, word, *uses)
        elif word in _NOUNS or practice(uses) is None:
            first, second = sorted(uses, key=lambda form: -len(uses[form]))[:2]
            if not _ANOTHER_WORD & {first, second} and not _settled(brief, second, first):
                passage, start, end = uses[second][0]
                other = uses[first][0][0].place(*uses[first][0][1:])
                said = Words(
                    f"「{first}」{len(uses[first])}次，「{second}」{len(uses[second])}次，兩種寫法並用",
                    f"{first} {len(uses[first])} times and {second} {len(uses[second])} times",
                )
                yield found(passage, start, end, also=(other,), said=said)


_OTHERS = 3
"""Fewest uses in the other briefs, two at least, that make a practice of the issue."""


def _against_issue(brief: Reading, word: str, form: str) -> Iterator[Finding]:
    """The only spelling of a brief, where the rest of the issue has another one."""
    uses: dict[str, list[Reading]] = {}
    for other in brief.issue.briefs:
        for each, places in _uses(other).get(word, {}).items():
            uses.setdefault(each, []).extend([other] * len(places))
    usual = practice(uses)
    if usual is None or usual.form == form or form in _ANOTHER_WORD or _settled(brief, form, usual.form):
        return
    if usual.count >= _OTHERS and len(set(uses[usual.form])) > 1:
        passage, start, end = _uses(brief)[word][form][0]
        said = Words(
            f"本篇寫「{form}」，本期其他各篇寫「{usual.form}」（{usual.count}次）",
            f"here {form}, in the other briefs of the issue {usual.form} ({usual.count} times)",
        )
        yield found(passage, start, end, said=said)

"""Foreign names in Chinese characters: which characters write sounds, and which names they make."""

import re

SOUNDS = frozenset(
    "阿艾愛安昂奧澳巴拜班邦保鮑貝本彼畢賓波伯博卜布戴丹登狄迪蒂丁杜頓鐸厄恩爾耳凡范菲費芬馮弗佛夫福富蓋甘岡戈哥格"
    "葛根古瓜圭哈漢豪赫黑亨洪胡霍基吉加伽嘉賈傑金卡凱坎康考柯科克肯庫奎昆拉萊賴蘭朗勞雷黎里禮利莉連廉列林琳龍盧魯"
    "路倫羅洛呂馬瑪邁麥曼芒毛梅門蒙孟米密摩莫默姆穆拿納娜奈內尼妮紐努諾歐帕潘龐佩彭皮潑普奇齊契喬切欽琴瓊丘邱瑞薩"
    "塞賽桑瑟森沙莎珊舍申聖施什石史士司斯絲蘇索塔泰坦湯唐陶特鐵汀廷突圖托陀土瓦萬汪旺威韋維偉衛魏溫文翁沃烏吾武伍"
    "西希錫席夏謝辛欣雪亞雅延揚耶葉伊因英尤約雲宰澤扎札詹張珍哲智朱茲宗佐喀咖埃宏斐滕盎肖芙芝茵菈葡蒲薇賀迦辜閔騰"
    "烈榭梭妲婁岱崔渥濱罕貢藍敏茨柏勒拔曹敦蓓葆蕾露麗黛戎逖婭鄂堡浦川桂卓勛墨裴隆莊樂"
)
"""Characters with which Taiwanese texts write foreign sounds; those of everyday words are left out."""

_SOUND = "".join(sorted(SOUNDS))
DOT = "·‧・．•"
"""What stands between the parts of a foreign name."""

NAME_OF_SOUNDS = re.compile(f"[{_SOUND}]{{2,8}}(?:[{DOT}][{_SOUND}]{{1,8}}){{0,3}}")
"""A stretch of such characters, as long as it goes."""

ENDS_IN_SOUNDS = re.compile(rf"(?:[{_SOUND}]{{1,8}}[{DOT}]){{0,3}}[{_SOUND}]{{2,8}}\Z")
"""Such a stretch at the end of a string."""


def are_sounds(characters: str) -> bool:
    """Whether all characters write sounds."""
    return SOUNDS.issuperset(characters)


_ALIKE = """
歐奧澳 洛羅 魯盧路露 拉喇 納那娜拿 堤提蒂迪狄帝 斯司思史 茲茨 科柯可 戈哥高葛 基奇吉季 巴芭 貝裴培 比畢彼 德得
托陀 多朵 馬瑪麻 麥邁 曼蔓 梅美 米密彌 莫摩墨默 尼妮倪 努奴 普浦 里利李黎麗莉 林琳 萊賴來 雷勒 薩沙莎撒 塞賽瑟
希西錫席什 索所 豐丰 泰台 瓦華娃 維韋威偉 衛魏 烏吾伍武 雅亞婭 葉耶 伊依 扎札 佐左 卡喀 凱開 坎康 傑杰 菲費斐
弗夫佛 漢罕 赫黑 霍荷賀 艾埃愛 布卜 波柏伯 杜都 頓敦 坦譚 丹單 森申 蘇舒 倫綸 諾挪 甘岡 班邦 桑珊
"""
_SOUND_OF = {character: alike[0] for alike in _ALIKE.split() for character in alike}
_SILENT = "爾耳"
"""Characters for an r that one translator writes and another leaves out."""


def heard(name: str) -> str:
    """A name by its sounds: one character for those that translators choose between, none for an r."""
    return name[:1].translate(_HEARD) + "".join(
        _SOUND_OF.get(character, character) for character in name[1:] if character not in _SILENT
    )


_HEARD = {ord(character): sound for character, sound in _SOUND_OF.items()}


def may_be_heard(name: str) -> bool:
    """Whether a name may be one of sounds, though a character of it is of everyday words too."""
    return all(character in SOUNDS or character in _SOUND_OF for character in name)


_PLACES = """
阿富汗 阿爾巴尼亞 阿爾及利亞 安道爾 安哥拉 安卡拉 阿根廷 亞美尼亞 亞利桑那 奧地利 奧勒岡 巴哈馬 巴拿馬 巴林
巴黎 巴西 巴拉圭 巴拉望 巴基斯坦 巴勒斯坦 巴格達 巴庫 巴塞隆納 白俄羅斯 比利時 玻利維亞 波蘭 波士頓 布魯塞爾
布拉格 布達佩斯 布里斯本 柏林 達卡 達拉斯 德黑蘭 德里 底特律 丹麥 杜拜 杜哈 厄瓜多 埃及 愛爾蘭 愛沙尼亞 斐濟
芬蘭 法蘭克福 甘比亞 格陵蘭 格瑞那達 瓜地馬拉 幾內亞 蓋亞那 哈薩克 海地 海牙 漢堡 荷蘭 赫爾辛基 胡志明
匈牙利 伊拉克 伊朗 伊斯坦堡 以色列 義大利 印尼 印度尼西亞 牙買加 雅加達 雅典 約旦 約翰尼斯堡 柬埔寨 喀布爾
喀麥隆 加拿大 加納 加彭 加薩 加勒比 卡達 坎培拉 開羅 肯亞 科威特 科索沃 克里米亞 克羅埃西亞 古巴 吉隆坡
吉布地 拉脫維亞 黎巴嫩 賴索托 賴比瑞亞 利比亞 利馬 里昂 里約 里斯本 立陶宛 列支敦斯登 倫敦 洛杉磯 盧森堡
盧安達 羅馬 羅馬尼亞 馬達加斯加 馬德里 馬德拉斯 馬尼拉 馬來西亞 馬爾他 馬爾地夫 馬拉威 馬利 馬里亞納 馬紹爾
麥加 曼谷 墨爾本 墨西哥 孟買 孟加拉 孟菲斯 密西根 密西西比 緬甸 摩納哥 摩洛哥 摩爾多瓦 莫斯科 莫三比克
慕尼黑 納米比亞 奈及利亞 尼泊爾 尼日 尼加拉瓜 紐約 紐西蘭 諾魯 挪威 帕勞 帛琉 秘魯 葡萄牙 普吉 千里達 瑞士
瑞典 日內瓦 薩爾瓦多 薩摩亞 沙烏地阿拉伯 塞內加爾 塞爾維亞 塞席爾 塞拉耶佛 斯洛伐克 斯洛維尼亞 斯里蘭卡
斯德哥爾摩 斯圖加特 蘇丹 蘇黎世 蘇利南 蘇格蘭 索馬利亞 索羅門 索菲亞 所羅門 敘利亞 聖保羅 聖彼得堡 史瓦帝尼
史丹佛 塔吉克 泰國 坦尚尼亞 特拉維夫 特拉華 提比里斯 突尼西亞 突尼斯 土耳其 土庫曼 東京 德克薩斯 吐瓦魯
烏克蘭 烏干達 烏拉圭 烏茲別克 萬那杜 瓦努阿圖 委內瑞拉 威爾斯 威尼斯 維也納 維吉尼亞 渥太華 華沙 華盛頓
西班牙 西雅圖 希臘 夏威夷 新加坡 新德里 雪梨 辛巴威 伊斯蘭馬巴德 印第安納 伊利諾 約克 葉門 尚比亞 查德 智利
佛羅里達 費城 芝加哥 賓夕法尼亞 賓州 俄亥俄 俄羅斯 歐洲 奧斯陸 奧克蘭 亞特蘭大 亞馬遜 阿拉斯加 阿拉伯 阿曼
阿布達比 阿姆斯特丹 阿拉木圖 阿斯塔納 伯恩 伯明罕 伯斯 貝魯特 貝爾格勒 大馬士革 可倫坡 卡拉奇 卡達爾
克什米爾 喀什米爾 拉巴特 拉各斯 利雅德 路易斯安那 羅德島 明尼蘇達 明尼亞波利斯 蒙大拿 蒙古 蒙特婁 那不勒斯
內布拉斯加 內華達 巴伐利亞 薩哈林 西伯利亞 哈馬斯 哈瑪斯 塔利班 真主黨 伊斯蘭 基督 希伯來 斯拉夫 盎格魯
撒克遜 拉丁 亞利安 波斯 阿帕契 馬克思 列寧 布爾什維克 臉書 推特 谷歌 蘋果 特斯拉 英特爾 輝達 微軟 波音
空中巴士 洛克希德 雷神
"""
PLACES = frozenset(_PLACES.split())
"""Names of places, peoples and firms that may look like another name and are none of its spellings."""

_OF_TWO = (
    "川普 拜登 普丁 莫迪 卡尼 洪森 安華 蘇林 佐科 盧拉 魯拉 范斯 布希 雷根 奧班 呂特 蕭茲 梅伊 阿薩 胡笙 夏拉 強生"
)
PEOPLE_OF_TWO = frozenset(_OF_TWO.split())
"""Foreign people whose names have two characters, like many another word."""

JAPANESE = frozenset(
    "岩岸菅麻茂河加鈴齋渡田山松野福森竹宮橋細村海鳩枝玉蓮池泉中木小高大上西東北南原本佐伊井川谷坂堀櫻三五石林"
)
"""Characters with which Japanese surnames begin."""

SURNAMES = frozenset(
    "王李張劉陳楊黃趙周吳徐孫朱馬胡郭林何梁鄭羅宋謝唐韓曹許鄧蕭馮曾程蔡彭潘袁于董余蘇葉呂魏蔣田杜丁沈姜范江傅鍾盧"
    "汪戴崔陸廖姚金邱夏譚韋賈鄒石熊孟秦閻薛侯雷白龍段郝孔邵史毛萬顧賴武康賀嚴尹錢施牛洪龔湯陶黎溫莫易樊喬文安殷顏"
    "莊章魯倪邢俞翟詹申歐耿關蘭焦柳甘祝寧尚符舒阮柯紀梅童凌畢裴霍涂苗谷盛翁冉駱藍路游辛靳管柴蒙鮑華喻祁蒲房滕屈饒"
    "解牟艾尤陽穆卓古吉繆簡蘆麥褚婁竇戚岑景黨宮費卜冷晏席衛柏宗瞿桂佟臧閔苟鄔邊卞姬仇欒隋商刁沙榮巫寇桑郎甄叢仲虞"
    "敖巩佘鄺匡鞠惠荊樂冀郁胥南班儲栗燕楚鄢勞諶奚皮粟冼蔺樓厲伊仝郜闞花帥屠豆朴盖練廉禹漆豐卿狄宣扈晁芮闕浦戈鹿雍"
    "辜羊裘邰茹慕嵇湛戎茅任高方"
)
"""Characters that are Chinese and Korean surnames, without those that more often begin another word."""

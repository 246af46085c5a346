"""Names of authors: whether words are a person, an organisation or neither, and where a surname ends.

A name is a person only when it plainly is one: a Chinese surname with a given name of one or two characters,
a Korean name in Hangul, two to four capitalised words of the West without a word of an organisation.
"""

import re
from typing import Literal

Kind = Literal["person", "organisation", "unknown", ""]
"""`unknown` is a name that may be either; empty is no name at all."""

_SINGLE = frozenset(
    "王李張劉陳楊黃趙吳周徐孫馬朱胡郭何林高羅鄭梁謝宋唐許韓馮鄧曹彭曾蕭田董袁潘于蔣蔡余杜葉程蘇魏呂丁任沈姚盧姜"
    "崔鍾鐘譚陸汪范金石廖賈夏韋付方白鄒孟熊秦邱丘江尹薛閻段雷侯龍史陶黎賀顧毛郝龔邵萬錢嚴覃武戴莫孔向湯溫倪凌詹"
    "翁施洪柯游簡莊涂巫卓康章魯關岳齊沙伍歐耿牛尤殷包柳辛管左祝寧裴童藍阮紀舒屈項梅盛霍甘翟路俞柴喬畢單滕房季俊"
    "苗連焦宮費曲池饒應谷車冉藺柏花隋臧成宗葛安諸晏艾樊駱符鄔傅卞計伏談茅龐祁解申樂甄封糜松井富焦牧隗山侯全郗班"
    "仰秋仲伊宮寧仇欒暴甘斜厲戎祖武符景詹束幸司韶郜薊薄印宿懷蒲邰鄂索咸籍賴屠蒙喻聞莘党翟譚貢勞姬冉宰酈璩桑桂濮"
    "壽通扈燕冀郟浦尚農溫別莊晏瞿閻充慕茹習宦艾魚容古易慎廖庾終暨居衡步耿滿弘匡國文寇廣祿闕東婁靳佘粘幹練鄺佟"
    "惠解應申強薩褚繩豐晁勾敬甯逯鈕鞏厙晉楚閆法汝欽仝查后荊紅游竺權逄蓬池喬昌鳳花俸酆鮑水奚雲昝戚卞平和穆蕭尹邵毓瞿原樓"
    "鹿商佴伯賞墨哈譙笪年愛陽佟言占滑茆單於寸智冼降粟苑隆員佀丘左仉卜刁牟米佘冷宓邢巴苟敖麥繆欉蓋揭卲辜藤烏"
)
_COMPOUND = frozenset(
    re.findall("..", "歐陽司馬司徒上官諸葛東方皇甫尉遲公孫慕容令狐夏侯端木長孫宇文獨孤南宮范姜張簡張廖江謝")
)
_KOREAN = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진나라엄채원천방공현함변염여추도"
    "소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예봉림리"
)
_JAPANESE = frozenset(
    re.findall(
        "..",
        "佐藤鈴木高橋田中伊藤渡辺渡邊山本中村小林加藤吉田山田佐々佐佐山口松本井上木村清水山崎池田橋本阿部石川山下中島石井小川前田岡田長谷藤田後藤近藤村上遠藤青木坂本斉藤斎藤福田太田西村藤井"
        "金子岡本藤原三浦中野中川原田松田竹内小野田村中山和田石田森田上田小泉石破安倍岸田菅野麻生高市河野茂木野田鳩山川島佐竹神保川上松村阿古福島中西細谷秋田益尾小谷兼原門間小笠小原宮本武田"
        "平野大野野口今井木下杉山久保千葉松尾新井菊地菊池古川市川高木増田丸山水野島田大塚桜井櫻井北村西田川口吉川大西横山飯田",
    )
)

_CITIES = frozenset(
    [
        *re.findall(
            "..",
            "台北臺北新北台中臺中台南臺南高雄桃園新竹嘉義花蓮北京上海香港澳門廣州南京武漢東京京都大阪首爾倫敦紐約서울부산",
        ),
        *(
            "新加坡",
            "華盛頓",
            "Taipei",
            "Beijing",
            "Shanghai",
            "Tokyo",
            "Seoul",
            "London",
            "Paris",
            "Berlin",
            "Oxford",
        ),
        *("Cambridge", "Washington", "Singapore", "New York"),
    ]
)

_HAN = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HANGUL = "\uac00-\ud7a3"
_KANA = "\u3041-\u309f\u30a1-\u30fa\u30fc"
_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_CAPITAL = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100-\u017f"

_SENTENCE = re.compile(
    "[的了是在而但也若則即此該這那於為已將被把對從稱說指認據按參詳看讀述"
    "！？。；：，“”「」『』〈〉《》\ufffc…]|^(?:其|有|作者|氏|前者|後者|同作者|如|或|又|並|另|以|例|相關|同[上前註]|本文|前揭|上揭|前引|原文|英文|中文|日文|韓文)"
    "|(?:報導|指出|表示|認為|所謂|例如|可見|參見|請見|一文|一書|等[等語人]?)$"
)
"""What words of a sentence have and names have not."""

_BODY = re.compile(
    "(?:部|會|局|院|署|司|處|廳|庁|省|府|所|社|黨|党|團|団|軍|館|館|網|台|臺|報|校|隊|組|室|科|課|系|司|行|盟|庫|股|科|課"
    "|中心|委員會|委員会|協會|基金會|大學|大学|學院|公司|聯盟|小組|學會|辦公室|編輯部|研究所|研究院|智庫|平台|平臺|組織|機構|集團"
    "|銀行|新聞|周刊|週刊|月刊|雜誌|法人|政府|電視|廣播|法院|國會|使館|領館|代表處|總部|本部|分會|工會|公會|議会|会議|会|会社|机构"
    "|出版|文化|書局|書店|圖書|印書館|出版社|雙週報|學報|季刊|會議|内閣|內閣|分科会|機関|機關|常委會|國務院)$"
)
_SHORT_BODY = re.compile("[部署局府社院會處報網庫所校省廳庁]$|中心$|大學$")
"""Ends of a body in two or three characters: 外交部 is one, 張志軍 is a man."""
_KOREAN_BODY = re.compile(
    "(?:부|원|청|처|소|회|국|단|사|센터|대학교?|은행|신문|일보|통신|방송|정부|위원회|뉴스|재단|협회|당|실)$"
)
_KOREAN_SHORT = frozenset(["국정원", "국회", "법원", "대법원", "경찰청", "통계청", "청와대"])
_WESTERN_BODY = re.compile(
    r"\b(?:Department|Ministry|Office|University|Universität|Université|Institute|Institution|Center|Centre|Council|"
    r"Committee|Commission|Consortium|Association|Agency|Bureau|Bank|Fund|Foundation|Organi[sz]ation|Secretariat|"
    r"Government|Command|Corps|Force|Forces|Navy|Army|Assembly|Parliament|Congress|Senate|Court|Union|Nations|States|"
    r"Society|Group|Corporation|Corp|Inc|Ltd|Company|Co|Press|News|Times|Post|Journal|Embassy|House|Party|Board|"
    r"Authority|Administration|Service|Services|Network|Program|Programme|Project|Initiative|Team|Staff|Editors|"
    r"Forum|School|College|Library|Academy|Alliance|League|Federation|Republic|Kingdom|Treasury|Materials|Exchanges|"
    r"International|National|Federal|Security|Defense|Defence|Affairs|Studies|Research|Policy|Strategic|Global|European|"
    r"American|World|Asia|Pacific|Taiwan|China|Japan|Korea|United|Coast|Guard|Statistics|Media|Agence|Radio|Television|"
    r"Report|Reports|Review|Daily|Weekly|Standards|Information|Index|Watch|Monitor|Business|Jazeera|Intelligence|Magazine|Rights|Human|Economic|Military|Naval|Joint|Chiefs|"
    r"Royal|Energy|Trade|Maritime|Islands|Earth|Central|South|East|Mining|Technology|Science|Analysis|Update|Staff)\b"
)
_PARTICLE = "de|da|di|du|del|della|der|den|des|la|le|van|von|zu|ter|ten|bin|al|el|dos|das|y"
_WORD = rf"(?:O[’'])?[{_CAPITAL}][{_LETTER}]*(?:[’'\-‑][{_LETTER}]+)*\.?(?:-?[{_CAPITAL}]\.)*"
_PERSON = re.compile(rf"{_WORD}(?: (?:{_WORD}|{_PARTICLE})){{1,4}}(?:,? (?:Jr\.?|Sr\.?|I{{2,3}}|IV))?")
_SUFFIX = re.compile(r",? (?:Jr\.?|Sr\.?|I{2,3}|IV)$")
_WESTERN_NAME = re.compile(
    rf"(?:[Tt]he )?[{_CAPITAL}0-9][{_LETTER}0-9.&’'\-‑/]*"
    r"(?: (?:(?:of|the|for|and|on|in|at|to|de|du|des|la|del|für|und|et)\b|&|"
    rf"\(?[{_CAPITAL}0-9][{_LETTER}0-9.&’'\-‑/]*\)?))*"
)
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[a-z]{2,}")
_NO_NAME = re.compile(
    r"(?:In|On|At|As|By|To|For|From|With|When|While|After|Before|Since|Although|According|This|That|These|Those|It|He|She"
    r"|They|We|But|And|Or|If|See|Also|However|Moreover|Thus|Its|His|Her|Their|Our|A|An|There|Such|Some|Many)\b"
    r"|.*\b(?:January|February|March|April|June|July|August|September|October|November|December|May \d+)\b"
)
_ACRONYM = re.compile(rf"[{_CAPITAL}][{_CAPITAL}0-9&.\-/]+")


def kind(name: str) -> Kind:
    """What a name is the name of."""
    if not name or len(name) > 80 or name != name.strip():
        return ""
    if re.search(f"[{_HANGUL}]", name):
        return _korean(name)
    if re.search(f"[{_HAN}{_KANA}]", name):
        return _eastern(name)
    return _western(name)


def split(name: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Where the surname and the given names of a person lie in a name; None where that isn't certain."""
    if kind(name) != "person":
        return None
    if re.fullmatch(f"[{_HAN}]+", name):
        length = _surname(name)
        return ((0, length), (length, len(name))) if length else None
    if re.match(f"[{_HAN}{_HANGUL}]", name) or _SUFFIX.search(name):
        return None
    words = list(re.finditer(r"\S+", name))
    if not 2 <= len(words) <= 3 or re.fullmatch(rf"{_PARTICLE}", words[0][0]):
        return None
    family = 1 if len(words) == 3 and re.fullmatch(_PARTICLE, words[1][0]) else len(words) - 1
    return (words[family].start(), len(name)), (0, words[family - 1].end())


def is_source(name: str) -> bool:
    """Whether words without marks can be the name of a newspaper, a site or a publisher."""
    if re.search(f"[{_HAN}{_KANA}{_HANGUL}]", name):
        return len(name) <= 30 and not _SENTENCE.search(name) and kind(name) != ""
    return bool(
        len(name) <= 120
        and not _NO_NAME.match(name)
        and (_WESTERN_NAME.fullmatch(name) or _DOMAIN.fullmatch(name))
    )


def is_imprint(name: str) -> bool:
    """Whether words before or after the colon of an imprint can be its place or its publisher."""
    if re.search(f"[{_HAN}{_KANA}{_HANGUL}]", name):
        return len(name) <= 30 and not _SENTENCE.search(name)
    return is_source(name) or bool(re.fullmatch(r"[A-Z][A-Za-z .,&’'-]{1,60}", name))


def is_city(name: str) -> bool:
    """Whether a name is that of a city in which publishers sit."""
    return name.removesuffix("市") in _CITIES


def is_acronym(name: str) -> bool:
    """Whether a name is one word in capitals: OECD, W3C."""
    return bool(_ACRONYM.fullmatch(name))


def is_body(name: str) -> bool:
    """Whether a name ends or is made as that of an organisation."""
    return kind(name) == "organisation"


def _surname(name: str) -> int:
    """The length of the Chinese surname that begins a name of two to four characters; 0 when there is none."""
    if name[:2] in _COMPOUND and 3 <= len(name) <= 4:
        return 2
    return 1 if name[0] in _SINGLE and name[:2] not in _JAPANESE and 2 <= len(name) <= 3 else 0


def _eastern(name: str) -> Kind:
    if re.fullmatch(f"[{_HAN}]{{2,4}}", name) and not re.search("[的了是在稱說指]|^同", name):
        if name[:2] in _JAPANESE and not _BODY.search(name):
            return "person"
        if _surname(name) and not (_SHORT_BODY if len(name) < 4 else _BODY).search(name):
            return "person"
    if len(name) > 40 or _SENTENCE.search(name):
        return ""
    if re.fullmatch(f"[{_HAN}{_KANA}{_LETTER}.]+(?:[．‧·・•][{_HAN}{_KANA}{_LETTER}.]+)+", name):
        return "person"
    if name[:2] in _JAPANESE and len(name) <= 6 and not _BODY.search(name):
        return "person"
    if re.fullmatch(f"[{_HAN}]{{1,4}}[ 　][{_HAN}{_KANA}]{{1,4}}", name):
        return "person"
    if _BODY.search(name) or re.search(f"[{_HAN}][）)]$", name):
        return "organisation"
    if re.fullmatch(f"[{_HAN}]{{3}}", name):
        return "" if re.search("[上下前後時中外來間地]$", name) else "unknown"
    return "unknown" if re.search(f"[{_KANA}{_LETTER}]", name) and len(name) <= 20 else ""


def _korean(name: str) -> Kind:
    name = name.removesuffix(" 기자")
    if len(name) > 40 or _SENTENCE.search(name) or re.search(r"[.,!?]", name) or name.count(" ") > 4:
        return ""
    if _KOREAN_BODY.search(name) and (len(name) > 3 or name.endswith("부") or name in _KOREAN_SHORT):
        return "organisation"
    if re.fullmatch(f"[{_HANGUL}]{{2,4}}", name) and name[0] in _KOREAN:
        return "person"
    return "unknown"


def _western(name: str) -> Kind:
    if _NO_NAME.match(name):
        return ""
    if not _WESTERN_NAME.fullmatch(name) and not _PERSON.fullmatch(name):
        return "unknown" if _DOMAIN.fullmatch(name) else ""
    if _WESTERN_BODY.search(name) or _ACRONYM.fullmatch(name):
        return "organisation"
    if _PERSON.fullmatch(name) and 2 <= len(name.split()) <= 5 and not re.match("The ", name):
        return "person"
    if name.lower().startswith("the "):
        return "organisation"
    return "" if re.search(" (?:and|&) ", name) else "unknown"

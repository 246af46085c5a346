"""What kind of source a citation names, and in which language its title is."""

import re
from collections.abc import Mapping

from pipeline.citations import names

CHINESE = "zh-Hant-TW"

_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_KANA = re.compile("[\u3041-\u309f\u30a1-\u30fa]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_SHINJITAI = re.compile(
    "[対経関発戦続総検権単図営応広拡実売読歓気帰労覚観沢浜竜桜県駅円圧囲価仮両亜悪隠栄闘塩縁歩毎脳伝処"
    "変収抜択拠挙様浄満渋焼獣穏緑縄聴薬訳譲豊転軽遅鉄銭録陥険雑霊頼駆騒験鶏黒黙斎]"
)
"""Characters of Japanese alone, in neither the traditional nor the simplified Chinese set."""

_NEWS = re.compile(
    "報(?:導|社|網|者)?$|日報|時報|晚報|新聞|通訊社|通信|中央社|新華[社網]|人民網|央視|路透|美聯社|法新社|彭博"
    "|電視|電台|之聲|之音|週刊|周刊|雜誌|半島|日本放送協會|風傳媒|TVBS|ETtoday|Yahoo"
    "|일보|신문|뉴스|통신|방송|한겨레|경제|ニュース|NHK"
    r"|(?<![A-Za-z])(?:News|Times|Post|Reuters|AP|Associated Press|AFP|CNN|BBC|CNBC|NPR|Bloomberg|Guardian|Journal"
    r"|Daily|Herald|Telegraph|Axios|Politico|Magazine|Economist|Nikkei|Yonhap|Xinhua|Kyodo|Diplomat|Tribune|Globe"
    r"|Press|Mail|Observer|Focus Taiwan|Voice of America|VOA|Radio Free Asia|RFA|Fox|NBC|CBS|ABC|Le Monde)"
    "(?![A-Za-z])"
)
_PERIODICAL = re.compile("[週周月季年]報$|學報|[半雙]?[月季年]刊|集刊|評論$|論壇$|研究$|연구$|학보$|논총$")
_WEB = re.compile(
    "研究|基金會|協會|中心|大學|學會|智庫|評析|[部院署局府處會]$|筆記|部落格|연구|재단|협회|정책브리핑"
    r"|(?<![A-Za-z])(?:Department|Ministry|Office|University|Institute|Institution|Center|Centre|Council|Committee|"
    r"Foundation|Policy|Program|Blog|Commission|CSIS|RAND|Brookings|Consortium|Recommendation)(?![A-Za-z])"
)
_REPORT = re.compile(
    "報告書?(?:[（(].*)?$|白皮書|藍皮書|白書|報告書|評估報告|年鑑|보고서|백서"
    r"|\b(?:Report|White Paper|Review Board|Assessment|Yearbook|Factbook|Working Paper|Policy Brief)\b"
)
_LAW = re.compile(
    "(?:法|法律|條例|条例|規則|辦法|細則|憲法|公約|規程|準則|要點|施行令|条約|條約|基本法|令|법|시행령|규칙)$"
    r"|\b(?:Act|Code|Constitution|Convention|Treaty|Regulations?)\b(?: of \d{4})?$"
)


def language(title: str, source: str) -> str:
    """The language of a title (BCP 47); in Han alone it is Japanese when its source plainly is."""
    if _HANGUL.search(title):
        return "ko"
    if _KANA.search(title) or (_HAN.search(title) and (_SHINJITAI.search(title + source) or _KANA.search(source))):
        return "ja"
    return "en" if _LATIN.search(title) and not _HAN.search(title) else CHINESE


def is_law(name: str) -> bool:
    """Whether a name is that of a law, a decree or a treaty."""
    return bool(_LAW.search(name))


def is_news(name: str) -> bool:
    """Whether a name is that of a newspaper, an agency or a station."""
    return bool(_NEWS.search(name))


def kind(parts: Mapping[str, str], *, is_law: bool, only_year: bool) -> str:
    """The publication-type of a citation by the words of its parts.

    `is_law`: an article of a law or its publication is named; `only_year`: the date is no closer than that.
    """
    title, source = parts.get("article-title", ""), parts.get("source", "")
    bodies = [role for role in ("author", "publisher") if names.is_body(parts.get(role, ""))]
    if _LAW.search(title or source) and (is_law or "法規" in source):
        return "law"
    if not title:
        paper = "place" not in parts and _WEB.search(parts.get("publisher", ""))
        if paper or (_REPORT.search(source) and (bodies or "author" not in parts)):
            return "report"
        return "web" if "url" in parts and not {"publisher", "pages"} & parts.keys() else "book"
    if "editor" in parts or "publisher" in parts:
        return "chapter"
    if "volume" in parts or "issue" in parts:
        return "journal"
    if _NEWS.search(source) and not _PERIODICAL.search(source):
        return "journal" if only_year and "url" not in parts else "news"
    if "url" not in parts:
        return "report" if bodies or not source else "journal"
    return (
        "news"
        if names.kind(parts.get("author", "")) == "person" and not only_year and not _WEB.search(source)
        else "web"
    )

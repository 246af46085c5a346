"""Rules about addresses: those that lead elsewhere than they say, that may not last, or that were copied badly.

An address is looked at where it is printed and where its link leads: `Address` has both. What R037 (validate)
says of a link is not said again here.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import unquote
from xml.sax.saxutils import escape

from lxml import etree

from pipeline.diagnostics import Code, Edit, Place, Severity, Words
from pipeline.lint.addresses import PARTS, Address, addresses
from pipeline.lint.reading import Reading
from pipeline.lint.rules import Finding, rule

Stretch = tuple[int, int]


def _words(*lines: str) -> frozenset[str]:
    """A list of words."""
    return frozenset(" ".join(lines).split())


# Addresses that may not last


_SHORTENERS = _words(
    "reurl.cc ppt.cc myppt.cc pse.is pse.ee psee.io 0rz.tw lihi.cc lihi.io lihi.vip lihi1.com lihi1.cc lihi2.com",
    "lihi2.cc lihi3.com lihi3.cc risu.io supr.link ssur.cc lurl.cc gg.gg s.yam.com bre.is maac.io onl.tw lin.ee",
    "bit.ly bitly.com bitly.cx j.mp tinyurl.com tiny.cc tiny.one rb.gy t.co goo.gl goo.gle maps.app.goo.gl g.co",
    "ow.ly buff.ly dlvr.it is.gd v.gd cutt.ly t.ly shorturl.at shorturl.asia shorturl.gg rebrand.ly bl.ink s.id",
    "soo.gd bit.do qr.ae trib.al ift.tt fb.me lnkd.in redd.it amzn.to aka.ms spoti.fi pin.it wp.me u.nu",
    "nyti.ms wapo.st on.wsj.com reut.rs econ.st on.ft.com bbc.in cnn.it cnb.cx apne.ws politi.co bloom.bg n.pr",
    "fxn.ws nbcnews.to abcn.ws hill.cm gu.com s.nikkei.com mck.co go.nature.com",
    "t.cn url.cn w.url.cn dwz.cn suo.im suo.nz mrw.so b23.tv xhslink.com v.douyin.com sourl.cn",
    "han.gl vo.la me2.do naver.me url.kr bitly.kr buly.kr zrr.kr abr.ge kko.to c11.kr lrl.kr",
    "x.gd onl.la onl.bz 00m.in qr.paps.jp",
)
"""Services that shorten addresses, and the short names that newspapers and platforms give to their own."""

_LAST = Words(
    "縮網址靠第三方轉址，服務一停，註就斷了（goo.gl自2025年8月起陸續失效）；CMOS 17, 14.10 也不建議引用縮網址。",
    "A short address depends on a third party (goo.gl began to fail in August 2025); CMOS 17, 14.10 advises "
    "against citing one.",
)


def _linked(address: str) -> str:
    """A link to an address, for an extract."""
    href = escape(address, {'"': "&quot;"})
    return f'<ext-link ext-link-type="uri" xlink:href="{href}">{escape(address)}</ext-link>'


def _news(address: str) -> str:
    """A note that cites a page of news, for an extract."""
    return f"王大明，〈甲篇〉，《乙報》，2025年3月4日，{_linked(address)}。"


@rule(
    Code(
        "L001",
        title=Words("縮網址", "shortened address"),
        message=Words(
            "「{host}」是縮網址，看不出連到哪一頁，服務停了就連不到{count}",
            "{host} shortens addresses: nobody sees where it leads, and it may stop working{count}",
        ),
        hint=Words("點開它，改寫最後停下來的那個網址", "follow it, and write the address where it ends"),
        why=_LAST,
        bad=_news("https://tinyurl.com/kan-2025"),
        good=_news("https://example.org/news/2025/03/04/kan"),
        severity=Severity.NOTE,
    ),
    within="note",
)
def shortened_address(brief: Reading) -> Iterator[Finding]:
    """Addresses of a service that shortens addresses, once for each service; its own front page is not one."""
    shortened: dict[str, list[Place]] = {}
    for address in addresses(brief):
        if address.host.removeprefix("www.") in _SHORTENERS and address.parts["path"].strip("/"):
            shortened.setdefault(address.host, []).append(address.place())
    for host, (first, *others) in shortened.items():
        times = len(others) + 1
        count = Words(f"（本篇{times}處）", f" ({times} places in this brief)") if others else ""
        yield Finding(first, {"host": host, "count": count}, also=tuple(others))


# Parameters that select no page


_TRACKING = _words(
    "fbclid gclid gclsrc dclid gbraid wbraid gad_source msclkid yclid ysclid twclid ttclid igshid igsh li_fat_id",
    "srsltid mc_cid mc_eid mkt_tok _ga _gl _hsenc _hsmi __hssc __hstc __hsfp hsctatracking vero_id oly_enc_id",
    "oly_anon_id s_kwcid s_cid sc_cid cmpid icmpid intcmp intcid cmp ocid ncid n_cid iref ref_src ref_url",
    "__source __twitter_impression __tn__ mibextid rdid fb_action_ids fb_action_types fb_ref fb_source",
    "fb_comment_id trk trkcampaign trkinfo xtor wt_mc wt.mc_id wt.mc_ev smid smtyp spm scm spm_id_from from_spmid",
    "vd_source share_source share_medium share_plat share_session_id share_tag share_token shareuid unique_k wfr",
    "ctrack chdtv guccounter guce_referrer guce_referrer_sig soc_src soc_trk .tsrc _guc_consent_skip bcmt srnd",
    "sref leadsource ftcamp wpisrc wpmm itid feedname feedtype rsstrackingid hss_channel echobox ito maca cf-view",
    "_openstat pgtype searchresultposition referringsource redirectedfrom intlink_from_url pinned_post_locator",
    "link_location cid_source cid_medium zarsrc sharer_shareinfo cvid",
)
"""Parameters, in small letters, that only tell a site how a reader came to it."""

_TRACKING_FAMILIES = re.compile(
    r"(?:utm|mtm|itm|piwik|matomo)_|__cft__|__cf_chl|pk_(?:campaign|kwd|keyword|source|medium|content|cid)\Z|"
    r"at_(?:medium|campaign|custom|link|bbc_team|format|ptr|creation|variant)|"
    r"ns_(?:mchannel|source|campaign|linkname|fee)\Z"
)
_TRACKING_FRAGMENTS = re.compile(
    r"google_vignette|goog_rewarded|goog_fullscreen_ad|_=_|"
    r"(?::~:text=|utm_|xtor=|echobox=|fbclid=|ref=|referrer=|amp_tf=|aoh=|intcmp=|spm=|from=|shared?=).*",
    re.IGNORECASE | re.DOTALL,
)
_CAME_FROM = _words("from ref refer referer referrer src source share shared campaign xrs via")
"""Parameters that may say how a reader came, or else select the page: their value and the path tell."""

_REFERRER = re.compile(r"(?!https?\b)[A-Za-z][A-Za-z0-9_.-]*")
_NAVIGATION = _words("section sub_section site input position module region")
"""Parameters that name a part of a site, not a page of it, where the path names the page."""

_BY_HOST = {
    "youtube.com": _words("si feature pp ab_channel"),
    "youtu.be": _words("si feature"),
    "open.spotify.com": _words("si"),
    "x.com": _words("s t"),
    "twitter.com": _words("s t"),
    "wsj.com": _words("mod reflink st"),
    "mp.weixin.qq.com": _words("chksm scene srcid mpshare sharer_shareid subscene ascene clicktime"),
    "baijiahao.baidu.com": _words("for"),
    "facebook.com": _words("paipv eav _rdr"),
    "linkedin.com": _words("originalsubdomain"),
    "nytimes.com": _words("action partner emc campaign_id instance_id segment_id user_id regi_id te"),
    "scmp.com": _words("campaign"),
}
"""Parameters that select nothing on these sites, though they may on others."""

_NUMBER_OR_TITLE = re.compile(r"\d{5}|(?:[^/-]{1,80}-){3}|/\d{4}/\d\d?/")
_FILE = re.compile(r"(?=\D{0,200}\d)[^/]{1,200}\.(?:s?html?|aspx?|php|jsp|do|cfm)", re.IGNORECASE)


def _names_page(path: str) -> bool:
    """Whether a path names one page by itself: by a number, a date or a title."""
    return _NUMBER_OR_TITLE.search(path) is not None or _FILE.fullmatch(path.rpartition("/")[2]) is not None


@rule(
    Code(
        "L002",
        title=Words("追蹤參數", "tracking parameter"),
        message=Words(
            "網址裡的「{words}」是追蹤或廣告用的，與網頁的內容無關",
            "“{words}” in the address is for tracking or advertising; it is no part of the page",
        ),
        hint=Words("刪去它，寫 {clean}", "delete it: {clean}"),
        why=Words(
            "追蹤用的參數與片段（utm_*、fbclid、#google_vignette……）由廣告與社群網站加上，會把抄網址的人的來路也印出來；"
            "引用時寫網頁本身的網址（CMOS 17, 14.7–14.8）。",
            "Such parameters are added by advertisers and social media; a citation gives the address of the page "
            "itself (CMOS 17, 14.7–14.8).",
        ),
        bad=_news("https://example.org/news/150471?id=7&utm_source=line&fbclid=IwAR2#google_vignette"),
        good=_news("https://example.org/news/150471?id=7"),
        severity=Severity.WARNING,
    ),
    within="note",
)
def tracking_parameter(brief: Reading) -> Iterator[Finding]:
    """Parameters and fragments that tell a site how a reader came to it; those that select the page stay."""
    for address in addresses(brief):
        of = address.target if _tracking(address.target) else address.shown
        words = [of[start:end].strip("&") for start, end in _tracking(of)]
        if words and not address.is_copy:
            values = {"words": "」「".join(words), "clean": _untracked(of)}
            yield Finding(address.place(words[0]), values, address.changed(_untracked))


def _untracked(address: str) -> str:
    """An address without what only says how a reader came."""
    for start, end in reversed(_tracking(address)):
        address = address[:start] + address[end:]
    return address


@lru_cache(maxsize=512)
def _tracking(address: str) -> tuple[Stretch, ...]:
    """The stretches of an address that can go, with the mark before or after each."""
    parts = PARTS.fullmatch(address)
    if parts is None or not parts["host"]:
        return ()
    found = []
    if parts["query"] is not None:
        found = _parameters(parts)
    if parts["fragment"] is not None and _TRACKING_FRAGMENTS.fullmatch(parts["fragment"]):
        found.append((parts.start("fragment") - 1, len(address)))
    return _joined(found)


def _joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Stretches in order; those that touch are one."""
    joined: list[Stretch] = []
    for start, end in stretches:
        if joined and joined[-1][1] >= start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _parameters(parts: re.Match[str]) -> list[Stretch]:
    """The parameters of an address that can go."""
    at, listed = parts.start("query"), []
    for parameter in parts["query"].split("&"):
        name, _, value = parameter.partition("=")
        listed.append((at, at + len(parameter), bool(name) and _is_tracking(parts, unquote(name).lower(), value)))
        at += len(parameter) + 1
    if all(goes for _, _, goes in listed):
        return [(parts.start("query") - 1, parts.end("query"))]
    found, some_stay = [], False
    for start, end, goes in listed:
        if goes:
            found.append((start - 1, end) if some_stay else (start, end + 1))
        else:
            some_stay = True
    return found


def _is_tracking(parts: re.Match[str], name: str, value: str) -> bool:
    """Whether a parameter (its name in small letters) selects no page."""
    if name in _TRACKING or _TRACKING_FAMILIES.match(name):
        return True
    host = parts["host"].lower()
    if any(name in names for site, names in _BY_HOST.items() if host == site or host.endswith(f".{site}")):
        return True
    return (
        name in _CAME_FROM and (not value or _REFERRER.fullmatch(value) is not None) and _names_page(parts["path"])
    )


@rule(
    Code(
        "L003",
        title=Words("瀏覽用的參數", "navigation parameter"),
        message=Words(
            "網址裡的「{words}」多半只是從哪個欄目點進來，不選網頁",
            "“{words}” in the address probably only names the section a reader came from",
        ),
        hint=Words("試試 {clean}，開得了就寫它", "try {clean}; if it opens the page, write it"),
        why=Words(
            "同一頁從不同欄目點進去，網址就不同；引用時寫最短的那個，日後比較找得到，也看得出是不是同一筆資料。",
            "One page has another address from every section; the shortest is the one that lasts, and it "
            "shows that two citations are of one source.",
        ),
        bad=_news("https://example.org/view/2025030415047?section=north/all"),
        good=_news("https://example.org/list?section=north"),
        severity=Severity.NOTE,
    ),
    within="note",
)
def navigation_parameter(brief: Reading) -> Iterator[Finding]:
    """A single parameter that names a section, where the path names the page already."""
    for address in addresses(brief):
        parts = address.parts
        if parts["query"] is None or "&" in parts["query"] or not _names_page(parts["path"]):
            continue
        name, _, value = parts["query"].partition("=")
        if name.lower() in _NAVIGATION and not value.isdecimal() and not address.is_copy:
            start, end = parts.start("query") - 1, parts.end("query")
            words = address.target[start:end]
            clean = address.target[:start] + address.target[end:]
            yield Finding(address.place(words), {"words": words, "clean": clean})


# Addresses for other readers


_MOBILE = re.compile(r"(?:m|mobile|wap|3g|amp)\.[^.]+\..+|[^.]+\.m\.[^.]+\.[^.]+")
_MOBILE_PATH = re.compile(r"/(?:wap|amp)/|/amp/?$|[./]amp\.html?$|\.amp$", re.IGNORECASE)
_MOBILE_QUERY = re.compile(r"(?:^|&)(?:amp(?:=1|=true)?|outputType=amp|output=amp)(?:&|$)", re.IGNORECASE)


@rule(
    Code(
        "L004",
        title=Words("手機版網址", "address for mobile phones"),
        message=Words("「{words}」是手機版的網址", "“{words}” is the address for mobile phones"),
        hint=Words(
            "在電腦上開同一頁，改寫那裡的網址", "open the page on a computer and write the address it has there"
        ),
        why=Words(
            "手機版（m.、/wap/、/amp/）常只為手機排版，改版時最先消失；引用一般版的網址。",
            "Pages for phones are the first to go when a site is redesigned; cite the ordinary ones.",
        ),
        bad=_news("https://m.example.org/wap/10422341.html"),
        good=_news("https://www.example.org/10422341.html"),
        severity=Severity.NOTE,
    ),
    within="note",
)
def mobile_address(brief: Reading) -> Iterator[Finding]:
    """A host (m., mobile., amp.), a path (/wap/, /amp/) or a parameter of pages for phones."""
    for address in addresses(brief):
        if address.is_copy or _behind(address.target):
            continue
        path = _MOBILE_PATH.search(address.parts["path"])
        query = _MOBILE_QUERY.search(address.parts["query"] or "")
        if _MOBILE.fullmatch(address.host):
            words = address.parts["host"]
        elif path or query:
            words = (path or query)[0].strip("&")  # type: ignore[index]
        else:
            continue
        yield Finding(address.place(words), {"words": words})


@rule(
    Code(
        "L005",
        title=Words("未加密的網址", "unencrypted address"),
        message=Words("網址用的是未加密的 http://{others}", "the address is plain http://{others}"),
        hint=Words(
            "改成 https:// 試試；開得了就用它，真的沒有再留著",
            "try https://; keep http:// only where there is no other",
        ),
        why=Words(
            "現在的網站幾乎都有 https，瀏覽器會對 http 警告，有些網路會擋掉（W3C TAG, Securing the Web, 2015）。",
            "Nearly every site has https now; browsers warn of http and some networks block it "
            "(W3C TAG, Securing the Web, 2015).",
        ),
        bad=_news("http://example.org/150471"),
        good=_news("https://example.org/150471"),
        severity=Severity.NOTE,
    ),
    within="note",
)
def plain_http(brief: Reading) -> Iterator[Finding]:
    """An http address; where the issue has an https address of the same site, that mends it."""
    secure = _secure_sites(brief.issue.briefs or (brief,))
    for address in addresses(brief):
        scheme = (address.parts["scheme"] or "").lower()
        if scheme != "http" or address.host in _DOI_HOSTS or _private(address) is not None:
            continue
        count = secure[address.host]
        others = Words(
            f"；同一個網站別處寫 https://（{count}處）" if count else "",
            f"; elsewhere the same site has https:// ({count} times)" if count else "",
        )
        fix = address.changed(_secured) if count else ()
        yield Finding(address.place("http://"), {"others": others}, fix)


@lru_cache(maxsize=4)
def _secure_sites(briefs: tuple[Reading, ...]) -> Counter[str]:
    """The sites whose addresses begin with https, and how many there are."""
    return Counter(
        address.host
        for brief in briefs
        for address in addresses(brief)
        if (address.parts["scheme"] or "").lower() == "https"
    )


def _secured(address: str) -> str:
    return re.sub(r"\Ahttp:", "https:", address, flags=re.IGNORECASE)


_DOI_HOSTS = {"dx.doi.org", "doi.org", "www.doi.org"}


@rule(
    Code(
        "L006",
        title=Words("舊式的DOI網址", "old form of a DOI"),
        message=Words("「{words}」是舊式的DOI網址", "“{words}” is the old form of a DOI"),
        hint=Words("寫成 https://doi.org/10.…", "write https://doi.org/10.…"),
        why=Words(
            "DOI一律以 https://doi.org/ 顯示（Crossref DOI display guidelines, 2017）。",
            "A DOI is shown as https://doi.org/… (Crossref DOI display guidelines, 2017).",
        ),
        bad=_news("http://dx.doi.org/10.1002/spe.4380111102"),
        good=_news("https://doi.org/10.1002/spe.4380111102"),
        severity=Severity.WARNING,
    ),
    within="note",
)
def old_doi(brief: Reading) -> Iterator[Finding]:
    """dx.doi.org, www.doi.org, or doi.org without https."""
    for address in addresses(brief):
        if _doi(address.target) != address.target and address.parts["path"].startswith("/10."):
            words = address.target[: address.parts.end("host")]
            yield Finding(address.place(words), {"words": words}, address.changed(_doi))


_OLD_DOI = re.compile(r"\A(?:http://(?:dx\.|www\.)?|(?:https://)?(?:dx\.|www\.))doi\.org/", re.IGNORECASE)


def _doi(address: str) -> str:
    return _OLD_DOI.sub("https://doi.org/", address)


# What is printed and where it leads


@rule(
    Code(
        "L007",
        title=Words("印出的網址與連結不同", "address and link differ"),
        message=Words(
            "印出來的是「{shown}」，點下去卻到「{href}」",
            "the address printed is {shown}, the link leads to {href}",
        ),
        hint=Words("查對哪一個對，兩處改成一樣", "find out which is right, and write the same in both places"),
        why=Words(
            "紙本的讀者照印出來的抄，電子書的讀者點連結，兩種讀者要看到同一頁。",
            "On paper the address is copied, in the e-book the link is followed: both must lead to one page.",
        ),
        bad='<ext-link ext-link-type="uri" xlink:href="https://example.org/news/150472">'
        "https://example.org/news/150471</ext-link>",
        good='<ext-link ext-link-type="uri" xlink:href="https://example.org/news/150471/">'
        "example.org/news/150471</ext-link>",
        severity=Severity.WARNING,
    ),
    within="note",
)
def differing_address(brief: Reading) -> Iterator[Finding]:
    """The text of a link is an address, and not the one it leads to.

    Scheme, www., a slash at the end, percent-encoding, tracking parameters and an address cut short with … don't
    count; nor does what L009 says.
    """
    for address in addresses(brief):
        if address.node is None or not address.shown or address.damage is not None:
            continue
        shown, href = _compared(address.shown), _compared(address.href)
        head, dots, _ = shown.partition("…")
        if shown != href and not (dots and head and href.startswith(head)):
            yield Finding(address.place(), {"shown": address.shown, "href": address.href})


def _compared(address: str) -> str:
    """What of an address counts when two are compared."""
    bare = re.sub(r"\Ahttps?://", "", unquote(_untracked(address)).strip(), flags=re.IGNORECASE)
    host, slash, rest = bare.removeprefix("www.").partition("/")
    return (host.lower() + slash + re.sub("[\u00ad\u200b-\u200d\u2060\ufeff]", "", rest)).rstrip("/")


_LETTERS = re.compile(r"[^\x00-\x7f]+(?:[!-~]{0,8}[^\x00-\x7f]+){0,40}")


@rule(
    Code(
        "L008",
        title=Words("網址裡有漢字", "Han in an address"),
        message=Words(
            "網址裡有未編碼的文字「{words}」", "the address holds characters that are not encoded: {words}"
        ),
        hint=Words(
            "網站若有只含英數字的固定網址，改用它；沒有就照樣留著",
            "where the site has a permanent address in plain letters, use that; else leave it",
        ),
        why=Words(
            "嚴格說，網址只有ASCII字元（RFC 3986 §2；RFC 3987容許漢字）。從書上複製時，許多程式到漢字就斷開；"
            "換成百分號編碼又太長、讀不懂，所以不自動改。",
            "An address proper is ASCII (RFC 3986, 2; RFC 3987 allows Han). Many programs cut it at the first Han "
            "when it is copied; percent-encoding makes it too long to print, so nothing is changed.",
        ),
        bad=_news("https://example.org/news/關稅談判-083242700.html"),
        good=_news("https://example.org/news/083242700.html"),
        severity=Severity.NOTE,
    ),
    within="note",
)
def letters_not_encoded(brief: Reading) -> Iterator[Finding]:
    """Han, kana or Hangul in the path or query of a printed address; a host may have them (IDNA)."""
    for address in addresses(brief):
        if address.node is None or not address.shown or address.damage is not None:
            continue
        parts = PARTS.fullmatch(address.shown)
        found = _LETTERS.search(address.shown, parts.end("host")) if parts is not None else None
        if found and any(character.isalpha() for character in found[0]):
            yield Finding(address.place(found[0]), {"words": found[0]})


@rule(
    Code(
        "L009",
        title=Words("寫壞的網址", "damaged address"),
        message=Words("網址寫壞了：{reason}", "the address is damaged: {reason}"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "差一個字元就連不到（RFC 3986）。最常見的是把句子的標點一起抄進去，或貼上時接到另一個網址。",
            "One character more or less, and it leads nowhere (RFC 3986). Most often the punctuation of the "
            "sentence was copied with it, or two addresses were pasted together.",
        ),
        bad=_news("https://example.org/150471。"),
        good=_news("https://example.org/150471"),
        severity=Severity.WARNING,
    ),
    within="note",
)
def damaged_address(brief: Reading) -> Iterator[Finding]:
    """Punctuation of the sentence, a wrong start, full-width marks, two addresses in one, a piece cut off."""
    for address in addresses(brief):
        damage = address.damage
        if damage is None:
            continue
        values = {"reason": damage.reason, "advice": damage.advice}
        if damage.mended is None:
            fix: tuple[Edit, ...] = ()
        else:
            fix = address.changed(damage.mended)
            if damage.goes_out:
                fix = _put_out(address, damage.words, fix)
        yield Finding(address.place(damage.words), values, fix)


def _put_out(address: Address, marks: str, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The edits that take marks out of a link, and one that puts them behind it, if they don't stand there yet."""
    passage, source = address.passage, address.passage.source
    if not edits or not address.shown.endswith(marks) or passage.text.startswith(marks, address.end):
        return edits
    behind = source.data.find(b">", edits[0].end) + 1  # of </ext-link>, where the text ends with the marks
    if not source.data[edits[0].end : behind].startswith(b"</ext-link"):
        return ()
    return (*edits, Edit(behind, behind, escape(marks)))


# Addresses that are no links, or lead to no page


@rule(
    Code(
        "L010",
        title=Words("不能點的網址", "address without a link"),
        message=Words(
            "網址「{shown}」只是文字，電子書裡點不了", "the address {shown} is only text: no reader can follow it"
        ),
        hint=Words(
            '用 <ext-link ext-link-type="uri" xlink:href="…"> 包起來',
            'put <ext-link ext-link-type="uri" xlink:href="…"> around it',
        ),
        why=Words(
            "標成連結，PDF與電子書才點得開，典藏檔才認得出網址。",
            "Only a link can be followed in the PDF and the EPUB, and is known as an address in the archive copy.",
        ),
        bad="王大明，〈甲篇〉，《乙報》，2025年3月4日，https://example.org/150471。",
        good=_news("https://example.org/150471"),
        severity=Severity.NOTE,
    ),
    within="note",
)
def unlinked_address(brief: Reading) -> Iterator[Finding]:
    """An address typed as text in a note or below a figure."""
    for address in addresses(brief):
        passage = address.passage
        if address.node is None and (passage.note is not None or passage.kind == "attribution"):
            yield Finding(address.place(), {"shown": address.shown}, _link_around(address))


def _link_around(address: Address) -> tuple[Edit, ...]:
    """The edits that make a link of an address whose extent is certain."""
    text, source = address.passage.text, address.passage.source
    after = text[address.end : address.end + 1]
    begun = re.match("https?://", address.shown)
    if not begun or address.damage is not None or after.isalpha() or not address.shown.isascii():
        return ()
    if address.passage.flat.piece(address.start) is not address.passage.flat.piece(address.end - 1):
        return ()
    if any(parent.tag == "ext-link" for parent in _within(address)) or "xlink" not in source.root.nsmap:
        return ()
    start, end = address.passage.flat.bytes(source, address.start, address.end)
    href = escape(address.shown, {'"': "&quot;"})
    return (
        Edit(start, start, f'<ext-link ext-link-type="uri" xlink:href="{href}">'),
        Edit(end, end, "</ext-link>"),
    )


def _within(address: Address) -> Iterator[etree._Element]:
    piece = address.passage.flat.piece(address.start)
    if piece.which == "text":
        yield piece.node
    yield from piece.node.iterancestors()


_NUMBERS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\]?")
_PRIVATE = re.compile(r"localhost|[^.]+|.*\.(?:local|localhost|internal|intranet|lan|home|corp|test|invalid)")


def _private(address: Address) -> Words | None:
    """Why only some readers can reach the site of an address."""
    host = address.host
    if _NUMBERS.fullmatch(host):
        return Words("只有IP位址，沒有網站的名字", "has a number in the place of a name")
    if host and _PRIVATE.fullmatch(host):
        return Words("只在自己的電腦或單位裡連得到", "can only be reached on one machine or in one house")
    return None


@rule(
    Code(
        "L011",
        title=Words("別人連不到的網址", "address that others can't reach"),
        message=Words("「{host}」{reason}", "{host} {reason}"),
        hint=Words("改用公開的網址", "cite the public address"),
        why=Words(
            "本機、內部網路的名稱與IP位址，換個地方就連不到；IP位址也看不出是誰的網站。",
            "Names of one machine or network mean nothing elsewhere; a number doesn't say whose site it is.",
        ),
        bad=_news("http://localhost:8080/150471"),
        good=_news("https://example.org/150471"),
        severity=Severity.WARNING,
    ),
    within="note",
)
def private_address(brief: Reading) -> Iterator[Finding]:
    """localhost, names of an internal network, IP addresses."""
    for address in addresses(brief):
        reason = _private(address)
        if reason is not None and address.damage is None:
            yield Finding(address.place(address.parts["host"]), {"host": address.parts["host"], "reason": reason})


@rule(
    Code(
        "L012",
        title=Words("只有網站、沒有網頁", "site in the place of a page"),
        message=Words(
            "引的是〈{title}〉，網址卻只到「{host}」的首頁",
            "{title} is cited, but the address is the front page of {host}",
        ),
        hint=Words("寫出這一篇自己的網址", "write the address of the article itself"),
        why=Words(
            "讀者要看的是那一篇；首頁每天都變，找不到當時的內容（CMOS 17, 14.7）。",
            "Readers look for the article; a front page changes every day (CMOS 17, 14.7).",
        ),
        bad=_news("https://www.example.org/"),
        good=_news("https://www.example.org/150471"),
        severity=Severity.NOTE,
    ),
    within="note",
)
def front_page(brief: Reading) -> Iterator[Finding]:
    """An article in a newspaper, journal or site, with a date, and the address of no page."""
    by_paragraph: dict[etree._Element, list[Address]] = {}
    for address in addresses(brief):
        by_paragraph.setdefault(address.passage.element, []).append(address)
    for citation in brief.graph.citations:
        work = citation.work
        here = by_paragraph.get(citation.paragraph.element, [])
        first = bisect_left(here, citation.start, key=lambda address: address.start)
        inside = [address for address in here[first : first + 2] if address.start < citation.end]
        if work.title and work.container and work.date and len(inside) == 1 and _is_front_page(inside[0]):
            values = {"title": work.title, "host": inside[0].host}
            yield Finding(inside[0].place(), values)


def _is_front_page(address: Address) -> bool:
    parts = address.parts
    return parts["path"].strip("/") == "" and not parts["query"] and not parts["fragment"]


_REDIRECTS = re.compile(
    r"(?:www\.)?google\.[a-z.]{2,6}/(?:url|amp/s/|search|imgres)|news\.google\.com/(?:rss/)?(?:articles|read)/|"
    r"lm?\.(?:facebook|instagram)\.com/|out\.reddit\.com/|(?:www\.)?youtube\.com/redirect|link\.zhihu\.com/|"
    r"(?:www\.)?bing\.com/(?:search|ck/)|(?:tw\.|search\.)*search\.yahoo\.com/|r\.search\.yahoo\.com/|"
    r"[a-z0-9.-]*safelinks\.protection\.outlook\.com/|urldefense\.(?:proofpoint\.)?com/|"
    r"[a-z0-9-]+\.cdn\.ampproject\.org/|[a-z0-9.-]*translate\.goog/|translate\.google\.[a-z.]{2,6}/translate|"
    r"webcache\.googleusercontent\.com/|(?:link|click|email)\.[a-z0-9.-]+/(?:ls/)?click|"
    r"[a-z0-9.-]*(?:ez|e|lib)proxy[a-z0-9]*\.[a-z0-9.-]+/|[a-z0-9]+-[a-z0-9-]+\.(?:proxy|autorpa|rpa)\.[a-z0-9.-]+/",
    re.IGNORECASE,
)
"""Addresses of searches, forwarders, caches, machine translations and the remote access of libraries."""


def _behind(address: str) -> re.Match[str] | None:
    """The site that an address leads through."""
    return _REDIRECTS.match(re.sub(r"\Ahttps?://", "", address[:300], flags=re.IGNORECASE))


@rule(
    Code(
        "L013",
        title=Words("繞道別站的網址", "address by way of another site"),
        message=Words(
            "這是「{host}」轉手的網址（搜尋結果、轉址、快取、翻譯或圖書館的遠端連線），不是網頁自己的",
            "this address leads through {host} (a search, forwarder, cache, translation or a library's proxy)",
        ),
        hint=Words("改寫網頁自己的網址{inner}", "write the address of the page itself{inner}"),
        why=Words(
            "轉手的網址會過期，也看不出是誰的網頁；圖書館的遠端連線只有自己的讀者進得去（CMOS 17, 14.9）。",
            "Such addresses expire or ask for a login, and don't show whose page it is (CMOS 17, 14.9).",
        ),
        bad=_news("https://www.google.com/url?q=https://example.org/150471&sa=D"),
        good=_news("https://example.org/150471"),
        severity=Severity.WARNING,
    ),
    within="note",
)
def indirect_address(brief: Reading) -> Iterator[Finding]:
    """A search, a forwarder, a cache, a machine translation, or the proxy of a library."""
    for address in addresses(brief):
        if _behind(address.target) is None:
            continue
        inner = re.search(r"=(https?(?::|%3A)[^&#]*)", address.target, re.IGNORECASE)
        shown = unquote(inner[1]) if inner else ""
        values = {
            "host": address.host,
            "inner": Words(f"：{shown}" if shown else "", f": {shown}" if shown else ""),
        }
        yield Finding(address.place(), values)


_SESSION = re.compile(
    r";jsessionid=[^?#&]*|(?<=[?&])(?:PHPSESSID|jsessionid|sessionid|ASPSESSIONID\w*|CFID|CFTOKEN|X-Amz-Signature|"
    r"X-Amz-Security-Token|X-Goog-Signature|Signature|access_token|auth_token)=[^&#]*",
    re.IGNORECASE,
)
_USER = re.compile(r"(?<=//)[^/?#@]+:[^/?#@]*@")


@rule(
    Code(
        "L014",
        title=Words("會過期的網址", "address that expires"),
        message=Words(
            "「{words}」是登入或工作階段的資料，別人連不到", "“{words}” is part of a session or a login"
        ),
        hint=Words(
            "登出後重新找到這一頁，抄它固定的網址", "find the page again without logging in, and copy its address"
        ),
        why=Words(
            "工作階段與簽章過一陣子就失效；帳號密碼更不能印出來。",
            "Sessions and signatures expire; a password must not be printed at all.",
        ),
        bad=_news("https://example.org/view;jsessionid=0A1B2C3D4E5F?id=7"),
        good=_news("https://example.org/view?id=7"),
        severity=Severity.WARNING,
    ),
    within="note",
)
def expiring_address(brief: Reading) -> Iterator[Finding]:
    """A session, a signature or a user's name and password in an address."""
    for address in addresses(brief):
        found = _SESSION.search(address.target) or _USER.search(address.target)
        if found:
            yield Finding(address.place(found[0]), {"words": found[0]})

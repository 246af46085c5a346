"""Rules about values: dates that exist, check digits, DOIs, links, and instructions to the linter."""

import re
from datetime import date
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from pipeline import profiles
from pipeline.diagnostics import Code, Severity, Words
from pipeline.identifiers import ORCID, issn_digit, orcid
from pipeline.parse import HREF, LANG, Source
from pipeline.validate.rules import Findings, elements, rule

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[!-~]+")
_HOST = re.compile(r"(?!-)[\w-]+(?:\.[\w-]+)*\.?|\[[0-9A-Fa-f:.]+\]")
_ADDRESS = re.compile(r"[^@\s]+@[\w-]+(?:\.[\w-]+)+")
_TAG = re.compile("[A-Za-z]{2,3}(-[0-9A-Za-z]{1,8})*")
ALLOWED = re.compile(r'\s*allow="(?P<codes>[A-Z]\d{3}(?:[ ,]+[A-Z]\d{3})*)"\s+reason="(?P<reason>[^"]*)"\s*')
_REAL_DATES = Words(
    "日期會寫進出版資料與典藏檔，錯了各處都跟著錯。",
    "Dates go into the metadata and the archive copy, and the error with them.",
)


def _received(iso: str, parts: str) -> str:
    """An extract for a rule about dates."""
    attribute = f' iso-8601-date="{iso}"' if iso else ""
    return f'<history><date date-type="received"{attribute}>{parts}</date></history>'


def _day_of(text: str) -> date | None:
    """The date (the first of its month or year where the rest isn't given), or None where there is none."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups(default="01")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _number(parent: etree._Element, name: str) -> int | None:
    text = (parent.findtext(name) or "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None


@rule(
    Code(
        "R030",
        title=Words("沒有這個日期", "impossible date"),
        message=Words("沒有「{value}」這一天", "there is no date {value}"),
        hint=Words("寫成 年-月-日，例如 2025-08-22，並查對月曆", "write year-month-day, e.g. 2025-08-22"),
        why=_REAL_DATES,
        bad=_received("2025-02-30", "<year>2025</year>"),
        good=_received("2025-02-28", "<year>2025</year>"),
    ),
    within="article-meta",
)
def impossible_date(source: Source, _folder: Path) -> Findings:
    """`iso-8601-date` is written as a date, but the calendar doesn't have it (ISO 8601)."""
    for node in elements(source, "*"):
        value = node.get("iso-8601-date")
        if value is not None and _ISO.fullmatch(value) and _day_of(value) is None:
            yield source.attribute_place(node, "iso-8601-date"), {"value": value}


@rule(
    Code(
        "R031",
        title=Words("日、月、年不對", "impossible day, month or year"),
        message=Words("沒有{value}這一天", "there is no date {value}"),
        hint=Words("查對 <day>、<month>、<year>", "check <day>, <month> and <year>"),
        why=_REAL_DATES,
        bad=_received("", "<day>31</day><month>4</month><year>2025</year>"),
        good=_received("", "<day>30</day><month>4</month><year>2025</year>"),
    ),
    within="article-meta",
)
def impossible_parts(brief: Source, _folder: Path) -> Findings:
    """Day, month and year in numbers that don't make a date."""
    for node in elements(brief, "date"):
        year, month, day = (_number(node, name) for name in ("year", "month", "day"))
        if year is None:
            continue
        text = "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part is not None)])
        if _day_of(text) is None:
            yield brief.place(node), {"value": text}


@rule(
    Code(
        "R032",
        title=Words("兩種寫法的日期不一致", "date given twice, differently"),
        message=Words("iso-8601-date 是{iso}，內容卻是{parts}", "iso-8601-date says {iso}, the content {parts}"),
        hint=Words("查對後改成一致", "find out which is right"),
        why=_REAL_DATES,
        bad=_received("2025-08-01", "<day>1</day><month>7</month><year>2025</year>"),
        good=_received("2025-07-01", "<day>1</day><month>7</month><year>2025</year>"),
    ),
    within="article-meta",
)
def dates_disagree(brief: Source, _folder: Path) -> Findings:
    """The parts of a date, where they are numbers, differ from its `iso-8601-date`."""
    for node in elements(brief, "date"):
        match = _ISO.fullmatch(node.get("iso-8601-date", ""))
        if match is None:
            continue
        parts = [_number(node, name) for name in ("year", "month", "day")]
        written = [int(part) if part else None for part in match.groups()]
        if any(a is not None and b is not None and a != b for a, b in zip(parts, written, strict=True)):
            shown = "-".join(str(part) for part in parts if part is not None)
            yield brief.attribute_place(node, "iso-8601-date"), {"iso": match[0], "parts": shown}


@rule(
    Code(
        "R033",
        title=Words("創刊日期晚於出刊日期", "first issue after this issue"),
        message=Words(
            "創刊日期{first}晚於這一期的出刊日期{this}",
            "the first issue ({first}) is later than this one ({this})",
        ),
        hint=Words("查對 <first-issue-date> 與 <pub-date>", "check <first-issue-date> and <pub-date>"),
        why=_REAL_DATES,
        bad='<issue-number>1</issue-number><pub-date iso-8601-date="2025-08-22"/>'
        '<first-issue-date iso-8601-date="2026-08-22"/>',
        good='<issue-number>1</issue-number><pub-date iso-8601-date="2025-08-22"/>'
        '<first-issue-date iso-8601-date="2025-08-22"/>',
    ),
    within="issue-meta",
)
def first_issue_later(issue: Source, _folder: Path) -> Findings:
    """`first-issue-date` lies after `pub-date`."""
    published = next(elements(issue, "pub-date"), None)
    first = next(elements(issue, "first-issue-date"), None)
    if published is None or first is None:
        return
    this, began = (node.get("iso-8601-date", "") for node in (published, first))
    this_day, first_day = _day_of(this), _day_of(began)
    if this_day and first_day and first_day > this_day:
        yield issue.attribute_place(first, "iso-8601-date"), {"first": began, "this": this}


@rule(
    Code(
        "R034",
        title=Words("ISSN檢查碼不符", "ISSN check digit"),
        message=Words(
            "ISSN「{value}」的檢查碼不符，應是{digit}", "the check digit of ISSN {value} should be {digit}"
        ),
        hint=Words("對照ISSN中心的核發通知，多半是打錯一碼", "compare with the ISSN centre's notice"),
        why=Words(
            "末碼由前七碼算出，可以查出打錯的字。來源：ISO 3297。",
            "The last digit follows from the others (ISO 3297).",
        ),
        bad="<journal-title-group><journal-title>刊</journal-title></journal-title-group><issn>2308-0001</issn>",
        good="<journal-title-group><journal-title>刊</journal-title></journal-title-group><issn>0378-5955</issn>",
    ),
    within="journal-meta",
)
def issn_check_digit(issue: Source, _folder: Path) -> Findings:
    """The check digit of an ISSN is wrong."""
    for node in elements(issue, "issn"):
        value = (node.text or "").strip()
        digit = issn_digit(value)
        if digit and digit != value[-1]:
            yield issue.place(node), {"value": value, "digit": digit}


@rule(
    Code(
        "R035",
        title=Words("ORCID檢查碼不符", "ORCID check digit"),
        message=Words("ORCID「{value}」的檢查碼不符", "the check digit of ORCID {value} is wrong"),
        hint=Words("到 orcid.org 查對，多半是打錯一碼", "look it up at orcid.org"),
        why=Words(
            "末碼由前十五碼算出，可以查出打錯的字。來源：ISO/IEC 7064 MOD 11-2。",
            "The last digit follows from the others (ISO/IEC 7064, MOD 11-2).",
        ),
        bad='<contrib-group><contrib contrib-type="author"><contrib-id contrib-id-type="orcid">'
        "0000-0002-1825-0098</contrib-id><collab>本刊</collab></contrib></contrib-group>",
        good='<contrib-group><contrib contrib-type="author"><contrib-id contrib-id-type="orcid">'
        "0000-0002-1825-0097</contrib-id><collab>本刊</collab></contrib></contrib-group>",
    ),
    within="article-meta",
)
def orcid_check_digit(brief: Source, _folder: Path) -> Findings:
    """The check digit of an ORCID is wrong."""
    for node in elements(brief, "contrib-id"):
        match = ORCID.fullmatch((node.text or "").strip())
        if match and not orcid(match[0]):
            yield brief.place(node), {"value": match[1]}


@rule(
    Code(
        "R036",
        title=Words("DOI不合寫法", "malformed DOI"),
        message=Words("「{value}」不是DOI", "{value} is not a DOI"),
        hint=Words(
            "只寫 10. 開頭的部分，例如 10.5555/kan.1，不寫 https://doi.org/",
            "write only 10.…/…, without https://doi.org/",
        ),
        why=Words(
            "DOI是「10.註冊者/名稱」。來源：ISO 26324。",
            "A DOI is 10.registrant/name (ISO 26324).",
        ),
        bad='<article-id pub-id-type="doi">https://doi.org/10.5555/kan.1</article-id>',
        good='<article-id pub-id-type="doi">10.5555/kan.1</article-id>',
    ),
    within="article-meta",
)
def malformed_doi(brief: Source, _folder: Path) -> Findings:
    """An article-id of type doi that isn't one; an empty one is told about by R021."""
    for node in elements(brief, "article-id"):
        value = (node.text or "").strip()
        if node.get("pub-id-type") == "doi" and value and not _DOI.fullmatch(value):
            yield brief.place(node), {"value": value}


@rule(
    Code(
        "R037",
        title=Words("連結不對", "malformed link"),
        message=Words("連結「{value}」{reason}", "the link {value} {reason}"),
        hint=Words(
            "貼上完整的網址，以 https:// 開頭，中間沒有空白",
            "paste the whole address: https://…, without blanks",
        ),
        why=Words(
            "讀者會點這個連結；javascript: 與 file: 連結不安全，也不能在別人的機器上用。",
            "Readers follow it; javascript: and file: links are unsafe and work on no other machine.",
        ),
        bad='<ext-link ext-link-type="uri" xlink:href="javascript:alert(1)">甲</ext-link>',
        good='<ext-link ext-link-type="uri" xlink:href="https://example.org/甲?a=1">甲</ext-link>',
    )
)
def malformed_link(source: Source, _folder: Path) -> Findings:
    """A link that isn't http(s), mailto or doi, or that no browser can follow."""
    for node in elements(source, "ext-link", "license", "licence"):
        name = "href" if node.tag == "licence" else HREF
        value = node.get(name)
        if value and (reason := _link_problem(value)):
            yield source.attribute_place(node, name), {"value": value[:60], "reason": reason}
    for node in elements(source, "publisher-url"):
        value = (node.text or "").strip()
        if value and (reason := _link_problem(value)):
            yield source.place(node), {"value": value[:60], "reason": reason}


def _link_problem(value: str) -> Words | None:
    """What is wrong with a link, or None (RFC 3987 allows Chinese in addresses, and so do we)."""
    if re.search(r'[\s\x00-\x1f\x7f<>"\\]', value):
        return Words("裡有空白或不可用的字元", "has a blank or a character that isn't allowed")
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return Words("不是網址", "is no address")
    match parts.scheme.lower():
        case "http" | "https":
            ok = _HOST.fullmatch(host if ":" not in host else f"[{host}]") is not None
            return None if ok else Words("缺少網站名稱", "names no host")
        case "mailto":
            return None if _ADDRESS.fullmatch(parts.path) else Words("不是電子郵件地址", "is no e-mail address")
        case "doi":
            return None if _DOI.fullmatch(value[4:]) else Words("不是DOI", "is no DOI")
        case "":
            return Words("沒有以 https:// 開頭", "doesn't start with https://")
    return Words(f"用了不允許的「{parts.scheme}:」", f"uses {parts.scheme}:, which isn't allowed")


@rule(
    Code(
        "R038",
        title=Words("例外指示寫錯", "malformed exception"),
        message=Words("<?kan {value}?> {reason}", "<?kan {value}?> {reason}"),
        hint=Words('寫成 <?kan allow="N003" reason="為什麼"?>', 'write <?kan allow="N003" reason="why"?>'),
        why=Words(
            "例外要有理由，日後的編輯才知道為什麼（取自Standard Ebooks的作法）。",
            "An exception needs a reason for the editors to come (as at Standard Ebooks).",
        ),
        bad='<?kan allow="N003"?>甲',
        good='<?kan allow="N003" reason="引文照錄原文"?>甲',
    )
)
def malformed_exception(source: Source, _folder: Path) -> Findings:
    """A `kan` instruction that isn't `allow="CODE" reason="…"`; whether the code matches is the linter's."""
    for node in source.nodes:
        if isinstance(node, etree._ProcessingInstruction) and node.target == "kan":
            value = (node.text or "").strip()
            match = ALLOWED.fullmatch(value)
            if match is None and "reason=" not in value:
                reason = Words("沒有寫理由", "gives no reason")
            elif match is None:
                reason = Words("不合寫法", "isn't of the right form")
            elif not match["reason"].strip():
                reason = Words("理由是空的", "has an empty reason")
            else:
                continue
            yield source.place(node), {"value": value[:60], "reason": reason}
    for node in chain(source.root.itersiblings(preceding=True), source.root.itersiblings()):
        if isinstance(node, etree._ProcessingInstruction) and node.target == "kan":
            outside = Words("寫在整篇之外，蓋不到任何地方", "stands outside of everything and covers nothing")
            yield source.place(source.root), {"value": (node.text or "").strip()[:60], "reason": outside}


@rule(
    Code(
        "R061",
        title=Words("沒有這種語言的版面規則", "language without a profile"),
        message=Words(
            "沒有「{lang}」的版面規則，會照{default}的規則排",
            "there is no profile for {lang}; {default} will be used",
        ),
        hint=Words(
            "有：{known}；個別詞句的語言寫在詞句上", "there are: {known}; mark single words with their own"
        ),
        why=Words(
            "標點、標號、註釋與版面上的字，都依全文的語言。",
            "Marks, labels, notes and the words of the layout follow the language of the whole.",
        ),
        bad="fr",
        good="ja",
        severity=Severity.WARNING,
    ),
    within="lang",
)
def language_without_profile(source: Source, _folder: Path) -> Findings:
    """The language of a brief or an issue has no profile in `layouts/profiles/`, nor one that can stand for it."""
    lang = source.root.get(LANG, "")
    if source.root.tag in ("article", "issue") and _TAG.fullmatch(lang) and not profiles.is_known(lang):
        known = "、".join(profiles.languages())
        place = source.attribute_place(source.root, LANG)
        yield place, {"lang": lang, "default": profiles.DEFAULT, "known": known}

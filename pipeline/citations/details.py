"""The small parts of a citation: volume, issue, pages, edition, article of a law, school of a thesis.

Each function looks at one place of a text and says where what begins there ends.
"""

import re
from collections.abc import Iterator

from pipeline.citations import dates

Span = tuple[int, int]

_N = r"(?:\d{1,5}|[〇○零一二三四五六七八九十百]{1,6})"
_TO = r"[-–—~～至]"
_ISSUE = rf"(?P<issue>{_N}(?:[-–/、]\d{{1,4}})?)"
_PAGE = rf"(?:[A-Za-z]?\d{{1,5}}(?:\s?{_TO}\s?[A-Za-z]?\d{{1,5}})?|[ivxlc]{{1,7}}(?:{_TO}[ivxlc]{{1,7}})?)"
_PAGES = rf"(?P<pages>{_PAGE}(?:(?:、|, ?){_PAGE}(?![\d年]))*)"

_NUMBERS = tuple(
    re.compile(form)
    for form in (
        rf"第? ?(?P<volume>{_N}) ?[卷巻輯](?:第? ?{_ISSUE} ?[期號号])?",
        rf"[卷巻](?P<volume>{_N})(?:期(?P<issue>{_N}))?",
        rf"(?:總?第|總) ?{_ISSUE} ?[期號号]",
        r"(?P<issue>\d{1,4}) ?期(?!\w)",
        r"期(?P<issue>\d{1,5})(?!\w)",
        r"제? ?(?P<volume>\d{1,4})권(?:,? ?제? ?(?P<issue>\d{1,4})호)?",
        r"제? ?(?:통권 ?)?(?P<issue>\d{1,5})호",
        r"[Vv]ol(?:ume|\.) ?(?P<volume>[\dIVXLC]{1,6})\b",
        r"(?:[Nn]o\.|[Ii]ssue|[Nn]umber) ?(?P<issue>\d{1,5}(?:[-–/]\d{1,4})?)(?!\w)",
        rf"(?:pp?\.|[Pp]ages?) ?{_PAGES}(?!\w)",
        rf"頁次?[：:]? ?{_PAGES}(?!\w)",
        rf"第? ?{_PAGES} ?[頁面쪽](?!\w)",
        rf"쪽 ?{_PAGES}(?!\w)",
    )
)
_NEWSPAPER_PAGE = re.compile(
    r"版次?[：:]? ?(?P<a>[A-Z]?\d{1,3})(?!\w)|第?(?P<b>[A-Z]?\d{1,3})[版面](?!\w)|(?P<c>[A-Z]\d{1,2})(?!\w)"
)
_LAW = tuple(
    re.compile(form)
    for form in (
        rf"第 ?{_N} ?[條条](?:[之の]{_N})?(?:第?{_N}[項款目]){{0,3}}(?:前段|後段|但書)?(?:[、及至](?=第))?",
        r"제 ?\d{1,4}조(?:의\d{1,2})?(?: ?제\d{1,2}[항호]){0,2}",
        r"(?:Articles?|Art\.|§{1,2}) ?\d{1,4}(?:[-–]\d{1,4})?(?:\([\da-z]{1,3}\)){0,3}",
        r"(?:總統令?)?(?:制定|修正|增訂|全文修正)?(?:公布|公佈|發布|通過|施行|函頒|訂定)(?:日期?)?|(?:全文)?修正",
    )
)
_OTHER = tuple(
    re.compile(form)
    for form in (
        r"(?:增訂|修訂|改訂)?(?:第?[\d一二三四五六七八九十]{1,3}|初|再|新)[版刷](?:[\d一二三四五六七八九十]{1,3}刷)?",
        r"(?:修訂|增訂|改訂|增補)[版本]",
        r"(?:\d{1,2}(?:st|nd|rd|th)|[Rr]ev(?:ised|\.)|[Ff]irst|[Ss]econd|[Tt]hird) ed(?:ition|\.)",
        r"제\d{1,3}[장절](?: ?제\d{1,3}[절항]){0,2}",
        r"(?:Sections?|Sec\.|Chapter|Ch\.) ?\d{1,4}(?:[-–]\d{1,4})?",
        r"(?:DOI|doi)[：: ]{0,2}10\.[^\s，。；]{1,200}",
        r"(?:ISBN|ISSN)[：: ]{0,2}[\dX-]{8,17}",
        r"新聞稿|未出版|未刊稿?|電子版|網路版|線上版|書評|社論|社評|社説",
        r"[號号](?!\w)",
        r"註 ?\d{1,3}(?!\w)|in (?:Chinese|Japanese|Korean|English|Russian)|[中英日韓俄]文版?(?!\w)",
        r"[Pp]ress [Rr]elease|[Uu]npublished|[Ee]ditorial|[Oo]p-[Ee]d",
        r"\d{1,3}(?:\.\d{1,3}){1,3}(?!\w)",
        r"(?:[上中下]冊?|[一二三四五])(?!\w)",
        r"(?:CRS |RAND |Working |Research |Discussion |Policy |Issue |Technical |Occasional |Special ){0,3}"
        r"(?:Report|Paper|Brief|Document|Publication) (?:No\. ?)?[A-Z]{0,5}[\d./-]{1,12}[A-Z]?",
    )
)
_SEEN = re.compile(
    r"(?:最後|最近|上次|末次)?(?:瀏覽|檢索|查閱|查詢|點閱|造訪|閱覽|檢視|點擊|訪問|閱讀|查看|更新|下載|存取|擷取|上網|引用|取用|확인|검색)"
    r"(?:日期?|時間|於)?[：:於]? ?"
    r"|(?:last |date )?(?:[Aa]ccessed|[Rr]etrieved|[Vv]isited|[Vv]iewed|[Aa]rchived|[Cc]hecked):?(?: on)? "
)
_SEEN_AFTER = re.compile(r" ?(?:最後)?(?:瀏覽|檢索|查閱|查詢|點閱|造訪|下載|存取|擷取|閲覧|검색|접속)")
_THESIS = re.compile(
    r"(?P<school>[^，,、《》〈〉。]{0,40}?)"
    r"(?:(?:未出版)?之?(?:[博碩]士(?:學位|班)?|修士|学位|學位)論文| ?[박석]사 ?학위 ?논문)"
    r"|(?:[Uu]npublished )?(?:Ph\.? ?D\.?|[Dd]octoral|[Mm]aster[’']?s|M\.A\.) (?:[Dd]issertation|[Tt]hesis)"
)
_DOCUMENT = re.compile(r"[^，。；〈〉《》]{0,40}[第제][^，。；〈〉《》]{1,12}[号號호次][^，。；〈〉《》]{0,10}")
ADDRESS_LABEL = re.compile(
    r"(?:網址|連結|全文|取自|下載自|資料來源|URL|URI|DOI)[：: ]{0,2}"
    r"|[Aa]vailable (?:at|from):? |[Rr]etrieved from:? |at |<"
)
"""What may stand before an address."""


def numbers(text: str, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """The volume, issue or pages that begin at `start`: the role and place of each number.

    The last is `("", whole)`: all that was read, with 第 and 期 around the numbers. Nothing where none is.
    """
    if _LAW[0].match(text, start, end):
        return
    for form in _NUMBERS:
        found = form.match(text, start, end)
        if found:
            yield from ((role, found.span(role)) for role, value in found.groupdict().items() if value)
            yield "", found.span()
            return


def newspaper_page(text: str, start: int, end: int) -> tuple[int, Span] | None:
    """A page of a newspaper (版A4, 第3版): where it ends, and its number. In a book 第3版 is the edition."""
    found = _NEWSPAPER_PAGE.match(text, start, end)
    return (found.end(), found.span(found.lastgroup or 0)) if found else None


def law(text: str, start: int, end: int) -> int | None:
    """An article of a law (第3條第1項, Article 5), or what happened to it on a day (修正公布)."""
    return _first(_LAW, text, start, end)


def other(text: str, start: int, end: int) -> int | None:
    """An edition, a number of a paper, a DOI or a genre, which have no part of their own."""
    return _first(_OTHER, text, start, end)


def seen(text: str, start: int, end: int) -> int | None:
    """The day on which an address was opened, which is not the date of the source."""
    label = _SEEN.match(text, start, end)
    printed = dates.read(text, label.end() if label else start, end)
    if printed is None or label:
        return printed.end if printed else None
    after = _SEEN_AFTER.match(text, printed.end, end)
    return after.end() if after else None


def thesis(text: str, start: int, end: int) -> tuple[int, Span] | None:
    """The words for a thesis, where they end, and the school before them (possibly empty)."""
    found = _THESIS.match(text, start, end)
    if not found:
        return None
    return found.end(), found.span("school") if found["school"] else (start, start)


def is_document(words: str) -> bool:
    """Whether words name a decree or a document by its number (平成15年法律第79号)."""
    return bool(_DOCUMENT.fullmatch(words))


def _first(forms: tuple[re.Pattern[str], ...], text: str, start: int, end: int) -> int | None:
    return next((found.end() for form in forms if (found := form.match(text, start, end))), None)

"""Rules about headings, figures and metadata."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import chain

from lxml import etree

from pipeline.citations import kinds
from pipeline.diagnostics import Code, Severity, Words
from pipeline.flat import REFERENCE
from pipeline.lint.practice import CLEAR, Use, Uses, against_practice, used
from pipeline.lint.reading import ADDRESS, NAMED, OWN, QUOTED, Passage, Reading
from pipeline.lint.rules import Finding, found, rule
from pipeline.notes.phrases import value

Element = etree._Element


def _table(caption: str, number: int = 1, source: str = "") -> str:
    """An extract: a table."""
    return (
        f'<table-wrap id="t{number}"><caption><title>{caption}</title></caption>'
        f"<table><tbody><tr><td>1</td></tr></tbody></table>{source}</table-wrap>"
    )


def _sections(*titles: str) -> str:
    """An extract: sections side by side."""
    return "".join(f"<sec><title>{title}</title><p>文。</p></sec>" for title in titles)


def _article(titles: str, subjects: str = "") -> str:
    """An extract: a whole brief with its titles and its focus categories."""
    return (
        f'<article article-type="other" xml:lang="zh-Hant-TW"><front><article-meta>{subjects}<title-group>{titles}'
        "</title-group></article-meta></front><body><p>文。</p></body></article>"
    )


def _focus(*subjects: str) -> str:
    """An extract: focus categories."""
    listed = "".join(f"<subject>{subject}</subject>" for subject in subjects)
    return f'<article-categories><subj-group subj-group-type="focus">{listed}</subj-group></article-categories>'


_SECTION = "sec"
_GENERATED = Words(
    "節、圖、表的編號由程式產生；打上去的會和產生的重複，增刪之後也不會跟著變。",
    "Labels of sections, figures and tables are generated; a typed one stands twice, and never changes.",
)
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_CAPITALS = "壹貳參叁肆伍陸柒捌玖拾"
_STEMS = "甲乙丙丁戊己庚辛"

# Labels that are typed

_FIGURES = "[0-9]{1,2}"
_SURE = "|".join(
    (
        rf"(?:[{_CAPITALS}]{{1,3}}|{_NUMERAL}|[{_STEMS}])[、．](?![{_CAPITALS}{_STEMS}一二三四五六七八九十百千])",
        rf"[（(](?:{_NUMERAL}|{_FIGURES}|[{_STEMS}]|[{_CAPITALS}]{{1,3}})[)）]",
        rf"{_FIGURES}[)）、](?![0-9])",
        rf"{_FIGURES}(?:\.{_FIGURES}){{1,3}}[.、]?[ 　]+",
        rf"{_FIGURES}[.．](?![0-9])",
        "[①-⑳❶-❿㈠-㈩⒈-⒛⑴-⒇]",
        "(?:[IVX]{1,4}|[A-H])[.、．](?![A-Za-z])",
        rf"第(?:{_NUMERAL}|{_FIGURES})[章節篇][ 　：:、，]",
    )
)
_PLACED = rf"第(?:{_NUMERAL}|{_FIGURES})[章節]|(?:[{_CAPITALS}]{{1,3}}|{_NUMERAL}|{_FIGURES})[ 　]+"
_LABEL = re.compile(rf"(?:(?P<sure>{_SURE})|(?P<placed>{_PLACED}))[ 　]*(?=\S)")
"""A label before a heading; `placed` is one only where its number is the place of the heading."""


def _headings(brief: Reading) -> Iterator[tuple[Passage, Element, int]]:
    """The titles of the sections, each with its section and its position (from 1) on its level."""
    counted: dict[Element | None, int] = {}
    for passage in brief.prose:
        section = passage.element.getparent()
        if passage.kind == "heading" and section is not None and section.tag == _SECTION:
            parent = section.getparent()
            counted[parent] = counted.get(parent, 0) + 1
            yield passage, section, counted[parent]


def _number(label: str) -> int:
    """The number in a label; 0 where it has none."""
    figures = re.search(rf"{_FIGURES}|{_NUMERAL}|[{_CAPITALS}]{{1,3}}", label)
    if figures is None:
        return 0
    return value(figures[0].translate(str.maketrans(_CAPITALS, "一二三三四五六七八九十")))


@rule(
    Code(
        "H001",
        title=Words("標題的編號是打上去的", "typed label of a heading"),
        message=Words("「{label}」是打上去的編號", "“{label}” is a typed label"),
        hint=Words("刪去；編號由程式產生", "delete it; labels are generated"),
        why=_GENERATED,
        bad=_sections("一、背景"),
        good=_sections("背景"),
        severity=Severity.WARNING,
    ),
    within="section",
)
def typed_label(brief: Reading) -> Iterator[Finding]:
    """壹、 一、 （一） 1. (1) 第一節 before a heading."""
    for passage, _, position in _headings(brief):
        label = _LABEL.match(passage.text)
        if label is not None and (label["sure"] or _number(label["placed"]) == position):
            yield found(passage, 0, label.end(), "", label=label[0].strip())


_FIGURE_LABEL = re.compile(
    rf"(?P<label>(?P<kind>[圖表])\s?(?:{_NUMERAL}|[0-9]{{1,2}}(?:[-–.][0-9]{{1,2}})?)"
    r"(?:[：:、．.]\s?|[ 　]+)|(?:Figure|Table|Fig\.) ?[0-9]{1,2}[.:：]? ?)(?=\S)"
)


@rule(
    Code(
        "H002",
        title=Words("圖表的編號是打上去的", "typed label of a figure or table"),
        message=Words("「{label}」是打上去的編號", "“{label}” is a typed label"),
        hint=Words("刪去；圖號、表號由程式產生", "delete it; labels are generated"),
        why=_GENERATED,
        bad=_table("表1：歷年的數字"),
        good=_table("歷年的數字"),
        severity=Severity.WARNING,
    ),
    within="section",
)
def typed_figure_label(brief: Reading) -> Iterator[Finding]:
    """圖1 or 表一 before a caption."""
    for passage in brief.prose:
        label = _FIGURE_LABEL.match(passage.text) if _is_caption(passage) else None
        if label is not None:
            yield found(passage, 0, label.end(), "", label=label[0].strip())


def _is_caption(passage: Passage) -> bool:
    return passage.kind == "caption" and passage.element.tag == "title"


# Headings


@rule(
    Code(
        "H003",
        title=Words("只有一個小節", "single subsection"),
        message=Words(
            "「{around}」底下只有這一個小節，所以印出來沒有編號",
            "this is the only subsection of “{around}”, and so printed without a label",
        ),
        hint=Words(
            "併進上一層，或再分出一節；確定這樣就保留",
            "merge it with the section around it or make a second one; leave it where it is meant so",
        ),
        why=Words(
            "分節至少要有兩節才算分；只有一節時不編號（本刊體例），和別處有編號的小節並列會顯得突兀。",
            "A division has two parts; a single one gets no label in this house, unlike those of other sections.",
        ),
        bad=f"<sec><title>甲</title>{_sections('乙')}</sec>",
        good=f"<sec><title>甲</title>{_sections('乙', '丙')}</sec>",
        severity=Severity.NOTE,
    ),
    within="body",
)
def single_subsection(brief: Reading) -> Iterator[Finding]:
    """The only section inside a section."""
    for passage, section, _ in _headings(brief):
        parent = section.getparent()
        if parent is None or parent.tag != _SECTION or section.get("specific-use") == "unnumbered":
            continue
        if not any(
            next(section.itersiblings(_SECTION, preceding=side), None) is not None for side in (True, False)
        ):
            title = parent.find("title")
            around = "".join(title.itertext()).strip() if title is not None else ""
            yield found(passage, 0, len(passage.text), around=around)


_FINAL = re.compile(r"[。，：；、．,:;]+\s*\Z|(?<![A-Z.])\.\s*\Z")
_FIRST = re.compile(r"\s*[—–─－-]{1,2}\s*|\s*[：:，、；]\s*")


@rule(
    Code(
        "H004",
        title=Words("標題的標點", "punctuation of a heading"),
        message=Words("標題{where}有「{mark}」", "this heading {where} “{mark}”"),
        hint=Words("刪去", "delete it"),
        why=Words(
            "標題不是句子，末尾不加句號、逗號、冒號（問號、驚嘆號除外）；題名與副題之間的符號由版面決定。",
            "A heading is no sentence: no stop at its end but ? and !; the layout joins title and subtitle.",
        ),
        bad=_sections("背景。"),
        good=_sections("背景"),
        severity=Severity.WARNING,
    ),
    within="section",
)
def stop_of_a_heading(brief: Reading) -> Iterator[Finding]:
    """A heading, a title or a caption that ends with a stop; a subtitle that begins with its dash."""
    for passage in brief.prose:
        if passage.kind not in ("heading", "title") and not _is_caption(passage):
            continue
        final = _FINAL.search(passage.text) if passage.text.strip("。，：；、．,:;. \n") else None
        if final is not None:
            where = Words("末尾", "ends with")
            yield found(passage, *final.span(), "", where=where, mark=final[0].strip())
        first = _FIRST.match(passage.text) if passage.element.tag == "subtitle" else None
        if first is not None and first.end() < len(passage.text):
            where = Words("開頭", "begins with")
            yield found(passage, *first.span(), "", where=where, mark=first[0].strip())


_LONGEST_HEADING = 40
"""Most characters of a paragraph that may be a heading."""
_BLOCKS = ("p", "disp-quote", "fig", "table-wrap", "list")


@rule(
    Code(
        "H005",
        title=Words("段落當標題用", "paragraph instead of a heading"),
        message=Words("這一段像是標題：{reason}", "this paragraph looks like a heading: {reason}"),
        hint=Words(
            "寫成 <sec><title>…</title>，目次與編號才有它", "write <sec><title>…</title>: contents need it"
        ),
        why=Words(
            "標題要標成標題，才進得了目次，報讀軟體也才認得；編號由程式產生。",
            "Only a heading marked as one is in the contents, gets a label and is known to screen readers.",
        ),
        bad="<p><bold>美國的立場</bold></p><p>文。</p>",
        good='<sec id="s2"><title>美國的立場</title><p>文。</p></sec>',
        severity=Severity.WARNING,
    ),
    within="section",
)
def paragraph_as_heading(brief: Reading) -> Iterator[Finding]:
    """A short paragraph, all in bold or with a label, without a stop, and text behind it."""
    for passage in brief.prose:
        reason = _heading_reason(passage)
        if reason is not None:
            yield found(passage, 0, len(passage.text), reason=reason)


def _heading_reason(passage: Passage) -> Words | None:
    text, following = passage.text.strip(), passage.element.getnext()
    if passage.kind != "body" or passage.element.tag != "p" or following is None or following.tag not in _BLOCKS:
        return None
    parent = passage.element.getparent()
    if parent is None or parent.tag not in (_SECTION, "body") or not 0 < len(text) <= _LONGEST_HEADING:
        return None
    if text[-1] in "。！？；，、…" or _is_bold(following):
        return None
    if _is_bold(passage.element) and following.tag == "p":
        return Words("整段粗體，沒有句號", "all of it is bold, and it has no stop")
    label = _LABEL.match(text)
    if label is not None and label["sure"] and text[-1] not in "：:」』）" and following.tag == "p":
        after = "".join(following.itertext()).strip()
        if not _LABEL.match(after) and not after.startswith(("第", "其")):
            return Words(f"開頭是「{label[0].strip()}」，沒有句號", "it begins with a label, and has no stop")
    return None


def _is_bold(paragraph: Element) -> bool:
    """Whether all the words of a paragraph are bold."""
    if (paragraph.text or "").strip() or not len(paragraph):
        return False
    return all(
        child.tag in ("bold", "fn") and not (child.tail or "").strip()
        for child in paragraph
        if isinstance(child.tag, str)
    ) and any(child.tag == "bold" for child in paragraph)


_EMS_IN_A_LINE = 18
"""Full-width characters in a line of a title (layouts/print/a4.css: 36 × 10.5 pt in 21 pt)."""


@rule(
    Code(
        "H009",
        title=Words("題名太長", "long title"),
        message=Words(
            "題名有{width}個字寬，印出來超過兩行（一行{line}個字）",
            "the title is {width} ems wide: more than two lines of {line}",
        ),
        hint=Words("縮短，或把後半移到副題（subtitle）", "shorten it, or make a subtitle of the second half"),
        why=Words(
            "題名也印在封面、目次與頁眉上；超過兩行，目次就不容易讀。",
            "Titles also stand on the cover, in the contents and in running heads; two lines are enough.",
        ),
        bad=_article(
            "<article-title>從區域全面經濟夥伴協定的談判過程看東亞各國在全球供應鏈重組之下的貿易政策選擇</article-title>"
        ),
        good=_article(
            "<article-title>供應鏈重組下東亞各國的貿易政策</article-title>"
            "<subtitle>從區域全面經濟夥伴協定的談判看起</subtitle>"
        ),
        severity=Severity.NOTE,
    ),
    within="article",
)
def long_title(brief: Reading) -> Iterator[Finding]:
    """A title of more than two lines."""
    for passage in brief.prose:
        if passage.kind == "title" and passage.element.tag == "article-title":
            width = sum(1 if unicodedata.east_asian_width(each) in "WF" else 0.5 for each in passage.text)
            if width > 2 * _EMS_IN_A_LINE:
                yield found(passage, 0, len(passage.text), width=round(width), line=_EMS_IN_A_LINE)


_COMMON = re.compile("(?:小結|結語|結論|前言|引言|背景|分析|影響|意涵|建議|展望|比較|現況|案例|定義|爭議)+")


@rule(
    Code(
        "H010",
        title=Words("標題重複", "heading used twice"),
        message=Words("標題「{heading}」用了兩次", "the heading “{heading}” stands twice"),
        hint=Words("改其中一個，讀者在目次裡才分得清", "change one of them: the contents can't tell them apart"),
        why=Words(
            "兩節同名，目次裡分不出誰是誰；多半是複製段落時忘了改。",
            "Two sections of one name can't be told apart; often a copy that was not changed.",
        ),
        bad=_sections("各國的反應", "各國的反應"),
        good=_sections("美國的反應", "日本的反應"),
        severity=Severity.WARNING,
    ),
    within="body",
)
def duplicated_heading(brief: Reading) -> Iterator[Finding]:
    """A heading that an earlier section has; a short general one (小結) may stand in each section."""
    beside: dict[tuple[Element | None, str], Passage] = {}
    anywhere: dict[str, Passage] = {}
    for passage, section, _ in _headings(brief):
        heading = re.sub(r"\s", "", passage.text)
        if not heading:
            continue
        first = beside.setdefault((section.getparent(), heading), passage)
        if first is passage and not _COMMON.fullmatch(heading):
            first = anywhere.get(heading, passage)
        anywhere.setdefault(heading, passage)
        if first is not passage:
            also = (first.place(0, len(first.text)),)
            yield found(passage, 0, len(passage.text), also=also, heading=passage.text.strip())


# Paragraphs

_ENDS = "。．.！？!?…"
_CLOSERS = '」』）)》〉”’】］〕"'
_BROKEN = "，、；,"


@rule(
    Code(
        "H011",
        title=Words("段落沒有結束", "paragraph without an end"),
        message=Words("這一段{how}", "this paragraph {how}"),
        hint=Words("補上句號；要是話沒說完，把缺的補上", "add the stop, or the words that are missing"),
        why=Words(
            "段落以句號、問號或驚嘆號結束（教育部《重訂標點符號手冊》修訂版，句號）；沒有的，多半是漏了或被切斷了。",
            "A paragraph ends with a stop; one that doesn't has lost it, or more.",
        ),
        bad="<p>談判雖然延長了九十天，雙方對關稅的分歧仍然沒有縮小</p>",
        good="<p>談判雖然延長了九十天，雙方對關稅的分歧仍然沒有縮小。</p>",
        severity=Severity.WARNING,
    ),
    within="section",
)
def unfinished_paragraph(brief: Reading) -> Iterator[Finding]:
    """A paragraph of the text that ends without a stop, or with a comma."""
    for passage in brief.passages:
        if not _is_running(passage) or _heading_reason(passage) is not None:
            continue
        text = _without_call(passage)
        last = text.rstrip(_CLOSERS)
        if not last or last[-1] in _ENDS or text[0] in "（(":
            continue
        at, words = len(text) - 1, None
        if text[-1] in _BROKEN and not _leads_on(passage, text[-1]):
            words = Words(f"停在「{text[-1]}」", f"breaks off at “{text[-1]}”")
        elif text[-1] in "：:" and not _is_followed(passage):
            words = Words("停在冒號，後面沒有東西", "ends with a colon, and nothing follows")
        elif text[-1] not in "；：:—─" and _is_sentence(text) and passage.zones[at] != ADDRESS:
            words = Words("末尾沒有句號", "has no stop at its end")
        if words is not None:
            yield found(passage, at, at + 1, how=words)


def _without_call(passage: Passage) -> str:
    """The text without a note called once more at its end."""
    text = passage.text.rstrip()
    while text.endswith(REFERENCE):
        xref = passage.flat.piece(len(text) - 1).node
        if xref.get("ref-type") not in ("fn", "author-notes") or xref.get("specific-use"):
            break
        text = text[:-1].rstrip()
    return text


def _is_running(passage: Passage) -> bool:
    """Whether a passage is a paragraph of the text or of an abstract: no list, no quotation, no cell."""
    parent = passage.element.getparent()
    if passage.note is not None or passage.element.tag != "p" or parent is None:
        return False
    return parent.tag in (_SECTION, "body", "abstract", "trans-abstract")


def _leads_on(passage: Passage, mark: str) -> bool:
    """Whether a paragraph may end with a comma or ；: before a quotation or a list, or as a point of several."""
    following = passage.element.getnext()
    return following is not None and (mark == "；" or following.tag in ("disp-quote", "list"))


def _is_followed(passage: Passage) -> bool:
    return passage.element.getnext() is not None


def _is_sentence(text: str) -> bool:
    """Whether words are long enough, or have a comma or a stop, as a line of a list or a signature hasn't."""
    return len(text) >= 15 and re.search("[，。；]|[a-z], ", text) is not None


# Counting in the text

_COUNTED = re.compile(
    rf"(?P<word>第(?P<a>{_NUMERAL})(?:[，：]|、(?!第)|[點項][，：])|其(?P<b>{_NUMERAL})[，、：])"
    rf"|(?P<bracket>[（(](?P<c>{_NUMERAL}|[0-9]{{1,2}})[)）])|(?P<label>(?P<d>{_NUMERAL}|[0-9]{{1,2}})(?:、|[.．](?![0-9]))(?![一二三四五六七八九十0-9]))"
)
_DEEPEST = 5
"""Most enumerations that are open at once."""
_BEGINS = re.compile(r"(?:\A|[。；：！？，])[ 　]*\Z")


@rule(
    Code(
        "H013",
        title=Words("條列的次序斷了", "enumeration out of order"),
        message=Words("「{here}」前面是「{before}」", "“{here}” comes after “{before}”"),
        hint=Words("核對：漏了一點，還是編號打錯", "see whether a point is missing, or a number is wrong"),
        why=Words(
            "「第一、第二、第四」讓讀者去找第三；多半是刪改之後沒有重編。",
            "After first and second the reader looks for the third; often a number left over from an edit.",
        ),
        bad="<p>第一，成本太高。</p><p>第二，時間太短。</p><p>第四，人力不足。</p>",
        good="<p>第一，成本太高。</p><p>第二，時間太短。</p><p>第三，人力不足。</p>",
        severity=Severity.WARNING,
    ),
    within="section",
)
def broken_enumeration(brief: Reading) -> Iterator[Finding]:
    """第一 … 第二 … 第四; （一） … （三）: the numbers at the start of clauses in one section, by their form."""
    open_at: dict[tuple[Element | None, str], list[tuple[int, str]]] = {}
    for passage in brief.prose:
        if passage.kind != "body":
            continue
        for each in _COUNTED.finditer(passage.text):
            form = _form_of(passage, each)
            if form is None:
                continue
            words, number = each[0].strip("，、：:.．"), value(each["a"] or each["b"] or each["c"] or each["d"])
            series = open_at.setdefault((passage.element.getparent(), form), [])
            if number == 1:
                series.append((1, words))
                del series[:-_DEEPEST]
                continue
            fitting = next((at for at in range(len(series) - 1, -1, -1) if series[at][0] + 1 == number), None)
            if fitting is not None:
                del series[fitting + 1 :]
            elif series and 1 < number <= 20:
                yield found(passage, *each.span(), here=words, before=series[-1][1])
            if series:
                series[-1] = (number, words)


def _form_of(passage: Passage, label: re.Match[str]) -> str | None:
    """The form of a number in an enumeration; None where it is something else."""
    start, end = label.span()
    if passage.zones[start] != OWN or end >= len(passage.text):
        return None
    begins = _BEGINS.search(passage.text, max(0, start - 2), start) if start else True
    if not begins or (label["label"] and start > 0):
        return None
    figures = "0" if label[0].strip("（(")[0].isdigit() else "一"
    return f"{label.lastgroup}{figures}{label[0][0] if label['word'] else ''}"


_ANNOUNCED = re.compile(
    r"(?:以下|下列|如下|[有為出動取括供以]|提供|包含|共計?)的?(?P<said>[兩二三四五六七八九])(?:大|個|項|種|條|點|面)"
    r"[^，。；：！？、第]{0,12}[：。，；]"
)
_POINTS = tuple(
    re.compile(rf"(?:\A|(?<=[。；，：、！]))(?:{form})")
    for form in (
        "(?P<n>[一二三四五六七八九])(?:是|為|則|乃)",
        "其(?P<n>[一二三四五六七八九])(?:，|、|：|是|為)",
        "[（(](?P<n>[一二三四五六七八九])[)）]",
        "[（(](?P<n>[1-9])[)）]",
        "(?P<n>[①-⑨])",
    )
)
_FURTHER = re.compile("最後|再者|再次|此外|另外|另[一有]|末了|以及[一-九]?是")


@rule(
    Code(
        "H018",
        title=Words("預告的項數與所列的不合", "announced items and those that follow"),
        message=Words("這裡說有{said}項，下文列了{last}項", "{said} are announced here, {last} follow"),
        hint=Words("補上或刪去一項，或改數字", "add or delete one, or change the number"),
        why=Words(
            "讀者照著數；數目不合，不是漏了一項，就是增補之後沒有改數字。",
            "Readers count: either an item is missing, or one was added and the number forgotten.",
        ),
        bad="<p>未來將推動以下三點：一是培訓，二是通報，三是演練，四是採購。</p>",
        good="<p>未來將推動以下四點：一是培訓，二是通報，三是演練，四是採購。</p>",
        severity=Severity.WARNING,
    ),
    within="section",
)
def announced_items(brief: Reading) -> Iterator[Finding]:
    """以下三點 before 一是 … 四是, 其一 … 其四, （一） … （四） or a list of four; 第一 … 第四 is for D043."""
    for passage in brief.prose:
        announced = list(_ANNOUNCED.finditer(passage.text))[:50] if passage.kind == "body" else []
        for each, following in zip(announced, [*announced[1:], None], strict=False):
            end = following.start() if following is not None else len(passage.text)
            said, last = value(each["said"].replace("兩", "二")), _listed(passage, each.end(), end)
            if passage.zones[each.start("said")] == OWN and last and last != said:
                yield found(passage, *each.span("said"), said=said, last=last)


def _listed(passage: Passage, start: int, end: int) -> int:
    """How many items follow an announcement; 0 where they have no numbers, or the last may have none."""
    text = passage.text[start - 1 : end]
    following = passage.element.getnext()
    if start == len(passage.text.rstrip()) and following is not None and following.tag == "list":
        return len(following.findall("list-item"))
    for form in _POINTS:
        numbers = [each for each in form.finditer(text) if passage.zones[start - 1 + each.start("n")] == OWN]
        counted = [value(each["n"]) for each in numbers]
        if len(counted) > 1 and counted == list(range(1, len(counted) + 1)) and numbers[0].start() <= _SOON:
            return 0 if _FURTHER.search(text, numbers[-1].end()) else len(counted)
    return 0


_SOON = 20
"""How many characters after its announcement an enumeration begins at the latest."""


# Figures and tables

_NO_ALTERNATIVE = re.compile(
    r"(?:圖|圖片|照片|相片|示意圖|圖表|圖說|附圖|插圖|表格?|截圖|無|image|photo|figure|picture|chart|table|alt)?"
    r"\s*[0-9一二三四五六七八九十]*[。.]?|\S+\.(?:png|jpe?g|svg|gif|webp|tiff?)",
    re.IGNORECASE,
)


@rule(
    Code(
        "H006",
        title=Words("替代文字沒說圖裡有什麼", "alternative text that says nothing"),
        message=Words("替代文字{what}", "the alternative text {what}"),
        hint=Words(
            "寫出看不到圖的讀者會錯過什麼：有哪些部分、數字多少、關係如何",
            "say what a reader who can't see it would miss: its parts, figures, relations",
        ),
        why=Words(
            "替代文字是寫給看不到圖的人；圖說他們已經讀到了（WCAG 2.2, 1.1.1）。",
            "It is for those who can't see the picture; its caption they have read already (WCAG 2.2, 1.1.1).",
        ),
        bad='<fig id="f1"><caption><title>港口的位置</title></caption><alt-text>圖片</alt-text>'
        '<graphic xlink:href="figures/map.png"/></fig>',
        good='<fig id="f1"><caption><title>港口的位置</title></caption><alt-text>地圖：港口在島的西岸。'
        '</alt-text><graphic xlink:href="figures/map.png"/></fig>',
        severity=Severity.WARNING,
    ),
    within="section",
)
def empty_alternative(brief: Reading) -> Iterator[Finding]:
    """An alternative text that is the caption again, a file name or 圖片."""
    for passage in brief.passages:
        parent = passage.element.getparent()
        if passage.element.tag != "alt-text" or parent is None or not passage.text.strip():
            continue
        title = parent.find("caption/title")
        caption = "".join(title.itertext()) if title is not None else ""
        if _bare(passage.text) == _bare(caption):
            what = Words("照抄圖說", "repeats the caption")
        elif _NO_ALTERNATIVE.fullmatch(passage.text.strip()):
            what = Words(f"只有「{passage.text.strip()}」", f"is only “{passage.text.strip()}”")
        else:
            continue
        yield found(passage, 0, len(passage.text), what=what)


def _bare(text: str) -> str:
    return re.sub(r"\W|^圖\d*|^表\d*", "", text)


def _sourced(brief: Reading) -> Uses:
    """The captions of figures and tables, with or without a source below."""
    uses: dict[str, list[Use]] = {}
    for passage in brief.prose:
        block = next(passage.element.iterancestors("fig", "table-wrap"), None) if _is_caption(passage) else None
        if block is not None and passage.text:
            said = "".join("".join(node.itertext()) for node in block.iterfind("caption/p"))
            said += "".join("".join(node.itertext()) for node in block.iterfind("table-wrap-foot/p"))
            has = block.find("attrib") is not None or re.search("來源|出處|Source", said)
            uses.setdefault("sourced" if has else "bare", []).append(Use(passage, 0, len(passage.text)))
    return uses


@rule(
    Code(
        "H007",
        title=Words("圖表沒有資料來源", "figure without a source"),
        message=Words(
            "「{caption}」沒有資料來源；{where}其他{count}個圖表都有",
            "“{caption}” has no source; the other {count} of {where} have one",
        ),
        hint=Words("補上 <attrib>資料來源：…</attrib>；自製的寫「作者自製」", "add an <attrib>"),
        why=Words("圖表的數字要讓讀者查得到；自己畫的也要說。", "Readers must be able to look the figures up."),
        bad=(
            _table("2021年的數字", 1, "<attrib>資料來源：財政部。</attrib>")
            + _table("2022年的數字", 2, "<attrib>資料來源：財政部。</attrib>")
            + _table("2023年的數字", 3)
        ),
        good=(
            _table("2021年的數字", 1, "<attrib>資料來源：財政部。</attrib>")
            + _table("2022年的數字", 2, "<attrib>資料來源：財政部。</attrib>")
            + _table("2023年的數字", 3, "<attrib>資料來源：財政部。</attrib>")
        ),
        severity=Severity.NOTE,
    ),
    within="section",
)
def figure_without_source(brief: Reading) -> Iterator[Finding]:
    """A figure or table without a source, where half of the brief, or most of the issue, have one."""
    own = used(brief, _sourced)
    bare, sourced = own.get("bare", ()), own.get("sourced", ())
    if bare and len(bare) <= len(sourced) < CLEAR * len(bare):
        for use in bare:
            words = use.passage.text[use.start : use.end]
            where = Words("本篇", "this brief")
            yield found(use.passage, use.start, use.end, caption=words, where=where, count=len(sourced))
        return
    for each in against_practice(brief, _sourced):
        if each.form == "bare":
            yield each.finding(caption=each.words)


_TYPED_FIGURE = re.compile(
    r"(?:(?<=[，。；：、（(「如見由從據依在與和及參照於而對將以照\s])|^)"
    rf"(?P<kind>[圖表]) ?(?P<number>{_NUMERAL}|{_FIGURES})"
    r"(?=所[示列述]|中[，的可]|可[知見]|顯示|說明|指出|呈現|為[^了何]|是[^否]|[）)，。；、]|之|的|[與和及至]|\s|$)"
)


@rule(
    Code(
        "H015",
        title=Words("圖表的參照是打上去的", "typed reference to a figure"),
        message=Words("「{words}」是打上去的號碼{doubt}", "“{words}” is a typed number{doubt}"),
        hint=Words("寫成 {link}", "write {link}"),
        why=_GENERATED,
        bad="<p>如表1所示，數字逐年增加。</p>" + _table("歷年的數字"),
        good='<p>如<xref ref-type="table" rid="t1"/>所示，數字逐年增加。</p>' + _table("歷年的數字"),
        severity=Severity.WARNING,
    ),
    within="section",
)
def typed_figure_reference(brief: Reading) -> Iterator[Finding]:
    """圖1, 表二 in the text of a brief that has figures or tables."""
    blocks = {
        kind: [*brief.source.root.iterfind(f"body//{tag}")] for kind, tag in (("圖", "fig"), ("表", "table-wrap"))
    }
    if not any(blocks.values()):
        return
    for passage in chain(brief.prose, brief.notes):
        if passage.kind not in ("body", "note"):
            continue
        for typed in _TYPED_FIGURE.finditer(passage.text):
            of_kind, number = blocks[typed["kind"]], value(typed["number"])
            if not of_kind or not passage.is_own(*typed.span()):
                continue
            fits = 0 < number <= len(of_kind)
            counted = Words(f"，而本篇只有{len(of_kind)}個", f", and there are only {len(of_kind)}")
            name = of_kind[number - 1].get("id", "…") if fits else "…"
            ref_type = "fig" if typed["kind"] == "圖" else "table"
            link = f'<xref ref-type="{ref_type}" rid="{name}"/>'
            doubt = "" if fits else counted
            yield found(passage, typed.start("kind"), typed.end(), words=typed[0], doubt=doubt, link=link)


_POINTED_AT = re.compile("[上下附如見][列述]?[圖表]|[圖表] ?[0-9一二三四五六七八九十]")


@rule(
    Code(
        "H016",
        title=Words("正文沒有提到的圖表", "figure that the text never mentions"),
        message=Words("正文沒有提到「{caption}」", "the text never refers to “{caption}”"),
        hint=Words(
            '在說到它的地方加 <xref ref-type="{ref_type}" rid="{name}"/>',
            'add <xref ref-type="{ref_type}" rid="{name}"/> where the text speaks of it',
        ),
        why=Words(
            "圖表會因版面移動，讀者要靠正文的「如圖1」知道何時該看（CMOS 17, 第3章）。",
            "Figures move with the page; the text tells readers when to look (CMOS 17, chapter 3).",
        ),
        bad="<p>數字逐年增加。</p>" + _table("歷年的數字"),
        good='<p>如<xref ref-type="table" rid="t1"/>所示，數字逐年增加。</p>' + _table("歷年的數字"),
        severity=Severity.NOTE,
    ),
    within="section",
)
def unmentioned_figure(brief: Reading) -> Iterator[Finding]:
    """A figure or table that no reference leads to, in a text that has no 如圖1 or 下表 either."""
    captions = [passage for passage in brief.prose if _is_caption(passage)]
    if not captions:
        return
    named = {xref.get("rid") for xref in brief.source.root.iter("xref")}
    if any(
        _POINTED_AT.search(each.text) for each in chain(brief.prose, brief.notes) if each.kind in ("body", "note")
    ):
        return
    for passage in captions:
        block = next(passage.element.iterancestors("fig", "table-wrap"), None)
        if block is not None and passage.text and block.get("id") not in named:
            ref_type = "fig" if block.tag == "fig" else "table"
            values = {"caption": passage.text, "ref_type": ref_type, "name": block.get("id", "…")}
            yield Finding(passage.place(0, len(passage.text)), values)


# Metadata


@rule(
    Code(
        "H008",
        title=Words("焦點類別", "focus category"),
        message=Words("焦點類別「{subject}」{problem}", "the focus category “{subject}” {problem}"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "焦點類別是本刊的分類，用詞固定（vocabulary.toml 的 focus），一類寫一個 subject。",
            "Focus categories are the periodical's own list (focus in vocabulary.toml), one subject each.",
        ),
        bad=_article("<article-title>題名</article-title>", _focus("國際情勢", "國際情勢")),
        good=_article("<article-title>題名</article-title>", _focus("國際情勢", "印太區域")),
        severity=Severity.WARNING,
    ),
    within="article",
)
def focus_category(brief: Reading) -> Iterator[Finding]:
    """A category that is not in the house vocabulary, stands twice, or is several in one."""
    known, seen = brief.issue.vocabulary.focus, set[str]()
    for passage in brief.passages:
        if passage.element.tag != "subject" or not passage.text.strip():
            continue
        subject = passage.text.strip()
        problem = advice = None
        if subject in seen:
            problem, advice = Words("寫了兩次", "stands twice"), Words("刪去一個", "delete one")
        elif re.search("[、，,；;／/]", subject) and subject not in known:
            problem = Words("不只一類", "is more than one")
            advice = Words("一類寫一個 <subject>", "write one <subject> for each")
        elif known and subject not in known:
            problem = Words("不在本刊的類別裡", "is not on the list")
            near = get_close_matches(subject, known, 1)
            listed = near[0] if near else "、".join(sorted(known))
            advice = Words(f"改成「{listed}」" if near else f"改成其中之一：{listed}", f"use one of: {listed}")
        seen.add(subject)
        if problem is not None and advice is not None:
            yield found(passage, 0, len(passage.text), subject=subject, problem=problem, advice=advice)


@rule(
    Code(
        "H017",
        title=Words("關鍵詞", "keyword"),
        message=Words("關鍵詞「{keyword}」{problem}", "the keyword “{keyword}” {problem}"),
        hint=Words(
            "一個詞寫一個 <kwd>，詞與詞之間的標點由版面加", "one <kwd> for each; the layout puts marks between"
        ),
        why=Words(
            "關鍵詞供檢索；幾個詞寫在一起，就檢索不到。", "Keywords are looked up; several in one are not found."
        ),
        bad="<kwd-group><kwd>關稅、談判</kwd></kwd-group>",
        good="<kwd-group><kwd>關稅</kwd><kwd>談判</kwd></kwd-group>",
        severity=Severity.WARNING,
    ),
    within="article-meta",
)
def several_keywords(brief: Reading) -> Iterator[Finding]:
    """A keyword that is several, stands twice in its group, or ends with a stop."""
    seen: set[tuple[Element | None, str]] = set()
    for passage in brief.passages:
        keyword = passage.text.strip()
        if passage.element.tag != "kwd" or not keyword:
            continue
        key = passage.element.getparent(), keyword.casefold()
        problem = None
        if re.search("[、；;，]|, ", keyword):
            problem = Words("不只一個詞", "is more than one")
        elif keyword[-1] in "。.，,":
            problem = Words("末尾有標點", "ends with a mark")
        elif key in seen:
            problem = Words("寫了兩次", "stands twice")
        seen.add(key)
        if problem is not None:
            yield found(passage, 0, len(passage.text), keyword=keyword, problem=problem)


# Quotations without a source

_MEDIA = (
    "通訊社|通信社|日報|時報|晚報|早報|郵報|新聞網|新聞社|電視台|電視臺|電台|廣播公司|週刊|周刊|雜誌|中央社|新華社|共同社|朝中社|韓聯社|塔斯社"
    "|路透社?|法新社|美聯社|彭博社?|BBC|CNN|NHK|CNBC|Reuters|AFP|Bloomberg|Politico|Axios"
)
_MEDIUM = re.compile(
    rf"(?P<medium>《[^《》]{{2,24}}》|{_MEDIA})[^。！？《》「」]{{0,16}}?"
    "(?:報導|報道|披露|引述|刊登|刊文|評論|社論|專文|撰文|指出|寫道|指稱)"
)
_NAME_BEFORE = re.compile("(?:根據|依據|引述|據|依)?(?P<name>[\u4e00-\u9fff]{0,6})\\Z")
_LONGEST_SENTENCE = 1000


@rule(
    Code(
        "H014",
        title=Words("引用的話沒有註", "quotation without a note"),
        message=Words(
            "這句引了{medium}的原話，到這一段結束都沒有註",
            "these words of {medium} have no note before the paragraph ends",
        ),
        hint=Words("在引文後面加註，寫明出處", "add a note with the source behind the quotation"),
        why=Words(
            "直接引用別人的話，要註明出處，讀者才能核對（CMOS 17, 14.1）。",
            "Words taken from others are given with their source (CMOS 17, 14.1).",
        ),
        bad="<p>《乙日報》報導，部長坦言「這一次的談判比前兩次都要困難」。雙方同意再談。</p>",
        good='<p>《乙日報》報導，部長坦言「這一次的談判比前兩次都要困難」。<fn id="fn1"><p>趙一，〈甲篇〉，'
        "《乙日報》，2021年5月6日。</p></fn>雙方同意再談。</p>",
        severity=Severity.NOTE,
    ),
    within="section",
)
def uncited_quotation(brief: Reading) -> Iterator[Finding]:
    """The very words of a named paper or report, with no note from there to the end of the paragraph."""
    running = [passage for passage in brief.prose if passage.kind == "body"]
    for passage, following in zip(running, [*running[1:], None], strict=False):
        media = list(_MEDIUM.finditer(passage.text)) if "「" in passage.text else []
        sentences = _Sentences(passage if media else None)
        for said in media:
            start, end = sentences.around(said.start())
            medium = _name(passage.text, said)
            if passage.zones[said.start()] not in (OWN, NAMED) or _is_law(medium.strip("《》")):
                continue
            quotation = _last_quotation(passage, said.end(), end)
            if quotation is not None and not _is_noted(sentences, start, following):
                yield found(passage, *quotation, medium=medium)


def _is_law(title: str) -> bool:
    """Whether a title is that of a law or a treaty, which is quoted by its article."""
    return kinds.is_law(title) or title.endswith(("憲章", "章程", "法案", "協定", "協議", "規約", "綱要"))


def _name(text: str, said: re.Match[str]) -> str:
    """The name of a medium, with what stands before 日報 or 通訊社."""
    if said["medium"][0] == "《" or said["medium"][0].isascii():
        return said["medium"]
    before = _NAME_BEFORE.search(text, max(0, said.start() - 8), said.start())
    return (before["name"] if before else "") + said["medium"]


def _last_quotation(passage: Passage, start: int, end: int) -> tuple[int, int] | None:
    """The last 「…」 of a stretch in which someone is quoted."""
    if end - start > _LONGEST_SENTENCE or QUOTED not in passage.zones[start:end]:
        return None
    last = passage.text.rfind("」", start, end)
    first = passage.text.rfind("「", start, last)
    return (first, last + 1) if start <= first < last else None


class _Sentences:
    """The sentences of a passage, which end with 。！？ outside quotations, and the notes at them."""

    def __init__(self, passage: Passage | None) -> None:
        if passage is None:
            self.ends, self.noted = [0], list[int]()
            return
        marks = (at for at, mark in enumerate(passage.text) if mark in "。！？" and passage.zones[at] != QUOTED)
        self.ends = [*(at + 1 for at in marks), len(passage.text)]
        references = (at for at, mark in enumerate(passage.text) if mark == REFERENCE)
        self.noted = sorted([*(index for index, _ in passage.calls), *references])

    def around(self, at: int) -> tuple[int, int]:
        """The sentence that a character stands in."""
        index = min(bisect_right(self.ends, at), len(self.ends) - 1)
        return self.ends[index - 1] if index else 0, self.ends[index]

    def is_noted(self, start: int, end: int) -> bool:
        """Whether a note is called, or something referred to, between two places."""
        return bisect_left(self.noted, start) < bisect_right(self.noted, end)


def _is_noted(sentences: _Sentences, start: int, following: Passage | None) -> bool:
    """Whether a note is called behind the sentence before or from there on, or at the next paragraph's first."""
    if sentences.is_noted(start, sentences.ends[-1]):
        return True
    beyond = _Sentences(following)
    return beyond.is_noted(0, beyond.around(0)[1]) if following is not None else False

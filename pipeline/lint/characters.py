"""Rules about characters that look right, or like nothing, and are others than they seem.

They come along when text is copied from the web, a PDF or an old file; searching, copying and reading aloud fail.
Most of them are looked for in every stretch of text of the file, whatever it is.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import partial

from lxml import etree

from pipeline.diagnostics import Code, Edit, Severity, Words
from pipeline.lint.marks import (
    CHINESE,
    CLOSING,
    HAN,
    HAN_OR_MARK,
    LATIN,
    LINK,
    OPENING,
    POINTS,
    Use,
    Uses,
    is_own,
    settled,
    tongues,
)
from pipeline.lint.reading import QUOTED, TITLED, Reading, once
from pipeline.lint.rules import Finding, found, rule
from pipeline.parse import LANG, Source
from pipeline.profiles import primary

Element = etree._Element

_NAMES = {
    "\u00ad": "軟連字號",
    "\u0085": "換行控制字元",
    "\u200b": "零寬空格",
    "\u2028": "行分隔符",
    "\u2029": "段落分隔符",
    "\ufeff": "位元組順序記號（BOM）",
    **dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "文字方向控制字元"),
}
_INVISIBLE = re.compile(r"([\x80-\x9f\u00ad\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff])\1*")
_BREAKS = "\u0085\u2028\u2029"
_DELETE = Words(
    "刪去它；多半是從網頁、PDF或Word複製時帶進來的",
    "delete it; such characters come along when text is copied from the web, a PDF or Word",
)
_BREAK = Words("刪去它；要另起一段，就寫 </p><p>", "delete it; for another paragraph, write </p><p>")


@rule(
    Code(
        "R040",
        title=Words("看不見的字元", "invisible character"),
        message=Words("這裡有看不見的字元 {point}（{name}）", "here is an invisible character, {point} ({name})"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "看不見的字元會讓搜尋與複製出錯，文字方向控制字元還會讓讀者看到的次序與原文不同（Unicode UAX #9）。",
            "They break searching and copying; those for the direction show words in another order (UAX #9).",
        ),
        bad="臺灣&#x200B;研究",
        good="臺灣研究",
        severity=Severity.WARNING,
    )
)
def invisible_character(brief: Reading) -> Iterator[Finding]:
    """A control character, a blank of no width, a soft hyphen or a control of direction; a run counts once."""
    for node, which, text in brief.source.stretches():
        for each in _INVISIBLE.finditer(text):
            character, span = each[1], each.span()
            english = unicodedata.name(character, "control character").lower()
            values = {
                "point": f"U+{ord(character):04X}",
                "name": Words(_NAMES.get(character, "控制字元"), english),
                "advice": _BREAK if character in _BREAKS else _DELETE,
            }
            fix = _exchanged(brief.source, node, which, span, "") if _may_go(text, span) else ()
            yield Finding(brief.source.text_place(node, which, *span), values, fix)


def _may_go(text: str, span: tuple[int, int]) -> bool:
    """Whether a run of invisible characters can be deleted unseen.

    A line break between two letters may stand for a blank, a control character for a mark of another encoding,
    and controls of direction have a use in Arabic and Hebrew.
    """
    start, end = span
    character = text[start]
    if not (text[:start].strip() or text[end:].strip()):
        return False
    if character in _BREAKS:
        return bool(HAN_OR_MARK.match(text, end) or (start and HAN_OR_MARK.match(text, start - 1)))
    if unicodedata.category(character) == "Cc":
        return False
    return character in "\u00ad\u200b\ufeff" or not _RIGHT_TO_LEFT.search(text)


_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def _exchanged(source: Source, node: Element, which: str, span: tuple[int, int], text: str) -> tuple[Edit, ...]:
    """The edit that puts `text` in the place of some characters of a stretch."""
    start, end = source.text_bytes(node, which, *span)
    return () if b"<" in source.data[start:end] else (Edit(start, end, text),)


def _lang(node: Element, which: str) -> str:
    """The primary language a stretch is marked with; empty where it has that of the document."""
    around = node if which == "text" else node.getparent()
    while around is not None:
        lang = around.get(LANG)
        if lang:
            return primary(lang)
        around = around.getparent()
    return ""


_BESIDE_HAN = f"[{HAN}{POINTS}{OPENING}{CLOSING}…—]"
_WIDE_OR_DASH = re.compile(_BESIDE_HAN)
_BLANK = re.compile(
    f"[\u1680\u2000-\u200a\u202f\u205f]+(?=[^\\s])|\u00a0+(?={_BESIDE_HAN})|\u00a0(?<={_BESIDE_HAN}.)\u00a0*(?=[^\\s])"
)


@rule(
    Code(
        "C001",
        title=Words("特殊的空格", "odd blank"),
        message=Words("這裡的空格是 {point}（{name}）", "this blank is {point} ({name})"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "寬窄不一的空格看不出差別，斷行與搜尋卻不同；間隙由排版決定（本刊的寫作格式；UAX #14）。",
            "Such blanks break lines and match searches differently; gaps are made by the setting (UAX #14).",
        ),
        bad="美國&#xA0;MP公司",
        good="美國MP公司",
        severity=Severity.WARNING,
    )
)
def odd_blank(brief: Reading) -> Iterator[Finding]:
    """A thin, narrow or other odd blank; a no-break blank beside Han, where none is typed."""
    for node, which, text in brief.source.stretches():
        for each in _BLANK.finditer(text):
            start, end = each.span()
            if not start or text[start - 1].isspace():
                continue
            wide = _WIDE_OR_DASH.match(text, start - 1) or _WIDE_OR_DASH.match(text, end)
            values = {
                "point": f"U+{ord(each[0][0]):04X}",
                "name": unicodedata.name(each[0][0], "?").lower(),
                "advice": _NO_BLANK if wide else _PLAIN_BLANK,
            }
            fix = _exchanged(brief.source, node, which, (start, end), "" if wide else " ")
            yield Finding(brief.source.text_place(node, which, start, end), values, fix)


_NO_BLANK = Words("刪去它；中文旁邊不打空格", "delete it; no blank is typed beside Chinese")
_PLAIN_BLANK = Words("改成一般的空格", "type an ordinary blank")

_JOINER = re.compile(
    "[\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200c-\u200f\u2060-\u2064\u206a-\u206f\u2800\u3164\uffa0"
    "\U000e0001\U000e0020-\U000e007f]+|[\ufe00-\ufe0e](?<=[^\u2190-\u2bff\U0001f000-\U0001faff].)"
)
_NEEDS_JOINERS = re.compile(
    "[\u0590-\u0dff\u1000-\u109f\u1780-\u18af\U0001f000-\U0001faff\u2600-\u27bf\ufb1d-\ufdff]"
)
_SCRIPT_OF_OLD_HANGUL = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]")


@rule(
    Code(
        "C002",
        title=Words("沒有作用的格式字元", "format character without use"),
        message=Words("這裡有看不見的格式字元 {point}（{name}）", "here is a hidden character, {point} ({name})"),
        hint=Words(
            "刪去它；多半是從網頁或通訊軟體複製時帶進來的", "delete it; copied from the web or a chat, most often"
        ),
        why=Words(
            "連字、斷字、方向等控制字元只在阿拉伯文、印度諸文字或表情符號裡有作用；在中文、英文裡只會妨礙搜尋。",
            "Joiners and marks of direction work in Arabic, Indic scripts and emoji, and nowhere else.",
        ),
        bad="國防&#x2060;安全",
        good="國防安全",
        severity=Severity.WARNING,
    )
)
def idle_format(brief: Reading) -> Iterator[Finding]:
    """A joiner, filler, or mark of direction where no script needs it."""
    for node, which, text in brief.source.stretches():
        directed = None
        for each in _JOINER.finditer(text):
            start, end = each.span()
            around = text[max(start - 1, 0) : start] + text[end : end + 1]
            if _NEEDS_JOINERS.search(around) or _SCRIPT_OF_OLD_HANGUL.search(around):
                continue
            if directed is None:
                directed = _RIGHT_TO_LEFT.search(text) is not None
            if directed and each[0][0] in "\u200e\u200f":
                continue
            values = {
                "point": f"U+{ord(each[0][0]):04X}",
                "name": unicodedata.name(each[0][0], "?").lower(),
            }
            whole = not (text[:start].strip() or text[end:].strip())
            fix = () if whole else _exchanged(brief.source, node, which, (start, end), "")
            yield Finding(brief.source.text_place(node, which, start, end), values, fix)


_UNKNOWN = re.compile("([\ue000-\uf8ff\U000f0000-\U0010ffff\ufffd\ufdd0-\ufdef])\\1*")


@rule(
    Code(
        "C003",
        title=Words("讀不出的字元", "character without meaning"),
        message=Words("{point} 是{what}", "{point} is {what}"),
        hint=Words("{advice}", "{advice}"),
        why=Words(
            "私人造字區的字只在造字的電腦上看得到；U+FFFD 表示轉碼時已經遺失原來的字（Unicode 23.5、23.8）。",
            "Private-use characters exist on one computer only; U+FFFD stands for a character already lost "
            "(Unicode 23.5, 23.8).",
        ),
        bad="林&#xE001;先生",
        good="林堃先生",
        severity=Severity.WARNING,
    )
)
def unknown_character(brief: Reading) -> Iterator[Finding]:
    """A private-use character, the replacement character, or a noncharacter."""
    for node, which, text in brief.source.stretches():
        for each in _UNKNOWN.finditer(text):
            point = f"U+{ord(each[1]):04X}"
            what, advice = (_LOST, _FROM_SOURCE) if each[1] == "\ufffd" else (_PRIVATE, _REAL)
            if "\ufdd0" <= each[1] <= "\ufdef":
                what = _NONE
            elif "\uf020" <= each[1] <= "\uf0ff":
                advice = _SYMBOL
            values = {"point": point, "what": what, "advice": advice}
            yield Finding(brief.source.text_place(node, which, *each.span()), values)


_LOST = Words("轉碼失敗留下的符號，原來的字已經不見了", "what is left of a character lost in conversion")
_PRIVATE = Words("私人造字區的字，別的電腦看不到", "a private-use character that no other computer shows")
_NONE = Words("不是字元的碼", "no character")
_FROM_SOURCE = Words("對照原文補上", "supply it from the source")
_REAL = Words("改用正式的字；字典與全字庫查得到", "use the encoded character; dictionaries have it")
_SYMBOL = Words(
    "多半是Symbol或Wingdings字型的項目符號；改成正式的符號或刪去", "a sign of Symbol or Wingdings, most often"
)

_COMPATIBLE = re.compile("[\uf900-\ufad9\U0002f800-\U0002fa1d]+")
_RADICAL = re.compile("[\u2e80-\u2fd5]+")
_RADICALS = dict(
    zip(
        "⺄⺆⺈⺋⺌⺎⺒⺗⺝⺟⺠⺥⺧⺩⺬⺮⺶⺷⺹⺼⺽⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻗⻘⻙⻚⻛⻜⻝⻞⻢⻣⻤⻥⻦⻧⻨⻩⻬⻯⻰⻱⻲",
        "乙冂刀㔾小兀巳心月母民爪牛王示竹羊羊耂月臼虎衣西西见角言贝车辶辶辶邑金長長长门阜雨青韦页风飞食食马骨鬼鱼鸟卤麦黄齐竜龙龜亀",
        strict=True,
    )
)
_LOOK_ALIKE = Words(
    "部首與相容字看來一樣，碼卻不同，搜尋不到，朗讀也讀錯；多半是從PDF複製時帶進來的（Unicode 18.1；NFC）。",
    "Radicals and compatibility ideographs look the same and are other characters; copied from PDF, most often.",
)


@rule(
    Code(
        "C004",
        title=Words("相容漢字", "compatibility ideograph"),
        message=Words("「{typed}」是相容字（{point}）", "“{typed}” is a compatibility ideograph ({point})"),
        hint=Words("改成「{plain}」（{wanted}）", "type “{plain}” ({wanted})"),
        why=_LOOK_ALIKE,
        bad="國家安全&#xF967;變",
        good="國家安全不變",
        severity=Severity.WARNING,
    )
)
def compatibility_ideograph(brief: Reading) -> Iterator[Finding]:
    """An ideograph of the compatibility blocks, in titles too; those of Japanese names stay in Japanese."""
    for node, which, text in brief.source.stretches():
        for each in _COMPATIBLE.finditer(text):
            plain = unicodedata.normalize("NFC", each[0])
            if plain != each[0] and _lang(node, which) != "ja":
                yield _replaced(brief.source, node, which, each.span(), each[0], plain)


@rule(
    Code(
        "C005",
        title=Words("部首當成了字", "radical for an ideograph"),
        message=Words(
            "「{typed}」是部首的符號（{point}），不是字", "“{typed}” is a radical ({point}), no ideograph"
        ),
        hint=Words("改成「{plain}」（{wanted}）", "type “{plain}” ({wanted})"),
        why=_LOOK_ALIKE,
        bad="&#x2F08;&#x2F12;資源",
        good="人力資源",
        severity=Severity.WARNING,
    )
)
def radical(brief: Reading) -> Iterator[Finding]:
    """A sign of the blocks of radicals in the place of the ideograph it looks like."""
    for node, which, text in brief.source.stretches():
        for each in _RADICAL.finditer(text):
            plain = "".join(_RADICALS.get(one, unicodedata.normalize("NFKC", one)) for one in each[0])
            start, end = each.span()
            if text[max(start - 1, 0) : start] == "「" and text[end : end + 1] == "」":
                continue
            yield _replaced(brief.source, node, which, (start, end), each[0], plain)


def _replaced(source: Source, node: Element, which: str, span: tuple[int, int], typed: str, plain: str) -> Finding:
    sure = plain != typed and not _RADICAL.search(plain)
    values = {
        "typed": typed,
        "plain": plain if sure else "？",
        "point": _points(typed),
        "wanted": _points(plain) if sure else "？",
    }
    fix = _exchanged(source, node, which, span, plain) if sure else ()
    return Finding(source.text_place(node, which, *span), values, fix)


def _points(text: str) -> str:
    return "、".join(f"U+{ord(each):04X}" for each in text[:4]) + ("…" if len(text) > 4 else "")


_PARTS = re.compile("[\u0300-\u036f\u3099\u309a\u1161-\u1175\u11a8-\u11c2]")
_DECOMPOSED = re.compile(
    f"[{LATIN}\u0370-\u03ff\u0400-\u04ff][\u0300-\u036f]+|[\u3040-\u30ff][\u3099\u309a]|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?"
    "|[\uac00-\ud7a3][\u11a8-\u11c2]"
)


@rule(
    Code(
        "C006",
        title=Words("拆開的字母", "decomposed characters"),
        message=Words("「{typed}」由{count}個字元拼成", "“{typed}” is put together of {count} characters"),
        hint=Words("改成合成的「{plain}」；外觀相同", "type the composed “{plain}”; it looks the same"),
        why=Words(
            "macOS的檔名與有些PDF會把字母和符號、韓文的聲母和韻母拆開；合成的形式（NFC）才搜尋得到（UAX #15）。",
            "File names of macOS and some PDFs take letters and accents, or Hangul, apart; NFC puts them together "
            "(UAX #15).",
        ),
        bad="Erdog&#x306;an",
        good="Erdoğan",
        severity=Severity.WARNING,
    )
)
def decomposed(brief: Reading) -> Iterator[Finding]:
    """Letters with accents, kana with voiced marks and Hangul that are not composed, in titles too."""
    for node, which, text in brief.source.stretches():
        done = 0
        for each in _DECOMPOSED.finditer(text) if _PARTS.search(text) else ():
            start, end = each.span()
            if start < done:
                continue
            while (more := _DECOMPOSED.match(text, end)) is not None:
                end = more.end()
            done, typed = end, text[start:end]
            plain = unicodedata.normalize("NFC", typed)
            if plain != typed:
                values = {"typed": typed, "plain": plain, "count": len(typed)}
                fix = _exchanged(brief.source, node, which, (start, end), plain)
                yield Finding(brief.source.text_place(node, which, start, end), values, fix)


_PRESENTED = {
    **dict(zip("︐︑︒︓︔︕︖︰", "，、。：；！？：", strict=True)),
    **dict(zip("︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄", "（）｛｝〔〕【】《》〈〉「」『』", strict=True)),
    **dict(zip("﹐﹑﹔﹕﹖﹗﹙﹚﹛﹜﹝﹞", "，、；：？！（）｛｝〔〕", strict=True)),
    **dict(zip("｡､", "。、", strict=True)),
    "︙": "……",
    "﹪": "％",
}
_PRESENTATION = re.compile(f"[{''.join(_PRESENTED)}]+")


@rule(
    Code(
        "C007",
        title=Words("小型、直排或半形的標點", "small, vertical or half-width forms of marks"),
        message=Words("「{typed}」是{what}", "“{typed}” is {what}"),
        hint=Words("改成「{plain}」；直排時由版面轉向", "type “{plain}”; the layout turns it in vertical lines"),
        why=Words(
            "這些字元只為舊的字碼而設，字型多半沒有，搜尋不到（Unicode 6.2，CJK Compatibility Forms）。",
            "These characters exist for old encodings only; fonts lack them and searching misses them.",
        ),
        bad="煤炭﹑石油與天然氣",
        good="煤炭、石油與天然氣",
        severity=Severity.WARNING,
    )
)
def presentation_form(brief: Reading) -> Iterator[Finding]:
    """A small, vertical or half-width form of a mark."""
    for passage in brief.passages:
        for each in _PRESENTATION.finditer(passage.text):
            start, end = each.span()
            if tongues(passage)[start] == LINK:
                continue
            plain = "".join(_PRESENTED[one] for one in each[0])
            zones = passage.zones[start:end]
            what = _VERTICAL if each[0][0] < "\ufe45" else _SMALL if each[0][0] < "\ufe70" else _HALF_WIDTH
            sure = TITLED not in zones and QUOTED not in zones
            yield found(passage, start, end, plain if sure else None, typed=each[0], plain=plain, what=what)


_VERTICAL = Words("直排專用的形式", "the form for vertical lines")
_SMALL = Words("小型的形式", "the small form")
_HALF_WIDTH = Words("半形的形式", "the half-width form")

_LIGATURE = re.compile("[\ufb00-\ufb06]+")


@rule(
    Code(
        "C008",
        title=Words("連字的字元", "ligature character"),
        message=Words("「{typed}」是連在一起的字元（{point}）", "“{typed}” is a ligature ({point})"),
        hint=Words("改成「{plain}」；連字由字型決定", "type “{plain}”; ligatures are the font's business"),
        why=Words(
            "PDF複製出來的ﬁ、ﬂ是一個字元，搜尋office找不到（Unicode 23.1）。",
            "The ligatures of a PDF are one character; searching for office does not find them.",
        ),
        bad="U.S. Department of Defense of&#xFB01;cials",
        good="U.S. Department of Defense officials",
        severity=Severity.WARNING,
    )
)
def ligature(brief: Reading) -> Iterator[Finding]:
    """ﬁ, ﬂ, ﬀ … as one character, in titles too."""
    for node, which, text in brief.source.stretches():
        for each in _LIGATURE.finditer(text):
            plain = unicodedata.normalize("NFKC", each[0])
            yield _replaced(brief.source, node, which, each.span(), each[0], plain)


_TWINS = dict(
    zip(
        "АВЕЅІЈКМНОРСТХУаеѕіјорсхуΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
        "ABESIJKMHOPCTXYaesijopcxyABEZHIKMNOPTYXo",
        strict=True,
    )
)
_TWIN = "".join(_TWINS)
_TWIN_LETTER = re.compile(f"[{_TWIN}]")
_MIXED = re.compile(rf"[{LATIN}]{{0,40}}[{_TWIN}][{LATIN}{_TWIN}]{{0,40}}")


@rule(
    Code(
        "C009",
        title=Words("混進別種文字的字母", "letter of another script"),
        message=Words("「{word}」裡的{letters}不是拉丁字母", "{letters} in “{word}” is no Latin letter"),
        hint=Words("改成「{plain}」", "type “{plain}”"),
        why=Words(
            "西里爾、希臘字母裡有些和拉丁字母一模一樣，混進去就搜尋不到，也可能是冒名的網址（UTS #39）。",
            "Some Cyrillic and Greek letters look like Latin ones, and searching fails (UTS #39).",
        ),
        bad="Сhina Daily",
        good="China Daily",
        severity=Severity.WARNING,
    )
)
def mixed_scripts(brief: Reading) -> Iterator[Finding]:
    """A Cyrillic or Greek letter among the Latin letters of a word."""
    for passage in brief.passages:
        for each in _MIXED.finditer(passage.text) if _TWIN_LETTER.search(passage.text) else ():
            start, end = each.span()
            others = [letter for letter in each[0] if letter in _TWINS]
            if len(each[0]) - len(others) < 2 or _FOREIGN_LETTER.match(passage.text, end):
                continue
            if start and _FOREIGN_LETTER.match(passage.text, start - 1):
                continue
            plain = "".join(_TWINS.get(letter, letter) for letter in each[0])
            letters = "、".join(f"{letter}（U+{ord(letter):04X}）" for letter in dict.fromkeys(others))
            sure = is_own(passage, start, end)
            yield found(passage, start, end, plain if sure else None, word=each[0], letters=letters, plain=plain)


_FOREIGN_LETTER = re.compile("[\u0370-\u03ff\u0400-\u052f]")


_ZERO = re.compile("(?<=[一二三四五六七八九])[○〇０OＯ]{1,2}(?=[一二三四五六七八九年])")


@once
def _zeros(brief: Reading) -> Uses:
    uses: dict[str, list[Use]] = {}
    for passage in brief.passages:
        for each in _ZERO.finditer(passage.text):
            if is_own(passage, *each.span()) and tongues(passage)[each.start()] == CHINESE:
                uses.setdefault(each[0][0], []).append((passage, *each.span()))
    return uses


@rule(
    Code(
        "C010",
        title=Words("「〇」的寫法不一", "forms of 〇 vary"),
        message=Words(
            "「{shown}」的零打成 {typed}（{point}）{practice}",
            "the zero of “{shown}” is {typed} ({point}){practice}",
        ),
        hint=Words("改成 {form}（{wanted}）", "type {form} ({wanted})"),
        why=Words(
            "數字的〇是U+3007；○是圓圈，Ｏ是字母，搜尋「二〇二五」都找不到。",
            "The zero of Han numerals is U+3007; the circle and the letter are other characters.",
        ),
        bad="二〇二四年、二〇二五年與二○二六年",
        good="二〇二四年、二〇二五年與二〇二六年",
        severity=Severity.WARNING,
    )
)
def varying_zero(brief: Reading) -> Iterator[Finding]:
    """A circle for 〇 where the brief has 〇 otherwise; a letter or an Arabic zero always."""
    uses = _zeros(brief)
    decided = settled(brief, uses, _zeros, clear=1)
    form = decided.form if decided and decided.form in "〇○" else "〇"
    for typed, places in uses.items():
        if typed == form or (typed in "〇○" and decided is None):
            continue
        said: Words | str = ""
        if decided is not None and decided.form == form:
            where, count = decided.where, decided.count
            said = Words(f"，{where.zh}多半用 {form}（{count}處）", f"; {where.en} mostly has {form} ({count})")
        for passage, start, end in places:
            shown = passage.text[max(start - 2, 0) : end + 2]
            yield found(
                passage,
                start,
                end,
                form * (end - start),
                shown=shown,
                typed=typed,
                form=form,
                point=f"U+{ord(typed):04X}",
                wanted=f"U+{ord(form):04X}",
                practice=said,
            )


_KANA = {"ー": "一", "エ": "工", "カ": "力", "ニ": "二", "ロ": "口"}
_KANA_IN_HAN = re.compile(f"(?<=[{HAN}])[{''.join(_KANA)}](?=[{HAN}])")


@rule(
    Code(
        "C011",
        title=Words("片假名當成了漢字", "katakana for an ideograph"),
        message=Words("「{shown}」裡的 {typed} 是片假名（{point}）", "{typed} in “{shown}” is katakana ({point})"),
        hint=Words("多半是「{plain}」；對照原文", "“{plain}”, most likely; look at the source"),
        why=Words(
            "片假名的ニ、エ、ロ和漢字二、工、口看來一樣，碼不同；多半是文字辨識的錯。",
            "These katakana look like ideographs and are others; a mistake of character recognition, most often.",
        ),
        bad="鋼鐵エ業衰退，出口減少。",
        good="鋼鐵工業衰退，出口減少。",
        severity=Severity.WARNING,
    )
)
def katakana(brief: Reading) -> Iterator[Finding]:
    """One katakana that looks like an ideograph, between Han of a Chinese sentence."""
    for passage in brief.passages:
        text, said = passage.text, tongues(passage)
        for each in _KANA_IN_HAN.finditer(text):
            start, end = each.span()
            if said[start - 1] == CHINESE and said[end] == CHINESE and passage.zones[start] != TITLED:
                yield found(
                    passage,
                    start,
                    end,
                    typed=each[0],
                    shown=text[start - 1 : end + 1],
                    point=f"U+{ord(each[0]):04X}",
                    plain=_KANA[each[0]],
                )


_SQUARED = {"㎜": "mm", "㎝": "cm", "㎞": "km", "㎎": "mg", "㎏": "kg", "㏄": "cc", "㎡": "m²", "℃": "°C"}
_UNIT = re.compile(rf"(?<=[0-9])[ ]?(?P<unit>[{''.join(_SQUARED)}]|(?:mm|cm|km|mg|kg|cc|m²|°C)(?![A-Za-z²³/]))")


def _units(unit: str, brief: Reading) -> Uses:
    squared = next(sign for sign, plain in _SQUARED.items() if plain == unit)
    uses: dict[str, list[Use]] = {squared: [], unit: []}
    for passage in brief.passages:
        for each in _UNIT.finditer(passage.text):
            if each["unit"] in uses and is_own(passage, *each.span("unit")):
                uses[each["unit"]].append((passage, *each.span("unit")))
    return uses


@rule(
    Code(
        "C012",
        title=Words("單位符號的字元不一", "characters of a unit vary"),
        message=Words(
            "單位打成「{typed}」，{where}多半用「{form}」（{count}處）",
            "the unit is “{typed}”; {where} mostly has “{form}” ({count})",
        ),
        hint=Words("改成「{form}」", "write “{form}”"),
        why=Words(
            "㎞、㎏是為舊字碼留的一個字元，km、kg是字母；同一篇用一種，才搜尋得到（Unicode 22.3）。",
            "㎞ and ㎏ are single characters of old encodings; a text should have one form.",
        ),
        bad="射程300km、500km與800㎞。",
        good="射程300km、500km與800km。",
        severity=Severity.WARNING,
    )
)
def varying_unit(brief: Reading) -> Iterator[Finding]:
    """A squared sign of a unit where the brief has letters, or the other way round."""
    text = "".join(passage.text for passage in brief.passages)
    for sign, plain in _SQUARED.items():
        if sign not in text or plain not in text:
            continue
        uses = _units(plain, brief)
        decided = settled(brief, uses, partial(_units, plain), clear=1)
        for typed, places in uses.items() if decided else ():
            if decided is None or typed == decided.form:
                continue
            form, where, count = decided.form, decided.where, decided.count
            for passage, start, end in places:
                yield found(passage, start, end, form, typed=typed, form=form, where=where, count=count)

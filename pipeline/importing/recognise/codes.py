"""What recognising may doubt, I020 to I049: a warning asks the editor to look, a note tells what was decided."""

from pipeline.diagnostics import Code, Severity, Words

_LOOK = Words(
    "稿件裡只有文字和樣子，沒有說這一段是什麼；程式不確定時照原樣留著，請編輯決定。",
    "A manuscript has words and looks, and does not say what they are; what is not certain is kept as it is, "
    "and the editor decides.",
)
_NUMBERS = Words(
    "註號、節次與圖表號都由程式計算；稿件裡打字的號碼要能對上，才能改成程式算的號碼。",
    "Numbers are computed; typed ones are replaced only where they match.",
)
_NOTHING_LOST = Words(
    "稿件的文字一個也不能少；不能照原樣放進文章的，要讓編輯知道。",
    "No word of a manuscript is lost; what can't stand in a brief as it is, the editor is told.",
)


def _warning(code: str, title: Words, message: Words, hint: Words, why: Words = _LOOK) -> Code:
    message = Words(f"第{{number}}段{{quoted}}：{message.zh}", f"paragraph {{number}} {{quoted}}: {message.en}")
    return Code(code, title=title, message=message, hint=hint, why=why, severity=Severity.WARNING)


def _note(code: str, title: Words, message: Words, hint: Words, why: Words = _LOOK) -> Code:
    message = Words(f"第{{number}}段{{quoted}}：{message.zh}", f"paragraph {{number}} {{quoted}}: {message.en}")
    return Code(code, title=title, message=message, hint=hint, why=why, severity=Severity.NOTE)


NOTHING = Code(
    "I020",
    title=Words("稿件沒有內容", "nothing in the manuscript"),
    message=Words("稿件裡沒有文字", "there is no text in the manuscript"),
    hint=Words("開啟檔案，確定文字不在圖片裡", "open the file; its text may be a picture"),
    why=_NOTHING_LOST,
)
TITLE_GUESSED = _note(
    "I021",
    Words("由樣子看出的題名", "title told by its look"),
    Words("作為題名（{reason}）", "taken as the title ({reason})"),
    Words("看一看題名對不對", "see whether it is the title"),
)
TITLE_MISSING = _warning(
    "I022",
    Words("找不到題名", "no title found"),
    Words("找不到題名，暫用「{title}」", "no title found; “{title}” is put in its place"),
    Words("改寫 article-title", "correct the article-title"),
)
FRONT_UNKNOWN = _warning(
    "I023",
    Words("文前看不懂的一行", "a line before the text that is not understood"),
    Words("在題名與正文之間，看不出是什麼，{decided}", "between title and text, not understood; {decided}"),
    Words(
        "作者、單位、類別放在 front；不是文章的就刪去",
        "move it into the front, or delete it",
    ),
)
KEPT = Words("留在正文開頭", "kept at the beginning of the text")
AS_UNIT = Words("當作作者的單位", "taken as the unit of the author")
AUTHOR_UNSURE = _warning(
    "I024",
    Words("作者名不確定", "author not certain"),
    Words("「{name}」分不清姓與名，或分不清是人還是單位", "“{name}”: surname or kind of name not certain"),
    Words("改寫 name 或 collab", "correct the name or the collab"),
)
AUTHOR_MISSING = _warning(
    "I059",
    Words("找不到作者", "no author found"),
    Words("題名下面找不到作者", "no author found below the title"),
    Words("補上contrib-group，作者可能在正文的開頭", "write the contrib-group; the author may stand in the text"),
)
HEADING_BY_LOOK = _warning(
    "I025",
    Words("由樣子看出的標題", "heading told by its look"),
    Words(
        "沒有標題樣式，因為{reason}當作第{level}層標題", "it has no style of a heading; {reason}: level {level}"
    ),
    Words("不是標題就改成段落", "make it a paragraph if it is none"),
)
LABEL_DIFFERS = _warning(
    "I026",
    Words("標號與程式算的不同", "label differs from the computed one"),
    Words("稿件寫「{typed}」，會印成「{printed}」", "the manuscript has {typed}, {printed} will be printed"),
    Words("看是不是漏了一節或層次不對", "see whether a section is missing, or its level wrong"),
    _NUMBERS,
)
HEADING_EMPTY = _warning(
    "I027",
    Words("標題下面沒有內容", "heading without text"),
    Words("像標題，但下面沒有內容，作為段落", "looks like a heading with nothing below it; made a paragraph"),
    Words("補上內容，或確定它不是標題", "add the text, or see that it is no heading"),
)
TOO_DEEP = _warning(
    "I028",
    Words("標題太深", "heading too deep"),
    Words("在第{level}層，最多五層，放在第五層", "at level {level}; put at the fifth, the deepest"),
    Words("改成段落或條列", "make it a paragraph or a list"),
)
LABELLED_PARAGRAPH = _note(
    "I029",
    Words("有標號的段落", "paragraph with a label"),
    Words(
        "以「{label}」開頭，但像句子，作為段落", "begins with {label} and reads like a sentence; kept a paragraph"
    ),
    Words("是標題就改成 sec", "make it a section if it is a heading"),
)
ENTRY_WITHOUT_CALL = _warning(
    "I030",
    Words("註沒有註號", "note without a call"),
    Words("文中找不到註{note}的註號，註文留在文末", "nothing calls note {note}; its text is kept at the end"),
    Words("把它移到該註的字句之後", "move it behind the words it belongs to"),
    _NUMBERS,
)
CALL_WITHOUT_ENTRY = _warning(
    "I031",
    Words("註號沒有註", "call without a note"),
    Words("文末沒有註{note}，註號留作文字「{typed}」", "the list has no note {note}; the call stays as {typed}"),
    Words("向作者要註文，或刪去這個號碼", "ask the author for the note, or delete the number"),
    _NUMBERS,
)
NOTES_TYPED = _note(
    "I032",
    Words("打字的註", "typed notes"),
    Words("文末的{count}條註對上文中的註號，改成真的註", "{count} typed notes at the end became real ones"),
    Words("抽看幾條註是不是在對的位置", "check a few of them"),
    _NUMBERS,
)
QUOTATION_BY_LOOK = _note(
    "I033",
    Words("由樣子看出的引文", "quotation told by its look"),
    Words("因為{reason}當作引文", "taken as a block quotation: {reason}"),
    Words("不是引文就改成段落", "make it a paragraph if it is none"),
)
ALTERNATIVE_MISSING = _warning(
    "I034",
    Words("圖沒有替代文字", "picture without alternative text"),
    Words("稿件沒有替代文字，暫用圖題", "the manuscript has none; the caption is put in its place"),
    Words("在 alt-text 寫出圖裡有什麼", "say in alt-text what the picture shows"),
)
CAPTION_MISSING = _warning(
    "I035",
    Words("圖表沒有標題", "figure or table without a caption"),
    Words("找不到圖題或表題，暫寫「{title}」", "no caption found; “{title}” is put in its place"),
    Words("補上標題", "write the caption"),
)
CAPTION_BY_LOOK = _warning(
    "I067",
    Words("由樣子看出的圖題", "caption told by its place"),
    Words("沒有圖號，因為在圖的下面當作圖題", "it has no number; taken as the caption of the figure above it"),
    Words("不是圖題就改成段落", "make it a paragraph if it is none"),
)
CONTENTS_LEFT_OUT = _note(
    "I065",
    Words("略去的目次", "table of contents left out"),
    Words("目次{count}行沒有放進文章，目次由程式產生", "{count} lines of a table of contents, which is generated"),
    Words("看一看是不是真的目次", "see whether it is one"),
)
PICTURE_UNUSABLE = _warning(
    "I036",
    Words("圖檔不能用", "picture that can't be used"),
    Words("圖檔「{name}」{reason}", "the picture {name} {reason}"),
    Words("向作者要PNG、JPEG或SVG檔", "ask the author for a PNG, JPEG or SVG"),
    _NOTHING_LOST,
)
SOFT_RETURN = _note(
    "I037",
    Words("手動換行", "soft return"),
    Words("手動換行處{decided}", "a line was broken by hand; {decided}"),
    Words("看一看分段對不對", "see whether the paragraphs are right"),
)
LOST = _warning(
    "I038",
    Words("放不進文章的東西", "what can't be in a brief"),
    Words("{what}", "{what}"),
    Words("對照原稿，補上或改用別的方式", "compare the manuscript"),
    _NOTHING_LOST,
)
FLATTENED = _warning(
    "I039",
    Words("簡化了的結構", "structure made simple"),
    Words("{what}", "{what}"),
    Words("看一看結果對不對", "see whether the result is right"),
    _NOTHING_LOST,
)
LANGUAGE_BY_MARK = _note(
    "I040",
    Words("作者標的語言", "language set by the author"),
    Words("「{words}」照稿件標為{lang}", "“{words}” is marked as {lang}, as in the manuscript"),
    Words("不是外文就拿掉 named-content", "remove the named-content if it is none"),
)
HEADER_GUESSED = _note(
    "I041",
    Words("由樣子看出的表頭", "header row told by its look"),
    Words("第一列當作表頭（{reason}）", "the first row is taken as the header ({reason})"),
    Words("不是表頭就改成 tbody", "move it into tbody if it is none"),
)
REFERENCE_UNSURE = _warning(
    "I042",
    Words("對不上的圖表號", "figure or table number that does not match"),
    Words("文中提到「{typed}」，但{reason}，留作文字", "the text names {typed}, but {reason}; kept as words"),
    Words("改成 xref，或改正號碼", "make it an xref, or correct the number"),
    _NUMBERS,
)
UNDERLINE = _note(
    "I043",
    Words("底線", "underline"),
    Words("「{words}」的底線沒有保留", "the underline of “{words}” is not kept"),
    Words("要強調就用著重號，專名用專名號", "use emphasis marks or a proper-name mark"),
)
LEVEL_SKIPPED = _warning(
    "I044",
    Words("標題跳了一層", "heading skips a level"),
    Words("稿件是第{styled}層，上一層沒有標題，放在第{level}層", "level {styled} in the file, put at {level}"),
    Words("看一看層次對不對", "see whether the level is right"),
)
CHARACTERS = _warning(
    "I045",
    Words("XML不能有的字元", "characters that XML can't hold"),
    Words("拿掉了{count}個看不見的控制字元", "{count} control characters were dropped"),
    Words("看看那裡是不是少了字", "see whether a character is missing there"),
    _NOTHING_LOST,
)
LIST_TYPED = _note(
    "I046",
    Words("打字的條列", "typed list"),
    Words("連續{count}段以「{mark}」開頭，當作條列", "{count} paragraphs that begin with {mark} became a list"),
    Words("不是條列就改成段落", "make them paragraphs if it is none"),
)
PICTURE_IN_TEXT = _warning(
    "I047",
    Words("夾在文字裡的圖", "picture within text"),
    Words("圖移到這一段之後", "the picture was moved behind the paragraph"),
    Words("若是罕用字的圖，改用那個字", "if it shows a rare character, type the character"),
)
AUTHOR_NOTE = _note(
    "I048",
    Words("作者註", "author's note"),
    Words("當作作者註（*），不佔註號", "taken as the author's note (*), which has no number"),
    Words("要編號就改成一般的註", "make it a note if it is to be numbered"),
)
NOTE_NAMED_TWICE = _warning(
    "I049",
    Words("註號重複", "note number used twice"),
    Words("文末有兩條註{note}，只用第一條", "two entries have the number {note}; the first is used"),
    Words("改正號碼再匯入，或手動移註", "correct the numbers, or move the note"),
    _NUMBERS,
)

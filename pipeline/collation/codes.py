"""What collation says: the codes K001 to K020."""

from pipeline.diagnostics import Code, Words

_REBUILD = Words(
    "這是程式的錯，不是原稿的錯：重新產生這個版本；仍有差異，就把這一行回報",
    "the manuscript is not at fault: make the edition again; if it still differs, report this line",
)
_EDITED = Words(
    "各版本只由原稿產生：不要改做好的檔案，改原稿後重新產生；沒有人改過，就把這一行回報",
    "editions come from the source alone: mend that and build again; if nobody touched the file, report this line",
)

UNREADABLE = Code(
    "K001",
    title=Words("版本裡讀不到這一篇", "a brief that cannot be read from an edition"),
    message=Words("{edition}裡讀不到 {brief}：{reason}", "{brief} cannot be read from {edition}: {reason}"),
    hint=_REBUILD,
    why=Words(
        "每一個版本都要有每一篇；整篇不見，或檔案讀不出來，這個版本就不能發行。",
        "Every edition has every brief; one without a brief, or that cannot be read, is not handed out.",
    ),
    bad="jats/brief-1.xml, brief-2.xml；EPUB/b01.xhtml",
    good="jats/brief-1.xml, brief-2.xml；EPUB/b01.xhtml, b02.xhtml",
)
MISSING = Code(
    "K002",
    title=Words("少了一段", "a missing passage"),
    message=Words("{edition}的 {brief} 少了{where}：「{text}」", "{edition}, {brief}: {where} is missing: {text}"),
    hint=_REBUILD,
    why=Words(
        "排版、轉檔或換頁時最怕漏掉一段；每一段、每一格、每一則替代文字都與底本比對。",
        "A paragraph can be lost in setting, converting, paging: each one, each cell and alternative is compared.",
    ),
    bad="底本：甲段、乙段、丙段；EPUB：甲段、丙段",
    good="底本：甲段、乙段、丙段；EPUB：甲段、乙段、丙段",
)
ADDED = Code(
    "K003",
    title=Words("多了一段", "an added passage"),
    message=Words("{edition}的 {brief} 多了{where}：「{text}」", "{edition}, {brief}: {where} is added: {text}"),
    hint=_EDITED,
    why=Words(
        "底本沒有的文字，不是作者寫的；程式自己印的字另有帳，不會算在這裡。",
        "What the base text does not have its author did not write; generated words are accounted for elsewhere.",
    ),
    bad="底本：甲段、乙段；網頁：甲段、甲段、乙段",
    good="底本：甲段、乙段；網頁：甲段、乙段",
)
MOVED = Code(
    "K004",
    title=Words("段落順序不對", "a passage in another place"),
    message=Words(
        "{edition}的 {brief} {where}不在原來的位置：「{text}」",
        "{edition}, {brief}: {where} stands in another place: {text}",
    ),
    hint=_REBUILD,
    why=Words("同樣的段落換了順序，就是另一篇文章。", "The same paragraphs in another order are another text."),
    bad="底本：甲段、乙段；PDF：乙段、甲段",
    good="底本：甲段、乙段；PDF：甲段、乙段",
)
CHANGED = Code(
    "K005",
    title=Words("文字不同", "changed characters"),
    message=Words(
        "{edition}的 {brief} {where}{change}，在「{before}」之後",
        "{edition}, {brief}, {where}: {change}, after {before}",
    ),
    hint=_EDITED,
    why=Words(
        "逐字與底本比對，形近字、漏掉的一行、少一個標點都算；只有空白依檔案格式整理過。",
        "Compared character by character: a look-alike, a lost line, a lost mark; only blanks are folded.",
    ),
    bad="底本：已經；EPUB：己經",
    good="底本：已經；EPUB：已經",
)
NOTE_MISSING = Code(
    "K006",
    title=Words("少了一則註", "a missing note"),
    message=Words(
        "{edition}的 {brief} 少了註{note}：「{text}」", "{edition}, {brief}: note {note} is missing: {text}"
    ),
    hint=_REBUILD,
    why=Words("每一則註都與底本比對。", "Every note is compared with the base text."),
    bad="底本：註1、註2、註3；EPUB：註1、註3",
    good="底本：註1、註2、註3；EPUB：註1、註2、註3",
)
NOTE_SWAPPED = Code(
    "K007",
    title=Words("註的內容是另一則的", "a note with the text of another"),
    message=Words(
        "{edition}的 {brief} 註{note}印的是註{other}的內容：「{text}」",
        "{edition}, {brief}: note {note} has the text of note {other}: {text}",
    ),
    hint=_REBUILD,
    why=Words(
        "號碼與內容錯開，讀者就查到別的出處。", "A reader who follows the number would find another source."
    ),
    bad="底本：3 甲、4 乙；PDF：3 乙、4 甲",
    good="底本：3 甲、4 乙；PDF：3 甲、4 乙",
)
NOTE_ADDED = Code(
    "K008",
    title=Words("多了一則註", "an added note"),
    message=Words(
        "{edition}的 {brief} 多了註{note}：「{text}」", "{edition}, {brief}: note {note} is added: {text}"
    ),
    hint=_EDITED,
    why=Words("底本沒有的註，或同一號碼印了兩則。", "The base text has no such note, or its number stands twice."),
    bad="底本：註1、註2；EPUB：註1、註1、註2",
    good="底本：註1、註2；EPUB：註1、註2",
)
LEADS_ASTRAY = Code(
    "K009",
    title=Words("連到別處的註號或參照", "a call or reference that leads elsewhere"),
    message=Words(
        "{edition}的 {brief} {where}「{text}」應連到{expected}，這裡連到{found}",
        "{edition}, {brief}, {where}: {text} leads to {found} instead of {expected}",
    ),
    hint=_REBUILD,
    why=Words(
        "註號、同註、圖表參照與返回連結，印的字和連到的地方要是同一個。",
        "Calls, references and back links lead to what their words name.",
    ),
    bad='<a role="doc-noteref" href="#b01-fn4">3</a>',
    good='<a role="doc-noteref" href="#b01-fn3">3</a>',
)
GENERATED = Code(
    "K010",
    title=Words("程式寫的字不對", "wrong generated words"),
    message=Words(
        "{edition}的 {brief} {where}應印「{expected}」，這裡是「{found}」",
        "{edition}, {brief}, {where}: {found} instead of {expected}",
    ),
    hint=_REBUILD,
    why=Words(
        "同註的號碼、節與圖表的標號由程式寫，錯了作者看不到，所以另外核對。",
        "Numbers of references, sections and figures are written by the program: no author would see a mistake.",
    ),
    bad="同註4（出處在註3）",
    good="同註3（出處在註3）",
)
ADDRESS = Code(
    "K011",
    title=Words("網址不同", "another address"),
    message=Words(
        "{edition}的 {brief} {where}的連結應為 {expected}，這裡是 {found}",
        "{edition}, {brief}, {where}: the link is {found} instead of {expected}",
    ),
    hint=_REBUILD,
    why=Words(
        "印出來的網址和點下去的網址都要完整。", "Both the printed address and that behind it must be whole."
    ),
    bad='<a href="https://example.org/a">https://example.org/a/b</a>',
    good='<a href="https://example.org/a/b">https://example.org/a/b</a>',
)
LANGUAGE = Code(
    "K012",
    title=Words("語言標示不同", "another language"),
    message=Words(
        "{edition}的 {brief} {where}「{text}」的語言應為 {expected}，這裡是 {found}",
        "{edition}, {brief}, {where}: the language of {text} is {found} instead of {expected}",
    ),
    hint=_REBUILD,
    why=Words(
        "字型、斷字與報讀的聲音都看語言；外語失去標示，就唸錯、排錯。",
        "Faces, hyphens and the voice of a screen reader follow the language.",
    ),
    bad="<span>World Wide Web</span>",
    good='<span lang="en">World Wide Web</span>',
)
RUBY = Code(
    "K013",
    title=Words("注音不同", "another pronunciation"),
    message=Words(
        "{edition}的 {brief} {where}「{text}」的注音應為「{expected}」，這裡是「{found}」",
        "{edition}, {brief}, {where}: the pronunciation of {text} is {found} instead of {expected}",
    ),
    hint=_REBUILD,
    why=Words("注音是文字的一部分，不能掉。", "Pronunciation is part of the text."),
    bad="曬",
    good="<ruby>曬<rt>ㄕㄞˋ</rt></ruby>",
)
STYLE = Code(
    "K014",
    title=Words("字樣不同", "another style of letters"),
    message=Words(
        "{edition}的 {brief} {where}「{text}」應為{expected}，這裡是{found}",
        "{edition}, {brief}, {where}: {text} is {found} instead of {expected}",
    ),
    hint=_REBUILD,
    why=Words(
        "上標成了平排，10²就成了102；著重號與書名號也有意思。",
        "A lost superscript makes 102 of 10²; emphasis and title marks mean something too.",
    ),
    bad="102",
    good="10<sup>2</sup>",
)
SUPPLIED = Code(
    "K015",
    title=Words("補上的出處不同", "another supplied source"),
    message=Words(
        "{edition}的 {brief} {where}「{text}」應補上「{expected}」，這裡是「{found}」",
        "{edition}, {brief}, {where}: {text} supplies {found} instead of {expected}",
    ),
    hint=_REBUILD,
    why=Words(
        "〔…〕裡的出處由程式補上，必須就是同註所指的那一則。",
        "The source in 〔…〕 is supplied by the program and must be the one that the reference names.",
    ),
    bad="同註3，頁9。",
    good="同註3〔王小明，〈題名〉〕，頁9。",
)
ROLE = Code(
    "K016",
    title=Words("段落的性質不同", "a passage of another kind"),
    message=Words(
        "{edition}的 {brief} {where}「{text}」在這裡成了{found}",
        "{edition}, {brief}, {where}: {text} has become {found}",
    ),
    hint=_REBUILD,
    why=Words(
        "引文印成內文，就成了作者自己的話；標題印成內文，目次就找不到。",
        "A quotation set as text becomes the author's own words; a heading set as text is lost to the contents.",
    ),
    bad="<p>所引的話</p>",
    good="<blockquote><p>所引的話</p></blockquote>",
)
GLYPHS = Code(
    "K017",
    title=Words("印出來的不是這個字", "glyphs that do not show their text"),
    message=Words(
        "{edition}第{page}頁的「{text}」{reason}（這一頁共{count}處）",
        "{edition}, page {page}: {text} {reason} ({count} on this page)",
    ),
    hint=Words(
        "檢查 fonts/ 宣告的字型有沒有這個字，再重新產生",
        "see whether the fonts declared in fonts/ have the character, and build again",
    ),
    why=Words(
        "PDF裡文字和字形是兩回事：文字抽得出來，紙上可能是方框、別的字型或什麼都沒有。",
        "In a PDF text and glyph are two things: what can be copied may show as a box or not at all.",
    ),
    bad="「堃」印成方框",
    good="「堃」印成「堃」",
)
PICTURE = Code(
    "K018",
    title=Words("圖檔不見了", "a missing picture"),
    message=Words(
        "{edition}的 {brief} 用到的圖「{name}」不在裡面", "{edition}, {brief}: the picture {name} is not in it"
    ),
    hint=_REBUILD,
    why=Words(
        "圖也是內容：替代文字還在，圖不見了，仍是遺漏。", "A picture is content too, even if its text is there."
    ),
    bad='<img src="figure-01.svg" alt="…"/>',
    good="EPUB/figure-01.svg",
)
PAGES = Code(
    "K019",
    title=Words("頁碼與紙本不同", "other page numbers than print"),
    message=Words(
        "{edition}的 {brief} 標的頁碼是 {found}，紙本是 {expected}",
        "{edition}, {brief}: the pages are {found}, in print {expected}",
    ),
    hint=_REBUILD,
    why=Words(
        "電子版標出紙本每一頁從哪裡開始，引用時頁碼才一致。",
        "Every edition tells where a printed page begins, so that all cite the same page.",
    ),
    bad="7、9、10",
    good="7、8、9、10",
)
RUNNING = Code(
    "K020",
    title=Words("書眉或頁碼不對", "a wrong running head or folio"),
    message=Words(
        "{edition}的 {brief} 第{page}頁的書眉與頁碼應是「{expected}」，這裡是「{found}」",
        "{edition}, {brief}, page {page}: running head and folio are {found} instead of {expected}",
    ),
    hint=_REBUILD,
    why=Words(
        "書眉是刊名或篇名，頁碼是這一頁的；抽印本沿用全期的頁碼。",
        "A running head has the title of the periodical or the brief; an offprint keeps the folios of the issue.",
    ),
    bad="抽印本第2頁：題名　2",
    good="抽印本第2頁：題名　15",
)

"""What the gate says of a manuscript that it does not let in."""

from pathlib import Path

from pipeline.diagnostics import Code, ManuscriptError, Place, Words

_SAVE = Words(
    "請作者用Word或LibreOffice另存為新的.docx檔", "have the author save it as a new .docx in Word or LibreOffice"
)
_HOSTILE = Words(
    "寄來的檔案可能是別人做來攻擊的；kan不執行也不追蹤檔案裡的任何東西，有疑慮的就不收。",
    "A file may be made to attack: kan runs and follows nothing in it, and takes none that is in doubt.",
)
_WHOLE = Words(
    "讀不全的稿件會讓文字遺失。",
    "Of a manuscript that can't be read whole, text would be lost without anybody seeing it.",
)

MISSING = Code(
    "I001",
    title=Words("找不到稿件", "no such manuscript"),
    message=Words("找不到「{name}」", "there is no file {name}"),
    hint=Words("檢查檔名與所在的資料夾", "check its name and its folder"),
    why=Words("稿件必須在指定的位置。", "A manuscript that is named must be there."),
)
NO_FILE = Code(
    "I002",
    title=Words("稿件無法讀取", "manuscript cannot be opened"),
    message=Words("「{name}」不能讀取：{reason}", "{name} cannot be opened: {reason}"),
    hint=Words("請指定一個檔案，並檢查它的權限", "name a file, and check its permissions"),
    why=Words("稿件是一個可以讀取的一般檔案。", "A manuscript is one regular file that may be read."),
)
EMPTY = Code(
    "I003",
    title=Words("稿件是空的", "empty manuscript"),
    message=Words("「{name}」裡面什麼也沒有", "{name} has nothing in it"),
    hint=Words(
        "檔案可能沒有傳完，請作者再寄一次", "it may not have been sent whole: have the author send it again"
    ),
    why=_WHOLE,
)
TOO_LARGE = Code(
    "I004",
    title=Words("稿件太大", "manuscript too large"),
    message=Words(
        "「{name}」有{size:,} MB，上限是{limit:,} MB", "{name} has {size:,} MB, the limit is {limit:,} MB"
    ),
    hint=Words("{remedy}", "{remedy}"),
    why=Words(
        "一篇文章不會這麼大；過大的檔案多半是放錯了，也可能用來癱瘓系統。",
        "No brief is that large; a huge file is a mistake or an attack.",
    ),
)
UNKNOWN = Code(
    "I005",
    title=Words("不是能匯入的格式", "a format that cannot be imported"),
    message=Words("「{name}」是{what}，不能匯入", "{name} is {what}, which cannot be imported"),
    hint=Words("{remedy}", "{remedy}"),
    why=Words("kan匯入.docx、.odt、.md、.html與.txt。", "kan imports .docx, .odt, .md, .html and .txt."),
)
MISNAMED = Code(
    "I006",
    title=Words("副檔名與內容不符", "not what its name says"),
    message=Words("「{name}」的副檔名是{ending}，內容卻是{what}", "{name} is called {ending}, but it is {what}"),
    hint=Words("{remedy}", "{remedy}"),
    why=Words(
        "副檔名不對的檔案不是弄錯了，就是想蒙混過關。",
        "A wrong ending is a mistake, or somebody tries to get past.",
    ),
)
DAMAGED = Code(
    "I007",
    title=Words("稿件損壞", "damaged manuscript"),
    message=Words("「{name}」損壞了：{reason}", "{name} is damaged: {reason}"),
    hint=Words(
        "請作者再寄一次；Word打得開的話，另存為新的.docx檔",
        "have it sent again, or saved as a new .docx if Word opens it",
    ),
    why=_WHOLE,
)
BOMB = Code(
    "I008",
    title=Words("解壓縮後太大", "unpacks to far too much"),
    message=Words("「{name}」解壓縮後太大：{reason}", "{name} unpacks to far too much: {reason}"),
    hint=_SAVE,
    why=Words(
        "小小的檔案解開後可以塞滿記憶體（zip bomb）。", "A small file can unpack to fill the memory (a zip bomb)."
    ),
)
NAMES = Code(
    "I009",
    title=Words("檔案內部的名稱不安全", "unsafe names inside the file"),
    message=Words(
        "「{name}」內部的名稱不合規定：{part}", "{name} has a part with a name that is not allowed: {part}"
    ),
    hint=_SAVE,
    why=Words(
        "重複的名稱讓不同程式讀到不同內容，../會寫到別的資料夾。",
        "Programs differ in which of two parts they read, and ../ leads out of the folder.",
    ),
)
MACROS = Code(
    "I010",
    title=Words("含有巨集", "has macros"),
    message=Words("「{name}」含有巨集（{part}）", "{name} has macros ({part})"),
    hint=Words(
        "在Word裡另存為「Word文件（.docx）」，巨集就不會存進去",
        "save it in Word as a Word Document (.docx), which keeps no macros",
    ),
    why=_HOSTILE,
)
EXTERNAL = Code(
    "I011",
    title=Words("連到檔案外面", "leads out of the file"),
    message=Words("「{name}」會從檔案外面載入{what}：{target}", "{name} loads {what} from outside: {target}"),
    hint=Words(
        "在Word的「檔案→資訊→編輯檔案的連結」裡中斷連結（圖片選「將圖片儲存於文件中」），再存檔",
        "break the link in Word (File, Info, Edit Links to Files; of a picture: save it in the document), save",
    ),
    why=_HOSTILE,
)
EMBEDDED = Code(
    "I012",
    title=Words("內嵌其他檔案", "has another file inside"),
    message=Words("「{name}」內嵌了{what}（{part}）", "{name} has {what} inside ({part})"),
    hint=Words(
        "在Word裡刪去內嵌的物件，或把它改成圖片或一般文字，再存檔",
        "delete the object in Word, or make it a picture or plain text, then save",
    ),
    why=_HOSTILE,
)
ENTITIES = Code(
    "I013",
    title=Words("XML裡有宣告", "declarations in the XML"),
    message=Words("「{name}」的「{part}」有{what}", "{part} of {name} has {what}"),
    hint=_SAVE,
    why=Words(
        "Word和LibreOffice不會寫這種宣告；它能用來偷讀檔案或塞滿記憶體（XXE、billion laughs）。",
        "Word and LibreOffice never write one; it can read files or fill the memory (XXE, billion laughs).",
    ),
)
PASSWORD = Code(
    "I014",
    title=Words("有密碼", "has a password"),
    message=Words("「{name}」有密碼保護，打不開", "{name} is protected by a password"),
    hint=Words(
        "請作者移除密碼再存檔（Word：「檔案→資訊→保護文件→以密碼加密」，清空密碼）",
        "have the author save it without (Word: File, Info, Protect Document, Encrypt with Password, empty it)",
    ),
    why=_WHOLE,
)
OLD_WORD = Code(
    "I015",
    title=Words("舊版Word檔", "an old Word file"),
    message=Words("「{name}」是舊版Word的.doc檔", "{name} is a .doc file of an old Word"),
    hint=Words("用Word或LibreOffice另存為.docx", "save it as .docx in Word or LibreOffice"),
    why=Words(
        "舊格式沒有公開、完整的讀法，註與樣式讀不準。",
        "The old format can't be read reliably, notes and styles least of all.",
    ),
)
ENCODING = Code(
    "I016",
    title=Words("認不出文字編碼", "unknown encoding"),
    message=Words("「{name}」的文字編碼認不出來", "the encoding of {name} is not known"),
    hint=Words("用文字編輯器另存為UTF-8", "save it as UTF-8 in a text editor"),
    why=Words("編碼猜錯，整篇會變成亂碼。", "With a wrong guess the whole text is garbled."),
)
UNREAD = Code(
    "I019",
    title=Words("稿件讀不出來", "a manuscript that cannot be read"),
    message=Words("「{name}」讀不出來：{reason}", "{name} cannot be read: {reason}"),
    hint=Words(
        "用Word或LibreOffice打開，另存為新的.docx檔，再匯入一次",
        "open it in Word or LibreOffice, save it as a new .docx and import that",
    ),
    why=_WHOLE,
)


def refused(code: Code, path: Path, **values: object) -> ManuscriptError:
    """The refusal of a manuscript in one sentence; names from inside it are cut short."""
    shown = {key: shorten(value) if isinstance(value, str) else value for key, value in values.items()}
    return ManuscriptError([code.at(Place(path), name=shorten(path.name), **shown)])


def shorten(text: str) -> str:
    """Text from outside, fit to stand in a message: one line, no control characters, not long."""
    clean = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return clean if len(clean) <= 120 else f"{clean[:119]}…"

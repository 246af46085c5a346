"""Codes: what the collation says."""

from pipeline.diagnostics import Code, Words

_OURS = Words(
    "這是匯入的缺失，不是作者的錯：請對照原稿，在XML裡補正，並把稿件寄給維護者",
    "the import is at fault, not the author: mend the XML by the manuscript, and send it to the maintainers",
)
_WHY = Words(
    "匯入不可以掉字、多字或移動註號：原稿用另一條路徑再讀一次，逐字比對。",
    "An import must not lose, add or move anything: the manuscript is read a second time by another path and "
    "compared character by character.",
)

LOST = Code(
    "I050",
    title=Words("匯入後少了字", "text lost in the import"),
    message=Words("{where}的「{text}」沒有匯入{around}", "“{text}” of {where} is not in the brief{around}"),
    hint=_OURS,
    why=_WHY,
    bad="原稿：期刊的編輯。　匯入：期刊編輯。",
    good="原稿：期刊的編輯。　匯入：期刊的編輯。",
)
ADDED = Code(
    "I051",
    title=Words("匯入後多了字", "text added in the import"),
    message=Words(
        "{where}多了原稿沒有的「{text}」{around}", "{where} has “{text}”, which the manuscript has not{around}"
    ),
    hint=_OURS,
    why=_WHY,
    bad="原稿：期刊編輯。　匯入：期刊的編輯。",
)
CHANGED = Code(
    "I052",
    title=Words("匯入後字不同", "text changed in the import"),
    message=Words(
        "{where}的「{text}」匯入後成了「{found}」{around}", "“{text}” of {where} became “{found}”{around}"
    ),
    hint=_OURS,
    why=_WHY,
    bad="原稿：2025年。　匯入：2026年。",
)
CALL_MOVED = Code(
    "I053",
    title=Words("註號不在原來的位置", "a note is called at another place"),
    message=Words(
        "註{note}原來在「{text}」之後，匯入後在「{found}」之後",
        "note {note} stood behind “{text}” and now stands behind “{found}”",
    ),
    hint=_OURS,
    why=Words("註號移了位置，註的就不是原來那句話。", "A note that moved is a note on another sentence."),
)
NOTE_LOST = Code(
    "I054",
    title=Words("匯入後少了註", "a note lost in the import"),
    message=Words("註{note}「{text}」沒有匯入", "note {note} “{text}” is not in the brief"),
    hint=_OURS,
    why=_WHY,
)
NOTE_ADDED = Code(
    "I055",
    title=Words("匯入後多了註", "a note added in the import"),
    message=Words(
        "匯入後多了原稿沒有的註「{text}」", "the brief has a note that the manuscript has not: “{text}”"
    ),
    hint=_OURS,
    why=_WHY,
)
NOTE_SWAPPED = Code(
    "I056",
    title=Words("註對調了", "notes exchanged"),
    message=Words(
        "註{note}「{text}」匯入後成了註{other}的內容", "note {note} “{text}” got the text of note {other}"
    ),
    hint=_OURS,
    why=Words("註的號碼和內容必須是原來的一對。", "A call and its note belong together."),
)
MOVED = Code(
    "I057",
    title=Words("段落移了位置", "a paragraph moved"),
    message=Words("段落「{text}」匯入後不在原來的位置", "the paragraph “{text}” stands at another place"),
    hint=_OURS,
    why=_WHY,
)
ASTRAY = Code(
    "I058",
    title=Words("同註連到別的註", "a typed reference leads to another note"),
    message=Words("{where}的「{text}」連到了註{found}", "“{text}” of {where} leads to note {found}"),
    hint=Words(
        "看看作者指的是哪一條註，改正 <xref> 的 rid", "see which note is meant, and mend the rid of the <xref>"
    ),
    why=Words(
        "連結的號碼由程式計算；連錯了，印出來的號碼就錯。",
        "The number is computed from the link: a wrong link prints a wrong number.",
    ),
)

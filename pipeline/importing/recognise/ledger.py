"""The ledger: what recognising decided along the way, what it left out of the brief and what it put in."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.diagnostics import Code, Diagnostic, Place, Words

_QUOTED = 12
"""Characters of a paragraph that a message quotes."""

BLANK = Words("空白", "blank")
CONTROL = Words("看不見的字元", "invisible character")
SOFT = Words("手動換行", "soft return")
LABEL = Words("標號，由程式產生", "label, which is generated")
CAPTION_LABEL = Words("圖表號，由程式產生", "number of a figure or table, which is generated")
MENTION = Words("正文提到的圖表號，由程式產生", "reference to a figure or table, which is generated")
NOTE_NUMBER = Words("註號，由程式產生", "note number, which is generated")
NOTES_HEADING = Words("註釋的標題", "heading of the notes")
BULLET = Words("項目符號或編號，由程式產生", "bullet or number of a list, which is generated")
FRONT_WORD = Words("文前的標籤，由版面產生", "name of a line before the text, which is generated")
FORM_LINE = Words("稿件表格的一行，不是正文", "a line of the form, no text")
SEPARATOR = Words("分隔的標點，由版面產生", "mark between parts, which is generated")
SHARED_UNIT = Words("幾位作者共有的單位", "a unit that authors share")
PROPERTY = Words("檔案的屬性", "a property of the file")
CONTENTS = Words("目錄，由版面產生", "table of contents, which is generated")
RULE_LINE = Words("分隔線", "a line of marks")
DASH = Words("引文出處前的破折號", "dash before the source of a quotation")
ALTERNATIVE = Words("替代文字暫用圖題", "alternative text taken from the caption")
PLACEHOLDER = Words("暫代的文字", "placeholder")


@dataclass(frozen=True, slots=True)
class Accounted:
    """Text of paragraph `number` that is deliberately not in the brief, or in it and not in the paragraph."""

    number: int
    text: str
    why: Words


@dataclass
class Ledger:
    """What is written down while a manuscript is recognised; `lang` is the language of the brief."""

    path: Path
    lang: str
    doubts: list[Diagnostic] = field(default_factory=list)
    accounted: list[Accounted] = field(default_factory=list)
    added: list[Accounted] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def doubt(self, code: Code, number: int, words: str, /, **values: object) -> None:
        """Note a doubt about paragraph `number`, whose first words are quoted."""
        self.doubts.append(
            code.at(Place(self.path, number or 1), **{**values, "number": number, "quoted": quoted(words)})
        )

    def drop(self, number: int, text: str, why: Words) -> None:
        """Account for text that the brief does not have."""
        typed = Accounted(number, "：", SEPARATOR)
        if why is FRONT_WORD and text.endswith("：") and typed in self.added:  # a form has no colon
            self.added.remove(typed)
            text = text[:-1]
        if text:
            self.accounted.append(Accounted(number, text, why))

    def add(self, number: int, text: str, why: Words) -> None:
        """Account for text that the manuscript does not have."""
        self.added.append(Accounted(number, text, why))


def quoted(words: str) -> str:
    """The first words of a paragraph as a message quotes them."""
    words = " ".join(words.replace("\ufffc", "").split())
    return f"「{words[:_QUOTED]}{'…' if len(words) > _QUOTED else ''}」" if words else ""

"""Rule about what a new file still asks for: the words in 〔〕 that stand where those of an editor belong."""

from pathlib import Path

from pipeline.diagnostics import Code, Severity, Words
from pipeline.parse import Source
from pipeline.validate.rules import Findings, elements, rule

PLACEHOLDERS = {
    "title": "〔題名〕",
    "author": "〔作者〕",
    "unit": "〔作者的單位與職稱〕",
    "heading": "〔這一節的標題〕",
    "paragraph": "〔正文從這裡開始〕。",
    "note": "〔註的文字〕。",
    "periodical": "〔刊名〕",
    "publisher": "〔出版者〕",
}
"""What stands for words that nobody has written yet."""
IMPORTED = ("〔圖題待補〕", "〔表題待補〕", "〔註文待補〕", "〔正文待補〕")
"""What `kan import` writes where a manuscript has nothing."""

_TEXTS = ("article-title", "collab", "aff", "title", "p", "journal-title", "publisher-name")


@rule(
    Code(
        "R062",
        title=Words("還沒寫的地方", "placeholder"),
        message=Words("「{words}」還沒有換成真正的文字", "{words} has not been replaced yet"),
        hint=Words("打上文字，連〔〕一起換掉；用不到的整個刪去", "type the words, or delete the element"),
        why=Words(
            "這是 kan new 或 kan import 留給編輯填的地方，照樣出版就會印出來。",
            "kan new or kan import left it for the editor to fill in; it would be printed as it is.",
        ),
        bad="<p>〔正文從這裡開始〕。</p>",
        good="<p>正文的第一段。</p>",
        severity=Severity.WARNING,
    ),
    within="section",
)
def placeholder(source: Source, _folder: Path) -> Findings:
    """A text that is nothing but one of the words of a skeleton."""
    known = {*PLACEHOLDERS.values(), *IMPORTED}
    for node in elements(source, *_TEXTS):
        words = (node.text or "").strip()
        if words in known:
            yield source.place(node), {"words": words}

"""A small issue for tests that set one often: two briefs of a few pages, with sections, notes and a figure."""

import shutil
from pathlib import Path

from tests.conftest import SAMPLE

WORDS = "頁碼、條號等出處細節仍由人來寫"
"""They stand in one.xml."""

_BRIEF = """<?xml version="1.0" encoding="UTF-8"?>
<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article" dtd-version="1.1" \
xml:lang="zh-Hant-TW">
<front><article-meta>
{head}
<abstract>
<p>{abstract}</p>
</abstract>
<kwd-group xml:lang="zh-Hant-TW">
<kwd>校對</kwd>
<kwd>註釋</kwd>
</kwd-group>
</article-meta></front>
<body>
{body}
</body>
</article>
"""
_FIGURE = """<fig id="fig-steps">
<caption><title>三校的次序</title></caption>
<alt-text>三個方框由左到右，依次是一校、二校與三校。</alt-text>
<graphic xlink:href="figures/steps.svg"/>
<attrib>資料來源：本刊繪製。</attrib>
</fig>"""
_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 60" width="300" height="60">
<rect x="5" y="10" width="70" height="40" fill="none" stroke="#333"/>
<rect x="115" y="10" width="70" height="40" fill="none" stroke="#333"/>
<rect x="225" y="10" width="70" height="40" fill="none" stroke="#333"/></svg>
"""
_SENTENCES = (
    "排版的人先看整面，再看一行，最後才看一個字",
    "稿子改過一回，後面的頁面就可能跟著挪動",
    "作者在意的是句子，編輯在意的是句子落在哪裡",
    "一條註釋換了位置，讀者不該因此找不到它",
    "紙本翻得快，螢幕捲得快，兩者都需要清楚的標題",
    "校樣送回來的時候，紅字往往比黑字更耐讀",
    "表格、圖與引文各有各的間距，混在一起就難看",
    "檔名取得好，十年之後仍然有人知道裡面是什麼",
)


def small_issue(folder: Path) -> Path:
    """Write the issue: one.xml on some five pages, two.xml on three."""
    (folder / "figures").mkdir(parents=True)
    (folder / "figures" / "steps.svg").write_text(_PICTURE, encoding="utf-8")
    shutil.copy(SAMPLE / "figures" / "cover.svg", folder / "figures")
    issue = (SAMPLE / "issue.xml").read_text(encoding="utf-8")
    head, _, rest = issue.partition("<contents>")
    contents = '<contents>\n<brief href="one.xml"/>\n<brief href="two.xml"/>\n</contents>'
    (folder / "issue.xml").write_text(head + contents + rest.partition("</contents>")[2], encoding="utf-8")
    note = '<fn id="fn-{0}"><p>見本刊編輯體例第{0}條。</p></fn>'
    section = '<sec id="sec-{}">\n<title>{}</title>\n{}\n</sec>'
    start = f"<p>{_paragraph(1, 200)}</p>\n<p>{_paragraph(2, 300)}{note.format(1)}</p>"
    names = (
        f"<p>{_paragraph(3, 300)}{note.format(2)}</p>\n"
        f"<p>名字不變，號碼會變。{WORDS}，程式只管號碼。{note.format(3)}</p>\n<p>{_paragraph(4, 500)}</p>"
    )
    steps = f"<p>次序如圖。{_paragraph(5, 400)}</p>\n{_FIGURE}\n<p>{_paragraph(6, 500)}</p>"
    one = [
        section.format("start", "前言", start),
        section.format("names", "名字與號碼", names),
        section.format("steps", "三校", steps),
    ]
    two = [
        section.format("paper", "紙上", f"<p>{_paragraph(7, 500)}{note.format(1)}</p>"),
        section.format("screen", "螢幕上", f"<p>{_paragraph(8, 500)}</p>"),
    ]
    _write(folder / "one.xml", "號碼由誰來編", "1", one)
    _write(folder / "two.xml", "讀者在哪裡讀", "2", two)
    return folder


def _paragraph(number: int, length: int) -> str:
    """So many characters or a few more, the same in no other paragraph."""
    text = ""
    while len(text) < length:
        at = len(text) // 20
        text += f"{_SENTENCES[(at * number + at) % len(_SENTENCES)]}，這是第{number}{at:02}處。"
    return text


def _write(path: Path, title: str, number: str, sections: list[str]) -> None:
    """A brief whose front matter is that of the sample with another title."""
    sample = (SAMPLE / "brief-5.xml").read_text(encoding="utf-8")
    head = sample.partition("<article-meta>")[2].partition("<abstract>")[0]
    groups = head.partition("<title-group>")[0], head.partition("</title-group>")[2]
    head = f"{groups[0]}<title-group><article-title>{title}</article-title></title-group>{groups[1]}"
    head = head.replace("kan.2026.11.5", f"kan.2026.11.{number}")
    abstract = "本文說明號碼與名字的分別，以及一次改動怎樣影響後面的各頁。"
    path.write_text(_BRIEF.format(head=head, abstract=abstract, body="\n".join(sections)), encoding="utf-8")

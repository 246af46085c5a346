"""Make the manuscripts again: python -m tests.manuscripts.make [NAME …]

Pandoc's, python-docx's and those written by hand come out the same each time; LibreOffice's depend on its version.
"""

import sys
from collections.abc import Callable
from dataclasses import replace

from tests.manuscripts.make.flat import convert, write_flat
from tests.manuscripts.make.habits import PLAIN, Habits, Look
from tests.manuscripts.make.markup import (
    house_reference,
    write_html,
    write_mail,
    write_markdown,
    write_pandoc,
    write_text,
)
from tests.manuscripts.make.pydocx import write_pydocx
from tests.manuscripts.make.word import GOOGLE, PAGES, WORD, WORD_FIELDS, WPS, Extras, Flavour, write_word
from tests.manuscripts.notation import Expected, expected, plain

MAKERS: dict[str, Callable[[Expected], None]] = {}


def manuscript(name: str) -> Callable[[Callable[[Expected], None]], Callable[[Expected], None]]:
    """Register how the manuscript `name` is made."""

    def register(maker: Callable[[Expected], None]) -> Callable[[Expected], None]:
        MAKERS[name] = maker
        return maker

    return register


CENTRED = "center"
TITLE = Look(size=18, bold=True, align=CENTRED)
WORD_MING = Flavour("word", WORD.ids, fields="field")
SUBTITLE = Look(size=14, align=CENTRED)
BYLINE = Look(align="right")


@manuscript("01-storage")
def _storage(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("subtitle", "——{subtitle}", Look("Subtitle")),
        ("author", "{author}", BYLINE),
        ("unit", "{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", Look()),
    )
    write_word(wanted, Habits(front=front, blanks=True, body=Look(first=24)), WORD)


@manuscript("02-pension")
def _pension(wanted: Expected) -> None:
    front = (
        ("focus", "焦點類別：{focus}", Look()),
        ("title", "{title}", Look(size=20, bold=True, align=CENTRED)),
        ("author", "{author}", Look(align=CENTRED)),
        ("unit", "{unit}", Look(align=CENTRED)),
    )
    headings = (
        Look(bold=True, size=16, label="壹、"),
        Look(bold=True, size=14, label="一、"),
        Look(bold=True, label="（一）"),
    )
    write_pydocx(wanted, Habits(front=front, headings=headings, body=Look(first=24)), font="標楷體")


@manuscript("03-chips")
def _chips(wanted: Expected) -> None:
    write_pandoc(wanted, Habits(front=()))


@manuscript("04-disinfo")
def _disinfo(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("author", "作者：{author}", Look(align=CENTRED)),
        ("unit", "單位：{unit}", Look(align=CENTRED)),
        ("focus", "焦點類別：{focusblank}", Look(align=CENTRED)),
    )
    write_flat(wanted, Habits(front=front, blanks=True), "docx")


@manuscript("05-housing")
def _housing(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}（{unit}）", BYLINE))
    headings = (Look(bold=True, size=16), Look(bold=True, size=14))
    habits = Habits(
        front=front, headings=headings, body=Look(first=24), typed_notes="1. ", quote=Look(left=24, right=24)
    )
    write_word(wanted, habits, Flavour("word", WORD.ids, theme=False, fields="plain"))


@manuscript("06-strait")
def _strait(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("subtitle", "——{subtitle}", Look()),
        ("author", "{author}\u3000{unit}", Look()),
        ("focus", "焦點類別：{focus}", Look()),
    )
    headings = (Look("Heading 2", label="一、"), Look("Heading 3", label="（一）"))
    write_markdown(wanted, Habits(front=front, headings=headings, attrib=Look(before="——")))


@manuscript("07-care")
def _care(wanted: Expected) -> None:
    front = (
        ("title", "{title}", TITLE),
        ("author", "{author}\u3000{unit}", BYLINE),
        ("author", "{second}\u3000{secondunit}", BYLINE),
        ("focus", "【焦點類別】{focus}", Look()),
    )
    headings = (Look(bold=True, size=14, label="一、"), Look(bold=True, label="(一)"))
    habits = Habits(
        front=front,
        headings=headings,
        body=Look(first=24),
        quote=Look(left=36, right=36),
        caption=Look(align=CENTRED),
        source=Look(size=10),
        all_endnotes=True,
        blanks=True,
    )
    write_flat(wanted, habits, "odt")


@manuscript("08-drought")
def _drought(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}\n{unit}", Look(align=CENTRED)))
    headings = (Look(bold=True, size=15, label="一、"), Look(bold=True, label="（一）"), Look(label="1."))
    write_word(wanted, Habits(front=front, headings=headings, body=Look(before="\u3000\u3000")), WPS)


@manuscript("09-fiji")
def _fiji(wanted: Expected) -> None:
    front = (
        ("title", "{title}", TITLE),
        ("author", "{author}", BYLINE),
        ("unit", "{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", Look()),
    )
    headings = (Look(bold=True, size=14, label="壹、"), Look(bold=True, label="一、"))
    write_html(wanted, Habits(front=front, headings=headings, body=Look(first=24)), "word")


@manuscript("10-reserve")
def _reserve(wanted: Expected) -> None:
    front = (
        ("title", "{title}：{subtitle}", Look("Title")),
        ("author", "文／{author}", Look(align=CENTRED)),
        ("unit", "{unit}", Look(align=CENTRED)),
        ("focus", "焦點類別：{focusslash}", Look(align=CENTRED)),
    )
    headings = tuple(Look(f"Heading {n}", auto="style") for n in (1, 2, 3))
    habits = Habits(
        front=front, headings=headings, body=Look(first=24), quote=Look(font="標楷體"), all_endnotes=True
    )
    write_word(wanted, habits, WORD_MING)


@manuscript("11-rates")
def _rates(wanted: Expected) -> None:
    front = (("title", "{title}", Look()), ("author", "作者：{author}（{unit}）", Look()))
    headings = (Look(label="一、"), Look(label="（一）"))
    habits = Habits(
        front=front,
        headings=headings,
        body=Look(before="\u3000\u3000"),
        typed_notes="[1] ",
        typed_call="[{n}]",
        typed_raised=False,
    )
    write_text(wanted, habits)


@manuscript("12-review")
def _review(wanted: Expected) -> None:
    front = (
        ("title", "{title}", TITLE),
        ("author", "{author}／{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", Look()),
    )
    headings = (Look(bold=True, size=14, label="壹、"), Look(bold=True, label="一、"))
    extras = Extras(
        inserted=("但沒有可操作的溯源標準，",),
        deleted=(("產業界卻抱怨：", "據說"),),
        moved=("認證的目的是讓好產品",),
        comments=(("只有兩處", "請補來源"), ("補貼便宜", "這句很好，保留")),
        joined=("這比",),
    )
    write_word(wanted, Habits(front=front, headings=headings, body=Look(first=24)), WORD_FIELDS, extras)


@manuscript("13-heat")
def _heat(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("author", "作者：{author}", Look()),
        ("focus", "焦點類別：{focus}", Look()),
    )
    write_word(wanted, Habits(front=front, blanks=True), GOOGLE)


@manuscript("14-nuclear")
def _nuclear(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("subtitle", "{subtitle}", Look("Subtitle")),
        ("author", "{author}", Look()),
        ("unit", "{unit}", Look()),
    )
    write_word(wanted, Habits(front=front), PAGES)


@manuscript("15-farm")
def _farm(wanted: Expected) -> None:
    headings = (Look("Heading 1", label="壹、"), Look("Heading 2", label="一、"))
    write_pandoc(
        wanted, Habits(front=(), headings=headings, table="表{n}：", figure="圖{n}："), reference=house_reference()
    )


@manuscript("16-courts")
def _courts(wanted: Expected) -> None:
    front = (
        ("title", "{title}", TITLE),
        ("author", "{author}（{unit}）", Look(align=CENTRED)),
        ("author", "{second}（{secondunit}）", Look(align=CENTRED)),
        ("focus", "焦點類別：{focus}", Look(align=CENTRED)),
    )
    headings = (Look(bold=True, size=16, align=CENTRED, label="第一章"), Look(bold=True, size=14, label="第一節"))
    habits = Habits(
        front=front,
        headings=headings,
        body=Look(first=24),
        quote=Look(left=48, right=24),
        table="表{c}\u3000",
        caption=Look(align=CENTRED),
        source=Look(size=10),
        replaced=(("如表1", "如表一"),),
    )
    write_pydocx(wanted, habits)


@manuscript("17-taxes")
def _taxes(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}", BYLINE), ("unit", "{unit}", BYLINE))
    headings = (Look(bold=True, size=14, label="一、"), Look(bold=True, label="1."))
    habits = Habits(front=front, headings=headings, body=Look(first=24), typed_notes="sup", typed_head="註")
    write_word(wanted, habits, WORD)


@manuscript("18-fishery")
def _fishery(wanted: Expected) -> None:
    front = (
        ("title", "{title}", TITLE),
        ("author", "{author}\u3000\u3000{unit}", Look(align=CENTRED)),
        ("focus", "焦點類別：{focus}", Look()),
    )
    headings = (Look(bold=True, size=14, label="一、"), Look(bold=True, label="１．"))
    habits = Habits(
        front=front,
        headings=headings,
        body=Look(first=24),
        typed_notes="註1：",
        typed_call="（註{n}）",
        typed_raised=False,
        typed_head="附註",
    )
    write_pydocx(wanted, habits)


@manuscript("19-bilingual")
def _bilingual(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("author", "{author}", BYLINE),
        ("unit", "{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", BYLINE),
    )
    headings = (Look("Heading 1", label="一、"), Look("Heading 2", label="（一）"))
    write_word(wanted, Habits(front=front, headings=headings, endnotes=frozenset({2, 3, 5})), WORD_FIELDS)


@manuscript("20-rail")
def _rail(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("author", "{author}（{unit}）", BYLINE),
        ("focus", "焦點類別：{focus}", Look()),
    )
    headings = (Look("Heading 1", label="壹、"), Look("Heading 2", label="一、"))
    write_flat(wanted, Habits(front=front, headings=headings, body=Look(first=24)), "docx", "odt", font="標楷體")


@manuscript("21-museum")
def _museum(wanted: Expected) -> None:
    front = (("title", "{title}", Look("Title")), ("author", "{author}", BYLINE), ("unit", "{unit}", BYLINE))
    write_flat(wanted, Habits(front=front, body=Look(first=24)), "html")


@manuscript("22-school")
def _school(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("subtitle", "{subtitle}", Look("Subtitle")),
        ("author", "{author}，{unit}", Look()),
        ("focus", "焦點類別：{focus}", Look()),
    )
    write_html(wanted, Habits(front=front, blanks=True), "google")


@manuscript("23-patent")
def _patent(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("author", "作者：{author}", Look()),
        ("unit", "單位：{unit}", Look()),
    )
    headings = (Look("Heading 2"), Look("Heading 3"))
    write_html(wanted, Habits(front=front, headings=headings))


@manuscript("24-letter")
def _letter(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}／{unit}", BYLINE), ("blank", "", Look()))
    write_pydocx(wanted, Habits(front=front, body=Look(before="\u3000\u3000")), font="標楷體")


@manuscript("25-tower")
def _tower(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("author", "{author}", BYLINE),
        ("unit", "{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", Look()),
    )
    headings = (Look("Heading 1", label="壹、"),)
    extras = Extras(
        boxes=(("公式很簡單", "最後一戶：指整合過程中最後同意的所有權人。"),),
        controls=True,
        contents=True,
        page="居住正義專輯",
        captions=True,
    )
    write_word(
        wanted, Habits(front=front, headings=headings, body=Look(first=24), figure="圖 {n}\u3000"), WORD, extras
    )


@manuscript("26-typing")
def _typing(wanted: Expected) -> None:
    front = (("title", "{title}\n——{subtitle}", TITLE), ("author", "\u3000\u3000\u3000{author}\t{unit}", BYLINE))
    headings = (Look(bold=True, size=14, label="一、\t"), Look(bold=True, before="\u3000", label="（一）"))
    replaced = (
        ("接管，", "接管， "),
        ("的期待上", "\n的期待上"),
        ("一度高達19%", "\n一度高達  19%"),
        ("全國287家", "全國 287 家"),
        ("2001年", "2001 年"),
    )
    habits = Habits(front=front, headings=headings, body=Look(before="\t"), replaced=replaced)
    write_word(wanted, habits, Flavour("word", WORD.ids, han="標楷體"))


@manuscript("27-korea")
def _korea(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("subtitle", "{subtitle}", Look("Subtitle")),
        ("author", "{author}", BYLINE),
        ("unit", "{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", BYLINE),
    )
    write_flat(wanted, Habits(front=front, body=Look(first=24)), "odt")


@manuscript("28-labels")
def _labels(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "作者：{author}", BYLINE), ("unit", "單位：{unit}", BYLINE))
    headings = (Look(label="壹、"), Look(label="一."), Look(label="（1）"))
    write_pydocx(wanted, Habits(front=front, headings=headings, body=Look(before="\u3000\u3000")))


@manuscript("29-ships")
def _ships(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("subtitle", "{subtitle}", Look("Subtitle")),
        ("author", "{author}（{unit}）", BYLINE),
        ("focus", "焦點類別：{focus}", BYLINE),
    )
    write_word(wanted, Habits(front=front, blanks=True, table="表 {n}："), WPS)


@manuscript("30-typedlists")
def _typed_lists(wanted: Expected) -> None:
    front = (
        ("title", "{title}", TITLE),
        ("author", "{author}，{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", BYLINE),
    )
    headings = (Look(bold=True, size=14, label="壹、"), Look(bold=True, label="一、"))
    write_pydocx(
        wanted, Habits(front=front, headings=headings, body=Look(first=24), order=Look(label="1. ", left=24))
    )


@manuscript("31-long")
def _long(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("subtitle", "{subtitle}", Look("Subtitle")),
        ("author", "{author}", BYLINE),
        ("unit", "{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", BYLINE),
    )
    headings = (
        Look(bold=True, size=16, label="壹、"),
        Look(bold=True, size=14, label="一、"),
        Look(bold=True, label="（一）"),
        Look(label="1."),
    )
    habits = Habits(
        front=front,
        headings=headings,
        body=Look(first=24),
        quote=Look(left=24, right=24, font="標楷體"),
        table="表{n}：",
        figure="圖{n}：",
    )
    write_word(wanted, habits, Flavour("word", WORD.ids, theme=True, cut=False))


@manuscript("32-everything")
def _everything(wanted: Expected) -> None:
    front = (
        ("focus", "焦點類別：{focus}", Look()),
        ("title", "{title}", TITLE),
        ("subtitle", "——{subtitle}", SUBTITLE),
        ("author", "{author}\u3000{unit}", BYLINE),
        ("author", "{second}\u3000{secondunit}", BYLINE),
    )
    headings = (
        Look(bold=True, size=16, label="壹、"),
        Look(bold=True, size=14, label="一、"),
        Look(bold=True, label="（一）"),
    )
    extras = Extras(
        inserted=("並以Wi-Fi 晶片為例說明",),
        deleted=(("日本以高薪", "大量"),),
        comments=(("六十五億韓元", "請再查證"),),
        boxes=(("留才的三個條件", "訪談對象共十七人，訪談時間為2025年9月至12月。"),),
        soft=("而是循環",),
    )
    habits = Habits(
        front=front,
        headings=headings,
        body=Look(first=24),
        quote=Look(font="標楷體", left=24),
        attrib=Look(font="標楷體", left=24, before="——"),
        caption=Look(align=CENTRED),
        source=Look(size=10),
        endnotes=frozenset({2, 4}),
        replaced=(("2030年", "2030 年"), ("Wi-Fi晶片", "Wi-Fi 晶片"), ("2015年", " 2015 年")),
    )
    write_word(wanted, habits, WORD_MING, extras)


@manuscript("33-water")
def _water(wanted: Expected) -> None:
    headings = (Look("Heading 1"), Look("Heading 2"))
    write_markdown(wanted, Habits(front=(), headings=headings, table="表{n}："), front_matter=True)


@manuscript("34-labour")
def _labour(wanted: Expected) -> None:
    headings = (Look("Heading 1", label="一、"), Look("Heading 2", label="（一）"))
    write_pandoc(wanted, Habits(front=(), headings=headings))


@manuscript("36-temple")
def _temple(wanted: Expected) -> None:
    front = (("title", "{title}", Look()), ("author", "{author}", Look()), ("unit", "{unit}", Look()))
    headings = (Look(label="壹、"), Look(label="一、"))
    habits = Habits(
        front=front,
        headings=headings,
        body=Look(before="\u3000\u3000"),
        typed_notes="註1 ",
        typed_call="（註{n}）",
        typed_raised=False,
        typed_head="註釋：",
    )
    write_text(wanted, habits, blank_lines=False, encoding="cp950")


@manuscript("38-radio")
def _radio(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("author", "{author}\u3000{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", BYLINE),
    )
    write_flat(
        wanted,
        Habits(front=front, body=Look(first=24)),
        "odt",
        inserted=(("並以族語錄製警報", ""),),
        deleted=(("部落的廣播喇叭", "大約"),),
        comments=(("半數無法", "數字的出處？"),),
    )


@manuscript("39-ibid")
def _ibid(wanted: Expected) -> None:
    front = (
        ("title", "{title}", TITLE),
        ("subtitle", "{subtitle}", SUBTITLE),
        ("author", "{author}", BYLINE),
        ("unit", "{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", Look()),
    )
    headings = (Look(bold=True, size=15, label="一、"), Look(bold=True, label="（一）"))
    habits = Habits(front=front, headings=headings, body=Look(first=24), replaced=(("同註4", "同註 4"),))
    write_word(wanted, habits, WORD_FIELDS)


@manuscript("41-storage-corrected")
def _storage_corrected(wanted: Expected) -> None:
    _storage(wanted)


@manuscript("42-pension-corrected")
def _pension_corrected(wanted: Expected) -> None:
    _pension(wanted)


@manuscript("43-rates-corrected")
def _rates_corrected(wanted: Expected) -> None:
    _rates(wanted)


@manuscript("35-space")
def _space(wanted: Expected) -> None:
    write_pandoc(wanted, Habits(front=()))


@manuscript("37-kaishu")
def _kaishu(wanted: Expected) -> None:
    kai = Look(font="標楷體", size=14)
    front = (
        ("title", "{title}", Look(font="標楷體", size=20, bold=True, align=CENTRED)),
        ("author", "{author}", replace(kai, align="right")),
        ("unit", "{unit}", replace(kai, align="right")),
        ("focus", "焦點類別：{focus}", kai),
    )
    headings = (replace(kai, bold=True, label="一、"),)
    habits = Habits(
        front=front, headings=headings, body=replace(kai, first=28), quote=replace(kai, left=42, right=42)
    )
    write_word(wanted, habits, WORD)


@manuscript("40-front")
def _front(wanted: Expected) -> None:
    front = (
        ("title", "題目：{title}——{subtitle}", TITLE),
        ("title", "Domestic Factors in Fishery Negotiations", Look(align=CENTRED)),
        ("author", "作者：{author}*", Look(align=CENTRED)),
        ("unit", "服務單位：{unit}", Look(align=CENTRED)),
        ("focus", "焦點類別：{focus}", Look()),
        ("abstract", "摘要", Look(bold=True, align=CENTRED)),
        ("abstract", wanted.abstract, Look(first=24)),
        ("keywords", "關鍵詞：" + "、".join(wanted.keywords), Look()),
        ("note", f"* {wanted.thanks}", Look(size=10)),
    )
    write_word(wanted, Habits(front=front, body=Look(first=24)), WORD)


@manuscript("44-autonotes")
def _auto_notes(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}（{unit}）", BYLINE))
    headings = (Look(bold=True, size=14, label="一、"),)
    habits = Habits(front=front, headings=headings, body=Look(first=24), typed_notes="auto", joined_calls=True)
    write_word(wanted, habits, WORD_MING)


@manuscript("45-uneven")
def _uneven(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("author", "{authors}", BYLINE),
        ("unit", "{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", Look()),
    )
    styled = (Look("Heading 1", label="壹、"), Look("Heading 2", label="一、"))
    bold = {"國際接軌": "壹、", "邊境調整機制": "一、", "亞洲碳市場": "一、", "結論": "壹、"}
    looks = {
        text: Look(bold=True, size=16 if label == "壹、" else 14, label=label) for text, label in bold.items()
    }
    looks["碳費若人人優惠，就等於沒有碳費。"] = Look(bold=True, first=24)
    write_word(wanted, Habits(front=front, headings=styled, body=Look(first=24), single=looks), WORD)


@manuscript("47-outline")
def _outline(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}／{unit}", BYLINE))
    headings = (Look(bold=True, outline=1),)
    write_word(wanted, Habits(front=front, headings=headings, body=Look(first=24), all_endnotes=True), WORD)


@manuscript("48-unsure")
def _unsure(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}", BYLINE), ("unit", "{unit}", BYLINE))
    headings = (Look("Heading 1", label="壹、"),)
    write_word(wanted, Habits(front=front, headings=headings, body=Look(first=24)), WORD_FIELDS)


@manuscript("50-figures")
def _figures(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}（{unit}）", BYLINE))
    headings = (Look("Heading 1", label="壹、"),)
    habits = Habits(
        front=front,
        headings=headings,
        body=Look(first=24),
        caption=Look(align=CENTRED),
        caption_below=False,
        source_in_caption=2,
        figure="圖 {n}：",
        table="表 {n}：",
        table_below=True,
    )
    write_pydocx(wanted, habits)


@manuscript("51-nested")
def _nested(wanted: Expected) -> None:
    front = (("title", "{title}", Look("Title")), ("author", "{author}，{unit}", Look()))
    write_html(wanted, Habits(front=front, headings=(Look("Heading 2"),)))


@manuscript("52-twoparas")
def _centred(wanted: Expected) -> None:
    front = (
        ("title", "{title}", TITLE),
        ("author", "{author}", BYLINE),
        ("unit", "{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", Look()),
    )
    headings = (Look(bold=True, size=14, align=CENTRED),)
    write_flat(wanted, Habits(front=front, headings=headings, body=Look(first=24)), "odt", font="標楷體")


@manuscript("54-runin")
def _run_in(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}，{unit}", BYLINE))
    headings = (Look(bold=True, size=14, label="一、"),)
    write_pydocx(wanted, Habits(front=front, headings=headings, body=Look(first=24), bullet=Look(first=24)))


@manuscript("55-circled")
def _circled(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}", BYLINE), ("unit", "{unit}", BYLINE))
    headings = (Look(bold=True, size=14, label="一、"),)
    habits = Habits(
        front=front,
        headings=headings,
        body=Look(first=21),
        typed_notes="①",
        typed_call="①",
        typed_head="注释",
    )
    write_word(wanted, habits, WPS)


@manuscript("56-sources")
def _sources(wanted: Expected) -> None:
    front = (("title", "{title}", Look("Title")), ("author", "{author}（{unit}）", BYLINE))
    hanging = Look(left=24, first=-24)
    single = dict.fromkeys(map(plain, (block.spans for block in wanted.blocks[-3:])), hanging)
    habits = Habits(front=front, headings=(Look("Heading 1", label="壹、"),), body=Look(first=24), single=single)
    write_word(wanted, habits, WORD)


@manuscript("57-invisible")
def _invisible(wanted: Expected) -> None:
    front = (("title", "{title}", Look("Title")), ("author", "{author}", BYLINE), ("unit", "{unit}", BYLINE))
    replaced = (
        ("（Digital Services Act）", "（Digital\u00a0Services Act）\u200b"),
        ("台灣的草案在2022年", "台灣的草案在\u00a02022\u00a0年"),
        ("超大平台", "超大\u00ad平台"),
        ("藥品與", "藥品\ufeff與"),
    )
    write_word(wanted, Habits(front=front, replaced=replaced), WORD)


@manuscript("59-mail")
def _mail(wanted: Expected) -> None:
    front = (("title", "{title}", Look(bold=True)), ("author", "{author}（{unit}）", Look()))
    habits = Habits(
        front=front,
        headings=(Look(bold=True, label="一、"),),
        typed_notes="[1] ",
        typed_call="[{n}]",
        typed_raised=False,
        typed_head="註釋",
    )
    write_mail(wanted, habits)


@manuscript("60-counting")
def _counting(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("author", "{author}（{unit}）", BYLINE),
        ("focus", "焦點類別：{focus}", BYLINE),
    )
    write_flat(
        wanted,
        Habits(front=front, body=Look(first=24)),
        "odt",
        counted=(("壹, 貳, 參, ...", "、"), ("一, 二, 三, ...", "、")),
    )


@manuscript("61-deleted")
def _deleted(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}", BYLINE), ("unit", "{unit}", BYLINE))
    headings = (Look(bold=True, size=14, label="壹、"),)
    extras = Extras(
        deleted=(("食品藥物管理署，2025年", "，見附錄"),),
        deleted_notes=(("六十萬家，", "這個數字含已歇業者。"),),
        inserted_notes=(2,),
    )
    write_word(wanted, Habits(front=front, headings=headings, body=Look(first=24)), WORD, extras)


@manuscript("64-super")
def _super(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}（{unit}）", BYLINE))
    habits = Habits(
        front=front, headings=(Look(bold=True, size=14, label="一、"),), body=Look(first=24), typed_notes="1. "
    )
    write_pydocx(wanted, habits)


@manuscript("66-mislabelled")
def _mislabelled(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}", BYLINE), ("unit", "{unit}", BYLINE))
    typed = {"前言": "一、", "現行規定": "二、", "實務困境": "二、", "修法方向": "五、"}
    looks = {text: Look(bold=True, size=14, before=label) for text, label in typed.items()}
    write_pydocx(wanted, Habits(front=front, headings=(PLAIN,), body=Look(first=24), single=looks))


@manuscript("68-boxed")
def _boxed(wanted: Expected) -> None:
    front = (
        ("title", "{title}", TITLE),
        ("author", "{author}", BYLINE),
        ("unit", "{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", Look()),
    )
    habits = Habits(
        front=front, headings=(Look("Heading 1", label="壹、"),), body=Look(first=24), caption=Look(align=CENTRED)
    )
    write_word(wanted, habits, WORD, Extras(boxed_figures=True))


@manuscript("69-addresses")
def _addresses(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}（{unit}）", BYLINE))
    headings = (Look(bold=True, size=14, label="一、"),)
    write_pydocx(wanted, Habits(front=front, headings=headings, body=Look(first=24), typed_addresses=True))


@manuscript("70-parted")
def _parted(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}", BYLINE), ("unit", "{unit}", BYLINE))
    headings = (Look(bold=True, size=15, label="壹、"), Look(bold=True, label="（一）"))
    habits = Habits(front=front, headings=headings, body=Look(first=24))
    write_word(wanted, habits, WORD, Extras(note_paragraphs=("本文的計算以",)))


@manuscript("75-headed")
def _headed(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Heading 1", align=CENTRED)),
        ("author", "{author}（{unit}）", BYLINE),
        ("focus", "焦點類別：{focus}", Look()),
        ("blank", "", Look("Heading 2")),
    )
    habits = Habits(front=front, headings=(Look("Heading 2"), Look("Heading 3")), body=Look(first=24))
    write_word(wanted, habits, WORD, Extras(soft=("與稅務資訊",)))


@manuscript("71-form")
def _form(wanted: Expected) -> None:
    form = (
        ("題目", f"{wanted.title}——{wanted.subtitle}"),
        ("作者", wanted.authors[0][0]),
        ("服務單位", wanted.authors[0][1]),
        ("焦點類別", "、".join(wanted.focus)),
    )
    headings = (Look(bold=True, size=14, label="一、"),)
    write_pydocx(wanted, Habits(front=(), headings=headings, body=Look(first=24), form=form))


@manuscript("74-decimal")
def _decimal(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}（{unit}）", BYLINE))
    headings = (
        Look(bold=True, size=15, label="1. "),
        Look(bold=True, size=13, label="1.1 "),
        Look(bold=True, label="1.1.1 "),
    )
    write_word(wanted, Habits(front=front, headings=headings, body=Look(first=24)), WORD)


@manuscript("76-chinese-notes")
def _chinese_notes(wanted: Expected) -> None:
    front = (("title", "{title}", TITLE), ("author", "{author}", BYLINE), ("unit", "{unit}", BYLINE))
    headings = (Look(bold=True, size=14, label="壹、"),)
    habits = Habits(
        front=front,
        headings=headings,
        body=Look(first=24),
        typed_notes="註{c}：",
        typed_call="（註{c}）",
        typed_raised=False,
        typed_head="附註",
    )
    write_pydocx(wanted, habits, font="標楷體")


@manuscript("79-inline")
def _inline(wanted: Expected) -> None:
    author, unit = wanted.authors[0]
    found = list(map(plain, wanted.notes))
    first, second = found[0], found[1].replace("https", "<https").replace("2024。", "2024>。")
    bullets = [plain(block.spans) for block in wanted.blocks if block.kind == "bullet"]
    _, opening, _, question, *_, third, _, advice = (plain(block.spans) for block in wanted.blocks)
    called = opening.replace("四十場，", f"四十場，^[{first}]")
    linked = third.replace("協會的追蹤報告", "[協會的追蹤報告][report]") + "[^follow]"
    text = f"""{wanted.title}
{"=" * 20}

{author}，{unit}

前言
----

{called}

問題
----

{question}

* {bullets[0]}
* {bullets[1]}
* {bullets[2]}

{linked}

建議
----

{advice}

[report]: https://deliberation.example.org/follow-up
[^follow]: {second}
"""
    wanted.path.write_text(text, encoding="utf-8")


@manuscript("81-resaved")
def _resaved(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("subtitle", "{subtitle}", Look("Subtitle")),
        ("author", "{author}", BYLINE),
        ("unit", "{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", Look()),
    )
    headings = (Look(bold=True, size=15, label="一、"), Look(bold=True, label="(一)"))
    habits = Habits(
        front=front, headings=headings, body=Look(first=24), quote=Look(left=48, right=48), table="表{n}："
    )
    write_word(wanted, habits, WORD_MING)
    convert(wanted.path, wanted.path, "docx:MS Word 2007 XML")


@manuscript("82-places")
def _places(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("author", "{author}", BYLINE),
        ("unit", "{unit}", BYLINE),
        ("focus", "焦點類別：{focus}", Look()),
    )
    headings = (Look("Heading 1", label="壹、"),)
    habits = Habits(front=front, headings=headings, body=Look(first=24), caption=Look("Caption", align=CENTRED))
    write_word(wanted, habits, WORD, Extras(thanks=True))


@manuscript("83-emptyfield")
def _empty_field(wanted: Expected) -> None:
    front = (
        ("title", "{title}", TITLE),
        ("author", "{author}", BYLINE),
        ("unit", "{unit}", BYLINE),
        ("author", "{second}", BYLINE),
        ("unit", "{secondunit}", BYLINE),
        ("focus", "焦點類別：", Look()),
    )
    headings = (Look(bold=True, size=14, label="壹、"),)
    habits = Habits(front=front, headings=headings, body=Look(first=24), quote=Look(left=36, right=24))
    write_pydocx(wanted, habits)


@manuscript("84-twoheads")
def _two_heads(wanted: Expected) -> None:
    front = (
        ("title", "{title}", Look("Title")),
        ("author", "作者：{author}", Look()),
        ("unit", "單位：{unit}", Look()),
    )
    write_html(wanted, Habits(front=front, headings=(Look("Heading 2"),)))


@manuscript("85-onehead")
def _one_head(wanted: Expected) -> None:
    front = (("title", "{title}", Look("Title")), ("author", "{author}（{unit}）", Look()))
    write_markdown(wanted, Habits(front=front))


if __name__ == "__main__":
    for each in sys.argv[1:] or MAKERS:
        print(each)
        MAKERS[each](expected(each))

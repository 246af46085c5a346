"""Where: the places of changes in the words of a proofreader: 貳、一、第2段; 註7; 表1第2列第3格."""

from collections.abc import Iterable, Mapping

from lxml import etree

from pipeline.diagnostics import Words
from pipeline.proof.text import Block, Note

Element = etree._Element

_PARTS: Mapping[str, Words] = {
    "focus": Words("焦點類別", "focus"),
    "title": Words("題名", "title"),
    "subtitle": Words("副題", "subtitle"),
    "translated-title": Words("外文題名", "translated title"),
    "authors": Words("作者", "author"),
    "ORCID": Words("ORCID", "ORCID"),
    "abstract": Words("摘要", "abstract"),
    "translated abstract": Words("外文摘要", "translated abstract"),
    "keywords": Words("關鍵詞", "keywords"),
    "history": Words("日期與DOI", "dates and DOI"),
}
_ROLES: Mapping[str, Words] = {
    "paragraph": Words("段落", "paragraph"),
    "heading": Words("標題", "heading"),
    "attribution": Words("引文出處", "attribution"),
    "alternative text": Words("替代文字", "alternative text"),
    "caption": Words("圖表題", "caption"),
    "caption text": Words("圖表說明", "text of the caption"),
    "source": Words("資料來源", "source"),
    "table note": Words("表註", "note of the table"),
    "cell": Words("儲存格", "cell"),
}
_FIELDS: Mapping[str, Words] = {
    "journal-title": Words("刊名", "title of the periodical"),
    "trans-title": Words("外文刊名", "translated title of the periodical"),
    "publisher-name": Words("發行", "publisher"),
    "volume": Words("卷", "volume"),
    "issue-number": Words("期", "number"),
    "pub-date": Words("出版日期", "date of publication"),
    "publisher-address": Words("地址", "address"),
    "publisher-phone": Words("電話", "telephone"),
    "publisher-url": Words("網址", "address on the web"),
    "editor-in-chief": Words("總編輯", "editor in chief"),
    "member": Words("編輯委員", "editorial board"),
    "executive-editor": Words("執行編輯", "executive editor"),
    "first-issue-date": Words("創刊日期", "date of the first issue"),
    "frequency": Words("刊期", "frequency"),
    "licence": Words("授權", "licence"),
    "price": Words("定價", "price"),
    "issn": Words("ISSN", "ISSN"),
    "gpn": Words("GPN", "GPN"),
    "doi-prefix": Words("DOI前綴", "DOI prefix"),
    "depositor": Words("寄存者", "depositor"),
    "cover-picture": Words("封面圖", "picture of the cover"),
    "note-style": Words("註釋體例", "note style"),
    "subject": Words("焦點類別表", "list of focus categories"),
}
_LISTS: Mapping[str, Words] = {
    "order": Words("1.", "1."),
    "alpha-lower": Words("a.", "a."),
    "alpha-upper": Words("A.", "A."),
    "roman-lower": Words("i.", "i."),
    "roman-upper": Words("I.", "I."),
    "bullet": Words("•", "•"),
    "simple": Words("無", "none"),
}
"""The marks of the items of a list, by its `list-type`."""

_STYLES: Mapping[str, Words] = {
    "italic": Words("斜體", "italic"),
    "bold": Words("粗體", "bold"),
    "sup": Words("上標", "superscript"),
    "sub": Words("下標", "subscript"),
    "emphasis-mark": Words("著重號", "emphasis marks"),
    "proper-name": Words("私名號", "proper name mark"),
    "book-title": Words("書名號", "title mark"),
}
_FORMATS: Mapping[str, Words] = {
    "link": Words("連結", "link"),
    "lang": Words("語言", "language"),
    "ruby": Words("注音", "ruby"),
}
_TITLE = 8
"""How many characters of a heading without a number name it."""


def block_in_words(block: Block) -> Words:
    """Where a block is in its brief."""
    if block.note is not None:
        said = note_in_words(block.note)
        if len(block.note.blocks) > 1:
            return Words(f"{said.zh}第{block.position}段", f"{said.en}, paragraph {block.position}")
        return said
    if block.part != "body":
        node = block.passage.node
        translated = (
            any(each.tag == "trans-abstract" for each in node.iterancestors()) if node is not None else False
        )
        part = "translated abstract" if translated else block.part
        return _PARTS.get(part, Words(part, part))
    return _in_body(block)


def row_in_words(block: Block) -> Words:
    """The row of a table that a cell stands in."""
    said = _in_body(block)
    return Words(said.zh.rpartition("第")[0], said.en.rpartition(",")[0])


def float_of(block: Block) -> Element | None:
    """The figure or table that a block stands in."""
    kind = block.role.split("/")
    node = block.passage.node
    if node is None or not ("figure" in kind or "table" in kind):
        return None
    return next((each for each in (node, *node.iterancestors()) if each.tag in ("fig", "table-wrap")), None)


def float_in_words(block: Block) -> Words:
    """The number of the figure or table that a block stands in: 圖1."""
    owner = float_of(block)
    label = block.brief.numbering.labels.get(owner, "") if owner is not None else ""
    return Words(label, label)


def section_in_words(block: Block) -> Words:
    """The section that a block stands in: 貳、一."""
    said = _section(block).rstrip("、")
    return Words(said or "篇首", said or "the beginning")


def list_in_words(kind: str) -> Words:
    """The marks of the items of a list of a type."""
    return _LISTS.get(kind, Words(kind, kind))


def note_in_words(note: Note) -> Words:
    """註7; 作者註 where it has no number."""
    if not note.label.isdecimal():
        return Words(f"作者註{note.label}", f"author's note {note.label}")
    return Words(f"註{note.label}", f"note {note.label}")


def role_in_words(role: str) -> Words:
    """What a block is, without the numbers in it: 引文的段落 and not 列項2的段落."""
    *around, last = role.split("/")
    own = _ROLES.get(last, _ROLES.get(last.rpartition(" ")[0], Words(last, last)))
    if last.startswith("heading "):
        own = Words("表頭", "head of a table")
    if "quotation" in around:
        return Words("引文", "quotation") if own.en == "paragraph" else own
    if any(each.startswith("item") for each in around):
        return Words("列項", "item of a list")
    return own


def field_in_words(path: str) -> Words:
    """What an element of `issue.xml` says."""
    name = path.rpartition("/")[2]
    return _FIELDS.get(name, Words(name, name))


def format_in_words(lost: Iterable[tuple[str, str]], won: Iterable[tuple[str, str]]) -> Words:
    """What has happened to the formatting: 加斜體; 連結改為…"""
    gone, come = sorted(lost), sorted(won)
    said: list[Words] = []
    for kind, value in gone:
        other = next((each for each in come if each[0] == kind and kind != "style"), None)
        if other is not None:
            come.remove(other)
            name = _FORMATS[kind]
            said.append(Words(f"{name.zh}「{value}」→「{other[1]}」", f"{name.en} {value} → {other[1]}"))
        else:
            name = _format(kind, value)
            said.append(Words(f"去{name.zh}", f"no {name.en}"))
    said += [Words(f"加{name.zh}", f"now {name.en}") for name in (_format(*each) for each in come)]
    return Words("、".join(each.zh for each in said), ", ".join(each.en for each in said))


def _format(kind: str, value: str) -> Words:
    if kind == "style":
        return _STYLES.get(value, Words(value, value))
    name = _FORMATS[kind]
    return Words(f"{name.zh}「{value}」", f"{name.en} {value}")


def _in_body(block: Block) -> Words:
    """Section and paragraph of a block of the text."""
    blocks = block.brief.parts["body"]
    index = blocks.index(block)
    kind = block.role.split("/")
    if kind[-1] == "heading":
        return Words(f"標題「{_heading(block)}」", f"heading “{_heading(block)}”")
    for around in ("figure", "table"):
        if around in kind:
            return _in_float(block, kind[-1])
    heading = next((n for n in range(index, -1, -1) if blocks[n].role == "heading"), -1)
    count = sum(1 for each in blocks[heading + 1 : index + 1] if _counts(each))
    section = _section(block) if heading >= 0 else ""
    own = role_in_words(block.role)
    what = "" if own.en == "paragraph" else own.zh
    nth = f"第{count}段" if what != "引文出處" else ""
    return Words(
        f"{section}{nth}{what and f'（{what}）' if nth else what}", f"{section} paragraph {count}".strip()
    )


def _in_float(block: Block, last: str) -> Words:
    """A place in a figure or table: 圖1標題; 表1第2列第3格."""
    label = float_in_words(block).zh
    kind, _, number = last.rpartition(" ")
    if kind in ("cell", "heading") and "." in number:
        row, _, column = number.partition(".")
        return Words(f"{label}第{row}列第{column}格", f"{label}, row {row}, column {column}")
    node = block.passage.node
    if last == "source" and node is not None and any(e.tag == "table-wrap-foot" for e in node.iterancestors()):
        last = "table note"
    own = _ROLES.get(last, Words(last, last))
    name = Words("標題", "caption") if last == "caption" else own
    return Words(f"{label}{name.zh}", f"{label}, {name.en}")


def _counts(block: Block) -> bool:
    """Whether a block is one of the paragraphs that are counted."""
    kind = block.role.split("/")
    return kind[-1] == "paragraph" and "figure" not in kind and "table" not in kind


def _heading(block: Block) -> str:
    title = block.text if len(block.text) <= _TITLE + 4 else block.text[:_TITLE] + "…"
    return block.label + title


def _section(block: Block) -> str:
    """The labels of the sections around a block, 貳、一、, or the beginning of the heading where it has none."""
    node = block.passage.node
    labels: list[str] = []
    for section in node.iterancestors("sec") if node is not None else ():
        label = block.brief.numbering.labels.get(section, "")
        if not label:
            title = section.find("title")
            text = "".join(title.itertext()) if title is not None else ""
            label = f"「{text[:_TITLE]}{'…' if len(text) > _TITLE else ''}」" if not labels else ""
        labels.append(label)
    return "".join(reversed(labels))

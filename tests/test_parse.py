"""Parse: every place is exact to the character, and hostile or broken files are refused in plain words."""

import codecs
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.diagnostics import Diagnostic, Language, ManuscriptError, Place
from pipeline.parse import HREF, LANG, MAX_BYTES, MAX_DEPTH, Source, parse, parse_bytes

FILE = Path("brief.xml")
MARK = "▸"
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def source(text: str) -> Source:
    return parse_bytes(FILE, text.encode())


def refused(data: bytes) -> Diagnostic:
    """The one diagnostic of a file that can't be parsed."""
    with pytest.raises(ManuscriptError) as caught:
        parse_bytes(FILE, data)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


def cut(text: str, place: Place) -> str:
    """What stands at a place, cut out of the lines of the file by line and column."""
    starts = [0, *(end.end() for end in re.finditer("\r\n|\r|\n", text))]
    first = starts[place.line - 1] + place.column - 1
    last = starts[place.end_line - 1] + place.end_column - 1
    return text[first:last]


# Places


def test_places_of_a_small_brief() -> None:
    text = '<article>\n  <p xml:lang="en"\n     id="p1">𠀀甲<italic>乙</italic>丙&amp;丁</p>\n</article>'
    read = source(text)
    p, italic = read.root[0], read.root[0][0]
    assert read.place(p) == Place(FILE, 2, 3, 3, 14)
    assert read.name_place(p) == Place(FILE, 2, 4, 2, 5)
    assert read.attribute_place(p, LANG) == Place(FILE, 2, 16, 2, 18)
    assert read.attribute_place(p, "id") == Place(FILE, 3, 10, 3, 12)
    assert read.text_place(p, "text", 1, 2) == Place(FILE, 3, 15, 3, 16)  # 𠀀 is one column
    assert read.place(italic) == Place(FILE, 3, 16, 3, 24)
    assert read.text_place(italic, "text", 0, 1) == Place(FILE, 3, 24, 3, 25)
    assert read.text_place(italic, "tail", 0, 1) == Place(FILE, 3, 34, 3, 35)
    assert read.text_place(italic, "tail", 1, 2) == Place(FILE, 3, 35, 3, 40)  # &amp;
    assert read.text_place(italic, "tail", 2, 3) == Place(FILE, 3, 40, 3, 41)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_ends_a_line(newline: str) -> None:
    read = source(newline.join(["<a>", "<b>一", "二</b>", "</a>"]))
    b = read.root[0]
    assert b.text == "一\n二"
    assert read.place(b) == Place(FILE, 2, 1, 2, 4)
    assert read.text_place(b, "text", 2, 3) == Place(FILE, 3, 1, 3, 2)
    assert read.text_place(b, "text", 0, 3) == Place(FILE, 2, 4, 3, 2)


def test_a_byte_order_mark_is_no_column() -> None:
    read = parse_bytes(FILE, codecs.BOM_UTF8 + '<a id="x">甲</a>'.encode())
    assert read.place(read.root) == Place(FILE, 1, 1, 1, 11)
    assert read.text_place(read.root, "text", 0, 1) == Place(FILE, 1, 11, 1, 12)
    wrong = refused(codecs.BOM_UTF8 + b'<?xml version="1.0" encoding="Big5"?><a/>')
    assert (wrong.place.column, wrong.place.end_column) == (31, 35)


def test_greater_than_in_values_ends_no_tag() -> None:
    text = """<a><b one="x>y" two='">'/><!-- > --><?kan a>b ?>文</a>"""
    read = source(text)
    b, comment, instruction = read.root
    assert cut(text, read.place(b)) == """<b one="x>y" two='">'/>"""
    assert cut(text, read.attribute_place(b, "one")) == "x>y"
    assert cut(text, read.attribute_place(b, "two")) == '">'
    assert cut(text, read.place(comment)) == "<!-- > -->"
    assert cut(text, read.place(instruction)) == "<?kan a>b ?>"
    assert cut(text, read.text_place(instruction, "tail", 0, 1)) == "文"


def test_attributes_of_one_local_name_are_told_apart() -> None:
    text = f'<a {XLINK}><b lang="一" xml:lang="二" xlink:href="三" href="四"/></a>'
    read = source(text)
    names = ["lang", LANG, HREF, "href"]
    assert [cut(text, read.attribute_place(read.root[0], name)) for name in names] == list("一二三四")
    assert read.attribute_place(read.root[0], "id") == read.place(read.root[0])


def test_what_looks_like_a_reference_in_cdata_is_text() -> None:
    text = "<a>一<![CDATA[&amp;&]]>二&#x4E09;</a>"
    read = source(text)
    assert read.root.text == "一&amp;&二三"
    cuts = [cut(text, read.text_place(read.root, "text", i, i + 1)) for i in range(9)]
    assert cuts == ["一", "&", "a", "m", "p", ";", "&", "二", "&#x4E09;"]


def test_a_stretch_without_text_is_at_its_element() -> None:
    read = source("<a>\n <b/></a>")
    assert read.text_place(read.root[0], "text", 0, 1) == read.place(read.root[0])


def test_point_is_the_tag_that_begins_or_ends_there() -> None:
    text = "<article>\n  <front/>\n  <body><p\n id='x'>文</p></body>\n</article>"
    read = source(text)
    assert cut(text, read.point(2, 3)) == "<front/>"
    assert cut(text, read.point(2, 11)) == "<front/>"
    assert cut(text, read.point(3, 8)) == "<body>"
    assert cut(text, read.point(4, 9)) == "<p\n id='x'>"
    assert read.point(4, 10) == Place(FILE, 4, 10, 4, 10)
    assert read.point(9, 9) == Place(FILE, 9, 9, 9, 9)


def test_comments_and_instructions_outside_the_root_are_no_nodes() -> None:
    text = '<?xml version="1.0"?>\n<!-- a --><?kan b?>\n<a>文<!-- c -->字</a>\n<!-- d -->'
    read = source(text)
    assert [cut(text, read.place(node)) for node in read.nodes] == ["<a>", "<!-- c -->"]
    assert [text for _, _, text in read.stretches()] == ["文", "字"]


# Any document: typed by a writer that notes where it types what

Typed = tuple[str, str]
"""Source and the character it stands for."""

NEWLINES = [("\n", "\n"), ("\r\n", "\n"), ("\r", "\n")]
LITERAL = st.sampled_from("漢字𠀀é 。a]'\"\t\u3000\ue000").map(lambda c: (c, c))
ESCAPED = st.sampled_from(
    [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&#x20000;", "𠀀"), ("&#28450;", "漢"), ("&#13;", "\r")]
)
CHARACTERS = st.one_of(LITERAL, ESCAPED, st.sampled_from(NEWLINES))
IN_CDATA = st.one_of(LITERAL, st.sampled_from([*NEWLINES, ("&", "&"), ("<", "<")]))


@dataclass(frozen=True)
class Cdata:
    """A CDATA section."""

    content: list[Typed]


@dataclass(frozen=True)
class Leaf:
    """A comment or instruction."""

    typed: str


@dataclass(frozen=True)
class Tree:
    """An element: its name, attributes (name, source of the value in its quotes) and content."""

    name: str
    attributes: dict[str, str]
    blank: str
    content: list["Typed | Cdata | Leaf | Tree"]


VALUES = st.tuples(
    st.sampled_from("\"'"), st.lists(st.sampled_from(["漢", "𠀀", ">", "&lt;", "\n", "\r\n", " x=", "/"]))
).map(lambda made: made[0] + "".join(made[1]) + made[0])
ATTRIBUTES = st.dictionaries(st.sampled_from(["id", "lang", "xml:lang", "xlink:href"]), VALUES, max_size=3)
LEAVES = st.sampled_from(["<!---->", "<!-- 註 > ' -->", "<?kan?>", "<?kan allow='漢' > ?>", "<!-- <p> & -->"])
CDATA = st.lists(IN_CDATA, max_size=4).map(
    lambda typed: Cdata([("。", c) if s == "]" else (s, c) for s, c in typed if s != "]"])
)
TREES: st.SearchStrategy[Tree] = st.recursive(
    st.builds(Tree, st.just("b"), ATTRIBUTES, st.sampled_from(["", " ", "\r\n"]), st.just([])),
    lambda inner: st.builds(
        Tree,
        st.sampled_from(["p", "sec", "節"]),
        ATTRIBUTES,
        st.sampled_from(["", "\n "]),
        st.lists(st.one_of(CHARACTERS, CDATA, LEAVES.map(Leaf), inner), max_size=8),
    ),
    max_leaves=8,
)


@dataclass
class Writer:
    """Types a document and notes what it typed: source of nodes, of attributes, and of each character."""

    typed: str = ""
    nodes: list[str] = field(default_factory=list)
    attributes: list[tuple[int, str, str]] = field(default_factory=list)
    characters: dict[tuple[int, str], list[tuple[int, Typed]]] = field(default_factory=dict)
    stretch: tuple[int, str] | None = None

    def write(self, tree: Tree, extra: str = "") -> None:
        index = len(self.nodes)
        for name, value in tree.attributes.items():
            self.attributes.append((index, name, value[1:-1]))
        attributes = "".join(f" {name}={value}" for name, value in tree.attributes.items())
        empty = not tree.content
        tag = f"<{tree.name}{extra}{attributes}{tree.blank}{'/' if empty else ''}>"
        self.nodes.append(tag)
        self.typed += tag
        self.stretch = (index, "text")
        for item in tree.content:
            match item:
                case Tree():
                    self.write(item)
                case Leaf():
                    self.nodes.append(item.typed)
                    self.typed += item.typed
                    self.stretch = (len(self.nodes) - 1, "tail")
                case Cdata():
                    self.typed += "<![CDATA["
                    for typed in item.content:
                        self.character(typed)
                    self.typed += "]]>"
                case _:
                    self.character(item)
        if not empty:
            self.typed += f"</{tree.name}>"
        self.stretch = (index, "tail")

    def character(self, typed: Typed) -> None:
        assert self.stretch is not None
        if typed == ("\n", "\n") and self.typed.endswith("\r"):
            typed = (" ", " ")  # CR and LF typed one by one would be one line end
        self.characters.setdefault(self.stretch, []).append((len(self.typed), typed))
        self.typed += typed[0]


def name_of(attribute: str) -> str:
    return {"xml:lang": LANG, "xlink:href": HREF}.get(attribute, attribute)


@given(TREES, st.sampled_from(["", '<?xml version="1.0" encoding="utf-8"?>\r\n', "<!-- 前 -->\r"]), st.booleans())
def test_places_in_any_document(tree: Tree, before: str, mark: bool) -> None:
    writer = Writer(before)
    writer.write(tree, f" {XLINK}")
    text = writer.typed
    read = parse_bytes(FILE, (codecs.BOM_UTF8 if mark else b"") + text.encode())

    assert [cut(text, read.place(node)) for node in read.nodes] == writer.nodes
    for index, name, value in writer.attributes:
        assert cut(text, read.attribute_place(read.nodes[index], name_of(name))) == value
    for node in read.nodes:
        if isinstance(node.tag, str):
            assert cut(text, read.name_place(node)) == node.tag

    stretches = [(read._index[node], which, content) for node, which, content in read.stretches()]
    noted = {key: "".join(c for _, (_, c) in typed) for key, typed in writer.characters.items()}
    assert {(index, which): content for index, which, content in stretches} == noted
    assert [(index, which) for index, which, _ in stretches] == list(noted), "in the order of the text"
    starts = [0, *(end.end() for end in re.finditer("\r\n|\r|\n", text))]
    for (index, which), typed in writer.characters.items():
        node = read.nodes[index]
        for position, (offset, (characters, _)) in enumerate(typed):
            place = read.text_place(node, which, position, position + 1)
            assert starts[place.line - 1] + place.column - 1 == offset
            assert cut(text, place) == characters
        whole = read.text_place(node, which, 0, len(typed))
        last, (characters, _) = typed[-1]
        assert cut(text, whole) == text[typed[0][0] : last + len(characters)]


@given(TREES)
def test_the_tree_is_what_lxml_reads(tree: Tree) -> None:
    writer = Writer()
    writer.write(tree, f" {XLINK}")
    data = writer.typed.encode()
    assert etree.tostring(parse_bytes(FILE, data).root, method="c14n") == etree.tostring(
        etree.fromstring(data), method="c14n"
    )


# What is refused, with its place and in words of the reader


NOT_WELL_FORMED = {
    "bare ampersand": (
        "<a>\n<p>研究▸& 發展</p></a>",
        ("「& 發展</p></a>」不是合法的XML", "& 要寫成 &amp;"),
        ("“& 發展</p></a>” is not XML", "write & as &amp;"),
    ),
    "ampersand in a word": ("<a>R▸&D</a>", ("「&D</a>」不是", "&amp;"), ("“&D</a>” is", "&amp;")),
    "ampersand in an address": (
        '<a href="http://x/?a=1▸&b=2"/>',
        ('「&b=2"/>」不是', "& 要寫成 &amp;"),
        ('“&b=2"/>” is', "write & as &amp;"),
    ),
    "bare less-than": ("<a>3 ▸< 5</a>", ("「< 5</a>」", "< 要寫成 &lt;"), ("“< 5</a>”", "< as &lt;")),
    "end tag of another": (
        "<a>\n<b>\n▸</a>",
        ("結束標籤與第2行的 <b> 不成對（這裡是「</a>」）", "在這裡之前補上 </b>"),
        ("does not close the <b> of line 2 (here: </a>)", "add </b> before this place"),
    ),
    "element not closed": (
        "<a>\n<b>文</b>▸",
        ("檔案在 <a>（第1行）關閉之前就結束了", "補上 </a>"),
        ("the file ends before <a> of line 1 is closed", "add </a>"),
    ),
    "tag not finished": (
        "<a>▸<b",
        ("標籤或註解沒有寫完：「<b」", "補上缺少的 >"),
        ("not finished: <b", "add the missing >"),
    ),
    "comment not finished": ("<a>▸<!-- 註", ("註解沒有寫完", "-->"), ("not finished", "-->")),
    "CDATA not finished": (
        "<a><![CDATA[文▸",
        ("CDATA段落沒有結束", "補上 ]]>"),
        ("CDATA section is not closed", "]]>"),
    ),
    "entity of HTML": (
        "<a>▸&nbsp;</a>",
        ("未定義的實體「&nbsp;", "其他字元請直接打出來"),
        ("undefined entity: &nbsp;", "type the character"),
    ),
    "attribute without quotes": (
        "<a id=▸x/>",
        ("「x/>」不是", '屬性寫成 名稱="值"'),
        ("“x/>”", 'name="value"'),
    ),
    "attribute without value": (
        "<a><b nowrap▸></b></a>",
        ("不是合法的XML", '名稱="值"'),
        ("is not XML", 'name="value"'),
    ),
    "attribute twice": (
        '<a id="x" ▸id="y"/>',
        ("同一個屬性寫了兩次", "每個屬性只寫一次"),
        ("an attribute is given twice", "only once"),
    ),
    "character that is none": (
        "<a>▸&#0;</a>",
        ("字元參照「&#0;", "直接打出字元"),
        ("&#0;", "type the character"),
    ),
    "two roots": (
        "<a/>\n▸<b/>",
        ("後面還有內容：「<b/>」", "只有一個最外層標籤"),
        ("after the root element: <b/>", "one root"),
    ),
    "text only": (
        "▸文字",
        ("這裡的「文字」不是XML", "檔案要從 < 開始"),
        ("“文字” is not XML", "start with <"),
    ),
    "no element": (
        "<!-- 無 -->▸",
        ("檔案裡沒有任何標籤", "<article>"),
        ("the file has no element", "<article>"),
    ),
    "blank before the declaration": (
        '\n▸<?xml version="1.0"?><a/>',
        ("之前有其他字元", "檔案最前面"),
        ("something stands before", "the first characters"),
    ),
    "bad declaration": (
        '<?xml ▸encoding="UTF-8"?><a/>',
        ("<?xml …?> 寫得不對", '寫成 <?xml version="1.0"'),
        ("is not right", 'write <?xml version="1.0"'),
    ),
    "prefix not declared": (
        '<a>\n<b ▸xlink:href="x"/></a>',
        ("前綴沒有宣告：「xlink:」", "xmlns:xlink="),
        ("undeclared prefix: xlink:", "xmlns:xlink="),
    ),
}


@pytest.mark.parametrize("name", NOT_WELL_FORMED)
def test_not_well_formed(name: str) -> None:
    marked, chinese, english = NOT_WELL_FORMED[name]
    found = refused(marked.replace(MARK, "").encode())
    before = marked.split(MARK)[0].split("\n")
    assert (found.code, found.place.line, found.place.column) == ("P006", len(before), len(before[-1]) + 1)
    said: dict[Language, tuple[str, str]] = {"zh-TW": chinese, "en": english}
    for language, (message, hint) in said.items():
        assert message in found.message.in_language(language)
        assert hint in found.hint.in_language(language)
    assert "{" not in found.message.zh + found.message.en + found.hint.zh + found.hint.en


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (b"\x1f\x8b\x08\0", "是gzip壓縮檔", "gzip"),
        (b"PK\x03\x04rest", "Word的.docx也是", "ZIP archive"),
        (b"%PDF-1.7", "是PDF", "it is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "舊版Word檔", "old Word file"),
        (b"{\\rtf1", "是RTF", "it is RTF"),
        (b"", "檔案是空的", "it is empty"),
        (b" \r\n\t", "檔案是空的", "it is empty"),
        (codecs.BOM_UTF8, "檔案是空的", "it is empty"),
    ],
)
def test_other_files_are_named(data: bytes, zh: str, en: str) -> None:
    found = refused(data)
    assert (found.code, found.place) == ("P007", Place(FILE))
    assert zh in found.message.zh and en in found.message.en


@pytest.mark.parametrize(
    ("data", "line", "column", "end_column", "zh"),
    [
        (b'<?xml version="1.0"\n encoding="Big5"?><a/>', 2, 12, 16, "宣告的編碼是 Big5"),
        ("<a>\n漢".encode() + b"\xa4\xa4</a>", 2, 2, 3, "不合UTF-8的位元組 0xA4"),
        ("<a/>".encode("utf-16"), 1, 1, 1, "是UTF-16或UTF-32"),
        ("<a/>".encode("utf-16-le"), 1, 1, 1, "是UTF-16或UTF-32"),
        ("<a/>".encode("utf-32-be"), 1, 1, 1, "是UTF-16或UTF-32"),
        ("<a>\ud800</a>".encode(errors="surrogatepass"), 1, 4, 5, "0xED"),
    ],
)
def test_only_utf8(data: bytes, line: int, column: int, end_column: int, zh: str) -> None:
    found = refused(data)
    assert found.code == "P004"
    assert found.place == Place(FILE, line, column, line, end_column)
    assert zh in found.message.zh


def test_ascii_is_utf8() -> None:
    assert parse_bytes(FILE, b'<?xml version="1.0" encoding="US-ASCII"?><a>x</a>').root.text == "x"


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY x "haha"><!ENTITY y "&x;&x;&x;">]>',
        '<!DOCTYPE a PUBLIC "-//W3C//DTD" "http://localhost:1/x.dtd">',
    ],
)
def test_a_doctype_is_refused(declaration: str) -> None:
    found = refused(f'<?xml version="1.0"?>\n<!-- 註 -->{declaration}<a>&x;</a>'.encode())
    assert (found.code, found.place) == ("P005", Place(FILE, 2, 11, 2, 20))


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


def test_the_limit_of_nesting() -> None:
    assert len(parse_bytes(FILE, nested(MAX_DEPTH)).nodes) == MAX_DEPTH
    found = refused(nested(MAX_DEPTH + 1))
    assert (found.code, found.place.line, found.place.column) == ("P008", 1, 3 * MAX_DEPTH + 1)


def test_the_limit_of_size(tmp_path: Path) -> None:
    largest = tmp_path / "largest.xml"
    largest.write_bytes(b"<a>".ljust(MAX_BYTES - 4) + b"</a>")
    assert parse(largest).root.tag == "a"
    with largest.open("ab") as file:
        file.write(b"\n")
    (found,) = diagnostics_of(largest)
    assert (found.code, found.place) == ("P003", Place(largest))
    assert "4,194,305位元組，上限是4,194,304" in found.message.zh


def diagnostics_of(path: Path) -> tuple[Diagnostic, ...]:
    with pytest.raises(ManuscriptError) as caught:
        parse(path)
    return caught.value.diagnostics


@pytest.fixture
def unreadable(tmp_path: Path) -> Iterator[dict[str, Path]]:
    (tmp_path / "folder.xml").mkdir()
    os.mkfifo(tmp_path / "fifo.xml")
    (tmp_path / "loop.xml").symlink_to("loop.xml")
    yield {name: tmp_path / f"{name}.xml" for name in ("folder", "fifo", "loop", "none", "長" * 200)}


@pytest.mark.parametrize(
    ("name", "code"),
    [("none", "P001"), ("folder", "P002"), ("fifo", "P002"), ("長" * 200, "P002")],
)
def test_files_that_are_none(unreadable: dict[str, Path], name: str, code: str) -> None:
    (found,) = diagnostics_of(unreadable[name])
    assert (found.code, found.place) == (code, Place(unreadable[name]))
    assert unreadable[name].name in found.message.zh


def test_a_link_to_itself(unreadable: dict[str, Path]) -> None:
    (found,) = diagnostics_of(unreadable["loop"])
    assert found.code in ("P001", "P002")


@pytest.mark.parametrize("offset", [0, 3, 10, 40])
@given(data=st.binary(max_size=60))
def test_any_bytes_are_parsed_or_refused(offset: int, data: bytes) -> None:
    """No input ends in another exception, and every place is inside the file."""
    typed = b'<?xml version="1.0"?><a b="c">&amp;<d/></a>'
    mixed = typed[:offset] + data + typed[offset:]
    try:
        parse_bytes(FILE, mixed)
    except ManuscriptError as error:
        (found,) = error.diagnostics
        lines = re.split("\r\n|\r|\n", mixed.decode("utf-8", "replace"))
        assert 1 <= found.place.line <= len(lines)
        assert 1 <= found.place.column <= len(lines[found.place.line - 1]) + 1

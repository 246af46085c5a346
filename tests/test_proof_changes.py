"""What has changed between two copies: every kind of change, made one at a time, as a proofreader would say it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parse import Source, parse_bytes
from pipeline.proof.change import KINDS, Change
from pipeline.proof.changes import changes
from pipeline.proof.difference import difference
from pipeline.proof.marks import LOOKS
from pipeline.proof.sheets import words
from pipeline.proof.text import IssueText, read_brief, read_text
from tests.conftest import ARTICLE, TITLE

ISSUE = """<issue xml:lang="zh-Hant-TW"><journal-meta><journal-title-group><journal-title>{title}</journal-title>
</journal-title-group></journal-meta><issue-meta><issue-number>{number}</issue-number>
<pub-date iso-8601-date="2026-11-20"/></issue-meta></issue>"""

FIRST = '<fn id="a"><p>甲書，頁3。</p></fn>'
SECOND = '<fn id="b"><p>乙書，頁14。</p></fn>'
AGAIN = '<xref ref-type="fn" rid="a"/>'
SAME = '<fn id="c"><p><xref ref-type="fn" rid="a" specific-use="same-source"/>，頁9。</p></fn>'


def source(body: str, meta: str = TITLE, name: str = "brief-1.xml") -> Source:
    return parse_bytes(Path(name), ARTICLE.format(meta=meta, body=body).encode())


def issue(*briefs: Source, title: str = "版面", number: str = "1") -> IssueText:
    meta = parse_bytes(Path("issue.xml"), ISSUE.format(title=title, number=number).encode())
    return read_text(meta, {str(brief.path): brief for brief in briefs}, None)


def compared(old: str, new: str, old_meta: str = TITLE, new_meta: str = TITLE) -> list[Change]:
    """The changes between two texts of one brief."""
    return list(changes(issue(source(old, old_meta)), issue(source(new, new_meta))))


def said(found: list[Change]) -> list[tuple[str, str, str]]:
    return [(change.kind, change.old, change.new) for change in found]


LONG = "一份期刊的內文，一面少則數百字，多則上千字；讀者很少注意這些字怎麼排，除非排壞了。"
OTHER = "鉛字時代，這些規矩握在排字師傅手裡，口耳相傳；改用電腦排版之後，手藝換成了程式。"
THIRD = "橫向有字格，縱向也應有格線，行距一致，左右兩頁的基線才對得齊，正反兩面才透光相疊。"


def test_nothing_changed() -> None:
    assert compared(f"<p>{LONG}{FIRST}</p>", f"<p>{LONG}{FIRST}</p>") == []


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (LONG.replace("讀者很少", "讀者其實很少"), ("inserted", "", "其實")),
        (LONG.replace("很少", ""), ("deleted", "很少", "")),
        (LONG.replace("上千", "千餘"), ("replaced", "上千", "千餘")),
        (LONG.replace("，多則上千字", ""), ("deleted", "，多則上千字", "")),
        (LONG.replace("一面少則", "一頁多則"), ("replaced", "面少", "頁多")),
    ],
)
def test_characters(new: str, expected: tuple[str, str, str]) -> None:
    assert said(compared(f"<p>{LONG}</p>", f"<p>{new}</p>")) == [expected]


def test_a_latin_word_and_a_number_are_changed_whole() -> None:
    assert said(compared("<p>自color一詞，共1,234人</p>", "<p>自colour一詞，共1,235人</p>")) == [
        ("replaced", "color", "colour"),
        ("replaced", "1,234", "1,235"),
    ]


def test_changes_a_character_apart_are_one() -> None:
    assert said(
        compared("<p>這是甲的乙也。後面還有很長的文字</p>", "<p>這是丙的丁也。後面還有很長的文字</p>")
    ) == [("replaced", "甲的乙", "丙的丁")]


def test_words_around_a_change() -> None:
    (change,) = compared(f"<p>{LONG}</p>", f"<p>{LONG.replace('上千', '千餘')}</p>")
    assert (change.head[-2:], change.tail[:2]) == ("多則", "字；")
    assert change.where.zh == "第1段"
    assert change.place is not None and change.place.file == Path("brief-1.xml")


def test_paragraph_added_and_removed() -> None:
    one, two = f"<p>{LONG}</p><p>{OTHER}</p>", f"<p>{LONG}</p><p>{THIRD}</p><p>{OTHER}</p>"
    assert said(compared(one, two)) == [("added", "", THIRD)]
    (change,) = compared(two, one)
    assert (change.kind, change.old) == ("removed", THIRD)
    assert change.spots[0].before is not None and change.spots[0].before.shown == "。"


def test_a_moved_paragraph_is_neither_added_nor_removed() -> None:
    old = f"<p>{LONG}</p><p>{OTHER}</p><p>{THIRD}</p>"
    new = f"<p>{OTHER}</p><p>{THIRD}</p><p>{LONG.replace('上千', '千餘')}</p>"
    found = compared(old, new)
    assert said(found) == [("moved", "", LONG.replace("上千", "千餘")), ("replaced", "上千", "千餘")]
    assert found[0].said is not None and found[0].said.zh == "原在第1段"


def test_a_paragraph_parted_and_joined_again() -> None:
    one, two = f"<p>{LONG}{OTHER}</p>", f"<p>{LONG}</p><p>{OTHER}</p>"
    assert [change.kind for change in compared(one, two)] == ["parted"]
    assert [change.kind for change in compared(two, one)] == ["joined"]


def test_a_paragraph_rewritten_in_its_place_is_removed_and_added() -> None:
    found = compared(f"<p>{LONG}</p><p>{OTHER}</p>", f"<p>{LONG}</p><p>{THIRD}</p>")
    assert sorted(change.kind for change in found) == ["added", "removed"]


def test_headings_captions_cells_and_attributions() -> None:
    old = """<sec><title>前言</title><p>甲</p>
    <disp-quote><p>引用的文字。</p><attrib>某書，頁3。</attrib></disp-quote>
    <table-wrap id="t"><caption><title>一年的篇數</title></caption><table><tbody>
    <tr><td>一月</td><td>13</td></tr><tr><td>二月</td><td>15</td></tr></tbody></table></table-wrap></sec>"""
    new = old.replace("前言", "引言").replace("頁3", "頁8").replace("篇數", "頁數").replace("13", "14")
    found = compared(old, new)
    assert [(c.where.zh, c.old, c.new) for c in found] == [
        ("標題「引言」", "前", "引"),
        ("「引言」引文出處", "3", "8"),
        ("表1標題", "篇", "頁"),
        ("表1第1列第2格", "13", "14"),
    ]


def test_a_row_of_a_table_is_one_change() -> None:
    old = """<table-wrap id="t"><caption><title>篇數</title></caption><table><tbody>
    <tr><td>一月</td><td>13</td></tr><tr><td>三月</td><td>21</td></tr></tbody></table></table-wrap>"""
    new = old.replace("<tr><td>三月", "<tr><td>二月份</td><td>1,500</td></tr><tr><td>三月")
    assert said(compared(old, new)) == [("added", "", "二月份｜1,500")]


def test_a_cell_filled_and_emptied() -> None:
    cells = """<table-wrap id="t"><caption><title>篇數</title></caption><table><tbody>
    <tr><td>一月</td><td>{}</td></tr></tbody></table></table-wrap>"""
    assert said(compared(cells.format(""), cells.format("13"))) == [("inserted", "", "13")]
    assert said(compared(cells.format("13"), cells.format(""))) == [("deleted", "13", "")]


# Notes and what follows from them


def test_a_note_added() -> None:
    found = compared(f"<p>甲{FIRST}乙{SAME}丙</p>", f"<p>甲{FIRST}乙{SECOND}又{SAME}丙</p>")
    assert said(found) == [
        ("inserted", "", "又"),
        ("note-added", "", "乙書，頁14。"),
        ("reference", "同前註", "同註1"),
        ("renumbered", "註2", "註3"),
    ]
    assert found[1].note == "2" and found[1].spots[0].label == "2"


def test_a_note_removed_changes_the_words_of_others() -> None:
    found = compared(f"<p>甲{FIRST}乙{SECOND}丙{SAME}丁</p>", f"<p>甲{FIRST}乙丙{SAME}丁</p>")
    assert said(found) == [
        ("note-removed", "乙書，頁14。", ""),
        ("reference", "同註1", "同前註"),
        ("renumbered", "註3", "註2"),
    ]


def test_a_note_changed_is_named_by_its_number() -> None:
    (change,) = compared(f"<p>甲{FIRST}</p>", f"<p>甲{FIRST.replace('頁3', '頁33')}</p>")
    assert (change.kind, change.old, change.new, change.note, change.where.zh) == (
        "replaced",
        "3",
        "33",
        "1",
        "註1",
    )


def test_a_note_whose_id_changed_is_known_by_its_text() -> None:
    assert compared(f"<p>甲{FIRST}乙{SAME}</p>".replace('"a"', '"z"'), f"<p>甲{FIRST}乙{SAME}</p>") == []


def test_a_call_moved_behind_the_stop() -> None:
    (change,) = compared(f"<p>甲說{FIRST}。乙也說</p>", f"<p>甲說。{FIRST}乙也說</p>")
    assert (change.kind, change.old, change.new) == ("note-moved", "甲說［1］。乙也說", "甲說。［1］乙也說")


def test_a_call_stays_where_text_is_inserted_beside_it() -> None:
    assert said(compared(f"<p>甲說{FIRST}。乙說</p>", f"<p>甲早說過{FIRST}。乙說</p>")) == [
        ("replaced", "說", "早說過")
    ]


def test_a_reference_that_leads_elsewhere_was_edited() -> None:
    old = f"<p>甲{FIRST}乙{SECOND}丙{SAME}</p>"
    found = compared(old, old.replace('rid="a"', 'rid="b"'))
    assert said(found) == [("replaced", "同註1", "同前註")]


def test_many_notes_renumbered_are_one_change() -> None:
    notes = [f'<fn id="n{n}"><p>第{n}本書的出處。</p></fn>文' for n in range(9)]
    (added, numbers) = compared(f"<p>首{''.join(notes)}</p>", f"<p>首{SECOND}{''.join(notes)}</p>")
    assert added.kind == "note-added"
    assert (numbers.kind, numbers.old, numbers.new) == ("renumbered", "註1–註9", "註2–註10")
    assert numbers.said is not None and numbers.said.zh == "9則各加1"


def test_sections_and_figures_renumbered() -> None:
    def section(title: str, text: str) -> str:
        return f'<sec id="s{len(title)}"><title>{title}</title><p>{text}</p></sec>'

    old = section("前言", LONG) + section("本論是也", OTHER) + section("結", THIRD)
    new = (
        section("前言", LONG)
        + section("新加的一節文字", "短文。")
        + section("本論是也", OTHER)
        + section("結", THIRD)
    )
    found = compared(old, new)
    assert [(c.kind, c.old, c.new) for c in found if c.kind != "added"] == [("renumbered", "貳　參", "參　肆")]


def test_words_of_a_section_reference_follow() -> None:
    see = '<p>見<xref ref-type="sec" rid="z"/>。</p>'
    old = f'<sec id="a"><title>甲</title><p>{LONG}</p></sec><sec id="z"><title>乙</title>{see}</sec>'
    new = old.replace('<sec id="z">', f'<sec id="n"><title>新的一節</title><p>{OTHER}</p></sec><sec id="z">')
    assert ("reference", "貳", "參") in said(compared(old, new))


# Formatting, front matter, pictures, the issue


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", AGAIN, ("inserted", "", "［1］")),
        (AGAIN, "", ("deleted", "［1］", "")),
        (AGAIN, AGAIN.replace('"a"', '"b"'), ("replaced", "［1］", "［2］")),
    ],
)
def test_a_note_called_again(old: str, new: str, expected: tuple[str, str, str]) -> None:
    text = f"<p>甲書說{FIRST}，乙書也說{SECOND}。</p><p>{LONG}%s{OTHER}</p>"
    (change,) = compared(text % old, text % new)
    assert (change.kind, change.old, change.new) == expected
    assert (change.head[-3:], change.tail[:3]) == ("壞了。", "鉛字時")


def test_a_heading_is_that_of_its_section_whatever_it_says() -> None:
    old = f'<p>{LONG}</p><p>{OTHER}</p><sec id="s"><title>四種寬嚴</title><p>{THIRD}</p></sec>'
    new = old.replace(f"<p>{OTHER}</p>", "").replace("四種寬嚴", "分級的辦法一二三四")
    assert said(compared(old, new)) == [("removed", OTHER, ""), ("replaced", "四種寬嚴", "分級的辦法一二三四")]


def test_a_figure_is_one_change() -> None:
    figure = """<fig id="f"><caption><title>字格</title></caption><alt-text>十二行方格</alt-text>
    <graphic xlink:href="f.svg"/><attrib>本刊繪製。</attrib></fig>"""
    text, more = f"<p>{LONG}</p>", f"<p>{LONG}</p>{figure}<p>{OTHER}</p>"
    (change, _) = compared(text, more)
    assert (change.kind, change.new, change.where.zh) == ("added", "字格｜本刊繪製。", "圖1")
    assert not change.unprinted
    (moved,) = compared(more + f"<p>{THIRD}</p>", f"<p>{LONG}</p><p>{OTHER}</p><p>{THIRD}</p>{figure}")
    assert (moved.kind, moved.new, moved.where.zh) == ("moved", "字格　本刊繪製。", "圖1")


def test_formatting_is_minor() -> None:
    (change,) = compared("<p>他讀<italic>某書</italic>一遍</p>", "<p>他讀某書一遍</p>")
    assert change.minor and change.new == "某書"
    assert change.said is not None and change.said.zh == "去斜體"


def test_other_marks_of_a_list_are_told_once() -> None:
    items = "<list-item><p>第一項的文字</p></list-item><list-item><p>第二項的文字</p></list-item>"
    listing = f'<list list-type="{{}}">{items}</list>'
    (change,) = compared(listing.format("order"), listing.format("bullet"))
    assert change.minor and change.said is not None and change.said.zh == "項目符號：1.→•"


def test_an_address_that_leads_elsewhere() -> None:
    link = '<p>見<ext-link ext-link-type="uri" xlink:href="https://{}.example/">這裡</ext-link></p>'
    (change,) = compared(link.format("a"), link.format("b"))
    assert change.minor and change.said is not None
    assert change.said.zh == "連結「https://a.example/」→「https://b.example/」"


def test_an_address_corrected_is_one_change() -> None:
    link = '<p>見<ext-link ext-link-type="uri" xlink:href="https://{0}.example/">https://{0}.example/</ext-link>。</p>'
    assert said(compared(link.format("alpha"), link.format("beta"))) == [("replaced", "alpha", "beta")]


def test_a_paragraph_that_became_a_quotation() -> None:
    (change,) = compared(f"<p>{LONG}</p>", f"<disp-quote><p>{LONG}</p></disp-quote>")
    assert change.minor and change.said is not None and change.said.zh == "段落→引文"


def test_front_matter() -> None:
    meta = """<article-categories><subj-group subj-group-type="focus"><subject>排版</subject></subj-group>
    </article-categories><title-group><article-title>字格之內</article-title></title-group>
    <contrib-group><contrib contrib-type="author"><name name-style="eastern"><surname>林</surname>
    <given-names>一</given-names></name></contrib></contrib-group><abstract><p>摘要的文字。</p></abstract>
    <kwd-group><kwd>版心</kwd></kwd-group>"""
    new = meta
    for old_word, new_word in (
        ("排版", "版面"),
        ("之內", "以內"),
        (">一<", ">乙<"),
        ("文字。", "內容。"),
        ("版心", "字格"),
    ):
        new = new.replace(old_word, new_word)
    found = compared("<p>文</p>", "<p>文</p>", meta, new)
    assert {change.where.zh for change in found} == {"焦點類別", "題名", "作者", "摘要", "關鍵詞"}
    assert ("replaced", "一", "乙") in said(found)


def test_what_the_issue_says_of_itself() -> None:
    old, new = issue(source("<p>文</p>")), issue(source("<p>文</p>"), number="2")
    (change,) = changes(old, new)
    assert (change.where.zh, change.old, change.new, change.brief) == ("期", "1", "2", "")


def test_one_more_member_is_one_change() -> None:
    board = "<editorial-board>{}</editorial-board></issue-meta>"

    def text(*names: str) -> IssueText:
        members = "".join(f"<member>{name}</member>" for name in names)
        meta = ISSUE.format(title="版面", number="1").replace("</issue-meta>", board.format(members))
        return read_text(parse_bytes(Path("issue.xml"), meta.encode()), {}, None)

    (change,) = changes(text("排版組", "字型組"), text("資料組", "排版組", "字型組"))
    assert (change.kind, change.new, change.where.zh) == ("inserted", "資料組", "編輯委員")


def test_a_day_is_said_as_it_is_printed() -> None:
    day = ISSUE.format(title="版面", number="1")
    old, new = (read_text(parse_bytes(Path("issue.xml"), each.encode()), {}, None)
                for each in (day, day.replace("11-20", "11-27")))  # fmt: skip
    assert said(list(changes(old, new))) == [("replaced", "2026年11月20日", "2026年11月27日")]


def test_briefs_added_removed_renamed_and_in_another_order() -> None:
    def brief(name: str, text: str) -> Source:
        return source(f"<p>{text}</p>", TITLE.replace("題名", text[:6]), name)

    one, two, three = brief("1.xml", LONG), brief("2.xml", OTHER), brief("3.xml", THIRD)
    assert [c.kind for c in changes(issue(one, two), issue(one, two, three))] == ["brief-added"]
    assert [c.kind for c in changes(issue(one, two, three), issue(one, three))] == ["brief-removed"]
    (moved,) = changes(issue(one, two, three), issue(two, three, one))
    assert moved.kind == "brief-moved" and moved.said is not None and moved.said.zh.endswith("之後")
    assert list(changes(issue(one, two), issue(one, brief("two.xml", OTHER)))) == []


def test_another_picture(tmp_path: Path) -> None:
    figure = """<fig id="f"><caption><title>字格</title></caption><alt-text>圖</alt-text>
    <graphic xlink:href="f.svg"/></fig>"""
    texts = []
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "f.svg").write_text(f"<svg>{name}</svg>", encoding="utf-8")
        data = ARTICLE.format(meta=TITLE, body=figure).encode()
        texts.append(issue(parse_bytes(tmp_path / name / "brief.xml", data)))
    # a brief is known by its file name in issue.xml
    old, new = (IssueText(t.source, (read_brief("b", t.briefs[0].source, None),)) for t in texts)
    (change,) = changes(old, new)
    assert (change.kind, change.where.zh) == ("picture", "圖1")
    cover = ISSUE.format(title="版面", number="1").replace(
        "<pub-date", '<cover-picture href="f.svg" alt=""/><pub-date'
    )
    covers = [read_text(parse_bytes(tmp_path / name / "issue.xml", cover.encode()), {}, None) for name in
              ("old", "new")]  # fmt: skip
    (change,) = changes(*covers)
    assert (change.kind, change.where.zh) == ("picture", "封面圖")


# Applying the list


HAN = st.text(alphabet="的字格排版甲乙，。", max_size=12)
LATIN = st.sampled_from(["type", "area ", "1,234", "（line）", " "])


@given(st.lists(HAN | LATIN, max_size=8), st.lists(HAN | LATIN, max_size=8))
def test_the_changes_applied_to_the_old_text_give_the_new(old: list[str], new: list[str]) -> None:
    texts = [" ".join("".join(each).split()) or "文" for each in (old, new)]
    one, other = (issue(source(f"<p>{text}</p>")).briefs[0].parts["body"][0].atoms for text in texts)
    rebuilt, done = "", 0
    for step in difference(one, other):
        assert step.i >= done
        rebuilt += "".join(atom.shown for atom in one[done : step.i])
        rebuilt += "".join(atom.shown for atom in other[step.j : step.j_end])
        done = step.i_end
    rebuilt += "".join(atom.shown for atom in one[done:])
    assert rebuilt == "".join(atom.shown for atom in other)


@given(st.integers(0, len(LONG) - 6), st.integers(0, 5), st.text(alphabet="新增文字", max_size=5))
def test_one_edit_is_found_as_one_change(start: int, length: int, text: str) -> None:
    new = LONG[:start] + text + LONG[start + length :]
    found = compared(f"<p>{LONG}</p>", f"<p>{new}</p>")
    assert len(found) == (0 if new == LONG else 1) or sum(len(c.old) + len(c.new) for c in found) <= length + len(
        text
    )


def test_the_words_of_proofs_are_there_in_both_languages() -> None:
    chinese, english = words("zh-TW"), words("en")
    assert chinese.keys() == english.keys()
    assert {f"sign_{kind.replace('-', '_')}" for kind in LOOKS if not kind.startswith("brief")} <= chinese.keys()
    assert LOOKS.keys() == KINDS.keys()

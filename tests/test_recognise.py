"""Citations in the plain text of notes: invented ones with every part spelled out, and the real issue's."""

import json
import re
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.citations import dates, names
from pipeline.citations.recognise import Found, Part, Recognised, recognise, work
from pipeline.citations.works import Name
from pipeline.flat import flat
from pipeline.parse import parse
from tests.conftest import REAL_ISSUE

SAMPLES = Path(__file__).parent / "samples"
NOTES = tomllib.loads((SAMPLES / "citations.toml").read_text("utf-8"))
MARKED = [note for group in ("chinese", "korean-and-japanese", "english") for note in NOTES[group]["notes"]]
_MARK = re.compile(
    r"⟦(?P<kind>\w+) (?P<lang>[\w-]+)\||(?P<close>⟧)|\{(?P<role>[\w-]+) |(?P<end>\})|(?P<italic>[⟨⟩])"
)


def read_marked(note: str) -> tuple[str, list[tuple[int, int]], tuple[Found, ...]]:
    """The text of a note of the samples, its italics, and the citations that its marks say it holds."""
    text, done = "", 0
    italic: list[int] = []
    found: list[Found] = []
    kind, lang, start, role, at = "", "", 0, "", 0
    parts: list[Part] = []
    for mark in _MARK.finditer(note):
        text, done = text + note[done : mark.start()], mark.end()
        if mark["kind"]:
            kind, lang, start, parts = mark["kind"], mark["lang"], len(text), []
        elif mark["close"]:
            found.append(Found(start, len(text), kind, lang, tuple(parts)))
        elif mark["role"]:
            role, at = mark["role"], len(text)
        elif mark["italic"]:
            italic.append(len(text))
        else:
            value = text[at:]
            if role == "date":
                text, _, value = text.rpartition("=")
            parts.append(Part(role, at, len(text), value))
    return text + note[done:], list(zip(italic[::2], italic[1::2], strict=True)), tuple(found)


@pytest.mark.parametrize("note", MARKED)
def test_every_part_of_an_invented_citation_is_read(note: str) -> None:
    text, italic, expected = read_marked(note)
    assert expected
    assert recognise(text, (), italic) == Recognised(expected, ())


def test_the_samples_are_many() -> None:
    assert sum(len(read_marked(note)[2]) for note in MARKED) >= 50
    assert len(NOTES["commentary"]["notes"]) >= 20


@pytest.mark.parametrize("text", NOTES["commentary"]["notes"])
def test_commentary_gives_nothing(text: str) -> None:
    assert recognise(text, ()) == Recognised((), ())


@pytest.mark.parametrize("text", NOTES["doubtful"]["notes"])
def test_what_is_not_sure_is_a_doubt(text: str) -> None:
    read = recognise(text, ())
    assert not read.citations
    assert len(read.doubts) == 1
    assert read.doubts[0].reason.zh and read.doubts[0].reason.en


def test_a_citation_becomes_a_work() -> None:
    text, _, (found,) = read_marked(next(note for note in MARKED if "灰色地帶的法律" in note))
    cited = work(text, found)
    assert (cited.kind, cited.title, cited.container) == ("chapter", "灰色地帶的法律", "2023海洋情勢年報")
    assert cited.authors == (Name("周一平", "周", "一平"),)
    assert [editor.literal for editor in cited.editors] == ["林中和", "吳思遠"]
    assert (cited.place, cited.publisher, cited.date, cited.pages) == ("台北", "海洋政策研究所", "2023", "51-58")


def test_the_title_of_a_book_is_its_source() -> None:
    text, _, (found,) = read_marked(next(note for note in MARKED if "⟨{source A Short History" in note))
    cited = work(text, found)
    assert (cited.title, cited.container) == ("A Short History of Ropes, Knots, and Bends", "")
    assert cited.authors == (Name("Max Pier", "Pier", "Max"),)


PRINTED = {
    "2025年8月1日": "2025-08-01",
    "2025年8月": "2025-08",
    "2025 年 8 月 1 日": "2025-08-01",
    "民國114年3月": "2025-03",
    "令和7年8月1日": "2025-08-01",
    "平成元年": "1989",
    "二○二五年十一月二十一日": "2025-11-21",
    "2025년 8월 1일": "2025-08-01",
    "2025.8.1": "2025-08-01",
    "2025年7-8月": "2025",
    "2025年夏季號": "2025",
    "July 11, 2025": "2025-07-11",
    "11 July 2025": "2025-07-11",
    "Fall 2002": "2002",
    "2024": "2024",
    "2025年13月1日": "",
    "2026年月23日": "",
    "2025年8月，29日": "",
    "February 30, 2025": "",
}


@pytest.mark.parametrize(("printed", "iso"), PRINTED.items())
def test_printed_dates(printed: str, iso: str) -> None:
    assert dates.read(printed, 0, len(printed)) == dates.Printed(len(printed), iso)


@pytest.mark.parametrize(
    ("name", "kind", "family"),
    [
        ("王小明", "person", "王"),
        ("歐陽文心", "person", "歐陽"),
        ("石破茂", "person", ""),
        ("高市早苗", "person", ""),
        ("김철수", "person", ""),
        ("Tom de Vries", "person", "de Vries"),
        ("C. Ann Rivers", "person", "Rivers"),
        ("外交部", "organisation", ""),
        ("國防安全研究院", "organisation", ""),
        ("통일부", "organisation", ""),
        ("W3C", "organisation", ""),
        ("U.S. Department of the Treasury", "organisation", ""),
        ("Reuters", "unknown", ""),
        ("高度關注", "", ""),
        ("例如", "", ""),
        ("The term", "", ""),
        ("In July Reuters", "", ""),
    ],
)
def test_names(name: str, kind: str, family: str) -> None:
    assert names.kind(name) == kind
    cut = names.split(name)
    assert (name[slice(*cut[0])] if cut else "") == family


NASTY = [
    *'〈〉《》“”「」（）()[]"‘’，,。.；;：: 、&\n\u3000\ufffc年月日第頁版卷期條編著之等王小明aA1之ㄅ가の',
    *(
        ", ",
        ". ",
        "; ",
        "2025年",
        "8月1日",
        "July 2, 2025",
        "Vol. 1",
        "第3期",
        "第2條",
        "1-2",
        "王小明",
        "Jane Doe",
        "https://e.tw/a",
    ),
    *(
        " and ",
        "參見",
        "see ",
        "主編",
        "論文",
        "박사학위논문",
        "公布",
        "at ",
        "〈一〉，",
        "《二》，",
        "“A Title,” ",
        "（台北：五南，2020年）",
    ),
]


@given(st.lists(st.sampled_from(NASTY), max_size=60), st.tuples(st.integers(0, 40), st.integers(0, 40)))
def test_no_text_is_too_strange(pieces: list[str], italic: tuple[int, int]) -> None:
    text = "".join(pieces)
    read = recognise(text, (), [(min(italic), min(max(italic), len(text)))])
    for found in read.citations:
        assert text[found.start : found.end].strip() == text[found.start : found.end]
        ends = [found.start, *(end for part in found.parts for end in (part.start, part.end)), found.end]
        assert ends == sorted(ends)
        assert all(text[part.start : part.end].strip() for part in found.parts)


@given(
    st.lists(st.sampled_from(NASTY), min_size=1, max_size=5),
    st.sampled_from(["", "王小明，", "〈一〉，《二》，", "Jane Harbor, “One,” ", "〈一〉（", "《二》（2025年，"]),
)
def test_no_text_is_too_long(pieces: list[str], start: str) -> None:
    text = (start + "".join(pieces) * 4000)[:4000]
    began = time.process_time()
    recognise(text, ())
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "text",
    [
        "〈一〉" + "（" * 1900 + "2025年" + "）" * 1900,
        "〈一〉，《二》" + "（(" * 900 + "，" + ")）" * 900,
        "《一》（" + "（）" * 1900 + "）",
        "〈" * 1990 + "〉" * 1990,
        "〈一〉，《二》；" * 500,
        "“a,” " * 800,
        "王小明" + "、王小明" * 900 + "，〈一〉，《二》，2025年。",
        "參見" * 1900 + "〈一〉",
        "相關" * 1900 + "〈一〉",
    ],
    ids=lambda text: text[:8],
)
def test_deep_and_long_texts(text: str) -> None:
    began = time.process_time()
    recognise(text, (), [(0, len(text))])
    assert time.process_time() - began < 1


def real_citations() -> list[dict[str, Any]]:
    """Where the citations of the real issue and their parts lie; offsets alone, checked by eye."""
    citations: list[dict[str, Any]] = json.loads((SAMPLES / "real-citations.json").read_text("utf-8"))
    return citations


def test_the_real_issue() -> None:
    if not REAL_ISSUE.is_dir():
        pytest.skip(f"there is no {REAL_ISSUE}")
    expected = {as_tuple(each) for each in real_citations()}
    found = set()
    for brief in sorted({each["brief"] for each in real_citations()}):
        for note in parse(REAL_ISSUE / f"{brief}.xml").root.iter("fn"):
            for paragraph in map(flat, note.iter("p")):
                for each in recognise(paragraph.text, paragraph.links, paragraph.italics).citations:
                    parts = tuple(
                        (part.role, part.start, part.end, part.value if part.role == "date" else "")
                        for part in each.parts
                    )
                    found.add((brief, note.get("id"), each.start, each.end, parts))
    assert not found - expected, "read wrongly"
    assert len(found) >= 0.9 * len(expected)


def as_tuple(each: dict[str, Any]) -> tuple[object, ...]:
    parts = tuple((part["role"], part["start"], part["end"], part.get("value", "")) for part in each["parts"])
    return each["brief"], each["note"], each["start"], each["end"], parts

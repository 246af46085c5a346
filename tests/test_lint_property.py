"""Lint on briefs that nobody wrote: made of what the rules look for, then damaged.

Whatever a brief says, the copy editor ends, points at characters of the file, and its fixes settle: a fixed brief
is as valid as it was, and fixing it again changes nothing. `KAN_EXAMPLES=10000` tries that many.
"""

import os
import re
from pathlib import Path
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import Diagnostic, Place
from pipeline.lint import RULES, lint
from pipeline.lint.fixing import Batch, fixed
from pipeline.parse import Source, parse_bytes
from pipeline.validate import check_brief
from tests.conftest import SAMPLE
from tests.test_lint import ARTICLE, SAMPLES

_NOT_XML = "[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"

EXAMPLES = int(os.environ.get("KAN_EXAMPLES", "60"))

TEXTS = [
    text
    for rule in RULES
    if rule.within in ("text", "note")
    for text in (rule.code.bad, rule.code.good)
    if "<fn" not in text and "id=" not in text and "<p" not in text and "rid=" not in text
]
"""Extracts of the rules that can stand in any paragraph and any note."""

WORDS = re.findall(
    r"<p>([^<]{4,60})", "".join(path.read_text("utf-8") for path in sorted(SAMPLE.glob("brief-*.xml")))
)
CHARACTERS = (
    "，。、；：？！「」『』《》〈〉（）“”‘’…—～·‧()[]'\"-–,.;:?!%％/&<> \t\n\u3000\u00a0\u200b\u202f\u2028\ufeff"
    "年月日初前後的了是台臺為爲一二三0123456789億萬元席約今去한국어ᄒ\u1161かなe\u0301ＡfiU.S.𠀀\U0002f800\ue000①"
)

fragments = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(WORDS).map(escape),
    st.text(CHARACTERS, min_size=1, max_size=12).map(escape),
    st.text(max_size=6).map(lambda text: escape(re.sub(_NOT_XML, "", text))),
)
paragraphs = st.lists(fragments, min_size=1, max_size=5).map("".join)


@st.composite
def briefs(draw: st.DrawFn) -> str:
    """A brief of a few paragraphs, some with notes, a block quotation, a list, headings of any kind."""
    parts, notes = [], 0
    for kind in draw(
        st.lists(st.sampled_from(["p", "p", "fn", "fn", "disp-quote", "list"]), min_size=1, max_size=5)
    ):
        text = damaged(draw, draw(paragraphs))
        if kind == "fn":
            notes += 1
            parts.append(f'<p>{draw(paragraphs)}<fn id="fn{notes}"><p>{text}</p></fn>{draw(paragraphs)}</p>')
        elif kind == "p":
            parts.append(f"<p>{text}</p>")
        elif kind == "list":
            parts.append(f'<list list-type="bullet"><list-item><p>{text}</p></list-item></list>')
        else:
            parts.append(f"<disp-quote><p>{text}</p></disp-quote>")
    heading = escape(
        re.sub("<[^>]*>", "", draw(st.sampled_from(["結論", "壹、結論。", "一、", "Conclusion", "結 論"])))
    )
    return ARTICLE.format(
        meta="",
        text=draw(paragraphs),
        section="",
        body=f'<sec id="s2"><title>{heading}</title>{"".join(parts)}</sec>',
    )


def damaged(draw: st.DrawFn, text: str) -> str:
    """Markup with a few characters of its text deleted, doubled, exchanged or added."""
    pieces = re.split("(<[^>]*>|&[^;]*;)", text)
    for _ in range(draw(st.integers(0, 3))):
        index = draw(st.integers(0, (len(pieces) - 1) // 2)) * 2
        piece = pieces[index]
        at = draw(st.integers(0, len(piece)))
        how = draw(st.sampled_from(["delete", "double", "add"]))
        new = {
            "delete": "",
            "double": piece[at : at + 4] * 2,
            "add": piece[at : at + 1] + draw(st.sampled_from(CHARACTERS)),
        }[how]
        pieces[index] = piece[:at] + new + piece[at + (4 if how == "double" else 1) :]
    return "".join(piece if index % 2 else escape(piece) for index, piece in enumerate(pieces))


def is_inside(place: Place, lines: list[str]) -> bool:
    """Whether a place is a stretch of a file that is not empty."""
    start, end = (place.line, place.column), (place.end_line, place.end_column)
    last = lines[place.end_line - 1]
    return (1, 1) <= start < end and place.end_line <= len(lines) and place.end_column <= len(last) + 1


def errors(source: Source) -> list[str]:
    return [found.code for found in check_brief(source, Path())]


def check_places(source: Source, found: tuple[Diagnostic, ...]) -> None:
    lines = re.split("\r\n|\r|\n", source.data.decode())
    for each in found:
        assert all(is_inside(place, lines) for place in (each.place, *each.also)), each
        assert each.message.zh and each.message.en and each.hint.zh and each.hint.en
        for edit in each.fix:
            assert 0 <= edit.start <= edit.end <= len(source.data)


def read(data: bytes) -> Source:
    return parse_bytes(SAMPLES / "brief-1.xml", data)


def mended(source: Source) -> bytes:
    done = fixed(Batch((source,), None, SAMPLES, frozenset({source.path})))
    return done[0].data if done else source.data


@settings(max_examples=EXAMPLES)
@given(briefs())
def test_any_brief_is_read_and_its_fixes_settle(xml: str) -> None:
    source = read(xml.encode())
    check_places(source, lint([source]))
    after = read(mended(source))
    assert errors(after) == errors(source)
    check_places(after, lint([after]))
    assert mended(after) == after.data

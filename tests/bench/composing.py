"""Composing: what the composer costs, beside bare HarfBuzz on the same text and beside painting it.

One warm process. The paragraphs are those that the issue really composes: text, notes, headings, captions, cells,
running heads, each in its own setting, each once. HarfBuzz gets the same text cut only where the face or the
language changes, in the same faces, and its glyphs are not even read: the least that setting a text can cost.
Painting is the engine's layout of the finished pages and the writing of the PDF.

`python -m tests.bench.composing ISSUE RUNS` prints the result as JSON; `measured` runs that in a fresh process.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from unittest.mock import patch

from pipeline import fonts
from pipeline.brief import Inline, Issue
from pipeline.compose import Composer, Line
from pipeline.compose.items import items
from pipeline.compose.shape import Shaper
from pipeline.compose.spans import spans
from pipeline.content import issue_content
from pipeline.fonts.harfbuzz import opened
from pipeline.manuscript import read_issue
from pipeline.page_layout import A4
from pipeline.printing import pages_html, set_issue
from pipeline.printing.boxes import Boxes
from pipeline.printing.painting import Painting
from pipeline.tokens import Setting
from tests.bench.race import run


@dataclass(frozen=True, slots=True)
class Composing:
    """Medians in seconds for the whole issue; `characters` are those of its lines, hyphens among them."""

    paragraphs: int
    lines: int
    characters: int
    compose: float
    shape: float
    paint: float

    @property
    def per_10000(self) -> float:
        """Seconds of composing for 10,000 characters."""
        return self.compose * 10_000 / self.characters

    @property
    def times_harfbuzz(self) -> float:
        """Composing as a multiple of bare shaping."""
        return self.compose / self.shape

    @property
    def times_painting(self) -> float:
        """Composing as a multiple of painting; below 1 it takes less time."""
        return self.compose / self.paint


class Task(NamedTuple):
    """What a composer was asked for."""

    children: tuple[Inline, ...]
    setting: Setting
    lang: str | None


class Stretch(NamedTuple):
    """Text for one buffer of HarfBuzz: in one face, language and set of features."""

    text: str
    font: Any
    lang: str | None
    features: dict[str, bool]


def composing(folder: Path, runs: int) -> Composing:
    """Compose, shape and paint an issue `runs` times in turn, each time with a composer that knows no word yet.

    Once before without a clock, so that faces are open and the engine is loaded.
    """
    prepared = fonts.prepare()
    fonts.activate(prepared)
    manuscript = read_issue(folder)
    assert manuscript.issue is not None
    issue = issue_content(manuscript.folder, manuscript.issue, manuscript.briefs.values())
    tasks = tasks_of(issue, Boxes(prepared, A4, Painting()))

    def compose() -> list[Line]:
        composer = Composer(prepared, A4.tokens)
        return [line for task in tasks for line in composer.paragraph(*task)]

    stretches = list(_stretches(tasks, Shaper(prepared, A4.tokens)))
    rounds = [
        (_seconds(compose), _seconds(lambda: shape(stretches)), painted(issue, prepared)) for _ in range(runs + 1)
    ]
    compose_time, shape_time, paint_time = (median(times) for times in zip(*rounds[1:], strict=True))
    lines = compose()
    characters = sum(len(line.text) for line in lines)
    return Composing(len(tasks), len(lines), characters, compose_time, shape_time, paint_time)


def tasks_of(issue: Issue, boxes: Boxes) -> list[Task]:
    """Everything that is composed for the pages of an issue, each once."""
    tasks: dict[Task, None] = {}
    paragraph = Composer.paragraph

    def noted(composer: Composer, children: Any, setting: Any, lang: Any = None) -> Any:
        tasks[Task(children, setting, lang)] = None
        return paragraph(composer, children, setting, lang)

    with patch.object(Composer, "paragraph", noted):
        pages_html(set_issue(issue, boxes), boxes)
    return list(tasks)


def _stretches(tasks: Iterable[Task], shaper: Shaper) -> Iterator[Stretch]:
    """The text of the tasks for bare shaping, in the faces in which the composer sets it."""
    for task in tasks:
        pieces = _pieces(task, shaper)
        for (face, lang, ligatures), run_of in groupby(pieces, key=lambda piece: piece[1:]):
            text = "".join(piece[0] for piece in run_of)
            yield Stretch(text, opened(face), lang, {"liga": ligatures})


def _pieces(task: Task, shaper: Shaper) -> Iterator[tuple[str, fonts.Face, str | None, bool]]:
    """The text of a paragraph glyph by glyph, each with its face, language and whether it has ligatures."""
    for item in items(spans(task.children, task.lang), shaper, task.setting, task.lang):
        start = 0
        for glyph in item.shapes:
            voice = item.voice
            lang, ligatures = (voice.lang, voice.ligatures) if voice else (None, True)
            yield item.text[start : start + glyph.characters], glyph.face, lang, ligatures
            start += glyph.characters


def shape(stretches: Iterable[Stretch]) -> None:
    """Shape each stretch in one buffer, and leave the glyphs there."""
    import uharfbuzz

    for text, font, lang, features in stretches:
        buffer: Any = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        if lang:
            buffer.language = lang
        uharfbuzz.shape(font, buffer, features)


def painted(issue: Issue, prepared: fonts.Fonts) -> float:
    """Seconds in which the engine lays out the finished pages and writes their PDF."""
    from pipeline.printing import engine

    painting = Painting()
    boxes = Boxes(prepared, A4, painting)
    html = engine.parsed(pages_html(set_issue(issue, boxes), boxes), issue.folder)
    return _seconds(lambda: engine.pdf(engine.render(html, painting)))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measured(issue: Path, runs: int) -> Composing:
    """`composing` in a process of its own, so that nothing of it stays in this one."""
    finished = run((sys.executable, "-m", "tests.bench.composing", str(issue), str(runs)))
    return Composing(**json.loads(finished.lines[-1][1]))


if __name__ == "__main__":
    print(json.dumps(asdict(composing(Path(sys.argv[1]), int(sys.argv[2])))))

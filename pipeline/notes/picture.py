"""Picture: the notes of a brief as an arc diagram (SVG 1.1), for the editor who checks them.

The notes stand in a column in the order of the page, under quiet headings of their sections. An arc runs in
the margin from each note that refers to the one it names; what it prints stands beside it. All is placed here;
`layouts/notes/overview.svg.j2` draws it. Lengths are CSS pixels, and x counts from the spine: arcs lie left of
it, words right of it, so that they never meet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from pipeline.diagnostics import Language, Words
from pipeline.layout import LAYOUTS, environment
from pipeline.notes.overview import SPOTS, Referral, Row, Short, clipped, wrapped
from pipeline.tokens import read_tokens

TEMPLATE = "notes/overview.svg.j2"

EDGE = 48.0
SIZES = {"title": 26.0, "text": 15.0, "small": 12.5}
NUMBER, TEXT, RIGHT = 40.0, 54.0, 886.0
"""Where the numbers end, where the text begins, and where lines end."""
WIDTH, REFERRED_WIDTH = RIGHT - TEXT, 140.0
"""The width of a line, and what those who refer to a note take of its first one."""
_LINE, _TITLE_LINE, _BETWEEN, _BEFORE_HEADING = 24.0, 36.0, 10.0, 22.0
_WIDEST, _NARROWEST = 220.0, 12.0
"""How far arcs reach to the left."""
_DOT, _HEAD = 8.0, 15.0
"""Where an arc begins, and where it ends in the foot of its arrow head."""
_AROUND = 18.0
"""How much of the words before and behind a reference is shown, in em."""

_THIN, _BROAD = " .,:;'‘’()[]/-–fijlrtI", "mwMW%&@"
"""Characters that are about a third of an em wide, and nearly one."""

_LEAST = 6.0
"""Less than this of a stretch is not shown, in em."""

_SMALL = {"spot", "source", "container", "date", "wrong", "section", "part", "through", "referred", "legend"}
"""Kinds of words that are set small."""

_FALLBACKS = {
    "ming": '"Noto Serif TC", "Noto Serif CJK TC", "Songti TC", "PMingLiU", serif',
    "hei": '"Noto Sans TC", "Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei", sans-serif',
    "latin": '"Source Serif 4", "Noto Serif", "Times New Roman", serif',
}
"""Faces for a machine that hasn't those of the house."""

_LEGEND = {
    "cites": Words("引用", "cites"),
    "both": Words("引用並參照", "cites and refers"),
    "refers": Words("參照", "refers"),
    "commentary": Words("說明", "comments"),
    "same-source": Words("同一出處", "same source"),
    "see": Words("請參看", "see"),
    "again": Words("×2　註號不只出現一次", "×2　called more than once"),
}
_USES = ("same-source", "see")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a line in one style: `kind` is a class of the style sheet."""

    kind: str
    text: str
    is_latin: bool = False

    @property
    def width(self) -> float:
        """Its width, by the measure of `ems`."""
        return ems(self.text) * size(self.kind)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text with its baseline."""

    y: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A note in the picture: its dot and number on the first line, its lines, and who refers to it.

    `kind` is a key of the legend; `described` has all its words.
    """

    y: float
    label: str
    kind: str
    lines: tuple[Line, ...]
    referred: str
    described: str


@dataclass(frozen=True, slots=True)
class Bow:
    """A reference from one mark to another."""

    start: Mark
    end: Mark
    use: str
    described: str

    @property
    def span(self) -> float:
        """How far apart the two stand."""
        return abs(self.start.y - self.end.y)

    def path(self, reach: float) -> str:
        """Half an ellipse that bulges `reach` to the left."""
        x, y, sweep = reach - _HEAD, self.span / 2, int(self.start.y > self.end.y)
        start, end = middle(self.start.y), middle(self.end.y)
        return f"M{-_DOT:g} {start:g}H{-_HEAD:g}A{x:.1f} {y:g} 0 0 {sweep} {-_HEAD:g} {end:g}"


@dataclass(frozen=True, slots=True)
class Sample:
    """An entry of the legend, its sign at `x`."""

    x: float
    name: str
    words: str


def picture(rows: Sequence[Row], title: str, language: Language) -> str:
    """The notes of a brief under its title as the text of an SVG document; the same rows, the same bytes."""
    head = _head(title)
    top = EDGE + len(head) * _TITLE_LINE + 3 * _LINE
    headings, marks, bottom = _column(rows, top, language)
    bows = _bows(rows, marks, language)
    longest = max((bow.span for bow in bows), default=0.0)
    widest = min(_WIDEST, longest / 2)
    arcs = [
        (bow, bow.path(_HEAD + max(_NARROWEST, widest * (bow.span / longest) ** 0.8)))
        for bow in sorted(bows, key=lambda bow: -bow.span)
    ]
    tokens = read_tokens(LAYOUTS / "tokens.css")
    return environment({"middle": middle}).get_template(TEMPLATE).render(
        lang="en" if language == "en" else "zh-Hant-TW",
        title=title,
        description=_description(rows, bows, language),
        summary=_summary(rows, language),
        head=[(EDGE + _TITLE_LINE * index + 20, line) for index, line in enumerate(head)],
        summary_y=top - 2.6 * _LINE,
        legend=list(_legend(rows, bows, language)),
        legend_y=top - 1.4 * _LINE,
        referred_heading=Words("被引於", "referred to by").in_language(language),
        some_referred=any(mark.referred for mark in marks),
        headings=headings,
        marks=marks,
        arcs=arcs,
        spine=EDGE + (widest + _HEAD if bows else 0),
        height=bottom + EDGE,
        text=TEXT,
        number=NUMBER,
        right=RIGHT,
        edge=EDGE,
        sizes=SIZES,
        tokens=tokens.values,
        faces={name: f"{tokens.values[name]}, {fallback}" for name, fallback in _FALLBACKS.items()},
    )  # fmt: skip


def _head(title: str) -> list[str]:
    """The title in lines of about the same length."""
    width = WIDTH / SIZES["title"]
    lines = wrapped(title, width, ems)
    return wrapped(title, min(width, ems(title) / len(lines) + 2), ems) if lines else [""]


def ems(text: str) -> float:
    """The width of a text in em as most faces set it: Han 1, Latin letters about .55, capitals more."""
    return sum(_em(character) for character in text)


def _em(character: str) -> float:
    if character >= "\u1100" or character in "—…":
        return 1.0
    if character in _THIN:
        return 0.35
    return 0.9 if character in _BROAD else 0.72 if character.isupper() else 0.55


def size(kind: str) -> float:
    """The size of the words of a kind."""
    return SIZES["small" if kind in _SMALL else "text"]


def middle(baseline: float) -> float:
    """The height of the dot on a line: the middle of its characters."""
    return baseline - 5


# The column of notes


def _column(rows: Sequence[Row], top: float, language: Language) -> tuple[list[Line], list[Mark], float]:
    """The headings and the notes with their places, and the last baseline."""
    headings: list[Line] = []
    marks: list[Mark] = []
    before: tuple[str, ...] = ()
    y = top + _BEFORE_HEADING
    for row in rows:
        if row.called.sections != before:
            y += _BEFORE_HEADING if marks else 0
            headings.append(Line(y, _heading(row.called.sections, before)))
            y += _LINE + _BETWEEN / 2
            before = row.called.sections
        lines = [Line(y + _LINE * index, spans) for index, spans in enumerate(_lines(row, language))]
        marks.append(Mark(y, row.label, _kind(row), tuple(lines), _referred(row, language), _described(row)))
        y = lines[-1].y + _LINE + _BETWEEN
    return headings, marks, y - _LINE - _BETWEEN


def _heading(sections: tuple[str, ...], before: tuple[str, ...]) -> tuple[Span, ...]:
    """The sections that begin here, outermost first; all of them where one only ends."""
    known = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(sections, before, strict=False))))
    new = sections[known:] or sections
    spans = [Span("section" if known or index else "part", name) for index, name in enumerate(new)]
    return _fitted(_between(spans, Span("section", "　›　")), WIDTH)


def _kind(row: Row) -> str:
    return "both" if row.kind == "cites and refers" else row.kind


def _lines(row: Row, language: Language) -> Iterator[tuple[Span, ...]]:
    """The lines of a note: one for each source and reference, or its words; what should be mended below."""
    lead: list[Span] = []
    if row.called.times > 1:
        lead.append(Span("spot", f"×{row.called.times}　"))
    if row.called.spot not in ("text", "author"):
        lead.append(Span("spot", f"{SPOTS[row.called.spot].in_language(language)}　"))
    width = WIDTH - (REFERRED_WIDTH if row.referred or row.mentions else 0)
    for spans in _content(row, language):
        yield _fitted([*lead, *spans], width)
        lead, width = [], WIDTH
    for remark in row.remarks:
        if remark.wrong:
            yield _fitted([Span("wrong", remark.words.in_language(language))], WIDTH)


def _content(row: Row, language: Language) -> Iterator[list[Span]]:
    if row.kind == "commentary":
        yield [Span("comment", row.gist or "—")]
    elif row.kind == "refers":
        yield from _in_words(row, language)
    else:
        for part in row.parts:
            yield _source(part) if isinstance(part, Short) else _reference(part, language)


def _in_words(row: Row, language: Language) -> Iterator[list[Span]]:
    """A note that only refers: each reference with the words around it, cut short."""
    rest = row.gist
    for referral in row.refers:
        before, _, rest = rest.partition(referral.printed) if referral.printed else ("", "", rest)
        words, *source = _reference(referral, language)
        is_last = referral is row.refers[-1]
        behind = clipped(rest.strip(" ，。；,.;"), _AROUND, ems) if is_last else ""
        before = clipped(before.lstrip(" ，。；,.;"), _AROUND, ems)
        yield [Span("comment", before), words, *([Span("comment", "　" + behind)] if behind else []), *source]


def _reference(referral: Referral, language: Language) -> list[Span]:
    spans = [Span(referral.use, referral.printed)]
    if referral.through:
        words = Words("　經註{labels}", "　by way of note {labels}").fill({"labels": "、".join(referral.through)})
        spans.append(Span("through", words.in_language(language)))
    source = referral.source
    if source is not None:
        undated = str(replace(source, date=""))
        spans += [Span("source", f"　{undated}", source.is_latin), *_date(source)]
    return spans


def _source(source: Short) -> list[Span]:
    """A source: who and what, and small, where and when."""
    latin = source.is_latin
    named = [Span("people", source.people, latin), Span("title", source.title, latin)]
    spans = _between([span for span in named if span.text], Span("title", source.comma, latin))
    if source.container:
        spans.append(Span("container", ("　" if spans else "") + source.container, latin))
    return [*spans, *_date(source)]


def _date(source: Short) -> list[Span]:
    joint = source.comma if source.container else "　"
    return [Span("date", joint + source.date, source.is_latin)] if source.date else []


def _between(spans: Sequence[Span], joint: Span) -> list[Span]:
    return [span for pair in zip([joint] * len(spans), spans, strict=True) for span in pair][1:]


def _fitted(spans: Sequence[Span], width: float) -> tuple[Span, ...]:
    """The spans of a line as far as they fit; the last one is clipped, or left out where little would be left."""
    fitted: list[Span] = []
    for span in spans:
        if span.width > width:
            room = width / size(span.kind)
            if room >= _LEAST and span.kind != "date":
                fitted.append(Span(span.kind, clipped(span.text, room, ems), span.is_latin))
            break
        fitted.append(span)
        width -= span.width
    return tuple(span for span in fitted if span.text)


def _referred(row: Row, language: Language) -> str:
    """Who refers to a note: as many numbers as there is room for, then how many in all."""
    comma = Words("、", ", ").in_language(language)
    names = [*row.referred, *([SPOTS["text"].in_language(language)] if row.mentions else [])]
    room = (REFERRED_WIDTH - 16) / SIZES["small"]
    if ems(comma.join(names)) <= room:
        return comma.join(names)
    shown = list(names)
    count = Words(f"…（{len(names)}）", f"… ({len(names)})").in_language(language)
    while ems(comma.join(shown) + count) > room:
        shown.pop()
    return comma.join(shown) + count


def _described(row: Row) -> str:
    return f"{row.label}　{row.printed}"


# The references


def _bows(rows: Sequence[Row], marks: Sequence[Mark], language: Language) -> list[Bow]:
    """Each reference from one note to another, once."""
    by_label = {mark.label: mark for mark in marks}
    bows: dict[tuple[str, str, str], Bow] = {}
    for row, mark in zip(rows, marks, strict=True):
        for referral in row.refers:
            if referral.to != row.label:
                words = Words("註{a} → 註{b}：{said}", "note {a} → note {b}: {said}").fill(
                    {"a": row.label, "b": referral.to, "said": referral.printed}
                )
                key = (row.label, referral.to, referral.use)
                bows.setdefault(key, Bow(mark, by_label[referral.to], referral.use, words.in_language(language)))
    return list(bows.values())


# Around it


def _summary(rows: Sequence[Row], language: Language) -> str:
    sources = sum(len(row.sources) for row in rows)
    references = sum(len(row.refers) for row in rows)
    words = Words(
        f"{len(rows)}條註　{sources}筆引用　{references}處參照",
        f"{len(rows)} notes, {sources} citations, {references} references",
    )
    return words.in_language(language)


def _description(rows: Sequence[Row], bows: Sequence[Bow], language: Language) -> str:
    """The picture in words, for those who don't see it."""
    end = Words("。", ". ").in_language(language)
    said = [_summary(rows, language), *(bow.described.rstrip("。. ") for bow in bows)]
    return "".join(sentence + end for sentence in said).strip()


def _legend(rows: Sequence[Row], bows: Sequence[Bow], language: Language) -> Iterator[Sample]:
    """The signs that are in the picture, side by side."""
    used = {_kind(row) for row in rows} | {bow.use for bow in bows}
    used |= {"again" for row in rows if row.called.times > 1}
    x = TEXT
    for name, words in _LEGEND.items():
        if name in used:
            said = words.in_language(language)
            yield Sample(x, name, said)
            x += (52 if name in _USES else 40) + ems(said) * SIZES["small"]

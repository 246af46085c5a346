"""The notation of `expected/*.toml`: the brief that an editor wants, one block a line.

    # 標題, ## 標題          headings (level 1, 2, …), without their labels
    一段文字                 a paragraph
    > 引文                   a paragraph of a block quotation;  >— 出處  its attribution
    - 項目,  1) 項目         items of a list, bulleted or numbered; two blanks before it for each list it lies in
    ! 圖題 ‖ 資料來源：…     a figure: caption, source
    |: 表題 ‖ 資料來源：…    a table: caption, source; its rows follow
    |# 甲 | 乙               a header row;  | 甲 | 乙  another; a cell < goes on to the right, ^ goes on below

Inside a line: [^3] the call of note 3, *italics*, <https://…> an address, <文字|https://…> a link,
{ko:…} words in another language, {同註3→3} typed words that become a link to note 3, {^2} superscript.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).parent
FILES = HERE / "files"
EXPECTED = HERE / "expected"

RAISED = -1
"""In `Span.call`: the text is superscript, and no note of the brief."""
_INLINE = re.compile(
    r"\[\^(?P<call>\d+)\]|\{\^(?P<raised>[^{}]+)\}|\*(?P<italic>[^*]+)\*|<(?P<label>[^<>|]+)(?:\|(?P<href>[^<>]+))?>"
    r"|\{(?P<lang>[a-z]{2}):(?P<words>[^{}]*)\}|\{(?P<typed>[^{}→]+)→(?P<target>\d+)\}"
)
_BLOCK = re.compile(r"(?P<deep>(?:  )*)(?P<mark>#+ |>— |> |- |\d+\) |! |\|: |\|# |\| )?(?P<rest>.*)")
_KINDS = {">— ": "attrib", "> ": "quote", "- ": "bullet", "! ": "figure", "|: ": "table"}


@dataclass(frozen=True)
class Span:
    """Text of one look; `call` is the number of a note, `target` that of the note which the typed words mean."""

    text: str = ""
    italic: bool = False
    lang: str = ""
    href: str = ""
    call: int = 0
    target: int = 0


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Row:
    """A row of a table; a cell is None where the one on its left or above goes on ("<", "^" in `merged`)."""

    cells: tuple[Spans, ...]
    merged: tuple[str, ...]
    header: bool = False


@dataclass(frozen=True)
class Block:
    """A block of the brief: heading, p, quote, attrib, bullet, order, figure or table."""

    kind: str
    spans: Spans
    level: int = 0
    source: Spans = ()
    rows: tuple[Row, ...] = ()

    def extent(self, row: int, column: int) -> tuple[int, int]:
        """The columns and rows over which a cell of a table goes."""
        right = self.rows[row].merged[column + 1 :]
        below = [other.merged[column] for other in self.rows[row + 1 :]]
        return 1 + _run(right, "<"), 1 + _run(below, "^")


def _run(marks: Sequence[str], mark: str) -> int:
    """How many of the first marks are `mark`."""
    return next((n for n, each in enumerate(marks) if each != mark), len(marks))


@dataclass(frozen=True)
class Expected:
    """What an editor wants of one manuscript; `notes` are in the order of their calls."""

    name: str
    file: str
    made: str
    shows: str
    title: str
    subtitle: str
    authors: tuple[tuple[str, str], ...]
    focus: tuple[str, ...]
    blocks: tuple[Block, ...]
    notes: tuple[Spans, ...]
    changes: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    before: str = ""
    """The name of the manuscript that this one corrects."""
    kept: tuple[tuple[int, int], ...] = ()
    """Of a corrected manuscript: (number before, number now) of the notes whose ids must stay."""
    thanks: str = ""
    """The note of the authors, which has no number."""
    abstract: str = ""
    keywords: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return FILES / self.file


def spans(text: str, *, italic: bool = False, lang: str = "") -> Spans:
    """The spans of one line of the notation."""
    found: list[Span] = []
    end = 0
    for match in _INLINE.finditer(text):
        if match.start() > end:
            found.append(Span(text[end : match.start()], italic=italic, lang=lang))
        end = match.end()
        if match["call"]:
            found.append(Span(call=int(match["call"])))
        elif match["raised"]:
            found.append(Span(match["raised"], call=RAISED))
        elif match["italic"]:
            found += spans(match["italic"], italic=True, lang=lang)
        elif match["label"]:
            found.append(Span(match["label"], italic=italic, lang=lang, href=match["href"] or match["label"]))
        elif match["lang"]:
            found += spans(match["words"], italic=italic, lang=match["lang"])
        else:
            found.append(Span(match["typed"], target=int(match["target"])))
    if end < len(text):
        found.append(Span(text[end:], italic=italic, lang=lang))
    return tuple(found)


def plain(line: Spans) -> str:
    """The text of spans; calls are nothing."""
    return "".join(each.text for each in line)


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a body in the notation."""
    found: list[Block] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        match = _BLOCK.fullmatch(line)
        assert match is not None
        mark, rest = match["mark"] or "", match["rest"]
        if mark in ("| ", "|# "):
            table = found[-1]
            assert table.kind == "table", line
            found[-1] = replace(table, rows=(*table.rows, _row(rest, header=mark == "|# ")))
        elif mark in ("! ", "|: "):
            caption, _, source = rest.partition(" ‖ ")
            found.append(Block(_KINDS[mark], spans(caption), source=spans(source)))
        elif mark.startswith("#"):
            found.append(Block("heading", spans(rest), level=len(mark) - 1))
        else:
            kind = "order" if mark.endswith(") ") else _KINDS.get(mark, "p")
            found.append(Block(kind, spans(rest), level=len(match["deep"]) // 2))
    return tuple(found)


def _row(text: str, *, header: bool) -> Row:
    cells = [cell.strip() for cell in text.strip().split(" | ")]
    merged = tuple(cell if cell in ("<", "^") else "" for cell in cells)
    return Row(
        tuple(() if mark else spans(cell) for cell, mark in zip(cells, merged, strict=True)), merged, header
    )


def expected(name: str) -> Expected:
    """The expectation `expected/<name>.toml`."""
    data = tomllib.loads((EXPECTED / f"{name}.toml").read_text(encoding="utf-8"))
    authors = tuple((who, unit) for who, _, unit in (each.partition("，") for each in data.pop("authors", ())))
    lists = {key: tuple(data.pop(key, ())) for key in ("focus", "changes", "comments", "doubts")}
    return Expected(
        name=name,
        file=data.pop("file"),
        made=data.pop("made"),
        shows=data.pop("shows"),
        title=data.pop("title"),
        subtitle=data.pop("subtitle", ""),
        authors=authors,
        blocks=blocks(data.pop("body")),
        notes=tuple(spans(note) for note in data.pop("notes", ())),
        before=data.pop("before", ""),
        kept=tuple((before, now) for before, now in data.pop("kept", ())),
        focus=lists["focus"],
        changes=lists["changes"],
        comments=lists["comments"],
        doubts=lists["doubts"],
        thanks=data.pop("thanks", ""),
        abstract=data.pop("abstract", ""),
        keywords=tuple(data.pop("keywords", ())),
    )


def all_expected() -> Iterator[Expected]:
    """Every expectation, by name."""
    for path in sorted(EXPECTED.glob("*.toml")):
        yield expected(path.stem)

"""Report: what an import recognised, did and doubts, as plain values for the terminal and for scripts (JSON)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from pipeline.diagnostics import Diagnostic, Language, Severity, Words, has_errors
from pipeline.flat import flat
from pipeline.importing.again import Change
from pipeline.importing.document import Change as Tracked
from pipeline.importing.document import Comment
from pipeline.notes.phrases import phrases
from pipeline.number import number
from pipeline.parse import LANG, Source

Element = etree._Element

_LANGUAGES = {
    "en": Words("英文", "English"),
    "ja": Words("日文", "Japanese"),
    "ko": Words("韓文", "Korean"),
    "zh-Hans": Words("簡體中文", "simplified Chinese"),
    "zh": Words("中文", "Chinese"),
    "fr": Words("法文", "French"),
    "de": Words("德文", "German"),
    "ru": Words("俄文", "Russian"),
    "es": Words("西班牙文", "Spanish"),
}
"""What the languages of runs are called; others by their tags."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it was recognised: its level from 1, its printed label and its title, and how it was told."""

    level: int
    label: str
    title: str
    number: int = 0
    how: Words = field(default_factory=lambda: Words("", ""))


@dataclass(frozen=True, slots=True)
class Step:
    """What an edit did, or left, at some words of a note: a link, a citation; `reason` where it was left,
    `printed` what will be printed in the place of the words.
    """

    text: str
    what: str = ""
    reason: Words | None = None
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What there is to say about one imported manuscript.

    `notes` are all notes of the brief, `typed_notes` those that the author typed as a list. `changed` is None
    where the manuscript was not imported before. `findings` are the doubts about the manuscript, `differences`
    those between its text and that of the brief, `problems` what is wrong with the brief itself.
    """

    manuscript: Path
    kind: str
    title: str
    subtitle: str
    authors: tuple[str, ...]
    units: tuple[str, ...]
    focus: tuple[str, ...]
    headings: tuple[Heading, ...]
    notes: int
    typed_notes: int
    linked: tuple[Step, ...]
    unlinked: tuple[Step, ...]
    tagged: tuple[Step, ...]
    untagged: tuple[Step, ...]
    figures: int
    tables: int
    quotations: int
    lists: int
    languages: Mapping[str, int]
    tracked: tuple[Tracked, ...]
    comments: tuple[Comment, ...]
    characters: int
    compared_notes: int
    differences: tuple[Diagnostic, ...]
    findings: tuple[Diagnostic, ...]
    problems: tuple[Diagnostic, ...]
    changed: tuple[Change, ...] | None = None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything to look at: the worst first."""
        every = (*self.differences, *self.problems, *self.findings)
        order = list(Severity)
        return tuple(sorted(every, key=lambda each: order.index(each.severity)))

    @property
    def has_errors(self) -> bool:
        """Whether the brief is not what the manuscript says, or not what the profile asks for."""
        return has_errors(self.diagnostics)

    def as_json(self, language: Language, shown: Callable[[Path], str]) -> dict[str, Any]:
        """The report as an object of `kan import --json`; `shown` names a file."""
        return {
            "manuscript": shown(self.manuscript),
            "kind": self.kind,
            "title": self.title,
            "subtitle": self.subtitle,
            "authors": list(self.authors),
            "units": list(self.units),
            "focus": list(self.focus),
            "headings": [{**asdict(each), "how": each.how.in_language(language)} for each in self.headings],
            "notes": {"all": self.notes, "typed": self.typed_notes},
            "links": {
                "done": [{"text": each.text, "rid": each.what, "printed": each.printed} for each in self.linked],
                "left": [_left(each, language) for each in self.unlinked],
            },
            "citations": {
                "done": [{"text": each.text, "type": each.what} for each in self.tagged],
                "left": [_left(each, language) for each in self.untagged],
            },
            "figures": self.figures,
            "tables": self.tables,
            "quotations": self.quotations,
            "lists": self.lists,
            "languages": dict(self.languages),
            "tracked_changes": [asdict(each) for each in self.tracked],
            "comments": [asdict(each) for each in self.comments],
            "compared": {"characters": self.characters, "notes": self.compared_notes},
            "differences": [each.as_json(language, shown) for each in self.differences],
            "findings": [each.as_json(language, shown) for each in (*self.problems, *self.findings)],
            "changes": None if self.changed is None else [asdict(each) for each in self.changed],
        }

    def rows(self, language: Language) -> Iterator[tuple[str, str]]:
        """What was recognised, as names with their contents; a line of the contents stands for itself."""
        for name, content in self._rows():
            text = content.in_language(language)
            if text:
                yield name.in_language(language), text

    def _rows(self) -> Iterator[tuple[Words, Words]]:
        title = f"{self.title}\n{self.subtitle}" if self.subtitle else self.title
        yield Words("題名", "title"), _same(title or "—")
        yield Words("作者", "authors"), Words("、".join(self.authors) or "—", ", ".join(self.authors) or "—")
        yield Words("單位", "units"), Words("、".join(self.units), ", ".join(self.units))
        yield Words("焦點類別", "focus"), Words("、".join(self.focus), ", ".join(self.focus))
        yield Words("節", "sections"), self._outline()
        yield Words("註", "notes"), self._notes()
        yield Words("同註", "same source"), _done(self.linked, self.unlinked, "連結", "linked")
        yield Words("書目", "citations"), _done(self.tagged, self.untagged, "標記", "tagged")
        yield Words("圖表引文", "blocks"), self._blocks()
        yield Words("外文", "languages"), self._languages()
        yield Words("追蹤修訂", "changes"), self._tracked()
        yield Words("批註", "comments"), self._comments()
        yield Words("逐字比對", "collation"), self._collation()

    def _outline(self) -> Words:
        zh, en = [], []
        for each in self.headings:
            line = f"{'　' * (each.level - 1)}{each.label}{each.title}"
            told = each.how
            zh.append(f"{line}  〔{told.zh}〕" if told.zh else line)
            en.append(f"{line}  [{told.en}]" if told.en else line)
        return Words("\n".join(zh) or "沒有分節", "\n".join(en) or "no sections")

    def _notes(self) -> Words:
        real, typed = self.notes - self.typed_notes, self.typed_notes
        if not typed:
            return _same(str(self.notes))
        if real <= 0:
            return Words(f"{typed}，作者打字的，已改成真的註", f"{typed}, typed by the author, made real notes")
        return Words(
            f"{self.notes}（作者打字的{typed}條，已改成真的註）", f"{self.notes} ({typed} typed, made real notes)"
        )

    def _blocks(self) -> Words:
        counts = (
            (self.figures, "圖", "figures"),
            (self.tables, "表", "tables"),
            (self.quotations, "引文", "quotations"),
            (self.lists, "條列", "lists"),
        )
        there = [each for each in counts if each[0]]
        return Words(
            "，".join(f"{name}{count}" for count, name, _ in there),
            ", ".join(f"{n} {name}" for n, _, name in there),
        )

    def _languages(self) -> Words:
        named = [
            (_LANGUAGES.get(tag, _LANGUAGES.get(tag.split("-")[0], _same(tag))), n)
            for tag, n in self.languages.items()
        ]
        return Words(
            "，".join(f"{name.zh}{count}處" for name, count in named),
            ", ".join(f"{name.en} {count}" for name, count in named),
        )

    def _tracked(self) -> Words:
        kinds = {
            "insertion": Words("插入", "inserted"),
            "deletion": Words("刪去", "deleted"),
            "move": Words("移動", "moved"),
        }
        zh = [f"已接受{len(self.tracked)}處"] if self.tracked else []
        en = [f"{len(self.tracked)} accepted"] if self.tracked else []
        for each in self.tracked:
            who_zh, who_en = (f"（{each.author}）", f" ({each.author})") if each.author else ("", "")
            zh.append(f"第{each.number}段{kinds[each.kind].zh}「{_short(each.text)}」{who_zh}")
            en.append(f"paragraph {each.number}: {kinds[each.kind].en} “{_short(each.text)}”{who_en}")
        return Words("\n".join(zh), "\n".join(en))

    def _comments(self) -> Words:
        zh, en = [], []
        for each in self.comments:
            zh.append(f"第{each.number}段「{_short(each.quoted)}」{each.author}：{each.text}")
            en.append(f"paragraph {each.number} “{_short(each.quoted)}” {each.author}: {each.text}")
        return Words("\n".join(zh), "\n".join(en))

    def _collation(self) -> Words:
        count = len(self.differences)
        zh = f"有{count}處不同，列在下面" if count else "沒有不同"
        en = f"{count} differences, listed below" if count else "no difference"
        return Words(
            f"{self.characters:,}字、{self.compared_notes}條註：{zh}",
            f"{self.characters:,} characters, {self.compared_notes} notes: {en}",
        )


def _left(step: Step, language: Language) -> dict[str, str]:
    return {"text": step.text, "reason": step.reason.in_language(language) if step.reason else ""}


def _done(done: Sequence[Step], left: Sequence[Step], zh: str, en: str) -> Words:
    """How many steps were done, and each that was left with the reason."""
    if not done and not left:
        return Words("", "")
    lines_zh, lines_en = [f"{zh}{len(done)}處"], [f"{len(done)} {en}"]
    for each in done:
        if each.printed and _is_other(each.text, each.printed):
            lines_zh.append(f"「{_short(each.text)}」將印作「{each.printed}」")
            lines_en.append(f"“{_short(each.text)}” will be printed as “{each.printed}”")
    for each in left:
        reason = each.reason or Words("", "")
        lines_zh.append(f"不決定：「{_short(each.text)}」{reason.zh}")
        lines_en.append(f"left alone: “{_short(each.text)}” {reason.en}")
    return Words("\n".join(lines_zh), "\n".join(lines_en))


def _is_other(typed: str, printed: str) -> bool:
    """Whether a link prints less than was typed, or another number; 同註1 for 同前註 says the same."""
    paragraph = etree.Element("p")
    paragraph.text = typed
    phrase = next(phrases(flat(paragraph)), None)
    figure = re.search("[0-9]+", printed)
    if phrase is None or phrase.start > 0:
        return "".join(typed.split()) != "".join(printed.split())
    return phrase.number is not None and figure is not None and phrase.number != int(figure[0])


def _same(text: str) -> Words:
    return Words(text, text)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:29] + "…"


def title_of(source: Source) -> tuple[str, str]:
    """The title and the subtitle of a brief as plain text."""
    group = source.root.find("front/article-meta/title-group")
    parts = (group.find(name) if group is not None else None for name in ("article-title", "subtitle"))
    title, subtitle = (_plain(part) if part is not None else "" for part in parts)
    return title, subtitle


def authors_of(source: Source) -> tuple[str, ...]:
    """The names of the authors of a brief."""
    names = []
    for contrib in source.root.iterfind("front/article-meta/contrib-group/contrib"):
        name = next(
            (
                found
                for tag in ("name", "collab", "name-alternatives/*")
                if (found := contrib.find(tag)) is not None
            ),
            None,
        )
        if name is not None:
            names.append(_printed_name(name))
    return tuple(names)


def _printed_name(name: Element) -> str:
    """A name as it is printed: a Western one with the surname last."""
    if name.get("name-style") == "eastern":
        return "".join(_plain(name).split())
    parts = [name.find(tag) for tag in ("given-names", "surname")]
    printed = " ".join(_plain(part) for part in parts if part is not None)
    return printed or _plain(name)


def units_of(source: Source) -> tuple[str, ...]:
    """The units of the authors of a brief."""
    found = source.root.iterfind("front/article-meta/contrib-group//aff")
    return tuple(dict.fromkeys(_plain(unit) for unit in found))


def focus_of(source: Source) -> tuple[str, ...]:
    """The focus categories of a brief."""
    found = source.root.iterfind("front/article-meta/article-categories//subject")
    return tuple(_plain(subject) for subject in found)


def headings_of(source: Source, told: Sequence[Heading] = ()) -> tuple[Heading, ...]:
    """The outline of a brief with its printed labels; `told` are the headings as they were recognised."""
    labels = number(source.root).labels
    how = {each.title: each for each in reversed(told)}
    found = []
    for section in source.root.iter("sec"):
        title = section.find("title")
        text = _plain(title) if title is not None else ""
        level = 1 + sum(1 for _ in section.iterancestors("sec"))
        known = how.get(text)
        found.append(
            Heading(
                level,
                labels.get(section, ""),
                text,
                known.number if known else 0,
                known.how if known else Words("", ""),
            )
        )
    return tuple(found)


def languages_in(source: Source) -> Mapping[str, int]:
    """How many stretches of a brief are marked as another language."""
    own = source.root.get(LANG)
    body = source.root.find("body")
    tags = [node.get(LANG) for node in body.iter("*") if node.tag == "named-content"] if body is not None else []
    return dict(Counter(tag for tag in tags if tag and tag != own).most_common())


def _plain(node: Element) -> str:
    parts = [node.text or ""]
    for child in node:
        if child.tag not in ("fn", "xref", "rt") and isinstance(child.tag, str):
            parts.append(_plain(child))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


_AROUND = 20
"""How many characters around a change are shown."""


def stretch(old: str, new: str) -> tuple[str, str]:
    """The stretches in which two texts differ, with a little around them; the rest is …"""
    if not old or not new or old == new:
        return _clipped(old), _clipped(new)
    first, shorter = 0, min(len(old), len(new))
    while first < shorter and old[first] == new[first]:
        first += 1
    last = 0
    while last < shorter - first and old[-1 - last] == new[-1 - last]:
        last += 1
    start = max(first - _AROUND, 0)
    return tuple(  # type: ignore[return-value]
        ("…" if start else "")
        + _clipped(text[start : min(len(text) - last + _AROUND, len(text))])
        + ("…" if last > _AROUND else "")
        for text in (old, new)
    )


def _clipped(text: str) -> str:
    return text if len(text) <= 120 else text[:80] + "…" + text[-39:]

"""Top: what stands before the text. The author's words replace those of the brief, all else stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.diagnostics import Edit
from pipeline.importing.again.reading import Reading, joined, name_of, spliced, text_of, whole_title, words_in

Element = etree._Element

_ORDER = (
    *("article-id", "article-categories", "title-group", "contrib-group", "author-notes", "history"),
    *("permissions", "abstract", "trans-abstract", "kwd-group"),
)
"""The order of what stands at the top (the profile, as JATS)."""


@dataclass
class Top:
    """What stands before the text: the author's words replace those of the brief, all else stays."""

    old: Reading
    fresh: Reading

    def edits(self) -> Iterator[Edit]:
        """The edits of the old brief."""
        old = self.old.source.root.find("front/article-meta")
        fresh = self.fresh.source.root.find("front/article-meta")
        if old is None or fresh is None:
            return
        yield from self.titles(old, fresh)
        yield from self.authors(old, fresh)
        for name in ("article-categories", "abstract", "trans-abstract", "kwd-group"):
            for each in fresh.iterfind(name):
                yield from self.part(old, each)

    def titles(self, old: Element, fresh: Element) -> Iterator[Edit]:
        """Title and subtitle."""
        ours, theirs = old.find("title-group"), fresh.find("title-group")
        if ours is None or theirs is None or whole_title(ours) == whole_title(theirs):
            return
        for name in ("article-title", "subtitle"):
            one, other = ours.find(name), theirs.find(name)
            if one is not None and other is not None:
                if text_of(one) != text_of(other):
                    yield Edit(*self.old.outer(one), self.fresh.bytes(other).decode())
            elif other is not None:
                after = self.old.outer(ours[0])[1]
                yield Edit(after, after, self.line(ours[0]) + self.fresh.bytes(other).decode())
            elif one is not None:
                yield Edit(self.gap_before(one), self.old.outer(one)[1], "")

    def authors(self, old: Element, fresh: Element) -> Iterator[Edit]:
        """The authors, if the manuscript has others or writes them otherwise."""
        ours, theirs = old.find("contrib-group"), fresh.find("contrib-group")
        if theirs is None:
            return
        if ours is None:
            yield from self.part(old, theirs)
            return
        if set(words_in(theirs)) <= set(words_in(ours)) and len(ours.findall("contrib")) == len(
            theirs.findall("contrib")
        ):
            return
        known = {name_of(each): each for each in ours.iterfind("contrib")}
        edits = []
        for contrib in theirs.iterfind("contrib"):
            same = known.get(name_of(contrib))
            if same is not None:
                edits.append(Edit(*self.fresh.outer(contrib), self.author(same, contrib)))
        data = spliced(self.fresh.source, *self.fresh.outer(theirs), edits)
        yield Edit(*self.old.outer(ours), data.decode())

    def author(self, old: Element, fresh: Element) -> str:
        """An author of the old brief with the unit of the fresh one."""
        edits = []
        for one, other in zip(old.iterfind("aff"), fresh.iterfind("aff"), strict=False):
            if text_of(one) != text_of(other):
                edits.append(Edit(*self.old.outer(one), self.fresh.bytes(other).decode()))
        return spliced(self.old.source, *self.old.outer(old), edits).decode()

    def part(self, old: Element, fresh: Element) -> Iterator[Edit]:
        """A part that the manuscript has: in the place of that of the brief, or where it belongs."""
        lang = "{http://www.w3.org/XML/1998/namespace}lang"
        same = [
            each
            for each in old.iterfind(str(fresh.tag))
            if fresh.tag not in ("kwd-group", "trans-abstract") or each.get(lang) == fresh.get(lang)
        ]
        if same:
            if joined(same[0]) != joined(fresh):
                yield Edit(*self.old.outer(same[0]), self.fresh.bytes(fresh).decode())
            return
        until = _ORDER.index(str(fresh.tag)) + 1
        earlier = [each for each in old.iterchildren("*") if each.tag in _ORDER[:until]]
        at = self.old.outer(earlier[-1])[1] if earlier else self.old.source.tag_bytes(old)[1]
        yield Edit(at, at, self.line(old[0]) + self.fresh.bytes(fresh).decode())

    def gap_before(self, node: Element) -> int:
        """Where the blanks before an element begin."""
        start = self.old.outer(node)[0]
        while self.old.source.data[start - 1 : start].isspace():
            start -= 1
        return start

    def line(self, node: Element) -> str:
        """The blanks before an element."""
        return self.old.source.data[self.gap_before(node) : self.old.outer(node)[0]].decode()

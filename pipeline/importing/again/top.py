"""Top: what stands before the text. The author's words replace those of the brief, all else stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from pipeline.diagnostics import Edit
from pipeline.importing.again.reading import Reading, joined, name_of, spliced, text_of, whole_title, words_in
from pipeline.importing.fidelity import alike
from pipeline.parse import Source

Element = etree._Element

_ORDER = (
    *("article-id", "article-categories", "title-group", "contrib-group", "author-notes", "history"),
    *("permissions", "abstract", "trans-abstract", "kwd-group"),
)
"""The order of what stands at the top (the profile, as JATS)."""

_NAMES = ("name", "name-alternatives", "collab", "string-name")
_AUTHOR_NOTE = "author-notes/fn/p"
_SAME_NOTE = 0.4
"""How much two notes of an author share, at least, of which one is the other rewritten."""
_SAME_PERSON = 0.6
"""How much two names share, at least, of which one mends the other."""


@dataclass
class Top:
    """What stands before the text: the author's words replace those of the brief, all else stays."""

    old: Reading
    fresh: Reading
    base: Source | None = None
    """The brief from which the manuscript was exported, if that is known."""

    def edits(self) -> Iterator[Edit]:
        """The edits of the old brief."""
        old = self.old.source.root.find("front/article-meta")
        fresh = self.fresh.source.root.find("front/article-meta")
        if old is None or fresh is None:
            return
        yield from self.titles(old, fresh)
        authors = list(self.authors(old, fresh))
        yield from authors
        yield from self.author_notes(old, fresh, whole=not authors)
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
            same = known.get(name_of(contrib), self.renamed_author(known, theirs, contrib))
            if same is not None:
                edits.append(Edit(*self.fresh.outer(contrib), self.author(same, contrib)))
        data = spliced(self.fresh.source, *self.fresh.outer(theirs), edits)
        yield Edit(*self.old.outer(ours), data.decode())

    def author_notes(self, old: Element, fresh: Element, *, whole: bool) -> Iterator[Edit]:
        """The notes of the authors: what was rewritten, and what was exported and isn't in the manuscript now is
        deleted with its call, if the authors are as they were (`whole`). Others are the editor's.
        """
        theirs = {text_of(each): each for each in fresh.iterfind(_AUTHOR_NOTE)}
        known = {text_of(each) for each in old.iterfind(_AUTHOR_NOTE)}
        new = {text: each for text, each in theirs.items() if text not in known}
        root = self.base.root if self.base is not None else None
        exported = {text_of(each) for each in root.iterfind(f".//{_AUTHOR_NOTE}")} if root is not None else set()
        gone: list[Element] = []
        for note in old.iterfind("author-notes/fn"):
            missing = [each for each in note.iterfind("p") if text_of(each) not in theirs]
            text = text_of(missing[0]) if len(missing) == 1 else ""
            share, near = max(((alike(text, each), each) for each in new), default=(0.0, ""))
            if text and share >= _SAME_NOTE:
                yield Edit(*self.old.outer(missing[0]), self.fresh.bytes(new.pop(near)).decode())
            elif whole and text in exported and len(note.findall("p")) == 1:
                gone.append(note)
        names = {note.get("id") for note in gone}
        calls = [xref for xref in old.iter("xref") if xref.get("rid") in names]
        holder = old.find("author-notes")
        if holder is not None and gone and len(gone) == len(holder.findall("fn")):
            gone = [holder]
        for each in (*gone, *calls):
            yield Edit(self.gap_before(each), self.old.outer(each)[1], "")

    def renamed_author(self, known: Mapping[str, Element], theirs: Element, contrib: Element) -> Element | None:
        """The author of the old brief whose name was mended: alike, and not in the manuscript as it was."""
        there = {name_of(each) for each in theirs.iterfind("contrib")}
        near = [(alike(name, name_of(contrib)), name) for name in known.keys() - there]
        share, name = max(near, default=(0.0, ""))
        return known[name] if share >= _SAME_PERSON else None

    def author(self, old: Element, fresh: Element) -> str:
        """An author of the old brief with the name and the unit of the fresh one."""
        edits = []
        name, other = (next((each for each in c if each.tag in _NAMES), None) for c in (old, fresh))
        if name is not None and other is not None and name_of(old) != name_of(fresh):
            edits.append(Edit(*self.old.outer(name), self.named(name, other)))
        for one, other in zip(old.iterfind("aff"), fresh.iterfind("aff"), strict=False):
            if text_of(one) != text_of(other):
                edits.append(Edit(*self.old.outer(one), self.fresh.bytes(other).decode()))
        return spliced(self.old.source, *self.old.outer(old), edits).decode()

    def named(self, old: Element, fresh: Element) -> str:
        """The name of the fresh brief, with the attributes that it had where it is of the same kind."""
        source, data = self.fresh.source, self.fresh.bytes(fresh).decode()
        if old.tag != fresh.tag or old.tag == "name-alternatives":
            return data
        end = source.tag_bytes(fresh)[1]
        tag = self.old.source.data[slice(*self.old.source.tag_bytes(old))].decode()
        return tag + source.data[end : self.fresh.outer(fresh)[1]].decode()

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

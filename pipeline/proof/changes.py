"""Changes: what is different between two copies of an issue, as a proofreader would say it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from itertools import zip_longest

from lxml import etree

from pipeline.diagnostics import Words
from pipeline.parse import LANG
from pipeline.profiles import DEFAULT, printed_date
from pipeline.proof.brief import brief_changes
from pipeline.proof.change import Change, Spot, numbered
from pipeline.proof.pairs import matched, out_of_order
from pipeline.proof.pictures import SAME_NAME, same_picture
from pipeline.proof.text import BriefText, IssueText
from pipeline.proof.where import field_in_words

Element = etree._Element


def changes(old: IssueText, new: IssueText) -> tuple[Change, ...]:
    """All changes between two copies of an issue, in the order of the new one, numbered from 1."""
    found = list(_fields(old, new))
    pairs, removed, added = _briefs(old.briefs, new.briefs)
    shuffled = out_of_order([old.briefs.index(one) for one, _ in pairs])
    for index, (one, other) in enumerate(pairs):
        if index in shuffled:
            found.append(replace(_whole_brief("brief-moved", other, one), said=_behind(new.briefs, other)))
        found += brief_changes(one, other)
    found += [_whole_brief("brief-added", brief, None) for brief in added]
    found += [_whole_brief("brief-removed", None, brief) for brief in removed]
    places = {brief.href: n for n, brief in enumerate(new.briefs, start=1)}
    places[""] = 0
    return numbered(sorted(found, key=lambda each: (places.get(each.href, len(places)), each.order)))


# Briefs


def _briefs(
    olds: Sequence[BriefText], news: Sequence[BriefText]
) -> tuple[list[tuple[BriefText, BriefText]], list[BriefText], list[BriefText]]:
    """The briefs that are the same, by file name, then by their text; those removed, those added."""
    by_href = {brief.href: brief for brief in news}
    pairs = [(brief, by_href[brief.href]) for brief in olds if brief.href in by_href]
    left = [brief for brief in olds if brief.href not in by_href]
    right = [brief for brief in news if brief.href not in {one.href for one, _ in pairs}]
    pairs += matched([(brief, _body(brief)) for brief in left], [(brief, _body(brief)) for brief in right])
    pairs.sort(key=lambda pair: news.index(pair[1]))
    known = {id(brief) for pair in pairs for brief in pair}
    return pairs, [b for b in olds if id(b) not in known], [b for b in news if id(b) not in known]


def _body(brief: BriefText) -> str:
    return brief.title + "".join(block.passage.text for block in brief.parts.get("body", ()))


def _behind(briefs: Sequence[BriefText], brief: BriefText) -> Words:
    """Where a brief stands now."""
    index = briefs.index(brief)
    if not index:
        return Words("移為第一篇", "now the first")
    before = briefs[index - 1].title
    return Words(f"移到〈{before}〉之後", f"now behind “{before}”")


def _whole_brief(kind: str, new: BriefText | None, old: BriefText | None) -> Change:
    brief = new or old
    assert brief is not None
    titles = brief.parts.get("title", ())
    spots = tuple(Spot(block, block.atoms, whole=True) for block in titles) if new is not None else ()
    return Change(
        kind,
        Words("全篇", "the whole brief"),
        old.title if old is not None and kind != "brief-moved" else "",
        new.title if new is not None else "",
        new.source.place(new.source.root) if new is not None else None,
        old.source.place(old.source.root) if old is not None else None,
        brief.title,
        brief.href,
        spots=spots,
    )


# issue.xml

_UNPRINTED = ("depositor", "note-style", "subject", "cover-picture")
"""What `issue.xml` says that stands on no page in these words."""


Field = tuple[str, Element]
"""What an element of `issue.xml` says, and the element."""


def _fields(old: IssueText, new: IssueText) -> Iterator[Change]:
    """What has changed in `issue.xml` beside the list of briefs."""
    olds, news = _by_path(old), _by_path(new)
    position = 0
    for path in dict.fromkeys((*news, *olds)):
        both = olds.get(path, []), news.get(path, [])
        texts = [[text for text, _ in fields] for fields in both]
        matcher = SequenceMatcher(None, texts[0], texts[1], autojunk=False)
        for kind, i, i_end, j, j_end in matcher.get_opcodes():
            pairs = zip_longest(both[0][i:i_end], both[1][j:j_end])
            for before, after in pairs if kind != "equal" else ():
                position += 1
                yield replace(_field(path, before, after, old, new), order=(position,))
    yield from _cover(old, new, position + 1)


def _by_path(issue: IssueText) -> dict[str, list[Field]]:
    found: dict[str, list[Field]] = {}
    for path, _, text, element in issue.fields:
        found.setdefault(path, []).append((_as_printed(text, element, issue), element))
    return found


def _as_printed(text: str, element: Element, issue: IssueText) -> str:
    """What an element says, a day as it is printed."""
    day = element.get("iso-8601-date", "")
    try:
        return printed_date(date.fromisoformat(day), issue.source.root.get(LANG) or DEFAULT)
    except ValueError:
        return text


def _field(path: str, before: Field | None, after: Field | None, old: IssueText, new: IssueText) -> Change:
    return Change(
        "replaced" if before and after else "inserted" if after else "deleted",
        field_in_words(path),
        _said(before, after),
        _said(after, before),
        new.source.place(after[1] if after else new.source.root),
        old.source.place(before[1]) if before else None,
        unprinted=path.rpartition("/")[2] in _UNPRINTED,
    )


def _said(field: Field | None, other: Field | None) -> str:
    """What an element says: its own words, where they tell the two apart, else with its attributes."""
    if field is None:
        return ""
    own, beside = (" ".join((each[1].text or "").split()) if each is not None else "" for each in (field, other))
    return own if own and own != beside else field[0]


def _cover(old: IssueText, new: IssueText, position: int) -> Iterator[Change]:
    """The picture of the cover, where its file has kept its name and is another."""
    one, other = (each.source.root.find("issue-meta/cover-picture") for each in (old, new))
    if one is None or other is None or (href := one.get("href", "")) != other.get("href", ""):
        return
    if not same_picture(old.source.path.parent, href, new.source.path.parent, href):
        where = field_in_words("cover-picture")
        places = new.source.place(other), old.source.place(one)
        yield Change("picture", where, "", href, *places, said=SAME_NAME, order=(position,))

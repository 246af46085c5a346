"""Changes: what is different between two copies of an issue, as a proofreader would say it."""

from collections.abc import Iterator, Sequence

from pipeline.diagnostics import Words
from pipeline.proof.brief import BriefChanges
from pipeline.proof.change import Change, Spot, numbered
from pipeline.proof.pairs import matched, named_alike, out_of_order
from pipeline.proof.text import BriefText, IssueText
from pipeline.proof.where import field_in_words


def changes(old: IssueText, new: IssueText) -> tuple[Change, ...]:
    """All changes between two copies of an issue, in the order of the new one, numbered from 1."""
    found = list(_fields(old, new))
    pairs, removed, added = _briefs(old.briefs, new.briefs)
    shuffled = out_of_order([old.briefs.index(one) for one, _ in pairs])
    for index, (one, other) in enumerate(pairs):
        if index in shuffled:
            found.append(_whole_brief("brief-moved", other, one))
        found += BriefChanges(*named_alike(one, other)).changes()
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


def _fields(old: IssueText, new: IssueText) -> Iterator[Change]:
    """What has changed in `issue.xml` beside the list of briefs."""
    olds = {(path, number): (text, element) for path, number, text, element in old.fields}
    news = {(path, number): (text, element) for path, number, text, element in new.fields}
    root = new.source.place(new.source.root)
    for position, key in enumerate(dict.fromkeys((*news, *olds))):
        before, after = olds.get(key), news.get(key)
        if before is not None and after is not None and before[0] == after[0]:
            continue
        yield Change(
            "replaced" if before and after else "inserted" if after else "deleted",
            field_in_words(key[0]),
            before[0] if before else "",
            after[0] if after else "",
            new.source.place(after[1]) if after else root,
            old.source.place(before[1]) if before else None,
            unprinted=key[0].rpartition("/")[2] in _UNPRINTED,
            order=(position,),
        )

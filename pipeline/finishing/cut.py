"""Cut: the painted PDF with some of its pages only, and only what belongs to them.

What is left out is no longer reached from the catalog, and is not written.
"""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from pipeline.finishing.master import Master, ObjGen


def cut(master: Master, numbers: Sequence[int]) -> Pdf:
    """The painted pages `numbers` (from 1) in this order, with their part of the structure, as they were painted.

    Links that lead to other pages are taken away: what they stand on stays as text.
    """
    document = pikepdf.open(io.BytesIO(master.data), inherit_page_attributes=False)
    pages = [document.get_object(master.pages[number - 1].objgen) for number in numbers]
    kept = {number - 1 for number in numbers}
    tree = document.make_indirect(Dictionary(Type=Name.Pages, Kids=Array(pages), Count=len(pages)))
    document.Root.Pages = tree
    for page in pages:
        page.Parent = tree
    if Name.Outlines in document.Root:
        del document.Root[Name.Outlines]
    _keep_names(document, master, kept)
    severed = [link for page in pages for link in _severed_links(page, master, kept)]
    _keep_resources(document, pages, [master.pages[number - 1].names for number in numbers])
    if Name.StructTreeRoot in document.Root:
        _Structure(document, master, numbers, pages).keep(severed)
    return document


def _keep_names(document: Pdf, master: Master, kept: set[int]) -> None:
    """The named destinations on the pages that are kept, in one sorted array (ISO 32000-1, 7.9.6)."""
    tree = document.Root.get(Name.Names, Dictionary()).get(Name.Dests)
    if tree is None:
        return
    names = pikepdf.NameTree(tree)
    entries: list[Any] = []
    for name in sorted(name for name, page in master.places.items() if page in kept):
        entries += [pikepdf.String(name), names[name]]
    document.Root.Names = Dictionary(Dests=Dictionary(Names=Array(entries)))


def _severed_links(page: Any, master: Master, kept: set[int]) -> list[Any]:
    """Take the links away from a page that lead to one that is not kept."""
    annotations = list(page.get(Name.Annots, ()))
    severed = [each for each in annotations if not _leads_inside(each, master, kept)]
    if severed:
        page.Annots = Array([each for each in annotations if each not in severed])
        if len(severed) == len(annotations):
            del page[Name.Annots]
    return severed


def _leads_inside(annotation: Any, master: Master, kept: set[int]) -> bool:
    """Whether an annotation leads to a kept page, or not to a page at all."""
    target = annotation.get(Name.Dest, annotation.get(Name.A, Dictionary()).get(Name.D))
    if target is None:
        return True
    if isinstance(target, Array):
        return any(master.pages[index].objgen == target[0].objgen for index in kept)
    return master.places.get(str(target)) in kept


def _keep_resources(document: Pdf, pages: Sequence[Any], used: Sequence[frozenset[str]]) -> None:
    """One dictionary of resources for all pages that share one, without what none of them names."""
    shared: dict[ObjGen, list[int]] = {}
    for index, page in enumerate(pages):
        shared.setdefault(page.Resources.objgen if page.Resources.is_indirect else (0, -index), []).append(index)
    seen: set[ObjGen] = set()
    for indices in shared.values():
        names = frozenset[str]().union(*(used[index] for index in indices))
        small = document.make_indirect(_resources(pages[indices[0]].Resources, names, seen))
        for index in indices:
            pages[index].Resources = small


def _resources(resources: Any, names: frozenset[str], seen: set[ObjGen]) -> Any:
    """The resources with these names, and of forms and patterns among them those with these names too."""
    small = Dictionary()
    for kind, entries in resources.items():
        if not isinstance(entries, Dictionary):
            small[kind] = entries
            continue
        left = {name: entry for name, entry in entries.items() if name[1:] in names}
        for entry in left.values():
            if isinstance(entry, Stream) and Name.Resources in entry and entry.objgen not in seen:
                seen.add(entry.objgen)
                entry.Resources = _resources(entry.Resources, names, seen)
        if left:
            small[kind] = Dictionary(left)
    return small


class _Structure:
    """The structure tree of a cut (ISO 32000-1, 14.7)."""

    def __init__(self, document: Pdf, master: Master, numbers: Sequence[int], pages: Sequence[Any]) -> None:
        self.root = document.Root.StructTreeRoot
        self.masks = master.masks
        self.order = [1 << number - 1 for number in numbers]
        self.mask = sum(self.order)
        self.pages = pages
        self.on = {page.objgen for page in pages}

    def keep(self, severed: Sequence[Any]) -> None:
        """Leave the elements that have content on the pages, and what points at them."""
        self.prune(self.root)
        parents = pikepdf.NumberTree(self.root.ParentTree)
        for link in severed:
            self.sever(link, parents)
        keys = sorted(key for key in set(self.keys()) if key in parents)
        entries = [each for key in keys for each in (key, parents[key])]
        self.root.ParentTree = Dictionary(Nums=Array(entries))
        if Name.IDTree in self.root:
            self.keep_ids()

    def keys(self) -> Iterator[int]:
        """The keys of the pages, and of what is on them, in the parent tree."""
        for page in self.pages:
            forms = page.get(Name.Resources, Dictionary()).get(Name.XObject, Dictionary())
            for each in (page, *page.get(Name.Annots, ()), *forms.values()):
                yield from (int(each[key]) for key in (Name.StructParent, Name.StructParents) if key in each)

    def prune(self, element: Any) -> None:
        """Take the kids without content on the pages from an element that has some.

        Kids without any content go too where something goes: whose they are can't be told. Where the pages
        have another order than they were painted in, so have the kids.
        """
        kids = element.get(Name.K)
        listed = list(kids) if isinstance(kids, Array) else [kids]
        left = [kid for kid in listed if kid is not None and self.stays(kid, element)]
        if len(left) < len(listed):
            left = [kid for kid in left if not self.is_empty(kid)]
            if all(map(self.is_element, left)):
                left.sort(key=self.place)
            element.K = Array(left)
        if element.get(Name.Pg) is not None and element.Pg.objgen not in self.on:
            del element[Name.Pg]
        for kid in left:
            if self.is_element(kid) and self.masks.get(kid.objgen, 0) & ~self.mask:
                self.prune(kid)

    def stays(self, kid: Any, element: Any) -> bool:
        """Whether a kid, an element or a piece of content, is on the pages, or is empty."""
        if self.is_element(kid):
            mask = self.masks.get(kid.objgen, 0)
            return not mask or bool(mask & self.mask)
        page = kid.get(Name.Pg) if isinstance(kid, Dictionary) else None
        page = element.get(Name.Pg) if page is None else page
        return page is None or page.objgen in self.on

    def place(self, element: Any) -> int:
        """Which of the pages an element begins on, in their order here."""
        mask = self.masks[element.objgen]
        return next(place for place, page in enumerate(self.order) if mask & page)

    def is_empty(self, kid: Any) -> bool:
        return self.is_element(kid) and not self.masks.get(kid.objgen)

    @staticmethod
    def is_element(kid: Any) -> bool:
        return isinstance(kid, Dictionary) and Name.S in kid

    @staticmethod
    def sever(link: Any, parents: pikepdf.NumberTree) -> None:
        """Make the Link of an annotation that is gone a Span of its words (ISO 14289-1, 7.18.5)."""
        element = parents.get(int(link.get(Name.StructParent, -1)))
        if element is None:
            return
        kids: list[Any] = list(element.K) if isinstance(element.K, Array) else [element.K]
        left = [kid for kid in kids if not (_is_object(kid) and kid.Obj == link)]
        element.K = Array(left)
        if element.S == Name.Link and not any(map(_is_object, left)):  # noqa: SIM300
            element.S = Name.Span

    def keep_ids(self) -> None:
        ids = sorted(pikepdf.NameTree(self.root.IDTree).items(), key=lambda entry: str(entry[0]).encode())
        entries: list[Any] = []
        for name, element in ids:
            if self.masks.get(element.objgen, 0) & self.mask:
                entries += [pikepdf.String(name), element]
        del self.root[Name.IDTree]
        if entries:
            self.root.IDTree = Dictionary(Names=Array(entries))


def _is_object(kid: Any) -> bool:
    """Whether a kid of an element is an annotation or another object (ISO 32000-1, 14.7.4.3)."""
    return isinstance(kid, Dictionary) and Name.Obj in kid

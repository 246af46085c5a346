"""Pictures: figures whose picture has other bytes."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.diagnostics import Words
from pipeline.manuscript import within
from pipeline.parse import HREF
from pipeline.proof.change import Change, Spot
from pipeline.proof.compared import LAST, Compared
from pipeline.proof.text import Block


def pictures(both: Compared) -> Iterator[Change]:
    """Each figure whose picture is another."""
    olds = {both.old.name(fig): fig for fig in both.old.source.root.iter("fig")}
    captions = {block.passage.node: block for block in both.new.parts.get("body", ())}
    for fig in both.new.source.root.iter("fig"):
        before = olds.get(both.new.name(fig))
        if before is None:
            continue
        names = [each.find("graphic") for each in (before, fig)]
        old, new = (each.get(HREF, "") if each is not None else "" for each in names)
        if same_picture(both.old.source.path.parent, old, both.new.source.path.parent, new):
            continue
        title = fig.find("caption/title")
        block = captions.get(title if title is not None else fig)
        label = both.new.numbering.labels.get(fig, "")
        old_label = both.old.numbering.labels.get(before, "")
        old_block = both.known[block].olds[0] if block is not None and block in both.known else None
        yield Change(
            "picture",
            Words(label, label),
            old if old != new else "",
            new,
            both.new.source.place(fig),
            both.old.source.place(before),
            spots=_of_label(block, label),
            old_spots=_of_label(old_block, old_label),
            said=SAME_NAME if old == new else None,
            order=both.at(block) if block else (LAST,),
        )


SAME_NAME = Words("圖檔的內容不同", "the file is another")
"""What is said of a picture that has kept its name."""


def _of_label(block: Block | None, label: str) -> tuple[Spot, ...]:
    return (Spot(block, after=block.atoms[0] if block.atoms else None, label=label),) if block else ()


def same_picture(old: Path, old_href: str, new: Path, new_href: str) -> bool:
    """Whether two pictures, each named in a folder, have the same bytes; one that is missing has none."""
    return _bytes(old, old_href) == _bytes(new, new_href)


def _bytes(folder: Path, href: str) -> bytes:
    path = within(folder, href)
    return path.read_bytes() if path is not None and path.is_file() else b""

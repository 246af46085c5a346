"""Brief: all that is different between two copies of one brief."""

from dataclasses import replace

from pipeline.proof.change import Change
from pipeline.proof.compared import compared
from pipeline.proof.notes import notes
from pipeline.proof.numbers import numbers
from pipeline.proof.pictures import pictures
from pipeline.proof.text import BriefText
from pipeline.proof.texts import texts


def brief_changes(old: BriefText, new: BriefText) -> list[Change]:
    """All changes between two copies of a brief; they have places in the list, and no numbers yet."""
    both = compared(old, new)
    found = [*texts(both), *notes(both), *numbers(both), *pictures(both)]
    return [replace(each, brief=new.title, href=new.href, unprinted=_is_unprinted(each)) for each in found]


def _is_unprinted(change: Change) -> bool:
    """Whether a change is one of the words that stand for a picture."""
    spots = change.spots or change.old_spots
    return bool(spots) and spots[0].block.role.endswith("alternative text")

"""Practice, not taste: where usage varies, the brief (or the issue) decides by what it does most of the time."""

from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import Generic, TypeVar

Form = TypeVar("Form")


@dataclass(frozen=True, slots=True)
class Practice(Generic[Form]):
    """What a text does: the form it uses most, how often, and the others with their occurrences."""

    form: Form
    count: int
    others: Mapping[Form, Sized]


CLEAR = 2
"""How many times as often as the other a form must be used to be the practice."""


def practice(uses: Mapping[Form, Sequence[object]], clear: float = CLEAR) -> Practice[Form] | None:
    """The practice in forms with their occurrences; None where nothing varies or no form clearly prevails.

    A form prevails that is used `clear` times as often as all the others together.
    """
    used = {form: places for form, places in uses.items() if places}
    if len(used) < 2:
        return None
    form = max(used, key=lambda form: len(used[form]))
    others = {other: places for other, places in used.items() if other is not form}
    count = len(used[form])
    return Practice(form, count, others) if count >= clear * sum(map(len, others.values())) else None

"""The outer shape of a note: which marks pair up, where the addresses are, and where it comes apart.

Everything here looks at marks alone: it cuts a note into sentences, those into stretches at ；, and those into
fields at ，, never inside a pair of marks, an address, an italic title or a date.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.citations import dates
from pipeline.flat import Link

Span = tuple[int, int]

PAIRS = {
    "〈": "〉",
    "《": "》",
    "“": "”",
    "「": "」",
    "『": "』",
    "（": "）",
    "(": ")",
    "[": "]",
    "【": "】",
    "〔": "〕",
    '"': '"',
}
_OPENING = {closing: opening for opening, closing in PAIRS.items()}

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>〈〉《》「」『』“”（），。；、！？\ufffc]+")
_STOPS = ".,;:!?)'\""
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]{1,3}|[Rr]epr|[Tt]rans|[Pp]rof|[Dd]ept|[Uu]niv|[Cc]orp|[Ss]ept)|[A-Z][a-z]?)\Z"
)
_NEW_SENTENCE = re.compile(r"[\s\u3000]+[A-Z“\"‘(\u2e80-\u9fff〈《「（\ufffc]|[〈《「（\u3400-\u9fff]|\s*\Z")
_COMMA = re.compile(r"，|,(?=\s|[^\x00-\x7f]|\Z)")


class Marked:
    """A text that knows how deep each of its characters lies in marks.

    `groups` gives the end (exclusive) of each pair by its start, `addresses` the end and the target of each
    address, `italics` the end of each stretch in italics.
    """

    def __init__(self, text: str, links: Sequence[Link], italics: Sequence[Span]) -> None:
        self.text = text
        self.addresses = dict(_addresses(text, links))
        opaque = {index for start, (end, _) in self.addresses.items() for index in range(start, end)}
        self.groups = dict(_pairs(text, opaque))
        self.italics = dict(_trimmed(text, *span) for span in italics if self._is_title(*span))
        spans = [*self.groups.items(), *self.italics.items(), *((s, e) for s, (e, _) in self.addresses.items())]
        self.level = _levels(len(text), [*spans, *(found.span() for found in dates.WITH_COMMA.finditer(text))])

    def stretches(self) -> Iterator[Span]:
        """The parts of a note that may each be one citation, without blanks and final stops."""
        start = 0
        for index, char in enumerate(self.text):
            if self.level[index] == 0 and (char in "。！？；" or (char in ".;?!" and self._ends(start, index))):
                yield self.trim(start, index)
                start = index + 1
        yield self.trim(start, len(self.text))

    def fields(self, start: int, end: int, level: int) -> list[Span]:
        """The parts of a stretch between the commas that lie `level` deep.

        American commas stand inside the marks, so a field also ends after ” and between 〉 and 《.
        """
        cuts = []
        for found in _COMMA.finditer(self.text, start, end):
            if self.level[found.start()] == level:
                cuts.append(found.span())
        for opening, closing in self.groups.items():
            if start <= opening < closing < end and self.level[opening] == level + 1 and self._is_field(opening):
                cuts.append((closing, closing))
        bounds = [start, *(bound for cut in sorted(cuts) for bound in cut), end]
        fields = (self.trim(first, last) for first, last in zip(bounds[::2], bounds[1::2], strict=True))
        return [(first, last) for first, last in fields if first < last]

    def trim(self, start: int, end: int) -> Span:
        """A stretch without the blanks at its ends."""
        inner = self.text[start:end]
        return start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip()) if inner.strip() else end

    def _is_title(self, start: int, end: int) -> bool:
        """Whether a stretch in italics may be a title: it holds words, and of marks only whole brackets."""
        for opening, closing in self.groups.items():
            inside = start <= opening and closing <= end
            apart = closing <= start or end <= opening or (opening < start and end < closing)
            if not apart and not (inside and self.text[opening] in "(（["):
                return False
        return bool(self.text[start:end].strip(" ,.，"))

    def _ends(self, start: int, index: int) -> bool:
        """Whether an ASCII . ; ? or ! ends a stretch: not the stop of an abbreviation or of a number."""
        if self.text[index] == ";":
            return True
        if not _NEW_SENTENCE.match(self.text, index + 1):
            return False
        last = not self.text[index + 1 :].strip()
        return (
            last or self.level[index - 1] > 0 or not _ABBREVIATION.search(self.text, max(start, index - 8), index)
        )

    def _is_field(self, opening: int) -> bool:
        closing = self.groups[opening]
        if self.text[opening] in '“"':
            return self.text[closing - 2] in ",，?!？！"
        following = self.text[closing : closing + 1]
        return self.text[opening] == "〈" and following == "《"


def _addresses(text: str, links: Sequence[Link]) -> Iterator[tuple[int, tuple[int, str]]]:
    taken: list[Span] = []
    for link in links:
        start, end = _trimmed(text, link.start, link.end, " \t\r\n\u3000")
        if start < end and re.match(r"https?://|www\.|doi\.org", text[start:end]):
            taken.append((start, end))
            yield start, (end, link.href or text[start:end])
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_STOPS)
        span = found.start(), found.start() + len(address)
        if not any(span[0] < end and start < span[1] for start, end in taken):
            yield span[0], (span[1], address)


def _trimmed(text: str, start: int, end: int, blanks: str = " ,.，\t\r\n") -> Span:
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip(blanks)), start + len(inner.rstrip(blanks))


def _pairs(text: str, opaque: set[int]) -> Iterator[Span]:
    """Start and end of each pair of marks; what has no partner is an ordinary character."""
    stack: list[tuple[str, int]] = []
    waiting = dict.fromkeys(PAIRS, 0)
    for index, char in enumerate(text):
        if index in opaque:
            continue
        opening = _OPENING.get(char)
        if opening and waiting[opening]:
            kind = ""
            while kind != opening:
                kind, start = stack.pop()
                waiting[kind] -= 1
            yield start, index + 1
        elif char in PAIRS and (char != '"' or index == 0 or text[index - 1] in " ，,；（("):
            stack.append((char, index))
            waiting[char] += 1


def _levels(length: int, spans: Sequence[Span]) -> list[int]:
    steps = [0] * (length + 1)
    for start, end in spans:
        steps[start] += 1
        steps[end] -= 1
    levels, level = [], 0
    for step in steps[:length]:
        level += step
        levels.append(level)
    return levels

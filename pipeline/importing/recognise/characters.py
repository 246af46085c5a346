"""Characters: what is dropped from typed text (indents, blanks between Han and Latin, what nobody sees)."""

import re

from pipeline.diagnostics import Words
from pipeline.importing.recognise import codes
from pipeline.importing.recognise.headings import CAPTION, SOURCE
from pipeline.importing.recognise.labels import label_of
from pipeline.importing.recognise.ledger import BLANK, CONTROL, SOFT, Ledger
from pipeline.importing.recognise.letters import OBJECT, Letter, Line, Text

BLANKS = " \t\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\r]")
_WIDE = re.compile("[\u2e80-\u2fff\u3001-\u303f\u3100-\u312f\u31a0-\u31bf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
                   "\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff]")  # fmt: skip
_MARK = re.compile("[\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff60]")
_ENDS = "。！？!?.…；;：:"
_CLOSING = "」』）》〉】)”’"
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff]")
_RUNNING = re.compile("[A-Za-z\u00c0-\u024f\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff][,;:]$")
"""The end of words of a script with blanks, with a mark behind which one belongs."""
_OPENING = "「『（《〈【〔"
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def visible(text: Text, number: int, ledger: Ledger) -> Text:
    """The text without what XML can't hold and what nobody sees."""
    forbidden = [bool(_FORBIDDEN.match(letter.char)) for letter in text]
    dropped = [bad or bool(_INVISIBLE.match(letter.char)) for bad, letter in zip(forbidden, text, strict=True)]
    if not any(dropped):
        return text
    ledger.drop(number, "".join(letter.char for letter, bad in zip(text, dropped, strict=True) if bad), CONTROL)
    if any(forbidden):
        ledger.doubt(codes.CHARACTERS, number, text.words, count=sum(forbidden))
    return text.kept(not bad for bad in dropped)


def trimmed(text: Text, number: int, ledger: Ledger) -> Text:
    """The text without blanks at its ends: an indent is the layout's. Things at the ends stay."""
    string = text.string
    start, end = 0, len(string)
    while start < end and string[start] in BLANKS + "\n":
        start += 1
    while end > start and string[end - 1] in BLANKS + "\n":
        end -= 1
    ledger.drop(number, string[:start], BLANK)
    ledger.drop(number, string[end:], BLANK)
    return text[start:end]


_INDENT = 20.0
"""Points by which a quotation is indented."""
_VERSE = 24
"""Characters of a line of verse."""


def lines_of(line: Line, ledger: Ledger, *, at_top: bool = False) -> list[Line]:
    """The paragraphs that soft returns cut a paragraph into; where one only breaks a line, it is dropped.

    At the top of a manuscript short lines are title, author and unit, and are cut apart.
    """
    if "\n" not in line.text.string:
        return [line]
    parts: list[Text] = []
    whole = line.text
    start = 0
    gap = False
    decided: set[bool] = set()
    short = at_top and all(len(each) <= 60 and "。" not in each for each in whole.words.split("\n"))
    verse = _is_verse(line)
    for at in [*(found.start() for found in re.finditer("\n", whole.string)), len(whole)]:
        part = trimmed(whole[start:at], line.number, ledger)
        start = at + 1
        if at < len(whole):
            ledger.drop(line.number, "\n", SOFT)
        if not part:
            gap = True
            continue
        apart = short or verse or gap or not parts or _apart(parts[-1].words, part.words)
        gap = False
        if parts and not apart:
            decided.add(False)
            parts[-1] = joined(parts[-1], part, line.number, ledger)
        else:
            decided |= {True} if parts else set()
            parts.append(part)
    for cut in sorted(decided if not short else ()):
        zh, en = ("分成兩段", "cut into paragraphs") if cut else ("接成一段", "joined")
        ledger.doubt(codes.SOFT_RETURN, line.number, line.words, decided=Words(zh, en))
    return [Line(line.paragraph, part) for part in parts] or [Line(line.paragraph, Text())]


def _is_verse(line: Line) -> bool:
    """Whether an indented paragraph has three short lines or more: each stays a line of its own."""
    lines = [each for each in line.words.split("\n") if each.strip()]
    inside = line.paragraph.quoted or line.paragraph.left >= _INDENT
    return inside and len(lines) > 2 and all(len(each.strip()) <= _VERSE for each in lines)


def _apart(before: str, after: str) -> bool:
    """Whether a soft return stands between two paragraphs, not within one."""
    if not before or not after:
        return True
    if CAPTION.match(after) or SOURCE.match(after):
        return True
    end = before.rstrip(_CLOSING)[-1:]
    if end in _ENDS or end != before[-1:]:
        return end in _ENDS or len(before) < 20
    return (label_of(after) is not None and len(before) > 2) or (label_of(before) is not None and len(before) < 40)


def joined(before: Text, after: Text, number: int, ledger: Ledger) -> Text:
    """Two lines of one paragraph: Latin words are kept apart by a blank."""
    last, first = before.words[-1:], after.words[:1]
    if not (last.isascii() and first.isascii() and last and first) or last in "-/":
        return before + after
    ledger.add(number, " ", SOFT)
    return before + Text((Letter(" ", after.letters[0].look),)) + after


def spaced(text: Text, number: int, ledger: Ledger) -> Text:
    """The text without blanks that the setting makes by itself, and one blank where several were typed."""
    string = text.string
    if not re.search(f"[{BLANKS}\n]", string):
        return text
    letters: list[Letter] = []
    gone: list[str] = []
    at = 0
    while at < len(string):
        if string[at] not in BLANKS + "\n":
            letters.append(text.letters[at])
            at += 1
            continue
        end = at
        while end < len(string) and string[end] in BLANKS + "\n":
            end += 1
        blank = _blank(string[at:end], _neighbour(string, at - 1, -1), _neighbour(string, end, 1))
        if string[end : end + 1] == OBJECT and at and not string[at - 1].isascii():
            blank = ""
        if _RUNNING.search(string[max(0, at - 2) : at]) and at < end <= len(string) - 1 and not blank:
            blank = "" if _MARK.match(string[end]) else " "
        keep = string.find(blank, at, end) if blank else -1
        for position in range(at, end):
            if position == keep:
                letters.append(text.letters[position])
            elif blank == " " and keep < 0:  # another blank becomes the plain one
                letters.append(text.letters[position]._replace(char=" "))
                gone.append(string[position])
                ledger.add(number, " ", BLANK)
                keep = end
            else:
                gone.append(string[position])
        at = end
    ledger.drop(number, "".join(gone), BLANK)
    return Text(tuple(letters))


def _neighbour(string: str, at: int, step: int) -> str:
    """The nearest character that is neither a thing nor a blank."""
    while 0 <= at < len(string) and string[at] in OBJECT + BLANKS + "\n":
        at += step
    return string[at] if 0 <= at < len(string) else ""


def _blank(blanks: str, before: str, after: str) -> str:
    """What stays of blanks between two characters: none, one plain blank, or the separator U+3000."""
    if not before or not after:
        return ""
    if "\u3000" in blanks and not (_MARK.match(before) or _MARK.match(after)):
        return "\u3000"
    if (before in ",.;:" and after in _OPENING) or _HANGUL.match(before) or _HANGUL.match(after):
        return " "
    if _MARK.match(before) or _MARK.match(after):
        return ""
    wide = bool(_WIDE.match(before)), bool(_WIDE.match(after))
    if wide[0] != wide[1] and (before if wide[1] else after).isascii():
        return ""
    return " "


def is_han(char: str) -> bool:
    """Whether a character is Han."""
    return bool(_HAN.match(char))

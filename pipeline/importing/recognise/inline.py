"""Inline: letters to the content of an element — emphasis, links, languages, note calls and references."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from urllib.parse import urlsplit

from lxml import etree

from pipeline.importing.recognise import codes
from pipeline.importing.recognise.characters import is_han, spaced, visible
from pipeline.importing.recognise.ledger import Ledger
from pipeline.importing.recognise.letters import OBJECT, Element, Letter, Text
from pipeline.languages import is_foreign, runs
from pipeline.parse import HREF, LANG
from pipeline.profiles import primary

_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9/@.])(?:https?://|www\.)[^\s\ufffc<>\"「」『』《》〈〉（）【】，。；、！？：“”]+"
    r"|(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.IGNORECASE)  # fmt: skip
_HOST = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
_TRAILING = ".,;:!?'’…"
_HAN_INSIDE = re.compile(
    "(?<=[/_=?&-])[\u3000-\u9fff\uf900-\ufaff\uff01-\uff60]+(?=[/_.&?=-]|$)|[\u3000-\u9fff\uff01-\uff60]"
)
_KOREAN_OR_JAPANESE = ("ko", "ja")


TEXT = ("bold", "italic", "lang", "href", "sup", "sub", "emphasis", "ruby", "thing")
NOTE = ("bold", "italic", "lang", "href", "sup", "sub", "emphasis", "ruby", "xref")
LINKED = ("bold", "italic", "lang", "href", "sup", "sub", "emphasis", "ruby")
PHRASE = ("bold", "italic", "lang", "sup", "sub", "emphasis", "ruby")
"""What an element may hold: names of marks and things, as the profile has it."""
_NESTING = ("bold", "italic", "lang", "emphasis", "href", "sup", "sub", "ruby")
_TAGS = {"lang": "named-content", "href": "ext-link", "emphasis": "styled-content"}


def fill(
    element: Element,
    text: Text,
    number: int,
    ledger: Ledger,
    holds: Sequence[str] = TEXT,
    *,
    plain: bool = False,
    english: bool = True,
) -> Element:
    """Put the letters into an element, blanks dropped and marks made; `plain`: bold and italics are habit."""
    text = visible(text, number, ledger)
    text = _linked(spaced(text, number, ledger)) if "href" in holds else spaced(text, number, ledger)
    text = _by_language(text, number, ledger, english=english)
    whole = text.share("bold") > 0.95
    letters = [_Marked(letter, plain, whole) for letter in text]
    _trim(letters)
    _underlined(text, number, ledger)
    _put(element, letters, [name for name in _NESTING if name in holds])
    return element


class _Marked:
    """A letter and the value of each of its marks."""

    __slots__ = ("letter", "marks")

    def __init__(self, letter: Letter, plain: bool, whole_bold: bool) -> None:
        look = letter.look
        self.letter = letter
        self.marks: dict[str, str | bool | tuple[str, int] | None] = {
            "bold": look.bold and not plain and not whole_bold,
            "italic": look.italic and not plain,
            "lang": look.lang,
            "href": look.href,
            "sup": look.sup,
            "sub": look.sub,
            "emphasis": look.emphasis,
            "ruby": look.ruby,
        }
        if letter.thing is not None:
            self.marks = {}


def _trim(letters: list[_Marked]) -> None:
    """Take emphasis from blanks at the edge of what is emphasised."""
    for mark in ("bold", "italic", "sup", "sub"):
        for at, each in enumerate(letters):
            if each.letter.char.isspace() and each.marks.get(mark):
                around = [letters[near] for near in (at - 1, at + 1) if 0 <= near < len(letters)]
                if len(around) < 2 or not all(near.marks.get(mark) for near in around):
                    each.marks[mark] = False


def _put(parent: Element, letters: list[_Marked], nesting: list[str]) -> None:
    """Append letters to an element; things break marks, for no mark may hold them."""
    if not nesting:
        for each in letters:
            if each.letter.thing is not None and etree.iselement(each.letter.thing):
                parent.append(each.letter.thing)
            elif each.letter.thing is None:
                _append(parent, each.letter.char)
        return
    mark, inner = nesting[0], nesting[1:]
    for value, group in groupby(letters, key=lambda each: each.marks.get(mark)):
        part = list(group)
        if not value or not any(each.letter.thing is None and not each.letter.char.isspace() for each in part):
            _put(parent, part, inner)
            continue
        element = etree.SubElement(parent, _TAGS.get(mark, mark))
        if mark == "lang":
            element.set("content-type", "foreign")
            element.set(LANG, str(value))
        if mark == "emphasis":
            element.set("style-type", "emphasis-mark")
        if mark == "ruby" and isinstance(value, tuple):
            element = etree.SubElement(element, "rb")
            etree.SubElement(parent[-1], "rt").text = value[0]
        if mark == "href":
            element.set("ext-link-type", "uri")
            element.set(HREF, str(value))
        _put(element, part, inner)


def _append(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


# Links


def followable(href: str) -> bool:
    """Whether an address is one that a brief may link to: http, https or mailto, whole and without blanks."""
    if re.search(r'[\s\x00-\x1f\x7f<>"\\]', href):
        return False
    try:
        parts = urlsplit(href)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme.lower() == "mailto":
        return bool(re.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", parts.path))
    return parts.scheme.lower() in ("http", "https") and bool(_HOST.fullmatch(host))


def addresses(string: str) -> Iterator[tuple[int, int, str]]:
    """The addresses typed in a text: start, end, and where each leads."""
    for found in _ADDRESS.finditer(string):
        text = found[0]
        for han in _HAN_INSIDE.finditer(text):
            if len(han[0]) == 1 and not re.match("[/_=?&-]", text[han.start() - 1 : han.start()] or " "):
                text = text[: han.start()]
                break
        text = text.rstrip(_TRAILING)
        while text.endswith((")", "]")) and text.count(")") + text.count("]") > text.count("(") + text.count("["):
            text = text[:-1].rstrip(_TRAILING)
        if "@" in text and "/" not in text:
            href = f"mailto:{text}"
        else:
            href = text if text.lower().startswith("http") else f"https://{text}"
        if text and followable(href):
            yield found.start(), found.start() + len(text), href


def _linked(text: Text) -> Text:
    """The text with addresses that were typed made links; links that lead nowhere lose their address."""
    letters = [_checked(letter) for letter in text]
    for start, end, href in addresses(text.string):
        if not any(letters[at].look.href for at in range(start, end)):
            for at in range(start, end):
                letters[at] = letters[at]._replace(look=letters[at].look._replace(href=href))
    return Text(tuple(_without_edges(letters)))


def _checked(letter: Letter) -> Letter:
    href = letter.look.href
    if href and not followable(href):
        return letter._replace(look=letter.look._replace(href=None))
    return letter


def _without_edges(letters: list[Letter]) -> list[Letter]:
    """Links without the mark of the sentence that a program took into an address."""
    result = list(letters)
    for href, group in groupby(range(len(letters)), key=lambda at: letters[at].look.href):
        span = list(group)
        shown = "".join(letters[at].char for at in span)
        if not href or OBJECT in shown:
            continue
        while span and shown[-1:] in "，。；、）」 \u3000" and not href.endswith(shown[-1:]):
            result[span[-1]] = letters[span[-1]]._replace(look=letters[span[-1]].look._replace(href=None))
            span, shown = span[:-1], shown[:-1]
    return result


# Languages

_NO_ENGLISH = re.compile("[āēīōūĀĒĪŌŪ]|^[A-Za-z]+(?<!s)’$")
"""Words in Latin letters that are of another language: kōhanga reo, loma’."""


def _by_language(text: Text, number: int, ledger: Ledger, *, english: bool) -> Text:
    """The text with `lang` on what is in another language: by its script, or Han that the author set so."""
    marked: list[str | None] = [None] * len(text)
    for start, end, lang in _stretches(text, ledger.lang):
        if lang in _KOREAN_OR_JAPANESE or (lang == "en" and english):
            marked[start:end] = [lang] * (end - start)
    for start, end, lang in _set_by_author(text, ledger.lang):
        if not any(marked[start:end]):
            marked[start:end] = [lang] * (end - start)
            words = text.string[start:end]
            ledger.doubt(codes.LANGUAGE_BY_MARK, number, text.words, words=words, lang=lang)
    ledger.counts["foreign"] += sum(1 for value, _ in groupby(marked) if value)
    letters = (
        letter._replace(look=letter.look._replace(lang=lang)) for letter, lang in zip(text, marked, strict=True)
    )
    return Text(tuple(letters))


def _stretches(text: Text, document: str) -> Iterator[tuple[int, int, str]]:
    """What is foreign by its script; addresses have no language."""
    string = text.string
    if is_foreign(text.words, document):
        return  # the whole paragraph is marked
    at = 0
    for lang, stretch in runs(string, document):
        if lang and not any(letter.look.href for letter in text.letters[at : at + len(stretch)]):
            inside = [found.span() for found in re.finditer(f"[^{OBJECT}]+", stretch)]
            inside = [_without_brackets(stretch, *span) for span in inside]
            yield from (
                (at + start, at + end, lang)
                for start, end in inside
                if lang != "en" or not _NO_ENGLISH.search(stretch[start:end])
            )
        at += len(stretch)


def _without_brackets(stretch: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the brackets around it, and without one that is closed or opened elsewhere."""
    words = stretch[start:end]
    lead, trail = len(words) - len(words.lstrip()), len(words) - len(words.rstrip())
    core = words.strip()
    for left, right in ("()", "[]"):
        inner = core[1:-1]
        whole = core[:1] == left and core[-1:] == right and left not in inner and right not in inner
        if core[:1] == left and (whole or core.count(left) > core.count(right)):
            core, lead = core[1:], lead + 1
        if core[-1:] == right and (whole or core.count(right) > core.count(left)):
            core, trail = core[:-1], trail + 1
    if not core.strip() or core == words.strip():
        return start, end
    return start + lead, end - trail


def _set_by_author(text: Text, document: str) -> Iterator[tuple[int, int, str]]:
    """Han that the author set as Japanese or Korean, in a paragraph that is not all so."""
    at = 0
    total = sum(1 for letter in text if is_han(letter.char))
    for lang, group in groupby(text, key=lambda letter: primary(letter.look.lang) if letter.look.lang else None):
        letters = list(group)
        start, at = at, at + len(letters)
        han = sum(1 for letter in letters if is_han(letter.char))
        if lang in _KOREAN_OR_JAPANESE and lang != primary(document) and 0 < han < total / 2 and han <= 40:
            words = text.string[start:at]
            if re.fullmatch(r"[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\u3041-\u30ff]+", words):
                yield start, at, lang


def language_of(text: Text, document: str) -> str | None:
    """The language of a whole paragraph in another language; None for the document's own, or a single word."""
    lang = is_foreign(text.words.strip(), document)
    if lang == "en" and (other := _other_latin(text)) is not None:
        return other or None
    several = re.search(r"[^\W\d_]{2}.*\s.*[^\W\d_]{2}", text.words) or lang in _KOREAN_OR_JAPANESE
    return lang if several else None


def _other_latin(text: Text) -> str | None:
    """The language of Latin words that are not English, as the author set it; empty where it can't be told."""
    if len(re.findall("[„«»ßäöüéèêçñãõåøœ]", text.words)) < 2:
        return None
    told = text.most("lang")
    return primary(told) if isinstance(told, str) and primary(told) in ("de", "fr", "es", "it", "pt", "nl") else ""


def _underlined(text: Text, number: int, ledger: Ledger) -> None:
    drawn = groupby(text, key=lambda letter: letter.look.underline and not letter.look.href)
    words = ["".join(each.char for each in group) for on, group in drawn if on]
    if words and "".join(words).strip():
        ledger.doubt(codes.UNDERLINE, number, text.words, words="、".join(words)[:20])

"""Languages of a text that its markup does not name: which stretches are English, Korean or Japanese.

The faces, the quotation marks, the hyphenation and the voice of a screen reader depend on the language, and
authors do not mark it. The script decides: Hangul is Korean, kana is Japanese, and Latin words that follow
one another are English; unless it is a script of the document's own language: kana and Han in Japanese, Hangul
and Han in Korean, Han in Chinese. Han alone never tells another language: an author marks that. Marks and blanks
between two stretches of one language belong to it.
"""

import re
from collections.abc import Iterator
from functools import cache

from pipeline.profiles import DEFAULT, primary, profile

_HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
_KANA = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BOPOMOFO = "\u3105-\u312f\u31a0-\u31bf"
_LETTER = "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"

HAN = re.compile(f"[{_HAN}{_BOPOMOFO}]")
_EAST_ASIAN = re.compile(f"[{_HAN}{_BOPOMOFO}{_HANGUL}{_KANA}\u3001-\u301f\uff01-\uff60]")
_LATIN_WORD = f"[{_LETTER}0-9][{_LETTER}0-9.'’&@/+\\-–]*"
_NEXT_WORD = f"[,.;:!?)”’\\]]*[ \u00a0]+(?:[—–&] )?[“‘(\\[]{{0,4}}{_LATIN_WORD}"
_LATIN = re.compile(f"[“‘(]{{0,4}}{_LATIN_WORD}(?:{_NEXT_WORD})*[,.!?)\\]]*[”’]*")
_KOREAN = re.compile(f"[{_HANGUL}](?:[{_HANGUL}0-9{_LETTER} ,.!?·‧…~%'\"“”‘’()\\[\\]:\\-]*[{_HANGUL}0-9%)\\]”’])?")
_JAPANESE = re.compile(f"[{_KANA}]+")
_BRACKETED = re.compile(
    "|".join(f"{pair[0]}[^〈〉《》「」『』]*{pair[1]}" for pair in ("〈〉", "《》", "「」", "『』"))
)
_OPENED_BY = {"“": "”", "‘": "’"}


def runs(text: str, document: str = DEFAULT) -> Iterator[tuple[str | None, str]]:
    """Cut text into stretches of one language: `(None, …)` is that of the document (BCP 47), else en, ko or ja.

    What stands in a pair of brackets (with no other inside) is of one language, so a Korean title in a Chinese
    text keeps its Han characters; the brackets themselves are the document's.
    """
    done = 0
    for found in _BRACKETED.finditer(text):
        inside = found[0][1:-1]
        lang = _language_of_title(inside, primary(document))
        if lang:
            yield from _plain_runs(text[done : found.start() + 1], document)
            yield lang, inside
            done = found.end() - 1
    yield from _plain_runs(text[done:], document)


def is_foreign(text: str, document: str = DEFAULT) -> str | None:
    """The language of a whole paragraph that is not in that of the document at all: en, ko or ja; else None."""
    own = primary(document)
    if own == "ko" and re.search(f"[{_HANGUL}]", text):
        return None
    if own == "ja" and re.search(f"[{_KANA}]", text):
        return None
    if re.search(f"[{_HANGUL}]", text):
        return None if HAN.search(text) or re.search("[，。；：「」《》〈〉]", text) else "ko"
    if re.search(f"[{_KANA}]", text):
        return "ja" if _is_japanese(text) else None
    return "en" if re.search(f"[{_LETTER}]", text) and not _EAST_ASIAN.search(text) else None


def _is_japanese(text: str) -> bool:
    """Whether a text with kana has no marks of Chinese alone, and much kana where marks of both stand."""
    if re.search("[，；：《》〈〉]", text):
        return False
    kana = len(re.findall(f"[{_KANA}]", text))
    return not re.search("[。「」]", text) or kana * 2 > len(HAN.findall(text))


def _language_of_title(text: str, own: str) -> str | None:
    scripts = [lang for lang, script in (("ko", _HANGUL), ("ja", _KANA)) if re.search(f"[{script}]", text)]
    return scripts[0] if scripts and own not in scripts else None


def _plain_runs(text: str, document: str) -> Iterator[tuple[str | None, str]]:
    done = 0
    for found in _foreign(primary(document)).finditer(text):
        lang, start, end = found.lastgroup, *found.span()
        if lang == "en":
            if _has_curly_marks(document):
                start, end = _without_marks_around(text, start, end)
            if not _is_phrase(text[start:end]):
                continue
        if start > done:
            yield None, text[done:start]
        yield lang, text[start:end]
        done = end
    if done < len(text):
        yield None, text[done:]


@cache
def _foreign(own: str) -> re.Pattern[str]:
    """What is foreign by its script in a text of a language."""
    scripts = {"ko": _KOREAN.pattern, "ja": _JAPANESE.pattern, "en": _LATIN.pattern}
    return re.compile("|".join(f"(?P<{lang}>{script})" for lang, script in scripts.items() if lang != own))


def _has_curly_marks(document: str) -> bool:
    """Whether “ ” are the quotation marks of a language, so that they may stand around English words."""
    return profile(document).labels.section_by_title[0] in _OPENED_BY


def _without_marks_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of English words without quotation marks around all of them: those are the document's."""
    while start < end and text[start] in _OPENED_BY:
        partner = text.find(_OPENED_BY[text[start]], start + 1, end)
        if partner not in (-1, end - 1):
            break
        start, end = start + 1, end - (partner == end - 1)
    for opening, closing in _OPENED_BY.items():
        while start < end and text[end - 1] == closing and not text.count(opening, start, end):
            end -= 1
    return start, end


def _is_phrase(latin: str) -> bool:
    """Two words or more, or curly marks; a single name or number needs no language."""
    return len(re.findall(f"[{_LETTER}]{{2,}}", latin)) > 1 or bool(re.search("[“‘’]", latin))

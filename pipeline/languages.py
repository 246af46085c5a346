"""Languages of a text that its markup does not name: which stretches are English, Korean or Japanese.

The faces, the quotation marks, the hyphenation and the voice of a screen reader depend on the language, and
authors do not mark it. The script decides: Hangul is Korean, kana is Japanese, and Latin words that follow
one another are English. Marks and blanks between two stretches of one language belong to it.
"""

import re
from collections.abc import Iterator

_HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
_KANA = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BOPOMOFO = "\u3105-\u312f\u31a0-\u31bf"
_LETTER = "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"

HAN = re.compile(f"[{_HAN}{_BOPOMOFO}]")
_EAST_ASIAN = re.compile(f"[{_HAN}{_BOPOMOFO}{_HANGUL}{_KANA}\u3001-\u301f\uff01-\uff60]")
_LATIN_WORD = f"[{_LETTER}0-9][{_LETTER}0-9.'’&@/+\\-–]*"
_LATIN = re.compile(
    f"[“‘(]*{_LATIN_WORD}(?:[,.;:!?)”’\\]]*[ \u00a0]+(?:[—–&] )?[“‘(\\[]*{_LATIN_WORD})*[,.!?)\\]]*[”’]*"
)
_KOREAN = re.compile(f"[{_HANGUL}](?:[{_HANGUL}0-9{_LETTER} ,.!?·‧…~%'\"“”‘’()\\[\\]:\\-]*[{_HANGUL}0-9%)\\]”’])?")
_JAPANESE = re.compile(f"[{_KANA}]+")
_BRACKETED = re.compile(
    "|".join(f"{pair[0]}[^〈〉《》「」『』]*{pair[1]}" for pair in ("〈〉", "《》", "「」", "『』"))
)


def runs(text: str) -> Iterator[tuple[str | None, str]]:
    """Cut Chinese text into stretches of one language: `(None, …)` is the Chinese, else en, ko or ja.

    What stands in a pair of brackets (with no other inside) is of one language, so a Korean title keeps its
    Han characters; the brackets themselves are Chinese.
    """
    done = 0
    for found in _BRACKETED.finditer(text):
        inside = found[0][1:-1]
        lang = _language_of_title(inside)
        if lang:
            yield from _plain_runs(text[done : found.start() + 1])
            yield lang, inside
            done = found.end() - 1
    yield from _plain_runs(text[done:])


def is_foreign(text: str) -> str | None:
    """The language of a whole paragraph that is not Chinese at all: en, ko or ja; else None."""
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


def _language_of_title(text: str) -> str | None:
    if re.search(f"[{_HANGUL}]", text):
        return "ko"
    if re.search(f"[{_KANA}]", text):
        return "ja"
    return None


def _plain_runs(text: str) -> Iterator[tuple[str | None, str]]:
    pattern = re.compile(f"(?P<ko>{_KOREAN.pattern})|(?P<ja>{_JAPANESE.pattern})|(?P<en>{_LATIN.pattern})")
    done = 0
    for found in pattern.finditer(text):
        lang = found.lastgroup
        if lang == "en" and not _is_phrase(found[0]):
            continue
        if found.start() > done:
            yield None, text[done : found.start()]
        yield lang, found[0]
        done = found.end()
    if done < len(text):
        yield None, text[done:]


def _is_phrase(latin: str) -> bool:
    """Two words or more, or curly marks; a single name or number needs no language."""
    return len(re.findall(f"[{_LETTER}]{{2,}}", latin)) > 1 or bool(re.search("[“‘’]", latin))

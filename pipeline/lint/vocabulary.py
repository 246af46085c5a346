"""The house vocabulary of a periodical: what its editors have settled once, in `vocabulary.toml`.

The file lies in the folder of the issue or in the one above it, where all issues of the periodical lie
(`source/vocabulary.toml`); no manuscript can name another. Every key is explained in the sample's.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.diagnostics import Code, ManuscriptError, Place, Words

VOCABULARY_FILE = "vocabulary.toml"

WRONG_VOCABULARY = Code(
    "V001",
    title=Words("用語表讀不懂", "house vocabulary unreadable"),
    message=Words("用語表寫錯了：{reason}", "the house vocabulary is wrong: {reason}"),
    hint=Words("照 source/vocabulary.toml 的說明改", "see the explanations in source/vocabulary.toml"),
    why=Words(
        "用語表是本刊自己的決定；讀不懂就等於沒有。",
        "The vocabulary holds the decisions of the periodical; an unreadable one holds none.",
    ),
    bad="terms = 台灣",
    good='terms = ["台灣"]',
)


@dataclass(frozen=True)
class Vocabulary:
    """What a periodical has settled.

    `terms`: words that are right as they are. `pairs`: forms that may stand side by side. `names`: names in the
    form the periodical uses. `abbreviations`: those every reader knows. `instead`: words that the periodical
    doesn't use, and what it uses. `focus`: its focus categories; empty: any.
    """

    terms: frozenset[str] = frozenset()
    pairs: frozenset[frozenset[str]] = frozenset()
    names: frozenset[str] = frozenset()
    abbreviations: frozenset[str] = frozenset()
    instead: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    focus: frozenset[str] = frozenset()

    def may_stand(self, word: str) -> bool:
        """Whether a word has been accepted as it is."""
        return word in self.terms or word in self.names

    def are_apart(self, one: str, other: str) -> bool:
        """Whether two forms may stand side by side."""
        return frozenset((one, other)) in self.pairs or (self.may_stand(one) and self.may_stand(other))


def vocabulary_of(folder: Path) -> Vocabulary:
    """The vocabulary for an issue in `folder`; an empty one where there is no file.

    Raises `ManuscriptError` (V001) for a file that isn't one.
    """
    for place in (folder, folder.absolute().parent):
        path = place / VOCABULARY_FILE
        if path.is_file() and path.resolve().is_relative_to(place.resolve()):
            return read_vocabulary(path)
    return Vocabulary()


def read_vocabulary(path: Path) -> Vocabulary:
    """Read a vocabulary. Raises `ManuscriptError` (V001) with the reason."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(where[1]), int(where[2])) if where else (1, 1)
        zh = f"不合TOML的寫法（{error}）"
        raise _wrong(path, Words(zh, f"it is no TOML: {error}"), line, column) from error
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(path, Words("讀不出來；要存成UTF-8", f"it cannot be read as UTF-8: {error}")) from error
    known = {"terms": list, "pairs": list, "names": list, "abbreviations": list, "focus": list, "instead": dict}
    for key, value in values.items():
        if key not in known:
            zh, en = (
                f"沒有「{key}」這個鍵；有：{'、'.join(known)}",
                f"there is no key {key}; known: {', '.join(known)}",
            )
            raise _wrong(path, Words(zh, en))
        if not isinstance(value, known[key]) or not _is_of_words(key, value):
            zh, en = f"「{key}」的值不對；{_SHAPES[key].zh}", f"{key} has a wrong value; {_SHAPES[key].en}"
            raise _wrong(path, Words(zh, en))
    return Vocabulary(
        terms=frozenset(values.get("terms", ())),
        pairs=frozenset(frozenset(pair) for pair in values.get("pairs", ())),
        names=frozenset(values.get("names", ())),
        abbreviations=frozenset(values.get("abbreviations", ())),
        instead=MappingProxyType(values.get("instead", {})),
        focus=frozenset(values.get("focus", ())),
    )


_LIST = Words('寫成 ["甲", "乙"]', 'write ["one", "other"]')
_SHAPES = {
    **dict.fromkeys(("terms", "names", "abbreviations", "focus"), _LIST),
    "pairs": Words('寫成 [["甲", "乙"], …]', 'write [["one", "other"], …]'),
    "instead": Words('寫成 [instead] 底下一行一個 "甲" = "乙"，甲乙不同', 'under [instead] write "this" = "that"'),
}


def _is_of_words(key: str, value: Any) -> bool:
    if key == "instead":
        return all(isinstance(word, str) and word and key and word != key for key, word in value.items())
    if key == "pairs":
        return all(isinstance(pair, list) and len(pair) == 2 and _is_of_words("", pair) for pair in value)
    return all(isinstance(word, str) and word for word in value)


def _wrong(path: Path, reason: Words, line: int = 1, column: int = 1) -> ManuscriptError:
    return ManuscriptError([WRONG_VOCABULARY.at(Place(path, line, column, line, column + 1), reason=reason)])

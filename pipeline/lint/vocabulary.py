"""The house vocabulary of a periodical: what its editors have settled once, in `vocabulary.toml`.

The file lies in the folder of the issue or in the one above it, where all issues of the periodical lie
(`source/vocabulary.toml`); no manuscript can name another. Every key is explained in the sample's.
"""

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
        if path.is_file():
            return read_vocabulary(path)
    return Vocabulary()


def read_vocabulary(path: Path) -> Vocabulary:
    """Read a vocabulary. Raises `ManuscriptError` (V001) with the reason."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _wrong(path, Words(str(error), str(error))) from error
    known = {"terms": list, "pairs": list, "names": list, "abbreviations": list, "focus": list, "instead": dict}
    for key, value in values.items():
        if key not in known:
            raise _wrong(path, Words(f"沒有「{key}」這個鍵", f"there is no key {key}"))
        if not isinstance(value, known[key]) or not _is_of_words(key, value):
            raise _wrong(path, Words(f"「{key}」的值不對", f"{key} has a wrong value"))
    return Vocabulary(
        terms=frozenset(values.get("terms", ())),
        pairs=frozenset(frozenset(pair) for pair in values.get("pairs", ())),
        names=frozenset(values.get("names", ())),
        abbreviations=frozenset(values.get("abbreviations", ())),
        instead=MappingProxyType(values.get("instead", {})),
        focus=frozenset(values.get("focus", ())),
    )


def _is_of_words(key: str, value: Any) -> bool:
    if key == "instead":
        return all(isinstance(word, str) for word in value.values())
    if key == "pairs":
        return all(isinstance(pair, list) and len(pair) == 2 and _is_of_words("", pair) for pair in value)
    return all(isinstance(word, str) for word in value)


def _wrong(path: Path, reason: Words) -> ManuscriptError:
    return ManuscriptError([WRONG_VOCABULARY.at(Place(path), reason=reason)])

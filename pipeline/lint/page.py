"""The page of the rules: every editorial rule with its reason, its remedy and its extracts, as Markdown.

`kan rules --markdown` prints it, and `RULES.md` beside this module is what it prints.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.diagnostics import SEVERITIES, Code, Words
from pipeline.lint.exceptions import NOT_EXCUSABLE, UNUSED
from pipeline.lint.extracts import is_mended as mends
from pipeline.lint.rules import RULES
from pipeline.lint.vocabulary import WRONG_VOCABULARY

MENDED = Words("能自動改正", "mended by --fix")

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|])")


@dataclass(frozen=True)
class Family:
    """Rules whose codes begin with one of `prefixes`, and what they are about."""

    prefixes: tuple[str, ...]
    title: Words
    about: Words

    @property
    def codes(self) -> list[Code]:
        """Its codes in their order."""
        return sorted((code for code in _editorial() if code.code.startswith(self.prefixes)), key=_name)


FAMILIES = (
    Family(
        ("N",),
        Words("註釋", "Notes"),
        Words(
            "參照要是連結，書目要齊全，同一條資料只有一種寫法。",
            "References are links, citations complete, and one source is written in one way.",
        ),
    ),
    Family(
        ("D",),
        Words("日期與數字", "Dates and numbers"),
        Words(
            "日期要是真的日期，數字要加得起來，寫法前後一致。",
            "Dates exist, numbers add up, and both are written in one way.",
        ),
    ),
    Family(
        ("M",),
        Words("標點與空格", "Marks and blanks"),
        Words(
            "標點成對，中西各用各的，一處只要一個；該由排版留的間距不用空格打。",
            "Marks come in pairs and belong to the language around them; spacing is left to the typesetting.",
        ),
    ),
    Family(
        ("C", "R040"),
        Words("字元", "Characters"),
        Words(
            "看起來一樣的字要是同一個字；看不見的字元不留在原稿裡。",
            "Characters that look alike are the same one, and none is invisible.",
        ),
    ),
    Family(
        ("W",),
        Words("用詞", "Words"),
        Words(
            "錯字與異體字；同一個人、同一件事、同一個譯名，前後寫法一致。",
            "Wrong and variant characters; one person, thing or translated name is written in one way.",
        ),
    ),
    Family(
        ("L",),
        Words("連結", "Links"),
        Words(
            "網址要完整，讀者要到得了；印出來的網址與連結要是同一個。",
            "Addresses are whole and lead every reader there; the one printed is the one linked.",
        ),
    ),
    Family(
        ("H",),
        Words("結構", "Structure"),
        Words(
            "標題、段落、圖表、清單各在該在的地方，該有的都有。",
            "Headings, paragraphs, figures and lists stand where they should, and nothing is missing.",
        ),
    ),
    Family(
        ("X",),
        Words("例外", "Exceptions"),
        Words(
            "`<?kan allow=…?>` 本身也要有用、有理由。",
            "Exceptions, `<?kan allow=…?>`, are looked at themselves.",
        ),
    ),
    Family(
        ("V",),
        Words("用語表", "House vocabulary"),
        Words(
            "本刊自己的決定寫在 `vocabulary.toml`，要讀得懂。",
            "What the periodical has settled is in `vocabulary.toml`, which must be readable.",
        ),
    ),
)
"""Every editorial rule belongs to one of them. R040 is an old code: codes never change."""


def mended() -> frozenset[str]:
    """The codes of the rules that mend what they find; exceptions and the vocabulary are for people."""
    return frozenset(rule.code.code for rule in RULES if mends(rule))


def rule_page() -> str:
    """The whole page."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    fixed = mended()
    count = sum(len(family.codes) for family in FAMILIES)
    yield "# 編輯規則 The rules of the copy editor"
    yield ""
    yield "<!-- kan rules --markdown 寫的；要改，改規則。 Written by kan rules --markdown: change the rules. -->"
    yield ""
    yield f"共{count}條；{len(fixed)}條能自動改正（✎）。怎麼用、怎麼加一條，見[README.md](README.md)。"
    yield f"{count} rules; {len(fixed)} mend what they find (✎). How to use and add them: [README.md](README.md)."
    yield ""
    for family in FAMILIES:
        links = (f"[{code.code}](#{code.code}){'✎' if code.code in fixed else ''}" for code in family.codes)
        yield f"- [**{family.title.zh} {family.title.en}**](#{family.prefixes[0]})：{'、'.join(links)}"
    for family in FAMILIES:
        yield from ("", f'<a id="{family.prefixes[0]}"></a>', "", f"## {family.title.zh} {family.title.en}", "")
        yield from (family.about.zh, family.about.en)
        for code in family.codes:
            yield from _section(code, code.code in fixed)
    yield ""


def _section(code: Code, is_mended: bool) -> Iterator[str]:
    severity, hint = SEVERITIES[code.severity], code.remedy
    pen = f"　✎ {MENDED.zh} {MENDED.en}" if is_mended else ""
    yield from (
        "",
        f'<a id="{code.code}"></a>',
        "",
        f"### {code.code} {_text(code.title.zh)} {_text(code.title.en)}",
        "",
    )
    yield from (f"*{severity.zh} {severity.en}*{pen}", "")
    yield from (_text(code.why.zh), _text(code.why.en), "")
    yield from (f"怎麼改：{_text(hint.zh)}", f"Remedy: {_text(hint.en)}")
    for word, extract in (("錯 Bad", code.bad), ("對 Good", code.good)):
        if extract:
            yield from ("", word, "", f"```{'toml' if code is WRONG_VOCABULARY else 'xml'}", extract, "```")


def _editorial() -> list[Code]:
    return [*(rule.code for rule in RULES), UNUSED, NOT_EXCUSABLE, WRONG_VOCABULARY]


def _name(code: Code) -> str:
    return code.code


def _text(words: str) -> str:
    """Words of a rule so that Markdown prints them as they are."""
    return _MARKDOWN.sub(r"\\\1", words)

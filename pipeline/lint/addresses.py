"""The addresses of a brief as the rules about them read them: where they stand, their parts, their damage."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from pipeline.diagnostics import Edit, Place, Words
from pipeline.lint.reading import Passage, Reading
from pipeline.parse import HREF
from pipeline.validate.mistakes import MOST_FOUND
from pipeline.validate.values import malformed_link

_LONGEST = 2_000
"""Most characters of an address: what is longer is something else."""

PARTS = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,20}):(?=//))?(?://)?(?P<host>[^/?#]*)"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
_OPENING = re.compile(
    r"(?<![A-Za-z0-9/=&?%.])"
    r"(?:(?:h+t+p+s*|t+ps|hptts?)(?:[ \u3000]?[:：;；]{1,2}[ \u3000]?[/／\\]{1,3}|[/／]{2})[ \u3000]?|www[.．])"
    r"(?=[A-Za-z0-9])",
    re.IGNORECASE,
)
"""How an address begins, also one that was typed wrong."""

_REST = re.compile(
    rf"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]|[％＆－．／＝＿０-９Ａ-Ｚａ-ｚ](?=[A-Za-z0-9])){{1,{_LONGEST}}}"
)
_NAMED = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/\S*")
"""A site and a page without a scheme: example.org/a."""

_COPIES = re.compile(
    r"archive|wayback|perma\.cc|webcitation|megalodon|webcache|translate|proxy|\bjina\b", re.IGNORECASE
)
"""Hosts that put the address of a page after their own: copies, translations, proxies."""


@dataclass(frozen=True, eq=False)
class Address:
    """An address in a passage: characters `start` to `end` of its text.

    `node` is the link around it (None: the address is plain text) and `href` where that leads. `shown` is the
    address as printed; empty where the text of the link is words.
    """

    passage: Passage
    start: int
    end: int
    shown: str
    node: etree._Element | None = None
    href: str = ""

    @property
    def target(self) -> str:
        """The address that a reader gets to: that of the link, else the printed one."""
        return self.href or self.shown

    @cached_property
    def parts(self) -> re.Match[str]:
        """The target, in its parts: scheme, host, path, query, fragment."""
        match = PARTS.fullmatch(self.target)
        assert match is not None  # every part may be empty
        return match

    @cached_property
    def host(self) -> str:
        """The name of the site, in small letters, without user and port."""
        host = self.parts["host"].rpartition("@")[2].lower()
        return host if host.startswith("[") else host.partition(":")[0].rstrip(".")

    @cached_property
    def is_copy(self) -> bool:
        """Whether it leads to a copy of a page, whose own address comes after that of the archive."""
        return _COPIES.search(self.host) is not None

    @cached_property
    def damage(self) -> "Damage | None":
        """What is wrong with it, as it is printed or as it is linked."""
        return _damage(self)

    def place(self, words: str = "") -> Place:
        """Where some words of the address stand: in the text, else in the link; without words, the whole."""
        at = self.shown.find(words) if self.shown else -1
        if self.node is not None and at < 0 and words:
            return self.passage.source.attribute_place(self.node, HREF)
        if at < 0 or not words:
            return self.passage.place(self.start, self.end)
        return self.passage.place(self.start + at, self.start + at + len(words))

    def changed(self, change: Callable[[str], str]) -> tuple[Edit, ...]:
        """The edits that change the address in the text and in the link alike; none where that can't be done."""
        edits: list[Edit] = []
        new = change(self.shown)
        if new != self.shown:
            first, last = _differing(self.shown, new)
            in_text = self.passage.replaced(
                self.start + first, self.start + len(self.shown) - last, new[first : len(new) - last]
            )
            if not in_text:
                return ()
            edits += in_text
        if self.node is not None and change(self.href) != self.href:
            edit = _link_edit(self, change(self.href))
            if edit is None:
                return ()
            edits.append(edit)
        return tuple(edits)


def _differing(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts have in common at the start and at the end."""
    most = min(len(old), len(new))
    first = next((index for index in range(most) if old[index] != new[index]), most)
    left = most - first
    last = next((index for index in range(left) if old[-1 - index] != new[-1 - index]), left)
    return first, last


def _link_edit(address: Address, new: str) -> Edit | None:
    """The edit that lets the link of an address lead to `new`."""
    source = address.passage.source
    found = source.attribute_bytes(address.node, HREF) if address.node is not None else None
    if found is None:
        return None
    old = source.data[found[0] : found[1]].decode()
    new = escape(new, {'"': "&quot;", "'": "&apos;"})
    first, last = _differing(old, new)
    start, end = found[0] + len(old[:first].encode()), found[1] - len(old[len(old) - last :].encode())
    return Edit(start, end, new[first : len(new) - last])


@lru_cache(maxsize=32)
def addresses(brief: Reading) -> tuple[Address, ...]:
    """The addresses of a brief, linked or not, in the order of reading; what R037 objects to is left out."""
    found = islice(malformed_link(brief.source, Path()), MOST_FOUND)
    wrong = {str(values["value"]) for _, values in found}
    return tuple(
        address
        for passage in brief.passages
        for address in _in_passage(passage)
        if len(address.target) <= _LONGEST and address.href[:60] not in wrong
    )


def _in_passage(passage: Passage) -> Iterator[Address]:
    text, covered = passage.text, bytearray(len(passage.text))
    for link in passage.flat.links:
        covered[link.start : link.end] = b"x" * (link.end - link.start)
        if link.href.lower().startswith(("http:", "https:")):
            words = text[link.start : link.end]
            shown = words.strip()
            if _OPENING.match(shown) or _NAMED.fullmatch(shown):
                start = link.start + len(words) - len(words.lstrip())
                yield Address(passage, start, start + len(shown), shown, link.node, link.href)
            else:
                yield Address(passage, link.start, link.end, "", link.node, link.href)
    done = 0
    for opening in _OPENING.finditer(text):
        rest = _REST.match(text, opening.end())
        if opening.start() < done or covered[opening.start()] or rest is None:
            continue
        shown = _trimmed(text[opening.start() : rest.end()])
        if "." in shown or "．" in shown or "localhost" in shown.lower():
            done = opening.start() + len(shown)
            yield Address(passage, opening.start(), done, shown)


def _trimmed(address: str) -> str:
    """An address in running text, without the punctuation of the sentence that follows it."""
    while True:
        address = address.rstrip(".,;:!?'")
        if not address.endswith((")", "]")):
            return address
        opened = "(" if address.endswith(")") else "["
        if address.count(opened) >= address.count(address[-1]):
            return address
        address = address[:-1]


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with an address: words of it, the reason and the remedy; `mended`, where it is certain.

    `goes_out`: the words belong behind the address.
    """

    words: str
    reason: Words
    advice: Words
    mended: Callable[[str], str] | None = None
    goes_out: bool = False


_DOUBLED = re.compile(r"(?:https?:/{1,2}){1,3}(https?://)", re.IGNORECASE)
_WELL_BEGUN = re.compile(r"https?://(?![ \u3000/])|www\.", re.IGNORECASE)
_FULLWIDTH = re.compile("(?<=[!-~])(?:[０-９Ａ-Ｚａ-ｚ]+|[％＆－．／：＝？＠＿]+(?=[!-~０-９Ａ-Ｚａ-ｚ]))+")
_SECOND = re.compile(r"(?<=.{8})https?(?::/|%3A%2F)", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(r"&(?:amp;)+")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BLANKS = re.compile(r"\s+")
_MORE = re.compile(r"[A-Za-z0-9/?=&%_#~+@-][!-~]{0,200}")
_CUT = re.compile(r"(?:\.{3,}|…+)\Z")
_COPY_AGAIN = Words("開啟網頁，把網址重新抄一次", "open the page and copy its address again")


def _damage(address: Address) -> Damage | None:
    """The first thing that is wrong with an address."""
    for text in dict.fromkeys((address.shown, address.href)):
        if text:
            for look in _LOOKS:
                if (damage := look(text)) is not None:
                    return damage
    if address.shown:
        return _blank_inside(address) or _cut(address) or _runs_on(address)
    return None


_AROUND = {"）": "（", "」": "「", "』": "『", "】": "【", "》": "《", "〉": "〈", "”": "“", "’": "‘"}
_SENTENCE = "。，、；：！？．,;"


def _marks_at_end(text: str) -> Damage | None:
    bare = text
    while bare.endswith((*_SENTENCE, *_AROUND)):
        opened = _AROUND.get(bare[-1])
        if opened is not None and bare.count(opened) >= bare.count(bare[-1]):
            break
        bare = bare[:-1]
    marks = text[len(bare) :]
    full_stop = not marks and re.search(r"[A-Za-z0-9/]\.\Z", text) is not None and "wiki" not in text
    if not marks and not full_stop:
        return None
    marks = marks or "."
    return Damage(
        marks,
        Words(f"末尾的「{marks}」是句子的標點", f"“{marks}” at its end belongs to the sentence"),
        Words("把它移到連結外面", "put it outside of the link"),
        None if full_stop else lambda address: address.removesuffix(marks),
        goes_out=True,
    )


def _wrong_start(text: str) -> Damage | None:
    doubled = _DOUBLED.match(text)
    opening = _OPENING.match(text)
    if doubled is not None:
        begun, good = doubled[0], doubled[1].lower()
    elif opening is None or _WELL_BEGUN.match(text):
        return None
    elif opening[0].lower().startswith("www"):
        begun, good = opening[0], "www."
    else:
        begun, good = opening[0], "https://" if re.match("[a-z]*s", opening[0], re.IGNORECASE) else "http://"

    def begun_well(address: str) -> str:
        wrong = address.startswith(begun) and (doubled is not None or not _WELL_BEGUN.match(address))
        return good + address[len(begun) :] if wrong else address

    return Damage(
        begun,
        Words(f"開頭的「{begun}」打錯了", f"its start “{begun}” is mistyped"),
        Words(f"寫成 {good}", f"write {good}"),
        begun_well,
    )


def _full_width(text: str) -> Damage | None:
    found = _FULLWIDTH.search(text)
    if found is None:
        return None

    def halved(address: str) -> str:
        return _FULLWIDTH.sub(lambda each: "".join(chr(ord(mark) - 0xFEE0) for mark in each[0]), address)

    return Damage(
        found[0],
        Words(f"「{found[0]}」是全形字", f"“{found[0]}” is full-width"),
        Words(f"改成半形的 {halved(text)}", f"write it half-width: {halved(text)}"),
        halved,
    )


def _second(text: str) -> Damage | None:
    found = _SECOND.search(text)
    parts = PARTS.fullmatch(text)
    if found is None or parts is None or _COPIES.search(parts["host"]) or text[found.start() - 1] == "=":
        return None
    if parts["query"] is not None and found.start() >= parts.start("query"):
        return None
    return Damage(
        text[found.start() :],
        Words("兩個網址連在一起", "two addresses run together"),
        Words("分成兩個連結，或刪去多的那個", "make two links of it, or delete the one too many"),
    )


def _escaped(text: str) -> Damage | None:
    found = _ESCAPED.search(text)
    if found is None:
        return None
    return Damage(
        found[0],
        Words("「&」編碼了兩次", "the & is escaped twice"),
        Words("在原稿裡寫 &amp; 就好，不是 &amp;amp;", "in the manuscript write &amp;, not &amp;amp;"),
        lambda address: _ESCAPED.sub("&", address),
    )


def _half_encoded(text: str) -> Damage | None:
    found = _BAD_PERCENT.search(text)
    if found is None:
        return None
    reason = Words("「%」後面的編碼不完整", "the code after % is not complete")
    return Damage(text[found.start() :], reason, _COPY_AGAIN)


def _bracket(text: str) -> Damage | None:
    for opened, closed in ("()", "[]", "（）"):
        if text.count(opened) != text.count(closed):
            mark = opened if text.count(opened) > text.count(closed) else closed
            missing = closed if mark == opened else opened
            return Damage(
                mark,
                Words(f"有「{mark}」沒有「{missing}」", f"there is {mark} and no {missing}"),
                Words(
                    "多半是末尾少抄或多抄一個字元，重新抄一次",
                    "probably a character is missing, or too many, at its end: copy it again",
                ),
            )
    return None


_LOOKS = (_marks_at_end, _wrong_start, _full_width, _second, _escaped, _half_encoded, _bracket)


def _blank_inside(address: Address) -> Damage | None:
    """A blank in the text of a link; where the link leads there without it, it can go."""
    found = _BLANKS.search(address.shown)
    if found is None:
        return None
    return Damage(
        found[0],
        Words("裡面有空白", "there is a blank in it"),
        Words("刪去空白，再點點看", "delete the blank, and try it"),
        _without_blanks if _without_blanks(address.shown) == address.href else None,
    )


def _without_blanks(address: str) -> str:
    return _BLANKS.sub("", address)


def _cut(address: Address) -> Damage | None:
    """An address shortened with dots, unless its link has the rest."""
    found = _CUT.search(address.target)
    if found is None:
        return None
    return Damage(found[0], Words("末尾被省略了", "its end was left out"), _COPY_AGAIN)


def _runs_on(address: Address) -> Damage | None:
    """A link that ends in the middle of the address."""
    passage = address.passage
    rest = _MORE.match(passage.text, address.end) if address.node is not None else None
    if rest is None or _OPENING.match(passage.text, address.end):
        return None
    return Damage(
        "",
        Words(f"連結只到一半，後面的「{rest[0]}」沒有在裡面", f"the link ends too early: “{rest[0]}” is outside"),
        Words(
            "把整個網址放進連結，xlink:href 也補齊", "put all of the address into the link, and into xlink:href"
        ),
    )

"""Rules about Latin words: capitals in names and titles, one name in two spellings, et al.

Of a title only the typing is judged, a capital left out or put in, never the words.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from pipeline.diagnostics import Code, Place, Severity, Words
from pipeline.lint.abbreviations import WELL_KNOWN
from pipeline.lint.glosses import differ_in_one, glosses, spelt_in_two_ways
from pipeline.lint.own_words import own_words
from pipeline.lint.practice import practice
from pipeline.lint.reading import ADDRESS, Passage, Reading
from pipeline.lint.rules import Finding, found, rule
from pipeline.notes.graph import Citation

_LETTER = "A-Za-zÀ-ÖØ-öø-ɏ"
_CAPITAL = "A-ZÀ-ÖØ-Þ"
_WORD = re.compile(rf"[{_LETTER}][{_LETTER}’'‑-]*")
_SMALL = "of|the|and|for|in|on|at|to|by|with|from|an|or"
_NAME = re.compile(
    rf"[{_CAPITAL}][{_LETTER}’'.‑-]{{0,40}}"
    rf"(?: (?:(?:{_SMALL}|de|du|la|le|van|von|der|bin|al) ){{0,2}}[{_CAPITAL}][{_LETTER}’'.‑-]{{0,40}}){{1,9}}"
)
"""Words with capitals that follow one another, with small words between them."""
_JOINT = re.compile(f"(?:{_SMALL})", re.IGNORECASE)

_SMALL_WORDS = "a an and as at but by for from in into nor of on onto or per the to via vs with"
_ALWAYS_SMALL = frozenset(_SMALL_WORDS.split())
"""Articles, conjunctions and short prepositions: small inside a title in headline style (CMOS 17, 8.159)."""

_SMALL_IN_SOME_HOUSES = """
about above across after against along amid among around before behind below beneath beside besides between beyond
concerning despite down during except following if inside is its like near off once out outside over past regarding
since so than that through throughout till toward towards under underneath until up upon versus when while within
without yet
"""
_PREPOSITIONS = frozenset(_SMALL_IN_SOME_HOUSES.split())
"""Words that some houses capitalise in a title and others don't."""

_FOREIGN_PARTICLES = """
de du des la le les del della di da do dos das van von der den die dem wie ist mit im auf für zu und el los las
y et bin bint ibn para une che al dan yang untuk
"""
_OTHER_LANGUAGES = frozenset(_FOREIGN_PARTICLES.split())
"""Words of titles in languages that have sentence style."""


_ENGLISH = frozenset(_SMALL_WORDS.split()) | frozenset(_SMALL_IN_SOME_HOUSES.split())
"""Words by which a title is known to be English."""


@dataclass(frozen=True, slots=True)
class Latin:
    """A stretch of Latin words and where it stands."""

    text: str
    passage: Passage
    start: int

    @property
    def end(self) -> int:
        """The index after its last character."""
        return self.start + len(self.text)

    @property
    def place(self) -> Place:
        """Where it stands in the file."""
        return self.passage.place(self.start, self.end)

    def finding(self, values: Mapping[str, object], *also: "Latin") -> Finding:
        """A finding on it, and the others that it speaks of."""
        return Finding(self.place, values, also=tuple(other.place for other in also))


@lru_cache(maxsize=64)
def _names(brief: Reading) -> tuple[Latin, ...]:
    """The Latin names of several words among the author's own, those of people and publishers in notes too."""
    return tuple(
        Latin(name[0], passage, name.start())
        for passage in brief.passages
        if _has_latin(passage.own_text)
        for name in _NAME.finditer(passage.own_text)
    )


_TWO_LETTERS = re.compile(f"[{_LETTER}]{{2}}")


def _has_latin(text: str) -> bool:
    return _TWO_LETTERS.search(text) is not None


@rule(
    Code(
        "W090",
        title=Words("名稱裡的小字大寫了", "small word with a capital"),
        message=Words(
            "「{name}」裡的「{word}」大寫，{where}其他名稱裡都小寫（{many}處）",
            "“{word}” in “{name}” has a capital; in other names it is small ({where}, {many})",
        ),
        hint=Words(
            "改為「{small}」；該名稱自己的寫法如此，就不必改", "write “{small}”, unless the name is officially so"
        ),
        why=Words(
            "英文名稱中的冠詞、連詞與介詞小寫（《芝加哥格式手冊》第17版8.159），除非居首或居末。",
            "Articles, conjunctions and prepositions inside a name are small (CMOS 17, 8.159).",
        ),
        bad="成立「自由之聲」（Voice Of Freedom），承接自由大韓（Voice of Free Korea）的業務。",
        good="成立「自由之聲」（Voice of Freedom），承接自由大韓（Voice of Free Korea）的業務。",
        severity=Severity.WARNING,
    )
)
def capital_of_a_small_word(brief: Reading) -> Iterator[Finding]:
    """Of, The or And inside a name, in a brief (or an issue) that writes them small."""
    small, large = _small_words(brief)
    where = Words("本篇", "this brief")
    if large and not small:
        where = Words("本期", "this issue")
        small = [each for other in brief.issue.briefs for each in _small_words(other)[0]]
    if len(small) < len(large):
        return
    for name, word in large if small else ():
        values = {
            "name": name.text,
            "word": word.text,
            "where": where,
            "many": len(small),
            "small": word.text.lower(),
        }
        yield word.finding(values, small[0][1])


@lru_cache(maxsize=64)
def _small_words(brief: Reading) -> tuple[list[tuple[Latin, Latin]], list[tuple[Latin, Latin]]]:
    """The small words inside names that are written small, and those with a capital, each with its name."""
    small: list[tuple[Latin, Latin]] = []
    large: list[tuple[Latin, Latin]] = []
    for name in _names(brief):
        inside = list(_WORD.finditer(name.text))[1:-1]
        for word in inside:
            if _JOINT.fullmatch(word[0]) and not word[0].isupper():
                found_word = Latin(word[0], name.passage, name.start + word.start())
                (small if word[0].islower() else large).append((name, found_word))
    return small, large


@rule(
    Code(
        "W091",
        title=Words("同一外文名稱，兩種拼法", "one foreign name in two spellings"),
        message=Words(
            "這裡拼作「{word}」（本篇{few}處），別處拼作「{form}」（{many}處）",
            "“{word}” ({few} in this brief) is “{form}” elsewhere ({many})",
        ),
        hint=Words("查明拼法，全篇統一", "find the right spelling and keep to it"),
        why=Words("人名與機構名錯一個字母，就查不到出處。", "With one letter wrong, a name leads to no source."),
        bad='文一<fn id="fn1"><p>Kirsty Needham, “Fiji Says No,” Reuters, July 2, 2025, https://example.org/a.</p></fn>'
        '文二<fn id="fn2"><p>Kirsty Needam, “Fiji Says Yes,” Reuters, July 3, 2025, https://example.org/b.</p></fn>',
        good='文一<fn id="fn1"><p>Kirsty Needham, “Fiji Says No,” Reuters, July 2, 2025, https://example.org/a.</p></fn>'
        '文二<fn id="fn2"><p>Kirsty Needham, “Fiji Says Yes,” Reuters, July 3, 2025, https://example.org/b.</p></fn>',
        severity=Severity.WARNING,
    )
)
def two_spellings(brief: Reading) -> Iterator[Finding]:
    """One Latin name of several words, one of which has a letter more, less or other in another place."""
    uses: dict[tuple[str, ...], list[Latin]] = defaultdict(list)
    for whole in _names(brief):
        for name in _parts(whole):
            uses[tuple(re.split("[  ]", name.text))].append(name)
    said = {own_words(brief).at(gloss.spot[0] + 1) for _, gloss in spelt_in_two_ways(brief)}
    for one, other in _near(uses):
        form, word = sorted((one, other), key=lambda name: -len(uses[name]))
        if brief.issue.vocabulary.are_apart(" ".join(one), " ".join(other)):
            continue
        shown = {"word": " ".join(word), "few": len(uses[word]), "form": " ".join(form), "many": len(uses[form])}
        for name in uses[word]:
            if (name.passage, name.start) not in said:
                yield name.finding(shown, uses[form][0])


def _parts(name: Latin) -> Iterator[Latin]:
    """A name, or the names that “and” joins."""
    done = 0
    for joint in re.finditer(" (?:and|And) |$", name.text):
        text = name.text[done : joint.start()].rstrip(".,")
        if " " in text:
            yield Latin(text, name.passage, name.start + done)
        done = joint.end()


def _near(names: Mapping[tuple[str, ...], Sequence[Latin]]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The pairs of names that agree but for a letter of one word."""
    masked: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for name in names:
        for at in range(len(name)):
            masked[(*name[:at], str(at), *name[at + 1 :])].append(name)
    for near in masked.values():
        for one, other in combinations(near[:20], 2):
            (first, second) = next((a, b) for a, b in zip(one, other, strict=True) if a != b)
            if _is_one_word(first, second, len(one)):
                yield one, other


def _is_one_word(one: str, other: str, words: int) -> bool:
    """Whether two words are two spellings of one: a long word, and no ending of grammar."""
    first, second = sorted((_BRITISH.sub(_american, word.casefold()) for word in (one, other)), key=len)
    if len(first) < 5 or not differ_in_one(first, second) or first[0] != second[0]:
        return False
    return not second.startswith(first) or first[-1] == second[-1] or (words > 2 and second == first + "s")


_BRITISH = re.compile("fence|centre|labour|isation|ising|ise|programme|colour|harbour|neighbour")


def _american(british: re.Match[str]) -> str:
    """What an American writes: two bodies may well be spelt in two countries' ways."""
    known = {"fence": "fense", "centre": "center", "programme": "program"}
    return known.get(british[0]) or british[0].replace("our", "or").replace("is", "iz")


# Titles


@dataclass(frozen=True, slots=True)
class Title:
    """The English title of a source: its significant words after the first, with and without a capital."""

    latin: Latin
    large: tuple[re.Match[str], ...]
    small: tuple[re.Match[str], ...]

    @property
    def is_headline(self) -> bool:
        """Whether its words have capitals, all or all but a few."""
        return len(self.large) > 2 and len(self.large) >= 4 * len(self.small)

    @property
    def is_sentence(self) -> bool:
        """Whether its words are small but for names, and English."""
        is_english = any(word[0] in _ENGLISH for word in _WORD.finditer(self.latin.text))
        return is_english and len(self.small) > 3 and len(self.small) >= 2 * len(self.large)


@lru_cache(maxsize=64)
def _titles(brief: Reading) -> tuple[Title, ...]:
    found_titles = (_title(passage, each) for passage in brief.notes for each in passage.citations)
    return tuple(title for title in found_titles if title is not None)


_NOT_ENGLISH = re.compile(rf"[^\x00-\x7f‘’“”–—…{_LETTER}]")


def _title(passage: Passage, citation: Citation) -> Title | None:
    text = citation.work.title
    start = passage.text.find(text, citation.start, citation.end) if text else -1
    if start < 0 or _NOT_ENGLISH.search(text):
        return None
    words = [word for word in _WORD.finditer(text) if _is_plain(text, word)]
    if len(words) < 4 or any(word[0] in _OTHER_LANGUAGES for word in words):
        return None
    judged = [word for word in words[1:] if word[0].casefold() not in _ALWAYS_SMALL | _PREPOSITIONS]
    large = tuple(word for word in judged if word[0][0].isupper())
    small = tuple(word for word in judged if _should_be_large(word[0], word.end() == len(text)))
    return Title(Latin(text, passage, start), large, small)


def _is_plain(text: str, word: re.Match[str]) -> bool:
    """Whether letters are a word, not part of an address, a number or a brand."""
    before, after = text[max(word.start() - 1, 0) : word.start()], text[word.end() : word.end() + 1]
    return before not in set("/@_.#") and not after.isdigit() and not before.isdigit()


def _should_be_large(word: str, is_last: bool) -> bool:
    """Whether a word has no capital and is none of the words that may do without."""
    return word.islower() and word.isascii() and (len(word) > 3 or is_last) and not re.match("al-|e-|el-", word)


@rule(
    Code(
        "W092",
        title=Words("英文篇名漏了大寫", "capital missing in a title"),
        message=Words(
            "篇名其他各字都大寫開頭，「{word}」沒有",
            "“{word}” lacks the capital that the other words of the title have",
        ),
        hint=Words("改為「{large}」", "write “{large}”"),
        why=Words(
            "英文篇名用標題式大寫：首字、末字與實詞一律大寫開頭（《芝加哥格式手冊》第17版8.159）。",
            "In headline style the first, the last and all major words have capitals (CMOS 17, 8.159).",
        ),
        bad='文<fn id="fn1"><p>“MP Materials Seals Mega Deal to Break China’s grip,” Reuters, July 11, 2025, '
        "https://example.org/a.</p></fn>",
        good='文<fn id="fn1"><p>“MP Materials Seals Mega Deal to Break China’s Grip,” Reuters, July 11, 2025, '
        "https://example.org/a.</p></fn>",
        severity=Severity.WARNING,
    )
)
def capital_missing_in_a_title(brief: Reading) -> Iterator[Finding]:
    """A word without a capital in a title whose other words have one."""
    titles = _titles(brief)
    if sum(title.is_headline for title in titles) < sum(title.is_sentence for title in titles):
        return
    for title in titles:
        for word in title.small if title.is_headline else ():
            latin = Latin(word[0], title.latin.passage, title.latin.start + word.start())
            yield latin.finding({"word": word[0], "large": word[0].capitalize()})


@rule(
    Code(
        "W093",
        title=Words("英文篇名的大寫不一致", "title in sentence style"),
        message=Words(
            "這個篇名只有首字大寫，本篇其他{many}個英文篇名各字都大寫開頭",
            "this title is in sentence style; the {many} others of the brief are in headline style",
        ),
        hint=Words("實詞改為大寫開頭，與其他篇名一致", "capitalise its major words like the others"),
        why=Words(
            "同一份註釋裡，英文篇名的大小寫用同一種體例；以本篇的習慣為準。",
            "The titles of a brief follow one style of capitals; its practice decides.",
        ),
        bad="".join(
            f'文<fn id="fn{number}"><p>“{title},” Reuters, July {number}, 2025, https://example.org/{number}.</p></fn>'
            for number, title in enumerate(
                (
                    "Fiji Says China Base Not Welcome",
                    "Pacific Leaders Call for Unity and Bold Action",
                    "Rare Earths Policy Marks Significant Shift",
                    "Pentagon Becomes Largest Shareholder in Miner",
                    "Mining company reports record output after strike",
                ),
                start=1,
            )
        ),
        good='文<fn id="fn1"><p>“Mining Company Reports Record Output after Strike,” Reuters, July 5, 2025, '
        "https://example.org/5.</p></fn>",
        severity=Severity.NOTE,
    )
)
def title_in_sentence_style(brief: Reading) -> Iterator[Finding]:
    """A title in sentence style in a brief whose titles are in headline style."""
    titles = _titles(brief)
    headline = sum(title.is_headline for title in titles)
    sentence = [title for title in titles if title.is_sentence]
    if headline >= 4 * len(sentence):
        for title in sentence:
            yield title.latin.finding({"many": headline})


@rule(
    Code(
        "W094",
        title=Words("出處欄以小寫開頭", "source with a small first letter"),
        message=Words("出處「{name}」以小寫的 the 開頭", "the source “{name}” begins with a small “the”"),
        hint=Words("刪去 the，或改為 The", "leave “the” out, or write “The”"),
        why=Words(
            "出處欄裡的報刊與機構名以大寫開頭，通常省去冠詞（《芝加哥格式手冊》第14章）。",
            "A source begins with a capital; its article is mostly left out (CMOS chapter 14).",
        ),
        bad='文<fn id="fn1"><p>“A Partnership for Rare Earths,” the Payne Institute, July 30, 2025, '
        "https://example.org/a.</p></fn>",
        good='文<fn id="fn1"><p>“A Partnership for Rare Earths,” Payne Institute, July 30, 2025, '
        "https://example.org/a.</p></fn>",
        severity=Severity.NOTE,
    )
)
def small_first_letter(brief: Reading) -> Iterator[Finding]:
    """The source of a citation, written with a small article."""
    for passage in brief.notes:
        for the in _THE.finditer(passage.own_text) if passage.citations else ():
            if any(citation.start <= the.start() < citation.end for citation in passage.citations):
                yield found(passage, the.start(1), the.end(1), name=the[0].strip("” ,"))


_THE = re.compile(rf"”,? (the) [{_CAPITAL}][{_LETTER} ’'.&-]{{2,60}}")


@rule(
    Code(
        "W095",
        title=Words("篇名全部大寫", "title in capitals"),
        message=Words("這個篇名整個用大寫字母", "this title is all in capitals"),
        hint=Words("改為標題式大寫：各實詞只有首字母大寫", "write it in headline style"),
        why=Words(
            "原網頁的全大寫是版面設計，引用時改為一般大小寫（《芝加哥格式手冊》第17版8.159）。",
            "Full capitals on a page are design; a citation has headline style (CMOS 17, 8.159).",
        ),
        bad='文<fn id="fn1"><p>“FIJI SAYS CHINA BASE NOT WELCOME,” Reuters, July 2, 2025, https://example.org/a.</p></fn>',
        good='文<fn id="fn1"><p>“Fiji Says China Base Not Welcome,” Reuters, July 2, 2025, https://example.org/a.</p></fn>',
        severity=Severity.WARNING,
    )
)
def title_in_capitals(brief: Reading) -> Iterator[Finding]:
    """The title of a source, all in capitals."""
    for title in _titles(brief):
        words = [word[0] for word in _WORD.finditer(title.latin.text) if len(word[0]) > 2]
        if len(words) > 3 and all(word.isupper() for word in words):
            yield title.latin.finding({})


# Small things


_ET_AL = re.compile(r"(?<![A-Za-z])(?:[Ee]t\. ?[Aa]l\.?|[Ee]t [Aa]ll?(?!\.)|[Ee]t Al\.|et\.al\.?)(?![A-Za-z])")


@rule(
    Code(
        "W096",
        title=Words("et al. 的寫法", "et al."),
        message=Words("「{typed}」應寫 et al.", "“{typed}” is written et al."),
        hint=Words("改為 et al.：et 是完整的字，al. 是縮寫", "write et al.; only al is abbreviated"),
        why=Words(
            "et al. 是 et alii 的縮寫，只有 al 後面有點（《芝加哥格式手冊》第10章）。",
            "Only al stands for a longer word, alii (CMOS chapter 10).",
        ),
        bad='文<fn id="fn1"><p>John Smith et. al, <italic>Ores</italic> (London: Routledge, 2020).</p></fn>',
        good='文<fn id="fn1"><p>John Smith et al., <italic>Ores</italic> (London: Routledge, 2020).</p></fn>',
        severity=Severity.WARNING,
    )
)
def et_al(brief: Reading) -> Iterator[Finding]:
    """Et al. with the full stop missing, or in the wrong place."""
    for passage in brief.passages:
        for typed in _ET_AL.finditer(passage.own_text) if "al" in passage.own_text.lower() else ():
            yield found(passage, *typed.span(), replace="et al.", typed=typed[0])


_STATES = re.compile(
    rf"(?<![{_LETTER}0-9.$-])(?:U\.S\.|US|U\.K\.|UK|U\.N\.|UN|E\.U\.|EU|D\.C\.|DC)(?![{_LETTER}0-9$]|\.[A-Z])"
)


@rule(
    Code(
        "W097",
        title=Words("U.S. 與 US 並用", "U.S. and US"),
        message=Words(
            "這裡寫「{word}」（本篇{few}處），別處寫「{form}」（{many}處）",
            "“{word}” ({few} in this brief) is “{form}” elsewhere ({many})",
        ),
        hint=Words("全篇統一，用「{form}」；篇名照原樣", "write “{form}” throughout; titles keep theirs"),
        why=Words(
            "縮寫加不加點，一篇用一種（《芝加哥格式手冊》第17版10.4）；以本篇的習慣為準。",
            "With points or without: the practice of the brief decides (CMOS 17, 10.4).",
        ),
        bad="US軍方、US海軍與U.S.空軍。",
        good="US軍方、US海軍與US空軍。",
        severity=Severity.NOTE,
    )
)
def states_with_points(brief: Reading) -> Iterator[Finding]:
    """U.S. in a brief that writes US, in its own words: not in a title."""
    uses: dict[str, dict[str, list[Latin]]] = defaultdict(lambda: defaultdict(list))
    for passage in brief.passages:
        for state in _STATES.finditer(passage.own_text):
            uses[state[0].replace(".", "")][state[0]].append(Latin(state[0], passage, state.start()))
    for forms in uses.values():
        prevailing = practice(forms)
        if prevailing is None:
            continue
        for word, places in forms.items():
            if word != prevailing.form:
                values = {"word": word, "few": len(places), "form": prevailing.form, "many": prevailing.count}
                yield from (each.finding(values, forms[prevailing.form][0]) for each in places)


# One name in two capitalisations, an abbreviation with two letters exchanged


_INNER_CAPITAL = re.compile(
    rf"(?<![{_LETTER}0-9@/._#’'‑-])[{_CAPITAL}][{_LETTER}]{{2,30}}(?![{_LETTER}0-9@/_‑-]|\.[a-z])"
)
_NAME_IN_TITLES = re.compile(
    rf"(?<![{_LETTER}0-9@/._#’'‑-])[{_CAPITAL}][{_LETTER}]{{2,30}}(?: [{_CAPITAL}][{_LETTER}]{{2,30}}){{1,4}}"
    rf"(?![{_LETTER}0-9])"
)


@rule(
    Code(
        "W098",
        title=Words("同一外文名稱，大小寫不同", "one name in two capitalisations"),
        message=Words(
            "這裡寫「{word}」（本篇{few}處），別處寫「{form}」（{many}處）",
            "“{word}” ({few} in this brief) is “{form}” elsewhere ({many})",
        ),
        hint=Words("查明名稱自己的寫法，全篇統一", "find how the name is written and keep to it"),
        why=Words(
            "名稱裡的大寫是名稱的一部分（《芝加哥格式手冊》第17版8.154）；一篇之內只有一種寫法。",
            "Capitals inside a name are part of it (CMOS 17, 8.154); a brief writes it in one way.",
        ),
        bad="衛星服務Starlink與國安有關。可考慮StarLink以外的業者，Starlink並非唯一選擇。",
        good="衛星服務Starlink與國安有關。可考慮Starlink以外的業者，Starlink並非唯一選擇。",
        severity=Severity.NOTE,
    )
)
def two_capitalisations(brief: Reading) -> Iterator[Finding]:
    """A Latin name with a capital inside in one place and none in another; the second word of one left small."""
    uses: dict[str, dict[str, list[Latin]]] = defaultdict(lambda: defaultdict(list))
    own: set[str] = set()
    for passage in brief.passages:
        if not passage.note and not _has_latin(passage.own_text):
            continue
        text = _without_addresses(passage)
        for word in _INNER_CAPITAL.finditer(text):
            if not word[0].isupper():
                uses[word[0].casefold()][word[0]].append(Latin(word[0], passage, word.start()))
                if passage.is_own(*word.span()):
                    own.add(word[0].casefold())
    for name, forms in uses.items():
        if len(forms) > 1 and name in own:
            yield from _minority(brief, forms)
    yield from _small_second_word(brief)


def _minority(brief: Reading, forms: Mapping[str, Sequence[Latin]]) -> Iterator[Finding]:
    """What is said of the forms of one name that are not the one used most."""
    form = max(forms, key=lambda form: (len(forms[form]), -list(forms).index(form)))
    for word, places in forms.items():
        if word == form or brief.issue.vocabulary.are_apart(word, form):
            continue
        values = {"word": word, "few": len(places), "form": form, "many": len(forms[form])}
        for place in places[:3]:
            yield place.finding(values, *forms[form][:1])


@lru_cache(maxsize=1024)
def _without_addresses(passage: Passage) -> str:
    """The text of a passage with U+FFFC for each character of an address."""
    if ADDRESS not in passage.zones:
        return passage.text
    parts, done = [], 0
    for address in re.finditer(f"{ADDRESS}+", passage.zones):
        parts += [passage.text[done : address.start()], "\ufffc" * (address.end() - address.start())]
        done = address.end()
    return "".join([*parts, passage.text[done:]])


_MOST_NAMES = 80


def _small_second_word(brief: Reading) -> Iterator[Finding]:
    """A name of the author's own words whose later words lack their capitals elsewhere."""
    names: dict[str, list[Latin]] = defaultdict(list)
    for passage in brief.passages:
        if _has_latin(passage.own_text):
            for name in _NAME_IN_TITLES.finditer(passage.own_text):
                names[name[0]].append(Latin(name[0], passage, name.start()))
    if not names:
        return
    wanted = {name.lower(): name for name in list(names)[:_MOST_NAMES] if not name.isupper()}
    for passage in brief.passages:
        text = _without_addresses(passage) if passage.note or _has_latin(passage.own_text) else ""
        lowered = text.lower()
        if len(lowered) != len(text):
            continue
        for low, form in wanted.items():
            start = lowered.find(low)
            while start >= 0:
                word = text[start : start + len(low)]
                if word not in names and _is_slip(passage, text, start, word):
                    values = {"word": word, "few": 1, "form": form, "many": len(names[form])}
                    yield Latin(word, passage, start).finding(values, names[form][0])
                start = lowered.find(low, start + len(low))


_LETTERS = re.compile(f"[{_LETTER}0-9]")


def _is_slip(passage: Passage, text: str, start: int, word: str) -> bool:
    """Whether a name that lacks capitals is a whole one, and stands where names have them."""
    end = start + len(word)
    if word.isupper() or not word[0].isupper() or _LETTERS.match(text, end):
        return False
    if start and _LETTERS.match(text, start - 1):
        return False
    return passage.is_own(start, end) or _has_capitals(text, start, end)


def _has_capitals(text: str, start: int, end: int) -> bool:
    """Whether the title around a name is in headline style: more words with a capital than without."""
    before, after = text[max(start - 120, 0) : start], text[end : end + 120]
    around = f"{before[before.rfind('“') + 1 :]} {after.partition('”')[0]}"
    words = [word[0] for word in _WORD.finditer(around) if len(word[0]) > 3 and word[0].casefold() not in _ENGLISH]
    large = sum(word[0].isupper() for word in words)
    return large > 1 and large > 2 * (len(words) - large)


_ACRONYM = re.compile(r"(?<![A-Za-z0-9&./+‑–-])[A-Z]{3,8}(?![A-Za-z0-9&/+‑–-]|\.[A-Z])")


@rule(
    Code(
        "W099",
        title=Words("縮寫的字母顛倒", "letters of an abbreviation exchanged"),
        message=Words(
            "「{word}」只出現在這裡，像是「{form}」（{many}處）打錯",
            "“{word}” stands only here and looks like “{form}” ({many})",
        ),
        hint=Words("改為「{form}」；確是兩個縮寫，就說明它是什麼", "write “{form}”, or explain the other"),
        why=Words(
            "縮寫錯了字母，就成了另一個機構；讀者無從還原。",
            "With its letters exchanged an abbreviation names another body.",
        ),
        bad="《數位經濟架構協定》（DEFA）談判中。DEFA草案規範資料，DEAF的規則則否。",
        good="《數位經濟架構協定》（DEFA）談判中。DEFA草案規範資料，DEFA的規則則否。",
        severity=Severity.NOTE,
    )
)
def letters_exchanged(brief: Reading) -> Iterator[Finding]:
    """An abbreviation that occurs once and is a frequent one with two neighbours exchanged, or a letter wrong."""
    uses: dict[str, list[Latin]] = defaultdict(list)
    for passage in brief.passages:
        if _has_latin(passage.text):
            for acronym in _ACRONYM.finditer(_without_addresses(passage)):
                uses[acronym[0]].append(Latin(acronym[0], passage, acronym.start()))
    by_letters: dict[str, list[str]] = defaultdict(list)
    by_mask: dict[str, list[str]] = defaultdict(list)
    for short, places in uses.items():
        if len(places) > 1:
            by_letters["".join(sorted(short))].append(short)
            for at in range(len(short)) if len(short) > 3 and len(places) > 2 else ():
                by_mask[f"{short[:at]}?{short[at + 1 :]}"].append(short)
                by_mask[short[:at] + short[at + 1 :]].append(short)
    explained = {gloss.short for gloss in glosses(brief)}
    known = WELL_KNOWN | brief.issue.vocabulary.abbreviations | explained
    for word, places in uses.items():
        if len(places) > 1 or word in known:
            continue
        masks = {f"{word[:at]}?{word[at + 1 :]}" for at in range(len(word))} if len(word) > 3 else set()
        masks |= {word} if len(word) > 2 else set()
        near = [form for form in by_letters["".join(sorted(word))] if _are_neighbours(word, form)]
        near += [form for mask in masks if mask in by_mask for form in by_mask[mask] if form in explained]
        if near and not brief.issue.vocabulary.are_apart(word, near[0]):
            values = {"word": word, "form": near[0], "many": len(uses[near[0]])}
            yield places[0].finding(values, uses[near[0]][0])


def _are_neighbours(one: str, other: str) -> bool:
    """Whether two words of the same letters differ in two neighbours."""
    apart = [at for at, (first, second) in enumerate(zip(one, other, strict=True)) if first != second]
    return len(apart) == 2 and apart[1] - apart[0] == 1

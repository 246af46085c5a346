"""The checklist: what each deposit has and what it lacks, as text for the editor who sends it, and as JSON.

A fact is looked at once, by a small function of its own; each deposit says which facts it cannot do without and
which its readers gain by.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.brief import Issue
from pipeline.deposits import crossref
from pipeline.deposits.record import Record, address
from pipeline.diagnostics import Words
from pipeline.identifiers import is_doi, is_gpn, is_issn


class State(StrEnum):
    """How it stands with a fact."""

    READY = "ready"
    MISSING = "missing"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its key, the brief it is of (empty for the issue), what of the brief (圖1, an author), its state.

    `words` is what is known, what is wrong with it, or where to write it; it may be empty.
    """

    key: str
    of: str
    what: str
    state: State
    words: Words


@dataclass(frozen=True, slots=True)
class Deposit:
    """One deposit: its file, the facts it cannot do without, those that it should have."""

    key: str
    name: Words
    file: str
    needs: tuple[str, ...]
    wants: tuple[str, ...]


DEPOSITS = (
    Deposit(
        "crossref",
        Words("Crossref DOI註冊", "Crossref DOI deposit"),
        "deposits/crossref.xml",
        ("depositor", "address", "publisher", "issn", "doi-prefix", "doi", "author"),
        ("english-title", "english-author", "orcid", "abstract", "licence"),
    ),
    Deposit(
        "doi-table",
        Words("華藝DOI註冊中心表格", "table for the DOI agency of Taiwan"),
        "deposits/doi.csv",
        ("publisher", "address", "issn", "doi-prefix", "doi", "author"),
        ("english-title", "english-author", "abstract", "english-abstract", "keywords"),
    ),
    Deposit(
        "oai-pmh",
        Words("OAI-PMH靜態典藏庫", "OAI-PMH static repository"),
        "deposits/oai-pmh.xml",
        ("depositor", "address"),
        ("doi", "english-title", "abstract", "keywords", "licence"),
    ),
    Deposit(
        "archive",
        Words("JATS典藏檔", "JATS archive copies"),
        "jats/",
        ("publisher", "author", "alternative-text"),
        ("issn", "gpn", "doi", "english-title", "abstract", "keywords", "orcid", "licence"),
    ),
)

Look = Callable[[Issue, Sequence[Record]], Iterator[Fact]]


def checklist(issue: Issue, records: Sequence[Record], files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """`deposits/checklist.txt` in Chinese, `deposits/checklist.json`; `files` are the deposits that were made."""
    facts: dict[str, list[Fact]] = {}
    for look in LOOKS:
        for fact in look(issue, records):
            facts.setdefault(fact.key, []).append(fact)
    return {
        "deposits/checklist.txt": _as_text(issue, facts, files).encode(),
        "deposits/checklist.json": _as_json(issue, facts, files).encode(),
    }


NAMES = {
    "publisher": Words("出版者", "publisher"),
    "depositor": Words("交件者", "depositor"),
    "address": Words("網址", "address on the web"),
    "issn": Words("ISSN", "ISSN"),
    "gpn": Words("GPN", "GPN"),
    "doi-prefix": Words("DOI前綴", "DOI prefix"),
    "licence": Words("授權條款", "licence"),
    "doi": Words("DOI", "DOI"),
    "author": Words("作者", "author"),
    "english-title": Words("英文篇名", "English title"),
    "english-author": Words("作者的英文姓名", "author's name in English"),
    "orcid": Words("作者的ORCID", "author's ORCID"),
    "abstract": Words("摘要", "abstract"),
    "english-abstract": Words("英文摘要", "English abstract"),
    "keywords": Words("關鍵詞", "keywords"),
    "alternative-text": Words("圖的替代文字", "alternative text of a figure"),
}
"""What each fact is called."""


# Facts of the issue


def _publisher(issue: Issue, _records: Sequence[Record]) -> Iterator[Fact]:
    yield _given("publisher", issue.colophon.publisher, "publisher-name")


def _depositor(issue: Issue, _records: Sequence[Record]) -> Iterator[Fact]:
    name, email = issue.colophon.depositor, issue.colophon.depositor_email
    yield _given("depositor", f"{name} <{email}>" if name and email else "", 'depositor email="…"')


def _address(issue: Issue, _records: Sequence[Record]) -> Iterator[Fact]:
    """Where the issue is on the web: every DOI leads there."""
    yield _given("address", address(issue, ""), "publisher-url")


def _issn(issue: Issue, _records: Sequence[Record]) -> Iterator[Fact]:
    """The ISSN, whose check digit is looked at (ISO 3297)."""
    numbers = [number for number in (issue.colophon.issn_print, issue.colophon.issn_electronic) if number]
    for number in numbers:
        if is_issn(number):
            yield Fact("issn", "", "", State.READY, Words(number, number))
        else:
            words = Words(f"「{number}」的檢查碼不符", f"the check digit of {number} is wrong")
            yield Fact("issn", "", "", State.WRONG, words)
    if not numbers:
        words = Words(
            "向國家圖書館申請後，寫在issue.xml的 <issn>",
            "the national library assigns one; write it into <issn> of issue.xml",
        )
        yield Fact("issn", "", "", State.MISSING, words)


def _gpn(issue: Issue, _records: Sequence[Record]) -> Iterator[Fact]:
    """The GPN, which only government publications have."""
    number = issue.colophon.gpn
    if not number:
        words = Words("不是政府出版品就不需要", "only a government publication needs one")
        yield Fact("gpn", "", "", State.MISSING, words)
    elif is_gpn(number):
        yield Fact("gpn", "", "", State.READY, Words(number, number))
    else:
        words = Words(f"「{number}」不是十碼數字", f"{number} is not ten digits")
        yield Fact("gpn", "", "", State.WRONG, words)


def _doi_prefix(issue: Issue, _records: Sequence[Record]) -> Iterator[Fact]:
    yield _given("doi-prefix", issue.colophon.doi_prefix, "doi-prefix")


def _licence(issue: Issue, _records: Sequence[Record]) -> Iterator[Fact]:
    """The licence, with the address of its text."""
    words, href = issue.colophon.licence, issue.colophon.licence_href
    yield _given("licence", " ".join(filter(None, (words, href))) if href else "", 'licence href="…"')


# Facts of the briefs


def _doi(issue: Issue, records: Sequence[Record]) -> Iterator[Fact]:
    """The DOI of each brief: of the issue's prefix, and of no other brief. None is made up."""
    prefix = issue.colophon.doi_prefix
    given = [record.brief.doi for record in records]
    for record in records:
        doi = record.brief.doi or ""
        state, words = State.WRONG, Words(doi, doi)
        if not doi:
            where = '<article-id pub-id-type="doi">'
            state, words = State.MISSING, Words(f"編好後寫在 {where}", f"write it into {where}")
        elif not is_doi(doi):
            words = Words(f"「{doi}」不是DOI", f"{doi} is not a DOI")
        elif not is_doi(doi, prefix):
            words = Words(f"「{doi}」的前綴不是{prefix}", f"the prefix of {doi} is not {prefix}")
        elif given.count(doi) > 1:
            words = Words(f"「{doi}」用了不只一次", f"{doi} is used twice")
        else:
            state = State.READY
        yield Fact("doi", record.name, "", state, words)


def _authors(_issue: Issue, records: Sequence[Record]) -> Iterator[Fact]:
    """The authors, by names that an agency takes."""
    for record in records:
        if not record.contributors:
            yield _of("author", record, "", "")
        for contributor in record.contributors:
            name = contributor.printed
            if crossref.fits(contributor):
                yield _of("author", record, name, name)
            else:
                words = Words(
                    "Crossref不收這個名字：超過60字，或沒有文字", "too long for Crossref, or without a letter"
                )
                yield Fact("author", record.name, name, State.WRONG, words)


def _english_titles(_issue: Issue, records: Sequence[Record]) -> Iterator[Fact]:
    for record in records:
        yield _of("english-title", record, "", _first(record.titles, "en"))


def _english_authors(_issue: Issue, records: Sequence[Record]) -> Iterator[Fact]:
    """The names of persons in Latin letters; a body needs none."""
    for record in records:
        for contributor in record.contributors:
            if contributor.names:
                name = contributor.english.whole if contributor.english else ""
                yield _of("english-author", record, contributor.printed, name)


def _orcids(_issue: Issue, records: Sequence[Record]) -> Iterator[Fact]:
    """The ORCID of each person (ISO/IEC 7064)."""
    for record in records:
        for contributor in record.contributors:
            given = contributor.given_orcid
            if given and not contributor.orcid:
                words = Words(f"「{given}」的檢查碼不符", f"the check digit of {given} is wrong")
                yield Fact("orcid", record.name, contributor.printed, State.WRONG, words)
            elif contributor.names:
                yield _of("orcid", record, contributor.printed, contributor.orcid)


def _abstracts(_issue: Issue, records: Sequence[Record]) -> Iterator[Fact]:
    for record in records:
        yield _of("abstract", record, "", _first(record.abstracts, record.brief.lang))


def _english_abstracts(_issue: Issue, records: Sequence[Record]) -> Iterator[Fact]:
    for record in records:
        yield _of("english-abstract", record, "", _first(record.abstracts, "en"))


def _keywords(_issue: Issue, records: Sequence[Record]) -> Iterator[Fact]:
    for record in records:
        words = "、".join(word for group in record.brief.keywords for word in group.words)
        yield _of("keywords", record, "", words)


def _alternative_texts(_issue: Issue, records: Sequence[Record]) -> Iterator[Fact]:
    """The alternative text of each figure."""
    for record in records:
        for figure in record.brief.figures():
            yield _of("alternative-text", record, figure.label, figure.alternative.strip())


LOOKS: tuple[Look, ...] = (
    _publisher,
    _depositor,
    _address,
    _issn,
    _gpn,
    _doi_prefix,
    _licence,
    _doi,
    _authors,
    _english_titles,
    _english_authors,
    _orcids,
    _abstracts,
    _english_abstracts,
    _keywords,
    _alternative_texts,
)


def _given(key: str, value: str, element: str) -> Fact:
    """A fact of the issue, which is there or not; `element` is where it is written."""
    if value:
        return Fact(key, "", "", State.READY, Words(value, value))
    return Fact(key, "", "", State.MISSING, Words(f"寫在issue.xml的 <{element}>", f"<{element}> of issue.xml"))


def _of(key: str, record: Record, what: str, value: str) -> Fact:
    """A fact of a brief, which is there or not."""
    return Fact(key, record.name, what, State.READY if value else State.MISSING, Words(value, value))


def _first(texts: Iterable[tuple[str, ...] | tuple[str, tuple[str, ...]]], lang: str) -> str:
    """The first text that is in a language, by its first part."""
    primary = lang.partition("-")[0]
    for of, text, *_ in texts:
        if str(of).partition("-")[0] == primary:
            return text if isinstance(text, str) else " ".join(text)
    return ""


# The two files


def _as_text(issue: Issue, facts: Mapping[str, Sequence[Fact]], files: Mapping[str, bytes]) -> str:
    lines = [
        "交件檢查表",
        f"《{issue.title}》{issue.name}，{issue.published.isoformat()}",
        "✓ 有　✗ 沒有　！ 有錯",
    ]
    for deposit in DEPOSITS:
        lacking = sum(fact.state is not State.READY for key in deposit.needs for fact in facts.get(key, ()))
        made = "已產生" if _is_made(deposit, files) else "沒有產生"
        verdict = f"必備的還缺{lacking}項" if lacking else "必備的都有了"
        lines += ["", f"{deposit.name.zh}（{deposit.file}）：{made}，{verdict}"]
        for heading, keys in (("必備", deposit.needs), ("建議", deposit.wants)):
            lines += [f"  {heading}"]
            lines += [f"    {line}" for key in keys for line in _in_lines(key, facts.get(key, ()))]
    return "\n".join(lines) + "\n"


def _is_made(deposit: Deposit, files: Mapping[str, bytes]) -> bool:
    return deposit.file in files or deposit.key == "archive"


def _in_lines(key: str, facts: Sequence[Fact]) -> Iterator[str]:
    """The facts of one key: each that is wrong, all that are missing in one line, or that all are there."""
    name = NAMES[key].zh
    missing = [fact for fact in facts if fact.state is State.MISSING]
    for fact in facts:
        if fact.state is State.WRONG:
            yield f"！ {name}：{_place(fact)}{fact.words.zh}"
    if missing:
        places = "、".join(filter(None, (_place(fact).removesuffix("：") for fact in missing)))
        hint = missing[0].words.zh
        yield f"✗ {name}：" + "。".join(filter(None, (places, hint)))
    elif facts and all(fact.state is State.READY for fact in facts):
        of_issue = not any(fact.of for fact in facts)
        yield f"✓ {name}：" + ("、".join(fact.words.zh for fact in facts) if of_issue else f"{len(facts)}項都有")


def _place(fact: Fact) -> str:
    """Which brief and what of it: brief-1（圖1）："""
    what = f"（{fact.what}）" if fact.what else ""
    return f"{fact.of}{what}：" if fact.of else ""


def _as_json(issue: Issue, facts: Mapping[str, Sequence[Fact]], files: Mapping[str, bytes]) -> str:
    deposits = {}
    for deposit in DEPOSITS:
        needed, wanted = (
            [fact for key in keys for fact in facts.get(key, ())] for keys in (deposit.needs, deposit.wants)
        )
        deposits[deposit.key] = {
            "name": {"zh": deposit.name.zh, "en": deposit.name.en},
            "file": deposit.file,
            "written": _is_made(deposit, files),
            "complete": all(fact.state is State.READY for fact in needed),
            "required": [_value(fact) for fact in needed],
            "recommended": [_value(fact) for fact in wanted],
        }
    of = {"title": issue.title, "name": issue.name, "date": issue.published.isoformat()}
    return json.dumps({"issue": of, "deposits": deposits}, ensure_ascii=False, indent=2) + "\n"


def _value(fact: Fact) -> dict[str, object]:
    name, words = NAMES[fact.key], fact.words
    return {
        "key": fact.key,
        "name": {"zh": name.zh, "en": name.en},
        "brief": fact.of,
        "what": fact.what,
        "state": fact.state,
        "zh": words.zh,
        "en": words.en,
    }

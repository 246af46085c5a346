"""Meta: the `front` of a brief from what stood at the top of the manuscript."""

import re
from pathlib import Path

from lxml import etree

from pipeline.citations import names
from pipeline.importing.document import Document
from pipeline.importing.recognise import codes, inline
from pipeline.importing.recognise.body import Builder
from pipeline.importing.recognise.characters import BLANKS
from pipeline.importing.recognise.front import Author, Front, without
from pipeline.importing.recognise.ledger import BLANK, PLACEHOLDER, PROPERTY, SEPARATOR
from pipeline.importing.recognise.letters import Element
from pipeline.parse import LANG

_EASTERN_FIRST = re.compile(
    r"(?:Abe|Endo|Fujita|Goto|Hasegawa|Hashimoto|Hayashi|Honda|Ikeda|Inoue|Ishida|Ishii|Ishikawa|Ito|Kato|Kimura|Kobayashi"
    r"|Kondo|Maeda|Matsuda|Matsumoto|Mori|Murakami|Nakagawa|Nakajima|Nakamura|Ogawa|Okada|Saito|Sakamoto|Sasaki|Sato"
    r"|Shimizu|Suzuki|Takahashi|Takeda|Tanaka|Ueda|Watanabe|Yamada|Yamaguchi|Yamamoto|Yamashita|Yamazaki|Yoshida"
    r"|Kim|Lee|Park|Choi|Jung|Jeong|Kang|Cho|Yoon|Jang|Lim|Nguyen|Tran|Pham|Wang|Chen|Chang|Huang|Liu|Wu|Lin|Tsai"
    r"|Yang|Hsu|Cheng|Hsieh|Li|Zhang|Zhao|Zhou|Xu|Sun|Ma|Zhu|Hu|Guo|Gao) [A-Z]"
)
"""Names in Latin letters that may begin with the surname, as in Japan, Korea, Vietnam and China."""


def front_element(front: Front, builder: Builder, document: Document, path: Path) -> Element:
    """The `front`, in the order of the profile."""
    element = etree.Element("front")
    meta = etree.SubElement(element, "article-meta")
    if front.doi:
        doi = etree.SubElement(meta, "article-id")
        doi.set("pub-id-type", "doi")
        doi.text = front.doi
    if front.focus:
        group = etree.SubElement(etree.SubElement(meta, "article-categories"), "subj-group")
        group.set("subj-group-type", "focus")
        for word in front.focus:
            etree.SubElement(group, "subject").text = word
    _titles(meta, front, builder, document, path)
    _authors(meta, front, builder)
    if front.dates:
        history = etree.SubElement(meta, "history")
        for kind, (year, month, day) in sorted(front.dates.items(), reverse=True):
            date = etree.SubElement(history, "date")
            date.set("date-type", kind)
            date.set("iso-8601-date", f"{year}-{month:02}-{day:02}")
            for name, part in (("day", day), ("month", month), ("year", year)):
                etree.SubElement(date, name).text = str(part)
    _abstracts(meta, front, builder)
    return element


def _titles(meta: Element, front: Front, builder: Builder, document: Document, path: Path) -> None:
    group = etree.SubElement(meta, "title-group")
    if front.title is not None and front.title.words:
        group.append(builder.paragraph(front.title, "article-title", plain=True))
    else:
        words = _legal(document.properties.get("title", "")) or _legal(path.stem) or "題名"
        etree.SubElement(group, "article-title").text = words
        builder.ledger.add(1, words, PLACEHOLDER)
        if document.kind != "markdown" or "title" not in document.properties:
            builder.ledger.doubt(codes.TITLE_MISSING, 1, "", title=words)
    if front.subtitle is not None and front.subtitle.words:
        group.append(builder.paragraph(front.subtitle, "subtitle", plain=True))
    elif front.title is None and (words := _legal(document.properties.get("subtitle", ""))):
        etree.SubElement(group, "subtitle").text = words
        builder.ledger.add(1, words, PROPERTY)
    for lang, line in front.titles.items():
        translated = etree.SubElement(group, "trans-title-group")
        translated.set(LANG, lang)
        parts = [("trans-title", line.text)]
        cut = _before_subtitle(line.text.string, front)
        if cut is not None:
            builder.ledger.drop(line.number, cut[0], SEPARATOR)
            parts = [("trans-title", line.text[: cut.start()]), ("trans-subtitle", line.text[cut.end() :])]
        for name, text in parts:
            title = etree.SubElement(translated, name)
            builder.fill(title, text, line.number, plain=True, holds=inline.PHRASE)


def _before_subtitle(words: str, front: Front) -> re.Match[str] | None:
    """The colon before the subtitle in a title in English: there is one more than in the Chinese title."""
    colons = list(re.finditer(r":[ ]+(?=\S)", words))
    own = len(re.findall("[:：]", front.title.words)) if front.title is not None else 0
    return colons[-1] if front.subtitle is not None and len(colons) == own + 1 and colons[-1].start() else None


def _legal(words: str) -> str:
    """A property of a file without what XML can't hold."""
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", " ", words).split())


def _authors(meta: Element, front: Front, builder: Builder) -> None:
    calls = [key for key in front.calls if key in builder.document.notes or key in builder.typed.notes]
    notes: list[Element] = []
    for key in calls:
        if key not in builder.notes:
            notes.append(builder.call(key))
            builder.of_author.add(key)
    for line in front.notes:
        note = etree.Element("fn")
        note.set("id", builder.id("an", line.words))
        builder.fill(etree.SubElement(note, "p"), line.text, line.number, holds=inline.NOTE)
        notes.append(note)
    authors = front.authors or _told(builder.document)
    if authors:
        group = etree.SubElement(meta, "contrib-group")
        for author in authors:
            _author(group, author, builder)
            if not front.authors:
                builder.ledger.add(1, author.name, PROPERTY)
    elif front.title is not None:
        builder.ledger.doubt(codes.AUTHOR_MISSING, front.title.number, front.title.words)
    called_by = meta.findall("contrib-group/contrib")[-1:] or meta.findall("title-group/article-title")
    for note in notes:
        xref = etree.SubElement(called_by[0], "xref")
        xref.set("ref-type", "author-notes")
        xref.set("rid", note.get("id", ""))
    if notes:
        holder = etree.SubElement(meta, "author-notes")
        holder.extend(notes)


def _told(document: Document) -> list[Author]:
    """The authors that the head of a Markdown file names; what other programs say is who owns the machine."""
    if document.kind != "markdown":
        return []
    return [Author(name) for each in document.properties.get("creator", "").split(";") if (name := _legal(each))]


def _author(group: Element, author: Author, builder: Builder) -> None:
    contrib = etree.SubElement(group, "contrib")
    contrib.set("contrib-type", "author")
    if author.orcid:
        identifier = etree.SubElement(contrib, "contrib-id")
        identifier.set("contrib-id-type", "orcid")
        identifier.text = author.orcid
    _name(contrib, author, builder)
    for unit in (author.unit, *author.units):
        if unit:
            etree.SubElement(contrib, "aff").text = unit


def _name(contrib: Element, author: Author, builder: Builder) -> None:
    words = author.name
    kind = names.kind(words)
    cut = _cut(words)
    if kind == "organisation" and cut is None:
        etree.SubElement(contrib, "collab").text = words
        return
    if cut is None:
        builder.ledger.doubt(codes.AUTHOR_UNSURE, author.number, "", name=words)
        cut = (words, "") if len(words) < 2 or len(words) > 4 else (words[:1], words[1:])
    if _EASTERN_FIRST.match(words):
        builder.ledger.doubt(codes.AUTHOR_UNSURE, author.number, "", name=words)
    latin = _cut_romanised(author, builder) if author.romanised else None
    holder = etree.SubElement(contrib, "name-alternatives") if latin else contrib
    for name, parts, lang in ((words, cut, builder.ledger.lang), (author.romanised, latin, "en")):
        if parts is None:
            continue
        builder.ledger.drop(author.number, without(name, parts), BLANK)
        element = etree.SubElement(holder, "name")
        element.set("name-style", "western" if re.match("[A-Za-z\u00c0-\u024f]", name) else "eastern")
        if latin:
            element.set(LANG, lang)
        etree.SubElement(element, "surname").text = parts[0]
        if parts[1]:
            etree.SubElement(element, "given-names").text = parts[1]


def _cut_romanised(author: Author, builder: Builder) -> tuple[str, str]:
    """Surname and given names of the name in Latin letters; a hyphen is in the given names: Kim Soo-hyun."""
    words = author.romanised
    if found := re.fullmatch("([A-Za-z'’]+) ([A-Za-z]+-[A-Za-z]+)", words):
        return found[1], found[2]
    if not re.fullmatch("[A-Za-z]+-[A-Za-z]+ [A-Za-z'’]+", words):
        builder.ledger.doubt(codes.AUTHOR_UNSURE, author.number, "", name=words)
    return _cut(words) or (words, "")


def _cut(words: str) -> tuple[str, str] | None:
    """Surname and given names; None where they are not certain."""
    spans = names.split(words)
    if spans:
        (start, end), (first, last) = spans
        return words[start:end], words[first:last]
    if re.fullmatch("[\uac00-\ud7a3]{3}", words):
        return words[:1], words[1:]
    parts = re.split(f"[{BLANKS}]+", words)
    return (parts[0], parts[1]) if len(parts) == 2 and not words.isascii() else None


def _abstracts(meta: Element, front: Front, builder: Builder) -> None:
    for name, lines, lang in (("abstract", front.abstract, ""), ("trans-abstract", front.english, "en")):
        if lines:
            element = etree.SubElement(meta, name)
            if lang:
                element.set(LANG, lang)
            for line in lines:
                paragraph = etree.SubElement(element, "p")
                builder.fill(paragraph, line.text, line.number, plain=True, holds=inline.LINKED)
    for words, lang in ((front.keywords, builder.ledger.lang), (front.english_keywords, "en")):
        if words:
            group = etree.SubElement(meta, "kwd-group")
            group.set(LANG, lang)
            for word in words:
                etree.SubElement(group, "kwd").text = word

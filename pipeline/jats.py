"""JATS: the archive form of a brief, complete and valid by itself against JATS Journal Publishing 1.1.

A source says only what its author knows; the archive copy also says what the issue and the numbering know:
the periodical, the date, the volume and number, the licence, every label and every generated reference.
A reference to a source carries that source, and the sources of all notes are listed once more in `ref-list`.
Nothing is taken away but comments and processing instructions, which speak to the program, not to a reader.

The profile is nearly a subset of JATS (its `ruby` too: NISO Z39.96-2015 has it), so little is mapped; what
the DTD requires and the profile spares the author is added. Sources: the DTD of 2015-12-15 and its Tag
Library, https://jats.nlm.nih.gov/publishing/tag-library/1.1/, which has a page for each element.
"""

import re
from copy import deepcopy
from datetime import date

from lxml import etree

from pipeline.bibliography.listing import reference_list
from pipeline.bibliography.ref_list import jats_citation, jats_ref_list
from pipeline.notes.graph import note_around
from pipeline.number import Numbering, number
from pipeline.parse import HREF, LANG, XLINK_NAMESPACE, Source
from pipeline.profiles import profile

Element = etree._Element

DTD_VERSION = "1.1"
PUBLIC_IDENTIFIER = "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD v1.1 20151215//EN"
SYSTEM_IDENTIFIER = "http://jats.nlm.nih.gov/publishing/1.1/JATS-journalpublishing1.dtd"
"""The address the DTD gives for itself; nothing is fetched from it here."""

_DOCTYPE = f'<!DOCTYPE article PUBLIC "{PUBLIC_IDENTIFIER}" "{SYSTEM_IDENTIFIER}">'
_BEFORE_PUB_DATE = ("article-id", "article-categories", "title-group", "contrib-group", "author-notes")
_BEFORE_PERMISSIONS = (*_BEFORE_PUB_DATE, "pub-date", "volume", "issue", "history")
_WORDS_OF_ISSUE = ("journal-title", "journal-subtitle", "abbrev-journal-title", "publisher-name")


def published(brief: Source, issue: Source, numbering: Numbering | None = None) -> bytes:
    """A valid brief of a valid issue as a JATS 1.1 file: UTF-8, with DOCTYPE, the same bytes every time.

    `numbering` is that of `brief.root`; it is made when it isn't given. Neither source is changed.
    """
    numbering = number(brief.root) if numbering is None else numbering
    article, copies = _copy(brief.root)
    _drop_instructions(article)
    _write_labels(numbering, copies)
    _write_references(numbering, copies)
    _name_foreign_words(article)
    _merge_issue(article, issue.root)
    _add_ref_list(article, numbering)
    article.set("dtd-version", DTD_VERSION)
    etree.cleanup_namespaces(article, keep_ns_prefixes=["xlink"])
    data: bytes = etree.tostring(article, encoding="UTF-8", xml_declaration=True, doctype=_DOCTYPE)
    return data + b"\n"


def _copy(root: Element) -> tuple[Element, dict[Element, Element]]:
    """A copy of an article, and the copy of each of its nodes.

    The root is made anew, because a DTD knows the namespace of links by the prefix `xlink` alone.
    """
    moved = deepcopy(root)
    copies = dict(zip(root.iter(), moved.iter(), strict=True))
    article = etree.Element(root.tag, nsmap={"xlink": XLINK_NAMESPACE})
    article.attrib.update(root.attrib)
    article.text = root.text
    article.extend(list(moved))
    return article, copies


# Numbers


def _write_labels(numbering: Numbering, copies: dict[Element, Element]) -> None:
    """`label` first in each section, figure, table and note that has one (Tag Library: label, fn, sec)."""
    for element, label in numbering.labels.items():
        if label:
            _insert(copies[element], 0, _element("label", label))
    for note, position in numbering.notes.items():
        _insert(copies[note], 0, _element("label", str(position)))


def _write_references(numbering: Numbering, copies: dict[Element, Element]) -> None:
    """The generated words into each `xref`; `specific-use` keeps what kind of reference it was.

    Behind a reference to a source stands the source in full, a `mixed-citation` in 〔〕 whose `specific-use` is
    `supplied`: a machine that reads one note alone has the whole citation, and knows that the page does not.
    """
    sources = {xref: _supplied(numbering, copies, xref) for xref in numbering.words}
    for (node, which), text in numbering.texts.items():
        setattr(copies[node], which, text)
    for xref, words in numbering.words.items():
        copy, source, locator = copies[xref], sources[xref], numbering.locators.get(xref, "")
        copy.text = words
        _follow(numbering, xref, copy)
        if source is None:
            copy.tail = locator + (copy.tail or "")
        else:
            behind, copy.tail = copy.tail, locator
            copy.addnext(source)
            copy.tail, source.tail = locator, behind


def _follow(numbering: Numbering, xref: Element, copy: Element) -> None:
    """Let a reference through a note that only refers name the note that its words name."""
    cited = numbering.denoted.get(xref)
    if xref.get("specific-use") == "same-source" and cited is not None:
        named = cited.citation.element if cited.citation is not None else None
        ids = {cited.note.get("id"), named.get("id") if named is not None else None}
        if copy.get("rid") not in ids and cited.note.get("id"):
            copy.set("rid", cited.note.get("id", ""))


def _supplied(numbering: Numbering, copies: dict[Element, Element], xref: Element) -> Element | None:
    """〔the citation that a reference stands for〕, without ids; None where it stands for a whole note.

    The brackets are those of the brief's language.
    """
    cited = numbering.denoted.get(xref)
    if xref.get("specific-use") != "same-source" or note_around(xref) is None:
        return None
    if cited is None or cited.citation is None:
        return None
    element = cited.citation.element
    citation = deepcopy(copies[element]) if element is not None else jats_citation(cited.citation.work)
    for node in citation.iter("*"):
        node.attrib.pop("id", None)
    citation.set("specific-use", "supplied")
    lang = next((node.get(LANG) for node in xref.iterancestors("article")), None)
    before, after = profile(lang).words["supplied"].split("{source}")
    citation.text = before + (citation.text or "")
    if len(citation):
        citation[-1].tail = (citation[-1].tail or "").rstrip("。. \n") + after
    else:
        citation.text = citation.text.rstrip("。. \n") + after
    return citation


def _add_ref_list(article: Element, numbering: Numbering) -> None:
    """The sources of all notes, each once, in `back` (Tag Library: ref-list)."""
    entries = reference_list([citation.work for citation in numbering.graph.citations], article.get(LANG, ""))
    if not entries:
        return
    listed = jats_ref_list(entries, article.get(LANG, ""))
    taken = {node.get("id") for node in article.iter("*")}
    for ref in listed.iter("ref"):
        while ref.get("id") in taken:
            ref.set("id", f"{ref.get('id')}-listed")
    etree.indent(listed, level=2)
    back = _element("back", "\n    ")
    back.append(listed)
    listed.tail = "\n  "
    back.tail = "\n"
    article[-1].tail = "\n  "
    article.append(back)


# Markup


def _name_foreign_words(article: Element) -> None:
    """`content-type`, which the DTD requires (Tag Library: named-content), where the author left it out."""
    for words in article.iter("named-content"):
        if not words.get("content-type"):
            words.set("content-type", "foreign")


def _drop_instructions(article: Element) -> None:
    """Comments and processing instructions go; the text after them stays."""
    etree.strip_tags(article, etree.Comment, etree.ProcessingInstruction)


# The issue


def _merge_issue(article: Element, issue: Element) -> None:
    """What the issue knows of its periodical and of itself, into the front of the article."""
    issue = deepcopy(issue)
    _drop_instructions(issue)
    front = _required(article, "front")
    article_meta = _required(front, "article-meta")
    issue_meta = _required(issue, "issue-meta")
    _insert(front, 0, _journal_meta(issue))
    dated = [_pub_date(issue_meta), *_volume_and_issue(issue_meta)]
    for position, element in enumerate(dated, start=_place_after(article_meta, _BEFORE_PUB_DATE)):
        _insert(article_meta, position, element)
    _add_licence(article_meta, issue)


def _journal_meta(issue: Element) -> Element:
    """`journal-meta` of the issue with the two things the DTD requires in it: an identifier and an ISSN."""
    meta = _required(issue, "journal-meta")
    if meta.find("journal-id") is None:
        meta.insert(0, _element("journal-id", _identifier(meta), {"journal-id-type": "publisher-id"}))
    known = [_issn_key(issn) for issn in meta.iterfind("issn")]
    for issn in issue.iterfind("issue-meta/issn"):
        if _issn_key(issn) not in known:
            meta.insert(_place_of_issn(meta), deepcopy(issn))
    if meta.find("issn") is None:
        meta.insert(_place_of_issn(meta), _no_issn())
    _mark_language(meta, issue.get(LANG))
    return meta


def _mark_language(journal_meta: Element, lang: str | None) -> None:
    """The language of the issue on its own words: a brief may be in another, which they would inherit."""
    for element in journal_meta.iter(*_WORDS_OF_ISSUE):
        if lang and not element.get(LANG):
            element.set(LANG, lang)


def _no_issn() -> Element:
    """The empty `issn` of a periodical without one.

    Publishing 1.1 requires the element (`issn+`) and lets it be empty; a number is never made up.
    """
    return _element("issn", None, {"content-type": "not-assigned"})


def _issn_key(issn: Element) -> tuple[str | None, str]:
    return issn.get("publication-format"), "".join(issn.itertext()).strip()


def _place_of_issn(meta: Element) -> int:
    return _place_after(meta, ("journal-id", "journal-title-group", "issn"))


def _identifier(meta: Element) -> str:
    """A name for the periodical: its English title as `the-set-page`, or its own title without blanks."""
    for group in meta.iterfind("journal-title-group/trans-title-group"):
        words = re.findall("[a-z0-9]+", group.findtext("trans-title", "").lower())
        if words and group.get(LANG, "").startswith("en"):
            return "-".join(words)
    return "".join(meta.findtext("journal-title-group/journal-title", "").split())


def _pub_date(issue_meta: Element) -> Element:
    """The date of the issue in numbers and as ISO 8601 (Tag Library: pub-date)."""
    iso = _required(issue_meta, "pub-date").get("iso-8601-date", "")
    day = date.fromisoformat(iso)
    element = etree.Element("pub-date", {"date-type": "pub", "iso-8601-date": iso})
    for name, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        element.append(_element(name, str(value)))
    return element


def _volume_and_issue(issue_meta: Element) -> list[Element]:
    """`volume` and `issue`; the profile calls the latter `issue-number`."""
    named = {"volume": issue_meta.findtext("volume"), "issue": issue_meta.findtext("issue-number")}
    return [_element(name, text.strip()) for name, text in named.items() if text and text.strip()]


def _add_licence(article_meta: Element, issue: Element) -> None:
    """The licence of the issue, unless the brief has one of its own (Tag Library: permissions, license)."""
    licence = issue.find("issue-meta/licence")
    if licence is None or article_meta.find("permissions/license") is not None:
        return
    permissions = article_meta.find("permissions")
    if permissions is not None:
        _insert(permissions, len(permissions), _license(licence, issue.get(LANG)))
        return
    permissions = etree.Element("permissions")
    permissions.append(_license(licence, issue.get(LANG)))
    _insert(article_meta, _place_after(article_meta, _BEFORE_PERMISSIONS), permissions)


def _license(licence: Element, lang: str | None) -> Element:
    href = licence.get("href", "")
    element = etree.Element("license", nsmap={"xlink": XLINK_NAMESPACE})
    if href:
        element.set(HREF, href)
    if lang:
        element.set(LANG, lang)
    element.append(_element("license-p", "".join(licence.itertext()).strip() or href))
    return element


# Elements


def _element(name: str, text: str | None, attributes: dict[str, str] | None = None) -> Element:
    element = etree.Element(name, attributes or {})
    element.text = text
    return element


def _insert(parent: Element, position: int, child: Element) -> None:
    """Insert an element among element content, indented like its siblings."""
    if parent.text:
        etree.indent(child, level=sum(1 for _ in parent.iterancestors()) + 1)
    if position:
        child.tail = parent[position - 1].tail
        parent[position - 1].tail = parent.text
    else:
        child.tail = parent.text
    parent.insert(position, child)


def _place_after(parent: Element, names: tuple[str, ...]) -> int:
    """The position after the last child with one of the names."""
    return max((place for place, child in enumerate(parent, start=1) if child.tag in names), default=0)


def _required(parent: Element, path: str) -> Element:
    found = parent.find(path)
    if found is None:
        raise ValueError(f"{path} is missing from a valid source")
    return found

"""JATS: the archive form of a brief, complete and valid by itself against JATS Journal Publishing 1.1.

A source says only what its author knows; the archive copy also says what the issue, the pages and the numbering
know: the periodical, the date, the volume and number, the pages, the licence, every label and every generated
reference. A reference to a source carries that source, and the sources of all notes are listed once more in
`ref-list`. Nothing is taken away but comments and processing instructions, which speak to the program, not to a
reader.

A note stands in the source where its call stands. Here it is in `back/fn-group`, in the order of the numbers,
and an `xref` with its number stands in its place, as readers of JATS expect it (Tag Library: fn, “Footnotes”).
That `xref` has an `id` (fn-a-call), by which it is told from one that calls the note once more.

`pictures` gives the files that the copies name, so that `jats/` is whole by itself.

The profile is nearly a subset of JATS (its `ruby` too: NISO Z39.96-2015 has it), so little is mapped; what
the DTD requires and the profile spares the author is added. Sources: the DTD of 2015-12-15 and its Tag
Library, https://jats.nlm.nih.gov/publishing/tag-library/1.1/, which has a page for each element.
"""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from pathlib import Path

from lxml import etree

from pipeline.bibliography.listing import reference_list
from pipeline.bibliography.ref_list import jats_citation, jats_ref_list
from pipeline.brief import Issue
from pipeline.identifiers import licence_uri
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
_BEFORE_PERMISSIONS = (*_BEFORE_PUB_DATE, "pub-date", "volume", "issue", "issue-id", "fpage", "lpage", "history")
_BEFORE_SELF_URI = (*_BEFORE_PERMISSIONS, "permissions")
_FOLDERS = {"pdf": "offprints", "html": "web"}
_PICTURES = {".svg": "svg+xml", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg"}
_WORDS_OF_ISSUE = ("journal-title", "journal-subtitle", "abbrev-journal-title", "publisher-name")


def published(
    brief: Source,
    issue: Source,
    numbering: Numbering | None = None,
    *,
    name: str = "",
    pages: range | None = None,
    identifier: str = "",
) -> bytes:
    """A valid brief of a valid issue as a JATS 1.1 file: UTF-8, with DOCTYPE, the same bytes every time.

    `numbering` is that of `brief.root`; it is made when it isn't given. `name` is that of the brief's editions
    (brief-1), `pages` those of the printed issue, `identifier` that of the issue; what isn't given isn't said.
    Neither source is changed.
    """
    numbering = number(brief.root) if numbering is None else numbering
    article, copies = _copy(brief.root)
    _drop_instructions(article)
    _write_labels(numbering, copies)
    _write_references(numbering, copies)
    _name_foreign_words(article)
    _name_pictures(article, brief.path.parent, issue.path.parent)
    notes = _move_notes(numbering, copies)
    _merge_issue(article, issue.root)
    meta = _required(article, "front/article-meta")
    _add_issue_id(meta, identifier)
    _add_pages(meta, pages)
    _add_editions(meta, name)
    _add_back(article, [_fn_group(notes), _ref_list(numbering, copies, article.get(LANG, ""))])
    _add_counts(article, pages)
    article.set("dtd-version", DTD_VERSION)
    etree.cleanup_namespaces(article, keep_ns_prefixes=["xlink"])
    data: bytes = etree.tostring(article, encoding="UTF-8", xml_declaration=True, doctype=_DOCTYPE)
    return data + b"\n"


def pictures(issue: Issue) -> Mapping[str, bytes]:
    """The pictures of all briefs by the names that the copies in `jats/` give them: `jats/figures/fig-a.svg`."""
    found = {figure.picture for brief in issue.briefs for figure in brief.figures()}
    named = {f"jats/{_picture_name(picture, issue.folder)}": picture for picture in found}
    return {name: named[name].read_bytes() for name in sorted(named)}


def _picture_name(picture: Path, folder: Path) -> str:
    """The path of a picture from the folder of the issue, which is also its path from `jats/`."""
    return picture.relative_to(folder).as_posix()


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


# Notes and sources


def _move_notes(numbering: Numbering, copies: dict[Element, Element]) -> list[Element]:
    """The notes out of the text, in the order of their numbers; an `xref` with the number stays in their place."""
    moved = []
    taken = _ids(copies)
    for note, position in numbering.notes.items():
        copy, parent = copies[note], copies[note].getparent()
        if parent is None or parent.tag == "author-notes":
            continue
        rid = copy.get("id", "")
        call = _element("xref", str(position), {"ref-type": "fn", "rid": rid, "id": _free(f"{rid}-call", taken)})
        call.tail, copy.tail = copy.tail, None
        parent.replace(copy, call)
        moved.append(copy)
    return moved


def _ids(copies: dict[Element, Element]) -> set[str]:
    return {node.get("id", "") for node in copies.values()}


def _free(name: str, taken: set[str]) -> str:
    """An id like `name` that nothing has, which is then taken."""
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _fn_group(notes: Sequence[Element]) -> Element | None:
    """The notes together, as `back` has them (Tag Library: fn-group)."""
    if not notes:
        return None
    group = _element("fn-group", None)
    group.extend(notes)
    _on_lines(group, 2)
    return group


def _ref_list(numbering: Numbering, copies: dict[Element, Element], lang: str) -> Element | None:
    """The sources of all notes, each once (Tag Library: ref-list)."""
    entries = reference_list([citation.work for citation in numbering.graph.citations], lang)
    if not entries:
        return None
    listed = jats_ref_list(entries, lang)
    taken = _ids(copies)
    for ref in listed.iter("ref"):
        while ref.get("id") in taken:
            ref.set("id", f"{ref.get('id')}-listed")
    _on_lines(listed, 2)
    for ref in listed.iter("ref"):
        _on_lines(ref, 3)
    return listed


def _add_back(article: Element, parts: Sequence[Element | None]) -> None:
    """`back` behind the body, when there is something to stand in it."""
    back = _element("back", None)
    back.extend([part for part in parts if part is not None])
    if not len(back):
        return
    _on_lines(back, 1)
    article[-1].tail, back.tail = "\n  ", "\n"
    article.append(back)


# Markup


def _name_foreign_words(article: Element) -> None:
    """`content-type`, which the DTD requires (Tag Library: named-content), where the author left it out."""
    for words in article.iter("named-content"):
        if not words.get("content-type"):
            words.set("content-type", "foreign")


def _name_pictures(article: Element, from_folder: Path, issue_folder: Path) -> None:
    """The path from `jats/` and the media type of each picture (Tag Library: graphic)."""
    for graphic in article.iter("graphic"):
        picture = from_folder / graphic.get(HREF, "")
        if picture.is_relative_to(issue_folder):
            graphic.set(HREF, _picture_name(picture, issue_folder))
        if kind := _PICTURES.get(picture.suffix.lower()):
            graphic.set("mimetype", "image")
            graphic.set("mime-subtype", kind)


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
    for own in article_meta.iterfind("permissions/license"):
        if own.get(HREF):
            own.set(HREF, licence_uri(own.get(HREF, "")))
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
        element.set(HREF, licence_uri(href))
    if lang:
        element.set(LANG, lang)
    element.append(_element("license-p", "".join(licence.itertext()).strip() or href))
    return element


# The editions


def _add_issue_id(meta: Element, identifier: str) -> None:
    if identifier:
        kind = {"pub-id-type": "other", "content-type": "urn"}
        place = _place_after(meta, (*_BEFORE_PUB_DATE, "pub-date", "volume", "issue"))
        _insert(meta, place, _element("issue-id", identifier, kind))


def _add_pages(meta: Element, pages: range | None) -> None:
    """The first and last page of the printed issue (Tag Library: fpage, lpage)."""
    if pages:
        place = _place_after(meta, (*_BEFORE_PUB_DATE, "pub-date", "volume", "issue", "issue-id"))
        _insert(meta, place, _element("fpage", str(pages[0])))
        _insert(meta, place + 1, _element("lpage", str(pages[-1])))


def _add_editions(meta: Element, name: str) -> None:
    """Where the brief is as PDF and as web page, from `jats/` (Tag Library: self-uri)."""
    if not name:
        return
    for position, (kind, folder) in enumerate(_FOLDERS.items(), start=_place_after(meta, _BEFORE_SELF_URI)):
        uri = etree.Element("self-uri", {"content-type": kind}, nsmap={"xlink": XLINK_NAMESPACE})
        uri.set(HREF, f"../{folder}/{name}.{kind}")
        _insert(meta, position, uri)


def _add_counts(article: Element, pages: range | None) -> None:
    """How many notes, figures, tables, sources and pages there are (Tag Library: counts)."""
    counts = etree.Element("counts")
    counts.append(_counted("count", article.findall("back/fn-group/fn"), {"count-type": "fn"}))
    for name, tag in (("fig-count", "fig"), ("table-count", "table-wrap"), ("ref-count", "ref")):
        counts.append(_counted(name, list(article.iter(tag))))
    if pages:
        counts.append(_counted("page-count", pages))
    meta = _required(article, "front/article-meta")
    _insert(meta, len(meta), counts)


def _counted(name: str, things: Sequence[object], attributes: dict[str, str] | None = None) -> Element:
    return _element(name, None, {**(attributes or {}), "count": str(len(things))})


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


def _on_lines(parent: Element, level: int) -> None:
    """Each child on a line of its own; what is inside of them is text, in which a blank would count."""
    parent.text = "\n" + "  " * (level + 1)
    for child in parent:
        child.tail = parent.text
    parent[-1].tail = "\n" + "  " * level


def _place_after(parent: Element, names: tuple[str, ...]) -> int:
    """The position after the last child with one of the names."""
    return max((place for place, child in enumerate(parent, start=1) if child.tag in names), default=0)


def _required(parent: Element, path: str) -> Element:
    found = parent.find(path)
    if found is None:
        raise ValueError(f"{path} is missing from a valid source")
    return found

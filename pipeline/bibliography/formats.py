"""The reference list as files for other programs: CSL-JSON, BibTeX and RIS."""

import json
import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from pipeline.bibliography.listing import Entry, date_parts, is_eastern, printed_name
from pipeline.citations.works import Name, Work
from pipeline.languages import HAN

# CSL-JSON

_CSL_TYPES = {
    "news": "article-newspaper",
    "journal": "article-journal",
    "book": "book",
    "chapter": "chapter",
    "report": "report",
    "thesis": "thesis",
    "law": "legislation",
    "web": "webpage",
}


def csl_json(entries: Sequence[Entry]) -> str:
    """The list as CSL-JSON, the data of citation processors (CSL 1.0.2, csl-data.json), ended by a line end.

    A work without title and without a container has its words for a title, so that no entry is empty.
    """
    return json.dumps([_csl_item(entry) for entry in entries], ensure_ascii=False, indent=2) + "\n"


def _csl_item(entry: Entry) -> dict[str, object]:
    work, issued = entry.work, date_parts(entry.work)
    item = {
        "id": entry.key,
        "type": _CSL_TYPES.get(work.kind, "webpage" if work.url else "document"),
        "title": _title(work),
        "author": [_csl_name(name) for name in work.authors],
        "editor": [_csl_name(name) for name in work.editors],
        "container-title": work.container,
        "volume": work.volume,
        "issue": work.issue,
        "publisher": work.publisher,
        "publisher-place": work.place,
        "issued": {"date-parts": [issued]} if issued else "",
        "URL": work.url,
        "language": work.lang,
    }
    return {name: value for name, value in item.items() if value}


def _csl_name(name: Name) -> dict[str, str]:
    if name.family and name.given:
        return {"family": name.family, "given": name.given}
    return {"literal": printed_name(name)}


def _title(work: Work) -> str:
    return work.title or ("" if work.container else work.text)


# BibTeX

_BIBTEX_TYPES = {
    "news": ("article", "journal", "publisher"),
    "journal": ("article", "journal", "publisher"),
    "book": ("book", "series", "publisher"),
    "chapter": ("incollection", "booktitle", "publisher"),
    "report": ("techreport", "institution", "institution"),
    "thesis": ("phdthesis", "school", "school"),
}
"""The type of entry, and the names of its fields for container and publisher."""

_TEX = str.maketrans(
    {character: f"\\{character}" for character in "&%#_$"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {"<": r"\textless{}", ">": r"\textgreater{}"}
)
_BRACES = str.maketrans({"{": r"\{", "}": r"\}"})
_SINGLE_BRACES = str.maketrans({"{": r"\textbraceleft{}", "}": r"\textbraceright{}"})
_LIGATURE = re.compile("([-',`])(?=\\1)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def bibtex(entries: Sequence[Entry]) -> str:
    r"""The list as BibTeX (Patashnik, BibTeXing, 1988, §3), in UTF-8, for styles of LaTeX and of pandoc.

    Titles are in a second pair of braces: as they are printed, whatever a style does with capitals. Names in
    East Asian languages and of bodies are one word in braces. BibTeX counts braces even behind a backslash, so
    those of a field without partners are `\textbraceleft`, which LaTeX knows and pandoc leaves out.
    """
    return "\n".join(_bibtex_entry(entry) for entry in entries)


def _bibtex_entry(entry: Entry) -> str:
    work = entry.work
    kind, container, publisher = _BIBTEX_TYPES.get(work.kind, ("misc", "howpublished", "publisher"))
    if work.kind == "thesis" and re.search("碩士|碩論|master", work.text, re.IGNORECASE):
        kind = "mastersthesis"
    year, month, day = [*map(str, date_parts(work)), "", "", ""][:3]
    written = [
        ("author", " and ".join(_bibtex_name(name, work) for name in work.authors)),
        ("editor", " and ".join(_bibtex_name(name, work) for name in work.editors)),
        ("title", f"{{{_tex(_title(work))}}}" if _title(work) else ""),
        (container, _tex(work.container)),
        (publisher, _tex(work.publisher)),
        ("address", _tex(work.place)),
        ("volume", _tex(work.volume)),
        ("number", _tex(work.issue)),
        ("year", year.zfill(4) if year else ""),
        ("month", _MONTHS[int(month) - 1] if month else ""),
        ("day", day),
        ("url", re.sub(r'[{}\\ "<>^`|]', lambda found: quote(found[0]), work.url)),
        ("language", _tex(work.lang)),
    ]
    values = {name: value if name == "month" else f"{{{value}}}" for name, value in written if value}
    lines = [f"  {name} = {value}" for name, value in values.items()]
    return ",\n".join([f"@{kind}{{{entry.key}", *lines]) + "\n}\n"


def _bibtex_name(name: Name, work: Work) -> str:
    """`Family, Given`; in braces what isn't two parts, or has a comma or an “and” that would part it."""
    if _is_inverted(name, work) and not re.search(r"[,{}]|\band\b", f"{name.family} {name.given}", re.IGNORECASE):
        return f"{_tex(name.family)}, {_tex(name.given)}"
    return f"{{{_tex(printed_name(name))}}}"


def _is_inverted(name: Name, work: Work) -> bool:
    """Whether a name is `Family, Given` in files that set it the other way round: never an East Asian one."""
    return bool(name.family and name.given) and not is_eastern(work) and not HAN.search(name.literal)


def _tex(text: str) -> str:
    """A text as LaTeX prints it unchanged."""
    braces = _BRACES if _is_balanced(text) else _SINGLE_BRACES
    return _LIGATURE.sub(r"\1{}", "".join(part.translate(_TEX | braces) for part in text))


def _is_balanced(text: str) -> bool:
    depth = 0
    for brace in re.findall("[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


# RIS

_RIS_TYPES = {
    "news": "NEWS",
    "journal": "JOUR",
    "book": "BOOK",
    "chapter": "CHAP",
    "report": "RPRT",
    "thesis": "THES",
    "law": "STAT",
    "web": "ELEC",
}


def ris(entries: Sequence[Entry]) -> str:
    """The list as RIS (Research Information Systems, RIS Format Specifications, 2011), lines ended by CR LF.

    A comma in a name parts it in RIS and can't be escaped: a body with a comma in its name is read as a person.
    """
    records = ("".join(f"{tag}  - {value}\r\n" for tag, value in _ris_lines(entry)) for entry in entries)
    return "\r\n".join(records)


def _ris_lines(entry: Entry) -> Iterator[tuple[str, str]]:
    work = entry.work
    year, month, day = [*map(str, date_parts(work)), "", "", ""][:3]
    yield "TY", _RIS_TYPES.get(work.kind, "ELEC" if work.url else "GEN")
    yield "ID", entry.key
    yield from (("AU", _ris_name(name, work)) for name in work.authors)
    yield from (("A2", _ris_name(name, work)) for name in work.editors)
    lines = {
        "TI": _title(work),
        "T2": work.container,
        "PY": year.zfill(4) if year else "",
        "DA": f"{year.zfill(4)}/{month.zfill(2)}/{day.zfill(2) if day else ''}/" if month else "",
        "VL": work.volume,
        "IS": work.issue,
        "PB": work.publisher,
        "CY": work.place,
        "UR": work.url,
        "LA": work.lang,
    }
    yield from ((tag, value) for tag, value in lines.items() if value)
    yield "ER", ""


def _ris_name(name: Name, work: Work) -> str:
    return f"{name.family}, {name.given}" if _is_inverted(name, work) else printed_name(name)

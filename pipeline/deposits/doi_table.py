"""The table for the DOI agency of Taiwan (華藝DOI註冊中心): one row a brief, for its registration form in Excel.

The agency hands its form to its members, and we have not seen it: the columns here are the bibliographic facts of
a journal article that a DOI is registered with, named in Chinese, to be copied into it. CSV after RFC 4180, in
UTF-8 with a byte order mark, by which Excel knows the encoding.
"""

import csv
import io
from collections.abc import Mapping, Sequence

from pipeline.brief import Issue
from pipeline.deposits.record import Record
from pipeline.identifiers import licence_uri

_FORMULA = tuple("=+-@＝＋－＠\t\r\n")
"""How a cell begins that a spreadsheet would take for a formula (OWASP, CSV Injection)."""


def doi_table(issue: Issue, records: Sequence[Record]) -> bytes:
    """The table as CSV. A cell that a spreadsheet would run is preceded by ', which Excel does not show."""
    rows = [_row(issue, record) for record in records]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(rows[0].keys() if rows else ())
    for row in rows:
        writer.writerow(_safe(cell) for cell in row.values())
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _row(issue: Issue, record: Record) -> Mapping[str, str]:
    colophon = issue.colophon
    own, english = _in(record, record.brief.lang), _in(record, "en")
    names = [contributor.english.whole if contributor.english else "" for contributor in record.contributors]
    return {
        "刊名": issue.title,
        "英文刊名": issue.english_title,
        "紙本ISSN": colophon.issn_print,
        "電子ISSN": colophon.issn_electronic,
        "出版單位": colophon.publisher,
        "卷": issue.volume,
        "期": issue.number,
        "出版日期": issue.published.isoformat(),
        "篇名": own["title"],
        "英文篇名": english["title"],
        "作者": "; ".join(contributor.printed for contributor in record.contributors),
        "英文作者": "; ".join(names) if any(names) else "",
        "作者單位": "; ".join("、".join(contributor.units) for contributor in record.contributors),
        "ORCID": "; ".join(contributor.orcid for contributor in record.contributors if contributor.orcid),
        "起頁": record.pages[0],
        "迄頁": record.pages[1],
        "語言": record.brief.lang,
        "摘要": own["abstract"],
        "英文摘要": english["abstract"],
        "關鍵詞": own["keywords"],
        "英文關鍵詞": english["keywords"],
        "DOI": record.brief.doi or "",
        "網址": record.page,
        "授權": " ".join(filter(None, (colophon.licence, licence_uri(colophon.licence_href)))),
    }


def _in(record: Record, lang: str) -> Mapping[str, str]:
    """Title, abstract and keywords in a language, by its first part; empty where there are none."""
    primary = lang.partition("-")[0]
    titles = {each.partition("-")[0]: title for each, title in reversed(record.full_titles)}
    abstracts = {each.partition("-")[0]: paragraphs for each, paragraphs in reversed(record.abstracts)}
    keywords = {
        (each.lang or record.brief.lang).partition("-")[0]: each.words for each in reversed(record.brief.keywords)
    }
    return {
        "title": titles.get(primary, ""),
        "abstract": " ".join(abstracts.get(primary, ())),
        "keywords": "; ".join(keywords.get(primary, ())),
    }


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell

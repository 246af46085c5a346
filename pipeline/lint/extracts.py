"""Extracts: the short manuscripts that each rule carries as `bad` and `good`, made whole so that it reads them."""

from datetime import date
from pathlib import Path

from pipeline.diagnostics import Diagnostic
from pipeline.lint.reading import IssueReading, read_briefs
from pipeline.lint.rules import Extract, Rule
from pipeline.parse import Source, parse_bytes

PUBLISHED = date(2026, 11, 20)
"""The date of the issue that extracts are taken to stand in."""

_ARTICLE = (
    '<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="other" xml:lang="zh-Hant-TW">'
    "<front><article-meta><title-group><article-title>題名</article-title></title-group>{meta}</article-meta></front>"
    '<body><sec id="s1"><title>前言</title><p>{text}</p>{section}</sec>{body}</body></article>'
)


def whole(within: Extract, extract: str, path: Path = Path("brief-1.xml")) -> Source:
    """A brief around an extract that stands `within` one of its parts; `path` only names it."""
    parts = {"meta": "", "text": "文。", "section": "", "body": ""}
    if within == "note":
        parts["text"] = f'文。<fn id="fn1"><p>{extract}</p></fn>'
    else:
        parts["meta" if within == "article-meta" else within] = extract
    xml = extract if within == "article" else _ARTICLE.format_map(parts)
    return parse_bytes(path, xml.encode())


def found_in(rule: Rule, source: Source) -> list[Diagnostic]:
    """What a rule finds in a brief read alone, with an empty vocabulary."""
    (reading,) = read_briefs([source], IssueReading(PUBLISHED))
    return list(rule(reading))


def is_mended(rule: Rule) -> bool:
    """Whether a rule mends by itself what it finds in its own `bad` extract."""
    return any(each.fix for each in found_in(rule, whole(rule.within, rule.code.bad)))

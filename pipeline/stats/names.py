"""Names of what is counted, as the tables and the picture print them."""

from collections.abc import Sequence

from pipeline.diagnostics import Language, Words
from pipeline.stats.archive import Archive, Counts, IssueCounts

KIND_NAMES = {
    "news": Words("新聞", "news"),
    "journal": Words("期刊", "journal"),
    "book": Words("專書", "book"),
    "chapter": Words("專書論文", "chapter"),
    "report": Words("報告", "report"),
    "thesis": Words("學位論文", "thesis"),
    "web": Words("網頁", "web"),
    "law": Words("法規", "law"),
    "other": Words("其他", "other"),
}

LANGUAGE_NAMES = {
    "zh": Words("中文", "Chinese"),
    "en": Words("英文", "English"),
    "ja": Words("日文", "Japanese"),
    "ko": Words("韓文", "Korean"),
}


def issue_name(issue: IssueCounts, language: Language, periodical: bool = True) -> str:
    """The name of an issue: 雙週評析　第2卷第3期　2026-01-05; loose briefs have none of their own.

    Without `periodical` the name of that is left out.
    """
    if issue.folder is None:
        return Words("個別的文章", "single briefs").in_language(language)
    number = issue.number
    if number and not any(word in number for word in "第期號"):
        number = Words(f"第{number}期", f"no. {number}").in_language(language)
    volume = Words(f"第{issue.volume}卷", f"vol. {issue.volume}, ").in_language(language) if issue.volume else ""
    day = issue.published.isoformat() if issue.published is not None else ""
    parts = [issue.periodical if periodical else "", volume + number, day]
    blank = Words("　", "  ").in_language(language)
    return blank.join(part for part in parts if part) or issue.folder.name


def row_names(issues: Sequence[IssueCounts], language: Language) -> list[str]:
    """The names of issues in one list: that of the periodical is said only where there are several."""
    several = len({issue.periodical for issue in issues}) > 1
    return [issue_name(issue, language, several) for issue in issues]


def title_of_archive(found: Archive, language: Language) -> str:
    """What the picture is called: 版面　統計."""
    names = dict.fromkeys(issue.periodical for issue in found.issues if issue.periodical)
    whose = Words("、", ", ").in_language(language).join(names)
    said = Words(f"{whose}　統計", f"{whose}: statistics") if whose else Words("統計", "Statistics")
    return said.in_language(language)


def length_in_words(counts: Counts, language: Language) -> str:
    """How long a text is, and how many notes it has."""
    notes = counts.notes + counts.author_notes
    return Words(f"{counts.text:,}字　{notes}註", f"{counts.text:,}, {notes} notes").in_language(language)


def summary(counts: Counts, language: Language, issues: int = 1) -> str:
    """The sums of a brief, an issue or an archive in one line."""
    notes = counts.notes + counts.author_notes
    zh = f"{counts.briefs}篇　{counts.text:,}字　{notes:,}條註　{counts.sources:,}筆出處"
    en = f"{counts.briefs} briefs, {counts.text:,} words, {notes:,} notes, {counts.sources:,} sources"
    if issues > 1:
        zh, en = f"{issues}期　{zh}", f"{issues} issues, {en}"
    if counts.recognised:
        zh += f"（{counts.recognised}處未標，由文字認出）"
        en += f" ({counts.recognised} not tagged, recognised by their text)"
    return Words(zh, en).in_language(language)

"""Names of what is counted, as the tables and the picture print them."""

from collections.abc import Sequence

from pipeline.diagnostics import Language, Words
from pipeline.stats.archive import IssueCounts

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

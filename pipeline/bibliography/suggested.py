"""The suggested citation of a brief: how a reader should cite it, in the form of the brief's own language.

The marks of titles, what joins authors and the form of pages are those of the notes in that language
(`layouts/notes/`), the order of the parts is that of `citation` in its profile.
"""

from pipeline.brief import Brief, Issue
from pipeline.notes.style import Wording, shipped
from pipeline.profiles import Profile, date_in_words, profile

_INSIDE = {"「": str.maketrans("「」", "『』"), "《": str.maketrans("《》", "〈〉")}
"""The marks that a title keeps inside its own, by the opening one (GB/T 15834—2011, 4.15.3)."""
_ENDS = ("？", "！", "?", "!", "…")


def suggested_citation(issue: Issue, brief: Brief, pages: range) -> str:
    """The citation of a brief that stands on these pages of the issue, as plain text; its DOI is an address.

    作者，〈題名：副題〉，《刊名》，第1卷第2期，2026年11月，頁4-9。https://doi.org/…
    """
    own = profile(brief.lang)
    words, wording = own.words, _wording(own)
    authors = wording.between.join(author.name for author in brief.authors)
    locator = wording.locators if len(pages) > 1 else wording.locator
    text = words["citation"].format(
        author=words["citation_author"].format(authors=authors) if authors else "",
        title=_in_marks(full_title(brief), wording.article),
        periodical=_in_marks(issue.title, wording.book),
        issue=printed_issue(issue, own.lang),
        date=date_in_words((issue.published.year, issue.published.month), own.lang),
        pages=locator.format(pages=_figures(pages, wording)),
    )
    address = f"https://doi.org/{brief.doi}" if brief.doi else ""
    blank = " " if address and wording.stop.isascii() else ""
    return text + wording.stop + blank + address


def full_title(brief: Brief) -> str:
    """Title and subtitle with a colon between; a dash where the title has a colon, or ends in a mark, itself."""
    title, subtitle = brief.plain_title, brief.plain_subtitle
    own = profile(brief.lang).words
    between = own["subtitle_dash"] if own["colon"] in title or title.endswith(_ENDS) else own["colon"]
    return title + between + subtitle if subtitle else title


def printed_pages(pages: range, lang: str) -> str:
    """Pages as a text in a language names them: 頁4-9, 4-9쪽."""
    return profile(lang).words["pages_of"].format(pages=_figures(pages, _wording(profile(lang))))


def printed_issue(issue: Issue, lang: str) -> str:
    """Volume and number in the words of a brief's language, which may not be the issue's."""
    words = profile(lang).words
    form = words["issue_of_volume" if issue.volume else "issue"]
    return form.format(volume=issue.volume, number=issue.number)


def _wording(own: Profile) -> Wording:
    style = shipped(own.note_style)
    return style.wordings[style.language(own.lang)]


def _figures(pages: range, wording: Wording) -> str:
    return f"{pages[0]}{wording.range}{pages[-1]}" if len(pages) > 1 else str(pages[0])


def _in_marks(title: str, form: str) -> str:
    return form.format(title=title.translate(_INSIDE.get(form[0], {})))

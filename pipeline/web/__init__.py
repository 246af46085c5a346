"""The web edition: a static site of one issue, from the templates in `layouts/web/`.

Issue ─records▶ IssueRecord ─┬ metadata   what each page says to machines
                             ├ feeds      Atom, OPDS 2.0
                             └ issue.json, from which `archive` makes the site of all issues
Issue ─pages▶ HTML ─faces▶ WOFF2           the pages, then fonts with only their characters

Nothing on a page asks another host for anything, and everything works without JavaScript.
"""

from pipeline.web.edition import files_of, web

__all__ = ["files_of", "web"]

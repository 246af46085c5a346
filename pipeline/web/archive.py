"""The site of all issues: home, authors, focus categories, search, feeds; made from finished folders alone.

[folder] ─read▶ IssueRecord, files ─pages▶ HTML ─faces▶ WOFF2 ─search▶ index ─▶ the site, as paths and bytes
"""

import re
import struct
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from jinja2 import Environment
from lxml import etree
from lxml.builder import ElementMaker

from pipeline import __version__, manifest
from pipeline.diagnostics import InstallationError, ManuscriptError, Words
from pipeline.fonts import Fonts
from pipeline.layout import LAYOUTS, environment
from pipeline.profiles import primary, words
from pipeline.tokens import read_tokens
from pipeline.web import search
from pipeline.web.faces import embedded
from pipeline.web.feeds import atom, opds, periodical
from pipeline.web.pages import html, icon, style_sheet, tree
from pipeline.web.records import AuthorRecord, BriefRecord, IssueRecord, from_json

PLACE_OF_MENU = b"<!--site-->"
"""Where the pages of an issue have room for the menu of the site."""

_HANDED_OUT = re.compile(r"web/.+|[^/]+\.(pdf|epub)|(offprints|jats|references)/.+")
"""The files of an issue that the site hands out; the manifest and the deposits are not for readers."""
_IN_THE_FEED = 10
"""Issues."""
_SITEMAP = ElementMaker(
    nsmap={None: "http://www.sitemaps.org/schemas/sitemap/0.9"},
    namespace="http://www.sitemaps.org/schemas/sitemap/0.9",
)


@dataclass(frozen=True, slots=True)
class Work:
    """A brief in its issue."""

    issue: IssueRecord
    brief: BriefRecord


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished issue: what is known about it, and the files that it hands out."""

    known: IssueRecord
    files: Mapping[str, bytes]


def finished(folder: Path) -> Finished:
    """An issue that `kan build` finished; the name of its folder is that of the issue in the site.

    Raises `ManuscriptError` for a folder that is not as it was published, and `InstallationError` for one that
    can't be part of a site.
    """
    published = manifest.read(folder)
    if published.differences:
        raise ManuscriptError(published.differences)
    files = {name: data for name, data in published.editions.items() if _HANDED_OUT.fullmatch(name)}
    try:
        known = from_json(files["web/issue.json"])
    except (KeyError, ValueError) as error:
        raise InstallationError(
            f"「{folder}」沒有可用的網頁版（web/issue.json：{error}）；請用這一版的 kan build 重新出版",
            f"{folder} has no web edition of use (web/issue.json: {error}): publish it again with this kan build",
        ) from error
    return Finished(replace(known, folder=folder.resolve().name), files)


def archive(
    issues: Sequence[Finished],
    fonts: Fonts | None,
    progress: Callable[[Words], None] = lambda _: None,
    *,
    address: str = "",
) -> tuple[Mapping[str, bytes], tuple[Words, ...]]:
    """The site of these issues: paths to bytes, and what it has to do without.

    `address` is that of the site, where it is known: its pages then name their own addresses, and it has a
    sitemap. `fonts` None embeds none. Raises `InstallationError` when two issues have the same name,
    or are not of one periodical.
    """
    issues = sorted(issues, key=lambda issue: (issue.known.published, issue.known.folder), reverse=True)
    _check_names(issues)
    notes = list(_check_titles([issue.known for issue in issues]))
    if address:
        address = address.rstrip("/") + "/"
        issues = [replace(issue, known=replace(issue.known, address=address)) for issue in issues]
    progress(Words("製作全刊網站", "making the site"))
    editions = {f"{issue.known.folder}/{name}": data for issue in issues for name, data in issue.files.items()}
    made = _Site([issue.known for issue in issues], address, _cover_sizes(issues))
    for searched in (True, False):
        site = {**_with_menu(editions, made.newest.lang, searched), **made.files(fonts, searched)}
        if not searched:
            break
        progress(Words("建立搜尋索引", "indexing for the search"))
        try:
            site |= _index(site, made.newest.lang)
            break
        except InstallationError as error:
            notes.append(Words(f"網站不附搜尋：{error.words.zh}", f"the site has no search: {error.words.en}"))
    about = {"kan": __version__, "site": {"title": made.newest.title, "issues": [i.known.folder for i in issues]}}
    return {**site, manifest.NAME: manifest.manifest(site, {}, about)}, tuple(notes)


def _check_names(issues: Sequence[Finished]) -> None:
    """Every issue needs a name of its own, and none that the site uses."""
    names = [issue.known.folder for issue in issues]
    for name in names:
        if names.count(name) > 1 or name in ("authors", "categories", "fonts", search.INDEX):
            raise InstallationError(
                f"資料夾名稱「{name}」在網站裡已有別的用途或重複了；請改名",
                f"the folder name {name} is taken in the site: rename the folder",
            )


def _check_titles(issues: Sequence[IssueRecord]) -> Iterator[Words]:
    """Every issue has the title of the newest, or its ISSN under another title, which is told."""
    newest = issues[0]
    for title in dict.fromkeys(issue.title for issue in issues if issue.title != newest.title):
        others = [issue for issue in issues if issue.title == title]
        for issue in others:
            if not set(newest.issn) & set(issue.issn):
                raise InstallationError(
                    f"「{newest.folder}」是《{newest.title}》，「{issue.folder}」是《{title}》，沒有共同的ISSN："
                    "一個網站只放一種刊物，請分別製作",
                    f"{newest.folder} is of {newest.title}, {issue.folder} of {title}, and they share no ISSN: "
                    "make a site for each periodical",
                )
        yield Words(
            f"《{title}》與《{newest.title}》的ISSN相同，當作同一種刊物改名",
            f"{title} has the ISSN of {newest.title}: taken for the same periodical under an earlier title",
        )


def _cover_sizes(issues: Iterable[Finished]) -> dict[str, tuple[int, int]]:
    """Width and height of each cover picture, from the head of the PNG (PNG 3, 11.2.1)."""
    covers = {issue.known.folder: issue.files.get(f"web/{issue.known.cover}", b"") for issue in issues}
    return {name: struct.unpack(">LL", data[16:24]) if len(data) > 24 else (0, 0) for name, data in covers.items()}


def _with_menu(editions: Mapping[str, bytes], lang: str, searched: bool) -> dict[str, bytes]:
    """The pages of the issues with the menu of the site in its place."""
    menu = environment({}).get_template("web/menu.j2").render(lang=lang, up="../../", search=searched).encode()
    return {
        name: data.replace(PLACE_OF_MENU, menu) if name.endswith(".html") else data
        for name, data in editions.items()
    }


def _index(site: Mapping[str, bytes], lang: str) -> dict[str, bytes]:
    """The index of the pages, see `pipeline.web.search`."""
    with tempfile.TemporaryDirectory(prefix="kan-site-") as temporary:
        folder = Path(temporary)
        for name, data in site.items():
            if name.endswith(".html"):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(data)
        return search.index(folder, primary(lang))


class _Site:
    """The pages of the site itself."""

    def __init__(
        self, issues: Sequence[IssueRecord], address: str, cover_sizes: Mapping[str, tuple[int, int]]
    ) -> None:
        self.newest = issues[0]
        self._issues, self._address, self._cover_sizes = issues, address, cover_sizes
        self._works = [Work(issue, brief) for issue in issues for brief in issue.briefs]
        self._authors: defaultdict[str, list[Work]] = defaultdict(list)
        self._named: dict[str, AuthorRecord] = {}
        self._categories: defaultdict[str, list[Work]] = defaultdict(list)
        for work in self._works:
            for author in work.brief.authors:
                self._authors[author.orcid or author.name].append(work)
                self._named.setdefault(author.orcid or author.name, author)
            for subject in work.brief.focus:
                self._categories[subject].append(work)
        self._author_pages = _file_names("authors", {key: self._named[key].name for key in self._authors})
        self._category_pages = _file_names("categories", {name: name for name in self._categories})

    def files(self, fonts: Fonts | None, searched: bool) -> dict[str, bytes]:
        """Every file of the site beside those of its issues."""
        templates = environment({})
        trees = {name: tree(text) for name, text in self._pages(templates, searched)}
        tokens = read_tokens(LAYOUTS / "tokens.css")
        faces, files = embedded(trees.values(), fonts, tokens) if fonts is not None else ([], {})
        lang = self.newest.lang
        made = {
            **{name: html(page) for name, page in trees.items()},
            "web.css": style_sheet(tokens, faces, [lang, *(work.brief.lang for work in self._works)], 0),
            "icon.svg": icon(self.newest.title, lang, fonts, tokens),
            **files,
            **self._feeds(),
        }
        if searched:
            made["search.js"] = (LAYOUTS / "web" / "search.js").read_bytes()
        if self._address:
            made["sitemap.xml"] = self._sitemap(trees)
            made["robots.txt"] = f"Sitemap: {self._address}sitemap.xml\n".encode()
        return made

    def _pages(self, templates: Environment, searched: bool) -> Iterator[tuple[str, str]]:
        word = words(self.newest.lang)

        def page(name: str, template: str, title: str, **values: Any) -> tuple[str, str]:
            up = urlsplit(self._address).path or "/" if name == "404.html" else "../" * name.count("/")
            shown = {"title": title, "tags": self._tags(name, title), "canonical": self._href(name)}
            return name, templates.get_template(f"web/{template}").render(
                **{**self._common(searched), **shown, "up": up, **values}
            )

        yield page("index.html", "home.html.j2", self.newest.title, **self._home())
        yield page("authors.html", "listing.html.j2", word["web_authors"], entries=self._author_entries())
        yield page("categories.html", "listing.html.j2", word["focus"], entries=self._category_entries())
        yield page("about.html", "about.html.j2", word["web_about"])
        yield page("404.html", "missing.html.j2", word["web_missing"])
        if searched:
            yield page("search.html", "search.html.j2", word["web_search"])
        for key, works in self._authors.items():
            author = self._named[key]
            about = {"kind": word["web_authors"], "kind_page": "authors.html", "author": author}
            name = self._author_pages[key]
            yield page(name, "collected.html.j2", author.name, collected=works, **about)
        for subject, works in self._categories.items():
            about = {"kind": word["focus"], "kind_page": "categories.html", "author": None}
            yield page(self._category_pages[subject], "collected.html.j2", subject, collected=works, **about)

    def _common(self, searched: bool) -> dict[str, Any]:
        return {
            "lang": self.newest.lang,
            "newest": self.newest,
            "search": searched,
            "data": "",
            "author_pages": _addresses(self._author_pages),
            "category_pages": _addresses(self._category_pages),
        }

    def _home(self) -> dict[str, Any]:
        years = groupby(self._issues, key=lambda issue: issue.published[:4])
        return {
            "newest_works": [work for work in self._works if work.issue is self.newest],
            "years": [(year, list(issues)) for year, issues in years],
            "cover_sizes": self._cover_sizes,
        }

    def _author_entries(self) -> list[tuple[str, str, int]]:
        keys = sorted(self._authors, key=lambda key: (self._named[key].name, key))
        pages = _addresses(self._author_pages)
        return [(self._named[key].name, pages[key], len(self._authors[key])) for key in keys]

    def _category_entries(self) -> list[tuple[str, str, int]]:
        names = sorted(self._categories, key=lambda name: (-len(self._categories[name]), name))
        pages = _addresses(self._category_pages)
        return [(name, pages[name], len(self._categories[name])) for name in names]

    def _tags(self, name: str, title: str) -> list[tuple[str, str, str]]:
        if name == "404.html":
            return [("name", "robots", "noindex")]
        tags = [("property", "og:type", "website"), ("property", "og:title", title)]
        tags += [("property", "og:site_name", self.newest.title), ("property", "og:url", self._href(name))]
        return [tag for tag in tags if tag[2]]

    def _href(self, name: str) -> str:
        """The address of a page; nothing where that of the site is not known."""
        return urljoin(self._address, quote(name)) if self._address and name != "404.html" else ""

    def _feeds(self) -> dict[str, bytes]:
        title, identifier = self.newest.title, periodical(self.newest)
        recent = self._issues[:_IN_THE_FEED]
        home, feed, books = (self._href(name) or name for name in ("index.html", "feed.atom", "opds.json"))
        others = [
            (
                f"{issue.title} {issue.name}",
                issue.href("opds.json") if issue.base else f"{quote(issue.folder)}/web/opds.json",
            )
            for issue in self._issues
        ]
        return {
            "feed.atom": atom(recent, identifier, title, home, feed, of_site=True),
            "opds.json": opds(self._issues[:1], title, books, of_site=True, navigation=others),
        }

    def _sitemap(self, names: Iterable[str]) -> bytes:
        """sitemap.xml (sitemaps.org, 0.9): the pages of the site, then those of its issues."""
        own = [(self._href(name), self.newest.published) for name in names if self._href(name)]
        pages = [
            (issue.href(name), issue.published)
            for issue in self._issues
            for name in ("index.html", *(f"{brief.name}.html" for brief in issue.briefs))
        ]
        entries = [_SITEMAP.url(_SITEMAP.loc(href), _SITEMAP.lastmod(day)) for href, day in (*own, *pages)]
        root = _SITEMAP.urlset(*entries)
        etree.indent(root)
        written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        return written + b"\n"


def _file_names(folder: str, names: Mapping[str, str]) -> dict[str, str]:
    """A file for each name, called after it: authors/王小明.html; each once."""
    found: dict[str, str] = {}
    for key, name in names.items():
        stem = re.sub(r"[^\w]+", "-", name)[:60].strip("-") or "-"
        taken = {path.casefold() for path in found.values()}
        number, path = 1, f"{folder}/{stem}.html"
        while path.casefold() in taken:
            number += 1
            path = f"{folder}/{stem}-{number}.html"
        found[key] = path
    return found


def _addresses(pages: Mapping[str, str]) -> dict[str, str]:
    return {key: quote(path) for key, path in pages.items()}

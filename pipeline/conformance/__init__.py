"""Conformance: whether the finished editions keep the standards they name, by the tools of those standards.

`standards` runs in every build: PDF/UA-1 and PDF/A-2a, the DTD of JATS, links and ids of the EPUB and the web
edition, and whether feeds and JSON can be read. `thorough` needs Java, Node and a browser: EPUBCheck, Ace by DAISY
and axe-core. Each gives verdicts, whose findings name files by their paths in the output folder.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from pipeline.conformance import ace, archive, axe, book, epubcheck, node, pdf, web
from pipeline.conformance.verdict import Verdict
from pipeline.diagnostics import InstallationError, Words

__all__ = ["Verdict", "standards", "thorough"]


def standards(editions: Mapping[str, bytes]) -> list[Verdict]:
    """The fast verdicts on the files of an output folder, by path and standard.

    Raises `InstallationError` where the DTD of JATS is missing.
    """
    found = [verdict for name, data in editions.items() for verdict in _on_file(name, data)]
    return _in_order([*found, *web.page_verdicts(editions)])


def _on_file(name: str, data: bytes) -> Iterator[Verdict]:
    """The verdicts on a file by itself; `overlay.pdf` is a drawing for the typesetter, no edition."""
    path = PurePosixPath(name)
    if path.suffix == ".pdf" and name != "overlay.pdf":
        yield from pdf.verdicts(name, data)
    elif path.suffix == ".epub":
        yield book.verdict(name, data)
    elif path.suffix == ".xml" and path.parts[0] == "jats":
        yield archive.verdict(name, data)
    elif path.suffix in (".xml", ".atom", ".svg", ".json"):
        yield web.data_verdict(name, data)


def thorough(folder: Path, progress: Callable[[Words], None]) -> list[Verdict]:
    """The slow verdicts on the books and web pages in an output folder, by path and standard.

    A check that can't run here is skipped, and its verdict says what is missing. The checkers that run in Node are
    fetched once. Two processes run at a time.
    """
    books, pages = _paths(folder, "*.epub"), _paths(folder, "*.html")
    browser, lacking = _browser(progress) if books or pages else (None, None)
    progress(Words("EPUBCheck、Ace、axe-core", "EPUBCheck, Ace, axe-core"))
    with ThreadPoolExecutor(2) as pool:
        running = []
        if browser is not None:
            running = [
                pool.submit(lambda name: [ace.verdict(name, folder / name, *browser)], name) for name in books
            ]
            running += [pool.submit(axe.verdicts, folder, pages, *browser)] if pages else []
        running += [pool.submit(lambda name: [epubcheck.verdict(name, folder / name)], name) for name in books]
        found = [verdict for each in running for verdict in each.result()]
    if lacking is not None:
        found += [ace.skipped(name, lacking) for name in books] + [axe.skipped(name, lacking) for name in pages]
    return _in_order(found)


def _paths(folder: Path, pattern: str) -> list[str]:
    """The files of a folder and its folders, without those that a link leads to."""
    found = (path for path in folder.rglob(pattern) if path.is_file() and not path.is_symlink())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _browser(progress: Callable[[Words], None]) -> tuple[tuple[Path, Path] | None, Words | None]:
    """The packages of Node and the browser, or what is missing."""
    chromium = node.chromium()
    if chromium is None:
        return None, Words(
            "缺少Chromium；請執行：sudo apt-get install chromium",
            "Chromium is missing: sudo apt-get install chromium",
        )
    try:
        return (node.modules(progress), chromium), None
    except InstallationError as error:
        return None, error.words


def _in_order(verdicts: list[Verdict]) -> list[Verdict]:
    return sorted(verdicts, key=lambda verdict: (verdict.file, verdict.standard, verdict.tool))

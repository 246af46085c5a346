"""Search: an index of the site's pages for the reader's browser, made by Pagefind (npm).

The index is cut into small files, of which a browser fetches only those that a search needs. It is made for text
in `data-pagefind-body`; nothing is sent to anybody.
"""

import platform
import subprocess
from pathlib import Path

from pipeline.conformance import node
from pipeline.diagnostics import InstallationError

INDEX = "pagefind"
_SECONDS = 300
_NOT_TEXT = ".call, .backlink, .page-break, .self, rt, rp"
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
_KEPT = ("pagefind.js", "pagefind-entry.json", "pagefind-worker.js")
"""What our own page needs of Pagefind beside the index; its own looks and widgets are left out."""
_INDEX_SUFFIXES = (".pagefind", ".pf_meta", ".pf_index", ".pf_fragment", ".pf_filter", ".pf_sort")


def program() -> Path:
    """The program of Pagefind for this machine, fetched first where it is not there.

    Raises `InstallationError` when npm is missing or fails, or there is no Pagefind for the machine.
    """
    system, machine = platform.system().lower(), platform.machine().lower()
    name = f"{system}-{_MACHINES.get(machine, machine)}"
    found = node.modules() / "@pagefind" / name / "bin" / "pagefind_extended"
    if not found.is_file():
        raise InstallationError(f"Pagefind沒有這種電腦（{name}）的版本", f"there is no Pagefind for {name}")
    return found


def index(site: Path, lang: str) -> dict[str, bytes]:
    """The index of the pages in the folder `site`, as paths and bytes; `lang` is the language of the words.

    Raises `InstallationError` where Pagefind can't be had or fails.
    """
    command = [str(program()), "--site", str(site), "--output-subdir", INDEX, "--force-language", lang, "--quiet"]
    try:
        done = subprocess.run(
            [*command, "--exclude-selectors", _NOT_TEXT],
            cwd=site,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InstallationError(f"Pagefind無法執行：{error}", f"Pagefind does not run: {error}") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()[-1:] or [str(done.returncode)]
        raise InstallationError(f"Pagefind失敗：{said[0]}", f"Pagefind failed: {said[0]}")
    made = sorted(path for path in (site / INDEX).rglob("*") if path.is_file())
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in made
        if path.name in _KEPT or path.suffix in _INDEX_SUFFIXES
    }

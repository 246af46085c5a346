"""Ace by DAISY: whether a book is accessible, as far as a machine can tell. It drives Chromium from Node."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.conformance import node
from pipeline.conformance.tool import ToolError, did_not_finish, run
from pipeline.conformance.verdict import Verdict, code
from pipeline.diagnostics import Diagnostic, Place, Words

STANDARD, TOOL = "EPUB Accessibility 1.1", "Ace by DAISY"

SECONDS = 600
"""Longest run on a book. A book of five briefs takes about 8 seconds."""

INACCESSIBLE = code(
    "B009",
    STANDARD,
    hint=Words(
        "Ace的說明在 https://kb.daisy.org/publishing/；若不是原稿的圖缺少替代文字，請回報",
        "Ace explains its rules at https://kb.daisy.org/publishing/; unless a picture of the manuscript lacks its "
        "alternative text, report it",
    ),
    why=Words(
        "視障讀者靠標題、替代文字與語言標示讀書；歐盟自2025年6月起要求電子書如此。",
        "blind readers live by headings, alternative texts and languages; the EU asks for them since June 2025.",
    ),
)


def verdict(name: str, file: Path, modules: Path, chromium: Path) -> Verdict:
    """What Ace says of the book `file`; findings name the file inside it, below `name`."""
    version = node.version("@daisy/ace-cli")
    try:
        report = _report(file, modules, chromium)
        return Verdict(name, STANDARD, TOOL, version, tuple(_findings(Path(name), report)))
    except (ToolError, KeyError, TypeError) as error:
        return did_not_finish(name, STANDARD, TOOL, version, error)


def skipped(name: str, lacking: Words) -> Verdict:
    """The verdict on a file where something is missing on this machine."""
    return Verdict(name, STANDARD, TOOL, node.version("@daisy/ace-cli"), skipped=lacking)


def _report(file: Path, modules: Path, chromium: Path) -> dict[str, Any]:
    """The report of one run; all that Ace writes goes into a folder of its own."""
    with TemporaryDirectory(prefix="kan-") as folder:
        book = Path(folder, "book.epub")
        book.symlink_to(file.resolve())
        own = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "TMPDIR"), folder)
        browser = {"PUPPETEER_EXECUTABLE_PATH": str(chromium), "ACE_TIMEOUT_INITIAL": "60000"}
        run(
            ["node", str(modules / "@daisy/ace-cli/bin/ace.js"), "--outdir", "report", book.name],
            seconds=SECONDS,
            cwd=Path(folder),
            environment={**os.environ, **own, **browser},
        )
        try:
            report = json.loads(Path(folder, "report", "report.json").read_bytes())
        except (OSError, ValueError) as error:
            raise ToolError(str(error)) from error
    return dict(report)


def _findings(book: Path, report: dict[str, Any]) -> Iterator[Diagnostic]:
    """Each assertion that failed, with the place in the markup that Ace shows."""
    for subject in report["assertions"]:
        inside = str(subject["earl:testSubject"]["url"]).lstrip("/")
        for assertion in subject["assertions"]:
            result = assertion["earl:result"]
            if result["earl:outcome"] != "pass":
                said = " ".join(str(result["dct:description"]).split())
                markup = " ".join(str(result.get("html", "")).split())[:160]
                words = f"{said} {markup}".strip()
                yield INACCESSIBLE.at(Place(book / inside), rule=assertion["earl:test"]["dct:title"], words=words)

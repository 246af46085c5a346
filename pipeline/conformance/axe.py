"""axe-core on every web page: narrow and wide, in light and dark, in a browser that reaches no other host."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.conformance import node
from pipeline.conformance.tool import ToolError, did_not_finish, run
from pipeline.conformance.verdict import Verdict, code
from pipeline.diagnostics import Diagnostic, Place, Words

STANDARD, TOOL = "WCAG 2.2 AA", "axe-core"

SECONDS = 900
"""Longest run on all pages. A page of a brief takes about 2 seconds."""

INACCESSIBLE = code(
    "B010",
    "網頁無障礙",
    hint=Words(
        "axe的說明在 https://dequeuniversity.com/rules/axe/；請回報",
        "axe explains its rules at https://dequeuniversity.com/rules/axe/; report it",
    ),
    why=Words(
        "看不清、用鍵盤或聽網頁的讀者，要讀得到同樣的內容。",
        "readers who see badly, use the keyboard or listen to a page must get the same content.",
    ),
)
LOADED = code(
    "B011",
    "自足網頁（瀏覽器）",
    hint=Words("這是kan的缺失，請回報", "this is a fault of kan: report it"),
    why=Words(
        "瀏覽器打開網頁時，不該向別的主機索取任何東西，也不該有程式錯誤。",
        "when a browser opens a page, nothing is asked of another host and no script fails.",
    ),
)


def verdicts(folder: Path, names: Sequence[str], modules: Path, chromium: Path) -> list[Verdict]:
    """What axe says of the pages `names` (paths in `folder`), and what they asked of other hosts."""
    version = node.version("axe-core")
    script = Path(node.__file__).parent / "node" / "axe.mjs"
    with TemporaryDirectory(prefix="kan-") as home:
        own = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TMPDIR"), home)
        command = ["node", str(script), str(modules), str(chromium), str(folder.resolve()), *names]
        try:
            said = run(command, seconds=SECONDS, cwd=Path(home), environment={**os.environ, **own})
            results: dict[str, dict[str, Any]] = json.loads(said)
            return [
                Verdict(name, STANDARD, TOOL, version, tuple(_findings(Path(name), results[name])))
                for name in names
            ]
        except (ToolError, ValueError, KeyError) as error:
            return [did_not_finish(name, STANDARD, TOOL, version, error) for name in names]


def skipped(name: str, lacking: Words) -> Verdict:
    """The verdict on a file where something is missing on this machine."""
    return Verdict(name, STANDARD, TOOL, node.version("axe-core"), skipped=lacking)


def _findings(file: Path, result: dict[str, Any]) -> Iterator[Diagnostic]:
    """Each broken rule once, with the first element that breaks it and the settings in which it does."""
    rules: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for setting, violations in result["violations"].items():
        for violation in violations:
            rules.setdefault(violation["rule"], []).append((setting, violation))
    for rule, broken in rules.items():
        first = broken[0][1]
        where = f"{first['nodes'][0]} ({', '.join(setting for setting, _ in broken)})"
        words = Words(f"{first['zh']}：{where}", f"{first['en']}: {where}")
        yield INACCESSIBLE.at(Place(file), rule=rule, words=words)
    for address in result["requests"]:
        said = Words(f"向別的主機索取「{address}」", f"requests {address} from another host")
        yield LOADED.at(Place(file), rule="request", words=said)
    for error in result["errors"]:
        yield LOADED.at(Place(file), rule="browser", words=error)

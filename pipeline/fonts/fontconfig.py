"""Fontconfig: the private configuration that shows the engine our fonts and nothing of the machine's."""

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.fonts.prepared import Fonts

_GENERIC = {
    "serif": ("Kan Latin Zh", "Kan Ming"),
    "sans-serif": ("Kan Hei",),
    "monospace": ("Kan Latin Zh", "Kan Ming"),
}


def activate(fonts: Fonts) -> None:
    """Make these fonts the only ones that WeasyPrint sees; call it before WeasyPrint is imported.

    Raises `RuntimeError` when WeasyPrint was imported with other fonts: it would go on using them.
    """
    wanted = str(fonts.fontconfig)
    if "weasyprint" in sys.modules and os.environ.get("FONTCONFIG_FILE") != wanted:
        raise RuntimeError("activate(fonts) must come before the first import of weasyprint")
    os.environ["FONTCONFIG_FILE"] = wanted


def configuration(folder: Path, searched: Iterable[str], aliases: Mapping[str, str]) -> str:
    """A configuration that knows our fonts and nothing of the machine's. All paths are absolute."""
    from html import escape  # noqa: PLC0415

    directories = "".join(f"<dir>{escape(each)}</dir>\n" for each in dict.fromkeys(searched))
    generic = "".join(
        f'<alias binding="same"><family>{name}</family><prefer>'
        + "".join(f"<family>{family}</family>" for family in families)
        + "</prefer></alias>\n"
        for name, families in _GENERIC.items()
    )
    last = "".join(
        f"<string>{family}</string>" for family in ("Kan Ming", "Kan Japanese", "Kan Korean", "Kan Latin")
    )
    stand_ins = "".join(
        f'<match target="pattern"><test name="family" qual="any"><string>{ours}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{theirs}</string></edit></match>\n'
        for ours, theirs in aliases.items()
    )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'
        f"{directories}<cachedir>{escape(str(folder / 'fontconfig'))}</cachedir>\n"
        "<config><rescan><int>0</int></rescan></config>\n"
        f'{generic}<match target="pattern"><edit name="family" mode="append_last">{last}</edit></match>\n'
        f"{stand_ins}</fontconfig>\n"
    )


def scan_fonts(fonts: Fonts) -> None:
    """Let fontconfig scan the fonts now and not in the first build, where its tool is installed."""
    scan = shutil.which("fc-cache")
    if scan:
        import subprocess  # noqa: PLC0415

        environment = os.environ | {"FONTCONFIG_FILE": str(fonts.fontconfig)}
        subprocess.run([scan], env=environment, capture_output=True, check=False, timeout=120)

"""Views: the EPUB and the web edition of what is on the desk, built when somebody opens them.

They are those of a build but for the fonts: a build embeds subsets, here the prepared faces are served whole.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.epub import epub
from pipeline.fonts import Fonts
from pipeline.layout import LAYOUTS
from pipeline.page_breaks import contents_pages, with_page_breaks
from pipeline.printing import SetIssue
from pipeline.web import web

KINDS = ("web", "epub", "vertical")

_SCRIPT = re.compile(rb"<script\b.*?</script>", re.DOTALL)
"""Scripts, which the sandbox would not run."""
_OUTWARD = re.compile(rb'<a (?=[^>]*\bhref="https?:)')
"""Links to elsewhere."""
_READER = LAYOUTS / "preview"


def edition(kind: str, pages: SetIssue, names: Sequence[str], prepared: Fonts) -> Mapping[str, bytes]:
    """The files of one edition by their names: `brief-1.html`, `b01.xhtml` …; style sheets name the faces."""
    issue, faces = with_page_breaks(pages), style_of_faces(prepared, "../fonts")
    if kind == "web":
        printed = {name: part.pages for name, part in zip(names, pages.briefs, strict=True)}
        files = {
            name.removeprefix("web/"): data
            for name, data in web(issue, names, printed, None, embed=False, beside=()).items()
        }
        files |= {
            name: _readable(_SCRIPT.sub(b"", data)) for name, data in files.items() if name.endswith(".html")
        }
        return files | {"web.css": faces + files["web.css"]}
    book = epub(issue, None, embed=False, contents=contents_pages(pages), vertical=kind == "vertical")
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        files = {
            name.removeprefix("EPUB/"): opened.read(name) for name in opened.namelist() if name.startswith("EPUB/")
        }
    files |= {name: _readable(data) for name, data in files.items() if name.endswith(".xhtml")}
    reader = (_READER / f"reader-{'vertical' if kind == 'vertical' else 'horizontal'}.css").read_bytes()
    return files | {"epub.css": faces + files["epub.css"] + reader}


def _readable(page: bytes) -> bytes:
    """A page whose links to elsewhere do not take the place of the edition."""
    return _OUTWARD.sub(b'<a target="_blank" rel="noopener noreferrer" ', page)


def style_of_faces(prepared: Fonts, folder: str) -> bytes:
    """The prepared faces as a style sheet that finds them in `folder`; not those out of a collection."""
    return "".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {face.style}; '
        f'src: url("{folder}/{number}"); font-display: swap; }}\n'
        for number, face in enumerate(prepared.faces)
        if face.file.suffix != ".ttc"
    ).encode()


def face_file(prepared: Fonts, number: int) -> Path | None:
    """The file of a face by its number."""
    return prepared.faces[number].file if 0 <= number < len(prepared.faces) else None
